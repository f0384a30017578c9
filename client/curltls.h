/*
 * curltls.h - whom a handle of libcurl trusts and what it shows of itself.
 *
 * A server is known by the alternative names of its certificate only. libcurl takes the subject's
 * common name when there are none, which clients in Go refuse.
 *
 * Threads: that of the handle. Frees: nothing; texts are copied.
 * Tests:   tests/e2e/test_webhooks.py
 */
#ifndef CLIENT_CURLTLS_H
#define CLIENT_CURLTLS_H

#include "base/base.h"

#include <curl/curl.h>

typedef struct CurlTls {
    const char *ca_pem;             /* nothing else is trusted; NULL: what the system trusts */
    bool is_unverified;             /* anybody is */
    const char *cert_pem, *key_pem; /* NULL: none is shown */
} CurlTls;

void curltls_set(CURL *curl, const CurlTls *t);

#endif
