/*
 * images.h - the image of a container is on the node, by its pull policy.
 *
 * Threads: any.
 * Fails:   with the runtime's words; ImageResult.reason tells how Kubernetes calls it
 *          ("ErrImagePull", "ErrImageNeverPull", "ImageInspectError", "InvalidImageName").
 * Tests:   tests/unit/agent/test_container.c
 */
#ifndef AGENT_IMAGES_H
#define AGENT_IMAGES_H

#include "agent/agent.h"
#include "agent/env.h"

typedef struct ImageResult {
    const char *id;     /* what the runtime calls it */
    const Value *image; /* the runtime's Image: uid, username, size */
    bool was_pulled;
    int64_t took_ms;
    const char *reason; /* on failure */
} ImageResult;

/* on_pull (may be NULL) is called before a pull starts. */
int images_ensure(Arena *a, const Agent *agent, const PodContext *pc, const Value *container,
                  void (*on_pull)(const char *image, void *data), void *data, ImageResult *ret,
                  Err *err) MUST_CHECK;

#endif
