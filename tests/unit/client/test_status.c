#include "client/status.h"

#include "tests/unit/test.h"

TEST(the_reason_decides_and_the_number_stands_in)
{
    static const struct {
        int status;
        const char *body;
        ErrCode code;
        const char *message;
    } rows[] = {
        {409, "{\"kind\":\"Status\",\"reason\":\"AlreadyExists\",\"message\":\"m\"}",
         ERR_ALREADY_EXISTS, "m"},
        {409, "{\"kind\":\"Status\",\"reason\":\"Conflict\",\"message\":\"m\"}", ERR_CONFLICT, "m"},
        {404, "404 page not found", ERR_NOT_FOUND, "the server answered 404: 404 page not found"},
        {502, "", ERR_UNAVAILABLE, "the server answered 502"},
        {500, "{\"kind\":\"Status\"}", ERR_INTERNAL,
         "the server answered 500: {\"kind\":\"Status\"}"},
        {418, "", ERR_BAD_REQUEST, "the server answered 418"},
        {403, "{\"kind\":\"Status\",\"reason\":\"Forbidden\",\"message\":\"no\"}", ERR_FORBIDDEN,
         "no"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Err err;

        assert_fails(client_status_error(a, rows[i].status, slice_of(rows[i].body), &err),
                     rows[i].code);
        assert_string_equal(err.msg, rows[i].message);
    }
}
