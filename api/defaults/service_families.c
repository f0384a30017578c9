/*
 * service_families.c - the address families of a service, as upstream's allocator fills them in
 * (registry/core/service/storage, initIPFamilyFields()) on a cluster of one family or of two. It
 * looks at these fields before anything else of a service is judged; its mistakes stand alone.
 */
#include "api/validate_int.h"

static const char *text_of(const Value *v)
{
    const char *s = value_to_cstr(v);

    return s ? s : "";
}

static const char *policy_of(const Value *spec)
{
    return str_of(spec, "ipFamilyPolicy");
}

static bool is_single(const Value *spec)
{
    return strcmp(policy_of(spec), "SingleStack") == 0;
}

static bool same_list(const Value *spec, const Value *old, const char *member)
{
    const Value *a = value_get(spec, member), *b = value_get(old, member);

    return value_len(a) == value_len(b) && (value_len(a) == 0 || value_equal(a, b));
}

static uint32_t len_of(const Value *spec, const char *member)
{
    return value_len(value_get(spec, member));
}

bool service_is_settled(const Value *spec, const Value *old)
{
    return old && strcmp(policy_of(spec), "PreferDualStack") == 0 &&
           one_of(policy_of(old), "|PreferDualStack") &&
           strcmp(str_of(spec, "type"), str_of(old, "type")) == 0 &&
           one_of(str_of(spec, "type"), "ClusterIP|LoadBalancer|NodePort") &&
           same_list(spec, old, "clusterIPs") && same_list(spec, old, "ipFamilies");
}

static bool is_free(const Value *spec)
{
    return strcmp(str_of(spec, "clusterIP"), "None") == 0 && len_of(spec, "selector") == 0;
}

static void give_policy(Arena *a, Value *spec, const Value *old)
{
    if (has(spec, "ipFamilyPolicy"))
        return;
    if (has(old, "ipFamilyPolicy"))
        value_set(a, spec, "ipFamilyPolicy", value_get(old, "ipFamilyPolicy"));
    else
        value_set_str(a, spec, "ipFamilyPolicy",
                      is_free(spec) ? "RequireDualStack" : "SingleStack");
}

static void cut_to_first(Arena *a, Value *spec, const char *member)
{
    Value *list = value_array(a);

    value_append(a, list, value_item(value_get(spec, member), 0));
    value_set(a, spec, member, list);
}

/* The second of two goes only by a word of it. */
static void check_reduced(FieldErrs *e, const Path *at, Value *spec, const Value *old)
{
    static const struct {
        const char *member, *why;
    } lists[] = {
        {"clusterIPs", "must be 'SingleStack' to release the secondary cluster IP"},
        {"ipFamilies", "must be 'SingleStack' to release the secondary IP family"},
    };

    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        uint32_t now = len_of(spec, lists[i].member), was = len_of(old, lists[i].member);

        if (is_single(spec) && now > 1 && same_list(spec, old, lists[i].member))
            cut_to_first(e->arena, spec, lists[i].member);
        else if (!is_single(spec) && now > 0 && now < was)
            bad_str(e, at, policy_of(spec), "%s", lists[i].why);
    }
}

static void check_single(FieldErrs *e, const Path *at, const Value *spec)
{
    if (is_single(spec) && len_of(spec, "clusterIPs") == 2)
        bad_str(e, at, policy_of(spec),
                "must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are "
                "specified");
    if (is_single(spec) && len_of(spec, "ipFamilies") == 2)
        bad_str(e, at, policy_of(spec),
                "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are "
                "specified");
}

static void add_family(Arena *a, Value *spec, const char *family)
{
    const Value *had = value_get(spec, "ipFamilies");
    Value *list = had ? value_copy(a, had) : value_array(a);

    value_append(a, list, value_str(a, family));
    value_set(a, spec, "ipFamilies", list);
}

static const char *other_family(const char *family)
{
    return strcmp(family, "IPv4") == 0 ? "IPv6" : "IPv4";
}

static void add_other_family(Arena *a, Value *spec)
{
    add_family(a, spec, other_family(text_of(value_item(value_get(spec, "ipFamilies"), 0))));
}

/* Families that were not named, from the addresses that were. */
static void infer_families(FieldErrs *e, Value *spec, const AddressRanges *ranges)
{
    const Value *ips = value_get(spec, "clusterIPs"), *ip;
    const Path *p = AT(AT(NULL, "spec"), "clusterIPs");
    const char *family;

    value_each_item(ips, i, ip)
    {
        if (strcmp(text_of(ip), "None") == 0)
            break;
        if (i < len_of(spec, "ipFamilies"))
            continue;
        family = names__is_ipv6(text_of(ip)) ? "IPv6" : "IPv4";
        if (address_ranges_of(ranges, family))
            add_family(e->arena, spec, family);
        else
            bad(e, AT_ITEM(p, i), ips, "%s is not configured on this cluster", family);
    }
}

static void check_configured(FieldErrs *e, const Path *at, const Value *spec,
                             const AddressRanges *ranges)
{
    const Value *f;

    if (strcmp(policy_of(spec), "RequireDualStack") == 0 && ranges->n < 2)
        bad_str(e, at, policy_of(spec), "this cluster is not configured for dual-stack services");
    value_each_item(value_get(spec, "ipFamilies"), i, f) if (!address_ranges_of(ranges, text_of(f)))
        bad_str(e, AT_ITEM(AT(AT(NULL, "spec"), "ipFamilies"), i), text_of(f),
                "not configured on this cluster");
}

void service_init_families(Value *spec, const Value *old, const AddressRanges *ranges, FieldErrs *e)
{
    const Path *at = AT(AT(NULL, "spec"), "ipFamilyPolicy");
    const char *preferred = address_family(&ranges->items[0].ip);
    const Value *ip;

    if (strcmp(str_of(spec, "type"), "ExternalName") == 0 || service_is_settled(spec, old))
        return;
    give_policy(e->arena, spec, old);
    value_each_item(value_get(old, "clusterIPs"), i, ip) keep_text(e, ip);
    validate__service_addresses(e, spec);
    if (e->n > 0)
        return;
    if (old)
        check_reduced(e, at, spec, old);
    check_single(e, at, spec);
    infer_families(e, spec, ranges);
    if (e->n > 0)
        return;
    if (is_free(spec)) { /* nothing is given to it, so that it may say what it likes */
        if (len_of(spec, "ipFamilies") == 0)
            add_family(e->arena, spec, preferred);
        if (len_of(spec, "ipFamilies") == 1 && !is_single(spec))
            add_other_family(e->arena, spec);
        return;
    }
    check_configured(e, at, spec, ranges);
    if (e->n > 0)
        return;
    if (len_of(spec, "ipFamilies") == 0)
        add_family(e->arena, spec, preferred);
    if (!is_single(spec) && len_of(spec, "ipFamilies") == 1 && ranges->n == 2)
        add_other_family(e->arena, spec);
}
