/* Evaluating one event after the other, its five fields handed over each time. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "native.h"
#include "sections.h"
#include "table.h"
#include "workload.h"

/* One contestant: fills `answers`, one a record. */
typedef struct task {
  const bench_record *records;
  const evc_calculation *calculation; /* evcalc's */
  evc_event *event;
  evc_binding *binding; /* of records as they are */
  const bench_opened *opened; /* a peer's, which holds its calculation */
  uint8_t answers[BENCH_RECORDS];
} task;

static size_t by_native(void *with) {
  task *t = with;
  for (size_t i = 0; i < BENCH_RECORDS; i++) t->answers[i] = bench_native(&t->records[i]);
  return t->answers[0];
}

/* Handing over a field is one call. */
static size_t by_setters(void *with) {
  task *t = with;
  for (size_t i = 0; i < BENCH_RECORDS; i++) {
    const bench_record *r = &t->records[i];
    evc_event_set_number(t->event, BENCH_AMOUNT, r->amount);
    evc_event_set_number(t->event, BENCH_QUANTITY, r->quantity);
    evc_event_set_string(t->event, BENCH_CURRENCY, r->currency, r->currency_length);
    evc_event_set_boolean(t->event, BENCH_VIP, r->vip);
    evc_event_set_boolean(t->event, BENCH_CLOSED, r->closed);
    t->answers[i] = evc_evaluate(t->calculation, t->event).value;
  }
  return t->answers[0];
}

static void write_number(evc_value *value, double number) {
  value->as.number = number;
  value->kind = EVC_KIND_NUMBER;
}

static void write_string(evc_value *value, const char *text, uint32_t length) {
  value->as.text = text;
  value->length = length;
  value->kind = EVC_KIND_STRING;
}

static void write_boolean(evc_value *value, bool boolean) {
  value->as.boolean = boolean;
  value->kind = EVC_KIND_BOOLEAN;
}

/* Handing over a field is writing it into the event's array of values. */
static size_t by_values(void *with) {
  task *t = with;
  evc_value *values = evc_event_values(t->event);
  for (size_t i = 0; i < BENCH_RECORDS; i++) {
    const bench_record *r = &t->records[i];
    write_number(&values[BENCH_AMOUNT], r->amount);
    write_number(&values[BENCH_QUANTITY], r->quantity);
    write_string(&values[BENCH_CURRENCY], r->currency, r->currency_length);
    write_boolean(&values[BENCH_VIP], r->vip);
    write_boolean(&values[BENCH_CLOSED], r->closed);
    t->answers[i] = evc_evaluate_values(t->calculation, values).value;
  }
  return t->answers[0];
}

/* Nothing is handed over: evcalc reads the members of the struct that C reads. */
static size_t by_records(void *with) {
  task *t = with;
  for (size_t i = 0; i < BENCH_RECORDS; i++)
    t->answers[i] = evc_evaluate_record(t->binding, &t->records[i]).value;
  return t->answers[0];
}

static evc_binding *bind(const evc_calculation *calculation) {
  const evc_record_field fields[] = {
      {.path = {"amount", 6}, .kind = EVC_RECORD_NUMBER, .offset = offsetof(bench_record, amount)},
      {.path = {"quantity", 8},
       .kind = EVC_RECORD_NUMBER,
       .offset = offsetof(bench_record, quantity)},
      {.path = {"currency", 8},
       .kind = EVC_RECORD_STRING32,
       .offset = offsetof(bench_record, currency),
       .length_offset = offsetof(bench_record, currency_length)},
      {.path = {"vip", 3}, .kind = EVC_RECORD_BOOLEAN, .offset = offsetof(bench_record, vip)},
      {.path = {"closed", 6},
       .kind = EVC_RECORD_BOOLEAN,
       .offset = offsetof(bench_record, closed)},
  };
  evc_binding *binding = evc_binding_new(calculation, fields, BENCH_SLOTS, NULL);
  if (!binding) bench_die("a record's layout does not fit");
  return binding;
}

/* The same record over and over. */
static size_t by_evaluating(void *with) {
  task *t = with;
  size_t fired = 0;
  for (size_t i = 0; i < BENCH_RECORDS; i++) fired += evc_evaluate(t->calculation, t->event).value;
  return fired;
}

static size_t by_peer(void *with) {
  task *t = with;
  t->opened->peer->evaluate(t->opened->self, t->records, BENCH_RECORDS, t->answers);
  return t->answers[0];
}

static void add_peer(bench_section *section, task *t) {
  const bench_peer *peer = t->opened->peer;
  char *text = bench_peer_spell(peer, BENCH_WHOLE, true);
  if (!peer->compile(t->opened->self, text, strlen(text)))
    bench_die("%s does not compile: %s", peer->name, text);
  free(text);
  bench_add(section, peer->name,
            (bench_row){.work = by_peer, .with = t, .pieces = BENCH_RECORDS});
}

/* All that answer each record must answer as C does. */
static void agree(const bench_section *section) {
  const task *native = section->rows[0].with;
  for (size_t i = 0; i < section->count; i++) {
    const bench_row *row = &section->rows[i];
    if (row->work == by_evaluating) continue;
    task *t = row->with;
    memset(t->answers, UINT8_MAX, sizeof t->answers);
    row->work(t);
    bench_agree(row->name, native->answers, t->answers, BENCH_RECORDS);
  }
}

void bench_evaluating(bench *b, const bench_peers *peers) {
  bench_section section = {.key = "evaluate",
                           .title = "Evaluate one event after the other, five fields handed over",
                           .text = BENCH_WHOLE};
  evc_schema *schema = bench_order_schema(NULL);
  const evc_event_type *type = bench_order(schema);
  evc_calculation *calculation = bench_compile(type, BENCH_WHOLE, strlen(BENCH_WHOLE), NULL);
  evc_event *event = evc_event_new(type, NULL);
  if (!event) bench_die("out of memory");
  bench_record *records = bench_allocate(BENCH_RECORDS * sizeof *records);
  bench_fill_records(records);
  task *tasks = bench_allocate((2 + peers->count) * sizeof *tasks);
  tasks[0] = tasks[1] = (task){.records = records,
                               .calculation = calculation,
                               .event = event,
                               .binding = bind(calculation)};

  bench_row row = {.role = BENCH_NATIVE, .work = by_native, .with = tasks};
  row.pieces = BENCH_RECORDS;
  bench_add(&section, "C", row);
  row.with = &tasks[1];
  row.role = BENCH_EVCALC;
  row.work = by_values;
  row.target = 6;
  row.target_native = 2.6;
  bench_add(&section, "evcalc, five values written", row);
  row.role = BENCH_OTHER;
  row.work = by_records;
  bench_add(&section, "evcalc, the program's own records", row);
  row.work = by_setters;
  bench_add(&section, "evcalc, five setters called", row);
  row.role = BENCH_PART;
  row.work = by_evaluating;
  row.target = row.target_native = 0;
  bench_add(&section, "nothing handed over, one record", row);
  for (size_t i = 0; i < peers->count; i++) {
    tasks[i + 2] = (task){.records = records, .opened = &peers->opened[i]};
    add_peer(&section, &tasks[i + 2]);
  }
  agree(&section);
  bench_measure(b, &section);
  bench_print(b, &section);

  for (size_t i = 0; i < peers->count; i++) peers->opened[i].peer->release(peers->opened[i].self);
  evc_binding_free(tasks[0].binding);
  free(tasks);
  free(records);
  evc_event_free(event);
  evc_calculation_free(calculation);
  evc_schema_free(schema);
}
