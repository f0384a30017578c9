#include "agent/net/net.h"

#include "agent/fs.h"
#include "agent/net/conntrack.h"
#include "agent/net/healthport.h"
#include "agent/net/overlay.h"
#include "agent/net/paths.h"
#include "agent/net/rules.h"
#include "agent/net/socket.h"
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
#include <net/if.h>
#include <net/if_arp.h>
#include <netdb.h>
#include <netpacket/packet.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* What comes alone is applied at once; what comes soon after it is applied together. */
enum { SETTLE_US = 20000, RETRY_US = 1000000, RETRY_MAX_US = 32000000 };

typedef struct PodAddress {
    char *cluster, *ns, *name, *ip;
    char *second_ip, *veth; /* may be NULL */
    uint64_t goal;          /* Net.done when the rules know it */
} PodAddress;

struct Net {
    Agent *agent; /* borrowed */
    HealthPorts *health;
    pthread_t thread;
    pthread_mutex_t lock; /* guards what follows up to the next blank line */
    pthread_cond_t wake, applied;
    Map pods;                      /* uid -> PodAddress */
    Map numbers;                   /* cluster -> number */
    NetRules *rules[NET_FAMILIES]; /* of each of the families */
    uint64_t wanted, done;
    bool is_stopping, base_changed;
    Err failure; /* of the last try; code ERR_NONE when it worked */

    bool is_whole; /* the items are all there are */

    /* the thread only */
    NetPaths *paths;
    int64_t paths_retry_us; /* after so long they are tried again; 0: all are there */

    /* constant */
    NetFamily families[NET_FAMILIES]; /* the first is the one that the cluster prefers */
    int n_families;
    char server_ip[NET_FAMILIES][ADDRESS_TEXT_MAX]; /* of each of them, or "" */
    int server_port;
    NetOverlay overlay;
    int mtu; /* of what pods send */
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
                      .overlay = &n->overlay,
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

static void print_base(Net *n, int i, Buf *out)
{
    const AgentOptions *o = &n->agent->o;
    const NetFamily *f = &n->families[i];
    NetBase base = {.f = f,
                    .cluster_cidr = address_ranges_of(&o->cluster, f->name)->text,
                    .service_cidr = address_ranges_of(&o->services, f->name)->text,
                    .server_ip = n->server_ip[i][0] ? n->server_ip[i] : NULL,
                    .server_port = n->server_port,
                    .node_ip = i == 0 ? o->node_ip : o->second_node_ip,
                    .closed = o->closed_cidr,
                    .is_only = n->n_families == 1,
                    .host = number_of("host", n),
                    .dns_port = NET_DNS_PORT,
                    .overlay = &n->overlay};

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
        print_base(n, i, out);
        net_rules_lost(n->rules[i]);
    }
    /* of an agent before this one that had others */
    for (int i = 0; with_base && i < NET_FAMILIES; i++) {
        if (!net_has_family(n->families, n->n_families, net_families[i].af) &&
            access(net_families[i].known_by, F_OK) == 0)
            net_base_remove(&net_families[i], out);
    }
    if (with_base)
        net_bridge_print(net_has_family(n->families, n->n_families, AF_INET6), out);
    for (int i = 0; i < n->n_families; i++) {
        in.n_pods = 0;
        in.node_ip = i == 0 ? n->agent->o.node_ip : n->agent->o.second_node_ip;
        for (size_t at = 0; map_next(&n->pods, &at, &(const char *){NULL}, (void **)&p);)
            pods[in.n_pods++] = (NetPod){.cluster = p->cluster,
                                         .ns = p->ns,
                                         .name = p->name,
                                         .ip = pod_ip(&n->families[i], p),
                                         .veth = p->veth};
        net_rules_update(n->rules[i], &in, out);
    }
    set_health(n);
    free(pods);
}

/* A way that the kernel does not take keeps nothing else waiting, and is asked for ever more
 * rarely: its next hop may be of no network of this node. */
static void apply_paths(Net *n, bool is_whole)
{
    PathsInput in = {.items = n->agent->items,
                     .node_name = n->agent->o.node_name,
                     .node_ip = n->agent->o.node_ip,
                     .families = n->families,
                     .n_families = n->n_families,
                     .overlay = &n->overlay,
                     .mtu = n->mtu,
                     .is_whole = is_whole};

    if (net_paths_apply(n->paths, &in))
        n->paths_retry_us = 0;
    else
        n->paths_retry_us = MIN(MAX(RETRY_US, 2 * n->paths_retry_us), RETRY_MAX_US);
}

/* Waits for something to do, under the lock; false: the end. */
static bool wait_for_work(Net *n, int64_t last_us)
{
    int64_t rest_us = n->failure.code ? RETRY_US : SETTLE_US;
    struct timespec until = clock_timespec(clock_now_us() + n->paths_retry_us);

    while (!n->is_stopping && n->wanted == n->done && !n->failure.code) {
        if (n->paths_retry_us == 0)
            pthread_cond_wait(&n->wake, &n->lock);
        else if (pthread_cond_timedwait(&n->wake, &n->lock, &until) == ETIMEDOUT)
            break;
    }
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
        bool with_base = n->base_changed, is_whole = n->is_whole;
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
        r = script.len > 0 ? nft(&script, &err) : 0;
        if (r < 0)
            log_error(&ctx, "packet rules not applied, trying again", LOG_STR("error", err.msg));
        else
            apply_paths(n, is_whole);
        for (int i = 0; i < n->n_families; i++) {
            if (r == 0 && gone_udp[i].n > 0)
                conntrack_forget_udp(n->families[i].af, &gone_udp[i]);
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
                         "'mtu':0,'ipam':{'type':'host-local','ranges':[],'routes':[]}},"
                         "{'type':'portmap','capabilities':{'portMappings':true},'snat':true},"
                         "{'type':'bandwidth','capabilities':{'bandwidth':true}}]}");
    Value *ipam = value_at(conf, "plugins.0.ipam");
    const char *path = arena_printf(a, "%s/10-hostplane.conflist", o->cni_conf_dir);
    AUTO_BUF text = BUF_INIT;
    AUTO_BUF old = BUF_INIT;
    int r;

    value_set_int(a, value_at(conf, "plugins.0"), "mtu", n->mtu);
    value_set_str(a, ipam, "dataDir", arena_printf(a, "%s/ipam", o->data_dir));
    for (int i = 0; i < n->n_families; i++) {
        const AddressRange *range = address_ranges_of(pods, n->families[i].name);
        Value *set = value_literal(a, "[{}]"), *route = value_object(a);

        if (!range)
            continue;
        value_set_str(a, value_item(set, 0), "subnet", range->text);
        value_append(a, value_get(ipam, "ranges"), set);
        value_set_str(a, route, "dst", n->families[i].af == AF_INET ? "0.0.0.0/0" : "::/0");
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

/* ---- the interface ---- */

/* The host of a URL: a name, or an address without its brackets. Moves on to what follows. */
static bool cut_host(const char **at, char *out, size_t cap)
{
    const char *p = strstr(*at, "://"), *end;

    if (!p)
        return false;
    p += 3;
    end = *p == '[' ? strchr(++p, ']') : p + strcspn(p, ":/");
    if (!end || end == p || (size_t)(end - p) >= cap)
        return false;
    snprintf(out, cap, "%.*s", (int)(end - p), p);
    *at = *end == ']' ? end + 1 : end;
    return true;
}

/* Host and port of a URL, resolved to an address of the family. */
static bool resolve(const char *url, int af, SocketAddress *ret, int *ret_port)
{
    struct addrinfo hints = {.ai_family = af, .ai_socktype = SOCK_STREAM}, *found = NULL;
    int64_t port = 443;
    char name[256];

    if (!url || !cut_host(&url, name, sizeof(name)))
        return false;
    if (*url == ':' && !slice_to_int64((Slice){url + 1, strspn(url + 1, "0123456789")}, &port))
        return false;
    if (getaddrinfo(name, NULL, &hints, &found) != 0 || !found)
        return false;
    memset(ret, 0, sizeof(*ret));
    memcpy(ret, found->ai_addr, MIN(sizeof(*ret), found->ai_addrlen));
    freeaddrinfo(found);
    if (af == AF_INET)
        ret->v4.sin_port = htons((uint16_t)port);
    else
        ret->v6.sin6_port = htons((uint16_t)port);
    *ret_port = (int)port;
    return true;
}

/* Where pods find the server; false: not by this family, or on this node only. */
static bool find_server(const char *url, int af, char *out, size_t cap, int *ret_port)
{
    SocketAddress at;

    out[0] = '\0';
    if (!resolve(url, af, &at, ret_port))
        return false;
    socket_address_text(&at, out, cap);
    if (str_starts(out, "127.") || strcmp(out, "::1") == 0)
        out[0] = '\0';
    return out[0] != '\0';
}

void net_own_address(const char *url, int af, char *out, size_t cap)
{
    SocketAddress at, own;
    socklen_t n = sizeof(own);
    int fd = socket(af, SOCK_DGRAM | SOCK_CLOEXEC, 0), port;

    out[0] = '\0';
    if (fd >= 0 && resolve(url, af, &at, &port) &&
        connect(fd, &at.any, socket_address_len(&at)) == 0 && getsockname(fd, &own.any, &n) == 0)
        socket_address_text(&own, out, cap);
    if (fd >= 0)
        close(fd);
}

static bool is_at(const struct ifaddrs *i, const Address *at)
{
    if (!i->ifa_addr || i->ifa_addr->sa_family != (at->n_bits == 32 ? AF_INET : AF_INET6))
        return false;
    if (at->n_bits == 32) {
        struct sockaddr_in has;

        memcpy(&has, i->ifa_addr, sizeof(has));
        return memcmp(&has.sin_addr, at->bytes, 4) == 0;
    } else {
        struct sockaddr_in6 has;

        memcpy(&has, i->ifa_addr, sizeof(has));
        return memcmp(&has.sin6_addr, at->bytes, 16) == 0;
    }
}

/* The name of the interface that has the address; NULL: none. */
static const char *interface_of(const struct ifaddrs *all, const char *ip)
{
    Address at;

    if (!address_parse(ip, &at))
        return NULL;
    for (const struct ifaddrs *i = all; i; i = i->ifa_next) {
        if (is_at(i, &at))
            return i->ifa_name;
    }
    return NULL;
}

void net_link_address(const char *ip, char *out, size_t cap)
{
    struct ifaddrs *all = NULL;
    const char *name;

    out[0] = '\0';
    if (getifaddrs(&all) < 0)
        return;
    name = interface_of(all, ip);
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

/* ---- what lies around ---- */

/* The network that an interface is on, of the family between nodes. */
static bool network_of(const struct ifaddrs *i, int af, AddressRange *ret)
{
    unsigned char mask[16] = {0};
    char ip[INET6_ADDRSTRLEN], text[INET6_ADDRSTRLEN + 8];
    unsigned bits = 0;

    if (!i->ifa_addr || !i->ifa_netmask || i->ifa_addr->sa_family != af ||
        strcmp(i->ifa_name, AGENT_BRIDGE) == 0 || strcmp(i->ifa_name, NET_OVERLAY_DEVICE) == 0)
        return false;
    if (af == AF_INET) {
        struct sockaddr_in at, of;

        memcpy(&at, i->ifa_addr, sizeof(at));
        memcpy(&of, i->ifa_netmask, sizeof(of));
        memcpy(mask, &of.sin_addr, 4);
        inet_ntop(af, &at.sin_addr, ip, sizeof(ip));
    } else {
        struct sockaddr_in6 at, of;

        memcpy(&at, i->ifa_addr, sizeof(at));
        memcpy(&of, i->ifa_netmask, sizeof(of));
        memcpy(mask, &of.sin6_addr, 16);
        inet_ntop(af, &at.sin6_addr, ip, sizeof(ip));
    }
    while (bits < 128 && mask[bits / 8] & (0x80 >> bits % 8))
        bits++;
    snprintf(text, sizeof(text), "%s/%u", ip, bits);
    return address_range_parse(text, ret);
}

static int mtu_of(const char *interface)
{
    struct ifreq of = {.ifr_mtu = 0};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    snprintf(of.ifr_name, sizeof(of.ifr_name), "%s", interface);
    if (fd < 0 || ioctl(fd, SIOCGIFMTU, &of) < 0)
        of.ifr_mtu = 0;
    if (fd >= 0)
        close(fd);
    return of.ifr_mtu >= 1280 && of.ifr_mtu <= 65535 ? of.ifr_mtu : 0;
}

/* Once: a node whose addresses change starts its agent anew. */
static void look_around(Net *n)
{
    enum { MTU = 1500 };
    const AgentOptions *o = &n->agent->o;
    AddressRange *near = NULL;
    size_t n_near = 0, cap = 0;
    struct ifaddrs *all = NULL;
    const char *own = NULL;

    n->overlay = (NetOverlay){.mode = OVERLAY_NONE, .f = &n->families[0]};
    (void)net_overlay_mode(o->overlay, &n->overlay.mode); /* the options' reader knows it */
    if (getifaddrs(&all) == 0)
        own = interface_of(all, o->node_ip);
    for (const struct ifaddrs *i = all; i; i = i->ifa_next) {
        GROW(near, cap, n_near + 1);
        n_near += network_of(i, n->overlay.f->af, &near[n_near]);
    }
    n->overlay.near = near;
    n->overlay.n_near = n_near;
    n->mtu = own ? mtu_of(own) : 0;
    n->mtu = (n->mtu > 0 ? n->mtu : MTU) - net_overlay_size(&n->overlay);
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

static void know_families(Net *n, const char *server_url)
{
    const AgentOptions *o = &n->agent->o;
    bool is_found = false;

    n->n_families = (int)o->services.n;
    for (int i = 0; i < n->n_families; i++) {
        net_family_of(&o->services.items[i], &n->families[i]);
        n->families[i].names_veths = i == 0;
        n->rules[i] = net_rules_new(&n->families[i]);
        is_found |= find_server(server_url, n->families[i].af, n->server_ip[i],
                                sizeof(n->server_ip[i]), &n->server_port);
    }
    if (!is_found)
        log_warning(&ctx,
                    "pods do not reach the server, whose address is of none of their families",
                    LOG_STR("server", server_url));
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
    n->paths = net_paths_new();
    know_families(n, server_url);
    look_around(n);
    net_paths_begin(&n->overlay, agent->o.node_ip);
    n->base_changed = true;
    n->wanted = 1;
    pthread_mutex_init(&n->lock, NULL);
    pthread_cond_init(&n->wake, NULL);
    pthread_cond_init(&n->applied, NULL);
    fs_set_sysctl("/proc/sys/net/ipv4/ip_forward", "1");
    fs_set_sysctl("/proc/sys/net/bridge/bridge-nf-call-iptables", "1");
    if (net_has_family(n->families, n->n_families, AF_INET6)) {
        fs_set_sysctl("/proc/sys/net/ipv6/conf/all/forwarding", "1");
        fs_set_sysctl("/proc/sys/net/bridge/bridge-nf-call-ip6tables", "1");
    }
    if (pthread_create(&n->thread, NULL, net_main, n) != 0) {
        free_rules(n);
        healthports_stop(n->health);
        net_paths_free(n->paths);
        free((void *)n->overlay.near);
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
    net_paths_free(n->paths);
    free((void *)n->overlay.near);
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

void net_items_are_whole(Net *n)
{
    pthread_mutex_lock(&n->lock);
    if (!n->is_whole) {
        n->is_whole = true;
        want(n);
    }
    pthread_mutex_unlock(&n->lock);
}

int net_set_pod_cidr(Net *n, const char *cidrs, Err *err)
{
    AddressRanges pods;

    if (!address_ranges_parse(cidrs, &pods) || !address_ranges_of(&pods, n->families[0].name))
        return err_set(err, ERR_INVALID, "no range of %s: %s", n->families[0].name, cidrs);
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
    bool found = strcmp(ip, n->agent->o.node_ip) == 0 || str_starts(ip, "127.") ||
                 str_eq(n->agent->o.second_node_ip, ip) || strcmp(ip, "::1") == 0;

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
