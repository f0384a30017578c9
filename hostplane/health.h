/*
 * health.h - /livez, /readyz, /healthz, /metrics, /cacert.
 *
 * Threads: the request's loop; health_collect() any.
 * Tests:   tests/unit/hostplane/test_server.c
 */
#ifndef HOSTPLANE_HEALTH_H
#define HOSTPLANE_HEALTH_H

#include "base/base.h"

typedef struct HttpReq HttpReq;
typedef struct Server Server;

/* Both: false when the path is not theirs; else the reply is ready. */
bool health_answer(HttpReq *q, const char *path);
bool health_answer_metrics(HttpReq *q); /* the user and the cluster are known */
/* Bring the gauges that are only computed on demand up to date. */
void health_collect(Server *s);

#endif
