#include "base/arena.h"

#include "base/mem.h"

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

Arena *arena_new(void)
{
    return arena_new_sized(FIRST_BLOCK);
}

Arena *arena_new_sized(size_t size)
{
    Arena *a = xcalloc(1, sizeof(*a));

    a->next_size = MAX(size, ALIGNMENT);
    return a;
}

void arena_wipe(Arena *a)
{
    a->is_wiped = true;
}

void arena_free(Arena *a)
{
    if (!a)
        return;
    for (Hook *h = a->hooks; h; h = h->next)
        h->fn(h->data);
    for (Block *b = a->blocks, *next; b; b = next) {
        next = b->next;
        if (a->is_wiped)
            explicit_bzero(b->data, b->size);
        free(b);
    }
    free(a);
}

/* A block for one large allocation goes behind the current one, which stays in use. */
static void *add_block(Arena *a, size_t size, bool is_own)
{
    Block *b = xmalloc(sizeof(*b) + size);

    b->size = size;
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
