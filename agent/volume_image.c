#include "agent/fs.h"
#include "agent/run.h"
#include "agent/volumes.h"
#include "base/err.h"
#include "base/mem.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Image volumes with a containerd that does not know them: its own client makes a read-only view of
 * the image's snapshot and mounts it. The view is named by the directory. A file beside the
 * directory tells that there is one, and of which image, should the agent die in between.
 */

enum { ID_MAX = 256 };

static const char *mark_of(Arena *a, const char *dir)
{
    return arena_printf(a, "%s.image", dir);
}

static bool is_mounted(const char *dir)
{
    AUTO_FREE char *up = xasprintf("%s/..", dir);
    struct stat st, parent;

    return stat(dir, &st) == 0 && stat(up, &parent) == 0 && st.st_dev != parent.st_dev;
}

static void unmount(const char *runtime, const char *dir)
{
    char *const argv[] = {
        RUN_ARG("ctr"),    RUN_ARG("-a"),      RUN_ARG(runtime), RUN_ARG("-n"), RUN_ARG("k8s.io"),
        RUN_ARG("images"), RUN_ARG("unmount"), RUN_ARG("--rm"),  RUN_ARG(dir),  NULL};
    Err err;

    if (run_program(argv, SLICE(""), &err) < 0) {
        /* what is left of it is unmounted with the pod's directory; the view expires in a day */
    }
}

int volume_image(Arena *a, const VolumeContext *vc, const Value *source, const char *dir, Err *err)
{
    const char *id;
    int r;

    if (is_mounted(dir))
        return 0;
    r = vc->image(vc->data, a, source, &id, err);
    if (r == 0)
        r = fs_mkdirs(dir, 0755, err);
    if (r == 0)
        r = fs_write(mark_of(a, dir), slice_of(id), 0600, err);
    if (r < 0)
        return r;
    unmount(vc->runtime, dir); /* left by a crash */
    char *const argv[] = {
        RUN_ARG("ctr"),    RUN_ARG("-a"),    RUN_ARG(vc->runtime), RUN_ARG("-n"), RUN_ARG("k8s.io"),
        RUN_ARG("images"), RUN_ARG("mount"), RUN_ARG(id),          RUN_ARG(dir),  NULL};
    return run_program(argv, SLICE(""), err);
}

void volume_images_used(Arena *a, const char *pod_dir, Value *used)
{
    const char *volumes = arena_printf(a, "%s/volumes", pod_dir);
    DIR *d = opendir(volumes);
    struct dirent *e;

    while (d && (e = readdir(d))) {
        AUTO_BUF id = BUF_INIT;

        if (e->d_name[0] != '.' && str_ends(e->d_name, ".image") &&
            fs_read(arena_printf(a, "%s/%s", volumes, e->d_name), ID_MAX, &id, NULL) == 0 &&
            id.len > 0)
            value_set_bool(a, used, buf_str(&id), true);
    }
    if (d)
        closedir(d);
}

void volume_images_remove(const char *pod_dir, const char *runtime)
{
    AUTO_FREE char *volumes = xasprintf("%s/volumes", pod_dir);
    DIR *d = opendir(volumes);
    struct dirent *e;

    while (d && (e = readdir(d))) {
        AUTO_FREE char *path = NULL;

        if (e->d_name[0] == '.' || !str_ends(e->d_name, ".image"))
            continue;
        path =
            xasprintf("%s/%.*s", volumes, (int)(strlen(e->d_name) - strlen(".image")), e->d_name);
        unmount(runtime, path);
    }
    if (d)
        closedir(d);
}
