#include "base/files.h"

#include "base/err.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sys/stat.h>
#include <unistd.h>

static void closep(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}
#define AUTO_FD __attribute__((cleanup(closep))) int

int file_read(const char *path, size_t max, Buf *out, Err *err)
{
    AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t left = max;
    ssize_t n = 0;

    if (fd < 0)
        return err_set(err, ERR_INTERNAL, "%s: %s", path, strerror(errno));
    /* Straight into `out`: a caller that reads a secret knows of the only copy. */
    while (left > 0) {
        size_t piece = MIN(left, 4096);

        buf_reserve(out, piece);
        n = read(fd, out->ptr + out->len, piece);
        if (n <= 0)
            break;
        out->len += (size_t)n;
        left -= (size_t)n;
    }
    if (out->ptr)
        out->ptr[out->len] = '\0';
    if (n < 0)
        return err_set(err, ERR_INTERNAL, "%s: %s", path, strerror(errno));
    return 0;
}

static void sync_dir_of(const char *path)
{
    AUTO_FREE char *copy = xstrdup(path);
    AUTO_FD fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd >= 0)
        (void)fsync(fd); /* some file systems cannot; the rename is done all the same */
}

int file_write(const char *path, Slice text, unsigned mode, Err *err)
{
    AUTO_FREE char *temp = xasprintf("%s.new", path);
    AUTO_FD fd = -1;
    size_t at = 0;

    (void)unlink(temp); /* of a crash before */
    fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)mode);
    if (fd < 0)
        return err_set(err, ERR_INTERNAL, "%s: %s", temp, strerror(errno));
    while (at < text.len) {
        ssize_t n = write(fd, text.ptr + at, text.len - at);

        if (n < 0)
            return err_set(err, ERR_INTERNAL, "%s: %s", temp, strerror(errno));
        at += (size_t)n;
    }
    if (fsync(fd) < 0 || rename(temp, path) < 0)
        return err_set(err, ERR_INTERNAL, "%s: %s", path, strerror(errno));
    sync_dir_of(path);
    return 0;
}

int dir_make(const char *path, unsigned mode, Err *err)
{
    if (mkdir(path, (mode_t)mode) < 0 && errno != EEXIST)
        return err_set(err, ERR_INTERNAL, "%s: %s", path, strerror(errno));
    return 0;
}
