/* The decimal expansion of a binary64, which always ends: m × 2^e is m × 5^-e / 10^-e for negative
** e. evc_decimal gives the shortest decimal that reads back; this gives all of it. */
#include "editor.h"

#include <math.h>

enum {
  DIGITS_A_LIMB = 9,
  LIMB = 1000000000,
  MOST_LIMBS = 88,   /* 2^53 × 5^1074 has 767 digits */
  MOST_DIGITS = 1100 /* with the zeros before them, 1,075 */
};

/* A whole number of many digits, least limb first, over 10^places. */
typedef struct expansion {
  uint32_t limbs[MOST_LIMBS];
  size_t count, places;
} expansion;

static void multiply(expansion *x, uint32_t factor) {
  uint64_t carry = 0;
  for (size_t i = 0; i < x->count; i++) {
    carry += (uint64_t)x->limbs[i] * factor;
    x->limbs[i] = (uint32_t)(carry % LIMB);
    carry /= LIMB;
  }
  if (carry && x->count < MOST_LIMBS) x->limbs[x->count++] = (uint32_t)carry;
}

static expansion expand(double number) {
  int exponent;
  double mantissa = frexp(fabs(number), &exponent);
  uint64_t whole = (uint64_t)ldexp(mantissa, 53);
  exponent -= 53;
  for (; whole && whole % 2 == 0 && exponent < 0; exponent++) whole /= 2;
  expansion x = {.limbs = {(uint32_t)(whole % LIMB), (uint32_t)(whole / LIMB % LIMB)}, .count = 2};
  if (whole == 0) exponent = 0;
  for (; exponent > 0; exponent--) multiply(&x, 2);
  for (; exponent < 0; exponent++, x.places++) multiply(&x, 5);
  return x;
}

/* The digits without leading zeros before the point; *point is how many stand before it. */
static size_t write_digits(const expansion *x, char digits[MOST_DIGITS + 1], size_t *point) {
  size_t total = x->count * DIGITS_A_LIMB, skipped = 0, count = 0;
  while (x->places >= total) total++; /* 0.000… */
  for (size_t at = total; at-- > 0;) {
    uint32_t digit = at / DIGITS_A_LIMB < x->count ? x->limbs[at / DIGITS_A_LIMB] : 0;
    for (size_t i = at % DIGITS_A_LIMB; i > 0; i--) digit /= 10;
    if (digit % 10 == 0 && count == 0 && at > x->places) {
      skipped++;
      continue;
    }
    if (count < MOST_DIGITS) digits[count++] = (char)('0' + digit % 10);
  }
  *point = total - skipped - x->places;
  return count;
}

void evc_editor_build_exact(evc_builder *builder, double number, size_t most) {
  char digits[MOST_DIGITS + 1];
  size_t point;
  expansion x = expand(number);
  size_t count = write_digits(&x, digits, &point);
  bool cut = count > most && most > point;
  if (number < 0) evc_build_char(builder, '-');
  evc_build(builder, digits, point);
  if (point == count) return;
  evc_build_char(builder, '.');
  evc_build(builder, digits + point, (cut ? most : count) - point);
  if (cut) evc_build_string(builder, "…");
}

bool evc_editor_is_rounded(evc_text text, double number) {
  char digits[MOST_DIGITS + 1];
  size_t point, at = 0;
  expansion x = expand(number);
  size_t count = write_digits(&x, digits, &point);
  const char *dot = text.length ? memchr(text.data, '.', text.length) : NULL;
  size_t whole = dot ? (size_t)(dot - text.data) : text.length;
  if (whole != point) return true;
  for (size_t i = 0; i < text.length; i++) {
    if (i == whole) continue;
    char digit = at < count ? digits[at] : '0';
    if (text.data[i] != digit) return true;
    at++;
  }
  return at < count;
}
