/*
 * obj.c - one allocation holds everything: the Obj, its labels and owners, the text, and copies of
 * the strings that were escaped in the text.
 *
 * Reading is done by a scanner that walks the text without building anything (Scan below). It
 * trusts that the text is well-formed JSON, which obj_text_of_value() guarantees, but never reads
 * beyond its end.
 */
#include "api/obj.h"

#include "api/kind.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/slab.h"
#include "base/wipe.h"

#include <inttypes.h>
#include <stdatomic.h>

enum { TEXT_USUAL = 2048 /* most objects are printed without growing */ };

static const char *const dropped[] = {"kind", "apiVersion"};

typedef struct Scan {
    const char *p, *end;
} Scan;

static void scan_space(Scan *s)
{
    while (s->p < s->end && (*s->p == ' ' || *s->p == '\n' || *s->p == '\t' || *s->p == '\r'))
        s->p++;
}

/* s->p at the opening quote; leaves it behind the closing one. *ret is what stands between. */
static bool scan_string(Scan *s, Slice *ret, bool *ret_escaped)
{
    const char *from;

    if (s->p >= s->end || *s->p != '"')
        return false;
    from = ++s->p;
    *ret_escaped = false;
    while (s->p < s->end && *s->p != '"') {
        if (*s->p == '\\') {
            *ret_escaped = true;
            s->p++;
        }
        s->p++;
    }
    if (s->p >= s->end)
        return false;
    *ret = (Slice){from, (size_t)(s->p - from)};
    s->p++;
    return true;
}

static bool scan_skip(Scan *s)
{
    Slice str;
    bool escaped;
    int depth = 0;

    scan_space(s);
    do {
        if (s->p >= s->end)
            return false;
        switch (*s->p) {
        case '"':
            if (!scan_string(s, &str, &escaped))
                return false;
            break;
        case '{':
        case '[':
            depth++;
            s->p++;
            break;
        case '}':
        case ']':
            depth--;
            s->p++;
            break;
        case ',':
        case ':':
        case ' ':
        case '\n':
        case '\t':
        case '\r':
            s->p++;
            break;
        default: /* number or word */
            while (s->p < s->end && !strchr(",:]} \n\t\r", *s->p))
                s->p++;
        }
    } while (depth > 0);
    return depth == 0;
}

/* At '{' or behind a member's value: moves to the next member's value and tells its name. */
static bool scan_member(Scan *s, Slice *ret_name)
{
    bool escaped;

    scan_space(s);
    if (s->p >= s->end || (*s->p != '{' && *s->p != ','))
        return false;
    s->p++;
    scan_space(s);
    if (!scan_string(s, ret_name, &escaped))
        return false;
    scan_space(s);
    if (s->p >= s->end || *s->p != ':')
        return false;
    s->p++;
    scan_space(s);
    return true;
}

/* At '{' or behind a member's value. */
static bool scan_to_member(Scan *s, Slice name)
{
    Slice at;

    while (scan_member(s, &at)) {
        if (slice_eq(at, name))
            return true;
        if (!scan_skip(s))
            return false;
    }
    return false;
}

/* ---- what obj_new() collects ---- */

typedef struct Str { /* a string of the text */
    Slice raw;
    bool escaped;
} Str;

typedef struct Parts {
    Str name, ns, uid;
    Str *labels; /* key, value, key, value ... */
    uint32_t n_labels, cap_labels;
    Str *owners;
    bool *is_controller;
    uint32_t n_owners, cap_owners, cap_flags;
    int64_t deleted_us;
    bool has_finalizers;
    size_t escaped_bytes;
} Parts;

static bool part_string(Scan *s, Parts *p, Str *ret)
{
    if (!scan_string(s, &ret->raw, &ret->escaped))
        return scan_skip(s);
    p->escaped_bytes += ret->raw.len + 1;
    return true;
}

static bool part_labels(Scan *s, Parts *p)
{
    Slice key;

    if (s->p >= s->end || *s->p != '{')
        return scan_skip(s);
    while (scan_member(s, &key)) {
        GROW(p->labels, p->cap_labels, p->n_labels + 2);
        p->labels[p->n_labels] = (Str){key, memchr(key.ptr, '\\', key.len) != NULL};
        p->labels[p->n_labels + 1] = (Str){0};
        p->escaped_bytes += key.len + 1;
        if (!part_string(s, p, &p->labels[p->n_labels + 1]))
            return false;
        p->n_labels += 2;
    }
    if (s->p < s->end && *s->p == '{') /* empty */
        return scan_skip(s);
    s->p++;
    return true;
}

static bool part_owner(Scan *s, Parts *p)
{
    Slice key;
    Str uid = {0};
    bool controller = false;
    Scan at = *s;

    while (scan_member(&at, &key)) {
        if (slice_is(key, "uid")) {
            if (!part_string(&at, p, &uid))
                return false;
        } else {
            if (slice_is(key, "controller"))
                controller = at.p < at.end && *at.p == 't';
            if (!scan_skip(&at))
                return false;
        }
    }
    GROW(p->owners, p->cap_owners, p->n_owners + 1);
    GROW(p->is_controller, p->cap_flags, p->n_owners + 1);
    p->owners[p->n_owners] = uid;
    p->is_controller[p->n_owners++] = controller;
    return scan_skip(s);
}

static bool part_owners(Scan *s, Parts *p)
{
    if (s->p >= s->end || *s->p != '[')
        return scan_skip(s);
    s->p++;
    for (;;) {
        scan_space(s);
        if (s->p >= s->end)
            return false;
        if (*s->p == ']') {
            s->p++;
            return true;
        }
        if (*s->p == ',')
            s->p++;
        else if (*s->p != '{' ? !scan_skip(s) : !part_owner(s, p))
            return false;
    }
}

static bool part_metadata(Scan *s, Parts *p)
{
    Slice key;
    Str str = {0};

    while (scan_member(s, &key)) {
        bool ok;

        if (slice_is(key, "name"))
            ok = part_string(s, p, &p->name);
        else if (slice_is(key, "namespace"))
            ok = part_string(s, p, &p->ns);
        else if (slice_is(key, "uid"))
            ok = part_string(s, p, &p->uid);
        else if (slice_is(key, "labels"))
            ok = part_labels(s, p);
        else if (slice_is(key, "ownerReferences"))
            ok = part_owners(s, p);
        else if (slice_is(key, "deletionTimestamp")) {
            ok = part_string(s, p, &str);
            if (!clock_from_rfc3339(str.raw, &p->deleted_us))
                p->deleted_us = 0;
        } else if (slice_is(key, "finalizers")) {
            p->has_finalizers = s->end - s->p > 1 && s->p[0] == '[' && s->p[1] != ']';
            ok = scan_skip(s);
        } else
            ok = scan_skip(s);
        if (!ok)
            return false;
    }
    return true;
}

static void parts_done(Parts *p)
{
    free(p->labels);
    free(p->owners);
    free(p->is_controller);
}

/* ---- strings with escapes ---- */

static size_t put_utf8(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | (c >> 6));
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | (c >> 12));
        out[1] = (char)(0x80 | ((c >> 6) & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | (c >> 18));
    out[1] = (char)(0x80 | ((c >> 12) & 0x3f));
    out[2] = (char)(0x80 | ((c >> 6) & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

static uint32_t hex4(const char *p)
{
    char digits[5] = {p[0], p[1], p[2], p[3], 0};

    return (uint32_t)strtoul(digits, NULL, 16);
}

/* Never longer than its escaped form. Returns the length without the NUL that is written. */
static size_t unescape(Str s, char *out)
{
    static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
    const char *p = s.raw.ptr, *end = p + s.raw.len, *at;
    char *o = out;

    while (p < end) {
        if (*p != '\\' || end - p < 2) {
            *o++ = *p++;
            continue;
        }
        p++;
        if (*p == 'u' && end - p >= 5) {
            uint32_t c = hex4(p + 1);

            p += 5;
            if (c >= 0xd800 && c < 0xdc00 && end - p >= 6 && p[0] == '\\' && p[1] == 'u') {
                c = 0x10000 + ((c - 0xd800) << 10) + ((hex4(p + 2) - 0xdc00) & 0x3ff);
                p += 6;
            }
            o += put_utf8(o, c);
            continue;
        }
        at = *p ? strchr(from, *p) : NULL;
        *o++ = at ? to[at - from] : *p;
        p++;
    }
    *o = '\0';
    return (size_t)(o - out);
}

static const char *put_string(char **at, Str s)
{
    char *out = *at;

    if (!s.raw.ptr)
        return "";
    if (s.escaped) {
        *at += unescape(s, out) + 1;
        return out;
    }
    memcpy(out, s.raw.ptr, s.raw.len);
    out[s.raw.len] = '\0';
    *at += s.raw.len + 1;
    return out;
}

static Obj *assemble(Slice text, const Parts *p, size_t rv_offset, size_t rest_offset,
                     int64_t revision)
{
    uint32_t n_pairs = p->n_labels / 2;
    size_t labels_at = sizeof(Obj), owners_at = labels_at + n_pairs * sizeof(Pair);
    size_t text_at = owners_at + p->n_owners * sizeof(OwnerUid);
    size_t strings_at = text_at + text.len + 1;
    size_t size = strings_at + p->escaped_bytes + 1;
    char *mem = slab_alloc(size); /* it may stay, where everything around it goes */
    char *at = mem + strings_at;
    Pair *labels = (Pair *)(void *)(mem + labels_at);
    OwnerUid *owners = (OwnerUid *)(void *)(mem + owners_at);
    Obj *o = (Obj *)(void *)mem;

    memcpy(mem + text_at, text.ptr, text.len);
    mem[text_at + text.len] = '\0';
    for (uint32_t i = 0; i < n_pairs; i++) {
        labels[i].key = put_string(&at, p->labels[2 * i]);
        labels[i].value = put_string(&at, p->labels[2 * i + 1]);
    }
    for (uint32_t i = 0; i < p->n_owners; i++) {
        owners[i].uid = put_string(&at, p->owners[i]);
        owners[i].is_controller = p->is_controller[i];
    }
    *o = (Obj){
        .text_len = (uint32_t)text.len,
        .rv_offset = (uint32_t)rv_offset,
        .rest_offset = (uint32_t)rest_offset,
        .size = (uint32_t)size,
        .revision = revision,
        .ns = put_string(&at, p->ns),
        .name = put_string(&at, p->name),
        .uid = put_string(&at, p->uid),
        .labels = labels,
        .n_labels = n_pairs,
        .owners = owners,
        .n_owners = p->n_owners,
        .deleted_us = p->deleted_us,
        .has_finalizers = p->has_finalizers,
        .is_secret = wipe_is_on(),
        .text = mem + text_at,
    };
    atomic_init(&o->refs, 1);
    return o;
}

int obj_new(Slice text, int64_t revision, Obj **ret, Err *err)
{
    static const char head[] = "{\"metadata\":{";
    Scan s = {text.ptr + sizeof("{\"metadata\":") - 1, text.ptr + text.len};
    Parts p = {0};
    int r = 0;

    if (text.len > UINT32_MAX / 8) /* size is of all its parts */
        return err_set(err, ERR_TOO_LARGE, "an object of %zu bytes", text.len);
    if (!slice_starts(text, head))
        return err_set(err, ERR_INVALID, "stored object does not begin with its metadata");
    if (!part_metadata(&s, &p) || p.name.raw.len == 0 || s.p >= s.end || *s.p != '}')
        r = err_set(err, ERR_INVALID, "stored object has no metadata.name");
    else
        *ret = assemble(text, &p, sizeof(head) - 1, (size_t)(s.p + 1 - text.ptr), revision);
    parts_done(&p);
    return r;
}

int obj_from_value(const Value *v, int64_t revision, Obj **ret, Err *err)
{
    AUTO_BUF text = BUF_INIT;

    buf_reserve(&text, TEXT_USUAL);
    obj_text_of_value(v, &text);
    return obj_new(buf_slice(&text), revision, ret, err);
}

static void print_metadata(const Value *meta, Buf *out)
{
    bool first = true;

    buf_adds(out, "{\"metadata\":{");
    value_each_member(meta, m)
    {
        Value key = {.type = VALUE_STRING, .str = m->name, .n = (uint32_t)strlen(m->name)};

        if (strcmp(m->name, "resourceVersion") == 0)
            continue;
        if (!first)
            buf_addc(out, ',');
        first = false;
        value_print(&key, out);
        buf_addc(out, ':');
        value_print(m->value, out);
    }
    buf_addc(out, '}');
}

void obj_text_of_value(const Value *v, Buf *out)
{
    print_metadata(value_get(v, "metadata"), out);
    value_each_member(v, m)
    {
        Value key = {.type = VALUE_STRING, .str = m->name, .n = (uint32_t)strlen(m->name)};

        if (strcmp(m->name, "metadata") == 0 || strcmp(m->name, dropped[0]) == 0 ||
            strcmp(m->name, dropped[1]) == 0)
            continue;
        buf_addc(out, ',');
        value_print(&key, out);
        buf_addc(out, ':');
        value_print(m->value, out);
    }
    buf_addc(out, '}');
}

Obj *obj_with_revision(const Obj *o, int64_t revision)
{
    WIPING_IF(o->is_secret);
    Obj *n = NULL;
    int r;

    r = obj_new((Slice){o->text, o->text_len}, revision, &n, NULL);
    BUG_ON(r < 0); /* the text was accepted before */
    return n;
}

Obj *obj_stamp(Obj *o, int64_t revision)
{
    if (o->revision != 0 || atomic_load_explicit(&o->refs, memory_order_acquire) != 1)
        return obj_with_revision(o, revision);
    o->revision = revision;
    return obj_ref(o);
}

/* ---- shells ---- */

static size_t text_at(const Obj *o)
{
    return sizeof(Obj) + o->n_labels * sizeof(Pair) + o->n_owners * sizeof(OwnerUid);
}

/* The strings behind the text move by as much as their place does; "" is no part of the object. */
static const char *moved(const Obj *o, const char *p, ptrdiff_t by)
{
    return p >= (const char *)o && p < (const char *)o + o->size ? p + by : p;
}

/* A copy with `room` bytes where the text is or what stands for it. */
static Obj *copy_around(const Obj *o, size_t room, char **ret_room)
{
    size_t at = text_at(o), had = o->packed_len > 0 ? o->packed_len : (size_t)o->text_len + 1;
    size_t rest = o->size - at - had, size = at + room + rest;
    char *mem = slab_alloc(size);
    ptrdiff_t by = (mem + at + room) - ((const char *)o + at + had);
    Pair *labels = (Pair *)(void *)(mem + sizeof(Obj));
    OwnerUid *owners = (OwnerUid *)(void *)(labels + o->n_labels);
    Obj *n = (Obj *)(void *)mem;

    memcpy(mem + at + room, (const char *)o + at + had, rest);
    for (uint32_t i = 0; i < o->n_labels; i++)
        labels[i] = (Pair){moved(o, o->labels[i].key, by), moved(o, o->labels[i].value, by)};
    for (uint32_t i = 0; i < o->n_owners; i++)
        owners[i] = (OwnerUid){moved(o, o->owners[i].uid, by), o->owners[i].is_controller};
    /* what does not change, whatever it is; then what points into the object itself */
    memcpy((char *)n + offsetof(Obj, text_len), (const char *)o + offsetof(Obj, text_len),
           sizeof(Obj) - offsetof(Obj, text_len));
    n->size = (uint32_t)size;
    n->ns = moved(o, o->ns, by);
    n->name = moved(o, o->name, by);
    n->uid = moved(o, o->uid, by);
    n->labels = labels;
    n->owners = owners;
    n->packed_len = 0;
    n->text = NULL;
    atomic_init(&n->refs, 1);
    atomic_init(&n->use, OBJ_READ);
    *ret_room = mem + at;
    return n;
}

Obj *obj_shell(const Obj *o, Slice packed)
{
    char *room;
    Obj *n;

    BUG_ON(o->packed_len > 0 || packed.len == 0 || packed.len > o->text_len);
    n = copy_around(o, packed.len, &room);
    memcpy(room, packed.ptr, packed.len);
    n->packed_len = (uint32_t)packed.len;
    return n;
}

Slice obj_packed(const Obj *shell)
{
    return (Slice){(const char *)shell + text_at(shell), shell->packed_len};
}

Obj *obj_from_shell(const Obj *shell, char **ret_text)
{
    Obj *n;

    BUG_ON(shell->packed_len == 0);
    n = copy_around(shell, (size_t)shell->text_len + 1, ret_text);
    (*ret_text)[n->text_len] = '\0';
    n->text = *ret_text;
    return n;
}

Obj *obj_ref(Obj *o)
{
    atomic_fetch_add_explicit(&o->refs, 1, memory_order_relaxed);
    return o;
}

void obj_unref(Obj *o)
{
    size_t n;

    if (!o || atomic_fetch_sub_explicit(&o->refs, 1, memory_order_acq_rel) != 1)
        return;
    n = o->size;
    if (o->is_secret)
        explicit_bzero(o, n);
    slab_free(o, n);
}

void obj_write(const Obj *o, const char *kind, const char *api_version, Buf *out)
{
    const char *rest = o->text + o->rv_offset;

    buf_reserve(out, o->text_len + 128);
    buf_addc(out, '{');
    if (kind) {
        buf_adds(out, "\"kind\":\"");
        buf_adds(out, kind);
        buf_adds(out, "\",\"apiVersion\":\"");
        buf_adds(out, api_version);
        buf_adds(out, "\",");
    }
    buf_add(out, o->text + 1, o->rv_offset - 1);
    if (o->revision > 0) {
        buf_adds(out, "\"resourceVersion\":\"");
        buf_add_int(out, o->revision);
        buf_adds(out, *rest == '}' ? "\"" : "\",");
    }
    buf_add(out, rest, o->text_len - o->rv_offset);
}

Value *obj_to_value(Arena *a, const Obj *o, const char *kind, const char *api_version)
{
    AUTO_BUF text = BUF_INIT;
    Value *v = NULL;
    Err err;
    int r;

    obj_write(o, kind, api_version, &text);
    r = value_parse_own(a, arena_strndup(a, text.ptr, text.len), text.len, &v, &err);
    BUG_ON(r < 0); /* a stored text is JSON */
    return v;
}

const char *obj_controller_uid(const Obj *o)
{
    for (uint32_t i = 0; i < o->n_owners; i++)
        if (o->owners[i].is_controller)
            return o->owners[i].uid;
    return NULL;
}

const char *obj_label(const Obj *o, const char *key)
{
    for (uint32_t i = 0; i < o->n_labels; i++)
        if (strcmp(o->labels[i].key, key) == 0)
            return o->labels[i].value;
    return NULL;
}

bool obj_scan_str(const Obj *o, const char *path, Arena *a, const char **ret)
{
    Scan s = {o->text, o->text + o->text_len};
    Slice rest = slice_of(path), name;
    Str str = {0};
    bool more;

    if (!slice_starts(rest, "metadata"))
        s.p = o->text + o->rest_offset;
    do {
        more = slice_cut(&rest, '.', &name);
        if (!scan_to_member(&s, name))
            return false;
    } while (more);
    if (!scan_string(&s, &str.raw, &str.escaped))
        return false;
    if (str.escaped) {
        char *out = arena_alloc(a, str.raw.len + 1);

        (void)unescape(str, out); /* the length is not needed */
        *ret = out;
    } else {
        *ret = arena_strndup(a, str.raw.ptr, str.raw.len);
    }
    return true;
}

/* The text of a member beside metadata; empty when there is none. */
static Slice text_of(const Obj *o, const char *member)
{
    Scan s = {o->text + o->rest_offset, o->text + o->text_len};
    const char *from;

    if (!scan_to_member(&s, slice_of(member)))
        return (Slice){0};
    from = s.p;
    return scan_skip(&s) ? (Slice){from, (size_t)(s.p - from)} : (Slice){0};
}

bool obj_same_text_of(const Obj *x, const Obj *y, const char *member)
{
    return slice_eq(text_of(x, member), text_of(y, member));
}
