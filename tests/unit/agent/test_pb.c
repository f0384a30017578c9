#include "agent/cri_schema.h"
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
