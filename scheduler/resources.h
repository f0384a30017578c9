/*
 * resources.h - amounts of resources as the scheduler counts them: cpu in milli, the rest in whole
 * units.
 *
 * Owns:    extended resources are heap memory; res_done() releases them.
 * Threads: one at a time.
 * Tests:   tests/unit/scheduler/test_decide.c
 */
#ifndef SCHEDULER_RESOURCES_H
#define SCHEDULER_RESOURCES_H

#include "base/value.h"

typedef struct ResExtra {
    char *name; /* "example.com/gpu", "hugepages-2Mi" */
    int64_t amount;
} ResExtra;

typedef struct Res {
    int64_t cpu_milli, memory, ephemeral, pods;
    ResExtra *extra;
    uint32_t n_extra, cap_extra;
} Res;

void res_done(Res *r);
void res_copy(Res *to, const Res *from);      /* `to` is empty before */
void res_add_list(Res *r, const Value *list); /* a resource list: {"cpu":"100m"} */
void res_add(Res *r, const Res *other);
void res_sub(Res *r, const Res *other);
void res_max(Res *r, const Res *other);
bool res_is_less(const Res *r, const Res *than);    /* of something */
int64_t res_amount(const Res *r, const char *name); /* "cpu" in milli */
int64_t res_extra(const Res *r, const char *name);  /* 0 when absent */

/* What a pod asks for, or still has: containers, sidecars, the largest init container, overhead;
 * spec.resources wins where it is set. */
void res_of_pod(const Value *pod, Res *ret);
/* The same for scoring: containers that ask for nothing count as 100m and 200Mi. `requests`: what
 * res_of_pod() has found. */
void res_nonzero_of_pod(const Value *pod, const Res *requests, int64_t *ret_cpu_milli,
                        int64_t *ret_memory);

#endif
