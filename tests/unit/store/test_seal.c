#include "store/seal.h"

#include "base/aead.h"
#include "base/err.h"
#include "tests/unit/test.h"

static const DataKey key = {.bytes = {1, 2, 3}, .version = 1};
static const SealPlace place = {"cluster", "secrets", "ns", "name"};

TEST(what_was_sealed_opens_in_its_place_only)
{
    static const struct {
        const char *what;
        SealPlace at;
        uint8_t first_key_byte;
        bool is_ok;
    } cases[] = {
        {"same place", {"cluster", "secrets", "ns", "name"}, 1, true},
        {"other cluster", {"clusteR", "secrets", "ns", "name"}, 1, false},
        {"other resource", {"cluster", "configmaps", "ns", "name"}, 1, false},
        {"other namespace", {"cluster", "secrets", "n", "name"}, 1, false},
        {"boundary moved", {"cluster", "secrets", "nsn", "ame"}, 1, false},
        {"other name", {"cluster", "secrets", "ns", "nam"}, 1, false},
        {"other key", {"cluster", "secrets", "ns", "name"}, 9, false},
    };
    AUTO_BUF sealed = BUF_INIT;

    seal_body(&key, &place, "uid-1", SLICE("the text"), &sealed);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO_BUF plain = BUF_INIT;
        DataKey k = {.bytes = {cases[i].first_key_byte, 2, 3}, .version = 1};
        int r = seal_open(&k, &cases[i].at, buf_slice(&sealed), &plain, NULL);

        if (cases[i].is_ok) {
            assert_ok(r);
            assert_string_equal(buf_str(&plain), "the text");
        } else if (r == 0) {
            fail_msg("%s opens", cases[i].what);
        }
    }
}

TEST(changed_or_cut_bytes_do_not_open)
{
    AUTO_BUF sealed = BUF_INIT;

    seal_body(&key, &place, "uid-1", SLICE("the text"), &sealed);
    for (size_t i = 0; i < sealed.len; i++) {
        AUTO_BUF plain = BUF_INIT;

        sealed.ptr[i] ^= 1;
        assert_true(seal_open(&key, &place, buf_slice(&sealed), &plain, NULL) < 0);
        sealed.ptr[i] ^= 1;
        assert_true(seal_open(&key, &place, (Slice){sealed.ptr, i}, &plain, NULL) < 0);
        assert_int_equal(plain.len, 0);
    }
}

TEST(a_body_says_which_version_of_the_key_opens_it)
{
    static const int64_t versions[] = {1, 2, 255, 256, INT64_MAX};

    for (size_t i = 0; i < ARRAY_LEN(versions); i++) {
        DataKey k = {.bytes = {4}, .version = versions[i]}, other = k;
        AUTO_BUF sealed = BUF_INIT;
        AUTO_BUF plain = BUF_INIT;
        AUTO_BUF header = BUF_INIT;

        seal_body(&k, &place, "uid-1", SLICE("the text"), &sealed);
        assert_int_equal(seal_version(buf_slice(&sealed)), versions[i]);
        seal_header(versions[i], &header);
        assert_memory_equal(sealed.ptr, header.ptr, header.len);
        assert_ok(seal_open(&k, &place, buf_slice(&sealed), &plain, NULL));
        assert_string_equal(buf_str(&plain), "the text");
        other.version = versions[i] == 1 ? 2 : versions[i] - 1;
        assert_true(seal_open(&other, &place, buf_slice(&sealed), &plain, NULL) < 0);
    }
}

TEST(what_is_no_sealed_body_has_no_version)
{
    static const struct {
        const char *bytes;
        size_t n;
    } cases[] = {
        {"", 0},
        {"\3", 1},
        {"{}", 2},
        {"\2\0\0\0\0\0\0\0", 8},     /* cut short */
        {"\2\0\0\0\0\0\0\0\1", 9},   /* version 1 has the other form */
        {"\2\377\0\0\0\0\0\0\1", 9}, /* beyond what a version is */
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(seal_version((Slice){cases[i].bytes, cases[i].n}), 0);
}
