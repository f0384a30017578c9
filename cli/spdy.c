#include "cli/spdy.h"

#include "base/err.h"

enum {
    HEAD = 8,
    VERSION = 3,
    FLAG_FIN = 1,
    LENGTH_MAX = 0xffffff,
    BLOCK_MAX = 0xffff, /* of a stored block */
};

static uint32_t read_u32(const char *p)
{
    const unsigned char *b = (const unsigned char *)p;

    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static void add_u16(Buf *out, uint32_t v)
{
    buf_addc(out, (char)(v >> 8));
    buf_addc(out, (char)v);
}

static void add_u32(Buf *out, uint32_t v)
{
    add_u16(out, v >> 16);
    add_u16(out, v & 0xffff);
}

int spdy_parse(Slice in, SpdyFrame *ret, Err *err)
{
    uint32_t first, second, len;

    if (in.len < HEAD)
        return 0;
    first = read_u32(in.ptr);
    second = read_u32(in.ptr + 4);
    len = second & LENGTH_MAX;
    if (in.len < HEAD + len)
        return 0;
    *ret = (SpdyFrame){.is_last = (second >> 24 & FLAG_FIN) != 0, .payload = {in.ptr + HEAD, len}};
    if (!(first >> 31)) {
        ret->stream = first;
        return (int)(HEAD + len);
    }
    if ((first >> 16 & 0x7fff) != VERSION)
        return err_set(err, ERR_BAD_REQUEST, "the peer speaks SPDY/%u, not SPDY/3",
                       first >> 16 & 0x7fff);
    ret->type = (SpdyType)(first & 0xffff);
    if (ret->type == SPDY_DATA)
        return err_set(err, ERR_BAD_REQUEST, "a control frame without a type");
    if (len >= 4)
        ret->stream = read_u32(ret->payload.ptr) & 0x7fffffff;
    return (int)(HEAD + len);
}

static void add_control(Buf *out, SpdyType type, uint32_t flags, size_t len)
{
    add_u32(out, UINT32_C(1) << 31 | VERSION << 16 | type);
    add_u32(out, flags << 24 | (uint32_t)len);
}

void spdy_write_data(uint32_t stream, bool is_last, Slice bytes, Buf *out)
{
    do {
        Slice part = {bytes.ptr, MIN(bytes.len, (size_t)LENGTH_MAX)};
        bool ends = part.len == bytes.len;

        add_u32(out, stream);
        add_u32(out, (is_last && ends ? (uint32_t)FLAG_FIN << 24 : 0) | (uint32_t)part.len);
        buf_add_slice(out, part);
        bytes = (Slice){bytes.ptr + part.len, bytes.len - part.len};
    } while (bytes.len > 0);
}

void spdy_write_ping(uint32_t number, Buf *out)
{
    add_control(out, SPDY_PING, 0, 4);
    add_u32(out, number);
}

static void add_text(Buf *out, const char *text)
{
    add_u32(out, (uint32_t)strlen(text));
    buf_adds(out, text);
}

void spdy_write_open(uint32_t stream, bool is_first, const char *const *pairs, size_t n, Buf *out)
{
    AUTO_BUF names = BUF_INIT, block = BUF_INIT;

    add_u32(&names, (uint32_t)(n / 2));
    for (size_t i = 0; i < n; i++)
        add_text(&names, pairs[i]);
    BUG_ON(names.len > BLOCK_MAX);
    if (is_first)
        buf_add(&block, "\x78\x01", 2);
    buf_addc(&block, 0); /* stored, not the last one; lengths are little-endian */
    buf_addc(&block, (char)names.len);
    buf_addc(&block, (char)(names.len >> 8));
    buf_addc(&block, (char)~names.len);
    buf_addc(&block, (char)(~names.len >> 8));
    buf_add_slice(&block, buf_slice(&names));
    /* An empty one: Go gives out nothing before it sees that. */
    buf_add(&block, "\0\0\0\xff\xff", 5);
    add_control(out, SPDY_SYN_STREAM, 0, 10 + block.len);
    add_u32(out, stream);
    add_u32(out, 0); /* belongs to no other */
    add_u16(out, 0); /* priority, credentials */
    buf_add_slice(out, buf_slice(&block));
}
