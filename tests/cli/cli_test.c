/* Runs the tables of command lines (FORMAT.md):  cli_test [--update] BINARY DATA-FOLDER FILE... */
#define _XOPEN_SOURCE 700 /* realpath, putenv */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_LINES = 4000, MOST_WORDS = 64, MOST_VARIABLES = 16, TIME_LIMIT = 120 };

/* A text of any bytes. */
typedef struct bytes {
  char *data;
  size_t length;
} bytes;

/* One case, as lines of the file, and what comes of them. */
typedef struct test_case {
  const char *name;
  int line;                     /* of the name, from 1 */
  const char *lines[MOST_LINES]; /* behind the name */
  size_t count;
  char *command; /* what `words` point into */
  char *words[MOST_WORDS + 2];
  char *variables[MOST_VARIABLES + 1];
  const char *output; /* NULL, or where standard output goes */
  bytes input;
  int status; /* expected */
} test_case;

typedef struct outcome {
  bytes out, error;
  int status; /* or 1000 and the number of the signal */
} outcome;

typedef struct run_options {
  const char *binary, *folder;
  bool update;
} run_options;

static void die(const char *what, const char *of) {
  fprintf(stderr, "cli_test: %s: %s\n", what, of);
  exit(2);
}

static void *allocate(size_t size) {
  void *memory = malloc(size ? size : 1);
  if (!memory) die("out of memory", "allocate");
  return memory;
}

static void append(bytes *text, const char *data, size_t length) {
  char *grown = realloc(text->data, text->length + length + 1);
  if (!grown) die("out of memory", "append");
  memcpy(grown + text->length, data, length);
  text->data = grown;
  text->length += length;
  grown[text->length] = '\0';
}

static bytes read_file(FILE *file) {
  bytes text = {NULL, 0};
  char buffer[65536];
  size_t count;
  append(&text, "", 0);
  while ((count = fread(buffer, 1, sizeof buffer, file)) > 0) append(&text, buffer, count);
  return text;
}

static bool starts(const char *line, const char *prefix) {
  return strncmp(line, prefix, strlen(prefix)) == 0;
}

/* ---- Reading a case ------------------------------------------------------------------------- */

/* Cut a command line into words, in place. */
static void split_words(test_case *test, char *at) {
  size_t count = 1;
  for (;;) {
    at += strspn(at, " ");
    if (!*at) break;
    if (count > MOST_WORDS) die("too many words", test->name);
    char *to = at;
    test->words[count++] = at;
    while (*at && *at != ' ') {
      if (*at != '\'' && *at != '"') {
        *to++ = *at++;
        continue;
      }
      char quote = *at++;
      while (*at && *at != quote) *to++ = *at++;
      if (!*at++) die("a quote is not closed", test->name);
    }
    bool last = !*at;
    *to = '\0';
    if (last) break;
    at++;
  }
  test->words[count] = NULL;
}

static void append_hex(bytes *text, const char *at) {
  char *end;
  for (;; at = end) {
    unsigned long byte = strtoul(at, &end, 16);
    if (end == at) return;
    char c = (char)byte;
    append(text, &c, 1);
  }
}

static char *copy(const char *text) {
  size_t size = strlen(text) + 1;
  return memcpy(allocate(size), text, size);
}

static void read_case(test_case *test) {
  size_t variables = 0;
  test->status = -1;
  append(&test->input, "", 0);
  for (size_t i = 0; i < test->count; i++) {
    const char *line = test->lines[i];
    if (*line == '$') {
      free(test->command);
      test->command = copy(line + 1);
      split_words(test, test->command);
    } else if (starts(line, "env ")) {
      if (variables == MOST_VARIABLES) die("too many variables", test->name);
      test->variables[variables++] = copy(line + 4);
    } else if (starts(line, "output ")) {
      test->output = line + 7;
    } else if (starts(line, "<- ")) {
      append(&test->input, line + 3, strlen(line + 3));
    } else if (starts(line, "<x ")) {
      append_hex(&test->input, line + 3);
    } else if (*line == '<') {
      if (line[1]) append(&test->input, line + 2, strlen(line + 2));
      append(&test->input, "\n", 1);
    } else if (starts(line, "exit ")) {
      test->status = atoi(line + 5);
    } else if (*line && !strchr("#>!", *line)) {
      die("a line is not understood", line);
    }
  }
  if (!test->command) die("no command line", test->name);
}

/* ---- Running -------------------------------------------------------------------------------- */

extern char **environ;

/* In the child: an environment of what the case sets and what tools need. */
static void set_environment(test_case *test) {
  static const char *const kept[] = {"PATH", "LOCPATH", "ASAN_OPTIONS", "UBSAN_OPTIONS",
                                     "LSAN_OPTIONS"};
  enum { KEPT = sizeof kept / sizeof *kept };
  char *values[KEPT];
  for (size_t i = 0; i < KEPT; i++) {
    const char *value = getenv(kept[i]);
    values[i] = value ? copy(value) : NULL;
  }
  static char *none[1];
  environ = none;
  for (size_t i = 0; i < KEPT; i++)
    if (values[i]) setenv(kept[i], values[i], 1);
  setenv("TERM", "xterm", 1);
  for (size_t i = 0; test->variables[i]; i++) putenv(test->variables[i]);
}

/* In the child: run the binary. */
static void become(const run_options *options, test_case *test, const int files[3]) {
  set_environment(test);
  if (chdir(options->folder) != 0) _exit(125);
  int output = test->output ? open(test->output, O_WRONLY) : files[1];
  if (output < 0 || dup2(files[0], 0) < 0 || dup2(output, 1) < 0 || dup2(files[2], 2) < 0)
    _exit(125);
  alarm(TIME_LIMIT);
  test->words[0] = (char *)(void *)options->binary;
  execv(options->binary, test->words);
  _exit(126);
}

static FILE *temporary(void) {
  FILE *file = tmpfile();
  if (!file) die("tmpfile", strerror(errno));
  return file;
}

static outcome run(const run_options *options, test_case *test) {
  FILE *streams[3];
  int files[3];
  for (size_t i = 0; i < 3; i++) {
    streams[i] = temporary();
    files[i] = fileno(streams[i]);
  }
  fwrite(test->input.data, 1, test->input.length, streams[0]);
  rewind(streams[0]);
  fflush(NULL);
  pid_t child = fork();
  if (child < 0) die("fork", strerror(errno));
  if (child == 0) become(options, test, files);
  int status;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) die("waitpid", strerror(errno));
  outcome result = {.status = WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status)};
  rewind(streams[1]);
  rewind(streams[2]);
  result.out = read_file(streams[1]);
  result.error = read_file(streams[2]);
  for (size_t i = 0; i < 3; i++) fclose(streams[i]);
  return result;
}

/* ---- Comparing ------------------------------------------------------------------------------ */

/* True when the case only says what the stream must contain. */
static bool is_partial(const test_case *test, char sign) {
  const char prefix[] = {sign, '~', ' ', '\0'};
  for (size_t i = 0; i < test->count; i++)
    if (starts(test->lines[i], prefix)) return true;
  return false;
}

static bytes expected(const test_case *test, char sign) {
  bytes text = {NULL, 0};
  append(&text, "", 0);
  for (size_t i = 0; i < test->count; i++) {
    const char *line = test->lines[i];
    if (*line != sign || line[1] == '~') continue;
    if (line[1]) append(&text, line + 2, strlen(line + 2));
    append(&text, "\n", 1);
  }
  return text;
}

static bool compare_stream(const test_case *test, char sign, const char *name,
                           const bytes *found) {
  if (is_partial(test, sign)) {
    bool all = true;
    for (size_t i = 0; i < test->count; i++) {
      const char *line = test->lines[i];
      if (*line != sign || line[1] != '~' || strstr(found->data, line + 3)) continue;
      printf("  %s lacks: %s\n  it is:\n%s", name, line + 3, found->data);
      all = false;
    }
    return all;
  }
  bytes wanted = expected(test, sign);
  bool same = wanted.length == found->length;
  same = same && memcmp(wanted.data, found->data, wanted.length) == 0;
  if (!same) printf("  %s should be:\n%s  and is:\n%s", name, wanted.data, found->data);
  free(wanted.data);
  return same;
}

static bool compare(const char *file, const test_case *test, const outcome *found) {
  bool out = test->output || compare_stream(test, '>', "stdout", &found->out);
  bool error = compare_stream(test, '!', "stderr", &found->error);
  bool status = found->status == test->status;
  if (!status) printf("  the exit status should be %d and is %d\n", test->status, found->status);
  if (!out || !error || !status) printf("%s:%d: FAILED: %s\n", file, test->line, test->name);
  return out && error && status;
}

/* ---- Writing what is ------------------------------------------------------------------------ */

static void write_stream(FILE *file, char sign, const bytes *text) {
  const char *at = text->data, *end = text->data + text->length;
  while (at < end) {
    const char *line_end = memchr(at, '\n', (size_t)(end - at));
    if (!line_end) line_end = end;
    fprintf(file, line_end > at ? "%c " : "%c", sign);
    fwrite(at, 1, (size_t)(line_end - at), file);
    fputc('\n', file);
    at = line_end + 1;
  }
}

/* The lines of a case with what was found in place of what was expected. */
static void write_case(FILE *file, const test_case *test, const outcome *found) {
  bool partial[] = {is_partial(test, '>') || test->output, is_partial(test, '!')};
  fprintf(file, "== %s\n", test->name);
  bool written = false;
  for (size_t i = 0; i <= test->count; i++) {
    const char *line = i < test->count ? test->lines[i] : "";
    bool ours = (*line == '>' && !partial[0]) || (*line == '!' && !partial[1]) ||
                starts(line, "exit ");
    if (ours) continue;
    bool behind = !*line || *line == '#';
    if (behind && !written) {
      if (!partial[0]) write_stream(file, '>', &found->out);
      if (!partial[1]) write_stream(file, '!', &found->error);
      fprintf(file, "exit %d\n", found->status);
      written = true;
    }
    if (i < test->count) fprintf(file, "%s\n", line);
  }
}

/* ---- Files ---------------------------------------------------------------------------------- */

static void free_case(test_case *test) {
  for (size_t i = 0; test->variables[i]; i++) free(test->variables[i]);
  free(test->input.data);
  free(test->command);
  free(test);
}

/* Run a case; true when it is as expected. With `rewritten`, write it there. */
static bool run_case(const run_options *options, const char *path, test_case *test,
                     FILE *rewritten) {
  read_case(test);
  outcome found = run(options, test);
  bool passed = rewritten || compare(path, test, &found);
  if (rewritten) write_case(rewritten, test, &found);
  free(found.out.data);
  free(found.error.data);
  return passed;
}

static bool run_file(const run_options *options, const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) die(path, strerror(errno));
  bytes text = read_file(file);
  fclose(file);
  FILE *rewritten = options->update ? fopen(path, "wb") : NULL;
  if (options->update && !rewritten) die(path, strerror(errno));
  test_case *test = NULL;
  int cases = 0, failed = 0, number = 0;
  for (char *line = text.data, *next; line; line = next) {
    next = strchr(line, '\n');
    if (next) *next++ = '\0';
    else if (!*line) break;
    number++;
    if (starts(line, "== ")) {
      if (test) {
        failed += !run_case(options, path, test, rewritten);
        free_case(test);
      }
      cases++;
      test = memset(allocate(sizeof *test), 0, sizeof *test);
      test->name = line + 3;
      test->line = number;
    } else if (test) {
      if (test->count == MOST_LINES) die("too many lines", test->name);
      test->lines[test->count++] = line;
    } else if (rewritten) {
      fprintf(rewritten, "%s\n", line);
    }
  }
  if (test) {
    failed += !run_case(options, path, test, rewritten);
    free_case(test);
  }
  if (rewritten) fclose(rewritten);
  printf("%s: %d cases, %d failed\n", path, cases, failed);
  free(text.data);
  return failed == 0 && cases > 0;
}

int main(int argc, char **argv) {
  run_options options = {.update = argc > 1 && strcmp(argv[1], "--update") == 0};
  char **at = argv + 1 + options.update;
  if (argc - options.update < 4) die("usage", "cli_test [--update] BINARY DATA-FOLDER FILE...");
  char *binary = realpath(at[0], NULL);
  if (!binary) die(at[0], strerror(errno));
  options.binary = binary;
  options.folder = at[1];
  bool passed = true;
  for (at += 2; *at; at++)
    if (!run_file(&options, *at)) passed = false;
  free(binary);
  return passed ? 0 : 1;
}
