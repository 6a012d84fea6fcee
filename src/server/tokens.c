/* Semantic tokens: the classes of the editor's tokens in the words of LSP. */
#include <string.h>

#include "../base/memory.h"
#include "session.h"

/* The words that clients have colours for; the numbers are places in the legend. */
enum { TYPE_NUMBER, TYPE_STRING, TYPE_KEYWORD, TYPE_PROPERTY, TYPE_VARIABLE, TYPE_FUNCTION,
       TYPE_OPERATOR, TYPE_COUNT, TYPE_NONE = TYPE_COUNT };
enum { MODIFIER_READONLY = 1, MODIFIER_DEFAULT_LIBRARY = 2, MODIFIER_ESCAPE = 4 };

static const char *const type_names[TYPE_COUNT] = {
    [TYPE_NUMBER] = "number",     [TYPE_STRING] = "string",     [TYPE_KEYWORD] = "keyword",
    [TYPE_PROPERTY] = "property", [TYPE_VARIABLE] = "variable", [TYPE_FUNCTION] = "function",
    [TYPE_OPERATOR] = "operator",
};
static const char *const modifier_names[] = {"readonly", "defaultLibrary", "escape", NULL};

/* What is wrong has no colour: it is underlined. Nor have parentheses and commas: LSP has no word for
** them, and as operators they would be coloured where the client left them plain. */
static const struct {
  unsigned type, modifiers;
} colours[EVC_CLASS_END] = {
    [EVC_CLASS_NUMBER] = {TYPE_NUMBER, 0},
    [EVC_CLASS_STRING] = {TYPE_STRING, 0},
    [EVC_CLASS_ESCAPE] = {TYPE_STRING, MODIFIER_ESCAPE},
    [EVC_CLASS_KEYWORD] = {TYPE_KEYWORD, 0},
    [EVC_CLASS_CONSTANT] = {TYPE_KEYWORD, MODIFIER_READONLY},
    [EVC_CLASS_FIELD] = {TYPE_PROPERTY, 0},
    [EVC_CLASS_VARIABLE] = {TYPE_VARIABLE, MODIFIER_READONLY | MODIFIER_DEFAULT_LIBRARY},
    [EVC_CLASS_FUNCTION] = {TYPE_FUNCTION, MODIFIER_DEFAULT_LIBRARY},
    [EVC_CLASS_OPERATOR] = {TYPE_OPERATOR, 0},
    [EVC_CLASS_PUNCTUATION] = {TYPE_NONE, 0},
    [EVC_CLASS_ERROR] = {TYPE_NONE, 0},
};

void server_build_legend(evc_builder *out) {
  server_open(out, '{');
  server_key(out, "tokenTypes");
  server_open(out, '[');
  for (size_t i = 0; i < TYPE_COUNT; i++) server_string(out, evc_text_of(type_names[i]));
  server_close(out, ']');
  server_key(out, "tokenModifiers");
  server_open(out, '[');
  for (size_t i = 0; modifier_names[i]; i++) server_string(out, evc_text_of(modifier_names[i]));
  server_close(out, ']');
  server_close(out, '}');
}

/* ---- Collecting ----------------------------------------------------------------------------- */

enum { NUMBERS_OF_TOKEN = 5 };

/* The numbers of LSP: five a token, its place relative to the one before. */
typedef struct token_list {
  evc_arena *arena;
  uint32_t *numbers;
  size_t count, capacity;
  server_position last;
} token_list;

static bool add(token_list *list, server_position at, size_t length, evc_token_class kind) {
  void *numbers = list->numbers;
  if (!evc_arena_grow(list->arena, &numbers, &list->capacity, list->count + NUMBERS_OF_TOKEN,
                      sizeof *list->numbers))
    return false;
  list->numbers = numbers;
  size_t line = at.line - list->last.line;
  const size_t values[NUMBERS_OF_TOKEN] = {
      line, line ? at.character : at.character - list->last.character, length,
      colours[kind].type, colours[kind].modifiers};
  for (size_t i = 0; i < NUMBERS_OF_TOKEN; i++)
    list->numbers[list->count++] = (uint32_t)values[i];
  list->last = at;
  return true;
}

/* A token that goes over the end of a line is one on each line, which every client understands. */
static bool add_span(token_list *list, server_document *document, size_t start, size_t end,
                     evc_token_class kind) {
  while (start < end) {
    server_position at = server_buffer_position(&document->text, start);
    size_t line_end = server_buffer_line_end(&document->text, at.line);
    size_t stop = end < line_end ? end : line_end;
    if (stop > start) {
      server_position to = server_buffer_position(&document->text, stop);
      if (!add(list, at, to.character - at.character, kind)) return false;
    }
    if (end <= line_end || at.line + 1 >= document->text.line_count) break;
    start = document->text.lines[at.line + 1];
  }
  return true;
}

static bool add_part(token_list *list, server_document *document, size_t index,
                     const server_measure *measure) {
  const server_part *part = &document->reading.parts[index];
  evc_editor *editor = server_document_editor(document, index, measure);
  if (!editor) return false;
  size_t count;
  const evc_token *tokens = evc_editor_tokens(editor, &count);
  server_map map = server_map_of(document, part);
  for (size_t i = 0; i < count; i++) {
    if (colours[tokens[i].kind].type == TYPE_NONE) continue;
    size_t start = server_map_written(&map, tokens[i].start);
    size_t end = server_map_written(&map, tokens[i].end);
    if (!add_span(list, document, start, end, tokens[i].kind)) return false;
  }
  return true;
}

/* The tokens of the calculations that are at least in part in the span. Of one that lies in another's
** object, in broken JSON, the place may be behind: it is left out, since places only go forward. */
static bool collect(evc_server *server, token_list *list, server_document *document,
                    evc_json_span span) {
  const server_reading *reading = &document->reading;
  server_measure measure = server_measure_of(server, document);
  size_t passed = 0;
  for (size_t i = 0; i < reading->count; i++) {
    const server_part *part = &reading->parts[i];
    if (!part->text.data || part->inside.end < span.start || part->inside.start > span.end ||
        part->inside.start < passed)
      continue;
    if (!add_part(list, document, i, &measure)) return false;
    passed = part->inside.end;
  }
  return true;
}

/* ---- Answering ------------------------------------------------------------------------------ */

static void build_numbers(evc_builder *out, const uint32_t *numbers, size_t count) {
  server_open(out, '[');
  for (size_t i = 0; i < count; i++) server_unsigned(out, numbers[i]);
  server_close(out, ']');
}

/* What is told is kept, so that next time only the difference need be. */
static bool keep(evc_server *server, server_document *document, const token_list *list) {
  size_t size = document->colours_size;
  if (list->count > size) {
    uint32_t *grown = evc_reallocate(&server->allocator, document->colours,
                                     size * sizeof *document->colours,
                                     list->count * sizeof *document->colours);
    if (!grown) return false;
    document->colours = grown;
    document->colours_size = list->count;
  }
  if (list->count > 0)
    memcpy(document->colours, list->numbers, list->count * sizeof *list->numbers);
  document->colour_count = list->count;
  document->colours_number = ++server->colours_number;
  return true;
}

static void build_result_id(evc_builder *out, uint64_t number) {
  server_key(out, "resultId");
  server_word(out, "\"");
  evc_build_unsigned(out, number);
  evc_build_char(out, '"');
}

static void build_all(evc_builder *out, const server_document *document, const token_list *list) {
  server_open(out, '{');
  build_result_id(out, document->colours_number);
  server_key(out, "data");
  build_numbers(out, list->numbers, list->count);
  server_close(out, '}');
}

/* One edit: what is between the same beginning and the same end, in whole tokens. */
static void build_difference(evc_builder *out, const uint32_t *old, size_t old_count,
                             const token_list *list) {
  size_t size = NUMBERS_OF_TOKEN * sizeof *old, count = list->count, first = 0, last = 0;
  size_t least = old_count < count ? old_count : count;
  while (first < least && memcmp(old + first, list->numbers + first, size) == 0)
    first += NUMBERS_OF_TOKEN;
  while (last < least - first &&
         memcmp(old + old_count - last - NUMBERS_OF_TOKEN,
                list->numbers + count - last - NUMBERS_OF_TOKEN, size) == 0)
    last += NUMBERS_OF_TOKEN;
  server_key(out, "edits");
  server_open(out, '[');
  if (first + last < count || first + last < old_count) {
    server_open(out, '{');
    server_unsigned_member(out, "start", first);
    server_unsigned_member(out, "deleteCount", old_count - first - last);
    server_key(out, "data");
    build_numbers(out, list->numbers + first, count - first - last);
    server_close(out, '}');
  }
  server_close(out, ']');
}

static bool is_number(evc_text text, uint64_t number) {
  char digits[24];
  evc_arena arena;
  evc_builder out;
  evc_arena_init(&arena, NULL, digits, sizeof digits);
  evc_build_init(&out, &arena);
  evc_build_unsigned(&out, number);
  evc_text built = evc_build_end(&out);
  bool same = text.data && built.data && evc_text_equal(text, built);
  evc_arena_free(&arena);
  return same;
}

static server_result tokens_of(evc_server *server, const server_value *params, evc_builder *out,
                               evc_text previous) {
  token_list list;
  evc_arena arena;
  server_document *document = server_document_of(server, params);
  if (!document) return SERVER_WRONG;
  if (!server_read(server, document)) return SERVER_NO_MEMORY;
  evc_arena_init(&arena, &server->allocator, NULL, 0);
  list = (token_list){.arena = &arena};
  bool known = document->colours_number && is_number(previous, document->colours_number);
  bool done = collect(server, &list, document, (evc_json_span){0, document->text.length});
  if (done && known) {
    server_open(out, '{');
    build_result_id(out, server->colours_number + 1);
    build_difference(out, document->colours, document->colour_count, &list);
    server_close(out, '}');
  }
  done = done && keep(server, document, &list);
  if (done && !known) build_all(out, document, &list);
  evc_arena_free(&arena);
  return done ? SERVER_DONE : SERVER_NO_MEMORY;
}

server_result server_tokens_full(evc_server *server, const server_value *params,
                                 evc_builder *out) {
  return tokens_of(server, params, out, (evc_text){NULL, 0});
}

server_result server_tokens_delta(evc_server *server, const server_value *params,
                                  evc_builder *out) {
  evc_text previous = server_value_text(params, "previousResultId");
  if (!previous.data) return server_complain(server, "previousResultId is a string");
  return tokens_of(server, params, out, previous);
}

server_result server_tokens_range(evc_server *server, const server_value *params,
                                  evc_builder *out) {
  evc_arena arena;
  evc_json_span span;
  server_document *document = server_document_of(server, params);
  if (!document ||
      !server_read_range(server, document, server_value_at(params, "range"), &span))
    return SERVER_WRONG;
  if (!server_read(server, document)) return SERVER_NO_MEMORY;
  evc_arena_init(&arena, &server->allocator, NULL, 0);
  token_list list = {.arena = &arena};
  bool done = collect(server, &list, document, span);
  if (done) {
    server_open(out, '{');
    server_key(out, "data");
    build_numbers(out, list.numbers, list.count);
    server_close(out, '}');
  }
  evc_arena_free(&arena);
  return done ? SERVER_DONE : SERVER_NO_MEMORY;
}
