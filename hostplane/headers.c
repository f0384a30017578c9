#include "hostplane/headers.h"

#include "base/b64.h"

#include <ctype.h>
#include <strings.h>

typedef struct HeaderField {
    const char *name;
    size_t at;      /* of a const char * in HttpReq */
    bool is_joined; /* several become one, separated by commas; else the first counts */
} HeaderField;

static const HeaderField fields[] = {
    {"Accept", offsetof(HttpReq, rq.accept), true},
    {"Accept-Encoding", offsetof(HttpReq, accept_encoding), true},
    {"Audit-Id", offsetof(HttpReq, rq.audit_id), false},
    {"Authorization", offsetof(HttpReq, authorization), false},
    {"Connection", offsetof(HttpReq, connection), true},
    {"Content-Type", offsetof(HttpReq, rq.content_type), false},
    {"Host", offsetof(HttpReq, host), false},
    {"If-None-Match", offsetof(HttpReq, rq.if_none_match), false},
    {"Impersonate-Uid", offsetof(HttpReq, rq.impersonate_uid), false},
    {"Impersonate-User", offsetof(HttpReq, rq.impersonate_user), false},
    {"Sec-WebSocket-Key", offsetof(HttpReq, ws_key), false},
    {"Sec-WebSocket-Protocol", offsetof(HttpReq, ws_protocols), true},
    {"Upgrade", offsetof(HttpReq, rq.upgrade), false},
    {"User-Agent", offsetof(HttpReq, rq.user_agent), false},
    {"X-Forwarded-For", offsetof(HttpReq, rq.forwarded_for), true},
    {"X-Real-Ip", offsetof(HttpReq, rq.real_ip), false},
};

static const char extra_prefix[] = "Impersonate-Extra-";

enum { MAX_IMPERSONATED = 256 };

typedef struct Reading {
    HttpReq *q;
    const char *groups[MAX_IMPERSONATED + 1];
    uint32_t n_groups;
    UserExtra extra[32];
    uint32_t n_extra;
} Reading;

static int hex_value(char c)
{
    const char *digits = "0123456789abcdef", *p = strchr(digits, tolower((unsigned char)c));

    return c && p ? (int)(p - digits) : -1;
}

/* The key of an Impersonate-Extra header: lower case, percent-decoded. */
static char *extra_key(Arena *a, const char *text)
{
    char *out = arena_strdup(a, text), *to = out;

    for (const char *p = text; *p; p++) {
        if (*p == '%' && hex_value(p[1]) >= 0 && hex_value(p[2]) >= 0) {
            *to++ = (char)(hex_value(p[1]) << 4 | hex_value(p[2]));
            p += 2;
        } else {
            *to++ = (char)tolower((unsigned char)*p);
        }
    }
    *to = 0;
    return out;
}

static void add_extra(Reading *r, const char *key, const char *value)
{
    Arena *a = r->q->arena;
    const char **values;
    uint32_t at = 0, n = 0;

    while (at < r->n_extra && strcmp(r->extra[at].key, key) != 0)
        at++;
    if (at == ARRAY_LEN(r->extra))
        return;
    if (at == r->n_extra)
        r->extra[r->n_extra++] = (UserExtra){key, NULL};
    while (r->extra[at].values && r->extra[at].values[n])
        n++;
    values = arena_array(a, const char *, n + 2);
    for (uint32_t i = 0; i < n; i++)
        values[i] = r->extra[at].values[i];
    values[n] = arena_strdup(a, value);
    r->extra[at].values = values;
}

static void read_field(HttpReq *q, const HeaderField *f, const char *value)
{
    const char **to = (const char **)((char *)q + f->at);

    if (!*to)
        *to = arena_strdup(q->arena, value);
    else if (f->is_joined)
        *to = arena_printf(q->arena, "%s, %s", *to, value);
}

static enum MHD_Result on_header(void *cls, enum MHD_ValueKind kind UNUSED, const char *key,
                                 const char *value)
{
    Reading *r = cls;
    HttpReq *q = r->q;

    if (!value)
        value = "";
    if (strcasecmp(key, "Content-Length") == 0) {
        int64_t n = 0;

        if (slice_to_int64(slice_of(value), &n) && n > 0)
            q->content_length = (size_t)n;
        return MHD_YES;
    }
    if (strcasecmp(key, "Impersonate-Group") == 0) {
        if (r->n_groups < MAX_IMPERSONATED)
            r->groups[r->n_groups++] = arena_strdup(q->arena, value);
        return MHD_YES;
    }
    if (strncasecmp(key, extra_prefix, sizeof(extra_prefix) - 1) == 0) {
        add_extra(r, extra_key(q->arena, key + sizeof(extra_prefix) - 1), value);
        return MHD_YES;
    }
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        if (strcasecmp(key, fields[i].name) == 0) {
            read_field(q, &fields[i], value);
            break;
        }
    }
    return MHD_YES;
}

void headers_read(HttpReq *q, struct MHD_Connection *c)
{
    Reading r = {.q = q};

    MHD_get_connection_values(c, MHD_HEADER_KIND, on_header, &r);
    if (r.n_groups > 0) {
        const char **groups = arena_array(q->arena, const char *, r.n_groups + 1);

        memcpy(groups, r.groups, r.n_groups * sizeof(*groups));
        q->rq.impersonate_groups = groups;
    }
    if (r.n_extra > 0) {
        UserExtra *extra = arena_array(q->arena, UserExtra, r.n_extra);

        memcpy(extra, r.extra, r.n_extra * sizeof(*extra));
        q->rq.impersonate_extra = extra;
        q->rq.n_impersonate_extra = r.n_extra;
    }
}

bool header_has(const char *list, const char *token)
{
    Slice rest = slice_of(list), item, word;
    size_t n = strlen(token);
    bool more = list != NULL;

    while (more) {
        more = slice_cut(&rest, ',', &item);
        (void)slice_cut(&item, ';', &word); /* without ';' the word is all of it */
        word = slice_trim(word);
        if (word.len == n && strncasecmp(word.ptr, token, n) == 0)
            return true;
    }
    return false;
}

Slice headers_bearer(HttpReq *q)
{
    static const char ws_prefix[] = "base64url.bearer.authorization.k8s.io.";
    Slice rest = slice_of(q->ws_protocols), item;
    bool more = q->ws_protocols != NULL;

    if (q->authorization && strncasecmp(q->authorization, "Bearer ", 7) == 0)
        return slice_trim(slice_of(q->authorization + 7));
    while (more) {
        more = slice_cut(&rest, ',', &item);
        item = slice_trim(item);
        if (slice_starts(item, ws_prefix)) {
            AUTO_BUF out = BUF_INIT;

            item.ptr += sizeof(ws_prefix) - 1;
            item.len -= sizeof(ws_prefix) - 1;
            if (b64url_decode(item, &out))
                return slice_of(arena_strndup(q->arena, buf_str(&out), out.len));
        }
    }
    return (Slice){"", 0};
}
