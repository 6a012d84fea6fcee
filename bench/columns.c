/* Evaluating many events in one call, held as columns. */
#include <stdlib.h>
#include <string.h>

#include "native.h"
#include "sections.h"
#include "table.h"
#include "workload.h"

enum { ROWS = BENCH_RECORDS, WORDS = ROWS / 64 };

/* The records as columns. */
typedef struct data {
  bench_record records[ROWS];
  double amounts[ROWS], quantities[ROWS];
  evc_text currencies[ROWS];
  uint32_t codes[ROWS];
  uint64_t vips[WORDS], closeds[WORDS];
} data;

typedef void (*native_work)(bench_batch batch, uint8_t *answers);

/* One contestant. Evcalc answers in bits, the others in bytes. */
typedef struct task {
  bench_batch batch; /* C's */
  native_work native;
  const evc_calculation *calculation; /* evcalc's */
  evc_column columns[BENCH_SLOTS];
  size_t column_count;
  void *workspace;
  const bench_opened *opened; /* a peer's, which holds its calculation */
  uint64_t bits[WORDS], errors[WORDS];
  uint8_t answers[ROWS];
} task;

static void fill(data *d) {
  memset(d, 0, sizeof *d);
  bench_fill_records(d->records);
  for (size_t r = 0; r < ROWS; r++) {
    const bench_record *record = &d->records[r];
    uint64_t bit = (uint64_t)1 << r % 64;
    d->amounts[r] = record->amount;
    d->quantities[r] = record->quantity;
    d->currencies[r] = (evc_text){record->currency, record->currency_length};
    while (strcmp(bench_currencies[d->codes[r]].data, record->currency) != 0) d->codes[r]++;
    if (record->vip) d->vips[r / 64] |= bit;
    if (record->closed) d->closeds[r / 64] |= bit;
  }
}

static size_t by_native(void *with) {
  task *t = with;
  t->native(t->batch, t->answers);
  return t->answers[0];
}

static size_t by_evcalc(void *with) {
  task *t = with;
  evc_status status = evc_evaluate_columns(t->calculation, t->columns, t->column_count, ROWS,
                                           t->workspace, t->bits, t->errors);
  if (status != EVC_OK) bench_die("evc_evaluate_columns: status %d", (int)status);
  return t->bits[0];
}

static size_t by_peer(void *with) {
  task *t = with;
  t->opened->peer->evaluate_columns(t->opened->self, t->answers);
  return t->answers[0];
}

/* The columns that the calculation reads, in its order. */
static void choose_columns(task *t, const data *d, bool texts) {
  t->column_count = evc_calculation_reference_count(t->calculation);
  for (size_t i = 0; i < t->column_count; i++) {
    evc_column *column = &t->columns[i];
    switch (evc_calculation_reference(t->calculation, i).slot) {
    case BENCH_AMOUNT:
      *column = (evc_column){.kind = EVC_COLUMN_NUMBER, .values.numbers = d->amounts};
      break;
    case BENCH_QUANTITY:
      *column = (evc_column){.kind = EVC_COLUMN_NUMBER, .values.numbers = d->quantities};
      break;
    case BENCH_VIP:
      *column = (evc_column){.kind = EVC_COLUMN_BOOLEAN, .values.bits = d->vips};
      break;
    case BENCH_CLOSED:
      *column = (evc_column){.kind = EVC_COLUMN_BOOLEAN, .values.bits = d->closeds};
      break;
    default:
      if (texts) *column = (evc_column){.kind = EVC_COLUMN_STRING, .values.texts = d->currencies};
      else
        *column = (evc_column){.kind = EVC_COLUMN_DICTIONARY,
                               .values.codes = d->codes,
                               .dictionary = bench_currencies,
                               .dictionary_size = BENCH_CURRENCIES};
    }
  }
}

static void unpack(task *t) {
  for (size_t r = 0; r < ROWS; r++) t->answers[r] = t->bits[r / 64] >> r % 64 & 1;
}

/* All must answer as C does, whose answers are the first row's. */
static void agree(const bench_section *section) {
  const task *native = section->rows[0].with;
  for (size_t i = 0; i < section->count; i++) {
    const bench_row *row = &section->rows[i];
    task *t = row->with;
    memset(t->answers, UINT8_MAX, sizeof t->answers);
    row->work(t);
    if (row->work == by_evcalc) unpack(t);
    for (size_t w = 0; w < WORDS; w++)
      if (t->errors[w]) bench_die("%s: an evaluation failed", row->name);
    bench_agree(row->name, native->answers, t->answers, ROWS);
  }
}

/* A calculation, and the same in C: on codes, and on texts where it reads any. */
typedef struct subject {
  const char *text;
  native_work codes, texts;
  double target;
} subject;

static void add_pair(bench_section *section, task *pair, const subject *s, bool texts) {
  static const char *const names[][2] = {{"C", "evcalc"},
                                         {"C, codes", "evcalc, dictionary codes"},
                                         {"C, pointers and lengths",
                                          "evcalc, pointers and lengths"}};
  const char *const *name = names[!s->texts ? 0 : texts ? 2 : 1];
  bench_row row = {.role = BENCH_NATIVE, .work = by_native, .with = &pair[0], .pieces = ROWS};
  pair[0].native = texts ? s->texts : s->codes;
  bench_add(section, name[0], row);
  row.role = BENCH_EVCALC;
  row.work = by_evcalc;
  row.with = &pair[1];
  row.target = s->target;
  bench_add(section, name[1], row);
}

static void run(bench *b, const bench_peers *peers, const data *d, const evc_event_type *type,
                const subject *s) {
  bench_section section = {
      .key = "columns", .title = "Evaluate 1,024 events in one call", .text = s->text};
  evc_calculation *calculation = bench_compile(type, s->text, strlen(s->text), NULL);
  void *workspace = bench_allocate(evc_columns_workspace(calculation));
  task *tasks = bench_allocate((4 + peers->count) * sizeof *tasks);
  for (size_t i = 0; i < 4 + peers->count; i++) {
    tasks[i] = (task){.calculation = calculation, .workspace = workspace};
    tasks[i].batch = (bench_batch){ROWS,     d->amounts, d->quantities, d->currencies,
                                   d->codes, d->vips,    d->closeds};
    choose_columns(&tasks[i], d, i == 3);
  }
  if (s->texts) add_pair(&section, &tasks[2], s, true);
  add_pair(&section, tasks, s, false);
  for (size_t i = 0; i < peers->count; i++) {
    const bench_opened *opened = &peers->opened[i];
    task *t = &tasks[4 + i];
    if (!opened->peer->load_columns) continue;
    if (!opened->peer->load_columns(opened->self, s->text, d->records, ROWS))
      bench_die("%s does not compile: %s", opened->peer->name, s->text);
    t->opened = opened;
    bench_add(&section, opened->peer->name,
              (bench_row){.work = by_peer, .with = t, .pieces = ROWS});
  }
  agree(&section);
  bench_measure(b, &section);
  bench_print(b, &section);
  for (size_t i = 0; i < peers->count; i++) {
    const bench_opened *opened = &peers->opened[i];
    if (opened->peer->load_columns) opened->peer->unload_columns(opened->self);
  }
  free(tasks);
  free(workspace);
  evc_calculation_free(calculation);
}

void bench_columns(bench *b, const bench_peers *peers) {
  static const subject subjects[] = {
      {BENCH_NUMERIC, bench_native_numeric, NULL, 1.5},
      {BENCH_TEXTUAL, bench_native_textual_codes, bench_native_textual_texts, 2.5},
      {BENCH_WHOLE, bench_native_whole_codes, bench_native_whole_texts, 0},
  };
  evc_schema *schema = bench_order_schema(NULL);
  data *d = bench_allocate(sizeof *d);
  fill(d);
  for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++)
    run(b, peers, d, bench_order(schema), &subjects[i]);
  free(d);
  evc_schema_free(schema);
}
