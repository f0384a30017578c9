#include "vcluster/nodeaddress.h"

#include "tests/unit/test.h"

#define SAYS(ip)                                                                                   \
    "{'metadata':{'name':'n1'},'status':{'addresses':[{'type':'InternalIP','address':'" ip "'},"   \
    "{'type':'Hostname','address':'anything'}]}}"
#define LISTED(list) "{'metadata':{'name':'n1','annotations':{'hostplane.io/addresses':'" list "'}}"
#define LISTED_SAYS(list, ip)                                                                      \
    LISTED(list) ",'status':{'addresses':[{'type':'InternalIP','address':'" ip "'}]}}"

static const char other[] =
    "{'metadata':{'name':'n2','uid':'u2'},'spec':{'podCIDR':'10.88.2.0/24'},"
    "'status':{'addresses':[{'type':'InternalIP','address':'172.30.0.12'}]}}";

TEST(an_address_is_where_the_node_connects_from_or_what_the_provider_has_listed)
{
    static const struct {
        const char *now, *old, *from, *why; /* why: a part of it, NULL: it may */
    } rows[] = {
        {SAYS("172.30.0.11"), NULL, "172.30.0.11", NULL},
        {SAYS("172.30.0.11"), "{}", "172.30.0.11", NULL},
        {SAYS("8.8.8.8"), "{}", "172.30.0.11", "it connects from 172.30.0.11"},
        {SAYS("172.30.0.12"), "{}", "172.30.0.11", "it connects from"},
        {SAYS("172.30.0.12"), "{}", "172.30.0.12", NULL}, /* it has it now */
        {SAYS("172.30.0.11"), SAYS("172.30.0.11"), "192.0.2.1", NULL},
        {SAYS("172.30.0.13"), SAYS("172.30.0.11"), "172.30.0.13", NULL}, /* it has moved */
        {SAYS("172.30.0.13"), SAYS("172.30.0.11"), "172.30.0.11", "it connects from"},
        {LISTED_SAYS("10.0.0.1, 10.0.0.2", "10.0.0.2"), LISTED("10.0.0.1, 10.0.0.2") "}",
         "192.0.2.1", NULL},
        {LISTED_SAYS("10.0.0.1", "10.0.0.2"), LISTED("10.0.0.1") "}", "192.0.2.1", "connects"},
        {LISTED_SAYS("10.0.0.1", "10.0.0.1"), "{}", "10.0.0.1", "annotation"},
        {"{'metadata':{'name':'n1'}}", LISTED("10.0.0.1") "}", "10.0.0.1", "annotation"},
        /* the connection does not tell */
        {SAYS("172.30.0.11"), "{}", "127.0.0.1", NULL},
        {SAYS("172.30.0.11"), "{}", "::1", NULL},
        {SAYS("172.30.0.11"), "{}", NULL, NULL},
        {SAYS("2001:db8::1"), "{}", NULL, NULL},
        {SAYS("172.30.0.13"), SAYS("172.30.0.11"), NULL, "change its InternalIP to 172.30.0.13"},
        {SAYS("10.0.0.9"), LISTED("10.0.0.1") "}", NULL, "annotation"},
        {LISTED_SAYS("10.0.0.1", "10.0.0.9"), LISTED("10.0.0.1") "}", NULL, "change"},
        {SAYS("172.30.0.12"), "{}", NULL, "it is not free"},
        {SAYS("10.88.2.7"), "{}", NULL, "it is not free"},
        {SAYS("127.0.0.1"), "{}", NULL, "it is not free"},
        {SAYS("0.0.0.0"), "{}", NULL, "it is not free"},
        {SAYS("169.254.169.254"), "{}", NULL, "it is not free"},
        {SAYS("239.1.1.1"), "{}", NULL, "it is not free"},
        {SAYS("::1"), "{}", NULL, "it is not free"},
        {SAYS("fe80::1"), "{}", NULL, "it is not free"},
        {SAYS("nonsense"), "{}", NULL, "no IP address"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        AUTO_OBJVEC nodes = {0};
        NodeAddressInput in = {.now = value_literal(a, rows[i].now),
                               .old = rows[i].old ? value_literal(a, rows[i].old) : NULL,
                               .from = rows[i].from,
                               .nodes = &nodes};
        const char *why;
        Obj *o;

        assert_int_equal(obj_from_value(value_literal(a, other), 1, &o, NULL), 0);
        objvec_add(&nodes, o);
        why = nodeaddress_refusal(a, &in);
        if ((why != NULL) != (rows[i].why != NULL) || (why && !strstr(why, rows[i].why)))
            fail_msg("row %zu: %s", i, why ? why : "allowed");
    }
}
