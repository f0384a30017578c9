#include "base/clock.h"

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

static int64_t floor_s(int64_t us)
{
    return us / 1000000 - (us % 1000000 < 0);
}

char *clock_to_rfc3339(int64_t us, char *out)
{
    time_t s = (time_t)floor_s(us);
    struct tm tm;

    gmtime_r(&s, &tm);
    snprintf(out, CLOCK_TEXT_MAX, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
             tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
    return out;
}

char *clock_to_rfc3339_micro(int64_t us, char *out)
{
    size_t n;

    clock_to_rfc3339(us, out);
    n = strlen(out) - 1;
    snprintf(out + n, CLOCK_TEXT_MAX - n, ".%06dZ", (int)(us - floor_s(us) * 1000000));
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
    struct tm tm = {0};
    int year, month, us = 0, zone;
    bool is_leap;

    if (!take_digits(&s, 4, &year) || !take_char(&s, '-') || !take_digits(&s, 2, &month) ||
        !take_char(&s, '-') || !take_digits(&s, 2, &tm.tm_mday) || !take_char(&s, 'T') ||
        !take_digits(&s, 2, &tm.tm_hour) || !take_char(&s, ':') ||
        !take_digits(&s, 2, &tm.tm_min) || !take_char(&s, ':') || !take_digits(&s, 2, &tm.tm_sec))
        return false;
    if (take_char(&s, '.') && !take_fraction(&s, &us))
        return false;
    if (!take_zone(&s, &zone) || s.len > 0)
        return false;
    is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (month < 1 || month > 12 || tm.tm_mday < 1 ||
        tm.tm_mday > days[month - 1] + (month == 2 && is_leap) || tm.tm_hour > 23 ||
        tm.tm_min > 59 || tm.tm_sec > 59)
        return false;
    tm.tm_year = year - 1900;
    tm.tm_mon = month - 1;
    *ret_us = ((int64_t)timegm(&tm) - zone) * 1000000 + us;
    return true;
}
