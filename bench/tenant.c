#include "bench/tenant.h"

#include "base/mem.h"

/* The token in the text of a kubeconfig inside of an answer. */
static char *token_in(Slice body)
{
    static const char mark[] = "token: ";
    const char *at = memmem(body.ptr, body.len, mark, sizeof(mark) - 1);

    if (!at)
        return NULL;
    at += sizeof(mark) - 1;
    at += *at == '"';
    return xstrndup(at, strcspn(at, "\"\\ \n"));
}

void bench_tenant_make(BenchTenant *t, const char *name, Conn *c, const Target *host,
                       const char *plan)
{
    AUTO_BUF text = BUF_INIT;
    Slice answer;
    int status;

    snprintf(t->name, sizeof(t->name), "%s", name);
    snprintf(t->prefix, sizeof(t->prefix), "/clusters/%s", t->name);
    buf_addf(&text, "{\"metadata\":{\"name\":\"%s\"}", t->name);
    if (plan)
        buf_addf(&text, ",\"spec\":{\"plan\":\"%s\"}", plan);
    buf_adds(&text, "}");
    status = conn_request(c, "POST", BENCH_TENANTS, buf_slice(&text), &answer);
    if (status != 201)
        bench_fail("making a tenant", status, answer);
    buf_reset(&text);
    buf_addf(&text, BENCH_TENANTS "/%s/kubeconfig", t->name);
    status = conn_request(c, "POST", buf_str(&text), SLICE("{\"spec\":{\"credential\":\"token\"}}"),
                          &answer);
    t->token = status == 201 ? token_in(answer) : NULL;
    if (!t->token)
        bench_fail("getting a token", status, answer);
    t->target = *host;
    t->target.prefix = t->prefix;
    t->target.token = t->token;
    t->target.cert = t->target.key = NULL;
}

void bench_tenant_done(BenchTenant *t)
{
    free(TAKE(t->token));
}
