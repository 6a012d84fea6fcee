#include "pool.h"

#include <float.h>
#include <math.h>

#include "../base/utf8.h"

/* The usual ones come first; the last numbers are very long when they are written without an
** exponent, as calculations must. */
enum { USUAL_NUMBERS = 14, SHORT_NUMBERS = 28, USUAL_STRINGS = 5 };

static const double numbers[] = {
    0,
    1,
    2,
    3,
    5,
    10,
    12,
    100,
    1000,
    0.1,
    0.5,
    0.9,
    2.5,
    90,
    /* Decimals that binary64 does not hold exactly, halves, and sums that are known to be off. */
    0.2,
    0.3,
    0.7,
    1.005,
    1.5,
    99.99,
    1e-6,
    1250,
    /* Where whole numbers end: 2^32, 2^53 - 1, 2^53, and what is above. */
    1e6,
    4294967296.0,
    9007199254740991.0,
    9007199254740992.0,
    9007199254740994.0,
    1e15,
    1e21,
    1e22,
    /* Where numbers end. */
    1e154,
    1e300,
    DBL_MAX,
    DBL_MIN,
    5e-324,
};

#define TEXT(s)                                                                                    \
  { EVC_LITERAL(s) }

static const evc_text strings[] = {
    TEXT(""),
    TEXT("USD"),
    TEXT("EUR"),
    TEXT("GBP"),
    TEXT("active"),
    TEXT("usd"),
    TEXT("US"),
    TEXT("USDX"),
    TEXT(" USD"),
    TEXT("USD "),
    TEXT("a"),
    TEXT("B"),
    TEXT("2026-01-31"),
    TEXT("2026-12-31T23:59:59Z"),
    TEXT("null"),
    TEXT("true"),
    TEXT("0"),
    TEXT("1.5"),
    TEXT("a name that is longer than a register, and longer than that"),
    /* What has to be escaped somewhere. */
    TEXT("\""),
    TEXT("\\"),
    TEXT("say \"hi\""),
    TEXT("it's"),
    TEXT("a/b"),
    TEXT("\n"),
    TEXT("\t"),
    TEXT("\r\n"),
    TEXT("\b\f"),
    TEXT("\0"),
    TEXT("a\0b"),
    TEXT("\x1F"),
    TEXT("\x7F"),
    TEXT("\xC2\x85"),
    TEXT("\xE2\x80\x8B"),
    TEXT("\xE2\x80\xAE"), /* NOLINT(misc-misleading-bidirectional): an escape misleads nobody */
    TEXT("\xEF\xBB\xBF"),
    /* Two, three and four bytes; composed and not; right to left; the ends of the ranges. */
    TEXT("\xC3\xA9"),
    TEXT("e\xCC\x81"),
    TEXT("\xC3\x9F"),
    TEXT("\xE2\x82\xAC"),
    TEXT("\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E"),
    TEXT("\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D"),
    TEXT("\xF0\x9F\x98\x80"),
    TEXT("\xEE\x80\x80"),
    TEXT("\xEF\xBF\xBD"),
    TEXT("\xEF\xBF\xBF"),
    TEXT("\xF0\x90\x80\x80"),
    TEXT("\xF4\x8F\xBF\xBF"),
};

const evc_text evc_pool_members[EVC_POOL_MEMBERS] = {TEXT("tier"),  TEXT("region"), TEXT("count"),
                                                     TEXT("limit"), TEXT("code"),   TEXT("a")};

enum { NUMBERS = sizeof numbers / sizeof *numbers, STRINGS = sizeof strings / sizeof *strings };

/* A number at a limit, or any at all. */
static double extreme_number(evc_random *random) {
  double number = numbers[evc_random_below(random, NUMBERS)];
  switch (evc_random_below(random, 6)) {
  case 0:
  case 1: return nextafter(number, evc_random_chance(random, 1, 2) ? 0 : DBL_MAX);
  case 2: return ldexp(1, evc_random_between(random, DBL_MIN_EXP - DBL_MANT_DIG, DBL_MAX_EXP - 1));
  case 3: return fabs(evc_random_double(random));
  default: return number;
  }
}

double evc_pool_magnitude(evc_random *random) {
  uint32_t kind = evc_random_below(random, 100);
  if (kind < 50) return numbers[evc_random_below(random, USUAL_NUMBERS)];
  if (kind < 65) return numbers[evc_random_below(random, SHORT_NUMBERS)];
  if (kind < 83) return evc_random_below(random, 21);
  if (kind < 99) return evc_random_below(random, 100000) / 100.0;
  return extreme_number(random);
}

double evc_pool_number(evc_random *random) {
  bool extreme = evc_random_chance(random, 1, 8);
  double number = extreme ? extreme_number(random) : evc_pool_magnitude(random);
  return evc_random_chance(random, 1, 4) ? -number : number;
}

/* A code point from anywhere but the surrogates. */
static uint32_t random_code_point(evc_random *random) {
  static const uint32_t ends[] = {0x80, 0x80, 0x80, 0x800, 0x3000, 0xD800, 0x110000};
  uint32_t c = evc_random_below(random, ends[evc_random_below(random, 7)]);
  return c >= 0xD800 && c < 0xE000 ? c - 0x800 : c;
}

evc_text evc_pool_string(evc_random *random, evc_arena *arena) {
  uint32_t kind = evc_random_below(random, 20);
  if (kind < 11) return strings[evc_random_below(random, USUAL_STRINGS)];
  if (kind < 18) return strings[evc_random_below(random, STRINGS)];
  evc_builder text;
  evc_build_init(&text, arena);
  for (uint32_t left = evc_random_below(random, 9); left > 0; left--) {
    char bytes[4];
    evc_build(&text, bytes, evc_utf8_write(bytes, random_code_point(random)));
  }
  return evc_build_end(&text);
}

size_t evc_pool_number_count(void) {
  return NUMBERS;
}
double evc_pool_number_at(size_t index) {
  return numbers[index];
}
size_t evc_pool_string_count(void) {
  return STRINGS;
}
evc_text evc_pool_string_at(size_t index) {
  return strings[index];
}
