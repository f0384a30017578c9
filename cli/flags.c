#include "cli/flags.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/slice.h"

void flags_done(Flags *f)
{
    free(f->values);
    free(f->args);
}

static const Flag *find(const Flags *f, Slice name)
{
    for (size_t t = 0; t < ARRAY_LEN(f->tables); t++)
        for (const Flag *x = f->tables[t]; x && x->name; x++)
            if (slice_is(name, x->name))
                return x;
    return NULL;
}

static const Flag *find_letter(const Flags *f, char c)
{
    for (size_t t = 0; t < ARRAY_LEN(f->tables); t++)
        for (const Flag *x = f->tables[t]; x && x->name; x++)
            if (x->letter == c)
                return x;
    return NULL;
}

static void add_value(Flags *f, const Flag *flag, const char *value)
{
    GROW(f->values, f->cap_values, f->n_values + 1);
    f->values[f->n_values++] = (FlagValue){flag, value};
}

static void add_arg(Flags *f, const char *arg)
{
    GROW(f->args, f->cap_args, f->n_args + 1);
    f->args[f->n_args++] = arg;
}

/* --name, --name=value, --name value. Returns how many further words it took. */
static int parse_long(Flags *f, const char *word, const char *next, Err *err)
{
    Slice rest = slice_of(word + 2), name;
    bool has_value = slice_cut(&rest, '=', &name);
    const Flag *flag = find(f, name);

    if (!flag)
        return err_set(err, ERR_BAD_REQUEST, "unknown flag: --%.*s", (int)name.len, name.ptr);
    if (has_value) {
        add_value(f, flag, rest.ptr);
        return 0;
    }
    if (flag->kind == FLAG_BOOL || flag->bare) {
        add_value(f, flag, flag->bare ? flag->bare : "true");
        return 0;
    }
    if (!next)
        return err_set(err, ERR_BAD_REQUEST, "flag needs an argument: --%s", flag->name);
    add_value(f, flag, next);
    return 1;
}

/* -w, -it, -oyaml, -o=yaml, -o yaml */
static int parse_short(Flags *f, const char *word, const char *next, Err *err)
{
    for (const char *p = word + 1; *p; p++) {
        const Flag *flag = find_letter(f, *p);

        if (!flag)
            return err_set(err, ERR_BAD_REQUEST, "unknown shorthand flag: '%c' in %s", *p, word);
        if (flag->kind == FLAG_BOOL && p[1] != '=') {
            add_value(f, flag, "true");
            continue;
        }
        if (p[1]) {
            add_value(f, flag, p + (p[1] == '=' ? 2 : 1));
            return 0;
        }
        if (!next)
            return err_set(err, ERR_BAD_REQUEST, "flag needs an argument: '%c' in %s", *p, word);
        add_value(f, flag, next);
        return 1;
    }
    return 0;
}

int flags_parse(Flags *f, int argc, char **argv, Err *err)
{
    f->dash_at = SIZE_MAX;
    for (int i = 0; i < argc; i++) {
        const char *next = i + 1 < argc ? argv[i + 1] : NULL;
        int r = 0;

        if (f->dash_at != SIZE_MAX || argv[i][0] != '-' || argv[i][1] == '\0')
            add_arg(f, argv[i]);
        else if (strcmp(argv[i], "--") == 0)
            f->dash_at = f->n_args;
        else if (argv[i][1] == '-')
            r = parse_long(f, argv[i], next, err);
        else
            r = parse_short(f, argv[i], next, err);
        if (r < 0)
            return r;
        i += r;
    }
    f->dash_at = MIN(f->dash_at, f->n_args);
    return 0;
}

static const FlagValue *last(const Flags *f, const char *name)
{
    for (size_t i = f->n_values; i-- > 0;)
        if (strcmp(f->values[i].flag->name, name) == 0)
            return &f->values[i];
    return NULL;
}

bool flag_given(const Flags *f, const char *name)
{
    return last(f, name) != NULL;
}

const char *flag_str(const Flags *f, const char *name)
{
    const FlagValue *v = last(f, name);
    const Flag *flag = find(f, slice_of(name));

    return v ? v->value : flag ? flag->deflt : NULL;
}

const char *flag_table_str(const Flags *f, const Flag *table, const char *name)
{
    const FlagValue *v = last(f, name);

    for (const Flag *x = table; v && x->name; x++)
        if (x == v->flag)
            return v->value;
    return NULL;
}

bool flag_bool(const Flags *f, const char *name)
{
    const char *s = flag_str(f, name);

    return s && (strcmp(s, "true") == 0 || strcmp(s, "1") == 0 || strcmp(s, "t") == 0);
}

int64_t flag_int(const Flags *f, const char *name, int64_t otherwise)
{
    const char *s = flag_str(f, name);
    int64_t v;

    return s && slice_to_int64(slice_of(s), &v) ? v : otherwise;
}

const char *flag_item(const Flags *f, const char *name, size_t i)
{
    for (size_t k = 0; k < f->n_values; k++)
        if (strcmp(f->values[k].flag->name, name) == 0 && i-- == 0)
            return f->values[k].value;
    return NULL;
}

void flags_print_help(const Flag *table, FILE *out)
{
    for (const Flag *x = table; x && x->name; x++) {
        char left[64];

        snprintf(left, sizeof(left), "%s%c%s--%s%s", x->letter ? "-" : "  ",
                 x->letter ? x->letter : ' ', x->letter ? ", " : "  ", x->name,
                 x->kind == FLAG_BOOL ? "" : "=...");
        fprintf(out, "    %-30s %s\n", left, x->help);
    }
}
