#include "audit/checkpoint.h"

#include <inttypes.h>

static bool place_of(const Value *claims, AuditPlace *ret)
{
    ret->seq = value_at_int(claims, "sequence", -1);
    return ret->seq >= 0 && audit_hash_from_hex(value_get_str(claims, "hash"), ret->hash);
}

static bool is_of(const Jws *t, const char *cluster)
{
    size_t n = strlen(cluster);

    return n == 0 ||
           (t->kid.len > n && memcmp(t->kid.ptr, cluster, n) == 0 && t->kid.ptr[n] == '/');
}

static int check_signature(const Jws *t, const char *cluster, const AuditKeys *keys, int64_t seq,
                           Err *err)
{
    bool is_forged = false;

    if (!is_of(t, cluster))
        return err_set(err, ERR_INVALID,
                       "the checkpoint of record %" PRId64 " is another cluster's", seq);
    for (size_t i = 0; i < keys->n; i++) {
        JwsVerdict v = jwks_verify(keys->sets[i], t);

        if (v == JWS_GOOD)
            return 0;
        is_forged = is_forged || v == JWS_FORGED;
    }
    if (is_forged)
        return err_set(err, ERR_INVALID,
                       "the checkpoint of record %" PRId64 " was not signed with the cluster's key",
                       seq);
    return err_set(err, ERR_INVALID,
                   "the checkpoint of record %" PRId64 " names a key that is not known: '%.*s'",
                   seq, (int)MIN(t->kid.len, 100), t->kid.ptr);
}

int audit_checkpoint_read(Arena *a, const char *token, const char *cluster, const AuditKeys *keys,
                          AuditSigned *ret, Err *err)
{
    AuditPlace at;
    Jws t;

    if (!token || jws_parse(a, slice_of(token), &t, NULL) < 0 || !str_eq(t.issuer, AUDIT_ISSUER) ||
        !place_of(t.claims, &at))
        return err_set(err, ERR_INVALID, "a checkpoint cannot be read");
    if (keys->n > 0 && check_signature(&t, cluster, keys, at.seq, err) < 0)
        return -ERR_INVALID;
    *ret = (AuditSigned){at, value_at_int(t.claims, "iat", 0)};
    return 0;
}
