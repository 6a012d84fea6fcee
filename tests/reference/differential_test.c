/* The product against the reference (reference.h): random calculations on random events must come
** out the same, error for error and place for place.
**
**   differential_test [--seed S] [--seconds N]
**
** Each calculation is evaluated by the reference and, by the product, in all its ways: alone, on
** bare values, traced (where every part's value is compared too), on columns, on a record, on the
** event after it went through JSON, and with every constant replaced by a field of that value, so that nothing
** is left to be worked out when compiling. Without --seconds a fixed number of fixed ones is
** tried.
*/
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../src/base/text.h"
#include "../../src/generate/random.h"
#include "evcalc/evcalc.h"
#include "records.h"
#include "reference.h"

enum { CALCULATIONS = 1500, EVENTS = 24, MANY_EVENTS = 1100, MOST_READS = 400, MOST_FIELDS = 40 };

/* What was met: a comparison is worth something only if all kinds of answers came. */
typedef struct tally {
  size_t calculations, events, answers[2], columns, records, mismatched, json;
  size_t errors[EVC_CODE_END];
} tally;

/* A calculation with all that is made of it. */
typedef struct trial {
  const evc_event_type *type;
  evc_generator *generator;
  evc_random random; /* of what the test itself chooses */
  bool hostile;
  evc_text text;
  evc_calculation *plain, *traced, *unfolded;
  evc_trace *trace;
  uint32_t *part_of; /* node → part */
  reference reference;
  evc_schema *unfolded_schema;
  evc_event *unfolded_event;
  uint32_t *constant_nodes; /* in the order of their fields */
  size_t constant_count;
  tally *tally;
} trial;

static void *allocate(size_t size) {
  void *memory = malloc(size ? size : 1);
  if (!memory) abort();
  return memory;
}

static const evc_options silent = {.allow = {{UINT64_MAX, UINT64_MAX}}};

/* ---- What went wrong ------------------------------------------------------------------------ */

static void show_outcome(const char *who, ref_outcome o) {
  if (!o.failed)
    fprintf(stderr, "  %-10s %s\n", who, o.answer ? "true" : "false");
  else
    fprintf(stderr, "  %-10s %s at %zu-%zu, found %s, wanted %s\n", who, evc_code_name(o.code),
            o.start, o.end, evc_kind_name(o.found), evc_kind_name(o.wanted));
}

static void complain(trial *t, const evc_event *event, const char *way, ref_outcome found,
                     ref_outcome expected) {
  if (t->tally->mismatched++ > 4) return;
  evc_text type = evc_event_type_name(t->type);
  evc_text json = evc_event_to_json(event, EVC_EVENT_SHORT, NULL);
  fprintf(stderr, "%.*s\n  %s\n  on %s\n", (int)type.length, type.data, t->text.data, json.data);
  show_outcome("reference:", expected);
  show_outcome(way, found);
  evc_json_free(json, NULL);
}

/* ---- Constants as fields -------------------------------------------------------------------- */

/* Every constant but null and scales, which must stay. */
static bool is_replaced(const reference *r, uint32_t node) {
  return reference_is_constant_leaf(r, node) && !r->is_scale[node];
}

static void find_constants(trial *t) {
  const reference *r = &t->reference;
  t->constant_nodes = allocate(r->tree.count * sizeof *t->constant_nodes);
  t->constant_count = 0;
  for (uint32_t node = 0; node < r->tree.count; node++)
    if (is_replaced(r, node)) t->constant_nodes[t->constant_count++] = node;
}

static evc_text constant_name(trial *t, size_t number) {
  char name[32];
  int length = snprintf(name, sizeof name, "constant.number%zu", number);
  return evc_arena_text(&t->reference.arena, name, (size_t)length);
}

static const char *word_of(evc_kind kind) {
  return kind == EVC_KIND_NUMBER ? "double" : kind == EVC_KIND_STRING ? "string" : "boolean";
}

/* The type with a field more for each constant; its own fields keep their slots. */
static const evc_event_type *unfolded_type(trial *t) {
  size_t own = evc_event_type_field_count(t->type);
  evc_field *fields = allocate((own + t->constant_count) * sizeof *fields);
  for (size_t slot = 0; slot < own; slot++) fields[slot] = *evc_event_type_field(t->type, slot);
  for (size_t i = 0; i < t->constant_count; i++) {
    evc_kind kind = t->reference.constants[t->constant_nodes[i]].kind;
    fields[own + i] = (evc_field){.path = constant_name(t, i), .word = evc_text_of(word_of(kind))};
  }
  t->unfolded_schema = evc_schema_new(NULL);
  evc_schema_add(t->unfolded_schema, "unfolded", 8, EVC_LOADED, fields, own + t->constant_count,
                 NULL);
  free(fields);
  return evc_schema_find(t->unfolded_schema, "unfolded", 8);
}

/* The text with names in the place of constants. Nodes of the tree are in the order of the text
** where leaves are concerned. */
static void compile_unfolded(trial *t) {
  find_constants(t);
  const evc_event_type *type = unfolded_type(t);
  evc_builder text;
  evc_build_init(&text, &t->reference.arena);
  size_t at = 0;
  for (size_t i = 0; i < t->constant_count; i++) {
    const evc_node *node = &t->reference.tree.nodes[t->constant_nodes[i]];
    evc_build(&text, t->text.data + at, node->start - at);
    evc_build_text(&text, constant_name(t, i));
    at = node->end;
  }
  evc_build(&text, t->text.data + at, t->text.length - at);
  evc_text unfolded = evc_build_end(&text);
  evc_options options = silent;
  options.limits.text = 16 * 1024 * 1024;
  evc_report *report;
  t->unfolded = evc_compile(type, unfolded.data, unfolded.length, &options, &report);
  if (!t->unfolded) {
    evc_report_print(report, unfolded.data, unfolded.length, NULL, EVC_STYLE_CARET, stderr);
    t->tally->mismatched++;
  }
  evc_report_free(report);
  t->unfolded_event = evc_event_new(type, NULL);
}

/* An offset in the unfolded text as one in the text. */
static size_t folded_offset(const trial *t, size_t offset) {
  size_t shift = 0; /* how much longer the unfolded text is so far */
  for (size_t i = 0; i < t->constant_count; i++) {
    const evc_node *node = &t->reference.tree.nodes[t->constant_nodes[i]];
    char name[32];
    size_t length = (size_t)snprintf(name, sizeof name, "constant.number%zu", i);
    if (offset < node->start + shift + length) break;
    shift += length - (node->end - node->start);
  }
  return offset - shift;
}

static evc_value field_value(ref_value constant) {
  evc_value value = {.kind = (uint8_t)constant.kind};
  if (constant.kind == EVC_KIND_NUMBER) value.as.number = constant.number;
  if (constant.kind == EVC_KIND_BOOLEAN) value.as.boolean = constant.boolean;
  if (constant.kind == EVC_KIND_STRING)
    value.as.text = constant.text, value.length = (uint32_t)constant.length;
  return value;
}

static const evc_event *unfolded_event(trial *t, const evc_event *event) {
  size_t own = evc_event_type_field_count(t->type);
  for (size_t slot = 0; slot < own; slot++)
    evc_event_set_value(t->unfolded_event, slot, evc_event_value(event, slot));
  for (size_t i = 0; i < t->constant_count; i++)
    evc_event_set_value(t->unfolded_event, own + i,
                        field_value(t->reference.constants[t->constant_nodes[i]]));
  return t->unfolded_event;
}

/* ---- Comparing ------------------------------------------------------------------------------ */

static ref_outcome outcome_of(evc_outcome o) {
  if (o.status == EVC_OK) return (ref_outcome){.answer = o.value};
  return (ref_outcome){.failed = true,
                       .code = (evc_code)o.code,
                       .start = o.start,
                       .end = o.end,
                       .found = (evc_kind)o.found,
                       .wanted = (evc_kind)o.wanted};
}

static bool same(ref_outcome a, ref_outcome b) {
  return a.failed == b.failed && a.answer == b.answer && a.code == b.code && a.start == b.start &&
         a.end == b.end && a.found == b.found && a.wanted == b.wanted;
}

static void expect(trial *t, const evc_event *event, const char *way, evc_outcome found,
                   ref_outcome expected) {
  if (!same(outcome_of(found), expected)) complain(t, event, way, outcome_of(found), expected);
}

static void expect_unfolded(trial *t, const evc_event *event, ref_outcome expected) {
  if (!t->unfolded) return;
  ref_outcome found = outcome_of(evc_evaluate(t->unfolded, unfolded_event(t, event)));
  if (found.failed) {
    found.start = folded_offset(t, found.start);
    found.end = folded_offset(t, found.end);
  }
  if (!same(found, expected)) complain(t, event, "unfolded:", found, expected);
}

static bool same_value(ref_value a, evc_value b) {
  if (a.kind != (evc_kind)b.kind) return false;
  if (a.kind == EVC_KIND_NUMBER) return a.number == b.as.number;
  if (a.kind == EVC_KIND_BOOLEAN) return a.boolean == b.as.boolean;
  return a.kind != EVC_KIND_STRING ||
         (a.length == b.length && memcmp(a.text, b.as.text, a.length) == 0);
}

/* What the reference reached must have been recorded with its value. Of a constant more may be
** recorded: it was worked out before. */
static void expect_trace(trial *t, const evc_event *event, ref_outcome expected) {
  const reference *r = &t->reference;
  for (uint32_t node = 0; node < r->tree.count; node++) {
    if (r->tree.nodes[node].kind == EVC_NODE_GROUP) continue;
    const evc_trace *trace = &t->trace[t->part_of[node]];
    bool right = r->evaluated[node] ? trace->evaluated && same_value(r->values[node], trace->value)
                                    : !trace->evaluated || r->is_constant[node];
    if (right) continue;
    const evc_node *n = &r->tree.nodes[node];
    fprintf(stderr, "the trace of bytes %u-%u is wrong: %.*s\n", n->start, n->end,
            (int)(n->end - n->start), t->text.data + n->start);
    complain(t, event, "traced:", expected, expected);
    return;
  }
}

static void expect_through_json(trial *t, const evc_event *event, evc_event *copy,
                                ref_outcome expected) {
  if (!evc_random_chance(&t->random, 1, 4)) return;
  bool full = evc_random_chance(&t->random, 1, 2);
  evc_text json = evc_event_to_json(event, full ? EVC_EVENT_FULL : EVC_EVENT_SHORT, NULL);
  evc_report *report;
  evc_status status = evc_event_read_json(copy, json.data, json.length, t->plain, &report);
  if (status != EVC_OK) {
    evc_report_print(report, json.data, json.length, "event", EVC_STYLE_CARET, stderr);
    t->tally->mismatched++;
  } else {
    expect(t, event, "json:", evc_evaluate(t->plain, copy), expected);
    t->tally->json++;
  }
  evc_report_free(report);
  evc_json_free(json, NULL);
}

/* On a record that holds the event, if one can. */
static void expect_on_record(trial *t, const evc_event *event, ref_outcome expected) {
  made_record record;
  if (made_record_of(&record, t->plain, event, &t->random)) {
    evc_misfit misfit;
    evc_binding *binding = evc_binding_new(t->plain, record.fields, record.count, &misfit);
    if (binding)
      expect(t, event, "record:", evc_evaluate_record(binding, record.bytes), expected);
    else
      fprintf(stderr, "a record was refused, status %d, %.*s: %s\n", (int)misfit.status,
              (int)misfit.path.length, misfit.path.data, t->text.data);
    t->tally->mismatched += !binding;
    t->tally->records++;
    evc_binding_free(binding);
  }
  made_record_free(&record);
}

/* No type error, unless the event has a value of the wrong type, or a map's member, which can be of
** two, is read. */
static void expect_no_type_error(trial *t, const evc_event *event, ref_outcome outcome) {
  if (t->hostile || outcome.code != EVC_CODE_VALUE_KIND) return;
  for (size_t i = 0; i < evc_calculation_reference_count(t->plain); i++)
    if (evc_calculation_reference(t->plain, i).member.data) return;
  fprintf(stderr, "a type error in evaluation:\n");
  complain(t, event, "product:", outcome, outcome);
}

static ref_outcome try_event(trial *t, evc_event *event, evc_event *copy) {
  ref_outcome expected = reference_evaluate(&t->reference, event);
  expect(t, event, "alone:", evc_evaluate(t->plain, event), expected);
  expect(t, event, "values:", evc_evaluate_values(t->plain, evc_event_values(event)), expected);
  expect(t, event, "traced:", evc_evaluate_traced(t->traced, event, t->trace), expected);
  expect_trace(t, event, expected);
  expect_unfolded(t, event, expected);
  expect_through_json(t, event, copy, expected);
  expect_on_record(t, event, expected);
  expect_no_type_error(t, event, expected);
  t->tally->events++;
  if (expected.failed)
    t->tally->errors[expected.code]++;
  else
    t->tally->answers[expected.answer]++;
  return expected;
}

/* ---- Columns -------------------------------------------------------------------------------- */

/* Values of one field, in every layout that a column can have. */
typedef struct field_column {
  evc_column_kind kind;
  double *numbers;
  uint64_t *bits, *nulls;
  evc_text *texts, *dictionary;
  uint32_t *codes, dictionary_size;
} field_column;

typedef struct column_set {
  trial *trial;
  size_t reads, rows, capacity;
  field_column fields[MOST_READS];
  ref_outcome *expected;
  evc_event **events; /* of each row, for complaints */
  evc_arena store;    /* Strings, which events own only until they are filled again */
} column_set;

static size_t words_of(size_t rows) {
  return (rows + 63) / 64;
}

static void *zeroed(size_t count, size_t element) {
  void *memory = calloc(count ? count : 1, element);
  if (!memory) abort();
  return memory;
}

/* A member's column holds what most would hold: Numbers, or Strings. */
static evc_column_kind column_kind(trial *t, evc_reference read) {
  evc_type type = evc_event_type_field(t->type, read.slot)->type;
  if (read.member.data)
    type = evc_random_chance(&t->random, 1, 2) ? EVC_TYPE_NUMBER : EVC_TYPE_STRING;
  if (type == EVC_TYPE_NUMBER) return EVC_COLUMN_NUMBER;
  if (type == EVC_TYPE_BOOLEAN) return EVC_COLUMN_BOOLEAN;
  return evc_random_chance(&t->random, 1, 2) ? EVC_COLUMN_STRING : EVC_COLUMN_DICTIONARY;
}

static void columns_init(column_set *c, trial *t, size_t capacity) {
  *c = (column_set){.trial = t, .capacity = capacity};
  c->reads = evc_calculation_reference_count(t->plain);
  c->expected = zeroed(capacity, sizeof *c->expected);
  evc_arena_init(&c->store, NULL, NULL, 0);
  if (c->reads > MOST_READS) c->reads = 0;
  for (size_t i = 0; i < c->reads; i++) {
    field_column *f = &c->fields[i];
    f->kind = column_kind(t, evc_calculation_reference(t->plain, i));
    f->nulls = zeroed(words_of(capacity), sizeof *f->nulls);
    f->bits = zeroed(words_of(capacity), sizeof *f->bits);
    f->numbers = zeroed(capacity, sizeof *f->numbers);
    f->codes = zeroed(capacity, sizeof *f->codes);
    f->texts = zeroed(capacity, sizeof *f->texts);
    f->dictionary = zeroed(capacity, sizeof *f->dictionary);
  }
}

static void columns_free(column_set *c) {
  for (size_t i = 0; i < c->reads; i++) {
    field_column *f = &c->fields[i];
    free(f->nulls), free(f->bits), free(f->numbers);
    free(f->codes), free(f->texts), free(f->dictionary);
  }
  free(c->expected);
  evc_arena_free(&c->store);
}

static bool fits(const field_column *f, evc_value value) {
  if (value.kind == EVC_KIND_NULL) return true;
  if (f->kind == EVC_COLUMN_NUMBER) return value.kind == EVC_KIND_NUMBER;
  if (f->kind == EVC_COLUMN_BOOLEAN) return value.kind == EVC_KIND_BOOLEAN;
  return value.kind == EVC_KIND_STRING;
}

static uint32_t code_of(field_column *f, evc_text text) {
  uint32_t code = 0;
  while (code < f->dictionary_size && !evc_text_equal(f->dictionary[code], text)) code++;
  if (code == f->dictionary_size) f->dictionary[f->dictionary_size++] = text;
  return code;
}

static void put(column_set *c, field_column *f, size_t row, evc_value value) {
  uint64_t bit = UINT64_C(1) << (row % 64);
  evc_text text = {"", 0};
  if (value.kind == EVC_KIND_NULL) f->nulls[row / 64] |= bit;
  if (value.kind == EVC_KIND_NUMBER) f->numbers[row] = value.as.number;
  if (value.kind == EVC_KIND_BOOLEAN && value.as.boolean) f->bits[row / 64] |= bit;
  if (value.kind == EVC_KIND_STRING) text = evc_arena_text(&c->store, value.as.text, value.length);
  f->texts[row] = text;
  if (f->kind == EVC_COLUMN_DICTIONARY) f->codes[row] = code_of(f, text);
}

/* Take an event in as a row, unless columns cannot hold it. */
static void columns_add(column_set *c, const evc_event *event, ref_outcome expected) {
  const evc_calculation *calculation = c->trial->plain;
  if (c->reads != evc_calculation_reference_count(calculation)) return;
  for (size_t i = 0; i < c->reads; i++)
    if (!fits(&c->fields[i], value_read(event, evc_calculation_reference(calculation, i)))) return;
  for (size_t i = 0; i < c->reads; i++)
    put(c, &c->fields[i], c->rows, value_read(event, evc_calculation_reference(calculation, i)));
  c->expected[c->rows++] = expected;
}

static evc_column column_of(const field_column *f) {
  evc_column column = {.kind = f->kind, .nulls = f->nulls};
  switch (f->kind) {
  case EVC_COLUMN_NUMBER: column.values.numbers = f->numbers; break;
  case EVC_COLUMN_BOOLEAN: column.values.bits = f->bits; break;
  case EVC_COLUMN_STRING: column.values.texts = f->texts; break;
  default:
    column.values.codes = f->codes;
    column.dictionary = f->dictionary;
    column.dictionary_size = f->dictionary_size;
  }
  return column;
}

static void expect_columns(column_set *c) {
  trial *t = c->trial;
  evc_column columns[MOST_READS];
  for (size_t i = 0; i < c->reads; i++) columns[i] = column_of(&c->fields[i]);
  size_t words = words_of(c->rows);
  uint64_t *answers = zeroed(words, sizeof *answers), *errors = zeroed(words, sizeof *errors);
  void *workspace = allocate(evc_columns_workspace(t->plain));
  if (c->rows > 0 && evc_evaluate_columns(t->plain, columns, c->reads, c->rows, workspace, answers,
                                          errors) != EVC_OK) {
    fprintf(stderr, "columns were refused: %s\n", t->text.data);
    t->tally->mismatched++;
  }
  for (size_t row = 0; row < words * 64; row++) {
    ref_outcome expected = row < c->rows ? c->expected[row] : (ref_outcome){0};
    bool error = errors[row / 64] >> (row % 64) & 1, answer = answers[row / 64] >> (row % 64) & 1;
    if (error == expected.failed && answer == expected.answer) continue;
    fprintf(stderr, "columns: row %zu of %zu is %s: %s\n", row, c->rows,
            error    ? "an error"
            : answer ? "true"
                     : "false",
            t->text.data);
    show_outcome("reference:", expected);
    t->tally->mismatched++;
    break;
  }
  t->tally->columns += c->rows;
  free(answers), free(errors), free(workspace);
}

/* ---- Trials --------------------------------------------------------------------------------- */

static evc_calculation *compile(trial *t, bool trace) {
  evc_options options = silent;
  options.trace = trace;
  evc_report *report;
  evc_calculation *calculation =
      evc_compile(t->type, t->text.data, t->text.length, &options, &report);
  if (!calculation) {
    evc_report_print(report, t->text.data, t->text.length, NULL, EVC_STYLE_CARET, stderr);
    t->tally->mismatched++;
  }
  evc_report_free(report);
  return calculation;
}

/* Parts are the nodes without parentheses. */
static void number_parts(trial *t) {
  const evc_tree *tree = &t->reference.tree;
  t->part_of = allocate(tree->count * sizeof *t->part_of);
  uint32_t count = 0;
  for (uint32_t node = 0; node < tree->count; node++) {
    t->part_of[node] = count;
    count += tree->nodes[node].kind != EVC_NODE_GROUP;
  }
  t->trace = allocate(evc_calculation_part_count(t->traced) * sizeof *t->trace);
}

static void try_events(trial *t) {
  evc_event *event = evc_event_new(t->type, NULL), *copy = evc_event_new(t->type, NULL);
  bool many = evc_random_chance(&t->random, 1, 100);
  size_t count = many ? MANY_EVENTS : EVENTS;
  column_set columns;
  columns_init(&columns, t, count);
  for (size_t i = 0; i < count; i++) {
    evc_generate_event(t->generator, event);
    columns_add(&columns, event, try_event(t, event, copy));
  }
  expect_columns(&columns);
  columns_free(&columns);
  evc_event_free(event);
  evc_event_free(copy);
}

static void try_calculation(trial *t) {
  t->text = evc_generate_calculation(t->generator);
  t->tally->calculations++;
  t->plain = compile(t, false);
  t->traced = compile(t, true);
  if (t->plain && t->traced) {
    reference_init(&t->reference, t->type, t->text.data, t->text.length);
    number_parts(t);
    compile_unfolded(t);
    try_events(t);
    evc_calculation_free(t->unfolded);
    evc_event_free(t->unfolded_event);
    evc_schema_free(t->unfolded_schema);
    reference_free(&t->reference);
    free(t->part_of), free(t->trace), free(t->constant_nodes);
  }
  evc_calculation_free(t->plain);
  evc_calculation_free(t->traced);
}

/* Fields of any types, at any depth, with names that other languages reserve among them. */
static evc_schema *random_schema(evc_random *random) {
  static const char *const words[] = {"double",  "int", "string", "string",
                                      "boolean", "map", "array",  "record"};
  static const char *const prefixes[] = {"new.", "new.", "old.", "", "new.deep.down.", "new.map."};
  static const char *const names[] = {"amount", "count", "name", "flag", "map", "not",      "in",
                                      "is",     "if",    "$x",   "_",    "a1",  "null",     "AND",
                                      "grün",   "Math",  "a-b",  "1a",   "id",  "eventName"};
  char paths[MOST_FIELDS][64];
  evc_field fields[MOST_FIELDS];
  uint32_t count = evc_random_below(random, MOST_FIELDS + 1);
  for (uint32_t i = 0; i < count; i++) {
    const char *prefix = prefixes[evc_random_below(random, 6)];
    const char *name = names[evc_random_below(random, 20)];
    bool numbered = evc_random_chance(random, 1, 3);
    snprintf(paths[i], sizeof paths[i], numbered ? "%s%s%u" : "%s%s", prefix, name, (unsigned)i);
    bool owner = strcmp(paths[i], "new.map") == 0; /* nothing else can have fields below it */
    const char *word = owner ? "map" : words[evc_random_below(random, 8)];
    fields[i] = (evc_field){.path = evc_text_of(paths[i]), .word = evc_text_of(word)};
  }
  evc_schema *schema = evc_schema_new(NULL);
  evc_schema_add(schema, "random", 6, EVC_LOADED, fields, count, NULL);
  return schema;
}

/* A few calculations for one type. */
static void try_type(const evc_event_type *type, evc_random *random, tally *total) {
  evc_generate_options options = {.line_breaks = evc_random_chance(random, 1, 2),
                                  .hostile = evc_random_chance(random, 1, 3)};
  if (evc_random_chance(random, 1, 8)) options.nodes = 300;
  if (evc_random_chance(random, 1, 8)) options.depth = EVC_GENERATE_LARGEST_DEPTH;
  trial t = {.type = type, .hostile = options.hostile, .tally = total};
  t.generator = evc_generator_new(type, evc_random_next(random), &options, NULL);
  evc_random_seed(&t.random, evc_random_next(random));
  if (!t.generator) abort();
  for (int i = 0; i < 10; i++) try_calculation(&t);
  evc_generator_free(t.generator);
}

static void try_round(const evc_schema *builtin, evc_random *random, tally *total) {
  if (evc_random_chance(random, 1, 2)) {
    size_t index = evc_random_below(random, (uint32_t)evc_schema_count(builtin));
    try_type(evc_schema_at(builtin, index), random, total);
    return;
  }
  evc_schema *schema = random_schema(random);
  try_type(evc_schema_at(schema, 0), random, total);
  evc_schema_free(schema);
}

/* Enough of every kind of answer for what was tried? */
static bool is_telling(const tally *t) {
  static const evc_code codes[] = {EVC_CODE_DIVISION_BY_ZERO, EVC_CODE_NOT_FINITE,
                                   EVC_CODE_NO_REAL_VALUE, EVC_CODE_VALUE_KIND};
  bool telling = t->answers[0] > t->events / 10 && t->answers[1] > t->events / 10 &&
                 t->columns > t->events / 4 && t->records > t->events / 4 &&
                 t->json > t->events / 8;
  for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
    telling &= t->errors[codes[i]] > t->events / 4000;
  return telling;
}

int main(int argc, char **argv) {
  uint64_t seed = 1;
  long seconds = 0;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (strcmp(argv[i], "--seed") == 0)
      seed = strtoull(argv[i + 1], NULL, 10);
    else if (strcmp(argv[i], "--seconds") == 0)
      seconds = atol(argv[i + 1]);
    else
      return fputs("usage: differential_test [--seed S] [--seconds N]\n", stderr), 2;
  }
  evc_schema *builtin = evc_schema_builtin(NULL);
  evc_random random;
  tally t = {0};
  time_t end = time(NULL) + seconds;
  evc_random_seed(&random, seed);
  while (seconds > 0 ? time(NULL) < end : t.calculations < CALCULATIONS)
    try_round(builtin, &random, &t);
  evc_schema_free(builtin);
  printf("seed %llu: %zu calculations on %zu events, %zu rows of columns, %zu records, "
         "%zu through JSON: "
         "%zu true, %zu false, %zu by zero, %zu not finite, %zu not real, %zu of the wrong type; "
         "%zu differ\n",
         (unsigned long long)seed, t.calculations, t.events, t.columns, t.records, t.json,
         t.answers[1], t.answers[0], t.errors[EVC_CODE_DIVISION_BY_ZERO], t.errors[EVC_CODE_NOT_FINITE],
         t.errors[EVC_CODE_NO_REAL_VALUE], t.errors[EVC_CODE_VALUE_KIND], t.mismatched);
  if (!is_telling(&t)) puts("too few of one kind to say anything");
  return t.mismatched == 0 && is_telling(&t) ? 0 : 1;
}
