/* What a table of command lines cannot show: answers while the input pauses, memory that does not
** grow, readers that go away, terminals.  stream_test BINARY DATA-FOLDER */
#define _XOPEN_SOURCE 700
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define WITH_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || \
    __has_feature(thread_sanitizer)
#define WITH_SANITIZER 1
#endif
#endif
#ifndef WITH_SANITIZER
#define WITH_SANITIZER 0
#endif

/* Generous: a machine may be busy. */
enum { PATIENCE = 60 * 1000 };

static const char *binary, *folder;

#define REQUEST "{\"eventName\": \"test.meter.created\", \"calculation\": \"new.count > 5\"}\n"
#define ANSWER  "{\"success\": true, \"errorMessage\": null}\n"

/* A running evcalc and our ends of its streams. */
typedef struct child_process {
  pid_t id;
  int in, out, error;
} child_process;

typedef struct child_launch {
  const char *const *words;
  const char *variable; /* "NAME=VALUE", or NULL */
  int terminal;         /* stands for standard output and error, or -1 */
  bool ignore_pipe;     /* SIGPIPE is ignored, as some parents leave it */
} child_launch;

static void close_all(const int *files, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (files[i] >= 0) close(files[i]);
}

static void become(const child_launch *launch, int in, int out, int error) {
  char *words[16] = {(char *)(uintptr_t)binary};
  for (size_t i = 0; launch->words[i]; i++) words[i + 1] = (char *)(uintptr_t)launch->words[i];
  if (launch->ignore_pipe) signal(SIGPIPE, SIG_IGN);
  unsetenv("NO_COLOR");
  setenv("TERM", "xterm", 1);
  if (launch->variable) putenv((char *)(uintptr_t)launch->variable);
  if (chdir(folder) != 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(error, 2) < 0) _exit(125);
  for (int file = 3; file < 64; file++) close(file);
  execv(binary, words);
  _exit(126);
}

static child_process start(const child_launch *launch) {
  int in[2], out[2] = {-1, -1}, error[2] = {-1, -1};
  bool piped = launch->terminal < 0;
  assert_int_equal(pipe(in), 0);
  if (piped) {
    assert_int_equal(pipe(out), 0);
    assert_int_equal(pipe(error), 0);
  }
  child_process process = {fork(), in[1], out[0], error[0]};
  assert_true(process.id >= 0);
  if (process.id == 0)
    become(launch, in[0], piped ? out[1] : launch->terminal, piped ? error[1] : launch->terminal);
  const int theirs[] = {in[0], out[1], error[1]};
  close_all(theirs, 3);
  return process;
}

static int finish(const child_process *process) {
  const int ours[] = {process->in, process->out, process->error};
  close_all(ours, 3);
  int status;
  while (waitpid(process->id, &status, 0) < 0) assert_int_equal(errno, EINTR);
  return status;
}

static void send_all(int file, const char *data, size_t length) {
  while (length > 0) {
    ssize_t count = write(file, data, length);
    if (count < 0 && errno == EINTR) continue;
    assert_true(count > 0);
    data += count;
    length -= (size_t)count;
  }
}

/* Read until `size` bytes are there, the end, or nothing comes any more. */
static size_t receive(int file, char *data, size_t size) {
  size_t length = 0;
  while (length < size) {
    struct pollfd wanted = {.fd = file, .events = POLLIN};
    if (poll(&wanted, 1, PATIENCE) <= 0) break;
    ssize_t count = read(file, data + length, size - length);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    length += (size_t)count;
  }
  return length;
}

static const char *const stream_words[] = {"evaluate", "--ndjson", "--fields", "fields.json",
                                           "--jobs",   "2",        NULL};

/* An answer must not wait in a buffer for the next request, nor for the end. */
static void answers_while_the_input_pauses(void **state) {
  (void)state;
  child_process process = start(&(child_launch){.words = stream_words, .terminal = -1});
  char answer[sizeof ANSWER] = "";
  for (int i = 0; i < 3; i++) {
    send_all(process.in, REQUEST, sizeof REQUEST - 1);
    assert_int_equal(receive(process.out, answer, sizeof ANSWER - 1), sizeof ANSWER - 1);
    assert_string_equal(answer, ANSWER);
  }
  /* half a request gets no answer, its other half then does */
  send_all(process.in, REQUEST, 20);
  struct pollfd wanted = {.fd = process.out, .events = POLLIN};
  assert_int_equal(poll(&wanted, 1, 100), 0);
  send_all(process.in, &REQUEST[20], sizeof REQUEST - 1 - 20);
  assert_int_equal(receive(process.out, answer, sizeof ANSWER - 1), sizeof ANSWER - 1);
  assert_int_equal(finish(&process), 0);
}

/* Send requests, and read answers, both as they go; returns the bytes of answers. */
static size_t converse(size_t requests) {
  child_process process = start(&(child_launch){.words = stream_words, .terminal = -1});
  char block[64 * (sizeof REQUEST - 1)], answers[65536];
  for (size_t i = 0; i < sizeof block; i += sizeof REQUEST - 1)
    memcpy(block + i, REQUEST, sizeof REQUEST - 1);
  assert_int_equal(fcntl(process.in, F_SETFL, O_NONBLOCK), 0);
  size_t left = requests * (sizeof REQUEST - 1), received = 0, at = 0;
  for (;;) {
    struct pollfd ends[] = {{.fd = left ? process.in : -1, .events = POLLOUT},
                            {.fd = process.out, .events = POLLIN}};
    assert_true(poll(ends, 2, PATIENCE) > 0);
    if (ends[0].revents) {
      size_t size = sizeof block - at < left ? sizeof block - at : left;
      ssize_t count = write(process.in, block + at, size);
      if (count > 0) {
        left -= (size_t)count;
        at = (at + (size_t)count) % sizeof block;
      }
      if (left == 0) {
        close(process.in);
        process.in = -1;
      }
    }
    if (ends[1].revents) {
      ssize_t count = read(process.out, answers, sizeof answers);
      assert_true(count >= 0);
      if (count == 0) break;
      received += (size_t)count;
    }
  }
  assert_int_equal(finish(&process), 0);
  return received;
}

/* The largest child so far, in KiB. */
static long largest_child(void) {
  struct rusage usage;
  assert_int_equal(getrusage(RUSAGE_CHILDREN, &usage), 0);
  return usage.ru_maxrss;
}

static void memory_does_not_grow(void **state) {
  (void)state;
  size_t few = 500, many = WITH_SANITIZER ? 5000 : 200000;
  assert_int_equal(converse(few), few * (sizeof ANSWER - 1));
  long before = largest_child();
  assert_int_equal(converse(many), many * (sizeof ANSWER - 1));
  if (!WITH_SANITIZER) assert_in_range(largest_child() - before, 0, 2048);
}

/* ---- Streams of events ---- */

/* Run evcalc on files: its standard input, output and error. */
static int run_on_files(const char *const *words, FILE *in, FILE *out, FILE *error) {
  child_launch launch = {.words = words, .terminal = -1};
  assert_int_equal(fflush(in), 0);
  assert_int_equal(lseek(fileno(in), 0, SEEK_SET), 0);
  child_process process = {fork(), -1, -1, -1};
  assert_true(process.id >= 0);
  if (process.id == 0) become(&launch, fileno(in), fileno(out), fileno(error));
  int status = finish(&process);
  assert_true(WIFEXITED(status));
  return WEXITSTATUS(status);
}

static FILE *open_temporary(void) {
  FILE *file = tmpfile();
  assert_non_null(file);
  return file;
}

/* All of a file, which is closed; free it. */
static char *text_of(FILE *file) {
  assert_int_equal(fseek(file, 0, SEEK_END), 0);
  long size = ftell(file);
  assert_true(size >= 0);
  rewind(file);
  char *text = malloc((size_t)size + 1);
  assert_non_null(text);
  assert_int_equal(fread(text, 1, (size_t)size, file), size);
  text[size] = '\0';
  fclose(file);
  return text;
}

/* `run` and `evaluate` print with four threads what they print with one, in the same order. */
static void same_with_more_jobs(const char *const *single, const char *const *several, FILE *in) {
  FILE *out[] = {open_temporary(), open_temporary()};
  FILE *error[] = {open_temporary(), open_temporary()};
  assert_int_equal(run_on_files(single, in, out[0], error[0]), 2);
  assert_int_equal(run_on_files(several, in, out[1], error[1]), 2);
  char *outs[] = {text_of(out[0]), text_of(out[1])};
  char *errors[] = {text_of(error[0]), text_of(error[1])};
  assert_true(strcmp(outs[0], outs[1]) == 0);
  assert_true(strcmp(errors[0], errors[1]) == 0);
  for (int i = 0; i < 2; i++) {
    free(outs[i]);
    free(errors[i]);
  }
  fclose(in);
}

static void events_stay_in_order(void **state) {
  (void)state;
  static const char *const single[] = {"run", "--jobs", "1", "--fields", "fields.json", "--events",
                                       "-", "-e", "new.count / new.limit > 500", NULL};
  static const char *const several[] = {"run", "--jobs", "4", "--fields", "fields.json", "--events",
                                        "-", "-e", "new.count / new.limit > 500", NULL};
  FILE *in = open_temporary(), *out = open_temporary(), *error = open_temporary();
  int events = WITH_SANITIZER ? 20000 : 100000;
  for (int i = 1; i <= events; i++) {
    if (i % 999 == 7) fprintf(in, "{\"id\": \"%d\", nonsense\n", i);
    else if (i % 777 == 5) fputs("\r\n", in);
    else if (i % 555 == 3)
      fprintf(in, "{\"eventName\": \"test.unknown\", \"id\": \"%d\"}\n", i);
    else
      fprintf(in,
              "{\"id\": \"e%d\", \"eventName\": \"test.meter.%s\", \"new\": {\"count\": %d, "
              "\"limit\": %d}}\n",
              i, i % 3 ? "created" : "updated", i % 1000, i % 333 ? 1 : 0);
  }
  assert_int_equal(run_on_files(several, in, out, error), 2);
  char *answers = text_of(out), *said = text_of(error);
  char *at = answers;
  for (int i = 1; i <= events; i++) {
    char line[64];
    bool named = i % 999 != 7 && i % 777 != 5;
    bool blank = i % 999 != 7 && i % 777 == 5;
    if (blank) continue;
    bool wrong = !named || i % 555 == 3 || i % 333 == 0;
    snprintf(line, sizeof line, "%s%d\t%s\n", !named || i % 555 == 3 ? "" : "e", i,
             wrong ? "error" : i % 1000 > 500 ? "true" : "false");
    if (strncmp(at, line, strlen(line)) != 0) fail_msg("%sinstead of %.40s", line, at);
    at += strlen(line);
  }
  assert_string_equal(at, "");
  at = strstr(said, "<stdin>:7:");
  assert_non_null(at);
  for (int i = 7 + 999; i <= events; i += 999) {
    char place[32];
    snprintf(place, sizeof place, "<stdin>:%d:", i);
    at = strstr(at, place);
    assert_non_null(at);
  }
  free(answers);
  free(said);
  same_with_more_jobs(single, several, in);
}

static void requests_stay_in_order(void **state) {
  (void)state;
  static const char *const single[] = {"evaluate", "--jobs", "1", "--ndjson", "--fields",
                                       "fields.json", "--events", "events.ndjson", NULL};
  static const char *const several[] = {"evaluate", "--jobs", "4", "--ndjson", "--fields",
                                        "fields.json", "--events", "events.ndjson", NULL};
  FILE *in = open_temporary();
  for (int i = 1; i <= (WITH_SANITIZER ? 5000 : 50000); i++)
    if (i % 99 == 7) fprintf(in, "nonsense %d\n", i);
    else if (i % 5 == 0)
      fprintf(in, "{\"eventId\": \"evt-%d\", \"calculation\": \"new.count > 5\"}\n", i);
    else
      fprintf(in, "{\"eventName\": \"test.meter.created\", \"calculation\": \"new.c%d\"}\n", i);
  same_with_more_jobs(single, several, in);
}

#define EVENT_START "{\"id\": \"e\", \"eventName\": \"test.meter.created\", \"new\": {\"pad\": \""
#define EVENT_END   "\", \"count\": 6}}\n"

/* A line of that many bytes. */
static char *long_event(size_t size) {
  char *line = malloc(size + 1);
  assert_non_null(line);
  memset(line, 'x', size);
  memcpy(line, EVENT_START, sizeof EVENT_START - 1);
  memcpy(line + size - (sizeof EVENT_END - 1), EVENT_END, sizeof EVENT_END);
  return line;
}

static const char *const event_words[] = {"run",      "--fields", "fields.json", "--jobs", "2",
                                          "--events", "-",        "-e", "new.count > 5", NULL};

/* 300 MB of events take no more memory than a chunk a thread. */
static void memory_does_not_grow_with_events(void **state) {
  (void)state;
  if (WITH_SANITIZER) skip();
  enum { SIZE = 1500, COUNT = 200000 };
  char *line = long_event(SIZE);
  FILE *out = open_temporary();
  child_launch launch = {.words = event_words, .terminal = -1};
  int in[2];
  assert_int_equal(pipe(in), 0);
  child_process process = {fork(), in[1], -1, -1};
  assert_true(process.id >= 0);
  if (process.id == 0) become(&launch, in[0], fileno(out), 2);
  close(in[0]);
  for (int i = 0; i < COUNT; i++) send_all(in[1], line, SIZE);
  free(line);
  assert_int_equal(finish(&process), 0);
  assert_in_range(largest_child(), 0, 24 * 1024);
  assert_int_equal(fseek(out, 0, SEEK_END), 0);
  assert_int_equal(ftell(out), COUNT * (sizeof "e\ttrue\n" - 1));
  fclose(out);
}

/* Lines of 20 MB between others, the last one without line end. */
static void long_lines(void **state) {
  (void)state;
  enum { LONG = 20 * 1000 * 1000 };
  char *line = long_event(LONG), *second = long_event(200);
  FILE *in = open_temporary(), *out = open_temporary(), *error = open_temporary();
  fputs(second, in);
  fputs(line, in);
  fputs("\n\r\n", in);
  fputs(second, in);
  fputs("{\"id\": \"broken\n", in);
  fwrite(line, 1, LONG - 1, in);
  free(line);
  free(second);
  assert_int_equal(run_on_files(event_words, in, out, error), 2);
  char *answers = text_of(out), *said = text_of(error);
  assert_string_equal(answers, "e\ttrue\ne\ttrue\ne\ttrue\n6\terror\ne\ttrue\n");
  assert_non_null(strstr(said, "<stdin>:6:8\n"));
  free(answers);
  free(said);
  fclose(in);
}

/* Lines that end before, at and behind the end of a chunk, which is 256 KiB, and the ones that are odd:
** blank, with CR, behind a byte order mark, broken, and the last one without an end. From a file, and
** from a pipe, which gives less at once. */
static void lines_at_the_ends_of_chunks(void **state) {
  (void)state;
  enum { CHUNK = 256 * 1024 };
  static const char rest[] = "\r\n\n{\"id\": \"f\", \"new\": {}} nonsense\r\n";
  for (size_t size = CHUNK - 1; size <= CHUNK + 1; size++) {
    char *first = long_event(size - 3), *other = long_event(200), *third = long_event(CHUNK - 6);
    char *text = malloc(4 * (size_t)CHUNK);
    assert_non_null(text);
    int length = sprintf(text, "\xEF\xBB\xBF%s%s%s%s%s%.*s", first, other, rest, third, other, 199,
                         other);
    FILE *in = open_temporary(), *out = open_temporary(), *error = open_temporary();
    fwrite(text, 1, (size_t)length, in);
    assert_int_equal(run_on_files(event_words, in, out, error), 2);
    char *answers = text_of(out), *said = text_of(error);
    static const char expected[] = "e\ttrue\ne\ttrue\n5\terror\ne\ttrue\ne\ttrue\ne\ttrue\n";
    assert_string_equal(answers, expected);
    assert_non_null(strstr(said, "<stdin>:5:24\n"));
    free(answers);
    free(said);
    fclose(in);

    child_process process = start(&(child_launch){.words = event_words, .terminal = -1});
    char piped[sizeof expected] = "";
    send_all(process.in, text, (size_t)length);
    close(process.in);
    assert_int_equal(receive(process.out, piped, sizeof piped), sizeof expected - 1);
    assert_string_equal(piped, expected);
    process.in = -1;
    int status = finish(&process);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 2);
    free(text);
    free(first);
    free(other);
    free(third);
  }
}

static void nothing_at_all(void **state) {
  (void)state;
  static const char *const *const commands[] = {event_words, stream_words};
  for (size_t i = 0; i < 2; i++) {
    FILE *in = open_temporary(), *out = open_temporary(), *error = open_temporary();
    assert_int_equal(run_on_files(commands[i], in, out, error), 0);
    char *answers = text_of(out), *said = text_of(error);
    assert_string_equal(answers, "");
    assert_string_equal(said, "");
    free(answers);
    free(said);
    fclose(in);
  }
}

/* Answers are not held back until the next event comes, as soon as it is plain that it is
** NDJSON. */
static void events_while_the_input_pauses(void **state) {
  (void)state;
  static const char event[] = EVENT_START EVENT_END, answer[] = "e\ttrue\n";
  child_process process = start(&(child_launch){.words = event_words, .terminal = -1});
  char answers[64] = "";
  send_all(process.in, event, sizeof event - 1);
  send_all(process.in, event, sizeof event - 1);
  size_t length = 2 * (sizeof answer - 1);
  assert_int_equal(receive(process.out, answers, length), length);
  send_all(process.in, event, sizeof event - 1);
  assert_int_equal(receive(process.out, answers, sizeof answer - 1), sizeof answer - 1);
  assert_int_equal(finish(&process), 0);
}

/* A line that never ends is answered once and costs no more than the limit. */
static void an_endless_line(void **state) {
  (void)state;
  enum { SIZE = 1 << 20 };
  child_process process = start(&(child_launch){.words = stream_words, .terminal = -1});
  char *spaces = malloc(SIZE);
  assert_non_null(spaces);
  memset(spaces, 'x', SIZE);
  for (int i = 0; i < 40; i++) send_all(process.in, spaces, SIZE);
  free(spaces);
  send_all(process.in, "\n" REQUEST, sizeof REQUEST);
  close(process.in);
  process.in = -1;
  char answers[512] = "", said[512] = "";
  receive(process.out, answers, sizeof answers - 1);
  receive(process.error, said, sizeof said - 1);
  assert_string_equal(answers, "{\"message\": \"the line is longer than 16 MiB\"}\n" ANSWER);
  assert_non_null(strstr(said, "1 request was refused, the first on line 1\n"));
  int status = finish(&process);
  assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 2);
}

/* A reader that goes away ends evcalc, and nobody is told. */
static void reader_goes_away(bool ignore_pipe) {
  child_process process = start(&(child_launch){stream_words, NULL, -1, ignore_pipe});
  signal(SIGPIPE, SIG_IGN);
  close(process.out);
  process.out = -1;
  for (int i = 0; i < 10000; i++)
    if (write(process.in, REQUEST, sizeof REQUEST - 1) < 0) break;
  close(process.in);
  process.in = -1;
  char said[512];
  assert_int_equal(receive(process.error, said, sizeof said), 0);
  int status = finish(&process);
  signal(SIGPIPE, SIG_DFL);
  if (ignore_pipe) assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 2);
  else assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE);
}

static void a_closed_pipe(void **state) {
  (void)state;
  reader_goes_away(false);
  reader_goes_away(true);
}

/* What is printed on a terminal. */
static size_t on_terminal(const char *const *words, const char *variable, char *seen,
                          size_t size) {
  int master = posix_openpt(O_RDWR | O_NOCTTY);
  if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) skip();
  int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
  assert_true(slave >= 0);
  child_launch launch = {.words = words, .variable = variable, .terminal = slave};
  child_process process = start(&launch);
  close(slave);
  size_t length = receive(master, seen, size - 1);
  seen[length] = '\0';
  finish(&process);
  close(master);
  return length;
}

static void colour_is_for_terminals(void **state) {
  (void)state;
  static const char *const words[] = {"check",         "--fields",           "fields.json",
                                      "-t",            "test.meter.created", "-e",
                                      "new.cuont > 5", NULL};
  char seen[4096];
  on_terminal(words, NULL, seen, sizeof seen);
  assert_non_null(strstr(seen, "\x1B[1;31merror[unknown-field]\x1B[0m"));
  on_terminal(words, "NO_COLOR=1", seen, sizeof seen);
  assert_non_null(strstr(seen, "error[unknown-field]"));
  assert_null(strchr(seen, '\x1B'));
  on_terminal(words, "TERM=dumb", seen, sizeof seen);
  assert_null(strchr(seen, '\x1B'));
  on_terminal(words, "NO_COLOR=", seen, sizeof seen);
  assert_non_null(strchr(seen, '\x1B'));

  child_process process = start(&(child_launch){.words = words, .terminal = -1});
  size_t length = receive(process.out, seen, sizeof seen - 1);
  seen[length] = '\0';
  assert_non_null(strstr(seen, "error[unknown-field]"));
  assert_null(strchr(seen, '\x1B'));
  int status = finish(&process);
  assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
}

/* A file of so many Notifications that a bar is worth it, every thousandth of them wrong. */
static void write_many(const char *path, int count) {
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  for (int i = 0; i < count; i++)
    fprintf(file,
            "%s{\"eventName\": \"test.meter.created\", \"calculation\": \"new.count %s 5\"}\n",
            i ? "," : "[", i % 1000 == 0 ? "=" : ">");
  fputs("]\n", file);
  assert_int_equal(fclose(file), 0);
}

/* The bar is for a terminal, for people, and for long work; results come out whole beside it. */
static void a_bar_on_a_terminal(void **state) {
  (void)state;
  char path[] = "/tmp/evcalc-many-XXXXXX";
  int file = mkstemp(path);
  assert_true(file >= 0);
  close(file);
  const char *words[] = {"check", "--fields", "fields.json", path, NULL, NULL};
  enum { SIZE = 1 << 20 };
  char *seen = malloc(SIZE);
  assert_non_null(seen);
  write_many(path, 3000);
  on_terminal(words, NULL, seen, SIZE);
  assert_non_null(strstr(seen, "% /tmp/evcalc-many-"));
  assert_non_null(strstr(seen, "\r\x1B[K"));
  assert_non_null(strstr(seen, "3000 calculations checked: 2997 valid, 3 invalid\r\n"));
  on_terminal(words, "TERM=dumb", seen, SIZE);
  assert_null(strchr(seen, '\x1B'));
  words[4] = "--format=json";
  on_terminal(words, NULL, seen, SIZE);
  assert_null(strchr(seen, '\x1B'));
  words[4] = NULL;
  write_many(path, 500);
  on_terminal(words, NULL, seen, SIZE);
  assert_null(strstr(seen, "\r\x1B[K"));
  free(seen);
  unlink(path);
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fputs("usage: stream_test BINARY DATA-FOLDER\n", stderr);
    return 2;
  }
  binary = realpath(argv[1], NULL);
  folder = argv[2];
  if (!binary) {
    perror(argv[1]);
    return 2;
  }
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(memory_does_not_grow), /* first: it asks for the largest child so far */
      cmocka_unit_test(memory_does_not_grow_with_events), /* second, for the same reason */
      cmocka_unit_test(answers_while_the_input_pauses),
      cmocka_unit_test(events_while_the_input_pauses),
      cmocka_unit_test(events_stay_in_order),
      cmocka_unit_test(requests_stay_in_order),
      cmocka_unit_test(long_lines),
      cmocka_unit_test(lines_at_the_ends_of_chunks),
      cmocka_unit_test(nothing_at_all),
      cmocka_unit_test(an_endless_line),
      cmocka_unit_test(a_closed_pipe),
      cmocka_unit_test(colour_is_for_terminals),
      cmocka_unit_test(a_bar_on_a_terminal),
  };
  int failed = cmocka_run_group_tests_name("stream", tests, NULL, NULL);
  free((char *)(uintptr_t)binary);
  return failed;
}
