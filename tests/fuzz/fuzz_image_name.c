#include "agent/image_name.h"
#include "base/arena.h"
#include "tests/fuzz/fuzz.h"

/* What is a name stays one with a host before it, and with a tag when it has none. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *text = arena_strndup(a, (const char *)data, size);

    (void)image_is_latest(text); /* only that it comes back */
    if (image_name_error(a, text) || strlen(text) > 200)
        return 0;
    if (!strpbrk(text, ":@"))
        BUG_ON(image_name_error(a, arena_printf(a, "%s:v1", text)) != NULL);
    if (!strpbrk(text, "/"))
        BUG_ON(image_name_error(a, arena_printf(a, "r.example:5000/%s", text)) != NULL);
    return 0;
}
