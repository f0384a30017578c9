#include "agent/fs.h"
#include "agent/volumes.h"
#include "base/err.h"
#include "tests/unit/agent/items.h"
#include "tests/unit/test.h"

#include <sys/stat.h>
#include <unistd.h>

typedef struct World {
    char dir[32];
    Items *items;
    PodContext pc;
    VolumeContext vc;
} World;

static void setup(World *w, Arena *a, const char *pod)
{
    snprintf(w->dir, sizeof(w->dir), "/tmp/hostplane-test-XXXXXX");
    assert_non_null(mkdtemp(w->dir));
    w->items = items_new(NULL, NULL);
    w->pc = (PodContext){.cluster = "acme", .items = w->items, .pod = value_literal(a, pod)};
    w->vc = (VolumeContext){.pc = &w->pc,
                            .dir = arena_printf(a, "%s/pod", w->dir),
                            .local_dir = arena_printf(a, "%s/local", w->dir)};
}

static void teardown(World *w)
{
    items_free(w->items);
    fs_remove_tree(w->dir);
}

static const char pod[] = "{'metadata':{'namespace':'n','name':'p'}}";

/* A claim n/data that is bound to a volume with the path. */
static void add_claim(Items *items, Arena *a, const char *path)
{
    put(items, "acme", "persistentvolumeclaims",
        "{'metadata':{'namespace':'n','name':'data','uid':'c1'},'spec':{'volumeName':'v'},"
        "'status':{'phase':'Bound'}}");
    put(items, "acme", "persistentvolumes",
        arena_printf(a,
                     "{'metadata':{'name':'v'},'spec':{'claimRef':{'uid':'c1'},'local':{'path':"
                     "'%s'}}}",
                     path));
}

TEST(a_claim_gets_a_directory_of_its_tenant_s_own)
{
    static const struct {
        const char *path, *expected; /* below local_dir; NULL: refused */
    } rows[] = {{"/var/lib/hostplane/volumes/acme/pvc-1", "acme/pvc-1"},
                {"/var/lib/hostplane/volumes/globex/pvc-1", NULL},
                {"/var/lib/hostplane/volumes/acme/../globex", NULL},
                {"/var/lib/hostplane/volumes/acme/..", NULL},
                {"/var/lib/hostplane/volumes/acme/", NULL},
                {"/var/lib/hostplane/volumes/acme/a/b", NULL},
                {"/etc", NULL}};

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const char *path = "";
        struct stat st;
        World w;
        int r;

        setup(&w, a, pod);
        add_claim(w.items, a, rows[i].path);
        r = volume_claim(a, &w.vc, "data", &path, NULL);
        if (rows[i].expected) {
            assert_int_equal(r, 0);
            assert_string_equal(path, arena_printf(a, "%s/local/%s", w.dir, rows[i].expected));
            assert_int_equal(stat(path, &st), 0);
            assert_int_equal(st.st_mode & 07777, 0777);
        } else if (r != -ERR_FORBIDDEN) {
            fail_msg("%s: %d", rows[i].path, r);
        }
        teardown(&w);
    }
}

TEST(a_claim_that_is_not_bound_is_told)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *path;
    World w;
    Err err;

    setup(&w, a, pod);
    assert_fails(volume_claim(a, &w.vc, "data", &path, &err), ERR_NOT_FOUND);
    assert_string_equal(err.msg, "persistentvolumeclaim \"data\" not found");
    put(w.items, "acme", "persistentvolumeclaims",
        "{'metadata':{'namespace':'n','name':'data','uid':'c1'},'spec':{},'status':{'phase':"
        "'Pending'}}");
    assert_fails(volume_claim(a, &w.vc, "data", &path, &err), ERR_NOT_FOUND);
    assert_string_equal(err.msg, "PVC is not bound");
    add_claim(w.items, a, "/var/lib/hostplane/volumes/acme/pvc-1");
    put(w.items, "acme", "persistentvolumes",
        "{'metadata':{'name':'v'},'spec':{'claimRef':{'uid':'another'},'local':{'path':"
        "'/var/lib/hostplane/volumes/acme/pvc-1'}}}");
    assert_fails(volume_claim(a, &w.vc, "data", &path, &err), ERR_NOT_FOUND);
    teardown(&w);
}

TEST(the_group_of_the_pod_owns_a_volume)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *path, *file;
    struct stat st;
    World w;

    if (geteuid() != 0)
        return;
    setup(&w, a,
          "{'metadata':{'namespace':'n','name':'p'},'spec':{'securityContext':"
          "{'fsGroup':1234,'fsGroupChangePolicy':'OnRootMismatch'}}}");
    add_claim(w.items, a, "/var/lib/hostplane/volumes/acme/pvc-1");
    assert_ok(fs_mkdirs(arena_printf(a, "%s/local/acme/pvc-1/sub", w.dir), 0700, NULL));
    file = arena_printf(a, "%s/local/acme/pvc-1/sub/f", w.dir);
    assert_ok(fs_write(file, SLICE("x"), 0600, NULL));
    assert_int_equal(symlink("/etc/passwd", arena_printf(a, "%s/local/acme/pvc-1/l", w.dir)), 0);
    assert_ok(volume_claim(a, &w.vc, "data", &path, NULL));
    assert_int_equal(stat(file, &st), 0);
    assert_int_equal(st.st_gid, 1234);
    assert_int_equal(st.st_mode & 07777, 0660);
    assert_int_equal(stat(arena_printf(a, "%s/sub", path), &st), 0);
    assert_int_equal(st.st_mode & 07777, 02770);
    assert_int_equal(stat("/etc/passwd", &st), 0);
    assert_int_equal(st.st_gid, 0);
    /* the directory is right: what a container did below it stays */
    assert_int_equal(chmod(file, 0600), 0);
    assert_ok(volume_claim(a, &w.vc, "data", &path, NULL));
    assert_int_equal(stat(file, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    teardown(&w);
}

TEST(paths_of_the_node_by_type)
{
    static const struct {
        const char *type;
        bool ok;
    } rows[] = {{"", true},        {"Directory", true},    {"File", false},
                {"Socket", false}, {"BlockDevice", false}, {"CharDevice", false}};
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *path;
    World w;
    Err err;

    setup(&w, a, pod);
    assert_fails(volume_host_path(&w.vc, value_literal(a, "{'path':'/tmp'}"), &path, NULL),
                 ERR_FORBIDDEN);
    w.vc.allow_host_path = true;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Value *v = value_object(a);

        value_set_str(a, v, "path", w.dir);
        value_set_str(a, v, "type", rows[i].type);
        if ((volume_host_path(&w.vc, v, &path, &err) == 0) != rows[i].ok)
            fail_msg("%s", rows[i].type);
    }
    assert_string_equal(err.msg, arena_printf(a,
                                              "hostPath type check failed: %s is not a character "
                                              "device",
                                              w.dir));
    assert_fails(volume_host_path(&w.vc, value_literal(a, "{'path':'/tmp/../etc'}"), &path, NULL),
                 ERR_INVALID);
    teardown(&w);
}

TEST(directories_go_when_their_volume_was_missing_twice)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Map missing = {0};
    World w;

    setup(&w, a, pod);
    add_claim(w.items, a, "/x");
    assert_ok(fs_mkdirs(arena_printf(a, "%s/acme/v", w.vc.local_dir), 0700, NULL));
    assert_ok(fs_mkdirs(arena_printf(a, "%s/acme/gone/deep", w.vc.local_dir), 0700, NULL));
    assert_ok(fs_mkdirs(arena_printf(a, "%s/ended/v", w.vc.local_dir), 0700, NULL));
    assert_int_equal(volumes_sweep_local(w.items, w.vc.local_dir, &missing), 0);
    assert_int_equal(volumes_sweep_local(w.items, w.vc.local_dir, &missing), 2);
    assert_int_equal(access(arena_printf(a, "%s/acme/v", w.vc.local_dir), F_OK), 0);
    assert_int_not_equal(access(arena_printf(a, "%s/acme/gone", w.vc.local_dir), F_OK), 0);
    map_done(&missing);
    teardown(&w);
}
