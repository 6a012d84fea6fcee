#include "source.h"

#include <string.h>

#include "../base/utf8.h"
#include "../json/write.h"
#include "../report/render.h"
#include "output.h"
#include "setup.h"

/* Text that opens like JSON holds Notifications: no calculation can open so. */
static bool is_json(const cli_file *file) {
  const char *at = file->data;
  if (file->length >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0) at += 3;
  at += strspn(at, " \t\r\n");
  return *at == '{' || *at == '[';
}

bool cli_source_open(cli_source *source, cli_context *cli, const char *expression,
                     const char *path) {
  *source = (cli_source){.cli = cli, .known_line = 1};
  if (expression) {
    /* only read, and not freed: see cli_source_close */
    source->file.data = (char *)(uintptr_t)expression;
    source->file.length = strlen(expression);
    return true;
  }
  source->path = path;
  if (!cli_file_read(cli, path, &source->file)) return false;
  if (!is_json(&source->file)) return true;
  source->reader = evc_notification_reader_new(source->file.data, source->file.length, NULL);
  if (!source->reader) cli_out_of_memory(cli);
  return source->reader != NULL;
}

void cli_source_close(cli_source *source) {
  evc_notification_reader_free(source->reader);
  if (source->path) cli_file_free(&source->file);
}

static evc_text whole(const cli_source *source) {
  return (evc_text){source->file.data, source->file.length};
}

static evc_status next_text(cli_source *source, cli_calculation *calculation) {
  if (source->taken) return EVC_END;
  source->taken = true;
  *calculation = (cli_calculation){.source = source, .text = whole(source)};
  return EVC_OK;
}

static evc_status next_notification(cli_source *source, cli_calculation *calculation) {
  evc_report *report = NULL;
  *calculation = (cli_calculation){.source = source, .in_notification = true};
  evc_status status =
      evc_notification_reader_next(source->reader, &calculation->notification, &report);
  calculation->text = calculation->notification.calculation;
  if (report) cli_show_report(source->cli, report, whole(source), source->file.name);
  else if (status == EVC_OUT_OF_MEMORY) cli_out_of_memory(source->cli);
  evc_report_free(report);
  return status;
}

evc_status cli_source_next(cli_source *source, cli_calculation *calculation) {
  return source->reader ? next_notification(source, calculation) : next_text(source, calculation);
}

/* Line and column in the file. Notifications and what is wrong with them come in the order of the
** file, so that lines are counted on from the last one found. */
static evc_json_place place_of(cli_source *source, size_t offset) {
  if (offset < source->known_start) {
    source->known_start = 0;
    source->known_line = 1;
  }
  evc_json_place place;
  size_t start = source->known_start, line_start;
  evc_utf8_position(source->file.data + start, source->file.length - start, offset - start,
                    &place.line, &place.column, &line_start);
  source->known_start += line_start;
  source->known_line += place.line - 1;
  place.line = source->known_line;
  return place;
}

/* The place of a diagnostic on a Notification's calculation, or on the Notification itself. */
static evc_json_place place_in_file(const cli_calculation *calculation,
                                    const evc_diagnostic *diagnostic) {
  const evc_notification *notification = &calculation->notification;
  size_t offset = diagnostic->has_span ? evc_notification_offset(notification, diagnostic->start)
                                       : notification->start;
  return place_of(calculation->source, offset);
}

static bool locate(void *context, const evc_diagnostic *diagnostic, size_t *line,
                   size_t *column) {
  evc_json_place place = place_in_file(context, diagnostic);
  *line = place.line;
  *column = place.column;
  return true;
}

void cli_build_calculation_report(evc_builder *out, evc_style style, const evc_report *report,
                                  const cli_calculation *calculation) {
  cli_calculation context = *calculation;
  evc_render_options options = {.style = style,
                                .text = calculation->text,
                                .name = calculation->source->file.name,
                                .locate = calculation->in_notification ? locate : NULL,
                                .context = &context};
  if (!options.text.data) options.text = (evc_text){"", 0};
  evc_report_render(out, report, &options);
}

void cli_build_json_diagnostic(evc_builder *out, const evc_diagnostic *diagnostic,
                               const cli_calculation *calculation) {
  evc_json_place place = {0, 0};
  if (calculation->in_notification) place = place_in_file(calculation, diagnostic);
  evc_json_build_diagnostic(out, diagnostic, calculation->in_notification ? &place : NULL);
}
