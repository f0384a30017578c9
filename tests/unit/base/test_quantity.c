#include "base/quantity.h"

#include "base/err.h"
#include "tests/unit/test.h"

#define FORMAT_WRONG                                                                               \
    "!quantities must match the regular expression "                                               \
    "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
#define SUFFIX_WRONG "!unable to parse quantity's suffix"

static const struct {
    const char *text, *stored, *rounded; /* rounded: NULL when the same as stored */
} texts[] = {
    /* recorded from a real server */
    {"0", "0", NULL},
    {"1u", "1u", "1m"},
    {"0.0001", "100u", "1m"},
    {"1.1Ki", "1126400m", NULL},
    {"0.5Ki", "512", NULL},
    {"1234567890123456789012", "1234567890123456789012", NULL},
    {"1.0Mi", "1Mi", NULL},
    {"1e-3", "1e-3", NULL},
    {"1000", "1k", NULL},
    {"2e1", "20", NULL},
    {".5", "500m", NULL},
    {"5.", "5.", NULL},
    {"1000Ki", "1000Ki", NULL},
    {"1000000000000k", "1P", NULL},
    {"0Gi", "0", NULL},
    {"1025", "1025", NULL},
    {"1000m", "1", NULL},
    {"1024Ki", "1Mi", NULL},
    {"0.5", "500m", NULL},
    {"1.5Gi", "1536Mi", NULL},
    {"1e3", "1e3", NULL},
    {"1500m", "1500m", NULL},
    {"100000000", "100M", NULL},
    {"+1.50", "1500m", NULL},
    {"12e6", "12e6", NULL},
    {"00100m", "00100m", NULL},
    {"1e-1", "100e-3", NULL},
    {"128974848", "128974848", NULL},
    {"00.100", "100m", NULL},
    {"123456789k", "123456789k", NULL},
    {"1E", "1E", NULL},
    /* the rules */
    {"-1.5", "-1500m", NULL},
    {"-", "0", NULL},
    {"m", "0", NULL},
    {".", "0", NULL},
    {"0.9n", "1n", "1m"},
    {"-0.9n", "-1n", "-1m"},
    {"8Ei", "9223372036854775807", NULL},
    {"1000E", "1e21", NULL},
    {"0.1Ki", "102400m", NULL},
    {"1e99", "1e99", NULL},
    {"1E2", "100", NULL},
    {"99999999999999999999999999999999999999999999999999999999999999999", NULL, NULL},
    {"", FORMAT_WRONG, NULL},
    {"abc", FORMAT_WRONG, NULL},
    {"1 ", FORMAT_WRONG, NULL},
    {"1.2.3", FORMAT_WRONG, NULL},
    {"1K", SUFFIX_WRONG, NULL},
    {"1e", SUFFIX_WRONG, NULL},
    {"1e-", SUFFIX_WRONG, NULL},
    {"1mi", SUFFIX_WRONG, NULL},
};

TEST(texts_are_stored_as_upstream_stores_them)
{
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        char out[QUANTITY_TEXT_MAX];
        Err err;
        int r = quantity_canonical(slice_of(texts[i].text), false, out, &err);

        if (texts[i].stored && texts[i].stored[0] == '!') {
            assert_int_equal(r, -ERR_BAD_REQUEST);
            assert_string_equal(err.msg, texts[i].stored + 1);
            continue;
        }
        assert_ok(r);
        if (!texts[i].stored)
            continue;
        assert_string_equal(out, texts[i].stored);
        assert_ok(quantity_canonical(slice_of(texts[i].text), true, out, &err));
        assert_string_equal(out, texts[i].rounded ? texts[i].rounded : texts[i].stored);
    }
}

static Quantity parsed(const char *text)
{
    Quantity q;

    assert_ok(quantity_parse(slice_of(text), &q, NULL));
    return q;
}

TEST(arithmetic_keeps_the_format_of_the_left_side)
{
    static const struct {
        const char *a, *b, *sum, *difference;
        int cmp;
    } rows[] = {
        {"1Gi", "512Mi", "1536Mi", "512Mi", 1},
        {"500m", "500m", "1", "0", 0},
        {"0", "1Ki", "1Ki", "-1Ki", -1},
        {"1k", "1Ki", "2024", "-24", -1},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Quantity a = parsed(rows[i].a), b = parsed(rows[i].b), q;
        char out[QUANTITY_TEXT_MAX];

        q = quantity_add(a, b);
        assert_string_equal(quantity_print(&q, out), rows[i].sum);
        q = quantity_sub(a, b);
        assert_string_equal(quantity_print(&q, out), rows[i].difference);
        assert_int_equal(quantity_cmp(&a, &b), rows[i].cmp);
    }
}

TEST(integers_round_away_from_zero_and_saturate)
{
    static const struct {
        const char *text;
        int64_t value, milli;
    } rows[] = {
        {"1500m", 2, 1500},
        {"-1500m", -2, -1500},
        {"1n", 1, 1},
        {"1E", 1000000000000000000, INT64_MAX},
        {"100E", INT64_MAX, INT64_MAX},
        {"-100E", INT64_MIN, INT64_MIN},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Quantity q = parsed(rows[i].text);

        assert_int_equal(quantity_value(&q), rows[i].value);
        assert_int_equal(quantity_milli(&q), rows[i].milli);
    }
}
