/*
 * terms.h - the affinity terms of the pods that have a node, those that say the same in one group:
 * how many pods with the term each domain has.
 *
 * A pod that comes asks each group once whether it is meant, not each pod.
 *
 * Owns:    its groups, each with a copy of the term.
 * Threads: the scheduler's only.
 * Frees:   terms_done().
 * Fails:   never.
 * Tests:   tests/unit/scheduler/test_reference.c, test_affinity.c
 */
#ifndef SCHEDULER_TERMS_H
#define SCHEDULER_TERMS_H

#include "base/map.h"
#include "scheduler/counts.h"
#include "scheduler/pod.h"

typedef enum TermKind { TERM_NEEDS, TERM_REFUSES, TERM_LIKES, TERM_DISLIKES } TermKind;

typedef struct TermGroup {
    /* read-only */
    TermKind kind;
    AffinityTerm term;
    const char *owner_ns;
    Counts counts; /* pods with the term, by the domain of their node */
    /* private */
    Arena *arena;
    char *key;
    uint32_t n_terms;
} TermGroup;

typedef struct Terms {
    Map groups;       /* what it says -> TermGroup */
    uint64_t changed; /* another number whenever a group comes or goes */
    uint32_t counted; /* version of Memos that the counts are of */
} Terms;

void terms_init(Terms *t);
void terms_done(Terms *t);
/* The pod's terms come to the groups or leave them. */
void terms_add(Terms *t, SchedPod *p);
void terms_remove(Terms *t, SchedPod *p);

#endif
