/* A block of rows through a program, an instruction at a time.
**
** Programs only jump forward, so each instruction is met once, by the rows that wait for it. What is
** true or false of a row is a bit, as nulls, answers and Boolean columns are already: AND, OR, null
** rules and jumps are one operation for 64 rows (four terms take 0.6 ns a row; with bytes, 3 ns).
** Only comparing and arithmetic go row by row, over all rows of the block; what comes of rows that
** are elsewhere, or null, is not used.
*/
#include "columns_block.h"

#include <string.h>

#define EACH_WORD(w) for (size_t w = 0; (w) < EVC_BLOCK_WORDS; (w)++)

static const evc_bits none;

static bool any(const uint64_t *bits) {
  uint64_t some = 0;
  EACH_WORD(w) some |= bits[w];
  return some != 0;
}

static void add_bits(uint64_t *to, const uint64_t *bits) {
  EACH_WORD(w) to[w] |= bits[w];
}

static bool has_row(const uint64_t *rows, size_t k) { return rows[k / 64] >> (k % 64) & 1; }

static void add_row(uint64_t *rows, size_t k) { rows[k / 64] |= UINT64_C(1) << (k % 64); }

/* The words that hold rows. */
static size_t words_of(const evc_block *b) { return (b->count + 63) / 64; }

static const evc_instruction *instruction(const evc_block *b, uint32_t at) {
  return &b->calculation->code[at];
}

static evc_vector *register_of(const evc_block *b, uint32_t at) {
  return &b->registers[instruction(b, at)->a];
}

static double *numbers_of(const evc_block *b, uint32_t at) {
  return b->numbers[instruction(b, at)->a];
}

/* Those of the register behind it, the right operand. */
static const double *right_of(const evc_block *b, uint32_t at) {
  return b->numbers[instruction(b, at)->a + 1u];
}

/* Going on */

static void go_on(evc_block *b, uint32_t target, const uint64_t *rows) {
  add_bits(b->waiting[target], rows);
}

/* Rows that fail go no further. */
static void go_on_unless(evc_block *b, uint32_t at, const uint64_t *failed) {
  const uint64_t *rows = b->waiting[at];
  uint64_t *next = b->waiting[at + 1];
  EACH_WORD(w) {
    b->errors[w] |= rows[w] & failed[w];
    next[w] |= rows[w] & ~failed[w];
  }
}

static void go_on_all(evc_block *b, uint32_t at) { go_on(b, at + 1, b->waiting[at]); }

/* Registers */

static const uint64_t *null_of(const evc_vector *r) { return r->kinds[EVC_KIND_NULL]; }

/* What a register says when asked whether it is true: null does not. */
static uint64_t true_word(const evc_vector *r, size_t w) { return r->truth[w] & ~null_of(r)[w]; }

static void put_kinds(evc_vector *r, const uint64_t *rows, const uint64_t *null, evc_kind kind) {
  for (size_t k = 0; k <= EVC_KIND_BOOLEAN; k++)
    EACH_WORD(w) r->kinds[k][w] &= ~rows[w];
  EACH_WORD(w) {
    r->kinds[EVC_KIND_NULL][w] |= rows[w] & null[w];
    r->kinds[kind][w] |= rows[w] & ~null[w];
  }
}

static void put_booleans(evc_vector *r, const uint64_t *rows, const uint64_t *truth,
                         const uint64_t *null) {
  put_kinds(r, rows, null, EVC_KIND_BOOLEAN);
  EACH_WORD(w) r->truth[w] = (r->truth[w] & ~rows[w]) | (rows[w] & truth[w]);
}

/* Where an instruction writes the register's Numbers: into `own` while other rows need what they
** have there. Everything is written where none does: `x >= y * 0.9` behind AND takes 1.1 ns a row
** instead of 3.7. */
static double *open_numbers(const evc_block *b, uint32_t at, double *own) {
  double *numbers = numbers_of(b, at);
  if (!b->prepared[at].shares) return numbers;
  memcpy(own, numbers, words_of(b) * 64 * sizeof *own);
  return own;
}

static void close_numbers(const evc_block *b, uint32_t at, const double *written) {
  double *numbers = numbers_of(b, at);
  if (written != numbers) evc_copy_numbers(numbers, written, b->waiting[at], words_of(b));
}

/* Columns */

static void load_bits(const evc_block *b, const uint64_t *column, uint64_t *bits) {
  memset(bits, 0, sizeof(evc_bits));
  if (column) memcpy(bits, column + b->first / 64, words_of(b) * sizeof *bits);
}

/* Point the register's Strings to `texts`: to the next one each row, or with step 0 to the first, or
** to those that `codes` tell. */
static void point_texts(const evc_block *b, uint32_t at, const evc_text *texts, size_t step,
                        const uint32_t *codes) {
  const evc_text **to = b->texts[instruction(b, at)->a];
  const uint64_t *rows = b->waiting[at];
  bool all = !b->prepared[at].shares;
  for (size_t k = 0; k < b->count; k++)
    if (all || has_row(rows, k)) to[k] = &texts[codes ? codes[k] : k * step];
}

static void load(evc_block *b, uint32_t at) {
  const evc_column *column = evc_block_column(b, instruction(b, at));
  evc_vector *r = register_of(b, at);
  const uint64_t *rows = b->waiting[at];
  evc_bits null, truth;
  load_bits(b, column->nulls, null);
  switch (column->kind) {
  case EVC_COLUMN_NUMBER: {
    double own[EVC_BLOCK], *numbers = open_numbers(b, at, own);
    memcpy(numbers, column->values.numbers + b->first, b->count * sizeof *numbers);
    close_numbers(b, at, numbers);
    put_kinds(r, rows, null, EVC_KIND_NUMBER);
    break;
  }
  case EVC_COLUMN_BOOLEAN:
    load_bits(b, column->values.bits, truth);
    put_booleans(r, rows, truth, null);
    break;
  case EVC_COLUMN_STRING:
    point_texts(b, at, column->values.texts + b->first, 1, NULL);
    put_kinds(r, rows, null, EVC_KIND_STRING);
    break;
  case EVC_COLUMN_DICTIONARY:
    point_texts(b, at, column->dictionary, 0, column->values.codes + b->first);
    put_kinds(r, rows, null, EVC_KIND_STRING);
    break;
  }
}

/* Rows whose value in the register is of another kind than `b` asks for fail. */
static void check_kind(evc_block *b, uint32_t at) {
  const evc_instruction *i = instruction(b, at);
  const evc_vector *r = register_of(b, at);
  const uint64_t *number = r->kinds[EVC_KIND_NUMBER], *string = r->kinds[EVC_KIND_STRING];
  evc_bits failed;
  EACH_WORD(w) {
    uint64_t fits = i->b ? r->kinds[i->b][w] : number[w] | string[w];
    failed[w] = ~(fits | null_of(r)[w]);
  }
  go_on_unless(b, at, failed);
}

static void put_constant(evc_block *b, uint32_t at) {
  const evc_instruction *i = instruction(b, at);
  evc_vector *r = register_of(b, at);
  const uint64_t *rows = b->waiting[at];
  if (i->kind == EVC_KIND_NUMBER) {
    double own[EVC_BLOCK], *numbers = open_numbers(b, at, own);
    for (size_t k = 0; k < b->count; k++) numbers[k] = i->constant.number;
    close_numbers(b, at, numbers);
  } else if (i->kind == EVC_KIND_STRING) {
    point_texts(b, at, &b->prepared[at].text, 0, NULL);
  } else if (i->kind == EVC_KIND_BOOLEAN) {
    EACH_WORD(w) r->truth[w] = i->constant.boolean ? r->truth[w] | rows[w] : r->truth[w] & ~rows[w];
  }
  put_kinds(r, rows, none, (evc_kind)i->kind);
  go_on_all(b, at);
}

/* Arithmetic. Null where either side is, and a null row does not fail. */

/* Of an operation on two registers. */
static void join_nulls(const evc_block *b, uint32_t at) {
  evc_vector *left = register_of(b, at), *right = left + 1;
  EACH_WORD(w) {
    uint64_t null = b->waiting[at][w] & null_of(right)[w];
    left->kinds[EVC_KIND_NULL][w] |= null;
    left->kinds[EVC_KIND_NUMBER][w] &= ~null;
  }
}

static void go_on_if_finite(evc_block *b, uint32_t at, const double *numbers) {
  const uint64_t *null = null_of(register_of(b, at));
  evc_bits failed = {0};
  evc_where_not_finite(numbers, words_of(b), failed);
  EACH_WORD(w) failed[w] &= ~null[w];
  go_on_unless(b, at, failed);
}

static void with_constant(evc_block *b, uint32_t at, evc_operator op) {
  double own[EVC_BLOCK], *numbers = open_numbers(b, at, own);
  evc_arithmetic_constant(op, numbers, instruction(b, at)->constant.number, words_of(b) * 64);
  close_numbers(b, at, numbers);
  go_on_if_finite(b, at, numbers);
}

static void with_register(evc_block *b, uint32_t at, evc_operator op) {
  double own[EVC_BLOCK], *numbers = open_numbers(b, at, own);
  evc_arithmetic_numbers(op, numbers, right_of(b, at), words_of(b) * 64);
  close_numbers(b, at, numbers);
  join_nulls(b, at);
  go_on_if_finite(b, at, numbers);
}

static void change_sign(evc_block *b, uint32_t at) {
  double own[EVC_BLOCK], *numbers = open_numbers(b, at, own);
  if (instruction(b, at)->op == EVC_DO_NEGATE)
    /* NOLINTNEXTLINE(clang-analyzer-core.uninitialized.Assign): open_numbers filled them */
    for (size_t k = 0; k < b->count; k++) numbers[k] = -numbers[k];
  else
    for (size_t k = 0; k < b->count; k++) numbers[k] = fabs(numbers[k]);
  close_numbers(b, at, numbers);
  go_on_all(b, at);
}

#define EACH_OF_TWO(OP)                                                                            \
  for (size_t k = 0; k < b->count; k++) numbers[k] = other[k] OP numbers[k] ? other[k] : numbers[k]

static void take_one_of_two(evc_block *b, uint32_t at) {
  double own[EVC_BLOCK], *restrict numbers = open_numbers(b, at, own);
  const double *restrict other = right_of(b, at);
  /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): open_numbers filled them */
  if (instruction(b, at)->op == EVC_DO_MAX) EACH_OF_TWO(>);
  else EACH_OF_TWO(<);
  close_numbers(b, at, numbers);
  join_nulls(b, at);
  go_on_all(b, at);
}

/* The rest is done one by one, and only where it counts. */

static size_t list_live(const evc_block *b, uint32_t at, evc_list list) {
  const uint64_t *null = null_of(register_of(b, at));
  evc_bits live;
  EACH_WORD(w) live[w] = b->waiting[at][w] & ~null[w];
  return evc_list_rows(live, b->count, list);
}

/* % and ^, with the next one of `right` each row or with step 0 the first. */
static void with_each(evc_block *b, uint32_t at, evc_operator op, const double *right,
                      size_t step) {
  double *numbers = numbers_of(b, at);
  evc_bits failed = {0};
  evc_list list;
  size_t listed = list_live(b, at, list);
  for (size_t i = 0; i < listed; i++) {
    size_t k = list[i];
    if (evc_arithmetic(op, numbers[k], right[k * step], &numbers[k])) add_row(failed, k);
  }
  go_on_unless(b, at, failed);
}

static void with_each_register(evc_block *b, uint32_t at, evc_operator op) {
  join_nulls(b, at);
  with_each(b, at, op, right_of(b, at), 1);
}

static void with_each_constant(evc_block *b, uint32_t at, evc_operator op) {
  with_each(b, at, op, &instruction(b, at)->constant.number, 0);
}

static void round_each(evc_block *b, uint32_t at) {
  const evc_instruction *i = instruction(b, at);
  double *numbers = numbers_of(b, at);
  int scale = (int)i->slot - EVC_SCALE_LIMIT;
  evc_bits failed = {0};
  evc_list list;
  size_t listed = list_live(b, at, list);
  for (size_t n = 0; n < listed; n++) {
    size_t k = list[n];
    if (evc_round((evc_function)i->b, numbers[k], scale, &numbers[k])) add_row(failed, k);
  }
  go_on_unless(b, at, failed);
}

/* Tests */

static void decide(evc_block *b, uint32_t at, const uint64_t *truth) {
  const evc_instruction *i = instruction(b, at);
  const uint64_t *rows = b->waiting[at];
  uint64_t *yes = b->waiting[i->on_true], *no = b->waiting[i->on_false];
  if (i->a != EVC_NO_REGISTER) put_booleans(&b->registers[i->a], rows, truth, none);
  EACH_WORD(w) {
    yes[w] |= rows[w] & truth[w];
    no[w] |= rows[w] & ~truth[w];
  }
}

/* Of a comparison with what is not null: a null is not equal to it, and nothing else. */
static void decide_unless_null(evc_block *b, uint32_t at, evc_operator op, uint64_t *truth,
                               const uint64_t *null) {
  EACH_WORD(w) truth[w] = op == EVC_OP_NE ? truth[w] | null[w] : truth[w] & ~null[w];
  decide(b, at, truth);
}

static void test_number_constant(evc_block *b, uint32_t at, evc_operator op) {
  double constant = instruction(b, at)->constant.number;
  evc_bits truth = {0};
  evc_where_constant(op, numbers_of(b, at), constant, words_of(b), truth);
  decide_unless_null(b, at, op, truth, null_of(register_of(b, at)));
}

/* Whole words are compared where they stand, the last one, which may be short, in a copy. */
static void test_number_column(evc_block *b, uint32_t at, evc_operator op) {
  const evc_instruction *i = instruction(b, at);
  const evc_column *column = evc_block_column(b, i);
  const double *numbers = column->values.numbers + b->first;
  size_t whole = b->count / 64;
  double last[64] = {0};
  evc_bits truth = {0}, null;
  evc_where_constant(op, numbers, i->constant.number, whole, truth);
  if (b->count % 64) {
    memcpy(last, numbers + whole * 64, b->count % 64 * sizeof *last);
    evc_where_constant(op, last, i->constant.number, 1, truth + whole);
  }
  load_bits(b, column->nulls, null);
  decide_unless_null(b, at, op, truth, null);
}

static void where_code(const evc_block *b, const uint32_t *codes, uint32_t code, uint64_t *truth) {
  size_t whole = b->count / 64;
  uint32_t last[64] = {0};
  evc_where_code(codes, code, whole, truth);
  if (b->count % 64 == 0) return;
  memcpy(last, codes + whole * 64, b->count % 64 * sizeof *last);
  evc_where_code(last, code, 1, truth + whole);
}

static void test_string_column(evc_block *b, uint32_t at, evc_operator op) {
  const evc_prepared *wanted = &b->prepared[at];
  const evc_column *column = evc_block_column(b, instruction(b, at));
  evc_bits truth = {0}, null;
  load_bits(b, column->nulls, null);
  if (column->kind == EVC_COLUMN_DICTIONARY) {
    where_code(b, column->values.codes + b->first, wanted->code, truth);
  } else {
    evc_bits rows;
    EACH_WORD(w) rows[w] = b->waiting[at][w] & ~null[w];
    evc_where_text(column->values.texts + b->first, b->count, wanted->text, rows, truth);
  }
  if (op == EVC_OP_NE)
    EACH_WORD(w) truth[w] = ~truth[w];
  decide_unless_null(b, at, op, truth, null);
}

static void test_boolean_column(evc_block *b, uint32_t at, evc_operator op, bool wanted) {
  const evc_column *column = evc_block_column(b, instruction(b, at));
  uint64_t flip = wanted == (op == EVC_OP_EQ) ? 0 : UINT64_MAX;
  evc_bits truth, null;
  load_bits(b, column->values.bits, truth);
  load_bits(b, column->nulls, null);
  EACH_WORD(w) truth[w] ^= flip;
  decide_unless_null(b, at, op, truth, null);
}

/* Where a comparison of two registers of any kinds holds, among the rows where both are of one kind:
** those are `alike`. Of Booleans only whether they are equal can be asked. */
static void compare(const evc_block *b, evc_operator op, uint32_t left, uint32_t right,
                    const uint64_t *rows, uint64_t *truth, uint64_t *alike) {
  const evc_vector *x = &b->registers[left], *y = &b->registers[right];
  evc_bits numbers, texts;
  EACH_WORD(w) numbers[w] = x->kinds[EVC_KIND_NUMBER][w] & y->kinds[EVC_KIND_NUMBER][w];
  EACH_WORD(w) texts[w] = x->kinds[EVC_KIND_STRING][w] & y->kinds[EVC_KIND_STRING][w];
  memset(truth, 0, sizeof(evc_bits));
  if (any(numbers))
    evc_where_numbers(op, b->numbers[left], b->numbers[right], words_of(b), truth);
  EACH_WORD(w) {
    uint64_t booleans = x->kinds[EVC_KIND_BOOLEAN][w] & y->kinds[EVC_KIND_BOOLEAN][w];
    uint64_t differ = x->truth[w] ^ y->truth[w];
    truth[w] = (truth[w] & numbers[w]) | (booleans & (op == EVC_OP_NE ? differ : ~differ));
    alike[w] = numbers[w] | texts[w] | booleans;
    texts[w] &= rows[w];
  }
  if (any(texts)) evc_where_texts(op, b->texts[left], b->texts[right], b->count, texts, truth);
}

/* Two nulls are equal; otherwise a null is not equal to anything, and nothing else. */
static void test_registers(evc_block *b, uint32_t at, evc_operator op) {
  const evc_instruction *i = instruction(b, at);
  const evc_vector *x = register_of(b, at), *y = x + 1;
  uint64_t *rows = b->waiting[at];
  evc_bits truth, alike;
  compare(b, op, i->a, i->a + 1u, rows, truth, alike);
  EACH_WORD(w) {
    uint64_t either = null_of(x)[w] | null_of(y)[w], both = null_of(x)[w] & null_of(y)[w];
    uint64_t failed = rows[w] & ~(alike[w] | either);
    if (op == EVC_OP_EQ) truth[w] |= both;
    if (op == EVC_OP_NE) truth[w] |= either & ~both;
    b->errors[w] |= failed;
    rows[w] &= ~failed;
  }
  decide(b, at, truth);
}

/* One candidate of IN, which null never is. */
static void match(evc_block *b, uint32_t at) {
  const evc_instruction *i = instruction(b, at);
  evc_vector *value = register_of(b, at), *found = value + 1, *candidate = value + 2;
  const uint64_t *rows = b->waiting[at];
  evc_bits truth, alike, failed;
  compare(b, EVC_OP_EQ, i->a, i->a + 2u, rows, truth, alike);
  EACH_WORD(w) {
    found->truth[w] |= rows[w] & truth[w];
    failed[w] = ~(alike[w] | null_of(value)[w] | null_of(candidate)[w]);
  }
  go_on_unless(b, at, failed);
}

static void test_register(evc_block *b, uint32_t at) {
  const evc_instruction *i = instruction(b, at);
  const evc_vector *r = register_of(b, at);
  evc_bits truth;
  EACH_WORD(w) {
    uint64_t null = i->b == EVC_OP_EQ ? null_of(r)[w] : ~null_of(r)[w];
    truth[w] = i->op == EVC_DO_TEST_NULL ? null : true_word(r, w);
  }
  decide(b, at, truth);
}

static void jump(evc_block *b, uint32_t at) {
  const evc_instruction *i = instruction(b, at);
  const uint64_t *rows = b->waiting[at];
  evc_vector *r = register_of(b, at);
  bool when = i->op == EVC_DO_JUMP_TRUE || i->op == EVC_DO_JUMP_NOT_NULL;
  uint64_t *target = b->waiting[when ? i->on_true : i->on_false], *next = b->waiting[at + 1];
  evc_bits taken;
  EACH_WORD(w) {
    uint64_t truth = i->op == EVC_DO_JUMP_NOT_NULL ? ~null_of(r)[w] : true_word(r, w);
    taken[w] = rows[w] & (when ? truth : ~truth);
    target[w] |= taken[w];
    next[w] |= rows[w] & ~taken[w];
  }
  if (i->op == EVC_DO_JUMP_FALSE) put_booleans(r, taken, none, none);
}

/* The instructions */

#define FOUR(form)                                                                                 \
  case EVC_DO_ADD_##form:                                                                          \
  case EVC_DO_SUBTRACT_##form:                                                                     \
  case EVC_DO_MULTIPLY_##form:                                                                     \
  case EVC_DO_DIVIDE_##form

#define SIX(form)                                                                                  \
  case EVC_DO_TEST_EQ_##form:                                                                      \
  case EVC_DO_TEST_NE_##form:                                                                      \
  case EVC_DO_TEST_LT_##form:                                                                      \
  case EVC_DO_TEST_LE_##form:                                                                      \
  case EVC_DO_TEST_GT_##form:                                                                      \
  case EVC_DO_TEST_GE_##form

/* These follow each other as their operators do (emit.c holds them to it). */
static evc_operator operator_of(const evc_instruction *i, evc_opcode first, evc_operator base) {
  return (evc_operator)(base + (i->op - first));
}

/* Without a default: an opcode that is not named here is a warning. */
static void step(evc_block *b, uint32_t at) {
  const evc_instruction *i = instruction(b, at);
  const uint64_t *rows = b->waiting[at];
  switch ((evc_opcode)i->op) {
  case EVC_DO_LOAD:
    load(b, at);
    go_on_all(b, at);
    break;
  case EVC_DO_LOAD_MEMBER:
    load(b, at);
    check_kind(b, at);
    break;
  case EVC_DO_CHECK: check_kind(b, at); break;
  case EVC_DO_CONSTANT: put_constant(b, at); break;

  FOUR(RR): with_register(b, at, operator_of(i, EVC_DO_ADD_RR, EVC_OP_ADD)); break;
  FOUR(RC): with_constant(b, at, operator_of(i, EVC_DO_ADD_RC, EVC_OP_ADD)); break;
  case EVC_DO_MODULO_RR: with_each_register(b, at, EVC_OP_MODULO); break;
  case EVC_DO_MODULO_RC: with_each_constant(b, at, EVC_OP_MODULO); break;
  case EVC_DO_POWER_RR: with_each_register(b, at, EVC_OP_POWER); break;
  case EVC_DO_POWER_RC: with_each_constant(b, at, EVC_OP_POWER); break;
  case EVC_DO_NEGATE:
  case EVC_DO_ABS: change_sign(b, at); break;
  case EVC_DO_MAX:
  case EVC_DO_MIN: take_one_of_two(b, at); break;
  case EVC_DO_ROUND: round_each(b, at); break;

  SIX(NUMBER_RR): test_registers(b, at, operator_of(i, EVC_DO_TEST_EQ_NUMBER_RR, EVC_OP_EQ)); break;
  SIX(NUMBER_RC):
    test_number_constant(b, at, operator_of(i, EVC_DO_TEST_EQ_NUMBER_RC, EVC_OP_EQ));
    break;
  SIX(NUMBER_FC):
    test_number_column(b, at, operator_of(i, EVC_DO_TEST_EQ_NUMBER_FC, EVC_OP_EQ));
    break;
  case EVC_DO_TEST_EQ_STRING_FC: test_string_column(b, at, EVC_OP_EQ); break;
  case EVC_DO_TEST_NE_STRING_FC: test_string_column(b, at, EVC_OP_NE); break;
  case EVC_DO_TEST_EQ_BOOLEAN_FC: test_boolean_column(b, at, EVC_OP_EQ, i->constant.boolean); break;
  case EVC_DO_TEST_NE_BOOLEAN_FC: test_boolean_column(b, at, EVC_OP_NE, i->constant.boolean); break;
  case EVC_DO_TEST_TRUE_F: test_boolean_column(b, at, EVC_OP_EQ, true); break;
  case EVC_DO_TEST_COMPARE: test_registers(b, at, (evc_operator)i->b); break;
  case EVC_DO_TEST_NULL:
  case EVC_DO_TEST_TRUE: test_register(b, at); break;

  case EVC_DO_JUMP_FALSE:
  case EVC_DO_JUMP_TRUE:
  case EVC_DO_BRANCH:
  case EVC_DO_JUMP_NOT_NULL: jump(b, at); break;
  case EVC_DO_JUMP: go_on(b, i->on_true, rows); break;

  case EVC_DO_MATCH: match(b, at); break;
  case EVC_DO_FOUND: decide(b, at, register_of(b, at)[1].truth); break;

  case EVC_DO_RETURN:
    EACH_WORD(w) b->answers[w] |= rows[w] & true_word(register_of(b, at), w);
    break;
  case EVC_DO_RETURN_TRUE: add_bits(b->answers, rows); break;
  case EVC_DO_RETURN_FALSE: break;

  case EVC_DO_TRACE:
  case EVC_DO_TRACE_CONSTANT: go_on_all(b, at); break; /* nobody asks what single parts were */
  }
}

void evc_block_run(evc_block *b) {
  memset(b->answers, 0, sizeof b->answers);
  memset(b->errors, 0, sizeof b->errors);
  for (size_t w = 0; w < words_of(b); w++) {
    size_t left = b->count - 64 * w;
    b->waiting[0][w] = left < 64 ? (UINT64_C(1) << left) - 1 : UINT64_MAX;
  }
  for (uint32_t at = 0; at < b->calculation->code_count; at++) {
    if (!any(b->waiting[at])) continue;
    step(b, at);
    memset(b->waiting[at], 0, sizeof b->waiting[at]);
  }
}
