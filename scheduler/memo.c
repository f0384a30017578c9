#include "scheduler/memo.h"

#include "base/arena.h"
#include "base/mem.h"

enum {
    BYTES_MAX = 64 << 20,
    OF_CLUSTER_MAX = 256, /* each move of a pod is told to all of its cluster's */
    ARENA_BYTES = 2048,
};

void memos_init(Memos *m)
{
    *m = (Memos){.version = 1};
    list_init(&m->in_use);
}

void memo_list_init(MemoList *l)
{
    list_init(&l->memos);
    l->n = 0;
}

static void memo_free(Memos *m, Memo *memo)
{
    map_deln(&m->by_key, (Slice){memo->key, memo->key_len});
    m->bytes -= memo->bytes;
    list_del(&memo->in_use);
    list_del(&memo->in_cluster);
    memo->home->n--;
    arena_free(memo->arena);
    free(memo->key);
    free(memo);
}

void memos_outdate(Memos *m)
{
    m->version++;
}

void memos_forget(Memos *m, MemoList *l)
{
    while (!list_is_empty(&l->memos))
        memo_free(m, list_entry(l->memos.next, Memo, in_cluster));
}

void memos_done(Memos *m)
{
    while (!list_is_empty(&m->in_use))
        memo_free(m, list_entry(m->in_use.next, Memo, in_use));
    map_done(&m->by_key);
}

static bool may_go(const Memos *m, const Memo *memo)
{
    return memo->tick != m->tick;
}

static void trim(Memos *m, MemoList *home)
{
    while (home->n > OF_CLUSTER_MAX) {
        Memo *oldest = list_entry(home->memos.next, Memo, in_cluster);

        if (!may_go(m, oldest))
            break;
        memo_free(m, oldest);
    }
    while (m->bytes > BYTES_MAX && !list_is_empty(&m->in_use)) {
        Memo *oldest = list_entry(m->in_use.next, Memo, in_use);

        if (!may_go(m, oldest))
            break;
        memo_free(m, oldest);
    }
}

void memos_tick(Memos *m)
{
    m->tick++;
}

static bool is_outdated(const Memos *m, const Memo *memo)
{
    return memo->version != m->version && !memo->kind->outlives_nodes;
}

void memo_reset(Memos *m, Memo *memo)
{
    arena_free(memo->arena);
    memo->arena = arena_new_sized(ARENA_BYTES);
    memo->state = NULL;
    memo_filled(m, memo);
}

static void touch(Memos *m, Memo *memo)
{
    memo->tick = m->tick;
    list_del(&memo->in_use);
    list_add_tail(&m->in_use, &memo->in_use);
    list_del(&memo->in_cluster);
    list_add_tail(&memo->home->memos, &memo->in_cluster);
}

Memo *memo_need(Memos *m, MemoList *home, const char *cluster, const MemoKind *kind, Slice key)
{
    AUTO_BUF full = BUF_INIT;
    Memo *memo;

    buf_addf(&full, "%s %s ", kind->name, cluster);
    buf_add(&full, key.ptr, key.len);
    memo = map_getn(&m->by_key, buf_slice(&full));
    if (!memo) {
        memo = xcalloc(1, sizeof(*memo));
        *memo = (Memo){.kind = kind,
                       .arena = arena_new_sized(ARENA_BYTES),
                       .key = xmemdup(full.ptr, full.len),
                       .key_len = full.len,
                       .home = home};
        list_init(&memo->in_use);
        list_init(&memo->in_cluster);
        home->n++;
        map_setn(&m->by_key, buf_slice(&full), memo);
        memo_filled(m, memo);
    }
    if (is_outdated(m, memo))
        memo_reset(m, memo);
    memo->version = m->version;
    touch(m, memo);
    trim(m, home);
    return memo;
}

void memo_filled(Memos *m, Memo *memo)
{
    size_t bytes = sizeof(*memo) + 2 * memo->key_len + arena_used(memo->arena);

    if (memo->state && memo->kind->bytes)
        bytes += memo->kind->bytes(memo->state);
    m->bytes += bytes - memo->bytes;
    memo->bytes = bytes;
}

void memos_moved(Memos *m, MemoList *l, const SchedPod *p, const SchedNode *n, int sign)
{
    list_for_each (i, &l->memos) {
        const Memo *memo = list_entry(i, Memo, in_cluster);

        if (memo->state && memo->kind->moved && !is_outdated(m, memo))
            memo->kind->moved(memo->state, p, n, sign);
    }
}
