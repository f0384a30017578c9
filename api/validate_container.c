/*
 * validate_container.c - containers: pkg/apis/core/validation, validateContainers() and what it
 * calls.
 */
#include "api/validate_int.h"

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

static void validate_field_ref(FieldErrs *e, const Path *p, const Value *ref, const char *allowed)
{
    const char *path = str_of(ref, "fieldPath"), *open = strchr(path, '[');
    const Path *at = AT(p, "fieldPath");
    char *head, *key;

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
    if (open && str_starts(open, "['") && str_ends(path, "']")) {
        head = arena_strndup(e->arena, path, (size_t)(open - path));
        key = arena_strndup(e->arena, open + 2, strlen(open) - 4);
        if (!one_of(head, "metadata.annotations|metadata.labels")) {
            bad_str(e, at, path,
                    "error converting fieldPath: field label does not support subscript: %s", path);
            return;
        }
        check_name(e, p, key, names__qualified);
        return;
    }
    if (!one_of(path, "metadata.annotations|metadata.labels|metadata.name|metadata.namespace|"
                      "metadata.uid|spec.nodeName|spec.restartPolicy|spec.serviceAccountName|"
                      "spec.schedulerName|status.phase|status.hostIP|status.hostIPs|status.podIP|"
                      "status.podIPs|spec.hostNetwork")) {
        bad_str(e, at, path, "error converting fieldPath: field label not supported: %s", path);
        return;
    }
    check_enum(e, at, path, allowed);
}

static void validate_divisor(FieldErrs *e, const Path *p, const char *resource, const char *divisor)
{
    static const struct {
        const char *resource, *allowed, *text;
    } rows[] = {
        {"cpu", "1m|1", "1m and 1"},
        {"memory", "1|1k|1M|1G|1T|1P|1E|1Ki|1Mi|1Gi|1Ti|1Pi|1Ei",
         "1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei"},
        {"ephemeral-storage", "1|1k|1M|1G|1T|1P|1E|1Ki|1Mi|1Gi|1Ti|1Pi|1Ei",
         "1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei"},
    };
    const char *dot = strchr(resource, '.');

    if (divisor[0] == '\0' || strcmp(divisor, "0") == 0)
        return;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (dot && strcmp(dot + 1, rows[i].resource) == 0 && !one_of(divisor, rows[i].allowed))
            bad_str(e, AT(p, "divisor"), resource,
                    "only divisor's values %s are supported with the %s resource", rows[i].text,
                    rows[i].resource);
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
    validate__object_ref(e, p, str_of(ref, "name"), names__dns1123_subdomain);
    if (str_of(ref, "key")[0] == '\0')
        missing(e, AT(p, "key"), NULL);
    else
        check_name(e, AT(p, "key"), str_of(ref, "key"), names__config_key);
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
    if (has(from, "fileKeyRef"))
        n++;
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
            validate__object_ref(e, AT(at, refs[k]), str_of(value_get(from, refs[k]), "name"),
                                 names__dns1123_subdomain);
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

static void validate_local_descending(FieldErrs *e, const Path *p, const char *path)
{
    if (path[0] == '/')
        bad_str(e, p, path, "must be a relative path");
    if (names__has_backstep(path))
        bad_str(e, p, path, "must not contain '..'");
}

static void validate_mount(FieldErrs *e, const Path *p, const Value *c, const Value *mounts,
                           uint32_t i, const Value *volumes)
{
    const Value *m = value_item(mounts, i), *devices = value_get(c, "volumeDevices");
    const Path *at = AT_ITEM(p, i);
    const char *name = str_of(m, "name"), *path = str_of(m, "mountPath");
    const char *mode = str_of(m, "recursiveReadOnly");

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
        validate_local_descending(e, AT(p, "subPath"), str_of(m, "subPath"));
    if (str_of(m, "subPathExpr")[0]) {
        if (str_of(m, "subPath")[0])
            bad_str(e, AT(at, "subPathExpr"), str_of(m, "subPathExpr"),
                    "subPathExpr and subPath are mutually exclusive");
        validate_local_descending(e, AT(p, "subPathExpr"), str_of(m, "subPathExpr"));
    }
    if (has(m, "mountPropagation")) {
        const char *propagation = str_of(m, "mountPropagation");
        bool privileged = value_is_true(value_at(c, "securityContext.privileged"));

        if (!one_of(propagation, "Bidirectional|HostToContainer|None"))
            unsupported(e, AT(p, "mountPropagation"), propagation,
                        "Bidirectional|HostToContainer|None");
        else if (!privileged && strcmp(propagation, "Bidirectional") == 0)
            forbidden(e, AT(p, "mountPropagation"),
                      "Bidirectional mount propagation is available only to privileged containers");
    }
    if (mode[0] && !one_of(mode, "Disabled|Enabled|IfPossible"))
        unsupported(e, AT(at, "recursiveReadOnly"), mode, "Disabled|Enabled|IfPossible");
    else if (mode[0] && strcmp(mode, "Disabled") != 0 && !value_is_true(value_get(m, "readOnly")))
        forbidden(e, AT(at, "recursiveReadOnly"), "may only be specified when readOnly is true");
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
        if (seen_before(list, i, "name", name))
            bad_str(e, AT(at, "name"), name, "must be unique");
        if (volume && !has(volume, "persistentVolumeClaim") && !has(volume, "ephemeral"))
            bad_str(e, AT(at, "name"), name,
                    "can only use volume source type of PersistentVolumeClaim or Ephemeral for "
                    "block mode");
        if (!volume)
            not_found(e, AT(at, "name"), name, NULL);
        if (path[0] == '\0')
            missing(e, AT(at, "devicePath"), NULL);
        if (seen_before(list, i, "devicePath", path))
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

/* ---- resources ---- */

static bool is_native(const char *name)
{
    return !strchr(name, '/') || strstr(name, "kubernetes.io/");
}

void validate__resource_name(FieldErrs *e, const Path *p, const char *name)
{
    Msgs m;

    m.n = 0;
    names__qualified(name, &m);
    if (m.n > 0) {
        for (uint32_t i = 0; i < m.n; i++)
            bad_str(e, p, name, "%s", m.items[i]);
        return;
    }
    if (!strchr(name, '/') && !str_starts(name, "hugepages-") &&
        !one_of(name, "cpu|memory|ephemeral-storage|requests.cpu|requests.memory|"
                      "requests.ephemeral-storage|limits.cpu|limits.memory|"
                      "limits.ephemeral-storage|pods|resourcequotas|services|"
                      "replicationcontrollers|secrets|persistentvolumeclaims|configmaps|"
                      "services.nodeports|services.loadbalancers|storage|requests.storage") &&
        !str_starts(name, "requests.hugepages-"))
        bad_str(e, p, name, "must be a standard resource type or fully qualified");
}

void validate__container_resource(FieldErrs *e, const Path *p, const char *name)
{
    Msgs m;

    validate__resource_name(e, p, name);
    if (!strchr(name, '/')) {
        if (!one_of(name, "cpu|memory|ephemeral-storage") && !str_starts(name, "hugepages-"))
            bad_str(e, p, name, "must be a standard resource for containers");
        return;
    }
    m.n = 0;
    names__qualified(name, &m);
    if (!is_native(name) && (m.n > 0 || str_starts(name, "requests.")))
        bad_str(e, p, name, "doesn't follow extended resource name standard");
}

static bool check_page_size(const char *name, const Value *v)
{
    Quantity size, q;

    if (quantity_parse(slice_of(name + 10), &size, NULL) < 0 || !quantity_of_value(v, &q))
        return false;
    return size.nano > 0 && q.nano > 0 && q.nano % size.nano == 0;
}

static void validate_resource_value(FieldErrs *e, const Path *p, const char *name, const Value *v)
{
    Quantity q;

    if (quantity_sign(v) < 0)
        bad(e, p, v, "must be greater than or equal to 0");
    if (strchr(name, '/') && quantity_of_value(v, &q) && q.nano % 1000000000 != 0)
        bad(e, p, v, "must be an integer");
    if (str_starts(name, "hugepages-") && !check_page_size(name, v))
        bad(e, p, v, "%s is not positive integer multiple of %s", value_to_cstr(v), name);
}

static bool is_overcommit(const char *name)
{
    return is_native(name) && !str_starts(name, "hugepages-");
}

static void validate_claims(FieldErrs *e, const Path *p, const Value *claims,
                            const Value *pod_claims)
{
    const Value *claim, *have;

    value_each_item(claims, i, claim)
    {
        const char *name = str_of(claim, "name");
        const Path *at = AT_ITEM(p, i);
        AUTO_BUF names = BUF_INIT;

        if (name[0] == '\0')
            missing(e, at, NULL);
        else if (seen_before(claims, i, "name", name))
            duplicate(e, at, name);
        else if (!find_named(pod_claims, name)) {
            value_each_item(pod_claims, k, have)
                buf_addf(&names, "%s\"%s\"", k > 0 ? ", " : "", str_of(have, "name"));
            not_found(e, at, name,
                      arena_printf(e->arena,
                                   "must be one of the names in pod.spec.resourceClaims%s%s",
                                   names.len > 0 ? ": " : " which is empty", buf_str(&names)));
        }
    }
}

void validate__resources(FieldErrs *e, const Path *p, const Value *res, const Value *pod_claims)
{
    const Value *limits = value_get(res, "limits"), *requests = value_get(res, "requests");
    bool huge = false, plain = false;
    Quantity have, want;

    value_each_member(limits, m)
    {
        const Path *at = AT_KEY(AT(p, "limits"), m->name);

        validate__container_resource(e, at, m->name);
        validate_resource_value(e, at, m->name, m->value);
        huge |= str_starts(m->name, "hugepages-");
        plain |= one_of(m->name, "cpu|memory");
    }
    value_each_member(requests, m)
    {
        const Path *at = AT_KEY(AT(p, "requests"), m->name);
        const Value *limit = value_get(limits, m->name);

        validate__container_resource(e, at, m->name);
        validate_resource_value(e, at, m->name, m->value);
        huge |= str_starts(m->name, "hugepages-");
        plain |= one_of(m->name, "cpu|memory");
        if (limit && quantity_of_value(limit, &have) && quantity_of_value(m->value, &want)) {
            if (!is_overcommit(m->name) && have.nano != want.nano)
                bad(e, AT(p, "requests"), m->value, "must be equal to %s limit of %s", m->name,
                    value_to_cstr(limit));
            else if (is_overcommit(m->name) && want.nano > have.nano)
                bad(e, AT(p, "requests"), m->value, "must be less than or equal to %s limit of %s",
                    m->name, value_to_cstr(limit));
        } else if (!limit && !is_overcommit(m->name)) {
            missing(e, AT(p, "limits"), "Limit must be set for non overcommitable resources");
        }
    }
    validate_claims(e, AT(p, "claims"), value_get(res, "claims"), pod_claims);
    if (huge && !plain)
        forbidden(e, p, "HugePages require cpu or memory");
}

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
        if (strcmp(restart, "Never") == 0 && strcmp(policy, "RestartContainer") == 0)
            bad_str(e, p, policy, "must be 'NotRequired' when pod `restartPolicy` is 'Never'");
    }
}

/* ---- containers ---- */

/* What containers of all three lists have to satisfy. */
static void validate_common(FieldErrs *e, const Path *p, const Value *c, const Value *spec)
{
    const char *name = str_of(c, "name"), *image = str_of(c, "image");
    const char *policy = str_of(c, "terminationMessagePolicy");
    const char *pull = str_of(c, "imagePullPolicy");
    const Value *mounts = value_get(c, "volumeMounts"), *volumes = value_get(spec, "volumes");
    const Value *host_users = value_get(spec, "hostUsers");

    if (name[0] == '\0')
        missing(e, AT(p, "name"), NULL);
    else
        check_name(e, AT(p, "name"), name, names__dns1123_label);
    if (image[0] == '\0')
        missing(e, AT(p, "image"), NULL);
    else if (strchr(" \t\n\r", image[0]) || strchr(" \t\n\r", image[strlen(image) - 1]))
        bad_str(e, AT(p, "image"), image, "must not have leading or trailing whitespace");
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

/* Each (protocol, host IP, host port) once among the containers of a list. */
static void validate_host_ports(FieldErrs *e, const Path *p, const Value *list, bool host_network)
{
    const char *used[64];
    uint32_t n_used = 0;
    const Value *c, *port;

    value_each_item(list, i, c)
    {
        value_each_item(value_get(c, "ports"), k, port)
        {
            const Path *at = AT_ITEM(AT(AT_ITEM(p, i), "ports"), k);
            int64_t n = int_of(port, "hostPort", 0);
            const char *key = arena_printf(e->arena, "%s/%s/%lld", str_of(port, "protocol"),
                                           str_of(port, "hostIP"), (long long)n);
            bool twice = false;

            if (n == 0)
                continue;
            if (host_network && n != int_of(port, "containerPort", 0))
                bad_int(e, AT(at, "hostPort"), n,
                        "must match `containerPort` when `hostNetwork` is true");
            for (uint32_t u = 0; u < n_used; u++)
                twice |= strcmp(used[u], key) == 0;
            if (twice)
                duplicate(e, AT(at, "hostPort"), key);
            else if (n_used < ARRAY_LEN(used))
                used[n_used++] = key;
        }
    }
}

static void validate_init(FieldErrs *e, const Path *p, const Value *spec)
{
    const Value *list = value_get(spec, "initContainers"), *c;

    value_each_item(list, i, c)
    {
        const Path *at = AT_ITEM(p, i);
        const char *name = str_of(c, "name"), *restart = str_of(c, "restartPolicy");
        static const char *const not_here[] = {"lifecycle", "livenessProbe", "readinessProbe",
                                               "startupProbe"};

        validate_common(e, at, c, spec);
        if (find_named(value_get(spec, "containers"), name) || seen_before(list, i, "name", name))
            duplicate(e, AT(at, "name"), name);
        if (restart[0] && strcmp(restart, "Always") != 0)
            unsupported(e, AT(at, "restartPolicy"), restart, "Always");
        if (strcmp(restart, "Always") == 0) {
            validate_own(e, at, c, spec);
            continue;
        }
        for (size_t k = 0; k < ARRAY_LEN(not_here); k++)
            if (has(c, not_here[k]))
                forbidden(e, AT(at, not_here[k]),
                          "may not be set for init containers without restartPolicy=Always");
    }
}

static void validate_ephemeral(FieldErrs *e, const Path *p, const Value *spec)
{
    static const char *const not_here[] = {"ports", "livenessProbe", "readinessProbe",
                                           "startupProbe", "lifecycle"};
    const Value *list = value_get(spec, "ephemeralContainers"), *c;

    value_each_item(list, i, c)
    {
        const Path *at = AT_ITEM(p, i);
        const char *name = str_of(c, "name"), *target = str_of(c, "targetContainerName");

        validate_common(e, at, c, spec);
        if (find_named(value_get(spec, "containers"), name) ||
            find_named(value_get(spec, "initContainers"), name) ||
            seen_before(list, i, "name", name))
            duplicate(e, AT(at, "name"), name);
        if (target[0] && !find_named(value_get(spec, "containers"), target) &&
            !find_named(value_get(spec, "initContainers"), target))
            not_found(e, AT(at, "targetContainerName"), target, NULL);
        for (size_t k = 0; k < ARRAY_LEN(not_here); k++)
            if (has(c, not_here[k]))
                forbidden(e, AT(at, not_here[k]), "cannot be set for an Ephemeral Container");
        if (value_len(value_get(c, "resources")) > 0)
            forbidden(e, AT(at, "resources"), "cannot be set for an Ephemeral Container");
    }
}

void validate__containers(FieldErrs *e, const Path *p, const Value *spec)
{
    const Value *list = value_get(spec, "containers"), *c;
    bool host_network = value_is_true(value_get(spec, "hostNetwork"));

    if (value_len(list) == 0)
        missing(e, AT(p, "containers"), NULL);
    value_each_item(list, i, c)
    {
        const Path *at = AT_ITEM(AT(p, "containers"), i);

        validate_common(e, at, c, spec);
        if (seen_before(list, i, "name", str_of(c, "name")))
            duplicate(e, AT(at, "name"), str_of(c, "name"));
        validate_own(e, at, c, spec);
    }
    validate_host_ports(e, AT(p, "containers"), list, host_network);
    validate_init(e, AT(p, "initContainers"), spec);
    validate_host_ports(e, AT(p, "initContainers"), value_get(spec, "initContainers"),
                        host_network);
    validate_ephemeral(e, AT(p, "ephemeralContainers"), spec);
}
