/* Growth: the time of a unit must not grow with the number of units. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sections.h"
#include "table.h"
#include "workload.h"

enum { SIZES = 5, NAME = 40 };

/* One size of one curve: what its work needs, the rest empty. */
typedef struct subject {
  size_t count; /* of units */
  evc_schema *schema;
  const evc_event_type *type;
  char *text; /* a calculation */
  evc_field *fields;
  char (*names)[NAME]; /* of fields or types */
} subject;

static char *repeated(const char *before, const char *unit, size_t count, const char *behind) {
  size_t head = strlen(before), size = strlen(unit), tail = strlen(behind);
  char *text = bench_allocate(head + size * count + tail + 1);
  memcpy(text, before, head);
  for (size_t i = 0; i < count; i++) memcpy(text + head + i * size, unit, size);
  memcpy(text + head + size * count, behind, tail + 1);
  return text;
}

/* Compiling. Warnings are not worked out. */

static size_t compile_text(void *with) {
  const subject *s = with;
  evc_options options = {.allow = {{UINT64_MAX, UINT64_MAX}}};
  evc_calculation *c = bench_compile(s->type, s->text, strlen(s->text), &options);
  size_t size = evc_calculation_size(c);
  evc_calculation_free(c);
  return size;
}

static void use_builtin(subject *s) {
  s->schema = evc_schema_builtin(NULL);
  if (s->schema)
    s->type = evc_schema_find(s->schema, "configuration.commitment.updated", EVC_NUL_TERMINATED);
  if (!s->type) bench_die("no Event type");
}

static void make_text(subject *s) {
  static const char term[] = "new.amount * 1.5 > old.amountSpent AND new.currency != \"EUR\" OR ";
  use_builtin(s);
  s->text = repeated("", term, (s->count * 1024 - strlen("true")) / strlen(term), "true");
}

static void make_chain(subject *s) {
  use_builtin(s);
  s->text = repeated("", "new.amount+", s->count - 1, "1 > 0");
}

static void make_nesting(subject *s) {
  use_builtin(s);
  char *opened = repeated("", "(1+", s->count, "new.amount");
  s->text = repeated(opened, ")", s->count, " > 0");
  free(opened);
}

/* Event types with many fields. */

static void make_fields(subject *s) {
  s->fields = bench_allocate(s->count * sizeof *s->fields);
  s->names = bench_allocate(s->count * sizeof *s->names);
  for (size_t i = 0; i < s->count; i++) {
    int length = snprintf(s->names[i], NAME, "new.field%zu", i);
    const char *word = i % 2 ? "double" : "string";
    s->fields[i] = (evc_field){{s->names[i], (size_t)length}, {word, 6}, EVC_TYPE_UNKNOWN};
  }
}

static void load_fields(subject *s) {
  make_fields(s);
  s->schema = evc_schema_new(NULL);
  if (!s->schema || evc_schema_add(s->schema, "t", 1, EVC_LOADED, s->fields, s->count, NULL))
    bench_die("out of memory");
  s->type = evc_schema_find(s->schema, "t", 1);
}

static size_t add_fields(void *with) {
  const subject *s = with;
  evc_schema *schema = evc_schema_new(NULL);
  if (!schema || evc_schema_add(schema, "t", 1, EVC_LOADED, s->fields, s->count, NULL))
    bench_die("out of memory");
  size_t found = evc_event_type_field_count(evc_schema_find(schema, "t", 1));
  evc_schema_free(schema);
  return found;
}

static size_t find_fields(void *with) {
  const subject *s = with;
  size_t slots = 0;
  for (size_t i = 0; i < s->count; i++)
    slots += evc_event_type_slot(s->type, s->fields[i].path.data, s->fields[i].path.length);
  return slots;
}

/* Every second field, those that are numbers. */
static void make_reads(subject *s) {
  size_t length = 0, count = s->count;
  s->count = 2 * count;
  load_fields(s);
  s->count = count;
  s->text = bench_allocate(count * NAME + 8);
  for (size_t i = 0; i < count; i++)
    length += (size_t)snprintf(s->text + length, NAME, "new.field%zu+", 2 * i + 1);
  memcpy(s->text + length, "1>0", 4);
}

/* Event types. */

static void make_types(subject *s) {
  s->names = bench_allocate(s->count * sizeof *s->names);
  for (size_t i = 0; i < s->count; i++) /* in no order */
    snprintf(s->names[i], NAME, "scheduled.%zu.check", i * 7919 % s->count);
}

static evc_schema *schema_of_types(const subject *s) {
  static const evc_field field = {{"new.amount", 10}, {"double", 6}, EVC_TYPE_UNKNOWN};
  evc_schema *schema = evc_schema_new(NULL);
  if (!schema) bench_die("out of memory");
  for (size_t i = 0; i < s->count; i++)
    if (evc_schema_add(schema, s->names[i], strlen(s->names[i]), EVC_LOADED, &field, 1, NULL))
      bench_die("out of memory");
  return schema;
}

static size_t add_types(void *with) {
  evc_schema *schema = schema_of_types(with);
  size_t count = evc_schema_count(schema);
  evc_schema_free(schema);
  return count;
}

static void load_types(subject *s) {
  make_types(s);
  s->schema = schema_of_types(s);
}

static size_t find_types(void *with) {
  const subject *s = with;
  size_t found = 0;
  for (size_t i = 0; i < s->count; i++)
    found += evc_schema_find(s->schema, s->names[i], strlen(s->names[i])) != NULL;
  return found;
}

static void drop(subject *s) {
  evc_schema_free(s->schema);
  free(s->text);
  free(s->fields);
  free(s->names);
}

typedef struct curve {
  const char *name, *unit;
  size_t sizes[SIZES + 1]; /* ends with 0 */
  void (*make)(subject *s);
  bench_work work;
} curve;

static const curve curves[] = {
    {"compile a text, a KB", "ns/KB", {1, 4, 16, 64}, make_text, compile_text},
    {"compile a + b + c …, a term", "ns/term", {10, 100, 1000, 5000}, make_chain, compile_text},
    {"compile (1 + (1 + …, a level", "ns/level", {1, 10, 50, 199}, make_nesting, compile_text},
    {"compile many fields, a field", "ns/field", {10, 100, 1000, 3500}, make_reads, compile_text},
    {"add a type, a field", "ns/field", {10, 100, 1000, 10000}, make_fields, add_fields},
    {"find every field, a field", "ns/field", {10, 100, 1000, 10000}, load_fields, find_fields},
    {"add types, a type", "ns/type", {1, 10, 100, 1000, 10000}, make_types, add_types},
    {"find every type, a type", "ns/type", {1, 10, 100, 1000, 10000}, load_types, find_types},
};

static void draw(bench *b, const curve *c) {
  bench_section section = {.key = "growth"};
  subject subjects[SIZES];
  for (size_t i = 0; i < SIZES && c->sizes[i]; i++) {
    subjects[i] = (subject){.count = c->sizes[i]};
    c->make(&subjects[i]);
    bench_add(&section, c->name,
              (bench_row){
                  .work = c->work, .with = &subjects[i], .pieces = (double)c->sizes[i]});
  }
  bench_measure(b, &section);
  bench_print_curve(b, &section, c->unit);
  for (size_t i = 0; i < section.count; i++) drop(&subjects[i]);
}

void bench_growth(bench *b, const bench_peers *peers) {
  (void)peers;
  bench_heading(b, "Growth", "ns a unit at a number of units, and the last to the first");
  for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++) draw(b, &curves[i]);
}
