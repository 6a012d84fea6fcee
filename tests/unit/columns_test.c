/* Columns against the scalar evaluator: random calculations on random rows give the same answers and
** the same errors, bit for bit, whatever instructions they are made of; and what is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evcalc/evcalc.h"
#include "program/program.h"

enum { ROWS = 1100, WORDS = (ROWS + 63) / 64, CALCULATIONS = 6000, TEXT = 8192 };

static uint64_t seed = 0x9E3779B97F4A7C15;

static unsigned pick(unsigned below) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return (unsigned)(seed >> 33) % below;
}

/* Random calculations. Most are valid for the type below. */

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

typedef void (*part)(text *, unsigned depth);

static void joined(text *t, const char *before, unsigned depth, part made, const char *between,
                   const char *after) {
  add(t, before);
  made(t, depth - 1);
  add(t, between);
  made(t, depth - 1);
  add(t, after);
}

static void boolean(text *t, unsigned depth);

/* Two ways to a value. One may be null, or both: a null that is known when compiling has a type. */
static void either(text *t, unsigned depth, part made, const char *known_null) {
  switch (pick(8)) {
  case 0:
    add(t, "(new.b ? ");
    made(t, depth - 1);
    add(t, " : null)");
    break;
  case 1: add(t, known_null); break;
  case 2:
  case 3:
  case 4: joined(t, "isnull(", depth, made, ", ", ")"); break;
  default:
    add(t, "(");
    boolean(t, depth - 1);
    joined(t, " ? ", depth, made, " : ", ")");
    break;
  }
}

/* Of every length that is compared in a way of its own, and with the difference everywhere. */
static const char *const strings[] = {
    "", "U", "V", "EU", "US", "USD", "EUR", "USB", "UXD", "VSD", "USDT", "USDX", "abcdefg",
    "abcdefX", "abcXefg", "abcdefgh", "abcdefgX", "Xbcdefgh", "abcdefghijkl", "abcdXfghijkl",
    "0123456789abcdef", "0123456X89abcdef", "0123456789abcdefg", "0123456789abcdefX",
    "a longer currency name", "a longer currency nama", "\xC3\xA9"};

enum { STRINGS = sizeof strings / sizeof *strings };

static void literal(text *t) {
  add(t, "\"");
  add(t, pick(9) ? strings[pick(STRINGS)] : "no row has this");
  add(t, "\"");
}

static const char *member(void) { return ONE_OF("new.map.x", "new.map.y", "old.map.x"); }

static void string(text *t, unsigned depth) {
  switch (depth == 0 ? pick(5) : pick(7)) {
  case 0:
  case 1: add(t, ONE_OF("new.s", "new.t")); break;
  case 2:
  case 3: literal(t); break;
  case 4: add(t, pick(2) ? member() : "new.s"); break;
  default: either(t, depth, string, "(new.c ? (true ? null : \"\") : (true ? null : \"\"))"); break;
  }
}

static void number(text *t, unsigned depth) {
  switch (depth == 0 ? pick(4) : pick(11)) {
  case 0:
  case 1: add(t, ONE_OF("new.n", "new.m")); break;
  case 2: add(t, ONE_OF("1", "2", "0.5", "100", "1000000000000000000000000000000")); break;
  case 3: add(t, pick(4) ? "new.n" : member()); break;
  case 4:
  case 5:
    joined(t, "(", depth, number, ONE_OF(" + ", " - ", " * ", " / ", " % ", " ^ "), ")");
    break;
  case 6: joined(t, ONE_OF("Math.max(", "Math.min(", "Math.pow("), depth, number, ", ", ")"); break;
  case 7:
    add(t, ONE_OF("-(", "Math.abs(", "Math.round(", "Math.floor(", "Math.ceil("));
    number(t, depth - 1);
    add(t, ")");
    break;
  case 8:
    add(t, "Math.round(");
    number(t, depth - 1);
    add(t, ONE_OF(", 1)", ", -1)", ", 2)"));
    break;
  case 9: /* with a constant on the right */
    add(t, "(");
    number(t, depth - 1);
    add(t, ONE_OF(" + 1", " - 2.5", " * 0.1", " / 3", " % 3", " ^ 2", " ^ 0.5"));
    add(t, ")");
    break;
  default: either(t, depth, number, "(new.c ? (true ? null : 1) : (true ? null : 1))"); break;
  }
}

#define EQUALITY " == ", " != "
#define ORDER    EQUALITY, " < ", " <= ", " > ", " >= "

static void boolean(text *t, unsigned depth) {
  switch (depth == 0 ? pick(4) : pick(15)) {
  case 0: add(t, pick(8) ? ONE_OF("new.b", "new.c") : ONE_OF("true", "false")); break;
  case 1: /* a field and a constant String */
    add(t, ONE_OF("new.s", "new.t"));
    add(t, ONE_OF(EQUALITY));
    literal(t);
    break;
  case 2: /* a field and a constant Number */
    add(t, ONE_OF("new.n", "new.m"));
    add(t, ONE_OF(ORDER));
    add(t, ONE_OF("0", "1", "5", "2.5"));
    break;
  case 3:
    add(t, ONE_OF("new.b", "new.c"));
    add(t, ONE_OF(EQUALITY));
    add(t, ONE_OF("true", "false"));
    break;
  case 4:
  case 5: joined(t, "(", depth, boolean, ONE_OF(" AND ", " OR "), ")"); break;
  case 6: joined(t, "(", depth, number, ONE_OF(ORDER), ")"); break;
  case 7: joined(t, "(", depth, string, ONE_OF(ORDER), ")"); break;
  case 8: joined(t, "(", depth, boolean, ONE_OF(EQUALITY), ")"); break;
  case 9: either(t, depth, boolean, "(new.c ? (true ? null : false) : (true ? null : false))"); break;
  case 10: /* a Number with a constant */
    add(t, "(");
    number(t, depth - 1);
    add(t, ONE_OF(ORDER));
    add(t, ONE_OF("0.5)", "1)", "2)"));
    break;
  case 11: /* two of which only an event knows the kind */
    add(t, "(");
    add(t, member());
    add(t, ONE_OF(ORDER));
    add(t, member());
    add(t, ")");
    break;
  case 12:
    add(t, "(");
    (pick(2) ? number : string)(t, depth - 1);
    add(t, ONE_OF(EQUALITY));
    add(t, "null)");
    break;
  default: {
    part made = pick(2) ? number : string;
    joined(t, "IN(", depth, made, ", ", "");
    if (pick(2)) {
      add(t, ", ");
      made(t, depth - 1);
    }
    add(t, ")");
    break;
  }
  }
}

/* Rows */

/* What a calculation can read. A member of a map is what its column is. */
static const struct {
  const char *path;
  size_t slot;
  char type; /* Number, Boolean, String or Dynamic */
} fields[] = {{"new.n", 0, 'N'},     {"new.m", 1, 'N'},     {"new.b", 2, 'B'},
              {"new.c", 3, 'B'},     {"new.s", 4, 'S'},     {"new.t", 5, 'S'},
              {"new.map.x", 6, 'D'}, {"new.map.y", 6, 'D'}, {"old.map.x", 7, 'D'}};

enum { FIELDS = sizeof fields / sizeof *fields, SLOTS = 8 };

static struct {
  double numbers[ROWS];
  uint64_t booleans[WORDS], nulls[WORDS];
  uint32_t codes[ROWS];
} table[FIELDS];

static evc_text dictionary[STRINGS];
static evc_schema *schema;
static const evc_event_type *type;

static double random_number(void) {
  switch (pick(16)) {
  case 0: return 0.0;
  case 1: return -0.0;
  case 2: return pick(2) ? 1e300 : -1e300;
  case 3: return 5e-324;
  case 4:
  case 5: return (double)pick(1000) / 8;
  default: return (double)pick(9) - 3;
  }
}

static int set_up(void **state) {
  (void)state;
  schema = evc_schema_new(NULL);
  const evc_field list[SLOTS] = {{.path = {"new.n", 5}, .word = {"double", 6}},
                                 {.path = {"new.m", 5}, .word = {"double", 6}},
                                 {.path = {"new.b", 5}, .word = {"boolean", 7}},
                                 {.path = {"new.c", 5}, .word = {"boolean", 7}},
                                 {.path = {"new.s", 5}, .word = {"string", 6}},
                                 {.path = {"new.t", 5}, .word = {"string", 6}},
                                 {.path = {"new.map", 7}, .word = {"map", 3}},
                                 {.path = {"old.map", 7}, .word = {"map", 3}}};
  evc_schema_add(schema, "t", 1, EVC_LOADED, list, SLOTS, NULL);
  type = evc_schema_find(schema, "t", 1);
  for (size_t i = 0; i < STRINGS; i++) dictionary[i] = (evc_text){strings[i], strlen(strings[i])};
  for (size_t f = 0; f < FIELDS; f++) {
    for (size_t r = 0; r < ROWS; r++) {
      table[f].numbers[r] = random_number();
      table[f].codes[r] = pick(STRINGS);
    }
    for (size_t w = 0; w < WORDS; w++) /* also behind the last row */
      for (size_t k = 0; k < 64; k++) {
        table[f].booleans[w] |= (uint64_t)pick(2) << k;
        table[f].nulls[w] |= (uint64_t)(pick(5) == 0) << k;
      }
  }
  return type ? 0 : -1;
}

static int tear_down(void **state) {
  (void)state;
  evc_schema_free(schema);
  return 0;
}

static bool bit_of(const uint64_t *bits, size_t r) { return bits[r / 64] >> (r % 64) & 1; }

static size_t field_of(evc_text path) {
  for (size_t f = 0; f < FIELDS; f++)
    if (strlen(fields[f].path) == path.length && !memcmp(fields[f].path, path.data, path.length))
      return f;
  fail_msg("no such field: %.*s", (int)path.length, path.data);
  return 0;
}

/* Memory that ends where the rows end, so that the sanitizer sees what reads on. */
static void *exactly(const void *from, size_t size) {
  void *memory = malloc(size + (size == 0));
  assert_non_null(memory);
  memcpy(memory, from, size);
  return memory;
}

static evc_column_kind random_kind(char of) {
  switch (of) {
  case 'N': return EVC_COLUMN_NUMBER;
  case 'B': return EVC_COLUMN_BOOLEAN;
  case 'S': return pick(2) ? EVC_COLUMN_STRING : EVC_COLUMN_DICTIONARY;
  default: return pick(2) ? EVC_COLUMN_NUMBER : random_kind('S');
  }
}

static evc_column column_of(size_t f, evc_column_kind kind, size_t count, bool nulls) {
  size_t bits = (count + 63) / 64 * sizeof(uint64_t);
  evc_column column = {.kind = kind};
  if (nulls) column.nulls = exactly(table[f].nulls, bits);
  switch (kind) {
  case EVC_COLUMN_NUMBER: {
    double numbers[ROWS];
    for (size_t r = 0; r < count; r++) {
      bool null = nulls && bit_of(table[f].nulls, r);
      numbers[r] = !null ? table[f].numbers[r] : r % 2 ? NAN : INFINITY; /* not to be used */
    }
    column.values.numbers = exactly(numbers, count * sizeof *numbers);
    break;
  }
  case EVC_COLUMN_BOOLEAN: column.values.bits = exactly(table[f].booleans, bits); break;
  case EVC_COLUMN_STRING: {
    evc_text texts[ROWS];
    for (size_t r = 0; r < count; r++) {
      texts[r] = dictionary[table[f].codes[r]];
      if (nulls && bit_of(table[f].nulls, r)) texts[r].data = NULL; /* nothing to read */
    }
    column.values.texts = exactly(texts, count * sizeof *texts);
    break;
  }
  default:
    column.values.codes = exactly(table[f].codes, count * sizeof(uint32_t));
    column.dictionary = dictionary;
    column.dictionary_size = STRINGS;
    break;
  }
  return column;
}

static void free_column(evc_column *column) {
  free((void *)(uintptr_t)column->nulls);
  free((void *)(uintptr_t)column->values.numbers);
}

static evc_value value_of(size_t f, const evc_column *column, size_t r) {
  evc_value value = {.kind = EVC_KIND_NULL};
  if (column->nulls && bit_of(column->nulls, r)) return value;
  evc_text string = dictionary[table[f].codes[r]];
  switch (column->kind) {
  case EVC_COLUMN_NUMBER:
    value.kind = EVC_KIND_NUMBER;
    value.as.number = table[f].numbers[r];
    break;
  case EVC_COLUMN_BOOLEAN:
    value.kind = EVC_KIND_BOOLEAN;
    value.as.boolean = bit_of(table[f].booleans, r);
    break;
  default:
    value.kind = EVC_KIND_STRING;
    value.as.text = string.data;
    value.length = (uint32_t)string.length;
    break;
  }
  return value;
}

/* One row alone. `read` says which field each column is. */
static evc_outcome evaluate_row(const evc_calculation *calculation, evc_event *event,
                                const size_t *read, const evc_column *columns, size_t count,
                                size_t r) {
  evc_member members[SLOTS][FIELDS];
  uint32_t member_count[SLOTS] = {0};
  evc_event_clear(event);
  for (size_t i = 0; i < count; i++) {
    size_t slot = fields[read[i]].slot;
    evc_value value = value_of(read[i], &columns[i], r);
    if (fields[read[i]].type != 'D') {
      evc_event_set_value(event, slot, value);
      continue;
    }
    const char *name = strrchr(fields[read[i]].path, '.') + 1;
    members[slot][member_count[slot]++] = (evc_member){{name, 1}, value};
    evc_value map = {.kind = EVC_KIND_MAP, .length = member_count[slot]};
    map.as.members = members[slot];
    evc_event_set_value(event, slot, map);
  }
  return evc_evaluate(calculation, event);
}

static size_t answered_true, failed_with[EVC_CODE_END], met[EVC_DO_TRACE_CONSTANT + 1];

static void compare(const evc_calculation *calculation, const char *source, size_t count) {
  evc_column columns[FIELDS];
  size_t fields_read[FIELDS], read = evc_calculation_reference_count(calculation);
  for (size_t i = 0; i < read; i++) {
    size_t f = fields_read[i] = field_of(evc_calculation_reference(calculation, i).path);
    columns[i] = column_of(f, random_kind(fields[f].type), count, pick(4) != 0);
  }
  uint64_t answers[WORDS + 1], errors[WORDS + 1];
  memset(answers, 0xAA, sizeof answers);
  memset(errors, 0xAA, sizeof errors);
  size_t size = evc_columns_workspace(calculation), words = (count + 63) / 64;
  void *workspace = malloc(size);
  assert_non_null(workspace);
  memset(workspace, 0xAA, size);
  assert_int_equal(
      evc_evaluate_columns(calculation, columns, read, count, workspace, answers, errors), EVC_OK);
  evc_event *event = evc_event_new(type, NULL);
  for (size_t r = 0; r < words * 64; r++) {
    evc_outcome outcome = {.status = EVC_OK};
    if (r < count) outcome = evaluate_row(calculation, event, fields_read, columns, read, r);
    bool fails = outcome.status == EVC_EVALUATION;
    if (bit_of(errors, r) != fails || bit_of(answers, r) != outcome.value)
      fail_msg("row %zu of %zu: %s", r, count, source);
    answered_true += outcome.value;
    if (fails) failed_with[outcome.code]++;
  }
  assert_int_equal(answers[words], UINT64_C(0xAAAAAAAAAAAAAAAA));
  assert_int_equal(errors[words], UINT64_C(0xAAAAAAAAAAAAAAAA));
  for (size_t i = 0; i < read; i++) free_column(&columns[i]);
  evc_event_free(event);
  free(workspace);
}

static const evc_options all_allowed = {.allow = {{UINT64_MAX, UINT64_MAX}}};

/* As many rows as fill words and blocks, one less, one more; or any number. */
static size_t random_count(void) {
  static const size_t edges[] = {0, 1, 63, 64, 65, 128, 511, 512, 513, 576, 1023, 1024, 1025};
  if (pick(2)) return edges[pick(sizeof edges / sizeof *edges)];
  return pick(8) ? pick(300) : pick(ROWS + 1);
}

static void random_calculations(void **state) {
  (void)state;
  size_t compiled = 0, failed = 0;
  for (int i = 0; i < CALCULATIONS; i++) {
    text t = {.length = 0};
    boolean(&t, 1 + pick(4));
    evc_options options = all_allowed;
    options.trace = pick(8) == 0;
    evc_calculation *calculation = evc_compile(type, t.data, t.length, &options, NULL);
    if (!calculation) continue; /* a constant part that fails, two Strings as a sum … */
    compiled++;
    for (uint32_t k = 0; k < calculation->code_count; k++) met[calculation->code[k].op]++;
    compare(calculation, t.data, random_count());
    evc_calculation_free(calculation);
  }
  /* The comparison is worth something only if everything came. */
  static const char *const names[] = {
#define OPCODE(id, doc) #id,
#include "program/opcodes.def"
#undef OPCODE
  };
  for (size_t i = 0; i < EVC_CODE_END; i++) failed += failed_with[i];
  print_message("%zu calculations, %zu rows true, %zu failed\n", compiled, answered_true, failed);
  for (size_t op = 0; op < sizeof names / sizeof *names; op++)
    if (met[op] < 10) fail_msg("%s came %zu times", names[op], met[op]);
  assert_true(compiled > CALCULATIONS / 2);
  assert_true(answered_true > 100000);
  assert_true(failed_with[EVC_CODE_DIVISION_BY_ZERO] > 1000);
  assert_true(failed_with[EVC_CODE_NOT_FINITE] > 1000);
  assert_true(failed_with[EVC_CODE_NO_REAL_VALUE] > 1000);
  assert_true(failed_with[EVC_CODE_VALUE_KIND] > 1000);
}

/* Many registers, and programs of many instructions. */
static void large_calculations(void **state) {
  (void)state;
  enum { LEVELS = 190, TERMS = 400 };
  static const char level[] = "(new.n - ", term[] = "new.n > 1 AND new.m < 9 OR ";
  text t = {.length = 0};
  for (int i = 0; i < LEVELS; i++) add(&t, level);
  add(&t, "new.m");
  for (int i = 0; i < LEVELS; i++) add(&t, ")");
  add(&t, " > 0");
  evc_calculation *deep = evc_compile(type, t.data, t.length, &all_allowed, NULL);
  assert_non_null(deep);
  assert_true(deep->register_count > LEVELS);
  compare(deep, t.data, 600);
  evc_calculation_free(deep);
  char *source = malloc(TERMS * sizeof term + sizeof "new.b"), *end = source;
  assert_non_null(source);
  for (int i = 0; i < TERMS; i++) end += sprintf(end, "%s", term);
  strcpy(end, "new.b");
  evc_calculation *wide = evc_compile(type, source, EVC_NUL_TERMINATED, &all_allowed, NULL);
  assert_non_null(wide);
  compare(wide, source, 600);
  evc_calculation_free(wide);
  free(source);
}

static evc_status evaluate(const char *source, const evc_column *columns, size_t count,
                           uint64_t *answers, uint64_t *errors) {
  evc_calculation *calculation =
      evc_compile(type, source, EVC_NUL_TERMINATED, &all_allowed, NULL);
  assert_non_null(calculation);
  void *workspace = malloc(evc_columns_workspace(calculation));
  assert_non_null(workspace);
  evc_status status =
      evc_evaluate_columns(calculation, columns, count, 4, workspace, answers, errors);
  free(workspace);
  evc_calculation_free(calculation);
  return status;
}

static void members_of_maps(void **state) {
  (void)state;
  const char *source = "new.map.x > 1 AND old.map.x == \"USD\" AND isnull(new.map.y, 3) == 3";
  const double x[] = {0, 2, 2, 2}, y[] = {3, 3, 3, 4};
  const evc_text currency[] = {{"USD", 3}, {"USD", 3}, {"EUR", 3}, {"USD", 3}};
  const uint64_t none = 0, second = 2;
  uint64_t answers, errors;
  evc_column columns[] = {
      {.kind = EVC_COLUMN_NUMBER, .values.numbers = x, .nulls = &none},
      {.kind = EVC_COLUMN_STRING, .values.texts = currency},
      {.kind = EVC_COLUMN_NUMBER, .values.numbers = y},
  };
  assert_int_equal(evaluate(source, columns, 3, &answers, &errors), EVC_OK);
  assert_int_equal(answers, 2); /* only row 1 */
  assert_int_equal(errors, 0);
  columns[0].kind = EVC_COLUMN_STRING; /* a String where the comparison asks for a Number */
  columns[0].values.texts = currency;
  columns[0].nulls = &second;
  assert_int_equal(evaluate(source, columns, 3, &answers, &errors), EVC_OK);
  assert_int_equal(answers, 0);
  assert_int_equal(errors, 13);
}

static void refused(void **state) {
  (void)state;
  const char *source = "new.n > 1 AND new.b AND new.s == new.map.x";
  const double numbers[4] = {0};
  const evc_text texts[4] = {{"", 0}, {"", 0}, {"", 0}, {"", 0}};
  const uint64_t bits = 0;
  const evc_column number = {.kind = EVC_COLUMN_NUMBER, .values.numbers = numbers},
                   boolean_ = {.kind = EVC_COLUMN_BOOLEAN, .values.bits = &bits},
                   string_ = {.kind = EVC_COLUMN_STRING, .values.texts = texts};
  const evc_column right[] = {number, boolean_, string_, string_};
  uint64_t answers, errors;
  assert_int_equal(evaluate(source, right, 4, &answers, &errors), EVC_OK);
  assert_int_equal(evaluate(source, right, 3, &answers, &errors), EVC_NOT_FOUND);
  const evc_column wrong[][4] = {{string_, boolean_, string_, string_},
                                 {number, number, string_, string_},
                                 {number, boolean_, number, string_},
                                 {number, boolean_, string_, boolean_}};
  for (size_t i = 0; i < 4; i++)
    assert_int_equal(evaluate(source, wrong[i], 4, &answers, &errors), EVC_WRONG_KIND);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(random_calculations),
      cmocka_unit_test(large_calculations),
      cmocka_unit_test(members_of_maps),
      cmocka_unit_test(refused),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
