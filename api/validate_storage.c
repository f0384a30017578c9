/*
 * validate_storage.c - persistent volumes and claims, storage.k8s.io.
 */
#include "api/validate_int.h"

#define STORAGE "storage.k8s.io"

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

static void update_volume(FieldErrs *e, const char *sub, const Value *v, const Value *old)
{
    const Value *spec = value_get(v, "spec"), *before = value_get(old, "spec");
    const Value *now = source_of(spec), *was = source_of(before);
    const Value *affinity = value_get(spec, "nodeAffinity");
    const Value *had = value_get(before, "nodeAffinity");

    if (sub[0])
        return;
    create_volume(e, v);
    if (!now || !was || !value_equal(now, was))
        forbidden(e, AT(AT(NULL, "spec"), "persistentvolumesource"),
                  "spec.persistentvolumesource is immutable after creation\n@@ spec @@\n");
    check_immutable(e, AT(NULL, "volumeMode"), value_get(spec, "volumeMode"),
                    value_get(before, "volumeMode"));
    if (had && (!affinity || !value_equal(affinity, had)))
        bad(e, AT(NULL, "nodeAffinity"),
            affinity ? validate__go_shown(e, "io.k8s.api.core.v1.VolumeNodeAffinity", affinity)
                     : value_null(e->arena),
            "field is immutable, except for updating from beta label to GA");
}

/* ---- claims ---- */

static void create_claim(FieldErrs *e, const Value *v)
{
    validate__claim_spec(e, AT(NULL, "spec"), value_get(v, "spec"));
}

static void update_claim(FieldErrs *e, const char *sub, const Value *v, const Value *old)
{
    Value *now, *was;
    const Value *storage, *before;
    Quantity a, b;

    if (sub[0])
        return;
    create_claim(e, v);
    now = value_copy(e->arena, value_get(v, "spec"));
    was = value_copy(e->arena, value_get(old, "spec"));
    storage = value_get(value_at(now, "resources.requests"), "storage");
    before = value_get(value_at(was, "resources.requests"), "storage");
    if (strcmp(str_of(value_get(old, "status"), "phase"), "Bound") == 0) {
        if (storage && before && quantity_of_value(storage, &a) && quantity_of_value(before, &b) &&
            a.nano < b.nano) {
            Quantity had;
            const Value *actual = value_get(value_at(old, "status.capacity"), "storage");

            if (!actual || !quantity_of_value(actual, &had) || a.nano <= had.nano)
                forbidden(e, AT(AT(AT(NULL, "spec"), "resources"), "requests.storage"),
                          "field can not be less than status.capacity");
        }
        value_del(now, "resources");
        value_del(was, "resources");
        value_del(now, "volumeAttributesClassName");
        value_del(was, "volumeAttributesClassName");
    }
    /* the volume may be chosen once */
    if (str_of(was, "volumeName")[0] == '\0')
        value_del(now, "volumeName");
    if (!value_equal(now, was))
        forbidden(e, AT(NULL, "spec"),
                  "spec is immutable after creation except resources.requests and "
                  "volumeAttributesClassName for bound claims\n@@ spec @@\n");
}

/* ---- storage classes ---- */

static void create_storage_class(FieldErrs *e, const Value *v)
{
    const char *provisioner = str_of(v, "provisioner");
    size_t total = 0;

    if (provisioner[0] == '\0')
        missing(e, AT(NULL, "provisioner"), NULL);
    else
        check_name(e, AT(NULL, "provisioner"), provisioner, names__qualified);
    value_each_member(value_get(v, "parameters"), m)
    {
        total += strlen(m->name) + m->value->n;
        if (m->name[0] == '\0')
            bad_str(e, AT(NULL, "parameters"), m->name, "field can not be empty.");
    }
    if (total > 256 * 1024)
        too_long(e, AT(NULL, "parameters"), 256 * 1024);
    check_enum(e, AT(NULL, "reclaimPolicy"), str_of(v, "reclaimPolicy"), "Delete|Retain");
    check_enum(e, AT(NULL, "volumeBindingMode"), str_of(v, "volumeBindingMode"),
               "Immediate|WaitForFirstConsumer");
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

    create_storage_class(e, v);
    fixed_fields(e, v, old, fixed);
}

static void create_attributes_class(FieldErrs *e, const Value *v)
{
    const char *driver = str_of(v, "driverName");

    if (driver[0] == '\0')
        missing(e, AT(NULL, "driverName"), NULL);
    else
        check_name(e, AT(NULL, "driverName"), driver, names__dns1123_subdomain);
    if (value_len(value_get(v, "parameters")) == 0)
        missing(e, AT(NULL, "parameters"), "must contain at least one key/value pair");
}

static void update_attributes_class(FieldErrs *e, const char *sub UNUSED, const Value *v,
                                    const Value *old)
{
    static const char *const fixed[] = {"driverName", "parameters"};

    create_attributes_class(e, v);
    for (size_t i = 0; i < ARRAY_LEN(fixed); i++) {
        const Value *a = value_get(v, fixed[i]), *b = value_get(old, fixed[i]);

        if ((a || b) && !(a && b && value_equal(a, b)))
            forbidden(e, AT(NULL, fixed[i]),
                      arena_printf(e->arena, "updates to %s are forbidden.", fixed[i]));
    }
}

/* ---- CSI ---- */

static void create_csi_driver(FieldErrs *e, const Value *v)
{
    const Value *modes = value_at(v, "spec.volumeLifecycleModes"), *m;
    const Path *p = AT(NULL, "spec");
    const char *policy = str_of(value_get(v, "spec"), "fsGroupPolicy");

    if (policy[0])
        check_enum(e, AT(p, "fsGroupPolicy"), policy, "File|None|ReadWriteOnceWithFSType");
    value_each_item(modes, i, m)
        check_enum(e, AT_ITEM(AT(p, "volumeLifecycleModes"), i),
                   value_to_cstr(m) ? value_to_cstr(m) : "", "Ephemeral|Persistent");
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

    if (name[0] == '\0')
        missing(e, AT(p, "name"), NULL);
    else
        check_name(e, AT(p, "name"), name, names__dns1123_subdomain);
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

static void create_csi_capacity(FieldErrs *e, const Value *v)
{
    validate__label_selector(e, AT(NULL, "nodeTopology"), value_get(v, "nodeTopology"));
    check_name(e, AT(NULL, "storageClassName"), str_of(v, "storageClassName"),
               names__dns1123_subdomain);
    if (quantity_sign(value_get(v, "capacity")) < 0)
        bad(e, AT(NULL, "capacity"), value_get(v, "capacity"),
            "must be greater than or equal to 0");
}

static void create_attachment(FieldErrs *e, const Value *v)
{
    const Path *p = AT(NULL, "spec"), *at = AT(p, "source");
    const Value *spec = value_get(v, "spec"), *source = value_get(spec, "source");
    const Value *inlined = value_get(source, "inlineVolumeSpec");
    const char *attacher = str_of(spec, "attacher");
    const char *volume = str_of(source, "persistentVolumeName");

    if (attacher[0] == '\0')
        missing(e, AT(p, "attacher"), NULL);
    else
        check_name(e, AT(p, "attacher"), attacher, names__dns1123_subdomain);
    if (value_is(inlined, VALUE_OBJECT) == has(source, "persistentVolumeName")) {
        missing(e, at, "must specify exactly one of inlineVolumeSpec and persistentVolumeName");
    } else if (has(source, "persistentVolumeName")) {
        if (volume[0] == '\0')
            missing(e, AT(at, "persistentVolumeName"),
                    "must specify non empty persistentVolumeName");
        check_name(e, AT(at, "persistentVolumeName"), volume, names__dns1123_subdomain);
    } else {
        if (!has(inlined, "csi"))
            missing(e, AT(AT(at, "inlineVolumeSpec"), "csi"),
                    "has to be specified in the context of inline volumes");
        if (value_len(value_get(inlined, "accessModes")) == 0)
            missing(e, AT(AT(at, "inlineVolumeSpec"), "accessModes"), NULL);
    }
    check_name(e, AT(p, "nodeName"), str_of(spec, "nodeName"), names__dns1123_subdomain);
}

static void update_attachment(FieldErrs *e, const char *sub, const Value *v, const Value *old)
{
    if (sub[0])
        return;
    create_attachment(e, v);
    check_immutable(e, AT(NULL, "spec"), value_get(v, "spec"), value_get(old, "spec"));
}

const KindRow validate__storage[] = {
    {"", "PersistentVolume", names__dns1123_subdomain, create_volume, update_volume},
    {"", "PersistentVolumeClaim", names__dns1123_subdomain, create_claim, update_claim},
    {STORAGE, "StorageClass", names__dns1123_subdomain, create_storage_class, update_storage_class},
    {STORAGE, "VolumeAttributesClass", names__dns1123_subdomain, create_attributes_class,
     update_attributes_class},
    {STORAGE, "CSIDriver", names__dns1123_subdomain, create_csi_driver, update_csi_driver},
    {STORAGE, "CSINode", names__dns1123_subdomain, create_csi_node, NULL},
    {STORAGE, "CSIStorageCapacity", names__dns1123_subdomain, create_csi_capacity, NULL},
    {STORAGE, "VolumeAttachment", names__dns1123_subdomain, create_attachment, update_attachment},
    {NULL, NULL, NULL, NULL, NULL},
};
