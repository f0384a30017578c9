#include "keys/ring.h"

#include "base/mem.h"

#include <pthread.h>

typedef struct Worker {
    char name[KEY_PROVIDER_NAME_MAX];
    KeyProvider *provider;
    pthread_mutex_t lock; /* guards jobs, is_closing */
    pthread_cond_t cond;
    List jobs;
    bool is_closing, has_thread;
    pthread_t thread;
} Worker;

struct KeyRing {
    Worker *workers[KEY_PROVIDERS_MAX];
    size_t n;
    const char *deflt; /* of a worker */
};

static void end_all(List *jobs)
{
    Err err;
    List *l;

    while ((l = list_pop(jobs))) {
        KeyJob *j = list_entry(l, KeyJob, link);

        j->done(j, err_set(&err, ERR_UNAVAILABLE, "the key ring is closing"), &err);
    }
}

static void *work(void *data)
{
    Worker *w = data;
    List *l;

    pthread_mutex_lock(&w->lock);
    while (!w->is_closing) {
        l = list_pop(&w->jobs);
        if (!l) {
            pthread_cond_wait(&w->cond, &w->lock);
            continue;
        }
        pthread_mutex_unlock(&w->lock);
        KeyJob *j = list_entry(l, KeyJob, link);
        Err err = {0};
        j->done(j, j->run(j, w->provider, &err), &err);
        pthread_mutex_lock(&w->lock);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

static void worker_shut(Worker *w)
{
    bool was_closing;

    pthread_mutex_lock(&w->lock);
    was_closing = w->is_closing;
    w->is_closing = true;
    pthread_cond_signal(&w->cond);
    pthread_mutex_unlock(&w->lock);
    if (w->has_thread && !was_closing)
        pthread_join(w->thread, NULL);
    end_all(&w->jobs);
}

static void worker_free(Worker *w)
{
    worker_shut(w);
    key_provider_close(w->provider);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->cond);
    free(w);
}

static bool is_name(const char *s)
{
    size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-");

    return n > 0 && n < KEY_PROVIDER_NAME_MAX && !s[n] && s[0] != '-' && s[n - 1] != '-';
}

static int add(KeyRing *r, const KeyRingItem *item, Err *err)
{
    CLEANUP(key_provider_close) KeyProvider *p = item->provider;
    Worker *w;
    int rc = 0;

    if (!is_name(item->name))
        return err_set(err, ERR_BAD_REQUEST, "'%s' is no name of a key provider", item->name);
    if (keyring_find(r, item->name))
        return err_set(err, ERR_BAD_REQUEST, "the key provider '%s' comes twice", item->name);
    if (r->n == KEY_PROVIDERS_MAX)
        return err_set(err, ERR_BAD_REQUEST, "more than %d key providers", KEY_PROVIDERS_MAX);
    if (!p)
        rc = key_provider_open(item->spec, &p, err);
    if (rc < 0)
        return err_wrap(err, rc, "key provider '%s'", item->name);
    w = xcalloc(1, sizeof(*w));
    snprintf(w->name, sizeof(w->name), "%s", item->name);
    w->provider = TAKE(p);
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->cond, NULL);
    list_init(&w->jobs);
    r->workers[r->n++] = w;
    if (w->provider->type->is_local)
        return 0;
    rc = pthread_create(&w->thread, NULL, work, w);
    if (rc != 0)
        return err_set(err, ERR_INTERNAL, "starting a thread: %s", strerror(rc));
    w->has_thread = true;
    return 0;
}

int keyring_open(const KeyRingItem *items, size_t n, const char *deflt, KeyRing **ret, Err *err)
{
    CLEANUP(keyring_close) KeyRing *r = xcalloc(1, sizeof(*r));
    int rc = 0;

    for (size_t i = 0; i < n; i++) {
        if (rc == 0)
            rc = add(r, &items[i], err);
        else
            key_provider_close(items[i].provider);
    }
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < r->n; i++)
        if (str_eq(r->workers[i]->name, deflt))
            r->deflt = r->workers[i]->name;
    if (!r->deflt)
        return err_set(err, ERR_BAD_REQUEST, "there is no key provider '%s'", deflt);
    *ret = TAKE(r);
    return 0;
}

void keyring_shut(KeyRing *r)
{
    for (size_t i = 0; i < r->n; i++)
        worker_shut(r->workers[i]);
}

void keyring_close(KeyRing *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->n; i++)
        worker_free(r->workers[i]);
    free(r);
}

size_t keyring_n(const KeyRing *r)
{
    return r->n;
}

const char *keyring_name(const KeyRing *r, size_t i)
{
    return r->workers[i]->name;
}

const char *keyring_default(const KeyRing *r)
{
    return r->deflt;
}

static Worker *find(const KeyRing *r, const char *name)
{
    for (size_t i = 0; i < r->n; i++)
        if (str_eq(r->workers[i]->name, name))
            return r->workers[i];
    return NULL;
}

KeyProvider *keyring_find(const KeyRing *r, const char *name)
{
    Worker *w = find(r, name);

    return w ? w->provider : NULL;
}

void keyring_run(KeyRing *r, KeyJob *j)
{
    Worker *w = find(r, j->provider);
    Err err = {0};
    bool is_queued;

    if (!w) {
        j->done(j,
                err_set(&err, ERR_UNAVAILABLE, "no key provider '%s' is configured", j->provider),
                &err);
        return;
    }
    if (!w->has_thread) {
        j->done(j, j->run(j, w->provider, &err), &err);
        return;
    }
    pthread_mutex_lock(&w->lock);
    is_queued = !w->is_closing;
    if (is_queued) {
        list_add_tail(&w->jobs, &j->link);
        pthread_cond_signal(&w->cond);
    }
    pthread_mutex_unlock(&w->lock);
    if (!is_queued)
        j->done(j, err_set(&err, ERR_UNAVAILABLE, "the key ring is closing"), &err);
}
