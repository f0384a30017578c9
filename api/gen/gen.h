/*
 * gen.h - the generated tables. Only api/kind.c looks at them.
 */
#ifndef API_GEN_GEN_H
#define API_GEN_GEN_H

#include "api/kind.h"

extern const Type gen_types[]; /* sorted by name */
extern const size_t gen_n_types;
extern const Resource gen_resources[]; /* discovery order */
extern const size_t gen_n_resources;
/* indexes of gen_resources sorted by (plural, group, version) and (kind, group, version) */
extern const uint16_t gen_resources_by_plural[];
extern const uint16_t gen_resources_by_kind[];

#endif
