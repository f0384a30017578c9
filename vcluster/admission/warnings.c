/*
 * warnings.c - see pkg/api/.../warnings.go and the strategies in pkg/registry of the real server.
 */
#include "vcluster/warnings.h"

#include "vcluster/crds.h"

#include "api/address.h"
#include "base/b64.h"
#include "base/keypair.h"
#include "base/quantity.h"

typedef struct Warn {
    Arena *a;
    Warnings *out;
} Warn;

typedef struct Deprecated {
    const char *name, *message;
} Deprecated;

/* ---- nodes' labels ---- */

static const Deprecated node_labels[] = {
    {"beta.kubernetes.io/arch", "deprecated since v1.14; use \"kubernetes.io/arch\" instead"},
    {"beta.kubernetes.io/os", "deprecated since v1.14; use \"kubernetes.io/os\" instead"},
    {"failure-domain.beta.kubernetes.io/region",
     "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead"},
    {"failure-domain.beta.kubernetes.io/zone",
     "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead"},
    {"beta.kubernetes.io/instance-type",
     "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead"},
};

static const char *node_label_message(const char *label)
{
    for (size_t i = 0; label && i < ARRAY_LEN(node_labels); i++)
        if (strcmp(node_labels[i].name, label) == 0)
            return node_labels[i].message;
    return NULL;
}

/* A map whose keys are labels of nodes. */
static void warn_node_map(Warn *w, const char *path, const Value *map)
{
    value_each_member(map, m) if (node_label_message(m->name))
        warnings_add(w->a, w->out, "%s[%s]: %s", path, m->name, node_label_message(m->name));
}

static void warn_node_term(Warn *w, const char *path, const Value *term)
{
    const Value *e;

    value_each_item(value_get(term, "matchExpressions"), i, e)
    {
        const char *key = value_get_str(e, "key"), *message = node_label_message(key);

        if (message)
            warnings_add(w->a, w->out, "%s.matchExpressions[%u].key: %s is %s", path, i, key,
                         message);
    }
}

/* A preference is not refused for values that no label can have. */
static void warn_preference(Warn *w, const char *path, const Value *term)
{
    const Value *e, *v;

    value_each_item(value_get(term, "matchExpressions"), i, e)
        value_each_item(value_get(e, "values"), k, v)
    {
        const char *text = value_to_cstr(v), *message = text ? validate_label_value(text) : NULL;

        if (message)
            warnings_add(w->a, w->out, "%s.matchExpressions[%u].values[%u]: %s is invalid, %s",
                         path, i, k, text, message);
    }
}

/* ---- addresses ---- */

static void warn_ip(Warn *w, const char *path, const char *ip)
{
    Address at;

    if (!ip || !address_parse(ip, &at))
        return;
    if (at.has_zeros || at.is_mapped)
        warnings_add(w->a, w->out,
                     "%s: non-standard IP address \"%s\" will be considered invalid in a future "
                     "Kubernetes release: use \"%s\"",
                     path, ip, at.text);
    else if (at.n_bits == 128 && strcmp(at.text, ip) != 0)
        warnings_add(w->a, w->out,
                     "%s: IPv6 address \"%s\" should be in RFC 5952 canonical format (\"%s\")",
                     path, ip, at.text);
}

static void warn_cidr(Warn *w, const char *path, const char *cidr)
{
    AddressRange r;

    if (!cidr || !address_range_parse(cidr, &r))
        return;
    if (r.has_more)
        warnings_add(w->a, w->out,
                     "%s: CIDR value \"%s\" is ambiguous in this context (should be \"%s\" or "
                     "\"%s/%u\"?)",
                     path, cidr, r.text, r.ip.text, r.ip.n_bits);
    if (r.has_zeros || r.ip.is_mapped)
        warnings_add(w->a, w->out,
                     "%s: non-standard CIDR value \"%s\" will be considered invalid in a future "
                     "Kubernetes release: use \"%s\"",
                     path, cidr, r.text);
    else if (!r.has_more && r.ip.n_bits == 128 && strcmp(r.text, cidr) != 0)
        warnings_add(w->a, w->out,
                     "%s: IPv6 CIDR value \"%s\" should be in RFC 5952 canonical format (\"%s\")",
                     path, cidr, r.text);
}

/* ---- quantities ---- */

static void warn_fraction(Warn *w, const char *path, const Value *list, const char *name)
{
    const char *text = value_get_str(list, name);
    Quantity q;

    if (text && quantity_parse(slice_of(text), &q, NULL) == 0 && quantity_milli(&q) % 1000 != 0)
        warnings_add(w->a, w->out,
                     "%s[%s]: fractional byte value \"%s\" is invalid, must be an integer", path,
                     name, text);
}

/* ---- claims and volumes ---- */

static void warn_claim_spec(Warn *w, const char *path, const Value *spec)
{
    const Value *res = value_get(spec, "resources");

    warn_fraction(w, arena_printf(w->a, "%s.resources.requests", path), value_get(res, "requests"),
                  "storage");
    warn_fraction(w, arena_printf(w->a, "%s.resources.limits", path), value_get(res, "limits"),
                  "storage");
}

static void warn_annotation(Warn *w, const Value *obj, const char *name, const char *message)
{
    if (value_get(value_at(obj, "metadata.annotations"), name))
        warnings_add(w->a, w->out, "metadata.annotations[%s]: %s", name, message);
}

#define BETA_CLASS      "volume.beta.kubernetes.io/storage-class"
#define BETA_CLASS_TEXT "deprecated since v1.8; use \"storageClassName\" attribute instead"

static void warn_claim(Warn *w, const Value *obj, const Value *old UNUSED)
{
    warn_annotation(w, obj, BETA_CLASS, BETA_CLASS_TEXT);
    warn_claim_spec(w, "spec", value_get(obj, "spec"));
}

static const Deprecated volume_sources[] = {
    {"photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"},
    {"gitRepo", "deprecated in v1.11"},
    {"scaleIO", "deprecated in v1.16, non-functional in v1.22+"},
    {"flocker", "deprecated in v1.22, non-functional in v1.25+"},
    {"storageos", "deprecated in v1.22, non-functional in v1.25+"},
    {"quobyte", "deprecated in v1.22, non-functional in v1.25+"},
    {"glusterfs", "deprecated in v1.25, non-functional in v1.26+"},
    {"cephfs", "deprecated in v1.28, non-functional in v1.31+"},
    {"rbd", "deprecated in v1.28, non-functional in v1.31+"},
};

static void warn_sources(Warn *w, const char *path, const Value *v)
{
    for (size_t i = 0; i < ARRAY_LEN(volume_sources); i++) {
        const char *name = volume_sources[i].name;

        if (value_get(v, name))
            warnings_add(w->a, w->out, "%s.%s: %s", path,
                         strcmp(name, "storageos") == 0 ? "storageOS" : name,
                         volume_sources[i].message);
    }
}

static void warn_volume(Warn *w, const Value *obj, const Value *old UNUSED)
{
    const Value *t;

    warn_annotation(w, obj, BETA_CLASS, BETA_CLASS_TEXT);
    warn_annotation(w, obj, "volume.beta.kubernetes.io/mount-options",
                    "deprecated since v1.31; use \"mountOptions\" attribute instead");
    if (str_eq(value_at_str(obj, "spec.persistentVolumeReclaimPolicy"), "Recycle"))
        warnings_add(
            w->a, w->out,
            "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. "
            "Instead, the recommended approach is to use dynamic provisioning.");
    value_each_item(value_at(obj, "spec.nodeAffinity.required.nodeSelectorTerms"), i, t)
        warn_node_term(w, arena_printf(w->a, "spec.nodeAffinity.required.nodeSelectorTerms[%u]", i),
                       t);
    warn_sources(w, "spec", value_get(obj, "spec"));
}

static void warn_class(Warn *w, const Value *obj, const Value *old UNUSED)
{
    const Value *t, *e;

    value_each_item(value_get(obj, "allowedTopologies"), i, t)
        value_each_item(value_get(t, "matchLabelExpressions"), k, e)
    {
        const char *message = node_label_message(value_get_str(e, "key"));

        if (message)
            warnings_add(w->a, w->out, "allowedTopologies[%u].matchLabelExpressions[%u].key: %s", i,
                         k, message);
    }
}

static void warn_capacity(Warn *w, const Value *obj, const Value *old UNUSED)
{
    const Value *topology = value_get(obj, "nodeTopology");
    const Value *labels = value_get(topology, "matchLabels"), *e;
    const char *message;

    value_each_item(value_get(topology, "matchExpressions"), i, e)
    {
        message = node_label_message(value_get_str(e, "key"));
        if (message)
            warnings_add(w->a, w->out, "nodeTopology.matchExpressions[%u].key: %s is %s", i,
                         value_get_str(e, "key"), message);
    }
    value_each_member(labels, m)
    {
        message = node_label_message(m->name);
        if (message)
            warnings_add(w->a, w->out, "nodeTopology.matchLabels.%s: %s", m->name, message);
    }
}

/* ---- pods ---- */

static const char *at(Warn *w, const char *path, const char *below)
{
    return path[0] ? arena_printf(w->a, "%s.%s", path, below) : below;
}

static void warn_node_affinity(Warn *w, const char *path, const Value *spec)
{
    const Value *affinity = value_get(spec, "affinity"), *t;
    const char *node = at(w, path, "spec.affinity.nodeAffinity");

    value_each_item(value_at(affinity, "nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution"
                                       ".nodeSelectorTerms"),
                    i, t) warn_node_term(w,
                                         arena_printf(w->a,
                                                      "%s.requiredDuringSchedulingIgnoredDuring"
                                                      "Execution.nodeSelectorTerms[%u]",
                                                      node, i),
                                         t);
    value_each_item(
        value_at(affinity, "nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution"), i, t)
    {
        const char *p = arena_printf(
            w->a, "%s.preferredDuringSchedulingIgnoredDuringExecution[%u].preference", node, i);

        warn_node_term(w, p, value_get(t, "preference"));
        warn_preference(w, p, value_get(t, "preference"));
    }
}

static void warn_pod_affinity(Warn *w, const char *path, const Value *spec)
{
    static const char *const kinds[] = {"podAffinity", "podAntiAffinity"};
    const Value *affinity = value_get(spec, "affinity"), *t;

    for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
        const Value *a = value_get(affinity, kinds[k]);
        const char *p = at(w, path, arena_printf(w->a, "spec.affinity.%s", kinds[k]));

        value_each_item(value_get(a, "requiredDuringSchedulingIgnoredDuringExecution"), i,
                        t) if (!value_get(t, "labelSelector"))
            warnings_add(w->a, w->out,
                         "%s.requiredDuringSchedulingIgnoredDuringExecution[%u].labelSelector: a "
                         "null labelSelector results in matching no pod",
                         p, i);
        value_each_item(value_get(a, "preferredDuringSchedulingIgnoredDuringExecution"), i,
                        t) if (!value_at(t, "podAffinityTerm.labelSelector"))
            warnings_add(w->a, w->out,
                         "%s.preferredDuringSchedulingIgnoredDuringExecution[%u].podAffinityTerm."
                         "labelSelector: a null labelSelector results in matching no pod",
                         p, i);
    }
}

static void warn_spread(Warn *w, const char *path, const Value *spec)
{
    const Value *t;

    value_each_item(value_get(spec, "topologySpreadConstraints"), i, t)
    {
        const char *key = value_get_str(t, "topologyKey"), *message = node_label_message(key);
        const char *p = at(w, path, arena_printf(w->a, "spec.topologySpreadConstraints[%u]", i));

        if (message)
            warnings_add(w->a, w->out, "%s.topologyKey: %s is %s", p, key, message);
        if (!value_get(t, "labelSelector"))
            warnings_add(w->a, w->out,
                         "%s.labelSelector: a null labelSelector results in matching no pod", p);
    }
}

static void warn_annotations(Warn *w, const char *path, const Value *meta)
{
    static const Deprecated table[] = {
        {"scheduler.alpha.kubernetes.io/critical-pod",
         "non-functional in v1.16+; use the \"priorityClassName\" field instead"},
        {"security.alpha.kubernetes.io/sysctls",
         "non-functional in v1.11+; use the \"sysctls\" field instead"},
        {"security.alpha.kubernetes.io/unsafe-sysctls",
         "non-functional in v1.11+; use the \"sysctls\" field instead"},
    };

    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        if (value_get(value_get(meta, "annotations"), table[i].name))
            warnings_add(w->a, w->out, "%s[%s]: %s", at(w, path, "metadata.annotations"),
                         table[i].name, table[i].message);
}

/* ---- files of a volume that hide one another ---- */

typedef struct VirtualPath {
    const char *path, *source; /* source: what of a projected volume it comes from, or "" */
} VirtualPath;

typedef struct Paths {
    Warn *w;
    const char *what; /* the volume, as warnings name it */
    VirtualPath *items;
    uint32_t n, cap;
} Paths;

static bool is_below(const char *path, const char *other)
{
    size_t n = strlen(other);

    return strncmp(path, other, n) == 0 && (path[n] == '/' || path[n] == '\0');
}

static const char *shown(Arena *a, const VirtualPath *p)
{
    return p->source[0] ? arena_printf(a, "\"%s\" (%s)", p->path, p->source)
                        : arena_printf(a, "\"%s\"", p->path);
}

/* One more file: which of those before does it hide, or is hidden by? */
static void add_path(Paths *all, const char *path, const char *source)
{
    Arena *a = all->w->a;
    size_t len = strlen(path);
    VirtualPath one = {.source = source};

    while (len > 0 && path[len - 1] == '/')
        len--;
    one.path = arena_strndup(a, path, len);
    for (uint32_t i = 0; i < all->n && len > 0; i++) {
        const VirtualPath *other = &all->items[i];

        if (other->path[0] && (is_below(one.path, other->path) || is_below(other->path, one.path)))
            warnings_add(a, all->w->out, "volume %s: overlapping paths: %s with %s", all->what,
                         shown(a, &one), shown(a, other));
    }
    ARENA_GROW(a, all->items, all->n, all->cap, 8);
    all->items[all->n++] = one;
}

static void add_items(Paths *all, const Value *items, const char *source)
{
    const Value *item;

    value_each_item(items, i, item) add_path(all, value_get_text(item, "path"), source);
}

static const char *quoted(Arena *a, const char *what, const char *name)
{
    return arena_printf(a, "%s \"%s\"", what, name);
}

static void add_certificate(Paths *all, const Value *certificate)
{
    static const char *const members[][2] = {
        {"certificateChainPath", "PodCertificate chain"},
        {"keyPath", "PodCertificate key"},
        {"credentialBundlePath", "PodCertificate credential bundle"}};

    for (size_t i = 0; i < ARRAY_LEN(members); i++)
        if (value_get_text(certificate, members[i][0])[0])
            add_path(all, value_get_text(certificate, members[i][0]), members[i][1]);
}

static void add_source(Paths *all, const Value *s)
{
    Arena *a = all->w->a;
    const Value *map = value_get(s, "configMap"), *secret = value_get(s, "secret");
    const Value *api = value_get(s, "downwardAPI"), *token = value_get(s, "serviceAccountToken");
    const Value *trust = value_get(s, "clusterTrustBundle");

    if (value_get(map, "items"))
        add_items(all, value_get(map, "items"),
                  quoted(a, "ConfigMap", value_get_text(map, "name")));
    else if (value_get(secret, "items"))
        add_items(all, value_get(secret, "items"),
                  quoted(a, "Secret", value_get_text(secret, "name")));
    else if (value_get(api, "items"))
        add_items(all, value_get(api, "items"), "DownwardAPI");
    else if (token)
        add_path(all, value_get_text(token, "path"), "ServiceAccountToken");
    else if (trust)
        add_path(all, value_get_text(trust, "path"),
                 quoted(a, "ClusterTrustBundle",
                        value_get_text(trust, value_get(trust, "name") ? "name" : "signerName")));
    else
        add_certificate(all, value_get(s, "podCertificate"));
}

static void warn_paths(Warn *w, const Value *volumes)
{
    static const char *const kinds[][3] = {{"configMap", "ConfigMap", "name"},
                                           {"secret", "Secret", "secretName"},
                                           {"downwardAPI", "DownwardAPI", NULL}};
    const Value *v, *s;

    value_each_item(volumes, i, v)
    {
        const char *volume = value_get_text(v, "name");
        Paths projected = {.w = w, .what = arena_printf(w->a, "\"%s\" (Projected)", volume)};

        for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
            const Value *source = value_get(v, kinds[k][0]);
            const char *name = kinds[k][2]
                                   ? quoted(w->a, kinds[k][1], value_get_text(source, kinds[k][2]))
                                   : kinds[k][1];
            Paths all = {.w = w, .what = arena_printf(w->a, "\"%s\" (%s)", volume, name)};

            add_items(&all, value_get(source, "items"), "");
        }
        value_each_item(value_at(v, "projected.sources"), n, s)
        {
            if (value_len(s) == 0)
                warnings_add(w->a, w->out, "volume \"%s\" (Projected) has no sources provided",
                             volume);
            else
                add_source(&projected, s);
        }
    }
}

static void warn_pod_volumes(Warn *w, const char *path, const Value *spec)
{
    const Value *volumes = value_get(spec, "volumes"), *v;

    value_each_item(volumes, i, v)
    {
        const char *p = at(w, path, arena_printf(w->a, "spec.volumes[%u]", i));
        const Value *claim = value_at(v, "ephemeral.volumeClaimTemplate");

        warn_sources(w, p, v);
        if (claim)
            warn_claim_spec(w, arena_printf(w->a, "%s.ephemeral.volumeClaimTemplate.spec", p),
                            value_get(claim, "spec"));
    }
    warn_paths(w, volumes);
}

/* Items of a list that say the same as one before. */
static bool seen_before(const Value *list, uint32_t i, const char *name)
{
    const char *text = value_get_text(value_item(list, i), name);

    for (uint32_t k = 0; k < i; k++)
        if (strcmp(value_get_text(value_item(list, k), name), text) == 0)
            return true;
    return false;
}

static void warn_lists(Warn *w, const char *path, const Value *spec)
{
    const Value *hosts = value_get(spec, "hostAliases"),
                *pulls = value_get(spec, "imagePullSecrets");
    const Value *v;

    value_each_item(hosts, i, v) if (seen_before(hosts, i, "ip"))
        warnings_add(w->a, w->out, "%s[%u].ip: duplicate ip \"%s\"",
                     at(w, path, "spec.hostAliases"), i, value_get_text(v, "ip"));
    value_each_item(pulls, i, v) if (seen_before(pulls, i, "name"))
        warnings_add(w->a, w->out, "%s[%u].name: duplicate name \"%s\"",
                     at(w, path, "spec.imagePullSecrets"), i, value_get_text(v, "name"));
    value_each_item(pulls, i, v) if (!value_get_text(v, "name")[0])
        warnings_add(w->a, w->out, "%s[%u].name: invalid empty name \"\"",
                     at(w, path, "spec.imagePullSecrets"), i);
}

#define SECCOMP_POD       "seccomp.security.alpha.kubernetes.io/pod"
#define SECCOMP_CONTAINER "container.seccomp.security.alpha.kubernetes.io/"
#define APPARMOR          "container.apparmor.security.beta.kubernetes.io/"

/* A later value of a variable that does not build on the earlier one hides it. */
static void warn_env(Warn *w, const char *path, const Value *c)
{
    const Value *env = value_get(c, "env"), *v;

    value_each_item(env, i, v)
    {
        const char *name = value_get_text(v, "name"), *value = value_get_text(v, "value");
        const char *ref = arena_printf(w->a, "$(%s)", name);

        if (i < 1000 && seen_before(env, i, "name") &&
            (value_get(v, "valueFrom") || str_eq(value, ref) || !strstr(value, ref)))
            warnings_add(w->a, w->out,
                         "%s.env[%u]: hides previous definition of \"%s\", which may be dropped "
                         "when using apply",
                         path, i, name);
    }
}

typedef struct PodWarn {
    Warn *w;
    const char *path; /* "" for a pod, else the template's */
    const Value *spec, *meta;
} PodWarn;

static void warn_container(const PodWarn *p, const char *path, const Value *c)
{
    static const char *const lists[] = {"limits", "requests"};
    static const char *const names[] = {"memory", "ephemeral-storage"};
    Warn *w = p->w;
    const Value *notes = value_get(p->meta, "annotations"), *res = value_get(c, "resources");
    const char *key = arena_printf(w->a, SECCOMP_CONTAINER "%s", value_get_text(c, "name"));
    const char *where = at(w, p->path, "metadata.annotations");

    if (!value_at(c, "securityContext.seccompProfile") && value_get(notes, key))
        warnings_add(w->a, w->out,
                     "%s[%s]: non-functional in v1.27+; use the \"seccompProfile\" field instead",
                     where, key);
    key = arena_printf(w->a, APPARMOR "%s", value_get_text(c, "name"));
    if (p->path[0] && !value_at(p->spec, "securityContext.appArmorProfile") &&
        !value_at(c, "securityContext.appArmorProfile") && value_get(notes, key))
        warnings_add(w->a, w->out,
                     "%s[%s]: deprecated since v1.30; use the \"appArmorProfile\" field instead",
                     where, key);
    for (size_t k = 0; k < ARRAY_LEN(names); k++)
        for (size_t i = 0; i < ARRAY_LEN(lists); i++)
            warn_fraction(w, arena_printf(w->a, "%s.resources.%s", path, lists[i]),
                          value_get(res, lists[i]), names[k]);
    warn_env(w, path, c);
}

typedef void (*ContainerFn)(const PodWarn *p, const char *path, const Value *c);

static void each_container(const PodWarn *p, ContainerFn fn)
{
    static const char *const lists[] = {"initContainers", "containers", "ephemeralContainers"};
    const Value *c;

    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        value_each_item(value_get(p->spec, lists[i]), k, c)
            fn(p, at(p->w, p->path, arena_printf(p->w->a, "spec.%s[%u]", lists[i], k)), c);
}

/* All ports of a pod so far. */
typedef struct Ports {
    PodWarn pod; /* first */
    const Value **ports;
    const char **paths;
    uint32_t n, cap;
} Ports;

/* As Go prints the struct with %+v. */
static const char *port_text(Arena *a, const Value *p)
{
    return arena_printf(a, "{Name:%s HostPort:%lld ContainerPort:%lld Protocol:%s HostIP:%s}",
                        value_get_text(p, "name"), (long long)value_at_int(p, "hostPort", 0),
                        (long long)value_at_int(p, "containerPort", 0),
                        value_get_text(p, "protocol"), value_get_text(p, "hostIP"));
}

static const char *port_clash(const Value *x, const Value *y)
{
    int64_t hx = value_at_int(x, "hostPort", 0), hy = value_at_int(y, "hostPort", 0);
    const char *ix = value_get_text(x, "hostIP"), *iy = value_get_text(y, "hostIP");

    if (value_at_int(x, "containerPort", 0) != value_at_int(y, "containerPort", 0) ||
        !str_eq(value_get_text(x, "protocol"), value_get_text(y, "protocol")))
        return NULL;
    if (hx == hy && str_eq(ix, iy))
        return "duplicate";
    if (hx == 0 || hy == 0)
        return "overlapping";
    return hx == hy && (ix[0] == '\0') != (iy[0] == '\0') ? "dangerously ambiguous" : NULL;
}

static void warn_ports(const PodWarn *p, const char *path, const Value *c)
{
    Ports *all = (Ports *)p;
    Warn *w = p->w;
    const Value *port;

    value_each_item(value_get(c, "ports"), i, port)
    {
        const char *at_port = arena_printf(w->a, "%s.ports[%u]", path, i);

        if (value_get_text(port, "hostIP")[0] && value_at_int(port, "hostPort", 0) == 0)
            warnings_add(w->a, w->out, "%s: hostIP set without hostPort: %s", at_port,
                         port_text(w->a, port));
        for (uint32_t k = 0; k < all->n; k++) {
            const char *how = port_clash(port, all->ports[k]);

            if (how)
                warnings_add(w->a, w->out, "%s: %s port definition with %s", at_port, how,
                             all->paths[k]);
        }
        if (all->n < all->cap) {
            all->ports[all->n] = port;
            all->paths[all->n++] = at_port;
        }
    }
}

/* A name that ports share stands for the first of them. */
static void warn_port_names(const Ports *all)
{
    Warn *w = all->pod.w;

    for (uint32_t i = 0; i < all->n; i++) {
        const char *name = value_get_text(all->ports[i], "name");
        uint32_t k = 0;

        while (name[0] && k < i && strcmp(value_get_text(all->ports[k], "name"), name) != 0)
            k++;
        if (name[0] && k < i)
            warnings_add(w->a, w->out,
                         "%s: duplicate port name \"%s\" with %s, services and probes that select "
                         "ports by name will use %s",
                         all->paths[i], name, all->paths[k], all->paths[k]);
    }
}

static void warn_addresses(Warn *w, const char *path, const Value *spec)
{
    const Value *v;

    value_each_item(value_at(spec, "dnsConfig.nameservers"), i, v) warn_ip(
        w, at(w, path, arena_printf(w->a, "spec.dnsConfig.nameservers[%u]", i)), value_to_cstr(v));
    value_each_item(value_get(spec, "hostAliases"), i, v) warn_ip(
        w, at(w, path, arena_printf(w->a, "spec.hostAliases[%u].ip", i)), value_get_str(v, "ip"));
}

static void warn_pod(Warn *w, const char *path, const Value *pod)
{
    enum { PORTS_MAX = 1000 };
    const Value *spec = value_get(pod, "spec"), *meta = value_get(pod, "metadata");
    Ports p = {.pod = {w, path, spec, meta}, .cap = PORTS_MAX};

    p.ports = arena_array(w->a, const Value *, PORTS_MAX);
    p.paths = arena_array(w->a, const char *, PORTS_MAX);
    warn_node_map(w, at(w, path, "spec.nodeSelector"), value_get(spec, "nodeSelector"));
    warn_node_affinity(w, path, spec);
    warn_spread(w, path, spec);
    warn_annotations(w, path, meta);
    warn_pod_volumes(w, path, spec);
    warn_lists(w, path, spec);
    warn_fraction(w, at(w, path, "spec.overhead"), value_get(spec, "overhead"), "memory");
    warn_fraction(w, at(w, path, "spec.overhead"), value_get(spec, "overhead"),
                  "ephemeral-storage");
    if (!value_at(spec, "securityContext.seccompProfile") &&
        value_get(value_get(meta, "annotations"), SECCOMP_POD))
        warnings_add(w->a, w->out,
                     "%s[" SECCOMP_POD "]: non-functional in v1.27+; use the \"seccompProfile\" "
                     "field instead",
                     at(w, path, "metadata.annotations"));
    each_container(&p.pod, warn_container);
    each_container(&p.pod, warn_ports);
    warn_port_names(&p);
    if (value_at_int(spec, "terminationGracePeriodSeconds", 0) < 0)
        warnings_add(w->a, w->out,
                     "%s: must be >= 0; negative values are invalid and will be treated as 1",
                     at(w, path, "spec.terminationGracePeriodSeconds"));
    warn_pod_affinity(w, path, spec);
    warn_addresses(w, path, spec);
}

static bool same_generation(const Value *obj, const Value *old)
{
    return old && value_at_int(obj, "metadata.generation", 0) ==
                      value_at_int(old, "metadata.generation", 0);
}

/* ---- names ---- */

static void warn_name(Warn *w, const Value *obj, const char *what)
{
    const char *name = value_at_str(obj, "metadata.name");
    const char *problem = name && name[0] ? validate_dns1123_label(name) : NULL;

    if (problem && strchr(name, '.'))
        problem = "must not contain dots";
    if (problem && !validate_dns1123_subdomain(name))
        warnings_add(w->a, w->out,
                     "metadata.name: this is used in %s, which can result in surprising behavior; "
                     "a DNS label is recommended: [%s]",
                     what, problem);
}

/* Updates of pods are not looked at: they are many, and people seldom make them. */
static void warn_pod_kind(Warn *w, const Value *obj, const Value *old)
{
    if (old)
        return;
    warn_name(w, obj, "the Pod's hostname");
    warn_pod(w, "", obj);
}

static void warn_named_workload(Warn *w, const Value *obj, const Value *old)
{
    if (!old)
        warn_name(w, obj, "Pod names and hostnames");
    if (!same_generation(obj, old))
        warn_pod(w, "spec.template", value_at(obj, "spec.template"));
}

static void warn_workload(Warn *w, const Value *obj, const Value *old)
{
    if (!same_generation(obj, old))
        warn_pod(w, "spec.template", value_at(obj, "spec.template"));
}

static void warn_pod_template(Warn *w, const Value *obj, const Value *old UNUSED)
{
    warn_pod(w, "template", value_get(obj, "template"));
}

static void warn_stateful_set(Warn *w, const Value *obj, const Value *old)
{
    const Value *limit = value_at(obj, "spec.revisionHistoryLimit"), *claim;

    warn_workload(w, obj, old);
    value_each_item(value_at(obj, "spec.volumeClaimTemplates"), i, claim) warn_claim_spec(
        w, arena_printf(w->a, "spec.volumeClaimTemplates[%u]%s", i, old ? ".Spec" : ""),
        value_get(claim, "spec"));
    if (limit && value_at_int(obj, "spec.revisionHistoryLimit", 0) < 0)
        warnings_add(w->a, w->out,
                     "spec.revisionHistoryLimit: a negative value retains all historical "
                     "revisions; a value >= 0 is recommended");
}

static void warn_job_spec(Warn *w, const char *path, const Value *spec)
{
    if (str_eq(value_get_str(spec, "completionMode"), "Indexed") &&
        value_at_int(spec, "completions", 0) > 100000 &&
        value_at_int(spec, "parallelism", 0) > 10000)
        warnings_add(w->a, w->out,
                     "%s: In Indexed Jobs with a number of completions higher than 10^5 and a "
                     "parallelism higher than 10^4, Kubernetes might not be able to track "
                     "completedIndexes when a big number of indexes fail",
                     path);
    warn_pod(w, arena_printf(w->a, "%s.template", path), value_get(spec, "template"));
}

static void warn_job(Warn *w, const Value *obj, const Value *old)
{
    if (!old)
        warn_name(w, obj, "Pod names and hostnames");
    if (!same_generation(obj, old))
        warn_job_spec(w, "spec", value_get(obj, "spec"));
}

static void warn_cron_job(Warn *w, const Value *obj, const Value *old)
{
    const char *schedule = value_at_str(obj, "spec.schedule");

    if (!old)
        warn_name(w, obj, "Pod names and hostnames");
    if (!same_generation(obj, old))
        warn_job_spec(w, "spec.jobTemplate.spec", value_at(obj, "spec.jobTemplate.spec"));
    if (schedule && strstr(schedule, "TZ"))
        warnings_add(w->a, w->out,
                     "cannot use TZ or CRON_TZ in spec.schedule, use timeZone instead, see "
                     "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for "
                     "more details");
}

/* ---- network ---- */

static void warn_service(Warn *w, const Value *obj, const Value *old UNUSED)
{
    const Value *spec = value_get(obj, "spec"), *outer = value_get(spec, "externalIPs"), *v;
    const char *type = value_get_text(spec, "type"), *cluster = value_get_text(spec, "clusterIP");
    bool is_headless = str_eq(type, "ClusterIP") && str_eq(cluster, "None");
    bool is_name = str_eq(type, "ExternalName");

    if (value_get(value_at(obj, "metadata.annotations"),
                  "service.kubernetes.io/topology-aware-hints"))
        warnings_add(w->a, w->out,
                     "annotation service.kubernetes.io/topology-aware-hints is deprecated, please "
                     "use service.kubernetes.io/topology-mode instead");
    if (cluster[0] && !str_eq(cluster, "None"))
        value_each_item(value_get(spec, "clusterIPs"), i, v)
            warn_ip(w, arena_printf(w->a, "spec.clusterIPs[%u]", i), value_to_cstr(v));
    if (is_headless && value_get_text(spec, "loadBalancerIP")[0])
        warnings_add(w->a, w->out, "spec.loadBalancerIP is ignored for headless services");
    if (is_headless && value_len(outer) > 0)
        warnings_add(w->a, w->out, "spec.externalIPs is ignored for headless services");
    if (is_headless && !str_eq(value_get_text(spec, "sessionAffinity"), "None"))
        warnings_add(w->a, w->out, "spec.SessionAffinity is ignored for headless services");
    value_each_item(outer, i, v)
        warn_ip(w, arena_printf(w->a, "spec.externalIPs[%u]", i), value_to_cstr(v));
    if (value_len(outer) > 0 && !is_headless && !is_name)
        warnings_add(w->a, w->out,
                     "spec.externalIPs is deprecated and may no longer be implemented in some "
                     "clusters");
    warn_ip(w, "spec.loadBalancerIP", value_get_str(spec, "loadBalancerIP"));
    value_each_item(value_get(spec, "loadBalancerSourceRanges"), i, v)
        warn_cidr(w, arena_printf(w->a, "spec.loadBalancerSourceRanges[%u]", i), value_to_cstr(v));
    if (is_name && value_len(outer) > 0)
        warnings_add(w->a, w->out,
                     "spec.externalIPs is ignored when spec.type is \"ExternalName\"");
    if (!is_name && value_get_text(spec, "externalName")[0])
        warnings_add(w->a, w->out,
                     "spec.externalName is ignored when spec.type is not \"ExternalName\"");
    if (str_eq(value_get_text(spec, "trafficDistribution"), "PreferClose"))
        warnings_add(w->a, w->out,
                     "spec.trafficDistribution: \"PreferClose\" is deprecated; use "
                     "\"PreferSameZone\"");
}

static void warn_ingress(Warn *w, const Value *obj, const Value *old)
{
    if (!old && !value_at(obj, "spec.ingressClassName") &&
        value_get(value_at(obj, "metadata.annotations"), "kubernetes.io/ingress.class"))
        warnings_add(w->a, w->out,
                     "annotation \"kubernetes.io/ingress.class\" is deprecated, please use "
                     "'spec.ingressClassName' instead");
}

static void warn_network_policy(Warn *w, const Value *obj, const Value *old UNUSED)
{
    static const char *const ways[][2] = {{"ingress", "from"}, {"egress", "to"}};
    const Value *rule, *peer, *except;

    for (size_t n = 0; n < ARRAY_LEN(ways); n++)
        value_each_item(value_get(value_get(obj, "spec"), ways[n][0]), i, rule)
            value_each_item(value_get(rule, ways[n][1]), k, peer)
        {
            const char *path =
                arena_printf(w->a, "spec.%s[%u].%s[%u].ipBlock", ways[n][0], i, ways[n][1], k);

            warn_cidr(w, arena_printf(w->a, "%s.cidr", path), value_at_str(peer, "ipBlock.cidr"));
            value_each_item(value_at(peer, "ipBlock.except"), x, except)
                warn_cidr(w, arena_printf(w->a, "%s.except[%u]", path, x), value_to_cstr(except));
        }
}

static void warn_slice(Warn *w, const Value *obj, const Value *old UNUSED)
{
    const Value *e, *v;
    const char *type = value_get_text(obj, "addressType");

    if (str_eq(type, "FQDN"))
        warnings_add(w->a, w->out, "addressType: FQDN endpoints are deprecated");
    else
        value_each_item(value_get(obj, "endpoints"), i,
                        e) value_each_item(value_get(e, "addresses"), k, v)
            warn_ip(w, arena_printf(w->a, "endpoints[%u].addresses[%u]", i, k), value_to_cstr(v));
}

static void warn_endpoints(Warn *w, const Value *obj, const Value *old UNUSED)
{
    static const char *const lists[] = {"addresses", "notReadyAddresses"};
    const Value *s, *v;

    value_each_item(value_get(obj, "subsets"), i, s) for (size_t n = 0; n < ARRAY_LEN(lists); n++)
        value_each_item(value_get(s, lists[n]), k, v) warn_ip(
            w, arena_printf(w->a, "subsets[%u].%s[%u].ip", i, lists[n], k), value_get_str(v, "ip"));
}

/* ---- the rest ---- */

static void warn_node(Warn *w, const Value *obj, const Value *old UNUSED)
{
    const Value *v;

    if (value_at(obj, "spec.configSource"))
        warnings_add(w->a, w->out,
                     "spec.configSource: deprecated in v1.22, support removed in v1.26");
    if (value_at_str(obj, "spec.externalID"))
        warnings_add(w->a, w->out,
                     "spec.externalID: this field is deprecated, and is unused by Kubernetes");
    value_each_item(value_at(obj, "spec.podCIDRs"), i, v)
        warn_cidr(w, arena_printf(w->a, "spec.podCIDRs[%u]", i), value_to_cstr(v));
}

static void warn_runtime_class(Warn *w, const Value *obj, const Value *old UNUSED)
{
    warn_node_map(w, "scheduling.nodeSelector", value_at(obj, "scheduling.nodeSelector"));
}

/* Only whoever sets the annotation hears of it. */
static void warn_account(Warn *w, const Value *obj, const Value *old)
{
    static const char name[] = "kubernetes.io/enforce-mountable-secrets";

    if (!value_get(value_at(old, "metadata.annotations"), name))
        warn_annotation(w, obj, name,
                        "deprecated in v1.32+; prefer separate namespaces to isolate access to "
                        "mounted secrets");
}

static void read_data(const Value *secret, const char *name, Buf *out)
{
    const Value *v = value_get(value_get(secret, "data"), name);

    if (!value_is(v, VALUE_STRING) || !b64_decode((Slice){v->str, v->n}, out))
        buf_reset(out);
}

/* A certificate and a key that do not belong together. */
static void warn_secret(Warn *w, const Value *obj, const Value *old UNUSED)
{
    AUTO_BUF certificate = BUF_INIT;
    AUTO_BUF key = BUF_INIT;
    const char *why;

    if (!str_eq(value_get_text(obj, "type"), "kubernetes.io/tls"))
        return;
    read_data(obj, "tls.crt", &certificate);
    read_data(obj, "tls.key", &key);
    why = keypair_mistake(w->a, buf_slice(&certificate), buf_slice(&key));
    if (why)
        warnings_add(w->a, w->out, "%s", why);
}

static const struct {
    const char *storage;
    void (*warn)(Warn *w, const Value *obj, const Value *old);
} kinds[] = {
    {"pods", warn_pod_kind},
    {"podtemplates", warn_pod_template},
    {"replicationcontrollers", warn_named_workload},
    {"apps/replicasets", warn_named_workload},
    {"apps/deployments", warn_named_workload},
    {"apps/daemonsets", warn_workload},
    {"apps/statefulsets", warn_stateful_set},
    {"batch/jobs", warn_job},
    {"batch/cronjobs", warn_cron_job},
    {"services", warn_service},
    {"endpoints", warn_endpoints},
    {"discovery/endpointslices", warn_slice},
    {"networking/ingresses", warn_ingress},
    {"networking/networkpolicies", warn_network_policy},
    {"persistentvolumes", warn_volume},
    {"persistentvolumeclaims", warn_claim},
    {"storage/storageclasses", warn_class},
    {"storage/csistoragecapacities", warn_capacity},
    {"nodes", warn_node},
    {"node/runtimeclasses", warn_runtime_class},
    {"serviceaccounts", warn_account},
    {"secrets", warn_secret},
};

void warnings_of(Arena *a, const Resource *r, const Value *obj, const Value *old, Warnings *ret)
{
    Warn w = {a, ret};

    if (r->crd || str_eq(r->storage, "apiextensions/customresourcedefinitions")) {
        crds_warn(a, r, obj, old, ret);
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (str_eq(kinds[i].storage, r->storage))
            kinds[i].warn(&w, obj, old);
}

void warnings_of_status(Arena *a, const Resource *r, const Value *obj, Warnings *ret)
{
    static const struct {
        const char *storage, *list, *below;
    } rows[] = {
        {"pods", "podIPs", ".ip"},
        {"pods", "hostIPs", ".ip"},
        {"services", "loadBalancer.ingress", ""},
        {"networking/ingresses", "loadBalancer.ingress", ""},
    };
    Warn w = {a, ret};
    const Value *v;

    for (size_t n = 0; n < ARRAY_LEN(rows); n++) {
        if (!str_eq(rows[n].storage, r->storage))
            continue;
        value_each_item(value_at(value_get(obj, "status"), rows[n].list), i, v)
            warn_ip(&w, arena_printf(a, "status.%s[%u]%s", rows[n].list, i, rows[n].below),
                    value_get_str(v, "ip"));
    }
}

const char *warning_of_kind(const Resource *r)
{
    static const Deprecated table[] = {
        {"endpoints",
         "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"},
        {"componentstatuses", "v1 ComponentStatus is deprecated in v1.19+"},
    };

    for (size_t i = 0; !r->crd && i < ARRAY_LEN(table); i++)
        if (str_eq(table[i].name, r->storage))
            return table[i].message;
    return NULL;
}
