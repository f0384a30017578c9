#include "client/curltls.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

static bool has_names(X509 *cert)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
    bool found = false;

    for (int i = 0; i < sk_GENERAL_NAME_num(names) && !found; i++) {
        int type = sk_GENERAL_NAME_value(names, i)->type;

        found = type == GEN_DNS || type == GEN_IPADD;
    }
    GENERAL_NAMES_free(names);
    return found;
}

/* With one name of either kind libcurl looks at no common name (lib/vtls/openssl.c,
 * Curl_ossl_verifyhost); Go never does (crypto/x509, Certificate.VerifyHostname). */
static int on_verify(int holds, X509_STORE_CTX *ctx)
{
    if (!holds || X509_STORE_CTX_get_error_depth(ctx) > 0 ||
        has_names(X509_STORE_CTX_get_current_cert(ctx)))
        return holds;
    X509_STORE_CTX_set_error(ctx, X509_V_ERR_HOSTNAME_MISMATCH);
    return 0;
}

static CURLcode on_context(CURL *curl UNUSED, void *ssl_ctx, void *data UNUSED)
{
    SSL_CTX_set_verify(ssl_ctx, SSL_VERIFY_PEER, on_verify);
    return CURLE_OK;
}

static void set_blob(CURL *curl, CURLoption option, const char *pem)
{
    struct curl_blob blob = {(void *)(uintptr_t)pem, strlen(pem), CURL_BLOB_COPY};

    curl_easy_setopt(curl, option, &blob);
}

void curltls_set(CURL *curl, const CurlTls *t)
{
    if (t->ca_pem) {
        curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
        curl_easy_setopt(curl, CURLOPT_CAINFO, NULL);
        set_blob(curl, CURLOPT_CAINFO_BLOB, t->ca_pem);
    }
    if (t->is_unverified) {
        curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
        curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    } else { /* fails with a libcurl that speaks TLS by another library than OpenSSL */
        BUG_ON(curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, on_context) != CURLE_OK);
    }
    if (t->cert_pem && t->key_pem) {
        set_blob(curl, CURLOPT_SSLCERT_BLOB, t->cert_pem);
        set_blob(curl, CURLOPT_SSLKEY_BLOB, t->key_pem);
    }
}
