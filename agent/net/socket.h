/*
 * socket.h - addresses and ports of either family, as sockets want them.
 *
 * Owns:    nothing.
 * Threads: any.
 * Fails:   with -1 and errno.
 * Tests:   tests/unit/agent/test_healthport.c, tests/e2e/test_ipv6.py
 */
#ifndef AGENT_NET_SOCKET_H
#define AGENT_NET_SOCKET_H

#include "base/base.h"

#include <netinet/in.h>

typedef union SocketAddress {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
} SocketAddress;

socklen_t socket_address_len(const SocketAddress *a);
/* "10.88.1.2", "fd00::1". What came to a socket of IPv6 as "::ffff:10.88.1.2" is of IPv4. */
void socket_address_text(const SocketAddress *a, char *out, size_t cap);

/* A socket of that type (with its flags), bound to the port at every address of this machine: of
 * both families where the kernel has them. */
int socket_bind(int type, int port);

#endif
