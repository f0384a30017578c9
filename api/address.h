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

#include <netinet/in.h>

typedef struct Address {
    unsigned char bytes[16]; /* 4 of them for IPv4, also for IPv4 in the form of IPv6 */
    unsigned n_bits;         /* 32 or 128 */
    bool has_zeros;          /* a part of IPv4 begins with a needless zero */
    bool is_mapped;          /* IPv4 in the form of IPv6 */
    char text[INET6_ADDRSTRLEN];
} Address;

typedef struct AddressRange {
    Address ip;
    unsigned prefix;                 /* of the 32 or 128 bits of `ip` */
    bool has_zeros;                  /* in the address or the prefix */
    bool has_more;                   /* bits are set behind the prefix */
    char text[INET6_ADDRSTRLEN + 4]; /* without them */
} AddressRange;

bool address_parse(const char *s, Address *ret);
bool address_range_parse(const char *s, AddressRange *ret);
bool address_equal(const Address *x, const Address *y);
bool address_in(const AddressRange *range, const Address *x);

#endif
