/* Lack of memory: each allocation of a call of the C library fails in turn, once or from then on. The
** call says so, nothing leaks, and what was there before can still be used. All other functions
** allocate nothing; the headers tell whether one was forgotten. */
#include "calculations.h"

#include "evcalc/attack.h"
#include "evcalc/columns.h"
#include "evcalc/editor.h"
#include "evcalc/format.h"
#include "evcalc/generate.h"
#include "evcalc/record.h"
#include "oom.h"

static char *printed(const evc_report *report, const char *text, evc_style style) {
  char *out = NULL;
  size_t size = 0;
  FILE *file = open_memstream(&out, &size);
  assert_non_null(file);
  evc_status status = evc_report_print(report, text, EVC_NUL_TERMINATED, "name", style, file);
  fclose(file);
  if (status == EVC_OK) return out;
  assert_int_equal(status, EVC_OUT_OF_MEMORY);
  assert_int_equal(size, 0); /* nothing was printed */
  free(out);
  return NULL;
}

/* Compiling */

typedef struct source {
  const char *text;
  bool trace;
} source;

static char *compiling(void **state, failing *f, const evc_allocator *allocator,
                       const void *with) {
  const source *s = with;
  evc_options options = {.allocator = allocator, .trace = s->trace};
  evc_report *report;
  evc_calculation *c =
      evc_compile(test_type(*state), s->text, EVC_NUL_TERMINATED, &options, &report);
  pause_failing(f, true);
  char *result = NULL;
  if (is_out_of_memory(report)) {
    assert_null(c);
  } else {
    char *shown = printed(report, s->text, EVC_STYLE_CARET);
    assert_non_null(shown);
    result = malloc(strlen(shown) + 100);
    sprintf(result, "%zu bytes, %zu references, %zu parts, %zu errors, %zu warnings\n%s",
            c ? evc_calculation_size(c) : 0, c ? evc_calculation_reference_count(c) : 0,
            c ? evc_calculation_part_count(c) : 0, evc_report_errors(report),
            evc_report_warnings(report), shown);
    free(shown);
  }
  evc_report_free(report);
  evc_calculation_free(c);
  /* The allocator and the schema serve as before. */
  c = evc_compile(test_type(*state), s->text, EVC_NUL_TERMINATED, &options, &report);
  assert_false(is_out_of_memory(report));
  evc_report_free(report);
  evc_calculation_free(c);
  return result;
}

/* The report of evc_validate is that of evc_compile, which was looked at above. */
static char *validating(void **state, failing *f, const evc_allocator *allocator,
                        const void *with) {
  const source *s = with;
  evc_options options = {.allocator = allocator, .trace = s->trace};
  evc_report *report, *other;
  bool valid = evc_validate(test_type(*state), s->text, EVC_NUL_TERMINATED, &options, &report);
  pause_failing(f, true);
  evc_calculation *c =
      evc_compile(test_type(*state), s->text, EVC_NUL_TERMINATED, &options, &other);
  char *result = NULL;
  if (is_out_of_memory(report)) {
    assert_false(valid);
  } else {
    assert_int_equal(valid, c != NULL);
    result = printed(report, s->text, EVC_STYLE_LINE);
    char *same = printed(other, s->text, EVC_STYLE_LINE);
    assert_string_equal(result, same);
    free(same);
  }
  evc_report_free(report);
  evc_report_free(other);
  evc_calculation_free(c);
  return result;
}

static void compiling_without_memory(void **state) {
  char *chain = repeated("", "new.vip OR ", 600, "new.closed");
  char *mixed = repeated("", "new.vip AND new.closed OR ", 60, "new.vip");
  char *equal = repeated("", "new.vip == ", 60, "new.vip");
  char *sum = repeated("", "new.amount + ", 300, "1 > new.quantity");
  char *wrong = repeated("", "new.typo OR 1 = \"a\" OR ", 70, "true");
  char *strings = repeated("", "new.currency == \"\\u0041 very long \\n string\" OR ", 40, "true");
  char *calls = repeated("Math.max(1", ", new.amount", 200, ") > 0");
  char *lost = repeated("Math.max(1", ", 1 1", 100, ") > 0");
  char *nested = repeated("(((((((((((((((((((((((((((((", "((", 40, "");
  const char *const texts[] = {
      "true",
      "new.amount >= 5000 AND new.currency == \"USD\"",
      "(new.amountSpent >= new.amount * 90 / 100)",
      "IN(new.tags.a, \"\\u00e9\", DateTime.TS_FMT) OR Math.round(new.amount, 2) == 1.5",
      "new.vip ? new.closed : isnull(new.vip, false)",
      "",
      "new.amount",
      "a && 'b' || !c IN (1,000, 2",
      "new . amount > 1e3 AND new.größe IS NOT NULL AND \"\x01\\q\xFF",
      "AND(new.vip, new.closed, IF(a, b, c)) OR new.amount BETWEEN 1 AND \"2\"",
      "NOT new.vip == 1 AND new.items[0] == [x] /* c */ \xE2\x89\xA4 .5",
      "1 < 2 < 3 OR 2 ^ 3 ^ 2 == -new.amount ^ 2 OR Math.Round(1) == f(2) OR 9007199254740993 == 1",
      chain, mixed, equal, sum, wrong, strings, calls, lost, nested,
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    for (int trace = 0; trace < 2; trace++) {
      source with = {texts[i], trace};
      fails_cleanly(state, "evc_compile", compiling, &with, false, texts[i]);
      fails_cleanly(state, "evc_validate", validating, &with, false, texts[i]);
    }
  char *all[] = {chain, mixed, equal, sum, wrong, strings, calls, lost, nested};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

/* What is short compiles with one allocation: the calculation itself. */
static void a_short_calculation_is_one_allocation(void **state) {
  source with = {"new.amount >= 5000 AND new.currency == \"USD\"", false};
  assert_int_equal(fails_cleanly(state, "evc_compile", compiling, &with, false, with.text), 1);
  assert_int_equal(fails_cleanly(state, "evc_validate", validating, &with, false, with.text), 0);
}

/* The report can be left out. */
static void compiling_without_a_report(void **state) {
  failing f = {.fail_from = 1};
  evc_allocator allocator = failing_allocator(&f);
  evc_options options = {.allocator = &allocator};
  assert_null(evc_compile(test_type(*state), "true", 4, &options, NULL));
  assert_null(evc_compile(test_type(*state), "tru", 3, &options, NULL));
  assert_int_equal(f.bytes, 0);
}

/* Formatting */

static char *formatting(void **state, failing *f, const evc_allocator *allocator,
                        const void *with) {
  (void)state;
  evc_format_options options = {.columns = 30, .allocator = allocator};
  evc_report *report;
  evc_formatted *formatted = evc_format(with, EVC_NUL_TERMINATED, &options, &report);
  pause_failing(f, true);
  char *result = NULL;
  if (is_out_of_memory(report)) assert_null(formatted);
  else if (formatted) result = copy_of(evc_formatted_text(formatted).data);
  else result = printed(report, with, EVC_STYLE_LINE);
  evc_report_free(report);
  evc_formatted_free(formatted);
  return result;
}

static void formatting_without_memory(void **state) {
  char *chain = repeated("", "new.vip  OR(new.a<1)OR ", 300, "new.closed");
  char *deep = repeated("", "new.vip AND((Math.max(1,", 60, "new.amount");
  char *closed = repeated(deep, ")))", 60, "");
  char *wrong = repeated("", "new.typo OR 1 = \"a\" OR ", 70, "true");
  const char *const texts[] = {
      "true",
      "new.amount>=5000 AND new.currency==\"USD\"",
      "IN(new.currency, \"a\", \"\\u00e9\", -1) == false ? - -1 ^ 2 : ((f())) ? 2 : 3",
      "",
      "a && 'b' || !c IN (1,000, 2",
      chain,
      deep,
      closed,
      wrong,
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    fails_cleanly(state, "evc_format", formatting, texts[i], false, texts[i]);
  free(chain);
  free(deep);
  free(closed);
  free(wrong);
}

/* The report can be left out, and so can the options. */
static void formatting_without_a_report(void **state) {
  (void)state;
  failing f = {.fail_from = 1};
  evc_allocator allocator = failing_allocator(&f);
  evc_format_options options = {.allocator = &allocator};
  assert_null(evc_format("true", 4, &options, NULL));
  assert_null(evc_format("a b", 3, &options, NULL));
  assert_int_equal(f.bytes, 0);
  evc_formatted *formatted = evc_format("a>1", EVC_NUL_TERMINATED, NULL, NULL);
  assert_string_equal(evc_formatted_text(formatted).data, "a > 1");
  evc_formatted_free(formatted);
  evc_formatted_free(NULL);
}

/* What is short is formatted with one allocation: the outcome itself. */
static void a_short_layout_is_one_allocation(void **state) {
  static const char text[] = "new.amount>=5000 AND new.vip";
  assert_int_equal(fails_cleanly(state, "evc_format", formatting, text, false, text), 1);
}

/* Reports */

static char *printing(void **state, failing *f, const evc_allocator *allocator,
                      const void *with) {
  static const char text[] = "new.typo = 1 AND\n  'a' == new.amount OR\tMath.max(1";
  evc_options options = {.allocator = allocator};
  pause_failing(f, true);
  evc_report *report;
  assert_null(evc_compile(test_type(*state), text, EVC_NUL_TERMINATED, &options, &report));
  assert_true(evc_report_errors(report) > 3);
  pause_failing(f, false);
  char *shown = printed(report, text, *(const evc_style *)with);
  pause_failing(f, true);
  char *again = printed(report, text, *(const evc_style *)with); /* it is still whole */
  assert_non_null(again);
  if (shown) assert_string_equal(shown, again);
  free(again);
  evc_report_free(report);
  return shown;
}

static void printing_without_memory(void **state) {
  static const evc_style styles[] = {EVC_STYLE_LINE, EVC_STYLE_CARET, EVC_STYLE_CARET_COLOR};
  for (size_t i = 0; i < 3; i++) fails_cleanly(state, "evc_report_print", printing, &styles[i], false, "");
}

static char *reporting_an_outcome(void **state, failing *f, const evc_allocator *allocator,
                                  const void *with) {
  (void)with;
  pause_failing(f, true);
  evc_options options = {.allocator = allocator};
  evc_calculation *c =
      evc_compile(test_type(*state), "1 / new.amount > 0", EVC_NUL_TERMINATED, &options, NULL);
  evc_event *event = evc_event_new(test_type(*state), allocator);
  evc_event_set_number(event, AMOUNT, 0);
  evc_outcome outcome = evc_evaluate(c, event);
  pause_failing(f, false);
  evc_report *report = evc_outcome_report(c, outcome);
  char *result = is_out_of_memory(report) ? NULL : copy_of(evc_report_message(report).data);
  evc_report_free(report);
  evc_event_free(event);
  evc_calculation_free(c);
  return result;
}

static void reporting_an_outcome_without_memory(void **state) {
  fails_cleanly(state, "evc_outcome_report", reporting_an_outcome, NULL, false, "");
}

/* Schemas and events */

static char *loading_the_catalogue(void **state, failing *f, const evc_allocator *allocator,
                                   const void *with) {
  (void)state;
  (void)f;
  (void)with;
  evc_schema *schema = evc_schema_builtin(allocator);
  if (!schema) return NULL;
  char text[32];
  snprintf(text, sizeof text, "%zu types", evc_schema_count(schema));
  evc_schema_free(schema);
  return copy_of(text);
}

static void the_catalogue_without_memory(void **state) {
  fails_cleanly(state, "evc_schema_builtin", loading_the_catalogue, NULL, false, "");
}

typedef struct addition {
  const char *name;
  size_t existing; /* types beside t.x */
  bool reported;
} addition;

static char *adding_types(void **state, failing *f, const evc_allocator *allocator,
                          const void *with) {
  (void)state;
  const addition *a = with;
  pause_failing(f, true);
  evc_schema *schema = test_schema(allocator);
  for (size_t i = 0; i < a->existing; i++) {
    char name[16];
    int length = snprintf(name, sizeof name, "e.%zu", i);
    evc_schema_add(schema, name, (size_t)length, EVC_LOADED, NULL, 0, NULL);
  }
  const evc_event_type *before = test_type(schema);
  static char names[60][16];
  evc_field fields[60];
  for (size_t i = 0; i < 60; i++) {
    snprintf(names[i], sizeof names[i], i % 7 ? "new.field%zu" : "field-%zu", i);
    fields[i] = (evc_field){text_of(names[i]), text_of(i % 3 ? "double" : "strange"),
                            EVC_TYPE_UNKNOWN};
  }
  evc_report *report = NULL;
  pause_failing(f, false);
  evc_status status =
      evc_schema_add(schema, a->name, 3, EVC_LOADED, fields, 60, a->reported ? &report : NULL);
  pause_failing(f, true);
  char *result = NULL;
  if (status == EVC_OK) {
    assert_int_equal(evc_event_type_field_count(evc_schema_find(schema, a->name, 3)), 60);
    result = copy_of("added");
  } else {
    assert_int_equal(status, EVC_OUT_OF_MEMORY);
    assert_ptr_equal(test_type(schema), before);
    assert_int_equal(evc_schema_count(schema), 1 + a->existing);
    if (a->reported) assert_true(is_out_of_memory(report));
  }
  evc_report_free(report);
  /* The schema takes the next type, and the first type is as it was. */
  size_t count = evc_schema_count(schema);
  assert_int_equal(evc_schema_add(schema, "t.y", 3, EVC_LOADED, fields, 60, NULL), EVC_OK);
  assert_int_equal(evc_schema_count(schema), count + 1);
  assert_int_equal(evc_event_type_slot(before, "new.currency", 12), CURRENCY);
  evc_schema_free(schema);
  return result;
}

static void adding_types_without_memory(void **state) {
  for (size_t existing = 0; existing < 70; existing++)
    for (int reported = 0; reported < 2; reported++) {
      addition new_one = {"t.n", existing, reported}, replacement = {"t.x", existing, reported};
      fails_cleanly(state, "evc_schema_add", adding_types, &new_one, false, "new");
      fails_cleanly(state, "evc_schema_add", adding_types, &replacement, false, "replaced");
    }
}

static char *making_an_empty_schema(void **state, failing *f, const evc_allocator *allocator,
                                    const void *with) {
  (void)state;
  (void)f;
  (void)with;
  evc_schema *schema = evc_schema_new(allocator);
  if (!schema) return NULL;
  evc_schema_free(schema);
  return copy_of("made");
}

static char *making_an_event(void **state, failing *f, const evc_allocator *allocator,
                             const void *with) {
  (void)f;
  (void)with;
  evc_event *event = evc_event_new(test_type(*state), allocator);
  if (!event) return NULL;
  assert_int_equal(evc_event_set_string(event, CURRENCY, "USD", 3), EVC_OK);
  evc_event_clear(event);
  evc_event_free(event);
  return copy_of("made");
}

/* As many fields as find room without an allocation, or more. */
static char *binding_a_record(void **state, failing *f, const evc_allocator *allocator,
                              const void *with) {
  enum { MOST = 60 };
  static char paths[MOST][32];
  evc_record_field fields[MOST] = {{.path = {"new.amount", 10}, .kind = EVC_RECORD_NUMBER}};
  size_t count = *(const size_t *)with;
  for (size_t i = 1; i < count; i++) {
    snprintf(paths[i], sizeof paths[i], "new.field%zu", i);
    fields[i] = (evc_record_field){.path = text_of(paths[i])};
  }
  evc_options options = {.allocator = allocator};
  pause_failing(f, true);
  evc_calculation *c = evc_compile(test_type(*state), "new.amount > 5", 14, &options, NULL);
  pause_failing(f, false);
  evc_misfit misfit;
  evc_binding *binding = evc_binding_new(c, fields, count, &misfit);
  pause_failing(f, true);
  if (!binding) assert_int_equal(misfit.status, EVC_OUT_OF_MEMORY);
  char *result = binding ? copy_of("bound") : NULL;
  const double amount = 6;
  if (binding) {
    ALLOCATES_NOTHING(f, evc_evaluate_record(binding, &amount));
    assert_true(evc_evaluate_record(binding, &amount).value);
  }
  ALLOCATES_NOTHING(f, evc_binding_free(binding));
  evc_calculation_free(c);
  return result;
}

static void binding_records_without_memory(void **state) {
  for (size_t count = 1; count <= 60; count += 59)
    fails_cleanly(state, "evc_binding_new", binding_a_record, &count, false, "a record");
}

static void making_things_without_memory(void **state) {
  assert_int_equal(
      fails_cleanly(state, "evc_schema_new", making_an_empty_schema, NULL, false, ""), 1);
  assert_int_equal(fails_cleanly(state, "evc_event_new", making_an_event, NULL, false, ""), 1);
}

/* The rest allocates nothing, so that it cannot fail for lack of memory. */

static const char traced_text[] = "Math.round(new.amount, 2) > 1 AND new.currency != \"a\"";

static void evaluating_needs_no_memory(void **state) {
  failing f = {0};
  evc_allocator allocator = failing_allocator(&f);
  evc_options options = {.allocator = &allocator, .trace = true};
  evc_calculation *c =
      evc_compile(test_type(*state), traced_text, EVC_NUL_TERMINATED, &options, NULL);
  evc_event *event = evc_event_new(test_type(*state), &allocator);
  evc_trace trace[16];
  evc_outcome outcome;
  assert_in_range(evc_calculation_part_count(c), 1, 16);
  ALLOCATES_NOTHING(&f, evc_event_set_number(event, AMOUNT, 12.345));
  ALLOCATES_NOTHING(&f, evc_event_set_string(event, CURRENCY, "b", 1));
  ALLOCATES_NOTHING(&f, evc_event_set_boolean(event, VIP, true));
  ALLOCATES_NOTHING(&f, evc_event_set_null(event, OLD_AMOUNT));
  ALLOCATES_NOTHING(&f, evc_event_set_value(event, QUANTITY, evc_event_value(event, AMOUNT)));
  ALLOCATES_NOTHING(&f, evc_event_value(event, QUANTITY));
  ALLOCATES_NOTHING(&f, evc_event_values(event));
  ALLOCATES_NOTHING(&f, evc_event_type_of(event));
  ALLOCATES_NOTHING(&f, evc_evaluate(c, event));
  ALLOCATES_NOTHING(&f, evc_evaluate_values(c, evc_event_values(event)));
  ALLOCATES_NOTHING(&f, evc_evaluate_traced(c, event, trace));
  outcome = evc_evaluate(c, event);
  assert_true(outcome.status == EVC_OK && outcome.value);
  ALLOCATES_NOTHING(&f, evc_columns_workspace(c));
  const double amounts[] = {12.345};
  const evc_text currencies[] = {{"b", 1}};
  const evc_column columns[] = {{.kind = EVC_COLUMN_NUMBER, .values.numbers = amounts},
                                {.kind = EVC_COLUMN_STRING, .values.texts = currencies}};
  void *workspace = malloc(evc_columns_workspace(c) + 1);
  uint64_t answers = 0, errors = 0;
  assert_non_null(workspace);
  ALLOCATES_NOTHING(&f, evc_evaluate_columns(c, columns, 2, 1, workspace, &answers, &errors));
  assert_int_equal(answers, 1);
  free(workspace);
  ALLOCATES_NOTHING(&f, evc_event_clear(event));
  ALLOCATES_NOTHING(&f, evc_event_free(event));
  ALLOCATES_NOTHING(&f, evc_calculation_free(c));
  assert_int_equal(f.bytes, 0);
}

static void asking_needs_no_memory(void **state) {
  (void)state;
  failing f = {0};
  evc_allocator allocator = failing_allocator(&f);
  evc_options options = {.allocator = &allocator, .trace = true};
  evc_schema *schema = test_schema(&allocator);
  const evc_event_type *type = test_type(schema);
  evc_report *report;
  evc_calculation *c = evc_compile(type, traced_text, EVC_NUL_TERMINATED, &options, NULL);
  assert_null(evc_compile(type, "new.x = 1", EVC_NUL_TERMINATED, &options, &report));
  evc_text names[2];
  evc_code_set set = {{0}};
  ALLOCATES_NOTHING(&f, evc_version());
  ALLOCATES_NOTHING(&f, evc_schema_find(schema, "t.x", 3));
  ALLOCATES_NOTHING(&f, evc_schema_count(schema));
  ALLOCATES_NOTHING(&f, evc_schema_at(schema, 0));
  ALLOCATES_NOTHING(&f, evc_schema_suggest(schema, "t.y", 3, names, 2));
  ALLOCATES_NOTHING(&f, evc_event_type_name(type));
  ALLOCATES_NOTHING(&f, evc_event_type_provenance(type));
  ALLOCATES_NOTHING(&f, evc_event_type_field_count(type));
  ALLOCATES_NOTHING(&f, evc_event_type_field(type, AMOUNT));
  ALLOCATES_NOTHING(&f, evc_event_type_slot(type, "new.amount", 10));
  ALLOCATES_NOTHING(&f, evc_type_name(EVC_TYPE_NUMBER));
  ALLOCATES_NOTHING(&f, evc_provenance_name(EVC_LOADED));
  ALLOCATES_NOTHING(&f, evc_kind_name(EVC_KIND_MAP));
  ALLOCATES_NOTHING(&f, evc_calculation_text(c));
  ALLOCATES_NOTHING(&f, evc_calculation_type(c));
  ALLOCATES_NOTHING(&f, evc_calculation_size(c));
  ALLOCATES_NOTHING(&f, evc_calculation_reference_count(c));
  ALLOCATES_NOTHING(&f, evc_calculation_reference(c, 0));
  ALLOCATES_NOTHING(&f, evc_calculation_part_count(c));
  ALLOCATES_NOTHING(&f, evc_calculation_part(c, 0));
  ALLOCATES_NOTHING(&f, evc_report_count(report));
  ALLOCATES_NOTHING(&f, evc_report_at(report, 0));
  ALLOCATES_NOTHING(&f, evc_report_errors(report));
  ALLOCATES_NOTHING(&f, evc_report_warnings(report));
  ALLOCATES_NOTHING(&f, evc_report_message(report));
  ALLOCATES_NOTHING(&f, evc_code_name(EVC_CODE_COMMENT));
  ALLOCATES_NOTHING(&f, evc_code_title(EVC_CODE_COMMENT));
  ALLOCATES_NOTHING(&f, evc_code_severity(EVC_CODE_COMMENT));
  ALLOCATES_NOTHING(&f, evc_code_find("comment", 7));
  ALLOCATES_NOTHING(&f, evc_code_set_add(&set, EVC_CODE_COMMENT));
  ALLOCATES_NOTHING(&f, evc_code_set_has(&set, EVC_CODE_COMMENT));
  ALLOCATES_NOTHING(&f, evc_report_free(report));
  evc_calculation_free(c);
  ALLOCATES_NOTHING(&f, evc_schema_free(schema));
  assert_int_equal(f.bytes, 0);
}

static void a_layout_needs_no_memory(void **state) {
  (void)state;
  failing f = {0};
  evc_allocator allocator = failing_allocator(&f);
  evc_format_options options = {.allocator = &allocator};
  evc_formatted *formatted = evc_format("((a>1))", EVC_NUL_TERMINATED, &options, NULL);
  assert_int_equal(evc_formatted_edit_count(formatted), 4);
  ALLOCATES_NOTHING(&f, evc_formatted_text(formatted));
  ALLOCATES_NOTHING(&f, evc_formatted_edit_count(formatted));
  ALLOCATES_NOTHING(&f, evc_formatted_edit(formatted, 0));
  ALLOCATES_NOTHING(&f, evc_formatted_free(formatted));
  assert_int_equal(f.bytes, 0);
}

/* A step of a longer course: where memory ends the object can still be used, and the step succeeds
** once there is memory again. */
#define STEP(call)                                                                                 \
  do {                                                                                             \
    note_tried(#call);                                                                             \
    evc_status came = (call);                                                                      \
    if (came == EVC_OK) break;                                                                     \
    assert_int_equal(came, EVC_OUT_OF_MEMORY);                                                     \
    pause_failing(f, true);                                                                        \
    assert_int_equal(call, EVC_OK);                                                                \
    gave_up = true;                                                                                \
  } while (0)

static const char edited[] = "Math.round(new.amount, 1) > 5 AND (new.currency == \"USD\" OR !new.vi)";

static char *editing(void **state, failing *f, const evc_allocator *allocator, const void *with) {
  (void)with;
  evc_options options = {.allocator = allocator};
  evc_editor *editor = evc_editor_new(test_type(*state), &options);
  if (!editor) return NULL;
  bool gave_up = false;
  evc_completions completions = {0};
  evc_hover hover = {0};
  evc_signature signature = {0};
  const evc_range *ranges = NULL;
  const evc_symbol *symbols = NULL;
  const evc_formatted *formatted = NULL;
  size_t range_count = 0, symbol_count = 0, token_count = 0;
  STEP(evc_editor_set_text(editor, edited, EVC_NUL_TERMINATED));
  STEP(evc_editor_set_type(editor, test_type(*state)));
  STEP(evc_editor_complete(editor, 15, &completions));
  STEP(evc_editor_hover(editor, 15, &hover));
  STEP(evc_editor_signature(editor, 24, &signature));
  STEP(evc_editor_ranges(editor, 15, &ranges, &range_count));
  STEP(evc_editor_symbols(editor, &symbols, &symbol_count));
  STEP(evc_editor_set_text(editor, "new.amount>5", EVC_NUL_TERMINATED));
  STEP(evc_editor_format(editor, NULL, &formatted));
  pause_failing(f, true);
  char *result = gave_up ? NULL : copy_of(evc_formatted_text(formatted).data);
  ALLOCATES_NOTHING(f, evc_editor_text(editor));
  ALLOCATES_NOTHING(f, evc_editor_type(editor));
  ALLOCATES_NOTHING(f, evc_editor_report(editor));
  ALLOCATES_NOTHING(f, evc_editor_tokens(editor, &token_count));
  ALLOCATES_NOTHING(f, evc_token_class_name(EVC_CLASS_NUMBER));
  ALLOCATES_NOTHING(f, evc_completion_kind_name(EVC_COMPLETE_FIELD));
  ALLOCATES_NOTHING(f, evc_editor_free(editor));
  return result;
}

static void editing_without_memory(void **state) {
  fails_cleanly(state, "evc_editor_new", editing, NULL, false, edited);
}

static char *generating(void **state, failing *f, const evc_allocator *allocator,
                        const void *with) {
  (void)with;
  evc_generator *generator = evc_generator_new(test_type(*state), 7, NULL, allocator);
  if (!generator) return NULL;
  evc_event *event = evc_event_new(test_type(*state), allocator);
  bool gave_up = event == NULL;
  evc_code code;
  evc_text valid = evc_generate_calculation(generator);
  char *result = valid.data ? copy_of(valid.data) : NULL;
  evc_text mistaken = result ? evc_generate_mistake(generator, &code) : valid;
  note_tried("evc_generate_calculation");
  note_tried("evc_generate_mistake");
  if (event) STEP(evc_generate_event(generator, event));
  pause_failing(f, true);
  if (gave_up || !mistaken.data) {
    free(result);
    result = NULL;
  }
  ALLOCATES_NOTHING(f, evc_generator_seed(generator, 8));
  ALLOCATES_NOTHING(f, evc_generator_feed(generator, "bytes", 5));
  assert_non_null(evc_generate_calculation(generator).data);
  evc_event_free(event);
  ALLOCATES_NOTHING(f, evc_generator_free(generator));
  return result;
}

static void generating_without_memory(void **state) {
  fails_cleanly(state, "evc_generator_new", generating, NULL, true, "a generator");
}

static char *attacking(void **state, failing *f, const evc_allocator *allocator,
                       const void *with) {
  (void)state;
  const evc_calculation *calculation = with;
  evc_attack *attack = evc_attack_new(calculation, 3, NULL, allocator);
  evc_event *event = attack ? evc_event_new(evc_calculation_type(calculation), allocator) : NULL;
  bool gave_up = event == NULL;
  for (int i = 0; attack && i < 4; i++) STEP(evc_attack_run(attack, 30));
  if (event) STEP(evc_attack_example(attack, EVC_EXAMPLE_TRUE, 0, event));
  pause_failing(f, true);
  char *result = gave_up ? NULL : copy_of("attacked");
  if (attack) {
    ALLOCATES_NOTHING(f, evc_attack_result(attack));
    ALLOCATES_NOTHING(f, evc_attack_condition(attack, 0));
    ALLOCATES_NOTHING(f, evc_attack_failure(attack, 0));
  }
  evc_event_free(event);
  ALLOCATES_NOTHING(f, evc_attack_free(attack));
  return result;
}

static void attacking_without_memory(void **state) {
  evc_options options = {.trace = true};
  evc_calculation *calculation =
      evc_compile(test_type(*state), "new.amount / new.quantity > 2 OR new.currency == \"USD\"",
                  EVC_NUL_TERMINATED, &options, NULL);
  assert_non_null(calculation);
  fails_cleanly(state, "evc_attack_new", attacking, calculation, false, "an attack");
  evc_calculation_free(calculation);
}

static void no_function_was_forgotten(void **state) {
  (void)state;
  all_declared_were_tried(false);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(compiling_without_memory),
      cmocka_unit_test(a_short_calculation_is_one_allocation),
      cmocka_unit_test(compiling_without_a_report),
      cmocka_unit_test(formatting_without_memory),
      cmocka_unit_test(formatting_without_a_report),
      cmocka_unit_test(a_short_layout_is_one_allocation),
      cmocka_unit_test(printing_without_memory),
      cmocka_unit_test(reporting_an_outcome_without_memory),
      cmocka_unit_test(the_catalogue_without_memory),
      cmocka_unit_test(adding_types_without_memory),
      cmocka_unit_test(binding_records_without_memory),
      cmocka_unit_test(making_things_without_memory),
      cmocka_unit_test(evaluating_needs_no_memory),
      cmocka_unit_test(asking_needs_no_memory),
      cmocka_unit_test(a_layout_needs_no_memory),
      cmocka_unit_test(editing_without_memory),
      cmocka_unit_test(generating_without_memory),
      cmocka_unit_test(attacking_without_memory),
      cmocka_unit_test(no_function_was_forgotten),
  };
  return cmocka_run_group_tests(tests, schema_up, schema_down);
}
