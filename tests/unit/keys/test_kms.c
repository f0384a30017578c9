#include "keys/kms.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/secret.h"
#include "tests/lib/kms_plugin.h"
#include "tests/unit/keys/unwrap.h"

static KeyProvider *open_plugin(Plugin *p)
{
    AUTO_FREE char *spec = NULL;
    KeyProvider *k = NULL;
    Err err;

    *p = (Plugin){.key = 1, .first_key = 1};
    snprintf(p->path, sizeof(p->path), "/tmp/kms-test-%d.sock", (int)getpid());
    spec = xasprintf("kms:unix://%s", p->path);
    assert_true(plugin_start(p));
    assert_ok(key_provider_open(spec, &k, &err));
    return k;
}

TEST(a_key_goes_to_the_plug_in_and_comes_back)
{
    AUTO_BUF wrapped = BUF_INIT;
    char id[KEY_ID_MAX];
    KeyProvider *k;
    Plugin p;
    Err err;

    k = open_plugin(&p);
    assert_ok(k->type->status(k, id, &err));
    assert_string_equal(id, "key-1");
    assert_ok(k->type->wrap(k, sample, &wrapped, id, &err));
    assert_string_equal(id, "key-1");
    assert_int_equal(try_unwrap(k, id, &wrapped), 0);
    assert_int_equal(p.n_connections, 1); /* one for all calls */
    p.key = 2;                            /* it rotates: both keys are good */
    assert_ok(k->type->status(k, id, &err));
    assert_string_equal(id, "key-2");
    assert_int_equal(try_unwrap(k, "key-1", &wrapped), 0);
    key_provider_close(k);
    plugin_stop(&p);
}

TEST(a_refusal_is_told_from_an_absence)
{
    AUTO_BUF wrapped = BUF_INIT;
    char id[KEY_ID_MAX];
    KeyProvider *k;
    Plugin p;
    Err err;

    k = open_plugin(&p);
    assert_ok(k->type->wrap(k, sample, &wrapped, id, &err));
    p.mood = PLUGIN_DENIES;
    assert_int_equal(try_unwrap(k, id, &wrapped), -ERR_FORBIDDEN);
    p.mood = PLUGIN_SICK;
    assert_int_equal(try_unwrap(k, id, &wrapped), -ERR_UNAVAILABLE);
    assert_fails(k->type->status(k, id, &err), ERR_UNAVAILABLE);
    assert_non_null(strstr(err.msg, "no luck"));
    p.mood = PLUGIN_TALKS_RUBBISH;
    assert_int_equal(try_unwrap(k, id, &wrapped), -ERR_FORBIDDEN);
    p.mood = PLUGIN_WELL;
    p.first_key = p.key = 2; /* the key was destroyed */
    assert_int_equal(try_unwrap(k, "key-1", &wrapped), -ERR_FORBIDDEN);
    plugin_stop(&p);
    assert_int_equal(try_unwrap(k, "key-1", &wrapped), -ERR_UNAVAILABLE);
    p.first_key = 1;
    assert_true(plugin_start(&p)); /* a plug-in that restarts is found again */
    assert_int_equal(try_unwrap(k, "key-1", &wrapped), 0);
    key_provider_close(k);
    plugin_stop(&p);
}

#define M(text)                                                                                    \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

TEST(answers_that_the_protocol_does_not_allow_are_refused)
{
    static const struct {
        Slice message;
        const char *why;
    } rows[] = {
        {M(""), "ciphertext has 0 bytes"},
        {M("\x0a\x02xy"), "names no key"},
        {M("\x0a\x02xy\x12\x03"
           "a b"),
         "not plain text"},
        {M("\x0a\x02xy\x12\x01k\x1a\x06\x0a\x01"
           "a\x12\x01v"),
         "not named by a domain"},
        {M("\x0a\x02xy\x12\x01k\x1a\x04\x12\x02xx"), "not named by a domain"},
        {M("\x0a\x05xy"), "not a protobuf message"},
    };
    char id[KEY_ID_MAX];
    Err err;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        AUTO_BUF kept = BUF_INIT;

        assert_fails(kms_read_encrypted(rows[i].message, &kept, id, &err), ERR_INTERNAL);
        assert_non_null(strstr(err.msg, rows[i].why));
    }
}

TEST(a_plug_in_of_another_version_is_refused)
{
    char id[KEY_ID_MAX];
    Err err;

    assert_fails(kms_read_status((Slice)M("\x0a\x07v1beta1\x12\x02ok\x1a\x01k"), id, &err),
                 ERR_INTERNAL);
    assert_ok(kms_read_status((Slice)M("\x0a\x02v2\x12\x02ok\x1a\x01k"), id, &err));
    assert_string_equal(id, "k");
}
