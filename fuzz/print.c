/* The printer behind evc_format: the layout keeps tokens and meaning, depends on nothing but the
** tokens, and the edits make it. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "../src/base/text.h"
#include "evcalc/format.h"

static evc_formatted *formatted_of(evc_text text, const evc_format_options *options) {
  evc_report *report;
  char *copy = fuzz_copy(text, false);
  evc_formatted *formatted = evc_format(copy, text.length, options, &report);
  fuzz_check_report(report, text);
  FUZZ_HOLDS((formatted == NULL) == (evc_report_errors(report) > 0), "%zu errors",
             evc_report_errors(report));
  FUZZ_HOLDS(evc_report_warnings(report) == 0, "%zu warnings", evc_report_warnings(report));
  evc_report_free(report);
  free(copy);
  return formatted;
}

static bool is_layout(evc_text text) {
  for (size_t i = 0; i < text.length; i++)
    if (!evc_is_blank(text.data[i]) && text.data[i] != '(' && text.data[i] != ')') return false;
  return true;
}

/* The edits are in order, touch layout only, and turn the one text into the other. */
static void check_edits(const evc_formatted *formatted, evc_text text, evc_text result) {
  evc_arena arena;
  evc_builder out;
  evc_arena_init(&arena, NULL, NULL, 0);
  evc_build_init(&out, &arena);
  size_t from = 0, count = evc_formatted_edit_count(formatted);
  for (size_t i = 0; i < count; i++) {
    evc_edit edit = evc_formatted_edit(formatted, i);
    FUZZ_HOLDS(edit.start >= from && edit.start <= edit.end && edit.end <= text.length, "edit %zu",
               i);
    FUZZ_HOLDS(edit.end > edit.start || edit.text.length > 0, "edit %zu does nothing", i);
    FUZZ_HOLDS(is_layout(edit.text), "edit %zu adds '%.*s'", i, FUZZ_TEXT(edit.text));
    FUZZ_HOLDS(is_layout((evc_text){text.data + edit.start, edit.end - edit.start}),
               "edit %zu removes", i);
    evc_build(&out, text.data + from, edit.start - from);
    evc_build_text(&out, edit.text);
    from = edit.end;
  }
  evc_build(&out, text.data + from, text.length - from);
  evc_text made = evc_build_end(&out);
  FUZZ_HOLDS(evc_text_equal(made, result), "%.*s", FUZZ_TEXT(made));
  FUZZ_HOLDS(!evc_formatted_edit(formatted, count).text.data, "one past the last");
  evc_arena_free(&arena);
}

/* The layout of a text that was laid out in some other way before: the same. */
static void check_same_layout(evc_text laid_out, const evc_format_options *options,
                              evc_text result) {
  evc_formatted *again = formatted_of(laid_out, options);
  FUZZ_HOLDS(again, "no more: %.*s", FUZZ_TEXT(laid_out));
  evc_text text = evc_formatted_text(again);
  FUZZ_HOLDS(evc_text_equal(text, result), "%.*s", FUZZ_TEXT(text));
  evc_formatted_free(again);
}

/* The same is said of both texts, up to where. */
static void check_meaning(const fuzz_case *c, evc_text result) {
  evc_report *before, *after;
  bool valid = evc_validate(c->type, c->text.data, c->text.length, &c->options, &before);
  bool still = evc_validate(c->type, result.data, result.length, &c->options, &after);
  FUZZ_HOLDS(valid == still, "valid %d, then %d: %.*s", valid, still, FUZZ_TEXT(result));
  FUZZ_HOLDS(evc_report_count(before) == evc_report_count(after), "%zu diagnostics, then %zu",
             evc_report_count(before), evc_report_count(after));
  for (size_t i = 0; i < evc_report_count(before); i++)
    FUZZ_HOLDS(evc_report_at(before, i)->code == evc_report_at(after, i)->code, "%s, then %s",
               evc_report_at(before, i)->name, evc_report_at(after, i)->name);
  evc_report_free(before);
  evc_report_free(after);
}

static void check_answers(fuzz_case *c, evc_text result) {
  evc_calculation *before = evc_compile(c->type, c->text.data, c->text.length, &c->options, NULL);
  evc_calculation *after = evc_compile(c->type, result.data, result.length, &c->options, NULL);
  for (size_t i = 0; i < c->event_count && before && after; i++) {
    evc_event *event = evc_event_new(c->type, NULL);
    fuzz_fill(c, event, c->events[i]);
    evc_outcome one = evc_evaluate(before, event), other = evc_evaluate(after, event);
    FUZZ_HOLDS(one.status == other.status && one.value == other.value && one.code == other.code,
               "%d, then %d", one.value, other.value);
    evc_event_free(event);
  }
  evc_calculation_free(after);
  evc_calculation_free(before);
}

static void check_lines(const fuzz_case *c, evc_text result) {
  bool ends = result.length && result.data[result.length - 1] == '\n';
  bool changed = !evc_text_equal(result, c->text);
  FUZZ_HOLDS(result.data[result.length] == '\0', "no NUL");
  for (size_t i = 1; i < result.length && changed; i++)
    FUZZ_HOLDS(result.data[i] != '\n' || !evc_is_blank(result.data[i - 1]) ||
                   result.data[i - 1] == '\r',
               "a blank before the line end at %zu", i);
  FUZZ_HOLDS(!changed || ends == c->format.final_line_end, "the last line end");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_case c;
  fuzz_case_open(&c, data, size);
  c.format.limits = c.options.limits;
  evc_formatted *formatted = formatted_of(c.text, &c.format);
  if (formatted) {
    evc_text result = evc_formatted_text(formatted);
    check_edits(formatted, c.text, result);
    check_lines(&c, result);
    check_same_layout(result, &c.format, result);
    check_meaning(&c, result);
    check_answers(&c, result);
    evc_format_options other = c.format;
    other.columns = EVC_ONE_LINE;
    evc_formatted *line = formatted_of(c.text, &other);
    FUZZ_HOLDS(line, "not on one line");
    other = c.format;
    if (other.line_end == EVC_LINE_END_AS_FOUND) other.line_end = EVC_LINE_END_LF;
    evc_formatted *with_ends = formatted_of(c.text, &other);
    check_same_layout(evc_formatted_text(line), &other, evc_formatted_text(with_ends));
    evc_formatted_free(with_ends);
    evc_formatted_free(line);
  } else {
    evc_calculation *calculation =
        evc_compile(c.type, c.text.data, c.text.length, &c.options, NULL);
    FUZZ_HOLDS(!calculation, "compiled, but not formatted");
  }
  evc_formatted_free(formatted);
  fuzz_case_close(&c);
  return 0;
}
