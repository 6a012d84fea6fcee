/* Evaluating a compiled calculation on an event.
**
** Evaluating allocates nothing, takes time linear in the calculation, the strings it compares and the
** members of the maps it reads, and writes only to the memory handed in; the same calculation may be evaluated by many threads,
** each with an event of its own.
*/
#ifndef EVCALC_EVALUATE_H
#define EVCALC_EVALUATE_H

#include "evcalc/base.h"
#include "evcalc/calculation.h"
#include "evcalc/event.h"
#include "evcalc/report.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What came out; small enough for two registers.
** EVC_OK: `value` is the answer (a calculation that comes out null is false: chosen).
** EVC_EVALUATION: `code` says why, [start, end) which part of the text failed, and for EVC_CODE_VALUE_KIND
** `found` what the event held and `wanted` what it should have held; `value` is false.
** EVC_WRONG_KIND: the event is of another Event type than the calculation's. */
typedef struct evc_outcome {
  uint8_t status; /* an evc_status */
  uint8_t code;   /* an evc_code, EVC_CODE_NONE unless status is EVC_EVALUATION */
  bool value;
  uint8_t found;  /* an evc_kind: what the event holds */
  uint8_t wanted; /* an evc_kind: what it should hold; EVC_KIND_NULL: a String or a Number */
  uint32_t start, end;
} evc_outcome;

/* Evaluate.
**
**   evc_outcome outcome = evc_evaluate(calculation, event);
**   if (outcome.status == EVC_OK) puts(outcome.value ? "fires" : "does not fire");
*/
EVC_API evc_outcome evc_evaluate(const evc_calculation *calculation, const evc_event *event);

/* Evaluate on bare values, one a slot in the order of the Event type's fields; the caller vouches
** for their number. The fastest way in. */
EVC_API evc_outcome evc_evaluate_values(const evc_calculation *calculation,
                                        const evc_value *values);

/* What became of one part in a traced evaluation. */
typedef struct evc_trace {
  bool evaluated; /* false: never reached, another operand decided or failed first */
  evc_value value;
} evc_trace;

/* Evaluate and record the value of every part (evc_calculation_part_count of them) in `trace`.
** The calculation must have been compiled with options.trace, else EVC_NOT_FOUND. The answer is the
** same as evc_evaluate's. */
EVC_API evc_outcome evc_evaluate_traced(const evc_calculation *calculation, const evc_event *event,
                                        evc_trace *trace);

/* An evaluation error as a report with one diagnostic, NULL for an outcome of any other status than
** EVC_EVALUATION. Its memory comes from the calculation's allocator; free it with evc_report_free. */
EVC_API evc_report *evc_outcome_report(const evc_calculation *calculation, evc_outcome outcome);

#ifdef __cplusplus
}
#endif
#endif
