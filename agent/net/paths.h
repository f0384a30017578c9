/*
 * paths.h - the ways from this node to the pods of others: routes, and what VXLAN needs beside
 * them.
 *
 * What is wanted and what is there are maps from a thing to how it is: "route 10.88.2.0/24" ->
 * "via 172.30.0.12". What no node has any more is removed, also what an agent before this one has
 * left: routes carry a protocol number of ours, all else is of the VXLAN device.
 *
 * Owns:    NetPaths owns what it knows to be in the kernel; the kernel's part stays when it goes.
 * Threads: one at a time.
 * Frees:   net_paths_free().
 * Fails:   net_paths_apply() is false when the kernel did not take all; it is tried again the next
 *          time.
 * Tests:   tests/unit/agent/test_overlay.c, tests/e2e/test_node_overlay.py
 */
#ifndef AGENT_NET_PATHS_H
#define AGENT_NET_PATHS_H

#include "agent/net/overlay.h"

typedef struct NetPaths NetPaths;

typedef struct PathsInput {
    Items *items;
    const char *node_name, *node_ip;
    const NetFamily *families;
    int n_families;
    const NetOverlay *overlay;
    int mtu;       /* of VXLAN's frames */
    bool is_whole; /* the items are all there are: what is not among them is gone */
} PathsInput;

NetPaths *net_paths_new(void);
void net_paths_free(NetPaths *p);
DEFINE_CLEANUP(NetPaths, net_paths_free);
/* Before the rules are loaded: a device that these would not watch over goes. */
void net_paths_begin(const NetOverlay *overlay, const char *node_ip);
/* Once the rules are: frames are taken in from then on. */
bool net_paths_apply(NetPaths *p, const PathsInput *in) MUST_CHECK;

/* ---- pure ---- */

/* ret: values are the map's. */
void net_paths_want(const PathsInput *in, Map *ret);
/* Commands for "ip -batch" and "bridge -batch". */
void net_paths_print(const Map *is, const Map *wanted, bool with_gone, Buf *ip, Buf *bridge);
/* What a list of the kernel's says: the word `at` of each line is one of the kind. */
void net_paths_read(const char *kind, int at, Slice list, Map *ret);

#endif
