#include "agent/net/overlay.h"

#include <sys/socket.h>

bool net_overlay_mode(const char *s, OverlayMode *ret)
{
    static const char *const names[] = {
        [OVERLAY_NONE] = "none", [OVERLAY_AUTO] = "auto", [OVERLAY_ALWAYS] = "always"};

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (str_eq(s, names[i])) {
            *ret = (OverlayMode)i;
            return true;
        }
    }
    return false;
}

int net_overlay_size(const NetOverlay *o)
{
    enum { INNER = 8 + 8 + 14, V4 = 20, V6 = 40 }; /* UDP, VXLAN and Ethernet */

    return o->mode == OVERLAY_NONE ? 0 : INNER + (o->f->af == AF_INET ? V4 : V6);
}

const char *net_overlay_to(const NetOverlay *o, const Value *node, char out[ADDRESS_TEXT_MAX])
{
    Address at;

    if (!o || o->mode == OVERLAY_NONE || !net_node_address(o->f, node, out))
        return NULL;
    for (size_t i = 0; o->mode == OVERLAY_AUTO && i < o->n_near; i++) {
        if (address_parse(out, &at) && address_in(&o->near[i], &at))
            return NULL;
    }
    return out;
}

/* The range for pods as the server gives it. */
static bool pod_range(const NetFamily *f, const Value *node, AddressRange *ret)
{
    const char *cidr = net_pod_cidr(f, node);

    return cidr && address_range_parse(cidr, ret) && !ret->has_more;
}

/* Of IPv6 the bits between the prefix that a site has and those of the link that a node is. */
bool net_overlay_mac(const Value *node, char out[NET_MAC_TEXT_MAX])
{
    AddressRange range;
    const unsigned char *b;
    bool is_v4 = pod_range(&net_families[0], node, &range);

    if (!is_v4 && !pod_range(&net_families[1], node, &range))
        return false;
    b = range.ip.bytes + (is_v4 ? 0 : 4);
    snprintf(out, NET_MAC_TEXT_MAX, "02:%s:%02x:%02x:%02x:%02x", is_v4 ? "48" : "68", b[0], b[1],
             b[2], b[3]);
    return true;
}

bool net_overlay_gate(const NetFamily *f, const Value *node, char out[ADDRESS_TEXT_MAX])
{
    AddressRange range;
    Address first;

    if (!pod_range(f, node, &range))
        return false;
    address_part(&range, range.ip.n_bits, 0, &first);
    snprintf(out, ADDRESS_TEXT_MAX, "%s", first.text);
    return true;
}
