/*
 * obj.h - a stored object: immutable JSON text plus the few fields the server needs without
 * parsing.
 *
 * The text is compact JSON of the whole object without kind, apiVersion and
 * metadata.resourceVersion: {"metadata":{"name":...},...}, metadata first. obj_write() splices the
 * three in at the recorded offset, so that reads and watch events send stored bytes unparsed.
 *
 *     {"metadata":{"name":"a","uid":"..."},"spec":{}}
 *      ^ kind, apiVersion    ^ rv_offset: just behind "metadata":{
 *                                                  ^ rest_offset: just behind metadata
 *
 * Owns:    itself and a copy of the text; labels, fields and owners point into its own memory.
 * Threads: any; the count is atomic and nothing changes after obj_new(), but for obj_stamp() before
 *          others have it, and `use`.
 * Frees:   obj_unref() of the last reference.
 * Fails:   obj_new() with ERR_INVALID when the text is not an object with metadata.name.
 * Tests:   tests/unit/api/test_obj.c
 */
#ifndef API_OBJ_H
#define API_OBJ_H

#include "base/value.h"

typedef struct Err Err;
typedef struct Resource Resource;

typedef struct Pair {
    const char *key, *value;
} Pair;

typedef struct OwnerUid {
    const char *uid;
    bool is_controller;
} OwnerUid;

typedef struct Obj {
    _Atomic uint32_t refs;
    _Atomic uint8_t use; /* ObjUse: for whoever keeps many of them */
    /* all read-only */
    uint32_t text_len, rv_offset;
    uint32_t size;               /* of everything together */
    int64_t revision;            /* resourceVersion */
    const char *ns, *name, *uid; /* ns is "" for cluster scope; never NULL */
    const Pair *labels;
    uint32_t n_labels;
    uint32_t n_owners;
    const OwnerUid *owners;
    int64_t deleted_us; /* metadata.deletionTimestamp, 0 when alive */
    bool has_finalizers;
    bool is_secret; /* made by a thread that wipes (base/wipe.h): overwritten when it goes */
    uint32_t rest_offset;
    uint32_t packed_len; /* not 0: a shell */
    const char *text;    /* text_len bytes, NUL-terminated; of a shell: NULL */
} Obj;

/* Of an object that is kept: what its keeper has seen of its readers. */
typedef enum ObjUse {
    OBJ_READ,   /* since it was looked at */
    OBJ_UNREAD, /* not since then */
    OBJ_STAYS,  /* not since then, and its text does not become much shorter */
} ObjUse;

/* From text in stored form (see above). */
int obj_new(Slice text, int64_t revision, Obj **ret, Err *err) MUST_CHECK;
/* From a tree: drops kind, apiVersion and resourceVersion, puts metadata first. */
int obj_from_value(const Value *v, int64_t revision, Obj **ret, Err *err) MUST_CHECK;
/* The stored text of a tree, appended to `out`. */
void obj_text_of_value(const Value *v, Buf *out);
/* The same text under another revision. Takes over nothing. */
Obj *obj_with_revision(const Obj *o, int64_t revision);
/* The same; one that has no revision yet and that nobody but the caller holds is itself given it.
 */
Obj *obj_stamp(Obj *o, int64_t revision);

/* The same object without its text, but for another form of it that the caller can turn back:
 * everything else can be read as ever. */
Obj *obj_shell(const Obj *o, Slice packed);
Slice obj_packed(const Obj *shell);
/* The whole object again; the caller puts its text (text_len bytes) to *ret_text, before others
 * have it. */
Obj *obj_from_shell(const Obj *shell, char **ret_text);

Obj *obj_ref(Obj *o);
void obj_unref(Obj *o);
DEFINE_CLEANUP(Obj, obj_unref);

/* The complete JSON with kind, apiVersion and resourceVersion, appended to `out`. With a NULL kind
 * the first two are left out, as in the items of a list. */
void obj_write(const Obj *o, const char *kind, const char *api_version, Buf *out);
/* The tree of the same. */
Value *obj_to_value(Arena *a, const Obj *o, const char *kind, const char *api_version);
const char *obj_label(const Obj *o, const char *key); /* NULL when absent */
const char *obj_controller_uid(const Obj *o);         /* of the controlling owner, or NULL */
/* One string at a dotted path of the text, found without building a tree; false when it is absent
 * or not a string. Serves field selectors and indexes: spec.nodeName, status.phase. */
bool obj_scan_str(const Obj *o, const char *path, Arena *a, const char **ret);
/* Whether a member beside metadata (spec, status) has the same text in both, or is in neither. What
 * means the same may be written differently: false does not say that it has changed. */
bool obj_same_text_of(const Obj *x, const Obj *y, const char *member);

#endif
