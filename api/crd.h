/*
 * crd.h - a CustomResourceDefinition compiled into the tables of kind.h, one Resource a served
 * version, and the check of objects against its schema.
 *
 * Owns:    nothing: what is compiled lives in the arena and refers to the definition's tree, which
 *          must live in it too.
 * Threads: any; nothing changes after crd_compile().
 * Tests:   tests/unit/api/test_crd.c
 */
#ifndef API_CRD_H
#define API_CRD_H

#include "api/kind.h"
#include "api/validate.h"

/* One version of a definition: what Resource.crd points to. */
typedef struct Crd {
    const char *list_kind;
    const Value *schema;     /* openAPIV3Schema; may be NULL */
    bool preserves_root;     /* unknown members of the object itself are kept */
    const char *deprecation; /* warning of every request; NULL: none */
    /* dotted paths of the scale subresource; NULL when there is none */
    const char *scale_spec, *scale_status, *scale_selector;
} Crd;

/* Is it established and not refused for its names? */
bool crd_is_established(const Value *crd);
/* Resources of the served versions, in the definition's order; *ret lives in the arena. */
uint32_t crd_compile(Arena *a, const Value *crd, const Resource ***ret);
/* Kubernetes' order of versions, best first: v2, v1, v1beta2, v1alpha1, other names. */
int crd_compare_versions(const char *x, const char *y);

/* Against the schema. Parts that equal those of `old` (may be NULL) are not judged again. */
void crd_validate(const Resource *r, const Value *v, const Value *old, FieldErrs *e);

#endif
