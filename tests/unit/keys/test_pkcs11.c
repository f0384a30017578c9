#include "keys/pkcs11uri.h"

#include "base/err.h"
#include "base/files.h"
#include "base/mem.h"
#include "base/secret.h"
#include "keys/provider.h"
#include "tests/unit/keys/unwrap.h"

#include <unistd.h>

static const char module[] = "/usr/lib/softhsm/libsofthsm2.so";

TEST(uris_are_read)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Pkcs11Uri u;
    Err err;

    assert_ok(pkcs11_uri_parse(
        a, "token=My%20Token;object=k;type=secret-key?module-path=/m.so&pin-source=file:/pin", &u,
        &err));
    assert_string_equal(u.token, "My Token");
    assert_string_equal(u.object, "k");
    assert_string_equal(u.module, "/m.so");
    assert_string_equal(u.pin_file, "/pin");
    assert_ok(pkcs11_uri_parse(a, "serial=1;object=k?pin-source=file:///pin&module-path=%2Fm.so",
                               &u, &err));
    assert_string_equal(u.pin_file, "/pin");
    assert_string_equal(u.module, "/m.so");
}

TEST(uris_that_cannot_be_used_are_refused)
{
    static const struct {
        const char *uri, *why;
    } rows[] = {
        {"", "want token="},
        {"token=a?module-path=/m&pin-source=/p", "want token="},
        {"token=a;object=b?module-path=/m&pin-value=1234", "'pin-value' is not supported"},
        {"token=a;object=b;id=%01?module-path=/m&pin-source=/p", "'id' is not supported"},
        {"token=a;token=b;object=b?module-path=/m&pin-source=/p", "comes twice"},
        {"token=a%2;object=b?module-path=/m&pin-source=/p", "cannot be read"},
        {"token=a%00;object=b?module-path=/m&pin-source=/p", "cannot be read"},
        {"token=a;object=b?module-path=m&pin-source=/p", "must be absolute"},
        {"token;object=b?module-path=/m&pin-source=/p", "no attribute"},
        {"token=a;object=b;type=private?module-path=/m&pin-source=/p", "not supported"},
    };
    CLEANUP(arena_free) Arena *a = arena_new();
    Pkcs11Uri u;
    Err err;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_fails(pkcs11_uri_parse(a, rows[i].uri, &u, &err), ERR_BAD_REQUEST);
        assert_non_null(strstr(err.msg, rows[i].why));
    }
}

/* ---- with SoftHSM ---- */

static char dir[64];

static void drop_dir(void)
{
    AUTO_FREE char *cmd = xasprintf("rm -rf %s", dir);

    if (system(cmd) != 0)
        fprintf(stderr, "could not clean up %s\n", dir);
}

static void sh(const char *cmd)
{
    AUTO_FREE char *quiet = xasprintf("%s >/dev/null 2>&1", cmd);

    if (system(quiet) != 0)
        fail_msg("%s", cmd);
}

/* A token of its own with a key whose id is 01. The configuration is read when the module is
 * loaded. */
static void need_token(void)
{
    AUTO_FREE char *conf = NULL, *path = NULL, *pin = NULL;
    AUTO_BUF text = BUF_INIT;
    Err err;

    if (access(module, F_OK) != 0 || system("command -v softhsm2-util pkcs11-tool >/dev/null") != 0)
        skip();
    if (dir[0])
        return;
    snprintf(dir, sizeof(dir), "/tmp/softhsm-XXXXXX");
    assert_non_null(mkdtemp(dir));
    atexit(drop_dir);
    conf = xasprintf("%s/conf", dir);
    path = xasprintf("%s/tokens", dir);
    pin = xasprintf("%s/pin", dir);
    assert_ok(dir_make(path, 0700, &err));
    buf_addf(&text, "directories.tokendir = %s\nobjectstore.backend = file\n", path);
    assert_ok(file_write(conf, buf_slice(&text), 0600, &err));
    assert_ok(file_write(pin, SLICE("1234\n"), 0600, &err));
    setenv("SOFTHSM2_CONF", conf, 1);
    sh("softhsm2-util --init-token --free --label test --pin 1234 --so-pin 5678");
    sh("pkcs11-tool --module /usr/lib/softhsm/libsofthsm2.so --token-label test --login --pin 1234"
       " --keygen --key-type AES:32 --label kek --id 01");
}

static KeyProvider *open_token(const char *object)
{
    AUTO_FREE char *spec = xasprintf(
        "pkcs11:token=test;object=%s?module-path=%s&pin-source=file:%s/pin", object, module, dir);
    KeyProvider *k = NULL;
    Err err;

    assert_ok(key_provider_open(spec, &k, &err));
    return k;
}

TEST(a_token_wraps_rotates_and_drops)
{
    CLEANUP(key_provider_close) KeyProvider *k = NULL;
    AUTO_BUF wrapped = BUF_INIT, newer = BUF_INIT, ids = BUF_INIT;
    char id[KEY_ID_MAX], second[KEY_ID_MAX];
    Err err;

    need_token();
    k = open_token("kek");
    if (k->type->wrap(k, sample, &wrapped, id, &err) < 0)
        fail_msg("%s", err.msg);
    assert_string_equal(id, "01");
    assert_int_equal(try_unwrap(k, "01", &wrapped), 0);
    assert_int_equal(try_unwrap(k, "02", &wrapped), -ERR_FORBIDDEN);
    assert_ok(k->type->rotate(k, second, &err));
    assert_ok(k->type->status(k, id, &err));
    assert_string_equal(id, second);
    assert_ok(k->type->wrap(k, sample, &newer, id, &err));
    assert_string_equal(id, second);
    assert_int_equal(try_unwrap(k, "01", &wrapped), 0);
    assert_int_equal(try_unwrap(k, "01", &newer), -ERR_FORBIDDEN);
    assert_ok(k->type->list(k, &ids, &err));
    assert_true(str_starts(buf_str(&ids), "01\n"));
    assert_fails(k->type->drop(k, second, &err), ERR_FORBIDDEN);
    assert_ok(k->type->drop(k, "01", &err));
    assert_int_equal(try_unwrap(k, "01", &wrapped), -ERR_FORBIDDEN);
    assert_int_equal(try_unwrap(k, second, &newer), 0);
    newer.ptr[newer.len - 1] ^= 1;
    assert_int_equal(try_unwrap(k, second, &newer), -ERR_FORBIDDEN);
    assert_int_equal(try_unwrap(k, second, &(Buf){0}), -ERR_FORBIDDEN);
}

TEST(a_key_that_is_not_there_or_a_token_that_is_away_says_so)
{
    CLEANUP(key_provider_close) KeyProvider *none = NULL, *away = NULL, *no_module = NULL;
    AUTO_FREE char *spec = NULL;
    AUTO_BUF wrapped = BUF_INIT;
    char id[KEY_ID_MAX];
    Err err;

    need_token();
    none = open_token("nothing");
    assert_fails(none->type->wrap(none, sample, &wrapped, id, &err), ERR_FORBIDDEN);
    assert_non_null(strstr(err.msg, "no key 'nothing'"));
    spec = xasprintf("pkcs11:token=other;object=kek?module-path=%s&pin-source=%s/pin", module, dir);
    assert_ok(key_provider_open(spec, &away, &err));
    assert_fails(away->type->wrap(away, sample, &wrapped, id, &err), ERR_UNAVAILABLE);
    assert_non_null(strstr(err.msg, "token 'other' is not there"));
    assert_ok(key_provider_open("pkcs11:token=a;object=b?module-path=/none.so&pin-source=/p",
                                &no_module, &err));
    assert_fails(no_module->type->status(no_module, id, &err), ERR_UNAVAILABLE);
}
