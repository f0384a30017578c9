/*
 * validate_pod.c - pod specs, pods and templates, and what may change in a pod.
 */
#include "api/validate_int.h"

/* ---- parts of the spec ---- */

static void check_dns_config(FieldErrs *e, const Path *p, const Value *c, const char *policy)
{
    const Value *servers = value_get(c, "nameservers"), *searches = value_get(c, "searches"), *v;
    size_t total = 0;

    if (strcmp(policy, "None") == 0) {
        if (!value_is(c, VALUE_OBJECT)) {
            missing(e, p, "must provide `dnsConfig` when `dnsPolicy` is None");
            return;
        }
        if (value_len(servers) == 0) {
            missing(e, AT(p, "nameservers"),
                    "must provide at least one DNS nameserver when `dnsPolicy` is None");
            return;
        }
    }
    if (value_len(servers) > 3)
        bad(e, AT(p, "nameservers"), servers, "must not have more than 3 nameservers");
    value_each_item(servers, i, v)
        check_ip(e, AT_ITEM(AT(p, "nameservers"), i), value_to_cstr(v) ? value_to_cstr(v) : "");
    if (value_len(searches) > 32)
        bad(e, AT(p, "searches"), searches, "must not have more than 32 search paths");
    value_each_item(searches, i, v)
    {
        char *s = arena_strdup(e->arena, value_to_cstr(v) ? value_to_cstr(v) : "");
        size_t n = strlen(s);

        total += n + 1;
        if (strcmp(s, ".") == 0)
            continue;
        if (n > 0 && s[n - 1] == '.')
            s[n - 1] = '\0';
        check_name(e, AT_ITEM(AT(p, "searches"), i), s, names__dns1123_subdomain_underscore);
    }
    if (total > 2049)
        bad(e, AT(p, "searches"), searches,
            "must not have more than 2048 characters (including spaces) in the search list");
    value_each_item(value_get(c, "options"), i, v)
    {
        if (str_of(v, "name")[0] == '\0')
            missing(e, AT_ITEM(AT(p, "options"), i), "must not be empty");
    }
}

static void check_claims(FieldErrs *e, const Path *p, const Value *claims)
{
    static const char *const refs[] = {"resourceClaimName", "resourceClaimTemplateName"};
    const Value *c;

    value_each_item(claims, i, c)
    {
        const Path *at = AT_ITEM(p, i);
        const char *name = str_of(c, "name");
        Value *shown = validate__go_shown(e, "io.k8s.api.core.v1.PodResourceClaim", c);
        bool twice = false;

        for (uint32_t k = 0; k < i; k++)
            twice |= strcmp(str_of(value_item(claims, k), "name"), name) == 0;
        if (name[0] == '\0')
            missing(e, AT(at, "name"), NULL);
        else if (twice)
            duplicate(e, AT(at, "name"), name);
        else
            check_name(e, AT(at, "name"), name, names__dns1123_label);
        if (has(c, refs[0]) && has(c, refs[1]))
            bad(e, at, shown,
                "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be "
                "specified");
        if (!has(c, refs[0]) && !has(c, refs[1]))
            bad(e, at, shown,
                "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`");
        for (size_t k = 0; k < ARRAY_LEN(refs); k++)
            if (has(c, refs[k]))
                check_name(e, AT(at, refs[k]), str_of(c, refs[k]), names__dns1123_subdomain);
    }
}

static void check_host_aliases(FieldErrs *e, const Path *p, const Value *aliases)
{
    const Value *alias, *name;

    value_each_item(aliases, i, alias)
    {
        const Path *at = AT_ITEM(p, i);

        check_ip(e, AT(at, "ip"), str_of(alias, "ip"));
        value_each_item(value_get(alias, "hostnames"), k, name)
            check_name(e, AT_ITEM(AT(at, "hostnames"), k),
                       value_to_cstr(name) ? value_to_cstr(name) : "", names__dns1123_subdomain);
    }
}

static void check_gates(FieldErrs *e, const Path *p, const Value *spec)
{
    const Value *gates = value_get(spec, "schedulingGates"), *g;

    value_each_item(value_get(spec, "readinessGates"), i, g)
        check_name(e, AT(AT_ITEM(AT(p, "readinessGates"), i), "conditionType"),
                   str_of(g, "conditionType"), names__qualified);
    value_each_item(gates, i, g)
    {
        const Path *at = AT(AT_ITEM(AT(p, "schedulingGates"), i), "name");
        bool twice = false;

        check_name(e, at, str_of(g, "name"), names__qualified);
        for (uint32_t k = 0; k < i; k++)
            twice |= strcmp(str_of(value_item(gates, k), "name"), str_of(g, "name")) == 0;
        if (twice)
            duplicate(e, at, str_of(g, "name"));
    }
}

static bool is_host_process(const Value *v)
{
    return value_is_true(value_at(v, "securityContext.windowsOptions.hostProcess"));
}

static void check_host_process(FieldErrs *e, const Path *p, const Value *spec)
{
    bool any = is_host_process(spec);
    const Value *c;

    value_each_item(value_get(spec, "containers"), i, c) any |= is_host_process(c);
    if (any && !value_is_true(value_get(spec, "hostNetwork")))
        bad(e, AT(p, "hostNetwork"), value_bool(e->arena, false),
            "hostNetwork must be true if pod contains any hostProcess containers");
}

static void check_host_users(FieldErrs *e, const Path *p, const Value *spec)
{
    static const char *const host[] = {"hostNetwork", "hostPID", "hostIPC"};
    const Value *v = value_get(spec, "hostUsers");

    if (!value_is(v, VALUE_BOOL) || v->boolean)
        return;
    for (size_t i = 0; i < ARRAY_LEN(host); i++)
        if (value_is_true(value_get(spec, host[i])))
            forbidden(e, AT(p, host[i]), "when `hostUsers` is false");
}

typedef struct NamedField {
    const char *name;
    NameFn fn;
} NamedField;

static void check_named(FieldErrs *e, const Path *p, const Value *spec, const NamedField *f,
                        size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_of(spec, f[i].name)[0] ||
            (strcmp(f[i].name, "runtimeClassName") == 0 && has(spec, f[i].name)))
            check_name(e, AT(p, f[i].name), str_of(spec, f[i].name), f[i].fn);
}

static void check_os(FieldErrs *e, const Path *p, const Value *spec)
{
    const Value *os = value_get(spec, "os");

    if (!value_is(os, VALUE_OBJECT))
        return;
    if (str_of(os, "name")[0] == '\0')
        missing(e, AT(AT(p, "os"), "name"), NULL);
    else
        check_enum(e, AT(AT(p, "os"), "name"), str_of(os, "name"), "linux|windows");
}

static void check_identity(FieldErrs *e, const Path *p, const Value *spec)
{
    static const NamedField first[] = {{"serviceAccountName", names__dns1123_subdomain},
                                       {"nodeName", names__dns1123_subdomain}};
    static const NamedField second[] = {{"hostname", names__dns1123_label},
                                        {"subdomain", names__dns1123_label}};
    static const NamedField third[] = {{"priorityClassName", names__dns1123_subdomain},
                                       {"runtimeClassName", names__dns1123_subdomain}};
    const char *override = str_of(spec, "hostnameOverride");

    check_named(e, p, spec, first, ARRAY_LEN(first));
    if (has(spec, "activeDeadlineSeconds"))
        check_range(e, AT(p, "activeDeadlineSeconds"), int_of(spec, "activeDeadlineSeconds", 0), 1,
                    INT32_MAX);
    check_named(e, p, spec, second, ARRAY_LEN(second));
    if (has(spec, "hostnameOverride")) {
        if (value_is_true(value_get(spec, "hostNetwork")))
            forbidden(e, AT(p, "hostnameOverride"),
                      "may not be specified when hostNetwork is true");
        if (value_is_true(value_get(spec, "setHostnameAsFQDN")))
            forbidden(e, AT(p, "hostnameOverride"),
                      "may not be specified when setHostnameAsFQDN is true");
        if (strlen(override) > 64)
            too_long(e, AT(p, "hostnameOverride"), 64);
        check_name(e, AT(p, "hostnameOverride"), override, names__dns1123_subdomain);
    }
    validate__tolerations(e, AT(p, "tolerations"), value_get(spec, "tolerations"));
    check_host_aliases(e, AT(p, "hostAliases"), value_get(spec, "hostAliases"));
    check_named(e, p, spec, third, ARRAY_LEN(third));
    if (str_of(spec, "preemptionPolicy")[0])
        check_enum(e, AT(p, "preemptionPolicy"), str_of(spec, "preemptionPolicy"),
                   "PreemptLowerPriority|Never");
    check_os(e, p, spec);
}

void validate__pod_spec(FieldErrs *e, const Path *p, const Value *spec)
{
    const char *restart = str_of(spec, "restartPolicy"), *dns = str_of(spec, "dnsPolicy");
    const Value *ref;

    validate__volumes(e, AT(p, "volumes"), value_get(spec, "volumes"));
    check_claims(e, AT(p, "resourceClaims"), value_get(spec, "resourceClaims"));
    validate__containers(e, p, spec);
    if (has(spec, "resources"))
        validate__resources(e, AT(p, "resources"), value_get(spec, "resources"), NULL);
    if (restart[0] == '\0')
        missing(e, AT(p, "restartPolicy"), NULL);
    else
        check_enum(e, AT(p, "restartPolicy"), restart, "Always|OnFailure|Never");
    if (dns[0] == '\0')
        missing(e, AT(p, "dnsPolicy"), NULL);
    else
        check_enum(e, AT(p, "dnsPolicy"), dns, "ClusterFirstWithHostNet|ClusterFirst|Default|None");
    validate__labels(e, AT(p, "nodeSelector"), value_get(spec, "nodeSelector"));
    validate__pod_security(e, p, spec);
    value_each_item(value_get(spec, "imagePullSecrets"), i, ref)
    {
        if (str_of(ref, "name")[0])
            check_name(e, AT(AT_ITEM(AT(p, "imagePullSecrets"), i), "name"), str_of(ref, "name"),
                       names__dns1123_subdomain);
    }
    validate__affinity(e, AT(p, "affinity"), value_get(spec, "affinity"));
    check_dns_config(e, AT(p, "dnsConfig"), value_get(spec, "dnsConfig"), dns);
    check_gates(e, p, spec);
    validate__spread(e, AT(p, "topologySpreadConstraints"),
                     value_get(spec, "topologySpreadConstraints"));
    check_host_process(e, p, spec);
    check_host_users(e, p, spec);
    check_identity(e, p, spec);
}

/* The template of a workload: like a pod, without the name. */
void validate__pod_template(FieldErrs *e, const Path *p, const Value *template)
{
    const Value *meta = value_get(template, "metadata"), *spec = value_get(template, "spec");

    validate__labels(e, AT(p, "labels"), value_get(meta, "labels"));
    value_each_member(value_get(meta, "annotations"), m)
        check_name(e, AT(p, "annotations"), m->name, names__qualified);
    validate__pod_spec(e, AT(p, "spec"), spec);
    if (value_len(value_get(spec, "ephemeralContainers")) > 0)
        forbidden(e, AT(AT(p, "spec"), "ephemeralContainers"),
                  "ephemeral containers not allowed in pod template");
}

/* ---- pods ---- */

#define MIRROR        "kubernetes.io/config.mirror"
#define DELETION_COST "controller.kubernetes.io/pod-deletion-cost"

static void check_annotations(FieldErrs *e, const Value *v)
{
    const Value *annotations = value_at(v, "metadata.annotations");
    const Value *mirror = value_get(annotations, MIRROR);
    const char *cost = value_to_cstr(value_get(annotations, DELETION_COST));
    const Path *at = AT(AT(NULL, "metadata"), "annotations");
    int64_t n;

    if (cost && (cost[0] == '+' || (cost[0] == '0' && cost[1]) ||
                 !slice_to_int64(slice_of(cost), &n) || n < INT32_MIN || n > INT32_MAX))
        bad_str(e, AT_KEY(at, DELETION_COST), cost, "must be a 32bit integer");
    if (mirror && str_of(value_get(v, "spec"), "nodeName")[0] == '\0')
        bad(e, AT_KEY(at, MIRROR), mirror,
            "must set spec.nodeName if mirror pod annotation is set");
}

static void create_pod(FieldErrs *e, const Value *v)
{
    const Path *spec_at = AT(NULL, "spec");
    const Value *spec = value_get(v, "spec");

    check_annotations(e, v);
    validate__pod_spec(e, spec_at, spec);
    if (value_len(value_get(spec, "ephemeralContainers")) > 0)
        forbidden(e, AT(spec_at, "ephemeralContainers"), "cannot be set on create");
    if (str_of(spec, "nodeName")[0] && value_len(value_get(spec, "schedulingGates")) > 0)
        forbidden(e, AT(spec_at, "nodeName"),
                  "cannot be set until all schedulingGates have been cleared");
}

static void check_mirror(FieldErrs *e, const Value *v, const Value *old)
{
    const Value *now = value_get(value_at(v, "metadata.annotations"), MIRROR);
    const Value *before = value_get(value_at(old, "metadata.annotations"), MIRROR);
    const Path *at = AT_KEY(AT(AT(NULL, "metadata"), "annotations"), MIRROR);

    if (now && !before)
        forbidden(e, at, "may not add mirror pod annotation");
    else if (!now && before)
        forbidden(e, at, "may not remove mirror pod annotation");
    else if (now && !value_equal(now, before))
        forbidden(e, at, "may not update mirror pod annotation");
}

static void check_deadline(FieldErrs *e, const Path *p, const Value *spec, const Value *old)
{
    const Path *at = AT(p, "activeDeadlineSeconds");
    int64_t now = int_of(spec, "activeDeadlineSeconds", 0);

    if (has(spec, "activeDeadlineSeconds")) {
        if (now < 0 || now > INT32_MAX)
            check_range(e, at, now, 0, INT32_MAX);
        else if (has(old, "activeDeadlineSeconds") && int_of(old, "activeDeadlineSeconds", 0) < now)
            bad_int(e, at, now, "must be less than or equal to previous value");
    } else if (has(old, "activeDeadlineSeconds")) {
        bad(e, at, value_null(e->arena), "must not update from a positive integer to nil value");
    }
}

/* Old tolerations stay, but for their seconds; new ones may come. */
static bool only_adds_tolerations(const Value *now, const Value *before)
{
    const Value *old, *t;

    value_each_item(before, i, old)
    {
        bool found = false;

        value_each_item(now, k, t) found |=
            strcmp(str_of(old, "key"), str_of(t, "key")) == 0 &&
            strcmp(str_of(old, "operator"), str_of(t, "operator")) == 0 &&
            strcmp(str_of(old, "value"), str_of(t, "value")) == 0 &&
            strcmp(str_of(old, "effect"), str_of(t, "effect")) == 0;
        if (!found)
            return false;
    }
    return true;
}

static void copy_member(FieldErrs *e, Value *to, const Value *from, const char *name)
{
    const Value *m = value_get(from, name);

    if (m)
        value_set(e->arena, to, name, value_copy(e->arena, m));
    else
        value_del(to, name);
}

static void take_old_images(FieldErrs *e, Value *spec, const Value *old, const char *list)
{
    Value *now = value_get(spec, list), *before = value_get(old, list), *c;

    value_each_item(now, i, c) copy_member(e, c, value_item(before, i), "image");
}

/* A gated pod may only be narrowed. */
static void check_gated_node_selector(FieldErrs *e, const Path *p, const Value *spec,
                                      const Value *old)
{
    const Value *now = value_get(spec, "nodeSelector");

    value_each_member(value_get(old, "nodeSelector"), m)
    {
        const Value *v = value_get(now, m->name);

        if (v && value_equal(v, m->value))
            continue;
        bad(e, AT(p, "nodeSelector"), now ? now : value_object(e->arena),
            "only additions to spec.nodeSelector are allowed (no mutations or deletions)");
        return;
    }
}

static bool begins_with(const Value *list, const Value *prefix)
{
    for (uint32_t i = 0; i < value_len(prefix); i++)
        if (!value_item(list, i) || !value_equal(value_item(list, i), value_item(prefix, i)))
            return false;
    return true;
}

/* Terms are alternatives, so more of them would widen; more conditions in a term narrow it. */
static void check_gated_affinity(FieldErrs *e, const Path *p, const Value *spec, const Value *old)
{
    static const char where[] = "affinity.nodeAffinity."
                                "requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";
    static const char type[] = "io.k8s.api.core.v1.NodeSelectorTerm";
    const Value *now = value_at(spec, where), *was = value_at(old, where), *t;
    const Path *at = AT(
        AT(AT(AT(p, "affinity"), "nodeAffinity"), "requiredDuringSchedulingIgnoredDuringExecution"),
        "nodeSelectorTerms");

    if (value_len(was) == 0)
        return;
    if (value_len(now) != value_len(was)) {
        Value *shown = value_array(e->arena);

        value_each_item(now, i, t) value_append(e->arena, shown, validate__go_shown(e, type, t));
        bad(e, at, shown, "no additions/deletions to non-empty NodeSelectorTerms list are allowed");
        return;
    }
    value_each_item(now, i, t)
    {
        const Value *before = value_item(was, i);

        if (!begins_with(value_get(t, "matchExpressions"), value_get(before, "matchExpressions")) ||
            !begins_with(value_get(t, "matchFields"), value_get(before, "matchFields")))
            bad(e, AT_ITEM(at, i), validate__go_shown(e, type, t),
                "only additions are allowed (no mutations or deletions)");
    }
}

static void check_images(FieldErrs *e, const Path *p, const Value *list)
{
    const Value *c;

    value_each_item(list, i, c)
    {
        if (str_of(c, "image")[0] == '\0')
            missing(e, AT(AT_ITEM(p, i), "image"), NULL);
    }
}

static void check_new_gates(FieldErrs *e, const Path *p, const Value *spec, const Value *old)
{
    const Value *g, *o;

    value_each_item(value_get(spec, "schedulingGates"), i, g)
    {
        bool found = false;

        value_each_item(value_get(old, "schedulingGates"), k, o) found |=
            strcmp(str_of(g, "name"), str_of(o, "name")) == 0;
        if (!found) {
            forbidden(e, AT(AT_ITEM(AT(p, "schedulingGates"), i), "name"),
                      arena_printf(e->arena,
                                   "only deletion is allowed, but found new scheduling gate '%s'",
                                   str_of(g, "name")));
        }
    }
}

/* Everything that may change is taken from the old spec; what then differs was not allowed. */
static void check_spec_update(FieldErrs *e, const Path *p, const Value *spec, const Value *old)
{
    Value *munged = value_copy(e->arena, spec);
    bool gated = value_len(value_get(old, "schedulingGates")) > 0;

    take_old_images(e, munged, old, "containers");
    take_old_images(e, munged, old, "initContainers");
    copy_member(e, munged, old, "activeDeadlineSeconds");
    copy_member(e, munged, old, "ephemeralContainers");
    check_new_gates(e, p, spec, old);
    copy_member(e, munged, old, "schedulingGates");
    if (only_adds_tolerations(value_get(spec, "tolerations"), value_get(old, "tolerations")))
        copy_member(e, munged, old, "tolerations");
    if (int_of(old, "terminationGracePeriodSeconds", 0) < 0 &&
        int_of(spec, "terminationGracePeriodSeconds", 0) == 1)
        copy_member(e, munged, old, "terminationGracePeriodSeconds");
    if (gated) {
        check_gated_node_selector(e, p, spec, old);
        copy_member(e, munged, old, "nodeSelector");
        check_gated_affinity(e, p, spec, old);
        copy_member(e, munged, old, "affinity");
    }
    if (!value_equal(munged, old))
        forbidden(e, p,
                  "pod updates may not change fields other than `spec.containers[*].image`,"
                  "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
                  "`spec.tolerations` (only additions to existing tolerations),"
                  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was "
                  "previously negative)\n@@ spec @@\n");
}

static void check_ephemeral_update(FieldErrs *e, const Path *p, const Value *spec, const Value *old)
{
    const Value *before = value_get(old, "ephemeralContainers"), *c, *n;
    const Path *at = AT(p, "ephemeralContainers");

    value_each_item(before, i, c)
    {
        const Value *now = NULL;

        value_each_item(value_get(spec, "ephemeralContainers"), k, n)
        {
            if (strcmp(str_of(n, "name"), str_of(c, "name")) == 0)
                now = n;
        }
        if (!now)
            forbidden(e, at,
                      arena_printf(e->arena,
                                   "existing ephemeral containers \"%s\" may not be removed\n",
                                   str_of(c, "name")));
        else if (!value_equal(now, c))
            forbidden(e, at,
                      arena_printf(e->arena,
                                   "existing ephemeral containers \"%s\" may not be changed\n@@ "
                                   "spec @@\n",
                                   str_of(c, "name")));
    }
}

static void check_status(FieldErrs *e, const Value *v)
{
    const Value *status = value_get(v, "status"), *ips = value_get(status, "podIPs"), *ip;
    const Path *p = AT(NULL, "status");
    int n4 = 0, n6 = 0;

    if (str_of(status, "nominatedNodeName")[0])
        check_name(e, AT(p, "nominatedNodeName"), str_of(status, "nominatedNodeName"),
                   names__dns1123_subdomain);
    value_each_item(ips, i, ip)
    {
        const char *s = str_of(ip, "ip");

        check_ip(e, AT_ITEM(AT(p, "podIPs"), i), s);
        n4 += names__is_ip(s) && !names__is_ipv6(s);
        n6 += names__is_ipv6(s);
    }
    if (n4 > 1 || n6 > 1) {
        Value *all = value_array(e->arena);

        value_each_item(ips, i, ip)
            value_append(e->arena, all, validate__go_shown(e, "io.k8s.api.core.v1.PodIP", ip));
        bad(e, AT(p, "podIPs"), all, "may specify no more than one IP for each IP family");
    }
}

static void update_pod(FieldErrs *e, const char *subresource, const Value *v, const Value *old)
{
    const Path *p = AT(NULL, "spec");
    const Value *spec = value_get(v, "spec"), *before = value_get(old, "spec");

    if (strcmp(subresource, "status") == 0) {
        check_status(e, v);
        return;
    }
    if (strcmp(subresource, "ephemeralcontainers") == 0) {
        validate__containers(e, p, spec);
        check_ephemeral_update(e, p, spec, before);
        return;
    }
    if (strcmp(subresource, "resize") == 0) {
        validate__containers(e, p, spec);
        return;
    }
    /* upstream runs the rules of create first, then repeats some of them */
    check_annotations(e, v);
    validate__pod_spec(e, p, spec);
    check_mirror(e, v, old);
    check_annotations(e, v);
    if (value_len(value_get(spec, "containers")) != value_len(value_get(before, "containers"))) {
        forbidden(e, AT(p, "containers"), "pod updates may not add or remove containers");
        return;
    }
    if (value_len(value_get(spec, "initContainers")) !=
        value_len(value_get(before, "initContainers"))) {
        forbidden(e, AT(p, "initContainers"), "pod updates may not add or remove containers");
        return;
    }
    check_images(e, AT(p, "containers"), value_get(spec, "containers"));
    check_images(e, AT(p, "initContainers"), value_get(spec, "initContainers"));
    check_deadline(e, p, spec, before);
    check_spec_update(e, p, spec, before);
}

static void create_pod_template(FieldErrs *e, const Value *v)
{
    validate__pod_template(e, AT(NULL, "template"), value_get(v, "template"));
}

const KindRow validate__pods[] = {
    {"", "Pod", names__dns1123_subdomain, create_pod, update_pod},
    {"", "PodTemplate", names__dns1123_subdomain, create_pod_template, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
