#include "controllers/rows.h"

/*
 * A ClusterRole with an aggregationRule has the rules of all ClusterRoles that the rule selects, in
 * the order of their names, each rule once.
 */

static const char *const storage = "rbac/clusterroles";

typedef struct AllRoles {
    Controllers *c;
    uint32_t index;
    const char *cluster;
} AllRoles;

static bool aggregates(const Obj *o)
{
    return memmem(o->text, o->text_len, "\"aggregationRule\"", 17) != NULL;
}

static void on_role(Obj *o, void *data)
{
    const AllRoles *all = data;

    if (aggregates(o))
        ctl_enqueue(all->c, all->index, all->cluster, "", o->name);
}

void aggregation_map(Controllers *c, uint32_t index, const Change *ch)
{
    Lister *l = ctl_lister(c);
    AllRoles all = {c, index, ch->cluster};

    /* A failure to list is met again at the next change. */
    (void)l->list(l, ch->cluster, storage, NULL, NULL, on_role, &all, NULL);
}

typedef struct Gather {
    Ctl *ctl;
    Selector *sel;
    Value *rules;
} Gather;

static void on_source(Obj *o, void *data)
{
    const Gather *g = data;
    const Value *v;
    Value *rule, *known;

    if (!selector_match_obj(g->sel, o) || str_eq(o->name, g->ctl->name))
        return;
    v = obj_to_value(g->ctl->arena, o, NULL, NULL);
    value_each_item(value_get(v, "rules"), i, rule)
    {
        bool is_known = false;

        value_each_item(g->rules, k, known) is_known = is_known || value_equal(known, rule);
        if (!is_known)
            value_append(g->ctl->arena, g->rules, rule);
    }
}

int aggregation_sync(Ctl *ctl, Err *err)
{
    Arena *a = ctl->arena;
    ObjRef at = ctl_ref(ctl, storage, "", ctl->name);
    Value *role, *selector, *patch;
    Gather g = {.ctl = ctl, .rules = value_array(a)};
    int r = ctl_get(ctl, storage, "", ctl->name, &role, err);

    if (r < 0 || !value_get(role, "aggregationRule"))
        return r;
    value_each_item(value_at(role, "aggregationRule.clusterRoleSelectors"), i, selector)
    {
        bool is_none = false;

        r = selector_from_value(a, selector, &g.sel, &is_none, err);
        if (r == 0 && !is_none)
            r = ctl->lister->list(ctl->lister, ctl->cluster, storage, NULL, NULL, on_source, &g,
                                  err);
        if (r < 0)
            return r;
    }
    if (value_equal(value_get(role, "rules"), g.rules) ||
        (value_len(value_get(role, "rules")) == 0 && g.rules->n == 0))
        return 0;
    patch = value_object(a);
    value_set(a, patch, "rules", g.rules);
    r = client_patch(ctl->client, a, &at, "application/merge-patch+json", patch, NULL, err);
    return r == -ERR_NOT_FOUND ? 0 : r;
}
