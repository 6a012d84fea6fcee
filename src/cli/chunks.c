#define _DEFAULT_SOURCE /* NOLINT(bugprone-reserved-identifier,cert-dcl*): for madvise */
#include "chunks.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "files.h"

/* True when a read would return at once: there are bytes, or the end. */
static bool is_ready(int descriptor) {
  struct pollfd wanted = {.fd = descriptor, .events = POLLIN};
  return poll(&wanted, 1, 0) > 0;
}

/* Make a buffer's pages at once, where the system can: seen on a virtual machine at 1 µs each, where
** making them one by one, as they are met, took 17. What cannot be made now is made then. */
static void make_pages(char *data, size_t size) {
#ifdef MADV_POPULATE_WRITE
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), inside = (uintptr_t)data % page;
  size_t before = inside ? page - inside : 0;
  (void)madvise(data + before, size - before, MADV_POPULATE_WRITE);
#else
  (void)data;
  (void)size;
#endif
}

/* Room for `needed` bytes in all. */
static bool reserve(cli_chunks *chunks, char **data, size_t *capacity, size_t needed) {
  if (*data && needed <= *capacity) return true;
  size_t grown = *capacity ? *capacity : CLI_CHUNK_SIZE;
  while (grown < needed && grown <= SIZE_MAX / 2) grown *= 2;
  char *place = grown < needed ? NULL : realloc(*data, grown);
  if (!place) {
    chunks->error = ENOMEM;
    return false;
  }
  *data = place;
  *capacity = grown;
  return true;
}

/* The same for what is to be read into. */
static bool make_room(cli_chunks *chunks, char **data, size_t *capacity, size_t needed) {
  bool is_new = *capacity == 0;
  if (!reserve(chunks, data, capacity, needed)) return false;
  if (is_new && *capacity == CLI_CHUNK_SIZE) make_pages(*data, *capacity);
  return true;
}

static bool read_more(cli_chunks *chunks, char *data, size_t *length, size_t capacity) {
  if (!is_ready(chunks->descriptor)) chunks->pause(chunks->context);
  long count = cli_read(chunks->descriptor, data + *length, capacity - *length);
  if (count < 0) chunks->error = errno;
  else if (count == 0) chunks->finished = true;
  else *length += (size_t)count;
  return count >= 0;
}

/* Behind the last LF at or behind `from`; 0 when there is none. */
static size_t behind_last_line(const char *data, size_t from, size_t length) {
  while (length > from && data[length - 1] != '\n') length--;
  return length > from ? length : 0;
}

/* How often a character occurs. Every lane counts in a byte, so that compilers take 16 or 32 bytes at a
** time, and blocks are whole steps of that: half the instructions. */
static size_t count_of(const char *data, size_t length, char wanted) {
  enum { LANES = 32, MOST = 255 };
  size_t count = 0;
  while (length >= LANES) {
    unsigned char found[LANES] = {0};
    size_t steps = length / LANES < MOST ? length / LANES : MOST;
    for (size_t step = 0; step < steps; step++, data += LANES)
      for (size_t i = 0; i < LANES; i++) found[i] = (unsigned char)(found[i] + (data[i] == wanted));
    for (size_t i = 0; i < LANES; i++) count += found[i];
    length -= steps * LANES;
  }
  for (size_t i = 0; i < length; i++) count += data[i] == wanted;
  return count;
}

static size_t line_ends(const cli_chunks *chunks, const char *data, size_t length) {
  size_t count = count_of(data, length, '\n');
  if (!chunks->cr_counts) return count;
  const char *end = data + length;
  for (const char *cr = data; (cr = memchr(cr, '\r', (size_t)(end - cr))) != NULL;)
    count += ++cr < end && *cr != '\n';
  return count;
}

/* Hand out the first `length` bytes, and keep what is behind them. */
static cli_chunk_status hand_out(cli_chunks *chunks, cli_chunk *chunk, size_t length) {
  size_t rest = chunk->length - length;
  if (rest) {
    if (!reserve(chunks, &chunks->rest, &chunks->rest_capacity, rest)) return CLI_CHUNKS_FAILED;
    memcpy(chunks->rest, chunk->data + length, rest);
  }
  chunks->rest_length = rest;
  chunk->length = length;
  chunk->line = chunks->lines + 1;
  chunks->lines += line_ends(chunks, chunk->data, length);
  return CLI_CHUNK;
}

/* Pass over the rest of a line, of which `chunk` holds the beginning. */
static cli_chunk_status skip_line(cli_chunks *chunks, cli_chunk *chunk) {
  for (;;) {
    chunks->lines += line_ends(chunks, chunk->data, chunk->length);
    chunk->length = 0;
    if (!read_more(chunks, chunk->data, &chunk->length, chunk->capacity)) return CLI_CHUNKS_FAILED;
    const char *end = chunk->length ? memchr(chunk->data, '\n', chunk->length) : NULL;
    if (!end && !chunks->finished) continue;
    size_t line = chunk->line;
    if (end) hand_out(chunks, chunk, (size_t)(end - chunk->data) + 1);
    chunk->line = line;
    chunk->length = 0;
    return chunks->error ? CLI_CHUNKS_FAILED : CLI_CHUNK_TOO_LONG;
  }
}

/* Begin a chunk with what was read before. At the start of a stream, where that may be much, the chunk
** takes its memory too: 64 pages are then neither made nor copied. */
static bool take_rest(cli_chunks *chunks, cli_chunk *chunk) {
  chunk->length = chunks->rest_length;
  chunks->rest_length = 0;
  if (!chunk->data) {
    chunk->data = chunks->rest;
    chunk->capacity = chunks->rest_capacity;
    chunks->rest = NULL;
    chunks->rest_capacity = 0;
  } else if (chunk->length) {
    if (!reserve(chunks, &chunk->data, &chunk->capacity, chunk->length)) return false;
    memcpy(chunk->data, chunks->rest, chunk->length);
  }
  return true;
}

cli_chunk_status cli_chunks_next(cli_chunks *chunks, cli_chunk *chunk) {
  if (!take_rest(chunks, chunk)) return CLI_CHUNKS_FAILED;
  for (size_t searched = 0;;) {
    size_t length = behind_last_line(chunk->data, searched, chunk->length);
    if (length) return hand_out(chunks, chunk, length);
    if (chunks->finished)
      return chunk->length ? hand_out(chunks, chunk, chunk->length) : CLI_CHUNKS_END;
    chunk->line = chunks->lines + 1;
    if (chunk->length > chunks->longest) return skip_line(chunks, chunk);
    searched = chunk->length;
    if (!make_room(chunks, &chunk->data, &chunk->capacity, chunk->length + 1) ||
        !read_more(chunks, chunk->data, &chunk->length, chunk->capacity))
      return CLI_CHUNKS_FAILED;
  }
}

bool cli_chunks_peek(cli_chunks *chunks, size_t size) {
  size_t wanted = chunks->rest_length + size;
  if (!make_room(chunks, &chunks->rest, &chunks->rest_capacity, wanted)) return false;
  do {
    if (!read_more(chunks, chunks->rest, &chunks->rest_length, wanted)) return false;
  } while (!chunks->finished && chunks->rest_length < wanted && is_ready(chunks->descriptor));
  return true;
}

void cli_chunks_free(cli_chunks *chunks) {
  free(chunks->rest);
  chunks->rest = NULL;
}

void cli_chunk_free(cli_chunk *chunk) {
  free(chunk->data);
  chunk->data = NULL;
}
