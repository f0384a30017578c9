#include "scheduler/terms.h"

#include "base/mem.h"

enum { GROUP_BYTES = 1024 };

static void group_free(void *p)
{
    TermGroup *g = p;

    counts_done(&g->counts);
    arena_free(g->arena); /* and with it the group */
}

void terms_init(Terms *t)
{
    *t = (Terms){.groups = {.free_value = group_free}};
}

void terms_done(Terms *t)
{
    map_done(&t->groups);
}

static TermGroup *group_need(Terms *t, TermKind kind, const AffinityTerm *term, const char *ns)
{
    bool is_own_ns = value_len(term->namespaces) == 0 && !term->has_ns_selector;
    AUTO_BUF key = BUF_INIT;
    TermGroup *g;
    Arena *a;

    buf_addf(&key, "%d %lld %s ", kind, (long long)term->weight, is_own_ns ? ns : "");
    if (term->source)
        value_print(term->source, &key);
    g = map_getn(&t->groups, buf_slice(&key));
    if (g)
        return g;
    a = arena_new_sized(GROUP_BYTES);
    g = arena_new0(a, TermGroup);
    g->arena = a;
    g->kind = kind;
    g->key = arena_strndup(a, buf_str(&key), key.len);
    g->owner_ns = arena_strdup(a, ns);
    affinity_term_read(a, term->source ? value_copy(a, term->source) : NULL, &g->term);
    g->term.weight = term->weight;
    map_setn(&t->groups, buf_slice(&key), g);
    t->changed++;
    return g;
}

static void add_all(Terms *t, TermKind kind, const AffinityTerms *terms, const char *ns)
{
    for (uint32_t i = 0; i < terms->n; i++) {
        terms->items[i].group = group_need(t, kind, &terms->items[i], ns);
        terms->items[i].group->n_terms++;
    }
}

void terms_add(Terms *t, SchedPod *p)
{
    add_all(t, TERM_NEEDS, &p->needs, p->ns);
    add_all(t, TERM_REFUSES, &p->refuses, p->ns);
    add_all(t, TERM_LIKES, &p->likes, p->ns);
    add_all(t, TERM_DISLIKES, &p->dislikes, p->ns);
}

static void remove_all(Terms *t, const AffinityTerms *terms)
{
    for (uint32_t i = 0; i < terms->n; i++) {
        TermGroup *g = terms->items[i].group;

        terms->items[i].group = NULL;
        if (!g || --g->n_terms > 0)
            continue;
        (void)map_del(&t->groups, g->key);
        group_free(g);
        t->changed++;
    }
}

void terms_remove(Terms *t, SchedPod *p)
{
    remove_all(t, &p->needs);
    remove_all(t, &p->refuses);
    remove_all(t, &p->likes);
    remove_all(t, &p->dislikes);
}
