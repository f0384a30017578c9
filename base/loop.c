#include "base/loop.h"

#include "base/crash.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/wipe.h"

#include <pthread.h>

typedef struct Mail {
    struct Mail *next;
    LoopFn fn;
    void *data;
} Mail;

struct Loop {
    char name[16];
    uv_loop_t uv;
    uv_async_t wake;
    pthread_t thread; /* that runs the loop; valid while is_running */
    bool is_running, is_spawned, wipes;
    pthread_mutex_t lock; /* guards first, last, is_stopping */
    Mail *first, **last;
    bool is_stopping;
};

struct LoopTimer {
    uv_timer_t uv;
    LoopFn fn;
    void *data;
};

/* Only what was there at the start: mail that causes mail must not starve the sockets. */
static void on_wake(uv_async_t *async)
{
    Loop *l = async->data;
    bool is_stopping;
    Mail *m;

    pthread_mutex_lock(&l->lock);
    m = l->first;
    l->first = NULL;
    l->last = &l->first;
    is_stopping = l->is_stopping;
    pthread_mutex_unlock(&l->lock);
    while (m) {
        Mail *next = m->next;

        m->fn(m->data);
        free(m);
        m = next;
    }
    if (is_stopping)
        uv_stop(&l->uv);
}

int loop_open(const char *name, Loop **ret, Err *err)
{
    Loop *l = xcalloc(1, sizeof(*l));
    int r;

    snprintf(l->name, sizeof(l->name), "%s", name);
    pthread_mutex_init(&l->lock, NULL);
    l->last = &l->first;
    r = uv_loop_init(&l->uv);
    if (r < 0) {
        free(l);
        return err_set(err, ERR_INTERNAL, "starting loop '%s': %s", name, uv_strerror(r));
    }
    r = uv_async_init(&l->uv, &l->wake, on_wake);
    BUG_ON(r < 0);
    l->wake.data = l;
    *ret = l;
    return 0;
}

static void close_handle(uv_handle_t *h, void *data UNUSED)
{
    if (!uv_is_closing(h))
        uv_close(h, NULL);
}

void loop_close(Loop *l)
{
    if (!l)
        return;
    l->is_stopping = false; /* or the closing run below would stop at once */
    on_wake(&l->wake);      /* last mail */
    uv_walk(&l->uv, close_handle, NULL);
    uv_run(&l->uv, UV_RUN_DEFAULT);
    BUG_ON(uv_loop_close(&l->uv) < 0);
    for (Mail *m = l->first, *next; m; m = next) {
        next = m->next;
        free(m);
    }
    pthread_mutex_destroy(&l->lock);
    free(l);
}

uv_loop_t *loop_uv(Loop *l)
{
    return &l->uv;
}

void loop_run(Loop *l)
{
    l->thread = pthread_self();
    l->is_running = true;
    uv_run(&l->uv, UV_RUN_DEFAULT);
    l->is_running = false;
}

void loop_stop(Loop *l)
{
    pthread_mutex_lock(&l->lock);
    l->is_stopping = true;
    pthread_mutex_unlock(&l->lock);
    uv_async_send(&l->wake);
}

void loop_check(const Loop *l)
{
    BUG_ON(l->is_running && !pthread_equal(l->thread, pthread_self()));
}

static void *thread_main(void *data)
{
    Loop *l = data;

    pthread_setname_np(pthread_self(), l->name);
    crash_thread();
    (void)wipe_set(l->wipes);
    loop_run(l);
    return NULL;
}

void loop_wipes(Loop *l)
{
    l->wipes = true;
}

int loop_spawn(Loop *l, Err *err)
{
    int r = pthread_create(&l->thread, NULL, thread_main, l);

    if (r != 0)
        return err_set(err, ERR_INTERNAL, "starting thread '%s': %s", l->name, uv_strerror(-r));
    l->is_spawned = true;
    return 0;
}

void loop_join(Loop *l)
{
    if (!l->is_spawned)
        return;
    pthread_join(l->thread, NULL);
    l->is_spawned = false;
}

void loop_post(Loop *l, LoopFn fn, void *data)
{
    Mail *m = xmalloc(sizeof(*m));

    *m = (Mail){NULL, fn, data};
    pthread_mutex_lock(&l->lock);
    *l->last = m;
    l->last = &m->next;
    pthread_mutex_unlock(&l->lock);
    uv_async_send(&l->wake);
}

static void on_timer(uv_timer_t *uv)
{
    LoopTimer *t = uv->data;

    t->fn(t->data);
}

LoopTimer *loop_timer(Loop *l, uint64_t delay_ms, uint64_t repeat_ms, LoopFn fn, void *data)
{
    LoopTimer *t = xcalloc(1, sizeof(*t));

    loop_check(l);
    t->fn = fn;
    t->data = data;
    BUG_ON(uv_timer_init(&l->uv, &t->uv) < 0);
    t->uv.data = t;
    uv_timer_start(&t->uv, on_timer, delay_ms, repeat_ms);
    return t;
}

static void on_timer_closed(uv_handle_t *h)
{
    free(h->data);
}

void loop_timer_free(LoopTimer *t)
{
    if (t)
        uv_close((uv_handle_t *)&t->uv, on_timer_closed);
}
