#include "store/note.h"

#include <inttypes.h>

void note_begin(Buf *out, const char *server)
{
    buf_adds(out, server);
    buf_addc(out, ';');
}

void note_add(Buf *out, const NoteItem *item)
{
    if (item->is_row)
        buf_addf(out, "!%" PRId64 ",", item->cluster);
    else
        buf_addf(out, "%" PRId64 ":%" PRId64 ",", item->cluster, item->revision);
}

bool note_sender(Slice *payload, Slice *ret_server)
{
    return slice_cut(payload, ';', ret_server);
}

bool note_next(Slice *payload, NoteItem *ret)
{
    while (payload->len > 0) {
        NoteItem item = {0};
        Slice text, id;

        (void)slice_cut(payload, ',', &text);
        item.is_row = slice_starts(text, "!");
        if (item.is_row)
            id = (Slice){text.ptr + 1, text.len - 1};
        else if (!slice_cut(&text, ':', &id) || !slice_to_int64(text, &item.revision) ||
                 item.revision < 0)
            continue;
        if (!slice_to_int64(id, &item.cluster) || item.cluster <= 0)
            continue;
        *ret = item;
        return true;
    }
    return false;
}
