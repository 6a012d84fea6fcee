/* Events read head and fields in one walk: the same as in two steps, whatever the lines are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "../../src/json/grammar.h"
#include "evcalc/evaluate.h"
#include "failing.h"
#include "json_support.h"

static const char test_fields[] =
    "{\"events\": {\"t.x\": {\"new.n\": \"double\", \"new.s\": \"string\", \"old.n\": \"double\", "
    "\"new.m\": \"map\", \"id\": \"string\", \"top\": \"double\"}, "
    "\"t.y\": {\"new.n\": \"double\", \"id.x\": \"double\"}}}";

/* What is read into: an event of each type, and what is wanted of it. */
typedef struct reading_into {
  const evc_schema *schema;
  evc_event *events[2];
  evc_calculation *calculations[2];
  bool all;             /* fields, not only those of the calculation */
  const char *untyped;  /* the type of an event without eventName, or NULL */
} reading_into;

static evc_event_target choose(void *context, evc_text name) {
  const reading_into *into = context;
  if (!name.data && into->untyped) name = text_of(into->untyped);
  for (size_t i = 0; name.data && i < 2; i++)
    if (evc_schema_find(into->schema, name.data, name.length) == evc_event_type_of(into->events[i]))
      return (evc_event_target){into->events[i], into->all ? NULL : into->calculations[i]};
  return (evc_event_target){NULL, NULL};
}

static void begin(reading_into *into) {
  static const char *const names[] = {"t.x", "t.y"};
  static const char *const texts[] = {"new.n > 5 AND id != \"\" OR top > 1 OR new.m.a == 1",
                                      "new.n > 5 OR id.x > 1"};
  *into = (reading_into){.schema = schema_from(test_fields)};
  for (size_t i = 0; i < 2; i++) {
    const evc_event_type *type = evc_schema_find(into->schema, names[i], 3);
    into->events[i] = evc_event_new(type, NULL);
    into->calculations[i] = evc_compile(type, texts[i], EVC_NUL_TERMINATED, NULL, NULL);
    assert_non_null(into->calculations[i]);
  }
}

static void end(reading_into *into) {
  for (size_t i = 0; i < 2; i++) {
    evc_event_free(into->events[i]);
    evc_calculation_free(into->calculations[i]);
  }
  evc_schema_free((evc_schema *)(uintptr_t)into->schema);
}

/* What came of one event, as text. */
static void show(char *out, size_t size, evc_status status, const evc_event_head *head,
                 const evc_event *event, const evc_report *report) {
  int used = snprintf(out, size, "%d ", (int)status);
  const evc_diagnostic *d = evc_report_at(report, 0);
  if (status == EVC_OK || event)
    used += snprintf(out + used, size - (size_t)used, "line %zu id %.*s name %.*s ", head->line,
                     head->id.data ? (int)head->id.length : 1, head->id.data ? head->id.data : "-",
                     head->name.data ? (int)head->name.length : 1,
                     head->name.data ? head->name.data : "-");
  if (d)
    used += snprintf(out + used, size - (size_t)used, "%s at %zu-%zu, %zu:%zu ", message_of(report),
                     d->start, d->end, d->line, d->column);
  for (size_t slot = 0; event && !d && slot < evc_event_type_field_count(evc_event_type_of(event));
       slot++) {
    evc_value value = evc_event_value(event, slot);
    used += snprintf(out + used, size - (size_t)used, "%d/%u/", value.kind, value.length);
    if (value.kind == EVC_KIND_NUMBER)
      used += snprintf(out + used, size - (size_t)used, "%g ", value.as.number);
    else if (value.kind == EVC_KIND_STRING)
      used += snprintf(out + used, size - (size_t)used, "%s ", value.as.text);
  }
}

enum { SHOWN = 4096 };

static bool next_in_two_steps(evc_event_reader *reader, reading_into *into, char *out) {
  evc_event_head head;
  evc_report *report;
  evc_event *event = NULL;
  evc_status status = evc_event_reader_next(reader, &head, &report);
  if (status == EVC_END) return false;
  if (status == EVC_OK) {
    evc_event_target target = choose(into, head.name);
    event = target.event;
    if (event) {
      /* The event alone, so the place is told in it. */
      status = evc_event_read_json(event, head.json.data, head.json.length, target.calculation,
                                   &report);
    }
  }
  show(out, SHOWN, status, &head, event, report);
  if (report && event) { /* only the message and the line can be compared */
    const evc_diagnostic *d = evc_report_at(report, 0);
    snprintf(out, SHOWN, "%d line %zu %s", (int)status, head.line, d->message.data);
  }
  evc_report_free(report);
  return true;
}

static bool next_in_one(evc_event_reader *reader, reading_into *into, char *out, evc_text *json) {
  evc_event_head head;
  evc_report *report;
  evc_event *event;
  evc_status status = evc_event_reader_read(reader, choose, into, &head, &event, &report);
  if (status == EVC_END) return false;
  *json = head.json;
  show(out, SHOWN, status, &head, event, report);
  if (report && event) {
    const evc_diagnostic *d = evc_report_at(report, 0);
    assert_true(!d->has_span || d->line >= head.line); /* a CR in the line counts too */
    snprintf(out, SHOWN, "%d line %zu %s", (int)status, head.line, d->message.data);
  }
  evc_report_free(report);
  return true;
}

/* Of an event only what is read is validated, and one walk reads less of it: what is no JSON may
** pass where the second reading stumbles. */
static bool passes_unread(evc_text json, const char *found) {
  size_t at;
  return found[0] == '0' && evc_json_check(json, &at) != EVC_JSON_SOUND;
}

static void compare(reading_into *into, evc_text text) {
  evc_event_reader *slow = evc_event_reader_new(text.data, text.length, NULL);
  evc_event_reader *quick = evc_event_reader_new(text.data, text.length, NULL);
  char expected[SHOWN], found[SHOWN];
  for (;;) {
    bool more = next_in_two_steps(slow, into, expected);
    evc_text json;
    assert_int_equal(next_in_one(quick, into, found, &json), more);
    if (!more) break;
    if (strcmp(expected, found) != 0 && !passes_unread(json, found))
      fail_msg("%.*s:\n%s instead of\n%s", (int)text.length, text.data, found, expected);
  }
  evc_event_reader_free(slow);
  evc_event_reader_free(quick);
}

static void compare_all_ways(reading_into *into, evc_text text) {
  for (int way = 0; way < 4; way++) {
    into->all = way & 1;
    into->untyped = way & 2 ? "t.x" : NULL;
    compare(into, text);
  }
}

static const char *const lines[] = {
    "{\"id\": \"a\", \"eventName\": \"t.x\", \"new\": {\"n\": 6, \"s\": \"x\", \"m\": {\"a\": 1}}}",
    ("{\"eventName\": \"t.x\", \"id\": \"a\", \"m3terEvent\": {\"eventData\": {"
     "\"newDto\": {\"n\": 6}, \"oldDto\": {\"n\": 7}, \"id\": \"inner\", \"top\": 3}}, \"id\": \"b\"}"),
    ("{\"m3terEvent\": {\"eventData\": {\"newDto\": {\"n\": 6}}}, \"id\": \"a\", "
     "\"eventName\": \"t.x\"}"),
    "{\"new\": {\"n\": 6}, \"top\": 4, \"id\": \"a\", \"eventName\": \"t.y\"}",
    "{\"new\": {\"n\": 6}, \"id\": null, \"id\": \"late\"}",
    "{\"eventName\": null, \"new\": {\"n\": 6}}",
    "{\"eventName\": null, \"eventName\": \"t.x\", \"new\": {\"n\": 6}}",
    "{\"eventName\": \"t.x\", \"eventName\": null, \"new\": {\"n\": 6}}",
    "{\"eventName\": \"t.x\", \"eventName\": \"t.y\", \"new\": {\"n\": 6}}",
    "{\"eventName\": \"t.x\", \"new\": {\"n\": 6}, \"eventName\": \"t.x\"}",
    "{\"eventName\": \"t.none\", \"eventName\": \"t.x\", \"new\": {\"n\": 6}}",
    "{\"eventName\": \"t.none\", \"new\": {\"n\": tru}}",
    "{\"eventName\": \"t.x\", \"new\": {\"n\": tru}}",
    "{\"eventName\": \"t.x\", \"new\": {\"n\": 6}} x",
    "{\"eventName\": \"t.x\", \"new\": {\"n\": 6}",
    "{\"eventName\": \"t.x\", \"new\": {\"n\": 6",
    "{\"eventName\": \"t.x\", \"new\": {\"n\": \"6",
    "{\"eventName\": \"t.x\", \"new\": 5}",
    "{\"eventName\": \"t.x\", \"new\": {\"n\": 05}}",
    "{\"eventName\": \"t.x\", \"new\": {\"s\": \"\\u0041\\n\"}, \"id\": \"\\u0041\"}",
    "{\"\\u0069d\": \"a\", \"eventN\\u0061me\": \"t.x\", \"new\": {\"\\u006e\": 6}}",
    "{\"eventName\": \"t\\u002ex\", \"new\": {\"n\": 6}}",
    "{\"eventName\": \"t.y\", \"id\": {\"x\": 2}}",
    "{\"eventName\": \"t.x\", \"id\": 5}",
    "{\"eventName\": 5, \"id\": \"a\"}",
    "{\"id\": \"a\"\"b\", \"eventName\": \"t.x\"}",
    "{\"id\" \"a\", \"eventName\": \"t.x\"}",
    "{}",
    "[]",
    "5",
    "nonsense",
    "{\"a\": 1}\r",
    " \t{\"id\": \"a\"}\t \r",
    "",
    "\r\r",
};

/* Each line between two that are sound, with more text behind it or none. */
static void one_walk_is_as_two(void **state) {
  (void)state;
  reading_into into;
  begin(&into);
  for (size_t i = 0; i < COUNT(lines); i++) {
    for (int behind = 0; behind < 2; behind++) {
      char text[4096];
      snprintf(text, sizeof text, "%s\n%s\n%s%s%s", lines[0], lines[0], lines[i],
               behind ? "\n" : "", behind ? lines[1] : "");
      compare_all_ways(&into, text_of(text));
    }
  }
  /* and of one document */
  compare_all_ways(&into, text_of("{\"data\": [{\"id\": \"a\", \"eventName\": \"t.x\", \"new\": "
                                  "{\"n\": 1}}, {\"id\": 5}]}"));
  end(&into);
}

static void broken_lines(void **state) {
  (void)state;
  static const char marks[] = "{}[]\",:\\ \n0-e.tn\xFF\0a\r";
  reading_into into;
  begin(&into);
  uint64_t random = 11;
  for (int round = 0; round < 5000; round++) {
    char joined[2048];
    snprintf(joined, sizeof joined, "%s\n%s\n%s\n", lines[0], lines[(size_t)round % COUNT(lines)],
             lines[2]);
    evc_text text = text_of(joined);
    char *copy = malloc(text.length); /* so that reading past the end is noticed */
    assert_non_null(copy);
    for (int change = 0; change < 1 + round % 3; change++) {
      random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
      joined[(size_t)(random >> 33) % text.length] = marks[(random >> 20) % (sizeof marks - 1)];
    }
    memcpy(copy, joined, text.length);
    compare_all_ways(&into, (evc_text){copy, text.length});
    free(copy);
  }
  end(&into);
}

/* A text in parts: numbers and reports go on from part to part. */
static void parts_of_a_text(void **state) {
  (void)state;
  reading_into into;
  begin(&into);
  evc_event_reader *reader = evc_event_reader_new("", 0, NULL);
  evc_event_head head;
  evc_event *event;
  evc_report *report;
  assert_int_equal(evc_event_reader_next(reader, &head, NULL), EVC_END);
  static const char first[] = "{\"id\": \"a\", \"eventName\": \"t.x\"}\n\n{\"id\": \"b\"}\n";
  static const char second[] = "\n  {\"id\": tru}\n{\"id\": \"d\", \"eventName\": \"t.x\", "
                               "\"new\": {\"n\": 05}}";
  evc_event_reader_continue(reader, first, EVC_NUL_TERMINATED, 1);
  assert_int_equal(evc_event_reader_read(reader, choose, &into, &head, &event, NULL), EVC_OK);
  assert_ptr_equal(event, into.events[0]);
  assert_int_equal(head.line, 1);
  assert_int_equal(evc_event_reader_read(reader, choose, &into, &head, &event, NULL), EVC_OK);
  assert_null(event);
  assert_int_equal(head.line, 3);
  assert_int_equal(evc_event_reader_read(reader, choose, &into, &head, &event, NULL), EVC_END);
  evc_event_reader_continue(reader, second, EVC_NUL_TERMINATED, 4);
  assert_int_equal(evc_event_reader_read(reader, choose, &into, &head, &event, &report),
                   EVC_INVALID);
  assert_null(event);
  const evc_diagnostic *d = evc_report_at(report, 0);
  assert_int_equal(d->line, 5);
  assert_int_equal(d->column, 10);
  assert_int_equal(d->start, strstr(second, "tru") - second);
  assert_non_null(strstr(message_of(report), "line 5, column 10: "));
  evc_report_free(report);
  assert_int_equal(evc_event_reader_read(reader, choose, &into, &head, &event, &report),
                   EVC_INVALID);
  assert_ptr_equal(event, into.events[0]);
  assert_int_equal(head.line, 6);
  assert_memory_equal(head.id.data, "d", 1);
  assert_int_equal(evc_report_at(report, 0)->line, 6);
  evc_report_free(report);
  assert_int_equal(evc_event_reader_read(reader, choose, &into, &head, &event, NULL), EVC_END);
  evc_event_reader_free(reader);
  end(&into);
}

/* Without memory the answer is that, or the right one. */
static void lack_of_memory(void **state) {
  (void)state;
  reading_into into;
  begin(&into);
  char text[2048];
  snprintf(text, sizeof text, "%s\n%s\n", lines[0], lines[19]);
  bool complete = false;
  for (size_t n = 1; !complete; n++) {
    assert_true(n < 1000);
    failing f = {0};
    evc_allocator allocator = failing_allocator(&f);
    evc_event_free(into.events[0]);
    into.events[0] = evc_event_new(evc_schema_find(into.schema, "t.x", 3), &allocator);
    f.fail_from = n;
    complete = true;
    evc_event_reader *reader = evc_event_reader_new(text, EVC_NUL_TERMINATED, &allocator);
    if (!reader || !into.events[0]) complete = false;
    for (int i = 0; reader && into.events[0] && i < 2; i++) {
      evc_event_head head;
      evc_event *event;
      evc_report *report;
      evc_status status = evc_event_reader_read(reader, choose, &into, &head, &event, &report);
      assert_true(status == EVC_OK || status == EVC_OUT_OF_MEMORY);
      if (status != EVC_OK) {
        assert_int_equal(evc_report_at(report, 0)->code, EVC_CODE_OUT_OF_MEMORY);
        complete = false;
      }
      evc_report_free(report);
    }
    evc_event_reader_free(reader);
    evc_event_free(into.events[0]);
    into.events[0] = NULL;
    assert_int_equal(f.bytes, 0);
    assert_false(f.mistaken);
  }
  end(&into);
}

/* A BOM is skipped where the text starts; where a later line does, it is one of its characters. */
static void a_bom_before_a_line(void **state) {
  (void)state;
  static const char text[] = "{\"new\": {}}\n\xEF\xBB\xBF{\"id\": x}\n";
  evc_event_reader *reader = evc_event_reader_new(text, sizeof text - 1, NULL);
  evc_event_head head;
  evc_report *report;
  assert_int_equal(evc_event_reader_next(reader, &head, &report), EVC_OK);
  assert_int_equal(evc_event_reader_next(reader, &head, &report), EVC_INVALID);
  const evc_diagnostic *d = evc_report_at(report, 0);
  assert_int_equal(d->line, 2);
  assert_int_equal(d->column, 9);
  assert_int_equal(text[d->start], 'x');
  evc_report_free(report);
  evc_event_reader_free(reader);
}

static evc_event_target choose_of_other_types(void *context, evc_text name) {
  const reading_into *into = context;
  (void)name;
  return (evc_event_target){into->events[0], into->calculations[1]};
}

/* An event and a calculation of two types are a mistake of the caller's, with nothing to tell. */
static void a_calculation_of_another_type(void **state) {
  (void)state;
  static const char text[] = "{\"eventName\": \"t.x\", \"new\": {\"n\": 1}}\n"
                             "{\"eventName\": \"t.x\", \"new\": {\"n\": 2}}\n";
  reading_into into;
  begin(&into);
  evc_event_reader *reader = evc_event_reader_new(text, sizeof text - 1, NULL);
  evc_event_head head;
  evc_event *filled;
  for (int line = 0; line < 2; line++)
    assert_int_equal(
        evc_event_reader_read(reader, choose_of_other_types, &into, &head, &filled, NULL),
        EVC_INVALID);
  evc_event_reader_free(reader);
  end(&into);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_walk_is_as_two),
      cmocka_unit_test(broken_lines),
      cmocka_unit_test(parts_of_a_text),
      cmocka_unit_test(a_bom_before_a_line),
      cmocka_unit_test(a_calculation_of_another_type),
      cmocka_unit_test(lack_of_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
