#include "agent/image_access.h"
#include "tests/unit/test.h"

#include <unistd.h>

static bool allows(ImageAccess *x, const char *id, const char *cluster, const char *hash)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *list = value_array(a);

    if (hash)
        value_append(a, list, value_str(a, hash));
    return image_access_allows(x, "reg/i:1", id, cluster, list);
}

TEST(an_image_pulled_with_credentials_is_for_those_who_have_them)
{
    char path[] = "/tmp/hostplane-test-XXXXXX";
    CLEANUP(image_access_free) ImageAccess *x = NULL;

    assert_true(mkstemp(path) >= 0);
    for (int round = 0; round < 2; round++) { /* the second time from the file */
        image_access_free(x);
        x = image_access_open(path);
        if (round == 0) {
            assert_true(allows(x, "id", "acme", NULL)); /* it was here before us */
            image_access_begin(x, "reg/i:1");
            assert_false(allows(x, "id", "acme", "h1"));
            image_access_end(x, "reg/i:1", "id", "acme", "h1", false);
        }
        assert_true(allows(x, "id", "acme", "h1"));
        assert_false(allows(x, "id", "acme", "h2"));
        assert_false(allows(x, "id", "acme", NULL));
        assert_false(allows(x, "id", "globex", NULL));
        assert_false(allows(x, "id", "globex", "h1")); /* it has to show it once */
    }
    image_access_end(x, "reg/i:1", "id", "globex", "h1", true);
    assert_true(allows(x, "id", "globex", "h1"));
    image_access_end(x, "reg/i:1", "id", "initech", NULL, true); /* pulled with none: it is open */
    assert_true(allows(x, "id", "umbrella", NULL));
    unlink(path);
}

TEST(what_was_on_the_node_stays_anybodys)
{
    char path[] = "/tmp/hostplane-test-XXXXXX";
    CLEANUP(image_access_free) ImageAccess *x = NULL;

    assert_true(mkstemp(path) >= 0);
    x = image_access_open(path);
    image_access_begin(x, "reg/i:1");
    image_access_end(x, "reg/i:1", "id", "acme", "h1", true);
    assert_true(allows(x, "id", "globex", NULL));
    image_access_begin(x, "reg/i:1");
    image_access_end(x, "reg/i:1", NULL, "acme", "h1", false); /* it failed */
    assert_true(allows(x, "id", "globex", NULL));
    image_access_begin(x, "reg/i:1");
    image_access_end(x, "reg/i:1", "id2", "acme", "h1", false);
    assert_false(allows(x, "id2", "globex", NULL));
    image_access_forget(x, "id2");
    assert_true(allows(x, "id2", "globex", NULL));
    unlink(path);
}
