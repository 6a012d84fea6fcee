/* What is measured and how: rows of a section, which take turns. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BENCH_ROUNDS = 151, BENCH_ROWS = 24 };

/* What a run of the benchmarks was asked for. */
typedef struct bench {
  bool check;     /* everything once, to see that it works and agrees: no times, no table */
  bool json;      /* one JSON object instead of the table */
  size_t figures; /* written so far */
} bench;

typedef enum bench_unit {
  BENCH_NS, /* these are times of one piece of work; less is better … */
  BENCH_MB_S,
  BENCH_GB_S, /* … these are pieces a second; more is better … */
  BENCH_M_S,
  BENCH_BYTES,
  BENCH_MB, /* … and these are no times at all; less is better */
  BENCH_COUNT
} bench_unit;

/* Rows are compared with the nearest BENCH_NATIVE and BENCH_EVCALC at or above them. */
typedef enum bench_role {
  BENCH_OTHER,
  BENCH_NATIVE, /* the same work in C */
  BENCH_EVCALC, /* the same work by evcalc, in the way that it is compared with others */
  BENCH_PART    /* a part of that work, or a detail of it */
} bench_role;

/* Does its work once. What it returns depends on the work, so that none is optimised away. */
typedef size_t (*bench_work)(void *with);

typedef struct bench_row {
  char name[64];
  bench_role role;
  bench_unit unit;
  bench_work work; /* NULL: `best` is given */
  void *with;
  double (*clock)(void); /* seconds; NULL: of the day */
  double pieces;         /* of work in one call: events, bytes, requests */
  size_t rounds;         /* so many, of one call each; 0: as bench_measure says */
  double target;         /* in `unit`; 0: there is none */
  double target_native;  /* at most so many times as long as C; 0: there is none */
  double target_evcalc;  /* at least so many times as long as evcalc; 0: there is none */
  double best, median;   /* in `unit` */
  double native, evcalc; /* how many times as long, or as much, as C and as evcalc; 0: not said */
} bench_row;

typedef struct bench_section {
  const char *key;   /* a word, as on the command line */
  const char *title; /* what is done … */
  const char *text;  /* … and on what; NULL */
  bench_row rows[BENCH_ROWS];
  size_t count;
} bench_section;

/* Append a row; the fields it leaves out are 0. */
bench_row *bench_add(bench_section *section, const char *name, bench_row row);

/* Time all rows that have work, in turns, so that whatever disturbs the machine disturbs all of
** them; then compare. A round is 2 ms or, where that is longer, one call: short enough that some
** are not disturbed at all. A row has up to BENCH_ROUNDS of them, less when they take long. */
void bench_measure(const bench *b, bench_section *section);

/* Whether what is better is more of it. */
bool bench_more_is_better(bench_unit unit);

/* Whether the row keeps its targets; true when it has none. */
bool bench_met(const bench_row *row);

/* End with exit status 1 unless `got` is what C answers. */
void bench_agree(const char *name, const uint8_t *native, const uint8_t *got, size_t count);

/* End with exit status 1, saying why. */
void bench_die(const char *format, ...)
#if defined(__GNUC__)
    __attribute__((noreturn, format(printf, 1, 2)))
#endif
    ;

/* Memory, or the end. */
void *bench_allocate(size_t size);

#endif
