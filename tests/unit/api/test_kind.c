#include "tests/unit/test.h"

#include "api/kind.h"

TEST(every_resource_is_found_by_its_names)
{
    size_t n;
    const Resource *all = resources_builtin(&n);

    assert_true(n > 60);
    for (size_t i = 0; i < n; i++) {
        const Resource *r = &all[i];

        assert_ptr_equal(
            resource_find(slice_of(r->group), slice_of(r->version), slice_of(r->plural)), r);
        assert_ptr_equal(resource_find_kind(r->group, r->version, r->kind), r);
        assert_non_null(resource_find_storage(r->storage));
        assert_non_null(type_field(r->type, SLICE("metadata")));
    }
}

TEST(unknown_names_are_not_found)
{
    assert_null(resource_find(SLICE(""), SLICE("v1"), SLICE("pod")));
    assert_null(resource_find(SLICE("apps"), SLICE("v2"), SLICE("deployments")));
    assert_null(resource_find_storage("apps/pods"));
    assert_null(type_find("io.k8s.api.core.v1.Nothing"));
    assert_null(type_field(type_find("io.k8s.api.core.v1.PodSpec"), SLICE("container")));
}

TEST(every_field_is_found_by_its_name)
{
    const Type *t = type_find("io.k8s.api.core.v1.PodSpec");

    assert_non_null(t);
    for (uint32_t i = 0; i < t->n_fields; i++)
        assert_ptr_equal(type_field(t, slice_of(t->fields[i].name)), &t->fields[i]);
}

TEST(storage_prefers_the_first_version)
{
    char text[256];
    const Resource *r = resource_find_storage("autoscaling/horizontalpodautoscalers");

    assert_string_equal(r->version, "v2");
    assert_string_equal(resource_find_storage("events")->group, "");
    assert_string_equal(resource_api_version(r, text), "autoscaling/v2");
    assert_string_equal(resource_api_version(resource_find_storage("pods"), text), "v1");
}

TEST(subresources_know_their_body)
{
    const Resource *r = resource_find_kind("apps", "v1", "Deployment");
    const Subresource *s = resource_subresource(r, SLICE("scale"));

    assert_string_equal(s->kind, "Scale");
    assert_string_equal(s->group, "autoscaling");
    assert_true(s->verbs & BIT(VERB_PATCH));
    assert_false(s->verbs & BIT(VERB_CREATE));
    assert_null(resource_subresource(r, SLICE("log")));
    assert_true(r->has_status && r->has_generation && r->is_namespaced);
}

TEST(tenancy_is_for_the_host)
{
    const Resource *r = resource_find_kind("tenancy.hostplane.io", "v1", "Tenant");

    assert_true(resource_is_host_only(r));
    assert_false(resource_is_host_only(resource_find_storage("pods")));
    assert_string_equal(r->short_names[0], "tn");
    assert_null(r->short_names[1]);
}

TEST(an_api_version_is_group_and_version)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    static const struct {
        const char *text, *group, *version;
    } rows[] = {
        {"v1", "", "v1"},  {"apps/v1", "apps", "v1"}, {"a.b/c/d", "a.b", "c/d"},
        {"/v1", "", "v1"}, {"a/", "a", ""},           {"", "", ""},
        {NULL, "", ""},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        GroupVersion gv = api_version_split(a, rows[i].text);

        assert_string_equal(gv.group, rows[i].group);
        assert_string_equal(gv.version, rows[i].version);
    }
}
