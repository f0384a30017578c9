#include "base/err.h"
#include "base/jws.h"
#include "tests/unit/signer.h"

#include <openssl/hmac.h>

static JwsVerdict verdict(Arena *a, const char *set, const char *token)
{
    CLEANUP(jwks_unref) JwkSet *s = NULL;
    Err err;
    Jws t;

    assert_ok(jwks_parse(slice_of(set), &s, &err));
    assert_ok(jws_parse(a, slice_of(token), &t, &err));
    return jwks_verify(s, &t);
}

static int parse(Arena *a, const char *token)
{
    Err err;
    Jws t;

    return jws_parse(a, slice_of(token), &t, &err);
}

TEST(each_algorithm_holds_under_its_own_key_and_no_other)
{
    static const char *const algs[] = {"RS256", "RS384", "RS512", "ES256", "ES384",
                                       "ES512", "PS256", "PS384", "PS512"};
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(algs); i++) {
        Signer mine = signer_new(algs[i]), other = signer_new(algs[i]);
        const char *header = arena_printf(a, "{'alg':'%s','kid':'k','typ':'JWT'}", algs[i]);
        const char *token = signer_sign(&mine, a, header, "{'iss':'https://i','sub':'x'}");
        const char *set = signer_jwks(a, signer_jwk(&mine, a, "k"), signer_jwk(&other, a, "o"));
        char *changed = arena_strdup(a, token), *dot = strrchr(changed, '.');

        assert_int_equal(verdict(a, set, token), JWS_GOOD);
        assert_int_equal(verdict(a, signer_jwks(a, signer_jwk(&other, a, "k"), NULL), token),
                         JWS_FORGED);
        assert_int_equal(verdict(a, signer_jwks(a, signer_jwk(&mine, a, "z"), NULL), token),
                         JWS_NO_KEY);
        dot[-3] = dot[-3] == 'A' ? 'B' : 'A';
        if (parse(a, changed) == 0)
            assert_int_equal(verdict(a, set, changed), JWS_FORGED);
        signer_done(&mine);
        signer_done(&other);
    }
}

TEST(a_key_serves_no_algorithm_but_those_that_fit_it)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Signer rs = signer_new("RS256"), ps = {"PS256", rs.key}, es = signer_new("ES256");
    Value *only_rs = signer_jwk(&rs, a, "k"), *enc = signer_jwk(&rs, a, "k");
    const char *by_rs = signer_sign(&rs, a, "{'alg':'RS256','kid':'k'}", "{}");
    const char *by_ps = signer_sign(&ps, a, "{'alg':'PS256','kid':'k'}", "{}");
    /* what was signed one way must not pass the other way */
    const char *mixed = signer_sign(&rs, a, "{'alg':'PS256','kid':'k'}", "{}");
    const char *as_ec = signer_sign(&rs, a, "{'alg':'ES256','kid':'k'}", "{}");

    assert_int_equal(verdict(a, signer_jwks(a, signer_jwk(&rs, a, "k"), NULL), by_ps), JWS_GOOD);
    assert_int_equal(verdict(a, signer_jwks(a, signer_jwk(&rs, a, "k"), NULL), mixed), JWS_FORGED);
    assert_int_equal(verdict(a, signer_jwks(a, signer_jwk(&rs, a, "k"), NULL), as_ec), JWS_NO_KEY);
    assert_int_equal(verdict(a, signer_jwks(a, signer_jwk(&es, a, "k"), NULL), by_rs), JWS_NO_KEY);
    value_set_str(a, only_rs, "alg", "RS256");
    assert_int_equal(verdict(a, signer_jwks(a, only_rs, NULL), by_rs), JWS_GOOD);
    assert_int_equal(verdict(a, signer_jwks(a, only_rs, NULL), by_ps), JWS_NO_KEY);
    value_set_str(a, enc, "use", "enc");
    assert_int_equal(verdict(a, signer_jwks(a, enc, signer_jwk(&es, a, "e")), by_rs), JWS_NO_KEY);
    signer_done(&rs);
    signer_done(&es);
}

TEST(a_token_without_key_id_is_held_against_all)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Signer one = signer_new("ES256"), two = signer_new("ES256");
    const char *token = signer_sign(&two, a, "{'alg':'ES256'}", "{}");
    const char *both = signer_jwks(a, signer_jwk(&one, a, "1"), signer_jwk(&two, a, NULL));

    assert_int_equal(verdict(a, both, token), JWS_GOOD);
    /* perhaps the set is too old for it */
    assert_int_equal(verdict(a, signer_jwks(a, signer_jwk(&one, a, NULL), NULL), token),
                     JWS_NO_KEY);
    signer_done(&one);
    signer_done(&two);
}

TEST(headers_that_choose_how_they_are_checked_are_refused)
{
    static const char *const headers[] = {
        "{'alg':'none'}",
        "{'alg':'None'}",
        "{'alg':''}",
        "{}",
        "{'alg':null}",
        "{'alg':['RS256']}",
        "{'alg':'HS256'}",
        "{'alg':'HS512'}",
        "{'alg':'rs256'}",
        "{'alg':'RS256 '}",
        "{'alg':'RS1'}",
        "{'alg':'ES256K'}",
        "{'alg':'EdDSA'}",
        "{'alg':'RS256\\u0000'}",
        "{'alg':'ES256','jwk':{'kty':'EC'}}",
        "{'alg':'ES256','jku':'https://evil/keys'}",
        "{'alg':'ES256','x5u':'https://evil/cert'}",
        "{'alg':'ES256','x5c':['MIIB']}",
        "{'alg':'ES256','crit':['exp']}",
        "{'alg':'ES256','b64':false}",
        "{'alg':'ES256','zip':'DEF'}",
        "{'alg':'ES256','kid':7}",
        "{'alg':'ES256','kid':null}",
        "{'alg':'ES256','kid':['a']}",
    };
    CLEANUP(arena_free) Arena *a = arena_new();
    Signer s = signer_new("ES256");

    for (size_t i = 0; i < ARRAY_LEN(headers); i++)
        assert_fails(parse(a, signer_sign(&s, a, headers[i], "{}")), ERR_UNAUTHORIZED);
    assert_ok(parse(a, signer_sign(&s, a, "{'alg':'ES256','x5t':'abc','typ':'JWT'}", "{}")));
    signer_done(&s);
}

/* The public key as the secret of a HMAC. */
TEST(a_public_key_is_no_secret)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Signer s = signer_new("RS256");
    const char *n = value_get_str(signer_jwk(&s, a, "k"), "n");
    AUTO_BUF b = BUF_INIT;
    unsigned char mac[32];
    unsigned len = 0;

    b64url_encode(SLICE("{\"alg\":\"HS256\",\"kid\":\"k\"}"), &b);
    buf_adds(&b, ".e30");
    HMAC(EVP_sha256(), n, (int)strlen(n), (unsigned char *)b.ptr, b.len, mac, &len);
    buf_adds(&b, ".");
    b64url_encode((Slice){(char *)mac, len}, &b);
    assert_fails(parse(a, buf_str(&b)), ERR_UNAUTHORIZED);
    signer_done(&s);
}

TEST(what_is_not_three_parts_of_json_is_no_token)
{
    static const char *const texts[] = {
        "",
        "a",
        "a.b",
        "..",
        "eyJhbGciOiJFUzI1NiJ9.e30",
        "eyJhbGciOiJFUzI1NiJ9.e30.",
        "eyJhbGciOiJFUzI1NiJ9.e30.AAAA.AAAA",
        "eyJhbGciOiJFUzI1NiJ9.W10.AAAA",                          /* an array */
        "eyJhbGciOiJFUzI1NiIsImFsZyI6IkVTMjU2In0.e30.AAAA",       /* alg twice */
        "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIiwic3ViIjoiYiJ9.AAAA", /* sub twice */
        "eyJhbGciOiJFUzI1NiJ9.e30.AA AA",
        " eyJhbGciOiJFUzI1NiJ9.e30.AAAA",
        "{\"payload\":\"e30\",\"signatures\":[]}",
    };
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF big = BUF_INIT;

    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        assert_fails(parse(a, texts[i]), ERR_UNAUTHORIZED);
    assert_ok(parse(a, "eyJhbGciOiJFUzI1NiJ9.e30.AAAA"));
    buf_adds(&big, "eyJhbGciOiJFUzI1NiJ9.e30.");
    while (big.len <= JWS_MAX_LEN)
        buf_adds(&big, "AAAA");
    assert_fails(parse(a, buf_str(&big)), ERR_UNAUTHORIZED);
}

TEST(keys_that_are_weak_broken_or_secret_are_left_out)
{
    static const char *const keys[] = {
        "{'kty':'oct','k':'AAAA'}",
        "{'kty':'OKP','crv':'Ed25519','x':'AAAA'}",
        "{'kty':'EC','crv':'P-256','x':'AAAA','y':'AAAA'}", /* not on the curve */
        "{'kty':'EC','crv':'secp256k1','x':'AQ','y':'AQ'}",
        "{'kty':'RSA','n':'AQAB','e':'AQAB'}", /* 24 bits */
        "{'kty':'RSA','n':'','e':'AQAB'}",
        "{'kty':'RSA'}",
        "{}",
        "[]",
        "7",
    };
    CLEANUP(arena_free) Arena *a = arena_new();
    Signer s = signer_new("RS256");
    JwkSet *set = NULL;
    Value *v;
    Err err;

    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        assert_fails(
            jwks_parse(slice_of(signer_jwks(a, value_literal(a, keys[i]), NULL)), &set, &err),
            ERR_BAD_REQUEST);
    v = signer_jwk(&s, a, "k");
    value_set_str(a, v, "e", "AQ"); /* 1: everything is a signature */
    assert_fails(jwks_parse(slice_of(signer_jwks(a, v, NULL)), &set, &err), ERR_BAD_REQUEST);
    value_set_str(a, v, "e", "AQAAAAAAAAAB"); /* slow */
    assert_fails(jwks_parse(slice_of(signer_jwks(a, v, NULL)), &set, &err), ERR_BAD_REQUEST);
    v = signer_jwk(&s, a, "k");
    assert_ok(jwks_parse(slice_of(signer_jwks(a, value_literal(a, keys[0]), v)), &set, &err));
    assert_int_equal(jwks_size(set), 1);
    jwks_unref(set);
    assert_fails(jwks_parse(SLICE("{'keys':7}"), &set, &err), ERR_BAD_REQUEST);
    assert_fails(jwks_parse(SLICE("[]"), &set, &err), ERR_BAD_REQUEST);
    assert_fails(jwks_parse(SLICE("{\"keys\":[]}"), &set, &err), ERR_BAD_REQUEST);
    signer_done(&s);
}
