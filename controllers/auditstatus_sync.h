/*
 * auditstatus_sync.h - what an AuditPolicy says of itself: is it looked at?
 *
 * Threads: any. Tests: tests/unit/controllers/test_auditstatus_sync.c
 */
#ifndef CONTROLLERS_AUDITSTATUS_SYNC_H
#define CONTROLLERS_AUDITSTATUS_SYNC_H

#include "base/value.h"

/* `place` among the cluster's policies by name, from 0. True when the status has changed. */
bool auditstatus_note(Arena *a, Value *policy, uint32_t place, int64_t now_us);

#endif
