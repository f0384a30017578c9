#include "agent/dns_cache.h"

#include "base/map.h"
#include "base/mem.h"

#include <ctype.h>
#include <pthread.h>

enum {
    HEAD_LEN = 12,
    QUESTION_MAX = 512, /* with what stands behind it: longer ones are not kept */
    TENANT_BYTES = 512 << 10,
    ALL_BYTES = 8 << 20,
    ENTRY_BYTES = 200, /* beside the answer */
};

typedef struct Entry {
    char *answer;
    size_t n;
    int64_t at_us, until_us;
} Entry;

typedef struct Tenant {
    Map entries;
    size_t n_bytes;
} Tenant;

struct DnsCache {
    pthread_mutex_t lock;
    Map tenants; /* by cluster */
    size_t n_bytes;
};

static void free_entry(void *p)
{
    Entry *e = p;

    free(e->answer);
    free(e);
}

static void free_tenant(void *p)
{
    Tenant *t = p;

    map_done(&t->entries);
    free(t);
}

DnsCache *dns_cache_new(void)
{
    DnsCache *c = xcalloc(1, sizeof(*c));

    pthread_mutex_init(&c->lock, NULL);
    c->tenants.free_value = free_tenant;
    return c;
}

void dns_cache_free(DnsCache *c)
{
    if (!c)
        return;
    map_done(&c->tenants);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

/* All of the packet but its number, the name in lower case. 0: too long to be kept. */
static size_t key_of(Slice packet, const DnsQuery *q, char out[QUESTION_MAX])
{
    size_t n = packet.len - 2;

    if (n > QUESTION_MAX)
        return 0;
    memcpy(out, packet.ptr + 2, n);
    for (size_t i = HEAD_LEN - 2; i + 4 + 2 < q->question_len; i++)
        out[i] = (char)tolower((unsigned char)out[i]); /* lengths are below the letters */
    return n;
}

/* Under the lock. */
static void forget(DnsCache *c, Tenant *t, const char *key, size_t n)
{
    Entry *e = map_deln(&t->entries, (Slice){key, n});

    if (!e)
        return;
    t->n_bytes -= e->n + ENTRY_BYTES;
    c->n_bytes -= e->n + ENTRY_BYTES;
    free_entry(e);
}

bool dns_cache_get(DnsCache *c, const char *cluster, Slice packet, const DnsQuery *q, size_t max,
                   int64_t now_us, Buf *out)
{
    char key[QUESTION_MAX];
    size_t n = key_of(packet, q, key), begin = out->len;
    Entry *e = NULL;
    Tenant *t;

    if (n == 0)
        return false;
    pthread_mutex_lock(&c->lock);
    t = map_get(&c->tenants, cluster);
    e = t ? map_getn(&t->entries, (Slice){key, n}) : NULL;
    if (e && e->until_us <= now_us) {
        forget(c, t, key, n);
        e = NULL;
    }
    if (e && e->n <= max) {
        buf_add(out, e->answer, e->n);
        memcpy(out->ptr + begin, packet.ptr, 2);
        memcpy(out->ptr + begin + HEAD_LEN, packet.ptr + HEAD_LEN, q->question_len - HEAD_LEN);
        (void)dns_age(out->ptr + begin, e->n, (uint32_t)((now_us - e->at_us) / 1000000));
    } else {
        e = NULL;
    }
    pthread_mutex_unlock(&c->lock);
    return e != NULL;
}

/* Room for so many bytes more: all of a tenant that has too much goes, and all of all. */
static Tenant *tenant_of(DnsCache *c, const char *cluster, size_t n)
{
    Tenant *t;

    if (c->n_bytes + n > ALL_BYTES) {
        map_clear(&c->tenants);
        c->n_bytes = 0;
    }
    t = map_get(&c->tenants, cluster);
    if (!t) {
        t = xcalloc(1, sizeof(*t));
        t->entries.free_value = free_entry;
        (void)map_set(&c->tenants, cluster, t); /* it was not there */
    }
    if (t->n_bytes + n > TENANT_BYTES) {
        map_clear(&t->entries);
        c->n_bytes -= t->n_bytes;
        t->n_bytes = 0;
    }
    return t;
}

void dns_cache_put(DnsCache *c, const char *cluster, Slice packet, const DnsQuery *q, Slice answer,
                   int64_t now_us)
{
    char key[QUESTION_MAX];
    size_t n = key_of(packet, q, key);
    int64_t keep_s;
    Tenant *t;
    Entry *e;

    if (n == 0 || !dns_is_answer(answer, packet, q))
        return;
    keep_s = dns_keep_s(answer);
    if (keep_s <= 0)
        return;
    pthread_mutex_lock(&c->lock);
    t = tenant_of(c, cluster, answer.len + ENTRY_BYTES);
    forget(c, t, key, n);
    e = xcalloc(1, sizeof(*e));
    *e = (Entry){.answer = xmemdup(answer.ptr, answer.len),
                 .n = answer.len,
                 .at_us = now_us,
                 .until_us = now_us + MIN(keep_s, (int64_t)DNS_CACHE_S) * 1000000};
    (void)map_setn(&t->entries, (Slice){key, n}, e); /* it was forgotten */
    t->n_bytes += answer.len + ENTRY_BYTES;
    c->n_bytes += answer.len + ENTRY_BYTES;
    pthread_mutex_unlock(&c->lock);
}
