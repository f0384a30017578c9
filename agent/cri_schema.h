/*
 * cri_schema.h - the container runtime interface (runtime.v1) as tables for client/pb.h.
 *
 * Threads: any; constant data.
 * Tests:   tests/unit/agent/test_pb.c
 */
#ifndef AGENT_CRI_SCHEMA_H
#define AGENT_CRI_SCHEMA_H

#include "client/pb.h"

typedef enum CriMethod {
    CRI_VERSION,
    CRI_RUN_POD_SANDBOX,
    CRI_STOP_POD_SANDBOX,
    CRI_REMOVE_POD_SANDBOX,
    CRI_POD_SANDBOX_STATUS,
    CRI_LIST_POD_SANDBOX,
    CRI_CREATE_CONTAINER,
    CRI_START_CONTAINER,
    CRI_STOP_CONTAINER,
    CRI_REMOVE_CONTAINER,
    CRI_LIST_CONTAINERS,
    CRI_CONTAINER_STATUS,
    CRI_EXEC_SYNC,
    CRI_EXEC,
    CRI_ATTACH,
    CRI_PORT_FORWARD,
    CRI_CONTAINER_STATS,
    CRI_LIST_CONTAINER_STATS,
    CRI_STATUS,
    CRI_REOPEN_CONTAINER_LOG,
    CRI_UPDATE_CONTAINER_RESOURCES,
    CRI_LIST_IMAGES,
    CRI_IMAGE_STATUS,
    CRI_PULL_IMAGE,
    CRI_REMOVE_IMAGE,
    CRI_IMAGE_FS_INFO,
    CRI_METHOD_MAX_
} CriMethod;

typedef struct CriMethodInfo {
    const char *path; /* of the gRPC request */
    const PbMessage *request, *response;
} CriMethodInfo;
extern const CriMethodInfo cri_methods[CRI_METHOD_MAX_];

/* Enum values that the agent reads or writes. */
enum { CRI_SANDBOX_READY = 0, CRI_SANDBOX_NOTREADY = 1 };
enum { CRI_CREATED = 0, CRI_RUNNING = 1, CRI_EXITED = 2, CRI_UNKNOWN = 3 };
enum { CRI_NS_POD = 0, CRI_NS_CONTAINER = 1, CRI_NS_NODE = 2, CRI_NS_TARGET = 3 };
enum { CRI_SECCOMP_DEFAULT = 0, CRI_SECCOMP_UNCONFINED = 1, CRI_SECCOMP_LOCALHOST = 2 };
enum { CRI_MOUNT_PRIVATE = 0, CRI_MOUNT_FROM_HOST = 1, CRI_MOUNT_BIDIRECTIONAL = 2 };

#endif
