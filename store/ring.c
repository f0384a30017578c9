#include "store/ring.h"

#include "base/mem.h"

static RingSlot *slot(const Ring *r, uint64_t number)
{
    return &r->slots[number & (r->cap - 1)];
}

void ring_init(Ring *r, int64_t floor)
{
    *r = (Ring){.floor = floor};
}

void ring_done(Ring *r)
{
    for (uint32_t i = 0; i < r->n; i++)
        event_unref(slot(r, r->first + i)->event);
    free(r->slots);
    *r = (Ring){.floor = r->floor};
}

static size_t weight(const Event *e)
{
    return e->obj->text_len + 256;
}

static void grow(Ring *r)
{
    Ring bigger = {.cap = r->cap ? r->cap * 2 : 8};

    bigger.slots = xmalloc(bigger.cap * sizeof(*bigger.slots));
    for (uint32_t i = 0; i < r->n; i++)
        *slot(&bigger, r->first + i) = *slot(r, r->first + i);
    free(r->slots);
    r->slots = bigger.slots;
    r->cap = bigger.cap;
}

static void drop_first(Ring *r)
{
    RingSlot *s = slot(r, r->first);

    r->floor = s->revision;
    r->bytes -= weight(s->event);
    event_unref(s->event);
    r->first++;
    r->n--;
}

void ring_add(Ring *r, Event *e)
{
    if (r->n == r->cap && r->cap < RING_MAX_EVENTS)
        grow(r);
    else if (r->n == r->cap)
        drop_first(r);
    *slot(r, r->first + r->n) = (RingSlot){e->revision, event_ref(e)};
    r->n++;
    r->bytes += weight(e);
    while (r->bytes > RING_MAX_BYTES && r->n > RING_MIN_EVENTS)
        drop_first(r);
}

void ring_forget(Ring *r, int64_t up_to)
{
    while (r->n > 0 && slot(r, r->first)->revision <= up_to)
        drop_first(r);
    if (r->n > 0)
        return;
    free(r->slots);
    r->slots = NULL;
    r->cap = 0;
}

Event *ring_at(const Ring *r, uint32_t i)
{
    return slot(r, r->first + i)->event;
}

Event *ring_after(const Ring *r, int64_t after, uint64_t *hint)
{
    uint64_t low = r->first, high = r->first + r->n;

    if (r->n == 0 || slot(r, high - 1)->revision <= after)
        return NULL;
    if (*hint >= low && *hint < high && slot(r, *hint)->revision > after &&
        (*hint == low || slot(r, *hint - 1)->revision <= after))
        low = high = *hint;
    while (low < high) {
        uint64_t mid = low + (high - low) / 2;

        if (slot(r, mid)->revision <= after)
            low = mid + 1;
        else
            high = mid;
    }
    *hint = low + 1;
    return slot(r, low)->event;
}
