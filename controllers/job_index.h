/*
 * job_index.h - sets of completion indexes of Jobs, in the form that status.completedIndexes has:
 * "0,3-5,7". Pure.
 *
 * Owns:    nothing; sets live in the arena they were made in.
 * Fails:   never. What is no span in a text is left out.
 * Tests:   tests/unit/controllers/test_job_index.c
 */
#ifndef CONTROLLERS_JOB_INDEX_H
#define CONTROLLERS_JOB_INDEX_H

#include "base/arena.h"

typedef struct JobIndexSpan {
    int64_t first, last; /* both inside */
} JobIndexSpan;

typedef struct JobIndexes { /* in order, with gaps between the spans */
    JobIndexSpan *spans;
    uint32_t n;
} JobIndexes;

/* Indexes of `text` (NULL: none) that are less than `completions`. */
JobIndexes job_indexes_parse(Arena *a, const char *text, int64_t completions);
const char *job_indexes_text(Arena *a, const JobIndexes *x);
bool job_indexes_have(const JobIndexes *x, int64_t index);
int64_t job_indexes_gap(const JobIndexes *x, int64_t index); /* the first one >= index not in x */
int64_t job_indexes_total(const JobIndexes *x);
int64_t job_indexes_common(const JobIndexes *x, const JobIndexes *y); /* how many are in both */
/* x and the `n` indexes of `more`, which may be in any order and come twice. */
JobIndexes job_indexes_with(Arena *a, const JobIndexes *x, const int64_t *more, size_t n);

#endif
