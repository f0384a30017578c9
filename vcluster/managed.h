/*
 * managed.h - metadata.managedFields: who wrote which field last, by update or by apply.
 *
 * A manager is known by name, operation, subresource and, for updates, version. What a write does
 * to all of them follows apimachinery's util/managedfields and structured-merge-diff's merge:
 * an update takes the fields that it changes from everybody else; an apply takes those it names,
 * conflicts over what others hold with another value, and drops what it named before and nobody
 * else holds.
 *
 * Threads: any. Frees: everything lives in the arena.
 * Tests:   tests/unit/vcluster/test_managed.c, test_loopback.c
 */
#ifndef VCLUSTER_MANAGED_H
#define VCLUSTER_MANAGED_H

#include "vcluster/typed.h"
#include "vcluster/vcluster_int.h"

typedef struct Manager {
    const char *id; /* what makes two entries one: JSON of name, operation, version, subresource */
    const char *name, *operation, *api_version, *subresource; /* "" when there is none */
    const char *time;                                         /* NULL when there is none */
    FieldSet *set;
} Manager;

typedef struct Managers {
    Manager *items;
    uint32_t n, cap;
} Managers;

/* Who writes, and as what kind and version the tree is seen. */
typedef struct FieldWriter {
    Arena *a;
    Request *req; /* to find other versions of a custom kind */
    const Resource *r;
    const char *sub; /* "" for the object itself */
    const char *manager;
    int64_t now_us;
} FieldWriter;

/* Entries of a list; false when one of them makes no sense. */
bool managers_decode(Arena *a, const Value *list, Managers *ret);
Value *managers_encode(Arena *a, const Managers *m); /* sorted; NULL when there are none */
void managers_put(Arena *a, Managers *m, const Manager *one);
Manager *managers_find(const Managers *m, const char *id);
/* The same entry seen as of another version. */
Manager manager_with(Arena *a, const Manager *m, const char *api_version, FieldSet *set);

/* An update from `live` to `obj` (`live` is NULL on create): settles obj's managedFields. */
void managed_update(const FieldWriter *w, const Value *live, Value *obj);

typedef struct Conflict {
    const Manager *manager;
    const FieldSet *set;
} Conflict;

typedef struct Applied {
    Value *obj;      /* with managedFields */
    bool is_same;    /* nothing but managedFields may have changed */
    Conflict *items; /* n > 0: refused, and `obj` is NULL */
    uint32_t n;
} Applied;

/* An apply of `config`, which typed_check() has passed, to `live` (the kind's empty object when
 * there is none). */
void managed_apply(const FieldWriter *w, const Value *live, const Value *config, bool is_forced,
                   Applied *ret);
Value *managed_empty(Arena *a, const Resource *r);

FieldWriter managed_writer(Request *req, const Op *op);

#endif
