#include "store/fairq.h"

#include "base/mem.h"

enum { TURN = 16, COST_MAX = 100 }; /* in writes */

typedef struct Flow {
    List link; /* in FairQueue.active */
    ClusterId id;
    Txn *first, **last;
    int64_t credit;
    bool has_turn;
} Flow;

static Flow *flow_of(List *l)
{
    return (Flow *)((char *)l - offsetof(Flow, link));
}

/* One transaction belongs to one flow: the cluster it is about. */
static ClusterId cluster_of(const Txn *t)
{
    if (t->n_writes > 0)
        return t->writes[0].cluster->id;
    if (t->n_charges > 0)
        return t->charges[0].cluster->id;
    return t->n_audits > 0 ? t->audits[0].cluster->id : 0;
}

static int64_t cost_of(const Txn *t)
{
    return (int64_t)MIN(COST_MAX, 1 + t->n_writes);
}

void fairq_init(FairQueue *q)
{
    *q = (FairQueue){0};
    list_init(&q->active);
    q->flows.free_value = free;
}

void fairq_done(FairQueue *q)
{
    map_done(&q->flows);
}

bool fairq_is_empty(const FairQueue *q)
{
    return !q->front && list_is_empty(&q->active);
}

void fairq_add(FairQueue *q, Txn *t)
{
    ClusterId id = cluster_of(t);
    Slice key = {(const char *)&id, sizeof(id)};
    Flow *f = map_getn(&q->flows, key);

    if (!f) {
        f = xcalloc(1, sizeof(*f));
        f->id = id;
        f->last = &f->first;
        list_add_tail(&q->active, &f->link);
        (void)map_setn(&q->flows, key, f);
    }
    t->next_ = NULL;
    *f->last = t;
    f->last = &t->next_;
}

Txn *fairq_peek(FairQueue *q)
{
    if (q->front)
        return q->front;
    while (!list_is_empty(&q->active)) {
        Flow *f = flow_of(q->active.next);

        f->credit += f->has_turn ? 0 : TURN;
        f->has_turn = f->credit >= cost_of(f->first);
        if (f->has_turn)
            return f->first;
        list_del(&f->link);
        list_add_tail(&q->active, &f->link);
    }
    return NULL;
}

void fairq_pop(FairQueue *q)
{
    Flow *f;

    if (q->front) {
        q->front = q->front->next_;
        return;
    }
    f = flow_of(q->active.next);
    f->credit -= cost_of(f->first);
    f->first = f->first->next_;
    if (f->first)
        return;
    list_del(&f->link); /* who has nothing waiting saves up nothing */
    free(map_deln(&q->flows, (Slice){(const char *)&f->id, sizeof(f->id)}));
}

void fairq_put_back(FairQueue *q, Txn *t)
{
    t->next_ = q->front;
    q->front = t;
}
