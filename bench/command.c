/* fork, exec and wait4, which tells the peak of memory. */
#define _DEFAULT_SOURCE /* wait4 */
#include "command.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measure.h"

enum { CANNOT_RUN = 127 };

static void become(const bench_command *c) {
  int null = open("/dev/null", O_RDWR);
  int output = c->output >= 0 ? c->output : null;
  if (null < 0 || dup2(null, 0) < 0 || dup2(output, 1) < 0) _exit(CANNOT_RUN);
  if (c->function) {
    c->function(c->argument);
    exit(fflush(stdout) == 0 ? 0 : CANNOT_RUN);
  }
  execvp(c->words[0], (char *const *)(uintptr_t)c->words);
  _exit(CANNOT_RUN);
}

static double seconds(struct timeval t) { return (double)t.tv_sec + (double)t.tv_usec * 1e-6; }

double bench_command_clock(void) {
  struct rusage usage;
  getrusage(RUSAGE_CHILDREN, &usage);
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void bench_command_run(bench_command *c) {
  struct rusage usage;
  int status;
  const char *name = c->function ? "C" : c->words[0];
  fflush(NULL); /* so that the child does not print it too */
  pid_t child = fork();
  if (child == 0) become(c);
  if (child < 0 || wait4(child, &status, 0, &usage) != child) bench_die("%s cannot be run", name);
  if (!WIFEXITED(status)) bench_die("%s was ended by signal %d", name, WTERMSIG(status));
  if (WEXITSTATUS(status) == CANNOT_RUN) bench_die("%s cannot be run", name);
  if (WEXITSTATUS(status) > 1) bench_die("%s failed: exit status %d", name, WEXITSTATUS(status));
  c->peak = usage.ru_maxrss;
}
