#include "agent/net/socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <unistd.h>

socklen_t socket_address_len(const SocketAddress *a)
{
    return a->any.sa_family == AF_INET ? sizeof(a->v4) : sizeof(a->v6);
}

void socket_address_text(const SocketAddress *a, char *out, size_t cap)
{
    int af = a->any.sa_family;
    const void *bytes =
        af == AF_INET ? (const void *)&a->v4.sin_addr : (const void *)&a->v6.sin6_addr;

    if (af == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&a->v6.sin6_addr)) {
        af = AF_INET;
        bytes = &a->v6.sin6_addr.s6_addr[12];
    }
    if (!inet_ntop(af, bytes, out, (socklen_t)cap))
        out[0] = '\0';
}

int socket_bind(int type, int port)
{
    SocketAddress at = {.v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)}};
    int fd = socket(AF_INET6, type, 0), on = 1, off = 0, problem;

    if (fd >= 0) {
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)); /* always allowed */
    } else {
        at = (SocketAddress){.v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)}};
        fd = socket(AF_INET, type, 0);
    }
    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)); /* else bind says so */
    if (bind(fd, &at.any, socket_address_len(&at)) == 0)
        return fd;
    problem = errno;
    close(fd);
    errno = problem;
    return -1;
}
