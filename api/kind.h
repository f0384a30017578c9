/*
 * kind.h - what a Kubernetes kind is, as data: types with their fields, resources with their verbs.
 *
 * The built-in tables are generated (api/gen/, from api/schema/, by tools/gen-api); a CRD's schema
 * compiles into the same structures at run time. The walkers (decode, default, validate, prune,
 * merge, print, openapi) read nothing else. Code is only for rules that a table cannot say.
 *
 * Owns:    built-in tables are constant data of the program. A compiled CRD owns its tables.
 * Threads: any; tables never change once they are visible.
 */
#ifndef API_KIND_H
#define API_KIND_H

#include "base/value.h"

typedef struct Type Type;
typedef struct Field Field;

typedef enum FieldKind {
    FIELD_STRING,
    FIELD_BOOL,
    FIELD_INT32,
    FIELD_INT64,
    FIELD_DOUBLE,
    FIELD_BYTES, /* base64 in JSON */
    FIELD_TIME,  /* RFC 3339, seconds; null when zero */
    FIELD_MICRO_TIME,
    FIELD_DURATION, /* Go duration text: "1h5m0s" */
    FIELD_QUANTITY,
    FIELD_INT_OR_STRING,
    FIELD_OBJECT, /* `type` says which fields */
    FIELD_LIST,   /* of `elem` */
    FIELD_MAP,    /* string keys, values of `elem` */
    /* Any JSON: RawExtension, JSON, unstructured. With `type` set, objects (at the top or in a
     * list at the top) are of that type: JSONSchemaPropsOrBool and kin. */
    FIELD_ANY,
} FieldKind;

typedef enum ListType {
    LIST_ATOMIC,
    LIST_SET,
    LIST_MAP, /* keyed by `list_map_keys` */
} ListType;

typedef enum FieldFlags {
    FIELD_REQUIRED = 1u << 0,     /* required by the OpenAPI schema */
    FIELD_ALWAYS = 1u << 1,       /* written even when zero: the Go field has no omitempty */
    FIELD_PTR = 1u << 2,          /* Go pointer: a present zero value differs from an absent one */
    FIELD_MAP_ATOMIC = 1u << 3,   /* x-kubernetes-map-type: atomic */
    FIELD_PATCH_MERGE = 1u << 4,  /* strategic merge: x-kubernetes-patch-strategy merge */
    FIELD_PATCH_RETAIN = 1u << 5, /* strategic merge: retainKeys */
    FIELD_NULLABLE = 1u << 6,     /* CRD: null is a value */
    FIELD_PRESERVE = 1u << 7,     /* CRD: x-kubernetes-preserve-unknown-fields */
    /* x-protobuf-embedded: JSON inlines what protobuf nests. `protobuf` is then the number of the
     * nested message << 16 (and of one nested in that << 24) | the number inside it. */
    FIELD_INLINE = 1u << 8,
    FIELD_OPEN = 1u << 9, /* CRD: it or a schema around it preserves unknown fields */
} FieldFlags;

struct Field {
    const char *name; /* JSON name; NULL in `elem` */
    FieldKind kind;
    uint32_t flags;    /* FieldFlags */
    const Type *type;  /* FIELD_OBJECT */
    const Field *elem; /* FIELD_LIST, FIELD_MAP */
    ListType list_type;
    const char *const *list_map_keys; /* LIST_MAP; ends with NULL */
    const char *merge_key;            /* FIELD_PATCH_MERGE of objects */
    const char *deflt;                /* default as JSON text; NULL when none */
    const char *const *enums;         /* allowed strings, ends with NULL; NULL when free */
    const char *doc;                  /* our own words; may be NULL */
    const char *go_type;              /* Go's name for it in messages when `kind` does not tell */
    uint32_t protobuf;                /* field number, 0 when none */
};

struct Type {
    const char *name; /* "io.k8s.api.core.v1.PodSpec" */
    const char *doc;
    const Field *fields; /* in Go's order */
    uint32_t n_fields;
    bool is_map_atomic;
    const uint16_t *by_name; /* indexes of `fields` sorted by name; NULL: not sorted */
    const uint16_t *by_wire; /* of those with a protobuf number, sorted by it; NULL: none has one */
    uint32_t n_by_wire;
};

const Field *type_field(const Type *t, Slice name); /* NULL when unknown */
/* A built-in type by its full name, NULL when there is none. */
const Type *type_find(const char *name);

typedef enum Verb {
    VERB_GET,
    VERB_LIST,
    VERB_WATCH,
    VERB_CREATE,
    VERB_UPDATE,
    VERB_PATCH,
    VERB_DELETE,
    VERB_DELETE_COLLECTION,
    VERB_MAX_
} Verb;
const char *verb_name(Verb v); /* "deletecollection" */

typedef struct Subresource {
    const char *name; /* "status", "scale", "log" */
    const char *kind, *group,
        *version;   /* of the body: Scale autoscaling v1; group and version may be NULL */
    uint32_t verbs; /* BIT(VERB_...) */
} Subresource;

typedef struct Column {
    const char *name, *type, *format, *doc;
    int priority;
    const char
        *path; /* JSONPath for CRDs and plain cells; NULL when api/table/table.c computes it */
} Column;

typedef struct Resource {
    const char *group; /* "" for core */
    const char *version, *kind, *plural, *singular;
    const char *const *short_names; /* ends with NULL, never NULL itself */
    const char *const *categories;
    uint32_t
        verbs; /* BIT(VERB_...); 0 verbs but subresources: bindings, tokenreviews have create */
    bool is_namespaced;
    bool is_review;      /* create answers, nothing is stored: SubjectAccessReview and kin */
    bool has_status;     /* status is a subresource: writes to the main resource keep it */
    bool has_generation; /* metadata.generation counts changes of spec */
    const Type *type;
    const char
        *storage; /* "apps/deployments", "pods": one for all versions; the store's resource name */
    const Subresource *subresources;
    uint32_t n_subresources;
    const Column *columns;
    uint32_t n_columns;
    const struct Crd *crd;                /* not NULL: defined by a CRD */
    const char *const *selectable_fields; /* CRD: dotted paths, ends with NULL; may be NULL */
} Resource;

/* All built-in resources of tenants and of `host`, in discovery order. The tenancy group is served
 * in `host` only: resource_is_host_only(). */
const Resource *resources_builtin(size_t *ret_n);
const Resource *resource_find(Slice group, Slice version, Slice plural);
const Resource *resource_find_kind(const char *group, const char *version, const char *kind);
/* By storage name, preferred version first. */
const Resource *resource_find_storage(const char *storage);
/* DELETE answers the object instead of a Status, also when it is gone at once (upstream:
 * ReturnDeletedObject of its store). */
bool resource_answers_deleted(const Resource *r);
bool resource_is_host_only(const Resource *r);
const Subresource *resource_subresource(const Resource *r, Slice name);
/* "v1" or "apps/v1", written to `out` (256 bytes), which is returned. */
char *resource_api_version(const Resource *r, char *out);
/* What an apiVersion says: "apps/v1" or "v1", whose group is "". NULL says nothing: "" and "". */
typedef struct GroupVersion {
    const char *group, *version;
} GroupVersion;
GroupVersion api_version_split(Arena *a, const char *api_version);
/* The type of a kind of upstream's groups, whether or not a resource has it; NULL: not known. */
const Type *type_of_kind(Arena *a, GroupVersion gv, const char *kind);

#endif
