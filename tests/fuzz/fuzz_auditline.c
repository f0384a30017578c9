/* Lines of an export: each is refused in words or taken, and a chain that held does so again. */
#include "audit/chain.h"
#include "base/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* How many lines hold. */
static size_t check(Slice text, AuditCheck *c)
{
    size_t n = 0;
    Slice line;
    bool more = true;

    while (more) {
        Err err = {0};

        more = slice_cut(&text, '\n', &line);
        if (audit_check_line(c, line, &err) < 0) {
            BUG_ON(err.code != ERR_BAD_REQUEST && err.code != ERR_INVALID);
            BUG_ON(!err.msg[0]);
            break;
        }
        n++;
    }
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Slice text = {(const char *)data, size};
    AuditCheck c = {0}, again = {0};
    size_t n = check(text, &c);

    BUG_ON((int64_t)n != c.n_records);
    BUG_ON(n > 0 && (c.last.seq < c.first || audit_check_head(&c, &c.last, NULL) < 0));
    BUG_ON(check(text, &again) != n || again.last.seq != c.last.seq);
    return 0;
}
