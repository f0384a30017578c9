#include "controllers/extsecrets/decide.h"

#include "base/err.h"
#include "client/meta.h"
#include "tests/unit/test.h"

static const int64_t now_us = 1000000 * 1000000LL;

static Value *es_of(Arena *a, const char *spec)
{
    return value_literal(
        a, arena_printf(a,
                        "{'apiVersion':'external-secrets.io/v1','kind':'ExternalSecret','metadata':"
                        "{'name':'es','namespace':'n','uid':'u1','generation':2,"
                        "'labels':{'l':'1'},'annotations':{'a':'2'}},'spec':{%s}}",
                        spec));
}

/* As it is after a sync with that data; *ret_secret is what was made. */
static Value *synced(Arena *a, const char *spec, const char *data, Value **ret_secret)
{
    Value *es = es_of(a, spec);
    ExtPlan p;

    assert_ok(extsecret_plan(a, es, NULL, value_literal(a, data), &p, NULL));
    extsecret_note_done(a, es, p.action, now_us);
    *ret_secret = p.secret;
    return es;
}

TEST(it_is_read_anew_when_policy_interval_or_a_change_say_so)
{
    static const struct {
        const char *spec;
        int after_s;
        char change; /* - none, a annotation, d data, g secret gone, o owner gone, f failed */
        int64_t due_ms;
    } rows[] = {
        {"'refreshInterval':'1h'", 0, '-', 3600000},
        {"'refreshInterval':'1h'", 3000, '-', 600000},
        {"'refreshInterval':'1h'", 3600, '-', 0},
        {"'refreshInterval':'1h'", 9999, '-', 0},
        {"'refreshInterval':'1s'", 0, '-', EXTSECRET_SHORTEST_MS},
        {"'refreshInterval':'1h'", 1, 'a', 0},
        {"'refreshInterval':'1h'", 1, 'd', 0},
        {"'refreshInterval':'1h'", 1, 'g', 0},
        {"'refreshInterval':'1h'", 1, 'o', 0},
        {"'refreshInterval':'1h'", 1, 'f', 0},
        {"'refreshInterval':'1h'", -100, '-', 0}, /* the clock was set back */
        {"'refreshInterval':'0'", 99999, '-', -1},
        {"'refreshInterval':'0s'", 99999, 'a', -1},
        {"'refreshInterval':'0'", 1, 'g', 0},
        {"'refreshPolicy':'OnChange','refreshInterval':'1m'", 9999, '-', -1},
        {"'refreshPolicy':'OnChange'", 1, 'a', 0},
        {"'refreshPolicy':'CreatedOnce','refreshInterval':'1m'", 9999, 'a', -1},
        {"'refreshPolicy':'CreatedOnce'", 1, 'g', 0},
        {"'target':{'creationPolicy':'Orphan'},'refreshInterval':'1h'", 0, 'o', 3600000},
        {"'target':{'creationPolicy':'None'},'refreshInterval':'1h'", 0, 'g', 3600000},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *secret, *es = synced(a, rows[i].spec, "{'k':'v'}", &secret);
        int64_t at_us = now_us + rows[i].after_s * 1000000LL;

        if (rows[i].change == 'a')
            value_set_str(a, value_at(es, "metadata.annotations"), "force-sync", "1");
        if (rows[i].change == 'd')
            value_set_str(a, value_get(secret, "data"), "k", "eA==");
        if (rows[i].change == 'g')
            secret = NULL;
        if (rows[i].change == 'o')
            value_del_at(secret, "metadata.ownerReferences");
        if (rows[i].change == 'f')
            (void)extsecret_note_failed(a, es, "x", now_us);
        assert_int_equal(extsecret_due_ms(a, es, secret, at_us), rows[i].due_ms);
    }
}

TEST(a_new_one_is_read_at_once)
{
    CLEANUP(arena_free) Arena *a = arena_new();

    assert_int_equal(extsecret_due_ms(a, es_of(a, "'refreshPolicy':'CreatedOnce'"), NULL, now_us),
                     0);
}

TEST(failures_wait_longer_and_longer_and_not_all_the_same)
{
    for (unsigned n = 1; n < 40; n++) {
        int64_t low = extsecret_retry_ms(n, 0), high = extsecret_retry_ms(n, UINT64_MAX);

        assert_true(low >= EXTSECRET_FIRST_RETRY_MS * 3 / 4);
        assert_true(high <= EXTSECRET_LAST_RETRY_MS * 5 / 4);
        assert_true(low < high);
        assert_true(low >= extsecret_retry_ms(n > 1 ? n - 1 : 1, 0));
    }
    assert_int_equal(extsecret_retry_ms(40, 0), EXTSECRET_LAST_RETRY_MS * 3 / 4);
}

TEST(the_target_is_made_as_policies_and_template_say)
{
    static const struct {
        const char *spec, *existing, *data; /* existing NULL: none */
        ExtAction action;
        const char *path, *value; /* of what is to be */
    } rows[] = {
        {"", NULL, "{'k':'v'}", EXT_CREATE, "data.k", "dg=="},
        {"", NULL, "{'k':'v'}", EXT_CREATE, "metadata.name", "es"},
        {"", NULL, "{'k':'v'}", EXT_CREATE, "metadata.labels.l", "1"},
        {"", NULL, "{'k':'v'}", EXT_CREATE, "metadata.annotations.a", "2"},
        {"", NULL, "{'k':'v'}", EXT_CREATE, "metadata.ownerReferences.0.uid", "u1"},
        {"'target':{'name':'x','creationPolicy':'Orphan'}", NULL, "{'k':'v'}", EXT_CREATE,
         "metadata.ownerReferences", NULL},
        {"'target':{'name':'x'}", NULL, "{'k':'v'}", EXT_CREATE, "metadata.name", "x"},
        {"'target':{'template':{'type':'t/x','metadata':{'labels':{'m':'{{ .k }}'}}}}", NULL,
         "{'k':'v'}", EXT_CREATE, "metadata.labels.m", "v"},
        {"'target':{'template':{'type':'t/x'}}", NULL, "{'k':'v'}", EXT_CREATE, "type", "t/x"},
        {"'target':{'template':{'type':'t/x'}}", NULL, "{'k':'v'}", EXT_CREATE, "metadata.labels.l",
         NULL},
        {"'target':{'template':{'data':{'c':'<{{ .k }}>'}}}", NULL, "{'k':'v'}", EXT_CREATE,
         "data.c", "PHY+"},
        {"'target':{'template':{'data':{'c':'<{{ .k }}>'}}}", NULL, "{'k':'v'}", EXT_CREATE,
         "data.k", NULL},
        {"'target':{'template':{'mergePolicy':'Merge','data':{'c':'x'}}}", NULL, "{'k':'v'}",
         EXT_CREATE, "data.k", "dg=="},
        {"", "{'metadata':{'name':'es','labels':{'mine':'y'}},'data':{'old':'eA=='}}", "{'k':'v'}",
         EXT_UPDATE, "metadata.labels.mine", "y"},
        {"", "{'metadata':{'name':'es'},'data':{'old':'eA=='}}", "{'k':'v'}", EXT_UPDATE,
         "data.old", NULL},
        {"", "{'metadata':{'name':'es'},'immutable':true,'data':{'old':'eA=='}}", "{'k':'v'}",
         EXT_KEEP, NULL, NULL},
        {"'target':{'creationPolicy':'Merge'}", NULL, "{'k':'v'}", EXT_ABSENT, NULL, NULL},
        {"'target':{'creationPolicy':'Merge'}", "{'metadata':{'name':'es','uid':'s1'}}",
         "{'k':'v'}", EXT_MERGE, "metadata.uid", "s1"},
        {"'target':{'creationPolicy':'None'}", NULL, "{'k':'v'}", EXT_KEEP, NULL, NULL},
        {"'target':{'deletionPolicy':'Delete'}", "{'metadata':{'name':'es'}}", "{}", EXT_DELETE,
         "metadata.name", "es"},
        {"'target':{'deletionPolicy':'Delete'}", NULL, "{}", EXT_DELETE, NULL, NULL},
        {"", "{'metadata':{'name':'es'}}", "{}", EXT_RETAIN, NULL, NULL},
        {"'target':{'deletionPolicy':'Merge'}", "{'metadata':{'name':'es'},'data':{'a':'eA=='}}",
         "{}", EXT_UPDATE, "data.a", NULL},
        {"'target':{'immutable':true}", NULL, "{'k':'v'}", EXT_CREATE, "kind", "Secret"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *old = rows[i].existing ? value_literal(a, rows[i].existing) : NULL;
        ExtPlan p;

        assert_ok(extsecret_plan(a, es_of(a, rows[i].spec), old, value_literal(a, rows[i].data), &p,
                                 NULL));
        assert_int_equal(p.action, rows[i].action);
        if (rows[i].path && rows[i].value)
            assert_string_equal(value_at_str(p.secret, rows[i].path), rows[i].value);
        else if (rows[i].path)
            assert_null(value_at(p.secret, rows[i].path));
    }
}

TEST(what_is_in_place_is_not_written_again)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *secret, *es = synced(a, "", "{'k':'v','a':'b'}", &secret);
    ExtPlan p;

    assert_ok(extsecret_plan(a, es, secret, value_literal(a, "{'a':'b','k':'v'}"), &p, NULL));
    assert_int_equal(p.action, EXT_KEEP);
}

TEST(another_owners_secret_is_left_alone)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *other = value_literal(
        a, "{'metadata':{'name':'es','ownerReferences':[{'kind':'ExternalSecret','name':'other',"
           "'uid':'u2','controller':true}]}}");
    Err err;
    ExtPlan p;

    assert_fails(extsecret_plan(a, es_of(a, ""), other, value_literal(a, "{'k':'v'}"), &p, &err),
                 ERR_INVALID);
    assert_string_equal(err.msg, "Secret \"es\" belongs to ExternalSecret \"other\"");
}

TEST(the_status_says_how_it_went)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *es = es_of(a, ""), *ready;

    assert_true(extsecret_note_failed(a, es, "no", now_us));
    assert_false(extsecret_note_failed(a, es, "no", now_us + 1));
    ready = condition_get(es, "Ready");
    assert_string_equal(value_get_str(ready, "reason"), "SecretSyncedError");
    extsecret_note_done(a, es, EXT_CREATE, now_us);
    assert_true(condition_is(es, "Ready", "True"));
    assert_string_equal(value_at_str(es, "status.binding.name"), "es");
    assert_string_equal(value_at_str(es, "status.syncedResourceVersion"), extsecret_version(a, es));
    extsecret_note_done(a, es, EXT_DELETE, now_us);
    assert_null(value_at(es, "status.binding"));
    assert_int_equal(extsecret_due_ms(a, es, NULL, now_us), 3600000);
}

TEST(templates_together_are_no_larger_than_a_secret)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *es = es_of(a, "'target':{'template':{'data':{}}}"), *data = value_object(a);
    Value *templates = value_at(es, "spec.target.template.data");
    size_t n = (size_t)400 << 10;
    char *large = arena_alloc(a, n + 1);
    Err err;
    ExtPlan p;

    memset(large, 'x', n);
    large[n] = '\0';
    value_set_str(a, data, "k", large);
    for (int i = 0; i < 2; i++)
        value_set_str(a, templates, arena_printf(a, "m%d", i), "{{ .k }}");
    assert_ok(extsecret_plan(a, es, NULL, data, &p, &err));
    value_set_str(a, templates, "m2", "{{ .k }}");
    assert_fails(extsecret_plan(a, es, NULL, data, &p, &err), ERR_TOO_LARGE);
}
