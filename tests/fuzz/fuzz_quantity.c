#include "base/quantity.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Slice text = {(const char *)data, size};
    char out[QUANTITY_TEXT_MAX], again[QUANTITY_TEXT_MAX];
    Quantity q, p;

    if (quantity_parse(text, &q, NULL) < 0)
        return 0;
    quantity_print(&q, out);
    BUG_ON(quantity_parse(slice_of(out), &p, NULL) < 0);
    BUG_ON(quantity_cmp(&q, &p) != 0);
    BUG_ON(strcmp(quantity_print(&p, again), out) != 0);
    BUG_ON(quantity_canonical(text, false, out, NULL) < 0);
    BUG_ON(quantity_canonical(text, true, out, NULL) < 0);
    BUG_ON(quantity_canonical(slice_of(out), true, again, NULL) < 0);
    BUG_ON(strcmp(out, again) != 0);
    (void)quantity_value(&q);
    (void)quantity_milli(&q);
    p = quantity_add(q, p);
    p = quantity_sub(p, q);
    return 0;
}
