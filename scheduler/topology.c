#include "scheduler/topology.h"

#include "base/mem.h"

enum {
    KEYS_MAX = 256, /* as many as one decision and the pods around it may well have */
    IDS_MAX = 1 << 20,
};

static void key_free(void *p)
{
    TopologyKey *k = p;

    map_done(&k->values);
    free(k->of);
    free(k->name);
    free(k);
}

void topology_done(Topology *t)
{
    t->keys.free_value = key_free;
    map_done(&t->keys);
    free(t->marks);
    t->marks = NULL;
}

bool topology_trim(Topology *t)
{
    if (t->keys.n <= KEYS_MAX && t->n_ids <= IDS_MAX)
        return false;
    t->keys.free_value = key_free;
    map_clear(&t->keys);
    t->n_ids = 0;
    return true;
}

TopologyKey *topology_key(const Topology *t, const char *name)
{
    return map_get(&t->keys, name);
}

TopologyKey *topology_add_key(Topology *t, const char *name)
{
    TopologyKey *k = xcalloc(1, sizeof(*k));

    k->name = xstrdup(name);
    map_set(&t->keys, name, k);
    return k;
}

int32_t topology_domain(Topology *t, TopologyKey *k, const char *value)
{
    intptr_t id = (intptr_t)map_get(&k->values, value);

    if (id == 0) {
        id = ++t->n_ids;
        map_set(&k->values, value, (void *)id);
    }
    return (int32_t)(id - 1);
}

static void make_room(TopologyKey *k, uint32_t slot)
{
    uint32_t had = k->cap;

    GROW(k->of, k->cap, slot + 1);
    for (uint32_t i = had; i < k->cap; i++)
        k->of[i] = -1;
}

void topology_set_label(Topology *t, TopologyKey *k, uint32_t slot, const char *value)
{
    if (value && (!k->of || slot >= k->cap))
        make_room(k, slot);
    if (k->of && slot < k->cap)
        k->of[slot] = value ? topology_domain(t, k, value) : -1;
}

void topology_set_node(Topology *t, uint32_t slot, const Value *labels)
{
    TopologyKey *k;

    for (size_t at = 0; map_next(&t->keys, &at, NULL, (void **)&k);)
        topology_set_label(t, k, slot, value_get_str(labels, k->name));
}

void topology_move_node(Topology *t, uint32_t from, uint32_t to)
{
    TopologyKey *k;

    for (size_t at = 0; map_next(&t->keys, &at, NULL, (void **)&k);) {
        if (!k->of)
            continue;
        if (MAX(from, to) >= k->cap)
            make_room(k, MAX(from, to));
        k->of[to] = k->of[from];
        k->of[from] = -1;
    }
}

void topology_mark_begin(Topology *t)
{
    if (++t->mark != 0 || !t->marks)
        return;
    memset(t->marks, 0, (size_t)t->cap_marks * sizeof(*t->marks));
    t->mark = 1;
}

bool topology_mark(Topology *t, int32_t domain)
{
    int32_t had = t->cap_marks;

    if (domain >= had) {
        GROW(t->marks, t->cap_marks, domain + 1);
        memset(t->marks + had, 0, (size_t)(t->cap_marks - had) * sizeof(*t->marks));
    }
    if (t->marks[domain] == t->mark)
        return false;
    t->marks[domain] = t->mark;
    return true;
}
