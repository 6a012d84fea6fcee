/* One table of options: a row says how an option is spelled, what it takes, where its value goes
** and what the help says of it. Options may stand anywhere, also before the command; `--` ends
** them. */
#include "options.h"

#include <stddef.h>
#include <string.h>

#include "../base/distance.h"
#include "output.h"

typedef enum option_kind {
  OPTION_FLAG,   /* bool: true */
  OPTION_TEXT,   /* const char *: the value, once */
  OPTION_LIST,   /* cli_list: the values */
  OPTION_CHOICE, /* int: the place of the value among the words of `argument`, once */
  OPTION_EXTENT, /* int: the same from 1, once; only with `=`, and without a value the first word */
  OPTION_COUNT,  /* size_t: a number from 1 on, once */
  OPTION_NUMBER, /* cli_number: a whole number, once */
  OPTION_TIME,   /* cli_number: milliseconds, with or without a unit, once */
  OPTION_CODE    /* evc_code_set: a warning; with `deny` also the word "warnings" */
} option_kind;

typedef struct option_row {
  const char *name;
  char letter;
  option_kind kind;
  const char *argument; /* how the help calls its value; of a choice, the words: "valid|true" */
  size_t member;        /* offset in cli_options */
  const char *commands; /* blank-separated; NULL: every command */
  const char *help;
} option_row;

#define MEMBER(name) offsetof(cli_options, name)

static const option_row rows[] = {
    {"ndjson", 0, OPTION_FLAG, NULL, MEMBER(ndjson), "evaluate",
     "a request a line in, an answer a line out, as they come"},
    {"jobs", 0, OPTION_COUNT, "N", MEMBER(jobs), "evaluate run",
     "threads for evaluate --ndjson and run --events (as many as processors)"},
    {"type", 't', OPTION_TEXT, "EVENT_TYPE", MEMBER(type), "check run generate fuzz lsp",
     "the Event type; for run, events of other types are skipped"},
    {"event-type", 0, OPTION_TEXT, "EVENT_TYPE", MEMBER(type), "lsp", "the same as --type"},
    {"expression", 'e', OPTION_TEXT, "EXPR", MEMBER(expression), "check run format fuzz",
     "the calculation itself"},
    {"kind", 0, OPTION_CHOICE, "valid|invalid|events", MEMBER(kind), "generate",
     "what to make (valid)"},
    {"count", 0, OPTION_NUMBER, "N", MEMBER(count), "generate", "how many lines (10)"},
    {"nodes", 0, OPTION_NUMBER, "N", MEMBER(nodes), "generate",
     "most literals, paths, calls and operators of a calculation (40)"},
    {"depth", 0, OPTION_NUMBER, "N", MEMBER(depth), "generate",
     "most of them inside one another (12)"},
    {"seed", 0, OPTION_NUMBER, "S", MEMBER(seed), "generate fuzz",
     "what random choices start from (the clock)"},
    {"time", 0, OPTION_TIME, "TIME", MEMBER(time), "fuzz",
     "the longest to try events: 500ms, 5s, 2m (5s)"},
    {"runs", 0, OPTION_NUMBER, "N", MEMBER(runs), "fuzz",
     "the most events to try; then the clock does not matter"},
    {"largest", 0, OPTION_NUMBER, "N", MEMBER(largest), "fuzz",
     "no number in an event is larger than N, or smaller than 1/N but for 0"},
    {"hostile", 0, OPTION_FLAG, NULL, MEMBER(hostile), "generate fuzz",
     "events may also hold values of the wrong type"},
    {"fix", 0, OPTION_EXTENT, "safe|all", MEMBER(fix), "check",
     "apply the fixes that keep what was meant (safe), or the guesses too (all)"},
    {"check", 0, OPTION_FLAG, NULL, MEMBER(check), "format",
     "print the names of the files that would change; nothing is written"},
    {"diff", 0, OPTION_FLAG, NULL, MEMBER(diff), "check format",
     "show what would change (for check: by --fix) as a unified diff; nothing is written"},
    {"write", 'w', OPTION_FLAG, NULL, MEMBER(write), "format", "change the files themselves"},
    {"width", 0, OPTION_COUNT, "N", MEMBER(width), "format",
     "columns of a line (80); given, it also breaks what is one line in JSON"},
    {"event", 0, OPTION_TEXT, "FILE", MEMBER(event), "run", "one event"},
    {"explain", 0, OPTION_FLAG, NULL, MEMBER(explain), "run",
     "show the value of every part of the calculation"},
    {"stdio", 0, OPTION_FLAG, NULL, MEMBER(stdio), "lsp",
     "speak on standard input and output, as it does in any case"},
    {"fields", 0, OPTION_LIST, "FILE", MEMBER(fields), NULL,
     "a field list; its Event types replace the built-in ones (repeatable)"},
    {"no-builtin", 0, OPTION_FLAG, NULL, MEMBER(no_builtin), NULL,
     "only the Event types of --fields"},
    {"events", 0, OPTION_LIST, "FILE", MEMBER(events), NULL,
     "events for evaluate and run: one, a list response or NDJSON (repeatable)"},
    {"success-means", 0, OPTION_CHOICE, "valid|true", MEMBER(success_means), NULL,
     "what success says in the answers of evaluate (valid)"},
    {"allow", 0, OPTION_CODE, "CODE", MEMBER(allow), NULL,
     "do not report this warning (repeatable; `evcalc help codes` lists them)"},
    {"deny", 0, OPTION_CODE, "CODE", MEMBER(deny), NULL,
     "make this warning an error; `warnings` is all of them (repeatable)"},
    {"format", 0, OPTION_CHOICE, "text|json|sarif|github", MEMBER(format), NULL,
     "how results are printed (text); sarif and github: check"},
    {"help", 'h', OPTION_FLAG, NULL, MEMBER(help), NULL, "this help"},
    {"version", 'V', OPTION_FLAG, NULL, MEMBER(version), NULL, "the version"},
};

enum { ROW_COUNT = sizeof rows / sizeof *rows };

/* What is known of the command line while it is read. */
typedef struct option_reader {
  cli_context *cli;
  char **next, **end;   /* arguments still to be read */
  bool given[ROW_COUNT]; /* options met */
} option_reader;

static void *member_of(option_reader *reader, const option_row *row) {
  return (char *)&reader->cli->options + row->member;
}

/* Says `wording`, and with a name near to `wanted` also that one: `{1}` in `near_wording`. */
static void say_unknown(cli_context *cli, const char *wording, const char *near_wording,
                        evc_text wanted, const evc_nearest *nearest) {
  evc_text args[] = {wanted, nearest->names[0]};
  cli_error(cli, nearest->count ? near_wording : wording, args);
}

static bool unknown_option(option_reader *reader, evc_text name) {
  evc_nearest nearest;
  evc_nearest_init(&nearest, name, 1);
  for (size_t i = 0; i < ROW_COUNT; i++) evc_nearest_offer(&nearest, evc_text_of(rows[i].name));
  say_unknown(reader->cli, "unknown option '--{0}'; `evcalc --help` lists the options",
              "unknown option '--{0}'; did you mean --{1}?", name, &nearest);
  return false;
}

const cli_command *cli_command_find(cli_context *cli, const char *name) {
  evc_nearest nearest;
  evc_nearest_init(&nearest, evc_text_of(name), 1);
  for (const cli_command *command = cli_commands; command->name; command++) {
    if (strcmp(command->name, name) == 0) return command;
    evc_nearest_offer(&nearest, evc_text_of(command->name));
  }
  say_unknown(cli, "unknown command '{0}'; `evcalc help` lists the commands",
              "unknown command '{0}'; did you mean '{1}'?", evc_text_of(name), &nearest);
  return NULL;
}

static bool append(cli_context *cli, cli_list *list, const char *item) {
  void *items = list->items;
  if (!evc_arena_grow(&cli->arena, &items, &list->capacity, list->count + 1,
                      sizeof *list->items)) {
    cli_out_of_memory(cli);
    return false;
  }
  list->items = items;
  list->items[list->count++] = item;
  return true;
}

/* The number of `word` among "word|word|…", or -1. */
static int choice_of(const char *words, const char *word) {
  int number = 0;
  for (const char *at = words;; number++) {
    size_t length = strcspn(at, "|");
    if (strlen(word) == length && memcmp(at, word, length) == 0) return number;
    if (!at[length]) return -1;
    at += length + 1;
  }
}

static bool set_choice(option_reader *reader, const option_row *row, const char *value) {
  int choice = choice_of(row->argument, value);
  if (choice < 0) {
    cli_error(reader->cli, "--{0} takes {1}, not '{2}'", CLI_ARGS(row->name, row->argument, value));
    return false;
  }
  *(int *)member_of(reader, row) = choice + (row->kind == OPTION_EXTENT);
  return true;
}

/* More threads than that no machine has processors for, and more columns no screen (chosen). */
enum { MOST_COUNT = 1024 };

static bool set_count(option_reader *reader, const option_row *row, const char *value) {
  size_t count = 0;
  const char *at = value;
  for (; *at >= '0' && *at <= '9' && count <= MOST_COUNT; at++)
    count = count * 10 + (size_t)(*at - '0');
  if (*at || count < 1 || count > MOST_COUNT) {
    cli_error(reader->cli, "--{0} takes a number from 1 to 1024, not '{1}'",
              CLI_ARGS(row->name, value));
    return false;
  }
  *(size_t *)member_of(reader, row) = count;
  return true;
}

/* Read digits into *number; where they end, NULL when there are none or they are too many. */
static const char *read_digits(const char *at, uint64_t *number) {
  const char *start = at;
  for (*number = 0; *at >= '0' && *at <= '9'; at++) {
    uint64_t digit = (uint64_t)(*at - '0');
    if (*number > (UINT64_MAX - digit) / 10) return NULL;
    *number = *number * 10 + digit;
  }
  return at > start ? at : NULL;
}

static bool set_number(option_reader *reader, const option_row *row, const char *value) {
  cli_number *number = member_of(reader, row);
  const char *end = read_digits(value, &number->value);
  number->given = end && !*end;
  if (number->given) return true;
  bool large = value[0] && value[strspn(value, "0123456789")] == '\0';
  cli_error(reader->cli,
            large ? "--{0} takes a whole number up to 18446744073709551615, not '{1}'"
                  : "--{0} takes a whole number, not '{1}'",
            CLI_ARGS(row->name, value));
  return false;
}

/* 500ms, 5s, 2m, 1h; without a unit it is seconds. */
static bool set_time(option_reader *reader, const option_row *row, const char *value) {
  static const struct {
    const char *name;
    uint64_t milliseconds;
  } units[] = {{"s", 1000}, {"", 1000}, {"ms", 1}, {"m", 60000}, {"h", 3600000}};
  cli_number *time = member_of(reader, row);
  const char *end = read_digits(value, &time->value);
  for (size_t i = 0; end && i < sizeof units / sizeof *units; i++) {
    if (strcmp(end, units[i].name) != 0 || time->value > UINT32_MAX) continue;
    time->value *= units[i].milliseconds;
    time->given = true;
  }
  if (!time->given)
    cli_error(reader->cli, "--{0} takes a time such as 500ms, 5s or 2m, not '{1}'",
              CLI_ARGS(row->name, value));
  return time->given;
}

static bool unknown_code(cli_context *cli, const option_row *row, const char *value) {
  evc_nearest nearest;
  evc_nearest_init(&nearest, evc_text_of(value), 1);
  for (int code = EVC_CODE_NONE + 1; code < EVC_CODE_END; code++)
    if (evc_code_severity((evc_code)code) != EVC_ERROR)
      evc_nearest_offer(&nearest, evc_text_of(evc_code_name((evc_code)code)));
  evc_text args[] = {evc_text_of(row->name), evc_text_of(value), nearest.names[0]};
  cli_error(cli,
            nearest.count ? "--{0}: there is no warning '{1}'; did you mean {2}?"
                          : "--{0}: there is no warning '{1}'; `evcalc help codes` lists them",
            args);
  return false;
}

static bool set_code(option_reader *reader, const option_row *row, const char *value) {
  cli_options *options = &reader->cli->options;
  if (row->member == MEMBER(deny) && strcmp(value, "warnings") == 0) {
    options->deny_warnings = true;
    return true;
  }
  evc_code code = evc_code_find(value, EVC_NUL_TERMINATED);
  if (code == EVC_CODE_NONE) return unknown_code(reader->cli, row, value);
  if (evc_code_severity(code) == EVC_ERROR) {
    cli_error(reader->cli, "--{0}: {1} is an error, and only warnings can be allowed or denied",
              CLI_ARGS(row->name, value));
    return false;
  }
  evc_code_set_add(member_of(reader, row), code);
  return true;
}

static bool set_value(option_reader *reader, const option_row *row, const char *value) {
  bool often = row->kind == OPTION_FLAG || row->kind == OPTION_LIST || row->kind == OPTION_CODE;
  if (!often && reader->given[row - rows]) {
    cli_error(reader->cli, "--{0} is given twice", CLI_ARGS(row->name));
    return false;
  }
  reader->given[row - rows] = true;
  if (row->kind == OPTION_FLAG) {
    *(bool *)member_of(reader, row) = true;
    return true;
  }
  if (!value) { /* an OPTION_EXTENT by itself */
    *(int *)member_of(reader, row) = 1;
    return true;
  }
  switch (row->kind) {
  case OPTION_FLAG: break;
  case OPTION_TEXT: *(const char **)member_of(reader, row) = value; return true;
  case OPTION_LIST: return append(reader->cli, member_of(reader, row), value);
  case OPTION_CHOICE:
  case OPTION_EXTENT: return set_choice(reader, row, value);
  case OPTION_COUNT: return set_count(reader, row, value);
  case OPTION_NUMBER: return set_number(reader, row, value);
  case OPTION_TIME: return set_time(reader, row, value);
  case OPTION_CODE: return set_code(reader, row, value);
  }
  return false;
}

/* An option with its value: `value` when it came with the option, else the next argument. */
static bool read_value(option_reader *reader, const option_row *row, const char *value) {
  if (row->kind == OPTION_FLAG && value) {
    cli_error(reader->cli, "--{0} takes no value", CLI_ARGS(row->name));
    return false;
  }
  if (row->kind != OPTION_FLAG && row->kind != OPTION_EXTENT && !value) {
    if (reader->next == reader->end) {
      cli_error(reader->cli, "--{0} needs a value: {1}", CLI_ARGS(row->name, row->argument));
      return false;
    }
    value = *reader->next++;
  }
  return set_value(reader, row, value);
}

/* --name, --name=value */
static bool read_long(option_reader *reader, const char *argument) {
  const char *equals = strchr(argument, '=');
  evc_text name = {argument, equals ? (size_t)(equals - argument) : strlen(argument)};
  for (size_t i = 0; i < ROW_COUNT; i++)
    if (evc_text_is(name, rows[i].name))
      return read_value(reader, &rows[i], equals ? equals + 1 : NULL);
  return unknown_option(reader, name);
}

/* -t value, -tvalue, -h */
static bool read_short(option_reader *reader, const char *argument) {
  for (size_t i = 0; i < ROW_COUNT; i++)
    if (rows[i].letter && rows[i].letter == argument[0])
      return read_value(reader, &rows[i], argument[1] ? argument + 1 : NULL);
  cli_error(reader->cli, "unknown option '-{0}'; `evcalc --help` lists the options",
            CLI_ARGS(argument));
  return false;
}

static bool read_operand(option_reader *reader, const char *argument) {
  cli_context *cli = reader->cli;
  if (cli->command) return append(cli, &cli->options.operands, argument);
  cli->command = cli_command_find(cli, argument);
  return cli->command != NULL;
}

/* True when `name` is among the blank-separated `words`. */
static bool is_listed(const char *words, const char *name) {
  size_t length = strlen(name);
  for (const char *at = words; (at = strstr(at, name)) != NULL; at += length) {
    bool starts = at == words || at[-1] == ' ';
    if (starts && (at[length] == ' ' || at[length] == '\0')) return true;
  }
  return false;
}

/* An option that belongs to other commands only is a slip, which must not pass unnoticed. */
static bool check_commands(option_reader *reader) {
  cli_context *cli = reader->cli;
  for (size_t i = 0; i < ROW_COUNT; i++) {
    if (!reader->given[i] || !rows[i].commands) continue;
    if (!cli->command || is_listed(rows[i].commands, cli->command->name)) continue;
    cli_error(cli, "--{0} is no option of {1}; it belongs to: {2}",
              CLI_ARGS(rows[i].name, cli->command->name, rows[i].commands));
    return false;
  }
  return true;
}

/* The formats for other tools are about what is wrong with files. */
static bool check_format(option_reader *reader) {
  cli_context *cli = reader->cli;
  bool check = !cli->command || strcmp(cli->command->name, "check") == 0;
  if (check || cli->options.format <= CLI_JSON) return true;
  cli_error(cli, "--format {0} is for check, not for {1}",
            CLI_ARGS(cli->options.format == CLI_SARIF ? "sarif" : "github", cli->command->name));
  return false;
}

/* Standard input can be read only once. */
static bool check_standard_input(cli_context *cli) {
  const cli_options *options = &cli->options;
  const cli_list *lists[] = {&options->operands, &options->fields, &options->events};
  size_t count = options->event && strcmp(options->event, "-") == 0;
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
    for (size_t k = 0; k < lists[i]->count; k++) count += strcmp(lists[i]->items[k], "-") == 0;
  if (count > 1) cli_error(cli, "standard input (-) can be read only once", NULL);
  return count <= 1;
}

bool cli_default_operand(cli_context *cli) {
  if (cli->options.operands.count) return true;
  return append(cli, &cli->options.operands, "-") && check_standard_input(cli);
}

bool cli_options_read(cli_context *cli, int argc, char **argv) {
  option_reader reader = {.cli = cli, .next = argv + (argc > 0), .end = argv + argc};
  bool only_operands = false;
  while (reader.next < reader.end) {
    const char *argument = *reader.next++;
    bool read;
    if (only_operands || argument[0] != '-' || !argument[1]) read = read_operand(&reader, argument);
    else if (argument[1] != '-') read = read_short(&reader, argument + 1);
    else if (argument[2]) read = read_long(&reader, argument + 2);
    else read = only_operands = true;
    if (!read) return false;
  }
  return check_commands(&reader) && check_format(&reader) && check_standard_input(cli);
}

enum { HELP_COLUMN = 34 };

static void build_row(evc_builder *out, const option_row *row) {
  size_t start = out->length;
  evc_build_string(out, "  ");
  if (row->letter) {
    evc_build_char(out, '-');
    evc_build_char(out, row->letter);
    evc_build_string(out, ", ");
  } else {
    evc_build_string(out, "    ");
  }
  evc_build_string(out, "--");
  evc_build_string(out, row->name);
  if (row->argument) {
    bool optional = row->kind == OPTION_EXTENT;
    evc_build_string(out, optional ? "[=" : " ");
    evc_build_string(out, row->argument);
    if (optional) evc_build_char(out, ']');
  }
  size_t width = out->length - start;
  evc_build_repeat(out, ' ', width < HELP_COLUMN ? HELP_COLUMN - width : 1);
  evc_build_string(out, row->help);
  evc_build_char(out, '\n');
}

void cli_options_help(evc_builder *out, const cli_command *command) {
  for (size_t i = 0; i < ROW_COUNT; i++) {
    bool listed = command ? rows[i].commands && is_listed(rows[i].commands, command->name)
                          : !rows[i].commands;
    if (listed) build_row(out, &rows[i]);
  }
}
