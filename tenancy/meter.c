#include "base/err.h"
#include "base/mem.h"
#include "tenancy/tenancy_int.h"

/* Requests and bytes are counted where a cluster's terms hang, and carried to the store now and
 * then. What could not be stored is counted again. */

static const char *const names[METER_MAX_] = {"requests", "bytesReceived", "bytesSent"};
static const int64_t hour_us = (int64_t)3600 * 1000000;

void tenancy_count(Cluster *c, int64_t received, int64_t sent)
{
    TenantSlot *s;

    if (c->id == 1)
        return;
    s = tenancy__slot(c);
    atomic_fetch_add_explicit(&s->metered[METER_REQUESTS], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&s->metered[METER_RECEIVED], received, memory_order_relaxed);
    atomic_fetch_add_explicit(&s->metered[METER_SENT], sent, memory_order_relaxed);
}

typedef struct Load { /* on its way to the store */
    Cluster **clusters;
    int *kinds;
    MeterAdd *items;
    size_t n, cap, cap_kinds, cap_clusters;
} Load;

static void collect(Cluster *c, void *data)
{
    Load *l = data;
    TenantSlot *s = atomic_load_explicit(&c->tenant.data, memory_order_acquire);

    for (int i = 0; s && i < METER_MAX_; i++) {
        int64_t n = atomic_exchange_explicit(&s->metered[i], 0, memory_order_relaxed);

        if (n == 0)
            continue;
        GROW(l->clusters, l->cap_clusters, l->n + 1);
        GROW(l->kinds, l->cap_kinds, l->n + 1);
        GROW(l->items, l->cap, l->n + 1);
        l->clusters[l->n] = cluster_ref(c);
        l->kinds[l->n] = i;
        l->items[l->n++] = (MeterAdd){c->id, names[i], n};
    }
}

static void load_free(Load *l)
{
    for (size_t i = 0; i < l->n; i++)
        cluster_unref(l->clusters[i]);
    free(l->clusters);
    free(l->kinds);
    free(l->items);
    free(l);
}

static void on_stored(int r, const Err *err UNUSED, void *data)
{
    Load *l = data;

    for (size_t i = 0; r < 0 && i < l->n; i++)
        atomic_fetch_add_explicit(&tenancy__slot(l->clusters[i])->metered[l->kinds[i]],
                                  l->items[i].amount, memory_order_relaxed);
    load_free(l);
}

void tenancy_meter_flush(Tenancy *t, int64_t now_us)
{
    Load *l = xcalloc(1, sizeof(*l));

    store_each_cluster(t->store, collect, l);
    if (l->n > 0)
        store_meter_add(t->store, now_us / hour_us, l->items, l->n, on_stored, l);
    else
        load_free(l);
}
