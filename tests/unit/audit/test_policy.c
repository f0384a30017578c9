#include "audit/policy.h"

#include "base/err.h"
#include "tests/unit/test.h"

typedef struct Row {
    const char *rules;   /* JSON, with ' for " */
    const char *request; /* "user groups verb group/resource/subresource ns name" or "... /path"; -
                            for none */
    AuditLevel level;
} Row;

static AuditPolicy *policy_of(Arena *a, const char *rules, const char *more)
{
    return audit_policy_new(
        value_literal(a, arena_printf(a, "{'rules':[%s]%s}", rules, more ? more : "")));
}

static const char *word(char **at)
{
    char *w = strsep(at, " ");

    return w && strcmp(w, "-") != 0 ? w : "";
}

static AuditAttrs attrs_of(Arena *a, const char *text)
{
    char *at = arena_strdup(a, text), *object;
    const char **groups = arena_array(a, const char *, 4), *what;
    AuditAttrs r = {
        .group = "", .resource = "", .subresource = "", .ns = "", .name = "", .path = ""};

    r.user = word(&at);
    groups[0] = word(&at);
    groups[1] = "system:authenticated";
    r.groups = groups;
    r.verb = word(&at);
    what = word(&at);
    if (what[0] == '/' && strchr("ahv", what[1])) {
        r.path = what;
        return r;
    }
    r.is_resource = true;
    object = arena_strdup(a, what);
    r.group = strsep(&object, "/");
    r.resource = strsep(&object, "/");
    r.subresource = object ? object : "";
    r.ns = word(&at);
    r.name = word(&at);
    return r;
}

TEST(the_first_rule_that_matches_gives_the_level)
{
    static const Row rows[] = {
        {"", "u g get /pods ns p", AUDIT_NONE},
        {"{'level':'Metadata'}", "u g get /pods ns p", AUDIT_METADATA},
        {"{'level':'Metadata'}", "u g get /healthz", AUDIT_METADATA},
        {"{'level':'None'},{'level':'Request'}", "u g get /pods ns p", AUDIT_NONE},
        {"{'level':'None','verbs':['get']},{'level':'Request'}", "u g list /pods ns -",
         AUDIT_REQUEST},
        {"{'level':'Metadata','users':['a','u']}", "u g get /pods ns p", AUDIT_METADATA},
        {"{'level':'Metadata','users':['a']}", "u g get /pods ns p", AUDIT_NONE},
        {"{'level':'Metadata','userGroups':['g']}", "u g get /pods ns p", AUDIT_METADATA},
        {"{'level':'Metadata','userGroups':['system:authenticated']}", "u g get /pods ns p",
         AUDIT_METADATA},
        {"{'level':'Metadata','userGroups':['h']}", "u g get /pods ns p", AUDIT_NONE},
        /* resources */
        {"{'level':'Metadata','resources':[{}]}", "u g get /pods ns p", AUDIT_METADATA},
        {"{'level':'Metadata','resources':[{}]}", "u g get apps/deployments ns p", AUDIT_NONE},
        {"{'level':'Metadata','resources':[{}]}", "u g get /healthz", AUDIT_NONE},
        {"{'level':'Metadata','resources':[{'group':'apps'}]}",
         "u g get apps/deployments/scale ns p", AUDIT_METADATA},
        {"{'level':'Metadata','resources':[{'resources':['pods']}]}", "u g get /pods ns p",
         AUDIT_METADATA},
        {"{'level':'Metadata','resources':[{'resources':['pods']}]}", "u g get /pods/log ns p",
         AUDIT_NONE},
        {"{'level':'Metadata','resources':[{'resources':['pods/log']}]}", "u g get /pods/log ns p",
         AUDIT_METADATA},
        {"{'level':'Metadata','resources':[{'resources':['pods/*']}]}", "u g get /pods/exec ns p",
         AUDIT_METADATA},
        {"{'level':'Metadata','resources':[{'resources':['pods/*']}]}", "u g get /pods ns p",
         AUDIT_METADATA},
        {"{'level':'Metadata','resources':[{'resources':['*/log']}]}", "u g get /pods/log ns p",
         AUDIT_METADATA},
        {"{'level':'Metadata','resources':[{'resources':['*/log']}]}", "u g get /pods ns p",
         AUDIT_NONE},
        {"{'level':'Metadata','resources':[{'resources':['*']}]}", "u g get /pods/log ns p",
         AUDIT_METADATA},
        {"{'level':'Metadata','resources':[{'resources':['pod']}]}", "u g get /pods ns p",
         AUDIT_NONE},
        {"{'level':'Metadata','resources':[{'resources':['pods'],'resourceNames':['q']}]}",
         "u g get /pods ns p", AUDIT_NONE},
        {"{'level':'Metadata','resources':[{'resources':['pods'],'resourceNames':['q','p']}]}",
         "u g get /pods ns p", AUDIT_METADATA},
        /* namespaces */
        {"{'level':'Metadata','namespaces':['ns']}", "u g get /pods ns p", AUDIT_METADATA},
        {"{'level':'Metadata','namespaces':['']}", "u g get /nodes - p", AUDIT_METADATA},
        {"{'level':'Metadata','namespaces':['']}", "u g get /pods ns p", AUDIT_NONE},
        {"{'level':'Metadata','namespaces':['ns']}", "u g get /healthz", AUDIT_NONE},
        /* paths */
        {"{'level':'Metadata','nonResourceURLs':['/healthz']}", "u g get /healthz", AUDIT_METADATA},
        {"{'level':'Metadata','nonResourceURLs':['/healthz']}", "u g get /healthz/etcd",
         AUDIT_NONE},
        {"{'level':'Metadata','nonResourceURLs':['/healthz*']}", "u g get /healthz/etcd",
         AUDIT_METADATA},
        {"{'level':'Metadata','nonResourceURLs':['*']}", "u g get /version", AUDIT_METADATA},
        {"{'level':'Metadata','nonResourceURLs':['*']}", "u g get /pods ns p", AUDIT_NONE},
        /* all of it must match */
        {"{'level':'RequestResponse','users':['u'],'verbs':['get'],'namespaces':['ns'],"
         "'resources':[{'resources':['pods']}]}",
         "u g get /pods ns p", AUDIT_REQUEST_RESPONSE},
        {"{'level':'RequestResponse','users':['u'],'verbs':['get'],'namespaces':['other'],"
         "'resources':[{'resources':['pods']}]}",
         "u g get /pods ns p", AUDIT_NONE},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        CLEANUP(audit_policy_unref) AuditPolicy *p = policy_of(a, rows[i].rules, NULL);
        AuditAttrs at = attrs_of(a, rows[i].request);
        AuditVerdict v = {0};

        audit_policy_judge(p, &at, &v);
        for (int s = 0; s < AUDIT_STAGE_MAX_; s++)
            if (v.level[s] != rows[i].level)
                fail_msg("%s of %s: %s", rows[i].rules, rows[i].request,
                         audit_level_name(v.level[s]));
    }
}

TEST(a_stage_is_left_out_when_every_policy_does)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(audit_policy_unref)
    AuditPolicy *p = policy_of(a, "{'level':'Request','omitStages':['ResponseStarted']}",
                               ",'omitStages':['RequestReceived'],'omitManagedFields':true");
    CLEANUP(audit_policy_unref) AuditPolicy *q = policy_of(a, "{'level':'Metadata'}", NULL);
    AuditAttrs at = attrs_of(a, "u g get /pods ns p");
    AuditVerdict v = {0};

    audit_policy_judge(p, &at, &v);
    assert_int_equal(v.level[AUDIT_REQUEST_RECEIVED], AUDIT_NONE);
    assert_int_equal(v.level[AUDIT_RESPONSE_STARTED], AUDIT_NONE);
    assert_int_equal(v.level[AUDIT_RESPONSE_COMPLETE], AUDIT_REQUEST);
    assert_false(v.keeps_managed);
    audit_policy_judge(q, &at, &v);
    assert_int_equal(v.level[AUDIT_REQUEST_RECEIVED], AUDIT_METADATA);
    assert_int_equal(v.level[AUDIT_RESPONSE_STARTED], AUDIT_METADATA);
    assert_int_equal(v.level[AUDIT_RESPONSE_COMPLETE], AUDIT_REQUEST);
    assert_false(v.keeps_managed); /* q records no bodies */
}

TEST(a_rule_has_the_last_word_on_managed_fields)
{
    static const struct {
        const char *rule, *policy;
        bool keeps;
    } rows[] = {
        {"{'level':'Request'}", "", true},
        {"{'level':'Request'}", ",'omitManagedFields':true", false},
        {"{'level':'Request','omitManagedFields':false}", ",'omitManagedFields':true", true},
        {"{'level':'Request','omitManagedFields':true}", "", false},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        CLEANUP(audit_policy_unref) AuditPolicy *p = policy_of(a, rows[i].rule, rows[i].policy);
        AuditAttrs at = attrs_of(a, "u g get /pods ns p");
        AuditVerdict v = {0};

        audit_policy_judge(p, &at, &v);
        assert_int_equal(v.keeps_managed, rows[i].keeps);
    }
}

TEST(policies_together_keep_the_most)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(audit_policy_unref) AuditPolicy *none = policy_of(a, "{'level':'None'}", NULL);
    CLEANUP(audit_policy_unref) AuditPolicy *much = policy_of(a, "{'level':'Request'}", NULL);
    AuditAttrs at = attrs_of(a, "u g get /pods ns p");
    AuditVerdict v = {0};

    audit_policy_judge(much, &at, &v);
    audit_policy_judge(none, &at, &v);
    audit_policy_judge(NULL, &at, &v);
    assert_int_equal(v.level[AUDIT_RESPONSE_COMPLETE], AUDIT_REQUEST);
}

TEST(bodies_that_hold_secrets_are_held_back)
{
    static const struct {
        const char *request;
        AuditLevel level;
    } rows[] = {
        {"u g get /secrets ns s", AUDIT_METADATA},
        {"u g list /secrets ns -", AUDIT_METADATA},
        {"u g get /secrets/status ns s", AUDIT_METADATA},
        {"u g create /serviceaccounts/token ns s", AUDIT_METADATA},
        {"u g create /serviceaccounts ns s", AUDIT_REQUEST_RESPONSE},
        {"u g create authentication.k8s.io/tokenreviews - -", AUDIT_METADATA},
        {"u g create tenancy.hostplane.io/tenants/kubeconfig - t", AUDIT_METADATA},
        {"u g create tenancy.hostplane.io/tenants/access - t", AUDIT_METADATA},
        {"u g create tenancy.hostplane.io/tenants - t", AUDIT_REQUEST_RESPONSE},
        {"u g create node.hostplane.io/join - n", AUDIT_METADATA},
        {"u g create /configmaps ns c", AUDIT_REQUEST_RESPONSE},
        {"u g create example.com/secrets ns c", AUDIT_REQUEST_RESPONSE},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        CLEANUP(audit_policy_unref)
        AuditPolicy *p = policy_of(a, "{'level':'RequestResponse'}", NULL);
        AuditAttrs at = attrs_of(a, rows[i].request);
        AuditVerdict v = {0};

        audit_policy_judge(p, &at, &v);
        audit_verdict_cap(&at, &v);
        if (v.level[AUDIT_RESPONSE_COMPLETE] != rows[i].level)
            fail_msg("%s: %s", rows[i].request, audit_level_name(v.level[AUDIT_RESPONSE_COMPLETE]));
    }
}

TEST(raising_leaves_the_reception_alone)
{
    AuditVerdict v = {0};

    audit_verdict_raise(&v, AUDIT_METADATA);
    assert_int_equal(v.level[AUDIT_REQUEST_RECEIVED], AUDIT_NONE);
    assert_int_equal(v.level[AUDIT_RESPONSE_COMPLETE], AUDIT_METADATA);
}

TEST(a_file_is_read_or_refused)
{
    static const struct {
        const char *text, *why; /* NULL: fine */
    } rows[] = {
        {"apiVersion: audit.k8s.io/v1\nkind: Policy\nmetadata: {name: x}\nrules:\n- level: "
         "Metadata\n",
         NULL},
        {"{\"apiVersion\":\"audit.k8s.io/"
         "v1\",\"kind\":\"Policy\",\"rules\":[{\"level\":\"None\"}]}",
         NULL},
        {"kind: Policy\nrules: [{level: None}]", "f: is no Policy of audit.k8s.io/v1"},
        {"apiVersion: audit.k8s.io/v1beta1\nkind: Policy\nrules: [{level: None}]",
         "f: is no Policy of audit.k8s.io/v1"},
        {"[]", "f: is no Policy of audit.k8s.io/v1"},
        {"apiVersion: audit.k8s.io/v1\nkind: Policy", "f: a policy without rules"},
        {"apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{}]",
         "f: rules[0].level: Required value"},
        {"apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None, resources: "
         "[{resourceNames: [a]}]}]",
         "f: rules[0].resources.resourceNames: Invalid value: [\"a\"]: using resourceNames "
         "requires at least one "
         "resource"},
        {"apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None, omitStages: [Never]}]",
         "f: rules[0].omitStages[0]: Invalid value: \"Never\": allowed stages are "
         "RequestReceived,ResponseStarted,ResponseComplete,Panic"},
        {"apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None, nonResourceURLs: "
         "['/a*b']}]",
         "f: rules[0].nonResourceURLs[0]: Invalid value: \"/a*b\": non-resource URL wildcards '*' "
         "must be the "
         "final character of the rule"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(audit_policy_unref) AuditPolicy *p = NULL;
        Err err = {0};
        int r = audit_policy_parse(slice_of(rows[i].text), "f", &p, &err);

        if (!rows[i].why)
            assert_int_equal(r, 0);
        else if (r != -ERR_BAD_REQUEST || strcmp(err.msg, rows[i].why) != 0)
            fail_msg("%s: %d %s", rows[i].text, r, err.msg);
    }
}
