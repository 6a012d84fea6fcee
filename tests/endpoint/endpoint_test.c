/* The endpoint: the table of requests and answers (its path is the argument), the events that it
** keeps, and lack of memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "../unit/failing.h"
#include "evcalc/endpoint.h"
#include "evcalc/json.h"

/* ---- The table ---- */

typedef struct table {
  char *text;
  evc_schema *schema;
  evc_endpoint *endpoint; /* for the case at hand */
  char *events;           /* one a line */
  const char *name;
  evc_answer answer;
  bool pending, means_true;
  evc_options options;
} table;

static const char *table_path;

static char *read_whole(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) fail_msg("%s cannot be read", path);
  size_t size = 0, capacity = 1 << 20;
  char *text = malloc(capacity);
  assert_non_null(text);
  size = fread(text, 1, capacity - 1, file);
  assert_true(size > 0 && size < capacity - 1);
  text[size] = '\0';
  fclose(file);
  return text;
}

/* Does the text match a pattern in which * stands for any text? */
static bool matches(const char *pattern, const char *text, size_t length) {
  const char *end = text + length, *star = NULL, *from = NULL;
  while (text < end) {
    if (*pattern == '*') {
      star = pattern++;
      from = text;
    } else if (*pattern == *text) {
      pattern++;
      text++;
    } else if (star) {
      pattern = star + 1;
      text = ++from;
    } else {
      return false;
    }
  }
  while (*pattern == '*') pattern++;
  return *pattern == '\0';
}

/* Put the byte for each \xNN into the text; returns its length. */
static size_t unescape(char *text) {
  char *to = text;
  for (const char *at = text; *at;) {
    unsigned byte;
    if (at[0] == '\\' && at[1] == 'x' && sscanf(at + 2, "%2x", &byte) == 1) {
      *to++ = (char)byte;
      at += 4;
    } else {
      *to++ = *at++;
    }
  }
  *to = '\0';
  return (size_t)(to - text);
}

static void make_endpoint(table *t) {
  evc_endpoint_free(t->endpoint);
  t->endpoint = evc_endpoint_new(t->schema, &t->options,
                                 t->means_true ? EVC_SUCCESS_MEANS_TRUE : EVC_SUCCESS_MEANS_VALID);
  assert_non_null(t->endpoint);
  evc_report *report;
  evc_status status =
      evc_endpoint_add_events(t->endpoint, t->events, EVC_NUL_TERMINATED, &report);
  if (status != EVC_OK) fail_msg("%s", evc_report_message(report).data);
}

static const char *after(const char *line, const char *word) {
  size_t length = strlen(word);
  if (strncmp(line, word, length) != 0) return NULL;
  return line[length] == ' ' ? line + length + 1 : line[length] ? NULL : line + length;
}

static void begin_case(table *t, const char *name) {
  t->name = name;
  t->pending = t->means_true = false;
  t->options = (evc_options){.trace = false};
}

static void ask(table *t, const char *request) {
  char *text = malloc(strlen(request) + 1);
  assert_non_null(text);
  strcpy(text, request);
  size_t length = unescape(text);
  make_endpoint(t);
  /* Ask something else before and after: what is kept from one request must not show in another. */
  evc_endpoint_evaluate(t->endpoint, "{\"eventId\": \"five\", \"calculation\": \"new.n > 5\"}",
                        EVC_NUL_TERMINATED);
  t->answer = evc_endpoint_evaluate(t->endpoint, text, length);
  free(text);
  t->pending = true;
}

static void compare(table *t, const char *line) {
  char *body;
  long status = strtol(line, &body, 10);
  evc_text found = t->answer.body;
  if (!t->pending) fail_msg("%s: an answer without a request", t->name);
  if (t->answer.http_status != status || !matches(body + 1, found.data, found.length))
    fail_msg("%s:\n%d %s instead of\n%s", t->name, t->answer.http_status, found.data, line);
  assert_int_equal(t->answer.success, strncmp(found.data, "{\"success\": true", 16) == 0);
}

static void compare_value(const table *t, const char *word) {
  const char *found = !t->answer.evaluated ? "none" : t->answer.value ? "true" : "false";
  if (strcmp(found, word) != 0) fail_msg("%s: value %s", t->name, found);
}

static void take_line(table *t, char *line) {
  const char *rest;
  evc_report *report = NULL;
  if (line[0] == '#' || line[0] == '\0') return;
  if ((rest = after(line, "fields"))) {
    evc_status status = evc_schema_read_json(t->schema, rest, EVC_NUL_TERMINATED, &report);
    if (status != EVC_OK) fail_msg("%s", evc_report_message(report).data);
    evc_report_free(report);
  } else if ((rest = after(line, "event"))) {
    strcat(strcat(t->events, rest), "\n");
  } else if ((rest = after(line, "=="))) {
    begin_case(t, rest);
  } else if (strcmp(line, "means true") == 0) {
    t->means_true = true;
  } else if (strcmp(line, "deny warnings") == 0) {
    t->options.deny_warnings = true;
  } else if ((rest = after(line, "deny"))) {
    evc_code_set_add(&t->options.deny, evc_code_find(rest, EVC_NUL_TERMINATED));
  } else if ((rest = after(line, "request"))) {
    ask(t, rest);
  } else if ((rest = after(line, "value"))) {
    compare_value(t, rest);
  } else if (line[0] >= '1' && line[0] <= '9') {
    compare(t, line);
  } else {
    fail_msg("what is this? %s", line);
  }
}

static void requests_and_answers(void **state) {
  (void)state;
  table t = {.text = read_whole(table_path), .schema = evc_schema_builtin(NULL), .name = ""};
  t.events = calloc(1, strlen(t.text) + 1);
  assert_non_null(t.events);
  for (char *line = t.text; *line;) {
    char *end = strchr(line, '\n');
    if (!end) fail_msg("the last line has no line end");
    *end = '\0';
    take_line(&t, line);
    line = end + 1;
  }
  evc_endpoint_free(t.endpoint);
  evc_schema_free(t.schema);
  free(t.events);
  free(t.text);
}

/* ---- Events and memory ---- */

static const char test_fields[] =
    "{\"events\": {\"test.all\": {\"new.n\": \"double\", \"new.s\": \"string\"}}}";

static evc_schema *schema_of_test(const evc_allocator *allocator) {
  evc_schema *schema = evc_schema_new(allocator);
  if (schema && evc_schema_read_json(schema, test_fields, EVC_NUL_TERMINATED, NULL) != EVC_OK) {
    evc_schema_free(schema);
    schema = NULL;
  }
  return schema;
}

static int status_on(evc_endpoint *endpoint, const char *id) {
  char request[128];
  snprintf(request, sizeof request, "{\"eventId\": \"%s\", \"calculation\": \"new.n > 5\"}", id);
  return evc_endpoint_evaluate(endpoint, request, EVC_NUL_TERMINATED).http_status;
}

static bool value_on(evc_endpoint *endpoint, const char *id) {
  char request[128];
  snprintf(request, sizeof request, "{\"eventId\": \"%s\", \"calculation\": \"new.n > 5\"}", id);
  evc_answer answer = evc_endpoint_evaluate(endpoint, request, EVC_NUL_TERMINATED);
  assert_true(answer.evaluated);
  return answer.value;
}

static void a_later_event_replaces_an_earlier_one(void **state) {
  (void)state;
  evc_schema *schema = schema_of_test(NULL);
  evc_endpoint *endpoint = evc_endpoint_new(schema, NULL, EVC_SUCCESS_MEANS_VALID);
  char json[128];
  for (int i = 0; i < 100; i++) {
    snprintf(json, sizeof json,
             "[{\"id\": \"a\", \"eventName\": \"test.all\", \"new\": {\"n\": %d}}, "
             "{\"id\": \"b%d\"}]",
             i % 2 ? 10 : 1, i);
    assert_int_equal(evc_endpoint_add_events(endpoint, json, EVC_NUL_TERMINATED, NULL), EVC_OK);
    assert_int_equal(value_on(endpoint, "a"), i % 2);
  }
  static const char twice[] =
      "[{\"id\": \"a\", \"eventName\": \"test.all\"}, {\"id\": \"a\", \"eventName\": \"test.all\", "
      "\"new\": {\"n\": 10}}]";
  assert_int_equal(evc_endpoint_add_events(endpoint, twice, EVC_NUL_TERMINATED, NULL), EVC_OK);
  assert_true(value_on(endpoint, "a"));
  evc_endpoint_free(endpoint);
  evc_schema_free(schema);
  evc_endpoint_free(NULL);
}

static void events_are_added_all_or_none(void **state) {
  (void)state;
  evc_schema *schema = schema_of_test(NULL);
  evc_endpoint *endpoint = evc_endpoint_new(schema, NULL, EVC_SUCCESS_MEANS_VALID);
  static const char bad[] = "{\"id\": \"a\", \"eventName\": \"test.all\"}\n{\"id\": tru}\n"
                            "{\"id\": \"c\", \"eventName\": \"test.all\"}\n";
  evc_report *report;
  assert_int_equal(evc_endpoint_add_events(endpoint, bad, EVC_NUL_TERMINATED, &report),
                   EVC_INVALID);
  assert_int_equal(evc_report_at(report, 0)->line, 2);
  evc_report_free(report);
  assert_int_equal(evc_endpoint_add_events(endpoint, bad, EVC_NUL_TERMINATED, NULL), EVC_INVALID);
  assert_int_equal(status_on(endpoint, "a"), 404);
  assert_int_equal(status_on(endpoint, "c"), 404);
  assert_int_equal(evc_endpoint_add_events(endpoint, "", 0, &report), EVC_OK);
  assert_null(report);
  evc_endpoint_free(endpoint);
  evc_schema_free(schema);
}

/* The text given may go as soon as the call is over. */
static void events_are_copied(void **state) {
  (void)state;
  evc_schema *schema = schema_of_test(NULL);
  evc_endpoint *endpoint = evc_endpoint_new(schema, NULL, EVC_SUCCESS_MEANS_VALID);
  static const char text[] = "{\"id\": \"a\", \"eventName\": \"test.all\", \"new\": {\"n\": 10}}";
  char *copy = malloc(sizeof text);
  assert_non_null(copy);
  memcpy(copy, text, sizeof text);
  assert_int_equal(evc_endpoint_add_events(endpoint, copy, EVC_NUL_TERMINATED, NULL), EVC_OK);
  memset(copy, 0, sizeof text);
  free(copy);
  assert_true(value_on(endpoint, "a"));
  evc_endpoint_free(endpoint);
  evc_schema_free(schema);
}

static void a_request_need_not_end_with_nul(void **state) {
  (void)state;
  evc_schema *schema = schema_of_test(NULL);
  evc_endpoint *endpoint = evc_endpoint_new(schema, NULL, EVC_SUCCESS_MEANS_VALID);
  static const char text[] = "{\"eventName\": \"test.all\", \"calculation\": \"new.n > 5\"}";
  char *copy = malloc(sizeof text - 1);
  assert_non_null(copy);
  memcpy(copy, text, sizeof text - 1);
  assert_true(evc_endpoint_evaluate(endpoint, copy, sizeof text - 1).success);
  for (size_t length = 0; length < sizeof text - 1; length++)
    assert_int_equal(evc_endpoint_evaluate(endpoint, copy, length).http_status, 400);
  free(copy);
  assert_int_equal(evc_endpoint_evaluate(endpoint, NULL, 0).http_status, 400);
  evc_endpoint_free(endpoint);
  evc_schema_free(schema);
}

/* Every answer is whole or says that memory ran out, and the endpoint goes on working. */
static void every_allocation_may_fail(void **state) {
  (void)state;
  static const char events[] =
      "{\"id\": \"a\", \"eventName\": \"test.all\", \"new\": {\"n\": 10, \"s\": \"x\"}}\n"
      "{\"id\": \"b\", \"eventName\": \"test.all\", \"new\": {\"n\": 05}}";
  static const struct {
    const char *request;
    int status;
  } cases[] = {
      {"{\"eventId\": \"a\", \"calculation\": \"new.n > 5 AND new.s == \\\"x\\\"\"}", 200},
      {"{\"eventId\": \"b\", \"calculation\": \"new.n > 5\"}", 200},
      {"{\"eventId\": \"a\", \"calculation\": \"new.n / (new.n - 10) > 1\"}", 200},
      {"{\"eventName\": \"test.all\", \"calculation\": \"new.x > 5\"}", 200},
      {"{\"eventName\": \"test.all\"}", 200},
      {"{\"eventName\": \"test.al\", \"calculation\": \"true\"}", 404},
      {"{\"eventName\": 5}", 400},
      {"{", 400},
  };
  bool complete = false;
  for (size_t n = 1; !complete; n++) {
    assert_true(n < 2000);
    failing f = {0};
    evc_allocator allocator = failing_allocator(&f);
    evc_schema *schema = schema_of_test(NULL);
    f.fail_from = n;
    complete = true;
    evc_options options = {.allocator = &allocator};
    evc_endpoint *endpoint = evc_endpoint_new(schema, &options, EVC_SUCCESS_MEANS_VALID);
    if (!endpoint) complete = false;
    if (endpoint) {
      evc_report *report;
      evc_status status = evc_endpoint_add_events(endpoint, events, EVC_NUL_TERMINATED, &report);
      assert_true(status == EVC_OK || status == EVC_OUT_OF_MEMORY);
      if (status != EVC_OK) {
        complete = false;
        assert_int_equal(evc_report_at(report, 0)->code, EVC_CODE_OUT_OF_MEMORY);
      }
      evc_report_free(report);
      for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool known = status == EVC_OK || !strstr(cases[i].request, "eventId");
        evc_answer answer =
            evc_endpoint_evaluate(endpoint, cases[i].request, EVC_NUL_TERMINATED);
        assert_non_null(answer.body.data);
        if (answer.http_status == 500) complete = false;
        else assert_int_equal(answer.http_status, known ? cases[i].status : 404);
      }
      /* With memory again, everything is as if nothing had been. */
      f.fail_from = 0;
      if (status != EVC_OK)
        assert_int_equal(evc_endpoint_add_events(endpoint, events, EVC_NUL_TERMINATED, NULL),
                         EVC_OK);
      for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(
            evc_endpoint_evaluate(endpoint, cases[i].request, EVC_NUL_TERMINATED).http_status,
            cases[i].status);
      assert_true(value_on(endpoint, "a"));
    }
    evc_endpoint_free(endpoint);
    evc_schema_free(schema);
    assert_int_equal(f.bytes, 0);
    assert_false(f.mistaken);
  }
}

/* An endpoint for another thread knows the same events, and may have its own before them. */
static void events_are_shared(void **state) {
  (void)state;
  evc_schema *schema = schema_of_test(NULL);
  evc_endpoint *endpoint = evc_endpoint_new(schema, NULL, EVC_SUCCESS_MEANS_VALID);
  static const char events[] =
      "{\"id\": \"a\", \"eventName\": \"test.all\", \"new\": {\"n\": 10, \"s\": \"x\"}}";
  assert_int_equal(evc_endpoint_add_events(endpoint, events, EVC_NUL_TERMINATED, NULL), EVC_OK);
  evc_endpoint *shared = evc_endpoint_share(endpoint), *again = evc_endpoint_share(shared);
  evc_endpoint_free(shared);
  static const char known[] = "{\"eventId\": \"a\", \"calculation\": \"new.n > 5\"}";
  static const char unknown[] = "{\"eventId\": \"b\", \"calculation\": \"new.n > 5\"}";
  evc_answer answer = evc_endpoint_evaluate(again, known, EVC_NUL_TERMINATED);
  assert_true(answer.evaluated && answer.value);
  assert_int_equal(evc_endpoint_evaluate(again, unknown, EVC_NUL_TERMINATED).http_status, 404);
  evc_endpoint_free(again);
  evc_endpoint_free(endpoint);
  evc_schema_free(schema);
}

static void simdjson_without_memory(void **state) {
  (void)state;
  evc_schema *schema = schema_of_test(NULL);
  evc_endpoint *endpoint = evc_endpoint_new(schema, NULL, EVC_SUCCESS_MEANS_VALID);
  /* with an object in it, which simdjson is needed for */
  static const char request[] =
      "{\"eventName\": \"test.all\", \"calculation\": \"true\", \"x\": {}}";
  failing_new_from(1);
  assert_int_equal(evc_endpoint_evaluate(endpoint, request, EVC_NUL_TERMINATED).http_status, 500);
  failing_new_from(0);
  assert_int_equal(evc_endpoint_evaluate(endpoint, request, EVC_NUL_TERMINATED).http_status, 200);
  evc_endpoint_free(endpoint);
  evc_schema_free(schema);
}

int main(int argc, char **argv) {
  table_path = argc > 1 ? argv[1] : "requests.cases";
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(requests_and_answers),
      cmocka_unit_test(a_later_event_replaces_an_earlier_one),
      cmocka_unit_test(events_are_added_all_or_none),
      cmocka_unit_test(events_are_copied),
      cmocka_unit_test(a_request_need_not_end_with_nul),
      cmocka_unit_test(every_allocation_may_fail),
      cmocka_unit_test(simdjson_without_memory),
      cmocka_unit_test(events_are_shared),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
