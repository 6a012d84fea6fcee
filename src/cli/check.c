/* `evcalc check`: are these calculations valid, and if not, why? */
#include "check.h"

#include <string.h>

#include "../json/judge.h"
#include "fix.h"
#include "options.h"
#include "output.h"
#include "progress.h"
#include "setup.h"

typedef struct calculation_checker {
  cli_context *cli;
  const evc_schema *schema;
  const evc_event_type *type; /* of --type, for what has no eventName; or NULL */
  size_t valid, invalid, warnings;
  size_t unknown; /* resources whose values a plan does not tell */
  evc_text first_unknown;
  cli_status status; /* of files and usage */
  bool stopped;      /* memory ran out */
  evc_arena scratch; /* for what is printed of one calculation */
  cli_progress progress;
  sarif_rules rules;
  cli_fixer fixer;
} calculation_checker;

bool check_lacks_memory(const evc_report *report) {
  const evc_diagnostic *first = evc_report_at(report, 0);
  return first && first->code == EVC_CODE_OUT_OF_MEMORY;
}

bool check_next_finding(const cli_calculation *calculation, const check_verdict *verdict,
                        check_finding *finding) {
  while (finding->report < REPORT_COUNT &&
         finding->index == evc_report_count(verdict->reports[finding->report])) {
    finding->report++;
    finding->index = 0;
  }
  if (finding->report == REPORT_COUNT) return false;
  cli_calculation context = *calculation;
  context.about = verdict->about[finding->report];
  finding->diagnostic = evc_report_at(verdict->reports[finding->report], finding->index++);
  finding->in_text = finding->diagnostic->has_span && !calculation->unread;
  finding->placed = cli_region_of(&context, finding->diagnostic, &finding->region);
  return true;
}

/* ---- Judging -------------------------------------------------------------------------------- */

static void count_findings(check_verdict *verdict) {
  for (size_t i = 0; i < REPORT_COUNT; i++) {
    verdict->errors += evc_report_errors(verdict->reports[i]);
    verdict->warnings += evc_report_warnings(verdict->reports[i]);
  }
}

static check_verdict judge(const calculation_checker *checker, const cli_calculation *source) {
  const evc_notification *notification = &source->notification;
  evc_options options = cli_compile_options(checker->cli, checker->schema);
  evc_judge against = {checker->schema, checker->type, &options, "one, or the option --type"};
  evc_judgement judgement = evc_notification_judge(&against, notification, source->text);
  check_verdict verdict = {.event_name = judgement.event_name,
                           .reports = {[ABOUT_TYPE] = judgement.of_type,
                                       [ABOUT_NOTIFICATION] = judgement.of_notification},
                           .about = {[ABOUT_TYPE] = notification->event_name_at,
                                     [ABOUT_NOTIFICATION] = notification->calculation_at}};
  if (judgement.type && !judgement.missing)
    verdict.calculation = evc_compile(judgement.type, source->text.data, source->text.length,
                                      &options, &verdict.reports[ABOUT_TEXT]);
  count_findings(&verdict);
  return verdict;
}

/* The verdict on what could not be read; takes the report. */
static check_verdict refuse(const cli_calculation *source, evc_report *report) {
  check_verdict verdict = {.event_name = source->notification.event_name};
  verdict.reports[ABOUT_NOTIFICATION] = report;
  verdict.about[ABOUT_NOTIFICATION] = source->about;
  count_findings(&verdict);
  return verdict;
}

static void free_verdict(check_verdict *verdict) {
  for (size_t i = 0; i < REPORT_COUNT; i++) evc_report_free(verdict->reports[i]);
  evc_calculation_free(verdict->calculation);
}

static bool lacks_memory(const check_verdict *verdict) {
  for (size_t i = 0; i < REPORT_COUNT; i++)
    if (check_lacks_memory(verdict->reports[i])) return true;
  return false;
}

/* ---- Printing ------------------------------------------------------------------------------- */

/* Standard output may be taken by what --fix prints. */
static bool prints_fixed(const cli_context *cli, const char *path) {
  bool file = path && strcmp(path, "-") != 0;
  return cli->options.diff || (cli->options.fix && !file);
}

static void build_text(evc_builder *out, evc_style style, const cli_calculation *calculation,
                       const check_verdict *verdict) {
  for (size_t i = 0; i < REPORT_COUNT; i++) {
    cli_calculation context = *calculation;
    context.about = verdict->about[i];
    cli_build_calculation_report(out, style, verdict->reports[i], &context);
  }
}

static void lose_memory(calculation_checker *checker) {
  cli_progress_clear(&checker->progress);
  cli_out_of_memory(checker->cli);
  checker->status = CLI_WRONG;
  checker->stopped = true;
}

static void print_verdict(calculation_checker *checker, const cli_calculation *calculation,
                          const check_verdict *verdict) {
  cli_context *cli = checker->cli;
  bool to_error = prints_fixed(cli, calculation->source->path);
  evc_builder out;
  evc_arena_reset(&checker->scratch);
  evc_build_init(&out, &checker->scratch);
  switch (cli->options.format) {
  case CLI_JSON: check_json_calculation(&out, calculation, verdict); break;
  case CLI_SARIF: check_sarif_calculation(&out, &checker->rules, calculation, verdict); break;
  case CLI_GITHUB: check_github_calculation(&out, calculation, verdict); break;
  default:
    build_text(&out, to_error ? cli->error_style : cli->out_style, calculation, verdict);
  }
  if (out.length == 0 && !out.failed) return;
  cli_progress_clear(&checker->progress);
  bool written = to_error ? cli_write_error(cli, &out) : cli_write_built(cli, &out);
  if (written) return;
  checker->status = CLI_WRONG;
  checker->stopped = true;
}

/* A file that is wrong as a whole is nothing that was checked, and is told as other files are that
** cannot be read, unless a machine reads the results. */
static void print_unread(calculation_checker *checker, const cli_calculation *calculation,
                         const check_verdict *verdict) {
  const cli_file *file = &calculation->source->file;
  checker->status = CLI_WRONG;
  if (checker->cli->options.format != CLI_TEXT) {
    print_verdict(checker, calculation, verdict);
    return;
  }
  cli_progress_clear(&checker->progress);
  cli_show_report(checker->cli, verdict->reports[ABOUT_NOTIFICATION],
                  (evc_text){file->data, file->length}, file->name);
}

/* ---- Checking ------------------------------------------------------------------------------- */

/* Print and count a verdict, and free it. */
static void settle(calculation_checker *checker, const cli_calculation *calculation,
                   check_verdict *verdict) {
  if (lacks_memory(verdict)) {
    lose_memory(checker);
  } else if (calculation->unread) {
    print_unread(checker, calculation, verdict);
  } else {
    print_verdict(checker, calculation, verdict);
    if (verdict->errors) checker->invalid++;
    else checker->valid++;
    checker->warnings += verdict->warnings;
  }
  free_verdict(verdict);
}

static void note_unknown(calculation_checker *checker, evc_text name) {
  if (checker->unknown++ > 0) return;
  if (!name.data) name = (evc_text){EVC_LITERAL("a resource")};
  checker->first_unknown = evc_arena_text(&checker->cli->arena, name.data, name.length);
  if (!checker->first_unknown.data) lose_memory(checker);
}

static void check_calculations(calculation_checker *checker, cli_source *source) {
  cli_calculation calculation;
  evc_report *refusal;
  evc_status status;
  while (!checker->stopped && !checker->cli->write_error &&
         (status = cli_source_next(source, &calculation, &refusal)) != EVC_END) {
    if (status == EVC_OUT_OF_MEMORY) { /* said */
      checker->status = CLI_WRONG;
      checker->stopped = true;
    } else if (status == EVC_OK && calculation.notification.unknown) {
      note_unknown(checker, calculation.notification.name);
    } else {
      if (status != EVC_OK) checker->status = CLI_WRONG;
      check_verdict verdict =
          status == EVC_OK ? judge(checker, &calculation) : refuse(&calculation, refusal);
      settle(checker, &calculation, &verdict);
    }
    cli_progress_step(&checker->progress, source->file.name, calculation.notification.at.end,
                      source->file.length);
  }
  cli_progress_clear(&checker->progress);
}

/* Check the expression, or what is in a file. */
static void check_source(calculation_checker *checker, const char *expression, const char *path) {
  cli_source source;
  if (!cli_source_open(&source, checker->cli, expression, path)) {
    checker->status = CLI_WRONG;
  } else if (!source.reader && !checker->type) {
    cli_error(checker->cli, "{0}: the text of a calculation needs --type EVENT_TYPE",
              CLI_ARGS(source.file.name));
    checker->status = CLI_WRONG;
  } else {
    bool fix = checker->cli->options.fix != CLI_FIX_NONE;
    if (fix && !cli_fix_source(&checker->fixer, &source)) checker->status = CLI_WRONG;
    check_calculations(checker, &source);
  }
  cli_source_close(&source);
}

/* ---- The whole run -------------------------------------------------------------------------- */

static void build_count(evc_builder *out, const char *before, size_t count, const char *after) {
  evc_build_string(out, before);
  evc_build_unsigned(out, count);
  evc_build_string(out, after);
}

/* "3 calculations checked: 2 valid, 1 invalid; 4 warnings" */
static void print_summary(const calculation_checker *checker) {
  size_t count = checker->valid + checker->invalid;
  evc_builder out;
  evc_build_init(&out, &checker->cli->arena);
  build_count(&out, "", count, count == 1 ? " calculation checked: " : " calculations checked: ");
  build_count(&out, "", checker->valid, " valid");
  build_count(&out, ", ", checker->invalid, " invalid");
  if (checker->warnings)
    build_count(&out, "; ", checker->warnings, checker->warnings == 1 ? " warning" : " warnings");
  evc_build_char(&out, '\n');
  cli_write_error(checker->cli, &out);
}

/* What a plan leaves open cannot be checked, and that must not pass unnoticed. */
static void print_unknown(const calculation_checker *checker) {
  size_t others = checker->unknown - 1;
  if (!checker->unknown) return;
  evc_builder out;
  evc_build_init(&out, &checker->cli->arena);
  evc_build_string(&out, "evcalc: ");
  evc_build_quoted(&out, checker->first_unknown, checker->first_unknown.length);
  if (others) build_count(&out, " and ", others, others == 1 ? " other" : " others");
  evc_build_string(&out, others ? " were not checked: what they hold is known only after apply\n"
                                : " was not checked: what it holds is known only after apply\n");
  cli_write_error(checker->cli, &out);
}

static cli_status status_of(const calculation_checker *checker) {
  return cli_worse(checker->status, checker->invalid ? CLI_INVALID : CLI_OK);
}

/* The frame of a SARIF document. */
static void print_frame(calculation_checker *checker, bool end) {
  evc_builder out;
  if (checker->cli->options.format != CLI_SARIF) return;
  evc_arena_reset(&checker->scratch);
  evc_build_init(&out, &checker->scratch);
  if (end) check_sarif_end(&out, &checker->rules, &checker->cli->options, status_of(checker));
  else check_sarif_begin(&out);
  if (!cli_write_built(checker->cli, &out)) checker->status = CLI_WRONG;
}

static void check_all(calculation_checker *checker) {
  const cli_options *options = &checker->cli->options;
  print_frame(checker, false);
  if (options->expression) check_source(checker, options->expression, NULL);
  for (size_t i = 0; i < options->operands.count && !checker->stopped; i++)
    check_source(checker, NULL, options->operands.items[i]);
  print_frame(checker, true);
  if (options->fix && !checker->stopped) cli_fix_summary(&checker->fixer);
  if (!checker->stopped) print_unknown(checker);
  bool nothing = checker->status == CLI_WRONG && checker->valid + checker->invalid == 0;
  if (options->format == CLI_TEXT && !nothing) print_summary(checker);
}

/* The usage, as far as the table of options cannot say it. */
static bool check_usage(cli_context *cli) {
  cli_options *options = &cli->options;
  bool taken = options->diff || (options->fix && options->expression);
  if (options->diff && !options->fix) options->fix = CLI_FIX_SAFE;
  for (size_t i = 0; i < options->operands.count; i++)
    if (prints_fixed(cli, options->operands.items[i])) taken = true;
  if (options->format == CLI_TEXT || !taken) return true;
  cli_error(cli,
            options->diff
                ? "--diff prints a difference: leave out --format"
                : "--fix prints the fixed text, where it is not in a file: leave out --format",
            NULL);
  return false;
}

cli_status cli_check(cli_context *cli) {
  if (!cli->options.expression && !cli_default_operand(cli)) return CLI_WRONG;
  if (!check_usage(cli)) return CLI_WRONG;
  evc_schema *schema = cli_schema(cli);
  if (!schema) return CLI_WRONG;
  calculation_checker checker = {.cli = cli, .schema = schema};
  evc_arena_init(&checker.scratch, NULL, NULL, 0);
  cli_progress_init(&checker.progress, cli);
  if (cli->options.type) checker.type = cli_event_type(cli, schema, cli->options.type);
  checker.fixer = (cli_fixer){.cli = cli, .schema = schema, .type = checker.type};
  if (cli->options.type && !checker.type) checker.status = CLI_WRONG;
  else check_all(&checker);
  evc_arena_free(&checker.scratch);
  evc_schema_free(schema);
  return status_of(&checker);
}
