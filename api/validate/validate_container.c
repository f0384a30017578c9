/*
 * validate_container.c - containers: pkg/apis/core/validation, validateContainers() and what it
 * calls.
 */
#include "api/validate_int.h"

#include <ctype.h>

#define PROTOCOLS "SCTP|TCP|UDP"

/* ---- small parts ---- */

void validate__port_value(FieldErrs *e, const Path *p, const Value *port)
{
    int64_t i;

    if (value_is(port, VALUE_STRING))
        check_name(e, p, port->str, names__port_name);
    else
        check_range(e, p, value_to_int(port, &i) ? i : 0, 1, 65535);
}

static void validate_ports(FieldErrs *e, const Path *p, const Value *ports)
{
    const Value *port, *other;

    value_each_item(ports, i, port)
    {
        const Path *at = AT_ITEM(p, i);
        const char *name = str_of(port, "name"), *protocol = str_of(port, "protocol");
        int64_t n = int_of(port, "containerPort", 0);
        uint32_t before;
        bool twice = false;

        for (uint32_t k = 0; k < i && name[0]; k++) {
            other = value_item(ports, k);
            twice |= strcmp(str_of(other, "name"), name) == 0;
        }
        before = e->n;
        if (name[0])
            check_name(e, AT(at, "name"), name, names__port_name);
        if (twice && e->n == before)
            duplicate(e, AT(at, "name"), name);
        if (n == 0)
            missing(e, AT(at, "containerPort"), NULL);
        else
            check_range(e, AT(at, "containerPort"), n, 1, 65535);
        if (has(port, "hostPort"))
            check_range(e, AT(at, "hostPort"), int_of(port, "hostPort", 0), 1, 65535);
        if (protocol[0] == '\0')
            missing(e, AT(at, "protocol"), NULL);
        else
            check_enum(e, AT(at, "protocol"), protocol, PROTOCOLS);
    }
}

/* ---- environment ---- */

static void check_subscript(FieldErrs *e, const Path *p, const char *path, const char *open)
{
    char *head = arena_strndup(e->arena, path, (size_t)(open - path));
    char *key = arena_strndup(e->arena, open + 2, strlen(open) - 4);

    if (!one_of(head, "metadata.annotations|metadata.labels")) {
        bad_str(e, AT(p, "fieldPath"), path,
                "error converting fieldPath: field label does not support subscript: %s", path);
        return;
    }
    for (char *c = key; *c && strcmp(head, "metadata.annotations") == 0; c++)
        *c = (char)tolower((unsigned char)*c);
    check_name(e, p, key, names__qualified);
}

static void validate_field_ref(FieldErrs *e, const Path *p, const Value *ref, const char *allowed)
{
    const char *path = str_of(ref, "fieldPath"), *open = strstr(path, "['");
    const Path *at = AT(p, "fieldPath");

    if (str_of(ref, "apiVersion")[0] == '\0') {
        missing(e, AT(p, "apiVersion"), NULL);
        return;
    }
    if (path[0] == '\0') {
        missing(e, at, NULL);
        return;
    }
    if (strcmp(str_of(ref, "apiVersion"), "v1") != 0) {
        bad_str(e, at, path, "error converting fieldPath: unsupported pod version: %s",
                str_of(ref, "apiVersion"));
        return;
    }
    if (open && open > path && str_ends(open + 2, "']")) {
        check_subscript(e, p, path, open);
        return;
    }
    if (strcmp(path, "spec.host") == 0) /* its old name */
        path = "spec.nodeName";
    if (!one_of(path, "metadata.annotations|metadata.labels|metadata.name|metadata.namespace|"
                      "metadata.uid|spec.nodeName|spec.restartPolicy|spec.serviceAccountName|"
                      "spec.schedulerName|status.phase|status.hostIP|status.hostIPs|status.podIP|"
                      "status.podIPs"))
        bad_str(e, at, path, "error converting fieldPath: field label not supported: %s", path);
    else
        check_enum(e, at, path, allowed);
}

#define SIZES      "1|1k|1M|1G|1T|1P|1E|1Ki|1Mi|1Gi|1Ti|1Pi|1Ei"
#define SIZES_TEXT "1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei"

static void validate_divisor(FieldErrs *e, const Path *p, const char *resource, const char *divisor)
{
    static const struct {
        const char *resource, *allowed, *text, *name;
    } rows[] = {
        {"cpu", "1m|1", "1m and 1", "cpu"},
        {"memory", SIZES, SIZES_TEXT, "memory"},
        {"ephemeral-storage", SIZES, SIZES_TEXT, "local ephemeral storage"},
        {"hugepages-", SIZES, SIZES_TEXT, "hugepages"},
    };
    const char *dot = strchr(resource, '.');

    if (divisor[0] == '\0' || strcmp(divisor, "0") == 0 || !dot ||
        (!str_starts(resource, "limits.") && !str_starts(resource, "requests.")))
        return;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        bool is_it = str_ends(rows[i].resource, "-") ? str_starts(dot + 1, rows[i].resource)
                                                     : strcmp(dot + 1, rows[i].resource) == 0;

        if (is_it && !one_of(divisor, rows[i].allowed))
            bad_str(e, AT(p, "divisor"), resource,
                    "only divisor's values %s are supported with the %s resource", rows[i].text,
                    rows[i].name);
    }
}

void validate__resource_field_ref(FieldErrs *e, const Path *p, const Value *ref, bool is_volume)
{
    const char *resource = str_of(ref, "resource");

    if (is_volume && str_of(ref, "containerName")[0] == '\0')
        missing(e, AT(p, "containerName"), NULL);
    else if (resource[0] == '\0')
        missing(e, AT(p, "resource"), NULL);
    else if (!str_starts(resource, "requests.hugepages-") &&
             !str_starts(resource, "limits.hugepages-"))
        check_enum(e, AT(p, "resource"), resource,
                   "limits.cpu|limits.ephemeral-storage|limits.memory|requests.cpu|"
                   "requests.ephemeral-storage|requests.memory");
    validate_divisor(e, p, resource, str_of(ref, "divisor"));
}

void validate__downward_field(FieldErrs *e, const Path *p, const Value *ref)
{
    validate_field_ref(e, p, ref,
                       "metadata.annotations|metadata.labels|metadata.name|metadata.namespace|"
                       "metadata.uid");
}

static void validate_key_ref(FieldErrs *e, const Path *p, const Value *ref)
{
    check_name(e, AT(p, "name"), str_of(ref, "name"), names__dns1123_subdomain);
    if (str_of(ref, "key")[0] == '\0')
        missing(e, AT(p, "key"), NULL);
    else
        check_name(e, AT(p, "key"), str_of(ref, "key"), names__config_key);
}

/* A variable of a file that an init container wrote into an emptyDir. */
static void validate_file_ref(FieldErrs *e, const Path *p, const Value *ref)
{
    if (str_of(ref, "key")[0] == '\0')
        missing(e, AT(p, "key"), NULL);
    else
        check_name(e, AT(p, "key"), str_of(ref, "key"), names__env_name);
    if (str_of(ref, "volumeName")[0] == '\0')
        missing(e, AT(p, "volumeName"), NULL);
    else
        check_name(e, AT(p, "volumeName"), str_of(ref, "volumeName"), names__dns1123_label);
    if (str_of(ref, "path")[0] == '\0')
        missing(e, AT(p, "path"), NULL);
    else
        validate__no_backsteps(e, AT(p, "path"), str_of(ref, "path"));
}

static void validate_value_from(FieldErrs *e, const Path *p, const Value *env)
{
    const Value *from = value_get(env, "valueFrom");
    int n = 0;

    if (!value_is(from, VALUE_OBJECT))
        return;
    if (has(from, "fieldRef") && ++n)
        validate_field_ref(e, AT(p, "fieldRef"), value_get(from, "fieldRef"),
                           "metadata.name|metadata.namespace|metadata.uid|spec.nodeName|"
                           "spec.serviceAccountName|status.hostIP|status.hostIPs|status.podIP|"
                           "status.podIPs");
    if (has(from, "resourceFieldRef") && ++n)
        validate__resource_field_ref(e, AT(p, "resourceFieldRef"),
                                     value_get(from, "resourceFieldRef"), false);
    if (has(from, "configMapKeyRef") && ++n)
        validate_key_ref(e, AT(p, "configMapKeyRef"), value_get(from, "configMapKeyRef"));
    if (has(from, "secretKeyRef") && ++n)
        validate_key_ref(e, AT(p, "secretKeyRef"), value_get(from, "secretKeyRef"));
    if (has(from, "fileKeyRef") && ++n)
        validate_file_ref(e, AT(p, "fileKeyRef"), value_get(from, "fileKeyRef"));
    if (n == 0)
        bad_str(e, p, "",
                "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, "
                "`secretKeyRef` or `fileKeyRef`");
    if (str_of(env, "value")[0]) {
        if (n != 0)
            bad_str(e, p, "", "may not be specified when `value` is not empty");
    } else if (n > 1) {
        bad_str(e, p, "", "may not have more than one field specified at a time");
    }
}

static void validate_env(FieldErrs *e, const Path *p, const Value *list)
{
    const Value *env;

    value_each_item(list, i, env)
    {
        const Path *at = AT_ITEM(p, i);

        if (str_of(env, "name")[0] == '\0')
            missing(e, AT(at, "name"), NULL);
        else
            check_name(e, AT(at, "name"), str_of(env, "name"), names__env_name);
        validate_value_from(e, AT(at, "valueFrom"), env);
    }
}

/* Names of sources may end in a dash, as prefixes of names do. */
static void check_source_name(FieldErrs *e, const Path *p, const char *name)
{
    char *masked = arena_strdup(e->arena, name);
    size_t n = strlen(name);
    Msgs m = {.n = 0};

    if (n == 0) {
        missing(e, p, NULL);
        return;
    }
    if (n > 1 && name[n - 1] == '-') {
        masked[n - 2] = 'a';
        masked[n - 1] = '\0';
    }
    names__dns1123_subdomain(masked, &m);
    for (uint32_t i = 0; i < m.n; i++)
        bad_str(e, p, name, "%s", m.items[i]);
}

static void validate_env_from(FieldErrs *e, const Path *p, const Value *list)
{
    static const char *const refs[] = {"configMapRef", "secretRef"};
    const Value *from;

    value_each_item(list, i, from)
    {
        const Path *at = AT_ITEM(p, i);
        int n = 0;

        if (str_of(from, "prefix")[0])
            check_name(e, AT(at, "prefix"), str_of(from, "prefix"), names__env_name);
        for (size_t k = 0; k < ARRAY_LEN(refs); k++) {
            if (!has(from, refs[k]))
                continue;
            n++;
            check_source_name(e, AT(AT(at, refs[k]), "name"),
                              str_of(value_get(from, refs[k]), "name"));
        }
        if (n == 0)
            bad_str(e, p, "", "must specify one of: `configMapRef` or `secretRef`");
        else if (n > 1)
            bad_str(e, p, "", "may not have more than one field specified at a time");
    }
}

/* ---- mounts and devices ---- */

static const Value *find_named(const Value *list, const char *name)
{
    const Value *item;

    value_each_item(list, i, item) if (strcmp(str_of(item, "name"), name) == 0) return item;
    return NULL;
}

static bool seen_before(const Value *list, uint32_t at, const char *field, const char *value)
{
    for (uint32_t i = 0; i < at; i++)
        if (strcmp(str_of(value_item(list, i), field), value) == 0)
            return true;
    return false;
}

static bool seen(const Value *list, const char *field, const char *value)
{
    return seen_before(list, value_len(list), field, value);
}

static void validate_propagation(FieldErrs *e, const Path *p, const Value *c, const Value *m)
{
    const char *propagation = str_of(m, "mountPropagation");

    if (!has(m, "mountPropagation"))
        return;
    check_enum(e, p, propagation, "Bidirectional|HostToContainer|None");
    if (strcmp(propagation, "Bidirectional") == 0 &&
        !value_is_true(value_at(c, "securityContext.privileged")))
        forbidden(e, p,
                  "Bidirectional mount propagation is available only to privileged containers");
}

static void validate_recursive(FieldErrs *e, const Path *p, const Value *m)
{
    const char *mode = str_of(m, "recursiveReadOnly");
    const char *propagation = str_of(m, "mountPropagation");

    if (!has(m, "recursiveReadOnly") || strcmp(mode, "Disabled") == 0)
        return;
    if (!one_of(mode, "Enabled|IfPossible")) {
        unsupported(e, p, mode, "Disabled|Enabled|IfPossible");
        return;
    }
    if (!value_is_true(value_get(m, "readOnly")))
        forbidden(e, p, "may only be specified when readOnly is true");
    if (propagation[0] && strcmp(propagation, "None") != 0)
        forbidden(e, p, "may only be specified when mountPropagation is None or not specified");
}

static void validate_mount(FieldErrs *e, const Path *p, const Value *c, const Value *mounts,
                           uint32_t i, const Value *volumes)
{
    const Value *m = value_item(mounts, i), *devices = value_get(c, "volumeDevices");
    const Path *at = AT_ITEM(p, i);
    const char *name = str_of(m, "name"), *path = str_of(m, "mountPath");

    if (name[0] == '\0')
        missing(e, AT(at, "name"), NULL);
    if (!find_named(volumes, name))
        not_found(e, AT(at, "name"), name, NULL);
    if (path[0] == '\0')
        missing(e, AT(at, "mountPath"), NULL);
    if (seen_before(mounts, i, "mountPath", path))
        bad_str(e, AT(at, "mountPath"), path, "must be unique");
    if (seen(devices, "name", name))
        bad_str(e, AT(at, "name"), name, "must not already exist in volumeDevices");
    if (seen(devices, "devicePath", path))
        bad_str(e, AT(at, "mountPath"), path, "must not already exist as a path in volumeDevices");
    if (str_of(m, "subPath")[0])
        validate__descending_path(e, AT(p, "subPath"), str_of(m, "subPath"));
    if (str_of(m, "subPathExpr")[0]) {
        if (str_of(m, "subPath")[0])
            bad_str(e, AT(at, "subPathExpr"), str_of(m, "subPathExpr"),
                    "subPathExpr and subPath are mutually exclusive");
        validate__descending_path(e, AT(p, "subPathExpr"), str_of(m, "subPathExpr"));
    }
    validate_propagation(e, AT(p, "mountPropagation"), c, m);
    validate_recursive(e, AT(p, "recursiveReadOnly"), m);
}

static void validate_devices(FieldErrs *e, const Path *p, const Value *c, const Value *volumes)
{
    const Value *list = value_get(c, "volumeDevices"), *mounts = value_get(c, "volumeMounts"), *d;

    value_each_item(list, i, d)
    {
        const Path *at = AT_ITEM(p, i);
        const char *name = str_of(d, "name"), *path = str_of(d, "devicePath");
        const Value *volume = find_named(volumes, name);

        if (name[0] == '\0')
            missing(e, AT(at, "name"), NULL);
        if (name[0] && seen_before(list, i, "name", name))
            bad_str(e, AT(at, "name"), name, "must be unique");
        if (volume && !has(volume, "persistentVolumeClaim") && !has(volume, "ephemeral"))
            bad_str(e, AT(at, "name"), name,
                    "can only use volume source type of PersistentVolumeClaim or Ephemeral for "
                    "block mode");
        if (!volume)
            not_found(e, AT(at, "name"), name, NULL);
        if (path[0] == '\0')
            missing(e, AT(at, "devicePath"), NULL);
        if (!names__has_backstep(path) && seen_before(list, i, "devicePath", path))
            bad_str(e, AT(at, "devicePath"), path, "must be unique");
        if (path[0] && names__has_backstep(path))
            bad_str(e, AT(at, "devicePath"), path, "can not contain backsteps ('..')");
        if (seen(mounts, "name", name))
            bad_str(e, AT(at, "name"), name, "must not already exist in volumeMounts");
        if (seen(mounts, "mountPath", path))
            bad_str(e, AT(at, "devicePath"), path,
                    "must not already exist as a path in volumeMounts");
    }
}

/* ---- probes and lifecycle ---- */

static void validate_http(FieldErrs *e, const Path *p, const Value *http)
{
    const Value *h;

    if (str_of(http, "path")[0] == '\0')
        missing(e, AT(p, "path"), NULL);
    validate__port_value(e, AT(p, "port"), value_get(http, "port"));
    check_enum(e, AT(p, "scheme"), str_of(http, "scheme"), "HTTP|HTTPS");
    value_each_item(value_get(http, "httpHeaders"), i, h)
        check_name(e, AT(p, "httpHeaders"), str_of(h, "name"), names__http_header);
}

static void validate_handler(FieldErrs *e, const Path *p, const Value *h, bool is_lifecycle,
                             int64_t grace)
{
    static const char *const kinds[] = {"exec", "httpGet", "tcpSocket", "grpc", "sleep"};
    int n = 0;

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        const Path *at = AT(p, kinds[i]);
        const Value *v = value_get(h, kinds[i]);

        if (!has(h, kinds[i]) || (is_lifecycle && i == 3))
            continue;
        if (n++ > 0) {
            forbidden(e, at, "may not specify more than 1 handler type");
            continue;
        }
        if (i == 0 && value_len(value_get(v, "command")) == 0)
            missing(e, AT(at, "command"), NULL);
        else if (i == 1)
            validate_http(e, at, v);
        else if (i == 2)
            validate__port_value(e, AT(at, "port"), value_get(v, "port"));
        else if (i == 3)
            check_range(e, AT(at, "port"), int_of(v, "port", 0), 1, 65535);
        else if (i == 4 && (int_of(v, "seconds", 0) < 0 || int_of(v, "seconds", 0) > grace))
            bad_int(e, at, int_of(v, "seconds", 0),
                    "must be non-negative and less than terminationGracePeriodSeconds (%lld)",
                    (long long)grace);
    }
    if (n == 0)
        missing(e, p, "must specify a handler type");
}

static void validate_probe(FieldErrs *e, const Path *p, const Value *c, const char *name)
{
    static const char *const counts[] = {"initialDelaySeconds", "timeoutSeconds", "periodSeconds",
                                         "successThreshold", "failureThreshold"};
    const Value *probe = value_get(c, name);
    const Path *at = AT(p, name);

    if (!value_is(probe, VALUE_OBJECT))
        return;
    validate_handler(e, at, probe, false, 0);
    for (size_t i = 0; i < ARRAY_LEN(counts); i++)
        check_not_negative(e, AT(at, counts[i]), value_get(probe, counts[i]));
    if (has(probe, "terminationGracePeriodSeconds") &&
        int_of(probe, "terminationGracePeriodSeconds", 0) <= 0)
        bad_int(e, AT(at, "terminationGracePeriodSeconds"),
                int_of(probe, "terminationGracePeriodSeconds", 0), "must be greater than 0");
    if (strcmp(name, "readinessProbe") != 0) {
        if (int_of(probe, "successThreshold", 1) != 1)
            bad_int(e, AT(at, "successThreshold"), int_of(probe, "successThreshold", 1),
                    "must be 1");
    } else if (has(probe, "terminationGracePeriodSeconds")) {
        bad_int(e, AT(at, "terminationGracePeriodSeconds"),
                int_of(probe, "terminationGracePeriodSeconds", 0),
                "must not be set for readinessProbes");
    }
}

static void validate_lifecycle(FieldErrs *e, const Path *p, const Value *lifecycle, int64_t grace)
{
    if (has(lifecycle, "postStart"))
        validate_handler(e, AT(p, "postStart"), value_get(lifecycle, "postStart"), true, grace);
    if (has(lifecycle, "preStop"))
        validate_handler(e, AT(p, "preStop"), value_get(lifecycle, "preStop"), true, grace);
}

/* ---- resize policies ---- */

static void validate_resize(FieldErrs *e, const Path *p, const Value *list, const char *restart)
{
    const Value *r;

    value_each_item(list, i, r)
    {
        const char *name = str_of(r, "resourceName"), *policy = str_of(r, "restartPolicy");

        if (seen_before(list, i, "resourceName", name))
            duplicate(e, AT_ITEM(p, i), name);
        if (name[0] == '\0')
            missing(e, p, NULL);
        else
            check_enum(e, p, name, "cpu|memory");
        if (policy[0] == '\0')
            missing(e, p, NULL);
        else
            check_enum(e, p, policy, "NotRequired|RestartContainer");
        if (strcmp(restart, "Never") == 0 && strcmp(policy, "NotRequired") != 0)
            bad_str(e, p, policy, "must be 'NotRequired' when pod `restartPolicy` is 'Never'");
    }
}

/* ---- containers ---- */

/* What containers of all three lists have to satisfy. */
static void validate_common(FieldErrs *e, const Path *p, const Value *c, const Value *spec,
                            const Value *volumes)
{
    const char *name = str_of(c, "name"), *image = str_of(c, "image");
    const char *policy = str_of(c, "terminationMessagePolicy");
    const char *pull = str_of(c, "imagePullPolicy");
    const Value *mounts = value_get(c, "volumeMounts");
    const Value *host_users = value_get(spec, "hostUsers");

    if (name[0] == '\0')
        missing(e, AT(p, "name"), NULL);
    else
        check_name(e, AT(p, "name"), name, names__dns1123_label);
    if (image[0] == '\0')
        missing(e, AT(p, "image"), NULL);
    if (policy[0] == '\0')
        missing(e, AT(p, "terminationMessagePolicy"), NULL);
    else
        check_enum(e, AT(p, "terminationMessagePolicy"), policy, "File|FallbackToLogsOnError");
    validate_ports(e, AT(p, "ports"), value_get(c, "ports"));
    validate_env(e, AT(p, "env"), value_get(c, "env"));
    validate_env_from(e, AT(p, "envFrom"), value_get(c, "envFrom"));
    for (uint32_t i = 0; i < value_len(mounts); i++)
        validate_mount(e, AT(p, "volumeMounts"), c, mounts, i, volumes);
    validate_devices(e, AT(p, "volumeDevices"), c, volumes);
    if (pull[0] == '\0')
        missing(e, AT(p, "imagePullPolicy"), NULL);
    else
        check_enum(e, AT(p, "imagePullPolicy"), pull, "Always|IfNotPresent|Never");
    validate__resources(e, AT(p, "resources"), value_get(c, "resources"),
                        value_get(spec, "resourceClaims"));
    validate_resize(e, AT(p, "resizePolicy"), value_get(c, "resizePolicy"),
                    str_of(spec, "restartPolicy"));
    validate__security_context(e, AT(p, "securityContext"), value_get(c, "securityContext"),
                               !host_users || value_is_true(host_users));
}

static void validate_own(FieldErrs *e, const Path *p, const Value *c, const Value *spec)
{
    static const char *const probes[] = {"livenessProbe", "readinessProbe", "startupProbe"};

    validate_lifecycle(e, AT(p, "lifecycle"), value_get(c, "lifecycle"),
                       int_of(spec, "terminationGracePeriodSeconds", 30));
    for (size_t i = 0; i < ARRAY_LEN(probes); i++)
        validate_probe(e, p, c, probes[i]);
}

void validate__image_spaces(FieldErrs *e, const Path *p, const Value *containers)
{
    const Value *c;

    value_each_item(containers, i, c)
    {
        const char *image = str_of(c, "image");

        if (slice_trim(slice_of(image)).len != strlen(image))
            bad_str(e, AT(AT_ITEM(p, i), "image"), image,
                    "must not have leading or trailing whitespace");
    }
}

/* Each (protocol, host IP, host port) once among `n` containers of a list from `first` on. Paths
 * count from the first of them, as upstream's do. */
static void validate_host_ports(FieldErrs *e, const Path *p, const Value *list, uint32_t first,
                                uint32_t n)
{
    Value *used = value_object(e->arena);
    const Value *port;

    for (uint32_t i = 0; i < n; i++)
        value_each_item(value_get(value_item(list, first + i), "ports"), k, port)
        {
            int64_t number = int_of(port, "hostPort", 0);
            const char *key = arena_printf(e->arena, "%s/%s/%lld", str_of(port, "protocol"),
                                           str_of(port, "hostIP"), (long long)number);

            if (number == 0)
                continue;
            if (value_get(used, key))
                duplicate(e, AT(AT_ITEM(AT(AT_ITEM(p, i), "ports"), k), "hostPort"), key);
            else
                value_set_bool(e->arena, used, key, true);
        }
}

#define RESTARTS "Always|Never|OnFailure"

static void validate_restart_rule(FieldErrs *e, const Path *p, const Value *rule)
{
    const Value *codes = value_get(rule, "exitCodes");
    const Path *at = AT(p, "exitCodes");

    check_enum(e, AT(p, "action"), str_of(rule, "action"), "Restart|RestartAllContainers");
    if (!value_is(codes, VALUE_OBJECT)) {
        missing(e, at, "must be specified");
        return;
    }
    check_enum(e, AT(at, "operator"), str_of(codes, "operator"), "In|NotIn");
    if (value_len(value_get(codes, "values")) > 255)
        too_many(e, AT(at, "values"), value_len(value_get(codes, "values")), 255);
}

/* The policy of one container, and by which exit codes it is overruled. */
static void validate_restarts(FieldErrs *e, const Path *p, const Value *c)
{
    const Value *rules = value_get(c, "restartPolicyRules"), *rule;
    const Path *at = AT(p, "restartPolicyRules");

    if (has(c, "restartPolicy"))
        check_enum(e, AT(p, "restartPolicy"), str_of(c, "restartPolicy"), RESTARTS);
    else if (value_len(rules) > 0)
        missing(e, AT(p, "restartPolicy"),
                "must specify restartPolicy when restart rules are used");
    if (value_len(rules) > 20)
        too_many(e, at, value_len(rules), 20);
    value_each_item(rules, i, rule) validate_restart_rule(e, AT_ITEM(at, i), rule);
}

static const char restart[] = "RestartContainer";

static bool is_sidecar(const Value *c)
{
    return strcmp(str_of(c, "restartPolicy"), "Always") == 0;
}

/* Whether a pod from before the rule of forbid_restarts() breaks it. */
static bool has_restarts(const Value *spec)
{
    const Value *c, *r;

    value_each_item(value_get(spec, "initContainers"), i, c)
    {
        value_each_item(is_sidecar(c) ? NULL : value_get(c, "resizePolicy"), k, r)
        {
            if (strcmp(str_of(r, "restartPolicy"), restart) == 0)
                return true;
        }
    }
    return false;
}

/* What runs to its end before the others start is not restarted to be resized. */
static void forbid_restarts(FieldErrs *e, const Path *p, const Value *policies)
{
    const Value *r;

    value_each_item(policies, i, r)
    {
        if (strcmp(str_of(r, "restartPolicy"), restart) == 0)
            bad_str(e, AT(AT_ITEM(p, i), "restartPolicy"), restart,
                    "must not be set to 'RestartContainer' for non-sidecar initContainers");
    }
}

static void validate_init(FieldErrs *e, const Path *p, const Value *spec, const Value *volumes,
                          const PodRules *rules)
{
    static const char *const not_here[] = {"lifecycle", "livenessProbe", "readinessProbe",
                                           "startupProbe"};
    const Value *list = value_get(spec, "initContainers"), *c;
    bool may_restart = has_restarts(rules->old);

    value_each_item(list, i, c)
    {
        const Path *at = AT_ITEM(p, i);
        const char *name = str_of(c, "name");

        validate_common(e, at, c, spec, volumes);
        validate_restarts(e, at, c);
        if (find_named(value_get(spec, "containers"), name) ||
            (name[0] && seen_before(list, i, "name", name)))
            duplicate(e, AT(at, "name"), name);
        validate_host_ports(e, p, list, i, 1); /* they run one by one */
        if (is_sidecar(c)) {
            validate_own(e, at, c, spec);
            continue;
        }
        for (size_t k = 0; k < ARRAY_LEN(not_here); k++)
            if (has(c, not_here[k]))
                forbidden(e, AT(at, not_here[k]),
                          "may not be set for init containers without restartPolicy=Always");
        if (!may_restart)
            forbid_restarts(e, AT(at, "resizePolicy"), value_get(c, "resizePolicy"));
    }
}

static void validate_ephemeral_fields(FieldErrs *e, const Path *p, const Value *c)
{
    static const char *const not_here[] = {"ports",          "resources",          "resizePolicy",
                                           "restartPolicy",  "restartPolicyRules", "livenessProbe",
                                           "readinessProbe", "startupProbe",       "lifecycle"};
    static const char *const parts[] = {"subPath", "subPathExpr"};
    static const char why[] = "cannot be set for an Ephemeral Container";
    const Value *m;

    for (size_t k = 0; k < ARRAY_LEN(not_here); k++) {
        const Value *v = value_get(c, not_here[k]);

        /* resources are a struct there, the rest pointers and slices */
        if (v && v->type != VALUE_NULL && (strcmp(not_here[k], "resources") != 0 || v->n > 0))
            forbidden(e, AT(p, not_here[k]), why);
    }
    value_each_item(value_get(c, "volumeMounts"), i, m)
    {
        for (size_t k = 0; k < ARRAY_LEN(parts); k++)
            if (str_of(m, parts[k])[0])
                forbidden(e, AT(AT_ITEM(AT(p, "volumeMounts"), i), parts[k]), why);
    }
}

static void validate_ephemeral(FieldErrs *e, const Path *p, const Value *spec, const Value *volumes)
{
    const Value *list = value_get(spec, "ephemeralContainers"), *c;

    value_each_item(list, i, c)
    {
        const Path *at = AT_ITEM(p, i);
        const char *name = str_of(c, "name"), *target = str_of(c, "targetContainerName");
        const char *image = str_of(c, "image");

        validate_common(e, at, c, spec, volumes);
        if (slice_trim(slice_of(image)).len != strlen(image))
            bad_str(e, AT(at, "image"), image, "must not have leading or trailing whitespace");
        if (find_named(value_get(spec, "containers"), name) ||
            find_named(value_get(spec, "initContainers"), name) ||
            seen_before(list, i, "name", name))
            duplicate(e, AT(at, "name"), name);
        if (target[0] && !find_named(value_get(spec, "containers"), target) &&
            !find_named(value_get(spec, "initContainers"), target))
            not_found(e, AT(at, "targetContainerName"), target, NULL);
        validate_ephemeral_fields(e, at, c);
    }
}

/* On the host's network a port of the container is one of the host. */
static void validate_host_network(FieldErrs *e, const Path *p, const Value *list, bool is_pod)
{
    const Value *c, *port;

    value_each_item(list, i, c) value_each_item(value_get(c, "ports"), k, port)
    {
        int64_t n = int_of(port, "hostPort", 0);

        if ((is_pod || n != 0) && n != int_of(port, "containerPort", 0))
            bad_int(e, AT(AT_ITEM(AT(AT_ITEM(p, i), "ports"), k), "hostPort"), n,
                    "must match `containerPort` when `hostNetwork` is true");
    }
}

void validate__containers(FieldErrs *e, const Path *p, const Value *spec, const Value *volumes,
                          const PodRules *rules)
{
    const Value *list = value_get(spec, "containers"), *c;

    if (value_len(list) == 0)
        missing(e, AT(p, "containers"), NULL);
    value_each_item(list, i, c)
    {
        const Path *at = AT_ITEM(AT(p, "containers"), i);

        validate_common(e, at, c, spec, volumes);
        if (seen_before(list, i, "name", str_of(c, "name")))
            duplicate(e, AT(at, "name"), str_of(c, "name"));
        validate_own(e, at, c, spec);
        validate_restarts(e, at, c);
    }
    validate_host_ports(e, AT(p, "containers"), list, 0, value_len(list));
    validate_init(e, AT(p, "initContainers"), spec, volumes, rules);
    validate_ephemeral(e, AT(p, "ephemeralContainers"), spec, volumes);
    validate__pod_resources(e, AT(p, "resources"), spec);
    if (value_is_true(value_get(spec, "hostNetwork")))
        validate_host_network(e, AT(p, "containers"), list, rules->is_pod);
}
