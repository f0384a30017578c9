#include "agent/logs.h"
#include "agent/tunnel.h"
#include "base/clock.h"
#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    LOG_CHUNK = 64 << 10,
    FOLLOW_MS = 100,
    RUNNING_CHECK_MS = 1000,
};

static int parse_number(const TunnelTarget *t, const char *name, int64_t *ret, Err *err)
{
    const char *s = tunnel_query(t, name);

    if (s && s[0] && (!slice_to_int64(slice_of(s), ret) || *ret < 0))
        return err_set(err, ERR_BAD_REQUEST, "%s: not a number: %s", name, s);
    return 0;
}

static int parse_options(const TunnelTarget *t, LogOptions *o, Err *err)
{
    const char *since = tunnel_query(t, "sinceTime"), *stream = tunnel_query(t, "stream");
    int64_t since_s = -1;

    *o = (LogOptions){.tail = -1,
                      .limit_bytes = -1,
                      .follow = tunnel_query_bool(t, "follow"),
                      .timestamps = tunnel_query_bool(t, "timestamps"),
                      .previous = tunnel_query_bool(t, "previous")};
    if (parse_number(t, "tailLines", &o->tail, err) < 0 ||
        parse_number(t, "limitBytes", &o->limit_bytes, err) < 0 ||
        parse_number(t, "sinceSeconds", &since_s, err) < 0)
        return -ERR_BAD_REQUEST;
    if (since_s >= 0)
        o->since_us = clock_now_us() - since_s * 1000000;
    if (since && since[0] && !clock_from_rfc3339(slice_of(since), &o->since_us))
        return err_set(err, ERR_BAD_REQUEST, "sinceTime: not a time: %s", since);
    if (stream && strcmp(stream, "Stdout") == 0)
        o->stream = "stdout";
    else if (stream && strcmp(stream, "Stderr") == 0)
        o->stream = "stderr";
    return 0;
}

typedef struct Tailing {
    const StreamContext *c;
    const char *path;
    LogOptions o;
    PodWhere where;
    int fd;
    Buf line; /* the beginning of a line whose end is not yet written */
    bool in_line;
    int64_t left, checked_us;
} Tailing;

static bool pass(Tailing *t, Slice chunk)
{
    AUTO_BUF out = BUF_INIT;

    buf_add_slice(&t->line, chunk);
    for (;;) {
        const char *end = t->line.len ? memchr(t->line.ptr, '\n', t->line.len) : NULL;
        LogLine l;
        size_t n;

        if (!end || t->left == 0)
            break;
        n = (size_t)(end - t->line.ptr);
        if (log_line_parse((Slice){t->line.ptr, n}, &l))
            log_line_write(&l, &t->o, &t->in_line, &t->left, &out);
        memmove(t->line.ptr, t->line.ptr + n + 1, t->line.len - n - 1);
        buf_truncate(&t->line, t->line.len - n - 1);
    }
    return stream_write(t->c->stream, buf_slice(&out)) && t->left != 0;
}

/* The file was put aside and there is a new one: go on there. */
static bool next_file(Tailing *t)
{
    struct stat now, ours;
    int fd;

    if (stat(t->path, &now) < 0 || fstat(t->fd, &ours) < 0 || now.st_ino == ours.st_ino)
        return false;
    fd = open(t->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return false;
    close(t->fd);
    t->fd = fd;
    return true;
}

/* At the end of the file: is there anything to wait for? */
static bool wait_for_more(Tailing *t)
{
    struct pollfd p = {.fd = stream_fd(t->c->stream), .events = 0};
    int64_t now = clock_mono_us();
    PodContainerRef ref;

    if (!t->o.follow || stream_is_closed(t->c->stream))
        return false;
    if (now - t->checked_us > RUNNING_CHECK_MS * 1000) {
        CLEANUP(arena_free) Arena *a = arena_new();
        off_t at = lseek(t->fd, 0, SEEK_CUR);

        t->checked_us = now;
        if (pods_find(t->c->pods, a, &t->where, &ref, NULL) < 0 || !ref.is_running)
            return lseek(t->fd, 0, SEEK_END) > at && lseek(t->fd, at, SEEK_SET) == at;
    }
    (void)poll(&p, 1, FOLLOW_MS); /* merely a sleep */
    return true;
}

static void follow(Tailing *t)
{
    char chunk[LOG_CHUNK];

    for (;;) {
        ssize_t n = read(t->fd, chunk, sizeof(chunk));

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 || (n > 0 && !pass(t, (Slice){chunk, (size_t)n})))
            return;
        if (n == 0 && !(t->o.follow && next_file(t)) && !wait_for_more(t))
            return;
    }
}

int tunnel_logs(const StreamContext *c, Err *err)
{
    const TunnelTarget *target = c->target;
    Tailing t = {.c = c,
                 .where = {.cluster = target->cluster,
                           .ns = target->ns,
                           .name = target->pod,
                           .container = target->rest[0]}};
    PodContainerRef ref;
    int r;

    if (!target->rest[0])
        return err_set(err, ERR_BAD_REQUEST, "a container must be named");
    r = parse_options(target, &t.o, err);
    if (r < 0)
        return r;
    t.where.previous = t.o.previous;
    r = pods_find(c->pods, c->arena, &t.where, &ref, err);
    if (r < 0)
        return r;
    t.fd = open(ref.log_path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (t.fd < 0)
        return err_set(err, ERR_NOT_FOUND, "no log of container \"%s\": %s", target->rest[0],
                       strerror(errno));
    t.path = ref.log_path;
    t.left = t.o.limit_bytes;
    t.checked_us = clock_mono_us();
    if (t.o.tail >= 0)
        (void)lseek(t.fd, log_tail_offset(t.fd, t.o.tail), SEEK_SET); /* a file can be sought */
    stream_reply(c->stream, 200, "text/plain");
    follow(&t);
    close(t.fd);
    buf_done(&t.line);
    return 0;
}
