/*
 * bench_rbac.c - what a decision costs: a user with 100 bindings among 10,000, by the index and by
 * the walk over all of them that upstream's authorizer does.
 *
 *     build/bench_rbac [RUNS]        default: 200000; the walk is run RUNS/1000 times
 *
 * One line of JSON a question: microseconds of processor by the index and by the walk, and what
 * both say.
 */
#include "bench/cpu.h"
#include "tests/unit/rbac/policies.h"

#include <stdio.h>

enum { BINDINGS = 10000, MINE = 100, ROLES = 500, RULES = 3 };

static void add_role(Policy *p, int i)
{
    Arena *a = p->arena;
    Value *v = value_object(a), *rules = value_array(a);

    value_set_at(a, v, "metadata.name", value_printf(a, "role-%d", i));
    for (int k = 0; k < RULES; k++)
        value_append(
            a, rules,
            value_literal(a, arena_printf(a,
                                          "{'verbs':['get','list','watch'],'apiGroups':"
                                          "['apps'],'resources':['kind%d','kind%d/status']}",
                                          i * RULES + k, i * RULES + k)));
    value_set(a, v, "rules", rules);
    policy_add(p, CLUSTER_ROLE, v);
}

static void add_binding(Policy *p, int i)
{
    Arena *a = p->arena;
    bool is_mine = i % (BINDINGS / MINE) == 0;

    policy_add(p, i % 2 ? ROLE_BINDING : CLUSTER_ROLE_BINDING,
               value_literal(a, arena_printf(a,
                                             "{'metadata':{'name':'b%d'%s},'roleRef':{'kind':"
                                             "'ClusterRole','name':'role-%d'},'subjects':[{'kind':"
                                             "'User','name':'%s%d'},{'kind':'Group','name':"
                                             "'team-%d'}]}",
                                             i, i % 2 ? ",'namespace':'shop'" : "",
                                             is_mine ? i / (BINDINGS / MINE) : i % ROLES,
                                             is_mine ? "jane" : "user-", is_mine ? 0 : i, i)));
}

typedef struct Question {
    const char *what;
    RbacAttrs at;
} Question;

static double index_us(const RbacIndex *x, const RbacAttrs *at, int runs, bool *ret)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    int64_t start = bench_cpu_ns();

    for (int i = 0; i < runs; i++)
        *ret = rbac_allows(x, NULL, at, a, NULL);
    return (double)(bench_cpu_ns() - start) / runs / 1000;
}

static double walk_us(const Policy *p, const RbacAttrs *at, int runs, bool *ret)
{
    int64_t start = bench_cpu_ns();

    for (int i = 0; i < runs; i++)
        *ret = plain_allows(p, at);
    return (double)(bench_cpu_ns() - start) / runs / 1000;
}

int main(int argc, char **argv)
{
    static const char *const groups[] = {"dev", "ops", "system:authenticated", NULL};
    int runs = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 200000;
    RbacAttrs at = {.user = "jane0",
                    .groups = groups,
                    .verb = "list",
                    .is_resource = true,
                    .group = "apps",
                    .resource = "kind0",
                    .subresource = "",
                    .ns = "shop",
                    .name = "",
                    .path = ""};
    Question questions[] = {{"allowed by the first binding", at},
                            {"allowed by the last binding", at},
                            {"refused", at},
                            {"refused, by a verb", at},
                            {"a user without bindings", at}};
    Policy p = {.arena = arena_new()};
    RbacIndex *x;

    questions[1].at.resource = "kind297";
    questions[2].at.resource = "secrets";
    questions[3].at.verb = "delete";
    questions[4].at.user = "nobody";
    for (int i = 0; i < ROLES; i++)
        add_role(&p, i);
    for (int i = 0; i < BINDINGS; i++)
        add_binding(&p, i);
    x = policy_index(&p, NULL, NULL);
    for (size_t i = 0; i < ARRAY_LEN(questions); i++) {
        bool by_index = false, by_walk = false;
        double us = index_us(x, &questions[i].at, runs, &by_index);
        double walk = walk_us(&p, &questions[i].at, MAX(runs / 1000, 1), &by_walk);

        printf("{\"question\":\"%s\",\"index_us\":%.3f,\"walk_us\":%.1f,\"allowed\":%s}\n",
               questions[i].what, us, walk, by_index ? "true" : "false");
        BUG_ON(by_index != by_walk);
    }
    rbac_index_unref(x);
    policy_done(&p);
    return 0;
}
