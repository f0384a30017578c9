#include "controllers/disruption_sync.h"

static const Value *limit_of(const Value *pdb, bool *ret_is_max)
{
    const Value *max = value_at(pdb, "spec.maxUnavailable");

    *ret_is_max = max != NULL;
    return max ? max : value_at(pdb, "spec.minAvailable");
}

bool disruption_has_limit(const Value *pdb)
{
    bool is_max;

    return limit_of(pdb, &is_max) != NULL;
}

bool disruption_needs_scale(const Value *pdb)
{
    bool is_max;
    const Value *limit = limit_of(pdb, &is_max);

    return is_max || value_to_cstr(limit) != NULL;
}

/* Shares are rounded up. */
static int64_t amount(const Value *v, int64_t total)
{
    const char *text = value_to_cstr(v);
    int64_t n = 0;

    if (!text)
        return value_to_int(v, &n) ? n : 0;
    if (!str_ends(text, "%") || !slice_to_int64((Slice){text, strlen(text) - 1}, &n))
        return 0;
    return (n * total + 99) / 100;
}

int64_t disruption_desired(const Value *pdb, int64_t expected)
{
    bool is_max;
    const Value *limit = limit_of(pdb, &is_max);

    return is_max ? MAX(expected - amount(limit, expected), 0) : amount(limit, expected);
}

Value *disruption_status(Arena *a, const Value *pdb, const DisruptionCounts *c, Value *disrupted,
                         const char *failure, int64_t now_us)
{
    Value *copy = value_copy(a, pdb), *status = value_need(a, copy, "status");
    int64_t desired = disruption_desired(pdb, c->expected);
    int64_t allowed = c->expected > 0 ? MAX(c->healthy - desired, 0) : 0;
    Condition condition = {"DisruptionAllowed", "False", "InsufficientPods", "", false};

    if (failure) { /* the counts stay as they were; nothing may go */
        allowed = 0;
        condition.reason = "SyncFailed";
        condition.message = failure;
    } else {
        value_set_int(a, status, "currentHealthy", c->healthy);
        value_set_int(a, status, "desiredHealthy", desired);
        value_set_int(a, status, "expectedPods", c->expected);
        value_set_int(a, status, "observedGeneration", meta_generation(pdb));
        if (value_len(disrupted) > 0)
            value_set(a, status, "disruptedPods", disrupted);
        else
            value_del(status, "disruptedPods");
    }
    value_set_int(a, status, "disruptionsAllowed", allowed);
    if (allowed > 0) {
        condition.status = "True";
        condition.reason = "SufficientPods";
    }
    condition_set(a, copy, &condition, now_us);
    /* of the spec that was last counted */
    if (value_at_int(status, "observedGeneration", 0) > 0)
        value_set_int(a, condition_get(copy, "DisruptionAllowed"), "observedGeneration",
                      value_at_int(status, "observedGeneration", 0));
    if (failure) { /* required members of a status that was never counted */
        static const char *const counts[] = {"currentHealthy", "desiredHealthy", "expectedPods"};

        for (size_t i = 0; i < ARRAY_LEN(counts); i++)
            if (!value_get(status, counts[i]))
                value_set_int(a, status, counts[i], 0);
    }
    return status;
}
