/* An audit policy's file: it is refused in a line, or judges any request without surprise. */
#include "audit/policy.h"
#include "base/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const groups[] = {"system:authenticated", "g", NULL};
    static const AuditAttrs requests[] = {
        {"u", groups, "get", true, "", "pods", "log", "ns", "p", ""},
        {"system:admin", groups, "list", true, "apps", "deployments", "", "", "", ""},
        {"u", groups, "get", false, "", "", "", "", "", "/healthz/etcd"},
        {"u", groups, "create", true, "", "secrets", "", "ns", "", ""},
    };
    CLEANUP(audit_policy_unref) AuditPolicy *p = NULL;
    Err err;

    if (audit_policy_parse((Slice){(const char *)data, size}, "f", &p, &err) < 0) {
        BUG_ON(err.code != ERR_BAD_REQUEST || strncmp(err.msg, "f: ", 3) != 0);
        return 0;
    }
    for (size_t i = 0; i < ARRAY_LEN(requests); i++) {
        AuditVerdict once = {0}, twice;

        audit_policy_judge(p, &requests[i], &once);
        twice = once;
        audit_policy_judge(p, &requests[i], &twice);
        BUG_ON(memcmp(&once, &twice, sizeof(once)) != 0);
        audit_verdict_cap(&requests[i], &once);
        BUG_ON(i == 3 && once.level[AUDIT_RESPONSE_COMPLETE] > AUDIT_METADATA);
    }
    return 0;
}
