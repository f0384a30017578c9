/*
 * quota_int.h - lists of resource amounts, and what a pod asks for; shared by the files of quota/.
 */
#ifndef QUOTA_QUOTA_INT_H
#define QUOTA_QUOTA_INT_H

#include "quota/quota.h"

/* Names are borrowed and must live as long as the list. */
void usages_set(Arena *a, Usages *u, const char *name, Quantity q);
void usages_add(Arena *a, Usages *u, const char *name, Quantity q);
void usages_add_count(Arena *a, Usages *u, const char *name, int64_t n);
const Quantity *usages_get(const Usages *u, const char *name); /* NULL when absent */
void usages_sort(Usages *u);
/* A map of quantities as an object has it; what does not parse is left out. */
Usages usages_of(Arena *a, const Value *map);
bool quota__quantity(const Value *v, Quantity *ret);

/* A list of messages as one error: "x", or "[x, y]", each once. */
typedef struct Messages {

    const char *seen[32];
    uint32_t n;
} Messages;
void messages_add(Arena *a, Messages *m, const char *fmt, ...) PRINTF(3, 4);
const char *messages_text(Arena *a, const Messages *m); /* NULL when there are none */

typedef enum PodTotalFlags {
    POD_TOTAL_OVERHEAD = 1u << 0, /* also spec.overhead */
    POD_TOTAL_STATUS = 1u << 1,   /* also what a node still holds while a resize is under way */
} PodTotalFlags;
/* What a pod asks for all in all: "requests" or "limits". Sidecars count beside the containers,
 * other init containers by their largest. */
Usages quota__pod_total(Arena *a, const Value *pod, const char *what, PodTotalFlags flags);
Usages quota__weigh(Arena *a, const Resource *r, const Value *object, PodTotalFlags flags);
/* The names that quotas count amounts of a pod or container under. */
Usages quota__compute_usage(Arena *a, const Usages *requests, const Usages *limits);

#endif
