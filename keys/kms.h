/*
 * kms.h - the messages of the KMS v2 plug-in protocol (package v2, as Kubernetes speaks it).
 *
 * Threads: any; constant data.
 * Tests:   tests/unit/keys/test_kms.c, tests/fuzz/fuzz_kms.c
 */
#ifndef KEYS_KMS_H
#define KEYS_KMS_H

#include "client/pb.h"
#include "keys/provider.h"

extern const PbMessage kms_status_response, kms_encrypt_response, kms_decrypt_response;

/* What an answer to Encrypt becomes: what we keep (appended to `ret`), and the key's id. Fails with
 * ERR_INTERNAL for answers that the protocol does not allow. */
int kms_read_encrypted(Slice message, Buf *ret, char ret_id[KEY_ID_MAX], Err *err) MUST_CHECK;
/* From what we keep to the request of Decrypt; ERR_INTERNAL when it is not what we made. */
int kms_write_decrypt(Slice kept, const char *id, const char *uid, Buf *ret, Err *err) MUST_CHECK;
int kms_read_decrypted(Slice message, uint8_t ret_key[KEY_BYTES], Err *err) MUST_CHECK;
int kms_read_status(Slice message, char ret_id[KEY_ID_MAX], Err *err) MUST_CHECK;

#endif
