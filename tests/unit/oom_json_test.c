/* Lack of memory in evcalc-json: as oom_test.c, and with simdjson's own allocations failing too. */
#include "calculations.h"

#include "evcalc/endpoint.h"
#include "evcalc/json.h"
#include "oom.h"

/* With a warning, a field that needs a map of its own, and names with escapes. */
static const char field_list[] =
    "{\"events\": {\"t.y\": {\"new.n\": \"double\", \"new.s\": \"string\", \"new.m\": \"map\", "
    "\"new.m.x\": \"long\", \"new.a.b.c\": \"double\", \"new.\\u00e9\": \"strange\", "
    "\"old.n\": \"double\"}, \"t.z\": {}}}";

static const char event_full[] =
    "{\"id\": \"a\\u0041\", \"eventName\": \"t.y\", \"m3terEvent\": {\"eventData\": {\"newDto\": "
    "{\"n\": 12.5, \"s\": \"\\n\", \"m\": {\"\\u0061\": \"b\", \"x\": 1, \"b\": null}, "
    "\"a\": {\"b\": {\"c\": 1}}}, \"oldDto\": {\"n\": 5}}}}";

static evc_schema *json_schema(void) {
  evc_schema *schema = test_schema(NULL);
  assert_int_equal(evc_schema_read_json(schema, field_list, EVC_NUL_TERMINATED, NULL), EVC_OK);
  return schema;
}

static const evc_event_type *json_type(const evc_schema *schema) {
  return evc_schema_find(schema, "t.y", 3);
}

static int up(void **state) {
  *state = json_schema();
  return *state ? 0 : -1;
}

/* NULL when memory ran out, else what is to be said of the call; the report is freed. */
static char *told(evc_status status, evc_report *report) {
  char *result = NULL;
  if (status == EVC_OUT_OF_MEMORY) {
    assert_true(is_out_of_memory(report));
  } else {
    evc_text message = evc_report_message(report);
    result = malloc(message.length + 100);
    assert_non_null(result);
    snprintf(result, message.length + 100, "%d, %zu warnings, %.*s", status,
             evc_report_warnings(report), (int)message.length, message.data ? message.data : "");
  }
  evc_report_free(report);
  return result;
}

/* Field lists */

static char *reading_fields(void **state, failing *f, const evc_allocator *allocator,
                            const void *with) {
  (void)state;
  pause_failing(f, true);
  evc_schema *schema = test_schema(allocator);
  pause_failing(f, false);
  evc_report *report;
  evc_status status = evc_schema_read_json(schema, with, EVC_NUL_TERMINATED, &report);
  pause_failing(f, true);
  assert_int_equal(evc_schema_count(schema) == 1, status != EVC_OK);
  char *result = told(status, report);
  /* The schema is as before, and takes the next list. */
  assert_int_equal(evc_event_type_slot(test_type(schema), "new.currency", 12), CURRENCY);
  assert_int_equal(evc_schema_read_json(schema, field_list, EVC_NUL_TERMINATED, NULL), EVC_OK);
  assert_int_equal(evc_event_type_field_count(json_type(schema)), 7);
  evc_schema_free(schema);
  return result;
}

static void fields_without_memory(void **state) {
  char *many = repeated("{\"events\": {\"t.q\": {\"new.first\": \"double\"",
                        ", \"new.\\u0061\": \"odd\"", 3000, "}}}");
  const char *const texts[] = {
      field_list,
      "{\"events\": [\"t.a\", \"t.\\u0062\", \"t.c\"]}",
      "{\"events\": {\"t.a\": {\"new.n\": 5}}}",
      "{\"events\": {\"t.a\": {\"new.n\": \"int\",}}}",
      "[]",
      many,
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    fails_cleanly(state, "evc_schema_read_json", reading_fields, texts[i], true, texts[i]);
  free(many);
}

static char *writing_a_type(void **state, failing *f, const evc_allocator *allocator,
                            const void *with) {
  (void)f;
  (void)with;
  evc_text json = evc_event_type_to_json(json_type(*state), allocator);
  char *result = json.data ? copy_of(json.data) : NULL;
  evc_json_free(json, allocator);
  return result;
}

static char *writing_a_schema(void **state, failing *f, const evc_allocator *allocator,
                              const void *with) {
  (void)f;
  (void)with;
  evc_text json = evc_schema_to_json(*state, allocator);
  char *result = json.data ? copy_of(json.data) : NULL;
  evc_json_free(json, allocator);
  return result;
}

static char *writing_an_event(void **state, failing *f, const evc_allocator *allocator,
                              const void *with) {
  (void)with;
  pause_failing(f, true);
  evc_event *event = evc_event_new(json_type(*state), allocator);
  assert_non_null(event);
  for (size_t i = 0; i < evc_event_type_field_count(json_type(*state)); i++)
    evc_event_set_number(event, i, (double)i + 0.5);
  pause_failing(f, false);
  evc_text json = evc_event_to_json(event, EVC_EVENT_FULL, allocator);
  char *result = json.data ? copy_of(json.data) : NULL;
  evc_json_free(json, allocator);
  evc_event_free(event);
  return result;
}

static char *writing_a_random_event(void **state, failing *f, const evc_allocator *allocator,
                                    const void *with) {
  (void)with;
  pause_failing(f, true);
  evc_event *event = evc_event_new(json_type(*state), allocator);
  evc_generator *generator = evc_generator_new(json_type(*state), 5, NULL, allocator);
  assert_non_null(event);
  assert_non_null(generator);
  pause_failing(f, false);
  evc_text json = evc_generate_event_json(generator, event, allocator);
  char *result = json.data ? copy_of(json.data) : NULL;
  evc_json_free(json, allocator);
  evc_event_free(event);
  evc_generator_free(generator);
  return result;
}

static void writing_without_memory(void **state) {
  fails_cleanly(state, "evc_event_to_json", writing_an_event, NULL, false, "");
  fails_cleanly(state, "evc_generate_event_json", writing_a_random_event, NULL, false, "");
  fails_cleanly(state, "evc_event_type_to_json", writing_a_type, NULL, false, "");
  fails_cleanly(state, "evc_schema_to_json", writing_a_schema, NULL, false, "");
}

/* Events */

static char *shown_values(const evc_event *event) {
  char text[1024] = "";
  size_t used = 0;
  for (size_t slot = 0; slot < evc_event_type_field_count(evc_event_type_of(event)); slot++) {
    evc_value value = evc_event_value(event, slot);
    used += (size_t)snprintf(text + used, sizeof text - used, "%s %g %u;",
                             evc_kind_name((evc_kind)value.kind),
                             value.kind == EVC_KIND_NUMBER ? value.as.number : 0, value.length);
  }
  return copy_of(text);
}

typedef struct event_source {
  const char *json, *calculation;
  bool again; /* the event was filled before */
} event_source;

static char *reading_an_event(void **state, failing *f, const evc_allocator *allocator,
                              const void *with) {
  const event_source *source = with;
  const evc_event_type *type = json_type(*state);
  pause_failing(f, true);
  evc_calculation *c =
      source->calculation
          ? evc_compile(type, source->calculation, EVC_NUL_TERMINATED, NULL, NULL)
          : NULL;
  assert_int_equal(c == NULL, source->calculation == NULL);
  evc_event *event = evc_event_new(type, allocator);
  if (source->again)
    assert_int_equal(evc_event_read_json(event, "{\"new\": {\"m\": {\"z\": 1}}}",
                                         EVC_NUL_TERMINATED, NULL, NULL),
                     EVC_OK);
  pause_failing(f, false);
  evc_report *report;
  evc_status status = evc_event_read_json(event, source->json, EVC_NUL_TERMINATED, c, &report);
  pause_failing(f, true);
  char *result = told(status, report), *values = shown_values(event);
  if (status == EVC_OK) {
    free(result);
    result = values;
  } else {
    for (size_t slot = 0; slot < evc_event_type_field_count(type); slot++)
      assert_int_equal(evc_event_value(event, slot).kind, EVC_KIND_NULL);
    free(values);
  }
  /* The event takes the next one. */
  assert_int_equal(evc_event_read_json(event, event_full, EVC_NUL_TERMINATED, NULL, NULL), EVC_OK);
  size_t slot = evc_event_type_slot(type, "new.n", 5);
  assert_true(evc_event_value(event, slot).as.number == 12.5);
  evc_event_free(event);
  evc_calculation_free(c);
  return result;
}

static void events_without_memory(void **state) {
  char *large = repeated("{\"new\": {\"m\": {\"first\": 1", ", \"\\u0061\": \"b\\n\"", 2000, "}}}");
  const event_source sources[] = {
      {event_full, NULL, false},
      {event_full, NULL, true},
      {event_full, "new.n > 1 AND new.m.a == \"b\"", false},
      {event_full, "new.n > 1 AND new.m.a == \"b\"", true},
      {"{\"new\": {\"s\": \"\\u00e9\", \"n\": 1e999}, \"old\": {}}", NULL, false},
      {"{\"new\": {\"s\": \"\\ud800\"}}", NULL, false},
      {"{\"new\": []}", NULL, false},
      {"{\"eventName\": \"t.x\"}", NULL, false},
      {"{", NULL, false},
      {large, NULL, false},
      {large, NULL, true},
  };
  for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
    fails_cleanly(state, "evc_event_read_json", reading_an_event, &sources[i], true,
                  sources[i].json);
  free(large);
}

/* Readers */

static char *making_a_reader(void **state, failing *f, const evc_allocator *allocator,
                             const void *with) {
  (void)state;
  (void)f;
  evc_event_reader *reader = evc_event_reader_new(with, EVC_NUL_TERMINATED, allocator);
  evc_event_reader_free(reader);
  return reader ? copy_of("made") : NULL;
}

static evc_event_target choose(void *context, evc_text name) {
  (void)name;
  return (evc_event_target){context, NULL};
}

/* All events of a text. After the first one that memory did not suffice for, the reader still comes
** to its end. */
static char *walking(void **state, failing *f, const evc_allocator *allocator, const char *json,
                     bool fills) {
  pause_failing(f, true);
  evc_event *event = evc_event_new(json_type(*state), allocator), *filled = NULL;
  evc_event_reader *reader = evc_event_reader_new(json, EVC_NUL_TERMINATED, allocator);
  assert_non_null(reader);
  char *all = copy_of("");
  evc_event_head head;
  evc_report *report;
  evc_status status;
  for (;;) {
    pause_failing(f, false);
    status = fills ? evc_event_reader_read(reader, choose, event, &head, &filled, &report)
                   : evc_event_reader_next(reader, &head, &report);
    pause_failing(f, true);
    if (status == EVC_END) break;
    char *one = told(status, report);
    if (!one) {
      while (evc_event_reader_next(reader, &head, NULL) != EVC_END) continue;
      free(all);
      all = NULL;
      break;
    }
    char *values = filled ? shown_values(filled) : copy_of("");
    size_t length = strlen(all), size = length + strlen(one) + strlen(values) + 200;
    all = realloc(all, size);
    snprintf(all + length, size - length, "%zu %.*s %s %s\n", head.line, (int)head.id.length,
             head.id.data ? head.id.data : "", one, values);
    free(values);
    free(one);
  }
  /* It takes another text. */
  evc_event_reader_continue(reader, "{\"id\": \"z\"}", EVC_NUL_TERMINATED, 1);
  assert_int_equal(evc_event_reader_next(reader, &head, NULL), EVC_OK);
  assert_memory_equal(head.id.data, "z", 1);
  evc_event_reader_free(reader);
  evc_event_free(event);
  return all;
}

static char *walking_over_heads(void **state, failing *f, const evc_allocator *allocator,
                                const void *with) {
  return walking(state, f, allocator, with, false);
}

static char *walking_and_filling(void **state, failing *f, const evc_allocator *allocator,
                                 const void *with) {
  return walking(state, f, allocator, with, true);
}

static void readers_without_memory(void **state) {
  char *lines = repeated("{\"id\": \"first\"}\n",
                         "{\"id\": \"\\u0061\", \"eventName\": \"t.y\", \"new\": {\"n\": 1, "
                         "\"s\": \"b\\n\", \"m\": {\"k\": \"v\"}}}\n",
                         5, "{\"id\": tru}\n[]\n{\"id\": \"last\", \"new\": {\"n\": 05}}");
  char *longer = repeated("{\"id\": \"a\"}\n{\"id\": \"b\", \"x\": [", "{}, ", 5000, "{}]}");
  const char *const texts[] = {
      event_full,
      "[{\"id\": \"a\\u0041\"}, {\"id\": \"b\", \"new\": {\"s\": \"\\n\"}}, {\"id\": tru}]",
      "{\"data\": [{\"id\": \"a\"}, {\"id\": \"b\"}], \"nextToken\": \"\\u0041\"}",
      "[5]",
      "[{\"id\": 5}]",
      lines,
      longer,
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    fails_cleanly(state, "evc_event_reader_new", making_a_reader, texts[i], false, texts[i]);
    fails_cleanly(state, "evc_event_reader_next", walking_over_heads, texts[i], true, texts[i]);
    fails_cleanly(state, "evc_event_reader_read", walking_and_filling, texts[i], true, texts[i]);
  }
  free(lines);
  free(longer);
}

/* The endpoint */

/* Is it our operator new that simdjson calls? */
static bool failing_new_works(void) {
  evc_event_reader *reader = evc_event_reader_new("{\"a\": {}}", EVC_NUL_TERMINATED, NULL);
  evc_event_head head;
  failing_new_from(1);
  evc_status status = evc_event_reader_next(reader, &head, NULL);
  failing_new_from(0);
  evc_event_reader_free(reader);
  return status == EVC_OUT_OF_MEMORY;
}

static const char known_events[] =
    "{\"id\": \"a\", \"eventName\": \"t.y\", \"new\": {\"n\": 10, \"s\": \"x\"}}\n"
    "{\"id\": \"\\u0062\", \"eventName\": \"t.y\", \"new\": {\"n\": 05}}";

static evc_endpoint *endpoint_of(void **state, const evc_allocator *allocator) {
  evc_options options = {.allocator = allocator};
  return evc_endpoint_new(*state, &options, EVC_SUCCESS_MEANS_TRUE);
}

static char *making_an_endpoint(void **state, failing *f, const evc_allocator *allocator,
                                const void *with) {
  (void)f;
  (void)with;
  evc_endpoint *endpoint = endpoint_of(state, allocator);
  evc_endpoint_free(endpoint);
  return endpoint ? copy_of("made") : NULL;
}

static char *sharing_an_endpoint(void **state, failing *f, const evc_allocator *allocator,
                                 const void *with) {
  (void)with;
  pause_failing(f, true);
  evc_endpoint *endpoint = endpoint_of(state, allocator);
  pause_failing(f, false);
  evc_endpoint *shared = evc_endpoint_share(endpoint);
  evc_endpoint_free(shared);
  evc_endpoint_free(endpoint);
  return shared ? copy_of("shared") : NULL;
}

static int status_for(evc_endpoint *endpoint, const char *id) {
  char request[100];
  snprintf(request, sizeof request, "{\"eventId\": \"%s\", \"calculation\": \"new.n > 5\"}", id);
  return evc_endpoint_evaluate(endpoint, request, EVC_NUL_TERMINATED).http_status;
}

static char *adding_events(void **state, failing *f, const evc_allocator *allocator,
                           const void *with) {
  pause_failing(f, true);
  evc_endpoint *endpoint = endpoint_of(state, allocator);
  static const char before[] = "{\"id\": \"before\", \"eventName\": \"t.y\"}";
  assert_int_equal(evc_endpoint_add_events(endpoint, before, EVC_NUL_TERMINATED, NULL), EVC_OK);
  pause_failing(f, false);
  evc_report *report;
  evc_status status = evc_endpoint_add_events(endpoint, with, EVC_NUL_TERMINATED, &report);
  pause_failing(f, true);
  char *result = told(status, report);
  assert_int_equal(status_for(endpoint, "before"), 200);
  assert_int_equal(status_for(endpoint, "a"), status == EVC_OK ? 200 : 404); /* all or none */
  assert_int_equal(evc_endpoint_add_events(endpoint, known_events, EVC_NUL_TERMINATED, NULL),
                   EVC_OK);
  assert_int_equal(status_for(endpoint, "b"), 200);
  evc_endpoint_free(endpoint);
  return result;
}

static char *answering(void **state, failing *f, const evc_allocator *allocator,
                       const void *with) {
  static const char good[] = "{\"eventId\": \"a\", \"calculation\": \"new.n > 5\"}";
  pause_failing(f, true);
  evc_endpoint *endpoint = endpoint_of(state, allocator);
  assert_int_equal(evc_endpoint_add_events(endpoint, known_events, EVC_NUL_TERMINATED, NULL),
                   EVC_OK);
  pause_failing(f, false);
  evc_answer answer = evc_endpoint_evaluate(endpoint, with, EVC_NUL_TERMINATED);
  pause_failing(f, true);
  assert_non_null(answer.body.data);
  char *result = NULL;
  if (answer.http_status == 500) {
    assert_false(answer.success || answer.evaluated);
  } else {
    result = malloc(answer.body.length + 100);
    assert_non_null(result);
    snprintf(result, answer.body.length + 100, "%d %d %d %d %.*s", answer.http_status,
             answer.success, answer.evaluated, answer.value, (int)answer.body.length,
             answer.body.data);
  }
  answer = evc_endpoint_evaluate(endpoint, good, EVC_NUL_TERMINATED);
  assert_true(answer.http_status == 200 && answer.evaluated && answer.value);
  evc_endpoint_free(endpoint);
  return result;
}

static void the_endpoint_without_memory(void **state) {
  char *many = repeated("{\"id\": \"a\", \"eventName\": \"t.y\"}\n",
                        "{\"id\": \"\\u0061b\", \"eventName\": \"t.y\", \"new\": {\"n\": 1}}\n", 30,
                        "{\"x\": 1}");
  const char *const events[] = {known_events, "{\"id\": \"x\"}\n{\"id\": 5}", "{", many};
  static const char *const requests[] = {
      "{\"eventId\": \"a\", \"calculation\": \"new.n > 5 AND new.s == \\\"x\\\"\"}",
      "{\"eventId\": \"b\", \"calculation\": \"new.n > 5\"}",
      "{\"eventId\": \"a\", \"calculation\": \"new.n / (new.n - 10) > 1\"}",
      "{\"eventId\": \"a\", \"calculation\": \"new.s == \\\"\\u00e9\\\"\", \"x\": {}}",
      "{\"eventName\": \"t.y\", \"calculation\": \"new.x > 5\"}",
      "{\"eventName\": \"t.y\", \"calculation\": \"new.n > 5\", \"x\": [{}]}",
      "{\"eventName\": \"t.y\"}",
      "{\"eventName\": \"t.yy\", \"calculation\": \"true\"}",
      "{\"eventName\": \"nothing.like.it\", \"calculation\": \"true\"}",
      "{\"eventId\": \"c\", \"calculation\": \"true\"}",
      "{\"eventName\": 5}",
      "{\"eventName\": {}}",
      "{}",
      "[]",
      "{",
  };
  assert_true(failing_new_works());
  fails_cleanly(state, "evc_endpoint_new", making_an_endpoint, NULL, false, "");
  fails_cleanly(state, "evc_endpoint_share", sharing_an_endpoint, NULL, false, "");
  for (size_t i = 0; i < sizeof events / sizeof *events; i++)
    fails_cleanly(state, "evc_endpoint_add_events", adding_events, events[i], true, events[i]);
  for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
    fails_cleanly(state, "evc_endpoint_evaluate", answering, requests[i], true, requests[i]);
  free(many);
}

/* The rest allocates nothing. */
static void freeing_needs_no_memory(void **state) {
  failing f = {0};
  evc_allocator allocator = failing_allocator(&f);
  evc_endpoint *endpoint = endpoint_of(state, &allocator);
  evc_event_reader *reader = evc_event_reader_new(known_events, EVC_NUL_TERMINATED, &allocator);
  evc_text json = evc_schema_to_json(*state, &allocator);
  ALLOCATES_NOTHING(&f, evc_event_reader_continue(reader, event_full, EVC_NUL_TERMINATED, 1));
  ALLOCATES_NOTHING(&f, evc_event_reader_free(reader));
  ALLOCATES_NOTHING(&f, evc_json_free(json, &allocator));
  ALLOCATES_NOTHING(&f, evc_endpoint_free(endpoint));
  assert_int_equal(f.bytes, 0);
}

static void no_function_was_forgotten(void **state) {
  (void)state;
  all_declared_were_tried(true);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(fields_without_memory),
      cmocka_unit_test(writing_without_memory),
      cmocka_unit_test(events_without_memory),
      cmocka_unit_test(readers_without_memory),
      cmocka_unit_test(the_endpoint_without_memory),
      cmocka_unit_test(freeing_needs_no_memory),
      cmocka_unit_test(no_function_was_forgotten),
  };
  return cmocka_run_group_tests(tests, up, schema_down);
}
