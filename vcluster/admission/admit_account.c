/*
 * admit_account.c - ServiceAccount: whom a pod runs as, its token, its pull secrets, and what
 * secrets an account lets its pods see. Upstream: plugin/pkg/admission/serviceaccount.
 */
#include "api/podrefs.h"
#include "base/random.h"
#include "vcluster/admission.h"

#define SA_MOUNT  "/var/run/secrets/kubernetes.io/serviceaccount"
#define SA_VOLUME "kube-api-access-"

/* ---- the token's volume ---- */

static bool mounts_token(const Value *container)
{
    const Value *m;

    value_each_item(value_get(container, "volumeMounts"), i, m)
    {
        if (str_eq(value_get_str(m, "mountPath"), SA_MOUNT))
            return true;
    }
    return false;
}

static Value *need_list(Arena *a, Value *object, const char *name)
{
    Value *list = value_get(object, name);

    if (!value_is(list, VALUE_ARRAY)) {
        list = value_array(a);
        value_set(a, object, name, list);
    }
    return list;
}

/* A pod that was read and is made again brings its volume along. */
static const char *token_volume(const Value *spec)
{
    const Value *v;

    value_each_item(value_get(spec, "volumes"), i, v)
    {
        const char *name = value_get_str(v, "name");

        if (name && str_starts(name, SA_VOLUME))
            return name;
    }
    return NULL;
}

static bool mount_in_containers(Arena *a, Value *spec, const char *volume)
{
    static const char *const lists[] = {"initContainers", "containers"};
    bool used = false;
    Value *c, *m;

    for (size_t k = 0; k < ARRAY_LEN(lists); k++)
        value_each_item(value_get(spec, lists[k]), i, c)
        {
            if (mounts_token(c))
                continue;
            m = value_object(a);
            value_set_str(a, m, "name", volume);
            value_set_bool(a, m, "readOnly", true);
            value_set_str(a, m, "mountPath", SA_MOUNT);
            value_append(a, need_list(a, c, "volumeMounts"), m);
            used = true;
        }
    return used;
}

static void mount_token(Request *req, Value *spec)
{
    Arena *a = req->arena;
    const char *there = token_volume(spec);
    char suffix[8];
    const char *name =
        there ? there
              : arena_printf(a, SA_VOLUME "%s", suffix_from_bits(suffix, 5, engine_random(req)));
    Value *volume;

    if (!mount_in_containers(a, spec, name) || there)
        return;
    volume = value_literal(
        a, "{'name':'','projected':{'sources':[{'serviceAccountToken':{'expirationSeconds':3607,"
           "'path':'token'}},{'configMap':{'name':'kube-root-ca.crt','items':[{'key':'ca.crt',"
           "'path':'ca.crt'}]}},{'downwardAPI':{'items':[{'path':'namespace','fieldRef':"
           "{'apiVersion':'v1','fieldPath':'metadata.namespace'}}]}}],'defaultMode':420}}");
    value_set_str(a, volume, "name", name);
    value_append(a, need_list(a, spec, "volumes"), volume);
}

/* ---- what an account lets its pods see ---- */

static bool names_secret(const Value *list, const char *name)
{
    const Value *s;

    value_each_item(list, i, s)
    {
        if (str_eq(value_get_str(s, "name"), name))
            return true;
    }
    return false;
}

#define ENFORCES "kubernetes.io/enforce-mountable-secrets"

/* The truths of strconv.ParseBool(). */
static bool enforces_secrets(const Value *account)
{
    static const char *const truths[] = {"1", "t", "T", "true", "TRUE", "True"};
    const char *text = value_get_str(value_at(account, "metadata.annotations"), ENFORCES);

    for (size_t i = 0; text && i < ARRAY_LEN(truths); i++)
        if (str_eq(text, truths[i]))
            return true;
    return false;
}

static int check_env(Request *req, const Op *op, const Value *account, const char *list,
                     const char *what)
{
    const char *name = value_at_str(account, "metadata.name");
    const Value *c, *e;

    value_each_item(value_get(value_get(op->obj, "spec"), list), i, c)
        value_each_item(value_get(c, "env"), k, e)
    {
        const Value *ref = value_at(e, "valueFrom.secretKeyRef");
        const char *secret = value_get_str(ref, "name");

        if (ref && !names_secret(value_get(account, "secrets"), secret ? secret : ""))
            return admit_forbid(req, op,
                                "%s %s with envVar %s referencing secret.secretName=\"%s\" is not "
                                "allowed because service account %s does not reference that secret",
                                what, value_get_str(c, "name"), value_get_str(e, "name"),
                                secret ? secret : "", name);
    }
    return STEP_OK;
}

static int limit_secrets(Request *req, const Op *op, const Value *account)
{
    const char *name = value_at_str(account, "metadata.name");
    const Value *spec = value_get(op->obj, "spec"), *v;
    int s;

    value_each_item(value_get(spec, "volumes"), i, v)
    {
        const char *secret = value_at_str(v, "secret.secretName");

        if (value_get(v, "secret") &&
            !names_secret(value_get(account, "secrets"), secret ? secret : ""))
            return admit_forbid(req, op,
                                "volume with secret.secretName=\"%s\" is not allowed because "
                                "service account %s does not reference that secret",
                                secret ? secret : "", name);
    }
    s = check_env(req, op, account, "initContainers", "init container");
    if (!s)
        s = check_env(req, op, account, "containers", "container");
    if (s)
        return s;
    value_each_item(value_get(spec, "imagePullSecrets"), i, v)
    {
        const char *secret = value_get_str(v, "name");

        if (!names_secret(value_get(account, "imagePullSecrets"), secret ? secret : ""))
            return admit_forbid(req, op,
                                "imagePullSecrets[%u].name=\"%s\" is not allowed because service "
                                "account %s does not reference that imagePullSecret",
                                i, secret ? secret : "", name);
    }
    return STEP_OK;
}

/* ---- the plug-in ---- */

static bool is_mirror(const Value *pod)
{
    return value_get(value_at(pod, "metadata.annotations"), "kubernetes.io/config.mirror") != NULL;
}

/* A mirror pod stands for what a node runs on its own; it refers to nothing of the cluster. */
static int check_mirror(Request *req, const Op *op)
{
    const char *account = value_at_str(op->obj, "spec.serviceAccountName");
    const Value *v, *p;

    if (account && account[0])
        return admit_forbid(req, op, "a mirror pod may not reference service accounts");
    if (podrefs_has(op->obj, "secrets", NULL))
        return admit_forbid(req, op, "a mirror pod may not reference secrets");
    value_each_item(value_at(op->obj, "spec.volumes"), i, v)
        value_each_item(value_at(v, "projected.sources"), k, p)
    {
        if (value_get(p, "serviceAccountToken"))
            return admit_forbid(req, op,
                                "a mirror pod may not use ServiceAccountToken volume projections");
    }
    return STEP_OK;
}

/* *ret is NULL when the account says nothing about pods. Most do not, and need not be read for
 * every pod: what an account says stands in its text under these names. */
static int find_account(Request *req, const Op *op, Value **ret)
{
    static const char *const says[] = {
        "\"automountServiceAccountToken\":", "\"imagePullSecrets\":", "\"" ENFORCES "\":"};
    const Resource *r = resource_find(SLICE(""), SLICE("v1"), SLICE("serviceaccounts"));
    const char *name = value_at_str(op->obj, "spec.serviceAccountName");
    Stored account;
    int s;

    *ret = NULL;
    if (!name || !name[0])
        return admit_forbid(req, op, "no service account specified for pod %s/%s", op->ns,
                            op->name);
    s = read_get(req, req->cluster, r->storage, op->ns, name, &account);
    if (!s && !account.obj)
        return admit_forbid(req, op,
                            "error looking up service account %s/%s: serviceaccount \"%s\" not "
                            "found",
                            op->ns, name, name);
    for (size_t i = 0; !s && !*ret && i < ARRAY_LEN(says); i++)
        if (strstr(account.obj->text, says[i]))
            *ret = object_tree(req->arena, r, account.obj);
    return s;
}

int admit_account_mutate(Request *req, Op *op)
{
    Arena *a = req->arena;
    Value *spec = value_get(op->obj, "spec"), *account = NULL, *automount;
    const char *name = value_get_str(spec, "serviceAccountName");
    int s;

    if (!op_is_on(op, "pods", NULL) || !op_is_create(op) || !spec)
        return STEP_OK;
    if (is_mirror(op->obj))
        return check_mirror(req, op);
    if (!name || !name[0])
        name = "default";
    value_set_str(a, spec, "serviceAccountName", name);
    value_set_str(a, spec, "serviceAccount", name);
    s = find_account(req, op, &account);
    if (s)
        return s;
    automount = value_get(spec, "automountServiceAccountToken");
    if (!value_is(automount, VALUE_BOOL))
        automount = value_get(account, "automountServiceAccountToken");
    if (!value_is(automount, VALUE_BOOL) || automount->boolean)
        mount_token(req, spec);
    if (value_len(value_get(spec, "imagePullSecrets")) == 0 &&
        value_len(value_get(account, "imagePullSecrets")) > 0)
        value_set(a, spec, "imagePullSecrets",
                  value_copy(a, value_get(account, "imagePullSecrets")));
    return enforces_secrets(account) ? limit_secrets(req, op, account) : STEP_OK;
}

int admit_account_validate(Request *req, Op *op)
{
    bool is_ephemeral = op_is_on(op, "pods", "ephemeralcontainers") && op_is_update(op);
    Value *account = NULL;
    int s;

    if (!is_ephemeral && !(op_is_on(op, "pods", NULL) && op_is_create(op)))
        return STEP_OK;
    if (!is_ephemeral && is_mirror(op->obj))
        return check_mirror(req, op);
    s = find_account(req, op, &account);
    if (s || !enforces_secrets(account))
        return s;
    return is_ephemeral ? check_env(req, op, account, "ephemeralContainers", "ephemeral container")
                        : limit_secrets(req, op, account);
}
