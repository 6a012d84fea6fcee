/* Between binary64 and decimal text, exactly and whatever the locale. */
#ifndef EVC_BASE_DECIMAL_H
#define EVC_BASE_DECIMAL_H

#include "evcalc/base.h"

/* A decimal: 0.d1d2d3… × 10^exponent, without leading or trailing zero digits; zero has no digits. */
typedef struct evc_decimal {
  char digits[17]; /* '0' to '9', not terminated */
  int count;
  int exponent;
  bool negative;
} evc_decimal;

/* The shortest decimal that reads back as `number`, which must be finite. */
evc_decimal evc_decimal_of(double number);

/* Add one unit to the last digit; a decimal without digits becomes 0.1 × 10^(exponent + 1). */
void evc_decimal_increment(evc_decimal *decimal);

/* The binary64 nearest to a decimal; infinite when it is too large. */
double evc_decimal_value(const evc_decimal *decimal);

/* The binary64 nearest to `digits` or `digits.digits`, optionally with an exponent (e, sign, digits);
** infinite when it is too large. The text must have that form. */
double evc_decimal_read(const char *text, size_t length);

enum { EVC_DECIMAL_TEXT = 32 };

/* Write a finite number in the shortest form that reads back: plain from 1e-6 to 1e21, else with an
** exponent. Returns the length; `out` is NUL-terminated. */
size_t evc_decimal_write(double number, char out[EVC_DECIMAL_TEXT]);

#endif
