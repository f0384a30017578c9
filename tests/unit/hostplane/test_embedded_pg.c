/* Starts a real PostgreSQL; skipped when none is installed. */
#include "hostplane/embedded_pg.h"

#include "base/err.h"
#include "base/mem.h"
#include "store/store.h"
#include "tests/unit/test.h"

#include <libpq-fe.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[64];

static void fresh_dir(void)
{
    static int n;

    snprintf(dir, sizeof(dir), "/tmp/hp-epg-%d-%d", (int)getpid(), n++);
}

static void remove_dir(void)
{
    AUTO_FREE char *cmd = xasprintf("rm -rf %s", dir);

    assert_int_equal(system(cmd), 0);
}

static EmbeddedPg *start(void)
{
    EmbeddedPg *pg = NULL;
    Err err;

    if (embedded_pg_open(&(EmbeddedPgOptions){.dir = dir}, &pg, &err) == 0)
        return pg;
    if (strstr(err.msg, "not installed"))
        skip();
    fail_msg("%s", err.msg);
    return NULL;
}

static pid_t postmaster(void)
{
    AUTO_FREE char *path = xasprintf("%s/postgres/data/postmaster.pid", dir);
    FILE *f = fopen(path, "re");
    int pid = 0;

    if (!f)
        return 0;
    if (fscanf(f, "%d", &pid) != 1)
        pid = 0;
    fclose(f);
    return pid;
}

TEST(it_starts_stops_and_keeps_its_data)
{
    EmbeddedPg *pg;
    Err err;
    int version = 0;

    fresh_dir();
    pg = start();
    assert_ok(store_migrate(embedded_pg_conninfo(pg), &version, &err));
    assert_true(version > 0);
    embedded_pg_close(pg);
    assert_int_equal(postmaster(), 0);
    pg = start();
    assert_true(store_ping(embedded_pg_conninfo(pg)));
    embedded_pg_close(pg);
    remove_dir();
}

TEST(it_comes_back_when_it_dies)
{
    EmbeddedPg *pg;
    pid_t before;

    fresh_dir();
    pg = start();
    before = postmaster();
    assert_true(before > 0);
    kill(before, SIGKILL);
    for (int i = 0; i < 2000 && (postmaster() == before || !store_ping(embedded_pg_conninfo(pg)));
         i++)
        usleep(10000);
    assert_true(store_ping(embedded_pg_conninfo(pg)));
    assert_true(embedded_pg_n_restarts(pg) >= 1);
    embedded_pg_close(pg);
    remove_dir();
}

static void remove_socket(pid_t pid UNUSED)
{
    AUTO_FREE char *cmd = xasprintf("rm -rf %s/postgres/sock", dir);

    assert_int_equal(system(cmd), 0);
}

/* It waits for the connections that it has. */
static void tell_to_stop(pid_t pid)
{
    kill(pid, SIGTERM);
}

TEST(it_comes_back_when_it_runs_but_takes_no_connections)
{
    void (*const faults[])(pid_t pid) = {remove_socket, tell_to_stop};

    for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
        EmbeddedPg *pg;
        PGconn *held;
        pid_t before;

        fresh_dir();
        pg = start();
        held = PQconnectdb(embedded_pg_conninfo(pg));
        assert_int_equal(PQstatus(held), CONNECTION_OK);
        sleep(3); /* it is seen to be well once */
        before = postmaster();
        faults[i](before);
        usleep(500000);
        assert_false(store_ping(embedded_pg_conninfo(pg)));
        for (int k = 0; k < 400 && !store_ping(embedded_pg_conninfo(pg)); k++)
            usleep(100000);
        assert_true(store_ping(embedded_pg_conninfo(pg)));
        assert_true(postmaster() != before);
        assert_int_equal(embedded_pg_n_restarts(pg), 1);
        PQfinish(held);
        embedded_pg_close(pg);
        remove_dir();
    }
}

TEST(a_directory_has_one_server_and_survives_a_kill)
{
    EmbeddedPg *pg = NULL;
    int fds[2];
    char c;
    pid_t child;
    Err err;

    fresh_dir();
    pg = start();
    embedded_pg_close(pg); /* initdb is behind us */
    assert_int_equal(pipe(fds), 0);
    child = fork();
    if (child == 0) {
        if (embedded_pg_open(&(EmbeddedPgOptions){.dir = dir}, &pg, &err) < 0)
            _exit(1);
        if (write(fds[1], "x", 1) != 1)
            _exit(1);
        pause();
        _exit(0);
    }
    assert_int_equal(read(fds[0], &c, 1), 1);
    assert_fails(embedded_pg_open(&(EmbeddedPgOptions){.dir = dir}, &pg, &err), ERR_CONFLICT);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    pg = start();
    assert_true(store_ping(embedded_pg_conninfo(pg)));
    embedded_pg_close(pg);
    close(fds[0]);
    close(fds[1]);
    remove_dir();
}

TEST(an_unreachable_directory_is_explained)
{
    AUTO_FREE char *below = NULL;
    EmbeddedPg *pg = NULL;
    Err err;

    if (geteuid() != 0)
        skip();
    fresh_dir();
    assert_int_equal(mkdir(dir, 0700), 0);
    below = xasprintf("%s/below", dir);
    assert_fails(embedded_pg_open(&(EmbeddedPgOptions){.dir = below}, &pg, &err), ERR_FORBIDDEN);
    assert_non_null(strstr(err.msg, "cannot reach"));
    remove_dir();
}
