#include "base/err.h"
#include "base/fault.h"
#include "base/files.h"
#include "base/mem.h"
#include "base/secret.h"
#include "keys/provider.h"
#include "tests/unit/keys/unwrap.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct Place {
    char dir[32], path[64], spec[80];
} Place;

static void place_open(Place *p)
{
    snprintf(p->dir, sizeof(p->dir), "/tmp/keys-XXXXXX");
    assert_non_null(mkdtemp(p->dir));
    snprintf(p->path, sizeof(p->path), "%s/kek", p->dir);
    snprintf(p->spec, sizeof(p->spec), "file:%s", p->path);
}

static void place_close(Place *p)
{
    AUTO_FREE char *temp = xasprintf("%s.new", p->path);

    unlink(temp);
    unlink(p->path);
    assert_int_equal(rmdir(p->dir), 0);
}

static KeyProvider *open_at(const Place *p)
{
    KeyProvider *k = NULL;
    Err err;

    if (key_provider_open(p->spec, &k, &err) < 0)
        fail_msg("%s", err.msg);
    return k;
}

TEST(the_file_is_made_for_its_owner_alone_and_serves_again)
{
    CLEANUP(key_provider_close) KeyProvider *k = NULL, *again = NULL;
    AUTO_BUF wrapped = BUF_INIT;
    char id[KEY_ID_MAX];
    struct stat st;
    Place p;
    Err err;

    place_open(&p);
    k = open_at(&p);
    assert_ok(stat(p.path, &st));
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_ok(k->type->wrap(k, sample, &wrapped, id, &err));
    again = open_at(&p);
    assert_int_equal(try_unwrap(again, id, &wrapped), 0);
    assert_int_equal(try_unwrap(again, "", &wrapped), 0);
    assert_int_equal(try_unwrap(again, "0000000000000000", &wrapped), -ERR_FORBIDDEN);
    wrapped.ptr[wrapped.len - 1] ^= 1;
    assert_int_equal(try_unwrap(again, id, &wrapped), -ERR_FORBIDDEN);
    assert_int_equal(try_unwrap(again, "", &wrapped), -ERR_FORBIDDEN);
    place_close(&p);
}

TEST(a_file_of_one_bare_key_is_read_and_becomes_the_new_form_by_rotation)
{
    CLEANUP(key_provider_close) KeyProvider *k = NULL, *again = NULL;
    AUTO_BUF wrapped = BUF_INIT, newer = BUF_INIT, ids = BUF_INIT;
    char first[KEY_ID_MAX], id[KEY_ID_MAX], second[KEY_ID_MAX];
    Place p;
    Err err;

    place_open(&p);
    assert_ok(file_write(p.path, (Slice){(const char *)sample, KEY_BYTES}, 0600, &err));
    k = open_at(&p);
    assert_ok(k->type->wrap(k, sample, &wrapped, first, &err));
    assert_ok(k->type->rotate(k, second, &err));
    assert_string_not_equal(first, second);
    assert_ok(k->type->status(k, id, &err));
    assert_string_equal(id, second);
    assert_ok(k->type->wrap(k, sample, &newer, id, &err));
    assert_string_equal(id, second);
    again = open_at(&p);
    assert_int_equal(try_unwrap(again, first, &wrapped), 0);
    assert_int_equal(try_unwrap(again, second, &newer), 0);
    assert_ok(again->type->list(again, &ids, &err));
    assert_true(str_starts(buf_str(&ids), first));
    assert_non_null(strstr(buf_str(&ids), second));
    place_close(&p);
}

TEST(the_current_key_cannot_be_dropped_another_can)
{
    CLEANUP(key_provider_close) KeyProvider *k = NULL;
    AUTO_BUF wrapped = BUF_INIT;
    char first[KEY_ID_MAX], second[KEY_ID_MAX];
    Place p;
    Err err;

    place_open(&p);
    k = open_at(&p);
    assert_ok(k->type->wrap(k, sample, &wrapped, first, &err));
    assert_fails(k->type->drop(k, first, &err), ERR_FORBIDDEN);
    assert_ok(k->type->rotate(k, second, &err));
    assert_fails(k->type->drop(k, "nothing", &err), ERR_NOT_FOUND);
    assert_ok(k->type->drop(k, first, &err));
    assert_int_equal(try_unwrap(k, first, &wrapped), -ERR_FORBIDDEN);
    place_close(&p);
}

TEST(a_key_that_another_server_has_made_is_found_in_the_file)
{
    CLEANUP(key_provider_close) KeyProvider *one = NULL, *two = NULL;
    AUTO_BUF wrapped = BUF_INIT;
    char id[KEY_ID_MAX];
    Place p;
    Err err;

    place_open(&p);
    one = open_at(&p);
    two = open_at(&p);
    assert_ok(one->type->rotate(one, id, &err));
    assert_ok(one->type->wrap(one, sample, &wrapped, id, &err));
    assert_int_equal(try_unwrap(two, id, &wrapped), 0);
    place_close(&p);
}

TEST(a_file_that_is_taken_away_unwraps_nothing_until_it_is_back)
{
    CLEANUP(key_provider_close) KeyProvider *k = NULL;
    AUTO_BUF wrapped = BUF_INIT;
    AUTO_FREE char *aside = NULL;
    char id[KEY_ID_MAX];
    Place p;
    Err err;

    place_open(&p);
    aside = xasprintf("%s.aside", p.path);
    k = open_at(&p);
    assert_ok(k->type->wrap(k, sample, &wrapped, id, &err));
    assert_ok(rename(p.path, aside));
    assert_int_equal(try_unwrap(k, id, &wrapped), -ERR_FORBIDDEN);
    assert_fails(k->type->status(k, id, &err), ERR_FORBIDDEN);
    assert_ok(rename(aside, p.path));
    assert_int_equal(try_unwrap(k, id, &wrapped), 0);
    place_close(&p);
}

TEST(files_that_are_no_keys_are_refused)
{
    static const char *const texts[] = {
        "short",
        "",
        "# nothing\n",
        "0123456789abcdef AAAA\n",
        "0123456789abcdef AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", /* not its digest */
    };
    KeyProvider *k;
    Place p;
    Err err;

    place_open(&p);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        assert_ok(file_write(p.path, slice_of(texts[i]), 0600, &err));
        assert_fails(key_provider_open(p.spec, &k, &err), ERR_INTERNAL);
    }
    assert_ok(file_write(p.path, (Slice){(const char *)sample, KEY_BYTES}, 0644, &err));
    assert_fails(key_provider_open(p.spec, &k, &err), ERR_INTERNAL);
    assert_non_null(strstr(err.msg, "chmod 600"));
    place_close(&p);
}

#ifdef FAULTS
TEST(a_rotation_that_is_killed_leaves_the_old_keys_or_the_new_ones)
{
    static const char *const points[] = {"keys.file.before", "keys.file.written"};

    for (size_t i = 0; i < ARRAY_LEN(points); i++) {
        CLEANUP(key_provider_close) KeyProvider *k = NULL, *again = NULL;
        AUTO_BUF wrapped = BUF_INIT, ids = BUF_INIT;
        char id[KEY_ID_MAX];
        int status;
        pid_t pid;
        Place p;
        Err err;

        place_open(&p);
        k = open_at(&p);
        assert_ok(k->type->wrap(k, sample, &wrapped, id, &err));
        pid = fork();
        if (pid == 0) {
            KeyProvider *mine = open_at(&p);

            fault_arm(points[i], FAULT_KILL, 1, 0);
            (void)mine->type->rotate(mine, id, &err);
            _exit(0);
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        again = open_at(&p);
        assert_int_equal(try_unwrap(again, id, &wrapped), 0);
        assert_ok(again->type->list(again, &ids, &err));
        assert_int_equal(ids.len, (i + 1) * 17); /* a line of 16 digits each */
        place_close(&p);
    }
}
#endif

TEST(specs_that_cannot_be_read_are_refused)
{
    static const char *const specs[] = {"",          "file",        "none:x",
                                        "kms:/sock", "kms:unix://", "pkcs11:token=a;object=b"};
    KeyProvider *k;
    Err err;

    for (size_t i = 0; i < ARRAY_LEN(specs); i++)
        assert_fails(key_provider_open(specs[i], &k, &err), ERR_BAD_REQUEST);
}
