#include "base/turns.h"

#include "base/mem.h"

typedef struct Flow {
    List link; /* in Turns.active */
    int64_t key;
    List items;
    int64_t credit;
    bool has_turn;
} Flow;

static Slice key_of(const int64_t *key)
{
    return (Slice){(const char *)key, sizeof(*key)};
}

void turns_init(Turns *t, int64_t quantum)
{
    *t = (Turns){.quantum = quantum};
    list_init(&t->active);
}

static void flow_free(Turns *t, Flow *f)
{
    (void)map_deln(&t->flows, key_of(&f->key));
    list_del(&f->link);
    free(f);
}

void turns_done(Turns *t)
{
    List *l;

    while ((l = list_pop(&t->active)) != NULL) {
        Flow *f = list_entry(l, Flow, link);

        while (list_pop(&f->items))
            ;
        free(f);
    }
    map_done(&t->flows);
}

void turns_add(Turns *t, int64_t key, Turn *item)
{
    Flow *f = map_getn(&t->flows, key_of(&key));

    if (!list_is_empty(&item->link))
        return;
    if (!f) {
        f = xcalloc(1, sizeof(*f));
        f->key = key;
        list_init(&f->items);
        list_add_tail(&t->active, &f->link);
        (void)map_setn(&t->flows, key_of(&key), f);
    }
    list_add_tail(&f->items, &item->link);
}

/* The flow whose turn it is. One with nothing waiting (any more) saves up nothing, but what it owes
 * it pays off first. */
static Flow *flow_now(Turns *t)
{
    while (!list_is_empty(&t->active)) {
        Flow *f = list_entry(t->active.next, Flow, link);

        if (list_is_empty(&f->items) && f->credit >= 0) {
            flow_free(t, f);
            continue;
        }
        if (!f->has_turn) {
            f->has_turn = true;
            f->credit = MIN(f->credit + t->quantum, t->quantum);
        }
        if (f->credit > 0 && !list_is_empty(&f->items))
            return f;
        f->has_turn = false;
        list_del(&f->link);
        list_add_tail(&t->active, &f->link);
    }
    return NULL;
}

bool turns_is_empty(Turns *t)
{
    list_for_each (l, &t->active)
        if (!list_is_empty(&list_entry(l, Flow, link)->items))
            return false;
    return true;
}

Turn *turns_next(Turns *t)
{
    Flow *f = flow_now(t);

    return f ? (Turn *)list_pop(&f->items) : NULL;
}

void turns_charge(Turns *t, int64_t cost)
{
    if (!list_is_empty(&t->active))
        list_entry(t->active.next, Flow, link)->credit -= cost;
}
