/*
 * namespace_sync.h - what a namespace under deletion says about what is left in it. Pure.
 *
 * Tests:   tests/unit/controllers/test_namespace_sync.c
 */
#ifndef CONTROLLERS_NAMESPACE_SYNC_H
#define CONTROLLERS_NAMESPACE_SYNC_H

#include "base/value.h"

typedef struct NamespaceRest { /* objects of one resource that are still there */
    const char *resource;      /* "pods.", "deployments.apps" */
    uint32_t n;
} NamespaceRest;

typedef struct NamespaceFinalizer {
    const char *finalizer;
    uint32_t n; /* objects that have it */
} NamespaceFinalizer;

typedef struct NamespaceContent {
    const NamespaceRest *rest;
    uint32_t n_rest;
    const NamespaceFinalizer *finalizers;
    uint32_t n_finalizers;
    const char *const *errors; /* of deletions that were not accepted */
    uint32_t n_errors;
    const char *const *away; /* "GROUP/VERSION" of API servers that do not answer */
    uint32_t n_away;
} NamespaceContent;

/* Sets the five conditions upstream has; true when any changed. */
bool namespace_set_conditions(Arena *a, Value *ns, const NamespaceContent *c, int64_t now_us);

#endif
