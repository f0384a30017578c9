/*
 * bench_cel.c - what expressions cost: compiling a rule, and running it over one object.
 *
 *     build/bench_cel [RUNS]        default: 200000
 *
 * One line of JSON a rule: microseconds to compile, to run, and the cost that Kubernetes' budget is
 * charged.
 */
#include "base/clock.h"
#include "cel/cel.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { COMPILES = 2000, RUNS_AN_ARENA = 100 };

static const char schema[] =
    "{'type':'object','properties':{'replicas':{'type':'integer'},'maxReplicas':{'type':'integer'},"
    "'name':{'type':'string'},'items':{'type':'array','items':{'type':'object','properties':{"
    "'name':{'type':'string'},'port':{'type':'integer'}}}},'labels':{'type':'object',"
    "'additionalProperties':{'type':'string'}}}}";

static const char object[] =
    "{'replicas':3,'maxReplicas':5,'name':'web-1','labels':{'app':'web','tier':'front'},"
    "'items':[{'name':'http','port':80},{'name':'https','port':443},{'name':'metrics','port':9090},"
    "{'name':'admin','port':8443},{'name':'debug','port':6060}]}";

static const char *const rules[] = {
    "self.replicas <= self.maxReplicas",
    "!has(self.name) || self.name.startsWith('web')",
    "self.items.all(i, i.name.matches('^[a-z]+$'))",
    "self.items.all(a, self.items.exists_one(b, a.port == b.port))",
    "self.labels.all(k, k.size() < 63 && self.labels[k].size() < 63)",
    "self.items.filter(i, i.port > 1000).map(i, i.name).join(',') == 'metrics,admin,debug'",
    "quantity('1.5Gi').isGreaterThan(quantity('1G'))",
};

static double compile_us(const CelEnv *env, const char *rule)
{
    int64_t start = clock_mono_us();

    for (int i = 0; i < COMPILES; i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        CelProgram *p;

        BUG_ON(cel_compile(env, slice_of(rule), a, &p));
    }
    return (double)(clock_mono_us() - start) / COMPILES;
}

static double run_us(const CelProgram *p, const CelVal *vars, int runs, uint64_t *ret_cost)
{
    int64_t start = clock_mono_us();

    for (int i = 0; i < runs; i += RUNS_AN_ARENA) {
        CLEANUP(arena_free) Arena *a = arena_new();

        for (int k = 0; k < RUNS_AN_ARENA; k++) {
            CelResult r;

            BUG_ON(!cel_eval(p, vars, a, CEL_CALL_COST_LIMIT, &r) || !r.value.boolean);
            *ret_cost = r.cost;
        }
    }
    return (double)(clock_mono_us() - start) / runs;
}

int main(int argc, char **argv)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    int runs = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 200000;
    const CelType *type = cel_schema_type(a, value_literal(a, schema), "selfType", false);
    CelVal vars[1] = {cel_val_json(type, value_literal(a, object))};
    CelEnv *env = cel_env_new(a, CEL_LIBS_KUBERNETES);

    cel_env_declare(env, "self", type);
    for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
        CelProgram *p;
        uint64_t cost = 0;
        double run;

        BUG_ON(cel_compile(env, slice_of(rules[i]), a, &p));
        run = run_us(p, vars, runs, &cost);
        printf("{\"rule\":\"%s\",\"compile_us\":%.2f,\"run_us\":%.3f,\"cost\":%" PRIu64 "}\n",
               rules[i], compile_us(env, rules[i]), run, cost);
    }
    return 0;
}
