#include "base/log.h"

#include "base/clock.h"
#include "base/value.h"

#include <unistd.h>

static LogLevel max_level = LOG_INFO;
static bool use_json;
static const char *const level_names[] = {"error", "warning", "info", "debug"};

void log_setup(LogLevel level, bool is_json)
{
    max_level = level;
    use_json = is_json;
}

bool log_level_from_name(const char *name, LogLevel *ret)
{
    for (size_t i = 0; i < ARRAY_LEN(level_names); i++) {
        if (strcmp(name, level_names[i]) == 0) {
            *ret = (LogLevel)i;
            return true;
        }
    }
    return false;
}

/* A JSON string is also what a text line needs for a value with spaces. */
static void add_string(Buf *b, const char *s)
{
    Value v = {.type = VALUE_STRING, .n = (uint32_t)strlen(s), .str = s};

    value_print(&v, b);
}

static void add_pair(Buf *b, const LogPair *p)
{
    if (use_json) {
        buf_addc(b, ',');
        add_string(b, p->key);
        buf_addc(b, ':');
    } else {
        buf_addf(b, " %s=", p->key);
    }
    if (!p->str)
        buf_add_int(b, p->num);
    else if (use_json || p->str[0] == '\0' || strpbrk(p->str, " \"\\=\n\t"))
        add_string(b, p->str);
    else
        buf_adds(b, p->str);
}

static void add_ctx(Buf *b, const LogCtx *c)
{
    const LogPair pairs[] = {{"component", c->component, 0}, {"request", c->request_id, 0},
                             {"cluster", c->cluster, 0},     {"user", c->user, 0},
                             {"resource", c->resource, 0},   {"object", c->object, 0}};

    for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
        if (pairs[i].str)
            add_pair(b, &pairs[i]);
}

void log_write(LogLevel level, const LogCtx *ctx, const char *msg, const LogPair *pairs, size_t n)
{
    AUTO_BUF b = BUF_INIT;
    char when[CLOCK_TEXT_MAX];

    if (level > max_level)
        return;
    clock_to_rfc3339_micro(clock_now_us(), when);
    if (use_json) {
        buf_addf(&b, "{\"time\":\"%s\",\"level\":\"%s\",\"msg\":", when, level_names[level]);
        add_string(&b, msg);
    } else {
        buf_addf(&b, "%s %-7s %s", when, level_names[level], msg);
    }
    if (ctx)
        add_ctx(&b, ctx);
    for (size_t i = 0; i < n; i++)
        add_pair(&b, &pairs[i]);
    buf_adds(&b, use_json ? "}\n" : "\n");
    (void)!write(STDERR_FILENO, b.ptr, b.len); /* nowhere to report it */
}
