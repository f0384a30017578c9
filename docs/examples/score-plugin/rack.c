/*
 * rack.c - a scoring function of one's own: pods of a tenant like the rack that the tenant rents.
 *
 * Which rack that is stands in the arguments: {"label": "rack", "tenants": {"acme": "r7"}}. To keep
 * the example free of a JSON library, they are searched as text.
 *
 *     cc -shared -fPIC -I DIR_OF_score_plugin.h -o rack.so rack.c
 */
#include "score_plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Rack {
    char label[64]; /* of nodes: which rack they stand in */
    char *tenants;  /* the text after "tenants": */
} Rack;

/* Copies the string that follows "key": in `json`; 0 when there is none that fits. */
static int string_of(const char *json, const char *key, char *to, size_t size)
{
    char wanted[128];
    const char *at, *end;

    snprintf(wanted, sizeof(wanted), "\"%s\":\"", key);
    at = strstr(json, wanted);
    end = at ? strchr(at + strlen(wanted), '"') : NULL;
    if (!end || (size_t)(end - at) - strlen(wanted) >= size)
        return 0;
    at += strlen(wanted);
    memcpy(to, at, (size_t)(end - at));
    to[end - at] = 0;
    return 1;
}

static void *rack_open(const char *args, char *error, size_t error_size)
{
    Rack *r = calloc(1, sizeof(*r));
    const char *tenants = strstr(args, "\"tenants\":");

    if (r && string_of(args, "label", r->label, sizeof(r->label)) && tenants) {
        r->tenants = strdup(tenants);
        return r;
    }
    snprintf(error, error_size, "args needs label and tenants");
    free(r);
    return NULL;
}

static void rack_close(void *self)
{
    Rack *r = self;

    free(r->tenants);
    free(r);
}

static void rack_score(void *self, const HostplanePod *pod, const HostplaneNode *nodes, size_t n,
                       int64_t *scores)
{
    const Rack *r = self;
    char wanted[64];

    if (!string_of(r->tenants, pod->cluster, wanted, sizeof(wanted)))
        return;
    for (size_t i = 0; i < n; i++) {
        const char *has = nodes[i].label(&nodes[i], r->label);

        scores[i] = has && strcmp(has, wanted) == 0 ? 100 : 0;
    }
}

const HostplaneScorePlugin *hostplane_score_plugin(void)
{
    static const HostplaneScorePlugin plugin = {
        .version = HOSTPLANE_SCORE_VERSION,
        .open = rack_open,
        .close = rack_close,
        .score = rack_score,
    };

    return &plugin;
}
