/* Lack of memory: each allocation of a call fails in turn, once or from then on. The call says so,
** nothing leaks, and what was there before can still be used. */
#include "calculations.h"

#include "evcalc/format.h"
#include "failing.h"

/* A call made with an allocator. It returns what came of it as text (to be freed), or NULL when it
** said that memory ran out. `f` may be told not to fail any more, once the call is over. */
typedef char *(*attempt)(void **state, failing *f, const evc_allocator *allocator,
                         const void *with);

static char *copy_of(const char *s) {
  char *copy = malloc(strlen(s) + 1);
  assert_non_null(copy);
  return strcpy(copy, s);
}

/* Returns how many allocations the call makes when all is well. */
static size_t fails_cleanly(void **state, attempt call, const void *with, const char *name) {
  failing none = {0};
  evc_allocator calm = failing_allocator(&none);
  char *right = call(state, &none, &calm, with);
  assert_non_null(right);
  assert_int_equal(none.bytes, 0);
  assert_true(none.calls < 10000);
  for (int once = 0; once < 2; once++) {
    for (size_t n = 1;; n++) {
      failing f = {.fail_from = n, .only_once = once};
      evc_allocator allocator = failing_allocator(&f);
      char *came = call(state, &f, &allocator, with);
      bool reached = f.calls >= n;
      if (reached == (came != NULL))
        fail_msg("%s: allocation %zu failed%s, and the call %s", name, n, once ? " once" : "",
                 came ? "went on as if nothing were" : "gave up without cause");
      if (came && strcmp(came, right) != 0) fail_msg("%s: another result", name);
      if (f.bytes != 0) fail_msg("%s: %zu leaked %zu bytes", name, n, f.bytes);
      if (f.mistaken) fail_msg("%s: %zu released with a wrong size", name, n);
      free(came);
      if (!reached) break;
    }
  }
  free(right);
  return none.calls;
}

static bool is_out_of_memory(const evc_report *report) {
  return evc_report_count(report) == 1 &&
         evc_report_at(report, 0)->code == EVC_CODE_OUT_OF_MEMORY &&
         evc_report_errors(report) == 1 && evc_report_message(report).data &&
         !evc_report_at(report, 0)->has_span;
}

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
  size_t failing_from = f->fail_from;
  f->fail_from = 0; /* what is looked at below is not what is tested */
  size_t calls = f->calls;
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
  f->calls = calls;
  f->fail_from = failing_from;
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
      fails_cleanly(state, compiling, &with, texts[i]);
    }
  char *all[] = {chain, mixed, equal, sum, wrong, strings, calls, lost, nested};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

/* The compiler's memory comes in blocks, so that only what needs a new block can fail. A longer text
** moves that place, by the least step, through all that is allocated. */
static void wherever_the_memory_ends(void **state) {
  static const char *const texts[] = {
      "new.vip OR new.closed AND IN(new.tags.a, \"\\n\", DateTime.TS_FMT) OR 2^3^new.amount == 1",
      "a && 'b' || !c IN (1,000, 2) OR 007 == \"\\q\" OR new.amoumt BETWEEN 1 AND f(1 2, (x y), 3",
      "NOT(new.vip) == AND(new.vip, new.vip, true) OR 1 < 2 < 3 OR new.vip == true == false",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    for (size_t blanks = 0; blanks < 8192; blanks += 16) {
      char *text = repeated("", " ", blanks, texts[i]);
      for (size_t n = 1, more = 1; more; n++) {
        failing f = {.fail_from = n, .only_once = true};
        evc_allocator allocator = failing_allocator(&f);
        evc_options options = {.allocator = &allocator};
        evc_report *report;
        evc_calculation *c =
            evc_compile(test_type(*state), text, EVC_NUL_TERMINATED, &options, &report);
        more = f.calls >= n;
        if (is_out_of_memory(report) != more) fail_msg("%zu blanks, %zu: %s", blanks, n, texts[i]);
        evc_report_free(report);
        evc_calculation_free(c);
        assert_int_equal(f.bytes, 0);
        assert_false(f.mistaken);
      }
      free(text);
    }
}

/* What is short compiles with one allocation: the calculation itself. */
static void a_short_calculation_is_one_allocation(void **state) {
  source with = {"new.amount >= 5000 AND new.currency == \"USD\"", false};
  assert_int_equal(fails_cleanly(state, compiling, &with, with.text), 1);
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
  size_t failing_from = f->fail_from, calls = f->calls;
  f->fail_from = 0;
  char *result = NULL;
  if (is_out_of_memory(report)) assert_null(formatted);
  else if (formatted) result = copy_of(evc_formatted_text(formatted).data);
  else result = printed(report, with, EVC_STYLE_LINE);
  evc_report_free(report);
  evc_formatted_free(formatted);
  f->calls = calls;
  f->fail_from = failing_from;
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
    fails_cleanly(state, formatting, texts[i], texts[i]);
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
  assert_int_equal(fails_cleanly(state, formatting, "new.amount>=5000 AND new.vip", "short"), 1);
}

/* Reports */

static char *printing(void **state, failing *f, const evc_allocator *allocator,
                      const void *with) {
  static const char text[] = "new.typo = 1 AND\n  'a' == new.amount OR\tMath.max(1";
  evc_options options = {.allocator = allocator};
  size_t failing_from = f->fail_from;
  f->fail_from = 0;
  evc_report *report;
  assert_null(evc_compile(test_type(*state), text, EVC_NUL_TERMINATED, &options, &report));
  assert_true(evc_report_errors(report) > 3);
  f->calls = 0;
  f->fail_from = failing_from;
  char *shown = printed(report, text, *(const evc_style *)with);
  size_t calls = f->calls;
  f->fail_from = 0;
  char *again = printed(report, text, *(const evc_style *)with); /* it is still whole */
  assert_non_null(again);
  if (shown) assert_string_equal(shown, again);
  free(again);
  evc_report_free(report);
  f->calls = calls;
  return shown;
}

static void printing_without_memory(void **state) {
  static const evc_style styles[] = {EVC_STYLE_LINE, EVC_STYLE_CARET, EVC_STYLE_CARET_COLOR};
  for (size_t i = 0; i < 3; i++) fails_cleanly(state, printing, &styles[i], "printing");
}

static char *reporting_an_outcome(void **state, failing *f, const evc_allocator *allocator,
                                  const void *with) {
  (void)with;
  size_t failing_from = f->fail_from;
  f->fail_from = 0;
  evc_options options = {.allocator = allocator};
  evc_calculation *c =
      evc_compile(test_type(*state), "1 / new.amount > 0", EVC_NUL_TERMINATED, &options, NULL);
  evc_event *event = evc_event_new(test_type(*state), allocator);
  evc_event_set_number(event, AMOUNT, 0);
  evc_outcome outcome = evc_evaluate(c, event);
  f->calls = 0;
  f->fail_from = failing_from;
  evc_report *report = evc_outcome_report(c, outcome);
  char *result = is_out_of_memory(report) ? NULL : copy_of(evc_report_message(report).data);
  evc_report_free(report);
  evc_event_free(event);
  evc_calculation_free(c);
  return result;
}

static void reporting_an_outcome_without_memory(void **state) {
  fails_cleanly(state, reporting_an_outcome, NULL, "evc_outcome_report");
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
  fails_cleanly(state, loading_the_catalogue, NULL, "evc_schema_builtin");
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
  size_t failing_from = f->fail_from;
  f->fail_from = 0;
  evc_schema *schema = test_schema(allocator);
  for (size_t i = 0; i < a->existing; i++) {
    char name[16];
    int length = snprintf(name, sizeof name, "e.%zu", i);
    evc_schema_add(schema, name, (size_t)length, EVC_LOADED, NULL, 0, NULL);
  }
  const evc_event_type *before = test_type(schema);
  f->calls = 0;
  f->fail_from = failing_from;
  static char names[60][16];
  evc_field fields[60];
  for (size_t i = 0; i < 60; i++) {
    snprintf(names[i], sizeof names[i], i % 7 ? "new.field%zu" : "field-%zu", i);
    fields[i] = (evc_field){text_of(names[i]), text_of(i % 3 ? "double" : "strange"),
                            EVC_TYPE_UNKNOWN};
  }
  evc_report *report = NULL;
  evc_status status =
      evc_schema_add(schema, a->name, 3, EVC_LOADED, fields, 60, a->reported ? &report : NULL);
  size_t calls = f->calls;
  f->fail_from = 0;
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
  f->calls = calls;
  return result;
}

static void adding_types_without_memory(void **state) {
  for (size_t existing = 0; existing < 70; existing++)
    for (int reported = 0; reported < 2; reported++) {
      addition new_one = {"t.n", existing, reported}, replacement = {"t.x", existing, reported};
      fails_cleanly(state, adding_types, &new_one, "evc_schema_add");
      fails_cleanly(state, adding_types, &replacement, "evc_schema_add");
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

static void making_things_without_memory(void **state) {
  assert_int_equal(fails_cleanly(state, making_an_empty_schema, NULL, "evc_schema_new"), 1);
  assert_int_equal(fails_cleanly(state, making_an_event, NULL, "evc_event_new"), 1);
}

/* Evaluating allocates nothing, so that it cannot fail for lack of memory. */
static void evaluating_needs_no_memory(void **state) {
  failing f = {0};
  evc_allocator allocator = failing_allocator(&f);
  evc_options options = {.allocator = &allocator, .trace = true};
  evc_calculation *c = evc_compile(
      test_type(*state), "Math.round(new.amount, 2) > 1 AND new.currency != \"a\"",
      EVC_NUL_TERMINATED, &options, NULL);
  evc_event *event = evc_event_new(test_type(*state), &allocator);
  f.fail_from = f.calls + 1;
  size_t calls = f.calls;
  evc_event_set_number(event, AMOUNT, 12.345);
  evc_event_set_string(event, CURRENCY, "b", 1);
  evc_trace trace[16];
  assert_in_range(evc_calculation_part_count(c), 1, 16);
  assert_true(evc_evaluate(c, event).value);
  assert_true(evc_evaluate_values(c, evc_event_values(event)).value);
  assert_true(evc_evaluate_traced(c, event, trace).value);
  evc_event_clear(event);
  assert_int_equal(f.calls, calls);
  evc_event_free(event);
  evc_calculation_free(c);
  assert_int_equal(f.bytes, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(compiling_without_memory),
      cmocka_unit_test(wherever_the_memory_ends),
      cmocka_unit_test(a_short_calculation_is_one_allocation),
      cmocka_unit_test(compiling_without_a_report),
      cmocka_unit_test(formatting_without_memory),
      cmocka_unit_test(formatting_without_a_report),
      cmocka_unit_test(a_short_layout_is_one_allocation),
      cmocka_unit_test(printing_without_memory),
      cmocka_unit_test(reporting_an_outcome_without_memory),
      cmocka_unit_test(the_catalogue_without_memory),
      cmocka_unit_test(adding_types_without_memory),
      cmocka_unit_test(making_things_without_memory),
      cmocka_unit_test(evaluating_needs_no_memory),
  };
  return cmocka_run_group_tests(tests, schema_up, schema_down);
}
