/* Building the tree. Limits are counted here, on the tree itself, not left to the parser's stack. */
#include "tree.h"

#include <stddef.h>
#include <string.h>

#include "../base/text.h"
#include "../base/utf8.h"

_Static_assert(offsetof(evc_node, as.child.depth) == offsetof(evc_node, as.call.depth),
               "of CALL too it is found as of others");

evc_text evc_tree_name(const evc_tree *tree, const evc_node *node) {
  return evc_tree_slice(tree, node->as.call.name_at, node->as.call.name_length);
}

uint32_t evc_tree_decoded_at(const evc_tree *tree) {
  return tree->source_length + 1 + (uint32_t)tree->decoded_length;
}

void evc_tree_decode(evc_tree *tree, const char *data, size_t length) {
  void *array = tree->decoded;
  if (!evc_arena_grow(tree->arena, &array, &tree->decoded_capacity, tree->decoded_length + length,
                      1)) {
    tree->out_of_memory = true;
    return;
  }
  tree->decoded = array;
  if (length) memcpy(tree->decoded + tree->decoded_length, data, length);
  tree->decoded_length += length;
}

evc_text evc_tree_source(const evc_tree *tree, const evc_node *node) {
  return (evc_text){tree->source + node->start, node->end - node->start};
}

void evc_tree_find(evc_tree *tree, evc_finding finding) {
  if (!evc_findings_add(&tree->findings, tree->arena, finding)) tree->out_of_memory = true;
}

static EVC_RARE void find(evc_tree *tree, evc_message message, uint32_t node, uint32_t detail) {
  evc_tree_find(tree, (evc_finding){.message = message,
                                    .start = tree->nodes[node].start,
                                    .end = tree->nodes[node].end,
                                    .node = node,
                                    .detail = detail});
}

void evc_tree_reserve(evc_tree *tree, size_t count) {
  enum { MOST = 1024 };
  void *array = tree->nodes;
  size_t needed = count < MOST ? count : MOST;
  if (!evc_arena_grow(tree->arena, &array, &tree->capacity, needed, sizeof *tree->nodes))
    tree->out_of_memory = true;
  tree->nodes = array;
}

static EVC_RARE bool make_room(evc_tree *tree) {
  void *array = tree->nodes;
  if (!evc_arena_grow(tree->arena, &array, &tree->capacity, tree->count + 1, sizeof(evc_node)))
    tree->out_of_memory = true;
  tree->nodes = array;
  return !tree->out_of_memory;
}

/* A new node with the head that all of them have, built where it stays; NULL once the tree is stopped
** or out of memory. */
static inline evc_node *add(evc_tree *tree, evc_node_kind kind, uint32_t start, uint32_t end) {
  if (tree->out_of_memory || tree->stopped) return NULL;
  if (tree->count == tree->capacity && !make_room(tree)) return NULL;
  evc_node *node = &tree->nodes[tree->count++];
  node->kind = (uint8_t)kind;
  node->op = node->type = node->construct = 0;
  node->start = start;
  node->end = end;
  node->next = EVC_NO_NODE;
  return node;
}

/* Nothing more is built: a limit was passed, or memory ran out. */
static bool is_over(const evc_tree *tree) { return tree->stopped || tree->out_of_memory; }

/* Of the node that was added last. */
static uint32_t number_of(const evc_tree *tree, const evc_node *node) {
  return node ? (uint32_t)tree->count - 1 : 0;
}

static uint16_t depth_of(const evc_tree *tree, uint32_t node) {
  if (node >= tree->count) return 0; /* EVC_NO_NODE too */
  const evc_node *n = &tree->nodes[node];
  return n->kind >= EVC_NODE_GROUP ? n->as.child.depth : 0;
}

static uint16_t deepest(uint16_t a, uint16_t b) { return a > b ? a : b; }

static uint32_t deepest_operand(const evc_tree *tree, uint32_t node) {
  uint32_t best = evc_tree_operand(tree, node);
  for (uint32_t at = best; at != EVC_NO_NODE; at = evc_tree_operand_after(tree, node, at))
    if (depth_of(tree, at) > depth_of(tree, best)) best = at;
  return best;
}

/* Past the limit of nesting: points at where the innermost level, the first one too many, is
** entered. */
static EVC_RARE void stop_at_depth(evc_tree *tree, uint32_t node) {
  uint32_t at = node;
  for (uint32_t next; depth_of(tree, next = deepest_operand(tree, at)) > 0;) at = next;
  evc_tree_find(tree, (evc_finding){.message = EVC_MSG_NESTING_TOO_DEEP,
                                    .start = tree->nodes[at].start,
                                    .end = tree->nodes[at].start + 1,
                                    .node = EVC_NO_NODE,
                                    .detail = tree->limits.depth});
  tree->stopped = true;
}

/* An inner node from its first operand to its last; `level` is 1 where it enters a level of nesting. */
static uint32_t inner(evc_tree *tree, evc_node_kind kind, evc_operator op, uint32_t start,
                      const uint32_t operands[3], unsigned level) {
  uint32_t left = operands[0], right = operands[1], third = operands[2];
  uint32_t last = third != EVC_NO_NODE ? third : right != EVC_NO_NODE ? right : left;
  evc_node *node = add(tree, kind, start, 0);
  if (!node) return 0;
  uint16_t depth = deepest(depth_of(tree, left), depth_of(tree, right));
  if (third != EVC_NO_NODE) depth = deepest(depth, depth_of(tree, third));
  node->op = (uint8_t)op;
  node->end = tree->nodes[last].end;
  node->as.child.left = left;
  node->as.child.right = right;
  node->as.child.third = third;
  node->as.child.depth = (uint16_t)(depth + level);
  uint32_t number = number_of(tree, node);
  if (node->as.child.depth > tree->limits.depth) stop_at_depth(tree, number);
  return number;
}

static uint32_t start_of(const evc_tree *tree, uint32_t node) {
  return node < tree->count ? tree->nodes[node].start : 0;
}

uint32_t evc_tree_error(evc_tree *tree, uint32_t start, uint32_t end) {
  return number_of(tree, add(tree, EVC_NODE_ERROR, start, end));
}

uint32_t evc_tree_number(evc_tree *tree, uint32_t start, uint32_t end, double number) {
  evc_node *node = add(tree, EVC_NODE_NUMBER, start, end);
  if (node) node->as.number = number;
  return number_of(tree, node);
}

uint32_t evc_tree_word(evc_tree *tree, uint32_t start, uint32_t end, evc_node_kind kind,
                       bool boolean) {
  evc_node *node = add(tree, kind, start, end);
  if (node) node->as.boolean = boolean;
  return number_of(tree, node);
}

static uint32_t text_node(evc_tree *tree, evc_node_kind kind, uint32_t start, uint32_t end,
                          uint32_t at, uint32_t length) {
  evc_node *node = add(tree, kind, start, end);
  if (!node) return 0;
  node->as.text.at = at;
  node->as.text.length = length;
  node->as.text.reference = 0;
  return number_of(tree, node);
}

uint32_t evc_tree_string(evc_tree *tree, uint32_t start, uint32_t end, uint32_t at,
                         uint32_t length) {
  return text_node(tree, EVC_NODE_STRING, start, end, at, length);
}

uint32_t evc_tree_path(evc_tree *tree, uint32_t start, uint32_t end, uint32_t at,
                       uint32_t length) {
  return text_node(tree, EVC_NODE_PATH, start, end, at, length);
}

#define OPERANDS(...) ((const uint32_t[3]){__VA_ARGS__})

uint32_t evc_tree_group(evc_tree *tree, uint32_t start, uint32_t left, uint32_t end) {
  uint32_t group = inner(tree, EVC_NODE_GROUP, EVC_OP_END, start,
                         OPERANDS(left, EVC_NO_NODE, EVC_NO_NODE), 1);
  if (tree->count > 0) tree->nodes[group].end = end;
  return group;
}

uint32_t evc_tree_unary(evc_tree *tree, evc_operator op, uint32_t start, uint32_t left) {
  return inner(tree, EVC_NODE_UNARY, op, start, OPERANDS(left, EVC_NO_NODE, EVC_NO_NODE), 1);
}

uint32_t evc_tree_binary(evc_tree *tree, evc_operator op, uint32_t left, uint32_t right) {
  return inner(tree, EVC_NODE_BINARY, op, start_of(tree, left), OPERANDS(left, right, EVC_NO_NODE),
               op == EVC_OP_POWER);
}

uint32_t evc_tree_conditional(evc_tree *tree, uint32_t left, uint32_t right, uint32_t third) {
  return inner(tree, EVC_NODE_CONDITIONAL, EVC_OP_CONDITION, start_of(tree, left),
               OPERANDS(left, right, third), 1);
}

uint32_t evc_tree_cast(evc_tree *tree, uint32_t start, uint32_t left, uint32_t span_end) {
  uint32_t node =
      inner(tree, EVC_NODE_CAST, EVC_OP_END, start, OPERANDS(left, EVC_NO_NODE, EVC_NO_NODE), 1);
  if (is_over(tree)) return 0;
  evc_tree_find(tree, (evc_finding){.message = EVC_MSG_CAST_UNSUPPORTED,
                                    .start = tree->nodes[node].start,
                                    .end = span_end, /* the operand itself is not wrong */
                                    .node = node});
  return node;
}

/* While a list grows, `next` of an argument is the one before it: the last can be taken back. */
uint32_t evc_tree_argument(evc_tree *tree, uint32_t list, uint32_t argument) {
  if (argument >= tree->count) return argument;
  tree->nodes[argument].next = list < tree->count ? list : EVC_NO_NODE;
  return argument;
}

uint32_t evc_tree_lose_last(evc_tree *tree, uint32_t list) {
  if (list >= tree->count) return list;
  uint32_t error = evc_tree_error(tree, tree->nodes[list].start, tree->nodes[list].end);
  if (is_over(tree)) return list;
  tree->nodes[error].next = tree->nodes[list].next;
  return error;
}

/* Turn a complete list around: a ring in the order of the text. */
static void close_list(evc_tree *tree, uint32_t list) {
  if (list >= tree->count) return;
  uint32_t node = list, behind = EVC_NO_NODE, first = list;
  while (node != EVC_NO_NODE) {
    uint32_t before = tree->nodes[node].next;
    tree->nodes[node].next = behind;
    behind = first = node;
    node = before;
  }
  tree->nodes[list].next = first;
}

/* Arguments as an array of at most `most`; returns how many there are. */
static uint32_t arguments(const evc_tree *tree, uint32_t list, uint32_t *array, uint32_t most) {
  if (list >= tree->count) return 0;
  uint32_t count = 0, node = list;
  do {
    node = tree->nodes[node].next;
    if (count < most) array[count] = node;
    count++;
  } while (node != list);
  return count;
}

static EVC_RARE uint32_t mark(evc_tree *tree, uint32_t node, uint32_t start, uint32_t end,
                              evc_construct construct) {
  if (is_over(tree)) return 0;
  tree->nodes[node].construct = (uint8_t)construct;
  tree->nodes[node].start = start;
  tree->nodes[node].end = end;
  find(tree, EVC_MSG_CONSTRUCT, node, 0);
  return node;
}

/* AND(…), OR(…), NOT(…) and IF(…), as spreadsheets have them. False where the name is another. */
static bool spreadsheet_call(evc_tree *tree, evc_text name, uint32_t start, uint32_t list,
                             uint32_t end, uint32_t *node) {
  bool is_and = evc_text_is_ignoring_case(name, "AND");
  bool is_or = evc_text_is_ignoring_case(name, "OR");
  bool is_if = evc_text_is_ignoring_case(name, "IF") || evc_text_is_ignoring_case(name, "IIF");
  if (!is_and && !is_or && !is_if) return false;
  uint32_t args[3], count = arguments(tree, list, args, 3);
  if (is_if) {
    if (count != 3) return false;
    *node = evc_tree_conditional(tree, args[0], args[1], args[2]);
    *node = mark(tree, *node, start, end, EVC_CONSTRUCT_IF_CALL);
    return true;
  }
  if (count < 2) return false;
  uint32_t at = tree->nodes[list].next, first = at;
  evc_construct construct = is_and ? EVC_CONSTRUCT_AND_CALL : EVC_CONSTRUCT_OR_CALL;
  for (uint32_t i = 1; i < count && !is_over(tree); i++) {
    at = tree->nodes[at].next;
    first = evc_tree_binary(tree, is_and ? EVC_OP_AND : EVC_OP_OR, first, at);
    tree->nodes[first].construct = (uint8_t)construct;
  }
  *node = mark(tree, first, start, end, construct);
  return true;
}

/* A call of `list`, its name still empty. */
static uint32_t call(evc_tree *tree, uint32_t start, uint32_t list, uint32_t end) {
  evc_node *node = add(tree, EVC_NODE_CALL, start, end);
  if (!node) return 0;
  uint32_t number = number_of(tree, node), count = 0;
  uint32_t first = list < number ? tree->nodes[list].next : EVC_NO_NODE;
  uint16_t depth = 0;
  for (uint32_t at = first; at < number; at = tree->nodes[at].next) {
    depth = deepest(depth, depth_of(tree, at));
    if (++count == tree->limits.arguments + 1)
      find(tree, EVC_MSG_TOO_MANY_ARGUMENTS, at, tree->limits.arguments);
    if (at == list) break;
  }
  node->op = EVC_FN_END;
  node->as.call.first = first;
  node->as.call.count = count;
  node->as.call.name_at = 0;
  node->as.call.name_length = 0;
  node->as.call.depth = (uint16_t)(depth + 1);
  if (node->as.call.depth > tree->limits.depth) stop_at_depth(tree, number);
  return number;
}

/* A name as it is meant, without blanks and invisible characters, which were reported. */
static void set_name(evc_tree *tree, uint32_t node, const char *name, size_t length) {
  size_t clean = 0;
  while (clean < length && (unsigned char)name[clean] < 0x80 && !evc_is_blank(name[clean]))
    clean++;
  uint32_t at = (uint32_t)(name - tree->source);
  if (clean < length) {
    at = evc_tree_decoded_at(tree);
    size_t before = tree->decoded_length;
    for (const char *next = name, *end = name + length; next < end;) {
      const char *here = next;
      uint32_t c = evc_utf8_next(&next, end);
      if (c > ' ' && !evc_utf8_unsafe(c)) evc_tree_decode(tree, here, (size_t)(next - here));
    }
    length = tree->decoded_length - before;
  }
  tree->nodes[node].as.call.name_at = at;
  tree->nodes[node].as.call.name_length = (uint16_t)(length > UINT16_MAX ? UINT16_MAX : length);
}

uint32_t evc_tree_call(evc_tree *tree, uint32_t name, uint32_t list, uint32_t end) {
  if (is_over(tree)) return 0;
  close_list(tree, list);
  size_t length = evc_tree_name_source(tree, name);
  uint32_t built;
  if (spreadsheet_call(tree, (evc_text){tree->source + name, length}, name, list, end, &built))
    return built;
  built = call(tree, name, list, end);
  if (!tree->out_of_memory) set_name(tree, built, tree->source + name, length);
  return built;
}

size_t evc_tree_name_source(const evc_tree *tree, uint32_t start) {
  size_t length = strcspn(tree->source + start, "(");
  while (length > 0 && evc_is_blank(tree->source[start + length - 1])) length--;
  return length;
}

static EVC_RARE uint32_t equals_false(evc_tree *tree, uint32_t left) {
  uint32_t end = left < tree->count ? tree->nodes[left].end : 0;
  uint32_t no = evc_tree_word(tree, end, end, EVC_NODE_BOOLEAN, false);
  return evc_tree_binary(tree, EVC_OP_EQ, left, no);
}

uint32_t evc_tree_not(evc_tree *tree, uint32_t start, uint32_t left) {
  if (is_over(tree)) return 0;
  uint32_t end = tree->nodes[left].end;
  uint32_t node = equals_false(tree, left);
  if (is_over(tree)) return 0;
  unsigned depth = tree->nodes[node].as.child.depth + 1u;
  tree->nodes[node].as.child.depth = (uint16_t)depth;
  if (depth > tree->limits.depth) stop_at_depth(tree, node);
  return mark(tree, node, start, end, EVC_CONSTRUCT_NOT);
}

uint32_t evc_tree_in(evc_tree *tree, uint32_t left, uint32_t list, uint32_t end, bool negated) {
  if (is_over(tree)) return 0;
  close_list(tree, list);
  uint32_t start = tree->nodes[left].start;
  tree->nodes[left].next = tree->nodes[list].next; /* x comes before the first candidate */
  tree->nodes[list].next = left;
  uint32_t node = call(tree, start, list, end);
  if (is_over(tree)) return 0;
  tree->nodes[node].op = EVC_FN_IN;
  if (!negated) return mark(tree, node, start, end, EVC_CONSTRUCT_IN);
  return mark(tree, equals_false(tree, node), start, end, EVC_CONSTRUCT_NOT_IN);
}

uint32_t evc_tree_between(evc_tree *tree, uint32_t left, uint32_t low, uint32_t high,
                          bool negated) {
  uint32_t start = start_of(tree, left);
  uint32_t node =
      inner(tree, EVC_NODE_BETWEEN, EVC_OP_END, start, OPERANDS(left, low, high), 0);
  if (is_over(tree)) return 0;
  return mark(tree, node, start, tree->nodes[node].end,
              negated ? EVC_CONSTRUCT_NOT_BETWEEN : EVC_CONSTRUCT_BETWEEN);
}

uint32_t evc_tree_is_null(evc_tree *tree, uint32_t left, uint32_t end, bool negated) {
  uint32_t null = evc_tree_word(tree, end, end, EVC_NODE_NULL, false);
  uint32_t node = evc_tree_binary(tree, negated ? EVC_OP_NE : EVC_OP_EQ, left, null);
  return mark(tree, node, start_of(tree, left), end,
              negated ? EVC_CONSTRUCT_IS_NOT_NULL : EVC_CONSTRUCT_IS_NULL);
}

uint32_t evc_tree_like(evc_tree *tree, uint32_t left, uint32_t right, bool negated) {
  uint32_t node = evc_tree_binary(tree, negated ? EVC_OP_NE : EVC_OP_EQ, left, right);
  if (is_over(tree)) return 0;
  return mark(tree, node, tree->nodes[node].start, tree->nodes[node].end,
              negated ? EVC_CONSTRUCT_NOT_LIKE : EVC_CONSTRUCT_LIKE);
}

uint32_t evc_tree_index(evc_tree *tree, uint32_t left, uint32_t end) {
  uint32_t start = start_of(tree, left);
  uint32_t node = evc_tree_error(tree, start, end);
  if (left < tree->count && tree->nodes[left].kind == EVC_NODE_PATH)
    tree->nodes[left].kind = EVC_NODE_ERROR; /* one mistake, not an unknown field too */
  if (is_over(tree)) return node;
  evc_finding *last = tree->findings.count ? &tree->findings.list[tree->findings.count - 1] : NULL;
  if (last && last->message == EVC_MSG_BRACKETS_INDEX && last->node == left) {
    last->end = end; /* x[0][1] is one mistake */
    last->node = node;
    return node;
  }
  find(tree, EVC_MSG_BRACKETS_INDEX, node, left);
  return node;
}
