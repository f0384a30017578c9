#include "tenancy/authn.h"
#include "tenancy/tenancy.h"

int tenancy_sign_audit(Tenancy *t, Cluster *c, const AuditPlace *head, int64_t now_us, Arena *a,
                       const char **ret, Err *err)
{
    CLEANUP(identity_close) Identity *i = NULL;
    Value *claims = value_object(a);
    char hex[2 * SHA256_LEN + 1];
    int r = tenancy_identity(t, c, &i, err);

    if (r < 0)
        return r;
    audit_hash_to_hex(head->hash, hex);
    value_set_str(a, claims, "iss", AUDIT_ISSUER);
    value_set_str(a, claims, "sub", c->uid);
    value_set_int(a, claims, "iat", now_us / 1000000);
    value_set_int(a, claims, "sequence", head->seq);
    value_set_str(a, claims, "hash", hex);
    return identity_sign_token(i, a, claims, ret, err);
}
