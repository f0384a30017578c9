/*
 * convert.h - between the versions of a kind that share one storage name.
 *
 * Storage holds the preferred version (resource_find_storage()). Threads: any.
 */
#ifndef VCLUSTER_CONVERT_H
#define VCLUSTER_CONVERT_H

#include "api/kind.h"

/* Does `r` differ from the version that is stored? */
bool convert_is_needed(const Resource *r);
/* In place; `v` carries kind and apiVersion of the result afterwards. */
void convert_from_storage(Arena *a, const Resource *r, Value *v);
void convert_to_storage(Arena *a, const Resource *r, Value *v);

#endif
