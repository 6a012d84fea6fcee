/* Making an example small: what does not matter is null, what does is as simple as it can be. */
#include "../base/decimal.h"
#include "../value/value.h"
#include "attack.h"

#include <math.h>

/* Chosen: inputs and parts that may be looked at for one example, some milliseconds; how many fields
** must hold something before several are left out at once. */
enum { ROUNDS = 3, MOST_WORK = 1 << 20, MANY = 32 };

/* One attempt at making things simpler. */
typedef struct shrinking {
  evc_attack *attack;
  evc_attack_check *check;
  const void *goal;
  evc_value *values;
  uint64_t work; /* that is left; what seems to do no good where there is none */
} shrinking;

static bool holds(shrinking *s) {
  uint64_t cost = (uint64_t)s->attack->input_count + evc_calculation_part_count(s->attack->traced);
  if (s->work < cost) return false;
  s->work -= cost;
  return s->check(s->attack, s->values, s->goal);
}

static bool holds_with(shrinking *s, uint32_t input, evc_value value) {
  evc_value before = s->values[input];
  bool number = value.kind == EVC_KIND_NUMBER;
  if (number && !(fabs(value.as.number) <= s->attack->largest)) return false;
  s->values[input] = value;
  if (holds(s)) return true;
  s->values[input] = before;
  return false;
}

/* Ever shorter runs of many fields, left out at once. */
static void leave_out_runs(shrinking *s, evc_value *before) {
  uint32_t count = s->attack->input_count;
  for (uint32_t run = count / 2; run >= MANY / 2; run /= 2)
    for (uint32_t start = 0; start < count; start += run) {
      uint32_t end = run < count - start ? start + run : count;
      evc_attack_copy(s->attack, before, s->values);
      for (uint32_t i = start; i < end; i++) s->values[i] = evc_value_null();
      if (!holds(s)) evc_attack_copy(s->attack, s->values, before);
    }
}

/* The number with only its first digits. */
static double shortened(double number, int digits) {
  evc_decimal d = evc_decimal_of(number);
  if (d.count > digits) d.count = digits;
  while (d.count > 0 && d.digits[d.count - 1] == '0') d.count--;
  return evc_decimal_value(&d);
}

/* Simple numbers first, then the number itself with ever more of its digits. */
static bool simpler_number(double number, uint32_t attempt, double *simpler) {
  static const double simple[] = {0, 1, -1, 2, 10, 100, 1000};
  enum { SIMPLE = sizeof simple / sizeof *simple, DIGITS = 6 };
  if (attempt < SIMPLE)
    *simpler = simple[attempt];
  else if (attempt == SIMPLE)
    *simpler = trunc(number);
  else if (attempt == SIMPLE + 1)
    *simpler = ceil(number);
  else
    *simpler = shortened(number, (int)(attempt - SIMPLE - 1));
  return attempt < SIMPLE + 2 + DIGITS && *simpler != number;
}

static void simplify_number(shrinking *s, uint32_t input) {
  double number = s->values[input].as.number, simpler;
  for (uint32_t attempt = 0; simpler_number(number, attempt, &simpler); attempt++) {
    evc_value value = {.as.number = simpler, .kind = EVC_KIND_NUMBER};
    if (holds_with(s, input, value)) return;
  }
}

/* The texts of the calculation come first. */
static void simplify_string(shrinking *s, uint32_t input) {
  const evc_attack *a = s->attack;
  evc_text now = {s->values[input].as.text, s->values[input].length};
  for (uint32_t i = 0; i < a->string_count; i++) {
    evc_text text = a->strings[i];
    if (text.length >= now.length) continue;
    evc_value value = {
        .as.text = text.data, .length = (uint32_t)text.length, .kind = EVC_KIND_STRING};
    if (holds_with(s, input, value)) return;
  }
}

static void simplify(shrinking *s, uint32_t input) {
  evc_kind kind = (evc_kind)s->values[input].kind;
  if (kind == EVC_KIND_NULL || holds_with(s, input, (evc_value){.kind = EVC_KIND_NULL})) return;
  if (kind == EVC_KIND_NUMBER) simplify_number(s, input);
  if (kind == EVC_KIND_STRING) simplify_string(s, input);
}

const evc_value *evc_attack_shrunk(evc_attack *a, const evc_value *values, evc_attack_check *check,
                                   const void *goal) {
  evc_value *copy = evc_arena_alloc(&a->arena, a->input_count * sizeof *copy);
  if (!copy) {
    a->out_of_memory = true;
    return NULL;
  }
  evc_attack_copy(a, copy, values);
  shrinking s = {a, check, goal, copy, MOST_WORK};
  if (a->input_count >= MANY) leave_out_runs(&s, a->base);
  for (int round = 0; round < ROUNDS; round++)
    for (uint32_t i = 0; i < a->input_count; i++) simplify(&s, i);
  return copy;
}
