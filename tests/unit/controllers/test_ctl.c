#include "controllers/ctl.h"

#include "tests/unit/test.h"

/* A server that has no object "gone", another "other", and does not let go of "held". */
typedef struct Server {
    Client client;
    size_t rounds[4], n_rounds, n_now;
} Server;

static void on_call_all(Client *c, Arena *a, const ClientRequest *reqs, size_t n, ClientReply *rets)
{
    static const char refusal[] = "{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":"
                                  "\"%s\",\"message\":\"%s\",\"code\":%d}";
    static const struct {
        const char *name, *reason;
        int code;
    } kinds[] = {{"gone", "NotFound", 404}, {"other", "Conflict", 409}, {"held", "Forbidden", 403}};
    Server *s = container_of(c, Server, client);

    assert_true(s->n_rounds < ARRAY_LEN(s->rounds));
    s->rounds[s->n_rounds++] = n;
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(reqs[i].method, "DELETE");
        assert_non_null(strstr(reqs[i].body.ptr, "\"uid\":\"u\""));
        s->n_now += strstr(reqs[i].body.ptr, "\"gracePeriodSeconds\":0") != NULL;
        rets[i] = (ClientReply){.status = 200, .body = SLICE("{}")};
        for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
            if (strstr(reqs[i].path, kinds[k].name))
                rets[i] =
                    (ClientReply){.status = kinds[k].code,
                                  .body = slice_of(arena_printf(a, refusal, kinds[k].reason,
                                                                kinds[k].name, kinds[k].code))};
    }
}

TEST(many_are_deleted_at_once_and_each_is_tried)
{
    static const struct {
        const char *names[4]; /* the first ones; the others are "x" */
        uint32_t n;
        bool is_now;
        int r;
        size_t rounds[4];
    } rows[] = {
        {{NULL}, 0, false, 0, {0}},
        {{NULL}, 3, true, 0, {3}},
        {{"gone", "other"}, 130, false, 0, {64, 64, 2}},
        {{"x", "held", "x", "held"}, 70, true, -ERR_FORBIDDEN, {64, 6}},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Server s = {.client = {.call_all = on_call_all}};
        Ctl ctl = {.client = &s.client, .arena = a, .cluster = "acme", .ns = "d"};
        Value **objects = arena_array(a, Value *, rows[i].n + 1);
        Err err = {0};

        for (uint32_t k = 0; k < rows[i].n; k++) {
            const char *name = k < 4 && rows[i].names[k] ? rows[i].names[k] : "x";

            objects[k] = value_literal(a, "{'metadata':{'namespace':'d','uid':'u'}}");
            value_set_at(a, objects[k], "metadata.name", value_str(a, name));
        }
        assert_int_equal(ctl_delete_all(&ctl, "pods", objects, rows[i].n, rows[i].is_now, &err),
                         rows[i].r);
        if (rows[i].r < 0)
            assert_string_equal(err.msg, "held");
        for (size_t k = 0; k < ARRAY_LEN(s.rounds); k++)
            assert_int_equal(s.rounds[k], rows[i].rounds[k]);
        assert_int_equal(s.n_now, rows[i].is_now ? rows[i].n : 0);
    }
}

TEST(each_of_many_calls_has_its_own_result)
{
    static const char *const names[] = {"x", "held", "gone", "x", "other", "held"};
    static const int want[] = {0, -ERR_FORBIDDEN, 0, 0, 0, -ERR_FORBIDDEN};
    enum { N = 70 };
    CLEANUP(arena_free) Arena *a = arena_new();
    Server s = {.client = {.call_all = on_call_all}};
    Ctl ctl = {.client = &s.client, .arena = a, .cluster = "acme", .ns = "d"};
    ClientRequest reqs[N];
    int rs[N];
    Err err = {0};

    for (size_t i = 0; i < N; i++) {
        Value *v = value_literal(a, "{'metadata':{'namespace':'d','uid':'u'}}");

        value_set_at(a, v, "metadata.name", value_str(a, names[i % ARRAY_LEN(names)]));
        reqs[i] = ctl_delete_request(&ctl, "pods", v, NULL);
        rs[i] = 1;
    }
    assert_int_equal(ctl_call_all(&ctl, reqs, N, rs, &err), -ERR_FORBIDDEN);
    assert_string_equal(err.msg, "held");
    for (size_t i = 0; i < N; i++)
        assert_int_equal(rs[i], want[i % ARRAY_LEN(want)]);
}

TEST(a_selector_is_found_without_reading_the_object)
{
    static const struct {
        const char *text, *want; /* want NULL: none */
    } rows[] = {
        {"{\"metadata\":{\"name\":\"x\"},\"spec\":{\"selector\":{\"a\":\"b\"},\"template\":{}}}",
         "{'a':'b'}"},
        {"{\"metadata\":{\"annotations\":{\"n\":\"\\\"selector\\\":{\"},\"labels\":{\"selector\":"
         "\"y\"},"
         "\"managedFields\":[{\"fieldsV1\":{\"f:spec\":{\"f:selector\":{}}}}]},\"spec\":{"
         "\"selector\":{"
         "\"matchLabels\":{\"a}\":\"\\\"{\"}}}}",
         "{'matchLabels':{'a}':'\\\"{'}}"},
        {"{\"metadata\":{},\"spec\":{}}", NULL},
        {"{\"spec\":{\"selector\":{\"a\":", NULL},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Obj o = {.text = rows[i].text, .text_len = strlen(rows[i].text)};
        Value *v = ctl_selector_value(a, &o);

        if (!rows[i].want)
            assert_null(v);
        else if (!v || !value_equal(v, value_literal(a, rows[i].want)))
            fail_msg("row %zu: %s", i, v ? value_to_str(a, v) : "none");
    }
}

TEST(a_wait_is_a_time_to_come_however_far_or_past)
{
    static const struct {
        int64_t until_us;
        int want;
    } rows[] = {
        {5000000, 1},
        {5000999, 1},
        {5001000, 2},
        {4000000, 1},
        {INT64_C(253402300799) * 1000000, INT32_MAX}, /* the year 9999 */
        {INT64_MAX, INT32_MAX},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(ctl_wait_ms(rows[i].until_us, 5000000), rows[i].want);
}
