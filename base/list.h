/*
 * list.h - intrusive doubly linked ring. An embedded List is either alone (points to itself) or in
 * one list; list_del() makes it alone again, so deleting twice is harmless.
 */
#ifndef BASE_LIST_H
#define BASE_LIST_H

#include "base/base.h"

typedef struct List {
    struct List *next, *prev;
} List;

#define LIST_INIT(l) ((List){&(l), &(l)})

static inline void list_init(List *l)
{
    l->next = l->prev = l;
}

static inline bool list_is_empty(const List *l)
{
    return l->next == l;
}

static inline void list_add_tail(List *head, List *l)
{
    l->prev = head->prev;
    l->next = head;
    head->prev->next = l;
    head->prev = l;
}

static inline void list_add(List *head, List *l)
{
    list_add_tail(head->next, l);
}

static inline void list_del(List *l)
{
    l->prev->next = l->next;
    l->next->prev = l->prev;
    list_init(l);
}

/* The first element taken out, NULL when the list is empty. */
static inline List *list_pop(List *head)
{
    List *l = head->next;

    if (l == head)
        return NULL;
    list_del(l);
    return l;
}

/* All of `from` to the end of `to`; `from` is empty after. */
static inline void list_splice_tail(List *to, List *from)
{
    if (list_is_empty(from))
        return;
    from->next->prev = to->prev;
    to->prev->next = from->next;
    from->prev->next = to;
    to->prev = from->prev;
    list_init(from);
}

#define list_entry(l, type, member) container_of((l), type, member)
#define list_for_each(l, head)      for (List *l = (head)->next; l != (head); l = l->next)
#define list_for_each_safe(l, head)                                                                \
    for (List *l = (head)->next, *l##_next = l->next; l != (head); l = l##_next, l##_next = l->next)

#endif
