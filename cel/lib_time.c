#include "cel/cel_int.h"

#include "base/zone.h"

#include <ctype.h>
#include <strings.h>

enum { SECOND = 1000000000, DAY = 86400 };

/* ---- the calendar ---- */

static int64_t days_of(int64_t y, int m, int d)
{
    int64_t era, year_of_era;

    y -= m <= 2;
    era = (y >= 0 ? y : y - 399) / 400;
    year_of_era = y - era * 400;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
           (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1 - 719468;
}

typedef struct Civil {
    int64_t year;
    int month, day, yday, wday; /* month and day from 1; yday and wday (Sunday) from 0 */
} Civil;

static Civil civil_of(int64_t days)
{
    int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097, doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    Civil c;

    c.day = (int)(doy - (153 * mp + 2) / 5 + 1);
    c.month = (int)(mp < 10 ? mp + 3 : mp - 9);
    c.year = yoe + era * 400 + (c.month <= 2);
    c.yday = (int)(days - days_of(c.year, 1, 1));
    c.wday = (int)((days % 7 + 11) % 7);
    return c;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* ---- text ---- */

static bool read_int(Slice *s, size_t digits, int *ret)
{
    int v = 0;

    if (s->len < digits)
        return false;
    for (size_t i = 0; i < digits; i++) {
        if (!isdigit((unsigned char)s->ptr[i]))
            return false;
        v = v * 10 + (s->ptr[i] - '0');
    }
    *s = (Slice){s->ptr + digits, s->len - digits};
    *ret = v;
    return true;
}

static bool read_char(Slice *s, char c)
{
    if (s->len == 0 || s->ptr[0] != c)
        return false;
    *s = (Slice){s->ptr + 1, s->len - 1};
    return true;
}

static bool read_date(Slice *s, int64_t *ret_days)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int y, m, d, leap;

    if (!read_int(s, 4, &y) || !read_char(s, '-') || !read_int(s, 2, &m) || !read_char(s, '-') ||
        !read_int(s, 2, &d))
        return false;
    leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    if (m < 1 || m > 12 || d < 1 || d > lengths[m - 1] + (m == 2 && leap))
        return false;
    *ret_days = days_of(y, m, d);
    return true;
}

static bool read_fraction(Slice *s, int32_t *ret_nsec)
{
    int32_t v = 0, n = 0;

    *ret_nsec = 0;
    if (s->len == 0 || (s->ptr[0] != '.' && s->ptr[0] != ','))
        return true;
    *s = (Slice){s->ptr + 1, s->len - 1};
    for (; s->len > 0 && isdigit((unsigned char)s->ptr[0]); n++) {
        if (n < 9)
            v = v * 10 + (s->ptr[0] - '0');
        *s = (Slice){s->ptr + 1, s->len - 1};
    }
    for (int32_t i = n; i < 9; i++)
        v *= 10;
    *ret_nsec = v;
    return n > 0;
}

static bool read_zone(Slice *s, int32_t *ret_offset)
{
    int h, m;
    bool is_west;

    *ret_offset = 0;
    if (read_char(s, 'Z'))
        return true;
    is_west = s->len > 0 && s->ptr[0] == '-';
    if (!read_char(s, is_west ? '-' : '+') || !read_int(s, 2, &h) || !read_char(s, ':') ||
        !read_int(s, 2, &m) || h > 24 || m > 60)
        return false;
    *ret_offset = (h * 60 + m) * 60 * (is_west ? -1 : 1);
    return true;
}

bool cel__parse_time(Slice s, CelVal *ret)
{
    CelVal t = {.kind = CEL_TIMESTAMP};
    int64_t days;
    int h, m, sec;

    if (!read_date(&s, &days) || !read_char(&s, 'T') || !read_int(&s, 2, &h) ||
        !read_char(&s, ':') || !read_int(&s, 2, &m) || !read_char(&s, ':') ||
        !read_int(&s, 2, &sec) || !read_fraction(&s, &t.t.nsec) || !read_zone(&s, &t.t.offset))
        return false;
    if (s.len > 0 || h > 23 || m > 59 || sec > 59)
        return false;
    t.t.sec = days * DAY + h * 3600 + m * 60 + sec - t.t.offset;
    if (t.t.sec < -62135596800 || t.t.sec > 253402300799)
        return false;
    *ret = t;
    return true;
}

bool cel__parse_date(Slice s, CelVal *ret)
{
    int64_t days;

    if (!read_date(&s, &days) || s.len > 0)
        return false;
    *ret = (CelVal){.kind = CEL_TIMESTAMP, .t = {.sec = days * DAY}};
    return true;
}

char *cel__time_text(char out[CEL_TIME_MAX], CelVal t)
{
    int64_t local = t.t.sec + t.t.offset, days = floor_div(local, DAY), in_day = local - days * DAY;
    Civil c = civil_of(days);
    char fraction[16] = "", zone[16] = "Z";
    int at = t.t.offset < 0 ? -t.t.offset : t.t.offset;

    if (t.t.nsec) {
        snprintf(fraction, sizeof(fraction), ".%09d", t.t.nsec);
        for (size_t n = strlen(fraction); fraction[n - 1] == '0'; n--)
            fraction[n - 1] = '\0';
    }
    if (at)
        snprintf(zone, sizeof(zone), "%c%02d:%02d", t.t.offset < 0 ? '-' : '+', at / 3600 % 100,
                 at / 60 % 60);
    snprintf(out, CEL_TIME_MAX, "%04d-%02d-%02dT%02d:%02d:%02d%s%s", (int)c.year % 100000, c.month,
             c.day, (int)(in_day / 3600), (int)(in_day / 60 % 60), (int)(in_day % 60), fraction,
             zone);
    return out;
}

/* Seconds with as many digits as are needed. */
char *cel__duration_text(char out[CEL_TIME_MAX], int64_t ns)
{
    uint64_t n = ns < 0 ? -(uint64_t)ns : (uint64_t)ns;
    int len =
        snprintf(out, CEL_TIME_MAX, "%s%llu", ns < 0 ? "-" : "", (unsigned long long)(n / SECOND));

    if (n % SECOND) {
        len += snprintf(out + len, (size_t)(CEL_TIME_MAX - len), ".%09u", (unsigned)(n % SECOND));
        while (out[len - 1] == '0')
            len--;
    }
    out[len] = 's';
    out[len + 1] = '\0';
    return out;
}

/* One number and unit of "1h30m"; false when there is none. */
static bool read_term(Slice *s, __int128 *total)
{
    static const struct {
        const char *unit;
        int64_t ns;
    } units[] = {
        {"ns", 1},
        {"us", 1000},
        {"\u00b5s", 1000},
        {"\u03bcs", 1000},
        {"ms", 1000000},
        {"s", SECOND},
        {"m", 60 * INT64_C(1000000000)},
        {"h", 3600 * INT64_C(1000000000)},
    };
    __int128 whole = 0, part = 0, scale = 1;
    size_t n = 0, digits = 0;

    for (; n < s->len && isdigit((unsigned char)s->ptr[n]); n++, digits++)
        if (whole < INT64_MAX)
            whole = whole * 10 + (s->ptr[n] - '0');
    if (n < s->len && s->ptr[n] == '.')
        for (n++; n < s->len && isdigit((unsigned char)s->ptr[n]); n++, digits++)
            if (scale < INT64_C(1000000000000000)) {
                part = part * 10 + (s->ptr[n] - '0');
                scale *= 10;
            }
    if (digits == 0)
        return false;
    *s = (Slice){s->ptr + n, s->len - n};
    for (n = 0; n < s->len && !isdigit((unsigned char)s->ptr[n]) && s->ptr[n] != '.';)
        n++;
    for (size_t i = 0; i < ARRAY_LEN(units); i++)
        if (slice_is((Slice){s->ptr, n}, units[i].unit)) {
            *total += whole * units[i].ns + part * units[i].ns / scale;
            *s = (Slice){s->ptr + n, s->len - n};
            return *total <= INT64_MAX;
        }
    return false;
}

bool cel__parse_duration(Slice s, int64_t *ret)
{
    bool is_negative = s.len > 0 && s.ptr[0] == '-';
    __int128 total = 0;

    if (s.len > 0 && (s.ptr[0] == '-' || s.ptr[0] == '+'))
        s = (Slice){s.ptr + 1, s.len - 1};
    if (s.len == 0)
        return false;
    if (!slice_is(s, "0"))
        while (s.len > 0)
            if (!read_term(&s, &total))
                return false;
    *ret = is_negative ? (int64_t)-total : (int64_t)total;
    return true;
}

/* Nanoseconds of a unit, by any of its names; the last one may be a beginning: "minutes". 0: none.
 */
static int64_t loose_unit(Slice s)
{
    static const struct {
        const char *names[4]; /* lower case */
        int64_t ns;
    } units[] = {
        {{"ns", "nano"}, 1},
        {{"us", "\u00b5s", "micro"}, 1000},
        {{"ms", "milli"}, 1000000},
        {{"s", "sec"}, SECOND},
        {{"m", "min"}, 60 * INT64_C(1000000000)},
        {{"h", "hr", "hour"}, 3600 * INT64_C(1000000000)},
        {{"d", "day"}, 86400 * INT64_C(1000000000)},
        {{"w", "wk", "week"}, 7 * 86400 * INT64_C(1000000000)},
    };

    for (size_t i = 0; i < ARRAY_LEN(units); i++)
        for (size_t k = 0; units[i].names[k]; k++) {
            size_t n = strlen(units[i].names[k]);
            bool is_last = !units[i].names[k + 1];

            if ((s.len == n || (is_last && s.len > n)) &&
                strncasecmp(s.ptr, units[i].names[k], n) == 0)
                return units[i].ns;
        }
    return 0;
}

bool cel__parse_loose_duration(Slice s, int64_t *ret)
{
    bool found = false;
    int64_t total = 0;

    if (cel__parse_duration(s, ret))
        return true;
    for (size_t at = 0; at < s.len;) {
        size_t start, unit;
        int64_t factor, ns;

        while (at < s.len && !isdigit((unsigned char)s.ptr[at]))
            at++;
        for (start = at; at < s.len && isdigit((unsigned char)s.ptr[at]);)
            at++;
        if (at == start || !slice_to_int64((Slice){s.ptr + start, at - start}, &factor))
            break;
        while (at < s.len && isspace((unsigned char)s.ptr[at]))
            at++;
        for (unit = at;
             at < s.len && (isalpha((unsigned char)s.ptr[at]) || (unsigned char)s.ptr[at] >= 128);)
            at++;
        ns = loose_unit((Slice){s.ptr + unit, at - unit});
        if (ns == 0)
            continue;
        found = true;
        if (__builtin_mul_overflow(factor, ns, &ns) || __builtin_add_overflow(total, ns, &total))
            return false;
    }
    *ret = total;
    return found;
}

/* ---- parts of a time ---- */

/* "+02:00", "02:00", "-5:30" */
static bool fixed_zone(Slice z, int64_t *ret)
{
    AUTO_FREE char *text = strndup(z.ptr, z.len);
    bool is_west = *text == '-';
    long h, m;
    char *end;

    h = strtol(text, &end, 10);
    if (end == text || *end != ':' || strlen(end) < 2 || !isdigit((unsigned char)end[1]))
        return false;
    m = strtol(end + 1, &end, 10);
    if (*end || h < -23 || h > 23 || m > 59)
        return false;
    *ret = h * 3600 + (is_west ? -m : m) * 60;
    return true;
}

/* The file of a zone, kept for the next call; false: there is no such zone. */
static bool load_zone(CelRun *run, const char *zone)
{
    AUTO_BUF text = BUF_INIT;
    char *copy;

    if (str_eq(run->zone, zone))
        return true;
    if (!zone_read(zone, &text))
        return false;
    copy = cel__alloc(run, text.len + 1);
    if (!copy)
        return false;
    memcpy(copy, buf_str(&text), text.len);
    run->zone_file = (Slice){copy, text.len};
    snprintf(run->zone, sizeof(run->zone), "%s", zone);
    return true;
}

/* Seconds since 1970 on the clock of the zone args[1], UTC without one. */
static bool local_time(CelRun *run, const CelVal *args, int n, int64_t *ret, CelVal *wrong)
{
    char zone[sizeof(run->zone)];
    int64_t offset = 0;

    if (n > 1 && memchr(args[1].s.ptr ? args[1].s.ptr : "", ':', args[1].s.len)) {
        if (!fixed_zone(args[1].s, &offset)) {
            *wrong = cel__err(run, "invalid time zone: %.*s", (int)MIN(args[1].s.len, 200u),
                              args[1].s.ptr);
            return false;
        }
    } else if (n > 1) {
        if (args[1].s.len < sizeof(zone)) {
            memcpy(zone, args[1].s.ptr ? args[1].s.ptr : "", args[1].s.len);
            zone[args[1].s.len] = '\0';
        }
        if (args[1].s.len >= sizeof(zone) || !load_zone(run, zone)) {
            *wrong = cel__err(run, "unknown time zone %.*s", (int)MIN(args[1].s.len, 200u),
                              args[1].s.ptr);
            return false;
        }
        offset = zone_offset_in(run->zone_file, args[0].t.sec);
    }
    *ret = args[0].t.sec + offset;
    return true;
}

typedef enum Part { YEAR, MONTH, YDAY, DAY_0, DAY_1, WDAY, HOURS, MINUTES, SECONDS, MILLIS } Part;

static CelVal part_of(CelRun *run, const CelVal *args, int n, Part part)
{
    int64_t at, days, in_day;
    CelVal wrong;
    Civil c;

    if (!local_time(run, args, n, &at, &wrong))
        return wrong;
    days = floor_div(at, DAY);
    in_day = at - days * DAY;
    c = civil_of(days);
    return cel__of_int((int64_t[]){
        [YEAR] = c.year,
        [MONTH] = c.month - 1,
        [YDAY] = c.yday,
        [DAY_0] = c.day - 1,
        [DAY_1] = c.day,
        [WDAY] = c.wday,
        [HOURS] = in_day / 3600,
        [MINUTES] = in_day / 60 % 60,
        [SECONDS] = in_day % 60,
        [MILLIS] = args[0].t.nsec / 1000000,
    }[part]);
}

#define GETTER(name, part)                                                                         \
    static CelVal name(CelRun *run, const CelVal *args, int n)                                     \
    {                                                                                              \
        return part_of(run, args, n, part);                                                        \
    }
GETTER(get_year, YEAR)
GETTER(get_month, MONTH)
GETTER(get_yday, YDAY)
GETTER(get_day, DAY_0)
GETTER(get_date, DAY_1)
GETTER(get_wday, WDAY)
GETTER(get_hours, HOURS)
GETTER(get_minutes, MINUTES)
GETTER(get_seconds, SECONDS)
GETTER(get_millis, MILLIS)
#undef GETTER

static CelVal duration_hours(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_int(args[0].i / SECOND / 3600);
}

static CelVal duration_minutes(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_int(args[0].i / SECOND / 60);
}

static CelVal duration_seconds(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_int(args[0].i / SECOND);
}

static CelVal duration_millis(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_int(args[0].i / 1000000);
}

#define OF_TIME(name, id, fn)                                                                      \
    METHOD(name, "timestamp_to_" id, "timestamp", "int", fn),                                      \
        METHOD(name, "timestamp_to_" id "_with_tz", "timestamp,string", "int", fn)

static CelFn fns[] = {
    OF_TIME("getFullYear", "year", get_year),
    OF_TIME("getMonth", "month", get_month),
    OF_TIME("getDayOfYear", "day_of_year", get_yday),
    OF_TIME("getDayOfMonth", "day_of_month", get_day),
    OF_TIME("getDate", "day_of_month_1_based", get_date),
    OF_TIME("getDayOfWeek", "day_of_week", get_wday),
    OF_TIME("getHours", "hours", get_hours),
    METHOD("getHours", "duration_to_hours", "duration", "int", duration_hours),
    OF_TIME("getMinutes", "minutes", get_minutes),
    METHOD("getMinutes", "duration_to_minutes", "duration", "int", duration_minutes),
    OF_TIME("getSeconds", "seconds", get_seconds),
    METHOD("getSeconds", "duration_to_seconds", "duration", "int", duration_seconds),
    OF_TIME("getMilliseconds", "milliseconds", get_millis),
    METHOD("getMilliseconds", "duration_to_milliseconds", "duration", "int", duration_millis),
};

const CelLibTable cel__lib_time = {CEL_LIB_STANDARD, fns, ARRAY_LEN(fns)};
