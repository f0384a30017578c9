#include "base/b64.h"
#include "base/token.h"
#include "tests/unit/test.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

static PkiKey *key_new(void)
{
    PkiKey *k = NULL;
    Err err;

    assert_ok(pki_key_new(&k, &err));
    return k;
}

TEST(a_token_is_read_back_and_holds_for_its_key_only)
{
    CLEANUP(pki_key_free) PkiKey *k = key_new(), *other = key_new();
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF text = BUF_INIT;
    Value *claims =
        value_literal(a, "{'iss':'me','aud':['x','y'],'kubernetes.io':{'namespace':'d'}}");
    Token t;
    Err err;

    assert_ok(token_sign(k, "acme/1", claims, &text, &err));
    assert_ok(token_parse(a, buf_slice(&text), &t, &err));
    assert_string_equal(t.kid, "acme/1");
    assert_true(value_equal(t.claims, claims));
    assert_ok(token_verify(&t, k, &err));
    assert_fails(token_verify(&t, other, &err), ERR_UNAUTHORIZED);
    assert_true(token_has_audience(t.claims, "y"));
    assert_false(token_has_audience(t.claims, "z"));
}

/* Every single changed character is noticed. */
TEST(no_character_of_a_token_can_be_changed)
{
    CLEANUP(pki_key_free) PkiKey *k = key_new();
    AUTO_BUF text = BUF_INIT;
    Arena *a = arena_new();
    Err err;

    assert_ok(token_sign(k, "k", value_literal(a, "{'sub':'s'}"), &text, &err));
    arena_free(a);
    for (size_t i = 0; i < text.len; i++) {
        char was = text.ptr[i];
        Token t;

        a = arena_new();
        text.ptr[i] = was == 'A' ? 'B' : 'A';
        assert_true(token_parse(a, buf_slice(&text), &t, &err) < 0 ||
                    token_verify(&t, k, &err) < 0);
        text.ptr[i] = was;
        arena_free(a);
    }
}

static void forge(const char *header, Slice signature, Buf *out)
{
    b64url_encode(slice_of(header), out);
    buf_addc(out, '.');
    b64url_encode(SLICE("{\"sub\":\"admin\"}"), out);
    buf_addc(out, '.');
    b64url_encode(signature, out);
}

TEST(other_algorithms_are_refused_before_a_key_is_touched)
{
    static const char *const headers[] = {
        "{\"alg\":\"none\"}",
        "{\"alg\":\"None\"}",
        "{\"alg\":\"HS256\"}",
        "{\"alg\":\"RS256\"}",
        "{\"alg\":\"ES384\"}",
        "{\"alg\":[\"ES256\"]}",
        "{}",
        "{\"alg\":\"es256\"}",
        "{\"alg\":\"ES256\",\"crit\":[\"x\"]}",
        "{\"alg\":\"none\",\"alg\":\"ES256\"}",
    };

    for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        AUTO_BUF text = BUF_INIT;
        char sig[64] = {1};
        Token t;

        Err err;

        forge(headers[i], (Slice){sig, i % 2 ? 64 : 0}, &text);
        if (token_parse(a, buf_slice(&text), &t, NULL) < 0)
            continue;
        assert_fails(token_verify(&t, NULL, &err), ERR_UNAUTHORIZED);
        assert_string_equal(err.msg, "go-jose/go-jose: error in cryptographic primitive");
    }
}

/* The classic: HMAC with the public key's text as secret. */
TEST(hmac_under_the_public_key_is_refused)
{
    CLEANUP(pki_key_free) PkiKey *k = key_new();
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF text = BUF_INIT, pub = BUF_INIT;
    unsigned char x[32], y[32], mac[32];
    unsigned n = 0;
    Slice signed_part;
    Token t;
    Err err;

    pki_key_public(k, x, y);
    buf_add(&pub, x, 32);
    buf_add(&pub, y, 32);
    forge("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", SLICE(""), &text);
    signed_part = (Slice){text.ptr, text.len - 1};
    HMAC(EVP_sha256(), pub.ptr, (int)pub.len, (const unsigned char *)signed_part.ptr,
         signed_part.len, mac, &n);
    b64url_encode((Slice){(char *)mac, n}, &text);
    assert_ok(token_parse(a, buf_slice(&text), &t, &err));
    assert_false(t.is_es256);
    assert_fails(token_verify(&t, k, &err), ERR_UNAUTHORIZED);
}

TEST(broken_forms_are_refused)
{
    static const char *const bad[] = {"", ".", "..", "a.b", "a.b.c.d", "!!.e30.AA", "e30.e30.!"};
    CLEANUP(arena_free) Arena *a = arena_new();
    Token t;

    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_fails(token_parse(a, slice_of(bad[i]), &t, NULL), ERR_UNAUTHORIZED);
}

TEST(audiences_are_told_as_go_prints_them)
{
    static const char *const rows[][2] = {
        {"{}", "[]"},
        {"{'aud':'a'}", "[\"a\"]"},
        {"{'aud':['a','b\\\"c','\\n']}", "[\"a\" \"b\\\"c\" \"\\n\"]"},
        {"{'aud':[7,'a']}", "[\"a\"]"},
        {"{'aud':[]}", "[]"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        AUTO_BUF b = BUF_INIT;

        token_print_audiences(value_literal(a, rows[i][0]), &b);
        assert_string_equal(buf_str(&b), rows[i][1]);
    }
}
