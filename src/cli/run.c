/* `evcalc run`: one calculation on one event, or on each of many. */
#include <string.h>

#include "../json/events.h"
#include "../json/write.h"
#include "../report/draft.h"
#include "../report/render.h"
#include "cli.h"
#include "explain.h"
#include "files.h"
#include "options.h"
#include "output.h"
#include "setup.h"
#include "source.h"

/* The calculation compiled for one of the Event types met. */
typedef struct compiled {
  const evc_event_type *type;
  evc_calculation *calculation; /* NULL: it is invalid for this type */
  evc_report *report;           /* what compiling said */
  evc_event *event;             /* reused from event to event */
  evc_trace *trace;             /* with --explain, one a part */
} compiled;

typedef struct event_runner {
  cli_context *cli;
  const evc_schema *schema;
  cli_source source;
  cli_calculation calculation;
  const evc_event_type *only; /* events of other types are skipped; or NULL */
  bool many;
  compiled *types;
  size_t type_count, type_capacity;
  evc_arena scratch; /* for one event's line */
  size_t skipped;
  cli_status status;
} event_runner;

/* What became of an event. */
typedef struct event_answer {
  evc_text id;     /* or absent */
  size_t line;     /* stands for the id where there is none */
  evc_text type;   /* the Event type's name, or absent */
  bool answered;   /* `value` is the answer, and `error` absent */
  bool value;
  const evc_report *error;
} event_answer;

static void worsen(event_runner *runner, cli_status status) {
  runner->status = cli_worse(runner->status, status);
}

static void fail_without_memory(event_runner *runner) {
  cli_out_of_memory(runner->cli);
  worsen(runner, CLI_WRONG);
}

/* Make a text, absent or not, live as long as the run. */
static bool keep(event_runner *runner, evc_text *text) {
  if (!text->data) return true;
  *text = evc_arena_text(&runner->cli->arena, text->data, text->length);
  return text->data != NULL;
}

/* ---- Printing ------------------------------------------------------------------------------- */

static void build_id(evc_builder *out, const event_answer *answer) {
  if (answer->id.data) evc_build_quoted(out, answer->id, answer->id.length);
  else evc_build_unsigned(out, answer->line);
}

static const evc_diagnostic *first_error(const evc_report *report) {
  for (size_t i = 0; i < evc_report_count(report); i++)
    if (evc_report_at(report, i)->severity == EVC_ERROR) return evc_report_at(report, i);
  return NULL;
}

static void build_json_answer(evc_builder *out, const event_answer *answer) {
  evc_build_string(out, "{\"eventId\": ");
  evc_json_build_string(out, answer->id);
  evc_build_string(out, ", \"eventName\": ");
  evc_json_build_string(out, answer->type);
  evc_build_string(out, ", \"result\": ");
  evc_build_string(out, !answer->answered ? "null" : answer->value ? "true" : "false");
  evc_build_string(out, ", \"error\": ");
  const evc_diagnostic *error = first_error(answer->error);
  if (error) evc_json_build_diagnostic(out, error, NULL);
  else evc_build_string(out, "null");
  evc_build_string(out, "}\n");
}

static void build_text_answer(evc_builder *out, const event_runner *runner,
                              const event_answer *answer) {
  if (!runner->many && !answer->answered) return;
  if (runner->many) {
    build_id(out, answer);
    evc_build_char(out, '\t');
  }
  evc_build_string(out, !answer->answered ? "error\n" : answer->value ? "true\n" : "false\n");
}

static void print_answer(event_runner *runner, const event_answer *answer) {
  evc_arena_reset(&runner->scratch);
  evc_builder out;
  evc_build_init(&out, &runner->scratch);
  if (runner->cli->options.format == CLI_JSON) build_json_answer(&out, answer);
  else build_text_answer(&out, runner, answer);
  if (!cli_write_built(runner->cli, &out)) worsen(runner, CLI_WRONG);
  if (!answer->answered) worsen(runner, CLI_INVALID);
  else if (!runner->many && !answer->value) worsen(runner, CLI_INVALID);
}

/* Say on standard error what is wrong with the calculation. */
static void show_calculation_report(event_runner *runner, const evc_report *report) {
  evc_arena_reset(&runner->scratch);
  evc_builder out;
  evc_build_init(&out, &runner->scratch);
  cli_build_calculation_report(&out, runner->cli->error_style, report, &runner->calculation);
  cli_write_error(runner->cli, &out);
}

/* Say on standard error what the answer's error is, in a line behind the event's id. */
static void say_error(event_runner *runner, const event_answer *answer) {
  evc_arena_reset(&runner->scratch);
  evc_builder id, out;
  evc_build_init(&id, &runner->scratch);
  build_id(&id, answer);
  evc_build_init(&out, &runner->scratch);
  evc_render_options options = {.style = EVC_STYLE_LINE};
  options.name = evc_build_end(&id).data;
  evc_report_render(&out, answer->error, &options);
  cli_write_error(runner->cli, &out);
}

/* An event that gets no answer, because of what `report` says of the file; frees the report. */
static void refuse_event(event_runner *runner, event_answer answer, evc_report *report,
                         const cli_file *file) {
  answer.error = report;
  print_answer(runner, &answer);
  if (runner->many) say_error(runner, &answer);
  else cli_show_report(runner->cli, report, (evc_text){file->data, file->length}, file->name);
  evc_report_free(report);
}

/* ---- Compiling ------------------------------------------------------------------------------ */

static void free_compiled(compiled *entry) {
  evc_event_free(entry->event);
  evc_calculation_free(entry->calculation);
  evc_report_free(entry->report);
}

static bool make_ready(event_runner *runner, compiled *entry) {
  if (!entry->calculation) return true;
  entry->event = evc_event_new(entry->type, NULL);
  if (runner->cli->options.explain)
    entry->trace = evc_arena_alloc(
        &runner->cli->arena, evc_calculation_part_count(entry->calculation) * sizeof(evc_trace));
  return entry->event && (entry->trace || !runner->cli->options.explain);
}

static bool compile_for(event_runner *runner, const evc_event_type *type, compiled *entry) {
  evc_options options = cli_compile_options(runner->cli, runner->schema);
  options.trace = runner->cli->options.explain;
  evc_text text = runner->calculation.text;
  *entry = (compiled){.type = type};
  entry->calculation = evc_compile(type, text.data, text.length, &options, &entry->report);
  show_calculation_report(runner, entry->report);
  if (make_ready(runner, entry)) return true;
  free_compiled(entry);
  return false;
}

/* The calculation for an Event type, compiled when it is first met. NULL when out of memory. */
static compiled *compiled_for(event_runner *runner, const evc_event_type *type) {
  for (size_t i = 0; i < runner->type_count; i++)
    if (runner->types[i].type == type) return &runner->types[i];
  void *types = runner->types;
  compiled entry;
  bool room = evc_arena_grow(&runner->cli->arena, &types, &runner->type_capacity,
                             runner->type_count + 1, sizeof entry);
  runner->types = types;
  if (!room || !compile_for(runner, type, &entry)) {
    fail_without_memory(runner);
    return NULL;
  }
  runner->types[runner->type_count] = entry;
  return &runner->types[runner->type_count++];
}

/* ---- Evaluating ----------------------------------------------------------------------------- */

static void print_explanation(event_runner *runner, const compiled *entry, evc_outcome outcome) {
  evc_arena_reset(&runner->scratch);
  evc_builder out;
  evc_build_init(&out, &runner->scratch);
  cli_explain(&out, entry->calculation, outcome, entry->trace);
  if (!cli_write_built(runner->cli, &out)) worsen(runner, CLI_WRONG);
}

/* Evaluate on the event that is in entry->event. */
static void evaluate(event_runner *runner, const compiled *entry, event_answer answer) {
  bool explain = runner->cli->options.explain;
  evc_outcome outcome = explain
                            ? evc_evaluate_traced(entry->calculation, entry->event, entry->trace)
                            : evc_evaluate(entry->calculation, entry->event);
  if (outcome.status == EVC_OK) {
    answer.answered = true;
    answer.value = outcome.value;
    print_answer(runner, &answer);
  } else {
    evc_report *report = evc_outcome_report(entry->calculation, outcome);
    answer.error = report;
    print_answer(runner, &answer);
    if (runner->many) say_error(runner, &answer);
    else show_calculation_report(runner, report);
    evc_report_free(report);
  }
  if (explain) print_explanation(runner, entry, outcome);
}

/* The Event type of an event; NULL, with the reason in `report`, when it has none that is known. */
static const evc_event_type *type_of(const event_runner *runner, const evc_event_head *head,
                                     evc_report **report) {
  if (!head->name.data && runner->only) return runner->only;
  if (!head->name.data) {
    const evc_text args[] = {{EVC_LITERAL("the event has no \"eventName\"")},
                             {EVC_LITERAL("one, or the option --type")}};
    *report = evc_report_single(NULL, EVC_MSG_JSON_SHAPE, (evc_span){.none = true}, args, 2, "", 0);
    return NULL;
  }
  const evc_event_type *type = evc_schema_find(runner->schema, head->name.data, head->name.length);
  if (!type) *report = cli_unknown_type(runner->schema, head->name);
  return type;
}

static bool is_other_type(const event_runner *runner, const evc_event_head *head) {
  return runner->only && head->name.data &&
         !evc_text_equal(head->name, evc_event_type_name(runner->only));
}

/* With one event, being of another type is a mistake. */
static void refuse_other_type(event_runner *runner, const evc_event_head *head, const char *path) {
  const evc_text args[] = {{path, strlen(path)}, head->name, evc_event_type_name(runner->only)};
  cli_error(runner->cli, "{0}: the event is of type {1}, not {2}", args);
  worsen(runner, CLI_WRONG);
}

static void run_on(event_runner *runner, const cli_file *file, const evc_event_head *head) {
  evc_text whole = {file->data, file->length};
  event_answer answer = {.id = head->id, .line = head->line, .type = head->name};
  evc_report *report = NULL;
  const evc_event_type *type = type_of(runner, head, &report);
  if (!type) {
    if (!runner->many) worsen(runner, CLI_WRONG);
    refuse_event(runner, answer, report, file);
    return;
  }
  answer.type = evc_event_type_name(type);
  const compiled *entry = compiled_for(runner, type);
  if (!entry) return;
  if (!entry->calculation) {
    answer.error = entry->report;
    print_answer(runner, &answer);
    if (runner->many) say_error(runner, &answer);
    return;
  }
  evc_status status =
      evc_event_read_part(entry->event, whole, head->json, entry->calculation, &report);
  if (status == EVC_OK) {
    evaluate(runner, entry, answer);
  } else if (report) {
    worsen(runner, CLI_WRONG);
    refuse_event(runner, answer, report, file);
  } else {
    fail_without_memory(runner);
  }
}

/* An event that could not even be found in the text. */
static void run_on_nothing(event_runner *runner, const cli_file *file, evc_report *report) {
  const evc_diagnostic *error = first_error(report);
  worsen(runner, CLI_WRONG);
  if (runner->many)
    print_answer(runner, &(event_answer){.line = error ? error->line : 0, .error = report});
  cli_show_report(runner->cli, report, (evc_text){file->data, file->length}, file->name);
  evc_report_free(report);
}

static void run_on_all(event_runner *runner, const cli_file *file, evc_event_reader *reader) {
  while (!runner->cli->write_error) {
    evc_event_head head;
    evc_report *report = NULL;
    evc_status status = evc_event_reader_next(reader, &head, &report);
    if (status == EVC_END) return;
    if (status == EVC_OK && is_other_type(runner, &head)) {
      runner->skipped++;
    } else if (status == EVC_OK) {
      run_on(runner, file, &head);
    } else if (report) {
      run_on_nothing(runner, file, report);
    } else {
      fail_without_memory(runner);
      return;
    }
  }
}

/* The file must hold one event and no more. */
static void run_on_one(event_runner *runner, const cli_file *file, evc_event_reader *reader) {
  evc_event_head head, next;
  evc_report *report = NULL;
  evc_status status = evc_event_reader_next(reader, &head, &report);
  if (status == EVC_END) {
    cli_error(runner->cli, "{0}: there is no event", CLI_ARGS(file->name));
    worsen(runner, CLI_WRONG);
    return;
  }
  if (status == EVC_OK) {
    /* the head's texts end with the next call */
    if (!keep(runner, &head.id) || !keep(runner, &head.name)) {
      fail_without_memory(runner);
      return;
    }
    status = evc_event_reader_next(reader, &next, &report);
    if (status == EVC_OK) {
      cli_error(runner->cli, "{0}: there is more than one event; --events evaluates on each",
                CLI_ARGS(file->name));
      worsen(runner, CLI_WRONG);
      return;
    }
  }
  if (report) run_on_nothing(runner, file, report);
  else if (status != EVC_END) fail_without_memory(runner);
  else if (is_other_type(runner, &head)) refuse_other_type(runner, &head, file->name);
  else run_on(runner, file, &head);
}

static void run_on_file(event_runner *runner, const char *path) {
  cli_file file;
  if (!cli_file_read(runner->cli, path, &file)) {
    worsen(runner, CLI_WRONG);
    return;
  }
  evc_event_reader *reader = evc_event_reader_new(file.data, file.length, NULL);
  if (!reader) fail_without_memory(runner);
  else if (runner->many) run_on_all(runner, &file, reader);
  else run_on_one(runner, &file, reader);
  evc_event_reader_free(reader);
  cli_file_free(&file);
}

static void say_skipped(event_runner *runner) {
  if (!runner->skipped) return;
  evc_arena_reset(&runner->scratch);
  evc_builder out;
  evc_build_init(&out, &runner->scratch);
  evc_build_string(&out, "evcalc: ");
  evc_build_unsigned(&out, runner->skipped);
  evc_build_string(&out, runner->skipped == 1 ? " event of another type was skipped\n"
                                              : " events of other types were skipped\n");
  cli_write_error(runner->cli, &out);
}

static void run_all(event_runner *runner) {
  const cli_options *options = &runner->cli->options;
  /* With --type, what is wrong with the calculation is said also when no event is of that type. */
  if (runner->only && !compiled_for(runner, runner->only)) return;
  if (!runner->many) run_on_file(runner, options->event);
  for (size_t i = 0; i < options->events.count; i++) run_on_file(runner, options->events.items[i]);
  say_skipped(runner);
  for (size_t i = 0; i < runner->type_count; i++)
    if (!runner->types[i].calculation) worsen(runner, CLI_INVALID);
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

/* Read the one calculation of the source. */
static bool read_calculation(event_runner *runner) {
  cli_calculation *calculation = &runner->calculation, next;
  evc_status status = cli_source_next(&runner->source, calculation, NULL);
  if (status == EVC_OK) {
    if (!keep(runner, &calculation->text) ||
        !keep(runner, &calculation->notification.event_name)) {
      cli_out_of_memory(runner->cli);
      return false;
    }
    status = cli_source_next(&runner->source, &next, NULL);
    if (status == EVC_END) return true;
  }
  if (status == EVC_OK || status == EVC_END)
    cli_error(runner->cli, "{0}: run takes one Notification, and here {1}",
              CLI_ARGS(runner->source.file.name, status == EVC_OK ? "are several" : "is none"));
  return false;
}

/* The Event type that --type or the Notification names; false when it is unknown. */
static bool find_only(event_runner *runner) {
  const char *name = runner->cli->options.type;
  if (!name) name = runner->calculation.notification.event_name.data;
  if (!name) return true;
  runner->only = cli_event_type(runner->cli, runner->schema, name);
  return runner->only != NULL;
}

static bool open_source(event_runner *runner) {
  const cli_options *options = &runner->cli->options;
  const char *path = options->operands.count ? options->operands.items[0] : NULL;
  return cli_source_open(&runner->source, runner->cli, options->expression, path) &&
         read_calculation(runner) && find_only(runner);
}

cli_status cli_run(cli_context *cli) {
  if (!check_usage(cli)) return CLI_WRONG;
  if (!cli->options.expression && !cli_default_operand(cli)) return CLI_WRONG;
  evc_schema *schema = cli_schema(cli);
  if (!schema) return CLI_WRONG;
  event_runner runner = {.cli = cli, .schema = schema, .many = !cli->options.event};
  evc_arena_init(&runner.scratch, NULL, NULL, 0);
  if (open_source(&runner)) run_all(&runner);
  else worsen(&runner, CLI_WRONG);
  for (size_t i = 0; i < runner.type_count; i++) free_compiled(&runner.types[i]);
  cli_source_close(&runner.source);
  evc_arena_free(&runner.scratch);
  evc_schema_free(schema);
  return runner.status;
}
