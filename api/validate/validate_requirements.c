/*
 * validate_requirements.c - what containers and pods ask for: names of resources, quantities,
 * limits against requests.
 */
#include "api/validate_int.h"

#define NANO INT64_C(1000000000)

#define STANDARD_RESOURCES                                                                         \
    "cpu|memory|ephemeral-storage|requests.cpu|requests.memory|requests.ephemeral-storage|"        \
    "limits.cpu|limits.memory|limits.ephemeral-storage|pods|resourcequotas|services|"              \
    "replicationcontrollers|secrets|persistentvolumeclaims|configmaps|services.nodeports|"         \
    "services.loadbalancers|storage|requests.storage"
#define COUNTED_RESOURCES                                                                          \
    "pods|resourcequotas|services|replicationcontrollers|secrets|configmaps|"                      \
    "persistentvolumeclaims|services.nodeports|services.loadbalancers"

static bool is_native(const char *name)
{
    return !strchr(name, '/') || strstr(name, "kubernetes.io/");
}

static bool is_huge(const char *name)
{
    return str_starts(name, "hugepages-");
}

/* A name that is fully qualified, also with "requests." in front, as quotas use it. */
bool validate__is_extended(FieldErrs *e, const char *name)
{
    Msgs m = {.n = 0};

    if (is_native(name) || str_starts(name, "requests."))
        return false;
    names__qualified(arena_printf(e->arena, "requests.%s", name), &m);
    return m.n == 0;
}

bool validate__is_overcommit(const char *name)
{
    return is_native(name) && !is_huge(name);
}

void validate__resource_name(FieldErrs *e, const Path *p, const char *name)
{
    uint32_t before = e->n;

    check_name(e, p, name, names__qualified);
    if (e->n == before && !strchr(name, '/') && !is_huge(name) &&
        !one_of(name, STANDARD_RESOURCES) && !str_starts(name, "requests.hugepages-"))
        bad_str(e, p, name, "must be a standard resource type or fully qualified");
}

void validate__container_resource(FieldErrs *e, const Path *p, const char *name)
{
    validate__resource_name(e, p, name);
    if (!strchr(name, '/')) {
        if (!one_of(name, "cpu|memory|ephemeral-storage") && !is_huge(name))
            bad_str(e, p, name, "must be a standard resource for containers");
    } else if (!is_native(name) && !validate__is_extended(e, name)) {
        bad_str(e, p, name, "doesn't follow extended resource name standard");
    }
}

static void check_pod_resource(FieldErrs *e, const Path *p, const char *name)
{
    uint32_t before = e->n;

    validate__resource_name(e, p, name);
    if (e->n == before && !one_of(name, "cpu|memory") && !is_huge(name))
        unsupported(e, p, name, "cpu|hugepages-|memory");
}

void validate__quantity(FieldErrs *e, const Path *p, const char *resource, const Value *v)
{
    Quantity q;

    if (quantity_sign(v) < 0)
        bad(e, p, v, "must be greater than or equal to 0");
    if ((one_of(resource, COUNTED_RESOURCES) || validate__is_extended(e, resource)) &&
        quantity_of_value(v, &q) && q.nano % NANO != 0)
        bad(e, p, v, "must be an integer");
}

static bool is_divisible(const char *name, const Value *v)
{
    Quantity size, q;

    if (quantity_parse(slice_of(name + strlen("hugepages-")), &size, NULL) < 0 ||
        !quantity_of_value(v, &q))
        return false;
    return size.nano > 0 && q.nano > 0 && q.nano % size.nano == 0;
}

/* ---- requirements ---- */

typedef struct Seen { /* kinds of resource met on the way */
    bool huge, plain;
} Seen;

typedef void (*ResourceFn)(FieldErrs *e, const Path *p, const char *name);

static void check_amount(FieldErrs *e, const Path *at, const Member *m, ResourceFn name_fn)
{
    name_fn(e, at, m->name);
    validate__quantity(e, at, m->name, m->value);
}

static void note_amount(FieldErrs *e, const Path *at, const Member *m, Seen *seen)
{
    seen->plain |= one_of(m->name, "cpu|memory");
    if (!is_huge(m->name))
        return;
    seen->huge = true;
    if (!is_divisible(m->name, m->value))
        bad(e, at, m->value, "%s is not positive integer multiple of %s", value_to_cstr(m->value),
            m->name);
}

static void check_against_limit(FieldErrs *e, const Path *p, const Member *m, const Value *limits)
{
    const Value *limit = value_get(limits, m->name);
    bool free_amount = validate__is_overcommit(m->name);
    Quantity have, want;

    if (!limit) {
        if (!free_amount)
            missing(e, AT(p, "limits"), "Limit must be set for non overcommitable resources");
        return;
    }
    if (!quantity_of_value(limit, &have) || !quantity_of_value(m->value, &want))
        return;
    if (have.nano != want.nano && !free_amount)
        bad(e, AT(p, "requests"), m->value, "must be equal to %s limit of %s", m->name,
            value_to_cstr(limit));
    else if (want.nano > have.nano)
        bad(e, AT(p, "requests"), m->value, "must be less than or equal to %s limit of %s", m->name,
            value_to_cstr(limit));
}

static void check_amounts(FieldErrs *e, const Path *p, const Value *res, ResourceFn name_fn)
{
    const Value *limits = value_get(res, "limits");
    Seen seen = {0};

    value_each_member(limits, m)
    {
        const Path *at = AT_KEY(AT(p, "limits"), m->name);

        check_amount(e, at, m, name_fn);
        note_amount(e, at, m, &seen);
    }
    value_each_member(value_get(res, "requests"), m)
    {
        const Path *at = AT_KEY(AT(p, "requests"), m->name);

        check_amount(e, at, m, name_fn);
        check_against_limit(e, p, m, limits);
        note_amount(e, at, m, &seen);
    }
    if (seen.huge && !seen.plain)
        forbidden(e, p, "HugePages require cpu or memory");
}

static const Value *claim_named(const Value *claims, const char *name)
{
    const Value *c;

    value_each_item(claims, i, c)
    {
        if (name[0] && strcmp(str_of(c, "name"), name) == 0)
            return c;
    }
    return NULL;
}

static int compare_texts(const void *x, const void *y)
{
    const Value *a = *(const Value *const *)x, *b = *(const Value *const *)y;

    return strcmp(a->str, b->str);
}

static void claim_not_found(FieldErrs *e, const Path *p, const char *name, const Value *pod_claims)
{
    AUTO_BUF all = BUF_INIT;
    Value *names = value_array(e->arena);
    const Value *c;

    value_each_item(pod_claims, i, c)
    {
        if (str_of(c, "name")[0])
            value_append(e->arena, names, value_str(e->arena, str_of(c, "name")));
    }
    if (names->n > 1)
        qsort(names->items, names->n, sizeof(*names->items), compare_texts);
    for (uint32_t i = 0; i < names->n; i++)
        buf_addf(&all, "%s%s", i > 0 ? ", " : ": ", names->items[i]->str);
    not_found(e, p, name,
              arena_printf(e->arena, "must be one of the names in pod.spec.resourceClaims%s",
                           all.len > 0 ? buf_str(&all) : " which is empty"));
}

/* A claim as a whole includes all its requests, so it may not stand beside one of them. */
static void check_claim_twice(FieldErrs *e, const Path *at, const Value *claims, uint32_t i)
{
    const Value *claim = value_item(claims, i);
    const char *name = str_of(claim, "name"), *request = str_of(claim, "request");
    bool whole = false, same = false;

    for (uint32_t k = 0; k < i; k++) {
        const Value *other = value_item(claims, k);

        if (strcmp(str_of(other, "name"), name) != 0)
            continue;
        whole |= str_of(other, "request")[0] == '\0';
        same |= strcmp(str_of(other, "request"), request) == 0;
    }
    if (whole) {
        duplicate(e, at, name);
        return;
    }
    if (request[0])
        check_name(e, AT(at, "request"), request, names__dns1123_label);
    if (same)
        duplicate(e, at, arena_printf(e->arena, "%s/%s", name, request));
    for (uint32_t k = 0; k < i && request[0] == '\0'; k++)
        if (strcmp(str_of(value_item(claims, k), "name"), name) == 0)
            duplicate(e, at, name);
}

static void check_claims(FieldErrs *e, const Path *p, const Value *claims, const Value *pod_claims)
{
    const Value *claim;

    value_each_item(claims, i, claim)
    {
        const char *name = str_of(claim, "name");
        const Path *at = AT_ITEM(p, i);

        if (name[0] == '\0') {
            missing(e, at, NULL);
            continue;
        }
        check_claim_twice(e, at, claims, i);
        if (!claim_named(pod_claims, name))
            claim_not_found(e, at, name, pod_claims);
    }
}

void validate__resources(FieldErrs *e, const Path *p, const Value *res, const Value *pod_claims)
{
    check_amounts(e, p, res, validate__container_resource);
    check_claims(e, AT(p, "claims"), value_get(res, "claims"), pod_claims);
}

/* ---- resources of a pod as a whole ---- */

static void add_quantity(FieldErrs *e, Value *sums, const Member *m)
{
    const Value *have = value_get(sums, m->name);
    char text[QUANTITY_TEXT_MAX];
    Quantity a, b;

    if (!quantity_of_value(m->value, &a))
        return;
    if (have && quantity_of_value(have, &b))
        a = quantity_add(b, a);
    value_set_str(e->arena, sums, m->name, quantity_print(&a, text));
}

static void take_larger(FieldErrs *e, Value *most, const Value *candidates)
{
    value_each_member(candidates, m)
    {
        const Value *have = value_get(most, m->name);
        Quantity a, b;

        if (have && quantity_of_value(have, &a) && quantity_of_value(m->value, &b) &&
            a.nano >= b.nano)
            continue;
        value_set(e->arena, most, m->name, m->value);
    }
}

/* What all containers have together: sidecars run beside everything that starts after them. */
static Value *sum_amounts(FieldErrs *e, const Value *spec, const char *list)
{
    Value *sum = value_object(e->arena), *sidecars = value_object(e->arena);
    Value *start = value_object(e->arena), *now;
    const Value *c;

    value_each_item(value_get(spec, "containers"), i, c)
        value_each_member(value_get(value_get(c, "resources"), list), m) add_quantity(e, sum, m);
    value_each_item(value_get(spec, "initContainers"), i, c)
    {
        const Value *amounts = value_get(value_get(c, "resources"), list);

        if (strcmp(str_of(c, "restartPolicy"), "Always") == 0) {
            value_each_member(amounts, m) add_quantity(e, sum, m);
            value_each_member(amounts, m) add_quantity(e, sidecars, m);
            take_larger(e, start, sidecars);
            continue;
        }
        now = value_copy(e->arena, sidecars);
        value_each_member(amounts, m) add_quantity(e, now, m);
        take_larger(e, start, now);
    }
    take_larger(e, sum, start);
    return sum;
}

/* Of what the pod names as a whole, its containers together do not ask for more. */
static void check_sums(FieldErrs *e, const Path *p, const Value *spec, const char *list)
{
    const Value *whole = value_get(value_get(spec, "resources"), list);
    bool is_limit = strcmp(list, "limits") == 0;
    Quantity a, b;

    value_each_member(sum_amounts(e, spec, list), m)
    {
        const Value *have = value_get(whole, m->name);

        if ((is_limit && !is_huge(m->name)) || !have || !quantity_of_value(m->value, &a) ||
            !quantity_of_value(have, &b) || a.nano <= b.nano)
            continue;
        bad(e, AT_KEY(AT(p, list), m->name), have,
            "must be greater than or equal to aggregate container %s of %s", list,
            value_to_cstr(m->value));
    }
}

static void check_consistency(FieldErrs *e, const Path *p, const Value *spec)
{
    const Value *limits = value_get(value_get(spec, "resources"), "limits"), *c;
    Quantity a, b;

    check_sums(e, p, spec, "requests");
    check_sums(e, p, spec, "limits");
    value_each_item(value_get(spec, "containers"), i, c)
    {
        const Path *at = AT_ITEM(AT(p, "containers"), i);

        value_each_member(value_get(value_get(c, "resources"), "limits"), m)
        {
            const Value *most = value_get(limits, m->name);

            if (most && quantity_of_value(m->value, &a) && quantity_of_value(most, &b) &&
                a.nano > b.nano)
                bad(e, AT(AT_KEY(at, m->name), "limits"), m->value,
                    "must be less than or equal to pod limits of %s", value_to_cstr(most));
        }
    }
}

void validate__pod_resources(FieldErrs *e, const Path *p, const Value *spec)
{
    const Value *res = value_get(spec, "resources");

    if (!value_is(res, VALUE_OBJECT))
        return;
    if (str_eq(value_at_str(spec, "os.name"), "windows")) {
        forbidden(e, p, "may not be set for a windows pod");
        return;
    }
    if (value_len(value_get(res, "claims")) > 0)
        forbidden(e, AT(p, "claims"), "claims may not be set for Resources at pod-level");
    check_amounts(e, p, res, check_pod_resource);
    check_claims(e, AT(p, "claims"), value_get(res, "claims"), value_get(spec, "resourceClaims"));
    check_consistency(e, p, spec);
}
