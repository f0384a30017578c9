#include "base/b64.h"
#include "tests/unit/test.h"

static const struct {
    const char *plain, *std, *url;
} good[] = {
    {"", "", ""},
    {"f", "Zg==", "Zg"},
    {"fo", "Zm8=", "Zm8"},
    {"foo", "Zm9v", "Zm9v"},
    {"foob", "Zm9vYg==", "Zm9vYg"},
    {"\xfb\xff\xfe", "+//+", "-__-"},
};

TEST(both_alphabets_go_there_and_back)
{
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        AUTO_BUF b = BUF_INIT;

        b64_encode(slice_of(good[i].plain), &b);
        assert_string_equal(buf_str(&b), good[i].std);
        buf_reset(&b);
        b64url_encode(slice_of(good[i].plain), &b);
        assert_string_equal(buf_str(&b), good[i].url);
        buf_reset(&b);
        assert_true(b64_decode(slice_of(good[i].std), &b));
        assert_string_equal(buf_str(&b), good[i].plain);
        buf_reset(&b);
        assert_true(b64url_decode(slice_of(good[i].url), &b));
        assert_string_equal(buf_str(&b), good[i].plain);
    }
}

TEST(what_no_encoder_writes_is_refused)
{
    static const char *const std[] = {
        "Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Z!==", "=Zg=", "-__-", "Zg==Zg=="};
    static const char *const url[] = {"Z", "Zg==", "Zh", "+//+", "Zm9v\n"};
    AUTO_BUF b = BUF_INIT;

    buf_adds(&b, "kept");
    for (size_t i = 0; i < ARRAY_LEN(std); i++)
        assert_false(b64_decode(slice_of(std[i]), &b));
    for (size_t i = 0; i < ARRAY_LEN(url); i++)
        assert_false(b64url_decode(slice_of(url[i]), &b));
    assert_string_equal(buf_str(&b), "kept");
}

TEST(line_breaks_are_skipped_in_the_standard_form)
{
    AUTO_BUF b = BUF_INIT;

    assert_true(b64_decode(SLICE("Zm9v\r\nYmFy\n"), &b));
    assert_string_equal(buf_str(&b), "foobar");
}
