#include "agent/image_name.h"
#include "base/slice.h"
#include "tests/unit/test.h"

#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

TEST(names_of_images_and_what_is_wrong_with_others)
{
    static const struct {
        const char *image, *error;
    } rows[] = {
        {"nginx", NULL},
        {"nginx:1.25", NULL},
        {"library/nginx:latest", NULL},
        {"a__b/c.d-e--f_g:V1_x.y-z", NULL},
        {"localhost:5000/x:y", NULL},
        {"localhost/busybox:1.35", NULL},
        {"Registry.Example.COM/x", NULL},
        {"[fd00::1]:5000/x", NULL},
        {"a_b.c/x", NULL}, /* no host, but a path */
        {"x@sha256:" HEX64, NULL},
        {"r.example/x:t@sha256:" HEX64, NULL},
        {"docker.io/x:y", NULL},
        {"Nginx", "invalid reference format: repository name (library/Nginx) must be lowercase"},
        {"foo/Bar:x", "invalid reference format: repository name (foo/Bar) must be lowercase"},
        {"Foo_bar/x", "repository name must be lowercase"},
        {"nginx::1", "invalid reference format"},
        {"nginx:", "invalid reference format"},
        {":tag", "invalid reference format"},
        {"nginx:-x", "invalid reference format"},
        {"a//b", "invalid reference format"},
        {"a/", "invalid reference format"},
        {"/a", "invalid reference format"},
        {"a b", "invalid reference format"},
        {"a___b", "invalid reference format"},
        {"-a", "invalid reference format"},
        {"https://r.example/x", "invalid reference format"},
        {"r.example:port/x", "invalid reference format"},
        {"x@sha256:0123", "invalid reference format"},
        {"x@sha256:" HEX64 "00", "invalid checksum digest length"},
        {"x@sha256:0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef",
         "invalid checksum digest format"},
        {"x@md5:0123456789abcdef0123456789abcdef", "unsupported digest algorithm"},
        {HEX64, "invalid repository name (" HEX64 "), cannot specify 64-byte hexadecimal strings"},
    };
    CLEANUP(arena_free) Arena *a = arena_new();

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *error = image_name_error(a, rows[i].image);

        if (!(rows[i].error ? str_eq(error, rows[i].error) : error == NULL))
            fail_msg("%s: %s", rows[i].image, error ? error : "(nothing)");
    }
}

TEST(a_path_has_so_many_characters)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    char path[260] = "";

    memset(path, 'a', 247); /* "library/" is before it */
    assert_null(image_name_error(a, path));
    path[247] = 'a';
    assert_string_equal(image_name_error(a, path),
                        "repository name must not be more than 255 characters");
    assert_null(image_name_error(a, arena_printf(a, "r.example/%.*s", 255, path)));
}
