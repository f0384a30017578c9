#include "controllers/rows.h"

/*
 * The stored rules of aggregated ClusterRoles, for those who read them. Decisions do not wait for
 * this: rbac/ collects the rules itself. One key a cluster stands for all its aggregated roles.
 */

void aggregation_map(Controllers *c, uint32_t index, const Change *ch)
{
    ctl_enqueue(c, index, ch->cluster, "", "all");
}

static int by_name(const void *a, const void *b)
{
    return strcmp(meta_name(*(Value *const *)a), meta_name(*(Value *const *)b));
}

static bool has_rule(const Value *rules, const Value *rule)
{
    const Value *v;

    value_each_item(rules, i, v) if (value_equal(v, rule)) return true;
    return false;
}

/* The rules that `role` collects from `all`, which are in the order of their names. */
static Value *collect(Arena *a, const Value *role, const Values *all)
{
    Value *rules = value_array(a);
    const Value *selector, *rule;

    value_each_item(value_at(role, "aggregationRule.clusterRoleSelectors"), i, selector)
    {
        Selector *s = NULL;
        bool is_none = false;

        if (selector_from_value(a, selector, &s, &is_none, NULL) < 0 || is_none)
            continue;
        for (uint32_t k = 0; k < all->n; k++) {
            if (str_eq(meta_name(all->items[k]), meta_name(role)) ||
                !selector_match_labels(s, value_at(all->items[k], "metadata.labels")))
                continue;
            value_each_item(value_get(all->items[k], "rules"), j, rule) if (!has_rule(rules, rule))
                value_append(a, rules, value_copy(a, rule));
        }
    }
    return rules;
}

static bool same_rules(const Value *a, const Value *b)
{
    const Value *rule;

    value_each_item(a, i, rule) if (!has_rule(b, rule)) return false;
    value_each_item(b, k, rule) if (!has_rule(a, rule)) return false;
    return true;
}

int aggregation_sync(Ctl *ctl, Err *err)
{
    Values all = {0};
    int r = ctl_list(ctl, "rbac/clusterroles", NULL, NULL, NULL, &all, err);

    if (r < 0)
        return r;
    if (all.n > 1)
        qsort(all.items, all.n, sizeof(*all.items), by_name);
    for (uint32_t i = 0; i < all.n; i++) {
        Value *role = all.items[i], *rules;
        ObjRef at;

        if (!value_get(role, "aggregationRule"))
            continue;
        rules = collect(ctl->arena, role, &all);
        if (same_rules(rules, value_get(role, "rules")))
            continue;
        value_set(ctl->arena, role, "rules", rules);
        at = ctl_ref(ctl, "rbac/clusterroles", "", meta_name(role));
        r = client_update(ctl->client, ctl->arena, &at, role, NULL, err);
        if (r < 0)
            return r;
    }
    return 0;
}
