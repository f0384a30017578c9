#include "base/quantity.h"

#include "base/err.h"

/*
 * DESIGN
 *
 * Scanning follows upstream's ParseQuantity step by step, because what it lets pass ("5.", "-",
 * "m") is part of the API. Arithmetic is done on an array of decimal digits, so that nothing is
 * lost before the one rounding to 1e-9: multiply by 1024 for each step of a binary suffix, shift
 * the point for a decimal one, cut at nine places, round away from zero.
 */

enum {
    INT_DIGITS_MAX = 48,  /* more integral digits saturate in any case */
    FRAC_DIGITS_MAX = 64, /* digits behind these can only matter by not being zero */
    WORK_DIGITS = INT_DIGITS_MAX + FRAC_DIGITS_MAX + 24, /* 2^60 has 19 digits */
    NANO_PLACES = 9,
    EXPONENT_MAX = 2000,
    FAST_DIGITS_MAX = 18,
};

#define NANO       ((__int128)1000000000)
#define INT128_MAX ((__int128)(~(unsigned __int128)0 >> 1))

typedef struct Suffix {
    const char *text;
    int base, exponent;
    QuantityFormat format;
} Suffix;

static const Suffix suffixes[] = {
    {"", 10, 0, QUANTITY_DECIMAL_SI},   {"n", 10, -9, QUANTITY_DECIMAL_SI},
    {"u", 10, -6, QUANTITY_DECIMAL_SI}, {"m", 10, -3, QUANTITY_DECIMAL_SI},
    {"k", 10, 3, QUANTITY_DECIMAL_SI},  {"M", 10, 6, QUANTITY_DECIMAL_SI},
    {"G", 10, 9, QUANTITY_DECIMAL_SI},  {"T", 10, 12, QUANTITY_DECIMAL_SI},
    {"P", 10, 15, QUANTITY_DECIMAL_SI}, {"E", 10, 18, QUANTITY_DECIMAL_SI},
    {"Ki", 2, 10, QUANTITY_BINARY_SI},  {"Mi", 2, 20, QUANTITY_BINARY_SI},
    {"Gi", 2, 30, QUANTITY_BINARY_SI},  {"Ti", 2, 40, QUANTITY_BINARY_SI},
    {"Pi", 2, 50, QUANTITY_BINARY_SI},  {"Ei", 2, 60, QUANTITY_BINARY_SI},
};

typedef struct Scanned {
    bool is_negative;
    Slice num, frac; /* digits before (no leading zeros, "0" if none) and behind the point */
    Suffix suffix;
} Scanned;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t skip_digits(Slice s, size_t at)
{
    while (at < s.len && is_digit(s.ptr[at]))
        at++;
    return at;
}

static bool read_suffix(Slice s, Suffix *ret)
{
    int64_t exponent;

    for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
        if (slice_is(s, suffixes[i].text)) {
            *ret = suffixes[i];
            return true;
        }
    }
    if (s.len < 2 || (s.ptr[0] != 'e' && s.ptr[0] != 'E') ||
        !slice_to_int64((Slice){s.ptr + 1, s.len - 1}, &exponent))
        return false;
    exponent = MAX(MIN(exponent, EXPONENT_MAX), -EXPONENT_MAX);
    *ret = (Suffix){"e", 10, (int)exponent, QUANTITY_DECIMAL_EXPONENT};
    return true;
}

static int scan(Slice s, Scanned *ret, Err *err)
{
    size_t at = 0, start;

    *ret = (Scanned){.num = SLICE("0"), .frac = SLICE(""), .suffix = suffixes[0]};
    if (s.len > 0 && (s.ptr[0] == '-' || s.ptr[0] == '+')) {
        ret->is_negative = s.ptr[0] == '-';
        at++;
    }
    while (at < s.len && s.ptr[at] == '0')
        at++;
    if (at == s.len && s.len > 0)
        return 0;
    start = at;
    at = skip_digits(s, at);
    if (at > start)
        ret->num = (Slice){s.ptr + start, at - start};
    if (at < s.len && s.ptr[at] == '.') {
        start = ++at;
        at = skip_digits(s, at);
        ret->frac = (Slice){s.ptr + start, at - start};
    }
    start = at;
    while (at < s.len && s.ptr[at] && strchr("eEinumkKMGTP", s.ptr[at]))
        at++;
    if (at < s.len && (s.ptr[at] == '-' || s.ptr[at] == '+'))
        at++;
    if (s.len == 0 || skip_digits(s, at) < s.len)
        return err_set(err, ERR_BAD_REQUEST,
                       "quantities must match the regular expression "
                       "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
    if (!read_suffix((Slice){s.ptr + start, s.len - start}, &ret->suffix))
        return err_set(err, ERR_BAD_REQUEST, "unable to parse quantity's suffix");
    return 0;
}

/* Multiplies the number of n digits (most significant first) in place. There must be room in front:
 * `digits` starts with zeros enough for the carry. */
static void times_1024(uint8_t *digits, size_t n)
{
    uint32_t carry = 0;

    for (size_t i = n; i-- > 0;) {
        carry += digits[i] * 1024u;
        digits[i] = (uint8_t)(carry % 10);
        carry /= 10;
    }
    BUG_ON(carry > 0);
}

/* Nearly every quantity is small enough for plain arithmetic; false when this one is not. */
static bool small_to_nano(const Scanned *s, __int128 *ret)
{
    int power = NANO_PLACES - (int)MIN(s->frac.len, (size_t)FAST_DIGITS_MAX);
    __int128 v = 0;

    if (s->num.len + s->frac.len > 9)
        return false;
    for (size_t i = 0; i < s->num.len; i++)
        v = v * 10 + (s->num.ptr[i] - '0');
    for (size_t i = 0; i < s->frac.len; i++)
        v = v * 10 + (s->frac.ptr[i] - '0');
    if (s->suffix.base == 2)
        v <<= s->suffix.exponent; /* below 2^30 * 2^60 */
    else
        power += s->suffix.exponent;
    if (power < 0 || power > 18)
        return false;
    while (power-- > 0)
        v *= 10;
    *ret = v;
    return true;
}

/* The magnitude in nano units: rounded up, saturating. */
static __int128 to_nano(const Scanned *s)
{
    uint8_t digits[WORK_DIGITS];
    size_t n_frac = MIN(s->frac.len, (size_t)FRAC_DIGITS_MAX);
    size_t n = WORK_DIGITS - FRAC_DIGITS_MAX + n_frac;
    int64_t point, end;
    bool has_rest = false;
    __int128 nano = 0;

    if (small_to_nano(s, &nano))
        return nano;
    if (s->num.len > INT_DIGITS_MAX)
        return INT128_MAX;
    memset(digits, 0, sizeof(digits));
    for (size_t i = 0; i < s->num.len; i++)
        digits[WORK_DIGITS - FRAC_DIGITS_MAX - s->num.len + i] = (uint8_t)(s->num.ptr[i] - '0');
    for (size_t i = 0; i < n_frac; i++)
        digits[WORK_DIGITS - FRAC_DIGITS_MAX + i] = (uint8_t)(s->frac.ptr[i] - '0');
    for (size_t i = n_frac; i < s->frac.len; i++)
        has_rest |= s->frac.ptr[i] != '0';
    for (int e = 0; s->suffix.base == 2 && e < s->suffix.exponent; e += 10)
        times_1024(digits, n);

    point = WORK_DIGITS - FRAC_DIGITS_MAX + (s->suffix.base == 10 ? s->suffix.exponent : 0);
    end = point + NANO_PLACES;
    for (int64_t i = 0; i < end; i++) {
        int d = i < (int64_t)n ? digits[i] : 0;

        if (nano > (INT128_MAX - d) / 10)
            return INT128_MAX;
        nano = nano * 10 + d;
        if (nano == 0 && i >= (int64_t)n)
            break;
    }
    for (int64_t i = MAX(end, 0); i < (int64_t)n; i++)
        has_rest |= digits[i] != 0;
    return has_rest && nano < INT128_MAX ? nano + 1 : nano;
}

int quantity_parse(Slice text, Quantity *ret, Err *err)
{
    const __int128 cap = (__int128)INT64_MAX * NANO;
    Quantity q;
    Scanned s;
    int r;

    r = scan(text, &s, err);
    if (r < 0)
        return r;
    q = (Quantity){to_nano(&s), s.suffix.format};
    if (q.format == QUANTITY_BINARY_SI && q.nano > cap)
        q.nano = cap;
    if (q.format == QUANTITY_BINARY_SI && q.nano > 0 && q.nano < NANO)
        q.format = QUANTITY_DECIMAL_SI;
    if (s.is_negative)
        q.nano = -q.nano;
    *ret = q;
    return 0;
}

/* Does upstream keep the text it parsed? *ret_scale is the power of ten that its fast path gives
 * the number; false and 0 when the slow path is taken. */
static bool keeps_text(Slice text, const Scanned *s, int *ret_scale)
{
    int64_t value, product;
    size_t n = s->num.len + s->frac.len;
    char last[3] = {'0', '0', '0'};
    char digits[FAST_DIGITS_MAX + 1];

    *ret_scale = 0;
    if (slice_is(text, "0"))
        return true;
    if (n > FAST_DIGITS_MAX)
        return false;
    memcpy(digits, s->num.ptr, s->num.len);
    memcpy(digits + s->num.len, s->frac.ptr, s->frac.len);
    if (!slice_to_int64((Slice){digits, n}, &value))
        return false;
    if (s->suffix.base == 2) {
        int precision = 15 - (int)s->num.len - s->suffix.exponent * 3 / 10 - 1;

        return s->frac.len == 0 && precision >= 0 && (value & 7) != 0 &&
               !__builtin_mul_overflow(value, (int64_t)1 << s->suffix.exponent, &product);
    }
    *ret_scale = s->suffix.exponent - (int)s->frac.len;
    if (*ret_scale < -NANO_PLACES) {
        *ret_scale = 0;
        return false;
    }
    if (n >= 3)
        memcpy(last, digits + n - 3, 3);
    return *ret_scale % 3 == 0 && (n < 3 || memcmp(last, "000", 3) != 0) && digits[0] != '0';
}

int quantity_canonical(Slice text, bool round_milli, char out[QUANTITY_TEXT_MAX], Err *err)
{
    const __int128 milli = NANO / 1000;
    Quantity q;
    Scanned s;
    int r, scale;

    r = quantity_parse(text, &q, err);
    if (r < 0)
        return r;
    r = scan(text, &s, err);
    BUG_ON(r < 0);
    if (keeps_text(text, &s, &scale) && text.len < QUANTITY_TEXT_MAX &&
        (!round_milli || scale >= -3)) {
        memcpy(out, text.ptr, text.len);
        out[text.len] = '\0';
        return 0;
    }
    if (round_milli && q.nano % milli != 0 && q.nano < INT128_MAX - milli &&
        q.nano > milli - INT128_MAX)
        q.nano = (q.nano / milli + (q.nano > 0 ? 1 : -1)) * milli;
    quantity_print(&q, out);
    return 0;
}

/* Decimal text of a number; `end` is one behind the last byte, the start is returned. */
static char *print_digits(unsigned __int128 v, bool is_negative, char *end)
{
    do {
        *--end = (char)('0' + (int)(v % 10));
        v /= 10;
    } while (v > 0);
    if (is_negative)
        *--end = '-';
    return end;
}

static void print_decimal(const Quantity *q, char *out, const char *digits, int exponent)
{
    const char *text = NULL;

    for (size_t i = 0; i < ARRAY_LEN(suffixes) && q->format != QUANTITY_DECIMAL_EXPONENT; i++) {
        if (suffixes[i].base == 10 && suffixes[i].exponent == exponent)
            text = suffixes[i].text;
    }
    if (text || exponent == 0)
        snprintf(out, QUANTITY_TEXT_MAX, "%s%s", digits, text ? text : "");
    else
        snprintf(out, QUANTITY_TEXT_MAX, "%se%d", digits, exponent);
}

char *quantity_print(const Quantity *q, char out[QUANTITY_TEXT_MAX])
{
    bool is_negative = q->nano < 0;
    unsigned __int128 v = is_negative ? -(unsigned __int128)q->nano : (unsigned __int128)q->nano;
    char digits[QUANTITY_TEXT_MAX];
    char *end = digits + sizeof(digits) - 1;
    int exponent = -NANO_PLACES;

    *end = '\0';
    if (v == 0) {
        memcpy(out, "0", 2);
        return out;
    }
    if (q->format == QUANTITY_BINARY_SI && v >= (unsigned __int128)NANO * 1024 && v % NANO == 0) {
        size_t i = 9; /* index in suffixes before Ki */

        v /= NANO;
        while (v % 1024 == 0 && i + 1 < ARRAY_LEN(suffixes)) {
            v /= 1024;
            i++;
        }
        snprintf(out, QUANTITY_TEXT_MAX, "%s%s", print_digits(v, is_negative, end),
                 i == 9 ? "" : suffixes[i].text);
        return out;
    }
    while (v % 1000 == 0) {
        v /= 1000;
        exponent += 3;
    }
    print_decimal(q, out, print_digits(v, is_negative, end), exponent);
    return out;
}

int quantity_cmp(const Quantity *a, const Quantity *b)
{
    return (a->nano > b->nano) - (a->nano < b->nano);
}

Quantity quantity_add(Quantity a, Quantity b)
{
    if (a.nano == 0)
        a.format = b.format;
    if (__builtin_add_overflow(a.nano, b.nano, &a.nano))
        a.nano = b.nano > 0 ? INT128_MAX : -INT128_MAX;
    return a;
}

Quantity quantity_sub(Quantity a, Quantity b)
{
    if (a.nano == 0)
        a.format = b.format;
    if (__builtin_sub_overflow(a.nano, b.nano, &a.nano))
        a.nano = b.nano < 0 ? INT128_MAX : -INT128_MAX;
    return a;
}

static int64_t in_units(const Quantity *q, __int128 unit)
{
    __int128 v = q->nano / unit;

    if (q->nano % unit != 0)
        v += q->nano > 0 ? 1 : -1;
    if (v > INT64_MAX)
        return INT64_MAX;
    return v < INT64_MIN ? INT64_MIN : (int64_t)v;
}

int64_t quantity_value(const Quantity *q)
{
    return in_units(q, NANO);
}

int64_t quantity_milli(const Quantity *q)
{
    return in_units(q, NANO / 1000);
}

Quantity quantity_of(int64_t units, QuantityFormat f)
{
    return (Quantity){units * NANO, f};
}

Quantity quantity_of_milli(int64_t milli, QuantityFormat f)
{
    return (Quantity){milli * (NANO / 1000), f};
}
