/*
 * fetch.c - documents of foreign issuers (tenancy/oidc.c) are got as webhooks are called: on the
 * same loop, within the same bounds, behind the same wall. Redirections are not followed.
 */
#include "base/mem.h"
#include "hostplane/hooks.h"
#include "tenancy/tenancy.h"

enum { FETCH_MS = 10000 };

typedef struct Fetching {
    HookCall call;
    TenancyFetch *f;
} Fetching;

static void on_done(HookCall *c)
{
    Fetching *g = c->data;
    TenancyFetch *f = g->f;

    f->status = c->status;
    buf_done(&f->body);
    f->body = c->reply;
    memcpy(f->error, c->error, sizeof(f->error));
    free(g);
    f->done(f);
}

void hooks_fetch(TenancyFetch *f, void *data)
{
    Fetching *g = xcalloc(1, sizeof(*g));

    _Static_assert(sizeof(f->error) == sizeof(g->call.error), "one is copied to the other");
    g->f = f;
    g->call = (HookCall){.cluster = f->cluster,
                         .url = f->url,
                         .ca_pem = f->ca_pem,
                         .is_get = true,
                         .is_providers = f->is_providers,
                         .timeout_ms = FETCH_MS,
                         .done = on_done,
                         .data = g};
    hooks_start(&g->call, data);
}
