#include "source.h"

#include <stdlib.h>
#include <string.h>

#include "../base/utf8.h"
#include "../json/grammar.h"
#include "../report/render.h"
#include "output.h"
#include "setup.h"

/* Text that opens like JSON holds Notifications: no calculation can open so. */
static bool is_json(const cli_file *file) {
  const char *at = file->data;
  at += evc_utf8_bom((evc_text){at, file->length});
  at += strspn(at, " \t\r\n");
  return *at == '{' || *at == '[';
}

static evc_text whole(const cli_source *source) {
  return (evc_text){source->file.data, source->file.length};
}

static bool begin(cli_source *source) {
  source->taken = false;
  source->start = source->known = (cli_position){0, 1, 1};
  if (!source->path || !is_json(&source->file)) return true;
  source->reader = evc_notification_reader_new(source->file.data, source->file.length, NULL);
  if (source->reader) return true;
  source->taken = true; /* it is no bare text, so there is nothing to hand out */
  cli_out_of_memory(source->cli);
  return false;
}

bool cli_source_open(cli_source *source, cli_context *cli, const char *expression,
                     const char *path) {
  *source = (cli_source){.cli = cli, .path = expression ? NULL : path};
  if (expression) {
    source->file.name = "--expression";
    source->file.data = (char *)(uintptr_t)expression; /* only read, and not freed */
    source->file.length = strlen(expression);
    source->borrowed = true;
  } else if (!cli_file_read(cli, path, &source->file)) {
    return false;
  }
  return begin(source);
}

void cli_source_close(cli_source *source) {
  evc_notification_reader_free(source->reader);
  source->reader = NULL;
  if (!source->borrowed) cli_file_free(&source->file);
}

bool cli_source_restart(cli_source *source, char *data, size_t length) {
  evc_notification_reader_free(source->reader);
  source->reader = NULL;
  if (data) {
    if (!source->borrowed) cli_file_free(&source->file);
    source->file.data = data;
    source->file.length = length;
    source->borrowed = false;
  }
  return begin(source);
}

static evc_status next_text(cli_source *source, cli_calculation *calculation) {
  if (source->taken) return EVC_END;
  source->taken = true;
  *calculation = (cli_calculation){.source = source, .text = whole(source)};
  return EVC_OK;
}

/* Say on standard error what `calculation` is refused for. */
static void show_refusal(const cli_calculation *calculation, const evc_report *report) {
  cli_source *source = calculation->source;
  if (calculation->unread) {
    cli_show_report(source->cli, report, whole(source), source->file.name);
    return;
  }
  evc_arena arena;
  evc_arena_init(&arena, NULL, NULL, 0);
  evc_builder out;
  evc_build_init(&out, &arena);
  cli_build_calculation_report(&out, source->cli->error_style, report, calculation);
  cli_write_error(source->cli, &out);
  evc_arena_free(&arena);
}

static evc_status next_notification(cli_source *source, cli_calculation *calculation,
                                    evc_report **refusal) {
  evc_report *report = NULL;
  *calculation = (cli_calculation){.source = source, .in_notification = true};
  evc_notification *notification = &calculation->notification;
  evc_status status = evc_notification_reader_next(source->reader, notification, &report);
  calculation->text = notification->calculation;
  calculation->about = status == EVC_INVALID ? notification->wrong_at : notification->at;
  if (status == EVC_INVALID) calculation->unread = evc_report_at(report, 0)->has_span;
  if (status == EVC_OUT_OF_MEMORY) cli_out_of_memory(source->cli);
  if (status == EVC_INVALID && refusal) {
    *refusal = report;
    return status;
  }
  if (status == EVC_INVALID) show_refusal(calculation, report);
  evc_report_free(report);
  return status;
}

evc_status cli_source_next(cli_source *source, cli_calculation *calculation,
                           evc_report **report) {
  if (report) *report = NULL;
  return source->reader ? next_notification(source, calculation, report)
                        : next_text(source, calculation);
}

/* Make a text, absent or not, live as long as the run. */
static bool keep(cli_context *cli, evc_text *text) {
  if (!text->data) return true;
  *text = evc_arena_text(&cli->arena, text->data, text->length);
  return text->data != NULL;
}

bool cli_source_only(cli_source *source, cli_calculation *calculation) {
  cli_context *cli = source->cli;
  cli_calculation next;
  evc_status status = cli_source_next(source, calculation, NULL);
  if (status == EVC_OK) {
    if (!keep(cli, &calculation->text) || !keep(cli, &calculation->notification.event_name)) {
      cli_out_of_memory(cli);
      return false;
    }
    status = cli_source_next(source, &next, NULL);
    if (status == EVC_END) return true;
  }
  if (status == EVC_OK || status == EVC_END)
    cli_error(cli, "{0}: {1} takes one Notification, and here {2}",
              CLI_ARGS(source->file.name, cli->command->name,
                       status == EVC_OK ? "are several" : "is none"));
  return false;
}

/* ---- Places --------------------------------------------------------------------------------- */

/* Count lines and columns on from a place to one behind it: LF, CRLF and CR end a line; a column is
** a code point, a byte order mark none. */
static cli_position advance(evc_text text, cli_position from, size_t offset) {
  const char *at = text.data + from.offset, *end = text.data + text.length;
  const char *stop = text.data + (offset < text.length ? offset : text.length);
  if (from.offset == 0 && stop > at) at += evc_utf8_bom(text);
  while (at < stop) {
    char c = *at;
    evc_utf8_next(&at, end);
    if (c == '\n' || (c == '\r' && !(at < end && *at == '\n'))) {
      from.line++;
      from.column = 1;
    } else {
      from.column++;
    }
  }
  from.offset = offset;
  return from;
}

/* Places are asked for more or less in the order of the file, so that they are counted on from the
** last one, or from the start of the Notification. */
static cli_position position_of(cli_source *source, size_t offset) {
  cli_position from = source->known;
  if (offset < from.offset) from = source->start;
  if (offset < from.offset) from = (cli_position){0, 1, 1};
  source->known = advance(whole(source), from, offset);
  return source->known;
}

static cli_region region_of(const cli_calculation *calculation, size_t start, size_t end) {
  cli_source *source = calculation->source;
  size_t first = calculation->notification.at.start;
  if (calculation->in_notification && !calculation->unread && source->start.offset < first)
    source->start = position_of(source, first);
  cli_region region = {.start = position_of(source, start)};
  region.end = position_of(source, end);
  return region;
}

cli_region cli_region_in_text(const cli_calculation *calculation, size_t start, size_t end) {
  const evc_notification *notification = &calculation->notification;
  if (calculation->in_notification && !calculation->unread) {
    start = evc_notification_offset(notification, start);
    end = evc_notification_offset(notification, end);
  }
  return region_of(calculation, start, end);
}

bool cli_region_of(const cli_calculation *calculation, const evc_diagnostic *diagnostic,
                   cli_region *region) {
  if (diagnostic->has_span)
    *region = cli_region_in_text(calculation, diagnostic->start, diagnostic->end);
  else if (calculation->in_notification)
    *region = region_of(calculation, calculation->about.start, calculation->about.end);
  return diagnostic->has_span || calculation->in_notification;
}

/* ---- Showing -------------------------------------------------------------------------------- */

static bool locate(void *context, const evc_diagnostic *diagnostic, size_t *line,
                   size_t *column) {
  cli_region region;
  if (!cli_region_of(context, diagnostic, &region)) return false;
  *line = region.start.line;
  *column = region.start.column;
  return true;
}

void cli_build_calculation_report(evc_builder *out, evc_style style, const evc_report *report,
                                  const cli_calculation *calculation) {
  cli_calculation context = *calculation;
  evc_render_options options = {.style = style,
                                .text = calculation->text,
                                .name = calculation->source->path
                                            ? calculation->source->file.name
                                            : NULL,
                                .locate = calculation->in_notification ? locate : NULL,
                                .context = &context,
                                .part = calculation->notification.name};
  options.width = cli_terminal_width();
  if (!options.text.data) options.text = (evc_text){"", 0};
  evc_report_render(out, report, &options);
}

void cli_build_json_diagnostic(evc_builder *out, const evc_diagnostic *diagnostic,
                               const cli_calculation *calculation) {
  cli_region region;
  evc_json_place place = {0, 0};
  evc_diagnostic shown = *diagnostic;
  if (calculation->in_notification && cli_region_of(calculation, diagnostic, &region))
    place = (evc_json_place){region.start.line, region.start.column};
  if (calculation->unread) shown.has_span = false; /* its span is not in a calculation */
  evc_json_build_diagnostic(out, &shown, calculation->in_notification ? &place : NULL);
}
