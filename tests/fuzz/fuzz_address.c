#include "api/address.h"
#include "base/arena.h"
#include "tests/fuzz/fuzz.h"

/* What is printed of an address or a range parses to the same again, and has no mistakes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *text = arena_strndup(a, (const char *)data, size);
    AddressRange range, range2;
    Address ip, ip2;

    if (address_parse(text, &ip)) {
        BUG_ON(!address_parse(ip.text, &ip2));
        BUG_ON(strcmp(ip.text, ip2.text) != 0 || ip.n_bits != ip2.n_bits || ip2.has_zeros);
        BUG_ON(memcmp(ip.bytes, ip2.bytes, ip.n_bits / 8) != 0);
    }
    if (address_range_parse(text, &range)) {
        BUG_ON(range.prefix > range.ip.n_bits);
        BUG_ON(!address_range_parse(range.text, &range2));
        BUG_ON(strcmp(range.text, range2.text) != 0 || range2.has_more || range2.has_zeros);
    }
    return 0;
}
