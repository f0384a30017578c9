#include "agent/images.h"

#include "base/b64.h"
#include "base/clock.h"
#include "base/err.h"

enum { PULL_TIMEOUT_MS = 10 * 60 * 1000 };

const char *image_registry(Arena *a, const char *image)
{
    size_t n = strcspn(image, "/");

    if (image[n] == '\0' || !(memchr(image, '.', n) || memchr(image, ':', n) ||
                              (n == 9 && memcmp(image, "localhost", 9) == 0)))
        return "docker.io";
    return arena_strndup(a, image, n);
}

bool image_is_latest(const char *image)
{
    const char *slash = strrchr(image, '/'), *tag = strrchr(slash ? slash : image, ':');

    if (strchr(image, '@'))
        return false;
    return !tag || strcmp(tag, ":latest") == 0;
}

static int status(Arena *a, const Agent *agent, const char *image, Value **ret, Err *err)
{
    Value *request = value_object(a), *answer;
    int r;

    value_set_str(a, value_need(a, request, "image"), "image", image);
    r = cri_call(agent->cri, a, CRI_IMAGE_STATUS, request, 10000, &answer, err);
    if (r < 0)
        return r;
    *ret = value_get(answer, "image"); /* NULL: it is not here */
    return 0;
}

/* One entry of .dockerconfigjson as the runtime's AuthConfig; NULL when none fits. */
static Value *auth_of(Arena *a, const Value *config, const char *registry)
{
    value_each_member(value_get(config, "auths"), m)
    {
        const char *host = m->name, *auth = value_get_str(m->value, "auth");
        Value *v;

        if (str_starts(host, "https://"))
            host += strlen("https://");
        if (!str_starts(host, registry) &&
            !(strcmp(registry, "docker.io") == 0 && str_starts(host, "index.docker.io")))
            continue;
        v = value_object(a);
        if (auth)
            value_set_str(a, v, "auth", auth);
        if (value_get_str(m->value, "username"))
            value_set_str(a, v, "username", value_get_str(m->value, "username"));
        if (value_get_str(m->value, "password"))
            value_set_str(a, v, "password", value_get_str(m->value, "password"));
        return v;
    }
    return NULL;
}

static Value *secret_auth(Arena *a, const PodContext *pc, const Value *refs, const char *registry)
{
    const Value *ref;

    value_each_item(refs, i, ref)
    {
        const char *name = value_get_str(ref, "name");
        Value *data, *config, *auth;
        const Value *text;

        if (!name || env_source_data(a, pc, true, name, &data, NULL) < 0)
            continue;
        text = value_get(data, ".dockerconfigjson");
        if (!text || value_parse(a, (Slice){text->str, text->n}, &config, NULL) < 0)
            continue;
        auth = auth_of(a, config, registry);
        if (auth)
            return auth;
    }
    return NULL;
}

static Value *find_auth(Arena *a, const PodContext *pc, const char *image)
{
    const char *registry = image_registry(a, image);
    const char *ns = value_at_str(pc->pod, "metadata.namespace");
    const char *account = value_at_str(pc->pod, "spec.serviceAccountName");
    Value *auth = secret_auth(a, pc, value_at(pc->pod, "spec.imagePullSecrets"), registry);

    if (!auth) {
        CLEANUP(item_unref)
        Item *sa = items_get(pc->items, pc->cluster, "serviceaccounts", ns ? ns : "",
                             account && account[0] ? account : "default");

        if (sa)
            auth = secret_auth(a, pc, value_get(sa->v, "imagePullSecrets"), registry);
    }
    return auth;
}

static int pull(Arena *a, const Agent *agent, const PodContext *pc, const char *image, Err *err)
{
    Value *request = value_object(a), *auth = find_auth(a, pc, image);

    value_set_str(a, value_need(a, request, "image"), "image", image);
    if (auth)
        value_set(a, request, "auth", auth);
    return cri_call(agent->cri, a, CRI_PULL_IMAGE, request, PULL_TIMEOUT_MS, NULL, err);
}

int images_ensure(Arena *a, const Agent *agent, const PodContext *pc, const Value *container,
                  void (*on_pull)(const char *image, void *data), void *data, ImageResult *ret,
                  Err *err)
{
    const char *image = value_get_str(container, "image");
    const char *policy = value_get_str(container, "imagePullPolicy");
    Value *found = NULL;
    int r;

    *ret = (ImageResult){.reason = "ErrImagePull"};
    if (!image || !image[0]) {
        ret->reason = "InvalidImageName";
        return err_set(err, ERR_INVALID, "container without an image");
    }
    if (!policy || !policy[0])
        policy = image_is_latest(image) ? "Always" : "IfNotPresent";
    if (strcmp(policy, "Always") != 0) {
        r = status(a, agent, image, &found, err);
        if (r < 0)
            return r;
    }
    if (!found && strcmp(policy, "Never") == 0) {
        ret->reason = "ErrImageNeverPull";
        return err_set(err, ERR_NOT_FOUND,
                       "Container image \"%s\" is not present with pull policy of Never", image);
    }
    if (!found) {
        int64_t begin = clock_mono_us();

        if (on_pull)
            on_pull(image, data);
        r = pull(a, agent, pc, image, err);
        if (r < 0)
            return r;
        ret->took_ms = (clock_mono_us() - begin) / 1000;
        ret->was_pulled = true;
        r = status(a, agent, image, &found, err);
        if (r < 0)
            return r;
        if (!found)
            return err_set(err, ERR_NOT_FOUND, "image \"%s\" is not there after its pull", image);
    }
    ret->image = found;
    ret->id = value_get_str(found, "id");
    if (!ret->id)
        ret->id = image;
    return 0;
}
