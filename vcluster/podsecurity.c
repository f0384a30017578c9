#include "vcluster/podsecurity.h"

#include "tenancy/tenancy.h"
#include "vcluster/vcluster_int.h"

/* One check collects the containers that fail it, and what the pod itself sets. */
typedef struct Check {
    Arena *a;
    const Value *meta, *spec;
    Buf containers; /* "a", "b" */
    int n;
    Buf values; /* what they must not have: distinct, quoted */
    Buf *out;
    bool brief;
} Check;

static void report(Check *c, const char *reason, const char *detail)
{
    if (c->out->len > 0)
        buf_adds(c->out, ", ");
    buf_adds(c->out, reason);
    if (!c->brief && detail && detail[0])
        buf_addf(c->out, " (%s)", detail);
}

static void begin(Check *c)
{
    buf_reset(&c->containers);
    buf_reset(&c->values);
    c->n = 0;
}

static void add_quoted(Buf *b, const char *text)
{
    buf_addf(b, "%s\"%s\"", b->len > 0 ? ", " : "", text);
}

static void add_container(Check *c, const Value *container)
{
    add_quoted(&c->containers, value_get_str(container, "name"));
    c->n++;
}

static void add_value(Check *c, const char *text)
{
    const char *quoted = arena_printf(c->a, "\"%s\"", text);

    if (c->values.len == 0 || !strstr(buf_str(&c->values), quoted))
        add_quoted(&c->values, text);
}

static const char *containers_text(Check *c)
{
    return arena_printf(c->a, "container%s %s", c->n == 1 ? "" : "s", buf_str(&c->containers));
}

typedef bool (*BadFn)(Check *c, const Value *container);

static bool each_container(Check *c, BadFn bad)
{
    static const char *const lists[] = {"initContainers", "containers", "ephemeralContainers"};
    const Value *x;

    begin(c);
    for (size_t k = 0; k < ARRAY_LEN(lists); k++)
        value_each_item(value_get(c->spec, lists[k]), i, x)
        {
            if (bad(c, x))
                add_container(c, x);
        }
    return c->n > 0;
}

static const Value *security(const Value *x)
{
    return value_get(x, "securityContext");
}

static bool is_windows(const Check *c)
{
    return str_eq(value_at_str(c->spec, "os.name"), "windows");
}

static bool in_list(const char *s, const char *const *list)
{
    for (; *list; list++)
        if (str_eq(s, *list))
            return true;
    return false;
}

/* ---- baseline ---- */

static void host_namespaces(Check *c)
{
    static const char *const names[] = {"hostNetwork", "hostPID", "hostIPC"};
    AUTO_BUF text = BUF_INIT;

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (value_is_true(value_get(c->spec, names[i])))
            buf_addf(&text, "%s%s=true", text.len > 0 ? ", " : "", names[i]);
    if (text.len > 0)
        report(c, "host namespaces", buf_str(&text));
}

static void app_armor(Check *c)
{
    static const char *const bad_types[] = {"Unconfined", NULL};
    const char *pod = value_at_str(security(c->spec), "appArmorProfile.type");
    const Value *notes = value_get(c->meta, "annotations");
    AUTO_BUF text = BUF_INIT;
    static const char *const lists[] = {"initContainers", "containers", "ephemeralContainers"};
    const Value *x;

    begin(c);
    if (in_list(pod, bad_types))
        buf_addf(&text, "pod must not set AppArmor profile type to \"%s\"", pod);
    for (size_t k = 0; k < ARRAY_LEN(lists); k++)
        value_each_item(value_get(c->spec, lists[k]), i, x)
        {
            const char *t = value_at_str(security(x), "appArmorProfile.type");

            if (in_list(t, bad_types)) {
                add_container(c, x);
                add_value(c, t);
            }
        }
    if (c->n > 0)
        buf_addf(&text, "%s%s must not set AppArmor profile type to %s", text.len > 0 ? ", " : "",
                 containers_text(c), buf_str(&c->values));
    value_each_member(notes, m)
    {
        const char *v = value_to_cstr(m->value);

        if (str_starts(m->name, "container.apparmor.security.beta.kubernetes.io/") && v && v[0] &&
            !str_eq(v, "runtime/default") && !str_starts(v, "localhost/"))
            buf_addf(&text, "%s%s=\"%s\"", text.len > 0 ? ", " : "", m->name, v);
    }
    if (text.len > 0)
        report(c, c->n > 1 ? "forbidden AppArmor profiles" : "forbidden AppArmor profile",
               buf_str(&text));
}

static bool bad_capability(Check *c, const Value *x)
{
    static const char *const fine[] = {
        "AUDIT_WRITE",      "CHOWN",   "DAC_OVERRIDE", "FOWNER",  "FSETID", "KILL",       "MKNOD",
        "NET_BIND_SERVICE", "SETFCAP", "SETGID",       "SETPCAP", "SETUID", "SYS_CHROOT", NULL};
    const Value *cap;
    bool bad = false;

    value_each_item(value_at(security(x), "capabilities.add"), i, cap)
    {
        const char *name = value_to_cstr(cap);

        if (name && !in_list(name, fine)) {
            add_value(c, name);
            bad = true;
        }
    }
    return bad;
}

static void capabilities(Check *c)
{
    if (each_container(c, bad_capability))
        report(c, "non-default capabilities",
               arena_printf(c->a, "%s must not include %s in securityContext.capabilities.add",
                            containers_text(c), buf_str(&c->values)));
}

static void host_paths(Check *c)
{
    const Value *v;

    begin(c);
    value_each_item(value_get(c->spec, "volumes"), i, v)
    {
        if (value_get(v, "hostPath"))
            add_container(c, v);
    }
    if (c->n > 0)
        report(c, "hostPath volumes",
               arena_printf(c->a, "volume%s %s", c->n == 1 ? "" : "s", buf_str(&c->containers)));
}

static bool bad_port(Check *c, const Value *x)
{
    const Value *p;
    bool bad = false;

    value_each_item(value_get(x, "ports"), i, p)
    {
        int64_t port = value_at_int(p, "hostPort", 0);

        if (port != 0) {
            const char *text = arena_printf(c->a, "%lld", (long long)port);

            if (!strstr(buf_str(&c->values), text))
                buf_addf(&c->values, "%s%s", c->values.len > 0 ? ", " : "", text);
            bad = true;
        }
    }
    return bad;
}

static void host_ports(Check *c)
{
    if (each_container(c, bad_port))
        report(c, "hostPort",
               arena_printf(c->a, "%s use%s hostPort%s %s", containers_text(c),
                            c->n == 1 ? "s" : "", strchr(buf_str(&c->values), ',') ? "s" : "",
                            buf_str(&c->values)));
}

static const char *handler_host(const Value *h)
{
    const char *host = value_at_str(h, "httpGet.host");

    return host && host[0] ? host : value_at_str(h, "tcpSocket.host");
}

static bool bad_probe(Check *c, const Value *x)
{
    static const char *const at[] = {"livenessProbe", "readinessProbe", "startupProbe",
                                     "lifecycle.postStart", "lifecycle.preStop"};
    bool bad = false;

    for (size_t i = 0; i < ARRAY_LEN(at); i++) {
        const char *host = handler_host(value_at(x, at[i]));

        if (host && host[0] && !str_eq(host, "127.0.0.1") && !str_eq(host, "::1")) {
            add_value(c, host);
            bad = true;
        }
    }
    return bad;
}

static void probe_hosts(Check *c)
{
    if (each_container(c, bad_probe))
        report(c, "probe or lifecycle host",
               arena_printf(c->a, "%s use%s probe or lifecycle host%s %s", containers_text(c),
                            c->n == 1 ? "s" : "", strchr(buf_str(&c->values), ',') ? "s" : "",
                            buf_str(&c->values)));
}

static bool is_privileged(Check *c, const Value *x)
{
    (void)c;
    return value_is_true(value_get(security(x), "privileged"));
}

static void privileged(Check *c)
{
    if (each_container(c, is_privileged))
        report(c, "privileged",
               arena_printf(c->a, "%s must not set securityContext.privileged=true",
                            containers_text(c)));
}

static bool bad_proc_mount(Check *c, const Value *x)
{
    const char *m = value_get_str(security(x), "procMount");

    if (!m || str_eq(m, "Default"))
        return false;
    add_value(c, m);
    return true;
}

static void proc_mount(Check *c)
{
    if (each_container(c, bad_proc_mount))
        report(c, "procMount",
               arena_printf(c->a, "%s must not set securityContext.procMount to %s",
                            containers_text(c), buf_str(&c->values)));
}

static bool bad_seccomp(Check *c, const Value *x)
{
    const char *t = value_at_str(security(x), "seccompProfile.type");

    if (!str_eq(t, "Unconfined"))
        return false;
    add_value(c, t);
    return true;
}

static void seccomp_baseline(Check *c)
{
    AUTO_BUF text = BUF_INIT;
    const char *pod = value_at_str(security(c->spec), "seccompProfile.type");

    if (str_eq(pod, "Unconfined"))
        buf_adds(&text, "pod must not set securityContext.seccompProfile.type to \"Unconfined\"");
    if (each_container(c, bad_seccomp))
        buf_addf(&text, "%s%s must not set securityContext.seccompProfile.type to %s",
                 text.len > 0 ? ", " : "", containers_text(c), buf_str(&c->values));
    if (text.len > 0)
        report(c, "seccompProfile", buf_str(&text));
}

static const char *const selinux_types[] = {
    "", "container_t", "container_init_t", "container_kvm_t", "container_engine_t", NULL};

static bool selinux_of(const Value *sc, Check *c, bool *user, bool *role)
{
    const Value *o = value_get(sc, "seLinuxOptions");
    const char *type = value_get_str(o, "type"), *u = value_get_str(o, "user");
    const char *r = value_get_str(o, "role");
    bool bad = false;

    if (type && !in_list(type, selinux_types)) {
        add_value(c, type);
        bad = true;
    }
    if (u && u[0])
        *user = bad = true;
    if (r && r[0])
        *role = bad = true;
    return bad;
}

static void selinux(Check *c)
{
    static const char *const lists[] = {"initContainers", "containers", "ephemeralContainers"};
    bool user = false, role = false, pod;
    const Value *x;
    AUTO_BUF text = BUF_INIT;

    begin(c);
    pod = selinux_of(security(c->spec), c, &user, &role);
    for (size_t k = 0; k < ARRAY_LEN(lists); k++)
        value_each_item(value_get(c->spec, lists[k]), i, x)
        {
            if (selinux_of(security(x), c, &user, &role))
                add_container(c, x);
        }
    if (!pod && c->n == 0)
        return;
    if (pod)
        buf_adds(&text, "pod");
    if (c->n > 0)
        buf_addf(&text, "%s%s", pod ? " and " : "", containers_text(c));
    buf_adds(&text, " set forbidden securityContext.seLinuxOptions: ");
    if (c->values.len > 0)
        buf_addf(&text, "type%s %s", strchr(buf_str(&c->values), ',') ? "s" : "",
                 buf_str(&c->values));
    if (user)
        buf_addf(&text, "%suser may not be set", c->values.len > 0 ? "; " : "");
    if (role)
        buf_addf(&text, "%srole may not be set", c->values.len > 0 || user ? "; " : "");
    report(c, "seLinuxOptions", buf_str(&text));
}

static void sysctls(Check *c)
{
    static const char *const fine[] = {"kernel.shm_rmid_forced",
                                       "net.ipv4.ip_local_port_range",
                                       "net.ipv4.ip_unprivileged_port_start",
                                       "net.ipv4.tcp_syncookies",
                                       "net.ipv4.ping_group_range",
                                       "net.ipv4.ip_local_reserved_ports",
                                       "net.ipv4.tcp_keepalive_time",
                                       "net.ipv4.tcp_fin_timeout",
                                       "net.ipv4.tcp_keepalive_intvl",
                                       "net.ipv4.tcp_keepalive_probes",
                                       "net.ipv4.tcp_rmem",
                                       "net.ipv4.tcp_wmem",
                                       NULL};
    AUTO_BUF text = BUF_INIT;
    const Value *s;

    value_each_item(value_get(security(c->spec), "sysctls"), i, s)
    {
        const char *name = value_get_str(s, "name");

        if (!in_list(name, fine))
            buf_addf(&text, "%s%s", text.len > 0 ? ", " : "", name);
    }
    if (text.len > 0)
        report(c, "forbidden sysctls", buf_str(&text));
}

static bool bad_host_process(Check *c, const Value *x)
{
    (void)c;
    return value_is_true(value_at(security(x), "windowsOptions.hostProcess"));
}

static void host_process(Check *c)
{
    AUTO_BUF text = BUF_INIT;

    if (bad_host_process(c, c->spec))
        buf_adds(&text, "pod must not set securityContext.windowsOptions.hostProcess=true");
    if (each_container(c, bad_host_process))
        buf_addf(&text, "%s%s must not set securityContext.windowsOptions.hostProcess=true",
                 text.len > 0 ? ", " : "", containers_text(c));
    if (text.len > 0)
        report(c, "hostProcess", buf_str(&text));
}

/* ---- restricted ---- */

static bool may_escalate(Check *c, const Value *x)
{
    const Value *v = value_get(security(x), "allowPrivilegeEscalation");

    (void)c;
    return !value_is(v, VALUE_BOOL) || v->boolean;
}

static void escalation(Check *c)
{
    if (!is_windows(c) && each_container(c, may_escalate))
        report(c, "allowPrivilegeEscalation != false",
               arena_printf(c->a, "%s must set securityContext.allowPrivilegeEscalation=false",
                            containers_text(c)));
}

static bool drops_not_all(Check *c, const Value *x)
{
    const Value *v;

    (void)c;
    value_each_item(value_at(security(x), "capabilities.drop"), i, v)
    {
        if (str_eq(value_to_cstr(v), "ALL"))
            return false;
    }
    return true;
}

static bool adds_more(Check *c, const Value *x)
{
    const Value *v;
    bool bad = false;

    value_each_item(value_at(security(x), "capabilities.add"), i, v)
    {
        const char *name = value_to_cstr(v);

        if (name && !str_eq(name, "NET_BIND_SERVICE")) {
            add_value(c, name);
            bad = true;
        }
    }
    return bad;
}

static void capabilities_restricted(Check *c)
{
    AUTO_BUF text = BUF_INIT;

    if (is_windows(c))
        return;
    if (each_container(c, drops_not_all))
        buf_addf(&text, "%s must set securityContext.capabilities.drop=[\"ALL\"]",
                 containers_text(c));
    if (each_container(c, adds_more))
        buf_addf(&text, "%s%s must not include %s in securityContext.capabilities.add",
                 text.len > 0 ? "; " : "", containers_text(c), buf_str(&c->values));
    if (text.len > 0)
        report(c, "unrestricted capabilities", buf_str(&text));
}

static void volume_types(Check *c)
{
    static const char *const fine[] = {"name",      "configMap", "csi",   "downwardAPI",
                                       "emptyDir",  "ephemeral", "image", "persistentVolumeClaim",
                                       "projected", "secret",    NULL};
    const Value *v;

    begin(c);
    value_each_item(value_get(c->spec, "volumes"), i, v)
    {
        bool bad = false;

        value_each_member(v, m) if (!in_list(m->name, fine))
        {
            add_value(c, m->name);
            bad = true;
        }
        if (bad)
            add_container(c, v);
    }
    if (c->n > 0)
        report(c, "restricted volume types",
               arena_printf(c->a, "volume%s %s use%s restricted volume type%s %s",
                            c->n == 1 ? "" : "s", buf_str(&c->containers), c->n == 1 ? "s" : "",
                            strchr(buf_str(&c->values), ',') ? "s" : "", buf_str(&c->values)));
}

static bool says_root(Check *c, const Value *x)
{
    const Value *v = value_get(security(x), "runAsNonRoot");

    (void)c;
    return value_is(v, VALUE_BOOL) && !v->boolean;
}

static bool says_nothing(Check *c, const Value *x)
{
    (void)c;
    return !value_is(value_get(security(x), "runAsNonRoot"), VALUE_BOOL);
}

static void non_root(Check *c)
{
    bool pod = value_is_true(value_get(security(c->spec), "runAsNonRoot"));
    AUTO_BUF text = BUF_INIT;

    if (says_root(c, c->spec))
        buf_adds(&text, "pod must not set securityContext.runAsNonRoot=false");
    if (each_container(c, says_root))
        buf_addf(&text, "%s%s must not set securityContext.runAsNonRoot=false",
                 text.len > 0 ? " and " : "", containers_text(c));
    if (text.len == 0 && !pod && each_container(c, says_nothing))
        buf_addf(&text, "pod or %s must set securityContext.runAsNonRoot=true", containers_text(c));
    if (text.len > 0)
        report(c, "runAsNonRoot != true", buf_str(&text));
}

static bool is_user_zero(Check *c, const Value *x)
{
    (void)c;
    return value_at_int(security(x), "runAsUser", 1) == 0;
}

static void run_as_user(Check *c)
{
    AUTO_BUF text = BUF_INIT;

    if (is_user_zero(c, c->spec))
        buf_adds(&text, "pod must not set runAsUser=0");
    if (each_container(c, is_user_zero))
        buf_addf(&text, "%s%s must not set runAsUser=0", text.len > 0 ? " and " : "",
                 containers_text(c));
    if (text.len > 0)
        report(c, "runAsUser=0", buf_str(&text));
}

static bool no_seccomp(Check *c, const Value *x)
{
    (void)c;
    return !value_at_str(security(x), "seccompProfile.type");
}

static void seccomp_restricted(Check *c)
{
    const char *pod = value_at_str(security(c->spec), "seccompProfile.type");
    AUTO_BUF text = BUF_INIT;

    if (is_windows(c))
        return;
    if (str_eq(pod, "Unconfined"))
        buf_adds(&text, "pod must not set securityContext.seccompProfile.type to \"Unconfined\"");
    if (each_container(c, bad_seccomp))
        buf_addf(&text, "%s%s must not set securityContext.seccompProfile.type to %s",
                 text.len > 0 ? ", " : "", containers_text(c), buf_str(&c->values));
    if (text.len == 0 && !pod && each_container(c, no_seccomp))
        buf_addf(&text,
                 "pod or %s must set securityContext.seccompProfile.type to \"RuntimeDefault\" or "
                 "\"Localhost\"",
                 containers_text(c));
    if (text.len > 0)
        report(c, "seccompProfile", buf_str(&text));
}

/* In the order of the checks' names in the real server's report. A check that a restricted one
 * replaces is left out there. */
static const struct {
    PodSecurityLevel level;
    bool is_replaced;
    void (*fn)(Check *c);
} checks[] = {
    {LEVEL_RESTRICTED, false, escalation},
    {LEVEL_BASELINE, false, app_armor},
    {LEVEL_BASELINE, true, capabilities},
    {LEVEL_RESTRICTED, false, capabilities_restricted},
    {LEVEL_BASELINE, false, host_namespaces},
    {LEVEL_BASELINE, true, host_paths},
    {LEVEL_BASELINE, false, host_ports},
    {LEVEL_BASELINE, false, probe_hosts},
    {LEVEL_BASELINE, false, privileged},
    {LEVEL_BASELINE, false, proc_mount},
    {LEVEL_RESTRICTED, false, volume_types},
    {LEVEL_RESTRICTED, false, non_root},
    {LEVEL_RESTRICTED, false, run_as_user},
    {LEVEL_BASELINE, true, seccomp_baseline},
    {LEVEL_RESTRICTED, false, seccomp_restricted},
    {LEVEL_BASELINE, false, selinux},
    {LEVEL_BASELINE, false, sysctls},
    {LEVEL_BASELINE, false, host_process},
};

void podsecurity_check(Arena *a, PodSecurityLevel level, const Value *meta, const Value *spec,
                       bool brief, Buf *out)
{
    Check c = {.a = a, .meta = meta, .spec = spec, .out = out, .brief = brief};

    for (size_t i = 0; i < ARRAY_LEN(checks); i++)
        if (checks[i].level <= level && !(checks[i].is_replaced && level == LEVEL_RESTRICTED))
            checks[i].fn(&c);
    buf_done(&c.containers);
    buf_done(&c.values);
}

/* ---- the plug-in ---- */

static const char *const level_names[] = {"privileged", "baseline", "restricted"};

static PodSecurityLevel level_of(const Value *labels, const char *mode, const char **ret_version)
{
    char key[80];
    const char *level, *version;

    (void)snprintf(key, sizeof(key), "pod-security.kubernetes.io/%s", mode);
    level = value_get_str(labels, key);
    (void)snprintf(key, sizeof(key), "pod-security.kubernetes.io/%s-version", mode);
    version = value_get_str(labels, key);
    *ret_version = version && version[0] ? version : "latest";
    for (size_t i = 0; level && i < ARRAY_LEN(level_names); i++)
        if (str_eq(level, level_names[i]))
            return (PodSecurityLevel)i;
    return LEVEL_PRIVILEGED;
}

/* Where the pod is in an object that makes pods. */
static const Value *template_of(const Op *op)
{
    static const struct {
        const char *storage, *path;
    } kinds[] = {
        {"apps/daemonsets", "spec.template"},  {"apps/deployments", "spec.template"},
        {"apps/replicasets", "spec.template"}, {"apps/statefulsets", "spec.template"},
        {"batch/jobs", "spec.template"},       {"batch/cronjobs", "spec.jobTemplate.spec.template"},
        {"podtemplates", "template"},          {"replicationcontrollers", "spec.template"},
    };

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (str_eq(kinds[i].storage, op->r->storage))
            return value_at(op->obj, kinds[i].path);
    return NULL;
}

static int check_labels(Request *req, Op *op)
{
    static const char *const modes[] = {"enforce", "audit", "warn"};
    const Value *labels = value_at(op->obj, "metadata.labels");
    FieldErrs e = {.arena = req->arena};

    for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
        const char *key = arena_printf(req->arena, "pod-security.kubernetes.io/%s", modes[i]);
        const char *level = value_get_str(labels, key), *version;
        bool ok = !level;

        for (size_t k = 0; level && k < ARRAY_LEN(level_names); k++)
            ok = ok || str_eq(level, level_names[k]);
        if (!ok)
            field_err(&e, FIELD_ERR_INVALID, arena_printf(req->arena, "metadata.labels[%s]", key),
                      value_get(labels, key), "must be one of privileged, baseline, restricted");
        key = arena_printf(req->arena, "%s-version", key);
        version = value_get_str(labels, key);
        if (version && !str_eq(version, "latest") && !str_starts(version, "v1."))
            field_err(&e, FIELD_ERR_INVALID, arena_printf(req->arena, "metadata.labels[%s]", key),
                      value_get(labels, key), "must be \"latest\" or \"v1.x\"");
    }
    return e.n > 0 ? fail_invalid(req, "", "Namespace", op->name, &e) : STEP_OK;
}

/* A stricter level does not drive out what runs; it only says so. */
static int warn_existing(Request *req, Op *op)
{
    const Resource *pods = resource_find(SLICE(""), SLICE("v1"), SLICE("pods"));
    const char *version, *old_version;
    PodSecurityLevel level = level_of(value_at(op->obj, "metadata.labels"), "enforce", &version);
    CacheScan scan = {.ns = op->name};
    AUTO_OBJVEC v = {0};
    int64_t revision;
    bool more, headed = false;
    int s;

    if (!op->old || level == LEVEL_PRIVILEGED ||
        level_of(value_at(op->old, "metadata.labels"), "enforce", &old_version) == level)
        return STEP_OK;
    s = read_list(req, req->cluster, "pods", &scan, &v, &revision, &more);
    for (size_t i = 0; !s && i < v.n; i++) {
        Value *pod = object_tree(req->arena, pods, v.items[i]);
        AUTO_BUF text = BUF_INIT;

        podsecurity_check(req->arena, level, value_get(pod, "metadata"), value_get(pod, "spec"),
                          true, &text);
        if (text.len == 0)
            continue;
        if (!headed)
            warnings_add(req->arena, &req->state->warnings,
                         "existing pods in namespace \"%s\" violate the new PodSecurity enforce "
                         "level \"%s:%s\"",
                         op->name, level_names[level], version);
        headed = true;
        warnings_add(req->arena, &req->state->warnings, "%s: %s", v.items[i]->name, buf_str(&text));
    }
    return s;
}

/* What the tenant's plan asks for at least. */
static int plan_floor(Request *req, PodSecurityLevel *ret)
{
    const Resource *tenants =
        resource_find(SLICE("tenancy.hostplane.io"), SLICE("v1"), SLICE("tenants"));
    const Resource *plans =
        resource_find(SLICE("tenancy.hostplane.io"), SLICE("v1"), SLICE("plans"));
    Cluster *host = vc_host(req->state->vc);
    const char *floor;
    Stored found;
    int s;

    *ret = LEVEL_PRIVILEGED;
    if (is_host(req->cluster) || !host)
        return STEP_OK;
    s = read_get(req, host, tenants->storage, "", req->cluster->name, &found);
    if (s || !found.obj)
        return s;
    s = read_get(req, host, plans->storage, "",
                 tenancy_plan_name(object_tree(req->arena, tenants, found.obj)), &found);
    if (s || !found.obj)
        return s;
    floor = value_at_str(object_tree(req->arena, plans, found.obj), "spec.podSecurityFloor");
    for (size_t i = 0; floor && i < ARRAY_LEN(level_names); i++)
        if (str_eq(floor, level_names[i]))
            *ret = (PodSecurityLevel)i;
    return STEP_OK;
}

static int judge(Request *req, Op *op, const Value *labels, const Value *meta, const Value *spec,
                 bool is_pod)
{
    const char *version;
    PodSecurityLevel level = level_of(labels, "enforce", &version), floor = LEVEL_PRIVILEGED;
    AUTO_BUF text = BUF_INIT;
    int s = is_pod ? plan_floor(req, &floor) : STEP_OK;

    if (s)
        return s;
    if (floor > level) {
        level = floor;
        version = "latest";
    }
    if (is_pod && level != LEVEL_PRIVILEGED) {
        podsecurity_check(req->arena, level, meta, spec, false, &text);
        if (text.len > 0)
            return fail_forbidden(req, "", "pods", op->name, "violates PodSecurity \"%s:%s\": %s",
                                  level_names[level], version, buf_str(&text));
    }
    level = level_of(labels, "warn", &version);
    if (level != LEVEL_PRIVILEGED) {
        buf_reset(&text);
        podsecurity_check(req->arena, level, meta, spec, false, &text);
        if (text.len > 0)
            warnings_add(req->arena, &req->state->warnings,
                         "would violate PodSecurity \"%s:%s\": %s", level_names[level], version,
                         buf_str(&text));
    }
    return STEP_OK;
}

int podsecurity_validate(Request *req, Op *op)
{
    const Resource *namespaces = resource_find(SLICE(""), SLICE("v1"), SLICE("namespaces"));
    bool is_pod = str_eq(op->r->storage, "pods");
    const Value *of, *labels;
    Value *ns = NULL;
    int s;

    if (str_eq(op->verb, "DELETE"))
        return STEP_OK;
    if (str_eq(op->r->storage, "namespaces") && !op->sub) {
        s = check_labels(req, op);
        return s ? s : warn_existing(req, op);
    }
    of = is_pod ? op->obj : template_of(op);
    if (!of || (op->sub && !str_eq(op->sub->name, "ephemeralcontainers")))
        return STEP_OK;
    if (op->old && is_pod && value_equal(value_get(op->old, "spec"), value_get(op->obj, "spec")))
        return STEP_OK;
    s = read_tree(req, namespaces, "", op->ns, &ns);
    if (s)
        return s;
    labels = value_at(ns, "metadata.labels");
    return judge(req, op, labels, value_get(of, "metadata"), value_get(of, "spec"), is_pod);
}
