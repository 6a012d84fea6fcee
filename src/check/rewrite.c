/* Fixes that rewrite an expression: each knows the parentheses that keep its reading. */
#include <string.h>

#include "../syntax/print.h"
#include "describe.h"

/* Without the parentheses that hold together what holds together anyhow. */
static uint32_t unwrapped(const evc_describer *d, uint32_t node, unsigned least) {
  uint32_t inside = evc_check_inside(d->tree, node);
  bool closed = d->tree->source[d->tree->nodes[node].end - 1] == ')';
  return closed && evc_print_level(d->tree, inside) >= least ? inside : node;
}

/* A node as an operand where anything looser than `least` needs parentheses. */
static void build_operand(evc_describer *d, evc_builder *b, uint32_t node, unsigned least) {
  bool bare = evc_print_level(d->tree, node) >= least;
  if (!bare) evc_build_char(b, '(');
  evc_build_text(b, evc_describe_source(d, node));
  if (!bare) evc_build_char(b, ')');
}

/* Would an expression of that level need parentheses in the place of `node`? Beside the other of AND
** and OR they are put so that no precedence is left to guess. */
static bool needs_parentheses(evc_describer *d, uint32_t node, unsigned level) {
  uint32_t parent = evc_describe_parent(d, node);
  if (parent == EVC_NO_NODE) return false;
  const evc_node *p = &d->tree->nodes[parent];
  if (p->kind == EVC_NODE_GROUP || p->kind == EVC_NODE_CALL) {
    bool infix = p->kind == EVC_NODE_CALL && p->construct != EVC_CONSTRUCT_NONE;
    return infix && p->as.call.first == node;
  }
  if (p->construct == EVC_CONSTRUCT_AND_CALL || p->construct == EVC_CONSTRUCT_OR_CALL ||
      p->construct == EVC_CONSTRUCT_IF_CALL)
    return false;
  if (p->construct != EVC_CONSTRUCT_NONE || p->kind == EVC_NODE_CAST) return true;
  if (p->kind == EVC_NODE_CONDITIONAL) return level <= 1;
  unsigned outer = evc_operators[p->op].level;
  bool logic = evc_operators[p->op].rule == EVC_RULE_LOGIC;
  if (logic && level <= evc_operators[EVC_OP_AND].level) return outer != level;
  return level <= outer;
}

static evc_text placed(evc_describer *d, uint32_t node, unsigned level, evc_text text) {
  if (!text.data || !needs_parentheses(d, node, level)) return text;
  return evc_describe_join(d, (const char *const[]){"(", text.data, ")", NULL});
}

evc_text evc_describe_comparison(evc_describer *d, uint32_t node, uint32_t left, evc_operator op,
                                 uint32_t right, const char *literal) {
  unsigned level = evc_operators[op].level;
  evc_builder b;
  evc_build_init(&b, d->arena);
  build_operand(d, &b, left, level + 1);
  evc_build_char(&b, ' ');
  evc_build_string(&b, evc_operators[op].spelling);
  evc_build_char(&b, ' ');
  if (right == EVC_NO_NODE)
    evc_build_string(&b, literal);
  else
    build_operand(d, &b, right, level + 1);
  evc_text text = evc_build_end(&b);
  return node == EVC_NO_NODE ? text : placed(d, node, level, text);
}

enum { LONGEST_EXAMPLE = 60 };

evc_text evc_describe_compared(evc_describer *d, uint32_t node) {
  static const char example[] = "new.amount > 0";
  evc_text source = evc_describe_source(d, node);
  evc_type type = (evc_type)d->tree->nodes[node].type;
  bool number = type == EVC_TYPE_NUMBER;
  bool constant = d->checked->facts[node].is_constant;
  bool shown = source.length <= LONGEST_EXAMPLE && !memchr(source.data, '\n', source.length) &&
               (number || type == EVC_TYPE_STRING || type == EVC_TYPE_DYNAMIC) && !constant;
  if (!shown) return (evc_text){example, sizeof example - 1};
  evc_builder b;
  evc_build_init(&b, d->arena);
  build_operand(d, &b, node, evc_operators[EVC_OP_LT].level + 1);
  evc_build_string(&b, number ? " > 0" : " == \"…\"");
  return evc_build_end(&b);
}

bool evc_describe_is_clean(const evc_describer *d, uint32_t node) {
  const evc_node *n = &d->tree->nodes[node];
  for (size_t i = 0; i < d->tree->findings.count; i++) {
    const evc_finding *f = &d->tree->findings.list[i];
    evc_code code = evc_message_code(f->message);
    bool repeats = code <= EVC_CODE_CALCULATION_MISSING ||
                   (code >= EVC_CODE_UNKNOWN_FIELD && code <= EVC_CODE_FUNCTION_NOT_CALLED);
    if (repeats && f->start >= n->start && f->end <= n->end) return false;
  }
  return true;
}

/* Constructs of other languages */

static const char *const construct_names[] = {
    [EVC_CONSTRUCT_NONE] = "",
    [EVC_CONSTRUCT_NOT] = "negation with ! or NOT",
    [EVC_CONSTRUCT_IN] = "IN between its operands",
    [EVC_CONSTRUCT_NOT_IN] = "NOT IN",
    [EVC_CONSTRUCT_BETWEEN] = "BETWEEN",
    [EVC_CONSTRUCT_NOT_BETWEEN] = "NOT BETWEEN",
    [EVC_CONSTRUCT_IS_NULL] = "IS NULL",
    [EVC_CONSTRUCT_IS_NOT_NULL] = "IS NOT NULL",
    [EVC_CONSTRUCT_LIKE] = "LIKE",
    [EVC_CONSTRUCT_NOT_LIKE] = "NOT LIKE",
    [EVC_CONSTRUCT_AND_CALL] = "AND as a function",
    [EVC_CONSTRUCT_OR_CALL] = "OR as a function",
    [EVC_CONSTRUCT_IF_CALL] = "IF as a function",
};

/* IN(x, a, b) from the call that stands for x IN (a, b). */
static void build_in(evc_describer *d, evc_builder *b, uint32_t index) {
  const evc_node *nodes = d->tree->nodes, *call = &nodes[index];
  uint32_t value = call->as.call.first, first = nodes[value].next, last = first;
  for (uint32_t i = 2; i < call->as.call.count; i++) last = nodes[last].next;
  evc_build_string(b, "IN(");
  build_operand(d, b, value, 1);
  evc_build_string(b, ", ");
  evc_build(b, d->tree->source + nodes[first].start, nodes[last].end - nodes[first].start);
  evc_build_char(b, ')');
}

/* The arguments of AND(…) hang to the left; a link of that chain ends where its last operand does,
** another AND(…) has its own ). */
static bool is_link(const evc_describer *d, uint32_t index, evc_construct construct) {
  const evc_node *node = &d->tree->nodes[index];
  return node->construct == construct && node->end == d->tree->nodes[node->as.child.right].end;
}

/* `count` nodes from `index` on, each the left operand of the one before. */
static uint32_t *left_links(evc_describer *d, uint32_t index, size_t count) {
  uint32_t *links = evc_arena_alloc(d->arena, count * sizeof *links);
  for (size_t i = 0; links && i < count; i++, index = d->tree->nodes[index].as.child.left)
    links[i] = index;
  return links;
}

static void build_logic_call(evc_describer *d, evc_builder *b, uint32_t index) {
  const evc_node *nodes = d->tree->nodes;
  evc_construct construct = (evc_construct)nodes[index].construct;
  evc_operator op = (evc_operator)nodes[index].op;
  uint32_t depth = 1, first = nodes[index].as.child.left;
  for (; is_link(d, first, construct); first = nodes[first].as.child.left) depth++;
  unsigned least = evc_operators[EVC_OP_EQ].level, level = evc_print_level(d->tree, first);
  if (nodes[first].op == op && level == evc_operators[op].level) least = level;
  build_operand(d, b, first, least);
  uint32_t *links = left_links(d, index, depth);
  for (uint32_t k = depth; links && k-- > 0;) {
    uint32_t link = links[k];
    evc_build_char(b, ' ');
    evc_build_string(b, evc_operators[op].spelling);
    evc_build_char(b, ' ');
    build_operand(d, b, nodes[link].as.child.right, evc_operators[EVC_OP_EQ].level);
  }
}

static void build_infix(evc_describer *d, evc_builder *b, uint32_t left, const char *op,
                        uint32_t right) {
  build_operand(d, b, left, evc_operators[EVC_OP_ADD].level);
  evc_build_string(b, op);
  build_operand(d, b, right, evc_operators[EVC_OP_ADD].level);
}

static bool has_wildcard(const evc_describer *d, uint32_t node) {
  const evc_node *n = &d->tree->nodes[node];
  if (n->kind != EVC_NODE_STRING) return true;
  evc_text text = evc_tree_text(d->tree, n);
  return text.length && (memchr(text.data, '%', text.length) || memchr(text.data, '_', text.length) ||
                         memchr(text.data, '*', text.length));
}

/* What the construct is in the language, and the level of that; data == NULL where there is nothing
** that means the same. */
static evc_text equivalent(evc_describer *d, uint32_t index, unsigned *level) {
  const evc_node *node = &d->tree->nodes[index];
  uint32_t left = node->as.child.left, right = node->as.child.right, third = node->as.child.third;
  evc_construct construct = (evc_construct)node->construct;
  unsigned equality = evc_operators[EVC_OP_EQ].level, sign = evc_operators[EVC_OP_MINUS].level;
  evc_builder b;
  evc_build_init(&b, d->arena);
  *level = equality;
  switch (construct) {
  case EVC_CONSTRUCT_NOT:
    build_operand(d, &b, unwrapped(d, left, sign), sign);
    evc_build_string(&b, " == false");
    break;
  case EVC_CONSTRUCT_IN:
    *level = EVC_LEVEL_UNIT;
    build_in(d, &b, index);
    break;
  case EVC_CONSTRUCT_NOT_IN:
    build_in(d, &b, left);
    evc_build_string(&b, " == false");
    break;
  case EVC_CONSTRUCT_BETWEEN:
  case EVC_CONSTRUCT_NOT_BETWEEN: {
    bool negated = construct == EVC_CONSTRUCT_NOT_BETWEEN;
    *level = evc_operators[negated ? EVC_OP_OR : EVC_OP_AND].level;
    build_infix(d, &b, left, negated ? " < " : " >= ", right);
    evc_build_string(&b, negated ? " OR " : " AND ");
    build_infix(d, &b, left, negated ? " > " : " <= ", third);
    break;
  }
  case EVC_CONSTRUCT_IS_NULL:
  case EVC_CONSTRUCT_IS_NOT_NULL:
    build_operand(d, &b, left, equality + 1);
    evc_build_string(&b, construct == EVC_CONSTRUCT_IS_NULL ? " == null" : " != null");
    break;
  case EVC_CONSTRUCT_LIKE:
  case EVC_CONSTRUCT_NOT_LIKE:
    if (has_wildcard(d, right)) return (evc_text){NULL, 0};
    build_operand(d, &b, left, equality + 1);
    evc_build_string(&b, construct == EVC_CONSTRUCT_LIKE ? " == " : " != ");
    evc_build_text(&b, evc_describe_source(d, right));
    break;
  case EVC_CONSTRUCT_AND_CALL:
  case EVC_CONSTRUCT_OR_CALL:
    *level = evc_operators[node->op].level;
    build_logic_call(d, &b, index);
    break;
  default: /* EVC_CONSTRUCT_IF_CALL */
    *level = evc_operators[EVC_OP_CONDITION].level;
    build_operand(d, &b, left, *level + 1);
    evc_build_string(&b, " ? ");
    build_operand(d, &b, right, *level);
    evc_build_string(&b, " : ");
    build_operand(d, &b, third, *level);
    break;
  }
  return evc_build_end(&b);
}

/* Text in there was given up or is not closed: rewriting what is left would lose it. */
static bool is_damaged(const evc_describer *d, size_t start, size_t end) {
  if (d->tree->given_up > start && d->tree->given_up <= end) return true;
  for (size_t i = 0; i < d->tree->findings.count; i++) {
    const evc_finding *f = &d->tree->findings.list[i];
    evc_code code = evc_message_code(f->message);
    bool mended = f->text.data && code != EVC_CODE_COMMENT;
    if (f->start < start || f->start > end || mended) continue;
    switch (code) {
    case EVC_CODE_INVALID_UTF8:
    case EVC_CODE_UNEXPECTED_CHARACTER:
    case EVC_CODE_UNCLOSED_STRING:
    case EVC_CODE_COMMENT:
    case EVC_CODE_BRACKETS:
    case EVC_CODE_MISSING_OPERAND:
    case EVC_CODE_UNEXPECTED_TOKEN:
    case EVC_CODE_ADJACENT_OPERANDS:
    case EVC_CODE_UNCLOSED_PARENTHESIS: return true;
    default: break;
    }
  }
  return false;
}

void evc_describe_construct(evc_describer *d) {
  uint32_t index = d->finding->node;
  const evc_node *node = &d->tree->nodes[index];
  unsigned level;
  const char *called = construct_names[node->construct];
  if (is_damaged(d, node->start, node->end)) {
    evc_text name = {called, strlen(called)};
    evc_describe_add(d, EVC_MSG_CONSTRUCT_BROKEN, &name, 1);
    return;
  }
  if (node->construct == EVC_CONSTRUCT_NOT && node->type == EVC_TYPE_UNKNOWN &&
      d->tree->nodes[node->as.child.left].type != EVC_TYPE_UNKNOWN) {
    evc_text args[] = {{called, strlen(called)}, evc_describe_typed(d, node->as.child.left)};
    evc_describe_add(d, EVC_MSG_CONSTRUCT_NOT_TYPE, args, 2);
    return;
  }
  evc_text text = equivalent(d, index, &level);
  evc_text args[] = {{called, strlen(called)}, placed(d, index, level, text), {NULL, 0}};
  evc_message message = text.data ? EVC_MSG_CONSTRUCT : EVC_MSG_CONSTRUCT_NO_EQUIVALENT;
  const evc_fact *operand = &d->checked->facts[node->as.child.left];
  bool unknown = d->tree->nodes[node->as.child.left].type == EVC_TYPE_UNKNOWN;
  if (node->construct == EVC_CONSTRUCT_NOT && (operand->nullable || unknown)) {
    evc_builder b;
    evc_build_init(&b, d->arena);
    unsigned sign = evc_operators[EVC_OP_MINUS].level;
    build_operand(d, &b, unwrapped(d, node->as.child.left, sign), sign);
    evc_build_string(&b, " != true");
    args[2] = evc_build_end(&b);
    message = EVC_MSG_CONSTRUCT_NOT;
  }
  evc_diagnostic *diagnostic = evc_describe_add(d, message, args, 3);
  bool safe = node->construct != EVC_CONSTRUCT_NOT && node->construct != EVC_CONSTRUCT_LIKE &&
              node->construct != EVC_CONSTRUCT_NOT_LIKE;
  bool twice =
      node->construct == EVC_CONSTRUCT_BETWEEN || node->construct == EVC_CONSTRUCT_NOT_BETWEEN;
  if (text.data && (!twice || evc_describe_is_clean(d, node->as.child.left)))
    evc_describe_fix(d, diagnostic, safe, d->finding->start, d->finding->end, args[1]);
}

/* Precedence and chains: fixes that only insert parentheses. */

static const evc_text open_one = {"(", 1}, close_one = {")", 1};

/* None where a string is not closed, or a parenthesis is closed that was not opened: one behind that
** string would be part of it, and one before that parenthesis would be closed by it. */
static evc_fix *parentheses_fix(evc_describer *d, evc_diagnostic *diagnostic) {
  const evc_node *node = &d->tree->nodes[d->finding->node];
  for (size_t i = 0; i < d->tree->findings.count; i++) {
    const evc_finding *f = &d->tree->findings.list[i];
    bool inside = f->start >= node->start && f->start < node->end;
    bool unclosed = evc_message_code(f->message) == EVC_CODE_UNCLOSED_STRING;
    if (inside && (unclosed || f->message == EVC_MSG_SURPLUS_PARENTHESIS)) return NULL;
  }
  return evc_report_fix(d->report, diagnostic, true, EVC_PHRASE_ADD_PARENTHESES, NULL, 0);
}

static void insert(evc_describer *d, evc_fix *fix, size_t at, evc_text text) {
  evc_report_edit(d->report, fix, at, at, text);
}

static bool is_bare(const evc_describer *d, uint32_t index, evc_operator op) {
  const evc_node *node = &d->tree->nodes[index];
  return node->kind == EVC_NODE_BINARY && node->op == op && node->construct == EVC_CONSTRUCT_NONE;
}

static evc_text repeated(evc_describer *d, char c, size_t count) {
  evc_builder b;
  evc_build_init(&b, d->arena);
  evc_build_repeat(&b, c, count);
  return evc_build_end(&b);
}

/* The operands of a run of OR, left to right. */
static uint32_t *or_operands(evc_describer *d, uint32_t index, size_t *count) {
  const evc_node *nodes = d->tree->nodes;
  size_t links = 0;
  for (uint32_t at = index; is_bare(d, at, EVC_OP_OR); at = nodes[at].as.child.left) links++;
  uint32_t *operands = evc_arena_alloc(d->arena, (links + 1) * sizeof *operands);
  *count = operands ? links + 1 : 0;
  if (!operands) return NULL;
  uint32_t at = index;
  for (size_t i = links; i > 0; i--, at = nodes[at].as.child.left)
    operands[i] = nodes[at].as.child.right;
  operands[0] = at;
  return operands;
}

/* The first bare AND among the operands, with its neighbour, shows the reading. */
static evc_text or_reading(evc_describer *d, const uint32_t *operands, size_t count) {
  evc_builder b;
  evc_build_init(&b, d->arena);
  for (size_t i = 0; i < count; i++) {
    bool bare = is_bare(d, operands[i], EVC_OP_AND);
    if (i) evc_build_string(&b, " OR ");
    if (bare) evc_build_char(&b, '(');
    evc_build_text(&b, evc_describe_source(d, operands[i]));
    if (bare) evc_build_char(&b, ')');
    if (b.length > 200) break; /* it is cut when shown */
  }
  return evc_build_end(&b);
}

static void describe_or_of_and(evc_describer *d, uint32_t index) {
  size_t count;
  uint32_t *operands = or_operands(d, index, &count);
  static const char called[] = "AND beside OR";
  evc_text args[] = {{called, sizeof called - 1}, or_reading(d, operands, count)};
  evc_fix *fix = parentheses_fix(d, evc_describe_add(d, EVC_MSG_PRECEDENCE, args, 2));
  for (size_t i = 0; i < count; i++) {
    if (!is_bare(d, operands[i], EVC_OP_AND)) continue;
    insert(d, fix, d->tree->nodes[operands[i]].start, open_one);
    insert(d, fix, d->tree->nodes[operands[i]].end, close_one);
  }
}

static void describe_power_of_power(evc_describer *d, uint32_t index) {
  const evc_node *nodes = d->tree->nodes;
  static const char called[] = "a run of ^";
  evc_builder b;
  evc_build_init(&b, d->arena);
  size_t open = 0;
  uint32_t at = index;
  for (; is_bare(d, nodes[at].as.child.right, EVC_OP_POWER); at = nodes[at].as.child.right, open++) {
    evc_build(&b, d->tree->source + nodes[at].start,
              nodes[nodes[at].as.child.right].start - nodes[at].start);
    evc_build_char(&b, '(');
  }
  evc_build_text(&b, evc_describe_source(d, at));
  evc_build_repeat(&b, ')', open);
  evc_text args[] = {{called, sizeof called - 1}, evc_build_end(&b)};
  evc_fix *fix = parentheses_fix(d, evc_describe_add(d, EVC_MSG_PRECEDENCE, args, 2));
  for (at = index; is_bare(d, nodes[at].as.child.right, EVC_OP_POWER); at = nodes[at].as.child.right)
    insert(d, fix, nodes[nodes[at].as.child.right].start, open_one);
  insert(d, fix, nodes[at].end, repeated(d, ')', open));
}

static void describe_sign_of_power(evc_describer *d, uint32_t index) {
  const evc_node *nodes = d->tree->nodes;
  uint32_t power = nodes[index].as.child.left;
  static const char called[] = "a sign before ^";
  evc_builder b;
  evc_build_init(&b, d->arena);
  evc_build_string(&b, "-(");
  evc_build_text(&b, evc_describe_source(d, power));
  evc_build_char(&b, ')');
  evc_text args[] = {{called, sizeof called - 1}, evc_build_end(&b)};
  evc_fix *fix = parentheses_fix(d, evc_describe_add(d, EVC_MSG_PRECEDENCE, args, 2));
  insert(d, fix, nodes[power].start, open_one);
  insert(d, fix, nodes[power].end, close_one);
}

void evc_describe_precedence(evc_describer *d) {
  uint32_t index = d->finding->node;
  if (d->tree->nodes[index].kind == EVC_NODE_UNARY) describe_sign_of_power(d, index);
  else if (d->tree->nodes[index].op == EVC_OP_POWER) describe_power_of_power(d, index);
  else describe_or_of_and(d, index);
}

static bool is_equality(const evc_describer *d, uint32_t index) {
  return is_bare(d, index, EVC_OP_EQ) || is_bare(d, index, EVC_OP_NE);
}

void evc_describe_chained_equality(evc_describer *d) {
  const evc_node *nodes = d->tree->nodes;
  uint32_t index = d->finding->node;
  size_t open = 0;
  uint32_t first = nodes[index].as.child.left;
  while (is_equality(d, nodes[first].as.child.left)) first = nodes[first].as.child.left, open++;
  evc_builder b;
  evc_build_init(&b, d->arena);
  evc_build_char(&b, '(');
  evc_build_text(&b, evc_describe_source(d, nodes[index].as.child.left));
  evc_build_string(&b, ") ");
  evc_build_string(&b, evc_operators[nodes[index].op].spelling);
  evc_build_char(&b, ' ');
  evc_build_text(&b, evc_describe_source(d, nodes[index].as.child.right));
  evc_text text = evc_build_end(&b);
  evc_fix *fix = parentheses_fix(d, evc_describe_add(d, EVC_MSG_CHAINED_COMPARISON, &text, 1));
  insert(d, fix, nodes[index].start, repeated(d, '(', open + 1));
  /* From the innermost comparison outwards is from left to right. */
  uint32_t *links = left_links(d, nodes[index].as.child.left, open + 1);
  for (size_t k = open + 1; links && k-- > 0;) insert(d, fix, nodes[links[k]].end, close_one);
}

/* a < b < c, which people mean as a < b AND b < c. */
void evc_describe_chained_inequality(evc_describer *d) {
  const evc_node *nodes = d->tree->nodes, *node = &nodes[d->finding->node];
  uint32_t left = node->as.child.left, middle = nodes[left].as.child.right;
  evc_text op = {evc_operators[node->op].spelling, strlen(evc_operators[node->op].spelling)};
  evc_builder b;
  evc_build_init(&b, d->arena);
  evc_build_text(&b, evc_describe_source(d, left));
  evc_build_string(&b, " AND ");
  evc_build_text(&b, evc_describe_source(d, middle));
  evc_build_char(&b, ' ');
  evc_build_text(&b, op);
  evc_build_char(&b, ' ');
  evc_build_text(&b, evc_describe_source(d, node->as.child.right));
  evc_text text = placed(d, d->finding->node, evc_operators[EVC_OP_AND].level, evc_build_end(&b));
  evc_text right_type = evc_describe_typed(d, node->as.child.right);
  evc_text args[] = {op, text}, left_type = evc_describe_typed(d, left);
  evc_diagnostic *diagnostic = evc_describe_add(d, EVC_MSG_CHAINED_INEQUALITY, args, 2);
  evc_report_label(d->report, diagnostic, nodes[left].start, nodes[left].end, EVC_PHRASE_TYPE,
                   &left_type, 1);
  evc_report_label(d->report, diagnostic, nodes[node->as.child.right].start,
                   nodes[node->as.child.right].end, EVC_PHRASE_TYPE, &right_type, 1);
  if (evc_describe_is_clean(d, middle))
    evc_describe_fix(d, diagnostic, false, node->start, node->end, text);
}
