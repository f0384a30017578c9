/*
 * address.h - IP addresses and ranges as Kubernetes reads them: the sloppy way that old objects
 * may use, and what is odd about a text that is read so.
 *
 * Owns: nothing. Threads: any. Frees: nothing. Fails: false when the text is no address at all.
 * Tests: tests/unit/api/test_address.c
 */
#ifndef API_ADDRESS_H
#define API_ADDRESS_H

#include "base/base.h"

enum { ADDRESS_TEXT_MAX = 46 }; /* INET6_ADDRSTRLEN */

typedef struct Address {
    unsigned char bytes[16]; /* 4 of them for IPv4, also for IPv4 in the form of IPv6 */
    unsigned n_bits;         /* 32 or 128 */
    bool has_zeros;          /* a part of IPv4 begins with a needless zero */
    bool is_mapped;          /* IPv4 in the form of IPv6 */
    char text[ADDRESS_TEXT_MAX];
} Address;

typedef struct AddressRange {
    Address ip;
    unsigned prefix;                 /* of the 32 or 128 bits of `ip` */
    bool has_zeros;                  /* in the address or the prefix */
    bool has_more;                   /* bits are set behind the prefix */
    char text[ADDRESS_TEXT_MAX + 4]; /* without them */
} AddressRange;

bool address_parse(const char *s, Address *ret);
bool address_range_parse(const char *s, AddressRange *ret);
bool address_equal(const Address *x, const Address *y);
bool address_in(const AddressRange *range, const Address *x);
const char *address_family(const Address *x); /* "IPv4" or "IPv6", as the API names them */
/* The `i`-th of the parts of a range that have this prefix; `i` is below their number, and the
 * range has no bits behind its own. */
void address_part(const AddressRange *range, unsigned prefix, uint64_t i, Address *ret);
/* The `i`-th address. In the ranges for services every cluster has its API server and its DNS at
 * the same ones. */
enum { SERVICE_API_AT = 1, SERVICE_DNS_AT = 10 };
Address address_nth(const AddressRange *range, uint64_t i);

/* What a cluster has of something, one range a family; the first is the one it prefers. */
typedef struct AddressRanges {
    AddressRange items[2];
    unsigned n;
} AddressRanges;

/* "10.96.0.0/16,fd00:96::/112" */
bool address_ranges_parse(const char *s, AddressRanges *ret);
/* That of the family; NULL: the cluster does not have it. */
const AddressRange *address_ranges_of(const AddressRanges *ranges, const char *family);

#endif
