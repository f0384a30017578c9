#include "audit/policy.h"
#include "tests/unit/vcluster/loopback.h"

#define CONFIGMAPS "/api/v1/namespaces/default/configmaps"
#define EVENTS     "/apis/audit.hostplane.io/v1/auditevents"

/* ---- the queue: as the process has it, but nothing is lost and nothing waits ---- */

static pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER;
static AuditItem *queued;

static void on_item(AuditItem *item, void *data UNUSED)
{
    pthread_mutex_lock(&queue_lock);
    item->next = queued;
    queued = item;
    pthread_mutex_unlock(&queue_lock);
}

static AuditItem *take(void)
{
    AuditItem *item;

    pthread_mutex_lock(&queue_lock);
    item = queued;
    queued = NULL;
    pthread_mutex_unlock(&queue_lock);
    return item;
}

static void forget(void)
{
    for (AuditItem *item = take(), *next; item; item = next) {
        next = item->next;
        audit_item_free(item);
    }
}

/* The queued record of this verb and resource, as a tree; NULL when there is none. */
static Value *queued_of(Arena *a, const char *verb, const char *resource, const char *stage)
{
    Value *found = NULL;

    for (AuditItem *item = take(), *next; item; item = next) {
        Value *v = NULL;

        next = item->next;
        assert_ok(value_parse(a, item->record.event, &v, NULL));
        if (str_eq(item->record.verb, verb) && str_eq(item->record.resource, resource) &&
            str_eq(value_at_str(v, "stage"), stage)) {
            found = v;
            if (item->record.bodies.len > 0) {
                Value *bodies = NULL;

                assert_ok(value_parse(a, item->record.bodies, &bodies, NULL));
                value_set(a, v, "bodies", bodies);
            }
        }
        audit_item_free(item);
    }
    return found;
}

static AuditPolicy *platform;

static void use(Arena *a, const char *policy)
{
    VcAudit audit = {.is_strict = true, .queue = on_item};

    need_server();
    audit_policy_unref(platform);
    platform = policy ? audit_policy_new(value_literal(a, policy)) : NULL;
    audit.policy = platform;
    vcluster_set_audit(vc, &audit);
    forget();
}

/* The last committed record of a cluster; NULL when there is none. */
static Value *committed(Arena *a, const char *cluster, const char *selector)
{
    VcAudit audit = {.queue = on_item}; /* this request itself is not recorded */
    Answer r;

    audit.policy = NULL;
    vcluster_set_audit(vc, &audit);
    r = call_as(a, &admin, cluster, "GET", EVENTS, arena_printf(a, "fieldSelector=%s", selector),
                "application/json", NULL);
    audit = (VcAudit){.policy = platform, .is_strict = true, .queue = on_item};
    vcluster_set_audit(vc, &audit);
    assert_int_equal(r.status, 200);
    return value_item(value_get(r.v, "items"), value_len(value_get(r.v, "items")) - 1);
}

static const char configmap[] = "{\"metadata\":{\"name\":\"%s\"},\"data\":{\"k\":\"v\"}}";

TEST(a_write_takes_its_record_along)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Answer r;
    Value *e;

    use(a, "{'rules':[{'level':'RequestResponse','resources':[{'resources':['configmaps']}]}],"
           "'omitStages':['RequestReceived']}");
    need_tenant(a, "along");
    r = call(a, "along", "POST", CONFIGMAPS, arena_printf(a, configmap, "one"));
    assert_int_equal(r.status, 201);
    assert_null(queued_of(a, "create", "configmaps", "ResponseComplete"));
    e = committed(a, "along", "resource=configmaps,verb=create");
    assert_non_null(e);
    assert_string_equal(value_at_str(e, "objectRef.name"), "one");
    assert_int_equal(value_at_int(e, "responseStatus.code", 0), 201);
    assert_string_equal(value_at_str(e, "requestObject.data.k"), "v");
    assert_string_equal(value_at_str(e, "responseObject.metadata.resourceVersion"),
                        value_at_str(r.v, "metadata.resourceVersion"));
    assert_non_null(value_at(e, "responseObject.metadata.managedFields"));
    /* the answer foreseen of a deletion is a Status */
    r = call(a, "along", "DELETE", CONFIGMAPS "/one", NULL);
    assert_int_equal(r.status, 200);
    e = committed(a, "along", "resource=configmaps,verb=delete");
    assert_string_equal(value_at_str(e, "responseStatus.status"), "Success");
    assert_string_equal(value_at_str(e, "responseObject.kind"), "Status");
}

TEST(what_fails_is_queued_with_its_status)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    static const User nobody_user = {.name = "weak", .uid = "", .groups = nobody};
    Answer r;
    Value *e;

    use(a, "{'rules':[{'level':'Metadata'}]}");
    need_tenant(a, "fails");
    forget();
    r = call_as(a, &nobody_user, "fails", "DELETE", CONFIGMAPS "/x", "", "application/json", NULL);
    assert_int_equal(r.status, 403);
    e = queued_of(a, "delete", "configmaps", "ResponseComplete");
    assert_non_null(e);
    assert_string_equal(value_at_str(e, "responseStatus.reason"), "Forbidden");
    assert_string_equal(value_get_str(value_get(e, "annotations"), "authorization.k8s.io/decision"),
                        "forbid");
    assert_string_equal(value_at_str(e, "user.username"), "weak");
    r = call(a, "fails", "POST", CONFIGMAPS, "{\"metadata\":{\"name\":\"A\"}}");
    assert_int_equal(r.status, 422);
    e = queued_of(a, "create", "configmaps", "ResponseComplete");
    assert_int_equal(value_at_int(e, "responseStatus.code", 0), 422);
    assert_non_null(value_at(e, "responseStatus.details.causes"));
    r = call(a, "fails", "GET", CONFIGMAPS "/none", NULL);
    assert_int_equal(r.status, 404);
    assert_non_null(queued_of(a, "get", "configmaps", "RequestReceived"));
    assert_null(committed(a, "fails", "resource=configmaps"));
}

TEST(a_dry_run_and_a_write_that_changes_nothing_are_queued)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Answer r;

    use(a, "{'rules':[{'level':'Metadata'}],'omitStages':['RequestReceived']}");
    need_tenant(a, "dry");
    r = call_as(a, &admin, "dry", "POST", CONFIGMAPS, "dryRun=All", "application/json",
                arena_printf(a, configmap, "one"));
    assert_int_equal(r.status, 201);
    assert_non_null(queued_of(a, "create", "configmaps", "ResponseComplete"));
    r = call(a, "dry", "POST", CONFIGMAPS, arena_printf(a, configmap, "two"));
    assert_int_equal(r.status, 201);
    r = call(a, "dry", "PATCH", CONFIGMAPS "/two", "{}");
    assert_int_equal(r.status, 200);
    assert_non_null(queued_of(a, "patch", "configmaps", "ResponseComplete"));
    assert_null(committed(a, "dry", "resource=configmaps,verb=patch"));
}

TEST(bodies_of_secrets_stay_out_whatever_is_asked)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    static const char secret[] = "{\"metadata\":{\"name\":\"s\"},\"stringData\":{\"p\":\"hush\"}}";
    Value *e;

    use(a, "{'rules':[{'level':'RequestResponse'}]}");
    need_tenant(a, "hush");
    assert_int_equal(call(a, "hush", "POST", "/api/v1/namespaces/default/secrets", secret).status,
                     201);
    e = committed(a, "hush", "resource=secrets");
    assert_string_equal(value_at_str(e, "level"), "Metadata");
    assert_null(value_get(e, "requestObject"));
    assert_null(value_get(e, "responseObject"));
    forget();
    assert_int_equal(call(a, "hush", "GET", "/api/v1/namespaces/default/secrets", NULL).status,
                     200);
    e = queued_of(a, "list", "secrets", "ResponseComplete");
    assert_string_equal(value_at_str(e, "level"), "Metadata");
    assert_null(value_get(e, "bodies"));
}

TEST(a_token_is_recorded_before_it_is_given)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    static const char path[] = "/api/v1/namespaces/default/serviceaccounts/default/token";
    Answer r;

    use(a, "{'rules':[{'level':'Metadata'}],'omitStages':['RequestReceived']}");
    need_tenant(a, "token");
    r = call(a, "token", "POST", path, "{\"spec\":{}}");
    assert_int_equal(r.status, 201);
    assert_non_null(value_at_str(r.v, "status.token"));
    assert_null(queued_of(a, "create", "serviceaccounts", "ResponseComplete"));
    assert_non_null(committed(a, "token", "resource=serviceaccounts,verb=create"));
}

TEST(what_the_provider_does_to_a_tenant_is_in_its_chain)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    static const char tenant[] = "/apis/tenancy.hostplane.io/v1/tenants/told";
    Answer r;
    Value *e;

    use(a, NULL);
    need_tenant(a, "told");
    assert_null(committed(a, "told", "resource=tenants"));
    r = call(a, "host", "POST", arena_printf(a, "%s/kubeconfig", tenant), "{\"spec\":{}}");
    assert_int_equal(r.status, 201);
    e = committed(a, "told", "resource=tenants");
    assert_string_equal(value_at_str(e, "objectRef.subresource"), "kubeconfig");
    assert_string_equal(value_at_str(e, "user.username"), "admin");
    e = committed(a, "host", "resource=tenants"); /* of tests before: no policy asks for this one */
    assert_false(str_eq(value_at_str(e, "objectRef.name"), "told"));
    r = call(a, "host", "POST", arena_printf(a, "%s/suspend", tenant), "{}");
    assert_int_equal(r.status, 200);
    e = committed(a, "told", "resource=tenants");
    assert_string_equal(value_at_str(e, "objectRef.subresource"), "suspend");
    r = call(a, "host", "POST", arena_printf(a, "%s/access", tenant),
             "{\"spec\":{}}"); /* no reason */
    assert_int_equal(r.status, 422);
    e = committed(a, "told", "resource=tenants");
    assert_string_equal(value_at_str(e, "objectRef.subresource"), "suspend");
}

TEST(a_tenants_own_policy_adds_to_the_platforms)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    static const char own[] = "{\"metadata\":{\"name\":\"own\"},\"spec\":{\"omitStages\":["
                              "\"RequestReceived\"],\"rules\":["
                              "{\"level\":\"None\",\"verbs\":[\"create\"]},{\"level\":\"Request\","
                              "\"verbs\":[\"patch\"]}]}}";
    Answer r;

    use(a, "{'rules':[{'level':'Metadata','verbs':['create']}],'omitStages':['RequestReceived']}");
    need_tenant(a, "adds");
    r = call(a, "adds", "POST", "/apis/audit.hostplane.io/v1/auditpolicies", own);
    assert_int_equal(r.status, 201);
    assert_int_equal(call(a, "adds", "POST", CONFIGMAPS, arena_printf(a, configmap, "one")).status,
                     201);
    assert_non_null(committed(a, "adds", "resource=configmaps,verb=create"));
    assert_int_equal(call(a, "adds", "PATCH", CONFIGMAPS "/one", "{\"data\":{\"a\":\"b\"}}").status,
                     200);
    assert_string_equal(value_at_str(committed(a, "adds", "resource=configmaps,verb=patch"),
                                     "requestObject.data.a"),
                        "b");
    assert_int_equal(
        call(a, "adds", "DELETE", "/apis/audit.hostplane.io/v1/auditpolicies/own", NULL).status,
        200);
    assert_int_equal(call(a, "adds", "PATCH", CONFIGMAPS "/one", "{\"data\":{\"a\":\"c\"}}").status,
                     200);
    assert_string_equal(value_at_str(committed(a, "adds", "resource=configmaps,verb=patch"),
                                     "requestObject.data.a"),
                        "b");
}

/* A request with a token that is nobody's: what is loaded for it is loaded. */
static Value *refuse(Arena *a, const char *cluster)
{
    Cluster *c = store_cluster(store, slice_of(cluster));
    Request req = {
        .arena = a, .method = "POST", .path = CONFIGMAPS, .query = "", .remote_ip = "192.0.2.1"};
    const char *need;

    assert_non_null(c);
    while ((need = vcluster_audit_refused(vc, &req, c, "bearer", false)) != NULL) {
        CLEANUP(cluster_unref) Cluster *host = store_cluster(store, SLICE("host"));
        Gate g = GATE_INIT;

        store_load(store, str_starts(need, "tenancy/") ? host : c, need, on_done, &g);
        gate_wait(&g);
        assert_int_equal(g.r, 0);
    }
    cluster_unref(c);
    return queued_of(a, "create", "configmaps", "ResponseStarted");
}

TEST(credentials_that_are_refused_are_recorded_as_platform_plan_and_tenant_want_it)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    static const char own[] =
        "{\"metadata\":{\"name\":\"own\"},\"spec\":{\"rules\":[{\"level\":\"Request\"}]}}";
    static const char tenant[] = "/apis/tenancy.hostplane.io/v1/tenants/door";
    Value *e;

    use(a, NULL);
    need_tenant(a, "door");
    assert_null(refuse(a, "door"));
    assert_int_equal(
        call(a, "door", "POST", "/apis/audit.hostplane.io/v1/auditpolicies", own).status, 201);
    forget();
    e = refuse(a, "door");
    assert_non_null(e);
    assert_string_equal(value_get_str(e, "level"), "Request");
    assert_string_equal(value_at_str(e, "responseStatus.message"),
                        "Authentication failed, attempted: bearer");
    assert_null(value_get(e, "bodies")); /* nobody has read one */
    /* strangers take half of the room at most */
    assert_int_equal(
        call(a, "host", "PATCH", tenant, "{\"spec\":{\"overrides\":{\"auditBytes\":\"1\"}}}")
            .status,
        200);
    forget();
    assert_null(refuse(a, "door"));
    use(a, "{'rules':[{'level':'Metadata'}]}");
    assert_string_equal(value_get_str(refuse(a, "door"), "level"), "Metadata");
}

static int n_left_out;

static void on_left_out(Cluster *c, void *data UNUSED)
{
    assert_string_equal(c->name, "full");
    n_left_out++;
}

TEST(beyond_the_plans_bytes_a_tenants_own_policy_records_nothing_more)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    static const char own[] = "{\"metadata\":{\"name\":\"own\"},\"spec\":{\"omitStages\":["
                              "\"RequestReceived\"],\"rules\":[{\"level\":\"RequestResponse\","
                              "\"resources\":[{\"resources\":[\"configmaps\"]}]}]}}";
    VcAudit audit = {.is_strict = true, .queue = on_item, .left_out = on_left_out};
    Value *e;

    use(a, "{'rules':[{'level':'Metadata','verbs':['create']}],'omitStages':['RequestReceived']}");
    need_tenant(a, "full");
    audit.policy = platform;
    vcluster_set_audit(vc, &audit);
    assert_int_equal(
        call(a, "full", "POST", "/apis/audit.hostplane.io/v1/auditpolicies", own).status, 201);
    assert_int_equal(call(a, "full", "POST", CONFIGMAPS, arena_printf(a, configmap, "one")).status,
                     201);
    e = committed(a, "full", "resource=configmaps,verb=create");
    assert_string_equal(value_get_str(e, "level"), "RequestResponse");
    assert_int_equal(n_left_out, 0);
    assert_int_equal(call(a, "host", "PATCH", "/apis/tenancy.hostplane.io/v1/tenants/full",
                          "{\"spec\":{\"overrides\":{\"auditBytes\":\"1\"}}}")
                         .status,
                     200);
    vcluster_set_audit(vc, &audit);
    forget();
    /* what the platform wants goes on */
    assert_int_equal(call(a, "full", "POST", CONFIGMAPS, arena_printf(a, configmap, "two")).status,
                     201);
    assert_int_equal(n_left_out, 1);
    assert_int_equal(call(a, "full", "GET", CONFIGMAPS "/two", NULL).status, 200);
    assert_int_equal(n_left_out, 2);
    assert_null(queued_of(a, "get", "configmaps", "ResponseComplete"));
    /* nobody's policy wants anything of it: nothing is left out */
    assert_int_equal(call(a, "full", "GET", "/api/v1/namespaces/default/services", NULL).status,
                     200);
    assert_int_equal(n_left_out, 2);
    e = committed(a, "full", "resource=configmaps,verb=create");
    assert_string_equal(value_at_str(e, "objectRef.name"), "two");
    assert_string_equal(value_get_str(e, "level"), "Metadata");
    assert_null(value_get(e, "requestObject"));
    /* with room again as before */
    assert_int_equal(call(a, "host", "PATCH", "/apis/tenancy.hostplane.io/v1/tenants/full",
                          "{\"spec\":{\"overrides\":{\"auditBytes\":\"1Mi\"}}}")
                         .status,
                     200);
    assert_int_equal(call(a, "full", "GET", CONFIGMAPS "/two", NULL).status, 200);
    assert_non_null(queued_of(a, "get", "configmaps", "ResponseComplete"));
}

TEST(texts_that_are_no_utf_8_are_recorded_as_they_are_read_again)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    static const User odd = {.name = "odd\xff\xfe", .uid = "", .groups = masters};
    AuditItem *item;
    Value *v = NULL;
    AUTO_BUF again = BUF_INIT;

    use(a, "{'rules':[{'level':'Metadata'}],'omitStages':['RequestReceived']}");
    need_tenant(a, "odd");
    forget();
    (void)call_as(a, &odd, "odd", "GET", CONFIGMAPS "/%ff", "", "application/json", NULL);
    item = take();
    assert_non_null(item);
    assert_ok(value_parse(a, item->record.event, &v, NULL));
    value_print(v, &again);
    assert_int_equal(again.len, item->record.event.len);
    assert_memory_equal(again.ptr, item->record.event.ptr, again.len);
    audit_item_free(item);
}
