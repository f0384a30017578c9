#include "scheduler/library.h"

#include "base/err.h"
#include "client/meta.h"

#include <dlfcn.h>

int library_open(const char *name, const char *path, Library *ret, Err *err)
{
    const HostplaneScorePlugin *(*get)(void) = NULL;
    void *object, *symbol;

    if (path[0] != '/')
        return err_set(err, ERR_BAD_REQUEST, "must be an absolute path");
    object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!object)
        return err_set(err, ERR_BAD_REQUEST, "%s", dlerror());
    symbol = dlsym(object, "hostplane_score_plugin");
    memcpy(&get, &symbol, sizeof(get)); /* ISO C has no cast from object to function */
    *ret = (Library){.name = name, .object = object, .plugin = get ? get() : NULL};
    if (ret->plugin && ret->plugin->version == HOSTPLANE_SCORE_VERSION && ret->plugin->score)
        return 0;
    if (!get)
        (void)err_set(err, ERR_BAD_REQUEST, "%s: has no function hostplane_score_plugin", path);
    else
        (void)err_set(err, ERR_BAD_REQUEST, "%s: is not of version %d of the interface", path,
                      HOSTPLANE_SCORE_VERSION);
    library_close(ret);
    return -ERR_BAD_REQUEST;
}

void library_close(Library *l)
{
    if (l->object)
        dlclose(l->object);
    *l = (Library){0};
}

int custom_score_open(CustomScore *ret, const Library *l, const Value *args, Err *err)
{
    AUTO_BUF text = BUF_INIT;
    char why[256] = "";

    ret->library = l;
    if (!l->plugin->open)
        return 0;
    if (args)
        value_print(args, &text);
    else
        buf_adds(&text, "null");
    ret->self = l->plugin->open(buf_str(&text), why, sizeof(why));
    why[sizeof(why) - 1] = 0;
    return ret->self ? 0
                     : err_set(err, ERR_BAD_REQUEST, "%s", why[0] ? why : "refuses its arguments");
}

void custom_score_close(CustomScore *s)
{
    if (s->library && s->library->plugin->close && (s->self || !s->library->plugin->open))
        s->library->plugin->close(s->self);
    *s = (CustomScore){0};
}

/* ---- what a library may ask ---- */

static const char *pod_label(const HostplanePod *pod, const char *key)
{
    return meta_label(((const Cycle *)pod->scheduler)->pod, key);
}

static const char *pod_annotation(const HostplanePod *pod, const char *key)
{
    return meta_annotation(((const Cycle *)pod->scheduler)->pod, key);
}

static const char *pod_json(const HostplanePod *pod)
{
    const Cycle *c = pod->scheduler;

    return value_to_str(c->arena, c->pod);
}

static const char *node_label(const HostplaneNode *node, const char *key)
{
    return view_label(node->scheduler, key);
}

void custom_score_run(const CustomScore *s, const Cycle *c, const SchedNode *const *nodes,
                      uint32_t n, int64_t *scores)
{
    HostplaneNode *list = arena_array(c->arena, HostplaneNode, n);
    HostplanePod pod = {.cluster = c->cluster,
                        .ns = c->self->ns,
                        .name = c->self->name,
                        .cpu_milli = c->self->requests.cpu_milli,
                        .memory_bytes = c->self->requests.memory,
                        .label = pod_label,
                        .annotation = pod_annotation,
                        .json = pod_json,
                        .scheduler = c};

    for (uint32_t i = 0; i < n; i++) {
        const NodeView *view = cycle_view(c, nodes[i]);

        scores[i] = 0;
        list[i] = (HostplaneNode){.name = nodes[i]->name,
                                  .cpu_milli = view->allocatable.cpu_milli,
                                  .memory_bytes = view->allocatable.memory,
                                  .cpu_milli_taken = nodes[i]->requested.cpu_milli,
                                  .memory_bytes_taken = nodes[i]->requested.memory,
                                  .n_pods = nodes[i]->n_pods,
                                  .label = node_label,
                                  .scheduler = view};
    }
    s->library->plugin->score(s->self, &pod, list, n, scores);
    for (uint32_t i = 0; i < n; i++)
        scores[i] = MAX(MIN(scores[i], SCORE_MAX), 0);
}
