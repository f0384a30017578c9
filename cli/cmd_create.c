/* hpctl create TYPE NAME: objects made from flags; expose and run, which are the same idea. */
#include "cli/cli.h"

#include "base/b64.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

typedef int (*MakeFn)(Cli *c, const char *name, Value *object);

static Value *new_object(Cli *c, const char *api_version, const char *kind, const char *name)
{
    Value *v = value_object(c->arena);

    value_set_str(c->arena, v, "apiVersion", api_version);
    value_set_str(c->arena, v, "kind", kind);
    value_set_at(c->arena, v, "metadata.name", value_str(c->arena, name));
    return v;
}

/* Send it, or with --dry-run=client only show it. */
static int send_object(Cli *c, Value *object, const char *verb)
{
    const char *dry = flag_str(&c->flags, "dry-run");
    Target t;
    Value *answer;

    if (cli_object_target(c, object, &t) != 0)
        return 1;
    if (dry && strcmp(dry, "client") == 0)
        return print_result(c, &t, object, verb);
    answer = cli_send(c, "POST", cli_path(c, t.res, t.ns, NULL, NULL),
                      cli_write_query(c, "kubectl-create"), "application/json", object);
    return answer ? print_result(c, &t, answer, verb) : 1;
}

/* ---- ConfigMap and Secret ---- */

/* The file's bytes; NULL after printing. */
static char *read_file(Cli *c, const char *path, size_t *ret_n)
{
    FILE *f = fopen(path, "re");
    AUTO_BUF b = BUF_INIT;
    char chunk[65536];
    size_t n;

    if (!f) {
        (void)cli_error("error reading %s: %s", path, strerror(errno));
        return NULL;
    }
    while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0 && b.len < (8u << 20))
        buf_add(&b, chunk, n);
    fclose(f);
    *ret_n = b.len;
    return arena_strndup(c->arena, buf_str(&b), b.len);
}

static bool is_text(const char *s, size_t n)
{
    AUTO_BUF b = BUF_INIT;
    Value v = {.type = VALUE_STRING, .n = (uint32_t)n, .str = s}, *back;
    CLEANUP(arena_free) Arena *a = arena_new();

    value_print(&v, &b);
    return memchr(s, 0, n) == NULL && value_parse(a, buf_slice(&b), &back, NULL) == 0 &&
           value_equal(&v, back);
}

static void add_entry(Cli *c, Value *object, bool is_secret, const char *key, const char *data,
                      size_t n)
{
    bool as_text = !is_secret && is_text(data, n);
    AUTO_BUF b = BUF_INIT;

    if (!as_text)
        b64_encode((Slice){data, n}, &b);
    value_set(c->arena, value_need(c->arena, object, is_secret || as_text ? "data" : "binaryData"),
              key, as_text ? value_strn(c->arena, data, n) : value_str(c->arena, buf_str(&b)));
}

static int add_file(Cli *c, Value *object, bool is_secret, const char *spec)
{
    const char *eq = strchr(spec, '='), *path = eq ? eq + 1 : spec, *slash = strrchr(path, '/');
    const char *key = eq      ? arena_strndup(c->arena, spec, (size_t)(eq - spec))
                      : slash ? slash + 1
                              : path;
    struct dirent **list;
    struct stat st;
    char *data;
    size_t n;
    int count, r = 0;

    if (eq && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return cli_error("cannot give a key name for a directory path");
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
        count = scandir(path, &list, NULL, alphasort);
        for (int i = 0; i < count; i++) {
            const char *full = arena_printf(c->arena, "%s/%s", path, list[i]->d_name);

            if (stat(full, &st) == 0 && S_ISREG(st.st_mode))
                r |= add_file(c, object, is_secret, full);
            free(list[i]);
        }
        if (count >= 0)
            free(list);
        return r;
    }
    data = read_file(c, path, &n);
    if (!data)
        return 1;
    add_entry(c, object, is_secret, key, data, n);
    return 0;
}

static int add_env_file(Cli *c, Value *object, bool is_secret, const char *path)
{
    size_t n;
    char *data = read_file(c, path, &n);

    if (!data)
        return 1;
    for (Slice rest = {data, n}, line, key; rest.len > 0;) {
        slice_cut(&rest, '\n', &line);
        line = slice_trim(line);
        if (line.len == 0 || line.ptr[0] == '#')
            continue;
        slice_cut(&line, '=', &key);
        add_entry(c, object, is_secret, arena_strndup(c->arena, key.ptr, key.len), line.ptr,
                  line.len);
    }
    return 0;
}

static int fill_data(Cli *c, Value *object, bool is_secret)
{
    const char *spec;
    int r = 0;

    for (size_t i = 0; (spec = flag_item(&c->flags, "from-literal", i)); i++) {
        const char *eq = strchr(spec, '=');

        if (!eq || eq == spec)
            return cli_error("invalid literal source %s, expected key=value", spec);
        add_entry(c, object, is_secret, arena_strndup(c->arena, spec, (size_t)(eq - spec)), eq + 1,
                  strlen(eq + 1));
    }
    for (size_t i = 0; (spec = flag_item(&c->flags, "from-file", i)); i++)
        r |= add_file(c, object, is_secret, spec);
    for (size_t i = 0; (spec = flag_item(&c->flags, "from-env-file", i)); i++)
        r |= add_env_file(c, object, is_secret, spec);
    return r;
}

static int make_configmap(Cli *c, const char *name UNUSED, Value *object)
{
    return fill_data(c, object, false);
}

static int make_secret(Cli *c, const char *name UNUSED, Value *object)
{
    const char *type = flag_str(&c->flags, "type");

    if (type)
        value_set_str(c->arena, object, "type", type);
    return fill_data(c, object, true);
}

/* ---- Deployment, Job, Service, Role ... ---- */

static Value *pod_spec(Cli *c, const char *name, size_t dash_args_at)
{
    Value *spec = value_literal(c->arena, "{'containers':[{}]}"),
          *box = value_at(spec, "containers.0");
    const char *image = flag_str(&c->flags, "image");

    value_set_str(c->arena, box, "name", name);
    value_set_str(c->arena, box, "image", image);
    if (flag_str(&c->flags, "port")) {
        Value *port = value_object(c->arena), *ports = value_array(c->arena);

        value_set_int(c->arena, port, "containerPort", flag_int(&c->flags, "port", 0));
        value_append(c->arena, ports, port);
        value_set(c->arena, box, "ports", ports);
    }
    if (dash_args_at < c->n_args) {
        Value *command = value_array(c->arena);

        for (size_t i = dash_args_at; i < c->n_args; i++)
            value_append(c->arena, command, value_str(c->arena, c->args[i]));
        value_set(c->arena, box, "command", command);
    }
    return spec;
}

static int need_image(Cli *c)
{
    return flag_str(&c->flags, "image") ? 0
                                        : cli_usage_error(c, "required flag(s) \"image\" not set");
}

static int make_deployment(Cli *c, const char *name, Value *object)
{
    Value *labels = value_object(c->arena);

    if (need_image(c) != 0)
        return 1;
    value_set_str(c->arena, labels, "app", name);
    value_set_at(c->arena, object, "metadata.labels", labels);
    value_set_at(c->arena, object, "spec.replicas",
                 value_int(c->arena, flag_int(&c->flags, "replicas", 1)));
    value_set_at(c->arena, object, "spec.selector.matchLabels", value_copy(c->arena, labels));
    value_set_at(c->arena, object, "spec.template.metadata.labels", value_copy(c->arena, labels));
    value_set_at(c->arena, object, "spec.template.spec", pod_spec(c, name, 2));
    return 0;
}

static int make_job(Cli *c, const char *name, Value *object)
{
    if (need_image(c) != 0)
        return 1;
    value_set_at(c->arena, object, "spec.template.spec", pod_spec(c, name, 2));
    value_set_at(c->arena, object, "spec.template.spec.restartPolicy",
                 value_str(c->arena, "Never"));
    return 0;
}

static int make_nothing_more(Cli *c UNUSED, const char *name UNUSED, Value *object UNUSED)
{
    return 0;
}

static int make_service(Cli *c, const char *name, Value *object)
{
    Value *ports = value_array(c->arena);
    const char *spec;

    for (size_t i = 0; (spec = flag_item(&c->flags, "tcp", i)); i++) {
        const char *colon = strchr(spec, ':');
        Value *p = value_literal(c->arena, "{'protocol':'TCP'}");

        value_set_str(c->arena, p, "name", arena_printf(c->arena, "%s", spec));
        for (char *s = (char *)value_get(p, "name")->str; *s; s++)
            *s = *s == ':' ? '-' : *s;
        value_set_int(c->arena, p, "port", strtol(spec, NULL, 10));
        value_set_int(c->arena, p, "targetPort", strtol(colon ? colon + 1 : spec, NULL, 10));
        value_append(c->arena, ports, p);
    }
    if (value_len(ports) == 0)
        return cli_usage_error(c, "at least one --tcp=PORT[:TARGETPORT] is required");
    value_set_at(c->arena, object, "spec.ports", ports);
    value_set_at(c->arena, object, "spec.selector.app", value_str(c->arena, name));
    value_set_at(c->arena, object, "spec.type",
                 value_str(c->arena, str_eq(c->sub_type, "nodeport") ? "NodePort"
                                     : str_eq(c->sub_type, "loadbalancer")
                                         ? "LoadBalancer"
                                         : flag_str(&c->flags, "service-type")));
    return 0;
}

static Value *words(Cli *c, const char *flag)
{
    Value *list = value_array(c->arena);
    const char *spec;

    for (size_t i = 0; (spec = flag_item(&c->flags, flag, i)); i++)
        for (Slice rest = slice_of(spec), one; rest.len > 0;) {
            slice_cut(&rest, ',', &one);
            value_append(c->arena, list, value_strn(c->arena, one.ptr, one.len));
        }
    return list;
}

/* Each once, in the order given. */
static Value *distinct(Cli *c, const char *flag)
{
    Value *all = words(c, flag), *out = value_array(c->arena), *v;

    value_each_item(all, i, v)
    {
        if (!value_has_str(out, value_to_cstr(v)))
            value_append(c->arena, out, v);
    }
    return out;
}

static Value *list_of(Cli *c, Value *v)
{
    Value *list = value_array(c->arena);

    value_append(c->arena, list, v);
    return list;
}

/* Beside "*" nothing else counts. */
static Value *distinct_or_all(Cli *c, const char *flag)
{
    Value *list = distinct(c, flag);

    return value_has_str(list, "*") ? list_of(c, value_str(c->arena, "*")) : list;
}

/* Verbs that few resources know, some of which cannot be discovered. */
static const struct {
    const char *verb, *group, *resource;
} special_verbs[] = {
    {"bind", "rbac.authorization.k8s.io", "roles"},
    {"bind", "rbac.authorization.k8s.io", "clusterroles"},
    {"escalate", "rbac.authorization.k8s.io", "roles"},
    {"escalate", "rbac.authorization.k8s.io", "clusterroles"},
    {"impersonate", "", "users"},
    {"impersonate", "", "serviceaccounts"},
    {"impersonate", "", "groups"},
    {"impersonate", "authentication.k8s.io", "userextras"},
};

static bool is_special(const char *verb, const char *group, const char *resource)
{
    for (size_t i = 0; i < ARRAY_LEN(special_verbs); i++)
        if (str_eq(special_verbs[i].verb, verb) &&
            (!resource || (str_eq(special_verbs[i].resource, resource) &&
                           str_eq(special_verbs[i].group, group))))
            return true;
    return false;
}

typedef struct RoleResource {
    const char *group, *name; /* name: with its subresource */
} RoleResource;

/* What is written as pods, deployments.apps/scale, "*". 0, or 1 after printing. */
static int role_resource(Cli *c, const char *word, const Value *verbs, RoleResource *ret)
{
    const char *slash = strchr(word, '/'), *plural, *group, *dot;
    const char *type = slash ? arena_strndup(c->arena, word, (size_t)(slash - word))
                             : arena_strdup(c->arena, word);
    bool is_known = false;
    const CliResource *r;
    const Value *verb;

    dot = strchr(type, '.');
    plural = dot ? arena_strndup(c->arena, type, (size_t)(dot - type)) : type;
    group = dot ? dot + 1 : "";
    if (!*plural)
        return cli_error("resource must be specified if apiGroup/subresource specified");
    value_each_item(verbs, i, verb) is_known |= is_special(value_to_cstr(verb), group, plural);
    if (!is_known && !str_eq(plural, "*")) {
        r = cli_find_resource(c, type);
        if (!r)
            return 1;
        plural = r->plural;
        group = r->group;
    }
    value_each_item(verbs, i, verb)
    {
        if (!str_eq(plural, "*") && is_special(value_to_cstr(verb), NULL, NULL) &&
            !is_special(value_to_cstr(verb), group, plural))
            return cli_error("can not perform '%s' on '%s' in group '%s'", value_to_cstr(verb),
                             plural, group);
    }
    *ret = (RoleResource){group, arena_printf(c->arena, "%s%s", plural, slash ? slash : "")};
    return 0;
}

static Value *new_rule(Cli *c, const Value *verbs)
{
    Value *rule = value_object(c->arena);

    value_set(c->arena, rule, "verbs", value_copy(c->arena, verbs));
    return rule;
}

/* A rule for each group, in order of the groups. */
static int add_resource_rules(Cli *c, const Value *verbs, const Value *resources, Value *rules)
{
    Value *names = distinct(c, "resource-name"), *word, *sorted;
    Value *by_group = value_object(c->arena);
    RoleResource r = {0};

    value_each_item(resources, i, word)
    {
        Value *list;

        if (role_resource(c, word->str, verbs, &r) != 0)
            return 1;
        list = value_get(by_group, r.group);
        if (!list) {
            list = value_array(c->arena);
            value_set(c->arena, by_group, r.group, list);
        }
        if (!value_has_str(list, r.name))
            value_append(c->arena, list, value_str(c->arena, r.name));
    }
    sorted = cli_sorted(c, by_group);
    value_each_member(sorted, m)
    {
        Value *rule = new_rule(c, verbs);

        value_set(c->arena, rule, "apiGroups", list_of(c, value_str(c->arena, m->name)));
        value_set(c->arena, rule, "resources", m->value);
        if (value_len(names) > 0)
            value_set(c->arena, rule, "resourceNames", names);
        value_append(c->arena, rules, rule);
    }
    return 0;
}

static bool is_standard_verb(const char *verb)
{
    static const char *const verbs[] = {"*",      "get",   "delete", "list",  "create",
                                        "update", "patch", "watch",  "proxy", "deletecollection",
                                        "use"};

    for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
        if (str_eq(verbs[i], verb))
            return true;
    return is_special(verb, NULL, NULL);
}

static int check_urls(const Value *verbs, const Value *urls)
{
    static const char known[] = "|*|get|post|put|delete|patch|head|options|";
    const Value *v;

    value_each_item(verbs, i, v)
    {
        AUTO_BUF word = BUF_INIT;

        buf_addf(&word, "|%s|", value_to_cstr(v));
        if (!strstr(known, buf_str(&word)))
            return cli_error("invalid verb: '%s' for nonResourceURL", value_to_cstr(v));
    }
    value_each_item(urls, i, v)
    {
        const char *url = value_to_cstr(v), *star = strchr(url, '*');

        if (str_eq(url, "*"))
            continue;
        if (url[0] != '/')
            return cli_error("nonResourceURL should start with /");
        if (star && star[1])
            return cli_error(
                "nonResourceURL only supports wildcard matches when '*' is at the end");
    }
    return 0;
}

static int make_rules(Cli *c, bool is_cluster, Value *object)
{
    Value *verbs = distinct_or_all(c, "verb"), *resources = distinct_or_all(c, "resource");
    Value *urls = is_cluster ? distinct(c, "non-resource-url") : value_array(c->arena);
    Value *rules = value_array(c->arena);
    const Value *v;

    if (value_len(verbs) == 0)
        return cli_error("at least one verb must be specified");
    if (value_len(resources) == 0 && value_len(urls) == 0)
        return cli_error(is_cluster ? "one of resource or nonResourceURL must be specified"
                                    : "at least one resource must be specified");
    value_each_item(verbs, i, v)
    {
        if (value_len(resources) > 0 && !is_standard_verb(value_to_cstr(v)))
            fprintf(stderr, "Warning: '%s' is not a standard resource verb\n", value_to_cstr(v));
    }
    if (add_resource_rules(c, verbs, resources, rules) != 0)
        return 1;
    if (value_len(urls) > 0) {
        Value *rule = new_rule(c, verbs);

        if (check_urls(verbs, urls) != 0)
            return 1;
        value_set(c->arena, rule, "nonResourceURLs", urls);
        value_append(c->arena, rules, rule);
    }
    value_set(c->arena, object, "rules", rules);
    return 0;
}

static int make_role(Cli *c, const char *name UNUSED, Value *object)
{
    if (flag_given(&c->flags, "non-resource-url") || flag_given(&c->flags, "aggregation-rule"))
        return cli_usage_error(c, "roles of a namespace have neither paths nor aggregation rules");
    return make_rules(c, false, object);
}

static int make_cluster_role(Cli *c, const char *name UNUSED, Value *object)
{
    Value *labels = words(c, "aggregation-rule"), *selector = value_object(c->arena), *word;

    if (value_len(labels) == 0)
        return make_rules(c, true, object);
    if (flag_given(&c->flags, "non-resource-url") || flag_given(&c->flags, "verb") ||
        flag_given(&c->flags, "resource") || flag_given(&c->flags, "resource-name"))
        return cli_error("aggregation rule must be specified without nonResourceURLs, verbs, "
                         "resources or resourceNames");
    value_each_item(labels, i, word)
    {
        Slice rest = slice_of(word->str), key;

        if (!slice_cut(&rest, '=', &key))
            return cli_error(
                "invalid argument \"%s\" for \"--aggregation-rule\" flag: malformed pair, "
                "expect string=string",
                word->str);
        value_set(c->arena, value_need(c->arena, selector, "matchLabels"),
                  arena_strndup(c->arena, key.ptr, key.len),
                  value_strn(c->arena, rest.ptr, rest.len));
    }
    value_set_at(c->arena, object, "aggregationRule.clusterRoleSelectors", list_of(c, selector));
    value_set(c->arena, object, "rules", value_null(c->arena));
    return 0;
}

static void add_subjects(Cli *c, Value *subjects, const char *flag, const char *kind)
{
    const char *name;

    for (size_t i = 0; (name = flag_item(&c->flags, flag, i)); i++) {
        Value *s = value_object(c->arena);
        const char *colon = strchr(name, ':');

        value_set_str(c->arena, s, "kind", kind);
        if (strcmp(kind, "ServiceAccount") == 0) {
            value_set(c->arena, s, "namespace",
                      value_strn(c->arena, name, colon ? (size_t)(colon - name) : 0));
            name = colon ? colon + 1 : name;
        } else {
            value_set_str(c->arena, s, "apiGroup", "rbac.authorization.k8s.io");
        }
        value_set_str(c->arena, s, "name", name);
        value_append(c->arena, subjects, s);
    }
}

static int make_binding(Cli *c, const char *name UNUSED, Value *object)
{
    const char *role = flag_str(&c->flags, "role"),
               *cluster_role = flag_str(&c->flags, "clusterrole");
    Value *subjects = value_array(c->arena);

    if (!role == !cluster_role)
        return cli_usage_error(c, "exactly one of clusterrole or role must be specified");
    value_set_at(c->arena, object, "roleRef.apiGroup",
                 value_str(c->arena, "rbac.authorization.k8s.io"));
    value_set_at(c->arena, object, "roleRef.kind",
                 value_str(c->arena, role ? "Role" : "ClusterRole"));
    value_set_at(c->arena, object, "roleRef.name", value_str(c->arena, role ? role : cluster_role));
    add_subjects(c, subjects, "user", "User");
    add_subjects(c, subjects, "group", "Group");
    add_subjects(c, subjects, "serviceaccount", "ServiceAccount");
    value_set(c->arena, object, "subjects", subjects);
    return 0;
}

static int make_quota(Cli *c, const char *name UNUSED, Value *object)
{
    const char *hard = flag_str(&c->flags, "hard");

    for (Slice rest = slice_of(hard ? hard : ""), one, key; rest.len > 0;) {
        slice_cut(&rest, ',', &one);
        if (!slice_cut(&one, '=', &key))
            return cli_error("invalid argument syntax, expected <resource>=<value>");
        value_set(c->arena, value_need(c->arena, object, "spec.hard"),
                  arena_strndup(c->arena, key.ptr, key.len),
                  value_strn(c->arena, one.ptr, one.len));
    }
    return 0;
}

static const struct {
    const char *words; /* what the user types */
    const char *api_version, *kind;
    MakeFn make;
} makers[] = {
    {"namespace ns", "v1", "Namespace", make_nothing_more},
    {"serviceaccount sa", "v1", "ServiceAccount", make_nothing_more},
    {"configmap cm", "v1", "ConfigMap", make_configmap},
    {"secret", "v1", "Secret", make_secret},
    {"deployment deploy", "apps/v1", "Deployment", make_deployment},
    {"job", "batch/v1", "Job", make_job},
    {"service svc", "v1", "Service", make_service},
    {"role", "rbac.authorization.k8s.io/v1", "Role", make_role},
    {"clusterrole", "rbac.authorization.k8s.io/v1", "ClusterRole", make_cluster_role},
    {"rolebinding", "rbac.authorization.k8s.io/v1", "RoleBinding", make_binding},
    {"clusterrolebinding", "rbac.authorization.k8s.io/v1", "ClusterRoleBinding", make_binding},
    {"quota resourcequota", "v1", "ResourceQuota", make_quota},
};

static bool has_word(const char *list, const char *word)
{
    for (Slice rest = slice_of(list), one; rest.len > 0;) {
        slice_cut(&rest, ' ', &one);
        if (slice_is(one, word))
            return true;
    }
    return false;
}

int cmd_create_simple(Cli *c)
{
    const char *type = c->n_args > 0 ? c->args[0] : NULL;

    if (!type)
        return cmd_create(c);
    if (cli_connect(c) != 0)
        return 1;
    /* "create secret generic NAME", "create service clusterip NAME" */
    if (c->n_args > 2 && (has_word("secret", type) || has_word("service svc", type))) {
        c->sub_type = c->args[1];
        c->args[1] = c->args[2];
        c->n_args--;
    }
    for (size_t i = 0; i < ARRAY_LEN(makers); i++) {
        Value *object;

        if (!has_word(makers[i].words, type))
            continue;
        if (c->n_args < 2)
            return cli_usage_error(c, "exactly one NAME is required, got 0");
        object = new_object(c, makers[i].api_version, makers[i].kind, c->args[1]);
        if (makers[i].make(c, c->args[1], object) != 0)
            return 1;
        return send_object(c, object, "created");
    }
    return cli_usage_error(c, "create knows nothing about \"%s\"", type);
}

/* ---- expose, run ---- */

int cmd_expose(Cli *c)
{
    Value *object, *live, *selector, *port = value_object(c->arena), *ports = value_array(c->arena);
    const char *name, *target = flag_str(&c->flags, "target-port");
    int64_t number = flag_int(&c->flags, "port", 0), i;
    Target t;

    if (cli_connect(c) != 0 || cli_one_target(c, 0, NULL, &t) != 0)
        return 1;
    live = cli_get(c, cli_path(c, t.res, t.ns, t.name, NULL), NULL);
    if (!live)
        return 1;
    selector = strcmp(t.res->kind, "Pod") == 0       ? value_at(live, "metadata.labels")
               : strcmp(t.res->kind, "Service") == 0 ? value_at(live, "spec.selector")
                                                     : value_at(live, "spec.selector.matchLabels");
    if (number == 0)
        number = value_at_int(live, "spec.template.spec.containers.0.ports.0.containerPort", 0);
    if (number == 0)
        return cli_usage_error(c, "couldn't find port via --port flag or introspection");
    if (!selector)
        return cli_error("the %s \"%s\" has no labels to select by", t.res->singular, t.name);
    name = flag_str(&c->flags, "name") ? flag_str(&c->flags, "name") : t.name;
    object = new_object(c, "v1", "Service", name);
    value_set_int(c->arena, port, "port", number);
    value_set(c->arena, port, "targetPort",
              !target                                ? value_int(c->arena, number)
              : slice_to_int64(slice_of(target), &i) ? value_int(c->arena, i)
                                                     : value_str(c->arena, target));
    value_append(c->arena, ports, port);
    value_set_at(c->arena, object, "spec.ports", ports);
    value_set_at(c->arena, object, "spec.selector", selector);
    value_set_at(c->arena, object, "spec.type", value_str(c->arena, flag_str(&c->flags, "type")));
    return send_object(c, object, "exposed");
}

int cmd_run(Cli *c)
{
    Value *object;

    if (c->n_args < 1)
        return cli_usage_error(c, "NAME is required for run");
    if (need_image(c) != 0 || cli_connect(c) != 0)
        return 1;
    object = new_object(c, "v1", "Pod", c->args[0]);
    value_set_at(c->arena, object, "metadata.labels.run", value_str(c->arena, c->args[0]));
    value_set(c->arena, object, "spec", pod_spec(c, c->args[0], 1));
    value_set_at(c->arena, object, "spec.restartPolicy",
                 value_str(c->arena, flag_str(&c->flags, "restart")));
    return send_object(c, object, "created");
}
