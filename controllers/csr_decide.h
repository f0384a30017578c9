/*
 * csr_decide.h - what becomes of a CertificateSigningRequest. Pure.
 *
 * Upstream: pkg/controller/certificates/{approver,signer,cleaner},
 * pkg/apis/certificates/helpers.go.
 *
 * Threads: any. Frees: texts are constants or live in the arena.
 * Tests:   tests/unit/controllers/test_csr_decide.c
 */
#ifndef CONTROLLERS_CSR_DECIDE_H
#define CONTROLLERS_CSR_DECIDE_H

#include "base/pki.h"
#include "base/value.h"

typedef struct CsrFacts { /* what stands in the request itself */
    const char *cn;
    const char *const *orgs; /* ends with NULL */
    PkiNames names;
} CsrFacts;

typedef struct CsrSigner {
    const char *name;
    bool is_server;
    /* Why it does not sign this; NULL when it does. */
    const char *(*refuses)(Arena *a, const CsrFacts *f, const Value *usages);
} CsrSigner;

/* The signer of this server that the object names, NULL when there is none. */
const CsrSigner *csr_signer(const Value *csr);
/* How long the certificate lives: what was asked for, between ten minutes and a year. */
int64_t csr_lifetime_s(const Value *csr);

/* A node's certificate that may be approved without asking anybody, by the permission named in
 * `permission` ("selfnodeclient"). */
typedef struct CsrRecognizer {
    const char *permission, *message;
    bool is_self; /* a node asks for itself */
} CsrRecognizer;
bool csr_recognizes(Arena *a, const CsrRecognizer *r, const Value *csr, const CsrFacts *f);
extern const CsrRecognizer csr_recognizers[];
extern const size_t csr_n_recognizers;

bool csr_is_approved(const Value *csr);
bool csr_is_denied(const Value *csr);
bool csr_is_failed(const Value *csr);
/* When it is thrown away, microseconds since 1970. `until_s`: the end of its certificate, 0 none.
 */
int64_t csr_end_us(const Value *csr, int64_t until_s);

#endif
