#include "controllers/extsecrets/vault_api.h"

#include "base/err.h"
#include "tests/unit/test.h"

static Value *store_of(Arena *a, const char *vault)
{
    return value_literal(a, arena_printf(a, "{'spec':{'provider':{'vault':%s}}}", vault));
}

TEST(stores_are_read_and_what_they_lack_is_told)
{
    static const struct {
        const char *vault, *why; /* NULL: it is fine */
        VaultAuth auth;
        const char *path; /* of the login */
    } rows[] = {
        {"{'server':'https://v','auth':{'tokenSecretRef':{'name':'t','key':'k'}}}", NULL,
         VAULT_TOKEN, "auth//login"},
        {"{'server':'https://v','auth':{'appRole':{'path':'ar','roleId':'r','secretRef':{'name':'"
         "s'}}}}",
         NULL, VAULT_APPROLE, "auth/ar/login"},
        {"{'server':'https://v','auth':{'appRole':{'roleRef':{'name':'r'},'secretRef':{'name':'s'}"
         "}}}",
         NULL, VAULT_APPROLE, "auth/approle/login"},
        {"{'server':'https://v','auth':{'kubernetes':{'mountPath':'k8s','role':'r',"
         "'serviceAccountRef':{'name':'sa'}}}}",
         NULL, VAULT_KUBERNETES, "auth/k8s/login"},
        {"{'server':'https://v','auth':{'userPass':{'username':'u','secretRef':{'name':'s'}}}}",
         NULL, VAULT_USERPASS, "auth/userpass/login/u"},
        {"{'server':'http://v','auth':{'tokenSecretRef':{'name':'t'}}}",
         "spec.provider.vault.server: must begin with https://", VAULT_TOKEN, NULL},
        {"{'server':'https://v','version':'v1','auth':{'tokenSecretRef':{'name':'t'}}}",
         "spec.provider.vault.version: only v2 is served", VAULT_TOKEN, NULL},
        {"{'server':'https://v','auth':{'ldap':{}}}",
         "spec.provider.vault.auth: no method that is known", VAULT_TOKEN, NULL},
        {"{'server':'https://v','auth':{'kubernetes':{'role':'r'}}}",
         "spec.provider.vault.auth.kubernetes: no Secret is named", VAULT_TOKEN, NULL},
        {"{'server':'https://v','auth':{'appRole':{'secretRef':{'name':'s'}}}}",
         "spec.provider.vault.auth.appRole.roleId: Required value", VAULT_TOKEN, NULL},
        {"{'server':'https://v','caProvider':{'type':'Secret','name':'c'},'auth':{}}",
         "spec.provider.vault.caProvider.key: Required value", VAULT_TOKEN, NULL},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        VaultStore s;
        Err err = {0};
        int r = vault_store_read(store_of(a, rows[i].vault), &s, &err);

        if (rows[i].why) {
            assert_int_equal(r, -ERR_INVALID);
            assert_string_equal(err.msg, rows[i].why);
        } else {
            assert_int_equal(r, 0);
            assert_int_equal(s.auth, rows[i].auth);
            assert_string_equal(vault_login_path(a, &s), rows[i].path);
        }
    }
}

TEST(paths_of_secrets_are_those_of_the_operator)
{
    static const struct {
        const char *mount, *key, *data, *metadata;
    } rows[] = {
        {"secret", "foo", "secret/data/foo", "secret/metadata/foo"},
        {"secret", "foo/bar", "secret/data/foo/bar", "secret/metadata/foo/bar"},
        {"secret", "secret/foo", "secret/data/foo", "secret/metadata/foo"},
        {"secret", "secret/data/foo", "secret/data/foo", "secret/metadata/foo"},
        {"secret", "secrets/foo", "secret/data/secrets/foo", "secret/metadata/secrets/foo"},
        {"a/b", "foo", "a/b/data/foo", "a/b/metadata/foo"},
        {NULL, "secret/foo", "secret/data/foo", "secret/metadata/foo"},
        {NULL, "secret/data/foo", "secret/data/foo", "secret/metadata/foo"},
        {"secret", "", "secret/data/", "secret/metadata/"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        VaultStore s = {.path = rows[i].mount};

        assert_string_equal(vault_kv_path(a, &s, rows[i].key, "data"), rows[i].data);
        assert_string_equal(vault_kv_path(a, &s, rows[i].key, "metadata"), rows[i].metadata);
    }
}

TEST(urls_keep_what_a_key_says_within_its_path)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    VaultStore s = {.server = "https://vault:8200//"};

    assert_string_equal(vault_url(a, &s, "secret/data/a b?c#d%\xc3\xa4", "version=2"),
                        "https://vault:8200/v1/secret/data/a%20b%3Fc%23d%25%C3%A4?version=2");
    assert_string_equal(vault_url(a, &s, "sys/x", NULL), "https://vault:8200/v1/sys/x");
}

TEST(logins_say_who_asks)
{
    static const struct {
        VaultAuth auth;
        const char *body;
    } rows[] = {
        {VAULT_APPROLE, "{\"role_id\":\"r\",\"secret_id\":\"s\"}"},
        {VAULT_KUBERNETES, "{\"role\":\"r\",\"jwt\":\"s\"}"},
        {VAULT_USERPASS, "{\"password\":\"s\"}"},
        {VAULT_TOKEN, "{}"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        VaultStore s = {.auth = rows[i].auth};

        assert_string_equal(value_to_str(a, vault_login_body(a, &s, "r", "s")), rows[i].body);
    }
}

TEST(outcomes_follow_from_status_and_never_repeat_a_token)
{
    static const struct {
        int status;
        const char *body;
        VaultOutcome outcome;
        const char *why;
    } rows[] = {
        {200, "{}", VAULT_OK, NULL},
        {204, "", VAULT_OK, NULL},
        {0, "", VAULT_LATER, "EOF"},
        {403, "{\"errors\":[\"permission denied\"]}", VAULT_DENIED, "403: permission denied"},
        {403, "<html>", VAULT_DENIED, "403: permission denied"},
        {403, "{\"errors\":[\"hvs.x is bad\"]}", VAULT_DENIED, "403: permission denied"},
        {400, "{\"errors\":[\"invalid role\\nor secret\"]}", VAULT_REFUSED,
         "400: invalid role or secret"},
        {400, "{\"errors\":[7]}", VAULT_REFUSED, "400: the request is refused"},
        {404, "{\"errors\":[]}", VAULT_MISSING, "404: not found"},
        {503, "{\"errors\":[\"Vault is sealed\"]}", VAULT_LATER, "503: Vault is sealed"},
        {503, "", VAULT_LATER, "503: it is sealed or down"},
        {307, "", VAULT_REFUSED, "307: redirections are not followed"},
        {599, "", VAULT_LATER, "599: the request is refused"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const char *why;

        assert_int_equal(
            vault_outcome(a, rows[i].status, "EOF", slice_of(rows[i].body), SLICE("hvs.x"), &why),
            rows[i].outcome);
        if (rows[i].why)
            assert_string_equal(why, rows[i].why);
        else
            assert_null(why);
    }
}

TEST(answers_are_read_or_refused)
{
    static const struct {
        char what; /* l login, t token's look-up, k KV, n names */
        const char *body, *result;
    } rows[] = {
        {'l', "{\"auth\":{\"client_token\":\"t\",\"lease_duration\":60,\"renewable\":true}}",
         "t 60 1"},
        {'l', "{\"auth\":{\"lease_duration\":60,\"renewable\":false}}", "- 60 0"},
        {'l', "{\"auth\":{\"client_token\":\"a\\nb\",\"lease_duration\":60}}",
         "the answer has no token"},
        {'l', "{\"auth\":null}", "the answer has no auth"},
        {'l', "{\"auth\":{\"client_token\":\"t\",\"lease_duration\":\"1h\"}}",
         "the answer says no lease_duration"},
        {'l', "{\"auth\":{\"client_token\":\"t\",\"lease_duration\":-1}}",
         "the answer says no lease_duration"},
        {'l', "{\"auth\":{\"client_token\":\"t\",\"lease_duration\":9000000000000}}",
         "t 315360000 0"},
        {'t', "{\"data\":{\"ttl\":0,\"renewable\":true}}", "- 0 1"},
        {'t', "{\"data\":{}}", "the answer says no ttl"},
        {'t', "nope", "the answer is not JSON"},
        {'k', "{\"data\":{\"data\":{\"a\":\"b\"},\"metadata\":{}}}", "{\"a\":\"b\"}"},
        {'k', "{\"data\":{\"data\":null,\"metadata\":{}}}", "gone"},
        {'k', "{\"data\":{\"data\":[],\"metadata\":{}}}", "the secret is not an object"},
        {'k', "{\"data\":{\"a\":\"b\"}}",
         "the answer is not one of KV version 2; is the mount of version 1?"},
        {'n', "{\"data\":{\"keys\":[\"a\",\"b/\"]}}", "[\"a\",\"b/\"]"},
        {'n', "{\"data\":{\"keys\":[\"\"]}}", "the answer has a key that is none"},
        {'n', "{\"data\":{\"keys\":[1]}}", "the answer has a key that is none"},
        {'n', "{\"data\":{}}", "the answer has no keys"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Slice body = slice_of(rows[i].body);
        VaultLogin l;
        Value *v = NULL;
        Err err = {0};
        const char *result;
        int r = rows[i].what == 'l'   ? vault_read_login(a, body, &l, &err)
                : rows[i].what == 't' ? vault_read_lookup(a, body, &l, &err)
                : rows[i].what == 'k' ? vault_read_kv(a, body, &v, &err)
                                      : vault_read_list(a, body, &v, &err);

        if (r < 0)
            result = err.msg;
        else if (rows[i].what == 'l' || rows[i].what == 't')
            result = arena_printf(a, "%s %d %d", l.token ? l.token : "-", (int)l.lease_s,
                                  l.is_renewable);
        else
            result = v ? value_to_str(a, v) : "gone";
        assert_string_equal(result, rows[i].result);
    }
}

TEST(a_token_is_renewed_before_it_ends)
{
    assert_int_equal(vault_renew_after_ms(90), 60000);
    assert_int_equal(vault_renew_after_ms(1), 1000);
}
