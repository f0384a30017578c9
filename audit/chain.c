#include "audit/chain.h"

#include "base/be64.h"

#include <inttypes.h>

void audit_hash_to_hex(const unsigned char hash[SHA256_LEN], char out[2 * SHA256_LEN + 1])
{
    for (size_t i = 0; i < SHA256_LEN; i++)
        snprintf(out + 2 * i, 3, "%02x", hash[i]);
}

static int digit(char c)
{
    const char *digits = "0123456789abcdef", *p = c ? strchr(digits, c) : NULL;

    return p ? (int)(p - digits) : -1;
}

bool audit_hash_from_hex(const char *text, unsigned char ret[SHA256_LEN])
{
    if (!text || strlen(text) != 2 * (size_t)SHA256_LEN)
        return false;
    for (size_t i = 0; i < SHA256_LEN; i++) {
        int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        ret[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

/* `bodies_hash` may be NULL. */
static void next_place(const AuditPlace *prev, Slice event, const unsigned char *bodies_hash,
                       AuditPlace *ret)
{
    AUTO_BUF all = BUF_INIT;
    int64_t seq = prev->seq + 1;

    buf_reserve(&all, 2 * SHA256_LEN + sizeof(seq) + event.len);
    buf_add(&all, prev->hash, SHA256_LEN);
    buf_add_be64(&all, (uint64_t)seq);
    buf_add_slice(&all, event);
    if (bodies_hash)
        buf_add(&all, bodies_hash, SHA256_LEN);
    sha256(buf_slice(&all), ret->hash);
    ret->seq = seq;
}

void audit_chain_next(const AuditPlace *prev, Slice event, Slice bodies, AuditPlace *ret)
{
    unsigned char hash[SHA256_LEN];

    if (bodies.len > 0)
        sha256(bodies, hash);
    next_place(prev, event, bodies.len > 0 ? hash : NULL, ret);
}

/* ---- showing ---- */

enum { SALT_CHARS = 22 }; /* of 62, 131 bits */

static const char *const body_fields[] = {"requestObject", "responseObject"};
static const char salt_field[] = "salt";

void audit_mark_lost(Slice event, const char *why, Buf *out)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = NULL;

    if (value_parse(a, event, &v, NULL) < 0 || !value_is(v, VALUE_OBJECT)) {
        buf_add_slice(out, event);
        return;
    }
    value_set_str(a, value_need(a, v, "annotations"), AUDIT_LOST, why);
    value_print(v, out);
}

void audit_add_salt(Arena *a, Value *bodies)
{
    char text[SALT_CHARS + 1];

    (void)random_alnum(text, SALT_CHARS);
    value_set_str(a, bodies, salt_field, text);
}

int audit_compose(Arena *a, const AuditPlace *at, Slice event, Slice bodies,
                  const unsigned char *bodies_hash, Value **ret, Err *err)
{
    char hex[2 * SHA256_LEN + 1];
    Value *v = NULL, *b = NULL, *notes;
    int r = value_parse(a, event, &v, err);

    if (r == 0 && bodies.len > 0)
        r = value_parse(a, bodies, &b, err);
    if (r < 0 || !value_is(v, VALUE_OBJECT))
        return err_set(err, ERR_INTERNAL, "record %" PRId64 " is no JSON object", at->seq);
    for (size_t i = 0; i < ARRAY_LEN(body_fields); i++)
        if (value_get(b, body_fields[i]))
            value_set(a, v, body_fields[i], value_get(b, body_fields[i]));
    notes = value_need(a, v, "annotations");
    value_set(a, notes, AUDIT_SEQUENCE, value_printf(a, "%" PRId64, at->seq));
    audit_hash_to_hex(at->hash, hex);
    value_set_str(a, notes, AUDIT_HASH, hex);
    if (value_get(b, salt_field)) {
        value_set(a, notes, AUDIT_SALT, value_get(b, salt_field));
    } else if (bodies.len == 0 && bodies_hash) {
        audit_hash_to_hex(bodies_hash, hex);
        value_set_str(a, notes, AUDIT_BODIES, hex);
    }
    *ret = v;
    return 0;
}

/* ---- checking ---- */

/* A record taken apart. */
typedef struct Parts {
    AuditPlace at;
    bool has_bodies;
    unsigned char bodies_hash[SHA256_LEN];
    Buf event;
} Parts;

static bool take_place(Value *notes, AuditPlace *ret)
{
    const char *seq = value_get_str(notes, AUDIT_SEQUENCE);

    return seq && slice_to_int64(slice_of(seq), &ret->seq) && ret->seq > 0 &&
           audit_hash_from_hex(value_get_str(notes, AUDIT_HASH), ret->hash);
}

/* Leaves in `v` what is hashed as the event. */
static int take_apart(Arena *a, Value *v, Parts *ret, Err *err)
{
    Value *notes = value_get(v, "annotations"), *bodies = value_object(a);
    Value *salt = value_get(notes, AUDIT_SALT);
    const char *hidden = value_get_str(notes, AUDIT_BODIES);
    AUTO_BUF text = BUF_INIT;

    if (!value_is(v, VALUE_OBJECT) || !take_place(notes, &ret->at))
        return err_set(err, ERR_BAD_REQUEST, "no audit record with its place in a chain");
    for (size_t i = 0; i < ARRAY_LEN(body_fields); i++) {
        Value *body = value_get(v, body_fields[i]);

        if (body)
            value_set(a, bodies, body_fields[i], body);
        (void)value_del(v, body_fields[i]);
    }
    if (salt && bodies->n > 0)
        value_set(a, bodies, salt_field, salt);
    ret->has_bodies = bodies->n > 0 || hidden;
    if (bodies->n > 0) {
        value_print(bodies, &text);
        sha256(buf_slice(&text), ret->bodies_hash);
    } else if (hidden && !audit_hash_from_hex(hidden, ret->bodies_hash)) {
        return err_set(err, ERR_BAD_REQUEST, "record %" PRId64 ": %s is no hash", ret->at.seq,
                       AUDIT_BODIES);
    }
    (void)value_del(notes, AUDIT_SEQUENCE);
    (void)value_del(notes, AUDIT_HASH);
    (void)value_del(notes, AUDIT_BODIES);
    (void)value_del(notes, AUDIT_SALT);
    (void)value_del(notes, AUDIT_CLUSTER);
    if (notes->n == 0)
        (void)value_del(v, "annotations");
    value_print(v, &ret->event);
    return 0;
}

static int check_order(const AuditCheck *c, int64_t seq, Err *err)
{
    int64_t want = c->last.seq + 1;

    if (!c->has_last || seq == want)
        return 0;
    if (seq < want)
        return err_set(err, ERR_INVALID, "record %" PRId64 " comes after record %" PRId64, seq,
                       c->last.seq);
    if (seq == want + 1)
        return err_set(err, ERR_INVALID, "record %" PRId64 " is missing", want);
    return err_set(err, ERR_INVALID, "records %" PRId64 " to %" PRId64 " are missing", want,
                   seq - 1);
}

int audit_check_record(AuditCheck *c, Arena *a, Value *event, Err *err)
{
    Parts p = {0};
    AuditPlace is;
    int r = take_apart(a, event, &p, err);

    if (r == 0)
        r = check_order(c, p.at.seq, err);
    if (r == 0 && (c->has_last || p.at.seq == 1)) {
        next_place(&c->last, buf_slice(&p.event), p.has_bodies ? p.bodies_hash : NULL, &is);
        if (memcmp(is.hash, p.at.hash, SHA256_LEN) != 0)
            r = err_set(err, ERR_INVALID, "record %" PRId64 " was changed", p.at.seq);
    }
    buf_done(&p.event);
    if (r < 0)
        return r;
    if (c->n_records++ == 0)
        c->first = p.at.seq;
    c->last = p.at;
    c->has_last = true;
    return 0;
}

int audit_check_line(AuditCheck *c, Slice line, Err *err)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = NULL;

    if (value_parse(a, line, &v, err) < 0)
        return err_set(err, ERR_BAD_REQUEST, "a line is no JSON");
    return audit_check_record(c, a, v, err);
}

int audit_check_head(const AuditCheck *c, const AuditPlace *head, Err *err)
{
    if (c->last.seq < head->seq)
        return err_set(err, ERR_INVALID,
                       "the chain ends with record %" PRId64 ", and must go on to %" PRId64,
                       c->last.seq, head->seq);
    if (c->last.seq > head->seq || memcmp(c->last.hash, head->hash, SHA256_LEN) != 0)
        return err_set(err, ERR_INVALID, "record %" PRId64 " is not the one that the head names",
                       head->seq);
    return 0;
}
