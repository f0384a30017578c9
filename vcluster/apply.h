/*
 * apply.h - the pieces of server-side apply that subresources with a form of their own share.
 *
 * Threads: any. Frees: everything lives in the request's arena.
 * Tests:   tests/unit/vcluster/test_loopback.c
 */
#ifndef VCLUSTER_APPLY_H
#define VCLUSTER_APPLY_H

#include "vcluster/managed.h"

/* The YAML of the body; keys that came twice are kept for apply_check_strict(). */
int apply_body(Request *req, Value **ret);
/* What fieldValidation says of them; called after the merge, whose mistakes come first. */
int apply_check_strict(Request *req);
/* Merge `config` into `live` as the writer; answers conflicts and mistakes. */
int apply_merge(Request *req, const FieldWriter *w, const Value *live, const Value *config,
                Value **ret);

#endif
