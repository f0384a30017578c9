#include "api/nodeaffinity.h"

#include "tests/unit/test.h"

#define EXPR(op, values)                                                                           \
    "{'nodeSelectorTerms':[{'matchExpressions':[{'key':'k','operator':'" op "','values':" values   \
    "}]}]}"

TEST(terms_are_alternatives_and_requirements_are_joined)
{
    static const struct {
        const char *selector, *labels;
        bool want;
    } rows[] = {
        {EXPR("In", "['a','b']"), "{'k':'b'}", true},
        {EXPR("In", "['a']"), "{'k':'b'}", false},
        {EXPR("In", "['a']"), "{}", false},
        {EXPR("NotIn", "['a']"), "{}", true},
        {EXPR("NotIn", "['a']"), "{'k':'a'}", false},
        {EXPR("Exists", "[]"), "{'k':''}", true},
        {EXPR("DoesNotExist", "[]"), "{'k':''}", false},
        {EXPR("Gt", "['5']"), "{'k':'6'}", true},
        {EXPR("Gt", "['5']"), "{'k':'5'}", false},
        {EXPR("Lt", "['5']"), "{'k':'4'}", true},
        {EXPR("Lt", "['5']"), "{'k':'x'}", false},
        {EXPR("Odd", "['5']"), "{'k':'5'}", false},
        {"{'nodeSelectorTerms':[]}", "{}", false},
        {"{'nodeSelectorTerms':[{}]}", "{}", false},
        {"{'nodeSelectorTerms':[{},{'matchFields':[{'key':'metadata.name','operator':'In',"
         "'values':['node']}]}]}",
         "{}", true},
        {"{'nodeSelectorTerms':[{'matchFields':[{'key':'metadata.uid','operator':'In',"
         "'values':['node']}]}]}",
         "{}", false},
        {"null", "{}", true},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Value *node = value_literal(a, "{'metadata':{'name':'node'}}");

        value_set(a, value_get(node, "metadata"), "labels", value_literal(a, rows[i].labels));
        if (node_selector_matches(value_literal(a, rows[i].selector), node) != rows[i].want)
            fail_msg("row %zu", i);
    }
}

TEST(taints_are_tolerated_by_key_value_and_effect)
{
    static const struct {
        const char *taint, *toleration;
        bool want;
    } rows[] = {
        {"{'key':'k','value':'v','effect':'NoExecute'}",
         "{'key':'k','operator':'Equal','value':'v','effect':'NoExecute'}", true},
        {"{'key':'k','value':'v','effect':'NoExecute'}",
         "{'key':'k','value':'v','effect':'NoSchedule'}", false},
        {"{'key':'k','value':'v','effect':'NoExecute'}", "{'key':'k','value':'w'}", false},
        {"{'key':'k','value':'v','effect':'NoExecute'}", "{'key':'k','operator':'Exists'}", true},
        {"{'key':'k','value':'v','effect':'NoExecute'}", "{'operator':'Exists'}", true},
        {"{'key':'k','value':'7','effect':'NoExecute'}", "{'key':'k','operator':'Gt','value':'6'}",
         true},
        {"{'key':'k','value':'7','effect':'NoExecute'}", "{'key':'k','operator':'Lt','value':'6'}",
         false},
        {"{'key':'k','value':'x','effect':'NoExecute'}", "{'key':'k','operator':'Lt','value':'6'}",
         false},
        {"{'key':'k','effect':'NoSchedule'}", "{'key':'other'}", true}, /* another effect */
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Value *node = value_literal(a, "{'spec':{'taints':[]}}"), *list = value_array(a);

        value_append(a, value_at(node, "spec.taints"), value_literal(a, rows[i].taint));
        value_append(a, list, value_literal(a, rows[i].toleration));
        if (node_has_untolerated(node, list, "NoExecute") == rows[i].want)
            fail_msg("row %zu", i);
    }
}
