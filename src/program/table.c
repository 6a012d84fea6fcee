/* Truth tables of short programs: made of them, and evaluated.
**
** A program that only compares fields with constants is a decision diagram. For six tests or fewer it
** is also a table of at most 64 answers, found with six operations on words of 64 bits: the word of a
** test says in which combinations of bits it holds, and the table of a test chooses by that between the
** tables of what it leads to.
**
** Evaluating works all bits out, whichever decides: but for the lengths of Strings nothing in it
** branches on a value, so nothing is mispredicted. Five terms on changing records, handed over, take
** 7.2 ns by the program, 6.4 in a loop for each kind of term and 4.8 with these steps; where the steps
** read the records themselves, 3.6.
*/
#include "program.h"

#include <string.h>

#include "record.h"

#if defined(__GNUC__)
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define NOINLINE  __attribute__((noinline))
/* The term is stepped once its bit is known, and then used as it is: gcc keeps two copies of it
** otherwise, 109 instead of 96 instructions for five terms. */
#define AFTER(bits, term) __asm__("" : "+r"(term) : "r"(bits))
/* With clang, which reads four bytes where one was written to get at a Boolean: 7.0 to 5.5 ns. */
#define AS_IT_IS(word) __asm__("" : "+r"(word))
#else
#define LIKELY(x) (x)
#define NOINLINE
#define AFTER(bits, term) (void)0
#define AS_IT_IS(word)    (void)0
#endif

/* Where size is asked for, programs are only run: 4.5 KB of the module for browsers. */
#ifdef __OPTIMIZE_SIZE__
enum { HAS_TABLES = 0 };
#else
enum { HAS_TABLES = 1 };
#endif

/* Evaluating */

/* The bits with one more behind them. */
static inline size_t with(size_t bits, bool bit) { return bits + bits + bit; }

static inline evc_outcome go_on(const evc_calculation *c, const void *event, const evc_term *term,
                                size_t bits) {
  AFTER(bits, term);
  term++;
  AS_IT_IS(term);
  return term->step(c, event, term, bits);
}

static inline evc_outcome answer(const evc_term *term, size_t bits) {
  AS_IT_IS(bits);
  return (evc_outcome){.status = EVC_OK, .value = term[1].constant.answers >> bits & 1};
}

static evc_outcome look_up(const evc_calculation *c, const void *event, const evc_term *term,
                           size_t bits) {
  (void)c, (void)event;
  return answer(term - 1, bits);
}

/* Of 2 or 3 bytes, and of 4 to 8: two loads that overlap, of which the term holds what is wanted. */
#define SAME_ENDS(type)                                                                            \
  static inline bool same_ends_##type(const char *text, const evc_term *term) {                    \
    return !((evc_load_##type(text) ^ term->constant.ends.first) |                                 \
             (evc_load_##type(text + term->length - sizeof(type)) ^ term->constant.ends.last));    \
  }
SAME_ENDS(uint16_t)
SAME_ENDS(uint32_t)

/* Of any other length. A call: it would be in two dozen places. */
static NOINLINE bool same_text(const evc_calculation *c, const char *text, const evc_term *term) {
  return evc_same_bytes(text, c->texts + term->constant.text.at, term->constant.text.length);
}

static const evc_value *value_of(const void *values, const evc_term *term) {
  return (const evc_value *)(const void *)((const char *)values + term->offset);
}

/* What is null has a bit of its own; any other kind is an error where evaluation comes to read the
** field, which the program finds out. */
static NOINLINE evc_outcome of_other_kind(const evc_calculation *c, const void *values,
                                          const evc_term *term, size_t bits) {
  if (value_of(values, term)->kind != EVC_KIND_NULL) return evc_run(c, values, NULL);
  return go_on(c, values, term, with(bits, term->null));
}

/* A step in each of its ways. That of the last term looks the answer up: a jump less; and two terms that
** ask alike, one behind the other, are one step: 5.3 to 4.9 ns for five terms, and on records 4.0 to
** 3.6. Where a value is not as `expected`, it is of another kind. */
typedef enum way { ALONE, LAST, TWO, LAST_TWO, WAYS } way;
#define STEPS(name, expected, bit)                                                                 \
  static evc_outcome name(const evc_calculation *c, const void *event, const evc_term *term,       \
                          size_t bits) {                                                           \
    if (!LIKELY(expected)) return of_other_kind(c, event, term, bits);                             \
    return go_on(c, event, term, with(bits, bit));                                                 \
  }                                                                                                \
  static evc_outcome last_##name(const evc_calculation *c, const void *event,                      \
                                 const evc_term *term, size_t bits) {                              \
    (void)c;                                                                                       \
    if (!LIKELY(expected)) return of_other_kind(c, event, term, bits);                             \
    return answer(term, with(bits, bit));                                                          \
  }                                                                                                \
  static evc_outcome two_##name(const evc_calculation *c, const void *event, const evc_term *term, \
                                size_t bits) {                                                     \
    if (!LIKELY(expected)) return of_other_kind(c, event, term, bits);                             \
    bits = with(bits, bit);                                                                        \
    AFTER(bits, term);                                                                             \
    term++;                                                                                        \
    if (!LIKELY(expected)) return of_other_kind(c, event, term, bits);                             \
    return go_on(c, event, term, with(bits, bit));                                                 \
  }                                                                                                \
  static evc_outcome last_two_##name(const evc_calculation *c, const void *event,                  \
                                     const evc_term *term, size_t bits) {                          \
    (void)c;                                                                                       \
    if (!LIKELY(expected)) return of_other_kind(c, event, term, bits);                             \
    bits = with(bits, bit);                                                                        \
    term++;                                                                                        \
    if (!LIKELY(expected)) return of_other_kind(c, event, term, bits);                             \
    return answer(term, with(bits, bit));                                                          \
  }
#define WAYS_OF(name) {name, last_##name, two_##name, last_two_##name}

/* On values */

#define VALUE value_of(event, term)

STEPS(is_less, VALUE->kind == EVC_KIND_NUMBER, VALUE->as.number < term->constant.number)
STEPS(is_greater, VALUE->kind == EVC_KIND_NUMBER, VALUE->as.number > term->constant.number)
STEPS(is_equal, VALUE->kind == EVC_KIND_NUMBER, VALUE->as.number == term->constant.number)
STEPS(is_true, VALUE->kind == EVC_KIND_BOOLEAN, VALUE->as.boolean)
STEPS(is_text, VALUE->kind == EVC_KIND_STRING,
      VALUE->length == term->constant.text.length && same_text(c, VALUE->as.text, term))
STEPS(is_text_of_2, VALUE->kind == EVC_KIND_STRING,
      VALUE->length == term->length && same_ends_uint16_t(VALUE->as.text, term))
STEPS(is_text_of_4, VALUE->kind == EVC_KIND_STRING,
      VALUE->length == term->length && same_ends_uint32_t(VALUE->as.text, term))

static evc_outcome run(const evc_calculation *c, const void *values, const evc_term *term,
                       size_t bits) {
  (void)term, (void)bits;
  return evc_run(c, values, NULL);
}

/* On records, whose members are of the kind that they were bound as. */

#define NUMBER(kind, type)                                                                         \
  STEPS(is_less_##kind, true, evc_record_##kind(event, term->offset) < term->constant.number)      \
  STEPS(is_greater_##kind, true, evc_record_##kind(event, term->offset) > term->constant.number)   \
  STEPS(is_equal_##kind, true, evc_record_##kind(event, term->offset) == term->constant.number)
EVC_RECORD_NUMBERS(NUMBER)
#undef NUMBER

STEPS(is_true_BOOLEAN, true, evc_record_boolean(event, term->offset))

/* No String equals one that is null, whose bit is then 0. */
#define TEXT(kind, type)                                                                           \
  static inline const char *kind##_of(const void *record, const evc_term *term, size_t length) {   \
    if (evc_record_length_##kind(record, term->length_offset) != length) return NULL;              \
    return evc_record_text(record, term->offset);                                                  \
  }                                                                                                \
  static bool same_##kind(const evc_calculation *c, const void *record, const evc_term *term) {    \
    const char *text = kind##_of(record, term, term->constant.text.length);                        \
    return text && same_text(c, text, term);                                                       \
  }                                                                                                \
  static bool same_ends_2_##kind(const void *record, const evc_term *term) {                       \
    const char *text = kind##_of(record, term, term->length);                                      \
    return text && same_ends_uint16_t(text, term);                                                 \
  }                                                                                                \
  static bool same_ends_4_##kind(const void *record, const evc_term *term) {                       \
    const char *text = kind##_of(record, term, term->length);                                      \
    return text && same_ends_uint32_t(text, term);                                                 \
  }                                                                                                \
  STEPS(is_text_##kind, true, same_##kind(c, event, term))                                         \
  STEPS(is_text_of_2_##kind, true, same_ends_2_##kind(event, term))                                \
  STEPS(is_text_of_4_##kind, true, same_ends_4_##kind(event, term))
EVC_RECORD_TEXTS(TEXT)
#undef TEXT

/* Reads up to the text's NUL and no further: memchr stops where it finds one. */
static NOINLINE bool same_terminated(const evc_calculation *c, const void *record,
                                     const evc_term *term) {
  const char *text = evc_record_text(record, term->offset);
  size_t length = term->constant.text.length;
  return text && memchr(text, '\0', length + 1) == text + length &&
         memcmp(text, c->texts + term->constant.text.at, length) == 0;
}

STEPS(is_text_NUL_TERMINATED, true, same_terminated(c, event, term))

/* Before the term of a field that has flags; the field is not looked at where they say null. */
static evc_outcome unless_null(const evc_calculation *c, const void *record, const evc_term *term,
                               size_t bits) {
  bool is_null = evc_record_is_null(record, term->offset, term->constant.flags.bits,
                                    term->constant.flags.present);
  if (!LIKELY(!is_null)) {
    bits = with(bits, term->null);
    term++;
  }
  return go_on(c, record, term, bits);
}

static evc_outcome run_on_record(const evc_calculation *c, const void *record,
                                 const evc_term *term, size_t bits) {
  (void)bits;
  return evc_run(c, record, term->constant.fields);
}

/* Making */

static const uint64_t combinations[EVC_TABLE_TERMS] = {
    UINT64_C(0xAAAAAAAAAAAAAAAA), UINT64_C(0xCCCCCCCCCCCCCCCC), UINT64_C(0xF0F0F0F0F0F0F0F0),
    UINT64_C(0xFF00FF00FF00FF00), UINT64_C(0xFFFF0000FFFF0000), UINT64_C(0xFFFFFFFF00000000),
};

/* What a term asks of its field. */
typedef enum question {
  NO_QUESTION,
  IS_EQUAL,
  IS_LESS,
  IS_GREATER,
  IS_TRUE,
  IS_TEXT,
  IS_TEXT_OF_2, /* or of 3 bytes */
  IS_TEXT_OF_4, /* to 8 */
  QUESTIONS
} question;

/* Of a test: what its term asks, and whether the test holds where the answer is no. Numbers are finite,
** so one is at most another where it is not greater. A table, because a jump for each test cost 8 % of
** compiling. */
static const struct row {
  uint8_t asks; /* a question */
  bool negated, holds_null;
} rows[UINT8_MAX + 1] = {
    [EVC_DO_TEST_EQ_NUMBER_FC] = {IS_EQUAL, false, false},
    [EVC_DO_TEST_NE_NUMBER_FC] = {IS_EQUAL, true, true},
    [EVC_DO_TEST_LT_NUMBER_FC] = {IS_LESS, false, false},
    [EVC_DO_TEST_LE_NUMBER_FC] = {IS_GREATER, true, false},
    [EVC_DO_TEST_GT_NUMBER_FC] = {IS_GREATER, false, false},
    [EVC_DO_TEST_GE_NUMBER_FC] = {IS_LESS, true, false},
    [EVC_DO_TEST_EQ_STRING_FC] = {IS_TEXT, false, false},
    [EVC_DO_TEST_NE_STRING_FC] = {IS_TEXT, true, true},
    [EVC_DO_TEST_EQ_BOOLEAN_FC] = {IS_TRUE, false, false},
    [EVC_DO_TEST_NE_BOOLEAN_FC] = {IS_TRUE, true, true},
    [EVC_DO_TEST_TRUE_F] = {IS_TRUE, false, false},
};

/* The steps on values, and on records for each kind of member. */
typedef evc_step *const ways[WAYS];
static ways value_steps[QUESTIONS] = {
    [IS_EQUAL] = WAYS_OF(is_equal),
    [IS_LESS] = WAYS_OF(is_less),
    [IS_GREATER] = WAYS_OF(is_greater),
    [IS_TRUE] = WAYS_OF(is_true),
    [IS_TEXT] = WAYS_OF(is_text),
    [IS_TEXT_OF_2] = WAYS_OF(is_text_of_2),
    [IS_TEXT_OF_4] = WAYS_OF(is_text_of_4),
};
static ways record_steps[][QUESTIONS] = {
#define NUMBER(kind, type)                                                                         \
  [EVC_RECORD_##kind] = {[IS_EQUAL] = WAYS_OF(is_equal_##kind),                                    \
                         [IS_LESS] = WAYS_OF(is_less_##kind),                                      \
                         [IS_GREATER] = WAYS_OF(is_greater_##kind)},
    EVC_RECORD_NUMBERS(NUMBER)
#undef NUMBER
    [EVC_RECORD_BOOLEAN] = {[IS_TRUE] = WAYS_OF(is_true_BOOLEAN)},
#define TEXT(kind, type)                                                                           \
  [EVC_RECORD_##kind] = {[IS_TEXT] = WAYS_OF(is_text_##kind),                                      \
                         [IS_TEXT_OF_2] = WAYS_OF(is_text_of_2_##kind),                            \
                         [IS_TEXT_OF_4] = WAYS_OF(is_text_of_4_##kind)},
    EVC_RECORD_TEXTS(TEXT)
#undef TEXT
    [EVC_RECORD_NUL_TERMINATED] = {[IS_TEXT] = WAYS_OF(is_text_NUL_TERMINATED),
                                   [IS_TEXT_OF_2] = WAYS_OF(is_text_NUL_TERMINATED),
                                   [IS_TEXT_OF_4] = WAYS_OF(is_text_NUL_TERMINATED)},
};

/* Give each term its step, in the way that fits its place: after one that asks alike, a term's own step
** is only come to where that one found null. `of` is NULL for a term that has its step, and at the
** end. */
static void set_steps(evc_term *terms, ways *const *of, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (!of[i]) continue;
    bool two = of[i] == of[i + 1], last = i + two + 1 == count;
    terms[i].step = (*of[i])[two ? (last ? LAST_TWO : TWO) : (last ? LAST : ALONE)];
  }
}

static question asked_by(const evc_instruction *test) {
  question asked = rows[test->op].asks;
  if (asked != IS_TEXT || test->length < 2 || test->length > 8) return asked;
  return test->length < 4 ? IS_TEXT_OF_2 : IS_TEXT_OF_4;
}

/* Is every instruction such a test, whose outcome nobody reads? */
static bool has_table(const evc_emitter *e, size_t count) {
  if (e->part_of || count == 0 || count > EVC_TABLE_TERMS) return false;
  for (size_t i = 0; i < count; i++)
    if (!rows[e->code[i].op].asks || e->code[i].a != EVC_NO_REGISTER) return false;
  return true;
}

/* Of 2 to 8 bytes the term holds what is compared. It is at hand: the text of variables is not, but
** that is longer. */
static void set_text(evc_term *term, question asks, const evc_tree *tree,
                     const evc_instruction *i) {
  uint32_t at = i->constant.text, length = i->length, decoded = tree->source_length + 1;
  term->constant.text.at = at;
  term->constant.text.length = length;
  if (asks == IS_TEXT) return;
  const char *text = at < decoded ? tree->source + at : tree->decoded + (at - decoded);
  bool short_ = asks == IS_TEXT_OF_2;
  term->length = (uint8_t)length;
  term->constant.ends.first = short_ ? evc_load_uint16_t(text) : evc_load_uint32_t(text);
  term->constant.ends.last =
      short_ ? evc_load_uint16_t(text + length - 2) : evc_load_uint32_t(text + length - 4);
}

/* Returns whether the test holds where the term's bit is 0. */
static bool set_term(evc_term *term, const evc_tree *tree, const evc_instruction *i) {
  const struct row *row = &rows[i->op];
  question asks = asked_by(i);
  bool of_false = i->kind == EVC_KIND_BOOLEAN && !i->constant.boolean; /* == false, != false */
  bool negated = row->negated != of_false;
  *term = (evc_term){.offset = i->slot * (uint32_t)sizeof(evc_value),
                     .null = row->holds_null != negated};
  if (i->kind == EVC_KIND_NUMBER) term->constant.number = i->constant.number;
  else if (i->kind == EVC_KIND_STRING) set_text(term, asks, tree, i);
  return negated;
}

size_t evc_table_of(const evc_emitter *e, evc_term terms[static EVC_TABLE_TERMS + 1]) {
  size_t count = e->count - 3; /* without the three returns */
  if (!HAS_TABLES || !has_table(e, count)) {
    terms[0] = (evc_term){.step = run};
    return 1;
  }
  ways *of[EVC_TABLE_TERMS + 1] = {NULL};
  uint64_t answers[EVC_TABLE_TERMS + 3] = {0};
  answers[count + 1] = UINT64_MAX; /* RETURN_TRUE, between RETURN and RETURN_FALSE */
  for (size_t i = count; i-- > 0;) {
    const evc_instruction *test = &e->code[i];
    bool negated = set_term(&terms[i], e->checked->tree, test);
    uint64_t holds = combinations[count - 1 - i] ^ (negated ? UINT64_MAX : 0);
    answers[i] = (holds & answers[test->on_true]) | (~holds & answers[test->on_false]);
    of[i] = &value_steps[asked_by(test)];
  }
  set_steps(terms, of, count);
  terms[count] = (evc_term){.step = look_up, .constant.answers = answers[0]};
  return count + 1;
}

void evc_record_table_of(const evc_calculation *c, const evc_record_field *fields,
                           evc_term terms[static EVC_RECORD_TERMS]) {
  if (c->terms->step == run) {
    terms[0] = (evc_term){.step = run_on_record, .constant.fields = fields};
    return;
  }
  ways *of[EVC_RECORD_TERMS] = {NULL};
  size_t count = 0, tests = c->code_count - 3;
  for (size_t i = 0; i < tests; i++) {
    const evc_instruction *test = &c->code[i];
    const evc_record_field *field = &fields[c->nodes[test->node].as.text.reference];
    uint8_t flags = field->null_mask | field->present_mask;
    if (flags)
      terms[count++] = (evc_term){.step = unless_null,
                                  .offset = field->null_offset,
                                  .null = c->terms[i].null,
                                  .constant.flags = {flags, field->present_mask}};
    of[count] = &record_steps[field->kind][asked_by(test)];
    evc_term *term = &terms[count++];
    *term = c->terms[i];
    term->offset = field->offset;
    term->length_offset = field->length_offset;
    if (field->kind != EVC_RECORD_NUL_TERMINATED) continue;
    term->constant.text.at = test->constant.text;
    term->constant.text.length = test->length;
  }
  set_steps(terms, of, count);
  terms[count] = c->terms[tests];
}
