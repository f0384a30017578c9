#include "agent/feed.h"
#include "base/err.h"
#include "tests/unit/test.h"

typedef struct Seen {
    int added, changed, deleted;
} Seen;

static void on_change(Item *now, Item *before, void *data)
{
    Seen *s = data;

    if (!now)
        s->deleted++;
    else if (before)
        s->changed++;
    else
        s->added++;
}

static void feed(Items *items, const char *line)
{
    bool synced;

    assert_ok(feed_line(items, slice_of(line), &synced, NULL));
}

#define POD(name, v)                                                                               \
    "{\"type\":\"ADDED\",\"cluster\":\"acme\",\"resource\":\"pods\",\"object\":{\"metadata\":{"    \
    "\"namespace\":\"n\",\"name\":\"" name "\",\"uid\":\"u\"},\"v\":" v "}}"

TEST(a_new_round_drops_what_it_does_not_bring)
{
    Seen seen = {0};
    CLEANUP(items_free) Items *items = items_new(on_change, &seen);
    CLEANUP(item_unref) Item *i = NULL;

    items_begin_round(items);
    feed(items, POD("a", "1"));
    feed(items, POD("b", "1"));
    items_end_round(items);
    assert_int_equal(seen.added, 2);
    items_begin_round(items);
    feed(items, POD("a", "1"));
    assert_int_equal(seen.changed, 0);
    items_end_round(items);
    assert_int_equal(seen.deleted, 1);
    i = items_get(items, "acme", "pods", "n", "a");
    assert_non_null(i);
    assert_null(items_get(items, "globex", "pods", "n", "a"));
}

TEST(lines_that_make_no_sense_are_refused)
{
    static const char *const rows[] = {"", "{", "[]", "{\"type\":\"ADDED\"}",
                                       "{\"type\":\"ADDED\",\"cluster\":\"a\",\"object\":{}}"};
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    bool synced;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_true(feed_line(items, slice_of(rows[i]), &synced, NULL) < 0);
}

TEST(a_cluster_says_what_stands_still)
{
    static const struct {
        const char *cluster;
        bool a, b;
    } rows[] = {
        {"{\"suspended\":true}", true, true},
        {"{\"suspended\":false}", false, false},
        {"{\"suspended\":false,\"suspendedNamespaces\":[]}", false, false},
        {"{\"suspended\":false,\"suspendedNamespaces\":[1,\"a\",\"ab\"]}", true, false},
        {"{\"suspendedNamespaces\":\"a\"}", false, false},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(items_free) Items *items = items_new(NULL, NULL);
        CLEANUP(item_unref) Item *cluster = NULL;
        AUTO_BUF line = BUF_INIT;

        buf_addf(&line, "{\"type\":\"CLUSTER\",\"cluster\":\"hub\",\"object\":%s}",
                 rows[i].cluster);
        buf_addc(&line, 0);
        feed(items, line.ptr);
        cluster = items_get(items, "hub", "clusters", "", "");
        assert_non_null(cluster);
        assert_int_equal(item_suspends(cluster, "a"), rows[i].a);
        assert_int_equal(item_suspends(cluster, "b"), rows[i].b);
    }
}

TEST(the_cache_brings_everything_back)
{
    CLEANUP(items_free) Items *items = items_new(NULL, NULL);
    CLEANUP(items_free) Items *again = items_new(NULL, NULL);
    CLEANUP(item_unref) Item *pod = NULL;
    CLEANUP(item_unref) Item *cluster = NULL;
    AUTO_BUF text = BUF_INIT;
    Slice rest, line;
    bool synced;

    feed(items, POD("a", "1"));
    feed(items, "{\"type\":\"CLUSTER\",\"cluster\":\"acme\",\"object\":{\"suspended\":true}}");
    feed_print(items, &text);
    for (rest = buf_slice(&text); rest.len > 0;) {
        slice_cut(&rest, '\n', &line);
        assert_ok(feed_line(again, line, &synced, NULL));
    }
    pod = items_get(again, "acme", "pods", "n", "a");
    cluster = items_get(again, "acme", "clusters", "", "");
    assert_non_null(pod);
    assert_true(cluster && value_at_bool(cluster->v, "suspended"));
}
