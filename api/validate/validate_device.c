#include "api/validate_device.h"

#include "api/address.h"

#include <ctype.h>

enum { POOL_NAME_MAX = 253, BINDINGS_MAX = 4, UID_LEN = 36 };

bool device_check_len(FieldErrs *e, const Path *p, const Value *list, uint32_t most)
{
    if (value_len(list) <= most)
        return true;
    too_many(e, p, value_len(list), most);
    return false;
}

static const char *key_of(const Value *item, const char *member)
{
    const char *s = member ? value_get_str(item, member) : value_to_cstr(item);

    return s ? s : "";
}

void device_check_unique(FieldErrs *e, const Path *p, const Value *list, const char *member)
{
    const Value *item;

    value_each_item(list, i, item)
    {
        const char *key = key_of(item, member);

        for (uint32_t k = 0; k < i; k++)
            if (strcmp(key_of(value_item(list, k), member), key) == 0) {
                duplicate(e, AT_ITEM(p, i), key);
                break;
            }
    }
}

/* Names of subdomains with slashes between. */
void device_check_pool(FieldErrs *e, const Path *p, const char *name)
{
    Slice rest = slice_of(name), part;
    bool more;

    if (name[0] == '\0') {
        missing(e, p, NULL);
        return;
    }
    if (rest.len > POOL_NAME_MAX)
        too_long(e, p, POOL_NAME_MAX);
    do {
        more = slice_cut(&rest, '/', &part);
        check_name(e, p, arena_strndup(e->arena, part.ptr, part.len), names__dns1123_subdomain);
    } while (more);
}

/* ---- names of attributes and capacities ---- */

static void check_id(FieldErrs *e, const Path *p, const char *id)
{
    bool is_id = isalpha((unsigned char)id[0]) || id[0] == '_';

    if (strlen(id) > DEVICE_ID_MAX)
        too_long(e, p, DEVICE_ID_MAX);
    for (const char *c = id; *c; c++)
        is_id = is_id && (isalnum((unsigned char)*c) || *c == '_');
    if (!is_id)
        bad_str(e, p, id,
                "a valid C identifier must start with alphabetic character or '_', followed by a "
                "string of alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or "
                "'MyName', regex used for validation is '[A-Za-z_][A-Za-z0-9_]*')");
}

void device_check_qualified(FieldErrs *e, const Path *p, const char *name)
{
    const char *slash = strchr(name, '/');

    if (!slash) {
        check_id(e, p, name);
        return;
    }
    if (strchr(slash + 1, '/')) {
        bad_str(e, p, name, "must not contain more than one slash");
        return;
    }
    if (slash == name)
        bad_str(e, p, "", "the domain must not be empty");
    else
        validate__driver_name(e, p, arena_strndup(e->arena, name, (size_t)(slash - name)));
    if (slash[1] == '\0')
        bad_str(e, p, "", "the name must not be empty");
    else
        check_id(e, p, slash + 1);
}

void device_check_full_name(FieldErrs *e, const Path *p, const char *name)
{
    device_check_qualified(e, p, name);
    if (!strchr(name, '/'))
        bad_str(e, p, name,
                "a fully qualified name must be a domain and a name separated by a slash");
}

/* ---- parts ---- */

void device_check_toleration(FieldErrs *e, const Path *p, const Value *t)
{
    const char *op = str_of(t, "operator"), *value = str_of(t, "value");

    if (str_of(t, "key")[0])
        check_name(e, AT(p, "key"), str_of(t, "key"), names__qualified);
    if (strcmp(op, "Exists") == 0 && value[0])
        bad_str(e, AT(p, "value"), value, "must be empty for operator `Exists`");
    else if (strcmp(op, "Equal") == 0)
        check_name(e, AT(p, "value"), value, names__label_value);
    else if (op[0] == '\0')
        missing(e, AT(p, "operator"), NULL);
    else
        check_enum(e, AT(p, "operator"), op, "Equal|Exists");
    if (str_of(t, "effect")[0])
        check_enum(e, AT(p, "effect"), str_of(t, "effect"), "NoExecute|NoSchedule|None");
}

static bool in_list(const Value *list, const Value *item, uint32_t before)
{
    for (uint32_t i = 0; i < value_len(list) && i < before; i++)
        if (value_equal(value_item(list, i), item))
            return true;
    return false;
}

static void check_binding_names(FieldErrs *e, const Path *p, const Value *list)
{
    const Value *c;

    if (!device_check_len(e, p, list, BINDINGS_MAX))
        return;
    value_each_item(list, i, c)
        check_name(e, AT_ITEM(p, i), value_to_cstr(c) ? value_to_cstr(c) : "", names__qualified);
}

void device_check_bindings(FieldErrs *e, const Path *p, const Value *v)
{
    const Value *good = value_get(v, "bindingConditions"), *c;
    const Value *wrong = value_get(v, "bindingFailureConditions");
    const Path *at_good = AT(p, "bindingConditions");
    const Path *at_wrong = AT(p, "bindingFailureConditions");

    check_binding_names(e, at_good, good);
    check_binding_names(e, at_wrong, wrong);
    value_each_item(good, i, c) if (in_list(good, c, i)) duplicate_value(e, AT_ITEM(at_good, i), c);
    value_each_item(wrong, i, c)
    {
        if (in_list(wrong, c, i))
            duplicate_value(e, AT_ITEM(at_wrong, i), c);
        if (in_list(good, c, UINT32_MAX))
            bad(e, AT_ITEM(at_wrong, i), c,
                "bindingFailureConditions must not overlap with bindingConditions");
    }
    if (value_len(good) == 0 && value_len(wrong) > 0)
        bad(e, at_good, good ? good : value_null(e->arena),
            "bindingConditions are required to use bindingFailureConditions");
    if (value_len(wrong) == 0 && value_len(good) > 0)
        bad(e, at_wrong, wrong ? wrong : value_null(e->arena),
            "bindingFailureConditions are required to use bindingConditions");
}

/* Which of the forms that github.com/google/uuid knows; NULL: it is one of them. */
static const char *uuid_mistake(FieldErrs *e, const char *s)
{
    size_t n = strlen(s), at = 0;

    if (n == UID_LEN + 9) {
        if (strncasecmp(s, "urn:uuid:", 9) != 0)
            return arena_printf(e->arena, "invalid urn prefix: \"%.9s\"", s);
        at = 9;
    } else if (n == UID_LEN + 2) {
        if (s[0] != '{' || s[n - 1] != '}')
            return "invalid bracketed UUID format";
        at = 1;
    } else if (n == 32) {
        for (size_t i = 0; i < n; i++)
            if (!isxdigit((unsigned char)s[i]))
                return "invalid UUID format";
        return NULL;
    } else if (n != UID_LEN) {
        return arena_printf(e->arena, "invalid UUID length: %zu", n);
    }
    for (size_t i = 0; i < UID_LEN; i++) {
        bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (is_dash ? s[at + i] != '-' : !isxdigit((unsigned char)s[at + i]))
            return "invalid UUID format";
    }
    return NULL;
}

void device_check_uid(FieldErrs *e, const Path *p, const char *uid)
{
    const char *wrong = uuid_mistake(e, uid);
    bool is_lower = true;

    for (const char *c = uid; *c; c++)
        is_lower = is_lower && !isupper((unsigned char)*c);
    if (wrong)
        bad_str(e, p, uid, "error validating uid: %s", wrong);
    else if (strlen(uid) != UID_LEN || !is_lower)
        bad_str(e, p, uid,
                "uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` "
                "with lowercase hexadecimal characters");
}

void device_check_interface(FieldErrs *e, const Path *p, const char *address)
{
    AddressRange range;
    const char *want;

    if (!address_range_parse(address, &range)) {
        bad_str(e, p, address,
                "must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)");
        return;
    }
    want = arena_printf(e->arena, "%s/%u", range.ip.text, range.prefix);
    if (strcmp(want, address) != 0)
        bad_str(e, p, address, "must be in canonical form (\"%s\")", want);
}
