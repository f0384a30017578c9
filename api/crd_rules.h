/*
 * crd_rules.h - x-kubernetes-validations: the rules in CEL that a schema has.
 *
 * Owns:    everything lives in the arena given.
 * Threads: compiled rules are read-only and shared.
 * Tests:   tests/unit/api/test_crd_rules.c, tests/fuzz/fuzz_crd.c
 */
#ifndef API_CRD_RULES_H
#define API_CRD_RULES_H

#include "api/crd_schema.h"
#include "api/validate_int.h"

/* ---- of a definition ---- */

typedef struct SchemaRules { /* how a definition's schema is judged */
    bool has_status;         /* it has a status subresource */
    bool is_unchanged; /* an update that leaves this schema alone: rules may cost what they did */
} SchemaRules;

typedef struct RuleContext RuleContext;
typedef struct RuleErrs {
    FieldErrs *e;
} RuleErrs;

typedef enum RuleStep { RULE_PROPERTY, RULE_ITEMS, RULE_OTHERS } RuleStep;

/* Check a definition's schema; `p` is what holds openAPIV3Schema: spec.validation, ... */
void validate__schema(FieldErrs *e, const Path *p, const Value *schema, const SchemaRules *opts);
/* Defaults of the schema: pruned and valid (api/crd/crd_defaults.c). */
void defaults_check(FieldErrs *e, const Path *p, const Value *schema);

/* What rules of the root, and from there of a child, are compiled with. NULL stays NULL. */
RuleContext *rules_root(Arena *a, const Value *schema, const SchemaRules *opts);
RuleContext *rules_child(RuleContext *parent, RuleStep step, const char *name,
                         const Value *parent_schema);
/* Messages, reasons and paths of a node's rules. */
void rules_check_texts(FieldErrs *e, const Path *p, const Value *schema);
/* The rules themselves, and what they may cost. */
void rules_check(RuleErrs *w, const Path *p, const Value *schema, RuleContext *c,
                 const Path *uncorrelated);
void rules_check_total(FieldErrs *e, const Path *p, RuleContext *root);

/* A JSON path of fields (".a['b']") as far as the schema knows them: NULL, with the schema that it
 * leads to and its form as a field path, or what is wrong. */
const char *rules_field_path(Arena *a, const char *path, const Value *schema, bool allows_brackets,
                             const Value **ret_schema, const char **ret_text);

/* ---- of objects ---- */

typedef struct RuleNode RuleNode;

/* The rules of a schema and all below it; NULL when there are none. */
const RuleNode *rules_compile(Arena *a, const Schema *s);
/* `old` is NULL on create. Mistakes in parts that did not change go to `forgiven`. */
void rules_validate(const RuleNode *n, const Value *v, const Value *old, FieldErrs *e,
                    FieldErrs *forgiven);
/* Those of a property, or of the items (NULL). */
const RuleNode *rules_below(const RuleNode *n, const char *name);
/* The same over a default, which must be good both as an update that changes nothing and as
 * something new (apiextensions, schema/defaulting/validation.go). `budget` is what rules may still
 * cost, for all defaults of a definition. */
void rules_check_default(const RuleNode *n, const Path *p, const Value *v, int64_t *budget,
                         FieldErrs *e);

#endif
