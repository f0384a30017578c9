#include "controllers/crd_sync.h"

#include "api/crd.h"
#include "tests/unit/test.h"

enum { NOW = 1000000 };

static Value *definition(Arena *a, const char *names, const char *accepted)
{
    Value *v =
        value_literal(a, "{'metadata':{'name':'x.example.com'},'spec':{'group':'example.com'}}");

    value_set_at(a, v, "spec.names", value_literal(a, names));
    if (accepted)
        value_set_at(a, v, "status.acceptedNames", value_literal(a, accepted));
    return v;
}

static const struct {
    const char *names, *accepted, *reason, *message;
} cases[] = {
    {"{'plural':'as','singular':'a','kind':'A','listKind':'AList','categories':['all']}",
     "{\"plural\":\"as\",\"singular\":\"a\",\"kind\":\"A\",\"listKind\":\"AList\",\"categories\":["
     "\"all\"]}",
     "NoConflicts", "no conflicts found"},
    {"{'plural':'as','singular':'a','kind':'W','listKind':'AList'}",
     "{\"plural\":\"as\",\"singular\":\"a\",\"listKind\":\"AList\"}", "KindConflict",
     "\"W\" is already in use"},
    {"{'plural':'as','singular':'a','kind':'WList','listKind':'W'}",
     "{\"plural\":\"as\",\"singular\":\"a\"}", "ListKindConflict", "\"W\" is already in use"},
    {"{'plural':'wd','singular':'a','kind':'A','listKind':'AList'}",
     "{\"singular\":\"a\",\"kind\":\"A\",\"listKind\":\"AList\"}", "PluralConflict",
     "\"wd\" is already in use"},
    {"{'plural':'as','singular':'ws','kind':'A','listKind':'AList'}",
     "{\"plural\":\"as\",\"kind\":\"A\",\"listKind\":\"AList\"}", "SingularConflict",
     "\"ws\" is already in use"},
    {"{'plural':'as','singular':'a','kind':'A','listKind':'AList','shortNames':['x','wd','w']}",
     "{\"plural\":\"as\",\"singular\":\"a\",\"kind\":\"A\",\"listKind\":\"AList\"}",
     "ShortNamesConflict", "[\"wd\" is already in use, \"w\" is already in use]"},
};

TEST(names_that_are_taken_are_not_accepted)
{
    static const char theirs[] =
        "{'plural':'ws','singular':'w','kind':'W','listKind':'WList','shortNames':['wd']}";
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        Value *group[2] = {definition(a, theirs, theirs), definition(a, cases[i].names, NULL)};
        bool is_fine = strcmp(cases[i].reason, "NoConflicts") == 0;

        assert_true(crd_accept_names(a, group[1], group, 2, NOW));
        assert_string_equal(value_to_str(a, value_at(group[1], "status.acceptedNames")),
                            cases[i].accepted);
        assert_string_equal(value_at_str(group[1], "status.conditions.0.reason"), cases[i].reason);
        assert_string_equal(value_at_str(group[1], "status.conditions.0.message"),
                            cases[i].message);
        assert_int_equal(crd_has_condition(group[1], "Established"), is_fine);
        assert_false(crd_accept_names(a, group[1], group, 2, NOW + 1));
        if (is_fine)
            continue;
        /* The names become free. */
        assert_true(crd_accept_names(a, group[1], group + 1, 1, NOW + 2));
        assert_true(crd_has_condition(group[1], "Established"));
    }
}

TEST(what_was_established_stays_so)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    static const char names[] = "{'plural':'as','singular':'a','kind':'A','listKind':'AList'}";
    Value *group[2] = {
        definition(a, names, NULL),
        definition(a, "{'kind':'B'}", "{'kind':'B','plural':'b','shortNames':['q']}")};

    assert_true(crd_accept_names(a, group[0], group, 2, NOW));
    value_set_at(a, group[0], "spec.names.shortNames", value_literal(a, "['q']"));
    assert_true(crd_accept_names(a, group[0], group, 2, NOW));
    assert_false(crd_has_condition(group[0], "NamesAccepted"));
    assert_true(crd_has_condition(group[0], "Established"));
}

TEST(a_webhook_without_certificates_keeps_a_definition_from_being_served)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *crd =
        definition(a, "{'plural':'as','singular':'a','kind':'A','listKind':'AList'}", NULL);

    value_set_at(a, crd, "spec.conversion",
                 value_literal(a, "{'webhook':{'clientConfig':{'url':'https://a','caBundle':"
                                  "'YWJj'}}}"));
    assert_true(crd_accept_names(a, crd, &crd, 1, NOW));
    assert_true(crd_has_condition(crd, "NamesAccepted"));
    assert_string_equal(value_at_str(crd, "status.conditions.1.reason"), "InvalidCABundle");
    assert_false(crd_has_condition(crd, "Established"));
    value_del_at(crd, "spec.conversion.webhook.clientConfig.caBundle");
    assert_true(crd_accept_names(a, crd, &crd, 1, NOW));
    assert_true(crd_has_condition(crd, "Established"));
}

TEST(protected_groups_say_whether_they_are_approved)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = definition(a, "{}", NULL);

    assert_false(crd_note_approval(a, v, NOW));
    value_set_at(a, v, "spec.group", value_str(a, "x.k8s.io"));
    assert_true(crd_note_approval(a, v, NOW));
    assert_string_equal(value_at_str(v, "status.conditions.0.reason"), "MissingAnnotation");
    value_set(a, value_need(a, v, "metadata.annotations"), "api-approved.kubernetes.io",
              value_str(a, "https://example.com/1"));
    assert_true(crd_note_approval(a, v, NOW));
    assert_string_equal(value_at_str(v, "status.conditions.0.status"), "True");
}

TEST(a_deletion_is_ours_while_our_finalizer_is_there)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = definition(a, "{}", NULL);

    value_set_at(a, v, "metadata.finalizers",
                 value_literal(a, "['x/y','customresourcecleanup.apiextensions.k8s.io']"));
    assert_false(crd_is_to_be_cleaned(v));
    value_set_at(a, v, "metadata.deletionTimestamp", value_str(a, "2020-01-01T00:00:00Z"));
    assert_true(crd_is_to_be_cleaned(v));
    crd_release(a, v);
    assert_false(crd_is_to_be_cleaned(v));
    assert_string_equal(value_at_str(v, "metadata.finalizers.0"), "x/y");
}
