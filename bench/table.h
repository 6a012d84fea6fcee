/* The results, as a table of at most 100 columns or as one JSON object. */
#ifndef BENCH_TABLE_H
#define BENCH_TABLE_H

#include "measure.h"
#include "peers.h"

/* What goes before and behind all sections. */
void bench_open(bench *b, const bench_peers *peers);
void bench_close(bench *b, const bench_peers *peers);

/* A section that was measured. */
void bench_print(bench *b, const bench_section *section);

/* A heading, for curves to follow. */
void bench_heading(const bench *b, const char *title, const char *text);

/* Rows that do the same to a growing number of pieces, as one line; `unit` is that of `best`. */
void bench_print_curve(bench *b, const bench_section *section, const char *unit);

#endif
