/*
 * tenant.h - tenants that a benchmark makes for itself.
 *
 * Owns:    its token; the target points into it, so it stays where it is.
 * Threads: one tenant, one thread at a time.
 * Frees:   bench_tenant_done(). What was made on the server stays.
 * Fails:   ends the program with a message.
 */
#ifndef BENCH_TENANT_H
#define BENCH_TENANT_H

#include "bench/conn.h"

#define BENCH_TENANTS "/apis/tenancy.hostplane.io/v1/tenants"

typedef struct BenchTenant {
    Target target; /* its own cluster, asked with its token */
    char name[64], prefix[96], *token;
} BenchTenant;

/* A tenant of that name and a token for it, over a connection to the host cluster. plan NULL: the
 * server's default. */
void bench_tenant_make(BenchTenant *t, const char *name, Conn *c, const Target *host,
                       const char *plan);
void bench_tenant_done(BenchTenant *t);

#endif
