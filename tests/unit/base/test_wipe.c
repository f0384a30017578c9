#include "base/wipe.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"

#include "tests/unit/test.h"

#include <pthread.h>

/* ---- what is marked, everywhere ---- */

TEST(an_arena_is_marked_that_a_thread_makes_while_it_wipes)
{
    for (int is_on = 0; is_on < 2; is_on++) {
        CLEANUP(arena_free) Arena *a = NULL;
        bool before = wipe_set(is_on != 0);

        a = arena_new();
        wipe_set(before);
        assert_int_equal(arena_is_wiped(a), is_on);
        arena_wipe(a);
        assert_true(arena_is_wiped(a));
    }
}

static bool was_on;

static void look(void *data UNUSED)
{
    was_on = wipe_is_on();
}

TEST(hooks_of_a_marked_arena_wipe)
{
    for (int is_marked = 0; is_marked < 2; is_marked++) {
        Arena *a = arena_new();

        arena_on_free(a, look, NULL);
        if (is_marked)
            arena_wipe(a);
        arena_free(a);
        assert_int_equal(was_on, is_marked);
        assert_false(wipe_is_on());
    }
}

static void within(bool is_on, bool expected)
{
    WIPING_IF(is_on);

    assert_int_equal(wipe_is_on(), expected);
}

static void within_as(bool is_on)
{
    WIPING_AS(is_on);

    assert_int_equal(wipe_is_on(), is_on);
}

static void nested(bool outer, bool inner)
{
    WIPING_IF(outer);

    assert_int_equal(wipe_is_on(), outer);
    within(inner, outer || inner);
    assert_int_equal(wipe_is_on(), outer);
    within_as(inner);
    assert_int_equal(wipe_is_on(), outer);
}

TEST(a_scope_ends_as_it_began)
{
    for (int i = 0; i < 4; i++) {
        nested((i & 1) != 0, (i & 2) != 0);
        assert_false(wipe_is_on());
    }
}

static void *look_from_another(void *data UNUSED)
{
    look(NULL);
    return NULL;
}

TEST(a_thread_speaks_for_itself)
{
    WIPING_IF(true);
    pthread_t t;

    assert_int_equal(pthread_create(&t, NULL, look_from_another, NULL), 0);
    pthread_join(t, NULL);
    assert_false(was_on);
}

/* ---- what is overwritten: where a sanitizer has free(), nobody may look ---- */

#ifndef ARENA_DEBUG

static const char canary[] = "canary-of-wiped-memory";

enum { MANY = 100 * 1000 }; /* bytes: no cache of small pieces keeps them apart */

/* Of memory that was given back, which stays mapped. */
static bool holds(uintptr_t at, size_t n)
{
    return memmem((const void *)at, n, canary, sizeof(canary) - 1) != NULL;
}

static void fill(char *p, size_t n)
{
    for (size_t i = 0; i + sizeof(canary) <= n; i += sizeof(canary))
        memcpy(p + i, canary, sizeof(canary));
}

TEST(what_a_thread_frees_while_it_wipes_is_overwritten)
{
    static const size_t sizes[] = {100, 2000, MANY}; /* as malloc() has them: of three kinds */

    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        for (int is_on = 0; is_on < 2; is_on++) {
            WIPING_IF(is_on);
            char *p = xmalloc(sizes[i]), *behind = xmalloc(sizes[i]);
            volatile uintptr_t at = (uintptr_t)p; /* the compiler need not know */

            fill(p, sizes[i]);
            free(p);
            assert_int_equal(holds(at, sizes[i]), !is_on); /* else this test shows nothing */
            free(behind);
        }
    }
}

TEST(what_grows_leaves_nothing_where_it_was)
{
    WIPING_IF(true);
    Buf b = BUF_INIT;
    volatile uintptr_t at;

    buf_reserve(&b, MANY);
    fill(b.ptr, MANY);
    at = (uintptr_t)b.ptr;
    b.len = MANY;
    buf_reserve(&b, 10 * MANY);
    assert_true(holds((uintptr_t)b.ptr, MANY));
    if ((uintptr_t)b.ptr != at)
        assert_false(holds(at, MANY));
    buf_done(&b);
}

TEST(a_marked_arena_leaves_nothing_and_another_does)
{
    for (int is_marked = 0; is_marked < 2; is_marked++) {
        Arena *a = arena_new();
        char *small = arena_alloc(a, 1000), *large = arena_alloc(a, MANY), *behind;
        volatile uintptr_t at_small = (uintptr_t)small, at_large = (uintptr_t)large;

        fill(small, 1000);
        fill(large, MANY);
        behind = xmalloc(MANY); /* so that the heap does not end there */
        if (is_marked)
            arena_wipe(a);
        arena_free(a);
        assert_int_equal(holds(at_small, 1000), !is_marked);
        assert_int_equal(holds(at_large, MANY), !is_marked);
        free(behind);
    }
}

#endif
