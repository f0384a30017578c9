#include "vcluster/nodeaddress.h"

static const Value *addresses_of(const Value *node)
{
    return value_at(node, "status.addresses");
}

static bool is_number(const Value *address)
{
    const char *type = value_get_str(address, "type");

    return str_eq(type, "InternalIP") || str_eq(type, "ExternalIP");
}

static bool has_address(const Value *node, const char *ip)
{
    const Value *v;

    value_each_item(addresses_of(node), i, v)
    {
        if (is_number(v) && str_eq(value_get_str(v, "address"), ip))
            return true;
    }
    return false;
}

static bool has_any_address(const Value *node)
{
    const Value *v;

    value_each_item(addresses_of(node), i, v)
    {
        if (is_number(v))
            return true;
    }
    return false;
}

static const char *listed(const Value *node)
{
    return value_get_str(value_at(node, "metadata.annotations"), NODE_ADDRESSES_ANNOTATION);
}

static bool is_listed(const Value *node, const char *ip)
{
    const char *list = listed(node);
    Slice rest = slice_of(list ? list : ""), item;

    while (rest.len > 0) {
        (void)slice_cut(&rest, ',', &item); /* the last one has no comma */
        if (slice_is(slice_trim(item), ip))
            return true;
    }
    return false;
}

static bool starts_with(const Address *x, unsigned char first, unsigned char mask)
{
    return (x->bytes[0] & mask) == first;
}

/* Not one that a packet could be sent to on the network between nodes. */
static bool is_no_host(const Address *x)
{
    if (x->n_bits == 32)
        return starts_with(x, 0, 0xff) || starts_with(x, 127, 0xff) || starts_with(x, 224, 0xe0) ||
               (starts_with(x, 169, 0xff) && x->bytes[1] == 254);
    return starts_with(x, 0, 0xff) || starts_with(x, 0xff, 0xff) ||
           (starts_with(x, 0xfe, 0xff) && (x->bytes[1] & 0xc0) == 0x80);
}

bool nodeaddress_is_of_pods(const Value *node, const Address *x)
{
    const char *first = value_at_str(node, "spec.podCIDR");
    const Value *cidr;
    AddressRange range;

    value_each_item(value_at(node, "spec.podCIDRs"), i, cidr)
    {
        if (value_to_cstr(cidr) && address_range_parse(value_to_cstr(cidr), &range) &&
            address_in(&range, x))
            return true;
    }
    return first && address_range_parse(first, &range) && address_in(&range, x);
}

bool nodeaddress_is_taken(Arena *a, const ObjVec *nodes, const char *ip, const char *but)
{
    Address x;

    if (!address_parse(ip, &x) || is_no_host(&x))
        return true;
    for (size_t i = 0; i < nodes->n; i++) {
        const Value *v = obj_to_value(a, nodes->items[i], NULL, NULL);

        if (nodeaddress_is_of_pods(v, &x) ||
            (!str_eq(nodes->items[i]->name, but) && has_address(v, ip)))
            return true;
    }
    return false;
}

static const char *refusal(Arena *a, const NodeAddressInput *in, const Value *address)
{
    const char *ip = value_get_str(address, "address"), *type = value_get_str(address, "type");
    Address x, from = {.n_bits = 0};

    if (!ip || !address_parse(ip, &x))
        return arena_printf(a, "say that its %s is \"%s\": this is no IP address", type,
                            ip ? ip : "");
    if (in->from)
        (void)address_parse(in->from, &from); /* else it tells nothing */
    if (has_address(in->old, ip) || is_listed(in->old, ip))
        return NULL;
    if (from.n_bits > 0 && !is_no_host(&from)) {
        if (address_equal(&from, &x))
            return NULL;
        return arena_printf(a,
                            "say that its %s is %s: it connects from %s, and its "
                            "annotation " NODE_ADDRESSES_ANNOTATION " does not have it",
                            type, ip, in->from);
    }
    if (has_any_address(in->old) || listed(in->old))
        return arena_printf(a, "change its %s to %s", type, ip);
    if (nodeaddress_is_taken(a, in->nodes, ip, value_at_str(in->now, "metadata.name")))
        return arena_printf(a, "say that its %s is %s: it is not free", type, ip);
    return NULL;
}

const char *nodeaddress_refusal(Arena *a, const NodeAddressInput *in)
{
    const char *is = listed(in->now), *was = listed(in->old), *why = NULL;
    const Value *v;

    if (!str_eq(is ? is : "", was ? was : ""))
        return "set the annotation " NODE_ADDRESSES_ANNOTATION;
    value_each_item(addresses_of(in->now), i, v)
    {
        if (!why && is_number(v))
            why = refusal(a, in, v);
    }
    return why;
}
