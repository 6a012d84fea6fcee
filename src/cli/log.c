#include "log.h"

#include "output.h"

void cli_log_init(cli_log *log) {
  *log = (cli_log){.count = 0};
  evc_arena_init(&log->arena, NULL, NULL, 0);
  evc_arena_init(&log->part_arena, NULL, NULL, 0);
  evc_build_init(&log->text, &log->arena);
}

void cli_log_free(cli_log *log) {
  evc_arena_free(&log->arena);
  evc_arena_free(&log->part_arena);
}

void cli_log_clear(cli_log *log) {
  evc_arena_reset(&log->arena);
  evc_build_init(&log->text, &log->arena);
  log->count = 0;
  log->failed = false;
}

static void add_part(cli_log *log, cli_log_kind kind, void *note) {
  void *parts = log->parts;
  if (!evc_arena_grow(&log->part_arena, &parts, &log->capacity, log->count + 1,
                      sizeof *log->parts)) {
    log->failed = true;
    return;
  }
  log->parts = parts;
  log->parts[log->count++] = (cli_log_part){kind, log->text.length, note};
}

evc_builder *cli_log_to(cli_log *log, cli_log_kind kind) {
  if (log->count == 0 || log->parts[log->count - 1].kind != kind) add_part(log, kind, NULL);
  return &log->text;
}

void cli_log_note(cli_log *log, void *note) { add_part(log, CLI_LOG_NOTE, note); }

bool cli_log_print(cli_log *log, cli_context *cli, void (*take)(void *context, void *note),
                   void *context) {
  bool whole = !log->failed && !log->text.failed;
  for (size_t i = 0; whole && i < log->count; i++) {
    const cli_log_part *part = &log->parts[i];
    size_t end = i + 1 < log->count ? part[1].start : log->text.length;
    if (part->kind == CLI_LOG_NOTE) take(context, part->note);
    if (part->kind == CLI_LOG_NOTE || end == part->start) continue;
    evc_text text = {log->text.data + part->start, end - part->start};
    if (part->kind == CLI_LOG_ERROR) cli_write_error_text(cli, text);
    else cli_write(cli, text.data, text.length);
  }
  if (!whole) cli_out_of_memory(cli);
  return whole;
}
