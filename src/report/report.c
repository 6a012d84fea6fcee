/* Reports: adding diagnostics, putting wording and arguments together, the one-line form. */
#include "draft.h"

#include <string.h>

#include "../base/memory.h"
#include "../base/text.h"
#include "../base/utf8.h"

enum { QUOTED_LENGTH = 120 };

_Static_assert(EVC_CODE_END <= 64 * sizeof(evc_code_set) / sizeof(uint64_t), "a set holds all codes");
_Static_assert(EVC_CODE_END <= UINT8_MAX, "an evc_outcome holds any code");

static const struct code_row {
  const char *name, *title;
  evc_severity severity;
} code_rows[EVC_CODE_END] = {
    [EVC_CODE_NONE] = {NULL, NULL, EVC_ERROR},
#define CODE_ROW(id, name, severity, title) [EVC_CODE_##id] = {name, title, EVC_##severity},
    EVC_CODES(CODE_ROW)
#undef CODE_ROW
};

static const struct message_row {
  evc_code code;
  const char *message, *help;
} message_rows[] = {
#define MESSAGE(id, code, message, help) {EVC_CODE_##code, message, help},
#define PHRASE(id, text)
#include "messages.def"
#undef MESSAGE
#undef PHRASE
};

static const char *const phrases[] = {
#define MESSAGE(id, code, message, help)
#define PHRASE(id, text) text,
#include "messages.def"
#undef MESSAGE
#undef PHRASE
};

static bool is_code(evc_code code) { return code > EVC_CODE_NONE && code < EVC_CODE_END; }

const char *evc_code_name(evc_code code) { return is_code(code) ? code_rows[code].name : NULL; }

const char *evc_code_title(evc_code code) { return is_code(code) ? code_rows[code].title : NULL; }

evc_severity evc_code_severity(evc_code code) {
  return is_code(code) ? code_rows[code].severity : EVC_ERROR;
}

evc_code evc_code_find(const char *name, size_t length) {
  evc_text wanted = {name, evc_length_of(name, length)};
  for (int code = EVC_CODE_NONE + 1; code < EVC_CODE_END; code++)
    if (evc_text_is(wanted, code_rows[code].name)) return (evc_code)code;
  return EVC_CODE_NONE;
}

void evc_code_set_add(evc_code_set *set, evc_code code) {
  if (is_code(code)) set->bits[code / 64] |= UINT64_C(1) << (code % 64);
}

bool evc_code_set_has(const evc_code_set *set, evc_code code) {
  return is_code(code) && (set->bits[code / 64] >> (code % 64) & 1) != 0;
}

static const evc_diagnostic out_of_memory_diagnostic = {
    .code = EVC_CODE_OUT_OF_MEMORY,
    .severity = EVC_ERROR,
    .name = "out-of-memory",
    .label = {"not enough memory", 17},
    .message = {"out of memory", 13},
};

/* Never written to: `fixed` keeps every function away. */
static const evc_report out_of_memory_report = {
    .diagnostics = (evc_diagnostic *)(uintptr_t)&out_of_memory_diagnostic,
    .count = 1,
    .errors = 1,
    .message = {"out of memory", 13},
    .failed = true,
    .fixed = true,
};

evc_report *evc_report_out_of_memory(void) {
  return (evc_report *)(uintptr_t)&out_of_memory_report;
}

evc_report *evc_report_new(const evc_allocator *allocator) {
  evc_allocator a = evc_allocator_of(allocator);
  evc_report *report = evc_allocate(&a, sizeof *report);
  if (!report) return evc_report_out_of_memory();
  *report = (evc_report){.count = 0};
  evc_arena_init(&report->arena, &a, NULL, 0);
  return report;
}

void evc_report_free(evc_report *report) {
  if (!report || report->fixed) return;
  evc_arena_free(&report->arena);
  evc_allocator allocator = report->arena.allocator;
  evc_release(&allocator, report, sizeof *report);
}

evc_code evc_message_code(evc_message message) { return message_rows[message].code; }

static evc_text expand(evc_report *report, const char *wording, const evc_text *args,
                       size_t arg_count) {
  evc_builder builder;
  evc_build_init(&builder, &report->arena);
  for (const char *at = wording; *at;) {
    size_t arg = (size_t)(at[1] - '0');
    if (at[0] == '{' && at[1] >= '0' && at[1] <= '9' && at[2] == '}') {
      if (arg < arg_count) evc_build_quoted(&builder, args[arg], QUOTED_LENGTH);
      at += 3;
      continue;
    }
    size_t run = 1 + strcspn(at + 1, "{");
    evc_build(&builder, at, run);
    at += run;
  }
  evc_text text = evc_build_end(&builder);
  if (!text.data) report->failed = true;
  return text;
}

void evc_report_count_only(evc_report *report, evc_severity severity) {
  if (report->failed) return;
  if (severity == EVC_ERROR) report->errors++;
  else report->warnings++;
}

evc_diagnostic *evc_report_add(evc_report *report, evc_message message, evc_span span,
                               const evc_text *args, size_t arg_count) {
  const struct message_row *row = &message_rows[message];
  evc_report_count_only(report, code_rows[row->code].severity);
  if (report->failed || report->count == EVC_REPORT_CAPACITY) return NULL;
  void *array = report->diagnostics;
  if (!evc_arena_grow(&report->arena, &array, &report->capacity, report->count + 1,
                      sizeof *report->diagnostics)) {
    report->failed = true;
    return NULL;
  }
  report->diagnostics = array;
  evc_diagnostic *diagnostic = &report->diagnostics[report->count++];
  *diagnostic = (evc_diagnostic){
      .code = row->code,
      .severity = code_rows[row->code].severity,
      .name = code_rows[row->code].name,
      .label = evc_text_of(code_rows[row->code].title),
      .has_span = !span.none,
      .start = span.none ? 0 : span.start,
      .end = span.none ? 0 : span.end,
  };
  diagnostic->message = expand(report, row->message, args, arg_count);
  if (row->help) diagnostic->help = expand(report, row->help, args, arg_count);
  return report->failed ? NULL : diagnostic;
}

void evc_report_set_severity(evc_report *report, evc_diagnostic *diagnostic,
                             evc_severity severity) {
  if (!diagnostic || diagnostic->severity == severity) return;
  if (diagnostic->severity == EVC_ERROR) report->errors--, report->warnings++;
  else if (severity == EVC_ERROR) report->warnings--, report->errors++;
  diagnostic->severity = severity;
}

/* Append one zeroed element to an array in the arena. Its capacity is the power of two from its
** count on: most arrays have one element, a few have thousands. */
static void *append(evc_report *report, const void *array, size_t *count, size_t element) {
  if (report->failed) return NULL;
  char *grown = (char *)(uintptr_t)array;
  if ((*count & (*count - 1)) == 0) { /* full */
    grown = evc_arena_alloc(&report->arena, (*count ? *count * 2 : 1) * element);
    if (!grown) {
      report->failed = true;
      return NULL;
    }
    if (*count) memcpy(grown, array, *count * element);
  }
  memset(grown + *count * element, 0, element);
  ++*count;
  return grown;
}

void evc_report_label(evc_report *report, evc_diagnostic *diagnostic, size_t start, size_t end,
                      evc_phrase phrase, const evc_text *args, size_t arg_count) {
  if (!diagnostic) return;
  evc_label *labels =
      append(report, diagnostic->labels, &diagnostic->label_count, sizeof *labels);
  if (!labels) return;
  labels[diagnostic->label_count - 1] =
      (evc_label){start, end, expand(report, phrases[phrase], args, arg_count)};
  diagnostic->labels = labels;
}

evc_fix *evc_report_fix(evc_report *report, evc_diagnostic *diagnostic, bool safe,
                        evc_phrase phrase, const evc_text *args, size_t arg_count) {
  if (!diagnostic) return NULL;
  evc_fix *fixes = append(report, diagnostic->fixes, &diagnostic->fix_count, sizeof *fixes);
  if (!fixes) return NULL;
  diagnostic->fixes = fixes;
  evc_fix *fix = &fixes[diagnostic->fix_count - 1];
  fix->title = expand(report, phrases[phrase], args, arg_count);
  fix->safe = safe;
  return fix;
}

void evc_report_edit(evc_report *report, evc_fix *fix, size_t start, size_t end, evc_text text) {
  if (!fix) return;
  evc_edit *edits = append(report, fix->edits, &fix->edit_count, sizeof *edits);
  if (!edits) return;
  evc_text copy = evc_arena_text(&report->arena, text.data, text.length);
  if (!copy.data) report->failed = true;
  edits[fix->edit_count - 1] = (evc_edit){start, end, copy};
  fix->edits = edits;
}

void evc_report_build_line(evc_builder *builder, const evc_diagnostic *diagnostic) {
  if (diagnostic->has_span) {
    evc_build_string(builder, "line ");
    evc_build_unsigned(builder, diagnostic->line);
    evc_build_string(builder, ", column ");
    evc_build_unsigned(builder, diagnostic->column);
    evc_build_string(builder, ": ");
  }
  evc_build_text(builder, diagnostic->message);
  if (diagnostic->help.data) {
    evc_build_string(builder, "; ");
    evc_build_text(builder, diagnostic->help);
  }
}

static void build_message(evc_report *report) {
  evc_builder builder;
  evc_build_init(&builder, &report->arena);
  for (size_t i = 0; i < report->count; i++) {
    if (report->diagnostics[i].severity != EVC_ERROR) continue;
    evc_report_build_line(&builder, &report->diagnostics[i]);
    break;
  }
  if (builder.length == 0 && !builder.failed) return;
  if (report->errors > 1) {
    evc_build_string(&builder, " (and ");
    evc_build_unsigned(&builder, report->errors - 1);
    evc_build_string(&builder, report->errors == 2 ? " more error)" : " more errors)");
  }
  report->message = evc_build_end(&builder);
  if (!report->message.data) report->failed = true;
}

/* Diagnostics are in order of position, so that one walk through the text finds all of them. */
static void place(evc_report *report, const char *text, size_t length) {
  evc_utf8_cursor cursor = evc_utf8_start();
  for (size_t i = 0; i < report->count; i++) {
    evc_diagnostic *d = &report->diagnostics[i];
    if (!d->has_span || d->start > length) continue;
    if (d->start < cursor.offset) cursor = evc_utf8_start();
    evc_utf8_advance(&cursor, text, length, d->start);
    d->line = cursor.line;
    d->column = cursor.column;
  }
}

evc_report *evc_report_finish(evc_report *report, const char *text, size_t length) {
  if (!report->failed && report->errors + report->warnings == 0) {
    evc_report_free(report);
    return NULL;
  }
  if (!report->failed) {
    place(report, text, length);
    build_message(report);
  }
  if (report->failed) {
    evc_report_free(report);
    return evc_report_out_of_memory();
  }
  return report;
}

evc_report *evc_report_move(evc_report *report, size_t bytes, size_t lines) {
  if (!report || report->fixed || (bytes == 0 && lines == 0)) return report;
  for (size_t i = 0; i < report->count; i++) {
    evc_diagnostic *d = &report->diagnostics[i];
    if (!d->has_span) continue;
    d->start += bytes;
    d->end += bytes;
    if (d->line > 0) d->line += lines;
  }
  build_message(report);
  if (!report->failed) return report;
  evc_report_free(report);
  return evc_report_out_of_memory();
}

evc_report *evc_report_single(const evc_allocator *allocator, evc_message message, evc_span span,
                              const evc_text *args, size_t arg_count, const char *text,
                              size_t length) {
  evc_report *report = evc_report_new(allocator);
  evc_report_add(report, message, span, args, arg_count);
  return evc_report_finish(report, text, length);
}

size_t evc_report_count(const evc_report *report) { return report ? report->count : 0; }

const evc_diagnostic *evc_report_at(const evc_report *report, size_t index) {
  return report && index < report->count ? &report->diagnostics[index] : NULL;
}

size_t evc_report_errors(const evc_report *report) { return report ? report->errors : 0; }

size_t evc_report_warnings(const evc_report *report) { return report ? report->warnings : 0; }

evc_text evc_report_message(const evc_report *report) {
  return report ? report->message : (evc_text){NULL, 0};
}
