/* What `evcalc check --fix` does to files.  fix_test BINARY DATA-FOLDER */
#define _XOPEN_SOURCE 700
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "process.h"

static const char *binary, *data; /* the folder of test data */
static char fields[4096];         /* the option --fields=FILE */
static char folder[] = "/tmp/evcalc-fix-XXXXXX";

#define BROKEN "{\"eventName\": \"test.meter.created\", \"calculation\": \"new.count = 5\"}\n"
#define FIXED  "{\"eventName\": \"test.meter.created\", \"calculation\": \"new.count == 5\"}\n"

#define FIELDS "{\"events\": {\"test.meter.created\": {\"new.count\": \"double\"}}}"

static const char *path_of(const char *name) {
  static char path[1024];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

static void write_file(const char *name, const char *text, size_t length, mode_t mode) {
  FILE *file = fopen(path_of(name), "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(text, 1, length, file), length);
  assert_int_equal(fclose(file), 0);
  assert_int_equal(chmod(path_of(name), mode), 0);
}

static void write_broken(const char *name) { write_file(name, BROKEN, sizeof BROKEN - 1, 0644); }

static void expect_file(const char *name, const char *text) {
  process_text found = process_read_file(path_of(name));
  assert_string_equal(found.data, text);
  free(found.data);
}

/* Remove all files; their number is returned, what is hidden included. */
static size_t clear(void) {
  size_t count = 0;
  DIR *directory = opendir(folder);
  assert_non_null(directory);
  for (struct dirent *entry; (entry = readdir(directory));) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    const char *path = path_of(entry->d_name);
    assert_true(unlink(path) == 0 || rmdir(path) == 0);
    count++;
  }
  closedir(directory);
  return count;
}

/* Run `check --fields …` with some words. */
static process_result check_prepared(const char *const *words, void (*prepare)(void)) {
  const char *all[16] = {"check", fields};
  for (size_t i = 0; words[i]; i++) all[i + 2] = words[i];
  return process_run(binary, folder, all, prepare);
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void check(const char *const *words, int status, const char *out, const char *error) {
  process_result result = check_prepared(words, NULL);
  assert_string_equal(result.error.data, error);
  if (out) assert_string_equal(result.out.data, out);
  assert_int_equal(result.status, status);
  process_free(&result);
}

/* A byte order mark, CRLF, tabs, escapes and a surrogate pair stay; two Notifications are fixed. */
static void layout_and_permissions_stay(void **state) {
  (void)state;
  char path[4096];
  snprintf(path, sizeof path, "%s/fixes.json", data);
  process_text before = process_read_file(path);
  write_file("fixes.json", before.data, before.length, 0640);
  free(before.data);
  process_result result = check_prepared(WORDS("--fix", "fixes.json"), NULL);
  assert_non_null(strstr(result.error.data, "evcalc: 6 fixes applied in 1 file\n"));
  assert_int_equal(result.status, 1);
  process_free(&result);
  expect_file(
      "fixes.json",
      "\xEF\xBB\xBF[\r\n"
      "\t{\"name\": \"first\", \"eventName\": \"test.meter.created\",\r\n"
      "\t \"calculation\": \"new.count == 5\\u0020AND new.label \\u0022==\\u0022 \\\"x😀\\\"\"},\r\n"
      "\t{\"name\": \"\\u0073econd, \\u202e%\", \"calculation\": \"new.count >= 5 "
      "AND\\tnew.label == \\\"é\\\"\", \"eventName\": \"test.meter.created\"},\r\n"
      "\t{\"name\": \"third\", \"eventName\": \"test.meter.created\", \"calculation\": \"NOT "
      "new.active AND (new.count == new.label\"}\r\n"
      "]");
  struct stat status;
  assert_int_equal(stat(path_of("fixes.json"), &status), 0);
  assert_int_equal(status.st_mode & 07777, 0640);
  assert_int_equal(clear(), 1);
}

static void what_is_right_is_not_written(void **state) {
  (void)state;
  write_file("right.json", FIXED, sizeof FIXED - 1, 0444);
  struct stat before, after;
  assert_int_equal(stat(path_of("right.json"), &before), 0);
  check(WORDS("--fix", "right.json"), 0, "",
        "evcalc: 0 fixes applied\n1 calculation checked: 1 valid, 0 invalid\n");
  assert_int_equal(stat(path_of("right.json"), &after), 0);
  assert_true(before.st_ino == after.st_ino);
  assert_int_equal(clear(), 1);
}

static void several_files(void **state) {
  (void)state;
  write_broken("a.json");
  write_broken("b.json");
  write_file("c.txt", "\xEF\xBB\xBFnew.count\r\n\t= 5 and true", 27, 0600);
  check(WORDS("--fix", "-t", "test.meter.created", "--allow=constant-condition", "a.json", "b.json",
              "a.json", "c.txt"),
        0, "",
        "evcalc: 4 fixes applied in 3 files\n4 calculations checked: 4 valid, 0 invalid\n");
  expect_file("a.json", FIXED);
  expect_file("b.json", FIXED);
  expect_file("c.txt", "\xEF\xBB\xBFnew.count\r\n\t== 5 AND true");
  assert_int_equal(clear(), 3);
}

static void a_difference_writes_nothing(void **state) {
  (void)state;
  write_broken("a.json");
  check(WORDS("--diff", "a.json"), 0,
        "--- a.json\n+++ a.json\n@@ -1 +1 @@\n-" BROKEN "+" FIXED,
        "evcalc: 1 fix would be applied in 1 file\n1 calculation checked: 1 valid, 0 invalid\n");
  expect_file("a.json", BROKEN);
  assert_int_equal(clear(), 1);
}

static void other_formats_tell_what_remains(void **state) {
  (void)state;
  write_broken("a.json");
  check(WORDS("--fix", "--format=json", "a.json"), 0,
        "{\"file\": \"a.json\", \"name\": null, \"eventName\": \"test.meter.created\", "
        "\"calculation\": \"new.count == 5\", \"valid\": true, \"fields\": [\"new.count\"], "
        "\"diagnostics\": []}\n",
        "evcalc: 1 fix applied in 1 file\n");
  expect_file("a.json", FIXED);
  assert_int_equal(clear(), 1);
}

static void links_stay(void **state) {
  (void)state;
  assert_int_equal(mkdir(path_of("below"), 0755), 0);
  write_broken("below/real.json");
  assert_int_equal(symlink("below/real.json", path_of("link.json")), 0);
  check(WORDS("--fix", "link.json"), 0, "",
        "evcalc: 1 fix applied in 1 file\n1 calculation checked: 1 valid, 0 invalid\n");
  struct stat status;
  assert_int_equal(lstat(path_of("link.json"), &status), 0);
  assert_true(S_ISLNK(status.st_mode));
  expect_file("below/real.json", FIXED);
  assert_int_equal(unlink(path_of("below/real.json")), 0);
  assert_int_equal(clear(), 2); /* below is empty, or it could not be removed */
}

static void a_file_that_is_read_only(void **state) {
  (void)state;
  write_file("a.json", BROKEN, sizeof BROKEN - 1, 0444);
  write_broken("b.json");
  process_result result = check_prepared(WORDS("--fix", "a.json", "b.json"), NULL);
  assert_non_null(strstr(result.error.data, "evcalc: cannot write 'a.json': Permission denied\n"));
  assert_non_null(strstr(result.error.data, "evcalc: 1 fix applied in 1 file\n"));
  assert_non_null(strstr(result.out.data, " --> a.json:1:63 "));
  assert_int_equal(result.status, 2);
  process_free(&result);
  expect_file("a.json", BROKEN);
  expect_file("b.json", FIXED);
  assert_int_equal(clear(), 2);
}

/* Root may write anywhere: be someone else. */
static void become_nobody(void) {
  if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(125);
}

static void a_folder_that_is_read_only(void **state) {
  (void)state;
  write_file("a.json", BROKEN, sizeof BROKEN - 1, 0666);
  write_file("fields.json", FIELDS, sizeof FIELDS - 1, 0644); /* nobody may not look elsewhere */
  assert_int_equal(chmod(folder, 0555), 0);
  process_result result = process_run(
      binary, folder, WORDS("check", "--fields", "fields.json", "--fix", "a.json"), become_nobody);
  assert_int_equal(chmod(folder, 0755), 0);
  bool unable = result.status == 126; /* nobody may not run the binary where it is */
  if (!unable) {
    assert_non_null(strstr(result.error.data, "cannot write 'a.json': Permission denied\n"));
    assert_int_equal(result.status, 2);
  }
  process_free(&result);
  expect_file("a.json", BROKEN);
  assert_int_equal(clear(), 2);
  if (unable) skip();
}

static void write_little(void) {
  struct rlimit limit = {40, 40};
  signal(SIGXFSZ, SIG_IGN);
  if (setrlimit(RLIMIT_FSIZE, &limit) != 0) _exit(125);
}

/* The file does not fit: what was there stays whole, and nothing is left beside it. Standard output
** and error are files too and may be cut. */
static void a_write_that_fails(void **state) {
  (void)state;
  write_broken("a.json");
  process_result result = check_prepared(WORDS("--fix", "a.json"), write_little);
  assert_memory_equal(result.error.data, "evcalc: cannot write 'a.json': File too", 39);
  assert_int_equal(result.status, 2);
  process_free(&result);
  expect_file("a.json", BROKEN);
  assert_int_equal(clear(), 1);
}

static void names_of_files_are_escaped(void **state) {
  (void)state;
  write_broken("a,b:c%\x1B ü.json");
  process_result result =
      check_prepared(WORDS("--format=github", "a,b:c%\x1B ü.json"), NULL);
  assert_string_equal(result.out.data,
                      "::error file=a%2Cb%3Ac%25\\u001B ü.json,line=1,endLine=1,col=63,"
                      "endColumn=64,title=undocumented-operator::'=' is not an operator of the "
                      "language%0Awrite ==\n");
  process_free(&result);
  result = check_prepared(WORDS("--format=sarif", "./a,b:c%\x1B ü.json"), NULL);
  assert_non_null(strstr(result.out.data, "\"uri\": \"a%2Cb%3Ac%25%1B%20%C3%BC.json\""));
  process_free(&result);
  result = check_prepared(WORDS("--format=sarif", path_of("a,b:c%\x1B ü.json")), NULL);
  assert_non_null(strstr(result.out.data, "\"uri\": \"file:///tmp/evcalc-fix-"));
  process_free(&result);
  assert_int_equal(clear(), 1);
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fputs("usage: fix_test BINARY DATA-FOLDER\n", stderr);
    return 2;
  }
  binary = realpath(argv[1], NULL);
  data = argv[2];
  char *list = realpath(data, NULL);
  if (!binary || !list || !mkdtemp(folder) || chmod(folder, 0755) != 0) {
    perror("fix_test");
    return 2;
  }
  snprintf(fields, sizeof fields, "--fields=%s/fields.json", list);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(layout_and_permissions_stay),
      cmocka_unit_test(what_is_right_is_not_written),
      cmocka_unit_test(several_files),
      cmocka_unit_test(a_difference_writes_nothing),
      cmocka_unit_test(other_formats_tell_what_remains),
      cmocka_unit_test(links_stay),
      cmocka_unit_test(a_file_that_is_read_only),
      cmocka_unit_test(a_folder_that_is_read_only),
      cmocka_unit_test(a_write_that_fails),
      cmocka_unit_test(names_of_files_are_escaped),
  };
  int failed = cmocka_run_group_tests_name("fix", tests, NULL, NULL);
  clear();
  rmdir(folder);
  free(list);
  free((char *)(uintptr_t)binary);
  return failed;
}
