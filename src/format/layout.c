/* What fits on its line stays there. What does not is broken at its outermost operator, brackets or
** choice, and then each part is looked at in the same way:
**
**   AND, OR        before each, at the left edge of what is between the brackets; a tighter operator
**                  is indented below the looser one
**   other          before each, indented; but where the rest would fit with one pair of brackets
**                  broken, that is done instead: Math.max( … ) > 5
**   ( )            the inside in lines of its own, indented
**   call           the same, an argument a line; plain ones as many to a line as fit, of IN the
**                  value in the first
**   ? :            before each, indented; a chain a line a choice, each from its colon on
**
** It is a loop with a list of what is still to come; every node is visited a few times at most. */
#include "layout.h"

#include "../syntax/print.h"

/* Where a part stands. */
typedef struct place {
  size_t base; /* the indentation of its line, to which its brackets close */
  size_t run;  /* the indentation of its operators where they start lines */
  size_t tail; /* columns of what must follow it on its line */
  bool block;  /* it is all there is between brackets: its AND or OR start at `base` */
} place;

typedef enum step_kind {
  STEP_TEXT,     /* `text` */
  STEP_LINE,     /* a new line, indented to `at.base` */
  STEP_FLAT,     /* the node on this line */
  STEP_NODE,     /* the node, broken if it must be */
  STEP_OPERAND,  /* a new line, indented to `at.base`, `text`, a blank, and the node */
  STEP_BRACKET,  /* the node, in which only the brackets of `target` are broken */
  STEP_CHOICE,   /* one link of a chain of choices; lines start at `at.run` */
  STEP_ARGUMENTS /* `count` arguments from the node on; lines start at `at.base` */
} step_kind;

/* What goes between an argument and the one before it. */
typedef enum argument_break {
  BREAK_NONE,
  BREAK_LINE,
  BREAK_FILL,          /* a blank where the argument fits, else a line */
  BREAK_LINE_THEN_FILL /* a line behind the first, then as BREAK_FILL */
} argument_break;

typedef struct step {
  step_kind kind;
  uint32_t node;
  place at;
  union {
    const char *text;
    uint32_t target;
    struct {
      uint32_t count;
      argument_break before, behind;
    } arguments;
  } as;
} step;

typedef struct layout {
  const evc_tree *tree;
  const evc_layout_options *options;
  evc_builder *out;
  const uint32_t *widths;
  evc_printer printer;
  size_t column; /* of the next character, from 0 */
  step *steps;   /* the next one last */
  size_t count, capacity;
} layout;

/* ---- Writing -------------------------------------------------------------------------------- */

static void put(layout *l, evc_text text, size_t width) {
  evc_build_text(l->out, text);
  l->column += width;
}

static void put_string(layout *l, const char *ascii) {
  put(l, evc_text_of(ascii), strlen(ascii));
}

static void put_line(layout *l, size_t indentation) {
  evc_build_string(l->out, l->options->line_end);
  evc_build_repeat(l->out, ' ', indentation);
  l->column = indentation;
}

static void put_flat(layout *l, uint32_t node) {
  evc_print(&l->printer, node);
  l->column += l->widths[node];
}

static void push(layout *l, step next) {
  void *steps = l->steps;
  if (!evc_arena_grow(l->out->arena, &steps, &l->capacity, l->count + 1, sizeof next)) {
    l->out->failed = true;
    return;
  }
  l->steps = steps;
  l->steps[l->count++] = next;
}

static void push_text(layout *l, const char *text) {
  push(l, (step){.kind = STEP_TEXT, .as.text = text});
}

static void push_line(layout *l, size_t indentation) {
  push(l, (step){.kind = STEP_LINE, .at.base = indentation});
}

static void push_flat(layout *l, uint32_t node) {
  push(l, (step){.kind = STEP_FLAT, .node = node});
}

static void push_node(layout *l, uint32_t node, place at) {
  push(l, (step){.kind = STEP_NODE, .node = node, .at = at});
}

static void push_operand(layout *l, const char *text, uint32_t node, place at) {
  push(l, (step){.kind = STEP_OPERAND, .node = node, .at = at, .as.text = text});
}

/* ---- Asking --------------------------------------------------------------------------------- */

static const evc_node *node_at(const layout *l, uint32_t index) { return &l->tree->nodes[index]; }

static bool has_room(const layout *l, size_t column, size_t width) {
  return column <= l->options->columns && width <= l->options->columns - column;
}

/* A literal or a path, perhaps with a sign or in parentheses: breaking it would gain nothing. */
static bool is_plain(const layout *l, uint32_t index) {
  const evc_node *node = node_at(l, index);
  while (node->kind == EVC_NODE_UNARY || node->kind == EVC_NODE_GROUP)
    node = node_at(l, node->as.child.left);
  return node->kind < EVC_NODE_GROUP;
}

static bool has_brackets(const layout *l, uint32_t index) {
  const evc_node *node = node_at(l, index);
  if (node->kind == EVC_NODE_GROUP) return !is_plain(l, index);
  if (node->kind != EVC_NODE_CALL || node->as.call.count == 0) return false;
  return node->as.call.count > 1 || !is_plain(l, node->as.call.first);
}

static bool is_logic(const evc_node *node) {
  return node->kind == EVC_NODE_BINARY && evc_operators[node->op].rule == EVC_RULE_LOGIC;
}

static bool is_breakable(const layout *l, uint32_t index) {
  const evc_node *node = node_at(l, index);
  if (node->kind == EVC_NODE_GROUP || node->kind == EVC_NODE_CALL) return has_brackets(l, index);
  return !is_plain(l, index);
}

/* A run of operators of one level hangs to the left: is the node a part of one of that level? */
static bool is_link(const layout *l, uint32_t index, unsigned level) {
  const evc_node *node = node_at(l, index);
  return node->kind == EVC_NODE_BINARY && evc_operators[node->op].level == level;
}

static unsigned level_of(const layout *l, uint32_t index) {
  return evc_operators[node_at(l, index)->op].level;
}

static size_t operator_width(const evc_node *node) {
  return strlen(evc_operators[node->op].spelling) + 1;
}

static bool is_within(const layout *l, uint32_t part, uint32_t whole) {
  const evc_node *p = node_at(l, part), *w = node_at(l, whole);
  return p->start >= w->start && p->end <= w->end;
}

/* ---- Brackets alone ------------------------------------------------------------------------- */

/* Of a run that starts at `column` and whose operators would start lines, the first operand that
** would still not fit, EVC_NO_NODE when there is none. */
static uint32_t operand_too_wide(const layout *l, uint32_t run, size_t column, size_t indentation,
                                 size_t tail) {
  unsigned level = level_of(l, run);
  uint32_t found = EVC_NO_NODE, index = run;
  for (; is_link(l, index, level); index = node_at(l, index)->as.child.left) {
    const evc_node *link = node_at(l, index);
    uint32_t operand = link->as.child.right;
    if (!has_room(l, indentation, operator_width(link) + l->widths[operand] + tail))
      found = operand;
  }
  return has_room(l, column, l->widths[index]) ? found : index;
}

/* What stands on the line of some brackets when nothing else is broken. */
typedef struct bracket_line {
  size_t before, behind;
} bracket_line;

/* Add what a run has beside one of its operands. */
static void add_beside(const layout *l, uint32_t run, uint32_t operand, bracket_line *line) {
  unsigned level = level_of(l, run);
  uint32_t index = run;
  for (; index != operand && is_link(l, index, level); index = node_at(l, index)->as.child.left) {
    const evc_node *link = node_at(l, index);
    size_t gap = operator_width(link) + 1;
    if (link->as.child.right == operand) {
      line->before += l->widths[link->as.child.left] + gap;
      return;
    }
    line->behind += gap + l->widths[link->as.child.right];
  }
}

/* The brackets in a run that are all that needs to be broken, EVC_NO_NODE when there are none. */
static uint32_t brackets_to_break(const layout *l, uint32_t run, place at) {
  bracket_line line = {l->column, at.tail};
  size_t indentation = at.run, tail = at.tail, open = 1;
  uint32_t index = run;
  const evc_node *node = node_at(l, index);
  for (; node->kind >= EVC_NODE_UNARY && !is_logic(node); node = node_at(l, index)) {
    if (node->kind == EVC_NODE_UNARY) {
      line.before += evc_print_sign_width(l->tree, index);
      index = node->as.child.left;
    } else if (node->kind == EVC_NODE_BINARY) {
      uint32_t wide = operand_too_wide(l, index, line.before, indentation, tail);
      if (wide == EVC_NO_NODE) return EVC_NO_NODE;
      if (wide != node->as.child.right) tail = 0;
      add_beside(l, index, wide, &line);
      index = wide;
      indentation += l->options->indent;
    } else {
      break;
    }
  }
  if (!has_brackets(l, index)) return EVC_NO_NODE;
  if (node->kind == EVC_NODE_CALL) open = evc_print_callee_width(l->tree, index);
  bool fits = has_room(l, line.before, open) && has_room(l, at.base, 1 + line.behind);
  return fits ? index : EVC_NO_NODE;
}

/* ---- Breaking ------------------------------------------------------------------------------- */

static place place_of(const layout *l, size_t base, size_t lines, size_t tail) {
  return (place){.base = base, .run = lines + l->options->indent, .tail = tail};
}

static place block_at(const layout *l, size_t base, size_t tail) {
  return (place){.base = base, .run = base + l->options->indent, .tail = tail, .block = true};
}

static void break_run(layout *l, uint32_t index, place at) {
  unsigned level = level_of(l, index);
  bool logic = is_logic(node_at(l, index));
  uint32_t target = logic ? EVC_NO_NODE : brackets_to_break(l, index, at);
  if (target != EVC_NO_NODE) {
    push(l, (step){.kind = STEP_BRACKET, .node = index, .at = at, .as.target = target});
    return;
  }
  size_t lines = logic && at.block ? at.base : at.run, tail = at.tail;
  for (; is_link(l, index, level); index = node_at(l, index)->as.child.left) {
    const evc_node *link = node_at(l, index);
    push_operand(l, evc_operators[link->op].spelling, link->as.child.right,
                 place_of(l, lines, lines, tail));
    tail = 0;
  }
  push_node(l, index, place_of(l, at.base, lines, 0));
}

static void put_sign(layout *l, uint32_t index) {
  put_string(l, evc_operators[node_at(l, index)->op].spelling);
  if (evc_print_sign_width(l->tree, index) > 1) put_string(l, " ");
}

static void break_group(layout *l, uint32_t index, place at) {
  size_t inside = at.base + l->options->indent;
  put_string(l, "(");
  push_text(l, ")");
  push_line(l, at.base);
  push_node(l, node_at(l, index)->as.child.left, block_at(l, inside, 0));
  push_line(l, inside);
}

/* Plain arguments fill lines; the value of IN is not one of its candidates. */
static argument_break argument_breaks(const layout *l, const evc_node *call) {
  evc_text name = evc_tree_name(l->tree, call);
  bool in = evc_function_find(name.data, name.length) == EVC_FN_IN;
  uint32_t argument = call->as.call.first;
  for (uint32_t i = 0; i < call->as.call.count; i++, argument = node_at(l, argument)->next)
    if (!(in && i == 0) && !is_plain(l, argument)) return BREAK_LINE;
  return in ? BREAK_LINE_THEN_FILL : BREAK_FILL;
}

static void break_call(layout *l, uint32_t index, place at) {
  const evc_node *call = node_at(l, index);
  size_t inside = at.base + l->options->indent;
  put(l, evc_tree_name(l->tree, call), evc_print_callee_width(l->tree, index) - 1);
  put_string(l, "(");
  push_text(l, ")");
  push_line(l, at.base);
  push(l, (step){.kind = STEP_ARGUMENTS,
                 .node = call->as.call.first,
                 .at = block_at(l, inside, 0),
                 .as.arguments = {call->as.call.count, BREAK_NONE, argument_breaks(l, call)}});
  push_line(l, inside);
}

static void lay_arguments(layout *l, step s) {
  bool last = s.as.arguments.count == 1;
  argument_break before = s.as.arguments.before, behind = s.as.arguments.behind;
  bool fits = has_room(l, l->column, 1 + l->widths[s.node] + !last);
  if (before == BREAK_FILL && fits) put_string(l, " ");
  else if (before != BREAK_NONE) put_line(l, s.at.base);
  if (!last) {
    step next = s;
    next.node = node_at(l, s.node)->next;
    next.as.arguments.count--;
    next.as.arguments.before = behind == BREAK_LINE_THEN_FILL ? BREAK_LINE : behind;
    next.as.arguments.behind = behind == BREAK_LINE_THEN_FILL ? BREAK_FILL : behind;
    push(l, next);
    push_text(l, ",");
  }
  s.at.tail = !last;
  push_node(l, s.node, s.at);
}

static bool is_chain(const layout *l, const evc_node *choice) {
  return node_at(l, choice->as.child.third)->kind == EVC_NODE_CONDITIONAL;
}

static void break_choice(layout *l, uint32_t index, place at) {
  const evc_node *node = node_at(l, index);
  size_t lines = at.run;
  if (is_chain(l, node)) {
    if (at.block) at.run = at.base;
    push(l, (step){.kind = STEP_CHOICE, .node = index, .at = at});
    return;
  }
  push_operand(l, ":", node->as.child.third, place_of(l, lines, lines, at.tail));
  push_operand(l, "?", node->as.child.right, place_of(l, lines, lines, 0));
  push_node(l, node->as.child.left, place_of(l, at.base, lines, 0));
}

static void lay_choice(layout *l, step s) {
  const evc_node *node = node_at(l, s.node);
  size_t lines = s.at.run, inside = lines + l->options->indent;
  uint32_t condition = node->as.child.left, value = node->as.child.right;
  if (is_chain(l, node)) {
    place next = {.base = lines, .run = lines, .tail = s.at.tail};
    push(l, (step){.kind = STEP_CHOICE, .node = node->as.child.third, .at = next});
    push_text(l, ": ");
    push_line(l, lines);
  } else {
    push_operand(l, ":", node->as.child.third, place_of(l, lines, lines, s.at.tail));
  }
  if (has_room(l, l->column, (size_t)l->widths[condition] + 3 + l->widths[value])) {
    push_flat(l, value);
    push_text(l, " ? ");
    push_flat(l, condition);
    return;
  }
  push_operand(l, "?", value, place_of(l, inside, inside, 0));
  push_node(l, condition, place_of(l, s.at.base, inside, 0));
}

static void lay_node(layout *l, uint32_t index, place at) {
  if (has_room(l, l->column, l->widths[index] + at.tail) || !is_breakable(l, index)) {
    put_flat(l, index);
    return;
  }
  switch ((evc_node_kind)node_at(l, index)->kind) {
  case EVC_NODE_GROUP: break_group(l, index, at); break;
  case EVC_NODE_CALL: break_call(l, index, at); break;
  case EVC_NODE_CONDITIONAL: break_choice(l, index, at); break;
  case EVC_NODE_UNARY:
    put_sign(l, index);
    push_node(l, node_at(l, index)->as.child.left, at);
    break;
  default: break_run(l, index, at); break;
  }
}

/* On the way to the brackets that are broken. */
static void lay_bracket(layout *l, step s) {
  const evc_node *node = node_at(l, s.node);
  if (s.node == s.as.target) {
    if (node->kind == EVC_NODE_CALL) break_call(l, s.node, s.at);
    else break_group(l, s.node, s.at);
    return;
  }
  step way = s;
  way.node = node->as.child.left;
  if (node->kind == EVC_NODE_UNARY) {
    put_sign(l, s.node);
    push(l, way);
    return;
  }
  bool right = is_within(l, s.as.target, node->as.child.right);
  if (right) {
    way.node = node->as.child.right;
    push(l, way);
  } else {
    push_flat(l, node->as.child.right);
  }
  push_text(l, " ");
  push_text(l, evc_operators[node->op].spelling);
  push_text(l, " ");
  if (right) push_flat(l, node->as.child.left);
  else push(l, way);
}

static void lay(layout *l, step s) {
  switch (s.kind) {
  case STEP_TEXT: put_string(l, s.as.text); break;
  case STEP_LINE: put_line(l, s.at.base); break;
  case STEP_FLAT: put_flat(l, s.node); break;
  case STEP_NODE: lay_node(l, s.node, s.at); break;
  case STEP_OPERAND:
    put_line(l, s.at.base);
    put_string(l, s.as.text);
    put_string(l, " ");
    lay_node(l, s.node, s.at);
    break;
  case STEP_BRACKET: lay_bracket(l, s); break;
  case STEP_CHOICE: lay_choice(l, s); break;
  case STEP_ARGUMENTS: lay_arguments(l, s); break;
  }
}

void evc_layout(evc_builder *out, const evc_tree *tree, const evc_layout_options *options) {
  layout l = {.tree = tree, .options = options, .out = out};
  l.widths = evc_print_widths(tree, out->arena);
  evc_printer_init(&l.printer, tree, out);
  if (!l.widths) {
    out->failed = true;
    return;
  }
  push_node(&l, tree->root, block_at(&l, 0, 0));
  while (l.count > 0 && !out->failed && out->length <= options->most) lay(&l, l.steps[--l.count]);
}
