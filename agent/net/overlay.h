/*
 * overlay.h - which nodes are reached through VXLAN, and by what they are known there.
 *
 * A node whose address lies in a network of one of this node's interfaces is near: its pods are
 * behind a plain route. What lies further away is reached through routers that know nothing of
 * pods: frames for its pods travel in UDP between the nodes' own addresses.
 *
 * In there a node has a MAC address made of its range for pods, which the server gives and which is
 * nobody else's; so all nodes compute the same, and nothing is learned from packets. The first
 * address of its range, which no pod gets, is the node itself.
 *
 * Pure.
 *
 * Owns:    nothing.
 * Threads: any.
 * Fails:   NULL or false for a node of which too little is known.
 * Tests:   tests/unit/agent/test_overlay.c
 */
#ifndef AGENT_NET_OVERLAY_H
#define AGENT_NET_OVERLAY_H

#include "agent/net/rules.h"

#define NET_OVERLAY_DEVICE "hp-vxlan"
enum { NET_OVERLAY_ID = 18512, NET_OVERLAY_PORT = 4789, NET_MAC_TEXT_MAX = 18 };

typedef enum OverlayMode { OVERLAY_NONE, OVERLAY_AUTO, OVERLAY_ALWAYS } OverlayMode;

struct NetOverlay {
    OverlayMode mode;
    const NetFamily *f;       /* of the addresses between which frames travel */
    const AddressRange *near; /* networks of this node's interfaces */
    size_t n_near;
};

/* "none", "auto", "always" */
bool net_overlay_mode(const char *s, OverlayMode *ret);
/* Bytes that it adds to every packet. */
int net_overlay_size(const NetOverlay *o);
/* Where frames for the node's pods are sent; NULL: they are not. o NULL: there is none. */
const char *net_overlay_to(const NetOverlay *o, const Value *node, char out[ADDRESS_TEXT_MAX]);
/* The node's MAC address in there, "02:48:0a:58:02:00". */
bool net_overlay_mac(const Value *node, char out[NET_MAC_TEXT_MAX]);
/* The node's own address in there: the first of its range. */
bool net_overlay_gate(const NetFamily *f, const Value *node, char out[ADDRESS_TEXT_MAX]);

#endif
