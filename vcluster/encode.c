/*
 * encode.c - replies: objects, lists, Tables and PartialObjectMetadata from stored texts.
 *
 * An object in its own version and form is never parsed: its text is copied with kind, apiVersion
 * and resourceVersion put in.
 */
#include "api/crd.h"
#include "api/decode.h"
#include "api/protobuf.h"
#include "api/table.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/yaml.h"
#include "vcluster/convert.h"
#include "vcluster/crconvert.h"
#include "vcluster/vcluster_int.h"

/* The i-th text stands before already. */
static bool warnings_have(const Warnings *w, uint32_t i)
{
    for (uint32_t k = 0; k < i; k++)
        if (strcmp(w->items[k], w->items[i]) == 0)
            return true;
    return false;
}

void reply_header(Request *req, const char *name, const char *value)
{
    Reply *p = &req->reply;

    if (p->n_headers == p->cap_headers) {
        uint32_t cap = p->cap_headers ? p->cap_headers * 2 : 8;
        Header *bigger = arena_array(req->arena, Header, cap);

        if (p->n_headers > 0)
            memcpy(bigger, p->headers, p->n_headers * sizeof(*bigger));
        p->headers = bigger;
        p->cap_headers = cap;
    }
    p->headers[p->n_headers++] = (Header){name, value};
}

/* Bytes of the first `max` runes; *ret_n counts those that are there. */
static size_t rune_prefix(const char *s, size_t max, size_t *ret_n)
{
    size_t at = 0, n = 0;

    while (s[at] && n < max) {
        at++;
        while (((unsigned char)s[at] & 0xc0) == 0x80)
            at++;
        n++;
    }
    *ret_n = n;
    return at;
}

/* A text with control characters cannot be a header and is not sent. */
static bool is_sendable(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s < 0x20 || *s == 0x7f)
            return false;
    return true;
}

static void send_warning(Request *req, const char *s, size_t n)
{
    AUTO_BUF text = BUF_INIT;

    buf_adds(&text, "299 - \"");
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '"' || s[i] == '\\')
            buf_addc(&text, '\\');
        buf_addc(&text, s[i]);
    }
    buf_addc(&text, '"');
    reply_header(req, "Warning", arena_strdup(req->arena, buf_str(&text)));
}

/* Each text once. When all together are too long, each is cut, and what then still is too much is
 * left out, as apiserver's recorder of warnings does. */
void reply_warnings(Request *req)
{
    enum { TOTAL_RUNES = 4 * 1024, ITEM_RUNES = 256 };
    const Warnings *w = &req->state->warnings;
    size_t total = 0, n;
    bool cuts;

    for (uint32_t i = 0; i < w->n; i++) {
        (void)rune_prefix(w->items[i], SIZE_MAX, &n);
        total += is_sendable(w->items[i]) && !warnings_have(w, i) ? n : 0;
    }
    cuts = total > TOTAL_RUNES;
    total = 0;
    for (uint32_t i = 0; i < w->n && !(cuts && total >= TOTAL_RUNES); i++) {
        size_t bytes = rune_prefix(w->items[i], cuts ? ITEM_RUNES : SIZE_MAX, &n);

        if (!w->items[i][0] || !is_sendable(w->items[i]) || warnings_have(w, i))
            continue;
        total += n;
        send_warning(req, w->items[i], bytes);
    }
}

int reply_text(Request *req, int status, const char *content_type, Slice body)
{
    req->reply.kind = REPLY_BODY;
    req->reply.status = status;
    req->reply.content_type = content_type;
    req->reply.body = body;
    return STEP_DONE;
}

/* Take over the bytes of a Buf as a JSON reply, or turn them into what the client asked for. */
static int reply_buf(Request *req, int status, Buf *text)
{
    const Accept *acc = req->state ? &req->state->accept : NULL;
    size_t n = text->len;
    Value *v;

    if (acc && (acc->kind == ACCEPT_YAML || acc->is_pretty) &&
        value_parse(req->arena, buf_slice(text), &v, NULL) == 0) {
        buf_reset(text);
        if (acc->kind == ACCEPT_YAML)
            value_print_yaml(v, text);
        else
            value_print_pretty(v, 2, text); /* Go's indented form ends without a newline */
        n = text->len;
    } else
        buf_addc(text, '\n'), n = text->len;
    {
        char *p = buf_take(text);

        arena_on_free(req->arena, free, p);
        return reply_text(req, status,
                          acc && acc->kind == ACCEPT_YAML ? "application/yaml" : "application/json",
                          (Slice){p, n});
    }
}

/* Take over `all`, of which `body` is the part to send. */
static int reply_wire(Request *req, int status, Buf *all, Slice body)
{
    arena_on_free(req->arena, free, buf_take(all));
    return reply_text(req, status, "application/vnd.kubernetes.protobuf", body);
}

int reply_protobuf(Request *req, int status, const Value *v)
{
    AUTO_BUF bytes = BUF_INIT;

    BUG_ON(!protobuf_encode(req->arena, v, &bytes));
    return reply_wire(req, status, &bytes, buf_slice(&bytes));
}

int reply_json(Request *req, int status, const Value *v)
{
    AUTO_BUF text = BUF_INIT;

    if (req->state && req->state->accept.kind == ACCEPT_PROTOBUF &&
        protobuf_encode(req->arena, v, &text))
        return reply_wire(req, status, &text, buf_slice(&text));
    value_print(v, &text);
    return reply_buf(req, status, &text);
}

/* Stored before the schema of its kind changed: it is read as if it were stored now. */
static bool is_stale(const Resource *r, const Obj *o)
{
    return r->crd && o->revision <= r->crd->since;
}

Value *object_tree(Arena *a, const Resource *r, const Obj *o)
{
    char version[256];
    Value *v = obj_to_value(a, o, r->kind, resource_api_version(r, version));

    if (convert_is_needed(r)) {
        convert_from_storage(a, r, v);
        normalize_object(a, r, v);
    } else if (is_stale(r, o)) {
        const Resource *as = r->crd->needs_webhook ? r : r->crd->storage;

        default_object(a, as, v);
        normalize_object(a, as, v);
    }
    if (r->crd)
        value_del(v, STORED_AS);
    return v;
}

static void write_object(const Resource *r, const Obj *o, bool with_type, Buf *out)
{
    char version[256];

    if (convert_is_needed(r) || is_stale(r, o) || (r->crd && crconvert_is_named(o))) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *v = object_tree(a, r, o);

        if (!with_type) {
            value_del(v, "kind");
            value_del(v, "apiVersion");
        }
        value_print(v, out);
        return;
    }
    obj_write(o, with_type ? r->kind : NULL, with_type ? resource_api_version(r, version) : NULL,
              out);
}

/* The text of metadata with the revision, as "metadata":{...}. */
static void write_metadata(const Obj *o, Buf *out)
{
    const char *p = o->text + o->rv_offset, *end = o->text + o->text_len;
    bool in_string = false;
    int depth = 1;

    buf_add(out, o->text + 1, o->rv_offset - 1);
    if (o->revision > 0) {
        buf_addf(out, "\"resourceVersion\":\"%lld\"", (long long)o->revision);
        if (*p != '}')
            buf_addc(out, ',');
    }
    for (const char *q = p; q < end; q++) {
        if (in_string) {
            if (*q == '\\')
                q++;
            else if (*q == '"')
                in_string = false;
        } else if (*q == '"')
            in_string = true;
        else if (*q == '{')
            depth++;
        else if (*q == '}' && --depth == 0) {
            buf_add(out, p, (size_t)(q + 1 - p));
            return;
        }
    }
}

static void write_partial(const Obj *o, const char *version, Buf *out)
{
    buf_addf(out, "{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/%s\",",
             version);
    write_metadata(o, out);
    buf_addc(out, '}');
}

int encoding_of(Request *req, const Resource *r, bool is_list, Encoding *ret)
{
    const Accept *acc = &req->state->accept;
    const char *include = query_get(&req->state->query, "includeObject");
    const char *package = r->group[0] ? arena_strdup(req->arena, r->group) : "core";

    *ret = (Encoding){.r = r, .as = acc->as, .as_version = acc->as_version};
    if (acc->kind == ACCEPT_PROTOBUF)
        ret->wire = acc->as == AS_OBJECT
                        ? r->type
                        : type_find("io.k8s.apimachinery.pkg.apis.meta.v1.PartialObjectMetadata");
    resource_api_version(r, ret->api_version);
    if (strchr(package, '.'))
        package = arena_strndup(req->arena, package, strcspn(package, "."));
    if (acc->as == AS_TABLE && include && include[0]) {
        if (str_eq(include, "None"))
            ret->include_none = true;
        else if (str_eq(include, "Object"))
            ret->include_object = true;
        else if (!str_eq(include, "Metadata"))
            return fail(req, ERR_BAD_REQUEST,
                        "Unable to convert to Table as requested: includeObject: Invalid value: "
                        "\"%s\": must be 'Metadata', 'Object', 'None', or empty",
                        include);
    }
    if (is_list && acc->as == AS_PARTIAL)
        return fail_status(
            req, 406, "NotAcceptable", NULL,
            arena_printf(req->arena,
                         "you requested PartialObjectMetadata, but the requested object is a list "
                         "(*%s.%sList)",
                         r->crd ? "unstructured" : package, r->crd ? "Unstructured" : r->kind));
    if (!is_list && acc->as == AS_PARTIAL_LIST)
        return fail_status(
            req, 406, "NotAcceptable", NULL,
            arena_printf(req->arena,
                         "you requested PartialObjectMetadataList, but the requested object is not "
                         "a list (*%s.%s)",
                         package, r->kind));
    return STEP_OK;
}

/* Cells are those of the stored version: others may lack what a cell shows. */
static Value *cells_of(Arena *a, const Encoding *e, const Obj *o, const Value *v, int64_t now_us)
{
    const Resource *r = convert_is_needed(e->r) ? resource_find_storage(e->r->storage) : e->r;

    return table_cells(a, e->r, r == e->r ? v : object_tree(a, r, o), now_us);
}

static void write_row(const Encoding *e, const Obj *o, int64_t now_us, Buf *out)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = object_tree(a, e->r, o), *cells = cells_of(a, e, o, v, now_us);
    const Value *conditions = table_row_conditions(a, e->r, v);

    buf_adds(out, "{\"cells\":");
    value_print(cells, out);
    if (conditions) {
        buf_adds(out, ",\"conditions\":");
        value_print(conditions, out);
    }
    buf_adds(out, ",\"object\":");
    if (e->include_none)
        buf_adds(out, "null");
    else if (e->include_object)
        write_object(e->r, o, true, out);
    else
        write_partial(o, e->as_version, out);
    buf_addc(out, '}');
}

static void open_table(const Encoding *e, int64_t revision, const char *cont, int64_t remaining,
                       bool with_columns, Buf *out)
{
    buf_addf(out, "{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/%s\",\"metadata\":{",
             e->as_version);
    if (revision > 0)
        buf_addf(out, "\"resourceVersion\":\"%lld\"", (long long)revision);
    if (cont && cont[0])
        buf_addf(out, ",\"continue\":\"%s\"", cont);
    if (remaining > 0)
        buf_addf(out, ",\"remainingItemCount\":%lld", (long long)remaining);
    buf_adds(out, "},\"columnDefinitions\":");
    if (with_columns)
        table_write_columns(e->r, out);
    else
        buf_adds(out, "null");
    buf_adds(out, ",\"rows\":");
}

static Value *wire_tree(Arena *a, const Encoding *e, const Obj *o)
{
    AUTO_BUF text = BUF_INIT;
    Value *v;

    if (e->as == AS_OBJECT)
        return object_tree(a, e->r, o);
    write_partial(o, e->as_version, &text);
    return value_parse(a, buf_slice(&text), &v, NULL) == 0 ? v : value_object(a);
}

static void write_wire(const Encoding *e, const Obj *o, Buf *out)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const Value *v = wire_tree(a, e, o);

    protobuf_write(e->wire, value_get_text(v, "apiVersion"), value_get_text(v, "kind"), v, out);
}

void encode_object(const Encoding *e, const Obj *o, bool with_columns, int64_t now_us, Buf *out)
{
    if (e->wire) {
        write_wire(e, o, out);
        return;
    }
    switch (e->as) {
    case AS_TABLE:
        open_table(e, o->revision, NULL, 0, with_columns, out);
        buf_addc(out, '[');
        write_row(e, o, now_us, out);
        buf_adds(out, "]}");
        break;
    case AS_PARTIAL:
    case AS_PARTIAL_LIST:
        write_partial(o, e->as_version, out);
        break;
    case AS_OBJECT:
        write_object(e->r, o, true, out);
        break;
    }
}

int reply_object(Request *req, int status, const Resource *r, const Subresource *sub, const Obj *o)
{
    AUTO_BUF text = BUF_INIT;
    Encoding e;
    int s = encoding_of(req, r, false, &e);

    (void)sub;
    if (s)
        return s;
    encode_object(&e, o, true, clock_now_us(), &text);
    reply_warnings(req);
    return e.wire ? reply_wire(req, status, &text, buf_slice(&text))
                  : reply_buf(req, status, &text);
}

int reply_value(Request *req, int status, const Resource *r, Value *v)
{
    char version[256];

    if (r && value_get(v, "metadata") && req->state->accept.as != AS_OBJECT) {
        CLEANUP(obj_unref) Obj *o = NULL;
        Value *rv = value_at(v, "metadata.resourceVersion");
        int64_t revision = 0;

        if (rv)
            (void)slice_to_int64(slice_of(value_to_cstr(rv)), &revision);
        if (obj_from_value(v, revision, &o, NULL) == 0)
            return reply_object(req, status, r, NULL, o);
    }
    if (r && !value_get(v, "kind")) {
        Value *t = value_object(req->arena);

        value_set_str(req->arena, t, "kind", r->kind);
        value_set_str(req->arena, t, "apiVersion", resource_api_version(r, version));
        value_each_member(v, m) value_set(req->arena, t, m->name, m->value);
        v = t;
    }
    reply_warnings(req);
    return reply_json(req, status, v);
}

typedef struct Ranked {
    Obj *obj;
    int64_t rank;
} Ranked;

static int by_rank(const void *x, const void *y)
{
    const Ranked *a = x, *b = y;

    return a->rank != b->rank ? (a->rank < b->rank ? -1 : 1) : strcmp(a->obj->name, b->obj->name);
}

static void add_refs(const ObjVec *from, ObjVec *to)
{
    for (size_t i = 0; i < from->n; i++)
        objvec_add(to, obj_ref(from->items[i]));
}

/* Tables of flow schemas are in the order in which those are tried. */
static void table_order(Request *req, const Resource *r, const ObjVec *v, ObjVec *sorted)
{
    Ranked *ranked;

    if (!str_eq(r->storage, "flowcontrol/flowschemas")) {
        add_refs(v, sorted);
        return;
    }
    ranked = arena_array(req->arena, Ranked, v->n);
    for (size_t i = 0; i < v->n; i++)
        ranked[i] = (Ranked){v->items[i], value_at_int(object_tree(req->arena, r, v->items[i]),
                                                       "spec.matchingPrecedence", 0)};
    qsort(ranked, v->n, sizeof(*ranked), by_rank);
    for (size_t i = 0; i < v->n; i++)
        objvec_add(sorted, obj_ref(ranked[i].obj));
}

/* One piece of memory instead of a series that grows. */
static void reserve_items(const ObjVec *v, Buf *out)
{
    enum { ITEM_EXTRA = 64 }; /* resourceVersion, comma */
    size_t n = 0;

    for (size_t i = 0; i < v->n; i++)
        n += v->items[i]->text_len + ITEM_EXTRA;
    buf_reserve(out, n + ITEM_EXTRA);
}

/* A list that is being written, in slices. */
typedef struct ListReply {
    const Resource *r;
    Encoding e;
    ObjVec items;
    size_t next;
    Buf text;
    int64_t now_us;
    bool is_plain;
    const char *kind, *api_version; /* in protobuf */
} ListReply;

static void list_reply_done(void *data)
{
    ListReply *l = data;

    objvec_done(&l->items);
    buf_done(&l->text);
}

static void write_wire_item(ListReply *l, const Obj *o)
{
    CLEANUP(arena_free) Arena *a = arena_new();

    protobuf_list_add(l->e.wire, wire_tree(a, &l->e, o), &l->text);
}

static void write_item(ListReply *l, const Obj *o)
{
    if (l->e.wire) {
        write_wire_item(l, o);
        return;
    }
    if (l->next > 0)
        buf_addc(&l->text, ',');
    if (l->is_plain)
        obj_write(o, NULL, NULL, &l->text);
    else if (l->e.as == AS_TABLE)
        write_row(&l->e, o, l->now_us, &l->text);
    else if (l->e.as == AS_OBJECT)
        write_object(l->r, o, l->r->crd != NULL, &l->text);
    else
        write_partial(o, l->e.as_version, &l->text);
}

static int write_items(Request *req, void *data)
{
    enum { BETWEEN_LOOKS = 16 }; /* items */
    ListReply *l = data;
    int64_t end_us = engine_slice_end(req);

    for (; l->next < l->items.n; l->next++) {
        if (l->next % BETWEEN_LOOKS == BETWEEN_LOOKS - 1 && clock_mono_us() >= end_us)
            return engine_again(req, write_items, l);
        write_item(l, l->items.items[l->next]);
    }
    reply_warnings(req);
    if (l->e.wire) {
        Slice body = protobuf_list_close(l->api_version, l->kind, &l->text);

        return reply_wire(req, 200, &l->text, body);
    }
    buf_adds(&l->text, "]}");
    return reply_buf(req, 200, &l->text);
}

static void open_wire_list(Request *req, ListReply *l, int64_t revision, const char *cont,
                           int64_t remaining)
{
    Arena *a = req->arena;
    Value *meta = value_object(a);
    bool is_object = l->e.as == AS_OBJECT;

    l->kind = is_object ? arena_printf(a, "%sList", l->r->kind) : "PartialObjectMetadataList";
    l->api_version =
        is_object ? l->e.api_version : arena_printf(a, "meta.k8s.io/%s", l->e.as_version);
    value_set_str(a, meta, "resourceVersion", arena_printf(a, "%lld", (long long)revision));
    if (cont && cont[0])
        value_set_str(a, meta, "continue", cont);
    if (remaining > 0)
        value_set_int(a, meta, "remainingItemCount", remaining);
    protobuf_list_open(meta, &l->text);
}

/* Up to the first item. */
static void open_list(ListReply *l, int64_t revision, const char *cont, int64_t remaining)
{
    const Resource *r = l->r;
    Buf *text = &l->text;

    if (l->e.as == AS_TABLE) {
        open_table(&l->e, revision, cont, remaining, true, text);
        return;
    }
    if (l->e.as == AS_OBJECT)
        buf_addf(text, "{\"kind\":\"%s%s\",\"apiVersion\":\"%s\",\"metadata\":{",
                 r->crd ? r->crd->list_kind : r->kind, r->crd ? "" : "List", l->e.api_version);
    else
        buf_addf(text,
                 "{\"kind\":\"PartialObjectMetadataList\",\"apiVersion\":\"meta.k8s.io/%s\","
                 "\"metadata\":{",
                 l->e.as_version);
    buf_addf(text, "\"resourceVersion\":\"%lld\"", (long long)revision);
    if (cont && cont[0])
        buf_addf(text, ",\"continue\":\"%s\"", cont);
    else if (r->crd && l->e.as == AS_OBJECT)
        buf_adds(text, ",\"continue\":\"\"");
    if (remaining > 0)
        buf_addf(text, ",\"remainingItemCount\":%lld", (long long)remaining);
    buf_adds(text, "},\"items\":");
}

int reply_list(Request *req, const Resource *r, const ObjVec *v, int64_t revision, const char *cont,
               int64_t remaining)
{
    ListReply *l = arena_new0(req->arena, ListReply);
    int s = encoding_of(req, r, true, &l->e);

    if (s)
        return s;
    l->r = r;
    l->now_us = clock_now_us();
    l->is_plain = l->e.as == AS_OBJECT && !r->crd && !convert_is_needed(r);
    arena_on_free(req->arena, list_reply_done, l);
    if (l->e.wire) {
        open_wire_list(req, l, revision, cont, remaining);
        add_refs(v, &l->items);
        return write_items(req, l);
    }
    open_list(l, revision, cont, remaining);
    /* a nil slice of Go */
    if (v->n == 0 && (l->e.as == AS_TABLE ? table_is_plain(r) : l->e.as != AS_OBJECT)) {
        buf_adds(&l->text, "null}");
        return reply_buf(req, 200, &l->text);
    }
    buf_addc(&l->text, '[');
    if (l->e.as == AS_TABLE)
        table_order(req, r, v, &l->items);
    else
        add_refs(v, &l->items);
    if (l->e.as == AS_OBJECT)
        reserve_items(v, &l->text);
    return write_items(req, l);
}
