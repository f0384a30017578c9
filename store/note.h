/*
 * note.h - what one server tells the others with NOTIFY in its commits.
 *
 *     server;12:845,7:3,!12,          cluster 12 is at 845, 7 at 3; the row of 12 itself changed
 *
 * Threads: any.
 * Fails:   never; what is not understood is skipped, since the safety poll finds what was missed.
 * Tests:   tests/unit/store/test_note.c, tests/fuzz/fuzz_note.c
 */
#ifndef STORE_NOTE_H
#define STORE_NOTE_H

#include "base/buf.h"

typedef struct NoteItem {
    int64_t cluster;
    int64_t revision; /* when the row did not change */
    bool is_row;      /* the cluster's own row changed: state, existence */
} NoteItem;

void note_begin(Buf *out, const char *server);
void note_add(Buf *out, const NoteItem *item);

/* The sender; *payload is what follows. False when it is no note. */
bool note_sender(Slice *payload, Slice *ret_server);
/* The next item; false at the end. */
bool note_next(Slice *payload, NoteItem *ret);

#endif
