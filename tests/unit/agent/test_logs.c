#include "agent/logs.h"
#include "base/clock.h"
#include "tests/unit/test.h"

#include <stdlib.h>
#include <unistd.h>

static void write_all(const char *text, const LogOptions *o, Buf *out)
{
    Slice rest = slice_of(text), line;
    int64_t left = o->limit_bytes;
    bool in_line = false;
    LogLine l;

    while (rest.len > 0) {
        slice_cut(&rest, '\n', &line);
        if (log_line_parse(line, &l))
            log_line_write(&l, o, &in_line, &left, out);
    }
}

#define T1 "2026-01-02T03:04:05.000000001Z"
#define T2 "2026-01-02T03:04:09.000000001Z"

TEST(what_the_options_make_of_a_file)
{
    static const char file[] = T1 " stdout F one\n" T1 " stdout P tw\n" T1
                                  " stdout F o\nrubbish\n" T2 " stderr F three\n" T2 " stdout F \n";
    static const struct {
        LogOptions o;
        const char *expected;
    } rows[] = {
        {{.limit_bytes = -1}, "one\ntwo\nthree\n\n"},
        {{.limit_bytes = -1, .stream = "stderr"}, "three\n"},
        {{.limit_bytes = 6}, "one\ntw"},
        {{.limit_bytes = -1, .since_us = 1767323047000000}, "three\n\n"},
        {{.limit_bytes = -1, .timestamps = true, .since_us = 1767323047000000},
         T2 " three\n" T2 " \n"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        AUTO_BUF out = BUF_INIT;

        write_all(file, &rows[i].o, &out);
        assert_string_equal(buf_str(&out), rows[i].expected);
    }
}

TEST(the_tail_begins_at_a_line)
{
    char path[] = "/tmp/hostplane-test-XXXXXX";
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    unlink(path);
    assert_int_equal(write(fd, "a\nbb\nccc\n", 9), 9);
    assert_int_equal(log_tail_offset(fd, 0), 9);
    assert_int_equal(log_tail_offset(fd, 1), 5);
    assert_int_equal(log_tail_offset(fd, 2), 2);
    assert_int_equal(log_tail_offset(fd, 3), 0);
    assert_int_equal(log_tail_offset(fd, 99), 0);
    close(fd);
}

TEST(the_last_words_of_a_log)
{
    static const char log[] = "2026-01-01T00:00:00.000000000Z stdout F one\n"
                              "2026-01-01T00:00:00.000000000Z stderr P tw\n"
                              "2026-01-01T00:00:00.000000000Z stderr F o\n"
                              "2026-01-01T00:00:00.000000000Z stdout F three\n";
    static const struct {
        int lines;
        size_t bytes;
        const char *expected;
    } rows[] = {{80, 2048, "one\ntwo\nthree\n"},
                {1, 2048, "three\n"},
                {3, 2048, "two\nthree\n"},
                {80, 4, "ree\n"}};

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        AUTO_BUF out = BUF_INIT;

        log_last_words(slice_of(log), rows[i].lines, rows[i].bytes, &out);
        assert_string_equal(buf_str(&out), rows[i].expected);
    }
}
