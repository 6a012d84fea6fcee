/* Inside an attack. */
#ifndef EVC_GENERATE_ATTACK_H
#define EVC_GENERATE_ATTACK_H

#include "../base/arena.h"
#include "../syntax/tree.h"
#include "evcalc/attack.h"
#include "random.h"

#define EVC_NO_INPUT UINT32_MAX

/* A field, or a member of a map field, that the calculation reads. */
typedef struct evc_attack_input {
  size_t slot;
  evc_text member;     /* or absent */
  evc_type type;       /* EVC_TYPE_DYNAMIC of a member */
  bool only_null;      /* JSON cannot tell a value of it beside those of others */
  uint32_t candidates; /* values worth trying */
} evc_attack_input;

/* A condition, and the calculation as it is when that condition is always false or always true. */
typedef struct evc_attack_condition_state {
  uint32_t node;
  evc_condition found;
  evc_calculation *forced[2];  /* NULL: evaluation would fail */
  const evc_value *decided[2]; /* the values of the examples, where it is false and true */
} evc_attack_condition_state;

typedef struct evc_attack_failure_state {
  evc_outcome outcome;
  const evc_value *values;
} evc_attack_failure_state;

/* An event is a value for each input. */
/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): there is one, in an order to be read */
struct evc_attack {
  evc_allocator allocator;
  evc_arena arena;
  evc_random random;
  const evc_calculation *calculation;
  const evc_event_type *type;
  bool hostile;
  double largest; /* of a number in an event; infinite: any */

  /* What the calculation is: plan.c. */
  evc_calculation *traced;
  evc_tree tree;
  uint32_t *part_of;  /* node → part */
  uint32_t *first_of; /* node → the first node of its subtree, which ends with it */
  uint32_t *input_of; /* node → input, or EVC_NO_INPUT */
  evc_attack_input *inputs;
  uint32_t input_count;
  double *numbers; /* worth trying in any field */
  uint32_t number_count;
  evc_text *strings;
  uint32_t string_count;
  uint32_t *targets; /* nodes that can be made to come out otherwise */
  uint32_t target_count;
  evc_attack_condition_state *conditions;
  uint32_t condition_count, ignored;
  bool can_fail;

  /* What is being tried. */
  evc_event *event;
  evc_member *members; /* of the event's maps */
  evc_trace *trace;
  evc_value *values, *base;  /* the event that is tried, and room for another beside it */
  uint64_t wanted;           /* events in all */
  uint32_t input, candidate; /* how far the systematic part has come */

  /* What was found. */
  uint64_t events, quiet; /* tried, and of these the last ones that showed nothing new */
  uint8_t *met;           /* by part: the states that it has been in */
  evc_value *kept;        /* events that showed something new */
  uint32_t kept_count, kept_capacity, kept_next;
  const evc_value *examples[2]; /* false and true */
  evc_attack_failure_state failures[EVC_ATTACK_FAILURES];
  uint32_t failure_count;
  bool out_of_memory;
};

/* plan.c: fill in what the calculation is. False when out of memory. */
bool evc_attack_plan(evc_attack *attack);

/* The node without the parentheses around it. */
uint32_t evc_attack_inside(const evc_attack *attack, uint32_t node);

/* The input that a node is, or EVC_NO_INPUT. */
uint32_t evc_attack_input_of(const evc_attack *attack, uint32_t node);

/* Value number `number` of those worth trying for an input; null past the last, and false. */
bool evc_attack_candidate(const evc_attack *attack, uint32_t input, uint32_t number,
                          evc_value *value);

/* attack.c: evaluate on attack->values, which is tracked in attack->trace; nothing is noted. */
evc_outcome evc_attack_evaluate(evc_attack *attack, const evc_value *values);

/* Try attack->values: evaluate and note what is new. False when enough were tried. */
bool evc_attack_try(evc_attack *attack);

/* aim.c: make and try an event, or some. */
void evc_attack_step(evc_attack *attack);

/* shrink.c: a copy of the values, as many of them null or simple as can be while the example stays
** one of what it is for. NULL when out of memory. */
typedef bool evc_attack_check(evc_attack *attack, const evc_value *values, const void *goal);
const evc_value *evc_attack_shrunk(evc_attack *attack, const evc_value *values,
                                   evc_attack_check *check, const void *goal);

/* Copy an event. */
static inline void evc_attack_copy(const evc_attack *attack, evc_value *to, const evc_value *from) {
  for (uint32_t i = 0; i < attack->input_count; i++) to[i] = from[i];
}

#endif
