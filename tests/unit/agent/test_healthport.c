#include "agent/net/healthport.h"

#include "base/err.h"
#include "base/mem.h"
#include "tests/unit/test.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

TEST(answers_are_kube_proxy_s)
{
    AUTO_BUF yes = BUF_INIT;
    AUTO_BUF no = BUF_INIT;

    healthport_answer("shop/web", "2", &yes);
    healthport_answer("shop/web", "0", &no);
    assert_true(str_starts(buf_str(&yes), "HTTP/1.1 200 OK\r\n"));
    assert_true(str_starts(buf_str(&no), "HTTP/1.1 503 Service Unavailable\r\n"));
    assert_non_null(strstr(buf_str(&yes), "X-Load-Balancing-Endpoint-Weight: 2\r\n"));
    assert_non_null(strstr(buf_str(&yes), "\"namespace\": \"shop\",\n\t\t\"name\": \"web\""));
    assert_non_null(strstr(buf_str(&no), "\"localEndpoints\": 0"));
}

/* What the port says to a request that comes in two parts; "" when nobody listens. */
static void ask(int port, Buf *out)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    static const char *const parts[] = {"GET /healthz HTTP/1.1\r\n", "Host: x\r\n\r\n"};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    char text[512];
    ssize_t n;

    buf_reset(out);
    if (connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0) {
        for (size_t i = 0; i < ARRAY_LEN(parts); i++)
            assert_int_equal(send(fd, parts[i], strlen(parts[i]), MSG_NOSIGNAL), strlen(parts[i]));
        while ((n = recv(fd, text, sizeof(text), 0)) > 0)
            buf_add(out, text, (size_t)n);
    }
    close(fd);
}

/* Until the thread has done as it was told. */
static void ask_until(int port, const char *begin)
{
    AUTO_BUF out = BUF_INIT;

    for (int i = 0; i < 500; i++) {
        ask(port, &out);
        if (begin[0] ? str_starts(buf_str(&out), begin) : out.len == 0)
            return;
        usleep(10000);
    }
    fail_msg("%s, expected %s", buf_str(&out), begin);
}

TEST(ports_come_change_and_go)
{
    CLEANUP(healthports_stop) HealthPorts *h = NULL;
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t len = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), port;
    AUTO_FREE char *key = NULL;
    Map wanted = {0};
    Err err;

    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0); /* one that is free */
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    port = ntohs(at.sin_port);
    close(fd);
    key = xasprintf("%d shop/web", port);
    assert_int_equal(healthports_start(&h, &err), 0);
    (void)map_set(&wanted, key, "1");
    healthports_set(h, &wanted);
    ask_until(port, "HTTP/1.1 200");
    (void)map_set(&wanted, key, "0");
    healthports_set(h, &wanted);
    ask_until(port, "HTTP/1.1 503");
    map_clear(&wanted);
    healthports_set(h, &wanted);
    ask_until(port, "");
    map_done(&wanted);
}
