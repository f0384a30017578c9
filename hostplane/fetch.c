/*
 * fetch.c - documents of foreign issuers (tenancy/oidc.c) are got, and providers of secrets
 * (controllers/extsecrets/vault.c) asked, as webhooks are called: on the same loop, within the same
 * bounds, behind the same wall. Redirections are not followed.
 */
#include "base/mem.h"
#include "client/outcall.h"
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
                         .method = "GET",
                         .is_providers = f->is_providers,
                         .timeout_ms = FETCH_MS,
                         .done = on_done,
                         .data = g};
    hooks_start(&g->call, data);
}

typedef struct Outward {
    HookCall call;
    OutCall *o;
} Outward;

static void on_answer(HookCall *c)
{
    Outward *w = c->data;
    OutCall *o = w->o;

    _Static_assert(sizeof(o->error) == sizeof(c->error), "one is copied to the other");
    o->status = c->status;
    o->reply = c->reply;
    memcpy(o->error, c->error, sizeof(o->error));
    free(w);
    o->done(o);
}

void hooks_out_call(OutCall *o, void *data)
{
    Outward *w = xcalloc(1, sizeof(*w));

    w->o = o;
    w->call = (HookCall){.cluster = o->cluster,
                         .url = o->url,
                         .ca_pem = o->ca_pem,
                         .method = o->method,
                         .headers = o->headers,
                         .body = o->body,
                         .max_bytes = o->max_bytes,
                         .is_secret = true,
                         .timeout_ms = o->timeout_ms,
                         .done = on_answer,
                         .data = w};
    hooks_start(&w->call, data);
}
