#include "base/arena.h"

#include "tests/unit/test.h"

#include <pthread.h>

static bool is_zero(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] != 0)
            return false;
    return true;
}

/* Sizes below, at and above those of blocks that a thread keeps. */
static const size_t sizes[] = {1, 100, 4080, 4096, 4097, 8192, 16384, 16385, 70000};

TEST(what_is_given_out_is_zero_whoever_had_it_before)
{
    for (int round = 0; round < 10; round++) {
        CLEANUP(arena_free) Arena *a = arena_new();

        for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
            char *p = arena_alloc(a, sizes[i]);

            assert_true(is_zero(p, sizes[i]));
            memset(p, 0xff, sizes[i]);
        }
    }
}

TEST(copies_end_where_they_shall)
{
    for (int round = 0; round < 3; round++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        char *p, *q;

        memset(arena_alloc(a, 1000), 0xff, 1000);
        p = arena_strndup(a, "abcdef", 3);
        assert_string_equal(p, "abc");
        assert_string_equal(arena_strndup(a, "", 0), "");
        assert_string_equal(arena_strdup(a, p), "abc");
        q = arena_extend(a, p, 2, 64);
        assert_true(q[0] == 'a' && q[1] == 'b' && is_zero(q + 2, 62));
    }
}

static void note(void *data)
{
    int *at = data;

    at[0] = ++at[1];
}

TEST(hooks_run_last_first)
{
    int calls[2][2] = {{0}}; /* when it was called, of its own count */
    Arena *a = arena_new();

    arena_on_free(a, note, calls[0]);
    arena_on_free(a, note, calls[0]);
    arena_on_free(a, note, calls[1]);
    arena_free(a);
    assert_int_equal(calls[0][0], 2);
    assert_int_equal(calls[1][0], 1);
}

/* Frees what others have made, makes its own, and ends with what it keeps. */
static void *free_all(void *data)
{
    Arena **arenas = data;

    for (int i = 0; i < 16; i++)
        arena_free(arenas[i]);
    for (int i = 0; i < 16; i++) {
        CLEANUP(arena_free) Arena *a = arena_new();

        BUG_ON(!is_zero(arena_alloc(a, 4000), 4000));
    }
    return NULL;
}

TEST(an_arena_may_go_on_another_thread)
{
    Arena *arenas[4][16];
    pthread_t threads[4];

    for (int t = 0; t < 4; t++) {
        for (int i = 0; i < 16; i++) {
            arenas[t][i] = arena_new();
            memset(arena_alloc(arenas[t][i], 4000), 0xff, 4000);
        }
        assert_int_equal(pthread_create(&threads[t], NULL, free_all, arenas[t]), 0);
    }
    for (int t = 0; t < 4; t++)
        pthread_join(threads[t], NULL);
}
