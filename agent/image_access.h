/*
 * image_access.h - who may use an image that is on the node.
 *
 * Tenants share the node's images. One that anybody may pull is anybody's, and so is one that was
 * on the node before (an operator put it there). One that was pulled with credentials is for those
 * who have shown that these, or others, are theirs: everybody else has to pull it again, which
 * costs a question to the registry and no bytes. Follows kubelet's pkg/kubelet/images/pullmanager.
 *
 * Owns:    the records, and their file.
 * Threads: any; one mutex, a leaf.
 * Frees:   image_access_free().
 * Fails:   a file that cannot be written is logged; the records hold until the agent ends.
 * Tests:   tests/unit/agent/test_image_access.c
 */
#ifndef AGENT_IMAGE_ACCESS_H
#define AGENT_IMAGE_ACCESS_H

#include "base/value.h"

typedef struct ImageAccess ImageAccess;

ImageAccess *image_access_open(const char *path);
void image_access_free(ImageAccess *x);
DEFINE_CLEANUP(ImageAccess, image_access_free);

/* A pull with credentials begins: should the agent die before it is recorded, what is found under
 * this name then is nobody's. */
void image_access_begin(ImageAccess *x, const char *name);
/* It ended: with image `id` (NULL: it failed), pulled by `cluster` with `credential` (a hash; NULL:
 * with none). was_there: the image was on the node already. */
void image_access_end(ImageAccess *x, const char *name, const char *id, const char *cluster,
                      const char *credential, bool was_there);
/* May a pod of the cluster use the image, without a pull? `credentials`: hashes of those it has. */
bool image_access_allows(ImageAccess *x, const char *name, const char *id, const char *cluster,
                         const Value *credentials);
/* The image is not on the node any more. */
void image_access_forget(ImageAccess *x, const char *id);

#endif
