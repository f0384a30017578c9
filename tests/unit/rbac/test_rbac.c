#include "base/err.h"
#include "base/mem.h"
#include "rbac/rbac.h"
#include "tests/unit/test.h"

enum { ROLES, CLUSTER_ROLES, ROLE_BINDINGS, CLUSTER_ROLE_BINDINGS, KINDS };

typedef struct Layer {
    Obj *items[KINDS][64];
    size_t n[KINDS];
} Layer;

static RbacIndex *base, *own;

static int kind_of(const char *s)
{
    static const char *const names[] = {"Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"};

    for (int i = 0; i < KINDS; i++)
        if (strcmp(names[i], s) == 0)
            return i;
    fail_msg("unknown kind %s", s);
    return 0;
}

static char *read_file(const char *path)
{
    FILE *f = fopen(path, "r");
    char *text = xcalloc(1, 65536);

    assert_non_null(f);
    assert_true(fread(text, 1, 65535, f) > 0);
    fclose(f);
    return text;
}

static RbacIndex *index_of(RbacIndex *over, Layer *l, const char *const *hidden)
{
    RbacIndex *x;
    RbacObjs o[KINDS];

    for (int i = 0; i < KINDS; i++)
        o[i] = (RbacObjs){l->items[i], l->n[i]};
    x = rbac_index_new(over, o[ROLES], o[CLUSTER_ROLES], o[ROLE_BINDINGS], o[CLUSTER_ROLE_BINDINGS],
                       hidden);
    for (int i = 0; i < KINDS; i++)
        for (size_t j = 0; j < l->n[i]; j++)
            obj_unref(l->items[i][j]);
    return x;
}

static void load(void)
{
    AUTO_FREE char *text = read_file("tests/tables/rbac.rules");
    CLEANUP(arena_free) Arena *a = arena_new();
    Layer layers[2] = {0};
    const char *hidden[16] = {0};
    size_t n_hidden = 0;
    char *save = NULL;

    for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        char layer[16], kind[32];
        int at = 0, k;
        Layer *l;
        Err err;

        if (*line == '#')
            continue;
        assert_int_equal(sscanf(line, "%15s %n", layer, &at), 1);
        if (strcmp(layer, "hidden") == 0) {
            hidden[n_hidden++] = line + at;
            continue;
        }
        l = &layers[strcmp(layer, "own") == 0];
        line += at;
        assert_int_equal(sscanf(line, "%31s %n", kind, &at), 1);
        k = kind_of(kind);
        assert_ok(obj_from_value(value_literal(a, line + at), 7, &l->items[k][l->n[k]++], &err));
    }
    base = index_of(NULL, &layers[0], NULL);
    own = index_of(base, &layers[1], hidden);
}

static void unload(void)
{
    rbac_index_unref(TAKE(base));
    rbac_index_unref(TAKE(own));
}

static char *field(char **rest)
{
    char *s = *rest, *end = strstr(s, " |");

    if (end) {
        *end = 0;
        *rest = end + 2 + strspn(end + 2, " ");
    } else {
        *rest = s + strlen(s);
    }
    return s;
}

static void parse_user(Arena *a, char *s, RbacAttrs *at)
{
    const char **groups = arena_array(a, const char *, 8);
    char *save = NULL;
    size_t n = 0;

    at->user = strtok_r(s, ",", &save);
    for (char *g; (g = strtok_r(NULL, ",", &save));)
        groups[n++] = g;
    at->groups = groups;
}

static void parse_object(Arena *a, const char *s, RbacAttrs *at)
{
    char res[100], ns[100], name[100], *p = res, *slash;

    at->group = at->resource = at->subresource = at->ns = at->name = at->path = "";
    if (*s == '/') {
        at->path = s;
        return;
    }
    at->is_resource = true;
    assert_int_equal(sscanf(s, "%99s %99s %99s", res, ns, name), 3);
    slash = strchr(p, '/');
    if (slash &&
        (strchr(slash + 1, '/') || strcmp(slash, "/widgets") == 0 ||
         strcmp(slash, "/deployments") == 0) &&
        strncmp(p, "deployments/", 12) != 0) {
        at->group = arena_strndup(a, p, (size_t)(slash - p));
        p = slash + 1;
        slash = strchr(p, '/');
    }
    at->resource = slash ? arena_strndup(a, p, (size_t)(slash - p)) : arena_strdup(a, p);
    if (slash)
        at->subresource = arena_strdup(a, slash + 1);
    if (strcmp(ns, "-") != 0)
        at->ns = arena_strdup(a, ns);
    if (strcmp(name, "-") != 0)
        at->name = arena_strdup(a, name);
}

TEST(every_row_of_the_table_holds)
{
    AUTO_FREE char *text = read_file("tests/tables/rbac.eval");
    char *save = NULL;

    load();
    for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        CLEANUP(arena_free) Arena *a = arena_new();
        char *copy = arena_strdup(a, line);
        RbacAttrs at = {0};
        const char *reason = NULL;
        bool wanted;

        if (*line == '#')
            continue;
        parse_user(a, field(&line), &at);
        at.verb = field(&line);
        parse_object(a, field(&line), &at);
        wanted = strcmp(field(&line), "yes") == 0;
        if (rbac_allows(base, own, &at, a, &reason) != wanted || strcmp(reason, line) != 0)
            fail_msg("%s\n  answered %d: %s", copy, !wanted, reason);
    }
    unload();
}

static const struct {
    const char *user, *group, *ns, *wanted, *message;
} escalations[] = {
    {"root", "system:masters", "", "[{'verbs':['*'],'apiGroups':['*'],'resources':['*']}]", NULL},
    {"vera", "g", "dev", "[{'verbs':['get','list'],'apiGroups':[''],'resources':['pods']}]", NULL},
    {"vera", "g", "dev",
     "[{'verbs':['get','delete'],'apiGroups':[''],'resources':['pods','secrets']}]",
     "user \"vera\" (groups=[\"g\"]) is attempting to grant RBAC permissions not currently held:\n"
     "{APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"delete\"]}\n"
     "{APIGroups:[\"\"], Resources:[\"secrets\"], Verbs:[\"get\" \"delete\"]}"},
    {"vera", "g", "", "[{'verbs':['get'],'apiGroups':[''],'resources':['pods']}]",
     "user \"vera\" (groups=[\"g\"]) is attempting to grant RBAC permissions not currently held:\n"
     "{APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"get\"]}"},
    {"x", "system:authenticated", "",
     "[{'verbs':['get'],'nonResourceURLs':['/api/v1','/metrics']}]",
     "user \"x\" (groups=[\"system:authenticated\"]) is attempting to grant RBAC permissions not "
     "currently held:\n{NonResourceURLs:[\"/metrics\"], Verbs:[\"get\"]}"},
    {"system:serviceaccount:dev:bot", "g", "dev",
     "[{'verbs':['get'],'apiGroups':[''],'resources':['configmaps'],'resourceNames':['only','no']},"
     "{'verbs':['update'],'apiGroups':['apps'],'resources':['deployments/scale']}]",
     "user \"system:serviceaccount:dev:bot\" (groups=[\"g\"]) is attempting to grant RBAC "
     "permissions not currently held:\n"
     "{APIGroups:[\"\"], Resources:[\"configmaps\"], ResourceNames:[\"no\"], Verbs:[\"get\"]}"},
    {"system:serviceaccount:dev:bot", "g", "dev",
     "[{'verbs':['get'],'apiGroups':[''],'resources':['configmaps']}]",
     "user \"system:serviceaccount:dev:bot\" (groups=[\"g\"]) is attempting to grant RBAC "
     "permissions not currently held:\n"
     "{APIGroups:[\"\"], Resources:[\"configmaps\"], Verbs:[\"get\"]}"},
};

TEST(nobody_hands_on_what_they_do_not_hold)
{
    load();
    for (size_t i = 0; i < ARRAY_LEN(escalations); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const char *const groups[] = {escalations[i].group, NULL};
        RbacAttrs at = {.user = escalations[i].user, .groups = groups};
        Value *missing = rbac_missing_rules(base, own, &at, escalations[i].ns,
                                            value_literal(a, escalations[i].wanted), a);

        if (!escalations[i].message) {
            assert_null(missing);
            continue;
        }
        assert_non_null(missing);
        assert_string_equal(rbac_escalation_message(a, &at, missing), escalations[i].message);
    }
    unload();
}

TEST(aggregated_roles_collect_their_rules)
{
    CLEANUP(arena_free) Arena *a = arena_new();

    load();
    assert_string_equal(
        value_to_str(a, rbac_rules_of(base, own, a, "ClusterRole", "", "view")),
        "[{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\","
        "\"pods/log\"]},{\"verbs\":[\"get\"],\"apiGroups\":[\"acme.io\"],\"resources\":["
        "\"widgets\"]}]");
    assert_int_equal(value_len(rbac_rules_of(base, own, a, "ClusterRole", "", "edit")), 3);
    assert_int_equal(value_len(rbac_rules_of(base, own, a, "ClusterRole", "", "loop-a")), 0);
    assert_null(rbac_rules_of(base, own, a, "ClusterRole", "", "gone"));
    assert_null(rbac_rules_of(base, own, a, "Role", "prod", "r"));
    unload();
}

TEST(a_rules_review_lists_what_a_user_holds)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *const groups[] = {"system:authenticated", NULL};
    RbacAttrs at = {.user = "vera", .groups = groups, .ns = "dev"};
    Value *resources, *urls;

    load();
    rbac_rules(base, own, &at, a, &resources, &urls);
    assert_int_equal(value_len(resources), 2);
    assert_string_equal(value_to_str(a, urls),
                        "[{\"verbs\":[\"get\"],\"nonResourceURLs\":[\"/api\",\"/api/*\","
                        "\"/version\",\"/openapi*\"]}]");
    unload();
}
