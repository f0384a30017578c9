/* A bearer token from a stranger: taking it apart, and its signature under a key of ours. */
#include "base/err.h"
#include "base/token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static PkiKey *key;
    Arena *a = arena_new();
    Token t;
    Err err;

    if (!key)
        BUG_ON(pki_key_new(&key, &err) < 0);
    if (token_parse(a, (Slice){(const char *)data, size}, &t, &err) == 0)
        BUG_ON(token_verify(&t, key, &err) == 0); /* nobody can sign for a key made just now */
    arena_free(a);
    return 0;
}
