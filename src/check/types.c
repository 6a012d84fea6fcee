/* Operands and arguments of the wrong type: both sides labelled with their types, and a fix where the
** slip is plain. */
#include <string.h>

#include "../base/decimal.h"
#include "describe.h"

static evc_text text_of(const char *s) { return (evc_text){s, strlen(s)}; }

static const evc_node *node_at(const evc_describer *d, uint32_t index) {
  return &d->tree->nodes[index];
}

static void label_type(evc_describer *d, evc_diagnostic *diagnostic, uint32_t index) {
  const evc_node *node = node_at(d, index);
  evc_text type = text_of(evc_type_name((evc_type)node->type));
  evc_report_label(d->report, diagnostic, node->start, node->end, EVC_PHRASE_TYPE, &type, 1);
}

static const char *wanted_by(const evc_node *node) {
  switch (evc_operators[node->op].rule) {
  case EVC_RULE_LOGIC: return "a Boolean";
  case EVC_RULE_ORDER: return "two Numbers or two Strings";
  default: return "a Number";
  }
}

void evc_describe_operand(evc_describer *d) {
  const evc_node *node = node_at(d, d->finding->node);
  uint32_t left = node->as.child.left, right = node->as.child.right;
  evc_text args[] = {text_of(evc_operators[node->op].spelling), text_of(wanted_by(node)),
                     evc_describe_typed(d, left), evc_describe_typed(d, right)};
  evc_message message = d->finding->message;
  if (message == EVC_MSG_OPERAND_TYPE && evc_operators[node->op].rule != EVC_RULE_ORDER)
    message = EVC_MSG_OPERAND_TYPE_EACH;
  evc_diagnostic *diagnostic = evc_describe_add(d, message, args, 4);
  label_type(d, diagnostic, left);
  label_type(d, diagnostic, right);
}

/* The comparison just before the operand of a run of AND or OR: what "x == 1 OR 2" repeats. */
static uint32_t comparison_before(const evc_describer *d, const evc_node *logic, uint32_t operand) {
  if (logic->kind != EVC_NODE_BINARY || logic->as.child.right != operand) return EVC_NO_NODE;
  uint32_t at = logic->as.child.left;
  while (node_at(d, at)->kind == EVC_NODE_BINARY &&
         evc_operators[node_at(d, at)->op].rule == EVC_RULE_LOGIC)
    at = node_at(d, at)->as.child.right;
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
  evc_text args[] = {text_of(evc_operators[operation->op].spelling), text_of(wanted_by(operation)),
                     evc_describe_typed(d, operand), {NULL, 0}};
  uint32_t before = comparison_before(d, operation, operand);
  if (before == EVC_NO_NODE) {
    label_type(d, evc_describe_add(d, EVC_MSG_OPERAND_TYPE_ONE, args, 3), operand);
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

/* A literal that would fit once its quotes go or come; data == NULL when it is none. */
static evc_text requoted(evc_describer *d, uint32_t literal, evc_type wanted) {
  const evc_node *node = node_at(d, evc_check_inside(d->tree, literal));
  evc_builder b;
  evc_build_init(&b, d->arena);
  if (node->kind == EVC_NODE_NUMBER && wanted == EVC_TYPE_STRING) {
    evc_build_char(&b, '"');
    evc_build_text(&b, evc_tree_source(d->tree, node));
    evc_build_char(&b, '"');
    return evc_build_end(&b);
  }
  if (node->kind != EVC_NODE_STRING) return (evc_text){NULL, 0};
  evc_text text = evc_tree_text(d->tree, node);
  bool boolean = evc_text_is(text, "true") || evc_text_is(text, "false");
  size_t points = 0;
  bool digits = text.length > 0 && text.length <= 15 && text.data[0] != '.' &&
                text.data[text.length - 1] != '.';
  for (size_t i = 0; i < text.length; i++) {
    points += text.data[i] == '.';
    digits &= text.data[i] == '.' || (text.data[i] >= '0' && text.data[i] <= '9');
  }
  digits &= points <= 1 && !(text.length > 1 && text.data[0] == '0' && text.data[1] != '.');
  bool fits = wanted == EVC_TYPE_NUMBER ? digits : wanted == EVC_TYPE_BOOLEAN && boolean;
  if (!fits) return (evc_text){NULL, 0};
  evc_build_text(&b, text);
  return evc_build_end(&b);
}

static bool fix_by_quotes(evc_describer *d, evc_diagnostic *diagnostic, uint32_t literal,
                          uint32_t other) {
  evc_text text = requoted(d, literal, (evc_type)node_at(d, other)->type);
  if (!text.data) return false;
  const evc_node *node = node_at(d, evc_check_inside(d->tree, literal));
  evc_describe_fix(d, diagnostic, false, node->start, node->end, text);
  return true;
}

void evc_describe_mixed(evc_describer *d) {
  const evc_finding *f = d->finding;
  const evc_node *node = node_at(d, f->node);
  bool arms = f->message == EVC_MSG_MIXED_ARMS;
  uint32_t first = arms ? node->as.child.right : node->as.child.left;
  uint32_t second = arms ? node->as.child.third : node->as.child.right;
  evc_text args[] = {{NULL, 0}, evc_describe_typed(d, first), evc_describe_typed(d, second), {NULL, 0}};
  bool between = f->message == EVC_MSG_BETWEEN_TYPES;
  if (between) args[3] = evc_describe_typed(d, node->as.child.third);
  evc_diagnostic *diagnostic = evc_describe_add(d, f->message, args, 4);
  label_type(d, diagnostic, first);
  label_type(d, diagnostic, second);
  if (between) label_type(d, diagnostic, node->as.child.third);
  else if (!fix_by_quotes(d, diagnostic, second, first)) fix_by_quotes(d, diagnostic, first, second);
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
                   text_of(""));
}

static void describe_argument_type(evc_describer *d, const evc_node *call, evc_text name,
                                   evc_text signature) {
  const evc_finding *f = d->finding;
  bool member = evc_functions[call->op].rule == EVC_RULE_MEMBERSHIP;
  if (f->message == EVC_MSG_ARGUMENT_TYPE) {
    evc_text wanted = text_of(member ? "Numbers or Strings" : "a Number");
    evc_text args[] = {name, wanted, evc_describe_typed(d, f->node), signature};
    label_type(d, evc_describe_add(d, f->message, args, 4), f->node);
    return;
  }
  uint32_t first = call->as.call.first;
  evc_text args[] = {name, evc_describe_typed(d, f->node), evc_describe_typed(d, first), signature};
  evc_diagnostic *diagnostic = evc_describe_add(d, f->message, args, 4);
  label_type(d, diagnostic, first);
  label_type(d, diagnostic, f->node);
  fix_by_quotes(d, diagnostic, f->node, first);
}

/* `detail` is the call. */
void evc_describe_argument(evc_describer *d) {
  const evc_finding *f = d->finding;
  const evc_node *call = node_at(d, f->detail);
  const evc_function_row *row = &evc_functions[call->op];
  evc_text name = text_of(row->name), signature = text_of(row->signature);
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
