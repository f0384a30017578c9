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

/* Four numbers without leading zeros. Returns NULL, or what is wrong. */
static const char *read_ipv4(Slice s, unsigned char *out)
{
    int value = 0, digits = 0, part = 0;

    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];

        if (isdigit((unsigned char)c)) {
            if (digits == 1 && value == 0)
                return "IPv4 field has octet with leading zero";
            value = value * 10 + (c - '0');
            digits++;
            if (value > 255)
                return "IPv4 field has value >255";
        } else if (c == '.') {
            if (digits == 0 || i + 1 == s.len)
                return "IPv4 field must have at least one digit";
            if (part == 3)
                return "IPv4 address too long";
            out[part++] = (unsigned char)value;
            value = digits = 0;
        } else {
            return "unexpected character";
        }
    }
    if (part < 3)
        return "IPv4 address too short";
    out[3] = (unsigned char)value;
    return NULL;
}

/* Up to four hex digits at *at; false when there is none or too many. */
static bool read_group(Slice s, size_t *at, unsigned *ret)
{
    size_t n = 0;

    *ret = 0;
    for (; *at < s.len && isxdigit((unsigned char)s.ptr[*at]); ++*at, n++) {
        int c = tolower((unsigned char)s.ptr[*at]);

        if (n == 4)
            return false;
        *ret = *ret * 16 + (unsigned)(isdigit(c) ? c - '0' : c - 'a' + 10);
    }
    return n > 0;
}

static const char *read_ipv6(Slice s, unsigned char *out)
{
    size_t at = 0, n = 0, gap = SIZE_MAX;

    memset(out, 0, 16);
    if (s.len >= 2 && s.ptr[0] == ':' && s.ptr[1] == ':') {
        gap = 0;
        at = 2;
    }
    while (n < 16 && at < s.len) {
        size_t start = at;
        unsigned group;

        if (!read_group(s, &at, &group))
            return at > start ? "IPv6 field has value >=2^16"
                              : "each colon-separated field must have at least one digit";
        if (at < s.len && s.ptr[at] == '.') {
            if ((gap == SIZE_MAX && n != 12) || n + 4 > 16)
                return "embedded IPv4 address must replace the final 2 fields of the address";
            if (read_ipv4((Slice){s.ptr + start, s.len - start}, out + n))
                return "invalid embedded IPv4 address";
            n += 4;
            at = s.len;
            break;
        }
        out[n++] = (unsigned char)(group >> 8);
        out[n++] = (unsigned char)group;
        if (at == s.len)
            break;
        if (s.ptr[at] != ':')
            return "unexpected character, want colon";
        if (++at == s.len)
            return "colon must be followed by more characters";
        if (s.ptr[at] == ':') {
            if (gap != SIZE_MAX)
                return "multiple :: in address";
            gap = n;
            at++;
        }
    }
    if (at < s.len)
        return "trailing garbage after address";
    if (n < 16) {
        if (gap == SIZE_MAX)
            return "address string too short";
        memmove(out + 16 - (n - gap), out + gap, n - gap);
        memset(out + gap, 0, 16 - n);
    } else if (gap != SIZE_MAX) {
        return "the :: must expand to at least one field of zeros";
    }
    return NULL;
}

static const char *read_address(Slice s, Net *ret)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '.') {
            ret->size = 4;
            return read_ipv4(s, ret->bytes);
        }
        if (s.ptr[i] == ':') {
            ret->size = 16;
            return read_ipv6(s, ret->bytes);
        }
        if (s.ptr[i] == '%')
            return "missing IPv6 address";
    }
    return "unable to parse IP";
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
    Slice address = {s.ptr, zone ? (size_t)(zone - s.ptr) : s.len};
    int len = (int)MIN(s.len, (size_t)1000);

    text = read_address(address, ret);
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
                              "ParseAddr(\"%.*s\"): %s",
                              len, s.ptr, len, s.ptr, text);
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
    Slice address, bits = s;
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
    if (read_address(address, ret))
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
