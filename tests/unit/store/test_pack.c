/* Objects that nobody reads: what they take, and that they are whole again for whoever reads. */
#include "tests/unit/store/pg.h"

#include "store/store_int.h"

enum { N = 60, BODY = 1500 };

/* Of letters that differ from object to object, with no more than a little that is its own. */
static char *body_of(int nth)
{
    char *text = xmalloc(BODY + 1);

    for (int i = 0; i < BODY; i++)
        text[i] = (char)('a' + (i < 100 ? (nth * 7 + i * i) % 26 : (i * i / 7) % 26));
    text[BODY] = '\0';
    return text;
}

/* What nothing makes shorter. */
static char *noise(void)
{
    char *text = xmalloc(BODY + 1);
    uint64_t x = 1;

    for (int i = 0; i < BODY; i++) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        text[i] = (char)('0' + (x >> 33) % 43);
    }
    text[BODY] = '\0';
    return text;
}

typedef struct Packed {
    Store *s;
    Cluster *c;
    Cache *k;
    int64_t wanted;
} Packed;

static void put_bodies(Packed *p, const char *storage)
{
    for (int i = 0; i < N; i++) {
        AUTO_FREE char *name = xasprintf("p%03d", i), *body = body_of(i);

        assert_true(PUT(p->s, p->c, storage, i % 2 ? "a" : "b", name, body, EXPECT_ANY) > 0);
    }
}

/* Objects in a store that has only read them: events hold none. */
static void packed_open(Packed *p)
{
    AUTO_FREE char *hard = noise();

    p->s = fresh_store();
    p->c = new_cluster(p->s, "t1");
    put_bodies(p, "configmaps");
    put_bodies(p, "secrets");
    assert_true(PUT(p->s, p->c, "configmaps", "c", "small", "x", EXPECT_ANY) > 0);
    assert_true(PUT(p->s, p->c, "configmaps", "c", "hard", hard, EXPECT_ANY) > 0);
    cluster_unref(p->c);
    store_close(p->s);
    p->s = open_store("one");
    p->c = store_cluster(p->s, SLICE("t1"));
    p->k = load(p->s, p->c, "configmaps");
    cache_unref(load(p->s, p->c, "secrets"));
    p->s->sweep_us = 1000;
}

static bool are_packed(void *data)
{
    Packed *p = data;

    return p->s->n_packed >= p->wanted;
}

static void wait_until_packed(Packed *p)
{
    p->s->sweep_us = 1000;
    p->wanted = N;
    assert_true(soon(are_packed, p));
    p->s->sweep_us = INT64_MAX; /* what is whole stays so */
    usleep(100 * 1000);         /* longer than what is left of a sweep */
}

static void packed_close(Packed *p)
{
    cache_unref(p->k);
    cluster_unref(p->c);
    store_close(p->s);
}

static void check_whole(const Obj *o)
{
    AUTO_FREE char *body = body_of((int)strtol(o->name + 1, NULL, 10));
    AUTO_FREE char *uid = xasprintf("u-%s", o->name);

    assert_int_equal(o->packed_len, 0);
    assert_int_equal(strlen(o->text), o->text_len);
    assert_non_null(strstr(o->text, body));
    assert_string_equal(o->uid, uid);
}

static size_t bytes_of(Cache *k)
{
    ObjPos pos = objindex_seek(&k->index, "", "", false);
    size_t n = 0;

    for (const Obj *o; (o = objindex_next(&k->index, &pos));)
        n += o->size;
    return n;
}

TEST(texts_that_nobody_reads_are_kept_short_and_are_whole_for_readers)
{
    AUTO_OBJVEC all = {0};
    int64_t revision;
    size_t before;
    Packed p;
    Obj *o;

    packed_open(&p);
    before = bytes_of(p.k);
    wait_until_packed(&p);
    assert_int_equal(p.s->n_packed, N); /* no secret, nothing small, nothing that stays as long */
    assert_true(bytes_of(p.k) < before / 4);
    o = cache_get(p.k, "a", "p001");
    check_whole(o);
    assert_int_equal(p.s->n_packed, N - 1);
    obj_unref(o);
    (void)cache_list(p.k, &(CacheScan){.ns = "b", .limit = 7}, &all, &revision);
    assert_int_equal(all.n, 7);
    for (size_t i = 0; i < all.n; i++)
        check_whole(all.items[i]);
    assert_int_equal(p.s->n_packed, N - 8);
    objvec_done(&all);
    wait_until_packed(&p); /* and again */
    packed_close(&p);
}

TEST(walks_and_claims_are_whole)
{
    AUTO_OBJVEC claimable = {0};
    int64_t revision;
    CacheWalk *walk;
    size_t n = 0;
    Packed p;

    packed_open(&p);
    wait_until_packed(&p);
    cache_list_claimable(p.k, "a", "nobody", &claimable);
    assert_int_equal(claimable.n, N / 2);
    for (size_t i = 0; i < claimable.n; i++)
        check_whole(claimable.items[i]);
    objvec_done(&claimable);
    wait_until_packed(&p); /* with an index by owner */
    walk = cache_walk(p.k, "b", &revision);
    for (;;) {
        AUTO_OBJVEC some = {0};

        if (cache_walk_next(walk, 7, &some, NULL) == 0)
            break;
        n += some.n;
        for (size_t i = 0; i < some.n; i++)
            check_whole(some.items[i]);
    }
    assert_int_equal(n, N / 2);
    assert_int_equal(p.s->n_packed, N / 2);
    cache_walk_free(walk);
    packed_close(&p);
}

/* Looks at the text. */
static bool ends_in(const Obj *o, void *data)
{
    assert_non_null(o->text);
    return o->text[o->text_len - 1] == '}' && str_eq(o->name, data);
}

static bool is_named(const Obj *o, void *data)
{
    return str_eq(o->name, data);
}

TEST(a_list_that_looks_at_heads_leaves_the_others_packed)
{
    AUTO_OBJVEC found = {0};
    int64_t revision;
    Packed p;

    packed_open(&p);
    wait_until_packed(&p);
    (void)cache_list(p.k, &(CacheScan){.match = is_named, .data = "p004", .by_head = true}, &found,
                     &revision);
    assert_int_equal(found.n, 1);
    check_whole(found.items[0]);
    assert_int_equal(p.s->n_packed, N - 1);
    objvec_done(&found);
    (void)cache_list(p.k, &(CacheScan){.ns = "a", .match = ends_in, .data = "p005"}, &found,
                     &revision);
    assert_int_equal(found.n, 1);
    check_whole(found.items[0]);
    assert_int_equal(p.s->n_packed, N / 2 - 1);
    packed_close(&p);
}

static void on_wake(void *data UNUSED)
{
}

TEST(changes_of_packed_objects_know_what_was_before)
{
    Loop *loop = NULL;
    Watch *watch;
    Event *e;
    Packed p;

    packed_open(&p);
    wait_until_packed(&p);
    assert_ok(loop_open("watch", &loop, NULL));
    assert_ok(cache_watch(p.k, p.c->revision, loop, on_wake, NULL, &watch, NULL));
    assert_true(PUT(p.s, p.c, "configmaps", "a", "p001", "new", EXPECT_ANY) > 0);
    assert_true(PUT(p.s, p.c, "configmaps", "a", "p003", NULL, EXPECT_ANY, .op = WRITE_DELETE) > 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(watch_next(watch, &e, NULL), 1);
        check_whole(e->prev);
        event_unref(e);
    }
    assert_int_equal(p.s->n_packed, N - 2);
    watch_close(watch);
    loop_close(loop);
    packed_close(&p);
}

/* Reads, writes and sweeps at once: for the sanitizers. */
static void *read_on(void *data)
{
    Packed *p = data;

    for (int i = 0; i < 3000; i++) {
        AUTO_FREE char *name = xasprintf("p%03d", i % N);
        CLEANUP(obj_unref) Obj *o = cache_get(p->k, i % 2 ? "a" : "b", name);

        if (i % 2 == (i % N) % 2)
            check_whole(o);
        if (i % 500 == 0)
            usleep(5000);
    }
    return NULL;
}

TEST(readers_do_not_see_that_it_is_packed)
{
    pthread_t threads[3];
    Packed p;

    packed_open(&p);
    p.s->sweep_us = 0;
    for (size_t i = 0; i < ARRAY_LEN(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_on, &p), 0);
    for (size_t i = 0; i < ARRAY_LEN(threads); i++)
        pthread_join(threads[i], NULL);
    wait_until_packed(&p); /* what nobody read may have become the dictionary, and be packed, too */
    packed_close(&p);
}
