#include "agent/dns.h"

#include "api/address.h"

#include <ctype.h>

enum {
    TYPE_A = 1,
    TYPE_CNAME = 5,
    TYPE_SOA = 6,
    TYPE_PTR = 12,
    TYPE_TXT = 16,
    TYPE_AAAA = 28,
    TYPE_SRV = 33,
    TYPE_OPT = 41,
    TYPE_ANY = 255,
    CLASS_IN = 1,
    HEAD_LEN = 12,
    RCODE_OK = 0,
    RCODE_NXDOMAIN = 3,
    RCODE_NOTIMP = 4,
    RCODE_REFUSED = 5,
    MAX_RECORDS = 500,
    MAX_ALIASES = 8, /* one after the other */
    MAX_POINTERS = 32,
    /* What one question may cost of the only thread: an endpoint that is looked at, and how many of
     * them a record with a port is worth. */
    MAX_VISITS = 200000,
    VISITS_OF_PORT = 40,
};

#define DOMAIN "cluster.local"

/* ---- reading ---- */

static uint16_t u16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

/* A question's name has no pointers: nothing stands before it. Returns its length, 0 when bad. */
static size_t read_name(const uint8_t *p, size_t n, char out[256])
{
    size_t at = 0, o = 0;

    for (;;) {
        size_t len;

        if (at >= n)
            return 0;
        len = p[at++];
        if (len == 0)
            break;
        if (len > 63 || at + len > n || o + len + 1 > 254)
            return 0;
        if (o > 0)
            out[o++] = '.';
        for (size_t i = 0; i < len; i++) {
            uint8_t c = p[at + i];

            if (c <= ' ' || c == '.' || c >= 0x7f)
                return 0;
            out[o++] = (char)tolower(c);
        }
        at += len;
    }
    out[o] = '\0';
    return at;
}

bool dns_parse(Slice packet, DnsQuery *ret)
{
    const uint8_t *p = (const uint8_t *)packet.ptr;
    DnsQuery q = {.udp_max = DNS_UDP_MAX};
    size_t n, at;

    if (packet.len < HEAD_LEN + 5 || (p[2] & 0x80) || u16(p + 4) != 1)
        return false;
    q.id = u16(p);
    q.is_recursion_desired = p[2] & 1;
    n = read_name(p + HEAD_LEN, packet.len - HEAD_LEN, q.name);
    at = HEAD_LEN + n;
    if (n == 0 || at + 4 > packet.len)
        return false;
    q.type = u16(p + at);
    q.qclass = u16(p + at + 2);
    q.question_len = at + 4;
    /* EDNS: one additional record of type OPT with the root's name, nothing before it */
    at = q.question_len;
    if (u16(p + 10) > 0 && u16(p + 6) == 0 && u16(p + 8) == 0 && at + 5 <= packet.len &&
        p[at] == 0 && u16(p + at + 1) == TYPE_OPT)
        q.udp_max = MIN(MAX(u16(p + at + 3), DNS_UDP_MAX), DNS_EDNS_MAX);
    *ret = q;
    return true;
}

static bool is_reverse_name(const char *name)
{
    return str_ends(name, ".in-addr.arpa") || str_ends(name, ".ip6.arpa");
}

static bool is_our_name(const char *name)
{
    return str_ends(name, "." DOMAIN) || strcmp(name, DOMAIN) == 0 || is_reverse_name(name);
}

bool dns_is_ours(const DnsQuery *q)
{
    return is_our_name(q->name);
}

bool dns_is_for_others(const DnsQuery *q, Slice our_answer)
{
    return is_reverse_name(q->name) && our_answer.len > 3 &&
           (our_answer.ptr[3] & 0xf) == RCODE_NXDOMAIN;
}

/* ---- writing ---- */

typedef struct Answer {
    const DnsQuery *q;
    Items *items;
    const char *cluster;
    Buf records;
    int n, n_extra;
    int n_visits; /* of endpoints, against MAX_VISITS */
    Buf extra;
    bool exists;     /* the name is there, perhaps without records of that type */
    char owner[256]; /* what is answered for after an alias; "": the question's name */
    int n_aliases;
    char *external; /* [256]: where the last alias leads when that is not ours; NULL: not asked */
} Answer;

static const char *owner_of(const Answer *an)
{
    return an->owner[0] ? an->owner : NULL;
}

static void put16(Buf *b, unsigned n)
{
    buf_addc(b, (char)(n >> 8));
    buf_addc(b, (char)n);
}

static void put32(Buf *b, uint32_t n)
{
    put16(b, n >> 16);
    put16(b, n & 0xffff);
}

static void put_name(Buf *b, const char *name)
{
    while (*name) {
        size_t n = strcspn(name, ".");

        if (n == 0 || n > 63)
            break;
        buf_addc(b, (char)n);
        buf_add(b, name, n);
        name += n + (name[n] == '.');
    }
    buf_addc(b, '\0');
}

/* owner NULL: the question's name, by pointer */
static void put_record(Buf *b, const char *owner, unsigned type, const Buf *data)
{
    if (owner)
        put_name(b, owner);
    else
        put16(b, 0xc000 | HEAD_LEN);
    put16(b, type);
    put16(b, CLASS_IN);
    put32(b, DNS_TTL_S);
    put16(b, (unsigned)data->len);
    buf_add(b, data->ptr, data->len);
}

/* The type of its record, and that record's data; 0: it is no address. */
static unsigned address_data(const char *ip, Buf *out)
{
    Address at;

    if (!ip || !address_parse(ip, &at))
        return 0;
    buf_add(out, (const char *)at.bytes, at.n_bits / 8);
    return at.n_bits == 32 ? TYPE_A : TYPE_AAAA;
}

static void add_address(Answer *an, const char *ip)
{
    AUTO_BUF data = BUF_INIT;
    unsigned type = address_data(ip, &data);

    an->exists = true;
    if (type == 0 || (an->q->type != type && an->q->type != TYPE_ANY) || an->n >= MAX_RECORDS)
        return;
    put_record(&an->records, owner_of(an), type, &data);
    an->n++;
}

static void add_srv(Answer *an, int port, const char *target, const char *ip)
{
    AUTO_BUF data = BUF_INIT;
    AUTO_BUF address = BUF_INIT;
    unsigned type = address_data(ip, &address);

    an->exists = true;
    if ((an->q->type != TYPE_SRV && an->q->type != TYPE_ANY) || an->n >= MAX_RECORDS)
        return;
    put16(&data, 0);
    put16(&data, 100);
    put16(&data, (unsigned)port);
    put_name(&data, target);
    if (an->n == 0 || !memmem(an->records.ptr, an->records.len, data.ptr, data.len)) {
        put_record(&an->records, owner_of(an), TYPE_SRV, &data); /* else: of the other family */
        an->n++;
    }
    if (type != 0 && an->n_extra < MAX_RECORDS) {
        put_record(&an->extra, target, type, &address);
        an->n_extra++;
    }
}

static void add_named(Answer *an, unsigned type, const char *target)
{
    AUTO_BUF data = BUF_INIT;

    an->exists = true;
    if (an->n >= MAX_RECORDS)
        return;
    put_name(&data, target);
    put_record(&an->records, owner_of(an), type, &data);
    an->n++;
}

/* ---- services ---- */

typedef struct Labels { /* of a name, first to last */
    char text[256];
    char *part[32];
    int n;
} Labels;

static void split(const char *name, size_t len, Labels *l)
{
    l->n = 0;
    memcpy(l->text, name, len);
    l->text[len] = '\0';
    for (char *p = l->text; *p && l->n < (int)ARRAY_LEN(l->part);) {
        char *dot = strchr(p, '.');

        l->part[l->n++] = p;
        if (!dot)
            break;
        *dot = '\0';
        p = dot + 1;
    }
}

static void dashed(const char *ip, char out[ADDRESS_TEXT_MAX])
{
    snprintf(out, ADDRESS_TEXT_MAX, "%s", ip);
    for (char *p = out; *p; p++) {
        if (*p == '.' || *p == ':')
            *p = '-';
    }
}

typedef struct EndpointVisit {
    const char *host; /* only this one; NULL: all */
    const char *port_name, *proto;
    bool has_ports; /* at each port, or at that which has a name; else without */
    void (*fn)(Answer *an, const char *host, const char *ip, int port, void *data);
    void *data;
} EndpointVisit;

static bool is_listed(const Value *endpoint)
{
    const Value *ready = value_at(endpoint, "conditions.ready");

    return !value_is(ready, VALUE_BOOL) || value_is_true(ready);
}

/* May the question be looked into further, at that price? */
static bool visit(Answer *an, int price)
{
    if (an->n >= MAX_RECORDS || an->n_visits > MAX_VISITS - price)
        return false;
    an->n_visits += price;
    return true;
}

static void visit_slice(Answer *an, const Item *slice, int port, const EndpointVisit *v)
{
    const Value *e, *address;

    value_each_item(value_get(slice->v, "endpoints"), i, e)
    {
        const char *hostname = value_get_str(e, "hostname");

        if (!visit(an, 1))
            return;
        if (!is_listed(e))
            continue;
        value_each_item(value_get(e, "addresses"), k, address)
        {
            const char *ip = value_to_cstr(address), *host;
            char own[ADDRESS_TEXT_MAX];

            if (!visit(an, 1))
                return;
            if (!ip)
                continue;
            dashed(ip, own);
            host = hostname && hostname[0] ? hostname : own;
            if (v->host && strcmp(v->host, host) != 0)
                continue;
            if (v->has_ports && !visit(an, VISITS_OF_PORT))
                return;
            v->fn(an, host, ip, port, v->data);
        }
    }
}

static void visit_endpoints(Answer *an, const char *ns, const char *svc, const EndpointVisit *v)
{
    AUTO_ITEM_LIST slices = {0};
    const Value *p;

    items_list(an->items, an->cluster, "discovery.k8s.io/endpointslices", &slices);
    for (size_t i = 0; i < slices.n; i++) {
        const Item *s = slices.items[i];
        const char *of =
            value_get_str(value_at(s->v, "metadata.labels"), "kubernetes.io/service-name");

        if (strcmp(s->ns, ns) != 0 || !str_eq(of, svc) ||
            str_eq(value_get_str(s->v, "addressType"), "FQDN"))
            continue;
        if (!v->has_ports) {
            visit_slice(an, s, 0, v);
            continue;
        }
        value_each_item(value_get(s->v, "ports"), k, p)
        {
            const char *name = value_get_str(p, "name"), *proto = value_get_str(p, "protocol");

            if (!visit(an, 1))
                return;
            if (!v->port_name ||
                (str_eq(name, v->port_name) && strcasecmp(proto ? proto : "TCP", v->proto) == 0))
                visit_slice(an, s, (int)value_at_int(p, "port", 0), v);
        }
    }
}

static void on_address(Answer *an, const char *host UNUSED, const char *ip, int port UNUSED,
                       void *data UNUSED)
{
    add_address(an, ip);
}

static void on_srv(Answer *an, const char *host, const char *ip, int port, void *data)
{
    const char *suffix = data;
    char target[320];

    snprintf(target, sizeof(target), "%.63s.%.250s", host, suffix);
    add_srv(an, port, target, ip);
}

static bool is_headless(const Value *svc)
{
    return str_eq(value_at_str(svc, "spec.clusterIP"), "None");
}

/* The addresses of a service, one a family: the `i`-th, or NULL. */
static const char *cluster_ip(const Value *svc, uint32_t i)
{
    const Value *all = value_at(svc, "spec.clusterIPs");

    if (value_len(all) > 0)
        return value_to_cstr(value_item(all, i));
    return i == 0 ? value_at_str(svc, "spec.clusterIP") : NULL;
}

/* host, port NULL: of all. */
static void answer_srv(Answer *an, const Item *svc, const char *host, const char *port,
                       const char *proto)
{
    char suffix[300];
    const Value *p;

    snprintf(suffix, sizeof(suffix), "%s.%s.svc." DOMAIN, svc->name, svc->ns);
    if (is_headless(svc->v) || host) {
        EndpointVisit v = {.host = host,
                           .port_name = port,
                           .proto = proto,
                           .has_ports = true,
                           .fn = on_srv,
                           .data = suffix};

        visit_endpoints(an, svc->ns, svc->name, &v);
        return;
    }
    value_each_item(value_at(svc->v, "spec.ports"), i, p)
    {
        const char *name = value_get_str(p, "name"), *pr = value_get_str(p, "protocol");

        for (uint32_t k = 0; k == 0 || cluster_ip(svc->v, k); k++) {
            if (!port || (str_eq(name, port) && strcasecmp(pr ? pr : "TCP", proto) == 0))
                add_srv(an, (int)value_at_int(p, "port", 0), suffix, cluster_ip(svc->v, k));
        }
    }
}

static void answer_name(Answer *an, const char *name);

/* The alias itself, and what is known of its target: whoever asked for an address wants it now. */
static void answer_alias(Answer *an, const char *target)
{
    add_named(an, TYPE_CNAME, target);
    if (an->q->type == TYPE_CNAME || an->n_aliases++ >= MAX_ALIASES)
        return;
    snprintf(an->owner, sizeof(an->owner), "%.250s", target);
    for (char *p = an->owner; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    if (is_our_name(an->owner))
        answer_name(an, an->owner);
    else if (an->external)
        memcpy(an->external, an->owner, sizeof(an->owner));
}

/* l: what stands before ".svc.cluster.local" */
static void answer_service(Answer *an, const Labels *l)
{
    CLEANUP(item_unref) Item *svc = NULL;
    EndpointVisit v = {.fn = on_address};
    const char *external;

    if (l->n == 1) { /* a namespace: there when a service of it is */
        AUTO_ITEM_LIST all = {0};

        items_list(an->items, an->cluster, "services", &all);
        for (size_t i = 0; i < all.n; i++)
            an->exists |= strcmp(all.items[i]->ns, l->part[0]) == 0;
        return;
    }
    if (l->n < 2 || l->n > 4)
        return;
    svc = items_get(an->items, an->cluster, "services", l->part[l->n - 1], l->part[l->n - 2]);
    if (!svc)
        return;
    if (l->n == 4 && l->part[0][0] == '_' && l->part[1][0] == '_') {
        answer_srv(an, svc, NULL, l->part[0] + 1, l->part[1] + 1);
        return;
    }
    if (l->n == 4)
        return;
    if (l->n == 3) {
        v.host = l->part[0];
        visit_endpoints(an, svc->ns, svc->name, &v);
        if (an->q->type == TYPE_SRV)
            answer_srv(an, svc, v.host, NULL, NULL);
        return;
    }
    external = value_at_str(svc->v, "spec.externalName");
    if (str_eq(value_at_str(svc->v, "spec.type"), "ExternalName") && external) {
        answer_alias(an, external);
        return;
    }
    if (is_headless(svc->v))
        visit_endpoints(an, svc->ns, svc->name, &v);
    for (uint32_t i = 0; !is_headless(svc->v) && cluster_ip(svc->v, i); i++)
        add_address(an, cluster_ip(svc->v, i));
    if (an->q->type == TYPE_SRV) /* as CoreDNS: those of every port */
        answer_srv(an, svc, NULL, NULL, NULL);
}

/* "a-b-c-d" "ns"; "fd00--1" is of IPv6 */
static void answer_pod(Answer *an, const Labels *l)
{
    static const char between[] = {'.', ':'};
    char ip[ADDRESS_TEXT_MAX];
    Address at;

    if (l->n != 2 || strlen(l->part[0]) >= sizeof(ip))
        return;
    for (size_t i = 0; i < ARRAY_LEN(between); i++) {
        snprintf(ip, sizeof(ip), "%s", l->part[0]);
        for (char *p = ip; *p; p++)
            *p = *p == '-' ? between[i] : *p;
        if (address_parse(ip, &at) && !at.has_zeros && !at.is_mapped)
            add_address(an, ip);
    }
}

typedef struct Reverse {
    const Address *ip;
    const char *ns, *svc;
} Reverse;

static bool is_same_address(const char *text, const Address *ip)
{
    Address at;

    return text && address_parse(text, &at) && address_equal(&at, ip);
}

static void on_reverse(Answer *an, const char *host, const char *ip, int port UNUSED, void *data)
{
    const Reverse *r = data;
    char name[400];

    if (!is_same_address(ip, r->ip))
        return;
    snprintf(name, sizeof(name), "%.63s.%.63s.%.63s.svc." DOMAIN, host, r->svc, r->ns);
    add_named(an, TYPE_PTR, name);
}

/* The address of a name in in-addr.arpa (four numbers) or ip6.arpa (32 digits), last to first. */
static bool reversed(const Labels *l, bool is_v6, Address *ret)
{
    enum { V4_LABELS = 4, V6_LABELS = 32 };
    AUTO_BUF text = BUF_INIT;

    if (l->n != (is_v6 ? V6_LABELS : V4_LABELS))
        return false;
    for (int i = l->n; i > 0; i--) {
        if (is_v6 ? !isxdigit((unsigned char)l->part[i - 1][0]) || l->part[i - 1][1]
                  : strlen(l->part[i - 1]) > 3)
            return false;
        buf_adds(&text, i == l->n ? "" : !is_v6 ? "." : (l->n - i) % 4 == 0 ? ":" : "");
        buf_adds(&text, l->part[i - 1]);
    }
    return address_parse(buf_str(&text), ret) && !ret->is_mapped && !ret->has_zeros;
}

static void answer_address(Answer *an, const Labels *l, bool is_v6)
{
    AUTO_ITEM_LIST all = {0};
    Address ip;

    if (!reversed(l, is_v6, &ip))
        return;
    items_list(an->items, an->cluster, "services", &all);
    for (size_t i = 0; i < all.n; i++) {
        const Item *svc = all.items[i];
        Reverse r = {&ip, svc->ns, svc->name};
        EndpointVisit v = {.fn = on_reverse, .data = &r};
        char name[300];

        if (is_headless(svc->v)) {
            visit_endpoints(an, svc->ns, svc->name, &v);
            continue;
        }
        for (uint32_t k = 0; cluster_ip(svc->v, k); k++) {
            if (!is_same_address(cluster_ip(svc->v, k), &ip))
                continue;
            snprintf(name, sizeof(name), "%.63s.%.63s.svc." DOMAIN, svc->name, svc->ns);
            add_named(an, TYPE_PTR, name);
        }
    }
}

static void answer_reverse(Answer *an, const Labels *l)
{
    answer_address(an, l, false);
}

static void answer_reverse6(Answer *an, const Labels *l)
{
    answer_address(an, l, true);
}

static void answer_name(Answer *an, const char *name)
{
    static const struct {
        const char *suffix;
        void (*fn)(Answer *an, const Labels *l);
    } zones[] = {{".svc." DOMAIN, answer_service},
                 {".pod." DOMAIN, answer_pod},
                 {".in-addr.arpa", answer_reverse},
                 {".ip6.arpa", answer_reverse6}};
    Labels l;

    if (strcmp(name, DOMAIN) == 0 || strcmp(name, "svc." DOMAIN) == 0 ||
        strcmp(name, "pod." DOMAIN) == 0) {
        an->exists = true;
        return;
    }
    if (strcmp(name, "dns-version." DOMAIN) == 0) {
        AUTO_BUF text = BUF_INIT;

        an->exists = true;
        buf_addc(&text, 5);
        buf_adds(&text, "1.1.0");
        if (an->q->type == TYPE_TXT || an->q->type == TYPE_ANY) {
            put_record(&an->records, owner_of(an), TYPE_TXT, &text);
            an->n++;
        }
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(zones); i++) {
        if (str_ends(name, zones[i].suffix)) {
            split(name, strlen(name) - strlen(zones[i].suffix), &l);
            zones[i].fn(an, &l);
            return;
        }
    }
}

static void put_soa(Buf *out)
{
    AUTO_BUF data = BUF_INIT;

    put_name(&data, "ns.dns." DOMAIN);
    put_name(&data, "hostmaster." DOMAIN);
    put32(&data, 1);
    put32(&data, 7200);
    put32(&data, 1800);
    put32(&data, 86400);
    put32(&data, DNS_TTL_S);
    put_record(out, DOMAIN, TYPE_SOA, &data);
}

static void put_head(Buf *out, const DnsQuery *q, int rcode, bool is_cut, const int counts[3])
{
    put16(out, q->id);
    buf_addc(out, (char)(0x84 | (q->is_recursion_desired ? 1 : 0) | (is_cut ? 2 : 0)));
    buf_addc(out, (char)(0x80 | rcode)); /* recursion is available: a resolver would look on */
    put16(out, 1);
    for (int i = 0; i < 3; i++)
        put16(out, (unsigned)counts[i]);
}

void dns_answer(Slice packet, const DnsQuery *q, Items *items, const char *cluster, size_t max,
                Buf *out, char ret_external[256])
{
    Answer an = {.q = q, .items = items, .cluster = cluster, .external = ret_external};
    AUTO_BUF authority = BUF_INIT;
    int rcode = RCODE_OK;
    bool fits;

    if (!cluster)
        rcode = RCODE_REFUSED;
    else if ((packet.ptr[2] & 0x78) != 0 || q->qclass != CLASS_IN)
        rcode = RCODE_NOTIMP;
    else
        answer_name(&an, q->name);
    if (rcode == RCODE_OK && !an.exists)
        rcode = RCODE_NXDOMAIN;
    if ((rcode == RCODE_OK || rcode == RCODE_NXDOMAIN) && an.n == 0)
        put_soa(&authority);
    fits = q->question_len + an.records.len + authority.len <= max;
    if (!fits)
        an.n = an.n_extra = 0;
    if (q->question_len + an.records.len + authority.len + an.extra.len > max)
        an.n_extra = 0;
    put_head(out, q, rcode, !fits, (const int[]){an.n, fits && authority.len > 0, an.n_extra});
    buf_add(out, packet.ptr + HEAD_LEN, q->question_len - HEAD_LEN);
    if (fits) {
        buf_add_slice(out, buf_slice(&an.records));
        buf_add_slice(out, buf_slice(&authority));
        if (an.n_extra > 0)
            buf_add_slice(out, buf_slice(&an.extra));
    }
    if (!fits && ret_external)
        ret_external[0] = '\0';
    buf_done(&an.records);
    buf_done(&an.extra);
}

/* ---- what somebody else knows of an alias's target ---- */

void dns_ask(const char *name, unsigned type, uint16_t id, Buf *out)
{
    put16(out, id);
    put16(out, 0x0100); /* recursion is desired */
    put16(out, 1);
    buf_add(out, "\0\0\0\0\0\0", 6);
    put_name(out, name);
    put16(out, type);
    put16(out, CLASS_IN);
}

/* A name that may lead back by pointers, appended without them. Where it ends; 0 when it is bad. */
static size_t copy_name(Slice packet, size_t at, Buf *out)
{
    const uint8_t *p = (const uint8_t *)packet.ptr;
    size_t end = 0, total = 0;

    for (int jumps = 0; jumps < MAX_POINTERS;) {
        size_t len;

        if (at >= packet.len)
            return 0;
        len = p[at];
        if (len >= 0xc0) {
            if (at + 2 > packet.len)
                return 0;
            end = end ? end : at + 2;
            at = (len & 0x3f) << 8 | p[at + 1];
            jumps++;
            continue;
        }
        total += len + 1;
        if (len > 63 || total > 255 || at + 1 + len > packet.len)
            return 0;
        buf_add(out, p + at, len + 1);
        at += len + 1;
        if (len == 0)
            return end ? end : at;
    }
    return 0;
}

/* One record, appended when it is an address or an alias. Where it ends; 0 when it is bad. */
static size_t copy_record(Slice packet, size_t at, Buf *out, bool *ret_copied)
{
    const uint8_t *p = (const uint8_t *)packet.ptr;
    AUTO_BUF owner = BUF_INIT;
    AUTO_BUF data = BUF_INIT;
    unsigned type;
    size_t n;

    *ret_copied = false;
    at = copy_name(packet, at, &owner);
    if (at == 0 || at + 10 > packet.len)
        return 0;
    type = u16(p + at);
    n = u16(p + at + 8);
    if (at + 10 + n > packet.len)
        return 0;
    if (type == TYPE_CNAME && copy_name(packet, at + 10, &data) == 0)
        return 0;
    if ((type == TYPE_A && n == 4) || (type == TYPE_AAAA && n == 16))
        buf_add(&data, p + at + 10, n);
    if (data.len > 0) {
        buf_add_slice(out, buf_slice(&owner));
        buf_add(out, p + at, 4);
        put32(out, DNS_TTL_S); /* as long as the alias */
        put16(out, (unsigned)data.len);
        buf_add_slice(out, buf_slice(&data));
        *ret_copied = true;
    }
    return at + 10 + n;
}

void dns_add_answers(Slice from, size_t max, Buf *out)
{
    const uint8_t *p = (const uint8_t *)from.ptr;
    AUTO_BUF skipped = BUF_INIT;
    size_t at = HEAD_LEN, before = out->len;
    unsigned n = 0, there;

    if (from.len < HEAD_LEN || out->len < HEAD_LEN || !(p[2] & 0x80) || u16(p + 4) != 1)
        return;
    at = copy_name(from, at, &skipped);
    at = at ? at + 4 : from.len;
    for (unsigned left = u16(p + 6); left > 0 && n < MAX_RECORDS; left--) {
        bool copied;

        at = at < from.len ? copy_record(from, at, out, &copied) : 0;
        if (at == 0 || out->len > max) { /* the alias alone is no lie */
            buf_truncate(out, before);
            return;
        }
        n += copied;
    }
    there = u16((const uint8_t *)out->ptr + 6) + n;
    out->ptr[6] = (char)(there >> 8);
    out->ptr[7] = (char)there;
}

/* ---- answers of others, as a whole ---- */

bool dns_is_answer(Slice answer, Slice packet, const DnsQuery *q)
{
    const uint8_t *p = (const uint8_t *)answer.ptr;

    if (answer.len < q->question_len || !(p[2] & 0x80) || u16(p + 4) != 1 ||
        memcmp(answer.ptr, packet.ptr, 2) != 0)
        return false;
    for (size_t i = HEAD_LEN; i < q->question_len; i++) {
        if (tolower((unsigned char)answer.ptr[i]) != tolower((unsigned char)packet.ptr[i]))
            return false;
    }
    return true;
}

bool dns_is_cut(Slice answer)
{
    return answer.len > 2 && (answer.ptr[2] & 2);
}

int64_t dns_age(char *answer, size_t n, uint32_t seconds)
{
    uint8_t *p = (uint8_t *)answer;
    Slice packet = {answer, n};
    int64_t least = INT64_MAX;
    size_t at = HEAD_LEN;

    if (n < HEAD_LEN || u16(p + 4) != 1)
        return -1;
    for (int left = 1 + u16(p + 6) + u16(p + 8) + u16(p + 10); left > 0; left--) {
        AUTO_BUF owner = BUF_INIT;
        bool is_question = at == HEAD_LEN;
        uint32_t ttl;

        at = copy_name(packet, at, &owner);
        if (at == 0 || at + (is_question ? 4 : 10) > n)
            return -1;
        if (is_question) {
            at += 4;
            continue;
        }
        if (u16(p + at) != TYPE_OPT) { /* what is there in that one is no time */
            ttl = (uint32_t)u16(p + at + 4) << 16 | u16(p + at + 6);
            least = MIN(least, (int64_t)ttl);
            ttl -= MIN(ttl, seconds);
            for (int i = 0; i < 4; i++)
                p[at + 4 + i] = (uint8_t)(ttl >> (24 - 8 * i));
        }
        at += 10 + u16(p + at + 8);
        if (at > n)
            return -1;
    }
    return least;
}

int64_t dns_keep_s(Slice answer)
{
    int rcode = answer.len > 3 ? answer.ptr[3] & 0xf : -1;
    int64_t least;

    if ((rcode != RCODE_OK && rcode != RCODE_NXDOMAIN) || dns_is_cut(answer))
        return 0;
    least = dns_age((char *)(uintptr_t)answer.ptr, answer.len, 0); /* by nothing: unchanged */
    return least == INT64_MAX ? DNS_TTL_S : MAX(least, 0);
}
