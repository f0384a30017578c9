#include "agent/net/rules_int.h"

#include "base/mem.h"

/*
 * What is loaded, part by part, and the way from there to what is wanted.
 *
 *   1. chains and sets belong to one part: their names hold that of the service or policy
 *   2. an element belongs to the part that asked for it first; others that ask for the same wait,
 *      and are built again when it is given back. So a part's commands are right by themselves,
 *      whatever the order in which parts are built
 *   3. commands of a part: new sets and chains, rules, elements that go, elements that come, then
 *      chains and sets that go: nothing is deleted while something leads to it
 */

typedef struct NetPart {
    char *name;
    NetState s;
} NetPart;

typedef struct SliceList {
    Item **items; /* references */
    size_t n, cap;
} SliceList;

/* Names of parts. */
typedef struct NameList {
    char **names;
    size_t n, cap;
} NameList;

static void free_slices(void *p)
{
    SliceList *l = p;

    for (size_t i = 0; i < l->n; i++)
        item_unref(l->items[i]);
    free(l->items);
    free(l);
}

static void free_names(void *p)
{
    NameList *l = p;

    for (size_t i = 0; i < l->n; i++)
        free(l->names[i]);
    free(l->names);
    free(l);
}

static void state_done(NetState *s)
{
    map_done(&s->chains);
    map_done(&s->sets);
    map_done(&s->elements);
    map_done(&s->udp);
    map_done(&s->opened);
    map_done(&s->health);
}

static void free_part(void *data)
{
    NetPart *p = data;

    if (!p)
        return;
    state_done(&p->s);
    free(p->name);
    free(p);
}

NetRules *net_rules_new(const NetFamily *f)
{
    NetRules *r = xcalloc(1, sizeof(*r));

    r->f = f;
    r->parts.free_value = free_part;
    r->waiting.free_value = free_names;
    r->slices.free_value = free_slices;
    r->is_lost = true;
    return r;
}

void net_rules_free(NetRules *r)
{
    if (!r)
        return;
    state_done(&r->state);
    map_done(&r->gone_udp);
    map_done(&r->owners);
    map_done(&r->waiting);
    map_done(&r->parts);
    map_done(&r->slices);
    map_done(&r->stale);
    free(r->zone);
    free(r);
}

void net_rules_lost(NetRules *r)
{
    r->is_lost = true;
}

/* ---- what is stale ---- */

static void mark(NetRules *r, const char *name)
{
    (void)map_set(&r->stale, name, r); /* a set: any value */
}

static char *part_name(const Item *i, const char *service)
{
    return xasprintf("%s %s/%s", i->cluster, i->ns, service);
}

void net_rules_pods_changed(NetRules *r)
{
    mark(r, "");
}

static const char *service_of(const Item *slice)
{
    return value_get_str(value_at(slice->v, "metadata.labels"), "kubernetes.io/service-name");
}

static void forget_slice(NetRules *r, const Item *slice)
{
    const char *service = service_of(slice);
    AUTO_FREE char *name = part_name(slice, service ? service : "");
    SliceList *l = map_get(&r->slices, name);

    for (size_t i = 0; l && i < l->n; i++) {
        if (strcmp(l->items[i]->name, slice->name) != 0)
            continue;
        item_unref(l->items[i]);
        l->items[i] = l->items[--l->n];
        break;
    }
    if (l && l->n == 0)
        free_slices(map_del(&r->slices, name));
    mark(r, name);
}

static void learn_slice(NetRules *r, Item *slice)
{
    const char *service = service_of(slice);
    AUTO_FREE char *name = part_name(slice, service ? service : "");
    SliceList *l;

    if (!service || !str_eq(value_get_str(slice->v, "addressType"), r->f->name))
        return;
    l = map_get(&r->slices, name);
    if (!l) {
        l = xcalloc(1, sizeof(*l));
        (void)map_set(&r->slices, name, l); /* it was not there */
    }
    GROW(l->items, l->cap, l->n + 1);
    l->items[l->n++] = item_ref(slice);
    mark(r, name);
}

static const char *zone_of(const Item *node)
{
    return value_get_str(value_at(node->v, "metadata.labels"), "topology.kubernetes.io/zone");
}

static void node_changed(NetRules *r, const NetInput *in, const Item *now, const Item *before)
{
    const char *zone = now ? zone_of(now) : NULL;

    mark(r, "");
    if (strcmp((now ? now : before)->name, in->node_name) == 0 &&
        strcmp(zone ? zone : "", r->zone ? r->zone : "") != 0)
        r->all_stale = true;
}

static void slice_changed(NetRules *r, const NetInput *in UNUSED, Item *now, Item *before)
{
    if (before)
        forget_slice(r, before);
    if (now) {
        forget_slice(r, now); /* it may have been read from the items already */
        learn_slice(r, now);
    }
}

static void service_changed(NetRules *r, const NetInput *in UNUSED, Item *now, Item *before)
{
    const Item *i = now ? now : before;
    AUTO_FREE char *name = part_name(i, i->name);

    mark(r, name);
}

static void mark_service(NetRules *r, const Item *row, const char *service)
{
    AUTO_FREE char *name = service ? xasprintf("%s %s", row->cluster, service) : NULL;

    if (name) /* with namespace */
        mark(r, name);
}

static void port_changed(NetRules *r, const NetInput *in UNUSED, Item *now, Item *before)
{
    Item *const both[] = {now, before};
    const Value *v;

    for (size_t i = 0; i < ARRAY_LEN(both); i++) {
        if (!both[i])
            continue;
        mark_service(r, both[i], value_get_str(both[i]->v, "service"));
        value_each_item(value_get(both[i]->v, "services"), k, v)
            mark_service(r, both[i], value_to_cstr(v));
    }
}

static void node_item_changed(NetRules *r, const NetInput *in, Item *now, Item *before)
{
    node_changed(r, in, now, before);
}

static void rest_changed(NetRules *r, const NetInput *in UNUSED, Item *now UNUSED,
                         Item *before UNUSED)
{
    mark(r, "");
}

static const struct {
    const char *resource;
    void (*changed)(NetRules *r, const NetInput *in, Item *now, Item *before);
    bool by_labels; /* only when something that is looked at differs, not at a heartbeat */
} kinds[] = {
    {"services", service_changed, false},
    {"discovery.k8s.io/endpointslices", slice_changed, false},
    {"nodeports", port_changed, false},
    {"peers", rest_changed, false},
    {"networking.k8s.io/networkpolicies", rest_changed, false},
    {"pods", rest_changed, true},
    {"namespaces", rest_changed, true},
    {"nodes", node_item_changed, true},
};

static int kind_of(const Item *i)
{
    for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
        if (strcmp(i->resource, kinds[k].resource) == 0)
            return (int)k;
    }
    return -1;
}

static bool differs(const Item *now, const Item *before)
{
    static const char *const paths[] = {"metadata.labels", "metadata.annotations", "spec.podCIDRs",
                                        "status.addresses"};

    for (size_t i = 0; now && before && i < ARRAY_LEN(paths); i++) {
        if (!value_equal(value_at(now->v, paths[i]), value_at(before->v, paths[i])))
            return true;
    }
    return !now || !before;
}

bool net_rules_are_about(const Item *now, const Item *before)
{
    int k = kind_of(now ? now : before);

    return k >= 0 && (!kinds[k].by_labels || differs(now, before));
}

void net_rules_changed(NetRules *r, const NetInput *in, Item *now, Item *before)
{
    int k = kind_of(now ? now : before);

    if (k >= 0 && (!kinds[k].by_labels || differs(now, before)))
        kinds[k].changed(r, in, now, before);
}

/* Everything is to be built again: also the index is made anew from the items. */
static void mark_all(NetRules *r, const NetInput *in)
{
    AUTO_ITEM_LIST slices = {0};
    AUTO_ITEM_LIST services = {0};
    CLEANUP(item_unref) Item *node = items_get(in->items, "host", "nodes", "", in->node_name);
    const char *name, *zone = node ? zone_of(node) : NULL;

    free(r->zone);
    r->zone = zone ? xstrdup(zone) : NULL;
    map_clear(&r->slices);
    items_list(in->items, NULL, "discovery.k8s.io/endpointslices", &slices);
    for (size_t i = 0; i < slices.n; i++)
        learn_slice(r, slices.items[i]);
    items_list(in->items, NULL, "services", &services);
    for (size_t i = 0; i < services.n; i++)
        service_changed(r, in, services.items[i], NULL);
    for (size_t at = 0; map_next(&r->parts, &at, &name, &(void *){NULL});)
        mark(r, name);
    mark(r, "");
}

/* ---- printing ---- */

static bool is_of_bridge(Slice set)
{
    static const char *const sets[] = {"own", "own6", "targets", "veths"};

    for (size_t i = 0; i < ARRAY_LEN(sets); i++) {
        if (slice_eq(set, slice_of(sets[i])))
            return true;
    }
    return false;
}

static void print_element(const NetFamily *f, Buf *out, const char *verb, const char *key,
                          const char *value)
{
    const char *space = strchr(key, ' ');
    Slice set = {key, (size_t)(space - key)};

    buf_addf(out, "%s element %s hostplane %.*s { %s%s%s }\n", verb,
             is_of_bridge(set) ? "bridge" : f->nft, (int)set.len, set.ptr, space + 1,
             value[0] ? " : " : "", value);
}

static void print_rules(const NetFamily *f, Buf *out, const char *name, const char *body)
{
    Slice rest = slice_of(body), line;

    while (rest.len > 0) {
        (void)slice_cut(&rest, '\n', &line); /* the last one has none */
        if (line.len > 0)
            buf_addf(out, "add rule %s hostplane %s %.*s\n", f->nft, name, (int)line.len, line.ptr);
    }
}

/* Sets and chains that are new, then the rules of all that differ: a rule may go to any chain. */
static void print_new(const NetFamily *f, const NetState *from, const NetState *to, Buf *out)
{
    const char *ip = f->nft, *key, *value, *old;

    for (size_t at = 0; map_next(&to->sets, &at, &key, (void **)&value);) {
        if (!map_get(&from->sets, key))
            buf_addf(out, "add set %s hostplane %s { %s }\n", ip, key, value);
    }
    for (size_t at = 0; map_next(&to->chains, &at, &key, (void **)&value);) {
        if (!map_get(&from->chains, key))
            buf_addf(out, "add chain %s hostplane %s\n", ip, key);
    }
    for (size_t at = 0; map_next(&to->chains, &at, &key, (void **)&value);) {
        old = map_get(&from->chains, key);
        if (old && strcmp(old, value) == 0)
            continue;
        if (old)
            buf_addf(out, "flush chain %s hostplane %s\n", ip, key);
        print_rules(f, out, key, value);
    }
}

/* Chains and sets that nothing needs any more: all are emptied before the first is deleted. */
static void print_gone(const NetFamily *f, const NetState *from, const NetState *to, Buf *out)
{
    const char *ip = f->nft, *key, *value;

    for (size_t at = 0; map_next(&from->chains, &at, &key, (void **)&value);) {
        if (!map_get(&to->chains, key))
            buf_addf(out, "flush chain %s hostplane %s\n", ip, key);
    }
    for (size_t at = 0; map_next(&from->chains, &at, &key, (void **)&value);) {
        if (!map_get(&to->chains, key))
            buf_addf(out, "delete chain %s hostplane %s\n", ip, key);
    }
    for (size_t at = 0; map_next(&from->sets, &at, &key, (void **)&value);) {
        if (!map_get(&to->sets, key))
            buf_addf(out, "delete set %s hostplane %s\n", ip, key);
    }
}

/* ---- elements ---- */

/* Another part has the element: this one gets it when it is given back. */
static void wait_for(NetRules *r, const NetPart *p, const char *key)
{
    NameList *l = map_get(&r->waiting, key);

    if (!l) {
        l = xcalloc(1, sizeof(*l));
        (void)map_set(&r->waiting, key, l); /* it was not there */
    }
    for (size_t i = 0; i < l->n; i++) {
        if (strcmp(l->names[i], p->name) == 0)
            return;
    }
    GROW(l->names, l->cap, l->n + 1);
    l->names[l->n++] = xstrdup(p->name);
}

static void give_back(NetRules *r, const NetPart *p, const char *key, const char *value, Buf *out)
{
    NameList *l;

    if (map_get(&r->owners, key) != p)
        return;
    print_element(r->f, out, "delete", key, value);
    (void)map_del(&r->owners, key); /* both are borrowed */
    (void)map_del(&r->state.elements, key);
    l = map_del(&r->waiting, key);
    for (size_t i = 0; l && i < l->n; i++)
        mark(r, l->names[i]);
    if (l)
        free_names(l);
}

static void claim(NetRules *r, NetPart *p, const char *key, char *value, Buf *out)
{
    const NetPart *owner = map_get(&r->owners, key);
    const char *loaded = map_get(&p->s.elements, key);

    if (owner && owner != p) {
        wait_for(r, p, key);
        return;
    }
    if (owner && strcmp(loaded, value) != 0)
        print_element(r->f, out, "delete", key, loaded);
    if (!owner || strcmp(loaded, value) != 0)
        print_element(r->f, out, "add", key, value);
    (void)map_set(&r->owners, key, p);
    (void)map_set(&r->state.elements, key, value);
}

/* ---- parts ---- */

static void build(const NetRules *r, const NetInput *in, const char *name, NetState *ret)
{
    const char *space = strchr(name, ' '), *slash = strchr(name, '/');
    AUTO_FREE char *cluster = space ? xstrndup(name, (size_t)(space - name)) : NULL;
    AUTO_FREE char *ns =
        space && slash > space ? xstrndup(space + 1, (size_t)(slash - space - 1)) : NULL;
    CLEANUP(item_unref) Item *svc = NULL;
    const SliceList *l = map_get(&r->slices, name);

    ret->f = r->f;
    ret->chains.free_value = free;
    ret->sets.free_value = free;
    ret->elements.free_value = free;
    ret->health.free_value = free;
    if (!space) {
        net__pods(ret, in);
        return;
    }
    svc = ns ? items_get(in->items, cluster, "services", ns, slash + 1) : NULL;
    if (svc)
        net__service(ret, in,
                     &(NetService){.svc = svc,
                                   .slices = l ? (const Item *const *)l->items : NULL,
                                   .n_slices = l ? l->n : 0,
                                   .zone = r->zone});
}

/* `of` -> the whole: values are borrowed. */
static void take_over(Map *whole, const Map *of)
{
    const char *key;
    void *value;

    for (size_t at = 0; map_next(of, &at, &key, &value);)
        (void)map_set(whole, key, value);
}

static void take_out(Map *whole, const Map *of)
{
    const char *key;

    for (size_t at = 0; map_next(of, &at, &key, &(void *){NULL});)
        (void)map_del(whole, key);
}

static void update_part(NetRules *r, const NetInput *in, const char *name, Buf *out)
{
    NetPart *p = map_get(&r->parts, name);
    NetState now = {.chains = {0}};
    const char *key;
    char *value;

    build(r, in, name, &now);
    if (!p) {
        if (now.chains.n + now.elements.n + now.sets.n + now.health.n == 0)
            return; /* nothing was allocated */
        p = xcalloc(1, sizeof(*p));
        p->name = xstrdup(name);
        (void)map_set(&r->parts, name, p); /* it was not there */
    }
    print_new(r->f, &p->s, &now, out);
    for (size_t at = 0; map_next(&p->s.elements, &at, &key, (void **)&value);) {
        if (!map_get(&now.elements, key))
            give_back(r, p, key, value, out);
    }
    for (size_t at = 0; map_next(&now.elements, &at, &key, (void **)&value);)
        claim(r, p, key, value, out);
    print_gone(r->f, &p->s, &now, out);
    for (size_t at = 0; map_next(&p->s.udp, &at, &key, &(void *){NULL});) {
        if (!map_get(&now.udp, key))
            (void)map_set(&r->gone_udp, key, r); /* a set: any value */
    }
    for (size_t at = 0; map_next(&now.opened, &at, &key, &(void *){NULL});) {
        if (!map_get(&p->s.opened, key))
            (void)map_set(&r->gone_udp, key, r); /* a set: any value */
    }
    take_out(&r->state.chains, &p->s.chains);
    take_out(&r->state.sets, &p->s.sets);
    take_out(&r->state.health, &p->s.health);
    take_over(&r->state.chains, &now.chains);
    take_over(&r->state.sets, &now.sets);
    take_over(&r->state.health, &now.health);
    state_done(&p->s);
    p->s = now;
    if (now.chains.n + now.elements.n + now.sets.n + now.health.n == 0)
        free_part(map_del(&r->parts, name));
}

static void forget_loaded(NetRules *r)
{
    state_done(&r->state);
    map_clear(&r->owners);
    map_clear(&r->waiting);
    map_clear(&r->parts);
}

void net_rules_update(NetRules *r, const NetInput *in, Buf *out)
{
    const char *name;

    if (r->is_lost)
        forget_loaded(r);
    if (r->is_lost || r->all_stale)
        mark_all(r, in);
    r->is_lost = r->all_stale = false;
    while (r->stale.n > 0) { /* what is given back makes others stale */
        Map batch = r->stale;

        r->stale = (Map){0};
        for (size_t at = 0; map_next(&batch, &at, &name, &(void *){NULL});)
            update_part(r, in, name, out);
        map_done(&batch);
    }
}
