#include "base/memguard.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/files.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#ifndef MADV_DONTNEED_LOCKED
#define MADV_DONTNEED_LOCKED 24 /* Linux 5.18 */
#endif

enum { TEXT_MAX = 64 * 1024, CAP_IPC_LOCK_BIT = 14 };

/* ---- dumps ---- */

/* First pages of ELF files only, which tell what was mapped (core(5)). Neither anonymous memory nor
 * files' private pages: what a program has written to is among these, too. */
static const char dump_filter[] = "0x10\n";

void memguard_dumps(void)
{
    const struct rlimit none = {0, 0};
    int fd = open("/proc/self/coredump_filter", O_WRONLY | O_CLOEXEC);

    /* Before the process is not dumpable: its files in /proc are root's then. */
    if (fd < 0 || write(fd, dump_filter, sizeof(dump_filter) - 1) < 0)
        log_warning(NULL, "images that debuggers make of the process will have its memory in them",
                    LOG_STR("error", strerror(errno)));
    if (fd >= 0)
        close(fd);
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_DUMPABLE, 0); /* nor to a program that core_pattern names */
}

/* ---- swap ---- */

static const char proc_dir[] = "/proc", cgroup_dir[] = "/sys/fs/cgroup";
static bool is_settled; /* there is swap space, and what is to be done about it is done */

static int read_at(const char *dir, Slice path, const char *name, Buf *out)
{
    AUTO_BUF p = BUF_INIT;

    buf_adds(&p, dir);
    buf_add_slice(&p, path);
    buf_adds(&p, name);
    return file_read(buf_str(&p), TEXT_MAX, out, NULL);
}

/* A line for each area of swap space behind a line of headings. Not readable: better too careful.
 */
static bool has_swap_space(const char *proc)
{
    AUTO_BUF text = BUF_INIT;
    Slice rest, line;

    if (read_at(proc, SLICE(""), "/swaps", &text) < 0)
        return true;
    rest = buf_slice(&text);
    slice_cut(&rest, '\n', &line);
    return slice_trim(rest).len > 0;
}

/* The group of the unified hierarchy: "0::/path". Empty: it is in none. */
static Slice own_group(Slice text)
{
    Slice line;

    while (text.len > 0) {
        slice_cut(&text, '\n', &line);
        if (slice_starts(line, "0::/"))
            return slice_trim(slice_behind(line, 3));
    }
    return SLICE("");
}

static bool group_forbids(const char *cgroups, Slice group)
{
    AUTO_BUF most = BUF_INIT;

    return read_at(cgroups, group, "/memory.swap.max", &most) == 0 &&
           slice_is(slice_trim(buf_slice(&most)), "0");
}

/* What a group may not, those in it may not. */
static bool is_forbidden(const char *proc, const char *cgroups)
{
    AUTO_BUF text = BUF_INIT;
    Slice group;

    if (read_at(proc, SLICE(""), "/self/cgroup", &text) < 0)
        return false;
    for (group = own_group(buf_slice(&text)); group.len > 0;) {
        if (group_forbids(cgroups, group))
            return true;
        while (group.len > 0 && group.ptr[group.len - 1] != '/')
            group.len--;
        if (group.len > 0)
            group.len--;
    }
    return group_forbids(cgroups, SLICE(""));
}

bool memguard_can_swap(const char *proc, const char *cgroups)
{
    return has_swap_space(proc) && !is_forbidden(proc, cgroups);
}

static bool has_capability(void)
{
    static const char name[] = "CapEff:";
    AUTO_BUF text = BUF_INIT;
    const char *at;

    if (file_read("/proc/self/status", TEXT_MAX, &text, NULL) < 0)
        return false;
    at = strstr(buf_str(&text), name);
    return at && (strtoull(at + strlen(name), NULL, 16) >> CAP_IPC_LOCK_BIT & 1) != 0;
}

/* With a limit the lock would succeed now, and every mapping beyond the limit fail later. */
static bool may_lock(void)
{
    const struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};

    return has_capability() || setrlimit(RLIMIT_MEMLOCK, &all) == 0;
}

int memguard_swap(bool is_swap_allowed, Err *err)
{
    const char *why = "RLIMIT_MEMLOCK is not unlimited";

    if (!memguard_can_swap(proc_dir, cgroup_dir)) {
        log_info(NULL, "there is no swap space for this process: its memory is not locked");
        return 0;
    }
    is_settled = true;
    if (may_lock()) {
        /* Pages are locked as they are touched: stacks and pools that nobody uses cost nothing. */
        if (mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0) {
            log_info(NULL, "there is swap space: all memory of this process is locked");
            return 0;
        }
        why = strerror(errno);
    }
    if (!is_swap_allowed)
        return err_set(err, ERR_UNAVAILABLE,
                       "Secrets could be written to swap space, and memory cannot be locked (%s). "
                       "Keep the process from swap space (MemorySwapMax=0 of its systemd unit, or "
                       "swapoff -a), or let it lock memory (LimitMEMLOCK=infinity, or "
                       "CAP_IPC_LOCK), or accept it with --allow-swap",
                       why);
    log_warning(NULL, "memory is not locked: Secrets may be written to swap space",
                LOG_STR("error", why));
    return 0;
}

void memguard_look_again(void)
{
    Err err;

    if (!is_settled && memguard_can_swap(proc_dir, cgroup_dir) && memguard_swap(true, &err) < 0)
        log_warning(NULL, "swap space was added", LOG_STR("error", err.msg));
}

void memguard_give_back(void *pages, size_t n)
{
    if (madvise(pages, n, MADV_DONTNEED) < 0) /* EINVAL: they are locked */
        (void)madvise(pages, n, MADV_DONTNEED_LOCKED);
}
