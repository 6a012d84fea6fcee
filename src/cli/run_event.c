#include "run_event.h"

#include <string.h>

#include "../json/events.h"
#include "../json/judge.h"
#include "../json/write.h"
#include "../report/draft.h"
#include "../report/render.h"
#include "explain.h"
#include "output.h"
#include "setup.h"

/* What became of an event. */
typedef struct event_answer {
  evc_text id;   /* or absent */
  size_t line;   /* stands for the id where there is none */
  evc_text type; /* the Event type's name, or absent */
  bool answered; /* `value` is the answer, and `error` absent */
  bool value;
  const evc_report *error;
} event_answer;

static void worsen(event_runner *runner, cli_status status) {
  runner->status = cli_worse(runner->status, status);
}

static void fail_without_memory(event_runner *runner) {
  evc_build(cli_log_to(&runner->log, CLI_LOG_ERROR), EVC_LITERAL("evcalc: out of memory\n"));
  worsen(runner, CLI_WRONG);
}

bool run_shared_init(run_shared *shared, cli_context *cli, const evc_schema *schema) {
  *shared = (run_shared){.cli = cli, .schema = schema, .many = !cli->options.event};
  evc_arena_init(&shared->arena, NULL, NULL, 0);
  return pthread_mutex_init(&shared->lock, NULL) == 0;
}

void run_shared_free(run_shared *shared) {
  for (run_type *type = shared->types; type; type = type->next) {
    evc_calculation_free(type->calculation);
    evc_report_free(type->report);
  }
  evc_arena_free(&shared->arena);
  pthread_mutex_destroy(&shared->lock);
}

void event_runner_init(event_runner *runner, run_shared *shared) {
  *runner = (event_runner){.shared = shared, .round = 1};
  evc_arena_init(&runner->arena, NULL, NULL, 0);
  cli_log_init(&runner->log);
}

void event_runner_free(event_runner *runner) {
  for (size_t i = 0; i < runner->type_count; i++) evc_event_free(runner->types[i].event);
  evc_event_reader_free(runner->reader);
  cli_log_free(&runner->log);
  evc_arena_free(&runner->arena);
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

static void build_text_answer(evc_builder *out, bool many, const event_answer *answer) {
  if (!many && !answer->answered) return;
  if (many) {
    build_id(out, answer);
    evc_build_char(out, '\t');
  }
  evc_build_string(out, !answer->answered ? "error\n" : answer->value ? "true\n" : "false\n");
}

static void print_answer(event_runner *runner, const event_answer *answer) {
  const run_shared *shared = runner->shared;
  evc_builder *out = cli_log_to(&runner->log, CLI_LOG_RESULT);
  if (shared->cli->options.format == CLI_JSON) build_json_answer(out, answer);
  else build_text_answer(out, shared->many, answer);
  const evc_diagnostic *error = first_error(answer->error);
  if (error && error->code == EVC_CODE_OUT_OF_MEMORY) worsen(runner, CLI_WRONG);
  if (!answer->answered || (!shared->many && !answer->value)) worsen(runner, CLI_INVALID);
}

/* Say what the answer's error is, in a line behind the event's id. */
static void say_error(event_runner *runner, const event_answer *answer) {
  evc_builder id;
  evc_build_init(&id, &runner->log.arena);
  build_id(&id, answer);
  evc_render_options options = {.style = EVC_STYLE_LINE};
  options.name = evc_build_end(&id).data;
  if (!options.name) runner->log.failed = true;
  evc_report_render(cli_log_to(&runner->log, CLI_LOG_ERROR), answer->error, &options);
}

static void show_report(event_runner *runner, const evc_report *report, const run_text *from) {
  evc_render_options options = {
      .style = runner->shared->cli->error_style, .text = from->text, .name = from->name};
  evc_report_render(cli_log_to(&runner->log, CLI_LOG_ERROR), report, &options);
}

/* An event that gets no answer, because of what `report` says of the text; frees the report. */
static void refuse_event(event_runner *runner, event_answer answer, evc_report *report,
                         const run_text *from) {
  answer.error = report;
  print_answer(runner, &answer);
  if (runner->shared->many) say_error(runner, &answer);
  else show_report(runner, report, from);
  evc_report_free(report);
}

void event_runner_refuse(event_runner *runner, const run_text *from, size_t line,
                         evc_report *report) {
  worsen(runner, CLI_WRONG);
  if (runner->shared->many)
    print_answer(runner, &(event_answer){.line = line, .error = report});
  show_report(runner, report, from);
  evc_report_free(report);
}

static void show_compiled(void *context, void *note) {
  run_shared *shared = context;
  run_type *type = note;
  if (type->said) return;
  type->said = true;
  evc_arena arena;
  evc_arena_init(&arena, NULL, NULL, 0);
  evc_builder out;
  evc_build_init(&out, &arena);
  cli_build_calculation_report(&out, shared->cli->error_style, type->report,
                               &shared->calculation);
  cli_write_error(shared->cli, &out);
  evc_arena_free(&arena);
}

void event_runner_print(event_runner *runner) {
  if (!cli_log_print(&runner->log, runner->shared->cli, show_compiled, runner->shared))
    worsen(runner, CLI_WRONG);
  cli_log_clear(&runner->log);
  runner->round++;
}

/* ---- Compiling ------------------------------------------------------------------------------ */

/* The calculation for an Event type, compiled when it is first met; NULL when out of memory. */
static run_type *compile_for(run_shared *shared, const evc_event_type *type) {
  for (run_type *known = shared->types; known; known = known->next)
    if (known->type == type) return known;
  run_type *compiled = evc_arena_alloc(&shared->arena, sizeof *compiled);
  if (!compiled) return NULL;
  evc_options options = cli_compile_options(shared->cli, shared->schema);
  options.trace = shared->cli->options.explain;
  evc_text text = shared->calculation.text;
  *compiled = (run_type){.next = shared->types, .type = type};
  compiled->calculation = evc_compile(type, text.data, text.length, &options, &compiled->report);
  shared->types = compiled;
  return compiled;
}

/* What a runner needs for a type; false when out of memory. */
static bool make_ready(event_runner *runner, const evc_event_type *type, runner_type *made) {
  run_shared *shared = runner->shared;
  pthread_mutex_lock(&shared->lock);
  *made = (runner_type){.common = compile_for(shared, type)};
  pthread_mutex_unlock(&shared->lock);
  if (!made->common || !made->common->calculation) return made->common != NULL;
  if (shared->cli->options.explain) {
    size_t count = evc_calculation_part_count(made->common->calculation);
    made->trace = evc_arena_alloc(&runner->arena, count * sizeof *made->trace);
    if (!made->trace) return false;
  }
  made->event = evc_event_new(type, NULL);
  return made->event != NULL;
}

/* The type as this runner knows it; NULL when out of memory. */
static runner_type *type_for(event_runner *runner, const evc_event_type *type) {
  for (size_t i = 0; i < runner->type_count; i++)
    if (runner->types[i].common->type == type) return &runner->types[i];
  void *types = runner->types;
  runner_type made;
  bool room = evc_arena_grow(&runner->arena, &types, &runner->type_capacity,
                             runner->type_count + 1, sizeof made);
  runner->types = types;
  if (!room || !make_ready(runner, type, &made)) return NULL;
  runner->types[runner->type_count] = made;
  return &runner->types[runner->type_count++];
}

/* Note that the type was met, so that what compiling said is shown before its first event. */
static void note(event_runner *runner, runner_type *type) {
  if (type->noted == runner->round || !type->common->report) return;
  type->noted = runner->round;
  cli_log_note(&runner->log, type->common);
}

bool event_runner_prepare(event_runner *runner, const evc_event_type *type) {
  runner_type *ready = type_for(runner, type);
  if (ready) note(runner, ready);
  else fail_without_memory(runner);
  return ready != NULL;
}

/* ---- Evaluating ----------------------------------------------------------------------------- */

/* Say what went wrong in the evaluation. */
static void show_outcome(event_runner *runner, const event_answer *answer) {
  const run_shared *shared = runner->shared;
  if (shared->many) say_error(runner, answer);
  else
    cli_build_calculation_report(cli_log_to(&runner->log, CLI_LOG_ERROR), shared->cli->error_style,
                                 answer->error, &shared->calculation);
}

/* Evaluate on the event that is in type->event. */
static void evaluate(event_runner *runner, const runner_type *type, event_answer answer) {
  const evc_calculation *calculation = type->common->calculation;
  evc_outcome outcome = type->trace ? evc_evaluate_traced(calculation, type->event, type->trace)
                                    : evc_evaluate(calculation, type->event);
  if (outcome.status == EVC_OK) {
    answer.answered = true;
    answer.value = outcome.value;
    print_answer(runner, &answer);
  } else {
    evc_report *report = evc_outcome_report(calculation, outcome);
    answer.error = report;
    print_answer(runner, &answer);
    show_outcome(runner, &answer);
    evc_report_free(report);
  }
  if (type->trace)
    cli_explain(cli_log_to(&runner->log, CLI_LOG_RESULT), calculation, outcome, type->trace);
}

/* The Event type of that name; NULL when it is not known. It is mostly that of the event before: not
** seeking it twice for each saves 2 % of the time. */
static const evc_event_type *find_type(event_runner *runner, evc_text name) {
  const evc_event_type *last = runner->last;
  if (last && evc_text_equal(name, evc_event_type_name(last))) return last;
  runner->last = evc_schema_find(runner->shared->schema, name.data, name.length);
  return runner->last;
}

/* The Event type of an event; NULL, with the reason in `report`, when it has none that is known. */
static const evc_event_type *type_of(event_runner *runner, const evc_event_head *head,
                                     evc_report **report) {
  const run_shared *shared = runner->shared;
  if (!head->name.data && shared->only) return shared->only;
  if (!head->name.data) {
    const evc_text args[] = {{EVC_LITERAL("the event has no \"eventName\"")},
                             {EVC_LITERAL("one, or the option --type")}};
    *report = evc_report_single(NULL, EVC_MSG_JSON_SHAPE, (evc_span){.none = true}, args, 2, "", 0);
    return NULL;
  }
  const evc_event_type *type = find_type(runner, head->name);
  if (!type) *report = evc_report_unknown_type(NULL, shared->schema, head->name);
  return type;
}

bool event_runner_skips(const event_runner *runner, const evc_event_head *head) {
  const evc_event_type *only = runner->shared->only;
  return only && head->name.data && !evc_text_equal(head->name, evc_event_type_name(only));
}

/* The type of an event that is to be answered. NULL when that cannot be, which has been said. */
static runner_type *type_to_answer(event_runner *runner, const run_text *from,
                                   event_answer *answer, const evc_event_head *head) {
  evc_report *report = NULL;
  const evc_event_type *type = type_of(runner, head, &report);
  if (!type) {
    if (!runner->shared->many) worsen(runner, CLI_WRONG);
    refuse_event(runner, *answer, report, from);
    return NULL;
  }
  answer->type = evc_event_type_name(type);
  runner_type *ready = type_for(runner, type);
  if (!ready) {
    fail_without_memory(runner);
    return NULL;
  }
  note(runner, ready);
  if (ready->common->calculation) return ready;
  answer->error = ready->common->report;
  print_answer(runner, answer);
  if (runner->shared->many) say_error(runner, answer);
  return NULL;
}

/* Answer an event that was read into type->event, or could not be. */
static void answer_read(event_runner *runner, const run_text *from, const runner_type *type,
                        const event_answer *answer, evc_status status, evc_report *report) {
  if (status == EVC_OK) {
    evaluate(runner, type, *answer);
  } else if (report) {
    worsen(runner, CLI_WRONG);
    refuse_event(runner, *answer, report, from);
  } else {
    fail_without_memory(runner);
  }
}

void event_runner_run(event_runner *runner, const run_text *from, const evc_event_head *head) {
  event_answer answer = {.id = head->id, .line = head->line, .type = head->name};
  const runner_type *type = type_to_answer(runner, from, &answer, head);
  if (!type) return;
  evc_report *report;
  evc_status status = evc_event_read_part(type->event, from->text, head->json,
                                          type->common->calculation, &report);
  answer_read(runner, from, type, &answer, status, report);
}

/* The event to fill; none where it will not be evaluated on. */
static evc_event_target choose(void *context, evc_text name) {
  event_runner *runner = context;
  const run_shared *shared = runner->shared;
  const evc_event_type *type = shared->only;
  if (type && name.data && !evc_text_equal(name, evc_event_type_name(type))) type = NULL;
  else if (!type && name.data) type = find_type(runner, name);
  const runner_type *ready = type ? type_for(runner, type) : NULL;
  if (!ready || !ready->common->calculation) return (evc_event_target){NULL, NULL};
  return (evc_event_target){ready->event, ready->common->calculation};
}

bool event_runner_next(event_runner *runner, evc_event_reader *reader, const run_text *from) {
  evc_event_head head;
  evc_event *event;
  evc_report *report;
  evc_status status = evc_event_reader_read(reader, choose, runner, &head, &event, &report);
  if (status == EVC_END) return false;
  if (status != EVC_OK && !event) {
    const evc_diagnostic *error = first_error(report);
    if (report) event_runner_refuse(runner, from, error ? error->line : 0, report);
    else fail_without_memory(runner);
    return report != NULL;
  }
  if (event_runner_skips(runner, &head)) {
    runner->skipped++;
    return true;
  }
  event_answer answer = {.id = head.id, .line = head.line, .type = head.name};
  const runner_type *type = type_to_answer(runner, from, &answer, &head);
  if (type) answer_read(runner, from, type, &answer, status, report);
  else evc_report_free(report);
  return true;
}
