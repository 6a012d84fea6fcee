/* What may be shared by threads is: one schema, one calculation, one binding, one report, one set of
** columns and the events of one endpoint, used by eight threads at a time, each with what is its own. The answers are
** those of one thread; the preset `tsan` looks for races. */
#define _XOPEN_SOURCE 700
#include <pthread.h>

#include "calculations.h"

#include "evcalc/columns.h"
#include "evcalc/endpoint.h"
#include "evcalc/json.h"
#include "evcalc/record.h"

enum { THREADS = 8, ROUNDS = 300, ROWS = 640, WORDS = ROWS / 64, MOST_PARTS = 64 };

static const char text[] =
    "(new.amount >= 500 AND new.currency == \"USD\" OR IN(new.quantity, 1, 2, 3) AND "
    "Math.round(new.amount / new.quantity, 2) > 1.5) AND isnull(new.vip, true) AND "
    "(new.tags.a == null OR new.tags.a != \"x\\u0041\")";

static const char wrong[] = "new.amuont > 1 && new.curency = 'a' OR new.vip + 1 > (2";

/* All that is shared; only read once the threads run. */
typedef struct shared {
  evc_schema *schema, *catalogue;
  const evc_event_type *type;
  evc_calculation *plain, *traced;
  evc_binding *binding;
  evc_report *report;
  char *report_text;
  evc_endpoint *endpoint;
  double amounts[ROWS], quantities[ROWS];
  evc_text currencies[ROWS];
  uint64_t vips[WORDS], answers[WORDS], errors[WORDS];
  pthread_barrier_t start;
} shared;

typedef struct worker {
  shared *with;
  unsigned number;
  const char *wrong; /* what went wrong, NULL: nothing */
} worker;

/* A program's own. */
typedef struct record {
  double amount;
  int32_t quantity;
  bool vip;
  evc_text currency;
  const char *tag;
} record;

static const evc_record_field record_fields[] = {
    {.path = {"new.amount", 10}, .kind = EVC_RECORD_NUMBER, .offset = offsetof(record, amount)},
    {.path = {"new.quantity", 12}, .kind = EVC_RECORD_INT32, .offset = offsetof(record, quantity)},
    {.path = {"new.vip", 7}, .kind = EVC_RECORD_BOOLEAN, .offset = offsetof(record, vip)},
    {.path = {"new.currency", 12},
     .kind = EVC_RECORD_STRING,
     .offset = offsetof(record, currency.data),
     .length_offset = offsetof(record, currency.length)},
    {.path = {"new.tags.a", 10},
     .kind = EVC_RECORD_NUL_TERMINATED,
     .offset = offsetof(record, tag)},
};

static void fill(const shared *s, evc_event *event, size_t row) {
  evc_event_clear(event);
  evc_event_set_number(event, AMOUNT, s->amounts[row]);
  evc_event_set_number(event, QUANTITY, s->quantities[row]);
  evc_event_set_string(event, CURRENCY, s->currencies[row].data, s->currencies[row].length);
  evc_event_set_boolean(event, VIP, s->vips[row / 64] >> (row % 64) & 1);
}

static char *printed(const evc_report *report, const char *source) {
  char *out = NULL;
  size_t size = 0;
  FILE *file = open_memstream(&out, &size);
  if (!file) return NULL;
  evc_report_print(report, source, EVC_NUL_TERMINATED, "name", EVC_STYLE_CARET, file);
  fclose(file);
  return out;
}

/* The columns, in the order of the calculation's references. */
static bool columns_of(const shared *s, evc_column *columns) {
  for (size_t i = 0; i < evc_calculation_reference_count(s->plain); i++) {
    evc_column *column = &columns[i];
    *column = (evc_column){.kind = EVC_COLUMN_NUMBER};
    switch (evc_calculation_reference(s->plain, i).slot) {
    case AMOUNT: column->values.numbers = s->amounts; break;
    case QUANTITY: column->values.numbers = s->quantities; break;
    case CURRENCY:
      column->kind = EVC_COLUMN_STRING;
      column->values.texts = s->currencies;
      break;
    case VIP:
      column->kind = EVC_COLUMN_BOOLEAN;
      column->values.bits = s->vips;
      break;
    case TAGS: {
      static const uint64_t all[WORDS] = {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX,
                                          UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX,
                                          UINT64_MAX, UINT64_MAX};
      column->kind = EVC_COLUMN_STRING;
      column->values.texts = s->currencies;
      column->nulls = all;
      break;
    }
    default: return false;
    }
  }
  return true;
}

/* What a thread does, each returning whether it was right. */

static bool evaluates(const shared *s, evc_event *event, size_t row) {
  evc_trace trace[MOST_PARTS];
  fill(s, event, row);
  record own = {s->amounts[row], (int32_t)s->quantities[row], s->vips[row / 64] >> (row % 64) & 1,
                s->currencies[row], NULL};
  evc_outcome outcomes[] = {evc_evaluate(s->plain, event), evc_evaluate_record(s->binding, &own),
                            evc_evaluate_values(s->plain, evc_event_values(event)),
                            evc_evaluate(s->traced, event),
                            evc_evaluate_traced(s->traced, event, trace)};
  bool failed = s->errors[row / 64] >> (row % 64) & 1, answer = s->answers[row / 64] >> (row % 64) & 1;
  for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++)
    if ((outcomes[i].status != EVC_OK) != failed || outcomes[i].value != answer) return false;
  evc_report *report = evc_outcome_report(s->plain, outcomes[0]);
  bool told = (report != NULL) == failed;
  evc_report_free(report);
  return told;
}

static bool evaluates_columns(const shared *s, void *workspace) {
  evc_column columns[8];
  uint64_t answers[WORDS], errors[WORDS];
  size_t count = evc_calculation_reference_count(s->plain);
  return count <= 8 && columns_of(s, columns) &&
         evc_evaluate_columns(s->plain, columns, count, ROWS, workspace, answers, errors) ==
             EVC_OK &&
         memcmp(answers, s->answers, sizeof answers) == 0 &&
         memcmp(errors, s->errors, sizeof errors) == 0;
}

static bool compiles(const shared *s) {
  evc_options options = {.schema = s->catalogue};
  evc_report *report;
  evc_calculation *c = evc_compile(s->type, text, EVC_NUL_TERMINATED, &options, &report);
  evc_report_free(report);
  bool right = c && evc_calculation_size(c) == evc_calculation_size(s->plain);
  evc_calculation_free(c);
  right &= !evc_validate(s->type, wrong, EVC_NUL_TERMINATED, &options, &report);
  char *again = printed(report, wrong), *same = printed(s->report, wrong);
  right &= again && same && strcmp(again, s->report_text) == 0 && strcmp(same, again) == 0;
  free(again);
  free(same);
  evc_report_free(report);
  evc_text names[3];
  right &= evc_schema_suggest(s->catalogue, "configuration.comitment.created", EVC_NUL_TERMINATED,
                              names, 3) > 0;
  return right && evc_schema_find(s->schema, "t.x", 3) == s->type;
}

static bool reads_json(const shared *s, evc_event *event, size_t row) {
  char json[300];
  /* Tenths, so that the locale has no say. */
  int tenths = (int)(s->amounts[row] * 10 + 0.5);
  snprintf(json, sizeof json,
           "{\"eventName\": \"t.x\", \"new\": {\"amount\": %d.%d, \"quantity\": %d, \"currency\": "
           "\"%.*s\", \"vip\": %s}}",
           tenths / 10, tenths % 10, (int)s->quantities[row], (int)s->currencies[row].length,
           s->currencies[row].data, s->vips[row / 64] >> (row % 64) & 1 ? "true" : "false");
  if (evc_event_read_json(event, json, EVC_NUL_TERMINATED, s->plain, NULL) != EVC_OK) return false;
  bool failed = s->errors[row / 64] >> (row % 64) & 1, answer = s->answers[row / 64] >> (row % 64) & 1;
  evc_outcome outcome = evc_evaluate(s->plain, event);
  return (outcome.status != EVC_OK) == failed && outcome.value == answer;
}

static bool answers(evc_endpoint *endpoint) {
  static const char request[] = "{\"eventId\": \"a\", \"calculation\": \"new.amount > 5\"}";
  evc_answer answer = evc_endpoint_evaluate(endpoint, request, EVC_NUL_TERMINATED);
  return answer.http_status == 200 && answer.evaluated && answer.value;
}

static void *work(void *argument) {
  worker *w = argument;
  const shared *s = w->with;
  evc_event *event = evc_event_new(s->type, NULL);
  evc_endpoint *endpoint = evc_endpoint_share(s->endpoint);
  void *workspace = malloc(evc_columns_workspace(s->plain));
  pthread_barrier_wait(&w->with->start);
  if (!event || !endpoint || !workspace) w->wrong = "no memory";
  for (unsigned i = 0; i < ROUNDS && !w->wrong; i++) {
    size_t row = (i * 7 + w->number * 31) % ROWS;
    if (!evaluates(s, event, row)) w->wrong = "evaluating";
    else if (!reads_json(s, event, row)) w->wrong = "reading JSON";
    else if (i % 8 == 0 && !evaluates_columns(s, workspace)) w->wrong = "evaluating on columns";
    else if (i % 8 == 0 && !compiles(s)) w->wrong = "compiling";
    else if (!answers(endpoint)) w->wrong = "the endpoint";
  }
  free(workspace);
  evc_endpoint_free(endpoint);
  evc_event_free(event);
  return NULL;
}

/* What is expected is what one thread gets, event by event. */
static void set_up(shared *s) {
  uint64_t seed = 3;
  s->schema = test_schema(NULL);
  s->catalogue = evc_schema_builtin(NULL);
  s->type = test_type(s->schema);
  evc_options options = {.schema = s->catalogue};
  s->plain = evc_compile(s->type, text, EVC_NUL_TERMINATED, &options, NULL);
  options.trace = true;
  s->traced = evc_compile(s->type, text, EVC_NUL_TERMINATED, &options, NULL);
  options.trace = false;
  assert_false(evc_validate(s->type, wrong, EVC_NUL_TERMINATED, &options, &s->report));
  s->report_text = printed(s->report, wrong);
  s->binding = evc_binding_new(s->plain, record_fields,
                               sizeof record_fields / sizeof *record_fields, NULL);
  assert_true(s->plain && s->traced && s->binding && s->report_text);
  assert_in_range(evc_calculation_part_count(s->traced), 1, MOST_PARTS);
  s->endpoint = evc_endpoint_new(s->schema, NULL, EVC_SUCCESS_MEANS_VALID);
  assert_int_equal(
      evc_endpoint_add_events(s->endpoint,
                              "{\"id\": \"a\", \"eventName\": \"t.x\", \"new\": {\"amount\": 6}}",
                              EVC_NUL_TERMINATED, NULL),
      EVC_OK);
  evc_event *event = evc_event_new(s->type, NULL);
  size_t failed = 0, fires = 0;
  for (size_t row = 0; row < ROWS; row++) {
    uint64_t bit = UINT64_C(1) << (row % 64);
    s->amounts[row] = (double)(next_random(&seed) % 8000) / 10;
    s->quantities[row] = (double)(next_random(&seed) % 5);
    s->currencies[row] = text_of(next_random(&seed) % 2 ? "USD" : "EUR");
    if (next_random(&seed) % 3) s->vips[row / 64] |= bit;
    fill(s, event, row);
    evc_outcome outcome = evc_evaluate(s->plain, event);
    if (outcome.value) s->answers[row / 64] |= bit;
    if (outcome.status != EVC_OK) s->errors[row / 64] |= bit;
    failed += outcome.status != EVC_OK;
    fires += outcome.value;
  }
  evc_event_free(event);
  assert_true(fires > 50 && failed < ROWS && fires < ROWS - 50);
}

static void tear_down(shared *s) {
  evc_endpoint_free(s->endpoint);
  free(s->report_text);
  evc_report_free(s->report);
  evc_binding_free(s->binding);
  evc_calculation_free(s->traced);
  evc_calculation_free(s->plain);
  evc_schema_free(s->catalogue);
  evc_schema_free(s->schema);
}

static void eight_threads(void **state) {
  (void)state;
  static shared s;
  worker workers[THREADS];
  pthread_t threads[THREADS];
  set_up(&s);
  assert_int_equal(pthread_barrier_init(&s.start, NULL, THREADS), 0);
  for (unsigned i = 0; i < THREADS; i++) {
    workers[i] = (worker){&s, i, NULL};
    assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
  }
  for (unsigned i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
  for (unsigned i = 0; i < THREADS; i++)
    if (workers[i].wrong) fail_msg("thread %u: %s", i, workers[i].wrong);
  pthread_barrier_destroy(&s.start);
  tear_down(&s);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(eight_threads)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
