#include "agent/env.h"

#include "agent/envfile.h"
#include "agent/fs.h"
#include "base/b64.h"
#include "base/err.h"
#include "base/quantity.h"

#include <ctype.h>

enum { ENVFILE_MAX = 1 << 20 };

static const char *pod_ns(const PodContext *pc)
{
    const char *ns = value_at_str(pc->pod, "metadata.namespace");

    return ns ? ns : "";
}

/* ---- $(VAR) ---- */

static const char *lookup(const Value *env, const char *name, size_t n)
{
    for (uint32_t i = value_len(env); i-- > 0;) {
        const char *key = value_get_str(env->items[i], "key");

        if (strlen(key) == n && memcmp(key, name, n) == 0)
            return value_get_str(env->items[i], "value");
    }
    return NULL;
}

/* The names of variables without a value, when they are asked for. */
static const char *expand(Arena *a, const char *text, const Value *env, Buf *missing)
{
    AUTO_BUF b = BUF_INIT;

    for (const char *p = text; *p; p++) {
        const char *end;

        if (*p != '$') {
            buf_addc(&b, *p);
        } else if (p[1] == '$') {
            buf_addc(&b, '$');
            p++;
        } else if (p[1] == '(' && (end = strchr(p, ')'))) {
            size_t n = (size_t)(end - p - 2);
            const char *value = lookup(env, p + 2, n);

            if (missing && (!value || !value[0]))
                buf_addf(missing, "%s%.*s", missing->len > 0 ? ", " : "", (int)n, p + 2);
            if (value)
                buf_adds(&b, value);
            else
                buf_add(&b, p, n + 3);
            p = end;
        } else {
            buf_addc(&b, '$');
        }
    }
    return arena_strdup(a, buf_str(&b));
}

const char *env_expand(Arena *a, const char *text, const Value *env)
{
    return expand(a, text, env, NULL);
}

int env_expand_all(Arena *a, const char *text, const Value *env, const char **ret, Err *err)
{
    AUTO_BUF missing = BUF_INIT;
    const char *s = expand(a, text, env, &missing);

    if (missing.len > 0)
        return err_set(err, ERR_INVALID, "missing value for %s", buf_str(&missing));
    *ret = s;
    return 0;
}

/* ---- fields ---- */

/* As Go's %q: printable UTF-8 stays. */
static void put_quoted(const char *s, Buf *out)
{
    static const char special[] = "\a\b\f\n\r\t\v\\\"", letters[] = "abfnrtv\\\"";

    buf_addc(out, '"');
    for (; *s; s++) {
        const char *at = strchr(special, *s);
        unsigned char c = (unsigned char)*s;

        if (at)
            buf_addf(out, "\\%c", letters[at - special]);
        else if (c < 0x20 || c == 0x7f)
            buf_addf(out, "\\x%02x", c);
        else
            buf_addc(out, *s);
    }
    buf_addc(out, '"');
}

static int by_name(const void *x, const void *y)
{
    const Member *a = x, *b = y;

    return strcmp(a->name, b->name);
}

static const char *map_text(Arena *a, const Value *map)
{
    AUTO_BUF b = BUF_INIT;
    size_t n = value_len(map);
    Member *sorted = arena_array(a, Member, n + 1);

    if (n > 0) {
        memcpy(sorted, map->members, n * sizeof(*sorted));
        qsort(sorted, n, sizeof(*sorted), by_name);
    }
    for (size_t i = 0; i < n; i++) {
        const char *v = value_to_cstr(sorted[i].value);

        buf_addf(&b, "%s%s=", b.len ? "\n" : "", sorted[i].name);
        put_quoted(v ? v : "", &b);
    }
    return arena_strdup(a, buf_str(&b));
}

/* metadata.labels['key'] and metadata.annotations['key']; NULL when path is neither. */
static const char *subscript(Arena *a, const PodContext *pc, const char *path)
{
    static const char *const maps[] = {"labels", "annotations"};

    for (size_t i = 0; i < ARRAY_LEN(maps); i++) {
        const char *prefix = arena_printf(a, "metadata.%s['", maps[i]);
        size_t n = strlen(prefix), len = strlen(path);

        if (str_starts(path, prefix) && len >= n + 2 && strcmp(path + len - 2, "']") == 0) {
            const char *key = arena_strndup(a, path + n, len - n - 2);
            const char *s = value_get_str(value_get(value_get(pc->pod, "metadata"), maps[i]), key);

            return s ? s : "";
        }
    }
    return NULL;
}

/* The field in the plural has all addresses. */
static const char *address_field(Arena *a, const PodContext *pc, const char *path)
{
    bool on_node = value_at_bool(pc->pod, "spec.hostNetwork");
    const struct {
        const char *path, *first, *second;
    } rows[] = {
        {"status.hostIP", pc->host_ip, pc->second_host_ip},
        {"status.podIP", on_node ? pc->node_ip : pc->pod_ip,
         on_node ? pc->second_node_ip : pc->second_pod_ip},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        size_t n = strlen(rows[i].path);

        if (strncmp(path, rows[i].path, n) != 0 || strcmp(path + n + (path[n] == 's'), "") != 0)
            continue;
        return path[n] && rows[i].second ? arena_printf(a, "%s,%s", rows[i].first, rows[i].second)
                                         : rows[i].first;
    }
    return NULL;
}

int env_field(Arena *a, const PodContext *pc, const char *path, const char **ret, Err *err)
{
    static const char *const plain[] = {"metadata.name", "metadata.namespace", "metadata.uid",
                                        "spec.nodeName", "spec.serviceAccountName"};
    const char *s = subscript(a, pc, path);

    for (size_t i = 0; i < ARRAY_LEN(plain) && !s; i++) {
        if (strcmp(path, plain[i]) == 0) {
            s = value_at_str(pc->pod, path);
            s = s ? s : "";
        }
    }
    if (!s && strcmp(path, "metadata.labels") == 0)
        s = map_text(a, value_at(pc->pod, path));
    else if (!s && strcmp(path, "metadata.annotations") == 0)
        s = map_text(a, value_at(pc->pod, path));
    if (!s)
        s = address_field(a, pc, path);
    if (!s)
        return err_set(err, ERR_INVALID, "unsupported fieldPath: %s", path);
    *ret = s;
    return 0;
}

/* ---- resources ---- */

static const Value *find_container(const Value *pod, const char *name)
{
    static const char *const lists[] = {"containers", "initContainers"};
    const Value *c;

    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        value_each_item(value_get(value_get(pod, "spec"), lists[i]), k, c)
        {
            if (str_eq(value_get_str(c, "name"), name))
                return c;
        }
    }
    return NULL;
}

static __int128 quantity_of_value(const Value *v)
{
    Quantity q;

    if (v && (v->type == VALUE_STRING || v->type == VALUE_NUMBER) &&
        quantity_parse((Slice){v->str, v->n}, &q, NULL) == 0)
        return q.nano;
    return 0;
}

int env_resource_field(Arena *a, const PodContext *pc, const Value *ref, const Value *container,
                       const char **ret, Err *err)
{
    const char *resource = value_get_str(ref, "resource");
    const char *other = value_get_str(ref, "containerName");
    const Value *limits, *v;
    __int128 amount, divisor = quantity_of_value(value_get(ref, "divisor"));
    const char *kind;

    if (other && other[0])
        container = find_container(pc->pod, other);
    if (!container || !resource)
        return err_set(err, ERR_INVALID, "container %s not found", other ? other : "");
    limits = value_get(value_get(container, "resources"), "limits");
    if (str_starts(resource, "limits.")) {
        kind = resource + strlen("limits.");
        v = value_get(limits, kind);
    } else if (str_starts(resource, "requests.")) {
        kind = resource + strlen("requests.");
        v = value_get(value_get(value_get(container, "resources"), "requests"), kind);
    } else {
        return err_set(err, ERR_INVALID, "unsupported container resource : %s", resource);
    }
    if (!v && str_starts(resource, "limits.")) /* no limit: what its pod may have, */
        v = value_get(value_at(pc->pod, "spec.resources.limits"), kind);
    amount = quantity_of_value(v);
    if (!v && str_starts(resource, "limits.")) { /* or what the node has */
        if (strcmp(kind, "cpu") == 0)
            amount = (__int128)pc->node_cpu_milli * 1000000;
        else if (strcmp(kind, "memory") == 0)
            amount = (__int128)pc->node_memory * 1000000000;
    }
    if (divisor <= 0)
        divisor = 1000000000;
    *ret = arena_printf(a, "%lld", (long long)((amount + divisor - 1) / divisor));
    return 0;
}

/* ---- config maps and secrets ---- */

static int source_data(Arena *a, const PodContext *pc, bool is_secret, bool with_binary,
                       const char *name, Value **ret, Err *err)
{
    CLEANUP(item_unref)
    Item *i =
        items_get(pc->items, pc->cluster, is_secret ? "secrets" : "configmaps", pod_ns(pc), name);
    Value *data = value_object(a);

    if (!i)
        return err_set(err, ERR_NOT_FOUND, "%s \"%s\" not found",
                       is_secret ? "secret" : "configmap", name);
    value_each_member(value_get(i->v, "data"), m)
    {
        AUTO_BUF raw = BUF_INIT;
        Slice s = {m->value->type == VALUE_STRING ? m->value->str : "",
                   m->value->type == VALUE_STRING ? m->value->n : 0};

        if (is_secret && b64_decode(s, &raw))
            s = buf_slice(&raw);
        value_set(a, data, m->name, value_strn(a, s.ptr, s.len));
    }
    value_each_member(is_secret || !with_binary ? NULL : value_get(i->v, "binaryData"), b)
    {
        AUTO_BUF raw = BUF_INIT;

        if (value_is(b->value, VALUE_STRING) &&
            b64_decode((Slice){b->value->str, b->value->n}, &raw))
            value_set(a, data, b->name, value_strn(a, buf_str(&raw), raw.len));
    }
    *ret = data;
    return 0;
}

int env_source_data(Arena *a, const PodContext *pc, bool is_secret, const char *name, Value **ret,
                    Err *err)
{
    return source_data(a, pc, is_secret, true, name, ret, err);
}

/* ---- the list ---- */

static void put(Arena *a, Value *env, const char *name, const char *value)
{
    Value *v;

    value_each_item(env, i, v)
    {
        if (str_eq(value_get_str(v, "key"), name)) {
            value_set_str(a, v, "value", value);
            return;
        }
    }
    v = value_object(a);
    value_set_str(a, v, "key", name);
    value_set_str(a, v, "value", value);
    value_append(a, env, v);
}

static const char *service_prefix(Arena *a, const char *name)
{
    char *s = arena_strdup(a, name);

    for (char *p = s; *p; p++)
        *p = *p == '-' ? '_' : (char)toupper((unsigned char)*p);
    return s;
}

static void put_service(Arena *a, Value *env, const Value *svc)
{
    const char *ip = value_at_str(svc, "spec.clusterIP");
    const char *name = value_at_str(svc, "metadata.name");
    const Value *port;
    const char *p;

    if (!ip || !ip[0] || strcmp(ip, "None") == 0 || !name)
        return;
    p = service_prefix(a, name);
    put(a, env, arena_printf(a, "%s_SERVICE_HOST", p), ip);
    value_each_item(value_at(svc, "spec.ports"), i, port)
    {
        const char *number = arena_printf(a, "%lld", (long long)value_at_int(port, "port", 0));
        const char *proto = value_get_str(port, "protocol"), *port_name;
        const char *url, *at;

        proto = proto ? proto : "TCP";
        port_name = value_get_str(port, "name");
        if (i == 0)
            put(a, env, arena_printf(a, "%s_SERVICE_PORT", p), number);
        if (port_name && port_name[0])
            put(a, env, arena_printf(a, "%s_SERVICE_PORT_%s", p, service_prefix(a, port_name)),
                number);
        char *lower = arena_strdup(a, proto);
        for (char *c = lower; *c; c++)
            *c = (char)tolower((unsigned char)*c);
        url = arena_printf(a, "%s://%s:%s", lower, ip, number);
        at = arena_printf(a, "%s_PORT_%s_%s", p, number, proto);
        if (i == 0)
            put(a, env, arena_printf(a, "%s_PORT", p), url);
        put(a, env, at, url);
        put(a, env, arena_printf(a, "%s_PROTO", at), lower);
        put(a, env, arena_printf(a, "%s_PORT", at), number);
        put(a, env, arena_printf(a, "%s_ADDR", at), ip);
    }
}

static void put_services(Arena *a, const PodContext *pc, Value *env)
{
    AUTO_ITEM_LIST list = {0};
    const Value *links = value_at(pc->pod, "spec.enableServiceLinks");
    bool all = !links || value_is_true(links);

    items_list(pc->items, pc->cluster, "services", &list);
    for (size_t i = 0; i < list.n; i++) {
        bool is_master = strcmp(list.items[i]->ns, "default") == 0 &&
                         strcmp(list.items[i]->name, "kubernetes") == 0;

        if (is_master || (all && strcmp(list.items[i]->ns, pod_ns(pc)) == 0))
            put_service(a, env, list.items[i]->v);
    }
    if (!lookup(env, "KUBERNETES_SERVICE_HOST", strlen("KUBERNETES_SERVICE_HOST"))) {
        Value *service =
            value_literal(a, "{'metadata':{'name':'kubernetes'},'spec':{'ports':[{'name':"
                             "'https','port':443,'protocol':'TCP'}]}}");

        value_set_str(a, value_get(service, "spec"), "clusterIP", pc->api_ip);
        put_service(a, env, service);
    }
}

static int put_env_from(Arena *a, const PodContext *pc, Value *env, const Value *from, Err *err)
{
    const char *prefix = value_get_str(from, "prefix");
    const Value *ref = value_get(from, "configMapRef");
    bool is_secret = !ref;
    const char *name;
    Value *data;
    int r;

    if (is_secret)
        ref = value_get(from, "secretRef");
    name = value_get_str(ref, "name");
    if (!name)
        return 0;
    r = source_data(a, pc, is_secret, false, name, &data, err);
    if (r == -ERR_NOT_FOUND && value_at_bool(ref, "optional"))
        return 0;
    if (r < 0)
        return r;
    value_each_member(data, m)
    {
        if (m->name[0] && !strchr(m->name, '='))
            put(a, env, arena_printf(a, "%s%s", prefix ? prefix : "", m->name),
                value_to_cstr(m->value));
    }
    return 0;
}

static int key_value(Arena *a, const PodContext *pc, const Value *ref, bool is_secret,
                     const char **ret, Err *err)
{
    const char *name = value_get_str(ref, "name"), *key = value_get_str(ref, "key");
    Value *data;
    int r;

    *ret = NULL;
    r = source_data(a, pc, is_secret, false, name ? name : "", &data, err);
    if (r == -ERR_NOT_FOUND && value_at_bool(ref, "optional"))
        return 0;
    if (r < 0)
        return r;
    *ret = value_get_str(data, key ? key : "");
    if (!*ret && !value_at_bool(ref, "optional"))
        return err_set(err, ERR_NOT_FOUND, "couldn't find key %s in %s %s/%s", key ? key : "",
                       is_secret ? "Secret" : "ConfigMap", pod_ns(pc), name ? name : "");
    return 0;
}

/* What a container before this one has left in a file of a volume. As with kubelet
 * (makeEnvironmentVariables()), an optional key may be missing, a file may not. */
static int file_value(Arena *a, const PodContext *pc, const Value *ref, const char **ret, Err *err)
{
    const char *volume = value_get_text(ref, "volumeName"), *path = value_get_text(ref, "path");
    const char *key = value_get_text(ref, "key"), *dir = value_get_str(pc->volume_paths, volume);
    AUTO_BUF text = BUF_INIT;
    AUTO_BUF value = BUF_INIT;

    *ret = NULL;
    if (!dir)
        return err_set(err, ERR_NOT_FOUND, "cannot find the volume \"%s\" referenced by FileKeyRef",
                       volume);
    if (fs_read_beneath(dir, path, ENVFILE_MAX, &text, NULL) < 0 ||
        envfile_find(buf_slice(&text), key, &value, NULL) < 0)
        return err_set(err, ERR_INVALID, "couldn't parse env file");
    if (value.len == 0 && value_at_bool(ref, "optional"))
        return 0;
    if (value.len == 0)
        return err_set(err, ERR_NOT_FOUND,
                       "environment variable key \"%s\" not found in file \"%s\"", key, path);
    *ret = arena_strdup(a, buf_str(&value));
    return 0;
}

static int put_from(Arena *a, const PodContext *pc, Value *env, const Value *var,
                    const Value *container, Err *err)
{
    const Value *from = value_get(var, "valueFrom"), *ref;
    const char *value = NULL, *path;
    int r = 0;

    if ((ref = value_get(from, "fieldRef"))) {
        path = value_get_str(ref, "fieldPath");
        r = env_field(a, pc, path ? path : "", &value, err);
    } else if ((ref = value_get(from, "resourceFieldRef"))) {
        r = env_resource_field(a, pc, ref, container, &value, err);
    } else if ((ref = value_get(from, "configMapKeyRef"))) {
        r = key_value(a, pc, ref, false, &value, err);
    } else if ((ref = value_get(from, "secretKeyRef"))) {
        r = key_value(a, pc, ref, true, &value, err);
    } else if ((ref = value_get(from, "fileKeyRef"))) {
        r = file_value(a, pc, ref, &value, err);
    }
    if (r < 0)
        return r;
    if (value)
        put(a, env, value_get_str(var, "name"), value);
    return 0;
}

int env_build(Arena *a, const PodContext *pc, const Value *container, Value **ret, Err *err)
{
    Value *env = value_array(a);
    const Value *v;
    int r;

    put_services(a, pc, env);
    value_each_item(value_get(container, "envFrom"), i, v)
    {
        r = put_env_from(a, pc, env, v, err);
        if (r < 0)
            return r;
    }
    value_each_item(value_get(container, "env"), k, v)
    {
        const char *name = value_get_str(v, "name"), *text = value_get_str(v, "value");

        if (!name)
            continue;
        if (value_get(v, "valueFrom")) {
            r = put_from(a, pc, env, v, container, err);
            if (r < 0)
                return r;
        } else {
            put(a, env, name, text ? env_expand(a, text, env) : "");
        }
    }
    *ret = env;
    return 0;
}
