/* The loops over rows: from values to bits, and arithmetic on many Numbers at once. */
#ifndef EVC_PROGRAM_COLUMNS_KERNELS_H
#define EVC_PROGRAM_COLUMNS_KERNELS_H

#include "../value/language.h"
#include "evcalc/base.h"

/* Rows are worked on in blocks of so many: half or twice that is 0.2 ns a row slower on
** `x >= y * 0.9` behind AND. */
enum { EVC_BLOCK = 512, EVC_BLOCK_WORDS = EVC_BLOCK / 64 };

/* A bit a row of the block: bit r % 64 of word r / 64. */
typedef uint64_t evc_bits[EVC_BLOCK_WORDS];

/* Where a comparison (EVC_OP_EQ … EVC_OP_GE) holds, between each Number and a constant or between
** two a row. `found` receives `words` words. */
void evc_where_constant(evc_operator op, const double *a, double constant, size_t words,
                        uint64_t *found);
void evc_where_numbers(evc_operator op, const double *a, const double *b, size_t words,
                       uint64_t *found);

void evc_where_not_finite(const double *numbers, size_t words, uint64_t *found);

void evc_where_code(const uint32_t *codes, uint32_t code, size_t words, uint64_t *found);

/* Where a text is the wanted one, among `rows` of the first `count`. Nothing is read through the
** texts of other rows, and they are not found. */
void evc_where_text(const evc_text *texts, size_t count, evc_text wanted, const uint64_t *rows,
                    uint64_t *found);

/* Where a comparison holds between two Strings a row, among `rows`; bits are only added. */
void evc_where_texts(evc_operator op, const evc_text *const *a, const evc_text *const *b,
                     size_t count, const uint64_t *rows, uint64_t *found);

/* The rows, of the first `count`, whose bit is set, in order; returns how many. For what is done
** one by one. */
typedef uint16_t evc_list[EVC_BLOCK];
size_t evc_list_rows(const uint64_t *rows, size_t count, evc_list list);

/* Write the Numbers of those rows. */
void evc_copy_numbers(double *to, const double *from, const uint64_t *rows, size_t words);

/* a = a op b for + - * /. What is divided by zero is not finite. */
void evc_arithmetic_constant(evc_operator op, double *a, double constant, size_t count);
void evc_arithmetic_numbers(evc_operator op, double *a, const double *b, size_t count);

#endif
