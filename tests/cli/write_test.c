/* What `evcalc format --write` does to files.  write_test BINARY DATA-FOLDER */
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
static char folder[] = "/tmp/evcalc-write-XXXXXX";

static const char *path_of(const char *name) {
  static char path[1024];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

static void write_file(const char *name, const char *text, mode_t mode) {
  FILE *file = fopen(path_of(name), "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
  assert_int_equal(fclose(file), 0);
  assert_int_equal(chmod(path_of(name), mode), 0);
}

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
    assert_int_equal(unlink(path_of(entry->d_name)), 0);
    count++;
  }
  closedir(directory);
  return count;
}

#define WORDS(...) ((const char *const[]){"format", __VA_ARGS__, NULL})

static void format(const char *const *words, int status, const char *out, const char *error) {
  process_result result = process_run(binary, folder, words, NULL);
  assert_string_equal(result.error.data, error);
  assert_string_equal(result.out.data, out);
  assert_int_equal(result.status, status);
  process_free(&result);
}

static void texts_and_what_is_formatted(void **state) {
  (void)state;
  struct stat before, after;
  write_file("a.txt", "\xEF\xBB\xBF" "a>1\r\nAND b\r\n", 0640);
  write_file("b.txt", "a > 1\n", 0444);
  assert_int_equal(stat(path_of("b.txt"), &before), 0);
  format(WORDS("--write", "a.txt", "b.txt"), 0, "", "evcalc: 1 of 2 files formatted\n");
  expect_file("a.txt", "\xEF\xBB\xBF" "a > 1 AND b\r\n");
  expect_file("b.txt", "a > 1\n");
  assert_int_equal(stat(path_of("b.txt"), &after), 0);
  assert_true(before.st_ino == after.st_ino); /* it was not written */
  assert_int_equal(stat(path_of("a.txt"), &after), 0);
  assert_int_equal(after.st_mode & 07777, 0640);
  format(WORDS("-w", "a.txt", "b.txt"), 0, "", "evcalc: 0 of 2 files formatted\n");
  format(WORDS("--check", "a.txt", "b.txt"), 0, "", "evcalc: 0 of 2 files would change\n");
  assert_int_equal(clear(), 2);
}

/* What --write writes is what is printed without it. */
static void notifications(void **state) {
  (void)state;
  char path[4096];
  snprintf(path, sizeof path, "%s/format.json", data);
  process_text before = process_read_file(path);
  write_file("a.json", before.data, 0644);
  free(before.data);
  process_result printed = process_run(binary, folder, WORDS("a.json"), NULL);
  assert_int_equal(printed.status, 1);
  process_result result = process_run(binary, folder, WORDS("-w", "a.json"), NULL);
  assert_int_equal(result.status, 1);
  assert_string_equal(result.out.data, "");
  assert_non_null(
      strstr(result.error.data, "1 of 1 file formatted; 1 calculation was left as it is\n"));
  process_free(&result);
  expect_file("a.json", printed.out.data);
  process_free(&printed);
  assert_int_equal(clear(), 1);
}

static void what_is_wrong_is_not_written(void **state) {
  (void)state;
  write_file("a.txt", "a>", 0644);
  write_file("b.json", "[{\"calculation\": \"a>1\"}", 0644);
  write_file("c.json", "{\"format_version\": \"1.0\", \"values\": {\"root_module\": {\"resources\": "
                       "[{\"type\": \"m3ter_notification_configuration\", \"values\": "
                       "{\"calculation\": \"a>1\"}}]}}}", 0644);
  write_file("d.txt", "a>1", 0644);
  process_result result =
      process_run(binary, folder, WORDS("-w", "a.txt", "b.json", "c.json", "d.txt"), NULL);
  assert_int_equal(result.status, 2);
  assert_string_equal(result.out.data, "");
  assert_non_null(strstr(result.error.data, "a.txt:1:3"));
  assert_non_null(strstr(result.error.data, "json-malformed"));
  assert_non_null(strstr(result.error.data, "c.json: Terraform printed this file"));
  assert_non_null(
      strstr(result.error.data, "1 of 4 files formatted; 1 calculation was left as it is\n"));
  process_free(&result);
  expect_file("a.txt", "a>");
  expect_file("b.json", "[{\"calculation\": \"a>1\"}");
  expect_file("d.txt", "a > 1\n");
  assert_int_equal(clear(), 4);
}

static void a_check_and_a_difference_write_nothing(void **state) {
  (void)state;
  write_file("a.txt", "a>1\n", 0644);
  format(WORDS("--check", "a.txt"), 1, "a.txt\n", "evcalc: 1 of 1 file would change\n");
  format(WORDS("--diff", "a.txt"), 0, "--- a.txt\n+++ a.txt\n@@ -1 +1 @@\n-a>1\n+a > 1\n",
         "evcalc: 1 of 1 file would change\n");
  expect_file("a.txt", "a>1\n");
  assert_int_equal(clear(), 1);
}

/* More than a GiB is not read, so that a device without end is no trap. */
static void a_file_that_is_too_large(void **state) {
  (void)state;
  write_file("huge", "", 0600);
  assert_int_equal(truncate(path_of("huge"), (off_t)1024 * 1024 * 1024 + 1), 0);
  format(WORDS("huge"), 2, "", "evcalc: cannot read 'huge': File too large\n");
  assert_int_equal(clear(), 1);
}

static void a_file_that_is_read_only(void **state) {
  (void)state;
  write_file("a.txt", "a>1\n", 0444);
  write_file("b.txt", "b>1\n", 0644);
  format(WORDS("-w", "a.txt", "b.txt"), 2, "",
         "evcalc: cannot write 'a.txt': Permission denied\nevcalc: 1 of 2 files formatted\n");
  expect_file("a.txt", "a>1\n");
  expect_file("b.txt", "b > 1\n");
  assert_int_equal(clear(), 2);
}

static void write_little(void) {
  struct rlimit limit = {4, 4};
  signal(SIGXFSZ, SIG_IGN);
  if (setrlimit(RLIMIT_FSIZE, &limit) != 0) _exit(125);
}

/* The file does not fit: what was there stays whole, and nothing is left beside it. */
static void a_write_that_fails(void **state) {
  (void)state;
  write_file("a.txt", "a>1\n", 0644);
  process_result result = process_run(binary, folder, WORDS("-w", "a.txt"), write_little);
  assert_int_equal(result.status, 2);
  process_free(&result);
  expect_file("a.txt", "a>1\n");
  assert_int_equal(clear(), 1);
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fputs("usage: write_test BINARY DATA-FOLDER\n", stderr);
    return 2;
  }
  binary = realpath(argv[1], NULL);
  data = argv[2];
  if (!binary || !mkdtemp(folder)) {
    perror("write_test");
    return 2;
  }
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(texts_and_what_is_formatted),
      cmocka_unit_test(notifications),
      cmocka_unit_test(what_is_wrong_is_not_written),
      cmocka_unit_test(a_check_and_a_difference_write_nothing),
      cmocka_unit_test(a_file_that_is_too_large),
      cmocka_unit_test(a_file_that_is_read_only),
      cmocka_unit_test(a_write_that_fails),
  };
  int failed = cmocka_run_group_tests_name("write", tests, NULL, NULL);
  clear();
  rmdir(folder);
  free((char *)(uintptr_t)binary);
  return failed;
}
