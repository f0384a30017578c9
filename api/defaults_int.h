/*
 * defaults_int.h - what the files of computed defaults share. Inside api/ only.
 */
#ifndef API_DEFAULTS_INT_H
#define API_DEFAULTS_INT_H

#include "api/kind.h"

/* Fills in what is computed for a kind; table defaults are already there. */
typedef void (*DefaultFn)(Arena *a, const Resource *r, Value *v);

typedef struct DefaultRow {
    const char *group, *kind;
    DefaultFn fn;
} DefaultRow;

/* Tables end with a NULL kind. */
extern const DefaultRow defaults__core[];
extern const DefaultRow defaults__workloads[];
extern const DefaultRow defaults__others[];

/* The template of pods. */
void defaults__pod_template(Arena *a, Value *template);
/* Set a member from JSON text (' for ") when it is absent or null. */
void defaults__set(Arena *a, Value *object, const char *name, const char *json);
bool defaults__has(const Value *object, const char *name);

#endif
