#include "base/clock.h"
#include "base/err.h"
#include "client/execauth.h"
#include "client/kubeconfig.h"
#include "tests/unit/test.h"

#include <unistd.h>

#define V1 "client.authentication.k8s.io/v1"

static const struct {
    const char *exec, *why;
} mistakes[] = {
    {"{'apiVersion':'" V1 "','interactiveMode':'Never'}",
     "invalid configuration: command must be specified for u to use exec authentication plugin"},
    {"{'command':'x'}",
     "invalid configuration: apiVersion must be specified for u to use exec authentication plugin"},
    {"{'command':'x','apiVersion':'client.authentication.k8s.io/v1alpha1'}",
     "exec plugin: invalid apiVersion \"client.authentication.k8s.io/v1alpha1\""},
    {"{'command':'x','apiVersion':'" V1 "'}",
     "invalid configuration: interactiveMode must be specified for u to use exec authentication "
     "plugin"},
    {"{'command':'x','apiVersion':'" V1 "','interactiveMode':'Maybe'}",
     "invalid configuration: invalid interactiveMode for u: \"Maybe\""},
    {"{'command':'x','apiVersion':'" V1 "','interactiveMode':'Never','env':[{'value':'x'}]}",
     "invalid configuration: env variable name must be specified for u to use exec authentication "
     "plugin"},
};

TEST(a_configuration_that_is_wrong_is_told_as_kubectl_does)
{
    for (size_t i = 0; i < ARRAY_LEN(mistakes); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        ExecAuth *x = NULL;
        Err err;

        assert_fails(execauth_open(value_literal(a, mistakes[i].exec), "u", NULL, &x, &err),
                     ERR_BAD_REQUEST);
        assert_string_equal(err.msg, mistakes[i].why);
    }
}

static const struct {
    const char *text, *why; /* NULL: fine */
} answers[] = {
    {"{'kind':'ExecCredential','apiVersion':'" V1 "','status':{'token':'t'}}", NULL},
    {"{'kind':'ExecCredential','apiVersion':'" V1
     "','status':{'clientCertificateData':'c','clientKeyData':'k'}}",
     NULL},
    {"{'kind':'ExecCredential','apiVersion':'" V1
     "','status':{'token':'t','expirationTimestamp':'2026-01-02T03:04:05Z'}}",
     NULL},
    {"{'kind':'ExecCredential','apiVersion':'" V1 "','status':{'clientCertificateData':'c'}}",
     "exec plugin returned only certificate or key, not both"},
    {"{'kind':'ExecCredential','apiVersion':'" V1 "','status':{}}",
     "exec plugin didn't return a token or cert/key pair"},
    {"{'kind':'ExecCredential','apiVersion':'" V1 "'}", "exec plugin didn't return a status field"},
    {"{'kind':'ExecCredential','apiVersion':'client.authentication.k8s.io/v1beta1','status':{"
     "'token':'t'}}",
     "exec plugin is configured to use API version " V1
     ", plugin returned version client.authentication.k8s.io/v1beta1"},
    {"{'kind':'ExecCredential','apiVersion':'" V1 "','status':{'token':'a\\r\\nX: y'}}",
     "the plugin's token is not one"},
    {"{'kind':'ExecCredential','apiVersion':'" V1
     "','status':{'token':'t','expirationTimestamp':'soon'}}",
     "decoding stdout: expirationTimestamp is not a time"},
    {"{'kind':'Pod'}", "decoding stdout: it is not an ExecCredential"},
    {"[]", "decoding stdout: it is not an ExecCredential"},
};

TEST(what_a_program_prints_is_read_with_care)
{
    for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        const char *text = value_to_str(a, value_literal(a, answers[i].text));
        ExecCredential c;
        int64_t expires;
        Err err;
        int r = execauth_parse(a, slice_of(text), V1, &c, &expires, &err);

        if (answers[i].why) {
            assert_int_equal(r, -ERR_UNAUTHORIZED);
            assert_string_equal(err.msg, answers[i].why);
        } else
            assert_ok(r);
    }
}

/* Opens a plug-in that is a shell script, with a counter in a file. */
static ExecAuth *script(Arena *a, const char *text)
{
    Value *v = value_literal(a, "{'command':'/bin/sh','apiVersion':'" V1
                                "','interactiveMode':'Never','provideClusterInfo':true,"
                                "'env':[{'name':'WHO','value':'jane'}]}");
    Value *args = value_array(a);
    ExecAuth *x = NULL;

    value_append(a, args, value_str(a, "-c"));
    value_append(a, args, value_str(a, text));
    value_set(a, v, "args", args);
    assert_ok(execauth_open(v, "u", value_literal(a, "{'server':'https://x'}"), &x, NULL));
    return x;
}

#define SAY(token, more)                                                                           \
    "printf '{\"kind\":\"ExecCredential\",\"apiVersion\":\"" V1                                    \
    "\",\"status\":{\"token\":\"%s\"" more "}}' " token

static char counter[] = "/tmp/hp-execauth-XXXXXX";

static const char *counted(Arena *a, const char *say)
{
    return arena_printf(a, "echo x >> %s; %s\"$(wc -l < %s)\"", counter, say, counter);
}

static const char *token_of(ExecAuth *x, Arena *a, uint64_t refused)
{
    ExecCredential c;
    Err err;

    assert_ok(execauth_get(x, refused, a, &c, &err));
    return c.token;
}

TEST(a_credential_is_kept_until_it_expires_or_is_refused)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(execauth_close) ExecAuth *forever = NULL, *stale = NULL;
    int fd = mkstemp(counter);

    assert_true(fd >= 0);
    close(fd);
    forever = script(a, counted(a, SAY("", "")));
    assert_string_equal(token_of(forever, a, 0), "1");
    assert_string_equal(token_of(forever, a, 0), "1");
    assert_string_equal(token_of(forever, a, 1), "2"); /* the first one was refused */
    assert_string_equal(token_of(forever, a, 1), "2");
    stale = script(a, counted(a, SAY("", ",\"expirationTimestamp\":\"2020-01-01T00:00:00Z\"")));
    assert_string_equal(token_of(stale, a, 0), "3");
    assert_string_equal(token_of(stale, a, 0), "4");
    unlink(counter);
}

TEST(a_program_is_told_what_is_wanted)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(execauth_close) ExecAuth *who = script(a, SAY("\"$WHO\"", ""));
    CLEANUP(execauth_close)
    ExecAuth *info = script(a, SAY("\"$(printf %s \"$KUBERNETES_EXEC_INFO\" | base64 -w0)\"", ""));
    CLEANUP(execauth_close) ExecAuth *in = script(a, SAY("\"$(cat | wc -c)\"", ""));

    assert_string_equal(token_of(who, a, 0), "jane");
    /* {"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","spec":{"cluster":
     * {"server":"https://x"},"interactive":false}} */
    assert_string_equal(
        token_of(info, a, 0),
        "eyJraW5kIjoiRXhlY0NyZWRlbnRpYWwiLCJhcGlWZXJzaW9uIjoiY2xpZW50LmF1dGhlbnRpY2F0aW9uLms4cy5p"
        "by92MSIsInNwZWMiOnsiY2x1c3RlciI6eyJzZXJ2ZXIiOiJodHRwczovL3gifSwiaW50ZXJhY3RpdmUiOmZhbHNl"
        "fX0=");
    assert_string_equal(token_of(in, a, 0), "0"); /* nothing to read */
}

TEST(a_program_that_fails_or_is_not_there)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    CLEANUP(execauth_close) ExecAuth *fails = script(a, "exit 3"), *gone = NULL, *asks = NULL;
    ExecCredential c;
    Err err;

    assert_fails(execauth_get(fails, 0, a, &c, &err), ERR_UNAUTHORIZED);
    assert_string_equal(err.msg,
                        "getting credentials: exec: executable /bin/sh failed with exit code 3");
    assert_ok(execauth_open(value_literal(a, "{'command':'/no/such','apiVersion':'" V1
                                             "','interactiveMode':'Never','installHint':'get it'}"),
                            "u", NULL, &gone, &err));
    assert_fails(execauth_get(gone, 0, a, &c, &err), ERR_UNAUTHORIZED);
    assert_string_equal(err.msg,
                        "getting credentials: exec: executable /no/such not found\n\nget it");
    if (!isatty(STDIN_FILENO)) {
        assert_ok(execauth_open(value_literal(a, "{'command':'/bin/true','apiVersion':'" V1
                                                 "','interactiveMode':'Always'}"),
                                "u", NULL, &asks, &err));
        assert_fails(execauth_get(asks, 0, a, &c, &err), ERR_UNAUTHORIZED);
        assert_string_equal(err.msg,
                            "getting credentials: exec plugin cannot support interactive mode: "
                            "standard input is not a terminal");
    }
}
