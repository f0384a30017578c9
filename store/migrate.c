#include "store/migrate.h"

#include "base/buf.h"
#include "store/pgerr.h"
#include "store/store.h"

int migrate_connect(const char *conninfo, PGconn **ret, Err *err)
{
    const char *keys[] = {"dbname", "application_name", "connect_timeout", NULL};
    const char *values[] = {conninfo, "hostplane-setup", "10", NULL};
    CLEANUP(pg_finish) PGconn *pg = PQconnectdbParams(keys, values, 1);

    if (PQstatus(pg) != CONNECTION_OK) {
        int n = (int)strcspn(PQerrorMessage(pg), "\n");

        return err_set(err, ERR_UNAVAILABLE, "connecting to PostgreSQL: %.*s", n,
                       PQerrorMessage(pg));
    }
    *ret = TAKE(pg);
    return 0;
}

int migrate_exec(PGconn *pg, const char *sql, Err *err)
{
    CLEANUP(pg_clear) PGresult *res = PQexec(pg, sql);
    ExecStatusType status = PQresultStatus(res);

    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        return pgerr_set(err, res, "preparing the database");
    return 0;
}

static int read_version(PGconn *pg, int *ret, Err *err)
{
    CLEANUP(pg_clear)
    PGresult *res = PQexec(pg, "SELECT coalesce(max(version), 0) FROM schema_version");
    int64_t v = 0;

    if (PQresultStatus(res) != PGRES_TUPLES_OK)
        return pgerr_set(err, res, "reading the schema version");
    if (!slice_to_int64(slice_of(PQgetvalue(res, 0, 0)), &v))
        return err_set(err, ERR_INTERNAL, "the schema version is not a number");
    *ret = (int)v;
    return 0;
}

static int apply(PGconn *pg, const Migration *m, Err *err)
{
    AUTO_BUF sql = BUF_INIT;
    int r;

    buf_adds(&sql, "BEGIN;\n");
    buf_adds(&sql, m->sql);
    buf_addf(&sql, ";\nINSERT INTO schema_version (version, name) VALUES (%d, '%s');\nCOMMIT",
             m->version, m->name);
    r = migrate_exec(pg, buf_str(&sql), err);
    if (r < 0) {
        PQclear(PQexec(pg, "ROLLBACK")); /* the first failure is what counts */
        return err_wrap(err, r, "migration %s", m->name);
    }
    return 0;
}

int migrate_run(PGconn *pg, int *ret_version, Err *err)
{
    int r, version = 0, last = 0;

    r = migrate_exec(pg,
                     "SET client_min_messages = warning;"
                     "SELECT pg_advisory_lock(4808, 0);"
                     "CREATE TABLE IF NOT EXISTS schema_version (version int PRIMARY KEY,"
                     " name text NOT NULL, applied timestamptz NOT NULL DEFAULT now())",
                     err);
    if (r == 0)
        r = read_version(pg, &version, err);
    for (const Migration *m = migrations; r == 0 && m->version > 0; m++) {
        last = m->version;
        if (m->version > version)
            r = apply(pg, m, err);
    }
    if (r == 0 && version > last)
        r = err_set(err, ERR_INTERNAL, "the database has schema version %d, this program knows %d",
                    version, last);
    PQclear(PQexec(pg, "SELECT pg_advisory_unlock(4808, 0)")); /* else it ends with the session */
    if (r == 0 && ret_version)
        *ret_version = MAX(version, last);
    return r;
}

int store_migrate(const char *conninfo, int *ret_version, Err *err)
{
    CLEANUP(pg_finish) PGconn *pg = NULL;
    int r = migrate_connect(conninfo, &pg, err);

    return r < 0 ? r : migrate_run(pg, ret_version, err);
}

bool store_ping(const char *conninfo)
{
    return PQping(conninfo) == PQPING_OK;
}

bool store_answers(const char *conninfo)
{
    PGPing p = PQping(conninfo);

    return p == PQPING_OK || p == PQPING_REJECT;
}
