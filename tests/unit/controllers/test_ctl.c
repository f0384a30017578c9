#include "controllers/ctl.h"

#include "tests/unit/test.h"

TEST(a_selector_is_found_without_reading_the_object)
{
    static const struct {
        const char *text, *want; /* want NULL: none */
    } rows[] = {
        {"{\"metadata\":{\"name\":\"x\"},\"spec\":{\"selector\":{\"a\":\"b\"},\"template\":{}}}",
         "{'a':'b'}"},
        {"{\"metadata\":{\"annotations\":{\"n\":\"\\\"selector\\\":{\"},\"labels\":{\"selector\":"
         "\"y\"},"
         "\"managedFields\":[{\"fieldsV1\":{\"f:spec\":{\"f:selector\":{}}}}]},\"spec\":{"
         "\"selector\":{"
         "\"matchLabels\":{\"a}\":\"\\\"{\"}}}}",
         "{'matchLabels':{'a}':'\\\"{'}}"},
        {"{\"metadata\":{},\"spec\":{}}", NULL},
        {"{\"spec\":{\"selector\":{\"a\":", NULL},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Obj o = {.text = rows[i].text, .text_len = strlen(rows[i].text)};
        Value *v = ctl_selector_value(a, &o);

        if (!rows[i].want)
            assert_null(v);
        else if (!v || !value_equal(v, value_literal(a, rows[i].want)))
            fail_msg("row %zu: %s", i, v ? value_to_str(a, v) : "none");
    }
}

TEST(a_wait_is_a_time_to_come_however_far_or_past)
{
    static const struct {
        int64_t until_us;
        int want;
    } rows[] = {
        {5000000, 1},
        {5000999, 1},
        {5001000, 2},
        {4000000, 1},
        {INT64_C(253402300799) * 1000000, INT32_MAX}, /* the year 9999 */
        {INT64_MAX, INT32_MAX},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(ctl_wait_ms(rows[i].until_us, 5000000), rows[i].want);
}
