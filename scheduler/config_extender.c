#include "api/validate.h"
#include "base/b64.h"
#include "scheduler/conf.h"
#include "scheduler/config.h"

#include <errno.h>

/* extenders[] of the configuration file, with what kube-scheduler's validation says of them. */

enum { PEM_MAX = 1 << 20, TIMEOUT_MS = 5000, WEIGHT_MAX = 1000000 };

static int read_pem_file(const Conf *c, const char *path, const char **ret, Err *err)
{
    AUTO_BUF text = BUF_INIT;
    char buf[4096];
    size_t n;
    FILE *f = fopen(path, "re");

    if (!f)
        return conf_wrong(c, err, "%s: %s", path, strerror(errno));
    while ((n = fread(buf, 1, sizeof(buf), f)) > 0 && text.len < PEM_MAX)
        buf_add(&text, buf, n);
    fclose(f);
    *ret = arena_strndup(c->arena, buf_str(&text), text.len);
    return 0;
}

/* What comes as data wins over what comes as a file. */
static int read_pem(const Conf *tls, const char *data_field, const char *file_field,
                    const char **ret, Err *err)
{
    Conf data_at = conf_get(tls, data_field), file_at = conf_get(tls, file_field);
    const char *data = NULL, *file = NULL;
    AUTO_BUF text = BUF_INIT;
    int r = conf_str(tls, data_field, &data, err);

    r = r < 0 ? r : conf_str(tls, file_field, &file, err);
    if (r < 0)
        return r;
    if (data && data[0]) {
        if (!b64_decode(slice_of(data), &text))
            return conf_wrong(&data_at, err, "is not base64");
        *ret = arena_strndup(tls->arena, buf_str(&text), text.len);
        return 0;
    }
    return file && file[0] ? read_pem_file(&file_at, file, ret, err) : 0;
}

static int read_tls(const Conf *c, bool is_https, ExtenderConf *out, Err *err)
{
    Conf tls = conf_get(c, "tlsConfig"), insecure = conf_get(&tls, "insecure");
    int r = CONF_CHECK(&tls, err, "insecure", "serverName", "certFile", "keyFile", "caFile",
                       "certData", "keyData", "caData");

    r = r < 0 ? r : conf_bool(&tls, "insecure", &out->is_insecure, err);
    r = r < 0 ? r : conf_str(&tls, "serverName", &out->server_name, err);
    r = r < 0 ? r : read_pem(&tls, "caData", "caFile", &out->ca_pem, err);
    r = r < 0 ? r : read_pem(&tls, "certData", "certFile", &out->cert_pem, err);
    r = r < 0 ? r : read_pem(&tls, "keyData", "keyFile", &out->key_pem, err);
    if (r < 0)
        return r;
    if (out->is_insecure && out->ca_pem)
        return conf_wrong(&insecure, err, "must not be set together with a CA");
    if (!out->cert_pem != !out->key_pem)
        return conf_wrong(&tls, err, "certificate and key must be given together");
    /* As kube-scheduler: HTTPS without a CA is not verified. */
    out->is_insecure = out->is_insecure || (is_https && !out->ca_pem);
    return 0;
}

static int read_managed(const Conf *c, ExtenderConf *out, Err *err)
{
    Conf list;
    uint32_t n;
    int r = conf_list(c, "managedResources", &list, &n, err);

    for (uint32_t i = 0; r == 0 && i < n; i++) {
        Conf item = conf_item(&list, i), at = conf_get(&item, "name");
        const char *name = NULL;
        bool ignored = false;

        r = CONF_CHECK(&item, err, "name", "ignoredByScheduler");
        r = r < 0 ? r : conf_str(&item, "name", &name, err);
        r = r < 0 ? r : conf_bool(&item, "ignoredByScheduler", &ignored, err);
        if (r < 0)
            return r;
        if (!name || validate_qualified_name(name) || !strchr(name, '/') ||
            str_starts(name, "kubernetes.io/"))
            return conf_wrong(&at, err, "must be the name of an extended resource");
        for (uint32_t k = 0; k < i; k++)
            if (str_eq(value_get_str(value_item(list.v, k), "name"), name))
                return conf_wrong(&at, err, "Duplicate value: \"%s\"", name);
    }
    out->managed = list.v;
    return r;
}

static const char *or_null(const char *s)
{
    return s && s[0] ? s : NULL;
}

static int read_one(const Conf *c, ExtenderConf *out, Err *err)
{
    Conf url = conf_get(c, "urlPrefix"), weight = conf_get(c, "weight");
    bool is_https = false;
    int r = CONF_CHECK(c, err, "urlPrefix", "filterVerb", "preemptVerb", "prioritizeVerb", "weight",
                       "bindVerb", "enableHTTPS", "tlsConfig", "httpTimeout", "nodeCacheCapable",
                       "managedResources", "ignorable");

    out->timeout_ms = TIMEOUT_MS;
    r = r < 0 ? r : conf_str(c, "urlPrefix", &out->url, err);
    r = r < 0 ? r : conf_str(c, "filterVerb", &out->filter, err);
    r = r < 0 ? r : conf_str(c, "preemptVerb", &out->preempt, err);
    r = r < 0 ? r : conf_str(c, "prioritizeVerb", &out->prioritize, err);
    r = r < 0 ? r : conf_str(c, "bindVerb", &out->bind, err);
    r = r < 0 ? r : conf_int(c, "weight", INT32_MIN, WEIGHT_MAX, &out->weight, err);
    r = r < 0 ? r : conf_bool(c, "enableHTTPS", &is_https, err);
    r = r < 0 ? r : conf_duration_ms(c, "httpTimeout", &out->timeout_ms, err);
    r = r < 0 ? r : conf_bool(c, "nodeCacheCapable", &out->knows_nodes, err);
    r = r < 0 ? r : conf_bool(c, "ignorable", &out->is_ignorable, err);
    r = r < 0 ? r : read_tls(c, is_https, out, err);
    r = r < 0 ? r : read_managed(c, out, err);
    if (r < 0)
        return r;
    if (!out->url || (!str_starts(out->url, "http://") && !str_starts(out->url, "https://")))
        return conf_wrong(&url, err, "must begin with http:// or https://");
    out->filter = or_null(out->filter);
    out->preempt = or_null(out->preempt);
    out->prioritize = or_null(out->prioritize);
    out->bind = or_null(out->bind);
    out->timeout_ms = out->timeout_ms == 0 ? TIMEOUT_MS : out->timeout_ms;
    if (out->prioritize && out->weight <= 0)
        return conf_wrong(&weight, err,
                          "Invalid value: %lld: must have a positive weight applied to it",
                          (long long)out->weight);
    return 0;
}

/* Resources that an extender counts alone are nothing to the plug-in that fits pods to nodes. */
static void ignore_managed(SchedConfig *c, const Value *managed)
{
    const Value *m;

    value_each_item(managed, i, m)
    {
        if (!value_at_bool(m, "ignoredByScheduler"))
            continue;
        for (uint32_t k = 0; k < c->n_profiles; k++) {
            const Value **at = &c->profiles[k].args.fit.ignored;
            Value *more = *at ? value_copy(c->arena, *at) : value_array(c->arena);

            value_append(c->arena, more, value_str(c->arena, value_get_str(m, "name")));
            *at = more;
        }
    }
}

int config__read_extenders(const Conf *c, SchedConfig *to, Err *err)
{
    Conf list;
    uint32_t n, n_binders = 0;
    int r = conf_list(c, "extenders", &list, &n, err);

    if (r < 0)
        return r;
    to->extenders = arena_array(to->arena, ExtenderConf, n + 1);
    for (uint32_t i = 0; i < n; i++) {
        Conf item = conf_item(&list, i), bind = conf_get(&item, "bindVerb");

        r = read_one(&item, &to->extenders[i], err);
        if (r < 0)
            return r;
        n_binders += to->extenders[i].bind != NULL;
        if (n_binders > 1)
            return conf_wrong(&bind, err, "only one extender can implement bind");
        ignore_managed(to, to->extenders[i].managed);
        to->n_extenders++;
    }
    return 0;
}
