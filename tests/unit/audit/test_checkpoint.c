#include "audit/checkpoint.h"
#include "base/err.h"
#include "tests/unit/signer.h"

#define HASH "1bad765d926feacace97a8ddcd329a1f4254c208affc1ba86b3c7d59e8fba83e"

static const char claims[] =
    "{'iss':'https://hostplane.io/audit','sub':'u','iat':1700000000,'sequence':7,'hash':'" HASH
    "'}";

static JwkSet *set_of(Arena *a, const Signer *s, const char *kid)
{
    JwkSet *set = NULL;

    assert_ok(jwks_parse(slice_of(signer_jwks(a, signer_jwk(s, a, kid), NULL)), &set, NULL));
    return set;
}

static const char *sign(Arena *a, const Signer *s, const char *kid, const char *payload)
{
    return signer_sign(s, a, arena_printf(a, "{'alg':'ES256','kid':'%s'}", kid), payload);
}

TEST(a_checkpoint_holds_under_its_clusters_key_only)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Signer acme = signer_new("ES256"), other = signer_new("ES256");
    JwkSet *both[] = {set_of(a, &other, "other/2"), set_of(a, &acme, "acme/1")};
    const char *good = sign(a, &acme, "acme/1", claims);
    char *changed = arena_strdup(a, good), *dot = strrchr(changed, '.');
    const struct {
        const char *token, *cluster;
        size_t n_sets; /* 2: both; 1: the other's */
        const char *why;
    } rows[] = {
        {good, "acme", 2, NULL},
        {good, "", 2, NULL},
        {good, "acme", 0, NULL},
        {sign(a, &other, "acme/1", claims), "acme", 0, NULL}, /* nobody looks */
        {sign(a, &other, "acme/1", claims), "acme", 2,
         "the checkpoint of record 7 was not signed with the cluster's key"},
        {sign(a, &other, "other/2", claims), "acme", 2,
         "the checkpoint of record 7 is another cluster's"},
        {sign(a, &other, "other/2", claims), "oth", 2,
         "the checkpoint of record 7 is another cluster's"},
        {good, "acme", 1, "the checkpoint of record 7 names a key that is not known: 'acme/1'"},
        {changed, "acme", 2, "the checkpoint of record 7 was not signed with the cluster's key"},
        {sign(a, &acme, "acme/1", "{'iss':'https://acme','sequence':7,'hash':'" HASH "'}"), "acme",
         2, "a checkpoint cannot be read"},
        {sign(a, &acme, "acme/1", "{'iss':'https://hostplane.io/audit','sequence':7}"), "acme", 2,
         "a checkpoint cannot be read"},
        {"rubbish", "acme", 0, "a checkpoint cannot be read"},
        {NULL, "acme", 0, "a checkpoint cannot be read"},
    };

    dot[5] = dot[5] == 'A' ? 'B' : 'A'; /* of the signature */
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        AuditKeys keys = {.sets = both, .n = rows[i].n_sets};
        AuditSigned is = {0};
        Err err = {0};
        int r = audit_checkpoint_read(a, rows[i].token, rows[i].cluster, &keys, &is, &err);

        if (rows[i].why
                ? r != -ERR_INVALID || strcmp(err.msg, rows[i].why) != 0
                : r != 0 || is.place.seq != 7 || is.place.hash[0] != 0x1b || is.at_s != 1700000000)
            fail_msg("row %zu: %d, %s", i, r, err.msg);
    }
    jwks_unref(both[0]);
    jwks_unref(both[1]);
    signer_done(&acme);
    signer_done(&other);
}
