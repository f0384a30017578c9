#include "base/hmac.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

void hmac_sha256(Slice key, Slice data, unsigned char ret[HMAC_SHA256_LEN])
{
    unsigned len = 0;

    BUG_ON(!HMAC(EVP_sha256(), key.len > 0 ? key.ptr : "", (int)key.len,
                 (const unsigned char *)data.ptr, data.len, ret, &len));
    BUG_ON(len != HMAC_SHA256_LEN);
}
