/* The sections of the benchmarks, in the order of the table. */
#ifndef BENCH_SECTIONS_H
#define BENCH_SECTIONS_H

#include "measure.h"
#include "peers.h"

void bench_compiling(bench *b, const bench_peers *peers);
void bench_evaluating(bench *b, const bench_peers *peers);
void bench_columns(bench *b, const bench_peers *peers);
void bench_streams(bench *b, const bench_peers *peers);
void bench_memory(bench *b, const bench_peers *peers);
void bench_growth(bench *b, const bench_peers *peers);

#endif
