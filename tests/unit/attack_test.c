/* Attacks: what they find is there, what is there they find. */
#include "calculations.h"

#include "evcalc/attack.h"
#include "evcalc/generate.h"
#include "evcalc/json.h"
#include "failing.h"

static evc_attack *attack_on(const evc_calculation *calculation, bool hostile, uint64_t events) {
  evc_attack_options options = {.hostile = hostile};
  evc_attack *attack = evc_attack_new(calculation, 1, &options, NULL);
  assert_non_null(attack);
  assert_true(evc_attack_run(attack, events) != EVC_OUT_OF_MEMORY);
  return attack;
}

/* ---- Every example is one ------------------------------------------------------------------- */

/* The example, after it went through JSON. */
static evc_outcome outcome_on(const evc_attack *attack, const evc_calculation *calculation,
                              evc_example what, size_t index, evc_event *event) {
  assert_int_equal(evc_attack_example(attack, what, index, event), EVC_OK);
  evc_outcome outcome = evc_evaluate(calculation, event);
  evc_text json = evc_event_to_json(event, EVC_EVENT_SHORT, NULL);
  assert_int_equal(evc_event_read_json(event, json.data, json.length, calculation, NULL), EVC_OK);
  evc_outcome again = evc_evaluate(calculation, event);
  assert_true(outcome.status == again.status && outcome.code == again.code &&
              outcome.start == again.start && outcome.value == again.value);
  evc_json_free(json, NULL);
  return outcome;
}

/* The calculation with a condition that always comes out one way; NULL when that is no
** calculation. */
static evc_calculation *forced(const evc_calculation *calculation, evc_condition c, bool to) {
  evc_text text = evc_calculation_text(calculation);
  char *whole = malloc(text.length + 16);
  int length = snprintf(whole, text.length + 16, "%.*s %s %.*s", (int)c.start, text.data,
                        to ? "true" : "false", (int)(text.length - c.end), text.data + c.end);
  evc_calculation *changed =
      evc_compile(evc_calculation_type(calculation), whole, (size_t)length, NULL, NULL);
  free(whole);
  return changed;
}

static void confirm_condition(const evc_attack *attack, const evc_calculation *calculation,
                              size_t index, evc_event *event) {
  evc_condition c = evc_attack_condition(attack, index);
  const bool decided[] = {c.decided_false, c.decided_true};
  assert_true(c.reached == (c.seen_true || c.seen_false));
  for (int is_true = 0; is_true < 2; is_true++) {
    evc_example what = is_true ? EVC_EXAMPLE_DECIDED_TRUE : EVC_EXAMPLE_DECIDED_FALSE;
    if (!decided[is_true]) {
      assert_int_equal(evc_attack_example(attack, what, index, event), EVC_NOT_FOUND);
      continue;
    }
    assert_true(is_true ? c.seen_true : c.seen_false);
    evc_outcome outcome = outcome_on(attack, calculation, what, index, event);
    evc_calculation *same = forced(calculation, c, is_true),
                    *other = forced(calculation, c, !is_true);
    if (same) assert_int_equal(evc_evaluate(same, event).value, outcome.value);
    if (other) assert_int_equal(evc_evaluate(other, event).value, !outcome.value);
    evc_calculation_free(same);
    evc_calculation_free(other);
  }
}

static void confirm_all(const evc_attack *attack, const evc_calculation *calculation) {
  evc_attack_summary found = evc_attack_result(attack);
  evc_event *event = evc_event_new(evc_calculation_type(calculation), NULL);
  size_t covered = 0;
  if (found.ever_true)
    assert_true(outcome_on(attack, calculation, EVC_EXAMPLE_TRUE, 0, event).value);
  if (found.ever_false)
    assert_false(outcome_on(attack, calculation, EVC_EXAMPLE_FALSE, 0, event).value);
  for (size_t i = 0; i < found.failures; i++) {
    evc_outcome told = evc_attack_failure(attack, i);
    evc_outcome outcome = outcome_on(attack, calculation, EVC_EXAMPLE_FAILURE, i, event);
    assert_int_equal(outcome.status, EVC_EVALUATION);
    assert_true(outcome.code == told.code && outcome.start == told.start &&
                outcome.end == told.end && outcome.found == told.found);
  }
  for (size_t i = 0; i < found.conditions; i++) {
    evc_condition c = evc_attack_condition(attack, i);
    covered += c.decided_true && c.decided_false;
    confirm_condition(attack, calculation, i, event);
  }
  assert_int_equal(covered, found.covered);
  assert_int_equal(evc_attack_condition(attack, found.conditions).end, 0);
  assert_int_equal(evc_attack_failure(attack, found.failures).status, EVC_OK);
  assert_int_equal(evc_attack_example(attack, EVC_EXAMPLE_FAILURE, found.failures, event),
                   EVC_NOT_FOUND);
  evc_event_free(event);
}

/* ---- Failures ------------------------------------------------------------------------------- */

static void failures_are_found(void **state) {
  static const struct {
    const char *text;
    evc_code code;
    const char *place;
    bool hostile;
  } cases[] = {
      {"new.amount / new.quantity > 1", EVC_CODE_DIVISION_BY_ZERO, "new.quantity", false},
      {"new.amount % (new.quantity - 17.25) > 1", EVC_CODE_DIVISION_BY_ZERO,
       "(new.quantity - 17.25)", false},
      {"new.amount / (3 * new.quantity - old.amount + 12) > 1", EVC_CODE_DIVISION_BY_ZERO,
       "(3 * new.quantity - old.amount + 12)", false},
      {"new.amount / (new.quantity * new.quantity - 144) > 1", EVC_CODE_DIVISION_BY_ZERO,
       "(new.quantity * new.quantity - 144)", false},
      {"new.currency == \"CHF\" AND 1 / Math.max(new.amount, 0) > 2", EVC_CODE_DIVISION_BY_ZERO,
       "Math.max(new.amount, 0)", false},
      {"new.vip AND new.closed AND new.amount > 1000 AND 1 / (new.amount - 5000) > 0",
       EVC_CODE_DIVISION_BY_ZERO, "(new.amount - 5000)", false},
      {"new.amount * new.quantity > 1", EVC_CODE_NOT_FINITE, "new.amount * new.quantity", false},
      {"new.amount ^ new.quantity > 1", EVC_CODE_NO_REAL_VALUE, "new.amount ^ new.quantity", false},
      {"new.tags.tier > 5", EVC_CODE_VALUE_KIND, "new.tags.tier", false},
      {"isnull(new.tags.tier, new.tags.region) == \"a\"", EVC_CODE_VALUE_KIND,
       "isnull(new.tags.tier, new.tags.region)", false},
      {"new.currency == \"USD\"", EVC_CODE_VALUE_KIND, "new.currency", true},
      {"new.vip", EVC_CODE_VALUE_KIND, "new.vip", true},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    evc_calculation *calculation = compile(state, cases[i].text, false);
    evc_attack *attack = attack_on(calculation, cases[i].hostile, 50000);
    size_t start = (size_t)(strstr(cases[i].text, cases[i].place) - cases[i].text);
    bool found = false;
    for (size_t f = 0; f < evc_attack_result(attack).failures; f++) {
      evc_outcome outcome = evc_attack_failure(attack, f);
      found |= outcome.code == cases[i].code && outcome.start == start &&
               outcome.end == start + strlen(cases[i].place);
    }
    if (!found) fail_msg("%s: %s", cases[i].text, evc_code_name(cases[i].code));
    confirm_all(attack, calculation);
    evc_attack_free(attack);
    evc_calculation_free(calculation);
  }
}

static void what_cannot_fail_does_not(void **state) {
  static const char *const texts[] = {
      "new.currency == \"USD\" AND (new.vip OR new.closed)",
      "new.amount > 5",
      "true",
      "new.quantity != 0 AND new.quantity < 100 AND new.quantity > 1 AND 1 / new.quantity > 0.5",
      "isnull(new.amount, 0) >= Math.round(new.quantity)",
      "IN(new.currency, \"USD\", \"EUR\")"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    evc_calculation *calculation = compile(state, texts[i], false);
    evc_attack *attack = attack_on(calculation, false, 20000);
    if (evc_attack_result(attack).failures) fail_msg("%s", texts[i]);
    confirm_all(attack, calculation);
    evc_attack_free(attack);
    evc_calculation_free(calculation);
  }
}

/* Results that are too large are put behind the others, and give way to them. */
static void many_failures(void **state) {
  char *text = repeated("(new.amount * new.quantity", " * new.amount * new.quantity", 12,
                        ") / new.amount > 1 OR 1 / new.quantity > 0");
  evc_calculation *calculation = compile(state, text, false);
  evc_attack *attack = attack_on(calculation, false, 100000);
  assert_int_equal(evc_attack_result(attack).failures, EVC_ATTACK_FAILURES);
  assert_int_equal(evc_attack_failure(attack, 0).code, EVC_CODE_DIVISION_BY_ZERO);
  assert_int_equal(evc_attack_failure(attack, 1).code, EVC_CODE_DIVISION_BY_ZERO);
  for (size_t i = 2; i < EVC_ATTACK_FAILURES; i++)
    assert_int_equal(evc_attack_failure(attack, i).code, EVC_CODE_NOT_FINITE);
  confirm_all(attack, calculation);
  evc_attack_free(attack);
  evc_calculation_free(calculation);
  free(text);
}

/* ---- Conditions ----------------------------------------------------------------------------- */

/* All of it is seen, and the attack ends by itself. */
static void conditions_are_covered(void **state) {
  static const char *const texts[] = {
      "new.amount > 5 AND new.currency == \"CHF\"",
      "new.amount == 1234.5 OR new.quantity == old.amount",
      "new.amount == new.quantity * 7 + 3 AND new.vip",
      "new.amount >= new.quantity * 0.9 AND new.amount < new.quantity AND old.amount < 17",
      "new.vip ? new.amount > 100 : new.quantity > 100 AND new.currency != \"USD\"",
      "IN(new.currency, \"USD\", \"EUR\") AND IN(new.amount, 1, 2, 1000000)",
      "(new.vip == new.closed) AND (new.amount == null OR new.amount < 0)",
      "isnull(new.amount, 7) == 7 AND isnull(new.currency, \"none\") == \"none\"",
      "Math.round(new.amount * 1.2, 2) == 123.46 AND new.closed",
      "Math.max(new.amount, new.quantity) > 77 AND Math.min(new.amount, new.quantity) < -77",
      "new.currency > \"EUR\" AND new.currency < \"USD\" OR new.currency == \"never mind\"",
      "new.tags.tier == \"gold\" AND new.tags.count > 3",
      "new.amount > 100 AND new.amount < 101 AND new.amount != 100.5",
      "(new.vip ? 10 : 20) * new.amount > 1000 AND (new.amount > 70 OR new.closed)",
      "new.vip == (new.amount > 5 AND new.closed)",
      "new.amount > 1 AND new.quantity > 2 AND old.amount > 3 AND new.currency == \"a\" AND "
      "new.vip "
      "AND new.closed AND new.tags.a == 5 AND new.tags.b == \"c\" AND new.amount != 100",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    evc_calculation *calculation = compile(state, texts[i], false);
    evc_attack *attack = evc_attack_new(calculation, 1, NULL, NULL);
    evc_status status = evc_attack_run(attack, 200000);
    evc_attack_summary found = evc_attack_result(attack);
    if (status != EVC_END || found.covered != found.conditions)
      fail_msg("%s: %zu of %zu after %zu", texts[i], found.covered, found.conditions,
               (size_t)found.events);
    assert_true(found.ever_true && found.ever_false);
    confirm_all(attack, calculation);
    evc_attack_free(attack);
    evc_calculation_free(calculation);
  }
}

/* As the conditions of a calculation, in order:  text: reached, true, false, decides when true and
** when false. */
static void expect_conditions(void **state, const char *text, const char *expected) {
  evc_calculation *calculation = compile(state, text, false);
  evc_attack *attack = attack_on(calculation, false, 30000);
  char found[2000] = "";
  for (size_t i = 0; i < evc_attack_result(attack).conditions; i++) {
    evc_condition c = evc_attack_condition(attack, i);
    size_t used = strlen(found);
    snprintf(found + used, sizeof found - used, "%.*s: %s%s%s%s%s\n", (int)(c.end - c.start),
             text + c.start, c.reached ? "r" : "", c.seen_true ? "t" : "", c.seen_false ? "f" : "",
             c.decided_true ? "T" : "", c.decided_false ? "F" : "");
  }
  assert_string_equal(found, expected);
  confirm_all(attack, calculation);
  evc_attack_free(attack);
  evc_calculation_free(calculation);
}

static void conditions_that_do_not_matter(void **state) {
  expect_conditions(state, "new.amount > 5", "");
  expect_conditions(state, "new.amount > 1000 OR new.amount > 500",
                    "new.amount > 1000: rtfF\nnew.amount > 500: rtfTF\n");
  expect_conditions(state, "new.amount > 100 AND new.amount < 50",
                    "new.amount > 100: rtfF\nnew.amount < 50: rfF\n");
  expect_conditions(state, "new.amount != null AND new.amount > 5",
                    "new.amount != null: rtfT\nnew.amount > 5: rtfTF\n");
  expect_conditions(state, "new.vip AND (new.vip OR new.closed)",
                    "new.vip: rtfTF\nnew.vip OR new.closed: rtT\nnew.vip: rtT\nnew.closed: \n");
  expect_conditions(state, "true OR new.vip", "true: rtT\nnew.vip: \n");
  expect_conditions(state, "new.vip OR new.closed OR (new.vip AND new.closed)",
                    "new.vip: rtfTF\nnew.closed: rtfTF\nnew.vip AND new.closed: rfF\n"
                    "new.vip: rf\nnew.closed: \n");
  expect_conditions(state, "new.vip ? true : new.closed", "new.vip: rtfTF\nnew.closed: rtfTF\n");
  expect_conditions(state, "new.vip ? new.closed : new.closed",
                    "new.vip: rtf\nnew.closed: rtfTF\nnew.closed: rtfTF\n");
  expect_conditions(state, "(new.vip AND new.closed) == new.vip",
                    "new.vip: rtfTF\nnew.closed: rtfTF\n");
  expect_conditions(state, "1 / (new.vip ? 1 : 2) > 0.7", "new.vip: rtfTF\n");
  /* Forced, this would be a constant zero divisor. */
  expect_conditions(state, "new.amount / (new.vip ? 0 : 1) > 5", "new.vip: rtf\n");
}

static void never_true_and_never_false(void **state) {
  evc_calculation *calculation = compile(state, "new.amount < 3 AND new.amount > 4", false);
  evc_attack *attack = attack_on(calculation, false, 5000);
  assert_false(evc_attack_result(attack).ever_true);
  assert_true(evc_attack_result(attack).ever_false);
  assert_int_equal(evc_attack_result(attack).events, 5000);
  confirm_all(attack, calculation);
  evc_attack_free(attack);
  evc_calculation_free(calculation);
  calculation = compile(state, "true", false);
  attack = attack_on(calculation, false, 5000);
  assert_true(evc_attack_result(attack).ever_true);
  assert_false(evc_attack_result(attack).ever_false);
  assert_int_equal(evc_attack_result(attack).events, 1); /* there is no other event */
  evc_attack_free(attack);
  evc_calculation_free(calculation);
}

static void more_conditions_than_are_looked_at(void **state) {
  char *text = repeated("new.vip", " AND (new.amount > 5 OR new.closed)", 120, "");
  evc_calculation *calculation = compile(state, text, false);
  evc_attack *attack = attack_on(calculation, false, 2000);
  evc_attack_summary found = evc_attack_result(attack);
  assert_int_equal(found.conditions, EVC_ATTACK_CONDITIONS);
  assert_int_equal(found.conditions + found.ignored, 1 + 120 * 3);
  confirm_all(attack, calculation);
  evc_attack_free(attack);
  evc_calculation_free(calculation);
  free(text);
  text = repeated("new.vip", " AND new.amount != 12345678", 2400, "");
  calculation = compile(state, text, false);
  attack = attack_on(calculation, false, 200);
  found = evc_attack_result(attack);
  assert_in_range(found.conditions, 20, 40); /* so that copies of 64 KiB stay few */
  assert_int_equal(found.conditions + found.ignored, 2401);
  evc_attack_free(attack);
  evc_calculation_free(calculation);
  free(text);
}

static void examples_are_small(void **state) {
  evc_calculation *calculation = compile(
      state, "new.amount > 41.5 AND (new.vip OR new.currency == \"USD\") AND new.quantity != 3",
      false);
  evc_attack *attack = attack_on(calculation, false, 20000);
  evc_event *event = evc_event_new(test_type(*state), NULL);
  assert_int_equal(evc_attack_example(attack, EVC_EXAMPLE_TRUE, 0, event), EVC_OK);
  assert_int_equal(evc_event_value(event, QUANTITY).kind, EVC_KIND_NULL);
  assert_true(evc_event_value(event, AMOUNT).as.number == 100);
  assert_true((evc_event_value(event, VIP).kind == EVC_KIND_NULL) !=
              (evc_event_value(event, CURRENCY).kind == EVC_KIND_NULL));
  assert_int_equal(evc_attack_example(attack, EVC_EXAMPLE_FALSE, 0, event), EVC_OK);
  for (size_t slot = 0; slot < FIELD_COUNT; slot++)
    assert_int_equal(evc_event_value(event, slot).kind, EVC_KIND_NULL);
  evc_event_free(event);
  evc_attack_free(attack);
  evc_calculation_free(calculation);
}

/* Of many fields several are left out at once: examples are right, and small where what they show needs
** few. */
static void examples_of_many_fields(void **state) {
  enum { COUNT = 100 };
  static char names[COUNT][16], text[COUNT * 20];
  static evc_field fields[COUNT];
  (void)state;
  size_t length = 0;
  for (int i = 0; i < COUNT; i++) {
    snprintf(names[i], sizeof names[i], "new.b%d", i);
    fields[i] = (evc_field){text_of(names[i]), text_of("boolean"), EVC_TYPE_UNKNOWN};
    length += (size_t)snprintf(text + length, sizeof text - length, "%s%s", i ? " AND " : "",
                               names[i]);
  }
  evc_schema *schema = evc_schema_new(NULL);
  assert_int_equal(evc_schema_add(schema, "t", 1, EVC_LOADED, fields, COUNT, NULL), EVC_OK);
  evc_calculation *calculation =
      evc_compile(evc_schema_find(schema, "t", 1), text, length, NULL, NULL);
  evc_attack *attack = attack_on(calculation, false, 10);
  evc_attack_summary found = evc_attack_result(attack);
  assert_true(found.ever_true && found.ever_false && found.covered > 0);
  confirm_all(attack, calculation);
  evc_event *event = evc_event_new(evc_calculation_type(calculation), NULL);
  assert_int_equal(evc_attack_example(attack, EVC_EXAMPLE_FALSE, 0, event), EVC_OK);
  for (size_t slot = 0; slot < COUNT; slot++)
    assert_int_equal(evc_event_value(event, slot).kind, EVC_KIND_NULL);
  evc_event_free(event);
  evc_attack_free(attack);
  evc_calculation_free(calculation);
  evc_schema_free(schema);
}

/* A value below one that is no map could not be told in JSON. */
static void fields_below_each_other(void **state) {
  (void)state;
  const evc_field fields[] = {{.path = text_of("new.a"), .word = text_of("double")},
                              {.path = text_of("new.a.b"), .word = text_of("double")},
                              {.path = text_of("new.m"), .word = text_of("map")},
                              {.path = text_of("new.m.x"), .word = text_of("double")},
                              {.path = text_of("new.m.y.z"), .word = text_of("double")}};
  evc_schema *schema = evc_schema_new(NULL);
  evc_schema_add(schema, "t.y", 3, EVC_LOADED, fields, 5, NULL);
  evc_calculation *calculation =
      evc_compile(evc_schema_at(schema, 0),
                  "new.a > 5 OR new.a.b > 7 OR (new.m.x > 1 AND (new.m.y > 2 OR new.m.y.z > 3))",
                  EVC_NUL_TERMINATED, NULL, NULL);
  evc_attack *attack = attack_on(calculation, false, 5000);
  confirm_all(attack, calculation);
  assert_false(evc_attack_condition(attack, 1).seen_true); /* new.a.b > 7 */
  assert_true(evc_attack_condition(attack, 3).seen_true);  /* new.m.x > 1 */
  assert_false(evc_attack_condition(attack, 5).seen_true); /* new.m.y > 2 */
  assert_false(evc_attack_condition(attack, 6).seen_true); /* new.m.y.z > 3 */
  evc_attack_free(attack);
  evc_calculation_free(calculation);
  evc_schema_free(schema);
}

/* ---- Anything ------------------------------------------------------------------------------- */

/* Only the hostile put a value of the wrong type into a field. A member may be of two types. */
static void expect_no_type_error(const evc_attack *attack, const evc_calculation *calculation) {
  for (size_t i = 0; i < evc_calculation_reference_count(calculation); i++)
    if (evc_calculation_reference(calculation, i).member.data) return;
  for (size_t i = 0; i < evc_attack_result(attack).failures; i++)
    assert_int_not_equal(evc_attack_failure(attack, i).code, EVC_CODE_VALUE_KIND);
}

/* Whatever is attacked, nothing is told that is not so. */
static void random_calculations_are_attacked(void **state) {
  evc_options silent = {.allow = {{UINT64_MAX, UINT64_MAX}}};
  evc_generator *generator = evc_generator_new(test_type(*state), 21, NULL, NULL);
  size_t failures = 0, covered = 0, conditions = 0;
  for (int i = 0; i < 250; i++) {
    evc_text text = evc_generate_calculation(generator);
    evc_calculation *calculation =
        evc_compile(test_type(*state), text.data, text.length, &silent, NULL);
    evc_attack *attack = attack_on(calculation, i % 3 == 0, 400);
    confirm_all(attack, calculation);
    if (i % 3) expect_no_type_error(attack, calculation);
    failures += evc_attack_result(attack).failures;
    covered += evc_attack_result(attack).covered;
    conditions += evc_attack_result(attack).conditions;
    evc_attack_free(attack);
    evc_calculation_free(calculation);
  }
  evc_generator_free(generator);
  assert_true(failures > 200 && covered > 50 && covered < conditions);
}

/* The answers as text, to compare. */
static void show(char *out, size_t size, const evc_attack *attack, evc_event *event) {
  evc_attack_summary found = evc_attack_result(attack);
  size_t used = (size_t)snprintf(out, size, "%zu %zu %zu\n", (size_t)found.events, found.covered,
                                 found.failures);
  for (size_t i = 0; i < found.failures && used < size; i++) {
    assert_int_equal(evc_attack_example(attack, EVC_EXAMPLE_FAILURE, i, event), EVC_OK);
    evc_text json = evc_event_to_json(event, EVC_EVENT_SHORT, NULL);
    used += (size_t)snprintf(out + used, size - used, "%s\n", json.data);
    evc_json_free(json, NULL);
  }
}

static void a_seed_says_everything(void **state) {
  evc_calculation *calculation = compile(
      state, "new.amount / (new.quantity * 3 - old.amount) > 7 AND new.amount ^ 0.5 < old.amount",
      false);
  evc_event *event = evc_event_new(test_type(*state), NULL);
  char found[3][4000];
  for (size_t i = 0; i < 3; i++) {
    evc_attack *attack = evc_attack_new(calculation, i < 2 ? 5 : 6, NULL, NULL);
    for (int part = 0; part < 3; part++) evc_attack_run(attack, 1500);
    show(found[i], sizeof found[i], attack, event);
    evc_attack_free(attack);
  }
  assert_string_equal(found[0], found[1]);
  assert_string_not_equal(found[0], found[2]);
  evc_event_free(event);
  evc_calculation_free(calculation);
}

static void another_type(void **state) {
  evc_calculation *calculation = compile(state, "new.amount > 5", false);
  evc_attack *attack = attack_on(calculation, false, 100);
  evc_schema *schema = evc_schema_builtin(NULL);
  evc_event *event = evc_event_new(evc_schema_at(schema, 0), NULL);
  assert_int_equal(evc_attack_example(attack, EVC_EXAMPLE_TRUE, 0, event), EVC_WRONG_KIND);
  evc_event_free(event);
  evc_schema_free(schema);
  evc_attack_free(attack);
  evc_calculation_free(calculation);
}

/* ---- Without memory ------------------------------------------------------------------------- */

static bool attack_once(const evc_calculation *calculation, const evc_allocator *allocator) {
  evc_attack *attack = evc_attack_new(calculation, 1, NULL, allocator);
  if (!attack) return false;
  bool done = true;
  /* After a lack of memory it can go on. */
  for (int part = 0; part < 3; part++) done &= evc_attack_run(attack, 300) != EVC_OUT_OF_MEMORY;
  confirm_all(attack, calculation);
  evc_event *event = evc_event_new(evc_calculation_type(calculation), allocator);
  evc_status status =
      event ? evc_attack_example(attack, EVC_EXAMPLE_TRUE, 0, event) : EVC_OUT_OF_MEMORY;
  assert_true(status == EVC_OK || status == EVC_OUT_OF_MEMORY || !done);
  done &= status == EVC_OK;
  evc_event_free(event);
  evc_attack_free(attack);
  return done;
}

static void attacking_without_memory(void **state) {
  evc_calculation *calculation =
      compile(state,
              "(new.currency == \"USD\" OR new.tags.a == \"b\") AND new.amount / new.quantity > 3 "
              "AND (new.vip ? 0 : 1) < 1",
              false);
  for (int once = 0; once < 2; once++) {
    bool done = false;
    for (size_t n = 1; !done; n++) {
      failing f = {.fail_from = n, .only_once = once};
      evc_allocator allocator = failing_allocator(&f);
      done = attack_once(calculation, &allocator);
      assert_int_equal(f.bytes, 0);
      assert_false(f.mistaken);
      assert_true(n < 10000);
      if (once && f.calls >= n) done = false;
    }
  }
  evc_calculation_free(calculation);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(failures_are_found),
      cmocka_unit_test(what_cannot_fail_does_not),
      cmocka_unit_test(many_failures),
      cmocka_unit_test(conditions_are_covered),
      cmocka_unit_test(conditions_that_do_not_matter),
      cmocka_unit_test(never_true_and_never_false),
      cmocka_unit_test(more_conditions_than_are_looked_at),
      cmocka_unit_test(examples_are_small),
      cmocka_unit_test(examples_of_many_fields),
      cmocka_unit_test(fields_below_each_other),
      cmocka_unit_test(random_calculations_are_attacked),
      cmocka_unit_test(a_seed_says_everything),
      cmocka_unit_test(another_type),
      cmocka_unit_test(attacking_without_memory),
  };
  return cmocka_run_group_tests(tests, schema_up, schema_down);
}
