#include "api/gourl.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    GoUrl url;
    const char *wrong; /* any answer is fine */

    if (size > 4096)
        return 0;
    wrong = gourl_parse(a, arena_strndup(a, (const char *)data, size), &url);
    return wrong && wrong[0] == '\0';
}
