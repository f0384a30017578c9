/*
 * auditlog.h - the process's side of the audit log: the queue of records that no write waits for,
 * copies to file and webhook, and signed checkpoints.
 *
 * The queue is bounded, for each cluster and for all, so that who asks too much loses records of
 * its own and of nobody else; how many, its chain says with the next record.
 *
 * Owns:    a loop on a thread of its own, and the sinks.
 * Threads: the engine's queue() any; the rest of whoever starts and stops the server.
 * Frees:   audit_log_close(), when no request runs any more and the store is still open.
 * Fails:   audit_log_open() with what is wrong with policy, file or webhook.
 * Tests:   tests/e2e/test_audit.py
 */
#ifndef HOSTPLANE_AUDITLOG_H
#define HOSTPLANE_AUDITLOG_H

#include "vcluster/vcluster.h"

typedef struct AuditLog AuditLog;

typedef struct AuditLogOptions {
    Store *store;
    Tenancy *tenancy;
    const AuditPolicy *policy; /* NULL: none; borrowed */
    bool is_strict;
    const char *file; /* NULL: none */
    int64_t file_bytes, file_backups;
    const char *webhook, *webhook_ca_pem; /* NULL: none */
} AuditLogOptions;

int audit_log_open(const AuditLogOptions *o, AuditLog **ret, Err *err) MUST_CHECK;
/* For vcluster_set_audit(). */
VcAudit audit_log_engine(AuditLog *l);
void audit_log_close(AuditLog *l);

#endif
