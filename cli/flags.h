/*
 * flags.h - command lines in kubectl's grammar: flags anywhere, -oyaml, --output=yaml, -it, `--`.
 *
 * Owns:    copies of nothing; values point into argv. flags_done() releases the lists.
 * Threads: one.
 * Fails:   ERR_BAD_REQUEST with kubectl's words: unknown flag: --x.
 * Tests:   tests/unit/cli/test_flags.c
 */
#ifndef CLI_FLAGS_H
#define CLI_FLAGS_H

#include "base/base.h"

typedef struct Err Err;

typedef enum FlagKind {
    FLAG_BOOL,
    FLAG_STRING, /* the last one counts */
    FLAG_LIST,   /* may come several times */
} FlagKind;

typedef struct Flag {
    const char *name; /* long name without dashes; NULL ends a table */
    char letter;      /* 0: none */
    FlagKind kind;
    const char *deflt; /* FLAG_STRING's value, FLAG_BOOL's "true"; NULL: none */
    const char *bare;  /* value when given without one (--dry-run); NULL: a value is required */
    const char *help;
} Flag;

typedef struct FlagValue {
    const Flag *flag;
    const char *value;
} FlagValue;

typedef struct Flags {
    const Flag *tables[4]; /* of the command, of its group, global */
    FlagValue *values;     /* in order of appearance */
    size_t n_values, cap_values;
    const char **args; /* what is not a flag */
    size_t n_args, cap_args;
    size_t dash_at; /* args from here on stood behind `--`; n_args when there was none */
} Flags;

/* Tables must be set. Flags are accepted up to `--`. */
int flags_parse(Flags *f, int argc, char **argv, Err *err) MUST_CHECK;
void flags_done(Flags *f);

bool flag_given(const Flags *f, const char *name);
const char *flag_str(const Flags *f,
                     const char *name); /* the default when not given; may be NULL */
/* The same, but only when the flag of this table was given; NULL otherwise. */
const char *flag_table_str(const Flags *f, const Flag *table, const char *name);
bool flag_bool(const Flags *f, const char *name);
int64_t flag_int(const Flags *f, const char *name, int64_t otherwise);
/* The i-th value of a list flag, NULL behind the last. */
const char *flag_item(const Flags *f, const char *name, size_t i);

void flags_print_help(const Flag *table, FILE *out);

#endif
