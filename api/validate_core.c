/*
 * validate_core.c - services, configuration, namespaces, quotas, nodes, events of the core group.
 */
#include "api/validate_int.h"

#include <ctype.h>

/* ---- config maps and secrets ---- */

enum { DATA_MAX = 1024 * 1024 }; /* bytes of all values */

static size_t decoded_len(const Value *v)
{
    size_t n = v->n / 4 * 3;

    if (v->n >= 1 && v->str[v->n - 1] == '=')
        n--;
    if (v->n >= 2 && v->str[v->n - 2] == '=')
        n--;
    return n;
}

static void create_config_map(FieldErrs *e, const Value *v)
{
    const Value *binary = value_get(v, "binaryData");
    size_t total = 0;

    value_each_member(value_get(v, "data"), m)
    {
        const Path *at = AT_KEY(AT(NULL, "data"), m->name);

        check_name(e, at, m->name, names__config_key);
        if (value_get(binary, m->name))
            bad_str(e, at, m->name, "duplicate of key present in binaryData");
        total += m->value->type == VALUE_STRING ? m->value->n : 0;
    }
    value_each_member(binary, m)
    {
        check_name(e, AT_KEY(AT(NULL, "binaryData"), m->name), m->name, names__config_key);
        total += m->value->type == VALUE_STRING ? decoded_len(m->value) : 0;
    }
    if (total > DATA_MAX)
        too_long(e, NULL, DATA_MAX);
}

static bool same(const Value *v, const Value *old, const char *name)
{
    const Value *a = value_get(v, name), *b = value_get(old, name);

    return a == b || (a && b && value_equal(a, b)) ||
           (!value_len(a) && !value_len(b) && (!a || !b));
}

/* Once `immutable` is true, it stays and the data stays. */
static bool check_frozen(FieldErrs *e, const Value *v, const Value *old, const char *second)
{
    static const char why[] = "field is immutable when `immutable` is set";

    if (!value_is_true(value_get(old, "immutable")))
        return false;
    if (!value_is_true(value_get(v, "immutable")))
        forbidden(e, AT(NULL, "immutable"), why);
    if (!same(v, old, "data"))
        forbidden(e, AT(NULL, "data"), why);
    if (second && !same(v, old, second))
        forbidden(e, AT(NULL, second), why);
    return true;
}

static void update_config_map(FieldErrs *e, const char *sub UNUSED, const Value *v,
                              const Value *old)
{
    (void)check_frozen(e, v, old, "binaryData"); /* the rest is checked all the same */
    create_config_map(e, v);
}

static void need_key(FieldErrs *e, const Value *data, const char *key)
{
    if (!value_get(data, key))
        missing(e, AT_KEY(AT(NULL, "data"), key), NULL);
}

static void create_secret(FieldErrs *e, const Value *v)
{
    const Value *data = value_get(v, "data");
    const char *type = str_of(v, "type");
    size_t total = 0;

    value_each_member(data, m)
    {
        check_name(e, AT_KEY(AT(NULL, "data"), m->name), m->name, names__config_key);
        total += m->value->type == VALUE_STRING ? decoded_len(m->value) : 0;
    }
    if (total > DATA_MAX)
        too_long(e, AT(NULL, "data"), DATA_MAX);
    if (strcmp(type, "kubernetes.io/service-account-token") == 0) {
        const char key[] = "kubernetes.io/service-account.name";

        if (str_of(value_at(v, "metadata.annotations"), key)[0] == '\0')
            missing(e, AT_KEY(AT(AT(NULL, "metadata"), "annotations"), key), NULL);
    } else if (strcmp(type, "kubernetes.io/dockercfg") == 0) {
        need_key(e, data, ".dockercfg");
    } else if (strcmp(type, "kubernetes.io/dockerconfigjson") == 0) {
        need_key(e, data, ".dockerconfigjson");
    } else if (strcmp(type, "kubernetes.io/basic-auth") == 0) {
        if (!value_get(data, "username") && !value_get(data, "password")) {
            need_key(e, data, "username");
            need_key(e, data, "password");
        }
    } else if (strcmp(type, "kubernetes.io/ssh-auth") == 0) {
        const Value *key = value_get(data, "ssh-privatekey");

        if (!key || key->n == 0)
            missing(e, AT_KEY(AT(NULL, "data"), "ssh-privatekey"), NULL);
    } else if (strcmp(type, "kubernetes.io/tls") == 0) {
        need_key(e, data, "tls.crt");
        need_key(e, data, "tls.key");
    }
}

static void update_secret(FieldErrs *e, const char *sub UNUSED, const Value *v, const Value *old)
{
    check_immutable(e, AT(NULL, "type"), value_get(v, "type"), value_get(old, "type"));
    (void)check_frozen(e, v, old, NULL); /* the rest is checked all the same */
    create_secret(e, v);
}

/* ---- namespaces ---- */

static void create_namespace(FieldErrs *e, const Value *v)
{
    const Value *f;

    value_each_item(value_at(v, "spec.finalizers"), i, f)
    {
        const Path *at = AT(AT(NULL, "spec"), "finalizers");
        const char *s = value_to_cstr(f) ? value_to_cstr(f) : "";

        check_name(e, at, s, names__qualified);
        if (!strchr(s, '/') && !one_of(s, "kubernetes|orphan|foregroundDeletion"))
            bad_str(e, at, s,
                    "name is neither a standard finalizer name nor is it fully qualified");
    }
}

static void update_namespace(FieldErrs *e, const char *sub, const Value *v, const Value *old UNUSED)
{
    const char *phase = str_of(value_get(v, "status"), "phase");
    const Value *f;

    if (strcmp(sub, "finalize") == 0) {
        value_each_item(value_at(v, "spec.finalizers"), i, f)
        {
            const char *s = value_to_cstr(f) ? value_to_cstr(f) : "";

            check_name(e, AT_ITEM(AT(AT(NULL, "spec"), "finalizers"), i), s, names__qualified);
            if (!strchr(s, '/') && !one_of(s, "kubernetes|orphan|foregroundDeletion"))
                bad_str(e, AT_ITEM(AT(AT(NULL, "spec"), "finalizers"), i), s,
                        "name is neither a standard finalizer name nor is it fully qualified");
        }
    }
    if (strcmp(sub, "status") == 0) {
        bool dying = has(value_get(v, "metadata"), "deletionTimestamp");

        if (!dying && strcmp(phase, "Active") != 0)
            bad_str(e, AT(AT(NULL, "status"), "Phase"), phase,
                    "may only be 'Active' if `deletionTimestamp` is empty");
        if (dying && strcmp(phase, "Terminating") != 0)
            bad_str(e, AT(AT(NULL, "status"), "Phase"), phase,
                    "may only be 'Terminating' if `deletionTimestamp` is not empty");
    }
}

/* ---- resource quotas and limit ranges ---- */

#define BEST_EFFORT_SCOPES "Terminating|NotTerminating|BestEffort|NotBestEffort"
#define ALL_SCOPES                                                                                 \
    BEST_EFFORT_SCOPES "|PriorityClass|CrossNamespacePodAffinity|VolumeAttributesClass"

static bool is_quota_name(const char *name)
{
    if (strchr(name, '/') && !str_starts(name, "requests.hugepages-"))
        return true;
    return str_starts(name, "requests.hugepages-") || str_starts(name, "hugepages-") ||
           one_of(name, "cpu|memory|ephemeral-storage|requests.cpu|requests.memory|"
                        "requests.storage|requests.ephemeral-storage|limits.cpu|limits.memory|"
                        "limits.ephemeral-storage|pods|resourcequotas|services|"
                        "replicationcontrollers|secrets|persistentvolumeclaims|configmaps|"
                        "services.nodeports|services.loadbalancers");
}

static bool is_integer_resource(const char *name)
{
    return str_starts(name, "count/") ||
           one_of(name, "pods|resourcequotas|services|replicationcontrollers|secrets|configmaps|"
                        "persistentvolumeclaims|services.nodeports|services.loadbalancers");
}

static void check_quota_name(FieldErrs *e, const Path *p, const char *name)
{
    validate__resource_name(e, p, name);
    if (!strchr(name, '/') && !is_quota_name(name))
        bad_str(e, p, name, "must be a standard resource for quota");
}

static bool scope_fits(const char *scope, const char *name)
{
    if (one_of(scope, "BestEffort"))
        return strcmp(name, "pods") == 0 || strcmp(name, "count/pods") == 0;
    if (one_of(scope, "Terminating|NotTerminating|NotBestEffort|PriorityClass"))
        return one_of(name, "cpu|memory|ephemeral-storage|requests.cpu|requests.memory|"
                            "requests.ephemeral-storage|limits.cpu|limits.memory|"
                            "limits.ephemeral-storage|pods|count/pods") ||
               str_starts(name, "requests.") || str_starts(name, "hugepages-");
    return true;
}

static bool list_has(const Value *list, const char *s)
{
    const Value *v;

    value_each_item(list, i, v) if (str_eq(value_to_cstr(v), s)) return true;
    return false;
}

static void check_scopes(FieldErrs *e, const Path *p, const Value *scopes, const Value *hard)
{
    static const char *const pairs[][2] = {{"BestEffort", "NotBestEffort"},
                                           {"Terminating", "NotTerminating"}};
    const Value *s;

    value_each_item(scopes, i, s)
    {
        const char *scope = value_to_cstr(s) ? value_to_cstr(s) : "";
        bool fits = true;

        if (!one_of(scope, ALL_SCOPES))
            bad(e, p, scopes, "unsupported scope");
        value_each_member(hard, m) fits &= scope_fits(scope, m->name);
        if (!fits)
            bad(e, p, scopes, "unsupported scope applied to resource");
    }
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
        if (list_has(scopes, pairs[i][0]) && list_has(scopes, pairs[i][1]))
            bad(e, p, scopes, "conflicting scopes");
}

static void check_scope_selector(FieldErrs *e, const Path *p, const Value *selector)
{
    const Path *at = AT(p, "matchExpressions");
    const Value *x;

    value_each_item(value_get(selector, "matchExpressions"), i, x)
    {
        const char *op = str_of(x, "operator"), *scope = str_of(x, "scopeName");
        const Value *values = value_get(x, "values");

        if (!one_of(scope, ALL_SCOPES))
            bad_str(e, AT(at, "scopeName"), scope, "unsupported scope");
        if (one_of(scope, BEST_EFFORT_SCOPES "|CrossNamespacePodAffinity") &&
            strcmp(op, "Exists") != 0)
            bad_str(e, AT(at, "operator"), op,
                    "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, "
                    "ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, "
                    "ResourceQuotaScopeNotBestEffort or "
                    "ResourceQuotaScopeCrossNamespacePodAffinity");
        if (one_of(op, "In|NotIn")) {
            if (value_len(values) == 0)
                missing(e, AT(at, "values"),
                        "must be at least one value when `operator` is 'In' or 'NotIn' for scope "
                        "selector");
        } else if (one_of(op, "Exists|DoesNotExist")) {
            if (value_len(values) > 0)
                bad(e, AT(at, "values"), values,
                    "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope "
                    "selector");
        } else {
            bad_str(e, AT(at, "operator"), op, "not a valid selector operator");
        }
    }
}

static void check_quota_value(FieldErrs *e, const Path *p, const char *name, const Value *v)
{
    Quantity q;

    if (quantity_sign(v) < 0)
        bad(e, p, v, "must be greater than or equal to 0");
    if (is_integer_resource(name) && quantity_of_value(v, &q) && q.nano % 1000000000 != 0)
        bad(e, p, v, "must be an integer");
}

static void create_quota(FieldErrs *e, const Value *v)
{
    const Path *p = AT(NULL, "spec");
    const Value *spec = value_get(v, "spec");

    value_each_member(value_get(spec, "hard"), m)
    {
        const Path *at = AT_KEY(AT(p, "hard"), m->name);

        check_quota_name(e, at, m->name);
        check_quota_value(e, at, m->name, m->value);
    }
    check_scopes(e, AT(p, "scopes"), value_get(spec, "scopes"), value_get(spec, "hard"));
    if (has(spec, "scopeSelector"))
        check_scope_selector(e, AT(p, "scopeSelector"), value_get(spec, "scopeSelector"));
}

static void check_quota_status(FieldErrs *e, const Value *status)
{
    static const char *const maps[] = {"hard", "used"};

    for (size_t i = 0; i < ARRAY_LEN(maps); i++) {
        value_each_member(value_get(status, maps[i]), m)
        {
            const Path *at = AT_KEY(AT(AT(NULL, "status"), maps[i]), m->name);

            check_quota_name(e, at, m->name);
            check_quota_value(e, at, m->name, m->value);
        }
    }
}

static void update_quota(FieldErrs *e, const char *sub, const Value *v, const Value *old)
{
    const Value *now = value_at(v, "spec.scopes"), *before = value_at(old, "spec.scopes");

    if (sub[0]) {
        check_quota_status(e, value_get(v, "status"));
        return;
    }
    create_quota(e, v);
    if (value_len(now) != value_len(before) || (now && before && !value_equal(now, before)))
        bad(e, AT(AT(NULL, "spec"), "scopes"), now ? now : value_array(e->arena),
            "field is immutable");
}

typedef struct Limits { /* the five maps of one limit */
    const Value *min, *max, *deflt, *request, *ratio;
} Limits;

static const char *text_of(const Value *v)
{
    return value_to_cstr(v) ? value_to_cstr(v) : "";
}

static bool is_greater(const Value *a, const Value *b)
{
    Quantity x, y;

    return a && b && quantity_of_value(a, &x) && quantity_of_value(b, &y) && x.nano > y.nano;
}

static void check_ratio(FieldErrs *e, const Path *p, const char *name, const Limits *l)
{
    const Value *ratio = value_get(l->ratio, name);
    const Path *at = AT_KEY(AT(p, "maxLimitRequestRatio"), name);
    Quantity r, min, max;
    double most;

    if (!ratio || !quantity_of_value(ratio, &r))
        return;
    if (r.nano < 1000000000)
        bad(e, at, ratio, "ratio %s is less than 1", text_of(ratio));
    if (!quantity_of_value(value_get(l->min, name), &min) ||
        !quantity_of_value(value_get(l->max, name), &max) || min.nano == 0)
        return;
    most = (double)max.nano / (double)min.nano;
    if ((double)r.nano / 1e9 > most)
        bad(e, at, ratio, "ratio %s is greater than max/min = %f", text_of(ratio), most);
}

static void check_limit(FieldErrs *e, const Path *p, const char *name, const Limits *l)
{
    const Value *min = value_get(l->min, name), *max = value_get(l->max, name);
    const Value *d = value_get(l->deflt, name), *r = value_get(l->request, name);

    if (is_greater(min, max))
        bad(e, AT_KEY(AT(p, "min"), name), min, "min value %s is greater than max value %s",
            text_of(min), text_of(max));
    if (is_greater(min, r))
        bad(e, AT_KEY(AT(p, "defaultRequest"), name), r,
            "min value %s is greater than default request value %s", text_of(min), text_of(r));
    if (is_greater(r, max))
        bad(e, AT_KEY(AT(p, "defaultRequest"), name), r,
            "default request value %s is greater than max value %s", text_of(r), text_of(max));
    if (is_greater(r, d))
        bad(e, AT_KEY(AT(p, "defaultRequest"), name), r,
            "default request value %s is greater than default limit value %s", text_of(r),
            text_of(d));
    if (is_greater(min, d))
        bad(e, AT_KEY(AT(p, "default"), name), min, "min value %s is greater than default value %s",
            text_of(min), text_of(d));
    if (is_greater(d, max))
        bad(e, AT_KEY(AT(p, "default"), name), max, "default value %s is greater than max value %s",
            text_of(d), text_of(max));
    check_ratio(e, p, name, l);
}

static void check_limit_names(FieldErrs *e, const Path *p, const Value *map, const char *type,
                              Value *all)
{
    value_each_member(map, m)
    {
        const Path *at = AT_KEY(p, m->name);

        validate__resource_name(e, at, m->name);
        if (one_of(type, "Pod|Container") && !strchr(m->name, '/') &&
            !one_of(m->name, "cpu|memory|ephemeral-storage") && !str_starts(m->name, "hugepages-"))
            bad_str(e, at, m->name, "must be a standard resource for containers");
        value_set(e->arena, all, m->name, m->value);
    }
}

static void check_limit_item(FieldErrs *e, const Path *p, const Value *item)
{
    const char *type = str_of(item, "type");
    Limits l = {value_get(item, "min"), value_get(item, "max"), value_get(item, "default"),
                value_get(item, "defaultRequest"), value_get(item, "maxLimitRequestRatio")};
    Value *all = value_object(e->arena);

    check_limit_names(e, AT(p, "max"), l.max, type, all);
    check_limit_names(e, AT(p, "min"), l.min, type, all);
    if (strcmp(type, "Pod") == 0) {
        if (value_len(l.deflt) > 0)
            forbidden(e, AT(p, "default"), "may not be specified when `type` is 'Pod'");
        if (value_len(l.request) > 0)
            forbidden(e, AT(p, "defaultRequest"), "may not be specified when `type` is 'Pod'");
    } else {
        check_limit_names(e, AT(p, "default"), l.deflt, type, all);
        check_limit_names(e, AT(p, "defaultRequest"), l.request, type, all);
    }
    if (strcmp(type, "PersistentVolumeClaim") == 0 && !value_get(l.min, "storage") &&
        !value_get(l.max, "storage"))
        missing(e, AT(p, "limits"),
                "either minimum or maximum storage value is required, but neither was provided");
    check_limit_names(e, AT(p, "maxLimitRequestRatio"), l.ratio, type, all);
    value_each_member(all, m) check_limit(e, p, m->name, &l);
}

static void create_limit_range(FieldErrs *e, const Value *v)
{
    const Value *limits = value_at(v, "spec.limits"), *item;

    value_each_item(limits, i, item)
    {
        const Path *at = AT_ITEM(AT(AT(NULL, "spec"), "limits"), i);
        const char *type = str_of(item, "type");
        bool twice = false;

        check_name(e, AT(at, "type"), type, names__qualified);
        if (!strchr(type, '/') && !one_of(type, "Pod|Container|PersistentVolumeClaim"))
            bad_str(e, AT(at, "type"), type, "must be a standard limit type or fully qualified");
        for (uint32_t k = 0; k < i; k++)
            twice |= strcmp(str_of(value_item(limits, k), "type"), type) == 0;
        if (twice)
            duplicate(e, AT(at, "type"), type);
        check_limit_item(e, at, item);
    }
}

/* ---- nodes ---- */

static void check_taints(FieldErrs *e, const Path *p, const Value *taints)
{
    const Value *t, *other;
    Value *shown;

    value_each_item(taints, i, t)
    {
        const Path *at = AT_ITEM(p, i);
        const char *effect = str_of(t, "effect");

        check_name(e, AT(at, "key"), str_of(t, "key"), names__qualified);
        check_name(e, AT(at, "value"), str_of(t, "value"), names__label_value);
        if (effect[0] == '\0')
            missing(e, AT(at, "effect"), NULL);
        else
            check_enum(e, AT(at, "effect"), effect, "NoSchedule|PreferNoSchedule|NoExecute");
        for (uint32_t k = 0; k < i; k++) {
            other = value_item(taints, k);
            if (strcmp(str_of(other, "key"), str_of(t, "key")) != 0 ||
                strcmp(str_of(other, "effect"), effect) != 0)
                continue;
            shown = validate__go_shown(e, "io.k8s.api.core.v1.Taint", t);
            field_err(e, FIELD_ERR_DUPLICATE, path_str(e, at), shown,
                      "taints must be unique by key and effect pair");
            break;
        }
    }
}

static void create_node(FieldErrs *e, const Value *v)
{
    check_taints(e, AT(AT(NULL, "metadata"), "taints"), value_at(v, "spec.taints"));
}

static void update_node(FieldErrs *e, const char *sub, const Value *v, const Value *old)
{
    const char *was = str_of(value_get(old, "spec"), "providerID");
    const char *now = str_of(value_get(v, "spec"), "providerID");

    if (sub[0])
        return;
    create_node(e, v);
    if (was[0] && strcmp(was, now) != 0)
        forbidden(e, AT(AT(NULL, "spec"), "providerID"),
                  "node updates may not change providerID except from \"\" to valid");
}

/* ---- endpoints ---- */

void validate__cidr(FieldErrs *e, const Path *p, const char *s)
{
    const char *slash = strchr(s, '/');
    char *ip = arena_strndup(e->arena, s, slash ? (size_t)(slash - s) : strlen(s));
    int64_t bits = -1;

    if (slash && !slice_to_int64(slice_of(slash + 1), &bits))
        bits = -1;
    if (!names__is_ip(ip) || bits < 0 || bits > (names__is_ipv6(ip) ? 128 : 32))
        bad_str(e, p, s, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
}

void validate__not_special_ip(FieldErrs *e, const Path *p, const char *ip)
{
    if (strcmp(ip, "0.0.0.0") == 0 || strcmp(ip, "::") == 0)
        bad_str(e, p, ip, "may not be unspecified (%s)", ip);
    if (str_starts(ip, "127.") || strcmp(ip, "::1") == 0)
        bad_str(e, p, ip, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
    if (str_starts(ip, "169.254.") || str_starts(ip, "fe80:"))
        bad_str(e, p, ip, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
    if (str_starts(ip, "224.0.0.") || str_starts(ip, "ff02:"))
        bad_str(e, p, ip, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
}

static void check_endpoint_address(FieldErrs *e, const Path *p, const Value *a)
{
    const char *ip = str_of(a, "ip");

    check_ip(e, AT(p, "ip"), ip);
    if (str_of(a, "hostname")[0])
        check_name(e, AT(p, "hostname"), str_of(a, "hostname"), names__dns1123_label);
    if (has(a, "nodeName"))
        check_name(e, AT(p, "nodeName"), str_of(a, "nodeName"), names__dns1123_subdomain);
    if (!names__is_ip(ip))
        bad_str(e, AT(p, "ip"), ip, "must be a valid IP address");
    else
        validate__not_special_ip(e, AT(p, "ip"), ip);
}

static void check_endpoint_port(FieldErrs *e, const Path *p, const Value *port, bool need_name)
{
    if (need_name && str_of(port, "name")[0] == '\0')
        missing(e, AT(p, "name"), NULL);
    else if (str_of(port, "name")[0])
        check_name(e, AT(p, "name"), str_of(port, "name"), names__dns1123_label);
    check_range(e, AT(p, "port"), int_of(port, "port", 0), 1, 65535);
    if (str_of(port, "protocol")[0] == '\0')
        missing(e, AT(p, "protocol"), NULL);
    else
        check_enum(e, AT(p, "protocol"), str_of(port, "protocol"), "SCTP|TCP|UDP");
}

static void create_endpoints(FieldErrs *e, const Value *v)
{
    static const char *const lists[] = {"addresses", "notReadyAddresses"};
    const Value *subset, *x;

    value_each_item(value_get(v, "subsets"), i, subset)
    {
        const Path *at = AT_ITEM(AT(NULL, "subsets"), i);
        const Value *ports = value_get(subset, "ports");

        if (value_len(value_get(subset, lists[0])) == 0 &&
            value_len(value_get(subset, lists[1])) == 0)
            missing(e, at, "must specify `addresses` or `notReadyAddresses`");
        for (size_t k = 0; k < ARRAY_LEN(lists); k++)
            value_each_item(value_get(subset, lists[k]), n, x)
                check_endpoint_address(e, AT_ITEM(AT(at, lists[k]), n), x);
        value_each_item(ports, n, x)
            check_endpoint_port(e, AT_ITEM(AT(at, "ports"), n), x, value_len(ports) > 1);
    }
}

static void create_replication_controller(FieldErrs *e, const Value *v)
{
    const Value *spec = value_get(v, "spec"), *labels = value_at(spec, "template.metadata.labels");
    const Path *p = AT(NULL, "spec"), *at = AT(p, "template");
    const char *restart = str_of(value_at(spec, "template.spec"), "restartPolicy");

    check_not_negative(e, AT(p, "minReadySeconds"), value_get(spec, "minReadySeconds"));
    if (value_len(value_get(spec, "selector")) == 0)
        missing(e, AT(p, "selector"), NULL);
    check_not_negative(e, AT(p, "replicas"), value_get(spec, "replicas"));
    if (!has(spec, "template")) {
        missing(e, at, NULL);
        return;
    }
    value_each_member(value_get(spec, "selector"), m)
    {
        const Value *l = value_get(labels, m->name);

        if (l && value_equal(l, m->value))
            continue;
        bad(e, AT(AT(at, "metadata"), "labels"), labels ? labels : value_null(e->arena),
            "`selector` does not match template `labels`");
        break;
    }
    validate__pod_template(e, at, value_get(spec, "template"));
    if (restart[0] && strcmp(restart, "Always") != 0 && one_of(restart, "OnFailure|Never"))
        unsupported(e, AT(AT(at, "spec"), "restartPolicy"), restart, "Always");
}

const KindRow validate__core[] = {
    {"", "ConfigMap", names__dns1123_subdomain, create_config_map, update_config_map},
    {"", "Secret", names__dns1123_subdomain, create_secret, update_secret},
    {"", "Namespace", names__dns1123_label, create_namespace, update_namespace},
    {"", "ServiceAccount", names__dns1123_subdomain, NULL, NULL},
    {"", "ResourceQuota", names__dns1123_subdomain, create_quota, update_quota},
    {"", "LimitRange", names__dns1123_subdomain, create_limit_range, NULL},
    {"", "Node", names__dns1123_subdomain, create_node, update_node},
    {"", "Endpoints", names__dns1123_subdomain, create_endpoints, NULL},
    {"", "ReplicationController", names__dns1123_subdomain, create_replication_controller, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
