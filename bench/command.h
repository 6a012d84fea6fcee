/* Running a program, or a function as if it were one, in a process of its own. */
#ifndef BENCH_COMMAND_H
#define BENCH_COMMAND_H

#include <stddef.h>

enum { BENCH_WORDS = 10 };

typedef struct bench_command {
  const char *words[BENCH_WORDS];         /* ends with NULL */
  void (*function)(const char *argument); /* instead of a program … */
  const char *argument;                   /* … and what it is given */
  int output;                             /* a file for its standard output; -1: /dev/null */
  long peak;                              /* KiB of memory at most, of the last run */
} bench_command;

/* Run it to its end; ours when it cannot be run or its exit status is above 1. */
void bench_command_run(bench_command *command);

/* Seconds of processor time that commands took until now. */
double bench_command_clock(void);

#endif
