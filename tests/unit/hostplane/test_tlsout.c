/*
 * Two TLS sessions on a pair of sockets: what the server sends, and when.
 */
#include "hostplane/tlsout.h"

#include "base/mem.h"
#include "tests/unit/test.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct Pair {
    int fds[2];
    gnutls_session_t server, client;
    gnutls_anon_server_credentials_t server_cred;
    gnutls_anon_client_credentials_t client_cred;
    TlsOut out;
} Pair;

static const char priorities[] = "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+ANON-ECDH";

static void pair_open(Pair *p)
{
    int s = GNUTLS_E_AGAIN, c = GNUTLS_E_AGAIN;

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, p->fds), 0);
    assert_int_equal(gnutls_anon_allocate_server_credentials(&p->server_cred), 0);
    assert_int_equal(gnutls_anon_allocate_client_credentials(&p->client_cred), 0);
    assert_int_equal(gnutls_init(&p->server, GNUTLS_SERVER | GNUTLS_NONBLOCK), 0);
    assert_int_equal(gnutls_init(&p->client, GNUTLS_CLIENT | GNUTLS_NONBLOCK), 0);
    assert_int_equal(gnutls_priority_set_direct(p->server, priorities, NULL), 0);
    assert_int_equal(gnutls_priority_set_direct(p->client, priorities, NULL), 0);
    gnutls_credentials_set(p->server, GNUTLS_CRD_ANON, p->server_cred);
    gnutls_credentials_set(p->client, GNUTLS_CRD_ANON, p->client_cred);
    tlsout_init(&p->out, p->server, p->fds[0]);
    gnutls_transport_set_int(p->client, p->fds[1]);
    while (s != 0 || c != 0) {
        if (c != 0)
            c = gnutls_handshake(p->client);
        if (s != 0)
            s = gnutls_handshake(p->server);
        assert_true(c == 0 || c == GNUTLS_E_AGAIN);
        assert_true(s == 0 || s == GNUTLS_E_AGAIN);
    }
}

static void pair_close(Pair *p)
{
    gnutls_deinit(p->server);
    gnutls_deinit(p->client);
    gnutls_anon_free_server_credentials(p->server_cred);
    gnutls_anon_free_client_credentials(p->client_cred);
    tlsout_done(&p->out);
    close(p->fds[0]);
    close(p->fds[1]);
}

static bool is_readable(int fd)
{
    char c;

    return recv(fd, &c, 1, MSG_PEEK | MSG_DONTWAIT) == 1;
}

static void expect_text(Pair *p, const char *text)
{
    char got[64];
    ssize_t n = gnutls_record_recv(p->client, got, sizeof(got));

    assert_int_equal(n, strlen(text));
    assert_memory_equal(got, text, strlen(text));
}

TEST(a_head_that_has_a_body_behind_it_leaves_with_the_body)
{
    Pair p;

    pair_open(&p);
    tlsout_expect(&p.out, 4);
    assert_int_equal(gnutls_record_send(p.server, "head", 4), 4);
    assert_false(is_readable(p.fds[1]));
    assert_int_equal(gnutls_record_send(p.server, "body", 4), 4);
    expect_text(&p, "head");
    expect_text(&p, "body");
    pair_close(&p);
}

TEST(what_nothing_follows_leaves_at_once)
{
    Pair p;

    pair_open(&p);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(gnutls_record_send(p.server, "alone", 5), 5);
        expect_text(&p, "alone");
    }
    pair_close(&p);
}

/* Sends a body as libmicrohttpd does; the number of records the client has after each. */
static void send_body(Pair *p, const char *body, size_t n, bool *ret_readable)
{
    for (size_t at = 0, i = 0; at < n; i++) {
        ssize_t r = gnutls_record_send(p->server, body + at, n - at);

        assert_true(r > 0);
        at += (size_t)r;
        ret_readable[i] = is_readable(p->fds[1]);
    }
}

TEST(records_of_a_long_body_leave_four_at_a_time_and_the_last_with_what_waits)
{
    enum { FULL = 16384 };
    static const struct {
        size_t n;
        size_t n_records;
        bool readable[4]; /* after each record, when the client has read nothing */
    } cases[] = {
        {FULL, 1, {true}},
        {FULL + 1, 2, {false, true}},
        {2 * FULL, 2, {false, true}},
        {3 * FULL, 3, {false, false, true}},
        {4 * FULL, 4, {false, false, true, true}},
    };
    AUTO_FREE char *body = xcalloc(1, 4 * FULL);
    AUTO_FREE char *got = xmalloc(FULL);

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        bool readable[4] = {false};
        size_t n = 0;
        ssize_t r;
        Pair p;

        pair_open(&p);
        tlsout_expect(&p.out, cases[i].n);
        assert_int_equal(gnutls_record_send(p.server, "head", 4), 4);
        send_body(&p, body, cases[i].n, readable);
        assert_memory_equal(readable, cases[i].readable, cases[i].n_records * sizeof(bool));
        while ((r = gnutls_record_recv(p.client, got, FULL)) > 0)
            n += (size_t)r;
        assert_int_equal(n, cases[i].n + 4);
        pair_close(&p);
    }
}

/* The socket takes less and less until nothing; then the client reads, and the rest goes. */
TEST(what_the_socket_does_not_take_waits_and_keeps_its_order)
{
    enum { BODY = 16000, ROUNDS = 40 };
    AUTO_FREE char *body = xmalloc(BODY);
    AUTO_FREE char *got = xmalloc(20000);
    size_t n_got = 0, n_blocked = 0;
    int size = 20000;
    Pair p;

    memset(body, 'b', BODY);
    pair_open(&p);
    assert_int_equal(setsockopt(p.fds[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)), 0);
    for (int i = 0; i < ROUNDS; i++) {
        ssize_t r;

        tlsout_expect(&p.out, BODY);
        assert_int_equal(gnutls_record_send(p.server, "head", 4), 4);
        r = gnutls_record_send(p.server, body, BODY);
        while (r == GNUTLS_E_AGAIN) {
            ssize_t n = gnutls_record_recv(p.client, got, 20000);

            n_blocked++;
            if (n > 0) {
                assert_int_equal(got[0], n == 4 ? 'h' : 'b');
                n_got += (size_t)n;
            }
            r = gnutls_record_send(p.server, NULL, 0);
        }
        assert_int_equal(r, BODY);
    }
    assert_true(n_blocked > 0);
    for (ssize_t n; (n = gnutls_record_recv(p.client, got, 20000)) > 0;)
        n_got += (size_t)n;
    assert_int_equal(n_got, ROUNDS * (BODY + 4));
    pair_close(&p);
}

TEST(a_broken_connection_is_an_error_of_the_send_that_meets_it)
{
    Pair p;

    pair_open(&p);
    assert_int_equal(shutdown(p.fds[1], SHUT_RDWR), 0);
    tlsout_expect(&p.out, 4);
    assert_int_equal(gnutls_record_send(p.server, "head", 4), 4);
    assert_int_equal(gnutls_record_send(p.server, "body", 4), GNUTLS_E_PUSH_ERROR);
    pair_close(&p);
}
