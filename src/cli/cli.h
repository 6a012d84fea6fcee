/* What the commands share: the parsed command line, where results go, how a command ends. */
#ifndef EVC_CLI_CLI_H
#define EVC_CLI_CLI_H

#include <stdio.h>

#include "../base/arena.h"
#include "evcalc/evcalc.h"

/* Exit statuses. */
typedef enum cli_status {
  CLI_OK = 0,
  CLI_INVALID = 1, /* a calculation is invalid, or false for `run`, or an event was not answered */
  CLI_WRONG = 2    /* the request, a file, the usage or the output is wrong */
} cli_status;

/* Of two statuses, the one to exit with. */
static inline cli_status cli_worse(cli_status a, cli_status b) { return a > b ? a : b; }

/* Words or file names in the order of the command line. */
typedef struct cli_list {
  const char **items;
  size_t count, capacity;
} cli_list;

/* A number that may be given. */
typedef struct cli_number {
  bool given;
  uint64_t value;
} cli_number;

/* The last two are those of `check` alone. */
typedef enum cli_format { CLI_TEXT = 0, CLI_JSON, CLI_SARIF, CLI_GITHUB } cli_format;

/* The command line; options.c fills it from its table. */
typedef struct cli_options {
  cli_list operands; /* what is no option, without the command's name */
  cli_list fields, events;
  const char *event, *type, *expression; /* NULL where not given */
  bool no_builtin, ndjson, explain, help, version;
  bool diff, check, write, hostile, stdio;
  size_t width; /* 0: not given */
  size_t jobs; /* 0: as many as there are processors */
  int kind; /* of what `generate` makes, by the order of its words */
  cli_number count, nodes, depth, seed, runs, largest;
  cli_number time; /* milliseconds */
  int success_means, format, fix; /* an evc_success, a cli_format, a cli_fix_choice */
  evc_code_set allow, deny;
  bool deny_warnings;
} cli_options;

typedef struct cli_context cli_context;

/* A command: its name, what it takes, what it does. */
typedef struct cli_command {
  const char *name;
  const char *usage;   /* what follows the name */
  const char *summary; /* one line, for the list of commands */
  const char *details; /* for its own help */
  cli_status (*run)(cli_context *cli);
} cli_command;

struct cli_context {
  const cli_command *command; /* NULL until it is known */
  cli_options options;
  evc_arena arena; /* for what lives as long as the run */
  evc_style out_style, error_style;
  int write_error; /* the errno of the first write to standard output that failed, or 0 */
};

/* The commands; the last row's name is NULL. main.c. */
extern const cli_command cli_commands[];

cli_status cli_evaluate(cli_context *cli);
cli_status cli_check(cli_context *cli);
cli_status cli_run(cli_context *cli);
cli_status cli_format_command(cli_context *cli);
cli_status cli_types(cli_context *cli);
cli_status cli_explain_code(cli_context *cli);
cli_status cli_generate(cli_context *cli);
cli_status cli_fuzz(cli_context *cli);
cli_status cli_lsp(cli_context *cli);

#endif
