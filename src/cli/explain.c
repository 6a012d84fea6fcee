/* The tree of `run --explain`:
**
**   new.amount > 5 AND new.currency == "USD"    false
**   ├─ new.amount > 5                           false
**   │  ├─ new.amount                            3
**   │  └─ 5                                     5
**   └─ new.currency == "USD"                    not evaluated
**
** A chain, as in a AND b AND c, is shown as one part with all its operands, though it is (a AND b)
** AND c. Parts may still be thousands deep (a long sum leans to the left), so nothing here
** recurses, and what is deeper than DEEPEST is told by its level.
*/
#include "explain.h"

#include <string.h>

#include "../base/memory.h"
#include "../base/utf8.h"
#include "../base/width.h"

/* Chosen. */
enum {
  DEEPEST = 16,       /* levels shown by lines */
  LEFT_WIDTH = 76,    /* columns for lines and text */
  SHORTEST_TEXT = 24, /* but at least so many for the text */
  LONGEST_STRING = 60 /* bytes of a String's value */
};

static const size_t no_part = SIZE_MAX;

/* A part with its place in the tree. */
typedef struct part_node {
  evc_part part;
  size_t first_child, next_sibling; /* or no_part */
  size_t child_count, depth;
  bool hidden; /* its operands are shown as its parent's */
  evc_text lines, text; /* what stands at the left */
  size_t width;         /* columns of both */
} part_node;

typedef struct part_tree {
  evc_arena *arena;
  evc_text source;
  part_node *nodes;
  size_t count;
} part_tree;

/* Operands are numbered before what uses them: going down, parents come first, and of siblings the
** last, which ends up last in the list. */
static bool collect_nodes(part_tree *tree, const evc_calculation *calculation) {
  size_t count = tree->count = evc_calculation_part_count(calculation);
  tree->nodes = evc_arena_alloc(tree->arena, evc_size_mul(count, sizeof *tree->nodes));
  if (!tree->nodes) return false;
  for (size_t i = count; i-- > 0;) {
    evc_part part = evc_calculation_part(calculation, i);
    tree->nodes[i] = (part_node){.part = part, .first_child = no_part, .next_sibling = no_part};
    if (part.parent == i) continue;
    part_node *parent = &tree->nodes[part.parent];
    tree->nodes[i].next_sibling = parent->first_child;
    parent->first_child = i;
    parent->child_count++;
  }
  return true;
}

/* What stands between the first two operands, without blanks and parentheses: an operator. */
static evc_text operator_of(const part_tree *tree, const part_node *node) {
  const part_node *first = &tree->nodes[node->first_child];
  size_t start = first->part.end, end = tree->nodes[first->next_sibling].part.start;
  while (start < end && strchr(" \t\r\n()", tree->source.data[start])) start++;
  while (end > start && strchr(" \t\r\n()", tree->source.data[end - 1])) end--;
  return (evc_text){tree->source.data + start, end - start};
}

/* True when a part's first operand is the same chain of ANDs or ORs, not in parentheses. */
static bool is_chained(const part_tree *tree, const part_node *node, const part_node *first) {
  if (node->child_count < 2 || first->child_count != 2 || first->part.start != node->part.start)
    return false;
  evc_text word = operator_of(tree, node);
  return (evc_text_is(word, "AND") || evc_text_is(word, "OR")) &&
         evc_text_equal(word, operator_of(tree, first));
}

/* Put the operands of a part's first operand in its place. */
static void join_first(part_tree *tree, size_t at) {
  part_node *node = &tree->nodes[at], *first = &tree->nodes[node->first_child];
  part_node *left = &tree->nodes[first->first_child], *right = &tree->nodes[left->next_sibling];
  right->next_sibling = first->next_sibling;
  node->first_child = first->first_child;
  node->child_count++;
  left->part.parent = right->part.parent = at;
  first->hidden = true;
}

static bool build_tree(part_tree *tree, const evc_calculation *calculation) {
  if (!collect_nodes(tree, calculation)) return false;
  for (size_t i = tree->count; i-- > 0;) {
    part_node *node = &tree->nodes[i];
    if (node->hidden) continue;
    if (node->part.parent != i) node->depth = tree->nodes[node->part.parent].depth + 1;
    while (node->first_child != no_part &&
           is_chained(tree, node, &tree->nodes[node->first_child]))
      join_first(tree, i);
  }
  return true;
}

/* The part that is shown behind `at`; no_part behind the last. */
static size_t next_shown(const part_tree *tree, size_t at) {
  const part_node *nodes = tree->nodes;
  if (nodes[at].first_child != no_part) return nodes[at].first_child;
  while (nodes[at].next_sibling == no_part) {
    if (nodes[at].part.parent == at) return no_part;
    at = nodes[at].part.parent;
  }
  return nodes[at].next_sibling;
}

/* The lines that lead to a part. */
static evc_text build_lines(const part_tree *tree, size_t at) {
  const part_node *node = &tree->nodes[at];
  evc_builder out;
  evc_build_init(&out, tree->arena);
  if (node->depth > DEEPEST) {
    evc_build_string(&out, "… level ");
    evc_build_unsigned(&out, node->depth + 1);
    evc_build_string(&out, ": ");
    return evc_build_end(&out);
  }
  size_t path[DEEPEST + 1]; /* from the part up to the root's child */
  size_t length = 0;
  for (size_t i = at; tree->nodes[i].depth > 0; i = tree->nodes[i].part.parent) path[length++] = i;
  while (length-- > 0) {
    /* cppcheck-suppress uninitvar ; path is filled up to length */
    bool more = tree->nodes[path[length]].next_sibling != no_part;
    if (length > 0) evc_build_string(&out, more ? "│  " : "   ");
    else evc_build_string(&out, more ? "├─ " : "└─ ");
  }
  return evc_build_end(&out);
}

/* A piece of the calculation on one line: runs of blanks become one (also inside strings: the
** values tell them apart), the rest is made safe to show. What is wider than `most` columns is
** given only until it is: a long chain is not copied for each of its parts. */
static evc_text flatten(const part_tree *tree, size_t start, size_t end, size_t most) {
  evc_builder out;
  evc_build_init(&out, tree->arena);
  const char *at = tree->source.data + start, *stop = tree->source.data + end;
  bool blank = false;
  for (size_t width = 0; at < stop && width <= most;) {
    const char *here = at;
    uint32_t c = evc_utf8_next(&at, stop);
    bool was_blank = blank;
    blank = evc_is_blank(*here);
    size_t before = out.length;
    if (!blank) evc_build_quoted(&out, (evc_text){here, (size_t)(at - here)}, (size_t)(at - here));
    else if (!was_blank) evc_build_char(&out, ' ');
    width += blank || evc_utf8_unsafe(c) ? out.length - before : evc_utf8_width(c);
  }
  return evc_build_end(&out);
}

/* Append at most `width` columns of a text; what is cut ends in an ellipsis. */
static void build_cut(evc_builder *out, evc_text text, size_t width) {
  if (evc_text_width(text) <= width) {
    evc_build_text(out, text);
    return;
  }
  const char *at = text.data, *end = text.data + text.length;
  for (size_t columns = 0; at < end;) {
    const char *next = at;
    columns += evc_utf8_width(evc_utf8_next(&next, end));
    if (columns + 1 > width) break;
    at = next;
  }
  evc_build(out, text.data, (size_t)(at - text.data));
  evc_build_string(out, "…");
}

/* Columns of what stands between and around a part's operands: its operator, its name. */
static size_t own_width(const part_tree *tree, const part_node *node) {
  size_t width = 0, at = node->part.start;
  for (size_t i = node->first_child; i != no_part; i = tree->nodes[i].next_sibling) {
    width += evc_text_width(flatten(tree, at, tree->nodes[i].part.start, LEFT_WIDTH));
    at = tree->nodes[i].part.end;
  }
  return width + evc_text_width(flatten(tree, at, node->part.end, LEFT_WIDTH));
}

/* The most columns that every operand may have so that all of them fit into `room`: short ones
** leave what they do not need to the others. */
static size_t share(const part_tree *tree, const part_node *node, size_t room) {
  size_t each = node->child_count ? room / node->child_count : 0;
  for (int round = 0; round < 3 && each > 0; round++) {
    size_t left = room, longer = 0;
    for (size_t i = node->first_child; i != no_part; i = tree->nodes[i].next_sibling) {
      const evc_part *child = &tree->nodes[i].part;
      size_t width = evc_text_width(flatten(tree, child->start, child->end, LEFT_WIDTH));
      if (width > each) longer++;
      else left -= width;
    }
    if (longer == 0) break;
    each = left / longer;
  }
  return each;
}

/* A part's text in at most `width` columns. Where it is too long its operands are cut, so that what
** it does stays in sight. */
static evc_text build_text(const part_tree *tree, const part_node *node, size_t width) {
  evc_text whole = flatten(tree, node->part.start, node->part.end, width);
  if (!whole.data || evc_text_width(whole) <= width) return whole;
  size_t own = own_width(tree, node);
  size_t each = own < width ? share(tree, node, width - own) : 0;
  evc_builder out, cut;
  evc_build_init(&out, tree->arena);
  evc_build_init(&cut, tree->arena);
  size_t at = node->part.start;
  for (size_t i = node->first_child; i != no_part && each > 0; i = tree->nodes[i].next_sibling) {
    const evc_part *child = &tree->nodes[i].part;
    evc_build_text(&out, flatten(tree, at, child->start, LEFT_WIDTH));
    build_cut(&out, flatten(tree, child->start, child->end, each), each);
    at = child->end;
  }
  evc_build_text(&out, flatten(tree, at, node->part.end, LEFT_WIDTH));
  build_cut(&cut, evc_build_end(&out), width);
  return evc_build_end(&cut);
}

static bool build_left(const part_tree *tree, size_t at) {
  part_node *node = &tree->nodes[at];
  node->lines = build_lines(tree, at);
  size_t taken = evc_text_width(node->lines);
  size_t room = taken + SHORTEST_TEXT < LEFT_WIDTH ? LEFT_WIDTH - taken : SHORTEST_TEXT;
  node->text = build_text(tree, node, room);
  node->width = taken + evc_text_width(node->text);
  return node->lines.data && node->text.data;
}

/* True for the part that failed and all that it is an operand of. */
static bool has_failed(const part_node *node, evc_outcome outcome) {
  return outcome.status == EVC_EVALUATION && node->part.start <= outcome.start &&
         node->part.end >= outcome.end;
}

static void build_value(evc_builder *out, const evc_value *value) {
  switch ((evc_kind)value->kind) {
  case EVC_KIND_NUMBER: evc_build_number(out, value->as.number); return;
  case EVC_KIND_BOOLEAN: evc_build_string(out, value->as.boolean ? "true" : "false"); return;
  case EVC_KIND_STRING:
    evc_build_char(out, '"');
    evc_build_quoted(out, (evc_text){value->as.text, value->length}, LONGEST_STRING);
    evc_build_char(out, '"');
    return;
  default: evc_build_string(out, evc_kind_name((evc_kind)value->kind)); return;
  }
}

static void build_row(evc_builder *out, const part_node *node, const evc_trace *trace,
                      evc_outcome outcome, size_t column) {
  evc_build_text(out, node->lines);
  evc_build_text(out, node->text);
  evc_build_repeat(out, ' ', column - node->width + 2);
  if (trace->evaluated) build_value(out, &trace->value);
  else evc_build_string(out, has_failed(node, outcome) ? "failed" : "not evaluated");
  evc_build_char(out, '\n');
}

void cli_explain(evc_builder *out, const evc_calculation *calculation, evc_outcome outcome,
                 const evc_trace *trace) {
  part_tree tree = {.arena = out->arena, .source = evc_calculation_text(calculation)};
  if (!build_tree(&tree, calculation)) {
    out->failed = true;
    return;
  }
  size_t column = 0;
  for (size_t i = 0; i < tree.count; i++) {
    if (tree.nodes[i].hidden) continue;
    if (!build_left(&tree, i)) out->failed = true;
    if (tree.nodes[i].width > column) column = tree.nodes[i].width;
  }
  for (size_t i = tree.count ? tree.count - 1 : no_part; i != no_part; i = next_shown(&tree, i))
    build_row(out, &tree.nodes[i], &trace[i], outcome, column);
}
