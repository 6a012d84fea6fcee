/* What a compiled calculation holds, and what evaluating takes: bytes and blocks. */
#include <stdlib.h>
#include <string.h>

#include "sections.h"
#include "table.h"
#include "workload.h"

/* An allocator that counts. */
typedef struct heap {
  size_t calls, blocks, bytes; /* blocks and bytes: that are in use */
} heap;

static void *allocate(void *context, size_t size) {
  heap *h = context;
  void *memory = malloc(size);
  h->calls++;
  if (memory) h->blocks++, h->bytes += size;
  return memory;
}

static void *reallocate(void *context, void *memory, size_t old_size, size_t size) {
  heap *h = context;
  void *moved = realloc(memory, size);
  h->calls++;
  if (moved) h->bytes = h->bytes - old_size + size;
  if (moved && !memory) h->blocks++;
  return moved;
}

static void release(void *context, void *memory, size_t size) {
  heap *h = context;
  if (memory) h->blocks--, h->bytes -= size;
  free(memory);
}

static void add(bench_section *section, const char *name, bench_role role, bench_unit unit,
                size_t value, double target) {
  bench_add(section, name,
            (bench_row){.role = role, .unit = unit, .best = (double)value, .target = target});
}

static void compiled(bench_section *section, const bench_peers *peers) {
  heap h = {0, 0, 0};
  evc_allocator allocator = {allocate, reallocate, release, &h};
  evc_options options = {.allocator = &allocator};
  evc_schema *schema = evc_schema_builtin(NULL);
  const evc_event_type *type =
      schema ? evc_schema_find(schema, "configuration.commitment.updated", EVC_NUL_TERMINATED)
             : NULL;
  if (!type) bench_die("no Event type");
  evc_calculation *c = bench_compile(type, BENCH_SHORT, strlen(BENCH_SHORT), &options);
  add(section, "evcalc", BENCH_EVCALC, BENCH_BYTES, h.bytes, 1024);
  add(section, "blocks", BENCH_PART, BENCH_COUNT, h.blocks, 0);
  add(section, "allocations to compile", BENCH_PART, BENCH_COUNT, h.calls, 0);
  evc_calculation_free(c);
  if (h.blocks || h.bytes) bench_die("evcalc keeps memory");
  evc_schema_free(schema);
  for (size_t i = 0; i < peers->count; i++) {
    const bench_peer *peer = peers->opened[i].peer;
    char *text = bench_peer_spell(peer, BENCH_SHORT, false);
    size_t bytes = peer->memory(peers->opened[i].self, text, strlen(text));
    if (bytes) add(section, peer->name, BENCH_OTHER, BENCH_BYTES, bytes, 0);
    free(text);
  }
}

static size_t calls_while_evaluating(void) {
  heap h = {0, 0, 0};
  evc_allocator allocator = {allocate, reallocate, release, &h};
  evc_options options = {.allocator = &allocator};
  evc_schema *schema = bench_order_schema(&allocator);
  const evc_event_type *type = bench_order(schema);
  evc_calculation *c = bench_compile(type, BENCH_WHOLE, strlen(BENCH_WHOLE), &options);
  evc_event *event = evc_event_new(type, &allocator);
  bench_record *records = bench_allocate(BENCH_RECORDS * sizeof *records);
  if (!event) bench_die("out of memory");
  bench_fill_records(records);
  size_t before = h.calls;
  for (size_t i = 0; i < BENCH_RECORDS; i++) {
    const bench_record *r = &records[i];
    evc_event_set_number(event, BENCH_AMOUNT, r->amount);
    evc_event_set_number(event, BENCH_QUANTITY, r->quantity);
    evc_event_set_string(event, BENCH_CURRENCY, r->currency, r->currency_length);
    evc_event_set_boolean(event, BENCH_VIP, r->vip);
    evc_event_set_boolean(event, BENCH_CLOSED, r->closed);
    evc_evaluate(c, event);
    evc_event_clear(event);
  }
  size_t calls = h.calls - before;
  free(records);
  evc_event_free(event);
  evc_calculation_free(c);
  evc_schema_free(schema);
  if (h.blocks || h.bytes) bench_die("evcalc keeps memory");
  return calls;
}

void bench_memory(bench *b, const bench_peers *peers) {
  bench_section section = {
      .key = "memory", .title = "Memory of a compiled calculation", .text = BENCH_SHORT};
  compiled(&section, peers);
  size_t calls = calls_while_evaluating();
  if (calls) bench_die("evaluating called the allocator %zu times", calls);
  add(&section, "allocations to evaluate", BENCH_PART, BENCH_COUNT, calls, 0);
  bench_measure(b, &section);
  bench_print(b, &section);
}
