/* Benchmarks of compiling, evaluating and streaming, beside C and beside others that evaluate
** formulas. README.md says how each figure is measured. Exit status 1: a contestant fails or answers
** wrongly; no time is a failure. */
#include <stdio.h>
#include <string.h>

#include "config.h"
#include "sections.h"
#include "table.h"

typedef struct part {
  const char *key;
  void (*run)(bench *b, const bench_peers *peers);
} part;

static const part parts[] = {
    {"compile", bench_compiling}, {"evaluate", bench_evaluating}, {"columns", bench_columns},
    {"streams", bench_streams},   {"memory", bench_memory},       {"growth", bench_growth},
};
enum { PARTS = sizeof parts / sizeof parts[0] };

static int usage(FILE *out) {
  fprintf(out, "usage: evcalc_bench [--json | --check] [SECTION…]\n"
               "  --json   one JSON object instead of the table\n"
               "  --check  everything once, to see that it works and agrees; no times\n"
               "sections:");
  for (size_t i = 0; i < PARTS; i++) fprintf(out, " %s", parts[i].key);
  fprintf(out, "; without one, all of them\n");
  return out == stdout ? 0 : 2;
}

static bool choose(bool *chosen, const char *key) {
  for (size_t i = 0; i < PARTS; i++)
    if (strcmp(parts[i].key, key) == 0) return chosen[i] = true;
  return false;
}

static void say_checked(const bench_peers *peers) {
  printf("bench: C, evcalc");
  for (size_t i = 0; i < peers->count; i++) printf(", %s", peers->opened[i].peer->name);
  printf("%s%s agree\n", BENCH_JQ[0] ? ", " : "", BENCH_JQ_NAME);
}

int main(int argc, char **argv) {
  bench b = {false, false, 0};
  bool chosen[PARTS] = {false}, all = true;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--help") == 0) return usage(stdout);
    if (strcmp(argv[i], "--json") == 0) b.json = true;
    else if (strcmp(argv[i], "--check") == 0) b.check = true;
    else if (choose(chosen, argv[i])) all = false;
    else return usage(stderr);
  }
  if (b.check && b.json) return usage(stderr);
  bench_peers peers;
  bench_peers_open(&peers);
  bench_open(&b, &peers);
  for (size_t i = 0; i < PARTS; i++)
    if (all || chosen[i]) parts[i].run(&b, &peers);
  bench_close(&b, &peers);
  if (b.check) say_checked(&peers);
  bench_peers_close(&peers);
  return 0;
}
