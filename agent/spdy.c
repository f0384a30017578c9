#include "agent/spdy.h"

#include "base/err.h"
#include "base/mem.h"

#include <zlib.h>

enum { HEAD_LEN = 8, FLAG_FIN = 1, VERSION = 3 };

struct SpdyHeaders {
    z_stream z;
};

static void put32(Buf *b, uint32_t n)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        buf_addc(b, (char)(n >> shift));
}

static uint32_t get32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* The dictionary of the protocol: words with their lengths, then plain text. */
static void put_dictionary(Buf *out)
{
    static const char words[] =
        "options,head,post,put,delete,trace,accept,accept-charset,accept-encoding,accept-language,"
        "accept-ranges,age,allow,authorization,cache-control,connection,content-base,"
        "content-encoding,content-language,content-length,content-location,content-md5,"
        "content-range,content-type,date,etag,expect,expires,from,host,if-match,if-modified-since,"
        "if-none-match,if-range,if-unmodified-since,last-modified,location,max-forwards,pragma,"
        "proxy-authenticate,proxy-authorization,range,referer,retry-after,server,te,trailer,"
        "transfer-encoding,upgrade,user-agent,vary,via,warning,www-authenticate,method,get,status,"
        "200 OK,version,HTTP/1.1,url,public,set-cookie,keep-alive,origin";
    static const char rest[] =
        "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505"
        "203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request"
        "401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented"
        "503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue,"
        " Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,"
        "application/xml,application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age="
        "gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.";
    Slice left = SLICE(words), word;

    while (left.len > 0) {
        (void)slice_cut(&left, ',', &word); /* the last one has no comma */
        put32(out, (uint32_t)word.len);
        buf_add_slice(out, word);
    }
    buf_adds(out, rest);
}

SpdyHeaders *spdy_headers_new(void)
{
    SpdyHeaders *h = xcalloc(1, sizeof(*h));
    AUTO_BUF dictionary = BUF_INIT;

    put_dictionary(&dictionary);
    BUG_ON(deflateInit(&h->z, Z_BEST_COMPRESSION) != Z_OK);
    BUG_ON(deflateSetDictionary(&h->z, (const Bytef *)dictionary.ptr, (uInt)dictionary.len) !=
           Z_OK);
    return h;
}

void spdy_headers_free(SpdyHeaders *h)
{
    if (!h)
        return;
    deflateEnd(&h->z);
    free(h);
}

static void compress_block(SpdyHeaders *h, Slice block, Buf *out)
{
    unsigned char chunk[512];

    h->z.next_in = (Bytef *)(uintptr_t)block.ptr;
    h->z.avail_in = (uInt)block.len;
    do {
        h->z.next_out = chunk;
        h->z.avail_out = sizeof(chunk);
        BUG_ON(deflate(&h->z, Z_SYNC_FLUSH) == Z_STREAM_ERROR);
        buf_add(out, chunk, sizeof(chunk) - h->z.avail_out);
    } while (h->z.avail_out == 0);
}

void spdy_open_stream(SpdyHeaders *h, uint32_t id, const SpdyHeader *headers, size_t n, Buf *out)
{
    AUTO_BUF block = BUF_INIT;
    AUTO_BUF compressed = BUF_INIT;

    put32(&block, (uint32_t)n);
    for (size_t i = 0; i < n; i++) {
        put32(&block, (uint32_t)strlen(headers[i].name));
        buf_adds(&block, headers[i].name);
        put32(&block, (uint32_t)strlen(headers[i].value));
        buf_adds(&block, headers[i].value);
    }
    compress_block(h, buf_slice(&block), &compressed);
    put32(out, 0x80000000u | VERSION << 16 | SPDY_SYN_STREAM);
    put32(out, (uint32_t)compressed.len + 10);
    put32(out, id);
    put32(out, 0);           /* associated with no other stream */
    buf_add(out, "\0\0", 2); /* priority */
    buf_add_slice(out, buf_slice(&compressed));
}

void spdy_data(uint32_t id, Slice data, bool is_last, Buf *out)
{
    put32(out, id);
    put32(out, (is_last ? (uint32_t)FLAG_FIN << 24 : 0) | (uint32_t)data.len);
    buf_add_slice(out, data);
}

int64_t spdy_frame_parse(Slice in, SpdyFrame *ret, Err *err)
{
    const uint8_t *p = (const uint8_t *)in.ptr;
    SpdyFrame f = {.is_control = false};
    uint32_t len;

    if (in.len < HEAD_LEN)
        return 0;
    len = get32(p + 4) & 0xffffff;
    if (len > SPDY_FRAME_MAX)
        return err_set(err, ERR_TOO_LARGE, "a SPDY frame of %u bytes", len);
    if (in.len < HEAD_LEN + (size_t)len)
        return 0;
    f.is_control = p[0] & 0x80;
    f.is_last = p[4] & FLAG_FIN;
    f.data = (Slice){in.ptr + HEAD_LEN, len};
    if (f.is_control) {
        f.type = (uint16_t)(p[2] << 8 | p[3]);
        f.stream = len >= 4 ? get32(p + HEAD_LEN) & 0x7fffffff : 0;
    } else {
        f.stream = get32(p) & 0x7fffffff;
    }
    *ret = f;
    return HEAD_LEN + (int64_t)len;
}
