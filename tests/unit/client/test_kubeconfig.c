#include "client/kubeconfig.h"

#include "base/err.h"
#include "tests/unit/test.h"

static const char text[] = "apiVersion: v1\n"
                           "kind: Config\n"
                           "current-context: one\n"
                           "clusters:\n"
                           "- name: c\n"
                           "  cluster:\n"
                           "    server: https://10.0.0.1:6443/clusters/acme\n"
                           "    certificate-authority-data: UEVN\n"
                           "users:\n"
                           "- name: u\n"
                           "  user:\n"
                           "    token: secret\n"
                           "- name: helper\n"
                           "  user:\n"
                           "    exec: {command: x}\n"
                           "contexts:\n"
                           "- name: one\n"
                           "  context: {cluster: c, user: u, namespace: web}\n"
                           "- name: two\n"
                           "  context: {cluster: gone, user: u}\n"
                           "- name: three\n"
                           "  context: {cluster: c, user: helper}\n";

TEST(the_current_context_gives_the_options)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v;
    HttpOptions o;
    const char *ns;

    assert_ok(kubeconfig_parse(a, slice_of(text), &v, NULL));
    assert_ok(kubeconfig_options(a, v, NULL, &o, &ns, NULL));
    assert_string_equal(o.server, "https://10.0.0.1:6443/clusters/acme");
    assert_string_equal(o.ca_pem, "PEM");
    assert_string_equal(o.token, "secret");
    assert_string_equal(ns, "web");
}

TEST(flags_win)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    KubeconfigChoice choice = {.server = "https://x", .ns = "n", .token = "t", .is_insecure = true};
    Value *v;
    HttpOptions o;
    const char *ns;

    assert_ok(kubeconfig_parse(a, slice_of(text), &v, NULL));
    assert_ok(kubeconfig_options(a, v, &choice, &o, &ns, NULL));
    assert_string_equal(o.server, "https://x");
    assert_string_equal(o.token, "t");
    assert_string_equal(ns, "n");
    assert_null(o.ca_pem);
}

TEST(what_is_missing_is_named)
{
    static const struct {
        const char *context;
        ErrCode code;
        const char *message;
    } rows[] = {
        {"nope", ERR_NOT_FOUND, "context \"nope\" does not exist"},
        {"two", ERR_NOT_FOUND, "cluster \"gone\" does not exist"},
        {"three", ERR_BAD_REQUEST,
         "invalid configuration: apiVersion must be specified for helper to use exec "
         "authentication "
         "plugin"},
    };
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v;

    assert_ok(kubeconfig_parse(a, slice_of(text), &v, NULL));
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        KubeconfigChoice choice = {.context = rows[i].context};
        HttpOptions o;
        Err err;

        assert_fails(kubeconfig_options(a, v, &choice, &o, NULL, &err), rows[i].code);
        assert_string_equal(err.msg, rows[i].message);
    }
}

TEST(odd_files_are_refused)
{
    static const char *const rows[] = {"[1]", "clusters: 3", "users: [{user: {}}]", "a: [",
                                       "clusters: [3]"};
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_fails(kubeconfig_parse(a, slice_of(rows[i]), &v, NULL), ERR_BAD_REQUEST);
    assert_ok(kubeconfig_parse(a, SLICE(""), &v, NULL));
}
