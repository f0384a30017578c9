#include "controllers/volume_sync.h"

#include "tests/unit/test.h"

#define CLAIM(spec)                                                                                \
    "{'metadata':{'name':'c','namespace':'n','uid':'u'},'spec':{'accessModes':['ReadWriteOnce'],"  \
    "'resources':{'requests':{'storage':'2Gi'}}" spec "}}"
#define VOLUME(name, size, more)                                                                   \
    "{'metadata':{'name':'" name "','labels':{'v':'" name "'}},'spec':{'accessModes':["            \
    "'ReadWriteOnce','ReadOnlyMany'],'capacity':{'storage':'" size "'}" more                       \
    "},'status':{'phase':'Available'}}"
#define ONE_MODE(name, size, more)                                                                 \
    "{'metadata':{'name':'" name "'},'spec':{'accessModes':['ReadWriteOnce'],'capacity':{"         \
    "'storage':'" size "'}" more "},'status':{'phase':'Available'}}"
#define REF(name, uid) ",'claimRef':{'namespace':'n','name':'" name "','uid':'" uid "'}"

static Values list_of(Arena *a, const char *const *texts)
{
    Values vs = {0};

    for (size_t i = 0; i < 4 && texts[i]; i++)
        values_add(a, &vs, value_literal(a, texts[i]));
    return vs;
}

TEST(the_smallest_that_fits_is_found)
{
    static const struct {
        const char *claim;
        const char *volumes[4];
        bool is_delayed;
        const char *want; /* name, NULL for none */
    } rows[] = {
        {CLAIM(""),
         {VOLUME("a", "5Gi", ""), VOLUME("b", "3Gi", ""), VOLUME("c", "1Gi", "")},
         false,
         "b"},
        {CLAIM(""), {VOLUME("a", "1Gi", "")}, false, NULL},
        {CLAIM(""), {VOLUME("a", "5Gi", ""), VOLUME("b", "9Gi", REF("c", ""))}, false, "b"},
        {CLAIM(""), {VOLUME("a", "5Gi", ""), VOLUME("b", "9Gi", REF("c", ""))}, true, "b"},
        {CLAIM(""), {VOLUME("a", "5Gi", "")}, true, NULL},
        {CLAIM(""), {VOLUME("b", "9Gi", REF("other", ""))}, false, NULL},
        {CLAIM(""), {VOLUME("b", "9Gi", REF("c", "another"))}, false, NULL},
        {CLAIM(""), {VOLUME("a", "5Gi", ",'storageClassName':'s'")}, false, NULL},
        {CLAIM(",'storageClassName':'s'"),
         {VOLUME("a", "5Gi", ",'storageClassName':'s'")},
         false,
         "a"},
        {CLAIM(",'volumeMode':'Block'"), {VOLUME("a", "5Gi", "")}, false, NULL},
        {CLAIM(",'selector':{'matchLabels':{'v':'b'}}"),
         {VOLUME("a", "2Gi", ""), VOLUME("b", "9Gi", "")},
         false,
         "b"},
        {"{'metadata':{'name':'c','namespace':'n','uid':'u'},'spec':{'accessModes':["
         "'ReadWriteMany']}}",
         {VOLUME("a", "5Gi", "")},
         false,
         NULL},
        /* the fewest access modes go before size and reservation */
        {CLAIM(""), {VOLUME("a", "3Gi", ""), ONE_MODE("b", "9Gi", "")}, false, "b"},
        {CLAIM(""), {VOLUME("a", "3Gi", REF("c", "u")), ONE_MODE("b", "9Gi", "")}, false, "b"},
        {CLAIM(""), {ONE_MODE("a", "3Gi", ""), ONE_MODE("b", "9Gi", REF("c", ""))}, false, "b"},
        /* what is reserved has to fit, too */
        {CLAIM(""), {VOLUME("a", "1Gi", REF("c", "u"))}, false, NULL},
        {CLAIM(",'volumeMode':'Block'"), {VOLUME("a", "5Gi", REF("c", "u"))}, false, NULL},
        {CLAIM(",'volumeAttributesClassName':'v'"),
         {VOLUME("a", "5Gi", REF("c", "u"))},
         false,
         NULL},
        {"{'metadata':{'name':'c','namespace':'n','uid':'u'},'spec':{'accessModes':["
         "'ReadWriteMany']}}",
         {VOLUME("a", "5Gi", REF("c", "u"))},
         false,
         NULL},
        {CLAIM(",'storageClassName':'s'"), {VOLUME("a", "5Gi", REF("c", ""))}, false, "a"},
        /* only what is available, and not on its way out */
        {CLAIM(""),
         {"{'metadata':{'name':'a'},'spec':{'accessModes':['ReadWriteOnce'],'capacity':"
          "{'storage':'5Gi'}},'status':{'phase':'Released'}}"},
         false,
         NULL},
        {CLAIM(""),
         {"{'metadata':{'name':'a','deletionTimestamp':'2026-01-01T00:00:00Z'},'spec':{"
          "'accessModes':['ReadWriteOnce'],'capacity':{'storage':'5Gi'}},'status':{"
          "'phase':'Available'}}"},
         false,
         NULL},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Values volumes = list_of(a, rows[i].volumes);
        const Value *found =
            volume_find(a, value_literal(a, rows[i].claim), &volumes, rows[i].is_delayed);

        if (!str_eq(found ? meta_name(found) : NULL, rows[i].want))
            fail_msg("row %zu: %s", i, found ? meta_name(found) : "none");
    }
}

#define BOUND_CLAIM(spec)                                                                          \
    "{'metadata':{'name':'c','namespace':'n','uid':'u','annotations':{"                            \
    "'pv.kubernetes.io/bind-completed':'yes'}},'spec':{" spec "}}"
#define WAITS "{'volumeBindingMode':'WaitForFirstConsumer'}"

TEST(claims)
{
    static const struct {
        const char *claim, *class;
        const char *volumes[4];
        ClaimVerb want;
        const char *reason;
    } rows[] = {
        {CLAIM(""), NULL, {NULL}, CLAIM_PENDING, "FailedBinding"},
        {CLAIM(""), NULL, {VOLUME("a", "5Gi", "")}, CLAIM_BIND, NULL},
        {CLAIM(",'storageClassName':'s'"), NULL, {NULL}, CLAIM_PROVISION, NULL},
        {CLAIM(",'storageClassName':'s'"), "{}", {NULL}, CLAIM_PROVISION, NULL},
        {CLAIM(",'storageClassName':'s'"), WAITS, {NULL}, CLAIM_PENDING, "WaitForFirstConsumer"},
        {"{'metadata':{'name':'c','namespace':'n','uid':'u','annotations':{"
         "'volume.kubernetes.io/selected-node':'x'}},'spec':{'storageClassName':'s'}}",
         WAITS,
         {NULL},
         CLAIM_PROVISION,
         NULL},
        {"{'metadata':{'name':'c','namespace':'n','uid':'u','annotations':{"
         "'volume.kubernetes.io/selected-node':'x'}},'spec':{'storageClassName':'s'}}",
         WAITS,
         {VOLUME("a", "5Gi", ",'storageClassName':'s'")},
         CLAIM_PROVISION,
         NULL},
        {"{'metadata':{'name':'c','namespace':'n','uid':'u','annotations':{"
         "'volume.kubernetes.io/selected-node':'x'}},'spec':{'storageClassName':'s'}}",
         WAITS,
         {VOLUME("a", "5Gi", ",'storageClassName':'s'" REF("c", "u"))},
         CLAIM_BIND,
         NULL},
        {CLAIM(",'volumeName':'a'"), NULL, {NULL}, CLAIM_PENDING, NULL},
        {CLAIM(",'volumeName':'a'"),
         NULL,
         {"{'metadata':{'name':'a','deletionTimestamp':'2026-01-01T00:00:00Z'},'spec':{"
          "'accessModes':['ReadWriteOnce'],'capacity':{'storage':'5Gi'}}}"},
         CLAIM_PENDING,
         "VolumeMismatch"},
        {CLAIM(",'volumeName':'a','storageClassName':'s'"),
         NULL,
         {VOLUME("a", "5Gi", "")},
         CLAIM_PENDING,
         "VolumeMismatch"},
        {CLAIM(",'volumeName':'a','selector':{'matchLabels':{'v':'b'}}"),
         NULL,
         {VOLUME("a", "5Gi", "")},
         CLAIM_BIND,
         NULL},
        {"{'metadata':{'name':'c','namespace':'n','uid':'u','annotations':{"
         "'pv.kubernetes.io/bound-by-controller':'yes'}},'spec':{'volumeName':'a'}}",
         NULL,
         {VOLUME("a", "5Gi", REF("x", "y"))},
         CLAIM_NOTHING,
         "FailedBinding"},
        {CLAIM(",'volumeName':'a'"), NULL, {VOLUME("a", "5Gi", "")}, CLAIM_BIND, NULL},
        {CLAIM(",'volumeName':'a'"),
         NULL,
         {VOLUME("a", "1Gi", "")},
         CLAIM_PENDING,
         "VolumeMismatch"},
        {CLAIM(",'volumeName':'a'"), NULL, {VOLUME("a", "5Gi", REF("c", "u"))}, CLAIM_BIND, NULL},
        {CLAIM(",'volumeName':'a'"),
         NULL,
         {VOLUME("a", "5Gi", REF("x", "y"))},
         CLAIM_PENDING,
         "FailedBinding"},
        {BOUND_CLAIM("'volumeName':'a'"),
         NULL,
         {VOLUME("a", "5Gi", REF("c", "u"))},
         CLAIM_BIND,
         NULL},
        {BOUND_CLAIM("'volumeName':'a'"), NULL, {NULL}, CLAIM_LOST, "ClaimLost"},
        {BOUND_CLAIM(""), NULL, {NULL}, CLAIM_LOST, "ClaimLost"},
        {BOUND_CLAIM("'volumeName':'a'"),
         NULL,
         {VOLUME("a", "5Gi", REF("x", "y"))},
         CLAIM_LOST,
         "ClaimMisbound"},
        {BOUND_CLAIM("'volumeName':'a'"),
         NULL,
         {VOLUME("a", "5Gi", REF("c", ""))},
         CLAIM_LOST,
         "ClaimMisbound"},
        {BOUND_CLAIM("'volumeName':'a','selector':{'matchLabels':{'v':'b'}}"),
         NULL,
         {VOLUME("a", "1Gi", "")},
         CLAIM_BIND,
         NULL},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Values volumes = list_of(a, rows[i].volumes);
        ClaimPlan p = claim_plan(a, value_literal(a, rows[i].claim),
                                 rows[i].class ? value_literal(a, rows[i].class) : NULL, &volumes);

        if (p.verb != rows[i].want || !str_eq(p.reason, rows[i].reason))
            fail_msg("row %zu: %d %s", i, (int)p.verb, p.reason ? p.reason : "");
    }
}

TEST(volumes)
{
    static const struct {
        const char *volume, *claim;
        VolumeVerb want;
    } rows[] = {
        {VOLUME("a", "1Gi", ""), NULL, VOLUME_AVAILABLE},
        {VOLUME("a", "1Gi", REF("c", "")), NULL, VOLUME_AVAILABLE},
        {VOLUME("a", "1Gi", REF("c", "u")), NULL, VOLUME_RELEASE},
        {VOLUME("a", "1Gi", REF("c", "other")), CLAIM(""), VOLUME_RELEASE},
        {VOLUME("a", "1Gi", REF("c", "u")), CLAIM(""), VOLUME_ASK_CLAIM},
        {VOLUME("a", "1Gi", REF("c", "u")), CLAIM(",'volumeMode':'Block'"), VOLUME_MISMATCH},
        {VOLUME("a", "1Gi", REF("c", "u")), CLAIM(",'volumeName':'a'"), VOLUME_BOUND},
        {VOLUME("a", "1Gi", REF("c", "u")), CLAIM(",'volumeName':'b'"), VOLUME_UNBIND},
        {"{'metadata':{'name':'a','annotations':{'pv.kubernetes.io/provisioned-by':'x'}},'spec':{"
         "'persistentVolumeReclaimPolicy':'Delete'" REF("c", "u") "}}",
         CLAIM(",'volumeName':'b'"), VOLUME_RELEASE},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (volume_plan(value_literal(a, rows[i].volume),
                        rows[i].claim ? value_literal(a, rows[i].claim) : NULL) != rows[i].want)
            fail_msg("row %zu", i);
}

TEST(the_built_in_provisioner_makes_a_directory_of_the_node)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *claim = value_literal(a, CLAIM(""));
    Value *class = value_literal(a, "{'metadata':{'name':'s'},'reclaimPolicy':'Delete'}");
    Value *node = value_literal(a, "{'metadata':{'name':'x','labels':{'kubernetes.io/hostname':"
                                   "'h'}}}");
    const char *why = NULL;
    Value *v = volume_provision(a, "acme", claim, class, node, &why);

    assert_string_equal(meta_name(v), "pvc-u");
    assert_string_equal(value_at_str(v, "spec.local.path"),
                        "/var/lib/hostplane/volumes/acme/pvc-u");
    assert_string_equal(value_at_str(v, "spec.capacity.storage"), "2Gi");
    assert_string_equal(value_at_str(v, "spec.persistentVolumeReclaimPolicy"), "Delete");
    assert_string_equal(value_at_str(v, "spec.claimRef.uid"), "u");
    assert_string_equal(value_at_str(v, "spec.nodeAffinity.required.nodeSelectorTerms.0."
                                        "matchExpressions.0.values.0"),
                        "h");
    assert_null(meta_annotation(v, VOLUME_BOUND_BY));
    value_set_at(a, claim, "spec.volumeMode", value_str(a, "Block"));
    assert_null(volume_provision(a, "acme", claim, class, node, &why));
    assert_non_null(why);
}

TEST(binding_is_done_once)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *claim = value_literal(a, CLAIM("")), *volume = value_literal(a, VOLUME("a", "5Gi", ""));

    assert_true(volume_bind(a, volume, claim));
    assert_false(volume_bind(a, volume, claim));
    assert_string_equal(meta_annotation(volume, VOLUME_BOUND_BY), "yes");
    assert_true(claim_bind(a, claim, volume));
    assert_false(claim_bind(a, claim, volume));
    assert_true(claim_set_bound(a, claim, volume));
    assert_false(claim_set_bound(a, claim, volume));
    assert_string_equal(value_at_str(claim, "status.capacity.storage"), "5Gi");
    /* a volume that a user reserved does not say that the controller did it */
    volume = value_literal(a, VOLUME("b", "5Gi", REF("c", "")));
    assert_true(volume_bind(a, volume, claim));
    assert_null(meta_annotation(volume, VOLUME_BOUND_BY));
}

TEST(what_a_claim_says_of_its_volume_is_set_when_they_come_together)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *claim = value_literal(a, CLAIM(""));
    Value *volume = value_literal(
        a, "{'metadata':{'name':'a','annotations':{'volume.alpha.kubernetes.io/pre-resize-capacity'"
           ":'3Gi'}},'spec':{'accessModes':['ReadWriteOnce'],'capacity':{'storage':'5Gi'},"
           "'volumeAttributesClassName':'fast'}}");

    assert_true(claim_set_bound(a, claim, volume));
    assert_string_equal(value_at_str(claim, "status.capacity.storage"), "3Gi");
    assert_string_equal(value_at_str(claim, "status.currentVolumeAttributesClassName"), "fast");
    /* later on, sizes and attributes are the resizer's */
    value_set_at(a, volume, "spec.capacity.storage", value_str(a, "9Gi"));
    value_set_at(a, volume, "spec.accessModes.0", value_str(a, "ReadWriteMany"));
    assert_true(claim_set_bound(a, claim, volume));
    assert_string_equal(value_at_str(claim, "status.capacity.storage"), "3Gi");
    /* without a volume, nothing of one is left, but what others have noted is */
    value_set_at(a, claim, "status.note", value_str(a, "x"));
    assert_true(claim_set_phase(a, claim, "Lost"));
    assert_false(claim_set_phase(a, claim, "Lost"));
    assert_null(value_at(claim, "status.capacity"));
    assert_null(value_at(claim, "status.accessModes"));
    assert_string_equal(value_at_str(claim, "status.note"), "x");
}

TEST(the_newest_default_class_counts)
{
#define CLASS(name, second, mark)                                                                  \
    "{'metadata':{'name':'" name "','creationTimestamp':'2026-01-01T00:00:0" second "Z',"          \
    "'annotations':{'" mark "':'true'}}}"
    static const struct {
        const char *classes[4], *want;
    } rows[] = {
        {{CLASS("a", "1", "other")}, NULL},
        {{CLASS("a", "1", "storageclass.beta.kubernetes.io/is-default-class")}, "a"},
        {{CLASS("a", "1", "storageclass.kubernetes.io/is-default-class"),
          CLASS("b", "2", "storageclass.kubernetes.io/is-default-class"), CLASS("c", "3", "x")},
         "b"},
        {{CLASS("b", "2", "storageclass.kubernetes.io/is-default-class"),
          CLASS("a", "2", "storageclass.kubernetes.io/is-default-class")},
         "a"},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        Values classes = list_of(a, rows[i].classes);

        if (!str_eq(class_default(&classes), rows[i].want))
            fail_msg("row %zu: %s", i, class_default(&classes));
    }
    assert_true(claim_has_class(value_literal(a, "{'spec':{'storageClassName':''}}")));
    assert_false(claim_has_class(value_literal(a, "{'spec':{}}")));
}

TEST(a_resizer_is_waited_for_until_it_begins)
{
    static const struct {
        const char *claim;
        bool want;
    } rows[] = {
        {"{'spec':{'resources':{'requests':{'storage':'2Gi'}}},'status':{'capacity':{'storage':"
         "'1Gi'}}}",
         true},
        {"{'spec':{'resources':{'requests':{'storage':'1Gi'}}},'status':{'capacity':{'storage':"
         "'1Gi'}}}",
         false},
        {"{'spec':{'resources':{'requests':{'storage':'2Gi'}}},'status':{'capacity':{'storage':"
         "'1Gi'},'conditions':[{'type':'Resizing','status':'True'}]}}",
         false},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(claim_waits_for_resizer(value_literal(a, rows[i].claim)), rows[i].want);
}

TEST(topologies_are_alternatives)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *node = value_literal(a, "{'metadata':{'labels':{'zone':'b'}}}");

    assert_true(class_allows_node(value_object(a), node));
    assert_true(class_allows_node(
        value_literal(a, "{'allowedTopologies':[{'matchLabelExpressions':[{'key':'zone','values':["
                         "'a','b']}]}]}"),
        node));
    assert_false(class_allows_node(
        value_literal(a, "{'allowedTopologies':[{'matchLabelExpressions':[{'key':'zone','values':["
                         "'a']}]}]}"),
        node));
}

TEST(a_claim_grows_with_the_directory_that_has_no_size)
{
#define OURS "'annotations':{'pv.kubernetes.io/provisioned-by':'hostplane.io/local-dir'}"
    static const struct {
        const char *meta, *has, *wants, *status;
        bool volume_grows, claim_grows;
    } cases[] = {
        {OURS, "1Gi", "2Gi", "1Gi", true, true},
        {OURS, "2Gi", "2Gi", "1Gi", false, true},
        {OURS, "2Gi", "2048Mi", "2Gi", false, false},
        {OURS, "2Gi", "1Gi", "2Gi", false, false},
        {"'labels':{}", "1Gi", "2Gi", "1Gi", false, false},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *volume = value_literal(
            a, arena_printf(a, "{'metadata':{%s},'spec':{'capacity':{'storage':'%s'}}}",
                            cases[i].meta, cases[i].has));
        Value *claim = value_literal(
            a, arena_printf(a,
                            "{'metadata':{},'spec':{'resources':{'requests':{'storage':'%s'}}},"
                            "'status':{'capacity':{'storage':'%s'}}}",
                            cases[i].wants, cases[i].status));

        assert_int_equal(volume_grow(a, volume, claim), cases[i].volume_grows);
        assert_int_equal(claim_grow(a, claim, volume), cases[i].claim_grows);
    }
}
