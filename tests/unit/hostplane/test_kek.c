#include "hostplane/kek.h"

#include "base/err.h"
#include "hostplane/files.h"
#include "tests/unit/test.h"

#include <sys/stat.h>
#include <unistd.h>

TEST(key_file_is_made_once_and_unwraps_what_it_wrapped)
{
    AUTO_BUF wrapped = BUF_INIT, plain = BUF_INIT;
    char dir[] = "/tmp/kek-XXXXXX", path[64];
    struct stat st;
    Kek *k, *again;
    KeyWrap w;
    Err err;

    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof(path), "%s/kek", dir);
    assert_ok(kek_open(path, &k, &err));
    assert_ok(stat(path, &st));
    assert_int_equal(st.st_mode & 0777, 0600);
    w = kek_wrap(k);
    assert_ok(w.wrap(w.data, SLICE("secret"), &wrapped, &err));
    assert_ok(kek_open(path, &again, &err));
    w = kek_wrap(again);
    assert_ok(w.unwrap(w.data, buf_slice(&wrapped), &plain, &err));
    assert_string_equal(buf_str(&plain), "secret");
    wrapped.ptr[wrapped.len - 1] ^= 1;
    assert_fails(w.unwrap(w.data, buf_slice(&wrapped), &plain, &err), ERR_INVALID);
    kek_close(k);
    kek_close(again);

    assert_ok(chmod(path, 0644));
    assert_fails(kek_open(path, &k, &err), ERR_INTERNAL);
    assert_ok(file_write(path, SLICE("short"), 0600, &err));
    assert_fails(kek_open(path, &k, &err), ERR_INTERNAL);
    unlink(path);
    rmdir(dir);
}
