#include "vcluster/podstandards.h"

/*
 * A check looks at one thing and reports it once, with everybody who does it. Two tables name the
 * checks with the versions they hold for, each in the order of upstream's names for them; a pod
 * at "restricted" passes through both, without what a stricter check replaces.
 */

typedef struct Texts {
    const char **items;
    uint32_t n, cap;
} Texts;

typedef struct Check {
    Arena *a;
    const Value *meta, *spec;
    int version;
    bool brief;
    Buf *out;
    Texts who;    /* containers or volumes, in their order */
    Texts values; /* what they have and must not, each once */
} Check;

/* ---- lists of texts ---- */

static void add(Arena *a, Texts *t, const char *text)
{
    if (t->n == t->cap) {
        const char **items = arena_array(a, const char *, t->cap + 8);

        if (t->n > 0)
            memcpy(items, t->items, t->n * sizeof(*items));
        t->items = items;
        t->cap += 8;
    }
    t->items[t->n++] = text ? text : "";
}

static bool has(const Texts *t, const char *text)
{
    for (uint32_t i = 0; i < t->n; i++)
        if (str_eq(t->items[i], text))
            return true;
    return false;
}

static void add_once(Arena *a, Texts *t, const char *text)
{
    if (!has(t, text))
        add(a, t, text);
}

static int by_text(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static void sort(Texts *t)
{
    if (t->n > 1)
        qsort(t->items, t->n, sizeof(*t->items), by_text);
}

static const char *join(Arena *a, const Texts *t, const char *between, const char *quote)
{
    AUTO_BUF b = BUF_INIT;

    for (uint32_t i = 0; i < t->n; i++)
        buf_addf(&b, "%s%s%s%s", i ? between : "", quote, t->items[i], quote);
    return arena_strdup(a, buf_str(&b));
}

static const char *quoted(Arena *a, const Texts *t)
{
    return join(a, t, ", ", "\"");
}

static const char *plural(const Texts *t, const char *one, const char *many)
{
    return t->n == 1 ? one : many;
}

/* ---- what checks are made of ---- */

static void report(Check *c, const char *reason, const char *detail)
{
    buf_addf(c->out, "%s%s", c->out->len > 0 ? ", " : "", reason);
    if (!c->brief && detail && detail[0])
        buf_addf(c->out, " (%s)", detail);
}

typedef bool (*BadFn)(Check *c, const Value *container);

/* Collect the containers that are bad; how many there are. */
static uint32_t find_bad(Check *c, BadFn bad)
{
    static const char *const lists[] = {"initContainers", "containers", "ephemeralContainers"};
    const Value *x;

    c->who = (Texts){0};
    for (size_t k = 0; k < ARRAY_LEN(lists); k++)
        value_each_item(value_get(c->spec, lists[k]), i, x)
        {
            if (bad(c, x))
                add(c->a, &c->who, value_get_str(x, "name"));
        }
    return c->who.n;
}

static const char *who(Check *c) /* container "a"; containers "a", "b" */
{
    return arena_printf(c->a, "%s %s", plural(&c->who, "container", "containers"),
                        quoted(c->a, &c->who));
}

static const char *values(Check *c)
{
    sort(&c->values);
    return quoted(c->a, &c->values);
}

static const Value *security(const Value *x)
{
    return value_get(x, "securityContext");
}

static void add_value(Check *c, const char *text)
{
    add_once(c->a, &c->values, text);
}

/* "pod", "container "a"" or both, when something is set where it must not be. */
static const char *setters(Check *c, bool pod, BadFn bad)
{
    uint32_t n;

    c->who = (Texts){0};
    n = find_bad(c, bad);
    if (!pod && n == 0)
        return NULL;
    return n == 0 ? "pod" : arena_printf(c->a, "%s%s", pod ? "pod and " : "", who(c));
}

static bool is_windows(const Check *c)
{
    return c->version >= 25 && str_eq(value_at_str(c->spec, "os.name"), "windows");
}

/* Pods in a user namespace of their own may be root in it. */
static bool is_relaxed(const Check *c)
{
    const Value *v = value_get(c->spec, "hostUsers");

    return c->version >= 35 && value_is(v, VALUE_BOOL) && !v->boolean;
}

/* ---- baseline ---- */

static void host_namespaces(Check *c)
{
    static const char *const names[] = {"hostNetwork", "hostPID", "hostIPC"};
    Texts set = {0};

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (value_is_true(value_get(c->spec, names[i])))
            add(c->a, &set, arena_printf(c->a, "%s=true", names[i]));
    if (set.n > 0)
        report(c, "host namespaces", join(c->a, &set, ", ", ""));
}

static bool bad_app_armor(Check *c, const Value *x)
{
    static const char *const fine[] = {"RuntimeDefault", "Localhost", NULL};
    const Value *profile = value_get(security(x), "appArmorProfile");
    const char *type = value_get_str(profile, "type");

    if (!profile || str_among(type, fine))
        return false;
    add_value(c, type ? type : "");
    return true;
}

static void app_armor(Check *c)
{
    static const char prefix[] = "container.apparmor.security.beta.kubernetes.io/";
    bool pod = bad_app_armor(c, c->spec);
    const char *set = setters(c, pod, bad_app_armor);
    Texts notes = {0};

    value_each_member(value_get(c->meta, "annotations"), m)
    {
        const char *v = value_to_cstr(m->value);

        if (str_starts(m->name, prefix) && v && v[0] && !str_eq(v, "runtime/default") &&
            !str_starts(v, "localhost/"))
            add(c->a, &notes, arena_printf(c->a, "%s=\"%s\"", m->name, v));
    }
    if (!set && notes.n == 0)
        return;
    sort(&c->values);
    sort(&notes);
    for (uint32_t i = 0; i < notes.n; i++)
        add(c->a, &c->values, notes.items[i]);
    if (notes.n > 0)
        set = arena_printf(c->a, "%s%s%s", set ? set : "", set ? " and " : "",
                           plural(&notes, "annotation", "annotations"));
    report(c, plural(&c->values, "forbidden AppArmor profile", "forbidden AppArmor profiles"),
           arena_printf(c->a, "%s must not set AppArmor profile type to %s", set,
                        quoted(c->a, &c->values)));
}

static bool adds_capability(Check *c, const Value *x, const char *const *fine)
{
    const Value *cap;
    bool bad = false;

    value_each_item(value_at(security(x), "capabilities.add"), i, cap)
    {
        const char *name = value_to_cstr(cap);

        if (!str_among(name, fine)) {
            add_value(c, name ? name : "");
            bad = true;
        }
    }
    return bad;
}

static bool bad_capability(Check *c, const Value *x)
{
    static const char *const fine[] = {
        "AUDIT_WRITE",      "CHOWN",   "DAC_OVERRIDE", "FOWNER",  "FSETID", "KILL",       "MKNOD",
        "NET_BIND_SERVICE", "SETFCAP", "SETGID",       "SETPCAP", "SETUID", "SYS_CHROOT", NULL};

    return adds_capability(c, x, fine);
}

static void capabilities(Check *c)
{
    if (find_bad(c, bad_capability) > 0)
        report(c, "non-default capabilities",
               arena_printf(c->a, "%s must not include %s in securityContext.capabilities.add",
                            who(c), values(c)));
}

static void host_paths(Check *c)
{
    Texts bad = {0};
    const Value *v;

    value_each_item(value_get(c->spec, "volumes"), i, v)
    {
        if (value_get(v, "hostPath"))
            add(c->a, &bad, value_get_str(v, "name"));
    }
    if (bad.n > 0)
        report(c, "hostPath volumes",
               arena_printf(c->a, "%s %s", plural(&bad, "volume", "volumes"), quoted(c->a, &bad)));
}

static bool bad_port(Check *c, const Value *x)
{
    const Value *p;
    bool bad = false;

    value_each_item(value_get(x, "ports"), i, p)
    {
        int64_t port = value_at_int(p, "hostPort", 0);

        if (port != 0) {
            add_value(c, arena_printf(c->a, "%lld", (long long)port));
            bad = true;
        }
    }
    return bad;
}

static void host_ports(Check *c)
{
    if (find_bad(c, bad_port) == 0)
        return;
    sort(&c->values);
    report(c, "hostPort",
           arena_printf(c->a, "%s %s %s %s", who(c), plural(&c->who, "uses", "use"),
                        plural(&c->values, "hostPort", "hostPorts"),
                        join(c->a, &c->values, ", ", "")));
}

static bool bad_probe(Check *c, const Value *x)
{
    static const char *const at[] = {"livenessProbe", "readinessProbe", "startupProbe",
                                     "lifecycle.postStart", "lifecycle.preStop"};
    static const char *const hosts[] = {"httpGet.host", "tcpSocket.host"};
    bool bad = false;

    for (size_t i = 0; i < ARRAY_LEN(at); i++)
        for (size_t k = 0; k < ARRAY_LEN(hosts); k++) {
            const char *host = value_at_str(value_at(x, at[i]), hosts[k]);

            if (host && host[0]) {
                add_value(c, host);
                bad = true;
            }
        }
    return bad;
}

static void probe_hosts(Check *c)
{
    if (find_bad(c, bad_probe) == 0)
        return;
    sort(&c->who);
    report(c, "probe or lifecycle host",
           arena_printf(c->a, "%s %s %s %s", who(c), plural(&c->who, "uses", "use"),
                        plural(&c->values, "probe or lifecycle host", "probe or lifecycle hosts"),
                        values(c)));
}

static bool is_privileged(Check *c UNUSED, const Value *x)
{
    return value_is_true(value_get(security(x), "privileged"));
}

static void privileged(Check *c)
{
    if (find_bad(c, is_privileged) > 0)
        report(c, "privileged",
               arena_printf(c->a, "%s must not set securityContext.privileged=true", who(c)));
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
    if (find_bad(c, bad_proc_mount) > 0)
        report(c, "procMount",
               arena_printf(c->a, "%s must not set securityContext.procMount to %s", who(c),
                            values(c)));
}

static void proc_mount_baseline(Check *c)
{
    if (!is_relaxed(c))
        proc_mount(c);
}

static bool selinux_of(Check *c, const Value *x, bool *user, bool *role)
{
    static const char *const types[] = {"", "container_t", "container_init_t", "container_kvm_t",
                                        NULL};
    const Value *o = value_get(security(x), "seLinuxOptions");
    const char *type = value_get_str(o, "type"), *u = value_get_str(o, "user");
    const char *r = value_get_str(o, "role");
    bool bad = false;

    if (type && !str_among(type, types) &&
        !(c->version >= 31 && str_eq(type, "container_engine_t"))) {
        add_value(c, type);
        bad = true;
    }
    if (u && u[0])
        *user = bad = true;
    if (r && r[0])
        *role = bad = true;
    return bad;
}

static bool bad_selinux(Check *c, const Value *x)
{
    bool user, role;

    return selinux_of(c, x, &user, &role);
}

static void selinux(Check *c)
{
    static const char *const lists[] = {"initContainers", "containers", "ephemeralContainers"};
    bool user = false, role = false, pod = selinux_of(c, c->spec, &user, &role);
    const char *set;
    const Value *x;
    Texts what = {0};

    for (size_t k = 0; k < ARRAY_LEN(lists); k++)
        value_each_item(value_get(c->spec, lists[k]), i, x)(void) selinux_of(c, x, &user, &role);
    set = setters(c, pod, bad_selinux);
    if (!set)
        return;
    if (c->values.n > 0)
        add(c->a, &what,
            arena_printf(c->a, "%s %s", plural(&c->values, "type", "types"), values(c)));
    if (user)
        add(c->a, &what, "user may not be set");
    if (role)
        add(c->a, &what, "role may not be set");
    report(c, "seLinuxOptions",
           arena_printf(c->a, "%s set forbidden securityContext.seLinuxOptions: %s", set,
                        join(c->a, &what, "; ", "")));
}

static const char *const fine_seccomp[] = {"RuntimeDefault", "Localhost", NULL};

static bool bad_seccomp(Check *c, const Value *x)
{
    const Value *profile = value_get(security(x), "seccompProfile");
    const char *type = value_get_str(profile, "type");

    if (!profile || str_among(type, fine_seccomp))
        return false;
    add_value(c, type ? type : "");
    return true;
}

/* True when it was reported. */
static bool seccomp_set(Check *c)
{
    const char *set = setters(c, bad_seccomp(c, c->spec), bad_seccomp);

    if (!set)
        return false;
    report(c, "seccompProfile",
           arena_printf(c->a, "%s must not set securityContext.seccompProfile.type to %s", set,
                        values(c)));
    return true;
}

static void seccomp_baseline(Check *c)
{
    (void)seccomp_set(c);
}

static void seccomp_note(Check *c, const char *key)
{
    const char *v = value_get_str(value_get(c->meta, "annotations"), key);

    if (v && !str_eq(v, "runtime/default") && !str_eq(v, "docker/default") &&
        !str_starts(v, "localhost/"))
        add_value(c, arena_printf(c->a, "%s=\"%s\"", key, v));
}

static bool note_container(Check *c, const Value *x)
{
    const char *name = value_get_str(x, "name");

    seccomp_note(c, arena_printf(c->a, "container.seccomp.security.alpha.kubernetes.io/%s",
                                 name ? name : ""));
    return false;
}

/* Before the field there were annotations. */
static void seccomp_notes(Check *c)
{
    seccomp_note(c, "seccomp.security.alpha.kubernetes.io/pod");
    (void)find_bad(c, note_container);
    if (c->values.n == 0)
        return;
    sort(&c->values);
    report(c, "seccompProfile",
           arena_printf(c->a, "forbidden %s %s", plural(&c->values, "annotation", "annotations"),
                        join(c->a, &c->values, ", ", "")));
}

static void sysctls(Check *c)
{
    static const struct {
        const char *name;
        int since;
    } fine[] = {
        {"kernel.shm_rmid_forced", 0},
        {"net.ipv4.ip_local_port_range", 0},
        {"net.ipv4.tcp_syncookies", 0},
        {"net.ipv4.ping_group_range", 0},
        {"net.ipv4.ip_unprivileged_port_start", 0},
        {"net.ipv4.ip_local_reserved_ports", 27},
        {"net.ipv4.tcp_keepalive_time", 29},
        {"net.ipv4.tcp_fin_timeout", 29},
        {"net.ipv4.tcp_keepalive_intvl", 29},
        {"net.ipv4.tcp_keepalive_probes", 29},
        {"net.ipv4.tcp_rmem", 32},
        {"net.ipv4.tcp_wmem", 32},
    };
    Texts bad = {0};
    const Value *s;

    value_each_item(value_get(security(c->spec), "sysctls"), i, s)
    {
        const char *name = value_get_str(s, "name");
        bool ok = false;

        for (size_t k = 0; k < ARRAY_LEN(fine); k++)
            ok = ok || (c->version >= fine[k].since && str_eq(name, fine[k].name));
        if (!ok)
            add(c->a, &bad, name);
    }
    if (bad.n > 0)
        report(c, "forbidden sysctls", join(c->a, &bad, ", ", ""));
}

static bool bad_host_process(Check *c UNUSED, const Value *x)
{
    return value_is_true(value_at(security(x), "windowsOptions.hostProcess"));
}

static void host_process(Check *c)
{
    const char *set = setters(c, bad_host_process(c, c->spec), bad_host_process);

    if (set)
        report(c, "hostProcess",
               arena_printf(c->a, "%s must not set securityContext.windowsOptions.hostProcess=true",
                            set));
}

/* ---- restricted ---- */

static bool may_escalate(Check *c UNUSED, const Value *x)
{
    const Value *v = value_get(security(x), "allowPrivilegeEscalation");

    return !value_is(v, VALUE_BOOL) || v->boolean;
}

static void escalation(Check *c)
{
    if (!is_windows(c) && find_bad(c, may_escalate) > 0)
        report(c, "allowPrivilegeEscalation != false",
               arena_printf(c->a, "%s must set securityContext.allowPrivilegeEscalation=false",
                            who(c)));
}

static bool drops_not_all(Check *c UNUSED, const Value *x)
{
    const Value *v;

    value_each_item(value_at(security(x), "capabilities.drop"), i, v)
    {
        if (str_eq(value_to_cstr(v), "ALL"))
            return false;
    }
    return true;
}

static bool adds_more(Check *c, const Value *x)
{
    static const char *const fine[] = {"NET_BIND_SERVICE", NULL};

    return adds_capability(c, x, fine);
}

static void capabilities_restricted(Check *c)
{
    Texts what = {0};

    if (is_windows(c))
        return;
    if (find_bad(c, drops_not_all) > 0)
        add(c->a, &what,
            arena_printf(c->a, "%s must set securityContext.capabilities.drop=[\"ALL\"]", who(c)));
    if (find_bad(c, adds_more) > 0)
        add(c->a, &what,
            arena_printf(c->a, "%s must not include %s in securityContext.capabilities.add", who(c),
                         values(c)));
    if (what.n > 0)
        report(c, "unrestricted capabilities", join(c->a, &what, "; ", ""));
}

static void volume_types(Check *c)
{
    static const char *const fine[] = {
        "configMap", "csi",    "downwardAPI",           "emptyDir", "ephemeral", "image",
        "projected", "secret", "persistentVolumeClaim", NULL};
    Texts bad = {0};
    const Value *v;

    value_each_item(value_get(c->spec, "volumes"), i, v)
    {
        const char *type = NULL;
        bool ok = false;

        value_each_member(v, m)
        {
            ok = ok || str_among(m->name, fine);
            if (!str_eq(m->name, "name") && !type)
                type = m->name;
        }
        if (ok)
            continue;
        add(c->a, &bad, value_get_str(v, "name"));
        add_value(c, type ? type : "unknown");
    }
    if (bad.n > 0)
        report(c, "restricted volume types",
               arena_printf(c->a, "%s %s %s %s %s", plural(&bad, "volume", "volumes"),
                            quoted(c->a, &bad), plural(&bad, "uses", "use"),
                            plural(&c->values, "restricted volume type", "restricted volume types"),
                            values(c)));
}

static bool says_root(Check *c UNUSED, const Value *x)
{
    const Value *v = value_get(security(x), "runAsNonRoot");

    return value_is(v, VALUE_BOOL) && !v->boolean;
}

static bool says_nothing(Check *c UNUSED, const Value *x)
{
    return !value_is(value_get(security(x), "runAsNonRoot"), VALUE_BOOL);
}

static void non_root(Check *c)
{
    const char *set;

    if (is_relaxed(c))
        return;
    set = setters(c, says_root(c, c->spec), says_root);
    if (set)
        report(c, "runAsNonRoot != true",
               arena_printf(c->a, "%s must not set securityContext.runAsNonRoot=false", set));
    else if (!value_is_true(value_get(security(c->spec), "runAsNonRoot")) &&
             find_bad(c, says_nothing) > 0)
        report(c, "runAsNonRoot != true",
               arena_printf(c->a, "pod or %s must set securityContext.runAsNonRoot=true", who(c)));
}

static bool is_user_zero(Check *c UNUSED, const Value *x)
{
    return value_at_int(security(x), "runAsUser", 1) == 0;
}

static void run_as_user(Check *c)
{
    const char *set = setters(c, is_user_zero(c, c->spec), is_user_zero);

    if (set && !is_relaxed(c))
        report(c, "runAsUser=0", arena_printf(c->a, "%s must not set runAsUser=0", set));
}

static bool no_seccomp(Check *c UNUSED, const Value *x)
{
    return value_get(security(x), "seccompProfile") == NULL;
}

static void seccomp_restricted(Check *c)
{
    if (is_windows(c) || seccomp_set(c))
        return;
    if (!value_get(security(c->spec), "seccompProfile") && find_bad(c, no_seccomp) > 0)
        report(c, "seccompProfile",
               arena_printf(c->a,
                            "pod or %s must set securityContext.seccompProfile.type to "
                            "\"RuntimeDefault\" or \"Localhost\"",
                            who(c)));
}

/* ---- the tables ---- */

enum { LAST = 35 /* what "latest" is: the newest version of any check */, EVER = INT32_MAX };

static const struct Row {
    PodLevel level;
    int from, until; /* versions, until is the first it does not hold for */
    int replaced;    /* from this version on, not at "restricted" */
    void (*fn)(Check *c);
} rows[] = {
    {LEVEL_BASELINE, 0, EVER, EVER, app_armor},
    {LEVEL_BASELINE, 0, EVER, 22, capabilities},
    {LEVEL_BASELINE, 0, EVER, EVER, host_namespaces},
    {LEVEL_BASELINE, 0, EVER, 0, host_paths},
    {LEVEL_BASELINE, 0, EVER, EVER, host_ports},
    {LEVEL_BASELINE, 34, EVER, EVER, probe_hosts},
    {LEVEL_BASELINE, 0, EVER, EVER, privileged},
    {LEVEL_BASELINE, 0, EVER, 35, proc_mount_baseline},
    {LEVEL_BASELINE, 0, EVER, EVER, selinux},
    {LEVEL_BASELINE, 0, 19, EVER, seccomp_notes},
    {LEVEL_BASELINE, 19, EVER, 19, seccomp_baseline},
    {LEVEL_BASELINE, 0, EVER, EVER, sysctls},
    {LEVEL_BASELINE, 0, EVER, EVER, host_process},
    {LEVEL_RESTRICTED, 8, EVER, EVER, escalation},
    {LEVEL_RESTRICTED, 22, EVER, EVER, capabilities_restricted},
    {LEVEL_RESTRICTED, 35, EVER, EVER, proc_mount},
    {LEVEL_RESTRICTED, 0, EVER, EVER, volume_types},
    {LEVEL_RESTRICTED, 0, EVER, EVER, non_root},
    {LEVEL_RESTRICTED, 23, EVER, EVER, run_as_user},
    {LEVEL_RESTRICTED, 19, EVER, EVER, seccomp_restricted},
};

void podstandards_check(Arena *a, PodLevel level, int version, const Value *meta, const Value *spec,
                        bool brief, Buf *out)
{
    version = MIN(version, (int)LAST);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Check c = {
            .a = a, .meta = meta, .spec = spec, .version = version, .brief = brief, .out = out};

        if (rows[i].level <= level && version >= rows[i].from && version < rows[i].until &&
            !(level == LEVEL_RESTRICTED && version >= rows[i].replaced))
            rows[i].fn(&c);
    }
}
