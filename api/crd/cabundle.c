/*
 * cabundle.c - the certificates that a conversion webhook is called with: are there any?
 */
#include "api/crd.h"
#include "base/b64.h"
#include "base/err.h"
#include "base/pki.h"

#define BEGIN "-----BEGIN "

/* As Go's certificate pool reads it: one certificate is enough, whatever stands beside it. */
static const char *mistake_of(const char *text)
{
    static const char certificate[] = BEGIN "CERTIFICATE-----";
    const char *at = text;
    bool has_block = false, is_broken = false;

    while ((at = strstr(at, BEGIN)) != NULL) {
        CLEANUP(pki_cert_free) PkiCert *cert = NULL;
        Err err;

        has_block = true;
        if (str_starts(at, certificate)) {
            if (pki_cert_from_pem(slice_of(at), &cert, &err) == 0)
                return NULL;
            is_broken = true;
        }
        at += strlen(BEGIN);
    }
    return is_broken   ? "failed to parse certificate: x509: malformed certificate"
           : has_block ? "no valid certificate authority data seen"
                       : "unable to parse bytes as PEM block";
}

const char *crd_bundle_mistake(const Value *crd)
{
    const Value *bundle = value_at(crd, "spec.conversion.webhook.clientConfig.caBundle");
    AUTO_BUF text = BUF_INIT;

    if (!value_is(bundle, VALUE_STRING) || bundle->n == 0)
        return NULL;
    if (!b64_decode((Slice){bundle->str, bundle->n}, &text))
        return NULL; /* not what the decoder lets pass */
    return mistake_of(buf_str(&text));
}
