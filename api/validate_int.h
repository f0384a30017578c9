/*
 * validate_int.h - what the validators of api/ share: paths, errors, names. Inside api/ only.
 *
 * Validators are written in the order of the upstream ones (pkg/apis/KIND/validation), because all
 * mistakes of an object are answered in one message, in that order.
 */
#ifndef API_VALIDATE_INT_H
#define API_VALIDATE_INT_H

#include "api/validate.h"
#include "base/quantity.h"

/* A field path, made of compound literals on the stack. */
typedef struct Path {
    const struct Path *up;
    const char *name; /* NULL: an item of a list */
    uint32_t index;
    bool is_key; /* printed in brackets */
} Path;

#define AT(up_, name_)     (&(const Path){.up = (up_), .name = (name_)})
#define AT_ITEM(up_, i_)   (&(const Path){.up = (up_), .index = (i_)})
#define AT_KEY(up_, name_) (&(const Path){.up = (up_), .name = (name_), .is_key = true})

/* Messages of one name check; all are literals. */
typedef struct Msgs {
    const char *items[6];
    uint32_t n;
} Msgs;

typedef void (*NameFn)(const char *s, Msgs *m);

void names__dns1123_label(const char *s, Msgs *m);
void names__dns1123_subdomain(const char *s, Msgs *m);
void names__dns1123_subdomain_underscore(const char *s, Msgs *m);
void names__wildcard_subdomain(const char *s, Msgs *m);
void names__dns1035_label(const char *s, Msgs *m);
void names__qualified(const char *s, Msgs *m);
void names__label_value(const char *s, Msgs *m);
void names__path_segment(const char *s, Msgs *m);
void names__config_key(const char *s, Msgs *m);
void names__port_name(const char *s, Msgs *m);
void names__env_name(const char *s, Msgs *m);
void names__http_header(const char *s, Msgs *m);
void names__percent(const char *s, Msgs *m);
bool names__has_backstep(const char *path); /* a ".." between slashes */
/* In the sloppy way; IPv4 in the form of IPv6 is IPv4. */
bool names__is_ip(const char *s);
bool names__is_ipv6(const char *s);

/* ---- errors; `detail` may be NULL ---- */
void bad(FieldErrs *e, const Path *p, const Value *v, const char *fmt, ...) PRINTF(4, 5);
void bad_str(FieldErrs *e, const Path *p, const char *s, const char *fmt, ...) PRINTF(4, 5);
void bad_int(FieldErrs *e, const Path *p, int64_t i, const char *fmt, ...) PRINTF(4, 5);
void missing(FieldErrs *e, const Path *p, const char *detail);
void forbidden(FieldErrs *e, const Path *p, const char *detail);
void duplicate(FieldErrs *e, const Path *p, const char *s);
void duplicate_value(FieldErrs *e, const Path *p, const Value *v);
void too_long(FieldErrs *e, const Path *p, uint32_t limit);
void too_many(FieldErrs *e, const Path *p, uint32_t have, uint32_t limit);
void not_found(FieldErrs *e, const Path *p, const char *s, const char *detail);
/* `allowed` as "A|B|C", in the order to be printed */
void unsupported(FieldErrs *e, const Path *p, const char *s, const char *allowed);
void unsupported_value(FieldErrs *e, const Path *p, const Value *v, const char *allowed);
bool one_of(const char *s, const char *allowed);
/* unsupported() unless `s` is allowed */
void check_enum(FieldErrs *e, const Path *p, const char *s, const char *allowed);
void check_name(FieldErrs *e, const Path *p, const char *s, NameFn fn);
/* all messages in one, with ";" between */
void check_name_joined(FieldErrs *e, const Path *p, const char *s, NameFn fn);
/* A domain and a path, as in "acme.io/foo". */
void check_domain_path(FieldErrs *e, const Path *p, const char *s);
void check_range(FieldErrs *e, const Path *p, int64_t i, int64_t min, int64_t max);
/* "must be greater than or equal to 0", when present */
void check_not_negative(FieldErrs *e, const Path *p, const Value *v);
void check_immutable(FieldErrs *e, const Path *p, const Value *v, const Value *old);
/* Addresses and ranges that every reader understands alike; true if so. What keep_text() was told
 * of passes in any case. */
bool check_ip(FieldErrs *e, const Path *p, const char *s);
bool check_cidr(FieldErrs *e, const Path *p, const char *s);
/* ... and written in the one way. */
void check_canonical_ip(FieldErrs *e, const Path *p, const char *s);
void check_canonical_cidr(FieldErrs *e, const Path *p, const char *s);
void keep_text(FieldErrs *e, const Value *text);

/* "" when absent */
const char *str_of(const Value *object, const char *name);
bool has(const Value *object, const char *name); /* there and not null */
int64_t int_of(const Value *object, const char *name, int64_t otherwise);
const char *path_str(FieldErrs *e, const Path *p);
bool quantity_of_value(const Value *v, Quantity *ret);
int quantity_sign(const Value *v);

/* ---- shared parts ---- */

typedef struct PodRules { /* what a pod's spec belongs to */
    bool is_pod;          /* a pod, not a template */
    bool is_mirror;       /* of a static pod */
    const char *name;     /* the pod's; "" when it has none */
    const Value *old;     /* the pod's spec before; NULL on create */
} PodRules;

void validate__labels(FieldErrs *e, const Path *p, const Value *labels);
void validate__annotations(FieldErrs *e, const Path *p, const Value *annotations);
void validate__meta(FieldErrs *e, const Path *p, const Value *meta, bool is_namespaced,
                    NameFn name);
/* of the requirement at `p` */
void validate__selector_values(FieldErrs *e, const Path *p, const char *op, uint32_t n);
void validate__label_selector(FieldErrs *e, const Path *p, const Value *selector);
void validate__node_selector(FieldErrs *e, const Path *p, const Value *selector);
void validate__pod_spec(FieldErrs *e, const Path *p, const Value *spec, const PodRules *rules);
void validate__pod_template(FieldErrs *e, const Path *p, const Value *template);
void validate__pod_annotations(FieldErrs *e, const Path *p, const Value *annotations,
                               const Value *spec);
/* Annotations that say the same as fields have to say the same. */
void validate__matching_annotations(FieldErrs *e, const Path *p, const Value *annotations,
                                    const Value *spec);
/* `volumes` are the valid ones. */
void validate__containers(FieldErrs *e, const Path *p, const Value *spec, const Value *volumes,
                          const PodRules *rules);
void validate__pod_annotation_update(FieldErrs *e, const Value *v, const Value *old);
void validate__pod_status(FieldErrs *e, const Value *v, const Value *old);
/* `before`: how many errors there were when the update began; some mistakes stand alone. */
void validate__pod_resize(FieldErrs *e, const Value *v, const Value *old, uint32_t before);
void validate__image_spaces(FieldErrs *e, const Path *p, const Value *containers);
/* Returns those without a mistake; the rest count as not there. */
Value *validate__volumes(FieldErrs *e, const Path *p, const Value *volumes, const PodRules *rules);
void validate__no_backsteps(FieldErrs *e, const Path *p, const char *path);
void validate__descending_path(FieldErrs *e, const Path *p, const char *path);
void validate__file_path(FieldErrs *e, const Path *p, const char *path);
void validate__claim_spec(FieldErrs *e, const Path *p, const Value *spec);
void validate__access_modes(FieldErrs *e, const Path *p, const Value *modes);
/* The volume source of a PersistentVolume's spec. */
void validate__persistent_source(FieldErrs *e, const Path *p, const Value *spec, const char *name);
void validate__resource_name(FieldErrs *e, const Path *p, const char *name);
void validate__container_resource(FieldErrs *e, const Path *p, const char *name);
bool validate__is_overcommit(const char *resource);
bool validate__is_extended(FieldErrs *e, const char *resource);
/* Not negative, and whole when the resource is counted. */
void validate__quantity(FieldErrs *e, const Path *p, const char *resource, const Value *v);
void validate__resources(FieldErrs *e, const Path *p, const Value *res, const Value *pod_claims);
void validate__pod_resources(FieldErrs *e, const Path *p, const Value *spec);
void validate__resource_field_ref(FieldErrs *e, const Path *p, const Value *ref, bool is_volume);
void validate__downward_field(FieldErrs *e, const Path *p, const Value *ref);
void validate__webhook_client(FieldErrs *e, const Path *p, const Value *config);
/* The name of a kind: any case, but otherwise a label. */
void validate__kind_name(FieldErrs *e, const Path *p, const char *name);
/* As upstream prints its internal structs: Go's field names, nulls for what is not set. */
Value *validate__go_shown(FieldErrs *e, const char *type, const Value *v);
/* The diff of two values of the type that some messages end with: "@@ -1,5 +1,5 @@\n ...\n". */
const char *validate__diff(FieldErrs *e, const char *type, const Value *was, const Value *now);
void validate__not_special_ip(FieldErrs *e, const Path *p, const char *ip);
void validate__int_or_percent(FieldErrs *e, const Path *p, const Value *v);
void validate__port_value(FieldErrs *e, const Path *p, const Value *port);
void validate__security_context(FieldErrs *e, const Path *p, const Value *sc, bool host_users);
void validate__pod_security(FieldErrs *e, const Path *p, const Value *spec);
void validate__affinity(FieldErrs *e, const Path *p, const Value *affinity);
void validate__tolerations(FieldErrs *e, const Path *p, const Value *tolerations);
void validate__spread(FieldErrs *e, const Path *p, const Value *constraints);
/* The addresses and families of a service's spec. */
void validate__service_addresses(FieldErrs *e, const Value *spec);
/* metav1.Condition */
void validate__conditions(FieldErrs *e, const Path *p, const Value *conditions);
/* Of a CSI or DRA driver: a subdomain, of letters of any case. */
void validate__driver_name(FieldErrs *e, const Path *p, const char *name);
/* Rules and stages of an audit policy. */
void validate__audit_policy(FieldErrs *e, const Path *p, const Value *policy);
void validate__object_ref(FieldErrs *e, const Path *p, const char *name, NameFn fn);

/* ---- kinds ---- */
typedef void (*CreateFn)(FieldErrs *e, const Value *v);
typedef void (*UpdateFn)(FieldErrs *e, const char *subresource, const Value *v, const Value *old);

typedef struct KindRow {
    const char *group, *kind;
    NameFn name; /* NULL: any name */
    CreateFn create;
    UpdateFn update; /* NULL: the rules of create */
} KindRow;

extern const KindRow validate__pods[];
extern const KindRow validate__core[]; /* tables end with a NULL kind */
extern const KindRow validate__quotas[];
extern const KindRow validate__services[];
extern const KindRow validate__flow[];
extern const KindRow validate__storage[];
extern const KindRow validate__apps[];
extern const KindRow validate__batch[];
extern const KindRow validate__rbac[];
extern const KindRow validate__net[];
extern const KindRow validate__others[];
extern const KindRow validate__admission[];
extern const KindRow validate__definitions[];
extern const KindRow validate__resource[];
extern const KindRow validate__certificates[];
extern const KindRow validate__audit[];

#endif
