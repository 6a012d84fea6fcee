/* Compiling and evaluating: alone, traced, on columns and on a record the answer is the same, and it
** fails only for the reasons that evc_compile leaves. */
#include "fuzz.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../src/base/text.h"
#include "../tests/reference/records.h"
#include "evcalc/columns.h"

/* More than one block of rows, and no whole number of words. */
enum { ROWS = 583, WORDS = (ROWS + 63) / 64, LONGEST_FOR_COLUMNS = 2048 };

/* The events that the calculation is evaluated on. */
typedef struct events {
  evc_event *list[FUZZ_MOST_EVENTS];
  evc_outcome outcomes[FUZZ_MOST_EVENTS];
  size_t count;
  bool plain; /* all values are of their fields' types */
} events;

static bool same_outcome(evc_outcome a, evc_outcome b) {
  return a.status == b.status && a.code == b.code && a.value == b.value && a.start == b.start &&
         a.end == b.end && a.found == b.found && a.wanted == b.wanted;
}

static bool reads_members(const evc_calculation *calculation) {
  for (size_t i = 0; i < evc_calculation_reference_count(calculation); i++)
    if (evc_calculation_reference(calculation, i).member.data) return true;
  return false;
}

static void check_failure(const evc_calculation *calculation, evc_outcome outcome, bool plain) {
  FUZZ_HOLDS(outcome.status == EVC_EVALUATION, "status %d", outcome.status);
  FUZZ_HOLDS(!outcome.value, "a failure with a value");
  FUZZ_HOLDS(outcome.code == EVC_CODE_DIVISION_BY_ZERO || outcome.code == EVC_CODE_NOT_FINITE ||
                 outcome.code == EVC_CODE_NO_REAL_VALUE || outcome.code == EVC_CODE_VALUE_KIND,
             "%s", evc_code_name((evc_code)outcome.code));
  FUZZ_HOLDS(outcome.code != EVC_CODE_VALUE_KIND || !plain || reads_members(calculation),
             "a value of the wrong kind where all are right");
  evc_report *report = evc_outcome_report(calculation, outcome);
  FUZZ_HOLDS(evc_report_count(report) == 1, "%zu diagnostics", evc_report_count(report));
  FUZZ_HOLDS(evc_report_at(report, 0)->code == (evc_code)outcome.code, "another code");
  fuzz_check_report(report, evc_calculation_text(calculation));
  evc_report_free(report);
}

static void check_parts(const evc_calculation *calculation) {
  size_t count = evc_calculation_part_count(calculation);
  evc_text text = evc_calculation_text(calculation);
  FUZZ_HOLDS(count > 0, "no parts");
  for (size_t i = 0; i < count; i++) {
    evc_part part = evc_calculation_part(calculation, i);
    FUZZ_HOLDS(part.start < part.end && part.end <= text.length, "%zu-%zu", part.start, part.end);
    FUZZ_HOLDS(part.parent > i || (part.parent == i && i == count - 1), "part %zu in %zu", i,
               part.parent);
    evc_part parent = evc_calculation_part(calculation, part.parent);
    FUZZ_HOLDS(parent.start <= part.start && part.end <= parent.end, "part %zu sticks out", i);
  }
}

static bool is_of_type(evc_type type, const evc_value *value) {
  switch ((evc_kind)value->kind) {
  case EVC_KIND_NULL: return true;
  case EVC_KIND_NUMBER:
    return isfinite(value->as.number) && (type == EVC_TYPE_NUMBER || type == EVC_TYPE_DYNAMIC);
  case EVC_KIND_STRING: return type == EVC_TYPE_STRING || type == EVC_TYPE_DYNAMIC;
  case EVC_KIND_BOOLEAN: return type == EVC_TYPE_BOOLEAN;
  default: return false;
  }
}

/* Every part's value is of the type that the checker said, and the whole's is the answer. */
static void check_trace(const evc_calculation *calculation, const evc_event *event,
                        evc_outcome outcome) {
  size_t count = evc_calculation_part_count(calculation);
  evc_trace *trace = fuzz_memory(count * sizeof *trace);
  evc_outcome traced = evc_evaluate_traced(calculation, event, trace);
  FUZZ_HOLDS(same_outcome(traced, outcome), "status %d, traced %d", outcome.status, traced.status);
  for (size_t i = 0; i < count; i++) {
    evc_part part = evc_calculation_part(calculation, i);
    if (!trace[i].evaluated) continue;
    FUZZ_HOLDS(is_of_type(part.type, &trace[i].value), "part %zu of type %s is %s", i,
               evc_type_name(part.type), evc_kind_name((evc_kind)trace[i].value.kind));
  }
  const evc_trace *whole = &trace[count - 1];
  if (outcome.status == EVC_OK) {
    bool truth = whole->value.kind == EVC_KIND_BOOLEAN && whole->value.as.boolean;
    FUZZ_HOLDS(whole->evaluated && truth == outcome.value, "the whole is another");
  }
  free(trace);
}

/* ---- Columns -------------------------------------------------------------------------------- */

static evc_value value_of(const evc_event *event, evc_reference reference) {
  evc_value value = evc_event_value(event, reference.slot), found = {.kind = EVC_KIND_NULL};
  if (!reference.member.data || value.kind != EVC_KIND_MAP)
    return reference.member.data ? found : value;
  for (uint32_t i = 0; i < value.length; i++)
    if (evc_text_equal(value.as.members[i].name, reference.member))
      found = value.as.members[i].value;
  return found;
}

/* The kind that the events' values share; EVC_KIND_NULL: all are null; EVC_KIND_END: they
** differ. */
static evc_kind shared_kind(const events *e, evc_reference reference) {
  evc_kind kind = EVC_KIND_NULL;
  for (size_t i = 0; i < e->count; i++) {
    evc_value value = value_of(e->list[i], reference);
    if (value.kind == EVC_KIND_NULL) continue;
    if (kind != EVC_KIND_NULL && kind != value.kind) return EVC_KIND_END;
    kind = (evc_kind)value.kind;
  }
  return kind;
}

static evc_column_kind column_kind(evc_type type, evc_kind kind, bool dictionary) {
  if (type == EVC_TYPE_BOOLEAN) return EVC_COLUMN_BOOLEAN;
  if (type == EVC_TYPE_NUMBER || (type == EVC_TYPE_MAP && kind != EVC_KIND_STRING))
    return EVC_COLUMN_NUMBER;
  return dictionary ? EVC_COLUMN_DICTIONARY : EVC_COLUMN_STRING;
}

/* Memory of one column; only one of the members is handed over. */
typedef struct column_memory {
  double numbers[ROWS];
  uint64_t bits[WORDS], nulls[WORDS];
  evc_text texts[ROWS], dictionary[FUZZ_MOST_EVENTS + 1];
  uint32_t codes[ROWS];
} column_memory;

static uint32_t code_of(column_memory *m, uint32_t *size, evc_text text) {
  for (uint32_t i = 0; i < *size; i++)
    if (evc_text_equal(m->dictionary[i], text)) return i;
  m->dictionary[*size] = text;
  return (*size)++;
}

static evc_column build_column(const events *e, const evc_calculation *calculation, size_t index,
                               column_memory *m) {
  evc_reference reference = evc_calculation_reference(calculation, index);
  evc_type type = evc_event_type_field(evc_calculation_type(calculation), reference.slot)->type;
  evc_column column = {.kind = column_kind(type, shared_kind(e, reference), index % 2),
                       .dictionary = m->dictionary};
  memset(m, 0, sizeof *m);
  for (size_t row = 0; row < ROWS; row++) {
    evc_value value = value_of(e->list[row % e->count], reference);
    uint64_t bit = UINT64_C(1) << (row % 64);
    evc_text text = {"", 0};
    if (value.kind == EVC_KIND_NULL) m->nulls[row / 64] |= bit;
    if (value.kind == EVC_KIND_NUMBER) m->numbers[row] = value.as.number;
    if (value.kind == EVC_KIND_BOOLEAN && value.as.boolean) m->bits[row / 64] |= bit;
    if (value.kind == EVC_KIND_STRING) text = (evc_text){value.as.text, value.length};
    m->texts[row] = text;
    m->codes[row] = code_of(m, &column.dictionary_size, text);
  }
  switch (column.kind) {
  case EVC_COLUMN_NUMBER: column.values.numbers = m->numbers; break;
  case EVC_COLUMN_BOOLEAN: column.values.bits = m->bits; break;
  case EVC_COLUMN_STRING: column.values.texts = m->texts; break;
  default: column.values.codes = m->codes; break;
  }
  column.nulls = m->nulls;
  return column;
}

static void check_columns(const evc_calculation *calculation, const events *e) {
  size_t count = evc_calculation_reference_count(calculation);
  if (!e->plain || count > 32) return;
  for (size_t i = 0; i < count; i++) {
    evc_kind kind = shared_kind(e, evc_calculation_reference(calculation, i));
    if (kind == EVC_KIND_END) return;
    if (evc_calculation_reference(calculation, i).member.data && kind == EVC_KIND_BOOLEAN) return;
  }
  evc_column *columns = fuzz_memory((count + 1) * sizeof *columns);
  column_memory *memory = fuzz_memory(count * sizeof *memory);
  for (size_t i = 0; i < count; i++) columns[i] = build_column(e, calculation, i, &memory[i]);
  uint64_t answers[WORDS], errors[WORDS];
  void *workspace = fuzz_memory(evc_columns_workspace(calculation));
  evc_status status =
      evc_evaluate_columns(calculation, columns, count, ROWS, workspace, answers, errors);
  FUZZ_HOLDS(status == EVC_OK, "status %d", (int)status);
  for (size_t row = 0; row < WORDS * 64; row++) {
    bool answer = answers[row / 64] >> (row % 64) & 1, error = errors[row / 64] >> (row % 64) & 1;
    evc_outcome outcome = e->outcomes[row % e->count];
    if (row >= ROWS)
      FUZZ_HOLDS(!answer && !error, "row %zu is past the end", row);
    else
      FUZZ_HOLDS(error ? outcome.status != EVC_OK && !answer
                       : outcome.status == EVC_OK && answer == outcome.value,
                 "row %zu: answer %d, error %d; alone %d, status %d", row, answer, error,
                 outcome.value, outcome.status);
  }
  FUZZ_HOLDS(evc_evaluate_columns(calculation, columns, count + 1, ROWS, workspace, answers,
                                  errors) == EVC_NOT_FOUND,
             "one column too many");
  free(workspace);
  free(memory);
  free(columns);
}

/* ---- A record ------------------------------------------------------------------------------- */

static void check_record(const evc_calculation *calculation, const evc_event *event,
                         evc_outcome outcome) {
  evc_text text = evc_calculation_text(calculation);
  evc_random random;
  made_record record;
  evc_random_seed(&random, text.length);
  if (made_record_of(&record, calculation, event, &random)) {
    evc_misfit misfit;
    evc_binding *binding = evc_binding_new(calculation, record.fields, record.count, &misfit);
    FUZZ_HOLDS(binding, "refused, status %d", (int)misfit.status);
    FUZZ_HOLDS(same_outcome(evc_evaluate_record(binding, record.bytes), outcome), "a record");
    evc_binding_free(binding);
  }
  made_record_free(&record);
}

/* ---- All of it ------------------------------------------------------------------------------ */

static void evaluate(fuzz_case *c, const evc_calculation *plain, const evc_calculation *traced) {
  events e = {.count = c->event_count ? c->event_count : 1, .plain = true};
  check_parts(traced);
  for (size_t i = 0; i < e.count; i++) {
    e.list[i] = evc_event_new(c->type, NULL);
    bool filled = c->event_count == 0 || fuzz_fill(c, e.list[i], c->events[i]);
    evc_outcome outcome = evc_evaluate(plain, e.list[i]);
    e.outcomes[i] = outcome;
    e.plain &= filled;
    FUZZ_HOLDS(same_outcome(outcome, evc_evaluate_values(plain, evc_event_values(e.list[i]))),
               "values");
    FUZZ_HOLDS(same_outcome(outcome, evc_evaluate(traced, e.list[i])), "compiled for tracing");
    if (outcome.status != EVC_OK) check_failure(plain, outcome, filled);
    check_trace(traced, e.list[i], outcome);
    check_record(i % 2 ? traced : plain, e.list[i], outcome);
  }
  if (c->text.length <= LONGEST_FOR_COLUMNS) {
    check_columns(plain, &e);
    check_columns(traced, &e);
  }
  for (size_t i = 0; i < e.count; i++) evc_event_free(e.list[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_case c;
  fuzz_case_open(&c, data, size);
  evc_options options = c.options;
  evc_calculation *plain = evc_compile(c.type, c.text.data, c.text.length, &options, NULL);
  options.trace = true;
  evc_calculation *traced = evc_compile(c.type, c.text.data, c.text.length, &options, NULL);
  FUZZ_HOLDS(!plain == !traced, "compiled with trace %d, without %d", traced != NULL,
             plain != NULL);
  if (plain) evaluate(&c, plain, traced);
  evc_calculation_free(traced);
  evc_calculation_free(plain);
  fuzz_case_close(&c);
  return 0;
}
