#include "controllers/podbatch.h"

#include "client/events.h"

enum { AT_ONCE = 64 };

static const char *say_plainly(Arena *a, PodVerb verb, const Value *owner UNUSED, const char *pod,
                               const Err *failure)
{
    bool is_create = verb == POD_CREATE;

    if (failure)
        return arena_printf(a, "Error %s: %s", is_create ? "creating" : "deleting", failure->msg);
    return arena_printf(a, "%s pod: %s", is_create ? "Created" : "Deleted", pod);
}

/* Calls that go out together. */
typedef struct Round {
    const PodBatch *b;
    PodVerb verb;
    size_t n, n_calls;
    const Value *pods[AT_ONCE]; /* NULL: it could not even be made */
    int rs[AT_ONCE];
    Err *errs;
    ClientRequest reqs[AT_ONCE]; /* of those that were made, in their order */
    ClientReply replies[AT_ONCE];
    Event events[AT_ONCE];
    size_t n_events;
    bool is_hopeless; /* the namespace goes away */
} Round;

static void tell(Round *round, const char *pod, const Err *failure)
{
    static const char *const reasons[][2] = {{"SuccessfulCreate", "FailedCreate"},
                                             {"SuccessfulDelete", "FailedDelete"}};
    const PodBatch *b = round->b;
    const char *message =
        (b->say ? b->say : say_plainly)(b->ctl->arena, round->verb, b->owner, pod, failure);

    if (message)
        round->events[round->n_events++] = (Event){.cluster = b->ctl->cluster,
                                                   .object = b->owner,
                                                   .type = failure ? "Warning" : "Normal",
                                                   .reason = reasons[round->verb][failure != NULL],
                                                   .message = message};
}

/* The reply of a creation has the name that the server has made. */
static int name_of_created(Arena *a, const ClientReply *reply, const char **ret, Err *err)
{
    Value *made;
    int r = value_parse(a, reply->body, &made, err);

    if (r == 0)
        *ret = meta_name(made);
    return r;
}

static bool is_hopeless(const Round *round, size_t i)
{
    return round->verb == POD_CREATE && ctl_is_terminating(round->rs[i], &round->errs[i]);
}

static void read_reply(Round *round, size_t i, const ClientReply *reply)
{
    const PodBatch *b = round->b;
    Err *err = &round->errs[i];
    const char *name = meta_name(round->pods[i]);
    int r = client_reply_check(b->ctl->arena, reply, err);

    if (round->verb == POD_DELETE)
        r = ctl_tolerate_gone(r);
    else if (r == 0)
        r = name_of_created(b->ctl->arena, reply, &name, err);
    round->rs[i] = r;
    if (is_hopeless(round, i))
        round->is_hopeless = true;
    else
        tell(round, name, r < 0 ? err : NULL);
}

/* Sends what is in the round, with number `first` the first of it; returns the first failure. */
static int send_round(Round *round, uint32_t first, Err *err)
{
    const PodBatch *b = round->b;
    int failure = 0;

    client_call_all(b->ctl->client, b->ctl->arena, round->reqs, round->n_calls, round->replies);
    for (size_t i = 0, at = 0; i < round->n; i++) {
        if (round->pods[i])
            read_reply(round, i, &round->replies[at++]);
        if (round->rs[i] < 0 && !is_hopeless(round, i) && failure == 0) {
            failure = round->rs[i];
            if (err)
                *err = round->errs[i];
        }
        if (b->done)
            b->done(b->data, first + (uint32_t)i, round->rs[i]);
    }
    events_record_all(b->ctl->events, round->events, round->n_events);
    return failure;
}

static Round round_new(const PodBatch *b, PodVerb verb, size_t n)
{
    return (Round){.b = b, .verb = verb, .n = n, .errs = arena_array(b->ctl->arena, Err, n)};
}

static void add_creation(Round *round, size_t at, uint32_t i)
{
    const PodBatch *b = round->b;
    ObjRef to = ctl_ref(b->ctl, "pods", meta_ns(b->owner), NULL);
    Value *pod = NULL;

    round->rs[at] = b->make(b->data, i, &pod, &round->errs[at]);
    round->pods[at] = round->rs[at] == 0 ? pod : NULL;
    if (round->pods[at])
        round->reqs[round->n_calls++] = client_request(b->ctl->arena, "POST", &to, NULL, pod);
    else
        tell(round, meta_name(pod), &round->errs[at]);
}

int podbatch_create(const PodBatch *b, uint32_t n, Err *err)
{
    uint32_t batch = 1, done = 0;
    bool ends = false;
    int failure = 0;

    if (n == 0)
        return 0;
    expect_creations(b->expectations, &b->key, (int)n, b->ctl->now_us);
    for (; done < n && failure == 0 && !ends; batch = MIN(batch * 2, AT_ONCE)) {
        Round round = round_new(b, POD_CREATE, MIN(batch, n - done));

        for (size_t i = 0; i < round.n; i++)
            add_creation(&round, i, done + (uint32_t)i);
        failure = send_round(&round, done, err);
        for (size_t i = 0; i < round.n; i++)
            if (round.rs[i] < 0)
                expect_saw_creation(b->expectations, &b->key);
        ends = round.is_hopeless;
        done += (uint32_t)round.n;
    }
    for (; done < n; done++) /* not even tried */
        expect_saw_creation(b->expectations, &b->key);
    return failure;
}

int podbatch_delete(const PodBatch *b, const Value *const *pods, uint32_t n, Err *err)
{
    int failure = 0;

    for (uint32_t i = 0; i < n; i++)
        expect_deletion(b->expectations, &b->key, meta_uid(pods[i]), b->ctl->now_us);
    for (uint32_t done = 0; done < n; done += AT_ONCE) {
        Round round = round_new(b, POD_DELETE, MIN(n - done, (uint32_t)AT_ONCE));
        int r;

        for (size_t i = 0; i < round.n; i++) {
            round.pods[i] = pods[done + i];
            round.reqs[round.n_calls++] = ctl_delete_request(b->ctl, "pods", round.pods[i], NULL);
        }
        r = send_round(&round, done, failure ? NULL : err);
        failure = failure ? failure : r;
        for (size_t i = 0; i < round.n; i++)
            if (round.rs[i] < 0)
                expect_saw_deletion(b->expectations, &b->key, meta_uid(round.pods[i]));
    }
    return failure;
}
