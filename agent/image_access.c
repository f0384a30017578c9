#include "agent/image_access.h"

#include "agent/fs.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"

#include <pthread.h>

/*
 * The file: {"pulling": {"NAME": true}, "images": {"ID": {"isOpen": true} or
 * {"tenants": {"CLUSTER": {"HASH": true}}}}}. An image without a record is anybody's.
 */

enum { FILE_MAX = 16 << 20 };

struct ImageAccess {
    char *path;
    pthread_mutex_t lock; /* guards the tree */
    Arena *a;
    Value *all;
};

static const LogCtx ctx = {.component = "images"};

ImageAccess *image_access_open(const char *path)
{
    ImageAccess *x = xcalloc(1, sizeof(*x));
    AUTO_BUF text = BUF_INIT;

    x->path = xstrdup(path);
    x->a = arena_new();
    pthread_mutex_init(&x->lock, NULL);
    if (fs_read(path, FILE_MAX, &text, NULL) < 0 ||
        value_parse(x->a, buf_slice(&text), &x->all, NULL) < 0 || !value_is(x->all, VALUE_OBJECT))
        x->all = value_object(x->a);
    return x;
}

void image_access_free(ImageAccess *x)
{
    if (!x)
        return;
    pthread_mutex_destroy(&x->lock);
    arena_free(x->a);
    free(x->path);
    free(x);
}

/* Writes the file, and moves the tree to an arena that holds nothing else. Under the lock. */
static void save(ImageAccess *x)
{
    Arena *fresh = arena_new();
    Value *copy = value_copy(fresh, x->all);
    Err err;

    arena_free(x->a);
    x->a = fresh;
    x->all = copy;
    if (fs_write(x->path, slice_of(value_to_str(fresh, copy)), 0600, &err) < 0)
        log_warning(&ctx, "who pulled what is not kept", LOG_STR("error", err.msg));
}

void image_access_begin(ImageAccess *x, const char *name)
{
    pthread_mutex_lock(&x->lock);
    value_set_bool(x->a, value_need(x->a, x->all, "pulling"), name, true);
    save(x);
    pthread_mutex_unlock(&x->lock);
}

/* Under the lock. */
static void record(ImageAccess *x, const char *id, const char *cluster, const char *credential,
                   bool was_there)
{
    Value *images = value_need(x->a, x->all, "images"), *image = value_get(images, id), *tenant;

    if (!image) {
        if (was_there || !credential)
            return; /* anybody's */
        image = value_object(x->a);
        value_set(x->a, images, id, image);
    }
    if (!credential) {
        value_set_bool(x->a, image, "isOpen", true);
        return;
    }
    tenant = value_get(value_need(x->a, image, "tenants"), cluster);
    if (!tenant) {
        tenant = value_object(x->a);
        value_set(x->a, value_get(image, "tenants"), cluster, tenant);
    }
    value_set_bool(x->a, tenant, credential, true);
}

void image_access_end(ImageAccess *x, const char *name, const char *id, const char *cluster,
                      const char *credential, bool was_there)
{
    bool was_pulling;

    pthread_mutex_lock(&x->lock);
    was_pulling = value_del(value_get(x->all, "pulling"), name);
    if (id)
        record(x, id, cluster, credential, was_there);
    if (id || was_pulling)
        save(x);
    pthread_mutex_unlock(&x->lock);
}

bool image_access_allows(ImageAccess *x, const char *name, const char *id, const char *cluster,
                         const Value *credentials)
{
    const Value *image, *tenant, *v;
    bool ok = false;

    pthread_mutex_lock(&x->lock);
    image = value_get(value_get(x->all, "images"), id);
    if (!image)
        ok = !value_get(value_get(x->all, "pulling"), name);
    else if (value_at_bool(image, "isOpen"))
        ok = true;
    tenant = value_get(value_get(image, "tenants"), cluster);
    value_each_item(credentials, i, v)
    {
        ok |= value_get(tenant, value_to_cstr(v)) != NULL;
    }
    pthread_mutex_unlock(&x->lock);
    return ok;
}

void image_access_forget(ImageAccess *x, const char *id)
{
    pthread_mutex_lock(&x->lock);
    if (value_del(value_get(x->all, "images"), id))
        save(x);
    pthread_mutex_unlock(&x->lock);
}
