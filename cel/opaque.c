#include "cel/cel_int.h"

#include "base/quantity.h"

/* What values of the libraries' own types have in common: equality, and a size where costs ask for
 * one. */

bool cel__opaque_equal(CelVal a, CelVal b)
{
    const char *name = a.opaque.type->name;

    if (str_eq(name, "kubernetes.Quantity"))
        return quantity_cmp(a.opaque.ptr, b.opaque.ptr) == 0;
    if (str_eq(name, "kubernetes.URL"))
        return cel__url_equal(a, b);
    if (str_eq(name, "kubernetes.Image"))
        return cel__image_equal(a, b);
    if (str_eq(name, "kubernetes.Semver"))
        return cel__semver_compare(a, b) == 0;
    if (str_eq(name, "net.IP") || str_eq(name, "net.CIDR"))
        return cel__net_equal(a, b, str_eq(name, "net.CIDR"));
    return a.opaque.ptr == b.opaque.ptr;
}

uint64_t cel__opaque_size(CelVal v)
{
    return str_starts(v.opaque.type->name, "net.") ? cel__net_size(v) : 1;
}
