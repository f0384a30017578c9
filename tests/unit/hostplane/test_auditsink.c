#include "hostplane/auditsink.h"

#include "base/files.h"
#include "base/mem.h"
#include "tests/unit/test.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

static char dir[64];

static void clean_up(void)
{
    AUTO_FREE char *cmd = xasprintf("rm -rf %s", dir);

    (void)!system(cmd);
}

static const char *path_of(const char *name)
{
    static char path[128];

    if (!dir[0]) {
        snprintf(dir, sizeof(dir), "/tmp/hp-auditsink-XXXXXX");
        assert_non_null(mkdtemp(dir));
        atexit(clean_up);
    }
    snprintf(path, sizeof(path), "%s/%s", dir, name);
    return path;
}

/* A chain, given to the sink as the store tells of it. */
static void add_records_of(const char *cluster, AuditSink *s, AuditPlace *last, int n)
{
    Cluster c = {0};

    snprintf(c.name, sizeof(c.name), "%s", cluster);
    for (int i = 0; i < n; i++) {
        Slice event = SLICE("{\"kind\":\"Event\",\"auditID\":\"x\"}");
        Slice bodies = i % 2 ? SLICE("{\"requestObject\":{\"a\":1}}") : (Slice){NULL, 0};
        AuditRecord r = {.cluster = &c, .event = event};

        audit_chain_next(last, event, bodies, &r.place);
        *last = r.place;
        audit_sink_add(s, &r, bodies);
    }
}

static void add_records(AuditSink *s, AuditPlace *last, int n)
{
    add_records_of("acme", s, last, n);
}

static int64_t check_file(const char *path, AuditCheck *c)
{
    AUTO_BUF text = BUF_INIT;
    Slice rest, line;
    int64_t n = 0;
    Err err;

    if (file_read(path, 10 << 20, &text, &err) < 0)
        return -1;
    rest = buf_slice(&text);
    while (rest.len > 0) {
        (void)slice_cut(&rest, '\n', &line);
        if (audit_check_line(c, line, &err) < 0)
            fail_msg("%s: %s", path, err.msg);
        n++;
    }
    return n;
}

TEST(a_file_has_a_line_for_each_record)
{
    AuditWriter w;
    AuditSink *s = NULL;
    AuditPlace last = {0};
    AuditCheck c = {0};
    Err err;

    assert_ok(audit_file_open(path_of("plain"), 1 << 20, 3, &w, &err));
    assert_ok(audit_sink_open(&w, &s, &err));
    add_records(s, &last, 1000);
    audit_sink_close(s); /* what waits is written */
    assert_int_equal(check_file(path_of("plain"), &c), 1000);
    assert_int_equal(c.last.seq, 1000);
    /* what is there already stays */
    assert_ok(audit_file_open(path_of("plain"), 1 << 20, 3, &w, &err));
    assert_ok(audit_sink_open(&w, &s, &err));
    add_records(s, &last, 1);
    audit_sink_close(s);
    c = (AuditCheck){0};
    assert_int_equal(check_file(path_of("plain"), &c), 1001);
}

TEST(bodies_leave_the_server_with_the_records_of_the_host_only)
{
    static const struct {
        const char *cluster;
        bool shows;
    } rows[] = {{"host", true}, {"acme", false}};

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        AUTO_BUF text = BUF_INIT;
        AuditWriter w;
        AuditSink *s = NULL;
        AuditPlace last = {0};
        AuditCheck c = {0};
        Err err;

        assert_ok(audit_file_open(path_of(rows[i].cluster), 1 << 20, 3, &w, &err));
        assert_ok(audit_sink_open(&w, &s, &err));
        add_records_of(rows[i].cluster, s, &last, 2);
        audit_sink_close(s);
        assert_int_equal(check_file(path_of(rows[i].cluster), &c), 2);
        assert_ok(file_read(path_of(rows[i].cluster), 1 << 20, &text, &err));
        assert_int_equal(strstr(buf_str(&text), "requestObject") != NULL, rows[i].shows);
        assert_int_equal(strstr(buf_str(&text), AUDIT_BODIES) != NULL, !rows[i].shows);
    }
}

/* The first byte of a file, 0 when it is not there. */
static char first_of(const char *name)
{
    AUTO_BUF text = BUF_INIT;

    return file_read(path_of(name), 1 << 20, &text, NULL) < 0 || text.len == 0 ? 0 : text.ptr[0];
}

TEST(files_turn_and_the_oldest_go)
{
    AuditWriter w;
    char line[1500];
    Err err;

    assert_ok(audit_file_open(path_of("turning"), 2000, 2, &w, &err));
    for (int i = 0; i < 6; i++) { /* each fills one */
        memset(line, 'a' + i, sizeof(line));
        assert_true(w.write(w.data, (Slice){line, sizeof(line)}, 1));
    }
    w.close(w.data);
    assert_int_equal(first_of("turning"), 'f');
    assert_int_equal(first_of("turning.1"), 'e');
    assert_int_equal(first_of("turning.2"), 'd');
    assert_int_equal(first_of("turning.3"), 0);
}

TEST(a_file_that_cannot_be_opened_is_said_at_once)
{
    AuditWriter w;
    Err err;

    assert_fails(audit_file_open("/nowhere/at/all", 1000, 1, &w, &err), ERR_INTERNAL);
    assert_non_null(strstr(err.msg, "/nowhere/at/all: No such file"));
}

/* ---- one that fails at first ---- */

static _Atomic int n_calls, n_lines;

static bool often(void *data UNUSED, Slice lines, size_t n)
{
    assert_int_equal(lines.ptr[lines.len - 1], '\n');
    if (atomic_fetch_add(&n_calls, 1) < 2)
        return false;
    atomic_fetch_add(&n_lines, (int)n);
    return true;
}

static void nothing(void *data UNUSED)
{
}

TEST(a_batch_is_tried_again)
{
    AuditWriter w = {"test", often, nothing, NULL};
    AuditSink *s = NULL;
    AuditPlace last = {0};

    assert_ok(audit_sink_open(&w, &s, NULL));
    add_records(s, &last, 3);
    audit_sink_add_line(s, SLICE("{\"kind\":\"AuditCheckpoint\"}"));
    audit_sink_close(s);
    assert_int_equal(n_lines, 4);
    assert_true(n_calls >= 3);
}
