/* The C library's conversions are exact but follow the locale in one thing, the decimal point. So
** text is read as an integer with an exponent, which has none, and written from its digits alone. */
#include "decimal.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The decimal of `precision` digits that is nearest to `number`. */
static evc_decimal nearest(double number, int precision) {
  evc_decimal d = {{0}, 0, 0, number < 0};
  char text[48];
  int length = snprintf(text, sizeof text, "%.*e", precision - 1, fabs(number));
  /* d<point>ddd…e±xx: whatever stands between digits is the locale's point. */
  int at = 0;
  for (; at < length && text[at] != 'e'; at++)
    if (text[at] >= '0' && text[at] <= '9' && d.count < 17) d.digits[d.count++] = text[at];
  d.exponent = (int)strtol(text + at + 1, NULL, 10) + 1;
  return d;
}

static bool reads_back(const evc_decimal *decimal, double number) {
  return evc_decimal_value(decimal) == number;
}

void evc_decimal_increment(evc_decimal *d) {
  while (d->count > 0 && d->digits[d->count - 1] == '9') d->count--;
  if (d->count > 0) {
    d->digits[d->count - 1]++;
    return;
  }
  d->digits[0] = '1';
  d->count = 1;
  d->exponent++;
}

/* A number below the normal range has few digits; any other that has 15 or fewer is found with 15.
** Binary64 is finer below a power of two than above it, so that of two decimals the one further
** off, above, may be the one that reads back. */
evc_decimal evc_decimal_of(double number) {
  if (number == 0) return (evc_decimal){.count = 0};
  int exponent;
  bool power_of_two = fabs(frexp(number, &exponent)) == 0.5;
  evc_decimal d;
  for (int precision = fabs(number) < DBL_MIN ? 1 : 15;; precision++) {
    d = nearest(number, precision);
    if (precision == 17 || reads_back(&d, number)) break;
    if (!power_of_two) continue;
    evc_decimal_increment(&d);
    if (reads_back(&d, number)) break;
  }
  while (d.count > 0 && d.digits[d.count - 1] == '0') d.count--;
  return d;
}

double evc_decimal_value(const evc_decimal *decimal) {
  if (decimal->count == 0) return 0;
  char text[40];
  int length = decimal->count;
  memcpy(text, decimal->digits, (size_t)length);
  (void)snprintf(text + length, sizeof text - (size_t)length, "e%d", decimal->exponent - length);
  double value = strtod(text, NULL);
  return decimal->negative ? -value : value;
}

/* Up to 15 digits and a power of ten up to 22 are exact in binary64, so one rounding is right. */
static const double exact_powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                      1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                      1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* More digits than any binary64 needs to be told from its neighbours: beyond them only "is anything
** not zero" matters, and one digit says that. */
enum { SIGNIFICANT_DIGITS = 800 };

static double read_long(const char *text, size_t length) {
  char digits[SIGNIFICANT_DIGITS + 32];
  size_t count = 0;
  long exponent = 0;
  bool fraction = false, sticky = false;
  size_t i = 0;
  for (; i < length && text[i] != 'e' && text[i] != 'E'; i++) {
    if (text[i] == '.') {
      fraction = true;
      continue;
    }
    bool keep = count < SIGNIFICANT_DIGITS;
    if (count == 0 && text[i] == '0') {
      if (fraction) exponent--;
      continue;
    }
    if (keep) digits[count++] = text[i];
    else sticky |= text[i] != '0';
    if (fraction && keep) exponent--;
    if (!fraction && !keep) exponent++;
  }
  if (count == 0) return 0;
  if (sticky) digits[count - 1] = digits[count - 1] == '0' ? '1' : digits[count - 1];
  if (i < length) {
    bool negative = text[i + 1] == '-';
    long given = 0;
    for (i += 1; i < length; i++)
      if (text[i] >= '0' && text[i] <= '9' && given < 1000000) given = given * 10 + (text[i] - '0');
    exponent += negative ? -given : given;
  }
  (void)snprintf(digits + count, sizeof digits - count, "e%ld", exponent);
  return strtod(digits, NULL);
}

double evc_decimal_read(const char *text, size_t length) {
  uint64_t whole = 0;
  size_t places = 0, i = 0;
  bool fraction = false;
  if (length > 16) return read_long(text, length);
  for (; i < length; i++) {
    if (text[i] == '.') {
      fraction = true;
      continue;
    }
    if (text[i] < '0' || text[i] > '9') return read_long(text, length);
    whole = whole * 10 + (uint64_t)(text[i] - '0');
    places += fraction;
  }
  if (whole >= UINT64_C(1) << 53) return read_long(text, length);
  return places ? (double)whole / exact_powers[places] : (double)whole;
}

size_t evc_decimal_write(double number, char out[EVC_DECIMAL_TEXT]) {
  evc_decimal d = evc_decimal_of(number);
  char *at = out;
  if (d.negative) *at++ = '-';
  if (d.count == 0) *at++ = '0';
  else if (d.exponent > 21 || d.exponent < -5) {
    *at++ = d.digits[0];
    if (d.count > 1) *at++ = '.';
    for (int i = 1; i < d.count; i++) *at++ = d.digits[i];
    at += snprintf(at, 8, "e%+d", d.exponent - 1);
  } else {
    if (d.exponent <= 0) {
      *at++ = '0';
      *at++ = '.';
      for (int i = d.exponent; i < 0; i++) *at++ = '0';
    }
    for (int i = 0; i < d.count || i < d.exponent; i++) {
      if (i == d.exponent && i > 0) *at++ = '.';
      *at++ = i < d.count ? d.digits[i] : '0';
    }
  }
  *at = '\0';
  return (size_t)(at - out);
}
