#include "cel/cel_int.h"

/* format.dns1123Label().validate(s): the checks are the caller's (CelFormatFn), who has them for
 * other uses. */

#define NAME "kubernetes.NamedFormat"

#define FORMATS(X)                                                                                 \
    X(dns1123Label)                                                                                \
    X(dns1123Subdomain)                                                                            \
    X(dns1035Label)                                                                                \
    X(qualifiedName)                                                                               \
    X(dns1123LabelPrefix)                                                                          \
    X(dns1123SubdomainPrefix)                                                                      \
    X(dns1035LabelPrefix)                                                                          \
    X(labelValue)                                                                                  \
    X(uri)                                                                                         \
    X(uuid)                                                                                        \
    X(byte)                                                                                        \
    X(date)                                                                                        \
    X(datetime)

static CelVal make(const char *name)
{
    return cel__opaque(cel__library_type(NAME), name);
}

#define X(name)                                                                                    \
    static CelVal format_##name(CelRun *run UNUSED, const CelVal *args UNUSED, int n UNUSED)       \
    {                                                                                              \
        return make(#name);                                                                        \
    }
FORMATS(X)
#undef X

static CelVal named(CelRun *run, const CelVal *args, int n UNUSED)
{
#define X(name) #name,
    static const char *const names[] = {FORMATS(X)};
#undef X

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (slice_is(args[0].s, names[i]))
            return cel__some(run, make(names[i]));
    return cel__none;
}

/* A quarter of how long upstream takes the format's regular expression to be. */
uint64_t cel__format_regex_cost(CelVal v)
{
    const char *name = v.opaque.ptr;

    if (str_eq(name, "labelValue"))
        return 10;
    if (str_starts(name, "dns1123Subdomain") || str_eq(name, "qualifiedName"))
        return 15;
    return str_starts(name, "dns") ? 8 : 32;
}

typedef struct Messages {
    CelRun *run;
    CelVal list;
} Messages;

static void on_message(void *data, const char *text)
{
    Messages *m = data;
    CelVal *item = cel__alloc(m->run, sizeof(*item));
    AUTO_BUF copy = BUF_INIT;

    if (!item)
        return;
    buf_adds(&copy, text);
    *item = cel__of_buf(m->run, &copy);
    m->list = m->list.kind == CEL_LIST ? cel__list_add(m->run, m->list, cel__list(m->run, item, 1))
                                       : cel__list(m->run, item, 1);
}

static CelVal validate(CelRun *run, const CelVal *args, int n UNUSED)
{
    Messages m = {.run = run, .list = cel__none};

    if (str_eq(args[0].opaque.ptr, "uri")) {
        const char *wrong = cel__url_check(run, args[1].s);

        if (wrong)
            on_message(&m, wrong);
    } else {
        run->program->env->formats(args[0].opaque.ptr, args[1].s, on_message, &m);
    }
    return m.list.kind == CEL_LIST ? cel__some(run, m.list) : cel__none;
}

static CelFn fns[] = {
#define X(name) FN("format." #name, "format." #name, "", NAME, format_##name),
    FORMATS(X)
#undef X
        FN("format.named", "format-named", "string", "optional(" NAME ")", named),
    METHOD("validate", "format-validate", NAME ",string", "optional(list(string))", validate),
};

const CelLibTable cel__lib_named_formats = {CEL_LIB_FORMAT, fns, ARRAY_LEN(fns)};
