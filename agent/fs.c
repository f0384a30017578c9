#include "agent/fs.h"

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/random.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FS_MAX_DEPTH = 200 };

int fs_mkdirs(const char *path, unsigned mode, Err *err)
{
    AUTO_FREE char *p = xstrdup(path);

    for (char *s = p + 1; *s; s++) {
        if (*s != '/')
            continue;
        *s = '\0';
        (void)mkdir(p, 0755); /* an existing one is fine; the last one tells about failures */
        *s = '/';
    }
    if (mkdir(p, mode) < 0 && errno != EEXIST)
        return err_set(err, ERR_INTERNAL, "mkdir %s: %s", path, strerror(errno));
    return 0;
}

static int read_part(const char *path, size_t limit, bool is_end, Buf *out, Err *err)
{
    char chunk[4096];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    off_t size;

    if (fd < 0)
        return err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_INTERNAL, "open %s: %s", path,
                       strerror(errno));
    if (is_end && (size = lseek(fd, 0, SEEK_END)) >= 0)
        (void)lseek(fd, MAX(0, size - (off_t)limit), SEEK_SET); /* it could be sought just now */
    while (out->len < limit) {
        ssize_t n = read(fd, chunk, MIN(sizeof(chunk), limit - out->len));

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        buf_add(out, chunk, (size_t)n);
    }
    close(fd);
    return 0;
}

int fs_read(const char *path, size_t limit, Buf *out, Err *err)
{
    return read_part(path, limit, false, out, err);
}

int fs_read_end(const char *path, size_t limit, Buf *out, Err *err)
{
    return read_part(path, limit, true, out, err);
}

/* Known by its descriptor before it is opened: to open a device or a pipe does something. */
static int open_plain(const char *root, const char *path)
{
    struct open_how how = {.flags = O_PATH | O_CLOEXEC,
                           .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};
    int dir = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC), fd = -1, found = -1;
    char self[64];
    struct stat st;

    if (dir >= 0)
        found = (int)syscall(SYS_openat2, dir, path, &how, sizeof(how));
    if (found >= 0 && fstat(found, &st) == 0 && S_ISREG(st.st_mode)) {
        snprintf(self, sizeof(self), "/proc/self/fd/%d", found);
        fd = open(self, O_RDONLY | O_CLOEXEC);
    }
    if (found >= 0)
        close(found);
    if (dir >= 0)
        close(dir);
    return fd;
}

int fs_read_beneath(const char *root, const char *path, size_t limit, Buf *out, Err *err)
{
    int fd = open_plain(root, path);
    char chunk[4096];
    ssize_t n = 0;

    if (fd < 0)
        return err_set(err, ERR_NOT_FOUND, "no file %s", path);
    while (out->len <= limit &&
           ((n = read(fd, chunk, sizeof(chunk))) > 0 || (n < 0 && errno == EINTR)))
        buf_add(out, chunk, n > 0 ? (size_t)n : 0);
    close(fd);
    if (n < 0)
        return err_set(err, ERR_INTERNAL, "read %s: %s", path, strerror(errno));
    return out->len > limit ? err_set(err, ERR_TOO_LARGE, "%s is too large", path) : 0;
}

void fs_set_sysctl(const char *path, const char *value)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);

    if (fd < 0 || write(fd, value, strlen(value)) < 0)
        log_debug(NULL, "cannot set", LOG_STR("sysctl", path), LOG_STR("error", strerror(errno)));
    if (fd >= 0)
        close(fd);
}

static int write_new(const char *path, Slice data, unsigned mode, Err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    size_t done = 0;

    if (fd < 0)
        return err_set(err, ERR_INTERNAL, "open %s: %s", path, strerror(errno));
    while (done < data.len) {
        ssize_t n = write(fd, data.ptr + done, data.len - done);

        if (n < 0 && errno != EINTR)
            break;
        done += n > 0 ? (size_t)n : 0;
    }
    if (done < data.len || fchmod(fd, mode) < 0) {
        int r = err_set(err, ERR_INTERNAL, "write %s: %s", path, strerror(errno));

        close(fd);
        return r;
    }
    close(fd);
    return 0;
}

int fs_write(const char *path, Slice data, unsigned mode, Err *err)
{
    AUTO_FREE char *tmp = xasprintf("%s.tmp", path);
    int r;

    r = write_new(tmp, data, mode, err);
    if (r < 0)
        return r;
    if (rename(tmp, path) < 0)
        return err_set(err, ERR_INTERNAL, "rename %s: %s", path, strerror(errno));
    return 0;
}

/* What lies too deep is moved up, for the next round: a container may have made a chain of
 * directories longer than there are descriptors. */
typedef struct Lift {
    int top;
    bool has_moved;
} Lift;

static void lift_up(Lift *l, int parent, const char *name)
{
    char to[40];

    snprintf(to, sizeof(to), "deep-%llx", (unsigned long long)random_u64());
    if (renameat(parent, name, l->top, to) == 0)
        l->has_moved = true;
}

static void remove_at(int parent, const char *name, dev_t dev, int depth, Lift *l)
{
    struct stat st;
    struct dirent *e;
    DIR *d;
    int fd;

    if (unlinkat(parent, name, 0) == 0 || errno == ENOENT)
        return;
    if (depth == 0) {
        lift_up(l, parent, name);
        return;
    }
    fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return;
    if (fstat(fd, &st) < 0 || (dev && st.st_dev != dev) || !(d = fdopendir(fd))) {
        close(fd);
        return;
    }
    while ((e = readdir(d))) {
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            remove_at(fd, e->d_name, st.st_dev, depth - 1, l);
    }
    closedir(d);
    (void)unlinkat(parent, name, AT_REMOVEDIR); /* what stays is tried again at the next clean-up */
}

void fs_remove_tree(const char *path)
{
    Lift l = {.top = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};

    do {
        l.has_moved = false;
        remove_at(AT_FDCWD, path, 0, FS_MAX_DEPTH, &l);
    } while (l.has_moved);
    if (l.top >= 0)
        close(l.top);
}

static int64_t usage_at(int parent, const char *name, dev_t dev, int depth, int64_t *budget)
{
    struct stat st;
    struct dirent *e;
    int64_t bytes;
    DIR *d;
    int fd;

    if (*budget <= 0 || fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
        (dev && st.st_dev != dev))
        return 0;
    (*budget)--;
    bytes = st.st_blocks * 512;
    if (!S_ISDIR(st.st_mode) || depth == 0)
        return bytes;
    fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || !(d = fdopendir(fd))) {
        if (fd >= 0)
            close(fd);
        return bytes;
    }
    while (*budget > 0 && (e = readdir(d))) {
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            bytes += usage_at(fd, e->d_name, st.st_dev, depth - 1, budget);
    }
    closedir(d);
    return bytes;
}

int64_t fs_usage(const char *dir, int64_t *budget)
{
    return usage_at(AT_FDCWD, dir, 0, FS_MAX_DEPTH, budget);
}

static bool own_at(int parent, const char *name, gid_t gid, int depth)
{
    struct stat st;
    struct dirent *e;
    bool ok = true;
    DIR *d;
    int fd;

    if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || S_ISLNK(st.st_mode))
        return true; /* gone meanwhile, or nothing to own */
    if (!S_ISDIR(st.st_mode)) {
        fd = openat(parent, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
        ok = fd >= 0 && fchownat(fd, "", (uid_t)-1, gid, AT_EMPTY_PATH) == 0;
        if (ok && S_ISREG(st.st_mode)) {
            AUTO_FREE char *self = xasprintf("/proc/self/fd/%d", fd);

            ok = chmod(self, (st.st_mode & 07777) | 0660) == 0;
        }
        if (fd >= 0)
            close(fd);
        return ok;
    }
    fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || depth == 0 || !(d = fdopendir(fd))) {
        if (fd >= 0)
            close(fd);
        return false;
    }
    while ((e = readdir(d))) {
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            ok = own_at(fd, e->d_name, gid, depth - 1) && ok;
    }
    ok = fchown(fd, (uid_t)-1, gid) == 0 && fchmod(fd, (st.st_mode & 07777) | 02770) == 0 && ok;
    closedir(d);
    return ok;
}

int fs_own_tree(const char *dir, int64_t gid, bool only_if_root_differs, Err *err)
{
    struct stat st;

    if (only_if_root_differs && stat(dir, &st) == 0 && st.st_gid == (gid_t)gid &&
        (st.st_mode & 02770) == 02770)
        return 0;
    if (!own_at(AT_FDCWD, dir, (gid_t)gid, FS_MAX_DEPTH))
        return err_set(err, ERR_INTERNAL, "cannot give %s to group %lld", dir, (long long)gid);
    return 0;
}

int fs_mount_memory(const char *dir, const char *options, Err *err)
{
    AUTO_FREE char *up = xasprintf("%s/..", dir), *unswapped = NULL;
    struct stat st, parent;

    if (stat(dir, &st) < 0 || stat(up, &parent) < 0 || st.st_dev != parent.st_dev)
        return 0;
    unswapped = xasprintf("%s,noswap", options);
    if (mount("tmpfs", dir, "tmpfs", MS_NOSUID | MS_NODEV, unswapped) == 0)
        return 0;
    /* Linux before 6.3 does not know that option. */
    if (errno != EINVAL || mount("tmpfs", dir, "tmpfs", MS_NOSUID | MS_NODEV, options) < 0)
        return err_set(err, ERR_INTERNAL, "mounting tmpfs on %s: %s", dir, strerror(errno));
    return 0;
}

/* ---- the atomic writer ---- */

static void content_name(const Value *files, int64_t gid, char out[32])
{
    AUTO_BUF b = BUF_INIT;
    char hex[2 * SHA256_LEN + 1];

    buf_add_int(&b, gid);
    value_each_member(files, m)
    {
        const Value *data = value_get(m->value, "data");

        buf_addf(&b, "|%s|%lld|%u|", m->name, (long long)value_at_int(m->value, "mode", 0),
                 data ? data->n : 0);
        if (data)
            buf_add(&b, data->str, data->n);
    }
    sha256_hex(buf_slice(&b), hex);
    snprintf(out, 32, "..%.24s", hex);
}

static bool is_safe_path(const char *p)
{
    if (p[0] == '/' || p[0] == '\0' || str_starts(p, ".."))
        return false;
    return !strstr(p, "/../") && !str_ends(p, "/..") && !strstr(p, "//");
}

static int write_files(const char *dir, const Value *files, int64_t gid, Err *err)
{
    int r;

    value_each_member(files, m)
    {
        AUTO_FREE char *path = xasprintf("%s/%s", dir, m->name);
        const Value *data = value_get(m->value, "data");
        unsigned mode = (unsigned)value_at_int(m->value, "mode", 0644) & 0777;
        char *slash;

        if (!is_safe_path(m->name))
            return err_set(err, ERR_INVALID, "invalid path in volume: %s", m->name);
        slash = strrchr(path, '/');
        *slash = '\0';
        r = fs_mkdirs(path, 0755, err);
        *slash = '/';
        if (r < 0)
            return r;
        r = write_new(path, (Slice){data ? data->str : "", data ? data->n : 0},
                      gid >= 0 ? mode | 0440 : mode, err);
        if (r < 0)
            return r;
        if (chown(path, (uid_t)value_at_int(m->value, "uid", -1),
                  gid >= 0 ? (gid_t)gid : (gid_t)-1) < 0)
            return err_set(err, ERR_INTERNAL, "chown %s: %s", path, strerror(errno));
    }
    return 0;
}

/* Links for the first components of all paths; those that lead nowhere any more are removed. */
static int link_names(const char *dir, const Value *files, Err *err)
{
    struct dirent *e;
    DIR *d;

    value_each_member(files, m)
    {
        size_t n = strcspn(m->name, "/");
        AUTO_FREE char *link = xasprintf("%s/%.*s", dir, (int)n, m->name);
        AUTO_FREE char *target = xasprintf("..data/%.*s", (int)n, m->name);

        if (symlink(target, link) < 0 && errno != EEXIST)
            return err_set(err, ERR_INTERNAL, "symlink %s: %s", link, strerror(errno));
    }
    d = opendir(dir);
    while (d && (e = readdir(d))) {
        AUTO_FREE char *path = xasprintf("%s/%s", dir, e->d_name);

        if (!str_starts(e->d_name, "..") && e->d_name[0] != '.' && access(path, F_OK) < 0 &&
            errno == ENOENT)
            (void)unlink(path); /* a key that is gone */
    }
    if (d)
        closedir(d);
    return 0;
}

int fs_publish(const char *dir, const Value *files, int64_t gid, Err *err)
{
    AUTO_FREE char *data = xasprintf("%s/..data", dir);
    AUTO_FREE char *data_tmp = xasprintf("%s/..data_tmp", dir);
    char name[32], old[64] = "";
    ssize_t n = readlink(data, old, sizeof(old) - 1);
    int r;

    content_name(files, gid, name);
    old[n > 0 ? n : 0] = '\0';
    if (strcmp(old, name) == 0)
        return 0;
    AUTO_FREE char *fresh = xasprintf("%s/%s", dir, name);
    fs_remove_tree(fresh);
    r = fs_mkdirs(fresh, 0755, err);
    if (r == 0)
        r = write_files(fresh, files, gid, err);
    if (r < 0)
        return r;
    (void)unlink(data_tmp); /* left by a crash */
    if (symlink(name, data_tmp) < 0 || rename(data_tmp, data) < 0)
        return err_set(err, ERR_INTERNAL, "publishing %s: %s", dir, strerror(errno));
    r = link_names(dir, files, err);
    if (r < 0)
        return r;
    if (old[0]) {
        AUTO_FREE char *stale = xasprintf("%s/%s", dir, old);

        fs_remove_tree(stale);
    }
    return 1;
}
