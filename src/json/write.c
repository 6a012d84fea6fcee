/* Writing JSON into a builder. */
#include "write.h"

#include <string.h>

#include "../base/memory.h"
#include "../base/utf8.h"

static const char hex[] = "0123456789abcdef";

static bool is_plain(char c) {
  return (unsigned char)c >= 0x20 && (unsigned char)c < 0x7F && c != '"' && c != '\\';
}

/* A code point below U+10000, as nearly all are that are not safe to show. */
static void build_unicode_escape(evc_builder *builder, uint32_t code_point) {
  evc_build(builder, EVC_LITERAL("\\u"));
  for (int shift = 12; shift >= 0; shift -= 4)
    evc_build_char(builder, hex[code_point >> shift & 15]);
}

static void build_escape(evc_builder *builder, char c) {
  const char *letter = NULL;
  switch (c) {
  case '"': letter = "\\\""; break;
  case '\\': letter = "\\\\"; break;
  case '\b': letter = "\\b"; break;
  case '\f': letter = "\\f"; break;
  case '\n': letter = "\\n"; break;
  case '\r': letter = "\\r"; break;
  case '\t': letter = "\\t"; break;
  default: break;
  }
  if (letter) evc_build(builder, letter, 2);
  else build_unicode_escape(builder, (unsigned char)c);
}

void evc_json_build_inside(evc_builder *builder, evc_text text) {
  const char *at = text.data, *end = at + text.length, *run = at;
  while (at < end) {
    const char *here = at;
    if (is_plain(*at)) {
      at++;
      continue;
    }
    uint32_t code_point = evc_utf8_next(&at, end);
    bool invalid = code_point == EVC_UTF8_INVALID;
    if (code_point >= 0x80 && !invalid && (code_point > 0xFFFF || !evc_utf8_unsafe(code_point)))
      continue;
    evc_build(builder, run, (size_t)(here - run));
    run = at;
    if (invalid) evc_build(builder, EVC_LITERAL("\xEF\xBF\xBD"));
    else if (code_point < 0x80) build_escape(builder, (char)code_point);
    else build_unicode_escape(builder, code_point);
  }
  evc_build(builder, run, (size_t)(at - run));
}

void evc_json_build_string(evc_builder *builder, evc_text text) {
  if (!text.data) {
    evc_build(builder, EVC_LITERAL("null"));
    return;
  }
  evc_build_char(builder, '"');
  evc_json_build_inside(builder, text);
  evc_build_char(builder, '"');
}

void evc_json_build_key(evc_builder *builder, bool first, const char *name) {
  evc_build_string(builder, first ? "\"" : ", \"");
  evc_build_string(builder, name);
  evc_build(builder, EVC_LITERAL("\": "));
}

void evc_json_build_text_member(evc_builder *builder, bool first, const char *name,
                                evc_text text) {
  evc_json_build_key(builder, first, name);
  evc_json_build_string(builder, text);
}

void evc_json_build_unsigned_member(evc_builder *builder, bool first, const char *name,
                                    uint64_t number) {
  evc_json_build_key(builder, first, name);
  evc_build_unsigned(builder, number);
}

void evc_json_build_boolean_member(evc_builder *builder, bool first, const char *name,
                                   bool boolean) {
  evc_json_build_key(builder, first, name);
  evc_build_string(builder, boolean ? "true" : "false");
}

/* A place that is null for a diagnostic that is not about the text. */
static void build_place(evc_builder *builder, const char *name, bool known, size_t place) {
  evc_json_build_key(builder, false, name);
  if (known) evc_build_unsigned(builder, place);
  else evc_build(builder, EVC_LITERAL("null"));
}

static void build_span(evc_builder *builder, size_t start, size_t end, evc_text text) {
  evc_build_char(builder, '{');
  evc_json_build_key(builder, true, "start");
  evc_build_unsigned(builder, start);
  build_place(builder, "end", true, end);
  evc_json_build_key(builder, false, "text");
  evc_json_build_string(builder, text);
  evc_build_char(builder, '}');
}

static void build_fix(evc_builder *builder, const evc_fix *fix) {
  evc_build_char(builder, '{');
  evc_json_build_key(builder, true, "title");
  evc_json_build_string(builder, fix->title);
  evc_json_build_key(builder, false, "safe");
  evc_build_string(builder, fix->safe ? "true" : "false");
  evc_json_build_key(builder, false, "edits");
  evc_build_char(builder, '[');
  for (size_t i = 0; i < fix->edit_count; i++) {
    if (i > 0) evc_build(builder, EVC_LITERAL(", "));
    build_span(builder, fix->edits[i].start, fix->edits[i].end, fix->edits[i].text);
  }
  evc_build(builder, EVC_LITERAL("]}"));
}

void evc_json_build_diagnostic(evc_builder *builder, const evc_diagnostic *d,
                               const evc_json_place *file) {
  evc_build_char(builder, '{');
  evc_json_build_key(builder, true, "code");
  evc_json_build_string(builder, (evc_text){d->name, strlen(d->name)});
  evc_json_build_key(builder, false, "severity");
  evc_build_string(builder, d->severity == EVC_ERROR ? "\"error\"" : "\"warning\"");
  evc_json_build_key(builder, false, "message");
  evc_json_build_string(builder, d->message);
  build_place(builder, "start", d->has_span, d->start);
  build_place(builder, "end", d->has_span, d->end);
  build_place(builder, "line", d->has_span, d->line);
  build_place(builder, "column", d->has_span, d->column);
  if (file) {
    build_place(builder, "fileLine", true, file->line);
    build_place(builder, "fileColumn", true, file->column);
  }
  evc_json_build_key(builder, false, "help");
  evc_json_build_string(builder, d->help);
  evc_json_build_key(builder, false, "labels");
  evc_build_char(builder, '[');
  for (size_t i = 0; i < d->label_count; i++) {
    if (i > 0) evc_build(builder, EVC_LITERAL(", "));
    build_span(builder, d->labels[i].start, d->labels[i].end, d->labels[i].text);
  }
  evc_build_char(builder, ']');
  evc_json_build_key(builder, false, "fixes");
  evc_build_char(builder, '[');
  for (size_t i = 0; i < d->fix_count; i++) {
    if (i > 0) evc_build(builder, EVC_LITERAL(", "));
    build_fix(builder, &d->fixes[i]);
  }
  evc_build(builder, EVC_LITERAL("]}"));
}

evc_text evc_json_hand_over(evc_builder *builder, const evc_allocator *allocator) {
  evc_text built = evc_build_end(builder), result = {NULL, 0};
  char *copy = built.data ? evc_allocate(allocator, built.length + 1) : NULL;
  if (copy) {
    memcpy(copy, built.data, built.length + 1);
    result = (evc_text){copy, built.length};
  }
  evc_arena_free(builder->arena);
  return result;
}
