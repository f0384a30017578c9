#include "api/imagename.h"

#include "tests/unit/test.h"

#define HEX "0123456789abcdef0123456789abcdef"

static const struct {
    const char *name;
    bool is_latest;
} rows[] = {
    {"a", true},
    {"a:latest", true},
    {"a:latest-1", false},
    {"a:1", false},
    {"a@sha256:" HEX HEX, false},
    {"a:latest@sha256:" HEX HEX, true},
    {"a:1@sha256:" HEX HEX, false},
    {"host:5000/a", true},
    {"host:5000/a:1", false},
    {"Host/a", true},
    {"localhost/a/b__c/d.e/f---g", true},
    {"[::1]:80/a", true},
    {"registry.example.com/a/b", true},
    /* no names */
    {"", false},
    {"A", false},
    {"a/B", false},
    {"a b", false},
    {" a", false},
    {"a/", false},
    {"/a", false},
    {"a//b", false},
    {"a___b", false},
    {"a..b", false},
    {"a.", false},
    {"a:", false},
    {"a:.x", false},
    {"a:latest:latest", false},
    {"a@sha256:00", false},
    {"a@256:" HEX, false},
    {"-h.com/a", false},
    {"h.com:x/a", false},
    {"[::1/a", false},
    {HEX HEX, false},
};

TEST(the_newest_image_is_what_says_nothing_else)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (imagename_is_latest(rows[i].name) != rows[i].is_latest)
            fail_msg("%s", rows[i].name);
}
