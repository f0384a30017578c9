#include "base/map.h"

#include "base/mem.h"

#include <pthread.h>
#include <sys/random.h>

static char gone;
#define MAP_GONE (&gone)

/* ---- SipHash-1-3 (Aumasson and Bernstein), the variant hash tables use ---- */

static uint64_t hash_key[2];

static void make_hash_key(void)
{
    BUG_ON(getrandom(hash_key, sizeof(hash_key), 0) != sizeof(hash_key));
}

#define ROTL(x, b) (((x) << (b)) | ((x) >> (64 - (b))))

static inline void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = ROTL(v[1], 13) ^ v[0];
    v[0] = ROTL(v[0], 32);
    v[2] += v[3];
    v[3] = ROTL(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = ROTL(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = ROTL(v[1], 17) ^ v[2];
    v[2] = ROTL(v[2], 32);
}

uint64_t hash_bytes(const void *data, size_t n)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    const unsigned char *p = data;
    uint64_t v[4], w, last = (uint64_t)n << 56;

    pthread_once(&once, make_hash_key);
    v[0] = hash_key[0] ^ 0x736f6d6570736575ULL;
    v[1] = hash_key[1] ^ 0x646f72616e646f6dULL;
    v[2] = hash_key[0] ^ 0x6c7967656e657261ULL;
    v[3] = hash_key[1] ^ 0x7465646279746573ULL;
    for (; n >= 8; n -= 8, p += 8) {
        memcpy(&w, p, 8);
        v[3] ^= w;
        sip_round(v);
        v[0] ^= w;
    }
    for (size_t i = 0; i < n; i++)
        last |= (uint64_t)p[i] << (8 * i);
    v[3] ^= last;
    sip_round(v);
    v[0] ^= last;
    v[2] ^= 0xff;
    sip_round(v);
    sip_round(v);
    sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* ---- the table: open addressing, linear probing, at most three quarters full ---- */

static bool is_live(const MapSlot *s)
{
    return s->key && s->key != MAP_GONE;
}

void map_clear(Map *m)
{
    for (size_t i = 0; i < m->n_slots; i++) {
        if (!is_live(&m->slots[i]))
            continue;
        free(m->slots[i].key);
        if (m->free_value)
            m->free_value(m->slots[i].value);
    }
    free(m->slots);
    m->slots = NULL;
    m->n_slots = m->n_used = m->n = 0;
}

void map_done(Map *m)
{
    map_clear(m);
}

static MapSlot *find(const Map *m, Slice key, uint64_t hash)
{
    if (m->n_slots == 0)
        return NULL;
    for (size_t i = hash & (m->n_slots - 1);; i = (i + 1) & (m->n_slots - 1)) {
        MapSlot *s = &m->slots[i];

        if (!s->key)
            return NULL;
        if (s->key != MAP_GONE && s->hash == hash && s->key_len == key.len &&
            memcmp(s->key, key.ptr, key.len) == 0)
            return s;
    }
}

static void rehash(Map *m)
{
    MapSlot *old = m->slots;
    size_t n_old = m->n_slots;

    m->n_slots = 8;
    while (m->n_slots < m->n * 3)
        m->n_slots *= 2;
    m->slots = xcalloc(m->n_slots, sizeof(*m->slots));
    m->n_used = m->n;
    for (size_t i = 0; i < n_old; i++) {
        size_t at = old[i].hash & (m->n_slots - 1);

        if (!is_live(&old[i]))
            continue;
        while (m->slots[at].key)
            at = (at + 1) & (m->n_slots - 1);
        m->slots[at] = old[i];
    }
    free(old);
}

void *map_getn(const Map *m, Slice key)
{
    MapSlot *s = m->n ? find(m, key, hash_bytes(key.ptr, key.len)) : NULL;

    return s ? s->value : NULL;
}

void *map_get(const Map *m, const char *key)
{
    return map_getn(m, slice_of(key));
}

void *map_setn(Map *m, Slice key, void *value)
{
    uint64_t hash = hash_bytes(key.ptr, key.len);
    MapSlot *s = find(m, key, hash);
    size_t at;

    if (s) {
        void *old = s->value;

        s->value = value;
        return old;
    }
    if ((m->n_used + 1) * 4 > m->n_slots * 3)
        rehash(m);
    at = hash & (m->n_slots - 1);
    while (m->slots[at].key)
        at = (at + 1) & (m->n_slots - 1);
    m->slots[at] = (MapSlot){hash, xstrndup(key.ptr, key.len), key.len, value};
    m->n++;
    m->n_used++;
    return NULL;
}

void *map_set(Map *m, const char *key, void *value)
{
    return map_setn(m, slice_of(key), value);
}

void *map_del(Map *m, const char *key)
{
    return map_deln(m, slice_of(key));
}

void *map_deln(Map *m, Slice key)
{
    MapSlot *s = find(m, key, hash_bytes(key.ptr, key.len));

    if (!s)
        return NULL;
    free(s->key);
    s->key = MAP_GONE;
    m->n--;
    return s->value;
}

bool map_next(const Map *m, size_t *at, const char **ret_key, void **ret_value)
{
    while (*at < m->n_slots) {
        MapSlot *s = &m->slots[(*at)++];

        if (!is_live(s))
            continue;
        if (ret_key)
            *ret_key = s->key;
        if (ret_value)
            *ret_value = s->value;
        return true;
    }
    return false;
}
