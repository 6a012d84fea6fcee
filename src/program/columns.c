/* Evaluating on columns: the same program, an instruction at a time over a block of rows.
**
** Programs only jump forward, so each instruction is met once a block, with a mask of the rows that
** reach it. A test splits its mask between its two targets; what two branches write to one register
** they write under disjoint masks. Masks and truth values are bytes, 0 or 1, because loops over bytes
** and doubles are what compilers vectorise.
**
** Programs with an instruction that has no such form (Strings in registers, members of maps …) are run
** row by row through the scalar evaluator.
*/
#include "evcalc/columns.h"

#include <string.h>

#include "program.h"

enum { BLOCK = 512 }; /* rows: a register then stays in the first-level cache */

typedef struct vector {
  double number[BLOCK];
  uint8_t boolean[BLOCK];
  uint8_t null[BLOCK];
} vector;

typedef uint8_t mask[BLOCK];

typedef struct run_state {
  const evc_calculation *calculation;
  const evc_column *columns;
  vector *registers;
  mask *masks;       /* of each instruction */
  uint8_t *reached;  /* of each instruction, an extent: by which rows */
  uint32_t *codes;   /* of each String test: the constant's code in the dictionary */
  vector *scratch;   /* a column's part, for instructions on fields */
  uint8_t *failed;   /* rows of the block */
  uint8_t *answered; /* rows of the block whose answer is true */
  size_t first, count; /* the block's rows */
} run_state;

static size_t aligned(size_t size) { return (size + 63) / 64 * 64; }

/* Bits and bytes: eight at a time by multiplication. */

static uint64_t load8(const uint8_t *bytes) {
  uint64_t word = 0;
  for (unsigned i = 0; i < 8; i++) word |= (uint64_t)bytes[i] << (8 * i);
  return word;
}

static void store8(uint8_t *bytes, uint64_t word) {
  for (unsigned i = 0; i < 8; i++) bytes[i] = (uint8_t)(word >> (8 * i));
}

static void unpack(uint8_t *bytes, const uint64_t *bits, size_t first, size_t count) {
  for (size_t i = 0; i < count; i += 8) {
    uint64_t eight = bits[(first + i) / 64] >> ((first + i) % 64) & 0xFF;
    uint64_t spread = (eight * UINT64_C(0x0101010101010101)) & UINT64_C(0x8040201008040201);
    store8(bytes + i, (spread + UINT64_C(0x7F7F7F7F7F7F7F7F)) >> 7 & UINT64_C(0x0101010101010101));
  }
  if (count < BLOCK) memset(bytes + count, 0, BLOCK - count);
}

static void pack(uint64_t *bits, const uint8_t *bytes, size_t first, size_t count) {
  for (size_t i = 0; i < count; i += 64) {
    uint64_t word = 0;
    for (size_t k = 0; k < 64; k += 8)
      word |= load8(bytes + i + k) * UINT64_C(0x0102040810204080) >> 56 << k;
    if (count - i < 64) word &= (UINT64_C(1) << (count - i)) - 1;
    bits[(first + i) / 64] = word;
  }
}

typedef enum extent { NOWHERE, SOMEWHERE, EVERYWHERE } extent;

static extent extent_of(const uint8_t *bytes) {
  uint8_t some = 0, all = 1;
  for (size_t i = 0; i < BLOCK; i++) {
    some |= bytes[i];
    all &= bytes[i];
  }
  return all ? EVERYWHERE : some ? SOMEWHERE : NOWHERE;
}

/* Control */

static void reach(run_state *s, uint32_t target, const uint8_t *rows) {
  extent reached = extent_of(rows);
  if (reached == NOWHERE) return;
  uint8_t *to = s->masks[target];
  if (s->reached[target] == NOWHERE) {
    memcpy(to, rows, BLOCK);
    s->reached[target] = (uint8_t)reached;
    return;
  }
  for (size_t i = 0; i < BLOCK; i++) to[i] |= rows[i];
  s->reached[target] = (uint8_t)extent_of(to);
}

/* Write to a register where the mask is set. */
static void put_bytes(uint8_t *restrict to, const uint8_t *restrict m, const uint8_t *restrict from) {
  for (size_t k = 0; k < BLOCK; k++) to[k] = (uint8_t)((from[k] & m[k]) | (to[k] & (m[k] ^ 1)));
}

static void put_booleans(vector *r, const uint8_t *m, const uint8_t *truth, const uint8_t *null) {
  put_bytes(r->boolean, m, truth);
  put_bytes(r->null, m, null);
}

static void put_numbers(run_state *s, uint32_t at, const double *numbers, const uint8_t *null) {
  vector *r = &s->registers[s->calculation->code[at].a];
  const uint8_t *m = s->masks[at];
  if (s->reached[at] == EVERYWHERE) {
    memcpy(r->number, numbers, sizeof r->number);
    memcpy(r->null, null, BLOCK);
    return;
  }
  for (size_t k = 0; k < BLOCK; k++) r->number[k] = m[k] ? numbers[k] : r->number[k];
  put_bytes(r->null, m, null);
}

static const mask nowhere;

static void decide(run_state *s, uint32_t at, const uint8_t *truth) {
  const evc_instruction *i = &s->calculation->code[at];
  const uint8_t *m = s->masks[at];
  mask yes, no;
  if (i->a != EVC_NO_REGISTER) put_booleans(&s->registers[i->a], m, truth, nowhere);
  for (size_t k = 0; k < BLOCK; k++) {
    yes[k] = (uint8_t)(m[k] & truth[k]);
    no[k] = (uint8_t)(m[k] & (truth[k] ^ 1));
  }
  reach(s, i->on_true, yes);
  reach(s, i->on_false, no);
}

/* Columns */

static const evc_column *column_of(const run_state *s, const evc_instruction *i) {
  return &s->columns[s->calculation->nodes[i->node].as.text.reference];
}

static void load_nulls(const run_state *s, const evc_column *column, uint8_t *null) {
  if (column->nulls) unpack(null, column->nulls, s->first, s->count);
  else memset(null, 0, BLOCK);
}

static void load_numbers(const run_state *s, const evc_column *column, double *numbers) {
  memcpy(numbers, column->values.numbers + s->first, s->count * sizeof *numbers);
}

static void load(run_state *s, uint32_t at) {
  const evc_instruction *i = &s->calculation->code[at];
  const evc_column *column = column_of(s, i);
  vector *from = s->scratch;
  load_nulls(s, column, from->null);
  if (i->b == EVC_KIND_NUMBER) {
    load_numbers(s, column, from->number);
    put_numbers(s, at, from->number, from->null);
  } else {
    unpack(from->boolean, column->values.bits, s->first, s->count);
    put_booleans(&s->registers[i->a], s->masks[at], from->boolean, from->null);
  }
  reach(s, at + 1, s->masks[at]);
}

/* Arithmetic */

/* A number minus itself is 0 unless it is not finite: eight sums at a time instead of a test each took
** a multiplication from 0.9 to 0.5 ns a row. */
static bool all_finite(const double *numbers) {
  double sums[8] = {0};
  for (size_t k = 0; k < BLOCK; k += 8)
    for (size_t j = 0; j < 8; j++) sums[j] += numbers[k + j] - numbers[k + j];
  for (size_t j = 1; j < 8; j++) sums[0] += sums[j];
  return sums[0] == 0;
}

/* Rows that fail go no further. */
static void fail_where(run_state *s, uint32_t at, const uint8_t *failed) {
  const uint8_t *m = s->masks[at];
  mask left;
  for (size_t k = 0; k < BLOCK; k++) {
    uint8_t fails = m[k] & failed[k];
    s->failed[k] |= fails;
    left[k] = m[k] ^ fails;
  }
  reach(s, at + 1, left);
}

#define EACH(expression)                                                                           \
  for (size_t k = 0; k < BLOCK; k++) result[k] = (expression);

static void simple_arithmetic(evc_operator op, const double *restrict a, const double *restrict b,
                              double *restrict result) {
  switch (op) {
  case EVC_OP_ADD: EACH(a[k] + b[k]) break;
  case EVC_OP_SUBTRACT: EACH(a[k] - b[k]) break;
  case EVC_OP_MULTIPLY: EACH(a[k] * b[k]) break;
  default: EACH(a[k] / b[k]) break; /* EVC_OP_DIVIDE: by zero is not finite */
  }
}

/* % and ^: one by one, and only where it counts. */
static void slow_arithmetic(run_state *s, uint32_t at, evc_operator op, const double *a,
                            const double *b, const uint8_t *null, double *result) {
  const uint8_t *m = s->masks[at];
  mask failed;
  for (size_t k = 0; k < BLOCK; k++) {
    failed[k] = 0;
    result[k] = 0;
    if (m[k] && !null[k]) failed[k] = evc_arithmetic(op, a[k], b[k], &result[k]) != EVC_FAULT_NONE;
  }
  put_numbers(s, at, result, null);
  fail_where(s, at, failed);
}

static void arithmetic(run_state *s, uint32_t at, evc_operator op, const double *b,
                       const uint8_t *b_null) {
  const vector *a = &s->registers[s->calculation->code[at].a];
  double *result = s->scratch->number;
  uint8_t *null = s->scratch->null;
  for (size_t k = 0; k < BLOCK; k++) null[k] = a->null[k] | b_null[k];
  if (op == EVC_OP_MODULO || op == EVC_OP_POWER) {
    slow_arithmetic(s, at, op, a->number, b, null, result);
    return;
  }
  simple_arithmetic(op, a->number, b, result);
  put_numbers(s, at, result, null);
  if (all_finite(result)) {
    reach(s, at + 1, s->masks[at]);
    return;
  }
  mask failed;
  for (size_t k = 0; k < BLOCK; k++) failed[k] = (uint8_t)((isfinite(result[k]) ? 0 : 1) & (null[k] ^ 1));
  fail_where(s, at, failed);
}

static void fill(double *numbers, double number) {
  for (size_t k = 0; k < BLOCK; k++) numbers[k] = number;
}

static void with_constant(run_state *s, uint32_t at, evc_operator op) {
  double constant[BLOCK];
  fill(constant, s->calculation->code[at].constant.number);
  arithmetic(s, at, op, constant, nowhere);
}

static void with_register(run_state *s, uint32_t at, evc_operator op) {
  const vector *b = &s->registers[s->calculation->code[at].a + 1];
  arithmetic(s, at, op, b->number, b->null);
}

/* Functions and signs, one by one. */
static void apply(run_state *s, uint32_t at) {
  const evc_instruction *i = &s->calculation->code[at];
  const uint8_t *m = s->masks[at];
  vector *a = &s->registers[i->a], *b = a + 1;
  mask left;
  for (size_t k = 0; k < BLOCK; k++) {
    left[k] = m[k];
    if (!m[k]) continue;
    bool joins = i->op == EVC_DO_MAX || i->op == EVC_DO_MIN;
    if (joins && b->null[k]) a->null[k] = 1;
    if (a->null[k]) continue;
    double number = a->number[k];
    switch (i->op) {
    case EVC_DO_NEGATE: a->number[k] = -number; break;
    case EVC_DO_ABS: a->number[k] = fabs(number); break;
    case EVC_DO_MAX: a->number[k] = b->number[k] > number ? b->number[k] : number; break;
    case EVC_DO_MIN: a->number[k] = b->number[k] < number ? b->number[k] : number; break;
    default: { /* EVC_DO_ROUND */
      int scale = (int)i->slot - EVC_SCALE_LIMIT;
      if (evc_round((evc_function)i->b, number, scale, &a->number[k]) == EVC_FAULT_NONE) break;
      s->failed[k] = 1;
      left[k] = 0;
      break;
    }
    }
  }
  reach(s, at + 1, left);
}

static void put_constant(run_state *s, uint32_t at) {
  const evc_instruction *i = &s->calculation->code[at];
  const uint8_t *m = s->masks[at];
  vector *r = &s->registers[i->a];
  for (size_t k = 0; k < BLOCK; k++) {
    if (!m[k]) continue;
    r->null[k] = i->kind == EVC_KIND_NULL;
    if (i->kind == EVC_KIND_NUMBER) r->number[k] = i->constant.number;
    if (i->kind == EVC_KIND_BOOLEAN) r->boolean[k] = i->constant.boolean;
  }
  reach(s, at + 1, m);
}

/* Tests */

/* Through a float, because that is what gcc vectorises between a comparison of doubles and bytes: 0.23
** instead of 0.35 ns a row. */
#define COMPARE(OP)                                                                                \
  for (size_t k = 0; k < BLOCK; k++) answers[k] = a[k] OP b[k] ? 1.0F : 0.0F;

static void compare(evc_operator op, const double *restrict a, const double *restrict b,
                    uint8_t *restrict truth) {
  float answers[BLOCK];
  switch (op) {
  case EVC_OP_EQ: COMPARE(==) break;
  case EVC_OP_NE: COMPARE(!=) break;
  case EVC_OP_LT: COMPARE(<) break;
  case EVC_OP_LE: COMPARE(<=) break;
  case EVC_OP_GT: COMPARE(>) break;
  default: COMPARE(>=) break;
  }
  for (size_t k = 0; k < BLOCK; k++) truth[k] = (uint8_t)(int)answers[k];
}

/* The null rule of a comparison with a value that is not null. */
static void where_null(evc_operator op, const uint8_t *null, uint8_t *truth) {
  if (op == EVC_OP_NE)
    for (size_t k = 0; k < BLOCK; k++) truth[k] |= null[k];
  else
    for (size_t k = 0; k < BLOCK; k++) truth[k] = (uint8_t)(truth[k] & (null[k] ^ 1));
}

static void test_numbers(run_state *s, uint32_t at, evc_operator op, bool constant) {
  const evc_instruction *i = &s->calculation->code[at];
  const vector *a = &s->registers[i->a], *b = a + 1;
  mask truth;
  if (constant) {
    fill(s->scratch->number, i->constant.number);
    compare(op, a->number, s->scratch->number, truth);
    where_null(op, a->null, truth);
  } else {
    compare(op, a->number, b->number, truth);
    for (size_t k = 0; k < BLOCK; k++) {
      uint8_t some = a->null[k] | b->null[k], one = a->null[k] ^ b->null[k];
      uint8_t answer = op == EVC_OP_EQ ? one ^ 1 : op == EVC_OP_NE ? one : 0;
      truth[k] = some ? answer : truth[k];
    }
  }
  decide(s, at, truth);
}

/* A whole block is compared where it stands; the last, which may be short, in a copy. */
static void test_number_column(run_state *s, uint32_t at, evc_operator op) {
  const evc_instruction *i = &s->calculation->code[at];
  const evc_column *column = column_of(s, i);
  double constant[BLOCK];
  mask truth;
  const double *numbers = column->values.numbers + s->first;
  if (s->count < BLOCK) {
    load_numbers(s, column, s->scratch->number);
    numbers = s->scratch->number;
  }
  fill(constant, i->constant.number);
  compare(op, numbers, constant, truth);
  if (column->nulls || op == EVC_OP_NE) {
    mask null;
    load_nulls(s, column, null);
    where_null(op, null, truth);
  }
  decide(s, at, truth);
}

/* Two overlapping loads cover any length that they reach across: without a call, 2 ns less a row. */
#define SAME_ENDS(type)                                                                            \
  {                                                                                                \
    type a_first, a_last, b_first, b_last;                                                         \
    memcpy(&a_first, a, sizeof(type));                                                             \
    memcpy(&b_first, b, sizeof(type));                                                             \
    memcpy(&a_last, a + length - sizeof(type), sizeof(type));                                      \
    memcpy(&b_last, b + length - sizeof(type), sizeof(type));                                      \
    return a_first == b_first && a_last == b_last;                                                 \
  }

static bool same_bytes(const char *a, const char *b, size_t length) {
  if (length > 16) return memcmp(a, b, length) == 0;
  if (length >= 8) SAME_ENDS(uint64_t)
  if (length >= 4) SAME_ENDS(uint32_t)
  if (length >= 2) SAME_ENDS(uint16_t)
  return length == 0 || *a == *b;
}

static void test_string_column(run_state *s, uint32_t at, evc_operator op) {
  const evc_instruction *i = &s->calculation->code[at];
  const evc_column *column = column_of(s, i);
  const char *wanted = s->calculation->texts + i->constant.text;
  mask truth = {0}, null;
  uint8_t equal = op == EVC_OP_EQ;
  if (column->kind == EVC_COLUMN_DICTIONARY) {
    const uint32_t *codes = column->values.codes + s->first, code = s->codes[at];
    for (size_t k = 0; k < s->count; k++) truth[k] = (uint8_t)(codes[k] == code);
  } else {
    const evc_text *texts = column->values.texts + s->first;
    for (size_t k = 0; k < s->count; k++)
      truth[k] = texts[k].length == i->length && same_bytes(texts[k].data, wanted, i->length);
  }
  for (size_t k = 0; k < BLOCK; k++) truth[k] = (uint8_t)(truth[k] ^ equal ^ 1);
  load_nulls(s, column, null);
  where_null(op, null, truth);
  decide(s, at, truth);
}

static void test_boolean_column(run_state *s, uint32_t at, evc_operator op, bool wanted) {
  const evc_column *column = column_of(s, &s->calculation->code[at]);
  mask truth, null;
  uint8_t flip = (uint8_t)(wanted == (op == EVC_OP_NE));
  memset(truth, 0, sizeof truth);
  unpack(truth, column->values.bits, s->first, s->count);
  for (size_t k = 0; k < BLOCK; k++) truth[k] ^= flip;
  load_nulls(s, column, null);
  where_null(op, null, truth);
  decide(s, at, truth);
}

/* What a register says when asked whether it is true: null does not. */
static void truth_of(const vector *r, uint8_t *truth) {
  for (size_t k = 0; k < BLOCK; k++) truth[k] = (uint8_t)(r->boolean[k] & (r->null[k] ^ 1));
}

static void jump(run_state *s, uint32_t at) {
  const evc_instruction *i = &s->calculation->code[at];
  const uint8_t *m = s->masks[at];
  vector *r = &s->registers[i->a];
  mask truth, taken, on;
  if (i->op == EVC_DO_JUMP_NOT_NULL)
    for (size_t k = 0; k < BLOCK; k++) truth[k] = r->null[k] ^ 1;
  else truth_of(r, truth);
  uint8_t when = i->op == EVC_DO_JUMP_TRUE || i->op == EVC_DO_JUMP_NOT_NULL;
  for (size_t k = 0; k < BLOCK; k++) {
    taken[k] = (uint8_t)(m[k] & (truth[k] ^ when ^ 1));
    on[k] = m[k] ^ taken[k];
  }
  if (i->op == EVC_DO_JUMP_FALSE) put_booleans(r, taken, nowhere, nowhere);
  reach(s, when ? i->on_true : i->on_false, taken);
  reach(s, at + 1, on);
}

static void step(run_state *s, uint32_t at) {
  const evc_instruction *i = &s->calculation->code[at];
  const uint8_t *m = s->masks[at];
  mask truth;
  switch ((evc_opcode)i->op) {
  case EVC_DO_LOAD: load(s, at); break;
  case EVC_DO_CONSTANT: put_constant(s, at); break;
  case EVC_DO_ADD_RR:
  case EVC_DO_SUBTRACT_RR:
  case EVC_DO_MULTIPLY_RR:
  case EVC_DO_DIVIDE_RR:
  case EVC_DO_MODULO_RR: with_register(s, at, (evc_operator)(EVC_OP_ADD + (i->op - EVC_DO_ADD_RR))); break;
  case EVC_DO_POWER_RR: with_register(s, at, EVC_OP_POWER); break;
  case EVC_DO_ADD_RC:
  case EVC_DO_SUBTRACT_RC:
  case EVC_DO_MULTIPLY_RC:
  case EVC_DO_DIVIDE_RC:
  case EVC_DO_MODULO_RC: with_constant(s, at, (evc_operator)(EVC_OP_ADD + (i->op - EVC_DO_ADD_RC))); break;
  case EVC_DO_POWER_RC: with_constant(s, at, EVC_OP_POWER); break;
  case EVC_DO_NEGATE:
  case EVC_DO_ABS:
  case EVC_DO_MAX:
  case EVC_DO_MIN:
  case EVC_DO_ROUND: apply(s, at); break;
  case EVC_DO_TEST_EQ_STRING_FC: test_string_column(s, at, EVC_OP_EQ); break;
  case EVC_DO_TEST_NE_STRING_FC: test_string_column(s, at, EVC_OP_NE); break;
  case EVC_DO_TEST_EQ_BOOLEAN_FC: test_boolean_column(s, at, EVC_OP_EQ, i->constant.boolean); break;
  case EVC_DO_TEST_NE_BOOLEAN_FC: test_boolean_column(s, at, EVC_OP_NE, i->constant.boolean); break;
  case EVC_DO_TEST_TRUE_F: test_boolean_column(s, at, EVC_OP_EQ, true); break;
  case EVC_DO_TEST_NULL: {
    uint8_t flip = i->b != EVC_OP_EQ;
    for (size_t k = 0; k < BLOCK; k++) truth[k] = s->registers[i->a].null[k] ^ flip;
    decide(s, at, truth);
    break;
  }
  case EVC_DO_TEST_TRUE:
    truth_of(&s->registers[i->a], truth);
    decide(s, at, truth);
    break;
  case EVC_DO_JUMP_FALSE:
  case EVC_DO_JUMP_TRUE:
  case EVC_DO_BRANCH:
  case EVC_DO_JUMP_NOT_NULL: jump(s, at); break;
  case EVC_DO_JUMP: reach(s, i->on_true, m); break;
  case EVC_DO_RETURN:
    truth_of(&s->registers[i->a], truth);
    for (size_t k = 0; k < BLOCK; k++) s->answered[k] |= (uint8_t)(m[k] & truth[k]);
    break;
  case EVC_DO_RETURN_TRUE:
    for (size_t k = 0; k < BLOCK; k++) s->answered[k] |= m[k];
    break;
  case EVC_DO_RETURN_FALSE: break;
  default: /* comparisons of Numbers */
    if (i->op >= EVC_DO_TEST_EQ_NUMBER_FC)
      test_number_column(s, at, (evc_operator)(EVC_OP_EQ + (i->op - EVC_DO_TEST_EQ_NUMBER_FC)));
    else if (i->op >= EVC_DO_TEST_EQ_NUMBER_RC)
      test_numbers(s, at, (evc_operator)(EVC_OP_EQ + (i->op - EVC_DO_TEST_EQ_NUMBER_RC)), true);
    else test_numbers(s, at, (evc_operator)(EVC_OP_EQ + (i->op - EVC_DO_TEST_EQ_NUMBER_RR)), false);
    break;
  }
}

static void run_block(run_state *s, uint64_t *answers, uint64_t *errors) {
  uint32_t count = s->calculation->code_count;
  memset(s->reached, NOWHERE, count);
  memset(s->failed, 0, BLOCK);
  memset(s->answered, 0, BLOCK);
  memset(s->masks[0], 0, BLOCK);
  memset(s->masks[0], 1, s->count);
  s->reached[0] = s->count == BLOCK ? EVERYWHERE : SOMEWHERE;
  for (uint32_t at = 0; at < count; at++)
    if (s->reached[at] != NOWHERE) step(s, at);
  pack(answers, s->answered, s->first, s->count);
  pack(errors, s->failed, s->first, s->count);
}

/* Row by row */

static evc_value value_at(const evc_column *column, size_t row) {
  if (column->nulls && (column->nulls[row / 64] >> (row % 64) & 1)) return evc_value_null();
  evc_text text;
  switch (column->kind) {
  case EVC_COLUMN_NUMBER: return evc_value_number(column->values.numbers[row]);
  case EVC_COLUMN_BOOLEAN:
    return evc_value_boolean((column->values.bits[row / 64] >> (row % 64) & 1) != 0);
  case EVC_COLUMN_STRING: text = column->values.texts[row]; break;
  default: text = column->dictionary[column->values.codes[row]]; break;
  }
  return (evc_value){.as.text = text.data ? text.data : "", .length = (uint32_t)text.length, .kind = EVC_KIND_STRING};
}

/* The members of one map that are read, from its first one on. */
static uint32_t gather_members(const evc_calculation *c, const evc_column *columns, size_t row,
                               uint32_t first, evc_member *members) {
  uint32_t count = 0;
  for (uint32_t i = first; i < c->read_count; i++) {
    evc_reference read = evc_calculation_reference(c, i);
    if (c->reads[i].slot != c->reads[first].slot || !read.member.data) continue;
    members[count++] = (evc_member){read.member, value_at(&columns[i], row)};
  }
  return count;
}

static bool is_first_of_map(const evc_calculation *c, uint32_t index) {
  for (uint32_t i = 0; i < index; i++)
    if (c->reads[i].slot == c->reads[index].slot) return false;
  return true;
}

static void run_rows(const evc_calculation *c, const evc_column *columns, size_t rows,
                     evc_value *values, evc_member *members, uint64_t *answers,
                     uint64_t *errors) {
  for (size_t row = 0; row < rows; row++) {
    evc_member *next = members;
    for (uint32_t i = 0; i < c->read_count; i++) {
      evc_value *value = &values[c->reads[i].slot];
      if (!c->reads[i].member_at) {
        *value = value_at(&columns[i], row);
      } else if (is_first_of_map(c, i)) {
        uint32_t count = gather_members(c, columns, row, i, next);
        *value = (evc_value){.as.members = next, .length = count, .kind = EVC_KIND_MAP};
        next += count;
      }
    }
    evc_outcome outcome = evc_evaluate_values(c, values);
    uint64_t bit = UINT64_C(1) << (row % 64);
    if (row % 64 == 0) answers[row / 64] = errors[row / 64] = 0;
    if (outcome.status != EVC_OK) errors[row / 64] |= bit;
    else if (outcome.value) answers[row / 64] |= bit;
  }
}

static bool has_block_form(const evc_instruction *i) {
  switch ((evc_opcode)i->op) {
  case EVC_DO_LOAD: return i->b != EVC_KIND_STRING;
  case EVC_DO_CONSTANT: return i->kind != EVC_KIND_STRING;
  case EVC_DO_LOAD_MEMBER:
  case EVC_DO_CHECK:
  case EVC_DO_TEST_COMPARE:
  case EVC_DO_MATCH:
  case EVC_DO_FOUND:
  case EVC_DO_TRACE:
  case EVC_DO_TRACE_CONSTANT: return false;
  default: return true;
  }
}

static bool runs_in_blocks(const evc_calculation *c) {
  for (uint32_t i = 0; i < c->code_count; i++)
    if (!has_block_form(&c->code[i])) return false;
  return true;
}

static bool column_fits(const evc_calculation *c, uint32_t index, const evc_column *column) {
  evc_reference read = evc_calculation_reference(c, index);
  if (read.member.data) return column->kind != EVC_COLUMN_BOOLEAN;
  switch (evc_event_type_field(c->type, read.slot)->type) {
  case EVC_TYPE_NUMBER: return column->kind == EVC_COLUMN_NUMBER;
  case EVC_TYPE_BOOLEAN: return column->kind == EVC_COLUMN_BOOLEAN;
  default: return column->kind == EVC_COLUMN_STRING || column->kind == EVC_COLUMN_DICTIONARY;
  }
}

static uint32_t code_of(const evc_calculation *c, const evc_instruction *i,
                        const evc_column *column) {
  for (uint32_t code = 0; code < column->dictionary_size; code++) {
    const evc_text *text = &column->dictionary[code];
    evc_text wanted = {c->texts + i->constant.text, i->length};
    if (evc_text_equal(*text, wanted)) return code;
  }
  return UINT32_MAX;
}

static size_t registers_of(const evc_calculation *c) { return (size_t)c->register_count + 2; }

size_t evc_columns_workspace(const evc_calculation *c) {
  if (!runs_in_blocks(c)) {
    size_t values = evc_event_type_field_count(c->type) * sizeof(evc_value);
    return aligned(values) + aligned(c->read_count * sizeof(evc_member)) + 64;
  }
  size_t count = c->code_count;
  return aligned(registers_of(c) * sizeof(vector)) + aligned(sizeof(vector)) +
         aligned(count * sizeof(mask)) + aligned(count * sizeof(uint32_t)) + aligned(count) +
         2 * (size_t)BLOCK;
}

static char *take(char **place, size_t size) {
  char *taken = *place;
  *place += aligned(size);
  return taken;
}

evc_status evc_evaluate_columns(const evc_calculation *c, const evc_column *columns,
                                size_t column_count, size_t rows, void *workspace,
                                uint64_t *answers, uint64_t *errors) {
  if (column_count != c->read_count) return EVC_NOT_FOUND;
  for (uint32_t i = 0; i < c->read_count; i++)
    if (!column_fits(c, i, &columns[i])) return EVC_WRONG_KIND;
  char *place = workspace;
  if (!runs_in_blocks(c)) {
    size_t size = evc_event_type_field_count(c->type) * sizeof(evc_value);
    evc_value *values = (void *)take(&place, size);
    memset(values, 0, size);
    run_rows(c, columns, rows, values, (void *)place, answers, errors);
    return EVC_OK;
  }
  uint32_t count = c->code_count;
  run_state s = {.calculation = c, .columns = columns};
  s.registers = (void *)take(&place, registers_of(c) * sizeof(vector));
  memset(s.registers, 0, registers_of(c) * sizeof(vector));
  s.scratch = (void *)take(&place, sizeof(vector));
  memset(s.scratch, 0, sizeof(vector));
  s.masks = (void *)take(&place, count * sizeof(mask));
  s.codes = (void *)take(&place, count * sizeof(uint32_t));
  s.reached = (void *)take(&place, count);
  s.failed = (void *)take(&place, BLOCK);
  s.answered = (void *)take(&place, BLOCK);
  for (uint32_t i = 0; i < count; i++) {
    const evc_instruction *test = &c->code[i];
    bool of_string = test->op == EVC_DO_TEST_EQ_STRING_FC || test->op == EVC_DO_TEST_NE_STRING_FC;
    if (!of_string) continue;
    const evc_column *column = column_of(&s, test);
    if (column->kind == EVC_COLUMN_DICTIONARY) s.codes[i] = code_of(c, test, column);
  }
  for (s.first = 0; s.first < rows; s.first += BLOCK) {
    s.count = rows - s.first < BLOCK ? rows - s.first : BLOCK;
    run_block(&s, answers, errors);
  }
  return EVC_OK;
}
