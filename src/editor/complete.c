/* Completion: what is being typed at the offset, and what the place it stands in wants.
**
** A word that is only begun, or not there yet, breaks the text around it. So the text is read again
** with a whole word in its place, and the tokens around that say where it stands.
*/
#include "offer.h"

#include "../base/letters.h"
#include "../syntax/token.h"
#include "calculation.h"

/* The word that the offset is in or beside: [start, end), what is typed of it, and how it is
** read. */
typedef struct word {
  size_t start, end;
  evc_text typed;
} word;

static bool is_word_byte(char byte) {
  unsigned char c = (unsigned char)byte;
  return c >= 0x80 || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
         c == '_' || c == '$' || c == '.';
}

/* Bytes of the character at `at`, 0 where it cannot be in a word. */
static size_t word_character(const char *text, size_t at) {
  if ((unsigned char)text[at] >= 0x80) return evc_letter_length(text + at);
  return is_word_byte(text[at]);
}

static word word_at(evc_text text, size_t offset) {
  size_t start = offset, end = offset;
  while (start > 0 && is_word_byte(text.data[start - 1])) start--;
  for (size_t at = start; at < offset;) { /* bytes past ASCII need not be letters */
    size_t size = word_character(text.data, at);
    at += size ? size : 1;
    if (size == 0) start = at;
  }
  for (size_t size; end < text.length && (size = word_character(text.data, end)) > 0;) end += size;
  return (word){start, end, {text.data + start, offset - start}};
}

/* The text with a name in the place of the word, and the number of its token. */
typedef struct trial {
  evc_tree tree;
  evc_shape shape;
  uint32_t token;      /* EVC_NO_PLACE: something before it swallowed it */
  size_t swallowed_by; /* where that starts */
} trial;

static bool try_word(trial *t, const evc_editor *editor, evc_arena *arena, const word *w) {
  evc_text text = editor->reading.text;
  evc_builder b;
  evc_lexemes lexemes = {0};
  evc_limits limits = evc_check_limits(&editor->options.limits);
  evc_build_init(&b, arena);
  evc_build(&b, text.data, w->start);
  evc_build_char(&b, '_');
  evc_build(&b, text.data + w->end, text.length - w->end);
  evc_text whole = evc_build_end(&b);
  if (!whole.data) return false;
  evc_parse_keeping(&t->tree, arena, whole.data, (uint32_t)whole.length, &limits, &lexemes);
  if (t->tree.out_of_memory || !evc_shape_build(&t->shape, arena, &t->tree, &lexemes)) return false;
  t->token = evc_editor_token_at(&t->shape, w->start);
  if (t->token == EVC_NO_PLACE) return true;
  t->swallowed_by = t->shape.tokens[t->token].start;
  if (t->swallowed_by != w->start) t->token = EVC_NO_PLACE;
  return true;
}

/* `new. ` with a blank before the offset: what was typed goes back to where the path starts. */
static bool widen(word *w, const trial *t, evc_arena *arena, evc_text text) {
  if (t->token != EVC_NO_PLACE || t->swallowed_by >= w->start ||
      !is_word_byte(text.data[t->swallowed_by]))
    return false;
  evc_builder typed;
  evc_build_init(&typed, arena);
  for (size_t i = t->swallowed_by; i < w->start; i++)
    if (!evc_is_blank(text.data[i])) evc_build_char(&typed, text.data[i]);
  evc_build_text(&typed, w->typed);
  w->typed = evc_build_end(&typed);
  w->start = t->swallowed_by;
  return w->typed.data != NULL;
}

static evc_status hand_out(evc_offers *offers, evc_completions *found, evc_range range,
                           evc_type expected) {
  evc_offer_sort(offers);
  evc_status status = evc_editor_end(offers->arena, EVC_OK);
  if (status != EVC_OK) return status;
  *found = (evc_completions){offers->items, offers->count, range, expected};
  return EVC_OK;
}

static evc_status complete_word(const evc_editor *editor, evc_arena *arena, size_t offset,
                                evc_completions *found) {
  word w = word_at(editor->reading.text, offset);
  trial t = {.token = EVC_NO_PLACE};
  if (w.typed.length &&
      (w.typed.data[0] == '.' || (w.typed.data[0] >= '0' && w.typed.data[0] <= '9')))
    return EVC_NOT_FOUND;
  bool tried = try_word(&t, editor, arena, &w);
  if (tried && widen(&w, &t, arena, editor->reading.text)) tried = try_word(&t, editor, arena, &w);
  if (!tried || t.token == EVC_NO_PLACE) return evc_editor_end(arena, EVC_NOT_FOUND);
  evc_offers offers = {.editor = editor,
                       .arena = arena,
                       .shape = &t.shape,
                       .token = t.token,
                       .typed = w.typed,
                       .called = t.shape.places[t.token].kind == EVC_PLACE_NAME};
  evc_want want = {.type = EVC_TYPE_UNKNOWN};
  evc_place_kind before =
      t.token > 0 ? (evc_place_kind)t.shape.places[t.token - 1].kind : EVC_PLACE_NOTHING;
  if (before == EVC_PLACE_OPERAND || before == EVC_PLACE_CLOSE) {
    evc_offer_operators(&offers);
  } else {
    want = evc_editor_want(editor, arena, &t.shape, t.token, evc_shape_unit_end(&t.shape, t.token));
    evc_offer_operands(&offers, &want);
  }
  return hand_out(&offers, found, (evc_range){w.start, w.end}, want.type);
}

/* Inside a string: the whole of it is replaced; what is not closed, up to the offset. */
static evc_status complete_string(const evc_editor *editor, evc_arena *arena, uint32_t token,
                                  size_t offset, evc_completions *found) {
  const evc_reading *reading = &editor->reading;
  const evc_lexeme *t = &reading->shape.tokens[token];
  bool closed = t->token == EVC_TOKEN_STRING,
       mended = closed && reading->text.data[t->end - 1] != '"';
  size_t start = t->start + 1u, end = closed ? t->end - 1u : offset;
  evc_want want = evc_editor_want(editor, arena, &reading->shape, token, token);
  if (!want.path.data || mended) return evc_editor_end(arena, EVC_NOT_FOUND);
  evc_offers offers = {.editor = editor,
                       .arena = arena,
                       .shape = &reading->shape,
                       .token = token,
                       .typed = {reading->text.data + start, offset - start}};
  evc_offer_strings(&offers, &want, closed ? "" : "\"");
  return hand_out(&offers, found, (evc_range){start, end}, EVC_TYPE_STRING);
}

/* Where nothing can be completed: in and behind a number, in a comment. */
static bool is_closed_to_words(const evc_reading *reading, size_t offset) {
  const char *text = reading->text.data;
  for (size_t i = 0; i < reading->token_count && reading->tokens[i].start < offset; i++) {
    const evc_token *t = &reading->tokens[i];
    if (t->end < offset) continue;
    bool comment = t->kind == EVC_CLASS_ERROR && (text[t->start] == '#' || text[t->start] == '/');
    if (comment || t->kind == EVC_CLASS_NUMBER) return true;
    if (t->end > offset && (t->kind == EVC_CLASS_STRING || t->kind == EVC_CLASS_ESCAPE))
      return true;
  }
  return false;
}

evc_status evc_editor_complete(evc_editor *editor, size_t offset, evc_completions *found) {
  evc_arena *arena = evc_editor_begin(editor, EVC_QUERY_COMPLETE);
  const evc_reading *reading = &editor->reading;
  *found = (evc_completions){.expected = EVC_TYPE_UNKNOWN};
  if (reading->text.length > evc_check_limits(&editor->options.limits).text) return EVC_NOT_FOUND;
  if (offset > reading->text.length) offset = reading->text.length;
  uint32_t token = evc_editor_token_at(&reading->shape, offset);
  if (token != EVC_NO_PLACE && reading->text.data[reading->shape.tokens[token].start] == '"') {
    const evc_lexeme *t = &reading->shape.tokens[token];
    bool inside = offset > t->start && (offset < t->end || t->token == EVC_TOKEN_BAD);
    if (inside) return complete_string(editor, arena, token, offset, found);
  }
  if (is_closed_to_words(reading, offset)) return EVC_NOT_FOUND;
  return complete_word(editor, arena, offset, found);
}

const char *evc_completion_kind_name(evc_completion_kind kind) {
  static const char *const names[EVC_COMPLETE_END] = {
      [EVC_COMPLETE_FIELD] = "field",       [EVC_COMPLETE_VALUE] = "value",
      [EVC_COMPLETE_CONSTANT] = "constant", [EVC_COMPLETE_FUNCTION] = "function",
      [EVC_COMPLETE_VARIABLE] = "variable", [EVC_COMPLETE_KEYWORD] = "keyword",
      [EVC_COMPLETE_OPERATOR] = "operator",
  };
  return (unsigned)kind < EVC_COMPLETE_END ? names[kind] : NULL;
}
