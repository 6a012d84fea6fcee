/* What `evcalc generate` and `evcalc fuzz` print is what `check` and `run` make of it.
** random_test BINARY DATA-FOLDER */
#define _XOPEN_SOURCE 700
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>

#include "process.h"

static const char *binary, *data; /* the folder of test data */
static char file[] = "/tmp/evcalc-generate-XXXXXX";

static process_result run(const char *const *words) {
  return process_run(binary, data, words, NULL);
}

#define RUN(...) run((const char *const[]){__VA_ARGS__, NULL})

static void write_file(const char *before, const char *text, size_t length, const char *behind) {
  FILE *out = fopen(file, "wb");
  assert_non_null(out);
  fputs(before, out);
  assert_int_equal(fwrite(text, 1, length, out), length);
  fputs(behind, out);
  assert_int_equal(fclose(out), 0);
}

/* The next line, ended by a NUL in place of its line break; NULL when there is none. */
static char *next_line(char **at) {
  char *line = *at, *end = strchr(line, '\n');
  if (!end) return NULL;
  *end = '\0';
  *at = end + 1;
  return line;
}

/* ---- generate ------------------------------------------------------------------------------- */

/* Lines of objects as one array. */
static void write_as_array(const process_text *lines) {
  char *text = malloc(lines->length + 1);
  memcpy(text, lines->data, lines->length + 1);
  for (size_t i = 0; i + 1 < lines->length; i++)
    if (text[i] == '\n') text[i] = ',';
  write_file("[", text, lines->length, "]");
  free(text);
}

static void valid_ones_are_valid(void **state) {
  (void)state;
  process_result made = RUN("generate", "--seed", "7", "--count", "500", "--format", "json");
  assert_int_equal(made.status, 0);
  write_as_array(&made.out);
  process_result checked = RUN("check", file);
  if (checked.status != 0) fail_msg("%s", checked.error.data);
  assert_non_null(strstr(checked.error.data, "500 calculations checked: 500 valid, 0 invalid"));
  process_free(&made);
  process_free(&checked);
}

/* Each is checked, and of its errors there is one: the one that was told. */
static void invalid_ones_are_invalid_as_told(void **state) {
  (void)state;
  process_result made =
      RUN("generate", "--seed", "7", "--count", "400", "--format", "json", "--kind", "invalid");
  assert_int_equal(made.status, 0);
  write_as_array(&made.out);
  process_result checked = RUN("check", "--format", "json", file);
  assert_int_equal(checked.status, 1);
  char *told_at = made.out.data, *found_at = checked.out.data;
  size_t count = 0;
  for (char *told; (told = next_line(&told_at)); count++) {
    char *found = next_line(&found_at), *code = strstr(told, "\"code\": \"") + 9;
    assert_non_null(found);
    char expected[200];
    snprintf(expected, sizeof expected, "{\"code\": \"%.*s\", \"severity\": \"error\"",
             (int)strcspn(code, "\""), code);
    char *error = strstr(found, "\"severity\": \"error\"");
    if (!strstr(found, expected) || strstr(error + 1, "\"severity\": \"error\""))
      fail_msg("%s\n%s", told, found);
  }
  assert_int_equal(count, 400);
  process_free(&made);
  process_free(&checked);
}

static void run_on_all(process_result made) {
  assert_int_equal(made.status, 0);
  write_file("", made.out.data, made.out.length, "");
  process_result answered = RUN("run", "--events", file, "-e", "true");
  assert_int_equal(answered.status, 0);
  char *at = answered.out.data;
  size_t count = 0;
  for (char *line; (line = next_line(&at)); count++) assert_non_null(strstr(line, "\ttrue"));
  assert_int_equal(count, 300);
  process_free(&made);
  process_free(&answered);
}

static void events_can_be_run(void **state) {
  (void)state;
  run_on_all(RUN("generate", "--seed", "7", "--count", "300", "--kind", "events"));
  run_on_all(RUN("generate", "--seed", "7", "--count", "300", "--kind", "events", "--hostile"));
}

static void more_lines_begin_with_the_same(void **state) {
  (void)state;
  static const char *const kinds[] = {"valid", "invalid", "events"};
  for (size_t i = 0; i < 3; i++) {
    process_result few = RUN("generate", "--seed", "9", "--count", "5", "--kind", kinds[i]);
    process_result many = RUN("generate", "--seed", "9", "--count", "50", "--kind", kinds[i]);
    assert_true(few.out.length < many.out.length);
    assert_memory_equal(few.out.data, many.out.data, few.out.length);
    process_free(&few);
    process_free(&many);
  }
}

/* ---- fuzz ----------------------------------------------------------------------------------- */

#define FIELDS "--fields", "fields.json", "--no-builtin"
#define TYPE   "-t", "test.meter.created"

/* What `run` says of the event in a line of fuzz's, as fuzz told it. */
static void confirm(const char *expression, const char *told, const char *event) {
  write_file("", event, strlen(event), "\n");
  process_result found = RUN("run", FIELDS, "--event", file, TYPE, "-e", expression);
  if (strncmp(told, "error[", 6) == 0) {
    char code[100];
    snprintf(code, sizeof code, "%.*s]", (int)strcspn(told, "]"), told);
    if (found.status != 1 || found.out.length != 0 || !strstr(found.error.data, code))
      fail_msg("%s on %s: %s%s", told, event, found.out.data, found.error.data);
  } else {
    const char *answer = strncmp(told, "true", 4) == 0 ? "true\n" : "false\n";
    if (strcmp(found.out.data, answer) != 0)
      fail_msg("%s on %s: %s%s", told, event, found.out.data, found.error.data);
  }
  process_free(&found);
}

/* Every event that is printed; returns how many there are. */
static size_t confirm_events(const char *expression, process_result found) {
  char *at = found.out.data, *told = NULL;
  size_t count = 0;
  bool failed = false;
  for (char *line; (line = next_line(&at));) {
    bool error = strncmp(line, "error[", 6) == 0;
    failed |= error;
    if (error || strcmp(line, "true on:") == 0 || strcmp(line, "false on:") == 0) told = line;
    if (*line != '{') continue;
    assert_non_null(told);
    confirm(expression, told, line);
    count++;
  }
  assert_int_equal(found.status, failed);
  process_free(&found);
  return count;
}

#define FUZZ "fuzz", FIELDS, TYPE, "--seed", "3", "--runs", "4000", "-e"

static void events_are_confirmed(void **state) {
  (void)state;
  static const char *const expressions[] = {
      "new.count / new.limit > 0.9 AND new.label == \"a \\\"label\\\"\\u0000\"",
      "new.count ^ 0.5 > new.limit OR new.customFields.tier > 3",
      "new.count % (new.limit * 3 - 17.1) > 1 AND IN(new.label, \"é\", \"日本\", \"\\u202E\")",
      "isnull(new.count, 0) == 0 AND new.active == false",
      "Math.round(new.count, 2) == 0.1 OR new.count * 1.5 > 1",
      "new.customFields.a == new.customFields.b AND new.customFields.code != \"x\"",
      "new.count - 0.1 == 0.2 AND new.limit == 9007199254740993"};
  size_t events = 0;
  for (size_t i = 0; i < sizeof expressions / sizeof *expressions; i++) {
    const char *e = expressions[i];
    events += confirm_events(e, i % 2 ? RUN(FUZZ, e, "--hostile") : RUN(FUZZ, e));
  }
  assert_in_range(events, 20, 100);
}

/* Two seconds from now on, Ctrl-C. */
static void interrupt_soon(void) {
  pid_t self = getpid();
  if (fork() != 0) return;
  sleep(2);
  kill(self, SIGINT);
  _exit(0);
}

/* What was found until then is told. */
static void an_interrupt_ends_the_search(void **state) {
  (void)state;
  const char *const words[] = {
      "fuzz", FIELDS, TYPE, "--seed", "1", "--time", "10m", "-e", "new.count > 5 AND new.count < 3",
      NULL};
  process_result found = process_run(binary, data, words, interrupt_soon);
  assert_int_equal(found.status, 0);
  assert_non_null(strstr(found.out.data, "never true\nfalse on:\n{"));
  assert_non_null(strstr(found.error.data, "events in"));
  process_free(&found);
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fputs("usage: random_test BINARY DATA-FOLDER\n", stderr);
    return 2;
  }
  binary = argv[1];
  data = argv[2];
  int descriptor = mkstemp(file);
  if (descriptor < 0) return 2;
  close(descriptor);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(valid_ones_are_valid), cmocka_unit_test(invalid_ones_are_invalid_as_told),
      cmocka_unit_test(events_can_be_run),    cmocka_unit_test(more_lines_begin_with_the_same),
      cmocka_unit_test(events_are_confirmed), cmocka_unit_test(an_interrupt_ends_the_search),
  };
  int failed = cmocka_run_group_tests_name("random", tests, NULL, NULL);
  unlink(file);
  return failed;
}
