/* Time and memory are linear in the text, whatever the text: of each family of hard texts one that is
** eight times as long must not take much more than eight times as much of either. Time is the thread's
** own processor time, the least of several runs; memory is what was asked for, where arrays that double
** may be half empty. A quadratic step would make either 64 times as much. Only memory is looked at where
** code is not optimised: sanitizers have steps of their own, such as the length of a text in each strstr. */
#include "calculations.h"

#include <time.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "evcalc/format.h"
#include "evcalc/json.h"
#include "families.h"

enum { ON_STACK = 8192 }; /* what compiling uses before it allocates */
#ifdef __OPTIMIZE__
enum { SMALL = 16384, ROUNDS = 12 };
#else
enum { SMALL = 4096, ROUNDS = 0 };
#endif
enum { TIMES = 8, MOST_TIME = 18, MOST_MEMORY = 18 };

/* Memory from one block, which is there from the start: what the machine does for a fresh page is not
** what is measured. */
typedef struct block {
  char *memory;
  size_t size, used;
} block;

static void *block_allocate(void *context, size_t size) {
  block *b = context;
  size = (size + 15) / 16 * 16;
  if (size > b->size - b->used) return NULL;
  b->used += size;
  return b->memory + b->used - size;
}

static void *block_reallocate(void *context, void *memory, size_t old_size, size_t size) {
  void *moved = block_allocate(context, size);
  if (moved) memcpy(moved, memory, old_size < size ? old_size : size);
  return moved;
}

static void block_release(void *context, void *memory, size_t size) {
  (void)context;
  (void)memory;
  (void)size;
}

static block memory = {NULL, (size_t)256 << 20, 0};
static const evc_allocator allocator = {block_allocate, block_reallocate, block_release, &memory};
static FILE *nowhere;

static int up(void **state) {
  memory.memory = malloc(memory.size);
  nowhere = fopen("/dev/null", "w");
  if (!memory.memory || !nowhere) return -1;
  memset(memory.memory, 1, memory.size);
  return schema_up(state);
}

static int down(void **state) {
  free(memory.memory);
  fclose(nowhere);
  return schema_down(state);
}

/* What is measured, on a text. */
typedef void (*work)(void **state, const char *text, size_t length);

typedef struct cost {
  double time;
  size_t bytes;
} cost;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void measure(work call, void **state, const char *text, cost *least) {
  size_t length = strlen(text);
  memory.used = 0;
  double start = now();
  call(state, text, length);
  double time = now() - start;
  if (least->time < 0 || time < least->time) least->time = time;
  least->bytes = memory.used;
}

/* A longer text against a shorter one; tried again as long as it looks bad. */
static void is_linear(work call, void **state, const char *name, const char *shorter,
                      const char *longer) {
  cost small = {-1, 0}, large = {-1, 0};
  double ratio = 0;
  measure(call, state, shorter, &small);
  measure(call, state, longer, &large);
  for (int round = 0; round < ROUNDS; round++) {
    for (int i = 0; i < 3; i++) measure(call, state, shorter, &small);
    measure(call, state, longer, &large);
    ratio = large.time / small.time;
    if (ratio < MOST_TIME) break;
  }
  if (ratio >= MOST_TIME)
    fail_msg("%s: %d times the text takes %.1f times the time", name, TIMES, ratio);
  if (large.bytes > MOST_MEMORY * (small.bytes + ON_STACK))
    fail_msg("%s: %d times the text takes %zu bytes in place of %zu", name, TIMES, large.bytes,
             small.bytes);
}

/* All that can be done with a calculation. */
static void compile_and_use(void **state, const char *text, size_t length) {
  evc_options options = {.limits = {.text = 1 << 24, .nodes = 1 << 24, .arguments = 1 << 24},
                         .allocator = &allocator,
                         .trace = true};
  evc_report *report;
  evc_calculation *c = evc_compile(test_type(*state), text, length, &options, &report);
  evc_report_print(report, text, length, "name", EVC_STYLE_CARET, nowhere);
  if (c) {
    evc_event *event = evc_event_new(test_type(*state), &allocator);
    size_t parts = evc_calculation_part_count(c);
    evc_trace *trace = block_allocate(&memory, parts * sizeof *trace);
    assert_non_null(trace);
    evc_outcome_report(c, evc_evaluate_traced(c, event, trace));
  } else {
    assert_true(evc_report_errors(report) > 0);
    assert_int_not_equal(evc_report_at(report, 0)->code, EVC_CODE_OUT_OF_MEMORY);
  }
}

static void lay_out(void **state, const char *text, size_t length) {
  (void)state;
  evc_format_options options = {.limits = {.text = 1 << 24, .nodes = 1 << 24, .arguments = 1 << 24},
                                .allocator = &allocator};
  evc_report *report;
  evc_formatted *formatted = evc_format(text, length, &options, &report);
  size_t edits = formatted ? evc_formatted_edit_count(formatted) : 0;
  for (size_t i = 0; i < edits; i++) assert_true(evc_formatted_edit(formatted, i).end <= length);
}

static void every_family_takes_linear_time(void **state) {
  for (size_t i = 0; i < FAMILY_COUNT; i++) {
    char *shorter = member_of_family(&families[i], SMALL);
    char *longer = member_of_family(&families[i], SMALL * TIMES);
    is_linear(compile_and_use, state, families[i].name, shorter, longer);
    is_linear(lay_out, state, families[i].name, shorter, longer);
    free(shorter);
    free(longer);
  }
}

/* Many fields: a list of them is read, and names that it lacks are looked for. */
static void read_fields(void **state, const char *text, size_t length) {
  (void)state;
  evc_schema *schema = evc_schema_new(&allocator);
  evc_report *report;
  assert_int_equal(evc_schema_read_json(schema, text, length, &report), EVC_OK);
  const evc_event_type *type = evc_schema_at(schema, 0);
  static const char slips[] = "new.feild1 == new.field999z OR ield5 > 1 OR new.Field7 == old.field1";
  evc_options options = {.allocator = &allocator, .schema = schema};
  assert_null(evc_compile(type, slips, EVC_NUL_TERMINATED, &options, &report));
  evc_text json = evc_event_type_to_json(type, &allocator);
  assert_true(json.length > 0);
  evc_schema_free(schema);
}

static char *many_fields(size_t count) {
  char *text = malloc(count * 40 + 100);
  assert_non_null(text);
  size_t length = (size_t)sprintf(text, "{\"events\": {\"t\": {\"new.a\": \"odd\"");
  for (size_t i = 0; i < count; i++)
    length += (size_t)sprintf(text + length, ", \"new.field%zu\": \"%s\"", i * 7919 % 100000,
                              i % 3 ? "double" : "long");
  strcpy(text + length, "}}}");
  return text;
}

/* The events of a text, each of which is filled. */
static void read_events(void **state, const char *text, size_t length) {
  const evc_event_type *type = test_type(*state);
  evc_event *event = evc_event_new(type, &allocator);
  evc_event_reader *reader = evc_event_reader_new(text, length, &allocator);
  evc_event_head head;
  evc_report *report;
  evc_status status;
  while ((status = evc_event_reader_next(reader, &head, &report)) != EVC_END) {
    assert_int_not_equal(status, EVC_OUT_OF_MEMORY);
    if (status != EVC_OK) continue;
    status = evc_event_read_json(event, head.json.data, head.json.length, NULL, &report);
    assert_int_not_equal(status, EVC_OUT_OF_MEMORY);
  }
  evc_event_reader_free(reader);
  evc_event_free(event);
}

static void json_is_read_in_linear_time(void **state) {
  char *shorter = many_fields(SMALL / 40), *longer = many_fields(SMALL * TIMES / 40);
  is_linear(read_fields, state, "many fields", shorter, longer);
  free(shorter);
  free(longer);
  static const family documents[] = {
      {"lines", "", "{\"id\": \"a\", \"new\": {\"amount\": 5}}\n", "{}", ""},
      {"broken lines", "{}\n", "{\"id\": tru}\n", "{}", ""},
      {"blank lines", "{}\n", "\n", "{}", ""},
      {"lines that end with CR", "{}\n", "{\"id\": tru}\r\n", "{}", ""},
      {"an array", "[{}", ", {\"id\": \"\\u0041\"}", "]", ""},
      {"a broken array", "[{}", ", {\"id\": 5}", "]", ""},
      {"a list response", "{\"data\": [{}", ", {\"id\": \"a\"}", "], \"x\": 1}", ""},
      {"data and data again", "{\"data\": []", ", \"data\": [{}]", "}", ""},
      {"members of a map", "{\"new\": {\"tags\": {\"a\": 1", ", \"\\u0062c\": \"d\"", "}}}", ""},
      {"a member again and again", "{\"new\": {\"amount\": 1", ", \"amount\": 2", "}}", ""},
      {"an object again and again", "{\"new\": {}", ", \"new\": {\"amount\": 2}", "}", ""},
      {"a long string", "{\"new\": {\"currency\": \"", "\\u0041\\n", "\"}}", ""},
      {"an unclosed string", "{\"new\": {\"currency\": \"", "\\\\a", "", ""},
      {"a long number", "{\"new\": {\"amount\": 0.", "12345678", "}}", ""},
      {"levels", "{\"new\": ", "{\"new\": ", "1", "}"},
      {"levels that open", "{\"new\": ", "[", "1", ""},
      {"commas", "{\"new\": {}", ",", "}", ""},
  };
  for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
    shorter = member_of_family(&documents[i], SMALL);
    longer = member_of_family(&documents[i], SMALL * TIMES);
    is_linear(read_events, state, documents[i].name, shorter, longer);
    free(shorter);
    free(longer);
  }
}

int main(void) {
#ifdef __GLIBC__
  /* What simdjson's memory is made of stays too, as in the block above. */
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_family_takes_linear_time),
      cmocka_unit_test(json_is_read_in_linear_time),
  };
  return cmocka_run_group_tests(tests, up, down);
}
