/*
 * Both ends of TLS in one thread: what one sends waits in a buffer until the other reads, in pieces
 * of any size.
 */
#include "hostplane/podtls.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/pki.h"
#include "hostplane/tls.h"
#include "tenancy/identity.h"
#include "tests/unit/test.h"
#include "vcluster/vcluster.h"

#include <errno.h>

typedef struct Pipe {
    Buf up, down; /* to the server, to the client */
    size_t up_at, down_at;
    size_t piece; /* so much is handed over at a time */
    bool is_over; /* the server sends no more */
    gnutls_session_t server;
} Pipe;

static int on_read(void *data, Buf *out, size_t max)
{
    Pipe *p = data;
    size_t n = MIN(MIN(max, p->piece), p->down.len - p->down_at);

    buf_add(out, p->down.ptr + p->down_at, n);
    p->down_at += n;
    return n > 0 ? 1 : p->is_over ? -1 : 0;
}

static void on_write(void *data, Slice bytes)
{
    Pipe *p = data;

    buf_add_slice(&p->up, bytes);
}

static ssize_t server_pull(gnutls_transport_ptr_t data, void *to, size_t max)
{
    Pipe *p = data;
    size_t n = MIN(max, p->up.len - p->up_at);

    if (n == 0) {
        gnutls_transport_set_errno(p->server, EAGAIN);
        return -1;
    }
    memcpy(to, p->up.ptr + p->up_at, n);
    p->up_at += n;
    return (ssize_t)n;
}

static ssize_t server_push(gnutls_transport_ptr_t data, const void *from, size_t n)
{
    Pipe *p = data;

    buf_add(&p->down, from, n);
    return (ssize_t)n;
}

/* ---- certificates ---- */

typedef struct Kit {
    Arena *a;
    Identity *identity;
    const char *front_ca, *client_cert, *client_key;
    const char *ca, *cert, *key; /* of the server */
} Kit;

static const char *pem_of(Arena *a, const PkiCert *c)
{
    AUTO_BUF pem = BUF_INIT;

    pki_cert_write_pem(c, &pem);
    return arena_strdup(a, buf_str(&pem));
}

/* `name` NULL: none but the common name. */
static void kit_open(Kit *k, const char *name, int64_t until_s)
{
    const char *const names[] = {name, NULL};
    PkiSubject subject = {.cn = "s.n.svc", .names = name ? names : NULL};
    int64_t now = clock_now_s();
    PkiUse ca_use = {.from_s = now - 10, .until_s = now + 1000, .is_ca = true};
    PkiUse use = {.from_s = now - 10, .until_s = now + until_s, .is_server = true};
    CLEANUP(pki_key_free) PkiKey *ca_key = NULL, *key = NULL;
    CLEANUP(pki_cert_free) PkiCert *ca = NULL, *cert = NULL;
    AUTO_BUF blob = BUF_INIT, pem = BUF_INIT;
    Err err;

    k->a = arena_new();
    assert_ok(identity_create(NULL, "acme", &blob, &err));
    assert_ok(identity_open(buf_slice(&blob), "acme", &k->identity, &err));
    assert_ok(identity_front_ca(k->identity, k->a, &k->front_ca, &err));
    assert_ok(identity_issue_front(k->identity, k->a, 600, &k->client_cert, &k->client_key, &err));
    assert_ok(pki_key_new(&ca_key, &err));
    assert_ok(pki_key_new(&key, &err));
    assert_ok(pki_issue(&(PkiSubject){.cn = "ca"}, &ca_use, ca_key, NULL, NULL, &ca, &err));
    assert_ok(pki_issue(&subject, &use, key, ca, ca_key, &cert, &err));
    pki_key_write_pem(key, &pem);
    k->ca = pem_of(k->a, ca);
    k->cert = pem_of(k->a, cert);
    k->key = arena_strdup(k->a, buf_str(&pem));
}

static void kit_close(Kit *k)
{
    identity_close(k->identity);
    arena_free(k->a);
}

static gnutls_datum_t datum(const char *s)
{
    return (gnutls_datum_t){(unsigned char *)(uintptr_t)s, (unsigned)strlen(s)};
}

typedef struct Server {
    gnutls_certificate_credentials_t credentials;
    Pipe pipe;
    bool is_open;
    Buf got;
} Server;

static void server_open(Server *s, const Kit *k, size_t piece)
{
    gnutls_datum_t cert = datum(k->cert), key = datum(k->key), ca = datum(k->front_ca);

    s->pipe.piece = piece;
    assert_int_equal(gnutls_certificate_allocate_credentials(&s->credentials), 0);
    assert_int_equal(
        gnutls_certificate_set_x509_key_mem(s->credentials, &cert, &key, GNUTLS_X509_FMT_PEM), 0);
    assert_int_equal(
        gnutls_certificate_set_x509_trust_mem(s->credentials, &ca, GNUTLS_X509_FMT_PEM), 1);
    assert_int_equal(gnutls_init(&s->pipe.server, GNUTLS_SERVER | GNUTLS_NONBLOCK), 0);
    assert_int_equal(gnutls_priority_set_direct(s->pipe.server, tls_priorities, NULL), 0);
    (void)gnutls_credentials_set(s->pipe.server, GNUTLS_CRD_CERTIFICATE, s->credentials);
    gnutls_certificate_server_set_request(s->pipe.server, GNUTLS_CERT_REQUIRE);
    gnutls_session_set_verify_cert(s->pipe.server, NULL, 0);
    gnutls_transport_set_ptr(s->pipe.server, &s->pipe);
    gnutls_transport_set_pull_function(s->pipe.server, server_pull);
    gnutls_transport_set_push_function(s->pipe.server, server_push);
}

static void server_close(Server *s)
{
    gnutls_deinit(s->pipe.server);
    gnutls_certificate_free_credentials(s->credentials);
    buf_done(&s->pipe.up);
    buf_done(&s->pipe.down);
    buf_done(&s->got);
}

/* Takes what there is; echoes a line in upper case. */
static void server_run(Server *s)
{
    char page[4096];
    ssize_t n;

    if (!s->is_open && gnutls_handshake(s->pipe.server) == 0)
        s->is_open = true;
    while (s->is_open && (n = gnutls_record_recv(s->pipe.server, page, sizeof(page))) > 0) {
        buf_add(&s->got, page, (size_t)n);
        if (s->got.ptr[s->got.len - 1] == '\n') {
            assert_int_equal(gnutls_record_send(s->pipe.server, "HELLO\n", 6), 6);
            assert_int_equal(gnutls_bye(s->pipe.server, GNUTLS_SHUT_WR), 0);
            s->pipe.is_over = true;
        }
    }
}

/* To the end; what the client got. */
static const char *talk(Arena *a, const Kit *k, ProxyTls how, size_t piece, const char **ret_why,
                        const char **ret_got)
{
    Server s = {0};
    PodWire wire = {on_read, on_write, &s.pipe};
    AUTO_BUF out = BUF_INIT;
    PodTls *t;
    int r = 1;

    server_open(&s, k, piece);
    how.cert_pem = how.cert_pem ? how.cert_pem : k->client_cert;
    how.key_pem = how.key_pem ? how.key_pem : k->client_key;
    t = podtls_open(&wire, &how, ret_why);
    assert_non_null(t);
    podtls_write(t, SLICE("hel"));
    for (int i = 0; i < 100000 && r >= 0; i++) {
        if (i == 0)
            podtls_write(t, SLICE("lo\n"));
        server_run(&s);
        r = podtls_read(t, &out, 1000);
    }
    assert_int_equal(r, -1);
    *ret_why = podtls_why(t);
    *ret_got = arena_strdup(a, buf_str(&s.got));
    podtls_free(t);
    server_close(&s);
    return arena_strdup(a, buf_str(&out));
}

TEST(both_ends_are_known_to_each_other)
{
    static const size_t pieces[] = {1, 7, 100, 100000};
    const char *why, *got;
    Kit k;

    kit_open(&k, "s.n.svc", 100);
    for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
        ProxyTls how = {.server_name = "s.n.svc", .ca_pem = k.ca};

        assert_string_equal(talk(k.a, &k, how, pieces[i], &why, &got), "HELLO\n");
        assert_null(why);
        assert_string_equal(got, "hello\n");
    }
    kit_close(&k);
}

TEST(a_server_that_is_not_the_right_one_gets_nothing)
{
    static const char unknown[] =
        "tls: failed to verify certificate: x509: certificate signed by unknown authority";
    const char *why, *got;
    Kit k, other;

    kit_open(&k, "s.n.svc", 100);
    kit_open(&other, "s.n.svc", 100);
    {
        const struct {
            ProxyTls how;
            const char *why;
        } rows[] = {
            {{.server_name = "s.n.svc", .ca_pem = other.ca}, unknown},
            {{.server_name = "s.n.svc"}, unknown},
            {{.server_name = "t.n.svc", .ca_pem = k.ca},
             "tls: failed to verify certificate: x509: certificate is not valid for this name"},
            {{.server_name = "t.n.svc", .is_unverified = true}, NULL},
        };

        for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
            const char *out = talk(k.a, &k, rows[i].how, 1000, &why, &got);

            assert_true(str_eq(why, rows[i].why));
            assert_string_equal(out, rows[i].why ? "" : "HELLO\n");
            assert_string_equal(got, rows[i].why ? "" : "hello\n");
        }
    }
    kit_close(&k);
    kit_close(&other);
    kit_open(&k, "s.n.svc", -5);
    (void)talk(k.a, &k, (ProxyTls){.server_name = "s.n.svc", .ca_pem = k.ca}, 1000, &why, &got);
    assert_string_equal(why, "tls: failed to verify certificate: x509: certificate has expired or "
                             "is not yet valid");
    kit_close(&k);
}

TEST(a_common_name_is_no_name)
{
    static const struct {
        const char *name, *why; /* what the certificate has beside it */
    } rows[] = {
        {NULL, "relies on legacy Common Name field, use SANs instead"},
        {"10.0.0.1", "is not valid for this name"},
    };
    const char *why, *got;
    Kit k;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        kit_open(&k, rows[i].name, 100);
        (void)talk(k.a, &k, (ProxyTls){.server_name = "s.n.svc", .ca_pem = k.ca}, 1000, &why, &got);
        assert_non_null(why);
        assert_non_null(strstr(why, rows[i].why));
        assert_string_equal(got, "");
        kit_close(&k);
    }
}

TEST(what_cannot_be_read_is_said_at_once)
{
    Server s = {0};
    PodWire wire = {on_read, on_write, &s.pipe};
    ProxyTls how;
    const char *why;
    Kit k;

    kit_open(&k, "s.n.svc", 100);
    how = (ProxyTls){
        .server_name = "s", .ca_pem = "", .cert_pem = k.client_cert, .key_pem = k.client_key};
    assert_null(podtls_open(&wire, &how, &why));
    assert_string_equal(why, "unable to load root certificates: no valid certificate found");
    kit_close(&k);
}

TEST(what_is_not_tls_breaks_the_connection)
{
    static const struct {
        const char *bytes;
        bool is_over;
    } rows[] = {{"HTTP/1.1 400 Bad Request\r\n\r\n", false}, {"", true}, {"\x16\x03\x03", true}};
    Kit k;

    kit_open(&k, "s.n.svc", 100);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Pipe p = {.piece = 5, .is_over = rows[i].is_over};
        PodWire wire = {on_read, on_write, &p};
        ProxyTls how = {
            .server_name = "s", .ca_pem = k.ca, .cert_pem = k.client_cert, .key_pem = k.client_key};
        AUTO_BUF out = BUF_INIT;
        const char *why;
        PodTls *t = podtls_open(&wire, &how, &why);

        buf_adds(&p.down, rows[i].bytes);
        assert_int_equal(podtls_read(t, &out, 1000), -1);
        assert_non_null(podtls_why(t));
        podtls_free(t);
        buf_done(&p.up);
        buf_done(&p.down);
    }
    kit_close(&k);
}
