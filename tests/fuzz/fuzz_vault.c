/* What a provider of external secrets answers. The first byte is the status. */
#include "base/err.h"
#include "controllers/extsecrets/vault_api.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int statuses[] = {0, 200, 204, 301, 400, 403, 404, 429, 500, 503};
    static const char token[] = "hvs.secret";
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *why;
    VaultLogin login;
    Value *v;
    Slice body;

    if (size == 0)
        return 0;
    body = (Slice){(const char *)data + 1, size - 1};
    (void)vault_outcome(a, statuses[data[0] % ARRAY_LEN(statuses)], "EOF", body, SLICE(token),
                        &why);
    BUG_ON(why && (strstr(why, token) || strchr(why, '\n')));
    if (vault_read_login(a, body, &login, NULL) == 0)
        BUG_ON(login.lease_s < 0 || (login.token && strpbrk(login.token, "\r\n ")));
    if (vault_read_lookup(a, body, &login, NULL) == 0)
        BUG_ON(login.lease_s < 0 || login.token);
    if (vault_read_kv(a, body, &v, NULL) == 0)
        BUG_ON(v && v->type != VALUE_OBJECT);
    if (vault_read_list(a, body, &v, NULL) == 0)
        BUG_ON(v->type != VALUE_ARRAY);
    return 0;
}
