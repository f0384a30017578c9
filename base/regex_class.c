/*
 * regex_class.c - sets of runes.
 */
#include "base/mem.h"
#include "base/regex_int.h"

static const RuneRange digit[] = {{'0', '9'}};
static const RuneRange space[] = {{'\t', '\n'}, {'\f', '\r'}, {' ', ' '}};
static const RuneRange word[] = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
static const RuneRange alnum[] = {{'0', '9'}, {'A', 'Z'}, {'a', 'z'}};
static const RuneRange alpha[] = {{'A', 'Z'}, {'a', 'z'}};
static const RuneRange ascii[] = {{0, 0x7f}};
static const RuneRange blank[] = {{'\t', '\t'}, {' ', ' '}};
static const RuneRange cntrl[] = {{0, 0x1f}, {0x7f, 0x7f}};
static const RuneRange graph[] = {{'!', '~'}};
static const RuneRange lower[] = {{'a', 'z'}};
static const RuneRange print[] = {{' ', '~'}};
static const RuneRange punct[] = {{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}};
static const RuneRange posix_space[] = {{'\t', '\r'}, {' ', ' '}};
static const RuneRange upper[] = {{'A', 'Z'}};
static const RuneRange xdigit[] = {{'0', '9'}, {'A', 'F'}, {'a', 'f'}};

#define GROUP(name, ranges)                                                                        \
    {                                                                                              \
        name, ranges, ARRAY_LEN(ranges)                                                            \
    }
static const struct {
    const char *name;
    const RuneRange *ranges;
    uint32_t n;
} posix_groups[] = {
    GROUP("alnum", alnum), GROUP("alpha", alpha),   GROUP("ascii", ascii),
    GROUP("blank", blank), GROUP("cntrl", cntrl),   GROUP("digit", digit),
    GROUP("graph", graph), GROUP("lower", lower),   GROUP("print", print),
    GROUP("punct", punct), GROUP("upper", upper),   GROUP("space", posix_space),
    GROUP("word", word),   GROUP("xdigit", xdigit),
};

bool class__perl(char c, const RuneRange **ret, uint32_t *ret_n, bool *ret_negate)
{
    *ret_negate = c >= 'A' && c <= 'Z';
    switch (c | 0x20) {
    case 'd':
        *ret = digit, *ret_n = ARRAY_LEN(digit);
        return true;
    case 's':
        *ret = space, *ret_n = ARRAY_LEN(space);
        return true;
    case 'w':
        *ret = word, *ret_n = ARRAY_LEN(word);
        return true;
    default:
        return false;
    }
}

bool class__posix(Slice name, const RuneRange **ret, uint32_t *ret_n, bool *ret_negate)
{
    Slice in = {name.ptr + 2, name.len - 4};

    *ret_negate = in.len > 0 && in.ptr[0] == '^';
    if (*ret_negate)
        in.ptr++, in.len--;
    for (size_t i = 0; i < ARRAY_LEN(posix_groups); i++)
        if (slice_is(in, posix_groups[i].name)) {
            *ret = posix_groups[i].ranges;
            *ret_n = posix_groups[i].n;
            return true;
        }
    return false;
}

bool class__unicode(Slice name, const RuneRange **ret, uint32_t *ret_n)
{
    char key[48];
    uint32_t n = 0, lo = 0, hi = unicode_n_tables;

    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];

        if (c == '_' || c == '-' || c == ' ')
            continue;
        if (n + 1 >= sizeof(key))
            return false;
        key[n++] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
    }
    key[n] = '\0';
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        int d = strcmp(key, unicode_tables[mid].name);

        if (d == 0) {
            *ret = unicode_ranges + unicode_tables[mid].at;
            *ret_n = unicode_tables[mid].n;
            return true;
        }
        if (d < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return false;
}

/* First orbit whose rune is at least `r`. */
static uint32_t orbit_at(uint32_t r)
{
    uint32_t lo = 0, hi = unicode_n_orbits;

    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;

        if (unicode_orbits[mid].lo < r)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

uint32_t class__fold(uint32_t r)
{
    uint32_t i = orbit_at(r);

    return i < unicode_n_orbits && unicode_orbits[i].lo == r ? unicode_orbits[i].hi : r;
}

void class__done(ClassBuilder *b)
{
    free(b->ranges);
    *b = (ClassBuilder){0};
}

static void add(ClassBuilder *b, uint32_t lo, uint32_t hi)
{
    if (b->n > 0 && b->ranges[b->n - 1].hi + 1 == lo) {
        b->ranges[b->n - 1].hi = hi;
        return;
    }
    GROW(b->ranges, b->cap, b->n + 1);
    b->ranges[b->n++] = (RuneRange){lo, hi};
}

void class__add(ClassBuilder *b, uint32_t lo, uint32_t hi, bool fold)
{
    add(b, lo, hi);
    if (!fold)
        return;
    for (uint32_t i = orbit_at(lo); i < unicode_n_orbits && unicode_orbits[i].lo <= hi; i++)
        for (uint32_t r = unicode_orbits[i].hi; r != unicode_orbits[i].lo; r = class__fold(r))
            add(b, r, r);
}

void class__add_ranges(ClassBuilder *b, const RuneRange *r, uint32_t n, bool fold, bool negate)
{
    ClassBuilder own = {0};

    for (uint32_t i = 0; i < n; i++)
        class__add(&own, r[i].lo, r[i].hi, fold);
    class__clean(&own, negate);
    for (uint32_t i = 0; i < own.n; i++)
        add(b, own.ranges[i].lo, own.ranges[i].hi);
    class__done(&own);
}

static int order_ranges(const void *x, const void *y)
{
    const RuneRange *a = x, *b = y;

    return a->lo < b->lo ? -1 : a->lo > b->lo;
}

void class__clean(ClassBuilder *b, bool negate)
{
    uint32_t n = 0, next = 0;

    if (b->n > 0)
        qsort(b->ranges, b->n, sizeof(*b->ranges), order_ranges);
    for (uint32_t i = 0; i < b->n; i++) {
        if (n > 0 && b->ranges[i].lo <= b->ranges[n - 1].hi + 1)
            b->ranges[n - 1].hi = MAX(b->ranges[n - 1].hi, b->ranges[i].hi);
        else
            b->ranges[n++] = b->ranges[i];
    }
    b->n = n;
    if (!negate)
        return;
    n = 0;
    for (uint32_t i = 0; i < b->n; i++) {
        RuneRange r = b->ranges[i];

        if (r.lo > next)
            b->ranges[n++] = (RuneRange){next, r.lo - 1};
        next = r.hi + 1;
    }
    b->n = n;
    if (next <= RUNE_MAX)
        add(b, next, RUNE_MAX);
}

RuneClass *class__finish(ClassBuilder *b, Arena *a)
{
    RuneClass *c = arena_new0(a, RuneClass);

    c->ranges = arena_array(a, RuneRange, b->n);
    c->n = b->n;
    if (b->n > 0)
        memcpy(c->ranges, b->ranges, b->n * sizeof(*b->ranges));
    for (uint32_t i = 0; i < c->n; i++)
        for (uint32_t r = c->ranges[i].lo; r <= c->ranges[i].hi && r < 128; r++)
            c->ascii[r / 64] |= 1ull << (r % 64);
    return c;
}

bool class__has(const RuneClass *c, uint32_t r)
{
    uint32_t lo = 0, hi = c->n;

    if (r < 128)
        return c->ascii[r / 64] >> (r % 64) & 1;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;

        if (r > c->ranges[mid].hi)
            lo = mid + 1;
        else if (r < c->ranges[mid].lo)
            hi = mid;
        else
            return true;
    }
    return false;
}
