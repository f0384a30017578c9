#include "agent/cgroup.h"

#include "base/mem.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CFS_PERIOD_US = 100000, CPU_MILLI_MAX = 1000 * 1000 * 1000 };

static const char *const controllers[] = {"cpu",     "cpuacct", "cpuset", "memory",  "devices",
                                          "freezer", "blkio",   "pids",   "systemd", "unified"};

static void put(const char *dir, const char *file, int64_t n)
{
    AUTO_FREE char *path = xasprintf("%s/%s", dir, file);
    char text[24];
    int len = snprintf(text, sizeof(text), "%lld", (long long)n);
    int fd = open(path, O_WRONLY | O_CLOEXEC);

    if (fd < 0)
        return;
    if (write(fd, text, (size_t)len) != len) {
        /* the limit of the parent is lower: that one holds */
    }
    close(fd);
}

static bool make_in(const char *controller, const char *parent, char **ret)
{
    AUTO_FREE char *root = xasprintf("/sys/fs/cgroup/%s", controller);
    char *path = xasprintf("%s%s", root, parent);

    if (access(root, F_OK) < 0) {
        free(path);
        return false;
    }
    for (char *p = path + strlen(root) + 1; *p; p++) {
        if (*p == '/') {
            *p = '\0';
            (void)mkdir(path, 0755); /* existing is fine */
            *p = '/';
        }
    }
    (void)mkdir(path, 0755);
    *ret = path;
    return true;
}

void cgroup_make(const char *parent, const CgroupLimits *l)
{
    char *dir;

    if (make_in("cpu", parent, &dir)) {
        put(dir, "cpu.shares", MAX(2, l->cpu_request_milli * 1024 / 1000));
        if (l->cpu_limit_milli > 0) {
            put(dir, "cpu.cfs_period_us", CFS_PERIOD_US);
            put(dir, "cpu.cfs_quota_us",
                MAX(1000, MIN(l->cpu_limit_milli, CPU_MILLI_MAX) * CFS_PERIOD_US / 1000));
        }
        free(dir);
    }
    if (l->memory_limit > 0 && make_in("memory", parent, &dir)) {
        put(dir, "memory.limit_in_bytes", l->memory_limit);
        free(dir);
    }
    if (make_in("pids", parent, &dir)) {
        put(dir, "pids.max", CGROUP_POD_PIDS);
        free(dir);
    }
}

int64_t cgroup_memory_usage(const char *parent, const char *container_id)
{
    AUTO_FREE char *path =
        xasprintf("/sys/fs/cgroup/memory%s/%s/memory.usage_in_bytes", parent, container_id);
    FILE *f = fopen(path, "re");
    char line[32];
    int64_t n = -1;

    if (f && fgets(line, sizeof(line), f))
        n = strtoll(line, NULL, 10);
    if (f)
        fclose(f);
    return n;
}

static void remove_dirs(const char *path)
{
    DIR *d = opendir(path);
    struct dirent *e;

    while (d && (e = readdir(d))) {
        if (e->d_type == DT_DIR && e->d_name[0] != '.') {
            AUTO_FREE char *sub = xasprintf("%s/%s", path, e->d_name);

            remove_dirs(sub);
        }
    }
    if (d)
        closedir(d);
    (void)rmdir(path); /* one that is still used goes with the next pod that ends */
}

void cgroup_remove(const char *parent)
{
    for (size_t i = 0; i < ARRAY_LEN(controllers); i++) {
        AUTO_FREE char *path = xasprintf("/sys/fs/cgroup/%s%s", controllers[i], parent);

        if (access(path, F_OK) == 0)
            remove_dirs(path);
    }
}
