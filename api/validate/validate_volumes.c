/*
 * validate_volumes.c - volumes of pods and of persistent volumes, and the spec of claims.
 */
#include "api/validate_int.h"

#include <ctype.h>

#define HOST_PATH_TYPES                                                                            \
    "|BlockDevice|CharDevice|Directory|DirectoryOrCreate|File|FileOrCreate|Socket"
#define ACCESS_MODES "ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod"

static void need_str(FieldErrs *e, const Path *p, const Value *v, const char *name)
{
    if (str_of(v, name)[0] == '\0')
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

void validate__no_backsteps(FieldErrs *e, const Path *p, const char *path)
{
    if (names__has_backstep(path))
        bad_str(e, p, path, "must not contain '..'");
}

void validate__descending_path(FieldErrs *e, const Path *p, const char *path)
{
    if (path[0] == '/')
        bad_str(e, p, path, "must be a relative path");
    validate__no_backsteps(e, p, path);
}

/* A file inside the volume: relative, no steps back, no name that the atomic writer uses. */
void validate__file_path(FieldErrs *e, const Path *p, const char *path)
{
    validate__descending_path(e, p, path);
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
        validate__file_path(e, AT(at, "path"), str_of(item, "path"));
        check_mode(e, at, item, "mode");
    }
}

/* ---- the kinds of source ---- */

typedef struct Volume { /* what a source stands in */
    bool is_persistent;
    bool is_pod;       /* of a pod, not of a template */
    const char *name;  /* of the volume */
    const char *owner; /* the pod's name; "" when it is not known */
} Volume;

typedef struct Source {
    const char *name;
    void (*fn)(FieldErrs *e, const Path *p, const Value *v, const Volume *in);
    const char *required;  /* strings or lists that must not be empty, "a|b" */
    const char *shown;     /* the path upstream gives it, when that is not its name */
    const char *forbidden; /* the same for one too many */
} Source;

static void check_empty_dir(FieldErrs *e, const Path *p, const Value *v, const Volume *in UNUSED)
{
    if (has(v, "sizeLimit") && quantity_sign(value_get(v, "sizeLimit")) < 0)
        forbidden(e, AT(p, "sizeLimit"), "SizeLimit field must be a valid resource quantity");
}

static void check_host_path(FieldErrs *e, const Path *p, const Value *v, const Volume *in UNUSED)
{
    const char *path = str_of(v, "path");

    need_str(e, p, v, "path");
    if (path[0] == '\0')
        return;
    validate__no_backsteps(e, AT(p, "path"), path);
    if (has(v, "type"))
        check_enum(e, AT(p, "type"), str_of(v, "type"), HOST_PATH_TYPES);
}

static void check_git(FieldErrs *e, const Path *p, const Value *v, const Volume *in UNUSED)
{
    validate__descending_path(e, AT(p, "directory"), str_of(v, "directory"));
}

static void check_partition(FieldErrs *e, const Path *p, const Value *v, const Volume *in UNUSED)
{
    int64_t n = int_of(v, "partition", 0);

    if (n < 0 || n > 255)
        bad_int(e, AT(p, "partition"), n, "must be between 1 and 255, inclusive");
}

static void check_secret(FieldErrs *e, const Path *p, const Value *v, const Volume *in UNUSED)
{
    check_mode(e, p, v, "defaultMode");
    check_key_items(e, AT(p, "items"), value_get(v, "items"));
}

static void check_nfs(FieldErrs *e, const Path *p, const Value *v, const Volume *in UNUSED)
{
    if (str_of(v, "path")[0] != '/')
        bad_str(e, AT(p, "path"), str_of(v, "path"), "must be an absolute path");
}

/* iqn.YYYY-MM.reversed.domain:name */
static bool is_iqn(const char *s)
{
    for (s = strstr(s, "iqn."); s; s = strstr(s + 1, "iqn.")) {
        const char *c = s + 4;
        size_t n;

        if (strspn(c, "0123456789") != 4 || c[4] != '-' || strspn(c + 5, "0123456789") != 2 ||
            c[7] != '.')
            continue;
        for (c += 8, n = 0; isalnum((unsigned char)c[n]) || c[n] == '-' || c[n] == '.';)
            n++;
        if (n > 0 && c[n] == ':' && c[n + 1] && !strpbrk(c + n + 1, ",;*&$| \t\n\r\f\v"))
            return true;
    }
    return false;
}

static bool is_serial(const char *s, size_t digits)
{
    size_t n = strlen(s);

    for (size_t i = 4; i < n; i++)
        if (!isalnum((unsigned char)s[i]))
            return false;
    return n == 4 + digits;
}

static void check_initiator(FieldErrs *e, const Path *p, const char *s, const char *bad_prefix)
{
    bool iqn = str_starts(s, "iqn"), eui = str_starts(s, "eui"), naa = str_starts(s, "naa");

    if (!iqn && !eui && !naa)
        bad_str(e, p, s, "%s", bad_prefix);
    else if ((iqn && !is_iqn(s)) || (eui && !is_serial(s, 16)) || (naa && !is_serial(s, 32)))
        bad_str(e, p, s, "must be valid format");
}

static bool is_iscsi_name_long(const Value *v, const char *name)
{
    return has(v, "initiatorName") && strlen(name) + 1 + strlen(str_of(v, "targetPortal")) > 64;
}

#define ISCSI_TOO_LONG                                                                             \
    "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if "           \
    "iscsi.initiatorName is specified."

static void check_iscsi(FieldErrs *e, const Path *p, const Value *v, const Volume *in)
{
    const char *form = in->is_persistent ? "must be valid format"
                                         : "must be valid format starting with iqn, eui, or naa";

    if (in->is_persistent && is_iscsi_name_long(v, in->name))
        bad_str(e, AT(p, "targetportal"), str_of(v, "targetPortal"), ISCSI_TOO_LONG);
    if (str_of(v, "iqn")[0] == '\0')
        missing(e, AT(p, "iqn"), NULL);
    else
        check_initiator(e, AT(p, "iqn"), str_of(v, "iqn"), form);
    check_range(e, AT(p, "lun"), int_of(v, "lun", 0), 0, 255);
    if ((value_is_true(value_get(v, "chapAuthDiscovery")) ||
         value_is_true(value_get(v, "chapAuthSession"))) &&
        !has(v, "secretRef"))
        missing(e, AT(p, "secretRef"), NULL);
    if (in->is_persistent && has(v, "secretRef"))
        need_str(e, AT(p, "secretRef"), value_get(v, "secretRef"), "name");
    if (has(v, "initiatorName"))
        check_initiator(e, AT(p, "initiatorname"), str_of(v, "initiatorName"), form);
}

static void check_glusterfs(FieldErrs *e, const Path *p, const Value *v, const Volume *in)
{
    const char *ns = str_of(v, "endpointsNamespace");
    const Path *at = AT(p, "endpointsNamespace");

    if (!in->is_persistent || !has(v, "endpointsNamespace"))
        return;
    if (ns[0] == '\0')
        bad_str(e, at, ns, "if the endpointnamespace is set, it must be a valid namespace name");
    else
        check_name(e, at, ns, names__dns1123_label);
}

static void check_flocker(FieldErrs *e, const Path *p, const Value *v, const Volume *in UNUSED)
{
    const char *name = str_of(v, "datasetName"), *uuid = str_of(v, "datasetUUID");

    if (name[0] == '\0' && uuid[0] == '\0')
        missing(e, p, "one of datasetName and datasetUUID is required");
    if (name[0] && uuid[0])
        bad_str(e, p, "resource",
                "datasetName and datasetUUID can not be specified simultaneously");
    if (strchr(name, '/'))
        bad_str(e, AT(p, "datasetName"), name, "must not contain '/'");
}

/* Secrets of volumes: `with_namespace` for those of persistent volumes. */
static void check_secret_ref(FieldErrs *e, const Path *p, const Value *v, bool with_namespace)
{
    const Value *ref = value_get(v, "secretRef");
    const Path *at = AT(p, "secretRef");

    if (!value_is(ref, VALUE_OBJECT))
        return;
    need_str(e, at, ref, "name");
    if (with_namespace)
        need_str(e, at, ref, "namespace");
}

static void check_cinder(FieldErrs *e, const Path *p, const Value *v, const Volume *in)
{
    check_secret_ref(e, p, v, in->is_persistent);
}

static bool is_host_port(Slice s)
{
    const char *colon = memchr(s.ptr, ':', s.len), *close;

    if (s.len > 0 && s.ptr[0] == '[') {
        close = memchr(s.ptr, ']', s.len);
        if (!close || close + 1 >= s.ptr + s.len || close[1] != ':')
            return false;
        colon = close + 1;
    }
    return colon && !memchr(colon + 1, ':', (size_t)(s.ptr + s.len - colon - 1)) &&
           !memchr(colon + 1, '[', (size_t)(s.ptr + s.len - colon - 1)) &&
           !memchr(colon + 1, ']', (size_t)(s.ptr + s.len - colon - 1));
}

static void check_quobyte(FieldErrs *e, const Path *p, const Value *v, const Volume *in UNUSED)
{
    static const char form[] = "must be a host:port pair or multiple pairs separated by commas";
    const char *registry = str_of(v, "registry");
    Slice rest = slice_of(registry), pair;
    bool more;

    if (registry[0] == '\0') {
        missing(e, AT(p, "registry"), form);
    } else if (strlen(str_of(v, "tenant")) >= 65) {
        missing(e, AT(p, "tenant"), "must be a UUID and may not exceed a length of 64 characters");
    } else {
        do {
            more = slice_cut(&rest, ',', &pair);
            if (!is_host_port(pair))
                bad_str(e, AT(p, "registry"), registry, "%s", form);
        } while (more);
    }
    need_str(e, p, v, "volume");
}

static void check_fc(FieldErrs *e, const Path *p, const Value *v, const Volume *in UNUSED)
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

static void check_flex(FieldErrs *e, const Path *p, const Value *v, const Volume *in UNUSED)
{
    value_each_member(value_get(v, "options"), m)
    {
        const char *slash = strchr(m->name, '/');
        char *domain = arena_printf(e->arena, ".%.*s",
                                    slash ? (int)(slash - m->name) : (int)strlen(m->name), m->name);

        for (char *c = domain; *c; c++)
            *c = (char)tolower((unsigned char)*c);
        if (str_ends(domain, ".kubernetes.io") || str_ends(domain, ".k8s.io"))
            bad_str(e, AT_KEY(AT(p, "options"), m->name), m->name,
                    "kubernetes.io and k8s.io namespaces are reserved");
    }
}

static void check_csi(FieldErrs *e, const Path *p, const Value *v, const Volume *in)
{
    static const char *const secrets[] = {"controllerPublishSecretRef", "controllerExpandSecretRef",
                                          "nodePublishSecretRef", "nodeExpandSecretRef"};
    const Value *ref = value_get(v, "nodePublishSecretRef");

    validate__driver_name(e, AT(p, "driver"), str_of(v, "driver"));
    if (in->is_persistent)
        need_str(e, p, v, "volumeHandle");
    for (size_t i = 0; i < ARRAY_LEN(secrets) && in->is_persistent; i++) {
        const Path *at = AT(p, secrets[i]);

        ref = value_get(v, secrets[i]);
        if (!value_is(ref, VALUE_OBJECT))
            continue;
        validate__object_ref(e, at, str_of(ref, "name"), names__dns1123_subdomain);
        if (str_of(ref, "namespace")[0] == '\0')
            missing(e, AT(at, "namespace"), NULL);
        else
            check_name(e, AT(at, "namespace"), str_of(ref, "namespace"), names__dns1123_label);
    }
    if (in->is_persistent || !value_is(ref, VALUE_OBJECT))
        return;
    if (str_of(ref, "name")[0] == '\0')
        missing(e, AT(AT(p, "nodePublishSecretRef"), "name"), NULL);
    else
        check_name(e, AT(p, "name"), str_of(ref, "name"), names__dns1123_subdomain);
}

static void check_ephemeral(FieldErrs *e, const Path *p, const Value *v, const Volume *in)
{
    const Path *at = AT(p, "volumeClaimTemplate");
    const Value *t = value_get(v, "volumeClaimTemplate"), *meta = value_get(t, "metadata");
    static const char *const not_here[] = {"name",
                                           "generateName",
                                           "namespace",
                                           "selfLink",
                                           "uid",
                                           "resourceVersion",
                                           "generation",
                                           "creationTimestamp",
                                           "deletionTimestamp",
                                           "deletionGracePeriodSeconds",
                                           "ownerReferences",
                                           "finalizers",
                                           "managedFields"};
    const char *claim;
    Msgs m = {.n = 0};

    if (value_is(t, VALUE_OBJECT)) {
        validate__annotations(e, AT(AT(at, "metadata"), "annotations"),
                              value_get(meta, "annotations"));
        validate__labels(e, AT(AT(at, "metadata"), "labels"), value_get(meta, "labels"));
        for (size_t i = 0; i < ARRAY_LEN(not_here); i++)
            if (has(meta, not_here[i])) /* upstream has only the first letter of UID small */
                forbidden(
                    e,
                    AT(AT(at, "metadata"), strcmp(not_here[i], "uid") == 0 ? "uID" : not_here[i]),
                    "cannot be set");
        validate__claim_spec(e, AT(at, "spec"), value_get(t, "spec"));
    } else {
        missing(e, at, NULL);
    }
    if (in->owner[0] == '\0' || in->name[0] == '\0')
        return;
    claim = arena_printf(e->arena, "%s-%s", in->owner, in->name);
    names__dns1123_subdomain(claim, &m);
    for (uint32_t i = 0; i < m.n; i++)
        bad_str(e, AT(p->up, "name"), in->name, "PVC name \"%s\": %s", claim, m.items[i]);
}

static void check_image(FieldErrs *e, const Path *p, const Value *v, const Volume *in)
{
    if (in->is_pod)
        need_str(e, p, v, "reference");
    if (str_of(v, "pullPolicy")[0] == '\0')
        missing(e, AT(p, "pullPolicy"), NULL);
    else
        check_enum(e, AT(p, "pullPolicy"), str_of(v, "pullPolicy"), "Always|IfNotPresent|Never");
}

/* Upstream does not say which of the items is meant. */
static void check_downward_item(FieldErrs *e, const Path *at, const Value *item)
{
    if (str_of(item, "path")[0] == '\0')
        missing(e, AT(at, "path"), NULL);
    validate__file_path(e, AT(at, "path"), str_of(item, "path"));
    if (has(item, "fieldRef")) {
        validate__downward_field(e, AT(at, "fieldRef"), value_get(item, "fieldRef"));
        if (has(item, "resourceFieldRef"))
            bad_str(e, at, "resource",
                    "fieldRef and resourceFieldRef can not be specified simultaneously");
    } else if (has(item, "resourceFieldRef")) {
        validate__resource_field_ref(e, AT(at, "resourceFieldRef"),
                                     value_get(item, "resourceFieldRef"), true);
    } else {
        missing(e, at, "one of fieldRef and resourceFieldRef is required");
    }
    check_mode(e, at, item, "mode");
}

static void check_downward(FieldErrs *e, const Path *p, const Value *v, const Volume *in UNUSED)
{
    const Value *item;

    check_mode(e, p, v, "defaultMode");
    value_each_item(value_get(v, "items"), i, item) check_downward_item(e, p, item);
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
        validate__file_path(e, AT(p, "path"), path);
}

/* Two projected files may not have the same path; the error shows the source's name. */
static void check_path_conflict(FieldErrs *e, const Path *p, const char *path, const char *shown,
                                Value *seen)
{
    if (path[0] == '\0')
        return;
    if (value_get(seen, path))
        bad_str(e, p, shown, "conflicting duplicate paths");
    else
        value_set_bool(e->arena, seen, path, true);
}

static void check_projected_keys(FieldErrs *e, const Path *p, const Path *in, const Value *x,
                                 Value *seen)
{
    const Value *items = value_get(x, "items"), *item;

    need_str(e, in, x, "name");
    value_each_item(items, i, item)
    {
        const Path *at = AT_ITEM(AT(in, "items"), i);

        need_str(e, at, item, "key");
        need_str(e, at, item, "path");
        validate__file_path(e, AT(at, "path"), str_of(item, "path"));
        check_mode(e, at, item, "mode");
        check_path_conflict(e, p, str_of(item, "path"), str_of(x, "name"), seen);
    }
}

static void check_projected(FieldErrs *e, const Path *p, const Value *v, const Volume *in UNUSED)
{
    static const char *const kinds[] = {"secret", "configMap", "downwardAPI",
                                        "serviceAccountToken"};
    const Value *source, *item;
    Value *seen = value_object(e->arena);

    check_mode(e, p, v, "defaultMode");
    value_each_item(value_get(v, "sources"), i, source)
    {
        const Path *at = AT_ITEM(AT(p, "sources"), i);
        int n = 0;

        for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
            const Value *x = value_get(source, kinds[k]);
            const Path *inside = AT(at, kinds[k]);

            if (!value_is(x, VALUE_OBJECT))
                continue;
            n++;
            if (k < 2)
                check_projected_keys(e, p, inside, x, seen);
            else if (k == 3)
                check_token_source(e, p, inside, x);
            value_each_item(k == 2 ? value_get(x, "items") : NULL, m, item)
            {
                check_downward_item(e, inside, item);
                check_path_conflict(e, p, str_of(item, "path"), str_of(item, "path"), seen);
            }
        }
        if (n > 1)
            forbidden(e, at, "may not specify more than 1 volume type per source");
    }
}

static void check_local(FieldErrs *e, const Path *p, const Value *v, const Volume *in UNUSED)
{
    need_str(e, p, v, "path");
    validate__no_backsteps(e, AT(p, "path"), str_of(v, "path"));
}

static void check_azure_file(FieldErrs *e, const Path *p, const Value *v, const Volume *in)
{
    if (in->is_persistent && has(v, "secretNamespace"))
        need_str(e, p, v, "secretNamespace");
}

static void check_azure_disk(FieldErrs *e, const Path *p, const Value *v, const Volume *in UNUSED)
{
    const char *kind = str_of(v, "kind"), *uri = str_of(v, "diskURI");

    if (has(v, "cachingMode"))
        check_enum(e, AT(p, "cachingMode"), str_of(v, "cachingMode"), "None|ReadOnly|ReadWrite");
    if (has(v, "kind"))
        check_enum(e, AT(p, "kind"), kind, "Dedicated|Managed|Shared");
    if (strcmp(kind, "Managed") == 0 && !str_starts(uri, "/subscriptions/"))
        unsupported(e, AT(p, "diskURI"), uri,
                    "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/"
                    "microsoft.compute/disks/{disk-id}");
    if (has(v, "kind") && strcmp(kind, "Managed") != 0 && !str_starts(uri, "https://"))
        unsupported(
            e, AT(p, "diskURI"), uri,
            "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd");
}

static void check_storageos(FieldErrs *e, const Path *p, const Value *v, const Volume *in)
{
    if (str_of(v, "volumeName")[0] == '\0')
        missing(e, AT(p, "volumeName"), NULL);
    else
        check_name(e, AT(p, "volumeName"), str_of(v, "volumeName"), names__dns1123_label);
    if (str_of(v, "volumeNamespace")[0])
        check_name(e, AT(p, "volumeNamespace"), str_of(v, "volumeNamespace"), names__dns1123_label);
    check_secret_ref(e, p, v, in->is_persistent);
}

static const Source sources[] = {
    /* in the order in which upstream looks at those of pods */
    {"emptyDir", check_empty_dir, NULL, NULL, NULL},
    {"hostPath", check_host_path, NULL, NULL, NULL},
    {"gitRepo", check_git, "repository", NULL, NULL},
    {"gcePersistentDisk", check_partition, "pdName", "persistentDisk", NULL},
    {"awsElasticBlockStore", check_partition, "volumeID", NULL, NULL},
    {"secret", check_secret, "secretName", NULL, NULL},
    {"nfs", check_nfs, "server|path", NULL, NULL},
    {"iscsi", check_iscsi, "targetPortal", NULL, NULL},
    {"glusterfs", check_glusterfs, "endpoints|path", NULL, NULL},
    {"flocker", check_flocker, NULL, NULL, NULL},
    {"persistentVolumeClaim", NULL, "claimName", NULL, NULL},
    {"rbd", NULL, "monitors|image", NULL, NULL},
    {"cinder", check_cinder, "volumeID", NULL, NULL},
    {"cephfs", NULL, "monitors", NULL, "cephFS"},
    {"quobyte", check_quobyte, NULL, NULL, NULL},
    {"downwardAPI", check_downward, NULL, NULL, "downwarAPI"},
    {"fc", check_fc, NULL, NULL, NULL},
    {"flexVolume", check_flex, "driver", NULL, NULL},
    {"configMap", check_secret, "name", NULL, NULL},
    {"azureFile", check_azure_file, "secretName|shareName", NULL, NULL},
    {"vsphereVolume", NULL, "volumePath", NULL, NULL},
    {"photonPersistentDisk", NULL, "pdID", NULL, NULL},
    {"portworxVolume", NULL, "volumeID", NULL, NULL},
    {"azureDisk", check_azure_disk, "diskName|diskURI", NULL, NULL},
    {"storageos", check_storageos, NULL, NULL, NULL},
    {"projected", check_projected, NULL, NULL, NULL},
    {"scaleIO", NULL, "gateway|system|volumeName", NULL, NULL},
    {"csi", check_csi, NULL, NULL, NULL},
    {"ephemeral", check_ephemeral, NULL, NULL, NULL},
    {"image", check_image, NULL, NULL, NULL},
    {"local", check_local, NULL, NULL, NULL},
};

static const char *const persistent_order[] = {"hostPath",
                                               "gcePersistentDisk",
                                               "awsElasticBlockStore",
                                               "glusterfs",
                                               "flocker",
                                               "nfs",
                                               "rbd",
                                               "quobyte",
                                               "cephfs",
                                               "iscsi",
                                               "cinder",
                                               "fc",
                                               "flexVolume",
                                               "azureFile",
                                               "vsphereVolume",
                                               "photonPersistentDisk",
                                               "portworxVolume",
                                               "azureDisk",
                                               "scaleIO",
                                               "local",
                                               "storageos",
                                               "csi"};

static const Source *source_named(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(sources); i++)
        if (strcmp(sources[i].name, name) == 0)
            return &sources[i];
    return NULL;
}

static void check_source(FieldErrs *e, const Path *up, const Source *s, const Value *v,
                         const Volume *in)
{
    const Path *p = AT(up, s->shown ? s->shown : s->name);
    Slice rest = slice_of(s->required ? s->required : ""), word;
    bool more = rest.len > 0;

    while (more) {
        more = slice_cut(&rest, '|', &word);
        const char *name = arena_strndup(e->arena, word.ptr, word.len);
        const Value *m = value_get(v, name);

        if (value_is(m, VALUE_ARRAY) ? value_len(m) == 0 : str_of(v, name)[0] == '\0')
            missing(e, AT(p, name), NULL);
    }
    if (s->fn)
        s->fn(e, p, v, in);
}

/* One of the sources; `n` is how many there have been. */
static void check_one_source(FieldErrs *e, const Path *p, const Source *s, const Value *volume,
                             const Volume *in, int *n)
{
    const Value *v = value_get(volume, s->name);

    if (!value_is(v, VALUE_OBJECT))
        return;
    if (*n > 0 && !(in->is_persistent && strcmp(s->name, "flexVolume") == 0)) {
        forbidden(e, AT(p, s->forbidden ? s->forbidden : s->name),
                  "may not specify more than 1 volume type");
    } else {
        ++*n;
        check_source(e, p, s, v, in);
        if (in->is_persistent && strcmp(s->name, "local") == 0 && !has(volume, "nodeAffinity"))
            missing(e, AT(p, "nodeAffinity"), "Local volume requires node affinity");
    }
    if (!in->is_persistent && strcmp(s->name, "iscsi") == 0 && is_iscsi_name_long(v, in->name))
        bad_str(e, AT(p, "name"), in->name, ISCSI_TOO_LONG);
}

void validate__persistent_source(FieldErrs *e, const Path *p, const Value *spec, const char *name)
{
    const Volume in = {.is_persistent = true, .name = name, .owner = ""};
    int n = 0;

    for (size_t i = 0; i < ARRAY_LEN(persistent_order); i++)
        check_one_source(e, p, source_named(persistent_order[i]), spec, &in, &n);
    if (n == 0)
        missing(e, p, "must specify a volume type");
}

/* The claim that a generic ephemeral volume of the pod makes. */
static bool is_made_here(FieldErrs *e, const Value *volumes, const char *pod, const char *claim)
{
    const Value *v;

    value_each_item(volumes, i, v)
    {
        if (pod[0] && has(v, "ephemeral") &&
            strcmp(arena_printf(e->arena, "%s-%s", pod, str_of(v, "name")), claim) == 0)
            return true;
    }
    return false;
}

Value *validate__volumes(FieldErrs *e, const Path *p, const Value *volumes, const PodRules *rules)
{
    Value *good = value_array(e->arena), *v;

    value_each_item(volumes, i, v)
    {
        const Path *at = AT_ITEM(p, i);
        const char *name = str_of(v, "name");
        const char *claim = str_of(value_get(v, "persistentVolumeClaim"), "claimName");
        const Volume in = {.is_pod = rules->is_pod, .name = name, .owner = rules->name};
        uint32_t before = e->n;
        int n = 0;

        for (size_t k = 0; k < ARRAY_LEN(sources) - 1; k++) /* `local` is not of pods */
            check_one_source(e, at, &sources[k], v, &in, &n);
        if (n == 0)
            missing(e, at, "must specify a volume type");
        if (name[0] == '\0')
            missing(e, AT(at, "name"), NULL);
        else
            check_name(e, AT(at, "name"), name, names__dns1123_label);
        for (uint32_t k = 0; k < good->n; k++) {
            if (strcmp(str_of(good->items[k], "name"), name) == 0) {
                duplicate(e, AT(at, "name"), name);
                break;
            }
        }
        if (e->n == before)
            value_append(e->arena, good, v);
        if (claim[0] && is_made_here(e, volumes, rules->name, claim))
            bad_str(e, AT(AT(at, "persistentVolumeClaim"), "claimName"), claim,
                    "must not reference a PVC that gets created for an ephemeral volume");
    }
    return good;
}

/* ---- claims ---- */

void validate__access_modes(FieldErrs *e, const Path *p, const Value *modes)
{
    bool once_pod = false, other = false;
    const Value *m;

    value_each_item(modes, i, m)
    {
        const char *s = value_to_cstr(m) ? value_to_cstr(m) : "";

        check_enum(e, p, s, ACCESS_MODES);
        if (strcmp(s, "ReadWriteOncePod") == 0)
            once_pod = true;
        else
            other |= one_of(s, ACCESS_MODES);
    }
    if (once_pod && other)
        forbidden(e, p, "may not use ReadWriteOncePod with other access modes");
}

static void check_data_source(FieldErrs *e, const Path *p, const Value *source)
{
    const char *group = str_of(source, "apiGroup"), *kind = str_of(source, "kind");

    if (!value_is(source, VALUE_OBJECT))
        return;
    need_str(e, p, source, "name");
    need_str(e, p, source, "kind");
    if (group[0] == '\0' && strcmp(kind, "PersistentVolumeClaim") != 0)
        bad_str(e, p, kind,
                "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
    if (group[0])
        check_name(e, AT(p, "apiGroup"), group, names__dns1123_subdomain);
    if (str_of(source, "namespace")[0])
        check_name(e, AT(p, "namespace"), str_of(source, "namespace"), names__dns1123_label);
}

static void check_data_sources(FieldErrs *e, const Path *p, const Value *spec)
{
    static const char *const same[] = {"apiGroup", "kind", "name"};
    const Value *source = value_get(spec, "dataSource"), *ref = value_get(spec, "dataSourceRef");
    bool differs = false;

    check_data_source(e, AT(p, "dataSource"), source);
    check_data_source(e, AT(p, "dataSourceRef"), ref);
    if (!value_is(source, VALUE_OBJECT) || !value_is(ref, VALUE_OBJECT))
        return;
    for (size_t i = 0; i < ARRAY_LEN(same); i++)
        differs |= has(source, same[i]) != has(ref, same[i]) ||
                   strcmp(str_of(source, same[i]), str_of(ref, same[i])) != 0;
    /* what upstream shows is a path without public members */
    if (str_of(ref, "namespace")[0])
        bad(e, p, value_object(e->arena),
            "may not be specified when dataSourceRef.namespace is specified");
    else if (differs)
        bad(e, p, value_object(e->arena), "must match dataSourceRef");
}

void validate__claim_spec(FieldErrs *e, const Path *p, const Value *spec)
{
    const Value *storage = value_get(value_at(spec, "resources.requests"), "storage");
    const Path *at = AT_KEY(AT(p, "resources"), "storage");

    if (value_len(value_get(spec, "accessModes")) == 0)
        missing(e, AT(p, "accessModes"), "at least 1 access mode is required");
    if (has(spec, "selector"))
        validate__label_selector(e, AT(p, "selector"), value_get(spec, "selector"));
    validate__access_modes(e, AT(p, "accessModes"), value_get(spec, "accessModes"));
    if (!storage)
        missing(e, at, NULL);
    else if (quantity_sign(storage) <= 0)
        bad(e, at, storage, "must be greater than zero");
    if (str_of(spec, "storageClassName")[0])
        check_name(e, AT(p, "storageClassName"), str_of(spec, "storageClassName"),
                   names__dns1123_subdomain);
    if (has(spec, "volumeMode"))
        check_enum(e, AT(p, "volumeMode"), str_of(spec, "volumeMode"), "Block|Filesystem");
    check_data_sources(e, p, spec);
    if (str_of(spec, "volumeAttributesClassName")[0])
        check_name(e, AT(p, "volumeAttributesClassName"), str_of(spec, "volumeAttributesClassName"),
                   names__dns1123_subdomain);
}
