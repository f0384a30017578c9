#include "base/slab.h"

#include "base/list.h"
#include "base/mem.h"
#include "base/memguard.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>

enum {
    SLAB_BYTES = 64 * 1024,
    REGION_BYTES = 1024 * 1024,
    MIN_LOG = 7, /* the smallest place has 128 bytes */
    MAX_LOG = 13,
    STEPS = 16, /* of a doubling */
    N_CLASSES = (MAX_LOG - MIN_LOG) * STEPS + 1,
    ALIGN = 16,
    HEAD_BYTES = 64, /* a Slab; places behind it are aligned */
};

typedef struct Place {
    struct Place *next;
} Place;

typedef struct Slab {
    List link;       /* in Class.slabs while it has a free place */
    Place *free;     /* those that were given back; */
    uint32_t n_used; /* places in use */
    uint32_t n_made; /* places from here on were never used */
    uint32_t n, size;
} Slab;

typedef struct Class {
    pthread_mutex_t lock; /* guards the rest, and the slabs of the class */
    List slabs;
} Class;

_Static_assert(sizeof(Slab) <= HEAD_BYTES, "the head of a slab");

static Class classes[N_CLASSES];

static pthread_mutex_t pool_lock = PTHREAD_MUTEX_INITIALIZER; /* guards pool, n_pool, cap_pool */
static void **pool;                                           /* slabs of no class */
static size_t n_pool, cap_pool;
static _Atomic size_t n_bytes;

static void make_classes(void)
{
    for (size_t i = 0; i < N_CLASSES; i++) {
        pthread_mutex_init(&classes[i].lock, NULL);
        list_init(&classes[i].slabs);
    }
}

/* The class of `n` bytes, and how large its places are. */
static size_t class_of(size_t n, uint32_t *ret_size)
{
    size_t step;
    int log;

    if (n <= 1u << MIN_LOG) {
        *ret_size = 1u << MIN_LOG;
        return 0;
    }
    log = 63 - __builtin_clzll(n - 1); /* 2^log < n <= 2^(log + 1) */
    step = (n - 1 - ((size_t)1 << log)) >> (log - 4);
    *ret_size = (uint32_t)(((size_t)1 << log) + ((step + 1) << (log - 4)));
    *ret_size = (*ret_size + ALIGN - 1) / ALIGN * ALIGN;
    return (size_t)(log - MIN_LOG) * STEPS + step + 1;
}

static void add_region(void)
{
    size_t most = REGION_BYTES + SLAB_BYTES;
    char *p = mmap(NULL, most, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    size_t skip;

    BUG_ON(p == MAP_FAILED);
    skip = (SLAB_BYTES - (uintptr_t)p % SLAB_BYTES) % SLAB_BYTES;
    GROW(pool, cap_pool, n_pool + REGION_BYTES / SLAB_BYTES);
    for (size_t at = REGION_BYTES; at > 0; at -= SLAB_BYTES) /* the first is taken first */
        pool[n_pool++] = p + skip + at - SLAB_BYTES;
}

static Slab *slab_new(uint32_t size)
{
    Slab *s;

    pthread_mutex_lock(&pool_lock);
    if (n_pool == 0)
        add_region();
    s = pool[--n_pool];
    pthread_mutex_unlock(&pool_lock);
    n_bytes += SLAB_BYTES;
    *s = (Slab){.size = size, .n = (SLAB_BYTES - HEAD_BYTES) / size};
    list_init(&s->link);
    return s;
}

static void slab_drop(Slab *s)
{
    memguard_give_back(s, SLAB_BYTES); /* else they stay */
    n_bytes -= SLAB_BYTES;
    pthread_mutex_lock(&pool_lock);
    GROW(pool, cap_pool, n_pool + 1);
    pool[n_pool++] = s;
    pthread_mutex_unlock(&pool_lock);
}

void *slab_take(size_t n)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    uint32_t size;
    Class *c;
    Slab *s;
    void *p;

    BUG_ON(n > SLAB_PLACE_MAX);
    pthread_once(&once, make_classes);
    c = &classes[class_of(n, &size)];
    pthread_mutex_lock(&c->lock);
    if (list_is_empty(&c->slabs))
        list_add(&c->slabs, &slab_new(size)->link);
    s = list_entry(c->slabs.next, Slab, link);
    if (s->free) {
        p = s->free;
        s->free = s->free->next;
    } else {
        p = (char *)s + HEAD_BYTES + (size_t)s->n_made++ * s->size;
    }
    if (++s->n_used == s->n)
        list_del(&s->link);
    pthread_mutex_unlock(&c->lock);
    return p;
}

void slab_give(void *p, size_t n)
{
    Slab *s = (Slab *)((uintptr_t)p & ~(uintptr_t)(SLAB_BYTES - 1)), *empty = NULL;
    uint32_t size;
    Class *c = &classes[class_of(n, &size)];
    Place *place = p;

    pthread_mutex_lock(&c->lock);
    BUG_ON(s->size != size || s->n_used == 0);
    place->next = s->free;
    s->free = place;
    if (s->n_used-- == s->n)
        list_add(&c->slabs, &s->link);
    if (s->n_used == 0 && c->slabs.next != c->slabs.prev) {
        list_del(&s->link);
        empty = s;
    }
    pthread_mutex_unlock(&c->lock);
    if (empty)
        slab_drop(empty);
}

size_t slab_bytes(void)
{
    return n_bytes;
}

#ifdef ARENA_DEBUG
static const bool is_watched = true;
#else
static const bool is_watched = false;
#endif

void *slab_alloc(size_t n)
{
    return is_watched || n > SLAB_PLACE_MAX ? xmalloc(n) : slab_take(n);
}

void slab_free(void *p, size_t n)
{
    if (is_watched || n > SLAB_PLACE_MAX)
        free(p);
    else if (p)
        slab_give(p, n);
}
