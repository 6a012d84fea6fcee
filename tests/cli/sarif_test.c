/* The shape of a SARIF document, and whether its regions are where an editor would look for them.
** sarif_schema.js holds it against the published schema.  sarif_test BINARY DATA-FOLDER */
#define _XOPEN_SOURCE 700
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../src/base/utf8.h"
#include "../../src/json/grammar.h"
#include "process.h"

static const char *binary, *folder;

/* ---- A document, by paths such as "runs.0.results.2.message.text" --------------------------- */

static const char *skip_blank(const char *at) { return at + strspn(at, " \t\r\n"); }

/* Behind a value of sound JSON. */
static const char *skip_value(const char *at) {
  int depth = 0;
  do {
    at = skip_blank(at);
    if (*at == '"') {
      for (at++; *at != '"'; at++) at += *at == '\\';
      at++;
    } else if (*at == '{' || *at == '[') {
      depth++;
      at++;
    } else if (*at == '}' || *at == ']') {
      depth--;
      at++;
    } else if (*at == ',' || *at == ':') {
      at++;
    } else {
      at += strcspn(at, ",]} \t\r\n");
    }
  } while (depth > 0);
  return at;
}

/* The member or element that the path's first part names; NULL when there is none. */
static const char *step(const char *at, const char *part, size_t length) {
  char closing = *at == '{' ? '}' : ']';
  bool object = *at == '{';
  if (!object && *at != '[') return NULL;
  long index = object ? -1 : strtol(part, NULL, 10);
  for (at = skip_blank(at + 1); *at != closing; index--) {
    bool found = index == 0;
    if (object) {
      const char *end = skip_value(at);
      found = (size_t)(end - at) == length + 2 && memcmp(at + 1, part, length) == 0;
      at = skip_blank(skip_blank(end) + 1);
    }
    if (found) return at;
    at = skip_blank(skip_value(at));
    if (*at == ',') at = skip_blank(at + 1);
  }
  return NULL;
}

static const char *find(const char *at, const char *path) {
  at = skip_blank(at);
  while (at && *path) {
    size_t length = strcspn(path, ".");
    at = step(at, path, length);
    path += length + (path[length] == '.');
  }
  return at;
}

/* A string, decoded; freed by the caller. */
static char *text_at(const char *at, const char *path) {
  const char *value = find(at, path);
  if (!value) fail_msg("there is no %s", path);
  assert_int_equal(*value, '"');
  evc_text inside = {value + 1, (size_t)(skip_value(value) - value) - 2};
  char *text = malloc(inside.length + 1);
  size_t length;
  assert_non_null(text);
  assert_true(evc_json_decode(inside, text, &length));
  text[length] = '\0';
  return text;
}

static void expect_text(const char *at, const char *path, const char *text) {
  char *found = text_at(at, path);
  assert_string_equal(found, text);
  free(found);
}

static void expect_some_text(const char *at, const char *path) {
  char *found = text_at(at, path);
  assert_true(found[0] != '\0');
  free(found);
}

static size_t number_at(const char *at, const char *path) {
  const char *value = find(at, path);
  if (!value) fail_msg("there is no %s", path);
  return (size_t)strtoul(value, NULL, 10);
}

/* ---- Regions -------------------------------------------------------------------------------- */

/* The offset of a line and column, both from 1; a column is a code point. */
static size_t offset_of(evc_text text, size_t line, size_t column) {
  const char *at = text.data + evc_utf8_bom(text), *end = text.data + text.length;
  for (; line > 1; line--) at = strchr(at, '\n') + 1;
  for (; column > 1; column--) evc_utf8_next(&at, end);
  return (size_t)(at - text.data);
}

static void expect_region(evc_text file, const char *region, const char *text) {
  size_t start =
      offset_of(file, number_at(region, "startLine"), number_at(region, "startColumn"));
  size_t end = offset_of(file, number_at(region, "endLine"), number_at(region, "endColumn"));
  assert_int_equal(end - start, strlen(text));
  assert_memory_equal(file.data + start, text, end - start);
}

/* ---- Tests ---------------------------------------------------------------------------------- */

static process_result run(const char *const *words) {
  process_result result = process_run(binary, folder, words, NULL);
  size_t at;
  assert_int_equal(evc_json_check((evc_text){result.out.data, result.out.length}, &at),
                   EVC_JSON_SOUND);
  return result;
}

static void expect_location(const char *location) {
  expect_some_text(location, "physicalLocation.artifactLocation.uri");
  const char *region = find(location, "physicalLocation.region");
  assert_non_null(region);
  assert_true(number_at(region, "startLine") >= 1 && number_at(region, "startColumn") >= 1);
  assert_true(number_at(region, "endLine") > number_at(region, "startLine") ||
              (number_at(region, "endLine") == number_at(region, "startLine") &&
               number_at(region, "endColumn") >= number_at(region, "startColumn")));
}

static void expect_fix(const char *fix) {
  expect_some_text(fix, "description.text");
  expect_some_text(fix, "artifactChanges.0.artifactLocation.uri");
  assert_non_null(find(fix, "artifactChanges.0.replacements.0.deletedRegion.startLine"));
  assert_non_null(find(fix, "artifactChanges.0.replacements.0.insertedContent.text"));
}

static void expect_result(const char *document, const char *result) {
  char path[64];
  char *rule = text_at(result, "ruleId");
  snprintf(path, sizeof path, "runs.0.tool.driver.rules.%zu.id", number_at(result, "ruleIndex"));
  expect_text(document, path, rule);
  free(rule);
  char *level = text_at(result, "level");
  assert_true(strcmp(level, "error") == 0 || strcmp(level, "warning") == 0);
  free(level);
  expect_some_text(result, "message.text");
  assert_non_null(find(result, "locations.0"));
  expect_location(find(result, "locations.0"));
  const char *label = find(result, "relatedLocations.0"), *fix = find(result, "fixes.0");
  if (label) expect_location(label);
  if (label) expect_some_text(label, "message.text");
  if (fix) expect_fix(fix);
}

static void every_required_member_is_there(void **state) {
  (void)state;
  process_result result = run((const char *const[]){
      "check", "--format", "sarif", "--fields", "fields.json", "-t", "test.meter.created", "-e",
      "new.count = (5 +", "notifications.json", "notifications-shape.json", "fixes.json",
      "notifications-malformed.json", NULL});
  const char *document = result.out.data;
  assert_int_equal(result.status, 2);
  expect_text(document, "version", "2.1.0");
  expect_some_text(document, "$schema");
  expect_text(document, "runs.0.columnKind", "unicodeCodePoints");
  expect_text(document, "runs.0.tool.driver.name", "evcalc");
  expect_some_text(document, "runs.0.tool.driver.version");
  assert_null(find(document, "runs.0.tool.driver.informationUri"));
  assert_null(find(document, "runs.1"));
  size_t count = 0;
  char path[64];
  for (const char *one;; count++) {
    snprintf(path, sizeof path, "runs.0.results.%zu", count);
    if (!(one = find(document, path))) break;
    expect_result(document, one);
  }
  assert_in_range(count, 15, 100);
  size_t rules = 0;
  for (const char *rule;; rules++) {
    snprintf(path, sizeof path, "runs.0.tool.driver.rules.%zu", rules);
    if (!(rule = find(document, path))) break;
    expect_some_text(rule, "id");
    expect_some_text(rule, "name");
    expect_some_text(rule, "shortDescription.text");
    expect_some_text(rule, "help.text");
  }
  assert_in_range(rules, 8, count);
  process_free(&result);
}

/* Through a byte order mark, CRLF, tabs, escapes and surrogate pairs. */
static void regions_are_where_the_characters_are(void **state) {
  (void)state;
  static const struct {
    const char *code, *text, *inserted;
  } expected[] = {
      {"undocumented-operator", "=", "=="},
      {"wrong-case", "and", "AND"},
      {"wrong-quotes", "'x\\ud83d\\ude00'", "\\\"x😀\\\""},
      {"undocumented-operator", "=>", ">="},
      {"undocumented-operator", "&&", "AND"},
      {"wrong-quotes", "\\u201cé\\u201d", "\\\"é\\\""},
      {"unclosed-parenthesis", "(", NULL},
  };
  process_result result = run((const char *const[]){"check", "--format", "sarif", "--fields",
                                                    "fields.json", "fixes.json", NULL});
  char path[4096];
  snprintf(path, sizeof path, "%s/fixes.json", folder);
  process_text read = process_read_file(path);
  evc_text file = {read.data, read.length};
  size_t next = 0;
  for (size_t i = 0;; i++) {
    snprintf(path, sizeof path, "runs.0.results.%zu", i);
    const char *one = find(result.out.data, path);
    if (!one || next == sizeof expected / sizeof *expected) break;
    char *code = text_at(one, "ruleId");
    bool wanted = strcmp(code, expected[next].code) == 0;
    free(code);
    if (!wanted) continue;
    expect_region(file, find(one, "locations.0.physicalLocation.region"), expected[next].text);
    const char *replacement = find(one, "fixes.0.artifactChanges.0.replacements.0");
    if (expected[next].inserted) {
      expect_region(file, find(replacement, "deletedRegion"), expected[next].text);
      expect_text(replacement, "insertedContent.text", expected[next].inserted);
    }
    next++;
  }
  assert_int_equal(next, sizeof expected / sizeof *expected);
  free(read.data);
  process_free(&result);
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fputs("usage: sarif_test BINARY DATA-FOLDER\n", stderr);
    return 2;
  }
  binary = realpath(argv[1], NULL);
  folder = argv[2];
  if (!binary) {
    perror(argv[1]);
    return 2;
  }
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_required_member_is_there),
      cmocka_unit_test(regions_are_where_the_characters_are),
  };
  int failed = cmocka_run_group_tests_name("sarif", tests, NULL, NULL);
  free((char *)(uintptr_t)binary);
  return failed;
}
