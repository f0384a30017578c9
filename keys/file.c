/*
 * DESIGN. Keys in a file of ours, mode 0600, made when it is missing:
 *
 *     # key-encryption keys of hostplane; the last one is in use
 *     ID BASE64
 *
 * A file of exactly 32 bytes is one key, as servers of before there was rotation made it. The id of
 * a key is a digest of it. A change writes the file anew and renames it, so a crash leaves the old
 * or the new; a new key is in the file before anything is wrapped with it, and an old one leaves
 * the file only when the caller knows that nothing is. A key that is asked for and not known makes
 * us read the file again: another server that shares it may have rotated. Who takes the file away
 * withdraws its keys: nothing is unwrapped until it is back.
 */
#include "keys/provider.h"

#include "base/aead.h"
#include "base/b64.h"
#include "base/err.h"
#include "base/fault.h"
#include "base/files.h"
#include "base/mem.h"
#include "base/random.h"
#include "base/secret.h"

#include <errno.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_KEYS = 64, ID_HEX = 16, FILE_MAX = 16384 };

typedef struct FileKey {
    char id[ID_HEX + 1];
    uint8_t *key; /* secret memory */
} FileKey;

typedef struct Keys {
    FileKey items[MAX_KEYS];
    size_t n; /* the last one is the current */
} Keys;

typedef struct FileProvider {
    KeyProvider pub; /* first */
    char *path;
    pthread_mutex_t lock; /* guards keys and the file */
    Keys keys;
} FileProvider;

static const char purpose[] = "hostplane data key";
static const char headline[] = "# key-encryption keys of hostplane; the last one is in use\n";

static void keys_done(Keys *k)
{
    for (size_t i = 0; i < k->n; i++)
        secret_free(k->items[i].key);
    k->n = 0;
}

/* Takes the key over. */
static void keys_add(Keys *k, uint8_t *key)
{
    char hex[2 * SHA256_LEN + 1];
    AUTO_SECRET *text = secret_new();
    FileKey *f = &k->items[k->n++];

    memcpy(text, "hostplane key", 13);
    memcpy(text + 13, key, KEY_BYTES);
    sha256_hex((Slice){(const char *)text, 13 + KEY_BYTES}, hex);
    memcpy(f->id, hex, ID_HEX);
    f->id[ID_HEX] = '\0';
    f->key = key;
}

static FileKey *keys_find(Keys *k, const char *id)
{
    for (size_t i = 0; i < k->n; i++)
        if (str_eq(k->items[i].id, id))
            return &k->items[i];
    return NULL;
}

/* ---- the file ---- */

static int parse_line(Keys *k, Slice line, Err *err)
{
    AUTO_WIPED_BUF plain = BUF_INIT;
    Slice id;
    uint8_t *key;

    if (!slice_cut(&line, ' ', &id) || !b64_decode(slice_trim(line), &plain) ||
        plain.len != KEY_BYTES)
        return err_set(err, ERR_INTERNAL, "a line is not a key");
    if (k->n == MAX_KEYS)
        return err_set(err, ERR_INTERNAL, "more than %d keys", MAX_KEYS);
    key = secret_new();
    memcpy(key, plain.ptr, KEY_BYTES);
    keys_add(k, key);
    if (!slice_is(id, k->items[k->n - 1].id))
        return err_set(err, ERR_INTERNAL, "the key '%.*s' is damaged", (int)id.len, id.ptr);
    return 0;
}

static int parse(Keys *k, Slice text, Err *err)
{
    Slice line;
    bool more = true;
    int r = 0;

    if (text.len == KEY_BYTES) {
        uint8_t *key = secret_new();

        memcpy(key, text.ptr, KEY_BYTES);
        keys_add(k, key);
        return 0;
    }
    while (more && r == 0) {
        more = slice_cut(&text, '\n', &line);
        line = slice_trim(line);
        if (line.len > 0 && line.ptr[0] != '#')
            r = parse_line(k, line, err);
    }
    if (r == 0 && k->n == 0)
        r = err_set(err, ERR_INTERNAL, "there is no key in it");
    return r;
}

static int read_keys(const char *path, Keys *k, Err *err)
{
    AUTO_WIPED_BUF text = BUF_INIT;
    struct stat st;
    int r;

    if (stat(path, &st) < 0)
        return err_set(err, ERR_INTERNAL, "%s: %s", path, strerror(errno));
    if (st.st_mode & 077)
        return err_set(err, ERR_INTERNAL, "%s: must not be accessible to others (chmod 600)", path);
    buf_reserve(&text, FILE_MAX + 1); /* so that it is never copied to a larger place */
    r = file_read(path, FILE_MAX, &text, err);
    if (r == 0)
        r = parse(k, buf_slice(&text), err);
    if (r < 0)
        keys_done(k);
    return r < 0 ? err_wrap(err, r, "%s", path) : 0;
}

static int write_keys(const char *path, const Keys *k, Err *err)
{
    AUTO_WIPED_BUF text = BUF_INIT;
    int r;

    buf_reserve(&text, FILE_MAX);
    buf_adds(&text, headline);
    for (size_t i = 0; i < k->n; i++) {
        buf_addf(&text, "%s ", k->items[i].id);
        b64_encode((Slice){(const char *)k->items[i].key, KEY_BYTES}, &text);
        buf_addc(&text, '\n');
    }
    (void)FAULT("keys.file.before");
    r = file_write(path, buf_slice(&text), 0600, err);
    (void)FAULT("keys.file.written");
    return r;
}

/* With the lock: take over what the file has now. */
static int reload(FileProvider *f, Err *err)
{
    Keys now = {.n = 0};
    int r = read_keys(f->path, &now, err);

    if (r < 0)
        return r;
    keys_done(&f->keys);
    f->keys = now;
    return 0;
}

static void file_close(KeyProvider *p)
{
    FileProvider *f = (FileProvider *)p;

    keys_done(&f->keys);
    pthread_mutex_destroy(&f->lock);
    free(f->path);
    free(f);
}

static int file_open(const char *path, KeyProvider **ret, Err *err)
{
    FileProvider *f = xcalloc(1, sizeof(*f));
    struct stat st;
    int r;

    f->pub.type = &key_provider_file;
    f->path = xstrdup(path);
    pthread_mutex_init(&f->lock, NULL);
    if (stat(path, &st) < 0 && errno == ENOENT) {
        uint8_t *key = secret_new();

        aead_new_key(key);
        keys_add(&f->keys, key);
        r = write_keys(path, &f->keys, err);
    } else {
        r = read_keys(path, &f->keys, err);
    }
    if (r < 0) {
        file_close(&f->pub);
        return r;
    }
    *ret = &f->pub;
    return 0;
}

/* ---- the calls ---- */

static int file_wrap(KeyProvider *p, const uint8_t *key, Buf *ret, char ret_id[KEY_ID_MAX],
                     Err *err UNUSED)
{
    FileProvider *f = (FileProvider *)p;
    const FileKey *k;

    pthread_mutex_lock(&f->lock);
    k = &f->keys.items[f->keys.n - 1];
    aead_seal(k->key, SLICE(purpose), (Slice){(const char *)key, KEY_BYTES}, ret);
    memcpy(ret_id, k->id, sizeof(k->id));
    pthread_mutex_unlock(&f->lock);
    return 0;
}

static int open_with(const FileKey *k, Slice wrapped, uint8_t *ret_key, Err *err)
{
    AUTO_WIPED_BUF plain = BUF_INIT;

    if (aead_open(k->key, SLICE(purpose), wrapped, &plain, NULL) < 0 || plain.len != KEY_BYTES)
        return err_set(err, ERR_FORBIDDEN, "the wrapped data key does not belong to the key '%s'",
                       k->id);
    memcpy(ret_key, plain.ptr, KEY_BYTES);
    return 0;
}

/* Is the file there still? */
static int check_file(const FileProvider *f, Err *err)
{
    if (access(f->path, F_OK) == 0)
        return 0;
    return err_set(err, ERR_FORBIDDEN, "%s: %s", f->path, strerror(errno));
}

/* With the lock. A key that was never noted: the one that fits. */
static int unwrap_locked(FileProvider *f, const char *id, Slice wrapped, uint8_t *ret_key, Err *err)
{
    const FileKey *k = keys_find(&f->keys, id);
    int r = -ERR_FORBIDDEN;

    if (id[0] && !k)
        return err_set(err, ERR_FORBIDDEN, "there is no key '%s' in %s", id, f->path);
    if (k)
        return open_with(k, wrapped, ret_key, err);
    for (size_t i = f->keys.n; i-- > 0 && r < 0;)
        r = open_with(&f->keys.items[i], wrapped, ret_key, err);
    return r;
}

static int file_unwrap(KeyProvider *p, const char *id, Slice wrapped, uint8_t *ret_key, Err *err)
{
    FileProvider *f = (FileProvider *)p;
    int r;

    r = check_file(f, err);
    if (r < 0)
        return r;
    pthread_mutex_lock(&f->lock);
    r = unwrap_locked(f, id, wrapped, ret_key, err);
    if (r < 0 && (!id[0] || !keys_find(&f->keys, id)) && reload(f, NULL) == 0)
        r = unwrap_locked(f, id, wrapped, ret_key, err);
    pthread_mutex_unlock(&f->lock);
    return r;
}

static int file_status(KeyProvider *p, char ret_id[KEY_ID_MAX], Err *err)
{
    FileProvider *f = (FileProvider *)p;
    const FileKey *k;
    int r = check_file(f, err);

    if (r < 0)
        return r;
    pthread_mutex_lock(&f->lock);
    (void)reload(
        f,
        NULL); /* another server may have rotated; a damaged file is no news to who has its keys */
    k = &f->keys.items[f->keys.n - 1];
    memcpy(ret_id, k->id, sizeof(k->id));
    pthread_mutex_unlock(&f->lock);
    return 0;
}

static int file_rotate(KeyProvider *p, char ret_id[KEY_ID_MAX], Err *err)
{
    FileProvider *f = (FileProvider *)p;
    uint8_t *key;
    int r;

    pthread_mutex_lock(&f->lock);
    r = reload(f, err);
    if (r == 0 && f->keys.n == MAX_KEYS)
        r = err_set(err, ERR_FORBIDDEN, "%s has %d keys already: drop some", f->path, MAX_KEYS);
    if (r == 0) {
        key = secret_new();
        aead_new_key(key);
        keys_add(&f->keys, key);
        r = write_keys(f->path, &f->keys, err);
        if (r < 0)
            secret_free(f->keys.items[--f->keys.n].key);
        else
            memcpy(ret_id, f->keys.items[f->keys.n - 1].id, ID_HEX + 1);
    }
    pthread_mutex_unlock(&f->lock);
    return r;
}

static int file_drop(KeyProvider *p, const char *id, Err *err)
{
    FileProvider *f = (FileProvider *)p;
    Keys left = {.n = 0};
    FileKey *k;
    int r;

    pthread_mutex_lock(&f->lock);
    r = reload(f, err);
    k = r == 0 ? keys_find(&f->keys, id) : NULL;
    if (r == 0 && !k)
        r = err_set(err, ERR_NOT_FOUND, "there is no key '%s'", id);
    else if (r == 0 && k == &f->keys.items[f->keys.n - 1])
        r = err_set(err, ERR_FORBIDDEN, "the key '%s' is the current one", id);
    for (size_t i = 0; r == 0 && i < f->keys.n; i++)
        if (&f->keys.items[i] != k)
            left.items[left.n++] = f->keys.items[i];
    if (r == 0)
        r = write_keys(f->path, &left, err);
    if (r == 0) {
        secret_free(k->key);
        f->keys = left;
    }
    pthread_mutex_unlock(&f->lock);
    return r;
}

static int file_list(KeyProvider *p, Buf *ret, Err *err UNUSED)
{
    FileProvider *f = (FileProvider *)p;

    pthread_mutex_lock(&f->lock);
    for (size_t i = 0; i < f->keys.n; i++)
        buf_addf(ret, "%s\n", f->keys.items[i].id);
    pthread_mutex_unlock(&f->lock);
    return 0;
}

const KeyProviderType key_provider_file = {
    .scheme = "file",
    .is_local = true,
    .open = file_open,
    .close = file_close,
    .wrap = file_wrap,
    .unwrap = file_unwrap,
    .status = file_status,
    .rotate = file_rotate,
    .drop = file_drop,
    .list = file_list,
};
