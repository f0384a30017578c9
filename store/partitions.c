/* What the keepers of history's and the audit log's partitions share. */
#include "base/mem.h"
#include "store/store_int.h"

bool partition__name(const char *name, const char *table, int64_t *from, int64_t *to)
{
    Slice rest = slice_of(name), part;

    return slice_cut(&rest, '_', &part) && slice_is(part, table) && slice_cut(&rest, '_', &part) &&
           slice_to_int64(part, from) && slice_to_int64(rest, to);
}

const char **partition__names(const PGresult *res, size_t *ret_n)
{
    size_t n = (size_t)PQntuples(res);
    const char **names = xmalloc((n + 1) * sizeof(*names));

    for (size_t i = 0; i < n; i++)
        names[i] = result_text(res, (int)i, 0);
    *ret_n = n;
    return names;
}

void partition__begin(Conn *c)
{
    conn_send(c, ST_BEGIN, NULL);
    conn_send_sql(c, "SET LOCAL lock_timeout = '500ms'");
    conn_send_sql(c, "SELECT pg_advisory_xact_lock(4808, 2)");
}

void partition__commit(Conn *c, Slice commands)
{
    Slice command;

    while (commands.len > 0) {
        AUTO_BUF one = BUF_INIT;

        (void)slice_cut(&commands, ';', &command);
        buf_add_slice(&one, command);
        conn_send_sql(c, buf_str(&one));
    }
    conn_send(c, ST_COMMIT, NULL);
    conn_sync(c);
}
