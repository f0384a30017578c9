#include "controllers/podutil.h"
#include "controllers/rows.h"
#include "controllers/tenantmove_sync.h"

/*
 * Tenants that go from namespaces of a shared cluster to a cluster of their own, or the other way.
 * The key is a tenant. The server takes one step for each question (vcluster/tenants/move.c); what
 * is done here is to ask until nothing is left, and to say in the condition Moved how far it is.
 */

static const char *const tenants = "tenancy/tenants";

enum { STEPS_A_TURN = 200, AGAIN_MS = 50, LOOK_AGAIN_MS = 500, PATIENT_MS = 5000 };

void tenantmove_map(Controllers *c, uint32_t index, const Change *ch)
{
    static const char *const spec[] = {"spec", NULL};

    if (!ctl_is_same_at(ch, spec))
        ctl_map_self(c, index, ch);
}

static int step(Ctl *ctl, MoveStep *ret, Err *err)
{
    ObjRef at = ctl_ref(ctl, tenants, "", ctl->name);
    Value *answer = NULL;
    int r;

    at.subresource = "move";
    r = client_create(ctl->client, ctl->arena, &at,
                      value_literal(ctl->arena, "{'apiVersion':'tenancy.hostplane.io/v1',"
                                                "'kind':'TenantMove'}"),
                      &answer, err);
    if (r == 0)
        *ret = tenantmove_step(answer);
    return r;
}

static int tell(Ctl *ctl, const MoveStep *s, Err *err)
{
    Value *tenant;
    int r = ctl_get(ctl, tenants, "", ctl->name, &tenant, err);

    if (r < 0 || !tenant || !tenantmove_note(ctl->arena, tenant, s, ctl->now_us))
        return r;
    r = ctl_update_status(ctl, tenants, tenant, err);
    return r == -ERR_CONFLICT || r == -ERR_NOT_FOUND ? 0 : r;
}

int tenantmove_sync(Ctl *ctl, Err *err)
{
    MoveStep s = {.stage = ""};
    int64_t n = 0;
    Value *tenant;
    int r = ctl_get(ctl, tenants, "", ctl->name, &tenant, err);

    if (r < 0 || !tenant || !tenantmove_is_due(tenant))
        return r;
    for (int i = 0; r == 0 && i < STEPS_A_TURN; i++) {
        r = step(ctl, &s, err);
        if (r < 0 || !s.goes_on)
            break;
        n += s.count;
        s.count = n;
    }
    if (r == -ERR_CONFLICT || r == -ERR_NOT_FOUND)
        return LOOK_AGAIN_MS;
    if (r < 0) {
        const MoveStep failed = {.stage = "Retrying", .message = err->msg};
        Err ignored;

        (void)tell(ctl, &failed, &ignored); /* the step's own is what counts */
        return r;
    }
    r = tell(ctl, &s, err);
    if (r < 0)
        return r;
    return s.is_done ? 0 : s.goes_on ? AGAIN_MS : s.is_blocked ? PATIENT_MS : LOOK_AGAIN_MS;
}
