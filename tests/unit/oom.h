/* The machinery of the tests of lack of memory: a call is made again and again, and each time another
** of its allocations fails, once or with all later ones; through evc_allocator and, for simdjson,
** through operator new. And the list of the functions that were tried, to be held against the headers.
** cmocka.h must have been included. */
#ifndef EVC_TESTS_OOM_H
#define EVC_TESTS_OOM_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evcalc/report.h"
#include "failing.h"

/* A call made with an allocator. It returns what came of it as text (to be freed), or NULL when it
** said that memory ran out. What it does beside the call it does while paused. */
typedef char *(*attempt)(void **state, failing *f, const evc_allocator *allocator,
                         const void *with);

static inline void pause_failing(failing *f, bool paused) {
  f->paused = paused;
  failing_new_pause(paused);
}

static inline char *copy_of(const char *s) {
  char *copy = malloc(strlen(s) + 1);
  assert_non_null(copy);
  return strcpy(copy, s);
}

static inline bool is_out_of_memory(const evc_report *report) {
  return evc_report_count(report) == 1 &&
         evc_report_at(report, 0)->code == EVC_CODE_OUT_OF_MEMORY &&
         evc_report_errors(report) == 1 && evc_report_message(report).data &&
         !evc_report_at(report, 0)->has_span;
}

/* The functions that were tried. */

static const char *tried[200];
static size_t tried_count;

static inline bool is_name_part(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static inline size_t name_length(const char *at) {
  size_t length = 0;
  while (is_name_part(at[length])) length++;
  return length;
}

static inline bool was_tried(const char *name, size_t length) {
  for (size_t i = 0; i < tried_count; i++)
    if (name_length(tried[i]) == length && memcmp(tried[i], name, length) == 0) return true;
  return false;
}

/* `call` begins with the function's name. */
static inline void note_tried(const char *call) {
  if (was_tried(call, name_length(call))) return;
  assert_true(tried_count < sizeof tried / sizeof *tried);
  tried[tried_count++] = call;
}

/* A call that allocates nothing, neither through the allocators nor past them (where the linker can
** put a malloc before the real one). */

static size_t plain_calls;

#ifdef EVCALC_CAN_WRAP
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);

void *__wrap_malloc(size_t size) {
  plain_calls++;
  return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
  plain_calls++;
  return __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size) {
  plain_calls++;
  return __real_realloc(memory, size);
}
#endif

static size_t calls_before;

static inline size_t all_calls(const failing *f) {
  return f->calls + failing_new_calls() + plain_calls;
}

static inline void allocated_nothing(const failing *f, const char *call) {
  if (all_calls(f) != calls_before) fail_msg("%s allocates", call);
  note_tried(call);
}

/* `f` is the allocator of what the call works with. */
#define ALLOCATES_NOTHING(f, call)                                                                 \
  (calls_before = all_calls(f), (void)(call), allocated_nothing(f, #call))

/* A call that allocates. */

typedef enum ordeal { ALLOCATOR_ONCE, ALLOCATOR_FROM, NEW_ONCE, NEW_FROM, ORDEALS } ordeal;

/* Every allocation fails in its turn. With an arena that makes one of each piece of memory they are so
** many that of longer calls about a hundred are made to fail, others in each call. */
static inline size_t step_of(size_t calls) {
#ifdef EVCALC_EXACT_ARENA
  enum { ENOUGH = 100 };
  static unsigned turn;
  return 1 + (turn = turn * 5 + 3) % (2 * (calls / ENOUGH) + 1);
#else
  (void)calls;
  return 1;
#endif
}

/* `name` is the public function. It may do with less memory, with the same result, where `able`. `about`
** is what is told of a failure. Returns how many allocations the call makes when all is well. */
static inline size_t fails_cleanly(void **state, const char *name, attempt call, const void *with,
                                   bool able, const char *about) {
  note_tried(name);
  failing none = {0};
  evc_allocator calm = failing_allocator(&none);
  failing_new_from(0);
  char *right = call(state, &none, &calm, with);
  pause_failing(&none, false);
  size_t calls[ORDEALS] = {none.calls, none.calls, failing_new_calls(), failing_new_calls()};
  if (!right) fail_msg("%s, %.60s: no result", name, about);
  assert_int_equal(none.bytes, 0);
  assert_true(calls[ALLOCATOR_ONCE] < 10000 && calls[NEW_ONCE] < 10000);
  for (int o = 0; o < ORDEALS; o++) {
    for (size_t n = 1;; n += step_of(calls[o])) {
      bool once = o == ALLOCATOR_ONCE || o == NEW_ONCE, in_new = o >= NEW_ONCE;
      failing f = {.fail_from = in_new ? 0 : n, .only_once = once};
      evc_allocator allocator = failing_allocator(&f);
      (once ? failing_new_once : failing_new_from)(in_new ? n : 0);
      char *came = call(state, &f, &allocator, with);
      pause_failing(&f, false);
      bool reached = (in_new ? failing_new_calls() : f.calls) >= n;
      failing_new_from(0);
      if (reached ? came && !able : !came)
        fail_msg("%s, %.60s: allocation %zu %s%s, and the call %s", name, about, n,
                 reached ? "failed" : "did not fail", once ? " once" : "",
                 came ? "went on as if nothing were" : "gave up");
      if (came && strcmp(came, right) != 0)
        fail_msg("%s, %.60s: %zu: %s is not %s", name, about, n, came, right);
      if (f.bytes != 0) fail_msg("%s, %.60s: %zu leaked %zu bytes", name, about, n, f.bytes);
      if (f.mistaken) fail_msg("%s, %.60s: %zu released with a wrong size", name, about, n);
      free(came);
      if (!reached) break;
    }
  }
  free(right);
  return calls[ALLOCATOR_ONCE] + calls[NEW_ONCE];
}

/* The headers */

static inline char *header_text(const char *folder, const char *name) {
  char path[1024];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  char *text = calloc(1, 1 << 20);
  assert_non_null(text);
  assert_in_range(fread(text, 1, 1 << 20, file), 1, (1 << 20) - 1);
  fclose(file);
  return text;
}

/* Each function that is declared with EVC_API must have been tried. */
static inline size_t compare_declarations(const char *name, const char *text) {
  static const char mark[] = "\nEVC_API ";
  size_t count = 0;
  for (const char *at = text; (at = strstr(at, mark)) != NULL; count++) {
    at += sizeof mark - 1;
    const char *end = strchr(at, '(');
    assert_non_null(end);
    const char *start = end;
    while (is_name_part(start[-1])) start--;
    if (!was_tried(start, (size_t)(end - start)))
      fail_msg("%s: %.*s is not among the calls that run out of memory, nor among those that "
               "allocate nothing",
               name, (int)(end - start), start);
  }
  return count;
}

/* The headers of one library: those of evcalc-json say so at their start. */
static inline void all_declared_were_tried(bool json) {
  static const char folder[] = EVCALC_SOURCE_DIR "/include/evcalc";
  DIR *directory = opendir(folder);
  assert_non_null(directory);
  size_t count = 0;
  for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
    const char *dot = strrchr(entry->d_name, '.');
    if (!dot || strcmp(dot, ".h") != 0) continue;
    char *text = header_text(folder, entry->d_name);
    const char *library = strstr(text, "Library: evcalc-json"), *guard = strstr(text, "#ifndef");
    if ((library && library < guard) == json) count += compare_declarations(entry->d_name, text);
    free(text);
  }
  closedir(directory);
  assert_int_equal(count, tried_count); /* nothing else has come in */
}

#endif
