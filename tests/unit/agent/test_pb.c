#include "agent/cri.h"
#include "agent/cri_schema.h"
#include "agent/grpc.h"
#include "base/err.h"
#include "tests/unit/test.h"

static const PbMessage *request_of(CriMethod m)
{
    return cri_methods[m].request;
}

TEST(a_tree_survives_the_way_through_bytes)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF b = BUF_INIT;
    Value *back;
    Err err;
    Value *v = value_literal(
        a, "{'config':{'metadata':{'name':'p','uid':'u','namespace':'n','attempt':3},"
           "'hostname':'h','dns_config':{'servers':['10.96.0.10'],'searches':['a','b']},"
           "'port_mappings':[{'protocol':1,'container_port':53}],'labels':{'a':'b','c':''},"
           "'linux':{'security_context':{'supplemental_groups':[1,2,300],'run_as_user':"
           "{'value':5}}}},'runtime_handler':'runc'}");

    pb_encode(request_of(CRI_RUN_POD_SANDBOX), v, &b);
    assert_ok(pb_decode(a, request_of(CRI_RUN_POD_SANDBOX), buf_slice(&b), &back, &err));
    assert_true(value_equal(v, back));
}

TEST(zero_is_not_written_and_wrappers_are)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF b = BUF_INIT;
    Value *v = value_literal(a, "{'container_id':'','timeout':0}");

    pb_encode(request_of(CRI_STOP_CONTAINER), v, &b);
    assert_int_equal(b.len, 0);
}

TEST(negative_numbers_keep_their_sign)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF b = BUF_INIT;
    Value *back;
    Err err;

    pb_encode(request_of(CRI_STOP_CONTAINER), value_literal(a, "{'timeout':-7}"), &b);
    assert_ok(pb_decode(a, request_of(CRI_STOP_CONTAINER), buf_slice(&b), &back, &err));
    assert_int_equal(value_at_int(back, "timeout", 0), -7);
}

TEST(rubbish_is_refused)
{
    static const struct {
        const char *bytes;
        size_t n;
    } rows[] = {{"\x0a\x05"
                 "ab",
                 4},
                {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 11},
                {"\x0b", 1},
                {"\x0a", 1}};
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_fails(pb_decode(a, request_of(CRI_STOP_CONTAINER), (Slice){rows[i].bytes, rows[i].n},
                               &v, NULL),
                     ERR_INTERNAL);
}

TEST(events_that_matter)
{
    char ended[CRI_ID_MAX];
    static const struct {
        const char *topic, *exit; /* the bytes of a TaskExit: container "c", id */
        bool matters;
    } rows[] = {
        {"/tasks/start", "", true},
        {"/tasks/exit",
         "\x0a\x01"
         "c"
         "\x12\x01"
         "c",
         true},
        {"/tasks/exit",
         "\x0a\x01"
         "c"
         "\x12\x01"
         "e",
         false},
        {"/tasks/exec-started", "", false},
        {"/images/create", "", false},
        {"/tasks/oom", "", true},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        AUTO_BUF b = BUF_INIT;
        size_t n = strlen(rows[i].exit);

        buf_addf(&b, "\x1a%c%s", (char)strlen(rows[i].topic), rows[i].topic);
        buf_addf(&b, "\x22%c\x12%c%s", (char)(n + 2), (char)n, rows[i].exit);
        if (cri_event_matters(buf_slice(&b), ended) != rows[i].matters)
            fail_msg("%s %zu", rows[i].topic, i);
        assert_string_equal(ended, rows[i].exit[0] && rows[i].matters ? "c" : "");
    }
    assert_true(cri_event_matters(SLICE("\xff\xff"), ended)); /* rather one look too many */
}

TEST(messages_are_cut_off_a_stream)
{
    Slice stream = {"\0\0\0\0\2ab\0\0\0\0\0\0\0\0\0\3x", 18}, m;
    bool bad;

    assert_true(grpc_cut(&stream, &m, &bad));
    assert_true(slice_is(m, "ab"));
    assert_true(grpc_cut(&stream, &m, &bad));
    assert_int_equal(m.len, 0);
    assert_false(grpc_cut(&stream, &m, &bad)); /* three bytes are announced, one is there */
    assert_false(bad);
    stream = (Slice){"\1\0\0\0\0", 5};
    assert_false(grpc_cut(&stream, &m, &bad));
    assert_true(bad);
}
