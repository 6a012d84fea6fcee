/* Growing an expression that is valid by construction.
**
** It is grown from the type that is wanted, by rules that read the tables of the language. The
** values of constant parts are worked out on the way, because a constant that fails, a constant
** zero divisor and a scale that is not constant are what the checker refuses beside wrong types.
*/
#include "generator.h"

#include <string.h>

#include "pool.h"

static evc_gen_node *grow(evc_generator *g, evc_type type, uint32_t size, uint32_t depth);

evc_gen_node *evc_gen_node_new(evc_generator *g, evc_gen_shape shape, unsigned op, evc_type type) {
  evc_gen_node *node = evc_arena_alloc(&g->work, sizeof *node);
  if (!node) {
    g->out_of_memory = true;
    node = &g->nowhere;
  }
  *node = (evc_gen_node){.shape = shape, .op = (uint8_t)op, .type = type};
  return node;
}

void evc_gen_add(evc_gen_node *node, evc_gen_node **last, evc_gen_node *operand) {
  if (operand == node) return; /* memory ran out */
  if (node->first)
    (*last)->next = operand;
  else
    node->first = operand;
  *last = operand;
}

evc_gen_node *evc_gen_leaf(evc_generator *g, evc_type type, evc_text text) {
  evc_gen_node *leaf = evc_gen_node_new(g, EVC_GEN_LEAF, 0, type);
  leaf->text = text;
  if (!text.data) g->out_of_memory = true;
  return leaf;
}

static evc_gen_node *constant(evc_gen_node *node, evc_value value) {
  node->is_constant = true;
  node->value = value;
  return node;
}

/* ---- Constants ------------------------------------------------------------------------------ */

static bool is_null(const evc_gen_node *node) {
  return node->value.kind == EVC_KIND_NULL;
}

/* A power that every C library works out exactly, so that what is made of it does not depend on
 * one. */
static bool is_small_power(double base, double exponent) {
  return base == floor(base) && fabs(base) <= 100 && exponent == floor(exponent) && exponent >= 0 &&
         exponent <= 4;
}

static bool can_calculate(evc_operator op, const evc_gen_node *a, const evc_gen_node *b) {
  bool divides = op == EVC_OP_DIVIDE || op == EVC_OP_MODULO;
  if (divides && b->is_constant && !is_null(b) && b->value.as.number == 0) return false;
  if (!a->is_constant || !b->is_constant || is_null(a) || is_null(b)) return true;
  double x = a->value.as.number, y = b->value.as.number, result;
  if (op == EVC_OP_POWER && !is_small_power(x, y)) return false;
  return evc_arithmetic(op, x, y, &result) == EVC_FAULT_NONE;
}

static evc_value calculated(evc_operator op, const evc_gen_node *a, const evc_gen_node *b) {
  double result = 0;
  if (is_null(a) || is_null(b)) return evc_value_null();
  evc_arithmetic(op, a->value.as.number, b->value.as.number, &result);
  return evc_value_number(result);
}

static evc_value compared(evc_operator op, const evc_gen_node *a, const evc_gen_node *b) {
  bool result = false;
  evc_compare(op, &a->value, &b->value, &result);
  return evc_value_boolean(result);
}

static evc_value value_of_binary(const evc_gen_node *node) {
  const evc_gen_node *a = node->first, *b = a->next;
  evc_operator op = (evc_operator)node->op;
  bool x = evc_value_is_true(&a->value), y = evc_value_is_true(&b->value);
  switch (evc_operators[op].rule) {
  case EVC_RULE_LOGIC: return evc_value_boolean(op == EVC_OP_AND ? x && y : x || y);
  case EVC_RULE_EQUALITY:
  case EVC_RULE_ORDER: return compared(op, a, b);
  default: return calculated(op, a, b);
  }
}

static evc_value value_of_numbers(const evc_gen_node *node) {
  double result = node->first->value.as.number;
  for (const evc_gen_node *a = node->first; a; a = a->next) {
    double number = a->value.as.number;
    if (is_null(a)) return evc_value_null();
    if (node->op == EVC_FN_MAX && number > result) result = number;
    if (node->op == EVC_FN_MIN && number < result) result = number;
    if (node->op == EVC_FN_ABS) result = fabs(number);
  }
  return node->op == EVC_FN_POW ? calculated(EVC_OP_POWER, node->first, node->first->next)
                                : evc_value_number(result);
}

static bool can_round(const evc_gen_node *number, evc_function function, int scale) {
  double result;
  return !number->is_constant || is_null(number) ||
         evc_round(function, number->value.as.number, scale, &result) == EVC_FAULT_NONE;
}

static evc_value value_of_rounding(const evc_gen_node *node) {
  const evc_gen_node *number = node->first, *scale = number->next;
  double result = 0;
  if (is_null(number)) return evc_value_null();
  evc_round((evc_function)node->op, number->value.as.number,
            scale ? (int)scale->value.as.number : 0, &result);
  return evc_value_number(result);
}

static evc_value value_of_membership(const evc_gen_node *node) {
  bool found = false;
  for (const evc_gen_node *candidate = node->first->next; candidate; candidate = candidate->next) {
    bool matches = false;
    evc_matches(&node->first->value, &candidate->value, &matches);
    found |= matches;
  }
  return evc_value_boolean(found);
}

static evc_value value_of_call(const evc_gen_node *node) {
  const evc_gen_node *first = node->first;
  switch (evc_functions[node->op].rule) {
  case EVC_RULE_NUMBERS: return value_of_numbers(node);
  case EVC_RULE_SCALED: return value_of_rounding(node);
  case EVC_RULE_DEFAULT: return is_null(first) ? first->next->value : first->value;
  default: return value_of_membership(node);
  }
}

static evc_value value_of_sign(const evc_gen_node *node) {
  evc_value value = node->first->value;
  if (node->op == EVC_OP_MINUS && !is_null(node->first)) value.as.number = -value.as.number;
  return value;
}

/* A node with all its operands: it is constant when they are. */
static evc_gen_node *finished(evc_generator *g, evc_gen_node *node) {
  if (g->out_of_memory) return node;
  for (const evc_gen_node *operand = node->first; operand; operand = operand->next)
    if (!operand->is_constant) return node;
  switch (node->shape) {
  case EVC_GEN_UNARY: return constant(node, value_of_sign(node));
  case EVC_GEN_BINARY: return constant(node, value_of_binary(node));
  case EVC_GEN_CALL: return constant(node, value_of_call(node));
  default: {
    const evc_gen_node *condition = node->first, *yes = condition->next;
    return constant(node, evc_value_is_true(&condition->value) ? yes->value : yes->next->value);
  }
  }
}

/* ---- Leaves --------------------------------------------------------------------------------- */

static evc_gen_node *null_leaf(evc_generator *g) {
  return constant(evc_gen_leaf(g, EVC_TYPE_NULL, (evc_text){EVC_LITERAL("null")}),
                  evc_value_null());
}

/* A variable, unless a field of the type has its name. */
static evc_gen_node *variable_leaf(evc_generator *g, evc_type type) {
  for (size_t i = 0; i < evc_variable_count; i++) {
    const evc_variable_row *row = &evc_variables[i];
    evc_text name = evc_text_of(row->name);
    if (row->type != type) continue;
    if (evc_event_type_slot(g->type, name.data, name.length) != EVC_NO_SLOT) return NULL;
    return constant(evc_gen_leaf(g, type, name), row->value);
  }
  return NULL;
}

static evc_gen_node *boolean_literal(evc_generator *g) {
  bool value = evc_random_chance(&g->random, 1, 2);
  return constant(evc_gen_leaf(g, EVC_TYPE_BOOLEAN, evc_text_of(value ? "true" : "false")),
                  evc_value_boolean(value));
}

static evc_gen_node *literal(evc_generator *g, evc_type type) {
  evc_gen_node *variable = evc_random_chance(&g->random, 1, 16) ? variable_leaf(g, type) : NULL;
  if (variable) return variable;
  switch (type) {
  case EVC_TYPE_NUMBER: return evc_gen_number(g, evc_pool_magnitude(&g->random));
  case EVC_TYPE_STRING: return evc_gen_string(g, evc_pool_string(&g->random, &g->work));
  default: return boolean_literal(g);
  }
}

static evc_text any_path(evc_generator *g, const evc_gen_paths *paths) {
  return paths->list[evc_random_below(&g->random, paths->count)];
}

static evc_gen_node *leaf_of(evc_generator *g, evc_type type) {
  const evc_gen_paths *fields = type == EVC_TYPE_NUMBER   ? &g->numbers
                                : type == EVC_TYPE_STRING ? &g->strings
                                                          : &g->booleans;
  uint32_t kind = evc_random_below(&g->random, 10);
  bool members = type != EVC_TYPE_BOOLEAN && g->members.count > 0 && !g->exact_types;
  if (members && (kind < 2 || (kind < 6 && fields->count == 0)))
    return evc_gen_leaf(g, EVC_TYPE_DYNAMIC, any_path(g, &g->members));
  if (fields->count > 0 && (kind < 7 || (type == EVC_TYPE_BOOLEAN && kind < 9)))
    return evc_gen_leaf(g, type, any_path(g, fields));
  return literal(g, type);
}

/* ---- Operations ----------------------------------------------------------------------------- */

/* Hand out `total` nodes to `count` operands, each at least one; to operands of Booleans, if there
** are so many, three: a comparison says more than true or false. */
static void divide(evc_generator *g, evc_type type, uint32_t total, uint32_t *sizes,
                   uint32_t count) {
  uint32_t least = type == EVC_TYPE_BOOLEAN && total >= 3 * count ? 3 : 1;
  uint32_t spare = total - least * count;
  for (uint32_t i = 0; i < count; i++) sizes[i] = least;
  for (uint32_t i = 0; i + 1 < count; i++) {
    uint32_t more = evc_random_below(&g->random, 2 * spare / (count - i) + 1);
    if (more > spare) more = spare;
    sizes[i] += more;
    spare -= more;
  }
  sizes[count - 1] += spare; /* NOLINT(clang-analyzer-core.uninitialized.Assign): count > 0 */
}

static evc_operator operator_of(evc_generator *g, evc_operator_rule rule) {
  evc_operator ops[EVC_OP_END] = {0};
  uint32_t count = 0;
  for (int op = 0; op < EVC_OP_END; op++)
    if (evc_operators[op].rule == rule) ops[count++] = (evc_operator)op;
  return ops[evc_random_below(&g->random, count)];
}

static evc_gen_node *binary(evc_generator *g, evc_operator op, evc_type type, evc_gen_node *a,
                            evc_gen_node *b) {
  evc_gen_node *node = evc_gen_node_new(g, EVC_GEN_BINARY, op, type), *last = NULL;
  evc_gen_add(node, &last, a);
  evc_gen_add(node, &last, b);
  return finished(g, node);
}

static evc_gen_node *grow_arithmetic(evc_generator *g, evc_type type, uint32_t size,
                                     uint32_t depth) {
  uint32_t sizes[2];
  divide(g, type, size - 1, sizes, 2);
  evc_gen_node *a = grow(g, type, sizes[0], depth - 1), *b = grow(g, type, sizes[1], depth - 1);
  evc_operator op = operator_of(g, EVC_RULE_ARITHMETIC);
  /* Of a sum and a remainder one is always possible. */
  if (!can_calculate(op, a, b)) op = EVC_OP_ADD;
  if (!can_calculate(op, a, b)) op = EVC_OP_MODULO;
  return binary(g, op, EVC_TYPE_NUMBER, a, b);
}

static evc_gen_node *sign(evc_generator *g, evc_gen_node *operand) {
  evc_gen_node *last = NULL;
  evc_gen_node *node =
      evc_gen_node_new(g, EVC_GEN_UNARY, operator_of(g, EVC_RULE_SIGN), EVC_TYPE_NUMBER);
  evc_gen_add(node, &last, operand);
  return finished(g, node);
}

static evc_gen_node *grow_sign(evc_generator *g, evc_type type, uint32_t size, uint32_t depth) {
  return sign(g, grow(g, type, size - 1, depth - 1));
}

static evc_type joined(const evc_gen_node *a, const evc_gen_node *b) {
  bool other =
      a->type == EVC_TYPE_NULL || (a->type == EVC_TYPE_DYNAMIC && b->type != EVC_TYPE_NULL);
  return other ? b->type : a->type;
}

/* Two of one type, of which one may be the literal null. */
static void grow_pair(evc_generator *g, evc_type type, const uint32_t sizes[2], uint32_t depth,
                      evc_gen_node *pair[2]) {
  uint32_t null = evc_random_below(&g->random, 20); /* 0: the first is, 1: the second is */
  for (uint32_t i = 0; i < 2; i++)
    pair[i] = null == i ? null_leaf(g) : grow(g, type, sizes[i], depth);
}

static evc_gen_node *grow_conditional(evc_generator *g, evc_type type, uint32_t size,
                                      uint32_t depth) {
  uint32_t sizes[3];
  divide(g, type, size - 1, sizes, 3);
  evc_gen_node *condition = grow(g, EVC_TYPE_BOOLEAN, sizes[0], depth - 1), *arms[2], *last = NULL;
  grow_pair(g, type, sizes + 1, depth - 1, arms);
  evc_gen_node *node =
      evc_gen_node_new(g, EVC_GEN_CONDITIONAL, EVC_OP_CONDITION, joined(arms[0], arms[1]));
  evc_gen_add(node, &last, condition);
  evc_gen_add(node, &last, arms[0]);
  evc_gen_add(node, &last, arms[1]);
  return finished(g, node);
}

/* ---- Calls ---------------------------------------------------------------------------------- */

/* A function of that rule that takes so few arguments. */
static evc_function function_of(evc_generator *g, evc_function_rule rule, uint32_t arguments) {
  evc_function functions[EVC_FN_END] = {0};
  uint32_t count = 0;
  for (int f = 0; f < EVC_FN_END; f++)
    if (evc_functions[f].rule == rule && evc_functions[f].least <= arguments)
      functions[count++] = (evc_function)f;
  return functions[evc_random_below(&g->random, count)];
}

enum { MOST_ARGUMENTS = 6 };

static uint32_t argument_count(evc_generator *g, evc_function function, uint32_t size) {
  const evc_function_row *row = &evc_functions[function];
  uint32_t most = row->most ? row->most : MOST_ARGUMENTS;
  if (most > size - 1) most = size - 1;
  return row->least + evc_random_below(&g->random, most - row->least + 1);
}

static evc_gen_node *grow_numbers(evc_generator *g, evc_type type, uint32_t size, uint32_t depth) {
  uint32_t sizes[MOST_ARGUMENTS];
  evc_function function = function_of(g, EVC_RULE_NUMBERS, size - 1);
  uint32_t count = argument_count(g, function, size);
  evc_gen_node *call = evc_gen_node_new(g, EVC_GEN_CALL, function, EVC_TYPE_NUMBER), *last = NULL;
  divide(g, type, size - 1, sizes, count);
  for (uint32_t i = 0; i < count; i++) evc_gen_add(call, &last, grow(g, type, sizes[i], depth - 1));
  if (g->out_of_memory) return call;
  bool fails =
      function == EVC_FN_POW && !can_calculate(EVC_OP_POWER, call->first, call->first->next);
  if (fails) call->op = EVC_FN_MAX;
  return finished(g, call);
}

/* A constant whole number of at most `size` nodes. */
static evc_gen_node *grow_scale(evc_generator *g, uint32_t size) {
  bool large = evc_random_chance(&g->random, 1, 10);
  int32_t scale = evc_random_between(&g->random, 0, large ? EVC_SCALE_LIMIT : 6);
  uint32_t kind = evc_random_below(&g->random, 6);
  evc_gen_node *node = evc_gen_number(g, scale);
  int32_t half = scale / 2;
  if (size >= 2 && kind < 2) node = sign(g, node);
  if (size >= 3 && kind == 2 && scale > 0)
    node = binary(g, EVC_OP_SUBTRACT, EVC_TYPE_NUMBER, node, evc_gen_number(g, (double)half));
  node->is_scale = true;
  return node;
}

static evc_gen_node *grow_rounding(evc_generator *g, evc_type type, uint32_t size, uint32_t depth) {
  evc_function function = function_of(g, EVC_RULE_SCALED, 1);
  evc_gen_node *call = evc_gen_node_new(g, EVC_GEN_CALL, function, EVC_TYPE_NUMBER), *last = NULL;
  uint32_t for_scale = size >= 3 ? evc_random_below(&g->random, size > 5 ? 4 : size - 1) : 0;
  evc_gen_node *number = grow(g, type, size - 1 - for_scale, depth - 1);
  evc_gen_add(call, &last, number);
  evc_gen_node *scale = for_scale ? grow_scale(g, for_scale) : NULL;
  if (scale && can_round(number, function, (int)scale->value.as.number))
    evc_gen_add(call, &last, scale);
  return finished(g, call);
}

static evc_gen_node *grow_default(evc_generator *g, evc_type type, uint32_t size, uint32_t depth) {
  uint32_t sizes[2];
  evc_gen_node *pair[2], *last = NULL;
  divide(g, type, size - 1, sizes, 2);
  grow_pair(g, type, sizes, depth - 1, pair);
  evc_gen_node *call = evc_gen_node_new(g, EVC_GEN_CALL, function_of(g, EVC_RULE_DEFAULT, 2),
                                        joined(pair[0], pair[1]));
  evc_gen_add(call, &last, pair[0]);
  evc_gen_add(call, &last, pair[1]);
  return finished(g, call);
}

/* ---- Comparisons and logic ------------------------------------------------------------------ */

/* What is compared is mostly compared with a constant, and is itself one only if it twice came so.
*/
static evc_gen_node *grow_compared(evc_generator *g, evc_operator_rule rule, evc_type type,
                                   uint32_t size, uint32_t depth) {
  uint32_t sizes[2];
  bool with_constant = evc_random_chance(&g->random, 3, 5);
  divide(g, type, size - 1, sizes, 2);
  evc_gen_node *a = grow(g, type, with_constant ? size - 2 : sizes[0], depth - 1);
  if (a->is_constant) a = grow(g, type, with_constant ? size - 2 : sizes[0], depth - 1);
  evc_gen_node *b = with_constant ? literal(g, type) : grow(g, type, sizes[1], depth - 1);
  bool turned = evc_random_chance(&g->random, 1, 8);
  return binary(g, operator_of(g, rule), EVC_TYPE_BOOLEAN, turned ? b : a, turned ? a : b);
}

static evc_gen_node *grow_order(evc_generator *g, evc_type type, uint32_t size, uint32_t depth) {
  type = evc_random_chance(&g->random, 4, 5) ? EVC_TYPE_NUMBER : EVC_TYPE_STRING;
  return grow_compared(g, EVC_RULE_ORDER, type, size, depth);
}

static evc_type any_type(evc_generator *g) {
  static const evc_type types[] = {EVC_TYPE_NUMBER, EVC_TYPE_NUMBER, EVC_TYPE_STRING,
                                   EVC_TYPE_STRING, EVC_TYPE_BOOLEAN};
  return types[evc_random_below(&g->random, 5)];
}

static evc_gen_node *grow_equality(evc_generator *g, evc_type type, uint32_t size, uint32_t depth) {
  type = any_type(g);
  return grow_compared(g, EVC_RULE_EQUALITY, type, size, depth);
}

static evc_gen_node *grow_null_test(evc_generator *g, evc_type type, uint32_t size,
                                    uint32_t depth) {
  evc_gen_node *tested = grow(g, any_type(g), size - 2, depth - 1), *null = null_leaf(g);
  bool turned = evc_random_chance(&g->random, 1, 4);
  return binary(g, operator_of(g, EVC_RULE_EQUALITY), type, turned ? null : tested,
                turned ? tested : null);
}

static evc_gen_node *grow_logic(evc_generator *g, evc_type type, uint32_t size, uint32_t depth) {
  uint32_t sizes[2];
  divide(g, type, size - 1, sizes, 2);
  evc_gen_node *a = grow(g, type, sizes[0], depth - 1), *b = grow(g, type, sizes[1], depth - 1);
  return binary(g, operator_of(g, EVC_RULE_LOGIC), type, a, b);
}

static evc_gen_node *grow_membership(evc_generator *g, evc_type type, uint32_t size,
                                     uint32_t depth) {
  uint32_t sizes[MOST_ARGUMENTS];
  evc_type of = evc_random_chance(&g->random, 1, 3) ? EVC_TYPE_NUMBER : EVC_TYPE_STRING;
  evc_function function = function_of(g, EVC_RULE_MEMBERSHIP, 2);
  uint32_t count = argument_count(g, function, size);
  evc_gen_node *call = evc_gen_node_new(g, EVC_GEN_CALL, function, type), *last = NULL;
  divide(g, type, size - 1, sizes, count);
  for (uint32_t i = 0; i < count; i++) {
    bool plain = i > 0 && evc_random_chance(&g->random, 3, 4);
    evc_gen_node *argument = plain ? literal(g, of) : grow(g, of, sizes[i], depth - 1);
    if (i == 0 && argument->is_constant) argument = grow(g, of, sizes[i], depth - 1);
    evc_gen_add(call, &last, argument);
  }
  return finished(g, call);
}

/* ---- Choosing ------------------------------------------------------------------------------- */

/* A way to grow an expression, for what it needs at least `least` nodes. */
typedef struct production {
  evc_gen_node *(*grow)(evc_generator *g, evc_type type, uint32_t size, uint32_t depth);
  uint8_t least, weight;
} production;

static evc_gen_node *grow_leaf(evc_generator *g, evc_type type, uint32_t size, uint32_t depth) {
  (void)size;
  (void)depth;
  return leaf_of(g, type);
}

static const production of_numbers[] = {
    {grow_leaf, 1, 3},     {grow_sign, 2, 1},    {grow_arithmetic, 3, 8},  {grow_numbers, 2, 2},
    {grow_rounding, 2, 2}, {grow_default, 3, 2}, {grow_conditional, 4, 1},
};
static const production of_strings[] = {
    {grow_leaf, 1, 3}, {grow_default, 3, 2}, {grow_conditional, 4, 1}};
static const production of_booleans[] = {
    {grow_order, 3, 5}, {grow_equality, 3, 4}, {grow_null_test, 3, 2},   {grow_logic, 3, 1},
    {grow_logic, 7, 8}, {grow_default, 3, 1},  {grow_conditional, 4, 1}, {grow_membership, 3, 2},
};

#define PRODUCTIONS(list) list, sizeof(list) / sizeof *(list)

static evc_gen_node *chosen(evc_generator *g, const production *list, size_t count, evc_type type,
                            uint32_t size, uint32_t depth) {
  uint32_t weights = 0;
  for (size_t i = 0; i < count; i++)
    if (list[i].least <= size) weights += list[i].weight;
  uint32_t at = evc_random_below(&g->random, weights ? weights : 1);
  for (size_t i = 0; i < count && weights; i++) {
    if (list[i].least > size) continue;
    if (at < list[i].weight) return list[i].grow(g, type, size, depth);
    at -= list[i].weight;
  }
  return leaf_of(g, type);
}

static evc_gen_node *grow(evc_generator *g, evc_type type, uint32_t size, uint32_t depth) {
  if (size < 2 || depth < 2 || g->out_of_memory) return leaf_of(g, type);
  switch (type) {
  case EVC_TYPE_NUMBER: return chosen(g, PRODUCTIONS(of_numbers), type, size, depth);
  case EVC_TYPE_STRING: return chosen(g, PRODUCTIONS(of_strings), type, size, depth);
  default: return chosen(g, PRODUCTIONS(of_booleans), type, size, depth);
  }
}

evc_gen_node *evc_gen_expression(evc_generator *g, evc_type type, uint32_t size, uint32_t depth) {
  return grow(g, type, size, depth);
}
