#include "quota/quota_int.h"

#include <stdarg.h>

const Quantity *usages_get(const Usages *u, const char *name)
{
    for (uint32_t i = 0; i < u->n; i++)
        if (strcmp(u->items[i].name, name) == 0)
            return &u->items[i].amount;
    return NULL;
}

void usages_set(Arena *a, Usages *u, const char *name, Quantity q)
{
    Quantity *there = (Quantity *)usages_get(u, name);

    if (there) {
        *there = q;
        return;
    }
    if (u->n % 8 == 0) {
        Usage *items = arena_array(a, Usage, u->n + 8);

        if (u->n > 0)
            memcpy(items, u->items, u->n * sizeof(*items));
        u->items = items;
    }
    u->items[u->n++] = (Usage){name, q};
}

void usages_add(Arena *a, Usages *u, const char *name, Quantity q)
{
    const Quantity *there = usages_get(u, name);

    usages_set(a, u, name, there ? quantity_add(*there, q) : q);
}

void usages_add_count(Arena *a, Usages *u, const char *name, int64_t n)
{
    usages_add(a, u, name, quantity_of(n, QUANTITY_DECIMAL_SI));
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const Usage *)a)->name, ((const Usage *)b)->name);
}

void usages_sort(Usages *u)
{
    if (u->n > 1)
        qsort(u->items, u->n, sizeof(*u->items), by_name);
}

bool quota__quantity(const Value *v, Quantity *ret)
{
    return (value_is(v, VALUE_STRING) || value_is(v, VALUE_NUMBER)) &&
           quantity_parse(slice_of(v->str), ret, NULL) == 0;
}

Usages usages_of(Arena *a, const Value *map)
{
    Usages u = {0};
    Quantity q;

    value_each_member(map, m) if (quota__quantity(m->value, &q)) usages_set(a, &u, m->name, q);
    return u;
}

void messages_add(Arena *a, Messages *m, const char *fmt, ...)
{
    char text[512];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    for (uint32_t i = 0; i < m->n; i++)
        if (strcmp(m->seen[i], text) == 0)
            return;
    if (m->n < ARRAY_LEN(m->seen))
        m->seen[m->n++] = arena_strdup(a, text);
}

const char *messages_text(Arena *a, const Messages *m)
{
    AUTO_BUF b = BUF_INIT;

    if (m->n <= 1)
        return m->n == 0 ? NULL : m->seen[0];
    for (uint32_t i = 0; i < m->n; i++)
        buf_addf(&b, "%s%s", i ? ", " : "[", m->seen[i]);
    buf_addc(&b, ']');
    return arena_strdup(a, buf_str(&b));
}
