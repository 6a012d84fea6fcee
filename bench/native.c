/* On columns no branch depends on the
** values, except before texts: that was the fastest. */
#include "native.h"

#include <string.h>

#if defined(__GNUC__)
#define NOINLINE __attribute__((noinline))
#else
#define NOINLINE
#endif

NOINLINE bool bench_native(const bench_record *r) {
  return (r->amount >= 5000 && r->quantity < 100 && r->currency_length == 3 &&
          memcmp(r->currency, "USD", 3) == 0) ||
         (r->vip && r->closed == false);
}

static inline bool numeric(bench_batch b, size_t r) {
  return (b.amounts[r] >= 5000) & (b.quantities[r] < 100);
}

static inline bool is_dollar(evc_text text) {
  return text.length == 3 && memcmp(text.data, "USD", 3) == 0;
}

void bench_native_numeric(bench_batch b, uint8_t *restrict answers) {
  for (size_t r = 0; r < b.rows; r++) answers[r] = numeric(b, r);
}

void bench_native_textual_codes(bench_batch b, uint8_t *restrict answers) {
  for (size_t r = 0; r < b.rows; r++) answers[r] = numeric(b, r) & (b.codes[r] == 0);
}

void bench_native_textual_texts(bench_batch b, uint8_t *restrict answers) {
  for (size_t r = 0; r < b.rows; r++) answers[r] = numeric(b, r) && is_dollar(b.currencies[r]);
}

void bench_native_whole_codes(bench_batch b, uint8_t *restrict answers) {
  for (size_t r = 0, w = 0; w < b.rows / 64; w++) {
    uint64_t others = b.vips[w] & ~b.closeds[w];
    for (size_t i = 0; i < 64; i++, r++)
      answers[r] = (numeric(b, r) & (b.codes[r] == 0)) | (bool)(others >> i & 1);
  }
}

void bench_native_whole_texts(bench_batch b, uint8_t *restrict answers) {
  for (size_t r = 0, w = 0; w < b.rows / 64; w++) {
    uint64_t others = b.vips[w] & ~b.closeds[w];
    for (size_t i = 0; i < 64; i++, r++)
      answers[r] = (others >> i & 1) || (numeric(b, r) && is_dollar(b.currencies[r]));
  }
}
