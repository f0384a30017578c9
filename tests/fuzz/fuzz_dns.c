/* fuzz_dns.c - questions from pods: any packet is answered with a well-formed head, or not at all.
 */
#include "agent/dns.h"
#include "tests/fuzz/fuzz.h"

static Items *make_items(void)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Items *items = items_new(NULL, NULL);

    items_put(items, item_new("acme", "services",
                              value_literal(a, "{'metadata':{'namespace':'n','name':'web'},'spec':"
                                               "{'clusterIP':'10.96.0.9','ports':[{'name':'h',"
                                               "'port':80}]}}")));
    items_put(items, item_new("acme", "services",
                              value_literal(a, "{'metadata':{'namespace':'n','name':'db'},'spec':"
                                               "{'clusterIP':'None'}}")));
    items_put(items,
              item_new("acme", "discovery.k8s.io/endpointslices",
                       value_literal(a, "{'metadata':{'namespace':'n','name':'x','labels':"
                                        "{'kubernetes.io/service-name':'db'}},'addressType':'IPv4',"
                                        "'ports':[{'name':'h','port':1}],'endpoints':[{'addresses':"
                                        "['10.88.0.5']}]}")));
    return items;
}

/* An answer of somebody else: it never makes ours longer than allowed. */
static void add_answers(Slice packet)
{
    AUTO_BUF ours = BUF_INIT;

    buf_add(&ours, "\0\0\0\0\0\0\0\0\0\0\0\0", 12);
    dns_add_answers(packet, 300, &ours);
    BUG_ON(ours.len < 12 || ours.len > 300);
}

/* The same: nothing is changed when no time has passed, and it is kept for no negative time. */
static void age(Slice packet)
{
    AUTO_BUF copy = BUF_INIT;

    buf_add_slice(&copy, packet);
    BUG_ON(dns_age(copy.ptr, copy.len, 0) < -1);
    BUG_ON(memcmp(copy.ptr, packet.ptr, packet.len) != 0);
    BUG_ON(dns_age(copy.ptr, copy.len, 7) < -1);
    BUG_ON(dns_keep_s(packet) < 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Items *items;
    Slice packet = {(const char *)data, size};
    AUTO_BUF out = BUF_INIT;
    DnsQuery q;

    if (!items)
        items = make_items();
    add_answers(packet);
    if (size > 0)
        age(packet);
    if (!dns_parse(packet, &q))
        return 0;
    BUG_ON(q.question_len > size || strlen(q.name) > 255);
    dns_answer(packet, &q, items, "acme", q.udp_max, &out, NULL);
    BUG_ON(out.len < q.question_len || out.len > MAX(q.udp_max, q.question_len));
    return 0;
}
