/*
 * agent.h - what every part of the agent works with: its options, the runtime, the server, the
 * items of the feed.
 *
 * Owns:    nothing; main.c owns the parts.
 * Threads: any; nothing changes after start but what is marked.
 */
#ifndef AGENT_AGENT_H
#define AGENT_AGENT_H

#include "agent/cri.h"
#include "agent/items.h"
#include "api/address.h"
#include "client/client.h"

typedef struct AgentOptions {
    const char *node_name, *data_dir, *node_ip;
    const char *second_node_ip; /* of the second family; NULL: none */
    const char *cni_bin_dir, *cni_conf_dir, *pod_subnet;
    AddressRanges cluster, services; /* of all pods; of all tenants' services; same families */
    const char *api_ip, *dns_ip;     /* that every tenant has, of the first family */
    const char *closed_cidr;         /* further ranges that pods do not reach, or NULL */
    const char *labels;              /* "a=b,c=d" or NULL */
    const char *eviction_hard, *eviction_soft, *eviction_soft_grace; /* thresholds, evict.h */
    int64_t eviction_max_pod_grace_s;
    int64_t log_max_bytes; /* a container's log is put aside when it has grown so far */
    int log_max_files;     /* so many of them are kept */
    const char *runtime;   /* path of its socket */
    int max_pods;
    bool allow_privileged;    /* host namespaces, hostPath, privileged for every tenant */
    bool has_network;         /* CNI, service proxy and DNS are wanted */
    const char *overlay;      /* a name of OverlayMode: see net/overlay.h */
    const char *link_address; /* "auto", "none" or a MAC address: see net/rules.h */
} AgentOptions;

typedef struct Agent {
    AgentOptions o;
    Cri *cri;
    Client *client;
    Items *items;
    struct Net *net; /* NULL without has_network */
    struct ImageAccess *image_access;
    struct AgentApi *api;
    int64_t cpu_milli, memory; /* capacity */
    _Atomic uint32_t pressure; /* PRESSURE_ bits, by gc.c */
    _Atomic bool is_ending;    /* the node is being shut down: no new pods */
} Agent;

enum { PRESSURE_MEMORY = 1, PRESSURE_DISK = 2, PRESSURE_PIDS = 4 };

/* The interface of the node that its pods are behind. */
#define AGENT_BRIDGE "cni0"

/* Annotation of a Node: the MAC address that what it sends to other nodes has. */
#define AGENT_LINK_ANNOTATION "hostplane.io/link-address"

#endif
