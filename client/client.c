#include "client/client.h"

#include "base/err.h"
#include "client/status.h"

enum { BODY_USUAL = 1024 /* most are printed without growing */ };

int client_call(Client *c, Arena *a, const ClientRequest *req, ClientReply *ret, Err *err)
{
    return c->call(c, a, req, ret, err);
}

void client_call_all(Client *c, Arena *a, const ClientRequest *reqs, size_t n, ClientReply *rets)
{
    if (c->call_all) {
        c->call_all(c, a, reqs, n, rets);
        return;
    }
    for (size_t i = 0; i < n; i++)
        if (c->call(c, a, &reqs[i], &rets[i], NULL) < 0)
            rets[i] = (ClientReply){0};
}

int client_reply_check(Arena *a, const ClientReply *reply, Err *err)
{
    if (reply->status == 0)
        return err_set(err, ERR_UNAVAILABLE, "there was no answer");
    return reply->status >= 300 ? client_status_error(a, reply->status, reply->body, err) : 0;
}

void client_close(Client *c)
{
    if (c)
        c->close(c);
}

/* Percent-encode everything that may not stand in one path segment. */
static void add_segment(Buf *b, const char *s)
{
    for (; *s; s++) {
        unsigned char ch = (unsigned char)*s;

        if ((ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
            strchr("-._~:@$&+=,;!*'()", ch))
            buf_addc(b, (char)ch);
        else
            buf_addf(b, "%%%02X", ch);
    }
}

const char *client_path(Arena *a, const ObjRef *at)
{
    const Resource *r = at->resource;
    AUTO_BUF b = BUF_INIT;

    if (r->group[0])
        buf_addf(&b, "/apis/%s/%s", r->group, r->version);
    else
        buf_addf(&b, "/api/%s", r->version);
    if (r->is_namespaced && at->ns && at->ns[0]) {
        buf_adds(&b, "/namespaces/");
        add_segment(&b, at->ns);
    }
    buf_addc(&b, '/');
    buf_adds(&b, r->plural);
    if (at->name && at->name[0]) {
        buf_addc(&b, '/');
        add_segment(&b, at->name);
    }
    if (at->subresource) {
        buf_addc(&b, '/');
        buf_adds(&b, at->subresource);
    }
    return arena_strndup(a, buf_str(&b), b.len);
}

/* What one object call consists of, beside the place. */
typedef struct ObjCall {
    const char *method, *query, *content_type;
    const Value *body;
} ObjCall;

static ClientRequest request_of(Arena *a, const ObjRef *at, const ObjCall *call)
{
    ClientRequest req = {
        .cluster = at->cluster,
        .method = call->method,
        .path = client_path(a, at),
        .query = call->query,
        .content_type = call->content_type,
    };
    AUTO_BUF text = BUF_INIT;

    if (call->body) {
        buf_reserve(&text, BODY_USUAL);
        value_print(call->body, &text);
        req.body = (Slice){arena_strndup(a, buf_str(&text), text.len), text.len};
    }
    return req;
}

static int object_call(Client *c, Arena *a, const ObjRef *at, const ObjCall *call, Value **ret,
                       Err *err)
{
    ClientRequest req = request_of(a, at, call);
    ClientReply reply = {0};
    int r;

    r = client_call(c, a, &req, &reply, err);
    if (r < 0)
        return r;
    if (reply.status >= 300)
        return client_status_error(a, reply.status, reply.body, err);
    if (!ret)
        return 0;
    *ret = NULL;
    if (reply.body.len == 0)
        return 0;
    r = value_parse(a, reply.body, ret, err);
    if (r < 0)
        return err_wrap(err, r, "%s %s: the answer", call->method, req.path);
    return 0;
}

int client_get(Client *c, Arena *a, const ObjRef *at, Value **ret, Err *err)
{
    return object_call(c, a, at, &(ObjCall){.method = "GET"}, ret, err);
}

int client_list(Client *c, Arena *a, const ObjRef *at, const char *query, Value **ret, Err *err)
{
    ObjRef collection = *at;

    collection.name = NULL;
    return object_call(c, a, &collection, &(ObjCall){.method = "GET", .query = query}, ret, err);
}

/* Objects are created in their collection; what is posted to a subresource goes to its object. */
static ObjRef place_of_create(const ObjRef *at)
{
    ObjRef place = *at;

    if (!at->subresource)
        place.name = NULL;
    return place;
}

ClientRequest client_request(Arena *a, const char *method, const ObjRef *at,
                             const char *content_type, const Value *body)
{
    ObjRef place = str_eq(method, "POST") ? place_of_create(at) : *at;

    return request_of(a, &place,
                      &(ObjCall){.method = method, .content_type = content_type, .body = body});
}

int client_create(Client *c, Arena *a, const ObjRef *at, const Value *v, Value **ret, Err *err)
{
    ObjRef place = place_of_create(at);

    return object_call(c, a, &place, &(ObjCall){.method = "POST", .body = v}, ret, err);
}

int client_update(Client *c, Arena *a, const ObjRef *at, const Value *v, Value **ret, Err *err)
{
    return object_call(c, a, at, &(ObjCall){.method = "PUT", .body = v}, ret, err);
}

int client_patch(Client *c, Arena *a, const ObjRef *at, const char *content_type,
                 const Value *patch, Value **ret, Err *err)
{
    return object_call(c, a, at,
                       &(ObjCall){.method = "PATCH", .content_type = content_type, .body = patch},
                       ret, err);
}

int client_delete(Client *c, Arena *a, const ObjRef *at, const Value *options, Value **ret,
                  Err *err)
{
    return object_call(c, a, at, &(ObjCall){.method = "DELETE", .body = options}, ret, err);
}
