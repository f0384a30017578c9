/*
 * validate_volumes.c - volumes of pods and of persistent volumes, and the spec of claims.
 */
#include "api/validate_int.h"

#define HOST_PATH_TYPES                                                                            \
    "|BlockDevice|CharDevice|Directory|DirectoryOrCreate|File|FileOrCreate|Socket"
#define ACCESS_MODES "ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod"

static void need_str(FieldErrs *e, const Path *p, const Value *v, const char *name)
{
    if (str_of(v, name)[0] == '\0')
        missing(e, AT(p, name), NULL);
}

static void need_list(FieldErrs *e, const Path *p, const Value *v, const char *name)
{
    if (value_len(value_get(v, name)) == 0)
        missing(e, AT(p, name), NULL);
}

void validate__object_ref(FieldErrs *e, const Path *p, const char *name, NameFn fn)
{
    if (name[0] == '\0')
        missing(e, AT(p, "name"), NULL);
    else
        check_name(e, AT(p, "name"), name, fn);
}

static void check_mode(FieldErrs *e, const Path *p, const Value *v, const char *name)
{
    int64_t mode = int_of(v, name, 0);

    if (mode < 0 || mode > 0777)
        bad_int(e, AT(p, name), mode,
                "must be a number between 0 and 0777 (octal), both inclusive");
}

/* A file inside the volume: relative, no steps back, no name that the atomic writer uses. */
static void check_file_path(FieldErrs *e, const Path *p, const char *path)
{
    if (path[0] == '/')
        bad_str(e, p, path, "must be a relative path");
    if (names__has_backstep(path))
        bad_str(e, p, path, "must not contain '..'");
    if (str_starts(path, "..") && !str_starts(path, "../"))
        bad_str(e, p, path, "must not start with '..'");
}

static void check_key_items(FieldErrs *e, const Path *p, const Value *items)
{
    const Value *item;

    value_each_item(items, i, item)
    {
        const Path *at = AT_ITEM(p, i);

        need_str(e, at, item, "key");
        need_str(e, at, item, "path");
        check_file_path(e, AT(at, "path"), str_of(item, "path"));
        check_mode(e, at, item, "mode");
    }
}

/* ---- the kinds of source ---- */

typedef struct Source {
    const char *name;
    void (*fn)(FieldErrs *e, const Path *p, const Value *v, bool is_persistent);
    const char *required; /* strings or lists that must not be empty, "a|b" */
} Source;

static void check_empty_dir(FieldErrs *e, const Path *p, const Value *v, bool pv UNUSED)
{
    if (has(v, "sizeLimit") && quantity_sign(value_get(v, "sizeLimit")) < 0)
        forbidden(e, AT(p, "sizeLimit"), "SizeLimit field must be a valid resource quantity");
}

static void check_host_path(FieldErrs *e, const Path *p, const Value *v, bool pv UNUSED)
{
    const char *path = str_of(v, "path");

    need_str(e, p, v, "path");
    if (names__has_backstep(path))
        bad_str(e, AT(p, "path"), path, "must not contain '..'");
    if (has(v, "type"))
        check_enum(e, AT(p, "type"), str_of(v, "type"), HOST_PATH_TYPES);
}

static void check_secret(FieldErrs *e, const Path *p, const Value *v, bool pv UNUSED)
{
    need_str(e, p, v, "secretName");
    check_mode(e, p, v, "defaultMode");
    check_key_items(e, AT(p, "items"), value_get(v, "items"));
}

static void check_config_map(FieldErrs *e, const Path *p, const Value *v, bool pv UNUSED)
{
    need_str(e, p, v, "name");
    check_mode(e, p, v, "defaultMode");
    check_key_items(e, AT(p, "items"), value_get(v, "items"));
}

static void check_nfs(FieldErrs *e, const Path *p, const Value *v, bool pv UNUSED)
{
    need_str(e, p, v, "server");
    need_str(e, p, v, "path");
    if (str_of(v, "path")[0] != '/')
        bad_str(e, AT(p, "path"), str_of(v, "path"), "must be an absolute path");
}

static void check_iscsi(FieldErrs *e, const Path *p, const Value *v, bool pv UNUSED)
{
    const char *iqn = str_of(v, "iqn");

    need_str(e, p, v, "targetPortal");
    if (iqn[0] == '\0')
        missing(e, AT(p, "iqn"), NULL);
    else if (!str_starts(iqn, "iqn") && !str_starts(iqn, "eui") && !str_starts(iqn, "naa"))
        bad_str(e, AT(p, "iqn"), iqn, "must be valid format starting with iqn, eui, or naa");
    check_range(e, AT(p, "lun"), int_of(v, "lun", 0), 0, 255);
}

static void check_fc(FieldErrs *e, const Path *p, const Value *v, bool pv UNUSED)
{
    bool wwns = value_len(value_get(v, "targetWWNs")) > 0;
    bool wwids = value_len(value_get(v, "wwids")) > 0;

    if (!wwns && !wwids)
        missing(e, AT(p, "targetWWNs"), "must specify either targetWWNs or wwids, but not both");
    if (wwns && wwids)
        bad(e, AT(p, "targetWWNs"), value_get(v, "targetWWNs"),
            "targetWWNs and wwids can not be specified simultaneously");
    if (wwns && !has(v, "lun"))
        missing(e, AT(p, "lun"), "lun is required if targetWWNs is specified");
    else if (wwns)
        check_range(e, AT(p, "lun"), int_of(v, "lun", 0), 0, 255);
}

static void check_driver_name(FieldErrs *e, const Path *p, const char *name)
{
    Msgs m;
    char *lower;

    if (name[0] == '\0')
        missing(e, p, NULL);
    if (strlen(name) > 63)
        too_long(e, p, 63);
    if (name[0] == '\0')
        return;
    lower = arena_strdup(e->arena, name);
    for (char *c = lower; *c; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
    m.n = 0;
    names__dns1123_subdomain(lower, &m);
    for (uint32_t i = 0; i < m.n; i++)
        bad_str(e, p, name, "%s", m.items[i]);
}

static void check_csi(FieldErrs *e, const Path *p, const Value *v, bool is_persistent)
{
    static const char *const secrets[] = {"controllerPublishSecretRef", "nodePublishSecretRef",
                                          "nodeExpandSecretRef"};

    check_driver_name(e, AT(p, "driver"), str_of(v, "driver"));
    if (is_persistent)
        need_str(e, p, v, "volumeHandle");
    for (size_t i = 0; i < ARRAY_LEN(secrets); i++) {
        const Value *ref = value_get(v, secrets[i]);

        if (!value_is(ref, VALUE_OBJECT))
            continue;
        need_str(e, AT(p, secrets[i]), ref, "name");
        if (is_persistent)
            need_str(e, AT(p, secrets[i]), ref, "namespace");
    }
}

static void check_ephemeral(FieldErrs *e, const Path *p, const Value *v, bool pv UNUSED)
{
    const Path *at = AT(p, "volumeClaimTemplate");
    const Value *t = value_get(v, "volumeClaimTemplate"), *meta = value_get(t, "metadata");
    static const char *const not_here[] = {"name",     "generateName", "namespace",
                                           "uid",      "generation",   "resourceVersion",
                                           "selfLink", "finalizers",   "ownerReferences"};

    if (!value_is(t, VALUE_OBJECT)) {
        missing(e, at, NULL);
        return;
    }
    validate__labels(e, AT(AT(at, "metadata"), "labels"), value_get(meta, "labels"));
    for (size_t i = 0; i < ARRAY_LEN(not_here); i++)
        if (has(meta, not_here[i]))
            forbidden(e, AT(AT(at, "metadata"), not_here[i]), "cannot be set");
    validate__claim_spec(e, AT(at, "spec"), value_get(t, "spec"));
}

static void check_image(FieldErrs *e, const Path *p, const Value *v, bool pv UNUSED)
{
    need_str(e, p, v, "reference");
    if (str_of(v, "pullPolicy")[0])
        check_enum(e, AT(p, "pullPolicy"), str_of(v, "pullPolicy"), "Always|IfNotPresent|Never");
}

static void check_downward_items(FieldErrs *e, const Path *p, const Value *items)
{
    const Value *item;

    value_each_item(items, i, item)
    {
        const Path *at = AT_ITEM(p, i);

        if (str_of(item, "path")[0] == '\0')
            missing(e, AT(at, "path"), NULL);
        check_file_path(e, AT(at, "path"), str_of(item, "path"));
        if (has(item, "fieldRef")) {
            validate__downward_field(e, AT(at, "fieldRef"), value_get(item, "fieldRef"));
            if (has(item, "resourceFieldRef"))
                bad_str(e, at, "resource",
                        "fieldRef and resourceFieldRef can not be specified simultaneously");
        } else if (has(item, "resourceFieldRef")) {
            validate__resource_field_ref(e, AT(at, "resourceFieldRef"),
                                         value_get(item, "resourceFieldRef"), true);
        } else {
            missing(e, AT(at, "fieldRef"), "one of fieldRef and resourceFieldRef is required");
        }
        check_mode(e, at, item, "mode");
    }
}

static void check_downward(FieldErrs *e, const Path *p, const Value *v, bool pv UNUSED)
{
    check_mode(e, p, v, "defaultMode");
    check_downward_items(e, AT(p, "items"), value_get(v, "items"));
}

static void check_token_source(FieldErrs *e, const Path *p, const Path *at, const Value *v)
{
    int64_t seconds = int_of(v, "expirationSeconds", 3600);
    const char *path = str_of(v, "path");

    if (seconds < 600)
        bad_int(e, AT(at, "expirationSeconds"), seconds,
                "may not specify a duration less than 10 minutes");
    if (seconds > INT64_C(4294967296))
        bad_int(e, AT(at, "expirationSeconds"), seconds,
                "may not specify a duration larger than 2^32 seconds");
    if (path[0] == '\0')
        missing(e, AT(p, "path"), NULL);
    else
        check_file_path(e, AT(p, "path"), path);
}

static const char *const projections[] = {
    "secret",        "configMap", "downwardAPI", "serviceAccountToken", "clusterTrustBundle",
    "podCertificate"};

/* Two projected files may not have the same path; the error shows the source's name. */
static void check_path_conflict(FieldErrs *e, const Path *p, const char *path, const char *shown,
                                const char **seen, uint32_t *n, uint32_t cap)
{
    for (uint32_t i = 0; i < *n; i++)
        if (path[0] && strcmp(seen[i], path) == 0) {
            bad_str(e, p, shown, "conflicting duplicate paths");
            return;
        }
    if (*n < cap)
        seen[(*n)++] = path;
}

static void check_projected(FieldErrs *e, const Path *p, const Value *v, bool pv UNUSED)
{
    const Value *source, *item;
    const char *seen[128];
    uint32_t n_seen = 0;

    check_mode(e, p, v, "defaultMode");
    value_each_item(value_get(v, "sources"), i, source)
    {
        const Path *at = AT_ITEM(AT(p, "sources"), i);
        int n = 0;

        for (size_t k = 0; k < ARRAY_LEN(projections); k++) {
            const Value *x = value_get(source, projections[k]);
            const Path *in = AT(at, projections[k]);

            if (!value_is(x, VALUE_OBJECT))
                continue;
            if (n++ > 0) {
                forbidden(e, at, "may not specify more than 1 volume type per source");
                continue;
            }
            if (k < 2) {
                need_str(e, in, x, "name");
                check_key_items(e, AT(in, "items"), value_get(x, "items"));
            } else if (k == 2) {
                check_downward_items(e, AT(in, "items"), value_get(x, "items"));
            } else if (k == 3) {
                check_token_source(e, p, in, x);
            }
            if (k < 3) {
                value_each_item(value_get(x, "items"), m, item) check_path_conflict(
                    e, p, str_of(item, "path"), k < 2 ? str_of(x, "name") : str_of(item, "path"),
                    seen, &n_seen, ARRAY_LEN(seen));
            }
        }
    }
}

static void check_local(FieldErrs *e, const Path *p, const Value *v, bool pv UNUSED)
{
    need_str(e, p, v, "path");
    if (names__has_backstep(str_of(v, "path")))
        bad_str(e, AT(p, "path"), str_of(v, "path"), "must not contain '..'");
}

static void check_azure_disk(FieldErrs *e, const Path *p, const Value *v, bool pv UNUSED)
{
    need_str(e, p, v, "diskName");
    need_str(e, p, v, "diskURI");
    if (str_of(v, "cachingMode")[0])
        check_enum(e, AT(p, "cachingMode"), str_of(v, "cachingMode"), "None|ReadOnly|ReadWrite");
    if (str_of(v, "kind")[0])
        check_enum(e, AT(p, "kind"), str_of(v, "kind"), "Dedicated|Managed|Shared");
}

static const Source sources[] = {
    /* in the order in which upstream looks */
    {"emptyDir", check_empty_dir, NULL},
    {"hostPath", check_host_path, NULL},
    {"gitRepo", NULL, "repository"},
    {"gcePersistentDisk", NULL, "pdName"},
    {"awsElasticBlockStore", NULL, "volumeID"},
    {"secret", check_secret, NULL},
    {"nfs", check_nfs, NULL},
    {"iscsi", check_iscsi, NULL},
    {"glusterfs", NULL, "endpoints|path"},
    {"flocker", NULL, NULL},
    {"persistentVolumeClaim", NULL, "claimName"},
    {"rbd", NULL, "monitors|image"},
    {"cinder", NULL, "volumeID"},
    {"cephfs", NULL, "monitors"},
    {"quobyte", NULL, "registry|volume"},
    {"downwardAPI", check_downward, NULL},
    {"fc", check_fc, NULL},
    {"flexVolume", NULL, "driver"},
    {"azureFile", NULL, "secretName|shareName"},
    {"configMap", check_config_map, NULL},
    {"vsphereVolume", NULL, "volumePath"},
    {"photonPersistentDisk", NULL, "pdID"},
    {"portworxVolume", NULL, "volumeID"},
    {"azureDisk", check_azure_disk, NULL},
    {"storageos", NULL, NULL},
    {"projected", check_projected, NULL},
    {"scaleIO", NULL, "gateway|system|volumeName"},
    {"local", check_local, NULL},
    {"csi", check_csi, NULL},
    {"ephemeral", check_ephemeral, NULL},
    {"image", check_image, NULL},
};

static void check_source(FieldErrs *e, const Path *p, const Source *s, const Value *v,
                         bool is_persistent)
{
    Slice rest = slice_of(s->required ? s->required : ""), word;
    bool more = rest.len > 0;

    if (s->fn)
        s->fn(e, p, v, is_persistent);
    while (more) {
        more = slice_cut(&rest, '|', &word);
        const char *name = arena_strndup(e->arena, word.ptr, word.len);
        const Value *m = value_get(v, name);

        if (value_is(m, VALUE_ARRAY) || !m)
            need_list(e, p, v, name);
        else
            need_str(e, p, v, name);
    }
}

/* All sources that `v` has; returns how many. */
static int check_sources(FieldErrs *e, const Path *p, const Value *v, bool is_persistent)
{
    int n = 0;

    for (size_t i = 0; i < ARRAY_LEN(sources); i++) {
        const Path *at = AT(p, sources[i].name);

        if (!value_is(value_get(v, sources[i].name), VALUE_OBJECT))
            continue;
        if (n++ > 0)
            forbidden(e, at, "may not specify more than 1 volume type");
        else
            check_source(e, at, &sources[i], value_get(v, sources[i].name), is_persistent);
    }
    return n;
}

int validate__persistent_source(FieldErrs *e, const Path *p, const Value *spec)
{
    return check_sources(e, p, spec, true);
}

void validate__volumes(FieldErrs *e, const Path *p, const Value *volumes)
{
    const Value *v;

    value_each_item(volumes, i, v)
    {
        const Path *at = AT_ITEM(p, i);
        const char *name = str_of(v, "name");
        bool twice = false;

        if (check_sources(e, at, v, false) == 0)
            missing(e, at, "must specify a volume type");
        if (name[0] == '\0') {
            missing(e, AT(at, "name"), NULL);
            continue;
        }
        check_name(e, AT(at, "name"), name, names__dns1123_label);
        for (uint32_t k = 0; k < i; k++)
            twice |= strcmp(str_of(value_item(volumes, k), "name"), name) == 0;
        if (twice)
            duplicate(e, AT(at, "name"), name);
    }
}

/* ---- claims ---- */

void validate__access_modes(FieldErrs *e, const Path *p, const Value *modes, const char *detail)
{
    bool once_pod = false;
    const Value *m;

    if (value_len(modes) == 0)
        missing(e, p, detail);
    value_each_item(modes, i, m)
    {
        const char *s = value_to_cstr(m);

        once_pod |= str_eq(s, "ReadWriteOncePod");
        check_enum(e, p, s ? s : "", ACCESS_MODES);
    }
    if (once_pod && value_len(modes) > 1)
        forbidden(e, p, "may not use ReadWriteOncePod with other access modes");
}

void validate__claim_spec(FieldErrs *e, const Path *p, const Value *spec)
{
    const Value *storage = value_get(value_at(spec, "resources.requests"), "storage");
    const Path *at = AT_KEY(AT(p, "resources"), "storage");

    if (has(spec, "selector"))
        validate__label_selector(e, AT(p, "selector"), value_get(spec, "selector"));
    validate__access_modes(e, AT(p, "accessModes"), value_get(spec, "accessModes"),
                           "at least 1 access mode is required");
    if (!storage)
        missing(e, at, NULL);
    else if (quantity_sign(storage) <= 0)
        bad(e, at, storage, "must be greater than zero");
    if (str_of(spec, "storageClassName")[0])
        check_name(e, AT(p, "storageClassName"), str_of(spec, "storageClassName"),
                   names__dns1123_subdomain);
    if (has(spec, "volumeMode"))
        check_enum(e, AT(p, "volumeMode"), str_of(spec, "volumeMode"), "Block|Filesystem");
    if (str_of(spec, "volumeAttributesClassName")[0])
        check_name(e, AT(p, "volumeAttributesClassName"), str_of(spec, "volumeAttributesClassName"),
                   names__dns1123_subdomain);
}
