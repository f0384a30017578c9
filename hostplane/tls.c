#include "hostplane/tls.h"

#include "base/err.h"
#include "base/mem.h"

#include <stdatomic.h>

enum { MAX_CHAIN = 8 };

struct ServerTls {
    gnutls_pcert_st chain[MAX_CHAIN];
    unsigned n_chain;
    gnutls_privkey_t key;
};

const char tls_no_names[] = "tls: failed to verify certificate: x509: certificate relies on legacy "
                            "Common Name field, use SANs instead";
const char tls_priorities[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";

static _Atomic(ServerTls *) current; /* what tls_on_certificate() answers */

void tls_close(ServerTls *t)
{
    if (!t)
        return;
    atomic_store(&current, NULL);
    for (unsigned i = 0; i < t->n_chain; i++)
        gnutls_pcert_deinit(&t->chain[i]);
    if (t->key)
        gnutls_privkey_deinit(t->key);
    free(t);
}
DEFINE_CLEANUP(ServerTls, tls_close);

int tls_open(const char *cert_pem, const char *key_pem, ServerTls **ret, Err *err)
{
    CLEANUP(tls_close) ServerTls *t = xcalloc(1, sizeof(*t));
    gnutls_datum_t cert = {(void *)cert_pem, (unsigned)strlen(cert_pem)};
    gnutls_datum_t key = {(void *)key_pem, (unsigned)strlen(key_pem)};
    unsigned n = MAX_CHAIN;
    int r;

    r = gnutls_pcert_list_import_x509_raw(t->chain, &n, &cert, GNUTLS_X509_FMT_PEM, 0);
    if (r < 0)
        return err_set(err, ERR_INTERNAL, "the server certificate: %s", gnutls_strerror(r));
    t->n_chain = n;
    r = gnutls_privkey_init(&t->key);
    if (r == 0)
        r = gnutls_privkey_import_x509_raw(t->key, &key, GNUTLS_X509_FMT_PEM, NULL, 0);
    if (r < 0)
        return err_set(err, ERR_INTERNAL, "the server key: %s", gnutls_strerror(r));
    atomic_store(&current, t);
    *ret = TAKE(t);
    return 0;
}

int tls_on_certificate(gnutls_session_t s, const gnutls_datum_t *req_ca UNUSED, int n_req_ca UNUSED,
                       const gnutls_pk_algorithm_t *algos UNUSED, int n_algos UNUSED,
                       gnutls_pcert_st **pcert, unsigned *n_pcert, gnutls_privkey_t *key)
{
    ServerTls *t = atomic_load(&current);

    if (!t)
        return -1;
    /* Asked, not required; without MHD's trust list the list of authorities stays empty. */
    gnutls_certificate_server_set_request(s, GNUTLS_CERT_REQUEST);
    *pcert = t->chain;
    *n_pcert = t->n_chain;
    *key = t->key;
    return 0;
}
