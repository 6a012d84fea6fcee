/* The command line when memory runs out: each allocation fails in turn, and with it all later ones;
** the exit status is then 2, whatever is done and however it is printed. The command line's own
** files are linked into this program, with malloc and realloc behind ours.  memory_test DATA-FOLDER
** */
#define _XOPEN_SOURCE 700
#undef main
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int evcalc_main(int argc, char **argv);
void *__real_malloc(size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_realloc(void *memory, size_t size);

static size_t calls, fail_from; /* 0: none fails */

static int fails(void) {
  return fail_from != 0 && ++calls >= fail_from;
}

void *__wrap_malloc(size_t size) {
  return fails() ? NULL : __real_malloc(size);
}

void *__wrap_realloc(void *memory, size_t size) {
  return fails() ? NULL : __real_realloc(memory, size);
}

/* The exit status of the command line whose n-th allocation fails; 0: none does. */
static int run(const char *const *words, size_t n) {
  char *arguments[16] = {NULL};
  int count = 0;
  for (; words[count]; count++) arguments[count] = (char *)(uintptr_t)words[count];
  calls = 0;
  fail_from = n;
  int status = evcalc_main(count, arguments);
  fail_from = 0;
  return status;
}

/* Lets the first allocation fail, then the second …, until nothing fails any more, which must
*change
** nothing. Returns whether all was well; what was not is said on `say`. */
static bool run_all(const char *const *words, FILE *say) {
  for (size_t n = 1; n < 10000; n++) {
    alarm(60);
    int status = run(words, n);
    if (calls < n) {
      int whole = run(words, 0);
      if (status != whole) fprintf(say, "with all its memory: %d, then %d\n", status, whole);
      return status == whole && n > 1;
    }
    if (status != 2) return fprintf(say, "allocation %zu: %d\n", n, status), false;
  }
  return fprintf(say, "memory runs out without end\n"), false;
}

/* Each command line in a process of its own: a signal, or what AddressSanitizer finds to be lost
*when
** the process ends, is its own. One process for all its runs: starting one takes longer than they
*do. */
static int run_apart(const char *const *words) {
  fflush(NULL);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    int errors = dup(STDERR_FILENO), again = dup(STDERR_FILENO);
    FILE *say = errors < 0 || again < 0 ? NULL : fdopen(errors, "w");
    if (!say || !freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
      _exit(125);
    bool well = run_all(words, say);
    fclose(say);
    dup2(again, STDERR_FILENO); /* for what is said of leaks */
    exit(well ? 0 : 1);
  }
  int status;
  while (waitpid(child, &status, 0) < 0) assert_int_equal(errno, EINTR);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

#define FIELDS   "--no-builtin", "--fields", "fields.json"
#define COMMON   "evcalc", "check", FIELDS
#define GENERATE "evcalc", "generate", FIELDS, "--seed", "1", "--count", "3"
#define FUZZ     "evcalc", "fuzz", FIELDS, "-ttest.meter.created", "--seed=1", "--runs=150"

static void each_allocation_may_fail(void **state) {
  (void)state;
  static const char *const runs[][16] = {
      {COMMON, "notifications.json", "fixes.json", "notifications-shape.json"},
      {COMMON, "--format", "json", "notifications.json", "terraform-plan.json"},
      {COMMON, "--format", "sarif", "notifications.json"},
      {COMMON, "--format", "github", "fixes.json", "notifications-malformed.json"},
      {COMMON, "--diff", "fixes.json", "notifications.json"},
      {COMMON, "--fix", "-t", "test.meter.created", "-e", "new.count = 5 and true"},
      {"evcalc", "format", "format.json", "-e", "a >", "--width", "10"},
      {"evcalc", "format", "--check", "format.json", "notifications-malformed.json"},
      {"evcalc", "format", "--diff", "format.json", "terraform-plan.json"},
      {GENERATE, "-t", "test.meter.created", "--format", "json"},
      {GENERATE, "--kind", "invalid"},
      {GENERATE, "--kind", "events"},
      {FUZZ, "-e", "1 / new.count > 2 AND (new.label == \"a\" OR new.customFields.tier > 5)"},
      {FUZZ, "--format", "json", "-e", "new.count / new.limit > 2 AND new.active"},
      {"evcalc", "run", "--event", "event.json", "-e", "new.count > 5"},
      {"evcalc", "run", "--event", "event.json", "--explain", "-e", "new.count > 5"},
      {"evcalc", "run", "--events", "events.ndjson", "--jobs", "1", "-e", "new.count > 5"},
      {"evcalc", "run", "--events", "events.json", "-e", "new.count > 5"},
      {"evcalc", "evaluate", "--events", "events.ndjson", "request-event.json"},
      {"evcalc", "evaluate", "--ndjson", "requests.ndjson"},
      {"evcalc", "types"},
      {"evcalc", "types", "--format", "json", "configuration.commitment.updated"},
  };
  for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
    int status = run_apart(runs[i]);
    if (status != 0) fail_msg("run %zu, `evcalc %s …`: %d", i, runs[i][1], status);
  }
}

int main(int argc, char **argv) {
  if (argc != 2 || chdir(argv[1]) != 0) {
    fputs("usage: memory_test DATA-FOLDER\n", stderr);
    return 2;
  }
  const struct CMUnitTest tests[] = {cmocka_unit_test(each_allocation_may_fail)};
  return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
