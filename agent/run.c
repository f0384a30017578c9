#include "agent/run.h"

#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int wait_child(pid_t pid, int out, const char *what, Err *err)
{
    char text[600];
    size_t n = 0;
    int status = 0;

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
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return err_set(err, ERR_INTERNAL, "%s failed: %s", what, text);
    return 0;
}

int run_program(char *const argv[], Slice input, Err *err)
{
    posix_spawn_file_actions_t fa;
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
    posix_spawn_file_actions_init(&fa);
    posix_spawn_file_actions_adddup2(&fa, in, 0);
    posix_spawn_file_actions_adddup2(&fa, out[1], 1);
    posix_spawn_file_actions_adddup2(&fa, out[1], 2);
    r = posix_spawnp(&pid, argv[0], &fa, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&fa);
    close(in);
    close(out[1]);
    if (r != 0)
        r = err_set(err, ERR_INTERNAL, "cannot run %s: %s", argv[0], strerror(r));
    else
        r = wait_child(pid, out[0], argv[0], err);
    close(out[0]);
    return r;
}

int run_output(char *const argv[], Buf *out, Err *err)
{
    posix_spawn_file_actions_t fa;
    int ends[2], status = 0, r;
    AUTO_BUF said = BUF_INIT;
    char some[4096];
    ssize_t n;
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) < 0)
        return err_set(err, ERR_INTERNAL, "preparing %s: %s", argv[0], strerror(errno));
    posix_spawn_file_actions_init(&fa);
    posix_spawn_file_actions_addopen(&fa, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&fa, ends[1], 1);
    posix_spawn_file_actions_addopen(&fa, 2, "/dev/null", O_WRONLY, 0);
    r = posix_spawnp(&pid, argv[0], &fa, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&fa);
    close(ends[1]);
    if (r != 0) {
        close(ends[0]);
        return err_set(err, ERR_INTERNAL, "cannot run %s: %s", argv[0], strerror(r));
    }
    do {
        n = read(ends[0], some, sizeof(some));
        if (n > 0)
            buf_add(&said, some, (size_t)n);
    } while (n > 0 || (n < 0 && errno == EINTR));
    close(ends[0]);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return err_set(err, ERR_INTERNAL, "%s failed", argv[0]);
    buf_add_slice(out, buf_slice(&said));
    return 0;
}
