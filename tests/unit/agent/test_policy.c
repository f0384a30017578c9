#include "agent/net/rules.h"
#include "tests/unit/agent/items.h"
#include "tests/unit/test.h"

static uint32_t number(const char *cluster, void *data UNUSED)
{
    return strcmp(cluster, "acme") == 0 ? 1 : 2;
}

/* Here: s/web (10.88.0.2), s/db (10.88.0.3), other/web (10.88.0.4), globex' s/web (10.88.0.5).
 * Elsewhere: s/web2 (10.88.1.2). */
static Items *world(void)
{
    static const char pod[] = "{'metadata':{'namespace':'%s','name':'%s','labels':{'app':'%s'}},"
                              "'spec':{'containers':[{'ports':[{'name':'http','containerPort':%d}]}"
                              "]},'status':{'podIP':'%s'}}";
    static const struct {
        const char *cluster, *resource, *ns, *name, *app, *ip;
        int port;
    } rows[] = {{"acme", "pods", "s", "web", "web", "10.88.0.2", 8080},
                {"acme", "pods", "s", "db", "db", "10.88.0.3", 5432},
                {"acme", "pods", "other", "web", "web", "10.88.0.4", 80},
                {"globex", "pods", "s", "web", "web", "10.88.0.5", 80},
                {"acme", "peers", "s", "web2", "web", "10.88.1.2", 8081}};
    Items *items = items_new(NULL, NULL);

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();

        put(items, rows[i].cluster, rows[i].resource,
            arena_printf(a, pod, rows[i].ns, rows[i].name, rows[i].app, rows[i].port, rows[i].ip));
    }
    put(items, "acme", "namespaces", "{'metadata':{'name':'s','labels':{'team':'a'}}}");
    put(items, "acme", "namespaces", "{'metadata':{'name':'other','labels':{'team':'b'}}}");
    return items;
}

static NetRules *build(Items *items, const char *spec)
{
    static const NetPod pods[] = {
        {.cluster = "acme", .ns = "s", .name = "web", .ip = "10.88.0.2"},
        {.cluster = "acme", .ns = "s", .name = "db", .ip = "10.88.0.3"},
        {.cluster = "acme", .ns = "other", .name = "web", .ip = "10.88.0.4"},
        {.cluster = "globex", .ns = "s", .name = "web", .ip = "10.88.0.5"}};
    AddressRanges cluster;
    NetInput in = {.items = items,
                   .cluster = &cluster,
                   .pods = pods,
                   .n_pods = ARRAY_LEN(pods),
                   .node_name = "n",
                   .number = number};
    CLEANUP(arena_free) Arena *a = arena_new();
    NetRules *r = net_rules_new(family_of(0));
    AUTO_BUF out = BUF_INIT;

    assert_true(address_ranges_parse("10.88.0.0/16", &cluster));
    put(items, "acme", "networking.k8s.io/networkpolicies",
        arena_printf(a, "{'metadata':{'namespace':'s','name':'p','uid':'ab-1'},'spec':%s}", spec));
    net_rules_update(r, &in, &out);
    return r;
}

/* The elements of a set as "a b c", in the order of the addresses above. */
static void elements_of(const NetState *s, const char *set, Buf *out)
{
    static const char *const all[] = {"10.88.0.2", "10.88.0.3", "10.88.0.4", "10.88.0.5",
                                      "10.88.1.2"};

    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();

        if (map_get(&s->elements, arena_printf(a, "%s %s", set, all[i])))
            buf_addf(out, "%s%s", out->len ? " " : "", all[i]);
    }
}

TEST(policies_become_chains)
{
    static const struct {
        const char *name, *spec;
        const char *guarded_in, *guarded_out; /* the pods in @policy-in, @policy-out */
        const char *in, *out;                 /* the policy's chains; NULL: none */
        const char *set;                      /* elements of np-1-s-ab-1-0 */
    } rows[] = {
        {"deny all", "{'podSelector':{}}", "10.88.0.2 10.88.0.3", "", "", NULL, ""},
        {"allow all", "{'podSelector':{},'ingress':[{}]}", "10.88.0.2 10.88.0.3", "", "accept\n",
         NULL, ""},
        {"deny egress", "{'podSelector':{},'policyTypes':['Egress']}", "", "10.88.0.2 10.88.0.3",
         NULL, "", ""},
        {"egress is a type when it has rules", "{'podSelector':{},'egress':[{}]}",
         "10.88.0.2 10.88.0.3", "10.88.0.2 10.88.0.3", "", "goto enter-pod\n", ""},
        {"pods of the namespace",
         "{'podSelector':{'matchLabels':{'app':'db'}},'ingress':[{'from':[{'podSelector':"
         "{'matchLabels':{'app':'web'}}}],'ports':[{'port':5432}]}]}",
         "10.88.0.3", "", "ip saddr @np-1-s-ab-1-0 tcp dport 5432 accept\n", NULL,
         "10.88.0.2 10.88.1.2"},
        {"namespaces by label",
         "{'podSelector':{'matchLabels':{'app':'db'}},'ingress':[{'from':[{'namespaceSelector':"
         "{'matchLabels':{'team':'b'}}}]}]}",
         "10.88.0.3", "", "ip saddr @np-1-s-ab-1-0 accept\n", NULL, "10.88.0.4"},
        {"all namespaces, some pods",
         "{'podSelector':{'matchLabels':{'app':'db'}},'ingress':[{'from':[{'namespaceSelector':{},"
         "'podSelector':{'matchExpressions':[{'key':'app','operator':'NotIn','values':['db']}]}}]}]"
         "}",
         "10.88.0.3", "", "ip saddr @np-1-s-ab-1-0 accept\n", NULL,
         "10.88.0.2 10.88.0.4 10.88.1.2"},
        {"a block with exceptions",
         "{'podSelector':{'matchLabels':{'app':'db'}},'policyTypes':['Egress'],'egress':[{'to':["
         "{'ipBlock':{'cidr':'10.0.0.0/8','except':['10.1.0.0/16','10.2.0.0/16']}}],'ports':"
         "[{'protocol':'UDP','port':53},{'port':8000,'endPort':8100},{'protocol':'SCTP'}]}]}",
         "", "10.88.0.3", NULL,
         "ip daddr 10.0.0.0/8 ip daddr != { 10.1.0.0/16, 10.2.0.0/16 } udp dport 53 goto "
         "enter-pod\n"
         "ip daddr 10.0.0.0/8 ip daddr != { 10.1.0.0/16, 10.2.0.0/16 } tcp dport 8000-8100 goto "
         "enter-pod\n"
         "ip daddr 10.0.0.0/8 ip daddr != { 10.1.0.0/16, 10.2.0.0/16 } meta l4proto sctp goto "
         "enter-pod\n",
         ""},
        {"a block of the other family lets nothing in",
         "{'podSelector':{'matchLabels':{'app':'db'}},'ingress':[{'from':[{'ipBlock':{'cidr':"
         "'fd00::/8'}}]}]}",
         "10.88.0.3", "", "", NULL, ""},
        {"everything",
         "{'podSelector':{'matchLabels':{'app':'db'}},'ingress':[{'from':[{'ipBlock':"
         "{'cidr':'0.0.0.0/0'}}]}]}",
         "10.88.0.3", "", "accept\n", NULL, ""},
        {"nobody is selected", "{'podSelector':{'matchLabels':{'app':'none'}}}", "", "", NULL, NULL,
         ""},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(items_free) Items *items = world();
        CLEANUP(net_rules_free) NetRules *r = build(items, rows[i].spec);
        const char *in = map_get(&r->state.chains, "in-1-s-ab-1");
        const char *out = map_get(&r->state.chains, "out-1-s-ab-1");
        AUTO_BUF guarded_in = BUF_INIT;
        AUTO_BUF guarded_out = BUF_INIT;
        AUTO_BUF set = BUF_INIT;

        elements_of(&r->state, "policy-in", &guarded_in);
        elements_of(&r->state, "policy-out", &guarded_out);
        elements_of(&r->state, "np-1-s-ab-1-0", &set);
        if (strcmp(buf_str(&guarded_in), rows[i].guarded_in) != 0 ||
            strcmp(buf_str(&guarded_out), rows[i].guarded_out) != 0)
            fail_msg("%s: guards in [%s], out [%s]", rows[i].name, buf_str(&guarded_in),
                     buf_str(&guarded_out));
        if (!(rows[i].in ? str_eq(in, rows[i].in) : !in) ||
            !(rows[i].out ? str_eq(out, rows[i].out) : !out))
            fail_msg("%s: in \"%s\" out \"%s\"", rows[i].name, in ? in : "-", out ? out : "-");
        if (strcmp(buf_str(&set), rows[i].set) != 0)
            fail_msg("%s: set [%s]", rows[i].name, buf_str(&set));
    }
}

TEST(a_guarded_pod_has_a_chain_that_ends_with_a_drop)
{
    CLEANUP(items_free) Items *items = world();
    CLEANUP(net_rules_free)
    NetRules *r = build(items, "{'podSelector':{'matchLabels':{'app':'db'}}}");

    assert_string_equal(map_get(&r->state.elements, "policy-in 10.88.0.3"), "goto in-10.88.0.3");
    assert_string_equal(map_get(&r->state.chains, "in-10.88.0.3"), "jump in-1-s-ab-1\ndrop");
}

TEST(a_named_port_is_each_pod_s_own)
{
    CLEANUP(items_free) Items *items = world();
    CLEANUP(net_rules_free)
    NetRules *r = build(items, "{'podSelector':{},'policyTypes':['Egress'],'egress':[{'to':[{"
                               "'podSelector':{}}],'ports':[{'port':'http'}]}]}");

    assert_string_equal(
        map_get(&r->state.chains, "out-1-s-ab-1"),
        "ip daddr @np-1-s-ab-1-0 ip daddr . meta l4proto . th dport @npp-1-s-ab-1-1 "
        "goto enter-pod\n");
    assert_non_null(map_get(&r->state.elements, "npp-1-s-ab-1-1 10.88.0.2 . tcp . 8080"));
    assert_non_null(map_get(&r->state.elements, "npp-1-s-ab-1-1 10.88.1.2 . tcp . 8081"));
    assert_null(map_get(&r->state.elements, "npp-1-s-ab-1-1 10.88.0.5 . tcp . 80"));
}

TEST(only_networks_pass)
{
    static const struct {
        const char *text;
        bool ok;
    } rows[] = {{"10.0.0.0/8", true}, {"0.0.0.0/0", true},    {"10.0.0.0/33", false},
                {"10.0.0.0", false},  {"fd00::/8", false},    {"10.0.0.0/8 accept", false},
                {"10.0.0.0/", false}, {"10.0.0.0/-1", false}, {"", false}};

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (net_is_cidr(&net_families[0], rows[i].text) != rows[i].ok)
            fail_msg("%s", rows[i].text);
    assert_false(net_is_cidr(&net_families[0], NULL));
}

TEST(the_dns_is_a_pod_of_kube_system_to_what_leaves_a_pod)
{
    static const struct {
        const char *spec, *element;
        bool has;
    } rows[] = {
        {"{'podSelector':{},'egress':[{'to':[{'namespaceSelector':{'matchLabels':"
         "{'kubernetes.io/metadata.name':'kube-system'}}}]}]}",
         "np-1-s-ab-1-0 10.96.0.10", true},
        {"{'podSelector':{},'egress':[{'to':[{'namespaceSelector':{},'podSelector':"
         "{'matchLabels':{'k8s-app':'kube-dns'}}}]}]}",
         "np-1-s-ab-1-0 10.96.0.10", true},
        {"{'podSelector':{},'egress':[{'to':[{'podSelector':{}}]}]}", "np-1-s-ab-1-0 10.96.0.10",
         false}, /* another namespace */
        {"{'podSelector':{},'egress':[{'to':[{'namespaceSelector':{'matchLabels':"
         "{'team':'b'}}}]}]}",
         "np-1-s-ab-1-0 10.96.0.10", false},
        {"{'podSelector':{},'ingress':[{'from':[{'namespaceSelector':{}}]}]}",
         "np-1-s-ab-1-0 10.96.0.10", false},
        {"{'podSelector':{},'egress':[{'ports':[{'port':'dns','protocol':'UDP'}]}]}",
         "npp-1-s-ab-1-0 10.96.0.10 . udp . 53", true},
        {"{'podSelector':{},'egress':[{'ports':[{'port':'dns','protocol':'TCP'}]}]}",
         "npp-1-s-ab-1-0 10.96.0.10 . tcp . 53", false},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(items_free) Items *items = world();

        put(items, "acme", "namespaces",
            "{'metadata':{'name':'kube-system','labels':"
            "{'kubernetes.io/metadata.name':'kube-system'}}}");
        CLEANUP(net_rules_free) NetRules *r = build(items, rows[i].spec);

        assert_int_equal(map_get(&r->state.elements, rows[i].element) != NULL, rows[i].has);
    }
}

TEST(policies_of_the_other_family_go_by_the_same_labels)
{
    static const NetPod pods[] = {{.cluster = "acme", .ns = "s", .name = "web", .ip = "fd00:88::2"},
                                  {.cluster = "acme", .ns = "s", .name = "db", .ip = "fd00:88::3"}};
    CLEANUP(items_free) Items *items = world();
    NetInput in = {.items = items, .pods = pods, .n_pods = 2, .node_name = "n", .number = number};
    CLEANUP(net_rules_free) NetRules *r = net_rules_new(&net_families[1]);
    AUTO_BUF out = BUF_INIT;

    put(items, "acme", "networking.k8s.io/networkpolicies",
        "{'metadata':{'namespace':'s','name':'p','uid':'ab-1'},'spec':{'podSelector':{'matchLabels'"
        ":{'app':'db'}},'ingress':[{'from':[{'podSelector':{'matchLabels':{'app':'web'}}},"
        "{'ipBlock':{'cidr':'10.0.0.0/8'}},{'ipBlock':{'cidr':'fd00::/8','except':['fd01::/16',"
        "'10.0.0.0/8']}}],'ports':[{'port':'http'}]}],'egress':[{'to':[{'namespaceSelector':{}}],"
        "'ports':[{'protocol':'UDP','port':53}]}]}}");
    net_rules_update(r, &in, &out);
    assert_string_equal(map_get(&r->state.elements, "policy-in fd00:88::3"), "goto in-fd00.88..3");
    assert_string_equal(map_get(&r->state.chains, "in-fd00.88..3"), "jump in-1-s-ab-1\ndrop");
    assert_null(map_get(&r->state.elements, "policy-in fd00:88::2"));
    assert_string_equal(map_get(&r->state.chains, "in-1-s-ab-1"),
                        "ip6 saddr @np-1-s-ab-1-1 ip6 daddr . meta l4proto . th dport "
                        "@npp-1-s-ab-1-2 accept\n"
                        "ip6 saddr fd00::/8 ip6 saddr != { fd01::/16 } ip6 daddr . meta l4proto . "
                        "th dport @npp-1-s-ab-1-3 accept\n");
    assert_non_null(map_get(&r->state.elements, "np-1-s-ab-1-1 fd00:88::2"));
    assert_non_null(map_get(&r->state.elements, "npp-1-s-ab-1-2 fd00:88::3 . tcp . 5432"));
    assert_string_equal(map_get(&r->state.sets, "np-1-s-ab-1-1"), "type ipv6_addr;");
}
