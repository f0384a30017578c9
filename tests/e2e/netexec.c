/*
 * netexec.c - a server and client for tests of pods' networks, as upstream's agnhost has them;
 * static, so that it runs in any image.
 *
 *    netexec serve HTTP_PORT UDP_PORT   /hostName, /clientip, /echo?msg=...; UDP: the same words
 *    netexec http HOST PORT PATH        prints the body; 1 when there is none within 2 s
 *    netexec udp HOST PORT TEXT         prints the answer; 1 when there is none within 2 s
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { WAIT_S = 2 };

static int socket_to(int type, const char *host, const char *port, struct sockaddr_in *ret)
{
    struct timeval wait = {WAIT_S, 0};
    int fd = socket(AF_INET, type, 0);

    *ret = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
    if (fd < 0 || inet_pton(AF_INET, host, &ret->sin_addr) != 1)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
    return fd;
}

static int listen_at(int type, const char *port)
{
    struct sockaddr_in at;
    int on = 1, fd = socket_to(type, "0.0.0.0", port, &at);

    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){0, 0}, sizeof(struct timeval));
    if (bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0 ||
        (type == SOCK_STREAM && listen(fd, 128) < 0)) {
        perror(port);
        exit(1);
    }
    return fd;
}

/* What is answered to the word of a request. */
static void answer(const char *word, const struct sockaddr_in *from, char *out, size_t cap)
{
    char ip[INET_ADDRSTRLEN];

    out[0] = '\0';
    if (strcasecmp(word, "hostname") == 0)
        gethostname(out, cap);
    else if (strcmp(word, "clientip") == 0)
        snprintf(out, cap, "%s:%d", inet_ntop(AF_INET, &from->sin_addr, ip, sizeof(ip)),
                 ntohs(from->sin_port));
    else if (strncmp(word, "echo?msg=", 9) == 0)
        snprintf(out, cap, "%s", word + 9);
    else
        snprintf(out, cap, "NOW");
}

static void serve_udp(int fd)
{
    struct sockaddr_in from;
    socklen_t n_from = sizeof(from);
    char in[2000], out[2000];
    ssize_t n = recvfrom(fd, in, sizeof(in) - 1, 0, (struct sockaddr *)&from, &n_from);

    if (n < 0)
        return;
    in[n] = '\0';
    in[strcspn(in, "\r\n")] = '\0';
    answer(in, &from, out, sizeof(out));
    sendto(fd, out, strlen(out), 0, (struct sockaddr *)&from, n_from);
}

static void serve_http(int listener)
{
    struct sockaddr_in from;
    socklen_t n_from = sizeof(from);
    char in[4096] = "", word[2000] = "", out[2000];
    int fd = accept(listener, (struct sockaddr *)&from, &n_from);
    size_t at = 0;
    ssize_t n;

    if (fd < 0)
        return;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){WAIT_S, 0}, sizeof(struct timeval));
    while (at < sizeof(in) - 1 && !strstr(in, "\r\n\r\n") &&
           (n = recv(fd, in + at, sizeof(in) - 1 - at, 0)) > 0)
        at += (size_t)n;
    if (sscanf(in, "%*s /%1999s", word) == 1) {
        answer(word, &from, out, sizeof(out));
        dprintf(fd,
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n"
                "Content-Length: %zu\r\n\r\n%s",
                strlen(out), out);
    }
    shutdown(fd, SHUT_WR);
    close(fd);
}

static int serve(const char *http_port, const char *udp_port)
{
    struct pollfd p[] = {{.fd = listen_at(SOCK_STREAM, http_port), .events = POLLIN},
                         {.fd = listen_at(SOCK_DGRAM, udp_port), .events = POLLIN}};

    signal(SIGPIPE, SIG_IGN);
    signal(SIGTERM, _exit);
    while (poll(p, 2, -1) > 0) {
        if (p[0].revents)
            serve_http(p[0].fd);
        if (p[1].revents)
            serve_udp(p[1].fd);
    }
    return 1;
}

static int ask(int type, const char *host, const char *port, const char *word)
{
    struct sockaddr_in at;
    char in[8192];
    int fd = socket_to(type, host, port, &at);
    size_t n = 0;
    ssize_t r = 0;
    const char *body = in;

    if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof(at)) < 0)
        return 1;
    if (type == SOCK_STREAM)
        dprintf(fd, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", word, host);
    else
        dprintf(fd, "%s", word);
    do {
        r = recv(fd, in + n, sizeof(in) - 1 - n, 0);
        n += r > 0 ? (size_t)r : 0;
    } while (type == SOCK_STREAM && r > 0 && n < sizeof(in) - 1);
    in[n] = '\0';
    if (type == SOCK_STREAM && (body = strstr(in, "\r\n\r\n")))
        body += 4;
    if (!body || n == 0)
        return 1;
    puts(body);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "serve") == 0)
        return serve(argv[2], argv[3]);
    if (argc == 5 && strcmp(argv[1], "http") == 0)
        return ask(SOCK_STREAM, argv[2], argv[3], argv[4]);
    if (argc == 5 && strcmp(argv[1], "udp") == 0)
        return ask(SOCK_DGRAM, argv[2], argv[3], argv[4]);
    fprintf(stderr, "usage: netexec serve|http|udp ...\n");
    return 2;
}
