#include "base/base.h"
#include "base/err.h"
#include "hostplane/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever comes out must name a proper cluster and a path without tricks, but for what a pod is
 * asked through a proxy. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    char *uri = arena_strndup(a, (const char *)data, size);
    Target t;
    Err err;

    if (target_parse(a, uri, &t, &err) == 0) {
        char *path = arena_strdup(a, t.path), *proxy = strstr(path, "/proxy/");

        if (proxy && str_starts(path, "/api/v1/namespaces/"))
            proxy[1] = '\0';
        BUG_ON(path[0] != '/' || strstr(path, "//") || strstr(path, "/../"));
        BUG_ON(t.cluster && !target_is_cluster_name(slice_of(t.cluster)));
    }
    (void)target_cluster_of_host(slice_of(uri), "example");
    return 0;
}
