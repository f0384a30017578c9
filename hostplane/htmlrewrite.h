/*
 * htmlrewrite.h - links of a proxied page lead back through the proxy.
 *
 * A server behind pods/NAME/proxy does not know where it is reached: "/style.css" in its page, or
 * in a Location header, means ".../pods/NAME/proxy/style.css". The rules (which attributes of which
 * elements, which URLs) are those of upstream's apimachinery/pkg/util/proxy. Only such values
 * change; every other byte passes as it is.
 *
 * Owns:    the part of a page that is not a whole tag yet, 16 KiB at most; a longer one passes as
 * it is. Threads: one at a time. Frees:   html_rewrite_free(). Fails:   never. Tests:
 * tests/unit/hostplane/test_htmlrewrite.c, tests/fuzz/fuzz_html.c
 */
#ifndef HOSTPLANE_HTMLREWRITE_H
#define HOSTPLANE_HTMLREWRITE_H

#include "base/buf.h"

typedef struct LinkRule {
    const char *prepend;  /* "/api/v1/namespaces/x/pods/y/proxy" */
    const char *hosts[2]; /* names of the server itself: as it was asked, as it is reached */
} LinkRule;

/* The URL as it is to be, appended; as it was when it leads elsewhere or is relative. */
void link_rewrite(const LinkRule *rule, Slice url, Buf *out);

typedef struct HtmlRewrite HtmlRewrite;
HtmlRewrite *html_rewrite_new(const LinkRule *rule); /* borrows the rule */
void html_rewrite_free(HtmlRewrite *h);
void html_rewrite_feed(HtmlRewrite *h, Slice in, Buf *out);
void html_rewrite_end(HtmlRewrite *h, Buf *out);

#endif
