#include "client/ws.h"

#include "base/be64.h"
#include "base/err.h"

int ws_frame_parse(Slice in, WsFrame *ret, Err *err)
{
    const unsigned char *p = (const unsigned char *)in.ptr;
    size_t need = 2, n_len = 0;
    WsFrame f = {0};

    if (in.len < 2)
        return 0;
    f.is_final = p[0] & 0x80;
    f.opcode = (WsOpcode)(p[0] & 0x0f);
    f.is_masked = p[1] & 0x80;
    f.payload_len = p[1] & 0x7f;
    if (p[0] & 0x70)
        return err_set(err, ERR_BAD_REQUEST, "websocket: reserved bits are set");
    if ((f.opcode > WS_BINARY && f.opcode < WS_CLOSE) || f.opcode > WS_PONG)
        return err_set(err, ERR_BAD_REQUEST, "websocket: unknown opcode %d", (int)f.opcode);
    if (f.opcode >= WS_CLOSE && (!f.is_final || f.payload_len > 125))
        return err_set(err, ERR_BAD_REQUEST, "websocket: bad control frame");
    if (f.payload_len == 126)
        n_len = 2;
    else if (f.payload_len == 127)
        n_len = 8;
    need += n_len + (f.is_masked ? 4 : 0);
    if (in.len < need)
        return 0;
    if (n_len > 0)
        f.payload_len = 0;
    for (size_t i = 0; i < n_len; i++)
        f.payload_len = f.payload_len << 8 | p[2 + i];
    if (f.is_masked)
        memcpy(f.mask, p + 2 + n_len, 4);
    if (f.payload_len > WS_MESSAGE_MAX)
        return err_set(err, ERR_BAD_REQUEST, "websocket: a frame of %llu bytes is too long",
                       (unsigned long long)f.payload_len);
    f.head_len = need;
    *ret = f;
    return (int)need;
}

void ws_frame_write(WsOpcode op, Slice payload, const unsigned char mask[4], Buf *out)
{
    size_t at;

    buf_addc(out, (char)(0x80 | op));
    if (payload.len < 126) {
        buf_addc(out, (char)(0x80 | payload.len));
    } else if (payload.len < 65536) {
        buf_addc(out, (char)(0x80 | 126));
        buf_addc(out, (char)(payload.len >> 8));
        buf_addc(out, (char)(payload.len & 0xff));
    } else {
        buf_addc(out, (char)(0x80 | 127));
        buf_add_be64(out, payload.len);
    }
    buf_add(out, mask, 4);
    at = out->len;
    buf_add_slice(out, payload);
    for (size_t i = 0; i < payload.len; i++)
        out->ptr[at + i] = (char)((unsigned char)out->ptr[at + i] ^ mask[i % 4]);
}
