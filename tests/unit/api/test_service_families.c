/*
 * Address families of services: what is filled in, and what is refused.
 */
#include "api/validate.h"
#include "tests/unit/test.h"

#define DUAL  "10.96.0.0/16,fd00::/112"
#define DUAL6 "fd00::/112,10.96.0.0/16"

typedef struct FamilyRow {
    const char *old, *spec,
        *want; /* old: NULL when it is created; want: the mistakes, or the spec */
} FamilyRow;

static void check(const FamilyRow *row, const char *of)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *spec = value_literal(a, row->spec);
    FieldErrs e = {.arena = a};
    AUTO_BUF text = BUF_INIT;
    AddressRanges ranges;

    assert_true(address_ranges_parse(of, &ranges));
    service_init_families(spec, row->old ? value_literal(a, row->old) : NULL, &ranges, &e);
    for (uint32_t k = 0; k < e.n; k++)
        buf_addf(&text, "%s%s: %s", k > 0 ? "; " : "", e.items[k].field, e.items[k].message);
    if (e.n == 0)
        value_print(spec, &text);
    assert_string_equal(buf_str(&text), row->want);
}

TEST(families_are_filled_in_as_the_allocator_does)
{
    static const FamilyRow rows[] = {
        {NULL, "{'type':'ClusterIP'}",
         "{\"type\":\"ClusterIP\",\"ipFamilyPolicy\":\"SingleStack\",\"ipFamilies\":[\"IPv4\"]}"},
        {NULL, "{'type':'ExternalName'}", "{\"type\":\"ExternalName\"}"},
        {NULL, "{'type':'ClusterIP','clusterIP':'None','clusterIPs':['None']}",
         "{\"type\":\"ClusterIP\",\"clusterIP\":\"None\",\"clusterIPs\":[\"None\"],"
         "\"ipFamilyPolicy\":\"RequireDualStack\",\"ipFamilies\":[\"IPv4\",\"IPv6\"]}"},
        {NULL, "{'clusterIP':'None','clusterIPs':['None'],'ipFamilies':['IPv6']}",
         "{\"clusterIP\":\"None\",\"clusterIPs\":[\"None\"],\"ipFamilies\":[\"IPv6\",\"IPv4\"],"
         "\"ipFamilyPolicy\":\"RequireDualStack\"}"},
        {NULL, "{'clusterIPs':['10.0.0.1']}",
         "spec.clusterIPs: Invalid value: [\"10.0.0.1\"]: must be empty when `clusterIP` is not "
         "specified"},
        {NULL, "{'ipFamilyPolicy':'RequireDualStack','ipFamilies':['IPv6']}",
         "spec.ipFamilyPolicy: Invalid value: \"RequireDualStack\": this cluster is not configured "
         "for dual-stack services; spec.ipFamilies[0]: Invalid value: \"IPv6\": not configured on "
         "this cluster"},
        {NULL, "{'clusterIP':'fd00::1','clusterIPs':['fd00::1']}",
         "spec.clusterIPs[0]: Invalid value: [\"fd00::1\"]: IPv6 is not configured on this "
         "cluster"},
        {NULL,
         "{'ipFamilyPolicy':'SingleStack','clusterIP':'10.0.0.1','clusterIPs':['10.0.0.1','fd00::1'"
         "]"
         ",'ipFamilies':['IPv4','IPv6']}",
         "spec.ipFamilyPolicy: Invalid value: \"SingleStack\": must be 'RequireDualStack' or "
         "'PreferDualStack' when multiple cluster IPs are specified; spec.ipFamilyPolicy: Invalid "
         "value: \"SingleStack\": must be 'RequireDualStack' or 'PreferDualStack' when multiple IP "
         "families are specified"},
        {"{'ipFamilyPolicy':'PreferDualStack','ipFamilies':['IPv4','IPv6']}",
         "{'ipFamilies':['IPv4']}",
         "spec.ipFamilyPolicy: Invalid value: \"PreferDualStack\": must be 'SingleStack' to "
         "release "
         "the secondary IP family"},
        {"{'type':'ClusterIP','ipFamilyPolicy':'PreferDualStack','ipFamilies':['IPv4','IPv6']}",
         "{'type':'ClusterIP','ipFamilyPolicy':'PreferDualStack','ipFamilies':['IPv4','IPv6']}",
         "{\"type\":\"ClusterIP\",\"ipFamilyPolicy\":\"PreferDualStack\",\"ipFamilies\":[\"IPv4\","
         "\"IPv6\"]}"},
        {"{'ipFamilyPolicy':'PreferDualStack','ipFamilies':['IPv4','IPv6']}",
         "{'ipFamilyPolicy':'SingleStack','ipFamilies':['IPv4','IPv6']}",
         "{\"ipFamilyPolicy\":\"SingleStack\",\"ipFamilies\":[\"IPv4\"]}"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        check(&rows[i], "10.96.0.0/16");
}

TEST(clusters_of_two_families_have_services_of_both)
{
    static const struct {
        FamilyRow row;
        const char *ranges;
    } rows[] = {
        {{NULL, "{'type':'ClusterIP'}",
          "{\"type\":\"ClusterIP\",\"ipFamilyPolicy\":\"SingleStack\",\"ipFamilies\":[\"IPv4\"]}"},
         DUAL},
        {{NULL, "{'type':'ClusterIP'}",
          "{\"type\":\"ClusterIP\",\"ipFamilyPolicy\":\"SingleStack\",\"ipFamilies\":[\"IPv6\"]}"},
         DUAL6},
        {{NULL, "{'ipFamilyPolicy':'PreferDualStack'}",
          "{\"ipFamilyPolicy\":\"PreferDualStack\",\"ipFamilies\":[\"IPv4\",\"IPv6\"]}"},
         DUAL},
        {{NULL, "{'ipFamilyPolicy':'PreferDualStack'}",
          "{\"ipFamilyPolicy\":\"PreferDualStack\",\"ipFamilies\":[\"IPv4\"]}"},
         "10.96.0.0/16"},
        {{NULL, "{'ipFamilyPolicy':'RequireDualStack','ipFamilies':['IPv6']}",
          "{\"ipFamilyPolicy\":\"RequireDualStack\",\"ipFamilies\":[\"IPv6\",\"IPv4\"]}"},
         DUAL},
        {{NULL, "{'clusterIP':'fd00::1','clusterIPs':['fd00::1']}",
          "{\"clusterIP\":\"fd00::1\",\"clusterIPs\":[\"fd00::1\"],\"ipFamilyPolicy\":"
          "\"SingleStack\",\"ipFamilies\":[\"IPv6\"]}"},
         DUAL},
        {{NULL, "{'clusterIP':'10.96.0.3','clusterIPs':['10.96.0.3']}",
          "spec.clusterIPs[0]: Invalid value: [\"10.96.0.3\"]: IPv4 is not configured on this "
          "cluster"},
         "fd00::/112"},
        /* one that was made before the second family came: only by a word of it */
        {{"{'type':'ClusterIP','ipFamilyPolicy':'PreferDualStack','ipFamilies':['IPv4']}",
          "{'type':'ClusterIP','ipFamilyPolicy':'PreferDualStack','ipFamilies':['IPv4']}",
          "{\"type\":\"ClusterIP\",\"ipFamilyPolicy\":\"PreferDualStack\",\"ipFamilies\":[\"IPv4\"]"
          "}"},
         DUAL},
        {{"{'type':'ClusterIP','ipFamilyPolicy':'SingleStack','ipFamilies':['IPv4']}",
          "{'type':'ClusterIP','ipFamilyPolicy':'PreferDualStack','ipFamilies':['IPv4']}",
          "{\"type\":\"ClusterIP\",\"ipFamilyPolicy\":\"PreferDualStack\",\"ipFamilies\":[\"IPv4\","
          "\"IPv6\"]}"},
         DUAL},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        check(&rows[i].row, rows[i].ranges);
}
