#include "agent/fs.h"
#include "agent/sweep.h"
#include "base/err.h"
#include "tests/unit/test.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static void assert_file(const char *dir, const char *name, const char *text)
{
    char path[256];
    FILE *f;
    char got[64] = "";

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    f = fopen(path, "r");
    assert_non_null(f);
    assert_true(fgets(got, sizeof(got), f) || !text[0]);
    fclose(f);
    assert_string_equal(got, text);
}

TEST(a_volume_changes_all_at_once)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    char dir[] = "/tmp/hostplane-test-XXXXXX", gone[64];
    Value *first = value_literal(a, "{'a':{'data':'one','mode':420},'d/b':{'data':'two'}}");
    Value *second = value_literal(a, "{'a':{'data':'ONE','mode':384}}");
    struct stat st;

    assert_non_null(mkdtemp(dir));
    assert_int_equal(fs_publish(dir, first, -1, NULL), 1);
    assert_file(dir, "a", "one");
    assert_file(dir, "d/b", "two");
    assert_int_equal(fs_publish(dir, first, -1, NULL), 0);
    assert_int_equal(fs_publish(dir, second, -1, NULL), 1);
    assert_file(dir, "a", "ONE");
    snprintf(gone, sizeof(gone), "%s/d", dir);
    assert_true(lstat(gone, &st) < 0);
    snprintf(gone, sizeof(gone), "%s/a", dir);
    assert_int_equal(stat(gone, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    fs_remove_tree(dir);
    assert_true(lstat(dir, &st) < 0);
}

TEST(paths_stay_in_their_volume)
{
    static const char *const rows[] = {"../x", "/etc/x", "a/../../x", "..", ""};
    CLEANUP(arena_free) Arena *a = arena_new();
    char dir[] = "/tmp/hostplane-test-XXXXXX";

    assert_non_null(mkdtemp(dir));
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Value *files = value_object(a);

        value_set(a, files, rows[i], value_literal(a, "{'data':'x'}"));
        assert_fails(fs_publish(dir, files, -1, NULL), ERR_INVALID);
    }
    fs_remove_tree(dir);
}

TEST(addresses_of_lost_sandboxes_are_given_back)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    char dir[] = "/tmp/hostplane-test-XXXXXX", path[64];
    struct stat st;

    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof(path), "%s/10.88.0.3", dir);
    assert_ok(fs_write(path, SLICE("gone\r\neth0"), 0644, NULL));
    snprintf(path, sizeof(path), "%s/10.88.0.2", dir);
    assert_ok(fs_write(path, SLICE("here\r\neth0"), 0644, NULL));
    snprintf(path, sizeof(path), "%s/last_reserved_ip.0", dir);
    assert_ok(fs_write(path, SLICE("10.88.0.3"), 0644, NULL));
    assert_int_equal(sweep_address_dir(dir, value_literal(a, "{'here':true}")), 1);
    assert_int_equal(stat(path, &st), 0);
    snprintf(path, sizeof(path), "%s/10.88.0.2", dir);
    assert_int_equal(stat(path, &st), 0);
    fs_remove_tree(dir);
}

/* A container can make a chain of any length with mkdir and chdir. */
TEST(a_tree_that_is_deeper_than_there_are_descriptors_goes)
{
    char dir[] = "/tmp/hp-fs-XXXXXX";
    struct rlimit before, few;
    struct stat st;
    int at;

    assert_non_null(mkdtemp(dir));
    at = open(dir, O_RDONLY | O_DIRECTORY);
    for (int i = 0; i < 3000; i++) {
        int next;

        assert_int_equal(mkdirat(at, "d", 0755), 0);
        next = openat(at, "d", O_RDONLY | O_DIRECTORY);
        assert_true(next >= 0);
        close(at);
        at = next;
    }
    close(at);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    few = (struct rlimit){300, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    fs_remove_tree(dir);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(stat(dir, &st), -1);
}
