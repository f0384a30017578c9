#include "base/b64.h"
#include "base/clock.h"
#include "base/hmac.h"
#include "controllers/ctl.h"
#include "controllers/rows.h"

/*
 * The bootstrap signer: a client that knows nothing but a bootstrap token can trust the kubeconfig
 * in the ConfigMap cluster-info of kube-public, because it carries a detached signature (JWS,
 * HS256) made with the token's secret. As upstream pkg/controller/bootstrap.
 */

static const char *const info_ns = "kube-public", *const info_name = "cluster-info";
static const char prefix[] = "jws-kubeconfig-", type[] = "bootstrap.kubernetes.io/token";

void bootstrapsigner_map(Controllers *c, uint32_t index, const Change *ch)
{
    bool is_info =
        str_eq(ch->storage, "configmaps") && str_eq(ch->ns, info_ns) && str_eq(ch->name, info_name);
    bool is_token = str_eq(ch->storage, "secrets") && str_eq(ch->ns, "kube-system") &&
                    memmem(ch->obj->text, ch->obj->text_len, type, strlen(type));

    if (is_info || is_token)
        ctl_enqueue(c, index, ch->cluster, info_ns, info_name);
}

/* ---- tokens ---- */

static const char *decoded(Arena *a, const Value *secret, const char *key)
{
    AUTO_BUF out = BUF_INIT;
    const char *text = value_get_str(value_get(secret, "data"), key);

    return text && b64_decode(slice_of(text), &out) ? arena_strndup(a, buf_str(&out), out.len)
                                                    : NULL;
}

static bool is_expired(const char *when, int64_t now_us)
{
    int64_t at_us;

    return when && when[0] && (!clock_from_rfc3339(slice_of(when), &at_us) || at_us <= now_us);
}

static bool has_type(const Obj *o, const void *data UNUSED)
{
    return memmem(o->text, o->text_len, type, strlen(type)) != NULL;
}

/* header..signature: the payload is the ConfigMap's own text. */
static const char *sign(Arena *a, const char *id, const char *secret, const char *text)
{
    AUTO_BUF in = BUF_INIT, out = BUF_INIT;
    unsigned char mac[HMAC_SHA256_LEN];
    const char *header = arena_printf(a, "{\"alg\":\"HS256\",\"kid\":\"%s\"}", id);

    b64url_encode(slice_of(header), &in);
    buf_adds(&out, buf_str(&in));
    buf_adds(&out, "..");
    buf_addc(&in, '.');
    b64url_encode(slice_of(text), &in);
    hmac_sha256(slice_of(secret), buf_slice(&in), mac);
    b64url_encode((Slice){(const char *)mac, sizeof(mac)}, &out);
    return arena_strndup(a, buf_str(&out), out.len);
}

/* Six letters or digits. */
static bool is_token_id(const char *id)
{
    size_t n = 0;

    for (; id && id[n]; n++)
        if (!(id[n] >= 'a' && id[n] <= 'z') && !(id[n] >= '0' && id[n] <= '9'))
            return false;
    return n == 6;
}

/* Adds the signature of a token that may sign. */
static void add_signature(Ctl *ctl, const Value *secret, const char *text, Value *to)
{
    Arena *a = ctl->arena;
    const char *id = decoded(a, secret, "token-id"), *key = decoded(a, secret, "token-secret");

    if (!str_eq(value_get_str(secret, "type"), type) || meta_is_deleted(secret) ||
        !is_token_id(id) || !key || !key[0] ||
        is_expired(decoded(a, secret, "expiration"), ctl->now_us) ||
        !str_eq(decoded(a, secret, "usage-bootstrap-signing"), "true") ||
        !str_eq(meta_name(secret), arena_printf(a, "bootstrap-token-%s", id)))
        return;
    value_set_str(a, to, arena_printf(a, "%s%s", prefix, id), sign(a, id, key, text));
}

int bootstrapsigner_sync(Ctl *ctl, Err *err)
{
    Arena *a = ctl->arena;
    ObjRef at = ctl_ref(ctl, "configmaps", info_ns, info_name);
    Value *info, *data;
    const char *text;
    Values secrets;
    int r;

    if (!str_eq(ctl->ns, info_ns) || !str_eq(ctl->name, info_name))
        return 0;
    r = ctl_get(ctl, "configmaps", info_ns, info_name, &info, err);
    text = r == 0 ? value_get_str(value_get(info, "data"), "kubeconfig") : NULL;
    if (r < 0 || !text)
        return r;
    r = ctl_list(ctl, "secrets", "kube-system", has_type, NULL, &secrets, err);
    if (r < 0)
        return r;
    data = value_object(a);
    value_each_member(value_get(info, "data"), m)
    {
        if (!str_starts(m->name, prefix))
            value_set(a, data, m->name, m->value);
    }
    for (uint32_t i = 0; i < secrets.n; i++)
        add_signature(ctl, secrets.items[i], text, data);
    if (value_equal(data, value_get(info, "data")))
        return 0;
    value_set(a, info, "data", data);
    return client_update(ctl->client, a, &at, info, NULL, err);
}
