/*
 * token.h - JSON Web Tokens: ES256, and nothing else.
 *
 * Signing goes through libjwt (claims, encoding). Reading does not: libjwt parses the key anew on
 * every call and lets the token's header choose the algorithm, so that a token "signed" with HMAC
 * under the public key would pass. Here the algorithm is fixed before any key is touched, and the
 * key is one that was parsed once.
 *
 * Owns:    nothing; a Token lives in the arena it was parsed in.
 * Threads: any.
 * Fails:   ERR_UNAUTHORIZED for tokens that do not hold; messages never contain the token.
 * Tests:   tests/unit/base/test_token.c, tests/fuzz/fuzz_token.c
 */
#ifndef BASE_TOKEN_H
#define BASE_TOKEN_H

#include "base/pki.h"
#include "base/value.h"

enum { TOKEN_MAX_LEN = 16384 }; /* longer ones are refused unread */

typedef struct Token {
    const char *alg, *kid; /* of the header; "" when absent */
    Value *claims;         /* an object. Believe nothing in it before token_verify() */
    bool is_es256;         /* by its header and the length of its signature */
    Slice signed_part;
    unsigned char signature[PKI_ES256_LEN];
} Token;

/* Sign claims (a JSON object) with a P-256 key. */
int token_sign(const PkiKey *k, const char *kid, const Value *claims, Buf *ret,
               Err *err) MUST_CHECK;
/* Take it apart; nothing is checked but that it is one. */
int token_parse(Arena *a, Slice text, Token *ret, Err *err) MUST_CHECK;
/* Any other algorithm is refused before the key is touched. */
int token_verify(const Token *t, const PkiKey *k, Err *err) MUST_CHECK;
/* Does `aud` (a string or an array of them) name one of `wanted`? */
bool token_has_audience(const Value *claims, const char *wanted);
/* `aud` as Go prints a list of strings with %q. */
void token_print_audiences(const Value *claims, Buf *out);

#endif
