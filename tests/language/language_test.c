/* Runs the tables of language cases: language_test [--advice] FILE… Prints each failure with file and line, and a
** count at the end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "fixes.h"

typedef struct runner {
  table table;
  evc_schema *schema;
  language_case current;
  size_t passed, failed;
  bool case_failed;
  bool with_advice; /* report also what is valid but can hardly be meant */
} runner;

static void fail(runner *r, const char *what, const evc_report *report) {
  const language_case *c = &r->current;
  if (!r->case_failed)
    printf("%s:%zu: %.*s\n    %.*s\n", r->table.file, c->line, (int)c->title.length, c->title.data,
           (int)(c->calculation.length > 160 ? 160 : c->calculation.length), c->calculation.data);
  r->case_failed = true;
  printf("  %s\n", what);
  for (size_t i = 0; report && i < evc_report_count(report) && i < 8; i++) {
    const evc_diagnostic *d = evc_report_at(report, i);
    printf("    got %s %s [%zu, %zu) `%.*s`: %.*s; %.*s\n",
           d->severity == EVC_ERROR ? "error" : "warning", d->name, d->start, d->end,
           (int)(d->has_span ? (d->end - d->start > 60 ? 60 : d->end - d->start) : 0), c->calculation.data + d->start,
           (int)d->message.length, d->message.data, (int)d->help.length,
           d->help.data ? d->help.data : "");
  }
}

/* Texts */

static bool equal(evc_text a, evc_text b) {
  return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

static bool contains(evc_text text, evc_text part) {
  for (size_t i = 0; i + part.length <= text.length; i++)
    if (memcmp(text.data + i, part.data, part.length) == 0) return true;
  return part.length == 0;
}

static bool is(evc_text text, const char *literal) {
  return equal(text, (evc_text){literal, strlen(literal)});
}

/* The end of the last token, near enough: blanks at the end of the text are none. */
static size_t end_of_text(evc_text text) {
  size_t end = text.length;
  while (end > 0 && memchr(" \t\r\n", text.data[end - 1], 4)) end--;
  return end;
}

/* `text`, `text`#2, start, end, N-M. False when it is not in the calculation. */
static bool find_span(evc_text calculation, evc_text span, size_t *start, size_t *end) {
  if (is(span, "start")) return *start = *end = 0, true;
  if (is(span, "end")) return *start = *end = end_of_text(calculation), true;
  if (span.data[0] != '`') {
    char *rest;
    *start = strtoul(span.data, &rest, 10);
    *end = *rest == '-' ? strtoul(rest + 1, NULL, 10) : *start;
    return *rest == '-';
  }
  const char *close = span.data + span.length;
  size_t occurrence = 1;
  while (*--close != '`') {}
  if (close + 1 < span.data + span.length) occurrence = strtoul(close + 2, NULL, 10);
  evc_text wanted = {span.data + 1, (size_t)(close - span.data) - 1};
  for (size_t i = 0; i + wanted.length <= calculation.length; i++) {
    if (memcmp(calculation.data + i, wanted.data, wanted.length) != 0 || --occurrence) continue;
    *start = i;
    *end = i + wanted.length;
    return true;
  }
  return false;
}

/* Fixes */

static void check_fix(runner *r, const evc_event_type *type, const evc_options *options,
                      const evc_report *before, const evc_diagnostic *d, const evc_fix *fix) {
  char why[512];
  evc_report *after;
  if (fix_holds(type, options, r->current.calculation, before, d, fix, why, sizeof why, &after))
    return;
  fail(r, why, after);
  evc_report_free(after);
}

static void check_fixes(runner *r, const evc_event_type *type, const evc_options *options,
                        const evc_report *report) {
  if (evc_report_errors(report) + evc_report_warnings(report) > EVC_REPORT_CAPACITY) return;
  for (size_t i = 0; i < evc_report_count(report); i++) {
    const evc_diagnostic *d = evc_report_at(report, i);
    for (size_t k = 0; k < d->fix_count; k++)
      check_fix(r, type, options, report, d, &d->fixes[k]);
  }
}

/* Expectations */

static void check_line(runner *r, const evc_report *report, const evc_diagnostic *d,
                       const check *c) {
  char what[512];
  bool good = true;
  size_t length, start, end;
  switch (c->kind) {
  case CHECK_NO_FIX: good = d->fix_count == 0; break;
  case CHECK_MESSAGE: good = contains(d->message, c->text); break;
  case CHECK_HELP: good = contains(d->help, c->text); break;
  case CHECK_LABEL:
    good = false;
    if (find_span(r->current.calculation, c->text, &start, &end))
      for (size_t i = 0; i < d->label_count; i++)
        good |= d->labels[i].start == start && d->labels[i].end == end;
    break;
  case CHECK_FIX: {
    char *fixed = d->fix_count ? fix_apply(r->current.calculation, &d->fixes[0], &length) : NULL;
    good = fixed && equal((evc_text){fixed, length}, c->text);
    if (!good) {
      snprintf(what, sizeof what, "%s: its fix should give `%.*s`, and gives `%.200s`", d->name,
               (int)c->text.length, c->text.data, fixed ? fixed : "nothing");
      fail(r, what, NULL);
    }
    free(fixed);
    return;
  }
  }
  if (good) return;
  static const char *const kinds[] = {"fix", "no fix", "message", "help", "label"};
  snprintf(what, sizeof what, "%s: expected %s `%.*s`", d->name, kinds[c->kind],
           (int)c->text.length, c->text.data);
  fail(r, what, report);
}

static void check_diagnostics(runner *r, const evc_report *report) {
  const language_case *c = &r->current;
  char what[512];
  if (evc_report_count(report) != c->diagnostic_count) {
    snprintf(what, sizeof what, "%zu diagnostics are expected, %zu came", c->diagnostic_count,
             evc_report_count(report));
    fail(r, what, report);
    return;
  }
  for (size_t i = 0; i < c->diagnostic_count; i++) {
    const expected *e = &c->diagnostics[i];
    const evc_diagnostic *d = evc_report_at(report, i);
    size_t start = 0, end = 0;
    bool none = is(e->span, "none");
    bool found = none || find_span(c->calculation, e->span, &start, &end);
    bool right = found && is(e->code, d->name) && e->warning == (d->severity != EVC_ERROR) &&
                 none == !d->has_span && (none || (d->start == start && d->end == end));
    if (!right) {
      snprintf(what, sizeof what, "expected %s %.*s %.*s [%zu, %zu)", e->warning ? "warning" : "error",
               (int)e->code.length, e->code.data, (int)e->span.length, e->span.data, start, end);
      fail(r, what, report);
      return;
    }
    for (size_t k = 0; k < e->check_count; k++) check_line(r, report, d, &e->checks[k]);
  }
}

static void check_answer(runner *r, const evc_event_type *type, const evc_calculation *calculation) {
  const language_case *c = &r->current;
  evc_event *event = evc_event_new(type, NULL);
  evc_report *report = NULL;
  if (c->event.data &&
      evc_event_read_json(event, c->event.data, c->event.length, calculation, &report) != EVC_OK)
    fail(r, "the event cannot be read", report);
  evc_report_free(report);
  evc_outcome outcome = evc_evaluate(calculation, event);
  size_t start, end;
  char what[512];
  if (c->verdict == VERDICT_FAILS) {
    bool right = outcome.status == EVC_EVALUATION &&
                 is(c->fails_code, evc_code_name((evc_code)outcome.code)) &&
                 find_span(c->calculation, c->fails_span, &start, &end) &&
                 outcome.start == start && outcome.end == end;
    const char *name = outcome.code ? evc_code_name((evc_code)outcome.code) : "nothing";
    snprintf(what, sizeof what, "expected to fail with %.*s %.*s; failed with %s [%u, %u)",
             (int)c->fails_code.length, c->fails_code.data, (int)c->fails_span.length,
             c->fails_span.data, name, outcome.start, outcome.end);
    if (!right) fail(r, what, NULL);
    evc_report *told = evc_outcome_report(calculation, outcome);
    if (outcome.status == EVC_EVALUATION && evc_report_count(told) != 1)
      fail(r, "an evaluation error has no report", told);
    evc_report_free(told);
  } else if (outcome.status != EVC_OK) {
    snprintf(what, sizeof what, "evaluation failed with %s [%u, %u)",
             evc_code_name((evc_code)outcome.code), outcome.start, outcome.end);
    fail(r, what, NULL);
  } else if (outcome.value != (c->verdict == VERDICT_TRUE)) {
    fail(r, outcome.value ? "the answer is true" : "the answer is false", NULL);
  }
  evc_event_free(event);
}

/* The same answer with every part traced: nothing fused, nothing skipped by a resolved branch. */
static void check_trace(runner *r, const evc_event_type *type, const evc_options *options) {
  const language_case *c = &r->current;
  evc_options traced = *options;
  traced.trace = true;
  evc_calculation *calculation =
      evc_compile(type, c->calculation.data, c->calculation.length, &traced, NULL);
  if (!calculation) {
    fail(r, "it does not compile for tracing", NULL);
    return;
  }
  check_answer(r, type, calculation);
  evc_event *event = evc_event_new(type, NULL);
  if (c->event.data) evc_event_read_json(event, c->event.data, c->event.length, calculation, NULL);
  size_t parts = evc_calculation_part_count(calculation);
  evc_trace *trace = malloc(parts * sizeof *trace);
  if (!trace) exit(2);
  evc_outcome plain = evc_evaluate(calculation, event);
  evc_outcome outcome = evc_evaluate_traced(calculation, event, trace);
  const evc_trace *whole = &trace[parts - 1];
  bool agrees = plain.status == outcome.status && plain.value == outcome.value;
  if (outcome.status == EVC_OK)
    agrees &= whole->evaluated &&
              (whole->value.kind == EVC_KIND_BOOLEAN && whole->value.as.boolean) == outcome.value;
  if (!agrees) fail(r, "the trace disagrees with the answer", NULL);
  free(trace);
  evc_event_free(event);
  evc_calculation_free(calculation);
}

static void read_options(runner *r, evc_options *options) {
  evc_text text = r->current.options;
  if (!text.data) return;
  const char *at = text.data, *end = text.data + text.length;
  while (at < end) {
    const char *blank = memchr(at, ' ', (size_t)(end - at));
    evc_text word = {at, (size_t)((blank ? blank : end) - at)};
    const char *equals = memchr(at, '=', word.length);
    evc_text value = {equals ? equals + 1 : at, equals ? (size_t)(at + word.length - equals - 1) : 0};
    evc_code code = evc_code_find(value.data, value.length);
    uint32_t number = (uint32_t)strtoul(value.data, NULL, 10);
    switch (*at) {
    case 'a':
      if (at[1] == 'l') evc_code_set_add(&options->allow, code);
      else options->limits.arguments = number;
      break;
    case 'd':
      if (is(value, "warnings")) options->deny_warnings = true;
      else if (code) evc_code_set_add(&options->deny, code);
      else options->limits.depth = number;
      break;
    case 't': options->limits.text = number; break;
    case 'n': options->limits.nodes = number; break;
    default: fail(r, "an unknown option", NULL); break;
    }
    at += word.length + 1;
  }
}

static void run_case(runner *r) {
  language_case *c = &r->current;
  evc_options options = {.schema = r->schema};
  r->case_failed = false;
  /* Advice on what is valid has tables of its own: tests/diagnostics. */
  for (int code = EVC_CODE_CONSTANT_CONDITION; code <= EVC_CODE_INEXACT_EQUALITY; code++)
    if (!r->with_advice) evc_code_set_add(&options.allow, (evc_code)code);
  read_options(r, &options);
  const evc_event_type *type = evc_schema_find(r->schema, c->type.data, c->type.length);
  if (!type) {
    bool expected_it = c->diagnostic_count == 1 && is(c->diagnostics[0].code, "unknown-event-type");
    if (!expected_it) fail(r, "unknown Event type", NULL);
  } else {
    evc_report *report;
    evc_calculation *calculation =
        evc_compile(type, c->calculation.data, c->calculation.length, &options, &report);
    if ((calculation == NULL) != (evc_report_errors(report) > 0))
      fail(r, "compiling and the report disagree", report);
    check_diagnostics(r, report);
    check_fixes(r, type, &options, report);
    if (calculation && c->verdict >= VERDICT_TRUE) {
      check_answer(r, type, calculation);
      check_trace(r, type, &options);
    }
    if (!calculation && c->verdict != VERDICT_NONE) fail(r, "it should be valid", report);
    evc_calculation_free(calculation);
    evc_report_free(report);
  }
  if (r->case_failed) r->failed++;
  else r->passed++;
}

static void run_file(runner *r, const char *file) {
  evc_text fields;
  table_open(&r->table, file);
  r->schema = evc_schema_builtin(NULL);
  while (table_fields(&r->table, &fields)) {
    evc_report *report;
    if (evc_schema_read_json(r->schema, fields.data, fields.length, &report) != EVC_OK) {
      fprintf(stderr, "%s: the field list cannot be read\n", file);
      exit(2);
    }
    evc_report_free(report);
  }
  while (table_next(&r->table, &r->current)) run_case(r);
  evc_schema_free(r->schema);
  table_close(&r->table);
}

int main(int count, char **arguments) {
  static runner r;
  for (int i = 1; i < count; i++)
    if (strcmp(arguments[i], "--advice") == 0) r.with_advice = true;
    else run_file(&r, arguments[i]);
  printf("%zu passed, %zu failed\n", r.passed, r.failed);
  return r.failed > 0;
}
