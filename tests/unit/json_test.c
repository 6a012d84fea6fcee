/* JSON: the grammar, field lists, Notifications, and writing it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "../../src/base/text.h"
#include "../../src/json/grammar.h"
#include "../../src/json/notifications.h"
#include "../../src/json/write.h"
#include "json_support.h"

/* ---- The grammar ---- */

static void sound_documents(void **state) {
  (void)state;
  static const char *const cases[] = {
      "{}", "[]", " { } ", "\t[\r\n]\n", "1", "-0", "0.5", "1e5", "1E+05", "-12.50e-3", "\"\"",
      "\"a\"", "true", "false", "null", "\"\\u0041\\n\\\\\\/\\\"\"", "\"\\ud83d\\ude00\"",
      "[1, 2, 3]", "[[], {}, [{}]]", "{\"a\": {\"b\": [1, {\"c\": null}]}, \"a\": 2}",
      "\xEF\xBB\xBF{}", "\"größe 数量 😀 \x7F\"", "123456789012345678901234567890", "1e999",
      "{\"\": \"\"}", "[\"0123456789abcdef\", \"01234567890123456789\\t\"]",
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    size_t at;
    assert_int_equal(evc_json_check(text_of(cases[i]), &at), EVC_JSON_SOUND);
    assert_int_equal(at, strlen(cases[i]));
  }
}

static void faults_of_documents(void **state) {
  (void)state;
  static const struct {
    const char *text;
    evc_json_fault fault;
    size_t at;
  } cases[] = {
      {"", EVC_JSON_EMPTY, 0},
      {"  \n ", EVC_JSON_EMPTY, 4},
      {"\xEF\xBB\xBF", EVC_JSON_EMPTY, 3},
      {"{", EVC_JSON_END_IN_OBJECT, 1},
      {"{\"a\"", EVC_JSON_END_IN_OBJECT, 4},
      {"{\"a\":", EVC_JSON_END_IN_OBJECT, 5},
      {"{\"a\": 1", EVC_JSON_END_IN_OBJECT, 7},
      {"{\"a\": 1,", EVC_JSON_END_IN_OBJECT, 8},
      {"[", EVC_JSON_END_IN_ARRAY, 1},
      {"[1", EVC_JSON_END_IN_ARRAY, 2},
      {"[1,", EVC_JSON_END_IN_ARRAY, 3},
      {"[[]", EVC_JSON_END_IN_ARRAY, 3},
      {"[1 2]", EVC_JSON_COMMA_IN_ARRAY, 3},
      {"[1}", EVC_JSON_COMMA_IN_ARRAY, 2},
      {"{\"a\": 1 \"b\": 2}", EVC_JSON_COMMA_IN_OBJECT, 8},
      {"{\"a\": 1]", EVC_JSON_COMMA_IN_OBJECT, 7},
      {"{\"a\" 1}", EVC_JSON_COLON, 5},
      {"{\"a\"}", EVC_JSON_COLON, 4},
      {"{\"a\":}", EVC_JSON_VALUE, 5},
      {"{\"a\":,}", EVC_JSON_VALUE, 5},
      {"[,1]", EVC_JSON_VALUE, 1},
      {"[1,,2]", EVC_JSON_VALUE, 3},
      {"[1,]", EVC_JSON_TRAILING_COMMA, 3},
      {"{\"a\": 1, }", EVC_JSON_TRAILING_COMMA, 9},
      {"{a: 1}", EVC_JSON_KEY, 1},
      {"{1: 1}", EVC_JSON_KEY, 1},
      {"{,}", EVC_JSON_KEY, 1},
      {"{\"a\": 1, b: 2}", EVC_JSON_KEY, 9},
      {"{'a': 1}", EVC_JSON_QUOTES, 1},
      {"['a']", EVC_JSON_QUOTES, 1},
      {"[True]", EVC_JSON_WORD, 1},
      {"[nul]", EVC_JSON_WORD, 1},
      {"[nulll]", EVC_JSON_WORD, 1},
      {"[NaN]", EVC_JSON_WORD, 1},
      {"[undefined]", EVC_JSON_WORD, 1},
      {"[01]", EVC_JSON_NUMBER, 1},
      {"[1.]", EVC_JSON_NUMBER, 1},
      {"[.5]", EVC_JSON_NUMBER, 1},
      {"[+1]", EVC_JSON_NUMBER, 1},
      {"[-]", EVC_JSON_NUMBER, 1},
      {"[1e]", EVC_JSON_NUMBER, 1},
      {"[1e+]", EVC_JSON_NUMBER, 1},
      {"[1.5.5]", EVC_JSON_NUMBER, 1},
      {"[0x1F]", EVC_JSON_NUMBER, 1},
      {"[1_000]", EVC_JSON_NUMBER, 1},
      {"[-Infinity]", EVC_JSON_NUMBER, 1},
      {"[\"a", EVC_JSON_END_IN_STRING, 1},
      {"[\"a\\", EVC_JSON_END_IN_STRING, 1},
      {"[\"a\\\"", EVC_JSON_END_IN_STRING, 1},
      {"[\"0123456789", EVC_JSON_END_IN_STRING, 1},
      {"[\"a\nb\"]", EVC_JSON_CONTROL, 3},
      {"[\"a\tb\"]", EVC_JSON_CONTROL, 3},
      {"[\"01234567\x01\"]", EVC_JSON_CONTROL, 10},
      {"[\"\\x41\"]", EVC_JSON_ESCAPE, 2},
      {"[\"\\u12\"]", EVC_JSON_ESCAPE, 2},
      {"[\"\\u12G4\"]", EVC_JSON_ESCAPE, 2},
      {"[\"\\ud800\"]", EVC_JSON_SURROGATE, 2},
      {"[\"\\ud800\\u0041\"]", EVC_JSON_SURROGATE, 2},
      {"[\"\\udc00\\ud800\"]", EVC_JSON_SURROGATE, 2},
      {"[\"ab\xFF\"]", EVC_JSON_UTF8, 4},
      {"[\"\xC0\x80\"]", EVC_JSON_UTF8, 2},
      {"[\"\xED\xA0\x80\"]", EVC_JSON_UTF8, 2},
      {"[\xFF]", EVC_JSON_UTF8, 1},
      {"[/* a */ 1]", EVC_JSON_COMMENT, 1},
      {"{} // a", EVC_JSON_TRAILING, 3},
      {"{} {}", EVC_JSON_TRAILING, 3},
      {"{}}", EVC_JSON_TRAILING, 2},
      {"1 2", EVC_JSON_TRAILING, 2},
      {"\"a\"b", EVC_JSON_TRAILING, 3},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    size_t at;
    evc_json_fault fault = evc_json_check(text_of(cases[i].text), &at);
    if (fault != cases[i].fault || at != cases[i].at)
      fail_msg("%s: fault %d at %zu: %s", cases[i].text, (int)fault, at, evc_json_reason(fault));
  }
  size_t at;
  assert_int_equal(evc_json_check((evc_text){"[1\0]", 4}, &at), EVC_JSON_COMMA_IN_ARRAY);
  assert_int_equal(at, 2);
  assert_int_equal(evc_json_check((evc_text){"[\"\0\"]", 5}, &at), EVC_JSON_CONTROL);
}

/* A text must not be read past its end, wherever that is. */
static void every_beginning_of_a_document_is_faulty(void **state) {
  (void)state;
  static const char whole[] =
      "{\"a\\u0041\\\"b\": [1.5e+10, \"\\ud83d\\ude00 größe\", true, null]}";
  for (size_t length = 0; length + 1 < sizeof whole - 1; length++) {
    char *copy = malloc(length ? length : 1);
    assert_non_null(copy);
    memcpy(copy, whole, length);
    size_t at;
    assert_int_not_equal(evc_json_check((evc_text){copy, length}, &at), EVC_JSON_SOUND);
    assert_true(at <= length);
    free(copy);
  }
}

static void nesting(void **state) {
  (void)state;
  size_t at, depths[] = {EVC_JSON_DEPTH, EVC_JSON_DEPTH + 1, 100000};
  for (size_t i = 0; i < COUNT(depths); i++) {
    char *text = nested(depths[i]);
    evc_json_fault fault = evc_json_check(text_of(text), &at);
    assert_int_equal(fault, depths[i] > EVC_JSON_DEPTH ? EVC_JSON_NESTING : EVC_JSON_SOUND);
    if (fault) assert_int_equal(at, EVC_JSON_DEPTH);
    free(text);
  }
}

static void decoding_and_back(void **state) {
  (void)state;
  static const struct {
    const char *inside, *decoded;
  } cases[] = {
      {"", ""},           {"abc", "abc"},           {"a\\nb", "a\nb"},
      {"\\u0041", "A"},   {"\\u00e4x", "äx"},       {"\\u20ac", "€"},
      {"x\\ud83d\\ude00y", "x😀y"}, {"\\\"\\\\\\/", "\"\\/"}, {"\\b\\f\\r\\t", "\b\f\r\t"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    char out[64];
    size_t length;
    assert_true(evc_json_decode(text_of(cases[i].inside), out, &length));
    assert_int_equal(length, strlen(cases[i].decoded));
    assert_memory_equal(out, cases[i].decoded, length);
    assert_int_equal(evc_json_undecode(text_of(cases[i].inside), 0), 0);
    assert_int_equal(evc_json_undecode(text_of(cases[i].inside), length),
                     strlen(cases[i].inside));
  }
  evc_text inside = text_of("a\\nb\\ud83d\\ude00ä\\u00e4c");
  /* decoded: a LF b (4 bytes of 😀) (2 of ä) (2 of ä) c */
  static const size_t from[] = {0, 1, 3, 4, 4, 4, 4, 16, 17, 18, 18, 24, 25, 25};
  for (size_t i = 0; i < COUNT(from); i++)
    assert_int_equal(evc_json_undecode(inside, i), from[i]);
  evc_text cut = {"a\\u0041", 5}; /* what stands behind it is not read */
  assert_int_equal(evc_json_undecode(cut, 2), 1);
}

/* ---- Field lists ---- */

static void a_field_list(void **state) {
  (void)state;
  evc_schema *schema = evc_schema_new(NULL);
  static const char json[] = "\xEF\xBB\xBF{\"events\": {\"t.b\": {\"new.a\": \"double\",\n"
                             "\"new.\\u00e4\": \"string\"}, \"t.a\": {}}, \"other\": [1e999]}\n";
  evc_report *report;
  assert_int_equal(evc_schema_read_json(schema, json, EVC_NUL_TERMINATED, &report), EVC_OK);
  assert_null(report);
  assert_int_equal(evc_schema_count(schema), 2);
  const evc_event_type *type = evc_schema_find(schema, "t.b", 3);
  assert_int_equal(evc_event_type_provenance(type), EVC_LOADED);
  assert_int_equal(evc_event_type_field_count(type), 2);
  assert_int_equal(evc_event_type_slot(type, "new.ä", EVC_NUL_TERMINATED), 1);
  assert_int_equal(evc_event_type_field_count(evc_schema_find(schema, "t.a", 3)), 0);
  evc_schema_free(schema);
}

static void load_warnings_have_places(void **state) {
  (void)state;
  evc_schema *schema = evc_schema_new(NULL);
  static const char json[] = "{\"events\": {\"t.x\": {\n  \"new.a\": \"long\",\n"
                             "  \"new.b-c\": \"double\",\n  \"new.d\": \"bytes\"}}}";
  evc_report *report;
  assert_int_equal(evc_schema_read_json(schema, json, EVC_NUL_TERMINATED, &report), EVC_OK);
  assert_int_equal(evc_report_count(report), 3);
  static const evc_code codes[] = {EVC_CODE_TYPE_WORD_UNDOCUMENTED, EVC_CODE_FIELD_NOT_REFERABLE,
                                   EVC_CODE_TYPE_WORD_UNKNOWN};
  for (size_t i = 0; i < 3; i++) {
    const evc_diagnostic *diagnostic = evc_report_at(report, i);
    assert_int_equal(diagnostic->code, codes[i]);
    assert_int_equal(diagnostic->line, i + 2);
    assert_int_equal(diagnostic->column, 4);
    assert_int_equal(json[diagnostic->start - 1], '"');
    assert_int_equal(json[diagnostic->end], '"');
  }
  evc_report_free(report);
  assert_int_equal(evc_schema_read_json(schema, json, EVC_NUL_TERMINATED, NULL), EVC_OK);
  evc_schema_free(schema);
}

/* A place in the text is never empty. */
static void the_place_of_an_empty_name(void **state) {
  (void)state;
  evc_schema *schema = evc_schema_new(NULL);
  static const char json[] = "{\"events\": {\"t.x\": {\"\": \"double\"}}}";
  evc_report *report;
  assert_int_equal(evc_schema_read_json(schema, json, EVC_NUL_TERMINATED, &report), EVC_OK);
  assert_int_equal(evc_report_count(report), 1);
  const evc_diagnostic *diagnostic = evc_report_at(report, 0);
  assert_int_equal(diagnostic->code, EVC_CODE_FIELD_NOT_REFERABLE);
  assert_string_equal(json + diagnostic->start, "\": \"double\"}}}");
  assert_int_equal(diagnostic->end, diagnostic->start + 1);
  evc_report_free(report);
  evc_schema_free(schema);
}

static void a_list_of_event_types(void **state) {
  (void)state;
  evc_schema *schema = schema_from("{\"events\": {\"t.a\": {\"new.x\": \"int\"}}}");
  evc_report *report;
  static const char json[] = "{\"events\": [\"t.b\", \"t.a\", \"t.b\"]}";
  assert_int_equal(evc_schema_read_json(schema, json, EVC_NUL_TERMINATED, &report), EVC_OK);
  assert_null(report);
  assert_int_equal(evc_schema_count(schema), 2);
  assert_int_equal(evc_event_type_field_count(evc_schema_find(schema, "t.a", 3)), 1);
  const evc_event_type *type = evc_schema_find(schema, "t.b", 3);
  assert_int_equal(evc_event_type_provenance(type), EVC_NAME_ONLY);
  assert_int_equal(evc_event_type_field_count(type), 0);
  evc_schema_free(schema);
}

static void members_given_twice(void **state) {
  (void)state;
  evc_schema *schema = schema_from(
      "{\"events\": {\"t.gone\": {\"new.x\": \"bytes\"}},"
      " \"events\": {\"t.a\": {\"new.x\": \"int\"}, \"t.a\": {\"new.y\": \"int\"}}}");
  assert_int_equal(evc_schema_count(schema), 1);
  const evc_event_type *type = evc_schema_find(schema, "t.a", 3);
  assert_int_equal(evc_event_type_slot(type, "new.x", 5), EVC_NO_SLOT);
  assert_int_equal(evc_event_type_slot(type, "new.y", 5), 0);
  evc_schema_free(schema);
}

static void field_lists_that_are_wrong(void **state) {
  (void)state;
  static const struct {
    const char *json;
    evc_code code;
    size_t line, column;
    const char *part;
  } cases[] = {
      {"", EVC_CODE_JSON_MALFORMED, 1, 1, "there is no text"},
      {"nonsense", EVC_CODE_JSON_MALFORMED, 1, 1, "a value is missing"},
      {"{\"events\": {\"t\": {\"a\": \"int\"}}", EVC_CODE_JSON_MALFORMED, 1, 31, "inside an"},
      {"{\"events\": {}} x", EVC_CODE_JSON_MALFORMED, 1, 16, "more text"},
      {"{\"events\": {}, \"x\": [1,]}", EVC_CODE_JSON_MALFORMED, 1, 24, "a comma stands"},
      {"{\"events\": {},\n \"ä\": tru}", EVC_CODE_JSON_MALFORMED, 2, 7, "true, false and null"},
      {"5", EVC_CODE_JSON_SHAPE, 1, 1, "no field list"},
      {"[]", EVC_CODE_JSON_SHAPE, 1, 1, "no field list"},
      {"{}", EVC_CODE_JSON_SHAPE, 1, 1, "no \"events\""},
      {"{\"Events\": {}}", EVC_CODE_JSON_SHAPE, 1, 1, "no \"events\""},
      {"{\"events\": null}", EVC_CODE_JSON_SHAPE, 1, 12, "\"events\" is null"},
      {"{\"events\": 5}", EVC_CODE_JSON_SHAPE, 1, 12, "\"events\" is a number"},
      {"{\"events\": {\"t.x\": []}}", EVC_CODE_JSON_SHAPE, 1, 20, "list of 't.x' is an array"},
      {"{\"events\": {\"t\":\n{\"new.a\": 1}}}", EVC_CODE_JSON_SHAPE, 2, 11,
       "the field 'new.a' is a number"},
      {"{\"events\": {\"t\": {\"new.a\": null}}}", EVC_CODE_JSON_SHAPE, 1, 28, "is null"},
      {"{\"events\": [\"t\", 5]}", EVC_CODE_JSON_SHAPE, 1, 18, "an Event type is a number"},
      {"{\"events\": [\"t\", {}]}", EVC_CODE_JSON_SHAPE, 1, 18, "is an object"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    evc_schema *schema = schema_from("{\"events\": [\"before\"]}");
    evc_report *report;
    assert_int_equal(evc_schema_read_json(schema, cases[i].json, EVC_NUL_TERMINATED, &report),
                     EVC_INVALID);
    assert_int_equal(evc_report_count(report), 1);
    const evc_diagnostic *diagnostic = evc_report_at(report, 0);
    assert_int_equal(diagnostic->code, cases[i].code);
    if (!strstr(message_of(report), cases[i].part) || diagnostic->line != cases[i].line ||
        diagnostic->column != cases[i].column)
      fail_msg("%s: %s", cases[i].json, message_of(report));
    assert_int_equal(evc_schema_count(schema), 1);
    evc_report_free(report);
    assert_int_equal(evc_schema_read_json(schema, cases[i].json, EVC_NUL_TERMINATED, NULL),
                     EVC_INVALID);
    evc_schema_free(schema);
  }
}

static void the_schema_as_json(void **state) {
  (void)state;
  static const char json[] =
      "{\"events\": {\"t.a\": {\"new.x\": \"int\", \"new.\\\"ä\\n\": \"odd\"}}}";
  evc_schema *schema = schema_from(json);
  evc_text one = evc_event_type_to_json(evc_schema_at(schema, 0), NULL);
  assert_string_equal(one.data, json);
  assert_int_equal(one.length, sizeof json - 1);
  evc_json_free(one, NULL);
  evc_report *report;
  assert_int_equal(evc_schema_read_json(schema, "{\"events\": [\"t.c\", \"t.b\"]}", 26, &report),
                   EVC_OK);
  evc_text all = evc_schema_to_json(schema, NULL);
  assert_string_equal(all.data, "{\"events\": [\"t.a\", \"t.b\", \"t.c\"]}");
  evc_json_free(all, NULL);
  evc_json_free((evc_text){NULL, 0}, NULL);
  evc_text none = evc_event_type_to_json(evc_schema_at(schema, 1), NULL);
  assert_string_equal(none.data, "{\"events\": {\"t.b\": {}}}");
  evc_json_free(none, NULL);
  evc_schema_free(schema);
}

/* What is written is read back as the same. */
static void the_catalogue_as_json(void **state) {
  (void)state;
  evc_schema *schema = evc_schema_builtin(NULL);
  for (size_t i = 0; i < evc_schema_count(schema); i++) {
    const evc_event_type *type = evc_schema_at(schema, i);
    evc_text json = evc_event_type_to_json(type, NULL);
    evc_schema *back = schema_from(json.data);
    const evc_event_type *copy = evc_schema_at(back, 0);
    assert_int_equal(evc_event_type_field_count(copy), evc_event_type_field_count(type));
    for (size_t slot = 0; slot < evc_event_type_field_count(type); slot++)
      assert_string_equal(evc_event_type_field(copy, slot)->path.data,
                          evc_event_type_field(type, slot)->path.data);
    evc_json_free(json, NULL);
    evc_schema_free(back);
  }
  evc_schema_free(schema);
}

/* ---- Notifications ---- */

static void notifications(void **state) {
  (void)state;
  static const char text[] =
      "[{\"name\": \"N\", \"code\": \"c\", \"eventName\": \"t.x\","
      " \"calculation\": \"a\\n\\u0022b\"},\n"
      " {\"alwaysFireEvent\": true, \"calculation\": null},\n"
      " {\"calculation\": 5, \"alwaysFireEvent\": false}, "
      "{\"eventName\": \"behind\", \"name\": 5},\n 7,\n"
      " {\"eventName\": \"last\", \"calculation\": \"\"}]";
  evc_notification_reader *reader = evc_notification_reader_new(text, EVC_NUL_TERMINATED, NULL);
  evc_notification n;
  evc_report *report;
  assert_int_equal(evc_notification_reader_next(reader, &n, &report), EVC_OK);
  assert_null(report);
  assert_string_equal(n.name.data, "N");
  assert_string_equal(n.code.data, "c");
  assert_string_equal(n.event_name.data, "t.x");
  assert_string_equal(n.calculation.data, "a\n\"b");
  assert_int_equal(n.calculation_kind, EVC_KIND_STRING);
  assert_false(n.always_fire);
  assert_int_equal(n.at.start, 1);
  assert_int_equal(n.event_name_at.end - n.event_name_at.start, strlen("\"t.x\""));
  assert_int_equal(text[n.event_name_at.start + 1], 't');
  const char *written = strstr(text, "a\\n");
  static const size_t from[] = {0, 1, 3, 9, 10};
  for (size_t i = 0; i < COUNT(from); i++)
    assert_int_equal(evc_notification_offset(&n, i), (size_t)(written - text) + from[i]);

  assert_int_equal(evc_notification_reader_next(reader, &n, &report), EVC_OK);
  assert_null(n.name.data);
  assert_null(n.event_name.data);
  assert_null(n.calculation.data);
  assert_int_equal(n.calculation_kind, EVC_KIND_NULL);
  assert_true(n.always_fire);

  assert_int_equal(evc_notification_reader_next(reader, &n, &report), EVC_OK);
  assert_null(n.calculation.data);
  assert_int_equal(n.calculation_kind, EVC_KIND_NUMBER);
  assert_int_equal(text[n.calculation_at.start], '5');
  assert_int_equal(n.calculation_at.end, n.calculation_at.start + 1);
  assert_int_equal(n.event_name_at.start, n.at.start);

  assert_int_equal(evc_notification_reader_next(reader, &n, &report), EVC_INVALID);
  assert_string_equal(evc_report_message(report).data, "name is a number; expected a string");
  assert_memory_equal(text + n.wrong_at.start, "5}", 2);
  assert_int_equal(n.wrong_at.end, n.wrong_at.start + 1);
  assert_string_equal(n.event_name.data, "behind"); /* the rest is known all the same */
  evc_report_free(report);
  assert_int_equal(evc_notification_reader_next(reader, &n, &report), EVC_INVALID);
  assert_string_equal(evc_report_message(report).data,
                      "a notification is a number; expected an object");
  assert_memory_equal(text + n.wrong_at.start, "7,", 2);
  evc_report_free(report);
  assert_int_equal(evc_notification_reader_next(reader, &n, &report), EVC_OK);
  assert_string_equal(n.event_name.data, "last");
  assert_int_equal(n.calculation.length, 0);
  assert_int_equal(evc_notification_offset(&n, 0), n.calculation_at.start + 1);
  assert_int_equal(evc_notification_reader_next(reader, &n, &report), EVC_END);
  evc_notification_reader_free(reader);
}

static void shapes_of_notification_files(void **state) {
  (void)state;
  static const struct {
    const char *text, *names; /* the eventName of each */
  } cases[] = {
      {"{\"eventName\": \"a\"}", "a"},
      {" \xEF\xBB\xBF{\"eventName\": \"a\"}", "!"},
      {"\xEF\xBB\xBF{\"eventName\": \"a\"}", "a"},
      {"{\"eventName\": \"a\", \"eventName\": \"b\"}", "b"},
      {"{\"data\": [{\"eventName\": \"a\"}, {\"eventName\": \"b\"}], \"nextToken\": null}", "ab"},
      {"{\"data\": [{\"eventName\": \"a\"}], \"eventName\": \"c\"}", "c"},
      {"{\"data\": []}", ""},
      {"{\"data\": 5}", "-"},
      {"{}", "-"},
      {"[]", ""},
      {"[{}, {\"eventName\": null}]", "--"},
      {"{\"eventName\": 5}", "!"},
      {"{\"alwaysFireEvent\": \"yes\"}", "!"},
      {"{\"eventName\": \"a\"} x", "!"},
      {"[{\"eventName\": \"a\"}, {\"x\": 01}]", "!"},
      {"\"a\"", "!"},
      {"", "!"},
      {"{\"format_version\": \"1\"}", ""},
      {"{\"format_version\": \"1\", \"eventName\": \"a\"}", "a"},
      {"{\"values\": {\"root_module\": {}}}", "-"},
      {"{\"planned_values\": {\"root_module\": {}}}", ""},
      {"{\"planned_values\": 5}", ""},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    evc_notification_reader *reader =
        evc_notification_reader_new(cases[i].text, EVC_NUL_TERMINATED, NULL);
    char names[16] = "";
    evc_notification n;
    evc_report *report;
    evc_status status;
    while ((status = evc_notification_reader_next(reader, &n, &report)) != EVC_END) {
      strcat(names, status != EVC_OK ? "!" : n.event_name.data ? n.event_name.data : "-");
      evc_report_free(report);
    }
    if (strcmp(names, cases[i].names) != 0) fail_msg("%s: %s", cases[i].text, names);
    evc_notification_reader_free(reader);
  }
  evc_notification_reader_free(NULL);
}

/* ---- Writing ---- */

static void strings_are_escaped(void **state) {
  (void)state;
  static const struct {
    evc_text text;
    const char *json;
  } cases[] = {
      {{NULL, 0}, "null"},
      {{"", 0}, "\"\""},
      {{"abc", 3}, "\"abc\""},
      {{"\"\\/\b\f\n\r\t", 8}, "\"\\\"\\\\/\\b\\f\\n\\r\\t\""},
      {{"\0\x1F\x7F", 3}, "\"\\u0000\\u001f\\u007f\""},
      {{"a\xC2\x9B\xE2\x80\xAE\xEF\xBB\xBF", 9}, "\"a\\u009b\\u202e\\ufeff\""},
      {{"ä€😀", 9}, "\"ä€😀\""},
      {{"a\xFF\xC3", 3}, "\"a\xEF\xBF\xBD\xEF\xBF\xBD\""},
      {{"\xED\xA0\x80", 3}, "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    evc_arena arena;
    evc_builder builder;
    evc_arena_init(&arena, NULL, NULL, 0);
    evc_build_init(&builder, &arena);
    evc_json_build_string(&builder, cases[i].text);
    evc_text built = evc_build_end(&builder);
    assert_string_equal(built.data, cases[i].json);
    size_t at;
    assert_int_equal(evc_json_check(built, &at), EVC_JSON_SOUND);
    evc_arena_free(&arena);
  }
}

static void a_diagnostic_as_json(void **state) {
  (void)state;
  evc_edit edit = {0, 2, {"x\n", 2}};
  evc_fix fix = {{"write x", 7}, true, &edit, 1};
  evc_label label = {3, 4, {"a \"Number\"", 10}};
  evc_diagnostic d = {
      .code = EVC_CODE_UNKNOWN_FIELD,
      .name = "unknown-field",
      .has_span = true,
      .start = 1,
      .end = 5,
      .line = 1,
      .column = 2,
      .message = {"unknown field", 13},
      .labels = &label,
      .label_count = 1,
      .fixes = &fix,
      .fix_count = 1,
  };
  evc_arena arena;
  evc_builder builder;
  evc_arena_init(&arena, NULL, NULL, 0);
  evc_build_init(&builder, &arena);
  evc_json_build_diagnostic(&builder, &d, &(evc_json_place){7, 8});
  assert_string_equal(
      evc_build_end(&builder).data,
      "{\"code\": \"unknown-field\", \"severity\": \"error\", \"message\": \"unknown field\", "
      "\"start\": 1, \"end\": 5, \"line\": 1, \"column\": 2, \"fileLine\": 7, \"fileColumn\": 8, "
      "\"help\": null, \"labels\": [{\"start\": 3, \"end\": 4, \"text\": \"a \\\"Number\\\"\"}], "
      "\"fixes\": [{\"title\": \"write x\", \"safe\": true, \"edits\": [{\"start\": 0, \"end\": 2, "
      "\"text\": \"x\\n\"}]}]}");
  d = (evc_diagnostic){.name = "x", .severity = EVC_LOAD_WARNING, .help = {"h", 1}};
  evc_build_init(&builder, &arena);
  evc_json_build_diagnostic(&builder, &d, NULL);
  assert_string_equal(evc_build_end(&builder).data,
                      "{\"code\": \"x\", \"severity\": \"warning\", \"message\": null, "
                      "\"start\": null, \"end\": null, \"line\": null, \"column\": null, "
                      "\"help\": \"h\", "
                      "\"labels\": [], \"fixes\": []}");
  evc_arena_free(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sound_documents),
      cmocka_unit_test(faults_of_documents),
      cmocka_unit_test(every_beginning_of_a_document_is_faulty),
      cmocka_unit_test(nesting),
      cmocka_unit_test(decoding_and_back),
      cmocka_unit_test(a_field_list),
      cmocka_unit_test(load_warnings_have_places),
      cmocka_unit_test(the_place_of_an_empty_name),
      cmocka_unit_test(a_list_of_event_types),
      cmocka_unit_test(members_given_twice),
      cmocka_unit_test(field_lists_that_are_wrong),
      cmocka_unit_test(the_schema_as_json),
      cmocka_unit_test(the_catalogue_as_json),
      cmocka_unit_test(notifications),
      cmocka_unit_test(shapes_of_notification_files),
      cmocka_unit_test(strings_are_escaped),
      cmocka_unit_test(a_diagnostic_as_json),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
