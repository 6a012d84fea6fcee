/* Events in JSON: however they are read (alone, only for a calculation, one after the other, in one
** walk) the values and the answers are the same.
**
** The input is a line `#calc TEXT`, or none, and the JSON. */
#include "json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../src/base/text.h"
#include "../src/base/utf8.h"
#include "evcalc/json.h"

static const char standard_calculation[] = "new.n > 1 AND new.s == \"USD\" AND new.m.x == 1 AND "
                                           "old.m.y == \"a\" AND new.deep.in.n > 0 AND "
                                           "new.b AND id == \"a\" AND n > 0";

/* Refusals that are looked at: each is told with a place, which is counted again from the start. */
enum { MOST_HEADS = 64, MOST_REFUSALS = 32 };

static void check_value(const evc_value *value) {
  size_t at;
  if (value->kind == EVC_KIND_NUMBER) FUZZ_HOLDS(isfinite(value->as.number), "not finite");
  if (value->kind == EVC_KIND_STRING)
    FUZZ_HOLDS(evc_utf8_valid(value->as.text, value->length, &at), "byte %zu", at);
  FUZZ_HOLDS(value->kind < EVC_KIND_END, "kind %d", value->kind);
}

static void check_values(const evc_event *event) {
  for (size_t i = 0; i < evc_event_type_field_count(evc_event_type_of(event)); i++) {
    evc_value value = evc_event_value(event, i);
    check_value(&value);
    if (value.kind != EVC_KIND_MAP) continue;
    for (uint32_t k = 0; k < value.length; k++) {
      check_value(&value.as.members[k].value);
      for (uint32_t other = 0; other < k && other < 50; other++)
        FUZZ_HOLDS(!evc_text_equal(value.as.members[k].name, value.as.members[other].name),
                   "'%.*s' twice", FUZZ_TEXT(value.as.members[k].name));
    }
  }
}

static void check_same_values(const evc_event *a, const evc_event *b) {
  for (size_t i = 0; i < evc_event_type_field_count(evc_event_type_of(a)); i++) {
    evc_value one = evc_event_value(a, i), other = evc_event_value(b, i);
    FUZZ_HOLDS(fuzz_same_value(&one, &other), "slot %zu", i);
  }
}

static bool same_answer(evc_outcome a, evc_outcome b) {
  return a.status == b.status && a.code == b.code && a.value == b.value && a.start == b.start;
}

/* Read the event as a whole, again, and only what a calculation wants. True when it can be read. */
static bool check_event(evc_text json, const evc_calculation *calculation, evc_event *event,
                        evc_event *other) {
  evc_report *report, *again;
  evc_status status = evc_event_read_json(event, json.data, json.length, NULL, &report);
  evc_status second = evc_event_read_json(other, json.data, json.length, NULL, &again);
  FUZZ_HOLDS(status == second, "%d, then %d", (int)status, (int)second);
  fuzz_check_same_report(report, again);
  check_same_values(event, other);
  check_values(event);
  bool sound = fuzz_is_json(json);
  if (status != EVC_OK)
    fuzz_check_refusal(report, json, status);
  else
    FUZZ_HOLDS(!report, "read, with a report");
  bool malformed = report && evc_report_at(report, 0)->code == EVC_CODE_JSON_MALFORMED;
  FUZZ_HOLDS(!sound || !malformed, "JSON, and it is said that it is not");
  evc_report_free(again);
  second = evc_event_read_json(other, json.data, json.length, calculation, &again);
  if (second != EVC_OK) fuzz_check_refusal(again, json, second);
  if (status == EVC_OK) {
    FUZZ_HOLDS(second == EVC_OK, "read, but not for the calculation");
    evc_outcome whole = evc_evaluate(calculation, event), part = evc_evaluate(calculation, other);
    FUZZ_HOLDS(same_answer(whole, part), "%d and %d, status %d and %d", whole.value, part.value,
               whole.status, part.status);
  }
  evc_report_free(again);
  evc_report_free(report);
  return status == EVC_OK;
}

/* The events of a text. */
typedef struct heads {
  evc_text json[MOST_HEADS];
  size_t count;
  bool readable[MOST_HEADS];
  evc_status end;
} heads;

/* The head of the next event; the cursor is where the one before started. */
static void check_head(evc_text whole, const evc_event_head *head, evc_utf8_cursor *cursor) {
  const char *from = whole.data + cursor->offset, *end = head->json.data + head->json.length;
  FUZZ_HOLDS(head->json.data >= from && end <= whole.data + whole.length, "outside of the text");
  size_t at;
  evc_utf8_advance(cursor, whole.data, whole.length, (size_t)(head->json.data - whole.data));
  FUZZ_HOLDS(head->line == cursor->line, "on line %zu, not %zu", cursor->line, head->line);
  if (head->id.data) FUZZ_HOLDS(evc_utf8_valid(head->id.data, head->id.length, &at), "the id");
  if (head->name.data)
    FUZZ_HOLDS(evc_utf8_valid(head->name.data, head->name.length, &at), "the name");
}

static void read_heads(evc_text whole, const evc_calculation *calculation, heads *h,
                       evc_event *event, evc_event *other) {
  evc_event_reader *reader = evc_event_reader_new(whole.data, whole.length, NULL);
  evc_event_head head;
  evc_report *report;
  evc_status status;
  evc_utf8_cursor cursor = evc_utf8_start();
  size_t steps = 0, refusals = 0;
  h->count = 0;
  while ((status = evc_event_reader_next(reader, &head, &report)) != EVC_END) {
    FUZZ_HOLDS(++steps <= whole.length + 1, "it does not end");
    FUZZ_HOLDS((status == EVC_OK) == !report, "status %d", (int)status);
    if (status != EVC_OK) {
      if (refusals++ < MOST_REFUSALS) fuzz_check_refusal(report, whole, status);
    } else {
      check_head(whole, &head, &cursor);
      bool readable = check_event(head.json, calculation, event, other);
      if (h->count < MOST_HEADS) {
        h->readable[h->count] = readable;
        h->json[h->count++] = head.json;
      }
    }
    evc_report_free(report);
  }
  evc_event_reader_free(reader);
}

static evc_event_target choose(void *context, evc_text name) {
  const evc_event_target *target = context;
  bool right = !name.data || evc_text_is(name, "fuzz.all");
  return right ? *target : (evc_event_target){NULL, NULL};
}

/* Head and values in one walk: for each event that can be read otherwise, the same. */
static void read_at_once(evc_text whole, const heads *h, const evc_calculation *calculation,
                         evc_event *event, evc_event *other) {
  evc_event_reader *reader = evc_event_reader_new(whole.data, whole.length, NULL);
  evc_event_target target = {event, NULL};
  evc_event_head head;
  evc_event *filled;
  evc_report *report;
  evc_status status;
  size_t next = 0, steps = 0, refusals = 0;
  while ((status = evc_event_reader_read(reader, choose, &target, &head, &filled, &report)) !=
         EVC_END) {
    FUZZ_HOLDS(++steps <= whole.length + 1, "it does not end");
    FUZZ_HOLDS((status == EVC_OK) == !report, "status %d", (int)status);
    if (report && refusals++ < MOST_REFUSALS) fuzz_check_refusal(report, whole, status);
    evc_report_free(report);
    while (next < h->count && h->json[next].data < head.json.data) next++;
    if (next >= h->count || h->json[next].data != head.json.data || !h->readable[next]) continue;
    FUZZ_HOLDS(status == EVC_OK, "event %zu was readable", next);
    FUZZ_HOLDS(head.json.length == h->json[next].length, "event %zu is %zu long", next,
               head.json.length);
    if (!filled) continue;
    evc_event_read_json(other, head.json.data, head.json.length, NULL, NULL);
    check_same_values(filled, other);
    FUZZ_HOLDS(same_answer(evc_evaluate(calculation, filled), evc_evaluate(calculation, other)),
               "answers");
  }
  evc_event_reader_free(reader);
}

static const evc_calculation *compiled(evc_text text) {
  return evc_compile(fuzz_type(), text.data, text.length, NULL, NULL);
}

static const evc_calculation *standard(void) {
  static const evc_calculation *calculation;
  if (!calculation) calculation = compiled((evc_text){EVC_LITERAL(standard_calculation)});
  return calculation;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char start[] = "#calc ";
  evc_text text = {size ? (const char *)data : "", size};
  const evc_calculation *calculation = NULL;
  if (size >= sizeof start - 1 && memcmp(text.data, start, sizeof start - 1) == 0) {
    const char *end = memchr(text.data, '\n', size);
    size_t length = end ? (size_t)(end - text.data) : size;
    calculation = compiled((evc_text){text.data + sizeof start - 1, length + 1 - sizeof start});
    length += end != NULL;
    text = (evc_text){text.data + length, size - length};
  }
  if (!calculation) calculation = standard();
  char *copy = fuzz_copy(text, false);
  text.data = copy;
  evc_event *event = evc_event_new(fuzz_type(), NULL), *other = evc_event_new(fuzz_type(), NULL);
  heads h;
  check_event(text, calculation, event, other);
  read_heads(text, calculation, &h, event, other);
  read_at_once(text, &h, calculation, event, other);
  evc_event_free(other);
  evc_event_free(event);
  free(copy);
  if (calculation != standard()) evc_calculation_free((evc_calculation *)(uintptr_t)calculation);
  return 0;
}
