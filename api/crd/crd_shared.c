/*
 * crd_shared.c - compiled schemas, one for all definitions that say the same.
 *
 * DESIGN. Thousands of clusters install the same operator, whose schemas are by far the greatest
 * part of its definitions. So what is compiled of a version's schema is found by the SHA-256 of the
 * schema's text: equal text is compiled once, and goes with the last definition that has it. The
 * hash is one that nobody finds two texts for, so no cluster can have another one's schema changed
 * under it. Everything that is a cluster's own (names, the webhook of conversions with its
 * certificates, conditions) is not in here.
 *
 * Two threads may compile the same at once; the second one to end takes the first one's.
 */
#include "api/crd/crd_int.h"

#include "base/map.h"
#include "base/mem.h"
#include "base/random.h"

#include <pthread.h>

typedef struct Shared {
    CrdSchema pub;
    unsigned char key[SHA256_LEN];
    size_t refs; /* guarded by `lock` */
    Arena *arena;
} Shared;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards `all` and all counts */
static Map all;                                          /* of Shared, by key */

static Slice key_of(const unsigned char key[SHA256_LEN])
{
    return (Slice){(const char *)key, SHA256_LEN};
}

static void shared_free(Shared *s)
{
    arena_free(s->arena);
    free(s);
}

static void shared_unref(void *p)
{
    Shared *s = p;
    bool is_last;

    pthread_mutex_lock(&lock);
    is_last = --s->refs == 0;
    if (is_last)
        (void)map_deln(&all, key_of(s->key));
    if (all.n == 0)
        map_done(&all);
    pthread_mutex_unlock(&lock);
    if (is_last)
        shared_free(s);
}

static Shared *find(const unsigned char key[SHA256_LEN])
{
    Shared *s;

    pthread_mutex_lock(&lock);
    s = map_getn(&all, key_of(key));
    if (s)
        s->refs++;
    pthread_mutex_unlock(&lock);
    return s;
}

static Shared *compile(const unsigned char key[SHA256_LEN], const Value *json)
{
    Shared *s = xcalloc(1, sizeof(*s));

    memcpy(s->key, key, SHA256_LEN);
    memcpy(&s->pub.hash, key, sizeof(s->pub.hash));
    s->refs = 1;
    s->arena = arena_new();
    s->pub.json = json ? value_copy(s->arena, json) : NULL;
    s->pub.type = crd__type(s->arena, s->pub.json);
    s->pub.compiled = schema_compile(s->arena, s->pub.json);
    s->pub.rules = rules_compile(s->arena, s->pub.compiled);
    return s;
}

static Shared *compile_once(const unsigned char key[SHA256_LEN], const Value *json)
{
    Shared *s = find(key), *made;

    if (s)
        return s;
    made = compile(key, json);
    pthread_mutex_lock(&lock);
    s = map_getn(&all, key_of(key));
    if (s)
        s->refs++;
    else
        (void)map_setn(&all, key_of(key), made);
    pthread_mutex_unlock(&lock);
    if (!s)
        return made;
    shared_free(made);
    return s;
}

const CrdSchema *crd__schema(Arena *a, const Value *json)
{
    unsigned char key[SHA256_LEN];
    AUTO_BUF text = BUF_INIT;
    Shared *s;

    if (json)
        value_print(json, &text);
    sha256(buf_slice(&text), key);
    s = compile_once(key, json);
    arena_on_free(a, shared_unref, s);
    return &s->pub;
}

size_t crd_schemas(void)
{
    size_t n;

    pthread_mutex_lock(&lock);
    n = all.n;
    pthread_mutex_unlock(&lock);
    return n;
}
