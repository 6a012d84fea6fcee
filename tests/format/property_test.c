/* What must hold of printing and formatting whatever the calculation, checked on the tables of
** language cases and on calculations made at random: property_test FILE… */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/base/text.h"
#include "../../src/base/width.h"
#include "../../src/syntax/parse.h"
#include "../../src/syntax/print.h"
#include "../language/cases.h"

typedef struct runner {
  const char *where; /* a file, or "random" */
  size_t line, formatted, refused, failed;
  evc_text calculation;
  const evc_event_type *type;
  evc_options options;
  evc_text event; /* its JSON, or absent */
} runner;

static void fail(runner *r, const char *what, evc_text text) {
  if (r->failed++ > 20) return;
  printf("%s:%zu: %s\n  of %.*s\n", r->where, r->line, what,
         (int)(r->calculation.length > 400 ? 400 : r->calculation.length), r->calculation.data);
  if (text.data)
    printf("  %.*s\n", (int)(text.length > 800 ? 800 : text.length), text.data);
}

/* ---- Trees ---------------------------------------------------------------------------------- */

typedef struct parsed {
  evc_arena arena;
  evc_tree tree;
} parsed;

static void parse(parsed *p, evc_text text) {
  static const evc_limits limits = {.text = 1 << 24, .depth = 200, .nodes = 1 << 20,
                                    .arguments = 1 << 20};
  evc_arena_init(&p->arena, NULL, NULL, 0);
  evc_text source = evc_arena_text(&p->arena, text.data, text.length);
  if (!source.data) exit(2);
  evc_parse(&p->tree, &p->arena, source.data, (uint32_t)source.length, &limits);
}

static void drop(parsed *p) { evc_arena_free(&p->arena); }

/* Which parentheses do not count when trees are compared. */
typedef enum leniency { EXACT, NOT_DOUBLED, NO_GROUPS } leniency;

static bool is_passed_over(const evc_tree *tree, const evc_node *node, leniency lenient) {
  if (node->kind != EVC_NODE_GROUP || lenient == EXACT) return false;
  return lenient == NO_GROUPS || tree->nodes[node->as.child.left].kind == EVC_NODE_GROUP;
}

/* The nodes that count, in the order of the tree's array, and the number of each; a group that is
** passed over has the number of what is in it. */
typedef struct numbering {
  uint32_t *numbers, *nodes;
  size_t count;
} numbering;

static uint32_t *room_for(size_t count) {
  uint32_t *memory = malloc((count + 1) * sizeof *memory);
  if (!memory) exit(2);
  return memory;
}

static numbering number(const evc_tree *tree, leniency lenient) {
  numbering n = {room_for(tree->count), room_for(tree->count), 0};
  for (uint32_t i = 0; i < tree->count; i++) {
    const evc_node *node = &tree->nodes[i];
    if (is_passed_over(tree, node, lenient)) {
      n.numbers[i] = n.numbers[node->as.child.left];
    } else {
      n.numbers[i] = (uint32_t)n.count;
      n.nodes[n.count++] = i;
    }
  }
  return n;
}

static bool same_child(const numbering *a, const numbering *b, uint32_t left, uint32_t right) {
  if (left == EVC_NO_NODE || right == EVC_NO_NODE) return left == right;
  return a->numbers[left] == b->numbers[right];
}

static bool same_arguments(const evc_tree *a, const evc_tree *b, const numbering *an,
                           const numbering *bn, const evc_node *x, const evc_node *y) {
  uint32_t left = x->as.call.first, right = y->as.call.first;
  if (x->as.call.count != y->as.call.count) return false;
  if (!evc_text_equal(evc_tree_name(a, x), evc_tree_name(b, y))) return false;
  for (uint32_t i = 0; i < x->as.call.count; i++) {
    if (!same_child(an, bn, left, right)) return false;
    left = a->nodes[left].next;
    right = b->nodes[right].next;
  }
  return true;
}

static bool same_node(const evc_tree *a, const evc_tree *b, const numbering *an,
                      const numbering *bn, size_t i) {
  const evc_node *x = &a->nodes[an->nodes[i]], *y = &b->nodes[bn->nodes[i]];
  if (x->kind != y->kind || x->op != y->op || x->construct != y->construct) return false;
  switch ((evc_node_kind)x->kind) {
  case EVC_NODE_NUMBER:
    return memcmp(&x->as.number, &y->as.number, sizeof x->as.number) == 0 &&
           evc_text_equal(evc_tree_source(a, x), evc_tree_source(b, y));
  case EVC_NODE_BOOLEAN: return x->as.boolean == y->as.boolean;
  case EVC_NODE_STRING:
  case EVC_NODE_PATH:
    return evc_text_equal(evc_tree_text(a, x), evc_tree_text(b, y)) &&
           evc_text_equal(evc_tree_source(a, x), evc_tree_source(b, y));
  case EVC_NODE_CALL: return same_arguments(a, b, an, bn, x, y);
  case EVC_NODE_NULL:
  case EVC_NODE_ERROR: return true;
  default:
    return same_child(an, bn, x->as.child.left, y->as.child.left) &&
           same_child(an, bn, x->as.child.right, y->as.child.right) &&
           same_child(an, bn, x->as.child.third, y->as.child.third);
  }
}

static bool same_trees(const evc_tree *a, const evc_tree *b, leniency lenient) {
  numbering an = number(a, lenient), bn = number(b, lenient);
  bool same = an.count == bn.count && an.numbers[a->root] == bn.numbers[b->root];
  for (size_t i = 0; same && i < an.count; i++) same = same_node(a, b, &an, &bn, i);
  free(an.numbers);
  free(an.nodes);
  free(bn.numbers);
  free(bn.nodes);
  return same;
}

/* ---- Printing ------------------------------------------------------------------------------- */

static evc_text print(evc_tree *tree, uint32_t node) {
  evc_builder out;
  evc_printer printer;
  evc_build_init(&out, tree->arena);
  evc_printer_init(&printer, tree, &out);
  evc_print(&printer, node);
  evc_text text = evc_build_end(&out);
  if (!text.data) exit(2);
  return text;
}

/* Every part by itself, too, is printed as what it is, and as wide as is said. */
static void check_parts(runner *r, evc_tree *tree) {
  uint32_t *widths = evc_print_widths(tree, tree->arena);
  if (!widths) exit(2);
  if (tree->count > 300) return;
  for (uint32_t i = 0; i < tree->count; i++) {
    evc_text text = print(tree, i);
    if (evc_text_width(text) != widths[i]) fail(r, "a part has another width", text);
    parsed again;
    parse(&again, text);
    if (again.tree.findings.count || again.tree.stopped) fail(r, "a part does not parse", text);
    drop(&again);
  }
}

static void check_printing(runner *r, evc_tree *tree, leniency lenient) {
  evc_text text = print(tree, tree->root);
  parsed again;
  parse(&again, text);
  if (again.tree.findings.count || again.tree.stopped) {
    fail(r, "what is printed does not parse", text);
  } else {
    if (!same_trees(tree, &again.tree, lenient)) fail(r, "what is printed is another tree", text);
    if (!evc_text_equal(text, print(&again.tree, again.tree.root)))
      fail(r, "printed again, it is another text", text);
  }
  drop(&again);
}

/* ---- Formatting ----------------------------------------------------------------------------- */

static void check_edits(runner *r, const evc_formatted *formatted) {
  evc_text result = evc_formatted_text(formatted);
  char *edited = malloc(r->calculation.length + result.length + 1);
  size_t at = 0, length = 0;
  if (!edited) exit(2);
  for (size_t i = 0; i <= evc_formatted_edit_count(formatted); i++) {
    evc_edit edit = evc_formatted_edit(formatted, i);
    bool last = i == evc_formatted_edit_count(formatted);
    if (last) edit.start = edit.end = r->calculation.length;
    if (edit.start < at || length + edit.start - at + edit.text.length > result.length) {
      fail(r, "the edits overlap or are too long", result);
      break;
    }
    memcpy(edited + length, r->calculation.data + at, edit.start - at);
    length += edit.start - at;
    if (edit.text.length) memcpy(edited + length, edit.text.data, edit.text.length);
    length += edit.text.length;
    at = edit.end;
  }
  if (!evc_text_equal((evc_text){edited, length}, result))
    fail(r, "the edits give something else", (evc_text){edited, length});
  free(edited);
}

/* No blanks at the end of a line, and none that is empty. */
static void check_lines(runner *r, evc_text text) {
  for (size_t i = 0; i < text.length; i++) {
    if (text.data[i] != '\n') continue;
    size_t end = i - (i > 0 && text.data[i - 1] == '\r');
    if (end == 0 || evc_is_blank(text.data[end - 1]) || i + 1 == text.length)
      fail(r, "a line ends in a blank, or is empty", text);
  }
}

static evc_outcome answer(const runner *r, const evc_calculation *calculation) {
  evc_event *event = evc_event_new(r->type, NULL);
  if (r->event.data)
    (void)evc_event_read_json(event, r->event.data, r->event.length, calculation, NULL);
  evc_outcome outcome = evc_evaluate(calculation, event);
  evc_event_free(event);
  return outcome;
}

/* The same diagnostics in the same order, the same answer. */
static void check_meaning(runner *r, evc_text text) {
  evc_report *before, *after;
  evc_calculation *old = evc_compile(r->type, r->calculation.data, r->calculation.length,
                                     &r->options, &before);
  evc_calculation *new = evc_compile(r->type, text.data, text.length, &r->options, &after);
  bool same = (old == NULL) == (new == NULL) &&
              evc_report_errors(before) == evc_report_errors(after) &&
              evc_report_warnings(before) == evc_report_warnings(after);
  for (size_t i = 0; same && i < evc_report_count(before); i++)
    same = evc_report_at(before, i)->code == evc_report_at(after, i)->code;
  if (!same) fail(r, "formatted, it is reported otherwise", text);
  if (old && new) {
    evc_outcome a = answer(r, old), b = answer(r, new);
    if (a.status != b.status || a.value != b.value || a.code != b.code)
      fail(r, "formatted, it has another answer", text);
  }
  evc_calculation_free(old);
  evc_calculation_free(new);
  evc_report_free(before);
  evc_report_free(after);
}

static void check_again(runner *r, evc_text text, const evc_format_options *options) {
  evc_formatted *again = evc_format(text.data, text.length, options, NULL);
  if (!again) fail(r, "what is formatted cannot be formatted", text);
  else if (!evc_text_equal(evc_formatted_text(again), text))
    fail(r, "formatted again, it is another text", text);
  else if (evc_formatted_edit_count(again)) fail(r, "formatted again, it has edits", text);
  evc_formatted_free(again);
}

static void check_layout(runner *r, const evc_tree *tree, const evc_format_options *options) {
  evc_report *report;
  evc_formatted *formatted =
      evc_format(r->calculation.data, r->calculation.length, options, &report);
  if (!formatted || report) {
    fail(r, "it is not formatted", evc_report_message(report));
    evc_report_free(report);
    return;
  }
  evc_text text = evc_formatted_text(formatted);
  parsed again;
  parse(&again, text);
  if (again.tree.findings.count || !same_trees(tree, &again.tree, NOT_DOUBLED))
    fail(r, "formatted, it is another tree", text);
  drop(&again);
  if (text.length <= EVC_DEFAULT_TEXT_LIMIT && !evc_text_equal(text, r->calculation))
    check_lines(r, text);
  check_edits(r, formatted);
  check_again(r, text, options);
  if (r->type) check_meaning(r, text);
  evc_formatted_free(formatted);
}

/* Of a text that is not formatted, the report says nothing that compiling would not say. */
static void check_refusal(runner *r, const evc_format_options *options) {
  evc_report *report, *compiled;
  evc_formatted *formatted =
      evc_format(r->calculation.data, r->calculation.length, options, &report);
  if (formatted) fail(r, "it is formatted in spite of errors", evc_formatted_text(formatted));
  if (evc_report_errors(report) == 0)
    fail(r, "it is not said why it is not formatted", (evc_text){NULL, 0});
  evc_formatted_free(formatted);
  if (r->type) {
    evc_calculation *c = evc_compile(r->type, r->calculation.data, r->calculation.length,
                                     &r->options, &compiled);
    if (c) fail(r, "it compiles, but is not formatted", evc_report_message(report));
    for (size_t i = 0, k = 0; i < evc_report_count(report); i++, k++) {
      const evc_diagnostic *d = evc_report_at(report, i), *e = evc_report_at(compiled, k);
      while (e && (e->code != d->code || e->start != d->start)) e = evc_report_at(compiled, ++k);
      if (!e && evc_report_count(compiled) < EVC_REPORT_CAPACITY)
        fail(r, "it is told what compiling does not tell", d->message);
    }
    evc_calculation_free(c);
    evc_report_free(compiled);
  }
  evc_report_free(report);
}

static void check_calculation(runner *r) {
  static const uint32_t columns[] = {0, 40, 17, 1, EVC_ONE_LINE};
  evc_format_options options = {.limits = r->options.limits};
  parsed p;
  bool blank = evc_text_is_blank(r->calculation);
  parse(&p, r->calculation);
  evc_formatted *formatted =
      evc_format(r->calculation.data, r->calculation.length, &options, NULL);
  bool right = p.tree.findings.count == 0 && !p.tree.stopped && !blank;
  if (!right || !formatted) { /* without findings it may still pass a limit of the case */
    check_refusal(r, &options);
    r->refused++;
  } else {
    check_printing(r, &p.tree, EXACT);
    check_parts(r, &p.tree);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
      options.columns = columns[i];
      check_layout(r, &p.tree, &options);
    }
    options = (evc_format_options){.indent = 8, .line_end = EVC_LINE_END_CRLF, .columns = 30,
                                   .limits = r->options.limits};
    check_layout(r, &p.tree, &options);
    r->formatted++;
  }
  evc_formatted_free(formatted);
  drop(&p);
}

/* ---- Tables --------------------------------------------------------------------------------- */

/* The limits among the options of a case. */
static void read_limits(runner *r, evc_text options) {
  static const struct {
    const char *name;
    size_t member;
  } names[] = {{"text=", offsetof(evc_limits, text)},
               {"depth=", offsetof(evc_limits, depth)},
               {"nodes=", offsetof(evc_limits, nodes)},
               {"arguments=", offsetof(evc_limits, arguments)}};
  r->options.limits = (evc_limits){0};
  for (size_t i = 0; i < options.length; i++)
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
      if (strncmp(options.data + i, names[k].name, strlen(names[k].name)) == 0)
        *(uint32_t *)(void *)((char *)&r->options.limits + names[k].member) =
            (uint32_t)strtoul(options.data + i + strlen(names[k].name), NULL, 10);
}

static void run_table(runner *r, const char *file) {
  static table t;
  static language_case c;
  evc_text fields;
  table_open(&t, file);
  evc_schema *schema = evc_schema_builtin(NULL);
  while (table_fields(&t, &fields))
    if (evc_schema_read_json(schema, fields.data, fields.length, NULL) != EVC_OK) exit(2);
  r->where = file;
  r->options = (evc_options){.schema = schema};
  while (table_next(&t, &c)) {
    r->line = c.line;
    r->calculation = c.calculation;
    r->event = c.event;
    r->type = evc_schema_find(schema, c.type.data, c.type.length);
    read_limits(r, c.options);
    check_calculation(r);
  }
  evc_schema_free(schema);
  table_close(&t);
}

/* ---- Random calculations -------------------------------------------------------------------- */

static uint64_t next_random(uint64_t *seed) {
  *seed ^= *seed >> 12;
  *seed ^= *seed << 25;
  *seed ^= *seed >> 27;
  return *seed * UINT64_C(2685821657736338717);
}

static unsigned below(uint64_t *seed, unsigned most) {
  return (unsigned)(next_random(seed) >> 33) % most;
}

static const char *const leaves[] = {
    "0",        "12.50",   "1",       "new.amount", "null",  "true",
    "new.vip",  "\"USD\"", "false",   "AND.x",      "string", "new.null",
    "_a.b1.c",  "$",       "größe.x", "\"日本\"",   "\"é — \"",
    "\"\\u0041 ( \\\" ) ?  AND\"",
    "old.a_very_long_name_of_a_field_that_takes_room",
};
static const char *const names[] = {"IN", "Math.max", "isnull", "f", "a.long_name_of_it", "int"};

enum { LEAVES = sizeof leaves / sizeof *leaves, NAMES = sizeof names / sizeof *names };

/* Blanks as people type them. */
static void build_blanks(evc_builder *out, uint64_t *seed, bool needed) {
  static const char *const blanks[] = {"", "", " ", "  ", "\n", "\t", "\r\n  ", " \n\n "};
  const char *chosen = blanks[below(seed, 8)];
  evc_build_string(out, needed && !*chosen ? " " : chosen);
}

/* Text of an expression that binds no looser than `least`; the shape of the tree is at random. */
static void build_expression(evc_builder *out, uint64_t *seed, unsigned least, unsigned depth) {
  unsigned choice = depth ? below(seed, 14) : 13;
  if (choice < 8) { /* an operator that is not a sign, nor ? : */
    unsigned op = EVC_OP_OR + below(seed, EVC_OP_END - EVC_OP_OR);
    const evc_operator_row *row = &evc_operators[op];
    if (row->rule == EVC_RULE_SIGN || row->level < least) {
      build_expression(out, seed, least, depth - 1);
      return;
    }
    bool power = op == EVC_OP_POWER;
    unsigned length = power ? 1 : 1 + below(seed, 4);
    build_expression(out, seed, row->level + 1, depth - 1);
    for (unsigned i = 0; i < length; i++) {
      build_blanks(out, seed, true);
      evc_build_string(out, row->spelling);
      build_blanks(out, seed, true);
      build_expression(out, seed, power ? evc_operators[EVC_OP_MINUS].level : row->level + 1,
                       depth - 1);
    }
  } else if (choice == 8 && least <= evc_operators[EVC_OP_MINUS].level) {
    evc_build_char(out, below(seed, 2) ? '-' : '+');
    build_blanks(out, seed, false);
    build_expression(out, seed, evc_operators[EVC_OP_MINUS].level, depth - 1);
  } else if (choice == 9 && least <= evc_operators[EVC_OP_CONDITION].level) {
    build_expression(out, seed, evc_operators[EVC_OP_CONDITION].level + 1, depth - 1);
    evc_build_string(out, " ?");
    build_blanks(out, seed, true);
    build_expression(out, seed, 1, depth - 1);
    build_blanks(out, seed, true);
    evc_build_char(out, ':');
    build_blanks(out, seed, false);
    build_expression(out, seed, 1, depth - 1);
  } else if (choice < 12) {
    bool call = choice == 11;
    unsigned count = call ? below(seed, 6) : 1;
    if (call) evc_build_string(out, names[below(seed, NAMES)]);
    if (call) build_blanks(out, seed, false);
    evc_build_char(out, '(');
    for (unsigned i = 0; i < count; i++) {
      build_blanks(out, seed, false);
      if (i) evc_build_char(out, ',');
      build_blanks(out, seed, false);
      build_expression(out, seed, 1, depth - 1);
    }
    build_blanks(out, seed, false);
    evc_build_char(out, ')');
  } else {
    evc_build_string(out, leaves[below(seed, LEAVES)]);
  }
}

static void run_random_texts(runner *r) {
  uint64_t seed = 20240229;
  size_t before = r->formatted;
  *r = (runner){.where = "random", .formatted = r->formatted, .refused = r->refused,
                .failed = r->failed};
  evc_arena arena;
  evc_arena_init(&arena, NULL, NULL, 0);
  for (r->line = 1; r->line <= 3000; r->line++) {
    evc_builder out;
    evc_arena_reset(&arena);
    evc_build_init(&out, &arena);
    build_blanks(&out, &seed, false);
    build_expression(&out, &seed, 1, 1 + below(&seed, 6));
    build_blanks(&out, &seed, false);
    r->calculation = evc_build_end(&out);
    if (r->calculation.length < 4000) check_calculation(r);
  }
  evc_arena_free(&arena);
  if (r->formatted - before < 2000)
    fail(r, "too few random calculations can be formatted", (evc_text){NULL, 0});
}

/* A tree put together without parentheses, of which printing has to know where they are needed. Its
** leaves are one source. */
static uint32_t random_node(evc_tree *tree, uint64_t *seed, unsigned depth) {
  unsigned choice = depth ? below(seed, 8) : 7;
  if (choice < 4) {
    uint32_t left = random_node(tree, seed, depth - 1);
    uint32_t right = random_node(tree, seed, depth - 1);
    evc_operator op;
    do op = (evc_operator)(EVC_OP_OR + below(seed, EVC_OP_END - EVC_OP_OR));
    while (evc_operators[op].rule == EVC_RULE_SIGN);
    return evc_tree_binary(tree, op, left, right);
  }
  if (choice == 4) {
    uint32_t left = random_node(tree, seed, depth - 1);
    return evc_tree_unary(tree, below(seed, 2) ? EVC_OP_MINUS : EVC_OP_PLUS, 0, left);
  }
  if (choice == 5) {
    uint32_t condition = random_node(tree, seed, depth - 1);
    uint32_t left = random_node(tree, seed, depth - 1);
    return evc_tree_conditional(tree, condition, left, random_node(tree, seed, depth - 1));
  }
  if (choice == 6) {
    uint32_t list = EVC_NO_NODE;
    for (unsigned i = below(seed, 4); i > 0; i--)
      list = evc_tree_argument(tree, list, random_node(tree, seed, depth - 1));
    return evc_tree_call(tree, 0, list, 3);
  }
  return evc_tree_number(tree, 4, 5, 7);
}

static void run_random_trees(runner *r) {
  uint64_t seed = 3;
  r->where = "random trees";
  for (r->line = 1; r->line <= 3000; r->line++) {
    parsed p;
    parse(&p, evc_text_of("f() 7"));
    p.tree.count = p.tree.findings.count = 0;
    p.tree.stopped = false;
    p.tree.root = random_node(&p.tree, &seed, 1 + below(&seed, 6));
    r->calculation = print(&p.tree, p.tree.root);
    check_printing(r, &p.tree, NO_GROUPS);
    check_parts(r, &p.tree);
    drop(&p);
  }
}

int main(int count, char **arguments) {
  static runner r;
  for (int i = 1; i < count; i++) run_table(&r, arguments[i]);
  run_random_texts(&r);
  run_random_trees(&r);
  printf("%zu calculations formatted, %zu refused, %zu failures\n", r.formatted, r.refused,
         r.failed);
  return r.failed > 0;
}
