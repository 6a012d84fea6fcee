#include "utf8.h"

#include <string.h>

uint32_t evc_utf8_next(const char **at, const char *end) {
  const unsigned char *s = (const unsigned char *)*at;
  size_t left = (size_t)(end - *at);
  uint32_t c = s[0];
  size_t size = c < 0x80 ? 1 : c < 0xC2 ? 0 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : c < 0xF5 ? 4 : 0;
  *at += 1;
  if (size == 1) return c;
  if (size == 0 || size > left) return EVC_UTF8_INVALID;
  uint32_t code_point = c & (0x7Fu >> size);
  for (size_t i = 1; i < size; i++) {
    if ((s[i] & 0xC0) != 0x80) return EVC_UTF8_INVALID;
    code_point = code_point << 6 | (s[i] & 0x3Fu);
  }
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  bool surrogate = code_point >= 0xD800 && code_point < 0xE000;
  if (code_point < least[size] || code_point > 0x10FFFF || surrogate) return EVC_UTF8_INVALID;
  *at += size - 1;
  return code_point;
}

size_t evc_utf8_write(char out[4], uint32_t c) {
  if (c < 0x80) {
    out[0] = (char)c;
    return 1;
  }
  size_t size = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  for (size_t i = size - 1; i > 0; i--, c >>= 6) out[i] = (char)(0x80 | (c & 0x3F));
  static const unsigned lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
  out[0] = (char)(lead[size] | c);
  return size;
}

bool evc_utf8_valid(const char *text, size_t length, size_t *invalid) {
  const char *at = text, *end = text + length;
  while (at < end) {
    const char *here = at;
    if (evc_utf8_next(&at, end) == EVC_UTF8_INVALID) {
      *invalid = (size_t)(here - text);
      return false;
    }
  }
  return true;
}

bool evc_utf8_unsafe(uint32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x61C ||
         (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || c == EVC_UTF8_INVALID;
}

evc_utf8_cursor evc_utf8_start(void) { return (evc_utf8_cursor){0, 1, 1, 0}; }

void evc_utf8_advance(evc_utf8_cursor *c, const char *text, size_t length, size_t offset) {
  if (offset > length) offset = length;
  if (c->offset >= offset) return;
  size_t bom = evc_utf8_bom((evc_text){text, length});
  if (c->offset < bom) c->offset = offset < bom ? offset : bom;
  const char *at = text + c->offset;
  while ((size_t)(at - text) < offset) {
    char first = *at;
    bool crlf = first == '\r' && (size_t)(at - text) + 1 < length && at[1] == '\n';
    evc_utf8_next(&at, text + length);
    c->column++;
    if ((first != '\n' && first != '\r') || crlf) continue;
    c->line++;
    c->column = 1;
    c->line_start = (size_t)(at - text);
  }
  c->offset = (size_t)(at - text);
}

void evc_utf8_position(const char *text, size_t length, size_t offset, size_t *line,
                       size_t *column, size_t *line_start) {
  evc_utf8_cursor cursor = evc_utf8_start();
  evc_utf8_advance(&cursor, text, length, offset);
  *line = cursor.line;
  *column = cursor.column;
  if (line_start) *line_start = cursor.line_start;
}
