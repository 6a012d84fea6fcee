/* The parser: whatever the text, a tree with operands before what uses them, inside the limits. */
#include "fuzz.h"

#include <stdlib.h>

#include "../src/base/utf8.h"
#include "../src/syntax/parse.h"

static void check_operand(const evc_tree *tree, uint32_t parent, uint32_t operand) {
  FUZZ_HOLDS(operand < parent, "node %u has operand %u", parent, operand);
  const evc_node *outer = &tree->nodes[parent], *inner = &tree->nodes[operand];
  if (tree->findings.count > 0) return; /* what is missing may be thought to stand anywhere */
  FUZZ_HOLDS(inner->start >= outer->start && inner->end <= outer->end, "node %u at %u-%u in %u-%u",
             operand, inner->start, inner->end, outer->start, outer->end);
}

static unsigned depth_of(const evc_node *node) {
  if (node->kind == EVC_NODE_CALL) return node->as.call.depth;
  return node->kind >= EVC_NODE_GROUP ? node->as.child.depth : 0;
}

static void check_call(const evc_tree *tree, uint32_t number) {
  const evc_node *node = &tree->nodes[number];
  uint32_t at = node->as.call.first;
  for (uint32_t i = 0; i < node->as.call.count; i++) {
    check_operand(tree, number, at);
    uint32_t next = tree->nodes[at].next;
    if (i + 1 == node->as.call.count)
      FUZZ_HOLDS(next == node->as.call.first, "arguments of %u", number);
    at = next;
  }
  FUZZ_HOLDS(node->as.call.count <= tree->limits.arguments || tree->findings.count > 0,
             "%u arguments", node->as.call.count);
}

static void check_node(const evc_tree *tree, uint32_t number) {
  const evc_node *node = &tree->nodes[number];
  FUZZ_HOLDS(node->start <= node->end && node->end <= tree->source_length, "node %u at %u-%u",
             number, node->start, node->end);
  FUZZ_HOLDS(depth_of(node) <= tree->limits.depth, "node %u is %u deep", number, depth_of(node));
  if (node->kind == EVC_NODE_CALL) {
    check_call(tree, number);
  } else if (node->kind >= EVC_NODE_GROUP) {
    uint32_t operands[] = {node->as.child.left, node->as.child.right, node->as.child.third};
    for (size_t i = 0; i < 3; i++)
      if (operands[i] != EVC_NO_NODE) check_operand(tree, number, operands[i]);
  } else if (node->kind == EVC_NODE_STRING || node->kind == EVC_NODE_PATH) {
    evc_text text = evc_tree_text(tree, node);
    size_t invalid;
    FUZZ_HOLDS(evc_utf8_valid(text.data, text.length, &invalid) || tree->findings.count > 0,
               "byte %zu of the text of node %u", invalid, number);
  }
}

static void parse(evc_text text, evc_limits limits) {
  evc_arena arena;
  evc_tree tree;
  evc_arena_init(&arena, NULL, NULL, 0);
  char *source = fuzz_copy(text, true);
  evc_parse(&tree, &arena, source, (uint32_t)text.length, &limits);
  FUZZ_HOLDS(!tree.out_of_memory, "out of memory");
  FUZZ_HOLDS(!tree.stopped || tree.findings.count > 0, "stopped without a word");
  for (size_t i = 0; i < tree.findings.count; i++) {
    const evc_finding *f = &tree.findings.list[i];
    FUZZ_HOLDS(f->start <= f->end && f->end <= text.length, "finding %d at %u-%u", (int)f->message,
               f->start, f->end);
  }
  if (!tree.stopped) {
    size_t counted = 0;
    FUZZ_HOLDS(tree.root < tree.count, "root %u of %zu", tree.root, tree.count);
    for (uint32_t i = 0; i < tree.count; i++) {
      check_node(&tree, i);
      counted += tree.nodes[i].kind != EVC_NODE_GROUP && tree.nodes[i].kind != EVC_NODE_ERROR;
    }
    FUZZ_HOLDS(counted <= limits.nodes || tree.findings.count > 0, "%zu nodes", counted);
  }
  evc_arena_free(&arena);
  free(source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const evc_limits standard = {.text = EVC_DEFAULT_TEXT_LIMIT,
                                      .depth = EVC_DEFAULT_DEPTH_LIMIT,
                                      .nodes = EVC_DEFAULT_NODE_LIMIT,
                                      .arguments = EVC_DEFAULT_ARGUMENT_LIMIT};
  evc_text text = {size ? (const char *)data : "", size};
  evc_limits narrow = {.text = UINT32_MAX,
                       .depth = 1 + (uint32_t)(size % 7),
                       .nodes = 1 + (uint32_t)(size % 31),
                       .arguments = 1 + (uint32_t)(size % 3)};
  parse(text, standard);
  parse(text, narrow);
  return 0;
}
