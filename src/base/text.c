#include "text.h"

#include <string.h>

#include "decimal.h"
#include "memory.h"
#include "utf8.h"

bool evc_text_is_blank(evc_text text) {
  for (size_t i = 0; i < text.length; i++)
    if (!evc_is_blank(text.data[i])) return false;
  return true;
}

bool evc_text_is(evc_text text, const char *literal) {
  return evc_text_equal(text, (evc_text){literal, strlen(literal)});
}

static unsigned char lower(char c) {
  return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

bool evc_text_is_ignoring_case(evc_text text, const char *literal) {
  for (size_t i = 0; i < text.length; i++)
    if (!literal[i] || lower(text.data[i]) != lower(literal[i])) return false;
  return literal[text.length] == '\0';
}

int evc_text_compare(evc_text a, evc_text b) {
  size_t shared = a.length < b.length ? a.length : b.length;
  int order = shared ? memcmp(a.data, b.data, shared) : 0;
  return order ? order : (a.length > b.length) - (a.length < b.length);
}

void evc_build_init(evc_builder *builder, evc_arena *arena) {
  *builder = (evc_builder){arena, NULL, 0, 0, false};
}

void evc_build(evc_builder *builder, const char *data, size_t length) {
  if (builder->failed || length == 0) return;
  size_t needed = evc_size_add(evc_size_add(builder->length, length), 1);
  void *array = builder->data;
  if (!evc_arena_grow(builder->arena, &array, &builder->capacity, needed, 1)) {
    builder->failed = true;
    return;
  }
  builder->data = array;
  memcpy(builder->data + builder->length, data, length);
  builder->length += length;
}

void evc_build_text(evc_builder *builder, evc_text text) {
  evc_build(builder, text.data, text.length);
}

void evc_build_string(evc_builder *builder, const char *s) { evc_build(builder, s, strlen(s)); }

void evc_build_char(evc_builder *builder, char c) { evc_build(builder, &c, 1); }

void evc_build_repeat(evc_builder *builder, char c, size_t count) {
  while (count-- > 0) evc_build_char(builder, c);
}

void evc_build_unsigned(evc_builder *builder, uint64_t number) {
  char digits[20];
  size_t at = sizeof digits;
  do digits[--at] = (char)('0' + number % 10);
  while (number /= 10);
  evc_build(builder, digits + at, sizeof digits - at);
}

void evc_build_number(evc_builder *builder, double number) {
  char text[EVC_DECIMAL_TEXT];
  evc_build(builder, text, evc_decimal_write(number, text));
}

static void build_escape(evc_builder *builder, uint32_t c, unsigned char byte) {
  static const char hex[] = "0123456789ABCDEF";
  if (c == EVC_UTF8_INVALID) {
    evc_build_string(builder, "\\x");
    evc_build_char(builder, hex[byte >> 4]);
    evc_build_char(builder, hex[byte & 15]);
    return;
  }
  static const struct { uint32_t c; const char *text; } short_forms[] = {
      {'\n', "\\n"}, {'\r', "\\r"}, {'\t', "\\t"}};
  for (size_t i = 0; i < sizeof short_forms / sizeof *short_forms; i++)
    if (short_forms[i].c == c) {
      evc_build_string(builder, short_forms[i].text);
      return;
    }
  evc_build_string(builder, "\\u");
  for (int shift = 12; shift >= 0; shift -= 4) evc_build_char(builder, hex[c >> shift & 15]);
}

static bool is_plain(char c) { return c >= 0x20 && c < 0x7F; }

void evc_build_quoted(evc_builder *builder, evc_text text, size_t most) {
  if (text.length == 0) return;
  const char *at = text.data, *end = text.data + text.length, *run = at;
  const char *limit = text.length < most ? end : at + most;
  while (at < end) {
    /* Most texts are nothing but that: 5 instructions a byte instead of 13. */
    while (at < limit && is_plain(*at)) at++;
    if (at == end) break;
    const char *here = at;
    bool plain = is_plain(*at);
    uint32_t c = plain ? (unsigned char)*at++ : evc_utf8_next(&at, end);
    bool over = (size_t)(at - text.data) > most;
    if (!over && (plain || !evc_utf8_unsafe(c))) continue;
    evc_build(builder, run, (size_t)(here - run));
    run = at;
    if (over) {
      evc_build_string(builder, "…");
      return;
    }
    build_escape(builder, c, (unsigned char)*here);
  }
  evc_build(builder, run, (size_t)(at - run));
}

void evc_build_wording(evc_builder *builder, const char *wording, const evc_text *args) {
  for (const char *at = wording; *at;) {
    if (at[0] == '{' && at[1] >= '0' && at[1] <= '9' && at[2] == '}') {
      const evc_text *arg = &args[at[1] - '0'];
      evc_build_quoted(builder, *arg, arg->length);
      at += 3;
    } else {
      evc_build_char(builder, *at++);
    }
  }
}

evc_text evc_build_end(evc_builder *builder) {
  evc_build(builder, "", 1);
  if (builder->failed) return (evc_text){NULL, 0};
  return (evc_text){builder->data, --builder->length};
}
