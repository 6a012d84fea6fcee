/* Operands and arguments of the wrong type: both sides labelled with their types, and a fix where the
** slip is plain. */
#include <string.h>

#include "../base/decimal.h"
#include "describe.h"

static const evc_node *node_at(const evc_describer *d, uint32_t index) {
  return &d->tree->nodes[index];
}

static void label_type(evc_describer *d, evc_diagnostic *diagnostic, uint32_t index) {
  const evc_node *node = node_at(d, index);
  evc_text type = evc_text_of(evc_type_name((evc_type)node->type));
  evc_report_label(d->report, diagnostic, node->start, node->end, EVC_PHRASE_TYPE, &type, 1);
}

static const char *wanted_by(const evc_node *node) {
  switch (evc_operators[node->op].rule) {
  case EVC_RULE_LOGIC: return "a Boolean";
  case EVC_RULE_ORDER: return "two Numbers or two Strings";
  default: return "a Number";
  }
}

/* A literal that would fit once its quotes go or come, 0 and 1 where a Boolean is wanted, and a date
** that was read as a subtraction; data == NULL when it is none. */
static evc_text requoted(evc_describer *d, uint32_t literal, evc_type wanted);

/* The operation with one of its operands written as `text`. */
static evc_text with_operand(evc_describer *d, const evc_node *operation, uint32_t literal,
                             evc_text text) {
  const evc_node *node = node_at(d, evc_check_inside(d->tree, literal));
  evc_builder b;
  evc_build_init(&b, d->arena);
  evc_build(&b, d->tree->source + operation->start, node->start - operation->start);
  evc_build_text(&b, text);
  evc_build(&b, d->tree->source + node->end, operation->end - node->end);
  return evc_build_end(&b);
}

/* "new.amount", whose quotes make a String of a field that would fit. */
static evc_text unquoted(evc_describer *d, uint32_t literal, evc_type wanted) {
  static const evc_text none = {NULL, 0};
  const evc_node *node = node_at(d, evc_check_inside(d->tree, literal));
  if (node->kind != EVC_NODE_STRING) return none;
  evc_text text = evc_tree_text(d->tree, node);
  size_t slot = evc_event_type_slot(d->checked->type, text.data, text.length);
  if (slot == EVC_NO_SLOT) return none;
  return evc_event_type_field(d->checked->type, slot)->type == wanted ? text : none;
}

/* Of two operands, the one that can be written so that it is of the type of the other, and how. */
static evc_text rewritten(evc_describer *d, const evc_node *node, evc_type wanted,
                          uint32_t *literal) {
  uint32_t left = node->as.child.left, right = node->as.child.right;
  *literal = left;
  evc_text field = unquoted(d, left, wanted ? wanted : (evc_type)node_at(d, right)->type);
  if (field.data) return field;
  *literal = right;
  evc_text text = requoted(d, right, wanted ? wanted : (evc_type)node_at(d, left)->type);
  if (text.data) return text;
  *literal = left;
  return requoted(d, left, wanted ? wanted : (evc_type)node_at(d, right)->type);
}

static evc_type of_kind(evc_type type) {
  bool known = type == EVC_TYPE_NUMBER || type == EVC_TYPE_STRING || type == EVC_TYPE_BOOLEAN ||
               type == EVC_TYPE_DYNAMIC;
  return known ? type : EVC_TYPE_UNKNOWN;
}

/* What is wanted of an argument: of isnull that is said by its other one, or where the call stands. */
static evc_type wanted_argument(const evc_describer *d, const evc_node *call, uint32_t node) {
  evc_text name = evc_tree_name(d->tree, call);
  evc_function function =
      name.length ? evc_function_find(name.data, name.length) : (evc_function)call->op;
  if (function == EVC_FN_END) return EVC_TYPE_UNKNOWN;
  evc_function_rule rule = evc_functions[function].rule;
  if (rule == EVC_RULE_NUMBERS || rule == EVC_RULE_SCALED) return EVC_TYPE_NUMBER;
  uint32_t argument = call->as.call.first;
  for (uint32_t i = 0; i < call->as.call.count; i++, argument = node_at(d, argument)->next) {
    evc_type type = of_kind((evc_type)node_at(d, argument)->type);
    if (argument != node && type) return type;
  }
  return rule == EVC_RULE_MEMBERSHIP ? EVC_TYPE_DYNAMIC : EVC_TYPE_UNKNOWN;
}

static evc_type wanted_operand(const evc_describer *d, const evc_node *operation, uint32_t node) {
  evc_operator_rule rule = evc_operators[operation->op].rule;
  if (rule == EVC_RULE_LOGIC) return EVC_TYPE_BOOLEAN;
  if (rule != EVC_RULE_ORDER && rule != EVC_RULE_EQUALITY) return EVC_TYPE_NUMBER;
  bool left = operation->as.child.left == node;
  uint32_t other = left ? operation->as.child.right : operation->as.child.left;
  evc_type type = of_kind((evc_type)node_at(d, other)->type);
  bool unsure = rule == EVC_RULE_ORDER && (type == EVC_TYPE_UNKNOWN || type == EVC_TYPE_BOOLEAN);
  return unsure ? EVC_TYPE_DYNAMIC : type;
}

evc_type evc_describe_wanted(evc_describer *d, uint32_t node) {
  for (;;) {
    uint32_t parent = evc_describe_parent(d, node);
    if (parent == EVC_NO_NODE) return node == d->tree->root ? EVC_TYPE_BOOLEAN : EVC_TYPE_UNKNOWN;
    const evc_node *p = node_at(d, parent);
    evc_type type = EVC_TYPE_UNKNOWN;
    switch ((evc_node_kind)p->kind) {
    case EVC_NODE_GROUP: break;
    case EVC_NODE_UNARY: return EVC_TYPE_NUMBER;
    case EVC_NODE_BINARY: return wanted_operand(d, p, node);
    case EVC_NODE_CALL:
      type = wanted_argument(d, p, node);
      if (type || p->op != EVC_FN_ISNULL) return type;
      break;
    case EVC_NODE_BETWEEN: return EVC_TYPE_DYNAMIC;
    case EVC_NODE_CONDITIONAL: {
      if (p->as.child.left == node) return EVC_TYPE_BOOLEAN;
      bool yes = p->as.child.right == node;
      type = of_kind((evc_type)node_at(d, yes ? p->as.child.third : p->as.child.right)->type);
      if (type) return type;
      break;
    }
    default: return EVC_TYPE_UNKNOWN;
    }
    node = parent;
  }
}

enum { MOST_REPEATED = 16 };

/* The operands of a run of one of AND and OR, all literals of that type, from the last to the first;
** 0 where it is anything else. */
static size_t literals_of_run(const evc_describer *d, uint32_t run, evc_type type,
                              uint32_t literals[static MOST_REPEATED]) {
  evc_operator op = (evc_operator)node_at(d, run)->op;
  size_t count = 0;
  for (bool more = true; more; count++) {
    const evc_node *node = node_at(d, run);
    more = node->kind == EVC_NODE_BINARY && node->op == op && node->construct == EVC_CONSTRUCT_NONE;
    uint32_t literal = more ? node->as.child.right : run;
    evc_node_kind kind = (evc_node_kind)node_at(d, literal)->kind;
    bool fits = (evc_type)node_at(d, literal)->type == type &&
                (kind == EVC_NODE_NUMBER || kind == EVC_NODE_STRING);
    if (!fits || count == MOST_REPEATED) return 0;
    literals[count] = literal;
    run = node->as.child.left;
  }
  return count;
}

/* x == ("a" OR "b") as x == "a" OR x == "b"; nobody means x != "a" OR x != "b", which always holds,
** nor x == "a" AND x == "b". */
static evc_text distributed(evc_describer *d, uint32_t index) {
  static const evc_text none = {NULL, 0};
  const evc_node *node = node_at(d, index);
  uint32_t literals[MOST_REPEATED], value = node->as.child.left, group = node->as.child.right;
  if (node->construct != EVC_CONSTRUCT_NONE) return none;
  if (node_at(d, group)->kind != EVC_NODE_GROUP) value = group, group = node->as.child.left;
  uint32_t run = evc_check_inside(d->tree, group);
  bool logic = run != group && node_at(d, run)->kind == EVC_NODE_BINARY &&
               node_at(d, run)->construct == EVC_CONSTRUCT_NONE &&
               evc_operators[node_at(d, run)->op].rule == EVC_RULE_LOGIC;
  if (!logic || (node->op == EVC_OP_EQ && node_at(d, run)->op == EVC_OP_AND)) return none;
  evc_type type = (evc_type)node_at(d, value)->type;
  size_t count = literals_of_run(d, run, type, literals);
  if (count == 0 || !evc_describe_is_clean(d, value)) return none;
  evc_operator join = node->op == EVC_OP_EQ ? EVC_OP_OR : EVC_OP_AND;
  uint32_t parent = evc_describe_parent(d, index);
  bool bare = parent == EVC_NO_NODE || node_at(d, parent)->kind == EVC_NODE_GROUP ||
              (node_at(d, parent)->kind == EVC_NODE_BINARY && node_at(d, parent)->op == join &&
               node_at(d, parent)->construct == EVC_CONSTRUCT_NONE);
  evc_builder b;
  evc_build_init(&b, d->arena);
  if (!bare) evc_build_char(&b, '(');
  for (size_t i = count; i-- > 0;) {
    evc_build_text(&b, evc_describe_comparison(d, EVC_NO_NODE, value, (evc_operator)node->op,
                                               literals[i], NULL));
    if (i) evc_build_string(&b, join == EVC_OP_OR ? " OR " : " AND ");
  }
  if (!bare) evc_build_char(&b, ')');
  return evc_build_end(&b);
}

/* What people mean by a run of AND and OR in parentheses beside == or !=: that comparison repeated. */
static evc_text repeated_for(evc_describer *d, uint32_t run, uint32_t *comparison) {
  uint32_t at = run, parent = evc_describe_parent(d, run);
  while (parent != EVC_NO_NODE && node_at(d, parent)->kind == EVC_NODE_BINARY &&
         node_at(d, parent)->op == node_at(d, run)->op)
    at = parent, parent = evc_describe_parent(d, at);
  while (parent != EVC_NO_NODE && node_at(d, parent)->kind == EVC_NODE_GROUP)
    at = parent, parent = evc_describe_parent(d, at);
  *comparison = parent;
  bool compared = parent != EVC_NO_NODE && at != run &&
                  node_at(d, parent)->kind == EVC_NODE_BINARY &&
                  evc_operators[node_at(d, parent)->op].rule == EVC_RULE_EQUALITY;
  return compared ? distributed(d, parent) : (evc_text){NULL, 0};
}

static const char *value_of_type(evc_type type) {
  switch (type) {
  case EVC_TYPE_NUMBER: return "a Number";
  case EVC_TYPE_STRING: return "a String";
  case EVC_TYPE_BOOLEAN: return "true or false";
  default: return "a value of its type";
  }
}

/* The operand that stands for itself, rather than the constant it is compared with. */
static uint32_t main_operand(const evc_describer *d, const evc_node *node) {
  bool constant = d->checked->facts[node->as.child.left].is_constant;
  return constant ? node->as.child.right : node->as.child.left;
}

/* Where nothing can be rewritten, what would be right depends on the operand that does not fit. */
static evc_message operand_help(evc_describer *d, const evc_node *node, evc_text *help) {
  uint32_t left = node->as.child.left, right = node->as.child.right;
  evc_operator_rule rule = evc_operators[node->op].rule;
  if (rule == EVC_RULE_LOGIC) {
    *help = evc_describe_compared(d, left);
    return EVC_MSG_OPERAND_TYPE_LOGIC;
  }
  if (rule == EVC_RULE_ORDER) {
    uint32_t main = main_operand(d, node);
    evc_type type = (evc_type)node_at(d, main)->type;
    bool boolean =
        node_at(d, left)->type == EVC_TYPE_BOOLEAN || node_at(d, right)->type == EVC_TYPE_BOOLEAN;
    if (boolean) return EVC_MSG_OPERAND_TYPE_ORDERED;
    *help = evc_describe_join(d, (const char *const[]){value_of_type(type), NULL});
    return EVC_MSG_OPERAND_TYPE;
  }
  bool left_fits =
      node_at(d, left)->type == EVC_TYPE_NUMBER || node_at(d, left)->type == EVC_TYPE_DYNAMIC;
  uint32_t wrong = left_fits ? right : left;
  *help = evc_describe_source(d, wrong);
  return node_at(d, wrong)->type == EVC_TYPE_BOOLEAN ? EVC_MSG_OPERAND_TYPE_BOOLEAN
                                                     : EVC_MSG_OPERAND_TYPE_STRING;
}

void evc_describe_operand(evc_describer *d) {
  const evc_node *node = node_at(d, d->finding->node);
  uint32_t left = node->as.child.left, right = node->as.child.right, literal = right;
  evc_operator_rule rule = evc_operators[node->op].rule;
  evc_text args[] = {evc_text_of(evc_operators[node->op].spelling),
                     evc_text_of(wanted_by(node)),
                     evc_describe_typed(d, left),
                     evc_describe_typed(d, right),
                     evc_describe_source(d, main_operand(d, node)),
                     {NULL, 0}};
  evc_text text = {NULL, 0}, repeated = {NULL, 0};
  uint32_t comparison = EVC_NO_NODE;
  evc_message message = d->finding->message;
  if (rule == EVC_RULE_LOGIC) repeated = repeated_for(d, d->finding->node, &comparison);
  if (repeated.data) {
    args[5] = repeated;
    message = EVC_MSG_OPERAND_TYPE_LOGIC;
  } else if (message == EVC_MSG_OPERAND_TYPE) {
    bool boolean =
        node_at(d, left)->type == EVC_TYPE_BOOLEAN || node_at(d, right)->type == EVC_TYPE_BOOLEAN;
    if (rule == EVC_RULE_ARITHMETIC || (rule == EVC_RULE_ORDER && !boolean))
      text =
          rewritten(d, node, rule == EVC_RULE_ORDER ? EVC_TYPE_UNKNOWN : EVC_TYPE_NUMBER, &literal);
    if (text.data) {
      args[5] = with_operand(d, node, literal, text);
      message =
          rule == EVC_RULE_ORDER ? EVC_MSG_OPERAND_TYPE_REWRITE : EVC_MSG_OPERAND_TYPE_EACH_REWRITE;
    } else {
      message = operand_help(d, node, &args[5]);
    }
  }
  evc_diagnostic *diagnostic = evc_describe_add(d, message, args, 6);
  label_type(d, diagnostic, left);
  label_type(d, diagnostic, right);
  if (repeated.data)
    evc_describe_fix(d, diagnostic, false, node_at(d, comparison)->start,
                     node_at(d, comparison)->end, repeated);
  if (!text.data) return;
  const evc_node *inside = node_at(d, evc_check_inside(d->tree, literal));
  evc_describe_fix(d, diagnostic, false, inside->start, inside->end, text);
}

/* The comparison just before the operand of a run of AND or OR: what "x == 1 OR 2" repeats. */
static uint32_t comparison_before(const evc_describer *d, const evc_node *logic, uint32_t operand) {
  if (logic->kind != EVC_NODE_BINARY || logic->as.child.right != operand) return EVC_NO_NODE;
  uint32_t at = logic->as.child.left;
  while (node_at(d, at)->kind == EVC_NODE_BINARY &&
         evc_operators[node_at(d, at)->op].rule == EVC_RULE_LOGIC) {
    bool repeats = node_at(d, node_at(d, at)->as.child.right)->kind != EVC_NODE_BINARY;
    at = repeats ? node_at(d, at)->as.child.left : node_at(d, at)->as.child.right;
  }
  const evc_node *node = node_at(d, at);
  if (node->kind != EVC_NODE_BINARY || node->construct != EVC_CONSTRUCT_NONE) return EVC_NO_NODE;
  evc_type with = (evc_type)node_at(d, node->as.child.left)->type;
  evc_type type = (evc_type)node_at(d, operand)->type;
  return evc_operators[node->op].rule == EVC_RULE_EQUALITY && with == type ? at : EVC_NO_NODE;
}

/* One operand is wrong; `detail` is the operation. */
void evc_describe_lone_operand(evc_describer *d) {
  const evc_finding *f = d->finding;
  const evc_node *operation = node_at(d, f->detail);
  uint32_t operand = f->node == f->detail ? operation->as.child.left : f->node; /* of a sign */
  evc_text args[] = {evc_text_of(evc_operators[operation->op].spelling), evc_text_of(wanted_by(operation)),
                     evc_describe_typed(d, operand), {NULL, 0}};
  uint32_t before = comparison_before(d, operation, operand), around = EVC_NO_NODE;
  bool logic = evc_operators[operation->op].rule == EVC_RULE_LOGIC;
  if (logic) args[3] = repeated_for(d, f->detail, &around);
  if (args[3].data) {
    evc_diagnostic *diagnostic = evc_describe_add(d, EVC_MSG_OPERAND_TYPE_REPEATED, args, 4);
    label_type(d, diagnostic, f->node);
    evc_describe_fix(d, diagnostic, false, node_at(d, around)->start, node_at(d, around)->end,
                     args[3]);
    return;
  }
  if (before == EVC_NO_NODE) {
    bool sign = f->node == f->detail;
    args[3] = sign ? evc_describe_source(d, operand) : evc_describe_compared(d, operand);
    evc_message message = sign ? EVC_MSG_OPERAND_TYPE_SIGN : EVC_MSG_OPERAND_TYPE_ONE;
    label_type(d, evc_describe_add(d, message, args, 4), operand);
    return;
  }
  const evc_node *comparison = node_at(d, before);
  evc_text start = {d->tree->source + comparison->start,
                    node_at(d, comparison->as.child.right)->start - comparison->start};
  evc_builder b;
  evc_build_init(&b, d->arena);
  evc_build_text(&b, start);
  evc_build_text(&b, evc_describe_source(d, f->node));
  args[3] = evc_build_end(&b);
  evc_diagnostic *diagnostic = evc_describe_add(d, EVC_MSG_OPERAND_TYPE_REPEATED, args, 4);
  label_type(d, diagnostic, f->node);
  evc_describe_fix(d, diagnostic, false, f->start, f->end, args[3]);
}

static bool is_all_digits(evc_text text, size_t start, size_t end) {
  for (size_t i = start; i < end; i++)
    if (text.data[i] < '0' || text.data[i] > '9') return false;
  return true;
}

/* 2026-12-31 */
static bool looks_like_date(evc_text text) {
  return text.length == 10 && text.data[4] == '-' && text.data[7] == '-' &&
         is_all_digits(text, 0, 4) && is_all_digits(text, 5, 7) && is_all_digits(text, 8, 10);
}

/* Digits that are a number as the language writes it. */
static bool looks_like_number(evc_text text) {
  const char *point = text.length ? memchr(text.data, '.', text.length) : NULL;
  size_t whole = point ? (size_t)(point - text.data) : text.length;
  bool zeros = whole > 1 && text.data[0] == '0';
  return whole > 0 && text.length <= 15 && !zeros && is_all_digits(text, 0, whole) &&
         (!point || (whole + 1 < text.length && is_all_digits(text, whole + 1, text.length)));
}

static evc_text requoted(evc_describer *d, uint32_t literal, evc_type wanted) {
  evc_text field = unquoted(d, literal, wanted);
  if (field.data) return field;
  const evc_node *node = node_at(d, evc_check_inside(d->tree, literal));
  evc_text source = evc_tree_source(d->tree, node);
  bool number = node->kind == EVC_NODE_NUMBER;
  bool date = node->kind == EVC_NODE_BINARY && looks_like_date(source);
  if (wanted == EVC_TYPE_STRING && (number || date)) {
    evc_builder b;
    evc_build_init(&b, d->arena);
    evc_build_char(&b, '"');
    evc_build_text(&b, source);
    evc_build_char(&b, '"');
    return evc_build_end(&b);
  }
  if (wanted == EVC_TYPE_BOOLEAN && number && (node->as.number == 0 || node->as.number == 1))
    return evc_text_of(node->as.number == 0 ? "false" : "true");
  if (node->kind != EVC_NODE_STRING) return (evc_text){NULL, 0};
  evc_text text = evc_tree_text(d->tree, node);
  if (wanted == EVC_TYPE_NUMBER && looks_like_number(text)) return text;
  if (wanted == EVC_TYPE_BOOLEAN && evc_text_is_ignoring_case(text, "true")) return evc_text_of("true");
  if (wanted == EVC_TYPE_BOOLEAN && evc_text_is_ignoring_case(text, "false"))
    return evc_text_of("false");
  return (evc_text){NULL, 0};
}

static bool fix_by_quotes(evc_describer *d, evc_diagnostic *diagnostic, uint32_t literal,
                          uint32_t other) {
  evc_text text = requoted(d, literal, (evc_type)node_at(d, other)->type);
  if (!text.data) return false;
  const evc_node *node = node_at(d, evc_check_inside(d->tree, literal));
  evc_describe_fix(d, diagnostic, false, node->start, node->end, text);
  return true;
}

/* Two types that can never be equal. */
static void describe_unequal(evc_describer *d) {
  const evc_node *node = node_at(d, d->finding->node);
  uint32_t left = node->as.child.left, right = node->as.child.right, literal,
           main = main_operand(d, node);
  evc_text text = rewritten(d, node, EVC_TYPE_UNKNOWN, &literal);
  evc_text args[] = {{NULL, 0},
                     evc_describe_typed(d, left),
                     evc_describe_typed(d, right),
                     evc_describe_source(d, main),
                     evc_text_of(value_of_type((evc_type)node_at(d, main)->type))};
  if (text.data) args[3] = with_operand(d, node, literal, text);
  evc_message message = text.data ? EVC_MSG_MIXED_TYPES_REWRITE : EVC_MSG_MIXED_TYPES;
  evc_diagnostic *diagnostic = evc_describe_add(d, message, args, 5);
  label_type(d, diagnostic, left);
  label_type(d, diagnostic, right);
  if (!text.data) return;
  const evc_node *inside = node_at(d, evc_check_inside(d->tree, literal));
  evc_describe_fix(d, diagnostic, false, inside->start, inside->end, text);
}

void evc_describe_mixed(evc_describer *d) {
  const evc_finding *f = d->finding;
  if (f->message == EVC_MSG_MIXED_TYPES) {
    describe_unequal(d);
    return;
  }
  const evc_node *node = node_at(d, f->node);
  bool arms = f->message == EVC_MSG_MIXED_ARMS;
  uint32_t first = arms ? node->as.child.right : node->as.child.left;
  uint32_t second = arms ? node->as.child.third : node->as.child.right;
  evc_text args[] = {{NULL, 0}, evc_describe_typed(d, first), evc_describe_typed(d, second), {NULL, 0}};
  if (!arms) args[3] = evc_describe_typed(d, node->as.child.third);
  evc_diagnostic *diagnostic = evc_describe_add(d, f->message, args, 4);
  label_type(d, diagnostic, first);
  label_type(d, diagnostic, second);
  if (!arms)
    label_type(d, diagnostic, node->as.child.third);
  else if (!fix_by_quotes(d, diagnostic, second, first)) fix_by_quotes(d, diagnostic, first, second);
}

/* What calculations that are not Boolean lack. */
void evc_describe_not_boolean(evc_describer *d) {
  uint32_t node = d->finding->node;
  evc_text args[] = {evc_describe_typed(d, node), evc_describe_compared(d, node)};
  bool quoted =
      node_at(d, node)->kind == EVC_NODE_STRING && d->finding->message == EVC_MSG_NOT_BOOLEAN;
  evc_describe_add(d, quoted ? EVC_MSG_NOT_BOOLEAN_QUOTED : d->finding->message, args, 2);
}

/* x > null and IN(x, null) ask what == null asks. */
void evc_describe_null(evc_describer *d) {
  uint32_t node = d->finding->node, parent = evc_describe_parent(d, node);
  while (parent != EVC_NO_NODE && node_at(d, parent)->kind == EVC_NODE_GROUP)
    node = parent, parent = evc_describe_parent(d, node);
  uint32_t other = EVC_NO_NODE;
  if (parent != EVC_NO_NODE) {
    const evc_node *p = node_at(d, parent);
    bool order = p->kind == EVC_NODE_BINARY && evc_operators[p->op].rule == EVC_RULE_ORDER;
    if (order) other = p->as.child.left == node ? p->as.child.right : p->as.child.left;
    if (p->kind == EVC_NODE_CALL && p->op == EVC_FN_IN && p->as.call.first != node)
      other = p->as.call.first;
  }
  if (other == EVC_NO_NODE || node_at(d, other)->type == EVC_TYPE_NULL) {
    evc_describe_add(d, EVC_MSG_NULL_OPERAND, NULL, 0);
    return;
  }
  evc_text args[] = {
      evc_describe_source(d, other),
      evc_describe_comparison(d, EVC_NO_NODE, other, EVC_OP_EQ, EVC_NO_NODE, "null")};
  evc_describe_add(d, EVC_MSG_NULL_ORDERED, args, 2);
}

/* "2 or more arguments", "1 or 2 arguments", "exactly 1 argument". */
static evc_text arity(evc_describer *d, const evc_function_row *row) {
  evc_builder b;
  evc_build_init(&b, d->arena);
  if (row->least == row->most) evc_build_string(&b, "exactly ");
  evc_build_unsigned(&b, row->least);
  if (row->most == 0) evc_build_string(&b, " or more");
  else if (row->most != row->least) {
    evc_build_string(&b, " or ");
    evc_build_unsigned(&b, row->most);
  }
  evc_build_string(&b, row->least == 1 && row->most == 1 ? " argument" : " arguments");
  return evc_build_end(&b);
}

/* Drop the surplus arguments, from the end of the last good one to the end of the last. */
static void fix_surplus(evc_describer *d, evc_diagnostic *diagnostic, const evc_node *call,
                        size_t most) {
  uint32_t last_good = call->as.call.first, last;
  for (size_t i = 1; i < most; i++) last_good = node_at(d, last_good)->next;
  last = last_good;
  for (size_t i = most; i < call->as.call.count; i++) last = node_at(d, last)->next;
  evc_describe_fix(d, diagnostic, false, node_at(d, last_good)->end, node_at(d, last)->end,
                   evc_text_of(""));
}

static void describe_argument_type(evc_describer *d, const evc_node *call, evc_text name,
                                   evc_text signature) {
  const evc_finding *f = d->finding;
  bool member = evc_functions[call->op].rule == EVC_RULE_MEMBERSHIP;
  if (f->message == EVC_MSG_ARGUMENT_TYPE) {
    evc_text wanted = evc_text_of(member ? "Numbers or Strings" : "a Number");
    evc_text text = member ? (evc_text){NULL, 0} : requoted(d, f->node, EVC_TYPE_NUMBER);
    evc_text args[] = {name, wanted, evc_describe_typed(d, f->node), text.data ? text : signature};
    evc_diagnostic *diagnostic = evc_describe_add(d, f->message, args, 4);
    label_type(d, diagnostic, f->node);
    if (text.data) evc_describe_fix(d, diagnostic, false, f->start, f->end, text);
    return;
  }
  uint32_t first = call->as.call.first;
  evc_text text = requoted(d, f->node, (evc_type)node_at(d, first)->type);
  evc_text args[] = {name, evc_describe_typed(d, f->node), evc_describe_typed(d, first),
                     text.data ? text : signature};
  evc_diagnostic *diagnostic = evc_describe_add(d, f->message, args, 4);
  label_type(d, diagnostic, first);
  label_type(d, diagnostic, f->node);
  fix_by_quotes(d, diagnostic, f->node, first);
}

/* isnull(x) where a Number or a String is wanted: the default is missing, "default" in the text where
** there is no telling of which type it is. */
static evc_text with_default(evc_describer *d, uint32_t value, evc_type wanted, bool *sure) {
  evc_type type = (evc_type)node_at(d, value)->type;
  evc_type both = type == EVC_TYPE_NUMBER || type == EVC_TYPE_STRING ? type : wanted;
  bool fits = type != EVC_TYPE_BOOLEAN && (wanted == EVC_TYPE_DYNAMIC || wanted == both);
  const char *literal = both == EVC_TYPE_NUMBER ? "0" : "\"\"";
  *sure = fits && both != EVC_TYPE_DYNAMIC;
  evc_builder b;
  evc_build_init(&b, d->arena);
  evc_build_string(&b, "isnull(");
  evc_build_text(&b, evc_describe_source(d, value));
  evc_build_string(&b, ", ");
  evc_build_string(&b, *sure ? literal : "default");
  evc_build_char(&b, ')');
  return evc_build_end(&b);
}

/* isnull(x), as SQL Server and others ask whether x is null. */
static bool describe_isnull_alone(evc_describer *d, const evc_node *call) {
  bool alone = d->finding->message == EVC_MSG_TOO_FEW_ARGUMENTS && call->op == EVC_FN_ISNULL &&
               call->as.call.count == 1 && node_at(d, call->as.call.first)->type != EVC_TYPE_NULL &&
               node_at(d, call->as.call.first)->kind != EVC_NODE_ERROR &&
               d->tree->source[call->end - 1] == ')';
  if (!alone) return false;
  uint32_t value = call->as.call.first;
  evc_type wanted = evc_describe_wanted(d, d->finding->detail);
  if (wanted != EVC_TYPE_BOOLEAN && wanted != EVC_TYPE_UNKNOWN) {
    bool sure;
    evc_text filled = with_default(d, value, wanted, &sure);
    evc_diagnostic *missing = evc_describe_add(d, EVC_MSG_ISNULL_DEFAULT, &filled, 1);
    if (sure) evc_describe_fix(d, missing, false, call->start, call->end, filled);
    return true;
  }
  evc_text text =
      evc_describe_comparison(d, d->finding->detail, value, EVC_OP_EQ, EVC_NO_NODE, "null");
  evc_text args[] = {evc_describe_source(d, value), text};
  evc_diagnostic *diagnostic = evc_describe_add(d, EVC_MSG_ISNULL_ALONE, args, 2);
  evc_describe_fix(d, diagnostic, false, call->start, call->end, text);
  return true;
}

/* `detail` is the call. */
void evc_describe_argument(evc_describer *d) {
  const evc_finding *f = d->finding;
  const evc_node *call = node_at(d, f->detail);
  if (describe_isnull_alone(d, call)) return;
  const evc_function_row *row = &evc_functions[call->op];
  evc_text name = evc_text_of(row->name), signature = evc_text_of(row->signature);
  char digits[EVC_DECIMAL_TEXT];
  evc_text count = {digits, evc_decimal_write(call->as.call.count, digits)};
  switch (f->message) {
  case EVC_MSG_TOO_FEW_ARGUMENTS:
  case EVC_MSG_SURPLUS_ARGUMENT: {
    evc_text args[] = {name, arity(d, row), count, signature};
    evc_diagnostic *diagnostic = evc_describe_add(d, f->message, args, 4);
    if (f->message == EVC_MSG_SURPLUS_ARGUMENT) fix_surplus(d, diagnostic, call, row->most);
    break;
  }
  case EVC_MSG_SCALE_NOT_CONSTANT: {
    evc_text example = evc_describe_join(d, (const char *const[]){row->name, "(new.amount, 2)", NULL});
    evc_describe_add(d, f->message, (const evc_text[]){name, example}, 2);
    break;
  }
  default: describe_argument_type(d, call, name, signature); break;
  }
}
