/* Compiling and freeing: one short calculation, and many distinct ones. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "floor.h"
#include "sections.h"
#include "table.h"
#include "workload.h"

/* One call compiles so many of a corpus, the next call the next ones: short enough to find moments in
** which nothing disturbs it. */
enum { SLICE = 400, SLICES = BENCH_CORPUS / SLICE };

/* Calculations for one contestant, which compiles and frees one after the other. */
typedef struct task {
  const evc_event_type *type;
  const bench_opened *opened; /* NULL: evcalc */
  bench_corpus corpus;
  size_t at; /* the first of the next slice */
} task;

static const char *text_of(const task *t, size_t i) { return t->corpus.text + t->corpus.starts[i]; }

static size_t length_of(const task *t, size_t i) {
  return t->corpus.starts[i + 1] - t->corpus.starts[i] - 1;
}

/* Where the slice starts that is due; `end` is behind its last one. */
static size_t slice_of(task *t, size_t *end) {
  size_t start = t->at, left = t->corpus.count - start;
  *end = start + (left < SLICE ? left : SLICE);
  t->at = *end == t->corpus.count ? 0 : *end;
  return start;
}

static size_t by_evcalc(void *with) {
  task *t = with;
  size_t bytes = 0, end;
  for (size_t i = slice_of(t, &end); i < end; i++) {
    evc_calculation *c = bench_compile(t->type, text_of(t, i), length_of(t, i), NULL);
    bytes += evc_calculation_size(c);
    evc_calculation_free(c);
  }
  return bytes;
}

static size_t by_validating(void *with) {
  task *t = with;
  size_t valid = 0, end;
  for (size_t i = slice_of(t, &end); i < end; i++)
    valid += evc_validate(t->type, text_of(t, i), length_of(t, i), NULL, NULL);
  return valid;
}

static size_t by_parsing(void *with) {
  task *t = with;
  size_t nodes = 0, end;
  for (size_t i = slice_of(t, &end); i < end; i++)
    nodes += bench_parse(text_of(t, i), length_of(t, i));
  return nodes;
}

static size_t by_scanning(void *with) {
  task *t = with;
  size_t tokens = 0, end;
  for (size_t i = slice_of(t, &end); i < end; i++)
    tokens += bench_scan(text_of(t, i), length_of(t, i));
  return tokens;
}

static size_t by_peer(void *with) {
  task *t = with;
  const bench_peer *peer = t->opened->peer;
  void *self = t->opened->self;
  size_t end, start = slice_of(t, &end);
  for (size_t i = start; i < end; i++) {
    if (!peer->compile(self, text_of(t, i), length_of(t, i)))
      bench_die("%s does not compile: %s", peer->name, text_of(t, i));
    peer->release(self);
  }
  return end - start;
}

static void add_evcalc(bench_section *section, task *t, bench_unit unit, double pieces,
                       double target) {
  bench_row row = {.role = BENCH_EVCALC, .unit = unit, .with = t, .pieces = pieces};
  row.work = by_evcalc;
  row.target = target;
  bench_add(section, "evcalc", row);
  row.role = BENCH_PART;
  row.target = 0;
  row.work = by_validating;
  bench_add(section, "checked only (evc_validate)", row);
  row.work = by_parsing;
  bench_add(section, "its scanner and parser alone", row);
  row.work = by_scanning;
  bench_add(section, "its scanner alone", row);
}

static void add_peer(bench_section *section, task *t, bench_unit unit, double pieces) {
  bench_add(section, t->opened->peer->name,
            (bench_row){.unit = unit, .work = by_peer, .with = t, .pieces = pieces});
}

/* A corpus of one. */
static bench_corpus single(char *text) {
  size_t *starts = bench_allocate(2 * sizeof *starts);
  starts[0] = 0;
  starts[1] = strlen(text) + 1;
  return (bench_corpus){text, starts, 1};
}

static char *copy(const char *text) {
  size_t size = strlen(text) + 1;
  return memcpy(bench_allocate(size), text, size);
}

static void run(bench *b, bench_section *section, task *tasks, size_t count) {
  for (size_t i = 0; i < section->count; i++) /* each must be able to compile all of them */
    for (size_t slice = 0; slice < SLICES; slice++) section->rows[i].work(section->rows[i].with);
  bench_measure(b, section);
  bench_print(b, section);
  for (size_t i = 0; i < count; i++) bench_corpus_free(&tasks[i].corpus);
}

static void compile_short(bench *b, const bench_peers *peers, const evc_event_type *type) {
  bench_section section = {
      .key = "compile", .title = "Compile and free", .text = BENCH_SHORT};
  task tasks[1 + BENCH_MOST_PEERS] = {{type, NULL, single(copy(BENCH_SHORT)), 0}};
  add_evcalc(&section, tasks, BENCH_NS, 1, 450);
  for (size_t i = 0; i < peers->count; i++) {
    const bench_opened *opened = &peers->opened[i];
    char *text = bench_peer_spell(opened->peer, BENCH_SHORT, false);
    tasks[i + 1] = (task){NULL, opened, single(text), 0};
    add_peer(&section, &tasks[i + 1], BENCH_NS, 1);
  }
  run(b, &section, tasks, 1 + peers->count);
}

static void compile_many(bench *b, const bench_peers *peers, const evc_event_type *type) {
  char text[80];
  bench_section section = {.key = "compile", .title = "Compile and free", .text = text};
  task tasks[1 + BENCH_MOST_PEERS] = {{type, NULL, bench_corpus_new(NULL), 0}};
  size_t bytes = bench_corpus_bytes(&tasks[0].corpus);
  double slice = (double)bytes / SLICES;
  snprintf(text, sizeof text, "10,000 distinct calculations, %zu bytes each on average, %.2f MB",
           bytes / BENCH_CORPUS, (double)bytes / 1e6);
  add_evcalc(&section, tasks, BENCH_MB_S, slice, 100);
  for (size_t i = 0; i < peers->count; i++) {
    const bench_opened *opened = &peers->opened[i];
    tasks[i + 1] = (task){NULL, opened, bench_corpus_new(opened->peer->dialect), 0};
    add_peer(&section, &tasks[i + 1], BENCH_MB_S, slice);
  }
  run(b, &section, tasks, 1 + peers->count);
}

void bench_compiling(bench *b, const bench_peers *peers) {
  evc_schema *schema = evc_schema_builtin(NULL);
  const evc_event_type *type =
      schema ? evc_schema_find(schema, "configuration.commitment.updated", EVC_NUL_TERMINATED)
             : NULL;
  if (!type) bench_die("no Event type");
  compile_short(b, peers, type);
  compile_many(b, peers, type);
  evc_schema_free(schema);
}
