/*
 * outcall.h - an HTTPS request to a place that a tenant has named. Made by a controller, carried
 * out by the owner of the process (hostplane/hooks.c), which decides where a tenant may send it.
 *
 * Owns:    nothing. What it says must live until done().
 * Frees:   whoever made it wipes and frees the reply.
 * Threads: done() is called once, on any thread, perhaps inside the start.
 * Fails:   with status 0 and the reason in `error`.
 */
#ifndef CLIENT_OUTCALL_H
#define CLIENT_OUTCALL_H

#include "base/buf.h"

typedef struct OutCall OutCall;
struct OutCall {
    /* in */
    const char *cluster, *method, *url;
    const char *ca_pem;         /* NULL: what the system trusts */
    const char *const *headers; /* "Name: value", ends with NULL */
    Slice body;
    size_t max_bytes; /* of the answer */
    int64_t timeout_ms;
    void (*done)(OutCall *o);
    void *data;
    /* out */
    int status; /* of HTTP */
    Buf reply;
    char error[256];
};
typedef void (*OutCallFn)(OutCall *o, void *data);

#endif
