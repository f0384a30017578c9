#include "agent/volumes.h"

#include "agent/fs.h"
#include "agent/resize.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/quantity.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int64_t fs_group(const VolumeContext *vc)
{
    return value_at_int(vc->pc->pod, "spec.securityContext.fsGroup", -1);
}

/* The user that all containers run as; -1: there is no such. */
static int64_t fs_user(const Value *pod)
{
    static const char *const lists[] = {"initContainers", "containers", "ephemeralContainers"};
    int64_t all = -1, own = value_at_int(pod, "spec.securityContext.runAsUser", -1);
    const Value *c;

    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        value_each_item(value_get(value_get(pod, "spec"), lists[i]), k, c)
        {
            int64_t uid = value_at_int(c, "securityContext.runAsUser", own);

            if (uid < 0 || (all >= 0 && uid != all))
                return -1;
            all = uid;
        }
    }
    return all;
}

static void add_file(Arena *a, Value *files, const char *path, const Value *data, int64_t mode)
{
    Value *f = value_object(a);

    value_set(a, f, "data", value_strn(a, data->str, data->n));
    value_set_int(a, f, "mode", mode);
    value_set(a, files, path, f);
}

/* A config map or secret, all keys or those of `items`. */
static int add_source(Arena *a, const VolumeContext *vc, bool is_secret, const char *name,
                      const Value *source, int64_t mode, Value *files, Err *err)
{
    const Value *list = value_get(source, "items"), *item;
    bool optional = value_at_bool(source, "optional");
    Value *data;
    int r;

    r = env_source_data(a, vc->pc, is_secret, name ? name : "", &data, err);
    if (r == -ERR_NOT_FOUND && optional)
        return 0;
    if (r < 0)
        return r;
    if (value_len(list) == 0) {
        value_each_member(data, m)
        {
            add_file(a, files, m->name, m->value, mode);
        }
    }
    value_each_item(list, i, item)
    {
        const char *key = value_get_str(item, "key"), *path = value_get_str(item, "path");
        const Value *v = key ? value_get(data, key) : NULL;

        if (!v && optional)
            continue;
        if (!v || !path)
            return err_set(err, ERR_NOT_FOUND, "references non-existent %s key: %s",
                           is_secret ? "secret" : "config", key ? key : "");
        add_file(a, files, path, v, value_at_int(item, "mode", mode));
    }
    return 0;
}

static int add_downward(Arena *a, const VolumeContext *vc, const Value *source, int64_t mode,
                        Value *files, Err *err)
{
    const Value *item;
    int r;

    value_each_item(value_get(source, "items"), i, item)
    {
        const Value *field = value_get(item, "fieldRef");
        const Value *resource = value_get(item, "resourceFieldRef");
        const char *path = value_get_str(item, "path"), *text = "";
        const char *field_path = value_get_str(field, "fieldPath");

        if (field)
            r = env_field(a, vc->pc, field_path ? field_path : "", &text, err);
        else
            r = env_resource_field(a, vc->pc, resource, NULL, &text, err);
        if (r < 0)
            return r;
        if (path)
            add_file(a, files, path, value_str(a, text), value_at_int(item, "mode", mode));
    }
    return 0;
}

static int add_token(Arena *a, const VolumeContext *vc, const Value *source, int64_t mode,
                     Value *files, Err *err)
{
    const char *account = value_at_str(vc->pc->pod, "spec.serviceAccountName");
    const char *audience = value_get_str(source, "audience");
    const char *path = value_get_str(source, "path"), *token;
    int64_t uid;
    int r;

    r = vc->token(vc->data, a, account && account[0] ? account : "default", audience,
                  value_at_int(source, "expirationSeconds", 3600), &token, err);
    if (r < 0)
        return r;
    /* Closed to others where one user or group can be told that it is for. */
    uid = fs_user(vc->pc->pod);
    add_file(a, files, path ? path : "token", value_str(a, token),
             uid >= 0 || fs_group(vc) >= 0 ? 0600 : mode);
    if (uid >= 0)
        value_set_int(a, value_get(files, path ? path : "token"), "uid", uid);
    return 0;
}

static int add_projected(Arena *a, const VolumeContext *vc, const Value *projected, int64_t mode,
                         Value *files, Err *err)
{
    const Value *source, *s;
    int r = 0;

    value_each_item(value_get(projected, "sources"), i, source)
    {
        if ((s = value_get(source, "configMap")))
            r = add_source(a, vc, false, value_get_str(s, "name"), s, mode, files, err);
        else if ((s = value_get(source, "secret")))
            r = add_source(a, vc, true, value_get_str(s, "name"), s, mode, files, err);
        else if ((s = value_get(source, "downwardAPI")))
            r = add_downward(a, vc, s, mode, files, err);
        else if ((s = value_get(source, "serviceAccountToken")))
            r = add_token(a, vc, s, mode, files, err);
        if (r < 0)
            return r;
    }
    return 0;
}

/* No more than the volume's limit, what the pod may have of memory, and what the node has
 * (upstream: pkg/volume/emptydir, calculateEmptyDirMemorySize()). */
static int64_t memory_size(const VolumeContext *vc, const Value *source)
{
    const char *limit = value_get_str(source, "sizeLimit");
    int64_t size = vc->pc->node_memory, cap = resize_pod_memory_cap(vc->pc->pod);
    Quantity q;

    if (cap > 0 && cap < size)
        size = cap;
    if (limit && quantity_parse(slice_of(limit), &q, NULL) == 0 && quantity_value(&q) > 0)
        size = MIN(size, quantity_value(&q));
    return size;
}

static int setup_empty_dir(const VolumeContext *vc, const Value *source, const char *dir, Err *err)
{
    const char *medium = value_get_str(source, "medium");
    struct stat st;
    int64_t gid = fs_group(vc);
    char options[64] = "mode=0777";
    bool is_new = stat(dir, &st) < 0;
    int r;

    r = fs_mkdirs(dir, 0777, err);
    if (r < 0)
        return r;
    if (str_eq(medium, "Memory")) {
        if (memory_size(vc, source) > 0)
            snprintf(options, sizeof(options), "mode=0777,size=%lld",
                     (long long)memory_size(vc, source));
        r = fs_mount_memory(dir, options, err);
        if (r < 0)
            return r;
    }
    if (is_new && (chmod(dir, gid >= 0 ? 02777 : 0777) < 0 ||
                   (gid >= 0 && chown(dir, (uid_t)-1, (gid_t)gid) < 0)))
        return err_set(err, ERR_INTERNAL, "permissions of %s: %s", dir, strerror(errno));
    return 0;
}

static int setup_one(Arena *a, const VolumeContext *vc, const Value *volume, const char **ret,
                     Err *err)
{
    const char *name = value_get_str(volume, "name");
    const char *dir = arena_printf(a, "%s/volumes/%s", vc->dir, name ? name : "");
    Value *files = value_object(a);
    const Value *s;
    int64_t mode;
    int r;

    if (!name || !name[0] || strchr(name, '/'))
        return err_set(err, ERR_INVALID, "volume without a proper name");
    *ret = dir;
    if ((s = value_get(volume, "emptyDir")))
        return setup_empty_dir(vc, s, dir, err);
    if ((s = value_get(volume, "hostPath")))
        return volume_host_path(vc, s, ret, err);
    if ((s = value_get(volume, "persistentVolumeClaim")))
        return volume_claim(a, vc, value_get_str(s, "claimName"), ret, err);
    if ((s = value_get(volume, "image")))
        return volume_image(a, vc, s, dir, err);
    if (value_get(volume, "ephemeral"))
        return volume_claim(
            a, vc, arena_printf(a, "%s-%s", value_at_str(vc->pc->pod, "metadata.name"), name), ret,
            err);
    r = fs_mkdirs(dir, 0755, err);
    if (r == 0 && (value_get(volume, "secret") || value_get(volume, "projected")))
        r = fs_mount_memory(dir, "mode=0755", err); /* secrets and tokens stay off the disk */
    if (r < 0)
        return r;
    if ((s = value_get(volume, "configMap"))) {
        mode = value_at_int(s, "defaultMode", 0644);
        r = add_source(a, vc, false, value_get_str(s, "name"), s, mode, files, err);
    } else if ((s = value_get(volume, "secret"))) {
        mode = value_at_int(s, "defaultMode", 0644);
        r = add_source(a, vc, true, value_get_str(s, "secretName"), s, mode, files, err);
    } else if ((s = value_get(volume, "projected"))) {
        r = add_projected(a, vc, s, value_at_int(s, "defaultMode", 0644), files, err);
    } else if ((s = value_get(volume, "downwardAPI"))) {
        r = add_downward(a, vc, s, value_at_int(s, "defaultMode", 0644), files, err);
    } else {
        return err_set(err, ERR_INVALID, "volumes of this kind are not supported by this node");
    }
    if ((r == -ERR_UNAVAILABLE || r == -ERR_TIMEOUT) &&
        access(arena_printf(a, "%s/..data", dir), F_OK) == 0)
        return 0; /* the server is away: what the volume shows is as good as it gets */
    if (r < 0)
        return r;
    r = fs_publish(dir, files, fs_group(vc), err);
    return r < 0 ? r : 0;
}

int volumes_setup(Arena *a, const VolumeContext *vc, Value **ret, Err *err)
{
    Value *paths = value_object(a);
    const Value *volume;

    value_each_item(value_at(vc->pc->pod, "spec.volumes"), i, volume)
    {
        const char *path = "";
        int r = setup_one(a, vc, volume, &path, err);

        if (r < 0)
            return err_wrap(err, r, "MountVolume.SetUp failed for volume \"%s\" ",
                            value_get_str(volume, "name"));
        value_set_str(a, paths, value_get_str(volume, "name"), path);
    }
    *ret = paths;
    return 0;
}

/* ---- subPath ---- */

static int open_beneath(int root, const char *path, int flags)
{
    struct open_how how = {.flags = (uint64_t)flags,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};

    return (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
}

/* Makes the missing directories of a subPath, each opened below the last one. */
static int make_beneath(int root, const char *path)
{
    AUTO_FREE char *copy = xstrdup(path);
    int at = dup(root);

    for (char *part = copy, *next; at >= 0 && part; part = next) {
        struct stat st;
        int fd;

        next = strchr(part, '/');
        if (next)
            *next++ = '\0';
        if (!part[0])
            continue;
        /* As open to the container as the directory above; an existing one is left alone. */
        if (mkdirat(at, part, 0755) == 0 && fstat(at, &st) == 0 &&
            fchmodat(at, part, st.st_mode & 07777, 0) < 0) {
            close(at);
            return -1;
        }
        fd = open_beneath(at, part, O_PATH | O_CLOEXEC);
        close(at);
        at = fd;
    }
    return at;
}

static int bind_fd(int fd, const char *target, Err *err)
{
    char self[64];
    struct stat st;
    int r;

    snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
    if (fstat(fd, &st) < 0)
        return err_set(err, ERR_INTERNAL, "stat of a subPath: %s", strerror(errno));
    if (S_ISDIR(st.st_mode)) {
        r = fs_mkdirs(target, 0755, err);
    } else {
        AUTO_FREE char *dir = xstrdup(target);

        *strrchr(dir, '/') = '\0';
        r = fs_mkdirs(dir, 0755, err);
        if (r == 0 && access(target, F_OK) < 0)
            r = fs_write(target, SLICE(""), 0644, err);
    }
    if (r < 0)
        return r;
    (void)umount2(target, MNT_DETACH); /* of the container before this one */
    if (mount(self, target, NULL, MS_BIND, NULL) < 0)
        return err_set(err, ERR_INTERNAL, "mounting a subPath on %s: %s", target, strerror(errno));
    return 0;
}

static bool has_backsteps(const char *path)
{
    Slice rest = slice_of(path), part;

    while (rest.len > 0) {
        slice_cut(&rest, '/', &part);
        if (slice_is(part, ".."))
            return true;
    }
    return false;
}

int volumes_mount_source(Arena *a, const VolumeContext *vc, const Value *paths, const Value *mount,
                         const char *container, const Value *env, const char **ret, Err *err)
{
    const char *volume = value_get_str(mount, "name");
    const char *sub = value_get_str(mount, "subPath"), *expr = value_get_str(mount, "subPathExpr");
    const char *where = value_get_str(mount, "mountPath"), *target;
    const char *base = volume ? value_get_str(paths, volume) : NULL;
    int root, fd, r;

    if (!base || !where)
        return err_set(err, ERR_INVALID, "volume \"%s\" of container %s is not in the pod",
                       volume ? volume : "", container);
    if (expr && expr[0]) {
        r = env_expand_all(a, expr, env, &sub, err);
        if (r < 0)
            return r;
    }
    if (!sub || !sub[0]) {
        *ret = base;
        return 0;
    }
    if (sub[0] == '/')
        return err_set(err, ERR_INVALID, "error SubPath `%s` must not be an absolute path", sub);
    if (has_backsteps(sub))
        return err_set(err, ERR_INVALID, "unable to provision SubPath `%s`: must not contain '..'",
                       sub);
    root = open(base, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        return err_set(err, ERR_INTERNAL, "open %s: %s", base, strerror(errno));
    fd = open_beneath(root, sub, O_PATH | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        fd = make_beneath(root, sub);
    close(root);
    if (fd < 0)
        return err_set(err, ERR_INVALID,
                       "failed to prepare subPath for volumeMount \"%s\" of container \"%s\"",
                       volume, container);
    char *slug = arena_strdup(a, where);
    for (char *p = slug; *p; p++) {
        if (*p == '/')
            *p = '~';
    }
    target = arena_printf(a, "%s/subpaths/%s/%s", vc->dir, container, slug);
    r = bind_fd(fd, target, err);
    close(fd);
    *ret = target;
    return r;
}

/* Mounts below `dir`, from the kernel's list, last first. */
static void unmount_below(const char *dir)
{
    AUTO_FREE char *prefix = xasprintf(" %s/", dir);
    FILE *f = fopen("/proc/self/mounts", "re");
    char *found[256], line[4096];
    size_t n = 0;

    while (f && n < ARRAY_LEN(found) && fgets(line, sizeof(line), f)) {
        char *p = strstr(line, prefix);

        if (p) {
            p[1 + strcspn(p + 1, " ")] = '\0';
            found[n++] = xstrdup(p + 1);
        }
    }
    if (f)
        fclose(f);
    while (n > 0) {
        (void)umount2(found[--n], MNT_DETACH); /* a busy one goes with its last user */
        free(found[n]);
    }
}

void volumes_remove(const char *dir, const char *runtime)
{
    volume_images_remove(dir, runtime);
    unmount_below(dir);
    fs_remove_tree(dir);
}
