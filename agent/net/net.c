#include "agent/net/net.h"

#include "agent/fs.h"
#include "agent/net/conntrack.h"
#include "agent/net/healthport.h"
#include "agent/net/rules.h"
#include "agent/run.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/map.h"
#include "base/mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if_arp.h>
#include <netdb.h>
#include <netpacket/packet.h>
#include <pthread.h>
#include <unistd.h>

/* What comes alone is applied at once; what comes soon after it is applied together. */
enum { SETTLE_US = 20000, RETRY_US = 1000000 };

typedef struct PodAddress {
    char *cluster, *ns, *name, *ip, *veth; /* veth may be NULL */
    uint64_t goal;                         /* Net.done when the rules know it */
} PodAddress;

struct Net {
    Agent *agent; /* borrowed */
    char api_address[64];
    HealthPorts *health;
    pthread_t thread;
    pthread_mutex_t lock; /* guards what follows up to the next blank line */
    pthread_cond_t wake, applied;
    Map pods;    /* uid -> PodAddress */
    Map numbers; /* cluster -> number */
    NetRules *rules;
    uint64_t wanted, done;
    char pod_cidr[48];
    bool is_stopping, base_changed;
    Err failure; /* of the last try; code ERR_NONE when it worked */

    /* the thread only */
    Map routes; /* pod CIDR -> node address */
};

static const LogCtx ctx = {.component = "net"};

static int nft(const Buf *script, Err *err)
{
    char *const argv[] = {RUN_ARG("nft"), RUN_ARG("-f"), RUN_ARG("-"), NULL};

    return run_program(argv, buf_slice(script), err);
}

/* ---- applying ---- */

static uint32_t number_of(const char *cluster, void *data);

static NetInput input(Net *n)
{
    return (NetInput){.items = n->agent->items,
                      .node_name = n->agent->o.node_name,
                      .number = number_of,
                      .data = n};
}

/* Under the lock. */
static uint32_t number_of(const char *cluster, void *data)
{
    Net *n = data;
    uintptr_t number = (uintptr_t)map_get(&n->numbers, cluster);

    if (number == 0) {
        number = n->numbers.n + 1;
        (void)map_set(&n->numbers, cluster, (void *)number); /* it was not there */
    }
    return (uint32_t)number;
}

/* The commands that are due, under the lock; with the tables themselves when they are not there. */
static void print_due(Net *n, bool with_base, Buf *out)
{
    NetInput in = input(n);
    NetPod *pods = xcalloc(n->pods.n + 1, sizeof(*pods));
    NetBase base = {.cluster_cidr = n->agent->o.cluster_cidr,
                    .service_cidr = n->agent->o.service_cidr,
                    .pod_cidr = n->pod_cidr[0] ? n->pod_cidr : NULL,
                    .api_address = n->api_address[0] ? n->api_address : NULL,
                    .node_ip = n->agent->o.node_ip,
                    .host = number_of("host", n),
                    .dns_port = NET_DNS_PORT};
    PodAddress *p;

    for (size_t at = 0; map_next(&n->pods, &at, &(const char *){NULL}, (void **)&p);)
        pods[in.n_pods++] = (NetPod){
            .cluster = p->cluster, .ns = p->ns, .name = p->name, .ip = p->ip, .veth = p->veth};
    in.pods = pods;
    if (with_base) {
        net_base_print(&base, out);
        net_rules_lost(n->rules);
    }
    net_rules_update(n->rules, &in, out);
    healthports_set(n->health, &n->rules->state.health);
    free(pods);
}

/* Routes to the pods of other nodes. */
static void apply_routes(Net *n)
{
    AUTO_ITEM_LIST nodes = {0};
    const Value *addr;

    items_list(n->agent->items, "host", "nodes", &nodes);
    for (size_t i = 0; i < nodes.n; i++) {
        const char *cidr = value_at_str(nodes.items[i]->v, "spec.podCIDR"), *ip = NULL, *old;
        Err err;

        value_each_item(value_at(nodes.items[i]->v, "status.addresses"), k, addr)
        {
            if (str_eq(value_get_str(addr, "type"), "InternalIP"))
                ip = value_get_str(addr, "address");
        }
        if (!cidr || strspn(cidr, "0123456789./") != strlen(cidr) || !net_is_ipv4(ip) ||
            strcmp(nodes.items[i]->name, n->agent->o.node_name) == 0)
            continue;
        old = map_get(&n->routes, cidr);
        if (str_eq(old, ip))
            continue;
        char *const argv[] = {RUN_ARG("ip"), RUN_ARG("route"), RUN_ARG("replace"),
                              RUN_ARG(cidr), RUN_ARG("via"),   RUN_ARG(ip),
                              NULL};
        if (run_program(argv, SLICE(""), &err) < 0)
            log_debug(&ctx, "no route to a node's pods", LOG_STR("error", err.msg));
        else
            free(map_set(&n->routes, cidr, xstrdup(ip)));
    }
}

/* Waits for something to do, under the lock; false: the end. */
static bool wait_for_work(Net *n, int64_t last_us)
{
    int64_t rest_us = n->failure.code ? RETRY_US : SETTLE_US;

    while (!n->is_stopping && n->wanted == n->done && !n->failure.code)
        pthread_cond_wait(&n->wake, &n->lock);
    rest_us -= clock_mono_us() - last_us;
    if (!n->is_stopping && rest_us > 0) {
        pthread_mutex_unlock(&n->lock);
        usleep((useconds_t)rest_us);
        pthread_mutex_lock(&n->lock);
    }
    return !n->is_stopping;
}

static void *net_main(void *data)
{
    Net *n = data;
    int64_t last_us = 0;

    pthread_mutex_lock(&n->lock);
    while (wait_for_work(n, last_us)) {
        AUTO_BUF script = BUF_INIT;
        uint64_t goal = n->wanted;
        bool with_base = n->base_changed;
        Map gone_udp;
        Err err = {0};
        int r;

        print_due(n, with_base, &script);
        gone_udp = n->rules->gone_udp;
        n->rules->gone_udp = (Map){0};
        n->base_changed = false;
        pthread_mutex_unlock(&n->lock);
        apply_routes(n);
        r = script.len > 0 ? nft(&script, &err) : 0;
        if (r < 0)
            log_error(&ctx, "packet rules not applied, trying again", LOG_STR("error", err.msg));
        else if (gone_udp.n > 0)
            conntrack_forget_udp(&gone_udp);
        map_done(&gone_udp);
        last_us = clock_mono_us();
        pthread_mutex_lock(&n->lock);
        n->failure = err;
        if (r == 0)
            n->done = goal;
        else
            n->base_changed = true; /* from the beginning next time */
        n->failure.code = (ErrCode)-r;
        pthread_cond_broadcast(&n->applied);
    }
    pthread_mutex_unlock(&n->lock);
    return NULL;
}

/* ---- CNI ---- */

static int write_cni(Net *n, const char *cidr, Err *err)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const AgentOptions *o = &n->agent->o;
    Value *conf = value_literal(
        a,
        "{'cniVersion':'1.0.0','name':'hostplane','plugins':["
        "{'type':'bridge','bridge':'" AGENT_BRIDGE
        "','isGateway':true,'ipMasq':false,'hairpinMode':true,"
        "'mtu':1500,'ipam':{'type':'host-local','ranges':[[{}]],'routes':[{'dst':'0.0.0.0/0'}]}},"
        "{'type':'portmap','capabilities':{'portMappings':true},'snat':true},"
        "{'type':'bandwidth','capabilities':{'bandwidth':true}}]}");
    Value *ipam = value_at(conf, "plugins.0.ipam");
    const char *path = arena_printf(a, "%s/10-hostplane.conflist", o->cni_conf_dir);
    AUTO_BUF text = BUF_INIT;
    AUTO_BUF old = BUF_INIT;
    int r;

    value_set_str(a, ipam, "dataDir", arena_printf(a, "%s/ipam", o->data_dir));
    value_set_str(a, value_at(ipam, "ranges.0.0"), "subnet", cidr);
    value_print_pretty(conf, 2, &text);
    buf_addc(&text, '\n');
    if (fs_read(path, 1 << 16, &old, NULL) == 0 && slice_eq(buf_slice(&old), buf_slice(&text)))
        return 0;
    r = fs_mkdirs(o->cni_conf_dir, 0755, err);
    if (r < 0)
        return r;
    return fs_write(path, buf_slice(&text), 0644, err);
}

static void set_sysctl(const char *path, const char *value)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);

    if (fd < 0 || write(fd, value, strlen(value)) < 0)
        log_debug(&ctx, "cannot set", LOG_STR("sysctl", path), LOG_STR("error", strerror(errno)));
    if (fd >= 0)
        close(fd);
}

/* ---- the interface ---- */

/* Host and port of a URL, resolved. */
static bool resolve(const char *url, struct sockaddr_in *ret)
{
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found = NULL;
    const char *host = url ? strstr(url, "://") : NULL;
    int64_t port = 443;
    char name[256];
    size_t n;

    if (!host)
        return false;
    host += 3;
    n = strcspn(host, ":/");
    if (n == 0 || n >= sizeof(name))
        return false;
    memcpy(name, host, n);
    name[n] = '\0';
    if (host[n] == ':' &&
        !slice_to_int64((Slice){host + n + 1, strspn(host + n + 1, "0123456789")}, &port))
        return false;
    if (getaddrinfo(name, NULL, &hints, &found) != 0 || !found)
        return false;
    memcpy(ret, found->ai_addr, sizeof(*ret));
    ret->sin_port = htons((uint16_t)port);
    freeaddrinfo(found);
    return true;
}

void net_api_address(const char *url, char *out, size_t cap)
{
    struct sockaddr_in addr;
    char ip[INET_ADDRSTRLEN];

    out[0] = '\0';
    if (!resolve(url, &addr))
        return;
    inet_ntop(AF_INET, &addr.sin_addr, ip, sizeof(ip));
    if (!str_starts(ip, "127."))
        snprintf(out, cap, "%s:%u", ip, ntohs(addr.sin_port));
}

void net_own_address(const char *url, char *out, size_t cap)
{
    struct sockaddr_in addr, own;
    socklen_t n = sizeof(own);
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    out[0] = '\0';
    if (fd >= 0 && resolve(url, &addr) &&
        connect(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0 &&
        getsockname(fd, (struct sockaddr *)&own, &n) == 0)
        inet_ntop(AF_INET, &own.sin_addr, out, (socklen_t)cap);
    if (fd >= 0)
        close(fd);
}

void net_link_address(const char *ip, char *out, size_t cap)
{
    struct ifaddrs *all = NULL;
    const char *name = NULL;
    struct in_addr want;

    out[0] = '\0';
    if (inet_pton(AF_INET, ip, &want) != 1 || getifaddrs(&all) < 0)
        return;
    for (const struct ifaddrs *i = all; i && !name; i = i->ifa_next) {
        struct sockaddr_in has;

        if (!i->ifa_addr || i->ifa_addr->sa_family != AF_INET)
            continue;
        memcpy(&has, i->ifa_addr, sizeof(has));
        if (has.sin_addr.s_addr == want.s_addr)
            name = i->ifa_name;
    }
    for (const struct ifaddrs *i = all; i && name; i = i->ifa_next) {
        struct sockaddr_ll link;

        if (strcmp(i->ifa_name, name) != 0 || !i->ifa_addr || i->ifa_addr->sa_family != AF_PACKET)
            continue;
        memcpy(&link, i->ifa_addr, sizeof(link));
        if (link.sll_halen == 6 && link.sll_hatype == ARPHRD_ETHER)
            snprintf(out, cap, "%02x:%02x:%02x:%02x:%02x:%02x", link.sll_addr[0], link.sll_addr[1],
                     link.sll_addr[2], link.sll_addr[3], link.sll_addr[4], link.sll_addr[5]);
        break;
    }
    freeifaddrs(all);
}

static void free_pod(void *p)
{
    PodAddress *a = p;

    free(a->cluster);
    free(a->ns);
    free(a->name);
    free(a->ip);
    free(a->veth);
    free(a);
}

int net_start(Agent *agent, const char *server_url, Net **ret, Err *err)
{
    Net *n = xcalloc(1, sizeof(*n));
    int r = healthports_start(&n->health, err);

    if (r < 0) {
        free(n);
        return r;
    }
    n->agent = agent;
    n->pods.free_value = free_pod;
    n->routes.free_value = free;
    n->rules = net_rules_new();
    n->base_changed = true;
    n->wanted = 1;
    net_api_address(server_url, n->api_address, sizeof(n->api_address));
    pthread_mutex_init(&n->lock, NULL);
    pthread_cond_init(&n->wake, NULL);
    pthread_cond_init(&n->applied, NULL);
    set_sysctl("/proc/sys/net/ipv4/ip_forward", "1");
    set_sysctl("/proc/sys/net/bridge/bridge-nf-call-iptables", "1");
    if (pthread_create(&n->thread, NULL, net_main, n) != 0) {
        net_rules_free(n->rules);
        healthports_stop(n->health);
        free(n);
        return err_set(err, ERR_INTERNAL, "cannot start the network's thread");
    }
    *ret = n;
    return 0;
}

void net_stop(Net *n)
{
    if (!n)
        return;
    pthread_mutex_lock(&n->lock);
    n->is_stopping = true;
    pthread_cond_signal(&n->wake);
    pthread_cond_broadcast(&n->applied);
    pthread_mutex_unlock(&n->lock);
    pthread_join(n->thread, NULL);
    healthports_stop(n->health);
    map_done(&n->pods);
    map_done(&n->numbers);
    map_done(&n->routes);
    net_rules_free(n->rules);
    pthread_cond_destroy(&n->wake);
    pthread_cond_destroy(&n->applied);
    pthread_mutex_destroy(&n->lock);
    free(n);
}

/* Under the lock. */
static void want(Net *n)
{
    n->wanted++;
    pthread_cond_signal(&n->wake);
}

int net_set_pod_cidr(Net *n, const char *cidr, Err *err)
{
    if (strspn(cidr, "0123456789./") != strlen(cidr) || strlen(cidr) >= sizeof(n->pod_cidr))
        return err_set(err, ERR_INVALID, "not an IPv4 network: %s", cidr);
    pthread_mutex_lock(&n->lock);
    snprintf(n->pod_cidr, sizeof(n->pod_cidr), "%s", cidr);
    n->base_changed = true;
    want(n);
    pthread_mutex_unlock(&n->lock);
    return write_cni(n, cidr, err);
}

/* An address that another pod, ended by now, had before. Under the lock. */
static void forget_address(Net *n, const char *ip)
{
    const char *uid;
    PodAddress *p;

    for (size_t at = 0; map_next(&n->pods, &at, &uid, (void **)&p);) {
        if (strcmp(p->ip, ip) == 0)
            free_pod(map_del(&n->pods, uid));
    }
}

bool net_knows_pod(Net *n, const char *uid)
{
    bool knows;

    pthread_mutex_lock(&n->lock);
    knows = map_get(&n->pods, uid) != NULL;
    pthread_mutex_unlock(&n->lock);
    return knows;
}

bool net_has_pod(Net *n, const char *uid, const char *ip)
{
    PodAddress *p;
    bool has;

    pthread_mutex_lock(&n->lock);
    p = map_get(&n->pods, uid);
    has = p && strcmp(p->ip, ip) == 0;
    pthread_mutex_unlock(&n->lock);
    return has;
}

void net_pod_begin(Net *n, const NetPodAddress *address)
{
    PodAddress *p = xcalloc(1, sizeof(*p)), *old;

    p->cluster = xstrdup(address->cluster);
    p->ns = xstrdup(address->ns);
    p->name = xstrdup(address->name);
    p->ip = xstrdup(address->ip);
    p->veth = address->veth ? xstrdup(address->veth) : NULL;
    pthread_mutex_lock(&n->lock);
    forget_address(n, address->ip);
    net_rules_pods_changed(n->rules);
    want(n);
    p->goal = n->wanted;
    old = map_set(&n->pods, address->uid, p);
    if (old)
        free_pod(old);
    pthread_mutex_unlock(&n->lock);
}

int net_pod_wait(Net *n, const char *uid, Err *err)
{
    PodAddress *p;
    int r = 0;

    pthread_mutex_lock(&n->lock);
    while ((p = map_get(&n->pods, uid)) && n->done < p->goal && !n->is_stopping && !n->failure.code)
        pthread_cond_wait(&n->applied, &n->lock);
    if (!p) {
        r = err_set(err, ERR_UNAVAILABLE, "the packet rules do not know the pod");
    } else if (n->done < p->goal) {
        if (err)
            *err = n->failure;
        r = n->failure.code ? -(int)n->failure.code
                            : err_set(err, ERR_UNAVAILABLE, "the agent ends");
        free_pod(map_del(&n->pods, uid)); /* the next try begins again */
    }
    pthread_mutex_unlock(&n->lock);
    return r;
}

void net_pod_down(Net *n, const char *uid)
{
    PodAddress *p;

    pthread_mutex_lock(&n->lock);
    p = map_del(&n->pods, uid);
    if (p) {
        free_pod(p);
        net_rules_pods_changed(n->rules);
        want(n);
    }
    pthread_mutex_unlock(&n->lock);
}

void net_item_changed(Net *n, Item *now, Item *before)
{
    NetInput in;

    if (!net_rules_are_about(now, before))
        return;
    pthread_mutex_lock(&n->lock);
    in = input(n);
    net_rules_changed(n->rules, &in, now, before);
    want(n);
    pthread_mutex_unlock(&n->lock);
}

bool net_cluster_of(Net *n, const char *ip, char *out, size_t cap)
{
    PodAddress *p;
    bool found = strcmp(ip, n->agent->o.node_ip) == 0 || str_starts(ip, "127.");

    if (found) {
        snprintf(out, cap, "host");
        return true;
    }
    pthread_mutex_lock(&n->lock);
    for (size_t at = 0; !found && map_next(&n->pods, &at, &(const char *){NULL}, (void **)&p);) {
        found = strcmp(p->ip, ip) == 0;
        if (found)
            snprintf(out, cap, "%s", p->cluster);
    }
    pthread_mutex_unlock(&n->lock);
    return found;
}
