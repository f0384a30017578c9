#include "agent/logs.h"
#include "agent/probe_try.h"
#include "agent/pull_auth.h"
#include "tests/fuzz/fuzz.h"

/* What a container answers to a probe, the last words of its log, and registries of a pull secret:
 * "HEAD" or, after a NUL byte, "REGISTRY" NUL "IMAGE". */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Slice in = {(const char *)data, size};
    AUTO_BUF words = BUF_INIT;
    const char *to;

    if (size > 0 && data[0] == '\0') {
        const char *registry = arena_strndup(a, in.ptr + 1, size - 1);
        size_t n = strlen(registry) + 2;
        const char *image = n < size ? arena_strndup(a, in.ptr + n, size - n) : "busybox";

        (void)pull_registry_matches(a, registry, pull_repository(a, image));
        return 0;
    }
    (void)probe_http_status(in);
    to = probe_http_redirect(a, in, "http://10.0.0.1:80", "/a/b");
    if (to && (strstr(to, "\r") || to[0] != '/'))
        abort(); /* it becomes part of the next request */
    log_last_words(in, 80, 2048, &words);
    if (words.len > 2048)
        abort();
    return 0;
}
