#include "base/random.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <sys/random.h>

void random_bytes(void *out, size_t n)
{
    char *p = out;

    while (n > 0) {
        ssize_t got = getrandom(p, MIN(n, (size_t)256), 0);

        BUG_ON(got <= 0);
        p += got;
        n -= (size_t)got;
    }
}

uint64_t random_u64(void)
{
    uint64_t v;

    random_bytes(&v, sizeof(v));
    return v;
}

static const char digits[] = "0123456789abcdef";

static char *uuid_print(unsigned char b[16], unsigned version, char out[UUID_TEXT_MAX])
{
    char *p = out;

    b[6] = (unsigned char)((b[6] & 0x0f) | version << 4);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    for (int i = 0; i < 16; i++) { /* every request has one: no printf */
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *p++ = '-';
        *p++ = digits[b[i] >> 4];
        *p++ = digits[b[i] & 15];
    }
    *p = 0;
    return out;
}

/* Every request and object has one: a thread asks the kernel for sixteen at a time. */
char *random_uuid(char out[UUID_TEXT_MAX])
{
    static _Thread_local unsigned char pool[16][16];
    static _Thread_local size_t left;

    if (left == 0) {
        random_bytes(pool, sizeof(pool));
        left = ARRAY_LEN(pool);
    }
    return uuid_print(pool[--left], 4, out);
}

char *uuid_from_text(Slice text, char out[UUID_TEXT_MAX])
{
    unsigned char h[SHA256_LEN];

    sha256(text, h);
    return uuid_print(h, 8, out);
}

static char *pick(char *out, size_t n, const char *alphabet, unsigned size)
{
    for (size_t i = 0; i < n;) {
        unsigned char b;

        random_bytes(&b, 1);
        if (b < 256 / size * size) /* the rest would favour the first letters */
            out[i++] = alphabet[b % size];
    }
    out[n] = 0;
    return out;
}

static const char suffix_letters[] = "bcdfghjklmnpqrstvwxz2456789";

char *random_suffix(char *out, size_t n)
{
    return pick(out, n, suffix_letters, sizeof(suffix_letters) - 1);
}

char *suffix_from_bits(char *out, size_t n, uint64_t bits)
{
    for (size_t i = 0; i < n; i++, bits /= sizeof(suffix_letters) - 1)
        out[i] = suffix_letters[bits % (sizeof(suffix_letters) - 1)];
    out[n] = 0;
    return out;
}

char *random_alnum(char *out, size_t n)
{
    return pick(out, n, "0123456789abcdefghijklmnopqrstuvwxyz", 36);
}

static EVP_MD *sha256_md;

static void fetch_sha256(void)
{
    sha256_md = EVP_MD_fetch(NULL, "SHA256", NULL);
    BUG_ON(!sha256_md);
}

/* Every request's token goes through it: the algorithm is looked up once, and kept. */
void sha256(Slice in, unsigned char out[SHA256_LEN])
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    (void)pthread_once(&once, fetch_sha256); /* fails for a bad argument only */
    BUG_ON(EVP_Digest(in.ptr, in.len, out, NULL, sha256_md, NULL) != 1);
}

char *sha256_hex(Slice in, char out[2 * SHA256_LEN + 1])
{
    unsigned char h[SHA256_LEN];

    sha256(in, h);
    for (int i = 0; i < SHA256_LEN; i++) {
        out[2 * i] = digits[h[i] >> 4];
        out[2 * i + 1] = digits[h[i] & 15];
    }
    out[2 * SHA256_LEN] = 0;
    return out;
}
