#include "api/podrefs.h"
#include "base/clock.h"
#include "controllers/legacytoken_sync.h"
#include "controllers/rows.h"

/*
 * The last use of tokens that Secrets have, and the end of those that nobody uses.
 *
 * Upstream's API server notes the use, and since when it does so in a ConfigMap of kube-system;
 * here that is a row of its own: the keys are the ConfigMap and "=SECRET", whose token was used.
 * The ConfigMap comes with the first such Secret of a cluster, so that one without them is not
 * written to. The other row is upstream's cleaner: its keys are Secrets, each looked at once a day.
 */

enum { DAY_MS = 24 * 3600 * 1000 };

static const char *const storage = "secrets", *const tracking_ns = "kube-system",
                         *const tracking_name =
                             "kube-apiserver-legacy-service-account-token-tracking";

static bool is_token(const Obj *o)
{
    static const char type[] = "kubernetes.io/service-account-token";

    return memmem(o->text, o->text_len, type, sizeof(type) - 1) != NULL;
}

/* ---- what is noted ---- */

void tokentracking_map(Controllers *c, uint32_t index, const Change *ch)
{
    bool is_map = str_eq(ch->storage, "configmaps") && str_eq(ch->ns, tracking_ns) &&
                  str_eq(ch->name, tracking_name);

    if (is_map || (str_eq(ch->storage, storage) && ch->type == CHANGE_ADDED && is_token(ch->obj)))
        ctl_enqueue(c, index, ch->cluster, tracking_ns, tracking_name);
}

static int keep_tracking(Ctl *ctl, Err *err)
{
    Arena *a = ctl->arena;
    ObjRef at = ctl_ref(ctl, "configmaps", tracking_ns, NULL);
    char today[CLOCK_DATE_MAX];
    Value *v;
    int r = ctl_get(ctl, "configmaps", tracking_ns, tracking_name, &v, err);

    if (r < 0 || (v && !legacytoken_tracking_is_bad(v)))
        return r;
    if (v) {
        at.name = tracking_name;
    } else {
        v = value_literal(a, "{'kind':'ConfigMap','apiVersion':'v1','metadata':{'namespace':"
                             "'kube-system'}}");
        value_set_at(a, v, "metadata.name", value_str(a, tracking_name));
    }
    value_set_str(a, value_need(a, v, "data"), "since", clock_to_date(ctl->now_us, today));
    r = at.name ? client_update(ctl->client, a, &at, v, NULL, err)
                : client_create(ctl->client, a, &at, v, NULL, err);
    return r == -ERR_ALREADY_EXISTS ? 0 : ctl_tolerate_terminating(r, err);
}

/* One label of a Secret; one that is gone or another by now needs none. */
static int put_label(Ctl *ctl, const Value *secret, const char *key, const char *value, Err *err)
{
    Arena *a = ctl->arena;
    ObjRef at = ctl_ref(ctl, storage, ctl->ns, meta_name(secret));
    Value *patch = value_object(a);

    value_set_str(a, value_need(a, patch, "metadata"), "uid", meta_uid(secret));
    value_set_str(a, value_need(a, patch, "metadata.labels"), key, value);
    return ctl_tolerate_gone(
        client_patch(ctl->client, a, &at, "application/merge-patch+json", patch, NULL, err));
}

static int note_use(Ctl *ctl, Err *err)
{
    char today[CLOCK_DATE_MAX];
    Value *secret;
    int r = ctl_get(ctl, storage, ctl->ns, ctl->name + 1, &secret, err);

    if (r < 0 || !legacytoken_is_one(secret) || meta_is_deleted(secret) ||
        legacytoken_is_noted(secret, ctl->now_us))
        return r;
    return put_label(ctl, secret, LEGACY_LAST_USED, clock_to_date(ctl->now_us, today), err);
}

int tokentracking_sync(Ctl *ctl, Err *err)
{
    Value *secret;
    int r;

    if (ctl->name[0] == '=')
        return note_use(ctl, err);
    if (str_eq(ctl->ns, tracking_ns) && str_eq(ctl->name, tracking_name))
        return keep_tracking(ctl, err);
    /* The first look names each Secret. */
    r = ctl_get(ctl, storage, ctl->ns, ctl->name, &secret, err);
    if (r == 0 && legacytoken_is_one(secret))
        ctl_enqueue(ctl->all, ctl->index, ctl->cluster, tracking_ns, tracking_name);
    return r;
}

/* ---- what nobody uses ---- */

void legacytoken_map(Controllers *c, uint32_t index, const Change *ch)
{
    if (ch->type != CHANGE_DELETED && is_token(ch->obj))
        ctl_map_self(c, index, ch);
}

static int is_mounted(Ctl *ctl, bool *ret, Err *err)
{
    Values pods;
    int r = ctl_list(ctl, "pods", ctl->ns, NULL, NULL, &pods, err);

    *ret = false;
    for (uint32_t i = 0; r == 0 && i < pods.n && !*ret; i++)
        *ret = podrefs_has(pods.items[i], storage, ctl->name);
    return r;
}

static int delete_unchanged(Ctl *ctl, const Value *secret, Err *err)
{
    ObjRef at = ctl_ref(ctl, storage, ctl->ns, ctl->name);
    Value *options = value_literal(ctl->arena, "{'kind':'DeleteOptions','apiVersion':'v1'}");

    value_set_at(ctl->arena, options, "preconditions.resourceVersion",
                 value_str(ctl->arena, value_at_str(secret, "metadata.resourceVersion")));
    return ctl_tolerate_gone(client_delete(ctl->client, ctl->arena, &at, options, NULL, err));
}

int legacytoken_sync(Ctl *ctl, Err *err)
{
    Value *secret = NULL, *tracking = NULL, *account = NULL;
    const char *name;
    LegacyVerb verb;
    bool mounted = false;
    char today[CLOCK_DATE_MAX];
    int r = ctl_get(ctl, storage, ctl->ns, ctl->name, &secret, err);

    if (r < 0 || !legacytoken_is_one(secret))
        return r;
    name = meta_annotation(secret, "kubernetes.io/service-account.name");
    r = ctl_get(ctl, "configmaps", tracking_ns, tracking_name, &tracking, err);
    if (r == 0 && name && name[0])
        r = ctl_get(ctl, "serviceaccounts", ctl->ns, name, &account, err);
    if (r < 0)
        return r;
    verb =
        legacytoken_decide(&(LegacyFacts){secret, tracking, account, ctl->now_us, LEGACY_PERIOD_S});
    if (verb != LEGACY_KEEP)
        r = is_mounted(ctl, &mounted, err);
    if (r == 0 && verb == LEGACY_MARK && !mounted)
        r = put_label(ctl, secret, LEGACY_INVALID_SINCE, clock_to_date(ctl->now_us, today), err);
    else if (r == 0 && verb == LEGACY_DELETE && !mounted)
        r = delete_unchanged(ctl, secret, err);
    return r < 0 ? r : DAY_MS;
}
