#include "agent/images.h"

#include "agent/image_access.h"
#include "agent/image_name.h"
#include "agent/pull_auth.h"
#include "base/clock.h"
#include "base/err.h"

enum { PULL_TIMEOUT_MS = 10 * 60 * 1000 };

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

static void add_secrets(Arena *a, const PodContext *pc, const Value *refs, const char *image,
                        Value *list)
{
    static const char *const keys[] = {".dockerconfigjson", ".dockercfg"};
    const Value *ref, *text;

    value_each_item(refs, i, ref)
    {
        const char *name = value_get_str(ref, "name");
        Value *data, *config;

        if (!name || env_source_data(a, pc, true, name, &data, NULL) < 0)
            continue;
        for (size_t k = 0; k < ARRAY_LEN(keys); k++) {
            text = value_get(data, keys[k]);
            if (text && value_parse(a, (Slice){text->str, text->n}, &config, NULL) == 0)
                pull_auths(a, config, image, list);
        }
    }
}

/* Credentials for the image: of the pod's secrets, then of its service account's. */
static Value *find_auths(Arena *a, const PodContext *pc, const char *image)
{
    const char *ns = value_at_str(pc->pod, "metadata.namespace");
    const char *account = value_at_str(pc->pod, "spec.serviceAccountName");
    CLEANUP(item_unref)
    Item *sa = items_get(pc->items, pc->cluster, "serviceaccounts", ns ? ns : "",
                         account && account[0] ? account : "default");
    Value *list = value_array(a);

    add_secrets(a, pc, value_at(pc->pod, "spec.imagePullSecrets"), image, list);
    if (sa)
        add_secrets(a, pc, value_get(sa->v, "imagePullSecrets"), image, list);
    return list;
}

static Value *hashes_of(Arena *a, const Value *auths)
{
    Value *out = value_array(a);
    const Value *auth;

    value_each_item(auths, i, auth)
    {
        value_append(a, out, value_str(a, pull_auth_hash(a, auth)));
    }
    return out;
}

/* One pull; auth NULL: without credentials. What came of it is recorded. */
static int pull_with(Arena *a, const Agent *agent, const PodContext *pc, const char *image,
                     const Value *auth, Value **ret, Err *err)
{
    Value *request = value_object(a), *before = NULL;
    bool was_there;
    int r;

    *ret = NULL;
    was_there = status(a, agent, image, &before, NULL) == 0 && before;
    value_set_str(a, value_need(a, request, "image"), "image", image);
    if (auth) {
        value_set(a, request, "auth", value_copy(a, auth));
        image_access_begin(agent->image_access, image);
    }
    r = cri_call(agent->cri, a, CRI_PULL_IMAGE, request, PULL_TIMEOUT_MS, NULL, err);
    if (r == 0)
        r = status(a, agent, image, ret, err);
    if (r == 0 && !*ret)
        r = err_set(err, ERR_NOT_FOUND, "image \"%s\" is not there after its pull", image);
    if (r == 0) /* another image under the name was not there */
        was_there = was_there && str_eq(value_get_str(before, "id"), value_get_str(*ret, "id"));
    image_access_end(agent->image_access, image, r == 0 ? value_get_str(*ret, "id") : NULL,
                     pc->cluster, auth ? pull_auth_hash(a, auth) : NULL, was_there);
    return r;
}

/* With one credential after the other, or with none when there is none. */
static int pull(Arena *a, const Agent *agent, const PodContext *pc, const char *image,
                const Value *auths, Value **ret, Err *err)
{
    const Value *auth;
    int r = -ERR_UNAUTHORIZED;

    if (value_len(auths) == 0)
        return pull_with(a, agent, pc, image, NULL, ret, err);
    value_each_item(auths, i, auth)
    {
        r = pull_with(a, agent, pc, image, auth, ret, err);
        if (r == 0)
            return 0;
    }
    return r;
}

/* Is the image here for this pod? *ret NULL: it is not, or the pod has to show that it may. */
static int find(Arena *a, const Agent *agent, const PodContext *pc, const char *image,
                const Value *auths, Value **ret, bool *ret_hidden, Err *err)
{
    int r = status(a, agent, image, ret, err);

    *ret_hidden = r == 0 && *ret &&
                  !image_access_allows(agent->image_access, image, value_get_str(*ret, "id"),
                                       pc->cluster, hashes_of(a, auths));
    if (*ret_hidden)
        *ret = NULL;
    return r;
}

int images_ensure(Arena *a, const Agent *agent, const PodContext *pc, const Value *container,
                  void (*on_pull)(const char *image, void *data), void *data, ImageResult *ret,
                  Err *err)
{
    const char *image = value_get_text(container, "image");
    const char *policy = value_get_str(container, "imagePullPolicy"), *wrong;
    Value *found = NULL, *auths;
    bool is_hidden = false;
    int r;

    *ret = (ImageResult){.reason = "ErrImagePull"};
    wrong = image_name_error(a, image);
    if (wrong) {
        ret->reason = "InvalidImageName";
        return err_set(
            err, ERR_INVALID,
            "Failed to apply default image tag \"%s\": couldn't parse image name \"%s\": %s", image,
            image, wrong);
    }
    if (!policy || !policy[0])
        policy = image_is_latest(image) ? "Always" : "IfNotPresent";
    auths = find_auths(a, pc, image);
    if (strcmp(policy, "Always") != 0) {
        r = find(a, agent, pc, image, auths, &found, &is_hidden, err);
        if (r < 0) {
            ret->reason = "ImageInspectError";
            return err_wrap(err, r, "Failed to inspect image \"%s\"", image);
        }
    }
    if (!found && strcmp(policy, "Never") == 0) {
        ret->reason = "ErrImageNeverPull";
        if (is_hidden)
            return err_set(
                err, ERR_NOT_FOUND,
                "Container image \"%s\" is present with pull policy of Never but does not "
                "have the proper credentials to access the image",
                image);
        return err_set(err, ERR_NOT_FOUND,
                       "Container image \"%s\" is not present with pull policy of Never", image);
    }
    if (!found) {
        int64_t begin = clock_mono_us();

        if (on_pull)
            on_pull(image, data);
        r = pull(a, agent, pc, image, auths, &found, err);
        if (r < 0)
            return r;
        ret->took_ms = (clock_mono_us() - begin) / 1000;
        ret->was_pulled = true;
    }
    ret->image = found;
    ret->id = value_get_str(found, "id");
    if (!ret->id)
        ret->id = image;
    return 0;
}
