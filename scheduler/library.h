/*
 * library.h - scoring functions from shared objects (score_plugin.h).
 *
 * Owns:    a Library the loaded object, a CustomScore what the library opened for one profile.
 * Threads: opened and closed by one thread; scores on the scheduler's.
 * Frees:   custom_score_close() before library_close().
 * Fails:   ERR_BAD_REQUEST: the object cannot be loaded, is of another version, or refuses its
 *          arguments.
 * Tests:   tests/unit/scheduler/test_config.c (mistakes), tests/e2e/test_scheduler_config.py
 */
#ifndef SCHEDULER_LIBRARY_H
#define SCHEDULER_LIBRARY_H

#include "scheduler/plugin.h"
#include "scheduler/score_plugin.h"

typedef struct Err Err;

enum { LIBRARIES_MAX = 8 };

typedef struct Library {
    const char *name; /* of the plug-in, borrowed */
    void *object;
    const HostplaneScorePlugin *plugin;
} Library;

typedef struct CustomScore {
    const Library *library;
    void *self;
    int64_t weight;
} CustomScore;

int library_open(const char *name, const char *path, Library *ret, Err *err) MUST_CHECK;
void library_close(Library *l);

/* `args` NULL: none. Fills ret->self. */
int custom_score_open(CustomScore *ret, const Library *l, const Value *args, Err *err) MUST_CHECK;
void custom_score_close(CustomScore *s);
/* Scores of the nodes, 0 to SCORE_MAX. */
void custom_score_run(const CustomScore *s, const Cycle *c, const SchedNode *const *nodes,
                      uint32_t n, int64_t *scores);

#endif
