/* What all contestants work on. */
#ifndef BENCH_WORKLOAD_H
#define BENCH_WORKLOAD_H

#include "evcalc/evcalc.h"
#include "peer.h"

/* Compiled against the built-in configuration.commitment.updated. */
#define BENCH_SHORT "new.amount >= 5000 AND new.currency == \"USD\""

/* Over the fields of a record. */
#define BENCH_NUMERIC "amount >= 5000 AND quantity < 100"
#define BENCH_TEXTUAL BENCH_NUMERIC " AND currency == \"USD\""
#define BENCH_WHOLE   "(" BENCH_TEXTUAL ") OR (vip AND closed == false)"

enum { BENCH_CORPUS = 10000, BENCH_CURRENCIES = 3 };

/* Every field that the workloads name; ends with NULL. */
extern const char *const bench_fields[];

/* The currencies that records have. */
extern const evc_text bench_currencies[BENCH_CURRENCIES];

/* BENCH_RECORDS of them, random but the same every time. */
void bench_fill_records(bench_record *records);

/* A schema with the Event type "order", whose slots are these. */
enum { BENCH_AMOUNT, BENCH_QUANTITY, BENCH_CURRENCY, BENCH_VIP, BENCH_CLOSED, BENCH_SLOTS };
evc_schema *bench_order_schema(const evc_allocator *allocator);
const evc_event_type *bench_order(const evc_schema *schema);

/* Calculations one behind the other, each with a NUL. */
typedef struct bench_corpus {
  char *text;
  size_t *starts; /* count + 1 of them */
  size_t count;
} bench_corpus;

/* BENCH_CORPUS calculations, no two alike, so mixed that every stretch of them is as long as another;
** in a dialect (NULL: evcalc's). */
bench_corpus bench_corpus_new(const bench_dialect *dialect);
void bench_corpus_free(bench_corpus *corpus);

/* Bytes without the NULs. */
size_t bench_corpus_bytes(const bench_corpus *corpus);

/* Compile, or the end. */
evc_calculation *bench_compile(const evc_event_type *type, const char *text, size_t length,
                               const evc_options *options);

#endif
