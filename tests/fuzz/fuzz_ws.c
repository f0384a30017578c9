/* WebSocket frames as a server that means harm sends them. */
#include "base/err.h"
#include "client/ws.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Slice in = {(const char *)data, size};
    WsFrame f;
    Err err;

    while (ws_frame_parse(in, &f, &err) > 0 && in.len >= f.head_len + f.payload_len) {
        BUG_ON(f.payload_len > WS_MESSAGE_MAX);
        in.ptr += f.head_len + f.payload_len;
        in.len -= f.head_len + (size_t)f.payload_len;
    }
    return 0;
}
