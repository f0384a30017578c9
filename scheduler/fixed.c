#include "scheduler/fixed.h"

#include "base/mem.h"
#include "scheduler/profile.h"

enum { REFUSALS_MAX = 4096 };

static void class_done(void *p)
{
    FixedClass *k = p;

    free(k->rows);
    map_done(&k->refusals);
}

static size_t class_bytes(const void *state)
{
    const FixedClass *k = state;

    return k->cap * sizeof(*k->rows);
}

static const MemoKind class_kind = {.name = "fixed", .bytes = class_bytes, .outlives_nodes = true};

static void add_part(Buf *b, const Value *v)
{
    if (v)
        value_print(v, b);
    buf_addc(b, '\n');
}

FixedClass *fixed_class(Cycle *c)
{
    AUTO_BUF key = BUF_INIT;
    bool has_view = c->home && c->home->overlays.n > 0;
    FixedClass *k;
    Memo *memo;

    buf_addf(&key, "%p\n", (const void *)c->profile);
    add_part(&key, c->node_selector);
    add_part(&key, c->node_required);
    add_part(&key, c->node_preferred);
    add_part(&key, c->tolerations);
    add_part(&key, value_at(c->pod, "spec.nodeName"));
    memo = snapshot_memo(c->snapshot, has_view ? c->cluster : NULL, &class_kind, buf_slice(&key));
    if (memo->state && ((FixedClass *)memo->state)->refusals.n > REFUSALS_MAX)
        memo_reset(&c->snapshot->memos, memo);
    if (!memo->state) {
        k = memo->state = arena_new0(memo->arena, FixedClass);
        k->arena = memo->arena;
        arena_on_free(memo->arena, class_done, k);
    }
    k = memo->state;
    if (k->cap < c->snapshot->n_nodes) {
        uint32_t had = k->cap;

        GROW(k->rows, k->cap, c->snapshot->n_nodes);
        memset(k->rows + had, 0, (k->cap - had) * sizeof(*k->rows));
    }
    memo_filled(&c->snapshot->memos, memo);
    return k;
}

static const FixedRefusal *refusal_of(FixedClass *k, const Verdict *v, uint32_t plugin)
{
    FixedRefusal *r = map_get(&k->refusals, v->reasons[0]);

    if (r)
        return r;
    r = arena_new0(k->arena, FixedRefusal);
    *r = (FixedRefusal){*v, plugin};
    for (uint32_t i = 0; i < v->n; i++)
        r->verdict.reasons[i] = arena_strdup(k->arena, v->reasons[i]);
    map_set(&k->refusals, v->reasons[0], r);
    return r;
}

const FixedRow *fixed_ask(const Cycle *c, FixedClass *k, const SchedNode *n)
{
    FixedRow *row = &k->rows[n->slot];
    Verdict v = {0};
    uint32_t n_scores = 0;

    *row = (FixedRow){.version = n->room->version};
    profile_each(c->profile, POINT_FILTER, f)
    {
        if (!f->plugin->is_fixed)
            continue;
        f->plugin->filter(c, n, &v);
        if (v.n > 0) {
            row->refusal = refusal_of(k, &v, f->index);
            return row;
        }
    }
    profile_each(c->profile, POINT_SCORE, s)
    {
        if (!s->plugin->is_fixed)
            continue;
        BUG_ON(n_scores == FIXED_SCORES_MAX);
        row->scores[n_scores] = (int32_t)MIN(s->plugin->score(c, n), INT32_MAX);
        k->has_scores[n_scores] = k->has_scores[n_scores] || row->scores[n_scores] != 0;
        n_scores++;
    }
    return row;
}
