#include "api/cron.h"

#include "base/gotime.h"
#include "base/slice.h"

#include <strings.h>
#include <unistd.h>

typedef struct Bounds {
    int64_t min, max;
    const char *const *names; /* of min, min + 1, ... */
} Bounds;

static const char *const month_names[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul",
                                          "aug", "sep", "oct", "nov", "dec", NULL};
static const char *const weekday_names[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat", NULL};

static const Bounds bounds[5] = {
    {0, 59, NULL}, {0, 23, NULL}, {1, 31, NULL}, {1, 12, month_names}, {0, 6, weekday_names}};

static char *dup_slice(Arena *a, Slice s)
{
    return arena_strndup(a, s.ptr, s.len);
}

static const char *parse_int(Arena *a, Slice s, int64_t *ret)
{
    char *text = dup_slice(a, s);

    if (!slice_to_int64(s, ret))
        return arena_printf(a,
                            "failed to parse int from %s: strconv.Atoi: parsing \"%s\": invalid "
                            "syntax",
                            text, text);
    if (*ret < 0)
        return arena_printf(a, "negative number (%lld) not allowed: %s", (long long)*ret, text);
    return NULL;
}

static const char *parse_value(Arena *a, Slice s, const Bounds *b, int64_t *ret)
{
    for (int i = 0; b->names && b->names[i]; i++) {
        if (s.len == 3 && strncasecmp(s.ptr, b->names[i], 3) == 0) {
            *ret = b->min + i;
            return NULL;
        }
    }
    return parse_int(a, s, ret);
}

/* One of the comma-separated parts: *, 5, 1-5, * / 2, 1-30/5. */
static const char *parse_range(Arena *a, Slice expr, const Bounds *b, uint64_t *bits, bool *any)
{
    char *text = dup_slice(a, expr);
    Slice rest = expr, range, step_text, from, to;
    int64_t start, end, step = 1;
    bool has_step, has_end;
    const char *msg;

    has_step = slice_cut(&rest, '/', &range);
    step_text = rest;
    if (has_step && memchr(step_text.ptr, '/', step_text.len))
        return arena_printf(a, "too many slashes: %s", text);
    rest = range;
    has_end = slice_cut(&rest, '-', &from);
    to = rest;
    if (has_end && memchr(to.ptr, '-', to.len))
        return arena_printf(a, "too many hyphens: %s", text);
    if (slice_is(from, "*") || slice_is(from, "?")) {
        start = b->min;
        end = b->max;
        *any = true;
    } else {
        msg = parse_value(a, from, b, &start);
        if (msg)
            return msg;
        end = start;
        if (has_end)
            msg = parse_value(a, to, b, &end);
        if (msg)
            return msg;
    }
    if (has_step) {
        msg = parse_int(a, step_text, &step);
        if (msg)
            return msg;
        if (!has_end && end == start)
            end = b->max; /* "N/step" means N-max/step */
        if (step > 1)
            *any = false;
    }
    if (start < b->min)
        return arena_printf(a, "beginning of range (%lld) below minimum (%lld): %s",
                            (long long)start, (long long)b->min, text);
    if (end > b->max)
        return arena_printf(a, "end of range (%lld) above maximum (%lld): %s", (long long)end,
                            (long long)b->max, text);
    if (start > end)
        return arena_printf(a, "beginning of range (%lld) beyond end of range (%lld): %s",
                            (long long)start, (long long)end, text);
    if (step == 0)
        return arena_printf(a, "step of range should be a positive number: %s", text);
    for (int64_t i = start; i <= end; i += step)
        *bits |= UINT64_C(1) << i;
    return NULL;
}

static const char *parse_field(Arena *a, Slice field, const Bounds *b, uint64_t *bits, bool *any)
{
    Slice part;
    const char *msg;
    bool more;

    do {
        more = slice_cut(&field, ',', &part);
        if (part.len == 0)
            continue;
        msg = parse_range(a, part, b, bits, any);
        if (msg)
            return msg;
    } while (more);
    return NULL;
}

static const char *parse_descriptor(Arena *a, const char *text, Cron *ret)
{
    static const struct {
        const char *name, *fields;
    } rows[] = {
        {"@yearly", "0 0 1 1 *"}, {"@annually", "0 0 1 1 *"}, {"@monthly", "0 0 1 * *"},
        {"@weekly", "0 0 * * 0"}, {"@daily", "0 0 * * *"},    {"@midnight", "0 0 * * *"},
        {"@hourly", "0 * * * *"},
    };
    const char *msg;
    int64_t ns;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (strcmp(text, rows[i].name) == 0)
            return cron_parse(a, rows[i].fields, ret);
    if (!str_starts(text, "@every "))
        return arena_printf(a, "unrecognized descriptor: %s", text);
    msg = goduration_parse(a, slice_of(text + 7), &ns);
    if (msg)
        return arena_printf(a, "failed to parse duration %s: %s", text, msg);
    ret->every_s = ns < INT64_C(1000000000) ? 1 : ns / INT64_C(1000000000);
    return NULL;
}

const char *cron_parse(Arena *a, const char *text, Cron *ret)
{
    Slice fields[8], rest = slice_trim(slice_of(text)), word;
    uint64_t *bits[5] = {&ret->minutes, &ret->hours, &ret->days, &ret->months, &ret->weekdays};
    bool any[5] = {false};
    const char *msg;
    uint32_t n = 0;
    bool more = rest.len > 0;

    *ret = (Cron){0};
    if (text[0] == '@')
        return parse_descriptor(a, text, ret);
    while (more) {
        more = slice_cut(&rest, ' ', &word);
        word = slice_trim(word);
        if (word.len == 0)
            continue;
        if (n < ARRAY_LEN(fields))
            fields[n] = word;
        n++;
    }
    if (n != 5)
        return arena_printf(a, "expected exactly 5 fields, found %u: [%s]", n, text);
    for (int i = 0; i < 5; i++) {
        msg = parse_field(a, fields[i], &bounds[i], bits[i], &any[i]);
        if (msg)
            return msg;
    }
    ret->any_day = any[2];
    ret->any_weekday = any[4];
    return NULL;
}

/* ---- matching ---- */

typedef struct Civil {
    int64_t year;
    int month, day, weekday; /* 1-12, 1-31, 0 = Sunday */
} Civil;

/* Days since 1970 to the calendar; the algorithm counts years from March. */
static Civil civil_of(int64_t days)
{
    int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    Civil c = {.day = (int)(doy - (153 * mp + 2) / 5 + 1),
               .month = (int)(mp < 10 ? mp + 3 : mp - 9),
               .weekday = (int)(((days + 4) % 7 + 7) % 7)};

    c.year = yoe + era * 400 + (c.month <= 2);
    return c;
}

static bool bit(uint64_t bits, int n)
{
    return bits >> n & 1;
}

/* When both day fields are restricted, either may match. */
static bool day_matches(const Cron *c, Civil d)
{
    bool day = bit(c->days, d.day), weekday = bit(c->weekdays, d.weekday);

    if (!bit(c->months, d.month))
        return false;
    return c->any_day || c->any_weekday ? day && weekday : day || weekday;
}

int64_t cron_next(const Cron *c, int64_t after_s)
{
    int64_t minute = after_s / 60 + 1, day, last = minute + INT64_C(5) * 366 * 1440;

    if (c->every_s > 0)
        return after_s + c->every_s;
    while (minute < last) {
        day = minute / 1440;
        if (!day_matches(c, civil_of(day))) {
            minute = (day + 1) * 1440;
            continue;
        }
        for (; minute / 1440 == day; minute++)
            if (bit(c->hours, (int)(minute % 1440 / 60)) && bit(c->minutes, (int)(minute % 60)))
                return minute * 60;
    }
    return -1;
}

bool cron_zone_exists(const char *zone)
{
    char path[128];

    if (strcmp(zone, "UTC") == 0)
        return true;
    if (zone[0] == '/' || strstr(zone, ".."))
        return false;
    snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", zone);
    return access(path, R_OK) == 0;
}
