#include "controllers/podbatch.h"

#include "client/events.h"
#include "tests/unit/test.h"

enum { ROUNDS_MAX = 16 };

/* A server that answers pods by their names, and keeps how many came at once. */
typedef struct Server {
    Client client;
    size_t rounds[ROUNDS_MAX], n_rounds, n_events;
    char events[2048]; /* reason and message, each ends with ';' */
} Server;

static ClientReply failure(int code, const char *reason, const char *message)
{
    static char text[256];

    snprintf(text, sizeof(text),
             "{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"%s\",\"message\":\"%s\","
             "\"code\":%d}",
             reason, message, code);
    return (ClientReply){.status = code, .body = slice_of(text)};
}

static ClientReply note_event(Server *s, Arena *a, const ClientRequest *req)
{
    size_t at = strlen(s->events);
    Value *v = NULL;

    assert_int_equal(value_parse(a, req->body, &v, NULL), 0);
    snprintf(s->events + at, sizeof(s->events) - at, "%s %s;", value_at_str(v, "reason"),
             value_at_str(v, "message"));
    s->n_events++;
    return (ClientReply){.status = 201, .body = SLICE("{}")};
}

static bool has(const ClientRequest *req, const char *word)
{
    return strstr(req->path, word) ||
           (req->body.len > 0 && memmem(req->body.ptr, req->body.len, word, strlen(word)));
}

static ClientReply answer(Server *s, Arena *a, const ClientRequest *req)
{
    if (strstr(req->path, "/events"))
        return note_event(s, a, req);
    if (has(req, "gone"))
        return failure(404, "NotFound", "gone");
    if (has(req, "other"))
        return failure(409, "Conflict", "another uid");
    if (has(req, "full"))
        return failure(403, "Forbidden", "exceeded quota");
    if (has(req, "ends"))
        return failure(403, "Forbidden", "it is being terminated");
    return (ClientReply){.status = 201, .body = SLICE("{\"metadata\":{\"name\":\"p\"}}")};
}

static void on_call_all(Client *c, Arena *a, const ClientRequest *reqs, size_t n, ClientReply *rets)
{
    Server *s = container_of(c, Server, client);
    char(*texts)[256] = arena_alloc(a, n * sizeof(*texts));

    if (n > 0 && !strstr(reqs[0].path, "/events") && s->n_rounds < ROUNDS_MAX)
        s->rounds[s->n_rounds++] = n;
    for (size_t i = 0; i < n; i++) {
        rets[i] = answer(s, a, &reqs[i]);
        rets[i].body =
            (Slice){memcpy(texts[i], rets[i].body.ptr, rets[i].body.len), rets[i].body.len};
    }
}

typedef struct Fixture {
    Arena *a;
    Server server;
    Events *events;
    Expectations *expectations;
    Ctl ctl;
    const Value *owner;
    const char *at[8]; /* what the pod of that number is called; NULL: "a" */
    int results[256];  /* 1: not told */
    PodBatch batch;
} Fixture;

static int make(void *data, uint32_t i, Value **ret, Err *err)
{
    Fixture *f = data;
    const char *name = i < ARRAY_LEN(f->at) && f->at[i] ? f->at[i] : "a";

    if (str_eq(name, "unmade"))
        return err_set(err, ERR_CONFLICT, "its claim goes away");
    *ret = value_literal(f->a, "{'metadata':{'namespace':'x','uid':'p'}}");
    value_set_at(f->a, *ret, "metadata.name", value_str(f->a, name));
    return 0;
}

static void on_done(void *data, uint32_t i, int r)
{
    Fixture *f = data;

    assert_int_equal(f->results[i], 1); /* each is told once */
    f->results[i] = r;
}

static void begin(Fixture *f)
{
    *f = (Fixture){.a = arena_new(), .server = {.client = {.call_all = on_call_all}}};
    f->events = events_new(&f->server.client, "test", NULL);
    f->expectations = expect_new();
    f->ctl = (Ctl){.client = &f->server.client,
                   .arena = f->a,
                   .cluster = "acme",
                   .ns = "x",
                   .events = f->events};
    f->owner = value_literal(f->a, "{'kind':'ReplicaSet','apiVersion':'apps/v1',"
                                   "'metadata':{'name':'o','namespace':'x','uid':'u'}}");
    for (size_t i = 0; i < ARRAY_LEN(f->results); i++)
        f->results[i] = 1;
    f->batch = (PodBatch){.ctl = &f->ctl,
                          .owner = f->owner,
                          .expectations = f->expectations,
                          .key = {1, "acme", "x", "o"},
                          .make = make,
                          .done = on_done,
                          .data = f};
}

static void end(Fixture *f)
{
    events_free(f->events);
    expect_free(f->expectations);
    arena_free(f->a);
}

static void check_rounds(const Fixture *f, const size_t *want, size_t row)
{
    size_t n = 0;

    for (; want[n]; n++)
        if (n >= f->server.n_rounds || f->server.rounds[n] != want[n])
            fail_msg("row %zu: round %zu is not of %zu", row, n, want[n]);
    assert_int_equal(f->server.n_rounds, n);
}

TEST(pods_are_made_slowly_at_first_and_no_more_after_a_failure)
{
    static const struct {
        uint32_t n;
        const char *at[8];
        int r;
        const char *message;
        size_t rounds[ROUNDS_MAX]; /* ends with 0 */
        uint32_t n_made;
    } rows[] = {
        {0, {NULL}, 0, NULL, {0}, 0},
        {1, {NULL}, 0, NULL, {1}, 1},
        {10, {NULL}, 0, NULL, {1, 2, 4, 3}, 10},
        {200, {NULL}, 0, NULL, {1, 2, 4, 8, 16, 32, 64, 64, 9}, 200},
        {100, {"full"}, -ERR_FORBIDDEN, "exceeded quota", {1}, 0},
        {100, {"a", "b", "full"}, -ERR_FORBIDDEN, "exceeded quota", {1, 2}, 2},
        {100, {"a", "b", "full", "c"}, -ERR_FORBIDDEN, "exceeded quota", {1, 2}, 2},
        /* What cannot even be made is not sent, and its round goes on. */
        {7, {"a", "unmade", "c"}, -ERR_CONFLICT, "its claim goes away", {1, 1}, 2},
        /* A namespace that goes away is no failure, and the end. */
        {100, {"a", "ends"}, 0, NULL, {1, 2}, 2},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Fixture f;
        Err err = {0};
        uint32_t n_made = 0;

        begin(&f);
        memcpy(f.at, rows[i].at, sizeof(f.at));
        assert_int_equal(podbatch_create(&f.batch, rows[i].n, &err), rows[i].r);
        assert_string_equal(err.msg, rows[i].message ? rows[i].message : "");
        check_rounds(&f, rows[i].rounds, i);
        for (size_t k = 0; k < ARRAY_LEN(f.results); k++)
            n_made += f.results[k] == 0;
        assert_int_equal(n_made, rows[i].n_made);
        /* What was made is waited for, and nothing else. */
        for (uint32_t k = 0; k < rows[i].n_made; k++) {
            assert_false(expect_is_met(f.expectations, &f.batch.key, 0));
            expect_saw_creation(f.expectations, &f.batch.key);
        }
        assert_true(expect_is_met(f.expectations, &f.batch.key, 0));
        end(&f);
    }
}

TEST(all_pods_are_deleted_whatever_comes_of_the_others)
{
    static const struct {
        const char *names[4];
        int r, results[4];
        bool is_met;
    } rows[] = {
        {{"a", "b", "c", "d"}, 0, {0}, false},
        {{"full", "b", "full", "d"}, -ERR_FORBIDDEN, {-ERR_FORBIDDEN, 0, -ERR_FORBIDDEN, 0}, false},
        {{"gone", "gone", "other", "gone"}, 0, {0}, false},
        {{"full", "full", "full", "full"},
         -ERR_FORBIDDEN,
         {-ERR_FORBIDDEN, -ERR_FORBIDDEN, -ERR_FORBIDDEN, -ERR_FORBIDDEN},
         true},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const Value *pods[4];
        Fixture f;
        Err err = {0};

        begin(&f);
        for (size_t k = 0; k < 4; k++) {
            Value *pod = value_literal(f.a, "{'metadata':{'namespace':'x'}}");

            value_set_at(f.a, pod, "metadata.name", value_str(f.a, rows[i].names[k]));
            value_set_at(f.a, pod, "metadata.uid", value_printf(f.a, "u%zu", k));
            pods[k] = pod;
        }
        assert_int_equal(podbatch_delete(&f.batch, pods, 4, &err), rows[i].r);
        for (size_t k = 0; k < 4; k++)
            assert_int_equal(f.results[k], rows[i].results[k]);
        check_rounds(&f, (const size_t[]){4, 0}, i);
        assert_int_equal(f.server.n_events, 4);
        assert_int_equal(expect_is_met(f.expectations, &f.batch.key, 0), rows[i].is_met);
        for (size_t k = 0; k < 4; k++)
            expect_saw_deletion(f.expectations, &f.batch.key, meta_uid(pods[k]));
        assert_true(expect_is_met(f.expectations, &f.batch.key, 0));
        end(&f);
    }
}

static const char *say(Arena *a, PodVerb verb, const Value *owner, const char *pod, const Err *why)
{
    return why ? NULL : arena_printf(a, "%d %s of %s", (int)verb, pod, meta_name(owner));
}

TEST(events_say_what_came_of_each_pod_as_its_owner_words_it)
{
    static const struct {
        PodSayFn say;
        const char *at[3], *want;
    } rows[] = {
        {NULL, {"a"}, "SuccessfulCreate Created pod: p;"},
        {NULL, {"full"}, "FailedCreate Error creating: exceeded quota;"},
        {NULL, {"unmade"}, "FailedCreate Error creating: its claim goes away;"},
        {NULL, {"ends"}, ""},
        {say, {"a"}, "SuccessfulCreate 0 p of o;"},
        {say, {"full"}, ""},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Fixture f;

        begin(&f);
        memcpy(f.at, rows[i].at, sizeof(rows[i].at));
        f.batch.say = rows[i].say;
        assert_true(podbatch_create(&f.batch, 1, NULL) <= 0);
        assert_string_equal(f.server.events, rows[i].want);
        end(&f);
    }
}
