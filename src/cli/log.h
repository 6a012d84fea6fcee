/* What is to be printed, kept until it is its turn: results, messages, and notes in between, in
** order. */
#ifndef EVC_CLI_LOG_H
#define EVC_CLI_LOG_H

#include "../base/text.h"
#include "cli.h"

typedef enum cli_log_kind {
  CLI_LOG_RESULT, /* goes to standard output */
  CLI_LOG_ERROR,  /* goes to standard error */
  CLI_LOG_NOTE    /* no text: something that whoever prints the log takes care of */
} cli_log_kind;

/* From `start` on, up to the next part, the text is of that kind. */
typedef struct cli_log_part {
  cli_log_kind kind;
  size_t start;
  void *note;
} cli_log_part;

typedef struct cli_log {
  evc_arena arena;  /* of the text, and of whatever is needed only until the log is cleared */
  evc_builder text; /* append here, after cli_log_to */
  evc_arena part_arena;
  cli_log_part *parts;
  size_t count, capacity;
  bool failed; /* memory ran out */
} cli_log;

void cli_log_init(cli_log *log);
void cli_log_free(cli_log *log);

/* Empty it; memory is kept. */
void cli_log_clear(cli_log *log);

/* What is appended next is of that kind. Returns the builder to append to. */
evc_builder *cli_log_to(cli_log *log, cli_log_kind kind);

/* Something to take care of behind what there is so far. */
void cli_log_note(cli_log *log, void *note);

/* Print everything. False when memory ran out: then that is said, and the log may lack
** something. */
bool cli_log_print(cli_log *log, cli_context *cli, void (*take)(void *context, void *note),
                   void *context);

#endif
