/*
 * health.h - /healthz, /livez and /readyz of one cluster, with ?verbose, ?exclude and single
 * checks.
 *
 * The process answers for itself at the root of the server (hostplane/health.c).
 *
 * Threads: any. Tests: tests/unit/vcluster/test_loopback.c
 */
#ifndef VCLUSTER_HEALTH_H
#define VCLUSTER_HEALTH_H

#include "vcluster/vcluster_int.h"

bool health_serves(const char *first_part);
/* `check` is the path below: "" for all checks. */
int health_serve(Request *req, const char *kind, const char *check);
void health_each_path(void (*fn)(const char *path, void *data), void *data, Arena *a);

#endif
