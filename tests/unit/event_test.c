/* Events: slots, what is set in them, clearing, reuse without allocation. And the arena's reset. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>

#include "../../src/event/event.h"
#include "evcalc/json.h"
#include "failing.h"

enum { AMOUNT, CURRENCY, ACTIVE, TAGS, FIELD_COUNT };

static evc_schema *schema_of_test(void) {
  evc_schema *schema = evc_schema_new(NULL);
  static const evc_field fields[FIELD_COUNT] = {
      [AMOUNT] = {{"new.amount", 10}, {"double", 6}, EVC_TYPE_UNKNOWN},
      [CURRENCY] = {{"new.currency", 12}, {"string", 6}, EVC_TYPE_UNKNOWN},
      [ACTIVE] = {{"new.active", 10}, {"boolean", 7}, EVC_TYPE_UNKNOWN},
      [TAGS] = {{"new.tags", 8}, {"map", 3}, EVC_TYPE_UNKNOWN},
  };
  assert_int_equal(evc_schema_add(schema, "t.x", 3, EVC_LOADED, fields, FIELD_COUNT, NULL),
                   EVC_OK);
  return schema;
}

static int set_up(void **state) {
  evc_schema *schema = schema_of_test();
  *state = schema;
  return 0;
}

static int tear_down(void **state) {
  evc_schema_free(*state);
  return 0;
}

static evc_event *new_event(void **state) {
  evc_event *event = evc_event_new(evc_schema_find(*state, "t.x", 3), NULL);
  assert_non_null(event);
  return event;
}

static void every_slot_starts_as_null(void **state) {
  evc_event *event = new_event(state);
  for (size_t slot = 0; slot < FIELD_COUNT; slot++)
    assert_int_equal(evc_event_value(event, slot).kind, EVC_KIND_NULL);
  assert_ptr_equal(evc_event_type_of(event), evc_schema_find(*state, "t.x", 3));
  evc_event_free(event);
  evc_event_free(NULL);
}

static void values_are_kept(void **state) {
  evc_event *event = new_event(state);
  assert_int_equal(evc_event_set_number(event, AMOUNT, 12.5), EVC_OK);
  assert_int_equal(evc_event_set_string(event, CURRENCY, "USD", EVC_NUL_TERMINATED), EVC_OK);
  assert_int_equal(evc_event_set_boolean(event, ACTIVE, true), EVC_OK);
  evc_member member = {{"tier", 4}, {.as.number = 2, .kind = EVC_KIND_NUMBER}};
  evc_value map = {.as.members = &member, .length = 1, .kind = EVC_KIND_MAP};
  assert_int_equal(evc_event_set_value(event, TAGS, map), EVC_OK);
  assert_true(evc_event_value(event, AMOUNT).as.number == 12.5);
  assert_int_equal(evc_event_value(event, CURRENCY).length, 3);
  assert_memory_equal(evc_event_value(event, CURRENCY).as.text, "USD", 3);
  assert_true(evc_event_value(event, ACTIVE).as.boolean);
  assert_string_equal(evc_event_value(event, TAGS).as.members[0].name.data, "tier");
  assert_ptr_equal(evc_event_values(event), &event->values[0]);
  assert_true(evc_event_values(event)[AMOUNT].as.number == 12.5);
  assert_int_equal(evc_event_set_null(event, AMOUNT), EVC_OK);
  assert_int_equal(evc_event_value(event, AMOUNT).kind, EVC_KIND_NULL);
  evc_event_clear(event);
  for (size_t slot = 0; slot < FIELD_COUNT; slot++)
    assert_int_equal(evc_event_value(event, slot).kind, EVC_KIND_NULL);
  evc_event_free(event);
}

/* Nothing is converted, whatever the field's type. */
static void a_value_of_another_kind_is_kept_as_it_is(void **state) {
  evc_event *event = new_event(state);
  assert_int_equal(evc_event_set_string(event, AMOUNT, "12", 2), EVC_OK);
  assert_int_equal(evc_event_value(event, AMOUNT).kind, EVC_KIND_STRING);
  evc_event_free(event);
}

static void a_number_that_is_not_finite_is_an_overflow(void **state) {
  evc_event *event = new_event(state);
  double numbers[] = {(double)INFINITY, -(double)INFINITY, (double)NAN};
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(evc_event_set_number(event, AMOUNT, numbers[i]), EVC_OK);
    assert_int_equal(evc_event_value(event, AMOUNT).kind, EVC_KIND_OVERFLOW);
  }
  evc_event_free(event);
}

static void a_slot_that_does_not_exist(void **state) {
  evc_event *event = new_event(state);
  size_t slots[] = {FIELD_COUNT, EVC_NO_SLOT};
  for (size_t i = 0; i < 2; i++) {
    assert_int_equal(evc_event_set_null(event, slots[i]), EVC_NOT_FOUND);
    assert_int_equal(evc_event_set_number(event, slots[i], 1), EVC_NOT_FOUND);
    assert_int_equal(evc_event_set_boolean(event, slots[i], true), EVC_NOT_FOUND);
    assert_int_equal(evc_event_set_string(event, slots[i], "a", 1), EVC_NOT_FOUND);
    assert_int_equal(evc_event_value(event, slots[i]).kind, EVC_KIND_NULL);
  }
  evc_event_free(event);
}

static void a_string_may_be_empty_or_hold_nul(void **state) {
  evc_event *event = new_event(state);
  assert_int_equal(evc_event_set_string(event, CURRENCY, "", 0), EVC_OK);
  assert_int_equal(evc_event_value(event, CURRENCY).kind, EVC_KIND_STRING);
  assert_int_equal(evc_event_value(event, CURRENCY).length, 0);
  assert_int_equal(evc_event_set_string(event, CURRENCY, NULL, 0), EVC_OK);
  assert_non_null(evc_event_value(event, CURRENCY).as.text);
  assert_int_equal(evc_event_set_string(event, CURRENCY, "a\0b", 3), EVC_OK);
  assert_int_equal(evc_event_value(event, CURRENCY).length, 3);
  evc_event_free(event);
}

static void a_type_without_fields(void **state) {
  assert_int_equal(evc_schema_add(*state, "t.none", 6, EVC_LOADED, NULL, 0, NULL), EVC_OK);
  evc_event *event = evc_event_new(evc_schema_find(*state, "t.none", 6), NULL);
  assert_non_null(event);
  assert_int_equal(evc_event_set_number(event, 0, 1), EVC_NOT_FOUND);
  evc_event_clear(event);
  evc_event_free(event);
}

static void making_an_event_without_memory(void **state) {
  failing f = {.fail_from = 1};
  evc_allocator allocator = failing_allocator(&f);
  assert_null(evc_event_new(evc_schema_find(*state, "t.x", 3), &allocator));
  assert_int_equal(f.bytes, 0);
}

/* Once an event has held as much as it has to hold, reading the next one allocates nothing. */
static void a_reused_event_does_not_allocate(void **state) {
  failing f = {0};
  evc_allocator allocator = failing_allocator(&f);
  evc_event *event = evc_event_new(evc_schema_find(*state, "t.x", 3), &allocator);
  char json[4096], filler[2000];
  memset(filler, 'x', sizeof filler);
  size_t steady = 0;
  for (int i = 0; i < 20; i++) {
    int size = 100 + (i * 700) % 1900;
    int length = snprintf(json, sizeof json,
                          "{\"new\": {\"amount\": %d, \"currency\": \"%.*s\", \"tags\": "
                          "{\"a\": \"%.*s\", \"b\": 1}}}",
                          i, size, filler, size / 2, filler);
    if (i == 10) steady = f.calls;
    evc_report *report;
    assert_int_equal(evc_event_read_json(event, json, (size_t)length, NULL, &report), EVC_OK);
    assert_null(report);
    assert_true(evc_event_value(event, AMOUNT).as.number == i);
    assert_int_equal(evc_event_value(event, CURRENCY).length, size);
    assert_int_equal(evc_event_value(event, TAGS).length, 2);
  }
  assert_int_equal(f.calls, steady);
  evc_event_free(event);
  assert_int_equal(f.bytes, 0);
  assert_false(f.mistaken);
}

static void an_arena_that_is_reset_keeps_its_memory(void **state) {
  (void)state;
  failing f = {0};
  evc_allocator allocator = failing_allocator(&f);
  char buffer[64];
  evc_arena arena;
  evc_arena_init(&arena, &allocator, buffer, sizeof buffer);
  evc_arena_reset(&arena);
  assert_int_equal(evc_arena_size(&arena), 0);
  for (int i = 0; i < 100; i++) assert_non_null(evc_arena_alloc(&arena, 1000));
  size_t size = evc_arena_size(&arena);
  evc_arena_reset(&arena);
  assert_int_equal(evc_arena_size(&arena), size);
  size_t calls = f.calls;
  for (int i = 0; i < 100; i++) assert_non_null(evc_arena_alloc(&arena, 1000));
  evc_arena_reset(&arena);
  assert_int_equal(f.calls, calls);
  /* Several blocks that cannot be joined are just given back. */
  while (f.calls < calls + 3) assert_non_null(evc_arena_alloc(&arena, 1000));
  f.fail_from = f.calls + 1;
  f.only_once = true;
  evc_arena_reset(&arena);
  assert_int_equal(evc_arena_size(&arena), 0);
  assert_int_equal(f.bytes, 0);
  assert_non_null(evc_arena_alloc(&arena, 1000));
  evc_arena_free(&arena);
  assert_int_equal(f.bytes, 0);
  assert_false(f.mistaken);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_slot_starts_as_null),
      cmocka_unit_test(values_are_kept),
      cmocka_unit_test(a_value_of_another_kind_is_kept_as_it_is),
      cmocka_unit_test(a_number_that_is_not_finite_is_an_overflow),
      cmocka_unit_test(a_slot_that_does_not_exist),
      cmocka_unit_test(a_string_may_be_empty_or_hold_nul),
      cmocka_unit_test(a_type_without_fields),
      cmocka_unit_test(making_an_event_without_memory),
      cmocka_unit_test(a_reused_event_does_not_allocate),
      cmocka_unit_test(an_arena_that_is_reset_keeps_its_memory),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
