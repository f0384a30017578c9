/* hpctl keys: the providers of key-encryption keys, and the data keys of clusters. */
#include "cli/cli.h"

#include "base/clock.h"

#include <inttypes.h>
#include <unistd.h>

#define PROVIDERS "/apis/tenancy.hostplane.io/v1/keyproviders"
#define DATA_KEYS "/apis/tenancy.hostplane.io/v1/datakeys"

enum { WAIT_S = 600 };

static const char *path_of(Cli *c, const char *name, const char *sub)
{
    return arena_printf(c->arena, PROVIDERS "/%s%s%s", cli_quote(c, name), sub ? "/" : "",
                        sub ? sub : "");
}

static const char *text_of(Cli *c, const Value *v, const char *path)
{
    const Value *x = value_at(v, path);

    if (!x)
        return "";
    return value_to_cstr(x) ? value_to_cstr(x) : value_to_str(c->arena, x);
}

int cmd_keys_list(Cli *c)
{
    static const char *const titles[] = {"NAME",        "TYPE",     "DEFAULT",  "HEALTHY",
                                         "CURRENT-KEY", "CLUSTERS", "TO-REWRAP"};
    static const char *const paths[] = {
        "metadata.name",     "spec.type",       "spec.default",           "status.healthy",
        "status.currentKey", "status.clusters", "status.clustersToRewrap"};
    enum { N = ARRAY_LEN(titles) };
    const char **cells;
    const Value *items, *v;
    Value *list;
    size_t n = 0;

    if (cli_connect(c) != 0)
        return 1;
    list = cli_get(c, PROVIDERS, NULL);
    if (!list)
        return 1;
    if (flag_str(&c->flags, "output"))
        return print_object(c, list, flag_str(&c->flags, "output"));
    items = value_get(list, "items");
    cells = arena_array(c->arena, const char *, (value_len(items) + 1) * N + 1);
    for (size_t i = 0; i < N; i++)
        cells[n++] = titles[i];
    value_each_item(items, k, v)
    {
        for (size_t i = 0; i < N; i++)
            cells[n++] = text_of(c, v, paths[i]);
    }
    print_rows(cells, N);
    return 0;
}

static int print_keys(Cli *c, const Value *v)
{
    const Value *keys = value_at(v, "status.keys"), *k;
    const char **cells = arena_array(c->arena, const char *, (value_len(keys) + 1) * 3 + 1);
    size_t n = 0;

    if (flag_str(&c->flags, "output"))
        return print_object(c, v, flag_str(&c->flags, "output"));
    printf("Provider:    %s (%s)%s\n", text_of(c, v, "metadata.name"), text_of(c, v, "spec.type"),
           value_at_bool(v, "spec.default") ? ", the default" : "");
    printf("Healthy:     %s%s%s\n", value_at_bool(v, "status.healthy") ? "yes" : "no",
           value_at(v, "status.message") ? ": " : "", text_of(c, v, "status.message"));
    printf("Clusters:    %s, %s to be wrapped anew\n", text_of(c, v, "status.clusters"),
           text_of(c, v, "status.clustersToRewrap"));
    cells[n++] = "KEY";
    cells[n++] = "CURRENT";
    cells[n++] = "CLUSTERS";
    value_each_item(keys, i, k)
    {
        cells[n++] = text_of(c, k, "id");
        cells[n++] = text_of(c, k, "current");
        cells[n++] = text_of(c, k, "clusters");
    }
    print_rows(cells, 3);
    return 0;
}

static const char *need_provider(Cli *c)
{
    if (c->n_args >= 1)
        return c->args[0];
    (void)cli_usage_error(c, "the NAME of the key provider is missing");
    return NULL;
}

int cmd_keys_status(Cli *c)
{
    const char *name = need_provider(c);
    Value *v;

    if (!name || cli_connect(c) != 0)
        return 1;
    v = cli_get(c, path_of(c, name, NULL), NULL);
    return v ? print_keys(c, v) : 1;
}

/* Until no data key is left that is wrapped with an older key. */
static int wait_wrapped(Cli *c, const char *name)
{
    for (int64_t end = clock_mono_us() + (int64_t)WAIT_S * 1000000; clock_mono_us() < end;
         usleep(200000)) {
        Value *v = cli_get(c, path_of(c, name, NULL), NULL);

        if (!v)
            return 1;
        if (value_at_int(v, "status.clustersToRewrap", 0) == 0)
            return print_keys(c, v);
    }
    return cli_error("not all data keys are wrapped anew after %d s; see 'hpctl keys status %s'",
                     WAIT_S, name);
}

int cmd_keys_rotate(Cli *c)
{
    const char *name = need_provider(c);
    Value *v;

    if (!name || cli_connect(c) != 0)
        return 1;
    v = cli_send(c, "POST", path_of(c, name, "rotate"), NULL, "application/json",
                 value_object(c->arena));
    if (!v)
        return 1;
    return flag_bool(&c->flags, "wait") ? wait_wrapped(c, name) : print_keys(c, v);
}

int cmd_keys_drop(Cli *c)
{
    const char *name = need_provider(c);
    Value *v;

    if (!name)
        return 1;
    if (c->n_args < 2)
        return cli_usage_error(c, "the KEY that is to be dropped is missing");
    if (cli_connect(c) != 0)
        return 1;
    v = cli_send(c, "POST", path_of(c, name, "drop"),
                 arena_printf(c->arena, "key=%s", cli_quote(c, c->args[1])), "application/json",
                 value_object(c->arena));
    return v ? print_keys(c, v) : 1;
}

/* ---- data keys ---- */

static const char *data_path(Cli *c, const char *cluster, const char *sub)
{
    return cluster ? arena_printf(c->arena, DATA_KEYS "/%s%s", cli_quote(c, cluster), sub)
                   : DATA_KEYS;
}

/* "Objects 37%" */
static const char *progress_of(Cli *c, const Value *v)
{
    int64_t rows = value_at_int(v, "status.rows", 0);
    int64_t seen = value_at_int(v, "status.rowsSeen", 0);
    const char *phase = text_of(c, v, "status.phase");

    if (rows <= 0)
        return phase;
    return arena_printf(c->arena, "%s %d%%", phase, (int)(100 * MIN(seen, rows) / rows));
}

static const char *kinds_of(Cli *c, const Value *v)
{
    AUTO_BUF list = BUF_INIT;
    const Value *kind;

    value_each_item(value_at(v, "spec.encryptedResources"), i, kind)
        buf_addf(&list, "%s%s", i ? "," : "", value_to_cstr(kind) ? value_to_cstr(kind) : "");
    return arena_strdup(c->arena, buf_str(&list));
}

/* `list`: one, or a list. */
static int print_data_keys(Cli *c, const Value *list)
{
    static const char *const titles[] = {"CLUSTER",  "PROVIDER", "VERSION",   "OLDER-KEYS", "STATE",
                                         "RESEALED", "FAILED",   "ENCRYPTED", "MESSAGE"};
    enum { N = ARRAY_LEN(titles) };
    const Value *items = value_get(list, "items"), *v;
    uint32_t n_items = items ? value_len(items) : 1;
    const char **cells = arena_array(c->arena, const char *, ((size_t)n_items + 1) * N + 1);
    size_t n = 0;

    if (flag_str(&c->flags, "output"))
        return print_object(c, list, flag_str(&c->flags, "output"));
    for (size_t i = 0; i < N; i++)
        cells[n++] = titles[i];
    for (uint32_t i = 0; i < n_items; i++) {
        v = items ? value_item(items, i) : list;
        cells[n++] = text_of(c, v, "metadata.name");
        cells[n++] = text_of(c, v, "spec.keyProvider");
        cells[n++] = text_of(c, v, "status.version");
        cells[n++] = text_of(c, v, "status.olderKeys");
        cells[n++] = progress_of(c, v);
        cells[n++] = text_of(c, v, "status.rowsResealed");
        cells[n++] = text_of(c, v, "status.rowsFailed");
        cells[n++] = kinds_of(c, v);
        cells[n++] = text_of(c, v, "status.message");
    }
    print_rows(cells, N);
    return 0;
}

/* What there is of those that are named (all without names): a list, or NULL after an error. */
static Value *get_data_keys(Cli *c)
{
    Value *list, *items, *v;

    if (c->n_args == 0)
        return cli_get(c, DATA_KEYS, flag_bool(&c->flags, "pending") ? "pending=true" : NULL);
    if (c->n_args == 1)
        return cli_get(c, data_path(c, c->args[0], ""), NULL);
    list = value_object(c->arena);
    items = value_array(c->arena);
    value_set_str(c->arena, list, "kind", "DataKeyList");
    value_set_str(c->arena, list, "apiVersion", "tenancy.hostplane.io/v1");
    for (size_t i = 0; i < c->n_args; i++) {
        v = cli_get(c, data_path(c, c->args[i], ""), NULL);
        if (!v)
            return NULL;
        value_append(c->arena, items, v);
    }
    value_set(c->arena, list, "items", items);
    return list;
}

int cmd_keys_data(Cli *c)
{
    Value *list;

    if (cli_connect(c) != 0)
        return 1;
    list = get_data_keys(c);
    return list ? print_data_keys(c, list) : 1;
}

static bool is_done(const Value *v)
{
    return str_eq(value_at_str(v, "status.phase"), "Done");
}

static bool are_done(const Value *list)
{
    const Value *items = value_get(list, "items"), *v;

    if (!items)
        return is_done(list);
    value_each_item(items, i, v)
    {
        if (!is_done(v))
            return false;
    }
    return true;
}

static int wait_resealed(Cli *c)
{
    Value *list;

    for (int64_t end = clock_mono_us() + (int64_t)WAIT_S * 1000000; clock_mono_us() < end;
         usleep(200000)) {
        list = get_data_keys(c);
        if (!list)
            return 1;
        if (are_done(list))
            return print_data_keys(c, list);
    }
    return cli_error("older data keys are still in use after %d s; see 'hpctl keys data --pending'",
                     WAIT_S);
}

int cmd_keys_rotate_data(Cli *c)
{
    bool all = flag_bool(&c->flags, "all");
    size_t n = all ? 1 : c->n_args;
    Value *list;

    if (all ? c->n_args > 0 : c->n_args == 0)
        return cli_usage_error(c, "name the CLUSTERs, or give --all");
    if (cli_connect(c) != 0)
        return 1;
    for (size_t i = 0; i < n; i++)
        if (!cli_send(c, "POST", data_path(c, all ? NULL : c->args[i], "/rotate"), NULL,
                      "application/json", value_object(c->arena)))
            return 1;
    if (flag_bool(&c->flags, "wait"))
        return wait_resealed(c);
    list = get_data_keys(c);
    return list ? print_data_keys(c, list) : 1;
}
