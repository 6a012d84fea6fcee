/* For the tests of the rooms from text to answer: an Event type with a field of each kind, and
** compiling against it. Includes cmocka with what it needs. */
#ifndef EVC_TESTS_CALCULATIONS_H
#define EVC_TESTS_CALCULATIONS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "evcalc/evaluate.h"

enum { AMOUNT, QUANTITY, CURRENCY, VIP, CLOSED, TAGS, ITEMS, OLD_AMOUNT, FIELD_COUNT };

static inline evc_text text_of(const char *s) { return (evc_text){s, strlen(s)}; }

static inline bool text_is(evc_text text, const char *s) {
  return text.length == strlen(s) && memcmp(text.data, s, text.length) == 0;
}

/* A schema with the Event type "t.x". */
static inline evc_schema *test_schema(const evc_allocator *allocator) {
  static const char *const fields[FIELD_COUNT][2] = {
      [AMOUNT] = {"new.amount", "double"},     [QUANTITY] = {"new.quantity", "int"},
      [CURRENCY] = {"new.currency", "string"}, [VIP] = {"new.vip", "boolean"},
      [CLOSED] = {"new.closed", "boolean"},    [TAGS] = {"new.tags", "map"},
      [ITEMS] = {"new.items", "array"},        [OLD_AMOUNT] = {"old.amount", "double"},
  };
  evc_field list[FIELD_COUNT];
  for (size_t i = 0; i < FIELD_COUNT; i++)
    list[i] = (evc_field){text_of(fields[i][0]), text_of(fields[i][1]), EVC_TYPE_UNKNOWN};
  evc_schema *schema = evc_schema_new(allocator);
  if (!schema) return NULL;
  if (evc_schema_add(schema, "t.x", 3, EVC_LOADED, list, FIELD_COUNT, NULL) == EVC_OK)
    return schema;
  evc_schema_free(schema);
  return NULL;
}

static inline const evc_event_type *test_type(const evc_schema *schema) {
  return evc_schema_find(schema, "t.x", 3);
}

/* Group fixtures: the state is the schema. */
static inline int schema_up(void **state) {
  *state = test_schema(NULL);
  return *state ? 0 : -1;
}

static inline int schema_down(void **state) {
  evc_schema_free(*state);
  return 0;
}

/* Compile what must be valid; warnings are dropped. */
static inline evc_calculation *compile(void **state, const char *text, bool trace) {
  evc_options options = {.trace = trace};
  evc_report *report;
  evc_calculation *calculation =
      evc_compile(test_type(*state), text, EVC_NUL_TERMINATED, &options, &report);
  if (!calculation) fail_msg("%s: %s", text, evc_report_message(report).data);
  evc_report_free(report);
  return calculation;
}

/* `count` times `unit` between `before` and `behind`; free it. */
static inline char *repeated(const char *before, const char *unit, size_t count,
                             const char *behind) {
  size_t length = strlen(before), size = strlen(unit);
  char *text = malloc(length + size * count + strlen(behind) + 1);
  assert_non_null(text);
  memcpy(text, before, length);
  for (size_t i = 0; i < count; i++) memcpy(text + length + i * size, unit, size);
  strcpy(text + length + size * count, behind);
  return text;
}

/* Numbers that are random and the same in every run: xorshift64*. */
static inline uint64_t next_random(uint64_t *seed) {
  *seed ^= *seed >> 12;
  *seed ^= *seed << 25;
  *seed ^= *seed >> 27;
  return *seed * UINT64_C(2685821657736338717);
}

/* A finite binary64 of any magnitude. */
static inline double random_double(uint64_t *seed) {
  for (;;) {
    uint64_t bits = next_random(seed);
    double number;
    memcpy(&number, &bits, sizeof number);
    if (number - number == 0) return number;
  }
}

#endif
