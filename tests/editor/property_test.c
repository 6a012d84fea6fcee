/* What holds of the editor in any text, tried on every text of the tables of cases: at many
** offsets, with and without an Event type, whole and cut off there. Prints each failure and a
** count. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../language/cases.h"
#include "editor/editor.h"

enum { MOST_OFFSETS = 32, MOST_TRIED = 4, LONGEST = 20000 };

typedef struct tester {
  const table *table;
  const language_case *current;
  evc_text text; /* in the editor */
  size_t offset;
  evc_editor *editor, *scratch;
  size_t questions, failed;
} tester;

static void fail(tester *t, const char *what) {
  t->failed++;
  if (t->failed > 20) return;
  printf("%s:%zu: offset %zu: %s\n    %.*s\n", t->table->file, t->current->line, t->offset, what,
         (int)(t->text.length > 200 ? 200 : t->text.length), t->text.data);
}

static void expect(tester *t, bool holds, const char *what) {
  if (!holds) fail(t, what);
}

static size_t offset_of(const tester *t) {
  return t->offset < t->text.length ? t->offset : t->text.length;
}

static bool contains(evc_range range, size_t offset) {
  return range.start <= offset && offset <= range.end;
}

static bool is_told(evc_text text) {
  return text.data && strlen(text.data) >= text.length && text.data[text.length] == '\0';
}

/* Tokens */

static bool all_blank(evc_text text, size_t from, size_t to) {
  for (size_t i = from; i < to; i++)
    if (!strchr(" \t\r\n", text.data[i]) || !text.data[i]) return false;
  return true;
}

static void check_tokens(tester *t) {
  size_t count, at = 0;
  const evc_token *tokens = evc_editor_tokens(t->editor, &count);
  if (t->editor->reading.tree.count == 0) {
    expect(t, count == 0, "a text that is not read has no tokens");
    return;
  }
  if (t->text.length >= 3 && memcmp(t->text.data, "\xEF\xBB\xBF", 3) == 0) at = 3;
  for (size_t i = 0; i < count; i++) {
    expect(t, tokens[i].start >= at && tokens[i].end > tokens[i].start,
           "tokens ascend and are not empty");
    expect(t, tokens[i].end <= t->text.length, "tokens are in the text");
    expect(t, all_blank(t->text, at, tokens[i].start), "between tokens there are blanks only");
    expect(t, evc_token_class_name(tokens[i].kind) != NULL, "a token has a class");
    at = tokens[i].end;
  }
  expect(t, all_blank(t->text, at, t->text.length), "behind the tokens there are blanks only");
}

/* The report is the compiler's. */
static void check_report(tester *t, const evc_options *options) {
  const evc_report *report = evc_editor_report(t->editor);
  evc_report *other;
  if (!evc_editor_type(t->editor)) return;
  evc_validate(evc_editor_type(t->editor), t->text.data, t->text.length, options, &other);
  expect(t, evc_report_count(report) == evc_report_count(other), "the report is the compiler's");
  for (size_t i = 0; i < evc_report_count(report) && i < evc_report_count(other); i++) {
    const evc_diagnostic *a = evc_report_at(report, i), *b = evc_report_at(other, i);
    expect(t, a->code == b->code && a->start == b->start && a->end == b->end,
           "so is each diagnostic");
  }
  evc_report_free(other);
}

/* Completion */

static size_t errors_of_type(const evc_report *report) {
  size_t count = 0;
  for (size_t i = 0; i < evc_report_count(report); i++) {
    evc_code code = evc_report_at(report, i)->code;
    count += (code >= EVC_CODE_ARGUMENT_TYPE && code <= EVC_CODE_SCALE_NOT_CONSTANT) ||
             code == EVC_CODE_UNKNOWN_FIELD || code == EVC_CODE_FUNCTION_NOT_CALLED;
  }
  return count;
}

/* A valid calculation with another field in the place of one stays one, when that is said to
** fit. */
static void check_that_it_fits(tester *t, evc_range range, evc_text insert) {
  static char text[2 * LONGEST];
  size_t length = 0;
  memcpy(text, t->text.data, range.start);
  length = range.start;
  memcpy(text + length, insert.data, insert.length);
  length += insert.length;
  memcpy(text + length, t->text.data + range.end, t->text.length - range.end);
  length += t->text.length - range.end;
  if (evc_editor_set_text(t->scratch, text, length) != EVC_OK) fail(t, "out of memory");
  if (errors_of_type(evc_editor_report(t->scratch)) == 0) return;
  fail(t, "what fits makes no error of types");
  printf("    %.*s\n", (int)length, text);
}

static void check_completion(tester *t, bool valid) {
  evc_completions found;
  evc_status status = evc_editor_complete(t->editor, t->offset, &found);
  if (status == EVC_NOT_FOUND) {
    expect(t, !found.items && found.count == 0, "nothing found is nothing");
    return;
  }
  expect(t, status == EVC_OK, "completion answers");
  expect(t, contains(found.range, offset_of(t)) && found.range.end <= t->text.length,
         "what is replaced is around the offset");
  bool in_path = valid && found.range.start < found.range.end &&
                 t->text.data[found.range.start] != '"' &&
                 (found.range.start == 0 || t->text.data[found.range.start - 1] != '"') &&
                 evc_event_type_slot(evc_editor_type(t->editor), t->text.data + found.range.start,
                                     found.range.end - found.range.start) != EVC_NO_SLOT;
  for (size_t i = 0, tried = 0; i < found.count; i++) {
    const evc_completion *item = &found.items[i];
    expect(t, is_told(item->label) && item->label.length > 0, "a completion has a label");
    expect(t, is_told(item->insert) && is_told(item->detail) && is_told(item->documentation),
           "and something to insert");
    expect(t, evc_completion_kind_name(item->kind) != NULL, "and a kind");
    bool plain = item->kind == EVC_COMPLETE_FIELD || item->kind == EVC_COMPLETE_VARIABLE;
    if (in_path && plain && item->fits && tried++ < MOST_TRIED)
      check_that_it_fits(t, found.range, item->insert);
  }
}

/* The rest */

static void check_hover(tester *t) {
  evc_hover hover;
  evc_status status = evc_editor_hover(t->editor, t->offset, &hover);
  if (status == EVC_NOT_FOUND) return;
  expect(t, status == EVC_OK && is_told(hover.markdown) && hover.markdown.length > 0,
         "hover says something");
  expect(t, contains(hover.range, offset_of(t)) && hover.range.end <= t->text.length,
         "of what is there");
}

static void check_signature(tester *t) {
  evc_signature s;
  evc_status status = evc_editor_signature(t->editor, t->offset, &s);
  if (status == EVC_NOT_FOUND) return;
  expect(t, status == EVC_OK && is_told(s.label) && is_told(s.documentation),
         "a signature has a label");
  expect(t, s.name.start < s.name.end && s.name.end <= t->offset,
         "and the name of a call before the offset");
  expect(t, s.parameter_count > 0 && s.active <= s.parameter_count, "and parameters");
  for (size_t i = 0; i < s.parameter_count; i++)
    expect(t, s.parameters[i].start < s.parameters[i].end && s.parameters[i].end <= s.label.length,
           "which are in the label");
}

static bool is_among(const evc_range *ranges, size_t count, size_t start, size_t end) {
  for (size_t i = 0; i < count; i++)
    if (ranges[i].start == start && ranges[i].end == end) return true;
  return false;
}

static void check_ranges(tester *t) {
  const evc_range *ranges;
  size_t count;
  evc_status status = evc_editor_ranges(t->editor, t->offset, &ranges, &count);
  if (t->text.length == 0) {
    expect(t, status == EVC_NOT_FOUND, "nothing can be selected in nothing");
    return;
  }
  expect(t, status == EVC_OK && count > 0, "something can be selected");
  for (size_t i = 0; i < count; i++) {
    expect(t, contains(ranges[i], offset_of(t)), "a range is around the offset");
    expect(t,
           i == 0 ||
               (ranges[i].start <= ranges[i - 1].start && ranges[i].end >= ranges[i - 1].end &&
                ranges[i].end - ranges[i].start > ranges[i - 1].end - ranges[i - 1].start),
           "each is inside the next");
  }
  expect(t, count == 0 || (ranges[count - 1].start == 0 && ranges[count - 1].end == t->text.length),
         "the last is the whole text");
}

/* An operand of an operator that its left operand's chain goes on with is no range of its own. */
static bool goes_on(const evc_tree *tree, uint32_t node) {
  const evc_node *n = &tree->nodes[node];
  for (uint32_t i = node + 1; i < tree->count; i++) {
    const evc_node *parent = &tree->nodes[i];
    if (parent->kind == EVC_NODE_BINARY && parent->as.child.left == node)
      return evc_operators[parent->op].level == evc_operators[n->op].level &&
             evc_operators[n->op].associativity == EVC_LEFT;
  }
  return false;
}

/* What tokens and levels say of a valid text is what the grammar says. */
static void check_against_tree(tester *t) {
  const evc_tree *tree = &t->editor->reading.tree;
  for (uint32_t i = 0; i < tree->count && i < 400; i++) {
    const evc_node *node = &tree->nodes[i];
    const evc_range *ranges;
    size_t count;
    if (node->kind == EVC_NODE_BINARY && goes_on(tree, i)) continue;
    evc_editor_ranges(t->editor, t->offset = node->start, &ranges, &count);
    expect(t, is_among(ranges, count, node->start, node->end),
           "a part of the tree can be selected");
  }
}

static void check_symbols(tester *t) {
  const evc_symbol *symbols;
  size_t count;
  if (evc_editor_symbols(t->editor, &symbols, &count) == EVC_NOT_FOUND) return;
  expect(t, count > 0 && symbols[0].depth == 0, "the outline begins outside");
  for (size_t i = 0; i < count; i++) {
    const evc_symbol *s = &symbols[i];
    expect(t, s->range.start < s->range.end && s->range.end <= t->text.length,
           "a symbol is in the text");
    expect(t, is_told(s->name) && s->name.length > 0, "a symbol has a name");
    if (i == 0) continue;
    expect(t, s->depth <= symbols[i - 1].depth + 1, "a child follows its parent");
    expect(t,
           s->depth > symbols[i - 1].depth ? s->range.end <= symbols[i - 1].range.end
                                           : s->range.start >= symbols[i - 1].range.end,
           "children are inside, siblings are behind");
  }
}

static void ask(tester *t, bool valid) {
  check_completion(t, valid);
  check_hover(t);
  check_signature(t);
  check_ranges(t);
  t->questions += 4;
}

/* The text, at many offsets; then cut off at each of them, as it was while it was typed. */
static void check_text(tester *t, const evc_event_type *type, const evc_options *options) {
  t->text = t->current->calculation;
  t->offset = 0;
  t->editor = evc_editor_new(type, options);
  t->scratch = evc_editor_new(type, options);
  if (!t->editor || !t->scratch ||
      evc_editor_set_text(t->editor, t->text.data, t->text.length) != EVC_OK) {
    fail(t, "out of memory");
    exit(2);
  }
  bool valid =
      type && evc_report_errors(evc_editor_report(t->editor)) == 0 && t->text.length < LONGEST;
  check_tokens(t);
  check_report(t, options);
  check_symbols(t);
  if (valid) check_against_tree(t);
  size_t whole = t->text.length, step = whole / MOST_OFFSETS + 1;
  for (size_t offset = 0; offset <= whole + step; offset += step) {
    t->offset = offset;
    ask(t, valid);
  }
  if (whole > LONGEST) step = whole;
  for (size_t end = 0; end < whole; end += step) {
    t->text = (evc_text){t->current->calculation.data, end};
    t->offset = end;
    if (evc_editor_set_text(t->editor, t->text.data, end) != EVC_OK) fail(t, "out of memory");
    t->text = evc_editor_text(t->editor);
    check_tokens(t);
    check_symbols(t);
    ask(t, false);
  }
  evc_editor_free(t->editor);
  evc_editor_free(t->scratch);
}

static void run_table(const char *file, size_t *questions, size_t *failed) {
  table t;
  language_case c;
  evc_text json;
  evc_schema *schema = evc_schema_builtin(NULL);
  table_open(&t, file);
  while (table_fields(&t, &json)) {
    evc_report *report;
    evc_schema_read_json(schema, json.data, json.length, &report);
    evc_report_free(report);
  }
  while (table_next(&t, &c)) {
    const evc_event_type *type = evc_schema_find(schema, c.type.data, c.type.length);
    evc_options options = {.schema = schema};
    tester tried = {.table = &t, .current = &c};
    check_text(&tried, type, &options);
    check_text(&tried, NULL, &options);
    *questions += tried.questions;
    *failed += tried.failed;
  }
  table_close(&t);
  evc_schema_free(schema);
}

int main(int argc, char **argv) {
  size_t questions = 0, failed = 0;
  for (int i = 1; i < argc; i++) run_table(argv[i], &questions, &failed);
  printf("%zu questions, %zu failed\n", questions, failed);
  return failed || questions < 1000 ? 1 : 0;
}
