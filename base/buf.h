/*
 * buf.h - the string builder: bytes that grow, always NUL-terminated.
 *
 * Owns:    its memory; buf_done() releases it, buf_take() hands it over (free() it).
 * Threads: one at a time.
 * Fails:   never.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/slice.h"

typedef struct Buf {
    /* read-only */
    char *ptr; /* NULL while empty; use buf_str() for a string that is never NULL */
    size_t len, cap;
} Buf;

#define BUF_INIT ((Buf){0})

void buf_done(Buf *b);
#define AUTO_BUF __attribute__((cleanup(buf_done))) Buf
/* For secrets: as buf_done(), and nothing of it stays in memory. Reserve what it will need first:
 * growing leaves copies behind. */
void buf_wipe(Buf *b);
#define AUTO_WIPED_BUF __attribute__((cleanup(buf_wipe))) Buf

void buf_reserve(Buf *b, size_t more);
void buf_add(Buf *b, const void *p, size_t n);
void buf_addc(Buf *b, char c);
void buf_add_rune(Buf *b, uint32_t c); /* in UTF-8; c is up to 0x10ffff */
void buf_adds(Buf *b, const char *s);
void buf_addf(Buf *b, const char *fmt, ...) PRINTF(2, 3);
void buf_add_int(Buf *b, int64_t v);
static inline void buf_add_slice(Buf *b, Slice s)
{
    buf_add(b, s.ptr, s.len);
}

void buf_reset(Buf *b);                /* empty, memory kept */
void buf_truncate(Buf *b, size_t len); /* len <= b->len */
char *buf_take(Buf *b);                /* caller frees; never NULL; b is empty after */
const char *buf_str(const Buf *b);     /* lives until the next change */
static inline Slice buf_slice(const Buf *b)
{
    return (Slice){b->ptr ? b->ptr : "", b->len};
}

#endif
