#include "run_stream.h"

#include <stdlib.h>
#include <string.h>

#include "../json/events.h"
#include "../report/draft.h"
#include "files.h"
#include "output.h"
#include "pool.h"

/* The longest line that is read (chosen): an event has some KiB. */
#define LONGEST_EVENT ((size_t)256 * 1024 * 1024)

bool run_stream_init(run_stream *stream, run_shared *shared) {
  *stream = (run_stream){.shared = shared, .jobs = shared->cli->options.jobs, .count = 1};
  if (!stream->jobs) stream->jobs = cli_pool_processors();
  stream->runners = calloc(stream->jobs, sizeof *stream->runners);
  if (stream->runners) event_runner_init(&stream->runners[0].runner, shared);
  return stream->runners != NULL;
}

void run_stream_free(run_stream *stream) {
  for (size_t i = 0; i < stream->count; i++) {
    event_runner_free(&stream->runners[i].runner);
    cli_chunk_free(&stream->runners[i].chunk);
  }
  free(stream->runners);
}

size_t run_stream_skipped(const run_stream *stream) {
  size_t skipped = 0;
  for (size_t i = 0; i < stream->count; i++) skipped += stream->runners[i].runner.skipped;
  return skipped;
}

cli_status run_stream_status(const run_stream *stream) {
  cli_status status = CLI_OK;
  for (size_t i = 0; i < stream->count; i++)
    status = cli_worse(status, stream->runners[i].runner.status);
  return status;
}

static void fail(run_stream *stream) { stream->runners[0].runner.status = CLI_WRONG; }

/* ---- The work of the pool ------------------------------------------------------------------- */

static void *start_runner(void *context, size_t number) {
  run_stream *stream = context;
  stream_runner *worker = &stream->runners[number];
  if (number == stream->count) {
    event_runner_init(&worker->runner, stream->shared);
    stream->count++;
  }
  event_runner *runner = &worker->runner;
  if (!runner->reader) runner->reader = evc_event_reader_new("", 0, NULL);
  return runner->reader ? worker : NULL;
}

static cli_pool_taken take_chunk(void *context, void *worker, cli_pool *pool) {
  run_stream *stream = context;
  stream_runner *taker = worker;
  return cli_pool_take(pool, &stream->chunks, &taker->chunk, &taker->too_long);
}

static void refuse_line(event_runner *runner, const run_text *from, size_t line) {
  const evc_text args[] = {{EVC_LITERAL("the line is longer than 256 MiB")},
                           {EVC_LITERAL("an event a line")}};
  evc_report *report = evc_report_single(NULL, EVC_MSG_JSON_SHAPE, (evc_span){.none = true}, args,
                                         2, "", 0);
  event_runner_refuse(runner, from, line, report);
}

static void work_on_chunk(void *context, void *worker) {
  const run_stream *stream = context;
  stream_runner *w = worker;
  run_text from = {stream->name, {w->chunk.data, w->chunk.length}};
  if (w->too_long) {
    refuse_line(&w->runner, &from, w->chunk.line);
    return;
  }
  evc_event_reader_continue(w->runner.reader, w->chunk.data, w->chunk.length, w->chunk.line);
  while (event_runner_next(&w->runner, w->runner.reader, &from)) {}
}

static bool give_answers(void *context, void *worker) {
  run_stream *stream = context;
  event_runner_print(&((stream_runner *)worker)->runner);
  return !stream->shared->cli->write_error;
}

static void flush_answers(void *context) { cli_flush(((run_stream *)context)->shared->cli); }

static void run_on_lines(run_stream *stream) {
  const cli_pool_work work = {.context = stream,
                              .jobs = stream->jobs,
                              .start = start_runner,
                              .take = take_chunk,
                              .work = work_on_chunk,
                              .give = give_answers,
                              .flush = flush_answers};
  if (cli_pool_run(&work)) return;
  cli_out_of_memory(stream->shared->cli);
  fail(stream);
}

/* ---- Files ---------------------------------------------------------------------------------- */

static void run_on_document(run_stream *stream) {
  event_runner *runner = &stream->runners[0].runner;
  run_text from = {stream->name, {stream->chunks.rest, stream->chunks.rest_length}};
  evc_event_reader *reader = evc_event_reader_new(from.text.data, from.text.length, NULL);
  if (!reader) {
    cli_out_of_memory(stream->shared->cli);
    fail(stream);
    return;
  }
  while (!stream->shared->cli->write_error && event_runner_next(runner, reader, &from))
    event_runner_print(runner);
  event_runner_print(runner);
  evc_event_reader_free(reader);
}

static void no_pause(void *context) { (void)context; }

/* Read until it is plain what the file is, and one document to its end. UNKNOWN at an error. */
static evc_events_form read_form(cli_chunks *chunks) {
  size_t looked_at = 0;
  evc_events_form form = EVC_EVENTS_UNKNOWN;
  for (;;) {
    size_t more = chunks->rest_length > CLI_CHUNK_SIZE ? chunks->rest_length : CLI_CHUNK_SIZE;
    if (!cli_chunks_peek(chunks, more)) return EVC_EVENTS_UNKNOWN;
    /* What is long is looked at only where it has doubled. */
    bool look = chunks->finished || chunks->rest_length < CLI_CHUNK_SIZE ||
                chunks->rest_length >= 2 * looked_at;
    if (form == EVC_EVENTS_UNKNOWN && look) {
      form = evc_events_form_of((evc_text){chunks->rest, chunks->rest_length}, chunks->finished);
      looked_at = chunks->rest_length;
    }
    if (form == EVC_EVENTS_LINES || chunks->finished) return form;
  }
}

void run_stream_file(run_stream *stream, const char *path) {
  cli_context *cli = stream->shared->cli;
  int descriptor = cli_open(cli, path);
  if (descriptor < 0) {
    fail(stream);
    return;
  }
  stream->name = strcmp(path, "-") == 0 ? "<stdin>" : path;
  stream->chunks = (cli_chunks){.descriptor = descriptor,
                                .longest = LONGEST_EVENT,
                                .cr_counts = true,
                                .pause = no_pause};
  evc_events_form form = read_form(&stream->chunks);
  if (form == EVC_EVENTS_LINES) run_on_lines(stream);
  else if (form == EVC_EVENTS_DOCUMENT) run_on_document(stream);
  if (stream->chunks.error) {
    cli_cannot_read(cli, path, stream->chunks.error);
    fail(stream);
  }
  cli_chunks_free(&stream->chunks);
  cli_close(descriptor);
}
