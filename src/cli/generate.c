/* `evcalc generate`: random calculations, calculations with a mistake, and random events. */
#include <string.h>

#include "../generate/random.h"
#include "../json/write.h"
#include "cli.h"
#include "output.h"
#include "seed.h"
#include "setup.h"

typedef enum generate_kind { KIND_VALID, KIND_INVALID, KIND_EVENTS } generate_kind;

enum { STANDARD_COUNT = 10 };

/* One run of the command. */
typedef struct generate_command {
  cli_context *cli;
  const evc_schema *schema;
  evc_generate_options options;
  generate_kind kind;
  bool json;
  evc_random random; /* chooses types where none is given */
  evc_arena arena;   /* of a line */
} generate_command;

/* What a line is made with. */
typedef struct line_maker {
  const evc_event_type *type;
  evc_generator *generator;
  evc_event *event; /* of events */
} line_maker;

static bool maker_init(generate_command *command, const evc_event_type *type, uint64_t seed,
                       line_maker *maker) {
  *maker = (line_maker){.type = type};
  maker->generator = evc_generator_new(type, seed, &command->options, NULL);
  if (command->kind == KIND_EVENTS) maker->event = evc_event_new(type, NULL);
  return maker->generator && (maker->event || command->kind != KIND_EVENTS);
}

static void maker_free(line_maker *maker) {
  evc_generator_free(maker->generator);
  evc_event_free(maker->event);
}

/* ---- Lines ---------------------------------------------------------------------------------- */

/* The paths that the calculation reads. */
static bool build_fields(evc_builder *out, const evc_event_type *type, evc_text text) {
  evc_calculation *calculation = evc_compile(type, text.data, text.length, NULL, NULL);
  if (!calculation) return false;
  evc_json_build_key(out, false, "fields");
  evc_build_char(out, '[');
  for (size_t i = 0; i < evc_calculation_reference_count(calculation); i++) {
    if (i > 0) evc_build_string(out, ", ");
    evc_json_build_string(out, evc_calculation_reference(calculation, i).path);
  }
  evc_build_char(out, ']');
  evc_calculation_free(calculation);
  return true;
}

static bool build_calculation(const generate_command *command, const line_maker *maker,
                              evc_builder *out) {
  evc_code code = EVC_CODE_NONE;
  bool invalid = command->kind == KIND_INVALID;
  evc_text text = invalid ? evc_generate_mistake(maker->generator, &code)
                          : evc_generate_calculation(maker->generator);
  evc_text type = evc_event_type_name(maker->type);
  if (!text.data) return false;
  if (!command->json) {
    if (!command->cli->options.type) {
      evc_build_text(out, type);
      evc_build_char(out, '\t');
    }
    if (invalid) {
      evc_build_string(out, evc_code_name(code));
      evc_build_char(out, '\t');
    }
    evc_build_text(out, text);
    return true;
  }
  evc_build_char(out, '{');
  evc_json_build_text_member(out, true, "eventName", type);
  if (invalid) evc_json_build_text_member(out, false, "code", evc_text_of(evc_code_name(code)));
  evc_json_build_text_member(out, false, "calculation", text);
  bool built = invalid || build_fields(out, maker->type, text);
  evc_build_char(out, '}');
  return built;
}

static bool build_event(const line_maker *maker, evc_builder *out) {
  evc_text json = evc_generate_event_json(maker->generator, maker->event, NULL);
  evc_build_text(out, json);
  evc_json_free(json, NULL);
  return json.data != NULL;
}

static bool print_line(generate_command *command, const line_maker *maker) {
  evc_builder out;
  evc_arena_reset(&command->arena);
  evc_build_init(&out, &command->arena);
  bool built = command->kind == KIND_EVENTS ? build_event(maker, &out)
                                            : build_calculation(command, maker, &out);
  evc_build_char(&out, '\n');
  if (built) return cli_write_built(command->cli, &out);
  cli_out_of_memory(command->cli);
  return false;
}

/* ---- All of it ------------------------------------------------------------------------------ */

/* Any of the types whose fields are known; of all, when none are. */
static const evc_event_type *random_type(generate_command *command) {
  size_t count = evc_schema_count(command->schema), known = 0;
  for (size_t i = 0; i < count; i++)
    known += evc_event_type_field_count(evc_schema_at(command->schema, i)) > 0;
  size_t wanted = evc_random_below(&command->random, (uint32_t)(known ? known : count));
  for (size_t i = 0; i < count; i++) {
    const evc_event_type *type = evc_schema_at(command->schema, i);
    if (known && evc_event_type_field_count(type) == 0) continue;
    if (wanted-- == 0) return type;
  }
  return NULL;
}

static bool print_of_type(generate_command *command, const evc_event_type *type, uint64_t seed,
                          uint64_t count) {
  line_maker maker;
  bool printed = maker_init(command, type, seed, &maker);
  if (!printed) cli_out_of_memory(command->cli);
  for (; printed && count > 0 && !command->cli->write_error; count--)
    printed = print_line(command, &maker);
  maker_free(&maker);
  return printed;
}

/* A line is the same however many follow it. */
static bool print_of_any_type(generate_command *command, uint64_t seed, uint64_t count) {
  if (evc_schema_count(command->schema) == 0) {
    cli_error(command->cli, "there is no Event type to choose from", NULL);
    return false;
  }
  evc_random_seed(&command->random, seed);
  for (; count > 0 && !command->cli->write_error; count--) {
    const evc_event_type *type = random_type(command);
    if (!print_of_type(command, type, evc_random_next(&command->random), 1)) return false;
  }
  return true;
}

static bool generate(generate_command *command) {
  const cli_options *given = &command->cli->options;
  const evc_event_type *type = NULL;
  if (given->type) {
    type = cli_event_type(command->cli, command->schema, given->type);
    if (!type) return false;
  }
  uint64_t seed = cli_seed(command->cli);
  uint64_t count = given->count.given ? given->count.value : STANDARD_COUNT;
  return type ? print_of_type(command, type, seed, count) : print_of_any_type(command, seed, count);
}

/* A size within its limit; 0, the library's own, where none is given. */
static bool read_size(cli_context *cli, const char *name, const cli_number *given,
                      const char *limit, uint64_t most, uint32_t *size) {
  *size = (uint32_t)given->value;
  if (!given->given || (given->value >= 1 && given->value <= most)) return true;
  cli_error(cli, "--{0} takes a number from 1 to {1}", CLI_ARGS(name, limit));
  return false;
}

#define NUMERAL_(number) #number
#define NUMERAL(number)  NUMERAL_(number)

static bool read_options(generate_command *command) {
  cli_context *cli = command->cli;
  const cli_options *given = &cli->options;
  evc_generate_options *options = &command->options;
  command->kind = (generate_kind)given->kind;
  command->json = given->format == CLI_JSON;
  options->line_breaks = command->json;
  options->hostile = given->hostile;
  if (given->operands.count)
    cli_error(cli, "generate takes no FILE, and here is '{0}'", CLI_ARGS(given->operands.items[0]));
  else if (given->hostile && command->kind != KIND_EVENTS)
    cli_error(cli, "--hostile is about events: add --kind events", NULL);
  else
    return read_size(cli, "nodes", &given->nodes, NUMERAL(EVC_GENERATE_LARGEST_NODES),
                     EVC_GENERATE_LARGEST_NODES, &options->nodes) &&
           read_size(cli, "depth", &given->depth, NUMERAL(EVC_GENERATE_LARGEST_DEPTH),
                     EVC_GENERATE_LARGEST_DEPTH, &options->depth);
  return false;
}

cli_status cli_generate(cli_context *cli) {
  generate_command command = {.cli = cli};
  if (!read_options(&command)) return CLI_WRONG;
  evc_schema *schema = cli_schema(cli);
  if (!schema) return CLI_WRONG;
  command.schema = schema;
  evc_arena_init(&command.arena, NULL, NULL, 0);
  bool done = generate(&command);
  evc_arena_free(&command.arena);
  evc_schema_free(schema);
  return done ? CLI_OK : CLI_WRONG;
}
