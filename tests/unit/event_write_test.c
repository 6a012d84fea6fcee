/* Events to JSON: what is written, and that reading it gives the event back. */
#include "calculations.h"

#include <math.h>

#include "evcalc/generate.h"
#include "evcalc/json.h"
#include "failing.h"

/* A schema with one type, of fields given as "path word". */
static evc_schema *schema_of(const char *const *fields, size_t count) {
  evc_field list[32];
  for (size_t i = 0; i < count; i++) {
    size_t blank = strcspn(fields[i], " ");
    list[i] = (evc_field){{fields[i], blank}, text_of(fields[i] + blank + 1), EVC_TYPE_UNKNOWN};
  }
  evc_schema *schema = evc_schema_new(NULL);
  assert_int_equal(evc_schema_add(schema, "t.x", 3, EVC_LOADED, list, count, NULL), EVC_OK);
  return schema;
}

static void expect_json(const evc_event *event, evc_event_form form, const char *expected) {
  evc_text json = evc_event_to_json(event, form, NULL);
  assert_string_equal(json.data, expected);
  assert_int_equal(json.length, strlen(expected));
  evc_json_free(json, NULL);
}

static void an_event_in_both_forms(void **state) {
  evc_event *event = evc_event_new(test_type(*state), NULL);
  expect_json(event, EVC_EVENT_SHORT, "{\"eventName\": \"t.x\"}");
  expect_json(event, EVC_EVENT_FULL, "{\"eventName\": \"t.x\"}");
  const evc_member members[] = {
      {{"tier", 4}, {.as.text = "a\"b", .length = 3, .kind = EVC_KIND_STRING}},
      {{"n", 1}, {.as.number = 2, .kind = EVC_KIND_NUMBER}},
      {{"none", 4}, {.kind = EVC_KIND_NULL}},
      {{"map", 3}, {.kind = EVC_KIND_MAP}},
      {{"list", 4}, {.kind = EVC_KIND_ARRAY}}};
  evc_event_set_value(event, TAGS,
                      (evc_value){.as.members = members, .length = 5, .kind = EVC_KIND_MAP});
  evc_event_set_number(event, AMOUNT, 12.5);
  evc_event_set_boolean(event, VIP, false);
  evc_event_set_string(event, CURRENCY, "\n\xE2\x80\xAE€", EVC_NUL_TERMINATED);
  evc_event_set_value(event, ITEMS, (evc_value){.kind = EVC_KIND_ARRAY});
  evc_event_set_number(event, OLD_AMOUNT, -0.0);
  expect_json(
      event, EVC_EVENT_SHORT,
      "{\"eventName\": \"t.x\", \"new\": {\"amount\": 12.5, \"currency\": \"\\n\\u202e€\", "
      "\"items\": [], \"tags\": {\"tier\": \"a\\\"b\", \"n\": 2, \"none\": null, \"map\": {}, "
      "\"list\": []}, \"vip\": false}, \"old\": {\"amount\": -0}}");
  expect_json(
      event, EVC_EVENT_FULL,
      "{\"eventName\": \"t.x\", \"m3terEvent\": {\"eventData\": {\"newDto\": {\"amount\": 12.5, "
      "\"currency\": \"\\n\\u202e€\", \"items\": [], \"tags\": {\"tier\": \"a\\\"b\", \"n\": 2, "
      "\"none\": null, \"map\": {}, \"list\": []}, \"vip\": false}, \"oldDto\": {\"amount\": "
      "-0}}}}");
  evc_event_clear(event);
  evc_event_set_number(event, QUANTITY, INFINITY);
  expect_json(event, EVC_EVENT_SHORT, "{\"eventName\": \"t.x\", \"new\": {\"quantity\": 1e999}}");
  evc_event_free(event);
}

static void fields_at_any_depth(void **state) {
  (void)state;
  static const char *const fields[] = {"new.b.c double",   "top double",       "new.a double",
                                       "new.b-c double",   "new.b.d.e double", "new.map map",
                                       "new.map.x double", "a.b double"};
  evc_schema *schema = schema_of(fields, 8);
  evc_event *event = evc_event_new(evc_schema_at(schema, 0), NULL);
  for (size_t slot = 0; slot < 8; slot++)
    if (slot != 5 && slot != 6) evc_event_set_number(event, slot, (double)slot);
  const evc_member member = {{"y", 1}, {.as.number = 7, .kind = EVC_KIND_NUMBER}};
  evc_event_set_value(event, 5,
                      (evc_value){.as.members = &member, .length = 1, .kind = EVC_KIND_MAP});
  expect_json(
      event, EVC_EVENT_SHORT,
      "{\"eventName\": \"t.x\", \"a\": {\"b\": 7}, \"new\": {\"a\": 2, \"b\": {\"c\": 0, \"d\": "
      "{\"e\": 4}}, \"b-c\": 3, \"map\": {\"y\": 7}}, \"top\": 1}");
  evc_event_set_number(event, 6, 6);
  expect_json(
      event, EVC_EVENT_FULL,
      "{\"eventName\": \"t.x\", \"m3terEvent\": {\"eventData\": {\"a\": {\"b\": 7}, \"newDto\": "
      "{\"a\": 2, \"b\": {\"c\": 0, \"d\": {\"e\": 4}}, \"b-c\": 3, \"map\": {\"y\": 7, \"x\": "
      "6}}, \"top\": 1}}}");
  evc_event_set_number(event, 5, 5); /* what is below a number cannot be told */
  for (size_t slot = 0; slot < 5; slot++) evc_event_set_null(event, slot);
  expect_json(event, EVC_EVENT_SHORT,
              "{\"eventName\": \"t.x\", \"a\": {\"b\": 7}, \"new\": {\"map\": 5}}");
  evc_event_free(event);
  evc_schema_free(schema);
}

/* Names that the short form has another use for are only in the full form. */
static void names_of_the_short_form(void **state) {
  (void)state;
  static const char *const fields[] = {"id double", "eventName.x double", "m3terEvent double",
                                       "idea double", "new.id double"};
  evc_schema *schema = schema_of(fields, 5);
  evc_event *event = evc_event_new(evc_schema_at(schema, 0), NULL);
  evc_event_set_number(event, 3, 3);
  evc_event_set_number(event, 4, 4);
  expect_json(event, EVC_EVENT_SHORT,
              "{\"eventName\": \"t.x\", \"idea\": 3, \"new\": {\"id\": 4}}");
  for (size_t slot = 0; slot < 3; slot++) {
    evc_event_set_number(event, slot, 1);
    evc_text json = evc_event_to_json(event, EVC_EVENT_SHORT, NULL);
    assert_non_null(strstr(json.data, "\"newDto\": {\"id\": 4}"));
    evc_event *copy = evc_event_new(evc_schema_at(schema, 0), NULL);
    assert_int_equal(evc_event_read_json(copy, json.data, json.length, NULL, NULL), EVC_OK);
    for (size_t i = 0; i < 5; i++)
      assert_true(evc_event_value(copy, i).as.number == evc_event_value(event, i).as.number);
    evc_event_free(copy);
    evc_json_free(json, NULL);
    evc_event_set_null(event, slot);
  }
  evc_event_free(event);
  evc_schema_free(schema);
}

/* ---- There and back ------------------------------------------------------------------------- */

static bool same_value(const evc_value *a, const evc_value *b) {
  if (a->kind != b->kind) return false;
  switch ((evc_kind)a->kind) {
  case EVC_KIND_NUMBER:
    return a->as.number == b->as.number && signbit(a->as.number) == signbit(b->as.number);
  case EVC_KIND_BOOLEAN: return a->as.boolean == b->as.boolean;
  case EVC_KIND_STRING:
    return a->length == b->length && memcmp(a->as.text, b->as.text, a->length) == 0;
  case EVC_KIND_MAP: break;
  default: return true;
  }
  if (a->length != b->length) return false;
  for (uint32_t i = 0; i < a->length; i++) {
    const evc_member *x = &a->as.members[i], *y = &b->as.members[i];
    if (x->name.length != y->name.length || memcmp(x->name.data, y->name.data, x->name.length) ||
        !same_value(&x->value, &y->value))
      return false;
  }
  return true;
}

static void expect_same(const evc_event *event, const evc_event *copy, const char *json) {
  const evc_event_type *type = evc_event_type_of(event);
  for (size_t slot = 0; slot < evc_event_type_field_count(type); slot++) {
    evc_value a = evc_event_value(event, slot), b = evc_event_value(copy, slot);
    if (!same_value(&a, &b)) fail_msg("slot %zu: %s", slot, json);
  }
}

static void there_and_back(const evc_event_type *type, bool hostile, int count) {
  evc_generate_options options = {.hostile = hostile};
  evc_generator *generator = evc_generator_new(type, 3, &options, NULL);
  evc_event *event = evc_event_new(type, NULL), *copy = evc_event_new(type, NULL);
  for (int i = 0; i < count; i++) {
    evc_text json = evc_generate_event_json(generator, event, NULL);
    for (int form = 0; form < 3; form++) {
      if (form > 0) json = evc_event_to_json(event, (evc_event_form)(form - 1), NULL);
      if (evc_event_read_json(copy, json.data, json.length, NULL, NULL) != EVC_OK)
        fail_msg("%s", json.data);
      expect_same(event, copy, json.data);
      evc_json_free(json, NULL);
    }
  }
  evc_event_free(event);
  evc_event_free(copy);
  evc_generator_free(generator);
}

static void random_events_come_back(void **state) {
  (void)state;
  static const char *const odd[] = {
      "id string",       "eventName string", "m3terEvent.x double", "new map",
      "new.tier string", "new.count double", "old double",          "old.x double",
      "a.b.c.d map",     "a.b.c.e boolean",  "a.b double",          "x..y double",
      " double",         "x.y map",          "x.y.tier.a double",   "y double"};
  evc_schema *schema = schema_of(odd, 16), *builtin = evc_schema_builtin(NULL);
  for (int hostile = 0; hostile < 2; hostile++) {
    there_and_back(evc_schema_at(schema, 0), hostile, 500);
    for (size_t i = 0; i < evc_schema_count(builtin); i++)
      there_and_back(evc_schema_at(builtin, i), hostile, 10);
  }
  evc_schema_free(schema);
  evc_schema_free(builtin);
}

/* Null values are written sometimes, the full form too, and a seed says which. */
static void random_json_varies(void **state) {
  evc_generator *generator = evc_generator_new(test_type(*state), 3, NULL, NULL);
  evc_event *event = evc_event_new(test_type(*state), NULL);
  size_t nulls = 0, full = 0;
  char *first = NULL;
  for (int i = 0; i < 200; i++) {
    if (i == 100) evc_generator_seed(generator, 3);
    if (i == 0) evc_generator_seed(generator, 3);
    evc_text json = evc_generate_event_json(generator, event, NULL);
    nulls += strstr(json.data, "\"amount\": null") != NULL;
    full += strstr(json.data, "m3terEvent") != NULL;
    if (i == 0) first = strdup(json.data);
    if (i == 100) assert_string_equal(json.data, first);
    evc_json_free(json, NULL);
  }
  assert_in_range(nulls, 5, 60);
  assert_in_range(full, 20, 80);
  free(first);
  evc_event_free(event);
  evc_generator_free(generator);
}

static void an_event_of_another_type(void **state) {
  evc_generator *generator = evc_generator_new(test_type(*state), 3, NULL, NULL);
  evc_schema *builtin = evc_schema_builtin(NULL);
  evc_event *event = evc_event_new(evc_schema_at(builtin, 0), NULL);
  assert_null(evc_generate_event_json(generator, event, NULL).data);
  evc_event_free(event);
  evc_schema_free(builtin);
  evc_generator_free(generator);
}

static void without_memory(void **state) {
  evc_event *event = evc_event_new(test_type(*state), NULL);
  evc_generator *generator = evc_generator_new(test_type(*state), 3, NULL, NULL);
  for (int form = 0; form < 3; form++) {
    bool written = false;
    for (size_t n = 1; !written; n++) {
      failing f = {.fail_from = n};
      evc_allocator allocator = failing_allocator(&f);
      evc_generator_seed(generator, 3);
      evc_text json = form < 2 ? evc_event_to_json(event, (evc_event_form)form, &allocator)
                               : evc_generate_event_json(generator, event, &allocator);
      written = json.data != NULL;
      assert_true(written == (f.calls < n));
      evc_json_free(json, &allocator);
      assert_int_equal(f.bytes, 0);
      assert_false(f.mistaken);
    }
  }
  evc_generator_free(generator);
  evc_event_free(event);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_event_in_both_forms),  cmocka_unit_test(fields_at_any_depth),
      cmocka_unit_test(names_of_the_short_form), cmocka_unit_test(random_events_come_back),
      cmocka_unit_test(random_json_varies),      cmocka_unit_test(an_event_of_another_type),
      cmocka_unit_test(without_memory),
  };
  return cmocka_run_group_tests(tests, schema_up, schema_down);
}
