/*
 * formats.c - one function a format, and their table.
 */
#include "api/formats.h"

#include "api/validate_int.h"
#include "base/gotime.h"
#include "base/regex.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <pthread.h>

enum { TEXT_MAX = 512 }; /* longest text of a format that is copied to be checked */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return isxdigit((unsigned char)c) != 0;
}

static bool is_alnum(char c)
{
    return isalnum((unsigned char)c) != 0;
}

/* d: digit, x: hex digit, anything else stands for itself. */
static bool has_shape(Slice s, const char *shape)
{
    if (s.len != strlen(shape))
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (shape[i] == 'd'   ? !is_digit(s.ptr[i])
            : shape[i] == 'x' ? !is_hex(s.ptr[i])
                              : s.ptr[i] != shape[i])
            return false;
    }
    return true;
}

static int number_at(Slice s, size_t at, size_t n)
{
    int out = 0;

    for (size_t i = 0; i < n; i++)
        out = out * 10 + (s.ptr[at + i] - '0');
    return out;
}

/* A copy that ends in NUL; false when it is too long or holds one. */
static bool to_text(Slice s, char out[TEXT_MAX])
{
    if (s.len >= TEXT_MAX || memchr(s.ptr, '\0', s.len))
        return false;
    memcpy(out, s.ptr, s.len);
    out[s.len] = '\0';
    return true;
}

/* ---- dates ---- */

static bool is_date(Slice s)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year, month, day, last;

    if (!has_shape(s, "dddd-dd-dd"))
        return false;
    year = number_at(s, 0, 4), month = number_at(s, 5, 2), day = number_at(s, 8, 2);
    if (month < 1 || month > 12)
        return false;
    last = days[month - 1];
    if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
        last++;
    return day >= 1 && day <= last;
}

/* What follows the T: hh:mm:ss, perhaps any character and digits, then z or an offset. */
static bool is_time(Slice s)
{
    bool is_utc = s.len > 0 && (s.ptr[s.len - 1] | 0x20) == 'z';
    size_t tail = is_utc ? 1 : 6;
    Slice zone;

    if (s.len < 8 + tail || !has_shape((Slice){s.ptr, 8}, "dd:dd:dd"))
        return false;
    if (number_at(s, 0, 2) > 23 || number_at(s, 3, 2) > 59 || number_at(s, 6, 2) > 59)
        return false;
    if (s.len == 8 + tail + 1) /* a point without digits */
        return false;
    for (size_t i = 9; i < s.len - tail; i++)
        if (!is_digit(s.ptr[i]))
            return false;
    zone = (Slice){s.ptr + s.len - tail, tail};
    return is_utc || has_shape(zone, "+dd:dd") || has_shape(zone, "-dd:dd");
}

static bool is_date_time(Slice s)
{
    return s.len > 11 && (s.ptr[10] == 't' || s.ptr[10] == 'T') && is_date((Slice){s.ptr, 10}) &&
           is_time((Slice){s.ptr + 11, s.len - 11});
}

static bool is_unit(const char *s, size_t n)
{
    /* the last of each row also as the start of a longer word */
    static const char *const units[][3] = {
        {"ns", "nano"}, {"us", "\xc2\xb5s", "micro"}, {"ms", "milli"}, {"s", "sec"},
        {"m", "min"},   {"h", "hr", "hour"},          {"d", "day"},    {"w", "week", "wk"}};

    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        size_t last = units[i][2] ? 2 : 1;

        for (size_t k = 0; k <= last; k++) {
            size_t len = strlen(units[i][k]);

            if ((len == n || (k == last && len < n)) && strncasecmp(units[i][k], s, len) == 0)
                return true;
        }
    }
    return false;
}

/* Go's durations, or "2 days 3 hours". */
static bool is_duration(Slice s)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    int64_t ns;
    bool found = false;

    if (!goduration_parse(a, s, &ns))
        return true;
    for (size_t i = 0; i < s.len;) {
        size_t digits = i, unit;

        while (digits < s.len && is_digit(s.ptr[digits]))
            digits++;
        if (digits == i) {
            i++;
            continue;
        }
        if (digits - i > 18)
            return false;
        for (unit = digits; unit < s.len && isspace((unsigned char)s.ptr[unit]);)
            unit++;
        for (i = unit; i < s.len && (isalpha((unsigned char)s.ptr[i]) ||
                                     (i + 1 < s.len && memcmp(s.ptr + i, "\xc2\xb5", 2) == 0));)
            i += isalpha((unsigned char)s.ptr[i]) ? 1 : 2;
        found = found || (i > unit && is_unit(s.ptr + unit, i - unit));
    }
    return found;
}

/* ---- addresses ---- */

/* As Go's net.ParseIP() reads it: no needless zeros. */
static bool is_any_ip(const char *s)
{
    unsigned char a[16];

    return inet_pton(AF_INET, s, a) == 1 || inet_pton(AF_INET6, s, a) == 1;
}

static bool is_ip(Slice s, char must_have)
{
    char text[TEXT_MAX];

    return to_text(s, text) && is_any_ip(text) && strchr(text, must_have);
}

static bool is_ipv4(Slice s)
{
    return is_ip(s, '.');
}

static bool is_ipv6(Slice s)
{
    return is_ip(s, ':');
}

static bool is_cidr(Slice s)
{
    Slice ip;
    int bits = 0;

    if (!slice_cut(&s, '/', &ip) || s.len == 0 || (!is_ipv4(ip) && !is_ipv6(ip)))
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (!is_digit(s.ptr[i]) || bits > 128)
            return false;
        bits = bits * 10 + (s.ptr[i] - '0');
    }
    return bits <= (is_ipv6(ip) ? 128 : 32);
}

static bool is_mac(Slice s)
{
    static const size_t lengths[] = {6, 8, 20};
    bool dots = s.len > 4 && s.ptr[4] == '.';
    char sep = dots ? '.' : s.len > 2 ? s.ptr[2] : '\0';
    size_t group = dots ? 4 : 2;

    if (sep != ':' && sep != '-' && sep != '.')
        return false;
    for (size_t i = 0; i < s.len; i++)
        if ((i + 1) % (group + 1) == 0 ? s.ptr[i] != sep : !is_hex(s.ptr[i]))
            return false;
    for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
        size_t groups = lengths[i] * 2 / group;

        if (s.len == groups * (group + 1) - 1)
            return !(sep == '.' && !dots);
    }
    return false;
}

static Regex *hostname;

static void make_hostname(void)
{
#define L "[a-zA-Z0-9\\p{S}\\p{L}]"
    static const char pattern[] =
        "^(?:" L "-?" L "{0,62}|(?:" L "(?:[a-zA-Z0-9\\-\\p{S}\\p{L}]{0,61}" L ")?\\.)+" L "(?:-?" L
        "){1,62})$";
#undef L
    BUG_ON(regex_compile(pattern, sizeof(pattern) - 1, &hostname, NULL) < 0);
}

static bool is_hostname(Slice s)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    Slice rest = s, label;
    bool more;

    if (s.len > 255)
        return false;
    pthread_once(&once, make_hostname);
    do {
        more = slice_cut(&rest, '.', &label);
        if (label.len > 63)
            return false;
    } while (more);
    return regex_matches(hostname, s.ptr, s.len);
}

/* ---- mail addresses (RFC 5322, as net/mail reads one) ---- */

static void skip_space(Slice *s)
{
    while (s->len > 0 && (s->ptr[0] == ' ' || s->ptr[0] == '\t'))
        s->ptr++, s->len--;
}

static bool is_atom(char c)
{
    return (unsigned char)c >= 0x80 || is_alnum(c) || (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

static bool take_atom(Slice *s, bool with_dots)
{
    size_t n = 0;

    while (n < s->len && (is_atom(s->ptr[n]) || (with_dots && s->ptr[n] == '.'))) {
        if (s->ptr[n] == '.' && (n == 0 || s->ptr[n - 1] == '.'))
            return false;
        n++;
    }
    if (n == 0 || s->ptr[n - 1] == '.')
        return false;
    s->ptr += n, s->len -= n;
    return true;
}

static bool take_quoted(Slice *s)
{
    size_t i = 1;

    for (; i < s->len && s->ptr[i] != '"'; i++) {
        if (s->ptr[i] == '\\')
            i++;
        else if ((unsigned char)s->ptr[i] < 0x20 && s->ptr[i] != '\t')
            return false;
    }
    if (i >= s->len)
        return false;
    s->ptr += i + 1, s->len -= i + 1;
    return true;
}

static bool take_address(Slice *s)
{
    const char *end;

    if (s->len > 0 && s->ptr[0] == '"' ? !take_quoted(s) : !take_atom(s, true))
        return false;
    if (s->len == 0 || s->ptr[0] != '@')
        return false;
    s->ptr++, s->len--;
    skip_space(s);
    if (s->len == 0 || s->ptr[0] != '[')
        return take_atom(s, true);
    end = memchr(s->ptr, ']', s->len);
    if (!end || !is_any_ip(strndupa(s->ptr + 1, MIN((size_t)(end - s->ptr - 1), (size_t)64))))
        return false;
    s->len -= (size_t)(end + 1 - s->ptr);
    s->ptr = end + 1;
    return true;
}

static bool is_email(Slice s)
{
    Slice rest;
    bool named = false;

    skip_space(&s);
    rest = s;
    if (take_address(&rest)) {
        skip_space(&rest);
        return rest.len == 0;
    }
    rest = s; /* Display Name <address> */
    for (;;) {
        skip_space(&rest);
        if (rest.len == 0)
            return false;
        if (rest.ptr[0] == '<')
            break;
        if (rest.ptr[0] == '"' ? !take_quoted(&rest) : !take_atom(&rest, named))
            return false;
        named = true;
    }
    rest.ptr++, rest.len--;
    if (!take_address(&rest) || rest.len == 0 || rest.ptr[0] != '>')
        return false;
    rest.ptr++, rest.len--;
    skip_space(&rest);
    return rest.len == 0;
}

/* ---- URIs (net/url.ParseRequestURI) ---- */

static bool has_good_escapes(Slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] == '%' && (i + 2 >= s.len || !is_hex(s.ptr[i + 1]) || !is_hex(s.ptr[i + 2])))
            return false;
    return true;
}

static bool is_port(Slice s)
{
    if (s.len == 0)
        return true;
    if (s.ptr[0] != ':')
        return false;
    for (size_t i = 1; i < s.len; i++)
        if (!is_digit(s.ptr[i]))
            return false;
    return true;
}

static bool is_host(Slice s)
{
    const char *colon = s.len > 0 ? memrchr(s.ptr, ':', s.len) : NULL;
    const char *bracket = s.len > 0 ? memrchr(s.ptr, ']', s.len) : NULL;

    if (s.len > 0 && s.ptr[0] == '[') {
        if (!bracket || !is_port((Slice){bracket + 1, (size_t)(s.ptr + s.len - bracket - 1)}))
            return false;
    } else if (colon && !is_port((Slice){colon, (size_t)(s.ptr + s.len - colon)}))
        return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];

        if (c == '%' &&
            (i + 2 >= s.len || (s.ptr[i + 1] < '8' && memcmp(s.ptr + i, "%25", 3) != 0)))
            return false;
        if ((unsigned char)c < 0x80 && !is_alnum(c) && !strchr("-_.~!$&'()*+,;=:[]<>\"%", c))
            return false;
    }
    return has_good_escapes(s);
}

static bool is_authority(Slice s)
{
    const char *at = s.len > 0 ? memrchr(s.ptr, '@', s.len) : NULL;
    Slice user = {s.ptr, at ? (size_t)(at - s.ptr) : 0};

    for (size_t i = 0; i < user.len; i++)
        if (!is_alnum(user.ptr[i]) && !(user.ptr[i] && strchr("-._:~!$&'()*+,;=%@", user.ptr[i])))
            return false;
    return has_good_escapes(user) &&
           is_host(at ? (Slice){at + 1, (size_t)(s.ptr + s.len - at - 1)} : s);
}

/* Length of the scheme: 0 when there is none, -1 when a colon comes first. */
static ssize_t scheme_length(Slice s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == ':')
            return i == 0 ? -1 : (ssize_t)i;
        if (!isalpha((unsigned char)s.ptr[i]) &&
            !(i > 0 && (is_digit(s.ptr[i]) || strchr("+-.", s.ptr[i]))))
            return 0;
    }
    return 0;
}

static bool is_uri(Slice s)
{
    ssize_t scheme = scheme_length(s);
    Slice path, authority;

    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] < 0x20 || s.ptr[i] == 0x7f)
            return false;
    if (s.len == 0 || scheme < 0)
        return false;
    if (slice_is(s, "*"))
        return true;
    if (scheme > 0)
        s.ptr += scheme + 1, s.len -= (size_t)scheme + 1;
    (void)slice_cut(&s, '?', &path);
    if (path.len == 0 || path.ptr[0] != '/')
        return scheme > 0;
    if (scheme > 0 && slice_starts(path, "//")) {
        const char *slash = memchr(path.ptr + 2, '/', path.len - 2);
        size_t n = slash ? (size_t)(slash - path.ptr) : path.len;

        authority = (Slice){path.ptr + 2, n - 2};
        if (!is_authority(authority))
            return false;
        path.ptr += n, path.len -= n;
    }
    return has_good_escapes(path);
}

/* ---- numbers on paper ---- */

/* Digits (and a final X) without blanks and hyphens; 0 when there are more than `max`. */
static size_t squeeze(Slice s, char *out, size_t max)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++) {
        if (strchr(" \t\n\f\r-", s.ptr[i]) && s.ptr[i])
            continue;
        if (n == max)
            return 0;
        out[n++] = s.ptr[i];
    }
    return n;
}

static bool is_isbn10(Slice s)
{
    char d[10];
    int sum = 0;

    if (squeeze(s, d, 10) != 10)
        return false;
    for (int i = 0; i < 10; i++) {
        if (!is_digit(d[i]) && !(i == 9 && d[i] == 'X'))
            return false;
        sum += (i + 1) * (d[i] == 'X' ? 10 : d[i] - '0');
    }
    return sum % 11 == 0;
}

static bool is_isbn13(Slice s)
{
    char d[13];
    int sum = 0;

    if (squeeze(s, d, 13) != 13)
        return false;
    for (int i = 0; i < 13; i++) {
        if (!is_digit(d[i]))
            return false;
        sum += (d[i] - '0') * (i % 2 ? 3 : 1);
    }
    return sum % 10 == 0;
}

static bool is_isbn(Slice s)
{
    return is_isbn10(s) || is_isbn13(s);
}

static bool is_issued(const char *d, size_t n)
{
    static const struct {
        int low, high; /* of the first digits */
        int digits;
        unsigned lengths; /* BIT(n) */
    } issuers[] = {
        {4, 4, 1, BIT(13) | BIT(16)}, {51, 55, 2, BIT(16)},     {2221, 2720, 4, BIT(16)},
        {6011, 6011, 4, BIT(16)},     {65, 65, 2, BIT(16)},     {34, 34, 2, BIT(15)},
        {37, 37, 2, BIT(15)},         {300, 305, 3, BIT(14)},   {36, 36, 2, BIT(14)},
        {38, 38, 2, BIT(14)},         {2131, 2131, 4, BIT(15)}, {1800, 1800, 4, BIT(15)},
        {35, 35, 2, BIT(16)},         {62, 62, 2, BIT(16)},     {67, 67, 2, BIT(16)},
    };

    for (size_t i = 0; i < ARRAY_LEN(issuers); i++) {
        int head = number_at((Slice){d, n}, 0, (size_t)issuers[i].digits);

        if (head >= issuers[i].low && head <= issuers[i].high && issuers[i].lengths & BIT(n))
            return true;
    }
    return false;
}

static bool is_credit_card(Slice s)
{
    char d[16];
    size_t n = 0;
    int sum = 0;

    for (size_t i = 0; i < s.len; i++) {
        if (!is_digit(s.ptr[i]))
            continue;
        if (n == sizeof(d))
            return false;
        d[n++] = s.ptr[i];
    }
    if (n < 13 || !is_issued(d, n))
        return false;
    for (size_t i = 0; i < n; i++) {
        int x = d[n - 1 - i] - '0';

        if (i % 2)
            x = x * 2 > 9 ? x * 2 - 9 : x * 2;
        sum += x;
    }
    return sum % 10 == 0;
}

static bool is_ssn(Slice s)
{
    return s.len == 11 && (s.ptr[3] == '-' || s.ptr[3] == ' ') &&
           (s.ptr[6] == '-' || s.ptr[6] == ' ') && has_shape((Slice){s.ptr, 3}, "ddd") &&
           has_shape((Slice){s.ptr + 4, 2}, "dd") && has_shape((Slice){s.ptr + 7, 4}, "dddd");
}

/* ---- colours, identifiers, bytes ---- */

static bool is_hex_color(Slice s)
{
    if (s.len > 0 && s.ptr[0] == '#')
        s.ptr++, s.len--;
    return has_shape(s, "xxx") || has_shape(s, "xxxxxx");
}

static void skip_blanks(Slice *s)
{
    while (s->len > 0 && s->ptr[0] && strchr(" \t\n\f\r", s->ptr[0]))
        s->ptr++, s->len--;
}

static bool take_color(Slice *s)
{
    size_t n = 0;

    skip_blanks(s);
    while (n < s->len && n < 4 && is_digit(s->ptr[n]))
        n++;
    if (n == 0 || n > 3 || number_at(*s, 0, n) > 255 || (n > 1 && s->ptr[0] == '0'))
        return false;
    s->ptr += n, s->len -= n;
    skip_blanks(s);
    return true;
}

static bool is_rgb_color(Slice s)
{
    if (!slice_starts(s, "rgb("))
        return false;
    s.ptr += 4, s.len -= 4;
    for (int i = 0; i < 3; i++) {
        if (!take_color(&s) || s.len == 0 || s.ptr[0] != (i < 2 ? ',' : ')'))
            return false;
        s.ptr++, s.len--;
    }
    return s.len == 0;
}

/* `version` 0: any; the hyphens may be missing, each for itself. */
static bool is_uuid_of(Slice s, char version)
{
    static const int ends[] = {8, 12, 16, 20};
    char d[32];
    int n = 0;

    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '-') {
            bool may = false;

            for (size_t k = 0; k < ARRAY_LEN(ends); k++)
                may = may || (n == ends[k] && s.ptr[i - 1] != '-');
            if (!may)
                return false;
            continue;
        }
        if (n == 32 || !is_hex(s.ptr[i]))
            return false;
        d[n++] = s.ptr[i];
    }
    if (n != 32)
        return false;
    if (version && d[12] != version)
        return false;
    return !version || version == '3' || strchr("89abAB", d[16]);
}

static bool is_uuid(Slice s)
{
    return is_uuid_of(s, '\0');
}

static bool is_uuid3(Slice s)
{
    return is_uuid_of(s, '3');
}

static bool is_uuid4(Slice s)
{
    return is_uuid_of(s, '4');
}

static bool is_uuid5(Slice s)
{
    return is_uuid_of(s, '5');
}

static bool is_object_id(Slice s)
{
    return has_shape(s, "xxxxxxxxxxxxxxxxxxxxxxxx");
}

static bool is_base64(Slice s)
{
    size_t n = s.len;

    if (n == 0 || n % 4 != 0)
        return false;
    while (n > s.len - 2 && s.ptr[n - 1] == '=')
        n--;
    for (size_t i = 0; i < n; i++)
        if (!is_alnum(s.ptr[i]) && s.ptr[i] != '+' && s.ptr[i] != '/')
            return false;
    return true;
}

static bool is_anything(Slice s UNUSED)
{
    return true;
}

/* ---- names and quantities of Kubernetes ---- */

static bool is_short_name(Slice s)
{
    char text[TEXT_MAX];

    return to_text(s, text) && !validate_dns1123_label(text);
}

static bool is_long_name(Slice s)
{
    char text[TEXT_MAX];

    return to_text(s, text) && !validate_dns1123_subdomain(text);
}

static bool is_quantity(Slice s)
{
    Quantity q;

    return quantity_parse(s, &q, NULL) == 0;
}

static const struct {
    const char *name;
    FormatFn fn;
} rows[] = {
    {"bsonobjectid", is_object_id},
    {"byte", is_base64},
    {"cidr", is_cidr},
    {"creditcard", is_credit_card},
    {"date", is_date},
    {"datetime", is_date_time},
    {"duration", is_duration},
    {"email", is_email},
    {"hexcolor", is_hex_color},
    {"hostname", is_hostname},
    {"ipv4", is_ipv4},
    {"ipv6", is_ipv6},
    {"isbn", is_isbn},
    {"isbn10", is_isbn10},
    {"isbn13", is_isbn13},
    {"k8slongname", is_long_name},
    {"k8sshortname", is_short_name},
    {"mac", is_mac},
    {"password", is_anything},
    {"quantity", is_quantity},
    {"rgbcolor", is_rgb_color},
    {"ssn", is_ssn},
    {"uri", is_uri},
    {"uuid", is_uuid},
    {"uuid3", is_uuid3},
    {"uuid4", is_uuid4},
    {"uuid5", is_uuid5},
};

FormatFn format_find(const char *name)
{
    char key[32];
    size_t n = 0;

    for (; *name; name++) {
        if (*name == '-')
            continue;
        if (n + 1 >= sizeof(key))
            return NULL;
        key[n++] = *name;
    }
    key[n] = '\0';
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (strcmp(rows[i].name, key) == 0)
            return rows[i].fn;
    return NULL;
}

bool format_is_known(const char *type, const char *name)
{
    if (type[0] == '\0' || strcmp(type, "string") == 0)
        return format_find(name) != NULL;
    if (strcmp(type, "integer") == 0)
        return one_of(name, "int32|int64");
    return strcmp(type, "number") == 0 && one_of(name, "float|double");
}
