/*
 * hooks.h - the server's own HTTPS requests: to webhooks of admission and conversion, for the
 * keys of foreign issuers of tokens, and to providers of external secrets.
 *
 *    pod:  libcurl (HTTP, TLS) <- socket -> pump <- NodeCall "dial" -> agent -> pod
 *    URL:  libcurl <- TCP -> anywhere but private networks, unless those are allowed
 *
 * A pod is reached through the agent of its node, so nothing but pods of the caller's own cluster
 * can be. No connection serves two calls, as names of services mean other things in other clusters.
 *
 * Owns:    one loop on a thread of its own, and what runs on it. How many calls run at a time is
 *          bounded, for each cluster and for all.
 * Threads: hooks_start() from any.
 * Frees:   hooks_stop() ends all calls, while what they go through is still there; later ones fail
 *          at once. hooks_free() when nobody can start any.
 * Fails:   a call that fails has status 0 and says why in Go's words.
 * Tests:   tests/e2e/test_webhooks.py, tests/e2e/test_oidc.py,
 *          tests/e2e/test_external_secrets.py, tests/unit/hostplane/test_hooks.c
 */
#ifndef HOSTPLANE_HOOKS_H
#define HOSTPLANE_HOOKS_H

#include "vcluster/vcluster.h"

typedef struct Hooks Hooks;
typedef struct OutCall OutCall;
typedef struct TenancyFetch TenancyFetch;
typedef struct Tunnels Tunnels;
struct sockaddr;

/* A TenancyFetchFn and an OutCallFn; data is the Hooks. */
void hooks_fetch(TenancyFetch *f, void *data);
void hooks_out_call(OutCall *o, void *data);

/* allows_private: URLs may lead to loopback and private networks. */
int hooks_open(bool allows_private, Hooks **ret, Err *err) MUST_CHECK;
/* Pods can be reached from now on. */
void hooks_set_tunnels(Hooks *h, Tunnels *t);
void hooks_stop(Hooks *h);
void hooks_free(Hooks *h);
DEFINE_CLEANUP(Hooks, hooks_free);

/* A HookFn; data is the Hooks. */
void hooks_start(HookCall *c, void *data);

/* Loopback, link-local, private, multicast and the like: not where a tenant may send the server. */
bool hooks_is_private(const struct sockaddr *a);

#endif
