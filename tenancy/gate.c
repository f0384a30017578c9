#include "base/err.h"
#include "tenancy/tenancy_int.h"

/*
 * Rates are kept by the generic cell rate algorithm: one number, the time at which the bucket would
 * be full again. A request moves it on by the time that one request is worth; when it would lie
 * further ahead than the burst allows, the request has come too early.
 */

enum { SECOND_US = 1000000, OWED_MAX_US = 10 * SECOND_US };

static int64_t bound_of(const TermRates *r, GateKind kind)
{
    const int64_t bounds[GATE_MAX_] = {r->running, r->watches, r->streams};

    return bounds[kind];
}

/* Microseconds until it may come; 0: now, and it is counted. */
static int64_t take(_Atomic int64_t *full_at, const TermRates *r, int64_t now_us)
{
    int64_t step = MAX(1, SECOND_US / r->per_second);
    int64_t ahead = step * MAX(1, r->burst > 0 ? r->burst : r->per_second);
    int64_t was = atomic_load(full_at), next;

    do {
        next = MAX(was, now_us) + step;
        if (next - now_us > ahead)
            return next - now_us - ahead;
    } while (!atomic_compare_exchange_weak(full_at, &was, next));
    return 0;
}

int gate_enter(Cluster *c, const TenantTerms *t, GateKind kind, int64_t now_us)
{
    TenantSlot *s = tenancy__slot(c);
    int64_t bound = bound_of(&t->rates, kind), wait_us;

    if (atomic_fetch_add(&s->inside[kind], 1) >= bound && bound > 0) {
        atomic_fetch_sub(&s->inside[kind], 1);
        return 1;
    }
    wait_us = t->rates.per_second > 0 ? take(&s->full_at, &t->rates, now_us) : 0;
    if (wait_us > 0) {
        atomic_fetch_sub(&s->inside[kind], 1);
        return (int)MIN(60, (wait_us + SECOND_US - 1) / SECOND_US);
    }
    return 0;
}

void gate_owe(Cluster *c, const TenantTerms *t, int64_t requests, int64_t now_us)
{
    TenantSlot *s = tenancy__slot(c);
    int64_t was = atomic_load(&s->full_at), next, step;

    if (t->rates.per_second <= 0 || requests <= 0)
        return;
    step = MAX(1, SECOND_US / t->rates.per_second);
    do {
        next = MAX(was, now_us) + MIN(requests, OWED_MAX_US / step) * step;
        next = MIN(next, MAX(was, now_us + OWED_MAX_US));
    } while (!atomic_compare_exchange_weak(&s->full_at, &was, next));
}

void gate_leave(Cluster *c, GateKind kind)
{
    atomic_fetch_sub(&tenancy__slot(c)->inside[kind], 1);
}
