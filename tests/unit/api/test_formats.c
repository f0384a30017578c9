#include "api/formats.h"

#include "tests/unit/test.h"

/* Rows: format, then what matches, NULL, then what does not. */
static const char *const cases[][24] = {
    {"date", "2020-02-29", "1999-12-31", NULL, "2021-02-29", "2020-13-01", "2020-1-1", "",
     "2020-01-01T"},
    {"date-time", "2020-01-02T03:04:05Z", "2020-01-02t03:04:05.123z", "2020-01-02T03:04:05+01:00",
     "2020-01-02T03:04:05.5-01:00", "2020-01-02T03:04:05.12345z", NULL, "2020-13-01",
     "2020-01-02T24:00:00Z", "2020-01-02 03:04:05Z", "2020-01-02T03:04:05", "2020-01-02T03:04:60Z",
     "2020-01-02T03:04Z"},
    {"datetime", "2020-01-02T03:04:05Z", NULL, "x"},
    {"duration", "1h30m", "2 days", "3 weeks 1 hr", "22 ns", "5 \xc2\xb5s", "1.5s", NULL, "soon",
     "1", "", "3 lightyears"},
    {"email", "a@b.example", "A B <a@b>", "\"x y\"@b", "a@[127.0.0.1]", NULL, "nobody", "a@", "@b",
     "a b@c", "a@b c", ".a@b"},
    {"uri", "http://a.example/b?c=d", "/path", "mailto:x@y", "*", "http://[::1]:80/",
     "http://u:p@h:1/", NULL, "::bad", "", "no/slash", "http://a b/", "http://h:port/", "/%zz",
     "http://[::1", "http://a\x01"},
    {"hostname", "a.example.com", "a", "1a.b-c.de", NULL, "-a", "a.b-", "a..bb", "a_b.com",
     "my-host-is-long"},
    {"ipv4", "10.0.0.1", "::ffff:1.2.3.4", NULL, "10.0.0", "10.0.0.256", "01.2.3.4", "::1"},
    {"ipv6", "::1", "fe80::1", "::ffff:1.2.3.4", NULL, "10.0.0.1", "fe80::1%eth0", ":::"},
    {"cidr", "10.0.0.0/8", "::/0", "10.0.0.1/08", NULL, "10.0.0.1", "10.0.0.0/33", "::/129",
     "10.0.0.0/", "/8"},
    {"mac", "00:00:5e:00:53:01", "02-00-5e-10-00-00-00-01", "0000.5e00.5301", NULL,
     "00:00:5e:00:53", "00:00-5e:00:53:01", "x"},
    {"uuid", "123e4567-e89b-12d3-a456-426614174000", "123E4567E89B12D3A456426614174000", NULL,
     "123e4567", "123e4567--e89b-12d3-a456-426614174000", "-123e4567e89b12d3a456426614174000"},
    {"uuid3", "123e4567-e89b-32d3-0456-426614174000", NULL, "123e4567-e89b-42d3-a456-426614174000"},
    {"uuid4", "123e4567-e89b-42d3-a456-426614174000", NULL, "123e4567-e89b-42d3-0456-426614174000"},
    {"uuid5", "123e4567-e89b-52d3-b456-426614174000", NULL, "123e4567-e89b-42d3-b456-426614174000"},
    {"isbn", "0321751043", "978-0321751041", NULL, "123", "0321751044"},
    {"isbn10", "0-8044-2957-X", NULL, "978-0321751041"},
    {"isbn13", "9780321751041", NULL, "0321751043", "9780321751042"},
    {"creditcard", "4111 1111 1111 1111", "378282246310005", NULL, "12", "4111111111111112",
     "9111111111111111"},
    {"ssn", "123-45-6789", "123 45 6789", NULL, "1", "123456789"},
    {"hexcolor", "#fff", "A0b1C2", NULL, "red", "#ffff"},
    {"rgbcolor", "rgb(0,128,255)", "rgb( 1 , 2 , 3 )", NULL, "red", "rgb(0,0,256)", "rgb(01,2,3)",
     "rgb(1,2)"},
    {"byte", "aG8=", "aGVsbG8h", NULL, "***", "", "aG8", "a==="},
    {"password", "", "anything", NULL},
    {"bsonobjectid", "507f1f77bcf86cd799439011", NULL, "xyz", "507f1f77bcf86cd79943901"},
    {"k8s-short-name", "a-b", NULL, "a.b", "A", ""},
    {"k8s-long-name", "a.b", NULL, "A.b", "a..b"},
};

TEST(each_format_takes_what_it_should)
{
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        FormatFn fn = format_find(cases[i][0]);
        bool wanted = true;

        assert_non_null(fn);
        for (size_t k = 1; k < ARRAY_LEN(cases[i]); k++) {
            const char *s = cases[i][k];

            if (!s && !wanted)
                break;
            if (!s)
                wanted = false;
            else if (fn(slice_of(s)) != wanted)
                fail_msg("%s: '%s' should %smatch", cases[i][0], s, wanted ? "" : "not ");
        }
    }
}

TEST(what_is_known_depends_on_the_type)
{
    static const struct {
        const char *type, *format;
        bool is_known;
    } rows[] = {
        {"string", "date-time", true},
        {"", "uuid", true},
        {"string", "postcode", false},
        {"string", "int32", false},
        {"integer", "int32", true},
        {"integer", "uint8", false},
        {"number", "double", true},
        {"number", "int64", false},
        {"object", "date", false},
        {"string", "a-very-long-name-of-a-format-that-is-unknown", false},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(format_is_known(rows[i].type, rows[i].format), rows[i].is_known);
}

typedef struct Report {
    char text[2000];
} Report;

static void on_mistake(void *data, const char *message)
{
    Report *r = data;
    size_t n = strlen(r->text);

    snprintf(r->text + n, sizeof(r->text) - n, "%s%.40s", n ? "; " : "", message);
}

TEST(formats_that_expressions_name)
{
    static const struct {
        const char *name, *text, *want;
    } rows[] = {
        {"dns1123Label", "my-name", ""},
        {"dns1123Label", "a.b", "must not contain dots"},
        {"dns1123Label", "my-", "a lowercase RFC 1123 label must consist "},
        {"dns1123LabelPrefix", "my-", ""},
        {"dns1123SubdomainPrefix", "a.b-", ""},
        {"dns1035Label", "1a", "a DNS-1035 label must consist of lower c"},
        {"dns1035LabelPrefix", "a-", ""},
        {"qualifiedName", "a.b/c", ""},
        {"qualifiedName", "/c", "prefix part must be non-empty"},
        {"labelValue", "", ""},
        {"labelValue", "a b", "a valid label must be an empty string or"},
        {"uuid", "x", "does not match the UUID format"},
        {"byte", "aGVsbG8=", ""},
        {"byte", "?", "invalid base64"},
        {"date", "2021-02-30", "invalid date"},
        {"datetime", "2021-02-03T04:05:06Z", ""},
        {"datetime", "2021-02-03", "invalid datetime"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Report r = {{0}};

        format_report(rows[i].name, slice_of(rows[i].text), on_mistake, &r);
        assert_string_equal(r.text, rows[i].want);
    }
}
