#include "agent/dns.h"
#include "agent/dns_cache.h"
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
    {"acme", "web.shop.svc.cluster.local", SRV, 0, 1,
     "\x50\x03"
     "web\x04"
     "shop"},
    {"acme", "db.shop.svc.cluster.local", SRV, 0, 2,
     "\x15\x38\x04"
     "db-0\x02"
     "db"},
    {"acme", "db-0.db.shop.svc.cluster.local", SRV, 0, 1,
     "\x15\x38\x04"
     "db-0\x02"
     "db"},
    {"acme", "db-9.db.shop.svc.cluster.local", SRV, 3, 0, NULL},
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

/* A headless service "many" of so many ports and endpoints, "e0" on (all "same" when they are). */
static void put_many(Items *items, int n_ports, int n_endpoints, bool are_same)
{
    AUTO_BUF b = BUF_INIT;

    put(items, "acme", "services",
        "{'metadata':{'namespace':'shop','name':'many'},'spec':{'clusterIP':'None'}}");
    buf_adds(&b, "{'metadata':{'namespace':'shop','name':'many-x','labels':{"
                 "'kubernetes.io/service-name':'many'}},'addressType':'IPv4','ports':[");
    for (int i = 0; i < n_ports; i++)
        buf_addf(&b, "%s{'name':'p%d','port':%d}", i ? "," : "", i, i + 1);
    buf_adds(&b, "],'endpoints':[");
    for (int i = 0; i < n_endpoints; i++) {
        buf_addf(&b, "%s{'addresses':['10.90.%d.%d'],", i ? "," : "", i / 256, i % 256);
        if (are_same)
            buf_adds(&b, "'hostname':'same'}");
        else
            buf_addf(&b, "'hostname':'e%d'}", i);
    }
    buf_adds(&b, "]}");
    put(items, "acme", "discovery.k8s.io/endpointslices", buf_str(&b));
}

TEST(what_one_question_costs_is_bounded)
{
    static const struct {
        const char *name;
        unsigned type;
        int n_ports, n_endpoints;
        bool are_same;
        int n, n_extra;
    } cases[] = {
        {"many.shop.svc.cluster.local", SRV, 1000, 1000, true, 5, 500},
        {"same.many.shop.svc.cluster.local", SRV, 1000, 1000, true, 5, 500},
        {"many.shop.svc.cluster.local", SRV, 2, 2000, false, 500, 500},
        {"many.shop.svc.cluster.local", A, 0, 2000, false, 500, 0},
        /* what is looked for is found, however late */
        {"e19999.many.shop.svc.cluster.local", A, 3, 20000, false, 1, 0},
        {"e19999.many.shop.svc.cluster.local", SRV, 3, 20000, false, 3, 3},
        {"31.78.90.10.in-addr.arpa", PTR, 3, 20000, false, 1, 0},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(items_free) Items *items = items_new(NULL, NULL);
        AUTO_BUF out = BUF_INIT;
        char packet[600];
        size_t n = ask(cases[i].name, cases[i].type, packet);
        const uint8_t *p;
        DnsQuery q;

        put_many(items, cases[i].n_ports, cases[i].n_endpoints, cases[i].are_same);
        assert_true(dns_parse((Slice){packet, n}, &q));
        dns_answer((Slice){packet, n}, &q, items, "acme", 65535, &out, NULL);
        p = (const uint8_t *)out.ptr;
        if ((p[6] << 8 | p[7]) != cases[i].n || (p[10] << 8 | p[11]) != cases[i].n_extra)
            fail_msg("%s: %d records, %d more", cases[i].name, p[6] << 8 | p[7],
                     p[10] << 8 | p[11]);
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

/* ---- answers of others ---- */

static const int64_t second = 1000000;

/* One address, kept for so long. */
static void answer_of(Slice packet, const DnsQuery *q, uint8_t ttl, int rcode, Buf *out)
{
    buf_add(out, packet.ptr, q->question_len);
    out->ptr[2] = (char)0x81;
    out->ptr[3] = (char)(0x80 | rcode);
    out->ptr[7] = 1;
    out->ptr[11] = 0;
    buf_add(out, "\xc0\x0c\0\1\0\1\0\0\0", 9);
    buf_addc(out, (char)ttl);
    buf_add(out, "\0\4\xc0\0\2\7", 6);
}

TEST(answers_of_others_are_kept_for_their_time_and_for_their_tenant)
{
    static const struct {
        uint8_t ttl;
        int rcode, after_s;
        const char *cluster, *name;
        int left_s; /* -1: it is not there */
    } cases[] = {
        {20, 0, 0, "acme", "www.example.org", 20},
        {20, 0, 7, "acme", "www.example.org", 13},
        {20, 0, 7, "acme", "WWW.Example.org", 13},
        {20, 0, 20, "acme", "www.example.org", -1},
        {200, 0, 29, "acme", "www.example.org", 171},
        {200, 0, DNS_CACHE_S, "acme", "www.example.org", -1},
        {20, 3, 1, "acme", "www.example.org", 19},
        {20, 2, 1, "acme", "www.example.org", -1}, /* a failure may pass */
        {0, 0, 0, "acme", "www.example.org", -1},
        {20, 0, 0, "globex", "www.example.org", -1},
        {20, 0, 0, "acme", "w.example.org", -1},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(dns_cache_free) DnsCache *c = dns_cache_new();
        char packet[600];
        Slice asked = {packet, ask("www.example.org", A, packet)};
        AUTO_BUF answer = BUF_INIT;
        AUTO_BUF out = BUF_INIT;
        DnsQuery q;
        bool found;

        assert_true(dns_parse(asked, &q));
        answer_of(asked, &q, cases[i].ttl, cases[i].rcode, &answer);
        dns_cache_put(c, "acme", asked, &q, buf_slice(&answer), 100 * second);
        asked.len = ask(cases[i].name, A, packet);
        packet[1] = 0x77;
        assert_true(dns_parse(asked, &q));
        found = dns_cache_get(c, cases[i].cluster, asked, &q, 512,
                              (100 + cases[i].after_s) * second, &out);
        if (found != (cases[i].left_s >= 0))
            fail_msg("row %zu: %d", i, found);
        if (!found)
            continue;
        assert_memory_equal(out.ptr, packet, 2);
        assert_memory_equal(out.ptr + 12, packet + 12, asked.len - 12); /* in its own letters */
        assert_int_equal((uint8_t)out.ptr[out.len - 7], cases[i].left_s);
    }
}

TEST(what_is_no_whole_answer_to_the_question_is_not_kept)
{
    CLEANUP(dns_cache_free) DnsCache *c = dns_cache_new();
    char packet[600], other[600];
    Slice asked = {packet, ask("www.example.org", A, packet)};
    Slice elsewhere = {other, ask("www.example.com", A, other)};
    AUTO_BUF out = BUF_INIT;
    DnsQuery q;

    assert_true(dns_parse(asked, &q));
    for (int i = 0; i < 6; i++) {
        AUTO_BUF answer = BUF_INIT;

        answer_of(i == 0 ? elsewhere : asked, &q, 20, 0, &answer);
        if (i == 1)
            answer.ptr[0] ^= 1; /* to another question */
        if (i == 2)
            answer.ptr[2] |= 2; /* cut */
        if (i == 3)
            answer.ptr[2] &= 0x7f; /* a question */
        if (i == 4)
            answer.ptr[7] = 2; /* one more than there is */
        if (i == 5)
            answer.len -= 1;
        dns_cache_put(c, "acme", asked, &q, buf_slice(&answer), 0);
        assert_false(dns_cache_get(c, "acme", asked, &q, 512, 0, &out));
    }
}

TEST(one_tenant_s_answers_do_not_drive_out_another_s)
{
    CLEANUP(dns_cache_free) DnsCache *c = dns_cache_new();
    CLEANUP(arena_free) Arena *a = arena_new();
    char packet[600];
    AUTO_BUF out = BUF_INIT;
    Slice asked;
    DnsQuery q;

    for (int i = -1; i < 100000; i++) {
        AUTO_BUF answer = BUF_INIT;

        asked = (Slice){packet, ask(arena_printf(a, "n%d.example.org", i), A, packet)};
        assert_true(dns_parse(asked, &q));
        answer_of(asked, &q, 20, 0, &answer);
        dns_cache_put(c, i < 0 ? "quiet" : "noisy", asked, &q, buf_slice(&answer), 0);
    }
    assert_true(dns_cache_get(c, "noisy", asked, &q, 512, 0, &out));
    asked = (Slice){packet, ask("n0.example.org", A, packet)};
    assert_true(dns_parse(asked, &q));
    assert_false(dns_cache_get(c, "noisy", asked, &q, 512, 0, &out));
    asked = (Slice){packet, ask("n-1.example.org", A, packet)};
    assert_true(dns_parse(asked, &q));
    assert_true(dns_cache_get(c, "quiet", asked, &q, 512, 0, &out));
    assert_false(dns_cache_get(c, "quiet", asked, &q, 20, 0, &out)); /* no room */
}

TEST(reverse_names_that_we_do_not_know_are_for_others)
{
    static const struct {
        const char *name;
        unsigned type;
        bool is_for_others;
    } cases[] = {
        {"9.0.96.10.in-addr.arpa", PTR, false},
        {"8.8.8.8.in-addr.arpa", PTR, true},
        {"nowhere.shop.svc.cluster.local", A, false},
        {"web.shop.svc.cluster.local", A, false},
    };
    CLEANUP(items_free) Items *items = make_items();

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char packet[600];
        Slice asked = {packet, ask(cases[i].name, cases[i].type, packet)};
        AUTO_BUF out = BUF_INIT;
        DnsQuery q;

        assert_true(dns_parse(asked, &q));
        dns_answer(asked, &q, items, "acme", 512, &out, NULL);
        if (dns_is_for_others(&q, buf_slice(&out)) != cases[i].is_for_others)
            fail_msg("%s", cases[i].name);
    }
}
