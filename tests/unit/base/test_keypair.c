#include "base/keypair.h"

#include "base/pki.h"
#include "tests/unit/test.h"

static void make(const char *cn, Buf *certificate, Buf *key)
{
    CLEANUP(pki_key_free) PkiKey *k = NULL;
    CLEANUP(pki_cert_free) PkiCert *c = NULL;
    PkiSubject subject = {.cn = cn};
    PkiUse use = {.from_s = 0, .until_s = 4000000000};
    Err err;

    assert_ok(pki_key_new(&k, &err));
    assert_ok(pki_issue(&subject, &use, k, NULL, k, &c, &err));
    pki_cert_write_pem(c, certificate);
    pki_key_write_pem(k, key);
}

#define RSA_KEY                                                                                    \
    "-----BEGIN RSA PRIVATE KEY-----\n"                                                            \
    "MIIBOwIBAAJBALRiMLAh9iimur8VA7qVvdqxevEuUkW4K+2KdMXmnQbG9Aa7k7eB\n"                           \
    "-----END RSA PRIVATE KEY-----\n"
#define OTHER "-----BEGIN FOO-----\nYQ==\n-----END FOO-----\n"

TEST(a_certificate_and_its_key)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF one = BUF_INIT;
    AUTO_BUF one_key = BUF_INIT;
    AUTO_BUF two = BUF_INIT;
    AUTO_BUF two_key = BUF_INIT;

    make("one", &one, &one_key);
    make("two", &two, &two_key);
    const struct {
        const char *certificate, *key, *want; /* NULL: they belong together */
    } rows[] = {
        {buf_str(&one), buf_str(&one_key), NULL},
        {arena_printf(a, OTHER "%s%s", buf_str(&one), buf_str(&two)),
         arena_printf(a, OTHER "%s", buf_str(&one_key)), NULL},
        {buf_str(&one), buf_str(&two_key), "tls: private key does not match public key"},
        {buf_str(&one), RSA_KEY, "tls: failed to parse private key"},
        {"", buf_str(&one_key), "tls: failed to find any PEM data in certificate input"},
        {"x", "", "tls: failed to find any PEM data in certificate input"},
        {buf_str(&one_key), buf_str(&one),
         "tls: failed to find certificate PEM data in certificate input, but did find a private "
         "key; PEM inputs may have been switched"},
        {OTHER OTHER, buf_str(&one_key),
         "tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM "
         "blocks of the following types: [FOO FOO]"},
        {buf_str(&one), "x", "tls: failed to find any PEM data in key input"},
        {buf_str(&one), buf_str(&one),
         "tls: found a certificate rather than a key in the PEM for the private key"},
        {buf_str(&one), OTHER,
         "tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after "
         "skipping PEM blocks of the following types: [FOO]"},
        {"-----BEGIN CERTIFICATE-----\nYQ==\n-----END CERTIFICATE-----\n", buf_str(&one_key),
         "x509: malformed certificate"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *why = keypair_mistake(a, slice_of(rows[i].certificate), slice_of(rows[i].key));

        if (!str_eq(why ? why : "", rows[i].want ? rows[i].want : ""))
            fail_msg("row %zu: %s", i, why);
    }
}
