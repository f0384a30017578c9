/* hpctl: find the command, parse its flags, run it. */
#include "cli/cli.h"

#include "base/crash.h"
#include "base/memguard.h"
#include "base/wipe.h"

#include <signal.h>

static void print_usage(FILE *out)
{
    fprintf(out, "hpctl speaks to Hostplane, and to every Kubernetes, in kubectl's grammar.\n\n"
                 "Usage: hpctl COMMAND [ARGUMENTS] [FLAGS]\n\nCommands:\n");
    for (const Command *c = commands; c->name; c++)
        fprintf(out, "  %-24s %s\n", c->name, c->summary);
    fprintf(out, "\nFlags of every command:\n");
    flags_print_help(global_flags, out);
    fprintf(out, "\n'hpctl COMMAND --help' shows a command's own flags and examples.\n");
}

static void print_command_help(const Command *c)
{
    printf("%s\n\nUsage: hpctl %s\n", c->summary, c->usage);
    if (c->help)
        printf("\nExamples:\n%s\n", c->help);
    if (c->flags) {
        printf("\nFlags:\n");
        flags_print_help(c->flags, stdout);
    }
    printf("\n'hpctl --help' shows the flags of every command.\n");
}

/* Does `name` ("rollout status") start at args[0]? Returns its number of words, 0 when not. */
static size_t match_words(const char *name, const char **args, size_t n)
{
    Slice rest = slice_of(name), word;
    size_t k = 0;

    while (rest.len > 0) {
        slice_cut(&rest, ' ', &word);
        if (k >= n || !slice_is(word, args[k]))
            return 0;
        k++;
    }
    return k;
}

static const Command *find_command(const char **args, size_t n, size_t *ret_words)
{
    for (const Command *c = commands; c->name; c++) {
        *ret_words = match_words(c->name, args, n);
        if (*ret_words == 0 && c->aliases)
            *ret_words = match_words(c->aliases, args, n);
        if (*ret_words > 0)
            return c;
    }
    return NULL;
}

/* A global flag whose value is the next word: -n NS get pods. */
static bool takes_value(const char *word)
{
    for (const Flag *f = global_flags; f->name; f++)
        if (f->kind != FLAG_BOOL && ((f->letter && word[1] == f->letter && !word[2]) ||
                                     (word[1] == '-' && strcmp(word + 2, f->name) == 0)))
            return true;
    return false;
}

/* The first words that are not flags choose the command; its flags are not known before. */
static size_t leading_words(int argc, char **argv, const char **words, size_t max)
{
    size_t n = 0;

    for (int i = 1; i < argc && n < max; i++) {
        if (argv[i][0] != '-') {
            words[n++] = argv[i];
            continue;
        }
        if (takes_value(argv[i]))
            i++;
    }
    return n;
}

static int no_command(const char **words, size_t n, int argc, char **argv)
{
    bool is_group = false;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-h") == 0 || strcmp(argv[i], "--help") == 0 ||
            (n > 0 && strcmp(words[0], "help") == 0)) {
            print_usage(stdout);
            return 0;
        }
    }
    if (n == 0) {
        print_usage(stdout);
        return 0;
    }
    for (const Command *c = commands; c->name; c++) {
        size_t len = strlen(words[0]);

        if (strncmp(c->name, words[0], len) == 0 && c->name[len] == ' ') {
            if (!is_group)
                printf("Usage: hpctl %s COMMAND\n", words[0]);
            is_group = true;
            printf("  %-24s %s\n", c->name, c->summary);
        }
    }
    if (!is_group)
        fprintf(stderr, "error: unknown command \"%s\" for \"hpctl\"\n", words[0]);
    return !is_group;
}

int main(int argc, char **argv)
{
    const char *words[4];
    size_t n = leading_words(argc, argv, words, ARRAY_LEN(words)), n_words = 0;
    Cli c = {.command = find_command(words, n, &n_words)};
    Err err;
    int r;

    memguard_dumps();
    wipe_everywhere();
#ifndef ARENA_DEBUG
    crash_setup("hpctl");
#endif
    signal(SIGPIPE, SIG_IGN);
    if (!c.command)
        return no_command(words, n, argc, argv);
    c.flags.tables[0] = c.command->flags;
    c.flags.tables[1] = global_flags;
    if (flags_parse(&c.flags, argc - 1, argv + 1, &err) < 0) {
        fprintf(stderr, "error: %s\nSee 'hpctl %s --help' for usage.\n", err.msg, c.command->name);
        flags_done(&c.flags);
        return 1;
    }
    c.arena = arena_new();
    c.args = c.flags.args + n_words;
    c.n_args = c.flags.n_args - n_words;
    c.flags.dash_at = c.flags.dash_at >= n_words ? c.flags.dash_at - n_words : c.n_args;
    if (flag_bool(&c.flags, "help")) {
        print_command_help(c.command);
        r = 0;
    } else {
        r = c.command->run(&c);
    }
    if (fflush(stdout) != 0 && r == 0)
        r = 1;
    client_close(c.client);
    flags_done(&c.flags);
    arena_free(c.arena);
    return r;
}
