/* fuzz_feed.c - lines of the node's feed. */
#include "agent/feed.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    Slice rest = {(const char *)data, size}, line;
    bool synced;

    items_begin_round(items);
    while (rest.len > 0) {
        (void)slice_cut(&rest, '\n', &line); /* the last line may have no end */
        if (feed_line(items, line, &synced, NULL) == 0 && synced)
            items_end_round(items);
    }
    return 0;
}
