/* The index against the plain walk, over random policies and random questions. */
#include "tests/unit/rbac/policies.h"
#include "tests/unit/test.h"

enum { POLICIES = 400, QUESTIONS = 60 };

static uint64_t seed;

static uint32_t pick(uint32_t n)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33) % n;
}

#define ONE_OF(list) ((list)[pick(ARRAY_LEN(list))])

static const char *const verbs[] = {"get", "list", "watch", "create", "delete", "bind", "use"};
static const char *const api_groups[] = {"", "apps", "x.io"};
static const char *const resources[] = {"pods", "deployments", "things"};
static const char *const subs[] = {"log", "scale", "status"};
static const char *const names[] = {"a", "b", "c"};
static const char *const paths[] = {"/healthz", "/metrics", "/api/v1", "/apis/apps", "/"};
static const char *const path_rules[] = {"/healthz", "/metrics", "/api*",   "/apis/*", "*",
                                         "/",        "/heal*",   "/nope**", "/api/v1"};
static const char *const users[] = {"jane", "joe", "system:serviceaccount:n1:bot", "nobody"};
static const char *const groups[] = {"dev", "ops", "system:authenticated"};
static const char *const namespaces[] = {"n1", "n2"};
static const char *const labels[] = {"x", "y"};

static void add_some(Arena *a, Value *rule, const char *field, const char *const *list, uint32_t n,
                     const char *wild)
{
    Value *v = value_array(a);

    for (uint32_t i = 1 + pick(2); i > 0; i--)
        value_append(a, v, value_str(a, wild && pick(4) == 0 ? wild : list[pick(n)]));
    value_set(a, rule, field, v);
}

#define SOME(rule, field, list, wild) add_some(a, rule, field, list, ARRAY_LEN(list), wild)

static Value *random_rule(Arena *a)
{
    Value *r = value_object(a), *v;

    SOME(r, "verbs", verbs, "*");
    if (pick(4) == 0) {
        SOME(r, "nonResourceURLs", path_rules, NULL);
        return r;
    }
    SOME(r, "apiGroups", api_groups, "*");
    SOME(r, "resources", resources, "*");
    v = value_get(r, "resources");
    if (pick(3) == 0)
        value_append(a, v,
                     value_printf(a, "%s/%s", pick(4) ? ONE_OF(resources) : "*", ONE_OF(subs)));
    if (pick(8) == 0)
        value_append(a, v, value_printf(a, "%s/*", ONE_OF(resources))); /* means nothing */
    if (pick(3) == 0)
        SOME(r, "resourceNames", names, NULL);
    return r;
}

static void add_role(Policy *p, int kind, const char *name)
{
    Arena *a = p->arena;
    Value *v = value_object(a), *rules = value_array(a);

    value_set_at(a, v, "metadata.name", value_str(a, name));
    if (kind == ROLE)
        value_set_at(a, v, "metadata.namespace", value_str(a, ONE_OF(namespaces)));
    if (pick(2) == 0)
        value_set_at(a, v, arena_printf(a, "metadata.labels.%s", ONE_OF(labels)),
                     value_str(a, "true"));
    for (uint32_t i = 1 + pick(4); i > 0; i--)
        value_append(a, rules, random_rule(a));
    value_set(a, v, "rules", rules);
    if (kind == CLUSTER_ROLE && pick(4) == 0)
        value_set(a, v, "aggregationRule",
                  value_literal(a, arena_printf(a,
                                                "{'clusterRoleSelectors':[{'matchLabels':{'%s':"
                                                "'true'}}]}",
                                                ONE_OF(labels))));
    policy_add(p, kind, v);
}

static Value *random_subject(Arena *a)
{
    Value *s = value_object(a);
    uint32_t kind = pick(3);

    value_set_str(a, s, "kind", kind == 0 ? "User" : kind == 1 ? "Group" : "ServiceAccount");
    value_set_str(a, s, "name", kind == 0 ? ONE_OF(users) : kind == 1 ? ONE_OF(groups) : "bot");
    if (kind == 2 && pick(2) == 0)
        value_set_str(a, s, "namespace", ONE_OF(namespaces));
    return s;
}

static void add_binding(Policy *p, int kind, const char *name)
{
    Arena *a = p->arena;
    bool is_cluster_role = kind == CLUSTER_ROLE_BINDING || pick(2) == 0;
    Value *v = value_object(a), *subjects = value_array(a);

    value_set_at(a, v, "metadata.name", value_str(a, name));
    if (kind == ROLE_BINDING)
        value_set_at(a, v, "metadata.namespace", value_str(a, ONE_OF(namespaces)));
    value_set_at(a, v, "roleRef.kind", value_str(a, is_cluster_role ? "ClusterRole" : "Role"));
    value_set_at(a, v, "roleRef.name",
                 value_printf(a, "%s%u", is_cluster_role ? "c" : "r", pick(8)));
    for (uint32_t i = 1 + pick(4); i > 0; i--)
        value_append(a, subjects, random_subject(a));
    value_set(a, v, "subjects", subjects);
    policy_add(p, kind, v);
}

/* Something in the base that does not count: it is hidden, or the cluster has its own of that
 * name. It would allow everything. */
static void add_decoy(Policy *p, int kind, const char *ns, const char *name)
{
    Arena *a = p->arena;
    Value *v = value_literal(a, "{'roleRef':{'kind':'ClusterRole','name':'all'},'subjects':[{"
                                "'kind':'Group','name':'dev'},{'kind':'User','name':'joe'}],"
                                "'rules':[{'verbs':['*'],'apiGroups':['*'],'resources':['*']},{"
                                "'verbs':['*'],'nonResourceURLs':['*']}]}");

    value_set_at(a, v, "metadata.name", value_str(a, name));
    if (kind == ROLE || kind == ROLE_BINDING)
        value_set_at(a, v, "metadata.namespace", value_str(a, ns));
    policy_add(p, kind, v);
}

static const char *const hidden[] = {"clusterroles/gone", "clusterrolebindings/gone",
                                     "rolebindings/n1/gone", "roles/n1/gone", NULL};

static void add_decoys(Policy layer[2])
{
    layer[0].arena = arena_new();
    for (int k = 0; k < KIND_MAX_; k++) {
        add_decoy(&layer[0], k, "n1", "gone");
        for (size_t i = 0; i < layer[1].n[k]; i++)
            if (pick(3) == 0)
                add_decoy(&layer[0], k, layer[1].objs[k][i]->ns, layer[1].objs[k][i]->name);
    }
}

/* A role's name is taken once in all, so that both layers together are one policy. */
static void random_policy(Policy *both, Policy layer[2])
{
    both->arena = arena_new();
    policy_add(both, CLUSTER_ROLE,
               value_literal(both->arena, "{'metadata':{'name':'all'},'rules':[{'verbs':['*'],"
                                          "'apiGroups':['*'],'resources':['*']},{'verbs':['*'],"
                                          "'nonResourceURLs':['*']}]}"));
    for (uint32_t i = 0; i < 7; i++) {
        add_role(both, CLUSTER_ROLE, arena_printf(both->arena, "c%u", i));
        add_role(both, ROLE, arena_printf(both->arena, "r%u", i));
    }
    for (uint32_t i = 0; i < 6; i++) {
        add_binding(both, CLUSTER_ROLE_BINDING, arena_printf(both->arena, "b%u", i));
        add_binding(both, ROLE_BINDING, arena_printf(both->arena, "b%u", i));
    }
    for (int k = 0; k < KIND_MAX_; k++)
        for (size_t i = 0; i < both->n[k]; i++)
            policy_add(&layer[pick(2)], k, both->trees[k][i]);
    add_decoys(layer);
}

static void random_question(RbacAttrs *at, const char **my_groups)
{
    uint32_t n = 0;

    for (size_t i = 0; i < ARRAY_LEN(groups); i++)
        if (pick(3) == 0)
            my_groups[n++] = groups[i];
    my_groups[n] = NULL;
    *at = (RbacAttrs){.user = ONE_OF(users),
                      .groups = my_groups,
                      .verb = ONE_OF(verbs),
                      .is_resource = pick(5) != 0,
                      .group = ONE_OF(api_groups),
                      .resource = ONE_OF(resources),
                      .subresource = pick(2) ? "" : ONE_OF(subs),
                      .ns = pick(4) ? ONE_OF(namespaces) : "",
                      .name = pick(2) ? ONE_OF(names) : "",
                      .path = ONE_OF(paths)};
}

static void free_layers(Policy layer[2])
{
    policy_done(&layer[0]);
    policy_done(&layer[1]);
}

TEST(the_index_decides_as_the_plain_walk_does)
{
    uint32_t n_allowed = 0, n_refused = 0;

    for (uint32_t i = 0; i < POLICIES; i++) {
        Policy both = {0}, layer[2] = {0};
        RbacIndex *base, *own, *alone;

        seed = i + 1;
        random_policy(&both, layer);
        base = policy_index(&layer[0], NULL, NULL);
        own = policy_index(&layer[1], base, hidden);
        alone = policy_index(&both, NULL, NULL);
        for (uint32_t k = 0; k < QUESTIONS; k++) {
            CLEANUP(arena_free) Arena *a = arena_new();
            const char *my_groups[ARRAY_LEN(groups) + 1];
            RbacAttrs at;
            bool expected;

            random_question(&at, my_groups);
            expected = plain_allows(&both, &at);
            if (rbac_allows(base, own, &at, a, NULL) != expected ||
                rbac_allows(alone, NULL, &at, a, NULL) != expected)
                fail_msg("policy %u, question %u: %s %s %s/%s %s in '%s', expected %d", i, k,
                         at.user, at.verb, at.resource, at.subresource, at.path, at.ns, expected);
            n_allowed += expected;
            n_refused += !expected;
        }
        rbac_index_unref(base);
        rbac_index_unref(own);
        rbac_index_unref(alone);
        free_layers(layer);
        policy_done(&both);
    }
    /* the questions are worth asking */
    assert_true(n_allowed > POLICIES * QUESTIONS / 10);
    assert_true(n_refused > POLICIES * QUESTIONS / 10);
}

/* More groups than are walked at a time. */
TEST(a_user_may_be_in_many_groups)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Policy p = {.arena = arena_new()};
    const char *many[200] = {0};
    RbacAttrs at = {.user = "u",
                    .groups = many,
                    .verb = "get",
                    .is_resource = true,
                    .group = "",
                    .resource = "pods",
                    .subresource = "",
                    .ns = "n1",
                    .name = "",
                    .path = ""};
    const char *why = NULL;
    RbacIndex *x;

    policy_add(&p, CLUSTER_ROLE,
               value_literal(p.arena, "{'metadata':{'name':'r'},'rules':[{'verbs':['get'],"
                                      "'apiGroups':[''],'resources':['pods']}]}"));
    policy_add(&p, CLUSTER_ROLE, value_literal(p.arena, "{'metadata':{'name':'none'},'rules':[]}"));
    for (int i = 0; i < 199; i++) {
        many[i] = arena_printf(p.arena, "g%d", i);
        policy_add(
            &p, CLUSTER_ROLE_BINDING,
            value_literal(p.arena, arena_printf(p.arena,
                                                "{'metadata':{'name':'b%d'},'roleRef':{'kind':"
                                                "'ClusterRole','name':'%s'},'subjects':[{'kind':"
                                                "'Group','name':'g%d'}]}",
                                                i, i == 180 ? "r" : "none", i)));
    }
    x = policy_index(&p, NULL, NULL);
    assert_true(rbac_allows(x, NULL, &at, a, &why));
    assert_string_equal(
        why, "RBAC: allowed by ClusterRoleBinding \"b180\" of ClusterRole \"r\" to Group \"g180\"");
    many[180] = "other";
    assert_false(rbac_allows(x, NULL, &at, a, NULL));
    rbac_index_unref(x);
    policy_done(&p);
}
