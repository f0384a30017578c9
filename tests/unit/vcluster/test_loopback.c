/* The verbs, the base layer, tenants and watches, through the whole engine. */
#include "tests/unit/vcluster/loopback.h"

#define CM "/api/v1/namespaces/default/configmaps"

/* ---- tests ---- */

TEST(an_object_lives_and_dies)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Answer r =
        call(a, "host", "POST", CM, "{\"metadata\":{\"name\":\"x\"},\"data\":{\"k\":\"v\"}}");

    assert_int_equal(r.status, 201);
    assert_string_equal(value_at_str(r.v, "metadata.managedFields.0.manager"), "test");
    assert_int_equal(call(a, "host", "POST", CM, "{\"metadata\":{\"name\":\"x\"}}").status, 409);
    r = call(a, "host", "PATCH", CM "/x", "{\"data\":{\"k\":\"w\"}}");
    assert_int_equal(r.status, 200);
    r = call(a, "host", "GET", CM "/x", NULL);
    assert_string_equal(value_at_str(r.v, "data.k"), "w");
    assert_int_equal(call(a, "host", "DELETE", CM "/x", NULL).status, 200);
    r = call(a, "host", "GET", CM "/x", NULL);
    assert_int_equal(r.status, 404);
    assert_string_equal(message(&r), "configmaps \"x\" not found");
}

TEST(an_update_with_an_old_version_is_a_conflict)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Answer r = call(a, "host", "POST", CM, "{\"metadata\":{\"name\":\"c\"}}");
    const char *rv = value_at_str(r.v, "metadata.resourceVersion");
    const char *body = arena_printf(
        a, "{\"metadata\":{\"name\":\"c\",\"resourceVersion\":\"%s\"},\"data\":{\"a\":\"b\"}}", rv);

    assert_int_equal(call(a, "host", "PUT", CM "/c", body).status, 200);
    r = call(a, "host", "PUT", CM "/c",
             arena_printf(a,
                          "{\"metadata\":{\"name\":\"c\",\"resourceVersion\":\"%s\"},"
                          "\"data\":{\"a\":\"c\"}}",
                          rv));
    assert_int_equal(r.status, 409);
    assert_string_equal(value_get_str(r.v, "reason"), "Conflict");
}

TEST(a_base_object_is_read_through_copied_and_deleted)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    static const char *const path = "/apis/rbac.authorization.k8s.io/v1/clusterroles/view";
    Answer r;

    need_server();
    need_tenant(a, "base");
    r = call(a, "base", "GET", path, NULL);
    assert_int_equal(r.status, 200);
    assert_string_equal(value_at_str(r.v, "metadata.resourceVersion"), "2");
    r = call(a, "base", "PATCH", path, "{\"metadata\":{\"labels\":{\"mine\":\"yes\"}}}");
    assert_int_equal(r.status, 200);
    r = call(a, "base", "GET", path, NULL);
    assert_string_equal(value_at_str(r.v, "metadata.labels.mine"), "yes");
    assert_int_equal(call(a, "base", "DELETE", path, NULL).status, 200);
    assert_int_equal(call(a, "base", "GET", path, NULL).status, 404);
    assert_int_equal(call(a, "host", "GET", path, NULL).status, 200);
    /* one that was never copied */
    assert_int_equal(
        call(a, "base", "DELETE", "/apis/rbac.authorization.k8s.io/v1/clusterroles/edit", NULL)
            .status,
        200);
    assert_int_equal(
        call(a, "base", "GET", "/apis/rbac.authorization.k8s.io/v1/clusterroles/edit", NULL).status,
        404);
}

TEST(tenants_do_not_see_each_other)
{
    CLEANUP(arena_free) Arena *a = arena_new();

    need_server();
    need_tenant(a, "left");
    need_tenant(a, "right");
    assert_int_equal(call(a, "left", "POST", CM, "{\"metadata\":{\"name\":\"s\"}}").status, 201);
    assert_int_equal(call(a, "right", "GET", CM "/s", NULL).status, 404);
    assert_int_equal(call(a, "right", "GET", "/apis/tenancy.hostplane.io/v1/tenants", NULL).status,
                     404);
}

TEST(a_plan_limit_holds_exactly)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Answer r = {0};
    int made = 0;

    need_server();
    need_tenant(a, "small"); /* plan free: 10 services */
    for (int i = 0; i < 14; i++) {
        r = call(a, "small", "POST", "/api/v1/namespaces/default/services",
                 arena_printf(a,
                              "{\"metadata\":{\"name\":\"s%d\"},\"spec\":{\"ports\":[{\"port\":"
                              "80}]}}",
                              i));
        if (r.status != 201)
            break;
        made++;
    }
    assert_int_equal(made, 10);
    assert_int_equal(r.status, 403);
    assert_non_null(strstr(message(&r), "exceeded quota"));
    assert_int_equal(
        call(a, "small", "DELETE", "/api/v1/namespaces/default/services/s0", NULL).status, 200);
    assert_int_equal(
        call(a, "small", "POST", "/api/v1/namespaces/default/services",
             "{\"metadata\":{\"name\":\"again\"},\"spec\":{\"ports\":[{\"port\":80}]}}")
            .status,
        201);
}

#define IN_SPENT "/api/v1/namespaces/spent"
static int n_used(Arena *a, const char *quota, const char *counter)
{
    Answer r = call(a, "spent", "GET", arena_printf(a, IN_SPENT "/resourcequotas/%s", quota), NULL);
    const char *used = value_get_str(value_at(r.v, "status.used"), counter);

    return r.status == 200 && used ? (int)strtol(used, NULL, 10) : -1;
}

static void make_quota(Arena *a, const char *name, const char *counter, int used)
{
    const char *path = IN_SPENT "/resourcequotas";
    const char *hard = arena_printf(a, "\"hard\":{\"%s\":\"9\"}", counter);
    const char *body = arena_printf(
        a,
        "{\"metadata\":{\"name\":\"%s\"},\"spec\":{%s},\"status\":{%s,\"used\":{\"%s\":\"%d\"}}}",
        name, hard, hard, counter, used);

    assert_int_equal(call(a, "spent", "POST", path, body).status, 201);
    assert_int_equal(
        call(a, "spent", "PUT", arena_printf(a, "%s/%s/status", path, name), body).status, 200);
}

TEST(a_collection_that_goes_gives_its_quota_back_in_one_write)
{
    CLEANUP(arena_free) Arena *a = arena_new();

    need_server();
    need_tenant(a, "spent");
    assert_int_equal(
        call(a, "spent", "POST", "/api/v1/namespaces", "{\"metadata\":{\"name\":\"spent\"}}")
            .status,
        201);
    for (int i = 0; i < 3; i++)
        assert_int_equal(
            call(a, "spent", "POST", IN_SPENT "/configmaps",
                 arena_printf(a, "{\"metadata\":{\"name\":\"c%d\",\"labels\":{\"go\":\"%d\"}}}", i,
                              i))
                .status,
            201);
    make_quota(a, "maps", "count/configmaps", 3);
    make_quota(a, "others", "count/secrets", 0);
    assert_int_equal(call_as(a, &admin, "spent", "DELETE", IN_SPENT "/configmaps",
                             "labelSelector=go!=2", NULL, NULL)
                         .status,
                     200);
    assert_int_equal(n_used(a, "maps", "count/configmaps"), 1);
    assert_int_equal(n_used(a, "others", "count/secrets"), 0);
}

TEST(a_resized_pod_counts_for_what_it_still_has)
{
    static const char status[] =
        "{\"status\":{\"containerStatuses\":[{\"name\":\"c\",\"image\":\"i\",\"imageID\":\"\","
        "\"ready\":false,\"restartCount\":0,\"resources\":{\"requests\":{\"cpu\":\"%d\"}}}]}}";
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *path = IN_SPENT "/pods/resized/status";

    need_server();
    assert_int_equal(call(a, "spent", "POST", IN_SPENT "/serviceaccounts",
                          "{\"metadata\":{\"name\":\"default\"}}")
                         .status,
                     201);
    assert_int_equal(
        call(a, "spent", "POST", IN_SPENT "/pods",
             "{\"metadata\":{\"name\":\"resized\"},\"spec\":{\"containers\":[{\"name\":"
             "\"c\",\"image\":\"i\",\"resources\":{\"requests\":{\"cpu\":\"1\"}}}]}}")
            .status,
        201);
    make_quota(a, "cpus", "requests.cpu", 1);
    /* more than the limit, and what its node says all the same */
    assert_int_equal(call(a, "spent", "PATCH", path, arena_printf(a, status, 12)).status, 200);
    assert_int_equal(n_used(a, "cpus", "requests.cpu"), 12);
    assert_int_equal(call(a, "spent", "PATCH", path, arena_printf(a, status, 1)).status, 200);
    assert_int_equal(n_used(a, "cpus", "requests.cpu"), 1);
}

TEST(quotas_that_count_each_other_go_together)
{
    CLEANUP(arena_free) Arena *a = arena_new();

    need_server();
    make_quota(a, "one", "count/resourcequotas", 4);
    make_quota(a, "two", "count/resourcequotas", 4);
    assert_int_equal(call(a, "spent", "DELETE", IN_SPENT "/resourcequotas", NULL).status, 200);
    assert_int_equal(n_used(a, "one", "count/resourcequotas"), -1);
    assert_int_equal(n_used(a, "two", "count/resourcequotas"), -1);
}

TEST(pages_stay_at_their_revision)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Answer r;
    const char *token;
    size_t seen = 0;

    need_server();
    need_tenant(a, "pages");
    for (int i = 0; i < 5; i++)
        assert_int_equal(
            call(a, "pages", "POST", CM, arena_printf(a, "{\"metadata\":{\"name\":\"p%d\"}}", i))
                .status,
            201);
    r = call_as(a, &admin, "pages", "GET", CM, "limit=2", NULL, NULL);
    seen = value_len(value_get(r.v, "items"));
    assert_int_equal(seen, 2);
    assert_int_equal(call(a, "pages", "DELETE", CM "/p4", NULL).status, 200);
    while ((token = value_at_str(r.v, "metadata.continue")) != NULL) {
        r = call_as(a, &admin, "pages", "GET", CM, arena_printf(a, "limit=2&continue=%s", token),
                    NULL, NULL);
        assert_int_equal(r.status, 200);
        seen += value_len(value_get(r.v, "items"));
    }
    assert_int_equal(seen, 6); /* p0..p4 and kube-root-ca.crt */
}

TEST(a_long_list_is_written_in_slices_of_one_state)
{
    enum { N = 600 };
    CLEANUP(arena_free) Arena *a = arena_new();
    Call *c = arena_new0(a, Call);
    int n_deleted = 0;
    VcStep step;
    Answer r;

    need_server();
    for (int i = 0; i < N; i++)
        assert_int_equal(
            call(a, "host", "POST", CM, arena_printf(a, "{\"metadata\":{\"name\":\"s%d\"}}", i))
                .status,
            201);
    r = call(a, "host", "GET", CM, NULL);
    c->gate = GATE_INIT;
    c->rq = (Request){.arena = a,
                      .cluster = store_cluster(store, SLICE("host")),
                      .method = "GET",
                      .path = CM,
                      .query = "",
                      .user = admin,
                      .takes_turns = true,
                      .wake = on_wake};
    assert_int_equal(vc_step(vc, &c->rq), VC_AGAIN); /* others first */
    while ((step = vc_step(vc, &c->rq)) == VC_AGAIN)
        assert_int_equal(
            call(a, "host", "DELETE", arena_printf(a, CM "/s%d", n_deleted++), NULL).status, 200);
    assert_int_equal(step, VC_DONE);
    assert_int_equal(c->rq.reply.status, 200);
    {
        Value *v = NULL;

        assert_ok(value_parse(a, c->rq.reply.body, &v, NULL));
        assert_true(value_equal(v, r.v)); /* whatever happened meanwhile */
    }
    request_done(&c->rq);
}

/* What the cluster is now may be listed for good, what it was before no more. */
static int64_t compact(const char *name)
{
    CLEANUP(cluster_unref) Cluster *c = store_cluster(store, slice_of(name));

    c->compacted = c->revision;
    return c->revision;
}

static const char in_pieces[] =
    "The provided continue parameter is too old to display a consistent list result. You can start "
    "a new list without the continue parameter, or use the continue token in this response to "
    "retrieve the remainder of the results. Continuing with the provided token results in an "
    "inconsistent list - objects that were created, modified, or deleted between the time the "
    "first chunk was returned and now may show up in the list.";

TEST(a_compacted_list_goes_on_from_now)
{
    static const struct {
        const char *name;
        bool is_idle; /* nothing is written while the token grows old */
    } cases[] = {{"compacted", false}, {"idle", true}};

    need_server();
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const char *name = cases[i].name, *token;
        int64_t began, then;
        Answer r;

        need_tenant(a, name);
        for (int n = 0; n < 5; n++)
            (void)call(a, name, "POST", CM,
                       arena_printf(a, "{\"metadata\":{\"name\":\"p%d\"}}", n));
        r = call_as(a, &admin, name, "GET", CM, "limit=2", NULL, NULL);
        token = value_at_str(r.v, "metadata.continue");
        assert_non_null(token);
        began = strtoll(value_at_str(r.v, "metadata.resourceVersion"), NULL, 10);
        if (!cases[i].is_idle)
            assert_int_equal(call(a, name, "DELETE", CM "/p4", NULL).status, 200);
        compact(name);
        if (!cases[i].is_idle)
            (void)call(a, name, "POST", CM, "{\"metadata\":{\"name\":\"p5\"}}");
        r = call_as(a, &admin, name, "GET", CM, arena_printf(a, "limit=2&continue=%s", token), NULL,
                    NULL);
        assert_int_equal(r.status, 410);
        assert_string_equal(value_get_str(r.v, "reason"), "Expired");
        assert_string_equal(message(&r), in_pieces);
        token = value_at_str(r.v, "metadata.continue");
        assert_non_null(token);
        r = call_as(a, &admin, name, "GET", CM, arena_printf(a, "limit=2&continue=%s", token), NULL,
                    NULL);
        assert_int_equal(r.status, 200);
        then = strtoll(value_at_str(r.v, "metadata.resourceVersion"), NULL, 10);
        assert_true(then > began);
        assert_string_equal(value_at_str(value_item(value_get(r.v, "items"), 0), "metadata.name"),
                            "p1");
        token = value_at_str(r.v, "metadata.continue");
        r = call_as(a, &admin, name, "GET", CM, arena_printf(a, "limit=9&continue=%s", token), NULL,
                    NULL);
        assert_int_equal(strtoll(value_at_str(r.v, "metadata.resourceVersion"), NULL, 10), then);
        assert_int_equal(value_len(value_get(r.v, "items")), 2); /* p3 and p4 or p5 */
    }
}

TEST(what_is_compacted_is_not_listed_and_can_still_be_watched)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    static const char *const queries[] = {"resourceVersionMatch=Exact&resourceVersion=",
                                          "limit=5&resourceVersion="};
    int64_t then, now;
    Answer r;

    need_server();
    need_tenant(a, "then");
    r = call(a, "then", "POST", CM, "{\"metadata\":{\"name\":\"a\"}}");
    then = strtoll(value_at_str(r.v, "metadata.resourceVersion"), NULL, 10);
    assert_int_equal(call(a, "then", "DELETE", CM "/a", NULL).status, 200);
    for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
        r = call_as(a, &admin, "then", "GET", CM,
                    arena_printf(a, "%s%lld", queries[i], (long long)then), NULL, NULL);
        assert_int_equal(r.status, 200);
        assert_int_equal(value_len(value_get(r.v, "items")), 2); /* and kube-root-ca.crt */
    }
    now = compact("then");
    for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
        r = call_as(a, &admin, "then", "GET", CM,
                    arena_printf(a, "%s%lld", queries[i], (long long)then), NULL, NULL);
        assert_int_equal(r.status, 410);
        assert_string_equal(value_get_str(r.v, "reason"), "Expired");
        assert_string_equal(message(&r), "The resourceVersion for the provided list is too old.");
        assert_null(value_at_str(r.v, "metadata.continue"));
        r = call_as(a, &admin, "then", "GET", CM,
                    arena_printf(a, "%s%lld", queries[i], (long long)now), NULL, NULL);
        assert_int_equal(r.status, 200);
    }
    r = call_as(a, &admin, "then", "GET", CM,
                arena_printf(a, "watch=true&resourceVersion=%lld", (long long)then), NULL, NULL);
    assert_int_equal(r.status, 200);
    {
        Watcher w;

        watcher_start(&w, r.stream);
        assert_true(watcher_reads(&w, "DELETED"));
        watcher_stop(&w);
    }
}

TEST(who_holds_no_role_is_refused_with_the_reason)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    User u = {.name = "eve", .uid = "", .groups = nobody};
    Answer r = call_as(a, &u, "host", "GET", "/api/v1/namespaces/default/pods", "", NULL, NULL);

    assert_int_equal(r.status, 403);
    assert_string_equal(message(&r), "pods is forbidden: User \"eve\" cannot list resource "
                                     "\"pods\" in API group \"\" in the namespace \"default\"");
    assert_int_equal(call_as(a, &u, "host", "GET", "/version", "", NULL, NULL).status, 200);
}

TEST(a_node_touches_only_its_own)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    User u = {.name = "system:node:n1", .uid = "", .groups = nobody, .node = "n1"};
    static const struct {
        const char *method, *path;
        int status;
    } cases[] = {
        {"GET", "/api/v1/nodes/n2", 403},
        {"GET", "/api/v1/secrets", 403},
        {"GET", "/api/v1/namespaces/default/secrets/x", 403},
        {"DELETE", "/api/v1/namespaces/default/configmaps/x", 403},
        {"GET", "/apis/node.hostplane.io/v1/nodes/n2/feed", 403},
        {"GET", "/api/v1/nodes/n1", 404},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(
            call_as(a, &u, "host", cases[i].method, cases[i].path, "", NULL, NULL).status,
            cases[i].status);
}

TEST(finalizers_hold_an_object_back)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Answer r;

    (void)call(a, "host", "POST", CM,
               "{\"metadata\":{\"name\":\"f\",\"finalizers\":[\"example.com/hold\"]}}");
    r = call(a, "host", "DELETE", CM "/f", NULL);
    assert_int_equal(r.status, 200);
    assert_non_null(value_at(r.v, "metadata.deletionTimestamp"));
    assert_int_equal(call(a, "host", "GET", CM "/f", NULL).status, 200);
    assert_int_equal(
        call(a, "host", "PATCH", CM "/f", "{\"metadata\":{\"finalizers\":null}}").status, 200);
    assert_int_equal(call(a, "host", "GET", CM "/f", NULL).status, 404);
}

TEST(a_dry_run_writes_nothing)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Answer r = call_as(a, &admin, "host", "POST", CM, "dryRun=All", "application/json",
                       "{\"metadata\":{\"name\":\"dry\"}}");

    assert_int_equal(r.status, 201);
    assert_null(value_at(r.v, "metadata.resourceVersion"));
    assert_int_equal(call(a, "host", "GET", CM "/dry", NULL).status, 404);
}

static Answer apply(Arena *a, const char *cluster, const char *path, const char *manager,
                    const char *body)
{
    return call_as(a, &admin, cluster, "PATCH", path, arena_printf(a, "fieldManager=%s", manager),
                   "application/apply-patch+yaml", body);
}

TEST(apply_takes_back_only_what_nobody_holds)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Answer r =
        apply(a, "host", CM "/ssa", "one",
              "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"ssa\"},"
              "\"data\":{\"a\":\"1\",\"b\":\"2\"}}");

    assert_int_equal(r.status, 201);
    /* a manager that holds the map itself too, as an update made it */
    r = call(a, "host", "PATCH", CM "/ssa", "{\"data\":{\"c\":\"3\"}}");
    assert_int_equal(r.status, 200);
    r = apply(a, "host", CM "/ssa", "one",
              "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"ssa\"},"
              "\"data\":{\"a\":\"1\"}}");
    assert_int_equal(r.status, 200);
    assert_string_equal(value_at_str(r.v, "data.a"), "1");
    assert_null(value_at(r.v, "data.b"));
    assert_string_equal(value_at_str(r.v, "data.c"), "3");
    r = apply(a, "host", CM "/ssa", "two",
              "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"ssa\"},"
              "\"data\":{\"a\":\"2\"}}");
    assert_int_equal(r.status, 409);
    assert_string_equal(message(&r),
                        "Apply failed with 1 conflict: conflict with \"one\": .data.a");
}

TEST(a_plan_sets_the_least_pod_security)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    static const char head[] =
        "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"automountServiceAccountToken\":false,"
        "\"containers\":[{\"name\":\"c\",\"image\":\"i\",\"securityContext\":{\"privileged\":";
    Answer r;

    need_server();
    r = call(a, "host", "POST", "/apis/tenancy.hostplane.io/v1/plans",
             "{\"metadata\":{\"name\":\"strict\"},\"spec\":{\"podSecurityFloor\":\"baseline\"}}");
    assert_int_equal(r.status, 201);
    r = call(a, "host", "POST", "/apis/tenancy.hostplane.io/v1/tenants",
             "{\"metadata\":{\"name\":\"guarded\"},\"spec\":{\"plan\":\"strict\"}}");
    assert_int_equal(r.status, 201);
    r = call(a, "guarded", "POST", "/api/v1/namespaces/default/pods",
             arena_printf(a, "%strue}}]}}", head));
    assert_int_equal(r.status, 403);
    assert_non_null(strstr(message(&r), "violates PodSecurity \"baseline:latest\": privileged"));
    r = call(a, "guarded", "POST", "/api/v1/namespaces/default/pods",
             arena_printf(a, "%sfalse}}]}}", head));
    assert_int_equal(r.status, 201);
}

/* ---- watches ---- */

TEST(a_watch_tells_what_happens_in_order)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Watcher w;
    const char *first, *second;

    need_server();
    need_tenant(a, "watched");
    watcher_start(
        &w,
        call_as(a, &admin, "watched", "GET", CM, "watch=true&labelSelector=w", NULL, NULL).stream);
    (void)call(a, "watched", "POST", CM,
               "{\"metadata\":{\"name\":\"one\",\"labels\":{\"w\":\"1\"}}}");
    (void)call(a, "watched", "POST", CM, "{\"metadata\":{\"name\":\"other\"}}");
    (void)call(a, "watched", "PATCH", CM "/one", "{\"metadata\":{\"labels\":{\"w\":null}}}");
    assert_true(watcher_reads(&w, "\"DELETED\""));
    first = strstr(buf_str(&w.out), "\"type\":\"ADDED\"");
    second = strstr(buf_str(&w.out), "\"type\":\"DELETED\"");
    assert_true(first && second && first < second);
    assert_null(strstr(buf_str(&w.out), "other"));
    watcher_stop(&w);
}

static size_t count_of(const char *from, const char *to, const char *what)
{
    size_t n = 0;

    while ((from = strstr(from, what)) != NULL && from < to) {
        n++;
        from += strlen(what);
    }
    return n;
}

#define ROLES "/apis/rbac.authorization.k8s.io/v1/clusterroles"

/* More than it holds: they are walked over while the client reads. */
TEST(a_watch_begins_with_many_objects_as_they_were)
{
    enum { N = 300 };
    CLEANUP(arena_free) Arena *a = arena_new();
    Watcher w, some;
    size_t n_all;
    const char *all, *end;

    need_server();
    need_tenant(a, "manyroles");
    for (int i = 0; i < N; i++)
        assert_int_equal(call(a, "manyroles", "POST", ROLES,
                              arena_printf(a,
                                           "{\"metadata\":{\"name\":\"mine-%03d\",\"labels\":"
                                           "{\"in\":\"%s\",\"was\":\"old\"}}}",
                                           i, i % 8 ? "most" : "few"))
                             .status,
                         201);
    n_all = value_len(value_get(call(a, "manyroles", "GET", ROLES, NULL).v, "items"));
    assert_true(n_all > N + 20); /* and those that every cluster has */
    watcher_start(&w, call_as(a, &admin, "manyroles", "GET", ROLES,
                              "watch=true&sendInitialEvents=true&allowWatchBookmarks=true&"
                              "resourceVersionMatch=NotOlderThan",
                              NULL, NULL)
                          .stream);
    watcher_start(&some, call_as(a, &admin, "manyroles", "GET", ROLES,
                                 "watch=true&labelSelector=in%3Dmost", NULL, NULL)
                             .stream);
    (void)call(a, "manyroles", "DELETE", ROLES "/mine-001", NULL);
    (void)call(a, "manyroles", "DELETE", ROLES "/edit", NULL);
    (void)call(a, "manyroles", "PATCH", ROLES "/mine-002",
               "{\"metadata\":{\"labels\":{\"in\":\"few\",\"was\":\"new\"}}}");
    (void)call(a, "manyroles", "POST", ROLES,
               "{\"metadata\":{\"name\":\"newcomer\",\"labels\":{\"in\":\"most\"}}}");
    assert_true(watcher_reads(&w, "newcomer"));
    all = buf_str(&w.out);
    end = strstr(all, "k8s.io/initial-events-end");
    assert_non_null(end);
    assert_int_equal(count_of(all, end, "\"type\":\"ADDED\""), n_all);
    assert_int_equal(count_of(all, end, "\"was\":\"old\""), N);
    assert_int_equal(count_of(all, end, "\"name\":\"edit\""), 1);
    assert_int_equal(count_of(all, end, "newcomer"), 0);
    all = end;
    end += strlen(end);
    assert_int_equal(count_of(all, end, "\"type\":"), 4);
    assert_int_equal(count_of(all, end, "\"type\":\"DELETED\""), 2);
    assert_int_equal(count_of(all, end, "\"was\":\"new\""), 1);
    assert_true(watcher_reads(&some, "newcomer"));
    all = buf_str(&some.out);
    end = all + strlen(all);
    assert_int_equal(count_of(all, end, "\"type\":\"ADDED\""), N - (N + 7) / 8 + 1);
    assert_int_equal(count_of(all, end, "\"type\":\"DELETED\""), 2); /* one has left it */
    assert_null(strstr(all, "\"was\":\"new\""));
    watcher_stop(&w);
    watcher_stop(&some);
}

/* ---- kinds of a cluster's own ---- */

#define CRDS    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
#define WIDGETS "/apis/example.com/v1/namespaces/default/widgets"

static const char widgets[] =
    "{\"metadata\":{\"name\":\"widgets.example.com\"},\"spec\":{\"group\":\"example.com\","
    "\"scope\":\"Namespaced\",\"names\":{\"plural\":\"widgets\",\"kind\":\"Widget\"},\"versions\":"
    "[{\"name\":\"v1\",\"served\":true,\"storage\":true,\"subresources\":{\"status\":{}},"
    "\"schema\":"
    "{\"openAPIV3Schema\":{\"type\":\"object\",\"properties\":{\"spec\":{\"type\":\"object\","
    "\"properties\":{\"a\":{\"type\":\"string\"},\"n\":{\"type\":\"integer\",\"default\":2}}},"
    "\"status\":{\"type\":\"object\",\"properties\":{\"ok\":{\"type\":\"boolean\"}}}}}}}]}}";

TEST(a_definition_is_served_in_its_cluster_alone)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Answer r;

    need_server();
    need_tenant(a, "crds");
    assert_int_equal(call(a, "crds", "GET", WIDGETS, NULL).status, 404);
    r = call(a, "crds", "POST", CRDS, widgets);
    assert_int_equal(r.status, 201);
    assert_string_equal(value_at_str(r.v, "status.storedVersions.0"), "v1");
    assert_int_equal(call(a, "crds", "GET", WIDGETS, NULL).status, 404);
    establish(a, "crds", CRDS "/widgets.example.com/status");
    assert_int_equal(call(a, "crds", "GET", WIDGETS, NULL).status, 200);
    assert_int_equal(call(a, "host", "GET", WIDGETS, NULL).status, 404);
    r = call(a, "crds", "GET", "/apis/example.com/v1", NULL);
    assert_int_equal(r.status, 200);
    assert_string_equal(value_at_str(r.v, "resources.0.name"), "widgets");
    assert_int_equal(call(a, "host", "GET", "/apis/example.com/v1", NULL).status, 404);
    r = call(a, "crds", "GET", "/openapi/v3", NULL);
    assert_non_null(value_get(value_get(r.v, "paths"), "apis/example.com/v1"));
    r = call(a, "host", "GET", "/openapi/v3", NULL);
    assert_null(value_get(value_get(r.v, "paths"), "apis/example.com/v1"));
    r = call(a, "crds", "POST", WIDGETS,
             "{\"apiVersion\":\"example.com/v1\",\"kind\":\"Widget\",\"metadata\":{\"name\":\"w\"},"
             "\"spec\":{\"a\":\"x\",\"zz\":1},\"status\":{\"ok\":true}}");
    assert_int_equal(r.status, 201);
    assert_string_equal(value_to_str(a, value_get(r.v, "spec")), "{\"a\":\"x\",\"n\":2}");
    assert_null(value_get(r.v, "status"));
    r = call(a, "crds", "PATCH", WIDGETS "/w", "{\"spec\":{\"a\":5}}");
    assert_int_equal(r.status, 422);
    r = call(a, "crds", "PATCH", WIDGETS "/w", "{\"spec\":{\"a\":\"y\"}}");
    assert_int_equal(value_at_int(r.v, "metadata.generation", 0), 2);
    r = call(a, "crds", "PATCH", WIDGETS "/w/status", "{\"status\":{\"ok\":true}}");
    assert_int_equal(r.status, 200);
    assert_int_equal(value_at_int(r.v, "metadata.generation", 0), 2);
    r = call(a, "crds", "GET", WIDGETS, NULL);
    assert_string_equal(value_get_str(r.v, "kind"), "WidgetList");
    assert_int_equal(call_as(a, &admin, "crds", "PATCH", WIDGETS "/w", "",
                             "application/strategic-merge-patch+json", "{\"spec\":{\"a\":\"z\"}}")
                         .status,
                     415);
    r = call_as(a, &admin, "crds", "PATCH", WIDGETS "/v", "fieldManager=me",
                "application/apply-patch+yaml",
                "{\"apiVersion\":\"example.com/v1\",\"kind\":\"Widget\",\"metadata\":{\"name\":"
                "\"v\"},\"spec\":{\"a\":\"q\"}}");
    assert_int_equal(r.status, 201);
    /* A deletion only marks it; nothing new may be made. */
    r = call(a, "crds", "DELETE", CRDS "/widgets.example.com", NULL);
    assert_int_equal(r.status, 200);
    assert_string_equal(value_at_str(r.v, "metadata.finalizers.0"),
                        "customresourcecleanup.apiextensions.k8s.io");
    assert_string_equal(value_at_str(r.v, "status.conditions.1.type"), "Terminating");
    assert_int_equal(call(a, "crds", "GET", WIDGETS "/w", NULL).status, 200);
    assert_int_equal(call(a, "crds", "POST", WIDGETS, "{}").status, 405);
    /* What is left when the last finalizer goes, goes with it. */
    assert_int_equal(call(a, "crds", "PATCH", CRDS "/widgets.example.com",
                          "{\"metadata\":{\"finalizers\":null}}")
                         .status,
                     200);
    assert_int_equal(call(a, "crds", "GET", WIDGETS "/w", NULL).status, 404);
    assert_int_equal(call(a, "crds", "POST", CRDS, widgets).status, 201);
    establish(a, "crds", CRDS "/widgets.example.com/status");
    assert_int_equal(call(a, "crds", "GET", WIDGETS "/w", NULL).status, 404);
}

/* Two versions with their replicas in different places: who holds them in one holds them for the
 * Scale of the other. */
TEST(a_scale_knows_its_managers_of_every_version)
{
    static const char definition[] =
        "{'metadata':{'name':'gears.example.com'},'spec':{'group':'example.com','scope':"
        "'Namespaced','names':{'plural':'gears','kind':'Gear'},'versions':["
        "{'name':'v1','served':true,'storage':true,'schema':{'openAPIV3Schema':{'type':'object',"
        "'x-kubernetes-preserve-unknown-fields':true}},'subresources':{'scale':{"
        "'specReplicasPath':'.spec.replicas','statusReplicasPath':'.status.replicas'}}},"
        "{'name':'v2','served':true,'storage':false,'schema':{'openAPIV3Schema':{'type':'object',"
        "'x-kubernetes-preserve-unknown-fields':true}},'subresources':{'scale':{"
        "'specReplicasPath':'.spec.size','statusReplicasPath':'.status.size'}}}]}}";
    static const char gears[] = "/apis/example.com/v1/namespaces/default/gears/g";
    static const char scale[] = "{\"apiVersion\":\"autoscaling/v1\",\"kind\":\"Scale\","
                                "\"metadata\":{\"name\":\"g\"},\"spec\":{\"replicas\":5}}";
    static const char apply[] = "application/apply-patch+yaml";
    CLEANUP(arena_free) Arena *a = arena_new();
    const Value *list, *entry;
    Answer r;

    need_server();
    need_tenant(a, "gears");
    r = call(a, "gears", "POST", CRDS, value_to_str(a, value_literal(a, definition)));
    assert_int_equal(r.status, 201);
    establish(a, "gears", CRDS "/gears.example.com/status");
    r = call_as(a, &admin, "gears", "PATCH", "/apis/example.com/v2/namespaces/default/gears/g",
                "fieldManager=one", apply,
                "{apiVersion: example.com/v2, kind: Gear, metadata: {name: g}, spec: {size: 1}}");
    assert_int_equal(r.status, 201);
    r = call_as(a, &admin, "gears", "PATCH", gears, "fieldManager=two", apply,
                "{apiVersion: example.com/v1, kind: Gear, metadata: {name: g}, spec: {replicas: 1,"
                " color: red}}");
    assert_int_equal(r.status, 200);
    r = call_as(a, &admin, "gears", "PATCH", arena_printf(a, "%s/scale", gears),
                "fieldManager=three", apply, scale);
    assert_int_equal(r.status, 409);
    assert_string_equal(message(&r),
                        "Apply failed with 2 conflicts: conflicts with \"one\":\n- .spec.replicas\n"
                        "conflicts with \"two\":\n- .spec.replicas");
    r = call_as(a, &admin, "gears", "PATCH", arena_printf(a, "%s/scale", gears),
                "fieldManager=three&force=true", apply, scale);
    assert_int_equal(r.status, 200);
    r = call(a, "gears", "GET", gears, NULL);
    assert_int_equal(value_at_int(r.v, "spec.replicas", 0), 5);
    list = value_at(r.v, "metadata.managedFields");
    assert_int_equal(value_len(list), 3);
    value_each_item(list, k, entry)
    {
        const char *who = value_get_str(entry, "manager");
        const char *fields = value_to_str(a, value_get(entry, "fieldsV1"));

        assert_string_equal(fields, str_eq(who, "one")   ? "{\"f:spec\":{}}"
                                    : str_eq(who, "two") ? "{\"f:spec\":{\".\":{},\"f:color\":{}}}"
                                                         : "{\"f:spec\":{\"f:replicas\":{}}}");
        assert_string_equal(value_get_str(entry, "apiVersion"),
                            str_eq(who, "one") ? "example.com/v2" : "example.com/v1");
    }
}
