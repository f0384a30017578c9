/*
 * endpoints_int.h - what endpoints_sync.c, endpoints_repack.c and endpointslice_sync.c share.
 * Private to them.
 *
 * Threads: any.
 */
#ifndef CONTROLLERS_ENDPOINTS_INT_H
#define CONTROLLERS_ENDPOINTS_INT_H

#include "controllers/endpoints_sync.h"

/* "IPv4" or "IPv6": the `i`-th family of the service; NULL: it has no more. */
const char *endpoints__family(const Value *service, uint32_t i);
/* The pod's address of that family; NULL: none, or none yet. */
const char *endpoints__pod_ip(const Value *pod, const char *family);
/* The ports of the service as they are on this pod; with_nulls: a name is always there. */
Value *endpoints__ports(Arena *a, const Value *service, const Value *pod, bool with_nulls);
Value *endpoints__target(Arena *a, const Value *pod);
/* The pod's name within the headless Service that is its subdomain; NULL for none. */
const char *endpoints__hostname(const Value *service, const Value *pod);
bool endpoints__publishes(const Value *service); /* publishNotReadyAddresses */
/* Pods with an address of the family that have not ended, in the order of their addresses. */
Values endpoints__candidates(Arena *a, const Values *pods, const char *family);
/* The element of `list` whose member `ports` equals, made when there is none. */
Value *endpoints__group(Arena *a, Value *list, Value *ports);
void endpoints__append(Arena *a, Value *object, const char *name, Value *item);
/* The subsets in their canonical form; shares what it has with `subsets`. */
Value *endpoints__repack(Arena *a, Value *subsets);

#endif
