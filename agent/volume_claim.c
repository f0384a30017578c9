#include "agent/fs.h"
#include "agent/volumes.h"
#include "base/err.h"
#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Volumes that lie on the node outside of the pod: hostPath, and claims on local volumes.
 *
 * The built-in provisioner's volumes say /var/lib/hostplane/volumes/CLUSTER/NAME; this node keeps
 * them as DATA/local/CLUSTER/NAME, each in the folder of its own tenant. A tenant that writes such
 * a volume by hand gets a directory of its own and no more.
 */

#define LOCAL_ROOT "/var/lib/hostplane/volumes/"

/* ---- hostPath ---- */

static int check_type(const char *path, const char *type, Err *err)
{
    static const struct {
        const char *type, *word;
        mode_t format;
    } rows[] = {{"Directory", "directory", S_IFDIR},
                {"DirectoryOrCreate", "directory", S_IFDIR},
                {"File", "file", S_IFREG},
                {"FileOrCreate", "file", S_IFREG},
                {"Socket", "socket file", S_IFSOCK},
                {"CharDevice", "character device", S_IFCHR},
                {"BlockDevice", "block device", S_IFBLK}};
    struct stat st;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (!str_eq(type, rows[i].type))
            continue;
        if (stat(path, &st) < 0 || (st.st_mode & S_IFMT) != rows[i].format)
            return err_set(err, ERR_INVALID, "hostPath type check failed: %s is not a %s", path,
                           rows[i].word);
    }
    return 0;
}

static bool is_plain_path(const char *path)
{
    return path && path[0] == '/' && !strstr(path, "/../") && !str_ends(path, "/..");
}

int volume_host_path(const VolumeContext *vc, const Value *source, const char **ret, Err *err)
{
    const char *path = value_get_str(source, "path"), *type = value_get_str(source, "type");
    bool exists;
    int r = 0;

    if (!vc->allow_host_path)
        return err_set(err, ERR_FORBIDDEN, "hostPath volumes are not allowed on this node");
    if (!is_plain_path(path))
        return err_set(err, ERR_INVALID, "hostPath must be absolute");
    exists = access(path, F_OK) == 0;
    if (str_eq(type, "DirectoryOrCreate") && !exists)
        r = fs_mkdirs(path, 0755, err);
    else if (str_eq(type, "FileOrCreate") && !exists)
        r = fs_write(path, SLICE(""), 0644, err);
    if (r == 0)
        r = check_type(path, type, err);
    *ret = path;
    return r;
}

/* ---- claims ---- */

/* The directory of a volume of the built-in provisioner; NULL when the path is no such. */
static const char *local_dir(Arena *a, const VolumeContext *vc, const char *path)
{
    const char *prefix = arena_printf(a, "%s%s/", LOCAL_ROOT, vc->pc->cluster);
    const char *name;

    if (!path || !str_starts(path, prefix))
        return NULL;
    name = path + strlen(prefix);
    if (!name[0] || name[0] == '.' || strchr(name, '/'))
        return NULL;
    return arena_printf(a, "%s/%s/%s", vc->local_dir, vc->pc->cluster, name);
}

static int use_local(Arena *a, const VolumeContext *vc, const Value *local, const char **ret,
                     Err *err)
{
    const char *path = value_get_str(local, "path"), *dir = local_dir(a, vc, path);
    struct stat st;
    int r;

    if (!dir) {
        if (!vc->allow_host_path)
            return err_set(err, ERR_FORBIDDEN, "local volumes are not allowed on this node");
        if (!is_plain_path(path) || stat(path, &st) < 0)
            return err_set(err, ERR_INVALID, "path \"%s\" does not exist", path ? path : "");
        *ret = path;
        return 0;
    }
    *ret = dir;
    if (stat(dir, &st) == 0)
        return 0;
    r = fs_mkdirs(dir, 0777, err);
    if (r == 0 && chmod(dir, 0777) < 0)
        r = err_set(err, ERR_INTERNAL, "permissions of %s: %s", dir, strerror(errno));
    return r;
}

static int find_volume(const VolumeContext *vc, const char *name, Item **ret, Err *err)
{
    const char *ns = value_at_str(vc->pc->pod, "metadata.namespace");
    CLEANUP(item_unref)
    Item *claim =
        items_get(vc->pc->items, vc->pc->cluster, "persistentvolumeclaims", ns ? ns : "", name);
    const char *volume = claim ? value_at_str(claim->v, "spec.volumeName") : NULL;

    if (!claim)
        return err_set(err, ERR_NOT_FOUND, "persistentvolumeclaim \"%s\" not found", name);
    if (!volume || !volume[0] || !str_eq(value_at_str(claim->v, "status.phase"), "Bound"))
        return err_set(err, ERR_NOT_FOUND, "PVC is not bound");
    *ret = items_get(vc->pc->items, vc->pc->cluster, "persistentvolumes", "", volume);
    if (!*ret)
        return err_set(err, ERR_NOT_FOUND, "persistentvolume \"%s\" not found", volume);
    if (!str_eq(value_at_str((*ret)->v, "spec.claimRef.uid"), claim->uid))
        return err_set(err, ERR_NOT_FOUND, "PVC is not bound");
    return 0;
}

int volume_claim(Arena *a, const VolumeContext *vc, const char *claim, const char **ret, Err *err)
{
    CLEANUP(item_unref) Item *volume = NULL;
    const Value *spec;
    int64_t gid = value_at_int(vc->pc->pod, "spec.securityContext.fsGroup", -1);
    int r = find_volume(vc, claim, &volume, err);

    if (r < 0)
        return r;
    spec = value_get(volume->v, "spec");
    if (str_eq(value_get_str(spec, "volumeMode"), "Block"))
        return err_set(err, ERR_INVALID, "block volumes are not supported by this node");
    if (value_get(spec, "hostPath"))
        return volume_host_path(vc, value_get(spec, "hostPath"), ret, err);
    if (!value_get(spec, "local"))
        return err_set(err, ERR_INVALID, "volumes of this kind are not supported by this node");
    r = use_local(a, vc, value_get(spec, "local"), ret, err);
    if (r == 0)
        *ret = arena_strdup(a, *ret); /* it may be the item's */
    if (r == 0 && gid >= 0)
        r = fs_own_tree(
            *ret, gid,
            str_eq(value_at_str(vc->pc->pod, "spec.securityContext.fsGroupChangePolicy"),
                   "OnRootMismatch"),
            err);
    return r;
}

/* ---- volumes that are gone ---- */

int volumes_sweep_local(Items *items, const char *dir, Map *missing)
{
    DIR *clusters = opendir(dir);
    struct dirent *c, *v;
    int n = 0;

    while (clusters && (c = readdir(clusters))) {
        AUTO_FREE char *folder = xasprintf("%s/%s", dir, c->d_name);
        DIR *volumes = c->d_name[0] == '.' ? NULL : opendir(folder);

        while (volumes && (v = readdir(volumes))) {
            CLEANUP(item_unref) Item *volume = NULL;
            AUTO_FREE char *path = xasprintf("%s/%s", folder, v->d_name);

            if (v->d_name[0] == '.')
                continue;
            volume = items_get(items, c->d_name, "persistentvolumes", "", v->d_name);
            if (volume) {
                (void)map_del(missing, path); /* a mark, nothing to free */
            } else if (!map_set(missing, path, missing)) {
                continue; /* once may be a gap in what was heard */
            } else {
                fs_remove_tree(path);
                (void)map_del(missing, path);
                n++;
            }
        }
        if (volumes)
            closedir(volumes);
    }
    if (clusters)
        closedir(clusters);
    return n;
}
