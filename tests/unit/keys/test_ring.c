#include "base/mem.h"
#include "keys/ring.h"
#include "tests/unit/test.h"

#include <pthread.h>
#include <unistd.h>

/* A provider that blocks until it is let go. */
typedef struct Slow {
    KeyProvider pub; /* first */
    pthread_mutex_t lock;
    pthread_cond_t cond;
    bool is_open, is_closed;
    _Atomic bool is_asked;
} Slow;

static int slow_status(KeyProvider *p, char ret_id[KEY_ID_MAX], Err *err UNUSED)
{
    Slow *s = (Slow *)p;

    s->is_asked = true;
    pthread_mutex_lock(&s->lock);
    while (!s->is_open)
        pthread_cond_wait(&s->cond, &s->lock);
    pthread_mutex_unlock(&s->lock);
    memcpy(ret_id, "slow", 5);
    return 0;
}

static void slow_close(KeyProvider *p)
{
    ((Slow *)p)->is_closed = true;
}

static const KeyProviderType slow_type = {
    .scheme = "slow", .close = slow_close, .status = slow_status};

static void slow_init(Slow *s)
{
    *s = (Slow){.pub.type = &slow_type};
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->cond, NULL);
}

static void slow_let_go(Slow *s)
{
    pthread_mutex_lock(&s->lock);
    s->is_open = true;
    pthread_cond_broadcast(&s->cond);
    pthread_mutex_unlock(&s->lock);
}

typedef struct Ask {
    KeyJob job;
    char id[KEY_ID_MAX];
    _Atomic int done; /* 1 + -r */
    Err err;
} Ask;

static int run_ask(KeyJob *j, KeyProvider *p, Err *err)
{
    return p->type->status(p, container_of(j, Ask, job)->id, err);
}

static void asked(KeyJob *j, int r, const Err *err)
{
    Ask *a = container_of(j, Ask, job);

    if (r < 0)
        a->err = *err;
    a->done = 1 - r;
}

static void ask(KeyRing *r, Ask *a, const char *provider)
{
    *a = (Ask){.job = {.provider = provider, .run = run_ask, .done = asked}};
    keyring_run(r, &a->job);
}

static int wait_for(Ask *a)
{
    for (int i = 0; i < 1000 && !a->done; i++)
        usleep(10000);
    assert_true(a->done);
    return 1 - a->done;
}

TEST(a_provider_that_hangs_delays_no_other)
{
    Slow one, two;
    KeyRing *r = NULL;
    Ask a, b, c;
    Err err;

    slow_init(&one);
    slow_init(&two);
    slow_let_go(&two);
    assert_ok(keyring_open((KeyRingItem[]){{.name = "one", .provider = &one.pub},
                                           {.name = "two", .provider = &two.pub}},
                           2, "two", &r, &err));
    assert_string_equal(keyring_default(r), "two");
    ask(r, &a, "one");
    ask(r, &b, "two");
    assert_int_equal(wait_for(&b), 0);
    assert_string_equal(b.id, "slow");
    assert_int_equal(a.done, 0);
    ask(r, &c, "three");
    assert_int_equal(wait_for(&c), -ERR_UNAVAILABLE); /* there is none */
    slow_let_go(&one);
    assert_int_equal(wait_for(&a), 0);
    keyring_close(r);
    assert_true(one.is_closed && two.is_closed);
}

static void *close_ring(void *r)
{
    keyring_close(r);
    return NULL;
}

TEST(what_waits_when_the_ring_closes_hears_of_it)
{
    Slow one;
    KeyRing *r = NULL;
    pthread_t t;
    Ask a, b;
    Err err;

    slow_init(&one);
    assert_ok(
        keyring_open(&(KeyRingItem){.name = "one", .provider = &one.pub}, 1, "one", &r, &err));
    ask(r, &a, "one");
    ask(r, &b, "one");
    while (!one.is_asked)
        usleep(1000);
    assert_int_equal(pthread_create(&t, NULL, close_ring, r), 0);
    usleep(20000);
    assert_int_equal(a.done, 0); /* its call is not abandoned */
    slow_let_go(&one);
    assert_int_equal(pthread_join(t, NULL), 0);
    assert_int_equal(wait_for(&a), 0);
    assert_int_equal(wait_for(&b), -ERR_UNAVAILABLE);
}

TEST(configurations_that_cannot_be_are_refused)
{
    static const struct {
        KeyRingItem items[2];
        size_t n;
        const char *deflt;
    } rows[] = {
        {{{.name = "Upper", .spec = "kms:unix:///x"}}, 1, "Upper"},
        {{{.name = "", .spec = "kms:unix:///x"}}, 1, ""},
        {{{.name = "a", .spec = "kms:unix:///x"}, {.name = "a", .spec = "kms:unix:///y"}}, 2, "a"},
        {{{.name = "a", .spec = "kms:unix:///x"}}, 1, "b"},
        {{{.name = "a", .spec = "what:x"}}, 1, "a"},
    };
    KeyRing *r = NULL;
    Err err;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_fails(keyring_open(rows[i].items, rows[i].n, rows[i].deflt, &r, &err),
                     ERR_BAD_REQUEST);
}
