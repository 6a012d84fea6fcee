/* The public tokens: classes from tokens.def, escapes apart from their strings, and something over
** everything that is not blank. */
#include "editor.h"

#include "../base/utf8.h"
#include "../syntax/token.h"
#include "calculation.h"

typedef struct maker {
  evc_reading *reading;
  evc_token *tokens;
  size_t count, capacity;
  size_t end; /* of what is covered */
} maker;

static void add(maker *m, size_t start, size_t end, evc_token_class kind) {
  if (start >= end) return;
  void *tokens = m->tokens;
  if (!evc_arena_grow(&m->reading->arena, &tokens, &m->capacity, m->count + 1, sizeof *m->tokens))
    return; /* the arena remembers */
  m->tokens = tokens;
  m->tokens[m->count++] = (evc_token){start, end, kind};
  m->end = end;
}

/* Comments and what else was passed over, without the blanks around it. */
static void add_skipped(maker *m, size_t to) {
  const char *text = m->reading->text.data;
  size_t start = m->end;
  if (start == 0) start = evc_utf8_bom((evc_text){text, to});
  while (start < to && evc_is_blank(text[start])) start++;
  while (to > start && evc_is_blank(text[to - 1])) to--;
  add(m, start, to, EVC_CLASS_ERROR);
}

static void add_string(maker *m, const evc_lexeme *t) {
  const char *text = m->reading->text.data;
  size_t done = t->start;
  for (size_t at = t->start + 1; at < t->end;) {
    bool right;
    size_t length =
        text[at] == '\\' ? evc_scan_escape((const unsigned char *)text + at, &right) : 0;
    if (length == 0 || at + length > t->end) {
      at++;
      continue;
    }
    add(m, done, at, EVC_CLASS_STRING);
    add(m, at, at + length, right ? EVC_CLASS_ESCAPE : EVC_CLASS_ERROR);
    done = at += length;
  }
  add(m, done, t->end, EVC_CLASS_STRING);
}

static evc_token_class class_of(const evc_shape *shape, uint32_t token) {
  evc_token_class kind = evc_shape_class(shape, token);
  if (kind != EVC_CLASS_FIELD) return kind;
  evc_text path = evc_shape_text(shape, token);
  return evc_variable_find(path.data, path.length) ? EVC_CLASS_VARIABLE : kind;
}

bool evc_editor_make_tokens(evc_reading *reading) {
  const evc_shape *shape = &reading->shape;
  maker m = {.reading = reading};
  for (uint32_t i = 0; i < shape->count; i++) {
    const evc_lexeme *t = &shape->tokens[i];
    add_skipped(&m, t->start);
    bool quoted = reading->text.data[t->start] == '"';
    if (quoted && (t->token == EVC_TOKEN_STRING || t->token == EVC_TOKEN_BAD))
      add_string(&m, t);
    else
      add(&m, t->start, t->end, class_of(shape, i));
  }
  if (reading->tree.source_length > 0) add_skipped(&m, reading->text.length);
  reading->tokens = m.tokens;
  reading->token_count = m.count;
  return !reading->arena.failed;
}

const char *evc_token_class_name(evc_token_class kind) {
  static const char *const names[EVC_CLASS_END] = {
      [EVC_CLASS_NUMBER] = "number",     [EVC_CLASS_STRING] = "string",
      [EVC_CLASS_ESCAPE] = "escape",     [EVC_CLASS_KEYWORD] = "keyword",
      [EVC_CLASS_CONSTANT] = "constant", [EVC_CLASS_FIELD] = "field",
      [EVC_CLASS_VARIABLE] = "variable", [EVC_CLASS_FUNCTION] = "function",
      [EVC_CLASS_OPERATOR] = "operator", [EVC_CLASS_PUNCTUATION] = "punctuation",
      [EVC_CLASS_ERROR] = "error",
  };
  return (unsigned)kind < EVC_CLASS_END ? names[kind] : NULL;
}
