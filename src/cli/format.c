/* `evcalc format`: calculations laid out, as text or where they stand in Notification files.
**
** Each calculation is formatted alone. One that cannot be read is told on standard error and left as
** it is; the others around it are formatted all the same. */
#include <stdlib.h>
#include <string.h>

#include "../report/draft.h"
#include "edits.h"
#include "options.h"
#include "output.h"

/* The whole run. */
typedef struct calculation_formatter {
  cli_context *cli;
  cli_status status;
  size_t sources, changed; /* changed, or it would be */
  size_t left;             /* calculations that could not be read */
  bool stopped;            /* memory ran out, or standard output cannot be written */
} calculation_formatter;

/* The work on one source. */
typedef struct format_job {
  calculation_formatter *formatter;
  cli_source *source;
  evc_arena kept, scratch; /* for the source; for one calculation */
  cli_splices splices;
} format_job;

static void fail(calculation_formatter *formatter) { formatter->status = CLI_WRONG; }

static void lose_memory(calculation_formatter *formatter) {
  fail(formatter);
  formatter->stopped = true;
}

/* ---- One calculation ------------------------------------------------------------------------ */

static bool has_line_break(evc_text text) {
  return memchr(text.data, '\n', text.length) || memchr(text.data, '\r', text.length);
}

/* A string of JSON is one line in the file whatever is in it, so that there only what has lines
** already, or is asked for, is broken. A file ends its last line. */
static evc_format_options options_for(const format_job *job, const cli_calculation *calculation) {
  size_t width = job->formatter->cli->options.width;
  bool json = calculation->in_notification;
  bool one_line = json && !width && !has_line_break(calculation->text);
  return (evc_format_options){.columns = one_line ? EVC_ONE_LINE : (uint32_t)width,
                              .final_line_end = !json && job->source->path};
}

static void tell(format_job *job, const cli_calculation *calculation, const evc_report *report) {
  calculation_formatter *formatter = job->formatter;
  evc_builder out;
  evc_build_init(&out, &job->scratch);
  cli_build_calculation_report(&out, formatter->cli->error_style, report, calculation);
  if (!cli_write_error(formatter->cli, &out)) lose_memory(formatter);
  formatter->status = cli_worse(formatter->status, CLI_INVALID);
  formatter->left++;
}

/* False when out of memory. */
static bool keep(format_job *job, const cli_calculation *calculation,
                 const evc_formatted *formatted) {
  size_t count = evc_formatted_edit_count(formatted);
  if (count == 0) return true;
  evc_edit *edits = evc_arena_alloc(&job->scratch, count * sizeof *edits);
  if (!edits) return false;
  for (size_t i = 0; i < count; i++) edits[i] = evc_formatted_edit(formatted, i);
  cli_text text = cli_text_of(calculation);
  evc_builder out;
  evc_build_init(&out, &job->scratch);
  cli_build_edited(&out, &text, edits, count);
  evc_text written = evc_build_end(&out);
  return written.data && cli_splices_add(&job->splices, calculation, written);
}

static void format_calculation(format_job *job, const cli_calculation *calculation) {
  if (calculation->in_notification && evc_text_is_blank(calculation->text)) return;
  evc_format_options options = options_for(job, calculation);
  evc_report *report;
  evc_arena_reset(&job->scratch);
  evc_formatted *formatted =
      evc_format(calculation->text.data, calculation->text.length, &options, &report);
  bool enough = formatted || report != evc_report_out_of_memory();
  if (formatted) enough = keep(job, calculation, formatted);
  else if (enough) tell(job, calculation, report);
  if (!enough) {
    cli_out_of_memory(job->formatter->cli);
    lose_memory(job->formatter);
  }
  evc_formatted_free(formatted);
  evc_report_free(report);
}

/* ---- One source ----------------------------------------------------------------------------- */

/* False when the file is Terraform's, which is said. */
static bool format_calculations(format_job *job) {
  calculation_formatter *formatter = job->formatter;
  cli_calculation calculation;
  evc_status status;
  while (!formatter->stopped &&
         (status = cli_source_next(job->source, &calculation, NULL)) != EVC_END) {
    if (calculation.notification.terraform) {
      cli_error(formatter->cli,
                "{0}: Terraform printed this file, and a new layout would not last: edit the .tf "
                "source",
                CLI_ARGS(job->source->file.name));
      fail(formatter);
      return false;
    }
    if (status == EVC_OK) format_calculation(job, &calculation);
    else fail(formatter); /* said */
    if (status == EVC_OUT_OF_MEMORY) formatter->stopped = true;
  }
  return true;
}

static bool print_name(cli_context *cli, const char *name) {
  evc_builder out;
  evc_build_init(&out, &cli->arena);
  evc_build_quoted(&out, evc_text_of(name), strlen(name));
  evc_build_char(&out, '\n');
  return cli_write_built(cli, &out);
}

/* An expression is a line of its own. */
static bool print_whole(const format_job *job, evc_text after) {
  cli_context *cli = job->formatter->cli;
  cli_write(cli, after.data, after.length);
  if (!job->source->path) cli_write(cli, "\n", 1);
  return true;
}

/* Hand over what became of the source. False, said on standard error, when that cannot be. */
static bool deliver(const format_job *job, evc_text after) {
  cli_context *cli = job->formatter->cli;
  bool changed = job->splices.count > 0;
  if (cli->options.diff) return cli_print_difference(job->source, after);
  if (cli->options.check) return !changed || print_name(cli, job->source->file.name);
  if (!cli->options.write) return print_whole(job, after);
  return !changed || cli_file_replace(cli, job->source->path, after.data, after.length);
}

static void finish(format_job *job) {
  calculation_formatter *formatter = job->formatter;
  size_t length;
  char *data = cli_splices_apply(&job->splices, &job->source->file, &length);
  if (!data) {
    cli_out_of_memory(formatter->cli);
    lose_memory(formatter);
    return;
  }
  bool delivered = deliver(job, (evc_text){data, length});
  free(data);
  if (!delivered) fail(formatter);
  else if (job->splices.count) formatter->changed++;
}

static void format_source(calculation_formatter *formatter, const char *expression,
                          const char *path) {
  cli_source source;
  format_job job = {.formatter = formatter, .source = &source};
  evc_arena_init(&job.kept, NULL, NULL, 0);
  evc_arena_init(&job.scratch, NULL, NULL, 0);
  job.splices.arena = &job.kept;
  formatter->sources++;
  if (!cli_source_open(&source, formatter->cli, expression, path)) fail(formatter);
  else if (format_calculations(&job) && !formatter->stopped) finish(&job);
  cli_source_close(&source);
  evc_arena_free(&job.scratch);
  evc_arena_free(&job.kept);
  if (formatter->cli->write_error) formatter->stopped = true;
}

/* ---- The whole run -------------------------------------------------------------------------- */

/* "1 of 3 files would change; 2 calculations were left as they are" */
static void print_summary(const calculation_formatter *formatter) {
  cli_context *cli = formatter->cli;
  evc_builder out;
  evc_build_init(&out, &cli->arena);
  evc_build_string(&out, "evcalc: ");
  evc_build_unsigned(&out, formatter->changed);
  evc_build_string(&out, " of ");
  evc_build_unsigned(&out, formatter->sources);
  evc_build_string(&out, formatter->sources == 1 ? " file" : " files");
  evc_build_string(&out, cli->options.write ? " formatted" : " would change");
  if (formatter->left) {
    evc_build_string(&out, "; ");
    evc_build_unsigned(&out, formatter->left);
    evc_build_string(&out, formatter->left == 1 ? " calculation was left as it is"
                                                : " calculations were left as they are");
  }
  evc_build_char(&out, '\n');
  cli_write_error(cli, &out);
}

static bool check_usage(cli_context *cli) {
  const cli_options *options = &cli->options;
  bool unwritable = options->expression || options->operands.count == 0;
  for (size_t i = 0; i < options->operands.count; i++)
    if (strcmp(options->operands.items[i], "-") == 0) unwritable = true;
  const char *wrong = NULL;
  if (options->format != CLI_TEXT)
    wrong = "--format is for diagnostics and answers: leave it out, format prints calculations";
  else if (options->write && options->check)
    wrong = "--write changes the files that --check only names: leave out one of them";
  else if (options->write && options->diff)
    wrong = "--write changes the files of which --diff only shows the change: leave out one of them";
  else if (options->write && unwritable)
    wrong = "--write changes files, not an expression or standard input: name a FILE";
  if (wrong) cli_error(cli, wrong, NULL);
  return !wrong;
}

cli_status cli_format_command(cli_context *cli) {
  const cli_options *options = &cli->options;
  calculation_formatter formatter = {.cli = cli};
  if (!check_usage(cli)) return CLI_WRONG;
  if (!options->expression && !cli_default_operand(cli)) return CLI_WRONG;
  if (options->expression) format_source(&formatter, options->expression, NULL);
  for (size_t i = 0; i < options->operands.count && !formatter.stopped; i++)
    format_source(&formatter, NULL, options->operands.items[i]);
  if ((options->check || options->diff || options->write) && !formatter.stopped)
    print_summary(&formatter);
  if (options->check && formatter.changed)
    formatter.status = cli_worse(formatter.status, CLI_INVALID);
  return formatter.status;
}
