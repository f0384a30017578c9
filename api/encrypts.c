#include "api/encrypts.h"

enum { RESOURCE_MAX = 317 /* two names of DNS and a dot */ };

bool encrypts_next(Slice *list, Slice *ret)
{
    while (list->len > 0) {
        (void)slice_cut(list, ' ', ret);
        if (ret->len > 0)
            return true;
    }
    return false;
}

static bool is_written_so(Slice s)
{
    if (s.len == 0 || s.len > RESOURCE_MAX)
        return false;
    if (s.ptr[0] == '.' || (s.ptr[s.len - 1] == '.' && !slice_is(s, "*.")))
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-.", s.ptr[i]) &&
            !(s.ptr[i] == '*' && i == 0 && (s.len == 1 || s.ptr[1] == '.')))
            return false;
    return !memmem(s.ptr, s.len, "..", 2);
}

bool encrypts_add(Buf *list, Slice resource)
{
    Slice group = resource, plural;
    bool has_group;

    if (slice_is(resource, "*.*"))
        resource = group = SLICE("*");
    if (!is_written_so(resource))
        return false;
    has_group = slice_cut(&group, '.', &plural);
    if (list->len > 0)
        buf_addc(list, ' ');
    if (has_group) {
        buf_add_slice(list, group);
        buf_addc(list, '/');
    }
    buf_add_slice(list, plural);
    return true;
}

static bool covers(Slice item, Slice storage)
{
    const char *slash;
    size_t group;

    if (slice_eq(item, storage) || slice_is(item, "*"))
        return true;
    if (item.len < 2 || item.ptr[item.len - 1] != '*')
        return false;
    slash = memchr(storage.ptr, '/', storage.len);
    group = slash ? (size_t)(slash - storage.ptr) : 0;
    return item.len - 2 == group && memcmp(item.ptr, storage.ptr, group) == 0;
}

bool encrypts_has(const char *list, const char *storage)
{
    Slice rest = slice_of(list), item;

    while (encrypts_next(&rest, &item))
        if (covers(item, slice_of(storage)))
            return true;
    return false;
}
