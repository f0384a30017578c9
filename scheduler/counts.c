#include "scheduler/counts.h"

#include "base/mem.h"

enum { SLOTS_MIN = 8 };

void counts_done(Counts *c)
{
    free(c->slots);
    *c = (Counts){0};
}

static CountSlot *slot_for(const Counts *c, int32_t id)
{
    uint32_t i = (uint32_t)id * 2654435769u & c->mask;

    while (c->slots[i].id >= 0 && c->slots[i].id != id)
        i = (i + 1) & c->mask;
    return &c->slots[i];
}

static void grow(Counts *c)
{
    CountSlot *old = c->slots;
    uint32_t n_old = old ? c->mask + 1 : 0, n = MAX(n_old * 2, SLOTS_MIN);

    c->slots = xcalloc(n, sizeof(*c->slots));
    c->mask = n - 1;
    for (uint32_t i = 0; i < n; i++)
        c->slots[i].id = -1;
    for (uint32_t i = 0; i < n_old; i++)
        if (old[i].id >= 0)
            *slot_for(c, old[i].id) = old[i];
    free(old);
}

int64_t counts_add(Counts *c, int32_t id, int64_t amount)
{
    CountSlot *s;

    BUG_ON(id < 0);
    if (!c->slots || (c->n + 1) * 2 > c->mask)
        grow(c);
    s = slot_for(c, id);
    if (s->id < 0) {
        *s = (CountSlot){0, id};
        c->n++;
    }
    c->n_above -= s->n > 0;
    s->n += amount;
    c->n_above += s->n > 0;
    return s->n;
}

bool counts_next(const Counts *c, uint32_t *at, int32_t *ret_id, int64_t *ret_n)
{
    while (c->slots && *at <= c->mask) {
        const CountSlot *s = &c->slots[(*at)++];

        if (s->id < 0)
            continue;
        *ret_id = s->id;
        *ret_n = s->n;
        return true;
    }
    return false;
}
