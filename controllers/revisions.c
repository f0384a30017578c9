#include "controllers/revisions.h"

#include "api/decode.h"
#include "controllers/deployment_sync.h"

static const char *const storage = "apps/controllerrevisions";

enum { PREFIX_MAX = 223, COLLISIONS_AT_ONCE = 10 };

Value *revision_of_template(Arena *a, const Value *owner, const char *hash_label,
                            int64_t collisions, int64_t number)
{
    const Value *template = value_at(owner, "spec.template");
    const Value *labels = value_at(template, "metadata.labels");
    const Value *annotations = value_at(owner, "metadata.annotations");
    Value *v = value_literal(a, "{'kind':'ControllerRevision','apiVersion':'apps/v1','metadata':{"
                                "},'data':{'spec':{}}}");
    Value *meta = value_get(v, "metadata"), *refs = value_array(a), *kept = value_copy(a, template);
    char hash[16];

    deployment_template_hash(template, collisions, hash);
    value_set(a, meta, "name", value_printf(a, "%.*s-%s", PREFIX_MAX, meta_name(owner), hash));
    value_set_str(a, meta, "namespace", meta_ns(owner));
    value_set(a, meta, "labels", labels ? value_copy(a, labels) : value_object(a));
    value_set_str(a, value_get(meta, "labels"), hash_label, hash);
    if (value_len(annotations) > 0)
        value_set(a, meta, "annotations", value_copy(a, annotations));
    value_append(a, refs, meta_owner_ref(a, owner));
    value_set(a, meta, "ownerReferences", refs);
    value_set_str(a, kept, "$patch", "replace");
    /* Clients find the revision of a template by comparing bytes with what Go makes of a map
     * (pkg/controller/daemon/update.go, Match()). */
    decode_sort(a, kept);
    value_set_at(a, v, "data.spec.template", kept);
    value_set_int(a, v, "revision", number);
    return v;
}

Value *revision_template(Arena *a, const Value *revision)
{
    Value *template = value_copy(a, value_at(revision, "data.spec.template"));

    value_del(template, "$patch");
    return template;
}

bool revision_has_template(Arena *a, const Value *revision, const Value *template)
{
    return value_equal(revision_template(a, revision), template);
}

static int by_number(const void *x, const void *y)
{
    const Value *a = *(Value *const *)x, *b = *(Value *const *)y;
    int64_t na = value_at_int(a, "revision", 0), nb = value_at_int(b, "revision", 0);

    if (na != nb)
        return na < nb ? -1 : 1;
    na = meta_created_us(a);
    nb = meta_created_us(b);
    if (na != nb)
        return na < nb ? -1 : 1;
    return strcmp(meta_name(a), meta_name(b));
}

Value *revisions_find(const Revisions *x, const char *name)
{
    for (uint32_t i = 0; i < x->all.n; i++)
        if (str_eq(meta_name(x->all.items[i]), name))
            return x->all.items[i];
    return NULL;
}

static int load(Ctl *ctl, const Value *owner, const Selector *sel, Revisions *x, Err *err)
{
    Values found;
    int r = ctl_list_claimable(ctl, storage, sel, meta_uid(owner), &found, err);

    if (r == 0)
        r = ctl_claim(ctl, storage, owner, sel, NULL, &found, &x->all, err);
    if (r == 0 && x->all.n > 1)
        qsort(x->all.items, x->all.n, sizeof(*x->all.items), by_number);
    return r;
}

static int create(Ctl *ctl, const Value *owner, const char *hash_label, int64_t number,
                  Revisions *x, Err *err)
{
    Arena *a = ctl->arena;
    int r = -ERR_ALREADY_EXISTS;

    for (int i = 0; i < COLLISIONS_AT_ONCE; i++) {
        Value *v = revision_of_template(a, owner, hash_label, x->collisions, number), *made = NULL;
        ObjRef at = ctl_ref(ctl, storage, ctl->ns, NULL);

        r = client_create(ctl->client, a, &at, v, &made, err);
        if (r == -ERR_ALREADY_EXISTS) {
            at.name = meta_name(v);
            r = client_get(ctl->client, a, &at, &made, err);
            if (r == 0 && (!meta_is_controlled_by(made, meta_uid(owner)) ||
                           !revision_has_template(a, made, value_at(owner, "spec.template")))) {
                x->collisions++;
                x->has_collided = true;
                continue;
            }
        }
        if (r < 0)
            return r;
        x->update = made ? made : v;
        values_add(a, &x->all, x->update);
        return 0;
    }
    return err_set(err, ERR_CONFLICT, "no free name for a revision of %s", meta_name(owner));
}

int revisions_sync(Ctl *ctl, const Value *owner, const Selector *sel, const char *hash_label,
                   Revisions *ret, Err *err)
{
    Arena *a = ctl->arena;
    const Value *template = value_at(owner, "spec.template");
    int64_t most;
    ObjRef at;
    int r;

    *ret = (Revisions){.collisions = value_at_int(owner, "status.collisionCount", 0)};
    r = load(ctl, owner, sel, ret, err);
    if (r < 0)
        return r;
    most = ret->all.n > 0 ? value_at_int(ret->all.items[ret->all.n - 1], "revision", 0) : 0;
    for (uint32_t i = ret->all.n; i > 0 && !ret->update; i--)
        if (revision_has_template(a, ret->all.items[i - 1], template))
            ret->update = ret->all.items[i - 1];
    if (!ret->update)
        return create(ctl, owner, hash_label, most + 1, ret, err);
    if (value_at_int(ret->update, "revision", 0) == most)
        return 0;
    /* Rolled back: the old template is the newest again. */
    at = ctl_ref(ctl, storage, ctl->ns, meta_name(ret->update));
    value_set_int(a, ret->update, "revision", most + 1);
    return client_update(ctl->client, a, &at, ret->update, NULL, err);
}

int revisions_trim(Ctl *ctl, const Revisions *x, int64_t limit,
                   bool (*is_live)(const Value *revision, const void *data), const void *data,
                   Err *err)
{
    Values idle = {0};
    int r = 0;

    for (uint32_t i = 0; i < x->all.n; i++)
        if (x->all.items[i] != x->update && !is_live(x->all.items[i], data))
            values_add(ctl->arena, &idle, x->all.items[i]);
    for (int64_t i = 0; i < (int64_t)idle.n - limit && r == 0; i++)
        r = ctl_delete(ctl, storage, idle.items[i], NULL, err);
    return r;
}
