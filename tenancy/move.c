#include "tenancy/move.h"

#include "base/clock.h"
#include "tenancy/tenancy_int.h"

enum { FIRST_WAIT_S = 10, LAST_WAIT_S = 600 };

static bool is_spaces(const char *isolation)
{
    return str_eq(isolation, "namespace");
}

MoveStage move_stage(const Value *tenant)
{
    const char *s = value_at_text(tenant, "status.move.stage");

    return str_eq(s, "Copying")     ? MOVE_COPYING
           : str_eq(s, "Returning") ? MOVE_RETURNING
           : str_eq(s, "Clearing")  ? MOVE_CLEARING
                                    : MOVE_NONE;
}

const char *move_isolation(const Value *tenant)
{
    const char *s = value_at_text(tenant, "status.isolation");

    return *s ? s
              : value_at_text(tenant,
                              "spec.isolation"); /* as it was made before there were moves */
}

const char *move_space(const Value *tenant)
{
    const char *s = value_at_text(tenant, "status.cluster");

    if (!is_spaces(move_isolation(tenant)))
        return NULL;
    return *s ? s : value_at_text(tenant, "spec.cluster");
}

const char *move_beside(const Value *tenant)
{
    return move_stage(tenant) == MOVE_NONE ? NULL : value_at_text(tenant, "status.move.cluster");
}

/* As spec has it? */
static bool is_there(const Value *tenant)
{
    return is_spaces(move_isolation(tenant)) == is_spaces(value_at_text(tenant, "spec.isolation"));
}

bool move_is_due(const Value *tenant)
{
    return move_stage(tenant) == MOVE_NONE && !is_there(tenant);
}

bool move_waits(const Value *tenant, int64_t now_us)
{
    const char *after = value_at_text(tenant, "status.moveRetry.after");
    int64_t after_us;

    return *after && clock_from_rfc3339(slice_of(after), &after_us) && now_us < after_us;
}

bool move_is_recalled(const Value *tenant)
{
    return move_stage(tenant) == MOVE_COPYING && is_there(tenant);
}

bool move_is_far(const Value *from, const Value *to)
{
    bool was = is_spaces(value_at_text(from, "spec.isolation"));
    bool is = is_spaces(value_at_text(to, "spec.isolation"));

    return was != is ||
           (is && !str_eq(value_at_text(from, "spec.cluster"), value_at_text(to, "spec.cluster")));
}

ClusterState move_state(const Value *tenant, bool is_suspended)
{
    MoveStage stage = move_stage(tenant);

    if (stage == MOVE_COPYING || stage == MOVE_RETURNING)
        return CLUSTER_MOVING;
    return is_suspended ? CLUSTER_SUSPENDED : CLUSTER_ACTIVE;
}

static void settle_at(Arena *a, Value *tenant, const char *isolation, const char *cluster)
{
    Value *status = value_need(a, tenant, "status");

    value_set_str(a, status, "isolation", isolation);
    value_del(status, "cluster");
    if (is_spaces(isolation))
        value_set_str(a, status, "cluster", cluster);
}

void move_settle(Arena *a, Value *tenant, const Value *before)
{
    const char *wanted = value_at_text(tenant, "spec.isolation");
    bool is_near = !before || is_spaces(move_isolation(before)) == is_spaces(wanted);
    const char *space = is_near && before ? move_space(before) : NULL;

    if (!is_spaces(wanted))
        value_del_at(tenant, "spec.cluster");
    else if (space && !value_at_text(tenant, "spec.cluster")[0]) /* it shall stay, after all */
        value_set_at(a, tenant, "spec.cluster", value_str(a, space));
    if (is_near && move_stage(tenant) == MOVE_NONE)
        settle_at(a, tenant, wanted, space ? space : value_at_text(tenant, "spec.cluster"));
    else if (before) /* until it has been moved */
        settle_at(a, tenant, move_isolation(before), move_space(before));
    if (before && move_is_far(before, tenant)) /* somebody wants it anew */
        value_del_at(tenant, "status.moveRetry");
}

static ClusterChange state_of(const Value *tenant)
{
    return (ClusterChange){.op = CLUSTER_SET_STATE,
                           .name = value_at_text(tenant, "metadata.name"),
                           .state = move_state(tenant, tenancy__is_suspended(tenant))};
}

/* Together with the stage, so that no crash comes between a move and what is told of it. The
 * controller adds how far it is. */
static void set_condition(Arena *a, Value *tenant, const char *status, const char *reason,
                          const char *message, int64_t now_us)
{
    Value *list = value_array(a), *c;

    value_each_item(value_at(tenant, "status.conditions"), i, c)
    {
        if (!str_eq(value_get_str(c, "type"), "Moved"))
            value_append(a, list, c);
    }
    value_append(a, list, tenancy__condition(a, tenant, "Moved", status, reason, message, now_us));
    value_set_at(a, tenant, "status.conditions", list);
}

static void set_stage(Arena *a, Value *tenant, const char *stage, const char *message,
                      int64_t now_us)
{
    char now[CLOCK_TEXT_MAX];

    value_set_at(a, tenant, "status.move.stage", value_str(a, stage));
    value_set_at(a, tenant, "status.move.since", value_str(a, clock_to_rfc3339(now_us, now)));
    set_condition(a, tenant, "False", stage, message, now_us);
}

void move_begin(Arena *a, Value *tenant, int64_t now_us, ClusterChange *ret)
{
    const char *space = move_space(tenant);

    if (!space)
        space = value_at_text(tenant, "spec.cluster");
    value_set_at(a, tenant, "status.move.isolation",
                 value_str(a, value_at_text(tenant, "spec.isolation")));
    value_set_at(a, tenant, "status.move.cluster", value_str(a, space));
    set_stage(a, tenant, "Copying", "objects are copied", now_us);
    *ret = state_of(tenant);
}

void move_switch(Arena *a, Value *tenant, int64_t now_us, ClusterChange *ret)
{
    settle_at(a, tenant, value_at_text(tenant, "status.move.isolation"),
              value_at_text(tenant, "status.move.cluster"));
    set_stage(a, tenant, "Clearing", "what was left behind is removed", now_us);
    *ret = state_of(tenant);
}

void move_end(Arena *a, Value *tenant, int64_t now_us, ClusterChange *ret UNUSED)
{
    value_del_at(tenant, "status.move");
    value_del_at(tenant, "status.moveRetry");
    set_condition(a, tenant, "True", "Done", "the tenant is where it shall be", now_us);
}

/* Each time that it was given up in the middle the tenant could not write for a while. */
static const char *put_off(Arena *a, Value *tenant, int64_t now_us)
{
    int64_t n = value_at_int(tenant, "status.moveRetry.failures", 0);
    int64_t wait_s = MIN((int64_t)FIRST_WAIT_S << MIN(n, 10), (int64_t)LAST_WAIT_S);
    char text[CLOCK_TEXT_MAX];
    const char *after =
        arena_strdup(a, clock_to_rfc3339(now_us / 1000000 * 1000000 + wait_s * 1000000, text));

    value_set_at(a, tenant, "status.moveRetry.failures", value_int(a, n + 1));
    value_set_at(a, tenant, "status.moveRetry.after", value_str(a, after));
    return after;
}

static void end_blocked(Arena *a, Value *tenant, const char *why, int64_t now_us,
                        ClusterChange *ret)
{
    const char *after = put_off(a, tenant, now_us);

    value_del_at(tenant, "status.move");
    set_condition(a, tenant, "False", "Blocked",
                  arena_printf(a, "%s; it is tried again after %s", why, after), now_us);
    *ret = state_of(tenant);
}

void move_recall(Arena *a, Value *tenant, int64_t now_us, ClusterChange *ret)
{
    set_stage(a, tenant, "Returning", "what was copied is removed again", now_us);
    *ret = state_of(tenant);
}

void move_return(Arena *a, Value *tenant, int64_t now_us, ClusterChange *ret)
{
    if (!is_there(tenant)) {
        end_blocked(a, tenant, "there was no room for all that it has", now_us, ret);
        return;
    }
    move_end(a, tenant, now_us, ret);
    *ret = state_of(tenant);
}

void move_abandon(Arena *a, Value *tenant, int64_t now_us, ClusterChange *ret)
{
    end_blocked(a, tenant, "a namespace is there already that was not as the move began", now_us,
                ret);
}
