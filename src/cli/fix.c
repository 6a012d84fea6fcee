/* `check --fix`: each calculation is fixed alone. What is applied goes to the text as it is written in
** the file (json/edits.h). At the end the fixed calculations take the places of the old ones. */
#include "fix.h"

#include <stdlib.h>

#include "../json/edits.h"
#include "../json/judge.h"
#include "check.h"
#include "edits.h"
#include "output.h"
#include "setup.h"

/* The work on one source. */
typedef struct fix_job {
  cli_fixer *fixer;
  const cli_source *source;
  evc_arena kept, scratch; /* for the source; for one calculation */
  cli_splices splices;
  size_t fixes;
} fix_job;

/* Fix one calculation; when it changed, keep what it became. False when out of memory. */
static bool fix_calculation(fix_job *job, const cli_calculation *calculation) {
  const evc_notification *n = &calculation->notification;
  evc_judge against = {.schema = job->fixer->schema, .otherwise = job->fixer->type};
  const evc_event_type *type = evc_judge_type(&against, n->event_name);
  if (!type || evc_text_is_blank(calculation->text) || n->unknown) return true;
  cli_context *cli = job->fixer->cli;
  evc_options options = cli_compile_options(cli, job->fixer->schema);
  evc_fixing fixing = {.type = type,
                       .options = &options,
                       .guesses = cli->options.fix == CLI_FIX_ALL,
                       .arena = &job->scratch};
  cli_text text = cli_text_of(calculation);
  evc_arena_reset(&job->scratch);
  evc_status status = evc_fix_written(&fixing, &text.written, text.json);
  job->fixes += fixing.fixes;
  if (status == EVC_OUT_OF_MEMORY) return false;
  return status == EVC_END || cli_splices_add(&job->splices, calculation, text.written);
}

/* Fix all calculations. EVC_END; EVC_INVALID when the file is Terraform's; EVC_OUT_OF_MEMORY. */
static evc_status fix_all(fix_job *job, cli_source *source) {
  cli_calculation calculation;
  evc_report *report;
  evc_status status;
  while ((status = cli_source_next(source, &calculation, &report)) != EVC_END) {
    evc_report_free(report);
    if (status == EVC_OUT_OF_MEMORY) return status; /* said */
    if (calculation.notification.terraform) return EVC_INVALID;
    if (status == EVC_OK && !fix_calculation(job, &calculation)) {
      cli_out_of_memory(source->cli);
      return EVC_OUT_OF_MEMORY;
    }
  }
  return EVC_END;
}

/* ---- Writing -------------------------------------------------------------------------------- */

/* Hand the fixed text over: to the file, or to standard output. */
static bool deliver(fix_job *job, evc_text fixed) {
  cli_context *cli = job->fixer->cli;
  if (cli->options.diff) return cli_print_difference(job->source, fixed);
  if (cli_source_is_file(job->source))
    return job->splices.count == 0 ||
           cli_file_replace(cli, job->source->path, fixed.data, fixed.length);
  cli_write(cli, fixed.data, fixed.length);
  bool ended = fixed.length && fixed.data[fixed.length - 1] == '\n';
  if (!job->source->path && !ended) cli_write(cli, "\n", 1);
  return true;
}

static bool finish(fix_job *job, cli_source *source) {
  size_t length;
  char *data = cli_splices_apply(&job->splices, &source->file, &length);
  if (!data) {
    cli_out_of_memory(source->cli);
    return false;
  }
  if (!deliver(job, (evc_text){data, length})) {
    free(data);
    return false;
  }
  job->fixer->fixes += job->fixes;
  if (job->splices.count && cli_source_is_file(source)) job->fixer->files++;
  return cli_source_restart(source, data, length);
}

bool cli_fix_source(cli_fixer *fixer, cli_source *source) {
  fix_job job = {.fixer = fixer, .source = source};
  evc_arena_init(&job.kept, NULL, NULL, 0);
  job.splices.arena = &job.kept;
  evc_arena_init(&job.scratch, NULL, NULL, 0);
  evc_status status = fix_all(&job, source);
  bool done = status == EVC_END && finish(&job, source);
  if (status == EVC_INVALID)
    cli_error(fixer->cli,
              "{0}: Terraform printed this file, and --fix would not last: edit the .tf source",
              CLI_ARGS(source->file.name));
  if (!done) cli_source_restart(source, NULL, 0);
  evc_arena_free(&job.scratch);
  evc_arena_free(&job.kept);
  return done;
}

void cli_fix_summary(const cli_fixer *fixer) {
  evc_builder out;
  evc_build_init(&out, &fixer->cli->arena);
  evc_build_string(&out, "evcalc: ");
  evc_build_unsigned(&out, fixer->fixes);
  evc_build_string(&out, fixer->fixes == 1 ? " fix" : " fixes");
  evc_build_string(&out, fixer->cli->options.diff ? " would be applied" : " applied");
  if (fixer->files) {
    evc_build_string(&out, " in ");
    evc_build_unsigned(&out, fixer->files);
    evc_build_string(&out, fixer->files == 1 ? " file" : " files");
  }
  evc_build_char(&out, '\n');
  cli_write_error(fixer->cli, &out);
}
