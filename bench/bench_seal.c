/*
 * bench_seal - what encryption costs an object: sealing its body and opening it again, without
 * database and server, for bodies of several sizes; and wrapping a data key with the file of keys.
 */
#include "base/aead.h"
#include "base/clock.h"
#include "base/err.h"
#include "keys/provider.h"
#include "store/seal.h"

#include <unistd.h>

enum { RUN_US = 500 * 1000 };

static const SealPlace place = {"0f0e0d0c-0b0a-4908-8706-050403020100", "secrets", "shop",
                                "credentials"};
static const char uid[] = "00010203-0405-4607-8809-0a0b0c0d0e0f";

static double each_us(void (*fn)(void *data), void *data)
{
    int64_t since = clock_mono_us(), n = 0, took;

    do {
        for (int i = 0; i < 100; i++)
            fn(data);
        n += 100;
        took = clock_mono_us() - since;
    } while (took < RUN_US);
    return (double)took / (double)n;
}

typedef struct Body {
    DataKey key;
    Buf text, sealed, plain;
} Body;

static void seal(void *data)
{
    Body *b = data;

    buf_reset(&b->sealed);
    seal_body(&b->key, &place, uid, buf_slice(&b->text), &b->sealed);
}

static void unseal(void *data)
{
    Body *b = data;
    Err err;

    buf_reset(&b->plain);
    BUG_ON(seal_open(&b->key, &place, buf_slice(&b->sealed), &b->plain, &err) < 0);
}

typedef struct Wrapping {
    KeyProvider *p;
    uint8_t key[KEY_BYTES];
    char id[KEY_ID_MAX];
    Buf wrapped;
} Wrapping;

static void wrap(void *data)
{
    Wrapping *w = data;
    Err err;

    buf_reset(&w->wrapped);
    BUG_ON(w->p->type->wrap(w->p, w->key, &w->wrapped, w->id, &err) < 0);
}

static void unwrap(void *data)
{
    Wrapping *w = data;
    Err err;

    BUG_ON(w->p->type->unwrap(w->p, w->id, buf_slice(&w->wrapped), w->key, &err) < 0);
}

int main(void)
{
    static const size_t sizes[] = {256, 2048, 16384, 262144};
    char path[64], spec[80];
    Wrapping w = {0};
    Err err;

    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        Body b = {0};
        double in, out;

        b.key.version = 1;
        aead_new_key(b.key.bytes);
        while (b.text.len < sizes[i])
            buf_addc(&b.text, (char)('a' + b.text.len % 26));
        in = each_us(seal, &b);
        out = each_us(unseal, &b);
        printf("body of %6zu bytes: seal %8.2f us, open %8.2f us, %zu bytes more\n", sizes[i], in,
               out, b.sealed.len - b.text.len);
        buf_done(&b.text);
        buf_done(&b.sealed);
        buf_done(&b.plain);
    }
    snprintf(path, sizeof(path), "/tmp/bench-kek-%d", (int)getpid());
    snprintf(spec, sizeof(spec), "file:%s", path);
    if (key_provider_open(spec, &w.p, &err) < 0) {
        fprintf(stderr, "%s\n", err.msg);
        return 1;
    }
    printf("data key, file: wrap %.2f us, ", each_us(wrap, &w));
    printf("unwrap %.2f us\n", each_us(unwrap, &w));
    key_provider_close(w.p);
    buf_done(&w.wrapped);
    unlink(path);
    return 0;
}
