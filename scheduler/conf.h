/*
 * conf.h - a place in the scheduler's configuration file, and typed reading from it with mistakes
 * that name the place: "profiles[0].pluginConfig[1].args.scoringStrategy.type: ...".
 *
 * Owns:    nothing; paths live in the arena.
 * Threads: one.
 * Fails:   ERR_BAD_REQUEST. A field that is not there, or null, leaves *inout as it is.
 * Tests:   tests/unit/scheduler/test_config.c, tests/fuzz/fuzz_schedconfig.c
 */
#ifndef SCHEDULER_CONF_H
#define SCHEDULER_CONF_H

#include "base/err.h"
#include "base/value.h"

enum { CONF_ITEMS_MAX = 256 /* of one list */ };

typedef struct Conf {
    Arena *arena;
    const Value *v;   /* NULL: it is not there */
    const char *path; /* "" at the top */
} Conf;

Conf conf_get(const Conf *c, const char *name);
Conf conf_item(const Conf *c, uint32_t i);
bool conf_is_set(const Conf *c);

/* It is a mapping with none but these fields; or not there. */
int conf_check(const Conf *c, const char *const *fields, size_t n, Err *err) MUST_CHECK;
#define CONF_CHECK(c, err, ...)                                                                    \
    ({                                                                                             \
        static const char *const fields_[] = {__VA_ARGS__};                                        \
        conf_check((c), fields_, ARRAY_LEN(fields_), (err));                                       \
    })
/* A list, or not there. */
int conf_list(const Conf *c, const char *name, Conf *ret, uint32_t *ret_n, Err *err) MUST_CHECK;

int conf_int(const Conf *c, const char *name, int64_t min, int64_t max, int64_t *inout,
             Err *err) MUST_CHECK;
int conf_bool(const Conf *c, const char *name, bool *inout, Err *err) MUST_CHECK;
int conf_str(const Conf *c, const char *name, const char **inout, Err *err) MUST_CHECK;
/* "5s" */
int conf_duration_ms(const Conf *c, const char *name, int64_t *inout, Err *err) MUST_CHECK;
/* One of `names` (ends with NULL): its number. */
int conf_choice(const Conf *c, const char *name, const char *const *names, uint32_t *inout,
                Err *err) MUST_CHECK;
int conf_wrong(const Conf *c, Err *err, const char *fmt, ...) PRINTF(3, 4);

#endif
