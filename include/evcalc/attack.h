/* Attacking one calculation with events, to see what its author did not: an event on which it
** fails, whether it is ever true and ever false, and which of its conditions matter.
**
** Events are made from the calculation's own constants and their neighbours, from nulls, and from
** what earlier events showed: where a comparison came out one way, the next event is made so that
** it should come out the other way.
**
** An attack belongs to one thread at a time; its calculation must outlive it. What it finds
** depends on the calculation, the options, the seed and the calls so far, and on nothing else.
**
**   evc_attack *attack = evc_attack_new(calculation, 1, NULL, NULL);
**   evc_attack_run(attack, 100000);
**   if (evc_attack_result(attack).failures > 0) {
**     evc_attack_example(attack, EVC_EXAMPLE_FAILURE, 0, event);
**     evc_report *report = evc_outcome_report(calculation, evc_evaluate(calculation, event));
**     evc_report_print(report, text, length, NULL, EVC_STYLE_CARET, stderr);
**     evc_report_free(report);
**   }
*/
#ifndef EVCALC_ATTACK_H
#define EVCALC_ATTACK_H

#include "evcalc/base.h"
#include "evcalc/calculation.h"
#include "evcalc/evaluate.h"
#include "evcalc/event.h"

#ifdef __cplusplus
extern "C" {
#endif

/* So many conditions are looked at, of calculations of more than 10 KiB fewer, and so many
** different failures kept (chosen). */
#define EVC_ATTACK_CONDITIONS 200
#define EVC_ATTACK_FAILURES   16

/* How to attack. Start from {0}. */
typedef struct evc_attack_options {
  bool hostile;   /* fields may also hold what their types do not allow */
  double largest; /* no number in an event is larger, or smaller than 1 by it and not 0; 0: any */
} evc_attack_options;

typedef struct evc_attack evc_attack;

/* An attack on a calculation. `options` may be NULL. NULL when out of memory. */
EVC_API evc_attack *evc_attack_new(const evc_calculation *calculation, uint64_t seed,
                                   const evc_attack_options *options,
                                   const evc_allocator *allocator);
EVC_API void evc_attack_free(evc_attack *attack);

/* Try at most so many more events. EVC_OK: so many were tried. EVC_END: it stopped before, because
** everything was seen that there is to see and for a good while nothing new. EVC_OUT_OF_MEMORY: it
** stopped, and can go on. */
EVC_API evc_status evc_attack_run(evc_attack *attack, uint64_t events);

/* What was found so far. */
typedef struct evc_attack_summary {
  uint64_t events; /* tried */
  bool ever_true, ever_false;
  size_t failures;   /* by code and place, at most EVC_ATTACK_FAILURES */
  size_t conditions; /* that are looked at, at most EVC_ATTACK_CONDITIONS */
  size_t covered;    /* of these: seen to decide where true, and where false */
  size_t ignored;    /* conditions past the limit */
} evc_attack_summary;

EVC_API evc_attack_summary evc_attack_result(const evc_attack *attack);

/* A condition: an operand of AND or OR, what stands before a '?', or a Boolean behind it that is
** no constant. A chain of ANDs or ORs is one operation with many operands. A calculation without
** any of these has no conditions. Null counts as false.
**
** A condition decides on an event where the answer would be another if this condition alone had
** come out the other way. One that never decides where it is true could be false at all times, and
** one that never does where it is false could be true, without a change of any answer that was
** seen. */
typedef struct evc_condition {
  size_t start, end; /* its text */
  bool reached;      /* it was evaluated: nothing before it decided */
  bool seen_true, seen_false;
  bool decided_true, decided_false; /* where it was true, where it was false */
} evc_condition;

/* Zeroed past the end. */
EVC_API evc_condition evc_attack_condition(const evc_attack *attack, size_t index);

/* A failure as evaluating its event gives it; status EVC_OK past the end. In the order in which
** they were found, but results that are too large come last. */
EVC_API evc_outcome evc_attack_failure(const evc_attack *attack, size_t index);

/* The events that are kept as examples. */
typedef enum evc_example {
  EVC_EXAMPLE_TRUE,         /* the calculation is true; `index` does not matter */
  EVC_EXAMPLE_FALSE,        /* it is false */
  EVC_EXAMPLE_FAILURE,      /* failure `index` */
  EVC_EXAMPLE_DECIDED_TRUE, /* condition `index` is true and decides */
  EVC_EXAMPLE_DECIDED_FALSE /* it is false and decides */
} evc_example;

/* Fill an event of the calculation's type (cleared first) with an example: a small one, in which
** what does not matter is null. Values are copied into the event. Returns EVC_OK, EVC_NOT_FOUND
** when there is no such example, EVC_WRONG_KIND for an event of another type, or
** EVC_OUT_OF_MEMORY. */
EVC_API evc_status evc_attack_example(const evc_attack *attack, evc_example what, size_t index,
                                      evc_event *event);

#ifdef __cplusplus
}
#endif
#endif
