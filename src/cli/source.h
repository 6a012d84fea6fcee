/* Where calculations come from: an expression, a file with a calculation's text, or a file with
** Notification configurations. */
#ifndef EVC_CLI_SOURCE_H
#define EVC_CLI_SOURCE_H

#include "../base/text.h"
#include "../json/notifications.h"
#include "cli.h"
#include "files.h"

/* An expression or a file, and how far it has been read. */
typedef struct cli_source {
  cli_context *cli;
  const char *path; /* as on the command line; NULL: the text is that of --expression */
  cli_file file;    /* its data is borrowed when the text is an expression */
  evc_notification_reader *reader; /* NULL: the text is one calculation */
  bool taken;                      /* that one calculation has been handed out */
  size_t known_start, known_line;  /* a line of the file, for finding those behind it */
} cli_source;

/* One calculation. Its texts live until the source's next call. */
typedef struct cli_calculation {
  cli_source *source;
  bool in_notification;
  evc_notification notification; /* name, eventName …; all absent for bare text */
  evc_text text;                 /* absent when the Notification has none */
} cli_calculation;

/* Open `expression`, or when that is NULL the file `path`. False, said on standard error, when it
** cannot be read. Close it in any case. */
bool cli_source_open(cli_source *source, cli_context *cli, const char *expression,
                     const char *path);
void cli_source_close(cli_source *source);

/* The next calculation: EVC_OK, EVC_END; EVC_INVALID when a Notification cannot be read, which is
** said on standard error and keeps no others from being read; EVC_OUT_OF_MEMORY, said too. */
evc_status cli_source_next(cli_source *source, cli_calculation *calculation);

/* Append a report on a calculation. In a Notification, places are told in the file too. */
void cli_build_calculation_report(evc_builder *out, evc_style style, const evc_report *report,
                                  const cli_calculation *calculation);

/* Append a diagnostic on a calculation in JSON. */
void cli_build_json_diagnostic(evc_builder *out, const evc_diagnostic *diagnostic,
                               const cli_calculation *calculation);

#endif
