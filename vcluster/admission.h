/*
 * admission.h - the plug-ins of admission, for the table of admission.c. Each is in the file of its
 * subject: admit_pods.c, admit_account.c, admit_node.c, admit_storage.c, admit_certs.c.
 *
 * A plug-in looks at a write (op->verb, op->r, op->sub) and answers STEP_OK for what it has no
 * opinion on. A _mutate function may change op->obj and runs before the kind's own strategy and
 * validation, a _validate function runs after them.
 *
 * Threads: the request's. Frees: everything lives in the request's arena.
 * Tests:   tests/unit/vcluster/test_admission.c
 */
#ifndef VCLUSTER_ADMISSION_H
#define VCLUSTER_ADMISSION_H

#include "vcluster/vcluster_int.h"

/* ---- what plug-ins ask and answer ---- */
static inline bool op_is_create(const Op *op)
{
    return str_eq(op->verb, "CREATE");
}
static inline bool op_is_update(const Op *op)
{
    return str_eq(op->verb, "UPDATE");
}
/* A write to an object of this kind itself, or to the named subresource of it. */
static inline bool op_is_on(const Op *op, const char *storage, const char *sub)
{
    return str_eq(op->r->storage, storage) &&
           (sub ? op->sub && str_eq(op->sub->name, sub) : op->sub == NULL);
}
/* What errors call the object: also one whose name is not generated yet, or that has none. */
const char *admit_name(const Op *op);
/* 403: pods "x" is forbidden: ... */
int admit_forbid(Request *req, const Op *op, const char *fmt, ...) PRINTF(3, 4);

/* ---- admit_account.c ---- */
int admit_account_mutate(Request *req, Op *op);
int admit_account_validate(Request *req, Op *op);
/* ---- admit_pods.c ---- */
int admit_priority_mutate(Request *req, Op *op);
int admit_priority_validate(Request *req, Op *op);
int admit_tolerations_mutate(Request *req, Op *op);
int admit_runtime_class_mutate(Request *req, Op *op);
int admit_runtime_class_validate(Request *req, Op *op);
int admit_topology_labels_mutate(Request *req, Op *op);
/* Two lists of tolerations as one, without those that another covers. */
Value *admit_merge_tolerations(Arena *a, const Value *first, const Value *second);
/* ---- admit_node.c ---- */
int admit_node_restriction_mutate(Request *req, Op *op);
int admit_node_taint_mutate(Request *req, Op *op);
int admit_addresses_mutate(Request *req, Op *op);
int admit_pod_end_mutate(Request *req, Op *op);
/* The node a user is: its name, "" when the user only claims to be one, NULL for anybody else. */
const char *admit_node_of(const User *u);
/* ---- admit_storage.c ---- */
int admit_storage_class_mutate(Request *req, Op *op);
int admit_in_use_mutate(Request *req, Op *op);
int admit_claim_resize_validate(Request *req, Op *op);
int admit_ingress_class_mutate(Request *req, Op *op);
/* ---- admit_certs.c ---- */
int admit_csr_approval_validate(Request *req, Op *op);
int admit_csr_signing_validate(Request *req, Op *op);
int admit_csr_subject_validate(Request *req, Op *op);

#endif
