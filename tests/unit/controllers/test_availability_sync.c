#include "controllers/availability_sync.h"

#include "tests/unit/test.h"

#define AT "{'spec':{'service':{'namespace':'n','name':'s','port':443}}}"
#define SVC                                                                                        \
    "{'spec':{'type':'ClusterIP','ports':[{'name':'a','port':1},{'name':'https','port':443}]}}"

TEST(a_service_without_ready_endpoints_is_not_available)
{
    static const struct {
        const char *api_service, *service, *slices, *status, *reason, *message;
    } rows[] = {
        {"{'spec':{}}", NULL, "[]", "True", "Local", "Local APIServices are always available"},
        {AT, NULL, "[]", "False", "ServiceNotFound", "service/s in \"n\" is not present"},
        {AT, "{'spec':{'type':'ClusterIP','ports':[{'port':1}]}}", "[]", "False",
         "ServicePortError", "service/s in \"n\" is not listening on port 443"},
        {AT, SVC, "[]", "False", "EndpointsNotFound",
         "cannot find endpointslices for service/s in \"n\""},
        {AT, SVC, "[{'endpoints':[],'ports':[{'name':'https','port':1}]}]", "False",
         "MissingEndpoints",
         "endpointslices for service/s in \"n\" have no addresses with port name \"https\""},
        /* ready addresses and the port must be in one slice */
        {AT, SVC,
         "[{'endpoints':[{}],'ports':[{'name':'a','port':1}]},"
         "{'endpoints':[{'conditions':{'ready':false}}],'ports':[{'name':'https','port':1}]}]",
         "False", "MissingEndpoints",
         "endpointslices for service/s in \"n\" have no addresses with port name \"https\""},
        /* then the server itself is asked */
        {AT, SVC,
         "[{'endpoints':[{'conditions':{'ready':true}}],'ports':[{'name':'https','port':1}]}]",
         NULL, NULL, NULL},
        {AT, SVC, "[{'endpoints':[{}],'ports':[{'name':'https','port':1}]}]", NULL, NULL, NULL},
        /* of other types nothing is known */
        {AT, "{'spec':{'type':'NodePort'}}", "[]", NULL, NULL, NULL},
        {AT, "{'spec':{'type':'ExternalName'}}", "[]", NULL, NULL, NULL},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *slices = value_literal(a, rows[i].slices);
        Availability v = availability_of(a, value_literal(a, rows[i].api_service),
                                         rows[i].service ? value_literal(a, rows[i].service) : NULL,
                                         slices->items, slices->n);

        assert_true(str_eq(v.status, rows[i].status) && str_eq(v.reason, rows[i].reason) &&
                    str_eq(v.message, rows[i].message));
    }
}

TEST(an_answer_decides)
{
    Availability v = availability_of_answer("bad status");

    assert_string_equal(v.status, "False");
    assert_string_equal(v.reason, "FailedDiscoveryCheck");
    assert_string_equal(v.message, "bad status");
    v = availability_of_answer(NULL);
    assert_string_equal(v.status, "True");
    assert_string_equal(v.reason, "Passed");
    assert_string_equal(v.message, "all checks passed");
}

TEST(what_is_away_is_asked_ever_more_rarely)
{
    static const struct {
        const char *status, *since;
        int ms;
    } rows[] = {
        {"True", "2020-01-01T00:00:00Z", AVAILABILITY_PERIOD_MS},
        {"False", "2020-01-01T00:01:00Z", AVAILABILITY_RETRY_MS},
        {"False", "2020-01-01T00:00:50Z", 10000},
        {"False", "2020-01-01T00:00:00Z", AVAILABILITY_PERIOD_MS},
        {"Unknown", "2019-01-01T00:00:00Z", AVAILABILITY_PERIOD_MS},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *v = value_literal(a, "{'status':{'conditions':[{'type':'Available'}]}}");
        Value *c = value_item(value_at(v, "status.conditions"), 0);

        value_set_str(a, c, "status", rows[i].status);
        value_set_str(a, c, "lastTransitionTime", rows[i].since);
        /* 2020-01-01T00:01:00Z */
        assert_int_equal(availability_again_ms(v, INT64_C(1577836860) * 1000000), rows[i].ms);
    }
}
