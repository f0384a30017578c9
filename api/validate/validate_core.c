/*
 * validate_core.c - services, configuration, namespaces, quotas, nodes, events of the core group.
 */
#include "api/address.h"
#include "api/validate_int.h"
#include "base/b64.h"
#include "base/err.h"

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
        too_long(e, AT(NULL, "[]"), DATA_MAX); /* upstream's path to all of it */
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

/* Go's words for what is not an object of strings to anything. */
static void check_json_object(FieldErrs *e, const Value *data, const char *key)
{
    static const char *const kinds[] = {[VALUE_BOOL] = "bool",
                                        [VALUE_NUMBER] = "number",
                                        [VALUE_STRING] = "string",
                                        [VALUE_ARRAY] = "array"};
    const Path *at = AT_KEY(AT(NULL, "data"), key);
    const Value *coded = value_get(data, key);
    AUTO_BUF text = BUF_INIT;
    Value *v = NULL;
    Err err = {0};

    need_key(e, data, key);
    if (!value_is(coded, VALUE_STRING) || !b64_decode((Slice){coded->str, coded->n}, &text))
        return;
    if (value_parse(e->arena, buf_slice(&text), &v, &err) < 0)
        bad_str(e, at, "<secret contents redacted>", "%s", err.msg);
    else if (v->type != VALUE_OBJECT && v->type != VALUE_NULL)
        bad_str(e, at, "<secret contents redacted>",
                "json: cannot unmarshal %s into Go value of type map[string]interface {}",
                kinds[v->type]);
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
        check_json_object(e, data, ".dockercfg");
    } else if (strcmp(type, "kubernetes.io/dockerconfigjson") == 0) {
        check_json_object(e, data, ".dockerconfigjson");
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
        check_name_joined(e, AT(at, "value"), str_of(t, "value"), names__label_value);
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

static void check_node_amounts(FieldErrs *e, const Value *v)
{
    static const char *const maps[] = {"capacity", "allocatable"};

    for (size_t i = 0; i < ARRAY_LEN(maps); i++) {
        value_each_member(value_get(value_get(v, "status"), maps[i]), m)
        {
            const Path *at = AT(AT(AT(NULL, "status"), maps[i]), m->name);

            validate__quantity(e, at, m->name, m->value);
        }
    }
}

static void check_pod_cidrs(FieldErrs *e, const Value *cidrs)
{
    const Path *p = AT(AT(NULL, "spec"), "podCIDRs");
    const Value *c;
    uint32_t v6 = 0;

    value_each_item(cidrs, i, c)
    {
        const char *s = value_to_cstr(c) ? value_to_cstr(c) : "";

        check_cidr(e, AT_ITEM(p, i), s);
        v6 += strchr(s, ':') != NULL;
    }
    if (value_len(cidrs) > 2 || (value_len(cidrs) == 2 && v6 != 1))
        bad(e, p, cidrs, "may specify no more than one CIDR for each IP family");
}

/* A word in upper camel case, and more words behind slashes. */
static bool is_feature(const char *s)
{
    if (!isupper((unsigned char)s[0]))
        return false;
    for (const char *c = s; *c; c++)
        if (!isalnum((unsigned char)*c) && (*c != '/' || !isalnum((unsigned char)c[1])))
            return false;
    return true;
}

/* What the node says it can do, in order. */
static void check_features(FieldErrs *e, const Value *features)
{
    enum { FEATURE_MAX = 253 };
    const Path *p = AT(AT(NULL, "status"), "declaredFeatures");
    const Value *f;

    value_each_item(features, i, f)
    {
        const Value *next = value_item(features, i + 1);
        const char *s = value_to_cstr(f) ? value_to_cstr(f) : "", *after;

        if (strlen(s) > FEATURE_MAX)
            bad_str(e, AT_ITEM(p, i), s,
                    "invalid feature name \"%s\": must be no more than %d characters", s,
                    FEATURE_MAX);
        else if (!is_feature(s))
            bad_str(e, AT_ITEM(p, i), s,
                    "invalid feature name \"%s\": must start with an UpperCamelCase segment, with "
                    "subsequent segments separated by '/' (e.g., MyFeature or "
                    "MyFeature/mySubFeature), and contain only alphanumeric characters and slashes",
                    s);
        after = next && value_to_cstr(next) ? value_to_cstr(next) : NULL;
        if (after && strcmp(s, after) == 0)
            duplicate(e, AT_ITEM(p, i + 1), after);
        else if (after && strcmp(s, after) > 0)
            bad_str(e, AT_ITEM(p, i + 1), after, "list must be sorted alphabetically");
    }
}

static void create_node(FieldErrs *e, const Value *v)
{
    int64_t swap;

    check_taints(e, AT(AT(NULL, "metadata"), "taints"), value_at(v, "spec.taints"));
    check_node_amounts(e, v);
    if (value_to_int(value_at(v, "status.nodeInfo.swap.capacity"), &swap) && swap <= 0)
        bad_int(e, AT(AT(AT(NULL, "metadata"), "nodeSwapStatus"), "capacity"), swap,
                "must be greater than zero");
    check_features(e, value_at(v, "status.declaredFeatures"));
    check_pod_cidrs(e, value_at(v, "spec.podCIDRs"));
}

static void check_node_addresses(FieldErrs *e, const Value *addresses)
{
    const Value *a;

    value_each_item(addresses, i, a) for (uint32_t k = 0; k < i;
                                          k++) if (value_equal(value_item(addresses, k), a))
    {
        duplicate_value(e, AT_ITEM(AT(AT(NULL, "status"), "addresses"), i),
                        validate__go_shown(e, "io.k8s.api.core.v1.NodeAddress", a));
        break;
    }
}

/* What is set once: podCIDRs and the id at the provider. */
static void check_node_once(FieldErrs *e, const Value *spec, const Value *old)
{
    const Value *was = value_get(old, "podCIDRs"), *now = value_get(spec, "podCIDRs");
    const Value *c;
    bool differs = value_len(was) > 0 && value_len(was) != value_len(now);

    if (differs)
        forbidden(e, AT(AT(NULL, "spec"), "podCIDRs"),
                  "node updates may not change podCIDR except from \"\" to valid");
    value_each_item(was, i, c) if (!differs && !value_equal(c, value_item(now, i)))
        forbidden(e, AT(AT(NULL, "spec"), "podCIDRs"),
                  "node updates may not change podCIDR except from \"\" to valid");
    if (str_of(old, "providerID")[0] &&
        strcmp(str_of(old, "providerID"), str_of(spec, "providerID")) != 0)
        forbidden(e, AT(AT(NULL, "spec"), "providerID"),
                  "node updates may not change providerID except from \"\" to valid");
}

static void update_node(FieldErrs *e, const char *sub UNUSED, const Value *v, const Value *old)
{
    check_node_amounts(e, v);
    check_features(e, value_at(v, "status.declaredFeatures"));
    check_node_addresses(e, value_at(v, "status.addresses"));
    check_node_once(e, value_get(v, "spec"), value_get(old, "spec"));
    check_taints(e, AT(AT(NULL, "metadata"), "taints"), value_at(v, "spec.taints"));
    if (strcmp(str_of(value_get(v, "spec"), "externalID"),
               str_of(value_get(old, "spec"), "externalID")) != 0)
        forbidden(e, AT(AT(NULL, "spec"), "externalID"), "may not be updated");
}

/* ---- endpoints ---- */

void validate__not_special_ip(FieldErrs *e, const Path *p, const char *s)
{
    static const unsigned char zeros[16];
    Address ip;
    const unsigned char *b = ip.bytes;
    bool v4;

    if (!address_parse(s, &ip)) {
        bad_str(e, p, s, "must be a valid IP address");
        return;
    }
    v4 = ip.n_bits == 32;
    if (memcmp(b, zeros, ip.n_bits / 8) == 0)
        bad_str(e, p, s, "may not be unspecified (%s)", s);
    if (v4 ? b[0] == 127 : strcmp(ip.text, "::1") == 0)
        bad_str(e, p, s, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
    if (v4 ? b[0] == 169 && b[1] == 254 : b[0] == 0xfe && (b[1] & 0xc0) == 0x80)
        bad_str(e, p, s, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
    if (v4 ? b[0] == 224 && b[1] == 0 && b[2] == 0 : b[0] == 0xff && (b[1] & 0x0f) == 2)
        bad_str(e, p, s, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
}

static void check_endpoint_address(FieldErrs *e, const Path *p, const Value *a)
{
    const char *ip = str_of(a, "ip");

    check_ip(e, AT(p, "ip"), ip);
    if (str_of(a, "hostname")[0])
        check_name(e, AT(p, "hostname"), str_of(a, "hostname"), names__dns1123_label);
    if (has(a, "nodeName"))
        check_name(e, AT(p, "nodeName"), str_of(a, "nodeName"), names__dns1123_subdomain);
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
    if (has(port, "appProtocol"))
        check_name(e, AT(p, "appProtocol"), str_of(port, "appProtocol"), names__qualified);
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

/* Subsets that stay as they are may be what older releases let through. */
static void update_endpoints(FieldErrs *e, const char *sub UNUSED, const Value *v, const Value *old)
{
    const Value *now = value_get(v, "subsets"), *was = value_get(old, "subsets");

    if (!(now && was && value_equal(now, was)))
        create_endpoints(e, v);
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
    if (restart[0] && strcmp(restart, "Always") != 0)
        unsupported(e, AT(AT(at, "spec"), "restartPolicy"), restart, "Always");
    if (has(value_at(spec, "template.spec"), "activeDeadlineSeconds"))
        forbidden(e, AT(AT(at, "spec"), "activeDeadlineSeconds"),
                  "activeDeadlineSeconds in ReplicationController is not Supported");
}

static void update_replication_controller(FieldErrs *e, const char *sub, const Value *v,
                                          const Value *old UNUSED)
{
    static const char *const counts[] = {"replicas", "fullyLabeledReplicas", "readyReplicas",
                                         "availableReplicas", "observedGeneration"};
    const Value *status = value_get(v, "status");
    const Path *p = AT(NULL, "status");

    if (strcmp(sub, "status") != 0) {
        create_replication_controller(e, v);
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(counts); i++)
        check_not_negative(e, AT(p, counts[i]), value_get(status, counts[i]));
    for (size_t i = 1; i < 4; i++)
        if (int_of(status, counts[i], 0) > int_of(status, "replicas", 0))
            bad_int(e, AT(p, counts[i]), int_of(status, counts[i], 0),
                    "cannot be greater than status.replicas");
    if (int_of(status, "availableReplicas", 0) > int_of(status, "readyReplicas", 0))
        bad_int(e, AT(p, "availableReplicas"), int_of(status, "availableReplicas", 0),
                "cannot be greater than readyReplicas");
}

const KindRow validate__core[] = {
    {"", "ConfigMap", names__dns1123_subdomain, create_config_map, update_config_map},
    {"", "Secret", names__dns1123_subdomain, create_secret, update_secret},
    {"", "Namespace", names__dns1123_label, create_namespace, update_namespace},
    {"", "ServiceAccount", names__dns1123_subdomain, NULL, NULL},
    {"", "Node", names__dns1123_subdomain, create_node, update_node},
    {"", "Endpoints", names__dns1123_subdomain, create_endpoints, update_endpoints},
    {"", "ReplicationController", names__dns1123_subdomain, create_replication_controller,
     update_replication_controller},
    {NULL, NULL, NULL, NULL, NULL},
};
