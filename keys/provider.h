/*
 * provider.h - one interface over what holds key-encryption keys: a file of ours, a KMS plug-in, a
 * PKCS#11 module.
 *
 * A provider wraps data keys (KEY_BYTES each) and gets them back. It may hold several keys with
 * names of its own (`id`): new data keys are wrapped with the current one, older ones are kept for
 * as long as something is wrapped with them.
 *
 * Configured by one line, "SCHEME:REST", whose scheme chooses the type:
 *
 *     file:PATH                            keys/file.c
 *     kms:unix:///PATH                     keys/kms.c: the KMS v2 plug-in protocol of Kubernetes
 *     pkcs11:token=T;object=O?module-path=M&pin-source=P     keys/pkcs11.c: a URI as in RFC 7512
 *
 * Threads: all calls of a provider may come from any thread. Those of a type that is not local may
 *          block for seconds: never on a loop (keys/ring.h has a worker for each).
 * Frees:   key_provider_close().
 * Fails:   ERR_UNAVAILABLE: it cannot be reached now. Anything else: it answered, and refuses;
 *          wrap() and unwrap() do so with ERR_FORBIDDEN.
 * Tests:   tests/unit/keys/
 */
#ifndef KEYS_PROVIDER_H
#define KEYS_PROVIDER_H

#include "base/buf.h"

typedef struct Err Err;
typedef struct KeyProvider KeyProvider;

enum {
    KEY_BYTES = 32,
    KEY_ID_MAX = 257,           /* with NUL */
    KEY_WRAPPED_MAX = 16 << 10, /* bytes of a wrapped key */
};

typedef struct KeyProviderType {
    const char *scheme;
    bool is_local; /* answers at once */
    int (*open)(const char *rest, KeyProvider **ret, Err *err);
    void (*close)(KeyProvider *p);
    /* `ret_id`: the key that it is wrapped with now. */
    int (*wrap)(KeyProvider *p, const uint8_t *key, Buf *ret, char ret_id[KEY_ID_MAX], Err *err);
    /* `id` "" where it was never noted. ret_key: KEY_BYTES of secret memory. */
    int (*unwrap)(KeyProvider *p, const char *id, Slice wrapped, uint8_t *ret_key, Err *err);
    /* Is it well, and which key is the current one? */
    int (*status)(KeyProvider *p, char ret_id[KEY_ID_MAX], Err *err);
    /* Make a new key and the current one of it; NULL: that happens elsewhere. */
    int (*rotate)(KeyProvider *p, char ret_id[KEY_ID_MAX], Err *err);
    /* Destroy a key that is not the current one; NULL: that happens elsewhere. */
    int (*drop)(KeyProvider *p, const char *id, Err *err);
    /* The ids of all its keys, one a line; NULL: it does not tell. */
    int (*list)(KeyProvider *p, Buf *ret, Err *err);
} KeyProviderType;

struct KeyProvider {
    const KeyProviderType *type;
};

extern const KeyProviderType key_provider_file, key_provider_kms, key_provider_pkcs11;

/* By the scheme of `spec`. Fails: ERR_BAD_REQUEST for a spec that cannot be read. A provider that
 * cannot be reached opens all the same; its calls fail. */
int key_provider_open(const char *spec, KeyProvider **ret, Err *err) MUST_CHECK;
void key_provider_close(KeyProvider *p);
DEFINE_CLEANUP(KeyProvider, key_provider_close);

#endif
