/*
 * texts.h - large texts that are the same for every request of a kind of cluster: OpenAPI and
 * discovery documents, made once and kept with their ETag.
 *
 * Owns:    the texts, until texts_free().
 * Threads: any.
 */
#ifndef VCLUSTER_TEXTS_H
#define VCLUSTER_TEXTS_H

#include "base/buf.h"

typedef struct TextCache TextCache;
typedef struct Text {
    Slice body;
    char etag[80]; /* with quotes */
} Text;

TextCache *texts_new(void);
void texts_free(TextCache *t);
/* Borrowed; NULL when `key` was not put yet. */
const Text *texts_get(TextCache *t, const char *key);
/* Takes over the bytes of `body`. Whoever was first wins. */
const Text *texts_put(TextCache *t, const char *key, Buf *body);

#endif
