#include "vcluster/feedshared.h"

#include "base/err.h"
#include "tests/unit/test.h"

static Obj *object(const char *name, const char *uid, int64_t revision)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *v = value_literal(a, "{'metadata':{'namespace':'d'}}");
    Obj *o = NULL;

    value_set_at(a, v, "metadata.name", value_str(a, name));
    value_set_at(a, v, "metadata.uid", value_str(a, uid));
    assert_ok(obj_from_value(v, revision, &o, NULL));
    return o;
}

/* A look: words "name:uid:revision", behind which "@node=text" may come. */
static void look(FeedShared *s, const char *words)
{
    feed_shared_begin(s);
    for (const char *p = words; *p; p += strspn(p, " ")) {
        size_t len = strcspn(p, " ");
        char name[8], uid[8], node[8] = "", text[8] = "";
        int revision;
        AUTO_FREE char *word = strndup(p, len);

        assert_true(sscanf(word, "%7[^:]:%7[^:]:%d@%7[^=]=%7s", name, uid, &revision, node, text) >=
                    3);
        {
            CLEANUP(obj_unref) Obj *o = object(name, uid, revision);

            if (!feed_shared_keep(s, "things", o))
                feed_shared_put(s, "things", o, node[0] ? node : NULL, text[0] ? text : NULL);
        }
        p += len;
    }
    feed_shared_end(s);
}

/* What the last look changes for a node: "+name ~name -name", in the order of names. */
static void assert_told(const FeedShared *s, const char *node, const char *want)
{
    AUTO_BUF got = BUF_INIT;

    for (char name = 'a'; name <= 'z'; name++)
        for (size_t i = 0; i < s->n_changes; i++) {
            const SharedChange *c = &s->changes[i];
            SharedVerb verb = feed_shared_verb(c, node);

            if ((c->now ? c->now->obj : c->before)->name[0] == name && verb != SHARED_NOTHING)
                buf_addf(&got, "%s%c%c", got.len > 0 ? " " : "", "+~-"[verb], name);
        }
    assert_string_equal(buf_str(&got), want);
}

TEST(a_node_hears_of_what_has_changed)
{
    FeedShared s = {.n_changes = 0};

    look(&s, "a:1:1 b:2:2");
    assert_told(&s, "x", "+a +b");
    look(&s, "a:1:1 b:2:2");
    assert_told(&s, "x", "");
    look(&s, "a:1:3 c:3:4");
    assert_told(&s, "x", "~a -b +c");
    assert_string_equal(s.changes[0].before->uid, "1");
    look(&s, "a:9:3 c:3:4"); /* another one of this name */
    assert_told(&s, "x", "~a");
    look(&s, "");
    assert_told(&s, "x", "-a -c");
    assert_int_equal(s.items.n, 0);
    feed_shared_done(&s);
}

TEST(what_is_on_the_node_is_told_to_the_others)
{
    FeedShared s = {.n_changes = 0};

    look(&s, "a:1:1@x=t b:2:2@y=t");
    assert_told(&s, "x", "+b");
    assert_told(&s, "y", "+a");
    assert_told(&s, "z", "+a +b");
    look(&s,
         "a:1:7@x=t b:2:8@y=u"); /* another revision that says the same; and one that does not */
    assert_told(&s, "z", "~b");
    assert_told(&s, "y", "");
    look(&s, "a:1:7@x=t b:3:9@x=u"); /* moved, as the next pod of its name */
    assert_told(&s, "x", "-b");
    assert_told(&s, "y", "+b");
    assert_told(&s, "z", "~b");
    feed_shared_done(&s);
}
