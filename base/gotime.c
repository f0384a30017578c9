#include "base/gotime.h"

#include "base/buf.h"
#include "base/clock.h"

#include <ctype.h>
#include <inttypes.h>

/* One element of the layout. */
typedef struct Step {
    const char *layout; /* how messages call it */
    const char *range;  /* its name in "... out of range" */
    int digits;         /* 0: a literal */
    int min, max;
} Step;

static const Step steps[] = {
    {"2006", NULL, 4, 0, 9999}, {"-", NULL, 0, 0, 0},       {"01", "month", 2, 1, 12},
    {"-", NULL, 0, 0, 0},       {"02", NULL, 2, 0, 99},     {"T", NULL, 0, 0, 0},
    {"15", "hour", 2, 0, 23},   {":", NULL, 0, 0, 0},       {"04", "minute", 2, 0, 59},
    {":", NULL, 0, 0, 0},       {"05", "second", 2, 0, 59},
};

static bool digit_at(Slice s, size_t i)
{
    return i < s.len && isdigit((unsigned char)s.ptr[i]);
}

static bool all_digits(Slice s, size_t from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!digit_at(s, from + i))
            return false;
    return true;
}

static const char *cannot(Arena *a, Slice text, bool is_micro, Slice at, const char *as)
{
    return arena_printf(a, "parsing time \"%.*s\" as \"%s\": cannot parse \"%.*s\" as \"%s\"",
                        (int)text.len, text.ptr,
                        is_micro ? "2006-01-02T15:04:05.000000Z07:00" : "2006-01-02T15:04:05Z07:00",
                        (int)at.len, at.ptr, as);
}

static const char *out_of_range(Arena *a, Slice text, const char *what)
{
    return arena_printf(a, "parsing time \"%.*s\": %s out of range", (int)text.len, text.ptr, what);
}

static const char *parse_fraction(Arena *a, Slice text, bool is_micro, Slice *at)
{
    size_t n = 1;

    if (is_micro) {
        if (at->len < 7 || at->ptr[0] != '.' || !all_digits(*at, 1, 6))
            return cannot(a, text, is_micro, *at, ".000000");
        *at = slice_behind(*at, 7);
        return NULL;
    }
    if (at->len < 2 || (at->ptr[0] != '.' && at->ptr[0] != ',') || !digit_at(*at, 1))
        return NULL;
    while (digit_at(*at, n))
        n++;
    *at = slice_behind(*at, n);
    return NULL;
}

static int days_of(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
        return 29;
    return days[month - 1];
}

const char *gotime_parse(Arena *a, Slice text, bool is_micro, int64_t *ret_us, bool *ret_zero)
{
    Slice at = text;
    const char *range = NULL, *msg;
    int values[ARRAY_LEN(steps)] = {0};

    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        const Step *s = &steps[i];
        size_t n = (size_t)s->digits;

        if (n == 0) {
            if (at.len == 0 || at.ptr[0] != s->layout[0])
                return cannot(a, text, is_micro, at, s->layout);
            at = slice_behind(at, 1);
            continue;
        }
        if (!all_digits(at, 0, n))
            return cannot(a, text, is_micro, at, s->layout);
        for (size_t k = 0; k < n; k++)
            values[i] = values[i] * 10 + (at.ptr[k] - '0');
        at = slice_behind(at, n);
        if (values[i] < s->min || values[i] > s->max)
            range = s->range;
        if (range)
            return out_of_range(a, text, range);
    }
    msg = parse_fraction(a, text, is_micro, &at);
    if (msg)
        return msg;
    if (at.len > 0 && at.ptr[0] == 'Z')
        at = slice_behind(at, 1);
    else if (at.len >= 6 && (at.ptr[0] == '+' || at.ptr[0] == '-') && at.ptr[3] == ':' &&
             all_digits(at, 1, 2) && all_digits(at, 4, 2))
        at = slice_behind(at, 6);
    else
        return cannot(a, text, is_micro, at, "Z07:00");
    if (at.len > 0)
        return arena_printf(a, "parsing time \"%.*s\": extra text: \"%.*s\"", (int)text.len,
                            text.ptr, (int)at.len, at.ptr);
    if (values[4] < 1 || values[4] > days_of(values[0], values[2]))
        return out_of_range(a, text, "day");
    if (!clock_from_rfc3339(text, ret_us))
        return cannot(a, text, is_micro, text, "2006");
    *ret_zero = *ret_us == INT64_C(-62135596800) * 1000000;
    return NULL;
}

/* ---- durations ---- */

static const struct {
    const char *name;
    int64_t ns;
} units[] = {
    {"ns", 1},       {"us", 1000},      {"\xc2\xb5s", 1000}, {"\xce\xbcs", 1000},
    {"ms", 1000000}, {"s", 1000000000}, {"m", 60000000000},  {"h", 3600000000000},
};

/* As package time quotes what it was given: bytes that are not plain ASCII as "\x1f". */
static const char *quoted(Arena *a, Slice text)
{
    AUTO_BUF out = BUF_INIT;

    buf_addc(&out, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        if (c >= 0x80 || c < ' ')
            buf_addf(&out, "\\x%02x", c);
        else
            buf_addf(&out, "%s%c", c == '"' || c == '\\' ? "\\" : "", c);
    }
    buf_addc(&out, '"');
    return arena_strdup(a, buf_str(&out));
}

static const char *bad_duration(Arena *a, Slice text)
{
    return arena_printf(a, "time: invalid duration %s", quoted(a, text));
}

/* Digits up to the next other byte; false when they are too many for any duration. */
static bool take_digits(Slice *at, __int128 *value, __int128 *scale, size_t *n_digits)
{
    while (at->len > 0 && isdigit((unsigned char)at->ptr[0])) {
        if (++*n_digits > 18)
            return false;
        *value = *value * 10 + (at->ptr[0] - '0');
        if (scale)
            *scale *= 10;
        *at = slice_behind(*at, 1);
    }
    return true;
}

/* One "12.5h" of `text`: NULL, or what is wrong. */
static const char *parse_term(Arena *a, Slice text, Slice *at, __int128 *total)
{
    __int128 value = 0, scale = 1;
    size_t unit = 0, digits = 0;

    if (!take_digits(at, &value, NULL, &digits))
        return bad_duration(a, text);
    if (at->len > 0 && at->ptr[0] == '.') {
        *at = slice_behind(*at, 1);
        if (!take_digits(at, &value, &scale, &digits))
            return bad_duration(a, text);
    }
    if (digits == 0)
        return bad_duration(a, text);
    while (unit < at->len && at->ptr[unit] != '.' && !isdigit((unsigned char)at->ptr[unit]))
        unit++;
    if (unit == 0)
        return arena_printf(a, "time: missing unit in duration %s", quoted(a, text));
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        if (!slice_is((Slice){at->ptr, unit}, units[i].name))
            continue;
        *total += value * units[i].ns / scale;
        *at = slice_behind(*at, unit);
        return *total <= INT64_MAX ? NULL : bad_duration(a, text);
    }
    return arena_printf(a, "time: unknown unit %s in duration %s",
                        quoted(a, (Slice){at->ptr, unit}), quoted(a, text));
}

const char *goduration_parse(Arena *a, Slice text, int64_t *ret_ns)
{
    const char *mistake;
    Slice at = text;
    __int128 total = 0;
    bool negative = false;

    if (at.len > 0 && (at.ptr[0] == '-' || at.ptr[0] == '+')) {
        negative = at.ptr[0] == '-';
        at = slice_behind(at, 1);
    }
    if (at.len == 0)
        return bad_duration(a, text);
    if (slice_is(at, "0")) {
        *ret_ns = 0;
        return NULL;
    }
    while (at.len > 0) {
        mistake = parse_term(a, text, &at, &total);
        if (mistake)
            return mistake;
    }
    *ret_ns = negative ? (int64_t)-total : (int64_t)total;
    return NULL;
}

/* "1.5" of 1500 thousandths. */
static char *print_fraction(Arena *a, uint64_t value, uint64_t unit, int width, const char *suffix)
{
    char digits[16];
    uint64_t part = value % unit;

    snprintf(digits, sizeof(digits), "%0*" PRIu64, width, part);
    for (int i = width - 1; i >= 0 && digits[i] == '0'; i--)
        digits[i] = '\0';
    return arena_printf(a, "%" PRIu64 "%s%s%s", value / unit, digits[0] ? "." : "", digits, suffix);
}

char *goduration_print(Arena *a, int64_t ns)
{
    const char *sign = ns < 0 ? "-" : "";
    uint64_t n = ns < 0 ? -(uint64_t)ns : (uint64_t)ns, s = n / 1000000000;
    char *seconds;

    if (n == 0)
        return arena_strdup(a, "0s");
    if (n < 1000)
        return arena_printf(a, "%s%" PRIu64 "ns", sign, n);
    if (n < 1000000)
        return arena_printf(a, "%s%s", sign, print_fraction(a, n, 1000, 3, "\xc2\xb5s"));
    if (n < 1000000000)
        return arena_printf(a, "%s%s", sign, print_fraction(a, n, 1000000, 6, "ms"));
    seconds = print_fraction(a, n % 60000000000, 1000000000, 9, "s");
    if (s >= 3600)
        return arena_printf(a, "%s%" PRIu64 "h%" PRIu64 "m%s", sign, s / 3600, s / 60 % 60,
                            seconds);
    if (s >= 60)
        return arena_printf(a, "%s%" PRIu64 "m%s", sign, s / 60, seconds);
    return arena_printf(a, "%s%s", sign, seconds);
}
