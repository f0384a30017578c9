/*
 * bench_net.c - what one change costs a node that knows many services: items and rules are made in
 * memory; with --nft the commands are given to nft, in a network namespace of the program's own.
 *
 *     build/bench_net [--nft] [SERVICES...]        default: 100 1000 10000
 *
 * One line of JSON for each number of services: the first load, then endpoints of one service
 * changing, in milliseconds (median and 99th percentile): building and printing, and nft.
 */
#include "agent/net/rules.h"
#include "agent/run.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "bench/sort.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

enum { ENDPOINTS = 3, ROUNDS = 50 };

static uint32_t number(const char *cluster UNUSED, void *data UNUSED)
{
    return 1;
}

static void put_service(Items *items, int i)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = value_literal(a, "{'metadata':{'namespace':'default','uid':'u'},'spec':{'type':"
                                "'NodePort','ports':[{'name':'http','port':80,'protocol':'TCP'},"
                                "{'name':'dns','port':53,'protocol':'UDP'}]}}");

    value_set_at(a, v, "metadata.name", value_printf(a, "svc-%d", i));
    value_set_at(a, v, "spec.clusterIP", value_printf(a, "10.96.%d.%d", 1 + i / 250, 1 + i % 250));
    items_put(items, item_new("acme", "services", v));
}

static void put_slice(Items *items, int i, int version)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = value_literal(
        a, "{'metadata':{'namespace':'default','labels':{}},'addressType':'IPv4','ports':[{'name':"
           "'http','port':8080},{'name':'dns','port':5353,'protocol':'UDP'}],'endpoints':[]}");

    value_set_at(a, v, "metadata.name", value_printf(a, "svc-%d-x", i));
    value_set_str(a, value_at(v, "metadata.labels"), "kubernetes.io/service-name",
                  arena_printf(a, "svc-%d", i));
    for (int k = 0; k < ENDPOINTS; k++) {
        Value *e = value_literal(a, "{'addresses':[],'conditions':{'ready':true}}");

        value_append(a, value_get(e, "addresses"),
                     value_printf(a, "10.88.%d.%d", (i + k) % 250, 1 + (version + k) % 250));
        value_append(a, value_get(v, "endpoints"), e);
    }
    items_put(items, item_new("acme", "discovery.k8s.io/endpointslices", v));
}

static void print_figure(const char *name, int64_t *us, size_t n)
{
    bench_sort(us, n);
    printf(", \"%s_ms\": %.2f, \"%s_p99_ms\": %.2f", name, (double)us[n / 2] / 1000, name,
           (double)us[n * 99 / 100] / 1000);
}

/* How long nft takes with it; 0 without --nft. */
static int64_t apply(const Buf *script, bool with_nft)
{
    char *const argv[] = {RUN_ARG("nft"), RUN_ARG("-f"), RUN_ARG("-"), NULL};
    int64_t begin = clock_mono_us();
    Err err;

    if (!with_nft)
        return 0;
    if (run_program(argv, buf_slice(script), &err) < 0) {
        fprintf(stderr, "bench_net: %s\n", err.msg);
        exit(1);
    }
    return clock_mono_us() - begin;
}

static void measure(int n, bool with_nft)
{
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    CLEANUP(net_rules_free) NetRules *r = net_rules_new(&net_families[0]);
    NetInput in = {.items = items, .node_name = "n", .number = number};
    NetBase base = {.f = &net_families[0],
                    .cluster_cidr = "10.88.0.0/16",
                    .service_cidr = "10.96.0.0/16",
                    .server_ip = "172.30.0.1",
                    .server_port = 6443,
                    .node_ip = "172.30.0.11",
                    .host = 2,
                    .dns_port = 10053};
    int64_t print_us[ROUNDS], nft_us[ROUNDS], all_us[ROUNDS], begin, load_us;
    AUTO_BUF script = BUF_INIT;

    for (int i = 0; i < n; i++) {
        put_service(items, i);
        put_slice(items, i, 0);
    }
    begin = clock_mono_us();
    net_base_print(&base, &script);
    net_bridge_print(false, &script);
    net_rules_update(r, &in, &script);
    load_us = clock_mono_us() - begin;
    printf("{\"services\": %d, \"load_print_ms\": %.1f", n, (double)load_us / 1000);
    printf(", \"load_nft_ms\": %.1f", (double)apply(&script, with_nft) / 1000);
    for (int k = 0; k < ROUNDS; k++) {
        int i = (int)((int64_t)k * n / ROUNDS);
        AUTO_FREE char *name = xasprintf("svc-%d-x", i);
        CLEANUP(item_unref)
        Item *before = items_get(items, "acme", "discovery.k8s.io/endpointslices", "default", name);
        CLEANUP(item_unref) Item *now = NULL;

        put_slice(items, i, k + 1);
        now = items_get(items, "acme", "discovery.k8s.io/endpointslices", "default", name);
        buf_reset(&script);
        begin = clock_mono_us();
        net_rules_changed(r, &in, now, before);
        net_rules_update(r, &in, &script);
        print_us[k] = clock_mono_us() - begin;
        nft_us[k] = apply(&script, with_nft);
        all_us[k] = print_us[k] + nft_us[k];
    }
    print_figure("print", print_us, ROUNDS);
    print_figure("nft", nft_us, ROUNDS);
    print_figure("change", all_us, ROUNDS);
    puts("}");
    fflush(stdout);
}

int main(int argc, char **argv)
{
    static const int usual[] = {100, 1000, 10000};
    bool with_nft = argc > 1 && strcmp(argv[1], "--nft") == 0;
    int first = with_nft ? 2 : 1;

    if (with_nft && unshare(CLONE_NEWNET) < 0) {
        perror("bench_net: a network namespace");
        return 1;
    }
    for (int i = first; i < argc; i++)
        measure((int)strtol(argv[i], NULL, 10), with_nft);
    for (size_t i = 0; argc == first && i < ARRAY_LEN(usual); i++)
        measure(usual[i], with_nft);
    return 0;
}
