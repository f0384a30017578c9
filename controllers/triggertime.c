#include "controllers/triggertime.h"

#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"

#include <pthread.h>

static const char annotation[] = "endpoints.kubernetes.io/last-change-trigger-time";

typedef struct PodTime {
    uint64_t name; /* a keyed hash of it */
    int64_t us;
} PodTime;

typedef struct Seen {
    int64_t service_us;
    PodTime *pods; /* by name */
    uint32_t n;
} Seen;

struct TriggerTimes {
    pthread_mutex_t lock; /* guards seen; a leaf */
    Map seen;             /* "cluster|kind|ns|name" -> Seen */
};

static void seen_free(void *p)
{
    Seen *s = p;

    free(s->pods);
    free(s);
}

TriggerTimes *triggertimes_new(void)
{
    TriggerTimes *t = xcalloc(1, sizeof(*t));

    pthread_mutex_init(&t->lock, NULL);
    t->seen.free_value = seen_free;
    return t;
}

void triggertimes_free(TriggerTimes *t)
{
    if (!t)
        return;
    map_done(&t->seen);
    pthread_mutex_destroy(&t->lock);
    free(t);
}

static void write_id(const WorkKey *k, Buf *out)
{
    buf_addf(out, "%s|%u|%s|%s", k->cluster, k->kind, k->ns, k->name);
}

static int by_name(const void *x, const void *y)
{
    const PodTime *a = x, *b = y;

    return (a->name > b->name) - (a->name < b->name);
}

static Seen *look(const Value *service, const Values *pods)
{
    Seen *s = xcalloc(1, sizeof(*s));

    s->service_us = meta_created_us(service);
    s->pods = xcalloc(pods->n + 1, sizeof(*s->pods));
    for (uint32_t i = 0; i < pods->n; i++) {
        const char *name = meta_name(pods->items[i]);
        int64_t us = value_time_us(condition_get(pods->items[i], "Ready"), "lastTransitionTime");

        if (us > 0)
            s->pods[s->n++] = (PodTime){hash_bytes(name, strlen(name)), us};
    }
    qsort(s->pods, s->n, sizeof(*s->pods), by_name);
    return s;
}

static int64_t earlier(int64_t us, int64_t other_us)
{
    return us == 0 || other_us < us ? other_us : us;
}

static int64_t first_change(const Seen *before, const Seen *now)
{
    int64_t first_us = 0;

    for (uint32_t i = 0, k = 0; i < now->n; i++) {
        const PodTime *pod = &now->pods[i];

        while (k < before->n && before->pods[k].name < pod->name)
            k++;
        if (k == before->n || before->pods[k].name != pod->name || before->pods[k].us < pod->us)
            first_us = earlier(first_us, pod->us);
    }
    if (now->service_us > before->service_us)
        first_us = earlier(first_us, now->service_us);
    return first_us;
}

int64_t triggertimes_look(TriggerTimes *t, const WorkKey *key, const Value *service,
                          const Values *pods)
{
    AUTO_BUF id = BUF_INIT;
    Seen *now = look(service, pods), *before;
    int64_t us;

    write_id(key, &id);
    pthread_mutex_lock(&t->lock);
    before = map_setn(&t->seen, buf_slice(&id), now);
    us = before ? first_change(before, now) : now->service_us;
    pthread_mutex_unlock(&t->lock);
    if (before)
        seen_free(before);
    return us;
}

void triggertimes_forget(TriggerTimes *t, const WorkKey *key)
{
    AUTO_BUF id = BUF_INIT;
    Seen *s;

    write_id(key, &id);
    pthread_mutex_lock(&t->lock);
    s = map_deln(&t->seen, buf_slice(&id));
    pthread_mutex_unlock(&t->lock);
    if (s)
        seen_free(s);
}

void triggertimes_drop_cluster(TriggerTimes *t, const char *cluster)
{
    AUTO_FREE char *prefix = xasprintf("%s|", cluster);
    const char *id;
    Seen *s;

    pthread_mutex_lock(&t->lock);
    for (size_t at = 0; map_next(&t->seen, &at, &id, (void **)&s);)
        if (str_starts(id, prefix))
            seen_free(map_del(&t->seen, id));
    pthread_mutex_unlock(&t->lock);
}

void triggertimes_put(Arena *a, Value *object, int64_t us)
{
    Value *annotations = value_at(object, "metadata.annotations");

    if (us > 0)
        value_set(a, value_need(a, object, "metadata.annotations"), annotation, value_time(a, us));
    else if (annotations)
        value_del(annotations, annotation);
}
