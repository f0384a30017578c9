/*
 * endpoints_int.h - what endpoints_sync.c, endpoints_repack.c and endpointslice_sync.c share.
 * Private to them.
 *
 * Threads: any.
 */
#ifndef CONTROLLERS_ENDPOINTS_INT_H
#define CONTROLLERS_ENDPOINTS_INT_H

#include "base/map.h"
#include "controllers/endpoints_sync.h"

/* "IPv4" or "IPv6": the `i`-th family of the service; NULL: it has no more. */
const char *endpoints__family(const Value *service, uint32_t i);
/* The pod's address of that family; NULL: none, or none yet. */
const char *endpoints__pod_ip(const Value *pod, const char *family);
/* The ports of a Service as they are on its pods. Each list of them is made once, with the group of
 * the pods that have it; where no port has a name to look for, that is one. */
typedef struct PortGroups {
    Arena *a;
    const Value *service;
    Value *list;       /* the groups go here; each has `ports` */
    bool names_always; /* a port has a name, perhaps an empty one */
    int64_t *numbers;  /* of the pod being looked at; 0: it has no such port */
    uint32_t n;
    bool are_fixed; /* they are the same on every pod */
    Value *fixed;
    Map groups; /* bytes of the numbers -> group */
} PortGroups;
PortGroups endpoints__port_groups(Arena *a, const Value *service, bool names_always, Value *list);
void endpoints__port_groups_done(PortGroups *g);
Value *endpoints__group(PortGroups *g, const Value *pod);
Value *endpoints__target(Arena *a, const Value *pod);
/* The pod's name within the headless Service that is its subdomain; NULL for none. */
const char *endpoints__hostname(const Value *service, const Value *pod);
bool endpoints__publishes(const Value *service); /* publishNotReadyAddresses */
/* Pods with an address of the family that have not ended, in the order of their addresses. */
Values endpoints__candidates(Arena *a, const Values *pods, const char *family);
void endpoints__append(Arena *a, Value *object, const char *name, Value *item);
/* The subsets in their canonical form; shares what it has with `subsets`. */
Value *endpoints__repack(Arena *a, Value *subsets);

#endif
