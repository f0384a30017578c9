#include "controllers/crd_sync.h"

#include "api/crd.h"
#include "client/meta.h"

static const char finalizer[] = "customresourcecleanup.apiextensions.k8s.io";

/* ---- names ---- */

typedef struct Names {
    Value *const *group;
    uint32_t n;
} Names;

static bool is_used(const Names *all, const char *name, bool is_kind)
{
    static const char *const members[2][2] = {{"plural", "singular"}, {"kind", "listKind"}};

    for (uint32_t i = 0; i < all->n; i++) {
        const Value *theirs = value_at(all->group[i], "status.acceptedNames");

        for (size_t k = 0; k < 2; k++)
            if (name[0] && str_eq(value_get_text(theirs, members[is_kind][k]), name))
                return true;
        if (!is_kind && value_has_str(value_get(theirs, "shortNames"), name))
            return true;
    }
    return false;
}

static const char *in_use(Arena *a, const char *name)
{
    return arena_printf(a, "\"%s\" is already in use", name);
}

/* The last conflict is the one that is told. */
static void accept_each(Arena *a, const Names *all, const Value *wanted, Value *accepted,
                        Condition *ret)
{
    static const struct {
        const char *member, *reason;
        bool is_kind;
    } rows[] = {{"plural", "PluralConflict", false},
                {"singular", "SingularConflict", false},
                {"shortNames", "ShortNamesConflict", false},
                {"kind", "KindConflict", true},
                {"listKind", "ListKindConflict", true}};

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *name = value_get_text(wanted, rows[i].member);

        if (strcmp(rows[i].member, "shortNames") == 0) {
            const Value *list = value_get(wanted, "shortNames"), *had, *v;
            AUTO_BUF taken = BUF_INIT;
            uint32_t n = 0;

            had = value_get(accepted, "shortNames");
            value_each_item(list, k, v)
            {
                const char *s = value_to_cstr(v);

                if (!s || value_has_str(had, s) || str_eq(s, value_get_text(accepted, "plural")) ||
                    str_eq(s, value_get_text(accepted, "singular")) || !is_used(all, s, false))
                    continue;
                buf_addf(&taken, "%s%s", n++ > 0 ? ", " : "", in_use(a, s));
            }
            if (n > 0) {
                ret->reason = rows[i].reason;
                ret->message = arena_printf(a, n > 1 ? "[%s]" : "%s", buf_str(&taken));
            } else if (value_len(list) > 0)
                value_set(a, accepted, "shortNames", value_copy(a, list));
            else
                value_del(accepted, "shortNames");
            continue;
        }
        if (!str_eq(name, value_get_text(accepted, rows[i].member)) &&
            is_used(all, name, rows[i].is_kind)) {
            ret->reason = rows[i].reason;
            ret->message = in_use(a, name);
        } else
            value_set_str(a, accepted, rows[i].member, name);
    }
}

bool crd_accept_names(Arena *a, Value *crd, Value *const *group, uint32_t n, int64_t now_us)
{
    const Names all = {group, n};
    const Value *wanted = value_at(crd, "spec.names");
    Value *status = value_need(a, crd, "status"), *before = value_copy(a, status), *accepted;
    Condition names = {"NamesAccepted", "True", NULL, NULL, false};
    bool was_established = crd_has_condition(crd, "Established");

    accepted = value_get(status, "acceptedNames");
    accepted = value_is(accepted, VALUE_OBJECT) ? value_copy(a, accepted) : value_object(a);
    accept_each(a, &all, wanted, accepted, &names);
    if (value_len(value_get(wanted, "categories")) > 0)
        value_set(a, accepted, "categories", value_copy(a, value_get(wanted, "categories")));
    else
        value_del(accepted, "categories");
    value_set(a, status, "acceptedNames", accepted);
    if (names.reason)
        names.status = "False";
    else
        names.reason = "NoConflicts", names.message = "no conflicts found";
    (void)condition_set(a, crd, &names, now_us);
    if (!was_established && !strcmp(names.status, "True") && crd_bundle_mistake(crd))
        (void)condition_set(a, crd,
                            &(Condition){"Established", "False", "InvalidCABundle",
                                         "The conversion webhook CABundle is invalid", false},
                            now_us);
    else if (!was_established && !strcmp(names.status, "True"))
        (void)condition_set(a, crd,
                            &(Condition){"Established", "True", "InitialNamesAccepted",
                                         "the initial names have been accepted", false},
                            now_us);
    else if (!was_established)
        (void)condition_set(a, crd,
                            &(Condition){"Established", "False", "NotAccepted",
                                         "not all names are accepted", false},
                            now_us);
    return !value_equal(before, value_get(crd, "status"));
}

/* ---- approval ---- */

bool crd_note_approval(Arena *a, Value *crd, int64_t now_us)
{
    const char *group = value_at_str(crd, "spec.group");
    const char *given =
        value_get_str(value_at(crd, "metadata.annotations"), "api-approved.kubernetes.io");
    Condition c = {"KubernetesAPIApprovalPolicyConformant", "True", "ApprovedAnnotation", NULL,
                   false};

    if (!group || !(str_eq(group, "k8s.io") || str_eq(group, "kubernetes.io") ||
                    str_ends(group, ".k8s.io") || str_ends(group, ".kubernetes.io")))
        return false;
    if (!given || !given[0]) {
        c.status = "False", c.reason = "MissingAnnotation";
        c.message = "protected groups must have approval annotation "
                    "\"api-approved.kubernetes.io\", see "
                    "https://github.com/kubernetes/enhancements/pull/1111";
    } else if (str_starts(given, "unapproved")) {
        c.status = "False", c.reason = "UnapprovedAnnotation";
        c.message = arena_printf(a, "not approved: \"%s\"", given);
    } else
        c.message = arena_printf(a, "approved in %s", given);
    return condition_set(a, crd, &c, now_us);
}

/* ---- deletion ---- */

bool crd_note_deletion(Arena *a, Value *crd, bool is_going_on, const char *reason,
                       const char *message, int64_t now_us)
{
    return condition_set(
        a, crd, &(Condition){"Terminating", is_going_on ? "True" : "False", reason, message, false},
        now_us);
}

const char crd_emptied_reason[] = "InstanceDeletionCompleted";

bool crd_is_emptied(const Value *crd)
{
    const Value *c;

    value_each_item(value_at(crd, "status.conditions"), i, c)
    {
        if (str_eq(value_get_str(c, "type"), "Terminating"))
            return str_eq(value_get_str(c, "reason"), crd_emptied_reason);
    }
    return false;
}

bool crd_is_to_be_cleaned(const Value *crd)
{
    return meta_is_deleted(crd) && value_has_str(value_at(crd, "metadata.finalizers"), finalizer);
}

void crd_release(Arena *a, Value *crd)
{
    Value *rest = value_array(a), *f;

    value_each_item(value_at(crd, "metadata.finalizers"), i, f)
    {
        if (!str_eq(value_to_cstr(f), finalizer))
            value_append(a, rest, f);
    }
    value_set_at(a, crd, "metadata.finalizers", rest);
}
