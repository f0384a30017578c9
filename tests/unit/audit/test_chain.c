#include "audit/chain.h"

#include "base/buf.h"
#include "base/err.h"
#include "tests/unit/test.h"

enum { N = 5 };

/* A chain of N records, the third with bodies, as lines of an export. */
typedef struct Sample {
    Arena *arena;
    AuditPlace places[N];
    const char *lines[N], *hidden[N]; /* without bodies */
} Sample;

static const char *line_of(Arena *a, const AuditPlace *at, Slice event, Slice bodies, bool shows)
{
    unsigned char hash[SHA256_LEN];
    Value *v;
    Err err;

    sha256(bodies, hash);
    if (audit_compose(a, at, event, shows ? bodies : (Slice){NULL, 0}, bodies.len > 0 ? hash : NULL,
                      &v, &err) < 0)
        fail_msg("%s", err.msg);
    return value_to_str(a, v);
}

static void sample(Sample *s)
{
    AuditPlace last = {0};

    s->arena = arena_new();
    for (int i = 0; i < N; i++) {
        const char *event = arena_printf(
            s->arena, "{\"kind\":\"Event\",\"auditID\":\"%d\",\"level\":\"Request\"%s}", i,
            i == 1 ? ",\"annotations\":{\"a\":\"b\"}" : "");
        const char *bodies =
            i == 2   ? "{\"requestObject\":{\"n\":1.50,\"s\":\"\\u003c\"},\"responseObject\":[]}"
            : i == 3 ? "{\"requestObject\":1,\"salt\":\"pepper\"}"
                     : "";

        audit_chain_next(&last, slice_of(event), slice_of(bodies), &s->places[i]);
        last = s->places[i];
        s->lines[i] = line_of(s->arena, &last, slice_of(event), slice_of(bodies), true);
        s->hidden[i] = line_of(s->arena, &last, slice_of(event), slice_of(bodies), false);
    }
}

static int check_all(const char *const *lines, size_t n, AuditCheck *c, Err *err)
{
    int r = 0;

    *c = (AuditCheck){0};
    for (size_t i = 0; i < n && r == 0; i++)
        r = audit_check_line(c, slice_of(lines[i]), err);
    return r;
}

TEST(an_event_tells_of_the_bodies_that_it_lost)
{
    static const struct {
        const char *event, *marked;
    } rows[] = {
        {"{\"kind\":\"Event\",\"annotations\":{\"a\":\"b\"},\"n\":1.50}",
         "{\"kind\":\"Event\",\"annotations\":{\"a\":\"b\",\"audit.hostplane.io/bodies-lost\":"
         "\"KeyWithheld\"},\"n\":1.50}"},
        {"{}", "{\"annotations\":{\"audit.hostplane.io/bodies-lost\":\"KeyWithheld\"}}"},
        {"[]", "[]"},
        {"{", "{"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        AUTO_BUF out = BUF_INIT;

        audit_mark_lost(slice_of(rows[i].event), "KeyWithheld", &out);
        assert_string_equal(buf_str(&out), rows[i].marked);
    }
}

TEST(a_chain_holds_with_bodies_and_without)
{
    Sample s;
    AuditCheck c;
    Err err;

    sample(&s);
    assert_int_equal(check_all(s.lines, N, &c, &err), 0);
    assert_int_equal(c.n_records, N);
    assert_int_equal(c.last.seq, N);
    assert_int_equal(audit_check_head(&c, &s.places[N - 1], &err), 0);
    assert_non_null(strstr(s.lines[2], "\"requestObject\":{\"n\":1.50"));
    assert_non_null(strstr(s.lines[3], AUDIT_SALT "\":\"pepper\""));
    assert_null(strstr(s.hidden[3], "pepper")); /* else short bodies could be guessed */
    assert_int_equal(check_all(s.hidden, N, &c, &err), 0);
    assert_null(strstr(s.hidden[2], "requestObject"));
    assert_non_null(strstr(s.hidden[2], AUDIT_BODIES));
    arena_free(s.arena);
}

TEST(the_first_hash_is_of_zeros_number_and_event)
{
    AuditPlace none = {0}, first;
    char hex[2 * SHA256_LEN + 1];

    audit_chain_next(&none, SLICE("{}"), (Slice){NULL, 0}, &first);
    audit_hash_to_hex(first.hash, hex);
    assert_int_equal(first.seq, 1);
    /* python: sha256(bytes(32) + (1).to_bytes(8, "big") + b"{}") */
    assert_string_equal(hex, "1bad765d926feacace97a8ddcd329a1f4254c208affc1ba86b3c7d59e8fba83e");
}

TEST(what_was_changed_is_found)
{
    static const struct {
        int at;
        const char *from, *to, *why;
    } rows[] = {
        {0, "\"auditID\":\"0\"", "\"auditID\":\"9\"", "record 1 was changed"},
        {1, "\"a\":\"b\"", "\"a\":\"c\"", "record 2 was changed"},
        {1, "\"a\":\"b\",", "", "record 2 was changed"},
        {2, "1.50", "1.5", "record 3 was changed"},
        {2, "\"responseObject\":[]", "\"responseObject\":[0]", "record 3 was changed"},
        {2, ",\"responseObject\":[]", "", "record 3 was changed"},
        {3, "\"level\":\"Request\"", "\"level\":\"Request\",\"x\":null", "record 4 was changed"},
        {3, "pepper", "sugar", "record 4 was changed"},
        {3, "\"requestObject\":1", "\"requestObject\":2", "record 4 was changed"},
        {3, "sequence\":\"4\"", "sequence\":\"5\"", "record 4 is missing"},
        {3, "sequence\":\"4\"", "sequence\":\"3\"", "record 3 comes after record 3"},
        {4, "sequence\":\"5\"", "sequence\":\"x\"", "no audit record with its place in a chain"},
        {4, "\"kind\"", "kind", "a line is no JSON"},
    };
    Sample s;

    sample(&s);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *lines[N], *at = strstr(s.lines[rows[i].at], rows[i].from);
        AuditCheck c;
        Err err = {0};

        assert_non_null(at);
        memcpy(lines, s.lines, sizeof(lines));
        lines[rows[i].at] =
            arena_printf(s.arena, "%.*s%s%s", (int)(at - s.lines[rows[i].at]), s.lines[rows[i].at],
                         rows[i].to, at + strlen(rows[i].from));
        if (check_all(lines, N, &c, &err) >= 0 || strcmp(err.msg, rows[i].why) != 0)
            fail_msg("row %zu: %s", i, err.msg);
    }
    arena_free(s.arena);
}

TEST(what_is_missing_or_elsewhere_is_found)
{
    static const struct {
        int order[N + 1]; /* ends with -1 */
        const char *why;  /* NULL: holds */
    } rows[] = {
        {{1, 2, 3, 4, -1}, NULL}, /* a part: nothing is known of what was before */
        {{0, 2, 3, 4, -1}, "record 2 is missing"},
        {{0, 3, 4, -1}, "records 2 to 3 are missing"},
        {{0, 2, 1, 3, 4, -1}, "record 2 is missing"},
        {{0, 1, 1, 2, -1}, "record 2 comes after record 2"},
        {{4, 3, -1}, "record 4 comes after record 5"},
    };
    Sample s;

    sample(&s);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *lines[N + 1];
        size_t n = 0;
        AuditCheck c;
        Err err = {0};
        int r;

        for (; rows[i].order[n] >= 0; n++)
            lines[n] = s.lines[rows[i].order[n]];
        r = check_all(lines, n, &c, &err);
        if (rows[i].why ? r >= 0 || strcmp(err.msg, rows[i].why) != 0 : r < 0)
            fail_msg("row %zu: %d %s", i, r, err.msg);
    }
    arena_free(s.arena);
}

TEST(the_head_shows_a_tail_that_was_cut)
{
    Sample s;
    AuditCheck c;
    AuditPlace other;
    Err err;

    sample(&s);
    assert_int_equal(check_all(s.lines, 3, &c, &err), 0);
    assert_int_equal(audit_check_head(&c, &s.places[4], &err), -ERR_INVALID);
    assert_string_equal(err.msg, "the chain ends with record 3, and must go on to 5");
    assert_int_equal(audit_check_head(&c, &s.places[2], &err), 0);
    other = s.places[2];
    other.hash[0] ^= 1;
    assert_int_equal(audit_check_head(&c, &other, &err), -ERR_INVALID);
    arena_free(s.arena);
}

TEST(a_check_can_begin_where_an_earlier_one_ended)
{
    Sample s;
    AuditCheck c = {.has_last = true};
    Err err;

    sample(&s);
    c.last = s.places[1];
    assert_int_equal(audit_check_line(&c, slice_of(s.lines[2]), &err), 0);
    assert_int_equal(c.first, 3);
    c = (AuditCheck){.has_last = true, .last = s.places[1]};
    c.last.hash[3] ^= 1;
    assert_int_equal(audit_check_line(&c, slice_of(s.lines[2]), &err), -ERR_INVALID);
    arena_free(s.arena);
}

TEST(hashes_are_read_as_they_are_written)
{
    unsigned char hash[SHA256_LEN], again[SHA256_LEN];
    char hex[2 * SHA256_LEN + 1];

    random_bytes(hash, sizeof(hash));
    audit_hash_to_hex(hash, hex);
    assert_true(audit_hash_from_hex(hex, again));
    assert_memory_equal(hash, again, sizeof(hash));
    hex[5] = 'g';
    assert_false(audit_hash_from_hex(hex, again));
    hex[5] = '\0';
    assert_false(audit_hash_from_hex(hex, again));
    assert_false(audit_hash_from_hex(NULL, again));
}
