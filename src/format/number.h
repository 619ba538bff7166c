/* number.h - a whole string as a number, the same in every locale. */
#ifndef FORMAT_NUMBER_H
#define FORMAT_NUMBER_H

#include <stdbool.h>

/* Reads text that is exactly a finite decimal number: sign, digits with at most one point, exponent. False for
 * all else: empty, spaces, '1e3x', hexadecimal, 'nan', 'inf', and numbers past the range of double. */
bool kedge_number_real(const char *text, double *value);

#endif
