#include "base/arena.h"

#include "base/mem.h"
#include "base/wipe.h"

#include <pthread.h>
#include <stdarg.h>

#define ALIGNMENT   16u
#define FIRST_BLOCK 4096u
#define MAX_BLOCK   (256u * 1024u)

typedef struct Block {
    struct Block *next;
    size_t size;
    _Alignas(ALIGNMENT) char data[];
} Block;

typedef struct Hook {
    struct Hook *next;
    void (*fn)(void *);
    void *data;
} Hook;

struct Arena {
    Block *blocks; /* newest first; allocation goes on in the first */
    size_t pos;    /* bytes used of the first block */
    size_t next_size;
    size_t used;
    bool is_wiped; /* when it is freed */
    Hook *hooks;
};

/* ---- blocks ---- */

/*
 * Blocks of the first sizes come and go with every request, and malloc() joins and splits them each
 * time. A thread keeps a few of those that it has freed, where threads are few and busy.
 */
enum { N_SIZES = 3, KEPT_MAX = 4 };

typedef struct Kept {
    Block *blocks[N_SIZES];
    unsigned n[N_SIZES];
} Kept;

static _Atomic bool is_keeping;
static _Thread_local Kept *kept;
static pthread_key_t kept_key;
static pthread_once_t kept_once = PTHREAD_ONCE_INIT;

static void kept_free(void *data)
{
    Kept *k = data;

    for (size_t i = 0; i < N_SIZES; i++)
        for (Block *b = k->blocks[i], *next; b; b = next) {
            next = b->next;
            free(b);
        }
    free(k);
    kept = NULL;
}

static void make_kept_key(void)
{
    BUG_ON(pthread_key_create(&kept_key, kept_free) != 0);
}

/* The place of a size among those that are kept, or N_SIZES. */
static size_t kept_at(size_t size)
{
    size_t i = 0;

#ifdef ARENA_DEBUG
    return N_SIZES;
#endif
    while (i < N_SIZES && size != (size_t)FIRST_BLOCK << i)
        i++;
    return i;
}

static Block *block_new(size_t size)
{
    size_t i = kept ? kept_at(size) : N_SIZES;
    Block *b;

    if (i == N_SIZES || !kept->blocks[i]) {
        b = xmalloc(sizeof(*b) + size);
        b->size = size;
        return b;
    }
    b = kept->blocks[i];
    kept->blocks[i] = b->next;
    kept->n[i]--;
    return b;
}

static void block_free(Block *b)
{
    size_t i = kept_at(b->size);

    if (i == N_SIZES || !is_keeping || (kept && kept->n[i] == KEPT_MAX)) {
        free(b);
        return;
    }
    if (!kept) {
        pthread_once(&kept_once, make_kept_key);
        kept = xcalloc(1, sizeof(*kept));
        BUG_ON(pthread_setspecific(kept_key, kept) != 0);
    }
    b->next = kept->blocks[i];
    kept->blocks[i] = b;
    kept->n[i]++;
}

void arena_keep_blocks(void)
{
    is_keeping = true;
}

/* ---- arenas ---- */

Arena *arena_new(void)
{
    return arena_new_sized(FIRST_BLOCK);
}

Arena *arena_new_sized(size_t size)
{
    Arena *a = xcalloc(1, sizeof(*a));

    a->next_size = MAX(size, ALIGNMENT);
    a->is_wiped = wipe_is_on();
    return a;
}

void arena_wipe(Arena *a)
{
    a->is_wiped = true;
}

bool arena_is_wiped(const Arena *a)
{
    return a->is_wiped;
}

void arena_free(Arena *a)
{
    WIPING_IF(a && a->is_wiped);

    if (!a)
        return;
    for (Hook *h = a->hooks; h; h = h->next)
        h->fn(h->data);
    for (Block *b = a->blocks, *next; b; b = next) {
        next = b->next;
        if (a->is_wiped)
            explicit_bzero(b->data, b == a->blocks ? a->pos : b->size);
        block_free(b);
    }
    free(a);
}

/* A block for one large allocation goes behind the current one, which stays in use. */
static void *add_block(Arena *a, size_t size, bool is_own)
{
    Block *b = block_new(size);

    if (is_own && a->blocks) {
        b->next = a->blocks->next;
        a->blocks->next = b;
    } else {
        b->next = a->blocks;
        a->blocks = b;
        a->pos = is_own ? size : 0;
    }
    return b->data;
}

/* Not zeroed. */
static void *take(Arena *a, size_t size)
{
    char *p;

    BUG_ON(size > SIZE_MAX / 2);
    size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    a->used += size;
#ifdef ARENA_DEBUG
    p = add_block(a, size, true);
#else
    if (size > MAX_BLOCK / 4) {
        p = add_block(a, size, true);
    } else {
        if (!a->blocks || a->blocks->size - a->pos < size) {
            while (a->next_size < size)
                a->next_size *= 2;
            add_block(a, a->next_size, false);
            a->next_size = MIN(a->next_size * 2, MAX_BLOCK);
        }
        p = a->blocks->data + a->pos;
        a->pos += size;
    }
#endif
    return p;
}

void *arena_alloc(Arena *a, size_t size)
{
    return memset(take(a, size), 0, size);
}

char *arena_strndup(Arena *a, const char *s, size_t n)
{
    char *p;

    BUG_ON(n == SIZE_MAX);
    p = take(a, n + 1);
    if (n > 0)
        memcpy(p, s, n);
    p[n] = '\0';
    return p;
}

void *arena_extend(Arena *a, const void *p, size_t n, size_t size)
{
    void *bigger = arena_alloc(a, size);

    if (n > 0)
        memcpy(bigger, p, n);
    return bigger;
}

char *arena_strdup(Arena *a, const char *s)
{
    return arena_strndup(a, s, strlen(s));
}

char *arena_printf(Arena *a, const char *fmt, ...)
{
    va_list ap, again;
    char most[256], *p;
    int n;

    va_start(ap, fmt);
    va_copy(again, ap);
    n = vsnprintf(most, sizeof(most), fmt, ap);
    va_end(ap);
    BUG_ON(n < 0);
    p = arena_alloc(a, (size_t)n + 1);
    if ((size_t)n < sizeof(most))
        memcpy(p, most, (size_t)n + 1);
    else
        vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    return p;
}

char *arena_join(Arena *a, const char *x, const char *y)
{
    size_t nx = strlen(x), ny = strlen(y);
    char *p = arena_alloc(a, nx + ny + 1);

    memcpy(p, x, nx);
    memcpy(p + nx, y, ny);
    return p;
}

void arena_on_free(Arena *a, void (*fn)(void *), void *data)
{
    Hook *h = arena_new0(a, Hook);

    *h = (Hook){a->hooks, fn, data};
    a->hooks = h;
}

size_t arena_used(const Arena *a)
{
    return a->used;
}
