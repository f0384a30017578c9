#include "controllers/extsecrets/vault.h"

#include "base/err.h"
#include "controllers/extsecrets/decide.h"
#include "tests/unit/test.h"

/* Calls that are answered when the test says so. */
typedef struct Fake {
    OutCall *calls[2000];
    size_t n;
    unsigned n_woken;
    bool answers_at_once;
} Fake;

static void answer(OutCall *o, int status, const char *body)
{
    o->status = status;
    if (status == 0)
        (void)snprintf(o->error, sizeof(o->error), "%s", body);
    else
        buf_adds(&o->reply, body);
    o->done(o);
}

static void on_call(OutCall *o, void *data)
{
    Fake *f = data;

    f->calls[f->n++] = o;
    if (f->answers_at_once)
        answer(o, 0, "too many");
}

static void on_wake(const WorkKey *key, void *data)
{
    (void)key;
    ((Fake *)data)->n_woken++;
}

/* Where answers are copied to, for all tests. */
static Arena *kept(void)
{
    static Arena *a;

    a = a ? a : arena_new();
    return a;
}

static int ask(Vault *v, const char *cluster, const char *name, const char *url, VaultAnswer *ret)
{
    return vault_ask(v, &(WorkKey){1, cluster, "n", name}, &(VaultAsk){.url = url}, kept(), ret,
                     NULL);
}

TEST(a_key_is_woken_once_when_all_its_answers_are_there)
{
    Fake f = {0};
    CLEANUP(vault_close) Vault *v = vault_new(on_call, &f, on_wake, &f);
    WorkKey key = {1, "acme", "n", "es"};
    VaultAnswer a;

    assert_int_equal(vault_peek(v, &key, "https://v/1", kept(), &a), -ERR_NOT_FOUND);
    assert_int_equal(ask(v, "acme", "es", "https://v/1", &a), 1);
    assert_int_equal(ask(v, "acme", "es", "https://v/2", &a), 1);
    assert_int_equal(vault_peek(v, &key, "https://v/1", kept(), &a), 1);
    assert_int_equal(ask(v, "acme", "es", "https://v/1", &a), 1); /* not asked again */
    assert_int_equal(f.n, 2);
    answer(f.calls[1], 200, "two");
    assert_int_equal(f.n_woken, 0);
    answer(f.calls[0], 0, "EOF");
    assert_int_equal(f.n_woken, 1);
    assert_int_equal(ask(v, "acme", "es", "https://v/2", &a), 0);
    assert_int_equal(a.status, 200);
    assert_true(slice_is(a.body, "two"));
    assert_int_equal(ask(v, "acme", "es", "https://v/1", &a), 0);
    assert_int_equal(a.status, 0);
    assert_string_equal(a.error, "EOF");
    vault_finish(v, &key);
    assert_int_equal(ask(v, "acme", "es", "https://v/2", &a), 1); /* anew */
    answer(f.calls[2], 200, "");
}

TEST(a_call_says_who_asks)
{
    Fake f = {0};
    CLEANUP(vault_close) Vault *v = vault_new(on_call, &f, on_wake, &f);
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(secret_text_free) SecretText *token = secret_text_new(SLICE("hvs.x"));
    VaultAsk with = {.url = "https://v/1",
                     .ca_pem = "PEM",
                     .ns = "team",
                     .token = token,
                     .body = value_literal(a, "{'a':1}")};
    VaultAnswer ret;
    OutCall *o;

    assert_int_equal(vault_ask(v, &(WorkKey){1, "acme", "n", "es"}, &with, kept(), &ret, NULL), 1);
    o = f.calls[0];
    assert_string_equal(o->method, "POST");
    assert_string_equal(o->cluster, "acme");
    assert_string_equal(o->ca_pem, "PEM");
    assert_true(slice_is(o->body, "{\"a\":1}"));
    assert_string_equal(o->headers[0], "X-Vault-Request: true");
    assert_string_equal(o->headers[1], "X-Vault-Namespace: team");
    assert_string_equal(o->headers[2], "X-Vault-Token: hvs.x");
    assert_null(o->headers[3]);
    answer(o, 204, "");
}

TEST(clusters_take_turns_and_none_has_more_than_its_share)
{
    Fake f = {0};
    CLEANUP(vault_close) Vault *v = vault_new(on_call, &f, on_wake, &f);
    char url[32], name[16];
    VaultAnswer a;
    size_t n_small = 0, n_done = 0;

    for (int i = 0; i < 50; i++) {
        (void)snprintf(url, sizeof(url), "https://v/%d", i);
        assert_int_equal(ask(v, "large", "es", url, &a), 1);
    }
    assert_int_equal(f.n, VAULT_MAX_OF_ONE);
    assert_int_equal(ask(v, "small", "es", "https://v/x", &a), 1);
    assert_int_equal(f.n, VAULT_MAX_OF_ONE + 1); /* not behind the fifty */
    for (int i = 0; i < 30; i++) {               /* more than may run in all */
        (void)snprintf(name, sizeof(name), "t%d", i);
        for (int k = 0; k < VAULT_MAX_OF_ONE; k++) {
            (void)snprintf(url, sizeof(url), "https://v/%d", k);
            assert_int_equal(ask(v, name, "es", url, &a), 1);
        }
    }
    assert_int_equal(f.n, VAULT_MAX_RUNNING);
    while (n_done < f.n)
        answer(f.calls[n_done++], 200, "");
    for (size_t i = 0; i < f.n; i++)
        n_small += str_eq(f.calls[i]->cluster, "small");
    assert_int_equal(n_small, 1);
    assert_int_equal(f.n, 50 + 1 + 30 * VAULT_MAX_OF_ONE);
    assert_int_equal(f.n_woken, 32);
}

TEST(calls_that_fail_at_once_do_not_pile_up)
{
    Fake f = {.answers_at_once = true};
    CLEANUP(vault_close) Vault *v = vault_new(on_call, &f, on_wake, &f);
    char url[32];
    VaultAnswer a;

    for (int i = 0; i < 900; i++) {
        (void)snprintf(url, sizeof(url), "https://v/%d", i);
        assert_int_equal(ask(v, "acme", "es", url, &a), 1);
        assert_int_equal(ask(v, "acme", "es", url, &a), 0);
        assert_string_equal(a.error, "too many");
    }
}

TEST(one_key_may_not_ask_without_end)
{
    Fake f = {0};
    CLEANUP(vault_close) Vault *v = vault_new(on_call, &f, on_wake, &f);
    char url[32];
    VaultAnswer a;

    for (int i = 0; i < VAULT_MAX_ASKS; i++) {
        (void)snprintf(url, sizeof(url), "https://v/%d", i);
        assert_int_equal(ask(v, "acme", "es", url, &a), 1);
    }
    assert_int_equal(ask(v, "acme", "es", "https://v/last", &a), -ERR_TOO_LARGE);
    for (size_t i = 0; i < f.n; i++)
        answer(f.calls[i], 200, "");
}

TEST(a_cluster_that_goes_takes_all_with_it)
{
    Fake f = {0};
    CLEANUP(vault_close) Vault *v = vault_new(on_call, &f, on_wake, &f);
    char url[32];
    VaultAnswer a;

    for (int i = 0; i < VAULT_MAX_OF_ONE + 3; i++) {
        (void)snprintf(url, sizeof(url), "https://v/%d", i);
        assert_int_equal(ask(v, "acme", "es", url, &a), 1);
    }
    assert_int_equal(ask(v, "acme2", "es", "https://v/0", &a), 1);
    vault_set_session(v, "acme", "n", "s", vault_session_new(SLICE("t"), "m", &(VaultLogin){0}, 1));
    vault_set_session(v, "acme2", "n", "s",
                      vault_session_new(SLICE("t"), "m", &(VaultLogin){0}, 1));
    vault_note_use(v, "acme", "secrets", "n", "c");
    vault_drop_cluster(v, "acme");
    for (size_t i = 0; i < f.n; i++)
        answer(f.calls[i], 200, "");
    assert_int_equal(f.n, VAULT_MAX_OF_ONE + 1); /* the three that waited are not made */
    assert_int_equal(f.n_woken, 1);
    assert_null(vault_session(v, "acme", "n", "s", 1));
    assert_false(vault_is_used(v, "acme", "secrets", "n", "c"));
    {
        CLEANUP(vault_session_unref) VaultSession *s = vault_session(v, "acme2", "n", "s", 1);

        assert_non_null(s);
    }
}

TEST(answers_after_the_end_are_nobodys)
{
    Fake f = {0};
    Vault *v = vault_new(on_call, &f, on_wake, &f);
    VaultAnswer a;

    assert_int_equal(ask(v, "acme", "es", "https://v/1", &a), 1);
    vault_close(v);
    answer(f.calls[0], 200, "late");
    assert_int_equal(f.n_woken, 0);
}

TEST(what_failed_waits_unless_it_changes)
{
    Fake f = {0};
    CLEANUP(vault_close) Vault *v = vault_new(on_call, &f, on_wake, &f);
    WorkKey key = {1, "acme", "n", "es"};
    int64_t now_us = 1000000000, ms = vault_fail(v, &key, "1", now_us);

    assert_true(ms >= EXTSECRET_FIRST_RETRY_MS / 2);
    assert_int_equal(vault_left_ms(v, &key, "1", now_us), ms);
    assert_int_equal(vault_left_ms(v, &key, "2", now_us), 0);
    assert_int_equal(vault_left_ms(v, &key, "1", now_us + ms * 1000), 0);
    assert_true(vault_fail(v, &key, "1", now_us) > ms / 2);
    vault_forget(v, &key);
    assert_int_equal(vault_left_ms(v, &key, "1", now_us), 0);
}

TEST(sessions_end_with_their_lease_and_are_renewed_before)
{
    Fake f = {0};
    CLEANUP(vault_close) Vault *v = vault_new(on_call, &f, on_wake, &f);
    const int64_t now_us = 5000000;
    VaultSession *s =
        vault_session_new(SLICE("hvs.token"), "m", &(VaultLogin){NULL, 90, true}, now_us);
    CLEANUP(vault_session_unref) VaultSession *again = NULL, *none = NULL;

    assert_int_equal(s->renew_at_us, now_us + 60 * 1000000);
    assert_int_equal(s->ends_at_us, now_us + 90 * 1000000);
    vault_set_session(v, "acme", "n", "s", s);
    none = vault_session(v, "acme", "n", "s", now_us + 90 * 1000000);
    assert_null(none);
    vault_set_session(
        v, "acme", "n", "s",
        vault_session_renewed(s, &(VaultLogin){NULL, 90, true}, now_us + 60 * 1000000));
    again = vault_session(v, "acme", "n", "s", now_us + 90 * 1000000);
    assert_non_null(again);
    assert_int_equal(again->since_us, now_us);
    assert_int_equal(secret_text_len(again->token), 9);
    vault_drop_session(v, "acme", "n", "s", NULL); /* another one */
    none = vault_session(v, "acme", "n", "s", now_us);
    assert_ptr_equal(none, again);
    vault_drop_session(v, "acme", "n", "s", again);
    assert_null(vault_session(v, "acme", "n", "s", now_us));
}
