/*
 * validate_conditions.c - metav1.Condition, as apimachinery's ValidateConditions() judges a list of
 * them.
 */
#include "api/validate_int.h"

#include <ctype.h>

enum { REASON_MAX = 1024, MESSAGE_MAX = 32 * 1024 };

static bool is_reason(const char *s)
{
    size_t n = strlen(s);

    if (!isalpha((unsigned char)s[0]) || s[n - 1] == ',' || s[n - 1] == ':')
        return false;
    for (const char *c = s; *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '_' && *c != ',' && *c != ':')
            return false;
    return true;
}

static void check_condition(FieldErrs *e, const Path *p, const Value *c)
{
    const char *reason = str_of(c, "reason");

    check_name(e, AT(p, "type"), str_of(c, "type"), names__qualified);
    check_enum(e, AT(p, "status"), str_of(c, "status"), "False|True|Unknown");
    if (int_of(c, "observedGeneration", 0) < 0)
        bad_int(e, AT(p, "observedGeneration"), int_of(c, "observedGeneration", 0),
                "must be greater than or equal to zero");
    if (!has(c, "lastTransitionTime"))
        missing(e, AT(p, "lastTransitionTime"), "must be set");
    if (reason[0] == '\0')
        missing(e, AT(p, "reason"), "must be set");
    else if (!is_reason(reason))
        bad_str(e, AT(p, "reason"), reason,
                "a condition reason must start with alphabetic character, optionally followed by "
                "a string of alphanumeric characters or '_,:', and must end with an alphanumeric "
                "character or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or "
                "'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation is "
                "'[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?')");
    if (strlen(reason) > REASON_MAX)
        too_long(e, AT(p, "reason"), REASON_MAX);
    if (strlen(str_of(c, "message")) > MESSAGE_MAX)
        too_long(e, AT(p, "message"), MESSAGE_MAX);
}

void validate__conditions(FieldErrs *e, const Path *p, const Value *conditions)
{
    const Value *c;

    value_each_item(conditions, i, c)
    {
        for (uint32_t k = 0; k < i; k++)
            if (strcmp(str_of(value_item(conditions, k), "type"), str_of(c, "type")) == 0) {
                duplicate(e, AT(AT_ITEM(p, i), "type"), str_of(c, "type"));
                break;
            }
        check_condition(e, AT_ITEM(p, i), c);
    }
}
