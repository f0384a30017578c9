#include "base/memguard.h"

#include "base/files.h"
#include "base/mem.h"
#include "base/slab.h"

#include "tests/unit/test.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static const char headings[] = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";
static const char area[] =
    "/dev/vda2                               partition\t1048572\t\t0\t\t-2\n";

static void put(const char *dir, const char *name, const char *text)
{
    AUTO_FREE char *path = xasprintf("%s/%s", dir, name);

    assert_ok(file_write(path, slice_of(text), 0600, NULL));
}

static void make(const char *dir, const char *name)
{
    AUTO_FREE char *path = xasprintf("%s/%s", dir, name);

    assert_ok(dir_make(path, 0700, NULL));
}

TEST(whether_a_process_can_be_swapped_out)
{
    static const struct {
        bool has_area;
        const char *cgroup, *outer, *inner; /* memory.swap.max of /a and /a/b; NULL: none */
        bool is_swappable;
    } rows[] = {
        {false, "0::/a/b\n", "max\n", "max\n", false},
        {true, "0::/a/b\n", "max\n", "max\n", true},
        {true, "0::/a/b\n", "max\n", "0\n", false},
        {true, "0::/a/b\n", "0\n", "max\n", false}, /* what a group may not, those in it may not */
        {true, "0::/a/b\n", "4096\n", NULL, true},
        {true, "0::/a\n", "max\n", "0\n", true}, /* another's */
        {true, "0::/\n", "0\n", "0\n", true},
        {true, "5:memory:/a\n1:name=systemd:/a\n", "0\n", "0\n", true}, /* the older hierarchy */
        {true, "5:memory:/x\n0::/a/b\n", NULL, "0\n", false},
        {true, "", "0\n", "0\n", true},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char dir[] = "/tmp/test-memguard-XXXXXX";
        AUTO_FREE char *remove = NULL, *groups = NULL;

        assert_non_null(mkdtemp(dir));
        make(dir, "self");
        make(dir, "groups");
        make(dir, "groups/a");
        make(dir, "groups/a/b");
        groups = xasprintf("%s/groups", dir);
        if (rows[i].has_area) {
            AUTO_FREE char *both = xasprintf("%s%s", headings, area);

            put(dir, "swaps", both);
        } else {
            put(dir, "swaps", headings);
        }
        put(dir, "self/cgroup", rows[i].cgroup);
        if (rows[i].outer)
            put(groups, "a/memory.swap.max", rows[i].outer);
        if (rows[i].inner)
            put(groups, "a/b/memory.swap.max", rows[i].inner);
        if (memguard_can_swap(dir, groups) != rows[i].is_swappable)
            fail_msg("row %zu", i);
        remove = xasprintf("rm -r %s", dir);
        assert_int_equal(system(remove), 0);
    }
}

TEST(where_it_is_not_known_there_is_swap_space)
{
    assert_true(memguard_can_swap("/nonexistent", "/nonexistent"));
}

TEST(pages_given_back_are_zeros_also_when_they_are_locked)
{
    size_t n = 4 * (size_t)sysconf(_SC_PAGESIZE);

    for (int is_locked = 0; is_locked < 2; is_locked++) {
        char *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        assert_true(p != MAP_FAILED);
        if (is_locked && mlock(p, n) < 0) { /* RLIMIT_MEMLOCK is 0 here */
            munmap(p, n);
            return;
        }
        memset(p, 0x5a, n);
        memguard_give_back(p, n);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(p[i], 0);
        munmap(p, n);
    }
}

/* In a child, as it holds for the rest of a process. */
TEST(a_guarded_process_has_no_dump)
{
    pid_t pid = fork();
    int status;

    if (pid == 0) {
        struct rlimit core;
        AUTO_BUF filter = BUF_INIT;

        memguard_dumps();
        if (file_read("/proc/self/coredump_filter", 64, &filter, NULL) == 0 &&
            strtoul(buf_str(&filter), NULL, 16) != 0x10)
            _exit(1);
        if (prctl(PR_GET_DUMPABLE) != 0)
            _exit(2);
        if (getrlimit(RLIMIT_CORE, &core) < 0 || core.rlim_max != 0)
            _exit(3);
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}
