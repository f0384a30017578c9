#include "hostplane/config.h"

#include "base/err.h"
#include "tests/unit/test.h"

#include <unistd.h>

static const char *const sample = "listen:\n- 10.0.0.1:1\n- 10.0.0.2:2\nthreads: 3\n"
                                  "scheduler: false\ndata-dir: /from/file\n";

static void write_sample(char path[32], const char *text)
{
    FILE *f;
    int fd;

    snprintf(path, 32, "/tmp/config-XXXXXX");
    fd = mkstemp(path);
    assert_true(fd >= 0);
    f = fdopen(fd, "w");
    fputs(text, f);
    fclose(f);
}

TEST(flags_win_over_environment_over_file_over_defaults)
{
    char path[32];
    char *argv[] = {(char *)"--config", path,          (char *)"--threads=5",
                    (char *)"--name",   (char *)"a.b", (char *)"--name",
                    (char *)"c.d"};
    Config c;
    Err err;

    write_sample(path, sample);
    setenv("HOSTPLANE_DATA_DIR", "/from/env", 1);
    setenv("HOSTPLANE_NAME", "x,y", 1);
    assert_ok(config_load(ARRAY_LEN(argv), argv, &c, &err));
    assert_string_equal(c.data_dir, "/from/env");
    assert_string_equal(c.listen[0], "10.0.0.1:1");
    assert_string_equal(c.listen[1], "10.0.0.2:2");
    assert_null(c.listen[2]);
    assert_int_equal(c.threads, 5);
    assert_false(c.scheduler);
    assert_true(c.controllers);
    assert_string_equal(c.names[0], "a.b");
    assert_string_equal(c.names[1], "c.d");
    assert_null(c.names[2]);
    assert_string_equal(c.log_level, "info");
    unsetenv("HOSTPLANE_DATA_DIR");
    unsetenv("HOSTPLANE_NAME");
    config_done(&c);
    unlink(path);
}

TEST(says_what_is_wrong)
{
    static const struct {
        const char *arg, *file, *message;
    } cases[] = {
        {"--none", "", "unknown option --none"},
        {"--threads=x", "", "--threads: 'x' is not a number from 0 to 1024"},
        {"--scheduler=maybe", "", "--scheduler: 'maybe' is not true or false"},
        {"--data-dir", "", "--data-dir needs a value"},
        {"--log-format=xml", "", "--log-format: 'xml' is not text or json"},
        {"--threads=1", "nonsense: 1\n", "unknown option 'nonsense'"},
        {"--threads=1", "- a\n", "not a mapping of options"},
        {"--threads=1", "listen: {a: b}\n", "listen: object is not what it takes"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char path[32], *argv[] = {(char *)"--config", path, (char *)cases[i].arg};
        Config c;
        Err err;

        write_sample(path, cases[i].file);
        assert_fails(config_load(3, argv, &c, &err), ERR_BAD_REQUEST);
        if (!strstr(err.msg, cases[i].message))
            fail_msg("'%s' does not say '%s'", err.msg, cases[i].message);
        config_done(&c);
        unlink(path);
    }
}
