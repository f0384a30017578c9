/*
 * auditsink.h - copies of the audit log outside the database: JSON lines in a file, batches to a
 * webhook.
 *
 * Each has a bounded queue and a thread of its own, so that neither a slow disk nor a program that
 * does not answer holds up anything else. What finds the queue full is left out and counted; the
 * numbers of the chain show that it is missing. A line is one Event with its place in the chain
 * and its cluster as annotations; now and then one of an AuditCheckpoint stands among them. Bodies
 * are those of `host` only: what tenants have recorded of theirs leaves the server encrypted, or to
 * them; others' stand as their hash.
 *
 *   file     PATH, then PATH.1 (newer) to PATH.N; a new one when it has grown to so many megabytes
 *   webhook  POST of an audit.k8s.io/v1 EventList, one at a time, again with growing pauses until
 *            it is taken or has failed too often
 *
 * Owns:    its queue, its thread.
 * Threads: audit_sink_add() any, and it does not wait.
 * Frees:   audit_sink_close(), which gives the queue some seconds to become empty.
 * Fails:   ERR_INTERNAL when the file cannot be opened.
 * Tests:   tests/unit/hostplane/test_auditsink.c, tests/e2e/test_audit.py
 */
#ifndef HOSTPLANE_AUDITSINK_H
#define HOSTPLANE_AUDITSINK_H

#include "store/store.h"

typedef struct AuditSink AuditSink;

/* Takes lines, each ended by a newline; false: again later. */
typedef struct AuditWriter {
    const char *name; /* of metrics: "file", "webhook" */
    bool (*write)(void *data, Slice lines, size_t n);
    void (*close)(void *data);
    void *data;
} AuditWriter;

int audit_file_open(const char *path, int64_t max_bytes, int64_t backups, AuditWriter *ret,
                    Err *err) MUST_CHECK;
/* ca_pem NULL: what the system trusts. */
int audit_webhook_open(const char *url, const char *ca_pem, AuditWriter *ret, Err *err) MUST_CHECK;

int audit_sink_open(const AuditWriter *w, AuditSink **ret, Err *err) MUST_CHECK;
void audit_sink_add(AuditSink *s, const AuditRecord *r, Slice bodies);
void audit_sink_add_line(AuditSink *s, Slice line); /* as it is, without newline */
void audit_sink_close(AuditSink *s);

#endif
