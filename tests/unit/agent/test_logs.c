#include "agent/logs.h"
#include "base/clock.h"
#include "base/mem.h"
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

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "we");

    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

TEST(a_log_is_put_aside_and_the_oldest_goes)
{
    static const char *const after[][4] = {/* LOG, LOG.1, LOG.2, LOG.3; "": there is none */
                                           {"", "a", "", ""},
                                           {"", "b", "a", ""},
                                           {"", "c", "b", ""},
                                           {"", "d", "c", ""}};
    char dir[] = "/tmp/hp-logs-XXXXXX";
    AUTO_FREE char *path = NULL;

    assert_non_null(mkdtemp(dir));
    path = xasprintf("%s/0.log", dir);
    assert_false(log_put_aside(path, 3));
    for (size_t i = 0; i < ARRAY_LEN(after); i++) {
        char text[2] = {(char)('a' + i), '\0'};

        write_file(path, text);
        assert_true(log_put_aside(path, 3));
        for (int k = 0; k < 4; k++) {
            AUTO_FREE char *one = k ? xasprintf("%s.%d", path, k) : xstrdup(path);
            FILE *f = fopen(one, "re");
            char got[4] = "";

            if (f) {
                if (!fgets(got, sizeof(got), f))
                    got[0] = '\0';
                fclose(f);
            }
            if (strcmp(got, after[i][k]) != 0)
                fail_msg("%zu: %s has \"%s\"", i, one, got);
        }
    }
    for (int k = 1; k < 3; k++) {
        AUTO_FREE char *one = xasprintf("%s.%d", path, k);

        (void)unlink(one);
    }
    assert_int_equal(rmdir(dir), 0);
}
