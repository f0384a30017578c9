/* Wrapping data keys anew: rotation, moves between providers, dropping, and dying in between. */
#include "base/fault.h"
#include "tests/unit/store/vault.h"

#include <sys/wait.h>

enum { N = 120 }; /* more than one batch */

typedef struct Place {
    Store *s;
    KeyRing *ring;
    Vault v;
} Place;

static void place_open(Place *p, const char *deflt)
{
    Store *s = fresh_store();

    store_close(s);
    *p = (Place){0};
    p->s = open_vault_store("one", &p->v, deflt, &p->ring);
}

static void place_close(Place *p)
{
    store_close(p->s);
    keyring_close(p->ring);
}

static int keys(Store *s, KeysOp op, const char *provider, const char *key, KeysReport *ret,
                Err *err)
{
    Wait w;
    int r;

    wait_init(&w);
    store_keys(s, op, provider, key, ret, on_done, &w);
    r = wait_for(&w);
    *err = w.err;
    return r;
}

static void make_clusters(Store *s, int n, const char *provider)
{
    for (int i = 0; i < n; i++) {
        AUTO_FREE char *name = xasprintf("c%d", i);
        CLEANUP(cluster_unref) Cluster *c = NULL;

        assert_ok(create_with(s, name, provider));
        c = store_cluster(s, slice_of(name));
        assert_true(PUT(s, c, "secrets", "ns", "a", "hidden", EXPECT_ABSENT) > 0);
    }
}

/* Read from the database again: nothing of this process helps. */
static void all_can_be_read(Store *s, int n)
{
    for (int i = 0; i < n; i++) {
        AUTO_FREE char *name = xasprintf("c%d", i);
        CLEANUP(cluster_unref) Cluster *c = store_cluster(s, slice_of(name));
        CLEANUP(cache_unref) Cache *k = NULL;

        assert_non_null(c);
        assert_true(soon(is_there, c));
        k = load(s, c, "secrets");
        assert_int_equal(cache_size(k), 1);
    }
}

static const KeyProviderReport *report_of(const KeysReport *r, const char *name)
{
    for (size_t i = 0; i < r->n; i++)
        if (str_eq(r->items[i].name, name))
            return &r->items[i];
    fail_msg("no %s", name);
    return NULL;
}

static const char *wrapped_by;
static int64_t wrapped_n;

static bool are_wrapped(void *s UNUSED)
{
    AUTO_FREE char *sql = xasprintf("SELECT count(*) FROM cluster_key WHERE %s", wrapped_by);

    return db_number(sql) == wrapped_n;
}

static void wait_wrapped(const char *where, int64_t n)
{
    wrapped_by = where;
    wrapped_n = n;
    if (!soon(are_wrapped, NULL))
        fail_msg("%s", where);
}

TEST(a_rotation_wraps_every_key_anew_and_lets_the_old_one_go)
{
    KeysReport r = {0};
    const KeyProviderReport *p;
    Place place;
    Err err;

    place_open(&place, "file");
    make_clusters(place.s, N, "vault");
    if (keys(place.s, KEYS_ROTATE, "vault", NULL, &r, &err) < 0)
        fail_msg("%s", err.msg);
    p = report_of(&r, "vault");
    assert_string_equal(p->current, "v2");
    assert_int_equal(p->n_clusters, N);
    wait_wrapped("kek = 'v2'", N);
    assert_ok(keys(place.s, KEYS_LIST, NULL, NULL, &r, &err));
    assert_int_equal(report_of(&r, "vault")->n_waiting, 0);
    assert_fails(keys(place.s, KEYS_DROP, "vault", "v2", &r, &err), ERR_FORBIDDEN);
    for (int i = 0; i < 100; i++) {
        int code = keys(place.s, KEYS_DROP, "vault", "v1", &r, &err);

        if (code == 0)
            break;
        assert_int_equal(code, -ERR_CONFLICT); /* the last batch is just coming to its end */
        usleep(20000);
    }
    assert_int_equal(place.v.first, 2); /* v1 is gone */
    keys_report_done(&r);
    store_close(place.s);
    keyring_close(place.ring);
    place.v = (Vault){.key = 2, .first = 2};
    place.s = open_vault_store("two", &place.v, "file", &place.ring);
    all_can_be_read(place.s, N);
    place_close(&place);
}

TEST(a_key_that_is_used_cannot_be_dropped_and_says_by_how_many)
{
    KeysReport r = {0};
    Place place;
    Err err;

    place_open(&place, "file");
    make_clusters(place.s, 3, "vault");
    place.v.is_stuck = true; /* it makes new keys, and unwraps nothing */
    assert_ok(keys(place.s, KEYS_ROTATE, "vault", NULL, &r, &err));
    for (int i = 0; i < 100; i++) {
        assert_true(keys(place.s, KEYS_DROP, "vault", "v1", &r, &err) < 0);
        if (!strstr(err.msg, "try again"))
            break;
        usleep(20000);
    }
    assert_int_equal(err.code, ERR_FORBIDDEN);
    assert_string_equal(err.msg, "the key 'v1' still wraps the data keys of 3 clusters");
    assert_fails(keys(place.s, KEYS_ROTATE, "none", NULL, &r, &err), ERR_NOT_FOUND);
    keys_report_done(&r);
    place_close(&place);
}

TEST(a_tenant_moves_to_another_provider_and_back_without_losing_anything)
{
    Place place;
    Txn t = {.change = {.op = CLUSTER_SET_STATE, .name = "c0", .key_provider = "vault"}};

    place_open(&place, "file");
    make_clusters(place.s, 2, NULL);
    assert_ok(run(place.s, &t));
    wait_wrapped("provider = 'vault' AND wanted = 'vault'", 1);
    t.change.key_provider = "";
    assert_ok(run(place.s, &t));
    wait_wrapped("provider = 'file' AND wanted = ''", 2);
    store_close(place.s);
    keyring_close(place.ring);
    place.v = (Vault){.mood = VAULT_REFUSES, .key = 1};
    place.s = open_vault_store("two", &place.v, "file", &place.ring);
    all_can_be_read(place.s, 2);
    place_close(&place);
}

TEST(another_default_takes_over_those_who_name_none)
{
    Place place;

    place_open(&place, "file");
    assert_ok(create_with(place.s, "host", NULL));
    make_clusters(place.s, 3, NULL);
    store_close(place.s);
    keyring_close(place.ring);
    place.v = (Vault){0};
    place.s = open_vault_store("two", &place.v, "vault", &place.ring);
    wait_wrapped("provider = 'vault' AND kek = 'v1'", 4);
    store_close(place.s);
    keyring_close(place.ring);
    place.v = (Vault){0};
    place.s = open_vault_store("three", &place.v, "vault", &place.ring);
    all_can_be_read(place.s, 3);
    place_close(&place);
}

#ifdef FAULTS
TEST(a_server_that_is_killed_anywhere_in_it_under_load_loses_no_key)
{
    static const char *const points[] = {"store.rewrap.picked", "store.rewrap.wrapped",
                                         "store.rewrap.written"};

    for (size_t i = 0; i < ARRAY_LEN(points) * 2; i++) {
        KeysReport r = {0};
        Place place;
        Cluster *c;
        int status, fds[2];
        pid_t pid;
        Err err;

        place_open(&place, "file");
        make_clusters(place.s, N, NULL); /* with the file, whose keys outlive a process */
        assert_ok(create_with(place.s, "busy", NULL));
        c = store_cluster(place.s, SLICE("busy"));
        assert_true(PUT(place.s, c, "secrets", "ns", "written", "0", EXPECT_ABSENT) > 0);
        cluster_unref(c);
        place_close(&place);
        assert_int_equal(pipe(fds), 0);
        pid = fork();
        if (pid == 0) {
            Writer w = {.fd = fds[1]};
            Vault v = {0};
            KeyRing *ring;
            Store *mine;

            fault_arm(points[i / 2], FAULT_KILL, 1 + (int)(i % 2),
                      0); /* the first batch, or the second */
            w.s = mine = open_vault_store("killed", &v, "file", &ring);
            w.c = store_cluster(mine, SLICE("busy"));
            writer_start(&w);
            (void)keys(mine, KEYS_ROTATE, "file", NULL, &r, &err);
            sleep(60);
            _exit(0);
        }
        close(fds[1]);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        place.v = (Vault){0};
        place.s = open_vault_store("next", &place.v, "file", &place.ring);
        all_can_be_read(place.s, N);
        c = store_cluster(place.s, SLICE("busy"));
        written_is_there(place.s, c, fds[0]);
        cluster_unref(c);
        close(fds[0]);
        assert_ok(keys(place.s, KEYS_LIST, NULL, NULL, &r, &err));
        for (int k = 0; k < 1000 && report_of(&r, "file")->n_waiting > 0; k++) {
            usleep(20000);
            assert_ok(keys(place.s, KEYS_LIST, NULL, NULL, &r, &err));
        }
        assert_int_equal(report_of(&r, "file")->n_waiting, 0);
        assert_int_equal(report_of(&r, "file")->n_clusters, N + 1);
        keys_report_done(&r);
        store_close(place.s);
        keyring_close(place.ring);
        place.v = (Vault){0};
        place.s = open_vault_store("last", &place.v, "file", &place.ring);
        all_can_be_read(place.s, N);
        place_close(&place);
    }
}
#endif
