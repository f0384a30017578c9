#include "base/goaddr.h"
#include "cel/cel_int.h"

#include <ctype.h>

/* IP addresses and networks (k8s.io/apiserver/pkg/cel/library/ip.go, cidr.go), read as Go's
 * net/netip reads them. */

#define IP   "net.IP"
#define CIDR "net.CIDR"

typedef struct Net {
    unsigned char bytes[16]; /* four of them for IPv4 */
    int size;                /* 4 or 16 */
    int bits;                /* of networks: the prefix */
} Net;

/* ---- reading ---- */

static const char *read_address(Slice s, Net *ret, Slice *at)
{
    GoAddr a = {0};
    const char *wrong = goaddr_parse(s, &a, at);

    memcpy(ret->bytes, a.bytes, sizeof(a.bytes));
    ret->size = a.size;
    return wrong;
}

static bool is_mapped(const Net *n)
{
    static const unsigned char prefix[12] = {[10] = 0xff, [11] = 0xff};

    return n->size == 16 && memcmp(n->bytes, prefix, 12) == 0;
}

/* False: *wrong. NULL for `run` only asks. */
static bool parse_ip(CelRun *run, Slice s, Net *ret, CelVal *wrong)
{
    const char *zone = memchr(s.ptr ? s.ptr : "", '%', s.len), *text;
    Slice address = {s.ptr, zone ? (size_t)(zone - s.ptr) : s.len}, at;
    int len = (int)MIN(s.len, (size_t)1000);

    text = read_address(address, ret, &at);
    if (!text && zone && ret->size == 16) {
        if (run)
            *wrong =
                cel__err(run, "IP address \"%.*s\" with zone value is not allowed", len, s.ptr);
        return false;
    }
    if (!text && zone)
        text = "zones cannot be used with IPv4";
    if (text) {
        if (run)
            *wrong = cel__err(run,
                              "IP Address \"%.*s\" parse error during conversion from string: "
                              "ParseAddr(\"%.*s\"): %s%s%.*s%s",
                              len, s.ptr, len, s.ptr, text, at.len > 0 ? " (at \"" : "",
                              (int)MIN(at.len, (size_t)1000), at.ptr, at.len > 0 ? "\")" : "");
        return false;
    }
    if (is_mapped(ret)) {
        if (run)
            *wrong = cel__err(run, "IPv4-mapped IPv6 address \"%.*s\" is not allowed", len, s.ptr);
        return false;
    }
    return true;
}

static const char *read_prefix(Slice s, Net *ret)
{
    Slice address, bits = s, at;
    size_t slash = s.len;
    int n = 0;

    while (slash > 0 && s.ptr[slash - 1] != '/')
        slash--;
    if (slash == 0)
        return "no '/'";
    address = (Slice){s.ptr, slash - 1};
    bits = (Slice){s.ptr + slash, s.len - slash};
    if (memchr(address.ptr, '%', address.len))
        return "IPv6 zones cannot be present in a prefix";
    if (read_address(address, ret, &at))
        return "unable to parse IP";
    if (bits.len == 0 || bits.len > 3 || (bits.len > 1 && bits.ptr[0] == '0'))
        return "bad bits after slash";
    for (size_t i = 0; i < bits.len; i++) {
        if (!isdigit((unsigned char)bits.ptr[i]))
            return "bad bits after slash";
        n = n * 10 + (bits.ptr[i] - '0');
    }
    if (n > ret->size * 8)
        return "prefix length out of range";
    ret->bits = n;
    return NULL;
}

static bool parse_cidr(CelRun *run, Slice s, Net *ret, CelVal *wrong)
{
    const char *text = read_prefix(s, ret);
    int len = (int)MIN(s.len, (size_t)1000);

    if (!text && !is_mapped(ret))
        return true;
    if (run && text)
        *wrong = cel__err(run,
                          "network address parse error during conversion from string: network "
                          "address parse error during conversion from string: "
                          "netip.ParsePrefix(\"%.*s\"): %s",
                          len, s.ptr, text);
    else if (run)
        *wrong = cel__err(run,
                          "network address parse error during conversion from string: IPv4-mapped "
                          "IPv6 address \"%.*s\" is not allowed",
                          len, s.ptr);
    return false;
}

/* ---- writing ---- */

static void print_ipv6(const unsigned char *b, char *out, size_t size)
{
    int best = -1, best_len = 1, at = 0;

    for (int i = 0; i < 8; i++) { /* the longest run of zeros, of two at least */
        int n = 0;

        while (i + n < 8 && b[(i + n) * 2] == 0 && b[(i + n) * 2 + 1] == 0)
            n++;
        if (n > best_len) {
            best = i;
            best_len = n;
        }
    }
    for (int i = 0; i < 8; i++) {
        if (i == best) {
            at += snprintf(out + at, size - (size_t)at, "::");
            i += best_len - 1;
            continue;
        }
        at += snprintf(out + at, size - (size_t)at, "%s%x",
                       i > 0 && i != best + (best >= 0 ? best_len : 1000) ? ":" : "",
                       (unsigned)b[i * 2] << 8 | b[i * 2 + 1]);
    }
}

static char *print(const Net *n, bool has_bits, char out[64])
{
    if (n->size == 4)
        snprintf(out, 64, "%d.%d.%d.%d", n->bytes[0], n->bytes[1], n->bytes[2], n->bytes[3]);
    else
        print_ipv6(n->bytes, out, 64);
    if (has_bits)
        snprintf(out + strlen(out), 64 - strlen(out), "/%d", n->bits);
    return out;
}

/* ---- functions ---- */

static CelVal make(CelRun *run, const char *type, const Net *n)
{
    Net *copy = cel__alloc(run, sizeof(*copy));

    if (!copy)
        return cel__err(run, "out of memory");
    *copy = *n;
    return cel__opaque(cel__library_type(type), copy);
}

static const Net *get(CelVal v)
{
    return v.opaque.ptr;
}

static CelVal ip(CelRun *run, const CelVal *args, int n UNUSED)
{
    CelVal wrong;
    Net net = {0};

    return parse_ip(run, args[0].s, &net, &wrong) ? make(run, IP, &net) : wrong;
}

static CelVal is_ip(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    Net net = {0};

    return cel__of_bool(parse_ip(NULL, args[0].s, &net, NULL));
}

static CelVal is_canonical(CelRun *run, const CelVal *args, int n UNUSED)
{
    char text[64];
    CelVal wrong;
    Net net = {0};

    if (!parse_ip(run, args[0].s, &net, &wrong))
        return wrong;
    return cel__of_bool(slice_is(args[0].s, print(&net, false, text)));
}

static CelVal to_string(CelRun *run, const CelVal *args, int n UNUSED)
{
    AUTO_BUF out = BUF_INIT;
    char text[64];

    buf_adds(&out, print(get(args[0]), str_eq(args[0].opaque.type->name, CIDR), text));
    return cel__of_buf(run, &out);
}

static CelVal family(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_int(get(args[0])->size == 4 ? 4 : 6);
}

static bool is_zero(const Net *n, int from, int to)
{
    for (int i = from; i < to; i++)
        if (n->bytes[i])
            return false;
    return true;
}

static CelVal is_unspecified(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_bool(is_zero(get(args[0]), 0, get(args[0])->size));
}

static bool loopback(const Net *n)
{
    return n->size == 4 ? n->bytes[0] == 127 : is_zero(n, 0, 15) && n->bytes[15] == 1;
}

static bool link_local_unicast(const Net *n)
{
    return n->size == 4 ? n->bytes[0] == 169 && n->bytes[1] == 254
                        : n->bytes[0] == 0xfe && (n->bytes[1] & 0xc0) == 0x80;
}

static CelVal is_loopback(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_bool(loopback(get(args[0])));
}

static CelVal is_link_local_unicast(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_bool(link_local_unicast(get(args[0])));
}

static CelVal is_link_local_multicast(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    const Net *a = get(args[0]);

    return cel__of_bool(a->size == 4 ? is_zero(a, 1, 3) && a->bytes[0] == 224
                                     : a->bytes[0] == 0xff && (a->bytes[1] & 0x0f) == 2);
}

static CelVal is_global_unicast(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    const Net *a = get(args[0]);
    bool is_broadcast = a->size == 4 && memcmp(a->bytes, "\xff\xff\xff\xff", 4) == 0;
    bool is_multicast = a->size == 4 ? (a->bytes[0] & 0xf0) == 0xe0 : a->bytes[0] == 0xff;

    return cel__of_bool(!is_broadcast && !is_multicast && !is_zero(a, 0, a->size) && !loopback(a) &&
                        !link_local_unicast(a));
}

static CelVal cidr(CelRun *run, const CelVal *args, int n UNUSED)
{
    CelVal wrong;
    Net net = {0};

    return parse_cidr(run, args[0].s, &net, &wrong) ? make(run, CIDR, &net) : wrong;
}

static CelVal is_cidr(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    Net net = {0};

    return cel__of_bool(parse_cidr(NULL, args[0].s, &net, NULL));
}

static Net mask(const Net *n, int bits)
{
    Net m = *n;

    for (int i = 0; i < m.size * 8; i++)
        if (i >= bits)
            m.bytes[i / 8] &= (unsigned char)~(0x80 >> i % 8);
    return m;
}

static bool is_in(const Net *network, const Net *address)
{
    Net a, b;

    if (network->size != address->size)
        return false;
    a = mask(network, network->bits);
    b = mask(address, network->bits);
    return memcmp(a.bytes, b.bytes, (size_t)a.size) == 0;
}

static CelVal contains_ip(CelRun *run, const CelVal *args, int n UNUSED)
{
    CelVal wrong;
    Net net = {0};

    if (args[1].kind == CEL_STRING && !parse_ip(run, args[1].s, &net, &wrong))
        return cel__no_overload();
    return cel__of_bool(is_in(get(args[0]), args[1].kind == CEL_STRING ? &net : get(args[1])));
}

/* As upstream: the inner network's address must be the outer's own masked one up to the last bit of
 * it. */
static CelVal contains_cidr(CelRun *run, const CelVal *args, int n UNUSED)
{
    const Net *outer = get(args[0]), *inner;
    CelVal wrong;
    Net net = {0};

    if (args[1].kind == CEL_STRING && !parse_cidr(run, args[1].s, &net, &wrong))
        return cel__no_overload();
    inner = args[1].kind == CEL_STRING ? &net : get(args[1]);
    return cel__of_bool(is_in(outer, inner) && outer->bits <= inner->bits);
}

static CelVal cidr_ip(CelRun *run, const CelVal *args, int n UNUSED)
{
    return make(run, IP, get(args[0]));
}

static CelVal masked(CelRun *run, const CelVal *args, int n UNUSED)
{
    Net m = mask(get(args[0]), get(args[0])->bits);

    return make(run, CIDR, &m);
}

static CelVal prefix_length(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_int(get(args[0])->bits);
}

bool cel__net_equal(CelVal a, CelVal b, bool has_bits)
{
    const Net *x = get(a), *y = get(b);

    return x->size == y->size && memcmp(x->bytes, y->bytes, (size_t)x->size) == 0 &&
           (!has_bits || x->bits == y->bits);
}

uint64_t cel__net_size(CelVal v)
{
    const Net *n = get(v);

    return str_eq(v.opaque.type->name, CIDR) ? (uint64_t)(n->bits + 7) / 8 : (uint64_t)n->size;
}

static CelFn fns[] = {
    FN("ip", "string_to_ip", "string", IP, ip),
    FN("isIP", "is_ip", "string", "bool", is_ip),
    FN("ip.isCanonical", "ip_is_canonical", "string", "bool", is_canonical),
    METHOD("family", "ip_family", IP, "int", family),
    METHOD("isUnspecified", "ip_is_unspecified", IP, "bool", is_unspecified),
    METHOD("isLoopback", "ip_is_loopback", IP, "bool", is_loopback),
    METHOD("isLinkLocalMulticast", "ip_is_link_local_multicast", IP, "bool",
           is_link_local_multicast),
    METHOD("isLinkLocalUnicast", "ip_is_link_local_unicast", IP, "bool", is_link_local_unicast),
    METHOD("isGlobalUnicast", "ip_is_global_unicast", IP, "bool", is_global_unicast),
    FN("string", "ip_to_string", IP, "string", to_string),
    FN("cidr", "string_to_cidr", "string", CIDR, cidr),
    FN("isCIDR", "is_cidr", "string", "bool", is_cidr),
    METHOD("containsIP", "cidr_contains_ip_string", CIDR ",string", "bool", contains_ip),
    METHOD("containsIP", "cidr_contains_ip_ip", CIDR "," IP, "bool", contains_ip),
    METHOD("containsCIDR", "cidr_contains_cidr_string", CIDR ",string", "bool", contains_cidr),
    METHOD("containsCIDR", "cidr_contains_cidr", CIDR "," CIDR, "bool", contains_cidr),
    METHOD("ip", "cidr_ip", CIDR, IP, cidr_ip),
    METHOD("prefixLength", "cidr_prefix_length", CIDR, "int", prefix_length),
    METHOD("masked", "cidr_masked", CIDR, CIDR, masked),
    FN("string", "cidr_to_string", CIDR, "string", to_string),
};

const CelLibTable cel__lib_net = {CEL_LIB_NET, fns, ARRAY_LEN(fns)};
