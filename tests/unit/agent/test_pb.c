#include "agent/cri.h"
#include "agent/cri_schema.h"
#include "agent/runtime.h"
#include "base/err.h"
#include "client/grpc.h"
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
    CriEvent e;
    static const struct {
        const char *topic, *exit; /* the bytes of a TaskExit: container "c", id */
        bool matters;
    } rows[] = {
        {"/tasks/start", "", false},
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
        if (cri_event_matters(buf_slice(&b), &e) != rows[i].matters)
            fail_msg("%s %zu", rows[i].topic, i);
        assert_string_equal(e.ended, rows[i].exit[0] && rows[i].matters ? "c" : "");
    }
    assert_true(cri_event_matters(SLICE("\xff\xff"), &e)); /* rather one look too many */
}

TEST(an_end_is_told_completely_when_the_task_is_cleared_away)
{
    /* TaskDelete: container "c", pid 7, code 3, at 1000.5 s, no id; TaskOOM: container "c" */
    static const char end[] = "\x0a\x01"
                              "c\x10\x07\x18\x03\x22\x09\x08\xe8\x07\x10\x80\xca\xb5\xee\x01";
    static const char command[] = "\x0a\x01"
                                  "c\x18\x03\x22\x03\x08\xe8\x07\x2a\x01"
                                  "e";
    static const struct {
        const char *topic, *bytes;
        bool matters, is_final;
        const char *no_memory;
    } rows[] = {{"/tasks/delete", end, true, true, ""},
                {"/tasks/delete", command, false, false, ""},
                {"/tasks/oom",
                 "\x0a\x01"
                 "c",
                 true, false, "c"}};

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        AUTO_BUF b = BUF_INIT;
        size_t n = strlen(rows[i].bytes);
        CriEvent e;

        buf_addf(&b, "\x1a%c%s", (char)strlen(rows[i].topic), rows[i].topic);
        buf_addf(&b, "\x22%c\x12%c%s", (char)(n + 2), (char)n, rows[i].bytes);
        assert_int_equal(cri_event_matters(buf_slice(&b), &e), rows[i].matters);
        assert_int_equal(e.is_final, rows[i].is_final);
        assert_string_equal(e.no_memory, rows[i].no_memory);
        if (!e.is_final)
            continue;
        assert_string_equal(e.ended, "c");
        assert_int_equal(e.exit_code, 3);
        assert_true(e.finished_us == 1000500000);
    }
}

TEST(an_event_ends_what_the_runtime_still_has_as_running)
{
    static const struct {
        const char *id, *no_memory;
        int state, code;
        int want_state;
        const char *want_reason;
    } rows[] = {
        {"c", "", CRI_RUNNING, 0, CRI_EXITED, "Completed"},
        {"c", "", CRI_RUNNING, 3, CRI_EXITED, "Error"},
        {"c", "", CRI_RUNNING, 137, CRI_RUNNING, ""}, /* perhaps for want of memory */
        {"c", "c", CRI_RUNNING, 0, CRI_RUNNING, ""},
        {"c", "d", CRI_RUNNING, 0, CRI_EXITED, "Completed"},
        {"d", "", CRI_RUNNING, 0, CRI_RUNNING, ""},
        {"c", "", CRI_CREATED, 0, CRI_CREATED, ""},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        RtContainer c = {.id = "c", .state = rows[i].state, .reason = ""};
        CriEvent e = {.is_final = true, .exit_code = rows[i].code, .finished_us = 5};

        snprintf(e.ended, sizeof(e.ended), "%s", rows[i].id);
        runtime_end(&c, &e, rows[i].no_memory);
        if (c.state != rows[i].want_state || strcmp(c.reason, rows[i].want_reason) != 0)
            fail_msg("row %zu: %d %s", i, c.state, c.reason);
    }
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
