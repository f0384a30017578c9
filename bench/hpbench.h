/*
 * hpbench.h - what the files of hpbench share: options, the report, the objects that are made.
 */
#ifndef BENCH_HPBENCH_H
#define BENCH_HPBENCH_H

#include "bench/conn.h"

typedef struct Options {
    Target target;
    const char *ns;
    const char *tenants; /* a file of "URL TOKEN" lines: workers are spread over them */
    Target *targets;
    int64_t seconds, workers, objects, size, watchers, found, changes, replay, pid;
} Options;

/* Worker `i`'s server. */
const Target *target_of(const Options *o, int i);
/* o->size bytes of text. */
const char *padding(void);
int64_t percentile(int64_t *us, size_t n, double part);
/* A ConfigMap with label bench=hp and, when change >= 0, data.change. */
void configmap_text(Buf *out, const char *name, int64_t change);

/* watches.c */
void bench_watch(const Options *o);
void bench_delivery(const Options *o);
void bench_idle(const Options *o);

#endif
