/* `evcalc check`: are these calculations valid, and if not, why? */
#include <string.h>

#include "../json/write.h"
#include "../report/draft.h"
#include "cli.h"
#include "options.h"
#include "output.h"
#include "setup.h"
#include "source.h"

typedef struct calculation_checker {
  cli_context *cli;
  const evc_schema *schema;
  const evc_event_type *type; /* of --type, for what has no eventName; or NULL */
  size_t valid, invalid, warnings;
  cli_status status; /* of files and usage */
} calculation_checker;

/* What there is to say of one calculation: about its Notification first, then about its text. */
enum { ABOUT_TYPE, ABOUT_NOTIFICATION, ABOUT_TEXT, REPORT_COUNT };

typedef struct check_verdict {
  evc_text event_name;
  evc_calculation *calculation; /* NULL: invalid, or there is none */
  evc_report *reports[REPORT_COUNT];
  size_t errors, warnings;
} check_verdict;

static bool is_blank(evc_text text) {
  for (size_t i = 0; i < text.length; i++)
    if (!text.data[i] || !strchr(" \t\r\n", text.data[i])) return false;
  return true;
}

static evc_report *say_no_event_name(void) {
  const evc_text args[] = {{EVC_LITERAL("the Notification has no \"eventName\"")},
                           {EVC_LITERAL("one, or the option --type")}};
  return evc_report_single(NULL, EVC_MSG_JSON_SHAPE, (evc_span){.none = true}, args, 2, "", 0);
}

static evc_report *say_no_string(void) {
  const evc_text args[] = {{EVC_LITERAL("the calculation is not a string")},
                           {EVC_LITERAL("its text in double quotes, or null")}};
  return evc_report_single(NULL, EVC_MSG_JSON_SHAPE, (evc_span){.none = true}, args, 2, "", 0);
}

static evc_report *say_missing(void) {
  return evc_report_single(NULL, EVC_MSG_CALCULATION_MISSING, (evc_span){.none = true}, NULL, 0,
                           "", 0);
}

/* The warning is the Notification's, not the calculation's: --allow and --deny are minded here. */
static evc_report *say_unused(const cli_options *options) {
  evc_code code = EVC_CODE_CALCULATION_UNUSED;
  bool allowed = evc_code_set_has(&options->allow, code);
  bool denied =
      evc_code_set_has(&options->deny, code) || (options->deny_warnings && !allowed);
  if (allowed && !denied) return NULL;
  evc_report *report = evc_report_new(NULL);
  evc_diagnostic *diagnostic =
      evc_report_add(report, EVC_MSG_CALCULATION_UNUSED, (evc_span){.none = true}, NULL, 0);
  if (denied) evc_report_set_severity(report, diagnostic, EVC_ERROR);
  return evc_report_finish(report, "", 0);
}

/* The Event type to check against; NULL, with the reason in the verdict, when there is none. */
static const evc_event_type *find_type(const calculation_checker *checker, evc_text event_name,
                                       check_verdict *verdict) {
  if (event_name.data) {
    verdict->event_name = event_name;
    const evc_event_type *type =
        evc_schema_find(checker->schema, event_name.data, event_name.length);
    if (!type) verdict->reports[ABOUT_TYPE] = cli_unknown_type(checker->schema, event_name);
    return type;
  }
  if (checker->type) verdict->event_name = evc_event_type_name(checker->type);
  else verdict->reports[ABOUT_TYPE] = say_no_event_name();
  return checker->type;
}

static check_verdict judge(const calculation_checker *checker, const cli_calculation *source) {
  check_verdict verdict = {.calculation = NULL};
  const evc_notification *notification = &source->notification;
  const evc_event_type *type = find_type(checker, notification->event_name, &verdict);
  bool missing = is_blank(source->text);
  evc_report **about = &verdict.reports[ABOUT_NOTIFICATION];
  if (source->in_notification && !source->text.data &&
      notification->calculation_kind != EVC_KIND_NULL)
    *about = say_no_string();
  else if (missing && !notification->always_fire) *about = say_missing();
  else if (!missing && notification->always_fire) *about = say_unused(&checker->cli->options);
  if (type && !missing) {
    evc_options options = cli_compile_options(checker->cli, checker->schema);
    verdict.calculation = evc_compile(type, source->text.data, source->text.length, &options,
                                      &verdict.reports[ABOUT_TEXT]);
  }
  for (size_t i = 0; i < REPORT_COUNT; i++) {
    verdict.errors += evc_report_errors(verdict.reports[i]);
    verdict.warnings += evc_report_warnings(verdict.reports[i]);
  }
  return verdict;
}

static void free_verdict(check_verdict *verdict) {
  for (size_t i = 0; i < REPORT_COUNT; i++) evc_report_free(verdict->reports[i]);
  evc_calculation_free(verdict->calculation);
}

static void build_fields(evc_builder *out, const evc_calculation *calculation) {
  size_t count = calculation ? evc_calculation_reference_count(calculation) : 0;
  for (size_t i = 0; i < count; i++) {
    if (i > 0) evc_build_string(out, ", ");
    evc_json_build_string(out, evc_calculation_reference(calculation, i).path);
  }
}

static void build_diagnostics(evc_builder *out, const cli_calculation *source,
                              const check_verdict *verdict) {
  bool first = true;
  for (size_t i = 0; i < REPORT_COUNT; i++)
    for (size_t k = 0; k < evc_report_count(verdict->reports[i]); k++) {
      if (!first) evc_build_string(out, ", ");
      first = false;
      const evc_diagnostic *diagnostic = evc_report_at(verdict->reports[i], k);
      cli_build_json_diagnostic(out, diagnostic, source);
    }
}

static void build_json(evc_builder *out, const cli_calculation *source,
                       const check_verdict *verdict) {
  const char *path = source->source->path;
  evc_build_string(out, "{\"file\": ");
  evc_json_build_string(out, (evc_text){path, path ? strlen(path) : 0});
  evc_build_string(out, ", \"name\": ");
  evc_json_build_string(out, source->notification.name);
  evc_build_string(out, ", \"eventName\": ");
  evc_json_build_string(out, verdict->event_name);
  evc_build_string(out, ", \"calculation\": ");
  evc_json_build_string(out, source->text);
  evc_build_string(out, ", \"valid\": ");
  evc_build_string(out, verdict->errors ? "false" : "true");
  evc_build_string(out, ", \"fields\": [");
  build_fields(out, verdict->calculation);
  evc_build_string(out, "], \"diagnostics\": [");
  build_diagnostics(out, source, verdict);
  evc_build_string(out, "]}\n");
}

static void check_one(calculation_checker *checker, const cli_calculation *source) {
  check_verdict verdict = judge(checker, source);
  evc_arena arena;
  evc_arena_init(&arena, NULL, NULL, 0);
  evc_builder out;
  evc_build_init(&out, &arena);
  if (checker->cli->options.format == CLI_JSON) {
    build_json(&out, source, &verdict);
  } else {
    for (size_t i = 0; i < REPORT_COUNT; i++)
      cli_build_calculation_report(&out, checker->cli->out_style, verdict.reports[i], source);
  }
  if (!cli_write_built(checker->cli, &out)) checker->status = CLI_WRONG;
  if (verdict.errors) checker->invalid++;
  else checker->valid++;
  checker->warnings += verdict.warnings;
  evc_arena_free(&arena);
  free_verdict(&verdict);
}

static void check_calculations(calculation_checker *checker, cli_source *source) {
  cli_calculation calculation;
  evc_status status;
  while ((status = cli_source_next(source, &calculation)) != EVC_END) {
    if (status == EVC_OK) check_one(checker, &calculation);
    else checker->status = CLI_WRONG;
    if (status == EVC_OUT_OF_MEMORY || checker->cli->write_error) return;
  }
}

/* Check the expression, or what is in a file. */
static void check_source(calculation_checker *checker, const char *expression, const char *path) {
  cli_source source;
  if (!cli_source_open(&source, checker->cli, expression, path)) {
    checker->status = CLI_WRONG;
  } else if (!source.reader && !checker->type) {
    cli_error(checker->cli, "{0}: the text of a calculation needs --type EVENT_TYPE",
              CLI_ARGS(expression ? "--expression" : source.file.name));
    checker->status = CLI_WRONG;
  } else {
    check_calculations(checker, &source);
  }
  cli_source_close(&source);
}

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

static void check_all(calculation_checker *checker) {
  const cli_options *options = &checker->cli->options;
  if (options->expression) check_source(checker, options->expression, NULL);
  for (size_t i = 0; i < options->operands.count; i++)
    check_source(checker, NULL, options->operands.items[i]);
  bool nothing = checker->status == CLI_WRONG && checker->valid + checker->invalid == 0;
  if (options->format == CLI_TEXT && !nothing) print_summary(checker);
}

cli_status cli_check(cli_context *cli) {
  if (!cli->options.expression && !cli_default_operand(cli)) return CLI_WRONG;
  evc_schema *schema = cli_schema(cli);
  if (!schema) return CLI_WRONG;
  calculation_checker checker = {.cli = cli, .schema = schema};
  if (cli->options.type) checker.type = cli_event_type(cli, schema, cli->options.type);
  if (cli->options.type && !checker.type) checker.status = CLI_WRONG;
  else check_all(&checker);
  evc_schema_free(schema);
  return cli_worse(checker.status, checker.invalid ? CLI_INVALID : CLI_OK);
}
