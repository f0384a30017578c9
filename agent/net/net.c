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
    char *cluster, *ns, *name, *ip;
    char *second_ip, *veth; /* may be NULL */
    uint64_t goal;          /* Net.done when the rules know it */
} PodAddress;

struct Net {
    Agent *agent; /* borrowed */
    char api_address[64];
    HealthPorts *health;
    pthread_t thread;
    pthread_mutex_t lock; /* guards what follows up to the next blank line */
    pthread_cond_t wake, applied;
    Map pods;                      /* uid -> PodAddress */
    Map numbers;                   /* cluster -> number */
    NetRules *rules[NET_FAMILIES]; /* the first n_families of net_families */
    int n_families;
    uint64_t wanted, done;
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
                      .cluster = &n->agent->o.cluster,
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

static void print_base(Net *n, const NetFamily *f, Buf *out)
{
    const AgentOptions *o = &n->agent->o;
    NetBase base = {.f = f,
                    .cluster_cidr = address_ranges_of(&o->cluster, f->name)->text,
                    .service_cidr = address_ranges_of(&o->services, f->name)->text,
                    .api_address = f->api_ip && n->api_address[0] ? n->api_address : NULL,
                    .node_ip = o->node_ip,
                    .closed = o->closed_cidr,
                    .host = number_of("host", n),
                    .dns_port = NET_DNS_PORT};

    net_base_print(&base, out);
}

static const char *pod_ip(const NetFamily *f, const PodAddress *p)
{
    return net_is_address(f, p->ip) ? p->ip : p->second_ip;
}

/* Of a service of two families it is told of the first. */
static void set_health(Net *n)
{
    Map all = {0};
    const char *key;
    void *value;

    for (int i = n->n_families - 1; i >= 0; i--)
        for (size_t at = 0; map_next(&n->rules[i]->state.health, &at, &key, &value);)
            (void)map_set(&all, key, value); /* borrowed */
    healthports_set(n->health, &all);
    map_done(&all);
}

/* The commands that are due, under the lock; with the tables themselves when they are not there. */
static void print_due(Net *n, bool with_base, Buf *out)
{
    NetInput in = input(n);
    NetPod *pods = xcalloc(n->pods.n + 1, sizeof(*pods));
    PodAddress *p;

    in.pods = pods;
    for (int i = 0; with_base && i < n->n_families; i++) {
        print_base(n, &net_families[i], out);
        net_rules_lost(n->rules[i]);
    }
    /* of an agent before this one that had more families */
    for (int i = n->n_families; with_base && i < NET_FAMILIES; i++) {
        if (access(net_families[i].known_by, F_OK) == 0)
            net_base_remove(&net_families[i], out);
    }
    if (with_base)
        net_bridge_print(n->n_families, out);
    for (int i = 0; i < n->n_families; i++) {
        in.n_pods = 0;
        for (size_t at = 0; map_next(&n->pods, &at, &(const char *){NULL}, (void **)&p);)
            pods[in.n_pods++] = (NetPod){.cluster = p->cluster,
                                         .ns = p->ns,
                                         .name = p->name,
                                         .ip = pod_ip(&net_families[i], p),
                                         .veth = p->veth};
        net_rules_update(n->rules[i], &in, out);
    }
    set_health(n);
    free(pods);
}

static void apply_route(Net *n, const NetFamily *f, const Value *node)
{
    const char *cidr = net_pod_cidr(f, node), *ip = NULL;
    char text[ADDRESS_TEXT_MAX];
    const Value *addr;
    Err err;

    value_each_item(value_at(node, "status.addresses"), k, addr)
    {
        if (!ip && str_eq(value_get_str(addr, "type"), "InternalIP"))
            ip = net_address(f, value_get_str(addr, "address"), text); /* in whatever form */
    }
    if (!cidr || !ip || str_eq(map_get(&n->routes, cidr), ip))
        return;
    char *const argv[] = {RUN_ARG("ip"),    RUN_ARG(f->af == AF_INET ? "-4" : "-6"),
                          RUN_ARG("route"), RUN_ARG("replace"),
                          RUN_ARG(cidr),    RUN_ARG("via"),
                          RUN_ARG(ip),      NULL};
    if (run_program(argv, SLICE(""), &err) < 0)
        log_debug(&ctx, "no route to a node's pods", LOG_STR("error", err.msg));
    else
        free(map_set(&n->routes, cidr, xstrdup(ip)));
}

/* Routes to the pods of other nodes. */
static void apply_routes(Net *n)
{
    AUTO_ITEM_LIST nodes = {0};

    items_list(n->agent->items, "host", "nodes", &nodes);
    for (size_t i = 0; i < nodes.n; i++) {
        if (strcmp(nodes.items[i]->name, n->agent->o.node_name) == 0)
            continue;
        for (int k = 0; k < n->n_families; k++)
            apply_route(n, &net_families[k], nodes.items[i]->v);
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
        Map gone_udp[NET_FAMILIES] = {{0}};
        Err err = {0};
        int r;

        print_due(n, with_base, &script);
        for (int i = 0; i < n->n_families; i++) {
            gone_udp[i] = n->rules[i]->gone_udp;
            n->rules[i]->gone_udp = (Map){0};
        }
        n->base_changed = false;
        pthread_mutex_unlock(&n->lock);
        apply_routes(n);
        r = script.len > 0 ? nft(&script, &err) : 0;
        if (r < 0)
            log_error(&ctx, "packet rules not applied, trying again", LOG_STR("error", err.msg));
        for (int i = 0; i < n->n_families; i++) {
            if (r == 0 && gone_udp[i].n > 0)
                conntrack_forget_udp(net_families[i].af, &gone_udp[i]);
            map_done(&gone_udp[i]);
        }
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

static int write_cni(Net *n, const AddressRanges *pods, Err *err)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const AgentOptions *o = &n->agent->o;
    Value *conf =
        value_literal(a, "{'cniVersion':'1.0.0','name':'hostplane','plugins':["
                         "{'type':'bridge','bridge':'" AGENT_BRIDGE
                         "','isGateway':true,'ipMasq':false,'hairpinMode':true,"
                         "'mtu':1500,'ipam':{'type':'host-local','ranges':[],'routes':[]}},"
                         "{'type':'portmap','capabilities':{'portMappings':true},'snat':true},"
                         "{'type':'bandwidth','capabilities':{'bandwidth':true}}]}");
    Value *ipam = value_at(conf, "plugins.0.ipam");
    const char *path = arena_printf(a, "%s/10-hostplane.conflist", o->cni_conf_dir);
    AUTO_BUF text = BUF_INIT;
    AUTO_BUF old = BUF_INIT;
    int r;

    value_set_str(a, ipam, "dataDir", arena_printf(a, "%s/ipam", o->data_dir));
    for (int i = 0; i < n->n_families; i++) {
        const AddressRange *range = address_ranges_of(pods, net_families[i].name);
        Value *set = value_literal(a, "[{}]"), *route = value_object(a);

        if (!range)
            continue;
        value_set_str(a, value_item(set, 0), "subnet", range->text);
        value_append(a, value_get(ipam, "ranges"), set);
        value_set_str(a, route, "dst", net_families[i].af == AF_INET ? "0.0.0.0/0" : "::/0");
        value_append(a, value_get(ipam, "routes"), route);
    }
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
    free(a->second_ip);
    free(a->veth);
    free(a);
}

static void free_rules(Net *n)
{
    for (int i = 0; i < n->n_families; i++)
        net_rules_free(n->rules[i]);
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
    n->n_families = agent->o.cluster.n;
    for (int i = 0; i < n->n_families; i++)
        n->rules[i] = net_rules_new(&net_families[i]);
    n->base_changed = true;
    n->wanted = 1;
    net_api_address(server_url, n->api_address, sizeof(n->api_address));
    pthread_mutex_init(&n->lock, NULL);
    pthread_cond_init(&n->wake, NULL);
    pthread_cond_init(&n->applied, NULL);
    set_sysctl("/proc/sys/net/ipv4/ip_forward", "1");
    set_sysctl("/proc/sys/net/bridge/bridge-nf-call-iptables", "1");
    if (n->n_families > 1) {
        set_sysctl("/proc/sys/net/ipv6/conf/all/forwarding", "1");
        set_sysctl("/proc/sys/net/bridge/bridge-nf-call-ip6tables", "1");
    }
    if (pthread_create(&n->thread, NULL, net_main, n) != 0) {
        free_rules(n);
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
    free_rules(n);
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

int net_set_pod_cidr(Net *n, const char *cidrs, Err *err)
{
    AddressRanges pods;

    if (!address_ranges_parse(cidrs, &pods) || !address_ranges_of(&pods, net_families[0].name))
        return err_set(err, ERR_INVALID, "no range of IPv4 (and one of IPv6): %s", cidrs);
    return write_cni(n, &pods, err);
}

static bool has_address(const PodAddress *p, const char *ip)
{
    return strcmp(p->ip, ip) == 0 || str_eq(p->second_ip, ip);
}

static void pods_changed(Net *n)
{
    for (int i = 0; i < n->n_families; i++)
        net_rules_pods_changed(n->rules[i]);
}

/* An address that another pod, ended by now, had before. Under the lock. */
static void forget_address(Net *n, const char *ip)
{
    const char *uid;
    PodAddress *p;

    for (size_t at = 0; map_next(&n->pods, &at, &uid, (void **)&p);) {
        if (ip && has_address(p, ip))
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

bool net_has_pod(Net *n, const char *uid, const char *ip, const char *second_ip)
{
    PodAddress *p;
    bool has;

    pthread_mutex_lock(&n->lock);
    p = map_get(&n->pods, uid);
    has = p && strcmp(p->ip, ip) == 0 && str_eq(p->second_ip, second_ip);
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
    p->second_ip = address->second_ip ? xstrdup(address->second_ip) : NULL;
    p->veth = address->veth ? xstrdup(address->veth) : NULL;
    pthread_mutex_lock(&n->lock);
    forget_address(n, address->ip);
    forget_address(n, address->second_ip);
    pods_changed(n);
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
        pods_changed(n);
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
    for (int i = 0; i < n->n_families; i++)
        net_rules_changed(n->rules[i], &in, now, before);
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
        found = has_address(p, ip);
        if (found)
            snprintf(out, cap, "%s", p->cluster);
    }
    pthread_mutex_unlock(&n->lock);
    return found;
}
