/*
 * bench_crd.c - what a definition costs: compiling it, and each step of a write of one of its
 * objects.
 *
 *     build/bench_crd [CRD.yaml OBJECT.yaml]      default: those of docs/examples/postgres-operator
 *
 * One line of JSON a step, in microseconds (the median of all runs).
 */
#include "api/crd.h"
#include "api/decode.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/yaml.h"
#include "bench/sort.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define EXAMPLE "docs/examples/postgres-operator/"

enum { RUNS = 5000, FILE_MAX = 1 << 20 };

static Value *read_yaml(Arena *a, const char *path)
{
    FILE *f = fopen(path, "r");
    char *text = arena_alloc(a, FILE_MAX);
    Value *v = NULL;
    Err err;
    size_t n;

    if (!f) {
        perror(path);
        exit(1);
    }
    n = fread(text, 1, FILE_MAX, f);
    fclose(f);
    if (value_parse_yaml(a, (Slice){text, n}, &v, &err) < 0) {
        fprintf(stderr, "%s: %s\n", path, err.msg);
        exit(1);
    }
    return v;
}

static void print(const char *step, int64_t *took_ns)
{
    bench_sort(took_ns, RUNS);
    printf("{\"bench\":\"crd\",\"step\":\"%s\",\"p50_us\":%.2f,\"p99_us\":%.2f}\n", step,
           (double)took_ns[RUNS / 2] / 1e3, (double)took_ns[RUNS * 99 / 100] / 1e3);
}

static int64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

int main(int argc, char **argv)
{
    static int64_t took[5][RUNS];
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *crd = read_yaml(a, argc > 2 ? argv[1] : EXAMPLE "crd.yaml");
    const Value *object = read_yaml(a, argc > 2 ? argv[2] : EXAMPLE "example.yaml");
    const Resource **kinds;

    for (int i = 0; i < RUNS; i++) {
        CLEANUP(arena_free) Arena *b = arena_new();
        Value *copy = value_copy(b, crd);
        int64_t began = now_ns();

        (void)crd_compile(b, copy, &kinds);
        took[0][i] = now_ns() - began;
    }
    if (crd_compile(a, crd, &kinds) == 0) {
        fprintf(stderr, "the definition serves no version\n");
        return 1;
    }
    for (int i = 0; i < RUNS; i++) {
        CLEANUP(arena_free) Arena *b = arena_new();
        const Resource **same;
        int64_t began = now_ns();

        (void)crd_compile(b, crd, &same);
        took[4][i] = now_ns() - began;
    }
    for (int i = 0; i < RUNS; i++) {
        CLEANUP(arena_free) Arena *b = arena_new();
        Value *v = value_copy(b, object);
        FieldErrs e = {.arena = b};
        int64_t t[4];
        Err err;

        t[0] = now_ns();
        if (decode_object(b, kinds[0], v, FIELDS_STRICT, NULL, NULL, &err) < 0) {
            fprintf(stderr, "%s\n", err.msg);
            return 1;
        }
        t[1] = now_ns();
        default_object(b, kinds[0], v);
        t[2] = now_ns();
        crd_validate(kinds[0], "", v, NULL, &e);
        t[3] = now_ns();
        for (int k = 0; k < 3; k++)
            took[k + 1][i] = t[k + 1] - t[k];
        if (e.n > 0) {
            fprintf(stderr, "%s: %s\n", e.items[0].field, e.items[0].message);
            return 1;
        }
    }
    print("compile the definition", took[0]);
    print("the same when another cluster has it", took[4]);
    print("types and pruning of an object", took[1]);
    print("defaults", took[2]);
    print("schema and rules", took[3]);
    return 0;
}
