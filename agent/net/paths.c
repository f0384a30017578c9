#include "agent/net/paths.h"

#include "agent/fs.h"
#include "agent/run.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

struct NetPaths {
    Map is;        /* in the kernel; a value "" is not known */
    bool is_known; /* false: the kernel has to be asked */
    bool has_device, has_failed;
};

static const LogCtx ctx = {.component = "net"};

/* How each kind of thing is written: VERB key MIDDLE value END, and deleted: VERB key END. */
static const struct {
    const char *kind, *middle, *end, *gone_end;
    bool is_bridge;
} kinds[] = {
    {"route", "", " proto 89", " proto 89", false},
    {"neigh", " dev " NET_OVERLAY_DEVICE " lladdr", " nud permanent", " dev " NET_OVERLAY_DEVICE,
     false},
    {"address", " dev " NET_OVERLAY_DEVICE, "", " dev " NET_OVERLAY_DEVICE, false},
    {"fdb", " dev " NET_OVERLAY_DEVICE " dst", " self permanent", " dev " NET_OVERLAY_DEVICE, true},
};

/* ---- what is wanted ---- */

static void want(Map *wanted, char *key, char *how)
{
    free(map_set(wanted, key, how));
    free(key);
}

/* A node elsewhere. */
static void want_overlay(const PathsInput *in, const Value *node, const char *outer, Map *ret)
{
    char mac[NET_MAC_TEXT_MAX], gate[ADDRESS_TEXT_MAX];

    if (!net_overlay_mac(node, mac))
        return;
    want(ret, xasprintf("fdb %s", mac), xstrdup(outer));
    for (int i = 0; i < in->n_families; i++) {
        const char *cidr = net_pod_cidr(&in->families[i], node);

        if (!cidr || !net_overlay_gate(&in->families[i], node, gate))
            continue;
        want(ret, xasprintf("neigh %s", gate), xstrdup(mac));
        want(ret, xasprintf("route %s", cidr),
             xasprintf("via %s dev " NET_OVERLAY_DEVICE " onlink", gate));
    }
}

static void want_routes(const PathsInput *in, const Value *node, Map *ret)
{
    char ip[ADDRESS_TEXT_MAX];

    for (int i = 0; i < in->n_families; i++) {
        const char *cidr = net_pod_cidr(&in->families[i], node);

        if (cidr && net_node_address(&in->families[i], node, ip))
            want(ret, xasprintf("route %s", cidr), xasprintf("via %s", ip));
    }
}

/* This node's own addresses on the device, from which it speaks to pods elsewhere. */
static void want_gates(const PathsInput *in, const Value *own, Map *ret)
{
    char gate[ADDRESS_TEXT_MAX];

    for (int i = 0; i < in->n_families; i++) {
        const NetFamily *f = &in->families[i];

        if (net_overlay_gate(f, own, gate))
            want(ret, xasprintf("address %s/%d", gate, f->af == AF_INET ? 32 : 128),
                 xstrdup(f->af == AF_INET ? "" : "nodad"));
    }
}

void net_paths_want(const PathsInput *in, Map *ret)
{
    AUTO_ITEM_LIST nodes = {0};
    CLEANUP(item_unref) Item *own = items_get(in->items, "host", "nodes", "", in->node_name);
    char outer[ADDRESS_TEXT_MAX];
    bool has_far = false;

    items_list(in->items, "host", "nodes", &nodes);
    for (size_t i = 0; i < nodes.n; i++) {
        const Value *node = nodes.items[i]->v;

        if (strcmp(nodes.items[i]->name, in->node_name) == 0)
            continue;
        if (net_overlay_to(in->overlay, node, outer)) {
            want_overlay(in, node, outer, ret);
            has_far = true;
        } else {
            want_routes(in, node, ret);
        }
    }
    if (has_far && own)
        want_gates(in, own->v, ret);
}

/* ---- the difference ---- */

static int kind_of(const char *key)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        size_t n = strlen(kinds[i].kind);

        if (strncmp(key, kinds[i].kind, n) == 0 && key[n] == ' ')
            return (int)i;
    }
    return -1;
}

void net_paths_print(const Map *is, const Map *wanted, bool with_gone, Buf *ip, Buf *bridge)
{
    const char *key, *how, *old;

    for (size_t at = 0; with_gone && map_next(is, &at, &key, (void **)&old);) {
        int k = kind_of(key);

        if (k >= 0 && !map_get(wanted, key))
            buf_addf(kinds[k].is_bridge ? bridge : ip, "%s del%s%s\n", kinds[k].kind,
                     key + strlen(kinds[k].kind), kinds[k].gone_end);
    }
    for (size_t at = 0; map_next(wanted, &at, &key, (void **)&how);) {
        int k = kind_of(key);

        old = map_get(is, key);
        if (k < 0 || (old && strcmp(old, how) == 0))
            continue;
        buf_addf(kinds[k].is_bridge ? bridge : ip, "%s replace%s%s %s%s\n", kinds[k].kind,
                 key + strlen(kinds[k].kind), kinds[k].middle, how, kinds[k].end);
    }
}

/* ---- the kernel ---- */

void net_paths_read(const char *kind, int at, Slice list, Map *ret)
{
    Slice line, word;

    while (list.len > 0) {
        (void)slice_cut(&list, '\n', &line); /* the last one has none */
        for (int i = 0; line.len > 0;) {
            (void)slice_cut(&line, ' ', &word);
            if (word.len == 0 || i++ < at)
                continue;
            want(ret, xasprintf("%s %.*s", kind, (int)word.len, word.ptr), xstrdup(""));
            break;
        }
    }
}

/* Of what is not there the lists are empty. */
static void read_kernel(NetPaths *p)
{
    static const struct {
        const char *kind;
        int at;
        const char *argv[8];
    } lists[] = {
        {"route", 0, {"ip", "-4", "route", "show", "proto", "89"}},
        {"route", 0, {"ip", "-6", "route", "show", "proto", "89"}},
        {"neigh", 0, {"ip", "-4", "neigh", "show", "dev", NET_OVERLAY_DEVICE, "nud", "permanent"}},
        {"neigh", 0, {"ip", "-6", "neigh", "show", "dev", NET_OVERLAY_DEVICE, "nud", "permanent"}},
        {"address", 3, {"ip", "-o", "address", "show", "dev", NET_OVERLAY_DEVICE}},
        {"fdb", 0, {"bridge", "fdb", "show", "dev", NET_OVERLAY_DEVICE}},
    };

    map_clear(&p->is);
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        char *argv[ARRAY_LEN(lists[i].argv) + 1] = {NULL};
        AUTO_BUF text = BUF_INIT;

        for (size_t k = 0; k < ARRAY_LEN(lists[i].argv); k++)
            argv[k] = RUN_ARG(lists[i].argv[k]);
        if (run_output(argv, &text, NULL) == 0)
            net_paths_read(lists[i].kind, lists[i].at, buf_slice(&text), &p->is);
    }
    p->is_known = true;
}

static int batch(const char *program, const Buf *script, Err *err)
{
    char *const argv[] = {RUN_ARG(program), RUN_ARG("-force"), RUN_ARG("-batch"), RUN_ARG("-"),
                          NULL};

    return run_program(argv, buf_slice(script), err);
}

/* Is the device there, with that address? One with another, or any when `ip` is NULL, is removed.
 */
static bool find_device(const char *ip)
{
    char *const show[] = {RUN_ARG("ip"),
                          RUN_ARG("-d"),
                          RUN_ARG("-o"),
                          RUN_ARG("link"),
                          RUN_ARG("show"),
                          RUN_ARG("dev"),
                          RUN_ARG(NET_OVERLAY_DEVICE),
                          NULL};
    AUTO_FREE char *local = xasprintf(" local %s ", ip ? ip : "");
    AUTO_BUF found = BUF_INIT;
    AUTO_BUF script = BUF_INIT;
    Err err;

    if (run_output(show, &found, NULL) < 0)
        return false;
    if (ip && strstr(buf_str(&found), local))
        return true;
    buf_adds(&script, "link del " NET_OVERLAY_DEVICE "\n");
    if (batch("ip", &script, &err) < 0)
        log_warning(&ctx, "an earlier agent's VXLAN device stays", LOG_STR("error", err.msg));
    return false;
}

/* What it believes is settled before it is up. */
static void set_up_sysctls(const PathsInput *in)
{
    bool has_v6 = net_has_family(in->families, in->n_families, AF_INET6);

    fs_set_sysctl("/proc/sys/net/ipv6/conf/" NET_OVERLAY_DEVICE "/disable_ipv6",
                  has_v6 ? "0" : "1");
    fs_set_sysctl("/proc/sys/net/ipv6/conf/" NET_OVERLAY_DEVICE "/accept_ra", "0");
    fs_set_sysctl("/proc/sys/net/ipv6/conf/" NET_OVERLAY_DEVICE "/accept_redirects", "0");
    fs_set_sysctl("/proc/sys/net/ipv4/conf/" NET_OVERLAY_DEVICE "/accept_redirects", "0");
}

static int make_device(const PathsInput *in, Err *err)
{
    CLEANUP(item_unref) Item *own = items_get(in->items, "host", "nodes", "", in->node_name);
    char mac[NET_MAC_TEXT_MAX];
    AUTO_BUF script = BUF_INIT;
    int r = 0;

    if (!own || !net_overlay_mac(own->v, mac))
        return err_set(err, ERR_UNAVAILABLE, "this node has no range for pods yet");
    if (!find_device(in->node_ip)) {
        buf_addf(&script,
                 "link add " NET_OVERLAY_DEVICE " type vxlan id %d local %s dstport %d nolearning\n"
                 "link set " NET_OVERLAY_DEVICE " addrgenmode none\n",
                 NET_OVERLAY_ID, in->node_ip, NET_OVERLAY_PORT);
        r = batch("ip", &script, err);
    }
    if (r < 0)
        return r;
    set_up_sysctls(in);
    buf_reset(&script);
    buf_addf(&script, "link set " NET_OVERLAY_DEVICE " address %s mtu %d up\n", mac, in->mtu);
    return batch("ip", &script, err);
}

static bool needs_device(const Map *wanted)
{
    const char *key;

    for (size_t at = 0; map_next(wanted, &at, &key, &(void *){NULL});) {
        if (str_starts(key, "fdb "))
            return true;
    }
    return false;
}

NetPaths *net_paths_new(void)
{
    NetPaths *p = xcalloc(1, sizeof(*p));

    p->is.free_value = free;
    return p;
}

void net_paths_free(NetPaths *p)
{
    if (!p)
        return;
    map_done(&p->is);
    free(p);
}

void net_paths_begin(const NetOverlay *overlay, const char *node_ip)
{
    (void)find_device(overlay->mode == OVERLAY_NONE ? NULL : node_ip); /* it is made when needed */
}

bool net_paths_apply(NetPaths *p, const PathsInput *in)
{
    Map wanted = {.free_value = free};
    AUTO_BUF ip = BUF_INIT;
    AUTO_BUF bridge = BUF_INIT;
    bool is_done = true;
    const char *key;
    char *old;
    Err err = {0};

    net_paths_want(in, &wanted);
    if (needs_device(&wanted) && !p->has_device)
        is_done = p->has_device = make_device(in, &err) == 0;
    if (!p->is_known)
        read_kernel(p);
    net_paths_print(&p->is, &wanted, in->is_whole, &ip, &bridge);
    if (ip.len > 0 && batch("ip", &ip, &err) < 0)
        is_done = false;
    if (bridge.len > 0 && batch("bridge", &bridge, &err) < 0)
        is_done = false;
    if (!is_done) { /* of several commands it is not known which */
        log_at(p->has_failed ? LOG_DEBUG : LOG_WARNING, &ctx, "not all ways to other nodes' pods",
               LOG_STR("error", err.msg));
        p->has_device = false; /* somebody may have taken it away */
    }
    p->has_failed = !is_done;
    p->is_known = is_done;
    /* what is not to go yet stays known */
    for (size_t at = 0; is_done && map_next(&p->is, &at, &key, (void **)&old);) {
        if (!in->is_whole && !map_get(&wanted, key))
            want(&wanted, xstrdup(key), xstrdup(old));
    }
    map_done(&p->is);
    p->is = wanted;
    return is_done;
}
