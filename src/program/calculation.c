/* Compiling, from the public call to the one block that a calculation is. */
#include <string.h>

#include "../base/memory.h"
#include "program.h"

/* Enough for the tree, facts and code of a calculation of some 40 parts without an allocation. */
enum { SCRATCH = 8192 };

/* The parts of a traced calculation are its nodes without parentheses. Fills part_of (node → part)
** and, when not NULL, the parts; returns how many there are. */
static uint32_t number_parts(const evc_tree *tree, uint32_t *part_of, evc_part *parts) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < tree->count; i++) {
    const evc_node *node = &tree->nodes[i];
    part_of[i] = node->kind == EVC_NODE_GROUP ? part_of[node->as.child.left] : count++;
    if (!parts || node->kind == EVC_NODE_GROUP) continue;
    uint32_t own = part_of[i];
    parts[own] = (evc_part){node->start, node->end, (evc_type)node->type, own};
    for (uint32_t o = evc_tree_operand(tree, i); o != EVC_NO_NODE;
         o = evc_tree_operand_after(tree, i, o))
      parts[part_of[o]].parent = own;
  }
  return count;
}

/* Only the node itself is traced, not the parentheses around it. */
static uint32_t *traced_nodes(const evc_tree *tree, evc_arena *arena, uint32_t **part_of,
                              uint32_t *part_count) {
  uint32_t *traced = evc_arena_alloc(arena, tree->count * sizeof *traced);
  *part_of = evc_arena_alloc(arena, tree->count * sizeof **part_of);
  if (!traced || !*part_of) return NULL;
  *part_count = number_parts(tree, *part_of, NULL);
  for (uint32_t i = 0; i < tree->count; i++)
    traced[i] = tree->nodes[i].kind == EVC_NODE_GROUP ? EVC_NO_NODE : (*part_of)[i];
  return traced;
}

static size_t aligned(size_t size) { return (size + 15) / 16 * 16; }

/* Lay everything that outlives the compilation out in one block. */
static evc_calculation *assemble(const evc_checked *checked, const evc_emitter *emitter,
                                 const evc_allocator *allocator, uint32_t *part_of,
                                 uint32_t part_count) {
  const evc_tree *tree = checked->tree;
  size_t code_size = aligned(emitter->count * sizeof *emitter->code);
  size_t node_size = aligned(tree->count * sizeof *tree->nodes);
  size_t read_size = aligned(checked->read_count * sizeof *checked->reads);
  size_t parts_size = aligned(part_count * sizeof(evc_part));
  evc_term terms[EVC_TABLE_TERMS + 1];
  size_t term_size = evc_table_of(emitter, terms) * sizeof *terms;
  size_t decoded_at = tree->source_length + 1;
  size_t text_size = decoded_at + tree->decoded_length + emitter->texts.length;
  size_t head = aligned(sizeof(evc_calculation));
  size_t size = head + code_size + node_size + read_size + parts_size + term_size + text_size;
  char *block = evc_allocate(allocator, size);
  if (!block) return NULL;
  evc_calculation *c = (evc_calculation *)(void *)block;
  char *code = block + head, *nodes = code + code_size, *reads = nodes + node_size;
  char *parts = reads + read_size, *rows = parts + parts_size, *texts = rows + term_size;
  memcpy(code, emitter->code, emitter->count * sizeof *emitter->code);
  memcpy(nodes, tree->nodes, tree->count * sizeof *tree->nodes);
  if (checked->read_count) memcpy(reads, checked->reads, checked->read_count * sizeof(evc_read));
  memcpy(rows, terms, term_size);
  memcpy(texts, tree->source, decoded_at);
  if (tree->decoded_length) memcpy(texts + decoded_at, tree->decoded, tree->decoded_length);
  if (emitter->texts.length)
    memcpy(texts + decoded_at + tree->decoded_length, emitter->texts.data, emitter->texts.length);
  *c = (evc_calculation){
      .allocator = *allocator,
      .size = size,
      .type = checked->type,
      .code = (const evc_instruction *)(void *)code,
      .nodes = (const evc_node *)(void *)nodes,
      .reads = (const evc_read *)(void *)reads,
      .texts = texts,
      .code_count = (uint32_t)emitter->count,
      .source_length = tree->source_length,
      .node_count = (uint32_t)tree->count,
      .read_count = (uint32_t)checked->read_count,
      .part_count = part_count,
      .register_count = (uint16_t)emitter->most,
      .terms = (const evc_term *)(void *)rows,
  };
  if (part_of) {
    c->parts = (const evc_part *)(void *)parts;
    number_parts(tree, part_of, (evc_part *)(void *)parts);
  }
  return c;
}

/* A tree without errors: emit and assemble. NULL when out of memory. */
static evc_calculation *finish(evc_checked *checked, const evc_allocator *allocator) {
  evc_tree *tree = checked->tree;
  uint32_t *traced = NULL, *part_of = NULL, part_count = 0;
  if (checked->options->trace) {
    traced = traced_nodes(tree, tree->arena, &part_of, &part_count);
    if (!traced) return NULL;
  }
  evc_emitter emitter;
  evc_emit(&emitter, checked, tree->arena, traced);
  if (emitter.out_of_memory || emitter.most > EVC_REGISTER_LIMIT) return NULL;
  return assemble(checked, &emitter, allocator, part_of, part_count);
}

static evc_calculation *compile(evc_arena *arena, const evc_event_type *type, evc_text text,
                                const evc_options *options, bool untold, evc_report **report) {
  evc_tree tree;
  evc_checked checked;
  if (!evc_check_text(&checked, &tree, arena, type, text, options, NULL, untold, report)) return NULL;
  evc_calculation *calculation = finish(&checked, &arena->allocator);
  if (calculation) return calculation;
  evc_report_free(*report);
  *report = evc_report_out_of_memory();
  return NULL;
}

static const evc_options standard;

evc_calculation *evc_compile(const evc_event_type *type, const char *text, size_t length,
                             const evc_options *options, evc_report **report) {
  _Alignas(16) char scratch[SCRATCH];
  evc_arena arena;
  evc_report *found;
  if (!options) options = &standard;
  evc_arena_init(&arena, options->allocator, scratch, sizeof scratch);
  evc_calculation *calculation =
      compile(&arena, type, (evc_text){text, evc_length_of(text, length)}, options, !report, &found);
  evc_arena_free(&arena);
  if (report) *report = found;
  else evc_report_free(found);
  return calculation;
}

bool evc_validate(const evc_event_type *type, const char *text, size_t length,
                  const evc_options *options, evc_report **report) {
  _Alignas(16) char scratch[SCRATCH];
  evc_arena arena;
  evc_tree tree;
  evc_checked checked;
  evc_report *found;
  if (!options) options = &standard;
  evc_arena_init(&arena, options->allocator, scratch, sizeof scratch);
  bool valid =
      evc_check_text(&checked, &tree, &arena, type, (evc_text){text, evc_length_of(text, length)},
                     options, NULL, !report, &found);
  evc_arena_free(&arena);
  if (report) *report = found;
  else evc_report_free(found);
  return valid;
}

void evc_calculation_free(evc_calculation *calculation) {
  if (!calculation) return;
  evc_allocator allocator = calculation->allocator;
  evc_release(&allocator, calculation, calculation->size);
}

evc_text evc_calculation_text(const evc_calculation *c) {
  return (evc_text){c->texts, c->source_length};
}

const evc_event_type *evc_calculation_type(const evc_calculation *c) { return c->type; }

size_t evc_calculation_size(const evc_calculation *c) { return c->size; }

size_t evc_calculation_reference_count(const evc_calculation *c) { return c->read_count; }

evc_reference evc_calculation_reference(const evc_calculation *c, size_t index) {
  if (index >= c->read_count) return (evc_reference){{NULL, 0}, 0, {NULL, 0}};
  const evc_read *read = &c->reads[index];
  const evc_node *node = &c->nodes[read->node];
  evc_text path = {c->texts + node->as.text.at, node->as.text.length};
  evc_text member = {NULL, 0};
  if (read->member_at)
    member = (evc_text){path.data + read->member_at, path.length - read->member_at};
  return (evc_reference){path, read->slot, member};
}

size_t evc_calculation_part_count(const evc_calculation *c) { return c->part_count; }

evc_part evc_calculation_part(const evc_calculation *c, size_t index) {
  return index < c->part_count ? c->parts[index] : (evc_part){0, 0, EVC_TYPE_UNKNOWN, 0};
}

/* Evaluation errors */

/* Is it a power that failed? */
static bool is_power(const evc_calculation *c, const evc_outcome *outcome) {
  for (uint32_t i = 0; i < c->node_count; i++) {
    const evc_node *node = &c->nodes[i];
    bool call = node->kind == EVC_NODE_CALL && node->op == EVC_FN_POW;
    bool power = call || (node->kind == EVC_NODE_BINARY && node->op == EVC_OP_POWER);
    if (power && node->start == outcome->start && node->end == outcome->end) return true;
  }
  return false;
}

static evc_message message_of(const evc_calculation *c, const evc_outcome *outcome) {
  switch ((evc_code)outcome->code) {
  case EVC_CODE_DIVISION_BY_ZERO: return EVC_MSG_DIVISION_BY_ZERO;
  case EVC_CODE_NO_REAL_VALUE: return EVC_MSG_NO_REAL_VALUE;
  case EVC_CODE_NOT_FINITE:
    return is_power(c, outcome) ? EVC_MSG_POWER_NOT_FINITE : EVC_MSG_NOT_FINITE;
  default: return EVC_MSG_VALUE_KIND;
  }
}

static const char *wanted_by(const evc_outcome *outcome) {
  static const char *const wanted[EVC_KIND_END] = {
      [EVC_KIND_NULL] = "a String or a Number", [EVC_KIND_NUMBER] = "a Number",
      [EVC_KIND_STRING] = "a String",           [EVC_KIND_BOOLEAN] = "a Boolean",
      [EVC_KIND_MAP] = "a member of an object",
  };
  const char *text = outcome->wanted < EVC_KIND_END ? wanted[outcome->wanted] : NULL;
  return text ? text : "of another type";
}

static const char *found_by(const evc_outcome *outcome) {
  static const char *const found[EVC_KIND_END] = {
      [EVC_KIND_NULL] = "null",           [EVC_KIND_NUMBER] = "a number",
      [EVC_KIND_STRING] = "a string",     [EVC_KIND_BOOLEAN] = "a boolean",
      [EVC_KIND_MAP] = "an object",       [EVC_KIND_ARRAY] = "an array",
      [EVC_KIND_OVERFLOW] = "a number that is too large",
  };
  return outcome->found < EVC_KIND_END ? found[outcome->found] : "something else";
}

evc_report *evc_outcome_report(const evc_calculation *c, evc_outcome outcome) {
  if (outcome.status != EVC_EVALUATION) return NULL;
  const char *wanted = wanted_by(&outcome), *found = found_by(&outcome);
  evc_text args[] = {{c->texts + outcome.start, outcome.end - outcome.start},
                     {wanted, strlen(wanted)},
                     {found, strlen(found)}};
  evc_span span = {.start = outcome.start, .end = outcome.end};
  return evc_report_single(&c->allocator, message_of(c, &outcome), span, args, 3, c->texts,
                           c->source_length);
}
