/*
 * extsecrets.h - what the controllers of external secrets share. Private to controllers/.
 *
 * A cluster has the kinds when its plan says so: as definitions that the server makes there
 * (definitions/externalsecrets.yaml). A definition without the server's mark is the tenant's own,
 * and then nothing here touches its objects.
 *
 * Threads: as Ctl. Frees: everything is in ctl->arena.
 * Tests:   tests/e2e/test_external_secrets.py
 */
#ifndef CONTROLLERS_EXTSECRETS_H
#define CONTROLLERS_EXTSECRETS_H

#include "controllers/extsecrets/vault.h"
#include "controllers/rows.h"

extern const Resource externalsecret_resource, secretstore_resource;
extern const char extsecret_definitions[]; /* YAML, from definitions/externalsecrets.yaml */

/* Does the plan of the cluster's tenant have them, and is it active? */
int extsecrets_are_allowed(Ctl *ctl, const char *cluster, bool *ret, Err *err) MUST_CHECK;
/* And are the definitions there the server's? */
int extsecrets_are_on(Ctl *ctl, bool *ret, Err *err) MUST_CHECK;
bool extsecrets_is_ours(const Obj *definition);

/* Conflicts are the caller's. */
int extsecrets_update_status(Ctl *ctl, const Resource *r, const Value *v, Err *err) MUST_CHECK;

/* Enqueue all stores of a namespace (NULL: of the cluster), or all ExternalSecrets (of a store). */
void extsecrets_enqueue_stores(Controllers *c, const char *cluster, const char *ns);
void extsecrets_enqueue_users(Controllers *c, const char *cluster, const char *ns,
                              const char *store);
void extsecrets_enqueue_store(Ctl *ctl, const char *store);

/* The change is of nothing but the status. */
bool extsecrets_is_status(const Change *ch);

/* The text under a key of a Secret or ConfigMap; *made_of (may be NULL) gets to know its version.
 * Fails with ERR_NOT_FOUND, in words for the status. */
int extsecrets_read_key(Ctl *ctl, const KeyRef *ref, Buf *made_of, const char **ret,
                        Err *err) MUST_CHECK;
/* The certificates that the store trusts; NULL: what the system trusts. */
int extsecrets_read_ca(Ctl *ctl, const VaultStore *s, Buf *made_of, const char **ret,
                       Err *err) MUST_CHECK;

#endif
