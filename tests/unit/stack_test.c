/* The stack that calls take, on the hardest texts there are, against what the headers say. A thread
** paints the stack it was given below its own frame, makes the call and looks how deep the paint was
** touched. Sanitizers and unoptimised code take more: there this is skipped. */
#define _GNU_SOURCE
#include <pthread.h>

#include "calculations.h"

#include "evcalc/columns.h"
#include "evcalc/format.h"
#include "evcalc/json.h"
#include "evcalc/record.h"
#include "families.h"

/* What the headers say, in bytes. */
enum {
  COMPILING = 44 * 1024,
  EVALUATING = 1024,
  ROUNDING = 5 * 1024,
  DEEP = 20 * 1024, /* on top of either */
  ON_COLUMNS = 10 * 1024,
  READING_JSON = 8 * 1024
};

enum { STACK = 512 * 1024, MARGIN = 256, PAINT = 0xA7 };

typedef struct measured {
  void (*call)(void *with);
  void *with;
  unsigned char *stack;
  size_t taken;
} measured;

static void *measure(void *argument) {
  measured *m = argument;
  volatile unsigned char *top = (volatile unsigned char *)__builtin_frame_address(0) - MARGIN;
  for (volatile unsigned char *at = m->stack; at < top; at++) *at = PAINT;
  m->call(m->with);
  volatile unsigned char *deepest = m->stack;
  while (deepest < top && *deepest == PAINT) deepest++;
  m->taken = (size_t)(top + MARGIN - deepest);
  return NULL;
}

/* The stack that a call takes; it has been made before, so that the linker has nothing to do in it. */
static size_t taken_by(void (*call)(void *), void *with) {
  pthread_attr_t attributes;
  pthread_t thread;
  measured m = {call, with, aligned_alloc(4096, STACK), 0};
  assert_non_null(m.stack);
  call(with);
  assert_int_equal(pthread_attr_init(&attributes), 0);
  assert_int_equal(pthread_attr_setstack(&attributes, m.stack, STACK), 0);
  assert_int_equal(pthread_create(&thread, &attributes, measure, &m), 0);
  assert_int_equal(pthread_join(thread, NULL), 0);
  pthread_attr_destroy(&attributes);
  free(m.stack);
  return m.taken;
}

static bool is_measured(void) {
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  return true;
#else
  skip();
  return false;
#endif
}

static void report_of(const char *what, size_t most, size_t allowed, const char *on) {
  printf("%s: at most %zu of %zu bytes, on %.40s\n", what, most, allowed, on);
  if (most > allowed) fail_msg("%s takes %zu bytes of stack", what, most);
}

/* Compiling and formatting */

enum { COMPILES, VALIDATES, FORMATS, WAYS };

typedef struct compiling {
  const evc_event_type *type;
  const char *text;
  int way; /* one of these */
} compiling;

static void compile_text(void *with) {
  const compiling *c = with;
  evc_options options = {.limits = {.text = 1 << 24, .nodes = 1 << 24}, .trace = true};
  evc_report *report;
  if (c->way == COMPILES)
    evc_calculation_free(evc_compile(c->type, c->text, EVC_NUL_TERMINATED, &options, &report));
  else if (c->way == VALIDATES)
    evc_validate(c->type, c->text, EVC_NUL_TERMINATED, &options, &report);
  else evc_formatted_free(evc_format(c->text, EVC_NUL_TERMINATED, NULL, &report));
  evc_report_free(report);
}

static void compiling_takes_44_kib(void **state) {
  if (!is_measured()) return;
  compiling c = {.type = test_type(*state)};
  size_t most = 0;
  const char *on = "";
  for (int way = COMPILES; way < WAYS; way++)
    for (size_t i = 0; i < FAMILY_COUNT; i++) {
      char *text = member_of_family(&families[i], 8000);
      c.text = text;
      c.way = way;
      size_t taken = taken_by(compile_text, &c);
      if (taken > most) on = families[i].name;
      if (taken > most) most = taken;
      free(text);
    }
  report_of("compiling or formatting", most, COMPILING, on);
  assert_true(most > 16 * 1024); /* the parser's stack is in it */
}

/* Evaluating */

typedef struct evaluating {
  const evc_calculation *calculation;
  const evc_event *event;
  evc_trace *trace;
  const evc_binding *binding; /* and `record`: where it is not NULL */
  const void *record;
} evaluating;

static void evaluate(void *with) {
  const evaluating *e = with;
  if (e->binding) evc_evaluate_record(e->binding, e->record);
  else if (e->trace) evc_evaluate_traced(e->calculation, e->event, e->trace);
  else evc_evaluate(e->calculation, e->event);
}

/* The same values in a struct. */
typedef struct record {
  double amount;
  uint32_t quantity;
  const char *currency, *tag;
} record;

static const evc_record_field record_fields[] = {
    {.path = {"new.amount", 10}, .kind = EVC_RECORD_NUMBER, .offset = offsetof(record, amount)},
    {.path = {"new.quantity", 12}, .kind = EVC_RECORD_UINT32, .offset = offsetof(record, quantity)},
    {.path = {"new.currency", 12},
     .kind = EVC_RECORD_NUL_TERMINATED,
     .offset = offsetof(record, currency)},
    {.path = {"new.tags.a", 10},
     .kind = EVC_RECORD_NUL_TERMINATED,
     .offset = offsetof(record, tag)},
};

static size_t taken_on_a_record(const evc_calculation *c, double amount) {
  record own = {amount, 3, "USD", NULL};
  evc_binding *binding =
      evc_binding_new(c, record_fields, sizeof record_fields / sizeof *record_fields, NULL);
  assert_non_null(binding);
  evaluating e = {.binding = binding, .record = &own};
  size_t taken = taken_by(evaluate, &e);
  evc_binding_free(binding);
  return taken;
}

static size_t taken_by_evaluating(void **state, const char *text, bool trace, double amount) {
  static evc_trace parts[4096];
  evc_calculation *c = compile(state, text, trace);
  evc_event *event = evc_event_new(test_type(*state), NULL);
  evc_event_set_number(event, AMOUNT, amount);
  evc_event_set_number(event, QUANTITY, 3);
  evc_event_set_string(event, CURRENCY, "USD", 3);
  assert_in_range(evc_calculation_part_count(c), 0, 4096);
  evaluating e = {.calculation = c, .event = event, .trace = trace ? parts : NULL};
  size_t taken = taken_by(evaluate, &e), on_record = trace ? 0 : taken_on_a_record(c, amount);
  if (on_record > taken) taken = on_record;
  evc_event_free(event);
  evc_calculation_free(c);
  return taken;
}

/* The most for any of these numbers. */
static size_t most_by_evaluating(void **state, const char *text, bool trace) {
  static const double amounts[] = {12.345, 1.7976931348623157e308, 5e-324, 123456789.005, 0.1};
  size_t most = 0;
  for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
    size_t taken = taken_by_evaluating(state, text, trace, amounts[i]);
    if (taken > most) most = taken;
  }
  return most;
}

static void evaluating_takes_1_kib_or_5(void **state) {
  if (!is_measured()) return;
  static const char *const texts[] = {
      "new.amount > 5 AND new.currency == \"USD\" OR new.tags.a == 1",
      "new.amount ^ 0.37 > new.amount % 1.7 OR IN(new.amount, 1, 2, new.quantity)",
      "new.amount + (new.amount + (new.amount + (new.amount + (new.amount + new.quantity)))) > 1",
  };
  static const char rounds[] =
      "Math.round(new.amount, 2) > Math.floor(new.amount, -3) + Math.ceil(new.amount, 17)";
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    report_of("evaluating", most_by_evaluating(state, texts[i], false), EVALUATING, texts[i]);
    report_of("traced", most_by_evaluating(state, texts[i], true), EVALUATING + DEEP, texts[i]);
  }
  report_of("rounding", most_by_evaluating(state, rounds, false), ROUNDING, rounds);
  report_of("traced", most_by_evaluating(state, rounds, true), ROUNDING + DEEP, rounds);
}

static void evaluating_deeply_takes_20_kib_more(void **state) {
  if (!is_measured()) return;
  char *behind = repeated("new.quantity", ")", 150, " > 1");
  char *deep = repeated("", "(new.amount + ", 150, behind);
  size_t taken = most_by_evaluating(state, deep, false);
  report_of("evaluating deeply", taken, EVALUATING + DEEP, deep);
  assert_true(taken > EVALUATING); /* it does take more registers */
  free(behind);
  free(deep);
}

static void evaluate_columns(void *with) {
  const evaluating *e = with;
  static double amounts[1000];
  static evc_text texts[1000];
  static uint64_t answers[16], errors[16];
  for (size_t i = 0; i < 1000; i++) amounts[i] = (double)i / 7;
  for (size_t i = 0; i < 1000; i++) texts[i] = text_of(i % 2 ? "USD" : "EUR");
  const evc_column columns[] = {{.kind = EVC_COLUMN_NUMBER, .values.numbers = amounts},
                                {.kind = EVC_COLUMN_STRING, .values.texts = texts}};
  void *workspace = malloc(evc_columns_workspace(e->calculation));
  assert_non_null(workspace);
  assert_int_equal(
      evc_evaluate_columns(e->calculation, columns, 2, 1000, workspace, answers, errors), EVC_OK);
  free(workspace);
}

static void columns_take_10_kib(void **state) {
  if (!is_measured()) return;
  static const char *const texts[] = {
      "new.amount > 5 AND new.currency == \"USD\"",
      "new.amount ^ 2 > new.amount % 3 OR new.currency != \"EUR\" AND -new.amount / 2 < 1",
      "(new.amount > 5 ? Math.max(new.amount, 1) : 3) == 3 OR new.currency == null",
      "IN(new.amount, 1, 2) AND isnull(new.currency, \"b\") == \"USD\"",
      "Math.round(new.amount + 0.005, 2) > 1 OR new.currency == \"USD\"",
  };
  size_t most = 0;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    evc_calculation *c = compile(state, texts[i], false);
    evaluating e = {.calculation = c};
    size_t taken = taken_by(evaluate_columns, &e);
    if (taken > most) most = taken;
    evc_calculation_free(c);
  }
  report_of("evaluating on columns", most, ON_COLUMNS, "");
}

/* JSON: nesting takes none, because nothing here calls itself. */

typedef struct reading {
  const evc_event_type *type;
  const char *text;
} reading;

static void read_json(void *with) {
  const reading *r = with;
  evc_schema *schema = evc_schema_new(NULL);
  evc_event *event = evc_event_new(r->type, NULL);
  evc_event_reader *reader = evc_event_reader_new(r->text, EVC_NUL_TERMINATED, NULL);
  evc_report *report;
  evc_event_head head;
  evc_schema_read_json(schema, r->text, EVC_NUL_TERMINATED, &report);
  evc_report_free(report);
  evc_event_read_json(event, r->text, EVC_NUL_TERMINATED, NULL, &report);
  evc_report_free(report);
  while (evc_event_reader_next(reader, &head, &report) != EVC_END) evc_report_free(report);
  evc_event_reader_free(reader);
  evc_event_free(event);
  evc_schema_free(schema);
}

static void reading_json_takes_8_kib(void **state) {
  if (!is_measured()) return;
  static const family documents[] = {
      {"a field list", "{\"events\": {\"t\": {\"new.a\": \"int\"", ", \"new.b\": \"odd\"", "}}}", ""},
      {"an event", "{\"new\": {\"tags\": {\"a\": 1", ", \"\\u0062c\": \"d\"", "}}}", ""},
      {"an array", "[{}", ", {\"id\": \"\\u0041\", \"new\": {\"amount\": 0.1e-7}}", "]", ""},
      {"levels of objects", "{\"new\": ", "{\"new\": ", "1", "}"},
      {"levels of arrays", "", "[", "", "]"},
      {"levels that open", "{\"new\": ", "[", "1", ""},
      {"lines", "", "{\"id\": tru}\n", "{}", ""},
      {"a long number", "{\"new\": {\"amount\": 0.", "12345678", "}}", ""},
  };
  size_t most = 0;
  const char *on = "";
  for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
    char *text = member_of_family(&documents[i], 8000);
    reading r = {test_type(*state), text};
    size_t taken = taken_by(read_json, &r);
    if (taken > most) on = documents[i].name;
    if (taken > most) most = taken;
    free(text);
  }
  report_of("reading JSON", most, READING_JSON, on);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(compiling_takes_44_kib),
      cmocka_unit_test(evaluating_takes_1_kib_or_5),
      cmocka_unit_test(evaluating_deeply_takes_20_kib_more),
      cmocka_unit_test(columns_take_10_kib),
      cmocka_unit_test(reading_json_takes_8_kib),
  };
  return cmocka_run_group_tests(tests, schema_up, schema_down);
}
