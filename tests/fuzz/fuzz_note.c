/* A notification that another server sent. */
#include "store/note.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Slice rest = {(const char *)data, size}, server;
    NoteItem item;

    if (!note_sender(&rest, &server))
        return 0;
    while (note_next(&rest, &item))
        BUG_ON(item.cluster <= 0 || item.revision < 0);
    return 0;
}
