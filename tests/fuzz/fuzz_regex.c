/* The first byte says how long the pattern is; the rest is the text. */
#include "base/regex.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(regex_free) Regex *re = NULL;
    size_t n = size > 0 ? MIN((size_t)data[0], size - 1) : 0, start, end, at = 0;
    const char *text = (const char *)data + n + 1;

    if (size == 0 || regex_compile((const char *)data + 1, n, &re, NULL) < 0)
        return 0;
    size -= n + 1;
    if (size > 300)
        size = 300;
    BUG_ON(regex_size(re) > REGEX_MAX_INSTRUCTIONS);
    BUG_ON(regex_matches(re, text, size) != regex_find(re, text, size, 0, &start, &end));
    for (int i = 0; i < 5 && regex_find(re, text, size, at, &start, &end); i++) {
        BUG_ON(start < at || end < start || end > size);
        at = end > start ? end : end + 1;
    }
    return 0;
}
