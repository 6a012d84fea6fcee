#include "setup.h"

#include <string.h>

#include "../report/render.h"
#include "files.h"
#include "output.h"

enum { CLOSEST_NAMES = 3 };

static void show(cli_context *cli, const evc_report *report, const evc_render_options *options) {
  evc_arena arena;
  evc_arena_init(&arena, NULL, NULL, 0);
  evc_builder out;
  evc_build_init(&out, &arena);
  evc_report_render(&out, report, options);
  cli_write_error(cli, &out);
  evc_arena_free(&arena);
}

void cli_show_report(cli_context *cli, const evc_report *report, evc_text text,
                     const char *name) {
  evc_render_options options = {.style = cli->error_style,
                                .width = cli_terminal_width(),
                                .text = text,
                                .name = name};
  show(cli, report, &options);
}

/* Warnings that are to be errors, and those that are not to be shown. */
static void sort_warnings(const cli_options *options, evc_code_set *hidden, evc_code_set *raised) {
  for (int i = EVC_CODE_NONE + 1; i < EVC_CODE_END; i++) {
    evc_code code = (evc_code)i;
    if (evc_code_severity(code) == EVC_ERROR) continue;
    bool allowed = evc_code_set_has(&options->allow, code);
    if (evc_code_set_has(&options->deny, code) || (options->deny_warnings && !allowed))
      evc_code_set_add(raised, code);
    else if (allowed) evc_code_set_add(hidden, code);
  }
}

/* Show what was found in a field list. False when there is an error in it. */
static bool pass_load_report(cli_context *cli, const evc_report *report, const cli_file *file) {
  evc_render_options options = {
      .style = cli->error_style, .text = {file->data, file->length}, .name = file->name};
  sort_warnings(&cli->options, &options.hidden, &options.raised);
  show(cli, report, &options);
  for (size_t i = 0; i < evc_report_count(report); i++) {
    const evc_diagnostic *d = evc_report_at(report, i);
    if (d->severity == EVC_ERROR || evc_code_set_has(&options.raised, d->code)) return false;
  }
  return true;
}

static bool load_fields(cli_context *cli, evc_schema *schema, const char *path) {
  cli_file file;
  if (!cli_file_read(cli, path, &file)) return false;
  evc_report *report = NULL;
  evc_status status = evc_schema_read_json(schema, file.data, file.length, &report);
  bool passed = pass_load_report(cli, report, &file) && status == EVC_OK;
  if (status == EVC_OUT_OF_MEMORY && !report) cli_out_of_memory(cli);
  evc_report_free(report);
  cli_file_free(&file);
  return passed;
}

evc_schema *cli_schema(cli_context *cli) {
  evc_schema *schema = cli->options.no_builtin ? evc_schema_new(NULL) : evc_schema_builtin(NULL);
  if (!schema) {
    cli_out_of_memory(cli);
    return NULL;
  }
  const cli_list *files = &cli->options.fields;
  bool loaded = true;
  for (size_t i = 0; i < files->count; i++)
    if (!load_fields(cli, schema, files->items[i])) loaded = false;
  if (loaded) return schema;
  evc_schema_free(schema);
  return NULL;
}

const evc_event_type *cli_event_type(cli_context *cli, const evc_schema *schema,
                                     const char *name) {
  const evc_event_type *type = evc_schema_find(schema, name, EVC_NUL_TERMINATED);
  if (type) return type;
  evc_text args[1 + CLOSEST_NAMES] = {{name, strlen(name)}};
  static const char *const wordings[1 + CLOSEST_NAMES] = {
      "unknown Event type '{0}'; `evcalc types` lists those that are known",
      "unknown Event type '{0}'; did you mean {1}?",
      "unknown Event type '{0}'; did you mean {1} or {2}?",
      "unknown Event type '{0}'; did you mean {1}, {2} or {3}?",
  };
  size_t count = evc_schema_suggest(schema, name, EVC_NUL_TERMINATED, args + 1, CLOSEST_NAMES);
  cli_error(cli, wordings[count], args);
  return NULL;
}

evc_options cli_compile_options(const cli_context *cli, const evc_schema *schema) {
  return (evc_options){.allow = cli->options.allow,
                       .deny = cli->options.deny,
                       .deny_warnings = cli->options.deny_warnings,
                       .schema = schema};
}
