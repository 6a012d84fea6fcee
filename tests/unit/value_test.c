/* Values: what operators and functions do with Numbers, Strings, Booleans and null; the tables. */
#include "calculations.h"

#include <ctype.h>
#include <float.h>
#include <math.h>

#include "../../src/value/value.h"

/* Arithmetic */

static void arithmetic_and_its_faults(void **state) {
  (void)state;
  const double inf = (double)INFINITY;
  static const struct {
    double a, b;
    double result; /* where there is no fault */
    evc_operator op;
    evc_fault fault;
  } cases[] = {
      {0.1, 0.2, 0.30000000000000004, EVC_OP_ADD, EVC_FAULT_NONE},
      {DBL_MAX, DBL_MAX, 0, EVC_OP_ADD, EVC_FAULT_NOT_FINITE},
      {-DBL_MAX, DBL_MAX, 0, EVC_OP_SUBTRACT, EVC_FAULT_NOT_FINITE},
      {DBL_MAX, DBL_MAX, 0, EVC_OP_SUBTRACT, EVC_FAULT_NONE},
      {1e200, 1e200, 0, EVC_OP_MULTIPLY, EVC_FAULT_NOT_FINITE},
      {1e-200, 1e-200, 0, EVC_OP_MULTIPLY, EVC_FAULT_NONE}, /* underflow is no error */
      {1, 2, 0.5, EVC_OP_DIVIDE, EVC_FAULT_NONE},
      {1, 0, 0, EVC_OP_DIVIDE, EVC_FAULT_DIVISION},
      {0, -0.0, 0, EVC_OP_DIVIDE, EVC_FAULT_DIVISION},
      {1e200, 1e-200, 0, EVC_OP_DIVIDE, EVC_FAULT_NOT_FINITE},
      {7, 3, 1, EVC_OP_MODULO, EVC_FAULT_NONE},
      {-7, 3, -1, EVC_OP_MODULO, EVC_FAULT_NONE},
      {7, -3, 1, EVC_OP_MODULO, EVC_FAULT_NONE},
      {5.5, 2, 1.5, EVC_OP_MODULO, EVC_FAULT_NONE},
      {1, 0, 0, EVC_OP_MODULO, EVC_FAULT_DIVISION},
      {2, 10, 1024, EVC_OP_POWER, EVC_FAULT_NONE},
      {0, 0, 1, EVC_OP_POWER, EVC_FAULT_NONE},
      {-8, 3, -512, EVC_OP_POWER, EVC_FAULT_NONE},
      {-8, 0.5, 0, EVC_OP_POWER, EVC_FAULT_NO_REAL},
      {0, -1, 0, EVC_OP_POWER, EVC_FAULT_NOT_FINITE},
      {10, 400, 0, EVC_OP_POWER, EVC_FAULT_NOT_FINITE},
      {10, -400, 0, EVC_OP_POWER, EVC_FAULT_NONE},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    double result = inf;
    evc_fault fault = evc_arithmetic(cases[i].op, cases[i].a, cases[i].b, &result);
    assert_int_equal(fault, cases[i].fault);
    if (!fault) assert_true(result == cases[i].result);
  }
}

/* Comparison */

static evc_value string_of(const char *s) {
  return (evc_value){.as.text = s, .length = (uint32_t)strlen(s), .kind = EVC_KIND_STRING};
}

static bool compared(evc_operator op, evc_value a, evc_value b) {
  bool result = false;
  assert_int_equal(evc_compare(op, &a, &b, &result), EVC_FAULT_NONE);
  return result;
}

static void comparing_with_null(void **state) {
  (void)state;
  evc_value null = evc_value_null();
  evc_value values[] = {evc_value_number(0), string_of(""), evc_value_boolean(false)};
  for (evc_operator op = EVC_OP_EQ; op <= EVC_OP_GE; op = (evc_operator)(op + 1)) {
    assert_int_equal(compared(op, null, null), op == EVC_OP_EQ);
    for (size_t i = 0; i < 3; i++) {
      assert_int_equal(compared(op, null, values[i]), op == EVC_OP_NE);
      assert_int_equal(compared(op, values[i], null), op == EVC_OP_NE);
    }
  }
}

/* All six operators agree with the order of the two. */
static void is_ordered(evc_value a, evc_value b, int order) {
  assert_int_equal(compared(EVC_OP_EQ, a, b), order == 0);
  assert_int_equal(compared(EVC_OP_NE, a, b), order != 0);
  assert_int_equal(compared(EVC_OP_LT, a, b), order < 0);
  assert_int_equal(compared(EVC_OP_LE, a, b), order <= 0);
  assert_int_equal(compared(EVC_OP_GT, a, b), order > 0);
  assert_int_equal(compared(EVC_OP_GE, a, b), order >= 0);
  if (order) assert_true(compared(EVC_OP_GT, b, a) == (order < 0));
}

static void comparing_values(void **state) {
  (void)state;
  is_ordered(evc_value_number(1), evc_value_number(2), -1);
  is_ordered(evc_value_number(-0.0), evc_value_number(0), 0);
  is_ordered(evc_value_number(0.1 + 0.2), evc_value_number(0.3), 1);
  is_ordered(string_of("a"), string_of("ab"), -1);
  is_ordered(string_of("B"), string_of("a"), -1);
  is_ordered(string_of("10"), string_of("9"), -1);
  is_ordered(string_of("z"), string_of("é"), -1);
  is_ordered(string_of("\xEF\xBF\xBD"), string_of("\xF0\x90\x80\x80"), -1); /* not as UTF-16 */
  is_ordered(string_of(""), string_of(""), 0);
  evc_value with_nul = {.as.text = "a\0b", .length = 3, .kind = EVC_KIND_STRING};
  is_ordered(with_nul, string_of("a"), 1);
  assert_true(compared(EVC_OP_EQ, evc_value_boolean(true), evc_value_boolean(true)));
  assert_true(compared(EVC_OP_NE, evc_value_boolean(true), evc_value_boolean(false)));
}

static void two_kinds_cannot_be_compared(void **state) {
  (void)state;
  evc_value number = evc_value_number(1), string = string_of("1");
  bool result;
  for (evc_operator op = EVC_OP_EQ; op <= EVC_OP_GE; op = (evc_operator)(op + 1)) {
    assert_int_equal(evc_compare(op, &number, &string, &result), EVC_FAULT_KIND);
    assert_int_equal(evc_compare(op, &string, &number, &result), EVC_FAULT_KIND);
  }
  assert_int_equal(evc_matches(&number, &string, &result), EVC_FAULT_KIND);
}

static void matching(void **state) {
  (void)state;
  evc_value null = evc_value_null(), one = evc_value_number(1), two = evc_value_number(2);
  bool result = true;
  assert_int_equal(evc_matches(&null, &null, &result), EVC_FAULT_NONE);
  assert_false(result);
  assert_int_equal(evc_matches(&null, &one, &result), EVC_FAULT_NONE);
  assert_false(result);
  assert_int_equal(evc_matches(&one, &null, &result), EVC_FAULT_NONE);
  assert_false(result);
  evc_matches(&one, &two, &result);
  assert_false(result);
  evc_matches(&one, &one, &result);
  assert_true(result);
}

/* Rounding, against arithmetic on a row of decimal digits: 800 before the point and 800 behind. */

enum { PLACES = 800 };

typedef struct big {
  signed char digits[2 * PLACES]; /* most significant first; the point is in the middle */
  bool negative;
} big;

/* The shortest decimal that reads back: of each length the nearest and its neighbours are tried. */
static big big_of(double number) {
  big b = {.negative = number < 0};
  for (int precision = 1; precision <= 17; precision++) {
    char text[40], digits[32], candidate[64];
    snprintf(text, sizeof text, "%.*e", precision - 1, fabs(number));
    int count = 0, at = 0;
    for (; text[at] != 'e'; at++)
      if (text[at] != '.') digits[count++] = text[at];
    digits[count] = '\0';
    int exponent = atoi(text + at + 1) - count + 1;
    static const int steps[] = {0, 1, -1};
    for (size_t i = 0; i < 3; i++) {
      int length = snprintf(candidate, sizeof candidate, "%lld", atoll(digits) + steps[i]);
      int last = PLACES - exponent - 1; /* where the last digit belongs */
      snprintf(candidate + length, sizeof candidate - (size_t)length, "e%d", exponent);
      if (strtod(candidate, NULL) != fabs(number)) continue;
      for (int k = 0; k < length; k++)
        b.digits[last - k] = (signed char)(candidate[length - 1 - k] - '0');
      return b;
    }
  }
  fail_msg("%.17g has no decimal", number);
  return b;
}

static double value_of_big(const big *b) {
  static char text[2 * PLACES + 8];
  for (int i = 0; i < 2 * PLACES; i++) text[i] = (char)('0' + b->digits[i]);
  snprintf(text + 2 * PLACES, 8, "e-%d", PLACES);
  double value = strtod(text, NULL);
  return b->negative ? -value : value;
}

static double round_big(evc_function function, double number, int scale) {
  big b = big_of(number);
  int first = PLACES + scale; /* the first digit that goes */
  bool rest = false;
  for (int i = first; i < 2 * PLACES; i++) rest |= b.digits[i] != 0;
  bool up = function == EVC_FN_ROUND  ? b.digits[first] >= 5
            : function == EVC_FN_CEIL ? rest && !b.negative
                                      : rest && b.negative;
  for (int i = first; i < 2 * PLACES; i++) b.digits[i] = 0;
  for (int i = first - 1; up; i--) {
    up = b.digits[i] == 9;
    b.digits[i] = (signed char)(up ? 0 : b.digits[i] + 1);
  }
  return value_of_big(&b);
}

static void is_rounded(double number, int scale) {
  static const evc_function functions[] = {EVC_FN_ROUND, EVC_FN_FLOOR, EVC_FN_CEIL};
  for (size_t i = 0; i < 3; i++) {
    double right = round_big(functions[i], number, scale), result;
    evc_fault fault = evc_round(functions[i], number, scale, &result);
    if (fault != (isfinite(right) ? EVC_FAULT_NONE : EVC_FAULT_NOT_FINITE) ||
        (!fault && result != right))
      fail_msg("%s(%.17g, %d) is %.17g, not %.17g", evc_functions[functions[i]].name, number, scale,
               result, right);
  }
}

static void rounding_against_big_decimals(void **state) {
  (void)state;
  uint64_t seed = 7;
  for (int i = 0; i < 3000; i++) {
    uint64_t bits = next_random(&seed);
    double money = (double)(int64_t)(bits % 20000000 - 10000000) / 1000;
    is_rounded(money, (int)(bits >> 32) % 7 - 3);
    double any = random_double(&seed);
    is_rounded(any, (int)(bits >> 40) % 801 - 400);
    int magnitude = (int)floor(log10(fabs(any)));
    int near = -magnitude + (int)(bits >> 24) % 20 - 2;
    is_rounded(any, near > 400 ? 400 : near < -400 ? -400 : near);
    is_rounded(ldexp((double)(bits % 1000), -1074), 320 + (int)(bits >> 20) % 8);
    is_rounded((double)(bits % 2000000) / 2 - 500000, 0); /* many halves */
    is_rounded((double)(bits % 20000) / 200 - 50, 1);
  }
  static const double edges[] = {0, -0.0, 0.5, -0.5, 1.5, 2.5, 1.005, 2.675, 0.05, 9.5, 99.5, 999.9,
                                 1e22, 5e-324, DBL_MAX, -DBL_MAX, DBL_MIN};
  static const int scales[] = {-400, -309, -308, -307, -2, -1, 0, 1, 2, 15, 22, 323, 324, 400};
  for (size_t i = 0; i < sizeof edges / sizeof *edges; i++)
    for (size_t j = 0; j < sizeof scales / sizeof *scales; j++) is_rounded(edges[i], scales[j]);
}

static void rounding_as_documented(void **state) {
  (void)state;
  static const struct {
    double number;
    int scale;
    double rounded, floor, ceil;
  } cases[] = {
      {2.5, 0, 3, 2, 3},         {-2.5, 0, -3, -3, -2},      {1250, -2, 1300, 1200, 1300},
      {1.005, 2, 1.01, 1, 1.01}, {0.49999999999999994, 0, 0, 0, 1},
      {-0.2, 0, 0, -1, 0},       {9.99, 1, 10, 9.9, 10},     {4, -1, 0, 0, 10},
      {-4, -1, 0, -10, 0},       {5, -1, 10, 0, 10},         {123, 400, 123, 123, 123},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    double result;
    assert_int_equal(evc_round(EVC_FN_ROUND, cases[i].number, cases[i].scale, &result), 0);
    assert_true(result == cases[i].rounded);
    assert_int_equal(evc_round(EVC_FN_FLOOR, cases[i].number, cases[i].scale, &result), 0);
    assert_true(result == cases[i].floor);
    assert_int_equal(evc_round(EVC_FN_CEIL, cases[i].number, cases[i].scale, &result), 0);
    assert_true(result == cases[i].ceil);
  }
  double result;
  assert_int_equal(evc_round(EVC_FN_CEIL, 1, -400, &result), EVC_FAULT_NOT_FINITE);
  assert_int_equal(evc_round(EVC_FN_ROUND, DBL_MAX, -308, &result), EVC_FAULT_NOT_FINITE);
}

/* Tables */

static void names_are_unique(void **state) {
  (void)state;
  for (int i = 0; i < EVC_FN_END; i++) {
    const evc_function_row *row = &evc_functions[i];
    assert_int_equal(strlen(row->name), row->name_length);
    assert_int_equal(evc_function_find(row->name, row->name_length), i);
    assert_null(evc_variable_find(row->name, row->name_length));
    assert_false(evc_function_is_unavailable(row->name, row->name_length));
    assert_true(row->least >= 1 && (row->most == 0 || row->most >= row->least));
    assert_int_equal(strncmp(row->signature, row->name, row->name_length), 0);
    assert_int_equal(row->signature[row->name_length], '(');
    assert_true(strlen(row->documentation) > 0);
    assert_int_equal(evc_function_find(row->name, row->name_length - 1u), EVC_FN_END);
  }
  for (size_t i = 0; i < evc_variable_count; i++) {
    const evc_variable_row *row = &evc_variables[i];
    assert_ptr_equal(evc_variable_find(row->name, strlen(row->name)), row);
    assert_int_equal(evc_function_find(row->name, strlen(row->name)), EVC_FN_END);
    assert_int_equal(row->value.kind,
                     row->type == EVC_TYPE_NUMBER ? EVC_KIND_NUMBER : EVC_KIND_STRING);
  }
  assert_true(evc_function_is_unavailable("Lookup.exists", 13));
  assert_int_equal(evc_function_find("Lookup.exists", 13), EVC_FN_END);
  assert_int_equal(evc_function_find("isNull", 6), EVC_FN_END);
}

static void names_of_types_and_kinds(void **state) {
  (void)state;
  for (int i = 0; i < EVC_TYPE_END; i++) assert_true(strlen(evc_type_name((evc_type)i)) > 0);
  for (int i = 0; i < EVC_KIND_END; i++) assert_true(strlen(evc_kind_name((evc_kind)i)) > 0);
  assert_string_equal(evc_type_name((evc_type)99), "unknown");
  assert_string_equal(evc_kind_name((evc_kind)99), "unknown");
}

/* The precedence lines of the grammar, "%left PLUS MINUS.", loosest first. */
typedef struct precedence {
  char token[32];
  int line; /* which of the lines */
  bool right;
} precedence;

static size_t read_precedence(precedence *list, size_t capacity) {
  FILE *file = fopen(EVCALC_SOURCE_DIR "/grammar/calculation.y", "r");
  assert_non_null(file);
  size_t count = 0;
  char line[512];
  for (int number = 0; fgets(line, sizeof line, file);) {
    bool left = strncmp(line, "%left ", 6) == 0, right = strncmp(line, "%right ", 7) == 0;
    if (!left && !right) continue;
    number++;
    char *end = strchr(line, '.');
    assert_non_null(end);
    *end = '\0';
    for (char *word = strtok(line + 6, " "); word; word = strtok(NULL, " ")) {
      assert_true(count < capacity);
      snprintf(list[count].token, sizeof list[count].token, "%s", word);
      list[count].line = number;
      list[count++].right = right;
    }
  }
  fclose(file);
  return count;
}

/* The level and associativity of each operator are those of its token in the grammar. */
static void levels_are_those_of_the_grammar(void **state) {
  (void)state;
  static const struct {
    evc_operator op;
    const char *token;
  } tokens[] = {
      {EVC_OP_CONDITION, "QUESTION"}, {EVC_OP_OR, "OR"},       {EVC_OP_AND, "AND"},
      {EVC_OP_EQ, "EQ"},              {EVC_OP_NE, "NE"},       {EVC_OP_LT, "LT"},
      {EVC_OP_LE, "LE"},              {EVC_OP_GT, "GT"},       {EVC_OP_GE, "GE"},
      {EVC_OP_ADD, "PLUS"},           {EVC_OP_SUBTRACT, "MINUS"}, {EVC_OP_MULTIPLY, "STAR"},
      {EVC_OP_DIVIDE, "SLASH"},       {EVC_OP_MODULO, "PERCENT"}, {EVC_OP_PLUS, "SIGN"},
      {EVC_OP_MINUS, "SIGN"},         {EVC_OP_POWER, "POW"},
  };
  assert_int_equal(sizeof tokens / sizeof *tokens, EVC_OP_END);
  precedence list[64];
  size_t count = read_precedence(list, 64);
  int lines[EVC_OP_END];
  for (int i = 0; i < EVC_OP_END; i++) {
    assert_int_equal(tokens[i].op, i);
    size_t at = 0;
    while (at < count && strcmp(list[at].token, tokens[i].token) != 0) at++;
    if (at == count) fail_msg("%s has no precedence in the grammar", tokens[i].token);
    lines[i] = list[at].line;
    assert_int_equal(evc_operators[i].associativity == EVC_RIGHT, list[at].right);
  }
  for (int i = 0; i < EVC_OP_END; i++)
    for (int j = 0; j < EVC_OP_END; j++)
      if ((lines[i] < lines[j]) != (evc_operators[i].level < evc_operators[j].level))
        fail_msg("%s and %s are ordered otherwise in the grammar", evc_operators[i].spelling,
                 evc_operators[j].spelling);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(arithmetic_and_its_faults),
      cmocka_unit_test(comparing_with_null),
      cmocka_unit_test(comparing_values),
      cmocka_unit_test(two_kinds_cannot_be_compared),
      cmocka_unit_test(matching),
      cmocka_unit_test(rounding_against_big_decimals),
      cmocka_unit_test(rounding_as_documented),
      cmocka_unit_test(names_are_unique),
      cmocka_unit_test(names_of_types_and_kinds),
      cmocka_unit_test(levels_are_those_of_the_grammar),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
