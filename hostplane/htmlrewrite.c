#include "hostplane/htmlrewrite.h"

#include "base/mem.h"

#include <strings.h>

enum { HELD_MAX = 16 * 1024 };

struct HtmlRewrite {
    const LinkRule *rule;
    Buf held;        /* from the start of something that is not complete */
    const char *raw; /* inside this element, whose content is no markup; NULL */
};

/* ---- a URL ---- */

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_escaped_well(Slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] == '%' && (i + 2 >= s.len || !is_hex(s.ptr[i + 1]) || !is_hex(s.ptr[i + 2])))
            return false;
    return true;
}

/* Past "http://host" or "//host", when that is the server itself. False: it is somebody else. */
static bool skip_own_host(const LinkRule *rule, Slice *url)
{
    static const char *const schemes[] = {"http://", "https://", "//"};

    for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
        size_t n = strlen(schemes[i]), end;

        if (url->len < n || strncasecmp(url->ptr, schemes[i], n) != 0)
            continue;
        for (end = n; end < url->len && !memchr("/?#", url->ptr[end], 3);)
            end++;
        for (size_t k = 0; k < ARRAY_LEN(rule->hosts); k++) {
            if (!rule->hosts[k] || !slice_is((Slice){url->ptr + n, end - n}, rule->hosts[k]))
                continue;
            *url = (Slice){url->ptr + end, url->len - end};
            return true;
        }
        return false;
    }
    return true;
}

/* Appends the path without empty, "." and ".." parts; what was appended before stays. */
static void add_clean(Slice path, Buf *out)
{
    size_t start = out->len;
    bool has_slash = path.len > 0 && path.ptr[path.len - 1] == '/';
    Slice part;

    while (path.len > 0) {
        slice_cut(&path, '/', &part);
        if (slice_is(part, "..")) {
            size_t n = out->len;

            while (n > start && out->ptr[n - 1] != '/')
                n--;
            buf_truncate(out, n > start ? n - 1 : start);
        } else if (part.len > 0 && !slice_is(part, ".")) {
            buf_addc(out, '/');
            buf_add_slice(out, part);
        }
    }
    if (has_slash)
        buf_addc(out, '/');
}

void link_rewrite(const LinkRule *rule, Slice url, Buf *out)
{
    Slice rest = url;
    size_t n = 0, n_prepend = strlen(rule->prepend);

    if (!skip_own_host(rule, &rest) || rest.len == 0 || rest.ptr[0] != '/' ||
        !is_escaped_well(url)) {
        buf_add_slice(out, url);
        return;
    }
    while (n < rest.len && rest.ptr[n] != '?' && rest.ptr[n] != '#')
        n++;
    if (n >= n_prepend && memcmp(rest.ptr, rule->prepend, n_prepend) == 0) {
        buf_add_slice(out, rest);
        return;
    }
    buf_adds(out, rule->prepend);
    add_clean((Slice){rest.ptr, n}, out);
    buf_add(out, rest.ptr + n, rest.len - n);
}

/* ---- a tag ---- */

static bool has_link(Slice element, Slice attribute)
{
    static const struct {
        const char *element, *attributes[4];
    } table[] = {
        {"a", {"href"}},
        {"applet", {"codebase"}},
        {"area", {"href"}},
        {"audio", {"src"}},
        {"base", {"href"}},
        {"blockquote", {"cite"}},
        {"body", {"background"}},
        {"button", {"formaction"}},
        {"command", {"icon"}},
        {"del", {"cite"}},
        {"embed", {"src"}},
        {"form", {"action"}},
        {"frame", {"longdesc", "src"}},
        {"head", {"profile"}},
        {"html", {"manifest"}},
        {"iframe", {"longdesc", "src"}},
        {"img", {"longdesc", "src", "usemap"}},
        {"input", {"src", "usemap", "formaction"}},
        {"ins", {"cite"}},
        {"link", {"href"}},
        {"object", {"classid", "codebase", "data", "usemap"}},
        {"q", {"cite"}},
        {"script", {"src"}},
        {"source", {"src"}},
        {"video", {"poster", "src"}},
    };

    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        if (strlen(table[i].element) != element.len ||
            strncasecmp(table[i].element, element.ptr, element.len) != 0)
            continue;
        for (size_t k = 0; k < ARRAY_LEN(table[i].attributes) && table[i].attributes[k]; k++)
            if (strlen(table[i].attributes[k]) == attribute.len &&
                strncasecmp(table[i].attributes[k], attribute.ptr, attribute.len) == 0)
                return true;
        return false;
    }
    return false;
}

static const char *raw_element(Slice name)
{
    static const char *const names[] = {"script",  "style",    "textarea", "title",    "xmp",
                                        "noembed", "noframes", "iframe",   "plaintext"};

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strlen(names[i]) == name.len && strncasecmp(names[i], name.ptr, name.len) == 0)
            return names[i];
    return NULL;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static size_t skip_spaces(Slice s, size_t at)
{
    while (at < s.len && is_space(s.ptr[at]))
        at++;
    return at;
}

/* One attribute, whose first byte is at `at`; *ret_value is where its value stands, without quotes.
 * Returns where it ends; s.len when it does not. */
static size_t scan_attribute(Slice s, size_t at, Slice *ret_name, Slice *ret_value)
{
    size_t start = at;
    char quote;

    *ret_value = (Slice){0};
    while (at < s.len && !is_space(s.ptr[at]) && !memchr("=>/", s.ptr[at], 3))
        at++;
    *ret_name = (Slice){s.ptr + start, at - start};
    start = skip_spaces(s, at);
    if (start >= s.len || s.ptr[start] != '=')
        return at;
    at = skip_spaces(s, start + 1);
    if (at >= s.len)
        return s.len;
    quote = s.ptr[at];
    if (quote == '"' || quote == '\'') {
        const char *end = memchr(s.ptr + at + 1, quote, s.len - at - 1);

        if (!end)
            return s.len;
        *ret_value = (Slice){s.ptr + at + 1, (size_t)(end - s.ptr) - at - 1};
        return (size_t)(end - s.ptr) + 1;
    }
    for (start = at; at < s.len && !is_space(s.ptr[at]) && s.ptr[at] != '>';)
        at++;
    *ret_value = (Slice){s.ptr + start, at - start};
    return at;
}

/* A start tag at the front of `s`: appended with its links changed. Returns its length; 0 when its
 * end is not there. */
static size_t take_tag(HtmlRewrite *h, Slice s, Buf *out)
{
    size_t at = 1, before = out->len, copied = 0;
    Slice element, name, value;

    while (at < s.len && !is_space(s.ptr[at]) && s.ptr[at] != '>' && s.ptr[at] != '/')
        at++;
    element = (Slice){s.ptr + 1, at - 1};
    while (at < s.len && s.ptr[at] != '>') {
        if (is_space(s.ptr[at]) || s.ptr[at] == '/' || s.ptr[at] == '=') {
            at++;
            continue;
        }
        at = scan_attribute(s, at, &name, &value);
        if (value.ptr && has_link(element, name)) {
            size_t from = (size_t)(value.ptr - s.ptr);

            buf_add(out, s.ptr + copied, from - copied);
            link_rewrite(h->rule, value, out);
            copied = from + value.len;
        }
    }
    if (at >= s.len) {
        buf_truncate(out, before);
        return 0;
    }
    buf_add(out, s.ptr + copied, at + 1 - copied);
    h->raw = raw_element(element);
    return at + 1;
}

/* ---- a page ---- */

/* Where "</name" stands, whatever its case; s.len when nowhere. */
static size_t find_end_tag(Slice s, const char *name)
{
    size_t n = strlen(name);

    for (size_t i = 0; i + 2 + n <= s.len; i++)
        if (s.ptr[i] == '<' && s.ptr[i + 1] == '/' && strncasecmp(s.ptr + i + 2, name, n) == 0)
            return i;
    return s.len;
}

/* Inside an element whose content is no markup. Returns how much of `s` is done with. */
static size_t take_raw(HtmlRewrite *h, Slice s, bool is_last, Buf *out)
{
    size_t n = find_end_tag(s, h->raw), keep = strlen(h->raw) + 1;

    if (n < s.len)
        h->raw = NULL;
    else if (!is_last)
        n = s.len > keep ? s.len - keep : 0;
    buf_add(out, s.ptr, n);
    return n;
}

static size_t take_comment(Slice s, Buf *out)
{
    for (size_t i = 4; i + 3 <= s.len; i++) {
        if (memcmp(s.ptr + i, "-->", 3) != 0)
            continue;
        buf_add(out, s.ptr, i + 3);
        return i + 3;
    }
    return 0;
}

/* What begins with '<'. 0: it is not complete. */
static size_t take_markup(HtmlRewrite *h, Slice s, Buf *out)
{
    if (s.len < 4)
        return 0;
    if (slice_starts(s, "<!--"))
        return take_comment(s, out);
    if ((s.ptr[1] >= 'a' && s.ptr[1] <= 'z') || (s.ptr[1] >= 'A' && s.ptr[1] <= 'Z'))
        return take_tag(h, s, out);
    buf_addc(out, '<');
    return 1;
}

static void work(HtmlRewrite *h, bool is_last, Buf *out)
{
    size_t at = 0;

    while (at < h->held.len) {
        Slice s = {h->held.ptr + at, h->held.len - at};
        const char *next = memchr(s.ptr, '<', s.len);
        size_t n;

        if (h->raw) {
            n = take_raw(h, s, is_last, out);
            if (n == 0 && !h->raw)
                continue;
        } else if (next != s.ptr) {
            n = next ? (size_t)(next - s.ptr) : s.len;
            buf_add(out, s.ptr, n);
        } else {
            n = take_markup(h, s, out);
            if (n == 0 && (is_last || s.len >= HELD_MAX)) {
                buf_add_slice(out, s);
                n = s.len;
            }
        }
        if (n == 0)
            break;
        at += n;
    }
    if (at > 0 && at < h->held.len)
        memmove(h->held.ptr, h->held.ptr + at, h->held.len - at);
    buf_truncate(&h->held, h->held.len - at);
}

HtmlRewrite *html_rewrite_new(const LinkRule *rule)
{
    HtmlRewrite *h = xcalloc(1, sizeof(*h));

    h->rule = rule;
    return h;
}

void html_rewrite_free(HtmlRewrite *h)
{
    if (!h)
        return;
    buf_done(&h->held);
    free(h);
}

void html_rewrite_feed(HtmlRewrite *h, Slice in, Buf *out)
{
    buf_add_slice(&h->held, in);
    work(h, false, out);
}

void html_rewrite_end(HtmlRewrite *h, Buf *out)
{
    work(h, true, out);
}
