/* Loops that compilers make vectors of. Their figures are gcc's with SSE2, on one core. */
#include "columns_kernels.h"

#include <string.h>

#include "../base/text.h"

/* 64 rows to a word. clang makes vectors of a loop that shifts one bit a row into its place; gcc 12
** does not (0.5 ns a row) and gets its own vectors and a table of bits (0.15 ns). */
#if defined(__GNUC__) && !defined(__clang__)

#define BIT(n)     UINT64_C(1) << (n)
#define FOUR(n)    BIT(n), BIT(n + 1), BIT(n + 2), BIT(n + 3)
#define SIXTEEN(n) FOUR(n), FOUR(n + 4), FOUR(n + 8), FOUR(n + 12)
static const uint64_t bit_of[64] = {SIXTEEN(0), SIXTEEN(16), SIXTEEN(32), SIXTEEN(48)};

typedef double pair __attribute__((vector_size(16)));
typedef int64_t flags __attribute__((vector_size(16)));

#define ROWS(name, numbers)                                                                        \
  pair name;                                                                                       \
  memcpy(&name, (numbers) + row, sizeof name)

#define WHERE(rows, condition)                                                                     \
  for (size_t w = 0; w < words; w++) {                                                             \
    flags both = {0, 0};                                                                           \
    _Pragma("GCC unroll 8") for (size_t k = 0; k < 64; k += 2) {                                   \
      size_t row = 64 * w + k;                                                                     \
      flags bits;                                                                                  \
      memcpy(&bits, bit_of + k, sizeof bits);                                                      \
      rows;                                                                                        \
      both |= (condition) & bits;                                                                  \
    }                                                                                              \
    found[w] = (uint64_t)(both[0] | both[1]);                                                      \
  }

/* This one gcc does by itself, on 32 bits: 0.07 ns a row. */
static uint64_t word_of_codes(const uint32_t *codes, uint32_t code) {
  uint32_t low = 0, high = 0;
  for (size_t k = 0; k < 32; k++) low |= (codes[k] == code ? UINT32_MAX : 0) & (uint32_t)bit_of[k];
  for (size_t k = 0; k < 32; k++)
    high |= (codes[k + 32] == code ? UINT32_MAX : 0) & (uint32_t)bit_of[k];
  return low | (uint64_t)high << 32;
}

#else

#define ROWS(name, numbers) const double name = (numbers)[row]

#define WHERE(rows, condition)                                                                     \
  for (size_t w = 0; w < words; w++) {                                                             \
    uint64_t word = 0;                                                                             \
    for (size_t k = 0; k < 64; k++) {                                                              \
      size_t row = 64 * w + k;                                                                     \
      rows;                                                                                        \
      word |= (uint64_t)(condition) << k;                                                          \
    }                                                                                              \
    found[w] = word;                                                                               \
  }

static uint64_t word_of_codes(const uint32_t *codes, uint32_t code) {
  uint64_t word = 0;
  for (size_t k = 0; k < 64; k++) word |= (uint64_t)(codes[k] == code) << k;
  return word;
}

#endif

#define COMPARE(rows, right)                                                                       \
  switch (op) {                                                                                    \
  case EVC_OP_EQ: WHERE(rows, x == (right)) break;                                                 \
  case EVC_OP_NE: WHERE(rows, x != (right)) break;                                                 \
  case EVC_OP_LT: WHERE(rows, x < (right)) break;                                                  \
  case EVC_OP_LE: WHERE(rows, x <= (right)) break;                                                 \
  case EVC_OP_GT: WHERE(rows, x > (right)) break;                                                  \
  default: WHERE(rows, x >= (right)) break; /* EVC_OP_GE */                                        \
  }

void evc_where_constant(evc_operator op, const double *restrict a, double constant, size_t words,
                        uint64_t *restrict found) {
  COMPARE(ROWS(x, a), constant)
}

void evc_where_numbers(evc_operator op, const double *restrict a, const double *restrict b,
                       size_t words, uint64_t *restrict found) {
  COMPARE(ROWS(x, a); ROWS(y, b), y)
}

/* A number minus itself is 0, unless it is not finite. */
void evc_where_not_finite(const double *restrict numbers, size_t words, uint64_t *restrict found) {
  WHERE(ROWS(x, numbers), x - x != 0)
}

void evc_where_code(const uint32_t *restrict codes, uint32_t code, size_t words,
                    uint64_t *restrict found) {
  for (size_t w = 0; w < words; w++) found[w] = word_of_codes(codes + 64 * w, code);
}

/* Texts */

size_t evc_list_rows(const uint64_t *rows, size_t count, evc_list list) {
  size_t listed = 0;
  for (size_t k = 0; k < count; k++) {
    list[listed] = (uint16_t)k;
    listed += rows[k / 64] >> (k % 64) & 1;
  }
  return listed;
}

/* What is looked at is listed first, so that no jump hangs on which rows these are: 1.1 ns a row
** instead of 2.2 where that is random. */
static uint64_t word_of_texts(const evc_text *texts, size_t count, evc_text wanted, uint64_t rows) {
  uint8_t list[64];
  size_t listed = 0;
  for (size_t k = 0; k < count; k++) {
    list[listed] = (uint8_t)k;
    listed += (rows >> k & 1) & (texts[k].length == wanted.length);
  }
  uint64_t word = 0;
  for (size_t i = 0; i < listed; i++)
    word |= (uint64_t)evc_same_bytes(texts[list[i]].data, wanted.data, wanted.length) << list[i];
  return word;
}

void evc_where_text(const evc_text *texts, size_t count, evc_text wanted, const uint64_t *rows,
                    uint64_t *found) {
  for (size_t w = 0; 64 * w < count; w++, texts += 64) {
    size_t left = count - 64 * w;
    found[w] = rows[w] ? word_of_texts(texts, left < 64 ? left : 64, wanted, rows[w]) : 0;
  }
}

static bool text_holds(evc_operator op, const evc_text *a, const evc_text *b) {
  bool same = a->length == b->length;
  int order;
  switch (op) {
  case EVC_OP_EQ: return same && evc_same_bytes(a->data, b->data, a->length);
  case EVC_OP_NE: return !same || !evc_same_bytes(a->data, b->data, a->length);
  default: order = evc_text_compare(*a, *b); break;
  }
  switch (op) {
  case EVC_OP_LT: return order < 0;
  case EVC_OP_LE: return order <= 0;
  case EVC_OP_GT: return order > 0;
  default: return order >= 0; /* EVC_OP_GE */
  }
}

void evc_where_texts(evc_operator op, const evc_text *const *a, const evc_text *const *b,
                     size_t count, const uint64_t *rows, uint64_t *found) {
  evc_list list;
  size_t listed = evc_list_rows(rows, count, list);
  for (size_t i = 0; i < listed; i++) {
    size_t k = list[i];
    found[k / 64] |= (uint64_t)text_holds(op, a[k], b[k]) << (k % 64);
  }
}

/* Arithmetic */

#define EACH(assignment)                                                                           \
  for (size_t k = 0; k < count; k++) (assignment);                                                 \
  break

#define ARITHMETIC(right)                                                                          \
  switch (op) {                                                                                    \
  case EVC_OP_ADD: EACH(a[k] += (right));                                                          \
  case EVC_OP_SUBTRACT: EACH(a[k] -= (right));                                                     \
  case EVC_OP_MULTIPLY: EACH(a[k] *= (right));                                                     \
  default: EACH(a[k] /= (right)); /* EVC_OP_DIVIDE */                                              \
  }

void evc_arithmetic_constant(evc_operator op, double *a, double constant, size_t count) {
  ARITHMETIC(constant)
}

void evc_arithmetic_numbers(evc_operator op, double *restrict a, const double *restrict b,
                            size_t count) {
  ARITHMETIC(b[k])
}

/* Chosen by bits and not by a jump, as which rows these are may be random. */
void evc_copy_numbers(double *restrict to, const double *restrict from, const uint64_t *rows,
                      size_t words) {
  for (size_t w = 0; w < words; w++, to += 64, from += 64) {
    if (rows[w] == UINT64_MAX) {
      memcpy(to, from, 64 * sizeof *to);
      continue;
    }
    for (size_t k = 0; k < 64; k++) {
      union number {
        double value;
        uint64_t bits;
      } kept = {.value = to[k]}, written = {.value = from[k]};
      kept.bits ^= (kept.bits ^ written.bits) & (0 - (rows[w] >> k & 1));
      to[k] = kept.value;
    }
  }
}
