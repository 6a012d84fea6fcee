/* From findings to diagnostics: order, severity, wording's arguments, labels and fixes.
**
** Only the findings that will be reported are described, so that suggestions cost nothing for the
** rest.
*/
#include "describe.h"

#include <stdio.h>
#include <string.h>

#include "../base/decimal.h"
#include "../base/memory.h"
#include "../base/utf8.h"
#include "../syntax/token.h"

evc_diagnostic *evc_describe_add(evc_describer *d, evc_message message, const evc_text *args,
                                 size_t count) {
  const evc_finding *f = d->finding;
  evc_span span = {.start = f->start, .end = f->end};
  evc_diagnostic *diagnostic = evc_report_add(d->report, message, span, args, count);
  evc_report_set_severity(d->report, diagnostic, d->severity);
  return diagnostic;
}

static bool is_glue(char byte) {
  unsigned char c = (unsigned char)byte;
  return c >= 0x80 || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
         c == '_' || c == '$' || c == '.' || c == '"';
}

/* Would the byte there run together with a letter or digit beside it? */
static bool glues(const evc_tree *tree, size_t at) {
  return at < tree->source_length && is_glue(tree->source[at]);
}

/* With blanks where the text would run together with its neighbours where the old did not. */
static evc_text kept_apart(evc_describer *d, size_t start, size_t end, evc_text text) {
  if (text.length == 0 || start >= end || text.data[0] == '\\') return text; /* an escape */
  bool before =
      start > 0 && glues(d->tree, start - 1) && !glues(d->tree, start) && is_glue(text.data[0]);
  bool behind =
      glues(d->tree, end) && !glues(d->tree, end - 1) && is_glue(text.data[text.length - 1]);
  if (!before && !behind) return text;
  evc_builder b;
  evc_build_init(&b, d->arena);
  if (before) evc_build_char(&b, ' ');
  evc_build_text(&b, text);
  if (behind) evc_build_char(&b, ' ');
  return evc_build_end(&b);
}

void evc_describe_fix(evc_describer *d, evc_diagnostic *diagnostic, bool safe, size_t start,
                      size_t end, evc_text text) {
  bool blank = text.length == 1 && *text.data == ' ';
  evc_phrase phrase = text.length == 0 ? EVC_PHRASE_DELETE
                      : blank          ? EVC_PHRASE_BLANK
                      : safe           ? EVC_PHRASE_REPLACE
                                       : EVC_PHRASE_RENAME;
  evc_fix *fix = evc_report_fix(d->report, diagnostic, safe, phrase, &text, 1);
  evc_report_edit(d->report, fix, start, end, kept_apart(d, start, end, text));
}

evc_text evc_describe_join(evc_describer *d, const char *const *pieces) {
  evc_builder builder;
  evc_build_init(&builder, d->arena);
  while (*pieces) evc_build_string(&builder, *pieces++);
  return evc_build_end(&builder);
}

evc_text evc_describe_source(const evc_describer *d, uint32_t node) {
  return evc_tree_source(d->tree, &d->tree->nodes[node]);
}

enum { LONGEST_OPERAND = 48 };

/* Line breaks and the blanks around them as one blank. */
static evc_text on_one_line(evc_describer *d, evc_text text) {
  if (!text.length || !memchr(text.data, '\n', text.length)) return text;
  evc_builder b;
  evc_build_init(&b, d->arena);
  for (size_t i = 0; i < text.length && b.length <= LONGEST_OPERAND;) {
    size_t end = i;
    bool line = false;
    for (; end < text.length && evc_is_blank(text.data[end]); end++)
      line |= text.data[end] == '\n';
    if (line)
      evc_build_char(&b, ' ');
    else if (end > i)
      evc_build(&b, text.data + i, end - i);
    if (end == i) evc_build_char(&b, text.data[end++]);
    i = end;
  }
  return evc_build_end(&b);
}

evc_text evc_describe_typed(evc_describer *d, uint32_t node) {
  evc_builder builder;
  evc_build_init(&builder, d->arena);
  evc_build_quoted(&builder, on_one_line(d, evc_describe_source(d, node)), LONGEST_OPERAND);
  evc_build_string(&builder, " (");
  evc_build_string(&builder, evc_type_name((evc_type)d->tree->nodes[node].type));
  evc_build_char(&builder, ')');
  return evc_build_end(&builder);
}

static void set_parent(uint32_t *parents, uint32_t child, uint32_t parent) {
  if (child != EVC_NO_NODE) parents[child] = parent;
}

static void work_out_parents(evc_describer *d) {
  const evc_tree *tree = d->tree;
  d->parents = evc_arena_alloc(d->arena, tree->count * sizeof *d->parents);
  if (!d->parents) return;
  for (uint32_t i = 0; i < tree->count; i++) d->parents[i] = EVC_NO_NODE;
  for (uint32_t i = 0; i < tree->count; i++) {
    const evc_node *node = &tree->nodes[i];
    if (node->kind == EVC_NODE_CALL) {
      uint32_t argument = node->as.call.first;
      for (uint32_t n = 0; n < node->as.call.count; n++, argument = tree->nodes[argument].next)
        d->parents[argument] = i;
    } else if (node->kind >= EVC_NODE_GROUP) {
      set_parent(d->parents, node->as.child.left, i);
      set_parent(d->parents, node->as.child.right, i);
      set_parent(d->parents, node->as.child.third, i);
    }
  }
}

uint32_t evc_describe_parent(evc_describer *d, uint32_t node) {
  if (!d->parents) work_out_parents(d);
  return d->parents ? d->parents[node] : EVC_NO_NODE;
}

/* Tokens */

static bool is_space(const evc_tree *tree, size_t at) {
  return at >= tree->source_length || evc_is_blank(tree->source[at]);
}

/* Part of an operator of several characters, of this language or of another. */
static bool joins(char c) { return c && strchr("=<>!&|*:", c); }

/* A replacement with the blanks that it needs where it meets its neighbours: a word there, or, where
** it takes a word's place, the rest of an operator. */
static evc_text fitted(evc_describer *d, evc_text text) {
  const evc_finding *f = d->finding;
  bool word = evc_text_is(text, "AND") || evc_text_is(text, "OR");
  bool before = f->start > 0 && !is_space(d->tree, f->start - 1);
  bool behind = f->end < d->tree->source_length && !is_space(d->tree, f->end);
  size_t first = evc_utf8_bom((evc_text){d->tree->source, d->tree->source_length});
  if (text.length == 0 && f->start > first && glues(d->tree, f->start - 1) && glues(d->tree, f->end))
    return evc_text_of(" ");
  bool operators = text.length > 0 && joins(text.data[text.length - 1]) && behind &&
                   joins(d->tree->source[f->end]) && !joins(d->tree->source[f->end - 1]);
  if (operators) return evc_describe_join(d, (const char *const[]){text.data, " ", NULL});
  if (!word || (!before && !behind)) return text;
  return evc_describe_join(
      d, (const char *const[]){before ? " " : "", text.data, behind ? " " : "", NULL});
}

/* {0} is the source, {1} the finding's text, which is also the safe fix where there is one. */
static void describe_token(evc_describer *d) {
  const evc_finding *f = d->finding;
  evc_text source = {d->tree->source + f->start, f->end - f->start};
  evc_diagnostic *diagnostic =
      evc_describe_add(d, f->message, (const evc_text[]){source, f->text}, 2);
  if (f->text.data)
    evc_describe_fix(d, diagnostic,
                     f->message != EVC_MSG_BAD_ESCAPE && f->message != EVC_MSG_DECIMAL_COMMA,
                     f->start, f->end, fitted(d, f->text));
}

/* The finding's text is what closes it, `detail` where that goes. */
static void describe_unclosed_string(evc_describer *d) {
  const evc_finding *f = d->finding;
  evc_diagnostic *diagnostic = evc_describe_add(d, f->message, NULL, 0);
  if (!f->text.data) return;
  evc_fix *fix =
      evc_report_fix(d->report, diagnostic, false, EVC_PHRASE_CLOSE_PARENTHESES, &f->text, 1);
  evc_report_edit(d->report, fix, f->detail, f->detail, f->text);
}

/* "a no-break space (U+00A0)", of the character where the finding starts. */
static evc_text with_code_point(evc_describer *d, evc_text called) {
  const char *at = d->tree->source + d->finding->start;
  uint32_t c = evc_utf8_next(&at, d->tree->source + d->tree->source_length);
  evc_builder b;
  evc_build_init(&b, d->arena);
  evc_build_text(&b, called);
  evc_build_string(&b, " (U+");
  for (int shift = 12; shift >= 0; shift -= 4)
    evc_build_char(&b, "0123456789ABCDEF"[c >> shift & 15]);
  evc_build_char(&b, ')');
  return evc_build_end(&b);
}

static void describe_lookalike(evc_describer *d) {
  const evc_finding *f = d->finding;
  evc_text source = {d->tree->source + f->start, f->end - f->start};
  evc_text called = with_code_point(d, evc_text_of(evc_lookalike_called(f->detail)));
  evc_diagnostic *diagnostic =
      evc_describe_add(d, f->message, (const evc_text[]){source, called, f->text}, 3);
  evc_describe_fix(d, diagnostic, true, f->start, f->end, fitted(d, f->text));
}

/* The finding's text names the character. */
static void describe_invisible(evc_describer *d) {
  const evc_finding *f = d->finding;
  evc_text args[] = {{NULL, 0}, with_code_point(d, f->text)};
  evc_diagnostic *diagnostic = evc_describe_add(d, f->message, args, 2);
  evc_describe_fix(d, diagnostic, true, f->start, f->end, evc_text_of(""));
}

static void describe_quotes(evc_describer *d) {
  const evc_finding *f = d->finding;
  char first = d->tree->source[f->start];
  const char *called = first == '\''   ? "single quotes"
                       : first == '`'  ? "backticks"
                       : first == '&'  ? "the quotes of HTML"
                       : first == '\\' ? "the escaped quotes of JSON"
                                       : "typographic quotes";
  evc_diagnostic *diagnostic =
      evc_describe_add(d, f->message, (const evc_text[]){evc_text_of(called), f->text}, 2);
  evc_describe_fix(d, diagnostic, true, f->start, f->end, f->text);
}

static evc_text quoted_source(evc_describer *d, size_t start, size_t end) {
  evc_builder builder;
  evc_build_init(&builder, d->arena);
  evc_build_char(&builder, '\'');
  evc_build_quoted(&builder, (evc_text){d->tree->source + start, end - start}, LONGEST_OPERAND);
  evc_build_char(&builder, '\'');
  return evc_build_end(&builder);
}

static void describe_unexpected(evc_describer *d) {
  const evc_finding *f = d->finding;
  evc_text token = quoted_source(d, f->start, f->end);
  evc_describe_add(d, f->message, &token, 1);
}

/* The finding's text is the word, which may stand before the place. */
static void describe_foreign_word(evc_describer *d) {
  const evc_finding *f = d->finding;
  size_t start = (size_t)(f->text.data - d->tree->source), end = start + f->text.length;
  evc_text word = quoted_source(d, start, end);
  evc_diagnostic *diagnostic = evc_describe_add(d, f->message, &word, 1);
  if (start != f->start)
    evc_report_label(d->report, diagnostic, start, end, EVC_PHRASE_FOREIGN_WORD, NULL, 0);
}

/* `node` and `detail` are where the token before starts and ends. {1} is that token, {2} both
** together, {3} the token before, in quotes. */
static void describe_adjacent(evc_describer *d) {
  const evc_finding *f = d->finding;
  evc_text before = {d->tree->source + f->node, f->detail - f->node};
  evc_text token = {d->tree->source + f->start, f->end - f->start};
  evc_builder digits;
  evc_build_init(&digits, d->arena);
  evc_build_text(&digits, before);
  evc_build_text(&digits, token);
  evc_text args[] = {quoted_source(d, f->start, f->end), before, evc_build_end(&digits),
                     quoted_source(d, f->node, f->detail)};
  evc_describe_add(d, f->message, args, 4);
}

/* 99,95: {2} is both sides with a point. */
static void describe_decimal_comma(evc_describer *d) {
  const evc_finding *f = d->finding;
  size_t end = f->end;
  while (d->tree->source[end] >= '0' && d->tree->source[end] <= '9') end++;
  evc_builder b;
  evc_build_init(&b, d->arena);
  evc_build(&b, d->tree->source + f->node, f->start - f->node);
  evc_build_char(&b, '.');
  evc_build(&b, d->tree->source + f->end, end - f->end);
  evc_text args[3] = {{NULL, 0}, {NULL, 0}, evc_build_end(&b)};
  evc_describe_add(d, f->message, args, 3);
}

/* 90% with `node` at the per cent sign: what stands before it as {1}, and as {2} a hundredth of it;
** data == NULL in {1} where that is no number, or the hundredth one too small for plain digits. */
static size_t percent_arguments(evc_describer *d, evc_text args[static 3]) {
  const char *source = d->tree->source;
  size_t sign = d->finding->node, end = sign;
  while (evc_is_blank(source[end - 1])) end--;
  size_t start = end;
  while (start > 0 &&
         (source[start - 1] == '.' || (source[start - 1] >= '0' && source[start - 1] <= '9')))
    start--;
  if (start == end || source[start] == '.' || (start > 0 && glues(d->tree, start - 1))) return start;
  evc_builder shifted, b;
  evc_build_init(&shifted, d->arena);
  evc_build(&shifted, source + start, end - start);
  evc_build_string(&shifted, "e-2");
  evc_text text = evc_build_end(&shifted);
  if (!text.data) return start;
  evc_build_init(&b, d->arena);
  evc_build_number(&b, evc_decimal_read(text.data, text.length));
  evc_text hundredth = evc_build_end(&b);
  if (!hundredth.length || memchr(hundredth.data, 'e', hundredth.length)) return start;
  args[1] = (evc_text){source + start, sign + 1 - start};
  args[2] = hundredth;
  return start;
}

/* Where the parentheses are that are open still. */
static void label_places(evc_describer *d, evc_diagnostic *diagnostic) {
  const evc_finding *f = d->finding;
  for (uint32_t i = 0; i < f->detail; i++)
    evc_report_label(d->report, diagnostic, f->places[i], f->places[i] + 1, EVC_PHRASE_OPENED_HERE,
                     NULL, 0);
}

static void describe_percent(evc_describer *d) {
  const evc_finding *f = d->finding;
  bool at_end = f->message == EVC_MSG_MISSING_OPERAND_PERCENT;
  evc_text args[3] = {at_end ? quoted_source(d, f->node, f->start)
                             : quoted_source(d, f->start, f->end)};
  size_t start = percent_arguments(d, args);
  evc_message plain = at_end ? EVC_MSG_MISSING_OPERAND_AT_END : EVC_MSG_MISSING_VALUE;
  evc_diagnostic *diagnostic = evc_describe_add(d, args[1].data ? f->message : plain, args, 3);
  if (at_end) label_places(d, diagnostic);
  if (at_end && f->detail == 0 && args[2].data)
    evc_describe_fix(d, diagnostic, false, start, f->node + 1, args[2]);
}

/* `node` is where the token before the end starts, `places` where the open parentheses are. */
static void describe_missing_at_end(evc_describer *d) {
  const evc_finding *f = d->finding;
  evc_text before = quoted_source(d, f->node, f->start);
  evc_diagnostic *diagnostic = evc_describe_add(d, f->message, &before, 1);
  label_places(d, diagnostic);
}

/* `node` is the end of the last token, `detail` how many are missing. */
static void describe_unclosed(evc_describer *d) {
  const evc_finding *f = d->finding;
  evc_builder builder;
  evc_build_init(&builder, d->arena);
  evc_build_repeat(&builder, ')', f->detail);
  evc_text missing = evc_build_end(&builder);
  evc_diagnostic *diagnostic = evc_describe_add(d, f->message, &missing, 1);
  evc_fix *fix =
      evc_report_fix(d->report, diagnostic, false, EVC_PHRASE_CLOSE_PARENTHESES, &missing, 1);
  evc_report_edit(d->report, fix, f->node, f->node, missing);
}

static void describe_deletion(evc_describer *d, bool safe) {
  evc_diagnostic *diagnostic = evc_describe_add(d, d->finding->message, NULL, 0);
  evc_describe_fix(d, diagnostic, safe, d->finding->start, d->finding->end, fitted(d, evc_text_of("")));
}

/* Of an argument that is missing itself the place is what stands there instead. */
static void describe_limit(evc_describer *d) {
  const evc_finding *finding = d->finding;
  evc_finding placed = *finding;
  const char *at = d->tree->source + placed.start, *end = d->tree->source + d->tree->source_length;
  if (placed.start == placed.end && at < end) evc_utf8_next(&at, end);
  if (placed.start == placed.end) placed.end = (uint32_t)(at - d->tree->source);
  char digits[EVC_DECIMAL_TEXT];
  evc_text limit = {digits, evc_decimal_write(placed.detail, digits)};
  d->finding = &placed;
  evc_describe_add(d, placed.message, &limit, 1);
  d->finding = finding;
}

/* The length of `.name` behind the finding's place where the path is a map and no more follows. */
static size_t length_of_member(const evc_describer *d, evc_text path) {
  const char *at = d->tree->source + d->finding->end;
  size_t map = evc_event_type_slot(d->checked->type, path.data, path.length), length = 1;
  if (map == EVC_NO_SLOT || evc_event_type_field(d->checked->type, map)->type != EVC_TYPE_MAP)
    return 0;
  while (is_glue(at[length]) && at[length] != '.' && at[length] != '"') length++;
  return at[0] == '.' && length > 1 && !memchr(".?(", at[length], 3) ? length : 0;
}

/* new["amount"] is new.amount, and so is new['amount']. */
static void describe_index(evc_describer *d) {
  const evc_finding *f = d->finding;
  evc_diagnostic *diagnostic = evc_describe_add(d, f->message, NULL, 0);
  const evc_node *left = &d->tree->nodes[f->detail];
  evc_text path = evc_tree_source(d->tree, left);
  evc_text content = {d->tree->source + left->end, f->end - left->end};
  if (content.length < 5 || d->tree->nodes[f->detail].kind != EVC_NODE_ERROR ||
      (content.data[1] != '"' && content.data[1] != '\'') ||
      content.data[content.length - 2] != content.data[1])
    return;
  evc_builder builder;
  evc_build_init(&builder, d->arena);
  evc_build_text(&builder, path);
  evc_build_char(&builder, '.');
  for (size_t i = 2; i < content.length - 2; i++) {
    unsigned char c = (unsigned char)content.data[i];
    bool inner = (c >= '0' && c <= '9' && i > 2) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
    if (!inner) return;
    evc_build_char(&builder, (char)c);
  }
  evc_text meant = evc_build_end(&builder);
  size_t map = evc_event_type_slot(d->checked->type, path.data, path.length);
  bool member =
      map != EVC_NO_SLOT && evc_event_type_field(d->checked->type, map)->type == EVC_TYPE_MAP;
  const char *behind = d->tree->source + f->end;
  if (behind[0] == '.' || (behind[0] == '?' && behind[1] == '.')) {
    size_t length = length_of_member(d, meant);
    evc_build_init(&builder, d->arena);
    evc_build_text(&builder, meant);
    evc_build(&builder, behind, length);
    if (length > 0)
      evc_describe_fix(d, diagnostic, false, f->start, f->end + length, evc_build_end(&builder));
    return;
  }
  if (member || evc_event_type_slot(d->checked->type, meant.data, meant.length) != EVC_NO_SLOT)
    evc_describe_fix(d, diagnostic, false, f->start, f->end, meant);
}

/* Names and values */

static void describe_named(evc_describer *d) {
  evc_text args[] = {evc_describe_source(d, d->finding->node),
                     evc_event_type_name(d->checked->type)};
  evc_describe_add(d, d->finding->message, args, 2);
}

static void describe_derived(evc_describer *d) {
  evc_text name = evc_event_type_name(d->checked->type);
  evc_describe_add(d, d->finding->message, &name, 1);
}

/* The name of a call, without its arguments; empty parentheses can go. */
static void describe_callee(evc_describer *d) {
  const evc_finding *f = d->finding;
  evc_text name = {d->tree->source + f->start, f->end - f->start};
  const evc_node *call = &d->tree->nodes[f->node];
  bool empty = call->kind == EVC_NODE_CALL && call->as.call.count == 0;
  evc_message message =
      f->message == EVC_MSG_FIELD_CALLED && empty ? EVC_MSG_FIELD_CALLED_EMPTY : f->message;
  evc_diagnostic *diagnostic = evc_describe_add(d, message, &name, 1);
  if (empty && message != EVC_MSG_FUNCTION_UNAVAILABLE)
    evc_describe_fix(d, diagnostic, false, f->end, call->end, evc_text_of(""));
}

static void describe_not_called(evc_describer *d) {
  evc_text path = evc_describe_source(d, d->finding->node);
  evc_function function = evc_function_find(path.data, path.length);
  const char *signature = function < EVC_FN_END ? evc_functions[function].signature : "";
  evc_describe_add(d, d->finding->message, (const evc_text[]){path, evc_text_of(signature)}, 2);
}

static void describe_opaque(evc_describer *d) {
  const evc_field *field = evc_event_type_field(d->checked->type, d->finding->detail);
  evc_text what = field->type == EVC_TYPE_ARRAY
                      ? evc_text_of("an Array")
                      : evc_describe_join(d, (const char *const[]){"of type '", field->word.data, "'", NULL});
  evc_describe_add(d, d->finding->message, (const evc_text[]){field->path, what}, 2);
}

static void describe_inexact(evc_describer *d) {
  const evc_node *node = &d->tree->nodes[d->finding->node];
  char digits[400];
  int length = snprintf(digits, sizeof digits, "%.0f", node->as.number);
  evc_text args[] = {evc_describe_source(d, d->finding->node), {digits, (size_t)length}};
  evc_diagnostic *diagnostic = evc_describe_add(d, d->finding->message, args, 2);
  evc_describe_fix(d, diagnostic, false, node->start, node->end, args[1]);
}

static void describe_operator(evc_describer *d) {
  evc_text op = evc_text_of(evc_operators[d->tree->nodes[d->finding->node].op].spelling);
  evc_describe_add(d, d->finding->message, &op, 1);
}

static void describe(evc_describer *d) {
  switch (d->finding->message) {
  case EVC_MSG_LOOKALIKE:
  case EVC_MSG_WIDE_SPACE: describe_lookalike(d); break;
  case EVC_MSG_INVISIBLE: describe_invisible(d); break;
  case EVC_MSG_WRONG_QUOTES: describe_quotes(d); break;
  case EVC_MSG_UNCLOSED_STRING: describe_unclosed_string(d); break;
  case EVC_MSG_FIELD_IN_BACKTICKS:
  case EVC_MSG_TEMPLATE_BRACES:
  case EVC_MSG_BRACKETS_FIELD: {
    evc_diagnostic *diagnostic = evc_describe_add(d, d->finding->message, &d->finding->text, 1);
    evc_describe_fix(d, diagnostic, true, d->finding->start, d->finding->end, d->finding->text);
    break;
  }
  case EVC_MSG_BRACKETS_INDEX: describe_index(d); break;
  case EVC_MSG_CONSTRUCT: evc_describe_construct(d); break;
  case EVC_MSG_MISSING_OPERAND_AT_END:
  case EVC_MSG_MISSING_OPERAND_COMMENT: describe_missing_at_end(d); break;
  case EVC_MSG_CHOICE_WORD:
  case EVC_MSG_STATEMENT_WORD:
  case EVC_MSG_SEARCH_WORD: describe_foreign_word(d); break;
  case EVC_MSG_MISSING_VALUE:
  case EVC_MSG_MISSING_VALUE_COMMENT:
  case EVC_MSG_MISSING_CONDITION:
  case EVC_MSG_UNEXPECTED_TOKEN:
  case EVC_MSG_CONSTRUCT_INCOMPLETE:
  case EVC_MSG_ADJACENT_LINES: describe_unexpected(d); break;
  case EVC_MSG_UNEXPECTED_COMMA_DECIMAL: describe_decimal_comma(d); break;
  case EVC_MSG_ADJACENT_COMMENT:
  case EVC_MSG_ADJACENT_FUNCTION:
  case EVC_MSG_ADJACENT_OPERANDS:
  case EVC_MSG_ADJACENT_UNIT:
  case EVC_MSG_ADJACENT_DIGITS: describe_adjacent(d); break;
  case EVC_MSG_MISSING_OPERAND_PERCENT:
  case EVC_MSG_MISSING_VALUE_PERCENT: describe_percent(d); break;
  case EVC_MSG_UNCLOSED_PARENTHESIS: describe_unclosed(d); break;
  case EVC_MSG_SURPLUS_PARENTHESIS: describe_deletion(d, false); break;
  case EVC_MSG_TRAILING_COMMA: describe_deletion(d, true); break;
  case EVC_MSG_NESTING_TOO_DEEP:
  case EVC_MSG_TOO_MANY_NODES:
  case EVC_MSG_TOO_MANY_ARGUMENTS: describe_limit(d); break;
  case EVC_MSG_UNKNOWN_FIELD: evc_describe_unknown_field(d); break;
  case EVC_MSG_FIELDS_UNKNOWN: describe_named(d); break;
  case EVC_MSG_UNKNOWN_FUNCTION: evc_describe_unknown_function(d); break;
  case EVC_MSG_FUNCTION_UNAVAILABLE:
  case EVC_MSG_FIELD_CALLED:
  case EVC_MSG_VARIABLE_CALLED: describe_callee(d); break;
  case EVC_MSG_FUNCTION_NOT_CALLED: describe_not_called(d); break;
  case EVC_MSG_TOO_FEW_ARGUMENTS:
  case EVC_MSG_SURPLUS_ARGUMENT:
  case EVC_MSG_ARGUMENT_TYPE:
  case EVC_MSG_ARGUMENT_MIXED:
  case EVC_MSG_SCALE_NOT_CONSTANT: evc_describe_argument(d); break;
  case EVC_MSG_OPERAND_TYPE:
  case EVC_MSG_CONCATENATION: evc_describe_operand(d); break;
  case EVC_MSG_OPERAND_TYPE_ONE: evc_describe_lone_operand(d); break;
  case EVC_MSG_BETWEEN_TYPES:
  case EVC_MSG_MIXED_ARMS:
  case EVC_MSG_MIXED_TYPES: evc_describe_mixed(d); break;
  case EVC_MSG_CHAINED_INEQUALITY: evc_describe_chained_inequality(d); break;
  case EVC_MSG_CONDITION_TYPE:
  case EVC_MSG_NOT_BOOLEAN: evc_describe_not_boolean(d); break;
  case EVC_MSG_NULL_OPERAND: evc_describe_null(d); break;
  case EVC_MSG_OPAQUE_FIELD:
  case EVC_MSG_OPAQUE_MAP: describe_opaque(d); break;
  case EVC_MSG_INEXACT_LITERAL: describe_inexact(d); break;
  case EVC_MSG_PRECEDENCE: evc_describe_precedence(d); break;
  case EVC_MSG_CHAINED_COMPARISON: evc_describe_chained_equality(d); break;
  case EVC_MSG_STRING_ORDER: describe_operator(d); break;
  case EVC_MSG_MAP_MEMBER: describe_named(d); break;
  case EVC_MSG_CONSTANT_CONDITION:
  case EVC_MSG_CONSTANT_COMPARISON:
  case EVC_MSG_CONSTANT_MEMBERSHIP:
  case EVC_MSG_REPEATED_CANDIDATE:
  case EVC_MSG_REPEATED_OPERAND:
  case EVC_MSG_EQUAL_ARMS:
  case EVC_MSG_SELF_COMPARISON:
  case EVC_MSG_INEXACT_EQUALITY: evc_describe_lint(d); break;
  case EVC_MSG_DERIVED_FIELDS: describe_derived(d); break;
  default: describe_token(d); break;
  }
}

/* Past a limit nothing else is told: what there is of the text was not read to its end. */
static void keep_limits_alone(evc_findings *findings) {
  size_t kept = 0;
  for (size_t i = 0; i < findings->count; i++) {
    evc_message message = findings->list[i].message;
    if (message == EVC_MSG_NESTING_TOO_DEEP || message == EVC_MSG_TOO_MANY_NODES)
      findings->list[kept++] = findings->list[i];
  }
  findings->count = kept;
}

/* By position, errors before warnings, short before long; the sort is stable. */
static bool comes_before(const evc_finding *a, const evc_finding *b) {
  if (a->start != b->start) return a->start < b->start;
  bool a_warns = evc_code_severity(evc_message_code(a->message)) != EVC_ERROR;
  bool b_warns = evc_code_severity(evc_message_code(b->message)) != EVC_ERROR;
  if (a_warns != b_warns) return b_warns;
  return a->end < b->end;
}

static bool sort_findings(evc_findings *findings, evc_arena *arena) {
  size_t count = findings->count;
  evc_finding *from = findings->list;
  evc_finding *to = evc_arena_alloc(arena, evc_size_mul(count, sizeof *to));
  if (!to) return false;
  for (size_t width = 1; width < count; width *= 2) {
    for (size_t start = 0; start < count; start += 2 * width) {
      size_t a = start, middle = start + width < count ? start + width : count, b = middle;
      size_t end = start + 2 * width < count ? start + 2 * width : count;
      for (size_t out = start; out < end; out++)
        to[out] = a < middle && (b >= end || !comes_before(&from[b], &from[a])) ? from[a++] : from[b++];
    }
    evc_finding *swap = from;
    from = to;
    to = swap;
  }
  findings->list = from;
  return true;
}

/* Of the places in a report, those that errors leave: warnings must not crowd an error out. */
static size_t places_for_warnings(const evc_checked *checked) {
  const evc_findings *findings = &checked->tree->findings;
  size_t places = EVC_REPORT_CAPACITY;
  for (size_t i = 0; i < findings->count && places > 0; i++) {
    evc_severity severity;
    evc_check_severity(checked->options, findings->list[i].message, &severity);
    places -= severity == EVC_ERROR;
  }
  return places;
}

evc_report *evc_describe(evc_checked *checked) {
  evc_tree *tree = checked->tree;
  if (tree->stopped) keep_limits_alone(&tree->findings);
  if (tree->out_of_memory || !sort_findings(&tree->findings, tree->arena))
    return evc_report_out_of_memory();
  evc_describer d = {.checked = checked, .tree = tree, .arena = tree->arena};
  d.report = evc_report_new(&tree->arena->allocator);
  size_t errors_left = EVC_REPORT_CAPACITY, warnings_left = places_for_warnings(checked);
  for (size_t i = 0; i < tree->findings.count; i++) {
    d.finding = &tree->findings.list[i];
    evc_check_severity(checked->options, d.finding->message, &d.severity);
    size_t *left = d.severity == EVC_ERROR ? &errors_left : &warnings_left;
    if (*left > 0) {
      --*left;
      describe(&d);
    } else {
      evc_report_count_only(d.report, d.severity);
    }
  }
  return evc_report_finish(d.report, tree->source, tree->source_length);
}

evc_report *evc_describe_single(const evc_options *options, evc_message message,
                                const evc_text *args, size_t arg_count) {
  evc_span nowhere = {.none = true};
  return evc_report_single(options->allocator, message, nowhere, args, arg_count, NULL, 0);
}
