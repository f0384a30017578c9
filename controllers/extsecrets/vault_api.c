#include "controllers/extsecrets/vault_api.h"

#include "base/err.h"

#include <ctype.h>

enum { MAX_WHY = 200, MAX_LEASE_S = 10 * 365 * 86400 };

/* ---- the store ---- */

static const char *text_at(const Value *v, const char *path)
{
    const char *s = value_at_str(v, path);

    return s && s[0] ? s : NULL;
}

bool vault_is_word(Slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] <= ' ' || s.ptr[i] >= 127)
            return false;
    return s.len > 0;
}

static KeyRef key_ref(const Value *v, const char *deflt_key)
{
    const char *key = text_at(v, "key");

    return (KeyRef){.name = text_at(v, "name"),
                    .key = key ? key : deflt_key,
                    .is_configmap = str_eq(value_get_str(v, "type"), "ConfigMap")};
}

typedef struct AuthRow {
    const char *name, *path_field, *path, *role_field, *role_ref, *secret_ref;
} AuthRow;

static const AuthRow auth_rows[] = {
    [VAULT_TOKEN] = {"tokenSecretRef", "", "", "", "", NULL},
    [VAULT_APPROLE] = {"appRole", "path", "approle", "roleId", "roleRef", "secretRef"},
    [VAULT_KUBERNETES] = {"kubernetes", "mountPath", "kubernetes", "role", "", "secretRef"},
    [VAULT_USERPASS] = {"userPass", "path", "userpass", "username", "", "secretRef"},
};

static int read_auth(const Value *auth, VaultStore *s, Err *err)
{
    const Value *v = NULL;
    const AuthRow *row = NULL;

    for (size_t i = 0; i < ARRAY_LEN(auth_rows) && !v; i++) {
        row = &auth_rows[i];
        v = value_get(auth, row->name);
        s->auth = (VaultAuth)i;
    }
    if (!v)
        return err_set(err, ERR_INVALID, "spec.provider.vault.auth: no method that is known");
    s->secret = key_ref(row->secret_ref ? value_get(v, row->secret_ref) : v, "token");
    s->auth_path = text_at(v, row->path_field) ? text_at(v, row->path_field) : row->path;
    s->role = text_at(v, row->role_field);
    s->role_ref = key_ref(value_get(v, row->role_ref), "roleId");
    s->account = text_at(v, "serviceAccountRef.name");
    s->audiences = value_at(v, "serviceAccountRef.audiences");
    if (!s->secret.name && !(s->auth == VAULT_KUBERNETES && s->account))
        return err_set(err, ERR_INVALID, "spec.provider.vault.auth.%s: no Secret is named",
                       row->name);
    if (s->auth != VAULT_TOKEN && !s->role && !s->role_ref.name)
        return err_set(err, ERR_INVALID, "spec.provider.vault.auth.%s.%s: Required value",
                       row->name, row->role_field);
    return 0;
}

int vault_store_read(const Value *store, VaultStore *ret, Err *err)
{
    const Value *v = value_at(store, "spec.provider.vault");
    const char *server = text_at(v, "server"), *version = text_at(v, "version");

    *ret = (VaultStore){.server = server,
                        .path = text_at(v, "path"),
                        .ns = text_at(v, "namespace"),
                        .auth_ns = text_at(v, "auth.namespace"),
                        .ca_bundle = text_at(v, "caBundle"),
                        .ca = key_ref(value_get(v, "caProvider"), NULL)};
    if (!ret->auth_ns)
        ret->auth_ns = ret->ns;
    if (!server || !str_starts(server, "https://"))
        return err_set(err, ERR_INVALID, "spec.provider.vault.server: must begin with https://");
    if (version && !str_eq(version, "v2"))
        return err_set(err, ERR_INVALID, "spec.provider.vault.version: only v2 is served");
    if ((ret->ns && !vault_is_word(slice_of(ret->ns))) ||
        (ret->auth_ns && !vault_is_word(slice_of(ret->auth_ns))))
        return err_set(err, ERR_INVALID, "spec.provider.vault.namespace: has blanks");
    if (ret->ca.name && !ret->ca.key)
        return err_set(err, ERR_INVALID, "spec.provider.vault.caProvider.key: Required value");
    return read_auth(value_get(v, "auth"), ret, err);
}

/* ---- requests ---- */

static void add_encoded(Buf *out, const char *path)
{
    static const char plain[] = "-._~!$&'()*+,;=:@/";

    for (const unsigned char *p = (const unsigned char *)path; *p; p++) {
        if (isalnum(*p) || strchr(plain, *p))
            buf_addc(out, (char)*p);
        else
            buf_addf(out, "%%%02X", *p);
    }
}

const char *vault_url(Arena *a, const VaultStore *s, const char *path, const char *query)
{
    AUTO_BUF out = BUF_INIT;
    size_t n = strlen(s->server);

    while (n > 0 && s->server[n - 1] == '/')
        n--;
    buf_add(&out, s->server, n);
    buf_adds(&out, "/v1/");
    add_encoded(&out, path);
    if (query)
        buf_addf(&out, "?%s", query);
    return arena_strdup(a, buf_str(&out));
}

const char *vault_kv_path(Arena *a, const VaultStore *s, const char *key, const char *part)
{
    const char *slash;
    size_t n;

    if (s->path) {
        n = strlen(s->path);
        if (strncmp(key, s->path, n) == 0 && key[n] == '/') {
            key += n + 1;
            if (str_starts(key, "data/"))
                key += 5;
        }
        return arena_printf(a, "%s/%s/%s", s->path, part, key);
    }
    slash = strchr(key, '/');
    n = slash ? (size_t)(slash - key) : strlen(key);
    if (slash && str_starts(slash, "/data/"))
        slash += 5;
    return arena_printf(a, "%.*s/%s/%s", (int)n, key, part, slash ? slash + 1 : "");
}

const char *vault_login_path(Arena *a, const VaultStore *s)
{
    if (s->auth == VAULT_USERPASS)
        return arena_printf(a, "auth/%s/login/%s", s->auth_path, s->role);
    return arena_printf(a, "auth/%s/login", s->auth_path);
}

Value *vault_login_body(Arena *a, const VaultStore *s, const char *role, const char *secret)
{
    static const struct {
        const char *role, *secret;
    } names[] = {[VAULT_TOKEN] = {NULL, NULL},
                 [VAULT_APPROLE] = {"role_id", "secret_id"},
                 [VAULT_KUBERNETES] = {"role", "jwt"},
                 [VAULT_USERPASS] = {NULL, "password"}};
    Value *v = value_object(a);

    if (names[s->auth].role)
        value_set_str(a, v, names[s->auth].role, role);
    if (names[s->auth].secret)
        value_set_str(a, v, names[s->auth].secret, secret);
    return v;
}

/* ---- answers ---- */

/* What Vault says went wrong: one line that can be printed. */
static const char *words_of(Arena *a, Slice body, Slice secret)
{
    const char *text = NULL;
    Value *v = NULL, *first;
    char *out;
    size_t n = 0;

    if (value_parse(a, body, &v, NULL) == 0) {
        first = value_item(value_get(v, "errors"), 0);
        text = value_to_cstr(first);
    }
    if (!text || !text[0])
        return NULL;
    if (secret.len > 0 && memmem(text, strlen(text), secret.ptr, secret.len))
        return NULL;
    out = arena_alloc(a, MAX_WHY + 1);
    for (const char *p = text; *p && n < MAX_WHY; p++)
        out[n++] = *p == '\n' || *p == '\t' ? ' ' : (char)(*p >= ' ' && *p < 127 ? *p : '?');
    return out;
}

VaultOutcome vault_outcome(Arena *a, int status, const char *error, Slice body, Slice secret,
                           const char **ret_why)
{
    static const struct {
        int status;
        VaultOutcome outcome;
        const char *words;
    } rows[] = {
        {401, VAULT_DENIED, "not logged in"},        {403, VAULT_DENIED, "permission denied"},
        {404, VAULT_MISSING, "not found"},           {412, VAULT_LATER, "it is behind"},
        {429, VAULT_LATER, "too many requests"},     {472, VAULT_LATER, "it is a standby"},
        {473, VAULT_LATER, "it is a standby"},       {500, VAULT_LATER, "an error of its own"},
        {501, VAULT_LATER, "it is not initialized"}, {502, VAULT_LATER, "a gateway failed"},
        {503, VAULT_LATER, "it is sealed or down"},
    };
    const char *words;

    *ret_why = NULL;
    if (status == 0) {
        *ret_why = arena_strdup(a, error);
        return VAULT_LATER;
    }
    if (status >= 200 && status < 300)
        return VAULT_OK;
    words = words_of(a, body, secret);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (rows[i].status == status) {
            *ret_why = arena_printf(a, "%d: %s", status, words ? words : rows[i].words);
            return rows[i].outcome;
        }
    }
    if (status >= 300 && status < 400)
        words = "redirections are not followed";
    *ret_why = arena_printf(a, "%d: %s", status, words ? words : "the request is refused");
    return status >= 500 ? VAULT_LATER : VAULT_REFUSED;
}

static int parse(Arena *a, Slice body, const char *member, Value **ret, Err *err)
{
    Value *v = NULL;

    /* The parser's words would repeat bytes of the answer. */
    if (value_parse(a, body, &v, NULL) < 0)
        return err_set(err, ERR_UNAVAILABLE, "the answer is not JSON");
    *ret = value_get(v, member);
    if (!value_is(*ret, VALUE_OBJECT))
        return err_set(err, ERR_UNAVAILABLE, "the answer has no %s", member);
    return 0;
}

static int read_lease(const Value *v, const char *field, VaultLogin *ret, Err *err)
{
    int64_t s = value_at_int(v, field, -1);

    if (s < 0)
        return err_set(err, ERR_UNAVAILABLE, "the answer says no %s", field);
    ret->lease_s = MIN(s, MAX_LEASE_S);
    ret->is_renewable = value_at_bool(v, "renewable");
    return 0;
}

int vault_read_login(Arena *a, Slice body, VaultLogin *ret, Err *err)
{
    Value *auth;
    int r = parse(a, body, "auth", &auth, err);

    if (r < 0)
        return r;
    *ret = (VaultLogin){.token = text_at(auth, "client_token")};
    if (ret->token && (strlen(ret->token) > 4096 || !vault_is_word(slice_of(ret->token))))
        return err_set(err, ERR_UNAVAILABLE, "the answer has no token");
    return read_lease(auth, "lease_duration", ret, err);
}

int vault_read_lookup(Arena *a, Slice body, VaultLogin *ret, Err *err)
{
    Value *data;
    int r = parse(a, body, "data", &data, err);

    if (r < 0)
        return r;
    *ret = (VaultLogin){0};
    return read_lease(data, "ttl", ret, err);
}

int vault_read_kv(Arena *a, Slice body, Value **ret, Err *err)
{
    Value *outer, *data;
    int r = parse(a, body, "data", &outer, err);

    if (r < 0)
        return r;
    data = value_get(outer, "data");
    if (!data || !value_is(value_get(outer, "metadata"), VALUE_OBJECT))
        return err_set(err, ERR_UNAVAILABLE,
                       "the answer is not one of KV version 2; is the mount of version 1?");
    if (!value_is(data, VALUE_NULL) && !value_is(data, VALUE_OBJECT))
        return err_set(err, ERR_UNAVAILABLE, "the secret is not an object");
    *ret = value_is(data, VALUE_NULL) ? NULL : data;
    return 0;
}

int vault_read_list(Arena *a, Slice body, Value **ret, Err *err)
{
    Value *data, *keys, *one;
    int r = parse(a, body, "data", &data, err);

    if (r < 0)
        return r;
    keys = value_get(data, "keys");
    if (!value_is(keys, VALUE_ARRAY))
        return err_set(err, ERR_UNAVAILABLE, "the answer has no keys");
    value_each_item(keys, i, one)
    {
        const char *s = value_to_cstr(one);

        if (!s || !s[0] || strlen(s) != one->n)
            return err_set(err, ERR_UNAVAILABLE, "the answer has a key that is none");
    }
    *ret = keys;
    return 0;
}

int64_t vault_renew_after_ms(int64_t lease_s)
{
    return MAX(lease_s * 1000 * 2 / 3, 1000);
}
