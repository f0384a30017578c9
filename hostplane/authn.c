#include "hostplane/authn.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "hostplane/headers.h"
#include "hostplane/target.h"
#include "tenancy/authn.h"
#include "tenancy/identity.h"

enum {
    MAX_USERS = 4,          /* clusters remembered a connection */
    USER_US = 60 * 1000000, /* for so long a checked certificate is not checked again */
};

/* A checked certificate of a connection, for one cluster. */
typedef struct CertUser {
    char cluster_uid[37];
    int64_t until_us;
    int64_t issued_s;
    Arena *arena; /* that `user` lives in */
    User user;
} CertUser;

void authn_forget(Conn *c)
{
    for (int i = 0; c->users && i < MAX_USERS; i++)
        arena_free(c->users[i].arena);
    free(c->users);
    c->users = NULL;
    free(c->cert_cluster);
    c->cert_cluster = NULL;
}

static const char *const *copy_list(Arena *a, const char *const *list)
{
    const char **out;
    uint32_t n = 0;

    while (list && list[n])
        n++;
    out = arena_array(a, const char *, n + 1);
    for (uint32_t i = 0; i < n; i++)
        out[i] = arena_strdup(a, list[i]);
    return out;
}

static void copy_user(Arena *a, const User *in, User *ret)
{
    *ret = (User){.name = arena_strdup(a, in->name),
                  .uid = arena_strdup(a, in->uid ? in->uid : ""),
                  .groups = copy_list(a, in->groups),
                  .n_extra = in->n_extra,
                  .node = in->node ? arena_strdup(a, in->node) : NULL};
    if (in->n_extra > 0) {
        UserExtra *extra = arena_array(a, UserExtra, in->n_extra);

        for (uint32_t i = 0; i < in->n_extra; i++)
            extra[i] =
                (UserExtra){arena_strdup(a, in->extra[i].key), copy_list(a, in->extra[i].values)};
        ret->extra = extra;
    }
}

static void user_of(const AuthUser *in, Arena *a, User *ret)
{
    UserExtra *extra = in->n_extra > 0 ? arena_array(a, UserExtra, in->n_extra) : NULL;

    for (uint32_t i = 0; i < in->n_extra; i++)
        extra[i] = (UserExtra){in->extra[i].key, in->extra[i].values};
    *ret = (User){.name = in->name,
                  .uid = in->uid,
                  .groups = in->groups,
                  .extra = extra,
                  .n_extra = in->n_extra,
                  .node = in->node};
}

static void look_at_certificate(Conn *c)
{
    unsigned n = 0;
    const gnutls_datum_t *list;

    c->has_looked = true;
    if (!c->tls)
        return;
    list = gnutls_certificate_get_peers(c->tls, &n);
    for (unsigned i = 0; list && i < n && i < ARRAY_LEN(c->chain); i++)
        c->chain[c->n_chain++] = (Slice){(const char *)list[i].data, list[i].size};
}

/* What it was let in by, for as long as it stays. */
static void remember(HttpReq *q, int64_t issued_s)
{
    cluster_unref(q->let_in);
    q->let_in = cluster_ref(q->cluster);
    q->let_in_as = q->rq.user.name;
    q->issued_s = issued_s;
}

bool authn_holds(HttpReq *q)
{
    return !q->let_in || tenancy_still_holds(server_options(q->front->server)->tenancy, q->let_in,
                                             q->let_in_as, q->issued_s, &q->held_at);
}

/* A certificate holds for as long as it is not taken back, which is looked up each time. */
static int not_revoked(HttpReq *q, int64_t issued_s, const char **ret_need, Err *err)
{
    if (q->rq.user.node) /* the platform's */
        return 0;
    remember(q, issued_s);
    return tenancy_check_revoked(server_options(q->front->server)->tenancy, q->cluster,
                                 q->rq.user.name, issued_s, ret_need, err);
}

static int check_certificate(HttpReq *q, const char **ret_need, Err *err)
{
    Conn *c = q->conn;
    int64_t now = clock_mono_us();
    CertUser *slot = NULL;
    AuthUser found;
    int r;

    if (!c->users)
        c->users = xcalloc(MAX_USERS, sizeof(*c->users));
    for (int i = 0; i < MAX_USERS; i++) {
        CertUser *u = &c->users[i];

        if (u->until_us > now && strcmp(u->cluster_uid, q->cluster->uid) == 0) {
            copy_user(q->arena, &u->user, &q->rq.user);
            return not_revoked(q, u->issued_s, ret_need, err);
        }
        if (!slot || u->until_us < slot->until_us)
            slot = u;
    }
    r = tenancy_authenticate_cert(server_options(q->front->server)->tenancy, q->cluster, c->chain,
                                  c->n_chain, q->arena, &found, err);
    if (r < 0)
        return r;
    user_of(&found, q->arena, &q->rq.user);
    arena_free(slot->arena);
    slot->arena = arena_new();
    copy_user(slot->arena, &q->rq.user, &slot->user);
    slot->until_us = now + USER_US;
    slot->issued_s = found.issued_s;
    snprintf(slot->cluster_uid, sizeof(slot->cluster_uid), "%s", q->cluster->uid);
    return not_revoked(q, slot->issued_s, ret_need, err);
}

bool authn_has_credential(HttpReq *q)
{
    if (q->conn && !q->conn->has_looked)
        look_at_certificate(q->conn);
    return (q->conn && q->conn->n_chain > 0) || headers_bearer(q).len > 0;
}

int authn_recognize(HttpReq *q, const char **ret_need, Err *err)
{
    int r;

    if (!authn_has_credential(q))
        return -ERR_UNAUTHORIZED;
    r = tenancy_recognize(server_options(q->front->server)->tenancy, q->cluster, headers_bearer(q),
                          q->conn ? q->conn->chain : NULL, q->conn ? q->conn->n_chain : 0, q->arena,
                          ret_need, err);
    return r == -ERR_UNAVAILABLE && *ret_need ? 1 : r == 0 ? 0 : -ERR_UNAUTHORIZED;
}

/* Which addresses a node may call its own depends on where it connects from. */
static void tell_origin(HttpReq *q)
{
    if (q->rq.user.node && q->rq.remote_ip && q->rq.remote_ip[0])
        q->rq.from = q->rq.remote_ip;
}

int authn_request(HttpReq *q, const char **ret_need, Err *err)
{
    static const char *const nobody[] = {"system:unauthenticated", NULL};
    Slice token = headers_bearer(q);
    int r_cert = 0, r;

    if (q->conn && !q->conn->has_looked)
        look_at_certificate(q->conn);
    if (q->conn && q->conn->n_chain > 0) {
        r_cert = check_certificate(q, ret_need, err);
        if (r_cert == -ERR_UNAVAILABLE && *ret_need)
            return 1;
        if (r_cert == 0) {
            tell_origin(q);
            return 0;
        }
    }
    if (token.len > 0) {
        AuthUser found;

        r = tenancy_authenticate_token(server_options(q->front->server)->tenancy, q->cluster, token,
                                       NULL, q->arena, &found, ret_need, err);
        if (r == -ERR_UNAVAILABLE && *ret_need)
            return 1;
        if (r == 0) {
            user_of(&found, q->arena, &q->rq.user);
            if (found.moved_to) {
                cluster_unref(q->cluster);
                q->cluster = cluster_ref(found.moved_to);
            }
            remember(q, found.issued_s);
        }
        return r;
    }
    if (r_cert < 0)
        return r_cert;
    r = tenancy_check_anonymous(server_options(q->front->server)->tenancy, q->cluster, q->rq.path,
                                ret_need, err);
    if (r == -ERR_UNAVAILABLE && *ret_need)
        return 1;
    if (r == 0)
        q->rq.user = (User){.name = "system:anonymous", .uid = "", .groups = nobody};
    return r;
}

Slice authn_named_cluster(HttpReq *q)
{
    Slice token = headers_bearer(q), name = {"", 0};
    Conn *c = q->conn;

    if (token.len > 0)
        name = tenancy_token_cluster(q->arena, token);
    if (name.len > 0 || !c)
        return name;
    if (!c->has_looked)
        look_at_certificate(c);
    if (!c->cert_cluster) {
        if (c->n_chain > 0)
            name = identity_cert_cluster(q->arena, c->chain[0]);
        c->cert_cluster =
            xstrndup(name.len > 0 ? name.ptr : "", target_is_cluster_name(name) ? name.len : 0);
    }
    return slice_of(c->cert_cluster);
}
