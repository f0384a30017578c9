#include "tests/unit/test.h"

#include "base/gofloat.h"

#include <math.h>

TEST(floats_as_go_prints_them)
{
    static const struct {
        double d;
        const char *text, *json;
    } rows[] = {
        {0, "0", "0"},
        {1.5, "1.5", "1.5"},
        {-0.1, "-0.1", "-0.1"},
        {1.0 / 3, "0.3333333333333333", "0.3333333333333333"},
        {123456.5, "123456.5", "123456.5"},
        {1e6, "1e+06", "1000000"},
        {1234567.5, "1.2345675e+06", "1234567.5"},
        {0.0001, "0.0001", "0.0001"},
        {0.00001, "1e-05", "0.00001"},
        {1e-7, "1e-07", "1e-7"},
        {1e20, "1e+20", "100000000000000000000"},
        {1e21, "1e+21", "1e+21"},
        {9223372036854775808.0, "9.223372036854776e+18", "9223372036854776000"},
        {-123e18, "-1.23e+20", "-123000000000000000000"},
        {1e100, "1e+100", "1e+100"},
    };
    char out[GOFLOAT_TEXT_MAX];

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_string_equal(gofloat_text(out, rows[i].d), rows[i].text);
        assert_string_equal(gofloat_json(out, rows[i].d), rows[i].json);
    }
    assert_string_equal(gofloat_text(out, INFINITY), "+Inf");
    assert_string_equal(gofloat_text(out, -INFINITY), "-Inf");
    assert_string_equal(gofloat_text(out, NAN), "NaN");
}
