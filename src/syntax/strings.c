/* String literals: escapes as in JSON, and strings in other quotes than straight double ones. */
#include "token.h"

#include <string.h>

#include "../base/text.h"
#include "../base/utf8.h"
#include "calculation.h"

static const evc_text no_text = {NULL, 0};

int evc_token_plain_string(evc_scanner *s) {
  s->at = evc_token_offset(s, s->start + 1);
  s->length = (uint32_t)(s->cursor - s->start) - 2;
  return EVC_TOKEN_STRING;
}

/* Four hexadecimal digits at `at`, or EVC_UTF8_INVALID. */
static uint32_t hexadecimal4(const unsigned char *at) {
  uint32_t value = 0;
  for (int i = 0; i < 4; i++) {
    unsigned char c = at[i];
    bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'f';
    if (!letter && (c < '0' || c > '9')) return EVC_UTF8_INVALID;
    value = value * 16 + (uint32_t)(letter ? (c | 0x20) - 'a' + 10 : c - '0');
  }
  return value;
}

/* One escape at the backslash `at`: decodes it and returns its length, or returns 0 and in *length
** how much of the text is the wrong escape. Never reads past the NUL at the end of the text. */
static size_t read_escape(const unsigned char *at, uint32_t *decoded, size_t *length) {
  static const char letters[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
  const char *letter = at[1] ? strchr(letters, at[1]) : NULL;
  if (letter) {
    *decoded = (unsigned char)values[letter - letters];
    return 2;
  }
  *length = at[1] >= 0x20 ? 2 : 1;
  if (at[1] != 'u') {
    /* A whole character is the wrong escape, not its first byte. */
    while (at[1] >= 0x80 && (at[*length] & 0xC0) == 0x80) ++*length;
    return 0;
  }
  uint32_t first = hexadecimal4(at + 2);
  if (first == EVC_UTF8_INVALID) return 0;
  *length = 6;
  *decoded = first;
  if (first < 0xD800 || first > 0xDFFF) return 6;
  if (first > 0xDBFF || at[6] != '\\' || at[7] != 'u') return 0;
  uint32_t second = hexadecimal4(at + 8);
  if (second == EVC_UTF8_INVALID || second < 0xDC00 || second > 0xDFFF) return 0;
  *decoded = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
  return 12;
}

size_t evc_scan_escape(const unsigned char *at, bool *right) {
  uint32_t decoded;
  size_t wrong = 0, length = read_escape(at, &decoded, &wrong);
  *right = length > 0;
  return *right ? length : wrong;
}

static void decode_code_point(evc_scanner *s, uint32_t code_point) {
  char bytes[4];
  evc_tree_decode(s->tree, bytes, evc_utf8_write(bytes, code_point));
}

static evc_text built(evc_scanner *s, evc_builder *builder) {
  evc_text text = evc_build_end(builder);
  if (!text.data) s->tree->out_of_memory = true;
  return text;
}

static evc_text control_escape(evc_scanner *s, unsigned char c) {
  static const char hex[] = "0123456789ABCDEF", raw[] = "\b\f\n\r\t", letters[] = "bfnrt";
  const char *letter = c ? strchr(raw, c) : NULL;
  evc_builder builder;
  evc_build_init(&builder, s->tree->arena);
  if (letter) {
    evc_build_char(&builder, '\\');
    evc_build_char(&builder, letters[letter - raw]);
  } else {
    evc_build_string(&builder, "\\u00");
    evc_build_char(&builder, hex[c >> 4]);
    evc_build_char(&builder, hex[c & 15]);
  }
  return built(s, &builder);
}

/* What a wrong escape was likely meant to be: \' is a quote, anything else a backslash. */
static evc_text escape_meant(evc_scanner *s, const unsigned char *at, size_t length) {
  if (length == 2 && at[1] == '\'') return (evc_text){"'", 1};
  evc_builder builder;
  evc_build_init(&builder, s->tree->arena);
  evc_build_char(&builder, '\\');
  evc_build(&builder, (const char *)at, length);
  return built(s, &builder);
}

static void wrong_escape(evc_scanner *s, const unsigned char *at, size_t length) {
  bool surrogate = length == 6;
  evc_text meant = surrogate ? no_text : escape_meant(s, at, length);
  evc_token_find(s, surrogate ? EVC_MSG_LONE_SURROGATE : EVC_MSG_BAD_ESCAPE, at, at + length, meant);
}

/* "USD”: a string that a typographic quote was to close. The cursor is then behind that. */
static bool closed_by_typography(evc_scanner *s, const unsigned char *content,
                                 const unsigned char *end) {
  const unsigned char *at = content;
  for (; at + 2 < end && *at != '\\'; at++)
    if (at[0] == 0xE2 && at[1] == 0x80 && at[2] >= 0x9C && at[2] <= 0x9F) break;
  if (at + 2 >= end || *at == '\\') return false;
  for (const unsigned char *c = content; c < at; c++)
    if (*c < 0x20) return false;
  evc_builder builder;
  evc_build_init(&builder, s->tree->arena);
  evc_build_char(&builder, '"');
  evc_build(&builder, (const char *)content, (size_t)(at - content));
  evc_build_char(&builder, '"');
  s->cursor = at + 3;
  s->at = evc_token_offset(s, content);
  s->length = (uint32_t)(at - content);
  evc_token_find(s, EVC_MSG_WRONG_QUOTES, s->start, s->cursor, built(s, &builder));
  return true;
}

/* The cursor is behind the opening quote. */
int evc_token_string(evc_scanner *s) {
  const unsigned char *at = s->cursor;
  s->at = evc_tree_decoded_at(s->tree);
  size_t before = s->tree->decoded_length;
  for (;;) {
    const unsigned char *here = at;
    if (*at == '\n' || *at == '\r' || (*at == 0 && at >= s->limit)) {
      if (closed_by_typography(s, s->cursor, at)) return EVC_TOKEN_STRING;
      evc_token_find(s, EVC_MSG_UNCLOSED_STRING, s->start, at, no_text);
      s->cursor = at;
      s->text_lost = true;
      return EVC_TOKEN_BAD;
    }
    if (*at == '"') break;
    if (*at == '\\') {
      uint32_t code_point;
      size_t wrong, length = read_escape(at, &code_point, &wrong);
      if (length) decode_code_point(s, code_point);
      else wrong_escape(s, at, wrong);
      at += length ? length : wrong;
      continue;
    }
    if (*at < 0x20) {
      evc_token_find(s, EVC_MSG_CONTROL_IN_STRING, at, at + 1, control_escape(s, *at));
      at++;
      continue;
    }
    const char *next = (const char *)at;
    if (evc_utf8_next(&next, (const char *)s->limit) == EVC_UTF8_INVALID)
      evc_token_find(s, EVC_MSG_INVALID_UTF8, at, at + 1, no_text);
    at = (const unsigned char *)next;
    evc_tree_decode(s->tree, (const char *)here, (size_t)(at - here));
  }
  s->cursor = at + 1;
  s->length = (uint32_t)(s->tree->decoded_length - before);
  return EVC_TOKEN_STRING;
}

/* Does `c` close a string that `opening` opened? Typographic quotes are taken in any pairing, as
** documents have them; “ is also closed by the straight quote that somebody typed after it. */
static bool closes(uint32_t opening, uint32_t c) {
  if (opening == '`') return c == '`' || c == '\'';
  bool single = opening == '\'' || (opening >= 0x2018 && opening <= 0x201B) || opening == 0x2039 ||
                opening == 0x203A;
  if (single)
    return c == '\'' || (c >= 0x2018 && c <= 0x201B) || c == 0x2039 || c == 0x203A;
  return c == '"' || (c >= 0x201C && c <= 0x201F) || c == 0xAB || c == 0xBB || c == 0xFF02;
}

/* `new.amount`: a field in the quotes of some databases and of Markdown. */
static bool is_path(const unsigned char *at, const unsigned char *end) {
  bool dot = false, name = false;
  for (; at < end; at++) {
    bool letter = (*at | 0x20) >= 'a' && (*at | 0x20) <= 'z';
    if (*at == '.' && !name) return false;
    dot |= *at == '.';
    if (!letter && *at != '.' && *at != '_' && !(name && *at >= '0' && *at <= '9')) return false;
    name = *at != '.';
  }
  return dot && name;
}

/* The same text as a straight-quoted literal that has no mistakes in it. */
static evc_text requote(evc_scanner *s, const unsigned char *at, const unsigned char *end) {
  evc_builder builder;
  evc_build_init(&builder, s->tree->arena);
  evc_build_char(&builder, '"');
  while (at < end) {
    uint32_t code_point;
    size_t wrong, escape = *at == '\\' ? read_escape(at, &code_point, &wrong) : 0;
    if (escape > 0 && at + escape <= end) {
      evc_build(&builder, (const char *)at, escape);
      at += escape;
      continue;
    }
    const char *next = (const char *)at;
    uint32_t c = evc_utf8_next(&next, (const char *)end);
    if (c == '\\' && at[1] == '\'') c = EVC_UTF8_INVALID; /* \' is ': drop the backslash */
    else if (c == '"' || c == '\\') evc_build_char(&builder, '\\');
    if (c < 0x20) evc_build_text(&builder, control_escape(s, (unsigned char)c));
    else if (c != EVC_UTF8_INVALID) evc_build(&builder, (const char *)at, (size_t)(next - (const char *)at));
    bool doubled = c == '\'' && (const unsigned char *)next < end && *next == '\'';
    at = (const unsigned char *)next + doubled;
  }
  evc_build_char(&builder, '"');
  return built(s, &builder);
}

static void decode_literal(evc_scanner *s, evc_text literal) {
  const unsigned char *at = (const unsigned char *)literal.data + 1;
  const unsigned char *end = (const unsigned char *)literal.data + literal.length - 1;
  s->at = evc_tree_decoded_at(s->tree);
  size_t before = s->tree->decoded_length;
  while (at < end) {
    uint32_t code_point = *at;
    size_t wrong, length = *at == '\\' ? read_escape(at, &code_point, &wrong) : 0;
    if (length) decode_code_point(s, code_point);
    else evc_tree_decode(s->tree, (const char *)at, length = 1);
    at += length;
  }
  s->length = (uint32_t)(s->tree->decoded_length - before);
}

/* “USD’: the first quote of any kind, where it is a typographic one and no apostrophe. */
static const unsigned char *mixed_close(const evc_scanner *s, const unsigned char *at,
                                        const unsigned char *end) {
  while (at < end) {
    const char *next = (const char *)at;
    uint32_t c = evc_utf8_next(&next, (const char *)end);
    const unsigned char *behind = (const unsigned char *)next;
    if (c == '\\' || c == '"' || c == '\'') return NULL;
    if (c >= 0x2018 && c <= 0x201F) {
      bool letter = (*behind | 0x20) >= 'a' && (*behind | 0x20) <= 'z';
      return letter || (behind < s->limit && *behind >= 0x80) ? NULL : at;
    }
    at = behind;
  }
  return NULL;
}

static int other_string(evc_scanner *s, const unsigned char *content,
                              const unsigned char *end) {
  evc_text literal = requote(s, content, end);
  if (!literal.data) return EVC_TOKEN_ILLEGAL;
  evc_token_find(s, EVC_MSG_WRONG_QUOTES, s->start, s->cursor, literal);
  decode_literal(s, literal);
  return EVC_TOKEN_STRING;
}

int evc_token_quoted(evc_scanner *s, uint32_t opening) {
  const unsigned char *content = s->cursor, *at = content;
  for (;;) {
    if (at >= s->limit || *at == '\n' || *at == '\r') {
      bool typographic = opening >= 0x2018 && opening <= 0x201F;
      const unsigned char *close = typographic ? mixed_close(s, content, at) : NULL;
      if (close) {
        s->cursor = close + 3;
        return other_string(s, content, close);
      }
      evc_token_find(s, EVC_MSG_UNCLOSED_STRING, s->start, at, no_text);
      s->cursor = at;
      s->text_lost = true;
      return EVC_TOKEN_BAD;
    }
    const unsigned char *here = at;
    const char *next = (const char *)at;
    uint32_t c = evc_utf8_next(&next, (const char *)s->limit);
    at = (const unsigned char *)next;
    bool escape = c == '\\' && at < s->limit && *at >= 0x20;
    bool doubled = c == '\'' && *at == '\'' && here > content; /* as SQL has it */
    if (escape || doubled) {
      at++;
    } else if (closes(opening, c)) {
      s->cursor = at;
      if (opening == '`' && is_path(content, here)) {
        s->at = evc_token_offset(s, content);
        s->length = (uint32_t)(here - content);
        evc_token_find(s, EVC_MSG_FIELD_IN_BACKTICKS, s->start, s->cursor,
                       (evc_text){(const char *)content, s->length});
        return EVC_TOKEN_PATH;
      }
      return other_string(s, content, here);
    }
  }
}
