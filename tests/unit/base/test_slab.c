#include "base/slab.h"

#include "base/mem.h"
#include "tests/unit/test.h"

#include <pthread.h>
#include <stdatomic.h>

TEST(places_are_as_large_as_asked_aligned_and_apart)
{
    enum { N = SLAB_PLACE_MAX / 7 };
    char **p = xcalloc(N + 1, sizeof(*p));

    for (size_t i = 0; i <= N; i++) {
        size_t n = i == 0 ? 1 : i * 7;

        p[i] = slab_take(n);
        assert_int_equal((uintptr_t)p[i] % 16, 0);
        memset(p[i], (int)(i % 251), n);
    }
    for (size_t i = 0; i <= N; i++)
        for (size_t k = 0; k < (i == 0 ? 1 : i * 7); k++)
            assert_int_equal((unsigned char)p[i][k], i % 251);
    for (size_t i = 0; i <= N; i++)
        slab_give(p[i], i == 0 ? 1 : i * 7);
    free(p);
}

TEST(little_is_lost_beside_the_places)
{
    enum { N = 20000 };
    void **p = xcalloc(N, sizeof(*p));
    static const size_t sizes[] = {300, 1000, 2650, 4000};

    for (size_t k = 0; k < ARRAY_LEN(sizes); k++) {
        size_t before = slab_bytes(), used = sizes[k] * N;

        for (size_t i = 0; i < N; i++)
            p[i] = slab_take(sizes[k]);
        assert_true(slab_bytes() - before < used + used / 8);
        for (size_t i = 0; i < N; i++)
            slab_give(p[i], sizes[k]);
        assert_true(slab_bytes() <= before + 64 * 1024); /* one is kept */
    }
    free(p);
}

TEST(a_place_that_was_given_back_is_the_next_of_its_size)
{
    void *a = slab_take(500), *b = slab_take(500), *c;

    slab_give(a, 500);
    c = slab_take(500);
    assert_ptr_equal(a, c);
    slab_give(b, 500);
    slab_give(c, 500);
    a = slab_alloc(100000); /* malloc() has it */
    memset(a, 1, 100000);
    slab_free(a, 100000);
    slab_free(NULL, 100);
}

enum { THREADS = 4, HELD = 300, ROUNDS = 20000 };

static void *_Atomic shared[THREADS][HELD];

/* Takes places and gives those of others back. */
static void *take_and_give(void *data)
{
    uint64_t x = (uint64_t)(uintptr_t)data + 1;

    for (int i = 0; i < ROUNDS; i++) {
        size_t *p, t, k, n;

        x = x * 6364136223846793005u + 1442695040888963407u;
        t = (x >> 33) % THREADS;
        k = (x >> 40) % HELD;
        n = 128 + k * 16;
        p = slab_take(n);
        p[0] = k;
        p[n / sizeof(size_t) - 1] = ~k;
        p = atomic_exchange(&shared[t][k], p);
        if (p) {
            assert_int_equal(p[0], k);
            assert_int_equal(p[n / sizeof(size_t) - 1], ~k);
            slab_give(p, n);
        }
    }
    return NULL;
}

TEST(threads_give_back_what_others_took)
{
    pthread_t threads[THREADS];

    for (uintptr_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, take_and_give, (void *)i), 0);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (size_t t = 0; t < THREADS; t++)
        for (size_t k = 0; k < HELD; k++)
            if (shared[t][k])
                slab_give(shared[t][k], 128 + k * 16);
}
