/* Making the next event.
**
** First every value worth trying, one field at a time. Then mostly by aim: an event that showed
** something is taken up again, a comparison that it met is chosen, and a field is set so that the
** comparison should come out otherwise: to the value of the other side or beside it, or, where the
** field is a part of a sum, to where the secant of two attempts crosses. Divisors are aimed at
** zero.
*/
#include "attack.h"

#include <float.h>
#include <math.h>

#include "../value/value.h"
#include "pool.h"

enum { STEPS = 5 }; /* of a secant */

static const evc_node *node_at(const evc_attack *a, uint32_t node) {
  return &a->tree.nodes[node];
}

static uint32_t below(evc_attack *a, uint32_t limit) {
  return evc_random_below(&a->random, limit);
}

static const evc_trace *trace_of(const evc_attack *a, uint32_t node) {
  return &a->trace[a->part_of[node]];
}

static evc_value number_value(double number) {
  return (evc_value){.as.number = number, .kind = EVC_KIND_NUMBER};
}

/* ---- Any values ----------------------------------------------------------------------------- */

static void set_candidate(evc_attack *a, uint32_t input) {
  uint32_t number = below(a, a->inputs[input].candidates);
  evc_type type = a->inputs[input].type;
  bool numeric = type == EVC_TYPE_NUMBER || type == EVC_TYPE_DYNAMIC;
  if (evc_random_chance(&a->random, 1, 10))
    a->values[input] = evc_value_null();
  else if (numeric && evc_random_chance(&a->random, 1, 8))
    a->values[input] = number_value(evc_pool_number(&a->random));
  else
    evc_attack_candidate(a, input, number, &a->values[input]);
}

/* ---- Solving -------------------------------------------------------------------------------- */

/* How far two sides are apart; false where either is no number. Without a right side: the left. */
static bool distance(const evc_attack *a, uint32_t left, uint32_t right, double *apart) {
  const evc_trace *x = trace_of(a, left), *y = right == EVC_NO_NODE ? NULL : trace_of(a, right);
  if (!x->evaluated || x->value.kind != EVC_KIND_NUMBER) return false;
  if (y && (!y->evaluated || y->value.kind != EVC_KIND_NUMBER)) return false;
  *apart = x->value.as.number - (y ? y->value.as.number : 0);
  return isfinite(*apart);
}

/* Try a number, and how far the sides then are apart. */
static bool probe(evc_attack *a, uint32_t input, double number, uint32_t left, uint32_t right,
                  double *apart) {
  if (!isfinite(number)) return false;
  a->values[input] = number_value(number);
  return evc_attack_try(a) && distance(a, left, right, apart);
}

/* Where the sides are equal, and what is beside it. */
static void try_around(evc_attack *a, uint32_t input, double number) {
  const double around[] = {
      number,    nextafter(number, DBL_MAX), nextafter(number, -DBL_MAX), round(number), number + 1,
      number - 1};
  for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
    if (!isfinite(around[i])) continue;
    a->values[input] = number_value(around[i]);
    if (!evc_attack_try(a)) return;
  }
}

/* Move an input until both sides are equal, by the secant method. */
static void solve(evc_attack *a, uint32_t input, uint32_t left, uint32_t right) {
  double x = a->values[input].kind == EVC_KIND_NUMBER ? a->values[input].as.number : 1;
  double step = evc_random_chance(&a->random, 1, 2) ? 1 : fabs(x) / 8 + 1e-3;
  double y, next = x + step, next_y;
  if (!probe(a, input, x, left, right, &y) || !probe(a, input, next, left, right, &next_y)) return;
  for (int i = 0; i < STEPS && next_y != 0; i++) {
    double slope = (next_y - y) / (next - x);
    if (slope == 0 || !isfinite(slope)) return;
    double crossing = next - next_y / slope;
    if (crossing == next) break;
    x = next;
    y = next_y;
    next = crossing;
    if (!probe(a, input, next, left, right, &next_y)) return;
  }
  try_around(a, input, next);
}

/* ---- Aiming --------------------------------------------------------------------------------- */

/* One of the inputs below a node, each with equal chances; there is one at least. */
static uint32_t input_below(evc_attack *a, uint32_t node) {
  uint32_t chosen = EVC_NO_INPUT, count = 0;
  for (uint32_t i = a->first_of[node]; i <= node; i++)
    if (a->input_of[i] != EVC_NO_INPUT && below(a, ++count) == 0) chosen = a->input_of[i];
  return chosen;
}

/* A value that fits where that one does, or is beside it. */
static evc_value beside(evc_attack *a, evc_value value) {
  if (value.kind == EVC_KIND_BOOLEAN && evc_random_chance(&a->random, 1, 2))
    return evc_value_boolean(!value.as.boolean);
  if (value.kind != EVC_KIND_NUMBER) return value;
  double number = value.as.number;
  switch (below(a, 6)) {
  case 0: number = nextafter(number, DBL_MAX); break;
  case 1: number = nextafter(number, -DBL_MAX); break;
  case 2: number += 1; break;
  case 3: number -= 1; break;
  default: break;
  }
  return isfinite(number) ? number_value(number) : value;
}

/* Of the two sides, one that is an input, if there is any: then it is the first. */
static uint32_t put_input_first(evc_attack *a, uint32_t sides[2]) {
  uint32_t first = below(a, 2);
  if (evc_attack_input_of(a, sides[first]) == EVC_NO_INPUT) first = 1 - first;
  if (first == 1) {
    uint32_t moved = sides[0];
    sides[0] = sides[1];
    sides[1] = moved;
  }
  return evc_attack_input_of(a, sides[0]);
}

static void aim_at_sides(evc_attack *a, uint32_t node, uint32_t left, uint32_t right) {
  uint32_t sides[] = {left, right};
  uint32_t input = put_input_first(a, sides);
  const evc_trace *other = trace_of(a, sides[1]);
  double apart;
  if (input != EVC_NO_INPUT && other->evaluated && evc_random_chance(&a->random, 3, 4)) {
    a->values[input] = beside(a, other->value);
    evc_attack_try(a);
    return;
  }
  input = input_below(a, node);
  if (distance(a, left, right, &apart)) {
    solve(a, input, left, right);
    return;
  }
  set_candidate(a, input);
  evc_attack_try(a);
}

static void aim_at_divisor(evc_attack *a, uint32_t divisor) {
  uint32_t input = input_below(a, divisor);
  double apart;
  if (input == evc_attack_input_of(a, divisor)) {
    a->values[input] = number_value(0);
    evc_attack_try(a);
  } else if (distance(a, divisor, EVC_NO_NODE, &apart)) {
    solve(a, input, divisor, EVC_NO_NODE);
  } else {
    set_candidate(a, input);
    evc_attack_try(a);
  }
}

/* One of the candidates of IN. */
static uint32_t any_candidate(evc_attack *a, const evc_node *call) {
  uint32_t candidate = node_at(a, call->as.call.first)->next;
  for (uint32_t left = below(a, call->as.call.count - 1); left > 0; left--)
    candidate = node_at(a, candidate)->next;
  return candidate;
}

static void aim_at(evc_attack *a, uint32_t node) {
  const evc_node *n = node_at(a, node);
  if (a->input_of[node] != EVC_NO_INPUT) {
    set_candidate(a, a->input_of[node]);
    evc_attack_try(a);
  } else if (n->kind == EVC_NODE_CALL) {
    aim_at_sides(a, node, n->as.call.first, any_candidate(a, n));
  } else if (evc_operators[n->op].rule == EVC_RULE_ARITHMETIC) {
    aim_at_divisor(a, n->as.child.right);
  } else {
    aim_at_sides(a, node, n->as.child.left, n->as.child.right);
  }
}

/* Start from an event that showed something new, often from one of the last. */
static void take_up(evc_attack *a) {
  uint32_t behind = below(a, a->kept_count);
  if (evc_random_chance(&a->random, 1, 2)) behind = below(a, a->kept_count < 8 ? a->kept_count : 8);
  uint32_t place = (a->kept_next + a->kept_capacity - 1 - behind) % a->kept_capacity;
  evc_attack_copy(a, a->values, a->kept + (size_t)place * a->input_count);
}

/* A target that was met; rather one below a condition that has not shown all. */
static uint32_t choose_target(evc_attack *a) {
  uint32_t chosen = EVC_NO_NODE;
  for (int tries = 0; tries < 8; tries++) {
    uint32_t target = a->targets[below(a, a->target_count)];
    if (!trace_of(a, target)->evaluated && tries < 6) continue;
    chosen = target;
    for (uint32_t i = 0; i < a->condition_count; i++) {
      const evc_attack_condition_state *c = &a->conditions[i];
      bool open = !c->found.decided_true || !c->found.decided_false;
      if (open && target >= a->first_of[c->node] && target <= c->node) return target;
    }
  }
  return chosen;
}

static void aim(evc_attack *a) {
  if (a->target_count == 0 || a->kept_count == 0) return;
  take_up(a);
  evc_attack_evaluate(a, a->values);
  uint32_t target = choose_target(a);
  if (target != EVC_NO_NODE) aim_at(a, target);
}

/* ---- Steps ---------------------------------------------------------------------------------- */

static void set_usual(evc_attack *a) {
  for (uint32_t i = 0; i < a->input_count; i++) evc_attack_candidate(a, i, 0, &a->values[i]);
}

/* All null, then each value of each input in the company of usual ones. False when that is done. */
static bool set_next(evc_attack *a) {
  if (a->events == 0) {
    for (uint32_t i = 0; i < a->input_count; i++) a->values[i] = evc_value_null();
    return true;
  }
  if (a->input == a->input_count) return false;
  set_usual(a);
  evc_attack_candidate(a, a->input, a->candidate, &a->values[a->input]);
  if (++a->candidate == a->inputs[a->input].candidates) {
    a->input++;
    a->candidate = 0;
  }
  return true;
}

/* Change a few values of an event that showed something. */
static void change(evc_attack *a) {
  if (a->kept_count) take_up(a);
  for (uint32_t left = below(a, 3) + 1; left > 0; left--)
    set_candidate(a, below(a, a->input_count));
  evc_attack_try(a);
}

/* Half of one, half of another. */
static void cross(evc_attack *a) {
  if (a->kept_count == 0) return;
  take_up(a);
  evc_attack_copy(a, a->base, a->values);
  take_up(a);
  for (uint32_t i = 0; i < a->input_count; i++)
    if (evc_random_chance(&a->random, 1, 2)) a->values[i] = a->base[i];
  evc_attack_try(a);
}

static void scatter(evc_attack *a) {
  for (uint32_t i = 0; i < a->input_count; i++) set_candidate(a, i);
  evc_attack_try(a);
}

void evc_attack_step(evc_attack *a) {
  uint32_t kind = below(a, 16);
  if (set_next(a))
    evc_attack_try(a);
  else if (kind < 9)
    aim(a);
  else if (kind < 13)
    change(a);
  else if (kind < 14)
    cross(a);
  else
    scatter(a);
}
