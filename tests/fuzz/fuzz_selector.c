#include "api/selector.h"
#include "tests/fuzz/fuzz.h"

static const char pod[] =
    "{\"metadata\":{\"name\":\"a\",\"namespace\":\"n\",\"labels\":{\"a\":\"b\","
    "\"n\":\"5\"}},\"spec\":{\"nodeName\":\"w\",\"hostNetwork\":true}}";

/* What was printed must parse to what prints the same. */
static void check_again(Arena *a, const Selector *s)
{
    AUTO_BUF once = BUF_INIT;
    AUTO_BUF twice = BUF_INIT;
    Selector *again;

    selector_print(s, &once);
    BUG_ON(selector_parse_labels(a, buf_str(&once), &again, NULL) < 0);
    selector_print(again, &twice);
    BUG_ON(strcmp(buf_str(&once), buf_str(&twice)) != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(obj_unref) Obj *o = NULL;
    const Resource *r = resource_find(SLICE(""), SLICE("v1"), SLICE("pods"));
    char *text = arena_strndup(a, (const char *)data, size);
    AUTO_BUF printed = BUF_INIT;
    Selector *s;

    BUG_ON(obj_new(slice_of(pod), 1, &o, NULL) < 0);
    if (selector_parse_labels(a, text, &s, NULL) == 0) {
        (void)selector_match_obj(s, o);
        check_again(a, s);
    }
    if (selector_parse_fields(a, r, text, &s, NULL) == 0) {
        (void)selector_match_obj(s, o);
        selector_print(s, &printed);
        BUG_ON(selector_parse_fields(a, r, buf_str(&printed), &s, NULL) < 0);
    }
    return 0;
}
