/*
 * selector.h - label and field selectors.
 *
 * Owns:    a Selector lives in the arena it was parsed in.
 * Threads: any once parsed.
 * Fails:   ERR_BAD_REQUEST with the real server's message.
 * Tests:   tests/unit/api/test_selector.c, tests/fuzz/fuzz_selector.c
 */
#ifndef API_SELECTOR_H
#define API_SELECTOR_H

#include "api/kind.h"
#include "api/obj.h"

typedef struct Selector Selector; /* NULL selects everything */

int selector_parse_labels(Arena *a, const char *text, Selector **ret, Err *err) MUST_CHECK;
/* metav1.LabelSelector: matchLabels and matchExpressions. An empty one selects everything, a NULL
 * or null one nothing (*ret_none is set). */
int selector_from_value(Arena *a, const Value *label_selector, Selector **ret, bool *ret_none,
                        Err *err) MUST_CHECK;
/* From a plain map of labels (ReplicationController, Service). */
Selector *selector_from_map(Arena *a, const Value *labels);
/* Only fields that the resource supports: metadata.name, metadata.namespace, and the kind's own
 * (pods: spec.nodeName, status.phase ...). */
int selector_parse_fields(Arena *a, const Resource *r, const char *text, Selector **ret,
                          Err *err) MUST_CHECK;
/* For ourselves, of any field: those whose text at the dotted path is this. Borrows both. */
Selector *selector_of_field(Arena *a, const char *path, const char *value);

bool selector_match_obj(const Selector *s,
                        const Obj *o); /* labels, or fields of a field selector */
bool selector_match_labels(const Selector *s, const Value *labels); /* NULL labels are empty */
bool selector_is_empty(const Selector *s);
/* The value a field selector pins `field` to with = , NULL when it does not. For indexes and for
 * rbac's metadata.name rule. */
const char *selector_exact(const Selector *s, const char *field);
/* One of a selector's requirements in a form that an index can answer: only objects that have one
 * of these values can match. Borrowed from the selector. */
typedef struct SelectorTerm {
    bool is_label;
    const char *path; /* the label's key, or the field's path as obj_scan_str() reads it */
    const char *const *values;
    uint32_t n_values;
} SelectorTerm;
enum { SELECTOR_TERM_VALUES = 16 };
/* False when no requirement has that form; the one with the fewest values otherwise. */
bool selector_term(const Selector *s, SelectorTerm *ret);
/* An object's value for a term's path; NULL when it has none. From the arena or the object. */
const char *selector_term_value(const SelectorTerm *t, const Obj *o, Arena *a);
void selector_print(const Selector *s, Buf *out); /* canonical text */

#endif
