/* Attacking a calculation: trying events, and noting what they show. */
#include "attack.h"

#include <string.h>

#include "../base/memory.h"
#include "../event/event.h"
#include "../value/value.h"

/* Chosen: memory for events that showed something new; how long to go on without anything new where
** something can still fail; how many earlier events are remembered. */
enum { KEPT_MEMORY = 1 << 20, MOST_KEPT = 256, LEAST_KEPT = 8, LONG_QUIET = 10000 };

/* ---- Evaluating ----------------------------------------------------------------------------- */

/* The members that one map has, in the order of the inputs. */
static evc_value map_of(evc_attack *a, const evc_value *values, uint32_t input) {
  size_t slot = a->inputs[input].slot;
  evc_member *members = a->members + input;
  evc_value map = {.as.members = members, .kind = EVC_KIND_MAP};
  for (uint32_t i = input; i < a->input_count; i++) {
    if (a->inputs[i].slot != slot || values[i].kind == EVC_KIND_NULL) continue;
    members[map.length++] = (evc_member){a->inputs[i].member, values[i]};
  }
  return map;
}

evc_outcome evc_attack_evaluate(evc_attack *a, const evc_value *values) {
  for (uint32_t i = 0; i < a->input_count; i++)
    a->event->values[a->inputs[i].slot] = (evc_value){.kind = EVC_KIND_NULL};
  for (uint32_t i = 0; i < a->input_count; i++) {
    const evc_attack_input *input = &a->inputs[i];
    evc_value *slot = &a->event->values[input->slot];
    if (!input->member.data)
      *slot = values[i];
    else if (slot->kind == EVC_KIND_NULL && values[i].kind != EVC_KIND_NULL)
      *slot = map_of(a, values, i);
  }
  return evc_evaluate_traced(a->traced, a->event, a->trace);
}

/* ---- What an event shows -------------------------------------------------------------------- */

/* The states that a part can be in, each a bit. */
static uint8_t state_of(const evc_trace *trace) {
  if (!trace->evaluated) return 1;
  switch ((evc_kind)trace->value.kind) {
  case EVC_KIND_NULL: return 2;
  case EVC_KIND_BOOLEAN: return trace->value.as.boolean ? 4 : 8;
  case EVC_KIND_NUMBER:
    return trace->value.as.number > 0 ? 16 : trace->value.as.number < 0 ? 32 : 64;
  default: return 128;
  }
}

static bool note_states(evc_attack *a) {
  bool new_one = false;
  for (size_t part = 0; part < evc_calculation_part_count(a->traced); part++) {
    uint8_t state = state_of(&a->trace[part]);
    new_one |= !(a->met[part] & state);
    a->met[part] |= state;
  }
  return new_one;
}

static bool same_failure(evc_outcome a, evc_outcome b) {
  return a.status == b.status && a.code == b.code && a.start == b.start && a.end == b.end;
}

static bool still_fails(evc_attack *a, const evc_value *values, const void *goal) {
  return same_failure(evc_attack_evaluate(a, values), *(const evc_outcome *)goal);
}

/* Results that are too large come last, and are given up first: they take numbers that few events
** have. */
static bool is_too_large(evc_outcome outcome) {
  return outcome.code == EVC_CODE_NOT_FINITE;
}

static uint32_t place_of(const evc_attack *a, evc_outcome outcome) {
  uint32_t place = a->failure_count;
  while (!is_too_large(outcome) && place > 0 && is_too_large(a->failures[place - 1].outcome))
    place--;
  return place;
}

static bool note_failure(evc_attack *a, evc_outcome outcome) {
  for (uint32_t i = 0; i < a->failure_count; i++)
    if (same_failure(a->failures[i].outcome, outcome)) return false;
  uint32_t place = place_of(a, outcome);
  if (place == EVC_ATTACK_FAILURES) return false;
  const evc_value *values = evc_attack_shrunk(a, a->values, still_fails, &outcome);
  if (!values) return false;
  /* Of a value of the wrong type, the smaller event may have another one. */
  outcome = evc_attack_evaluate(a, values);
  if (a->failure_count < EVC_ATTACK_FAILURES) a->failure_count++;
  evc_attack_failure_state *at = &a->failures[place];
  memmove(at + 1, at, (a->failure_count - 1 - place) * sizeof *at);
  *at = (evc_attack_failure_state){outcome, values};
  return true;
}

static bool still_answers(evc_attack *a, const evc_value *values, const void *goal) {
  evc_outcome outcome = evc_attack_evaluate(a, values);
  return outcome.status == EVC_OK && outcome.value == *(const bool *)goal;
}

static bool note_answer(evc_attack *a, bool answer) {
  if (a->examples[answer]) return false;
  a->examples[answer] = evc_attack_shrunk(a, a->values, still_answers, &answer);
  return a->examples[answer] != NULL;
}

/* On the event that was evaluated: would the answer be another if the condition alone were? */
static bool decides(evc_attack *a, const evc_attack_condition_state *c, evc_outcome outcome) {
  const evc_trace *trace = &a->trace[a->part_of[c->node]];
  if (outcome.status != EVC_OK || !trace->evaluated) return false;
  const evc_calculation *otherwise = c->forced[!evc_value_is_true(&trace->value)];
  if (!otherwise) return false;
  evc_outcome other = evc_evaluate(otherwise, a->event);
  return other.status == EVC_OK && other.value != outcome.value;
}

/* A condition that decides, where it is true or where it is not. */
typedef struct decision {
  const evc_attack_condition_state *condition;
  bool is_true;
} decision;

static bool still_decides(evc_attack *a, const evc_value *values, const void *goal) {
  const decision *d = goal;
  evc_outcome outcome = evc_attack_evaluate(a, values);
  const evc_trace *trace = &a->trace[a->part_of[d->condition->node]];
  return decides(a, d->condition, outcome) && evc_value_is_true(&trace->value) == d->is_true;
}

static bool note_condition(evc_attack *a, evc_attack_condition_state *c, evc_outcome outcome) {
  const evc_trace *trace = &a->trace[a->part_of[c->node]];
  if (!trace->evaluated) return false;
  bool is_true = evc_value_is_true(&trace->value);
  bool *seen = is_true ? &c->found.seen_true : &c->found.seen_false;
  bool *decided = is_true ? &c->found.decided_true : &c->found.decided_false;
  bool new_one = !*seen;
  *seen = c->found.reached = true;
  if (*decided || !decides(a, c, outcome)) return new_one;
  decision goal = {c, is_true};
  c->decided[is_true] = evc_attack_shrunk(a, a->values, still_decides, &goal);
  *decided = c->decided[is_true] != NULL;
  evc_attack_evaluate(a, a->values); /* for the next condition */
  return true;
}

static bool is_covered(const evc_condition *c) {
  return c->decided_true && c->decided_false;
}

/* Events that showed something new are remembered, in the end the newest of them. */
static void keep(evc_attack *a) {
  evc_attack_copy(a, a->kept + (size_t)a->kept_next * a->input_count, a->values);
  a->kept_next = (a->kept_next + 1) % a->kept_capacity;
  if (a->kept_count < a->kept_capacity) a->kept_count++;
}

/* Make of the values what JSON can tell, and numbers that are within the limit. */
static void limit(evc_attack *a) {
  for (uint32_t i = 0; i < a->input_count; i++) {
    evc_value *value = &a->values[i];
    if (a->inputs[i].only_null) *value = evc_value_null();
    if (value->kind != EVC_KIND_NUMBER) continue;
    double magnitude = fabs(value->as.number);
    if (magnitude < 1 / a->largest) value->as.number = 0;
    if (magnitude > a->largest) value->as.number = value->as.number < 0 ? -a->largest : a->largest;
  }
}

bool evc_attack_try(evc_attack *a) {
  if (a->events == a->wanted || a->out_of_memory) return false;
  limit(a);
  a->events++;
  a->quiet++;
  evc_outcome outcome = evc_attack_evaluate(a, a->values);
  bool new_one = note_states(a);
  for (uint32_t i = 0; i < a->condition_count && outcome.status == EVC_OK; i++)
    if (!is_covered(&a->conditions[i].found))
      new_one |= note_condition(a, &a->conditions[i], outcome);
  new_one |= outcome.status == EVC_OK ? note_answer(a, outcome.value) : note_failure(a, outcome);
  if (!new_one) return true;
  a->quiet = 0;
  keep(a);
  evc_attack_evaluate(a, a->values); /* for whoever goes by the trace */
  return true;
}

/* ---- Public face ---------------------------------------------------------------------------- */

static bool make_room(evc_attack *a) {
  size_t event = evc_size_mul(a->input_count, sizeof *a->values);
  size_t fitting = event ? KEPT_MEMORY / event : MOST_KEPT;
  a->kept_capacity = fitting > MOST_KEPT    ? MOST_KEPT
                     : fitting < LEAST_KEPT ? LEAST_KEPT
                                            : (uint32_t)fitting;
  size_t parts = evc_calculation_part_count(a->traced);
  a->event = evc_event_new(a->type, &a->allocator);
  a->members = evc_arena_alloc(&a->arena, evc_size_mul(a->input_count, sizeof *a->members));
  a->trace = evc_arena_alloc(&a->arena, evc_size_mul(parts, sizeof *a->trace));
  a->met = evc_arena_alloc(&a->arena, parts);
  a->values = evc_arena_alloc(&a->arena, event);
  a->base = evc_arena_alloc(&a->arena, event);
  a->kept = evc_arena_alloc(&a->arena, evc_size_mul(event, a->kept_capacity));
  if (!a->event || !a->members || !a->trace || !a->met || !a->values || !a->base || !a->kept)
    return false;
  memset(a->met, 0, parts);
  return true;
}

evc_attack *evc_attack_new(const evc_calculation *calculation, uint64_t seed,
                           const evc_attack_options *options, const evc_allocator *allocator) {
  evc_allocator given = evc_allocator_of(allocator);
  evc_attack *a = evc_allocate(&given, sizeof *a);
  if (!a) return NULL;
  *a = (evc_attack){.allocator = given, .calculation = calculation};
  a->hostile = options && options->hostile;
  a->largest = options && options->largest > 0 ? options->largest : INFINITY;
  evc_arena_init(&a->arena, &given, NULL, 0);
  evc_random_seed(&a->random, seed);
  if (evc_attack_plan(a) && make_room(a)) return a;
  evc_attack_free(a);
  return NULL;
}

void evc_attack_free(evc_attack *a) {
  if (!a) return;
  for (uint32_t i = 0; i < a->condition_count; i++)
    for (int to = 0; to < 2; to++) evc_calculation_free(a->conditions[i].forced[to]);
  evc_event_free(a->event);
  evc_calculation_free(a->traced);
  evc_arena_free(&a->arena);
  evc_allocator allocator = a->allocator;
  evc_release(&allocator, a, sizeof *a);
}

/* Nothing more is to be expected. */
static bool is_done(const evc_attack *a) {
  if (a->input_count == 0) return a->events > 0;
  if (!a->examples[false] || !a->examples[true]) return false;
  for (uint32_t i = 0; i < a->condition_count; i++)
    if (!is_covered(&a->conditions[i].found)) return false;
  return !a->can_fail || a->quiet >= LONG_QUIET;
}

evc_status evc_attack_run(evc_attack *a, uint64_t events) {
  a->out_of_memory = false;
  a->wanted = events < UINT64_MAX - a->events ? a->events + events : UINT64_MAX;
  while (a->events < a->wanted && !a->out_of_memory) {
    if (is_done(a)) return EVC_END;
    evc_attack_step(a);
  }
  return a->out_of_memory ? EVC_OUT_OF_MEMORY : EVC_OK;
}

evc_attack_summary evc_attack_result(const evc_attack *a) {
  evc_attack_summary summary = {.events = a->events,
                                .ever_true = a->examples[true] != NULL,
                                .ever_false = a->examples[false] != NULL,
                                .failures = a->failure_count,
                                .conditions = a->condition_count,
                                .ignored = a->ignored};
  for (uint32_t i = 0; i < a->condition_count; i++)
    summary.covered += is_covered(&a->conditions[i].found);
  return summary;
}

evc_condition evc_attack_condition(const evc_attack *a, size_t index) {
  return index < a->condition_count ? a->conditions[index].found : (evc_condition){0};
}

evc_outcome evc_attack_failure(const evc_attack *a, size_t index) {
  return index < a->failure_count ? a->failures[index].outcome : (evc_outcome){.status = EVC_OK};
}

static const evc_value *values_of(const evc_attack *a, evc_example what, size_t index) {
  switch (what) {
  case EVC_EXAMPLE_TRUE: return a->examples[true];
  case EVC_EXAMPLE_FALSE: return a->examples[false];
  case EVC_EXAMPLE_FAILURE: return index < a->failure_count ? a->failures[index].values : NULL;
  default:
    if (index >= a->condition_count) return NULL;
    return a->conditions[index].decided[what == EVC_EXAMPLE_DECIDED_TRUE];
  }
}

/* A copy of the event's own. */
static bool copy_value(evc_event *event, evc_value *value) {
  if (value->kind != EVC_KIND_STRING) return true;
  evc_text copy = evc_arena_text(&event->store, value->as.text, value->length);
  value->as.text = copy.data;
  return copy.data != NULL;
}

static bool add_member(const evc_attack *a, evc_event *event, uint32_t input, evc_value value) {
  evc_value *map = &event->values[a->inputs[input].slot];
  evc_member *members = evc_arena_alloc(&event->store, (map->length + 1) * sizeof *members);
  evc_text name = a->inputs[input].member;
  name = evc_arena_text(&event->store, name.data, name.length);
  if (!members || !name.data) return false;
  if (map->length) memcpy(members, map->as.members, map->length * sizeof *members);
  members[map->length] = (evc_member){name, value};
  *map = (evc_value){.as.members = members, .length = map->length + 1, .kind = EVC_KIND_MAP};
  return true;
}

evc_status evc_attack_example(const evc_attack *a, evc_example what, size_t index,
                              evc_event *event) {
  if (event->type != a->type) return EVC_WRONG_KIND;
  const evc_value *values = values_of(a, what, index);
  evc_event_clear(event);
  if (!values) return EVC_NOT_FOUND;
  bool copied = true;
  for (uint32_t i = 0; i < a->input_count && copied; i++) {
    evc_value value = values[i];
    if (value.kind == EVC_KIND_NULL) continue;
    copied = copy_value(event, &value);
    if (!a->inputs[i].member.data)
      event->values[a->inputs[i].slot] = value;
    else
      copied = copied && add_member(a, event, i, value);
  }
  if (copied) return EVC_OK;
  evc_event_clear(event);
  return EVC_OUT_OF_MEMORY;
}
