#include "agent/container.h"

#include "agent/pod_sync.h"
#include "agent/runtime.h"
#include "base/err.h"
#include "base/quantity.h"

static const char *or_empty(const char *s)
{
    return s ? s : "";
}

/* ---- names and places ---- */

const char *pod_qos(const Value *pod)
{
    const char *qos = value_at_str(pod, "status.qosClass");

    if (str_eq(qos, "Guaranteed"))
        return "guaranteed";
    return str_eq(qos, "Burstable") ? "burstable" : "besteffort";
}

const char *pod_cgroup(Arena *a, const Agent *agent, const char *uid)
{
    return arena_printf(a, "/hp-%s/pod%s", agent->o.node_name, uid);
}

const char *pod_dir(Arena *a, const Agent *agent, const char *uid)
{
    return arena_printf(a, "%s/pods/%s", agent->o.data_dir, uid);
}

const char *pod_log_dir(Arena *a, const Agent *agent, const Item *pod)
{
    return arena_printf(a, "%s/logs/%s_%s_%s_%s", agent->o.data_dir, pod->cluster, pod->ns,
                        pod->name, pod->uid);
}

static const char *hostname_of(Arena *a, const Value *pod)
{
    const char *h = value_at_str(pod, "spec.hostname");

    if (!h || !h[0])
        h = or_empty(value_at_str(pod, "metadata.name"));
    h = arena_printf(a, "%.63s", h);
    for (size_t n = strlen(h); n > 0 && (h[n - 1] == '-' || h[n - 1] == '.'); n--)
        h = arena_strndup(a, h, n - 1); /* cut short: it must end well */
    return h;
}

/* "host.sub.ns.svc.cluster.local"; NULL without a subdomain. */
static const char *fqdn_of(Arena *a, const Value *pod)
{
    const char *sub = value_at_str(pod, "spec.subdomain");

    if (!sub || !sub[0])
        return NULL;
    return arena_printf(a, "%s.%s.%s.svc.cluster.local", hostname_of(a, pod), sub,
                        or_empty(value_at_str(pod, "metadata.namespace")));
}

/* What the pod itself takes for its name. */
static const char *own_name(Arena *a, const Value *pod)
{
    const char *override = value_at_str(pod, "spec.hostnameOverride"), *fqdn = fqdn_of(a, pod);

    if (override && override[0])
        return override;
    return fqdn && value_at_bool(pod, "spec.setHostnameAsFQDN") ? fqdn : hostname_of(a, pod);
}

static void put_aliases(const Value *aliases, Buf *out)
{
    const Value *alias, *name;

    if (value_len(aliases) > 0)
        buf_adds(out, "\n# Entries added by HostAliases.\n");
    value_each_item(aliases, i, alias)
    {
        buf_adds(out, or_empty(value_get_str(alias, "ip")));
        value_each_item(value_get(alias, "hostnames"), k, name)
        {
            buf_addf(out, "\t%s", or_empty(value_to_cstr(name)));
        }
        buf_addc(out, '\n');
    }
}

void pod_hosts_file(const PodContext *pc, Slice node_hosts, Buf *out)
{
    const char *const ips[] = {pc->pod_ip, pc->second_pod_ip};
    CLEANUP(arena_free) Arena *a = arena_new();

    if (value_at_bool(pc->pod, "spec.hostNetwork")) {
        buf_adds(out, "# Kubernetes-managed hosts file (host network).\n");
        buf_add_slice(out, node_hosts);
        put_aliases(value_at(pc->pod, "spec.hostAliases"), out);
        return;
    }
    buf_adds(out, "# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n"
                  "::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\n"
                  "fe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n");
    for (size_t i = 0; i < ARRAY_LEN(ips); i++) {
        if (!ips[i] || !ips[i][0])
            continue;
        buf_addf(out, "%s\t", ips[i]);
        if (fqdn_of(a, pc->pod))
            buf_addf(out, "%s\t", fqdn_of(a, pc->pod));
        buf_addf(out, "%s\n", hostname_of(a, pc->pod));
    }
    put_aliases(value_at(pc->pod, "spec.hostAliases"), out);
}

/* ---- what a tenant may not have ---- */

static bool is_privileged(const Value *container)
{
    return value_at_bool(container, "securityContext.privileged");
}

/* Capabilities that reach no further than the pod's own namespaces. */
static bool is_harmless_capability(const char *name)
{
    static const char *const allowed[] = {
        "AUDIT_WRITE", "CHOWN",  "DAC_OVERRIDE", "FOWNER",   "FSETID",     "IPC_LOCK",
        "KILL",        "MKNOD",  "NET_ADMIN",    "NET_RAW",  "SETFCAP",    "NET_BIND_SERVICE",
        "SETGID",      "SETUID", "SETPCAP",      "SYS_NICE", "SYS_CHROOT", "SYS_PTRACE"};

    if (str_starts(name, "CAP_"))
        name += 4;
    for (size_t i = 0; i < ARRAY_LEN(allowed); i++) {
        if (strcmp(name, allowed[i]) == 0)
            return true;
    }
    return false;
}

static const char *container_refused(const Value *c)
{
    const Value *v;

    if (is_privileged(c))
        return "privileged containers are not allowed on this node";
    if (str_eq(value_at_str(c, "securityContext.procMount"), "Unmasked"))
        return "an unmasked /proc is not allowed on this node";
    value_each_item(value_get(c, "ports"), n, v)
    {
        if (value_at_int(v, "hostPort", 0) != 0)
            return "host ports are not allowed on this node";
    }
    value_each_item(value_at(c, "securityContext.capabilities.add"), k, v)
    {
        if (!is_harmless_capability(or_empty(value_to_cstr(v))))
            return "a capability that the container asks for is not allowed on this node";
    }
    return NULL;
}

/* Those that reach no further than the pod's namespaces, as kubelet has them. */
static bool is_safe_sysctl(const char *name)
{
    static const char *const safe[] = {"kernel.shm_rmid_forced",
                                       "net.ipv4.ip_local_port_range",
                                       "net.ipv4.tcp_syncookies",
                                       "net.ipv4.ping_group_range",
                                       "net.ipv4.tcp_keepalive_time",
                                       "net.ipv4.ip_unprivileged_port_start",
                                       "net.ipv4.tcp_fin_timeout",
                                       "net.ipv4.ip_local_reserved_ports",
                                       "net.ipv4.tcp_keepalive_intvl",
                                       "net.ipv4.tcp_keepalive_probes",
                                       "net.ipv4.tcp_rmem",
                                       "net.ipv4.tcp_wmem"};

    for (size_t i = 0; i < ARRAY_LEN(safe); i++) {
        const char *p = safe[i], *n = name;

        while (*p && (*p == *n || (*p == '.' && *n == '/')))
            p++, n++;
        if (!*p && !*n)
            return true;
    }
    return false;
}

static bool refuse(ContainerRefusal *r, const char *reason, const char *message)
{
    *r = (ContainerRefusal){reason, message};
    return true;
}

/* What the runtime of this node cannot do; to pass over it would be worse. */
static bool lacks_support(const Value *pod, ContainerRefusal *ret)
{
    const Value *spec = value_get(pod, "spec"), *c;
    const char *type = value_at_str(spec, "securityContext.appArmorProfile.type");
    const char *os = value_at_str(spec, "os.name");
    const char *label = value_get_str(value_at(pod, "metadata.labels"), "kubernetes.io/os");

    if (label && strcmp(label, "linux") != 0)
        return refuse(ret, "PodOSSelectorNodeLabelDoesNotMatch",
                      "Failed to admit pod as the `kubernetes.io/os` label doesn't match node "
                      "label");
    if (os && strcmp(os, "linux") != 0)
        return refuse(ret, "PodOSNotSupported",
                      "Failed to admit pod as the OS field doesn't match node OS");
    if (str_eq(value_at_str(spec, "securityContext.supplementalGroupsPolicy"), "Strict"))
        return refuse(ret, "SupplementalGroupsPolicyNotSupported",
                      "SupplementalGroupsPolicy=Strict is not supported in this node");
    for (size_t i = 0; i < ARRAY_LEN(container_lists) && !(type && strcmp(type, "Unconfined") != 0);
         i++) {
        value_each_item(value_get(spec, container_lists[i]), k, c)
        {
            const char *own = value_at_str(c, "securityContext.appArmorProfile.type");

            type = own && strcmp(own, "Unconfined") != 0 ? own : type;
        }
    }
    if (type && strcmp(type, "Unconfined") != 0)
        return refuse(ret, "AppArmor",
                      "Cannot enforce AppArmor: AppArmor is not enabled on the host");
    return false;
}

bool container_refusal(Arena *a, const Agent *agent, const char *cluster, const Value *pod,
                       ContainerRefusal *ret)
{
    static const char *const flags[] = {"hostNetwork", "hostPID", "hostIPC"};
    static const char forbidden[] = "HostAccessForbidden";
    const Value *spec = value_get(pod, "spec"), *c;

    if (lacks_support(pod, ret))
        return true;
    if (agent->o.allow_privileged || strcmp(cluster, "host") == 0)
        return false;
    for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
        if (value_is_true(value_get(spec, flags[i])))
            return refuse(ret, forbidden, "host namespaces are not allowed on this node");
    }
    for (size_t i = 0; i < ARRAY_LEN(container_lists); i++) {
        value_each_item(value_get(spec, container_lists[i]), k, c)
        {
            const char *why = container_refused(c);

            if (why)
                return refuse(ret, forbidden, why);
        }
    }
    value_each_item(value_at(spec, "securityContext.sysctls"), n, c)
    {
        const char *name = or_empty(value_get_str(c, "name"));

        if (!is_safe_sysctl(name))
            return refuse(ret, "SysctlForbidden",
                          arena_printf(a, "forbidden sysctl: \"%s\" not allowlisted", name));
    }
    value_each_item(value_get(spec, "volumes"), v, c)
    {
        if (value_get(c, "hostPath"))
            return refuse(ret, forbidden, "hostPath volumes are not allowed on this node");
    }
    return false;
}

/* ---- sandbox ---- */

static void set_labels(Arena *a, Value *config, const PodContext *pc)
{
    Value *labels = value_need(a, config, "labels");
    const Value *meta = value_get(pc->pod, "metadata");

    value_set_str(a, labels, LABEL_POD_NAME, or_empty(value_get_str(meta, "name")));
    value_set_str(a, labels, LABEL_POD_NS, or_empty(value_get_str(meta, "namespace")));
    value_set_str(a, labels, LABEL_POD_UID, or_empty(value_get_str(meta, "uid")));
    value_set_str(a, labels, LABEL_CLUSTER, pc->cluster);
    value_set_str(a, labels, LABEL_NODE, pc->node_name);
}

static void add_str(Arena *a, Value *list, const char *s)
{
    value_append(a, list, value_str(a, s));
}

/* Once only, whatever came from where. */
static void add_once(Arena *a, Value *list, const char *s)
{
    const Value *v;

    value_each_item(list, i, v)
    {
        if (str_eq(value_to_cstr(v), s))
            return;
    }
    add_str(a, list, s);
}

/* An option of the pod's own wins over one of that name. */
static void set_option(Arena *a, Value *options, const char *name, const char *value)
{
    const char *text = value && value[0] ? arena_printf(a, "%s:%s", name, value) : name;
    size_t n = strlen(name);

    for (uint32_t i = value_len(options); i-- > 0;) {
        const char *old = value_to_cstr(options->items[i]);

        if (strncmp(old, name, n) == 0 && (old[n] == ':' || old[n] == '\0'))
            value_remove(options, i);
    }
    add_str(a, options, text);
}

/* Limits of resolvers (pkg/apis/core/validation: MaxDNSNameservers, MaxDNSSearchPaths, ...). */
enum {
    DNS_SERVERS_MAX = 3,
    DNS_SEARCHES_MAX = 32,
    DNS_SEARCH_CHARS_MAX = 2048,
    DNS_NAME_MAX = 253
};

static const char *joined(Arena *a, const Value *list)
{
    AUTO_BUF b = BUF_INIT;
    const Value *v;

    value_each_item(list, i, v)
    {
        buf_addf(&b, "%s%s", i > 0 ? " " : "", or_empty(value_to_cstr(v)));
    }
    return arena_strndup(a, b.len ? b.ptr : "", b.len);
}

static bool cut_to(Value *list, uint32_t n)
{
    bool is_longer = value_len(list) > n;

    while (value_len(list) > n)
        value_remove(list, value_len(list) - 1);
    return is_longer;
}

static void fit_dns(Arena *a, Value *servers, Value *searches, Value *told)
{
    static const char said[] = "%s limits were exceeded, some %s have been omitted, the applied "
                               "%s line is: %s";
    bool is_cut = cut_to(servers, DNS_SERVERS_MAX);

    if (is_cut && told)
        add_str(
            a, told,
            arena_printf(a, said, "Nameserver", "nameservers", "nameserver", joined(a, servers)));
    is_cut = cut_to(searches, DNS_SEARCHES_MAX);
    for (uint32_t i = value_len(searches); i-- > 0;) {
        if (strlen(or_empty(value_to_cstr(value_item(searches, i)))) <= DNS_NAME_MAX)
            continue;
        value_remove(searches, i);
        is_cut = true;
    }
    while (value_len(searches) > 0 && strlen(joined(a, searches)) > DNS_SEARCH_CHARS_MAX)
        is_cut |= cut_to(searches, value_len(searches) - 1);
    if (is_cut && told)
        add_str(
            a, told,
            arena_printf(a, said, "Search Line", "search paths", "search", joined(a, searches)));
}

Value *pod_dns(Arena *a, const PodContext *pc, Value *told)
{
    const char *policy = value_at_str(pc->pod, "spec.dnsPolicy");
    const char *ns = or_empty(value_at_str(pc->pod, "metadata.namespace"));
    const Value *extra = value_at(pc->pod, "spec.dnsConfig"), *v;
    Value *servers = value_array(a), *searches = value_array(a), *options = value_array(a), *dns;
    bool host = value_at_bool(pc->pod, "spec.hostNetwork");
    bool is_cluster = !policy || strcmp(policy, "ClusterFirstWithHostNet") == 0 ||
                      (strcmp(policy, "ClusterFirst") == 0 && !host);

    if (!is_cluster && !(policy && strcmp(policy, "None") == 0) && !extra)
        return NULL; /* the node's own resolv.conf */
    if (is_cluster) {
        add_str(a, servers, pc->dns_ip);
        add_str(a, searches, arena_printf(a, "%s.svc.cluster.local", ns));
        add_str(a, searches, "svc.cluster.local");
        add_str(a, searches, "cluster.local");
        add_str(a, options, "ndots:5");
    }
    value_each_item(value_get(extra, "nameservers"), i, v)
    {
        add_once(a, servers, value_to_cstr(v));
    }
    value_each_item(value_get(extra, "searches"), k, v)
    {
        add_once(a, searches, value_to_cstr(v));
    }
    value_each_item(value_get(extra, "options"), n, v)
    {
        set_option(a, options, or_empty(value_get_str(v, "name")), value_get_str(v, "value"));
    }
    fit_dns(a, servers, searches, told);
    dns = value_object(a);
    value_set(a, dns, "servers", servers);
    value_set(a, dns, "searches", searches);
    value_set(a, dns, "options", options);
    return dns;
}

static Value *namespaces(Arena *a, const Value *pod)
{
    Value *n = value_object(a);
    bool shared = value_at_bool(pod, "spec.shareProcessNamespace");

    value_set_int(a, n, "network", value_at_bool(pod, "spec.hostNetwork") ? CRI_NS_NODE : 0);
    value_set_int(a, n, "ipc", value_at_bool(pod, "spec.hostIPC") ? CRI_NS_NODE : 0);
    value_set_int(a, n, "pid",
                  value_at_bool(pod, "spec.hostPID") ? CRI_NS_NODE
                  : shared                           ? CRI_NS_POD
                                                     : CRI_NS_CONTAINER);
    return n;
}

static void set_seccomp(Arena *a, Value *sc, const Value *profile)
{
    const char *type = value_get_str(profile, "type");
    const char *file = value_get_str(profile, "localhostProfile");
    Value *v = value_need(a, sc, "seccomp");

    /* Unlike kubelet: without a profile the runtime's own filter holds. Nodes are shared. */
    if (str_eq(type, "Unconfined"))
        value_set_int(a, v, "profile_type", CRI_SECCOMP_UNCONFINED);
    else if (str_eq(type, "Localhost") && file && !strstr(file, ".."))
        value_set_int(a, v, "profile_type", CRI_SECCOMP_LOCALHOST);
    else
        value_set_int(a, v, "profile_type", CRI_SECCOMP_DEFAULT);
    if (value_at_int(v, "profile_type", 0) == CRI_SECCOMP_LOCALHOST)
        value_set_str(a, v, "localhost_ref",
                      arena_printf(a, "/var/lib/hostplane-agent/seccomp/%s", file));
}

static void set_ports(Arena *a, Value *config, const Value *pod)
{
    const Value *c, *p;

    value_each_item(value_at(pod, "spec.containers"), i, c)
    {
        value_each_item(value_get(c, "ports"), k, p)
        {
            const char *proto = value_get_str(p, "protocol"), *ip = value_get_str(p, "hostIP");
            Value *m;

            if (value_at_int(p, "hostPort", 0) == 0)
                continue;
            m = value_object(a);
            value_set_int(a, m, "protocol",
                          str_eq(proto, "UDP")    ? 1
                          : str_eq(proto, "SCTP") ? 2
                                                  : 0);
            value_set_int(a, m, "container_port", value_at_int(p, "containerPort", 0));
            value_set_int(a, m, "host_port", value_at_int(p, "hostPort", 0));
            if (ip)
                value_set_str(a, m, "host_ip", ip);
            if (!value_get(config, "port_mappings"))
                value_set(a, config, "port_mappings", value_array(a));
            value_append(a, value_get(config, "port_mappings"), m);
        }
    }
}

Value *sandbox_config(Arena *a, const Agent *agent UNUSED, const PodContext *pc, uint32_t attempt,
                      const char *log_dir, const char *cgroup_parent)
{
    Value *config = value_object(a), *meta = value_need(a, config, "metadata"), *sc, *dns;
    const Value *pod_sc = value_at(pc->pod, "spec.securityContext"), *sysctl;
    bool host_network = value_at_bool(pc->pod, "spec.hostNetwork"), privileged = false;
    const Value *c;

    value_set_str(a, meta, "name", or_empty(value_at_str(pc->pod, "metadata.name")));
    value_set_str(a, meta, "uid", or_empty(value_at_str(pc->pod, "metadata.uid")));
    /* The runtime's names hold the cluster, so that two tenants' pods never meet. */
    value_set_str(a, meta, "namespace",
                  arena_printf(a, "%s.%s", pc->cluster,
                               or_empty(value_at_str(pc->pod, "metadata.namespace"))));
    value_set_int(a, meta, "attempt", attempt);
    if (!host_network) {
        value_set_str(a, config, "hostname", own_name(a, pc->pod));
        set_ports(a, config, pc->pod);
    }
    value_set_str(a, config, "log_directory", log_dir);
    dns = pod_dns(a, pc, NULL);
    if (dns)
        value_set(a, config, "dns_config", dns);
    set_labels(a, config, pc);
    value_set_str(a, value_need(a, config, "linux"), "cgroup_parent", cgroup_parent);
    sc = value_need(a, value_get(config, "linux"), "security_context");
    value_set(a, sc, "namespace_options", namespaces(a, pc->pod));
    for (size_t k = 0; k < ARRAY_LEN(container_lists); k++) {
        value_each_item(value_get(value_get(pc->pod, "spec"), container_lists[k]), i, c)
        {
            privileged |= is_privileged(c);
        }
    }
    value_set_bool(a, sc, "privileged", privileged);
    set_seccomp(a, sc, value_get(pod_sc, "seccompProfile"));
    value_each_item(value_get(pod_sc, "sysctls"), n, sysctl)
    {
        value_set_str(a, value_need(a, value_get(config, "linux"), "sysctls"),
                      or_empty(value_get_str(sysctl, "name")),
                      or_empty(value_get_str(sysctl, "value")));
    }
    return config;
}

/* ---- container ---- */

static int64_t quantity_at(const Value *v, const char *list, const char *name, bool milli)
{
    const Value *q = value_get(value_get(v, list), name);
    Quantity parsed;

    if (!q || (q->type != VALUE_STRING && q->type != VALUE_NUMBER) ||
        quantity_parse((Slice){q->str, q->n}, &parsed, NULL) < 0)
        return -1;
    return milli ? quantity_milli(&parsed) : quantity_value(&parsed);
}

static int64_t burstable_score(const Agent *agent, int64_t memory_request)
{
    return MIN(999, MAX(3, 1000 - 1000 * MAX(0, memory_request) / agent->memory));
}

/* A sidecar is killed for want of memory no sooner than the containers that it is there for
 * (pkg/kubelet/qos, GetContainerOOMScoreAdjust()). */
static void spare_sidecar(Arena *a, const Agent *agent, const Value *pod, Value *resources)
{
    int64_t least = INT64_MAX, score = value_at_int(resources, "oom_score_adj", 0);
    const Value *c;

    value_each_item(value_at(pod, "spec.containers"), i, c)
    {
        least =
            MIN(least, MAX(0, quantity_at(value_get(c, "resources"), "requests", "memory", false)));
    }
    if (strcmp(pod_qos(pod), "burstable") == 0 && agent->memory > 0 && least < INT64_MAX)
        value_set_int(a, resources, "oom_score_adj", MIN(score, burstable_score(agent, least)));
}

/* is_update: a limit that is gone is lifted, and the OOM score stays as it is. */
Value *container_resources(Arena *a, const Agent *agent, const Value *pod, const Value *resources,
                           bool is_update)
{
    Value *r = value_object(a);
    int64_t cpu_request = quantity_at(resources, "requests", "cpu", true);
    int64_t cpu_limit = quantity_at(resources, "limits", "cpu", true);
    int64_t memory_request = quantity_at(resources, "requests", "memory", false);
    int64_t memory_limit = quantity_at(resources, "limits", "memory", false);
    const Value *of_pod = value_at(pod, "spec.resources");
    const char *qos = pod_qos(pod);
    int64_t score = 1000;

    if (cpu_request < 0)
        cpu_request = cpu_limit;
    /* One without a limit of its own may have all that its pod may. */
    if (cpu_limit < 0)
        cpu_limit = quantity_at(of_pod, "limits", "cpu", true);
    if (memory_limit < 0)
        memory_limit = quantity_at(of_pod, "limits", "memory", false);
    value_set_int(a, r, "cpu_shares", cpu_request > 0 ? MAX(2, cpu_request * 1024 / 1000) : 2);
    if (cpu_limit > 0 || is_update) {
        value_set_int(a, r, "cpu_period", 100000);
        value_set_int(a, r, "cpu_quota", cpu_limit > 0 ? MAX(1000, cpu_limit * 100) : -1);
    }
    if (memory_limit > 0)
        value_set_int(a, r, "memory_limit_in_bytes", memory_limit);
    else if (is_update)
        value_set_int(a, r, "memory_limit_in_bytes", -1);
    if (is_update)
        return r;
    if (strcmp(qos, "guaranteed") == 0) {
        score = -997;
    } else if (strcmp(qos, "burstable") == 0 && agent->memory > 0) {
        score = burstable_score(agent, memory_request);
    }
    value_set_int(a, r, "oom_score_adj", score);
    return r;
}

/* The container's field, else the pod's. */
static const Value *security_field(const ContainerContext *cc, const Value *container,
                                   const char *name)
{
    const Value *v = value_get(value_get(container, "securityContext"), name);

    return v ? v : value_get(value_at(cc->vc->pc->pod, "spec.securityContext"), name);
}

static int set_user(Arena *a, const ContainerContext *cc, const Value *container, Value *sc,
                    Err *err)
{
    const Value *user = security_field(cc, container, "runAsUser");
    const Value *group = security_field(cc, container, "runAsGroup");
    const char *name = value_get_str(cc->image_user, "username");
    int64_t uid = value_at_int(cc->image_user, "uid.value", -1), n;

    if (value_to_int(user, &n)) {
        value_set_int(a, value_need(a, sc, "run_as_user"), "value", n);
        uid = n;
        name = NULL;
    } else if (uid >= 0) {
        value_set_int(a, value_need(a, sc, "run_as_user"), "value", uid);
    } else if (name && name[0]) {
        value_set_str(a, sc, "run_as_username", name);
    } else {
        uid = 0;
    }
    if (value_to_int(group, &n)) {
        value_set_int(a, value_need(a, sc, "run_as_group"), "value", n);
        if (!value_get(sc, "run_as_user") && !value_get(sc, "run_as_username"))
            value_set_int(a, value_need(a, sc, "run_as_user"), "value", 0);
    }
    if (!value_is_true(security_field(cc, container, "runAsNonRoot")))
        return 0;
    if (name && name[0])
        return err_set(err, ERR_INVALID,
                       "container has runAsNonRoot and image has non-numeric user (%s), cannot "
                       "verify user is non-root",
                       name);
    if (uid == 0)
        return err_set(err, ERR_INVALID, "container has runAsNonRoot and image will run as root");
    return 0;
}

static void set_groups(Arena *a, const ContainerContext *cc, Value *sc)
{
    const Value *pod_sc = value_at(cc->vc->pc->pod, "spec.securityContext"), *v;
    Value *groups = value_array(a);

    if (value_get(pod_sc, "fsGroup"))
        value_append(a, groups, value_copy(a, value_get(pod_sc, "fsGroup")));
    value_each_item(value_get(pod_sc, "supplementalGroups"), i, v)
    {
        value_append(a, groups, value_copy(a, v));
    }
    if (value_len(groups) > 0)
        value_set(a, sc, "supplemental_groups", groups);
}

static void set_capabilities(Arena *a, const Value *container, Value *sc)
{
    static const char *const sides[][2] = {{"add", "add_capabilities"},
                                           {"drop", "drop_capabilities"}};
    const Value *caps = value_at(container, "securityContext.capabilities"), *v;

    for (size_t i = 0; i < ARRAY_LEN(sides); i++) {
        Value *list = value_array(a);

        value_each_item(value_get(caps, sides[i][0]), k, v)
        {
            const char *name = or_empty(value_to_cstr(v));

            add_str(a, list, str_starts(name, "CAP_") ? name + 4 : name);
        }
        if (value_len(list) > 0)
            value_set(a, value_need(a, sc, "capabilities"), sides[i][1], list);
    }
}

static int security(Arena *a, const ContainerContext *cc, const Value *container, Value **ret,
                    Err *err)
{
    static const char masked[] =
        "['/proc/asound','/proc/acpi','/proc/kcore','/proc/keys','/proc/latency_stats',"
        "'/proc/timer_list','/proc/timer_stats','/proc/sched_debug','/proc/scsi',"
        "'/sys/firmware','/sys/devices/virtual/powercap']";
    static const char readonly[] =
        "['/proc/bus','/proc/fs','/proc/irq','/proc/sys','/proc/sysrq-trigger']";
    Value *sc = value_object(a);
    const Value *own = value_get(container, "securityContext");
    const Value *escalation = value_get(own, "allowPrivilegeEscalation");
    bool privileged = is_privileged(container);
    int r;

    value_set(a, sc, "namespace_options", namespaces(a, cc->vc->pc->pod));
    if (cc->target_id) {
        value_set_int(a, value_get(sc, "namespace_options"), "pid", CRI_NS_TARGET);
        value_set_str(a, value_get(sc, "namespace_options"), "target_id", cc->target_id);
    }
    value_set_bool(a, sc, "privileged", privileged);
    value_set_bool(a, sc, "readonly_rootfs", value_at_bool(own, "readOnlyRootFilesystem"));
    value_set_bool(a, sc, "no_new_privs", escalation && !value_is_true(escalation));
    r = set_user(a, cc, container, sc, err);
    if (r < 0)
        return r;
    set_groups(a, cc, sc);
    set_capabilities(a, container, sc);
    if (!privileged) {
        set_seccomp(a, sc, security_field(cc, container, "seccompProfile"));
        if (!str_eq(value_get_str(own, "procMount"), "Unmasked")) {
            value_set(a, sc, "masked_paths", value_literal(a, masked));
            value_set(a, sc, "readonly_paths", value_literal(a, readonly));
        }
    }
    *ret = sc;
    return 0;
}

static void add_mount(Arena *a, Value *list, const char *path, const char *source, bool readonly)
{
    Value *m = value_object(a);

    value_set_str(a, m, "container_path", path);
    value_set_str(a, m, "host_path", source);
    value_set_bool(a, m, "readonly", readonly);
    value_append(a, list, m);
}

static bool has_mount_at(const Value *container, const char *path)
{
    const Value *m;

    value_each_item(value_get(container, "volumeMounts"), i, m)
    {
        if (str_eq(value_get_str(m, "mountPath"), path))
            return true;
    }
    return false;
}

static bool is_always_readonly(const Value *pod, const char *volume)
{
    const Value *v;

    value_each_item(value_at(pod, "spec.volumes"), i, v)
    {
        if (str_eq(value_get_str(v, "name"), volume))
            return value_get(v, "configMap") || value_get(v, "secret") ||
                   value_get(v, "projected") || value_get(v, "downwardAPI") ||
                   value_get(v, "image") || value_at_bool(v, "persistentVolumeClaim.readOnly");
    }
    return false;
}

static int mounts(Arena *a, const ContainerContext *cc, const Value *container, const Value *env,
                  Value **ret, Err *err)
{
    const Value *pod = cc->vc->pc->pod, *m;
    const char *message_path = value_get_str(container, "terminationMessagePath");
    Value *list = value_array(a);

    value_each_item(value_get(container, "volumeMounts"), i, m)
    {
        const char *volume = or_empty(value_get_str(m, "name")), *source;
        const char *propagation = value_get_str(m, "mountPropagation");
        int r = volumes_mount_source(a, cc->vc, cc->volume_paths, m,
                                     or_empty(value_get_str(container, "name")), env, &source, err);

        if (r < 0)
            return r;
        if (str_eq(value_get_str(m, "recursiveReadOnly"), "Enabled"))
            return err_set(err, ERR_INVALID,
                           "failed to resolve recursive read-only mode: volume \"%s\" requested "
                           "recursive read-only mode, but it is not supported by the runtime",
                           volume);
        add_mount(a, list, or_empty(value_get_str(m, "mountPath")), source,
                  value_at_bool(m, "readOnly") || is_always_readonly(pod, volume));
        if (str_eq(propagation, "HostToContainer"))
            value_set_int(a, value_item(list, value_len(list) - 1), "propagation",
                          CRI_MOUNT_FROM_HOST);
        else if (str_eq(propagation, "Bidirectional"))
            value_set_int(a, value_item(list, value_len(list) - 1), "propagation",
                          CRI_MOUNT_BIDIRECTIONAL);
    }
    if (!has_mount_at(container, "/etc/hosts"))
        add_mount(a, list, "/etc/hosts", arena_printf(a, "%s/etc-hosts", cc->vc->dir), false);
    add_mount(a, list, message_path && message_path[0] ? message_path : "/dev/termination-log",
              cc->termination, false);
    *ret = list;
    return 0;
}

static Value *expanded(Arena *a, const Value *list, const Value *env)
{
    Value *out = value_array(a);
    const Value *v;

    value_each_item(list, i, v)
    {
        add_str(a, out, env_expand(a, or_empty(value_to_cstr(v)), env));
    }
    return out;
}

int container_config(Arena *a, const ContainerContext *cc, const Value *container, uint32_t attempt,
                     Value **ret, Err *err)
{
    const PodContext *pc = cc->vc->pc;
    const char *name = or_empty(value_get_str(container, "name"));
    const char *dir = value_get_str(container, "workingDir");
    Value *config = value_object(a), *env, *mount_list = NULL, *sc, *resources;
    int r;

    r = env_build(a, pc, container, &env, err);
    if (r < 0)
        return r;
    r = mounts(a, cc, container, env, &mount_list, err);
    if (r < 0)
        return r;
    r = security(a, cc, container, &sc, err);
    if (r < 0)
        return r;
    value_set_str(a, value_need(a, config, "metadata"), "name", name);
    value_set_int(a, value_get(config, "metadata"), "attempt", attempt);
    value_set_str(a, value_need(a, config, "image"), "image", cc->image_id);
    value_set(a, config, "command", expanded(a, value_get(container, "command"), env));
    value_set(a, config, "args", expanded(a, value_get(container, "args"), env));
    if (dir)
        value_set_str(a, config, "working_dir", dir);
    value_set(a, config, "envs", env);
    value_set(a, config, "mounts", mount_list);
    set_labels(a, config, pc);
    value_set_str(a, value_get(config, "labels"), LABEL_CONTAINER, name);
    value_set_str(a, value_get(config, "labels"), LABEL_HASH, container_hash(a, container));
    value_set_str(a, value_get(config, "labels"), LABEL_STEP, arena_printf(a, "%u", cc->step));
    value_set_str(a, config, "log_path", arena_printf(a, "%s/%u.log", name, attempt));
    value_set_bool(a, config, "stdin", value_at_bool(container, "stdin"));
    value_set_bool(a, config, "stdin_once", value_at_bool(container, "stdinOnce"));
    value_set_bool(a, config, "tty", value_at_bool(container, "tty"));
    resources = container_resources(
        a, cc->agent, pc->pod, cc->resources ? cc->resources : value_get(container, "resources"),
        false);
    if (container_is_sidecar(container))
        spare_sidecar(a, cc->agent, pc->pod, resources);
    value_set(a, value_need(a, config, "linux"), "resources", resources);
    value_set(a, value_get(config, "linux"), "security_context", sc);
    *ret = config;
    return 0;
}
