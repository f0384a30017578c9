/*
 * podstream.c - one poll loop over the socket, the input and a pipe that SIGWINCH writes to.
 */
#include "cli/podstream.h"

#include "client/ws.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

typedef struct Exec {
    Cli *c;
    const PodStream *s;
    WebSocket *ws;
    bool is_v5, stdin_open;
    int status; /* exit status, -1 until known */
} Exec;

static int winch_pipe[2] = {-1, -1};
static struct termios saved_terminal;
static bool terminal_is_raw;

static void on_winch(int sig UNUSED)
{
    int saved = errno;

    (void)!write(winch_pipe[1], "w", 1); /* a full pipe already says it */
    errno = saved;
}

static void restore_terminal(void)
{
    if (terminal_is_raw)
        tcsetattr(STDIN_FILENO, TCSANOW, &saved_terminal);
    terminal_is_raw = false;
}

static void make_terminal_raw(void)
{
    struct termios raw;

    if (tcgetattr(STDIN_FILENO, &saved_terminal) < 0)
        return;
    raw = saved_terminal;
    cfmakeraw(&raw);
    if (tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0) {
        terminal_is_raw = true;
        atexit(restore_terminal);
    }
}

static int send_channel(Exec *e, unsigned char channel, const void *data, size_t n, Err *err)
{
    AUTO_BUF b = BUF_INIT;

    buf_addc(&b, (char)channel);
    buf_add(&b, data, n);
    return ws_send(e->ws, WS_BINARY, buf_slice(&b), err);
}

static int send_size(Exec *e, Err *err)
{
    struct winsize w;
    char text[64];
    int n;

    if (ioctl(STDIN_FILENO, TIOCGWINSZ, &w) < 0)
        return 0;
    n = snprintf(text, sizeof(text), "{\"Width\":%u,\"Height\":%u}", w.ws_col, w.ws_row);
    return send_channel(e, 4, text, (size_t)n, err);
}

/* Status of channel 3: success, or the exit code among the causes. */
static void take_status(Exec *e, Slice text)
{
    Value *v, *cause;

    e->status = 1;
    if (value_parse(e->c->arena, text, &v, NULL) < 0)
        return;
    if (str_eq(value_get_str(v, "status"), "Success")) {
        e->status = 0;
        return;
    }
    value_each_item(value_at(v, "details.causes"), i,
                    cause) if (str_eq(value_get_str(cause, "reason"), "ExitCode")) e->status =
        (int)strtol(value_get_str(cause, "message"), NULL, 10);
    restore_terminal();
    if (str_eq(value_get_str(v, "reason"), "NonZeroExitCode"))
        fprintf(stderr, "command terminated with exit code %d\n", e->status);
    else
        (void)cli_error("%s", value_get_str(v, "message") ? value_get_str(v, "message") : "failed");
}

static int write_all(int fd, Slice s)
{
    while (s.len > 0) {
        ssize_t n = write(fd, s.ptr, s.len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return cli_error("write: %s", strerror(errno));
        s = (Slice){s.ptr + n, s.len - (size_t)n};
    }
    return 0;
}

/* 0, or 1 when nobody takes the output any more. */
static int take_message(Exec *e, const Buf *m)
{
    Slice rest = {m->ptr + 1, m->len - 1};

    if (m->len == 0)
        return 0;
    switch ((unsigned char)m->ptr[0]) {
    case 1:
        return write_all(e->s->out, rest);
    case 2:
        return write_all(STDERR_FILENO, rest);
    case 3:
        if (rest.len > 0)
            take_status(e, rest);
        return 0;
    default:
        return 0;
    }
}

/* All messages that are there: 0 go on, 1 the end, -1 broken. */
static int drain(Exec *e, Err *err)
{
    AUTO_BUF m = BUF_INIT;
    int r;

    while ((r = ws_receive(e->ws, 0, &m, err)) > 0)
        if (take_message(e, &m) != 0) {
            e->status = 1;
            return 1;
        }
    if (r == -ERR_EXPIRED)
        return 1;
    return r < 0 ? -1 : 0;
}

static int pass_stdin(Exec *e, Err *err)
{
    char chunk[32768];
    ssize_t n = read(e->s->in, chunk, sizeof(chunk));
    static const char stdin_channel = 0;

    if (n > 0)
        return send_channel(e, 0, chunk, (size_t)n, err);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return 0;
    e->stdin_open = false;
    return e->is_v5 ? send_channel(e, 255, &stdin_channel, 1, err) : 0;
}

static int run(Exec *e)
{
    Err err;

    e->stdin_open = e->s->has_stdin;
    if (e->s->is_tty && send_size(e, &err) < 0)
        return cli_print_err(&err);
    for (;;) {
        struct pollfd fds[] = {{ws_fd(e->ws), POLLIN, 0},
                               {e->stdin_open ? e->s->in : -1, POLLIN, 0},
                               {winch_pipe[0], POLLIN, 0}};
        char drop[16];
        int r = drain(e, &err);

        if (r != 0) {
            restore_terminal();
            if (e->status >= 0)
                return e->status;
            return r > 0 ? 0 : cli_print_err(&err);
        }
        if (poll(fds, 3, -1) < 0 && errno != EINTR)
            return cli_error("poll: %s", strerror(errno));
        if (fds[2].revents && read(winch_pipe[0], drop, sizeof(drop)) > 0 && send_size(e, &err) < 0)
            return cli_print_err(&err);
        if (fds[1].revents && pass_stdin(e, &err) < 0)
            return cli_print_err(&err);
    }
}

static const char *query_of(Cli *c, const PodStream *s)
{
    AUTO_BUF q = BUF_INIT;

    for (size_t i = 0; i < s->n_command; i++)
        buf_addf(&q, "command=%s&", cli_quote(c, s->command[i]));
    if (s->container)
        buf_addf(&q, "container=%s&", cli_quote(c, s->container));
    buf_addf(&q, "stdin=%s&stdout=true&stderr=%s&tty=%s", s->has_stdin ? "true" : "false",
             s->is_tty ? "false" : "true", s->is_tty ? "true" : "false");
    return arena_strdup(c->arena, buf_str(&q));
}

int podstream_run(Cli *c, const Target *pod, const PodStream *s)
{
    static const char *const protocols[] = {"v5.channel.k8s.io", "v4.channel.k8s.io", NULL};
    ClientRequest req = {.method = "GET",
                         .path = cli_path(c, pod->res, pod->ns, pod->name, s->sub),
                         .query = query_of(c, s)};
    Exec e = {.c = c, .s = s, .status = -1};
    Err err;
    int r = ws_open(c->client, &req, protocols, &e.ws, &err);

    if (r < 0) {
        fprintf(stderr, "Error from server (%s): %s\n", err_reason(err.code), err.msg);
        return 1;
    }
    e.is_v5 = strcmp(ws_protocol(e.ws), protocols[0]) == 0;
    if (s->is_tty && s->has_stdin) {
        make_terminal_raw();
        if (pipe(winch_pipe) == 0)
            signal(SIGWINCH, on_winch);
    }
    r = run(&e);
    restore_terminal();
    ws_close(e.ws);
    return r;
}
