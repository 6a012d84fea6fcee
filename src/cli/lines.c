#include "lines.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"

enum { FIRST_CAPACITY = 64 * 1024 };

/* True when a read would return at once: there are bytes, or the end. */
static bool is_ready(int descriptor) {
  struct pollfd wanted = {.fd = descriptor, .events = POLLIN};
  return poll(&wanted, 1, 0) > 0;
}

/* Make room behind `end`: first by moving what is left to the front, then by growing. */
static bool make_room(cli_lines *lines) {
  if (lines->start > 0) {
    memmove(lines->data, lines->data + lines->start, lines->end - lines->start);
    lines->end -= lines->start;
    lines->searched -= lines->start;
    lines->start = 0;
  }
  if (lines->end < lines->capacity) return true;
  size_t capacity = lines->capacity ? lines->capacity * 2 : FIRST_CAPACITY;
  char *data = realloc(lines->data, capacity);
  if (!data) {
    lines->error = ENOMEM;
    return false;
  }
  lines->data = data;
  lines->capacity = capacity;
  return true;
}

static bool read_more(cli_lines *lines) {
  if (!make_room(lines)) return false;
  if (!is_ready(lines->descriptor)) lines->pause(lines->context);
  long count = cli_read(lines->descriptor, lines->data + lines->end, lines->capacity - lines->end);
  if (count < 0) lines->error = errno;
  else if (count == 0) lines->finished = true;
  else lines->end += (size_t)count;
  return count >= 0;
}

/* Hand out what lies before `length`, and go on behind it and its line end. */
static cli_line_status take(cli_lines *lines, size_t length, size_t line_end, evc_text *line) {
  *line = (evc_text){lines->data + lines->start, length};
  bool skipped = lines->skipping || length > CLI_LONGEST_LINE;
  lines->skipping = false;
  lines->start += length + line_end;
  lines->searched = lines->start;
  lines->number++;
  return skipped ? CLI_LINE_TOO_LONG : CLI_LINE;
}

cli_line_status cli_lines_next(cli_lines *lines, evc_text *line) {
  for (;;) {
    size_t unsearched = lines->end - lines->searched;
    const char *found =
        unsearched ? memchr(lines->data + lines->searched, '\n', unsearched) : NULL;
    if (found) return take(lines, (size_t)(found - lines->data) - lines->start, 1, line);
    lines->searched = lines->end;
    size_t length = lines->end - lines->start;
    if (lines->finished)
      return length || lines->skipping ? take(lines, length, 0, line) : CLI_LINES_END;
    if (lines->skipping || length > CLI_LONGEST_LINE) {
      lines->skipping = true;
      lines->start = lines->end;
    }
    if (!read_more(lines)) return CLI_LINES_FAILED;
  }
}

void cli_lines_free(cli_lines *lines) {
  free(lines->data);
  lines->data = NULL;
}
