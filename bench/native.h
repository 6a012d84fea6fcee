/* The same conditions written in C, on one record and on columns. */
#ifndef BENCH_NATIVE_H
#define BENCH_NATIVE_H

#include "evcalc/base.h"
#include "peer.h"

/* BENCH_WHOLE of one record. Not inlined: like a calculation it is called. */
bool bench_native(const bench_record *record);

/* Columns of `rows` rows, which is a multiple of 64. */
typedef struct bench_batch {
  size_t rows;
  const double *amounts, *quantities;
  const evc_text *currencies;
  const uint32_t *codes;        /* 0 is USD */
  const uint64_t *vips, *closeds; /* bit r % 64 of word r / 64 */
} bench_batch;

/* Answers one a row, of BENCH_NUMERIC, BENCH_TEXTUAL and BENCH_WHOLE. */
void bench_native_numeric(bench_batch batch, uint8_t *answers);
void bench_native_textual_codes(bench_batch batch, uint8_t *answers);
void bench_native_textual_texts(bench_batch batch, uint8_t *answers);
void bench_native_whole_codes(bench_batch batch, uint8_t *answers);
void bench_native_whole_texts(bench_batch batch, uint8_t *answers);

/* For each event of the file its id and the answer of BENCH_SPENT, as `evcalc run` prints them. */
#define BENCH_SPENT "new.amountSpent >= new.amount * 90 / 100"
void bench_native_stream(const char *path);

#endif
