/*
 * sort.h - what was measured, in order, so that medians and percentiles can be read off.
 */
#ifndef BENCH_SORT_H
#define BENCH_SORT_H

#include "base/base.h"

static inline int bench_by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static inline void bench_sort(int64_t *v, size_t n)
{
    qsort(v, n, sizeof(*v), bench_by_value);
}

#endif
