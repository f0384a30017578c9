#include "hostplane/embedded_pg.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <grp.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    READY_WAIT_US = 60 * 1000 * 1000, /* recovery after a crash may take a while */
    STOP_WAIT_US = 30 * 1000 * 1000,
    SOCKET_PATH_MAX = 107,
    CHECK_EVERY_MS = 1000,
    SILENT_US = 10 * 1000 * 1000, /* without taking a connection; then it is stopped ... */
    HARDER_US = 10 * 1000 * 1000, /* ... with the next harder signal each time this has passed */
    LOG_MAX_BYTES = 16 * 1024 * 1024,
    MAX_ARGS = 64,
    EXIT_NOT_REACHED = 42,
};

struct EmbeddedPg {
    char *root, *data, *sock, *log, *bin_dir, *conninfo;
    uid_t uid;
    gid_t gid;
    bool is_switching; /* to another user */
    char user[64];
    int lock_fd;
    char *args[MAX_ARGS]; /* of postgres; end with NULL */
    size_t n_args;
    pthread_t thread;
    bool has_thread;
    pthread_mutex_t lock; /* guards pid, is_stopping, has_ended */
    pthread_cond_t changed;
    pid_t pid; /* 0: not running */
    bool is_stopping, has_ended;
    _Atomic int n_restarts;
};

/* ---- finding the programs ---- */

static bool has_programs(const char *bin_dir)
{
    AUTO_FREE char *postgres = xasprintf("%s/postgres", bin_dir);
    AUTO_FREE char *initdb = xasprintf("%s/initdb", bin_dir);

    return access(postgres, X_OK) == 0 && access(initdb, X_OK) == 0;
}

/* The major version in a path like /usr/lib/postgresql/15/bin or /usr/pgsql-15/bin. */
static int version_of(const char *path)
{
    const char *p = path + strlen(path);
    int v = 0, unit = 1;

    while (p > path && !(p[-1] >= '0' && p[-1] <= '9'))
        p--;
    for (; p > path && p[-1] >= '0' && p[-1] <= '9'; p--, unit *= 10)
        v += (p[-1] - '0') * unit;
    return v;
}

/* The version the data directory was made by; 0: there is none yet. */
static int data_version(const char *data)
{
    AUTO_FREE char *path = xasprintf("%s/PG_VERSION", data);
    char text[16] = "";
    FILE *f = fopen(path, "re");

    if (!f)
        return 0;
    if (!fgets(text, sizeof(text), f))
        text[0] = '\0';
    fclose(f);
    return version_of(text);
}

static char *from_path(void)
{
    const char *path = getenv("PATH");
    Slice rest = slice_of(path ? path : ""), part;

    while (rest.len > 0) {
        AUTO_FREE char *dir = NULL;

        (void)slice_cut(&rest, ':', &part);
        dir = xstrndup(part.ptr, part.len);
        if (part.len > 0 && has_programs(dir))
            return TAKE(dir);
    }
    return NULL;
}

static int find_programs(EmbeddedPg *pg, const char *option, Err *err)
{
    static const char *const patterns[] = {"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin",
                                           "/usr/local/pgsql*/bin", "/usr/libexec/postgresql*"};
    int want = data_version(pg->data), best = -1;

    if (option && !has_programs(option))
        return err_set(err, ERR_INVALID, "there is no postgres and initdb in %s", option);
    if (option) {
        pg->bin_dir = xstrdup(option);
        return 0;
    }
    for (size_t i = 0; i < ARRAY_LEN(patterns); i++) {
        glob_t found = {0};

        if (glob(patterns[i], 0, NULL, &found) == 0) {
            for (size_t k = 0; k < found.gl_pathc; k++) {
                int v = version_of(found.gl_pathv[k]);

                if (!has_programs(found.gl_pathv[k]) || v <= best || (want > 0 && v != want))
                    continue;
                free(pg->bin_dir);
                pg->bin_dir = xstrdup(found.gl_pathv[k]);
                best = v;
            }
        }
        globfree(&found);
    }
    if (!pg->bin_dir)
        pg->bin_dir = from_path();
    if (pg->bin_dir)
        return 0;
    if (want > 0)
        return err_set(err, ERR_UNAVAILABLE,
                       "%s was made by PostgreSQL %d, which is not installed: install it, or give "
                       "--database-url",
                       pg->data, want);
    return err_set(err, ERR_UNAVAILABLE,
                   "PostgreSQL is not installed (postgres and initdb are in no known place): "
                   "install it, or give --database-url");
}

/* ---- children ---- */

/* In the child, between fork and exec: system calls only. */
static void become(const EmbeddedPg *pg, pid_t parent)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (pg->is_switching &&
        (setgroups(1, &pg->gid) < 0 || setgid(pg->gid) < 0 || setuid(pg->uid) < 0))
        _exit(126);
    /* after setuid(), which clears it; SIGINT is PostgreSQL's fast shutdown */
    prctl(PR_SET_PDEATHSIG, SIGINT);
    if (getppid() != parent)
        _exit(125);
    umask(077);
    if (chdir("/") < 0)
        _exit(126);
}

static void redirect(int log_fd)
{
    int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);

    dup2(null_fd, 0);
    dup2(log_fd >= 0 ? log_fd : null_fd, 1);
    dup2(log_fd >= 0 ? log_fd : null_fd, 2);
    close_range(3, ~0u, 0);
}

static char *const child_env[] = {(char[]){"PATH=/usr/bin:/bin"}, (char[]){"LC_ALL=C"},
                                  (char[]){"TZ=UTC"}, NULL};

static int wait_child(pid_t pid)
{
    int status;

    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Whether the user can get at a directory of ours. */
static bool is_reachable(const EmbeddedPg *pg, const char *path)
{
    pid_t parent = getpid(), pid = fork();

    if (pid == 0) {
        become(pg, parent);
        _exit(access(path, R_OK | W_OK | X_OK) == 0 ? 0 : EXIT_NOT_REACHED);
    }
    return pid > 0 && wait_child(pid) == 0;
}

static int open_log(const EmbeddedPg *pg)
{
    struct stat st;

    if (stat(pg->log, &st) == 0 && st.st_size > LOG_MAX_BYTES) {
        AUTO_FREE char *old = xasprintf("%s.old", pg->log);

        (void)rename(pg->log, old); /* else it just grows on */
    }
    return open(pg->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* Run a program to its end. */
static int run_program(const EmbeddedPg *pg, char *const args[])
{
    int log_fd = open_log(pg), r;
    pid_t parent = getpid(), pid = fork();

    if (pid == 0) {
        redirect(log_fd);
        become(pg, parent);
        execve(args[0], args, child_env);
        _exit(127);
    }
    r = pid > 0 ? wait_child(pid) : -1;
    if (log_fd >= 0)
        close(log_fd);
    return r;
}

/* ---- directories ---- */

static int make_dir(const EmbeddedPg *pg, const char *path, mode_t mode, bool is_users, Err *err)
{
    if (mkdir(path, mode) < 0 && errno != EEXIST)
        return err_set(err, ERR_INTERNAL, "making %s: %s", path, strerror(errno));
    if (is_users && pg->is_switching && chown(path, pg->uid, pg->gid) < 0)
        return err_set(err, ERR_INTERNAL, "giving %s to %s: %s", path, pg->user, strerror(errno));
    return 0;
}

static int take_lock(EmbeddedPg *pg, Err *err)
{
    AUTO_FREE char *path = xasprintf("%s/lock", pg->root);

    pg->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (pg->lock_fd < 0)
        return err_set(err, ERR_INTERNAL, "opening %s: %s", path, strerror(errno));
    /* A server that was just killed holds it until the kernel has cleaned up. */
    for (int i = 0; flock(pg->lock_fd, LOCK_EX | LOCK_NB) < 0; i++) {
        if (i == 100)
            return err_set(err, ERR_CONFLICT, "%s is in use by another server", pg->root);
        usleep(20000);
    }
    return 0;
}

static int make_dirs(EmbeddedPg *pg, const char *dir, Err *err)
{
    struct stat st;
    int r;

    if (mkdir(dir, 0711) < 0 && errno != EEXIST)
        return err_set(err, ERR_INTERNAL, "making %s: %s", dir, strerror(errno));
    /* What is secret in it are files of mode 0600; passing through harms nothing. */
    if (pg->is_switching && stat(dir, &st) == 0 && !(st.st_mode & S_IXOTH))
        (void)chmod(dir, (st.st_mode | S_IXOTH | S_IXGRP) & 07777); /* is_reachable() tells */
    r = make_dir(pg, pg->root, 0700, true, err);
    if (r == 0)
        r = make_dir(pg, pg->sock, 0700, true, err);
    if (r < 0)
        return r;
    if (!is_reachable(pg, pg->sock))
        return err_set(err, ERR_FORBIDDEN,
                       "PostgreSQL runs as user %s, who cannot reach %s: choose a data directory "
                       "whose parents everybody may pass (chmod o+x), or give --database-url",
                       pg->user, pg->sock);
    return take_lock(pg, err);
}

static int choose_user(EmbeddedPg *pg, Err *err)
{
    static const char *const users[] = {"postgres", "nobody"};
    struct passwd *pw = NULL;

    pg->is_switching = geteuid() == 0;
    if (!pg->is_switching) {
        pw = getpwuid(geteuid());
        if (!pw)
            return err_set(err, ERR_INVALID,
                           "user %d has no entry in /etc/passwd, which "
                           "PostgreSQL needs: give --database-url",
                           (int)geteuid());
    }
    for (size_t i = 0; i < ARRAY_LEN(users) && !pw; i++)
        pw = getpwnam(users[i]);
    if (!pw)
        return err_set(err, ERR_INVALID,
                       "PostgreSQL does not run as root and there is neither a "
                       "user postgres nor nobody: give --database-url");
    pg->uid = pw->pw_uid;
    pg->gid = pw->pw_gid;
    snprintf(pg->user, sizeof(pg->user), "%s", pw->pw_name);
    return 0;
}

/* A short place for the socket when the data directory's path is too long for one. */
static char *socket_dir(const char *root)
{
    char *sock = xasprintf("%s/sock", root);
    uint64_t hash = 14695981039346656037u;

    if (strlen(sock) + strlen("/.s.PGSQL.5432") < SOCKET_PATH_MAX)
        return sock;
    for (const char *p = sock; *p; p++)
        hash = (hash ^ (unsigned char)*p) * 1099511628211u;
    free(sock);
    return xasprintf("/tmp/hostplane-pg-%016llx", (unsigned long long)hash);
}

/* ---- a new cluster ---- */

static int write_conf(const EmbeddedPg *pg, const char *dir, const char *name, const char *text,
                      Err *err)
{
    AUTO_FREE char *path = xasprintf("%s/%s", dir, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ssize_t n;

    if (fd < 0)
        return err_set(err, ERR_INTERNAL, "writing %s: %s", path, strerror(errno));
    n = write(fd, text, strlen(text));
    if (n == (ssize_t)strlen(text) && pg->is_switching && fchown(fd, pg->uid, pg->gid) < 0)
        n = -1;
    if (fsync(fd) < 0)
        n = -1;
    close(fd);
    if (n != (ssize_t)strlen(text))
        return err_set(err, ERR_INTERNAL, "writing %s failed", path);
    return 0;
}

/* Made aside and renamed, so that an interrupted one is never taken for whole. */
static int init_data(EmbeddedPg *pg, Err *err)
{
    AUTO_FREE char *aside = xasprintf("%s.new", pg->data);
    AUTO_FREE char *initdb = xasprintf("%s/initdb", pg->bin_dir);
    AUTO_FREE char *ident =
        xasprintf("hostplane root hostplane\nhostplane %s hostplane\n", pg->user);
    char *const clean[] = {(char[]){"/bin/rm"}, (char[]){"-rf"}, aside, NULL};
    char *const args[] = {initdb,
                          (char[]){"-D"},
                          aside,
                          (char[]){"-U"},
                          (char[]){"hostplane"},
                          (char[]){"-A"},
                          (char[]){"peer"},
                          (char[]){"--no-locale"},
                          (char[]){"-E"},
                          (char[]){"UTF8"},
                          (char[]){"--no-instructions"},
                          NULL};
    int r;

    if (data_version(pg->data) > 0)
        return 0;
    (void)run_program(pg, clean); /* initdb says so when something is left */
    r = make_dir(pg, aside, 0700, true, err);
    if (r < 0)
        return r;
    if (run_program(pg, args) != 0)
        return err_set(err, ERR_INTERNAL, "initdb failed; see %s", pg->log);
    r = write_conf(pg, aside, "pg_hba.conf", "local all all peer map=hostplane\n", err);
    if (r == 0)
        r = write_conf(pg, aside, "pg_ident.conf", ident, err);
    if (r < 0)
        return r;
    if (rename(aside, pg->data) < 0)
        return err_set(err, ERR_INTERNAL, "renaming %s: %s", aside, strerror(errno));
    return 0;
}

/* The number may belong to somebody else by now; a zombie has no program any more. */
static bool is_postgres(int64_t pid)
{
    AUTO_FREE char *exe = xasprintf("/proc/%lld/exe", (long long)pid);
    char target[4096];
    ssize_t n = readlink(exe, target, sizeof(target) - 1);

    if (n < 0)
        return false;
    target[n] = '\0';
    return strstr(target, "/postgres") != NULL;
}

/* One that a killed server left behind: the lock is ours, so nobody uses it. */
static int stop_left_over(EmbeddedPg *pg, Err *err)
{
    AUTO_FREE char *path = xasprintf("%s/postmaster.pid", pg->data);
    int64_t until = clock_mono_us() + STOP_WAIT_US, pid = 0;
    char line[32] = "";
    FILE *f = fopen(path, "re");

    if (!f)
        return 0;
    if (!fgets(line, sizeof(line), f))
        line[0] = '\0';
    fclose(f);
    if (!slice_to_int64(slice_trim(slice_of(line)), &pid) || pid <= 1 || !is_postgres(pid))
        return 0;
    log_info(NULL, "stopping the PostgreSQL of a server that was killed", LOG_INT("pid", pid));
    kill((pid_t)pid, SIGINT);
    while (is_postgres(pid)) {
        if (clock_mono_us() > until)
            return err_set(err, ERR_TIMEOUT,
                           "PostgreSQL %lld, left by another server, does not end", (long long)pid);
        usleep(5000);
    }
    return 0;
}

/* ---- running ---- */

static void add_arg(EmbeddedPg *pg, char *arg)
{
    BUG_ON(pg->n_args + 1 >= MAX_ARGS);
    pg->args[pg->n_args++] = arg;
}

static void add_setting(EmbeddedPg *pg, const char *name, const char *value)
{
    add_arg(pg, xstrdup("-c"));
    add_arg(pg, xasprintf("%s=%s", name, value));
}

static void make_args(EmbeddedPg *pg)
{
    static const struct {
        const char *name, *value;
    } settings[] = {
        {"listen_addresses", ""},
        {"unix_socket_permissions", "0700"},
        {"max_connections", "64"},
        {"jit", "off"},
        {"max_wal_size", "4GB"},
        {"checkpoint_timeout", "15min"},
        {"wal_compression", "on"},
        {"autovacuum_naptime", "15s"},
        {"autovacuum_vacuum_threshold",
         "20"}, /* of tables of a few rows that change all the time */
        {"autovacuum_vacuum_scale_factor", "0.1"},
        {"autovacuum_vacuum_insert_scale_factor", "1"},
        {"log_min_messages", "warning"},
        {"log_line_prefix", "%m [%p] "},
        {"log_timezone", "UTC"},
        {"timezone", "UTC"},
        {"logging_collector", "off"},
        {"max_wal_senders", "4"},
        {"recovery_init_sync_method", "syncfs"}, /* else seconds after a crash */
    };
    struct sysinfo info = {0};
    int64_t mb = 256;
    AUTO_FREE char *buffers = NULL;

    if (sysinfo(&info) == 0)
        mb = (int64_t)info.totalram * info.mem_unit / 1048576 / 8;
    mb = MAX(32, MIN(mb, 1024));
    buffers = xasprintf("%dMB", (int)mb);
    add_arg(pg, xasprintf("%s/postgres", pg->bin_dir));
    add_arg(pg, xstrdup("-D"));
    add_arg(pg, xstrdup(pg->data));
    add_setting(pg, "unix_socket_directories", pg->sock);
    add_setting(pg, "shared_buffers", buffers);
    for (size_t i = 0; i < ARRAY_LEN(settings); i++)
        add_setting(pg, settings[i].name, settings[i].value);
}

static pid_t start_postgres(EmbeddedPg *pg)
{
    int log_fd = open_log(pg);
    pid_t parent = getpid(), pid = fork();

    if (pid == 0) {
        redirect(log_fd);
        become(pg, parent);
        setsid();
        execve(pg->args[0], pg->args, child_env);
        _exit(127);
    }
    if (log_fd >= 0)
        close(log_fd);
    return pid;
}

/* ---- is it well? ---- */

typedef struct Health {
    bool was_well; /* since it was started: until then it may take its time */
    int64_t well_us, signal_us;
    size_t n_signals;
} Health;

/* Somebody else has told it to stop: the eighth line of postmaster.pid says so. It waits for the
 * connections that it has, ours, and takes no new ones. */
static bool is_told_to_stop(const EmbeddedPg *pg)
{
    AUTO_FREE char *path = xasprintf("%s/postmaster.pid", pg->data);
    FILE *f = fopen(path, "re");
    char line[256] = "";

    for (int i = 0; f && i < 8; i++)
        if (!fgets(line, sizeof(line), f))
            line[0] = '\0';
    if (f)
        fclose(f);
    return slice_is(slice_trim(slice_of(line)), "stopping");
}

/*
 * A PostgreSQL that runs and takes no connections is of no use to anybody: its socket was removed,
 * it hangs, or it waits for our connections to end before it does. It ends by force, and is then
 * started again. One that recovers from a crash of its own refuses connections, too, and is left
 * alone.
 */
static void check_health(EmbeddedPg *pg, Health *h, pid_t pid)
{
    static const int signals[] = {SIGINT, SIGQUIT, SIGKILL};
    int64_t now;
    bool is_well = store_ping(pg->conninfo);

    if (!is_well && h->was_well && store_answers(pg->conninfo) && !is_told_to_stop(pg))
        is_well = true; /* it will be */
    now = clock_mono_us();
    if (is_well) {
        h->was_well = true;
        h->well_us = now;
        h->n_signals = 0;
        return;
    }
    if (!h->was_well || now - h->well_us < SILENT_US ||
        (h->n_signals > 0 && now - h->signal_us < HARDER_US))
        return;
    log_warning(NULL, "PostgreSQL takes no connections and is stopped, to be started again",
                LOG_INT("pid", pid), LOG_STR("log", pg->log));
    kill(pid, signals[MIN(h->n_signals, ARRAY_LEN(signals) - 1)]);
    h->n_signals++;
    h->signal_us = now;
}

static bool is_stopping(EmbeddedPg *pg)
{
    bool is;

    pthread_mutex_lock(&pg->lock);
    is = pg->is_stopping;
    pthread_mutex_unlock(&pg->lock);
    return is;
}

/* Until it ends; its status. */
static int watch_over(EmbeddedPg *pg, pid_t pid)
{
    int fd = pidfd_open(pid, 0);
    Health h = {0};

    while (fd >= 0) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int n = poll(&p, 1, CHECK_EVERY_MS);

        if (n > 0 || (n < 0 && errno != EINTR))
            break;
        if (n == 0 && !is_stopping(pg))
            check_health(pg, &h, pid);
    }
    if (fd >= 0)
        close(fd);
    return wait_child(pid);
}

/* The thread lives as long as the server: PDEATHSIG is tied to the thread that forked. */
static void *supervise(void *data)
{
    EmbeddedPg *pg = data;
    int64_t pause_ms = 20;

    pthread_setname_np(pthread_self(), "postgres");
    pthread_mutex_lock(&pg->lock);
    while (!pg->is_stopping) {
        int64_t started = clock_mono_us();
        pid_t pid;
        int status;
        Err err;

        if (make_dir(pg, pg->sock, 0700, true, &err) < 0) /* somebody may have cleaned up */
            log_warning(NULL, "PostgreSQL has no place for its socket", LOG_STR("error", err.msg));
        pid = start_postgres(pg);

        pg->pid = MAX(pid, 0);
        pthread_cond_broadcast(&pg->changed);
        pthread_mutex_unlock(&pg->lock);
        status = pid > 0 ? watch_over(pg, pid) : -1;
        pthread_mutex_lock(&pg->lock);
        pg->pid = 0;
        if (pg->is_stopping)
            break;
        log_warning(NULL, "PostgreSQL ended and is started again", LOG_INT("status", status),
                    LOG_STR("log", pg->log));
        pg->n_restarts++;
        pause_ms = clock_mono_us() - started > 10000000 ? 20 : MIN(pause_ms * 2, 2000);
        pthread_mutex_unlock(&pg->lock);
        usleep((useconds_t)pause_ms * 1000);
        pthread_mutex_lock(&pg->lock);
    }
    pg->has_ended = true;
    pthread_cond_broadcast(&pg->changed);
    pthread_mutex_unlock(&pg->lock);
    return NULL;
}

static int wait_ready(EmbeddedPg *pg, Err *err)
{
    int64_t until = clock_mono_us() + READY_WAIT_US;

    while (!store_ping(pg->conninfo)) {
        if (pg->n_restarts >= 5 || clock_mono_us() > until)
            return err_set(err, ERR_UNAVAILABLE, "PostgreSQL does not start; see %s", pg->log);
        usleep(5000);
    }
    return 0;
}

static char *quoted_conninfo(const char *sock)
{
    AUTO_BUF b = BUF_INIT;

    buf_adds(&b, "host='");
    for (const char *p = sock; *p; p++) {
        if (*p == '\'' || *p == '\\')
            buf_addc(&b, '\\');
        buf_addc(&b, *p);
    }
    buf_adds(&b, "' user=hostplane dbname=postgres connect_timeout=5");
    return buf_take(&b);
}

static int open_all(EmbeddedPg *pg, const EmbeddedPgOptions *o, Err *err)
{
    int r;

    r = choose_user(pg, err);
    if (r == 0)
        r = find_programs(pg, o->bin_dir, err);
    if (r == 0)
        r = make_dirs(pg, o->dir, err);
    if (r == 0)
        r = init_data(pg, err);
    if (r == 0)
        r = stop_left_over(pg, err);
    if (r < 0)
        return r;
    make_args(pg);
    if (pthread_create(&pg->thread, NULL, supervise, pg) != 0)
        return err_set(err, ERR_INTERNAL, "starting a thread failed");
    pg->has_thread = true;
    return wait_ready(pg, err);
}

int embedded_pg_open(const EmbeddedPgOptions *o, EmbeddedPg **ret, Err *err)
{
    CLEANUP(embedded_pg_close) EmbeddedPg *pg = xcalloc(1, sizeof(*pg));
    AUTO_FREE char *dir = NULL;
    int r;

    pthread_mutex_init(&pg->lock, NULL);
    pthread_cond_init(&pg->changed, NULL);
    pg->lock_fd = -1;
    if (mkdir(o->dir, 0711) < 0 && errno != EEXIST)
        return err_set(err, ERR_INTERNAL, "making %s: %s", o->dir, strerror(errno));
    dir = realpath(o->dir, NULL); /* children change to the root directory */
    if (!dir)
        return err_set(err, ERR_INTERNAL, "%s: %s", o->dir, strerror(errno));
    pg->root = xasprintf("%s/postgres", dir);
    pg->data = xasprintf("%s/data", pg->root);
    pg->log = xasprintf("%s/log", pg->root);
    pg->sock = socket_dir(pg->root);
    pg->conninfo = quoted_conninfo(pg->sock);
    r = open_all(pg, &(EmbeddedPgOptions){dir, o->bin_dir}, err);
    if (r < 0)
        return err_wrap(err, r, "embedded PostgreSQL");
    *ret = TAKE(pg);
    return 0;
}

static void stop(EmbeddedPg *pg)
{
    int64_t since = clock_mono_us();
    int signals[] = {SIGINT, SIGQUIT, SIGKILL};
    size_t next = 0;

    pthread_mutex_lock(&pg->lock);
    pg->is_stopping = true;
    while (!pg->has_ended) {
        struct timespec until = clock_timespec(clock_now_us() + 1000000);

        if (pg->pid > 0 && next < ARRAY_LEN(signals) &&
            clock_mono_us() - since >= (int64_t)next * STOP_WAIT_US)
            kill(pg->pid, signals[next++]);
        (void)pthread_cond_timedwait(&pg->changed, &pg->lock, &until); /* looks again anyway */
    }
    pthread_mutex_unlock(&pg->lock);
    pthread_join(pg->thread, NULL);
}

void embedded_pg_close(EmbeddedPg *pg)
{
    if (!pg)
        return;
    if (pg->has_thread)
        stop(pg);
    if (pg->lock_fd >= 0)
        close(pg->lock_fd);
    for (size_t i = 0; i < pg->n_args; i++)
        free(pg->args[i]);
    free(pg->root);
    free(pg->data);
    free(pg->sock);
    free(pg->log);
    free(pg->bin_dir);
    free(pg->conninfo);
    pthread_mutex_destroy(&pg->lock);
    pthread_cond_destroy(&pg->changed);
    free(pg);
}

const char *embedded_pg_conninfo(const EmbeddedPg *pg)
{
    return pg->conninfo;
}

int embedded_pg_n_restarts(const EmbeddedPg *pg)
{
    return pg->n_restarts;
}
