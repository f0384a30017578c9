/* New data keys and other kinds that are encrypted: rows are sealed anew while everything goes on.
 */
#include "base/fault.h"
#include "tests/unit/store/vault.h"

#include <sys/wait.h>

static void set_kinds(Store *s, const char *cluster, const char *kinds)
{
    Txn t = {.change = {.op = CLUSTER_SET_STATE, .name = cluster, .encrypted = kinds}};

    assert_ok(run(s, &t));
}

/* The report of the cluster, once it says that something is wrong, or at the end of patience. */
static DataKeysReport complaint(Store *s, DataKeysOp op, Cluster *c)
{
    DataKeysReport r = {0};

    for (int i = 0; i < 1000; i++) {
        assert_ok(data_keys(s, op, c, &r));
        if (r.n == 1 && r.items[0].error[0])
            break;
        usleep(10000);
    }
    return r;
}

static void fill(Store *s, Cluster *c, const char *storage, int n)
{
    for (int i = 0; i < n; i++) {
        AUTO_FREE char *name = xasprintf("o%03d", i);

        assert_true(PUT(s, c, storage, "ns", name, "hidden", EXPECT_ANY) > 0);
    }
}

/* Rows of both tables in which the text can be read. */
static int64_t n_readable(const char *storage)
{
    AUTO_FREE char *sql = xasprintf("SELECT (SELECT count(*) FROM object WHERE resource = '%s' AND "
                                    "position('hidden'::bytea in body) > 0)"
                                    "     + (SELECT count(*) FROM history WHERE resource = '%s' "
                                    "AND position('hidden'::bytea in body) > 0)",
                                    storage, storage);

    return db_number(sql);
}

/* Rows that begin as the first, or as the key of `version`, seals. */
static int64_t n_sealed_with(int version)
{
    AUTO_FREE char *header = version == 1 ? xstrdup("\\x01") : xasprintf("\\x02%016x", version);
    AUTO_FREE char *sql =
        xasprintf("SELECT (SELECT count(*) FROM object WHERE substring(body, 1, %d) = '%s')"
                  "     + (SELECT count(*) FROM history WHERE substring(body, 1, %d) = '%s')",
                  version == 1 ? 1 : 9, header, version == 1 ? 1 : 9, header);

    return db_number(sql);
}

/* Everything from a server that has nothing in memory; history, too. */
static void all_is_there(const char *server, const char *storage, size_t n)
{
    Store *s = open_store(server);
    CLEANUP(cluster_unref) Cluster *c = store_cluster(s, SLICE("t1"));
    CLEANUP(cache_unref) Cache *k = load(s, c, storage);
    AUTO_OBJVEC then = {0};
    Wait w;

    assert_int_equal(cache_size(k), n);
    assert_true(has_identity(c, "the identity"));
    wait_init(&w);
    store_list_at(s, c, storage, c->revision - 1, &then, on_done, &w);
    if (wait_for(&w) < 0)
        fail_msg("%s", w.err.msg);
    cache_unref(TAKE(k));
    cluster_unref(TAKE(c));
    store_close(s);
}

TEST(a_new_data_key_replaces_the_old_one_in_every_row_and_in_history)
{
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "t1");
    DataKeysReport r = {0};

    fill(s, c, "secrets", 250); /* more than two pieces */
    fill(s, c, "configmaps", 3);
    assert_int_equal(n_sealed_with(1), 500);
    rotate(s, c);
    assert_true(soon(is_at_rest, NULL));
    assert_int_equal(n_sealed_with(1), 0);
    assert_int_equal(n_sealed_with(2), 500);
    assert_int_equal(
        db_number("SELECT count(*) FROM cluster_key WHERE version = 2 AND older IS NULL"), 1);
    assert_int_equal(db_number("SELECT key_version FROM cluster"), 2);
    assert_int_equal(
        db_number("SELECT count(*) FROM cluster_key WHERE position('half'::bytea in identity) > 0"),
        1);
    assert_ok(data_keys(s, DATA_KEYS_LIST, NULL, &r));
    assert_int_equal(r.n, 1);
    assert_int_equal(r.items[0].version, 2);
    assert_false(r.items[0].has_older);
    assert_string_equal(r.items[0].stage, "");
    data_keys_report_done(&r);
    assert_true(PUT(s, c, "secrets", "ns", "after", "hidden", EXPECT_ABSENT) > 0);
    assert_int_equal(n_sealed_with(2), 502);
    cluster_unref(c);
    store_close(s);
    all_is_there("two", "secrets", 251);
}

TEST(rotations_follow_one_another_and_one_of_all_takes_every_cluster)
{
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "t1"), *other = new_cluster(s, "t2");

    fill(s, c, "secrets", 5);
    fill(s, other, "secrets", 5);
    for (int version = 2; version < 5; version++) {
        rotate(s, NULL);
        assert_true(soon(is_at_rest, NULL));
        assert_int_equal(n_sealed_with(version), 20);
        assert_int_equal(db_number("SELECT count(DISTINCT key_version) FROM cluster"), 1);
        assert_int_equal(db_number("SELECT max(key_version) FROM cluster"), version);
    }
    cluster_unref(c);
    cluster_unref(other);
    store_close(s);
    all_is_there("two", "secrets", 5);
}

TEST(other_kinds_are_sealed_and_opened_again_with_what_history_has_of_them)
{
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "t1");

    fill(s, c, "configmaps", 120);
    fill(s, c, "example.com/widgets", 2);
    fill(s, c, "apps/deployments", 2);
    assert_int_equal(n_readable("configmaps"), 240);
    set_kinds(s, "t1", "configmaps example.com/widgets");
    /* What is written from now on is sealed at once. */
    assert_true(PUT(s, c, "configmaps", "ns", "new", "hidden", EXPECT_ABSENT) > 0);
    assert_int_equal(db_number("SELECT count(*) FROM object WHERE name = 'new' AND flags & 2 = 0"),
                     0);
    assert_true(store_encrypts(s, c, "configmaps"));
    assert_false(store_encrypts(s, c, "apps/deployments"));
    assert_true(soon(is_at_rest, NULL));
    assert_int_equal(n_readable("configmaps"), 0);
    assert_int_equal(n_readable("example.com/widgets"), 0);
    assert_int_equal(n_readable("apps/deployments"), 4);
    set_kinds(s, "t1", "*");
    assert_true(soon(is_at_rest, NULL));
    assert_int_equal(n_readable("apps/deployments"), 0);
    all_is_there("two", "configmaps", 121);
    set_kinds(s, "t1", "apps/*");
    assert_true(soon(is_at_rest, NULL));
    assert_int_equal(n_readable("apps/deployments"), 0);
    assert_int_equal(n_readable("configmaps"), 242);
    set_kinds(s, "t1", "/*"); /* the core group */
    assert_true(soon(is_at_rest, NULL));
    assert_int_equal(n_readable("configmaps"), 0);
    assert_int_equal(n_readable("apps/deployments"), 4);
    all_is_there("three", "configmaps", 121);
    cluster_unref(c);
    store_close(s);
}

TEST(a_row_that_does_not_decrypt_keeps_its_key_until_it_is_gone)
{
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "t1");
    DataKeysReport r;

    fill(s, c, "secrets", 3);
    db("UPDATE object SET body = set_byte(body, length(body) - 1, get_byte(body, length(body) "
       "- 1) # 1)"
       " WHERE name = 'o001'");
    rotate(s, c);
    r = complaint(s, DATA_KEYS_PENDING, NULL);
    assert_string_equal(r.items[0].error, "1 rows do not decrypt");
    assert_true(r.items[0].has_older);
    data_keys_report_done(&r);
    assert_int_equal(n_sealed_with(1), 1);
    db("DELETE FROM object WHERE name = 'o001'");
    db("UPDATE reseal SET next_us = 0");
    assert_true(soon(is_at_rest, NULL));
    assert_int_equal(db_number("SELECT count(*) FROM cluster_key WHERE older IS NULL"), 1);
    cluster_unref(c);
    store_close(s);
}

TEST(secrets_are_never_read_from_a_row_that_is_not_encrypted)
{
    Store *s = fresh_store();
    Cluster *c = new_cluster(s, "t1");
    Wait w;

    db("INSERT INTO object (cluster, resource, ns, name, revision, flags, body) SELECT id, "
       "'secrets', 'ns', 'planted',"
       " 2, 0, '{\"metadata\":{\"name\":\"planted\",\"namespace\":\"ns\",\"uid\":\"u\"}}' "
       "FROM cluster");
    wait_init(&w);
    store_load(s, c, "secrets", on_done, &w);
    assert_int_equal(wait_for(&w), -ERR_INTERNAL);
    assert_non_null(strstr(w.err.msg, "is not encrypted"));
    cluster_unref(c);
    store_close(s);
}

TEST(a_tenant_whose_key_is_withheld_waits_and_is_served_later)
{
    Store *s = fresh_store();
    KeyRing *ring;
    Vault v = {0};
    Cluster *c;
    DataKeysReport r;

    store_close(s);
    s = open_vault_store("one", &v, "file", &ring);
    assert_ok(create_with(s, "t1", "vault"));
    c = store_cluster(s, SLICE("t1"));
    assert_true(PUT(s, c, "secrets", "ns", "a", "hidden", EXPECT_ABSENT) > 0);
    v.mood = VAULT_REFUSES;
    assert_true(soon(is_withheld, c));
    rotate(s, c);
    r = complaint(s, DATA_KEYS_LIST, c);
    assert_non_null(strstr(r.items[0].error, "is withheld"));
    assert_string_equal(r.items[0].stage, "Waiting");
    assert_int_equal(r.items[0].version, 1);
    data_keys_report_done(&r);
    v.mood = VAULT_WELL;
    assert_true(soon(is_there, c));
    db("UPDATE reseal SET next_us = 0");
    assert_true(soon(is_at_rest, NULL));
    assert_int_equal(n_sealed_with(2), 2);
    assert_int_equal(db_number("SELECT count(*) FROM cluster_key WHERE provider = 'vault'"), 1);
    cluster_unref(c);
    store_close(s);
    keyring_close(ring);
}

/* ---- under load ---- */

typedef struct Load {
    Store *s;
    Cluster *c;
    const char *prefix;
    _Atomic bool is_over;
    int64_t n;
} Load;

static void *write_on(void *data)
{
    Load *l = data;

    for (; !l->is_over; l->n++) {
        AUTO_FREE char *name = xasprintf("%s%" PRId64, l->prefix, l->n % 40);
        int64_t r =
            PUT(l->s, l->c, l->n % 3 ? "secrets" : "configmaps", "ns", name, "hidden", EXPECT_ANY);

        if (r < 0)
            return (void *)(intptr_t)r;
    }
    return NULL;
}

TEST(two_servers_write_on_while_keys_and_kinds_change)
{
    Store *one = fresh_store(), *two;
    Cluster *c = new_cluster(one, "t1");
    Load loads[4];
    pthread_t threads[4];
    int64_t n = 0;

    fill(one, c, "secrets", 150);
    two = open_store("two");
    for (int i = 0; i < 4; i++) {
        Store *s = i % 2 ? two : one;

        loads[i] = (Load){.s = s,
                          .c = store_cluster(s, SLICE("t1")),
                          .prefix = (const char *[]){"a", "b", "c", "d"}[i]};
        assert_int_equal(pthread_create(&threads[i], NULL, write_on, &loads[i]), 0);
    }
    rotate(two, c);
    set_kinds(one, "t1", "configmaps");
    assert_true(soon(is_at_rest, NULL)); /* the key of before is gone, and nobody noticed */
    for (int i = 0; i < 4; i++) {
        void *r;

        loads[i].is_over = true;
        assert_int_equal(pthread_join(threads[i], &r), 0);
        assert_int_equal((intptr_t)r, 0);
        cluster_unref(loads[i].c);
        n += loads[i].n;
    }
    assert_true(n > 100);
    assert_int_equal(n_sealed_with(1), 0);
    assert_int_equal(n_readable("configmaps"), 0);
    cluster_unref(c);
    store_close(two);
    store_close(one);
    all_is_there(
        "three", "secrets",
        150 + 4 * 40 -
            (size_t)db_number(
                "SELECT 160 - count(*) FROM object WHERE resource = 'secrets' AND name !~ '^o'"));
}

#ifdef FAULTS
TEST(a_server_that_is_killed_at_any_step_of_a_rotation_under_load_loses_nothing)
{
    static const struct {
        const char *point;
        int nth;
    } kills[] = {
        {"store.datakey.made", 1},   {"store.datakey.added", 1},  {"store.datakey.switched", 1},
        {"store.reseal.picked", 1},  {"store.reseal.picked", 3},  {"store.reseal.written", 1},
        {"store.reseal.written", 2}, {"store.reseal.written", 4}, {"store.reseal.finished", 1},
    };

    for (size_t i = 0; i < ARRAY_LEN(kills); i++) {
        Store *s = fresh_store();
        Cluster *c = new_cluster(s, "t1");
        int status, fds[2];
        pid_t pid;

        fill(s, c, "secrets", 130);
        assert_true(PUT(s, c, "secrets", "ns", "written", "0", EXPECT_ABSENT) > 0);
        cluster_unref(c);
        store_close(s);
        assert_int_equal(pipe(fds), 0);
        pid = fork();
        if (pid == 0) {
            Writer w = {.fd = fds[1]};

            fault_arm(kills[i].point, FAULT_KILL, kills[i].nth, 0);
            w.s = s = open_store("killed");
            w.c = store_cluster(s, SLICE("t1"));
            writer_start(&w);
            rotate(s, NULL);
            sleep(60);
            _exit(0);
        }
        close(fds[1]);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        all_is_there("reader", "secrets", 131);           /* in between, by whoever comes */
        db("UPDATE reseal SET beat_us = 0, next_us = 0"); /* who died is not waited for */
        s = open_store("next");
        assert_true(soon(is_at_rest, NULL));
        c = store_cluster(s, SLICE("t1"));
        written_is_there(s, c, fds[0]);
        cluster_unref(c);
        close(fds[0]);
        store_close(s);
        assert_int_equal(n_sealed_with(1), 0);
        assert_true(n_sealed_with(2) >= 262);
        assert_int_equal(
            db_number("SELECT count(*) FROM cluster_key WHERE version = 2 AND older IS NULL"), 1);
        all_is_there("last", "secrets", 131);
    }
}
#endif
