/* Writing: results to standard output, everything else to standard error. */
#ifndef EVC_CLI_OUTPUT_H
#define EVC_CLI_OUTPUT_H

#include "../base/text.h"
#include "cli.h"

/* Write to standard output. A failure is kept in cli->write_error; nothing is written after it. */
void cli_write(cli_context *cli, const char *data, size_t length);
void cli_flush(cli_context *cli);

/* Write what was built; says so when memory ran out, and returns false. */
bool cli_write_built(cli_context *cli, evc_builder *builder);

/* The same to standard error, behind all results written so far. */
bool cli_write_error(cli_context *cli, evc_builder *builder);
void cli_write_error_text(cli_context *cli, evc_text text);

/* "evcalc: " and the wording on standard error; {0}, {1} … in it stand for `args`, which are shown
** with control characters escaped. */
void cli_error(cli_context *cli, const char *wording, const evc_text *args);

/* The arguments of cli_error from C strings. */
#define CLI_ARGS(...) cli_texts((const char *const[]){__VA_ARGS__, NULL}, (evc_text[8]){{0}})
const evc_text *cli_texts(const char *const *strings, evc_text texts[8]);

void cli_out_of_memory(cli_context *cli);

/* Columns of the terminal that results go to, 0 when it is none or does not say. */
size_t cli_terminal_width(void);

#endif
