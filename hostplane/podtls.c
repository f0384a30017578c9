#include "hostplane/podtls.h"

#include "base/mem.h"
#include "hostplane/tls.h"
#include "hostplane/tunnel.h"
#include "vcluster/vcluster.h"

#include <errno.h>
#include <gnutls/x509.h>

enum { WIRE_CHUNK = 64 * 1024, RECORD_MAX = 16384, PASSING_MAX = 64 /* records in a row */ };

struct PodTls {
    PodWire wire;
    gnutls_session_t session;
    gnutls_certificate_credentials_t credentials;
    gnutls_typed_vdata_st wanted[2]; /* the names that it borrows live here */
    char *server_name;
    Buf in; /* cipher text */
    size_t in_at;
    bool has_ended;   /* nothing more comes by the wire */
    bool is_dry;      /* GnuTLS has asked for more than there is */
    bool is_open;     /* the handshake is over */
    unsigned refused; /* gnutls_certificate_status_t: what is wrong with the server */
    bool lacks_names; /* its certificate has none */
    Buf waiting;      /* plain text until then */
    const char *why;
};

/* ---- the wire ---- */

static int read_call(void *data, Buf *out, size_t max)
{
    return node_call_read(data, out, max);
}

static void write_call(void *data, Slice bytes)
{
    (void)node_call_write(data, bytes);
}

PodWire podtls_wire(NodeCall *call)
{
    return (PodWire){read_call, write_call, call};
}

static ssize_t on_pull(gnutls_transport_ptr_t data, void *to, size_t max)
{
    PodTls *t = data;
    size_t n;

    if (t->in_at == t->in.len) {
        buf_reset(&t->in);
        t->in_at = 0;
        if (!t->has_ended && t->wire.read(t->wire.data, &t->in, WIRE_CHUNK) < 0)
            t->has_ended = true;
    }
    n = MIN(max, t->in.len - t->in_at);
    t->is_dry = n == 0 && !t->has_ended;
    if (t->is_dry) {
        gnutls_transport_set_errno(t->session, EAGAIN);
        return -1;
    }
    if (n > 0)
        memcpy(to, t->in.ptr + t->in_at, n);
    t->in_at += n;
    return (ssize_t)n;
}

static ssize_t on_push(gnutls_transport_ptr_t data, const void *from, size_t n)
{
    PodTls *t = data;

    t->wire.write(t->wire.data, (Slice){from, n});
    return (ssize_t)n;
}

/* Nobody waits here. */
static int on_pull_timeout(gnutls_transport_ptr_t data, unsigned ms UNUSED)
{
    const PodTls *t = data;

    return t->in.len > t->in_at || t->has_ended;
}

/* ---- the beginning ---- */

static gnutls_datum_t datum(const char *text)
{
    return (gnutls_datum_t){(unsigned char *)(uintptr_t)text, (unsigned)strlen(text)};
}

static const char *load(PodTls *t, const ProxyTls *how)
{
    gnutls_datum_t cert = datum(how->cert_pem), key = datum(how->key_pem), ca;

    if (gnutls_certificate_set_x509_key_mem(t->credentials, &cert, &key, GNUTLS_X509_FMT_PEM) < 0)
        return "tls: the front proxy's certificate cannot be read";
    if (how->is_unverified || !how->ca_pem)
        return NULL;
    ca = datum(how->ca_pem);
    if (gnutls_certificate_set_x509_trust_mem(t->credentials, &ca, GNUTLS_X509_FMT_PEM) <= 0)
        return "unable to load root certificates: no valid certificate found";
    return NULL;
}

/* GnuTLS takes the common name when there is no DNS name, which Go's clients refuse. */
static bool has_names(gnutls_session_t session)
{
    unsigned n = 0;
    const gnutls_datum_t *chain = gnutls_certificate_get_peers(session, &n);
    gnutls_x509_crt_t cert;
    bool found = false;
    int r;

    if (n == 0 || gnutls_x509_crt_init(&cert) < 0)
        return false;
    r = gnutls_x509_crt_import(cert, &chain[0], GNUTLS_X509_FMT_DER);
    for (unsigned i = 0; !found && (r >= 0 || r == GNUTLS_E_SHORT_MEMORY_BUFFER); i++) {
        char name[256]; /* no DNS name is longer */
        size_t size = sizeof(name);

        r = gnutls_x509_crt_get_subject_alt_name(cert, i, name, &size, NULL);
        found = r == GNUTLS_SAN_DNSNAME;
    }
    gnutls_x509_crt_deinit(cert);
    return found;
}

static int on_verify(gnutls_session_t session)
{
    PodTls *t = gnutls_session_get_ptr(session);

    if (gnutls_certificate_verify_peers(session, t->wanted, ARRAY_LEN(t->wanted), &t->refused) < 0)
        t->refused = GNUTLS_CERT_INVALID;
    t->lacks_names = !t->refused && !has_names(session);
    return t->refused || t->lacks_names ? GNUTLS_E_CERTIFICATE_ERROR : 0;
}

static void set_up(PodTls *t, const ProxyTls *how)
{
    gnutls_datum_t http = datum("http/1.1");

    BUG_ON(gnutls_init(&t->session, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) < 0);
    BUG_ON(gnutls_priority_set_direct(t->session, tls_priorities, NULL) < 0);
    (void)gnutls_credentials_set(t->session, GNUTLS_CRD_CERTIFICATE, t->credentials);
    (void)gnutls_alpn_set_protocols(t->session, &http, 1, 0);
    (void)gnutls_server_name_set(t->session, GNUTLS_NAME_DNS, t->server_name,
                                 strlen(t->server_name));
    if (!how->is_unverified) { /* without a CA nothing is trusted */
        t->wanted[0] = (gnutls_typed_vdata_st){GNUTLS_DT_DNS_HOSTNAME, (void *)t->server_name, 0};
        t->wanted[1] = (gnutls_typed_vdata_st){GNUTLS_DT_KEY_PURPOSE_OID,
                                               (void *)(uintptr_t)GNUTLS_KP_TLS_WWW_SERVER, 0};
        gnutls_session_set_ptr(t->session, t);
        gnutls_certificate_set_verify_function(t->credentials, on_verify);
    }
    gnutls_transport_set_ptr(t->session, t);
    gnutls_transport_set_pull_function(t->session, on_pull);
    gnutls_transport_set_push_function(t->session, on_push);
    gnutls_transport_set_pull_timeout_function(t->session, on_pull_timeout);
    gnutls_handshake_set_timeout(t->session, GNUTLS_INDEFINITE_TIMEOUT);
}

PodTls *podtls_open(const PodWire *wire, const ProxyTls *how, const char **ret_why)
{
    PodTls *t = xcalloc(1, sizeof(*t));

    t->wire = *wire;
    t->server_name = xstrdup(how->server_name);
    BUG_ON(gnutls_certificate_allocate_credentials(&t->credentials) < 0);
    *ret_why = load(t, how);
    if (*ret_why) {
        podtls_free(t);
        return NULL;
    }
    set_up(t, how);
    return t;
}

void podtls_free(PodTls *t)
{
    if (!t)
        return;
    if (t->session)
        gnutls_deinit(t->session);
    gnutls_certificate_free_credentials(t->credentials);
    buf_done(&t->in);
    buf_done(&t->waiting);
    free(t->server_name);
    free(t);
}

/* ---- what goes wrong ---- */

static const char *why_refused(unsigned status)
{
    if (status & GNUTLS_CERT_UNEXPECTED_OWNER)
        return "tls: failed to verify certificate: x509: certificate is not valid for this name";
    if (status & (GNUTLS_CERT_EXPIRED | GNUTLS_CERT_NOT_ACTIVATED))
        return "tls: failed to verify certificate: x509: certificate has expired or is not yet "
               "valid";
    return "tls: failed to verify certificate: x509: certificate signed by unknown authority";
}

static const char *why_failed(PodTls *t, int r)
{
    if (t->lacks_names)
        return tls_no_names;
    if (t->refused)
        return why_refused(t->refused);
    if (r == GNUTLS_E_FATAL_ALERT_RECEIVED)
        return gnutls_alert_get_name(gnutls_alert_get(t->session));
    if (r == GNUTLS_E_PREMATURE_TERMINATION)
        return "EOF";
    if (r == GNUTLS_E_UNEXPECTED_PACKET_LENGTH || r == GNUTLS_E_UNSUPPORTED_VERSION_PACKET)
        return "tls: first record does not look like a TLS handshake";
    return gnutls_strerror(r);
}

static void send_out(PodTls *t, Slice bytes)
{
    while (bytes.len > 0 && !t->why) {
        ssize_t n = gnutls_record_send(t->session, bytes.ptr, MIN(bytes.len, (size_t)RECORD_MAX));

        if (n < 0) {
            t->why = why_failed(t, (int)n);
            return;
        }
        bytes = (Slice){bytes.ptr + n, bytes.len - (size_t)n};
    }
}

/* True when records can be exchanged. */
static bool shake_hands(PodTls *t)
{
    int r;

    if (t->is_open || t->why)
        return t->is_open && !t->why;
    t->is_dry = false;
    do {
        r = gnutls_handshake(t->session);
    } while (r < 0 && !t->is_dry && !gnutls_error_is_fatal(r));
    if (r < 0 && !gnutls_error_is_fatal(r))
        return false;
    if (r < 0) {
        t->why = why_failed(t, r);
        return false;
    }
    t->is_open = true;
    send_out(t, buf_slice(&t->waiting));
    buf_done(&t->waiting);
    return !t->why;
}

void podtls_write(PodTls *t, Slice bytes)
{
    if (shake_hands(t))
        send_out(t, bytes);
    else if (!t->why)
        buf_add_slice(&t->waiting, bytes);
}

/* Was it a record without data, as tickets are? Then more may be there: GnuTLS says "again", too.
 */
static bool is_passing(const PodTls *t, ssize_t r)
{
    return (r == GNUTLS_E_AGAIN && !t->is_dry) || r == GNUTLS_E_INTERRUPTED ||
           r == GNUTLS_E_WARNING_ALERT_RECEIVED;
}

int podtls_read(PodTls *t, Buf *out, size_t max)
{
    char record[RECORD_MAX];
    size_t got = 0;

    if (!shake_hands(t))
        return t->why ? -1 : 0;
    while (got < max) {
        ssize_t n;

        t->is_dry = false;
        n = gnutls_record_recv(t->session, record, sizeof(record));
        if (n > 0) {
            buf_add(out, record, (size_t)n);
            got += (size_t)n;
            continue;
        }
        if (is_passing(t, n)) {
            got += max / PASSING_MAX + 1;
            continue;
        }
        if (n == GNUTLS_E_AGAIN)
            return 0;
        if (n == 0 || n == GNUTLS_E_PREMATURE_TERMINATION)
            return -1; /* the framing of HTTP tells whether that was all */
        t->why = why_failed(t, (int)n);
        return -1;
    }
    return 1;
}

const char *podtls_why(const PodTls *t)
{
    return t->why;
}
