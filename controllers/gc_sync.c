#include "controllers/gc_sync.h"

static GcAction decide_for_deleted(const GcFacts *f)
{
    if (f->has_orphan)
        return GC_ORPHAN_DEPENDENTS;
    if (!f->has_foreground)
        return GC_NOTHING;
    return f->has_live_dependents ? GC_DELETE_DEPENDENTS : GC_END_FOREGROUND;
}

GcAction gc_decide(const GcFacts *f)
{
    uint32_t n[4] = {0};

    if (f->is_deleted)
        return decide_for_deleted(f);
    if (f->n_owners == 0)
        return GC_NOTHING;
    for (uint32_t i = 0; i < f->n_owners; i++)
        n[f->owners[i]]++;
    if (n[GC_OWNER_UNKNOWN] > 0)
        return GC_NOTHING;
    if (n[GC_OWNER_SOLID] > 0)
        return n[GC_OWNER_SOLID] == f->n_owners ? GC_NOTHING : GC_DROP_REFS;
    if (n[GC_OWNER_WAITING] > 0 && f->has_dependents)
        return GC_DELETE_FOREGROUND;
    if (f->has_orphan)
        return GC_DELETE_ORPHAN;
    return f->has_foreground ? GC_DELETE_FOREGROUND : GC_DELETE_BACKGROUND;
}
