/* On what the benchmarks run. */
#ifndef BENCH_MACHINE_H
#define BENCH_MACHINE_H

typedef struct bench_machine {
  char processor[80];
  long processors; /* that can be used */
  double load;     /* mean number of busy ones in the last minute, before we start */
  char system[80];
  const char *compiler, *flags;
} bench_machine;

bench_machine bench_machine_here(void);

#endif
