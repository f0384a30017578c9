#include "controllers/auditstatus_sync.h"

#include "client/meta.h"
#include "quota/quota.h"

bool auditstatus_note(Arena *a, Value *policy, uint32_t place, int64_t now_us)
{
    bool is_in_force = place < AUDIT_POLICIES_MAX;
    int64_t generation = meta_generation(policy);
    bool is_changed = value_at_int(policy, "status.observedGeneration", 0) != generation;
    Condition c = {
        .type = "InForce",
        .status = is_in_force ? "True" : "False",
        .reason = is_in_force ? "Observed" : "TooManyPolicies",
        .message = is_in_force ? "requests are recorded as it says, as long as the log has room"
                               : arena_printf(a, "only the first %d policies by name are looked at",
                                              AUDIT_POLICIES_MAX),
    };

    if (is_changed)
        value_set_int(a, value_need(a, policy, "status"), "observedGeneration", generation);
    return condition_set(a, policy, &c, now_us) || is_changed;
}
