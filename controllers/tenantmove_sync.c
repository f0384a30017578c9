#include "controllers/tenantmove_sync.h"

#include "client/meta.h"
#include "controllers/podutil.h"

static bool is_elsewhere(const Value *tenant)
{
    const char *is = value_at_text(tenant, "status.isolation");

    return value_at(tenant, "status.move") ||
           (*is && str_eq(is, "namespace") !=
                       str_eq(value_at_text(tenant, "spec.isolation"), "namespace"));
}

bool tenantmove_is_due(const Value *tenant)
{
    return is_elsewhere(tenant) || condition_is(tenant, "Moved", "False");
}

MoveStep tenantmove_step(const Value *answer)
{
    bool is_tenant = str_eq(value_get_str(answer, "kind"), "Tenant");
    MoveStep s = {.stage = value_at_text(answer, is_tenant ? "status.move.stage" : "status.stage"),
                  .message = is_tenant ? "" : value_at_text(answer, "status.message")};

    s.count = is_tenant ? 0 : value_at_int(answer, "status.count", 0);
    s.is_done = str_eq(s.stage, "Done");
    s.is_blocked = str_eq(s.stage, "Blocked");
    s.goes_on = !s.is_done && !s.is_blocked && !str_eq(s.stage, "Replacing");
    return s;
}

bool tenantmove_note(Arena *a, Value *tenant, const MoveStep *s, int64_t now_us)
{
    const char *message = s->message;

    if (s->is_done && !condition_get(tenant, "Moved"))
        return false; /* nothing ever was to be said */
    if (str_eq(s->stage, "Copying"))
        message = arena_printf(a, "objects are copied, %lld by now; they can be read meanwhile",
                               (long long)s->count);
    return condition_set(a, tenant,
                         &(Condition){.type = "Moved",
                                      .status = s->is_done ? "True" : "False",
                                      .reason = *s->stage ? s->stage : "Clearing",
                                      .message = *message ? message : "the next stage has begun"},
                         now_us);
}
