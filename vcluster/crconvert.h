/*
 * crconvert.h - custom resources whose versions a webhook converts (spec.conversion.strategy
 * Webhook). Upstream: k8s.io/apiextensions-apiserver/pkg/apiserver/conversion.
 *
 * An object is stored in the storage version of its time, which its text names in a member that
 * nobody sees (STORED_AS). Who reads it in another version waits for the webhook, as for a cache;
 * all objects of a list are asked about at once.
 *
 * Threads: the request's. Frees: everything lives as long as the request.
 * Fails:   500 with the webhook's words.
 * Tests:   tests/unit/vcluster/test_webhooks.c, tests/e2e/test_webhooks.py
 */
#ifndef VCLUSTER_CRCONVERT_H
#define VCLUSTER_CRCONVERT_H

#include "api/crd.h"
#include "vcluster/vcluster_int.h"

#define STORED_AS "\001storedAs"

static inline bool crconvert_applies(const Resource *r)
{
    return r->crd && r->crd->needs_webhook;
}
/* Does the text name its version? */
bool crconvert_is_named(const Obj *o);
/* Is the object, as stored or as converted, of this version? It may also say no wrongly. */
bool crconvert_is_as(const Resource *r, const Obj *o);
/* The version an object is stored in, as a resource; `r` itself where there is only one form. */
const Resource *crconvert_stored_as(Request *req, const Resource *r, const Obj *o);
/* Each object as `r` has it. What is in its place is kept by the request; `is_owned`: the array
 * holds references of its own. */
int crconvert_objs(Request *req, const Resource *r, Obj **objs, size_t n, bool is_owned);
/* The tree of what is stored, as `r` has it. */
int crconvert_tree(Request *req, const Resource *r, Obj *o, Value **ret);
/* op->stored becomes the storage version's form of op->obj, for crconvert_obj(). */
int crconvert_to_storage(Request *req, Op *op);
/* What is stored: the form of op->stored with the metadata of op->obj. */
Obj *crconvert_obj(Request *req, const Op *op);
/* A tree as it is stored in the version of `as`. */
Obj *crconvert_obj_as(Request *req, const Resource *as, Value *v);

#endif
