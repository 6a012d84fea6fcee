/* The text of a document that is open in an editor: changed in pieces, and with places told in lines
** and in code units of UTF-16 or UTF-8, as the client counts. */
#ifndef EVC_SERVER_TEXT_H
#define EVC_SERVER_TEXT_H

#include "evcalc/base.h"

/* A position as LSP has it, from 0. */
typedef struct server_position {
  size_t line, character;
} server_position;

/* UTF-8, valid. Lines end with LF, CRLF or CR. */
typedef struct server_buffer {
  evc_allocator allocator;
  bool utf8; /* characters of positions are bytes, not units of UTF-16 */
  char *data;
  size_t length, capacity;
  size_t *lines; /* where each starts */
  size_t line_count, line_capacity;
  size_t known_line, known_offset, known_character; /* the place that was asked for last */
} server_buffer;

/* An empty text, which is one line; false when out of memory. */
bool server_buffer_init(server_buffer *buffer, const evc_allocator *allocator, bool utf8);
void server_buffer_free(server_buffer *buffer);

/* Make it empty, for which memory is always enough. */
void server_buffer_clear(server_buffer *buffer);

/* Replace the bytes [start, end). False when out of memory, with everything as before. */
bool server_buffer_change(server_buffer *buffer, size_t start, size_t end, evc_text text);

/* The offset of a position. One behind the end of its line is that end, one behind the last line the
** end of the text, one inside a character where that starts. */
size_t server_buffer_offset(server_buffer *buffer, server_position position);

/* The position of an offset. Places near the one asked for last are found fastest. */
server_position server_buffer_position(server_buffer *buffer, size_t offset);

/* Where a line ends, before what ends it. */
size_t server_buffer_line_end(const server_buffer *buffer, size_t line);

evc_text server_buffer_text(const server_buffer *buffer);

#endif
