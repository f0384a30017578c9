#include "store/batch.h"

#include "base/mem.h"

#include <inttypes.h>

void batch_init(Batch *b)
{
    *b = (Batch){.is_relaxed = true};
}

void batch_done(Batch *b)
{
    free(b->txns);
    free(b->clusters);
    free(b->keys);
    free(b->counters);
    free(b->names);
    free(b->events);
    free(b->places);
    map_done(&b->index);
    *b = (Batch){0};
}

/* ---- collecting ---- */

/* Position + 1 of what the composed key names; 0 when it is new. */
static size_t find(Batch *b, const Buf *key)
{
    return (size_t)(uintptr_t)map_getn(&b->index, buf_slice(key));
}

static void remember(Batch *b, const Buf *key, size_t position)
{
    (void)map_setn(&b->index, buf_slice(key), (void *)(uintptr_t)(position + 1));
}

static void compose(Buf *key, char what, int64_t id, const char *parts[], size_t n)
{
    buf_reset(key);
    buf_addc(key, what);
    buf_add(key, &id, sizeof(id));
    for (size_t i = 0; i < n; i++)
        buf_add(key, parts[i], strlen(parts[i]) + 1);
}

static size_t add_cluster(Batch *b, Cluster *c, Buf *key)
{
    size_t at;

    if (b->recent < b->n_clusters && b->clusters[b->recent].id == c->id)
        return b->recent;
    compose(key, 'c', c->id, NULL, 0);
    at = find(b, key);
    if (at > 0)
        return b->recent = at - 1;
    GROW(b->clusters, b->cap_clusters, b->n_clusters + 1);
    b->clusters[b->n_clusters] = (BatchCluster){.cluster = c, .id = c->id};
    remember(b, key, b->n_clusters);
    b->recent = b->n_clusters;
    return b->n_clusters++;
}

static size_t add_key_of(Batch *b, const TxnCheck *w, Buf *key)
{
    const char *parts[] = {w->storage, w->ns, w->name};
    size_t cluster = add_cluster(b, w->cluster, key), at;

    compose(key, 'k', w->cluster->id, parts, ARRAY_LEN(parts));
    at = find(b, key);
    if (at > 0)
        return at - 1;
    GROW(b->keys, b->cap_keys, b->n_keys + 1);
    b->keys[b->n_keys] = (BatchKey){
        .cluster = (uint32_t)cluster,
        .storage = w->storage,
        .ns = w->ns,
        .name = w->name,
    };
    remember(b, key, b->n_keys);
    return b->n_keys++;
}

static size_t add_key(Batch *b, const Write *w, Buf *key)
{
    return add_key_of(b, &(TxnCheck){w->cluster, w->storage, w->ns, w->name, 0}, key);
}

static size_t add_counter(Batch *b, Cluster *c, const char *counter, Buf *key)
{
    size_t cluster = add_cluster(b, c, key), at;

    compose(key, 'u', c->id, (const char *[]){counter}, 1);
    at = find(b, key);
    if (at > 0)
        return at - 1;
    GROW(b->counters, b->cap_counters, b->n_counters + 1);
    b->counters[b->n_counters] = (BatchCounter){.cluster = (uint32_t)cluster, .counter = counter};
    remember(b, key, b->n_counters);
    return b->n_counters++;
}

static BatchName *find_name(Batch *b, const char *name)
{
    for (size_t i = 0; i < b->n_names; i++)
        if (str_eq(b->names[i].name, name))
            return &b->names[i];
    return NULL;
}

static void add_places(Batch *b, const Txn *t, Buf *key)
{
    GROW(b->places, b->cap_places,
         b->n_places + t->n_writes + t->n_checks + 2 * t->n_charges + 1); /* never NULL */
    for (size_t i = 0; i < t->n_writes; i++)
        b->places[b->n_places++] = add_key(b, &t->writes[i], key);
    for (size_t i = 0; i < t->n_checks; i++)
        b->places[b->n_places++] = add_key_of(b, &t->checks[i], key);
    for (size_t i = 0; i < t->n_charges; i++) {
        const Charge *ch = &t->charges[i];

        b->places[b->n_places++] = add_counter(b, ch->cluster, ch->counter, key);
        b->places[b->n_places++] = ch->whole_of ? add_counter(b, ch->whole_of, ch->whole, key) : 0;
    }
}

bool batch_add(Batch *b, Txn *t)
{
    AUTO_BUF key = BUF_INIT;
    size_t places = b->n_places;

    if (b->n_txns > 0 && b->n_writes + t->n_writes > BATCH_MAX_WRITES)
        return false;
    if (b->n_txns >= BATCH_MAX_WRITES ||
        (b->n_txns > 0 && b->n_audits + t->n_audits > BATCH_MAX_AUDITS))
        return false;
    if (t->change.op != CLUSTER_NONE) {
        if (find_name(b, t->change.name))
            return false;
        GROW(b->names, b->cap_names, b->n_names + 1);
        b->names[b->n_names++] = (BatchName){.name = t->change.name};
        b->has_create = b->has_create || t->change.op == CLUSTER_CREATE;
    }
    add_places(b, t, &key);
    for (size_t i = 0; i < t->n_audits; i++) {
        size_t at = add_cluster(b, t->audits[i].cluster, &key);

        b->clusters[at].has_audits = true;
    }
    GROW(b->txns, b->cap_txns, b->n_txns + 1);
    b->txns[b->n_txns++] = (BatchTxn){.txn = t, .places = places};
    b->n_writes += t->n_writes;
    b->n_audits += t->n_audits;
    b->is_relaxed = b->is_relaxed && t->is_relaxed && t->change.op == CLUSTER_NONE;
    return true;
}

BatchCluster *batch_cluster(Batch *b, ClusterId id)
{
    AUTO_BUF key = BUF_INIT;
    size_t at;

    compose(&key, 'c', id, NULL, 0);
    at = find(b, &key);
    return at > 0 ? &b->clusters[at - 1] : NULL;
}

/* ---- deciding ---- */

/* What a transaction changed, to take it back when a later part of it fails; for all of a batch,
 * one after the other. */
typedef struct Undo {
    BatchKey *keys; /* old values */
    size_t *key_at;
    size_t n_keys, cap_keys, cap_key_at;
    BatchCounter *counters;
    size_t *counter_at;
    size_t n_counters, cap_counters, cap_counter_at;
    int64_t *revisions; /* of all clusters */
    size_t cap_revisions;
    size_t n_events;
    bool is_move;
} Undo;

static void undo_begin(Undo *u, const Batch *b, const Txn *t)
{
    u->n_events = b->n_events;
    u->is_move = t->is_move;
    u->n_keys = u->n_counters = 0;
    GROW(u->keys, u->cap_keys, t->n_writes);
    GROW(u->key_at, u->cap_key_at, t->n_writes);
    GROW(u->counters, u->cap_counters, t->n_charges);
    GROW(u->counter_at, u->cap_counter_at, t->n_charges);
    GROW(u->revisions, u->cap_revisions, b->n_clusters);
    for (size_t i = 0; i < b->n_clusters; i++)
        u->revisions[i] = b->clusters[i].revision;
}

static void undo_run(Undo *u, Batch *b)
{
    while (u->n_keys > 0) {
        u->n_keys--;
        b->keys[u->key_at[u->n_keys]] = u->keys[u->n_keys];
    }
    while (u->n_counters > 0) {
        u->n_counters--;
        b->counters[u->counter_at[u->n_counters]] = u->counters[u->n_counters];
    }
    for (size_t i = 0; i < b->n_clusters; i++)
        b->clusters[i].revision = u->revisions[i];
    b->n_events = u->n_events;
}

static void undo_done(Undo *u)
{
    free(u->keys);
    free(u->key_at);
    free(u->counters);
    free(u->counter_at);
    free(u->revisions);
}

static int check_cluster(const BatchCluster *c, const Undo *u, Err *err)
{
    if (!c->exists || c->state == CLUSTER_DELETING)
        return err_set(err, ERR_NOT_FOUND, "the cluster is gone");
    if (c->state == CLUSTER_MOVING && !u->is_move)
        return err_set(err, ERR_UNAVAILABLE, "the tenant is being moved, please try again");
    return 0;
}

static int check_expected(const BatchKey *k, Write *w, Err *err)
{
    bool is_live = k->revision > 0 && !k->is_tombstone;

    w->found = is_live ? k->revision : 0;
    if (w->op == WRITE_DELETE) {
        if (!is_live && (!w->is_over_base || k->is_tombstone))
            return err_set(err, ERR_NOT_FOUND, "%s \"%s\" not found", w->storage, w->name);
        if (w->expect != EXPECT_ANY && w->expect != w->found)
            return err_set(err, ERR_CONFLICT, "%s \"%s\" has been modified", w->storage, w->name);
        return 0;
    }
    if (w->expect == EXPECT_ABSENT && is_live)
        return err_set(err, ERR_ALREADY_EXISTS, "%s \"%s\" already exists", w->storage, w->name);
    if (w->expect > 0 && w->expect != w->found)
        return err_set(err, ERR_CONFLICT, "%s \"%s\" has been modified", w->storage, w->name);
    return 0;
}

static int decide_write(Batch *b, Write *w, size_t at, Undo *u, Err *err)
{
    BatchKey *k = &b->keys[at];
    BatchCluster *c = &b->clusters[k->cluster];
    bool was_live = k->revision > 0 && !k->is_tombstone;
    BatchEvent e = {.write = w, .cluster = k->cluster};
    int r;

    r = check_cluster(c, u, err);
    if (r == 0)
        r = check_expected(k, w, err);
    if (r < 0)
        return r;
    u->keys[u->n_keys] = *k;
    u->key_at[u->n_keys++] = at;

    e.revision = ++c->revision;
    e.before = was_live ? k->revision : 0;
    e.flags = was_live ? 0 : ROW_FIRST;
    if (w->op == WRITE_DELETE) {
        e.type = EVENT_DELETED;
        k->is_tombstone = w->is_over_base;
        k->revision = w->is_over_base ? e.revision : 0;
        e.flags |= w->is_over_base ? ROW_TOMBSTONE : 0;
    } else {
        e.type = was_live || (w->is_over_base && !k->is_tombstone) ? EVENT_MODIFIED : EVENT_ADDED;
        k->is_tombstone = false;
        k->revision = e.revision;
    }
    k->is_changed = true;
    k->last = w;
    GROW(b->events, b->cap_events, b->n_events + 1);
    b->events[b->n_events++] = e;
    return 0;
}

/* `places`: of its counter, and of the one that it is multiplied with. */
static int decide_charge(Batch *b, Charge *ch, const size_t places[2], Undo *u, Err *err)
{
    size_t at = places[0];
    BatchCounter *c = &b->counters[at];
    int64_t sum, delta = ch->delta;
    int r = check_cluster(&b->clusters[c->cluster], u, err);

    if (r < 0)
        return r;
    if (ch->whole_of)
        delta *= b->counters[places[1]].used;
    if (delta > 0 && (c->used > ch->limit || delta > ch->limit - c->used)) {
        ch->used = c->used;
        return err_set(err, ERR_FORBIDDEN,
                       "exceeded %s: requested %" PRId64 ", used %" PRId64 ", limited %" PRId64,
                       ch->counter, delta, c->used, ch->limit);
    }
    if (__builtin_add_overflow(c->used, delta, &sum))
        return err_set(err, ERR_FORBIDDEN, "exceeded %s", ch->counter);
    u->counters[u->n_counters] = *c;
    u->counter_at[u->n_counters++] = at;
    c->is_changed = c->is_changed || MAX(sum, 0) != c->used;
    c->used = MAX(sum, 0);
    return 0;
}

/* The caller has made sure that a name has one change a batch, so nothing needs to be undone. */
static int decide_change(Batch *b, const ClusterChange *change, Err *err)
{
    BatchName *n = find_name(b, change->name);
    BatchCluster *c;

    if (change->op == CLUSTER_CREATE) {
        if (n->id != 0)
            return err_set(err, ERR_ALREADY_EXISTS, "cluster \"%s\" already exists", change->name);
        n->change = change;
        return 0;
    }
    if (n->id == 0)
        return err_set(err, ERR_NOT_FOUND, "cluster \"%s\" not found", change->name);
    c = batch_cluster(b, n->id);
    if (change->expect_revision > 0 && change->expect_revision != (c ? c->revision : n->revision))
        return err_set(err, ERR_CONFLICT, "cluster \"%s\" has been modified", change->name);
    n->change = change;
    if (c) /* what comes after it in the batch */
        c->state = change->op == CLUSTER_DELETE ? CLUSTER_DELETING : change->state;
    return 0;
}

static int decide_check(const BatchKey *k, const TxnCheck *ch, Err *err)
{
    if (k->is_tombstone || k->revision != ch->revision)
        return err_set(err, ERR_CONFLICT, "%s \"%s\" has been modified", ch->storage, ch->name);
    return 0;
}

static void decide_txn(Batch *b, BatchTxn *bt, Undo *u)
{
    Txn *t = bt->txn;
    const size_t *writes = b->places + bt->places, *checks = writes + t->n_writes;
    const size_t *charges = checks + t->n_checks;

    undo_begin(u, b, t);
    bt->r = 0;
    for (size_t i = 0; i < t->n_checks && bt->r == 0; i++)
        bt->r = decide_check(&b->keys[checks[i]], &t->checks[i], &bt->err);
    for (size_t i = 0; i < t->n_charges && bt->r == 0; i++) {
        t->failed = i;
        bt->r = decide_charge(b, &t->charges[i], &charges[2 * i], u, &bt->err);
    }
    for (size_t i = 0; i < t->n_writes && bt->r == 0; i++) {
        t->failed = i;
        bt->r = decide_write(b, &t->writes[i], writes[i], u, &bt->err);
    }
    if (bt->r == 0 && t->change.op != CLUSTER_NONE)
        bt->r = decide_change(b, &t->change, &bt->err);
    if (bt->r < 0)
        undo_run(u, b);
    bt->first_event = u->n_events;
    bt->n_events = b->n_events - u->n_events;
}

void batch_decide(Batch *b)
{
    Undo u = {0};

    for (size_t i = 0; i < b->n_clusters; i++)
        b->clusters[i].revision = b->clusters[i].locked;
    for (size_t i = 0; i < b->n_keys; i++)
        b->keys[i].had_row = b->keys[i].revision > 0;
    for (size_t i = 0; i < b->n_txns; i++)
        decide_txn(b, &b->txns[i], &u);
    undo_done(&u);
}
