#include "base/random.h"
#include "tests/unit/test.h"

TEST(uuids_have_their_version_and_variant)
{
    char a[UUID_TEXT_MAX], b[UUID_TEXT_MAX];

    random_uuid(a);
    random_uuid(b);
    assert_int_equal(strlen(a), 36);
    assert_int_equal(a[14], '4');
    assert_non_null(strchr("89ab", a[19]));
    assert_string_not_equal(a, b);
}

TEST(a_uuid_from_a_text_is_always_the_same)
{
    char a[UUID_TEXT_MAX], b[UUID_TEXT_MAX], c[UUID_TEXT_MAX];

    assert_string_equal(uuid_from_text(SLICE("x"), a), uuid_from_text(SLICE("x"), b));
    assert_string_not_equal(a, uuid_from_text(SLICE("y"), c));
    assert_int_equal(a[14], '8');
}

TEST(suffixes_use_their_alphabet)
{
    char s[201];

    random_suffix(s, 200);
    assert_int_equal(strspn(s, "bcdfghjklmnpqrstvwxz2456789"), 200);
    random_alnum(s, 200);
    assert_int_equal(strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789"), 200);
}

TEST(sha256_of_a_known_text)
{
    char hex[2 * SHA256_LEN + 1];

    assert_string_equal(sha256_hex(SLICE("abc"), hex),
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(digests_are_those_of_the_standard)
{
    static const struct {
        const char *in, *want;
    } cases[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    };
    char hex[2 * SHA256_LEN + 1];

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_string_equal(sha256_hex(slice_of(cases[i].in), hex), cases[i].want);
}
