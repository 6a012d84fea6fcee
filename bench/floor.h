/* The least that compiling takes: evcalc's own scanner and parser without what comes after them.
** The only part of the benchmarks that looks behind the public face. */
#ifndef BENCH_FLOOR_H
#define BENCH_FLOOR_H

#include <stddef.h>

/* Both return a count of what they found; `text` is NUL-terminated. */
size_t bench_scan(const char *text, size_t length);
size_t bench_parse(const char *text, size_t length);

#endif
