#include "agent/gc.h"

#include "agent/api.h"
#include "agent/container.h"
#include "agent/fs.h"
#include "agent/image_access.h"
#include "agent/pod_sync.h"
#include "agent/volumes.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/map.h"
#include "base/mem.h"
#include "client/http.h"

#include <dirent.h>
#include <malloc.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

enum {
    LOOK_MS = 10000,
    USAGE_S = 30, /* files of pods are counted so often */
    USAGE_MAX_FILES = 200000,
    IMAGES_S = 60,
    IMAGES_HIGH = 85, /* percent of the file system: images go until IMAGES_LOW is left */
    IMAGES_LOW = 80,
    EVICTION_GRACE_S = 1, /* kubelet: hard thresholds leave no time */
    PRESSURE_S = 300,     /* a condition stays for so long after it was last true */
};

struct Gc {
    Agent *agent; /* borrowed */
    Pods *pods;   /* borrowed */
    EvictRules rules;
    HttpCancel *cancel;
    pthread_t thread;
    Map images;                         /* id -> ImageSeen */
    int64_t low_us[EVICT_SIGNAL_MAX_];  /* last seen under pressure; 0: never */
    int64_t soft_us[EVICT_SIGNAL_MAX_]; /* see evict_due() */
    int64_t usage_us, images_us;
};

typedef struct ImageSeen {
    int64_t first_us, used_us;
} ImageSeen;

static const LogCtx ctx = {.component = "gc"};

/* ---- measuring ---- */

static int64_t meminfo(const char *name)
{
    AUTO_BUF text = BUF_INIT;
    const char *at;

    if (fs_read("/proc/meminfo", 16384, &text, NULL) < 0)
        return 0;
    at = strstr(buf_str(&text), name);
    return at ? strtoll(at + strlen(name), NULL, 10) * 1024 : 0;
}

static void measure_fs(const char *path, EvictLevel *bytes, EvictLevel *inodes)
{
    struct statvfs fs;

    if (!path || statvfs(path, &fs) < 0)
        return;
    *bytes =
        (EvictLevel){(int64_t)(fs.f_bavail * fs.f_frsize), (int64_t)(fs.f_blocks * fs.f_frsize)};
    if (inodes)
        *inodes = (EvictLevel){(int64_t)fs.f_favail, (int64_t)fs.f_files};
}

static const char *image_fs(Gc *g, Arena *a)
{
    Value *answer;

    if (cri_call(g->agent->cri, a, CRI_IMAGE_FS_INFO, value_object(a), 10000, &answer, NULL) < 0)
        return NULL;
    return value_at_str(answer, "image_filesystems.0.fs_id.mountpoint");
}

static void measure(Gc *g, Arena *a, EvictLevel levels[EVICT_SIGNAL_MAX_])
{
    AUTO_BUF max = BUF_INIT;
    AUTO_BUF load = BUF_INIT;
    const char *slash;

    memset(levels, 0, EVICT_SIGNAL_MAX_ * sizeof(*levels));
    levels[EVICT_MEMORY] = (EvictLevel){meminfo("MemAvailable:"), meminfo("MemTotal:")};
    measure_fs(g->agent->o.data_dir, &levels[EVICT_NODEFS], &levels[EVICT_INODES]);
    measure_fs(image_fs(g, a), &levels[EVICT_IMAGEFS], NULL);
    if (fs_read("/proc/sys/kernel/pid_max", 64, &max, NULL) == 0 &&
        fs_read("/proc/loadavg", 128, &load, NULL) == 0 && (slash = strchr(buf_str(&load), '/'))) {
        levels[EVICT_PIDS].capacity = strtoll(buf_str(&max), NULL, 10);
        levels[EVICT_PIDS].available = levels[EVICT_PIDS].capacity - strtoll(slash + 1, NULL, 10);
    }
}

/* The node's pods that run, with what their containers use. */
static size_t measure_pods(Gc *g, Arena *a, const ItemList *items, EvictPod **ret)
{
    EvictPod *pods = arena_array(a, EvictPod, items->n + 1);
    Value *answer = NULL, *stat, *by_uid = value_object(a);
    size_t n = 0;

    if (cri_call(g->agent->cri, a, CRI_LIST_CONTAINER_STATS, value_object(a), 10000, &answer,
                 NULL) < 0)
        return 0;
    value_each_item(value_get(answer, "stats"), i, stat)
    {
        const Value *labels = value_at(stat, "attributes.labels");
        const char *uid = value_get_str(labels, LABEL_POD_UID);
        const char *name = value_get_str(labels, LABEL_CONTAINER);
        Value *pod;

        if (!uid || !name)
            continue;
        pod = value_get(by_uid, uid);
        if (!pod) {
            pod = value_literal(a, "{'memory':{},'disk':{}}");
            value_set(a, by_uid, uid, pod);
        }
        value_set_int(a, value_get(pod, "memory"), name,
                      value_at_int(stat, "memory.working_set_bytes.value", 0));
        value_set_int(a, value_get(pod, "disk"), name,
                      value_at_int(stat, "writable_layer.used_bytes.value", 0));
    }
    for (size_t i = 0; i < items->n; i++) {
        const Item *item = items->items[i];
        const Value *seen = value_get(by_uid, item->uid);
        EvictPod *p = &pods[n];
        int64_t bytes;

        if (!seen || pod_is_done(item->v) || value_at(item->v, "metadata.deletionTimestamp"))
            continue;
        *p = (EvictPod){.uid = item->uid, .pod = item->v};
        p->memory_containers = value_get(seen, "memory");
        p->disk_containers = value_get(seen, "disk");
        value_each_member(p->memory_containers, m)
        {
            p->memory += value_to_int(m->value, &bytes) ? bytes : 0;
        }
        value_each_member(p->disk_containers, d)
        {
            p->disk += value_to_int(d->value, &bytes) ? bytes : 0;
        }
        n++;
    }
    *ret = pods;
    return n;
}

/* ---- a pod's own limits ---- */

static bool has_own_limits(const Value *pod)
{
    const Value *v;

    value_each_item(value_at(pod, "spec.volumes"), i, v)
    {
        if (value_at(v, "emptyDir.sizeLimit") &&
            !str_eq(value_at_str(v, "emptyDir.medium"), "Memory"))
            return true;
    }
    value_each_item(value_at(pod, "spec.containers"), k, v)
    {
        if (value_get(value_at(v, "resources.limits"), "ephemeral-storage"))
            return true;
    }
    return false;
}

static void check_own_limits(Gc *g, Arena *a, const Item *item, const EvictPod *p)
{
    const char *dir = pod_dir(a, g->agent, item->uid), *why;
    const char *logs = pod_log_dir(a, g->agent, item);
    Value *volumes = value_object(a), *containers = value_object(a);
    int64_t files = USAGE_MAX_FILES, bytes;
    const Value *v;

    value_each_item(value_at(item->v, "spec.volumes"), i, v)
    {
        const char *name = value_get_str(v, "name");

        if (name && value_get(v, "emptyDir") &&
            !str_eq(value_at_str(v, "emptyDir.medium"), "Memory"))
            value_set_int(a, volumes, name,
                          fs_usage(arena_printf(a, "%s/volumes/%s", dir, name), &files));
    }
    value_each_member(p->disk_containers, m)
    {
        bytes = value_to_int(m->value, &bytes) ? bytes : 0;
        value_set_int(a, containers, m->name,
                      bytes + fs_usage(arena_printf(a, "%s/%s", logs, m->name), &files));
    }
    why = evict_over_limit(a, item->v, &(EvictUsage){volumes, containers});
    if (why)
        pods_evict(g->pods, item->uid, why, EVICTION_GRACE_S);
}

static void check_usage(Gc *g, Arena *a, const ItemList *items, const EvictPod *pods, size_t n)
{
    if (clock_mono_us() - g->usage_us < USAGE_S * 1000000LL)
        return;
    g->usage_us = clock_mono_us();
    for (size_t i = 0; i < items->n; i++) {
        for (size_t k = 0; has_own_limits(items->items[i]->v) && k < n; k++) {
            if (strcmp(pods[k].uid, items->items[i]->uid) == 0)
                check_own_limits(g, a, items->items[i], &pods[k]);
        }
    }
}

/* ---- logs ---- */

static bool has_large_log(const char *dir, int64_t max)
{
    DIR *d = opendir(dir);
    bool found = false;
    struct dirent *e;

    while (d && !found && (e = readdir(d))) {
        struct stat st;

        found = str_ends(e->d_name, ".log") && fstatat(dirfd(d), e->d_name, &st, 0) == 0 &&
                st.st_size >= max;
    }
    if (d)
        closedir(d);
    return found;
}

/* The pods' own threads put logs aside: they are woken for it. */
static void check_logs(Gc *g, Arena *a, const ItemList *items)
{
    for (size_t i = 0; i < items->n; i++) {
        const char *dir = pod_log_dir(a, g->agent, items->items[i]);
        bool found = false;
        const Value *c;

        for (size_t k = 0; k < ARRAY_LEN(container_lists); k++)
            value_each_item(value_get(value_get(items->items[i]->v, "spec"), container_lists[k]), n,
                            c)
            {
                const char *name = value_get_str(c, "name");

                found = found || (name && has_large_log(arena_printf(a, "%s/%s", dir, name),
                                                        g->agent->o.log_max_bytes));
            }
        if (found)
            pods_look_at(g->pods, items->items[i]->uid);
    }
}

/* ---- images ---- */

static bool is_kept(const Value *image)
{
    const Value *tag;

    if (value_at_bool(image, "pinned"))
        return true;
    value_each_item(value_get(image, "repo_tags"), i, tag)
    {
        const char *s = value_to_cstr(tag);

        /* brought here by hand, or what the runtime makes sandboxes of */
        if (s && (str_starts(s, "localhost/") || strstr(s, "/pause:")))
            return true;
    }
    return false;
}

static ImageSeen *see_image(Gc *g, const char *id, int64_t now)
{
    ImageSeen *seen = map_get(&g->images, id);

    if (!seen) {
        seen = xcalloc(1, sizeof(*seen));
        *seen = (ImageSeen){now, now};
        (void)map_set(&g->images, id, seen); /* it was not there */
    }
    return seen;
}

/* Images that are volumes of pods here: no container tells of them. */
static void of_volumes(Gc *g, Arena *a, Value *used)
{
    AUTO_ITEM_LIST items = {0};

    items_list(g->agent->items, NULL, "pods", &items);
    for (size_t i = 0; i < items.n; i++)
        volume_images_used(a, pod_dir(a, g->agent, items.items[i]->uid), used);
}

/* All images, with what is known of their use. */
static size_t list_images(Gc *g, Arena *a, EvictImage **ret)
{
    Value *images, *containers, *used = value_object(a), *v;
    int64_t now = clock_mono_us();
    size_t n = 0;

    if (cri_call(g->agent->cri, a, CRI_LIST_IMAGES, value_object(a), 10000, &images, NULL) < 0 ||
        cri_call(g->agent->cri, a, CRI_LIST_CONTAINERS, value_object(a), 10000, &containers, NULL) <
            0)
        return 0;
    value_each_item(value_get(containers, "containers"), k, v)
    {
        const char *name = value_at_str(v, "image.image"), *ref = value_get_str(v, "image_ref");

        value_set_bool(a, used, name ? name : "", true);
        value_set_bool(a, used, ref ? ref : "", true);
    }
    of_volumes(g, a, used);
    images = value_get(images, "images");
    *ret = arena_array(a, EvictImage, value_len(images) + 1);
    value_each_item(images, i, v)
    {
        const char *id = value_get_str(v, "id");
        EvictImage *image = &(*ret)[n];
        ImageSeen *seen;

        if (!id)
            continue;
        seen = see_image(g, id, now);
        *image = (EvictImage){.id = id,
                              .size = value_at_int(v, "size", 0),
                              .seen_us = seen->first_us,
                              .is_used = value_get(used, id) != NULL,
                              .is_kept = is_kept(v)};
        if (image->is_used)
            seen->used_us = now;
        image->last_used_us = seen->used_us;
        n++;
    }
    return n;
}

/* Removes images until so much is free; what was freed. */
static int64_t remove_images(Gc *g, Arena *a, int64_t bytes)
{
    EvictImage *images;
    size_t n = list_images(g, a, &images), count;
    int64_t freed = 0;

    count = n > 0 && bytes > 0 ? evict_images(images, n, bytes, clock_mono_us()) : 0;
    for (size_t i = 0; i < count; i++) {
        Value *request = value_object(a);
        Err err;

        value_set_str(a, value_need(a, request, "image"), "image", images[i].id);
        if (cri_call(g->agent->cri, a, CRI_REMOVE_IMAGE, request, 60000, NULL, &err) < 0) {
            log_warning(&ctx, "an image is not removed", LOG_STR("error", err.msg));
            continue;
        }
        image_access_forget(g->agent->image_access, images[i].id);
        free(map_del(&g->images, images[i].id));
        freed += images[i].size;
    }
    if (count > 0)
        log_info(&ctx, "images removed", LOG_INT("count", (int64_t)count), LOG_INT("bytes", freed));
    return freed;
}

static void collect_images(Gc *g, Arena *a, const EvictLevel *level)
{
    int64_t used = level->capacity - level->available, wanted, freed;

    if (clock_mono_us() - g->images_us < IMAGES_S * 1000000LL)
        return;
    g->images_us = clock_mono_us();
    if (level->capacity > 0 && used >= level->capacity / 100 * IMAGES_HIGH) {
        wanted = used - level->capacity / 100 * IMAGES_LOW;
        freed = remove_images(g, a, wanted);
        if (freed < wanted)
            agent_api_node_event(g->agent->api, true, "FreeDiskSpaceFailed",
                                 "Failed to garbage collect required amount of images. Attempted "
                                 "to free %lld bytes, but only found %lld bytes eligible to free.",
                                 (long long)wanted, (long long)freed);
    } else {
        (void)remove_images(g, a, 0); /* merely to see which are in use */
    }
}

/* ---- pressure ---- */

static void set_pressure(Gc *g, const EvictDue due[EVICT_SIGNAL_MAX_])
{
    static const uint32_t bits[EVICT_SIGNAL_MAX_] = {[EVICT_MEMORY] = PRESSURE_MEMORY,
                                                     [EVICT_NODEFS] = PRESSURE_DISK,
                                                     [EVICT_IMAGEFS] = PRESSURE_DISK,
                                                     [EVICT_INODES] = PRESSURE_DISK,
                                                     [EVICT_PIDS] = PRESSURE_PIDS};
    int64_t now = clock_mono_us();
    uint32_t pressure = 0;

    for (int i = 0; i < EVICT_SIGNAL_MAX_; i++) {
        if (due[i] != EVICT_NOT)
            g->low_us[i] = now;
        if (g->low_us[i] && now - g->low_us[i] < PRESSURE_S * 1000000LL)
            pressure |= bits[i];
    }
    g->agent->pressure = pressure;
}

/* One pod a look: what it gives back has to be seen before the next one. */
static void relieve(Gc *g, Arena *a, EvictSignal signal, bool is_soft, const EvictLevel *level,
                    EvictPod *pods, size_t n)
{
    const EvictLimit *limit = is_soft ? &g->rules.soft[signal] : &g->rules.hard[signal];
    const char *message;
    const EvictPod *p;

    agent_api_node_event(g->agent->api, true, "EvictionThresholdMet", "Attempting to reclaim %s",
                         evict_resource(signal));
    if ((signal == EVICT_NODEFS || signal == EVICT_IMAGEFS || signal == EVICT_INODES) &&
        remove_images(g, a, INT64_MAX) > 0)
        return;
    p = evict_choose(a, signal, limit, level, pods, n, &message);
    if (!p)
        return;
    log_warning(&ctx, "the node is under pressure, a pod is given up", LOG_STR("uid", p->uid),
                LOG_STR("why", message));
    pods_evict(g->pods, p->uid, message, is_soft ? g->rules.max_pod_grace_s : EVICTION_GRACE_S);
}

static void look(Gc *g)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_ITEM_LIST items = {0};
    EvictLevel levels[EVICT_SIGNAL_MAX_];
    EvictDue due[EVICT_SIGNAL_MAX_];
    EvictPod *pods = NULL;
    size_t n;

    measure(g, a, levels);
    for (int i = 0; i < EVICT_SIGNAL_MAX_; i++)
        due[i] = evict_due(&g->rules, (EvictSignal)i, &levels[i], clock_mono_us(), &g->soft_us[i]);
    set_pressure(g, due);
    collect_images(g, a, &levels[EVICT_IMAGEFS]);
    items_list(g->agent->items, NULL, "pods", &items);
    n = items.n > 0 ? measure_pods(g, a, &items, &pods) : 0;
    check_usage(g, a, &items, pods, n);
    check_logs(g, a, &items);
    for (int i = 0; i < EVICT_SIGNAL_MAX_; i++) {
        if (due[i] >= EVICT_SOFT) {
            relieve(g, a, (EvictSignal)i, due[i] == EVICT_SOFT, &levels[i], pods, n);
            break;
        }
    }
}

static void *run(void *data)
{
    Gc *g = data;

    while (!http_cancel_sleep(g->cancel, LOOK_MS)) {
        look(g);
        (void)malloc_trim(0); /* what bursts of work have left in the heaps */
    }
    return NULL;
}

int gc_start(Agent *agent, Pods *pods, Gc **ret, Err *err)
{
    CLEANUP(gc_stop) Gc *g = xcalloc(1, sizeof(*g));
    int r;

    g->agent = agent;
    g->pods = pods;
    g->images.free_value = free;
    r = evict_rules(agent->o.eviction_hard, agent->o.eviction_soft, agent->o.eviction_soft_grace,
                    &g->rules, err);
    if (r < 0)
        return r;
    g->rules.max_pod_grace_s = agent->o.eviction_max_pod_grace_s;
    g->cancel = http_cancel_new();
    if (pthread_create(&g->thread, NULL, run, g) != 0) {
        http_cancel_free(TAKE(g->cancel));
        return err_set(err, ERR_INTERNAL, "cannot start the housekeeping's thread");
    }
    *ret = TAKE(g);
    return 0;
}

void gc_stop(Gc *g)
{
    if (!g)
        return;
    if (g->cancel) {
        http_cancel(g->cancel);
        pthread_join(g->thread, NULL);
        http_cancel_free(g->cancel);
    }
    map_done(&g->images);
    free(g);
}
