#include "api/jsonpath.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF out = BUF_INIT;
    Value *doc =
        value_literal(a, "{'kind':'List','items':[{'metadata':{'name':'a','labels':{'x.y/z':"
                         "'1'}},'n':3,'ok':true,'list':[0,1,2]},{'metadata':{'name':'b'},"
                         "'n':5.5,'list':[]}],'none':null}");
    JsonPath *p;
    Value *values;
    int r; /* any answer is fine */

    if (size > 4096 || jsonpath_parse(a, arena_strndup(a, (const char *)data, size), &p, NULL) < 0)
        return 0;
    r = jsonpath_print(p, a, doc, &out, NULL);
    r = jsonpath_values(p, a, doc, &values, NULL);
    return 0 * r;
}
