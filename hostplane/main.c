#include "base/crash.h"
#include "base/err.h"
#include "base/log.h"
#include "base/memguard.h"
#include "hostplane/serve.h"
#include "scheduler/config.h"

#include <unistd.h>

enum { EXIT_USAGE = 2 };

static const char version[] = "0.1.0";

typedef struct Command {
    const char *name, *help;
    int (*run)(const Config *c);
} Command;

static int fail_with(const Err *err)
{
    fprintf(stderr, "hostplane: %s\n", err->msg);
    return err->code == ERR_BAD_REQUEST ? EXIT_USAGE : EXIT_FAILURE;
}

static int run_serve(const Config *c)
{
    Err err;

    return serve(c, &err) < 0 ? fail_with(&err) : EXIT_SUCCESS;
}

static int run_migrate(const Config *c)
{
    int to = 0;
    Err err;

    if (serve_migrate(c, &to, &err) < 0)
        return fail_with(&err);
    printf("schema version %d\n", to);
    return EXIT_SUCCESS;
}

static int run_check_config(const Config *c)
{
    CLEANUP(sched_config_free) SchedConfig *scheduler = NULL;
    Err err;

    if (c->scheduler_config && sched_config_load(c->scheduler_config, &scheduler, &err) < 0)
        return fail_with(&err);
    config_print(c, stdout);
    return EXIT_SUCCESS;
}

static int run_version(const Config *c UNUSED)
{
    printf("hostplane %s (Kubernetes v1.36.0)\n", version);
    return EXIT_SUCCESS;
}

static const Command commands[] = {
    {"serve", "run the server until SIGTERM", run_serve},
    {"migrate", "bring the database's schema up to date and exit", run_migrate},
    {"check-config", "read all options and print what is in effect", run_check_config},
    {"version", "print the version", run_version},
};

static void print_help(FILE *out)
{
    fprintf(out, "hostplane - one control plane, thousands of Kubernetes clusters\n\n"
                 "usage: hostplane COMMAND [OPTIONS]\n\ncommands:\n");
    for (size_t i = 0; i < ARRAY_LEN(commands); i++)
        fprintf(out, "  %-14s %s\n", commands[i].name, commands[i].help);
    fprintf(out, "  %-14s %s\n\noptions:\n", "help", "print this text");
    config_print_help(out);
    fprintf(out,
            "\nAn option --some-name may also be given as HOSTPLANE_SOME_NAME in the environment,\n"
            "or as some-name in the YAML file of --config. Flags win over the environment, that\n"
            "over the file.\n\n"
            "exit status: 0 success (also after SIGTERM), 1 failure, 2 wrong usage\n");
}

static int run(const Command *cmd, int argc, char **argv)
{
    LogLevel level = LOG_INFO;
    Config c;
    Err err;
    int r = config_load(argc, argv, &c, &err);

    if (r == 0 && c.args[0])
        r = err_set(&err, ERR_BAD_REQUEST, "unexpected argument '%s'", c.args[0]);
    if (r == 0 && !c.wants_help && !log_level_from_name(c.log_level, &level))
        r = err_set(&err, ERR_BAD_REQUEST, "--log-level: '%s' is not a level", c.log_level);
    if (r < 0) {
        r = fail_with(&err);
    } else if (c.wants_help) {
        print_help(stdout);
        r = EXIT_SUCCESS;
    } else {
        log_setup(level, strcmp(c.log_format, "json") == 0);
        r = cmd->run(&c);
    }
    config_done(&c);
    return r;
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";

    memguard_dumps();
#ifndef ARENA_DEBUG /* sanitizers report by themselves */
    crash_setup("hostplane");
#endif
    for (size_t i = 0; i < ARRAY_LEN(commands); i++)
        if (strcmp(commands[i].name, name) == 0)
            return run(&commands[i], argc - 2, argv + 2);
    if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        print_help(stdout);
        return EXIT_SUCCESS;
    }
    if (strcmp(name, "--version") == 0)
        return run_version(NULL);
    if (name[0])
        fprintf(stderr, "hostplane: unknown command '%s'\n", name);
    print_help(stderr);
    return EXIT_USAGE;
}
