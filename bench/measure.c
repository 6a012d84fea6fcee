/* Timing in turns, and comparing. */
#include "measure.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const double round_seconds = 0.002, row_seconds = 0.6;
enum { FEWEST_ROUNDS = 7 };

void bench_die(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fputs("bench: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  exit(1);
}

void *bench_allocate(size_t size) {
  void *memory = malloc(size);
  if (!memory) bench_die("out of memory");
  return memory;
}

void bench_agree(const char *name, const uint8_t *native, const uint8_t *got, size_t count) {
  static const char *const words[] = {"false", "true"};
  for (size_t i = 0; i < count; i++)
    if (native[i] != got[i])
      bench_die("%s answers record %zu of %zu with %s, C with %s", name, i, count,
                got[i] < 2 ? words[got[i]] : "neither true nor false", words[native[i]]);
}

bench_row *bench_add(bench_section *section, const char *name, bench_row row) {
  if (section->count == BENCH_ROWS) bench_die("too many rows in section %s", section->key);
  bench_row *added = &section->rows[section->count++];
  *added = row;
  snprintf(added->name, sizeof added->name, "%s", name);
  return added;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Seconds that the work takes `times` times. */
static double seconds_of(const bench_row *row, size_t times) {
  volatile size_t kept;
  double (*clock)(void) = row->clock ? row->clock : now;
  double start = clock();
  for (size_t i = 0; i < times; i++) kept = row->work(row->with);
  (void)kept;
  return clock() - start;
}

/* How often the work must be done for a round. */
static size_t times_for(const bench_row *row) {
  if (row->rounds) return 1;
  for (size_t times = 1;;) {
    double took = seconds_of(row, times);
    if (took >= round_seconds) return times;
    times = took < round_seconds / 16 ? times * 8 : times * 2;
  }
}

bool bench_more_is_better(bench_unit unit) {
  return unit == BENCH_MB_S || unit == BENCH_GB_S || unit == BENCH_M_S;
}

static double in_unit(const bench_row *row, double seconds) {
  switch (row->unit) {
  case BENCH_MB_S:
  case BENCH_M_S: return row->pieces / seconds / 1e6;
  case BENCH_GB_S: return row->pieces / seconds / 1e9;
  default: return seconds / row->pieces * 1e9;
  }
}

static int by_value(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

static double ratio(const bench_row *row, const bench_row *other) {
  if (!other || row->unit != other->unit || row->clock != other->clock) return 0;
  if (row->best <= 0 || other->best <= 0) return 0;
  return bench_more_is_better(row->unit) ? other->best / row->best : row->best / other->best;
}

static void compare(bench_section *section) {
  const bench_row *native = NULL, *evcalc = NULL;
  for (size_t i = 0; i < section->count; i++) {
    bench_row *row = &section->rows[i];
    if (row->role == BENCH_NATIVE) native = row;
    if (row->role == BENCH_EVCALC) evcalc = row;
    row->native = ratio(row, native);
    row->evcalc = ratio(row, evcalc);
  }
}

/* The rounds of one row. */
typedef struct timing {
  size_t times; /* calls in a round */
  size_t rounds;
  double total;
  double took[BENCH_ROUNDS]; /* by one call */
} timing;

static bool is_done(const bench_row *row, const timing *t) {
  if (!row->work || t->rounds == BENCH_ROUNDS) return true;
  if (row->rounds) return t->rounds >= row->rounds;
  return t->rounds >= FEWEST_ROUNDS && t->total >= row_seconds;
}

/* Whether there are more rounds to come. */
static bool take_turn(const bench_row *row, timing *t) {
  if (is_done(row, t)) return false;
  double took = seconds_of(row, t->times);
  t->total += took;
  t->took[t->rounds++] = took / (double)t->times;
  return true;
}

static void conclude(bench_row *row, timing *t) {
  if (row->work) {
    qsort(t->took, t->rounds, sizeof t->took[0], by_value);
    row->best = in_unit(row, t->took[0]);
    row->median = in_unit(row, t->took[t->rounds / 2]);
  } else {
    row->median = row->best;
  }
}

void bench_measure(const bench *b, bench_section *section) {
  timing *timings = bench_allocate(BENCH_ROWS * sizeof *timings);
  for (size_t i = 0; i < section->count; i++) {
    const bench_row *row = &section->rows[i];
    timings[i] = (timing){.times = 1};
    if (!row->work) continue;
    if (b->check) seconds_of(row, 1);
    else timings[i].times = times_for(row);
  }
  for (bool more = !b->check; more;) {
    more = false;
    for (size_t i = 0; i < section->count; i++) more |= take_turn(&section->rows[i], &timings[i]);
  }
  if (!b->check) {
    for (size_t i = 0; i < section->count; i++) conclude(&section->rows[i], &timings[i]);
    compare(section);
  }
  free(timings);
}

bool bench_met(const bench_row *row) {
  if (row->target > 0 && (bench_more_is_better(row->unit) ? row->best < row->target
                                                          : row->best > row->target))
    return false;
  if (row->target_native > 0 && row->native > row->target_native) return false;
  return row->target_evcalc <= 0 || row->evcalc >= row->target_evcalc;
}
