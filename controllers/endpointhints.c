#include "controllers/endpointhints.h"

#include "base/quantity.h"
#include "client/meta.h"

static const char *const zone_label = "topology.kubernetes.io/zone";

/* How much more than its part an endpoint may be asked to bear. */
static const double overload = 0.2;

bool endpointhints_are_wanted(const Value *service)
{
    const char *mode = meta_annotation(service, "service.kubernetes.io/topology-aware-hints");

    if (!mode)
        mode = meta_annotation(service, "service.kubernetes.io/topology-mode");
    return str_eq(mode, "Auto") || str_eq(mode, "auto");
}

/* ---- what the nodes have ---- */

static bool counts(const Value *node)
{
    return !meta_label(node, "node-role.kubernetes.io/control-plane") &&
           !meta_label(node, "node-role.kubernetes.io/master") &&
           condition_is(node, "Ready", "True");
}

static int64_t cpu_milli(const Value *node)
{
    const char *text = value_to_cstr(value_at(node, "status.allocatable.cpu"));
    Quantity q;

    return text && quantity_parse(slice_of(text), &q, NULL) == 0 ? quantity_milli(&q) : 0;
}

bool zone_shares_differ(const Value *node, const Value *before)
{
    return counts(node) != counts(before) || cpu_milli(node) != cpu_milli(before) ||
           !str_eq(meta_label(node, zone_label), meta_label(before, zone_label));
}

void zone_shares_add(Arena *a, ZoneShares *s, const Value *node)
{
    const char *zone = meta_label(node, zone_label);
    int64_t milli = cpu_milli(node);

    if (!counts(node))
        return;
    if (!zone || !zone[0] || milli == 0) {
        s->is_unknown = true;
        return;
    }
    for (uint32_t i = 0; i < s->n; i++)
        if (str_eq(s->items[i].zone, zone)) {
            s->items[i].cpu_milli += milli;
            return;
        }
    if (s->n == s->cap) {
        ZoneShare *more = arena_array(a, ZoneShare, s->cap * 2 + 4);

        if (s->n > 0)
            memcpy(more, s->items, s->n * sizeof(*more));
        s->items = more;
        s->cap = s->cap * 2 + 4;
    }
    s->items[s->n++] = (ZoneShare){arena_strdup(a, zone), milli, 0};
}

static int by_zone(const void *x, const void *y)
{
    return strcmp(((const ZoneShare *)x)->zone, ((const ZoneShare *)y)->zone);
}

void zone_shares_settle(ZoneShares *s)
{
    int64_t total = 0;

    if (s->is_unknown || s->n < 2) {
        s->n = 0;
        return;
    }
    qsort(s->items, s->n, sizeof(*s->items), by_zone);
    for (uint32_t i = 0; i < s->n; i++)
        total += s->items[i].cpu_milli;
    for (uint32_t i = 0; i < s->n; i++)
        s->items[i].share = (double)s->items[i].cpu_milli / (double)total;
}

/* ---- what each zone is to have ---- */

typedef struct Zone {
    const char *name;
    int64_t minimum, maximum, hinted;
    double desired, spare, lack;
    int64_t gives, takes;
} Zone;

typedef struct Zones {
    Arena *a;
    Zone *items;
    uint32_t n;
} Zones;

static bool is_ready(const Value *endpoint)
{
    return value_at_bool(endpoint, "conditions.ready");
}

static int64_t round_up(double x)
{
    int64_t n = (int64_t)x;

    return n + ((double)n < x);
}

static Zone *find(const Zones *z, const char *name)
{
    for (uint32_t i = 0; i < z->n; i++)
        if (str_eq(z->items[i].name, name))
            return &z->items[i];
    return NULL;
}

static int64_t count_ready(const SlicePlan *plans, uint32_t n)
{
    int64_t total = 0;
    Value *e;

    for (uint32_t i = 0; i < n; i++)
        value_each_item(plans[i].endpoints, k, e)
        {
            total += is_ready(e);
        }
    return total;
}

static const char *allocate(Zones *z, const ZoneShares *s, int64_t n)
{
    int64_t total = 0;

    if (s->n == 0)
        return "Insufficient Node information: allocatable CPU or zone not specified on one or "
               "more nodes";
    if (s->n > n)
        return arena_printf(z->a, "Insufficient number of endpoints (%lld endpoints, %u zones)",
                            (long long)n, s->n);
    z->items = arena_array(z->a, Zone, s->n);
    z->n = s->n;
    for (uint32_t i = 0; i < s->n; i++) {
        double desired = s->items[i].share * (double)n;
        int64_t minimum = round_up(desired * (1 / (1 + overload)));

        z->items[i] = (Zone){
            .name = s->items[i].zone, .minimum = minimum, .desired = MAX(desired, (double)minimum)};
        total += minimum;
    }
    if (total > n)
        return arena_printf(z->a,
                            "Unable to allocate minimum required endpoints to each zone without "
                            "exceeding overload threshold (%lld endpoints, %u zones)",
                            (long long)n, s->n);
    for (uint32_t i = 0; i < z->n; i++)
        z->items[i].maximum = z->items[i].minimum + n - total;
    return NULL;
}

/* ---- the slices ---- */

static const char *hinted_zone(const Value *endpoint)
{
    return value_at_str(endpoint, "hints.forZones.0.name");
}

/* May a slice that nothing else changes keep its hints? Then they are counted. */
static bool keeps_hints(Zones *z, const SlicePlan *plan)
{
    int64_t *hinted = arena_array(z->a, int64_t, z->n);
    Value *e;

    memset(hinted, 0, z->n * sizeof(*hinted));
    value_each_item(plan->endpoints, i, e)
    {
        Zone *zone;

        if (!is_ready(e))
            continue;
        zone = hinted_zone(e) ? find(z, hinted_zone(e)) : NULL;
        if (!zone)
            return false;
        hinted[zone - z->items]++;
    }
    for (uint32_t i = 0; i < z->n; i++)
        if (hinted[i] > 0 && z->items[i].hinted + hinted[i] > z->items[i].maximum)
            return false;
    for (uint32_t i = 0; i < z->n; i++)
        z->items[i].hinted += hinted[i];
    return true;
}

/* The plan gets endpoints of its own, without hints. */
static void clear_hints(Arena *a, SlicePlan *plan)
{
    Value *list = value_array(a), *e, *copy;

    value_each_item(plan->endpoints, i, e)
    {
        copy = value_copy(a, e);
        value_del(copy, "hints");
        value_append(a, list, copy);
    }
    plan->endpoints = list;
}

static void set_hint(Arena *a, Value *endpoint, const char *zone)
{
    Value *hints = value_literal(a, "{'forZones':[{}]}");

    value_set_str(a, value_at(hints, "forZones.0"), "name", zone);
    value_set(a, endpoint, "hints", hints);
}

/* Everything starts in its own zone. */
static bool start_at_home(Zones *z, SlicePlan *plan)
{
    Value *e;

    clear_hints(z->a, plan);
    value_each_item(plan->endpoints, i, e)
    {
        const char *home = value_get_str(e, "zone");
        Zone *zone = home ? find(z, home) : NULL;

        if (!is_ready(e))
            continue;
        if (!home || !home[0])
            return false;
        if (zone)
            zone->hinted++;
        set_hint(z->a, e, home);
    }
    return true;
}

/* The zone with most to spare, and the one that lacks most. */
static Zone *most(const Zones *z, bool of_spare, double *ret)
{
    Zone *best = NULL;

    *ret = 0;
    for (uint32_t i = 0; i < z->n; i++) {
        double has = of_spare ? z->items[i].spare : z->items[i].lack;

        if (has > *ret) {
            *ret = has;
            best = &z->items[i];
        }
    }
    return best;
}

static void balance(Zones *z)
{
    for (uint32_t i = 0; i < z->n; i++) {
        Zone *zone = &z->items[i];

        zone->spare = MAX((double)zone->hinted - zone->desired, 0);
        zone->lack = MAX(zone->desired - (double)zone->hinted, 0);
    }
    for (;;) {
        double spare, lack;
        Zone *giver = most(z, true, &spare), *taker = most(z, false, &lack);

        if (!giver || !taker || (spare < 1 && lack < 1) || spare < 0.5 || lack < 0.5)
            return;
        giver->gives++;
        giver->spare--;
        taker->takes++;
        taker->lack--;
    }
}

static Zone *next_taker(const Zones *z)
{
    for (uint32_t i = 0; i < z->n; i++)
        if (z->items[i].takes > 0)
            return &z->items[i];
    return NULL;
}

static void redistribute(Zones *z, SlicePlan *plan)
{
    Value *e;

    value_each_item(plan->endpoints, i, e)
    {
        const char *home = value_get_str(e, "zone");
        Zone *giver = is_ready(e) && home ? find(z, home) : NULL, *taker = next_taker(z);

        if (!taker)
            return;
        if (!giver || giver->gives == 0)
            continue;
        set_hint(z->a, e, taker->name);
        giver->gives--;
        taker->takes--;
    }
}

static const char *assign(Zones *z, SlicePlan *plans, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (!plans[i].has_changed && !keeps_hints(z, &plans[i]))
            plans[i].has_changed = true;
    for (uint32_t i = 0; i < n; i++)
        if (plans[i].has_changed && !start_at_home(z, &plans[i]))
            return "One or more endpoints do not have a zone specified";
    balance(z);
    for (uint32_t i = 0; i < n; i++)
        if (plans[i].has_changed)
            redistribute(z, &plans[i]);
    return NULL;
}

const char *endpointhints_set(Arena *a, const ZoneShares *s, SlicePlan *plans, uint32_t n)
{
    Zones z = {.a = a};
    const char *wrong = allocate(&z, s, count_ready(plans, n));

    if (!wrong)
        wrong = assign(&z, plans, n);
    for (uint32_t i = 0; wrong && i < n; i++)
        clear_hints(a, &plans[i]);
    return wrong;
}
