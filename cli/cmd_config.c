/* hpctl config and auth: who I am, where I go, what I may do. */
#include "cli/cli.h"

static int save(Cli *c)
{
    Err err;

    if (kubeconfig_save(c->kubeconfig_path, c->kubeconfig, &err) < 0)
        return cli_print_err(&err);
    return 0;
}

static Value *find_context(Cli *c, const char *name)
{
    Value *item;

    value_each_item(value_get(c->kubeconfig, "contexts"), i,
                    item) if (str_eq(value_get_str(item, "name"), name)) return item;
    return NULL;
}

static const char *current(Cli *c)
{
    const char *name = value_get_str(c->kubeconfig, "current-context");

    return name ? name : "";
}

int cmd_config_view(Cli *c)
{
    static const char *const secrets[] = {"certificate-authority-data", "client-certificate-data",
                                          "client-key-data", "token", "password"};
    const char *format = flag_str(&c->flags, "output");
    Value *shown, *item;

    if (cli_config(c) != 0)
        return 1;
    shown = value_copy(c->arena, c->kubeconfig);
    for (size_t k = 0; k < ARRAY_LEN(secrets) && !flag_bool(&c->flags, "raw"); k++) {
        value_each_item(value_get(shown, "users"), i,
                        item) if (value_get(value_get(item, "user"), secrets[k]))
            value_set_str(c->arena, value_get(item, "user"), secrets[k], "DATA+OMITTED");
        value_each_item(value_get(shown, "clusters"), i,
                        item) if (value_get(value_get(item, "cluster"), secrets[k]))
            value_set_str(c->arena, value_get(item, "cluster"), secrets[k], "DATA+OMITTED");
    }
    return print_object(c, shown, format && *format ? format : "yaml");
}

int cmd_config_use(Cli *c)
{
    if (c->n_args != 1)
        return cli_usage_error(c, "exactly one context name is required");
    if (cli_config(c) != 0)
        return 1;
    if (!find_context(c, c->args[0]))
        return cli_error("no context exists with the name: \"%s\"", c->args[0]);
    value_set_str(c->arena, c->kubeconfig, "current-context", c->args[0]);
    if (save(c) != 0)
        return 1;
    printf("Switched to context \"%s\".\n", c->args[0]);
    return 0;
}

int cmd_config_current(Cli *c)
{
    if (cli_config(c) != 0)
        return 1;
    if (!*current(c))
        return cli_error("current-context is not set");
    printf("%s\n", current(c));
    return 0;
}

int cmd_config_get_contexts(Cli *c)
{
    const char **cells;
    size_t n = 0;
    Value *item;

    if (cli_config(c) != 0)
        return 1;
    cells = arena_array(c->arena, const char *,
                        (value_len(value_get(c->kubeconfig, "contexts")) + 1) * 5 + 1);
    cells[n++] = "CURRENT";
    cells[n++] = "NAME";
    cells[n++] = "CLUSTER";
    cells[n++] = "AUTHINFO";
    cells[n++] = "NAMESPACE";
    value_each_item(value_get(c->kubeconfig, "contexts"), i, item)
    {
        const char *name = value_get_str(item, "name"),
                   *cluster = value_at_str(item, "context.cluster");
        const char *user = value_at_str(item, "context.user");
        const char *ns = value_at_str(item, "context.namespace");

        cells[n++] = str_eq(name, current(c)) ? "*" : "";
        cells[n++] = name ? name : "";
        cells[n++] = cluster ? cluster : "";
        cells[n++] = user ? user : "";
        cells[n++] = ns ? ns : "";
    }
    print_rows(cells, 5);
    return 0;
}

int cmd_config_set_context(Cli *c)
{
    const char *name;
    Value *context;

    if (cli_config(c) != 0)
        return 1;
    name = flag_bool(&c->flags, "current") ? current(c) : c->n_args > 0 ? c->args[0] : "";
    context = find_context(c, name);
    if (!context)
        return cli_error("no context exists with the name: \"%s\"", name);
    if (!flag_given(&c->flags, "namespace"))
        return cli_usage_error(c, "--namespace is required");
    value_set_at(c->arena, context, "context.namespace",
                 value_str(c->arena, flag_str(&c->flags, "namespace")));
    if (save(c) != 0)
        return 1;
    printf("Context \"%s\" modified.\n", name);
    return 0;
}

/* ---- auth ---- */

static Value *review(Cli *c, Value *attributes, const char *field)
{
    Value *v = value_literal(
        c->arena, "{'apiVersion':'authorization.k8s.io/v1','kind':'SelfSubjectAccessReview'}");

    value_set(c->arena, value_need(c->arena, v, "spec"), field, attributes);
    return cli_send(c, "POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", NULL,
                    "application/json", v);
}

/* [a b] */
static const char *go_list(Cli *c, const Value *list)
{
    AUTO_BUF b = BUF_INIT;
    Value *one;

    value_each_item(list, i, one) buf_addf(&b, "%s%s", i > 0 ? " " : "", value_to_cstr(one));
    return arena_printf(c->arena, "[%s]", buf_str(&b));
}

static int list_rules(Cli *c)
{
    Value *v = value_literal(
        c->arena, "{'apiVersion':'authorization.k8s.io/v1','kind':'SelfSubjectRulesReview'}");
    const char **cells;
    size_t n = 0;
    Value *rule;

    value_set_at(c->arena, v, "spec.namespace", value_str(c->arena, c->ns));
    v = cli_send(c, "POST", "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", NULL,
                 "application/json", v);
    if (!v)
        return 1;
    cells = arena_array(c->arena, const char *,
                        (value_len(value_at(v, "status.resourceRules")) +
                         value_len(value_at(v, "status.nonResourceRules")) + 1) *
                                4 * 16 +
                            1);
    cells[n++] = "Resources";
    cells[n++] = "Non-Resource URLs";
    cells[n++] = "Resource Names";
    cells[n++] = "Verbs";
    value_each_item(value_at(v, "status.resourceRules"), i, rule)
    {
        const Value *groups = value_get(rule, "apiGroups");
        Value *one;

        value_each_item(value_get(rule, "resources"), k, one)
        {
            const char *group = value_to_cstr(value_item(groups, 0));

            if (k == 16)
                break;
            cells[n++] = group && *group
                             ? arena_printf(c->arena, "%s.%s", value_to_cstr(one), group)
                             : value_to_cstr(one);
            cells[n++] = "[]";
            cells[n++] = go_list(c, value_get(rule, "resourceNames"));
            cells[n++] = go_list(c, value_get(rule, "verbs"));
        }
    }
    value_each_item(value_at(v, "status.nonResourceRules"), i, rule)
    {
        cells[n++] = "";
        cells[n++] = go_list(c, value_get(rule, "nonResourceURLs"));
        cells[n++] = "[]";
        cells[n++] = go_list(c, value_get(rule, "verbs"));
    }
    print_rows(cells, 4);
    return 0;
}

int cmd_auth_can_i(Cli *c)
{
    Value *attributes = value_object(c->arena), *answer;
    bool is_allowed;

    if (cli_connect(c) != 0)
        return 1;
    if (flag_bool(&c->flags, "list"))
        return list_rules(c);
    if (c->n_args < 2)
        return cli_usage_error(c, "you must specify two arguments: verb resource or verb "
                                  "resource/resourceName.");
    value_set_str(c->arena, attributes, "verb", c->args[0]);
    if (c->args[1][0] == '/') {
        value_set_str(c->arena, attributes, "path", c->args[1]);
        answer = review(c, attributes, "nonResourceAttributes");
    } else {
        const char *word = c->args[1], *slash = strchr(word, '/'),
                   *name = c->n_args > 2 ? c->args[2] : NULL;
        const CliResource *r;

        if (slash) {
            name = slash + 1;
            word = arena_strndup(c->arena, word, (size_t)(slash - word));
        }
        r = strcmp(word, "*") == 0 ? NULL : cli_find_resource(c, word);
        value_set_str(c->arena, attributes, "resource", r ? r->plural : word);
        value_set_str(c->arena, attributes, "group", r ? r->group : "*");
        if (flag_str(&c->flags, "subresource"))
            value_set_str(c->arena, attributes, "subresource", flag_str(&c->flags, "subresource"));
        if (name)
            value_set_str(c->arena, attributes, "name", name);
        if ((!r || r->is_namespaced) && !flag_bool(&c->flags, "all-namespaces"))
            value_set_str(c->arena, attributes, "namespace", c->ns);
        answer = review(c, attributes, "resourceAttributes");
    }
    if (!answer)
        return 1;
    is_allowed = value_at_bool(answer, "status.allowed");
    if (!flag_bool(&c->flags, "quiet"))
        printf("%s\n", is_allowed ? "yes" : "no");
    return !is_allowed;
}

int cmd_auth_whoami(Cli *c)
{
    Value *v = value_literal(
        c->arena, "{'apiVersion':'authentication.k8s.io/v1','kind':'SelfSubjectReview'}");
    const char **cells;
    size_t n = 0;

    if (cli_connect(c) != 0)
        return 1;
    v = cli_send(c, "POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", NULL,
                 "application/json", v);
    if (!v)
        return 1;
    if (flag_str(&c->flags, "output"))
        return print_object(c, v, flag_str(&c->flags, "output"));
    cells = arena_array(c->arena, const char *,
                        value_len(value_at(v, "status.userInfo.extra")) * 2 + 10);
    cells[n++] = "ATTRIBUTE";
    cells[n++] = "VALUE";
    cells[n++] = "Username";
    cells[n++] = value_at_str(v, "status.userInfo.username");
    if (value_at_str(v, "status.userInfo.uid")) {
        cells[n++] = "UID";
        cells[n++] = value_at_str(v, "status.userInfo.uid");
    }
    cells[n++] = "Groups";
    cells[n++] = go_list(c, value_at(v, "status.userInfo.groups"));
    value_each_member(value_at(v, "status.userInfo.extra"), m)
    {
        cells[n++] = arena_printf(c->arena, "Extra: %s", m->name);
        cells[n++] = go_list(c, m->value);
    }
    print_rows(cells, 2);
    return 0;
}
