#include "api/address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* Parts may begin with zeros. */
static bool parse_v4(const char *s, unsigned char out[4], bool *ret_zeros)
{
    *ret_zeros = false;
    for (int i = 0; i < 4; i++) {
        unsigned n = 0, digits = 0;

        *ret_zeros |= s[0] == '0' && s[1] >= '0' && s[1] <= '9';
        for (; *s >= '0' && *s <= '9' && digits < 10; s++, digits++)
            n = n * 10 + (unsigned)(*s - '0');
        if (digits == 0 || n > 255 || *s != (i < 3 ? '.' : '\0'))
            return false;
        out[i] = (unsigned char)n;
        s += i < 3;
    }
    return true;
}

/* The tail of IPv6 may be IPv4, with the same zeros. */
static bool parse_v6(const char *s, unsigned char out[16], bool *ret_zeros)
{
    enum { TEXT_MAX = 128 };
    char plain[TEXT_MAX];
    unsigned char tail[4];
    const char *colon = strrchr(s, ':');

    *ret_zeros = false;
    if (!colon || strlen(s) >= TEXT_MAX)
        return false;
    if (!strchr(colon, '.'))
        return inet_pton(AF_INET6, s, out) == 1;
    if (!parse_v4(colon + 1, tail, ret_zeros))
        return false;
    snprintf(plain, sizeof(plain), "%.*s%u.%u.%u.%u", (int)(colon + 1 - s), s, tail[0], tail[1],
             tail[2], tail[3]);
    return inet_pton(AF_INET6, plain, out) == 1;
}

/* RFC 5952; IPv4 is written as such in mapped addresses only, which are IPv4 here. */
static bool print(Address *at)
{
    static const unsigned char zeros[12];
    const unsigned char *b = at->bytes;

    if (at->n_bits == 128 && memcmp(b, zeros, sizeof(zeros)) == 0 && (b[12] || b[13])) {
        snprintf(at->text, sizeof(at->text), "::%x:%x", b[12] << 8 | b[13], b[14] << 8 | b[15]);
        return true;
    }
    return inet_ntop(at->n_bits == 32 ? AF_INET : AF_INET6, b, at->text, sizeof(at->text)) != NULL;
}

bool address_parse(const char *s, Address *ret)
{
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

    *ret = (Address){.n_bits = 32};
    if (parse_v4(s, ret->bytes, &ret->has_zeros))
        return print(ret);
    if (!parse_v6(s, ret->bytes, &ret->has_zeros))
        return false;
    ret->is_mapped = memcmp(ret->bytes, mapped, sizeof(mapped)) == 0;
    if (ret->is_mapped)
        memmove(ret->bytes, ret->bytes + sizeof(mapped), 4);
    else
        ret->n_bits = 128;
    return print(ret);
}

/* The number of bits in `s`; -1 if it is none. */
static int parse_prefix(const char *s, int max)
{
    int n = 0;

    if (s[0] == '\0' || s[strspn(s, "0123456789")] != '\0')
        return -1;
    for (; *s && n <= max; s++)
        n = n * 10 + (*s - '0');
    return n <= max ? n : -1;
}

/* Clears the bits behind the prefix; true when there were any. */
static bool mask(Address *at, unsigned prefix)
{
    bool had = false;

    for (unsigned i = 0; i < at->n_bits / 8; i++) {
        unsigned keep = prefix >= 8 * (i + 1) ? 8 : prefix > 8 * i ? prefix - 8 * i : 0;
        unsigned char m = (unsigned char)(0xff00u >> keep);

        had = had || (at->bytes[i] & (unsigned char)~m) != 0;
        at->bytes[i] &= m;
    }
    return had;
}

bool address_range_parse(const char *s, AddressRange *ret)
{
    const char *slash = strchr(s, '/');
    char ip[INET6_ADDRSTRLEN * 2];
    Address net;
    int prefix;

    *ret = (AddressRange){.prefix = 0};
    if (!slash || (size_t)(slash - s) >= sizeof(ip))
        return false;
    memcpy(ip, s, (size_t)(slash - s));
    ip[slash - s] = '\0';
    if (!address_parse(ip, &ret->ip))
        return false;
    prefix = parse_prefix(slash + 1, strchr(ip, ':') ? 128 : 32);
    if (prefix < 0)
        return false;
    if (ret->ip.is_mapped)
        prefix = prefix > 96 ? prefix - 96 : 0;
    ret->prefix = (unsigned)prefix;
    ret->has_zeros = ret->ip.has_zeros || (slash[1] == '0' && slash[2] != '\0');
    net = ret->ip;
    ret->has_more = mask(&net, ret->prefix);
    if (!print(&net))
        return false;
    snprintf(ret->text, sizeof(ret->text), "%s/%d", net.text, prefix);
    return true;
}

bool address_equal(const Address *x, const Address *y)
{
    return x->n_bits == y->n_bits && memcmp(x->bytes, y->bytes, x->n_bits / 8) == 0;
}

bool address_in(const AddressRange *range, const Address *x)
{
    if (range->ip.n_bits != x->n_bits)
        return false;
    for (unsigned bit = 0; bit < range->prefix; bit++) {
        if (((range->ip.bytes[bit / 8] ^ x->bytes[bit / 8]) >> (7 - bit % 8)) & 1)
            return false;
    }
    return true;
}

const char *address_family(const Address *x)
{
    return x->n_bits == 32 ? "IPv4" : "IPv6";
}

void address_part(const AddressRange *range, unsigned prefix, uint64_t i, Address *ret)
{
    *ret = range->ip;
    for (unsigned bit = prefix; i > 0 && bit > range->prefix; bit--, i >>= 1)
        ret->bytes[(bit - 1) / 8] |= (unsigned char)((i & 1) << (7 - (bit - 1) % 8));
    (void)print(ret); /* it is an address */
}

Address address_nth(const AddressRange *range, uint64_t i)
{
    Address at;

    address_part(range, range->ip.n_bits, i, &at);
    return at;
}

/* One that is written as it is meant. */
static bool parse_exactly(const char *s, AddressRange *ret)
{
    return address_range_parse(s, ret) && !ret->has_more && !ret->has_zeros && !ret->ip.is_mapped;
}

bool address_ranges_parse(const char *s, AddressRanges *ret)
{
    const char *comma = strchr(s, ',');
    char first[sizeof(ret->items[0].text)];

    *ret = (AddressRanges){.n = comma ? 2 : 1};
    if (!comma)
        return parse_exactly(s, &ret->items[0]);
    if ((size_t)(comma - s) >= sizeof(first))
        return false;
    snprintf(first, sizeof(first), "%.*s", (int)(comma - s), s);
    return parse_exactly(first, &ret->items[0]) && parse_exactly(comma + 1, &ret->items[1]) &&
           ret->items[0].ip.n_bits != ret->items[1].ip.n_bits;
}

const AddressRange *address_ranges_of(const AddressRanges *ranges, const char *family)
{
    for (unsigned i = 0; i < ranges->n; i++)
        if (strcmp(address_family(&ranges->items[i].ip), family) == 0)
            return &ranges->items[i];
    return NULL;
}
