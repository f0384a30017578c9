#include "base/map.h"
#include "controllers/endpoints_int.h"

/*
 * The canonical form of an Endpoints object's subsets, as upstream's RepackSubsets() has it: every
 * port has all its addresses, an address is in it once, ports with the same addresses share a
 * subset, and addresses stand in their order. What one subset calls ready and another does not is
 * not ready.
 *
 * Ports that are in the same subsets have the same addresses, so these are put together once for
 * all such ports.
 */

enum { VISITS_MAX = 500000 /* addresses put together; what needs more stays as it is */ };
enum { ABSENT, READY, NOT_READY };

typedef struct Entry {
    uint32_t address;
    uint8_t state;
} Entry;

typedef struct Subset {
    Entry *entries;
    uint32_t n;
} Subset;

/* A port, and then ports, of the same subsets. */
typedef struct Family {
    Value *ports; /* empty: the subsets without ports */
    uint32_t *subsets;
    uint32_t n, cap;
} Family;

typedef struct Repack {
    Arena *a;
    const Value **addresses;
    uint32_t n_addresses;
    Map by_key; /* ip and uid -> number and one */
    Subset *subsets;
    Family *families;
    uint32_t n_families, cap_families;
    uint8_t *state; /* of the family at hand, by address */
    Value *out;
    Map done; /* addresses as text -> subset of `out` */
} Repack;

static const char *text_or(const Value *v, const char *name, const char *otherwise)
{
    const char *s = value_get_str(v, name);

    return s ? s : otherwise;
}

/* ---- addresses ---- */

static const char *uid_of(const Value *address)
{
    const char *uid = value_at_str(address, "targetRef.uid");

    return uid ? uid : "";
}

static uint32_t number_of(Repack *p, const Value *address)
{
    const char *key = arena_printf(p->a, "%s|%s", text_or(address, "ip", ""), uid_of(address));
    uintptr_t at = (uintptr_t)map_get(&p->by_key, key);

    if (at == 0) {
        p->addresses[p->n_addresses++] = address;
        at = p->n_addresses;
        map_set(&p->by_key, key, (void *)at);
    }
    return (uint32_t)at - 1;
}

static void read_addresses(Repack *p, Subset *s, const Value *list, uint8_t state)
{
    const Value *address;

    value_each_item(list, i, address)
    {
        s->entries[s->n++] = (Entry){number_of(p, address), state};
    }
}

static void read_subsets(Repack *p, const Value *subsets)
{
    uint32_t most = 0;
    const Value *v;

    value_each_item(subsets, i, v)
    {
        most += value_len(value_get(v, "addresses")) + value_len(value_get(v, "notReadyAddresses"));
    }
    p->addresses = arena_array(p->a, const Value *, most + 1);
    p->subsets = arena_array(p->a, Subset, value_len(subsets) + 1);
    value_each_item(subsets, i, v)
    {
        const Value *ready = value_get(v, "addresses"), *others = value_get(v, "notReadyAddresses");
        Subset *s = &p->subsets[i];

        *s = (Subset){arena_array(p->a, Entry, value_len(ready) + value_len(others) + 1), 0};
        read_addresses(p, s, ready, READY);
        read_addresses(p, s, others, NOT_READY);
    }
    p->state = arena_array(p->a, uint8_t, p->n_addresses + 1);
    memset(p->state, ABSENT, p->n_addresses + 1);
}

/* ---- ports ---- */

static Family *add_family(Repack *p, Value *ports)
{
    ARENA_GROW(p->a, p->families, p->n_families, p->cap_families, 16);
    p->families[p->n_families] = (Family){.ports = ports};
    return &p->families[p->n_families++];
}

static void add_subset(Repack *p, Map *by_port, Value *port, uint32_t subset)
{
    const char *key = port ? arena_printf(p->a, "%s|%s|%lld|%s", text_or(port, "name", ""),
                                          text_or(port, "protocol", "TCP"),
                                          (long long)value_at_int(port, "port", 0),
                                          text_or(port, "appProtocol", ""))
                           : "";
    uintptr_t at = (uintptr_t)map_get(by_port, key);
    Family *f;

    if (at == 0) {
        f = add_family(p, value_array(p->a));
        if (port)
            value_append(p->a, f->ports, port);
        at = p->n_families;
        map_set(by_port, key, (void *)at);
    }
    f = &p->families[at - 1];
    if (f->n > 0 && f->subsets[f->n - 1] == subset)
        return;
    ARENA_GROW(p->a, f->subsets, f->n, f->cap, 4);
    f->subsets[f->n++] = subset;
}

/* One family for each port, then those of the same subsets together. */
static void read_ports(Repack *p, const Value *subsets)
{
    Map by_port = {0}, by_subsets = {0};
    uint32_t kept = 0;
    Value *v, *port;

    value_each_item(subsets, i, v)
    {
        if (value_len(value_get(v, "ports")) == 0)
            add_subset(p, &by_port, NULL, i);
        value_each_item(value_get(v, "ports"), k, port)
        {
            add_subset(p, &by_port, port, i);
        }
    }
    for (uint32_t i = 0; i < p->n_families; i++) {
        AUTO_BUF key = BUF_INIT;
        Family f = p->families[i];
        uintptr_t at;

        for (uint32_t k = 0; k < f.n; k++)
            buf_addf(&key, "%u,", f.subsets[k]);
        at = (uintptr_t)map_getn(&by_subsets, buf_slice(&key));
        if (at == 0) {
            p->families[kept++] = f;
            map_setn(&by_subsets, buf_slice(&key), (void *)(uintptr_t)kept);
            continue;
        }
        value_each_item(f.ports, k, port)
        {
            value_append(p->a, p->families[at - 1].ports, port);
        }
    }
    p->n_families = kept;
    map_done(&by_port);
    map_done(&by_subsets);
}

/* ---- together ---- */

static int by_address(const void *x, const void *y, void *data)
{
    const Repack *p = data;
    const Value *a = p->addresses[*(const uint32_t *)x], *b = p->addresses[*(const uint32_t *)y];
    int r = strcmp(text_or(a, "ip", ""), text_or(b, "ip", ""));

    return r != 0 ? r : strcmp(uid_of(a), uid_of(b));
}

/* The family's addresses in their order; their states are in p->state. */
static uint32_t *unite(Repack *p, const Family *f, uint32_t *ret_n)
{
    uint32_t *list, most = 0, n = 0;

    for (uint32_t i = 0; i < f->n; i++)
        most += p->subsets[f->subsets[i]].n;
    list = arena_array(p->a, uint32_t, most + 1);
    for (uint32_t i = 0; i < f->n; i++) {
        const Subset *s = &p->subsets[f->subsets[i]];

        for (uint32_t k = 0; k < s->n; k++) {
            uint8_t *state = &p->state[s->entries[k].address];

            if (*state == ABSENT)
                list[n++] = s->entries[k].address;
            *state = MAX(*state, s->entries[k].state);
        }
    }
    if (n > 1)
        qsort_r(list, n, sizeof(*list), by_address, p);
    *ret_n = n;
    return list;
}

static void write_family(Repack *p, const Family *f)
{
    AUTO_BUF key = BUF_INIT;
    uint32_t n, *list = unite(p, f, &n);
    Value *subset, *port;

    for (uint32_t i = 0; i < n; i++)
        buf_addf(&key, "%u%c", list[i], p->state[list[i]] == READY ? '+' : '-');
    subset = map_getn(&p->done, buf_slice(&key));
    if (!subset) {
        subset = value_object(p->a);
        for (uint32_t i = 0; i < n; i++)
            endpoints__append(p->a, subset,
                              p->state[list[i]] == READY ? "addresses" : "notReadyAddresses",
                              (Value *)p->addresses[list[i]]);
        map_setn(&p->done, buf_slice(&key), subset);
        value_append(p->a, p->out, subset);
    }
    for (uint32_t i = 0; i < n; i++)
        p->state[list[i]] = ABSENT;
    value_each_item(f->ports, i, port)
    {
        endpoints__append(p->a, subset, "ports", port);
    }
}

Value *endpoints__repack(Arena *a, Value *subsets)
{
    Repack p = {.a = a, .out = value_array(a)};
    uint64_t visits = 0;

    read_subsets(&p, subsets);
    read_ports(&p, subsets);
    for (uint32_t i = 0; i < p.n_families; i++)
        for (uint32_t k = 0; k < p.families[i].n; k++)
            visits += p.subsets[p.families[i].subsets[k]].n;
    for (uint32_t i = 0; i < p.n_families && visits <= VISITS_MAX; i++)
        write_family(&p, &p.families[i]);
    map_done(&p.by_key);
    map_done(&p.done);
    return visits <= VISITS_MAX ? p.out : subsets;
}
