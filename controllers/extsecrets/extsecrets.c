/*
 * extsecrets.c - the kinds of external secrets in a cluster: the definitions are made where the
 * plan has them, kept up to date, and left alone where they are the tenant's own. The key of its
 * sync is a tenant.
 */
#include "controllers/extsecrets/extsecrets.h"

#include "base/b64.h"
#include "base/random.h"
#include "base/yaml.h"
#include "controllers/extsecrets/decide.h"

static const char *const tenants = "tenancy/tenants", *const plans = "tenancy/plans";
static const char *const definitions = "apiextensions/customresourcedefinitions";
static const char *const hash_key = "hostplane.io/definition";

static const char *const none[] = {NULL};

#define KIND(kind_, plural_, singular_)                                                            \
    {                                                                                              \
        .group = "external-secrets.io", .version = "v1", .kind = kind_, .plural = plural_,         \
        .singular = singular_, .short_names = none, .categories = none,                            \
        .verbs = BIT(VERB_MAX_) - 1, .is_namespaced = true, .has_status = true,                    \
        .storage = "external-secrets.io/" plural_                                                  \
    }
const Resource externalsecret_resource =
    KIND("ExternalSecret", "externalsecrets", "externalsecret");
const Resource secretstore_resource = KIND("SecretStore", "secretstores", "secretstore");

/* Aggregated to the roles that may do the same with Secrets; who may view sees no value in them. */
static const char edit_role[] =
    "{'apiVersion':'rbac.authorization.k8s.io/v1','kind':'ClusterRole','metadata':{'name':"
    "'hostplane:external-secrets:edit','labels':{'rbac.authorization.k8s.io/aggregate-to-admin':"
    "'true','rbac.authorization.k8s.io/aggregate-to-edit':'true'}},'rules':[{'apiGroups':["
    "'external-secrets.io'],'resources':['externalsecrets','secretstores'],'verbs':['create',"
    "'delete','deletecollection','get','list','patch','update','watch']}]}";
static const char view_role[] =
    "{'apiVersion':'rbac.authorization.k8s.io/v1','kind':'ClusterRole','metadata':{'name':"
    "'hostplane:external-secrets:view','labels':{'rbac.authorization.k8s.io/aggregate-to-view':"
    "'true'}},'rules':[{'apiGroups':['external-secrets.io'],'resources':['externalsecrets',"
    "'secretstores'],'verbs':['get','list','watch']}]}";

/* ---- where they are ---- */

int extsecrets_are_allowed(Ctl *ctl, const char *cluster, bool *ret, Err *err)
{
    Ctl host = *ctl;
    Value *tenant, *plan = NULL, *own;
    const char *name;
    int r;

    *ret = false;
    host.cluster = "host";
    r = ctl_get(&host, tenants, "", cluster, &tenant, err);
    if (r < 0 || !tenant || meta_is_deleted(tenant) ||
        str_eq(value_at_str(tenant, "spec.state"), "Suspended"))
        return r;
    own = value_at(tenant, "spec.overrides.externalSecrets");
    if (value_is(own, VALUE_BOOL)) {
        *ret = own->boolean;
        return 0;
    }
    name = value_at_str(tenant, "spec.plan");
    r = ctl_get(&host, plans, "", name && name[0] ? name : "standard", &plan, err);
    *ret = value_at_bool(plan, "spec.externalSecrets");
    return r;
}

bool extsecrets_is_ours(const Obj *o)
{
    static const char mark[] = "\"hostplane\"";

    return o->deleted_us == 0 && memmem(o->text, o->text_len, mark, sizeof(mark) - 1);
}

static int is_defined(Ctl *ctl, const Resource *r, bool *ret, Err *err)
{
    const char *name = arena_printf(ctl->arena, "%s.%s", r->plural, r->group);
    CLEANUP(obj_unref) Obj *o = NULL;
    int rc = ctl->lister->get(ctl->lister, ctl->cluster, definitions, "", name, &o, err);

    *ret = o && extsecrets_is_ours(o);
    return rc;
}

int extsecrets_are_on(Ctl *ctl, bool *ret, Err *err)
{
    int r = extsecrets_are_allowed(ctl, ctl->cluster, ret, err);

    if (r == 0 && *ret)
        r = is_defined(ctl, &secretstore_resource, ret, err);
    if (r == 0 && *ret)
        r = is_defined(ctl, &externalsecret_resource, ret, err);
    return r;
}

/* ---- objects ---- */

int extsecrets_update_status(Ctl *ctl, const Resource *r, const Value *v, Err *err)
{
    int rc = ctl_update_status_of(ctl, r, v, err);

    return rc == -ERR_NOT_FOUND ? 0 : rc;
}

static uint32_t index_of(int (*sync)(Ctl *ctl, Err *err))
{
    uint32_t i = 0;

    while (controllers__table[i].sync != sync)
        i++;
    return i;
}

typedef struct Users {
    Controllers *c;
    const char *cluster, *store; /* NULL: all */
    uint32_t index;
} Users;

static void on_user(Obj *o, void *data)
{
    const Users *u = data;
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *store;

    if (!u->store ||
        (obj_scan_str(o, "spec.secretStoreRef.name", a, &store) && str_eq(store, u->store)))
        ctl_enqueue(u->c, u->index, u->cluster, o->ns, o->name);
}

/* A failure to list is met again when the time of the objects comes. */
static void enqueue(const Users *u, const Resource *r, const char *ns)
{
    Lister *l = ctl_lister(u->c);

    (void)l->list(l, u->cluster, r->storage, ns, NULL, on_user, (void *)(uintptr_t)u, NULL);
}

void extsecrets_enqueue_stores(Controllers *c, const char *cluster, const char *ns)
{
    enqueue(&(Users){c, cluster, NULL, index_of(secretstore_sync)}, &secretstore_resource, ns);
}

void extsecrets_enqueue_users(Controllers *c, const char *cluster, const char *ns,
                              const char *store)
{
    enqueue(&(Users){c, cluster, store, index_of(externalsecret_sync)}, &externalsecret_resource,
            ns);
}

void extsecrets_enqueue_store(Ctl *ctl, const char *store)
{
    ctl_enqueue(ctl->all, index_of(secretstore_sync), ctl->cluster, ctl->ns, store);
}

bool extsecrets_is_status(const Change *ch)
{
    const Value *a, *b;

    if (ch->type != CHANGE_MODIFIED || !ch->prev || ch->obj->deleted_us != ch->prev->deleted_us)
        return false;
    a = obj_to_value(ch->arena, ch->obj, NULL, NULL);
    b = obj_to_value(ch->arena, ch->prev, NULL, NULL);
    return str_eq(extsecret_version(ch->arena, a), extsecret_version(ch->arena, b));
}

/* ---- what stores are made of ---- */

int extsecrets_read_key(Ctl *ctl, const KeyRef *ref, Buf *made_of, const char **ret, Err *err)
{
    const char *storage = ref->is_configmap ? "configmaps" : "secrets";
    const char *kind = ref->is_configmap ? "ConfigMap" : "Secret", *text;
    AUTO_WIPED_BUF plain = BUF_INIT;
    Value *v;
    int r;

    vault_note_use(ctl_vault(ctl->all), ctl->cluster, storage, ctl->ns, ref->name);
    r = ctl_get(ctl, storage, ctl->ns, ref->name, &v, err);
    if (r < 0)
        return r;
    if (made_of)
        buf_addf(made_of, "%s/%s/%s;", ref->name, meta_uid(v),
                 v ? value_at_str(v, "metadata.resourceVersion") : "");
    if (!v)
        return err_set(err, ERR_NOT_FOUND, "%s \"%s\" not found", kind, ref->name);
    text = value_get_str(value_get(v, "data"), ref->key);
    if (!text)
        return err_set(err, ERR_NOT_FOUND, "%s \"%s\" has no key \"%s\"", kind, ref->name,
                       ref->key);
    *ret = text;
    if (ref->is_configmap)
        return 0;
    buf_reserve(&plain, strlen(text));
    if (!b64_decode(slice_of(text), &plain))
        return err_set(err, ERR_INVALID, "Secret \"%s\" key \"%s\" is not base64", ref->name,
                       ref->key);
    *ret = arena_strdup(ctl->arena, buf_str(&plain));
    return 0;
}

int extsecrets_read_ca(Ctl *ctl, const VaultStore *s, Buf *made_of, const char **ret, Err *err)
{
    AUTO_BUF pem = BUF_INIT;

    *ret = NULL;
    if (s->ca.name)
        return extsecrets_read_key(ctl, &s->ca, made_of, ret, err);
    if (!s->ca_bundle)
        return 0;
    if (!b64_decode(slice_of(s->ca_bundle), &pem))
        return err_set(err, ERR_INVALID, "spec.provider.vault.caBundle: is not base64");
    *ret = arena_strdup(ctl->arena, buf_str(&pem));
    return 0;
}

/* ---- the definitions ---- */

static bool is_one(const char *name)
{
    return str_eq(name, "externalsecrets.external-secrets.io") ||
           str_eq(name, "secretstores.external-secrets.io");
}

void extsecrets_map(Controllers *c, uint32_t index, const Change *ch)
{
    static const char *const paths[] = {"spec", NULL};

    if (str_eq(ch->storage, definitions)) {
        if (!str_eq(ch->cluster, "host") && is_one(ch->name))
            ctl_enqueue(c, index, "host", "", ch->cluster);
        return;
    }
    if (!str_eq(ch->cluster, "host") || ctl_is_same_at(ch, paths))
        return;
    if (str_eq(ch->storage, tenants))
        ctl_map_self(c, index, ch);
    else
        ctl_enqueue_tenants(c, index, ch->name);
}

/* Made, brought up to date, or left alone because it is the tenant's; *ret_ours says whether. */
static int settle(Ctl *in, Value *definition, bool *ret_ours, Err *err)
{
    Arena *a = in->arena;
    const char *name = meta_name(definition);
    ObjRef at = ctl_ref(in, definitions, "", name);
    char hash[2 * SHA256_LEN + 1];
    CLEANUP(obj_unref) Obj *o = NULL;
    Value *there;
    int r = in->lister->get(in->lister, in->cluster, definitions, "", name, &o, err);

    *ret_ours = !o || extsecrets_is_ours(o);
    if (r < 0 || !*ret_ours)
        return r;
    sha256_hex(slice_of(value_to_str(a, definition)), hash);
    if (!o) {
        value_set(a, value_need(a, definition, "metadata.annotations"), hash_key,
                  value_str(a, hash));
        at.name = NULL;
        r = client_create(in->client, a, &at, definition, NULL, err);
        return r == -ERR_ALREADY_EXISTS ? -ERR_CONFLICT : r;
    }
    there = obj_to_value(a, o, "CustomResourceDefinition", "apiextensions.k8s.io/v1");
    if (str_eq(meta_annotation(there, hash_key), hash))
        return 0;
    value_set(a, value_need(a, there, "metadata.annotations"), hash_key, value_str(a, hash));
    value_set(a, there, "spec", value_get(definition, "spec"));
    return client_update(in->client, a, &at, there, NULL, err);
}

static int make_role(Ctl *in, const char *text, Err *err)
{
    static const char storage[] = "rbac/clusterroles";
    Value *role = value_literal(in->arena, text), *there;
    ObjRef at = ctl_ref(in, storage, "", NULL);
    int r = ctl_get(in, storage, "", meta_name(role), &there, err);

    if (r < 0 || there)
        return r;
    r = client_create(in->client, in->arena, &at, role, NULL, err);
    return r == -ERR_ALREADY_EXISTS ? 0 : r;
}

static int define(Ctl *in, Err *err)
{
    Value *all, *one;
    bool is_ours, are_ours = true;
    int r = value_parse_yaml_all(in->arena, slice_of(extsecret_definitions), &all, err);

    value_each_item(all, i, one)
    {
        r = settle(in, one, &is_ours, err);
        if (r < 0)
            return r;
        are_ours = are_ours && is_ours;
    }
    if (r < 0 || !are_ours)
        return r;
    r = make_role(in, edit_role, err);
    return r < 0 ? r : make_role(in, view_role, err);
}

int extsecrets_sync(Ctl *ctl, Err *err)
{
    Ctl in = *ctl;
    bool is_allowed;
    int r = extsecrets_are_allowed(ctl, ctl->name, &is_allowed, err);

    if (r < 0)
        return r;
    if (!is_allowed) {
        vault_drop_cluster(ctl_vault(ctl->all), ctl->name);
        return 0;
    }
    in.cluster = ctl->name;
    r = define(&in, err);
    if (r == -ERR_NOT_FOUND) /* it has no cluster of its own */
        return 0;
    if (r < 0)
        return r;
    extsecrets_enqueue_stores(ctl->all, ctl->name, NULL);
    extsecrets_enqueue_users(ctl->all, ctl->name, NULL, NULL);
    return 0;
}
