/* Templates of ExternalSecrets. */
#include "base/err.h"
#include "controllers/extsecrets/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *values = value_literal(a, "{'user':'Bob','pw':'hunter2','code':'aGk=','tls.crt':'X'}");
    AUTO_BUF out = BUF_INIT;
    Err err = {0};
    Slice text = {(const char *)data, size};

    if (extsecret_template(text, values, &out, &err) < 0)
        BUG_ON(!err.msg[0] || (strstr(err.msg, "hunter2") && !memmem(data, size, "hunter2", 7)));
    else if (!memmem(data, size, "{{", 2))
        BUG_ON(!slice_eq(buf_slice(&out), text));
    return 0;
}
