#include "base/hmac.h"

#include "tests/unit/test.h"

/* RFC 4231, cases 1 and 2. */
TEST(known_answers)
{
    static const struct {
        const char *key, *data, *expected;
    } cases[] = {
        {"\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b",
         "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"Jefe", "what do ya want for nothing?",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        unsigned char mac[HMAC_SHA256_LEN];
        char hex[2 * HMAC_SHA256_LEN + 1];

        hmac_sha256(slice_of(cases[i].key), slice_of(cases[i].data), mac);
        for (int k = 0; k < HMAC_SHA256_LEN; k++)
            snprintf(hex + 2 * k, 3, "%02x", mac[k]);
        assert_string_equal(hex, cases[i].expected);
    }
}
