/* The limits of compiling: each at its edge and past it, as it stands by default and changed for one
** compile; nesting by each construct and by all of them mixed. Past a limit there is one error, which
** names the limit and points at the first thing that is too much, however much more there is. */
#include "calculations.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* What a construct takes and gives. */
typedef enum form {
  CONDITION,
  NUMBER,
  NUMBER_TIGHT, /* what is nested in it must bind tightly */
  NUMBER_LOOSE  /* must not be nested where that is so */
} form;

/* A way to nest: `before`, what is nested, `behind`. It enters `levels` levels, the first of them at
** `place` in `before`. */
typedef struct construct {
  form form;
  size_t levels, place;
  const char *before, *behind;
} construct;

static const construct constructs[] = {
    {NUMBER, 1, 0, "(", ")"},
    {CONDITION, 1, 0, "(", ")"},
    {NUMBER, 1, 8, "Math.abs(", ")"},
    {NUMBER, 1, 8, "Math.max(1, 2, ", ", 3)"},
    {CONDITION, 1, 6, "isnull(new.vip, ", ")"},
    {NUMBER, 1, 6, "isnull(", ", 1)"},
    {NUMBER_TIGHT, 1, 0, "-", ""},
    {NUMBER_TIGHT, 1, 0, "+ ", ""},
    {NUMBER_TIGHT, 1, 2, "1 ^ ", ""},
    {NUMBER_TIGHT, 2, 1, "1^-", ""},
    {NUMBER, 2, 10, "Math.round(1 + 2 * (", "), 2)"},
    {CONDITION, 1, 8, "new.vip ? new.closed : ", ""},
    {CONDITION, 1, 8, "new.vip ? ", " : new.closed"},
    {NUMBER_LOOSE, 1, 8, "new.vip ? 1 : ", ""},
    {NUMBER_LOOSE, 1, 8, "new.vip ? ", " : 1"},
    /* A condition needs its parentheses, which are opened first: "((a ? b : c) ? d : e)". */
    {CONDITION, 2, 0, "(", ") ? true : false"},
};

typedef struct buffer {
  char data[400000];
  size_t length;
} buffer;

static void put(buffer *b, const char *s) {
  size_t length = strlen(s);
  assert_true(b->length + length < sizeof b->data);
  memcpy(b->data + b->length, s, length + 1);
  b->length += length;
}

static const evc_limits no_limits = {.text = 1 << 24, .nodes = 1 << 24, .arguments = 1 << 24};

static evc_calculation *compile_within(void **state, const char *text, evc_limits limits,
                                       evc_report **report) {
  evc_options options = {.limits = limits};
  for (int code = 0; code < EVC_CODE_END; code++)
    if (evc_code_severity((evc_code)code) == EVC_WARNING)
      evc_code_set_add(&options.allow, (evc_code)code);
  return evc_compile(test_type(*state), text, EVC_NUL_TERMINATED, &options, report);
}

static void is_within(void **state, const char *text, evc_limits limits) {
  evc_report *report;
  evc_calculation *c = compile_within(state, text, limits, &report);
  if (!c) fail_msg("%.200s: %s", text, evc_report_message(report).data);
  evc_report_free(report);
  evc_calculation_free(c);
}

/* `number` is the limit that the message names. */
static void is_past(void **state, const char *text, evc_limits limits, evc_code code,
                    uint32_t number, size_t place) {
  evc_report *report;
  char digits[16];
  assert_null(compile_within(state, text, limits, &report));
  assert_int_equal(evc_report_errors(report), 1);
  const evc_diagnostic *d = evc_report_at(report, 0);
  snprintf(digits, sizeof digits, "%u", number);
  if (d->code != code || (d->has_span && d->start != place) || !strstr(d->message.data, digits))
    fail_msg("%s at %zu, not %zu: %s: %.200s", d->name, d->start, place, d->message.data, text);
  assert_non_null(d->help.data);
  evc_report_free(report);
}

/* Nesting */

/* `count` times the construct, in a condition; returns where level `depth` + 1 is entered, or would
** be. */
static size_t nest(buffer *b, const construct *c, size_t count, size_t depth) {
  b->length = 0;
  if (c->form != CONDITION) put(b, "0 == ");
  size_t place = 0;
  for (size_t i = 0; i < count; i++) {
    if (i == depth / c->levels) place = b->length + c->place;
    put(b, c->before);
  }
  put(b, c->form != CONDITION ? "3" : "new.closed");
  for (size_t i = 0; i < count; i++) put(b, c->behind);
  return place;
}

static void nesting_by_each_construct(void **state) {
  static const uint32_t depths[] = {2, 4, 50, 198, 200};
  static const size_t more[] = {1, 2, 100, 1000, 3500, 10000};
  static buffer b;
  for (size_t i = 0; i < COUNT(constructs); i++) {
    const construct *c = &constructs[i];
    if (c->form == NUMBER_LOOSE) continue; /* it cannot stand behind the 0 == */
    bool condition = c->form == CONDITION && c->levels == 2;
    for (size_t k = 0; k < COUNT(depths); k++) {
      evc_limits limits = no_limits;
      limits.depth = depths[k];
      nest(&b, c, depths[k] / c->levels, depths[k]);
      is_within(state, b.data, limits);
      for (size_t m = 0; m < COUNT(more); m++) {
        size_t count = depths[k] / c->levels + more[m], place = nest(&b, c, count, depths[k]);
        /* The parentheses come before any ?: the innermost one, or the one past the limit. */
        if (condition) place = count - 1 < depths[k] ? count - 1 : depths[k];
        is_past(state, b.data, limits, EVC_CODE_NESTING_TOO_DEEP, depths[k], place);
      }
    }
  }
}

/* The default limit is the most there is. */
static void the_default_depth(void **state) {
  static const uint32_t given[] = {0, 200, 201, 1000, UINT32_MAX};
  static buffer b;
  for (size_t i = 0; i < COUNT(given); i++) {
    evc_limits limits = no_limits;
    limits.depth = given[i];
    nest(&b, &constructs[0], 200, 200);
    is_within(state, b.data, limits);
    size_t place = nest(&b, &constructs[0], 201, 200);
    is_past(state, b.data, limits, EVC_CODE_NESTING_TOO_DEEP, 200, place);
  }
}

/* Levels end: what stands side by side adds none, behind whatever construct. */
static void levels_end(void **state) {
  static const char *const side_by_side[] = {
      "(new.vip ? true : false) AND (new.vip ? true : false)",
      "-1 == -1 OR -2 ^ 2 < +3",
      "Math.max(new.vip ? 1 : 2, new.vip ? 1 : 2, -1) > 2 ^ 2",
      "new.vip ? -1 < 2 : 2 ^ 2 > 1",
      "isnull(new.vip ? true : false, new.vip ? true : false)",
      "IN(-1, new.vip ? 1 : 2, new.closed ? 2 : 3)",
  };
  for (size_t i = 0; i < COUNT(side_by_side); i++) {
    evc_limits limits = {.depth = 2};
    is_within(state, side_by_side[i], limits);
  }
  evc_limits two = {.depth = 2};
  is_within(state, "new.vip ? new.closed ? true : false : new.closed ? true : false", two);
  is_past(state, "new.vip ? new.closed ? true : false : new.closed ? true : new.vip ? true : false",
          two, EVC_CODE_NESTING_TOO_DEEP, 2, 66);
  is_past(state, "new.vip ? new.closed ? true : new.vip ? true : false : false", two,
          EVC_CODE_NESTING_TOO_DEEP, 2, 38);
}

/* Constructs in constructs, at random: allowed where the limit is their depth, not where it is one less. */
static void nesting_by_all_constructs(void **state) {
  static buffer b;
  uint64_t seed = 4;
  for (int round = 0; round < 3000; round++) {
    const construct *chosen[200];
    size_t count = 0, depth = 0, most = 2 + (size_t)(next_random(&seed) >> 33) % 199;
    form last = CONDITION;
    b.length = 0;
    for (;;) {
      const construct *c = &constructs[(next_random(&seed) >> 33) % COUNT(constructs)];
      if (depth + c->levels > most) break;
      bool compares = last == CONDITION && c->form != CONDITION;
      if (last != CONDITION && c->form == CONDITION) continue;
      if (c->form == NUMBER_LOOSE && (compares || last == NUMBER_TIGHT)) continue;
      if (compares) put(&b, "0 < ");
      put(&b, c->before);
      chosen[count++] = c;
      depth += c->levels;
      last = c->form;
    }
    if (depth < 2) continue;
    put(&b, last != CONDITION ? "3" : "new.closed");
    while (count > 0) put(&b, chosen[--count]->behind);
    evc_limits limits = no_limits;
    limits.depth = (uint32_t)depth;
    is_within(state, b.data, limits);
    limits.depth--;
    evc_report *report;
    assert_null(compile_within(state, b.data, limits, &report));
    assert_int_equal(evc_report_errors(report), 1);
    assert_int_equal(evc_report_at(report, 0)->code, EVC_CODE_NESTING_TOO_DEEP);
    evc_report_free(report);
  }
}

/* The other limits */

static void length_of_text(void **state) {
  static const uint32_t lengths[] = {4, 5, 1000, EVC_DEFAULT_TEXT_LIMIT, EVC_DEFAULT_TEXT_LIMIT + 1,
                                     1 << 20};
  for (size_t i = 0; i < COUNT(lengths); i++) {
    evc_limits limits = {.text = lengths[i]};
    char *text = repeated("true", " ", lengths[i] - 4, "");
    is_within(state, text, limits);
    free(text);
    text = repeated("true", " ", lengths[i] - 3, "");
    is_past(state, text, limits, EVC_CODE_TEXT_TOO_LONG, lengths[i], 0);
    free(text);
  }
  char *text = repeated("true", " ", EVC_DEFAULT_TEXT_LIMIT - 4, "");
  is_within(state, text, (evc_limits){0});
  free(text);
  text = repeated("true", " ", EVC_DEFAULT_TEXT_LIMIT - 3, "");
  is_past(state, text, (evc_limits){0}, EVC_CODE_TEXT_TOO_LONG, EVC_DEFAULT_TEXT_LIMIT, 0);
  free(text);
}

/* The calculation 0 + 1 + 1 … > 1 has 3 + 2 · count nodes, and so on for other chains. */
static void number_of_nodes(void **state) {
  static const struct {
    const char *before, *unit, *behind;
    uint32_t each, others; /* nodes */
  } chains[] = {
      {"0", " + 1", " > 1", 2, 3},
      {"new.vip", " OR new.vip", "", 2, 1},
      {"Math.max(1", ", 1", ") > 1", 1, 4},
      {"1 < 2", " OR (-new.amount) == Math.abs(1)", "", 6, 3},
  };
  static const uint32_t counts[] = {1, 2, 100, 3000, 9000};
  for (size_t i = 0; i < COUNT(chains); i++)
    for (size_t k = 0; k < COUNT(counts); k++) {
      evc_limits limits = no_limits;
      limits.nodes = chains[i].others + chains[i].each * counts[k];
      char *text = repeated(chains[i].before, chains[i].unit, counts[k], chains[i].behind);
      is_within(state, text, limits);
      limits.nodes--;
      evc_report *report;
      assert_null(compile_within(state, text, limits, &report));
      assert_int_equal(evc_report_errors(report), 1);
      assert_int_equal(evc_report_at(report, 0)->code, EVC_CODE_TOO_MANY_NODES);
      evc_report_free(report);
      free(text);
    }
  char *text = repeated("0", " + 1", 9998, " > 1");
  is_within(state, text, (evc_limits){0});
  free(text);
  text = repeated("0", " + 1", 9999, " > 1");
  is_past(state, text, (evc_limits){0}, EVC_CODE_TOO_MANY_NODES, EVC_DEFAULT_NODE_LIMIT,
          strlen(text) - 1);
  free(text);
}

static void number_of_arguments(void **state) {
  static const uint32_t most[] = {2, 3, 100, EVC_DEFAULT_ARGUMENT_LIMIT, 5000};
  for (size_t i = 0; i < COUNT(most); i++) {
    evc_limits limits = no_limits;
    limits.arguments = most[i];
    for (int surplus = 0; surplus < 3; surplus++) {
      char *call = repeated("Math.max(1", ", 1", most[i] - 1 + (size_t)surplus, ") > 0");
      if (surplus) is_past(state, call, limits, EVC_CODE_TOO_MANY_ARGUMENTS, most[i], 9 + 3 * most[i]);
      else is_within(state, call, limits);
      free(call);
    }
  }
  char *call = repeated("Math.max(1", ", 1", EVC_DEFAULT_ARGUMENT_LIMIT, ") > 0");
  is_past(state, call, (evc_limits){0}, EVC_CODE_TOO_MANY_ARGUMENTS, EVC_DEFAULT_ARGUMENT_LIMIT,
          9 + 3 * EVC_DEFAULT_ARGUMENT_LIMIT);
  free(call);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nesting_by_each_construct),
      cmocka_unit_test(the_default_depth),
      cmocka_unit_test(levels_end),
      cmocka_unit_test(nesting_by_all_constructs),
      cmocka_unit_test(length_of_text),
      cmocka_unit_test(number_of_nodes),
      cmocka_unit_test(number_of_arguments),
  };
  return cmocka_run_group_tests(tests, schema_up, schema_down);
}
