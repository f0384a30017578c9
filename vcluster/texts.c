#include "vcluster/texts.h"

#include "base/map.h"
#include "base/mem.h"
#include "base/random.h"

#include <pthread.h>

struct TextCache {
    pthread_mutex_t lock;
    Map texts;
};

static void free_text(void *p)
{
    Text *t = p;

    free((char *)t->body.ptr);
    free(t);
}

TextCache *texts_new(void)
{
    TextCache *t = xcalloc(1, sizeof(*t));

    pthread_mutex_init(&t->lock, NULL);
    t->texts.free_value = free_text;
    return t;
}

void texts_free(TextCache *t)
{
    if (!t)
        return;
    map_done(&t->texts);
    pthread_mutex_destroy(&t->lock);
    free(t);
}

const Text *texts_get(TextCache *t, const char *key)
{
    const Text *found;

    pthread_mutex_lock(&t->lock);
    found = map_get(&t->texts, key);
    pthread_mutex_unlock(&t->lock);
    return found;
}

const Text *texts_put(TextCache *t, const char *key, Buf *body)
{
    Text *made = xcalloc(1, sizeof(*made)), *found;
    char hex[2 * SHA256_LEN + 1];

    made->body.len = body->len;
    made->body.ptr = buf_take(body);
    (void)snprintf(made->etag, sizeof(made->etag), "\"%s\"", sha256_hex(made->body, hex));
    pthread_mutex_lock(&t->lock);
    found = map_get(&t->texts, key);
    if (!found)
        (void)map_set(&t->texts, key, made);
    pthread_mutex_unlock(&t->lock);
    if (!found)
        return made;
    free_text(made);
    return found;
}
