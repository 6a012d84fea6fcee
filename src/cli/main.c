/* The command line's front door: the table of commands, the way in, and the way out. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "help.h"
#include "options.h"
#include "output.h"

const cli_command cli_commands[] = {
    {"evaluate", "[OPTIONS] [FILE|-]", "answer a request as the Evaluate Calculation endpoint does",
     "Reads a request, {\"eventId\"?, \"eventName\"?, \"calculation\"}, and prints the answer,\n"
     "{\"success\", \"errorMessage\"}, or {\"message\"} for a request that is wrong. An eventId\n"
     "refers to the events of --events.\n\n"
     "With --ndjson every line is a request and gets an answer, in order; memory does not grow\n"
     "with the input, and answers are not held back while the input pauses. Several threads\n"
     "answer; --jobs says how many.\n\n"
     "Exit status: 0 every answer is a success, 1 one is not, 2 a request is wrong.\n",
     cli_evaluate},
    {"check", "[-t EVENT_TYPE] [-e EXPR] [FILE...]",
     "validate calculations before they are uploaded",
     "Checks the expression, and each FILE: Notification configurations in JSON (one object, an\n"
     "array, or {\"data\": [...]}), or what `terraform show -json` prints of a plan or a state,\n"
     "each against its own eventName; or the text of a calculation, against EVENT_TYPE. Without\n"
     "both, standard input is checked.\n\n"
     "What is wrong is printed with its place in the text. --format json prints one object a\n"
     "line, one line a calculation; sarif one SARIF 2.1.0 document; github the annotations of a\n"
     "workflow.\n\n"
     "--fix changes what it can in each FILE, and prints the fixed text of an expression or of\n"
     "standard input; what remains wrong is then printed as usual. Warnings are fixed only where\n"
     "they are denied.\n\n"
     "Exit status: 0 all are valid, 1 one is not, 2 a file or the usage is wrong.\n",
     cli_check},
    {"run", "(--event FILE | --events FILE) [OPTIONS] [-e EXPR | FILE]",
     "evaluate a calculation on one event, or on each of many",
     "The calculation is EXPR, or what FILE or standard input holds: its text, or a Notification\n"
     "configuration, whose eventName then stands for --type. With --event prints true or false;\n"
     "with --events a line an event: its id (or line number), a tab, and true, false or error.\n"
     "What an error is about is said on standard error. Events of other types than --type are\n"
     "skipped and counted; without it the calculation is compiled for each type met. NDJSON is\n"
     "read as it comes, in memory that does not grow with it, by several threads (--jobs).\n\n"
     "Exit status with --event: 0 true, 1 false or invalid; with --events: 0 all events were\n"
     "answered, 1 one was not; 2 a file or the usage is wrong.\n",
     cli_run},
    {"format", "[OPTIONS] [-e EXPR] [FILE|-]...", "lay calculations out in the canonical way",
     "Prints the expression, and each FILE, formatted: one blank around operators, lines of at most\n"
     "80 columns, broken before AND and OR first and indented by how they nest. Names, literals and\n"
     "parentheses stay, save doubled ones. The meaning never changes, and what is formatted stays as\n"
     "it is. Without both, standard input is formatted. No Event type is needed.\n\n"
     "FILE is the text of a calculation, or Notification configurations in JSON, in which only the\n"
     "calculations change; there one without line breaks stays one line, unless --width is given.\n"
     "A calculation with errors of syntax is told and left as it is.\n\n"
     "Exit status: 0 all is formatted, 1 a calculation could not be read (with --check also: a file\n"
     "would change), 2 a file or the usage is wrong.\n",
     cli_format_command},
    {"types", "[EVENT_TYPE]", "list the Event types, or the fields of one",
     "Prints the Event types that are known, or the fields of EVENT_TYPE with their types, and\n"
     "how sure each list is: published, inferred, derived, name only, or loaded. With --format\n"
     "json prints what the API's events/types and events/fields return.\n",
     cli_types},
    {"explain", "[CODE]", "tell what a code such as unknown-field means",
     "Prints the page of a diagnostic's CODE, as it stands in error[CODE] and warning[CODE]: what it\n"
     "means, why it is so, a wrong example and the right one. Without CODE lists all codes. With\n"
     "--format json a page is one object, and without CODE there is one a line.\n",
     cli_explain_code},
    {"generate", "[-t EVENT_TYPE] [--kind valid|invalid|events] [--count N] [--seed S]",
     "make random calculations, or random events",
     "Prints a line each of: calculations that are valid for EVENT_TYPE; invalid ones, each with\n"
     "one mistake and, before it and a tab, the code that `check` reports for it; or events in\n"
     "JSON, for `run --events`. Without -t every line is of another of the Event types whose\n"
     "fields are known, and a calculation has the type's name and a tab before it.\n\n"
     "--format json prints one object a line: {\"eventName\", \"calculation\", \"fields\"} of a\n"
     "calculation, {\"eventName\", \"code\", \"calculation\"} of an invalid one; there blanks may\n"
     "be line breaks.\n\n"
     "The same seed, options and field lists give the same lines on every machine; more lines\n"
     "(--count) begin with the same ones.\n",
     cli_generate},
    {"fuzz", "[-t EVENT_TYPE] [--time TIME] [--runs N] [--seed S] [-e EXPR | FILE]",
     "attack a calculation with events",
     "Looks for an event on which evaluating the calculation fails, and for events on which each\n"
     "of its conditions is true, is false, and decides the answer alone: on which the answer would\n"
     "have been another if that condition had come out the other way. Events are made from the\n"
     "calculation's own constants and their neighbours, from nulls, and from what earlier events\n"
     "showed. The calculation is EXPR, or what FILE or standard input holds: its text, or a\n"
     "Notification configuration, whose eventName then stands for --type.\n\n"
     "Prints each failure with an event, an event on which the answer is true and one on which it\n"
     "is false, the conditions, and what is to be said of those that never mattered. Every event\n"
     "is a line that starts with '{', which `run --event` reads. Ends when everything was seen and\n"
     "nothing new came for a while, when TIME is over, after N events, or on Ctrl-C. With --runs\n"
     "and without --time the same seed prints the same. A product of two fields is too large where\n"
     "they are large enough: --largest keeps events to numbers that you can have.\n\n"
     "Exit status: 0 evaluation never failed, 1 it did, or the calculation is invalid; 2 a file or\n"
     "the usage is wrong.\n",
     cli_fuzz},
    {"lsp", "[-t EVENT_TYPE] [OPTIONS]", "serve editors that speak the Language Server Protocol",
     "Speaks LSP 3.17 on standard input and output, as an editor starts it: diagnostics with fixes,\n"
     "completion, hover, signature help, semantic tokens, formatting, ranges to select, and symbols;\n"
     "for calculation files, and for the calculations inside of Notification configurations in\n"
     "JSON, each by its own eventName.\n\n"
     "The Event type of a calculation file comes from the editor's settings, else it is EVENT_TYPE;\n"
     "without one, fields are not checked. The settings are an object under `evcalc`:\n\n"
     "  eventTypes  {\"GLOB\": \"EVENT_TYPE\", ...}: those of the files whose path in the workspace,\n"
     "              or, where GLOB has no /, whose name it matches; the longest one counts\n"
     "  eventType   of all other files\n"
     "  fields      [\"FILE\", ...]: field lists, relative to the workspace; read again on a change\n"
     "  allow, deny [\"CODE\", ...]\n\n"
     "They are read from initializationOptions, workspace/didChangeConfiguration and\n"
     "workspace/configuration, and add to the options here.\n\n"
     "Exit status: 0 the client said shutdown and exit, 1 it went without, 2 the usage is wrong.\n",
     cli_lsp},
    {"help", "[COMMAND|codes]", "show this help, that of a command, or the warnings",
     "Shows the help of COMMAND, or the warnings that --allow and --deny know.\n", cli_help},
    {NULL, NULL, NULL, NULL, NULL},
};

static cli_status print_version(cli_context *cli) {
  cli_write(cli, EVC_LITERAL("evcalc "));
  cli_write(cli, evc_version(), strlen(evc_version()));
  cli_write(cli, "\n", 1);
  return CLI_OK;
}

static cli_status print_help(cli_context *cli) {
  evc_builder out;
  evc_build_init(&out, &cli->arena);
  if (cli->command) cli_help_command(&out, cli->command);
  else cli_help_overview(&out);
  return cli_write_built(cli, &out) ? CLI_OK : CLI_WRONG;
}

static cli_status missing_command(cli_context *cli) {
  evc_builder out;
  evc_build_init(&out, &cli->arena);
  cli_help_overview(&out);
  cli_write_error(cli, &out);
  return CLI_WRONG;
}

static cli_status dispatch(cli_context *cli, int argc, char **argv) {
  if (!cli_options_read(cli, argc, argv)) return CLI_WRONG;
  if (cli->options.version) return print_version(cli);
  if (cli->options.help) return print_help(cli);
  if (!cli->command) return missing_command(cli);
  return cli->command->run(cli);
}

/* Colour is for a terminal that shows it, and for people who did not say no. */
static evc_style style_of(int descriptor) {
  const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");
  bool wanted = !(no_color && *no_color) && !(terminal && strcmp(terminal, "dumb") == 0);
  return wanted && isatty(descriptor) ? EVC_STYLE_CARET_COLOR : EVC_STYLE_CARET;
}

/* Results that could not be written are no results. A reader that went away is told nothing. */
static cli_status finish_output(cli_context *cli, cli_status status) {
  cli_flush(cli);
  if (!cli->write_error) return status;
  if (cli->write_error != EPIPE)
    cli_error(cli, "cannot write to standard output: {0}", CLI_ARGS(strerror(cli->write_error)));
  return CLI_WRONG;
}

int main(int argc, char **argv) {
  cli_context cli = {.out_style = style_of(STDOUT_FILENO), .error_style = style_of(STDERR_FILENO)};
  evc_arena_init(&cli.arena, NULL, NULL, 0);
  cli_status status = finish_output(&cli, dispatch(&cli, argc, argv));
  evc_arena_free(&cli.arena);
  return (int)status;
}
