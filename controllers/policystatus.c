#include "controllers/rows.h"

/*
 * A ValidatingAdmissionPolicy that was looked at says so in its status. Upstream also holds the
 * expressions against the schemas of what they match and warns there; here a list without warnings
 * says that it was looked at.
 */

static const char *const storage = "admissionregistration/validatingadmissionpolicies";

int policystatus_sync(Ctl *ctl, Err *err)
{
    Arena *a = ctl->arena;
    Value *policy, *status;
    int r = ctl_get(ctl, storage, "", ctl->name, &policy, err);

    if (r < 0 || !policy || meta_is_deleted(policy) ||
        (value_at(policy, "status.typeChecking") &&
         value_at_int(policy, "status.observedGeneration", 0) == meta_generation(policy)))
        return r;
    status = value_need(a, policy, "status");
    value_set_int(a, status, "observedGeneration", meta_generation(policy));
    value_set(a, status, "typeChecking", value_object(a));
    r = ctl_update_status(ctl, storage, policy, err);
    return r == -ERR_NOT_FOUND ? 0 : r;
}
