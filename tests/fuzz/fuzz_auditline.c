/* Lines of an export: each is refused in words or taken, and a chain that held does so again. The
 * same bytes as the token of a checkpoint. */
#include "audit/checkpoint.h"
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

static void read_checkpoint(Slice text)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AuditSigned at = {0};
    Err err = {0};

    if (audit_checkpoint_read(a, arena_strndup(a, text.ptr, text.len), "", &(AuditKeys){0}, &at,
                              &err) < 0)
        BUG_ON(err.code != ERR_INVALID || !err.msg[0]);
    else
        BUG_ON(at.place.seq < 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Slice text = {(const char *)data, size};
    AuditCheck c = {0}, again = {0};
    size_t n = check(text, &c);

    BUG_ON((int64_t)n != c.n_records);
    BUG_ON(n > 0 && (c.last.seq < c.first || audit_check_head(&c, &c.last, NULL) < 0));
    BUG_ON(check(text, &again) != n || again.last.seq != c.last.seq);
    read_checkpoint(text);
    return 0;
}
