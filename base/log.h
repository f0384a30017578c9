/*
 * log.h - log lines: a constant message and typed pairs. Text on a terminal, JSON otherwise.
 *
 *     log_info(ctx, "pod bound", LOG_STR("node", node), LOG_INT("took_ms", took));
 *
 * ctx carries what every line of one request or worker shares; NULL is allowed.
 * error = someone must act; warning = survived, the message says how it went on; info = a state
 * change an operator cares about; debug = the rest. Never a secret, token or object body.
 *
 * Threads: any; a line is one write().
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/base.h"

typedef enum LogLevel { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG } LogLevel;

typedef struct LogPair {
    const char *key;
    const char *str; /* NULL: num counts */
    int64_t num;
} LogPair;
static inline const char *log_str(const char *s)
{
    return s ? s : "";
}
#define LOG_STR(k, v) ((LogPair){(k), log_str(v), 0})
#define LOG_INT(k, v) ((LogPair){(k), NULL, (v)})

typedef struct LogCtx { /* any member may be NULL */
    const char *component, *request_id, *cluster, *user, *resource, *object;
} LogCtx;

void log_setup(LogLevel level, bool is_json); /* before threads start */
bool log_level_from_name(const char *name, LogLevel *ret);
void log_write(LogLevel level, const LogCtx *ctx, const char *msg, const LogPair *pairs, size_t n);

#define log_at(level, ctx, msg, ...)                                                               \
    log_write((level), (ctx), (msg), (const LogPair[]){{0}, ##__VA_ARGS__} + 1,                    \
              ARRAY_LEN(((const LogPair[]){{0}, ##__VA_ARGS__})) - 1)
#define log_error(ctx, ...)   log_at(LOG_ERROR, ctx, __VA_ARGS__)
#define log_warning(ctx, ...) log_at(LOG_WARNING, ctx, __VA_ARGS__)
#define log_info(ctx, ...)    log_at(LOG_INFO, ctx, __VA_ARGS__)
#define log_debug(ctx, ...)   log_at(LOG_DEBUG, ctx, __VA_ARGS__)

#endif
