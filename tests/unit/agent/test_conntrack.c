#include "agent/net/conntrack.h"
#include "base/buf.h"
#include "base/mem.h"
#include "tests/unit/test.h"

#include <arpa/inet.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>

static void add(Buf *b, int type, const void *value, size_t n)
{
    struct nlattr head = {.nla_len = (uint16_t)(NLA_HDRLEN + n), .nla_type = (uint16_t)type};

    buf_add(b, (const char *)&head, sizeof(head));
    buf_add(b, value, n);
    while (b->len % NLA_ALIGNTO != 0)
        buf_addc(b, '\0');
}

static void add_tuple(Buf *b, int type, const char *from, const char *to, int protocol, int port)
{
    AUTO_BUF ip = BUF_INIT;
    AUTO_BUF proto = BUF_INIT;
    AUTO_BUF all = BUF_INIT;
    bool is_v6 = strchr(from, ':') != NULL;
    unsigned char src[16], dst[16];
    size_t n = is_v6 ? 16 : 4;
    uint16_t from_port = htons((uint16_t)port);
    uint8_t number = (uint8_t)protocol;

    assert_int_equal(inet_pton(is_v6 ? AF_INET6 : AF_INET, from, src), 1);
    assert_int_equal(inet_pton(is_v6 ? AF_INET6 : AF_INET, to, dst), 1);
    add(&ip, is_v6 ? CTA_IP_V6_SRC : CTA_IP_V4_SRC, src, n);
    add(&ip, is_v6 ? CTA_IP_V6_DST : CTA_IP_V4_DST, dst, n);
    add(&proto, CTA_PROTO_NUM, &number, 1);
    add(&proto, CTA_PROTO_SRC_PORT, &from_port, 2);
    add(&all, CTA_TUPLE_IP | NLA_F_NESTED, ip.ptr, ip.len);
    add(&all, CTA_TUPLE_PROTO | NLA_F_NESTED, proto.ptr, proto.len);
    add(b, type | NLA_F_NESTED, all.ptr, all.len);
}

/* An entry: a client asked `asked`, and `answers`:port answers. */
static void entry(Buf *b, int protocol, const char *asked, const char *answers, int port)
{
    bool is_v6 = strchr(asked, ':') != NULL;
    const char *client = is_v6 ? "fd01::" : "10.88.0.2";
    struct nfgenmsg family = {.nfgen_family = is_v6 ? AF_INET6 : AF_INET};

    buf_add(b, (const char *)&family, sizeof(family));
    add_tuple(b, CTA_TUPLE_ORIG, client, asked, protocol, 4000);
    add_tuple(b, CTA_TUPLE_REPLY, answers, client, protocol, port);
}

TEST(translated_udp_flows_to_what_is_gone_are_stale)
{
    static const struct {
        const char *what;
        int protocol;
        const char *asked, *answers;
        int port;
        bool is_stale;
    } rows[] = {
        {"to the endpoint", IPPROTO_UDP, "10.96.0.9", "10.88.0.3", 53, true},
        {"TCP", IPPROTO_TCP, "10.96.0.9", "10.88.0.3", 53, false},
        {"another port", IPPROTO_UDP, "10.96.0.9", "10.88.0.3", 54, false},
        {"another endpoint", IPPROTO_UDP, "10.96.0.9", "10.88.0.4", 53, false},
        {"not by a service", IPPROTO_UDP, "10.88.0.3", "10.88.0.3", 53, false},
        {"to the node itself", IPPROTO_UDP, "172.30.0.11", "172.30.0.11", 30053, true},
        {"to the port of somebody else", IPPROTO_UDP, "10.88.0.3", "10.88.0.3", 30053, false},
        {"translated to the node", IPPROTO_UDP, "10.96.0.9", "172.30.0.11", 30053, false},
        {"by another node port", IPPROTO_UDP, "172.30.0.11", "10.88.0.9", 30053, false},
    };
    Map gone = {0};

    (void)map_set(&gone, "10.88.0.3 53", &gone);
    (void)map_set(&gone, "to 172.30.0.11 30053", &gone);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        AUTO_BUF b = BUF_INIT;
        Slice tuple;

        entry(&b, rows[i].protocol, rows[i].asked, rows[i].answers, rows[i].port);
        if (conntrack_is_stale(AF_INET, buf_slice(&b), &gone, &tuple) != rows[i].is_stale)
            fail_msg("%s", rows[i].what);
    }
    map_done(&gone);
}

TEST(flows_of_the_other_family_too)
{
    AUTO_BUF b = BUF_INIT;
    Map gone = {0};
    Slice tuple;

    entry(&b, IPPROTO_UDP, "fd02::", "fd03::", 53);
    (void)map_set(&gone, "fd03:: 54", &gone);
    assert_false(conntrack_is_stale(AF_INET6, buf_slice(&b), &gone, &tuple));
    (void)map_set(&gone, "fd03:: 53", &gone);
    assert_true(conntrack_is_stale(AF_INET6, buf_slice(&b), &gone, &tuple));
    assert_false(conntrack_is_stale(AF_INET, buf_slice(&b), &gone, &tuple));
    map_done(&gone);
}

TEST(a_message_that_is_cut_anywhere_is_no_entry)
{
    Map gone = {0};
    AUTO_BUF b = BUF_INIT;
    Slice tuple;

    (void)map_set(&gone, "10.88.0.3 53", &gone);
    entry(&b, IPPROTO_UDP, "10.96.0.9", "10.88.0.3", 53);
    assert_true(conntrack_is_stale(AF_INET, buf_slice(&b), &gone, &tuple));
    assert_true(tuple.ptr > b.ptr && tuple.ptr + tuple.len <= b.ptr + b.len);
    for (size_t n = 0; n + NLA_ALIGNTO < b.len; n++) {
        AUTO_FREE char *copy = xmalloc(n + 1); /* so that a sanitizer sees the end */

        memcpy(copy, b.ptr, n);
        assert_false(conntrack_is_stale(AF_INET, (Slice){copy, n}, &gone, &tuple));
    }
    map_done(&gone);
}
