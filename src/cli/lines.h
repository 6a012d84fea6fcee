/* Reading a stream line by line, in memory that does not grow with the stream. */
#ifndef EVC_CLI_LINES_H
#define EVC_CLI_LINES_H

#include "../base/text.h"

/* The longest line that is read (chosen): far more than any request can need. */
#define CLI_LONGEST_LINE ((size_t)16 * 1024 * 1024)

typedef enum cli_line_status {
  CLI_LINE,          /* `line` is the next one */
  CLI_LINE_TOO_LONG, /* one was longer than CLI_LONGEST_LINE and was skipped */
  CLI_LINES_END,     /* no more */
  CLI_LINES_FAILED   /* see `error` */
} cli_line_status;

typedef struct cli_lines {
  int descriptor;
  void (*pause)(void *context); /* called before a read that would have to wait */
  void *context;
  char *data; /* bytes read but not handed out yet are at [start, end) */
  size_t start, end, capacity;
  size_t searched; /* up to here there is no line end */
  size_t number;   /* of the line handed out last, from 1 */
  bool finished, skipping;
  int error; /* an errno */
} cli_lines;

/* Start from {.descriptor = …, .pause = …, .context = …}. The line comes without its LF and stays
** until the next call. */
cli_line_status cli_lines_next(cli_lines *lines, evc_text *line);

void cli_lines_free(cli_lines *lines);

#endif
