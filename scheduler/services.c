#include "scheduler/services.h"

#include "base/mem.h"

enum { NAMESPACES_MAX = 10000, SERVICES_MAX = 100000 };

typedef struct Selectors { /* of one namespace */
    Arena *arena;
    const Value **items;
    uint32_t n, cap;
} Selectors;

struct Services {
    Lister *lister;
    Map by_ns; /* "cluster/ns" -> Selectors */
};

static void selectors_free(void *p)
{
    Selectors *s = p;

    arena_free(s->arena);
    free(s->items);
    free(s);
}

Services *services_new(Lister *l)
{
    Services *s = xcalloc(1, sizeof(*s));

    s->lister = l;
    s->by_ns.free_value = selectors_free;
    return s;
}

void services_free(Services *s)
{
    if (!s)
        return;
    map_done(&s->by_ns);
    free(s);
}

static void on_service(Obj *o, void *data)
{
    Selectors *s = data;
    CLEANUP(arena_free) Arena *a = arena_new();
    const Value *selector = value_at(obj_to_value(a, o, NULL, NULL), "spec.selector");

    if (value_len(selector) == 0 || s->n == SERVICES_MAX)
        return;
    GROW(s->items, s->cap, s->n + 1);
    s->items[s->n++] = value_copy(s->arena, selector);
}

static const Selectors *selectors_of(Services *s, const char *cluster, const char *ns)
{
    AUTO_FREE char *key = xasprintf("%s/%s", cluster, ns);
    Selectors *one = map_get(&s->by_ns, key);

    if (one)
        return one;
    if (s->by_ns.n >= NAMESPACES_MAX)
        map_clear(&s->by_ns);
    one = xcalloc(1, sizeof(*one));
    one->arena = arena_new_sized(512);
    map_set(&s->by_ns, key, one);
    if (s->lister)
        (void)s->lister->list(s->lister, cluster, "services", ns, NULL, on_service, one, NULL);
    return one;
}

static bool selects(const Value *selector, const Value *labels)
{
    value_each_member(selector, m)
    {
        const char *has = value_get_str(labels, m->name);

        if (!has || !str_eq(has, value_to_cstr(m->value)))
            return false;
    }
    return true;
}

Value *services_selecting(Services *s, Arena *a, const char *cluster, const char *ns,
                          const Value *labels)
{
    const Selectors *all = s && value_len(labels) > 0 ? selectors_of(s, cluster, ns) : NULL;
    Value *out = NULL;

    for (uint32_t i = 0; all && i < all->n; i++) {
        if (!selects(all->items[i], labels))
            continue;
        out = out ? out : value_object(a);
        value_each_member(all->items[i], m) value_set_str(a, out, m->name, value_to_cstr(m->value));
    }
    return out;
}

void services_forget(Services *s, const char *cluster)
{
    AUTO_FREE char *prefix = xasprintf("%s/", cluster);
    const char *key;

    for (size_t at = 0; map_next(&s->by_ns, &at, &key, NULL);)
        if (str_starts(key, prefix))
            selectors_free(map_del(&s->by_ns, key));
}
