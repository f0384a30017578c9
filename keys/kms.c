/*
 * DESIGN. A KMS v2 plug-in at a unix socket, gRPC without TLS: the protocol by which Kubernetes'
 * API server reaches one (k8s.io/kms, apis/v2/api.proto), so that the plug-ins made for it serve
 * here. What is kept of a wrapped key is a message of our own with the fields of DecryptRequest
 * that the plug-in must get back: ciphertext (1) and annotations (4).
 *
 * The plug-in rotates by itself: it tells another key id, in Status and with what it encrypts.
 */
#include "keys/kms.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/random.h"
#include "client/grpc.h"

#include <pthread.h>

enum {
    CALL_MS = 5000,
    MAX_ANSWER = 64 << 10,
    /* Limits of the protocol, as the API server of Kubernetes holds plug-ins to them. */
    MAX_ANNOTATIONS_BYTES = 32 << 10,
    MAX_CIPHERTEXT = 1 << 10,
};

typedef struct KmsProvider {
    KeyProvider pub; /* first */
    char *path;
    pthread_mutex_t lock; /* guards conn, and a call */
    GrpcConn *conn;
} KmsProvider;

/* ---- messages ---- */

#define MSG(name) const PbMessage name = {name##_fields, ARRAY_LEN(name##_fields)}

/* An entry of map<string, bytes>. */
static const PbField annotation_fields[] = {{1, PB_STRING, false, "key", NULL},
                                            {2, PB_BYTES, false, "value", NULL}};
static MSG(annotation);

static const PbField kms_status_response_fields[] = {{1, PB_STRING, false, "version", NULL},
                                                     {2, PB_STRING, false, "healthz", NULL},
                                                     {3, PB_STRING, false, "key_id", NULL}};
MSG(kms_status_response);

static const PbField kms_encrypt_response_fields[] = {
    {1, PB_BYTES, false, "ciphertext", NULL},
    {2, PB_STRING, false, "key_id", NULL},
    {3, PB_MSG, true, "annotations", &annotation}};
MSG(kms_encrypt_response);

static const PbField kms_decrypt_response_fields[] = {{1, PB_BYTES, false, "plaintext", NULL}};
MSG(kms_decrypt_response);

static const PbField encrypt_request_fields[] = {{1, PB_BYTES, false, "plaintext", NULL},
                                                 {2, PB_STRING, false, "uid", NULL}};
static MSG(encrypt_request);

static const PbField decrypt_request_fields[] = {{1, PB_BYTES, false, "ciphertext", NULL},
                                                 {2, PB_STRING, false, "uid", NULL},
                                                 {3, PB_STRING, false, "key_id", NULL},
                                                 {4, PB_MSG, true, "annotations", &annotation}};
static MSG(decrypt_request);

static Slice bytes_of(const Value *v, const char *name)
{
    const Value *b = value_get(v, name);

    return value_is(b, VALUE_STRING) ? (Slice){b->str, b->n} : (Slice){"", 0};
}

/* A key id stands in a column and in what people read: printable text without blanks. */
static int take_key_id(const Value *v, char ret_id[KEY_ID_MAX], Err *err)
{
    Slice id = bytes_of(v, "key_id");

    if (id.len == 0)
        return err_set(err, ERR_INTERNAL, "the plug-in names no key");
    if (id.len >= KEY_ID_MAX)
        return err_set(err, ERR_INTERNAL, "the plug-in's key id has %zu bytes", id.len);
    for (size_t i = 0; i < id.len; i++)
        if (id.ptr[i] <= ' ' || id.ptr[i] == 0x7f)
            return err_set(err, ERR_INTERNAL, "the plug-in's key id is not plain text");
    memcpy(ret_id, id.ptr, id.len);
    ret_id[id.len] = '\0';
    return 0;
}

int kms_read_status(Slice message, char ret_id[KEY_ID_MAX], Err *err)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *version, *health;
    Value *v;
    int r = pb_decode(a, &kms_status_response, message, &v, err);

    if (r < 0)
        return r;
    version = value_get_str(v, "version");
    health = value_get_str(v, "healthz");
    if (!str_eq(version, "v2") && !str_eq(version, "v2beta1"))
        return err_set(err, ERR_INTERNAL, "the plug-in speaks version '%.20s', not v2",
                       version ? version : "");
    if (!str_eq(health, "ok"))
        return err_set(err, ERR_UNAVAILABLE, "the plug-in says of itself: %.200s",
                       health ? health : "");
    return take_key_id(v, ret_id, err);
}

static int check_annotations(const Value *list, Err *err)
{
    size_t total = 0;
    const Value *item;

    value_each_item(list, i, item)
    {
        const char *key = value_get_str(item, "key");

        /* Names of domains, in the protocol: a dot at least, and nothing to be escaped. */
        if (!key || !strchr(key, '.') ||
            key[strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789-.")] || key[0] == '.')
            return err_set(err, ERR_INTERNAL, "the plug-in's annotation is not named by a domain");
        total += strlen(key) + bytes_of(item, "value").len;
    }
    if (total > MAX_ANNOTATIONS_BYTES || total > KEY_WRAPPED_MAX - 2 * MAX_CIPHERTEXT)
        return err_set(err, ERR_INTERNAL, "the plug-in's annotations have %zu bytes", total);
    return 0;
}

int kms_read_encrypted(Slice message, Buf *ret, char ret_id[KEY_ID_MAX], Err *err)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v, *kept = value_object(a), *annotations;
    Slice ciphertext;
    int r = pb_decode(a, &kms_encrypt_response, message, &v, err);

    if (r < 0)
        return r;
    ciphertext = bytes_of(v, "ciphertext");
    annotations = value_get(v, "annotations");
    if (ciphertext.len == 0 || ciphertext.len > MAX_CIPHERTEXT)
        return err_set(err, ERR_INTERNAL, "the plug-in's ciphertext has %zu bytes", ciphertext.len);
    r = take_key_id(v, ret_id, err);
    if (r == 0)
        r = check_annotations(annotations, err);
    if (r < 0)
        return r;
    value_set(a, kept, "ciphertext", value_strn(a, ciphertext.ptr, ciphertext.len));
    if (annotations)
        value_set(a, kept, "annotations", annotations);
    pb_encode(&decrypt_request, kept, ret);
    return 0;
}

int kms_write_decrypt(Slice kept, const char *id, const char *uid, Buf *ret, Err *err)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v;
    int r = pb_decode(a, &decrypt_request, kept, &v, err);

    if (r < 0)
        return err_wrap(err, r, "a wrapped data key");
    value_set_str(a, v, "key_id", id);
    value_set_str(a, v, "uid", uid);
    pb_encode(&decrypt_request, v, ret);
    return 0;
}

int kms_read_decrypted(Slice message, uint8_t ret_key[KEY_BYTES], Err *err)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v;
    Slice plain;
    int r = pb_decode(a, &kms_decrypt_response, message, &v, err);

    if (r < 0)
        return r;
    plain = bytes_of(v, "plaintext");
    if (plain.len == KEY_BYTES)
        memcpy(ret_key, plain.ptr, KEY_BYTES);
    else
        r = err_set(err, ERR_FORBIDDEN, "the plug-in decrypts to %zu bytes", plain.len);
    explicit_bzero((char *)(uintptr_t)plain.ptr, plain.len); /* of our own arena */
    return r;
}

/* ---- calls ---- */

/* Does the plug-in refuse, or is it (or what stands behind it) away? */
static int read_answer(const GrpcCall *call, const char *path, Slice *ret, Err *err)
{
    ErrCode code = grpc_code(call->grpc_status);

    if (call->is_too_large)
        return err_set(err, ERR_INTERNAL, "%s: the answer is too large", path);
    if (call->http_status == 200 && call->grpc_status == 0)
        return grpc_message(call, ret) ? 0
                                       : err_set(err, ERR_INTERNAL, "%s: not a gRPC message", path);
    if (code == ERR_FORBIDDEN || code == ERR_UNAUTHORIZED || code == ERR_INVALID ||
        code == ERR_NOT_FOUND)
        return err_set(err, ERR_FORBIDDEN, "%s: %s", path, call->message);
    return err_set(err, ERR_UNAVAILABLE, "%s: HTTP status %d, gRPC status %d: %s", path,
                   call->http_status, call->grpc_status, call->message);
}

/* With the lock: one call, once more on a new connection when the old one had been closed. */
static int exchange(KmsProvider *k, GrpcCall *call, Err *err)
{
    int64_t by = clock_mono_us() + CALL_MS * 1000;

    for (;;) {
        bool was_used = k->conn != NULL;
        int r;

        if (!was_used) {
            r = grpc_conn_unix(k->path, &k->conn, err);
            if (r < 0)
                return r;
        }
        r = grpc_conn_call(k->conn, call, MAX(1, (by - clock_mono_us()) / 1000));
        if (r == 0)
            return 0;
        grpc_conn_free(TAKE(k->conn));
        if (r > 0)
            return err_set(err, ERR_UNAVAILABLE, "%s: no answer within %d s", call->path,
                           CALL_MS / 1000);
        if (!was_used || call->was_answered)
            return err_set(err, ERR_UNAVAILABLE, "%s: the plug-in closed the connection",
                           call->path);
        call->sent = 0;
        buf_reset(&call->answer);
    }
}

/* `message` is the request without its frame; the answer's message is handed to `read`. */
typedef struct KmsCall {
    const char *path;
    Buf framed;
    GrpcCall grpc;
    Slice answer;
} KmsCall;

static void kms_call_begin(KmsCall *c, const char *path)
{
    *c = (KmsCall){.path = path};
    buf_reserve(&c->framed, KEY_WRAPPED_MAX + 4096);
    grpc_frame_open(&c->framed);
}

static void kms_call_done(KmsCall *c)
{
    grpc_call_done(&c->grpc);
    buf_wipe(&c->framed);
}

static int kms_call(KmsProvider *k, KmsCall *c, Err *err)
{
    int r;

    grpc_frame_close(&c->framed);
    c->grpc = (GrpcCall){.path = c->path,
                         .authority = "localhost",
                         .user_agent = "hostplane",
                         .request = buf_slice(&c->framed),
                         .max_answer = MAX_ANSWER};
    buf_reserve(&c->grpc.answer, 4096);
    pthread_mutex_lock(&k->lock);
    r = exchange(k, &c->grpc, err);
    pthread_mutex_unlock(&k->lock);
    return r < 0 ? r : read_answer(&c->grpc, c->path, &c->answer, err);
}

static void kms_close(KeyProvider *p)
{
    KmsProvider *k = (KmsProvider *)p;

    grpc_conn_free(k->conn);
    pthread_mutex_destroy(&k->lock);
    free(k->path);
    free(k);
}

static int kms_open(const char *rest, KeyProvider **ret, Err *err)
{
    KmsProvider *k;

    if (!str_starts(rest, "unix://") || rest[7] != '/')
        return err_set(err, ERR_BAD_REQUEST, "kms:%s: want kms:unix:///PATH", rest);
    k = xcalloc(1, sizeof(*k));
    k->pub.type = &key_provider_kms;
    k->path = xstrdup(rest + 7);
    pthread_mutex_init(&k->lock, NULL);
    *ret = &k->pub;
    return 0;
}

static int kms_wrap(KeyProvider *p, const uint8_t *key, Buf *ret, char ret_id[KEY_ID_MAX], Err *err)
{
    KmsProvider *k = (KmsProvider *)p;
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *request = value_object(a), *plain = value_strn(a, (const char *)key, KEY_BYTES);
    char uid[UUID_TEXT_MAX];
    KmsCall c;
    int r;

    value_set(a, request, "plaintext", plain);
    value_set_str(a, request, "uid", random_uuid(uid));
    kms_call_begin(&c, "/v2.KeyManagementService/Encrypt");
    pb_encode(&encrypt_request, request, &c.framed);
    explicit_bzero((char *)(uintptr_t)plain->str, KEY_BYTES);
    r = kms_call(k, &c, err);
    if (r == 0)
        r = kms_read_encrypted(c.answer, ret, ret_id, err);
    kms_call_done(&c);
    return r;
}

static int kms_unwrap(KeyProvider *p, const char *id, Slice wrapped, uint8_t *ret_key, Err *err)
{
    KmsProvider *k = (KmsProvider *)p;
    char uid[UUID_TEXT_MAX];
    KmsCall c;
    int r;

    kms_call_begin(&c, "/v2.KeyManagementService/Decrypt");
    r = kms_write_decrypt(wrapped, id, random_uuid(uid), &c.framed, err);
    if (r == 0)
        r = kms_call(k, &c, err);
    if (r == 0)
        r = kms_read_decrypted(c.answer, ret_key, err);
    kms_call_done(&c);
    return r;
}

static int kms_status(KeyProvider *p, char ret_id[KEY_ID_MAX], Err *err)
{
    KmsProvider *k = (KmsProvider *)p;
    KmsCall c;
    int r;

    kms_call_begin(&c, "/v2.KeyManagementService/Status");
    r = kms_call(k, &c, err);
    if (r == 0)
        r = kms_read_status(c.answer, ret_id, err);
    kms_call_done(&c);
    return r;
}

const KeyProviderType key_provider_kms = {
    .scheme = "kms",
    .open = kms_open,
    .close = kms_close,
    .wrap = kms_wrap,
    .unwrap = kms_unwrap,
    .status = kms_status,
};
