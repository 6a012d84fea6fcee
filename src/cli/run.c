/* `evcalc run`: one calculation on one event, or on each of many. */
#include <string.h>

#include "cli.h"
#include "files.h"
#include "options.h"
#include "output.h"
#include "run_event.h"
#include "run_stream.h"
#include "setup.h"
#include "source.h"

/* One run of the command. */
typedef struct run_command {
  cli_context *cli;
  run_shared shared;
  cli_source source;
  cli_status status;
} run_command;

/* Make a text, absent or not, live as long as the run. */
static bool keep(run_command *run, evc_text *text) {
  if (!text->data) return true;
  *text = evc_arena_text(&run->cli->arena, text->data, text->length);
  return text->data != NULL;
}

static void worsen(run_command *run, cli_status status) {
  run->status = cli_worse(run->status, status);
}

static void fail_without_memory(run_command *run) {
  cli_out_of_memory(run->cli);
  worsen(run, CLI_WRONG);
}

/* ---- One event ------------------------------------------------------------------------------ */

/* With one event, being of another type is a mistake. */
static void refuse_other_type(run_command *run, const evc_event_head *head, const char *path) {
  const evc_text args[] = {
      {path, strlen(path)}, head->name, evc_event_type_name(run->shared.only)};
  cli_error(run->cli, "{0}: the event is of type {1}, not {2}", args);
  worsen(run, CLI_WRONG);
}

/* The file must hold one event and no more. */
static void run_on_one(run_command *run, event_runner *runner, const run_text *from,
                       evc_event_reader *reader) {
  evc_event_head head, next;
  evc_report *report = NULL;
  evc_status status = evc_event_reader_next(reader, &head, &report);
  if (status == EVC_END) {
    cli_error(run->cli, "{0}: there is no event", CLI_ARGS(from->name));
    worsen(run, CLI_WRONG);
    return;
  }
  if (status == EVC_OK) {
    /* the head's texts end with the next call */
    if (!keep(run, &head.id) || !keep(run, &head.name)) {
      fail_without_memory(run);
      return;
    }
    status = evc_event_reader_next(reader, &next, &report);
    if (status == EVC_OK) {
      cli_error(run->cli, "{0}: there is more than one event; --events evaluates on each",
                CLI_ARGS(from->name));
      worsen(run, CLI_WRONG);
      return;
    }
  }
  if (report) event_runner_refuse(runner, from, 0, report);
  else if (status != EVC_END) fail_without_memory(run);
  else if (event_runner_skips(runner, &head)) refuse_other_type(run, &head, from->name);
  else event_runner_run(runner, from, &head);
}

static void run_on_event(run_command *run, event_runner *runner, const char *path) {
  cli_file file;
  if (!cli_file_read(run->cli, path, &file)) {
    worsen(run, CLI_WRONG);
    return;
  }
  run_text from = {file.name, {file.data, file.length}};
  evc_event_reader *reader = evc_event_reader_new(file.data, file.length, NULL);
  if (reader) run_on_one(run, runner, &from, reader);
  else fail_without_memory(run);
  event_runner_print(runner);
  evc_event_reader_free(reader);
  cli_file_free(&file);
}

/* ---- All of it ------------------------------------------------------------------------------ */

static void say_skipped(run_command *run, size_t skipped) {
  if (!skipped) return;
  evc_arena arena;
  evc_arena_init(&arena, NULL, NULL, 0);
  evc_builder out;
  evc_build_init(&out, &arena);
  evc_build_string(&out, "evcalc: ");
  evc_build_unsigned(&out, skipped);
  evc_build_string(&out, skipped == 1 ? " event of another type was skipped\n"
                                      : " events of other types were skipped\n");
  cli_write_error(run->cli, &out);
  evc_arena_free(&arena);
}

static void run_all(run_command *run) {
  const cli_options *options = &run->cli->options;
  run_stream stream;
  if (!run_stream_init(&stream, &run->shared)) {
    fail_without_memory(run);
    return;
  }
  event_runner *first = &stream.runners[0].runner;
  /* With --type, what is wrong with the calculation is said also when no event is of that type. */
  bool ready = !run->shared.only || event_runner_prepare(first, run->shared.only);
  event_runner_print(first);
  if (ready && !run->shared.many) run_on_event(run, first, options->event);
  for (size_t i = 0; ready && i < options->events.count; i++)
    run_stream_file(&stream, options->events.items[i]);
  if (ready) say_skipped(run, run_stream_skipped(&stream));
  worsen(run, run_stream_status(&stream));
  for (const run_type *type = run->shared.types; ready && type; type = type->next)
    if (!type->calculation) worsen(run, CLI_INVALID);
  run_stream_free(&stream);
}

/* The usage, as far as the table of options cannot say it. */
static bool check_usage(cli_context *cli) {
  const cli_options *options = &cli->options;
  const char *wrong = NULL;
  if (!options->event && !options->events.count)
    wrong = "run needs an event: --event FILE, or --events FILE for many";
  else if (options->event && options->events.count)
    wrong = "--event and --events cannot be used together; --events takes one event too";
  else if (options->explain && options->format == CLI_JSON)
    wrong = "--explain prints text: leave out --format json";
  else if (options->expression && options->operands.count)
    wrong = "the calculation is given twice, by --expression and as a FILE";
  else if (options->operands.count > 1) wrong = "run takes one FILE with the calculation";
  if (wrong) cli_error(cli, wrong, NULL);
  return !wrong;
}

/* The Event type that --type or the Notification names; false when it is unknown. */
static bool find_only(run_command *run) {
  const char *name = run->cli->options.type;
  if (!name) name = run->shared.calculation.notification.event_name.data;
  if (!name) return true;
  run->shared.only = cli_event_type(run->cli, run->shared.schema, name);
  return run->shared.only != NULL;
}

static bool open_source(run_command *run) {
  const cli_options *options = &run->cli->options;
  const char *path = options->operands.count ? options->operands.items[0] : NULL;
  return cli_source_open(&run->source, run->cli, options->expression, path) &&
         cli_source_only(&run->source, &run->shared.calculation) && find_only(run);
}

cli_status cli_run(cli_context *cli) {
  if (!check_usage(cli)) return CLI_WRONG;
  if (!cli->options.expression && !cli_default_operand(cli)) return CLI_WRONG;
  evc_schema *schema = cli_schema(cli);
  if (!schema) return CLI_WRONG;
  run_command run = {.cli = cli};
  if (run_shared_init(&run.shared, cli, schema)) {
    if (open_source(&run)) run_all(&run);
    else worsen(&run, CLI_WRONG);
    cli_source_close(&run.source);
    run_shared_free(&run.shared);
  } else {
    fail_without_memory(&run);
  }
  evc_schema_free(schema);
  return run.status;
}
