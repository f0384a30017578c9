/*
 * crd_int.h - what the files that compile definitions share.
 */
#ifndef API_CRD_CRD_INT_H
#define API_CRD_CRD_INT_H

#include "api/crd.h"
#include "api/crd_rules.h"

/* A list of strings as tables have it: ends with NULL, never NULL itself. */
const char *const *crd__texts(Arena *a, const Value *list);
/* The type of whole objects (api/crd/crd_types.c); it refers to the schema's tree. */
const Type *crd__type(Arena *a, const Value *schema);
/* The schema compiled, or the one there is already: it stays as long as the arena. The tree given
 * need not. NULL: a definition that has none. */
const CrdSchema *crd__schema(Arena *a, const Value *json);

#endif
