/* Dedicated node pools and the tenants that hold them, through the engine. */
#include "tests/unit/vcluster/loopback.h"

#define T "/apis/tenancy.hostplane.io/v1/"

static const char pool[] = T "nodepools/silver", tenant[] = T "tenants/mover";

static Call *begin(Arena *a, const char *method, const char *body)
{
    return call_begin(a, &admin, "host", method, tenant, "", "application/json", body);
}

static const char *as_it_is(Arena *a)
{
    Answer r = call(a, "host", "GET", tenant, NULL);

    assert_int_equal(r.status, 200);
    return value_to_str(a, r.v);
}

static void make_both(Arena *a)
{
    static const char pool_body[] =
        "{\"metadata\":{\"name\":\"silver\"},"
        "\"spec\":{\"mode\":\"dedicated\",\"nodeSelector\":{\"pool\":\"silver\"}}}";
    static const char tenant_body[] =
        "{\"metadata\":{\"name\":\"mover\"},"
        "\"spec\":{\"plan\":\"free\",\"overrides\":{\"nodePools\":[\"silver\"]}}}";

    assert_int_equal(call(a, "host", "POST", T "nodepools", pool_body).status, 201);
    assert_int_equal(call(a, "host", "POST", T "tenants", tenant_body).status, 201);
    /* Managers and all, so that the next one like it changes nothing. */
    assert_int_equal(call_end(begin(a, "PUT", as_it_is(a))).status, 200);
}

static const char *holder(Arena *a)
{
    Answer r = call(a, "host", "GET", pool, NULL);
    const char *s = value_at_str(r.v, "status.tenant");

    assert_int_equal(r.status, 200);
    return s ? s : "";
}

/* As a pool is that has only just become a dedicated one. */
static void free_pool(Arena *a)
{
    assert_int_equal(
        call(a, "host", "PATCH", arena_printf(a, "%s/status", pool), "{\"status\":null}").status,
        200);
    assert_string_equal(holder(a), "");
}

TEST(a_tenant_that_is_written_as_it_is_claims_its_pool)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Answer before, after;

    need_server();
    make_both(a);
    assert_string_equal(holder(a), "mover");
    free_pool(a);
    before = call(a, "host", "GET", tenant, NULL);
    after = call_end(begin(a, "PUT", as_it_is(a)));
    assert_int_equal(after.status, 200);
    assert_string_equal(holder(a), "mover");
    /* who read the tenant before may not write it any more */
    assert_string_not_equal(value_at_str(before.v, "metadata.resourceVersion"),
                            value_at_str(after.v, "metadata.resourceVersion"));
    assert_int_equal(call(a, "host", "DELETE", tenant, NULL).status, 200);
    assert_string_equal(holder(a), "");
    assert_int_equal(call(a, "host", "DELETE", pool, NULL).status, 200);
}

TEST(a_tenant_that_goes_leaves_no_pool_claimed)
{
    for (int i = 0; i < 20; i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Call *put, *del;
        const char *body;

        need_server();
        make_both(a);
        free_pool(a);
        body = as_it_is(a);
        del =
            i % 2 ? begin(a, "DELETE", NULL) : NULL; /* both have read before either is committed */
        put = begin(a, "PUT", body);
        del = del ? del : begin(a, "DELETE", NULL);
        (void)call_end(put);
        assert_int_equal(call_end(del).status, 200);
        assert_string_equal(holder(a), "");
        assert_int_equal(call(a, "host", "DELETE", pool, NULL).status, 200);
    }
}
