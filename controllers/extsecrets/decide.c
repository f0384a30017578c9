#include "controllers/extsecrets/decide.h"

#include "base/b64.h"
#include "base/err.h"
#include "base/gotime.h"
#include "base/random.h"
#include "client/meta.h"
#include "controllers/extsecrets/data.h"
#include "controllers/extsecrets/template.h"

static const char *const hash_key = "reconcile.external-secrets.io/data-hash";
static const char *const managed_key = "reconcile.external-secrets.io/managed";
static const char *const applied_key = "kubectl.kubernetes.io/last-applied-configuration";

/* ---- when ---- */

const char *extsecret_version(Arena *a, const Value *es)
{
    char hex[2 * SHA256_LEN + 1];
    Value *both = value_object(a), *annotations = value_at(es, "metadata.annotations");
    Value *labels = value_at(es, "metadata.labels");

    value_set(a, both, "annotations", annotations ? annotations : value_null(a));
    value_set(a, both, "labels", labels ? labels : value_null(a));
    sha256_hex(slice_of(value_to_str(a, both)), hex);
    return arena_printf(a, "%lld-%.56s", (long long)meta_generation(es), hex);
}

const char *extsecret_target_name(const Value *es)
{
    const char *name = value_at_str(es, "spec.target.name");

    return name && name[0] ? name : meta_name(es);
}

static const char *creation_policy(const Value *es)
{
    const char *s = value_at_str(es, "spec.target.creationPolicy");

    return s && s[0] ? s : "Owner";
}

static const char *data_hash(Arena *a, const Value *data)
{
    char hex[2 * SHA256_LEN + 1];
    Value *sorted = value_object(a);

    value_each_member(data, m)
    {
        uint32_t at = sorted->n;

        value_append_member(a, sorted, m->name, m->value);
        for (; at > 0 && strcmp(sorted->members[at - 1].name, m->name) > 0; at--)
            sorted->members[at] = sorted->members[at - 1];
        sorted->members[at] = *m;
    }
    sha256_hex(slice_of(value_to_str(a, sorted)), hex);
    return arena_strdup(a, hex);
}

/* Is the Secret what was made of it last? One that is merged into is looked at when its time
 * comes. */
static bool is_in_place(Arena *a, const Value *es, const Value *secret)
{
    const char *policy = creation_policy(es);
    const char *hash = meta_annotation(secret, hash_key);

    if (str_eq(policy, "None") || str_eq(policy, "Merge"))
        return true;
    if (!secret)
        return !value_at(es, "status.binding"); /* there is to be none */
    if (str_eq(policy, "Owner") && !meta_is_controlled_by(secret, meta_uid(es)))
        return false;
    return str_eq(meta_label(secret, managed_key), "true") && hash &&
           str_eq(hash, data_hash(a, value_get(secret, "data")));
}

static int64_t interval_ms(Arena *a, const Value *es)
{
    const char *text = value_at_str(es, "spec.refreshInterval");
    int64_t ns;

    if (!text || goduration_parse(a, slice_of(text), &ns))
        return 3600 * 1000;
    return ns <= 0 ? 0 : MAX(ns / 1000000, (int64_t)EXTSECRET_SHORTEST_MS);
}

int64_t extsecret_due_ms(Arena *a, const Value *es, const Value *secret, int64_t now_us)
{
    const char *policy = value_at_str(es, "spec.refreshPolicy");
    const char *synced = value_at_str(es, "status.syncedResourceVersion");
    int64_t last_us = value_time_us(es, "status.refreshTime"), interval = interval_ms(a, es), left;
    bool is_changed = !str_eq(synced, extsecret_version(a, es));

    if (!synced || last_us == 0 || !condition_is(es, "Ready", "True"))
        return 0;
    if (str_eq(policy, "CreatedOnce"))
        return is_in_place(a, es, secret) ? -1 : 0;
    if (!is_in_place(a, es, secret))
        return 0;
    if (str_eq(policy, "OnChange"))
        return is_changed ? 0 : -1;
    if (interval == 0)
        return -1;
    if (is_changed || last_us > now_us)
        return 0;
    left = last_us / 1000 + interval - now_us / 1000;
    return MAX(left, 0);
}

int64_t extsecret_retry_ms(unsigned n, uint64_t random)
{
    int64_t ms = EXTSECRET_FIRST_RETRY_MS;

    for (unsigned i = 1; i < n && ms < EXTSECRET_LAST_RETRY_MS; i++)
        ms *= 2;
    ms = MIN(ms, (int64_t)EXTSECRET_LAST_RETRY_MS);
    return ms * 3 / 4 + (int64_t)(random % (uint64_t)(ms / 2));
}

/* ---- what the Secret is to be ---- */

static int fill_one(Arena *a, Value *into, const char *name, const Value *template,
                    const Value *data, Err *err)
{
    AUTO_WIPED_BUF out = BUF_INIT;
    int r = 0;

    buf_reserve(&out, 4096);
    if (value_is(template, VALUE_STRING))
        r = extsecret_template((Slice){template->str, template->n}, data, &out, err);
    if (r < 0)
        return err_wrap(err, r, "template \"%.100s\"", name);
    value_set(a, into, name, value_strn(a, buf_str(&out), out.len));
    return 0;
}

static int fill_all(Arena *a, Value *into, const Value *templates, const Value *data, Err *err)
{
    size_t n = 0;

    value_each_member(templates, m)
    {
        int r = fill_one(a, into, m->name, m->value, data, err);

        if (r < 0)
            return r;
        n += strlen(m->name) + value_get(into, m->name)->n;
        if (n > EXTSECRET_MAX_BYTES)
            return err_set(err, ERR_TOO_LARGE, "the templates make more than %d bytes",
                           EXTSECRET_MAX_BYTES);
    }
    return 0;
}

/* The members in base64. */
static Value *encoded(Arena *a, const Value *data)
{
    Value *out = value_object(a);

    value_each_member(data, m)
    {
        AUTO_WIPED_BUF text = BUF_INIT;

        buf_reserve(&text, m->value->n * 4 / 3 + 8);
        b64_encode((Slice){m->value->str, m->value->n}, &text);
        value_append_member(a, out, m->name, value_str(a, buf_str(&text)));
    }
    return out;
}

static int make_data(Arena *a, const Value *es, const Value *data, Value **ret, Err *err)
{
    const Value *template = value_at(es, "spec.target.template");
    const Value *templates = value_get(template, "data");
    Value *out = value_object(a);
    int r;

    if (value_len(templates) == 0 || str_eq(value_get_str(template, "mergePolicy"), "Merge"))
        value_each_member(data, m) value_append_member(a, out, m->name, m->value);
    r = fill_all(a, out, templates, data, err);
    if (r == 0)
        *ret = encoded(a, out);
    return r;
}

/* Labels and annotations are the template's, or without a template those of the ExternalSecret. */
static int make_meta(Arena *a, const Value *es, const Value *data, const char *which, Value *into,
                     Err *err)
{
    const Value *template = value_at(es, "spec.target.template");

    if (template)
        return fill_all(a, into, value_get(value_get(template, "metadata"), which), data, err);
    value_each_member(value_get(value_get(es, "metadata"), which), m)
    {
        if (!str_eq(m->name, applied_key))
            value_set(a, into, m->name, value_copy(a, m->value));
    }
    return 0;
}

static Value *blank(Arena *a, const Value *es)
{
    Value *v = value_literal(a, "{'apiVersion':'v1','kind':'Secret','metadata':{}}");
    Value *meta = value_get(v, "metadata");

    value_set_str(a, meta, "name", extsecret_target_name(es));
    value_set_str(a, meta, "namespace", meta_ns(es));
    return v;
}

static int set_owner(Arena *a, const Value *es, Value *secret, Err *err)
{
    const Value *owner = meta_controller(secret);
    Value *refs;

    if (owner && str_eq(value_get_str(owner, "uid"), meta_uid(es)))
        return 0;
    if (owner)
        return err_set(err, ERR_INVALID, "Secret \"%s\" belongs to %s \"%s\"", meta_name(secret),
                       value_get_str(owner, "kind"), value_get_str(owner, "name"));
    refs = value_at(secret, "metadata.ownerReferences");
    if (!refs) {
        refs = value_array(a);
        value_set_at(a, secret, "metadata.ownerReferences", refs);
    }
    value_append(a, refs, meta_owner_ref(a, es));
    return 0;
}

/* Parts of the Secret that are the same for all policies. */
static int fill_in(Arena *a, const Value *es, const Value *data, Value *secret, Err *err)
{
    const char *type = value_at_str(es, "spec.target.template.type");
    Value *members = NULL, *annotations = value_need(a, secret, "metadata.annotations");
    int r = make_data(a, es, data, &members, err);

    if (r == 0)
        r = make_meta(a, es, data, "labels", value_need(a, secret, "metadata.labels"), err);
    if (r == 0)
        r = make_meta(a, es, data, "annotations", annotations, err);
    if (r < 0)
        return r;
    value_set(a, secret, "data", members);
    if (type && type[0])
        value_set_str(a, secret, "type", type);
    if (value_at_bool(es, "spec.target.immutable"))
        value_set_bool(a, secret, "immutable", true);
    return 0;
}

static int plan_merge(Arena *a, const Value *es, const Value *existing, const Value *data,
                      ExtPlan *ret, Err *err)
{
    int r;

    if (!existing) {
        ret->action = EXT_ABSENT;
        return 0;
    }
    ret->action = EXT_MERGE;
    ret->secret = blank(a, es);
    value_set_at(a, ret->secret, "metadata.uid", value_str(a, meta_uid(existing)));
    r = fill_in(a, es, data, ret->secret, err);
    value_del(ret->secret, "type"); /* is as it is */
    return r;
}

static int plan_whole(Arena *a, const Value *es, const Value *existing, const Value *data,
                      ExtPlan *ret, Err *err)
{
    Value *secret = existing ? value_copy(a, existing) : blank(a, es);
    int r = str_eq(creation_policy(es), "Owner") ? set_owner(a, es, secret, err) : 0;

    if (r == 0)
        r = fill_in(a, es, data, secret, err);
    if (r < 0)
        return r;
    value_set_str(a, value_need(a, secret, "metadata.labels"), managed_key, "true");
    value_set_str(a, value_need(a, secret, "metadata.annotations"), hash_key,
                  data_hash(a, value_get(secret, "data")));
    ret->secret = secret;
    ret->action = !existing ? EXT_CREATE : value_equal(secret, existing) ? EXT_KEEP : EXT_UPDATE;
    if (ret->action == EXT_UPDATE && value_at_bool(existing, "immutable"))
        ret->action = EXT_KEEP; /* it stays as it was made */
    return 0;
}

int extsecret_plan(Arena *a, const Value *es, const Value *existing, const Value *data,
                   ExtPlan *ret, Err *err)
{
    const char *policy = creation_policy(es);
    const char *deletion = value_at_str(es, "spec.target.deletionPolicy");

    *ret = (ExtPlan){.action = EXT_KEEP};
    if (str_eq(policy, "None"))
        return 0;
    if (value_len(data) == 0 && str_eq(deletion, "Delete")) {
        ret->action = EXT_DELETE;
        ret->secret = existing ? value_copy(a, existing) : NULL;
        return 0;
    }
    if (value_len(data) == 0 && !str_eq(deletion, "Merge")) {
        ret->action = EXT_RETAIN;
        return 0;
    }
    if (str_eq(policy, "Merge"))
        return plan_merge(a, es, existing, data, ret, err);
    return plan_whole(a, es, existing, data, ret, err);
}

/* ---- status ---- */

void extsecret_note_done(Arena *a, Value *es, ExtAction action, int64_t now_us)
{
    static const struct {
        const char *reason, *message;
    } rows[] = {
        [EXT_CREATE] = {"SecretSynced", "secret synced"},
        [EXT_UPDATE] = {"SecretSynced", "secret synced"},
        [EXT_MERGE] = {"SecretSynced", "secret synced"},
        [EXT_KEEP] = {"SecretSynced", "secret synced"},
        [EXT_DELETE] = {"SecretDeleted", "secret deleted due to DeletionPolicy=Delete"},
        [EXT_RETAIN] = {"SecretSynced", "secret retained due to DeletionPolicy=Retain"},
        [EXT_ABSENT] = {"SecretMissing", "secret will not be created due to CreationPolicy=Merge"},
    };
    Value *status = value_need(a, es, "status");
    bool has_none =
        action == EXT_DELETE || action == EXT_ABSENT || str_eq(creation_policy(es), "None");

    (void)condition_set(a, es,
                        &(Condition){.type = "Ready",
                                     .status = "True",
                                     .reason = rows[action].reason,
                                     .message = rows[action].message},
                        now_us);
    value_set(a, status, "refreshTime", value_time(a, now_us));
    value_set_str(a, status, "syncedResourceVersion", extsecret_version(a, es));
    if (has_none)
        (void)value_del(status, "binding");
    else if (action != EXT_RETAIN)
        value_set_at(a, status, "binding.name", value_str(a, extsecret_target_name(es)));
}

bool extsecret_note_failed(Arena *a, Value *es, const char *message, int64_t now_us)
{
    return condition_set(
        a, es,
        &(Condition){
            .type = "Ready", .status = "False", .reason = "SecretSyncedError", .message = message},
        now_us);
}

bool secretstore_note(Arena *a, Value *store, bool is_valid, const char *reason,
                      const char *message, int64_t now_us)
{
    bool changed = condition_set(a, store,
                                 &(Condition){.type = "Ready",
                                              .status = is_valid ? "True" : "False",
                                              .reason = reason,
                                              .message = message},
                                 now_us);

    if (str_eq(value_at_str(store, "status.capabilities"), "ReadOnly"))
        return changed;
    value_set_at(a, store, "status.capabilities", value_str(a, "ReadOnly"));
    return true;
}
