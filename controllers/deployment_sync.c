#include "controllers/deployment_sync.h"

#include "base/mem.h"
#include "client/meta.h"

/* ---- numbers ---- */

static int64_t int_or_percent(const Value *v, int64_t total, bool round_up)
{
    const char *s = value_to_cstr(v);
    int64_t n = 0;

    if (!s) {
        if (!value_to_int(v, &n))
            return 0;
        return n;
    }
    if (!str_ends(s, "%") || !slice_to_int64((Slice){s, strlen(s) - 1}, &n))
        return 0;
    return (n * total + (round_up ? 99 : 0)) / 100;
}

void deployment_fenceposts(const Value *deployment, int64_t *ret_surge, int64_t *ret_unavailable)
{
    const Value *rolling = value_at(deployment, "spec.strategy.rollingUpdate");
    int64_t replicas = value_at_int(deployment, "spec.replicas", 1);

    *ret_surge = int_or_percent(value_get(rolling, "maxSurge"), replicas, true);
    *ret_unavailable = int_or_percent(value_get(rolling, "maxUnavailable"), replicas, false);
    if (*ret_surge == 0 && *ret_unavailable == 0)
        *ret_unavailable = 1;
    *ret_unavailable = MIN(*ret_unavailable, replicas);
}

DeploymentView deployment_view(const Value *deployment)
{
    DeploymentView d = {
        .replicas = value_at_int(deployment, "spec.replicas", 1),
        .is_recreate = str_eq(value_at_str(deployment, "spec.strategy.type"), "Recreate"),
        .status_replicas = value_at_int(deployment, "status.replicas", 0),
    };

    if (!d.is_recreate)
        deployment_fenceposts(deployment, &d.max_surge, &d.max_unavailable);
    return d;
}

static int64_t sum_spec(const ReplicaSetView *rs, uint32_t n)
{
    int64_t sum = 0;

    for (uint32_t i = 0; i < n; i++)
        sum += rs[i].replicas;
    return sum;
}

static bool keep_all(const ReplicaSetView *rs, uint32_t n, int64_t *want)
{
    for (uint32_t i = 0; i < n; i++)
        want[i] = rs[i].replicas;
    return false;
}

static bool any_change(const ReplicaSetView *rs, uint32_t n, const int64_t *want)
{
    for (uint32_t i = 0; i < n; i++)
        if (want[i] != rs[i].replicas)
            return true;
    return false;
}

static int find_new(const ReplicaSetView *rs, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (rs[i].is_new)
            return (int)i;
    return -1;
}

/* ---- scaling ---- */

/* The only one with replicas, or the one to use when none has any; -1 when several have. */
static int active_or_latest(const ReplicaSetView *rs, uint32_t n)
{
    int active = -1, n_active = 0, new = find_new(rs, n);

    for (uint32_t i = 0; i < n; i++) {
        if (rs[i].replicas > 0) {
            active = (int)i;
            n_active++;
        }
    }
    if (n_active == 1)
        return active;
    if (n_active > 1)
        return -1;
    return new >= 0 ? new : (int)n - 1;
}

/* Rounded half away from zero. */
static int64_t div_round(int64_t x, int64_t y)
{
    return (2 * x + y) / (2 * y);
}

static int64_t share_of(const DeploymentView *d, const ReplicaSetView *rs, int64_t to_add,
                        int64_t added)
{
    int64_t before = rs->max_replicas > 0 ? rs->max_replicas : d->status_replicas;
    int64_t left = to_add - added, share;

    if (rs->replicas == 0 || left == 0)
        return 0;
    if (d->replicas == 0)
        share = -rs->replicas;
    else if (before == 0)
        share = 0;
    else
        share = div_round(rs->replicas * (d->replicas + d->max_surge), before) - rs->replicas;
    return to_add > 0 ? MIN(share, left) : MAX(share, left);
}

/* Larger first; among equals the newer one when growing, the older one when shrinking. */
static void order_by_size(const ReplicaSetView *rs, uint32_t n, bool is_growing, uint32_t *order)
{
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = i;

        for (; at > 0; at--) {
            const ReplicaSetView *x = &rs[order[at - 1]], *y = &rs[i];

            if (x->replicas > y->replicas || (x->replicas == y->replicas && !is_growing))
                break;
            order[at] = order[at - 1];
        }
        order[at] = i;
    }
}

static void scale_proportionally(const DeploymentView *d, const ReplicaSetView *rs, uint32_t n,
                                 int64_t *want)
{
    int64_t allowed = d->replicas > 0 ? d->replicas + d->max_surge : 0;
    int64_t to_add = allowed - sum_spec(rs, n), added = 0;
    AUTO_FREE uint32_t *order = xcalloc(n + 1, sizeof(*order));

    order_by_size(rs, n, to_add > 0, order);
    for (uint32_t i = 0; i < n && to_add != 0; i++) {
        int64_t share = share_of(d, &rs[order[i]], to_add, added);

        want[order[i]] += share;
        added += share;
    }
    if (n > 0 && to_add != 0) /* what rounding left goes to the largest */
        want[order[0]] = MAX(want[order[0]] + to_add - added, 0);
}

bool deployment_scale(const DeploymentView *d, const ReplicaSetView *rs, uint32_t n, int64_t *want)
{
    int new = find_new(rs, n), only;

    keep_all(rs, n, want);
    if (n == 0)
        return false;
    only = active_or_latest(rs, n);
    if (only >= 0) {
        want[only] = d->replicas;
        return any_change(rs, n, want);
    }
    if (new >= 0 && rs[new].replicas == d->replicas &&
        rs[new].available == d->replicas &&rs[new].desired == d->replicas) {
        for (uint32_t i = 0; i < n; i++)
            if ((int)i != new)
                want[i] = 0;
        return any_change(rs, n, want);
    }
    if (!d->is_recreate)
        scale_proportionally(d, rs, n, want);
    return any_change(rs, n, want);
}

int64_t deployment_first_size(const DeploymentView *d, const ReplicaSetView *rs, uint32_t n)
{
    int64_t total = sum_spec(rs, n);

    if (d->is_recreate)
        return d->replicas;
    if (total >= d->replicas + d->max_surge)
        return 0;
    return MIN(d->replicas + d->max_surge - total, d->replicas);
}

bool deployment_roll_up(const DeploymentView *d, const ReplicaSetView *rs, uint32_t n,
                        int64_t *want)
{
    int new = find_new(rs, n);
    int64_t room;

    keep_all(rs, n, want);
    if (new < 0 || rs[new].replicas == d->replicas)
        return false;
    if (d->is_recreate || rs[new].replicas > d->replicas) {
        want[new] = d->replicas;
        return true;
    }
    room = d->replicas + d->max_surge - sum_spec(rs, n);
    if (room > 0)
        want[new] += MIN(room, d->replicas - rs[new].replicas);
    return any_change(rs, n, want);
}

bool deployment_roll_down(const DeploymentView *d, const ReplicaSetView *rs, uint32_t n,
                          int64_t *want)
{
    int64_t min_available = d->replicas - d->max_unavailable;
    int64_t may_go, available = 0, new_missing = 0, old_total = 0;

    keep_all(rs, n, want);
    for (uint32_t i = 0; i < n; i++) {
        available += rs[i].available;
        if (rs[i].is_new)
            new_missing = rs[i].replicas - rs[i].available;
        else
            old_total += rs[i].replicas;
    }
    may_go = sum_spec(rs, n) - min_available - new_missing;
    if (old_total == 0 || may_go <= 0)
        return false;

    for (uint32_t i = 0; i < n && may_go > 0; i++) { /* first those that do not work anyway */
        int64_t gone;

        if (rs[i].is_new || rs[i].replicas <= rs[i].available)
            continue;
        gone = MIN(may_go, rs[i].replicas - rs[i].available);
        want[i] -= gone;
        may_go -= gone;
    }
    for (uint32_t i = 0; i < n && available > min_available; i++) {
        int64_t gone;

        if (rs[i].is_new || want[i] == 0)
            continue;
        gone = MIN(want[i], available - min_available);
        want[i] -= gone;
        available -= gone;
    }
    return any_change(rs, n, want);
}

/* ---- templates ---- */

static int by_name(const void *x, const void *y)
{
    return strcmp((*(const Member *const *)x)->name, (*(const Member *const *)y)->name);
}

static uint32_t hash_add(uint32_t h, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)s[i]) * 16777619u;
    return (h ^ 0xff) * 16777619u; /* an end mark, so that "ab","c" is not "a","bc" */
}

/* Members in the order of their names: the text of one object may come in any order. */
static uint32_t hash_value(const Value *v, uint32_t h)
{
    Value *item;

    if (value_is(v, VALUE_OBJECT)) {
        const Member **members = xcalloc(v->n + 1, sizeof(*members));

        for (uint32_t i = 0; i < v->n; i++)
            members[i] = &v->members[i];
        qsort(members, v->n, sizeof(*members), by_name);
        h = hash_add(h, "{", 1);
        for (uint32_t i = 0; i < v->n; i++) {
            h = hash_add(h, members[i]->name, strlen(members[i]->name));
            h = hash_value(members[i]->value, h);
        }
        free(members);
        return hash_add(h, "}", 1);
    }
    if (value_is(v, VALUE_ARRAY)) {
        h = hash_add(h, "[", 1);
        value_each_item(v, i, item) h = hash_value(item, h);
        return hash_add(h, "]", 1);
    }
    if (value_is(v, VALUE_STRING) || value_is(v, VALUE_NUMBER))
        return hash_add(h, v->str, v->n);
    return hash_add(h, value_is(v, VALUE_BOOL) ? (v->boolean ? "t" : "f") : "n", 1);
}

char *deployment_template_hash(const Value *template, int64_t collisions, char out[16])
{
    static const char alphabet[] = "bcdfghjklmnpqrstvwxz2456789";
    uint32_t h = hash_value(template, 2166136261u);

    if (collisions > 0)
        h = hash_add(h, (const char *)&collisions, sizeof(collisions));
    snprintf(out, 16, "%u", h);
    for (char *p = out; *p; p++)
        *p = alphabet[(unsigned char)*p % (sizeof(alphabet) - 1)];
    return out;
}

static Value *without_hash(Arena *a, const Value *template)
{
    Value *copy = value_copy(a, template), *labels = value_at(copy, "metadata.labels");

    value_del(labels, "pod-template-hash");
    if (labels && value_len(labels) == 0)
        value_del_at(copy, "metadata.labels");
    return copy;
}

bool deployment_same_template(Arena *a, const Value *x, const Value *y)
{
    return value_equal(without_hash(a, x), without_hash(a, y));
}

const char *deployment_history(Arena *a, const char *history, const char *was)
{
    size_t more = strlen(was) + 1;
    const char *comma;

    while (history && history[0] && strlen(history) + more > DEPLOYMENT_HISTORY_MAX) {
        comma = strchr(history, ',');
        history = comma ? comma + 1 : NULL;
    }
    return history && history[0] ? arena_printf(a, "%s,%s", history, was) : was;
}

/* ---- status ---- */

/* Zero counters are absent in the stored form. */
static void set_count(Arena *a, Value *status, const char *name, int64_t n)
{
    if (n != 0)
        value_set_int(a, status, name, n);
}

Value *deployment_status(Arena *a, const Value *d, const ReplicaSetView *rs, uint32_t n,
                         int64_t now_us)
{
    DeploymentView view = deployment_view(d);
    Value *copy = value_object(a), *status, *conditions = value_at(d, "status.conditions");
    int64_t replicas = 0, updated = 0, ready = 0, available = 0, collisions;
    int64_t terminating = 0;
    bool is_enough;

    for (uint32_t i = 0; i < n; i++) {
        replicas += rs[i].status_replicas;
        ready += rs[i].ready;
        available += rs[i].available;
        terminating =
            terminating < 0 || rs[i].terminating < 0 ? -1 : terminating + rs[i].terminating;
        if (rs[i].is_new)
            updated = rs[i].status_replicas;
    }
    is_enough = available >= view.replicas - view.max_unavailable;
    status = value_need(a, copy, "status");
    set_count(a, status, "observedGeneration", meta_generation(d));
    set_count(a, status, "replicas", replicas);
    set_count(a, status, "updatedReplicas", updated);
    set_count(a, status, "readyReplicas", ready);
    set_count(a, status, "availableReplicas", available);
    set_count(a, status, "unavailableReplicas", MAX(sum_spec(rs, n) - available, 0));
    if (terminating >= 0)
        value_set_int(a, status, "terminatingReplicas", terminating);
    collisions = value_at_int(d, "status.collisionCount", 0);
    if (collisions > 0)
        value_set_int(a, status, "collisionCount", collisions);
    value_set(a, status, "conditions", conditions ? value_copy(a, conditions) : value_array(a));
    condition_set(a, copy,
                  is_enough ? &(Condition){"Available", "True", "MinimumReplicasAvailable",
                                           "Deployment has minimum availability.", true}
                            : &(Condition){"Available", "False", "MinimumReplicasUnavailable",
                                           "Deployment does not have minimum availability.", true},
                  now_us);
    return status;
}

bool deployment_is_complete(const Value *d, const Value *status)
{
    int64_t wanted = value_at_int(d, "spec.replicas", 1);

    return value_at_int(status, "updatedReplicas", 0) == wanted &&
           value_at_int(status, "replicas", 0) == wanted &&
           value_at_int(status, "availableReplicas", 0) == wanted &&
           value_at_int(status, "observedGeneration", 0) >= meta_generation(d);
}

static bool is_progressing(const Value *old, const Value *new)
{
    int64_t old_updated = value_at_int(old, "updatedReplicas", 0);
    int64_t new_updated = value_at_int(new, "updatedReplicas", 0);

    return new_updated > old_updated ||
           value_at_int(new, "replicas", 0) - new_updated <
               value_at_int(old, "replicas", 0) - old_updated ||
           value_at_int(new, "readyReplicas", 0) > value_at_int(old, "readyReplicas", 0) ||
           value_at_int(new, "availableReplicas", 0) > value_at_int(old, "availableReplicas", 0);
}

/* Replace Progressing; its update time moves in any case, its transition time with the status. */
static void set_progressing(Arena *a, Value *holder, const Condition *c, int64_t now_us)
{
    Value *old = condition_get(holder, "Progressing");
    bool same_status = str_eq(value_get_str(old, "status"), c->status);
    const char *since = same_status ? value_get_str(old, "lastTransitionTime") : NULL;

    condition_del(holder, "Progressing");
    condition_set(a, holder, c, now_us);
    if (since)
        value_set_str(a, condition_get(holder, "Progressing"), "lastTransitionTime", since);
}

static void copy_replica_failure(Arena *a, Value *holder, const ReplicaSetView *rs, uint32_t n,
                                 int64_t now_us)
{
    const Value *failure = NULL;

    for (uint32_t i = 0; i < n; i++) {
        const Value *one = condition_get(rs[i].v, "ReplicaFailure");

        if (one && (!failure || rs[i].is_new))
            failure = one;
    }
    if (!failure) {
        condition_del(holder, "ReplicaFailure");
        return;
    }
    condition_set(a, holder,
                  &(Condition){"ReplicaFailure", value_get_str(failure, "status"),
                               value_get_str(failure, "reason"), value_get_str(failure, "message"),
                               true},
                  now_us);
}

int64_t deployment_progress(Arena *a, const Value *d, Value *status, const ReplicaSetView *rs,
                            uint32_t n, int64_t now_us)
{
    int64_t deadline_s = value_at_int(d, "spec.progressDeadlineSeconds", INT32_MAX);
    const Value *current = condition_get(d, "Progressing");
    int64_t since_us = value_time_us(current, "lastUpdateTime");
    const char *reason = value_get_str(current, "reason");
    int new = find_new(rs, n);
    const char *what = new >= 0 && rs[new].v
                           ? arena_printf(a, "ReplicaSet \"%s\"", meta_name(rs[new].v))
                           : arena_printf(a, "Deployment \"%s\"", meta_name(d));
    Value *holder = value_object(a);
    bool was_complete =
        value_at_int(status, "replicas", 0) == value_at_int(status, "updatedReplicas", 0) &&
        str_eq(reason, "NewReplicaSetAvailable");
    Condition c = {"Progressing", "True", NULL, NULL, true};

    value_set(a, holder, "status", status);
    copy_replica_failure(a, holder, rs, n, now_us);
    if (deadline_s == INT32_MAX) {
        condition_del(holder, "Progressing");
        return 0;
    }
    if (was_complete)
        return 0;
    if (deployment_is_complete(d, status)) {
        c.reason = "NewReplicaSetAvailable";
        c.message = arena_printf(a, "%s has successfully progressed.", what);
        set_progressing(a, holder, &c, now_us);
        return 0;
    }
    if (!current || is_progressing(value_get(d, "status"), status)) {
        c.reason = "ReplicaSetUpdated";
        c.message = arena_printf(a, "%s is progressing.", what);
        set_progressing(a, holder, &c, now_us);
        return deadline_s * 1000 + 1000;
    }
    if (str_eq(reason, "NewReplicaSetAvailable") || str_eq(reason, "ProgressDeadlineExceeded"))
        return 0;
    if (since_us != 0 && since_us + deadline_s * 1000000 < now_us) {
        c = (Condition){"Progressing", "False", "ProgressDeadlineExceeded",
                        arena_printf(a, "%s has timed out progressing.", what), true};
        set_progressing(a, holder, &c, now_us);
        return 0;
    }
    return MAX((since_us + deadline_s * 1000000 - now_us) / 1000 + 1000, 1000);
}
