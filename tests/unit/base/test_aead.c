#include "base/aead.h"

#include "base/err.h"
#include "tests/unit/test.h"

TEST(sealed_text_opens_with_the_same_key_and_data)
{
    uint8_t key[AEAD_KEY_BYTES], other[AEAD_KEY_BYTES];
    AUTO_BUF sealed = BUF_INIT, plain = BUF_INIT, again = BUF_INIT;

    aead_new_key(key);
    aead_new_key(other);
    aead_seal(key, SLICE("data"), SLICE("hello"), &sealed);
    aead_seal(key, SLICE("data"), SLICE("hello"), &again);
    assert_int_equal(sealed.len, 5 + AEAD_OVERHEAD);
    assert_memory_not_equal(sealed.ptr, again.ptr, sealed.len);
    assert_ok(aead_open(key, SLICE("data"), buf_slice(&sealed), &plain, NULL));
    assert_string_equal(buf_str(&plain), "hello");
    assert_fails(aead_open(key, SLICE("date"), buf_slice(&sealed), &plain, NULL), ERR_INVALID);
    assert_fails(aead_open(other, SLICE("data"), buf_slice(&sealed), &plain, NULL), ERR_INVALID);
    assert_fails(aead_open(key, SLICE("data"), SLICE("short"), &plain, NULL), ERR_INVALID);
    assert_string_equal(buf_str(&plain), "hello");
}

TEST(empty_text_and_data_are_fine)
{
    uint8_t key[AEAD_KEY_BYTES] = {0};
    AUTO_BUF sealed = BUF_INIT, plain = BUF_INIT;

    aead_seal(key, SLICE(""), SLICE(""), &sealed);
    assert_ok(aead_open(key, SLICE(""), buf_slice(&sealed), &plain, NULL));
    assert_int_equal(plain.len, 0);
}
