/* Benchmark of the command line on streams: `run --events` and `evaluate --ndjson` on files in
** the page cache, and jq on the same files.  streams EVCALC [MEGABYTES] Nothing here passes or
** fails. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 7, EVENT_SIZE = 1500 };

static void die(const char *what) {
  perror(what);
  exit(1);
}

/* ---- Files ---------------------------------------------------------------------------------- */

static char folder[] = "/tmp/evcalc-streams-XXXXXX";
static char events_path[64], requests_path[64];

static FILE *create(char *path, size_t size, const char *name) {
  snprintf(path, size, "%s/%s", folder, name);
  FILE *file = fopen(path, "w");
  if (!file) die(path);
  return file;
}

static void finish(FILE *file, const char *path) {
  if (ferror(file) || fclose(file) != 0) die(path);
}

static void put_dto(FILE *file, const char *name, unsigned amount, unsigned spent) {
  fprintf(file,
          "\"%s\":{\"id\":\"c7f5a1de-0d4b-4b8e-8f52-6b1f3f9a2c11\",\"orgId\":\"11f0c3ab-7a52-4f0e-"
          "bb1e-5d0f4f6a9e02\",\"version\":8,\"accountId\":\"9d3b6f70-1c2a-4e55-8a0d-3f7be1c4d203\","
          "\"accountCode\":\"harbour_coffee\",\"amount\":%u,\"amountPrePaid\":0,\"amountSpent\":%u.5,"
          "\"currency\":\"EUR\",\"billingInterval\":1,\"billingOffset\":0,"
          "\"overageSurchargePercent\":10,\"commitmentFeeDescription\":\"Yearly commitment, "
          "invoiced in advance on the first day of the term\",\"productIds\":[\"4a6e2b18-90cd-4b3f-"
          "a7d1-8c5e0f2b7a04\"],\"startDate\":\"2026-01-01\",\"endDate\":\"2026-12-31\",\"dtCreated\":"
          "\"2026-01-01T07:30:00.000000Z\",\"dtLastModified\":\"2026-11-03T09:12:05.101276Z\"}",
          name, amount, spent);
}

/* Events of about EVENT_SIZE bytes, as the API gives them; returns the bytes of the file. */
static double make_events(size_t count) {
  FILE *file = create(events_path, sizeof events_path, "events.ndjson");
  unsigned random = 1;
  for (size_t i = 0; i < count; i++) {
    random = random * 1664525u + 1013904223u;
    fprintf(file,
            "{\"id\":\"%08zx-5b6a-4c1f-9a3e-20c4d8f6b101\",\"eventName\":\"configuration.commitment."
            "updated\",\"eventTime\":\"2026-11-03T09:12:05.310Z\",\"dtActioned\":\"2026-11-03T09:12:06."
            "310Z\",\"m3terEvent\":{\"eventData\":{",
            i);
    put_dto(file, "newDto", 1000 + random % 20000, (random >> 8) % 20000);
    fputc(',', file);
    put_dto(file, "oldDto", 1000, 500);
    fputs("}}}\n", file);
  }
  double size = (double)ftell(file);
  finish(file, events_path);
  return size;
}

/* Requests of four kinds, no two alike. */
static void make_requests(size_t count) {
  static const char *const kinds[] = {
      "new.amountSpent >= new.amount * %zu / 1000000",
      "new.currency == \\\"EUR\\\" AND new.amount > %zu",
      "old.amountSpent < %zu AND new.amountSpent >= new.amount * 90 / 100",
      "new.amount == null OR new.amount - new.amountSpent < %zu.5",
  };
  FILE *file = create(requests_path, sizeof requests_path, "requests.ndjson");
  for (size_t i = 0; i < count; i++) {
    char number[32];
    const char *kind = kinds[i % 4], *at = strstr(kind, "%zu");
    snprintf(number, sizeof number, "%zu", i);
    fputs("{\"eventName\": \"configuration.commitment.updated\", \"calculation\": \"", file);
    fwrite(kind, 1, (size_t)(at - kind), file);
    fputs(number, file);
    fputs(at + 3, file);
    fputs("\"}\n", file);
  }
  finish(file, requests_path);
}

/* ---- Time ----------------------------------------------------------------------------------- */

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double processor_time(void) {
  struct rusage usage;
  getrusage(RUSAGE_CHILDREN, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
}

typedef struct measured {
  double wall, processor; /* seconds; 0: the program cannot be run */
} measured;

static measured run_once(const char *const *words) {
  double wall = now(), processor = processor_time();
  pid_t child = fork();
  if (child < 0) die("fork");
  if (child == 0) {
    int null = open("/dev/null", O_RDWR);
    if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0) _exit(127);
    execvp(words[0], (char *const *)(uintptr_t)words);
    _exit(127);
  }
  int status;
  if (waitpid(child, &status, 0) != child) die("waitpid");
  if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) return (measured){0, 0};
  return (measured){now() - wall, processor_time() - processor};
}

/* Each the best of some rounds: what disturbs a round makes it longer, never shorter. */
static measured best_of(int rounds, const char *const *words) {
  measured best = run_once(words);
  for (int i = 1; best.wall > 0 && i < rounds; i++) {
    measured next = run_once(words);
    if (next.wall < best.wall) best.wall = next.wall;
    if (next.processor < best.processor) best.processor = next.processor;
  }
  return best;
}

/* A line of the table: `amount` in units of `unit` a second, and how that compares. */
static void report(const char *name, measured m, double amount, const char *unit, double other) {
  if (m.wall <= 0) {
    printf("  %-34s skipped: it cannot be run here\n", name);
    return;
  }
  printf("  %-34s %9.3f %s   (%9.3f a second of processor time)", name, amount / m.wall, unit,
         amount / m.processor);
  if (other > 0) printf("   %.1f x jq", other / m.wall);
  putchar('\n');
}

int main(int argc, char **argv) {
  double megabytes = argc > 2 ? strtod(argv[2], NULL) : 100;
  if (argc < 2 || !(megabytes >= 1)) {
    fputs("usage: streams EVCALC [MEGABYTES]\n", stderr);
    return 2;
  }
  if (!mkdtemp(folder)) die(folder);
  size_t events = (size_t)(megabytes * 1e6 / EVENT_SIZE), requests = 500000;
  double bytes = make_events(events);
  make_requests(requests);

#define EXPRESSION "new.amountSpent >= new.amount * 90 / 100"
  const char *run[] = {argv[1],  "run", "--jobs",   "1", "--events", events_path,
                       "-e",     EXPRESSION, NULL};
  const char *evaluate[] = {argv[1], "evaluate", "--jobs", "1", "--ndjson", requests_path, NULL};
  const char *run_jq[] = {
      "jq", "-r",
      "\"\\(.id)\\t\\(.m3terEvent.eventData.newDto | .amountSpent >= .amount * 90 / 100)\"",
      events_path, NULL};
  const char *read_jq[] = {"jq", "-c", ".calculation", requests_path, NULL};

  printf("Events: %zu of %.0f bytes, %.0f MB\n", events, bytes / (double)events, bytes / 1e6);
  measured jq = best_of(1, run_jq);
  report("jq, the same condition", jq, bytes / 1e9, "GB/s", 0);
  report("evcalc run --jobs 1", best_of(ROUNDS, run), bytes / 1e9, "GB/s", jq.wall);
  run[3] = "2";
  report("evcalc run --jobs 2", best_of(ROUNDS, run), bytes / 1e9, "GB/s", jq.wall);

  printf("Requests: %zu, all different\n", requests);
  jq = best_of(1, read_jq);
  double millions = (double)requests / 1e6;
  report("jq, only reading them", jq, millions, "M/s ", 0);
  report("evcalc evaluate --ndjson --jobs 1", best_of(ROUNDS, evaluate), millions, "M/s ", jq.wall);
  evaluate[3] = "2";
  report("evcalc evaluate --ndjson --jobs 2", best_of(ROUNDS, evaluate), millions, "M/s ", jq.wall);

  unlink(events_path);
  unlink(requests_path);
  rmdir(folder);
  return 0;
}
