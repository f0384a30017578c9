#include "store/owners.h"

#include "base/mem.h"

static void index_free(void *p)
{
    objindex_done(p);
    free(p);
}

void owners_done(Owners *w)
{
    w->by_uid.free_value = index_free;
    map_done(&w->by_uid);
    objindex_done(&w->nobody);
}

void owners_put(Owners *w, Obj *o)
{
    const char *uid = obj_controller_uid(o);
    ObjIndex *ix = uid ? map_get(&w->by_uid, uid) : &w->nobody;

    if (!ix) {
        ix = xcalloc(1, sizeof(*ix));
        map_set(&w->by_uid, uid, ix);
    }
    obj_unref(objindex_put(ix, obj_ref(o)));
}

void owners_del(Owners *w, const Obj *o)
{
    const char *uid = obj_controller_uid(o);
    ObjIndex *ix = uid ? map_get(&w->by_uid, uid) : &w->nobody;

    if (!ix)
        return;
    obj_unref(objindex_del(ix, o->ns, o->name));
    if (uid && ix->n == 0)
        index_free(map_del(&w->by_uid, uid));
}

void owners_swap(Owners *w, Obj *old, Obj *fresh)
{
    const char *uid = obj_controller_uid(old);
    ObjIndex *ix = uid ? map_get(&w->by_uid, uid) : &w->nobody;

    if (ix && objindex_swap(ix, old, obj_ref(fresh)))
        obj_unref(old);
    else
        obj_unref(fresh);
}

const ObjIndex *owners_get(const Owners *w, const char *uid)
{
    return uid ? map_get(&w->by_uid, uid) : &w->nobody;
}
