#include "base/b64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

static void encode(Slice in, char c62, char c63, bool pad, Buf *out)
{
    const unsigned char *p = (const unsigned char *)in.ptr;
    size_t left = in.len;

    buf_reserve(out, (in.len + 2) / 3 * 4);
    while (left > 0) {
        size_t n = MIN(left, (size_t)3);
        uint32_t w =
            (uint32_t)p[0] << 16 | (uint32_t)(n > 1 ? p[1] : 0) << 8 | (uint32_t)(n > 2 ? p[2] : 0);
        char quad[4];

        for (int i = 0; i < 4; i++) {
            uint32_t six = w >> (18 - 6 * i) & 63;

            quad[i] = six < 62 ? alphabet[six] : six == 62 ? c62 : c63;
        }
        if (pad && n < 3)
            memset(quad + n + 1, '=', 3 - n);
        buf_add(out, quad, pad ? 4 : n + 1);
        p += n;
        left -= n;
    }
}

static int digit(unsigned char c, char c62, char c63)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == (unsigned char)c62)
        return 62;
    return c == (unsigned char)c63 ? 63 : -1;
}

static bool decode(Slice in, char c62, char c63, bool pad, Buf *out)
{
    size_t start = out->len, n_pad = 0, n = 0;
    uint32_t w = 0;

    buf_reserve(out, in.len / 4 * 3 + 3);
    for (size_t i = 0; i < in.len; i++) {
        unsigned char c = (unsigned char)in.ptr[i];
        int d;

        if (pad && (c == '\n' || c == '\r'))
            continue;
        if (pad && c == '=') {
            n_pad++;
            continue;
        }
        d = digit(c, c62, c63);
        if (d < 0 || n_pad > 0)
            goto bad;
        w = w << 6 | (uint32_t)d;
        if (++n % 4 == 0) {
            unsigned char b[3] = {(unsigned char)(w >> 16), (unsigned char)(w >> 8),
                                  (unsigned char)w};

            buf_add(out, b, 3);
            w = 0;
        }
    }
    if (n % 4 == 1 || (pad ? n_pad != (4 - n % 4) % 4 : n_pad != 0))
        goto bad;
    if (n % 4 == 2) {
        if (w & 15)
            goto bad;
        buf_addc(out, (char)(w >> 4));
    } else if (n % 4 == 3) {
        if (w & 3)
            goto bad;
        buf_addc(out, (char)(w >> 10));
        buf_addc(out, (char)(w >> 2));
    }
    return true;
bad:
    buf_truncate(out, start);
    return false;
}

void b64_encode(Slice in, Buf *out)
{
    encode(in, '+', '/', true, out);
}

bool b64_decode(Slice in, Buf *out)
{
    return decode(in, '+', '/', true, out);
}

void b64url_encode(Slice in, Buf *out)
{
    encode(in, '-', '_', false, out);
}

bool b64url_decode(Slice in, Buf *out)
{
    return decode(in, '-', '_', false, out);
}
