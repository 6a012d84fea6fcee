/* How a text is fixed
**
** Each calculation is fixed alone: compile it, take the fixes of its errors in the order of the
** text, leave those that touch one taken before, apply them, and compile again, until nothing is
** left that can be fixed. What is applied goes to the text as it is written in the file (edits.h).
** At the end the fixed calculations take the places of the old ones in the file. */
#include "fix.h"

#include <stdlib.h>

#include "../json/grammar.h"
#include "check.h"
#include "edits.h"
#include "output.h"
#include "setup.h"

/* Chosen: more than any text needs in which fixes uncover others. */
enum { MOST_ROUNDS = 64 };

/* The work on one source. */
typedef struct fix_job {
  cli_fixer *fixer;
  const cli_source *source;
  evc_arena kept, scratch; /* for the source; for one calculation */
  cli_splices splices;
  size_t fixes;
} fix_job;

/* The edits taken in one round, ascending. */
typedef struct edit_list {
  evc_edit *items;
  size_t count, capacity;
} edit_list;

/* ---- Choosing ------------------------------------------------------------------------------- */

static const evc_fix *choose(const fix_job *job, const evc_diagnostic *d) {
  if (d->severity != EVC_ERROR) return NULL;
  for (size_t i = 0; i < d->fix_count; i++)
    if (d->fixes[i].safe) return &d->fixes[i];
  bool all = job->fixer->cli->options.fix == CLI_FIX_ALL;
  return all && d->fix_count ? &d->fixes[0] : NULL;
}

/* Edits that merely touch may mean something else together. */
static bool touches(const edit_list *taken, const evc_fix *fix) {
  size_t i = 0;
  for (size_t k = 0; k < fix->edit_count; k++) {
    while (i < taken->count && taken->items[i].end < fix->edits[k].start) i++;
    if (i < taken->count && taken->items[i].start <= fix->edits[k].end) return true;
  }
  return false;
}

/* Put a fix's edits among those taken. False when out of memory. */
static bool take(fix_job *job, edit_list *taken, const evc_fix *fix) {
  void *items = taken->items;
  size_t count = taken->count + fix->edit_count;
  if (!evc_arena_grow(&job->scratch, &items, &taken->capacity, count, sizeof *taken->items))
    return false;
  taken->items = items;
  size_t old = taken->count, added = fix->edit_count;
  for (size_t at = count; at-- > 0 && added > 0;) {
    bool later = old == 0 || taken->items[old - 1].start < fix->edits[added - 1].start;
    taken->items[at] = later ? fix->edits[--added] : taken->items[--old];
  }
  taken->count = count;
  return true;
}

/* ---- Applying ------------------------------------------------------------------------------- */

/* Apply edits; false when out of memory. */
static bool apply(fix_job *job, cli_text *text, const edit_list *edits) {
  evc_builder out;
  evc_build_init(&out, &job->scratch);
  cli_build_edited(&out, text, edits->items, edits->count);
  text->written = text->text = evc_build_end(&out);
  if (!text->json || !text->written.data) return text->written.data != NULL;
  char *decoded = evc_arena_alloc(&job->scratch, text->written.length + 1);
  if (!decoded || !evc_json_decode(text->written, decoded, &text->text.length)) return false;
  decoded[text->text.length] = '\0';
  text->text.data = decoded;
  return true;
}

/* Compile once and apply what can be. EVC_OK: something was; EVC_END: there is nothing. */
static evc_status fix_round(fix_job *job, const evc_event_type *type, cli_text *text) {
  evc_options options = cli_compile_options(job->fixer->cli, job->fixer->schema);
  evc_report *report;
  evc_calculation_free(
      evc_compile(type, text->text.data, text->text.length, &options, &report));
  edit_list taken = {NULL, 0, 0};
  size_t fixes = 0;
  bool enough = !check_lacks_memory(report);
  for (size_t i = 0; enough && i < evc_report_count(report); i++) {
    const evc_fix *fix = choose(job, evc_report_at(report, i));
    if (!fix || touches(&taken, fix)) continue;
    enough = take(job, &taken, fix);
    fixes++;
  }
  if (enough && fixes) enough = apply(job, text, &taken);
  evc_report_free(report);
  if (!enough) return EVC_OUT_OF_MEMORY;
  job->fixes += fixes;
  return fixes ? EVC_OK : EVC_END;
}

/* Fix one calculation; when it changed, keep what it became. False when out of memory. */
static bool fix_calculation(fix_job *job, const cli_calculation *calculation) {
  const evc_notification *n = &calculation->notification;
  const evc_event_type *type =
      check_event_type(job->fixer->schema, job->fixer->type, n->event_name);
  if (!type || evc_text_is_blank(calculation->text) || n->unknown) return true;
  cli_text text = cli_text_of(calculation);
  evc_status status = EVC_OK;
  size_t before = job->fixes;
  evc_arena_reset(&job->scratch);
  for (int round = 0; round < MOST_ROUNDS && status == EVC_OK; round++)
    status = fix_round(job, type, &text);
  if (status == EVC_OUT_OF_MEMORY) return false;
  return job->fixes == before || cli_splices_add(&job->splices, calculation, text.written);
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
