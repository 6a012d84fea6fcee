/* Inputs that are made to hurt, at what is allowed and past it, through the public face: size,
** nesting, bytes that are no text, and JSON that is small to write and large to read. That each
** answer comes at all, and in seconds, is half of what is tested. */
#include "calculations.h"

#include "../../src/json/grammar.h"
#include "../../src/json/notifications.h"
#include "evcalc/endpoint.h"
#include "evcalc/json.h"

enum { MANY = 100000, MEGABYTE = 1 << 20 };

/* Everything as wide as it goes. */
static const evc_options wide = {.limits = {UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX}};

/* ---- Calculations --------------------------------------------------------------------------- */

/* The only diagnostic of the text, which is freed; its bytes are start and end, -1: it has none. */
static void has_one_error(void **state, char *text, size_t length, const evc_options *options,
                          evc_code code, long start, long end) {
  evc_report *report;
  assert_false(evc_validate(test_type(*state), text, length, options, &report));
  const evc_diagnostic *d = evc_report_at(report, 0);
  if (evc_report_count(report) != 1 || d->code != code)
    fail_msg("%.60s: %zu diagnostics, %s", text, evc_report_count(report),
             evc_report_message(report).data);
  assert_int_equal(d->has_span, start >= 0);
  if (start >= 0) assert_int_equal(d->start, start);
  if (start >= 0) assert_int_equal(d->end, end);
  evc_report_free(report);
  free(text);
}

/* The text, which is freed, is valid and gives that on an event without fields. */
static void gives(void **state, char *text, const evc_options *options, bool value) {
  const evc_event_type *type = test_type(*state);
  evc_report *report;
  evc_calculation *calculation = evc_compile(type, text, EVC_NUL_TERMINATED, options, &report);
  if (!calculation) fail_msg("%.60s: %s", text, evc_report_message(report).data);
  evc_event *event = evc_event_new(type, NULL);
  evc_outcome outcome = evc_evaluate(calculation, event);
  assert_int_equal(outcome.status, EVC_OK);
  assert_int_equal(outcome.value, value);
  evc_event_free(event);
  evc_calculation_free(calculation);
  evc_report_free(report);
  free(text);
}

static void text_of_a_megabyte(void **state) {
  /* At the limit and a byte past it; at the largest limit there is. */
  size_t rest = EVC_DEFAULT_TEXT_LIMIT - strlen("true");
  gives(state, repeated("true", " ", rest, ""), NULL, true);
  has_one_error(state, repeated("true", " ", rest + 1, ""), EVC_DEFAULT_TEXT_LIMIT + 1, NULL,
                EVC_CODE_TEXT_TOO_LONG, -1, 0);
  gives(state, repeated("true", " ", MEGABYTE, ""), &wide, true);
  gives(state, repeated("\"", "a", MEGABYTE, "\" == \"a\""), &wide, false);
  gives(state, repeated("0.", "0", MEGABYTE, "1 > 0"), &wide, false); /* rounds to 0 */
  size_t most = 16 << 20;
  has_one_error(state, repeated("true", " ", most, ""), EVC_NUL_TERMINATED, &wide,
                EVC_CODE_TEXT_TOO_LONG, -1, 0);
  has_one_error(state, repeated("", " ", MEGABYTE, ""), EVC_NUL_TERMINATED, &wide,
                EVC_CODE_CALCULATION_MISSING, -1, 0);
  has_one_error(state, repeated("new.", "a", MEGABYTE, " > 1"), EVC_NUL_TERMINATED, &wide,
                EVC_CODE_UNKNOWN_FIELD, 0, 4 + MEGABYTE);
  has_one_error(state, repeated("1 > ", "9", MEGABYTE, ""), EVC_NUL_TERMINATED, &wide,
                EVC_CODE_NUMBER_TOO_LARGE, 4, 4 + MEGABYTE);
  has_one_error(state, repeated("\"", "a", MEGABYTE, ""), EVC_NUL_TERMINATED, &wide,
                EVC_CODE_UNCLOSED_STRING, 0, 1 + MEGABYTE);
}

static void a_hundred_thousand_parentheses(void **state) {
  static const size_t limit = EVC_DEFAULT_DEPTH_LIMIT;
  char *inside = repeated("", "(", limit, "true");
  gives(state, repeated(inside, ")", limit, ""), NULL, true);
  free(inside);
  static const evc_options *const both[] = {NULL, &wide};
  for (size_t i = 0; i < 2; i++) {
    has_one_error(state, repeated("", "(", limit + 1, "true"), EVC_NUL_TERMINATED, both[i],
                  EVC_CODE_NESTING_TOO_DEEP, (long)limit, (long)limit + 1);
    has_one_error(state, repeated("", "((((", MANY / 8, "true"), EVC_NUL_TERMINATED, both[i],
                  EVC_CODE_NESTING_TOO_DEEP, (long)limit, (long)limit + 1);
  }
  has_one_error(state, repeated("", "(", MANY, "true"), EVC_NUL_TERMINATED, &wide,
                EVC_CODE_NESTING_TOO_DEEP, (long)limit, (long)limit + 1);
  has_one_error(state, repeated("1 > ", "-", MANY, "1"), EVC_NUL_TERMINATED, &wide,
                EVC_CODE_NESTING_TOO_DEEP, 4 + (long)limit, 5 + (long)limit);
  /* Closing ones are an error each, of which a report describes its hundred. */
  char *closing = repeated("true", ")", MANY, "");
  evc_report *report;
  assert_false(evc_validate(test_type(*state), closing, EVC_NUL_TERMINATED, &wide, &report));
  assert_int_equal(evc_report_errors(report), MANY);
  assert_int_equal(evc_report_count(report), EVC_REPORT_CAPACITY);
  assert_int_equal(evc_report_at(report, 0)->code, EVC_CODE_SURPLUS_PARENTHESIS);
  evc_report_free(report);
  free(closing);
}

static void a_hundred_thousand_terms(void **state) {
  /* Each + and its 1 are two nodes; with the first 1, the > and the 0 there are at most as many
  ** as the limit says. */
  size_t most = (EVC_DEFAULT_NODE_LIMIT - 3) / 2;
  gives(state, repeated("1", "+1", most, ">0"), NULL, true);
  long past = 1 + 2 * (long)most + 3; /* of one + more: the last 0 */
  has_one_error(state, repeated("1", "+1", most + 1, ">0"), EVC_NUL_TERMINATED, NULL,
                EVC_CODE_TOO_MANY_NODES, past, past + 1);
  gives(state, repeated("1", " + 1", MANY, " > 0"), &wide, true);
  gives(state, repeated("false", " OR new.vip", MANY, " == true"), &wide, false);
  gives(state, repeated("0 < Math.max(1", ", 1", MANY, ")"), &wide, true);
  gives(state, repeated("isnull(new.amount, 1)", " + isnull(new.amount, 1)", MANY, " > 1"), &wide,
        true);
  static const char call[] = "new.amount < Math.max(1";
  long last = (long)sizeof call - 2 + 3 * EVC_DEFAULT_ARGUMENT_LIMIT;
  has_one_error(state, repeated(call, ", 1", EVC_DEFAULT_ARGUMENT_LIMIT, ")"), EVC_NUL_TERMINATED,
                NULL, EVC_CODE_TOO_MANY_ARGUMENTS, last, last + 1);
}

/* A byte at every place of a calculation: in a name, a String, a number, an operator, between
** them. */
static void is_refused_everywhere(void **state, const char *bytes, size_t count, evc_code code) {
  static const char sound[] = "new.amount >= 5000 AND new.currency == \"USD\"";
  enum { LENGTH = sizeof sound - 1 };
  char text[LENGTH + 4];
  for (size_t at = 0; at <= LENGTH; at++) {
    memcpy(text, sound, at);
    memcpy(text + at, bytes, count);
    memcpy(text + at + count, sound + at, LENGTH - at);
    evc_report *report;
    bool valid = evc_validate(test_type(*state), text, LENGTH + count, NULL, &report), told = false;
    for (size_t i = 0; i < evc_report_count(report); i++) {
      const evc_diagnostic *d = evc_report_at(report, i);
      bool in_string =
          d->code == EVC_CODE_CONTROL_IN_STRING && code == EVC_CODE_UNEXPECTED_CHARACTER;
      told |= (d->code == code || in_string) && d->start <= at && d->end > at;
    }
    if (valid || !told) fail_msg("byte %#x at %zu", (unsigned char)bytes[0], at);
    evc_report_free(report);
  }
}

static void bytes_that_are_no_text(void **state) {
  is_refused_everywhere(state, "\0", 1, EVC_CODE_UNEXPECTED_CHARACTER);
  is_refused_everywhere(state, "\0\0", 2, EVC_CODE_UNEXPECTED_CHARACTER);
  for (int byte = 0x80; byte <= 0xFF; byte++) {
    char bytes[] = {(char)byte, (char)byte};
    is_refused_everywhere(state, bytes, 1, EVC_CODE_INVALID_UTF8);
    is_refused_everywhere(state, bytes, 2, EVC_CODE_INVALID_UTF8);
  }
  is_refused_everywhere(state, "\xC0\x80", 2, EVC_CODE_INVALID_UTF8);     /* overlong NUL */
  is_refused_everywhere(state, "\xED\xA0\x80", 3, EVC_CODE_INVALID_UTF8); /* half of a pair */
  /* All of them, from one of each to a megabyte of them. */
  char all[128];
  for (size_t i = 0; i < sizeof all; i++) all[i] = (char)(0x80 + i);
  for (size_t count = sizeof all; count <= MEGABYTE; count *= 32) {
    char *text = malloc(count);
    assert_non_null(text);
    for (size_t i = 0; i < count; i++) text[i] = all[i % sizeof all];
    evc_report *report;
    assert_false(evc_validate(test_type(*state), text, count, &wide, &report));
    for (size_t i = 0; i < evc_report_count(report); i++)
      assert_int_equal(evc_report_at(report, i)->code, EVC_CODE_INVALID_UTF8);
    assert_true(evc_report_errors(report) > 0);
    evc_report_free(report);
    free(text);
  }
}

/* ---- JSON ----------------------------------------------------------------------------------- */

/* Every reader of JSON on the same text. */
typedef enum document { FIELDS, EVENT, EVENTS, REQUEST, NOTIFICATIONS, READERS } document;

static evc_status read_fields(evc_text json, evc_report **report) {
  evc_schema *schema = evc_schema_new(NULL);
  evc_status status = evc_schema_read_json(schema, json.data, json.length, report);
  evc_schema_free(schema);
  return status;
}

static evc_status read_event(void **state, evc_text json, evc_report **report) {
  evc_event *event = evc_event_new(test_type(*state), NULL);
  evc_status status = evc_event_read_json(event, json.data, json.length, NULL, report);
  evc_event_free(event);
  return status;
}

/* The first failure, or EVC_OK. */
static evc_status read_events(evc_text json, evc_report **report) {
  evc_event_reader *reader = evc_event_reader_new(json.data, json.length, NULL);
  evc_event_head head;
  evc_status status;
  while ((status = evc_event_reader_next(reader, &head, report)) == EVC_OK) {
  }
  evc_event_reader_free(reader);
  return status == EVC_END ? EVC_OK : status;
}

static evc_status read_notifications(evc_text json, evc_report **report) {
  evc_notification_reader *reader = evc_notification_reader_new(json.data, json.length, NULL);
  evc_notification notification;
  evc_status status;
  while ((status = evc_notification_reader_next(reader, &notification, report)) == EVC_OK) {
  }
  evc_notification_reader_free(reader);
  return status == EVC_END ? EVC_OK : status;
}

static evc_status ask(void **state, evc_text json) {
  const evc_schema *schema = *state;
  evc_endpoint *endpoint = evc_endpoint_new(schema, NULL, EVC_SUCCESS_MEANS_VALID);
  evc_answer answer = evc_endpoint_evaluate(endpoint, json.data, json.length);
  size_t at;
  assert_int_equal(evc_json_check(answer.body, &at), EVC_JSON_SOUND);
  evc_status status = answer.http_status == 400 ? EVC_INVALID : EVC_OK;
  evc_endpoint_free(endpoint);
  return status;
}

static evc_status run_reader(void **state, document which, evc_text json, evc_report **report) {
  *report = NULL;
  switch (which) {
  case FIELDS: return read_fields(json, report);
  case EVENT: return read_event(state, json, report);
  case EVENTS: return read_events(json, report);
  case REQUEST: return ask(state, json);
  default: return read_notifications(json, report);
  }
}

/* No reader takes the text, which is freed. With `at` ≥ 0 those that look at all of it say
** where. */
static void no_reader_takes(void **state, char *text, size_t length, long at) {
  for (int which = 0; which < READERS; which++) {
    evc_report *report;
    evc_status status = run_reader(state, (document)which, (evc_text){text, length}, &report);
    if (status != EVC_INVALID) fail_msg("reader %d takes %.60s", which, text);
    const evc_diagnostic *d = evc_report_at(report, 0);
    if (d) assert_true(d->code == EVC_CODE_JSON_MALFORMED || d->code == EVC_CODE_JSON_SHAPE);
    if (d) assert_true(d->start <= length && d->end <= length);
    bool whole = which == FIELDS || which == NOTIFICATIONS;
    if (at >= 0 && whole) assert_int_equal(d->code, EVC_CODE_JSON_MALFORMED);
    if (at >= 0 && whole) assert_int_equal(d->start, at);
    evc_report_free(report);
  }
  free(text);
}

static void json_of_many_levels(void **state) {
  static const char *const openings[] = {"[", "{\"a\": ", "[{\"id\": "};
  static const size_t levels[] = {1, 1, 2}, lengths[] = {1, 6, 8};
  for (size_t i = 0; i < 3; i++) {
    /* The first bracket past the limit; in the last form it is the [ of a pair. */
    long past = (long)(EVC_JSON_DEPTH / levels[i] * lengths[i]);
    no_reader_takes(state, repeated("", openings[i], MANY, ""), lengths[i] * MANY, past);
    size_t few = EVC_JSON_DEPTH / levels[i];
    no_reader_takes(state, repeated("", openings[i], few, ""), lengths[i] * few, -1);
  }
  char *closing = repeated("[", "]", MANY, "");
  no_reader_takes(state, closing, MANY + 1, 2);
  /* In what an event's reader passes over, any depth will do, or none: it is not looked at. */
  char *opened = repeated("{\"new\": {\"amount\": 7}, \"x\": ", "[", MANY, "");
  char *text = repeated(opened, "]", MANY, "}");
  evc_event *event = evc_event_new(test_type(*state), NULL);
  assert_int_equal(evc_event_read_json(event, text, EVC_NUL_TERMINATED, NULL, NULL), EVC_OK);
  assert_true(evc_event_value(event, AMOUNT).as.number == 7);
  evc_event_free(event);
  free(opened);
  free(text);
}

/* The value of new.amount, or of another field, in an event. */
static evc_value value_in(void **state, char *text, size_t slot, evc_event *event) {
  (void)state;
  assert_int_equal(evc_event_read_json(event, text, EVC_NUL_TERMINATED, NULL, NULL), EVC_OK);
  free(text);
  return evc_event_value(event, slot);
}

static void json_of_long_numbers_and_strings(void **state) {
  enum { DIGITS = 10000 };
  evc_event *event = evc_event_new(test_type(*state), NULL);
  static const struct {
    const char *before, *part, *behind;
    size_t count;
    evc_kind kind;
    double number;
  } cases[] = {
      {"", "9", "", DIGITS, EVC_KIND_OVERFLOW, 0},
      {"-", "9", "", DIGITS, EVC_KIND_OVERFLOW, 0},
      {"1e", "9", "", DIGITS, EVC_KIND_OVERFLOW, 0},
      {"0.", "0", "1", DIGITS, EVC_KIND_NUMBER, 0},
      {"-0.", "0", "1", DIGITS, EVC_KIND_NUMBER, -0.0},
      {"1e-", "9", "", DIGITS, EVC_KIND_NUMBER, 0},
      {"0.", "3", "", DIGITS, EVC_KIND_NUMBER, 1.0 / 3},
      {"1.", "0", "", DIGITS, EVC_KIND_NUMBER, 1},
      {"0.", "0", "1e10001", DIGITS, EVC_KIND_NUMBER, 1},
      {"1", "0", "e-10000", DIGITS, EVC_KIND_NUMBER, 1},
      {"9007199254740993.", "0", "1", DIGITS, EVC_KIND_NUMBER,
       9007199254740994}, /* past the half */
      {"9007199254740993.", "0", "", DIGITS, EVC_KIND_NUMBER,
       9007199254740992}, /* the half: to even */
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char before[64];
    snprintf(before, sizeof before, "{\"new\": {\"amount\": %s", cases[i].before);
    char behind[64];
    snprintf(behind, sizeof behind, "%s}}", cases[i].behind);
    evc_value value =
        value_in(state, repeated(before, cases[i].part, cases[i].count, behind), AMOUNT, event);
    if (value.kind != cases[i].kind) fail_msg("case %zu: kind %d", i, value.kind);
    if (value.kind != EVC_KIND_NUMBER) continue;
    if (memcmp(&value.as.number, &cases[i].number, sizeof(double)) != 0)
      fail_msg("case %zu: %.17g", i, value.as.number);
  }
  evc_value text = value_in(state, repeated("{\"new\": {\"currency\": \"", "a", MEGABYTE, "\"}}"),
                            CURRENCY, event);
  assert_int_equal(text.length, MEGABYTE);
  text = value_in(state, repeated("{\"new\": {\"currency\": \"", "\\uD83D\\uDE00", MANY, "\"}}"),
                  CURRENCY, event);
  assert_int_equal(text.length, 4 * MANY);
  evc_event_free(event);
  no_reader_takes(state, repeated("{\"eventName\": \"", "\\uD83D", MANY, "\"}"), 17 + 6 * MANY, 15);
  no_reader_takes(state, repeated("{\"id\": \"", "\xFF", MANY, "\"}"), 10 + MANY, 8);
  no_reader_takes(state, repeated("{\"id\": \"", "a", MEGABYTE, ""), 8 + MEGABYTE, 7);
  no_reader_takes(state, repeated("{\"id\": \"", "a", MEGABYTE, "\\"), 9 + MEGABYTE, 7);
}

static void json_with_nul(void **state) {
  static const char *const texts[] = {"{\"eventName\": \"a\"}", "[]"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    size_t length = strlen(texts[i]);
    for (size_t at = 0; at <= length; at++) {
      char *text = malloc(length + 1);
      assert_non_null(text);
      memcpy(text, texts[i], at);
      text[at] = '\0';
      memcpy(text + at + 1, texts[i] + at, length - at);
      no_reader_takes(state, text, length + 1, (long)at);
    }
  }
}

/* A name that comes again and again: the last one counts, and each costs the same. */
static void json_that_repeats(void **state) {
  evc_event *event = evc_event_new(test_type(*state), NULL);
  evc_value value = value_in(state,
                             repeated("{", "\"new\": {\"amount\": 1, \"tags\": {\"a\": 1}}, ", MANY,
                                      "\"new\": {\"quantity\": 2}}"),
                             AMOUNT, event);
  assert_int_equal(value.kind, EVC_KIND_NULL);
  assert_int_equal(evc_event_value(event, TAGS).kind, EVC_KIND_NULL);
  assert_true(evc_event_value(event, QUANTITY).as.number == 2);
  value = value_in(state, repeated("{\"new\": {\"tags\": {", "\"a\": 1, ", MANY, "\"a\": 2}}}"),
                   TAGS, event);
  assert_int_equal(value.length, 1);
  assert_true(value.as.members[0].value.as.number == 2);
  evc_event_free(event);

  /* The same on a type of as many fields as names. */
  enum { FIELDS_ = 20000 };
  size_t size = 100 + FIELDS_ * 30, length;
  char *json = malloc(size);
  assert_non_null(json);
  length = (size_t)sprintf(json, "{\"events\": {\"t.wide\": {\"new.f\": \"double\"");
  for (int i = 0; i < FIELDS_; i++)
    length += (size_t)sprintf(json + length, ", \"new.f%d\": \"double\"", i);
  memcpy(json + length, "}}}", 3);
  evc_schema *schema = evc_schema_new(NULL);
  assert_int_equal(evc_schema_read_json(schema, json, length + 3, NULL), EVC_OK);
  free(json);
  event = evc_event_new(evc_schema_find(schema, "t.wide", 6), NULL);
  for (int i = 0; i < 2; i++) {
    const char *part = i ? "\"new\": {\"f1\": 1}, " : "\"new\": {}, ";
    value = value_in(state, repeated("{", part, MANY, "\"new\": {\"f\": 3}}"), 2, event);
    assert_int_equal(value.kind, EVC_KIND_NULL);
    assert_true(evc_event_value(event, 0).as.number == 3);
  }
  evc_event_free(event);
  evc_schema_free(schema);
}

/* So does a map of which a calculation wants many members. */
static void json_that_repeats_a_map(void **state) {
  enum { MEMBERS = 2000 };
  char *text = malloc(100 + MEMBERS * 30);
  assert_non_null(text);
  size_t length = (size_t)sprintf(text, "0");
  for (int i = 0; i < MEMBERS; i++)
    length += (size_t)sprintf(text + length, " + isnull(new.tags.k%d, 1)", i);
  sprintf(text + length, " == 3999");
  evc_calculation *calculation = compile(state, text, false);
  evc_event *event = evc_event_new(test_type(*state), NULL);
  char *json = repeated("{\"new\": {", "\"tags\": {}, ", 20000, "\"tags\": {\"k7\": 2001}}}");
  assert_int_equal(evc_event_read_json(event, json, EVC_NUL_TERMINATED, calculation, NULL), EVC_OK);
  evc_outcome outcome = evc_evaluate(calculation, event);
  assert_int_equal(outcome.status, EVC_OK);
  assert_false(outcome.value); /* 1,999 ones and 2,001 are 4,000 */
  evc_event_free(event);
  evc_calculation_free(calculation);
  free(json);
  free(text);
}

/* A file of notifications whose calculation is all escapes: every byte has its place. */
static void a_calculation_of_escapes(void **state) {
  (void)state;
  char *json = repeated("{\"eventName\": \"t.x\", \"calculation\": \"", "\\u00e4", MANY, "\"}");
  evc_notification_reader *reader = evc_notification_reader_new(json, EVC_NUL_TERMINATED, NULL);
  evc_notification n;
  assert_int_equal(evc_notification_reader_next(reader, &n, NULL), EVC_OK);
  assert_int_equal(n.calculation.length, 2 * MANY);
  size_t start = n.calculation_at.start + 1;
  assert_int_equal(evc_notification_offset(&n, 0), start);
  assert_int_equal(evc_notification_offset(&n, 2 * MANY - 1), start + 6 * (MANY - 1));
  assert_int_equal(evc_notification_offset(&n, 2 * MANY), start + 6 * MANY);
  evc_notification_reader_free(reader);
  free(json);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(text_of_a_megabyte),
      cmocka_unit_test(a_hundred_thousand_parentheses),
      cmocka_unit_test(a_hundred_thousand_terms),
      cmocka_unit_test(bytes_that_are_no_text),
      cmocka_unit_test(json_of_many_levels),
      cmocka_unit_test(json_of_long_numbers_and_strings),
      cmocka_unit_test(json_with_nul),
      cmocka_unit_test(json_that_repeats),
      cmocka_unit_test(json_that_repeats_a_map),
      cmocka_unit_test(a_calculation_of_escapes),
  };
  return cmocka_run_group_tests(tests, schema_up, schema_down);
}
