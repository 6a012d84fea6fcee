#include "value.h"

#include "../base/decimal.h"

static evc_fault power(double base, double exponent, double *result) {
  *result = pow(base, exponent);
  if (isnan(*result)) return EVC_FAULT_NO_REAL;
  return isfinite(*result) ? EVC_FAULT_NONE : EVC_FAULT_NOT_FINITE;
}

evc_fault evc_arithmetic(evc_operator op, double a, double b, double *result) {
  switch (op) {
  case EVC_OP_ADD: *result = a + b; break;
  case EVC_OP_SUBTRACT: *result = a - b; break;
  case EVC_OP_MULTIPLY: *result = a * b; break;
  case EVC_OP_POWER: return power(a, b, result);
  case EVC_OP_DIVIDE:
    if (b == 0) return EVC_FAULT_DIVISION;
    *result = a / b;
    break;
  default: /* EVC_OP_MODULO */
    if (b == 0) return EVC_FAULT_DIVISION;
    *result = fmod(a, b);
    break;
  }
  return isfinite(*result) ? EVC_FAULT_NONE : EVC_FAULT_NOT_FINITE;
}

static bool holds(evc_operator op, int order) {
  switch (op) {
  case EVC_OP_EQ: return order == 0;
  case EVC_OP_NE: return order != 0;
  case EVC_OP_LT: return order < 0;
  case EVC_OP_LE: return order <= 0;
  case EVC_OP_GT: return order > 0;
  default: return order >= 0; /* EVC_OP_GE */
  }
}

evc_fault evc_compare(evc_operator op, const evc_value *a, const evc_value *b, bool *result) {
  if (a->kind == EVC_KIND_NULL || b->kind == EVC_KIND_NULL) {
    bool both = a->kind == b->kind;
    *result = op == EVC_OP_EQ ? both : op == EVC_OP_NE ? !both : false;
    return EVC_FAULT_NONE;
  }
  if (a->kind != b->kind) return EVC_FAULT_KIND;
  int order;
  if (a->kind == EVC_KIND_NUMBER)
    order = (a->as.number > b->as.number) - (a->as.number < b->as.number);
  else if (a->kind == EVC_KIND_STRING) order = evc_string_order(a, b);
  else order = a->as.boolean - b->as.boolean;
  *result = holds(op, order);
  return EVC_FAULT_NONE;
}

evc_fault evc_matches(const evc_value *value, const evc_value *candidate, bool *result) {
  *result = false;
  if (value->kind == EVC_KIND_NULL || candidate->kind == EVC_KIND_NULL) return EVC_FAULT_NONE;
  return evc_compare(EVC_OP_EQ, value, candidate, result);
}

evc_fault evc_round(evc_function function, double number, int scale, double *result) {
  evc_decimal d = evc_decimal_of(number);
  int kept = d.exponent + scale; /* digits before the place that is rounded to */
  *result = number;
  if (d.count == 0 || kept >= d.count) return EVC_FAULT_NONE;
  bool away = function == EVC_FN_ROUND  ? kept >= 0 && d.digits[kept] >= '5'
              : function == EVC_FN_CEIL ? !d.negative
                                        : d.negative;
  if (kept <= 0) {
    d.count = 0;
    d.exponent = -scale;
  } else {
    d.count = kept;
  }
  if (away) evc_decimal_increment(&d);
  *result = evc_decimal_value(&d);
  return isfinite(*result) ? EVC_FAULT_NONE : EVC_FAULT_NOT_FINITE;
}
