#include "vcluster/feedshared.h"

#include "base/mem.h"

static void item_free(void *data)
{
    SharedItem *item = data;

    obj_unref(item->obj);
    free(item->node);
    free(item->text);
    free(item);
}

static void clear_changes(FeedShared *s)
{
    for (size_t i = 0; i < s->n_changes; i++) {
        SharedChange *c = &s->changes[i];

        obj_unref(c->before);
        free(c->before_at);
        for (size_t k = 0; k < ARRAY_LEN(c->lines); k++)
            buf_done(&c->lines[k]);
    }
    s->n_changes = 0;
}

void feed_shared_done(FeedShared *s)
{
    clear_changes(s);
    free(s->changes);
    map_done(&s->items);
    *s = (FeedShared){.n_changes = 0};
}

void feed_shared_begin(FeedShared *s)
{
    clear_changes(s);
    s->items.free_value = item_free;
    s->round++;
}

const char *feed_key(char key[FEED_KEY_MAX], const char *storage, const char *ns, const char *name)
{
    (void)snprintf(key, FEED_KEY_MAX, "%s %s/%s", storage, ns, name);
    return key;
}

static SharedItem *find(const FeedShared *s, const char *storage, const Obj *o,
                        char key[FEED_KEY_MAX])
{
    return map_get(&s->items, feed_key(key, storage, o->ns, o->name));
}

bool feed_shared_keep(FeedShared *s, const char *storage, Obj *o)
{
    char key[FEED_KEY_MAX];
    SharedItem *item = find(s, storage, o, key);

    if (!item || (item->obj != o &&
                  (item->obj->revision != o->revision || strcmp(item->obj->uid, o->uid) != 0)))
        return false;
    item->round = s->round;
    return true;
}

/* `before` is taken over by the change. */
static void note(FeedShared *s, const char *storage, SharedItem *before, const SharedItem *now)
{
    GROW(s->changes, s->cap, s->n_changes + 1);
    s->changes[s->n_changes++] = (SharedChange){.storage = storage,
                                                .before = before ? before->obj : NULL,
                                                .before_at = before ? before->node : NULL,
                                                .before_content = before ? before->content : 0,
                                                .now = now};
    if (before) {
        before->obj = NULL;
        before->node = NULL;
    }
}

static bool same_text(const char *x, const char *y)
{
    return x && y ? strcmp(x, y) == 0 : x == y;
}

void feed_shared_put(FeedShared *s, const char *storage, Obj *o, const char *node, const char *text)
{
    char key[FEED_KEY_MAX];
    SharedItem *item = find(s, storage, o, key), *now;

    if (item && text && same_text(item->text, text) && same_text(item->node, node)) {
        obj_unref(item->obj);
        item->obj = obj_ref(o);
        item->round = s->round;
        return;
    }
    now = xcalloc(1, sizeof(*now));
    *now = (SharedItem){.storage = storage,
                        .obj = obj_ref(o),
                        .node = node ? xstrdup(node) : NULL,
                        .text = text ? xstrdup(text) : NULL,
                        .content = text ? hash_bytes(text, strlen(text)) : 0,
                        .round = s->round};
    note(s, storage, item, now);
    (void)map_set(&s->items, key, now);
    if (item)
        item_free(item);
}

void feed_shared_end(FeedShared *s)
{
    const char *key;
    SharedItem *item;

    for (size_t at = 0; map_next(&s->items, &at, &key, (void **)&item);) {
        if (item->round == s->round)
            continue;
        note(s, item->storage, item, NULL);
        (void)map_del(&s->items, key);
        item_free(item);
    }
}

bool feed_shared_is_told(const SharedItem *item, const char *node)
{
    return !item->node || strcmp(item->node, node) != 0;
}

SharedVerb feed_shared_verb(const SharedChange *c, const char *node)
{
    bool was_told = c->before && !(c->before_at && strcmp(c->before_at, node) == 0);
    bool is_told = c->now && feed_shared_is_told(c->now, node);

    if (is_told)
        return was_told ? SHARED_MODIFIED : SHARED_ADDED;
    return was_told ? SHARED_DELETED : SHARED_NOTHING;
}
