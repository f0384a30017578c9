/*
 * changes.h - a mailbox for what a Lister reports: the store's thread only puts in, one thread of
 * the subscriber's takes out in batches.
 *
 * Owns:    what is in it: copies of names and references to objects.
 * Threads: changes_push(), changes_wake() and changes_close() any; changes_take() one.
 * Frees:   changes_free(), when nobody pushes any more. The taker frees a batch with
 *          change_items_free().
 * Fails:   never.
 * Tests:   tests/unit/client/test_changes.c
 */
#ifndef CLIENT_CHANGES_H
#define CLIENT_CHANGES_H

#include "client/client.h"

typedef struct Changes Changes;

typedef struct ChangeItem {
    char *cluster, *storage;
    int type; /* CHANGE_ADDED ... */
    Obj *obj, *prev;
} ChangeItem;

Changes *changes_new(void);
void changes_free(Changes *c);
DEFINE_CLEANUP(Changes, changes_free);

void changes_push(Changes *c, const char *cluster, const char *storage, int type, Obj *obj,
                  Obj *prev);
/* Waits for something to take, a wake-up or the end of timeout_ms (negative: no limit); what came
 * is in *ret, its number the result, 0 when nothing did. */
size_t changes_take(Changes *c, int64_t timeout_ms, ChangeItem **ret);
void change_items_free(ChangeItem *items, size_t n);
void changes_wake(Changes *c);
void changes_close(Changes *c); /* nothing is accepted any more, takers wait no more */
bool changes_is_closed(Changes *c);

#endif
