/* Completion, hover and signature help. */
#include "session.h"

/* ---- Completion ----------------------------------------------------------------------------- */

/* CompletionItemKind of LSP. */
static unsigned kind_of(evc_completion_kind kind) {
  static const unsigned kinds[EVC_COMPLETE_END] = {
      [EVC_COMPLETE_FIELD] = 5,     /* Field */
      [EVC_COMPLETE_VALUE] = 12,    /* Value */
      [EVC_COMPLETE_CONSTANT] = 14, /* Keyword */
      [EVC_COMPLETE_FUNCTION] = 3,  /* Function */
      [EVC_COMPLETE_VARIABLE] = 21, /* Constant */
      [EVC_COMPLETE_KEYWORD] = 14,  /* Keyword */
      [EVC_COMPLETE_OPERATOR] = 24, /* Operator */
  };
  return kinds[kind];
}

/* Text in a snippet, whose backslashes are its own. */
static void build_snippet_text(evc_builder *out, const server_part *part, evc_text text) {
  evc_arena arena;
  evc_builder written;
  char buffer[256];
  evc_arena_init(&arena, &out->arena->allocator, buffer, sizeof buffer);
  evc_build_init(&written, &arena);
  server_build_written(&written, part, text);
  for (size_t i = 0; i < written.length; i++) {
    if (strchr("\\$}", written.data[i])) evc_build_char(out, '\\');
    evc_build_char(out, written.data[i]);
  }
  if (written.failed) out->failed = true;
  evc_arena_free(&arena);
}

/* A snippet as it is to be written: its text is escaped as all text is, its marks stay. */
static void build_snippet(evc_builder *out, const server_part *part, evc_text snippet) {
  for (size_t i = 0; i < snippet.length;) {
    size_t run = 0;
    while (i + run < snippet.length && !strchr("${}", snippet.data[i + run])) run++;
    if (run > 0) build_snippet_text(out, part, (evc_text){snippet.data + i, run});
    else evc_build_char(out, snippet.data[i++]);
    i += run;
  }
}

/* The same order for every client: they sort by this text. */
static void build_order(evc_builder *out, size_t index) {
  char digits[6];
  for (size_t i = sizeof digits - 1; i-- > 0; index /= 10) digits[i] = (char)('0' + index % 10);
  server_text_member(out, "sortText", (evc_text){digits, sizeof digits - 1});
}

static void build_edit(evc_server *server, evc_builder *out, server_place *place,
                       evc_range range, evc_text text) {
  server_key(out, "textEdit");
  server_open(out, '{');
  if (server->client.insert_replace) {
    server_key(out, "insert");
    server_build_part_range(out, place->document, &place->map, range.start, place->text);
    server_key(out, "replace");
  } else {
    server_key(out, "range");
  }
  server_build_part_range(out, place->document, &place->map, range.start, range.end);
  server_text_member(out, "newText", text);
  server_close(out, '}');
}

static void build_item(evc_server *server, evc_builder *out, server_place *place,
                       const evc_completions *found, size_t index) {
  const evc_completion *item = &found->items[index];
  const server_part *part = &place->document->reading.parts[place->part];
  bool snippet = server->client.snippets && item->snippet.data;
  evc_arena arena;
  evc_builder text, filter;
  evc_arena_init(&arena, &server->allocator, NULL, 0);
  evc_build_init(&text, &arena);
  evc_build_init(&filter, &arena);
  if (snippet) build_snippet(&text, part, item->snippet);
  else server_build_written(&text, part, item->insert);
  server_build_written(&filter, part, item->label);
  evc_text filter_text = evc_build_end(&filter);
  server_open(out, '{');
  server_text_member(out, "label", item->label);
  server_unsigned_member(out, "kind", kind_of(item->kind));
  if (item->detail.data) server_text_member(out, "detail", item->detail);
  if (item->documentation.length > 0)
    server_build_markup(out, "documentation", server->client.completion_markdown,
                        item->documentation);
  build_order(out, index);
  if (!evc_text_equal(filter_text, item->label)) server_text_member(out, "filterText", filter_text);
  if (snippet) server_unsigned_member(out, "insertTextFormat", 2);
  build_edit(server, out, place, found->range, evc_build_end(&text));
  server_close(out, '}');
  out->failed = out->failed || text.failed || filter.failed;
  evc_arena_free(&arena);
}

server_result server_completion(evc_server *server, const server_value *params,
                                evc_builder *out) {
  server_place place;
  evc_completions found;
  server_result result = server_place_of(server, params, &place);
  if (result != SERVER_DONE || !place.editor) return result;
  evc_status status = evc_editor_complete(place.editor, place.text, &found);
  if (status == EVC_OUT_OF_MEMORY) return SERVER_NO_MEMORY;
  if (status != EVC_OK) return SERVER_DONE;
  server_open(out, '{');
  server_boolean_member(out, "isIncomplete", false);
  server_key(out, "items");
  server_open(out, '[');
  for (size_t i = 0; i < found.count; i++) build_item(server, out, &place, &found, i);
  server_close(out, ']');
  server_close(out, '}');
  return SERVER_DONE;
}

/* ---- Hover ---------------------------------------------------------------------------------- */

server_result server_hover(evc_server *server, const server_value *params, evc_builder *out) {
  server_place place;
  evc_hover hover;
  server_result result = server_place_of(server, params, &place);
  if (result != SERVER_DONE || !place.editor) return result;
  evc_status status = evc_editor_hover(place.editor, place.text, &hover);
  if (status == EVC_OUT_OF_MEMORY) return SERVER_NO_MEMORY;
  if (status != EVC_OK) return SERVER_DONE;
  server_open(out, '{');
  server_build_markup(out, "contents", server->client.hover_markdown, hover.markdown);
  server_key(out, "range");
  server_build_part_range(out, place.document, &place.map, hover.range.start, hover.range.end);
  server_close(out, '}');
  return SERVER_DONE;
}

/* ---- Signature help ------------------------------------------------------------------------- */

static void build_parameter(evc_server *server, evc_builder *out, const evc_signature *signature,
                            const evc_parameter *parameter) {
  server_open(out, '{');
  server_key(out, "label");
  if (server->client.label_offsets) {
    server_open(out, '['); /* labels are ASCII: bytes are units */
    server_unsigned(out, parameter->start);
    server_unsigned(out, parameter->end);
    server_close(out, ']');
  } else {
    server_string(out, (evc_text){signature->label.data + parameter->start,
                                  parameter->end - parameter->start});
  }
  if (parameter->documentation.length > 0)
    server_build_markup(out, "documentation", server->client.signature_markdown,
                        parameter->documentation);
  server_close(out, '}');
}

server_result server_signature_help(evc_server *server, const server_value *params,
                                    evc_builder *out) {
  server_place place;
  evc_signature signature;
  server_result result = server_place_of(server, params, &place);
  if (result != SERVER_DONE || !place.editor) return result;
  evc_status status = evc_editor_signature(place.editor, place.text, &signature);
  if (status == EVC_OUT_OF_MEMORY) return SERVER_NO_MEMORY;
  if (status != EVC_OK) return SERVER_DONE;
  server_open(out, '{');
  server_key(out, "signatures");
  server_open(out, '[');
  server_open(out, '{');
  server_text_member(out, "label", signature.label);
  if (signature.documentation.length > 0)
    server_build_markup(out, "documentation", server->client.signature_markdown,
                        signature.documentation);
  server_key(out, "parameters");
  server_open(out, '[');
  for (size_t i = 0; i < signature.parameter_count; i++)
    build_parameter(server, out, &signature, &signature.parameters[i]);
  server_close(out, ']');
  server_close(out, '}');
  server_close(out, ']');
  server_unsigned_member(out, "activeSignature", 0);
  server_unsigned_member(out, "activeParameter", signature.active);
  server_close(out, '}');
  return SERVER_DONE;
}
