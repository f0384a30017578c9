#include "hostplane/kek.h"

#include "base/aead.h"
#include "base/err.h"
#include "base/mem.h"
#include "hostplane/files.h"

#include <errno.h>
#include <sys/stat.h>

struct Kek {
    uint8_t key[AEAD_KEY_BYTES];
};

static const char purpose[] = "hostplane data key";

void kek_close(Kek *k)
{
    if (!k)
        return;
    aead_wipe(k->key, sizeof(k->key));
    free(k);
}

int kek_open(const char *path, Kek **ret, Err *err)
{
    CLEANUP(kek_close) Kek *k = xcalloc(1, sizeof(*k));
    AUTO_BUF text = BUF_INIT;
    struct stat st;
    int r;

    if (stat(path, &st) < 0 && errno == ENOENT) {
        aead_new_key(k->key);
        r = file_write(path, (Slice){(const char *)k->key, sizeof(k->key)}, 0600, err);
        if (r < 0)
            return r;
        *ret = TAKE(k);
        return 0;
    }
    r = file_read(path, AEAD_KEY_BYTES + 1, &text, err);
    if (r < 0)
        return r;
    if (text.len != AEAD_KEY_BYTES)
        r = err_set(err, ERR_INTERNAL, "%s: not a key of %d bytes", path, AEAD_KEY_BYTES);
    else if (stat(path, &st) < 0 || (st.st_mode & 077))
        r = err_set(err, ERR_INTERNAL, "%s: must not be accessible to others (chmod 600)", path);
    else
        memcpy(k->key, text.ptr, AEAD_KEY_BYTES);
    aead_wipe(text.ptr, text.len);
    if (r < 0)
        return r;
    *ret = TAKE(k);
    return 0;
}

static int wrap(void *data, Slice key, Buf *ret, Err *err UNUSED)
{
    Kek *k = data;

    aead_seal(k->key, SLICE(purpose), key, ret);
    return 0;
}

static int unwrap(void *data, Slice wrapped, Buf *ret, Err *err)
{
    Kek *k = data;

    return aead_open(k->key, SLICE(purpose), wrapped, ret, err);
}

KeyWrap kek_wrap(Kek *k)
{
    return (KeyWrap){wrap, unwrap, k};
}
