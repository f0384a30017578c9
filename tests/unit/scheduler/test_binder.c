#include "scheduler/binder.h"

#include "base/err.h"
#include "tests/unit/test.h"

#include <semaphore.h>

typedef struct Fake {
    Client client;
    sem_t done;
    int status;
    _Atomic int n_bindings, n_patches, n_events;
} Fake;

static int fake_call(Client *c, Arena *a UNUSED, const ClientRequest *req, ClientReply *ret,
                     Err *err UNUSED)
{
    Fake *f = (Fake *)c;

    *ret = (ClientReply){.status = 201};
    if (str_ends(req->path, "/pods/p/binding")) {
        f->n_bindings++;
        ret->status = f->status;
    } else if (str_ends(req->path, "/pods/p/status")) {
        f->n_patches++;
    } else if (str_ends(req->path, "/events")) {
        f->n_events++;
        sem_post(&f->done);
    }
    return 0;
}

static void on_result(void *data)
{
    sem_post(data);
}

static BindTask *task(const char *node)
{
    BindTask *t = bind_task_new(arena_new());

    t->profile = profile_default();

    t->id = "acme/n/p";
    t->cluster = "acme";
    t->pod = value_literal(t->arena, "{'kind':'Pod','metadata':{'name':'p','namespace':'n',"
                                     "'uid':'u'}}");
    t->decision = (Decision){.node = node, .reason = "Unschedulable", .message = "no room"};
    return t;
}

TEST(bindings_report_back_and_refusals_are_written)
{
    Fake fake = {.client = {.call = fake_call}, .status = 201};
    sem_t results;
    BinderOptions o = {
        .client = &fake.client, .n_threads = 2, .on_result = on_result, .data = &results};
    Binder *b = NULL;
    List list = LIST_INIT(list), *l;

    sem_init(&results, 0, 0);
    sem_init(&fake.done, 0, 0);
    assert_ok(binder_start(&o, &b, NULL));

    binder_add(b, task("node1"));
    sem_wait(&results);
    binder_take_results(b, &list);
    l = list_pop(&list);
    assert_non_null(l);
    assert_int_equal(list_entry(l, BindTask, link)->result, 0);
    bind_task_free(list_entry(l, BindTask, link));

    fake.status = 409;
    binder_add(b, task("node1"));
    sem_wait(&results);
    binder_take_results(b, &list);
    l = list_pop(&list);
    assert_int_equal(list_entry(l, BindTask, link)->result, -(int)ERR_CONFLICT);
    bind_task_free(list_entry(l, BindTask, link));

    sem_wait(&fake.done); /* the event of the first binding */
    binder_add(b, task(NULL));
    sem_wait(&fake.done);
    assert_int_equal(fake.n_bindings, 2);
    assert_int_equal(fake.n_patches, 1);
    assert_int_equal(fake.n_events, 2);
    binder_stop(b);
    sem_destroy(&results);
    sem_destroy(&fake.done);
}

/* A client whose first write of a condition takes until it is let go. */
typedef struct Slow {
    Client client;
    sem_t begun, let_go, written;
    _Atomic int n_p;
    const char *_Atomic last; /* what was written of p at last */
} Slow;

static int slow_call(Client *c, Arena *a UNUSED, const ClientRequest *req, ClientReply *ret,
                     Err *err UNUSED)
{
    Slow *f = (Slow *)c;

    *ret = (ClientReply){.status = 200};
    if (str_ends(req->path, "/pods/p/status")) {
        if (f->n_p++ == 0) {
            sem_post(&f->begun);
            sem_wait(&f->let_go);
        }
        f->last = memmem(req->body.ptr, req->body.len, "newer", 5) ? "newer" : "older";
    }
    if (str_ends(req->path, "/status"))
        sem_post(&f->written);
    return 0;
}

static BindTask *refusal(const char *id, const char *name, const char *message)
{
    BindTask *t = task(NULL);
    Value *pod = value_copy(t->arena, t->pod);

    value_set_at(t->arena, pod, "metadata.name", value_str(t->arena, name));
    t->id = id;
    t->pod = pod;
    t->decision.message = message;
    return t;
}

TEST(what_is_said_of_one_pod_is_written_in_its_order)
{
    Slow fake = {.client = {.call = slow_call}};
    sem_t results;
    BinderOptions o = {
        .client = &fake.client, .n_threads = 3, .on_result = on_result, .data = &results};
    Binder *b = NULL;

    sem_init(&results, 0, 0);
    sem_init(&fake.begun, 0, 0);
    sem_init(&fake.let_go, 0, 0);
    sem_init(&fake.written, 0, 0);
    assert_ok(binder_start(&o, &b, NULL));
    binder_add(b, refusal("acme/n/p", "p", "older"));
    sem_wait(&fake.begun);
    binder_add(b, refusal("acme/n/p", "p", "newer"));
    binder_add(b, refusal("acme/n/q", "q", "another pod does not wait"));
    sem_wait(&fake.written); /* of q: so "newer" has been passed over */
    assert_int_equal(fake.n_p, 1);
    sem_post(&fake.let_go);
    sem_wait(&fake.written);
    sem_wait(&fake.written);
    assert_int_equal(fake.n_p, 2);
    assert_string_equal(fake.last, "newer");
    binder_stop(b);
    sem_destroy(&results);
    sem_destroy(&fake.begun);
    sem_destroy(&fake.let_go);
    sem_destroy(&fake.written);
}
