#include "agent/dns.h"
#include "tests/unit/agent/items.h"
#include "tests/unit/test.h"

#include <arpa/inet.h>

enum { A = 1, CNAME = 5, PTR = 12, AAAA = 28, SRV = 33 };

static size_t ask(const char *name, unsigned type, char out[600])
{
    static const char head[12] = {0x12, 0x34, 1, 0, 0, 1};
    size_t n = 12;

    memcpy(out, head, 12);
    while (*name) {
        size_t len = strcspn(name, ".");

        out[n++] = (char)len;
        memcpy(out + n, name, len);
        n += len;
        name += len + (name[len] == '.');
    }
    out[n++] = 0;
    out[n++] = (char)(type >> 8);
    out[n++] = (char)type;
    out[n++] = 0;
    out[n++] = 1;
    return n;
}

static Items *make_items(void)
{
    Items *items = items_new(NULL, NULL);

    put(items, "acme", "services",
        "{'metadata':{'namespace':'shop','name':'web'},'spec':{'clusterIP':'10.96.0.9',"
        "'ports':[{'name':'http','port':80,'protocol':'TCP'}]}}");
    put(items, "globex", "services",
        "{'metadata':{'namespace':'shop','name':'web'},'spec':{'clusterIP':'10.96.0.77'}}");
    put(items, "acme", "services",
        "{'metadata':{'namespace':'shop','name':'db'},'spec':{'clusterIP':'None'}}");
    put(items, "acme", "services",
        "{'metadata':{'namespace':'shop','name':'out'},'spec':{'type':'ExternalName',"
        "'externalName':'example.org'}}");
    put(items, "acme", "services",
        "{'metadata':{'namespace':'shop','name':'alias'},'spec':{'type':'ExternalName',"
        "'externalName':'Web.shop.svc.cluster.local'}}");
    put(items, "acme", "services",
        "{'metadata':{'namespace':'shop','name':'loop'},'spec':{'type':'ExternalName',"
        "'externalName':'loop.shop.svc.cluster.local'}}");
    put(items, "acme", "discovery.k8s.io/endpointslices",
        "{'metadata':{'namespace':'shop','name':'db-x','labels':{'kubernetes.io/service-name':"
        "'db'}},'addressType':'IPv4','ports':[{'name':'sql','port':5432,'protocol':'TCP'}],"
        "'endpoints':[{'addresses':['10.88.0.5'],'hostname':'db-0'},"
        "{'addresses':['10.88.0.6'],'conditions':{'ready':false}}]}");
    put(items, "acme", "services",
        "{'metadata':{'namespace':'shop','name':'both'},'spec':{'clusterIP':'10.96.0.20',"
        "'clusterIPs':['10.96.0.20','fd00:9600::14'],'ports':[{'name':'http','port':80}]}}");
    put(items, "acme", "discovery.k8s.io/endpointslices",
        "{'metadata':{'namespace':'shop','name':'db-y','labels':{'kubernetes.io/service-name':"
        "'db'}},'addressType':'IPv6','ports':[{'name':'sql','port':5432,'protocol':'TCP'}],"
        "'endpoints':[{'addresses':['fd11::5:1'],'hostname':'db-0'},"
        "{'addresses':['fd11::5:2']}]}");
    return items;
}

typedef struct Row {
    const char *cluster, *name;
    unsigned type;
    int rcode, n;
    const char *has; /* bytes of an address, or text of a name, in the answer */
} Row;

static const Row rows[] = {
    {"acme", "web.shop.svc.cluster.local", A, 0, 1, "\x0a\x60\x00\x09"},
    {"acme", "WEB.shop.SVC.cluster.local", A, 0, 1, "\x0a\x60\x00\x09"},
    {"globex", "web.shop.svc.cluster.local", A, 0, 1, "\x0a\x60\x00\x4d"},
    {"acme", "web.shop.svc.cluster.local", AAAA, 0, 0, NULL},
    {"acme", "db.shop.svc.cluster.local", A, 0, 1, "\x0a\x58\x00\x05"},
    {"acme", "db-0.db.shop.svc.cluster.local", A, 0, 1, "\x0a\x58\x00\x05"},
    {"acme", "_sql._tcp.db.shop.svc.cluster.local", SRV, 0, 2,
     "\x04"
     "db-0\x02"
     "db"},
    {"acme", "_http._tcp.web.shop.svc.cluster.local", SRV, 0, 1,
     "\x03"
     "web\x04"
     "shop"},
    {"acme", "_https._tcp.web.shop.svc.cluster.local", SRV, 3, 0, NULL},
    {"acme", "out.shop.svc.cluster.local", A, 0, 1,
     "\x07"
     "example\x03"
     "org"},
    {"acme", "alias.shop.svc.cluster.local", A, 0, 2, "\x0a\x60\x00\x09"},
    {"acme", "alias.shop.svc.cluster.local", CNAME, 0, 1, NULL},
    {"acme", "alias.shop.svc.cluster.local", AAAA, 0, 1, NULL},
    /* too long for one datagram */
    {"acme", "loop.shop.svc.cluster.local", A, 0, 0, NULL},
    {"acme", "no.shop.svc.cluster.local", A, 3, 0, NULL},
    {"globex", "db.shop.svc.cluster.local", A, 3, 0, NULL},
    {"acme", "shop.svc.cluster.local", A, 0, 0, NULL},
    {"acme", "10-88-0-5.shop.pod.cluster.local", A, 0, 1, "\x0a\x58\x00\x05"},
    {"acme", "9.0.96.10.in-addr.arpa", PTR, 0, 1,
     "\x03"
     "web\x04"
     "shop"},
    {"acme", "5.0.88.10.in-addr.arpa", PTR, 0, 1,
     "\x04"
     "db-0\x02"
     "db"},
    {"globex", "5.0.88.10.in-addr.arpa", PTR, 3, 0, NULL},
    {"acme", "both.shop.svc.cluster.local", A, 0, 1, "\x0a\x60\x00\x14"},
    {"acme", "both.shop.svc.cluster.local", AAAA, 0, 1, "\xfd\x00\x96\x00"},
    {"acme", "_http._tcp.both.shop.svc.cluster.local", SRV, 0, 1,
     "\x04"
     "both"},
    {"acme", "db.shop.svc.cluster.local", AAAA, 0, 2, "\xfd\x11"},
    {"acme", "db-0.db.shop.svc.cluster.local", AAAA, 0, 1, "\xfd\x11"},
    {"acme", "fd11--5-2.db.shop.svc.cluster.local", AAAA, 0, 1, "\xfd\x11"},
    {"acme", "fd11--5-2.db.shop.svc.cluster.local", A, 0, 0, NULL},
    {"acme", "fd11--7.shop.pod.cluster.local", AAAA, 0, 1, "\xfd\x11"},
    {"acme", "x--7.shop.pod.cluster.local", AAAA, 3, 0, NULL},
    {"acme", "4.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.6.9.0.0.d.f.ip6.arpa", PTR, 0, 1,
     "\x04"
     "both"},
    {"acme", "1.0.0.0.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.1.d.f.ip6.arpa", PTR, 0, 1,
     "\x04"
     "db-0"},
    {"globex", "4.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.6.9.0.0.d.f.ip6.arpa", PTR, 3,
     0, NULL},
    {"acme", "4.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.6.9.00.d.f.ip6.arpa", PTR, 3, 0,
     NULL},
    {"acme", "4.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.6.9.0.0.d.g.ip6.arpa", PTR, 3, 0,
     NULL},
    {"acme", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.6.9.0.0.d.f.ip6.arpa", PTR, 3, 0,
     NULL},
    {"acme", "example.org", A, 3, 0, NULL},
    {NULL, "web.shop.svc.cluster.local", A, 5, 0, NULL},
};

TEST(every_tenant_gets_its_own_answers)
{
    CLEANUP(items_free) Items *items = make_items();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const Row *r = &rows[i];
        char packet[600];
        size_t n = ask(r->name, r->type, packet);
        AUTO_BUF out = BUF_INIT;
        DnsQuery q;

        assert_true(dns_parse((Slice){packet, n}, &q));
        dns_answer((Slice){packet, n}, &q, items, r->cluster, 512, &out, NULL);
        assert_true(out.len >= n);
        if ((out.ptr[3] & 15) != r->rcode || out.ptr[7] != r->n)
            fail_msg("%s: code %d, %d records", r->name, out.ptr[3] & 15, out.ptr[7]);
        if (r->has && !memmem(out.ptr + n, out.len - n, r->has, strlen(r->has)) &&
            !memmem(out.ptr + n, out.len - n, r->has, 4))
            fail_msg("%s: not the expected record", r->name);
    }
}

/* example.org: alias a.b, 192.0.2.7; with pointers into the question and between records. */
static const char others[] = "\0\1\x81\x80\0\1\0\3\0\0\0\0"
                             "\7example\3org\0\0\1\0\1"
                             "\xc0\x0c\0\5\0\1\0\1\0\0\0\7\1z\3org\0"
                             "\1z\xc0\x14\0\1\0\1\0\1\0\0\0\4\xc0\0\2\7"
                             "\xc0\x0c\0\x10\0\1\0\1\0\0\0\2\1x";

TEST(what_others_know_of_an_alias_is_added)
{
    CLEANUP(items_free) Items *items = make_items();
    char packet[600], external[256] = "";
    size_t n = ask("out.shop.svc.cluster.local", A, packet), alone;
    Slice from = {others, sizeof(others) - 1};
    AUTO_BUF out = BUF_INIT;
    AUTO_BUF question = BUF_INIT;
    DnsQuery q;

    assert_true(dns_parse((Slice){packet, n}, &q));
    dns_answer((Slice){packet, n}, &q, items, "acme", 512, &out, external);
    assert_string_equal(external, "example.org");
    dns_ask(external, A, 7, &question);
    assert_true(dns_parse(buf_slice(&question), &q));
    assert_string_equal(q.name, "example.org");
    alone = out.len;
    dns_add_answers(from, alone + 10, &out); /* no room: all or nothing */
    assert_int_equal(out.len, alone);
    for (size_t cut = 0; cut < 72; cut++) {
        dns_add_answers((Slice){others, cut}, 512, &out);
        assert_int_equal(out.len, alone);
    }
    dns_add_answers(from, 512, &out);
    assert_int_equal(out.ptr[7], 3);
    assert_non_null(memmem(out.ptr, out.len, "\1z\3org\0\0\1\0\1\0\0\0\5\0\4\xc0\0\2\7", 21));
}

TEST(pointers_that_lead_in_circles_end)
{
    static const char loop[] = "\0\1\x81\x80\0\1\0\1\0\0\0\0\xc0\x0c\0\1\0\1";
    AUTO_BUF out = BUF_INIT;

    buf_add(&out, loop, 12);
    dns_add_answers((Slice){loop, sizeof(loop) - 1}, 512, &out);
    assert_int_equal(out.len, 12);
}

TEST(broken_questions_get_no_answer)
{
    char packet[600];
    size_t n = ask("web.shop.svc.cluster.local", A, packet);
    DnsQuery q;

    for (size_t i = 0; i < n; i++)
        assert_false(dns_parse((Slice){packet, i}, &q));
    packet[2] = (char)0x80; /* a response */
    assert_false(dns_parse((Slice){packet, n}, &q));
    packet[2] = 0;
    packet[12] = (char)0xc0; /* a pointer */
    assert_false(dns_parse((Slice){packet, n}, &q));
}

TEST(an_answer_that_does_not_fit_is_marked)
{
    CLEANUP(items_free) Items *items = make_items();
    char packet[600];
    size_t n = ask("web.shop.svc.cluster.local", A, packet);
    AUTO_BUF out = BUF_INIT;
    DnsQuery q;

    assert_true(dns_parse((Slice){packet, n}, &q));
    dns_answer((Slice){packet, n}, &q, items, "acme", n + 4, &out, NULL);
    assert_int_equal(out.len, n);
    assert_true(out.ptr[2] & 2);
}
