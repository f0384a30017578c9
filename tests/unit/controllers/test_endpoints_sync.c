#include "controllers/endpoints_int.h"

#include "tests/unit/test.h"

static Value *pod(Arena *a, const char *name, const char *ip, bool ready, bool deleted)
{
    Value *v = value_literal(a, "{'metadata':{'namespace':'d'},'spec':{'nodeName':'n1','containers'"
                                ":[{'ports':[{'name':'http','containerPort':8080}]}]},'status':{"
                                "'phase':'Running','conditions':[{'type':'Ready'}]}}");

    value_set_str(a, value_get(v, "metadata"), "name", name);
    value_set_str(a, value_get(v, "metadata"), "uid", name);
    value_set_at(a, v, "status.podIP", value_str(a, ip));
    value_set_str(a, value_at(v, "status.conditions.0"), "status", ready ? "True" : "False");
    if (deleted)
        value_set_str(a, value_get(v, "metadata"), "deletionTimestamp", "2023-11-14T22:13:20Z");
    return v;
}

static Value *service(Arena *a)
{
    return value_literal(a, "{'metadata':{'name':'web','namespace':'d'},'spec':{'clusterIP':"
                            "'10.96.0.5','ports':[{'name':'w','port':80,'targetPort':'http',"
                            "'protocol':'TCP'}]}}");
}

/* Subsets as "a+b-:1,2 c+:1": addresses with their state, then ports. */
static Value *subsets_of(Arena *a, const char *text)
{
    Value *subsets = value_array(a);

    while (*text) {
        Value *subset = value_object(a), *one;

        for (; *text && *text != ':'; text += 2) {
            one = value_object(a);
            value_set(a, one, "ip", value_printf(a, "%c", *text));
            endpoints__append(a, subset, text[1] == '+' ? "addresses" : "notReadyAddresses", one);
        }
        for (text++; *text && *text != ' '; text++) {
            if (*text == ',')
                continue;
            one = value_object(a);
            value_set_int(a, one, "port", *text - '0');
            endpoints__append(a, subset, "ports", one);
        }
        value_append(a, subsets, subset);
        text += *text == ' ';
    }
    return subsets;
}

TEST(subsets_are_packed_by_port)
{
    static const struct {
        const char *from, *to;
    } rows[] = {
        {"", ""},
        {"a+:1", "a+:1"},
        {"a+b+:1 b+:2", "a+b+:1 b+:2"},
        {"a+:1,2 b+:1", "a+b+:1 a+:2"},
        {"a+:1 b+:1", "a+b+:1"},
        {"a+:1 a+:2", "a+:1,2"},
        {"b+:1 a-:1", "b+a-:1"},
        {"a+:1 a-:1", "a-:1"},
        {"a-:1 a+:1", "a-:1"},
        {"a+:1 a-:2", "a+:1 a-:2"},
        {"c+a+:1 b+:1", "a+b+c+:1"},
        {"a+:", "a+:"},
        {"a+: b+:", "a+b+:"},
        {"a+: a+:1", "a+:1"},
        {"a+a+:1,1", "a+:1"},
        {"a+:1,2 b+:1,2 c+:2,1", "a+b+c+:1,2"},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Value *got = endpoints__repack(a, subsets_of(a, rows[i].from));

        if (!value_equal(got, subsets_of(a, rows[i].to)))
            fail_msg("%s: %s", rows[i].from, value_to_str(a, got));
    }
}

TEST(what_is_ready_stays_when_there_is_too_much)
{
    static const struct {
        uint32_t ready[2], others[2];
        bool is_cut;
        uint32_t want_ready[2], want_others[2];
    } rows[] = {
        {{500, 0}, {500, 0}, false, {500, 0}, {500, 0}},
        {{500, 0}, {501, 0}, true, {500, 0}, {500, 0}},
        {{1001, 0}, {5, 0}, true, {1000, 0}, {0, 0}},
        {{900, 300}, {9, 9}, true, {750, 250}, {0, 0}},
        {{400, 400}, {300, 100}, true, {400, 400}, {150, 50}},
        {{1000, 0}, {1, 0}, true, {1000, 0}, {0, 0}},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Value *subsets = value_array(a);

        for (size_t k = 0; k < 2; k++) {
            Value *subset = value_object(a);

            for (uint32_t n = 0; n < rows[i].ready[k]; n++)
                endpoints__append(a, subset, "addresses", value_object(a));
            for (uint32_t n = 0; n < rows[i].others[k]; n++)
                endpoints__append(a, subset, "notReadyAddresses", value_object(a));
            value_append(a, subsets, subset);
        }
        assert_int_equal(endpoints_truncate(subsets), rows[i].is_cut);
        for (uint32_t k = 0; k < 2; k++) {
            const Value *subset = value_item(subsets, k);

            if (value_len(value_get(subset, "addresses")) != rows[i].want_ready[k] ||
                value_len(value_get(subset, "notReadyAddresses")) != rows[i].want_others[k])
                fail_msg("row %zu: %u: %u %u", i, k, value_len(value_get(subset, "addresses")),
                         value_len(value_get(subset, "notReadyAddresses")));
        }
    }
}

TEST(subsets_tell_ready_from_not_ready)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Values pods = {0};
    Value *s;

    values_add(a, &pods, pod(a, "b", "10.0.0.2", true, false));
    values_add(a, &pods, pod(a, "a", "10.0.0.1", false, false));
    values_add(a, &pods, pod(a, "c", "10.0.0.3", true, true));
    s = endpoints_subsets(a, service(a), &pods);
    assert_int_equal(s->n, 1);
    assert_int_equal(value_len(value_at(s, "0.addresses")), 1);
    assert_string_equal(value_at_str(s, "0.addresses.0.ip"), "10.0.0.2");
    assert_string_equal(value_at_str(s, "0.notReadyAddresses.0.ip"), "10.0.0.1");
    assert_int_equal(value_at_int(s, "0.ports.0.port", 0), 8080);
}

/* "8080:a,b 9090:c": the ports of each subset, then who has them. */
static const char *print(Arena *a, const Value *subsets)
{
    const char *out = "";
    const Value *subset, *one;

    value_each_item(subsets, i, subset)
    {
        out = arena_printf(a, "%s%s", out, i > 0 ? " " : "");
        value_each_item(value_get(subset, "ports"), k, one)
        {
            out = arena_printf(a, "%s%s%lld", out, k > 0 ? "+" : "",
                               (long long)value_at_int(one, "port", 0));
        }
        value_each_item(value_get(subset, "addresses"), k, one)
        {
            out = arena_printf(a, "%s%s%s", out, k > 0 ? "," : ":", value_get_str(one, "ip"));
        }
    }
    return out;
}

TEST(a_port_is_what_each_pod_has_under_its_name)
{
    static const struct {
        const char *ports, *containers[3], *want; /* of the pods 1, 2 and 3 */
    } rows[] = {
        {"[{'port':80,'targetPort':8080}]", {"[]", "[]", NULL}, "8080:1,2"},
        {"[{'port':80}]", {"[]", "[]", NULL}, "80:1,2"},
        {"[{'port':80,'targetPort':'w'}]",
         {"[{'ports':[{'name':'w','containerPort':1}]}]",
          "[{'ports':[{'name':'w','containerPort':2}]}]",
          "[{'ports':[{'name':'w','containerPort':1}]}]"},
         "1:1,3 2:2"},
        /* Who has no port of the name, or of another protocol only, is no endpoint. */
        {"[{'port':80,'targetPort':'w'}]",
         {"[{'ports':[{'name':'x','containerPort':1}]}]",
          "[{'ports':[{'name':'w','containerPort':2,'protocol':'UDP'}]}]",
          "[{'ports':[{'name':'w','containerPort':3}]}]"},
         "3:3"},
        {"[{'port':80,'targetPort':'w'}]", {"[]", "[]", NULL}, ""},
        /* It is one of those ports that it has. */
        {"[{'name':'n','port':9},{'name':'m','port':80,'targetPort':'w'}]",
         {"[{'ports':[{'name':'w','containerPort':1}]}]", "[]",
          "[{'ports':[{'name':'w','containerPort':1}]}]"},
         "9:1,2,3 1:1,3"},
        {"[]", {"[]", "[]", NULL}, ":1,2"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *s = service(a), *subsets;
        Values pods = {0};

        value_set_at(a, s, "spec.ports", value_literal(a, rows[i].ports));
        for (size_t k = 0; k < 3 && rows[i].containers[k]; k++) {
            Value *p =
                pod(a, arena_printf(a, "p%zu", k), arena_printf(a, "%zu", k + 1), true, false);

            value_set_at(a, p, "spec.containers", value_literal(a, rows[i].containers[k]));
            values_add(a, &pods, p);
        }
        subsets = endpoints_subsets(a, s, &pods);
        if (!str_eq(print(a, subsets), rows[i].want))
            fail_msg("row %zu: %s", i, print(a, subsets));
    }
}
