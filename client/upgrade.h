/*
 * upgrade.h - an HTTP/1.1 connection that becomes something else ("Connection: Upgrade"): bytes
 * both ways over the TLS and with the credentials of an HTTP client. WebSockets have ws.h.
 *
 * Owns:    its connection.
 * Threads: one at a time.
 * Frees:   http_upgrade_close(). NULL is fine.
 * Fails:   http_upgrade_open() with the code of the server's Status when it refuses;
 *          ERR_UNAVAILABLE when the connection breaks.
 * Tests:   through agent/tunnel.h
 */
#ifndef CLIENT_UPGRADE_H
#define CLIENT_UPGRADE_H

#include "client/client.h"

typedef struct Err Err;
typedef struct HttpUpgrade HttpUpgrade;

/* `headers`: further header lines without their end, the list ends with NULL; or NULL. */
int http_upgrade_open(Client *http, const ClientRequest *req, const char *protocol,
                      const char *const *headers, HttpUpgrade **ret, Err *err) MUST_CHECK;
void http_upgrade_close(HttpUpgrade *u);
DEFINE_CLEANUP(HttpUpgrade, http_upgrade_close);
int http_upgrade_fd(const HttpUpgrade *u); /* for poll(); receive until it gives 0 before polling */
/* Bytes received into `out`; 0: none now; negative: the end. */
int64_t http_upgrade_receive(HttpUpgrade *u, void *out, size_t cap, Err *err) MUST_CHECK;
/* Bytes sent, perhaps fewer than given; 0: the connection is full. */
int64_t http_upgrade_send(HttpUpgrade *u, Slice bytes, Err *err) MUST_CHECK;

#endif
