/* Benchmarks of compiling and evaluating, through the public face alone. Prints one table; README
** says how each figure is measured. Nothing here passes or fails. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if defined(__GLIBC__)
#if __GLIBC__ > 2 || __GLIBC_MINOR__ >= 33
#include <malloc.h>
#define HAS_MALLINFO2 1
#endif
#endif

#include "evcalc/evaluate.h"

#if defined(__GNUC__)
#define NOINLINE __attribute__((noinline))
#else
#define NOINLINE
#endif

static void die(const char *what) {
  fprintf(stderr, "bench: %s\n", what);
  exit(1);
}

static void *allocate(size_t size) {
  void *memory = malloc(size);
  if (!memory) die("out of memory");
  return memory;
}

/* Time */

static double now(void) {
  struct timespec t;
  timespec_get(&t, TIME_UTC);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* What is measured: does its work `times` times. What it returns is kept, so that no work is
** optimised away. */
typedef size_t (*work)(const void *with, size_t times);

static volatile size_t kept;

enum { ROUNDS = 9 };
static const double round_seconds = 0.03;

/* Seconds of one time: the best of ROUNDS rounds of at least round_seconds each. */
static double best_of(work call, const void *with) {
  size_t times = 1;
  for (;;) {
    double start = now();
    kept = call(with, times);
    double took = now() - start;
    if (took >= round_seconds) break;
    times = took < round_seconds / 16 ? times * 8 : times * 2;
  }
  double best = 1e9;
  for (int round = 0; round < ROUNDS; round++) {
    double start = now();
    kept = call(with, times);
    double took = (now() - start) / (double)times;
    if (took < best) best = took;
  }
  return best;
}

/* The table */

static void heading(const char *title) { printf("\n%s\n", title); }

static void row(const char *what, const char *format, ...) {
  va_list arguments;
  printf("  %-52s ", what);
  va_start(arguments, format);
  vprintf(format, arguments);
  va_end(arguments);
  printf("\n");
  fflush(stdout);
}

static void row_time(const char *what, double seconds) {
  if (seconds < 1e-6) row(what, "%9.1f ns", seconds * 1e9);
  else if (seconds < 1e-3) row(what, "%9.2f us", seconds * 1e6);
  else row(what, "%9.2f ms", seconds * 1e3);
}

/* Compiling */

typedef struct source {
  const evc_event_type *type;
  const char *text;
  size_t length;
  const evc_options *options;
} source;

static evc_calculation *compile(const source *s) {
  evc_calculation *c = evc_compile(s->type, s->text, s->length, s->options, NULL);
  if (!c) {
    fprintf(stderr, "%.*s\n", (int)(s->length < 200 ? s->length : 200), s->text);
    die("a calculation does not compile");
  }
  return c;
}

static size_t compile_and_free(const void *with, size_t times) {
  size_t bytes = 0;
  while (times-- > 0) {
    evc_calculation *c = compile(with);
    bytes += evc_calculation_size(c);
    evc_calculation_free(c);
  }
  return bytes;
}

static source source_of(const evc_event_type *type, const char *text) {
  return (source){type, text, strlen(text), NULL};
}

static size_t compiled_size(const source *s) {
  evc_calculation *c = compile(s);
  size_t size = evc_calculation_size(c);
  evc_calculation_free(c);
  return size;
}

static const char short_text[] = "new.amountSpent >= new.amount * 0.9";
static const char published_text[] =
    "(new.amountSpent >= new.amount * 90 / 100)\n"
    "AND (old.amountSpent < old.amount * 90 / 100 OR old.amountSpent == null)";

/* Many calculations, one behind the other. */
typedef struct corpus {
  const evc_event_type *type;
  const char *text;
  const size_t *starts; /* count + 1 of them */
  size_t count;
} corpus;

static size_t compile_corpus(const void *with, size_t times) {
  const corpus *c = with;
  size_t bytes = 0;
  while (times-- > 0)
    for (size_t i = 0; i < c->count; i++) {
      source s = {c->type, c->text + c->starts[i], c->starts[i + 1] - c->starts[i], NULL};
      evc_calculation *calculation = compile(&s);
      bytes += evc_calculation_size(calculation);
      evc_calculation_free(calculation);
    }
  return bytes;
}

static void bench_corpus(const evc_event_type *type) {
  enum { COUNT = 10000, LONGEST = 200 };
  char *text = allocate((size_t)COUNT * LONGEST);
  size_t *starts = allocate((COUNT + 1) * sizeof *starts), length = 0;
  for (size_t i = 0; i < COUNT; i++) {
    starts[i] = length;
    int wrote = snprintf(
        text + length, LONGEST,
        i % 2 ? "new.amount * %zu / 100 > new.amountSpent AND (new.currency == \"C%zu\" OR "
                "Math.max(new.amountFirstBill, %zu) < 1.5)"
              : "isnull(new.amountSpent, 0) >= %zu OR "
                "new.currency != \"%zu\" AND old.amount == %zu",
        i % 100, i, i + 7);
    if (wrote < 0 || wrote >= LONGEST) die("a calculation is too long");
    length += (size_t)wrote;
  }
  starts[COUNT] = length;
  corpus all = {type, text, starts, COUNT};
  double seconds = best_of(compile_corpus, &all);
  row("10,000 distinct calculations", "%9.1f MB/s, %.2f us each, %zu bytes on average",
      (double)length / seconds / 1e6, seconds / COUNT * 1e6, length / COUNT);
  free(text);
  free(starts);
}

static void bench_compiling(const evc_event_type *type) {
  char what[80];
  source texts[] = {source_of(type, short_text), source_of(type, published_text)};
  heading("Compile, check and free");
  for (size_t i = 0; i < 2; i++) {
    snprintf(what, sizeof what, "%zu bytes, %s", texts[i].length,
             i ? "the published 90 percent notification" : "one comparison of two fields");
    row_time(what, best_of(compile_and_free, &texts[i]));
  }
  bench_corpus(type);
  heading("Memory of a compiled calculation");
  for (size_t i = 0; i < 2; i++) {
    snprintf(what, sizeof what, "%zu bytes of text", texts[i].length);
    row(what, "%9zu bytes", compiled_size(&texts[i]));
  }
}

/* Evaluating: five terms over records of which each differs from the one before. */

static const char five_terms[] =
    "(amount >= 5000 AND quantity < 100 AND currency == \"USD\") OR (vip AND closed == false)";

enum { AMOUNT, QUANTITY, CURRENCY, VIP, CLOSED, FIELD_COUNT, RECORDS = 1024 };

typedef struct record {
  double amount, quantity;
  const char *currency;
  uint32_t currency_length;
  bool vip, closed;
} record;

typedef struct stream {
  const evc_calculation *calculation;
  evc_event *event;
  record records[RECORDS];
} stream;

static uint32_t next_random(uint32_t *seed) {
  *seed = *seed * 1664525u + 1013904223u;
  return *seed >> 8;
}

static void fill_records(record *records) {
  static const char *const currencies[] = {"USD", "EUR", "GBP", "USD"};
  uint32_t seed = 1;
  for (size_t i = 0; i < RECORDS; i++) {
    records[i].amount = next_random(&seed) % 10000;
    records[i].quantity = next_random(&seed) % 200;
    records[i].currency = currencies[next_random(&seed) % 4];
    records[i].currency_length = 3;
    records[i].vip = next_random(&seed) % 4 == 0;
    records[i].closed = next_random(&seed) % 2 == 0;
  }
}

static NOINLINE bool native(const record *r) {
  return (r->amount >= 5000 && r->quantity < 100 && r->currency_length == 3 &&
          memcmp(r->currency, "USD", 3) == 0) ||
         (r->vip && r->closed == false);
}

static size_t run_native(const void *with, size_t times) {
  const stream *s = with;
  size_t fired = 0;
  while (times-- > 0)
    for (size_t i = 0; i < RECORDS; i++) fired += native(&s->records[i]);
  return fired;
}

/* Handing over a field is one call. */
static size_t run_setters(const void *with, size_t times) {
  const stream *s = with;
  size_t fired = 0;
  while (times-- > 0)
    for (size_t i = 0; i < RECORDS; i++) {
      const record *r = &s->records[i];
      evc_event_set_number(s->event, AMOUNT, r->amount);
      evc_event_set_number(s->event, QUANTITY, r->quantity);
      evc_event_set_string(s->event, CURRENCY, r->currency, r->currency_length);
      evc_event_set_boolean(s->event, VIP, r->vip);
      evc_event_set_boolean(s->event, CLOSED, r->closed);
      fired += evc_evaluate(s->calculation, s->event).value;
    }
  return fired;
}

/* Handing over a field is writing it into the event's array of values. */
static size_t run_values(const void *with, size_t times) {
  const stream *s = with;
  evc_value *values = evc_event_values(s->event);
  size_t fired = 0;
  while (times-- > 0)
    for (size_t i = 0; i < RECORDS; i++) {
      const record *r = &s->records[i];
      values[AMOUNT] = (evc_value){.as.number = r->amount, .kind = EVC_KIND_NUMBER};
      values[QUANTITY] = (evc_value){.as.number = r->quantity, .kind = EVC_KIND_NUMBER};
      values[CURRENCY] = (evc_value){
          .as.text = r->currency, .length = r->currency_length, .kind = EVC_KIND_STRING};
      values[VIP] = (evc_value){.as.boolean = r->vip, .kind = EVC_KIND_BOOLEAN};
      values[CLOSED] = (evc_value){.as.boolean = r->closed, .kind = EVC_KIND_BOOLEAN};
      fired += evc_evaluate_values(s->calculation, values).value;
    }
  return fired;
}

/* The same record over and over: what evaluating alone takes. */
static size_t run_unchanged(const void *with, size_t times) {
  const stream *s = with;
  size_t fired = 0;
  while (times-- > 0)
    for (size_t i = 0; i < RECORDS; i++) fired += evc_evaluate(s->calculation, s->event).value;
  return fired;
}

/* An allocator that counts. */

static void *counting_allocate(void *context, size_t size) {
  ++*(size_t *)context;
  return malloc(size);
}

static void *counting_reallocate(void *context, void *memory, size_t old_size, size_t size) {
  (void)old_size;
  ++*(size_t *)context;
  return realloc(memory, size);
}

static void counting_release(void *context, void *memory, size_t size) {
  (void)context;
  (void)size;
  free(memory);
}

static void bench_allocations(const stream *s, const size_t *count) {
  heading("Allocations while evaluating 1,024 records");
  size_t before = *count;
#if defined(HAS_MALLINFO2)
  struct mallinfo2 heap = mallinfo2();
#endif
  kept = run_setters(s, 1);
  kept = run_values(s, 1);
#if defined(HAS_MALLINFO2)
  struct mallinfo2 after = mallinfo2();
#endif
  row("through the evc_allocator", "%9zu", *count - before);
#if defined(HAS_MALLINFO2)
  row("growth of the C library's heap (mallinfo2)", "%9zu bytes",
      after.uordblks - heap.uordblks + (after.hblkhd - heap.hblkhd));
#else
  row("growth of the C library's heap (mallinfo2)", "  not available");
#endif
}

static evc_field field_of(const char *path, const char *word) {
  return (evc_field){{path, strlen(path)}, {word, strlen(word)}, EVC_TYPE_UNKNOWN};
}

static void bench_evaluating(void) {
  static stream s;
  static size_t allocations;
  evc_allocator allocator = {counting_allocate, counting_reallocate, counting_release,
                             &allocations};
  evc_options options = {.allocator = &allocator};
  evc_schema *schema = evc_schema_new(&allocator);
  evc_field fields[FIELD_COUNT] = {
      [AMOUNT] = field_of("amount", "double"),     [QUANTITY] = field_of("quantity", "double"),
      [CURRENCY] = field_of("currency", "string"), [VIP] = field_of("vip", "boolean"),
      [CLOSED] = field_of("closed", "boolean"),
  };
  if (!schema || evc_schema_add(schema, "order", 5, EVC_LOADED, fields, FIELD_COUNT, NULL))
    die("no schema");
  source five = source_of(evc_schema_find(schema, "order", 5), five_terms);
  five.options = &options;
  evc_calculation *calculation = compile(&five);
  s.calculation = calculation;
  s.event = evc_event_new(five.type, &allocator);
  if (!s.event) die("no event");
  fill_records(s.records);
  if (run_native(&s, 1) != run_setters(&s, 1) || run_native(&s, 1) != run_values(&s, 1))
    die("evcalc and C differ");

  heading("Evaluate five terms with AND and OR, 1,024 changing records");
  double c = best_of(run_native, &s) / RECORDS;
  static const struct {
    const char *what;
    work call;
  } ways[] = {
      {"five setters and evc_evaluate", run_setters},
      {"five values written and evc_evaluate_values", run_values},
      {"evc_evaluate alone, the record unchanged", run_unchanged},
  };
  row("the same condition in C", "%9.1f ns", c * 1e9);
  for (size_t i = 0; i < 3; i++) {
    double seconds = best_of(ways[i].call, &s) / RECORDS;
    row(ways[i].what, "%9.1f ns, %.1f times C", seconds * 1e9, seconds / c);
  }
  row("memory of this calculation", "%9zu bytes for %zu of text",
      evc_calculation_size(calculation), five.length);
  bench_allocations(&s, &allocations);
  evc_event_free(s.event);
  evc_calculation_free(calculation);
  evc_schema_free(schema);
}

/* Growth: time a unit must not grow with the number of units. */

static char *repeated(const char *before, const char *unit, size_t count, const char *behind) {
  size_t head = strlen(before), size = strlen(unit), tail = strlen(behind);
  char *text = allocate(head + size * count + tail + 1);
  memcpy(text, before, head);
  for (size_t i = 0; i < count; i++) memcpy(text + head + i * size, unit, size);
  memcpy(text + head + size * count, behind, tail + 1);
  return text;
}

typedef double (*growing)(const evc_event_type *type, size_t count);

/* One line: for each size the time a unit, then the last to the first. */
static void grow(const evc_event_type *type, const char *what, const char *unit,
                 const size_t *counts, growing measure) {
  char line[200];
  int length = 0;
  double first = 0, last = 0;
  for (size_t i = 0; counts[i]; i++) {
    last = measure(type, counts[i]) / (double)counts[i];
    if (i == 0) first = last;
    length += snprintf(line + length, sizeof line - (size_t)length, "%s%zu: %.1f",
                       i ? "  " : "", counts[i], last * 1e9);
  }
  char title[80];
  snprintf(title, sizeof title, "%s, ns a %s", what, unit);
  row(title, "%s  (last/first %.2f)", line, last / first);
}

static double time_text(const evc_event_type *type, char *text) {
  evc_options options = {.allow = {{UINT64_MAX, UINT64_MAX}}}; /* warnings are not measured */
  source s = source_of(type, text);
  s.options = &options;
  double seconds = best_of(compile_and_free, &s);
  free(text);
  return seconds;
}

/* `count` KB of various terms. */
static double grow_text(const evc_event_type *type, size_t count) {
  static const char term[] = "new.amount * 1.5 > old.amountSpent AND new.currency != \"EUR\" OR ";
  size_t times = (count * 1024 - strlen("true")) / strlen(term);
  return time_text(type, repeated("", term, times, "true"));
}

static double grow_chain(const evc_event_type *type, size_t count) {
  return time_text(type, repeated("", "new.amount+", count - 1, "1 > 0"));
}

static double grow_nesting(const evc_event_type *type, size_t count) {
  char *opened = repeated("", "(1+", count, "new.amount");
  char *text = repeated(opened, ")", count, " > 0");
  free(opened);
  return time_text(type, text);
}

/* Fields of one Event type: adding it, then a calculation that reads 10 of them. */

typedef struct field_list {
  evc_field *fields;
  char (*paths)[32];
  size_t count;
} field_list;

static field_list fields_of(size_t count) {
  field_list list = {allocate(count * sizeof(evc_field)), allocate(count * sizeof *list.paths),
                     count};
  for (size_t i = 0; i < count; i++) {
    snprintf(list.paths[i], sizeof list.paths[i], "new.field%zu", i);
    list.fields[i] = field_of(list.paths[i], i % 2 ? "double" : "string");
  }
  return list;
}

static size_t add_fields(const void *with, size_t times) {
  const field_list *list = with;
  size_t found = 0;
  while (times-- > 0) {
    evc_schema *schema = evc_schema_new(NULL);
    if (!schema || evc_schema_add(schema, "t", 1, EVC_LOADED, list->fields, list->count, NULL))
      die("no schema");
    found += evc_event_type_field_count(evc_schema_find(schema, "t", 1));
    evc_schema_free(schema);
  }
  return found;
}

static double grow_fields(const evc_event_type *type, size_t count) {
  (void)type;
  field_list list = fields_of(count);
  double seconds = best_of(add_fields, &list);
  free(list.fields);
  free(list.paths);
  return seconds;
}

/* Looking each field up once. */
typedef struct lookup {
  const evc_event_type *type;
  const field_list *list;
} lookup;

static size_t find_fields(const void *with, size_t times) {
  const lookup *l = with;
  size_t slots = 0;
  while (times-- > 0)
    for (size_t i = 0; i < l->list->count; i++)
      slots += evc_event_type_slot(l->type, l->list->fields[i].path.data,
                                   l->list->fields[i].path.length);
  return slots;
}

static double grow_lookups(const evc_event_type *type, size_t count) {
  (void)type;
  field_list list = fields_of(count);
  evc_schema *schema = evc_schema_new(NULL);
  if (!schema || evc_schema_add(schema, "t", 1, EVC_LOADED, list.fields, count, NULL))
    die("no schema");
  lookup l = {evc_schema_find(schema, "t", 1), &list};
  double seconds = best_of(find_fields, &l);
  evc_schema_free(schema);
  free(list.fields);
  free(list.paths);
  return seconds;
}

/* A calculation that reads `count` different fields. */
static double grow_reads(const evc_event_type *type, size_t count) {
  (void)type;
  field_list list = fields_of(2 * count);
  evc_schema *schema = evc_schema_new(NULL);
  if (!schema || evc_schema_add(schema, "t", 1, EVC_LOADED, list.fields, 2 * count, NULL))
    die("no schema");
  char *text = allocate(count * 32 + 8);
  size_t length = 0;
  for (size_t i = 0; i < count; i++)
    length += (size_t)sprintf(text + length, "new.field%zu+", 2 * i + 1);
  memcpy(text + length, "1>0", 4);
  double seconds = time_text(evc_schema_find(schema, "t", 1), text);
  evc_schema_free(schema);
  free(list.fields);
  free(list.paths);
  return seconds;
}

/* Types, added one by one in no order, each found once. */
static size_t add_types(const void *with, size_t times) {
  size_t count = *(const size_t *)with, found = 0;
  evc_field field = field_of("new.amount", "double");
  char name[32];
  while (times-- > 0) {
    evc_schema *schema = evc_schema_new(NULL);
    if (!schema) die("no schema");
    for (size_t i = 0; i < count; i++) {
      int length = snprintf(name, sizeof name, "scheduled.%zu.check", i * 7919 % count);
      if (evc_schema_add(schema, name, (size_t)length, EVC_LOADED, &field, 1, NULL))
        die("no type");
      found += evc_schema_find(schema, name, (size_t)length) != NULL;
    }
    evc_schema_free(schema);
  }
  return found;
}

static double grow_types(const evc_event_type *type, size_t count) {
  (void)type;
  return best_of(add_types, &count);
}

static void bench_growth(const evc_event_type *type) {
  static const size_t kilobytes[] = {1, 4, 16, 63, 0};
  static const size_t terms[] = {10, 100, 1000, 5000, 0};
  static const size_t levels[] = {1, 10, 50, 199, 0};
  static const size_t fields[] = {10, 100, 1000, 10000, 0};
  static const size_t reads[] = {10, 100, 1000, 3500, 0};
  static const size_t types[] = {1, 10, 100, 1000, 10000, 0};
  heading("Growth");
  grow(type, "compile by length", "KB", kilobytes, grow_text);
  grow(type, "compile a + b + c ... by terms", "term", terms, grow_chain);
  grow(type, "compile (1 + (1 + ... by levels", "level", levels, grow_nesting);
  grow(type, "compile by different fields read", "field", reads, grow_reads);
  grow(type, "add a type by fields", "field", fields, grow_fields);
  grow(type, "find every field of a type", "field", fields, grow_lookups);
  grow(type, "add and find types one by one", "type", types, grow_types);
}

int main(void) {
  evc_schema *schema = evc_schema_builtin(NULL);
  if (!schema) die("no schema");
  const evc_event_type *type =
      evc_schema_find(schema, "configuration.commitment.updated", EVC_NUL_TERMINATED);
  if (!type) die("no Event type");
  printf("evcalc %s, best of %d rounds\n", evc_version(), ROUNDS);
  bench_compiling(type);
  bench_evaluating();
  bench_growth(type);
  evc_schema_free(schema);
  return 0;
}
