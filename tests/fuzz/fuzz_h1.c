/* An answer of a server in a pod: its head, its framing, its page. */
#include "base/err.h"
#include "hostplane/h1.h"
#include "hostplane/htmlrewrite.h"
#include "tests/fuzz/fuzz.h"

static const LinkRule rule = {"/p/proxy", {"api.example:6443", "10.0.0.1:80"}};

static void rewrite(Slice page)
{
    HtmlRewrite *whole = html_rewrite_new(&rule), *parts = html_rewrite_new(&rule);
    AUTO_BUF a = BUF_INIT;
    AUTO_BUF b = BUF_INIT;

    html_rewrite_feed(whole, page, &a);
    html_rewrite_end(whole, &a);
    for (size_t at = 0; at < page.len; at += 7)
        html_rewrite_feed(parts, (Slice){page.ptr + at, MIN(7, page.len - at)}, &b);
    html_rewrite_end(parts, &b);
    BUG_ON(page.len < 4096 && !slice_eq(buf_slice(&a), buf_slice(&b)));
    html_rewrite_free(whole);
    html_rewrite_free(parts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Slice in = {(const char *)data, n};
    AUTO_BUF body = BUF_INIT;
    H1Head h;
    H1Body b;
    Err err;
    int64_t r = h1_head_parse(a, in, &h, &err);

    if (r <= 0 || h1_body_init(&b, &h, "GET", &err) < 0)
        return 0;
    BUG_ON((size_t)r > n);
    (void)h1_is_hop_header(&h, "X-Own");
    if (h1_body_feed(&b, (Slice){in.ptr + r, n - (size_t)r}, &body, &err) == 0)
        (void)h1_body_end(&b);
    rewrite(buf_slice(&body));
    return 0;
}
