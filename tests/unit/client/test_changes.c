#include "client/changes.h"

#include "tests/unit/test.h"

TEST(what_is_pushed_is_taken_once_in_order)
{
    CLEANUP(changes_free) Changes *c = changes_new();
    CLEANUP(obj_unref) Obj *o = NULL;
    ChangeItem *items;

    assert_ok(obj_new(SLICE("{\"metadata\":{\"name\":\"a\"}}"), 1, &o, NULL));
    assert_int_equal(changes_take(c, 0, &items), 0);
    changes_push(c, "acme", "pods", CHANGE_ADDED, o, NULL);
    changes_push(c, "globex", "pods", CHANGE_DELETED, o, o);
    assert_int_equal(changes_take(c, -1, &items), 2);
    assert_string_equal(items[0].cluster, "acme");
    assert_int_equal(items[1].type, CHANGE_DELETED);
    change_items_free(items, 2);
    changes_wake(c);
    assert_int_equal(changes_take(c, -1, &items), 0);
    changes_push(c, "acme", "pods", CHANGE_ADDED, o, NULL); /* freed with the box */
    changes_close(c);
    changes_push(c, "acme", "pods", CHANGE_ADDED, o, NULL);
    assert_true(changes_is_closed(c));
}
