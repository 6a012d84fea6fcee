/* Columns against the scalar evaluator: random calculations on random rows give the same answers and the
** same errors, bit for bit; and what is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evcalc/evcalc.h"

enum { ROWS = 1500, WORDS = (ROWS + 63) / 64, CALCULATIONS = 3000, TEXT = 4096 };

static uint64_t seed = 0x9E3779B97F4A7C15;

static unsigned pick(unsigned below) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return (unsigned)(seed >> 33) % below;
}

/* Random calculations that are valid for the type below. */

typedef struct text {
  char data[TEXT];
  size_t length;
} text;

static void add(text *t, const char *piece) {
  size_t length = strlen(piece);
  if (t->length + length >= TEXT) return;
  memcpy(t->data + t->length, piece, length + 1);
  t->length += length;
}

static const char *one_of(const char *const *choices, unsigned count) {
  return choices[pick(count)];
}

#define ONE_OF(...)                                                                                \
  one_of((const char *const[]){__VA_ARGS__},                                                       \
         sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static void number(text *t, unsigned depth);

static void joined(text *t, const char *before, unsigned depth, void (*part)(text *, unsigned),
                   const char *between, const char *after) {
  add(t, before);
  part(t, depth - 1);
  add(t, between);
  part(t, depth - 1);
  add(t, after);
}

static void boolean(text *t, unsigned depth) {
  switch (depth == 0 ? pick(3) : pick(10)) {
  case 0: add(t, ONE_OF("new.b", "new.c", "true", "false")); break;
  case 1:
    add(t, "new.s");
    add(t, ONE_OF(" == ", " != "));
    add(t, ONE_OF("\"USD\"", "\"EUR\"", "\"\"", "\"a longer currency name\"", "null"));
    break;
  case 2:
    add(t, ONE_OF("new.n", "new.m"));
    add(t, ONE_OF(" == ", " != ", " < ", " <= ", " > ", " >= "));
    add(t, ONE_OF("0", "1", "5", "2.5"));
    break;
  case 3:
  case 4: joined(t, "(", depth, boolean, ONE_OF(" AND ", " OR "), ")"); break;
  case 5: joined(t, "(", depth, number, ONE_OF(" == ", " < ", " >= ", " != "), ")"); break;
  case 6: joined(t, "isnull(", depth, boolean, ", ", ")"); break;
  case 7:
    add(t, "(");
    boolean(t, depth - 1);
    joined(t, " ? ", depth, boolean, " : ", ")");
    break;
  case 8: joined(t, "(", depth, boolean, ONE_OF(" == ", " != "), ")"); break;
  default: joined(t, "IN(", depth, number, ", ", ")"); break;
  }
}

static void number(text *t, unsigned depth) {
  switch (depth == 0 ? pick(2) : pick(9)) {
  case 0: add(t, ONE_OF("new.n", "new.m")); break;
  case 1: add(t, ONE_OF("1", "2", "0.5", "100", "1000000000000000000000000000000")); break;
  case 2:
  case 3: joined(t, "(", depth, number, ONE_OF(" + ", " - ", " * ", " / ", " % ", " ^ "), ")"); break;
  case 4: joined(t, ONE_OF("Math.max(", "Math.min("), depth, number, ", ", ")"); break;
  case 5:
    add(t, ONE_OF("-(", "Math.abs(", "Math.round(", "Math.floor("));
    number(t, depth - 1);
    add(t, ")");
    break;
  case 6: joined(t, "isnull(", depth, number, ", ", ")"); break;
  case 7:
    add(t, "(");
    boolean(t, depth - 1);
    joined(t, " ? ", depth, number, " : ", ")");
    break;
  default: add(t, "(new.n * 90 / 100)"); break;
  }
}

/* Rows */

static const evc_text dictionary[] = {
    {"USD", 3}, {"EUR", 3}, {"", 0}, {"a longer currency name", 22}, {"GBP", 3}};

typedef struct rows {
  double numbers[2][ROWS];
  uint64_t booleans[2][WORDS];
  uint32_t codes[ROWS];
  evc_text texts[ROWS];
  uint64_t nulls[5][WORDS];
} rows;

static rows table;
static evc_schema *schema;
static const evc_event_type *type;

static int set_up(void **state) {
  (void)state;
  schema = evc_schema_new(NULL);
  const evc_field fields[] = {{.path = {"new.n", 5}, .word = {"double", 6}},
                              {.path = {"new.m", 5}, .word = {"double", 6}},
                              {.path = {"new.b", 5}, .word = {"boolean", 7}},
                              {.path = {"new.c", 5}, .word = {"boolean", 7}},
                              {.path = {"new.s", 5}, .word = {"string", 6}},
                              {.path = {"new.map", 7}, .word = {"map", 3}},
                              {.path = {"old.map", 7}, .word = {"map", 3}}};
  evc_schema_add(schema, "t", 1, EVC_LOADED, fields, 7, NULL);
  type = evc_schema_find(schema, "t", 1);
  for (size_t r = 0; r < ROWS; r++) {
    uint64_t bit = UINT64_C(1) << (r % 64);
    for (size_t i = 0; i < 2; i++) {
      table.numbers[i][r] = pick(4) ? (double)pick(9) - 3 : (double)pick(1000) / 8;
      if (pick(2)) table.booleans[i][r / 64] |= bit;
    }
    table.codes[r] = pick(5);
    table.texts[r] = dictionary[table.codes[r]];
    for (size_t i = 0; i < 5; i++)
      if (pick(5) == 0) table.nulls[i][r / 64] |= bit;
  }
  return type ? 0 : -1;
}

static int tear_down(void **state) {
  (void)state;
  evc_schema_free(schema);
  return 0;
}

static evc_column column_of_slot(size_t slot, bool texts, bool nulls) {
  evc_column column = {.nulls = nulls ? table.nulls[slot] : NULL};
  if (slot < 2) {
    column.kind = EVC_COLUMN_NUMBER;
    column.values.numbers = table.numbers[slot];
  } else if (slot < 4) {
    column.kind = EVC_COLUMN_BOOLEAN;
    column.values.bits = table.booleans[slot - 2];
  } else if (texts) {
    column.kind = EVC_COLUMN_STRING;
    column.values.texts = table.texts;
  } else {
    column.kind = EVC_COLUMN_DICTIONARY;
    column.values.codes = table.codes;
    column.dictionary = dictionary;
    column.dictionary_size = 5;
  }
  return column;
}

static bool bit_of(const uint64_t *bits, size_t r) { return bits[r / 64] >> (r % 64) & 1; }

static evc_outcome evaluate_row(const evc_calculation *calculation, evc_event *event, size_t r,
                                bool nulls) {
  evc_event_clear(event);
  for (size_t slot = 0; slot < 5; slot++) {
    if (nulls && bit_of(table.nulls[slot], r)) continue;
    if (slot < 2) evc_event_set_number(event, slot, table.numbers[slot][r]);
    else if (slot < 4) evc_event_set_boolean(event, slot, bit_of(table.booleans[slot - 2], r));
    else evc_event_set_string(event, slot, table.texts[r].data, table.texts[r].length);
  }
  return evc_evaluate(calculation, event);
}

static size_t answered_true, failed;

static void compare(const evc_calculation *calculation, const char *source, size_t count,
                    bool texts, bool nulls) {
  evc_column columns[5];
  size_t read = evc_calculation_reference_count(calculation);
  for (size_t i = 0; i < read; i++)
    columns[i] = column_of_slot(evc_calculation_reference(calculation, i).slot, texts, nulls);
  uint64_t answers[WORDS], errors[WORDS];
  memset(answers, 0xAA, sizeof answers);
  memset(errors, 0xAA, sizeof errors);
  void *workspace = malloc(evc_columns_workspace(calculation));
  assert_non_null(workspace);
  assert_int_equal(evc_evaluate_columns(calculation, columns, read, count, workspace, answers, errors),
                   EVC_OK);
  evc_event *event = evc_event_new(type, NULL);
  for (size_t r = 0; r < (count + 63) / 64 * 64; r++) {
    evc_outcome outcome = {.status = EVC_OK};
    if (r < count) outcome = evaluate_row(calculation, event, r, nulls);
    bool fails = outcome.status == EVC_EVALUATION;
    if (bit_of(errors, r) == fails && bit_of(answers, r) == outcome.value) {
      answered_true += outcome.value;
      failed += fails;
      continue;
    }
    print_message("row %zu of %zu: %s\n", r, count, source);
    fail();
  }
  evc_event_free(event);
  free(workspace);
}

static void random_calculations(void **state) {
  (void)state;
  evc_options options = {.allow = {{UINT64_MAX, UINT64_MAX}}};
  size_t compiled = 0;
  for (int i = 0; i < CALCULATIONS; i++) {
    text t = {.length = 0};
    boolean(&t, 1 + pick(4));
    evc_calculation *calculation = evc_compile(type, t.data, t.length, &options, NULL);
    if (!calculation) continue; /* a constant part that fails, or a constant zero divisor */
    compiled++;
    size_t count = pick(8) ? 100 + pick(200) : pick(ROWS + 1);
    compare(calculation, t.data, count, pick(2), pick(4) != 0);
    evc_calculation_free(calculation);
  }
  /* The comparison is worth something only if all kinds of answers came. */
  print_message("%zu calculations, %zu rows true, %zu failed\n", compiled, answered_true, failed);
  assert_true(compiled > CALCULATIONS / 2);
  assert_true(answered_true > 100000);
  assert_true(failed > 2000);
}

static void members_of_maps(void **state) {
  (void)state;
  const char *source = "new.map.x > 1 AND old.map.x == \"USD\" AND isnull(new.map.y, 3) == 3";
  evc_calculation *calculation = evc_compile(type, source, EVC_NUL_TERMINATED, NULL, NULL);
  assert_non_null(calculation);
  const double x[] = {0, 2, 2, 2}, y[] = {3, 3, 3, 4};
  const evc_text currency[] = {{"USD", 3}, {"USD", 3}, {"EUR", 3}, {"USD", 3}};
  const uint64_t none = 0;
  evc_column columns[] = {
      {.kind = EVC_COLUMN_NUMBER, .values.numbers = x, .nulls = &none},
      {.kind = EVC_COLUMN_STRING, .values.texts = currency},
      {.kind = EVC_COLUMN_NUMBER, .values.numbers = y},
  };
  void *workspace = malloc(evc_columns_workspace(calculation));
  uint64_t answers, errors;
  assert_int_equal(evc_evaluate_columns(calculation, columns, 3, 4, workspace, &answers, &errors),
                   EVC_OK);
  assert_int_equal(answers, 2); /* only row 1 */
  assert_int_equal(errors, 0);
  columns[0].kind = EVC_COLUMN_STRING; /* a String where the comparison asks for a Number */
  columns[0].values.texts = currency;
  assert_int_equal(evc_evaluate_columns(calculation, columns, 3, 4, workspace, &answers, &errors),
                   EVC_OK);
  assert_int_equal(errors, 15);
  free(workspace);
  evc_calculation_free(calculation);
}

static void refused(void **state) {
  (void)state;
  evc_calculation *calculation =
      evc_compile(type, "new.n > 1 AND new.b", EVC_NUL_TERMINATED, NULL, NULL);
  void *workspace = malloc(evc_columns_workspace(calculation));
  evc_column columns[] = {column_of_slot(0, false, true), column_of_slot(1, false, true)};
  uint64_t answers[WORDS], errors[WORDS];
  assert_int_equal(
      evc_evaluate_columns(calculation, columns, 1, ROWS, workspace, answers, errors), EVC_NOT_FOUND);
  assert_int_equal(
      evc_evaluate_columns(calculation, columns, 2, ROWS, workspace, answers, errors), EVC_WRONG_KIND);
  free(workspace);
  evc_calculation_free(calculation);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(random_calculations),
      cmocka_unit_test(members_of_maps),
      cmocka_unit_test(refused),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
