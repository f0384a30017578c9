#include "base/share.h"

void share_done(Share *s)
{
    map_done(&s->own); /* numbers */
}

int share_of(const Share *s, const char *name)
{
    return (int)(intptr_t)map_get(&s->own, name);
}

bool share_has_room(const Share *s, const char *name)
{
    return share_of(s, name) < s->max - s->n;
}

bool share_begin(Share *s, const char *name)
{
    intptr_t n = share_of(s, name);

    if (!share_has_room(s, name))
        return false;
    (void)map_set(&s->own, name, (void *)(n + 1));
    s->n++;
    return true;
}

void share_end(Share *s, const char *name)
{
    intptr_t n = share_of(s, name);

    if (n > 1)
        (void)map_set(&s->own, name, (void *)(n - 1));
    else
        (void)map_del(&s->own, name);
    s->n--;
}
