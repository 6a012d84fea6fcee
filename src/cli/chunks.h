/* Reading a stream in chunks of whole lines, in memory that does not grow with the stream. */
#ifndef EVC_CLI_CHUNKS_H
#define EVC_CLI_CHUNKS_H

#include "../base/text.h"

/* What is read at once (chosen). 128 KiB to 1 MiB take the same time, within 4 %: 0.21 s for 270
** MB. */
enum { CLI_CHUNK_SIZE = 256 * 1024 };

typedef enum cli_chunk_status {
  CLI_CHUNK,          /* the chunk is filled */
  CLI_CHUNK_TOO_LONG, /* the next line, number chunk->line, was longer than `longest`: skipped */
  CLI_CHUNKS_END,     /* no more */
  CLI_CHUNKS_FAILED   /* see `error` */
} cli_chunk_status;

/* Whole lines, the last one perhaps without LF. Start from {0}; the memory is used again and
** again. */
typedef struct cli_chunk {
  char *data;
  size_t length, capacity;
  size_t line; /* the number of the first line, from 1 */
} cli_chunk;

typedef struct cli_chunks {
  int descriptor;
  size_t longest;               /* a line that is longer may be skipped, unread */
  bool cr_counts;               /* a CR without LF ends a line too, as far as numbers go */
  void (*pause)(void *context); /* called before a read that would have to wait */
  void *context;
  /* Start with what is above; the rest is 0, or `rest` what has been read before. */
  char *rest; /* read, but not handed out yet */
  size_t rest_length, rest_capacity;
  size_t lines; /* of all chunks so far */
  bool finished;
  int error; /* an errno */
} cli_chunks;

/* The next chunk: as many whole lines as came with one read. */
cli_chunk_status cli_chunks_next(cli_chunks *chunks, cli_chunk *chunk);

/* Read on into `rest` until it is `size` bytes longer or nothing more comes at once. False at an
** error; `finished` tells of the end. */
bool cli_chunks_peek(cli_chunks *chunks, size_t size);

void cli_chunks_free(cli_chunks *chunks);
void cli_chunk_free(cli_chunk *chunk);

#endif
