/*
 * format_report.c - what format.NAME().validate() of expressions says:
 * k8s.io/apiserver/pkg/cel/library/format.go.
 */
#include "api/formats.h"
#include "api/validate_int.h"

#include "base/mem.h"

typedef struct Named {
    const char *name;
    NameFn check;        /* of names, */
    bool is_prefix;      /* which may end in a dash; */
    const char *message; /* or of a string format of OpenAPI: all that is said */
} Named;

static const Named formats[] = {
    {"dns1123Label", names__dns1123_label, false, NULL},
    {"dns1123Subdomain", names__dns1123_subdomain, false, NULL},
    {"dns1035Label", names__dns1035_label, false, NULL},
    {"qualifiedName", names__qualified, false, NULL},
    {"dns1123LabelPrefix", names__dns1123_label, true, NULL},
    {"dns1123SubdomainPrefix", names__dns1123_subdomain, true, NULL},
    {"dns1035LabelPrefix", names__dns1035_label, true, NULL},
    {"labelValue", names__label_value, false, NULL},
    {"uuid", NULL, false, "does not match the UUID format"},
    {"byte", NULL, false, "invalid base64"},
    {"date", NULL, false, "invalid date"},
    {"datetime", NULL, false, "invalid datetime"},
};

static void report_name(const Named *f, Slice text, FormatReportFn report, void *data)
{
    AUTO_FREE char *name = xstrndup(text.ptr, text.len);
    size_t n = strlen(name);
    Msgs m = {.n = 0};

    if (f->is_prefix && n > 1 && name[n - 1] == '-') { /* upstream's maskTrailingDash */
        name[n - 2] = 'a';
        name[n - 1] = '\0';
    }
    if (n < text.len) /* a NUL is in no name */
        name[0] = '\x01';
    f->check(name, &m);
    for (uint32_t i = 0; i < m.n; i++)
        report(data, m.items[i]);
}

void format_report(const char *name, Slice text, FormatReportFn report, void *data)
{
    for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
        const Named *f = &formats[i];

        if (!str_eq(f->name, name))
            continue;
        if (f->check)
            report_name(f, text, report, data);
        else if (!format_find(name)(text))
            report(data, f->message);
    }
}
