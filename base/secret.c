#include "base/secret.h"

#include "base/log.h"
#include "base/mem.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <pthread.h>
#include <sys/mman.h>

enum { CHUNK_BYTES = 64 * 1024 };

typedef struct Slot {
    struct Slot *next;
} Slot;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards what follows */
static Slot *unused;
static bool was_told;

static void add_chunk(void)
{
    char *p = mmap(NULL, CHUNK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    BUG_ON(p == MAP_FAILED);
    (void)madvise(p, CHUNK_BYTES, MADV_DONTDUMP);
    (void)madvise(p, CHUNK_BYTES, MADV_WIPEONFORK);
    if (mlock(p, CHUNK_BYTES) < 0 && !was_told) {
        was_told = true;
        log_warning(NULL, "keys cannot be locked into memory: they may reach swap space",
                    LOG_STR("error", strerror(errno)));
    }
    for (size_t at = CHUNK_BYTES; at > 0; at -= SECRET_BYTES) {
        Slot *s = (Slot *)(void *)(p + at - SECRET_BYTES);

        s->next = unused;
        unused = s;
    }
}

void secret_guard_library(size_t bytes)
{
    /* 2: it is not locked, which add_chunk() tells. It leaves it out of core dumps by itself. */
    if (CRYPTO_secure_malloc_init(bytes, 16) == 0)
        log_warning(NULL, "keys that sign are kept in ordinary memory");
}

void *secret_new(void)
{
    Slot *s;

    pthread_mutex_lock(&lock);
    if (!unused)
        add_chunk();
    s = unused;
    unused = s->next;
    s->next = NULL;
    pthread_mutex_unlock(&lock);
    return s;
}

void secret_free(void *p)
{
    Slot *s = p;

    if (!p)
        return;
    explicit_bzero(p, SECRET_BYTES);
    pthread_mutex_lock(&lock);
    s->next = unused;
    unused = s;
    pthread_mutex_unlock(&lock);
}

/* ---- of any length ---- */

struct SecretText {
    size_t len, n;
    char *slots[];
};

SecretText *secret_text_new(Slice text)
{
    size_t n = (text.len + SECRET_BYTES - 1) / SECRET_BYTES;
    SecretText *t = xcalloc(1, sizeof(*t) + n * sizeof(t->slots[0]));

    t->len = text.len;
    for (; t->n < n; t->n++) {
        size_t at = t->n * SECRET_BYTES;

        t->slots[t->n] = secret_new();
        memcpy(t->slots[t->n], text.ptr + at, MIN(text.len - at, (size_t)SECRET_BYTES));
    }
    return t;
}

void secret_text_free(SecretText *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->n; i++)
        secret_free(t->slots[i]);
    free(t);
}

size_t secret_text_len(const SecretText *t)
{
    return t->len;
}

void secret_text_add(const SecretText *t, Buf *out)
{
    buf_reserve(out, t->len);
    for (size_t i = 0; i < t->n; i++)
        buf_add(out, t->slots[i], MIN(t->len - i * SECRET_BYTES, (size_t)SECRET_BYTES));
}
