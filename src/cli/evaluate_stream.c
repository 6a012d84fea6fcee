#include "evaluate_stream.h"

#include <stdlib.h>
#include <string.h>

#include "chunks.h"
#include "files.h"
#include "log.h"
#include "output.h"
#include "pool.h"

/* The longest line that is read (chosen): far more than any request can need. */
#define LONGEST_REQUEST ((size_t)16 * 1024 * 1024)

/* A thread's endpoint, the chunk it works on, and its answers. */
typedef struct stream_worker {
  evc_endpoint *endpoint;
  cli_chunk chunk;
  bool too_long; /* instead of a chunk there is a line that was passed over */
  cli_log log;
  cli_status status;
  size_t refused, first_refused; /* requests answered with a message; the line of the first */
} stream_worker;

typedef struct request_stream {
  cli_context *cli;
  evc_endpoint *endpoint;
  cli_chunks chunks;
  stream_worker *workers; /* one a thread */
  size_t jobs, count;     /* how many there may be, and are */
  bool failed;            /* memory ran out */
} request_stream;

static void *start_worker(void *context, size_t number) {
  request_stream *stream = context;
  stream_worker *worker = &stream->workers[number];
  evc_endpoint *endpoint = number ? evc_endpoint_share(stream->endpoint) : stream->endpoint;
  if (!endpoint) return NULL;
  /* A thread that could not be started leaves its worker to the next one. */
  if (number < stream->count) evc_endpoint_free(worker->endpoint);
  else stream->count++;
  worker->endpoint = endpoint;
  cli_log_init(&worker->log);
  return worker;
}

static cli_pool_taken take_chunk(void *context, void *worker, cli_pool *pool) {
  request_stream *stream = context;
  stream_worker *taker = worker;
  return cli_pool_take(pool, &stream->chunks, &taker->chunk, &taker->too_long);
}

static bool is_blank(evc_text line) {
  for (size_t i = 0; i < line.length; i++)
    if (line.data[i] != ' ' && line.data[i] != '\t' && line.data[i] != '\r') return false;
  return true;
}

static void answer_too_long(stream_worker *worker, evc_builder *out, size_t number) {
  evc_build(out, EVC_LITERAL("{\"message\": \"the line is longer than 16 MiB\"}\n"));
  worker->status = CLI_WRONG;
  if (worker->refused++ == 0) worker->first_refused = number;
}

static void answer_line(stream_worker *worker, evc_builder *out, evc_text line, size_t number) {
  evc_answer answer = evc_endpoint_evaluate(worker->endpoint, line.data, line.length);
  evc_build_text(out, answer.body);
  evc_build_char(out, '\n');
  if (answer.http_status != 200) {
    worker->status = CLI_WRONG;
    if (worker->refused++ == 0) worker->first_refused = number;
  } else if (!answer.success) {
    worker->status = cli_worse(worker->status, CLI_INVALID);
  }
}

static void work_on_chunk(void *context, void *worker) {
  (void)context;
  stream_worker *w = worker;
  evc_builder *out = cli_log_to(&w->log, CLI_LOG_RESULT);
  size_t number = w->chunk.line;
  if (w->too_long) {
    answer_too_long(w, out, number);
    return;
  }
  const char *at = w->chunk.data, *end = at + w->chunk.length;
  for (; at < end; number++) {
    const char *found = memchr(at, '\n', (size_t)(end - at));
    evc_text line = {at, (size_t)((found ? found : end) - at)};
    at = found ? found + 1 : end;
    if (line.length > LONGEST_REQUEST) answer_too_long(w, out, number);
    else if (!is_blank(line)) answer_line(w, out, line, number);
  }
}

static bool give_answers(void *context, void *worker) {
  request_stream *stream = context;
  cli_log *log = &((stream_worker *)worker)->log;
  if (!cli_log_print(log, stream->cli, NULL, NULL)) stream->failed = true;
  cli_log_clear(log);
  return !stream->cli->write_error;
}

static void flush_answers(void *context) { cli_flush(((request_stream *)context)->cli); }

/* What came of it, said on standard error where requests were refused. */
static cli_status sum_up(const request_stream *stream, const char *path) {
  cli_status status = stream->failed ? CLI_WRONG : CLI_OK;
  size_t refused = 0, first = SIZE_MAX;
  for (size_t i = 0; i < stream->count; i++) {
    const stream_worker *worker = &stream->workers[i];
    status = cli_worse(status, worker->status);
    refused += worker->refused;
    if (worker->refused && worker->first_refused < first) first = worker->first_refused;
  }
  if (!refused) return status;
  evc_arena arena;
  evc_arena_init(&arena, NULL, NULL, 0);
  evc_builder out;
  evc_build_init(&out, &arena);
  evc_build_string(&out, "evcalc: ");
  evc_build_quoted(&out, (evc_text){path, strlen(path)}, strlen(path));
  evc_build_string(&out, ": ");
  evc_build_unsigned(&out, refused);
  evc_build_string(&out, refused == 1 ? " request was" : " requests were");
  evc_build_string(&out, " refused, the first on line ");
  evc_build_unsigned(&out, first);
  evc_build_char(&out, '\n');
  cli_write_error(stream->cli, &out);
  evc_arena_free(&arena);
  return status;
}

static void free_workers(request_stream *stream) {
  for (size_t i = 0; i < stream->count; i++) {
    stream_worker *worker = &stream->workers[i];
    if (worker->endpoint != stream->endpoint) evc_endpoint_free(worker->endpoint);
    cli_chunk_free(&worker->chunk);
    cli_log_free(&worker->log);
  }
  free(stream->workers);
}

cli_status cli_evaluate_lines(cli_context *cli, evc_endpoint *endpoint, const char *path) {
  int descriptor = cli_open(cli, path);
  if (descriptor < 0) return CLI_WRONG;
  request_stream stream = {.cli = cli, .endpoint = endpoint, .jobs = cli->options.jobs};
  if (!stream.jobs) stream.jobs = cli_pool_processors();
  stream.chunks = (cli_chunks){.descriptor = descriptor, .longest = LONGEST_REQUEST};
  stream.workers = calloc(stream.jobs, sizeof *stream.workers);
  const cli_pool_work work = {.context = &stream,
                              .jobs = stream.jobs,
                              .start = start_worker,
                              .take = take_chunk,
                              .work = work_on_chunk,
                              .give = give_answers,
                              .flush = flush_answers};
  if (!stream.workers || !cli_pool_run(&work)) {
    cli_out_of_memory(cli);
    stream.failed = true;
  }
  if (stream.chunks.error) {
    cli_cannot_read(cli, path, stream.chunks.error);
    stream.failed = true;
  }
  cli_status status = sum_up(&stream, strcmp(path, "-") == 0 ? "<stdin>" : path);
  free_workers(&stream);
  cli_chunks_free(&stream.chunks);
  cli_close(descriptor);
  return status;
}
