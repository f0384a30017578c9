/*
 * discovery_int.h - what the writers of discovery and OpenAPI documents share.
 *
 * Threads: any.
 */
#ifndef API_DISCOVERY_INT_H
#define API_DISCOVERY_INT_H

#include "api/discovery.h"

#define GV_TEXT_MAX 330 /* group, '/', version */

void discovery__str(Buf *out, const char *s);                         /* as JSON string */
void discovery__member(Buf *out, const char *name, const char *text); /* ,"name":"text" */
bool discovery__is_in(const Resource *r, Slice group, Slice version);
/* Is items[i] the first of its group, or of its group and version? */
bool discovery__is_first_of_group(const ResourceSet *set, size_t i);
bool discovery__is_first_of_version(const ResourceSet *set, size_t i);

/* Types that a document mentions, each once, and their schemas. */
typedef struct SchemaSet {
    const Type **types;
    uint32_t n, cap;
} SchemaSet;

void schema_set_done(SchemaSet *s);
/* Add the type and all that it leads to. */
void schema_set_add(SchemaSet *s, const Type *t);
/* Name of the schema of a resource's own type; `out` holds 600 bytes and is returned. */
char *openapi__resource_schema(const Resource *r, char *out);
/* Members of the schema of a custom resource (api/documents/openapi_custom.c). */
void openapi__write_custom(const Resource *r, bool is_v2, Buf *out);
/* The values of a field that are published as an enumeration; NULL when there are none. */
const char *const *openapi__enums(const Field *f);
const char *const *openapi__elem_enums(const Field *f); /* of what a list or map holds */
/* openapi_marks.c. The schema of a field (or of what a list or map of it holds) that may be of any
 * form; NULL when it has none of its own. */
const char *openapi__open_schema(const Type *t, const Field *f);
/* ,"name":{...} of those that these types lead to. */
void openapi__write_open_schemas(const SchemaSet *types, Buf *out);
/* The default that is told, as JSON; NULL: none is. */
const char *openapi__told_default(const Type *t, const Field *f);
/* Is the reference to its schema all that is said of the field? */
bool openapi__is_bare(const Type *t, const Field *f);
bool openapi__has_list_type(const Type *t, const Field *f);
const char *openapi__extension(const Type *t, const Field *f); /* ,"x-...":...; NULL: none */
void openapi__write_unions(const Type *t, Buf *out);
/* Group versions of a type that is no resource's, as upstream registers it; NULL: of none. */
const char *const *openapi__versions_of(const Type *t, size_t *ret_n);
/* A hash over everything that the schemas of these types say. */
uint64_t openapi__hash_types(const SchemaSet *s, uint64_t hash);

/* "name":{...},"name":{...} without the braces around. v2 documents have other references. */
void openapi__write_schemas(const SchemaSet *types, const ResourceSet *set, Slice group,
                            Slice version, bool is_v2, Buf *out);
/* The same for paths. */
void openapi__write_paths(const ResourceSet *set, Slice group, Slice version, bool is_v2, Buf *out);

#endif
