/*
 * validate.c - field errors, the rules of object metadata, and the dispatch to the kinds.
 */
#include "api/address.h"
#include "api/validate_int.h"

#include "api/crd.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>

enum {
    ANNOTATIONS_MAX = 256 * 1024, /* bytes of all keys and values */
};

/* ---- errors ---- */

static const struct {
    const char *reason, *text;
} types[] = {
    [FIELD_ERR_REQUIRED] = {"FieldValueRequired", "Required value"},
    [FIELD_ERR_INVALID] = {"FieldValueInvalid", "Invalid value"},
    [FIELD_ERR_NOT_SUPPORTED] = {"FieldValueNotSupported", "Unsupported value"},
    [FIELD_ERR_DUPLICATE] = {"FieldValueDuplicate", "Duplicate value"},
    [FIELD_ERR_FORBIDDEN] = {"FieldValueForbidden", "Forbidden"},
    [FIELD_ERR_NOT_FOUND] = {"FieldValueNotFound", "Not found"},
    [FIELD_ERR_TOO_LONG] = {"FieldValueTooLong", "Too long"},
    [FIELD_ERR_TOO_MANY] = {"FieldValueTooMany", "Too many"},
    [FIELD_ERR_TYPE_INVALID] = {"FieldValueTypeInvalid", "Invalid value"},
    [FIELD_ERR_INTERNAL] = {"InternalError", "Internal error"},
};

const char *field_err_reason(FieldErrType t)
{
    return types[t].reason;
}

/* strconv.Quote() for what people write */
static void quote(const char *s, size_t n, Buf *out)
{
    buf_addc(out, '"');
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];

        if (c == '"' || c == '\\')
            buf_addf(out, "\\%c", c);
        else if (c == '\n' || c == '\t' || c == '\r')
            buf_addf(out, "\\%c", c == '\n' ? 'n' : c == '\t' ? 't' : 'r');
        else if (c < 0x20 || c == 0x7f)
            buf_addf(out, "\\x%02x", c);
        else
            buf_addc(out, (char)c);
    }
    buf_addc(out, '"');
}

static void push(FieldErrs *e, FieldErr err)
{
    ARENA_GROW(e->arena, e->items, e->n, e->cap, 4);
    e->items[e->n++] = err;
}

void field_errs_add(FieldErrs *e, const FieldErrs *more)
{
    for (uint32_t i = 0; i < more->n; i++)
        push(e, more->items[i]);
}

static void report(FieldErrs *e, FieldErrType t, const char *path, const Value *value,
                   const char *detail)
{
    AUTO_BUF b = BUF_INIT;

    buf_adds(&b, types[t].text);
    if (value) {
        buf_adds(&b, ": ");
        if (value->type == VALUE_STRING)
            quote(value->str, value->n, &b);
        else
            value_print(value, &b);
    }
    if (detail && detail[0])
        buf_addf(&b, ": %s", detail);
    push(e,
         (FieldErr){t, arena_strdup(e->arena, path), arena_strndup(e->arena, buf_str(&b), b.len)});
}

static PRINTF(2, 0) char *format(FieldErrs *e, const char *fmt, va_list ap)
{
    char small[512];
    va_list again;
    char *big;
    int n;

    va_copy(again, ap);
    n = vsnprintf(small, sizeof(small), fmt, ap);
    if ((size_t)n < sizeof(small)) {
        va_end(again);
        return arena_strdup(e->arena, small);
    }
    big = arena_alloc(e->arena, (size_t)n + 1);
    vsnprintf(big, (size_t)n + 1, fmt, again);
    va_end(again);
    return big;
}

void field_err(FieldErrs *e, FieldErrType t, const char *path, const Value *value,
               const char *detail_fmt, ...)
{
    va_list ap;
    char *detail;

    va_start(ap, detail_fmt);
    detail = format(e, detail_fmt, ap);
    va_end(ap);
    report(e, t, path, value, detail);
}

static void print_path(const Path *p, Buf *out)
{
    if (!p)
        return;
    print_path(p->up, out);
    if (!p->name)
        buf_addf(out, "[%u]", p->index);
    else if (p->is_key)
        buf_addf(out, "[%s]", p->name);
    else
        buf_addf(out, "%s%s", out->len > 0 ? "." : "", p->name);
}

const char *path_str(FieldErrs *e, const Path *p)
{
    AUTO_BUF b = BUF_INIT;

    print_path(p, &b);
    return arena_strdup(e->arena, buf_str(&b));
}

void bad(FieldErrs *e, const Path *p, const Value *v, const char *fmt, ...)
{
    va_list ap;
    char *detail;

    va_start(ap, fmt);
    detail = format(e, fmt, ap);
    va_end(ap);
    report(e, FIELD_ERR_INVALID, path_str(e, p), v, detail);
}

void bad_str(FieldErrs *e, const Path *p, const char *s, const char *fmt, ...)
{
    va_list ap;
    char *detail;

    va_start(ap, fmt);
    detail = format(e, fmt, ap);
    va_end(ap);
    report(e, FIELD_ERR_INVALID, path_str(e, p), value_str(e->arena, s), detail);
}

void bad_int(FieldErrs *e, const Path *p, int64_t i, const char *fmt, ...)
{
    va_list ap;
    char *detail;

    va_start(ap, fmt);
    detail = format(e, fmt, ap);
    va_end(ap);
    report(e, FIELD_ERR_INVALID, path_str(e, p), value_int(e->arena, i), detail);
}

void missing(FieldErrs *e, const Path *p, const char *detail)
{
    report(e, FIELD_ERR_REQUIRED, path_str(e, p), NULL, detail);
}

void forbidden(FieldErrs *e, const Path *p, const char *detail)
{
    report(e, FIELD_ERR_FORBIDDEN, path_str(e, p), NULL, detail);
}

void duplicate(FieldErrs *e, const Path *p, const char *s)
{
    report(e, FIELD_ERR_DUPLICATE, path_str(e, p), value_str(e->arena, s), NULL);
}

void duplicate_value(FieldErrs *e, const Path *p, const Value *v)
{
    report(e, FIELD_ERR_DUPLICATE, path_str(e, p), v, NULL);
}

void not_found(FieldErrs *e, const Path *p, const char *s, const char *detail)
{
    report(e, FIELD_ERR_NOT_FOUND, path_str(e, p), value_str(e->arena, s), detail);
}

void too_long(FieldErrs *e, const Path *p, uint32_t limit)
{
    report(e, FIELD_ERR_TOO_LONG, path_str(e, p), NULL,
           arena_printf(e->arena, "may not be more than %u bytes", limit));
}

void too_many(FieldErrs *e, const Path *p, uint32_t have, uint32_t limit)
{
    report(e, FIELD_ERR_TOO_MANY, path_str(e, p), value_int(e->arena, have),
           arena_printf(e->arena, "must have at most %u item%s", limit, limit == 1 ? "" : "s"));
}

void unsupported_value(FieldErrs *e, const Path *p, const Value *v, const char *allowed)
{
    AUTO_BUF b = BUF_INIT;
    Slice rest = slice_of(allowed), word;
    bool more;

    buf_adds(&b, "supported values: ");
    do {
        more = slice_cut(&rest, '|', &word);
        quote(word.ptr, word.len, &b);
        if (more)
            buf_adds(&b, ", ");
    } while (more);
    report(e, FIELD_ERR_NOT_SUPPORTED, path_str(e, p), v, buf_str(&b));
}

void unsupported(FieldErrs *e, const Path *p, const char *s, const char *allowed)
{
    unsupported_value(e, p, value_str(e->arena, s), allowed);
}

bool one_of(const char *s, const char *allowed)
{
    Slice rest = slice_of(allowed), word;
    bool more;

    do {
        more = slice_cut(&rest, '|', &word);
        if (slice_is(word, s))
            return true;
    } while (more);
    return false;
}

void check_enum(FieldErrs *e, const Path *p, const char *s, const char *allowed)
{
    if (!one_of(s, allowed))
        unsupported(e, p, s, allowed);
}

void check_name(FieldErrs *e, const Path *p, const char *s, NameFn fn)
{
    Msgs m;

    m.n = 0;
    fn(s, &m);
    for (uint32_t i = 0; i < m.n; i++)
        bad_str(e, p, s, "%s", m.items[i]);
}

void check_name_joined(FieldErrs *e, const Path *p, const char *s, NameFn fn)
{
    AUTO_BUF all = BUF_INIT;
    Msgs m;

    m.n = 0;
    fn(s, &m);
    for (uint32_t i = 0; i < m.n; i++)
        buf_addf(&all, "%s%s", i > 0 ? ";" : "", m.items[i]);
    if (m.n > 0)
        bad_str(e, p, s, "%s", buf_str(&all));
}

void check_range(FieldErrs *e, const Path *p, int64_t i, int64_t min, int64_t max)
{
    if (i < min || i > max)
        bad_int(e, p, i, "must be between %" PRId64 " and %" PRId64 ", inclusive", min, max);
}

void check_not_negative(FieldErrs *e, const Path *p, const Value *v)
{
    int64_t i;

    if (value_to_int(v, &i) && i < 0)
        bad_int(e, p, i, "must be greater than or equal to 0");
}

void check_immutable(FieldErrs *e, const Path *p, const Value *v, const Value *old)
{
    Value null = {.type = VALUE_NULL};

    v = v ? v : &null;
    if (!value_equal(v, old ? old : &null))
        bad(e, p, v, "field is immutable");
}

/* ---- addresses ---- */

void keep_text(FieldErrs *e, const Value *text)
{
    if (!e->kept)
        e->kept = value_array(e->arena);
    if (value_is(text, VALUE_STRING))
        value_append(e->arena, e->kept, value_copy(e->arena, text));
}

static bool is_kept(const FieldErrs *e, const char *s)
{
    const Value *k;

    value_each_item(e->kept, i, k) if (strcmp(value_to_cstr(k), s) == 0) return true;
    return false;
}

bool check_ip(FieldErrs *e, const Path *p, const char *s)
{
    uint32_t before = e->n;
    Address ip;

    if (is_kept(e, s))
        return true;
    if (!address_parse(s, &ip))
        bad_str(e, p, s, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
    else if (ip.has_zeros)
        bad_str(e, p, s, "must not have leading 0s");
    else if (ip.is_mapped)
        bad_str(e, p, s, "must not be an IPv4-mapped IPv6 address");
    return e->n == before;
}

bool check_cidr(FieldErrs *e, const Path *p, const char *s)
{
    uint32_t before = e->n;
    AddressRange range;

    if (is_kept(e, s))
        return true;
    if (!address_range_parse(s, &range))
        bad_str(e, p, s, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
    else if (range.has_zeros)
        bad_str(e, p, s, "must not have leading 0s in IP or prefix length");
    else if (range.ip.is_mapped)
        bad_str(e, p, s, "must not have an IPv4-mapped IPv6 address");
    else if (range.has_more)
        bad_str(e, p, s, "must not have bits set beyond the prefix length");
    return e->n == before;
}

void check_canonical_ip(FieldErrs *e, const Path *p, const char *s)
{
    Address ip;

    if (check_ip(e, p, s) && address_parse(s, &ip) && strcmp(ip.text, s) != 0)
        bad_str(e, p, s, "must be in canonical form (\"%s\")", ip.text);
}

void check_canonical_cidr(FieldErrs *e, const Path *p, const char *s)
{
    AddressRange range;

    if (check_cidr(e, p, s) && address_range_parse(s, &range) && strcmp(range.text, s) != 0)
        bad_str(e, p, s, "must be in canonical form (\"%s\")", range.text);
}

static Value *shown_field(FieldErrs *e, const Field *f, const Value *v)
{
    Value *out, *item;
    bool is_meta;

    if (v && v->type == VALUE_NULL)
        v = NULL;
    if (f->kind == FIELD_OBJECT) {
        is_meta = strstr(f->type->name, ".apimachinery.") != NULL; /* the same type inside */
        if (!v && (f->flags & FIELD_PTR || is_meta))
            return value_null(e->arena);
        return is_meta ? value_copy(e->arena, v) : validate__go_shown(e, f->type->name, v);
    }
    if (f->kind == FIELD_LIST && v && f->elem->kind == FIELD_OBJECT) {
        out = value_array(e->arena);
        value_each_item(v, i, item) value_append(e->arena, out, shown_field(e, f->elem, item));
        return out;
    }
    if (v)
        return value_copy(e->arena, v);
    if (f->flags & FIELD_PTR)
        return value_null(e->arena);
    switch (f->kind) {
    case FIELD_STRING:
        return value_str(e->arena, "");
    case FIELD_BOOL:
        return value_bool(e->arena, false);
    case FIELD_INT32:
    case FIELD_INT64:
    case FIELD_INT_OR_STRING:
        return value_int(e->arena, 0);
    default:
        return value_null(e->arena);
    }
}

/* Go's names for members of upstream's internal structs: those that are not simply written with a
 * capital. */
static const struct {
    const char *json, *go;
} go_names[] = {
    {"apiGroup", "APIGroup"},
    {"apiVersion", "APIVersion"},
    {"awsElasticBlockStore", "AWSElasticBlockStore"},
    {"cel", "CEL"},
    {"cephfs", "CephFS"},
    {"csi", "CSI"},
    {"dnsConfig", "DNSConfig"},
    {"dnsPolicy", "DNSPolicy"},
    {"fc", "FC"},
    {"fsGroup", "FSGroup"},
    {"fsType", "FSType"},
    {"gcePersistentDisk", "GCEPersistentDisk"},
    {"grpc", "GRPC"},
    {"httpGet", "HTTPGet"},
    {"httpHeaders", "HTTPHeaders"},
    {"ip", "IP"},
    {"ips", "IPs"},
    {"iqn", "IQN"},
    {"iscsi", "ISCSI"},
    {"nfs", "NFS"},
    {"rbd", "RBD"},
    {"seLinuxChangePolicy", "SELinuxChangePolicy"},
    {"seLinuxMount", "SELinuxMount"},
    {"seLinuxOptions", "SELinuxOptions"},
    {"storageos", "StorageOS"},
    {"tcpSocket", "TCPSocket"},
    {"tls", "TLS"},
    {"tty", "TTY"},
    {"uid", "UID"},
};

static const char *go_name(FieldErrs *e, const Type *t, const char *json)
{
    size_t n = strlen(json);
    char *name;

    for (size_t i = 0; i < ARRAY_LEN(go_names); i++)
        if (strcmp(go_names[i].json, json) == 0)
            return go_names[i].go;
    name = arena_strdup(e->arena, json);
    name[0] = (char)toupper((unsigned char)name[0]);
    if (!str_ends(t->name, ".DeviceAttribute"))
        return name;
    /* StringValue, StringValues */
    return json[n - 1] == 's' ? arena_printf(e->arena, "%.*sValues", (int)n - 1, name)
                              : arena_printf(e->arena, "%sValue", name);
}

Value *validate__go_shown(FieldErrs *e, const char *type, const Value *v)
{
    const Type *t = type_find(type);
    Value *out = value_object(e->arena);

    BUG_ON(!t);
    for (uint32_t i = 0; i < t->n_fields; i++) {
        const Field *f = &t->fields[i];

        if (f->kind == FIELD_OBJECT && strstr(f->type->name, ".ObjectMeta")) /* embedded */
            value_each_member(value_get(v, f->name), m)
                value_set(e->arena, out, m->name, value_copy(e->arena, m->value));
        else
            value_set(e->arena, out, go_name(e, t, f->name),
                      shown_field(e, f, value_get(v, f->name)));
    }
    return out;
}

/* ---- reading ---- */

const char *str_of(const Value *object, const char *name)
{
    const char *s = value_get_str(object, name);

    return s ? s : "";
}

bool has(const Value *object, const char *name)
{
    const Value *m = value_get(object, name);

    return m && m->type != VALUE_NULL;
}

int64_t int_of(const Value *object, const char *name, int64_t otherwise)
{
    int64_t i;

    return value_to_int(value_get(object, name), &i) ? i : otherwise;
}

bool quantity_of_value(const Value *v, Quantity *ret)
{
    const char *s = value_to_cstr(v);

    return s && quantity_parse(slice_of(s), ret, NULL) == 0;
}

int quantity_sign(const Value *v)
{
    Quantity q;

    if (!quantity_of_value(v, &q) || q.nano == 0)
        return 0;
    return q.nano > 0 ? 1 : -1;
}

/* ---- metadata: apimachinery/pkg/api/validation/objectmeta.go ---- */

void validate__labels(FieldErrs *e, const Path *p, const Value *labels)
{
    value_each_member(labels, m)
    {
        check_name(e, p, m->name, names__qualified);
        check_name(e, p, value_to_cstr(m->value) ? value_to_cstr(m->value) : "",
                   names__label_value);
    }
}

void validate__annotations(FieldErrs *e, const Path *p, const Value *annotations)
{
    size_t total = 0;
    Msgs m;

    value_each_member(annotations, a)
    {
        char *lower = arena_strdup(e->arena, a->name);

        for (char *c = lower; *c; c++)
            *c = (char)tolower((unsigned char)*c);
        m.n = 0;
        names__qualified(lower, &m);
        for (uint32_t i = 0; i < m.n; i++)
            bad_str(e, p, a->name, "%s", m.items[i]);
        total += strlen(a->name) + (a->value->type == VALUE_STRING ? a->value->n : 0);
    }
    if (total > ANNOTATIONS_MAX)
        too_long(e, p, ANNOTATIONS_MAX);
}

static void validate_owner(FieldErrs *e, const Path *p, const Value *owner)
{
    const char *api = str_of(owner, "apiVersion"), *slash = strchr(api, '/');
    bool no_version = api[0] == '\0' || (slash && (strchr(slash + 1, '/') || slash[1] == '\0'));

    if (no_version)
        bad_str(e, AT(p, "apiVersion"), api, "version must not be empty");
    if (str_of(owner, "kind")[0] == '\0')
        bad_str(e, AT(p, "kind"), "", "must not be empty");
    if (str_of(owner, "name")[0] == '\0')
        bad_str(e, AT(p, "name"), "", "must not be empty");
    if (str_of(owner, "uid")[0] == '\0')
        bad_str(e, AT(p, "uid"), "", "must not be empty");
    if (strcmp(api, "v1") == 0 && strcmp(str_of(owner, "kind"), "Event") == 0)
        bad(e, p, owner, "/v1, Kind=Event is disallowed from being an owner");
}

static void validate_owners(FieldErrs *e, const Path *p, const Value *owners)
{
    const Value *owner, *controller = NULL;

    value_each_item(owners, i, owner)
    {
        validate_owner(e, p, owner);
        if (!value_is_true(value_get(owner, "controller")))
            continue;
        if (controller)
            bad(e, p, owners,
                "Only one reference can have Controller set to true. Found \"true\" in references "
                "for %s/%s and %s/%s",
                str_of(controller, "kind"), str_of(controller, "name"), str_of(owner, "kind"),
                str_of(owner, "name"));
        controller = owner;
    }
}

static void validate_finalizers(FieldErrs *e, const Path *p, const Value *finalizers)
{
    bool orphan = false, foreground = false;
    const Value *f;

    value_each_item(finalizers, i, f)
    {
        const char *s = value_to_cstr(f);

        check_name(e, p, s ? s : "", names__qualified);
        orphan |= str_eq(s, "orphan");
        foreground |= str_eq(s, "foregroundDeletion");
    }
    if (orphan && foreground)
        bad(e, p, finalizers, "finalizer orphan and foregroundDeletion cannot be both set");
}

/* Kinds that upstream judges by the rules that custom resources have as well. */
static bool has_plain_metadata(const Resource *r)
{
    return r->crd || (r->group[0] == '\0' && strcmp(r->kind, "Event") == 0) ||
           (r->group[0] && one_of(r->group, "admissionregistration.k8s.io|apiextensions.k8s.io|"
                                            "apiregistration.k8s.io|coordination.k8s.io|"
                                            "node.k8s.io|policy"));
}

/* What only the kinds of Kubernetes itself ask for. */
static void validate_standard_finalizers(FieldErrs *e, const Path *p, const Value *finalizers)
{
    const Value *f;

    value_each_item(finalizers, i, f)
    {
        const char *s = value_to_cstr(f);

        if (s && !strchr(s, '/') && !one_of(s, "kubernetes|orphan|foregroundDeletion"))
            bad_str(e, AT_ITEM(p, i), s,
                    "name is neither a standard finalizer name nor is it fully qualified");
    }
}

/* A prefix may end in a dash: judge it as if the random part were there. */
static void check_generate_name(FieldErrs *e, const Path *p, const char *prefix, NameFn name)
{
    size_t n = strlen(prefix);
    char *masked = arena_strdup(e->arena, prefix);
    Msgs m;

    if (n > 1 && masked[n - 1] == '-')
        masked[n - 1] = 'a';
    m.n = 0;
    name(masked, &m);
    for (uint32_t i = 0; i < m.n; i++)
        bad_str(e, p, prefix, "%s", m.items[i]);
}

/* Length of the UTF-8 sequence at `s` and its rune. */
static size_t rune_at(const unsigned char *s, unsigned *ret)
{
    size_t n = s[0] < 0x80 ? 1 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
    unsigned r = n == 1 ? s[0] : s[0] & (0xffu >> (n + 1));

    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80) {
            *ret = 0xfffd;
            return 1;
        }
        r = r << 6 | (s[i] & 0x3fu);
    }
    *ret = r;
    return n;
}

/* Go's unicode.IsPrint() for what is likely to come: controls and spaces are not. */
static bool is_printable(unsigned r)
{
    static const unsigned ranges[][2] = {{0, 0x1f},        {0x7f, 0xa0},     {0xad, 0xad},
                                         {0x1680, 0x1680}, {0x2000, 0x200f}, {0x2028, 0x202f},
                                         {0x205f, 0x206f}, {0x3000, 0x3000}, {0xe000, 0xf8ff},
                                         {0xfeff, 0xfeff}, {0xfff0, 0xfffb}};

    for (size_t i = 0; i < ARRAY_LEN(ranges); i++)
        if (r >= ranges[i][0] && r <= ranges[i][1])
            return false;
    return true;
}

void validate_field_manager(FieldErrs *e, const char *path, const char *name)
{
    enum { LENGTH_MAX = 128 };
    unsigned r;

    if (strlen(name) > LENGTH_MAX)
        field_err(e, FIELD_ERR_TOO_LONG, path, NULL, "may not be more than %d bytes", LENGTH_MAX);
    for (size_t i = 0; name[i];) {
        size_t n = rune_at((const unsigned char *)name + i, &r);

        if (!is_printable(r))
            field_err(e, FIELD_ERR_INVALID, path, value_str(e->arena, name),
                      "invalid character U+%04X (at position %zu)", r, i);
        i += n;
    }
}

/* Those that make no sense are gone already; what is left may have odd names. */
static void validate_managers(FieldErrs *e, const Path *p, const Value *meta)
{
    enum { SUBRESOURCE_MAX = 256 };
    const Value *m;

    if (p->up) /* of a template */
        return;
    value_each_item(value_get(meta, "managedFields"), i, m)
    {
        const char *at = arena_printf(e->arena, "metadata.managedFields[%u]", i);

        validate_field_manager(e, arena_printf(e->arena, "%s.manager", at), str_of(m, "manager"));
        if (strlen(str_of(m, "subresource")) > SUBRESOURCE_MAX)
            field_err(e, FIELD_ERR_TOO_LONG, arena_printf(e->arena, "%s.subresource", at), NULL,
                      "may not be more than %d bytes", SUBRESOURCE_MAX);
    }
}

void validate__meta(FieldErrs *e, const Path *p, const Value *meta, bool is_namespaced, NameFn name)
{
    const char *generate = str_of(meta, "generateName"), *own = str_of(meta, "name");
    const char *ns = str_of(meta, "namespace");

    if (generate[0] && name)
        check_generate_name(e, AT(p, "generateName"), generate, name);
    if (own[0] == '\0')
        missing(e, AT(p, "name"), "name or generateName is required");
    else if (name)
        check_name(e, AT(p, "name"), own, name);
    if (is_namespaced && ns[0] == '\0')
        missing(e, AT(p, "namespace"), NULL);
    else if (is_namespaced)
        check_name(e, AT(p, "namespace"), ns, names__dns1123_label);
    else if (ns[0])
        forbidden(e, AT(p, "namespace"), "not allowed on this type");
    check_not_negative(e, AT(p, "generation"), value_get(meta, "generation"));
    validate__labels(e, AT(p, "labels"), value_get(meta, "labels"));
    validate__annotations(e, AT(p, "annotations"), value_get(meta, "annotations"));
    validate_owners(e, AT(p, "ownerReferences"), value_get(meta, "ownerReferences"));
    validate_finalizers(e, AT(p, "finalizers"), value_get(meta, "finalizers"));
    validate_managers(e, p, meta);
}

static bool in_list(const Value *list, const Value *item)
{
    const Value *have;

    value_each_item(list, i, have) if (value_equal(have, item)) return true;
    return false;
}

/* A dying object may lose finalizers, not gain them. */
static void validate_new_finalizers(FieldErrs *e, const Path *p, const Value *now,
                                    const Value *before)
{
    AUTO_BUF added = BUF_INIT;
    const Value *f;

    value_each_item(now, i, f)
    {
        if (in_list(before, f))
            continue;
        buf_adds(&added, added.len > 0 ? ", " : "");
        quote(f->str, f->n, &added);
    }
    if (added.len > 0)
        forbidden(e, p,
                  arena_printf(e->arena,
                               "no new finalizers can be added if the object is being deleted, "
                               "found new finalizers []string{%s}",
                               buf_str(&added)));
}

static void validate_meta_update(FieldErrs *e, const Path *p, const Value *meta, const Value *old)
{
    static const char *const immutable[] = {"name", "namespace", "uid", "deletionTimestamp",
                                            "deletionGracePeriodSeconds"};
    int64_t now = int_of(meta, "generation", 0);

    if (has(old, "deletionTimestamp"))
        validate_new_finalizers(e, AT(p, "finalizers"), value_get(meta, "finalizers"),
                                value_get(old, "finalizers"));
    if (now < int_of(old, "generation", 0) && has(meta, "generation"))
        bad_int(e, AT(p, "generation"), now, "must not be decremented");
    for (size_t i = 0; i < ARRAY_LEN(immutable); i++)
        if (has(meta, immutable[i])) /* left out means unchanged: registry/rest BeforeUpdate() */
            check_immutable(e, AT(p, immutable[i]), value_get(meta, immutable[i]),
                            value_get(old, immutable[i]));
    validate__labels(e, AT(p, "labels"), value_get(meta, "labels"));
    validate__annotations(e, AT(p, "annotations"), value_get(meta, "annotations"));
    validate_owners(e, AT(p, "ownerReferences"), value_get(meta, "ownerReferences"));
    validate_finalizers(e, AT(p, "finalizers"), value_get(meta, "finalizers"));
    validate_managers(e, p, meta);
}

/* ---- dispatch ---- */

static const KindRow *find_row(const Resource *r)
{
    static const KindRow *const tables[] = {
        validate__pods,         validate__core,        validate__quotas,   validate__services,
        validate__flow,         validate__storage,     validate__apps,     validate__batch,
        validate__rbac,         validate__net,         validate__others,   validate__admission,
        validate__certificates, validate__definitions, validate__resource, validate__audit};

    for (size_t i = 0; i < ARRAY_LEN(tables) && !r->crd; i++)
        for (const KindRow *row = tables[i]; row->kind; row++)
            if (strcmp(row->kind, r->kind) == 0 && strcmp(row->group, r->group) == 0)
                return row;
    return NULL;
}

/* How often the strategies of upstream judge the same parts of an update: each mistake is a cause
 * of its own every time. */
typedef struct Habit {
    const char *group, *kind;
    bool is_judged_first;     /* as if it were new, before what is changed is looked at */
    uint8_t n_meta, n_update; /* its metadata alone, and against the metadata before */
} Habit;

#define RBAC "rbac.authorization.k8s.io"

static const Habit habits[] = {
    {"", "LimitRange", false, 1, 0},
    {"", "Namespace", true, 1, 1},
    {"", "Node", true, 1, 1},
    {"", "PersistentVolume", true, 2, 0},
    {"", "PersistentVolumeClaim", true, 2, 1},
    {"", "PodTemplate", false, 0, 1},
    {"", "ReplicationController", true, 1, 1},
    {"", "ResourceQuota", false, 0, 1},
    {"apps", "DaemonSet", true, 1, 1},
    {"apps", "Deployment", false, 0, 1},
    {"apps", "ReplicaSet", true, 1, 1},
    {"apps", "StatefulSet", false, 0, 1},
    {"autoscaling", "HorizontalPodAutoscaler", false, 0, 1},
    {"batch", "CronJob", false, 0, 1},
    {"coordination.k8s.io", "Lease", false, 0, 1},
    {"node.k8s.io", "RuntimeClass", true, 1, 1},
    {"policy", "PodDisruptionBudget", false, 0, 0},
    {RBAC, "ClusterRole", true, 2, 1},
    {RBAC, "ClusterRoleBinding", true, 2, 1},
    {RBAC, "Role", true, 2, 1},
    {RBAC, "RoleBinding", true, 2, 1},
    {"scheduling.k8s.io", "PriorityClass", false, 0, 1},
    {"storage.k8s.io", "CSIDriver", false, 0, 1},
    {"storage.k8s.io", "CSINode", true, 2, 0},
    {"storage.k8s.io", "CSIStorageCapacity", true, 1, 1},
    {"storage.k8s.io", "StorageClass", true, 1, 1},
    {"storage.k8s.io", "VolumeAttachment", false, 2, 0},
    {"storage.k8s.io", "VolumeAttributesClass", true, 2, 1},
};

static const Habit *habit_of(const Resource *r)
{
    static const Habit usual = {"", "", false, 1, 1};

    for (size_t i = 0; i < ARRAY_LEN(habits); i++)
        if (strcmp(habits[i].kind, r->kind) == 0 && strcmp(habits[i].group, r->group) == 0)
            return &habits[i];
    return &usual;
}

void validate_update_repeats(const Resource *r, const char *subresource, FieldErrs *e)
{
    static const Habit once = {"", "", false, 0, 1};
    const Habit *habit = subresource[0] || r->crd ? &once : habit_of(r);
    FieldErrs all = {.arena = e->arena, .forgiven = e->forgiven, .kept = e->kept};

    for (uint32_t i = 0; i < e->n; i++) {
        const FieldErr *x = &e->items[i];
        bool is_meta = str_starts(x->field, "metadata.") &&
                       !str_starts(x->field, "metadata.annotations[") &&
                       !str_starts(x->field, "metadata.annotations.");
        bool is_change = strstr(x->message, "field is immutable") != NULL ||
                         strstr(x->message, "no new finalizers can be added") != NULL;
        bool is_own = str_starts(x->field, "metadata.finalizers["); /* not looked at in general */
        bool is_name = !is_change && str_eq(x->field, "metadata.name"); /* nor is this */
        int times = !is_meta    ? 1
                    : is_name   ? habit->n_meta
                    : is_own    ? habit->n_meta + habit->n_update
                    : is_change ? 1 + habit->n_update
                                : 2 + habit->n_meta + habit->n_update;

        while (times-- > 0)
            push(&all, *x);
    }
    *e = all;
}

void validate_create(const Resource *r, const Value *v, FieldErrs *e)
{
    const KindRow *row = find_row(r);
    const Path *p = AT(NULL, "metadata");
    const Value *meta = value_get(v, "metadata");

    if (r->is_review)
        return;
    /* Upstream judges budgets without their metadata; that comes when all else is well. */
    if (strcmp(r->kind, "PodDisruptionBudget") == 0 && row) {
        row->create(e, v);
        if (e->n == 0)
            validate__meta(e, p, meta, r->is_namespaced, row->name);
        return;
    }
    validate__meta(e, p, meta, r->is_namespaced, row ? row->name : names__dns1123_subdomain);
    if (!has_plain_metadata(r))
        validate_standard_finalizers(e, AT(p, "finalizers"), value_get(meta, "finalizers"));
    if (row && row->create)
        row->create(e, v);
    if (r->crd)
        crd_validate(r, "", v, NULL, e);
}

void validate_update(const Resource *r, const char *subresource, const Value *v, const Value *old,
                     FieldErrs *e)
{
    const KindRow *row = find_row(r);

    validate_meta_update(e, AT(NULL, "metadata"), value_get(v, "metadata"),
                         value_get(old, "metadata"));
    if (!has_plain_metadata(r))
        validate_standard_finalizers(e, AT(AT(NULL, "metadata"), "finalizers"),
                                     value_at(v, "metadata.finalizers"));
    if (r->crd)
        crd_validate(r, subresource, v, old, e);
    if (!row)
        return;
    if (row->create && subresource[0] == '\0' && habit_of(r)->is_judged_first)
        row->create(e, v);
    if (row->update)
        row->update(e, subresource, v, old);
    else if (row->create && subresource[0] == '\0')
        row->create(e, v);
}
