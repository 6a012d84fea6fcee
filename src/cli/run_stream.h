/* `evcalc run --events`: files of many events. NDJSON is read in chunks by several threads, in
** memory that does not grow with the file; one document (a list response, an event over several
** lines) is read whole. */
#ifndef EVC_CLI_RUN_STREAM_H
#define EVC_CLI_RUN_STREAM_H

#include "chunks.h"
#include "run_event.h"

/* A thread's runner and the chunk it works on. */
typedef struct stream_runner {
  event_runner runner;
  cli_chunk chunk;
  bool too_long; /* instead of a chunk there is a line that was passed over */
} stream_runner;

typedef struct run_stream {
  run_shared *shared;
  stream_runner *runners; /* one a thread; the first is always there */
  size_t jobs, count;     /* how many there may be, and are */
  const char *name;       /* of the file being read, as it is shown */
  cli_chunks chunks;      /* of that file */
} run_stream;

/* False when out of memory. */
bool run_stream_init(run_stream *stream, run_shared *shared);
void run_stream_free(run_stream *stream);

/* Evaluate on the events of a file and print the answers; "-" is standard input. */
void run_stream_file(run_stream *stream, const char *path);

/* Of all files so far: events of other types, and the worst status. */
size_t run_stream_skipped(const run_stream *stream);
cli_status run_stream_status(const run_stream *stream);

#endif
