#include "base/aead.h"

#include "base/err.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

static inline void ctx_free(EVP_CIPHER_CTX *c)
{
    EVP_CIPHER_CTX_free(c);
}
static inline void ctx_freep(EVP_CIPHER_CTX **c)
{
    ctx_free(*c);
}

void aead_new_key(uint8_t ret_key[AEAD_KEY_BYTES])
{
    BUG_ON(RAND_bytes(ret_key, AEAD_KEY_BYTES) != 1);
}

void aead_wipe(void *p, size_t n)
{
    OPENSSL_cleanse(p, n);
}

void aead_seal(const uint8_t key[AEAD_KEY_BYTES], Slice aad, Slice plain, Buf *out)
{
    CLEANUP(ctx_free) EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    uint8_t *nonce, *body;
    int n;

    BUG_ON(!c || plain.len > INT32_MAX || aad.len > INT32_MAX);
    buf_reserve(out, plain.len + AEAD_OVERHEAD);
    nonce = (uint8_t *)out->ptr + out->len;
    body = nonce + AEAD_NONCE_BYTES;
    BUG_ON(RAND_bytes(nonce, AEAD_NONCE_BYTES) != 1);
    BUG_ON(EVP_EncryptInit_ex(c, EVP_aes_256_gcm(), NULL, key, nonce) != 1);
    BUG_ON(EVP_EncryptUpdate(c, NULL, &n, (const uint8_t *)aad.ptr, (int)aad.len) != 1);
    BUG_ON(EVP_EncryptUpdate(c, body, &n, (const uint8_t *)plain.ptr, (int)plain.len) != 1);
    BUG_ON(EVP_EncryptFinal_ex(c, body + n, &n) != 1);
    BUG_ON(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, AEAD_TAG_BYTES, body + plain.len) != 1);
    out->len += plain.len + AEAD_OVERHEAD;
    out->ptr[out->len] = '\0';
}

int aead_open(const uint8_t key[AEAD_KEY_BYTES], Slice aad, Slice sealed, Buf *out, Err *err)
{
    CLEANUP(ctx_free) EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    const uint8_t *nonce = (const uint8_t *)sealed.ptr, *body = nonce + AEAD_NONCE_BYTES;
    size_t len = sealed.len - AEAD_OVERHEAD;
    uint8_t tag[AEAD_TAG_BYTES], *to;
    int n;

    BUG_ON(!c);
    if (sealed.len < AEAD_OVERHEAD || sealed.len > INT32_MAX || aad.len > INT32_MAX)
        return err_set(err, ERR_INVALID, "sealed data has %zu bytes", sealed.len);
    buf_reserve(out, len);
    to = (uint8_t *)out->ptr + out->len;
    memcpy(tag, body + len, AEAD_TAG_BYTES);
    BUG_ON(EVP_DecryptInit_ex(c, EVP_aes_256_gcm(), NULL, key, nonce) != 1);
    BUG_ON(EVP_DecryptUpdate(c, NULL, &n, (const uint8_t *)aad.ptr, (int)aad.len) != 1);
    BUG_ON(EVP_DecryptUpdate(c, to, &n, body, (int)len) != 1);
    BUG_ON(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, AEAD_TAG_BYTES, tag) != 1);
    if (EVP_DecryptFinal_ex(c, to + n, &n) != 1) {
        aead_wipe(to, len);
        out->ptr[out->len] = '\0';
        return err_set(err, ERR_INVALID, "sealed data does not belong to this key and place");
    }
    out->len += len;
    out->ptr[out->len] = '\0';
    return 0;
}
