#include "cel/cel_int.h"

typedef struct Wanted {
    const char *var, *field;
} Wanted;

static bool is_var(const CelNode *n, const char *var)
{
    return n && n->kind == NODE_IDENT && str_eq(n->ident.name, var);
}

static bool selects(const CelNode *n, const Wanted *w);

/* var.?field is a call with the name of the field as a literal. */
static bool is_optional_select(const CelNode *n, const Wanted *w)
{
    const CelNode *name;

    if (n->call.target || n->call.n_args != 2 || !str_eq(n->call.fn, "_?._") ||
        !is_var(n->call.args[0], w->var))
        return false;
    name = n->call.args[1];
    return name->kind == NODE_LITERAL && name->literal.kind == CEL_STRING &&
           slice_is(name->literal.s, w->field);
}

static bool call_selects(const CelNode *n, const Wanted *w)
{
    if (is_optional_select(n, w) || selects(n->call.target, w))
        return true;
    for (uint32_t i = 0; i < n->call.n_args; i++)
        if (selects(n->call.args[i], w))
            return true;
    return false;
}

static bool map_selects(const CelNode *n, const Wanted *w)
{
    for (uint32_t i = 0; i < n->map.n; i++)
        if (selects(n->map.pairs[i].key, w) || selects(n->map.pairs[i].value, w))
            return true;
    return false;
}

static bool selects(const CelNode *n, const Wanted *w)
{
    if (!n)
        return false;
    switch (n->kind) {
    case NODE_SELECT:
        return (is_var(n->select.operand, w->var) && str_eq(n->select.field, w->field)) ||
               selects(n->select.operand, w);
    case NODE_CALL:
        return call_selects(n, w);
    case NODE_LIST:
        for (uint32_t i = 0; i < n->list.n; i++)
            if (selects(n->list.items[i], w))
                return true;
        return false;
    case NODE_MAP:
    case NODE_STRUCT:
        return map_selects(n, w);
    case NODE_FOLD:
        return selects(n->fold.range, w) || selects(n->fold.init, w) || selects(n->fold.cond, w) ||
               selects(n->fold.step, w) || selects(n->fold.result, w);
    case NODE_LITERAL:
    case NODE_IDENT:
    case NODE_BAD:
        return false;
    }
    return false;
}

bool cel_program_selects(const CelProgram *p, const char *var, const char *field)
{
    return selects(p->root, &(Wanted){var, field});
}
