/* UTF-8: reading, writing and measuring. */
#ifndef EVC_BASE_UTF8_H
#define EVC_BASE_UTF8_H

#include <string.h>

#include "evcalc/base.h"

/* What evc_utf8_next gives for a byte that is not UTF-8. */
#define EVC_UTF8_INVALID 0xFFFFFFFFu

/* The code point at *at (< end), which moves behind it. An invalid, overlong or surrogate sequence is
** EVC_UTF8_INVALID and moves *at by one byte. */
uint32_t evc_utf8_next(const char **at, const char *end);

/* Write a code point (< 0x110000) to `out`; returns its 1 to 4 bytes. */
size_t evc_utf8_write(char out[4], uint32_t code_point);

/* The bytes of the byte order mark that the text begins with, 3 or 0. */
static inline size_t evc_utf8_bom(evc_text text) {
  return text.length >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

/* True when all of the text is valid; else *invalid is the offset of the first wrong byte. */
bool evc_utf8_valid(const char *text, size_t length, size_t *invalid);

/* Must be escaped where text is shown: controls, line separators, bidirectional and zero-width. */
bool evc_utf8_unsafe(uint32_t code_point);

/* A place in a text that is moved forward: line and column from 1 of `offset`. Start from
** evc_utf8_start. */
typedef struct evc_utf8_cursor {
  size_t offset, line, column, line_start;
} evc_utf8_cursor;

evc_utf8_cursor evc_utf8_start(void);

/* Move on to `offset` (not before the cursor's, at most `length`); an offset inside a character counts
** as the next one's column. */
void evc_utf8_advance(evc_utf8_cursor *cursor, const char *text, size_t length, size_t offset);

/* Line and column, from 1, of an offset: LF, CRLF and CR end a line; a column is a code point, a
** leading BOM none, an invalid byte one. `line_start`, when not NULL, is where the line starts. */
void evc_utf8_position(const char *text, size_t length, size_t offset, size_t *line,
                       size_t *column, size_t *line_start);

#endif
