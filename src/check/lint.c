/* Warnings on what is valid but can hardly be meant: constant conditions, repeated operands, a value
** compared with itself.
**
** Two parts are the same when their shapes are: parentheses do not count. A hash of the shape finds
** candidates in linear time, and a comparison of the nodes confirms them.
*/
#include <string.h>

#include "describe.h"

typedef struct shape {
  uint64_t hash;
  uint32_t size;   /* nodes, without groups */
  bool is_link;    /* part of a longer run of the same AND or OR */
} shape;

typedef struct linter {
  evc_checked *checked;
  const evc_tree *tree;
  shape *shapes;
} linter;

static uint64_t mix(uint64_t hash, uint64_t value) {
  hash = (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15);
  return hash ^ hash >> 29;
}

static uint64_t hash_text(evc_text text) {
  uint64_t hash = text.length;
  for (size_t i = 0; i < text.length; i++) hash = mix(hash, (unsigned char)text.data[i]);
  return hash;
}

static bool is_known_path(const linter *l, uint32_t index) {
  const evc_node *node = &l->tree->nodes[index];
  return node->type != EVC_TYPE_UNKNOWN && !l->checked->facts[index].is_constant;
}

static uint64_t leaf_hash(const linter *l, uint32_t index) {
  const evc_node *node = &l->tree->nodes[index];
  uint64_t bits = 0;
  switch ((evc_node_kind)node->kind) {
  case EVC_NODE_NUMBER: memcpy(&bits, &node->as.number, sizeof bits); return bits;
  case EVC_NODE_BOOLEAN: return node->as.boolean;
  case EVC_NODE_STRING: return hash_text(evc_tree_text(l->tree, node));
  case EVC_NODE_PATH:
    return is_known_path(l, index) ? node->as.text.reference
                                   : hash_text(evc_tree_text(l->tree, node));
  default: return index; /* an error is like nothing else */
  }
}

static void take_shape(linter *l, uint32_t index) {
  const evc_node *node = &l->tree->nodes[index];
  shape *s = &l->shapes[index];
  if (node->kind == EVC_NODE_GROUP) {
    *s = l->shapes[node->as.child.left];
    s->is_link = false;
    return;
  }
  *s = (shape){.hash = mix(node->kind, node->op), .size = 1};
  if (node->kind < EVC_NODE_GROUP) {
    s->hash = mix(s->hash, leaf_hash(l, index));
    return;
  }
  for (uint32_t o = evc_tree_operand(l->tree, index); o != EVC_NO_NODE;
       o = evc_tree_operand_after(l->tree, index, o)) {
    s->hash = mix(s->hash, l->shapes[o].hash);
    s->size += l->shapes[o].size;
  }
}

static bool same_node(const linter *l, uint32_t a, uint32_t b) {
  const evc_node *x = &l->tree->nodes[a], *y = &l->tree->nodes[b];
  return x->kind == y->kind && (x->kind < EVC_NODE_GROUP || x->op == y->op) &&
         (x->kind > EVC_NODE_GROUP || leaf_hash(l, a) == leaf_hash(l, b)) &&
         (x->kind != EVC_NODE_CALL || x->as.call.count == y->as.call.count);
}

/* Equal shapes have equal nodes in the same order, groups left out. */
static bool same(const linter *l, uint32_t a, uint32_t b) {
  const shape *x = &l->shapes[a], *y = &l->shapes[b];
  if (x->hash != y->hash || x->size != y->size) return false;
  for (uint32_t left = x->size; left > 0; left--) {
    while (l->tree->nodes[a].kind == EVC_NODE_GROUP) a--;
    while (l->tree->nodes[b].kind == EVC_NODE_GROUP) b--;
    if (!same_node(l, a, b)) return false;
    if (left > 1) a--, b--;
  }
  return true;
}

static bool is_constant(const linter *l, uint32_t index) {
  return l->checked->facts[index].is_constant;
}

static bool is_comparison(const evc_node *node) {
  if (node->kind != EVC_NODE_BINARY) return false;
  evc_operator_rule rule = evc_operators[node->op].rule;
  return rule == EVC_RULE_EQUALITY || rule == EVC_RULE_ORDER;
}

/* A constant that has a warning of its own below is not told again. */
static void lint_condition(linter *l, uint32_t index) {
  if (!is_constant(l, index) || l->tree->nodes[index].type != EVC_TYPE_BOOLEAN) return;
  const evc_node *node = &l->tree->nodes[evc_check_inside(l->tree, index)];
  bool told =
      node->kind == EVC_NODE_BINARY || (node->kind == EVC_NODE_CALL && node->op == EVC_FN_IN);
  if (!told) evc_check_find(l->checked, EVC_MSG_CONSTANT_CONDITION, index, 0);
}

static void lint_comparison(linter *l, uint32_t index) {
  const evc_node *node = &l->tree->nodes[index];
  uint32_t left = node->as.child.left, right = node->as.child.right;
  bool equality = evc_operators[node->op].rule == EVC_RULE_EQUALITY;
  if (node->type != EVC_TYPE_BOOLEAN) return;
  if (is_constant(l, index)) {
    evc_check_find(l->checked, EVC_MSG_CONSTANT_COMPARISON, index, 0);
  } else if (same(l, left, right)) {
    evc_check_find(l->checked, EVC_MSG_SELF_COMPARISON, index, left);
  } else if (equality && (l->checked->facts[left].fraction || l->checked->facts[right].fraction)) {
    bool null = l->tree->nodes[left].type == EVC_TYPE_NULL || l->tree->nodes[right].type == EVC_TYPE_NULL;
    uint32_t fraction = l->checked->facts[left].fraction ? left : right;
    if (!null) evc_check_find(l->checked, EVC_MSG_INEXACT_EQUALITY, index, fraction);
  }
}

/* Parts that have been seen, by hash: open addressing, at most half full. */
typedef struct seen {
  uint32_t *parts; /* EVC_NO_NODE: free */
  size_t capacity;
  unsigned shift; /* of a hash, to a place: its high bits are the mixed ones */
} seen;

static bool seen_init(linter *l, seen *s, size_t count) {
  s->capacity = 8;
  s->shift = 64 - 3;
  while (s->capacity < count * 2) s->capacity *= 2, s->shift--;
  s->parts = evc_arena_alloc(l->tree->arena, s->capacity * sizeof *s->parts);
  if (!s->parts) {
    l->checked->tree->out_of_memory = true;
    return false;
  }
  memset(s->parts, 0xFF, s->capacity * sizeof *s->parts);
  return true;
}

/* An earlier part that is the same, else EVC_NO_NODE and the part is remembered. A part that many others
** were made to collide with is given up: it only costs a warning. */
static uint32_t seen_before(const linter *l, seen *s, uint32_t part) {
  enum { MOST_STEPS = 64 };
  uint64_t hash = l->shapes[part].hash;
  size_t at = (size_t)(hash >> s->shift);
  for (int step = 0; step < MOST_STEPS; step++, at = (at + 1) & (s->capacity - 1)) {
    if (s->parts[at] == EVC_NO_NODE) {
      s->parts[at] = part;
      break;
    }
    if (l->shapes[s->parts[at]].hash != hash) continue;
    /* One comparison, whatever comes of it: time stays linear. */
    return same(l, s->parts[at], part) ? s->parts[at] : EVC_NO_NODE;
  }
  return EVC_NO_NODE;
}

static bool is_link_of(const linter *l, uint32_t index, uint8_t op) {
  const evc_node *node = &l->tree->nodes[index];
  return node->kind == EVC_NODE_BINARY && node->op == op && node->construct == EVC_CONSTRUCT_NONE;
}

/* The operands of a whole run of AND or OR. */
static void lint_logic(linter *l, uint32_t index) {
  const evc_node *nodes = l->tree->nodes;
  uint8_t op = nodes[index].op;
  size_t count = 1;
  for (uint32_t at = index; is_link_of(l, at, op); at = nodes[at].as.child.left) count++;
  uint32_t *operands = evc_arena_alloc(l->tree->arena, count * sizeof *operands);
  seen known;
  if (!operands || !seen_init(l, &known, count)) {
    l->checked->tree->out_of_memory = true;
    return;
  }
  uint32_t at = index;
  for (size_t i = count - 1; i > 0; i--, at = nodes[at].as.child.left)
    operands[i] = nodes[at].as.child.right;
  operands[0] = at;
  for (size_t i = 0; i < count; i++) {
    lint_condition(l, operands[i]);
    if (is_constant(l, operands[i])) continue;
    uint32_t before = seen_before(l, &known, operands[i]);
    if (before != EVC_NO_NODE)
      evc_check_find(l->checked, EVC_MSG_REPEATED_OPERAND, operands[i], before);
  }
}

static void lint_membership(linter *l, uint32_t index) {
  const evc_node *call = &l->tree->nodes[index];
  if (call->as.call.count < 2) return;
  uint32_t value = call->as.call.first, candidate = l->tree->nodes[value].next;
  if (is_constant(l, value)) evc_check_find(l->checked, EVC_MSG_CONSTANT_MEMBERSHIP, value, 0);
  seen known;
  if (!seen_init(l, &known, call->as.call.count)) return;
  for (uint32_t i = 1; i < call->as.call.count; i++, candidate = l->tree->nodes[candidate].next) {
    uint32_t before = seen_before(l, &known, candidate);
    if (before != EVC_NO_NODE)
      evc_check_find(l->checked, EVC_MSG_REPEATED_CANDIDATE, candidate, before);
  }
}

static void lint_node(linter *l, uint32_t index) {
  const evc_node *node = &l->tree->nodes[index];
  if (node->construct != EVC_CONSTRUCT_NONE) return;
  if (node->kind == EVC_NODE_CONDITIONAL) {
    lint_condition(l, node->as.child.left);
    if (node->type != EVC_TYPE_UNKNOWN && same(l, node->as.child.right, node->as.child.third))
      evc_check_find(l->checked, EVC_MSG_EQUAL_ARMS, index, node->as.child.right);
  } else if (node->kind == EVC_NODE_CALL && node->op == EVC_FN_IN) {
    lint_membership(l, index);
  } else if (is_comparison(node)) {
    lint_comparison(l, index);
  } else if (node->kind == EVC_NODE_BINARY && evc_operators[node->op].rule == EVC_RULE_LOGIC &&
             !l->shapes[index].is_link) {
    lint_logic(l, index);
  }
}

static bool all_allowed(const evc_options *options) {
  for (int code = EVC_CODE_CONSTANT_CONDITION; code <= EVC_CODE_INEXACT_EQUALITY; code++)
    if (!evc_code_set_has(&options->allow, (evc_code)code) ||
        evc_code_set_has(&options->deny, (evc_code)code))
      return false;
  return true;
}

void evc_lint(evc_checked *checked) {
  const evc_tree *tree = checked->tree;
  /* Parts without a constant can only be alike where a field stands twice: most calculations end here,
  ** 60 ns sooner. */
  if (!checked->worth_linting && checked->field_uses == checked->read_count) return;
  if (all_allowed(checked->options)) return;
  linter l = {checked, tree, evc_arena_alloc(tree->arena, tree->count * sizeof(shape))};
  if (!l.shapes) {
    checked->tree->out_of_memory = true;
    return;
  }
  for (uint32_t i = 0; i < tree->count; i++) {
    take_shape(&l, i);
    const evc_node *node = &tree->nodes[i];
    if (node->kind == EVC_NODE_BINARY && is_link_of(&l, node->as.child.left, node->op))
      l.shapes[node->as.child.left].is_link = true;
  }
  for (uint32_t i = 0; i < tree->count; i++) lint_node(&l, i);
  /* true alone is how "always" is written. */
  const evc_node *root = &tree->nodes[evc_check_inside(tree, tree->root)];
  if (root->kind != EVC_NODE_BOOLEAN || !root->as.boolean) lint_condition(&l, tree->root);
}

/* Descriptions */

static evc_text answer_of(const evc_describer *d, uint32_t index) {
  bool yes = evc_value_is_true(&d->checked->facts[index].constant);
  return yes ? (evc_text){"true", 4} : (evc_text){"false", 5};
}

/* Remove an operand or a candidate with what joins it to the one before. */
static void fix_by_removal(evc_describer *d, evc_diagnostic *diagnostic) {
  const evc_tree *tree = d->tree;
  uint32_t index = d->finding->node, parent = evc_describe_parent(d, index);
  if (parent == EVC_NO_NODE) return;
  const evc_node *p = &tree->nodes[parent];
  uint32_t before = p->kind == EVC_NODE_CALL ? p->as.call.first : p->as.child.left;
  if (p->kind == EVC_NODE_CALL)
    while (tree->nodes[before].next != index) before = tree->nodes[before].next;
  evc_describe_fix(d, diagnostic, false, tree->nodes[before].end, tree->nodes[index].end,
                   (evc_text){"", 0});
}

static void describe_repeated(evc_describer *d) {
  const evc_finding *f = d->finding;
  uint32_t parent = evc_describe_parent(d, f->node);
  evc_text args[] = {evc_describe_source(d, f->node), {"AND", 3}};
  if (parent != EVC_NO_NODE && d->tree->nodes[parent].op == EVC_OP_OR) args[1] = (evc_text){"OR", 2};
  evc_diagnostic *diagnostic = evc_describe_add(d, f->message, args, 2);
  const evc_node *first = &d->tree->nodes[f->detail];
  evc_report_label(d->report, diagnostic, first->start, first->end, EVC_PHRASE_FIRST_HERE, NULL, 0);
  fix_by_removal(d, diagnostic);
}

void evc_describe_lint(evc_describer *d) {
  const evc_finding *f = d->finding;
  evc_text arg;
  switch (f->message) {
  case EVC_MSG_REPEATED_CANDIDATE:
  case EVC_MSG_REPEATED_OPERAND: describe_repeated(d); return;
  case EVC_MSG_CONSTANT_CONDITION:
  case EVC_MSG_CONSTANT_COMPARISON: arg = answer_of(d, f->node); break;
  case EVC_MSG_CONSTANT_MEMBERSHIP: arg = evc_describe_source(d, f->node); break;
  default: arg = evc_describe_source(d, f->detail); break;
  }
  evc_describe_add(d, f->message, &arg, 1);
}
