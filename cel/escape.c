#include "cel/cel_int.h"

#include <ctype.h>

/* The rule of k8s.io/apiserver/pkg/cel/escaping.go. */

static const char *const reserved[] = {
    "true",     "false",   "null",      "in",       "as",  "break",  "const",
    "continue", "else",    "for",       "function", "if",  "import", "let",
    "loop",     "package", "namespace", "return",   "var", "void",   "while",
};

static const struct {
    const char *plain, *escaped;
} sequences[] = {
    {"__", "__underscores__"},
    {".", "__dot__"},
    {"-", "__dash__"},
    {"/", "__slash__"},
};

static bool is_reserved(Slice name)
{
    for (size_t i = 0; i < ARRAY_LEN(reserved); i++)
        if (slice_is(name, reserved[i]))
            return true;
    return false;
}

char *cel_escape(Arena *a, const char *name)
{
    AUTO_BUF out = BUF_INIT;
    const char *p = name;

    if (!*name || isdigit((unsigned char)*name))
        return NULL;
    if (is_reserved(slice_of(name)))
        return arena_printf(a, "__%s__", name);
    while (*p) {
        size_t i;

        for (i = 0; i < ARRAY_LEN(sequences); i++)
            if (str_starts(p, sequences[i].plain))
                break;
        if (i < ARRAY_LEN(sequences)) {
            buf_adds(&out, sequences[i].escaped);
            p += strlen(sequences[i].plain);
        } else if ((unsigned char)*p < 128 && (isalnum((unsigned char)*p) || *p == '_')) {
            buf_addc(&out, *p++);
        } else {
            return NULL;
        }
    }
    return arena_strdup(a, buf_str(&out));
}

char *cel_unescape(Arena *a, const char *ident)
{
    AUTO_BUF out = BUF_INIT;
    size_t len = strlen(ident);

    if (len > 4 && str_starts(ident, "__") && str_ends(ident, "__") &&
        is_reserved((Slice){ident + 2, len - 4}))
        return arena_strndup(a, ident + 2, len - 4);
    for (const char *p = ident; *p;) {
        size_t i;

        if (!str_starts(p, "__")) {
            buf_addc(&out, *p++);
            continue;
        }
        for (i = 0; i < ARRAY_LEN(sequences); i++)
            if (str_starts(p, sequences[i].escaped))
                break;
        if (i == ARRAY_LEN(sequences)) {
            if (strstr(p + 2, "__"))
                return NULL;
            buf_adds(&out, p);
            break;
        }
        buf_adds(&out, sequences[i].plain);
        p += strlen(sequences[i].escaped);
    }
    return arena_strdup(a, buf_str(&out));
}
