/* The first byte chooses the format. */
#include "api/formats.h"
#include "tests/fuzz/fuzz.h"

static const char *const names[] = {"date",     "datetime", "duration",   "email",      "uri",
                                    "hostname", "ipv4",     "ipv6",       "cidr",       "mac",
                                    "uuid",     "isbn",     "quantity",   "creditcard", "rgbcolor",
                                    "byte",     "uuid4",    "k8slongname"};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FormatFn fn;

    if (size == 0)
        return 0;
    fn = format_find(names[data[0] % ARRAY_LEN(names)]);
    BUG_ON(!fn);
    (void)fn((Slice){(const char *)data + 1, size - 1});
    return 0;
}
