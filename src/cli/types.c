/* `evcalc types`: the Event types, or the fields of one. */
#include <string.h>

#include "../base/width.h"
#include "cli.h"
#include "output.h"
#include "setup.h"

enum { MOST_COLUMNS = 4 };

/* One row of a table. Absent cells end it. */
typedef struct table_row {
  evc_text cells[MOST_COLUMNS];
} table_row;

typedef struct types_table {
  table_row *rows;
  size_t count;
} types_table;

static bool make_table(cli_context *cli, size_t count, types_table *table) {
  table->count = count;
  table->rows = evc_arena_alloc(&cli->arena, count * sizeof *table->rows);
  if (!table->rows) cli_out_of_memory(cli);
  else memset(table->rows, 0, count * sizeof *table->rows);
  return table->rows != NULL;
}

static size_t column_width(const types_table *table, size_t column) {
  size_t width = 0;
  for (size_t i = 0; i < table->count; i++) {
    size_t cell = evc_text_width(table->rows[i].cells[column]);
    if (cell > width) width = cell;
  }
  return width;
}

/* Print the rows with their columns aligned, without blanks at the end. */
static bool print_table(cli_context *cli, const types_table *table) {
  size_t widths[MOST_COLUMNS];
  for (size_t c = 0; c < MOST_COLUMNS; c++) widths[c] = column_width(table, c);
  evc_builder out;
  evc_build_init(&out, &cli->arena);
  for (size_t i = 0; i < table->count; i++) {
    const evc_text *cells = table->rows[i].cells;
    for (size_t c = 0; c < MOST_COLUMNS && cells[c].data; c++) {
      evc_build_text(&out, cells[c]);
      bool last = c + 1 == MOST_COLUMNS || !cells[c + 1].data;
      if (!last) evc_build_repeat(&out, ' ', widths[c] - evc_text_width(cells[c]) + 2);
    }
    evc_build_char(&out, '\n');
  }
  return cli_write_built(cli, &out);
}

/* A name from a file, made safe to show. */
static evc_text shown(cli_context *cli, evc_text name) {
  evc_builder builder;
  evc_build_init(&builder, &cli->arena);
  evc_build_quoted(&builder, name, name.length);
  return evc_build_end(&builder);
}

static evc_text field_count(cli_context *cli, const evc_event_type *type) {
  size_t count = evc_event_type_field_count(type);
  evc_builder builder;
  evc_build_init(&builder, &cli->arena);
  evc_build_unsigned(&builder, count);
  evc_build_string(&builder, count == 1 ? " field" : " fields");
  return evc_build_end(&builder);
}

static bool lacks_memory(cli_context *cli) {
  cli_out_of_memory(cli);
  return false;
}

static bool print_types(cli_context *cli, const evc_schema *schema) {
  types_table table;
  if (!make_table(cli, evc_schema_count(schema), &table)) return false;
  for (size_t i = 0; i < table.count; i++) {
    const evc_event_type *type = evc_schema_at(schema, i);
    evc_text *cells = table.rows[i].cells;
    cells[0] = shown(cli, evc_event_type_name(type));
    cells[1] = evc_text_of(evc_provenance_name(evc_event_type_provenance(type)));
    cells[2] = field_count(cli, type);
    if (!cells[0].data || !cells[2].data) return lacks_memory(cli);
  }
  return print_table(cli, &table);
}

static bool print_fields(cli_context *cli, const evc_event_type *type) {
  types_table table;
  if (!make_table(cli, evc_event_type_field_count(type), &table)) return false;
  evc_provenance provenance = evc_event_type_provenance(type);
  for (size_t i = 0; i < table.count; i++) {
    const evc_field *field = evc_event_type_field(type, i);
    evc_text *cells = table.rows[i].cells;
    cells[0] = shown(cli, field->path);
    cells[1] = evc_text_of(evc_type_name(field->type));
    cells[2] = shown(cli, field->word);
    cells[3] = evc_text_of(evc_provenance_name(provenance));
    if (!cells[0].data || !cells[2].data) return lacks_memory(cli);
  }
  if (provenance == EVC_NAME_ONLY) {
    evc_text args[] = {evc_event_type_name(type)};
    cli_error(cli, "the fields of {0} are not known; load the organisation's own with --fields",
              args);
  }
  return print_table(cli, &table);
}

static bool print_json(cli_context *cli, evc_text json) {
  if (!json.data) return lacks_memory(cli);
  cli_write(cli, json.data, json.length);
  cli_write(cli, "\n", 1);
  evc_json_free(json, NULL);
  return true;
}

static bool print_one(cli_context *cli, const evc_schema *schema, const char *name) {
  const evc_event_type *type = cli_event_type(cli, schema, name);
  if (!type) return false;
  if (cli->options.format == CLI_JSON) return print_json(cli, evc_event_type_to_json(type, NULL));
  return print_fields(cli, type);
}

static bool print_all(cli_context *cli, const evc_schema *schema) {
  if (cli->options.format == CLI_JSON) return print_json(cli, evc_schema_to_json(schema, NULL));
  return print_types(cli, schema);
}

cli_status cli_types(cli_context *cli) {
  const cli_list *operands = &cli->options.operands;
  if (operands->count > 1) {
    cli_error(cli, "types takes one EVENT_TYPE, and '{0}' is a second",
              CLI_ARGS(operands->items[1]));
    return CLI_WRONG;
  }
  evc_schema *schema = cli_schema(cli);
  if (!schema) return CLI_WRONG;
  bool printed = operands->count ? print_one(cli, schema, operands->items[0])
                                 : print_all(cli, schema);
  evc_schema_free(schema);
  return printed ? CLI_OK : CLI_WRONG;
}
