/*
 * validate_storage.c - persistent volumes and claims, storage.k8s.io.
 */
#include "api/validate_int.h"

#include <ctype.h>

#define STORAGE "storage.k8s.io"

void validate__driver_name(FieldErrs *e, const Path *p, const char *name)
{
    enum { DRIVER_NAME_MAX = 63 };
    char *lower = arena_strdup(e->arena, name);
    Msgs m = {.n = 0};

    if (name[0] == '\0') {
        missing(e, p, NULL);
        return;
    }
    if (strlen(name) > DRIVER_NAME_MAX)
        too_long(e, p, DRIVER_NAME_MAX);
    for (char *c = lower; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    names__dns1123_subdomain(lower, &m);
    for (uint32_t i = 0; i < m.n; i++)
        bad_str(e, p, name, "%s", m.items[i]);
}

/* ---- persistent volumes ---- */

static void check_capacity(FieldErrs *e, const Path *p, const Value *capacity)
{
    const Value *storage = value_get(capacity, "storage");
    Quantity q;

    if (value_len(capacity) == 0)
        missing(e, p, NULL);
    if (!storage || value_len(capacity) > 1)
        unsupported_value(e, p, value_len(capacity) ? capacity : value_null(e->arena), "storage");
    value_each_member(capacity, m)
    {
        const Path *k = AT_KEY(p, m->name);

        if (quantity_sign(m->value) < 0 && quantity_of_value(m->value, &q))
            bad_int(e, k, quantity_value(&q), "must be a valid resource quantity");
        if (quantity_sign(m->value) <= 0)
            bad(e, k, m->value, "must be greater than zero");
    }
}

static void check_volume_affinity(FieldErrs *e, const Path *p, const Value *affinity)
{
    if (!value_is(affinity, VALUE_OBJECT))
        return;
    if (has(affinity, "required"))
        validate__node_selector(e, AT(p, "required"), value_get(affinity, "required"));
    else
        missing(e, AT(p, "required"), "must specify required node constraints");
}

/* What path.Clean() makes "/" of; steps back have been refused before. */
static bool is_root(const char *path)
{
    return path[0] == '/' && path[strspn(path, "/.")] == '\0' && !strstr(path, "...");
}

static void check_volume_spec(FieldErrs *e, const Path *p, const Value *spec, const char *name)
{
    const char *reclaim = str_of(spec, "persistentVolumeReclaimPolicy");
    const char *class = str_of(spec, "storageClassName");
    const char *attributes = str_of(spec, "volumeAttributesClassName");

    if (value_len(value_get(spec, "accessModes")) == 0)
        missing(e, AT(p, "accessModes"), NULL);
    validate__access_modes(e, AT(p, "accessModes"), value_get(spec, "accessModes"));
    check_capacity(e, AT(p, "capacity"), value_get(spec, "capacity"));
    if (reclaim[0])
        check_enum(e, AT(p, "persistentVolumeReclaimPolicy"), reclaim, "Delete|Recycle|Retain");
    check_volume_affinity(e, AT(p, "nodeAffinity"), value_get(spec, "nodeAffinity"));
    validate__persistent_source(e, p, spec, name);
    if (is_root(str_of(value_get(spec, "hostPath"), "path")) && strcmp(reclaim, "Recycle") == 0)
        forbidden(e, AT(p, "persistentVolumeReclaimPolicy"),
                  "may not be 'recycle' for a hostPath mount of '/'");
    if (class[0])
        check_name(e, AT(p, "storageClassName"), class, names__dns1123_subdomain);
    if (has(spec, "volumeMode"))
        check_enum(e, AT(p, "volumeMode"), str_of(spec, "volumeMode"), "Block|Filesystem");
    if (!has(spec, "volumeAttributesClassName"))
        return;
    if (attributes[0] == '\0')
        missing(e, AT(p, "volumeAttributesClassName"), "an empty string is disallowed");
    else
        check_name(e, AT(p, "volumeAttributesClassName"), attributes, names__dns1123_subdomain);
    if (!has(spec, "csi"))
        missing(e, AT(p, "csi"), "has to be specified when using volumeAttributesClassName");
}

/* The spec of a volume that is not an object of its own. */
static void check_inline_spec(FieldErrs *e, const Path *p, const Value *spec)
{
    static const char why[] = "may not be specified in the context of inline volumes";
    const char *reclaim = str_of(spec, "persistentVolumeReclaimPolicy");

    if (has(spec, "claimRef"))
        forbidden(e, AT(p, "claimRef"), why);
    if (value_len(value_get(spec, "capacity")) > 0)
        forbidden(e, AT(p, "capacity"), why);
    if (!has(spec, "csi"))
        missing(e, AT(p, "csi"), "has to be specified in the context of inline volumes");
    if (value_len(value_get(spec, "accessModes")) == 0)
        missing(e, AT(p, "accessModes"), NULL);
    validate__access_modes(e, AT(p, "accessModes"), value_get(spec, "accessModes"));
    if (!one_of(reclaim, "|Retain"))
        forbidden(e, AT(p, "persistentVolumeReclaimPolicy"),
                  "may only be Retain in the context of inline volumes");
    if (has(spec, "nodeAffinity"))
        forbidden(e, AT(p, "nodeAffinity"), why);
    validate__persistent_source(e, p, spec, "");
    if (str_of(spec, "storageClassName")[0])
        forbidden(e, AT(p, "storageClassName"), why);
    if (has(spec, "volumeMode") && strcmp(str_of(spec, "volumeMode"), "Filesystem") != 0)
        forbidden(e, AT(p, "volumeMode"),
                  "may not specify volumeMode other than Filesystem in the context of inline "
                  "volumes");
}

static void create_volume(FieldErrs *e, const Value *v)
{
    check_volume_spec(e, AT(NULL, "spec"), value_get(v, "spec"),
                      str_of(value_get(v, "metadata"), "name"));
}

/* The sources of a spec: everything that no other member says. */
static const Value *source_of(const Value *spec)
{
    value_each_member(spec, m)
    {
        if (m->value->type == VALUE_OBJECT && !one_of(m->name, "capacity|claimRef|nodeAffinity"))
            return m->value;
    }
    return NULL;
}

/* A CSI volume may be told late which secret to grow with. */
static bool is_secret_added(const Value *now, const Value *was)
{
    return has(now, "driver") && has(now, "controllerExpandSecretRef") &&
           !has(was, "controllerExpandSecretRef");
}

/* The labels of zones, regions and so on before they became stable. */
static const char *stable_label(const char *key)
{
    static const char *const rows[][2] = {
        {"failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"},
        {"failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region"},
        {"beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type"},
        {"beta.kubernetes.io/os", "kubernetes.io/os"},
        {"beta.kubernetes.io/arch", "kubernetes.io/arch"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (strcmp(rows[i][0], key) == 0)
            return rows[i][1];
    return NULL;
}

/* The affinity as it may have been meant: keys that became stable in `now` are so in the copy. */
static Value *with_stable_labels(FieldErrs *e, const Value *had, const Value *now)
{
    Value *out = value_copy(e->arena, had), *term, *x;

    value_each_item(value_at(out, "required.nodeSelectorTerms"), i, term)
        value_each_item(value_get(term, "matchExpressions"), k, x)
    {
        const Value *other = value_item(value_at(now, "required.nodeSelectorTerms"), i);
        const char *stable = stable_label(str_of(x, "key"));

        other = value_item(value_get(other, "matchExpressions"), k);
        if (stable && strcmp(str_of(other, "key"), stable) == 0)
            value_set_str(e->arena, x, "key", stable);
    }
    return out;
}

static void update_volume(FieldErrs *e, const char *sub, const Value *v, const Value *old)
{
    const Value *spec = value_get(v, "spec"), *before = value_get(old, "spec");
    const Value *now = source_of(spec), *was = source_of(before);
    const Value *affinity = value_get(spec, "nodeAffinity");
    const Value *had = value_get(before, "nodeAffinity");

    if (sub[0])
        return;
    create_volume(e, v);
    if (is_secret_added(now, was)) {
        Value *less = value_copy(e->arena, now);

        value_del(less, "controllerExpandSecretRef");
        now = less;
    }
    if (!now || !was || !value_equal(now, was))
        forbidden(e, AT(AT(NULL, "spec"), "persistentvolumesource"),
                  arena_printf(
                      e->arena, "spec.persistentvolumesource is immutable after creation\n%s",
                      validate__diff(e, "io.k8s.api.core.v1.PersistentVolumeSpec", before, spec)));
    check_immutable(e, AT(NULL, "volumeMode"), value_get(spec, "volumeMode"),
                    value_get(before, "volumeMode"));
    if (had && (!affinity || !value_equal(affinity, with_stable_labels(e, had, affinity))))
        bad(e, AT(NULL, "nodeAffinity"),
            affinity ? validate__go_shown(e, "io.k8s.api.core.v1.VolumeNodeAffinity", affinity)
                     : value_null(e->arena),
            "field is immutable, except for updating from beta label to GA");
    if (has(before, "volumeAttributesClassName") && !has(spec, "volumeAttributesClassName"))
        forbidden(e, AT(AT(NULL, "spec"), "volumeAttributesClassName"),
                  "update from non-nil value to nil is forbidden");
}

/* ---- claims ---- */

static void create_claim(FieldErrs *e, const Value *v)
{
    validate__claim_spec(e, AT(NULL, "spec"), value_get(v, "spec"));
}

#define BETA_CLASS "volume.beta.kubernetes.io/storage-class"

static const char *class_annotation(const Value *v)
{
    return str_of(value_at(v, "metadata.annotations"), BETA_CLASS);
}

/* The class moves from the annotation to the field, or is set where there was none. */
static void allow_class_change(const Value *old, Value *now, const Value *was)
{
    const char *noted = class_annotation(old);

    if (has(was, "storageClassName"))
        return;
    if (noted[0] == '\0' || strcmp(str_of(now, "storageClassName"), noted) == 0)
        value_del(now, "storageClassName");
}

static void check_shrinking(FieldErrs *e, const Value *v, const Value *old)
{
    const Value *want = value_get(value_at(v, "spec.resources.requests"), "storage");
    const Value *had = value_get(value_at(old, "spec.resources.requests"), "storage");
    const Value *actual = value_get(value_at(old, "status.capacity"), "storage");
    Quantity now, was, have = {.nano = 0};

    if (!quantity_of_value(want, &now) || !quantity_of_value(had, &was) || now.nano >= was.nano)
        return;
    (void)quantity_of_value(actual, &have);
    if (now.nano > have.nano)
        return;
    forbidden(e, AT(AT(AT(AT(NULL, "spec"), "resources"), "requests"), "storage"),
              "field can not be less than status.capacity");
}

/* A class that the volume has may be replaced, not taken away. */
static void check_attributes_update(FieldErrs *e, const Value *v, const Value *old)
{
    static const char class[] = "volumeAttributesClassName";
    const Path *at = AT(AT(NULL, "spec"), class);
    const Value *spec = value_get(v, "spec"), *was = value_get(old, "spec");
    bool same =
        has(spec, class) == has(was, class) && strcmp(str_of(spec, class), str_of(was, class)) == 0;

    if (same || !has(value_get(old, "status"), "currentVolumeAttributesClassName"))
        return;
    if (!has(spec, class))
        forbidden(e, at,
                  "update to nil is forbidden when status.currentVolumeAttributesClassName is not "
                  "nil");
    else if (str_of(spec, class)[0] == '\0')
        forbidden(e, at,
                  "update to empty string is forbidden when "
                  "status.currentVolumeAttributesClassName is not nil");
}

/* Of resource names that are not the cluster's own, a claim may only be told of storage. */
static void check_claim_resource(FieldErrs *e, const Path *p, const char *name)
{
    uint32_t before = e->n;

    check_name(e, p, name, names__qualified);
    if (e->n == before && (!strchr(name, '/') || strstr(name, "kubernetes.io/")) &&
        strcmp(name, "storage") != 0)
        unsupported(e, p, name, "storage");
}

static void check_claim_status(FieldErrs *e, const Value *v)
{
    static const char states[] =
        "ControllerResizeInProgress|ControllerResizeInfeasible|NodeResizeInProgress|"
        "NodeResizeInfeasible|NodeResizePending";
    const Value *status = value_get(v, "status"), *statuses, *amounts;
    const Path *p = AT(NULL, "status");
    Quantity q;

    value_each_member(value_get(status, "capacity"),
                      m) if (quantity_sign(m->value) < 0 && quantity_of_value(m->value, &q))
        bad_int(e, AT_KEY(AT(p, "capacity"), m->name), quantity_value(&q),
                "must be a valid resource quantity");
    statuses = value_get(status, "allocatedResourceStatuses");
    value_each_member(statuses, m)
    {
        const char *s = value_to_cstr(m->value) ? value_to_cstr(m->value) : "";
        const Path *at = AT(p, "allocatedResourceStatuses");

        check_claim_resource(e, at, m->name);
        if (!one_of(s, states))
            unsupported(e, at, m->name, /* upstream shows the resource */
                        states);
    }
    amounts = value_get(status, "allocatedResources");
    value_each_member(amounts, m)
    {
        const Path *at = AT_KEY(AT(p, "allocatedResources"), m->name);
        uint32_t before = e->n;

        check_claim_resource(e, AT(p, "allocatedResources"), m->name);
        if (e->n > before)
            continue;
        if (quantity_sign(m->value) < 0 && quantity_of_value(m->value, &q))
            bad_int(e, at, quantity_value(&q), "must be a valid resource quantity");
    }
}

/* The annotation may go when the field says the same for the first time. */
static bool is_class_moved(const Value *v, const Value *old)
{
    const Value *now = value_get(v, "spec"), *was = value_get(old, "spec");
    const char *noted = class_annotation(old);

    return value_get(value_at(old, "metadata.annotations"), BETA_CLASS) &&
           !has(was, "storageClassName") && has(now, "storageClassName") &&
           strcmp(str_of(now, "storageClassName"), noted) == 0 &&
           (!value_get(value_at(v, "metadata.annotations"), BETA_CLASS) ||
            strcmp(class_annotation(v), noted) == 0);
}

static void update_claim(FieldErrs *e, const char *sub, const Value *v, const Value *old)
{
    Value *now, *was;

    if (strcmp(sub, "status") == 0) {
        check_claim_status(e, v);
        return;
    }
    create_claim(e, v);
    now = value_copy(e->arena, value_get(v, "spec"));
    was = value_copy(e->arena, value_get(old, "spec"));
    if (str_of(was, "volumeName")[0] == '\0')
        value_del(now, "volumeName"); /* may be chosen once */
    allow_class_change(old, now, was);
    if (!is_class_moved(v, old) && strcmp(class_annotation(v), class_annotation(old)) != 0)
        bad_str(e, AT(AT(AT(NULL, "metadata"), "annotations"), BETA_CLASS), class_annotation(v),
                "field is immutable");
    if (strcmp(str_of(value_get(old, "status"), "phase"), "Bound") == 0) {
        value_del_at(now, "resources.requests.storage");
        value_del_at(was, "resources.requests.storage");
        value_del(now, "volumeAttributesClassName");
        value_del(was, "volumeAttributesClassName");
    }
    if (!value_equal(now, was))
        forbidden(e, AT(NULL, "spec"),
                  arena_printf(
                      e->arena,
                      "spec is immutable after creation except resources.requests and "
                      "volumeAttributesClassName for bound claims\n%s",
                      validate__diff(e, "io.k8s.api.core.v1.PersistentVolumeClaimSpec", was, now)));
    check_shrinking(e, v, old);
    check_immutable(e, AT(NULL, "volumeMode"), value_at(v, "spec.volumeMode"),
                    value_at(old, "spec.volumeMode"));
    check_attributes_update(e, v, old);
}

/* ---- storage classes ---- */

static const char *lower_case(FieldErrs *e, const char *s)
{
    char *out = arena_strdup(e->arena, s);

    for (char *c = out; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return out;
}

static void check_provisioner(FieldErrs *e, const Path *p, const char *name)
{
    if (name[0] == '\0')
        missing(e, p, NULL);
    else
        check_name(e, p, lower_case(e, name), names__qualified);
}

enum { PARAMETERS_MAX = 512, PARAMETERS_BYTES_MAX = 256 * 1024 };

static void check_parameters(FieldErrs *e, const Path *p, const Value *parameters,
                             bool may_be_empty)
{
    size_t total = 0;

    if (value_len(parameters) > PARAMETERS_MAX) {
        too_long(e, p, PARAMETERS_MAX);
        return;
    }
    value_each_member(parameters, m)
    {
        total += strlen(m->name) + m->value->n;
        if (m->name[0] == '\0')
            bad_str(e, p, m->name, "field can not be empty.");
    }
    if (total > PARAMETERS_BYTES_MAX)
        too_long(e, p, PARAMETERS_BYTES_MAX);
    if (!may_be_empty && value_len(parameters) == 0)
        missing(e, p, "must contain at least one key/value pair");
}

static bool is_string_set(const Value *x, const Value *y)
{
    const Value *s, *other;

    value_each_item(x, i, s)
    {
        bool is_there = false;

        value_each_item(y, k, other) is_there |= value_equal(s, other);
        if (!is_there)
            return false;
    }
    return true;
}

/* Whether two terms have the same keys with the same values. */
static bool is_same_term(const Value *x, const Value *y)
{
    const Value *a, *b;

    if (value_len(x) != value_len(y))
        return false;
    value_each_item(x, i, a)
    {
        bool is_there = false;

        value_each_item(y, k, b) is_there |=
            strcmp(str_of(a, "key"), str_of(b, "key")) == 0 &&
            is_string_set(value_get(a, "values"), value_get(b, "values")) &&
            is_string_set(value_get(b, "values"), value_get(a, "values"));
        if (!is_there)
            return false;
    }
    return true;
}

static void check_topology_values(FieldErrs *e, const Path *p, const Value *values)
{
    const Value *s;

    if (value_len(values) == 0)
        missing(e, p, NULL);
    value_each_item(values, i, s) for (uint32_t k = 0; k < i;
                                       k++) if (value_equal(value_item(values, k), s))
    {
        duplicate(e, AT_ITEM(p, i), value_to_cstr(s));
        break;
    }
}

static void check_topologies(FieldErrs *e, const Path *p, const Value *topologies)
{
    const Value *term, *x;

    value_each_item(topologies, i, term)
    {
        const Value *list = value_get(term, "matchLabelExpressions");
        const Path *at = AT(AT_ITEM(p, i), "matchLabelExpressions");

        if (value_len(list) == 0)
            missing(e, at, NULL);
        value_each_item(list, k, x)
        {
            const char *key = str_of(x, "key");

            check_topology_values(e, AT(AT_ITEM(at, k), "values"), value_get(x, "values"));
            check_name(e, AT(AT_ITEM(at, k), "key"), key, names__qualified);
            for (uint32_t n = 0; n < k; n++)
                if (strcmp(str_of(value_item(list, n), "key"), key) == 0) {
                    duplicate(e, AT(AT_ITEM(at, k), "key"), key);
                    break;
                }
        }
        for (uint32_t k = 0; k < i; k++)
            if (is_same_term(value_get(value_item(topologies, k), "matchLabelExpressions"), list))
                duplicate(e, at, "");
    }
}

static void create_storage_class(FieldErrs *e, const Value *v)
{
    check_provisioner(e, AT(NULL, "provisioner"), str_of(v, "provisioner"));
    check_parameters(e, AT(NULL, "parameters"), value_get(v, "parameters"), true);
    if (str_of(v, "reclaimPolicy")[0])
        check_enum(e, AT(NULL, "reclaimPolicy"), str_of(v, "reclaimPolicy"), "Delete|Retain");
    check_enum(e, AT(NULL, "volumeBindingMode"), str_of(v, "volumeBindingMode"),
               "Immediate|WaitForFirstConsumer");
    check_topologies(e, AT(NULL, "allowedTopologies"), value_get(v, "allowedTopologies"));
}

static void fixed_fields(FieldErrs *e, const Value *v, const Value *old, const char *const *names)
{
    for (; *names; names++) {
        const Value *a = value_get(v, *names), *b = value_get(old, *names);

        if (a || b)
            check_immutable(e, AT(NULL, *names), a, b);
    }
}

static void update_storage_class(FieldErrs *e, const char *sub UNUSED, const Value *v,
                                 const Value *old)
{
    static const char *const fixed[] = {"parameters", "provisioner", "reclaimPolicy",
                                        "volumeBindingMode", NULL};

    fixed_fields(e, v, old, fixed);
}

static void create_attributes_class(FieldErrs *e, const Value *v)
{
    check_provisioner(e, AT(NULL, "driverName"), str_of(v, "driverName"));
    check_parameters(e, AT(NULL, "parameters"), value_get(v, "parameters"), false);
}

static void update_attributes_class(FieldErrs *e, const char *sub UNUSED, const Value *v,
                                    const Value *old)
{
    static const char *const fixed[] = {"driverName", "parameters"};

    for (size_t i = 0; i < ARRAY_LEN(fixed); i++) {
        const Value *a = value_get(v, fixed[i]), *b = value_get(old, fixed[i]);

        if ((a || b) && !(a && b && value_equal(a, b)))
            forbidden(e, AT(NULL, fixed[i]),
                      arena_printf(e->arena, "updates to %s are forbidden.", fixed[i]));
    }
    create_attributes_class(e, v);
}

/* ---- CSI ---- */

static void check_token_requests(FieldErrs *e, const Path *p, const Value *requests)
{
    const Value *r;

    value_each_item(requests, i, r)
    {
        const Path *at = AT_ITEM(p, i), *seconds = AT(at, "expirationSeconds");
        const char *audience = str_of(r, "audience");
        int64_t n = int_of(r, "expirationSeconds", 0);
        bool twice = false;

        for (uint32_t k = 0; k < i; k++)
            twice |= strcmp(str_of(value_item(requests, k), "audience"), audience) == 0;
        if (twice) {
            duplicate(e, AT(at, "audience"), audience);
            continue;
        }
        if (!has(r, "expirationSeconds"))
            continue;
        if (n < 600)
            bad_int(e, seconds, n, "may not specify a duration less than 10 minutes");
        if (n > INT64_C(1) << 32)
            bad_int(e, seconds, n, "may not specify a duration larger than 2^32 seconds");
    }
}

static void create_csi_driver(FieldErrs *e, const Value *v)
{
    const Value *spec = value_get(v, "spec"), *m;
    const Path *p = AT(NULL, "spec");
    int64_t period = int_of(spec, "nodeAllocatableUpdatePeriodSeconds", 10);

    if (has(spec, "fsGroupPolicy"))
        check_enum(e, AT(p, "fsGroupPolicy"), str_of(spec, "fsGroupPolicy"),
                   "File|None|ReadWriteOnceWithFSType");
    check_token_requests(e, AT(p, "tokenRequests"), value_get(spec, "tokenRequests"));
    value_each_item(value_get(spec, "volumeLifecycleModes"), i, m)
    {
        const char *mode = value_to_cstr(m) ? value_to_cstr(m) : "";

        check_enum(e, AT(p, "volumeLifecycleModes"), mode, "Persistent|Ephemeral");
    }
    if (period < 10)
        bad_int(e, AT(p, "nodeAllocatableUpdatePeriodSeconds"), period,
                "must be greater than or equal to 10 seconds");
}

static void update_csi_driver(FieldErrs *e, const char *sub UNUSED, const Value *v,
                              const Value *old)
{
    const Value *now = value_get(v, "spec"), *was = value_get(old, "spec");
    const Path *p = AT(NULL, "spec");

    create_csi_driver(e, v);
    check_immutable(e, AT(p, "attachedRequired"), value_get(now, "attachRequired"),
                    value_get(was, "attachRequired"));
    check_immutable(e, AT(p, "volumeLifecycleModes"), value_get(now, "volumeLifecycleModes"),
                    value_get(was, "volumeLifecycleModes"));
}

static void check_node_driver(FieldErrs *e, const Path *p, const Value *drivers, uint32_t i)
{
    const Value *d = value_item(drivers, i), *keys = value_get(d, "topologyKeys"), *key;
    const char *name = str_of(d, "name"), *id = str_of(d, "nodeID");
    bool twice = false;

    validate__driver_name(e, AT(p, "name"), name);
    if (id[0] == '\0')
        missing(e, AT(p, "nodeID"), NULL);
    else if (strlen(id) > 256)
        bad_str(e, AT(p, "nodeID"), id, "must be 256 characters or less");
    check_not_negative(e, AT(AT(p, "allocatable"), "count"), value_at(d, "allocatable.count"));
    for (uint32_t k = 0; k < i; k++)
        twice |= strcmp(str_of(value_item(drivers, k), "name"), name) == 0;
    if (twice)
        duplicate(e, AT(p, "name"), name);
    value_each_item(keys, k, key)
    {
        const char *s = value_to_cstr(key) ? value_to_cstr(key) : "";

        if (s[0] == '\0')
            missing(e, p, NULL);
        for (uint32_t n = 0; n < k; n++) {
            if (value_equal(value_item(keys, n), key)) {
                duplicate(e, p, s);
                break;
            }
        }
        check_name(e, p, s, names__qualified);
    }
}

static void create_csi_node(FieldErrs *e, const Value *v)
{
    const Value *drivers = value_at(v, "spec.drivers");

    for (uint32_t i = 0; i < value_len(drivers); i++)
        check_node_driver(e, AT_ITEM(AT(AT(NULL, "spec"), "drivers"), i), drivers, i);
}

/* What a driver said of a node stays, but for how much it can attach. */
static void update_csi_node(FieldErrs *e, const char *sub UNUSED, const Value *v, const Value *old)
{
    const Path *p = AT(AT(NULL, "spec"), "drivers");
    const Value *was, *now;

    create_csi_node(e, v);
    value_each_item(value_at(old, "spec.drivers"), i, was)
        value_each_item(value_at(v, "spec.drivers"), k, now)
    {
        Value *a, *b;

        if (strcmp(str_of(was, "name"), str_of(now, "name")) != 0)
            continue;
        a = value_copy(e->arena, was);
        b = value_copy(e->arena, now);
        value_del(a, "allocatable");
        value_del(b, "allocatable");
        if (!value_equal(a, b))
            bad(e, p, validate__go_shown(e, "io.k8s.api.storage.v1.CSINodeDriver", b),
                "field is immutable");
    }
}

static void update_csi_capacity(FieldErrs *e, const char *sub UNUSED, const Value *v,
                                const Value *old)
{
    static const char *const fixed[] = {"nodeTopology", "storageClassName", NULL};

    fixed_fields(e, v, old, fixed);
}

static void create_csi_capacity(FieldErrs *e, const Value *v)
{
    validate__label_selector(e, AT(NULL, "nodeTopology"), value_get(v, "nodeTopology"));
    check_name(e, AT(NULL, "storageClassName"), str_of(v, "storageClassName"),
               names__dns1123_subdomain);
    if (quantity_sign(value_get(v, "capacity")) < 0)
        bad(e, AT(NULL, "capacity"), value_get(v, "capacity"),
            "must be greater than or equal to 0");
}

static void check_attachment_source(FieldErrs *e, const Path *p, const Value *source)
{
    static const char one[] =
        "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
    const Value *inlined = value_get(source, "inlineVolumeSpec");
    bool is_inline = value_is(inlined, VALUE_OBJECT),
         is_named = has(source, "persistentVolumeName");

    if (!is_inline && !is_named)
        missing(e, p, one);
    else if (is_inline && is_named)
        forbidden(e, p, one);
    else if (is_inline)
        check_inline_spec(e, AT(p, "inlineVolumeSpec"), inlined);
    else if (str_of(source, "persistentVolumeName")[0] == '\0')
        missing(e, AT(p, "persistentVolumeName"), "must specify non empty persistentVolumeName");
}

static void check_volume_error(FieldErrs *e, const Path *p, const Value *error)
{
    const Value *message = value_get(error, "message");
    int64_t code = int_of(error, "errorCode", 0);

    if (value_is(message, VALUE_STRING) && message->n > 1024)
        too_long(e, AT(p, "message"), PARAMETERS_BYTES_MAX);
    if (code < 0)
        bad_int(e, AT(p, "errorCode"), code, "must be between 0 and %d, inclusive", INT32_MAX);
}

static void check_attachment(FieldErrs *e, const Value *v)
{
    const Path *p = AT(NULL, "spec"), *at = AT(NULL, "status");
    const Value *spec = value_get(v, "spec"), *status = value_get(v, "status");
    size_t total = 0;

    if (str_of(spec, "attacher")[0] == '\0')
        missing(e, AT(p, "attacher"), NULL);
    check_attachment_source(e, AT(p, "source"), value_get(spec, "source"));
    check_name(e, AT(p, "nodeName"), str_of(spec, "nodeName"), names__dns1123_subdomain);
    value_each_member(value_get(status, "attachmentMetadata"), m) total +=
        strlen(m->name) + m->value->n;
    if (total > PARAMETERS_BYTES_MAX)
        too_long(e, AT(at, "attachmentMetadata"), PARAMETERS_BYTES_MAX);
    check_volume_error(e, AT(at, "attachError"), value_get(status, "attachError"));
    check_volume_error(e, AT(at, "detachError"), value_get(status, "detachError"));
}

static void create_attachment(FieldErrs *e, const Value *v)
{
    const Value *spec = value_get(v, "spec"), *source = value_get(spec, "source");
    const Path *p = AT(NULL, "spec");

    check_attachment(e, v);
    /* what only v1 asks for */
    if (str_of(spec, "attacher")[0])
        validate__driver_name(e, AT(p, "attacher"), str_of(spec, "attacher"));
    if (has(source, "persistentVolumeName"))
        check_name(e, AT(AT(p, "source"), "persistentVolumeName"),
                   str_of(source, "persistentVolumeName"), names__dns1123_subdomain);
}

static void update_attachment(FieldErrs *e, const char *sub, const Value *v, const Value *old)
{
    const Value *now = value_get(v, "spec"), *was = value_get(old, "spec");

    if (sub[0] == '\0')
        check_attachment(e, v); /* as a new one */
    check_attachment(e, v);
    if (!now || !was || !value_equal(now, was))
        bad(e, AT(NULL, "spec"),
            validate__go_shown(e, "io.k8s.api.storage.v1.VolumeAttachmentSpec", now),
            "field is immutable");
}

const KindRow validate__storage[] = {
    {"", "PersistentVolume", names__dns1123_subdomain, create_volume, update_volume},
    {"", "PersistentVolumeClaim", names__dns1123_subdomain, create_claim, update_claim},
    {STORAGE, "StorageClass", names__dns1123_subdomain, create_storage_class, update_storage_class},
    {STORAGE, "VolumeAttributesClass", names__dns1123_subdomain, create_attributes_class,
     update_attributes_class},
    {STORAGE, "CSIDriver", names__dns1123_subdomain, create_csi_driver, update_csi_driver},
    {STORAGE, "CSINode", names__dns1123_subdomain, create_csi_node, update_csi_node},
    {STORAGE, "CSIStorageCapacity", names__dns1123_subdomain, create_csi_capacity,
     update_csi_capacity},
    {STORAGE, "VolumeAttachment", names__dns1123_subdomain, create_attachment, update_attachment},
    {NULL, NULL, NULL, NULL, NULL},
};
