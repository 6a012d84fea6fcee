/* Running evcalc for the tests of files. cmocka.h must have been included. */
#ifndef EVC_TESTS_PROCESS_H
#define EVC_TESTS_PROCESS_H

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct process_text {
  char *data; /* followed by a NUL */
  size_t length;
} process_text;

typedef struct process_result {
  int status;
  process_text out, error;
} process_result;

static inline process_text process_read(FILE *file) {
  process_text text = {malloc(1), 0};
  char buffer[4096];
  size_t count;
  while ((count = fread(buffer, 1, sizeof buffer, file)) > 0) {
    text.data = realloc(text.data, text.length + count + 1);
    assert_non_null(text.data);
    memcpy(text.data + text.length, buffer, count);
    text.length += count;
  }
  assert_non_null(text.data);
  text.data[text.length] = '\0';
  fclose(file);
  return text;
}

static inline process_text process_read_file(const char *path) {
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  return process_read(file);
}

static inline void process_free(process_result *result) {
  free(result->out.data);
  free(result->error.data);
}

/* Run a program in a folder; `prepare`, which may be NULL, is called in the child first. */
static inline process_result process_run(const char *binary, const char *folder,
                                         const char *const *words, void (*prepare)(void)) {
  FILE *out = tmpfile(), *error = tmpfile();
  assert_true(out && error);
  fflush(NULL);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    char *arguments[32] = {(char *)(uintptr_t)binary};
    for (size_t i = 0; words[i]; i++) arguments[i + 1] = (char *)(uintptr_t)words[i];
    if (chdir(folder) != 0 || dup2(fileno(out), 1) < 0 || dup2(fileno(error), 2) < 0) _exit(125);
    if (!freopen("/dev/null", "r", stdin)) _exit(125);
    if (prepare) prepare();
    execv(binary, arguments);
    _exit(126);
  }
  int status;
  while (waitpid(child, &status, 0) < 0) assert_int_equal(errno, EINTR);
  rewind(out);
  rewind(error);
  process_result result = {WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status),
                           process_read(out), process_read(error)};
  return result;
}

#endif
