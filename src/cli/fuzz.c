/* `evcalc fuzz`: attack one calculation with events. */
#include <signal.h>
#include <string.h>
#include <time.h>

#include "../base/width.h"
#include "../json/write.h"
#include "../report/render.h"
#include "cli.h"
#include "options.h"
#include "output.h"
#include "seed.h"
#include "setup.h"
#include "source.h"

/* Chosen: milliseconds to try; events between two looks at the clock, of which each costs by the bytes
** of the calculation; bytes of a condition. */
enum { STANDARD_TIME = 5000, MOST_AT_ONCE = 1000, LEAST_AT_ONCE = 16, BYTES_AT_ONCE = 1 << 20 };
enum { LONGEST_TEXT = 60 };

/* One run of the command. */
typedef struct fuzz_command {
  cli_context *cli;
  cli_source source;
  cli_calculation from;
  evc_calculation *calculation;
  evc_attack *attack;
  evc_event *event; /* for examples */
  uint64_t seed;
  evc_builder out;
} fuzz_command;

/* ---- Attacking ------------------------------------------------------------------------------ */

static uint64_t now(void) {
  struct timespec time = {0, 0};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000 + (uint64_t)(time.tv_nsec / 1000000);
}

/* Ctrl-C ends the search, not the report: while it is blocked it is only looked for. */
static bool is_interrupted(const sigset_t *interrupt) {
  sigset_t pending;
  int signal;
  if (sigpending(&pending) != 0 || sigismember(&pending, SIGINT) != 1) return false;
  return sigwait(interrupt, &signal) == 0;
}

/* The same for the same calculation, so that a seed says everything. */
static uint64_t events_at_once(const evc_calculation *calculation) {
  uint64_t events = BYTES_AT_ONCE / evc_calculation_text(calculation).length;
  return events > MOST_AT_ONCE ? MOST_AT_ONCE : events < LEAST_AT_ONCE ? LEAST_AT_ONCE : events;
}

/* Until time, runs or what can be found are at an end. */
static evc_status search(const fuzz_command *fuzz, const sigset_t *interrupt) {
  const cli_options *given = &fuzz->cli->options;
  bool timed = given->time.given || !given->runs.given;
  uint64_t end = now() + (given->time.given ? given->time.value : STANDARD_TIME);
  uint64_t left = given->runs.given ? given->runs.value : UINT64_MAX;
  uint64_t at_once = events_at_once(fuzz->calculation);
  evc_status status = EVC_OK;
  while (status == EVC_OK && left > 0) {
    uint64_t some = left < at_once ? left : at_once;
    status = evc_attack_run(fuzz->attack, some);
    left -= some;
    if ((timed && now() >= end) || is_interrupted(interrupt)) break;
  }
  return status;
}

static void say_effort(const fuzz_command *fuzz, uint64_t milliseconds) {
  evc_attack_summary found = evc_attack_result(fuzz->attack);
  evc_arena arena;
  evc_arena_init(&arena, NULL, NULL, 0);
  evc_builder out;
  evc_build_init(&out, &arena);
  evc_build_string(&out, "evcalc: ");
  evc_build_unsigned(&out, found.events);
  evc_build_string(&out, found.events == 1 ? " event in " : " events in ");
  uint64_t hundredths = milliseconds / 10;
  evc_build_number(&out, (double)hundredths / 100);
  evc_build_string(&out, " s, seed ");
  evc_build_unsigned(&out, fuzz->seed);
  if (found.conditions) {
    evc_build_string(&out, "; ");
    evc_build_unsigned(&out, found.covered);
    evc_build_string(&out, " of ");
    evc_build_unsigned(&out, found.conditions);
    evc_build_string(&out, found.conditions == 1 ? " condition covered" : " conditions covered");
  }
  if (found.ignored) {
    evc_build_string(&out, ", ");
    evc_build_unsigned(&out, found.ignored);
    evc_build_string(&out, " more not looked at");
  }
  evc_build_char(&out, '\n');
  cli_write_error(fuzz->cli, &out);
  evc_arena_free(&arena);
}

static bool run_attack(const fuzz_command *fuzz) {
  sigset_t interrupt, before;
  sigemptyset(&interrupt);
  sigaddset(&interrupt, SIGINT);
  sigprocmask(SIG_BLOCK, &interrupt, &before);
  uint64_t start = now();
  evc_status status = search(fuzz, &interrupt);
  sigprocmask(SIG_SETMASK, &before, NULL);
  if (status == EVC_OUT_OF_MEMORY)
    cli_out_of_memory(fuzz->cli);
  else
    say_effort(fuzz, now() - start);
  return status != EVC_OUT_OF_MEMORY;
}

/* ---- Showing -------------------------------------------------------------------------------- */

static evc_text piece(const fuzz_command *fuzz, const evc_condition *condition) {
  evc_text text = evc_calculation_text(fuzz->calculation);
  return (evc_text){text.data + condition->start, condition->end - condition->start};
}

/* The example as JSON; false when there is none. */
static bool build_example(fuzz_command *fuzz, evc_example what, size_t index) {
  evc_status status = evc_attack_example(fuzz->attack, what, index, fuzz->event);
  if (status == EVC_NOT_FOUND) return false;
  evc_text json = {NULL, 0};
  if (status == EVC_OK) json = evc_event_to_json(fuzz->event, EVC_EVENT_SHORT, NULL);
  evc_build_text(&fuzz->out, json);
  fuzz->out.failed |= !json.data;
  evc_json_free(json, NULL);
  return true;
}

static void build_failure(fuzz_command *fuzz, size_t index) {
  evc_report *report =
      evc_outcome_report(fuzz->calculation, evc_attack_failure(fuzz->attack, index));
  cli_build_calculation_report(&fuzz->out, fuzz->cli->out_style, report, &fuzz->from);
  evc_report_free(report);
  evc_build_string(&fuzz->out, "on this event:\n");
  build_example(fuzz, EVC_EXAMPLE_FAILURE, index);
  evc_build_string(&fuzz->out, "\n\n");
}

static void build_answer(fuzz_command *fuzz, bool answer) {
  evc_builder *out = &fuzz->out;
  size_t before = out->length;
  evc_build_string(out, answer ? "true on:\n" : "false on:\n");
  if (!build_example(fuzz, answer ? EVC_EXAMPLE_TRUE : EVC_EXAMPLE_FALSE, 0)) {
    out->length = before;
    evc_build_string(out, answer ? "never true" : "never false");
  }
  evc_build_char(out, '\n');
}

static void build_cell(evc_builder *out, const char *text, size_t width) {
  evc_build_string(out, text);
  evc_build_repeat(out, ' ', width - strlen(text));
}

/* On one line: a line break is a blank, with all blanks around it. */
static evc_text flat(fuzz_command *fuzz, evc_text text) {
  evc_builder builder;
  evc_build_init(&builder, fuzz->out.arena);
  for (size_t i = 0; i < text.length;) {
    size_t end = i;
    bool broken = false;
    for (; end < text.length && evc_is_blank(text.data[end]); end++)
      broken |= text.data[end] != ' ';
    if (broken)
      evc_build_char(&builder, ' ');
    else
      evc_build(&builder, text.data + i, end > i ? end - i : 1);
    i = end > i ? end : i + 1;
  }
  return evc_build_end(&builder);
}

/* A piece of the calculation, in the table. */
static evc_text shown(fuzz_command *fuzz, evc_text text) {
  evc_builder builder;
  evc_build_init(&builder, fuzz->out.arena);
  evc_text line = flat(fuzz, text);
  evc_build_quoted(&builder, line, LONGEST_TEXT);
  evc_text result = evc_build_end(&builder);
  fuzz->out.failed |= !line.data || !result.data;
  return result;
}

static void build_row(fuzz_command *fuzz, const evc_condition *c, size_t width) {
  evc_builder *out = &fuzz->out;
  evc_text text = shown(fuzz, piece(fuzz, c));
  evc_build_text(out, text);
  evc_build_repeat(out, ' ', width - evc_text_width(text) + 2);
  build_cell(out, c->seen_true ? "yes" : "never", 7);
  build_cell(out, c->seen_false ? "yes" : "never", 7);
  evc_build_string(out, c->decided_true && c->decided_false ? "both ways\n"
                        : c->decided_true                   ? "when true\n"
                        : c->decided_false                  ? "when false\n"
                                                            : "never\n");
}

static void build_table(fuzz_command *fuzz) {
  size_t count = evc_attack_result(fuzz->attack).conditions, width = strlen("condition");
  for (size_t i = 0; i < count; i++) {
    evc_condition c = evc_attack_condition(fuzz->attack, i);
    size_t wide = evc_text_width(shown(fuzz, piece(fuzz, &c)));
    if (wide > width) width = wide;
  }
  evc_build_char(&fuzz->out, '\n');
  build_cell(&fuzz->out, "condition", width + 2);
  evc_build_string(&fuzz->out, "true   false  decides\n");
  for (size_t i = 0; i < count; i++) {
    evc_condition c = evc_attack_condition(fuzz->attack, i);
    build_row(fuzz, &c, width);
  }
}

/* What it means that a condition never did something; NULL when it did all. */
static const char *meaning(const evc_condition *c) {
  if (!c->reached) return "' was never reached: what stands before it always decided\n";
  if (!c->seen_true) return "' was never true\n";
  if (!c->seen_false) return "' was never false\n";
  if (!c->decided_true && !c->decided_false)
    return "' never mattered: the answer was the same whichever way it came out\n";
  if (!c->decided_true)
    return "' mattered only when false: with false in its place every answer was the same\n";
  if (!c->decided_false)
    return "' mattered only when true: with true in its place every answer was the same\n";
  return NULL;
}

static void build_sentences(fuzz_command *fuzz) {
  size_t count = evc_attack_result(fuzz->attack).conditions;
  bool any = false;
  for (size_t i = 0; i < count; i++) {
    evc_condition c = evc_attack_condition(fuzz->attack, i);
    const char *sentence = meaning(&c);
    if (!sentence) continue;
    evc_build_string(&fuzz->out, any ? "'" : "\n'");
    any = true;
    evc_build_text(&fuzz->out, shown(fuzz, piece(fuzz, &c)));
    evc_build_string(&fuzz->out, sentence);
  }
}

static void build_text(fuzz_command *fuzz) {
  evc_attack_summary found = evc_attack_result(fuzz->attack);
  for (size_t i = 0; i < found.failures; i++) build_failure(fuzz, i);
  build_answer(fuzz, true);
  build_answer(fuzz, false);
  if (found.conditions == 0) return;
  build_table(fuzz);
  build_sentences(fuzz);
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static void build_member_example(fuzz_command *fuzz, const char *name, evc_example what,
                                 size_t index) {
  evc_json_build_key(&fuzz->out, false, name);
  if (!build_example(fuzz, what, index)) evc_build_string(&fuzz->out, "null");
}

static void build_json_failure(fuzz_command *fuzz, size_t index) {
  evc_report *report =
      evc_outcome_report(fuzz->calculation, evc_attack_failure(fuzz->attack, index));
  const evc_diagnostic *error = evc_report_at(report, 0);
  evc_build_char(&fuzz->out, '{');
  evc_json_build_key(&fuzz->out, true, "error");
  if (error) cli_build_json_diagnostic(&fuzz->out, error, &fuzz->from);
  build_member_example(fuzz, "event", EVC_EXAMPLE_FAILURE, index);
  evc_build_char(&fuzz->out, '}');
  evc_report_free(report);
}

static void build_json_condition(fuzz_command *fuzz, size_t index) {
  evc_builder *out = &fuzz->out;
  evc_condition c = evc_attack_condition(fuzz->attack, index);
  evc_build_char(out, '{');
  evc_json_build_unsigned_member(out, true, "start", c.start);
  evc_json_build_unsigned_member(out, false, "end", c.end);
  evc_json_build_text_member(out, false, "text", piece(fuzz, &c));
  evc_json_build_boolean_member(out, false, "reached", c.reached);
  evc_json_build_boolean_member(out, false, "true", c.seen_true);
  evc_json_build_boolean_member(out, false, "false", c.seen_false);
  build_member_example(fuzz, "decidesWhenTrue", EVC_EXAMPLE_DECIDED_TRUE, index);
  build_member_example(fuzz, "decidesWhenFalse", EVC_EXAMPLE_DECIDED_FALSE, index);
  evc_build_char(out, '}');
}

static void build_list(fuzz_command *fuzz, const char *name, size_t count,
                       void (*build)(fuzz_command *fuzz, size_t index)) {
  evc_json_build_key(&fuzz->out, false, name);
  evc_build_char(&fuzz->out, '[');
  for (size_t i = 0; i < count; i++) {
    if (i > 0) evc_build_string(&fuzz->out, ", ");
    build(fuzz, i);
  }
  evc_build_char(&fuzz->out, ']');
}

static void build_json(fuzz_command *fuzz) {
  evc_builder *out = &fuzz->out;
  evc_attack_summary found = evc_attack_result(fuzz->attack);
  evc_build_char(out, '{');
  evc_json_build_text_member(out, true, "eventName",
                             evc_event_type_name(evc_calculation_type(fuzz->calculation)));
  evc_json_build_text_member(out, false, "calculation", evc_calculation_text(fuzz->calculation));
  evc_json_build_unsigned_member(out, false, "seed", fuzz->seed);
  evc_json_build_unsigned_member(out, false, "events", found.events);
  build_member_example(fuzz, "true", EVC_EXAMPLE_TRUE, 0);
  build_member_example(fuzz, "false", EVC_EXAMPLE_FALSE, 0);
  build_list(fuzz, "failures", found.failures, build_json_failure);
  build_list(fuzz, "conditions", found.conditions, build_json_condition);
  evc_json_build_unsigned_member(out, false, "conditionsNotLookedAt", found.ignored);
  evc_build_string(out, "}\n");
}

/* ---- All of it ------------------------------------------------------------------------------ */

/* Attack what was compiled, and print what was found. */
static cli_status attack(fuzz_command *fuzz) {
  cli_context *cli = fuzz->cli;
  evc_attack_options options = {.hostile = cli->options.hostile,
                                .largest = (double)cli->options.largest.value};
  fuzz->seed = cli_seed(cli);
  fuzz->attack = evc_attack_new(fuzz->calculation, fuzz->seed, &options, NULL);
  fuzz->event = evc_event_new(evc_calculation_type(fuzz->calculation), NULL);
  if (!fuzz->attack || !fuzz->event) {
    cli_out_of_memory(cli);
    return CLI_WRONG;
  }
  if (!run_attack(fuzz)) return CLI_WRONG;
  evc_build_init(&fuzz->out, &cli->arena);
  if (cli->options.format == CLI_JSON)
    build_json(fuzz);
  else
    build_text(fuzz);
  if (!cli_write_built(cli, &fuzz->out)) return CLI_WRONG;
  return evc_attack_result(fuzz->attack).failures ? CLI_INVALID : CLI_OK;
}

/* Compile the calculation, showing what is wrong with it. */
static cli_status compile(fuzz_command *fuzz, const evc_schema *schema) {
  cli_context *cli = fuzz->cli;
  const char *name = cli->options.type;
  if (!name) name = fuzz->from.notification.event_name.data;
  if (!name) {
    cli_error(cli, "fuzz needs the Event type: --type", NULL);
    return CLI_WRONG;
  }
  const evc_event_type *type = cli_event_type(cli, schema, name);
  if (!type) return CLI_WRONG;
  evc_options options = cli_compile_options(cli, schema);
  evc_report *report;
  evc_text text = fuzz->from.text;
  fuzz->calculation = evc_compile(type, text.data, text.length, &options, &report);
  evc_builder out;
  evc_build_init(&out, &cli->arena);
  cli_build_calculation_report(&out, cli->error_style, report, &fuzz->from);
  const evc_diagnostic *first = evc_report_at(report, 0);
  bool lacking = first && first->code == EVC_CODE_OUT_OF_MEMORY;
  evc_report_free(report);
  if (!cli_write_error(cli, &out) || lacking) return CLI_WRONG;
  return fuzz->calculation ? CLI_OK : CLI_INVALID;
}

static bool check_usage(cli_context *cli) {
  const cli_options *options = &cli->options;
  const char *wrong = NULL;
  if (options->expression && options->operands.count)
    wrong = "the calculation is given twice, by --expression and as a FILE";
  else if (options->operands.count > 1)
    wrong = "fuzz takes one FILE with the calculation";
  else if (options->runs.given && options->runs.value == 0)
    wrong = "--runs takes a number from 1: without events nothing can be said";
  else if (options->largest.given && options->largest.value == 0)
    wrong = "--largest takes a number from 1: leave it out to allow any number";
  if (wrong) cli_error(cli, wrong, NULL);
  return !wrong;
}

cli_status cli_fuzz(cli_context *cli) {
  const cli_options *options = &cli->options;
  if (!check_usage(cli)) return CLI_WRONG;
  if (!options->expression && !cli_default_operand(cli)) return CLI_WRONG;
  evc_schema *schema = cli_schema(cli);
  if (!schema) return CLI_WRONG;
  fuzz_command fuzz = {.cli = cli};
  const char *path = options->operands.count ? options->operands.items[0] : NULL;
  cli_status status = CLI_WRONG;
  if (cli_source_open(&fuzz.source, cli, options->expression, path) &&
      cli_source_only(&fuzz.source, &fuzz.from))
    status = compile(&fuzz, schema);
  if (status == CLI_OK) status = attack(&fuzz);
  evc_attack_free(fuzz.attack);
  evc_event_free(fuzz.event);
  evc_calculation_free(fuzz.calculation);
  cli_source_close(&fuzz.source);
  evc_schema_free(schema);
  return status;
}
