/*
 * DESIGN. AES keys in a token behind a PKCS#11 module, which is loaded at run time. The keys are
 * the secret keys of one label; a key's id is its CKA_ID in hexadecimal, and the greatest one is
 * the current. A data key is wrapped by AES-GCM in the token:
 *
 *     wrapped = nonce (12) | ciphertext | tag (16)
 *
 * One session a provider, opened when it is first needed and anew after any error that says that it
 * is of no more use (a token that was pulled out, a module that restarted). Keys are looked for at
 * each call, so one that is taken away is missed at once.
 */
#include "keys/pkcs11uri.h"
#include "keys/provider.h"

#include "base/aead.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/files.h"
#include "base/mem.h"
#include "base/random.h"
#include "base/secret.h"

#include <ctype.h>
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <pthread.h>

enum { MAX_SLOTS = 64, MAX_KEYS = 64, CKA_ID_MAX = 64, NEW_ID_BYTES = 8, PIN_MAX = 256 };

/* Modules keep state of the process: each is loaded and initialised once. */
typedef struct Module {
    struct Module *next;
    char *path;
    void *handle;
    CK_FUNCTION_LIST *f;
    int refs;
} Module;

static pthread_mutex_t modules_lock = PTHREAD_MUTEX_INITIALIZER; /* guards modules */
static Module *modules;

typedef struct Pkcs11Provider {
    KeyProvider pub; /* first */
    Arena *arena;
    Pkcs11Uri uri;
    pthread_mutex_t lock; /* guards what follows, and a call */
    Module *module;
    CK_SESSION_HANDLE session;
    bool has_session;
} Pkcs11Provider;

typedef struct TokenKey {
    CK_OBJECT_HANDLE handle;
    char id[2 * CKA_ID_MAX + 1];
} TokenKey;

typedef struct TokenKeys {
    TokenKey items[MAX_KEYS];
    size_t n;
} TokenKeys;

static const char purpose[] = "hostplane data key";

/* ---- modules ---- */

static void module_unref(Module *m)
{
    if (!m)
        return;
    pthread_mutex_lock(&modules_lock);
    if (--m->refs == 0) {
        Module **at = &modules;

        while (*at != m)
            at = &(*at)->next;
        *at = m->next;
        m->f->C_Finalize(NULL);
        dlclose(m->handle);
        free(m->path);
        free(m);
    }
    pthread_mutex_unlock(&modules_lock);
}

static int module_load(const char *path, Module **ret, Err *err)
{
    CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK};
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    CK_C_GetFunctionList get;
    CK_FUNCTION_LIST *f = NULL;
    CK_RV rv;

    if (!handle)
        return err_set(err, ERR_UNAVAILABLE, "%s: %s", path, dlerror());
    *(void **)&get = dlsym(handle, "C_GetFunctionList");
    if (!get || get(&f) != CKR_OK || !f) {
        dlclose(handle);
        return err_set(err, ERR_UNAVAILABLE, "%s is no PKCS#11 module", path);
    }
    rv = f->C_Initialize(&args);
    if (rv != CKR_OK && rv != CKR_CRYPTOKI_ALREADY_INITIALIZED) {
        dlclose(handle);
        return err_set(err, ERR_UNAVAILABLE, "%s: C_Initialize failed with 0x%lx", path, rv);
    }
    *ret = xcalloc(1, sizeof(**ret));
    (*ret)->path = xstrdup(path);
    (*ret)->handle = handle;
    (*ret)->f = f;
    (*ret)->refs = 1;
    return 0;
}

static int module_get(const char *path, Module **ret, Err *err)
{
    Module *m;
    int r = 0;

    pthread_mutex_lock(&modules_lock);
    for (m = modules; m && !str_eq(m->path, path);)
        m = m->next;
    if (m) {
        m->refs++;
    } else {
        r = module_load(path, &m, err);
        if (r == 0) {
            m->next = modules;
            modules = m;
        }
    }
    pthread_mutex_unlock(&modules_lock);
    if (r == 0)
        *ret = m;
    return r;
}

/* ---- the session ---- */

static void drop_session(Pkcs11Provider *p)
{
    if (p->has_session)
        p->module->f->C_CloseSession(p->session);
    p->has_session = false;
}

/* What a call's failure means: the token is away, or it refuses. */
static int failed(Pkcs11Provider *p, const char *call, CK_RV rv, Err *err)
{
    switch (rv) {
    case CKR_KEY_HANDLE_INVALID:
    case CKR_OBJECT_HANDLE_INVALID:
    case CKR_ENCRYPTED_DATA_INVALID:
    case CKR_ENCRYPTED_DATA_LEN_RANGE:
    case CKR_KEY_FUNCTION_NOT_PERMITTED:
    case CKR_KEY_TYPE_INCONSISTENT:
    case CKR_KEY_SIZE_RANGE:
    case CKR_MECHANISM_INVALID:
    case CKR_PIN_INCORRECT:
    case CKR_PIN_LOCKED:
    case CKR_PIN_EXPIRED:
    case CKR_TOKEN_WRITE_PROTECTED:
        return err_set(err, ERR_FORBIDDEN, "%s failed with 0x%lx", call, rv);
    default:
        drop_session(p);
        return err_set(err, ERR_UNAVAILABLE, "%s failed with 0x%lx", call, rv);
    }
}

/* Token texts are padded with blanks. */
static bool is_padded(const unsigned char *field, size_t n, const char *want)
{
    while (n > 0 && (field[n - 1] == ' ' || field[n - 1] == '\0'))
        n--;
    return strlen(want) == n && memcmp(field, want, n) == 0;
}

static int find_slot(Pkcs11Provider *p, CK_SLOT_ID *ret, Err *err)
{
    CK_SLOT_ID slots[MAX_SLOTS];
    CK_ULONG n = MAX_SLOTS;
    CK_RV rv = p->module->f->C_GetSlotList(CK_TRUE, slots, &n);

    if (rv != CKR_OK)
        return failed(p, "C_GetSlotList", rv, err);
    for (CK_ULONG i = 0; i < n; i++) {
        CK_TOKEN_INFO info;

        if (p->module->f->C_GetTokenInfo(slots[i], &info) != CKR_OK)
            continue;
        if ((!p->uri.token || is_padded(info.label, sizeof(info.label), p->uri.token)) &&
            (!p->uri.serial ||
             is_padded(info.serialNumber, sizeof(info.serialNumber), p->uri.serial))) {
            *ret = slots[i];
            return 0;
        }
    }
    return err_set(err, ERR_UNAVAILABLE, "the token '%s' is not there",
                   p->uri.token ? p->uri.token : p->uri.serial);
}

static int login(Pkcs11Provider *p, Err *err)
{
    AUTO_WIPED_BUF pin = BUF_INIT;
    Slice text;
    CK_RV rv;
    int r;

    buf_reserve(&pin, 2 * PIN_MAX);
    r = file_read(p->uri.pin_file, PIN_MAX, &pin, err);
    if (r < 0)
        return err_set(err, ERR_UNAVAILABLE, "the PIN cannot be read from %s", p->uri.pin_file);
    text = slice_trim(buf_slice(&pin));
    rv =
        p->module->f->C_Login(p->session, CKU_USER, (unsigned char *)(uintptr_t)text.ptr, text.len);
    if (rv != CKR_OK && rv != CKR_USER_ALREADY_LOGGED_IN)
        return failed(p, "C_Login", rv, err);
    return 0;
}

/* With the lock. */
static int need_session(Pkcs11Provider *p, Err *err)
{
    CK_SESSION_INFO info;
    CK_SLOT_ID slot;
    CK_RV rv;
    int r = 0;

    if (!p->module)
        r = module_get(p->uri.module, &p->module, err);
    if (r < 0)
        return r;
    if (p->has_session && p->module->f->C_GetSessionInfo(p->session, &info) == CKR_OK &&
        (info.state == CKS_RW_USER_FUNCTIONS || info.state == CKS_RO_USER_FUNCTIONS))
        return 0;
    drop_session(p);
    r = find_slot(p, &slot, err);
    if (r < 0)
        return r;
    rv = p->module->f->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL,
                                     &p->session);
    if (rv != CKR_OK)
        return failed(p, "C_OpenSession", rv, err);
    p->has_session = true;
    r = login(p, err);
    if (r < 0)
        drop_session(p);
    return r;
}

/* ---- keys ---- */

/* 1: it is a key, 0: it has no id that we could name. */
static int read_id(Pkcs11Provider *p, TokenKey *k, Err *err)
{
    unsigned char id[CKA_ID_MAX];
    CK_ATTRIBUTE a = {CKA_ID, id, sizeof(id)};
    CK_RV rv = p->module->f->C_GetAttributeValue(p->session, k->handle, &a, 1);

    if (rv == CKR_BUFFER_TOO_SMALL)
        return 0;
    if (rv != CKR_OK)
        return failed(p, "C_GetAttributeValue", rv, err);
    for (CK_ULONG i = 0; i < a.ulValueLen; i++)
        snprintf(k->id + 2 * i, 3, "%02x", id[i]);
    if (a.ulValueLen == 0)
        memcpy(k->id, "-", 2); /* a key without an id has a name all the same */
    return 1;
}

static int by_id(const void *a, const void *b)
{
    const char *x = ((const TokenKey *)a)->id, *y = ((const TokenKey *)b)->id;
    size_t n, m;

    x += strspn(x, "0");
    y += strspn(y, "0");
    n = strlen(x);
    m = strlen(y);
    return n != m ? (n < m ? -1 : 1) : strcmp(x, y);
}

/* With the lock: all keys of the label, the current one last. */
static int find_keys(Pkcs11Provider *p, TokenKeys *ret, Err *err)
{
    CK_OBJECT_CLASS class = CKO_SECRET_KEY;
    CK_ATTRIBUTE want[] = {
        {CKA_CLASS, &class, sizeof(class)},
        {CKA_LABEL, (char *)(uintptr_t)p->uri.object, strlen(p->uri.object)},
    };
    CK_OBJECT_HANDLE found[MAX_KEYS];
    CK_ULONG n = 0;
    CK_RV rv;
    int r = need_session(p, err);

    ret->n = 0;
    if (r < 0)
        return r;
    rv = p->module->f->C_FindObjectsInit(p->session, want, ARRAY_LEN(want));
    if (rv != CKR_OK)
        return failed(p, "C_FindObjectsInit", rv, err);
    rv = p->module->f->C_FindObjects(p->session, found, MAX_KEYS, &n);
    p->module->f->C_FindObjectsFinal(p->session);
    if (rv != CKR_OK)
        return failed(p, "C_FindObjects", rv, err);
    for (CK_ULONG i = 0; i < n && r >= 0; i++) {
        ret->items[ret->n].handle = found[i];
        r = read_id(p, &ret->items[ret->n], err);
        ret->n += r == 1;
    }
    qsort(ret->items, ret->n, sizeof(ret->items[0]), by_id);
    return MIN(r, 0);
}

static int current_key(Pkcs11Provider *p, TokenKey *ret, Err *err)
{
    TokenKeys keys;
    int r = find_keys(p, &keys, err);

    if (r == 0 && keys.n == 0)
        r = err_set(err, ERR_FORBIDDEN, "the token has no key '%s'", p->uri.object);
    if (r == 0)
        *ret = keys.items[keys.n - 1];
    return r;
}

static int key_by_id(Pkcs11Provider *p, const char *id, CK_OBJECT_HANDLE *ret, bool *ret_current,
                     Err *err)
{
    TokenKeys keys;
    int r = find_keys(p, &keys, err);

    for (size_t i = 0; r == 0 && i < keys.n; i++) {
        if (str_eq(keys.items[i].id, id)) {
            *ret = keys.items[i].handle;
            *ret_current = i == keys.n - 1;
            return 0;
        }
    }
    return r < 0 ? r
                 : err_set(err, ERR_FORBIDDEN, "the token has no key '%s' with the id '%s'",
                           p->uri.object, id);
}

static void gcm_of(CK_GCM_PARAMS *gcm, CK_MECHANISM *m, const unsigned char *nonce)
{
    *gcm = (CK_GCM_PARAMS){.iv_ptr = (unsigned char *)(uintptr_t)nonce,
                           .iv_len = AEAD_NONCE_BYTES,
                           .iv_bits = AEAD_NONCE_BYTES * 8,
                           .aad_ptr = (unsigned char *)(uintptr_t)purpose,
                           .aad_len = sizeof(purpose) - 1,
                           .tag_bits = AEAD_TAG_BYTES * 8};
    *m = (CK_MECHANISM){CKM_AES_GCM, gcm, sizeof(*gcm)};
}

static int wrap_locked(Pkcs11Provider *p, const uint8_t *key, Buf *ret, char ret_id[KEY_ID_MAX],
                       Err *err)
{
    unsigned char nonce[AEAD_NONCE_BYTES], out[KEY_BYTES + AEAD_TAG_BYTES];
    CK_GCM_PARAMS gcm;
    CK_MECHANISM m;
    CK_ULONG n = sizeof(out);
    TokenKey k;
    CK_RV rv;
    int r = current_key(p, &k, err);

    if (r < 0)
        return r;
    random_bytes(nonce, sizeof(nonce));
    gcm_of(&gcm, &m, nonce);
    rv = p->module->f->C_EncryptInit(p->session, &m, k.handle);
    if (rv != CKR_OK)
        return failed(p, "C_EncryptInit", rv, err);
    rv = p->module->f->C_Encrypt(p->session, (unsigned char *)(uintptr_t)key, KEY_BYTES, out, &n);
    if (rv != CKR_OK)
        return failed(p, "C_Encrypt", rv, err);
    if (n != sizeof(out))
        return err_set(err, ERR_FORBIDDEN, "the token encrypts 32 bytes to %lu", n);
    buf_add(ret, nonce, sizeof(nonce));
    buf_add(ret, out, sizeof(out));
    memcpy(ret_id, k.id, sizeof(k.id));
    return 0;
}

static int unwrap_locked(Pkcs11Provider *p, const char *id, Slice wrapped, uint8_t *ret_key,
                         Err *err)
{
    const unsigned char *in = (const unsigned char *)wrapped.ptr;
    CK_GCM_PARAMS gcm;
    CK_MECHANISM m;
    CK_OBJECT_HANDLE handle;
    CK_ULONG n = SECRET_BYTES;
    AUTO_SECRET *plain = secret_new(); /* some modules want room for the tag */
    bool is_current;
    CK_RV rv;
    int r;

    if (wrapped.len != AEAD_OVERHEAD + KEY_BYTES)
        return err_set(err, ERR_FORBIDDEN, "a wrapped data key has %zu bytes", wrapped.len);
    r = key_by_id(p, id, &handle, &is_current, err);
    if (r < 0)
        return r;
    gcm_of(&gcm, &m, in);
    rv = p->module->f->C_DecryptInit(p->session, &m, handle);
    if (rv != CKR_OK)
        return failed(p, "C_DecryptInit", rv, err);
    rv = p->module->f->C_Decrypt(p->session, (unsigned char *)(uintptr_t)in + AEAD_NONCE_BYTES,
                                 wrapped.len - AEAD_NONCE_BYTES, plain, &n);
    if (rv == CKR_GENERAL_ERROR) /* SoftHSM's word for a tag that does not fit */
        rv = CKR_ENCRYPTED_DATA_INVALID;
    if (rv != CKR_OK)
        return failed(p, "C_Decrypt", rv, err);
    if (n != KEY_BYTES)
        return err_set(err, ERR_FORBIDDEN, "a data key has %lu bytes", n);
    memcpy(ret_key, plain, KEY_BYTES);
    return 0;
}

/* ---- the calls ---- */

static int pkcs11_open(const char *rest, KeyProvider **ret, Err *err)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Pkcs11Provider *p;
    Pkcs11Uri uri;
    int r = pkcs11_uri_parse(a, rest, &uri, err);

    if (r < 0)
        return r;
    p = xcalloc(1, sizeof(*p));
    p->pub.type = &key_provider_pkcs11;
    p->uri = uri;
    p->arena = TAKE(a);
    pthread_mutex_init(&p->lock, NULL);
    *ret = &p->pub;
    return 0;
}

static void pkcs11_close(KeyProvider *pub)
{
    Pkcs11Provider *p = (Pkcs11Provider *)pub;

    drop_session(p);
    module_unref(p->module);
    pthread_mutex_destroy(&p->lock);
    arena_free(p->arena);
    free(p);
}

static int pkcs11_wrap(KeyProvider *pub, const uint8_t *key, Buf *ret, char ret_id[KEY_ID_MAX],
                       Err *err)
{
    Pkcs11Provider *p = (Pkcs11Provider *)pub;
    int r;

    pthread_mutex_lock(&p->lock);
    r = wrap_locked(p, key, ret, ret_id, err);
    pthread_mutex_unlock(&p->lock);
    return r;
}

static int pkcs11_unwrap(KeyProvider *pub, const char *id, Slice wrapped, uint8_t *ret_key,
                         Err *err)
{
    Pkcs11Provider *p = (Pkcs11Provider *)pub;
    int r;

    pthread_mutex_lock(&p->lock);
    r = unwrap_locked(p, id, wrapped, ret_key, err);
    pthread_mutex_unlock(&p->lock);
    return r;
}

static int pkcs11_status(KeyProvider *pub, char ret_id[KEY_ID_MAX], Err *err)
{
    Pkcs11Provider *p = (Pkcs11Provider *)pub;
    TokenKey k;
    int r;

    pthread_mutex_lock(&p->lock);
    r = current_key(p, &k, err);
    pthread_mutex_unlock(&p->lock);
    if (r == 0)
        memcpy(ret_id, k.id, sizeof(k.id));
    return r;
}

/* An id above all that people give, and above those of before: the time. */
static int pkcs11_rotate(KeyProvider *pub, char ret_id[KEY_ID_MAX], Err *err)
{
    Pkcs11Provider *p = (Pkcs11Provider *)pub;
    CK_MECHANISM m = {CKM_AES_KEY_GEN, NULL, 0};
    CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
    CK_ULONG bytes = KEY_BYTES;
    unsigned char id[NEW_ID_BYTES];
    int64_t now = clock_now_us();
    CK_ATTRIBUTE a[] = {
        {CKA_LABEL, (char *)(uintptr_t)p->uri.object, strlen(p->uri.object)},
        {CKA_ID, id, sizeof(id)},
        {CKA_VALUE_LEN, &bytes, sizeof(bytes)},
        {CKA_TOKEN, &yes, sizeof(yes)},
        {CKA_PRIVATE, &yes, sizeof(yes)},
        {CKA_SENSITIVE, &yes, sizeof(yes)},
        {CKA_EXTRACTABLE, &no, sizeof(no)},
        {CKA_ENCRYPT, &yes, sizeof(yes)},
        {CKA_DECRYPT, &yes, sizeof(yes)},
    };
    CK_OBJECT_HANDLE made;
    CK_RV rv;
    int r;

    for (int i = 0; i < NEW_ID_BYTES; i++) {
        id[i] = (unsigned char)(now >> (56 - 8 * i));
        snprintf(ret_id + 2 * i, 3, "%02x", id[i]);
    }
    pthread_mutex_lock(&p->lock);
    r = need_session(p, err);
    if (r == 0) {
        rv = p->module->f->C_GenerateKey(p->session, &m, a, ARRAY_LEN(a), &made);
        if (rv != CKR_OK)
            r = failed(p, "C_GenerateKey", rv, err);
    }
    pthread_mutex_unlock(&p->lock);
    return r;
}

static int pkcs11_drop(KeyProvider *pub, const char *id, Err *err)
{
    Pkcs11Provider *p = (Pkcs11Provider *)pub;
    CK_OBJECT_HANDLE handle;
    bool is_current = false;
    int r;

    pthread_mutex_lock(&p->lock);
    r = key_by_id(p, id, &handle, &is_current, err);
    if (r == 0 && is_current)
        r = err_set(err, ERR_FORBIDDEN, "the key '%s' is the current one", id);
    if (r == 0) {
        CK_RV rv = p->module->f->C_DestroyObject(p->session, handle);

        if (rv != CKR_OK)
            r = failed(p, "C_DestroyObject", rv, err);
    }
    pthread_mutex_unlock(&p->lock);
    return r;
}

static int pkcs11_list(KeyProvider *pub, Buf *ret, Err *err)
{
    Pkcs11Provider *p = (Pkcs11Provider *)pub;
    TokenKeys keys;
    int r;

    pthread_mutex_lock(&p->lock);
    r = find_keys(p, &keys, err);
    pthread_mutex_unlock(&p->lock);
    for (size_t i = 0; r == 0 && i < keys.n; i++)
        buf_addf(ret, "%s\n", keys.items[i].id);
    return r;
}

const KeyProviderType key_provider_pkcs11 = {
    .scheme = "pkcs11",
    .open = pkcs11_open,
    .close = pkcs11_close,
    .wrap = pkcs11_wrap,
    .unwrap = pkcs11_unwrap,
    .status = pkcs11_status,
    .rotate = pkcs11_rotate,
    .drop = pkcs11_drop,
    .list = pkcs11_list,
};
