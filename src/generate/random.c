#include "random.h"

static uint64_t rotated(uint64_t bits, int by) {
  return bits << by | bits >> (64 - by);
}

/* splitmix64: one step from any state, however poor. */
static uint64_t split(uint64_t *state) {
  uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
  z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
  return z ^ z >> 31;
}

void evc_random_seed(evc_random *random, uint64_t seed) {
  for (size_t i = 0; i < 4; i++) random->state[i] = split(&seed);
  random->fed = NULL;
  random->fed_count = 0;
}

/* The next `count` bytes that were fed; what is missing is 0. */
static uint64_t take_fed(evc_random *random, size_t count) {
  uint64_t number = 0;
  for (; count > 0 && random->fed_count > 0; count--, random->fed_count--)
    number = number << 8 | *random->fed++;
  return number;
}

/* xoshiro256**. */
uint64_t evc_random_next(evc_random *random) {
  if (random->fed_count > 0) return take_fed(random, 8);
  uint64_t *s = random->state;
  uint64_t result = rotated(s[1] * 5, 7) * 9;
  uint64_t shifted = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= shifted;
  s[3] = rotated(s[3], 45);
  return result;
}

/* The upper half of a product: its bias is limit in 2^32, which nobody will see. */
uint32_t evc_random_below(evc_random *random, uint32_t limit) {
  if (limit <= 1) return 0;
  if (random->fed_count > 0) return (uint32_t)(take_fed(random, limit <= 256 ? 1 : 4) % limit);
  return (uint32_t)((evc_random_next(random) >> 32) * limit >> 32);
}

int32_t evc_random_between(evc_random *random, int32_t first, int32_t last) {
  return first + (int32_t)evc_random_below(random, (uint32_t)(last - first) + 1);
}

bool evc_random_chance(evc_random *random, uint32_t part, uint32_t whole) {
  return evc_random_below(random, whole) < part;
}

/* An exponent that says "not finite" is made another. */
double evc_random_double(evc_random *random) {
  const uint64_t exponent = UINT64_C(0x7FF) << 52;
  union {
    uint64_t bits;
    double value;
  } number = {.bits = evc_random_next(random)};
  if ((number.bits & exponent) == exponent) number.bits ^= UINT64_C(1) << 62;
  return number.value;
}
