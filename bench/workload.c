/* Records, Event types and calculations. */
#include "workload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure.h"

const char *const bench_fields[] = {"new.amount", "new.amountSpent", "new.amountFirstBill",
                                    "new.currency", "new.accountCode", "old.amount",
                                    "old.amountSpent", NULL};

const evc_text bench_currencies[BENCH_CURRENCIES] = {{"USD", 3}, {"EUR", 3}, {"GBP", 3}};

static uint32_t next_random(uint32_t *seed) {
  *seed = *seed * 1664525u + 1013904223u;
  return *seed >> 8;
}

void bench_fill_records(bench_record *records) {
  static const uint8_t choice[] = {0, 1, 2, 0};
  uint32_t seed = 1;
  for (size_t i = 0; i < BENCH_RECORDS; i++) {
    bench_record *r = &records[i];
    r->amount = next_random(&seed) % 10000;
    r->quantity = next_random(&seed) % 200;
    evc_text currency = bench_currencies[choice[next_random(&seed) % 4]];
    r->currency = currency.data;
    r->currency_length = (uint32_t)currency.length;
    r->currency_code = bench_code(currency.data, currency.length);
    r->vip = next_random(&seed) % 4 == 0;
    r->closed = next_random(&seed) % 2 == 0;
  }
}

static evc_field field_of(const char *path, const char *word) {
  return (evc_field){{path, strlen(path)}, {word, strlen(word)}, EVC_TYPE_UNKNOWN};
}

evc_schema *bench_order_schema(const evc_allocator *allocator) {
  evc_field fields[BENCH_SLOTS] = {
      [BENCH_AMOUNT] = field_of("amount", "double"),
      [BENCH_QUANTITY] = field_of("quantity", "double"),
      [BENCH_CURRENCY] = field_of("currency", "string"),
      [BENCH_VIP] = field_of("vip", "boolean"),
      [BENCH_CLOSED] = field_of("closed", "boolean"),
  };
  evc_schema *schema = evc_schema_new(allocator);
  if (!schema || evc_schema_add(schema, "order", 5, EVC_LOADED, fields, BENCH_SLOTS, NULL))
    bench_die("out of memory");
  return schema;
}

const evc_event_type *bench_order(const evc_schema *schema) {
  return evc_schema_find(schema, "order", 5);
}

/* The i-th calculation. */
static int write_calculation(char *out, size_t capacity, size_t i) {
  switch (i % 4) {
  case 0:
    return snprintf(out, capacity,
                    "isnull(new.amountSpent, 0) >= %zu OR new.currency != \"%zu\" AND "
                    "old.amount == %zu",
                    i, i, i + 7);
  case 1:
    return snprintf(out, capacity,
                    "new.amount * %zu / 100 > new.amountSpent AND (new.currency == \"C%zu\" OR "
                    "Math.max(new.amountFirstBill, %zu) < 1.5)",
                    i % 100, i, i);
  case 2:
    return snprintf(out, capacity,
                    "(new.amountSpent >= new.amount * 90 / %zu) AND (old.amountSpent < "
                    "old.amount * 0.9 OR old.amountSpent == %zu)",
                    i + 1, i);
  default:
    return snprintf(out, capacity,
                    "new.accountCode == \"customer_%zu\" AND (new.amount - new.amountSpent) / 12 "
                    "<= %zu.25 AND old.amount > 0",
                    i, i);
  }
}

bench_corpus bench_corpus_new(const bench_dialect *dialect) {
  enum { LONGEST = 240 };
  bench_corpus corpus = {bench_allocate((size_t)BENCH_CORPUS * LONGEST),
                         bench_allocate((BENCH_CORPUS + 1) * sizeof(size_t)), BENCH_CORPUS};
  size_t at = 0;
  for (size_t i = 0; i < BENCH_CORPUS; i++) {
    char text[LONGEST];
    int wrote = write_calculation(text, sizeof text, i * 7919 % BENCH_CORPUS);
    size_t length = (size_t)wrote;
    corpus.starts[i] = at;
    if (dialect)
      length = bench_spell(dialect, dialect->head, text, dialect->tail, corpus.text + at, LONGEST);
    else memcpy(corpus.text + at, text, length + 1);
    if (wrote < 0 || wrote >= LONGEST || length == 0) bench_die("a calculation is too long");
    at += length + 1;
  }
  corpus.starts[BENCH_CORPUS] = at;
  return corpus;
}

void bench_corpus_free(bench_corpus *corpus) {
  free(corpus->text);
  free(corpus->starts);
}

size_t bench_corpus_bytes(const bench_corpus *corpus) {
  return corpus->starts[corpus->count] - corpus->count;
}

evc_calculation *bench_compile(const evc_event_type *type, const char *text, size_t length,
                               const evc_options *options) {
  evc_calculation *c = evc_compile(type, text, length, options, NULL);
  if (!c) bench_die("does not compile: %.*s", (int)(length < 200 ? length : 200), text);
  return c;
}
