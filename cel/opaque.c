#include "cel/cel_int.h"

#include "base/quantity.h"

bool cel__opaque_equal(CelVal a, CelVal b)
{
    return quantity_cmp(a.opaque.ptr, b.opaque.ptr) == 0;
}

uint64_t cel__opaque_size(CelVal v UNUSED)
{
    return 1;
}
