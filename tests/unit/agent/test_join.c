#include "agent/join.h"
#include "base/err.h"
#include "tests/unit/test.h"

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

TEST(a_token_has_four_parts)
{
    JoinToken t;

    assert_ok(join_token_parse(slice_of("HP1." HASH ".abcdef.0123456789abcdef\n"), &t, NULL));
    assert_string_equal(t.ca_hash, HASH);
    assert_string_equal(t.id, "abcdef");
    assert_string_equal(t.secret, "0123456789abcdef");
}

TEST(anything_else_is_refused)
{
    static const char *const rows[] = {"",
                                       "HP1",
                                       "HP2." HASH ".a.b",
                                       "HP1.abc.a.b",
                                       "HP1." HASH ".a",
                                       "HP1." HASH "..b",
                                       "HP1." HASH ".a.b.c",
                                       "HP1." HASH ".a."};
    JoinToken t;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_fails(join_token_parse(slice_of(rows[i]), &t, NULL), ERR_INVALID);
}

TEST(a_certificate_is_renewed_in_the_last_third_of_its_life)
{
    assert_false(join_is_due(1000, 1300, 1000));
    assert_false(join_is_due(1000, 1300, 1199));
    assert_true(join_is_due(1000, 1300, 1200));
    assert_true(join_is_due(1000, 1300, 9999));
}
