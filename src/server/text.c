#include "text.h"

#include <string.h>

#include "../base/memory.h"

bool server_buffer_init(server_buffer *b, const evc_allocator *allocator, bool utf8) {
  *b = (server_buffer){.allocator = *allocator, .utf8 = utf8, .line_count = 1};
  b->lines = evc_allocate(&b->allocator, sizeof *b->lines);
  if (!b->lines) return false;
  b->line_capacity = 1;
  b->lines[0] = 0;
  return true;
}

void server_buffer_free(server_buffer *b) {
  evc_release(&b->allocator, b->data, b->capacity);
  evc_release(&b->allocator, b->lines, b->line_capacity * sizeof *b->lines);
}

evc_text server_buffer_text(const server_buffer *b) {
  return (evc_text){b->data ? b->data : "", b->length};
}

/* ---- Changing ------------------------------------------------------------------------------- */

/* Room for so many elements; grows by half. NULL when out of memory, with the old memory kept. */
static void *reserve(server_buffer *b, void *memory, size_t *capacity, size_t needed,
                     size_t element) {
  if (needed <= *capacity) return memory;
  size_t wanted = evc_size_add(needed, needed / 2);
  void *grown = evc_reallocate(&b->allocator, memory, *capacity * element,
                               evc_size_mul(wanted, element));
  if (grown) *capacity = wanted;
  return grown;
}

static size_t count_line_ends(evc_text text) {
  size_t count = 0;
  for (size_t i = 0; i < text.length; i++) count += text.data[i] == '\n' || text.data[i] == '\r';
  return count;
}

static bool make_room(server_buffer *b, size_t length, size_t lines) {
  size_t capacity = b->capacity;
  void *data = reserve(b, b->data, &capacity, length, 1);
  if (!data && length > 0) return false;
  b->data = data;
  b->capacity = capacity;
  capacity = b->line_capacity;
  void *starts = reserve(b, b->lines, &capacity, lines, sizeof *b->lines);
  if (!starts) return false;
  b->lines = starts;
  b->line_capacity = capacity;
  return true;
}

/* The last line that starts at or before an offset. */
static size_t line_of(const server_buffer *b, size_t offset) {
  size_t low = 0, high = b->line_count;
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    if (b->lines[middle] <= offset) low = middle;
    else high = middle;
  }
  return low;
}

/* Does a line start at this offset, which is not 0? */
static bool starts_line(const server_buffer *b, size_t offset) {
  char before = b->data[offset - 1];
  return before == '\n' || (before == '\r' && !(offset < b->length && b->data[offset] == '\n'));
}

/* The lines after [start, end) became `added` bytes. Whether a line starts at a place depends on the
** bytes before and behind it, so what is looked at again is one byte more on both sides. There is
** room. */
static void change_lines(server_buffer *b, size_t start, size_t end, size_t added) {
  size_t first = line_of(b, start > 0 ? start - 1 : 0) + 1; /* of those that may change */
  size_t last = first;
  while (last < b->line_count && b->lines[last] <= end + 1) last++;
  size_t from = b->lines[first - 1] + 1, to = start + added + 1, count = 0;
  if (to > b->length) to = b->length;
  if (from < start) from = start;
  for (size_t at = from; at <= to; at++) count += starts_line(b, at);
  size_t *behind = b->lines + first + count;
  memmove(behind, b->lines + last, (b->line_count - last) * sizeof *behind);
  b->line_count = b->line_count - last + first + count;
  for (size_t at = from, i = first; at <= to; at++)
    if (starts_line(b, at)) b->lines[i++] = at;
  for (size_t i = first + count; i < b->line_count; i++) b->lines[i] += added - (end - start);
}

void server_buffer_clear(server_buffer *b) {
  b->length = 0;
  b->line_count = 1;
  b->known_line = b->known_offset = b->known_character = 0;
}

bool server_buffer_change(server_buffer *b, size_t start, size_t end, evc_text text) {
  size_t length = evc_size_add(b->length - (end - start), text.length);
  if (!make_room(b, length, b->line_count + count_line_ends(text) + 2)) return false;
  if (length > 0) memmove(b->data + start + text.length, b->data + end, b->length - end);
  if (text.length > 0) memcpy(b->data + start, text.data, text.length);
  b->length = length;
  if (length > 0) {
    change_lines(b, start, end, text.length);
  } else {
    b->line_count = 1;
  }
  b->known_line = b->known_offset = b->known_character = 0;
  return true;
}

/* ---- Places --------------------------------------------------------------------------------- */

static size_t units(const server_buffer *b, size_t start, size_t end) {
  if (b->utf8) return end - start;
  size_t count = 0;
  for (size_t i = start; i < end; i++) {
    unsigned char c = (unsigned char)b->data[i];
    count += (size_t)((c & 0xC0) != 0x80) + (c >= 0xF0);
  }
  return count;
}

static void know(server_buffer *b, size_t line, size_t offset, size_t character) {
  b->known_line = line;
  b->known_offset = offset;
  b->known_character = character;
}

size_t server_buffer_line_end(const server_buffer *b, size_t line) {
  if (line + 1 >= b->line_count) return b->length;
  size_t end = b->lines[line + 1] - 1; /* a line that another follows has what ends it */
  if (b->data[end] == '\n' && end > b->lines[line] && b->data[end - 1] == '\r') end--;
  return end;
}

server_position server_buffer_position(server_buffer *b, size_t offset) {
  size_t line = line_of(b, offset), start = b->lines[line], character;
  size_t far = offset > b->known_offset ? offset - b->known_offset : b->known_offset - offset;
  if (line != b->known_line || far > offset - start) character = units(b, start, offset);
  else if (offset >= b->known_offset)
    character = b->known_character + units(b, b->known_offset, offset);
  else character = b->known_character - units(b, offset, b->known_offset);
  know(b, line, offset, character);
  return (server_position){line, character};
}

size_t server_buffer_offset(server_buffer *b, server_position position) {
  if (position.line >= b->line_count) return b->length;
  size_t at = b->lines[position.line], end = server_buffer_line_end(b, position.line), passed = 0;
  if (position.line == b->known_line && b->known_character <= position.character &&
      b->known_offset <= end) {
    at = b->known_offset;
    passed = b->known_character;
  }
  while (at < end) {
    size_t next = at + 1;
    while (next < end && ((unsigned char)b->data[next] & 0xC0) == 0x80) next++;
    size_t width = units(b, at, next);
    if (passed + width > position.character) break;
    passed += width;
    at = next;
  }
  know(b, position.line, at, passed);
  return at;
}
