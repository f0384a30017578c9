/*
 * judged.h - what tests of validation share: an object made of a literal as a client would send it,
 * and the mistakes that are found in it as one text.
 */
#ifndef TESTS_API_JUDGED_H
#define TESTS_API_JUDGED_H

#include "api/decode.h"
#include "api/validate.h"
#include "base/err.h"
#include "tests/unit/test.h"

/* Of a diff that ends a message only that there is one; what is in it: test_validate_diff.c. */
static inline const char *without_diff(Arena *a, const char *message)
{
    const char *diff = strstr(message, "\n@@ -");

    return diff ? arena_printf(a, "%.*s\n@@ spec @@\n", (int)(diff - message), message) : message;
}

/* The errors of an object, "field: message" joined by "; ". */
static inline const char *errors_text(Arena *a, const FieldErrs *e)
{
    AUTO_BUF b = BUF_INIT;

    for (uint32_t i = 0; i < e->n; i++)
        buf_addf(&b, "%s%s: %s", i > 0 ? "; " : "", e->items[i].field,
                 without_diff(a, e->items[i].message));
    return arena_strdup(a, buf_str(&b));
}

static const Resource *resource(const char *kind)
{
    static const char *const groups[] = {"",
                                         "apps",
                                         "batch",
                                         "rbac.authorization.k8s.io",
                                         "networking.k8s.io",
                                         "tenancy.hostplane.io",
                                         "admissionregistration.k8s.io",
                                         "policy",
                                         "storage.k8s.io",
                                         "autoscaling",
                                         "flowcontrol.apiserver.k8s.io",
                                         "apiregistration.k8s.io",
                                         "discovery.k8s.io",
                                         "resource.k8s.io",
                                         "certificates.k8s.io",
                                         "node.k8s.io",
                                         "scheduling.k8s.io",
                                         "apiextensions.k8s.io"};
    const char *dot = strchr(kind, '.'), *version = dot ? dot + 1 : "v1";
    const Resource *r = NULL;
    char name[64];

    (void)snprintf(name, sizeof(name), "%.*s", (int)strcspn(kind, "."), kind);
    for (size_t i = 0; i < ARRAY_LEN(groups) && !r; i++)
        r = resource_find_kind(groups[i], version, name);
    assert_non_null(r);
    return r;
}

/* Decodes and defaults what a client would send. */
static Value *received(Arena *a, const Resource *r, Value *v)
{
    Warnings w = {0};
    Value *meta;
    Err err;

    if (decode_object(a, r, v, FIELDS_STRICT, NULL, &w, &err) < 0)
        fail_msg("%s", err.msg);
    meta = value_get(v, "metadata");
    if (!value_get(meta, "name"))
        value_set_str(a, meta, "name", "x");
    if (r->is_namespaced)
        value_set_str(a, meta, "namespace", "ns");
    default_object(a, r, v);
    return v;
}

static inline Value *object(Arena *a, const Resource *r, const char *body)
{
    return received(a, r, value_literal(a, body));
}

#endif
