/*
 * zone.h - how far a time zone is from UTC, from the machine's zone files (RFC 8536).
 *
 * Threads: any.
 * Fails:   a zone that cannot be read counts as UTC.
 * Tests:   tests/unit/base/test_zone.c
 */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include "base/buf.h"

/* Seconds east of UTC at the time at_s; `zone` is an IANA name, NULL or "" is UTC. */
int64_t zone_offset_s(const char *zone, int64_t at_s);
/* The zone's file; false when there is no such zone. UTC has an empty one. */
bool zone_read(const char *zone, Buf *out) MUST_CHECK;
/* The same from the text of a zone file. Beyond its last transition the last offset holds. */
int64_t zone_offset_in(Slice file, int64_t at_s);

#endif
