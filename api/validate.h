/*
 * validate.h - may this object be stored? All mistakes at once, in the words of the real server.
 *
 * Threads: any. Owns: nothing; errors live in the arena of the FieldErrs.
 */
#ifndef API_VALIDATE_H
#define API_VALIDATE_H

#include "api/address.h"
#include "api/kind.h"

typedef enum FieldErrType { /* reason and message prefix as in apimachinery's field.Error */
                            FIELD_ERR_REQUIRED,      /* FieldValueRequired: Required value */
                            FIELD_ERR_INVALID,       /* FieldValueInvalid: Invalid value: "x" */
                            FIELD_ERR_NOT_SUPPORTED, /* FieldValueNotSupported: Unsupported value:
                                                        "x" */
                            FIELD_ERR_DUPLICATE,     /* FieldValueDuplicate: Duplicate value: "x" */
                            FIELD_ERR_FORBIDDEN,     /* FieldValueForbidden: Forbidden */
                            FIELD_ERR_NOT_FOUND,     /* FieldValueNotFound: Not found: "x" */
                            FIELD_ERR_TOO_LONG,      /* FieldValueTooLong: Too long */
                            FIELD_ERR_TOO_MANY,      /* FieldValueTooMany: Too many: n */
                            FIELD_ERR_TYPE_INVALID,  /* FieldValueTypeInvalid: Invalid value: "x" */
                            FIELD_ERR_INTERNAL,      /* InternalError: Internal error */
} FieldErrType;

typedef struct FieldErr {
    FieldErrType type;
    const char *field;   /* spec.containers[0].image */
    const char *message; /* complete, as in Status.details.causes[].message */
} FieldErr;

typedef struct FieldErrs {
    Arena *arena;
    FieldErr *items;
    uint32_t n, cap;
    struct FieldErrs *forgiven; /* where mistakes go that were there before; may be NULL */
    Value *kept; /* addresses and ranges of the stored object, which stay allowed; may be NULL */
} FieldErrs;

/* `value` (may be NULL) is printed as Go prints it; `detail` follows after ": ". */
void field_err(FieldErrs *e, FieldErrType t, const char *path, const Value *value,
               const char *detail_fmt, ...) PRINTF(5, 6);
/* The errors of `more`, in the same arena, behind those of `e`. */
void field_errs_add(FieldErrs *e, const FieldErrs *more);
const char *field_err_reason(FieldErrType t); /* "FieldValueRequired" */

/* The name of a field manager, as an option or in managedFields. */
void validate_field_manager(FieldErrs *e, const char *path, const char *name);

void validate_create(const Resource *r, const Value *v, FieldErrs *e);
/* `subresource` is "" or "status", ...; old and new are both in storage form with defaults. */
void validate_update(const Resource *r, const char *subresource, const Value *v, const Value *old,
                     FieldErrs *e);

/* A SubjectAccessReview, also of oneself or local: with its namespace. */
void validate_access_review(const Resource *r, const Value *v, FieldErrs *e);

enum { AUDIT_MAX_RULES = 256 };
/* An audit.k8s.io Policy, or the spec of an AuditPolicy. */
void validate_audit_policy(const Value *policy, FieldErrs *e);

/* As often as upstream says each of these mistakes of an update; custom resources as well. */
void validate_update_repeats(const Resource *r, const char *subresource, FieldErrs *e);

/* Fills in policy and families of the spec of a service; `old`: the spec before, or NULL; `ranges`:
 * the cluster's, of which those of its families are. Its mistakes stand alone. */
void service_init_families(Value *spec, const Value *old, const AddressRanges *ranges,
                           FieldErrs *e);
/* A service that prefers two families and changes nothing about them stays as it is, whatever the
 * cluster has by now. */
bool service_is_settled(const Value *spec, const Value *old);

/* "Guaranteed", "Burstable" or "BestEffort". */
const char *pod_qos_class(const Value *pod);

/* Names. Each returns NULL when `s` is fine, else the server's message. */
const char *validate_dns1123_label(const char *s);
const char *validate_dns1123_subdomain(const char *s);
const char *validate_dns1035_label(const char *s);
const char *validate_qualified_name(const char *s);
const char *validate_label_value(const char *s);
const char *validate_path_segment(const char *s);

#endif
