#include "hostplane/htmlrewrite.h"

#include "tests/unit/test.h"

static const LinkRule rule = {"/p/proxy", {"api.example:6443", "10.0.0.1:80"}};

TEST(leads_links_of_the_server_itself_through_the_proxy)
{
    static const struct {
        const char *url, *want;
    } cases[] = {
        {"/", "/p/proxy/"},
        {"/a/b?c=/d#/e", "/p/proxy/a/b?c=/d#/e"},
        {"/a//./b/../c/", "/p/proxy/a/c/"},
        {"/../../x", "/p/proxy/x"},
        {"/p/proxy/a", "/p/proxy/a"},
        {"http://10.0.0.1:80/x", "/p/proxy/x"},
        {"HTTPS://api.example:6443/x", "/p/proxy/x"},
        {"//10.0.0.1:80/x", "/p/proxy/x"},
        {"http://10.0.0.1:80", "http://10.0.0.1:80"},
        {"http://10.0.0.1:81/x", "http://10.0.0.1:81/x"},
        {"//other/x", "//other/x"},
        {"a/b", "a/b"},
        {"?a", "?a"},
        {"#/a", "#/a"},
        {"", ""},
        {"mailto:x@y", "mailto:x@y"},
        {"/%zz", "/%zz"},
        {"/%2f", "/p/proxy/%2f"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO_BUF out = BUF_INIT;

        link_rewrite(&rule, slice_of(cases[i].url), &out);
        assert_string_equal(buf_str(&out), cases[i].want);
    }
}

static void rewrite(const char *page, size_t n, size_t piece, Buf *out)
{
    HtmlRewrite *h = html_rewrite_new(&rule);

    for (size_t at = 0; at < n; at += piece)
        html_rewrite_feed(h, (Slice){page + at, MIN(piece, n - at)}, out);
    html_rewrite_end(h, out);
    html_rewrite_free(h);
}

TEST(changes_links_in_tags_and_nothing_else)
{
    static const struct {
        const char *page, *want;
    } cases[] = {
        {"<a href=\"/x\">/y</a>", "<a href=\"/p/proxy/x\">/y</a>"},
        {"<A HREF = '/x' class=/y>", "<A HREF = '/p/proxy/x' class=/y>"},
        {"<img src=/x usemap=/y alt=/z longdesc=\"/w\"/>",
         "<img src=/p/proxy/x usemap=/p/proxy/y alt=/z longdesc=\"/p/proxy/w\"/>"},
        {"<p href=\"/x\"><link disabled href='/x'>",
         "<p href=\"/x\"><link disabled href='/p/proxy/x'>"},
        {"<a title=\"a>b\" href=/x>", "<a title=\"a>b\" href=/p/proxy/x>"},
        {"<!-- <a href=/x> --><a href=/y>", "<!-- <a href=/x> --><a href=/p/proxy/y>"},
        {"<script src=/s>'<a href=/x>'</ScRiPt><a href=/y>",
         "<script src=/p/proxy/s>'<a href=/x>'</ScRiPt><a href=/p/proxy/y>"},
        {"<script></script><a href=/y>", "<script></script><a href=/p/proxy/y>"},
        {"a < b <> </a href=/x> <?a href=/x>", "a < b <> </a href=/x> <?a href=/x>"},
        {"<a href=\"/x", "<a href=\"/x"},
        {"<a href", "<a href"},
        {"<a href=>", "<a href=>"},
        {"<a =href=/x /=>", "<a =href=/p/proxy/x /=>"},
        {"<", "<"},
        {"<!--", "<!--"},
        {"<style>a{}", "<style>a{}"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        for (size_t piece = 1; piece < 40; piece++) {
            AUTO_BUF out = BUF_INIT;

            rewrite(cases[i].page, strlen(cases[i].page), piece, &out);
            assert_string_equal(buf_str(&out), cases[i].want);
        }
    }
}

TEST(passes_a_tag_without_end_as_it_is)
{
    AUTO_BUF page = BUF_INIT;
    AUTO_BUF out = BUF_INIT;

    for (int i = 0; i < 100000; i++)
        buf_adds(&page, "<a x=\"");
    rewrite(page.ptr, page.len, 1000, &out);
    assert_int_equal(out.len, page.len);
    assert_memory_equal(out.ptr, page.ptr, page.len);
}
