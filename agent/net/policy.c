#include "agent/net/rules_int.h"

#include "agent/agent.h"
#include "api/selector.h"
#include "base/mem.h"

/*
 * NetworkPolicy v1 -> chains and sets.
 *
 *   @policy-in: address of a guarded pod of this node -> goto in-ADDRESS
 *   in-ADDRESS: jump to the chain of each policy that selects the pod, then drop
 *   in-POLICY:  one rule for each pair of peer and port: accept
 *
 * and the same for what leaves a pod (@policy-out, out-...), where a match goes on to the rules of
 * the destination (enter-pod) instead.
 * The DNS on the node stands for the pods that a cluster has for it elsewhere: to what leaves a pod
 * it is one of kube-system with the usual label, by its service address (chain "to-dns").
 * Peers by selector are a set of addresses, which changes with
 * the pods while the rule stays. Connections that are established are past these chains.
 */

typedef struct Policies {
    NetState *s;
    const NetInput *in;
    const NetPeers *peers;
    ItemList namespaces;
    Arena *a;
    const Item *policy;   /* the one that is being built */
    const Selector *pods; /* those that it selects; NULL: all of its namespace */
    bool selects_none;
    NetPeer dns; /* as that policy sees it */
    uint32_t tenant;
    int n_sets; /* of that policy */
    Map guards; /* "in ADDRESS" -> jumps */
} Policies;

static const Value *namespace_labels(const Policies *p, const char *cluster, const char *ns)
{
    for (size_t i = 0; i < p->namespaces.n; i++) {
        const Item *n = p->namespaces.items[i];

        if (strcmp(n->name, ns) == 0 && strcmp(n->cluster, cluster) == 0)
            return value_at(n->v, "metadata.labels");
    }
    return NULL;
}

/* A {podSelector, namespaceSelector}, read once. */
typedef struct Who {
    const Selector *pods, *spaces; /* NULL: all */
    bool has_spaces, is_nobody;
} Who;

/* Of a selector that cannot be read nobody is meant. */
static const Selector *read_selector(Policies *p, const Value *v, bool *is_nobody)
{
    Selector *s = NULL;
    bool none = false;

    if (v && (selector_from_value(p->a, v, &s, &none, NULL) < 0 || none))
        *is_nobody = true;
    return s;
}

/* As the cluster of the policy sees the DNS, in `a`. */
static NetPeer dns_peer(const Policies *p)
{
    const Value *labels = value_literal(p->a, "{'k8s-app':'kube-dns'}");
    const Value *containers =
        value_literal(p->a, "[{'ports':[{'name':'dns','protocol':'UDP','containerPort':53},"
                            "{'name':'dns-tcp','protocol':'TCP','containerPort':53}]}]");

    return (NetPeer){.cluster = p->policy->cluster,
                     .ns = "kube-system",
                     .name = "kube-dns",
                     .ip = p->s->f->dns_ip,
                     .labels = labels,
                     .containers = containers};
}

static Who read_who(Policies *p, const Value *v)
{
    Who w = {.has_spaces = value_get(v, "namespaceSelector") != NULL};

    w.pods = read_selector(p, value_get(v, "podSelector"), &w.is_nobody);
    w.spaces = read_selector(p, value_get(v, "namespaceSelector"), &w.is_nobody);
    return w;
}

static bool is_meant(const Policies *p, const Who *w, const NetPeer *peer)
{
    if (w->is_nobody || !peer->ns || strcmp(peer->cluster, p->policy->cluster) != 0)
        return false;
    if (w->has_spaces
            ? !selector_match_labels(w->spaces, namespace_labels(p, peer->cluster, peer->ns))
            : strcmp(peer->ns, p->policy->ns) != 0)
        return false;
    return selector_match_labels(w->pods, peer->labels);
}

static bool is_selected(const Policies *p, const NetPeer *peer)
{
    return peer->is_local && peer->ns && !p->selects_none &&
           strcmp(peer->cluster, p->policy->cluster) == 0 && strcmp(peer->ns, p->policy->ns) == 0 &&
           selector_match_labels(p->pods, peer->labels);
}

/* ---- ports ---- */

static int named_port(const NetPeer *peer, const char *name, const char *l4)
{
    const Value *c, *port;

    value_each_item(peer->containers, i, c)
    {
        value_each_item(value_get(c, "ports"), k, port)
        {
            if (str_eq(value_get_str(port, "name"), name) &&
                strcmp(net__l4(value_get_str(port, "protocol")), l4) == 0)
                return (int)value_at_int(port, "containerPort", 0);
        }
    }
    return 0;
}

static char *set_name(Policies *p, const char *what)
{
    return xasprintf("%s-%u-%s-%s-%d", what, p->tenant, p->policy->ns, p->policy->uid, p->n_sets++);
}

static void add_named_port(Policies *p, const char *set, const NetPeer *peer, const char *name,
                           const char *l4)
{
    int port = named_port(peer, name, l4);

    if (port > 0 && port < 65536)
        net__add_element(p->s, xasprintf("%s %s . %s . %d", set, peer->ip, l4, port), "");
}

/* A port by name is another number on each pod: pairs of address and number. */
static char *named_port_match(Policies *p, const char *name, const char *l4, bool is_in)
{
    AUTO_FREE char *set = set_name(p, "npp");

    AUTO_FREE char *declaration = xasprintf("type %s . inet_proto . inet_service;", p->s->f->type);

    net__add_set(p->s, set, declaration);
    for (size_t i = 0; i < p->peers->n; i++) {
        const NetPeer *peer = &p->peers->list[i];

        if (strcmp(peer->cluster, p->policy->cluster) == 0 && (!is_in || is_selected(p, peer)))
            add_named_port(p, set, peer, name, l4);
    }
    if (!is_in && p->dns.ip[0])
        add_named_port(p, set, &p->dns, name, l4);
    return xasprintf("%s daddr . meta l4proto . th dport @%s ", p->s->f->nft, set);
}

/* The match of one entry of `ports`; NULL: one that can never match. */
static char *port_match(Policies *p, const Value *entry, bool is_in)
{
    const char *l4 = net__l4(value_get_str(entry, "protocol"));
    const Value *port = value_get(entry, "port");
    int64_t n, end;

    if (!port)
        return xasprintf("meta l4proto %s ", l4);
    if (!value_to_int(port, &n))
        return named_port_match(p, value_to_cstr(port) ? value_to_cstr(port) : "", l4, is_in);
    end = value_at_int(entry, "endPort", n);
    if (n < 1 || end < n || end > 65535)
        return NULL;
    if (end > n)
        return xasprintf("%s dport %lld-%lld ", l4, (long long)n, (long long)end);
    return xasprintf("%s dport %lld ", l4, (long long)n);
}

/* ---- peers ---- */

static char *block_match(const NetFamily *f, const Value *block, const char *side)
{
    const char *cidr = value_get_str(block, "cidr");
    AUTO_BUF b = BUF_INIT;
    AUTO_BUF except = BUF_INIT;
    const Value *v;

    if (!net_is_cidr(f, cidr))
        return NULL; /* of the other family */
    if (!str_ends(cidr, "/0"))
        buf_addf(&b, "%s %s %s ", f->nft, side, cidr);
    value_each_item(value_get(block, "except"), i, v)
    {
        if (net_is_cidr(f, value_to_cstr(v)))
            buf_addf(&except, "%s%s", except.len ? ", " : "", value_to_cstr(v));
    }
    if (except.len > 0)
        buf_addf(&b, "%s %s != { %s } ", f->nft, side, buf_str(&except));
    return buf_take(&b);
}

/* The match of one entry of `from` or `to`; NULL: one that can never match. */
static char *peer_match(Policies *p, const Value *who, bool is_in)
{
    const char *side = is_in ? "saddr" : "daddr";
    const Value *block = value_get(who, "ipBlock");
    AUTO_FREE char *set = NULL;
    AUTO_FREE char *declaration = NULL;
    Who w;

    if (block)
        return block_match(p->s->f, block, side);
    w = read_who(p, who);
    set = set_name(p, "np");
    declaration = xasprintf("type %s;", p->s->f->type);
    net__add_set(p->s, set, declaration);
    for (size_t i = 0; i < p->peers->n; i++) {
        if (is_meant(p, &w, &p->peers->list[i]))
            net__add_element(p->s, xasprintf("%s %s", set, p->peers->list[i].ip), "");
    }
    if (!is_in && p->dns.ip[0] && is_meant(p, &w, &p->dns))
        net__add_element(p->s, xasprintf("%s %s", set, p->dns.ip), "");
    return xasprintf("%s %s @%s ", p->s->f->nft, side, set);
}

/* ---- policies ---- */

static void add_pair(Policies *p, const char *peer, const Value *ports, bool is_in, Buf *body)
{
    const char *verdict = is_in ? "accept" : "goto enter-pod";
    const Value *entry;

    if (value_len(ports) == 0)
        buf_addf(body, "%s%s\n", peer, verdict);
    value_each_item(ports, i, entry)
    {
        AUTO_FREE char *port = port_match(p, entry, is_in);

        if (port)
            buf_addf(body, "%s%s%s\n", peer, port, verdict);
    }
}

static char *policy_body(Policies *p, bool is_in)
{
    const Value *rules = value_get(value_get(p->policy->v, "spec"), is_in ? "ingress" : "egress");
    const Value *rule, *who;
    AUTO_BUF body = BUF_INIT;

    value_each_item(rules, i, rule)
    {
        const Value *peers = value_get(rule, is_in ? "from" : "to");

        if (value_len(peers) == 0)
            add_pair(p, "", value_get(rule, "ports"), is_in, &body);
        value_each_item(peers, k, who)
        {
            AUTO_FREE char *peer = peer_match(p, who, is_in);

            if (peer)
                add_pair(p, peer, value_get(rule, "ports"), is_in, &body);
        }
    }
    return buf_take(&body);
}

static bool has_type(const Item *policy, bool is_in)
{
    const Value *types = value_at(policy->v, "spec.policyTypes"), *t;

    if (value_len(types) == 0)
        return is_in || value_len(value_at(policy->v, "spec.egress")) > 0;
    value_each_item(types, i, t)
    {
        if (str_eq(value_to_cstr(t), is_in ? "Ingress" : "Egress"))
            return true;
    }
    return false;
}

static void guard(Policies *p, const NetPeer *pod, const char *way, const char *chain)
{
    AUTO_FREE char *key = xasprintf("%s %s", way, pod->ip);
    const char *old = map_get(&p->guards, key);

    free(map_set(&p->guards, key, xasprintf("%sjump %s\n", old ? old : "", chain)));
}

static void add_policy(Policies *p, const Item *policy)
{
    static const char *const ways[] = {"out", "in"};

    p->policy = policy;
    p->selects_none = false;
    p->pods = read_selector(p, value_at(policy->v, "spec.podSelector"), &p->selects_none);
    p->dns = dns_peer(p);
    p->tenant = p->in->number(policy->cluster, p->in->data);
    p->n_sets = 0;
    for (int is_in = 0; is_in < 2; is_in++) {
        AUTO_FREE char *chain = NULL;
        bool is_used = false;

        if (!has_type(policy, is_in))
            continue;
        chain = xasprintf("%s-%u-%s-%s", ways[is_in], p->tenant, policy->ns, policy->uid);
        for (size_t i = 0; i < p->peers->n; i++) {
            if (!is_selected(p, &p->peers->list[i]))
                continue;
            is_used = true;
            guard(p, &p->peers->list[i], ways[is_in], chain);
        }
        if (is_used)
            net__add_chain(p->s, chain, policy_body(p, is_in));
    }
}

static int by_name(const void *x, const void *y)
{
    const Item *const *a = x, *const *b = y;

    return strcmp((*a)->uid, (*b)->uid);
}

void net__policies(NetState *s, const NetInput *in, const NetPeers *peers)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_ITEM_LIST list = {0};
    Policies p = {.s = s, .in = in, .peers = peers, .a = a, .guards = {.free_value = free}};
    const char *key, *jumps;

    items_list(in->items, NULL, "networking.k8s.io/networkpolicies", &list);
    items_list(in->items, NULL, "namespaces", &p.namespaces);
    if (list.n > 1) /* the same order every time, or nothing would ever be settled */
        qsort(list.items, list.n, sizeof(*list.items), by_name);
    for (size_t i = 0; i < list.n; i++) {
        if (strspn(list.items[i]->uid, "0123456789abcdef-") == strlen(list.items[i]->uid))
            add_policy(&p, list.items[i]);
    }
    for (size_t at = 0; map_next(&p.guards, &at, &key, (void **)&jumps);) {
        const char *ip = strchr(key, ' ') + 1;
        AUTO_FREE char *name = net__name_of(ip);
        AUTO_FREE char *chain = xasprintf("%.*s-%s", (int)(ip - 1 - key), key, name);
        AUTO_FREE char *go = xasprintf("goto %s", chain);

        net__add_chain(s, chain, xasprintf("%sdrop", jumps));
        net__add_element(s, xasprintf("policy-%.*s %s", (int)(ip - 1 - key), key, ip), go);
    }
    map_done(&p.guards);
    item_list_done(&p.namespaces);
}
