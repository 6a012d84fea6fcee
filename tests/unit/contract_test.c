/* What the headers allow and no other test does: no report, no options, no text, codes that are none,
** and the like. */
#include "calculations.h"

#include "evcalc/columns.h"
#include "evcalc/endpoint.h"
#include "evcalc/format.h"
#include "evcalc/json.h"

#include "../../src/base/distance.h"
#include "../../src/base/memory.h"
#include "../../src/base/text.h"
#include "../../src/base/utf8.h"
#include "../../src/json/grammar.h"
#include "../../src/json/notifications.h"
#include "../../src/json/write.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- Reports ---- */

static void codes_that_are_none(void **state) {
  (void)state;
  static const evc_code none[] = {EVC_CODE_NONE, EVC_CODE_END, (evc_code)(EVC_CODE_END + 1000)};
  for (size_t i = 0; i < COUNT(none); i++) {
    evc_code_set set = {{0}}, empty = {{0}};
    assert_null(evc_code_name(none[i]));
    assert_null(evc_code_title(none[i]));
    assert_int_equal(evc_code_severity(none[i]), EVC_ERROR);
    evc_code_set_add(&set, none[i]);
    assert_memory_equal(&set, &empty, sizeof set);
    assert_false(evc_code_set_has(&set, none[i]));
  }
}

static void no_report_at_all(void **state) {
  (void)state;
  assert_int_equal(evc_report_count(NULL), 0);
  assert_null(evc_report_at(NULL, 0));
  assert_int_equal(evc_report_errors(NULL), 0);
  assert_int_equal(evc_report_warnings(NULL), 0);
  assert_null(evc_report_message(NULL).data);
  evc_report_free(NULL);
}

static void nobody_wants_the_report(void **state) {
  const evc_event_type *type = test_type(*state);
  evc_calculation *c = evc_compile(type, "new.amount > 1", EVC_NUL_TERMINATED, NULL, NULL);
  assert_non_null(c);
  evc_calculation_free(c);
  assert_null(evc_compile(type, "new.amount >", EVC_NUL_TERMINATED, NULL, NULL));
  assert_true(evc_validate(type, "new.amount > 1", EVC_NUL_TERMINATED, NULL, NULL));
  assert_false(evc_validate(type, "new.amount >", EVC_NUL_TERMINATED, NULL, NULL));
  assert_null(evc_format("new.amount >", EVC_NUL_TERMINATED, NULL, NULL));
  evc_schema *schema = evc_schema_new(NULL);
  assert_int_equal(evc_schema_read_json(schema, "{", EVC_NUL_TERMINATED, NULL), EVC_INVALID);
  /* a word that is loaded with a warning */
  static const char longs[] = "{\"events\": {\"a\": {\"new.x\": \"long\"}}}";
  assert_int_equal(evc_schema_read_json(schema, longs, EVC_NUL_TERMINATED, NULL), EVC_OK);
  evc_schema_free(schema);
  evc_event *event = evc_event_new(type, NULL);
  assert_int_equal(evc_event_read_json(event, "[1]", EVC_NUL_TERMINATED, NULL, NULL), EVC_INVALID);
  assert_int_equal(evc_event_read_json(event, "{\"new\": {}}", EVC_NUL_TERMINATED, NULL, NULL), EVC_OK);
  evc_event_free(event);
  evc_event_reader *reader = evc_event_reader_new("{", EVC_NUL_TERMINATED, NULL);
  evc_event_head head;
  assert_int_equal(evc_event_reader_next(reader, &head, NULL), EVC_INVALID);
  evc_event_reader_free(reader);
}

static void no_text_at_all(void **state) {
  const evc_event_type *type = test_type(*state);
  evc_report *report;
  assert_null(evc_compile(type, NULL, 0, NULL, &report));
  assert_int_equal(evc_report_at(report, 0)->code, EVC_CODE_CALCULATION_MISSING);
  evc_report_free(report);
  evc_schema *schema = evc_schema_new(NULL);
  assert_int_equal(evc_schema_read_json(schema, NULL, 0, NULL), EVC_INVALID);
  assert_int_equal(evc_schema_read_json(schema, NULL, 0, &report), EVC_INVALID);
  assert_int_equal(evc_report_at(report, 0)->code, EVC_CODE_JSON_MALFORMED);
  evc_report_free(report);
  evc_endpoint *endpoint = evc_endpoint_new(schema, NULL, EVC_SUCCESS_MEANS_VALID);
  assert_int_equal(evc_endpoint_evaluate(endpoint, NULL, 0).http_status, 400);
  evc_endpoint_free(endpoint);
  evc_schema_free(schema);
  evc_event *event = evc_event_new(type, NULL);
  assert_int_equal(evc_event_read_json(event, NULL, 0, NULL, NULL), EVC_INVALID);
  evc_event_free(event);
  evc_event_reader *reader = evc_event_reader_new(NULL, 0, NULL);
  evc_event_head head;
  assert_int_equal(evc_event_reader_next(reader, &head, NULL), EVC_END);
  evc_event_reader_continue(reader, NULL, 0, 1);
  assert_int_equal(evc_event_reader_next(reader, &head, NULL), EVC_END);
  evc_event_reader_free(reader);
  evc_notification n;
  evc_notification_reader *notifications = evc_notification_reader_new(NULL, 0, NULL);
  assert_int_equal(evc_notification_reader_next(notifications, &n, NULL), EVC_INVALID);
  evc_notification_reader_free(notifications);
}

static char *written(const evc_report *report, const char *text, evc_style style) {
  char *out = NULL;
  size_t size = 0;
  FILE *file = open_memstream(&out, &size);
  assert_non_null(file);
  assert_int_equal(evc_report_print(report, text, EVC_NUL_TERMINATED, NULL, style, file), EVC_OK);
  fclose(file);
  return out;
}

/* A long line between two marks, which no mark touches, shows its beginning alone. */
static void a_long_line_between_marks(void **state) {
  char *text = repeated("(\n", "new.vip AND ", 40, "new.vip\n == 5)");
  evc_report *report;
  assert_null(evc_compile(test_type(*state), text, EVC_NUL_TERMINATED, NULL, &report));
  char *out = written(report, text, EVC_STYLE_CARET);
  assert_non_null(strstr(out, "2 | "));
  for (const char *at = out, *end; (end = strchr(at, '\n')); at = end + 1)
    assert_true(end - at < 240);
  free(out);
  evc_report_free(report);
  free(text);
}

static void lines_that_end_with_cr(void **state) {
  static const char text[] = "new.vip AND\rnew.amount >\r\n\"a\"\r";
  evc_report *report;
  assert_null(evc_compile(test_type(*state), text, EVC_NUL_TERMINATED, NULL, &report));
  assert_int_equal(evc_report_at(report, 0)->line, 2);
  char *out = written(report, text, EVC_STYLE_CARET);
  assert_non_null(strstr(out, "line 2, column 1"));
  assert_non_null(strstr(out, "3 | \"a\""));
  free(out);
  evc_report_free(report);
}

/* ---- Evaluating ---- */

static void an_event_of_another_type(void **state) {
  evc_schema *schema = *state;
  evc_report *report;
  static const evc_field fields[] = {{{"new.amount", 10}, {"double", 6}, EVC_TYPE_UNKNOWN}};
  evc_schema *other = evc_schema_new(NULL);
  assert_int_equal(evc_schema_add(other, "t.y", 3, EVC_LOADED, fields, 1, NULL), EVC_OK);
  evc_event *event = evc_event_new(evc_schema_find(other, "t.y", 3), NULL);
  evc_calculation *c = compile((void **)&schema, "new.amount > 1", false);
  static const char json[] = "{\"new\": {\"amount\": 2}}";
  assert_int_equal(evc_event_read_json(event, json, EVC_NUL_TERMINATED, c, &report), EVC_INVALID);
  assert_int_equal(evc_report_at(report, 0)->code, EVC_CODE_EVENT_TYPE_MISMATCH);
  assert_non_null(strstr(evc_report_message(report).data, "the event is of type t.y, not t.x"));
  evc_report_free(report);
  evc_calculation_free(c);
  evc_event_free(event);
  evc_schema_free(other);
}

/* An outcome that evc_evaluate does not give is told all the same. */
static void outcomes_that_nothing_gives(void **state) {
  evc_calculation *c = compile(state, "new.amount > 1", false);
  static const struct {
    uint8_t wanted, found;
    const char *told;
  } cases[] = {
      {EVC_KIND_NUMBER, EVC_KIND_STRING, "a Number"},  {EVC_KIND_NULL, EVC_KIND_BOOLEAN, "a String or a Number"},
      {EVC_KIND_ARRAY, EVC_KIND_ARRAY, "of another type"}, {EVC_KIND_END, EVC_KIND_END, "something else"},
      {255, 255, "of another type"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    evc_outcome outcome = {.status = EVC_EVALUATION,
                           .code = EVC_CODE_VALUE_KIND,
                           .wanted = cases[i].wanted,
                           .found = cases[i].found,
                           .start = 0,
                           .end = 10};
    evc_report *report = evc_outcome_report(c, outcome);
    const char *message = evc_report_message(report).data;
    if (!strstr(message, cases[i].told)) fail_msg("%zu: %s", i, message);
    evc_report_free(report);
  }
  evc_calculation_free(c);
}

/* ---- Names of Event types ---- */

static bool suggests(const char *const *known, const char *wanted, const char *meant) {
  evc_schema *schema = evc_schema_new(NULL);
  for (; *known; known++)
    assert_int_equal(evc_schema_add(schema, *known, EVC_NUL_TERMINATED, EVC_LOADED, NULL, 0, NULL), EVC_OK);
  evc_text names[4];
  size_t count = evc_schema_suggest(schema, wanted, EVC_NUL_TERMINATED, names, COUNT(names));
  bool found = false;
  for (size_t i = 0; i < count; i++) found |= text_is(names[i], meant);
  evc_schema_free(schema);
  return found;
}

static void names_that_are_related(void **state) {
  (void)state;
  static const char *const known[] = {"configuration.commitment.created", "billing.invoice.updated",
                                      "plain", "a.b", NULL};
  static const char right[] = "configuration.commitment.created";
  assert_true(suggests(known, "commitment.created", right));         /* the front left out */
  assert_true(suggests(known, "commitment", right));                 /* a part of it */
  assert_true(suggests(known, "configuration", right));              /* the first part */
  assert_true(suggests(known, "created", right));                    /* the last */
  assert_true(suggests(known, "accounting.commitment.created", right)); /* another service */
  assert_true(suggests(known, "configuration.commitment.archived", right));
  assert_false(suggests(known, "commit", right));  /* parts are whole */
  assert_false(suggests(known, "mitment", right));
  assert_false(suggests(known, "zzzzzzzzzzzz", right));
  assert_false(suggests(known, "zzzz.", right));
  assert_false(suggests(known, "", right));
  assert_false(suggests(known, ".", right));
}

/* ---- JSON ---- */

static void members_of_an_object(void **state) {
  (void)state;
  static const evc_text names[] = {{"ab", 2}, {"cd", 2}};
  evc_text values[2];
  assert_true(evc_json_members(text_of("{\"ab\": 1, \"cx\": 2, \"abc\": 3}"), names, values, 2));
  assert_true(text_is(values[0], "1") && !values[1].data);
  static const char *const others[] = {
      "{\"ab\" 1}", "{\"ab\"", "{\"a\\u0062\": 1}", "{\"ab\": [1]}", "{\"ab\": 1, \"ab\": 2}",
      "{\"ab\": 1", "{\"ab\": 1}}", "[1]", "", "{ab: 1}", "{", "{\"ab\": 1,",
  };
  for (size_t i = 0; i < COUNT(others); i++)
    assert_false(evc_json_members(text_of(others[i]), names, values, 2));
}

static void faults_at_their_edges(void **state) {
  (void)state;
  static const struct {
    const char *text;
    evc_json_fault fault;
  } cases[] = {
      {"# a", EVC_JSON_COMMENT},   {"{# a", EVC_JSON_COMMENT}, {"[`a`]", EVC_JSON_QUOTES},
      {"['a']", EVC_JSON_QUOTES},  {"[\"\\ud83d\\uE000\"]", EVC_JSON_SURROGATE},
      {"[\"\\ud83d\\n12345\"]", EVC_JSON_SURROGATE}, {"[\"\\ud83dx12345\"]", EVC_JSON_SURROGATE},
      {"[\"\\ud83d\\u004", EVC_JSON_SURROGATE},   {"[\"\\udbff\\udbff\"]", EVC_JSON_SURROGATE},
      {"[\"\\ud800\\udc00\\udbff\\udfff\\ud7ff\\ue000\"]", EVC_JSON_SOUND},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    size_t at;
    evc_json_fault fault = evc_json_check(text_of(cases[i].text), &at);
    if (fault != cases[i].fault) fail_msg("%s: %d", cases[i].text, (int)fault);
  }
}

static void notifications_of_odd_shapes(void **state) {
  (void)state;
  static const struct {
    const char *json;
    evc_status status;
  } cases[] = {
      {"\xEF\xBB\xBF  {\"calculation\": \"true\", \"eventName\": \"a\\\"b\"}", EVC_OK},
      {"{\"calculation\": true, \"eventName\": null}", EVC_OK},
      {"{\"data\": [{\"calculation\": 5}]}", EVC_OK},
      {"{\"data\": {}, \"data\": [{\"calculation\": [1]}]}", EVC_OK},
      {"{\"data\": [{}], \"data\": 5}", EVC_OK},
      {"{\"data\": [[1]]}", EVC_INVALID},
      {"{\"format_version\": \"1\", \"values\": {\"root_module\": {\"resources\": [{\"type\": 5, \"mode\": 1, \"address\": {}, \"values\": 5}]}}}", EVC_END},
      {"{\"format_version\": \"1\", \"values\": {\"root_module\": 5}}", EVC_END},
      {"{\"format_version\": \"1\", \"values\": 5}", EVC_END},
      {"{\"format_version\": \"1\"}", EVC_END},
      {"{\"planned_values\": {\"root_module\": {\"resources\": [{\"type\": \"m3ter_notification_configuration\", \"values\": {\"always_fire_event\": true, \"event_name\": \"a\"}}]}}}", EVC_OK},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    evc_notification n;
    evc_report *report;
    evc_notification_reader *reader =
        evc_notification_reader_new(cases[i].json, EVC_NUL_TERMINATED, NULL);
    evc_status status = evc_notification_reader_next(reader, &n, &report);
    if (status != cases[i].status)
      fail_msg("%s: %d, %s", cases[i].json, (int)status,
               report ? evc_report_message(report).data : "no report");
    evc_report_free(report);
    evc_notification_reader_free(reader);
  }
}

/* Several edits, labels and fixes stand with commas between them. */
static void diagnostics_of_several_parts(void **state) {
  evc_report *report;
  static const char text[] = "new.vip OR new.vip AND new.closed OR new.vip AND new.closed AND new.amount == \"a\"";
  assert_null(evc_compile(test_type(*state), text, EVC_NUL_TERMINATED, NULL, &report));
  evc_arena arena;
  evc_arena_init(&arena, NULL, NULL, 0);
  evc_builder out;
  evc_build_init(&out, &arena);
  evc_build_char(&out, '[');
  size_t edits = 0, labels = 0;
  for (size_t i = 0; i < evc_report_count(report); i++) {
    const evc_diagnostic *d = evc_report_at(report, i);
    if (i) evc_build_char(&out, ',');
    evc_json_build_diagnostic(&out, d, NULL);
    if (d->label_count > 1) labels++;
    for (size_t k = 0; k < d->fix_count; k++) edits += d->fixes[k].edit_count > 1;
  }
  evc_build_char(&out, ']');
  evc_text json = evc_build_end(&out);
  size_t at;
  assert_true(edits > 0 && labels > 0);
  assert_int_equal(evc_json_check(json, &at), EVC_JSON_SOUND);
  evc_arena_free(&arena);
  evc_report_free(report);
}

static void names_that_a_request_could_mean(void **state) {
  (void)state;
  static const char *const known[] = {"a.thing.created", "a.thing.createx", "a.thing.creates"};
  evc_schema *schema = evc_schema_new(NULL);
  static const char request[] = "{\"eventName\": \"a.thing.create\", \"calculation\": \"true\"}";
  static const char *const told[] = {"a.thing.created", "a.thing.created or a.thing.createx",
                                     "a.thing.created, a.thing.creates or a.thing.createx"};
  for (size_t i = 0; i < COUNT(known); i++) {
    assert_int_equal(
        evc_schema_add(schema, known[i], EVC_NUL_TERMINATED, EVC_LOADED, NULL, 0, NULL), EVC_OK);
    evc_endpoint *endpoint = evc_endpoint_new(schema, NULL, EVC_SUCCESS_MEANS_VALID);
    evc_answer answer = evc_endpoint_evaluate(endpoint, request, EVC_NUL_TERMINATED);
    assert_int_equal(answer.http_status, 404);
    if (!strstr(answer.body.data, told[i])) fail_msg("%s", answer.body.data);
    evc_endpoint_free(endpoint);
  }
  evc_schema_free(schema);
}

/* ---- Base ---- */

static void characters_that_are_not_shown(void **state) {
  (void)state;
  static const uint32_t unsafe[] = {0,      0x1F,   0x7F,   0x9F,   0xAD,   0x61C,  0x200B, 0x200F,
                                    0x2028, 0x202E, 0x2060, 0x206F, 0xFEFF, EVC_UTF8_INVALID};
  static const uint32_t safe[] = {0x20,   0x7E,   0xA0,   0xAC,   0xAE,   0x61B,  0x61D, 0x200A,
                                  0x2010, 0x2027, 0x202F, 0x205F, 0x2070, 0xFEFE, 0xFF00};
  for (size_t i = 0; i < COUNT(unsafe); i++) assert_true(evc_utf8_unsafe(unsafe[i]));
  for (size_t i = 0; i < COUNT(safe); i++) assert_false(evc_utf8_unsafe(safe[i]));
}

static void edges_of_base(void **state) {
  (void)state;
  size_t line, column;
  evc_utf8_position("a\r\nb\r", 5, 5, &line, &column, NULL);
  assert_true(line == 3 && column == 1);
  evc_utf8_position("a\r", 2, 2, &line, &column, NULL);
  assert_true(line == 2 && column == 1);
  static const char a[] = "0123456789abcdefg", b[] = "x123456789abcdefg";
  assert_true(evc_same_bytes(a, a, 17));
  assert_false(evc_same_bytes(a, b, 17));
  evc_allocator allocator = evc_allocator_of(NULL);
  void *memory = evc_allocate(&allocator, 8);
  memory = evc_reallocate(&allocator, memory, 8, 0); /* still a block of its own */
  assert_non_null(memory);
  evc_release(&allocator, memory, 0);
  char longest[EVC_DISTANCE_LONGEST + 1];
  memset(longest, 'a', sizeof longest);
  evc_text fits = {longest, EVC_DISTANCE_LONGEST}, over = {longest, EVC_DISTANCE_LONGEST + 1};
  assert_int_equal(evc_distance(fits, fits, 8), 0);
  assert_int_equal(evc_distance(fits, over, 8), 9);
  assert_int_equal(evc_distance(over, fits, 8), 9);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(codes_that_are_none),
      cmocka_unit_test(no_report_at_all),
      cmocka_unit_test(nobody_wants_the_report),
      cmocka_unit_test(no_text_at_all),
      cmocka_unit_test(a_long_line_between_marks),
      cmocka_unit_test(lines_that_end_with_cr),
      cmocka_unit_test(an_event_of_another_type),
      cmocka_unit_test(outcomes_that_nothing_gives),
      cmocka_unit_test(names_that_are_related),
      cmocka_unit_test(members_of_an_object),
      cmocka_unit_test(faults_at_their_edges),
      cmocka_unit_test(notifications_of_odd_shapes),
      cmocka_unit_test(diagnostics_of_several_parts),
      cmocka_unit_test(names_that_a_request_could_mean),
      cmocka_unit_test(characters_that_are_not_shown),
      cmocka_unit_test(edges_of_base),
  };
  return cmocka_run_group_tests(tests, schema_up, schema_down);
}
