#include "store/seal.h"

#include "base/aead.h"
#include "base/err.h"
#include "tests/unit/test.h"

static const uint8_t key[AEAD_KEY_BYTES] = {1, 2, 3};
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

    seal_body(key, &place, "uid-1", SLICE("the text"), &sealed);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO_BUF plain = BUF_INIT;
        uint8_t k[AEAD_KEY_BYTES] = {cases[i].first_key_byte, 2, 3};
        int r = seal_open(k, &cases[i].at, buf_slice(&sealed), &plain, NULL);

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

    seal_body(key, &place, "uid-1", SLICE("the text"), &sealed);
    for (size_t i = 0; i < sealed.len; i++) {
        AUTO_BUF plain = BUF_INIT;

        sealed.ptr[i] ^= 1;
        assert_true(seal_open(key, &place, buf_slice(&sealed), &plain, NULL) < 0);
        sealed.ptr[i] ^= 1;
        assert_true(seal_open(key, &place, (Slice){sealed.ptr, i}, &plain, NULL) < 0);
        assert_int_equal(plain.len, 0);
    }
}
