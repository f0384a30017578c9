#include "agent/net/conntrack.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

enum { RECEIVE_BYTES = 64 << 10, TIMEOUT_S = 2 };

static const LogCtx ctx = {.component = "conntrack"};

/* ---- reading ---- */

/* The first attribute of a type, header included; empty when there is none. */
static Slice attribute(Slice list, int type)
{
    while (list.len >= NLA_HDRLEN) {
        struct nlattr head;
        size_t step;

        memcpy(&head, list.ptr, sizeof(head));
        if (head.nla_len < NLA_HDRLEN || head.nla_len > list.len)
            break;
        if ((head.nla_type & NLA_TYPE_MASK) == type)
            return (Slice){list.ptr, head.nla_len};
        step = MIN(list.len, (size_t)NLA_ALIGN(head.nla_len));
        list.ptr += step;
        list.len -= step;
    }
    return (Slice){NULL, 0};
}

static Slice inside(Slice attr)
{
    if (attr.len < NLA_HDRLEN)
        return (Slice){NULL, 0};
    return (Slice){attr.ptr + NLA_HDRLEN, attr.len - NLA_HDRLEN};
}

static bool read_number(Slice list, int type, void *out, size_t n)
{
    Slice value = inside(attribute(list, type));

    if (value.len < n)
        return false;
    memcpy(out, value.ptr, n);
    return true;
}

typedef struct Tuple {
    unsigned char from[16], to[16]; /* addresses and ports in network order */
    uint16_t from_port;
    uint8_t protocol;
} Tuple;

static bool read_tuple(int family, Slice attr, Tuple *ret)
{
    bool is_v4 = family == AF_INET;
    size_t n = is_v4 ? 4 : 16;
    Slice ip = inside(attribute(inside(attr), CTA_TUPLE_IP));
    Slice proto = inside(attribute(inside(attr), CTA_TUPLE_PROTO));

    *ret = (Tuple){.protocol = 0};
    return read_number(ip, is_v4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC, ret->from, n) &&
           read_number(ip, is_v4 ? CTA_IP_V4_DST : CTA_IP_V6_DST, ret->to, n) &&
           read_number(proto, CTA_PROTO_NUM, &ret->protocol, sizeof(ret->protocol)) &&
           read_number(proto, CTA_PROTO_SRC_PORT, &ret->from_port, sizeof(ret->from_port));
}

bool conntrack_is_stale(int family, Slice message, const Map *gone, Slice *ret_tuple)
{
    Slice list, sent;
    Tuple there, back;
    char ip[INET6_ADDRSTRLEN], key[INET6_ADDRSTRLEN + 16];
    bool is_translated;

    if (message.len < sizeof(struct nfgenmsg))
        return false;
    list = (Slice){message.ptr + sizeof(struct nfgenmsg), message.len - sizeof(struct nfgenmsg)};
    sent = attribute(list, CTA_TUPLE_ORIG);
    if (!read_tuple(family, sent, &there) ||
        !read_tuple(family, attribute(list, CTA_TUPLE_REPLY), &back) ||
        there.protocol != IPPROTO_UDP)
        return false;
    is_translated = memcmp(there.to, back.from, sizeof(there.to)) != 0;
    inet_ntop(family, back.from, ip, sizeof(ip));
    snprintf(key, sizeof(key), "%s%s %u", is_translated ? "" : "to ", ip, ntohs(back.from_port));
    *ret_tuple = sent;
    return map_get(gone, key) != NULL;
}

/* ---- talking ---- */

static bool send_message(int fd, int family, int type, int flags, Slice attributes)
{
    AUTO_BUF b = BUF_INIT;
    struct nlmsghdr head = {.nlmsg_len =
                                (uint32_t)(NLMSG_LENGTH(sizeof(struct nfgenmsg)) + attributes.len),
                            .nlmsg_type = (uint16_t)(NFNL_SUBSYS_CTNETLINK << 8 | type),
                            .nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags)};
    struct nfgenmsg of = {.nfgen_family = (uint8_t)family, .version = NFNETLINK_V0};

    buf_add(&b, (const char *)&head, sizeof(head));
    buf_add(&b, (const char *)&of, sizeof(of));
    buf_add_slice(&b, attributes);
    return send(fd, b.ptr, b.len, 0) == (ssize_t)b.len;
}

static int open_socket(void)
{
    struct timeval limit = {.tv_sec = TIMEOUT_S};
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);

    if (fd >= 0)
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)); /* else it may wait */
    return fd;
}

/* The tuples of what is to go, one after the other, each in one Slice's bytes. */
static bool collect(int fd, int family, const Map *gone, Buf *ret)
{
    AUTO_FREE char *in = xmalloc(RECEIVE_BYTES);

    if (!send_message(fd, family, IPCTNL_MSG_CT_GET, NLM_F_DUMP, SLICE("")))
        return false;
    for (;;) {
        ssize_t n = recv(fd, in, RECEIVE_BYTES, 0);
        size_t at = 0;

        if (n <= 0)
            return false;
        while ((size_t)n - at >= sizeof(struct nlmsghdr)) {
            struct nlmsghdr head;
            Slice tuple;

            memcpy(&head, in + at, sizeof(head));
            if (head.nlmsg_len < sizeof(head) || head.nlmsg_len > (size_t)n - at)
                return false;
            if (head.nlmsg_type == NLMSG_DONE)
                return true;
            if (head.nlmsg_type == NLMSG_ERROR)
                return false;
            if (conntrack_is_stale(
                    family, (Slice){in + at + NLMSG_HDRLEN, head.nlmsg_len - (size_t)NLMSG_HDRLEN},
                    gone, &tuple)) {
                buf_add_slice(ret, tuple);
                while (ret->len % NLA_ALIGNTO != 0)
                    buf_addc(ret, '\0');
            }
            at += MIN((size_t)n - at, (size_t)NLMSG_ALIGN(head.nlmsg_len));
        }
    }
}

void conntrack_forget_udp(int family, const Map *gone)
{
    AUTO_BUF tuples = BUF_INIT;
    int fd = open_socket(), n = 0;
    Slice rest;

    if (fd < 0 || !collect(fd, family, gone, &tuples))
        log_warning(&ctx, "flows to endpoints that are gone end by their timeout only",
                    LOG_STR("error", strerror(errno)));
    rest = buf_slice(&tuples);
    while (fd >= 0 && rest.len >= NLA_HDRLEN) {
        Slice tuple = attribute(rest, CTA_TUPLE_ORIG);
        size_t step = MIN(rest.len, (size_t)NLA_ALIGN(tuple.len));

        if (tuple.len == 0)
            break;
        n += send_message(fd, family, IPCTNL_MSG_CT_DELETE, 0,
                          tuple); /* one that has ended is fine */
        rest.ptr += step;
        rest.len -= step;
    }
    if (n > 0)
        log_debug(&ctx, "UDP flows forgotten", LOG_INT("count", n));
    if (fd >= 0)
        close(fd);
}
