#include "tenancy/places.h"

#include "base/err.h"
#include "base/token.h"

#define SPACE_UID_LABEL "tenancy.hostplane.io/tenant-uid"

static void unref(void *c)
{
    cluster_unref(c);
}

/* A reference that the arena keeps; NULL when there is no such cluster. */
static Cluster *named(Tenancy *t, Arena *a, Slice name)
{
    Cluster *c = store_cluster(t->store, name);

    if (c)
        arena_on_free(a, unref, c);
    return c;
}

static void add(Places *p, Cluster *cluster, Cluster *whose)
{
    if (cluster && p->n < PLACES_MAX)
        p->items[p->n++] = (Place){cluster, whose};
}

static int get_in(Tenancy *t, Cluster *asked, Cluster *c, const char *storage, const char *ns,
                  const char *name, Arena *a, Obj **ret, const char **ret_need)
{
    int r = tenancy__get(t, c, storage, ns, name, ret, ret_need);

    if (r < 0 && *ret_need && c != asked)
        *ret_need = arena_printf(a, AT_NEED "%s:%s", c->name, *ret_need);
    return r;
}

int tenancy__get_at(Tenancy *t, const Places *p, int i, const char *storage, const char *ns,
                    const char *name, Arena *a, Obj **ret, const char **ret_need)
{
    return get_in(t, p->asked, p->items[i].cluster, storage, ns, name, a, ret, ret_need);
}

/* Without terms *ret binds nobody. */
static int terms_of(Tenancy *t, Cluster *c, const TenantTerms **ret, const char **ret_need,
                    Err *err)
{
    const char *need = NULL;

    *ret = NULL;
    if (tenancy_terms(t, c, ret, &need) < 0 && need) {
        *ret_need = need;
        return err_set(err, ERR_UNAVAILABLE, "%s are not loaded", need);
    }
    return 0;
}

/* The tenant that the namespace of a shared cluster went along with; NULL: it did not go. */
static int moved_to(Tenancy *t, Cluster *asked, Cluster *shared, const char *ns, Arena *a,
                    Cluster **ret, const char **ret_need, Err *err)
{
    CLEANUP(obj_unref) Obj *row = NULL;
    const Value *v;
    Cluster *c;

    *ret = NULL;
    if (get_in(t, asked, shared, MOVED_SPACES, "", ns, a, &row, ret_need) < 0)
        return err_set(err, ERR_UNAVAILABLE, "%s are not loaded", MOVED_SPACES);
    if (!row)
        return 0;
    v = obj_to_value(a, row, NULL, NULL);
    c = named(t, a, slice_of(value_at_text(v, "tenant")));
    if (c && strcmp(c->uid, value_at_text(v, "tenantUid")) == 0)
        *ret = c;
    return 0;
}

/* Those of one cluster: in a shared one, or its own. */
static void add_of(Tenancy *t, Cluster *c, const TenantTerms *terms, Arena *a, Places *p)
{
    if (terms && terms->cluster)
        add(p, named(t, a, slice_of(terms->cluster)), c);
    add(p, c, c);
}

int tenancy__places(Tenancy *t, Cluster *asked, Cluster *issuer, const char *ns, Arena *a,
                    Places *ret, const char **ret_need, Err *err)
{
    CLEANUP(terms_unref) const TenantTerms *terms = NULL;
    CLEANUP(terms_unref) const TenantTerms *theirs = NULL;
    Cluster *tenant = NULL;
    int r = terms_of(t, issuer, &terms, ret_need, err);

    *ret = (Places){.asked = asked};
    if (r == 0 && terms && terms->is_shared)
        r = moved_to(t, asked, issuer, ns, a, &tenant, ret_need, err);
    if (r == 0 && tenant)
        r = terms_of(t, tenant, &theirs, ret_need, err);
    if (r < 0)
        return r;
    if (tenant)
        add_of(t, tenant, theirs, a, ret);
    add_of(t, issuer, terms, a, ret);
    return 0;
}

int tenancy__owns(Tenancy *t, Cluster *asked, const Place *of_tenant, const char *ns, Arena *a,
                  bool *ret, const char **ret_need, Err *err)
{
    CLEANUP(obj_unref) Obj *o = NULL;
    const char *uid;

    if (get_in(t, asked, of_tenant->cluster, "namespaces", "", ns, a, &o, ret_need) < 0)
        return err_set(err, ERR_UNAVAILABLE, "namespaces are not loaded");
    uid = o ? obj_label(o, SPACE_UID_LABEL) : NULL;
    *ret = uid && strcmp(uid, of_tenant->whose->uid) == 0;
    return 0;
}

int tenancy__other_issuer(Tenancy *t, Cluster *c, Slice token, Arena *a, Cluster **ret,
                          const char **ret_need, Err *err)
{
    CLEANUP(terms_unref) const TenantTerms *terms = NULL;
    CLEANUP(terms_unref) const TenantTerms *theirs = NULL;
    CLEANUP(cluster_unref) Cluster *other = NULL;
    Slice name = tenancy_token_cluster(a, token);
    Cluster *tenant = NULL;
    Token parsed;
    const char *ns;
    int r;

    *ret = NULL;
    if (name.len == 0 || slice_is(name, c->name))
        return 0;
    r = terms_of(t, c, &terms, ret_need, err);
    if (r == 0 && terms)
        other = store_cluster(t->store, name);
    if (r < 0 || !other)
        return r;
    if (terms->cluster && strcmp(terms->cluster, other->name) == 0) {
        *ret = named(t, a, name);
        return 0;
    }
    r = terms_of(t, other, &theirs, ret_need, err);
    if (r < 0 || !theirs || !theirs->is_shared || token_parse(a, token, &parsed, NULL) < 0)
        return r;
    ns = value_get_str(value_get(parsed.claims, "kubernetes.io"), "namespace");
    r = moved_to(t, c, other, ns ? ns : "", a, &tenant, ret_need, err);
    if (r == 0 && tenant == c)
        *ret = named(t, a, name);
    return r;
}
