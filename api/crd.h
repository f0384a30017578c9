/*
 * crd.h - a CustomResourceDefinition compiled into the tables of kind.h, one Resource a served
 * version, and the check of objects against its schema (crd_schema.h, crd_rules.h).
 *
 * Owns:    what is compiled of schemas, which all definitions with the same text share
 *          (api/crd/crd_shared.c). The rest lives in the arena, as do its references to
 *          schemas; the definition's tree may go.
 * Threads: any; nothing changes after crd_compile().
 * Tests:   tests/unit/api/test_crd.c
 */
#ifndef API_CRD_H
#define API_CRD_H

#include "api/crd_schema.h"
#include "api/kind.h"
#include "api/validate.h"

/* What a version's schema says; equal ones of different definitions and clusters are the same. */
typedef struct CrdSchema {
    const Value *json;            /* openAPIV3Schema; may be NULL */
    const Schema *compiled;       /* the same, for validation */
    const struct RuleNode *rules; /* x-kubernetes-validations; NULL: none */
    const Type *type;             /* of whole objects */
    uint64_t hash;
} CrdSchema;

/* One version of a definition: what Resource.crd points to. */
typedef struct Crd {
    const char *list_kind;
    const CrdSchema *schema; /* shared */
    int64_t since;           /* objects of this revision and older were stored by another schema */
    const Resource *storage; /* the version that objects are stored as */
    bool is_terminating;     /* the definition is being deleted */
    bool needs_webhook;      /* versions are converted by a webhook */
    const Value *conversion; /* spec.conversion.webhook */
    bool preserves_root;     /* unknown members of the object itself are kept */
    const char *deprecation; /* warning of every request; NULL: none */
    /* dotted paths of the scale subresource; NULL when there is none */
    const char *scale_spec, *scale_status, *scale_selector;
    const Value *versions; /* spec.versions: all of them, without their schemas */
} Crd;

/* Where a version of the definition, served or not, has the replicas of its scale subresource: a
 * dotted path in the definition's text; NULL: nowhere. False: there is no such version. */
bool crd_scale_path(const Crd *c, const char *version, const char **ret);

/* Is the status of that condition True? "Established", "NamesAccepted", "Terminating" */
bool crd_has_condition(const Value *crd, const char *type);
/* Why the caBundle of its webhook has no readable certificate; NULL: it has, or there is none. */
const char *crd_bundle_mistake(const Value *crd);
/* Resources of the served versions, in the definition's order; *ret lives in the arena. */
uint32_t crd_compile(Arena *a, const Value *crd, const Resource ***ret);
/* How many different schemas are in memory. */
size_t crd_schemas(void);
/* Kubernetes' order of versions, best first: v2, v1, v1beta2, v1alpha1, other names. */
int crd_compare_versions(const char *x, const char *y);

/* Against the schema and its rules, behind what is in `e` already (serious mistakes there keep
 * rules from being run). `sub` is "" or "status". Mistakes in parts that equal those of `old` (NULL
 * on create) are forgiven. */
void crd_validate(const Resource *r, const char *sub, const Value *v, const Value *old,
                  FieldErrs *e);

#endif
