#include "base/quantity.h"
#include "tests/fuzz/fuzz.h"

/* A binary quantity of no whole binary unit is printed without suffix, and is decimal when it is
 * read again, as upstream's: texts settle with the second round, values are the same at once. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Slice text = {(const char *)data, size};
    char out[QUANTITY_TEXT_MAX], again[QUANTITY_TEXT_MAX], last[QUANTITY_TEXT_MAX];
    Quantity q, p;

    if (quantity_parse(text, &q, NULL) < 0)
        return 0;
    quantity_print(&q, out);
    BUG_ON(quantity_parse(slice_of(out), &p, NULL) < 0);
    BUG_ON(quantity_cmp(&q, &p) != 0);
    quantity_print(&p, again);
    BUG_ON(quantity_parse(slice_of(again), &p, NULL) < 0);
    BUG_ON(quantity_cmp(&q, &p) != 0);
    BUG_ON(strcmp(quantity_print(&p, last), again) != 0);
    BUG_ON(quantity_canonical(text, false, out, NULL) < 0);
    BUG_ON(quantity_canonical(text, true, out, NULL) < 0);
    BUG_ON(quantity_canonical(slice_of(out), true, again, NULL) < 0);
    BUG_ON(quantity_canonical(slice_of(again), true, last, NULL) < 0);
    BUG_ON(strcmp(last, again) != 0);
    (void)quantity_value(&q);
    (void)quantity_milli(&q);
    p = quantity_add(q, p);
    p = quantity_sub(p, q);
    return 0;
}
