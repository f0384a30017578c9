#include "base/gofloat.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS_MAX = 17 }; /* more never tell two of them apart */

/* "-1.25e+02" with as few digits as do; the number of those behind the point. */
static int shortest(char out[GOFLOAT_TEXT_MAX], double d)
{
    int precision = 0;

    do {
        (void)snprintf(out, GOFLOAT_TEXT_MAX, "%.*e", precision, d);
    } while (strtod(out, NULL) != d && ++precision < DIGITS_MAX);
    return precision;
}

/* With an exponent below 10^least and from 10^most on; `pads` it to two digits. */
static char *print(char out[GOFLOAT_TEXT_MAX], double d, int least, int most, bool pads)
{
    char e[GOFLOAT_TEXT_MAX], *at, *to = out;
    int precision = shortest(e, d), exponent;

    at = strchr(e, 'e');
    exponent = (int)strtol(at + 1, NULL, 10);
    *at = '\0';
    if (d != 0 && (exponent < least || exponent >= most)) {
        (void)snprintf(out, GOFLOAT_TEXT_MAX, "%.24s%s%s%d", e, exponent < 0 ? "e-" : "e+",
                       pads && abs(exponent) < 10 ? "0" : "", abs(exponent) % 1000);
    } else if (precision >= exponent) {
        (void)snprintf(out, GOFLOAT_TEXT_MAX, "%.*f", precision - exponent, d);
    } else { /* the digits, then zeros: not the exact value's own digits */
        for (const char *c = e; *c; c++)
            if (*c != '.')
                *to++ = *c;
        for (int i = precision; i < exponent; i++)
            *to++ = '0';
        *to = '\0';
    }
    return out;
}

char *gofloat_text(char out[GOFLOAT_TEXT_MAX], double d)
{
    if (!isfinite(d)) {
        (void)snprintf(out, GOFLOAT_TEXT_MAX, "%s", isnan(d) ? "NaN" : d > 0 ? "+Inf" : "-Inf");
        return out;
    }
    return print(out, d, -4, 6, true);
}

char *gofloat_json(char out[GOFLOAT_TEXT_MAX], double d)
{
    return print(out, d, -6, 21, false);
}
