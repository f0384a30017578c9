#include "api/encrypts.h"

#include "tests/unit/test.h"

TEST(what_people_write_becomes_storage_names)
{
    static const struct {
        const char *in, *out; /* out NULL: refused */
    } cases[] = {
        {"secrets", "secrets"},
        {"deployments.apps", "apps/deployments"},
        {"widgets.example.com", "example.com/widgets"},
        {"*.apps", "apps/*"},
        {"*.", "/*"},
        {"*", "*"},
        {"*.*", "*"},
        {"", NULL},
        {"a b", NULL},
        {"a.", NULL},
        {".apps", NULL},
        {"*..", NULL},
        {"Secrets", NULL},
        {"apps/deployments", NULL},
        {"**", NULL},
        {"secrets*", NULL},
        {"*secrets", NULL},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO_BUF list = BUF_INIT;

        assert_int_equal(encrypts_add(&list, slice_of(cases[i].in)), cases[i].out != NULL);
        assert_string_equal(buf_str(&list), cases[i].out ? cases[i].out : "");
    }
}

TEST(a_list_covers_names_groups_and_everything)
{
    static const struct {
        const char *list, *storage;
        bool is_in;
    } cases[] = {
        {"", "secrets", false},
        {"configmaps", "configmaps", true},
        {"configmaps apps/deployments", "apps/deployments", true},
        {"configmaps apps/deployments", "apps/daemonsets", false},
        {"configmaps", "example.com/configmaps", false},
        {"apps/*", "apps/deployments", true},
        {"apps/*", "apps.example.com/deployments", false},
        {"apps/*", "app/deployments", false},
        {"/*", "configmaps", true},
        {"/*", "apps/deployments", false},
        {"*", "configmaps", true},
        {"*", "example.com/widgets", true},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if (encrypts_has(cases[i].list, cases[i].storage) != cases[i].is_in)
            fail_msg("'%s' and %s", cases[i].list, cases[i].storage);
}

TEST(a_list_is_gone_over_item_by_item)
{
    AUTO_BUF list = BUF_INIT;
    Slice rest, item;

    assert_true(encrypts_add(&list, SLICE("configmaps")));
    assert_true(encrypts_add(&list, SLICE("*.apps")));
    rest = buf_slice(&list);
    assert_true(encrypts_next(&rest, &item));
    assert_true(slice_is(item, "configmaps"));
    assert_true(encrypts_next(&rest, &item));
    assert_true(slice_is(item, "apps/*"));
    assert_false(encrypts_next(&rest, &item));
}
