#include "store/datakey.h"

#include "base/err.h"
#include "tests/unit/test.h"

/* Versions n, n - 1, ... 1. */
static DataKey *chain(int64_t n)
{
    DataKey *first = NULL, **last = &first;

    for (; n > 0; n--) {
        *last = datakey_new(n);
        (*last)->bytes[0] = (uint8_t)n;
        last = &(*last)->next;
    }
    return first;
}

TEST(older_keys_come_back_from_what_the_newest_has_sealed)
{
    AUTO_DATAKEYS *keys = chain(4);
    AUTO_DATAKEYS *again = chain(4);
    AUTO_BUF sealed = BUF_INIT;
    Err err;

    keys->next->gone_us = 7; /* 3 is not in the database */
    datakeys_seal_older(keys, "uid", &sealed);
    datakeys_free(again->next);
    again->next = NULL;
    assert_ok(datakeys_open_older(again, "uid", buf_slice(&sealed), &err));
    assert_int_equal(datakeys_n_older(again), 2);
    assert_null(datakey_find(again, 3));
    assert_int_equal(datakey_find(again, 2)->bytes[0], 2);
    assert_int_equal(datakey_find(again, 1)->bytes[0], 1);
    assert_int_equal(datakey_find(again, 4)->bytes[0], 4);
}

TEST(older_keys_open_in_their_place_only)
{
    AUTO_DATAKEYS *keys = chain(2);
    AUTO_DATAKEYS *other = datakey_new(3);
    AUTO_BUF sealed = BUF_INIT;
    AUTO_BUF none = BUF_INIT;
    Err err;

    datakeys_seal_older(keys, "uid", &sealed);
    assert_fails(datakeys_open_older(keys, "other", buf_slice(&sealed), &err), ERR_INVALID);
    memcpy(other->bytes, keys->bytes, sizeof(other->bytes));
    assert_fails(datakeys_open_older(other, "uid", buf_slice(&sealed), &err), ERR_INVALID);
    for (size_t i = 0; i < sealed.len; i++) {
        sealed.ptr[i] ^= 1;
        assert_fails(datakeys_open_older(keys, "uid", buf_slice(&sealed), &err), ERR_INVALID);
        sealed.ptr[i] ^= 1;
    }
    assert_null(other->next);
    datakeys_seal_older(other, "uid", &none);
    assert_int_equal(none.len, 0);
    assert_ok(datakeys_open_older(other, "uid", buf_slice(&none), &err));
}

TEST(what_the_database_has_no_more_is_kept_for_a_while)
{
    AUTO_DATAKEYS *keys = chain(2);

    datakeys_renew(&keys, datakey_new(3), 100);
    assert_int_equal(keys->version, 3);
    assert_int_equal(datakeys_n_older(keys), 0);
    assert_non_null(datakey_find(keys, 1));
    datakeys_renew(&keys, chain(3), 200); /* and there they are again */
    assert_int_equal(datakeys_n_older(keys), 2);
    datakeys_renew(&keys, datakey_new(3), 300);
    assert_true(datakeys_purge(keys, 299));
    assert_non_null(datakey_find(keys, 2));
    assert_false(datakeys_purge(keys, 300));
    assert_null(datakey_find(keys, 2));
    assert_non_null(datakey_find(keys, 3));
    assert_false(datakeys_purge(NULL, 300));
}
