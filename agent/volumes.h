/*
 * volumes.h - a pod's volumes as directories on the node.
 *
 * emptyDir (disk or memory), configMap, secret, downwardAPI, projected with service account
 * tokens, claims on local volumes, images, hostPath where the node allows it. volumes_setup() may
 * be called again and again: it makes what is missing and publishes what changed.
 *
 * Owns:    the directories under `dir`/volumes and mounts made there; volumes_remove() takes them
 *          away.
 * Threads: any, one at a time for one pod.
 * Fails:   ERR_NOT_FOUND for a config map or secret that is not there (yet), ERR_FORBIDDEN for
 *          what a tenant may not mount, ERR_INVALID for kinds that are not known.
 * Tests:   tests/unit/agent/test_volumes.c, test_fs.c for what is written
 */
#ifndef AGENT_VOLUMES_H
#define AGENT_VOLUMES_H

#include "agent/env.h"
#include "base/map.h"

/* A token of the service account `account` in the pod's cluster, bound to the pod. */
typedef int (*TokenFn)(void *data, Arena *a, const char *account, const char *audience,
                       int64_t lifetime_s, const char **ret, Err *err);

/* The image of an image volume is on the node; *ret: the runtime's id of it. */
typedef int (*ImageFn)(void *data, Arena *a, const Value *source, const char **ret, Err *err);

typedef struct VolumeContext {
    const PodContext *pc;
    const char *dir;       /* the pod's own directory */
    const char *local_dir; /* where this node keeps the built-in provisioner's volumes */
    bool allow_host_path;
    TokenFn token;
    ImageFn image;
    void *data;          /* of both */
    const char *runtime; /* containerd's socket, for image volumes */
} VolumeContext;

/* *ret: {"volume name": "/path/on/node"} */
int volumes_setup(Arena *a, const VolumeContext *vc, Value **ret, Err *err) MUST_CHECK;
/* The path to mount for one volumeMount: the volume or, for subPath, a mount of what lies below
 * it, resolved without leaving the volume whatever links a container has made there. */
int volumes_mount_source(Arena *a, const VolumeContext *vc, const Value *paths, const Value *mount,
                         const char *container, const Value *env, const char **ret,
                         Err *err) MUST_CHECK;
/* The parts (volume_claim.c): a path of the node, the volume that a claim is bound to. */
int volume_host_path(const VolumeContext *vc, const Value *source, const char **ret,
                     Err *err) MUST_CHECK;
int volume_claim(Arena *a, const VolumeContext *vc, const char *claim, const char **ret,
                 Err *err) MUST_CHECK;
/* (volume_image.c) */
int volume_image(Arena *a, const VolumeContext *vc, const Value *source, const char *dir,
                 Err *err) MUST_CHECK;
/* Adds the runtime's ids of the images that are volumes of a pod: {"id": true}. */
void volume_images_used(Arena *a, const char *pod_dir, Value *used);
/* Gives back what volume_image() took for the volumes of a pod. */
void volume_images_remove(const char *pod_dir, const char *runtime);
/* Removes directories of the built-in provisioner whose volume was not there at this call nor at
 * the one before; `missing` carries over. To be called when the items are complete. */
int volumes_sweep_local(Items *items, const char *dir, Map *missing);
/* Unmounts and removes everything of the pod. */
void volumes_remove(const char *dir, const char *runtime);

#endif
