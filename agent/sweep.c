#include "agent/sweep.h"

#include "agent/cgroup.h"
#include "agent/container.h"
#include "agent/fs.h"
#include "agent/volumes.h"
#include "api/address.h"
#include "base/log.h"
#include "base/mem.h"

#include <dirent.h>
#include <unistd.h>

static const LogCtx ctx = {.component = "sweep"};

int sweep_address_dir(const char *dir, const Value *ids)
{
    DIR *d = opendir(dir);
    struct dirent *e;
    int n = 0;

    while (d && (e = readdir(d))) {
        AUTO_FREE char *path = xasprintf("%s/%s", dir, e->d_name);
        AUTO_BUF text = BUF_INIT;
        Slice id, rest;
        Address address;

        if (!address_parse(e->d_name, &address) || fs_read(path, 4096, &text, NULL) < 0)
            continue;
        rest = buf_slice(&text);
        (void)slice_cut(&rest, '\n', &id); /* the interface's name may follow */
        id = slice_trim(id);
        if (!value_getn(ids, id) && unlink(path) == 0)
            n++;
    }
    if (d)
        closedir(d);
    return n;
}

void sweep_addresses(Agent *agent)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *answer, *ids = value_object(a), *item;
    int n;

    /* Without an answer nothing is known to be gone. */
    if (cri_call(agent->cri, a, CRI_LIST_POD_SANDBOX, value_object(a), 10000, &answer, NULL) < 0)
        return;
    value_each_item(value_get(answer, "items"), i, item)
    {
        if (value_get_str(item, "id"))
            value_set_bool(a, ids, value_get_str(item, "id"), true);
    }
    n = sweep_address_dir(arena_printf(a, "%s/ipam/hostplane", agent->o.data_dir), ids);
    if (n > 0)
        log_info(&ctx, "addresses of lost pods are free again", LOG_INT("count", n));
}

/* uid: the whole name, or what follows its last '_'. */
static void sweep_dir(Agent *agent, const char *dir, bool is_logs,
                      bool (*is_known)(const char *uid, void *data), void *data)
{
    DIR *d = opendir(dir);
    struct dirent *e;

    while (d && (e = readdir(d))) {
        const char *uid = is_logs ? strrchr(e->d_name, '_') : e->d_name;
        AUTO_FREE char *path = xasprintf("%s/%s", dir, e->d_name);

        if (e->d_name[0] == '.' || !uid)
            continue;
        uid += is_logs;
        if (is_known(uid, data))
            continue;
        if (is_logs) {
            fs_remove_tree(path);
        } else {
            CLEANUP(arena_free) Arena *a = arena_new();

            volumes_remove(path, agent->o.runtime);
            cgroup_remove(pod_cgroup(a, agent, uid));
        }
    }
    if (d)
        closedir(d);
}

void sweep_pods(Agent *agent, bool (*is_known)(const char *uid, void *data), void *data)
{
    CLEANUP(arena_free) Arena *a = arena_new();

    sweep_dir(agent, arena_printf(a, "%s/pods", agent->o.data_dir), false, is_known, data);
    sweep_dir(agent, arena_printf(a, "%s/logs", agent->o.data_dir), true, is_known, data);
}
