/* Printing is a loop with a list of what is still to come, so that neither nesting nor a long chain
** costs stack. */
#include "print.h"

#include "../base/width.h"

typedef struct evc_print_step {
  const char *text;   /* static; or NULL: … */
  uint32_t node;      /* … this node, … */
  uint32_t arguments; /* … and when not 0 so many arguments from it on */
} evc_print_step;

unsigned evc_print_level(const evc_tree *tree, uint32_t index) {
  const evc_node *node = &tree->nodes[index];
  if (node->construct != EVC_CONSTRUCT_NONE) return 0;
  switch ((evc_node_kind)node->kind) {
  case EVC_NODE_UNARY:
  case EVC_NODE_BINARY:
  case EVC_NODE_CONDITIONAL: return evc_operators[node->op].level;
  case EVC_NODE_CAST: return evc_operators[EVC_OP_MINUS].level;
  default: return EVC_LEVEL_UNIT;
  }
}

/* The loosest level that an operand may have without parentheses. */
typedef struct operand_levels {
  unsigned left, right;
} operand_levels;

static operand_levels levels_below(const evc_node *node) {
  const evc_operator_row *op = &evc_operators[node->op];
  if (node->kind == EVC_NODE_CONDITIONAL) return (operand_levels){op->level + 1, op->level};
  if (node->kind == EVC_NODE_UNARY) return (operand_levels){op->level, op->level};
  bool power = op->associativity == EVC_RIGHT; /* its right operand may carry a sign */
  return (operand_levels){op->level + power,
                          power ? evc_operators[EVC_OP_MINUS].level : op->level + 1};
}

static bool is_bare(const evc_tree *tree, uint32_t index, unsigned least) {
  return evc_print_level(tree, index) >= least;
}

/* Two signs need a blank between them to be seen. */
static bool doubles_sign(const evc_tree *tree, const evc_node *sign) {
  return tree->nodes[sign->as.child.left].kind == EVC_NODE_UNARY;
}

static void push(evc_printer *p, evc_print_step step) {
  void *steps = p->steps;
  if (!evc_arena_grow(p->out->arena, &steps, &p->capacity, p->count + 1, sizeof step)) {
    p->out->failed = true;
    return;
  }
  p->steps = steps;
  p->steps[p->count++] = step;
}

static void push_text(evc_printer *p, const char *text) {
  push(p, (evc_print_step){.text = text});
}

static void push_operand(evc_printer *p, uint32_t index, unsigned least) {
  bool bare = is_bare(p->tree, index, least);
  if (!bare) push_text(p, ")");
  push(p, (evc_print_step){.node = index});
  if (!bare) push_text(p, "(");
}

static void print_call(evc_printer *p, const evc_node *call) {
  evc_build_text(p->out, evc_tree_name(p->tree, call));
  evc_build_char(p->out, '(');
  push_text(p, ")");
  if (call->as.call.count)
    push(p, (evc_print_step){.node = call->as.call.first, .arguments = call->as.call.count});
}

static void print_argument(evc_printer *p, evc_print_step step) {
  if (step.arguments > 1) {
    uint32_t next = p->tree->nodes[step.node].next;
    push(p, (evc_print_step){.node = next, .arguments = step.arguments - 1});
    push_text(p, ", ");
  }
  push(p, (evc_print_step){.node = step.node});
}

/* What is to be printed last is pushed first. */
static void print_operation(evc_printer *p, const evc_node *node) {
  operand_levels least = levels_below(node);
  const char *op = evc_operators[node->op].spelling;
  if (node->kind == EVC_NODE_UNARY) {
    evc_build_string(p->out, op);
    if (doubles_sign(p->tree, node)) evc_build_char(p->out, ' ');
    push_operand(p, node->as.child.left, least.left);
    return;
  }
  if (node->kind == EVC_NODE_CONDITIONAL) {
    push_operand(p, node->as.child.third, least.right);
    push_text(p, " : ");
  }
  push_operand(p, node->as.child.right, least.right);
  push_text(p, " ");
  push_text(p, op);
  push_text(p, " ");
  push_operand(p, node->as.child.left, least.left);
}

static void print_node(evc_printer *p, uint32_t index) {
  const evc_node *node = &p->tree->nodes[index];
  if (node->kind < EVC_NODE_GROUP) {
    evc_build_text(p->out, evc_tree_source(p->tree, node));
  } else if (node->kind == EVC_NODE_GROUP) {
    evc_build_char(p->out, '(');
    push_text(p, ")");
    push(p, (evc_print_step){.node = node->as.child.left});
  } else if (node->kind == EVC_NODE_CALL) {
    print_call(p, node);
  } else {
    print_operation(p, node);
  }
}

void evc_printer_init(evc_printer *printer, const evc_tree *tree, evc_builder *out) {
  *printer = (evc_printer){.tree = tree, .out = out};
}

void evc_print(evc_printer *p, uint32_t node) {
  p->count = 0;
  push(p, (evc_print_step){.node = node});
  while (p->count > 0 && !p->out->failed) {
    evc_print_step step = p->steps[--p->count];
    if (step.text) evc_build_string(p->out, step.text);
    else if (step.arguments) print_argument(p, step);
    else print_node(p, step.node);
  }
}

/* ---- Widths --------------------------------------------------------------------------------- */

uint32_t evc_print_sign_width(const evc_tree *tree, uint32_t index) {
  const evc_node *node = &tree->nodes[index];
  return (uint32_t)strlen(evc_operators[node->op].spelling) + doubles_sign(tree, node);
}

uint32_t evc_print_callee_width(const evc_tree *tree, uint32_t index) {
  return (uint32_t)evc_text_width(evc_tree_name(tree, &tree->nodes[index])) + 1;
}

static uint32_t operand_width(const evc_tree *tree, const uint32_t *widths, uint32_t index,
                              unsigned least) {
  return widths[index] + (is_bare(tree, index, least) ? 0 : 2);
}

static uint32_t call_width(const evc_tree *tree, const uint32_t *widths, uint32_t index) {
  const evc_node *call = &tree->nodes[index];
  uint32_t width = evc_print_callee_width(tree, index) + 1, argument = call->as.call.first;
  for (uint32_t i = 0; i < call->as.call.count; i++, argument = tree->nodes[argument].next)
    width += widths[argument] + (i ? 2 : 0);
  return width;
}

static uint32_t width_of(const evc_tree *tree, const uint32_t *widths, uint32_t index) {
  const evc_node *node = &tree->nodes[index];
  if (node->kind < EVC_NODE_GROUP)
    return (uint32_t)evc_text_width(evc_tree_source(tree, node));
  if (node->kind == EVC_NODE_CALL) return call_width(tree, widths, index);
  if (node->kind == EVC_NODE_GROUP) return widths[node->as.child.left] + 2;
  operand_levels least = levels_below(node);
  uint32_t width = operand_width(tree, widths, node->as.child.left, least.left);
  if (node->kind == EVC_NODE_UNARY) return width + evc_print_sign_width(tree, index);
  width += (uint32_t)strlen(evc_operators[node->op].spelling) + 2;
  width += operand_width(tree, widths, node->as.child.right, least.right);
  if (node->kind == EVC_NODE_CONDITIONAL)
    width += 3 + operand_width(tree, widths, node->as.child.third, least.right);
  return width;
}

uint32_t *evc_print_widths(const evc_tree *tree, evc_arena *arena) {
  uint32_t *widths = evc_arena_alloc(arena, tree->count * sizeof *widths);
  for (uint32_t i = 0; widths && i < tree->count; i++) widths[i] = width_of(tree, widths, i);
  return widths;
}
