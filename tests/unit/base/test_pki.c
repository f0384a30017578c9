#include "base/clock.h"
#include "base/pki.h"
#include "tests/unit/test.h"

typedef struct Ca {
    PkiKey *key;
    PkiCert *cert;
} Ca;

static PkiUse use(int64_t from, int64_t until)
{
    return (PkiUse){.from_s = from, .until_s = until, .is_client = true};
}

static Ca ca_new(const char *cn, const Ca *by)
{
    Ca ca = {0};
    PkiUse u = {.from_s = 1000, .until_s = 9000, .is_ca = true, .path_len = by ? 0 : 1};
    Err err;

    assert_ok(pki_key_new(&ca.key, &err));
    assert_ok(pki_issue(&(PkiSubject){.cn = cn}, &u, ca.key, by ? by->cert : NULL,
                        by ? by->key : NULL, &ca.cert, &err));
    return ca;
}

static void ca_done(Ca *ca)
{
    pki_key_free(ca->key);
    pki_cert_free(ca->cert);
}

TEST(a_client_certificate_passes_its_own_authority_only)
{
    Ca root = ca_new("root", NULL), a = ca_new("a", &root), b = ca_new("b", &root);
    CLEANUP(pki_key_free) PkiKey *k = NULL;
    CLEANUP(pki_cert_free) PkiCert *c = NULL;
    static const char *const orgs[] = {"dev", "ops", NULL};
    PkiUse u = use(2000, 3000);
    Arena *arena = arena_new();
    const char *cn;
    const char *const *got;
    Err err;

    assert_ok(pki_key_new(&k, &err));
    assert_ok(pki_issue(&(PkiSubject){.cn = "jane", .orgs = orgs}, &u, k, a.cert, a.key, &c, &err));
    assert_ok(pki_check_client(c, a.cert, 2500, &err));
    assert_fails(pki_check_client(c, b.cert, 2500, &err), ERR_UNAUTHORIZED);
    assert_fails(pki_check_client(c, root.cert, 2500, &err), ERR_UNAUTHORIZED);
    assert_fails(pki_check_client(c, a.cert, 1999, &err), ERR_UNAUTHORIZED);
    assert_fails(pki_check_client(c, a.cert, 3001, &err), ERR_UNAUTHORIZED);
    assert_int_equal(pki_cert_until(c), 3000);
    assert_ok(pki_cert_subject(c, arena, &cn, &got, &err));
    assert_string_equal(cn, "jane");
    assert_string_equal(got[0], "dev");
    assert_string_equal(got[1], "ops");
    assert_null(got[2]);
    arena_free(arena);
    ca_done(&a);
    ca_done(&b);
    ca_done(&root);
}

TEST(neither_a_server_nor_an_authority_is_a_client)
{
    Ca root = ca_new("root", NULL), a = ca_new("a", &root);
    CLEANUP(pki_key_free) PkiKey *k = NULL;
    CLEANUP(pki_cert_free) PkiCert *c = NULL;
    static const char *const names[] = {"kubernetes.default", "10.96.0.1", "::1", NULL};
    PkiUse u = {.from_s = 2000, .until_s = 3000, .is_server = true};
    Err err;

    assert_ok(pki_key_new(&k, &err));
    assert_ok(pki_issue(&(PkiSubject){.cn = "srv", .names = names}, &u, k, root.cert, root.key, &c,
                        &err));
    assert_fails(pki_check_client(c, root.cert, 2500, &err), ERR_UNAUTHORIZED);
    assert_fails(pki_check_client(root.cert, root.cert, 2500, &err), ERR_UNAUTHORIZED);
    ca_done(&a);
    ca_done(&root);
}

TEST(a_request_keeps_its_subject_and_key)
{
    Ca root = ca_new("root", NULL);
    CLEANUP(pki_key_free) PkiKey *k = NULL;
    CLEANUP(pki_csr_free) PkiCsr *csr = NULL;
    CLEANUP(pki_cert_free) PkiCert *c = NULL;
    static const char *const orgs[] = {"system:nodes", NULL};
    static const char *const names[] = {"n1", "10.0.0.1", NULL};
    PkiUse u = use(2000, 3000);
    AUTO_BUF pem = BUF_INIT;
    Arena *arena = arena_new();
    const char *cn;
    const char *const *got;
    PkiNames kinds;
    Err err;

    assert_ok(pki_key_new(&k, &err));
    assert_ok(pki_csr_write(&(PkiSubject){.cn = "system:node:n1", .orgs = orgs, .names = names}, k,
                            &pem, &err));
    assert_ok(pki_csr_from_pem(buf_slice(&pem), &csr, &err));
    assert_ok(pki_csr_subject(csr, arena, &cn, &got, &err));
    assert_string_equal(cn, "system:node:n1");
    pki_csr_names(csr, &kinds);
    assert_int_equal(kinds.n_dns, 1);
    assert_int_equal(kinds.n_ip, 1);
    assert_int_equal(kinds.n_email + kinds.n_uri, 0);
    assert_ok(pki_issue_csr(csr, &u, root.cert, root.key, &c, &err));
    assert_ok(pki_check_client(c, root.cert, 2500, &err));
    assert_ok(pki_cert_subject(c, arena, &cn, &got, &err));
    assert_string_equal(got[0], "system:nodes");
    /* one changed byte in the middle of the request */
    pem.ptr[pem.len / 2] = pem.ptr[pem.len / 2] == 'A' ? 'B' : 'A';
    pki_csr_free(TAKE(csr));
    assert_fails(pki_csr_from_pem(buf_slice(&pem), &csr, &err), ERR_BAD_REQUEST);
    arena_free(arena);
    ca_done(&root);
}

TEST(keys_and_certificates_survive_their_texts)
{
    Ca root = ca_new("root", NULL);
    CLEANUP(pki_key_free) PkiKey *k = NULL;
    CLEANUP(pki_cert_free) PkiCert *c = NULL, *d = NULL;
    AUTO_BUF key = BUF_INIT, pem = BUF_INIT, der = BUF_INIT;
    unsigned char sig[PKI_ES256_LEN];
    Err err;

    pki_key_write_pem(root.key, &key);
    assert_ok(pki_key_from_pem(buf_slice(&key), &k, &err));
    assert_ok(pki_sign_es256(k, SLICE("text"), sig, &err));
    assert_true(pki_verify_es256(root.key, SLICE("text"), sig));
    assert_false(pki_verify_es256(root.key, SLICE("texT"), sig));
    memset(sig, 0, sizeof(sig));
    assert_false(pki_verify_es256(root.key, SLICE("text"), sig));
    pki_cert_write_pem(root.cert, &pem);
    assert_ok(pki_cert_from_pem(buf_slice(&pem), &c, &err));
    pki_cert_write_der(c, &der);
    assert_ok(pki_cert_from_der(buf_slice(&der), &d, &err));
    der.len--;
    pki_cert_free(TAKE(d));
    assert_fails(pki_cert_from_der(buf_slice(&der), &d, &err), ERR_BAD_REQUEST);
    assert_fails(pki_key_from_pem(SLICE("-----BEGIN"), &k, &err), ERR_BAD_REQUEST);
    ca_done(&root);
}

TEST(keys_are_read_in_every_form_that_they_come_in)
{
    static const char sec1[] = "-----BEGIN EC PRIVATE KEY-----\n"
                               "MHcCAQEEIJZuUrK9GMRxQz/1YewLXEp5aTLlVbNlAR7cs/fnLON2oAoGCCqGSM49\n"
                               "AwEHoUQDQgAEjW4jkO1Dg0jbtyvimoFGZ1a+SiK20u27gsQWj3aFQYMtkSJ6eyDr\n"
                               "pXjO3iei8yGH4C8Q5fk9a3mUpzTmzyXJMQ==\n"
                               "-----END EC PRIVATE KEY-----\n";
    CLEANUP(pki_key_free) PkiKey *other = NULL;
    unsigned char sig[PKI_ES256_LEN];

    for (int i = 0; i < 300; i++) { /* some begin with a zero */
        CLEANUP(pki_key_free) PkiKey *k = NULL;
        CLEANUP(pki_key_free) PkiKey *read = NULL;
        AUTO_BUF pem = BUF_INIT, again = BUF_INIT;

        assert_ok(pki_key_new(&k, NULL));
        pki_key_write_pem(k, &pem);
        assert_ok(pki_key_from_pem(buf_slice(&pem), &read, NULL));
        pki_key_write_pem(read, &again);
        assert_string_equal(buf_str(&again), buf_str(&pem));
        assert_ok(pki_sign_es256(read, SLICE("text"), sig, NULL));
        assert_true(pki_verify_es256(k, SLICE("text"), sig));
        pem.ptr[pem.len / 2] = pem.ptr[pem.len / 2] == 'A' ? 'B' : 'A'; /* in the public part */
        pki_key_free(TAKE(read));
        if (pki_key_from_pem(buf_slice(&pem), &read, NULL) < 0)
            continue;
        assert_ok(pki_sign_es256(read, SLICE("text"), sig, NULL));
    }
    assert_ok(pki_key_from_pem(slice_of(sec1), &other, NULL));
    assert_ok(pki_sign_es256(other, SLICE("text"), sig, NULL));
    assert_true(pki_verify_es256(other, SLICE("text"), sig));
}

TEST(a_derived_key_and_its_authority_are_the_same_each_time)
{
    CLEANUP(pki_key_free) PkiKey *from = NULL, *other = NULL, *leaf_key = NULL;
    PkiKey *k[3] = {0};
    CLEANUP(pki_cert_free) PkiCert *leaf = NULL;
    PkiCert *ca[3] = {0};
    PkiUse u = {.from_s = 1000, .until_s = 9000, .is_ca = true, .serial_of = "x"};
    PkiUse client = use(2000, 3000);
    Buf pem[3] = {0};
    Err err;

    assert_ok(pki_key_new(&from, &err));
    assert_ok(pki_key_new(&other, &err));
    assert_ok(pki_key_derive(from, "a", &k[0], &err));
    assert_ok(pki_key_derive(from, "a", &k[1], &err));
    assert_ok(pki_key_derive(other, "a", &k[2], &err));
    for (int i = 0; i < 3; i++) {
        assert_ok(pki_issue(&(PkiSubject){.cn = "ca"}, &u, k[i], NULL, NULL, &ca[i], &err));
        pki_cert_write_pem(ca[i], &pem[i]);
    }
    assert_string_equal(buf_str(&pem[0]), buf_str(&pem[1]));
    assert_string_not_equal(buf_str(&pem[0]), buf_str(&pem[2]));
    assert_ok(pki_key_new(&leaf_key, &err));
    assert_ok(pki_issue(&(PkiSubject){.cn = "c"}, &client, leaf_key, ca[0], k[0], &leaf, &err));
    assert_ok(pki_check_client(leaf, ca[1], 2500, &err));
    assert_fails(pki_check_client(leaf, ca[2], 2500, &err), ERR_UNAUTHORIZED);
    for (int i = 0; i < 3; i++) {
        buf_done(&pem[i]);
        pki_key_free(k[i]);
        pki_cert_free(ca[i]);
    }
}
