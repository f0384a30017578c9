/*
 * DESIGN: start-up and shutdown, in this order and back.
 *
 *   data directory, its lock -> PostgreSQL -> key providers -> store -> cluster `host`
 *   -> tenancy -> engine -> admin.kubeconfig -> HTTPS front -> controllers, scheduler
 *
 *   DIR/lock               held while a server runs on DIR
 *   DIR/postgres/          the private PostgreSQL
 *   DIR/keys/kek           key-encryption keys ("file"), 0600: without them the database cannot be
 * read DIR/admin.kubeconfig   administrator of `host`
 *
 * Each stage is a function that fills its part of Process; close_all() undoes what was done.
 */
#include "hostplane/serve.h"

#include "api/address.h"
#include "api/encrypts.h"
#include "audit/policy.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/files.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/memguard.h"
#include "base/metrics.h"
#include "base/random.h"
#include "base/secret.h"
#include "controllers/controllers.h"
#include "hostplane/auditlog.h"
#include "hostplane/embedded_pg.h"
#include "hostplane/front.h"
#include "hostplane/hooks.h"
#include "hostplane/inproc.h"
#include "hostplane/server.h"
#include "hostplane/standin.h"
#include "keys/ring.h"
#include "scheduler/scheduler.h"
#include "tenancy/authn.h"
#include "tenancy/identity.h"
#include "tenancy/tenancy.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <netinet/in.h>
#include <pthread.h>

#include <signal.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    CERT_S = 365 * 86400,         /* the server's own certificate; a new one each start */
    ADMIN_S = 365 * 86400,        /* admin.kubeconfig */
    ADMIN_RENEW_S = 90 * 86400,   /* written anew at a start when it is older */
    SIGNING_KEYS_BYTES = 2 << 20, /* some 100 bytes for each of the two keys of a cluster in use */
};

static const char version[] = "v1.36.0";

typedef struct Process {
    Config *c; /* a copy: data_dir becomes absolute */
    Arena *arena;
    int lock_fd;
    EmbeddedPg *pg;
    const char *conninfo;
    KeyRing *keys;
    Store *store;
    Cluster *host;
    Identity *identity; /* of `host`: the platform's */
    Tenancy *tenancy;
    Vcluster *vc;
    AuditPolicy *audit_policy;
    AuditLog *audit;
    Hooks *hooks;
    Server *server;
    Inproc *inproc;
    Controllers *controllers;
    SchedConfig *scheduler_config;
    Scheduler *scheduler;
    const char *const *listen; /* with real ports */
    const char *external_url;
    const char *cert_pem, *key_pem;
} Process;

static const char *path_in(Process *p, const char *name)
{
    return arena_printf(p->arena, "%s/%s", p->c->data_dir, name);
}

/* ---- the data directory ---- */

static int open_data_dir(Process *p, Err *err)
{
    char *full;
    int r = dir_make(p->c->data_dir, 0755, err); /* PostgreSQL's user must get to DIR/postgres */

    if (r < 0)
        return r;
    full = realpath(p->c->data_dir, NULL);
    if (!full)
        return err_set(err, ERR_INTERNAL, "%s: %s", p->c->data_dir, strerror(errno));
    p->c->data_dir = arena_strdup(p->arena, full);
    free(full);
    p->lock_fd = open(path_in(p, "lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (p->lock_fd < 0)
        return err_set(err, ERR_INTERNAL, "%s/lock: %s", p->c->data_dir, strerror(errno));
    /* One that was just killed holds it until the kernel has cleaned up. */
    for (int i = 0; flock(p->lock_fd, LOCK_EX | LOCK_NB) < 0; i++) {
        if (i == 100)
            return err_set(err, ERR_INTERNAL, "%s is in use by another server", p->c->data_dir);
        usleep(20000);
    }
    return dir_make(path_in(p, "keys"), 0700, err);
}

static int open_database(Process *p, Err *err)
{
    EmbeddedPgOptions o = {.dir = p->c->data_dir, .bin_dir = p->c->postgres_bin_dir};
    int r;

    if (p->c->database_url) {
        p->conninfo = p->c->database_url;
        return 0;
    }
    r = embedded_pg_open(&o, &p->pg, err);
    if (r < 0)
        return err_wrap(err, r, "starting PostgreSQL");
    p->conninfo = embedded_pg_conninfo(p->pg);
    return 0;
}

/* ---- store and the cluster `host` ---- */

typedef struct Waiting {
    pthread_mutex_t lock; /* guards is_done, r, err */
    pthread_cond_t cond;
    bool is_done;
    int r;
    Err err;
} Waiting;

static void on_done(int r, const Err *err, void *data)
{
    Waiting *w = data;

    pthread_mutex_lock(&w->lock);
    w->is_done = true;
    w->r = r;
    if (r < 0 && err)
        w->err = *err;
    pthread_cond_signal(&w->cond);
    pthread_mutex_unlock(&w->lock);
}

static int submit(Store *s, Txn *t, Err *err)
{
    Waiting w = {.lock = PTHREAD_MUTEX_INITIALIZER, .cond = PTHREAD_COND_INITIALIZER};

    t->done = on_done;
    t->data = &w;
    store_submit(s, t);
    pthread_mutex_lock(&w.lock);
    while (!w.is_done)
        pthread_cond_wait(&w.cond, &w.lock);
    pthread_mutex_unlock(&w.lock);
    return w.r < 0 ? err_set(err, (ErrCode)-w.r, "%s", w.err.msg) : 0;
}

static int make_host(Process *p, Err *err)
{
    AUTO_BUF blob = BUF_INIT;
    char uid[UUID_TEXT_MAX];
    Txn t = {0};
    int r = identity_create(NULL, "host", &blob, err);

    if (r < 0)
        return r;
    t.change = (ClusterChange){.op = CLUSTER_CREATE,
                               .name = "host",
                               .uid = random_uuid(uid),
                               .identity = buf_slice(&blob),
                               .state = CLUSTER_ACTIVE};
    r = submit(p->store, &t, err);
    if (r == -ERR_ALREADY_EXISTS) /* another server was faster */
        return 0;
    return r < 0 ? err_wrap(err, r, "creating the cluster 'host'") : 0;
}

/* A cluster that answers for tenants which do not exist: a row like a tenant's, and no Tenant. It
 * is suspended, so that nothing is ever written to it. */
static int make_standin(Process *p, Err *err)
{
    CLEANUP(cluster_unref) Cluster *c = store_cluster(p->store, SLICE(STANDIN_NAME));
    AUTO_BUF blob = BUF_INIT;
    char uid[UUID_TEXT_MAX];
    Txn t = {0};
    int r;

    if (c)
        return 0;
    r = identity_create(p->identity, STANDIN_NAME, &blob, err);
    if (r < 0)
        return r;
    t.change = (ClusterChange){.op = CLUSTER_CREATE,
                               .name = STANDIN_NAME,
                               .uid = random_uuid(uid),
                               .identity = buf_slice(&blob),
                               .state = CLUSTER_SUSPENDED};
    r = submit(p->store, &t, err);
    return r < 0 && r != -ERR_ALREADY_EXISTS ? err_wrap(err, r, "creating the stand-in") : 0;
}

/* What of `host` is encrypted, which has no plan to say so. Rows are sealed and opened in the
 * background. */
static int encrypt_host(Process *p, Err *err)
{
    AUTO_BUF list = BUF_INIT;
    Txn t = {0};
    int r;

    for (size_t i = 0; p->c->encrypted_resources && p->c->encrypted_resources[i]; i++)
        if (!encrypts_add(&list, slice_of(p->c->encrypted_resources[i])))
            return err_set(err, ERR_BAD_REQUEST, "--encrypted-resource: '%s' " ENCRYPTS_FORM,
                           p->c->encrypted_resources[i]);
    if (str_eq(cluster_encrypted(p->host), buf_str(&list)))
        return 0;
    t.change = (ClusterChange){.op = CLUSTER_SET_STATE,
                               .name = "host",
                               .encrypted = buf_str(&list),
                               .state = CLUSTER_ACTIVE};
    r = submit(p->store, &t, err);
    return r < 0 ? err_wrap(err, r, "what is encrypted of the cluster 'host'") : 0;
}

/* "NAME=SPEC" each; the file of the data directory is "file" unless one of them is called so. */
static int open_keys(Process *p, Err *err)
{
    KeyRingItem items[KEY_PROVIDERS_MAX];
    size_t n = 0;
    bool has_file = false;

    for (size_t i = 0; p->c->key_providers && p->c->key_providers[i]; i++) {
        Slice rest = slice_of(p->c->key_providers[i]), name;

        if (n == KEY_PROVIDERS_MAX - 1 || !slice_cut(&rest, '=', &name))
            return err_set(err, ERR_BAD_REQUEST, "--key-provider: '%s' is not NAME=SCHEME:REST",
                           p->c->key_providers[i]);
        has_file |= slice_is(name, "file");
        items[n++] =
            (KeyRingItem){.name = arena_strndup(p->arena, name.ptr, name.len), .spec = rest.ptr};
    }
    if (!has_file)
        items[n++] = (KeyRingItem){
            .name = "file", .spec = arena_printf(p->arena, "file:%s", path_in(p, "keys/kek"))};
    return keyring_open(items, n, p->c->default_key_provider, &p->keys, err);
}

static int open_store(Process *p, Err *err)
{
    static const char *const encrypted[] = {"secrets", NULL};
    char uid[UUID_TEXT_MAX];
    StoreOptions o = {.conninfo = p->conninfo,
                      .encrypted = encrypted,
                      .public_of = identity_public_of,
                      .history_hours = p->c->history_hours,
                      .history_max_hours = p->c->history_max_hours,
                      .compaction_s = p->c->compaction_s,
                      .audit_days = p->c->audit_days,
                      .cache_idle_s = p->c->cache_idle_s,
                      .key_check_s = p->c->key_check_s,
                      .key_ttl_s = p->c->key_ttl_s,
                      .server_id = arena_strdup(p->arena, random_uuid(uid))};
    int r = open_keys(p, err);

    if (r < 0)
        return r;
    o.keys = p->keys;
    r = store_open(&o, &p->store, err);
    if (r < 0)
        return err_wrap(err, r, "opening the store");
    for (int i = 0; i < 50 && !p->host; i++) {
        p->host = store_cluster(p->store, SLICE("host"));
        if (!p->host && i == 0)
            r = make_host(p, err);
        if (r < 0)
            return r;
        if (!p->host)
            usleep(20000); /* another server's, on its way to us */
    }
    if (!p->host)
        return err_set(err, ERR_INTERNAL, "the cluster 'host' does not appear");
    return encrypt_host(p, err);
}

/* ---- addresses ---- */

static int port_of(const char *listen)
{
    const char *colon = strrchr(listen, ':');
    int64_t port = 0;

    return colon && slice_to_int64(slice_of(colon + 1), &port) ? (int)port : 0;
}

/* "ADDR:0": take a port that is free now, since kubeconfigs must name it before we listen. */
static int free_port(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(a);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), port = 0;

    if (fd >= 0 && bind(fd, (struct sockaddr *)&a, len) == 0 &&
        getsockname(fd, (struct sockaddr *)&a, &len) == 0)
        port = ntohs(a.sin_port);
    if (fd >= 0)
        close(fd);
    return port;
}

static const char *host_part(Arena *a, const char *listen)
{
    const char *colon = strrchr(listen, ':');
    size_t n = colon ? (size_t)(colon - listen) : strlen(listen);

    if (n >= 2 && listen[0] == '[' && listen[n - 1] == ']')
        return arena_strndup(a, listen + 1, n - 2);
    return arena_strndup(a, listen, n);
}

static bool is_any_address(const char *host)
{
    return !host[0] || strcmp(host, "0.0.0.0") == 0 || strcmp(host, "::") == 0;
}

static void find_addresses(Process *p)
{
    const char **listen;
    const char *host, *first = p->c->names ? p->c->names[0] : NULL;
    size_t n = 0;

    while (p->c->listen[n])
        n++;
    listen = arena_array(p->arena, const char *, n + 1);
    for (size_t i = 0; i < n; i++) {
        const char *text = p->c->listen[i];

        listen[i] = text;
        if (port_of(text) == 0 && strrchr(text, ':'))
            listen[i] = arena_printf(p->arena, "%.*s:%d", (int)(strrchr(text, ':') - text), text,
                                     free_port());
    }
    p->listen = listen;
    host = host_part(p->arena, listen[0]);
    if (is_any_address(host))
        host = first ? first : "127.0.0.1";
    p->external_url = p->c->external_url;
    if (!p->external_url)
        p->external_url =
            arena_printf(p->arena, strchr(host, ':') ? "https://[%s]:%d" : "https://%s:%d", host,
                         port_of(listen[0]));
}

static int issue_certificate(Process *p, Err *err)
{
    static const char *const always[] = {"kubernetes",
                                         "kubernetes.default",
                                         "kubernetes.default.svc",
                                         "kubernetes.default.svc.cluster.local",
                                         "localhost",
                                         "127.0.0.1",
                                         "::1"};
    const char **names, *url_host = strstr(p->external_url, "://");
    AddressRanges services;
    char own[256] = "";
    size_t n = 0, cap = 142 + ARRAY_LEN(always);

    names = arena_array(p->arena, const char *, cap);
    for (size_t i = 0; i < ARRAY_LEN(always); i++)
        names[n++] = always[i];
    for (unsigned i = 0; address_ranges_parse(p->c->service_cidr, &services) && i < services.n; i++)
        names[n++] = arena_strdup(p->arena, address_nth(&services.items[i], SERVICE_API_AT).text);
    for (size_t i = 0; p->listen[i]; i++) {
        const char *host = host_part(p->arena, p->listen[i]);

        if (!is_any_address(host))
            names[n++] = host;
    }
    for (size_t i = 0; p->c->names && p->c->names[i]; i++)
        names[n++] = p->c->names[i];
    if (p->c->domain) {
        names[n++] = p->c->domain;
        names[n++] = arena_printf(p->arena, "*.%s", p->c->domain);
    }
    if (url_host) {
        size_t len = strcspn(url_host + 3, "/");
        const char *authority = arena_strndup(p->arena, url_host + 3, len);

        names[n++] = strrchr(authority, ':') ? host_part(p->arena, authority) : authority;
    }
    if (gethostname(own, sizeof(own) - 1) == 0 && own[0])
        names[n++] = own;
    return identity_issue_server(p->identity, p->arena, "hostplane", names, CERT_S, &p->cert_pem,
                                 &p->key_pem, err);
}

/* ---- tenancy, engine, front ---- */

static int read_for_tenancy(void *data, Cluster *c, const char *storage, const char *ns,
                            const char *name, Obj **ret)
{
    return vc_get(data, c, storage, ns, name, ret);
}

static int read_issuers(Process *p, Err *err)
{
    const char *path = p->c->authentication_config;
    AUTO_BUF text = BUF_INIT;
    int r = path ? file_read(path, 1 << 20, &text, err) : 0;

    if (r == 0 && path)
        r = tenancy_set_issuers(p->tenancy, buf_slice(&text), err);
    return r < 0 ? err_wrap(err, r, "--authentication-config %s", path) : 0;
}

static int open_engine(Process *p, Err *err)
{
    TenancyOptions t = {.store = p->store, .external_url = p->external_url};
    VclusterOptions v = {.store = p->store,
                         .version = version,
                         .external_url = p->external_url,
                         .service_cidr = p->c->service_cidr};
    int r = tenancy_open(&t, &p->tenancy, err);

    if (r == 0)
        r = tenancy_identity(p->tenancy, p->host, &p->identity, err);
    if (r < 0)
        return err_wrap(err, r, "opening the platform's keys");
    r = make_standin(p, err);
    if (r == 0)
        r = read_issuers(p, err);
    if (r < 0)
        return r;
    v.tenancy = p->tenancy;
    r = vcluster_open(&v, &p->vc, err);
    if (r < 0)
        return err_wrap(err, r, "opening the request engine");
    tenancy_set_reader(p->tenancy, read_for_tenancy, p->vc);
    return 0;
}

static int open_hooks(Process *p, Err *err)
{
    int r = hooks_open(p->c->webhook_private_urls, &p->hooks, err);

    if (r < 0)
        return err_wrap(err, r, "starting the calls of webhooks");
    vcluster_set_hooks(p->vc, hooks_start, p->hooks);
    tenancy_set_fetcher(p->tenancy, hooks_fetch, p->hooks);
    return 0;
}

static int open_front(Process *p, Err *err)
{
    const Config *c = p->c;
    ServerOptions o = {.listen = p->listen,
                       .ca_pem = identity_ca_pem(p->identity),
                       .domain = c->domain,
                       .cache_idle_s = c->cache_idle_s,
                       .n_loops = (int)c->threads,
                       .n_shards = (int)c->shards,
                       .max_connections = (int)c->max_connections,
                       .request_ms = c->request_timeout_s * 1000,
                       .logs_all_requests = c->log_requests,
                       .store = p->store,
                       .vc = p->vc,
                       .tenancy = p->tenancy};
    int r = issue_certificate(p, err);

    if (r < 0)
        return err_wrap(err, r, "making the server's certificate");
    o.cert_pem = p->cert_pem;
    o.key_pem = p->key_pem;
    r = server_open(&o, &p->server, err);
    if (r == 0)
        hooks_set_tunnels(p->hooks, server_tunnels(p->server));
    return r;
}

static int write_admin_kubeconfig(Process *p, Err *err)
{
    const char *path = path_in(p, "admin.kubeconfig"), *text, *line;
    KubeconfigOptions o = {.lifetime_s = ADMIN_S};
    AUTO_BUF now = BUF_INIT;
    struct stat st;
    int64_t expires;
    int r;

    line = arena_printf(p->arena, "server: %s\n", p->external_url);
    if (stat(path, &st) == 0 && clock_now_s() - st.st_mtime < ADMIN_RENEW_S &&
        file_read(path, 1 << 20, &now, NULL) == 0 && strstr(buf_str(&now), line))
        return 0;
    r = tenancy_kubeconfig(p->tenancy, p->host, &o, clock_now_us(), p->arena, &text, &expires, err);
    if (r < 0)
        return err_wrap(err, r, "making admin.kubeconfig");
    return file_write(path, slice_of(text), 0600, err);
}

/* ---- controllers and scheduler ---- */

static int on_sign(const char *cluster, const char *csr_pem, int64_t lifetime_s, bool is_server,
                   Arena *a, const char **ret_pem, void *data, Err *err)
{
    const Process *p = data;
    CLEANUP(cluster_unref) Cluster *c = store_cluster(p->store, slice_of(cluster));
    CLEANUP(identity_close) Identity *i = NULL;
    int r;

    if (!c)
        return err_set(err, ERR_NOT_FOUND, "there is no cluster '%s'", cluster);
    r = tenancy_identity(p->tenancy, c, &i, err);
    return r < 0
               ? r
               : identity_sign_csr(i, a, csr_pem, lifetime_s, !is_server, is_server, ret_pem, err);
}

/* Before anything is started: a mistake in the file is the first thing to hear of. */
static int read_scheduler_config(Process *p, Err *err)
{
    const char *path = p->c->scheduler_config;

    return path ? sched_config_load(path, &p->scheduler_config, err)
                : sched_config_parse((Slice){0}, "", &p->scheduler_config, err);
}

static int read_audit_policy(Process *p, Err *err)
{
    const char *path = p->c->audit_policy;
    AUTO_BUF text = BUF_INIT;
    int r;

    if (strcmp(p->c->audit_mode, "blocking-strict") != 0 && strcmp(p->c->audit_mode, "batch") != 0)
        return err_set(err, ERR_BAD_REQUEST, "--audit-mode: '%s' is not blocking-strict or batch",
                       p->c->audit_mode);
    if (!path)
        return 0;
    r = file_read(path, 1 << 20, &text, err);
    return r < 0 ? r : audit_policy_parse(buf_slice(&text), path, &p->audit_policy, err);
}

static int open_audit(Process *p, Err *err)
{
    AuditLogOptions o = {.store = p->store,
                         .tenancy = p->tenancy,
                         .policy = p->audit_policy,
                         .is_strict = strcmp(p->c->audit_mode, "batch") != 0,
                         .file = p->c->audit_file,
                         .file_bytes = p->c->audit_file_mb << 20,
                         .file_backups = p->c->audit_file_backups,
                         .webhook = p->c->audit_webhook};
    AUTO_BUF ca = BUF_INIT;
    VcAudit engine;
    int r = 0;

    if (p->c->audit_webhook_ca) {
        r = file_read(p->c->audit_webhook_ca, 1 << 20, &ca, err);
        o.webhook_ca_pem = buf_str(&ca);
    }
    if (r == 0)
        r = audit_log_open(&o, &p->audit, err);
    if (r < 0)
        return err_wrap(err, r, "starting the audit log");
    engine = audit_log_engine(p->audit);
    vcluster_set_audit(p->vc, &engine);
    return 0;
}

static int start_workers(Process *p, Err *err)
{
    ControllersOptions c = {.open_client = inproc_open_client,
                            .n_workers = (unsigned)p->c->workers,
                            .pod_cidr = p->c->pod_cidr,
                            .terminated_pods = p->c->terminated_pods,
                            .ca_pem = identity_ca_pem(p->identity),
                            .sign = on_sign,
                            .sign_data = p,
                            .out_call = hooks_out_call,
                            .out_data = p->hooks};
    SchedulerOptions s = {.open_client = inproc_open_client};
    int r = 0;

    p->inproc = inproc_open(p->store, p->vc, p->tenancy);
    s.config = p->scheduler_config;
    c.data = s.data = p->inproc;
    c.lister = s.lister = inproc_lister(p->inproc);
    if (p->c->controllers)
        r = controllers_start(&c, &p->controllers, err);
    if (r < 0)
        return err_wrap(err, r, "starting the controllers");
    if (p->c->scheduler)
        r = scheduler_start(&s, &p->scheduler, err);
    return r < 0 ? err_wrap(err, r, "starting the scheduler") : 0;
}

static void close_all(Process *p)
{
    server_drain(p->server, p->c->drain_timeout_s * 1000);
    if (p->tenancy)
        tenancy_meter_flush(p->tenancy, clock_now_us());
    if (p->inproc)
        inproc_quiet(p->inproc);
    scheduler_stop(p->scheduler);
    controllers_stop(p->controllers);
    sched_config_free(p->scheduler_config);
    inproc_close(p->inproc);
    hooks_stop(p->hooks); /* what waits for one hears of its failure */
    server_close(p->server);
    audit_log_close(p->audit); /* nobody asks any more */
    audit_policy_unref(p->audit_policy);
    hooks_free(p->hooks);
    vcluster_close(p->vc);
    identity_close(p->identity);
    tenancy_close(p->tenancy);
    cluster_unref(p->host);
    store_close(p->store);
    keyring_close(p->keys);
    embedded_pg_close(p->pg);
    if (p->lock_fd >= 0)
        close(p->lock_fd);
    metrics_done();
    arena_free(p->arena);
}

static int open_all(Process *p, Err *err)
{
    /* Whoever waits for /readyz may rely on admin.kubeconfig: it comes before the front. */
    static int (*const stages[])(Process * p, Err * err) = {
        read_scheduler_config, read_audit_policy, open_data_dir, open_database,          open_store,
        open_engine,           open_audit,        open_hooks,    write_admin_kubeconfig, open_front,
        start_workers};
    int r = 0;

    find_addresses(p);
    for (size_t i = 0; i < ARRAY_LEN(stages) && r == 0; i++)
        r = stages[i](p, err);
    return r;
}

/* Answers of a megabyte come and go: their memory is not given back to the kernel, and asked for
 * again page by page, each time. */
static void keep_memory(void)
{
    enum { MB = 1024 * 1024 };

    (void)mallopt(M_MMAP_THRESHOLD, 8 * MB);
    (void)mallopt(M_TRIM_THRESHOLD, 8 * MB);
}

static int wait_for(const sigset_t *signals)
{
    const struct timespec minute = {.tv_sec = 60};
    int sig;

    while ((sig = sigtimedwait(signals, NULL, &minute)) < 0)
        memguard_look_again();
    return sig;
}

int serve(const Config *c, Err *err)
{
    Config own = *c;
    Process p = {.c = &own, .arena = arena_new(), .lock_fd = -1};
    int64_t began = clock_mono_us();
    sigset_t stop;
    int r, sig = 0;

    keep_memory();
    arena_keep_blocks();
    secret_guard_library(SIGNING_KEYS_BYTES);
    if (!c->data_dir)
        r = err_set(err, ERR_BAD_REQUEST, "--data-dir is required");
    else
        r = memguard_swap(c->allow_swap, err);
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stop, NULL); /* in all threads; sigwait() takes them */
    signal(SIGPIPE, SIG_IGN);
    if (r == 0)
        r = open_all(&p, err);
    if (r == 0) {
        log_info(NULL, "serving", LOG_STR("url", p.external_url),
                 LOG_STR("kubeconfig", path_in(&p, "admin.kubeconfig")),
                 LOG_INT("start_ms", (clock_mono_us() - began) / 1000));
        sig = wait_for(&stop);
        log_info(NULL, "stopping", LOG_INT("signal", sig));
    }
    close_all(&p);
    if (r == 0)
        log_info(NULL, "stopped");
    return r;
}

int serve_migrate(const Config *c, int *ret_version, Err *err)
{
    Config own = *c;
    Process p = {.c = &own, .arena = arena_new(), .lock_fd = -1};
    int r = 0;

    if (!c->data_dir && !c->database_url)
        r = err_set(err, ERR_BAD_REQUEST, "--data-dir or --database-url is required");
    if (r == 0 && c->data_dir)
        r = open_data_dir(&p, err);
    if (r == 0)
        r = open_database(&p, err);
    if (r == 0)
        r = store_migrate(p.conninfo, ret_version, err);
    close_all(&p);
    return r;
}
