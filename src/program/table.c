/* Truth tables of short programs.
**
** A program that only compares fields with constants is a decision diagram. For six tests or fewer it
** is also a table of at most 64 answers, found with six operations on words of 64 bits: bit i of
** combinations[k] says whether test k holds in combination i, and the table of a test chooses by that
** between the tables of what it leads to.
*/
#include "program.h"

#include <string.h>

static const uint64_t combinations[EVC_TABLE_TERMS] = {
    UINT64_C(0xAAAAAAAAAAAAAAAA), UINT64_C(0xCCCCCCCCCCCCCCCC), UINT64_C(0xF0F0F0F0F0F0F0F0),
    UINT64_C(0xFF00FF00FF00FF00), UINT64_C(0xFFFF0000FFFF0000), UINT64_C(0xFFFFFFFF00000000),
};

/* Of a test: the kind of its field, and the relations to the constant for which it holds, a bit each.
** Those of a Boolean are for `true`. A table, because a jump for each test cost 8 % of compiling. */
#define IF(relation) (1u << EVC_##relation)
static const struct row {
  uint8_t kind, holds;
} rows[UINT8_MAX + 1] = {
    [EVC_DO_TEST_EQ_NUMBER_FC] = {EVC_KIND_NUMBER, IF(EQUAL)},
    [EVC_DO_TEST_NE_NUMBER_FC] = {EVC_KIND_NUMBER, IF(LESS) | IF(GREATER) | IF(NULL)},
    [EVC_DO_TEST_LT_NUMBER_FC] = {EVC_KIND_NUMBER, IF(LESS)},
    [EVC_DO_TEST_LE_NUMBER_FC] = {EVC_KIND_NUMBER, IF(LESS) | IF(EQUAL)},
    [EVC_DO_TEST_GT_NUMBER_FC] = {EVC_KIND_NUMBER, IF(GREATER)},
    [EVC_DO_TEST_GE_NUMBER_FC] = {EVC_KIND_NUMBER, IF(GREATER) | IF(EQUAL)},
    [EVC_DO_TEST_EQ_STRING_FC] = {EVC_KIND_STRING, IF(EQUAL)},
    [EVC_DO_TEST_NE_STRING_FC] = {EVC_KIND_STRING, IF(LESS) | IF(NULL)},
    [EVC_DO_TEST_EQ_BOOLEAN_FC] = {EVC_KIND_BOOLEAN, IF(TRUE)},
    [EVC_DO_TEST_NE_BOOLEAN_FC] = {EVC_KIND_BOOLEAN, IF(FALSE) | IF(NULL)},
    [EVC_DO_TEST_TRUE_F] = {EVC_KIND_BOOLEAN, IF(TRUE)},
};

/* Null where the instruction is no such test. */
static evc_kind kind_of(const evc_instruction *i) {
  return i->a == EVC_NO_REGISTER ? (evc_kind)rows[i->op].kind : EVC_KIND_NULL;
}

static evc_term term_of(const evc_instruction *i, size_t number) {
  evc_term term = {.offset = i->slot * (uint32_t)sizeof(evc_value)};
  unsigned holds = rows[i->op].holds;
  bool negated = i->kind == EVC_KIND_BOOLEAN && !i->constant.boolean; /* == false, != false */
  if (negated) holds ^= IF(FALSE) | IF(TRUE);
  for (unsigned relation = EVC_LESS; relation <= EVC_NULL; relation++)
    term.bits[relation] = (uint8_t)((holds >> relation & 1u) << number);
  if (i->kind == EVC_KIND_NUMBER) term.constant.number = i->constant.number;
  else if (i->kind == EVC_KIND_STRING) term.constant.text.at = i->constant.text;
  if (i->kind == EVC_KIND_STRING) term.constant.text.length = i->length;
  return term;
}

static uint64_t answers_of(const evc_instruction *code, size_t count) {
  uint64_t answers[EVC_TABLE_TERMS + 3] = {0};
  answers[count + 1] = UINT64_MAX; /* RETURN_TRUE, between RETURN and RETURN_FALSE */
  for (size_t i = count; i-- > 0;)
    answers[i] = (combinations[i] & answers[code[i].on_true]) | (~combinations[i] & answers[code[i].on_false]);
  return answers[0];
}

evc_table evc_table_of(const evc_emitter *e, evc_term terms[static EVC_TABLE_TERMS]) {
  evc_table table = {.terms = terms, .booleans = terms, .strings = terms, .end = terms};
  size_t count = e->count - 3, of_kind[EVC_KIND_END] = {0}; /* without the three returns */
  if (e->part_of || count == 0 || count > EVC_TABLE_TERMS) return table;
  for (size_t i = 0; i < count; i++) of_kind[kind_of(&e->code[i])]++;
  if (of_kind[EVC_KIND_NULL] > 0) return table;
  size_t booleans = of_kind[EVC_KIND_NUMBER], strings = booleans + of_kind[EVC_KIND_BOOLEAN];
  size_t next[EVC_KIND_END] = {[EVC_KIND_BOOLEAN] = booleans, [EVC_KIND_STRING] = strings};
  table.booleans = terms + booleans;
  table.strings = terms + strings;
  table.end = terms + count;
  for (size_t i = 0; i < count; i++) terms[next[kind_of(&e->code[i])]++] = term_of(&e->code[i], i);
  table.answers = answers_of(e->code, count);
  return table;
}

void evc_table_move(evc_table *table, evc_term *to) {
  const evc_term *from = table->terms;
  size_t count = (size_t)(table->end - from);
  if (count > 0) memcpy(to, from, count * sizeof *to);
  table->terms = to;
  table->booleans = to + (table->booleans - from);
  table->strings = to + (table->strings - from);
  table->end = to + count;
}
