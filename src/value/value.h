/* What can be done with values: arithmetic, comparison, rounding, with their null rules and errors. The
** checker folds constants with it, the evaluator runs on it; where the evaluator has a faster form of
** its own (program/evaluate.c), tests hold the two together. */
#ifndef EVC_VALUE_VALUE_H
#define EVC_VALUE_VALUE_H

#include <math.h>
#include <string.h>

#include "language.h"

/* Why an operation has no result. */
typedef enum evc_fault {
  EVC_FAULT_NONE = 0,
  EVC_FAULT_DIVISION, /* by zero */
  EVC_FAULT_NOT_FINITE,
  EVC_FAULT_NO_REAL, /* a negative number to a power that is not whole */
  EVC_FAULT_KIND     /* two Dynamic values of different kinds */
} evc_fault;

static inline evc_value evc_value_null(void) {
  return (evc_value){.as.number = 0, .length = 0, .kind = EVC_KIND_NULL};
}

static inline evc_value evc_value_number(double number) {
  return (evc_value){.as.number = number, .length = 0, .kind = EVC_KIND_NUMBER};
}

static inline evc_value evc_value_boolean(bool boolean) {
  return (evc_value){.as.boolean = boolean, .length = 0, .kind = EVC_KIND_BOOLEAN};
}

static inline bool evc_value_is_true(const evc_value *value) {
  return value->kind == EVC_KIND_BOOLEAN && value->as.boolean;
}

/* Number op Number for ARITHMETIC; both are finite, and so is the result of a call without fault. */
evc_fault evc_arithmetic(evc_operator op, double a, double b, double *result);

/* Two Strings: less than, equal to or greater than 0 by code point, which is by byte in UTF-8. */
static inline int evc_string_order(const evc_value *a, const evc_value *b) {
  uint32_t shared = a->length < b->length ? a->length : b->length;
  int order = memcmp(a->as.text, b->as.text, shared);
  return order ? order : (a->length > b->length) - (a->length < b->length);
}

/* Any comparison of EQUALITY or ORDER, null rules included. Two values of different kinds, which only
** Dynamic operands can be, are EVC_FAULT_KIND. */
evc_fault evc_compare(evc_operator op, const evc_value *a, const evc_value *b, bool *result);

/* Round, floor or ceil (an EVC_FN_…) to `scale` decimal places, on the shortest decimal that reads
** back as `number`; halves of round away from zero. */
evc_fault evc_round(evc_function function, double number, int scale, double *result);

/* One step of IN: does a candidate equal the value? Null never does. */
evc_fault evc_matches(const evc_value *value, const evc_value *candidate, bool *result);

#endif
