#include "store/pgerr.h"

/* The first row whose prefix matches decides. */
static const struct {
    const char *prefix;
    ErrCode code;
} codes[] = {
    {"23505", ERR_ALREADY_EXISTS}, /* unique_violation */
    {"40001", ERR_CONFLICT},       /* serialization_failure */
    {"40P01", ERR_CONFLICT},       /* deadlock_detected */
    {"57014", ERR_TIMEOUT},        /* query_canceled */
    {"55P03", ERR_TIMEOUT},        /* lock_not_available */
    {"08", ERR_UNAVAILABLE},       /* connection exceptions */
    {"53", ERR_UNAVAILABLE},       /* insufficient resources: disk full, too many connections */
    {"57P", ERR_UNAVAILABLE},      /* admin shutdown, crash shutdown, cannot connect now */
    {"58", ERR_UNAVAILABLE},       /* system error */
    {"25006", ERR_UNAVAILABLE},    /* read-only: this is a standby */
};

ErrCode pgerr_code(const char *sqlstate)
{
    if (!sqlstate)
        return ERR_UNAVAILABLE;
    for (size_t i = 0; i < ARRAY_LEN(codes); i++)
        if (strncmp(sqlstate, codes[i].prefix, strlen(codes[i].prefix)) == 0)
            return codes[i].code;
    return ERR_INTERNAL;
}

int pgerr_set(Err *err, const PGresult *res, const char *what)
{
    const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
    const char *msg = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);
    ErrCode code = pgerr_code(state);

    return err_set_at(err, code, ERR_SITE, "%s: %s (%s)", what,
                      msg ? msg : "the connection to PostgreSQL is gone", state ? state : "-");
}
