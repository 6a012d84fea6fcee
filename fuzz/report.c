/* What holds of every report. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/base/text.h"
#include "../src/base/utf8.h"
#include "../src/report/render.h"
#include "../tests/language/fixes.h"

/* Valid UTF-8 without anything that could take over a terminal or deceive a reader. */
static void check_safe(evc_text text, const char *what, bool line_ends) {
  if (!text.data) return;
  for (const char *at = text.data, *end = at + text.length, *start = at; at < end; start = at) {
    uint32_t c = evc_utf8_next(&at, end);
    bool safe = c != EVC_UTF8_INVALID && (!evc_utf8_unsafe(c) || (line_ends && c == '\n'));
    FUZZ_HOLDS(safe, "byte %zu of %s: %.*s", (size_t)(start - text.data), what, FUZZ_TEXT(text));
  }
}

static void check_place(size_t start, size_t end, evc_text text, const char *what) {
  FUZZ_HOLDS(start <= end && end <= text.length, "%s %zu-%zu of %zu", what, start, end,
             text.length);
}

static void check_fix(const evc_fix *fix, evc_text text) {
  FUZZ_HOLDS(fix->title.length > 0, "a fix without title");
  FUZZ_HOLDS(fix->edit_count > 0, "the fix '%.*s' has no edits", FUZZ_TEXT(fix->title));
  check_safe(fix->title, "the title of a fix", false);
  size_t from = 0;
  for (size_t i = 0; i < fix->edit_count; i++) {
    const evc_edit *edit = &fix->edits[i];
    check_place(edit->start, edit->end, text, "an edit at");
    FUZZ_HOLDS(edit->start >= from, "edits overlap: '%.*s'", FUZZ_TEXT(fix->title));
    FUZZ_HOLDS(edit->end > edit->start || edit->text.length > 0, "an edit that does nothing");
    FUZZ_HOLDS(edit->text.data, "an edit without text");
    from = edit->end;
  }
}

static void check_diagnostic(const evc_diagnostic *d, evc_text text) {
  FUZZ_HOLDS(d->code > EVC_CODE_NONE && d->code < EVC_CODE_END, "code %d", (int)d->code);
  FUZZ_HOLDS(d->code != EVC_CODE_OUT_OF_MEMORY, "out of memory is told");
  FUZZ_HOLDS(strcmp(d->name, evc_code_name(d->code)) == 0, "%s", d->name);
  FUZZ_HOLDS(d->message.length > 0 && d->label.length > 0, "%s has no message", d->name);
  FUZZ_HOLDS(d->severity == EVC_ERROR || d->severity == evc_code_severity(d->code), "%s", d->name);
  check_safe(d->message, "a message", false);
  check_safe(d->help, "a help", false);
  check_place(d->start, d->end, text, d->name);
  if (d->has_span) {
    FUZZ_HOLDS(d->end > d->start || d->start == text.length || d->code == EVC_CODE_MISSING_OPERAND,
               "%s is empty at %zu", d->name, d->start);
    size_t line, column;
    evc_utf8_position(text.data, text.length, d->start, &line, &column, NULL);
    FUZZ_HOLDS(d->line == line && d->column == column, "%s at %zu:%zu, not %zu:%zu", d->name, line,
               column, d->line, d->column);
  }
  for (size_t i = 0; i < d->label_count; i++) {
    check_place(d->labels[i].start, d->labels[i].end, text, "a label at");
    check_safe(d->labels[i].text, "a label", false);
  }
  for (size_t i = 0; i < d->fix_count; i++) check_fix(&d->fixes[i], text);
}

static void check_rendering(const evc_report *report, evc_text text) {
  static const evc_style styles[] = {EVC_STYLE_LINE, EVC_STYLE_CARET};
  evc_arena arena;
  evc_arena_init(&arena, NULL, NULL, 0);
  for (size_t i = 0; i < sizeof styles / sizeof *styles; i++) {
    evc_builder out;
    evc_build_init(&out, &arena);
    evc_render_options options = {.style = styles[i], .text = text, .name = "fuzz"};
    evc_report_render(&out, report, &options);
    evc_text rendered = evc_build_end(&out);
    FUZZ_HOLDS(rendered.length > 0, "nothing is rendered");
    check_safe(rendered, "what is rendered", true);
  }
  evc_arena_free(&arena);
}

void fuzz_check_report(const evc_report *report, evc_text text) {
  size_t count = evc_report_count(report), errors = 0, from = 0;
  FUZZ_HOLDS((report == NULL) == (count == 0), "%zu diagnostics", count);
  if (!report) return;
  FUZZ_HOLDS(count <= EVC_REPORT_CAPACITY, "%zu diagnostics", count);
  FUZZ_HOLDS(!evc_report_at(report, count), "one past the last");
  for (size_t i = 0; i < count; i++) {
    const evc_diagnostic *d = evc_report_at(report, i);
    check_diagnostic(d, text);
    FUZZ_HOLDS(!d->has_span || d->start >= from, "%s comes too late", d->name);
    from = d->has_span ? d->start : 0;
    errors += d->severity == EVC_ERROR;
  }
  size_t all = evc_report_errors(report) + evc_report_warnings(report);
  FUZZ_HOLDS(all == count || (all > count && count == EVC_REPORT_CAPACITY), "%zu of %zu", count,
             all);
  FUZZ_HOLDS((errors == 0) == (evc_report_errors(report) == 0), "%zu errors described of %zu",
             errors, evc_report_errors(report));
  evc_text message = evc_report_message(report);
  FUZZ_HOLDS((errors > 0) == (message.data != NULL), "%zu errors", errors);
  if (message.data) check_safe(message, "the message of the report", false);
  check_rendering(report, text);
}

static void check_same_diagnostic(const evc_diagnostic *a, const evc_diagnostic *b) {
  FUZZ_HOLDS(a->code == b->code && a->severity == b->severity, "%s and %s", a->name, b->name);
  FUZZ_HOLDS(a->start == b->start && a->end == b->end && a->has_span == b->has_span, "%s", a->name);
  FUZZ_HOLDS(fuzz_same_text(a->message, b->message), "%.*s", FUZZ_TEXT(a->message));
  FUZZ_HOLDS(fuzz_same_text(a->help, b->help), "%.*s", FUZZ_TEXT(a->help));
  FUZZ_HOLDS(a->label_count == b->label_count && a->fix_count == b->fix_count, "%s", a->name);
  for (size_t i = 0; i < a->fix_count; i++) {
    const evc_fix *one = &a->fixes[i], *other = &b->fixes[i];
    FUZZ_HOLDS(one->edit_count == other->edit_count && one->safe == other->safe, "%s", a->name);
    for (size_t k = 0; k < one->edit_count; k++)
      FUZZ_HOLDS(one->edits[k].start == other->edits[k].start &&
                     one->edits[k].end == other->edits[k].end &&
                     fuzz_same_text(one->edits[k].text, other->edits[k].text),
                 "edit %zu of %s", k, a->name);
  }
}

void fuzz_check_same_report(const evc_report *a, const evc_report *b) {
  FUZZ_HOLDS(evc_report_errors(a) == evc_report_errors(b), "errors");
  FUZZ_HOLDS(evc_report_warnings(a) == evc_report_warnings(b), "warnings");
  FUZZ_HOLDS(evc_report_count(a) == evc_report_count(b), "diagnostics");
  for (size_t i = 0; i < evc_report_count(a); i++)
    check_same_diagnostic(evc_report_at(a, i), evc_report_at(b, i));
  FUZZ_HOLDS(fuzz_same_text(evc_report_message(a), evc_report_message(b)), "messages");
}

/* Each costs a compilation. */
enum { MOST_FIXES = 16 };

static bool stands_at(const evc_report *report, evc_code code, size_t start) {
  for (size_t i = 0; i < evc_report_count(report); i++)
    if (evc_report_at(report, i)->code == code && evc_report_at(report, i)->start == start)
      return true;
  return false;
}

static size_t count_of(const evc_report *report, evc_code code) {
  size_t count = 0;
  for (size_t i = 0; i < evc_report_count(report); i++)
    count += evc_report_at(report, i)->code == code;
  return count;
}

/* Codes of characters and syntax. */
static bool is_syntax(const evc_diagnostic *d) {
  return d->code >= EVC_CODE_INVALID_UTF8 && d->code < EVC_CODE_CALCULATION_MISSING;
}

/* A safe fix takes its diagnostic away and keeps what was written. A text with no other mistake has
** none of syntax then; behind several, others may have been hidden. */
static void check_safe_fix(const fuzz_case *c, const evc_report *before, const evc_diagnostic *d,
                           const evc_fix *fix, evc_text fixed) {
  evc_report *after;
  evc_validate(c->type, fixed.data, fixed.length, &c->options, &after);
  FUZZ_HOLDS(count_of(after, d->code) < count_of(before, d->code) ||
                 !stands_at(after, d->code, fix_moved(d->start, fix)),
             "%s is still there: %.*s", d->name, FUZZ_TEXT(fixed));
  /* A mark of Markdown, and the word that is part of it, are deleted. */
  bool fence = d->end > d->start && c->text.data[d->start] == '`';
  FUZZ_HOLDS(d->code != EVC_CODE_UNDOCUMENTED_SYNTAX || fence ||
                 fix_keeps_words(c->text, d, fixed),
             "something is lost: %.*s", FUZZ_TEXT(fixed));
  bool alone = evc_report_errors(before) == (d->severity == EVC_ERROR);
  for (size_t i = 0; i < evc_report_count(after) && alone; i++)
    FUZZ_HOLDS(!is_syntax(evc_report_at(after, i)), "the fix of %s adds %s: %.*s", d->name,
               evc_report_at(after, i)->name, FUZZ_TEXT(fixed));
  evc_report_free(after);
}

void fuzz_check_fixes(const fuzz_case *c, const evc_report *report) {
  size_t checked = 0;
  bool whole = evc_report_errors(report) + evc_report_warnings(report) == evc_report_count(report);
  for (size_t i = 0; i < evc_report_count(report); i++) {
    const evc_diagnostic *d = evc_report_at(report, i);
    for (size_t k = 0; k < d->fix_count && checked < MOST_FIXES; k++, checked++) {
      evc_text fixed;
      char *memory = fix_apply(c->text, &d->fixes[k], &fixed.length);
      fixed.data = memory;
      FUZZ_HOLDS(memory, "a fix of %s cannot be applied", d->name);
      if (d->fixes[k].safe && whole) check_safe_fix(c, report, d, &d->fixes[k], fixed);
      free(memory);
    }
  }
}
