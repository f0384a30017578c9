/*
 * hpctl exec and attach: the terminal becomes that of a command, or of what runs in a container.
 */
#include "cli/podstream.h"

#include <unistd.h>

/* -i and -t; a terminal only where there is one. */
static void streams_of(Cli *c, PodStream *s)
{
    s->container = flag_str(&c->flags, "container");
    s->has_stdin = flag_bool(&c->flags, "stdin");
    s->is_tty = flag_bool(&c->flags, "tty");
    s->in = STDIN_FILENO;
    s->out = STDOUT_FILENO;
    if (s->is_tty && s->has_stdin && !isatty(STDIN_FILENO)) {
        fprintf(stderr,
                "Unable to use a TTY - input is not a terminal or the right kind of file\n");
        s->is_tty = false;
    }
}

int cmd_exec(Cli *c)
{
    size_t n_all = c->n_args, from = MIN(MAX(c->flags.dash_at, 1), c->n_args);
    PodStream s = {.sub = "exec", .command = c->args + from, .n_command = n_all - from};
    Target t;

    if (c->n_args <= from)
        return cli_usage_error(c, "you must specify at least one command for the container");
    streams_of(c, &s);
    if (cli_connect(c) != 0)
        return 1;
    c->n_args = 1;
    if (cli_one_target(c, 0, "pods", &t) != 0 || cli_pod_of(c, &t) != 0)
        return 1;
    c->n_args = n_all;
    return podstream_run(c, &t, &s);
}

/* The container that is meant when none is named. */
static const Value *container_meant(Cli *c, const Value *pod, const char *name)
{
    const Value *list = value_at(pod, "spec.containers"), *box;
    const char *dflt = value_get_str(value_at(pod, "metadata.annotations"),
                                     "kubectl.kubernetes.io/default-container");
    AUTO_BUF all = BUF_INIT;

    value_each_item(list, i, box)
    {
        const char *own = value_get_str(box, "name");

        buf_addf(&all, "%s%s", i > 0 ? ", " : "", own);
        if (str_eq(own, name ? name : dflt))
            return box;
    }
    if (name) {
        (void)cli_error("container %s not found in pod %s", name,
                        value_at_str(pod, "metadata.name"));
        return NULL;
    }
    box = value_item(list, 0);
    if (value_len(list) > 1)
        fprintf(stderr, "Defaulted container \"%s\" out of: %s\n", value_get_str(box, "name"),
                buf_str(&all));
    (void)c;
    return box;
}

int cmd_attach(Cli *c)
{
    PodStream s = {.sub = "attach"};
    const Value *pod, *box;
    const char *phase;
    Target t;

    if (c->n_args == 0)
        return cli_usage_error(c, "at least 1 argument is required for attach");
    streams_of(c, &s);
    if (cli_connect(c) != 0 || cli_one_target(c, 0, "pods", &t) != 0 || cli_pod_of(c, &t) != 0)
        return 1;
    pod = cli_get(c, cli_path(c, t.res, t.ns, t.name, NULL), NULL);
    if (!pod)
        return 1;
    phase = value_at_str(pod, "status.phase");
    if (str_eq(phase, "Succeeded") || str_eq(phase, "Failed"))
        return cli_error("cannot attach a container in a completed pod; current phase is %s",
                         phase);
    box = container_meant(c, pod, s.container);
    if (!box)
        return 1;
    s.container = value_get_str(box, "name");
    if (s.is_tty && !value_at_bool(box, "tty")) {
        fprintf(stderr, "error: Unable to use a TTY - container %s did not allocate one\n",
                s.container);
        s.is_tty = false;
    }
    if (s.is_tty && s.has_stdin)
        fprintf(stderr, "If you don't see a command prompt, try pressing enter.\n");
    return podstream_run(c, &t, &s);
}
