/*
 * pki.h - X.509 and signatures: keys, certificate authorities, requests, issuing, checking.
 *
 * All keys made here are ECDSA P-256, but for derived ones (Ed25519, whose signatures are always
 * the same); foreign requests may bring any key that OpenSSL accepts.
 *
 * Owns:    PkiKey, PkiCert and PkiCsr own their OpenSSL objects; immutable once made.
 * Threads: any.
 * Frees:   pki_*_free(). Strings come from the given arena or are appended to a Buf.
 * Fails:   ERR_BAD_REQUEST for bytes that are not what they should be, ERR_UNAUTHORIZED for
 *          certificates that do not hold, ERR_INTERNAL when OpenSSL fails otherwise.
 * Tests:   tests/unit/base/test_pki.c
 */
#ifndef BASE_PKI_H
#define BASE_PKI_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

typedef struct PkiKey PkiKey;   /* a key pair */
typedef struct PkiCert PkiCert; /* a certificate */
typedef struct PkiCsr PkiCsr;   /* a certificate request whose signature holds */

enum {
    PKI_ES256_LEN = 64, /* r and s, as JWS has them */
    PKI_COORD_LEN = 32,
};

/* ---- keys ---- */
int pki_key_new(PkiKey **ret, Err *err) MUST_CHECK;
int pki_key_from_pem(Slice pem, PkiKey **ret, Err *err) MUST_CHECK;
/* A key for signing certificates that follows from a P-256 key and a label: the same each time, and
 * of no use to find the other. */
int pki_key_derive(const PkiKey *from, const char *label, PkiKey **ret, Err *err) MUST_CHECK;
void pki_key_free(PkiKey *k);
DEFINE_CLEANUP(PkiKey, pki_key_free);
void pki_key_write_pem(const PkiKey *k, Buf *out); /* the private key, PKCS #8 */
/* Its public half alone. Read from that it checks signatures, and makes none. */
void pki_key_write_public_pem(const PkiKey *k, Buf *out);
int pki_key_from_public_pem(Slice pem, PkiKey **ret, Err *err) MUST_CHECK;
void pki_key_public(const PkiKey *k, unsigned char x[PKI_COORD_LEN],
                    unsigned char y[PKI_COORD_LEN]);
int pki_sign_es256(const PkiKey *k, Slice data, unsigned char ret[PKI_ES256_LEN],
                   Err *err) MUST_CHECK;
bool pki_verify_es256(const PkiKey *k, Slice data, const unsigned char sig[PKI_ES256_LEN]);

/* ---- certificates ---- */
typedef struct PkiSubject {
    const char *cn;
    const char *const *orgs;  /* ends with NULL; may be NULL */
    const char *const *names; /* DNS names and IP addresses; ends with NULL; may be NULL */
} PkiSubject;

typedef struct PkiUse {
    int64_t from_s, until_s; /* seconds since 1970 */
    bool is_ca, is_client, is_server;
    int path_len;          /* of a CA: how many more CAs may stand below it */
    const char *serial_of; /* its number follows from this text; NULL: it is random */
} PkiUse;

/* A certificate for `key`. issuer NULL: signed by its own key. */
int pki_issue(const PkiSubject *s, const PkiUse *u, const PkiKey *key, const PkiCert *issuer,
              const PkiKey *issuer_key, PkiCert **ret, Err *err) MUST_CHECK;
/* A certificate for a request: its key, its subject and its names. */
int pki_issue_csr(const PkiCsr *csr, const PkiUse *u, const PkiCert *issuer,
                  const PkiKey *issuer_key, PkiCert **ret, Err *err) MUST_CHECK;

int pki_cert_from_pem(Slice pem, PkiCert **ret, Err *err) MUST_CHECK; /* the first in it */
/* Is the key (both are DER) that of the certificate? NULL: it is; else in the words of Go. */
const char *pki_pair_mistake(Slice cert_der, Slice key_der);
int pki_cert_from_der(Slice der, PkiCert **ret, Err *err) MUST_CHECK;
void pki_cert_free(PkiCert *c);
DEFINE_CLEANUP(PkiCert, pki_cert_free);
void pki_cert_write_pem(const PkiCert *c, Buf *out);
void pki_cert_write_der(const PkiCert *c, Buf *out);
int64_t pki_cert_since(const PkiCert *c); /* notBefore, seconds since 1970 */
int64_t pki_cert_until(const PkiCert *c); /* notAfter, seconds since 1970 */
/* CN and O of the subject. "" and an empty list when absent; fails on embedded NUL bytes. */
int pki_cert_subject(const PkiCert *c, Arena *a, const char **ret_cn, const char *const **ret_orgs,
                     Err *err) MUST_CHECK;
/* CN of who signed it, as it says itself. */
int pki_cert_issuer(const PkiCert *c, Arena *a, const char **ret_cn, Err *err) MUST_CHECK;

/* Was `c` signed by `ca` itself (nothing in between), for the use of a TLS client, and is now_s in
 * its dates? What a client sends behind its certificate plays no part, so a certificate of an
 * authority below `ca` does not pass. */
int pki_check_client(const PkiCert *c, const PkiCert *ca, int64_t now_s, Err *err) MUST_CHECK;

/* ---- requests ---- */
int pki_csr_write(const PkiSubject *s, const PkiKey *key, Buf *ret_pem, Err *err) MUST_CHECK;
int pki_csr_from_pem(Slice pem, PkiCsr **ret, Err *err) MUST_CHECK; /* checks its signature */
typedef enum PkiCsrState {
    PKI_CSR_GOOD,
    PKI_CSR_BROKEN,   /* not the bytes of a request */
    PKI_CSR_UNSIGNED, /* its signature does not hold */
} PkiCsrState;
/* `ret_alg` is the kind of its key, a literal: "RSA", "ECDSA", "Ed25519" or "". */
PkiCsrState pki_csr_check(Slice der, const char **ret_alg);
void pki_csr_free(PkiCsr *c);
DEFINE_CLEANUP(PkiCsr, pki_csr_free);
int pki_csr_subject(const PkiCsr *c, Arena *a, const char **ret_cn, const char *const **ret_orgs,
                    Err *err) MUST_CHECK;
typedef struct PkiNames { /* how many alternative names of each kind a request asks for */
    uint32_t n_dns, n_ip, n_email, n_uri;
} PkiNames;
void pki_csr_names(const PkiCsr *c, PkiNames *ret);

#endif
