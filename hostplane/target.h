/*
 * target.h - which cluster a request is for: the strict reading of a request's target.
 *
 * The only place where text from the request line chooses a cluster. What is not plainly one
 * cluster's path is refused: dot segments, empty segments, encoded slashes or dots, backslashes,
 * control characters, so that no later stage can read another cluster out of the same bytes.
 *
 * Owns:    nothing; results point into the text or the arena.
 * Threads: any.
 * Fails:   ERR_BAD_REQUEST.
 * Tests:   tests/unit/hostplane/test_target.c, tests/fuzz/fuzz_target.c
 */
#ifndef HOSTPLANE_TARGET_H
#define HOSTPLANE_TARGET_H

#include "base/arena.h"
#include "base/slice.h"

typedef struct Err Err;

typedef struct Target {
    Slice authority;     /* host:port of a target in absolute form; else empty */
    const char *cluster; /* from /clusters/NAME; NULL when the path has no such prefix */
    const char *path;    /* what follows it, still percent-encoded; starts with / */
    const char *query;   /* "" for none */
} Target;

int target_parse(Arena *a, const char *uri, Target *ret, Err *err) MUST_CHECK;

/* The cluster that a host name stands for: NAME.<domain>; an empty slice when it is none. `host`
 * may carry a port. `domain` NULL: never. */
Slice target_cluster_of_host(Slice host, const char *domain);
/* kubernetes.default.svc and its longer and shorter forms: the name in-cluster clients use. */
bool target_is_in_cluster_host(Slice host);
/* A cluster's name: a DNS label of at most 63 characters. */
bool target_is_cluster_name(Slice s);

#endif
