#include "hostplane/h1.h"

#include "base/err.h"

#include <strings.h>

/* ---- the head ---- */

static bool is_token_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_token(Slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_token_char(s.ptr[i]))
            return false;
    return s.len > 0;
}

static bool is_value(Slice s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if ((c < ' ' && c != '\t') || c == 127)
            return false;
    }
    return true;
}

static Slice without_cr(Slice line)
{
    if (line.len > 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    return line;
}

/* Where the head ends: after the first empty line. 0: not here. */
static size_t head_len(Slice in)
{
    for (size_t i = 0; i < in.len; i++) {
        if (in.ptr[i] != '\n')
            continue;
        if (i + 1 < in.len && in.ptr[i + 1] == '\n')
            return i + 2;
        if (i + 2 < in.len && in.ptr[i + 1] == '\r' && in.ptr[i + 2] == '\n')
            return i + 3;
    }
    return 0;
}

static bool parse_status(Slice line, int *ret)
{
    int64_t n;

    if (line.len < 12 || !slice_starts(line, "HTTP/1.") || line.ptr[8] != ' ' ||
        (line.len > 12 && line.ptr[12] != ' '))
        return false;
    if (!slice_to_int64((Slice){line.ptr + 9, 3}, &n) || n < 100)
        return false;
    *ret = (int)n;
    return true;
}

static int malformed(Err *err, const char *what, Slice line)
{
    return err_set(err, ERR_BAD_REQUEST,
                   "net/http: HTTP/1.x transport connection broken: malformed %s \"%.*s\"", what,
                   (int)MIN(line.len, 100), line.ptr);
}

int64_t h1_head_parse(Arena *a, Slice in, H1Head *ret, Err *err)
{
    size_t n = head_len(in), n_lines = 0;
    Slice rest = {in.ptr, n}, line, name;
    H1Head h = {0};

    if (n == 0 && in.len > H1_HEAD_MAX)
        return err_set(err, ERR_BAD_REQUEST, "net/http: server response headers exceeded %d bytes",
                       H1_HEAD_MAX);
    if (n == 0)
        return 0;
    for (size_t i = 0; i < n; i++)
        n_lines += in.ptr[i] == '\n';
    if (n_lines > H1_HEADERS_MAX)
        return err_set(err, ERR_BAD_REQUEST, "too many headers");
    h.headers = arena_array(a, H1Header, n_lines);
    slice_cut(&rest, '\n', &line);
    if (!parse_status(without_cr(line), &h.status))
        return malformed(err, "HTTP response", without_cr(line));
    while (slice_cut(&rest, '\n', &line) && without_cr(line).len > 0) {
        Slice value = without_cr(line);

        if (!slice_cut(&value, ':', &name) || !is_token(name) || !is_value(value))
            return malformed(err, "MIME header line:", without_cr(line));
        value = slice_trim(value);
        h.headers[h.n_headers++] = (H1Header){arena_strndup(a, name.ptr, name.len),
                                              arena_strndup(a, value.ptr, value.len)};
    }
    *ret = h;
    return (int64_t)n;
}

const char *h1_header(const H1Head *h, const char *name)
{
    for (uint32_t i = 0; i < h->n_headers; i++)
        if (strcasecmp(h->headers[i].name, name) == 0)
            return h->headers[i].value;
    return NULL;
}

static bool lists(const char *value, const char *name)
{
    Slice rest = slice_of(value), item;
    size_t n = strlen(name);
    bool more = true;

    while (more) {
        more = slice_cut(&rest, ',', &item);
        item = slice_trim(item);
        if (item.len == n && strncasecmp(item.ptr, name, n) == 0)
            return true;
    }
    return false;
}

bool h1_is_hop_header(const H1Head *h, const char *name)
{
    static const char *const known[] = {"Connection", "Proxy-Connection",    "Keep-Alive",
                                        "Te",         "Proxy-Authenticate",  "Trailer",
                                        "Upgrade",    "Proxy-Authorization", "Transfer-Encoding"};

    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (strcasecmp(known[i], name) == 0)
            return true;
    for (uint32_t i = 0; i < h->n_headers; i++)
        if (strcasecmp(h->headers[i].name, "Connection") == 0 && lists(h->headers[i].value, name))
            return true;
    return false;
}

/* ---- the body ---- */

enum { IN_DATA, IN_SIZE, AFTER_DATA, IN_TRAILER };

static int length_of(const H1Head *h, int64_t *ret, Err *err)
{
    const char *found = NULL;

    for (uint32_t i = 0; i < h->n_headers; i++) {
        if (strcasecmp(h->headers[i].name, "Content-Length") != 0)
            continue;
        if (found && strcmp(found, h->headers[i].value) != 0)
            return err_set(err, ERR_BAD_REQUEST,
                           "http: message cannot contain multiple Content-Length headers");
        found = h->headers[i].value;
    }
    *ret = -1;
    if (found && (!slice_to_int64(slice_of(found), ret) || *ret < 0))
        return err_set(err, ERR_BAD_REQUEST, "bad Content-Length \"%s\"", found);
    return 0;
}

int h1_body_init(H1Body *b, const H1Head *h, const char *method, Err *err)
{
    const char *coding = h1_header(h, "Transfer-Encoding");
    int r;

    *b = (H1Body){.framing = H1_UNTIL_END};
    if (coding && strcasecmp(coding, "chunked") != 0 && strcasecmp(coding, "identity") != 0)
        return err_set(err, ERR_BAD_REQUEST, "unsupported transfer encoding: \"%s\"", coding);
    r = length_of(h, &b->length, err);
    if (r < 0)
        return r;
    if (strcmp(method, "HEAD") == 0 || h->status / 100 == 1 || h->status == 204 ||
        h->status == 304) {
        b->framing = H1_NONE;
        b->is_over = true;
    } else if (coding && strcasecmp(coding, "chunked") == 0) {
        b->framing = H1_CHUNKED;
        b->length = -1;
        b->state = IN_SIZE;
    } else if (b->length >= 0) {
        b->framing = H1_LENGTH;
        b->left = b->length;
        b->is_over = b->length == 0;
    }
    return 0;
}

/* A line of a chunk's framing, up to its newline. True when it is complete. */
static bool take_line(H1Body *b, Slice *in)
{
    while (in->len > 0) {
        char c = *in->ptr++;

        in->len--;
        if (c == '\n')
            return true;
        if (c != '\r' && b->n_line < sizeof(b->line) - 1)
            b->line[b->n_line++] = c;
    }
    return false;
}

/* The size of a chunk; what follows a semicolon is none of ours. */
static bool parse_size(H1Body *b)
{
    int64_t n = 0;
    size_t i = 0;

    for (; i < b->n_line && i < 16; i++) {
        static const char digits[] = "0123456789abcdef";
        char c = b->line[i];
        const char *p = strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);

        if (!c || !p)
            break;
        if (n > INT64_MAX >> 5)
            return false;
        n = n << 4 | (p - digits);
    }
    b->left = n;
    return i > 0 && (i == b->n_line || b->line[i] == ';' || b->line[i] == ' ');
}

static void take_data(H1Body *b, Slice *in, Buf *out)
{
    size_t n = b->left < (int64_t)in->len ? (size_t)b->left : in->len;

    buf_add(out, in->ptr, n);
    *in = (Slice){in->ptr + n, in->len - n};
    b->left -= (int64_t)n;
}

static int feed_chunked(H1Body *b, Slice in, Buf *out, Err *err)
{
    while (in.len > 0 && !b->is_over) {
        if (b->state == IN_DATA) {
            take_data(b, &in, out);
            if (b->left == 0)
                b->state = AFTER_DATA;
            continue;
        }
        if (!take_line(b, &in))
            return 0;
        if (b->state == IN_SIZE) {
            if (!parse_size(b))
                return err_set(err, ERR_BAD_REQUEST, "invalid byte in chunk length");
            b->state = b->left > 0 ? IN_DATA : IN_TRAILER;
        } else if (b->state == AFTER_DATA) {
            if (b->n_line > 0)
                return err_set(err, ERR_BAD_REQUEST, "malformed chunked encoding");
            b->state = IN_SIZE;
        } else if (b->n_line == 0) {
            b->is_over = true;
        }
        b->n_line = 0;
    }
    return 0;
}

int h1_body_feed(H1Body *b, Slice in, Buf *out, Err *err)
{
    if (b->is_over)
        return 0;
    if (b->framing == H1_CHUNKED)
        return feed_chunked(b, in, out, err);
    if (b->framing == H1_UNTIL_END) {
        buf_add_slice(out, in);
        return 0;
    }
    take_data(b, &in, out);
    b->is_over = b->left == 0;
    return 0;
}

bool h1_body_end(H1Body *b)
{
    bool ok = b->is_over || b->framing == H1_UNTIL_END;

    b->is_over = true;
    return ok;
}
