/* Lack of memory while JSON is read: field lists, events and endpoints of more and more parts, so that
** each of their allocations comes to be the one that fails. The call says so and nothing leaks. */
#include "calculations.h"

#include "evcalc/endpoint.h"
#include "evcalc/json.h"
#include "failing.h"

/* `count` parts with their number for %zu, joined by commas, between two texts; free it. */
static char *listed(const char *before, const char *part, size_t count, const char *behind) {
  char *out = NULL;
  size_t size = 0;
  FILE *file = open_memstream(&out, &size);
  assert_non_null(file);
  fputs(before, file);
  for (size_t i = 0; i < count; i++) {
    const char *number = strchr(part, '#');
    fprintf(file, "%s%.*s%zu%s", i ? ", " : "", (int)(number - part), part, i, number + 1);
  }
  fputs(behind, file);
  fclose(file);
  return out;
}

static bool told(const evc_report *report) {
  return evc_report_count(report) == 1 && evc_report_at(report, 0)->code == EVC_CODE_OUT_OF_MEMORY;
}

typedef evc_status (*reading)(const char *json, const evc_allocator *allocator, evc_report **report);

static void fail_in_turn(const char *json, reading read) {
  for (size_t n = 1;; n++) {
    failing f = {.fail_from = n};
    evc_allocator allocator = failing_allocator(&f);
    evc_report *report = NULL;
    evc_status status = read(json, &allocator, &report);
    if (status == EVC_OUT_OF_MEMORY ? report && !told(report) : status != EVC_OK)
      fail_msg("%.60s, allocation %zu: %d", json, n, (int)status);
    evc_report_free(report);
    if (f.bytes != 0 || f.mistaken) fail_msg("%.60s, allocation %zu: leaks", json, n);
    if (f.calls < n) {
      assert_int_equal(status, EVC_OK);
      return;
    }
  }
}

static evc_status read_fields(const char *json, const evc_allocator *allocator,
                              evc_report **report) {
  evc_schema *schema = evc_schema_new(allocator);
  if (!schema) return EVC_OUT_OF_MEMORY;
  evc_status status = evc_schema_read_json(schema, json, EVC_NUL_TERMINATED, report);
  evc_schema_free(schema);
  return status;
}

static void field_lists(void **state) {
  (void)state;
  for (size_t count = 1; count < 70; count += 3) {
    char *fields = listed("{\"events\": {\"a\": {", "\"new.a_field_#\": \"double\"", count, "}}}");
    char *types = listed("{\"events\": {", "\"a.type_#\": {\"new.a\": \"string\"}", count, "}}");
    char *names = listed("{\"events\": [", "\"a.type\\u0041_#\"", count, "]}");
    fail_in_turn(fields, read_fields);
    fail_in_turn(types, read_fields);
    fail_in_turn(names, read_fields);
    free(fields);
    free(types);
    free(names);
  }
}

/* The type, made without failures, that the event is read against. */
static const evc_event_type *event_type;

static evc_status read_event(const char *json, const evc_allocator *allocator,
                             evc_report **report) {
  evc_event *event = evc_event_new(event_type, allocator);
  if (!event) return EVC_OUT_OF_MEMORY;
  evc_status status = evc_event_read_json(event, json, EVC_NUL_TERMINATED, NULL, report);
  evc_event_free(event);
  return status;
}

static void events(void **state) {
  (void)state;
  for (size_t count = 1; count < 70; count += 3) {
    char *fields = listed("{\"events\": {\"a\": {\"new.map\": \"map\", ",
                          "\"new.part_#.inner\": \"double\"", count, "}}}");
    evc_schema *schema = evc_schema_new(NULL);
    assert_int_equal(evc_schema_read_json(schema, fields, EVC_NUL_TERMINATED, NULL), EVC_OK);
    event_type = evc_schema_at(schema, 0);
    char *members = listed("{\"new\": {\"map\": {", "\"member_\\u0041#\": \"text\\n\"", count, "}}}");
    char *parts = listed("{\"new\": {", "\"part_#\": {\"inner\": 1}", count, "}}");
    fail_in_turn(members, read_event);
    fail_in_turn(parts, read_event);
    free(members);
    free(parts);
    evc_schema_free(schema);
    free(fields);
  }
}

static evc_status ask(const char *json, const evc_allocator *allocator, evc_report **report) {
  evc_options options = {.allocator = allocator};
  evc_schema *schema = test_schema(allocator);
  if (!schema) return EVC_OUT_OF_MEMORY;
  evc_endpoint *endpoint = evc_endpoint_new(schema, &options, EVC_SUCCESS_MEANS_TRUE), *shared = NULL;
  evc_status status = endpoint ? EVC_OK : EVC_OUT_OF_MEMORY;
  if (status == EVC_OK) status = evc_endpoint_add_events(endpoint, json, EVC_NUL_TERMINATED, report);
  if (status == EVC_OK) {
    shared = evc_endpoint_share(endpoint);
    evc_endpoint *again = shared ? evc_endpoint_share(shared) : NULL;
    if (!again) status = EVC_OUT_OF_MEMORY;
    static const char *const requests[] = {
        "{\"eventId\": \"0\", \"calculation\": \"new.amount > 1\"}",
        "{\"eventId\": \"0\", \"calculation\": \"1 / new.amount > 1 AND new.currency == \\\"\\\\u0041\\\"\"}",
        "{\"eventName\": \"t.x\", \"calculation\": \"new.amont > 1\"}",
        "{\"eventName\": \"t.z\", \"calculation\": \"\"}", "{\"eventId\": null}", "{",
    };
    for (size_t i = 0; again && i < sizeof requests / sizeof *requests; i++)
      if (evc_endpoint_evaluate(again, requests[i], EVC_NUL_TERMINATED).http_status == 500)
        status = EVC_OUT_OF_MEMORY;
    evc_endpoint_free(again);
  }
  evc_endpoint_free(shared);
  evc_endpoint_free(endpoint);
  evc_schema_free(schema);
  return status;
}

static void endpoints(void **state) {
  (void)state;
  for (size_t count = 1; count < 40; count += 3) {
    char *list = listed("[", "{\"id\": \"#\", \"eventName\": \"t.x\", \"new\": {\"amount\": 0}}", count, "]");
    fail_in_turn(list, ask);
    free(list);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(field_lists),
      cmocka_unit_test(events),
      cmocka_unit_test(endpoints),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
