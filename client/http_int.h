/*
 * http_int.h - what http.c, http_stream.c and ws.c share. Private to client/.
 */
#ifndef CLIENT_HTTP_INT_H
#define CLIENT_HTTP_INT_H

#include "base/err.h"
#include "client/http.h"

#include <curl/curl.h>
#include <pthread.h>

enum { HTTP_POOL_MAX = 32 };

typedef struct HttpClient {
    Client client; /* first: a Client * is the HttpClient * */
    Arena *arena;
    HttpOptions o;      /* strings in the arena; certificates below */
    const char *origin; /* "https://host:port" */
    const char *prefix; /* "/clusters/acme" or "" */
    /* guards what follows; a leaf */
    pthread_mutex_t lock;
    char *cert_pem, *key_pem; /* heap; may be replaced */
    uint64_t cert_version;
    uint64_t exec_version; /* of o.exec's credential that was used last */
    uint64_t exec_refused; /* of the one that the server did not take; 0: none */
    char *file_token;      /* heap; what token_file held at token_read_us */
    int64_t token_read_us;
    CURL *idle[HTTP_POOL_MAX];
    uint64_t idle_version[HTTP_POOL_MAX]; /* cert_version the handle was set up with */
    unsigned n_idle;
} HttpClient;

/* A request being set up: a borrowed handle and its headers. */
typedef struct HttpCall {
    HttpClient *h;
    CURL *curl;
    struct curl_slist *headers;
    uint64_t version;
    char error[CURL_ERROR_SIZE];
} HttpCall;

/* Borrow a handle and set it up for `req` (URL, headers, TLS, credentials). */
void http__begin(HttpCall *call, HttpClient *h, const ClientRequest *req);
/* A 401 came: is there another credential to try? */
bool http__renew(HttpClient *h);
void http__add_header(HttpCall *call, const char *name, const char *value);
/* Give the handle back; `is_reusable` false closes its connection. */
void http__end(HttpCall *call, bool is_reusable);
int http__error(const HttpCall *call, CURLcode code, Err *err);

#endif
