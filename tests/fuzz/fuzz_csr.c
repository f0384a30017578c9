/*
 * Requests for certificates as a client sends them: the first byte says whether the rest is the PEM
 * text of the request, or its DER bytes. The text is a pair of certificate and key as well.
 */
#include "api/decode.h"
#include "api/validate.h"
#include "base/b64.h"
#include "base/keypair.h"
#include "base/pki.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    FieldErrs e = {.arena = a};
    AUTO_BUF text = BUF_INIT;
    AUTO_BUF der = BUF_INIT;
    const char *algorithm;
    Value *v;

    if (size == 0)
        return 0;
    if (data[0] & 1) {
        (void)pki_csr_check((Slice){(const char *)data + 1, size - 1}, &algorithm);
        b64_encode((Slice){(const char *)data + 1, size - 1}, &der);
        buf_addf(&text,
                 "-----BEGIN CERTIFICATE REQUEST-----\n%s\n-----END CERTIFICATE REQUEST-----\n",
                 buf_str(&der));
    } else {
        buf_add(&text, data + 1, size - 1);
    }
    (void)keypair_mistake(a, buf_slice(&text), buf_slice(&text));
    der.len = 0;
    b64_encode(buf_slice(&text), &der);
    v = value_literal(a, "{'metadata':{'name':'x'},'spec':{'signerName':'example.com/x','usages':["
                         "'client auth']}}");
    value_set_at(a, v, "spec.request", value_strn(a, der.ptr, der.len));
    value_set_at(a, v, "status.certificate", value_strn(a, der.ptr, der.len));
    validate_create(resource_find_storage("certificates/certificatesigningrequests"), v, &e);
    return 0;
}
