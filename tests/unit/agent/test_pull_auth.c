#include "agent/pull_auth.h"
#include "tests/unit/test.h"

TEST(repositories)
{
    static const char *const rows[][2] = {
        {"busybox", "docker.io/library/busybox"},
        {"busybox:1@sha256:00", "docker.io/library/busybox"},
        {"team/app:2", "docker.io/team/app"},
        {"index.docker.io/team/app", "docker.io/team/app"},
        {"localhost/x:1", "localhost/x"},
        {"reg:5000/a/b:3", "reg:5000/a/b"},
        {"reg.io/a", "reg.io/a"},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_string_equal(pull_repository(a, rows[i][0]), rows[i][1]);
}

TEST(which_registries_are_meant)
{
    static const struct {
        const char *registry, *repository;
        bool ok;
    } rows[] = {
        {"reg.io", "reg.io/a", true},
        {"reg.io", "reg.io.evil/a", false},
        {"reg.io.evil", "reg.io/a", false},
        {"https://reg.io/v1/", "reg.io/a", true},
        {"https://index.docker.io/v1/", "docker.io/library/busybox", true},
        {"reg.io/team", "reg.io/team/app", true},
        {"reg.io/team", "reg.io/other/app", false},
        {"*.reg.io", "eu.reg.io/a", true},
        {"*.reg.io", "reg.io/a", false},
        {"*.reg.io", "a.b.reg.io/a", false},
        {"eu-*.reg.io", "eu-west.reg.io/a", true},
        {"reg.io:5000", "reg.io:5000/a", true},
        {"reg.io:5000", "reg.io/a", false},
        {"", "reg.io/a", false},
        {"*a*a*a*a*a*a*a*a*a*a*a*a*b.io", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.io/a", false},
        {"a**b.io", "axxb.io/a", true},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (pull_registry_matches(a, rows[i].registry, rows[i].repository) != rows[i].ok)
            fail_msg("%s %s", rows[i].registry, rows[i].repository);
}

TEST(the_most_specific_comes_first)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *list = value_array(a);

    pull_auths(a,
               value_literal(a, "{'auths':{'reg.io':{'auth':'1'},'other.io':{'auth':'2'},"
                                "'reg.io/team':{'username':'u','password':'p'},'reg.io/x':{}}}"),
               "reg.io/team/app:1", list);
    pull_auths(a, value_literal(a, "{'reg.io':{'auth':'3'}}"), "reg.io/team/app", list);
    assert_string_equal(value_to_str(a, list), "[{\"username\":\"u\",\"password\":\"p\"},"
                                               "{\"auth\":\"1\"},{\"auth\":\"3\"}]");
    assert_string_not_equal(pull_auth_hash(a, value_item(list, 0)),
                            pull_auth_hash(a, value_item(list, 1)));
}
