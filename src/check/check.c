/* Types, null rules and constants of operators. Calls are in calls.c, names in names.c. */
#include "check.h"

#include <string.h>

#include "../schema/schema.h"

/* Runs of operators that get one warning for the whole run: a node takes the mark over from its
** operand, so that only the outermost keeps it. */
enum { CHAIN_NONE, CHAIN_OR_OF_AND, CHAIN_POWER, CHAIN_EQUALITY };

bool evc_check_severity(const evc_options *options, evc_message message, evc_severity *severity) {
  evc_code code = evc_message_code(message);
  *severity = evc_code_severity(code);
  if (*severity == EVC_ERROR) return true;
  bool allowed = evc_code_set_has(&options->allow, code);
  bool denied = evc_code_set_has(&options->deny, code) || (options->deny_warnings && !allowed);
  if (denied) *severity = EVC_ERROR;
  return denied || !allowed;
}

bool evc_check_failed(const evc_checked *c) {
  const evc_findings *findings = &c->tree->findings;
  evc_severity severity;
  for (size_t i = 0; i < findings->count; i++)
    if (evc_check_severity(c->options, findings->list[i].message, &severity) &&
        severity == EVC_ERROR)
      return true;
  return false;
}

void evc_check_find(evc_checked *c, evc_message message, uint32_t node, uint32_t detail) {
  evc_severity severity;
  if (!evc_check_severity(c->options, message, &severity)) return;
  evc_tree_find(c->tree, (evc_finding){.message = message,
                                       .start = c->tree->nodes[node].start,
                                       .end = c->tree->nodes[node].end,
                                       .node = node,
                                       .detail = detail});
}

uint32_t evc_check_inside(const evc_tree *tree, uint32_t node) {
  while (tree->nodes[node].kind == EVC_NODE_GROUP) node = tree->nodes[node].as.child.left;
  return node;
}

uint32_t evc_check_source(const evc_tree *tree, uint32_t node) {
  const evc_node *n = &tree->nodes[node];
  while (n->kind == EVC_NODE_GROUP || (n->kind == EVC_NODE_UNARY && n->op == EVC_OP_PLUS))
    n = &tree->nodes[n->as.child.left];
  return (uint32_t)(n - tree->nodes);
}

static evc_type type_of(const evc_checked *c, uint32_t node) {
  return (evc_type)c->tree->nodes[node].type;
}

evc_type evc_check_operand(evc_checked *c, uint32_t node) {
  evc_type type = type_of(c, node);
  if (type != EVC_TYPE_NULL) return type;
  evc_check_find(c, EVC_MSG_NULL_OPERAND, evc_check_inside(c->tree, node), 0);
  return EVC_TYPE_UNKNOWN;
}

evc_type evc_check_join(evc_type a, evc_type b) {
  if (a == EVC_TYPE_UNKNOWN || b == EVC_TYPE_UNKNOWN) return EVC_TYPE_UNKNOWN;
  if (a == b || b == EVC_TYPE_NULL) return a;
  if (a == EVC_TYPE_NULL) return b;
  if (a == EVC_TYPE_DYNAMIC && (b == EVC_TYPE_NUMBER || b == EVC_TYPE_STRING)) return b;
  if (b == EVC_TYPE_DYNAMIC && (a == EVC_TYPE_NUMBER || a == EVC_TYPE_STRING)) return a;
  return EVC_TYPE_END;
}

void evc_check_expect(evc_checked *c, uint32_t node, evc_type type) {
  if (type_of(c, node) != EVC_TYPE_DYNAMIC) return;
  if (type == EVC_TYPE_NUMBER) c->facts[node].expected = EVC_KIND_NUMBER;
  if (type == EVC_TYPE_STRING) c->facts[node].expected = EVC_KIND_STRING;
}

static bool is_constant_zero(const evc_checked *c, uint32_t node) {
  const evc_fact *fact = &c->facts[node];
  return fact->is_constant && fact->constant.kind == EVC_KIND_NUMBER &&
         fact->constant.as.number == 0;
}

void evc_check_fault(evc_checked *c, uint32_t node, evc_fault fault) {
  evc_message message = fault == EVC_FAULT_NO_REAL ? EVC_MSG_NO_REAL_VALUE : EVC_MSG_NOT_FINITE;
  const evc_node *power = &c->tree->nodes[node];
  if (power->kind == EVC_NODE_BINARY && power->op == EVC_OP_POWER &&
      is_constant_zero(c, power->as.child.left))
    message = EVC_MSG_POWER_OF_ZERO;
  evc_check_find(c, message, node, 0);
  c->tree->nodes[node].type = EVC_TYPE_UNKNOWN;
}

static inline void set_constant(evc_checked *c, uint32_t node, evc_value value) {
  evc_fact *fact = &c->facts[node];
  fact->is_constant = true;
  fact->constant = value;
  fact->nullable = value.kind == EVC_KIND_NULL;
  fact->fraction = false;
}

void evc_check_fold(evc_checked *c, uint32_t node, evc_value value) {
  for (uint32_t o = evc_tree_operand(c->tree, node); o != EVC_NO_NODE;
       o = evc_tree_operand_after(c->tree, node, o))
    c->facts[o].taken_in = true;
  set_constant(c, node, value);
}

/* A traced program has every value in a register. */
void evc_check_take_in(evc_checked *c, uint32_t right) {
  evc_fact *fact = &c->facts[right];
  if (fact->is_constant && fact->constant.kind == EVC_KIND_NUMBER && !c->options->trace)
    fact->taken_in = true;
}

/* Arithmetic */

static bool is_numeric(evc_type type) {
  return type == EVC_TYPE_NUMBER || type == EVC_TYPE_DYNAMIC || type == EVC_TYPE_UNKNOWN;
}

static void fold_arithmetic(evc_checked *c, uint32_t node, evc_operator op, uint32_t left,
                            uint32_t right) {
  const evc_value *a = &c->facts[left].constant, *b = &c->facts[right].constant;
  if (a->kind == EVC_KIND_NULL || b->kind == EVC_KIND_NULL) {
    evc_check_fold(c, node, evc_value_null());
    return;
  }
  double result;
  evc_fault fault = evc_arithmetic(op, a->as.number, b->as.number, &result);
  if (fault) evc_check_fault(c, node, fault);
  else evc_check_fold(c, node, evc_value_number(result));
}

static bool is_fraction(const evc_checked *c, uint32_t node) {
  const evc_fact *fact = &c->facts[node];
  if (!fact->is_constant) return fact->fraction;
  return fact->constant.kind == EVC_KIND_NUMBER &&
         fact->constant.as.number != floor(fact->constant.as.number);
}

static void check_arithmetic(evc_checked *c, uint32_t index) {
  evc_node *node = &c->tree->nodes[index];
  uint32_t left = node->as.child.left, right = node->as.child.right;
  evc_operator op = (evc_operator)node->op;
  evc_type a = evc_check_operand(c, left), b = evc_check_operand(c, right);
  bool unknown = a == EVC_TYPE_UNKNOWN || b == EVC_TYPE_UNKNOWN;
  if (!unknown && (!is_numeric(a) || !is_numeric(b))) {
    bool strings = op == EVC_OP_ADD && a == EVC_TYPE_STRING && b == EVC_TYPE_STRING;
    evc_check_find(c, strings ? EVC_MSG_CONCATENATION : EVC_MSG_OPERAND_TYPE, index, 0);
    return;
  }
  evc_check_expect(c, left, EVC_TYPE_NUMBER);
  evc_check_expect(c, right, EVC_TYPE_NUMBER);
  c->facts[index].nullable = true;
  c->facts[index].fraction = op == EVC_OP_DIVIDE || is_fraction(c, left) || is_fraction(c, right);
  if ((op == EVC_OP_DIVIDE || op == EVC_OP_MODULO) && is_constant_zero(c, right)) {
    evc_check_find(c, EVC_MSG_DIVISION_BY_CONSTANT_ZERO, right, 0);
    return;
  }
  if (unknown) return;
  node->type = EVC_TYPE_NUMBER;
  if (c->facts[left].is_constant && c->facts[right].is_constant)
    fold_arithmetic(c, index, op, left, right);
  else evc_check_take_in(c, right);
}

static void check_sign(evc_checked *c, uint32_t index) {
  evc_node *node = &c->tree->nodes[index];
  uint32_t left = node->as.child.left;
  evc_type type = evc_check_operand(c, left);
  if (type == EVC_TYPE_UNKNOWN) return;
  if (!is_numeric(type)) {
    evc_check_find(c, EVC_MSG_OPERAND_TYPE_ONE, index, index);
    return;
  }
  evc_check_expect(c, left, EVC_TYPE_NUMBER);
  node->type = EVC_TYPE_NUMBER;
  c->facts[index].nullable = true;
  c->facts[index].fraction = c->facts[left].fraction;
  if (c->facts[left].is_constant) {
    evc_value value = c->facts[left].constant;
    if (node->op == EVC_OP_MINUS) value.as.number = -value.as.number;
    evc_check_fold(c, index, value);
  }
}

/* Comparisons */

static bool is_binary(const evc_tree *tree, uint32_t node, evc_operator_rule rule) {
  const evc_node *n = &tree->nodes[node];
  return n->kind == EVC_NODE_BINARY && n->construct == EVC_CONSTRUCT_NONE &&
         evc_operators[n->op].rule == rule;
}

static bool is_equality(const evc_node *node) {
  return node->op == EVC_OP_EQ || node->op == EVC_OP_NE;
}

/* What a comparison reads itself: a constant on its right, and with it a field on its left. Known here,
** neither is emitted first only to be taken back: 4 % of compiling a short calculation. */
static void take_in_operands(evc_checked *c, const evc_node *node, evc_type joined) {
  uint32_t left = node->as.child.left, right = node->as.child.right;
  evc_fact *constant = &c->facts[right];
  if (!constant->is_constant || c->options->trace) return;
  bool equality = is_equality(node);
  if (constant->constant.kind == EVC_KIND_NULL) {
    constant->taken_in = equality;
    return;
  }
  uint32_t field = evc_check_source(c->tree, left);
  bool number = joined == EVC_TYPE_NUMBER;
  bool fused = c->tree->nodes[field].kind == EVC_NODE_PATH && type_of(c, field) == joined &&
               (number || equality);
  c->facts[field].taken_in |= fused;
  constant->taken_in = fused || number;
}

static void compared(evc_checked *c, uint32_t index, evc_type joined) {
  evc_node *node = &c->tree->nodes[index];
  uint32_t left = node->as.child.left, right = node->as.child.right;
  evc_check_expect(c, left, joined);
  evc_check_expect(c, right, joined);
  node->type = EVC_TYPE_BOOLEAN;
  if (!c->facts[left].is_constant || !c->facts[right].is_constant) {
    take_in_operands(c, node, joined);
    return;
  }
  bool result;
  c->worth_linting = true;
  if (evc_compare((evc_operator)node->op, &c->facts[left].constant, &c->facts[right].constant,
                  &result) == EVC_FAULT_NONE)
    evc_check_fold(c, index, evc_value_boolean(result));
}

static void check_order(evc_checked *c, uint32_t index) {
  const evc_node *node = &c->tree->nodes[index];
  uint32_t left = node->as.child.left, right = node->as.child.right;
  evc_type a = evc_check_operand(c, left), b = evc_check_operand(c, right);
  if (a == EVC_TYPE_UNKNOWN || b == EVC_TYPE_UNKNOWN) {
    c->tree->nodes[index].type = EVC_TYPE_BOOLEAN;
    return;
  }
  evc_type joined = evc_check_join(a, b);
  if (a == EVC_TYPE_BOOLEAN && is_binary(c->tree, left, EVC_RULE_ORDER)) {
    evc_check_find(c, EVC_MSG_CHAINED_INEQUALITY, index, 0);
    return;
  }
  if (joined == EVC_TYPE_END || joined == EVC_TYPE_BOOLEAN) {
    evc_check_find(c, EVC_MSG_OPERAND_TYPE, index, 0);
    return;
  }
  if (joined == EVC_TYPE_STRING) evc_check_find(c, EVC_MSG_STRING_ORDER, index, 0);
  compared(c, index, joined);
}

static void check_equality(evc_checked *c, uint32_t index) {
  const evc_node *node = &c->tree->nodes[index];
  uint32_t left = node->as.child.left, right = node->as.child.right;
  evc_type a = type_of(c, left), b = type_of(c, right);
  if (a == EVC_TYPE_NULL && b == EVC_TYPE_NULL) {
    evc_check_find(c, EVC_MSG_NULL_BOTH, evc_check_inside(c->tree, right), 0);
    return;
  }
  evc_type joined = evc_check_join(a, b);
  if (joined == EVC_TYPE_END && node->construct == EVC_CONSTRUCT_NOT) return; /* told with it */
  if (joined == EVC_TYPE_END) {
    evc_check_find(c, EVC_MSG_MIXED_TYPES, index, 0);
    return;
  }
  bool typed = joined != EVC_TYPE_UNKNOWN && node->construct == EVC_CONSTRUCT_NONE;
  if (typed && is_binary(c->tree, left, EVC_RULE_EQUALITY)) {
    c->facts[left].chain = CHAIN_NONE;
    c->facts[index].chain = CHAIN_EQUALITY;
    c->chains = true;
  }
  c->worth_linting |= c->facts[left].fraction || c->facts[right].fraction;
  compared(c, index, joined);
}

/* Logic */

static void check_logic(evc_checked *c, uint32_t index) {
  evc_node *node = &c->tree->nodes[index];
  uint32_t left = node->as.child.left, right = node->as.child.right;
  evc_type a = evc_check_operand(c, left), b = evc_check_operand(c, right);
  bool a_fits = a == EVC_TYPE_BOOLEAN || a == EVC_TYPE_UNKNOWN;
  bool b_fits = b == EVC_TYPE_BOOLEAN || b == EVC_TYPE_UNKNOWN;
  bool is_and = node->op == EVC_OP_AND;
  node->type = a_fits && b_fits ? EVC_TYPE_BOOLEAN : EVC_TYPE_UNKNOWN;
  c->worth_linting |= c->facts[left].is_constant || c->facts[right].is_constant;
  c->facts[left].role = is_and ? EVC_ROLE_AND_LEFT : EVC_ROLE_OR_LEFT;
  if (!a_fits && !b_fits) evc_check_find(c, EVC_MSG_OPERAND_TYPE, index, 0);
  else if (!a_fits) evc_check_find(c, EVC_MSG_OPERAND_TYPE_ONE, left, index);
  else if (!b_fits) evc_check_find(c, EVC_MSG_OPERAND_TYPE_ONE, right, index);
  else if (c->facts[left].is_constant && c->facts[right].is_constant) {
    bool x = evc_value_is_true(&c->facts[left].constant);
    bool y = evc_value_is_true(&c->facts[right].constant);
    evc_check_fold(c, index, evc_value_boolean(is_and ? x && y : x || y));
  }
}

static bool is_bare(const evc_tree *tree, uint32_t node, evc_operator op) {
  const evc_node *n = &tree->nodes[node];
  return n->kind == EVC_NODE_BINARY && n->construct == EVC_CONSTRUCT_NONE && n->op == op;
}

/* Marks AND beside OR, a^b^c; see CHAIN_…. */
static void mark_chain(evc_checked *c, uint32_t index) {
  const evc_tree *tree = c->tree;
  const evc_node *node = &tree->nodes[index];
  if (node->construct != EVC_CONSTRUCT_NONE) return;
  uint32_t left = node->as.child.left, right = node->as.child.right;
  if (node->op == EVC_OP_OR) {
    bool inherited = c->facts[left].chain == CHAIN_OR_OF_AND; /* of OR alone, not of a group */
    if (!inherited && !is_bare(tree, left, EVC_OP_AND) && !is_bare(tree, right, EVC_OP_AND)) return;
    if (inherited) c->facts[left].chain = CHAIN_NONE;
    c->facts[index].chain = CHAIN_OR_OF_AND;
  } else if (node->op == EVC_OP_POWER && is_bare(tree, right, EVC_OP_POWER)) {
    c->facts[right].chain = CHAIN_NONE;
    c->facts[index].chain = CHAIN_POWER;
  } else {
    return;
  }
  c->chains = true;
}

static void check_conditional(evc_checked *c, uint32_t index) {
  evc_node *node = &c->tree->nodes[index];
  uint32_t condition = node->as.child.left, yes = node->as.child.right, no = node->as.child.third;
  evc_type asked = evc_check_operand(c, condition);
  if (asked != EVC_TYPE_BOOLEAN && asked != EVC_TYPE_UNKNOWN)
    evc_check_find(c, EVC_MSG_CONDITION_TYPE, condition, 0);
  c->worth_linting = true;
  c->facts[condition].role = EVC_ROLE_CONDITION;
  c->facts[yes].role = EVC_ROLE_ARM;
  evc_type a = type_of(c, yes), b = type_of(c, no), joined = evc_check_join(a, b);
  if (a == EVC_TYPE_NULL && b == EVC_TYPE_NULL) {
    evc_check_find(c, EVC_MSG_NULL_BOTH, evc_check_inside(c->tree, no), 0);
    return;
  }
  if (joined == EVC_TYPE_END) {
    evc_check_find(c, EVC_MSG_MIXED_ARMS, index, 0);
    return;
  }
  evc_check_expect(c, yes, joined);
  evc_check_expect(c, no, joined);
  node->type = (uint8_t)joined;
  c->facts[index].nullable = c->facts[yes].nullable || c->facts[no].nullable;
  c->facts[index].fraction = c->facts[yes].fraction || c->facts[no].fraction;
  bool constant = c->facts[condition].is_constant && c->facts[yes].is_constant &&
                  c->facts[no].is_constant;
  if (constant)
    evc_check_fold(c, index, c->facts[evc_value_is_true(&c->facts[condition].constant) ? yes : no].constant);
}

/* x BETWEEN a AND b, as x >= a AND x <= b would be checked. */
static void check_between(evc_checked *c, uint32_t index) {
  evc_node *node = &c->tree->nodes[index];
  evc_type x = evc_check_operand(c, node->as.child.left);
  evc_type low = evc_check_operand(c, node->as.child.right);
  evc_type high = evc_check_operand(c, node->as.child.third);
  node->type = EVC_TYPE_BOOLEAN;
  evc_type joined = evc_check_join(evc_check_join(x, low), high);
  if (joined != EVC_TYPE_BOOLEAN && joined != EVC_TYPE_END && joined != EVC_TYPE_UNKNOWN) return;
  if (x == EVC_TYPE_UNKNOWN || low == EVC_TYPE_UNKNOWN || high == EVC_TYPE_UNKNOWN) return;
  evc_check_find(c, EVC_MSG_BETWEEN_TYPES, index, 0);
}

/* Leaves */

static bool is_inexact(const evc_tree *tree, const evc_node *node) {
  const double largest_exact = 9007199254740992.0; /* 2^53: from here on binary64 has gaps */
  if (node->as.number < largest_exact) return false;
  evc_text text = evc_tree_source(tree, node);
  if (text.length == 0 || memchr(text.data, '.', text.length)) return false;
  for (size_t i = 0; i < text.length; i++)
    if (text.data[i] < '0' || text.data[i] > '9') return false;
  /* The value of the digits modulo 2^k is the number's: k = its gap decides exactness. */
  int exponent;
  frexp(node->as.number, &exponent);
  uint32_t gap_bits = (uint32_t)(exponent - 53);
  unsigned zeros = 0;
  char digits[400];
  size_t length = text.length < sizeof digits ? text.length : sizeof digits;
  for (size_t i = 0; i < length; i++) digits[i] = (char)(text.data[i] - '0');
  for (size_t first = 0; zeros < gap_bits; zeros++) { /* halve while even */
    if (digits[length - 1] & 1) return true;
    int carry = 0;
    for (size_t i = first; i < length; i++) {
      int value = carry * 10 + digits[i];
      digits[i] = (char)(value / 2);
      carry = value % 2;
    }
    while (first + 1 < length && digits[first] == 0) first++;
  }
  return false;
}

static void check_leaf(evc_checked *c, uint32_t index) {
  evc_node *node = &c->tree->nodes[index];
  switch ((evc_node_kind)node->kind) {
  case EVC_NODE_NUMBER:
    node->type = EVC_TYPE_NUMBER;
    set_constant(c, index, evc_value_number(node->as.number));
    if (is_inexact(c->tree, node)) evc_check_find(c, EVC_MSG_INEXACT_LITERAL, index, 0);
    break;
  case EVC_NODE_STRING: {
    evc_text text = evc_tree_text(c->tree, node);
    node->type = EVC_TYPE_STRING;
    set_constant(c, index, (evc_value){.as.text = text.data,
                                       .length = (uint32_t)text.length,
                                       .kind = EVC_KIND_STRING});
    break;
  }
  case EVC_NODE_BOOLEAN:
    node->type = EVC_TYPE_BOOLEAN;
    set_constant(c, index, evc_value_boolean(node->as.boolean));
    break;
  case EVC_NODE_NULL:
    node->type = EVC_TYPE_NULL;
    set_constant(c, index, evc_value_null());
    break;
  default: evc_check_path(c, index); break;
  }
}

static void check_group(evc_checked *c, uint32_t index) {
  evc_node *node = &c->tree->nodes[index];
  uint32_t left = node->as.child.left;
  node->type = c->tree->nodes[left].type;
  c->facts[index].nullable = c->facts[left].nullable;
  c->facts[index].fraction = c->facts[left].fraction;
  if (c->facts[left].is_constant) evc_check_fold(c, index, c->facts[left].constant);
}

static void check_unary(evc_checked *c, uint32_t index) {
  const evc_node *node = &c->tree->nodes[index];
  check_sign(c, index);
  if (node->op == EVC_OP_MINUS && is_bare(c->tree, node->as.child.left, EVC_OP_POWER))
    evc_check_find(c, EVC_MSG_PRECEDENCE, index, 0);
}

static void check_binary(evc_checked *c, uint32_t index) {
  mark_chain(c, index);
  switch (evc_operators[c->tree->nodes[index].op].rule) {
  case EVC_RULE_LOGIC: check_logic(c, index); break;
  case EVC_RULE_EQUALITY: check_equality(c, index); break;
  case EVC_RULE_ORDER: check_order(c, index); break;
  default: check_arithmetic(c, index); break;
  }
}

/* A call that is never closed may have swallowed anything: neither its last argument nor what comes
** out of it is sure. */
static void check_unclosed_call(evc_checked *c, uint32_t index) {
  const evc_node *call = &c->tree->nodes[index];
  uint32_t last = call->as.call.first;
  for (uint32_t i = 1; i < call->as.call.count; i++) last = c->tree->nodes[last].next;
  if (call->as.call.count > 0) c->tree->nodes[last].type = EVC_TYPE_UNKNOWN;
  evc_check_call(c, index);
  c->tree->nodes[index].type = EVC_TYPE_UNKNOWN;
}

static bool is_unclosed_call(const evc_tree *tree, const evc_node *node) {
  return tree->unclosed > 0 && node->kind == EVC_NODE_CALL && node->end == tree->unclosed;
}

static void check_node(evc_checked *c, uint32_t index) {
  if (is_unclosed_call(c->tree, &c->tree->nodes[index])) {
    check_unclosed_call(c, index);
    return;
  }
  switch ((evc_node_kind)c->tree->nodes[index].kind) {
  case EVC_NODE_ERROR:
  case EVC_NODE_CAST: break; /* of unknown type */
  case EVC_NODE_GROUP: check_group(c, index); break;
  case EVC_NODE_UNARY: check_unary(c, index); break;
  case EVC_NODE_BINARY: check_binary(c, index); break;
  case EVC_NODE_CONDITIONAL: check_conditional(c, index); break;
  case EVC_NODE_CALL: evc_check_call(c, index); break;
  case EVC_NODE_BETWEEN: check_between(c, index); break;
  default: check_leaf(c, index); break;
  }
}

static void check_whole(evc_checked *c) {
  uint32_t root = c->tree->root;
  evc_type type = evc_check_operand(c, root);
  c->worth_linting |= c->facts[root].is_constant;
  if (type != EVC_TYPE_BOOLEAN && type != EVC_TYPE_UNKNOWN && !c->tree->incomplete)
    evc_check_find(c, EVC_MSG_NOT_BOOLEAN, root, 0);
}

static void report_chains(evc_checked *c) {
  static const evc_message messages[] = {
      [CHAIN_OR_OF_AND] = EVC_MSG_PRECEDENCE,
      [CHAIN_POWER] = EVC_MSG_PRECEDENCE,
      [CHAIN_EQUALITY] = EVC_MSG_CHAINED_COMPARISON,
  };
  for (uint32_t i = 0; i < c->tree->count; i++)
    if (c->facts[i].chain != CHAIN_NONE) evc_check_find(c, messages[c->facts[i].chain], i, 0);
}

void evc_check(evc_checked *c, evc_tree *tree, const evc_event_type *type,
               const evc_options *options) {
  static const evc_event_type nameless = {.provenance = EVC_NAME_ONLY};
  *c = (evc_checked){.tree = tree, .type = type ? type : &nameless, .options = options};
  c->fields_unknown = !type; /* nothing to say about them */
  if (tree->stopped || tree->out_of_memory) return;
  c->facts = evc_arena_alloc(tree->arena, tree->count * sizeof *c->facts);
  if (!c->facts) {
    tree->out_of_memory = true;
    return;
  }
  memset(c->facts, 0, tree->count * sizeof *c->facts);
  for (uint32_t i = 0; i < tree->count; i++) check_node(c, i);
  check_whole(c);
  if (c->chains) report_chains(c);
  if (!tree->out_of_memory) evc_lint(c);
}
