/* Calls: how many arguments, of which types, and what comes out. */
#include "check.h"

static evc_node *node_of(evc_checked *c, uint32_t index) { return &c->tree->nodes[index]; }

static uint32_t next_argument(const evc_checked *c, uint32_t argument) {
  return c->tree->nodes[argument].next;
}

/* Number or Dynamic, else a finding; a literal null is one too. */
static bool check_number(evc_checked *c, uint32_t call, uint32_t argument) {
  evc_type type = evc_check_operand(c, argument);
  if (type != EVC_TYPE_NUMBER && type != EVC_TYPE_DYNAMIC && type != EVC_TYPE_UNKNOWN) {
    evc_check_find(c, EVC_MSG_ARGUMENT_TYPE, argument, call);
    return false;
  }
  evc_check_expect(c, argument, EVC_TYPE_NUMBER);
  return true;
}

static bool all_constant(const evc_checked *c, uint32_t first, uint32_t count) {
  for (uint32_t i = 0; i < count; i++, first = next_argument(c, first))
    if (!c->facts[first].is_constant) return false;
  return true;
}

static double absolute(double number) { return number < 0 ? -number : number; }

static void fold_numbers(evc_checked *c, uint32_t index, uint32_t first, uint32_t count) {
  evc_function function = (evc_function)node_of(c, index)->op;
  double result = c->facts[first].constant.as.number;
  uint32_t argument = first;
  for (uint32_t i = 0; i < count; i++, argument = next_argument(c, argument)) {
    const evc_value *value = &c->facts[argument].constant;
    if (value->kind == EVC_KIND_NULL) {
      evc_check_fold(c, index, evc_value_null());
      return;
    }
    double number = value->as.number;
    if (function == EVC_FN_MAX && number > result) result = number;
    if (function == EVC_FN_MIN && number < result) result = number;
    if (function == EVC_FN_ABS) result = absolute(number);
    if (function == EVC_FN_POW && i == 1) {
      evc_fault fault = evc_arithmetic(EVC_OP_POWER, result, number, &result);
      if (fault) {
        evc_check_fault(c, index, fault);
        return;
      }
    }
  }
  evc_check_fold(c, index, evc_value_number(result));
}

static void check_numbers(evc_checked *c, uint32_t index, uint32_t count) {
  evc_node *call = node_of(c, index);
  evc_function function = (evc_function)call->op;
  uint32_t argument = call->as.call.first;
  bool fits = true;
  for (uint32_t i = 0; i < count; i++, argument = next_argument(c, argument)) {
    fits &= check_number(c, index, argument);
    if (i == 0) continue;
    if (function == EVC_FN_MAX) c->facts[argument].role = EVC_ROLE_MAX;
    if (function == EVC_FN_MIN) c->facts[argument].role = EVC_ROLE_MIN;
  }
  call->type = EVC_TYPE_NUMBER;
  if (fits && count >= evc_functions[function].least &&
      all_constant(c, call->as.call.first, count))
    fold_numbers(c, index, call->as.call.first, count);
  else if (function == EVC_FN_POW && count == 2)
    evc_check_take_in(c, next_argument(c, call->as.call.first));
}

static bool check_scale(evc_checked *c, uint32_t call, uint32_t argument) {
  evc_type type = evc_check_operand(c, argument);
  const evc_fact *fact = &c->facts[argument];
  c->facts[argument].role = EVC_ROLE_SCALE;
  if (type == EVC_TYPE_UNKNOWN) return false;
  bool constant = fact->is_constant && fact->constant.kind == EVC_KIND_NUMBER;
  double scale = constant ? fact->constant.as.number : 0;
  if (constant && scale == floor(scale) && absolute(scale) <= EVC_SCALE_LIMIT) return true;
  evc_check_find(c, EVC_MSG_SCALE_NOT_CONSTANT, argument, call);
  return false;
}

static void check_scaled(evc_checked *c, uint32_t index, uint32_t count) {
  evc_node *call = node_of(c, index);
  call->type = EVC_TYPE_NUMBER;
  if (count == 0) return;
  uint32_t number = call->as.call.first, scale = next_argument(c, number);
  bool fits = check_number(c, index, number);
  if (count > 1) fits &= check_scale(c, index, scale);
  if (!fits || !c->facts[number].is_constant) return;
  const evc_value *value = &c->facts[number].constant;
  if (value->kind == EVC_KIND_NULL) {
    evc_check_fold(c, index, *value);
    return;
  }
  double result;
  int places = count > 1 ? (int)c->facts[scale].constant.as.number : 0;
  evc_fault fault =
      evc_round((evc_function)call->op, value->as.number, places, &result);
  if (fault) evc_check_fault(c, index, fault);
  else evc_check_fold(c, index, evc_value_number(result));
}

static void check_default(evc_checked *c, uint32_t index, uint32_t count) {
  evc_node *call = node_of(c, index);
  if (count < 2) return;
  uint32_t value = call->as.call.first, other = next_argument(c, value);
  evc_type a = (evc_type)node_of(c, value)->type, b = (evc_type)node_of(c, other)->type;
  c->facts[value].role = EVC_ROLE_DEFAULTED;
  if (a == EVC_TYPE_NULL && b == EVC_TYPE_NULL) {
    evc_check_find(c, EVC_MSG_NULL_BOTH, evc_check_inside(c->tree, other), 0);
    return;
  }
  evc_type joined = evc_check_join(a, b);
  if (joined == EVC_TYPE_END) {
    evc_check_find(c, EVC_MSG_ARGUMENT_MIXED, other, index);
    return;
  }
  evc_check_expect(c, value, joined);
  evc_check_expect(c, other, joined);
  call->type = (uint8_t)joined;
  c->facts[index].nullable = c->facts[value].nullable && c->facts[other].nullable;
  if (c->facts[value].is_constant && c->facts[other].is_constant) {
    const evc_value *first = &c->facts[value].constant;
    evc_check_fold(c, index, first->kind == EVC_KIND_NULL ? c->facts[other].constant : *first);
  }
}

static bool can_be_member(evc_type type) {
  return type == EVC_TYPE_NUMBER || type == EVC_TYPE_STRING || type == EVC_TYPE_DYNAMIC ||
         type == EVC_TYPE_UNKNOWN;
}

static void fold_membership(evc_checked *c, uint32_t index, uint32_t count) {
  uint32_t value = node_of(c, index)->as.call.first, candidate = value;
  bool found = false;
  for (uint32_t i = 1; i < count; i++) {
    bool matches;
    candidate = next_argument(c, candidate);
    evc_matches(&c->facts[value].constant, &c->facts[candidate].constant, &matches);
    found |= matches;
  }
  evc_check_fold(c, index, evc_value_boolean(found));
}

static void check_membership(evc_checked *c, uint32_t index, uint32_t count) {
  evc_node *call = node_of(c, index);
  evc_type joined = EVC_TYPE_DYNAMIC;
  bool fits = true;
  c->worth_linting = true;
  uint32_t argument = call->as.call.first;
  for (uint32_t i = 0; i < count; i++, argument = next_argument(c, argument)) {
    evc_type type = evc_check_operand(c, argument);
    c->facts[argument].role = i ? EVC_ROLE_CANDIDATE : EVC_ROLE_MEMBER;
    if (!can_be_member(type)) {
      evc_check_find(c, EVC_MSG_ARGUMENT_TYPE, argument, index);
      fits = false;
      if (i == 0) break; /* the candidates are of its type, no doubt */
    } else if (type != EVC_TYPE_UNKNOWN) {
      evc_type with = evc_check_join(joined, type);
      if (with == EVC_TYPE_END) {
        evc_check_find(c, EVC_MSG_ARGUMENT_MIXED, argument, index);
        fits = false;
      } else {
        joined = with;
      }
    }
  }
  argument = call->as.call.first;
  for (uint32_t i = 0; i < count; i++, argument = next_argument(c, argument))
    evc_check_expect(c, argument, joined);
  call->type = EVC_TYPE_BOOLEAN;
  if (fits && count >= 2 && all_constant(c, call->as.call.first, count))
    fold_membership(c, index, count);
}

/* After an argument that could not be read there may have been more; so too in a call that the text
** ends in. */
static bool has_unreadable(const evc_checked *c, const evc_node *call) {
  if (c->tree->incomplete && call->end == c->tree->nodes[c->tree->root].end) return true;
  uint32_t argument = call->as.call.first;
  for (uint32_t i = 0; i < call->as.call.count; i++, argument = next_argument(c, argument))
    if (c->tree->nodes[argument].kind == EVC_NODE_ERROR) return true;
  return false;
}

void evc_check_call(evc_checked *c, uint32_t index) {
  evc_function function = evc_check_callee(c, index);
  if (function == EVC_FN_END) return;
  const evc_function_row *row = &evc_functions[function];
  evc_node *call = node_of(c, index);
  call->op = (uint8_t)function;
  c->facts[index].nullable = row->rule != EVC_RULE_MEMBERSHIP;
  uint32_t count = call->as.call.count;
  if (count < row->least && !has_unreadable(c, call)) evc_check_find(c, EVC_MSG_TOO_FEW_ARGUMENTS, index, index);
  if (row->most && count > row->most) {
    uint32_t surplus = call->as.call.first;
    for (uint32_t i = 0; i < row->most; i++) surplus = next_argument(c, surplus);
    if (node_of(c, surplus)->kind != EVC_NODE_ERROR)
      evc_check_find(c, EVC_MSG_SURPLUS_ARGUMENT, surplus, index);
    count = row->most;
  }
  if (function == EVC_FN_IN) evc_check_find(c, EVC_MSG_IN_UNDOCUMENTED, index, 0);
  switch (row->rule) {
  case EVC_RULE_NUMBERS: check_numbers(c, index, count); break;
  case EVC_RULE_SCALED: check_scaled(c, index, count); break;
  case EVC_RULE_DEFAULT: check_default(c, index, count); break;
  case EVC_RULE_MEMBERSHIP: check_membership(c, index, count); break;
  }
}
