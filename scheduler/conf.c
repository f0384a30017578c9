#include "scheduler/conf.h"

#include "base/gotime.h"

#include <stdarg.h>

Conf conf_get(const Conf *c, const char *name)
{
    return (Conf){c->arena, value_get(c->v, name),
                  arena_printf(c->arena, "%s%s%s", c->path, c->path[0] ? "." : "", name)};
}

Conf conf_item(const Conf *c, uint32_t i)
{
    return (Conf){c->arena, value_item(c->v, i), arena_printf(c->arena, "%s[%u]", c->path, i)};
}

bool conf_is_set(const Conf *c)
{
    return c->v && c->v->type != VALUE_NULL;
}

int conf_wrong(const Conf *c, Err *err, const char *fmt, ...)
{
    char text[400];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    return err_set(err, ERR_BAD_REQUEST, "%s%s%s", c->path, c->path[0] ? ": " : "", text);
}

static int wrong_type(const Conf *c, const char *wants, Err *err)
{
    return conf_wrong(c, err, "must be %s, not %s", wants, value_type_name(c->v->type));
}

int conf_check(const Conf *c, const char *const *fields, size_t n, Err *err)
{
    if (!conf_is_set(c))
        return 0;
    if (!value_is(c->v, VALUE_OBJECT))
        return wrong_type(c, "a mapping", err);
    if (c->v->has_dup_keys)
        return conf_wrong(c, err, "a field is given twice");
    value_each_member(c->v, m)
    {
        size_t i = 0;

        while (i < n && !str_eq(fields[i], m->name))
            i++;
        if (i == n)
            return conf_wrong(c, err, "unknown field \"%.100s\"", m->name);
    }
    return 0;
}

int conf_list(const Conf *c, const char *name, Conf *ret, uint32_t *ret_n, Err *err)
{
    *ret = conf_get(c, name);
    *ret_n = value_len(ret->v);
    if (!conf_is_set(ret))
        return 0;
    if (!value_is(ret->v, VALUE_ARRAY))
        return wrong_type(ret, "a list", err);
    return *ret_n > CONF_ITEMS_MAX ? conf_wrong(ret, err, "has more than %d items", CONF_ITEMS_MAX)
                                   : 0;
}

int conf_int(const Conf *c, const char *name, int64_t min, int64_t max, int64_t *inout, Err *err)
{
    Conf at = conf_get(c, name);
    int64_t i;

    if (!conf_is_set(&at))
        return 0;
    if (!value_to_int(at.v, &i))
        return wrong_type(&at, "a whole number", err);
    if (i < min || i > max)
        return conf_wrong(&at, err, "Invalid value: %lld: not in valid range [%lld, %lld]",
                          (long long)i, (long long)min, (long long)max);
    *inout = i;
    return 0;
}

int conf_bool(const Conf *c, const char *name, bool *inout, Err *err)
{
    Conf at = conf_get(c, name);

    if (!conf_is_set(&at))
        return 0;
    if (!value_is(at.v, VALUE_BOOL))
        return wrong_type(&at, "true or false", err);
    *inout = at.v->boolean;
    return 0;
}

int conf_str(const Conf *c, const char *name, const char **inout, Err *err)
{
    Conf at = conf_get(c, name);

    if (!conf_is_set(&at))
        return 0;
    if (!value_to_cstr(at.v))
        return wrong_type(&at, "a string", err);
    *inout = value_to_cstr(at.v);
    return 0;
}

int conf_duration_ms(const Conf *c, const char *name, int64_t *inout, Err *err)
{
    Conf at = conf_get(c, name);
    const char *text = NULL, *why;
    int64_t ns;
    int r = conf_str(c, name, &text, err);

    if (r < 0 || !text)
        return r;
    why = goduration_parse(c->arena, slice_of(text), &ns);
    if (why)
        return conf_wrong(&at, err, "%s", why);
    if (ns < 0)
        return conf_wrong(&at, err, "Invalid value: \"%.100s\": must not be negative", text);
    *inout = (ns + 999999) / 1000000;
    return 0;
}

int conf_choice(const Conf *c, const char *name, const char *const *names, uint32_t *inout,
                Err *err)
{
    Conf at = conf_get(c, name);
    AUTO_BUF all = BUF_INIT;
    const char *text = NULL;
    int r = conf_str(c, name, &text, err);

    if (r < 0 || !text)
        return r;
    for (uint32_t i = 0; names[i]; i++) {
        if (str_eq(names[i], text)) {
            *inout = i;
            return 0;
        }
        buf_addf(&all, "%s\"%s\"", i > 0 ? ", " : "", names[i]);
    }
    return conf_wrong(&at, err, "Unsupported value: \"%.100s\": supported values: %s", text,
                      buf_str(&all));
}
