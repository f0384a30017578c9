#include "vcluster/watchconvert.h"

#include "base/err.h"
#include "base/mem.h"
#include "vcluster/crconvert.h"
#include "vcluster/crds.h"

enum { BATCH = 100 };

/* A call under way: it outlives a watch that is closed. */
typedef struct Job {
    Request req;
    Arena *arena;
    Loop *loop;
    WatchConvert *owner; /* NULL: given up */
    Obj **objs;          /* for each event its object, and the one before or NULL */
    Obj **made;
    size_t n;
    char *group, *version, *plural;
} Job;

struct WatchConvert {
    Vcluster *vc;
    Cluster *cluster;
    const Resource *r;
    bool with_prev;
    Loop *loop;
    LoopFn ready;
    void *ready_data;
    Event *raw[BATCH]; /* references */
    size_t n, next;
    Obj *now[BATCH], *prev[BATCH]; /* references; as they are told */
    Job *job;
    Err failed;    /* code ERR_NONE: not yet */
    Err raw_ended; /* what raw() ended with, to be told behind the events */
};

static void drop_events(WatchConvert *w)
{
    for (size_t i = 0; i < w->n; i++) {
        event_unref(w->raw[i]);
        obj_unref(w->now[i]);
        obj_unref(w->prev[i]);
        w->raw[i] = NULL;
        w->now[i] = w->prev[i] = NULL;
    }
    w->n = w->next = 0;
}

/* ---- the call ---- */

static void unref_obj(void *o)
{
    obj_unref(o);
}

static void job_free(Job *j)
{
    request_done(&j->req);
    arena_free(j->arena);
}

static int convert_all(Request *req, void *data)
{
    Job *j = data;
    const Resource *r;
    int s = crds_need(req);

    if (s)
        return s;
    r = vc_resource(req, j->group, j->version, j->plural);
    if (!r)
        return fail_status(req, 410, "Expired", NULL, "the definition has changed");
    memcpy(j->made, j->objs, j->n * sizeof(*j->made));
    s = crconvert_objs(req, r, j->made, j->n, false);
    return s ? s : reply_text(req, 200, "text/plain", (Slice){"", 0});
}

static void read_failure(WatchConvert *w, const Job *j)
{
    const Reply *reply = &j->req.reply;
    Value *v = NULL;
    const char *text = NULL;

    if (value_parse(j->arena, reply->body, &v, NULL) == 0)
        text = value_get_str(v, "message");
    (void)err_set(&w->failed, reply->status == 410 ? ERR_EXPIRED : ERR_INTERNAL, "%s",
                  text ? text : "the conversion failed");
}

static void take_answer(WatchConvert *w, const Job *j)
{
    size_t at = 0;

    if (j->req.reply.status != 200) {
        read_failure(w, j);
        return;
    }
    for (size_t i = 0; i < w->n; i++) {
        w->now[i] = obj_ref(j->made[at++]);
        if (w->with_prev && w->raw[i]->prev)
            w->prev[i] = obj_ref(j->made[at++]);
    }
}

/* True: it is over. */
static bool job_step(Job *j)
{
    WatchConvert *w = j->owner;

    if (w && vc_step(w->vc, &j->req) == VC_WAIT)
        return false;
    if (w) {
        take_answer(w, j);
        w->job = NULL;
    }
    job_free(j);
    return true;
}

static void on_woken(void *data)
{
    Job *j = data;
    WatchConvert *w = j->owner;

    if (job_step(j) && w)
        w->ready(w->ready_data);
}

static void on_wake(Request *req)
{
    Job *j = req->owner;

    loop_post(j->loop, on_woken, j);
}

static void start(WatchConvert *w)
{
    static const char *const nobody[] = {NULL};
    Arena *a = arena_new();
    Job *j = arena_new0(a, Job);

    j->arena = a;
    j->loop = w->loop;
    j->owner = w;
    j->group = arena_strdup(a, w->r->group);
    j->version = arena_strdup(a, w->r->version);
    j->plural = arena_strdup(a, w->r->plural);
    j->objs = arena_array(a, Obj *, 2 * w->n);
    j->made = arena_array(a, Obj *, 2 * w->n);
    for (size_t i = 0; i < w->n; i++) {
        j->objs[j->n++] = w->raw[i]->obj;
        if (w->with_prev && w->raw[i]->prev)
            j->objs[j->n++] = w->raw[i]->prev;
    }
    for (size_t i = 0; i < j->n; i++) /* the watch may go first */
        arena_on_free(a, unref_obj, obj_ref(j->objs[i]));
    j->req = (Request){
        .arena = a,
        .cluster = cluster_ref(w->cluster),
        .method = "GET",
        .path = "/",
        .query = "",
        .user = {.name = "system:apiserver", .uid = "", .groups = nobody, .is_internal = true},
        .wake = on_wake,
        .owner = j,
        .is_secret = arena_is_wiped(a)}; /* as the watch is */
    request_job(w->vc, &j->req, convert_all, j);
    w->job = j;
    (void)job_step(j);
}

/* ---- events ---- */

static bool is_as_wanted(const WatchConvert *w, const Obj *o)
{
    return !o || crconvert_is_as(w->r, o);
}

static bool needs_call(const WatchConvert *w)
{
    for (size_t i = 0; i < w->n; i++)
        if (!is_as_wanted(w, w->raw[i]->obj) || (w->with_prev && !is_as_wanted(w, w->raw[i]->prev)))
            return true;
    return false;
}

static void take_as_is(WatchConvert *w)
{
    for (size_t i = 0; i < w->n; i++) {
        w->now[i] = obj_ref(w->raw[i]->obj);
        w->prev[i] = w->with_prev && w->raw[i]->prev ? obj_ref(w->raw[i]->prev) : NULL;
    }
}

static void collect(WatchConvert *w, int (*raw)(void *data, Event **ret, Err *err), void *data)
{
    drop_events(w);
    while (w->n < BATCH && !w->raw_ended.code) {
        Event *e = NULL;
        Err err;
        int r = raw(data, &e, &err);

        if (r < 0)
            w->raw_ended = err;
        if (r <= 0)
            return;
        w->raw[w->n++] = e;
    }
}

int watchconvert_next(WatchConvert *w, int (*raw)(void *data, Event **ret, Err *err), void *data,
                      Event *ret, Err *err)
{
    if (!w->job && !w->failed.code && w->next == w->n) {
        collect(w, raw, data);
        if (w->n > 0 && needs_call(w))
            start(w);
        else
            take_as_is(w);
    }
    if (w->failed.code) {
        *err = w->failed;
        return -(int)err->code;
    }
    if (w->job)
        return 0;
    if (w->n == 0 && w->raw_ended.code) {
        *err = w->raw_ended;
        return -(int)err->code;
    }
    if (w->n == 0)
        return 0;
    *ret = (Event){.type = w->raw[w->next]->type,
                   .revision = w->raw[w->next]->revision,
                   .obj = w->now[w->next],
                   .prev = w->prev[w->next],
                   .is_prev_lost = w->raw[w->next]->is_prev_lost};
    w->next++;
    return 1;
}

bool watchconvert_is_busy(const WatchConvert *w)
{
    return w->job || w->next < w->n;
}

WatchConvert *watchconvert_new(Vcluster *vc, Cluster *c, const Resource *r, bool with_prev,
                               Loop *loop, LoopFn ready, void *data)
{
    WatchConvert *w = xcalloc(1, sizeof(*w));

    w->vc = vc;
    w->cluster = cluster_ref(c);
    w->r = r;
    w->with_prev = with_prev;
    w->loop = loop;
    w->ready = ready;
    w->ready_data = data;
    return w;
}

void watchconvert_free(WatchConvert *w)
{
    if (!w)
        return;
    if (w->job)
        w->job->owner = NULL; /* freed when it is woken */
    drop_events(w);
    cluster_unref(w->cluster);
    free(w);
}
