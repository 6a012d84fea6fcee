/* The condition of the streams written in C: it looks for the keys and trusts the rest. */
#define _GNU_SOURCE /* memmem */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "measure.h"
#include "native.h"

/* Where the value of a key starts. */
static const char *value_of(const char *at, const char *end, const char *key) {
  size_t length = strlen(key);
  const char *found = memmem(at, (size_t)(end - at), key, length);
  if (!found) bench_die("an event without %s", key);
  return found + length;
}

static void answer(const char *at, const char *end) {
  const char *id = value_of(at, end, "\"id\":\"");
  const char *dto = value_of(id, end, "\"newDto\":");
  double amount = strtod(value_of(dto, end, "\"amount\":"), NULL);
  double spent = strtod(value_of(dto, end, "\"amountSpent\":"), NULL);
  fwrite(id, 1, strcspn(id, "\""), stdout);
  fputs(spent >= amount * 90 / 100 ? "\ttrue\n" : "\tfalse\n", stdout);
}

void bench_native_stream(const char *path) {
  struct stat status;
  int file = open(path, O_RDONLY);
  if (file < 0 || fstat(file, &status) < 0) bench_die("%s cannot be read", path);
  size_t size = (size_t)status.st_size;
  char *text = mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, 0);
  if (text == MAP_FAILED) bench_die("%s cannot be mapped", path);
  const char *end = text + size;
  for (const char *at = text, *line; at < end; at = line + 1) {
    line = memchr(at, '\n', (size_t)(end - at));
    if (!line) bench_die("an event without a line end");
    answer(at, line);
  }
}
