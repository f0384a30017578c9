/* What a KMS plug-in may answer, and what we kept of an answer: nothing breaks, and what is
 * accepted can be sent back. */
#include "base/err.h"
#include "keys/kms.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_BUF kept = BUF_INIT, request = BUF_INIT;
    uint8_t key[KEY_BYTES];
    char id[KEY_ID_MAX];
    Slice message;
    Err err;

    if (size == 0)
        return 0;
    message = (Slice){(const char *)data + 1, size - 1};
    switch (data[0] % 4) {
    case 0:
        BUG_ON(kms_read_status(message, id, &err) == 0 && strlen(id) >= KEY_ID_MAX);
        break;
    case 1:
        if (kms_read_encrypted(message, &kept, id, &err) < 0)
            break;
        BUG_ON(kept.len > KEY_WRAPPED_MAX || strlen(id) == 0 || strlen(id) >= KEY_ID_MAX);
        BUG_ON(kms_write_decrypt(buf_slice(&kept), id, "uid", &request, &err) < 0);
        break;
    case 2:
        (void)(kms_read_decrypted(message, key, &err) < 0);
        break;
    default:
        (void)(kms_write_decrypt(message, "id", "uid", &request, &err) < 0);
        break;
    }
    return 0;
}
