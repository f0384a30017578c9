#include "api/crd.h"
#include "api/policytypes.h"
#include "controllers/rows.h"

/*
 * A ValidatingAdmissionPolicy that was looked at says so in its status, with warnings where its
 * expressions do not fit the types of what it matches.
 */

static const char *const storage = "admissionregistration/validatingadmissionpolicies";

typedef struct Finder {
    Ctl *ctl;
    Values crds; /* of the cluster */
} Finder;

static bool is_named(const Resource *r, const char *group, const char *version, const char *plural,
                     const char *kind)
{
    return str_eq(r->group, group) && str_eq(r->version, version) &&
           (!plural || str_eq(r->plural, plural)) && (!kind || str_eq(r->kind, kind));
}

static const Resource *find(void *data, const char *group, const char *version, const char *plural,
                            const char *kind)
{
    Finder *f = data;
    const Resource *r = plural ? resource_find(slice_of(group), slice_of(version), slice_of(plural))
                               : resource_find_kind(group, version, kind);

    for (uint32_t i = 0; !r && i < f->crds.n; i++) {
        const Resource **all;
        uint32_t n;

        if (!str_eq(value_at_str(f->crds.items[i], "spec.group"), group))
            continue;
        n = crd_compile(f->ctl->arena, f->crds.items[i], &all);
        for (uint32_t k = 0; !r && k < n; k++)
            if (is_named(all[k], group, version, plural, kind))
                r = all[k];
    }
    return r;
}

int policystatus_sync(Ctl *ctl, Err *err)
{
    Arena *a = ctl->arena;
    Finder f = {.ctl = ctl};
    Value *policy, *status, *check, *warnings;
    int r = ctl_get(ctl, storage, "", ctl->name, &policy, err);

    if (r < 0 || !policy || meta_is_deleted(policy) ||
        (value_at(policy, "status.typeChecking") &&
         value_at_int(policy, "status.observedGeneration", 0) == meta_generation(policy)))
        return r;
    r = ctl_list(ctl, "apiextensions/customresourcedefinitions", NULL, NULL, NULL, &f.crds, err);
    if (r < 0)
        return r;
    check = value_object(a);
    warnings = policytypes_warnings(a, policy, find, &f);
    if (warnings)
        value_set(a, check, "expressionWarnings", warnings);
    status = value_need(a, policy, "status");
    value_set_int(a, status, "observedGeneration", meta_generation(policy));
    value_set(a, status, "typeChecking", check);
    r = ctl_update_status(ctl, storage, policy, err);
    return r == -ERR_NOT_FOUND ? 0 : r;
}
