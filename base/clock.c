#include "base/clock.h"

#include <inttypes.h>

static int64_t now_us(clockid_t id)
{
    struct timespec ts;

    clock_gettime(id, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t clock_now_us(void)
{
    return now_us(CLOCK_REALTIME);
}

int64_t clock_now_s(void)
{
    return clock_now_us() / 1000000;
}

int64_t clock_mono_us(void)
{
    return now_us(CLOCK_MONOTONIC);
}

struct timespec clock_timespec(int64_t us)
{
    return (struct timespec){.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
}

static int64_t floor_s(int64_t us)
{
    return us / 1000000 - (us % 1000000 < 0);
}

/* Days since 1970-01-01 of a day of the Gregorian calendar. Years are counted from March, so that a
 * leap day is the last of one, and in eras of 400 years, which are all alike. */
static int64_t days_of(int64_t year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year, era = (y < 0 ? y - 399 : y) / 400,
            of_era = y - era * 400;
    int64_t of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void date_of(int64_t days, int64_t *ret_year, int *ret_month, int *ret_day)
{
    int64_t z = days + 719468, era = (z < 0 ? z - 146096 : z) / 146097, d = z - era * 146097;
    int64_t of_era = (d - d / 1460 + d / 36524 - d / 146096) / 365;
    int64_t of_year = d - (of_era * 365 + of_era / 4 - of_era / 100), m = (5 * of_year + 2) / 153;

    *ret_day = (int)(of_year - (153 * m + 2) / 5 + 1);
    *ret_month = (int)(m < 10 ? m + 3 : m - 9);
    *ret_year = of_era + era * 400 + (*ret_month <= 2);
}

/* The last n digits, with what follows them. */
static char *put_digits(char *out, int64_t v, int n, char then)
{
    for (int i = n; i-- > 0; v /= 10)
        out[i] = (char)('0' + v % 10);
    out[n] = then;
    return out + n + 1;
}

/* Returns where the text ends. */
static char *put_time(int64_t us, char *out)
{
    int64_t s = floor_s(us), days = s / 86400 - (s % 86400 < 0), of_day = s - days * 86400, year;
    int month, day;
    char *p = out;

    date_of(days, &year, &month, &day);
    if (year >= 0 && year <= 9999)
        p = put_digits(p, year, 4, '-');
    else
        p += snprintf(p, CLOCK_TEXT_MAX, "%04" PRId64 "-", year);
    p = put_digits(p, month, 2, '-');
    p = put_digits(p, day, 2, 'T');
    p = put_digits(p, of_day / 3600, 2, ':');
    p = put_digits(p, of_day / 60 % 60, 2, ':');
    p = put_digits(p, of_day % 60, 2, 'Z');
    *p = '\0';
    return p;
}

char *clock_to_rfc3339(int64_t us, char *out)
{
    (void)put_time(us, out);
    return out;
}

char *clock_to_rfc3339_micro(int64_t us, char *out)
{
    char *end = put_time(us, out);

    end[-1] = '.';
    end = put_digits(end, us - floor_s(us) * 1000000, 6, 'Z');
    *end = '\0';
    return out;
}

static bool take_digits(Slice *s, int n, int *ret)
{
    *ret = 0;
    for (int i = 0; i < n; i++) {
        if (s->len == 0 || s->ptr[0] < '0' || s->ptr[0] > '9')
            return false;
        *ret = *ret * 10 + (s->ptr[0] - '0');
        s->ptr++;
        s->len--;
    }
    return true;
}

static bool take_char(Slice *s, char c)
{
    if (s->len == 0 || s->ptr[0] != c)
        return false;
    s->ptr++;
    s->len--;
    return true;
}

static bool take_fraction(Slice *s, int *ret_us)
{
    int scale = 100000, n = 0;

    *ret_us = 0;
    for (; s->len > 0 && s->ptr[0] >= '0' && s->ptr[0] <= '9'; s->ptr++, s->len--, n++) {
        *ret_us += (s->ptr[0] - '0') * scale;
        scale /= 10;
    }
    return n > 0;
}

static bool take_zone(Slice *s, int *ret_s)
{
    int h, m, sign;

    *ret_s = 0;
    if (take_char(s, 'Z'))
        return true;
    sign = s->len > 0 && s->ptr[0] == '-' ? -1 : 1;
    if (!take_char(s, sign < 0 ? '-' : '+') || !take_digits(s, 2, &h) || !take_char(s, ':') ||
        !take_digits(s, 2, &m) || h > 23 || m > 59)
        return false;
    *ret_s = sign * (h * 3600 + m * 60);
    return true;
}

bool clock_from_rfc3339(Slice s, int64_t *ret_us)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year, month, day, hour, minute, second, us = 0, zone;
    bool is_leap;

    if (!take_digits(&s, 4, &year) || !take_char(&s, '-') || !take_digits(&s, 2, &month) ||
        !take_char(&s, '-') || !take_digits(&s, 2, &day) || !take_char(&s, 'T') ||
        !take_digits(&s, 2, &hour) || !take_char(&s, ':') || !take_digits(&s, 2, &minute) ||
        !take_char(&s, ':') || !take_digits(&s, 2, &second))
        return false;
    if (take_char(&s, '.') && !take_fraction(&s, &us))
        return false;
    if (!take_zone(&s, &zone) || s.len > 0)
        return false;
    is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (month < 1 || month > 12 || day < 1 || day > days[month - 1] + (month == 2 && is_leap) ||
        hour > 23 || minute > 59 || second > 59)
        return false;
    *ret_us =
        (days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - zone) * 1000000 +
        us;
    return true;
}

char *clock_to_date(int64_t us, char *out)
{
    char text[CLOCK_TEXT_MAX];

    clock_to_rfc3339(us, text);
    snprintf(out, CLOCK_DATE_MAX, "%.*s", (int)strcspn(text, "T"), text);
    return out;
}

bool clock_from_date(const char *s, int64_t *ret_us)
{
    enum { LEN = 10 };
    char text[CLOCK_TEXT_MAX];

    if (strlen(s) != LEN)
        return false;
    snprintf(text, sizeof(text), "%sT00:00:00Z", s);
    return clock_from_rfc3339((Slice){text, strlen(text)}, ret_us);
}
