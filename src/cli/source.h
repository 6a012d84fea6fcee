/* Where calculations come from: an expression, a file with a calculation's text, or a file with
** Notification configurations. */
#ifndef EVC_CLI_SOURCE_H
#define EVC_CLI_SOURCE_H

#include "../base/text.h"
#include "../json/notifications.h"
#include "../json/write.h"
#include "cli.h"
#include "files.h"

/* A place in a file; lines and columns from 1. */
typedef struct cli_position {
  size_t offset, line, column;
} cli_position;

/* An expression or a file, and how far it has been read. */
typedef struct cli_source {
  cli_context *cli;
  const char *path; /* as on the command line; NULL: the text is that of --expression */
  cli_file file;
  bool borrowed;                   /* the file's data is the command line's */
  evc_notification_reader *reader; /* NULL: the text is one calculation */
  bool taken;                      /* that one calculation has been handed out */
  cli_position start, known;       /* of the Notification, and of the place asked for last */
} cli_source;

/* One calculation. Its texts live until the source's next call. */
typedef struct cli_calculation {
  cli_source *source;
  bool in_notification;
  bool unread;                   /* there is none: the file as a whole is wrong */
  evc_notification notification; /* name, eventName …; all absent for bare text */
  evc_text text;                 /* absent when the Notification has none */
  evc_json_span about;           /* what is said of the Notification itself is about this place */
} cli_calculation;

/* Where something is in the file, end exclusive; columns are code points. */
typedef struct cli_region {
  cli_position start, end;
} cli_region;

/* Open `expression`, or when that is NULL the file `path`. False, said on standard error, when it
** cannot be read. Close it in any case. */
bool cli_source_open(cli_source *source, cli_context *cli, const char *expression,
                     const char *path);
void cli_source_close(cli_source *source);

/* Begin again, with `data` (from malloc, followed by a NUL, now the source's) in place of what the
** file held, or with the same when it is NULL. False when out of memory, which is said. */
bool cli_source_restart(cli_source *source, char *data, size_t length);

/* The next calculation: EVC_OK, EVC_END; EVC_OUT_OF_MEMORY, said on standard error; EVC_INVALID
** when a Notification, or the file as a whole, cannot be read: the report says why, and
** `calculation` which. With `report` NULL that is said on standard error. The next ones can be
** read. */
evc_status cli_source_next(cli_source *source, cli_calculation *calculation, evc_report **report);

/* The one calculation of the source, for a command that takes one; its texts live as long as the run.
** False, said on standard error, when there is none, or several. */
bool cli_source_only(cli_source *source, cli_calculation *calculation);

/* A span of the calculation's text as it is in the file. */
cli_region cli_region_in_text(const cli_calculation *calculation, size_t start, size_t end);

/* Where a diagnostic is in the file; false when it is about the file as a whole. */
bool cli_region_of(const cli_calculation *calculation, const evc_diagnostic *diagnostic,
                   cli_region *region);

/* Append a report on a calculation. In a Notification, places are told in the file too. */
void cli_build_calculation_report(evc_builder *out, evc_style style, const evc_report *report,
                                  const cli_calculation *calculation);

/* Append a diagnostic on a calculation in JSON. */
void cli_build_json_diagnostic(evc_builder *out, const evc_diagnostic *diagnostic,
                               const cli_calculation *calculation);

#endif
