/* Truth tables of short programs.
**
** A program that only compares fields with constants is a decision diagram. For six tests or fewer it
** is also a table of at most 64 answers, found with six operations on words of 64 bits: bit i of
** holds[k] says whether test k holds in combination i, and the table of a test chooses by that between
** the tables of what it leads to.
*/
#include "program.h"

static const uint64_t holds[EVC_TABLE_TERMS] = {
    UINT64_C(0xAAAAAAAAAAAAAAAA), UINT64_C(0xCCCCCCCCCCCCCCCC), UINT64_C(0xF0F0F0F0F0F0F0F0),
    UINT64_C(0xFF00FF00FF00FF00), UINT64_C(0xFFFF0000FFFF0000), UINT64_C(0xFFFFFFFF00000000),
};

/* The kind of field that a test is about, EVC_KIND_NULL where it is another instruction. */
static evc_kind kind_of(const evc_instruction *i) {
  if (i->a != EVC_NO_REGISTER) return EVC_KIND_NULL;
  switch ((evc_opcode)i->op) {
  case EVC_DO_TEST_EQ_NUMBER_FC:
  case EVC_DO_TEST_NE_NUMBER_FC:
  case EVC_DO_TEST_LT_NUMBER_FC:
  case EVC_DO_TEST_LE_NUMBER_FC:
  case EVC_DO_TEST_GT_NUMBER_FC:
  case EVC_DO_TEST_GE_NUMBER_FC: return EVC_KIND_NUMBER;
  case EVC_DO_TEST_EQ_STRING_FC:
  case EVC_DO_TEST_NE_STRING_FC: return EVC_KIND_STRING;
  case EVC_DO_TEST_EQ_BOOLEAN_FC:
  case EVC_DO_TEST_NE_BOOLEAN_FC:
  case EVC_DO_TEST_TRUE_F: return EVC_KIND_BOOLEAN;
  default: return EVC_KIND_NULL;
  }
}

/* Does the test hold where the field has that relation to the constant? */
static bool holds_for(const evc_instruction *i, evc_relation relation) {
  switch ((evc_opcode)i->op) {
  case EVC_DO_TEST_EQ_NUMBER_FC:
  case EVC_DO_TEST_EQ_STRING_FC: return relation == EVC_EQUAL;
  case EVC_DO_TEST_NE_NUMBER_FC:
  case EVC_DO_TEST_NE_STRING_FC: return relation != EVC_EQUAL;
  case EVC_DO_TEST_LT_NUMBER_FC: return relation == EVC_LESS;
  case EVC_DO_TEST_LE_NUMBER_FC: return relation == EVC_LESS || relation == EVC_EQUAL;
  case EVC_DO_TEST_GT_NUMBER_FC: return relation == EVC_GREATER;
  case EVC_DO_TEST_GE_NUMBER_FC: return relation == EVC_GREATER || relation == EVC_EQUAL;
  case EVC_DO_TEST_EQ_BOOLEAN_FC: return relation == (evc_relation)i->constant.boolean;
  case EVC_DO_TEST_NE_BOOLEAN_FC: return relation != (evc_relation)i->constant.boolean;
  default: return relation == EVC_TRUE;
  }
}

static evc_term term_of(const evc_instruction *i, size_t number) {
  evc_term term = {.offset = i->slot * (uint32_t)sizeof(evc_value)};
  for (unsigned relation = EVC_LESS; relation <= EVC_NULL; relation++)
    if (holds_for(i, (evc_relation)relation)) term.bits[relation] = (uint8_t)(1u << number);
  if (kind_of(i) == EVC_KIND_NUMBER) {
    term.constant.number = i->constant.number;
  } else {
    term.constant.text.at = i->constant.text;
    term.constant.text.length = i->length;
  }
  return term;
}

static uint64_t answers_of(const evc_instruction *code, size_t count) {
  uint64_t answers[EVC_TABLE_TERMS + 3] = {0};
  answers[count + 1] = UINT64_MAX; /* RETURN_TRUE, between RETURN and RETURN_FALSE */
  for (size_t i = count; i-- > 0;)
    answers[i] = (holds[i] & answers[code[i].on_true]) | (~holds[i] & answers[code[i].on_false]);
  return answers[0];
}

evc_table evc_table_of(const evc_emitter *e, evc_term terms[static EVC_TABLE_TERMS]) {
  static const evc_kind order[] = {EVC_KIND_NUMBER, EVC_KIND_BOOLEAN, EVC_KIND_STRING};
  evc_table table = {.terms = terms};
  size_t count = e->count - 3; /* without the three returns */
  if (e->part_of || count == 0 || count > EVC_TABLE_TERMS) return table;
  for (size_t i = 0; i < count; i++)
    if (kind_of(&e->code[i]) == EVC_KIND_NULL) return table;
  uint8_t *const counts[] = {&table.numbers, &table.booleans, &table.strings};
  size_t next = 0;
  for (size_t k = 0; k < 3; k++)
    for (size_t i = 0; i < count; i++) {
      if (kind_of(&e->code[i]) != order[k]) continue;
      terms[next++] = term_of(&e->code[i], i);
      ++*counts[k];
    }
  table.answers = answers_of(e->code, count);
  return table;
}
