/* Records: whatever holds the values, the outcome is that of the event with those values; what does not
** fit is refused, and it is told what. */
#include "calculations.h"

#include <math.h>

#include "../reference/records.h"
#include "evcalc/record.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* The type of the other tests with a second String. */
enum { OLD_CURRENCY = FIELD_COUNT };

static int set_up(void **state) {
  evc_schema *plain = test_schema(NULL);
  const evc_event_type *type = test_type(plain);
  evc_field fields[FIELD_COUNT + 1];
  for (size_t i = 0; i < FIELD_COUNT; i++) fields[i] = *evc_event_type_field(type, i);
  fields[OLD_CURRENCY] = (evc_field){.path = {"old.currency", 12}, .word = {"string", 6}};
  *state = evc_schema_new(NULL);
  evc_status status =
      evc_schema_add(*state, "t.x", 3, EVC_LOADED, fields, FIELD_COUNT + 1, NULL);
  evc_schema_free(plain);
  return status == EVC_OK ? 0 : -1;
}

/* Every comparison that a table can be made of, on Strings of every length that is compared in a way of
** its own, in every place; and programs that have no table. Then those that follow one that is alike. */
static const char *const texts[] = {
    "true",
    "new.vip",
    "new.vip == true",
    "new.vip == false",
    "new.vip != true",
    "new.vip != false",
    "new.amount == 5",
    "new.amount != 5",
    "new.amount < 5",
    "new.amount <= 5",
    "new.amount > 5",
    "new.amount >= 5",
    "new.currency == \"\"",
    "new.currency == \"U\"",
    "new.currency == \"US\"",
    "new.currency != \"US\"",
    "new.currency == \"USD\"",
    "new.currency != \"USD\"",
    "new.currency == \"USDX\"",
    "new.currency != \"USDX\"",
    "new.currency == \"12345678\"",
    "new.currency == \"123456789\"",
    "new.currency != \"123456789\"",
    "new.currency == \"a\\u0000b\"",
    "new.currency == DateTime.TS_FMT",
    "new.amount >= 5 AND new.quantity < 100 AND new.currency == \"USD\" OR new.vip AND "
    "new.closed == false",
    "new.currency != \"USD\" AND old.amount != 5 OR new.amount <= 5 AND new.closed AND "
    "(new.vip == false OR new.quantity >= 5)",
    "new.amount + 1 > new.quantity * 2 OR new.currency == null",
    "new.amount / new.quantity > 1",
    "IN(new.currency, \"US\", new.tags.a) OR isnull(new.vip, true)",
    "new.tags.a == 5 OR new.tags.b != \"USD\"",
    "new.currency < \"V\" AND new.amount == null",
#define ALIKE(first, second)                                                                       \
  first " OR " second, "(" first " OR " second ") AND new.closed == false", first " OR " first,    \
      "(" first " AND " first ") OR new.tags.a == 1", "(" first " OR " first ") AND new.closed",   \
      first " OR " second " OR " first
    ALIKE("new.amount == 5", "new.quantity == 6"),
    ALIKE("new.amount < 5", "new.quantity >= 6"),
    ALIKE("new.amount > 5", "new.quantity <= 6"),
    ALIKE("new.vip", "new.closed"),
    ALIKE("new.currency == \"U\"", "old.currency == \"V\""),
    ALIKE("new.currency == \"USD\"", "old.currency == \"US\""),
    ALIKE("new.currency != \"USDX\"", "old.currency == \"12345678\""),
};

static const double numbers[] = {0, -0.0, 4, 5, 5.5, 6, -5, 100, 0.1, 2147483648.0, -2147483648.0,
                                 4294967295.0, 1e12, 1e300};
static const char *const strings[] = {"",    "U",    "V",        "US",        "UX",        "USD",
                                      "UXD", "VSD",  "USDX",     "USXX",      "12345678",  "12345X78",
                                      "X2345678", "123456789", "12345678X", "yyyy-MM-dd'T'HH:mm:ss.SSSX"};

static evc_value a_number(evc_random *random) {
  return (evc_value){.as.number = numbers[evc_random_below(random, COUNT(numbers))],
                     .kind = EVC_KIND_NUMBER};
}

static evc_value a_string(evc_random *random) {
  if (evc_random_chance(random, 1, 20))
    return (evc_value){.as.text = "a\0b", .length = 3, .kind = EVC_KIND_STRING};
  const char *string = strings[evc_random_below(random, COUNT(strings))];
  return (evc_value){.as.text = string, .length = (uint32_t)strlen(string), .kind = EVC_KIND_STRING};
}

static evc_value or_null(evc_random *random, evc_value value) {
  return evc_random_chance(random, 1, 5) ? (evc_value){.kind = EVC_KIND_NULL} : value;
}

/* `members` is room for those of the map. */
static void fill(evc_event *event, evc_member members[2], evc_random *random) {
  evc_event_clear(event);
  evc_event_set_value(event, AMOUNT, or_null(random, a_number(random)));
  evc_event_set_value(event, QUANTITY, or_null(random, a_number(random)));
  evc_event_set_value(event, OLD_AMOUNT, or_null(random, a_number(random)));
  evc_event_set_value(event, CURRENCY, or_null(random, a_string(random)));
  evc_event_set_value(event, OLD_CURRENCY, or_null(random, a_string(random)));
  for (size_t slot = VIP; slot <= CLOSED; slot++)
    if (evc_random_chance(random, 4, 5))
      evc_event_set_boolean(event, slot, evc_random_chance(random, 1, 2));
  bool number = evc_random_chance(random, 1, 2);
  members[0] = (evc_member){{"a", 1}, or_null(random, number ? a_number(random) : a_string(random))};
  members[1] = (evc_member){{"b", 1}, or_null(random, number ? a_number(random) : a_string(random))};
  evc_event_set_value(event, TAGS,
                      (evc_value){.as.members = members, .length = 2, .kind = EVC_KIND_MAP});
}

static void expect_same(evc_outcome found, evc_outcome expected, const char *text) {
  if (found.status != expected.status || found.value != expected.value ||
      found.code != expected.code || found.start != expected.start || found.end != expected.end ||
      found.found != expected.found || found.wanted != expected.wanted)
    fail_msg("%s: status %d, %d, %s; of the event %d, %d, %s", text, found.status, found.value,
             evc_code_name((evc_code)found.code), expected.status, expected.value,
             evc_code_name((evc_code)expected.code));
}

static void as_the_event(void **state) {
  enum { EVENTS = 600 };
  evc_random random;
  evc_event *event = evc_event_new(test_type(*state), NULL);
  size_t answers[2] = {0}, failed = 0, kinds[EVC_RECORD_NUL_TERMINATED + 1] = {0};
  evc_random_seed(&random, 4);
  for (size_t i = 0; i < COUNT(texts); i++) {
    evc_calculation *c = compile(state, texts[i], false);
    for (int n = 0; n < EVENTS; n++) {
      evc_member members[2];
      made_record record;
      fill(event, members, &random);
      assert_true(made_record_of(&record, c, event, &random));
      evc_binding *binding = evc_binding_new(c, record.fields, record.count, NULL);
      assert_non_null(binding);
      evc_outcome expected = evc_evaluate(c, event);
      expect_same(evc_evaluate_record(binding, record.bytes), expected, texts[i]);
      answers[expected.value]++;
      failed += expected.status != EVC_OK;
      for (size_t k = 0; k < record.count; k++) kinds[record.fields[k].kind]++;
      evc_binding_free(binding);
      made_record_free(&record);
    }
    evc_calculation_free(c);
  }
  evc_event_free(event);
  /* The comparison is worth something only if everything came. */
  for (size_t k = 0; k < COUNT(kinds); k++)
    if (kinds[k] < 1000) fail_msg("kind %zu came %zu times", k, kinds[k]);
  print_message("%zu true, %zu false, %zu failed\n", answers[true], answers[false], failed);
  assert_true(answers[false] > 5000 && answers[true] > 5000 && failed > 300);
}

/* Many registers. */
static void a_deep_calculation(void **state) {
  char *behind = repeated("new.quantity", ")", 150, " == 1");
  char *deep = repeated("", "(new.amount - ", 150, behind);
  evc_calculation *c = compile(state, deep, false);
  const struct {
    int64_t amount;
    float quantity;
  } record = {3, 1};
  const evc_record_field fields[] = {
      {.path = {"new.amount", 10}, .kind = EVC_RECORD_INT64, .offset = 0},
      {.path = {"new.quantity", 12}, .kind = EVC_RECORD_FLOAT, .offset = 8},
  };
  evc_binding *binding = evc_binding_new(c, fields, 2, NULL);
  assert_non_null(binding);
  evc_outcome outcome = evc_evaluate_record(binding, &record);
  assert_true(outcome.status == EVC_OK && outcome.value);
  evc_binding_free(binding);
  evc_calculation_free(c);
  free(deep);
  free(behind);
}

/* Integers of 64 bits are rounded as a JSON number would be. */
static void large_integers(void **state) {
  const struct {
    int64_t amount;
    uint64_t quantity;
  } record = {INT64_C(-9007199254740993), UINT64_C(18446744073709551615)};
  const evc_record_field fields[] = {
      {.path = {"new.amount", 10}, .kind = EVC_RECORD_INT64, .offset = 0},
      {.path = {"new.quantity", 12}, .kind = EVC_RECORD_UINT64, .offset = 8},
  };
  evc_calculation *c = compile(
      state, "new.amount + 9007199254740992 == 0 AND new.quantity == 18446744073709551616", false);
  evc_binding *binding = evc_binding_new(c, fields, 2, NULL);
  assert_true(evc_evaluate_record(binding, &record).value);
  evc_binding_free(binding);
  evc_calculation_free(c);
}

/* As record.h has it. */
typedef struct order {
  double amount;
  const char *currency;
  bool has_amount;
} order;

static const evc_record_field order_fields[] = {
    {.path = {"new.amount", 10},
     .kind = EVC_RECORD_NUMBER,
     .offset = offsetof(order, amount),
     .null_offset = offsetof(order, has_amount),
     .present_mask = 1},
    {.path = {"new.currency", 12},
     .kind = EVC_RECORD_NUL_TERMINATED,
     .offset = offsetof(order, currency)},
};

/* The outcome, and what is told of it, are as on an event. */
static void an_order(void **state) {
  evc_calculation *c = compile(state, "1 / new.amount > 0.1 OR new.currency == \"EUR\"", false);
  evc_binding *binding = evc_binding_new(c, order_fields, COUNT(order_fields), NULL);
  assert_non_null(binding);
  evc_outcome outcome = evc_evaluate_record(binding, &(order){.currency = "EUR"});
  assert_true(outcome.status == EVC_OK && outcome.value);
  outcome = evc_evaluate_record(binding, &(order){.currency = NULL});
  assert_true(outcome.status == EVC_OK && !outcome.value);
  outcome = evc_evaluate_record(binding, &(order){.amount = 2, .has_amount = true});
  assert_true(outcome.status == EVC_OK && outcome.value);
  outcome = evc_evaluate_record(binding, &(order){.amount = 0, .has_amount = true});
  assert_true(outcome.status == EVC_EVALUATION && outcome.code == EVC_CODE_DIVISION_BY_ZERO);
  evc_report *report = evc_outcome_report(c, outcome);
  assert_int_equal(evc_report_at(report, 0)->code, EVC_CODE_DIVISION_BY_ZERO);
  evc_report_free(report);
  evc_binding_free(binding);
  evc_binding_free(NULL);
  evc_calculation_free(c);
}

/* Refused */

static evc_misfit misfit_of(void **state, const char *text, const evc_record_field *fields,
                            size_t count, evc_text *path) {
  static char copy[64];
  evc_misfit misfit;
  evc_calculation *c = compile(state, text, false);
  evc_binding *binding = evc_binding_new(c, fields, count, &misfit);
  assert_int_equal(binding == NULL, misfit.status != EVC_OK);
  evc_binding_free(binding);
  assert_in_range(misfit.path.length, 0, sizeof copy - 1);
  if (misfit.path.length) memcpy(copy, misfit.path.data, misfit.path.length);
  *path = (evc_text){copy, misfit.path.length};
  evc_calculation_free(c);
  return misfit;
}

static void each_kind_for_each_type(void **state) {
  static const struct {
    const char *text, *path;
    evc_type type;
    bool numbers, booleans, strings;
  } cases[] = {
      {"new.amount == 1", "new.amount", EVC_TYPE_NUMBER, true, false, false},
      {"new.quantity + 1 > 2", "new.quantity", EVC_TYPE_NUMBER, true, false, false},
      {"new.vip", "new.vip", EVC_TYPE_BOOLEAN, false, true, false},
      {"new.currency != \"USD\"", "new.currency", EVC_TYPE_STRING, false, false, true},
      {"new.tags.a == 1", "new.tags.a", EVC_TYPE_DYNAMIC, true, false, true},
  };
  enum { ONE_PAST = EVC_RECORD_NUL_TERMINATED + 1 };
  for (size_t i = 0; i < COUNT(cases); i++)
    for (int kind = 0; kind <= ONE_PAST; kind++) {
      evc_record_field field = {.path = text_of(cases[i].path), .kind = (evc_record_kind)kind};
      bool right = kind == ONE_PAST             ? false
                   : kind > EVC_RECORD_BOOLEAN  ? cases[i].strings
                   : kind == EVC_RECORD_BOOLEAN ? cases[i].booleans
                                                : cases[i].numbers;
      evc_text path;
      evc_misfit misfit = misfit_of(state, cases[i].text, &field, 1, &path);
      if (misfit.status != (right ? EVC_OK : EVC_WRONG_KIND))
        fail_msg("%s: kind %d, status %d", cases[i].text, kind, (int)misfit.status);
      if (right) continue;
      assert_true(text_is(path, cases[i].path));
      assert_int_equal(misfit.type, cases[i].type);
    }
}

static void what_is_lacking(void **state) {
  static const char text[] = "new.amount > 1 AND (new.currency == \"USD\" OR new.tags.a == null)";
  const evc_record_field tag = {.path = {"new.tags.a", 10}, .kind = EVC_RECORD_INT32};
  const evc_record_field fields[] = {tag, order_fields[0], order_fields[1]};
  evc_text path;
  evc_misfit misfit = misfit_of(state, text, fields, 3, &path);
  assert_int_equal(misfit.status, EVC_OK);
  misfit = misfit_of(state, text, order_fields, 2, &path);
  assert_int_equal(misfit.status, EVC_NOT_FOUND);
  assert_int_equal(misfit.type, EVC_TYPE_DYNAMIC);
  assert_true(text_is(path, "new.tags.a"));
  misfit = misfit_of(state, text, NULL, 0, &path);
  assert_int_equal(misfit.status, EVC_NOT_FOUND);
  assert_int_equal(misfit.type, EVC_TYPE_NUMBER);
  assert_true(text_is(path, "new.amount"));
  assert_int_equal(misfit_of(state, "true", NULL, 0, &path).status, EVC_OK);
  /* More than there can be; none of them is looked at. */
  misfit = misfit_of(state, text, fields, SIZE_MAX, &path);
  assert_int_equal(misfit.status, EVC_OUT_OF_MEMORY);
  evc_calculation *c = compile(state, text, false);
  assert_null(evc_binding_new(c, fields, 2, NULL));
  evc_calculation_free(c);
}

static void the_last_of_a_path_counts(void **state) {
  const evc_record_field fields[] = {
      {.path = {"new.amount", 10}, .kind = EVC_RECORD_BOOLEAN, .offset = UINT32_MAX},
      {.path = {"new.amount", 10}, .kind = EVC_RECORD_INT32, .offset = sizeof(int32_t)},
  };
  evc_calculation *c = compile(state, "new.amount == 7", false);
  evc_binding *binding = evc_binding_new(c, fields, 2, NULL);
  assert_non_null(binding);
  assert_true(evc_evaluate_record(binding, (const int32_t[]){6, 7}).value);
  assert_false(evc_evaluate_record(binding, (const int32_t[]){7, 6}).value);
  evc_binding_free(binding);
  evc_calculation_free(c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(as_the_event),
      cmocka_unit_test(a_deep_calculation),
      cmocka_unit_test(large_integers),
      cmocka_unit_test(an_order),
      cmocka_unit_test(each_kind_for_each_type),
      cmocka_unit_test(what_is_lacking),
      cmocka_unit_test(the_last_of_a_path_counts),
  };
  return cmocka_run_group_tests(tests, set_up, schema_down);
}
