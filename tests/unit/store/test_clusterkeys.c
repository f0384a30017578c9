/* The keys of clusters at providers that may be away. */
#include "tests/unit/store/vault.h"

static int load_error(Store *s, Cluster *c, const char *storage, Err *err)
{
    Wait w;
    int r;

    wait_init(&w);
    store_load(s, c, storage, on_done, &w);
    r = wait_for(&w);
    *err = w.err;
    return r;
}

TEST(a_key_that_is_withheld_takes_its_tenant_away_and_nobody_else)
{
    Store *s;
    KeyRing *ring;
    Vault v = {0};
    Cluster *c, *other;
    Cache *k;
    AUTO_WIPED_BUF identity = BUF_INIT;
    AuditRecord record;
    Err err;

    s = fresh_store();
    store_close(s);
    s = open_vault_store("one", &v, "file", &ring);
    assert_ok(create_with(s, "t1", "vault"));
    assert_ok(create_with(s, "t2", NULL));
    c = store_cluster(s, SLICE("t1"));
    other = store_cluster(s, SLICE("t2"));
    assert_true(PUT(s, c, "secrets", "ns", "a", "hidden", EXPECT_ABSENT) > 0);
    assert_true(PUT(s, other, "secrets", "ns", "a", "mine", EXPECT_ABSENT) > 0);
    k = load(s, c, "secrets");
    cache_unref(k);

    v.mood = VAULT_REFUSES;
    assert_true(soon(is_withheld, c));
    assert_null(store_cache(s, c, "secrets"));
    assert_fails(load_error(s, c, "secrets", &err), ERR_UNAVAILABLE);
    assert_string_equal(err.msg, "the encryption key of cluster \"t1\" is withheld: its key "
                                 "provider refuses to unwrap it");
    assert_fails(load_error(s, c, "configmaps", &err), ERR_UNAVAILABLE);
    assert_int_equal(PUT(s, c, "configmaps", "ns", "a", "x", EXPECT_ANY), -ERR_UNAVAILABLE);
    assert_fails(cluster_identity(c, &identity, &err), ERR_UNAVAILABLE);
    /* What its audit log still had to say is kept but for the bodies, which nothing can seal. */
    record = (AuditRecord){.cluster = c,
                           .user = "u",
                           .verb = "create",
                           .resource = "pods",
                           .ns = "",
                           .event = SLICE("{\"kind\":\"Event\"}"),
                           .bodies = SLICE("{\"requestObject\":\"canary\"}"),
                           .revision_at = SIZE_MAX};
    assert_int_equal(run(s, &(Txn){.audits = &record, .n_audits = 1}), 0);
    assert_true(record.lost_bodies);
    assert_int_equal(db_number("SELECT count(*) FROM audit WHERE bodies IS NULL AND "
                               "position('\"bodies-lost\":\"KeyWithheld\"' in "
                               "replace(encode(event, 'escape'), 'audit.hostplane.io/', '')) > 0"),
                     1);
    /* The neighbour notices nothing. */
    assert_true(PUT(s, other, "secrets", "ns", "b", "mine", EXPECT_ABSENT) > 0);
    k = load(s, other, "secrets");
    assert_int_equal(cache_size(k), 2);
    cache_unref(k);

    v.mood = VAULT_WELL;
    assert_true(soon(is_there, c));
    k = load(s, c, "secrets");
    assert_int_equal(cache_size(k), 1);
    cache_unref(k);
    assert_true(has_identity(c, "the identity"));
    cluster_unref(c);
    cluster_unref(other);
    store_close(s);
    keyring_close(ring);
}

TEST(a_provider_that_is_away_is_waited_for_as_long_as_the_key_is_good)
{
    Store *s;
    KeyRing *ring;
    Vault v = {0};
    int64_t since;
    Cluster *c;
    Err err;

    s = fresh_store();
    store_close(s);
    s = open_vault_store("one", &v, "file", &ring);
    assert_ok(create_with(s, "t1", "vault"));
    c = store_cluster(s, SLICE("t1"));
    v.mood = VAULT_AWAY;
    since = clock_mono_us();
    assert_true(soon(is_withheld, c));
    assert_true(clock_mono_us() - since > 1000 * 1000); /* key_ttl_s is 2 */
    assert_fails(cluster_check_key(c, &err), ERR_UNAVAILABLE);
    assert_non_null(strstr(err.msg, "cannot be reached"));
    v.mood = VAULT_WELL;
    assert_true(soon(is_there, c));
    cluster_unref(c);
    store_close(s);
    keyring_close(ring);
}

static bool says_in_public(Cluster *c, const char *want)
{
    AUTO_BUF text = BUF_INIT;

    return cluster_public(c, &text) && str_eq(buf_str(&text), want);
}

TEST(a_server_starts_without_a_tenants_provider_and_gets_the_key_later)
{
    AUTO_BUF text = BUF_INIT;
    Store *s;
    KeyRing *ring;
    Vault v = {0};
    Cluster *c;
    Cache *k;

    s = fresh_store();
    store_close(s);
    s = open_vault_store("one", &v, "file", &ring);
    assert_ok(create_with(s, "host", NULL));
    assert_ok(create_with(s, "t1", "vault"));
    c = store_cluster(s, SLICE("t1"));
    assert_true(PUT(s, c, "secrets", "ns", "a", "hidden", EXPECT_ABSENT) > 0);
    cluster_unref(c);
    store_close(s);
    keyring_close(ring);

    v = (Vault){.mood = VAULT_AWAY, .key = 1};
    s = open_vault_store("two", &v, "file", &ring);
    c = store_cluster(s, SLICE("t1"));
    assert_non_null(c);
    assert_int_equal(cluster_check_key(c, NULL), -ERR_UNAVAILABLE);
    assert_true(says_in_public(c, "the half of 12 bytes that all may know"));
    assert_true(soon(is_withheld, c));
    assert_true(says_in_public(c, "the half of 12 bytes that all may know"));
    v.mood = VAULT_WELL;
    assert_true(soon(is_there, c));
    k = load(s, c, "secrets");
    assert_int_equal(cache_size(k), 1);
    cache_unref(k);
    cluster_unref(c);
    store_close(s);
    keyring_close(ring);

    /* A row of before that stood in it is as good but for that. */
    db("UPDATE cluster_key SET identity = substr(identity, 17 + length('the half of 12 bytes that "
       "all may know')) WHERE position('half'::bytea in identity) > 0");
    v = (Vault){.mood = VAULT_AWAY, .key = 1};
    s = open_vault_store("three", &v, "file", &ring);
    c = store_cluster(s, SLICE("t1"));
    assert_true(soon(is_withheld, c));
    assert_false(cluster_public(c, &text));
    v.mood = VAULT_WELL;
    assert_true(soon(is_there, c));
    assert_true(has_identity(c, "the identity"));
    cluster_unref(c);
    store_close(s);
    keyring_close(ring);
}

TEST(a_cluster_is_not_made_when_its_key_cannot_be_wrapped_and_goes_without_it)
{
    Store *s;
    KeyRing *ring;
    Vault v = {.mood = VAULT_AWAY};
    Cluster *c;

    s = fresh_store();
    store_close(s);
    s = open_vault_store("one", &v, "file", &ring);
    assert_int_equal(create_with(s, "t1", "vault"), -ERR_UNAVAILABLE);
    assert_int_equal(create_with(s, "t1", "unknown"), -ERR_UNAVAILABLE);
    assert_null(store_cluster(s, SLICE("t1")));
    v.mood = VAULT_WELL;
    assert_ok(create_with(s, "t1", "vault"));
    assert_int_equal(
        db_number("SELECT count(*) FROM cluster_key WHERE provider = 'vault' AND kek = 'v1'"
                  " AND wanted = 'vault'"),
        1);
    c = store_cluster(s, SLICE("t1"));
    v.mood = VAULT_REFUSES;
    assert_true(soon(is_withheld, c));
    assert_ok(change(s, CLUSTER_DELETE, "t1")); /* needs no key, and destroys it */
    assert_int_equal(db_number("SELECT count(*) FROM cluster_key"), 0);
    cluster_unref(c);
    store_close(s);
    keyring_close(ring);
}
