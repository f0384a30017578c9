#include "base/b64.h"
#include "base/clock.h"
#include "controllers/rows.h"

/*
 * Secrets of type kubernetes.io/service-account-token get a token of the service account that they
 * name, bound to the Secret: it is good for as long as the Secret is. A Secret whose account is
 * gone goes, too; a Secret that is gone is not in its account's list any more. Keys are Secrets;
 * "@NAME" is an account whose Secrets are to be looked at, "-SECRET ACCOUNT" a Secret that is gone.
 */

static const char *const storage = "secrets", *const accounts = "serviceaccounts";
static const char *const type = "kubernetes.io/service-account-token";
static const char *const name_key = "kubernetes.io/service-account.name",
                         *const uid_key = "kubernetes.io/service-account.uid";

static const int64_t lifetime_s = (int64_t)1 << 32; /* the longest there is */

static bool is_token(const Obj *o, const void *data)
{
    (void)data;
    return memmem(o->text, o->text_len, type, strlen(type)) != NULL;
}

static void map_gone(Controllers *c, uint32_t index, const Change *ch)
{
    const char *account = meta_annotation(obj_to_value(ch->arena, ch->obj, NULL, NULL), name_key);

    if (account && account[0])
        ctl_enqueue(c, index, ch->cluster, ch->ns,
                    arena_printf(ch->arena, "-%s %s", ch->name, account));
}

void satoken_map(Controllers *c, uint32_t index, const Change *ch)
{
    if (str_eq(ch->storage, accounts)) {
        if (ch->type == CHANGE_DELETED)
            ctl_enqueue(c, index, ch->cluster, ch->ns, arena_printf(ch->arena, "@%s", ch->name));
    } else if (is_token(ch->obj, NULL)) {
        if (ch->type != CHANGE_DELETED)
            ctl_map_self(c, index, ch);
        else
            map_gone(c, index, ch);
    }
}

static int enqueue_secrets(Ctl *ctl, Err *err)
{
    Values secrets;
    int r = ctl_list(ctl, storage, ctl->ns, is_token, NULL, &secrets, err);

    for (uint32_t i = 0; r == 0 && i < secrets.n; i++)
        if (str_eq(meta_annotation(secrets.items[i], name_key), ctl->name + 1))
            ctl_enqueue(ctl->all, ctl->index, ctl->cluster, ctl->ns, meta_name(secrets.items[i]));
    return r;
}

/* The account that the Secret means, on the server's word; NULL when there is none. */
static int find_account(Ctl *ctl, const Value *secret, Value **ret, Err *err)
{
    const char *name = meta_annotation(secret, name_key), *uid = meta_annotation(secret, uid_key);
    ObjRef at = ctl_ref(ctl, accounts, ctl->ns, name);
    int r = ctl_get(ctl, accounts, ctl->ns, name, ret, err);

    if (r == 0 && !*ret)
        r = client_get(ctl->client, ctl->arena, &at, ret, err);
    if (r == -ERR_NOT_FOUND)
        r = 0;
    if (r == 0 && *ret && uid && uid[0] && !str_eq(uid, meta_uid(*ret)))
        *ret = NULL;
    return r;
}

/* The Secret "-SECRET ACCOUNT" is gone: the account does not name it any more. */
static int drop_reference(Ctl *ctl, Err *err)
{
    const char *space = strchr(ctl->name, ' ');
    const char *name = arena_strndup(ctl->arena, ctl->name + 1, (size_t)(space - ctl->name - 1));
    ObjRef at = ctl_ref(ctl, accounts, ctl->ns, space + 1);
    Value *account, *secret, *rest = value_array(ctl->arena), *ref, *list;
    int r = ctl_get(ctl, storage, ctl->ns, name, &secret, err);

    if (r < 0 || secret)
        return r;
    r = ctl_get(ctl, accounts, ctl->ns, space + 1, &account, err);
    list = value_get(account, "secrets");
    value_each_item(list, i, ref)
    {
        if (!str_eq(value_get_str(ref, "name"), name))
            value_append(ctl->arena, rest, ref);
    }
    if (r < 0 || rest->n == value_len(list))
        return r;
    value_set(ctl->arena, account, "secrets", rest);
    r = client_update(ctl->client, ctl->arena, &at, account, NULL, err);
    return r == -ERR_NOT_FOUND ? 0 : r;
}

static bool is_empty(const Value *data, const char *key)
{
    const char *s = value_get_str(data, key);

    return !s || !s[0];
}

static int make_token(Ctl *ctl, const Value *secret, const char **ret, Err *err)
{
    Arena *a = ctl->arena;
    ObjRef at = ctl_ref(ctl, accounts, ctl->ns, meta_annotation(secret, name_key));
    Value *v = value_literal(a, "{'kind':'TokenRequest','apiVersion':'authentication.k8s.io/v1',"
                                "'spec':{'boundObjectRef':{'kind':'Secret','apiVersion':'v1'}}}");
    Value *ref = value_at(v, "spec.boundObjectRef"), *answer = NULL;
    int r;

    value_set_str(a, ref, "name", meta_name(secret));
    value_set_str(a, ref, "uid", meta_uid(secret));
    value_set_int(a, value_get(v, "spec"), "expirationSeconds", lifetime_s);
    at.subresource = "token";
    r = client_create(ctl->client, a, &at, v, &answer, err);
    *ret = value_at_str(answer, "status.token");
    if (r == 0 && !*ret)
        return err_set(err, ERR_INTERNAL, "no token came for %s", meta_name(secret));
    return r;
}

static bool put_data(Arena *a, Value *data, const char *key, const char *text)
{
    AUTO_BUF out = BUF_INIT;

    b64_encode(slice_of(text), &out);
    if (str_eq(value_get_str(data, key), buf_str(&out)))
        return false;
    value_set_str(a, data, key, buf_str(&out));
    return true;
}

static int fill(Ctl *ctl, Value *secret, const Value *account, Err *err)
{
    Arena *a = ctl->arena;
    const char *pem = ctl_options(ctl->all)->ca_pem, *token;
    ObjRef at = ctl_ref(ctl, storage, ctl->ns, ctl->name);
    Value *data = value_need(a, secret, "data");
    Value *annotations = value_need(a, secret, "metadata.annotations");
    bool changed = pem && put_data(a, data, "ca.crt", pem);
    int r;

    if (is_empty(data, "namespace"))
        changed = put_data(a, data, "namespace", ctl->ns) || changed;
    if (is_empty(data, "token")) {
        r = make_token(ctl, secret, &token, err);
        if (r < 0)
            return r;
        changed = put_data(a, data, "token", token) || changed;
    }
    if (!str_eq(value_get_str(annotations, uid_key), meta_uid(account))) {
        value_set_str(a, annotations, uid_key, meta_uid(account));
        changed = true;
    }
    return changed ? client_update(ctl->client, a, &at, secret, NULL, err) : 0;
}

int satoken_sync(Ctl *ctl, Err *err)
{
    Value *secret, *account = NULL;
    const char *name;
    int r;

    if (ctl->name[0] == '@')
        return enqueue_secrets(ctl, err);
    if (ctl->name[0] == '-')
        return drop_reference(ctl, err);
    r = ctl_get(ctl, storage, ctl->ns, ctl->name, &secret, err);
    if (r < 0 || !str_eq(value_get_str(secret, "type"), type) || meta_is_deleted(secret))
        return r;
    name = meta_annotation(secret, name_key);
    if (!name || !name[0])
        return 0;
    r = find_account(ctl, secret, &account, err);
    if (r < 0)
        return r;
    return account ? fill(ctl, secret, account, err) : ctl_delete(ctl, storage, secret, NULL, err);
}

/* ---- bootstrap tokens that have expired ---- */

void tokencleaner_map(Controllers *c, uint32_t index, const Change *ch)
{
    static const char bootstrap[] = "bootstrap.kubernetes.io/token";

    if (ch->type != CHANGE_DELETED && str_eq(ch->ns, "kube-system") &&
        memmem(ch->obj->text, ch->obj->text_len, bootstrap, strlen(bootstrap)))
        ctl_map_self(c, index, ch);
}

int tokencleaner_sync(Ctl *ctl, Err *err)
{
    AUTO_BUF text = BUF_INIT;
    const char *expires;
    int64_t at_us;
    Value *secret;
    int r;

    if (!str_eq(ctl->ns, "kube-system"))
        return 0;
    r = ctl_get(ctl, storage, ctl->ns, ctl->name, &secret, err);
    if (r < 0 || !str_eq(value_get_str(secret, "type"), "bootstrap.kubernetes.io/token"))
        return r;
    expires = value_at_str(secret, "data.expiration");
    if (!expires || !expires[0])
        return 0; /* it is good for ever */
    if (!b64_decode(slice_of(expires), &text) || !clock_from_rfc3339(buf_slice(&text), &at_us))
        at_us = 0; /* what cannot be read counts as expired */
    if (at_us > ctl->now_us)
        return ctl_wait_ms(at_us, ctl->now_us);
    return ctl_delete(ctl, storage, secret, NULL, err);
}
