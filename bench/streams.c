/* The command line on streams: `run --events` and `evaluate --ndjson`, from the page cache. */
#define _DEFAULT_SOURCE /* mkstemp */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "config.h"
#include "native.h"
#include "sections.h"
#include "table.h"

enum { JQ_ROUNDS = 2 }; /* it takes seconds */

/* A file without a name, so that nothing is left behind; others open it by its number. */
typedef struct file {
  FILE *stream;
  char path[32];
  double size;
  size_t lines;
} file;

static void create(file *f) {
  char name[] = "/tmp/evcalc-bench-XXXXXX";
  int number = mkstemp(name);
  *f = (file){.stream = number >= 0 ? fdopen(number, "w+") : NULL};
  if (!f->stream || unlink(name) != 0) bench_die("no file can be made in /tmp");
  snprintf(f->path, sizeof f->path, "/dev/fd/%d", number);
}

static void finish(file *f, size_t lines) {
  if (fflush(f->stream) != 0 || ferror(f->stream)) bench_die("a file in /tmp cannot be written");
  f->size = (double)ftell(f->stream);
  f->lines = lines;
}

static void put_dto(FILE *out, const char *name, unsigned amount, unsigned spent) {
  fprintf(out,
          "\"%s\":{\"id\":\"c7f5a1de-0d4b-4b8e-8f52-6b1f3f9a2c11\",\"orgId\":\"11f0c3ab-7a52-4f0e-"
          "bb1e-5d0f4f6a9e02\",\"version\":8,\"accountId\":\"9d3b6f70-1c2a-4e55-8a0d-3f7be1c4d203"
          "\",\"accountCode\":\"harbour_coffee\",\"amount\":%u,\"amountPrePaid\":0,"
          "\"amountSpent\":%u.5,"
          "\"currency\":\"EUR\",\"billingInterval\":1,\"billingOffset\":0,"
          "\"overageSurchargePercent\":10,\"commitmentFeeDescription\":\"Yearly commitment, "
          "invoiced in advance on the first day of the term\",\"productIds\":[\"4a6e2b18-90cd-4b3f-"
          "a7d1-8c5e0f2b7a04\"],\"startDate\":\"2026-01-01\",\"endDate\":\"2026-12-31\","
          "\"dtCreated\":\"2026-01-01T07:30:00.000000Z\","
          "\"dtLastModified\":\"2026-11-03T09:12:05.101276Z\"}",
          name, amount, spent);
}

/* Events as the API gives them, of some 1.5 KB. */
static void make_events(file *f, size_t count) {
  unsigned random = 1;
  create(f);
  for (size_t i = 0; i < count; i++) {
    random = random * 1664525u + 1013904223u;
    fprintf(f->stream,
            "{\"id\":\"%08zx-5b6a-4c1f-9a3e-20c4d8f6b101\",\"eventName\":"
            "\"configuration.commitment.updated\",\"eventTime\":\"2026-11-03T09:12:05.310Z\","
            "\"dtActioned\":\"2026-11-03T09:12:06.310Z\",\"m3terEvent\":{\"eventData\":{",
            i);
    put_dto(f->stream, "newDto", 1000 + random % 20000, (random >> 8) % 20000);
    fputc(',', f->stream);
    put_dto(f->stream, "oldDto", 1000, 500);
    fputs("}}}\n", f->stream);
  }
  finish(f, count);
}

/* Requests of four kinds, no two alike. */
static void make_requests(file *f, size_t count) {
  static const char *const kinds[][2] = {
      {"new.amountSpent >= new.amount * ", " / 1000000"},
      {"new.currency == \\\"EUR\\\" AND new.amount > ", ""},
      {"old.amountSpent < ", " AND new.amountSpent >= new.amount * 90 / 100"},
      {"new.amount == null OR new.amount - new.amountSpent < ", ".5"},
  };
  create(f);
  for (size_t i = 0; i < count; i++)
    fprintf(f->stream,
            "{\"eventName\": \"configuration.commitment.updated\", \"calculation\": "
            "\"%s%zu%s\"}\n",
            kinds[i % 4][0], i, kinds[i % 4][1]);
  finish(f, count);
}

static bench_command command(const char *const *words) {
  bench_command c = {.output = -1};
  for (size_t i = 0; words[i]; i++) c.words[i] = words[i];
  return c;
}

static bench_command evcalc_run(const file *events, const char *jobs) {
  return command((const char *[]){BENCH_CLI, "run", "--jobs", jobs, "--events", events->path, "-e",
                                  BENCH_SPENT, NULL});
}

static bench_command evcalc_evaluate(const file *requests, const char *jobs) {
  return command((const char *[]){BENCH_CLI, "evaluate", "--jobs", jobs, "--ndjson",
                                  requests->path, NULL});
}

static bench_command c_run(const file *events) {
  return (bench_command){
      .function = bench_native_stream, .argument = events->path, .output = -1};
}

static bench_command jq_run(const file *events) {
  return command((const char *[]){BENCH_JQ, "-r",
                                  "\"\\(.id)\\t\\(.m3terEvent.eventData.newDto"
                                  " | .amountSpent >= .amount * 90 / 100)\"",
                                  events->path, NULL});
}

static bench_command jq_read(const file *requests) {
  return command((const char *[]){BENCH_JQ, "-c", ".calculation", requests->path, NULL});
}

/* ---- Agreement ------------------------------------------------------------------------------ */

static void write_to(bench_command *c, file *out) {
  create(out);
  c->output = fileno(out->stream);
  bench_command_run(c);
  c->output = -1;
  rewind(out->stream);
}

/* C, evcalc and jq must print the same bytes. */
static void agree_on_events(const file *events) {
  file native, other;
  bench_command c = c_run(events);
  bench_command others[] = {evcalc_run(events, "1"), evcalc_run(events, "2"), jq_run(events)};
  static const char *const names[] = {"evcalc run --jobs 1", "evcalc run --jobs 2", "jq"};
  write_to(&c, &native);
  for (size_t i = 0; i < (BENCH_JQ[0] ? 3 : 2); i++) {
    size_t line = 1;
    int expected, got;
    write_to(&others[i], &other);
    rewind(native.stream);
    do {
      expected = getc(native.stream);
      got = getc(other.stream);
      if (expected != got) bench_die("%s and C differ on event %zu", names[i], line);
      line += got == '\n';
    } while (got != EOF);
    if (line != events->lines + 1) bench_die("%s answers too few events", names[i]);
    fclose(other.stream);
  }
  fclose(native.stream);
}

static void agree_on_requests(const file *requests) {
  static const char *const jobs[] = {"1", "2"};
  for (size_t i = 0; i < 2; i++) {
    char line[128];
    size_t lines = 0;
    file out;
    bench_command c = evcalc_evaluate(requests, jobs[i]);
    write_to(&c, &out);
    for (; fgets(line, sizeof line, out.stream); lines++)
      if (strcmp(line, "{\"success\": true, \"errorMessage\": null}\n") != 0)
        bench_die("evcalc evaluate --jobs %s answers request %zu: %s", jobs[i], lines + 1, line);
    if (lines != requests->lines) bench_die("evcalc evaluate --jobs %s answers too few", jobs[i]);
    fclose(out.stream);
  }
}

/* ---- Time ----------------------------------------------------------------------------------- */

static size_t by_command(void *with) {
  bench_command_run(with);
  return 0;
}

/* `like` says the rest of the row: its clock, unit and target. */
static void add(bench_section *section, const char *name, bench_role role, bench_command *c,
                bench_row like) {
  like.role = role;
  like.work = by_command;
  like.with = c;
  bench_add(section, name, like);
}

/* With one thread and with two. In processor time what else the machine does hardly shows, but what
** the second thread costs does; what it gains shows in the time that passes. */
static void add_evcalc(bench_section *section, bench_command *one, bench_command *two,
                       bench_row like) {
  static const char elapsed[] = "by the clock";
  bench_row other = like;
  other.target = 0;
  bench_row passing = other;
  passing.clock = NULL;
  add(section, "evcalc --jobs 1", BENCH_EVCALC, one, like);
  add(section, elapsed, BENCH_PART, one, passing);
  add(section, "evcalc --jobs 2", BENCH_OTHER, two, other);
  add(section, elapsed, BENCH_PART, two, passing);
}

static void run_events(bench *b, const file *events) {
  char text[100];
  snprintf(text, sizeof text, "%zu events of %.0f bytes: %s", events->lines,
           events->size / (double)events->lines, BENCH_SPENT);
  bench_section section = {.key = "streams",
                           .title = "evcalc run --events FILE, a second of processor time",
                           .text = text};
  bench_command c = c_run(events), jq = jq_run(events);
  bench_command one = evcalc_run(events, "1"), two = evcalc_run(events, "2");
  bench_row like = {
      .unit = BENCH_GB_S, .clock = bench_command_clock, .pieces = events->size};
  add(&section, "C, looking for the keys", BENCH_NATIVE, &c, like);
  like.target = 1;
  add_evcalc(&section, &one, &two, like);
  like.target = 0;
  like.target_evcalc = 20;
  like.rounds = JQ_ROUNDS;
  if (BENCH_JQ[0]) add(&section, BENCH_JQ_NAME, BENCH_OTHER, &jq, like);
  bench_measure(b, &section);
  bench_print(b, &section);
}

static void run_requests(bench *b, const file *requests) {
  char text[100];
  snprintf(text, sizeof text, "%zu requests, no two alike, of %.0f bytes on average",
           requests->lines, requests->size / (double)requests->lines);
  bench_section section = {
      .key = "streams",
      .title = "evcalc evaluate --ndjson FILE, a second of processor time",
      .text = text};
  bench_command jq = jq_read(requests);
  bench_command one = evcalc_evaluate(requests, "1"), two = evcalc_evaluate(requests, "2");
  bench_row like = {.unit = BENCH_M_S,
                    .clock = bench_command_clock,
                    .pieces = (double)requests->lines,
                    .target = 1};
  add_evcalc(&section, &one, &two, like);
  like.target = 0;
  like.rounds = JQ_ROUNDS;
  if (BENCH_JQ[0]) add(&section, BENCH_JQ_NAME ", only reading them", BENCH_OTHER, &jq, like);
  bench_measure(b, &section);
  bench_print(b, &section);
}

/* ---- Memory --------------------------------------------------------------------------------- */

/* The peak of a command on a quarter of the file and on all of it. */
static void peaks_of(bench *b, const char *name, const file *files,
                     bench_command (*make)(const file *f, const char *jobs), const char *jobs) {
  bench_section section = {.key = "streams"};
  for (size_t i = 0; i < 2; i++) {
    bench_command c = make(&files[i], jobs);
    bench_command_run(&c);
    bench_add(&section, name,
              (bench_row){.unit = BENCH_MB,
                          .best = (double)c.peak * 1024 / 1e6,
                          .pieces = files[i].size / 1e6});
  }
  bench_measure(b, &section);
  bench_print_curve(b, &section, "MB");
}

static void run_peaks(bench *b, const file *events, const file *requests) {
  bench_heading(b, "Peak of the command line's memory",
                "MB at so many MB of input, and the last to the first");
  peaks_of(b, "run --jobs 1", events, evcalc_run, "1");
  peaks_of(b, "run --jobs 2", events, evcalc_run, "2");
  peaks_of(b, "evaluate --ndjson --jobs 1", requests, evcalc_evaluate, "1");
  peaks_of(b, "evaluate --ndjson --jobs 2", requests, evcalc_evaluate, "2");
}

void bench_streams(bench *b, const bench_peers *peers) {
  (void)peers;
  size_t event_count = b->check ? 200 : 70000, request_count = b->check ? 200 : 500000;
  file events[2], requests[2]; /* a quarter, and all */
  for (size_t i = 0; i < 2; i++) {
    make_events(&events[i], i ? event_count : event_count / 4);
    make_requests(&requests[i], i ? request_count : request_count / 4);
  }
  agree_on_events(&events[0]);
  agree_on_requests(&requests[0]);
  run_events(b, &events[1]);
  run_requests(b, &requests[1]);
  run_peaks(b, events, requests);
  for (size_t i = 0; i < 2; i++) {
    fclose(events[i].stream);
    fclose(requests[i].stream);
  }
}
