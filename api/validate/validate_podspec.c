/*
 * validate_podspec.c - specs and templates of pods, and the annotations that older releases had in
 * place of fields.
 */
#include "api/validate_int.h"
#include "base/err.h"

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

static void check_claims(FieldErrs *e, const Path *p, const Value *claims, bool is_mirror)
{
    static const char *const refs[] = {"resourceClaimName", "resourceClaimTemplateName"};
    const Value *c;

    value_each_item(claims, i, c)
    {
        const Path *at = AT_ITEM(p, i);
        const char *name = str_of(c, "name");
        Value *shown = validate__go_shown(e, "io.k8s.api.core.v1.PodResourceClaim", c);
        bool twice = false;

        if (is_mirror) {
            forbidden(e, AT(NULL, "[]"), "static pods do not support resource claims");
            continue;
        }
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
        const Path *at = AT_ITEM(AT(p, "schedulingGates"), i);
        bool twice = false;

        check_name(e, at, str_of(g, "name"), names__qualified);
        for (uint32_t k = 0; k < i; k++)
            twice |= strcmp(str_of(value_item(gates, k), "name"), str_of(g, "name")) == 0;
        if (twice)
            duplicate(e, at, str_of(g, "name"));
    }
}

/* Calls `fn` for all containers, in upstream's order. */
static void each_container(FieldErrs *e, const Path *p, const Value *spec, void *data,
                           void (*fn)(FieldErrs *e, const Path *p, const Value *c, void *data))
{
    static const char *const lists[] = {"initContainers", "containers", "ephemeralContainers"};
    const Value *c;

    for (size_t k = 0; k < ARRAY_LEN(lists); k++)
        value_each_item(value_get(spec, lists[k]), i, c)
            fn(e, AT_ITEM(AT(p, lists[k]), i), c, data);
}

typedef struct HostProcess {
    const Value *pod; /* what the pod says; NULL when nothing */
    uint32_t n, n_all;
} HostProcess;

static void note_host_process(FieldErrs *e, const Path *p, const Value *c, void *data)
{
    HostProcess *h = data;
    const Value *own = value_at(c, "securityContext.windowsOptions.hostProcess");
    const Path *at = AT(AT(AT(p, "securityContext"), "windowsOptions"), "hostProcess");

    h->n_all++;
    if (h->pod && own && h->pod->boolean != own->boolean)
        bad(e, at, own, "pod hostProcess value must be identical if both are specified, was %s",
            h->pod->boolean ? "true" : "false");
    h->n += own ? value_is_true(own) : value_is_true(h->pod);
}

static void check_host_process(FieldErrs *e, const Path *p, const Value *spec)
{
    HostProcess h = {.pod = value_at(spec, "securityContext.windowsOptions.hostProcess")};

    each_container(e, p, spec, &h, note_host_process);
    if (h.n == 0)
        return;
    if (h.n != h.n_all)
        bad_str(e, p, "",
                "If pod contains any hostProcess containers then all containers must be "
                "HostProcess containers");
    if (!value_is_true(value_get(spec, "hostNetwork")))
        bad(e, AT(p, "hostNetwork"), value_bool(e->arena, false),
            "hostNetwork must be true if pod contains any hostProcess containers");
}

#define NOT_IN_USER_SPACE "when `hostUsers` is false"

static void forbid_devices(FieldErrs *e, const Path *p, const Value *c, void *data UNUSED)
{
    if (value_len(value_get(c, "volumeDevices")) > 0)
        forbidden(e, AT(p, "volumeDevices"), NOT_IN_USER_SPACE);
}

static void check_host_users(FieldErrs *e, const Path *p, const Value *spec)
{
    static const struct {
        const char *name, *shown; /* as upstream writes them */
    } host[] = {{"hostNetwork", "hostNetwork"}, {"hostPID", "HostPID"}, {"hostIPC", "HostIPC"}};
    const Value *v = value_get(spec, "hostUsers");

    if (!value_is(v, VALUE_BOOL) || v->boolean)
        return;
    for (size_t i = 0; i < ARRAY_LEN(host); i++)
        if (value_is_true(value_get(spec, host[i].name)))
            forbidden(e, AT(p, host[i].shown), NOT_IN_USER_SPACE);
    each_container(e, p, spec, NULL, forbid_devices);
}

static void check_host_name(FieldErrs *e, const Path *p, const Value *spec)
{
    enum { HOST_NAME_MAX_LEN = 64 };
    const Path *at = AT(p, "hostnameOverride");

    if (!has(spec, "hostnameOverride"))
        return;
    if (value_is_true(value_get(spec, "setHostnameAsFQDN")))
        forbidden(e, at, "may not be specified when setHostnameAsFQDN is true");
    if (value_is_true(value_get(spec, "hostNetwork")))
        forbidden(e, at, "may not be specified when hostNetwork is true");
    if (strlen(str_of(spec, "hostnameOverride")) > HOST_NAME_MAX_LEN)
        too_long(e, at, HOST_NAME_MAX_LEN);
    check_name(e, at, str_of(spec, "hostnameOverride"), names__dns1123_subdomain);
}

/* Files of variables are read from volumes that live as long as the pod. */
static void check_file_volumes(FieldErrs *e, const Path *p, const Value *c, void *data)
{
    const Value *volumes = data, *env, *volume;

    value_each_item(value_get(c, "env"), i, env)
    {
        const Value *ref = value_at(env, "valueFrom.fileKeyRef"), *found = NULL;
        const Path *at = AT(AT(AT_ITEM(AT(p, "env"), i), "valueFrom"), "fileKeyRef");
        const char *name = str_of(ref, "volumeName");

        if (!value_is(ref, VALUE_OBJECT))
            continue;
        value_each_item(volumes, k, volume)
        {
            if (strcmp(str_of(volume, "name"), name) == 0)
                found = volume;
        }
        if (!found)
            not_found(e, AT(at, "volumeName"), name, NULL);
        else if (!has(found, "emptyDir"))
            bad_str(e, AT(at, "volumeName"), name, "referenced volume must be of type emptyDir");
    }
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

/* ---- what does not fit the operating system ---- */

static void check_for_linux(FieldErrs *e, const Path *p, const Value *c, void *data UNUSED)
{
    if (has(value_get(c, "securityContext"), "windowsOptions"))
        forbidden(e, AT(AT(p, "securityContext"), "windowsOptions"),
                  "windows options cannot be set for a linux pod");
}

static void forbid_fields(FieldErrs *e, const Path *p, const Value *v, const char *const *names,
                          size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (has(v, names[i]))
            forbidden(e, AT(p, names[i]), "cannot be set for a windows pod");
}

static void check_for_windows(FieldErrs *e, const Path *p, const Value *c, void *data UNUSED)
{
    static const char *const names[] = {"appArmorProfile",
                                        "seLinuxOptions",
                                        "seccompProfile",
                                        "capabilities",
                                        "readOnlyRootFilesystem",
                                        "privileged",
                                        "allowPrivilegeEscalation",
                                        "procMount",
                                        "runAsUser",
                                        "runAsGroup"};

    forbid_fields(e, AT(p, "securityContext"), value_get(c, "securityContext"), names,
                  ARRAY_LEN(names));
}

static void check_windows_pod(FieldErrs *e, const Path *p, const Value *spec)
{
    /* "." in front: of the spec itself, where upstream's inner form has them in the context */
    static const char *const names[] = {"appArmorProfile",
                                        "seLinuxOptions",
                                        ".hostUsers",
                                        ".hostPID",
                                        ".hostIPC",
                                        "seccompProfile",
                                        "fsGroup",
                                        "fsGroupChangePolicy",
                                        "sysctls",
                                        ".shareProcessNamespace",
                                        "runAsUser",
                                        "runAsGroup",
                                        "supplementalGroups",
                                        "supplementalGroupsPolicy",
                                        "seLinuxChangePolicy"};

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        bool own = names[i][0] == '.';
        const char *name = names[i] + own;
        const Value *v = value_get(own ? spec : value_get(spec, "securityContext"), name);

        if (!v || v->type == VALUE_NULL || (v->type == VALUE_ARRAY && v->n == 0) ||
            (one_of(name, "hostPID|hostIPC") && !value_is_true(v)))
            continue;
        forbidden(e, own ? AT(p, name) : AT(AT(p, "securityContext"), name),
                  "cannot be set for a windows pod");
    }
    each_container(e, p, spec, NULL, check_for_windows);
}

static void check_os(FieldErrs *e, const Path *p, const Value *spec)
{
    const Value *os = value_get(spec, "os");
    const char *name = str_of(os, "name");

    if (!value_is(os, VALUE_OBJECT))
        return;
    if (name[0] == '\0') {
        missing(e, AT(AT(p, "os"), "name"), NULL);
    } else if (strcmp(name, "linux") == 0) {
        check_for_linux(e, p, spec, NULL); /* the pod's own context */
        each_container(e, p, spec, NULL, check_for_linux);
    } else if (strcmp(name, "windows") == 0) {
        check_windows_pod(e, p, spec);
    } else {
        unsupported(e, AT(p, "os"), name, "linux|windows");
    }
}

static void check_overhead(FieldErrs *e, const Path *p, const Value *overhead)
{
    Value *as_limits;

    if (!value_is(overhead, VALUE_OBJECT))
        return;
    as_limits = value_object(e->arena);
    value_set(e->arena, as_limits, "limits", value_copy(e->arena, overhead));
    validate__resources(e, p, as_limits, NULL);
}

static void check_identity(FieldErrs *e, const Path *p, const Value *spec)
{
    static const NamedField first[] = {{"serviceAccountName", names__dns1123_subdomain},
                                       {"nodeName", names__dns1123_subdomain}};
    static const NamedField second[] = {{"hostname", names__dns1123_label},
                                        {"subdomain", names__dns1123_label}};
    static const NamedField third[] = {{"priorityClassName", names__dns1123_subdomain},
                                       {"runtimeClassName", names__dns1123_subdomain}};

    check_named(e, p, spec, first, ARRAY_LEN(first));
    if (has(spec, "activeDeadlineSeconds"))
        check_range(e, AT(p, "activeDeadlineSeconds"), int_of(spec, "activeDeadlineSeconds", 0), 1,
                    INT32_MAX);
    check_named(e, p, spec, second, ARRAY_LEN(second));
    validate__tolerations(e, AT(p, "tolerations"), value_get(spec, "tolerations"));
    check_host_aliases(e, AT(p, "hostAliases"), value_get(spec, "hostAliases"));
    check_named(e, p, spec, third, ARRAY_LEN(third));
    if (has(spec, "preemptionPolicy") && str_of(spec, "preemptionPolicy")[0] == '\0')
        missing(e, AT(p, "preemptionPolicy"), NULL);
    else if (has(spec, "preemptionPolicy"))
        check_enum(e, AT(p, "preemptionPolicy"), str_of(spec, "preemptionPolicy"),
                   "PreemptLowerPriority|Never");
    check_overhead(e, AT(p, "overhead"), value_get(spec, "overhead"));
    check_os(e, p, spec);
}

void validate__pod_spec(FieldErrs *e, const Path *p, const Value *spec, const PodRules *rules)
{
    const char *restart = str_of(spec, "restartPolicy"), *dns = str_of(spec, "dnsPolicy");
    const Value *volumes;

    volumes = validate__volumes(e, AT(p, "volumes"), value_get(spec, "volumes"), rules);
    check_claims(e, AT(p, "resourceClaims"), value_get(spec, "resourceClaims"), rules->is_mirror);
    validate__containers(e, p, spec, volumes, rules);
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
    validate__affinity(e, AT(p, "affinity"), value_get(spec, "affinity"));
    check_dns_config(e, AT(p, "dnsConfig"), value_get(spec, "dnsConfig"), dns);
    check_gates(e, p, spec);
    validate__spread(e, AT(p, "topologySpreadConstraints"),
                     value_get(spec, "topologySpreadConstraints"));
    check_host_process(e, p, spec);
    check_host_users(e, p, spec);
    check_host_name(e, p, spec);
    check_identity(e, p, spec);
    each_container(e, p, spec, value_get(spec, "volumes"), check_file_volumes);
}

/* ---- annotations ---- */

#define MIRROR         "kubernetes.io/config.mirror"
#define DELETION_COST  "controller.kubernetes.io/pod-deletion-cost"
#define SECCOMP_POD    "seccomp.security.alpha.kubernetes.io/pod"
#define SECCOMP_PREFIX "container.seccomp.security.alpha.kubernetes.io/"
#define ARMOR_PREFIX   "container.apparmor.security.beta.kubernetes.io/"
#define TOLERATIONS    "scheduler.alpha.kubernetes.io/tolerations"

static void check_deletion_cost(FieldErrs *e, const Path *p, const char *cost)
{
    int64_t n;

    if (cost && (cost[0] == '+' || (cost[0] == '0' && cost[1]) ||
                 !slice_to_int64(slice_of(cost), &n) || n < INT32_MIN || n > INT32_MAX))
        bad_str(e, AT_KEY(p, DELETION_COST), cost, "must be a 32bit integer");
}

static void check_tolerations_text(FieldErrs *e, const Path *p, const char *text)
{
    Value *list = NULL;
    Err err;

    if (!text || !text[0])
        return;
    if (value_parse(e->arena, slice_of(text), &list, &err) < 0)
        bad_str(e, p, TOLERATIONS, "%s", err.msg);
    else
        validate__tolerations(e, AT(p, TOLERATIONS), list);
}

static void check_seccomp_text(FieldErrs *e, const Path *p, const char *profile)
{
    if (one_of(profile, "runtime/default|docker/default|unconfined"))
        return;
    if (str_starts(profile, "localhost/"))
        validate__descending_path(e, p, profile + strlen("localhost/"));
    else
        bad_str(e, p, profile, "must be a valid seccomp profile");
}

typedef struct Wanted { /* a container that is looked for */
    const char *name;
    bool found;
} Wanted;

static void look_for(FieldErrs *e UNUSED, const Path *p UNUSED, const Value *c, void *data)
{
    Wanted *w = data;

    w->found |= strcmp(str_of(c, "name"), w->name) == 0;
}

static void check_armor_text(FieldErrs *e, const Path *p, const Member *m, const Value *spec)
{
    Wanted w = {.name = m->name + strlen(ARMOR_PREFIX)};
    const char *profile = value_to_cstr(m->value) ? value_to_cstr(m->value) : "";

    each_container(e, NULL, spec, &w, look_for);
    if (!w.found)
        bad_str(e, AT_KEY(p, m->name), w.name, "container not found");
    if (!one_of(profile, "|runtime/default|unconfined") && !str_starts(profile, "localhost/"))
        bad_str(e, AT_KEY(p, m->name), profile, "invalid AppArmor profile name: \"%s\"", profile);
}

void validate__pod_annotations(FieldErrs *e, const Path *p, const Value *annotations,
                               const Value *spec)
{
    const Value *mirror = value_get(annotations, MIRROR);

    if (mirror && str_of(spec, "nodeName")[0] == '\0')
        bad(e, AT_KEY(p, MIRROR), mirror, "must set spec.nodeName if mirror pod annotation is set");
    check_tolerations_text(e, p, value_get_str(annotations, TOLERATIONS));
    check_deletion_cost(e, p, value_get_str(annotations, DELETION_COST));
    value_each_member(annotations, m)
    {
        if (strcmp(m->name, SECCOMP_POD) == 0 || str_starts(m->name, SECCOMP_PREFIX))
            check_seccomp_text(e, AT(p, m->name),
                               value_to_cstr(m->value) ? value_to_cstr(m->value) : "");
    }
    value_each_member(annotations, m)
    {
        if (str_starts(m->name, ARMOR_PREFIX))
            check_armor_text(e, p, m, spec);
    }
}

typedef struct Profiles { /* for the comparison of annotations with fields */
    const Value *annotations, *spec;
} Profiles;

/* An annotation's `text` against a field of the same meaning, called `what`. */
static void match_profile(FieldErrs *e, const Path *p, const char *text, const Value *profile,
                          const char *what)
{
    const char *type = str_of(profile, "type"), *local = str_of(profile, "localhostProfile");
    bool differs = (strcmp(type, "Unconfined") == 0 && strcmp(text, "unconfined") != 0) ||
                   (strcmp(type, "RuntimeDefault") == 0 && strcmp(text, "runtime/default") != 0 &&
                    (strcmp(what, "seccomp") != 0 || strcmp(text, "docker/default") != 0)) ||
                   (strcmp(type, "Localhost") == 0 && !str_starts(text, "localhost/"));

    if (differs)
        forbidden(e, AT(p, "type"),
                  arena_printf(e->arena, "%s type in annotation and field must match", what));
    else if (strcmp(type, "Localhost") == 0 && strcmp(text + strlen("localhost/"), local) != 0)
        forbidden(e, AT(p, "localhostProfile"),
                  arena_printf(e->arena, "%s profile in annotation and field must match", what));
}

static void match_seccomp(FieldErrs *e, const Path *p, const Value *c, void *data)
{
    const Profiles *all = data;
    const Value *profile = value_at(c, "securityContext.seccompProfile");
    const char *text = value_get_str(
        all->annotations, arena_printf(e->arena, SECCOMP_PREFIX "%s", str_of(c, "name")));

    if (profile && text)
        match_profile(e, AT(AT(p, "securityContext"), "seccompProfile"), text, profile, "seccomp");
}

static void match_armor(FieldErrs *e, const Path *p, const Value *c, void *data)
{
    const Profiles *all = data;
    const Value *profile = value_at(c, "securityContext.appArmorProfile");
    const char *text = value_get_str(all->annotations,
                                     arena_printf(e->arena, ARMOR_PREFIX "%s", str_of(c, "name")));

    if (!profile)
        profile = value_at(all->spec, "securityContext.appArmorProfile");
    if (profile && text)
        match_profile(e, AT(AT(p, "securityContext"), "appArmorProfile"), text, profile,
                      "apparmor");
}

void validate__matching_annotations(FieldErrs *e, const Path *p, const Value *annotations,
                                    const Value *spec)
{
    Profiles all = {annotations, spec};
    const Value *pod = value_at(spec, "securityContext.seccompProfile");
    const char *text = value_get_str(annotations, SECCOMP_POD);

    if (value_len(annotations) == 0)
        return;
    if (pod && text)
        match_profile(e, AT(AT(p, "securityContext"), "seccompProfile"), text, pod, "seccomp");
    each_container(e, p, spec, &all, match_seccomp);
    if (strcmp(str_of(value_get(spec, "os"), "name"), "windows") != 0)
        each_container(e, p, spec, &all, match_armor);
}

/* The template of a workload: like a pod, without the name. */
void validate__pod_template(FieldErrs *e, const Path *p, const Value *template)
{
    const Value *meta = value_get(template, "metadata"), *spec = value_get(template, "spec");
    const Value *annotations = value_get(meta, "annotations");
    const PodRules rules = {.name = ""};

    validate__labels(e, AT(p, "labels"), value_get(meta, "labels"));
    validate__annotations(e, AT(p, "annotations"), annotations);
    validate__pod_annotations(e, AT(p, "annotations"), annotations, spec);
    validate__pod_spec(e, AT(p, "spec"), spec, &rules);
    validate__matching_annotations(e, AT(p, "spec"), annotations, spec);
    if (value_len(value_get(spec, "ephemeralContainers")) > 0)
        forbidden(e, AT(AT(p, "spec"), "ephemeralContainers"),
                  "ephemeral containers not allowed in pod template");
}
