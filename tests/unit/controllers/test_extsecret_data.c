#include "controllers/extsecrets/data.h"

#include "base/err.h"
#include "tests/unit/test.h"

/* A provider: {"secrets":{"key[@version]":{...}},"folders":{"a/":["b"]}}; null: not there yet. */
typedef struct Fake {
    Arena *arena;
    Value *all;
    int n_asked;
} Fake;

static int look(Fake *f, const char *what, const char *name, Value **ret, Err *err)
{
    Value *v = value_get(value_get(f->all, what), name);

    f->n_asked++;
    if (!v)
        return err_set(err, ERR_NOT_FOUND, "404: not found");
    if (v->type == VALUE_NULL)
        return 1;
    if (v->type == VALUE_STRING)
        return err_set(err, ERR_FORBIDDEN, "403: permission denied");
    *ret = v;
    return 0;
}

static int fake_read(const char *key, const char *version, Value **ret, void *data, Err *err)
{
    Fake *f = data;

    return look(f, "secrets", version ? arena_printf(f->arena, "%s@%s", key, version) : key, ret,
                err);
}

static int fake_list(const char *folder, Value **ret, void *data, Err *err)
{
    return look(data, "folders", folder, ret, err);
}

static const char provider[] =
    "{'secrets':{'db':{'user':'bob','pw':'s3c','port':5432,'tls':{'crt':'C','list':['x','y']},"
    "'no':null,'b64':'aGk=','url':'_-8','bad':'***'},'db@1':{'user':'old'},"
    "'json':{'doc':'{\\\"a\\\":1,\\\"b/c\\\":\\\"d\\\"}'},"
    "'app/one':{'k':'1'},'app/two':{'k':'2'},'app/sub/three':{'k':'3'},'late':null,'shut':'no'},"
    "'folders':{'':['db','app/'],'app/':['one','two','sub/'],'app/sub/':['three'],'later/':null}}";

TEST(data_comes_from_what_the_provider_says)
{
    static const struct {
        const char *spec, *result;
        int r;
    } rows[] = {
        {"'data':[{'secretKey':'u','remoteRef':{'key':'db','property':'user'}}]", "{\"u\":\"bob\"}",
         0},
        {"'data':[{'secretKey':'u','remoteRef':{'key':'db','property':'user','version':'1'}}]",
         "{\"u\":\"old\"}", 0},
        {"'data':[{'secretKey':'p','remoteRef':{'key':'db','property':'port'}}]",
         "{\"p\":\"5432\"}", 0},
        {"'data':[{'secretKey':'c','remoteRef':{'key':'db','property':'tls.crt'}},"
         "{'secretKey':'y','remoteRef':{'key':'db','property':'tls.list.1'}}]",
         "{\"c\":\"C\",\"y\":\"y\"}", 0},
        {"'data':[{'secretKey':'t','remoteRef':{'key':'db','property':'tls'}}]",
         "{\"t\":\"{\\\"crt\\\":\\\"C\\\",\\\"list\\\":[\\\"x\\\",\\\"y\\\"]}\"}", 0},
        {"'data':[{'secretKey':'t','remoteRef':{'key':'app/one'}}]",
         "{\"t\":\"{\\\"k\\\":\\\"1\\\"}\"}", 0},
        {"'data':[{'secretKey':'t','remoteRef':{'key':'db','property':'no'}}]", "{\"t\":\"\"}", 0},
        {"'data':[{'secretKey':'t','remoteRef':{'key':'db','property':'b64','decodingStrategy':"
         "'Base64'}}]",
         "{\"t\":\"hi\"}", 0},
        {"'data':[{'secretKey':'t','remoteRef':{'key':'db','property':'bad','decodingStrategy':"
         "'Base64'}}]",
         "spec.data[0]: t: the value is not Base64", -ERR_INVALID},
        {"'data':[{'secretKey':'t','remoteRef':{'key':'db','property':'bad','decodingStrategy':"
         "'Auto'}}]",
         "{\"t\":\"***\"}", 0},
        {"'data':[{'secretKey':'t','remoteRef':{'key':'db','property':'tls.#'}}]",
         "spec.data[0]: key \"db\" property \"tls.#\": property \"tls.#\": of paths, names, "
         "numbers "
         "and dots are known",
         -ERR_INVALID},
        {"'data':[{'secretKey':'t','remoteRef':{'key':'db','property':'nope'}}]",
         "spec.data[0]: key \"db\" property \"nope\": there is no such property", -ERR_NOT_FOUND},
        {"'data':[{'secretKey':'t','remoteRef':{'key':'nope'}}]",
         "spec.data[0]: key \"nope\": 404: not found", -ERR_NOT_FOUND},
        {"'target':{'deletionPolicy':'Delete'},'data':[{'secretKey':'t','remoteRef':{'key':'nope'}"
         "}]",
         "{}", 0},
        {"'target':{'deletionPolicy':'Delete'},'data':[{'secretKey':'t','remoteRef':{'key':'shut'}"
         "}]",
         "spec.data[0]: key \"shut\": 403: permission denied", -ERR_FORBIDDEN},
        {"'data':[{'secretKey':'t','remoteRef':{'key':'late'}}]", "{}", 1},
        {"'dataFrom':[{'extract':{'key':'app/one'}},{'extract':{'key':'app/two'}}]",
         "{\"k\":\"2\"}", 0},
        {"'dataFrom':[{'extract':{'key':'app/one'}}],'data':[{'secretKey':'k','remoteRef':{'key':"
         "'app/two','property':'k'}}]",
         "{\"k\":\"2\"}", 0},
        {"'dataFrom':[{'extract':{'key':'json','property':'doc'}}]", "{\"a\":\"1\",\"b_c\":\"d\"}",
         0},
        {"'dataFrom':[{'extract':{'key':'json','property':'doc','conversionStrategy':'Unicode'}}]",
         "{\"a\":\"1\",\"b_U002f_c\":\"d\"}", 0},
        {"'dataFrom':[{'extract':{'key':'db','property':'user'}}]",
         "spec.dataFrom[0]: key \"db\": what is extracted is not an object", -ERR_INVALID},
        {"'dataFrom':[{'extract':{'key':'app/one'},'rewrite':[{'regexp':{'source':'^','target':"
         "'x-'}}]}]",
         "{\"x-k\":\"1\"}", 0},
        {"'dataFrom':[{'extract':{'key':'app/one'},'rewrite':[{'regexp':{'source':'(k)','target':"
         "'$1'}}]}]",
         "spec.dataFrom[0]: rewrite: only regexp, with a target without groups", -ERR_INVALID},
        {"'dataFrom':[{'find':{'name':{'regexp':'^app/'}}}]",
         "{\"app_one\":\"{\\\"k\\\":\\\"1\\\"}\",\"app_two\":\"{\\\"k\\\":\\\"2\\\"}\","
         "\"app_sub_three\":\"{\\\"k\\\":\\\"3\\\"}\"}",
         0},
        {"'dataFrom':[{'find':{'path':'app/sub','name':{'regexp':'.*'}}}]",
         "{\"app_sub_three\":\"{\\\"k\\\":\\\"3\\\"}\"}", 0},
        {"'dataFrom':[{'find':{'path':'later','name':{'regexp':'.*'}}}]", "{}", 1},
        {"'dataFrom':[{'find':{'path':'nope','name':{'regexp':'.*'}}}]",
         "spec.dataFrom[0]: find: 404: not found", -ERR_NOT_FOUND},
        {"'dataFrom':[{'find':{'tags':{'a':'b'}}}]",
         "spec.dataFrom[0]: find: Vault's secrets are found by name.regexp", -ERR_INVALID},
        {"'dataFrom':[{'sourceRef':{}}]", "spec.dataFrom[0]: neither extract nor find",
         -ERR_INVALID},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Fake f = {.arena = a, .all = value_literal(a, provider)};
        ExtSource src = {fake_read, fake_list, &f};
        Value *es = value_literal(a, arena_printf(a, "{'spec':{%s}}", rows[i].spec)), *out = NULL;
        Err err = {0};
        int r = extsecret_collect(a, es, &src, &out, &err);

        assert_string_equal(r < 0 ? err.msg : value_to_str(a, out), rows[i].result);
        assert_int_equal(r, rows[i].r);
    }
}

TEST(everything_that_is_known_to_be_needed_is_asked_for_at_once)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Fake f = {.arena = a, .all = value_literal(a, provider)};
    ExtSource src = {fake_read, fake_list, &f};
    Value *es = value_literal(a, "{'spec':{'data':[{'secretKey':'a','remoteRef':{'key':'late'}},"
                                 "{'secretKey':'b','remoteRef':{'key':'late'}},"
                                 "{'secretKey':'c','remoteRef':{'key':'db'}}]}}");
    Value *out;

    assert_int_equal(extsecret_collect(a, es, &src, &out, NULL), 1);
    assert_int_equal(f.n_asked, 3);
}

TEST(more_than_a_secret_can_hold_is_refused)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    char *large = arena_alloc(a, EXTSECRET_MAX_BYTES + 2);
    Fake f = {.arena = a, .all = value_literal(a, "{'secrets':{'big':{}}}")};
    ExtSource src = {fake_read, fake_list, &f};
    Value *es = value_literal(
        a, "{'spec':{'data':[{'secretKey':'a','remoteRef':{'key':'big','property':'x'}}]}}");
    Value *out;

    memset(large, 'x', EXTSECRET_MAX_BYTES + 1);
    value_set_str(a, value_at(f.all, "secrets.big"), "x", large);
    assert_int_equal(extsecret_collect(a, es, &src, &out, NULL), -ERR_TOO_LARGE);
}

TEST(a_name_does_not_grow_without_end)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Fake f = {.arena = a, .all = value_literal(a, provider)};
    ExtSource src = {fake_read, fake_list, &f};
    Value *es =
        value_literal(a, "{'spec':{'dataFrom':[{'extract':{'key':'app/one'},'rewrite':[]}]}}");
    Value *out, *rules = value_at(value_item(value_at(es, "spec.dataFrom"), 0), "rewrite");
    char target[1025] = "";
    Err err;

    memset(target, 'a', sizeof(target) - 1);
    for (int i = 0; i < 20; i++) {
        Value *rule = value_literal(a, "{'regexp':{'source':'.'}}");

        value_set_str(a, value_get(rule, "regexp"), "target", target);
        value_append(a, rules, rule);
    }
    assert_fails(extsecret_collect(a, es, &src, &out, &err), ERR_TOO_LARGE);
    assert_string_equal(err.msg,
                        "spec.dataFrom[0]: rewrite: a name becomes longer than 4096 bytes");
}
