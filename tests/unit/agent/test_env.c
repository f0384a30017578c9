#include "agent/env.h"
#include "base/err.h"
#include "tests/unit/test.h"

static Items *make_items(Arena *a)
{
    Items *items = items_new(NULL, NULL);

    items_put(items, item_new("acme", "configmaps",
                              value_literal(a, "{'metadata':{'namespace':'n','name':'cm'},'data':"
                                               "{'k':'v','bad=key':'x'}}")));
    items_put(items, item_new("acme", "secrets",
                              value_literal(a, "{'metadata':{'namespace':'n','name':'s'},'data':"
                                               "{'p':'c2VjcmV0'}}")));
    items_put(items,
              item_new("acme", "services",
                       value_literal(a, "{'metadata':{'namespace':'n','name':'my-db'},'spec':"
                                        "{'clusterIP':'10.96.0.5','ports':[{'name':'sql',"
                                        "'port':5432,'protocol':'TCP'}]}}")));
    return items;
}

static PodContext context(Arena *a, Items *items)
{
    return (PodContext){
        .cluster = "acme",
        .items = items,
        .node_ip = "172.30.0.11",
        .host_ip = "10.96.0.1",
        .api_ip = "10.96.0.1",
        .dns_ip = "10.96.0.10",
        .node_name = "n1",
        .pod_ip = "10.88.0.5",
        .node_cpu_milli = 2000,
        .node_memory = 4LL << 30,
        .pod = value_literal(a, "{'metadata':{'name':'p','namespace':'n','uid':'u','labels':"
                                "{'a.b/c':'d'}},'spec':{'nodeName':'n1','containers':[{'name':'c',"
                                "'resources':{'limits':{'cpu':'250m'}}}]}}")};
}

static const char *get(const Value *env, const char *name)
{
    const Value *v;

    value_each_item(env, i, v)
    {
        if (str_eq(value_get_str(v, "key"), name))
            return value_get_str(v, "value");
    }
    return NULL;
}

TEST(everything_a_variable_may_come_from)
{
    static const struct {
        const char *json, *value; /* of the variable V; NULL: not set */
    } rows[] = {
        {"{'name':'V','value':'x'}", "x"},
        {"{'name':'V','value':'$(MY_DB_SERVICE_HOST):$$(A) $(NO) $'}", "10.96.0.5:$(A) $(NO) $"},
        {"{'name':'V','valueFrom':{'configMapKeyRef':{'name':'cm','key':'k'}}}", "v"},
        {"{'name':'V','valueFrom':{'secretKeyRef':{'name':'s','key':'p'}}}", "secret"},
        {"{'name':'V','valueFrom':{'secretKeyRef':{'name':'no','key':'p','optional':true}}}", NULL},
        {"{'name':'V','valueFrom':{'fieldRef':{'fieldPath':'status.podIP'}}}", "10.88.0.5"},
        {"{'name':'V','valueFrom':{'fieldRef':{'fieldPath':'status.hostIP'}}}", "10.96.0.1"},
        {"{'name':'V','valueFrom':{'fieldRef':{'fieldPath':'spec.nodeName'}}}", "n1"},
        {"{'name':'V','valueFrom':{'fieldRef':{'fieldPath':\"metadata.labels['a.b/c']\"}}}", "d"},
        {"{'name':'V','valueFrom':{'resourceFieldRef':{'resource':'limits.cpu'}}}", "1"},
        {"{'name':'V','valueFrom':{'resourceFieldRef':{'resource':'limits.cpu','divisor':'1m'}}}",
         "250"},
        {"{'name':'V','valueFrom':{'resourceFieldRef':{'resource':'limits.memory',"
         "'divisor':'1Gi'}}}",
         "4"},
    };
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(items_free) Items *items = make_items(a);
    PodContext pc = context(a, items);

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Value *container = value_copy(a, value_at(pc.pod, "spec.containers.0"));
        Value *list = value_array(a), *v, *env;
        const char *json = rows[i].json;
        Err err;

        if (strchr(json, '"')) /* the one row with quotes inside */
            v = value_literal(a, "{'name':'V','valueFrom':{'fieldRef':{}}}");
        else
            v = value_literal(a, json);
        if (strchr(json, '"'))
            value_set_str(a, value_at(v, "valueFrom.fieldRef"), "fieldPath",
                          "metadata.labels['a.b/c']");
        value_append(a, list, v);
        value_set(a, container, "env", list);
        assert_ok(env_build(a, &pc, container, &env, &err));
        if (!str_eq(get(env, "V"), rows[i].value))
            fail_msg("row %zu: %s", i, get(env, "V"));
        assert_string_equal(get(env, "KUBERNETES_SERVICE_HOST"), "10.96.0.1");
        assert_string_equal(get(env, "MY_DB_PORT_5432_TCP_ADDR"), "10.96.0.5");
    }
}

TEST(a_missing_key_is_told_in_kubelets_words)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(items_free) Items *items = make_items(a);
    PodContext pc = context(a, items);
    Value *env;
    Err err;

    assert_fails(env_build(a, &pc,
                           value_literal(a, "{'env':[{'name':'V','valueFrom':{'configMapKeyRef':"
                                            "{'name':'cm','key':'no'}}}]}"),
                           &env, &err),
                 ERR_NOT_FOUND);
    assert_string_equal(err.msg, "couldn't find key no in ConfigMap n/cm");
    assert_fails(env_build(a, &pc, value_literal(a, "{'envFrom':[{'secretRef':{'name':'gone'}}]}"),
                           &env, &err),
                 ERR_NOT_FOUND);
    assert_string_equal(err.msg, "secret \"gone\" not found");
}

TEST(env_from_takes_all_keys_that_can_be_names)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(items_free) Items *items = make_items(a);
    PodContext pc = context(a, items);
    Value *env;

    assert_ok(env_build(
        a, &pc, value_literal(a, "{'envFrom':[{'prefix':'X_','configMapRef':{'name':'cm'}}]}"),
        &env, NULL));
    assert_string_equal(get(env, "X_k"), "v");
    assert_null(get(env, "X_bad=key"));
}

TEST(labels_as_a_file_are_sorted_and_quoted)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    PodContext pc = {.pod = value_literal(
                         a, "{'metadata':{'labels':{'b':'2','a':'<1>'},'annotations':{'x':''}}}")};
    const char *text;

    value_set_str(a, value_at(pc.pod, "metadata.annotations"), "x", "a\n\"b\"\\ \x01 \xc3\xa4");
    assert_ok(env_field(a, &pc, "metadata.labels", &text, NULL));
    assert_string_equal(text, "a=\"<1>\"\nb=\"2\"");
    assert_ok(env_field(a, &pc, "metadata.annotations", &text, NULL));
    assert_string_equal(text, "x=\"a\\n\\\"b\\\"\\\\ \\x01 \xc3\xa4\"");
}

TEST(a_sub_path_needs_a_value_for_every_variable)
{
    static const struct {
        const char *text, *want, *missing;
    } cases[] = {
        {"$(A)/x", "1/x", NULL},
        {"$$(B)", "$(B)", NULL},
        {"$(B)/$(A)/$(EMPTY)", NULL, "missing value for B, EMPTY"},
    };
    CLEANUP(arena_free) Arena *a = arena_new();
    const Value *env =
        value_literal(a, "[{'key': 'A', 'value': '1'}, {'key': 'EMPTY', 'value': ''}]");

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *got = NULL;
        Err err;
        int r = env_expand_all(a, cases[i].text, env, &got, &err);

        if (cases[i].want)
            assert_string_equal(got, cases[i].want);
        else
            assert_string_equal(err.msg, cases[i].missing);
        assert_int_equal(r, cases[i].want ? 0 : -ERR_INVALID);
    }
}
