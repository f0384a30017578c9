#include "agent/run.h"

#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int spawn(char *const argv[], int in, int out, int complaints, pid_t *ret, Err *err)
{
    posix_spawn_file_actions_t fa;
    int r;

    posix_spawn_file_actions_init(&fa);
    posix_spawn_file_actions_adddup2(&fa, in, 0);
    posix_spawn_file_actions_adddup2(&fa, out, 1);
    posix_spawn_file_actions_adddup2(&fa, complaints, 2);
    r = posix_spawnp(ret, argv[0], &fa, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&fa);
    return r == 0 ? 0 : err_set(err, ERR_INTERNAL, "cannot run %s: %s", argv[0], strerror(r));
}

static bool ends_well(pid_t pid)
{
    int status = 0;

    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int wait_child(pid_t pid, int out, const char *what, Err *err)
{
    char text[600];
    size_t n = 0;

    for (;;) {
        ssize_t r = read(out, text + n, sizeof(text) - 1 - n);

        if (r < 0 && errno == EINTR)
            continue;
        if (r <= 0)
            break;
        n += (size_t)r;
        if (n == sizeof(text) - 1)
            n = 0; /* keep the end of a long complaint */
    }
    text[n] = '\0';
    return ends_well(pid) ? 0 : err_set(err, ERR_INTERNAL, "%s failed: %s", what, text);
}

int run_program(char *const argv[], Slice input, Err *err)
{
    int in = memfd_create("hostplane-input", MFD_CLOEXEC), out[2] = {-1, -1}, r;
    pid_t pid;

    if (in < 0 || pipe2(out, O_CLOEXEC) < 0 ||
        write(in, input.ptr ? input.ptr : "", input.len) != (ssize_t)input.len ||
        lseek(in, 0, SEEK_SET) < 0) {
        r = err_set(err, ERR_INTERNAL, "preparing %s: %s", argv[0], strerror(errno));
        if (in >= 0)
            close(in);
        if (out[0] >= 0) {
            close(out[0]);
            close(out[1]);
        }
        return r;
    }
    r = spawn(argv, in, out[1], out[1], &pid, err);
    close(in);
    close(out[1]);
    if (r == 0)
        r = wait_child(pid, out[0], argv[0], err);
    close(out[0]);
    return r;
}

int run_output(char *const argv[], Buf *out, Err *err)
{
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC), ends[2] = {-1, -1}, r;
    AUTO_BUF said = BUF_INIT;
    char some[4096];
    ssize_t n;
    pid_t pid;

    if (nothing < 0 || pipe2(ends, O_CLOEXEC) < 0) {
        r = err_set(err, ERR_INTERNAL, "preparing %s: %s", argv[0], strerror(errno));
        if (nothing >= 0)
            close(nothing);
        return r;
    }
    r = spawn(argv, nothing, ends[1], nothing, &pid, err);
    close(nothing);
    close(ends[1]);
    while (r == 0 && ((n = read(ends[0], some, sizeof(some))) > 0 || (n < 0 && errno == EINTR)))
        buf_add(&said, some, n > 0 ? (size_t)n : 0);
    close(ends[0]);
    if (r < 0)
        return r;
    if (!ends_well(pid))
        return err_set(err, ERR_INTERNAL, "%s failed", argv[0]);
    buf_add_slice(out, buf_slice(&said));
    return 0;
}
