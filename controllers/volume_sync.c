#include "controllers/volume_sync.h"

#include "base/quantity.h"

const char *claim_class(const Value *claim)
{
    const char *name = meta_annotation(claim, "volume.beta.kubernetes.io/storage-class");

    name = name ? name : value_at_str(claim, "spec.storageClassName");
    return name ? name : "";
}

static const char *volume_class(const Value *volume)
{
    const char *name = meta_annotation(volume, "volume.beta.kubernetes.io/storage-class");

    name = name ? name : value_at_str(volume, "spec.storageClassName");
    return name ? name : "";
}

static const char *str_or(const Value *v, const char *path, const char *otherwise)
{
    const char *s = value_at_str(v, path);

    return s && s[0] ? s : otherwise;
}

/* ---- does it fit ---- */

bool volume_is_of_claim(const Value *volume, const Value *claim)
{
    const Value *ref = value_at(volume, "spec.claimRef");
    const char *uid = value_get_str(ref, "uid");

    return str_eq(value_get_str(ref, "name"), meta_name(claim)) &&
           str_eq(value_get_str(ref, "namespace"), meta_ns(claim)) &&
           (!uid || !uid[0] || str_eq(uid, meta_uid(claim)));
}

static bool is_large_enough(const Value *volume, const Value *claim)
{
    const char *has = value_at_str(volume, "spec.capacity.storage");
    const char *wants = value_at_str(claim, "spec.resources.requests.storage");
    Quantity q_has, q_wants;

    if (!wants || quantity_parse(slice_of(wants), &q_wants, NULL) < 0)
        return true;
    return has && quantity_parse(slice_of(has), &q_has, NULL) == 0 &&
           quantity_cmp(&q_has, &q_wants) >= 0;
}

static bool is_smaller(const char *x, const char *y)
{
    Quantity q_x, q_y;

    return x && y && quantity_parse(slice_of(x), &q_x, NULL) == 0 &&
           quantity_parse(slice_of(y), &q_y, NULL) == 0 && quantity_cmp(&q_x, &q_y) < 0;
}

static bool has_modes(const Value *volume, const Value *claim)
{
    Value *wanted, *mode;

    value_each_item(value_at(claim, "spec.accessModes"), i, wanted)
    {
        bool has = false;

        value_each_item(value_at(volume, "spec.accessModes"), k, mode)
        {
            has = has || str_eq(value_to_cstr(mode), value_to_cstr(wanted));
        }
        if (!has)
            return false;
    }
    return true;
}

static bool same_mode(const Value *volume, const Value *claim)
{
    return str_eq(str_or(volume, "spec.volumeMode", "Filesystem"),
                  str_or(claim, "spec.volumeMode", "Filesystem"));
}

static bool same_attributes(const Value *volume, const Value *claim)
{
    return str_eq(str_or(volume, "spec.volumeAttributesClassName", ""),
                  str_or(claim, "spec.volumeAttributesClassName", ""));
}

static bool is_selected(Arena *a, const Value *claim, const Value *volume)
{
    const Value *v = value_at(claim, "spec.selector");
    Selector *sel = NULL;
    bool is_none = false;

    if (!value_is(v, VALUE_OBJECT))
        return true;
    return selector_from_value(a, v, &sel, &is_none, NULL) == 0 && !is_none &&
           selector_match_labels(sel, value_at(volume, "metadata.labels"));
}

const char *volume_mismatch(Arena *a, const Value *volume, const Value *claim)
{
    if (meta_is_deleted(volume))
        return arena_printf(a, "the volume is marked for deletion \"%s\"", meta_name(volume));
    if (!is_large_enough(volume, claim))
        return "requested PV is too small";
    if (!str_eq(volume_class(volume), claim_class(claim)))
        return "storageClassName does not match";
    if (!same_attributes(volume, claim))
        return "volumeAttributesClassName does not match";
    if (!same_mode(volume, claim))
        return "incompatible volumeMode";
    if (!has_modes(volume, claim))
        return "incompatible accessMode";
    return NULL;
}

/* Is x the better choice? The volume with the fewest access modes beside those that are asked for
 * comes first, then one that is reserved for the claim, then the smallest: upstream's findByClaim()
 * and FindMatchingVolume(). */
static bool is_better(const Value *x, const Value *y)
{
    uint32_t x_modes = value_len(value_at(x, "spec.accessModes"));
    uint32_t y_modes = value_len(value_at(y, "spec.accessModes"));
    bool x_reserved = value_is(value_at(x, "spec.claimRef"), VALUE_OBJECT);

    if (x_modes != y_modes)
        return x_modes < y_modes;
    if (x_reserved != value_is(value_at(y, "spec.claimRef"), VALUE_OBJECT))
        return x_reserved;
    return is_smaller(value_at_str(x, "spec.capacity.storage"),
                      value_at_str(y, "spec.capacity.storage"));
}

const Value *volume_find(Arena *a, const Value *claim, const Values *volumes, bool is_delayed)
{
    const Value *best = NULL;

    for (uint32_t i = 0; i < volumes->n; i++) {
        const Value *v = volumes->items[i];
        bool is_reserved = value_is(value_at(v, "spec.claimRef"), VALUE_OBJECT);

        if (is_reserved ? !volume_is_of_claim(v, claim) : is_delayed)
            continue;
        if (meta_is_deleted(v) || !is_large_enough(v, claim) || !same_mode(v, claim) ||
            !same_attributes(v, claim) || !has_modes(v, claim))
            continue;
        if (!is_reserved &&
            (!str_eq(value_at_str(v, "status.phase"), "Available") || !is_selected(a, claim, v) ||
             !str_eq(volume_class(v), claim_class(claim))))
            continue;
        if (!best || is_better(v, best))
            best = v;
    }
    return best;
}

/* ---- claims ---- */

static const Value *volume_named(const Values *volumes, const char *name)
{
    for (uint32_t i = 0; i < volumes->n; i++)
        if (str_eq(meta_name(volumes->items[i]), name))
            return volumes->items[i];
    return NULL;
}

static ClaimPlan bind_to(const Value *volume)
{
    return (ClaimPlan){.verb = CLAIM_BIND, .volume = volume};
}

static ClaimPlan pending(const char *type, const char *reason, const char *message)
{
    return (ClaimPlan){CLAIM_PENDING, NULL, type, reason, message};
}

static ClaimPlan lost(const char *reason, const char *message)
{
    return (ClaimPlan){CLAIM_LOST, NULL, "Warning", reason, message};
}

/* The volume is named, by a user or by an earlier pass. */
static ClaimPlan plan_named(Arena *a, const Value *claim, const Values *volumes, const char *name)
{
    const Value *volume = volume_named(volumes, name), *ref = value_at(volume, "spec.claimRef");
    const char *why;
    ClaimPlan plan;

    if (!volume)
        return pending(NULL, NULL, NULL);
    if (!value_is(ref, VALUE_OBJECT)) {
        why = volume_mismatch(a, volume, claim);
        return why ? pending(
                         "Warning", "VolumeMismatch",
                         arena_printf(a, "Cannot bind to requested volume \"%s\": %s", name, why))
                   : bind_to(volume);
    }
    if (volume_is_of_claim(volume, claim))
        return bind_to(volume);
    plan = pending("Warning", "FailedBinding",
                   arena_printf(a, "volume \"%s\" already bound to a different claim.", name));
    /* Somebody took the annotation of a finished binding away: the state is left as it is. */
    if (meta_annotation(claim, VOLUME_BOUND_BY))
        plan.verb = CLAIM_NOTHING;
    return plan;
}

static ClaimPlan plan_bound(const Value *claim, const Values *volumes, const char *name)
{
    const Value *volume = volume_named(volumes, name), *ref = value_at(volume, "spec.claimRef");

    if (!name[0])
        return lost("ClaimLost", "Bound claim has lost reference to PersistentVolume. Data on the "
                                 "volume is lost!");
    if (!volume)
        return lost("ClaimLost",
                    "Bound claim has lost its PersistentVolume. Data on the volume is lost!");
    if (!value_is(ref, VALUE_OBJECT) || str_eq(value_get_str(ref, "uid"), meta_uid(claim)))
        return bind_to(volume);
    return lost("ClaimMisbound",
                "Two claims are bound to the same volume, this one is bound incorrectly");
}

ClaimPlan claim_plan(Arena *a, const Value *claim, const Value *class, const Values *volumes)
{
    const char *name = str_or(claim, "spec.volumeName", "");
    /* Of a class that waits, the scheduler binds volumes that exist, as they have to suit the pod's
     * node. */
    bool waits = str_eq(value_get_str(class, "volumeBindingMode"), "WaitForFirstConsumer");
    const Value *volume;

    if (meta_annotation(claim, VOLUME_BIND_COMPLETED))
        return plan_bound(claim, volumes, name);
    if (meta_is_deleted(claim))
        return (ClaimPlan){CLAIM_NOTHING, NULL, NULL, NULL, NULL};
    if (name[0])
        return plan_named(a, claim, volumes, name);
    volume = volume_find(a, claim, volumes, waits);
    if (volume)
        return bind_to(volume);
    if (waits && !meta_annotation(claim, VOLUME_SELECTED_NODE))
        return pending("Normal", "WaitForFirstConsumer",
                       "waiting for first consumer to be created before binding");
    if (!claim_class(claim)[0])
        return pending(
            "Normal", "FailedBinding",
            "no persistent volumes available for this claim and no storage class is set");
    return (ClaimPlan){.verb = CLAIM_PROVISION};
}

static bool put_annotation(Arena *a, Value *v, const char *key, const char *text)
{
    if (str_eq(meta_annotation(v, key), text))
        return false;
    value_set_str(a, value_need(a, v, "metadata.annotations"), key, text);
    return true;
}

bool claim_bind(Arena *a, Value *claim, const Value *volume)
{
    bool changed = false;

    if (!str_eq(value_at_str(claim, "spec.volumeName"), meta_name(volume))) {
        value_set_at(a, claim, "spec.volumeName", value_str(a, meta_name(volume)));
        put_annotation(a, claim, VOLUME_BOUND_BY, "yes");
        changed = true;
    }
    return put_annotation(a, claim, VOLUME_BIND_COMPLETED, "yes") || changed;
}

/* The capacity of a volume whose file system has yet to grow is what it was before. */
static Value *usable_capacity(Arena *a, const Value *volume)
{
    const char *before = meta_annotation(volume, "volume.alpha.kubernetes.io/pre-resize-capacity");
    Value *capacity = value_copy(a, value_at(volume, "spec.capacity"));
    Quantity q;

    if (before && quantity_parse(slice_of(before), &q, NULL) == 0)
        value_set_str(a, capacity, "storage", before);
    return capacity;
}

bool claim_set_bound(Arena *a, Value *claim, const Value *volume)
{
    static const char class_key[] = "currentVolumeAttributesClassName";
    Value *status = value_need(a, claim, "status");
    Value *modes = value_at(volume, "spec.accessModes");
    const char *class = value_at_str(volume, "spec.volumeAttributesClassName");
    bool is_new = !str_eq(value_get_str(status, "phase"), "Bound");

    if (!is_new && value_equal(value_get(status, "accessModes"), modes))
        return false;
    value_set_str(a, status, "phase", "Bound");
    if (modes)
        value_set(a, status, "accessModes", value_copy(a, modes));
    if (!is_new) /* what comes later is the resizer's to say */
        return true;
    if (value_at(volume, "spec.capacity"))
        value_set(a, status, "capacity", usable_capacity(a, volume));
    if (class && class[0])
        value_set_str(a, status, class_key, class);
    return true;
}

bool claim_set_phase(Arena *a, Value *claim, const char *phase)
{
    Value *status = value_need(a, claim, "status");
    bool changed = !str_eq(value_get_str(status, "phase"), phase);

    value_set_str(a, status, "phase", phase);
    changed = value_del(status, "accessModes") || changed;
    return value_del(status, "capacity") || changed;
}

const char *class_default(const Values *classes)
{
    static const char *const marks[] = {"storageclass.kubernetes.io/is-default-class",
                                        "storageclass.beta.kubernetes.io/is-default-class"};
    const Value *best = NULL;

    for (uint32_t i = 0; i < classes->n; i++) {
        const Value *v = classes->items[i];
        int64_t newer = best ? meta_created_us(v) - meta_created_us(best) : 1;

        if (!str_eq(meta_annotation(v, marks[0]), "true") &&
            !str_eq(meta_annotation(v, marks[1]), "true"))
            continue;
        if (newer > 0 || (newer == 0 && strcmp(meta_name(v), meta_name(best)) < 0))
            best = v;
    }
    return best ? meta_name(best) : NULL;
}

bool claim_has_class(const Value *claim)
{
    return meta_annotation(claim, "volume.beta.kubernetes.io/storage-class") ||
           value_is(value_at(claim, "spec.storageClassName"), VALUE_STRING);
}

/* ---- growing ---- */

bool volume_grow(Arena *a, Value *volume, const Value *claim)
{
    const char *wants = value_at_str(claim, "spec.resources.requests.storage");

    if (!str_eq(meta_annotation(volume, VOLUME_PROVISIONED_BY), VOLUME_LOCAL_DIR) || !wants ||
        meta_is_deleted(volume) || meta_is_deleted(claim) ||
        !is_smaller(value_at_str(volume, "spec.capacity.storage"), wants))
        return false;
    value_set_at(a, volume, "spec.capacity.storage", value_str(a, wants));
    return true;
}

bool claim_waits_for_resizer(const Value *claim)
{
    return is_smaller(value_at_str(claim, "status.capacity.storage"),
                      value_at_str(claim, "spec.resources.requests.storage")) &&
           !condition_get(claim, "Resizing") && !condition_get(claim, "FileSystemResizePending");
}

bool claim_grow(Arena *a, Value *claim, const Value *volume)
{
    const char *has = value_at_str(volume, "spec.capacity.storage");

    if (!is_smaller(value_at_str(claim, "status.capacity.storage"), has))
        return false;
    value_set_at(a, claim, "status.capacity.storage", value_str(a, has));
    return true;
}

/* ---- volumes ---- */

VolumeVerb volume_plan(const Value *volume, const Value *claim)
{
    const Value *ref = value_at(volume, "spec.claimRef");
    const char *uid = value_get_str(ref, "uid"), *on;

    if (!value_is(ref, VALUE_OBJECT) || !uid || !uid[0])
        return VOLUME_AVAILABLE;
    if (!claim || !str_eq(meta_uid(claim), uid))
        return VOLUME_RELEASE;
    on = str_or(claim, "spec.volumeName", "");
    if (!on[0])
        return same_mode(volume, claim) ? VOLUME_ASK_CLAIM : VOLUME_MISMATCH;
    if (str_eq(on, meta_name(volume)))
        return VOLUME_BOUND;
    if (meta_annotation(volume, VOLUME_PROVISIONED_BY) &&
        str_eq(value_at_str(volume, "spec.persistentVolumeReclaimPolicy"), "Delete"))
        return VOLUME_RELEASE;
    return VOLUME_UNBIND;
}

bool volume_bind(Arena *a, Value *volume, const Value *claim)
{
    const Value *old = value_at(volume, "spec.claimRef");
    const char *uid = value_get_str(old, "uid");
    Value *ref;

    if (value_is(old, VALUE_OBJECT) && uid && uid[0])
        return false;
    if (!value_is(old, VALUE_OBJECT))
        put_annotation(a, volume, VOLUME_BOUND_BY, "yes");
    ref = value_literal(a, "{'kind':'PersistentVolumeClaim','apiVersion':'v1'}");
    value_set_str(a, ref, "namespace", meta_ns(claim));
    value_set_str(a, ref, "name", meta_name(claim));
    value_set_str(a, ref, "uid", meta_uid(claim));
    if (value_at_str(claim, "metadata.resourceVersion"))
        value_set_str(a, ref, "resourceVersion", value_at_str(claim, "metadata.resourceVersion"));
    value_set_at(a, volume, "spec.claimRef", ref);
    return true;
}

/* ---- the built-in provisioner ---- */

bool class_allows_node(const Value *class, const Value *node)
{
    const Value *terms = value_get(class, "allowedTopologies");
    Value *term, *e, *v;

    if (value_len(terms) == 0)
        return true;
    value_each_item(terms, i, term)
    {
        bool all = true;

        value_each_item(value_get(term, "matchLabelExpressions"), k, e)
        {
            const char *key = value_get_str(e, "key"), *has = key ? meta_label(node, key) : NULL;
            bool one = false;

            value_each_item(value_get(e, "values"), m, v)
            {
                one = one || (has && str_eq(value_to_cstr(v), has));
            }
            all = all && one;
        }
        if (all)
            return true;
    }
    return false;
}

static Value *affinity_to(Arena *a, const Value *node)
{
    const char *host = meta_label(node, "kubernetes.io/hostname");
    Value *v = value_literal(
        a, host ? "{'required':{'nodeSelectorTerms':[{'matchExpressions':[{'key':"
                  "'kubernetes.io/hostname','operator':'In','values':[]}]}]}}"
                : "{'required':{'nodeSelectorTerms':[{'matchFields':[{'key':'metadata.name',"
                  "'operator':'In','values':[]}]}]}}");
    Value *term = value_at(v, "required.nodeSelectorTerms.0");
    Value *req = value_at(term, host ? "matchExpressions.0" : "matchFields.0");

    value_append(a, value_get(req, "values"), value_str(a, host ? host : meta_name(node)));
    return v;
}

Value *volume_provision(Arena *a, const char *cluster, const Value *claim, const Value *class,
                        const Value *node, const char **ret_why)
{
    static const struct {
        const char *from, *to;
    } copied[] = {{"reclaimPolicy", "persistentVolumeReclaimPolicy"},
                  {"mountOptions", "mountOptions"}};
    Value *v = value_literal(a, "{'kind':'PersistentVolume','apiVersion':'v1','metadata':{"
                                "'annotations':{}},'spec':{'volumeMode':'Filesystem'}}");
    Value *spec = value_get(v, "spec"), *mode;
    const char *name = arena_printf(a, "pvc-%s", meta_uid(claim));

    if (str_eq(value_at_str(claim, "spec.volumeMode"), "Block")) {
        *ret_why = "block volumes are not supported";
        return NULL;
    }
    value_each_item(value_at(claim, "spec.accessModes"), i, mode)
    {
        if (str_eq(value_to_cstr(mode), "ReadWriteMany") ||
            str_eq(value_to_cstr(mode), "ReadOnlyMany")) {
            *ret_why = "a directory of one node serves the access modes ReadWriteOnce and "
                       "ReadWriteOncePod only";
            return NULL;
        }
    }
    if (value_is(value_at(claim, "spec.selector"), VALUE_OBJECT)) {
        *ret_why = "claim Selector is not supported";
        return NULL;
    }
    value_set_at(a, v, "metadata.name", value_str(a, name));
    value_set_str(a, value_at(v, "metadata.annotations"), VOLUME_PROVISIONED_BY, VOLUME_LOCAL_DIR);
    value_set(a, value_need(a, spec, "capacity"), "storage",
              value_copy(a, value_at(claim, "spec.resources.requests.storage")));
    value_set(a, spec, "accessModes", value_copy(a, value_at(claim, "spec.accessModes")));
    value_set_at(a, spec, "local.path", value_printf(a, "%s/%s/%s", VOLUME_ROOT, cluster, name));
    value_set_str(a, spec, "storageClassName", meta_name(class));
    for (size_t i = 0; i < ARRAY_LEN(copied); i++)
        if (value_get(class, copied[i].from))
            value_set(a, spec, copied[i].to, value_copy(a, value_get(class, copied[i].from)));
    value_set(a, spec, "nodeAffinity", affinity_to(a, node));
    volume_bind(a, v, claim);
    value_del(value_at(v, "metadata.annotations"), VOLUME_BOUND_BY);
    return v;
}

/* ---- ephemeral volumes ---- */

Value *claim_of_ephemeral(Arena *a, const Value *pod, const Value *volume)
{
    const Value *template = value_at(volume, "ephemeral.volumeClaimTemplate");
    Value *claim = value_literal(a, "{'kind':'PersistentVolumeClaim','apiVersion':'v1'}");
    Value *meta = value_get(template, "metadata"), *refs = value_array(a);

    meta = value_is(meta, VALUE_OBJECT) ? value_copy(a, meta) : value_object(a);
    value_set(a, meta, "name",
              value_printf(a, "%s-%s", meta_name(pod), value_get_str(volume, "name")));
    value_set_str(a, meta, "namespace", meta_ns(pod));
    value_append(a, refs, meta_owner_ref(a, pod));
    value_set(a, meta, "ownerReferences", refs);
    value_set(a, claim, "metadata", meta);
    value_set(a, claim, "spec", value_copy(a, value_get(template, "spec")));
    return claim;
}
