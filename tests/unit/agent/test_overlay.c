#include "agent/net/overlay.h"

#include "agent/fs.h"
#include "agent/net/paths.h"
#include "base/mem.h"
#include "tests/unit/agent/items.h"
#include "tests/unit/test.h"

#include <sys/stat.h>
#include <unistd.h>

static NetOverlay overlay(OverlayMode mode)
{
    static AddressRange near[2];

    assert_true(address_range_parse("172.30.0.11/24", &near[0]));
    assert_true(address_range_parse("10.1.2.3/32", &near[1]));
    return (NetOverlay){.mode = mode, .f = &net_families[0], .near = near, .n_near = 2};
}

TEST(nodes_of_other_networks_are_reached_by_it)
{
    static const struct {
        OverlayMode mode;
        const char *address, *to;
    } rows[] = {
        {OVERLAY_AUTO, "172.30.0.12", NULL},
        {OVERLAY_AUTO, "172.31.0.12", "172.31.0.12"},
        {OVERLAY_AUTO, "10.1.2.4", "10.1.2.4"},
        {OVERLAY_ALWAYS, "172.30.0.12", "172.30.0.12"},
        {OVERLAY_NONE, "172.31.0.12", NULL},
        {OVERLAY_ALWAYS, "fd00::12", NULL}, /* not of the family outside */
        {OVERLAY_ALWAYS, "172.30.0.12 }", NULL},
    };
    char out[ADDRESS_TEXT_MAX];

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        NetOverlay o = overlay(rows[i].mode);
        const Value *node = value_literal(
            a, arena_printf(a, "{'status':{'addresses':[{'type':'InternalIP','address':'%s'}]}}",
                            rows[i].address));
        const char *to = net_overlay_to(&o, node, out);

        if (!str_eq(to ? to : "", rows[i].to ? rows[i].to : ""))
            fail_msg("%s: %s", rows[i].address, to ? to : "(none)");
        assert_null(net_overlay_to(NULL, node, out));
    }
}

TEST(nodes_have_addresses_made_of_their_range)
{
    static const struct {
        const char *range, *mac, *gate; /* gate: of the first range */
        int family;
    } rows[] = {
        {"'10.88.2.0/24'", "02:48:0a:58:02:00", "10.88.2.0", 0},
        {"'fd00:10:88:2::/64'", "02:68:00:88:00:02", "fd00:10:88:2::", 1},
        {"'fd00:10:88:2::/64','10.88.2.0/24'", "02:48:0a:58:02:00", "fd00:10:88:2::", 1},
        {"'10.88.2.7/24'", NULL, NULL, 0}, /* a pod's address could be it */
        {"'10.88.2.0'", NULL, NULL, 0},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const Value *node =
            value_literal(a, arena_printf(a, "{'spec':{'podCIDRs':[%s]}}", rows[i].range));
        char mac[NET_MAC_TEXT_MAX], gate[ADDRESS_TEXT_MAX];

        assert_int_equal(net_overlay_mac(node, mac), rows[i].mac != NULL);
        assert_int_equal(net_overlay_gate(&net_families[rows[i].family], node, gate),
                         rows[i].gate != NULL);
        if (!rows[i].mac)
            continue;
        assert_string_equal(mac, rows[i].mac);
        assert_string_equal(gate, rows[i].gate);
    }
}

static void put_nodes(Items *items)
{
    put(items, "host", "nodes",
        "{'metadata':{'name':'own'},'spec':{'podCIDRs':['10.88.1.0/24','fd00:10:88:1::/64']},"
        "'status':{'addresses':[{'type':'InternalIP','address':'172.30.0.11'}]}}");
    put(items, "host", "nodes",
        "{'metadata':{'name':'near'},'spec':{'podCIDRs':['10.88.2.0/24']},'status':{'addresses':["
        "{'type':'InternalIP','address':'172.30.0.12'}]}}");
    put(items, "host", "nodes",
        "{'metadata':{'name':'far','annotations':{'hostplane.io/"
        "link-address':'02:00:00:00:00:0a'}},"
        "'spec':{'podCIDRs':['10.88.3.0/24','fd00:10:88:3::/64']},'status':{'addresses':["
        "{'type':'InternalIP','address':'172.31.0.13'},"
        "{'type':'ExternalIP','address':'198.51.100.13'},"
        "{'type':'Hostname','address':'198.51.100.14'}]}}");
}

TEST(ways_to_nodes_near_and_far)
{
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    static const struct {
        const char *key, *how;
    } rows[] = {
        {"route 10.88.2.0/24", "via 172.30.0.12"},
        {"route 10.88.3.0/24", "via 10.88.3.0 dev hp-vxlan onlink"},
        {"route fd00:10:88:3::/64", "via fd00:10:88:3:: dev hp-vxlan onlink"},
        {"neigh 10.88.3.0", "02:48:0a:58:03:00"},
        {"neigh fd00:10:88:3::", "02:48:0a:58:03:00"},
        {"fdb 02:48:0a:58:03:00", "172.31.0.13"},
        {"address 10.88.1.0/32", ""},
        {"address fd00:10:88:1::/128", "nodad"},
    };
    NetOverlay o = overlay(OVERLAY_AUTO);
    PathsInput in = {.items = items,
                     .node_name = "own",
                     .node_ip = "172.30.0.11",
                     .families = net_families,
                     .n_families = NET_FAMILIES,
                     .overlay = &o};
    Map wanted = {.free_value = free}, routed = {.free_value = free};

    put_nodes(items);
    net_paths_want(&in, &wanted);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *how = map_get(&wanted, rows[i].key);

        if (!str_eq(how, rows[i].how))
            fail_msg("%s: %s", rows[i].key, how ? how : "(none)");
    }
    assert_int_equal(wanted.n, ARRAY_LEN(rows));
    o.mode = OVERLAY_NONE;
    net_paths_want(&in, &routed);
    assert_string_equal(map_get(&routed, "route 10.88.3.0/24"), "via 172.31.0.13");
    assert_int_equal(routed.n, 2);
    map_done(&wanted);
    map_done(&routed);
}

TEST(what_is_gone_goes_when_all_nodes_are_known)
{
    static const char routes[] =
        "10.88.2.0/24 via 172.30.0.12 dev eth0 \n10.88.9.0/24 via 172.30.0.19 dev eth0\n\n";
    static const char fdb[] = "02:48:0a:58:09:00 dst 172.31.0.19 self permanent\n";
    static const char addresses[] = "2: hp-vxlan    inet 10.88.1.0/32 scope global hp-vxlan\\  x\n";
    Map is = {.free_value = free}, wanted = {.free_value = free};
    AUTO_BUF ip = BUF_INIT;
    AUTO_BUF bridge = BUF_INIT;

    net_paths_read("route", 0, SLICE(routes), &is);
    net_paths_read("fdb", 0, SLICE(fdb), &is);
    net_paths_read("address", 3, SLICE(addresses), &is);
    assert_int_equal(is.n, 4);
    (void)map_set(&wanted, "route 10.88.2.0/24", xstrdup("via 172.30.0.12"));
    (void)map_set(&wanted, "address 10.88.1.0/32", xstrdup(""));
    net_paths_print(&is, &wanted, false, &ip, &bridge);
    assert_string_equal(buf_str(&ip), "route replace 10.88.2.0/24 via 172.30.0.12 proto 89\n");
    assert_int_equal(bridge.len, 0);
    buf_reset(&ip);
    net_paths_print(&is, &wanted, true, &ip, &bridge);
    assert_string_equal(buf_str(&ip), "route del 10.88.9.0/24 proto 89\n"
                                      "route replace 10.88.2.0/24 via 172.30.0.12 proto 89\n");
    assert_string_equal(buf_str(&bridge), "fdb del 02:48:0a:58:09:00 dev hp-vxlan\n");
    buf_reset(&ip);
    buf_reset(&bridge);
    net_paths_print(&wanted, &wanted, true, &ip, &bridge);
    assert_int_equal(ip.len + bridge.len, 0);
    map_done(&is);
    map_done(&wanted);
}

/* The frame goes from the node outside to this one; what is inside is then known by its MAC. */
TEST(frames_are_believed_between_the_nodes_that_they_name)
{
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    NetOverlay o = overlay(OVERLAY_AUTO);
    NetInput in = {.items = items, .node_name = "own", .overlay = &o};
    static const struct {
        int family;
        const char *element;
        bool is_there;
    } rows[] = {
        {0, "vteps 172.31.0.13 . 0x02480a58010002480a580300", true},
        {0, "links 02:48:0a:58:03:00 . 10.88.3.0/24", true},
        {0, "links 02:00:00:00:00:0a . 10.88.3.0/24", false},
        {0, "gates 10.88.3.0", true},
        {0, "unlinked 10.88.2.0/24", true},
        {0, "nodes 172.31.0.13", true},
        {0, "nodes 198.51.100.13", true},
        {0, "nodes 198.51.100.14", false},
        {0, "gates 10.88.2.0", false},
        {1, "links 02:48:0a:58:03:00 . fd00:10:88:3::/64", true},
        {1, "gates fd00:10:88:3::", true},
    };

    put_nodes(items);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(net_rules_free) NetRules *r = net_rules_new(&net_families[rows[i].family]);
        AUTO_BUF out = BUF_INIT;

        net_rules_update(r, &in, &out);
        if (!map_get(&r->state.elements, rows[i].element) == rows[i].is_there)
            fail_msg("%s", rows[i].element);
    }
}

TEST(each_frame_is_looked_at_before_its_flow_is)
{
    NetOverlay o = overlay(OVERLAY_AUTO);
    NetBase base = {.f = &net_families[0],
                    .cluster_cidr = "10.88.0.0/16",
                    .service_cidr = "10.96.0.0/16",
                    .node_ip = "172.30.0.11",
                    .host = 1,
                    .overlay = &o};
    AUTO_BUF with = BUF_INIT;
    AUTO_BUF without = BUF_INIT;
    AUTO_BUF only = BUF_INIT;
    const char *input, *forward, *frames;

    net_base_print(&base, &with);
    input = strstr(buf_str(&with), "chain input {");
    assert_non_null(input);
    assert_true(strstr(input, "udp dport 4789 jump tunnelled") < strstr(input, "ct state"));
    assert_non_null(strstr(buf_str(&with), "iifname \"hp-vxlan\" ip saddr != 10.88.0.0/16 drop"));
    assert_non_null(strstr(buf_str(&with), "chain tunnelled {\n"
                                           "    ip daddr != 172.30.0.11 drop\n"
                                           "    ip saddr . @th,128,96 != @vteps drop\n"
                                           "    @th,224,16 != { 0x0800, 0x86dd } drop\n"));
    forward = strstr(buf_str(&with), "chain forward {"); /* pods send none but to their own */
    assert_non_null(forward);
    frames = strstr(forward, "meta mark != 0 udp dport 4789 drop\n");
    assert_non_null(frames);
    assert_true(strstr(forward, "@reach goto leave-pod") < frames);
    assert_true(frames < strstr(forward, "meta mark != 0 goto leave-pod"));
    base.is_only = true;
    net_base_print(&base, &only);
    assert_non_null(strstr(buf_str(&only), "    @th,224,16 != 0x0800 drop\n"));
    o.mode = OVERLAY_NONE;
    net_base_print(&base, &without);
    assert_null(strstr(buf_str(&without), "4789"));
    assert_null(strstr(buf_str(&without), "hp-vxlan"));
}

/* ---- the device, with programs that only note what they are told ---- */

typedef struct Kernel {
    char dir[32], *path;
} Kernel;

static void kernel_init(Kernel *k)
{
    static const char *const programs[] = {"ip", "bridge"};

    snprintf(k->dir, sizeof(k->dir), "/tmp/overlay-XXXXXX");
    assert_non_null(mkdtemp(k->dir));
    for (size_t i = 0; i < ARRAY_LEN(programs); i++) {
        AUTO_FREE char *program = xasprintf("%s/%s", k->dir, programs[i]);
        AUTO_FREE char *text =
            xasprintf("#!/bin/sh\ncd %s\n"
                      "case \"$*\" in *-batch*) cat >> told; test ! -e broken;;\n"
                      "*'link show'*) cat device;; esac\n",
                      k->dir);

        assert_int_equal(fs_write(program, slice_of(text), 0755, NULL), 0);
    }
    k->path = xstrdup(getenv("PATH"));
    {
        AUTO_FREE char *with = xasprintf("%s:%s", k->dir, k->path);

        assert_int_equal(setenv("PATH", with, 1), 0);
    }
}

static void kernel_set(const Kernel *k, const char *name, const char *text)
{
    AUTO_FREE char *path = xasprintf("%s/%s", k->dir, name);

    if (text)
        assert_int_equal(fs_write(path, slice_of(text), 0644, NULL), 0);
    else
        (void)unlink(path); /* it may not be there */
}

/* What the programs were told since this was last asked. */
static void kernel_told(const Kernel *k, Buf *out)
{
    AUTO_FREE char *path = xasprintf("%s/told", k->dir);

    buf_reset(out);
    if (fs_read(path, 1 << 16, out, NULL) < 0)
        return; /* nothing */
    kernel_set(k, "told", NULL);
}

static void kernel_done(Kernel *k)
{
    static const char *const files[] = {"ip", "bridge", "told", "device", "broken"};

    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        kernel_set(k, files[i], NULL);
    assert_int_equal(rmdir(k->dir), 0);
    assert_int_equal(setenv("PATH", k->path, 1), 0);
    free(k->path);
}

TEST(a_device_that_no_rules_watch_over_goes)
{
    static const struct {
        OverlayMode mode;
        const char *device;
        bool is_gone;
    } rows[] = {
        {OVERLAY_NONE, NULL, false},
        {OVERLAY_NONE, "vxlan id 18512 local 172.30.0.11 dstport 4789", true},
        {OVERLAY_AUTO, "vxlan id 18512 local 172.30.0.11 dstport 4789", false},
        {OVERLAY_AUTO, "vxlan id 18512 local fd00::11 dstport 4789", true},
        {OVERLAY_ALWAYS, NULL, false},
    };
    AUTO_BUF told = BUF_INIT;
    Kernel k;

    kernel_init(&k);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        NetOverlay o = overlay(rows[i].mode);

        kernel_set(&k, "device", rows[i].device);
        net_paths_begin(&o, "172.30.0.11");
        kernel_told(&k, &told);
        assert_string_equal(buf_str(&told), rows[i].is_gone ? "link del hp-vxlan\n" : "");
    }
    kernel_done(&k);
}

TEST(ways_that_failed_are_made_again_with_the_device)
{
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    CLEANUP(net_paths_free) NetPaths *p = net_paths_new();
    NetOverlay o = overlay(OVERLAY_AUTO);
    PathsInput in = {.items = items,
                     .node_name = "own",
                     .node_ip = "172.30.0.11",
                     .families = net_families,
                     .n_families = NET_FAMILIES,
                     .overlay = &o,
                     .mtu = 1450};
    AUTO_BUF told = BUF_INIT;
    Kernel k;

    kernel_init(&k);
    put_nodes(items);
    kernel_set(&k, "broken", "");
    assert_false(net_paths_apply(p, &in));
    kernel_told(&k, &told);
    assert_non_null(strstr(buf_str(&told), "link add hp-vxlan"));
    assert_null(strstr(buf_str(&told), " up\n"));
    kernel_set(&k, "broken", NULL);
    assert_true(net_paths_apply(p, &in));
    kernel_told(&k, &told);
    assert_non_null(strstr(buf_str(&told), "link add hp-vxlan"));
    assert_non_null(strstr(buf_str(&told), "address 02:48:0a:58:01:00 mtu 1450 up\n"));
    assert_non_null(strstr(buf_str(&told), "fdb replace 02:48:0a:58:03:00"));
    assert_true(net_paths_apply(p, &in));
    kernel_told(&k, &told);
    assert_string_equal(buf_str(&told), "");
    kernel_done(&k);
}
