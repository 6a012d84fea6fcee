/* Events from JSON in all their shapes, readers of many, lack of memory and rubbish. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "../../src/json/events.h"
#include "../../src/json/grammar.h"
#include "../../src/json/notifications.h"
#include "failing.h"
#include "json_support.h"

static const char test_fields[] =
    "{\"events\": {\"t.x\": {\"new.n\": \"double\", \"new.s\": \"string\", \"new.b\": \"boolean\","
    "\"new.m\": \"map\", \"new.m.exact\": \"double\", \"new.m.in.deep\": \"string\","
    "\"new.l\": \"array\", \"new.o\": \"record\", \"new.a.b.c\": \"double\", \"old.n\": \"double\","
    "\"top\": \"double\", \"meta.x\": \"string\", \"new.a-b\": \"double\", \"new..e\": \"double\","
    "\"\": \"double\", \"eventName\": \"string\", \"m3terEvent.x\": \"double\"}}}";

/* ---- Events ---- */

/* The values as text, e.g. `new.n=5 new.s="x"`, of the slots that are not null. */
static void show_value(char *out, size_t size, evc_value value) {
  size_t used = strlen(out);
  switch ((evc_kind)value.kind) {
  case EVC_KIND_NULL: snprintf(out + used, size - used, "null"); break;
  case EVC_KIND_NUMBER: snprintf(out + used, size - used, "%g", value.as.number); break;
  case EVC_KIND_STRING:
    snprintf(out + used, size - used, "'%.*s'", (int)value.length, value.as.text);
    break;
  case EVC_KIND_BOOLEAN:
    snprintf(out + used, size - used, value.as.boolean ? "true" : "false");
    break;
  case EVC_KIND_MAP:
    snprintf(out + used, size - used, "{");
    for (uint32_t i = 0; i < value.length; i++) {
      used = strlen(out);
      snprintf(out + used, size - used, "%s%s:", i ? "," : "", value.as.members[i].name.data);
      show_value(out, size, value.as.members[i].value);
    }
    used = strlen(out);
    snprintf(out + used, size - used, "}");
    break;
  case EVC_KIND_ARRAY: snprintf(out + used, size - used, "[]"); break;
  default: snprintf(out + used, size - used, "overflow"); break;
  }
}

static void show_event(char *out, size_t size, const evc_event *event) {
  const evc_event_type *type = evc_event_type_of(event);
  out[0] = '\0';
  for (size_t slot = 0; slot < evc_event_type_field_count(type); slot++) {
    evc_value value = evc_event_value(event, slot);
    if (value.kind == EVC_KIND_NULL) continue;
    size_t used = strlen(out);
    snprintf(out + used, size - used, "%s%s=", used ? " " : "",
             evc_event_type_field(type, slot)->path.data);
    show_value(out, size, value);
  }
}

typedef struct event_case {
  const char *json, *values;
} event_case;

static void read_and_compare(const event_case *cases, size_t count,
                             const evc_calculation *calculation, evc_event *event) {
  for (size_t i = 0; i < count; i++) {
    evc_report *report;
    evc_status status =
        evc_event_read_json(event, cases[i].json, EVC_NUL_TERMINATED, calculation, &report);
    if (status != EVC_OK) fail_msg("%s: %s", cases[i].json, message_of(report));
    char shown[1024];
    show_event(shown, sizeof shown, event);
    if (strcmp(shown, cases[i].values) != 0)
      fail_msg("%s:\n%s instead of\n%s", cases[i].json, shown, cases[i].values);
  }
}

static void events_with_all_their_fields(void **state) {
  (void)state;
  static const event_case cases[] = {
      /* Shapes */
      {"{}", ""},
      {"{\"new\": {\"n\": 5}}", "new.n=5"},
      {"{\"new\": {\"n\": 5}, \"old\": {\"n\": 4}, \"top\": 3}", "new.n=5 old.n=4 top=3"},
      {"{\"new\": null, \"old\": {}}", ""},
      {"{\"m3terEvent\": {\"eventData\": {\"newDto\": {\"n\": 5}, \"oldDto\": {\"n\": 4}, "
       "\"top\": 3, \"meta\": {\"x\": \"y\"}}}}",
       "new.n=5 old.n=4 top=3 meta.x='y'"},
      {"{\"m3terEvent\": null}", ""},
      {"{\"m3terEvent\": {}}", ""},
      {"{\"m3terEvent\": {\"eventData\": null}}", ""},
      {"{\"m3terEvent\": {\"newDto\": {\"n\": 5}}}", ""},
      {"{\"m3terEvent\": {\"eventData\": {\"new\": {\"n\": 5}}}}", ""},
      {"{\"new\": {\"n\": 1}, \"m3terEvent\": {\"eventData\": {\"oldDto\": {\"n\": 2}}}}",
       "old.n=2"},
      {"{\"m3terEvent\": {\"eventData\": {\"oldDto\": {\"n\": 2}}}, \"new\": {\"n\": 1}}",
       "old.n=2"},
      {"{\"newDto\": {\"n\": 5}}", ""},
      {"\xEF\xBB\xBF {\"top\": 1} \r\n", "top=1"},
      {"{\"eventName\": \"t.x\", \"top\": 1}", "top=1"},
      {"{\"eventName\": null, \"top\": 1}", "top=1"},
      {"{\"m3terEvent\": {\"eventData\": {\"eventName\": \"inner\", \"m3terEvent\": {\"x\": 7}}}}",
       "eventName='inner' m3terEvent.x=7"},
      /* Values */
      {"{\"new\": {\"n\": -0.5e1, \"s\": \"a\\n\\u00e4\", \"b\": true, \"o\": {\"x\": 1}, "
       "\"l\": [1]}}",
       "new.n=-5 new.s='a\nä' new.b=true new.l=[] new.o={}"},
      {"{\"new\": {\"n\": \"x\", \"s\": 5, \"b\": null, \"m\": 3}}", "new.n='x' new.s=5 new.m=3"},
      {"{\"new\": {\"n\": 1e999}}", "new.n=overflow"},
      {"{\"new\": {\"n\": -123456789012345678901234567890123456789e400}}", "new.n=overflow"},
      {"{\"new\": {\"n\": 123456789012345678901234567890}}", "new.n=1.23457e+29"},
      {"{\"new\": {\"n\": 1e-999}}", "new.n=0"},
      {"{\"new\": {\"n\":5 ,\"s\" : \"\"}}", "new.n=5 new.s=''"},
      /* Maps */
      {"{\"new\": {\"m\": {}}}", "new.m={}"},
      {"{\"new\": {\"m\": {\"x\": 1, \"y\": \"z\", \"u\": null, \"v\": {\"w\": 1}, \"l\": [2]}}}",
       "new.m={x:1,y:'z',u:null,v:{},l:[]}"},
      {"{\"new\": {\"m\": {\"x\": 1, \"y\": 2, \"x\": 3}}}", "new.m={x:3,y:2}"},
      {"{\"new\": {\"m\": {\"x\": 1}, \"m\": {\"y\": 2}}}", "new.m={y:2}"},
      {"{\"new\": {\"m\": {\"exact\": 7, \"in\": {\"deep\": \"d\"}}}}",
       "new.m={exact:7,in:{}} new.m.exact=7 new.m.in.deep='d'"},
      {"{\"new\": {\"m\": {\"\\u0078\": 1, \"x\": 2}}}", "new.m={x:2}"},
      /* Nested paths and odd names */
      {"{\"new\": {\"a\": {\"b\": {\"c\": 5}}}}", "new.a.b.c=5"},
      {"{\"new\": {\"a\": null}}", ""},
      {"{\"new\": {\"a.b.c\": 5}}", ""},
      {"{\"new\": {\"a-b\": 5, \"\": {\"e\": 6}}, \"\": 7}", "new.a-b=5 new..e=6 =7"},
      /* The last one wins, and replaces all that is below it */
      {"{\"new\": {\"n\": 1, \"n\": 2}}", "new.n=2"},
      {"{\"new\": {\"n\": 1, \"n\": null}}", ""},
      {"{\"new\": {\"n\": \"x\", \"n\": 2}}", "new.n=2"},
      {"{\"new\": {\"n\": 1}, \"new\": {\"s\": \"x\"}}", "new.s='x'"},
      {"{\"new\": {\"n\": 1}, \"new\": null}", ""},
      {"{\"new\": {\"a\": {\"b\": {\"c\": 5}}, \"a\": {\"b\": {}}}}", ""},
      {"{\"new\": {\"n\": 1, \"a\": {\"b\": {\"c\": 5}, \"b\": null}}}", "new.n=1"},
      {"{\"m3terEvent\": {\"eventData\": {\"newDto\": {\"n\": 1}}, \"eventData\": {\"top\": 2}}}",
       "top=2"},
      {"{\"m3terEvent\": {\"eventData\": {\"top\": 1}}, \"m3terEvent\": {}}", ""},
      /* Names with escapes */
      {"{\"n\\u0065w\": {\"\\u006e\": 5}}", "new.n=5"},
      {"{\"new\": {\"\\u006e\": 5, \"n\\\"\": 6, \"\\\\n\": 7}}", "new.n=5"},
      /* What is not read does not matter */
      {"{\"x\": [[[1, {\"new\": 2}]]], \"new\": {\"zz\": 1e999, \"n\": 1, \"q\": nonsense}}",
       "new.n=1"},
  };
  evc_schema *schema = schema_from(test_fields);
  evc_event *event = evc_event_new(evc_schema_at(schema, 0), NULL);
  read_and_compare(cases, COUNT(cases), NULL, event);
  evc_event_free(event);
  evc_schema_free(schema);
}

static void events_with_what_a_calculation_reads(void **state) {
  (void)state;
  static const event_case one[] = {
      {"{\"new\": {\"n\": 5, \"s\": \"x\", \"b\": true}, \"old\": {\"n\": 4}}", "new.n=5"},
      {"{\"new\": {\"s\": nonsense, \"n\": 5}, \"old\": \"x\"}", "new.n=5"},
      {"{\"new\": {\"s\": \"\\q\", \"n\": 5}, \"old\": {\"n\": 01}}", "new.n=5"},
  };
  static const event_case two[] = {
      {"{\"new\": {\"m\": {\"z\": 1, \"y\": \"b\", \"x\": \"a\", \"exact\": 3}}, "
       "\"old\": {\"n\": 4}}",
       "new.m={x:'a',y:'b'} new.m.exact=3 old.n=4"},
      {"{\"new\": {\"m\": {\"x\": \"a\", \"q\": tru}}}", "new.m={x:'a',y:null}"},
      {"{\"new\": {\"m\": {\"x\": \"a\", \"x\": \"b\"}}}", "new.m={x:'b',y:null}"},
      {"{\"new\": {\"m\": {}}}", "new.m={x:null,y:null}"},
      {"{\"new\": {\"m\": null}}", ""},
      {"{\"new\": {\"s\": 5}}", ""},
  };
  evc_schema *schema = schema_from(test_fields);
  const evc_event_type *type = evc_schema_at(schema, 0);
  evc_event *event = evc_event_new(type, NULL);
  evc_report *report;
  evc_calculation *first = evc_compile(type, "new.n > 5", EVC_NUL_TERMINATED, NULL, &report);
  assert_non_null(first);
  evc_report_free(report);
  evc_calculation *second =
      evc_compile(type, "new.m.x == \"a\" OR new.m.y == \"b\" OR new.m.exact > 1 OR old.n > 5",
                  EVC_NUL_TERMINATED, NULL, &report);
  assert_non_null(second);
  evc_report_free(report);
  for (int i = 0; i < 2; i++) { /* the plan for one is not used for the other */
    read_and_compare(one, COUNT(one), first, event);
    read_and_compare(two, COUNT(two), second, event);
  }
  evc_calculation_free(first);
  evc_calculation_free(second);
  evc_event_free(event);
  evc_schema_free(schema);
}

static void events_that_are_wrong(void **state) {
  (void)state;
  static const struct {
    const char *json;
    evc_code code;
    size_t at;
    const char *part;
  } cases[] = {
      {"", EVC_CODE_JSON_MALFORMED, 0, "there is no text"},
      {"  ", EVC_CODE_JSON_MALFORMED, 2, "there is no text"},
      {"nonsense", EVC_CODE_JSON_MALFORMED, 0, "a value is missing"},
      {"5", EVC_CODE_JSON_SHAPE, 0, "no event"},
      {"[]", EVC_CODE_JSON_SHAPE, 0, "no event"},
      {"{", EVC_CODE_JSON_MALFORMED, 1, "inside an object"},
      {"{\"new\": {\"n\": 5}", EVC_CODE_JSON_MALFORMED, 16, "inside an object"},
      {"{\"new\": {\"n\" 5}}", EVC_CODE_JSON_MALFORMED, 13, "a : is missing"},
      {"{\"new\": {\"n\": 5 \"s\": 1}}", EVC_CODE_JSON_MALFORMED, 16, "a comma or }"},
      {"{\"new\": {\"n\": 05}}", EVC_CODE_JSON_MALFORMED, 14, "a number"},
      {"{\"new\": {\"n\": 5x}}", EVC_CODE_JSON_MALFORMED, 14, "a number"},
      {"{\"new\": {\"n\": truth}}", EVC_CODE_JSON_MALFORMED, 14, "true, false"},
      {"{\"new\": {\"n\": nil}}", EVC_CODE_JSON_MALFORMED, 14, "true, false"},
      {"{\"new\": {\"n\": }}", EVC_CODE_JSON_MALFORMED, 14, "a value is missing"},
      {"{\"new\": {\"s\": \"\\q\"}}", EVC_CODE_JSON_MALFORMED, 15, "escape"},
      {"{\"new\": {\"s\": \"\\ud800\"}}", EVC_CODE_JSON_MALFORMED, 15, "surrogate"},
      {"{\"new\": {\"s\": \"a\"b}}", EVC_CODE_JSON_MALFORMED, 17, "a comma or }"},
      {"{\"new\": {\"s\": \"ab}}", EVC_CODE_JSON_MALFORMED, 14, "no closing quote"},
      {"{\"new\": {\"s\": \"a\xFF\"}}", EVC_CODE_JSON_MALFORMED, 16, "UTF-8"},
      {"{\"new\": {\"s\": \"a\nb\"}}", EVC_CODE_JSON_MALFORMED, 16, "control"},
      {"{\"new\": {}} x", EVC_CODE_JSON_MALFORMED, 12, "more text"},
      {"{\"new\": {}}}", EVC_CODE_JSON_MALFORMED, 11, "more text"},
      {"{\"new\": 5}", EVC_CODE_JSON_SHAPE, 8, "the event's 'new' is a number"},
      {"{\"m3terEvent\": []}", EVC_CODE_JSON_SHAPE, 15, "'m3terEvent' is an array"},
      {"{\"m3terEvent\": {\"eventData\": \"x\"}}", EVC_CODE_JSON_SHAPE, 29,
       "'eventData' is a string"},
      {"{\"new\": {\"a\": {\"b\": 5}}}", EVC_CODE_JSON_SHAPE, 20, "'b' is a number"},
      {"{\"eventName\": \"t.y\"}", EVC_CODE_EVENT_TYPE_MISMATCH, 14, "of type t.y, not t.x"},
      {"{\"eventName\": 5}", EVC_CODE_JSON_SHAPE, 14, "eventName is a number"},
  };
  evc_schema *schema = schema_from(test_fields);
  evc_event *event = evc_event_new(evc_schema_at(schema, 0), NULL);
  for (size_t i = 0; i < COUNT(cases); i++) {
    evc_report *report;
    evc_event_set_number(event, 0, 1);
    evc_status status =
        evc_event_read_json(event, cases[i].json, EVC_NUL_TERMINATED, NULL, &report);
    if (status != EVC_INVALID) fail_msg("%s: status %d", cases[i].json, (int)status);
    const evc_diagnostic *diagnostic = evc_report_at(report, 0);
    if (diagnostic->code != cases[i].code || diagnostic->start != cases[i].at ||
        !strstr(message_of(report), cases[i].part))
      fail_msg("%s: at %zu: %s", cases[i].json, diagnostic->start, message_of(report));
    assert_int_equal(evc_event_value(event, 0).kind, EVC_KIND_NULL);
    evc_report_free(report);
    assert_int_equal(evc_event_read_json(event, cases[i].json, EVC_NUL_TERMINATED, NULL, NULL),
                     EVC_INVALID);
  }
  evc_event_free(event);
  evc_schema_free(schema);
}

static void a_part_of_a_text_is_placed_in_the_whole(void **state) {
  (void)state;
  evc_schema *schema = schema_from(test_fields);
  evc_event *event = evc_event_new(evc_schema_at(schema, 0), NULL);
  static const char whole[] = "{}\n{}\n  {\"new\": {\"n\": tru}}\n";
  evc_report *report;
  evc_text part = {whole + 8, sizeof whole - 1 - 8 - 1};
  assert_int_equal(evc_event_read_part(event, text_of(whole), part, NULL, &report), EVC_INVALID);
  assert_int_equal(evc_report_at(report, 0)->line, 3);
  assert_int_equal(evc_report_at(report, 0)->column, 17);
  evc_report_free(report);
  evc_event_free(event);
  evc_schema_free(schema);
}

/* Numbers come out as the C library reads them (in the "C" locale of a test). */
static void numbers_are_exact(void **state) {
  (void)state;
  evc_schema *schema = schema_from(test_fields);
  evc_event *event = evc_event_new(evc_schema_at(schema, 0), NULL);
  static const char *const fixed[] = {
      "0", "-0", "0.1", "1.7976931348623157e308", "5e-324", "2.2250738585072011e-308",
      "2.4703282292062328e-324", "9007199254740993", "9007199254740992.9999999999999999999999",
      "1.00000000000000011102230246251565404236316680908203124",
      "1.00000000000000011102230246251565404236316680908203126", "0.3e1", "1E5", "1e-7",
      "123456789012345678901234567890123456789012345678901234567890",
      "0.000000000000000000000000000000000000000000000000000000000001e60",
  };
  uint64_t seed = 1;
  for (size_t i = 0; i < COUNT(fixed) + 20000; i++) {
    char number[128], json[256];
    if (i < COUNT(fixed)) {
      snprintf(number, sizeof number, "%s", fixed[i]);
    } else {
      seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
      uint64_t bits = seed ^ seed >> 29;
      double value;
      memcpy(&value, &bits, sizeof value);
      if (!(value - value == 0)) continue;
      snprintf(number, sizeof number, "%.*e", (int)(seed >> 60) + 8, value);
    }
    snprintf(json, sizeof json, "{\"top\": %s}", number);
    double expected = strtod(number, NULL);
    if (!(expected - expected == 0)) continue;
    assert_int_equal(evc_event_read_json(event, json, EVC_NUL_TERMINATED, NULL, NULL), EVC_OK);
    size_t slot = evc_event_type_slot(evc_event_type_of(event), "top", 3);
    double found = evc_event_value(event, slot).as.number;
    if (memcmp(&found, &expected, sizeof found) != 0) fail_msg("%s became %.17g", number, found);
  }
  evc_event_free(event);
  evc_schema_free(schema);
}

static void a_member_of_a_large_map_and_deep_nesting(void **state) {
  (void)state;
  evc_schema *schema = schema_from(test_fields);
  evc_event *event = evc_event_new(evc_schema_at(schema, 0), NULL);
  enum { MEMBERS = 20000 };
  char *json = malloc(MEMBERS * 24 + 64), *at = json;
  assert_non_null(json);
  at += sprintf(at, "{\"new\": {\"m\": {");
  for (int i = 0; i < MEMBERS; i++) at += sprintf(at, "%s\"k%d\": %d", i ? "," : "", i, i);
  sprintf(at, "}}}");
  assert_int_equal(evc_event_read_json(event, json, EVC_NUL_TERMINATED, NULL, NULL), EVC_OK);
  evc_value map = evc_event_value(event, 3);
  assert_int_equal(map.length, MEMBERS);
  assert_true(map.as.members[MEMBERS - 1].value.as.number == MEMBERS - 1);
  free(json);
  /* Passed over, read as a value, and unclosed. */
  static const char *const around[][2] = {
      {"{\"x\": ", ", \"top\": 1}"}, {"{\"top\": ", "}"}, {"{\"new\": {\"m\": {\"x\": ", "}}}"}};
  char *deep = nested(100000);
  json = malloc(200200);
  assert_non_null(json);
  for (size_t i = 0; i < COUNT(around); i++) {
    sprintf(json, "%s%s%s", around[i][0], deep, around[i][1]);
    assert_int_equal(evc_event_read_json(event, json, EVC_NUL_TERMINATED, NULL, NULL), EVC_OK);
    evc_report *report;
    json[100050] = '\0';
    assert_int_equal(evc_event_read_json(event, json, EVC_NUL_TERMINATED, NULL, &report),
                     EVC_INVALID);
    evc_report_free(report);
  }
  free(json);
  free(deep);
  evc_event_free(event);
  evc_schema_free(schema);
}

/* A path of very many names, and very many paths. */
static void field_lists_of_any_size(void **state) {
  (void)state;
  enum { NAMES = 20000 };
  char *json = malloc(NAMES * 40 + 100), *at = json;
  assert_non_null(json);
  at += sprintf(at, "{\"events\": {\"t.x\": {\"new");
  for (int i = 0; i < NAMES; i++) at += sprintf(at, ".a");
  at += sprintf(at, "\": \"double\"");
  for (int i = 0; i < NAMES; i++) at += sprintf(at, ",\"new.f%d\": \"double\"", i);
  sprintf(at, "}}}");
  evc_schema *schema = schema_from(json);
  evc_event *event = evc_event_new(evc_schema_at(schema, 0), NULL);
  at = json + sprintf(json, "{\"new\": {\"f19999\": 7, \"a\": ");
  for (int i = 1; i < NAMES; i++) at += sprintf(at, "{\"a\":");
  at += sprintf(at, "42");
  for (int i = 1; i < NAMES; i++) *at++ = '}';
  sprintf(at, "}}");
  assert_int_equal(evc_event_read_json(event, json, EVC_NUL_TERMINATED, NULL, NULL), EVC_OK);
  assert_true(evc_event_value(event, 0).as.number == 42);
  assert_true(evc_event_value(event, NAMES).as.number == 7);
  free(json);
  evc_event_free(event);
  evc_schema_free(schema);
}

/* ---- Readers ---- */

typedef struct reader_case {
  const char *text;
  const char *heads; /* "id/name/line" of each, "!" for one that cannot be read, by blanks */
} reader_case;

static void readers(void **state) {
  (void)state;
  static const reader_case cases[] = {
      {"", ""},
      {" \n\r\n ", ""},
      {"\xEF\xBB\xBF", ""},
      {"{}", "-/-/1"},
      {"\n\n {\"id\": \"a\", \"eventName\": \"t\"}\n", "a/t/3"},
      {"{\n  \"id\": \"a\",\n  \"eventName\": \"t\"\n}\n", "a/t/1"},
      {"{\"id\": null, \"eventName\": null}", "-/-/1"},
      {"{\"id\": \"a\", \"id\": \"b\"}", "b/-/1"},
      {"{\"id\": \"\\u0061\\\"\"}", "a\"/-/1"},
      {"{\"i\\u0064\": \"a\"}", "a/-/1"},
      /* Arrays and lists */
      {"[]", ""},
      {"[{\"id\": \"a\"}, {\"id\": \"b\"}]", "a/-/1 b/-/1"},
      {"[\n{\"id\": \"a\"},\r\n{\"id\": \"b\"},\r{\"id\": \"c\"}]", "a/-/2 b/-/3 c/-/4"},
      {"{\"data\": []}", ""},
      {"{\"data\": [{\"id\": \"a\"}, {\"id\": \"b\"}], \"nextToken\": null}", "a/-/1 b/-/1"},
      {"{\"data\": [\n  {\n  \"id\": \"a\"\n  }\n,\n  {\"id\": \"b\"}\n]\n}", "a/-/2 b/-/6"},
      {"{\n\"nextToken\": \"x\", \"data\": [{\"id\": \"a\", \"new\": {\"id\": \"z\"}}]}", "a/-/2"},
      {"{\"data\": [{\"id\": \"gone\"}], \"data\": [{\"id\": \"a\"}]}", "a/-/1"},
      {"{\"data\": [{\"id\": \"gone\"}], \"data\": 5, \"id\": \"b\"}", "b/-/1"},
      {"{\"eventName\": \"t\", \"data\": [{\"id\": \"a\"}]}", "-/t/1"},
      {"{\"data\": {\"id\": \"a\"}}", "-/-/1"},
      {"[{\"id\": \"a\"}, 5, {\"id\": \"c\"}]", "a/-/1 !"},
      {"[{\"id\": \"a\"} {\"id\": \"b\"}]", "a/-/1 !"},
      {"[{\"id\": \"a\"}] x", "!"},
      {"[{\"id\": \"a\"}] []", "a/-/1 !"},
      {"[{\"id\": \"a\"}, {\"id\": 5}]", "a/-/1 !"},
      {"[{\"id\": \"a\"},", "!"},
      {"{\"data\": [{\"id\": \"a\"}]} x", "!"},
      {"{\"data\": [{\"id\": \"a\"}]", "!"},
      {"5", "!"},
      {"nonsense", "!"},
      /* Lines */
      {"{\"id\": \"a\"}\n{\"id\": \"b\"}", "a/-/1 b/-/2"},
      {"{\"id\": \"a\"}\r\n\r\n  {\"id\": \"b\"}  \r\n\n", "a/-/1 b/-/3"},
      {"\xEF\xBB\xBF\n{\"id\": \"a\"}\n{\"id\": \"b\"}\n", "a/-/2 b/-/3"},
      {"{\"id\": \"a\"}\nnonsense\n{\"id\": \"c\"}", "a/-/1 ! c/-/3"},
      {"{\"id\": \"a\"\n{\"id\": \"b\"}\n", "! b/-/2"},
      {"{\"id\": \"a\n{\"id\": \"b\"}\n", "! b/-/2"},
      {"nonsense\n{\"id\": \"b\"}\n", "! b/-/2"},
      {"{\"id\": \"a\"} x\n{\"id\": \"b\"}\n", "! b/-/2"},
      {"{\"id\": \"a\"}\n{\"id\": 5}\n5\n[]\n{\"id\": \"\xFF\"}\n{\"id\": \"f\"}\n",
       "a/-/1 ! ! ! ! f/-/6"},
      {"{\"id\": \"a\"}\n{\"id\": \"b\"", "a/-/1 !"},
      {"{id: 1,\n\"eventName\": \"t\"}", "!"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    evc_event_reader *reader = evc_event_reader_new(cases[i].text, EVC_NUL_TERMINATED, NULL);
    char shown[512] = "";
    evc_event_head head;
    evc_report *report;
    evc_status status;
    while ((status = evc_event_reader_next(reader, &head, &report)) != EVC_END) {
      size_t used = strlen(shown);
      const char *blank = used ? " " : "";
      if (status == EVC_OK) {
        assert_null(report);
        assert_int_equal(head.json.data[0], '{');
        assert_int_equal(head.json.data[head.json.length - 1], '}');
        snprintf(shown + used, sizeof shown - used, "%s%s/%s/%zu", blank,
                 head.id.data ? head.id.data : "-", head.name.data ? head.name.data : "-",
                 head.line);
      } else {
        assert_int_equal(status, EVC_INVALID);
        assert_int_equal(evc_report_count(report), 1);
        assert_true(evc_report_at(report, 0)->line > 0);
        snprintf(shown + used, sizeof shown - used, "%s!", blank);
      }
      evc_report_free(report);
    }
    assert_int_equal(evc_event_reader_next(reader, &head, NULL), EVC_END);
    if (strcmp(shown, cases[i].heads) != 0)
      fail_msg("%s:\n%s instead of\n%s", cases[i].text, shown, cases[i].heads);
    evc_event_reader_free(reader);
  }
  evc_event_reader_free(NULL);
}

static void a_bad_line_has_its_place(void **state) {
  (void)state;
  static const char text[] = "{\"id\": \"a\"}\n\n {\"id\": tru}\n";
  evc_event_reader *reader = evc_event_reader_new(text, EVC_NUL_TERMINATED, NULL);
  evc_event_head head;
  evc_report *report;
  assert_int_equal(evc_event_reader_next(reader, &head, &report), EVC_OK);
  assert_int_equal(evc_event_reader_next(reader, &head, &report), EVC_INVALID);
  const evc_diagnostic *diagnostic = evc_report_at(report, 0);
  assert_int_equal(diagnostic->line, 3);
  assert_int_equal(diagnostic->column, 9);
  assert_int_equal(diagnostic->start, strstr(text, "tru") - text);
  evc_report_free(report);
  evc_event_reader_free(reader);
}

/* ---- Lack of memory, and rubbish ---- */

/* Everything once over; EVC_OUT_OF_MEMORY as soon as that comes up anywhere. */
static evc_status run_through(const evc_allocator *allocator) {
  static const char events[] =
      "[{\"id\": \"a\\u0041\", \"eventName\": \"t.x\", \"new\": {\"n\": 1, \"s\": \"\\n\", "
      "\"m\": {\"\\u0061\": \"b\"}, \"a\": {\"b\": {\"c\": 1}}}}, {\"id\": tru}]";
  static const char notification[] =
      "{\"planned_values\": {\"root_module\": {\"child_modules\": [{\"resources\": [{\"address\": "
      "\"\\n\", \"type\": \"m3ter_notification_configuration\", \"values\": {\"calculation\": "
      "\"a\"}}]}]}}}";
  evc_schema *schema = evc_schema_new(allocator);
  if (!schema) return EVC_OUT_OF_MEMORY;
  evc_report *report;
  evc_event *event = NULL;
  evc_event_reader *reader = NULL;
  evc_notification_reader *notices = NULL;
  evc_status status = evc_schema_read_json(schema, test_fields, EVC_NUL_TERMINATED, &report);
  bool told = status != EVC_OUT_OF_MEMORY ||
              evc_report_at(report, 0)->code == EVC_CODE_OUT_OF_MEMORY;
  assert_true(told);
  evc_report_free(report);
  if (status == EVC_OK) {
    event = evc_event_new(evc_schema_at(schema, 0), allocator);
    reader = evc_event_reader_new(events, EVC_NUL_TERMINATED, allocator);
    notices = evc_notification_reader_new(notification, EVC_NUL_TERMINATED, allocator);
    if (!event || !reader || !notices) status = EVC_OUT_OF_MEMORY;
  } else {
    assert_int_equal(evc_schema_count(schema), 0);
  }
  evc_event_head head;
  if (status == EVC_OK) status = evc_event_reader_next(reader, &head, NULL);
  if (status == EVC_OK)
    status = evc_event_read_json(event, head.json.data, head.json.length, NULL, NULL);
  if (status == EVC_OK) {
    status = evc_event_reader_next(reader, &head, &report);
    assert_int_not_equal(status, EVC_OK);
    bool out = evc_report_at(report, 0)->code == EVC_CODE_OUT_OF_MEMORY;
    assert_int_equal(status, out ? EVC_OUT_OF_MEMORY : EVC_INVALID);
    evc_report_free(report);
    if (status == EVC_INVALID) status = EVC_OK;
  }
  evc_notification n;
  if (status == EVC_OK) status = evc_notification_reader_next(notices, &n, NULL);
  if (status == EVC_OK) {
    evc_text json = evc_event_type_to_json(evc_schema_at(schema, 0), allocator);
    if (!json.data) status = EVC_OUT_OF_MEMORY;
    evc_json_free(json, allocator);
  }
  evc_notification_reader_free(notices);
  evc_event_reader_free(reader);
  evc_event_free(event);
  evc_schema_free(schema);
  return status;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  for (int once = 0; once < 2; once++) {
    evc_status status = EVC_OUT_OF_MEMORY;
    for (size_t n = 1; status == EVC_OUT_OF_MEMORY || (once && n < 200); n++) {
      assert_true(n < 1000);
      failing f = {.fail_from = n, .only_once = once};
      evc_allocator allocator = failing_allocator(&f);
      status = run_through(&allocator);
      assert_true(status == EVC_OK || status == EVC_OUT_OF_MEMORY);
      assert_int_equal(f.bytes, 0);
      assert_false(f.mistaken);
    }
  }
}

static void every_allocation_of_simdjson_may_fail(void **state) {
  (void)state;
  size_t n = 1;
  evc_status status;
  do {
    assert_true(n < 1000);
    failing_new_from(n++);
    status = run_through(NULL);
    failing_new_from(0);
    assert_true(status == EVC_OK || status == EVC_OUT_OF_MEMORY);
  } while (status != EVC_OK);
  assert_true(n > 2);
}

/* Texts that someone broke: whatever is answered, nothing is read past an end, nothing hangs, and a
** document that is sound is read. */
static void rubbish(void **state) {
  (void)state;
  static const char *const seeds[] = {
      ("{\"id\": \"a\", \"eventName\": \"t.x\", \"m3terEvent\": {\"eventData\": {\"newDto\": {"
       "\"n\": 12.5e1, \"s\": \"\\u0041\\\\\", \"m\": {\"x\": [1, {}], \"exact\": null}}, "
       "\"oldDto\": {}}}}"),
      "{\"data\": [{\"id\": \"a\", \"new\": {\"n\": 1}}, {\"id\": \"b\"}], \"nextToken\": null}",
      "{\"id\": \"a\", \"new\": {\"a\": {\"b\": {\"c\": 1}}}}\n{\"id\": \"b\"}\n",
      "{\"events\": {\"t.y\": {\"new.a\": \"int\", \"new.b\": \"map\"}}}",
      ("{\"format_version\": \"1\", \"values\": {\"root_module\": {\"resources\": [{\"address\": "
       "\"a\", \"type\": \"m3ter_notification_configuration\", \"values\": {\"calculation\": "
       "\"a\", \"event_name\": \"t.x\"}}], \"child_modules\": [{\"resources\": [{}]}, {}]}}}"),
      ("[{\"name\": \"\\\\\", \"eventName\": \"t.x\", \"calculation\": \"a\\u0041\"}, "
       "{\"calculation\": null, \"alwaysFireEvent\": true}]"),
  };
  static const char marks[] = "{}[]\",:\\ \n0-e.tn\xFF\0a";
  evc_schema *schema = schema_from(test_fields);
  evc_event *event = evc_event_new(evc_schema_at(schema, 0), NULL);
  uint64_t random = 7;
  for (int round = 0; round < 20000; round++) {
    const char *seed = seeds[(size_t)round % COUNT(seeds)];
    size_t length = strlen(seed);
    char *text = malloc(length);
    assert_non_null(text);
    memcpy(text, seed, length);
    for (int change = 0; change < 1 + round % 3; change++) {
      random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
      size_t at = (size_t)(random >> 33) % length;
      text[at] = marks[(random >> 20) % (sizeof marks - 1)];
      if (random >> 62 == 0) length = at + 1;
    }
    evc_report *report;
    size_t at;
    bool sound = evc_json_check((evc_text){text, length}, &at) == EVC_JSON_SOUND;
    evc_status status = evc_event_read_json(event, text, length, NULL, &report);
    assert_int_equal(status == EVC_OK, report == NULL);
    if (sound && status != EVC_OK)
      assert_int_not_equal(evc_report_at(report, 0)->code, EVC_CODE_JSON_MALFORMED);
    evc_report_free(report);
    evc_event_reader *reader = evc_event_reader_new(text, length, NULL);
    evc_event_head head;
    int events = 0;
    while (evc_event_reader_next(reader, &head, &report) != EVC_END) {
      evc_report_free(report);
      assert_true(++events < 10);
    }
    evc_event_reader_free(reader);
    evc_schema *other = evc_schema_new(NULL);
    status = evc_schema_read_json(other, text, length, &report);
    if (!sound) assert_int_equal(status, EVC_INVALID);
    evc_report_free(report);
    evc_schema_free(other);
    evc_notification_reader *notices = evc_notification_reader_new(text, length, NULL);
    evc_notification n;
    while ((status = evc_notification_reader_next(notices, &n, &report)) != EVC_END) {
      assert_true(n.at.end <= length || status == EVC_INVALID);
      assert_true(n.calculation_at.start <= n.calculation_at.end);
      assert_int_equal(status == EVC_OK, report == NULL);
      evc_report_free(report);
    }
    evc_notification_reader_free(notices);
    free(text);
  }
  evc_event_free(event);
  evc_schema_free(schema);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(events_with_all_their_fields),
      cmocka_unit_test(events_with_what_a_calculation_reads),
      cmocka_unit_test(events_that_are_wrong),
      cmocka_unit_test(a_part_of_a_text_is_placed_in_the_whole),
      cmocka_unit_test(numbers_are_exact),
      cmocka_unit_test(a_member_of_a_large_map_and_deep_nesting),
      cmocka_unit_test(field_lists_of_any_size),
      cmocka_unit_test(readers),
      cmocka_unit_test(a_bad_line_has_its_place),
      cmocka_unit_test(every_allocation_may_fail),
      cmocka_unit_test(every_allocation_of_simdjson_may_fail),
      cmocka_unit_test(rubbish),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
