/*
 * main.c - hostplane-agent: options, start and end of the parts.
 *
 * SIGTERM and SIGINT end the agent and leave the pods running; the next agent adopts them. SIGPWR
 * says that the node is going down: the pods are ended first, within SHUTDOWN_S and CRITICAL_S.
 */
#include "agent/agent.h"
#include "agent/api.h"
#include "agent/dns_server.h"
#include "agent/feed.h"
#include "agent/fs.h"
#include "agent/gc.h"
#include "agent/image_access.h"
#include "agent/join.h"
#include "agent/net/net.h"
#include "agent/net/overlay.h"
#include "agent/net/rules.h"
#include "agent/node.h"
#include "agent/pods.h"
#include "agent/stats.h"
#include "agent/sweep.h"
#include "agent/tunnel.h"
#include "base/crash.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/memguard.h"
#include "base/quantity.h"
#include "base/wipe.h"
#include "client/http.h"
#include "client/kubeconfig.h"

#include <getopt.h>
#include <malloc.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Options {
    AgentOptions agent;
    const char *server, *token_file, *kubeconfig, *cri, *max_pods, *log_level, *log_format;
    const char *upstream_dns, *max_pod_grace, *log_size, *log_files;
    const char *cluster_cidr, *service_cidr;
    const char *allow_privileged, *no_network, *allow_swap; /* not NULL: given */
} Options;

/* The one list of options: parsing, defaults and --help come from it. */
static const struct OptionRow {
    const char *name, *arg, *deflt, *help;
    size_t offset;
} rows[] = {
#define O(field) offsetof(Options, field)
    {"server", "URL", NULL, "the server: https://HOST:PORT", O(server)},
    {"token-file", "FILE", NULL, "join token (hpctl node token), needed once", O(token_file)},
    {"kubeconfig", "FILE", NULL, "instead of --server and --token-file", O(kubeconfig)},
    {"node-name", "NAME", NULL, "name of this node (default: the host name)", O(agent.node_name)},
    {"node-ip", "ADDR[,ADDR]", NULL,
     "address of this node, and that of the other family (default: of the route to the server)",
     O(agent.node_ip)},
    {"link-address", "MAC", "auto",
     "what this node's packets come with at other nodes; none: the network changes it",
     O(agent.link_address)},
    {"overlay", "MODE", "auto",
     "VXLAN to the pods of nodes in other networks: auto; of all nodes: always; or none",
     O(agent.overlay)},
    {"data-dir", "DIR", "/var/lib/hostplane-agent", "certificate, pods' volumes and logs",
     O(agent.data_dir)},
    {"cri", "ENDPOINT", "unix:///run/containerd/containerd.sock", "container runtime", O(cri)},
    {"cni-conf-dir", "DIR", "/etc/cni/net.d", "where the network configuration is written",
     O(agent.cni_conf_dir)},
    {"cni-bin-dir", "DIR", "/usr/lib/cni", "CNI plug-ins (the runtime's setting must agree)",
     O(agent.cni_bin_dir)},
    {"pod-subnet", "CIDR[,CIDR]", NULL, "pod addresses (default: Node.spec.podCIDRs)",
     O(agent.pod_subnet)},
    {"cluster-cidr", "CIDR[,CIDR]", "10.88.0.0/16",
     "addresses of all pods of all nodes; a range of the other family may follow", O(cluster_cidr)},
    {"service-cidr", "CIDR[,CIDR]", "10.96.0.0/16",
     "service addresses that every tenant has; of the same families", O(service_cidr)},
    {"closed-cidr", "CIDR[,CIDR...]", NULL,
     "what pods may not reach, besides links and what clouds tell their machines",
     O(agent.closed_cidr)},
    {"max-pods", "N", "110", "how many pods may run here", O(max_pods)},
    {"labels", "A=B,...", NULL, "labels of the Node object", O(agent.labels)},
    {"upstream-dns", "ADDR", NULL, "ask ADDR for names outside of the cluster (default: nobody)",
     O(upstream_dns)},
    {"allow-privileged", NULL, NULL, "let every tenant use host namespaces, hostPath, privileged",
     O(allow_privileged)},
    {"allow-swap", NULL, NULL, "start although memory with pods' Secrets may reach swap space",
     O(allow_swap)},
    {"no-network", NULL, NULL, "leave CNI, services and DNS to others", O(no_network)},
    {"eviction-hard", "LIST",
     "memory.available<100Mi,nodefs.available<5%,imagefs.available<5%,nodefs.inodesFree<5%",
     "when pods are given up", O(agent.eviction_hard)},
    {"eviction-soft", "LIST", NULL, "when pods are given up after a while", O(agent.eviction_soft)},
    {"eviction-soft-grace-period", "LIST", NULL,
     "how long each of these is borne (memory.available=1m)", O(agent.eviction_soft_grace)},
    {"eviction-max-pod-grace-period", "SECONDS", "30", "time for pods that go by a soft threshold",
     O(max_pod_grace)},
    {"container-log-max-size", "SIZE", "10Mi", "a log is put aside when it is larger", O(log_size)},
    {"container-log-max-files", "N", "5", "how many files of a log are kept", O(log_files)},
    {"log-level", "LEVEL", "info", "error, warning, info, debug", O(log_level)},
    {"log-format", "FORMAT", NULL, "text or json (default: text on a terminal)", O(log_format)},
#undef O
};

enum { SHUTDOWN_S = 20, CRITICAL_S = 10, MALLOC_ARENAS = 2 };

static const LogCtx ctx = {.component = "agent"};

static void print_help(void)
{
    puts("usage: hostplane-agent --server URL --token-file FILE [options]\n"
         "       hostplane-agent --kubeconfig FILE [options]\n\n"
         "Runs the pods that are bound to this node. Ends on SIGTERM and leaves them running.\n");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char left[64];

        snprintf(left, sizeof(left), "--%s %s", rows[i].name, rows[i].arg ? rows[i].arg : "");
        printf("  %-28s %s", left, rows[i].help);
        if (rows[i].deflt)
            printf(" (default: %s)", rows[i].deflt);
        putchar('\n');
    }
    puts("  --help                       this text\n  --version                    the version");
}

/* -1: go on; else the exit code. */
static int parse_options(int argc, char **argv, Options *o)
{
    enum { HELP = 1000, VERSION };
    struct option longs[ARRAY_LEN(rows) + 3] = {{0}};
    size_t n = ARRAY_LEN(rows);
    int c;

    for (size_t i = 0; i < n; i++) {
        longs[i] = (struct option){rows[i].name, rows[i].arg ? required_argument : no_argument,
                                   NULL, (int)i + 1};
        if (rows[i].deflt)
            *(const char **)((char *)o + rows[i].offset) = rows[i].deflt;
    }
    longs[n] = (struct option){"help", no_argument, NULL, HELP};
    longs[n + 1] = (struct option){"version", no_argument, NULL, VERSION};
    while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
        if (c == HELP) {
            print_help();
            return 0;
        }
        if (c == VERSION) {
            puts("hostplane-agent v1.36.0+hostplane.0.1.0");
            return 0;
        }
        if (c == '?') {
            fputs("try: hostplane-agent --help\n", stderr);
            return 2;
        }
        *(const char **)((char *)o + rows[c - 1].offset) = optarg ? optarg : "";
    }
    if (optind < argc) {
        fprintf(stderr, "hostplane-agent: unexpected argument \"%s\"\n", argv[optind]);
        return 2;
    }
    if (!o->server && !o->kubeconfig) {
        fputs("hostplane-agent: --server or --kubeconfig is needed\n", stderr);
        return 2;
    }
    return -1;
}

static int read_ranges(const char *option, const char *text, AddressRanges *ret, Err *err)
{
    if (!address_ranges_parse(text, ret))
        return err_set(err, ERR_INVALID,
                       "--%s: no range, or one of each family with a comma: \"%s\"", option, text);
    return 0;
}

static bool are_of_one_order(const AddressRanges *x, const AddressRanges *y)
{
    return x->n == y->n && x->items[0].ip.n_bits == y->items[0].ip.n_bits;
}

static int read_address(Arena *a, const NetFamily *f, const char *text, const char **ret, Err *err)
{
    char address[ADDRESS_TEXT_MAX];

    if (!net_address(f, text, address))
        return err_set(err, ERR_INVALID, "--node-ip: no address of %s: \"%s\"", f->name, text);
    *ret = arena_strdup(a, address);
    return 0;
}

/* What the node has of each family; the second address goes with the second ranges. */
static int read_addresses(Arena *a, Options *o, Err *err)
{
    const char *said = o->agent.node_ip, *comma = said ? strchr(said, ',') : NULL, *first = said;
    const NetFamily *f;
    int r = read_ranges("cluster-cidr", o->cluster_cidr, &o->agent.cluster, err);

    if (r == 0)
        r = read_ranges("service-cidr", o->service_cidr, &o->agent.services, err);
    if (r == 0 && !are_of_one_order(&o->agent.cluster, &o->agent.services))
        r = err_set(err, ERR_INVALID,
                    "--cluster-cidr and --service-cidr are not of the same families");
    if (r == 0 && !net_each_range(o->agent.closed_cidr, NULL, NULL))
        r = err_set(err, ERR_INVALID, "--closed-cidr: no list of ranges: \"%s\"",
                    o->agent.closed_cidr);
    if (r < 0)
        return r;
    if ((o->agent.cluster.n == 2) != (comma != NULL)) /* rules know nodes by their addresses */
        return err_set(err, ERR_INVALID,
                       "--node-ip: one address for each family of --cluster-cidr, with a comma");
    if (comma)
        first = arena_strndup(a, said, (size_t)(comma - said));
    o->agent.api_ip =
        arena_strdup(a, address_nth(&o->agent.services.items[0], SERVICE_API_AT).text);
    o->agent.dns_ip =
        arena_strdup(a, address_nth(&o->agent.services.items[0], SERVICE_DNS_AT).text);
    f = &net_families[o->agent.cluster.items[0].ip.n_bits == 32 ? 0 : 1];
    if (said)
        r = read_address(a, f, first, &o->agent.node_ip, err);
    if (r == 0 && comma)
        r = read_address(a, f == net_families ? &net_families[1] : net_families, comma + 1,
                         &o->agent.second_node_ip, err);
    return r;
}

static int complete_options(Arena *a, Options *o, Err *err)
{
    char host[256] = "", ip[64] = "";
    OverlayMode overlay;
    LogLevel level;
    Quantity size;
    int64_t n;
    int r;

    if (!log_level_from_name(o->log_level, &level))
        return err_set(err, ERR_INVALID, "--log-level: no such level \"%s\"", o->log_level);
    log_setup(level, o->log_format ? strcmp(o->log_format, "json") == 0 : !isatty(2));
    if (!slice_to_int64(slice_of(o->max_pods), &n) || n < 1 || n > 10000)
        return err_set(err, ERR_INVALID, "--max-pods: not a sensible number \"%s\"", o->max_pods);
    o->agent.max_pods = (int)n;
    if (!slice_to_int64(slice_of(o->max_pod_grace), &o->agent.eviction_max_pod_grace_s) ||
        o->agent.eviction_max_pod_grace_s < 0)
        return err_set(err, ERR_INVALID,
                       "--eviction-max-pod-grace-period: not a number of seconds");
    if (quantity_parse(slice_of(o->log_size), &size, NULL) < 0 || quantity_value(&size) < 1024)
        return err_set(err, ERR_INVALID, "--container-log-max-size: not a sensible size \"%s\"",
                       o->log_size);
    o->agent.log_max_bytes = quantity_value(&size);
    if (!slice_to_int64(slice_of(o->log_files), &n) || n < 2 || n > 1000)
        return err_set(err, ERR_INVALID, "--container-log-max-files: not a number from 2 on");
    o->agent.log_max_files = (int)n;
    o->agent.allow_privileged = o->allow_privileged != NULL;
    o->agent.has_network = !o->no_network;
    if (!o->agent.node_name) {
        if (gethostname(host, sizeof(host) - 1) < 0 || !host[0])
            return err_set(err, ERR_INVALID, "--node-name is needed");
        o->agent.node_name = arena_strdup(a, host);
    }
    if (strcmp(o->agent.link_address, "auto") != 0 && strcmp(o->agent.link_address, "none") != 0 &&
        !net_is_mac(o->agent.link_address))
        return err_set(err, ERR_INVALID, "--link-address: not auto, none or a MAC address");
    if (!net_overlay_mode(o->agent.overlay, &overlay))
        return err_set(err, ERR_INVALID, "--overlay: not auto, always or none");
    r = read_addresses(a, o, err);
    if (r < 0)
        return r;
    if (!o->agent.node_ip) {
        net_own_address(o->server, o->agent.cluster.items[0].ip.n_bits == 32 ? AF_INET : AF_INET6,
                        ip, sizeof(ip));
        if (!ip[0])
            return err_set(err, ERR_INVALID, "--node-ip is needed");
        o->agent.node_ip = arena_strdup(a, ip);
    }
    return 0;
}

/* The connection's options; joins first when that is needed. */
static int credentials(Arena *a, const Options *o, HttpOptions *ret, Err *err)
{
    Value *config;
    int r;

    if (o->kubeconfig) {
        r = kubeconfig_load(a, o->kubeconfig, &config, err);
        return r < 0 ? r : kubeconfig_options(a, config, NULL, ret, NULL, err);
    }
    for (int tries = 0;; tries++) {
        r = join_credentials(a, o->server, o->token_file, o->agent.node_name, o->agent.data_dir,
                             ret, err);
        if (r == 0 || (r != -ERR_UNAVAILABLE && r != -ERR_TIMEOUT) || tries == 60)
            return r;
        if (tries == 0)
            log_warning(&ctx, "the server does not answer, trying on", LOG_STR("error", err->msg));
        sleep(1);
    }
}

/* ---- the parts, in the order of their start ---- */

typedef struct Parts {
    Agent agent;
    Pods *pods;
    Feed *feed;
    Node *node;
    DnsServer *dns;
    Tunnel *tunnel;
    Gc *gc;
    Stats *stats;
} Parts;

static void on_item(Item *now, Item *before, void *data)
{
    Parts *p = data;

    pods_item_changed(p->pods, now, before);
    if (p->agent.net)
        net_item_changed(p->agent.net, now, before);
}

static void on_synced(void *data)
{
    Parts *p = data;

    pods_feed_synced(p->pods);
    if (p->agent.net)
        net_items_are_whole(p->agent.net);
    log_info(&ctx, "in step with the server");
}

static void on_pod_cidr(const char *cidr, void *data)
{
    Parts *p = data;
    Err err;

    log_info(&ctx, "pod addresses", LOG_STR("cidr", cidr));
    if (net_set_pod_cidr(p->agent.net, cidr, &err) < 0)
        log_error(&ctx, "cannot write the network configuration", LOG_STR("error", err.msg));
}

static void on_certificate(const char *cert_pem, const char *key_pem, void *data)
{
    Parts *p = data;

    tunnel_set_cert(p->tunnel, cert_pem, key_pem);
}

static int start(Parts *p, const Options *o, const HttpOptions *http, Err *err)
{
    AUTO_FREE char *cache_dir = xasprintf("%s/cache", o->agent.data_dir);
    AUTO_FREE char *access_file = xasprintf("%s/images.json", o->agent.data_dir);
    FeedOptions feed = {
        .cache_dir = cache_dir, .node = o->agent.node_name, .on_synced = on_synced, .data = p};
    NodeOptions node = {.agent = &p->agent, .on_certificate = on_certificate, .data = p};
    Agent *agent = &p->agent;
    int r;

    agent->o = o->agent;
    agent->o.runtime = str_starts(o->cri, "unix://") ? o->cri + strlen("unix://") : o->cri;
    agent->cri = cri_new(o->cri);
    agent->image_access = image_access_open(access_file);
    agent->items = items_new(on_item, p);
    node_measure(agent);
    sweep_addresses(agent);
    r = http_client_open(http, &agent->client, err);
    if (r == 0)
        agent->api = agent_api_new(agent);
    if (r == 0 && agent->o.has_network)
        r = net_start(agent, http->server, &agent->net, err);
    if (r == 0 && agent->o.has_network)
        r = dns_server_start(agent, NET_DNS_PORT, o->upstream_dns, &p->dns, err);
    if (r == 0 && agent->net && agent->o.pod_subnet)
        r = net_set_pod_cidr(agent->net, agent->o.pod_subnet, err);
    if (r == 0)
        r = pods_start(agent, &p->pods, err);
    if (agent->net && !agent->o.pod_subnet)
        node.on_pod_cidr = on_pod_cidr;
    if (r == 0)
        r = tunnel_start(agent, p->pods, http, &p->tunnel, err);
    if (r == 0)
        r = node_start(&node, &p->node, err);
    feed.client = agent->client;
    feed.items = agent->items;
    if (r == 0)
        r = gc_start(agent, p->pods, &p->gc, err);
    if (r == 0)
        r = stats_start(agent, &p->stats, err);
    if (r == 0)
        r = feed_start(&feed, &p->feed, err);
    return r;
}

static void stop(Parts *p)
{
    feed_stop(p->feed);
    node_stop(p->node);
    gc_stop(p->gc);
    stats_stop(p->stats);
    tunnel_stop(p->tunnel);
    pods_stop(p->pods);
    dns_server_stop(p->dns);
    net_stop(p->agent.net);
    agent_api_free(p->agent.api);
    client_close(p->agent.client);
    items_free(p->agent.items);
    image_access_free(p->agent.image_access);
    cri_free(p->agent.cri);
}

static void on_alarm(int sig UNUSED)
{
    _exit(0);
}

int main(int argc, char **argv)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Options o = {.server = NULL};
    HttpOptions http = {0};
    Parts parts = {.pods = NULL};
    sigset_t signals;
    int sig, r = parse_options(argc, argv, &o);
    Err err = {0};

    memguard_dumps();
    wipe_everywhere(); /* what pods are given may be in anything */
#ifndef ARENA_DEBUG
    crash_setup("hostplane-agent");
#endif
    if (r >= 0)
        return r;
    umask(022);
    (void)mallopt(M_ARENA_MAX, MALLOC_ARENAS); /* a thread a pod: not a heap for each */
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGPWR);
    r = complete_options(a, &o, &err);
    if (r == 0)
        r = memguard_swap(o.allow_swap != NULL, &err);
    if (r == 0)
        r = fs_mkdirs(o.agent.data_dir, 0755, &err);
    if (r == 0)
        r = credentials(a, &o, &http, &err);
    if (r == 0)
        pthread_sigmask(SIG_BLOCK, &signals, NULL); /* all threads that follow inherit it */
    if (r == 0)
        r = start(&parts, &o, &http, &err);
    if (r == 0) {
        log_info(&ctx, "started", LOG_STR("node", o.agent.node_name));
        while ((sig = sigtimedwait(&signals, NULL, &(struct timespec){.tv_sec = 60})) < 0)
            memguard_look_again(); /* each of them means the end */
        if (sig == SIGPWR) {
            log_info(&ctx, "the node goes down, pods are ended");
            agent_api_node_event(parts.agent.api, false, "Shutdown",
                                 "Shutdown manager detected shutdown event");
            pods_shut_down(parts.pods, SHUTDOWN_S, CRITICAL_S);
        }
        log_info(&ctx, "ending, pods keep running");
        signal(SIGALRM, on_alarm); /* a call to the runtime may take as long as a grace period */
        alarm(8);
    } else {
        log_error(&ctx, "cannot start", LOG_STR("error", err.msg));
    }
    stop(&parts);
    return r == 0 ? 0 : 1;
}
