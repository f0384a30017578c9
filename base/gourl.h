/*
 * gourl.h - URLs as Go's net/url reads them (Parse and ParseRequestURI of Go 1.26, which is strict
 * about colons in hosts and takes nothing but IPv6 addresses in brackets), with its messages.
 *
 * Threads: any. Owns: nothing; the parts are slices of the text, as written there.
 * Fails:   with a message like: parse "http://a b": invalid character " " in host name
 * Tests:   tests/unit/base/test_gourl.c, tests/fuzz/fuzz_gourl.c
 */
#ifndef BASE_GOURL_H
#define BASE_GOURL_H

#include "base/buf.h"
#include "base/slice.h"

typedef struct GoUrl {
    Slice text, scheme, user, host, path, query, fragment;
    bool has_user;
    bool is_opaque; /* "mailto:x": no host, no path */
} GoUrl;

typedef enum GoUrlForm {
    GOURL_ANY,     /* Parse: with a fragment, perhaps relative */
    GOURL_REQUEST, /* ParseRequestURI: absolute, or a path from the root; # is a character */
} GoUrlForm;

/* False: the message is in *why (NULL: not wanted). */
bool gourl_parse(Slice text, GoUrlForm form, GoUrl *ret, Buf *why) MUST_CHECK;

/* Without escapes; '+' is a blank in queries. False, and part of it, at an escape that is none. */
bool gourl_unescape(Slice s, bool is_query, Buf *out);
/* User and password as Go prints them (Userinfo.String). */
void gourl_print_user(const GoUrl *u, Buf *out);
/* The path as written if that is a valid encoding, else encoded anew (URL.EscapedPath). */
void gourl_print_path(const GoUrl *u, Buf *out);
/* Appends the text as %q does: quoted, what does not print as an escape. */
void gourl_quote(Slice s, Buf *out);
/* The same of a list that ends with NULL: ["a" "b"]. */
void gourl_quote_list(const char *const *list, Buf *out);

#endif
