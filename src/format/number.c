/* number.c - a whole string as a number, the same in every locale. */
#include "format/number.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>

static const char *digits(const char *at, int *count)
{
    for (; *at >= '0' && *at <= '9'; at++) (*count)++;
    return at;
}

/* strtod alone would take 'nan', 'inf', '0x1p3' and leading spaces. */
static bool is_decimal(const char *at)
{
    int count = 0;
    if (*at == '+' || *at == '-') at++;
    at = digits(at, &count);
    if (*at == '.') at = digits(at + 1, &count);
    if (count == 0) return false;
    if (*at == 'e' || *at == 'E') {
        int exponent = 0;
        at++;
        if (*at == '+' || *at == '-') at++;
        at = digits(at, &exponent);
        if (exponent == 0) return false;
    }
    return *at == '\0';
}

bool kedge_number_real(const char *text, double *value)
{
    if (!is_decimal(text)) return false;
    /* The caller's program may have set a locale with a decimal comma. (glibc's "C" object is static: no cost.) */
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!plain) return false;
    double read = strtod_l(text, NULL, plain);
    freelocale(plain);
    if (!isfinite(read)) return false;
    *value = read;
    return true;
}
