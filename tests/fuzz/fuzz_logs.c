/* fuzz_logs.c - the runtime's log files, which hold what containers wrote; and request targets. */
#include "agent/logs.h"
#include "agent/tunnel.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    LogOptions o = {.limit_bytes = 100, .timestamps = size % 2, .since_us = 1};
    Slice rest = {(const char *)data, size}, line;
    int64_t left = o.limit_bytes;
    AUTO_BUF out = BUF_INIT;
    bool in_line = false;
    TunnelTarget t;
    LogLine l;

    while (rest.len > 0) {
        (void)slice_cut(&rest, '\n', &line); /* the last line may have no end */
        if (log_line_parse(line, &l))
            log_line_write(&l, &o, &in_line, &left, &out);
    }
    BUG_ON(out.len > 100);
    if (tunnel_target_parse(a, (Slice){(const char *)data, size}, &t, NULL) == 0)
        BUG_ON(!t.cluster || !t.what || !t.ns || !t.pod);
    return 0;
}
