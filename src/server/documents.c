/* The documents that are open: opening, changing, closing them, and places in them. */
#include <string.h>

#include "../base/memory.h"
#include "session.h"

static evc_text uri_of(const server_document *document) {
  return (evc_text){document->uri, document->uri_length};
}

static server_document *find(const evc_server *server, evc_text uri) {
  for (server_document *d = server->documents; d; d = d->next)
    if (evc_text_equal(uri_of(d), uri)) return d;
  return NULL;
}

/* The document that the parameters name, whether its text is known or not. */
static server_document *document_named(evc_server *server, const server_value *params) {
  evc_text uri = server_value_text(params, "textDocument.uri");
  server_document *document = uri.data ? find(server, uri) : NULL;
  if (!document)
    server_complain(server, uri.data ? "the document is not open"
                                     : "textDocument.uri is a string");
  return document;
}

server_document *server_document_of(evc_server *server, const server_value *params) {
  server_document *document = document_named(server, params);
  if (!document || !document->lost) return document;
  server_complain(server, "the text of the document is not known: a change of it was lost");
  server->error = RPC_CONTENT_MODIFIED;
  return NULL;
}

/* ---- Opening and closing -------------------------------------------------------------------- */

static bool ends_with(evc_text text, const char *end) {
  size_t length = strlen(end);
  return text.length >= length &&
         evc_text_is_ignoring_case(
             (evc_text){text.data + text.length - length, length}, end);
}

static char *copy(evc_server *server, evc_text text, size_t *length) {
  char *data = evc_allocate(&server->allocator, text.length + 1);
  if (data && text.length > 0) memcpy(data, text.data, text.length);
  *length = text.length;
  return data;
}

static bool set_names(evc_server *server, server_document *document, evc_text uri) {
  evc_arena arena;
  evc_arena_init(&arena, &server->allocator, NULL, 0);
  evc_text path = server_uri_path(&arena, uri);
  document->uri = copy(server, uri, &document->uri_length);
  if (path.data) document->path = copy(server, path, &document->path_length);
  evc_arena_free(&arena);
  return document->uri && document->path;
}

/* Files of other languages may hold Notifications only where they are JSON. */
static void set_language(server_document *document, evc_text language) {
  evc_text path = {document->path, document->path_length};
  bool named = evc_text_is(language, "json") || evc_text_is(language, "jsonc");
  document->lenient = evc_text_is(language, "jsonc");
  document->json = named || ends_with(path, ".json") || ends_with(path, ".jsonc");
}

static void set_version(server_document *document, const server_value *params) {
  const server_value *version = server_value_at(params, "textDocument.version");
  document->has_version = version && version->kind == EVC_KIND_NUMBER;
  document->version = document->has_version ? version->number : 0;
}

void server_document_free(evc_server *server, server_document *document) {
  server_document_forget(document);
  server_buffer_free(&document->text);
  evc_release(&server->allocator, document->uri, document->uri_length + 1);
  evc_release(&server->allocator, document->path, document->path_length + 1);
  evc_release(&server->allocator, document->colours,
              document->colours_size * sizeof *document->colours);
  evc_release(&server->allocator, document, sizeof *document);
}

static server_document *new_document(evc_server *server, evc_text uri) {
  server_document *document = evc_allocate(&server->allocator, sizeof *document);
  if (!document) return NULL;
  memset(document, 0, sizeof *document);
  document->edited = SIZE_MAX;
  evc_arena_init(&document->reading.arena, &server->allocator, NULL, 0);
  if (set_names(server, document, uri) &&
      server_buffer_init(&document->text, &server->allocator, server->utf8))
    return document;
  server_document_free(server, document);
  return NULL;
}

static void take_out(evc_server *server, const server_document *document) {
  server_document **link = &server->documents;
  while (*link != document) link = &(*link)->next;
  *link = document->next;
}

static void note_change(server_document *document) { document->stale = document->untold = true; }

/* What would be said of a text that is not the client's would be wrong: nothing is, until the client
** sends all of it. */
static void lose(server_document *document) {
  server_document_forget(document);
  server_buffer_clear(&document->text);
  document->lost = document->untold = true;
}

void server_lose_all(evc_server *server) {
  for (server_document *d = server->documents; d; d = d->next)
    if (!d->lost) lose(d);
}

/* A document that is opened twice is opened anew. */
server_result server_did_open(evc_server *server, const server_value *params,
                              evc_builder *out) {
  (void)out;
  evc_text uri = server_value_text(params, "textDocument.uri");
  evc_text language = server_value_text(params, "textDocument.languageId");
  evc_text text = server_value_text(params, "textDocument.text");
  if (!uri.data || !text.data)
    return server_complain(server, "textDocument has a uri and a text, which are strings");
  server_document *document = new_document(server, uri), *old = find(server, uri);
  if (!document || !server_buffer_change(&document->text, 0, 0, text)) {
    if (document) server_document_free(server, document);
    if (old) lose(old);
    return SERVER_NO_MEMORY;
  }
  if (old) {
    take_out(server, old);
    server_document_free(server, old);
  }
  set_language(document, language);
  set_version(document, params);
  note_change(document);
  document->next = server->documents;
  server->documents = document;
  return SERVER_DONE;
}

server_result server_did_close(evc_server *server, const server_value *params,
                               evc_builder *out) {
  (void)out;
  server_document *document = document_named(server, params);
  if (!document) return SERVER_WRONG;
  evc_builder message;
  server_begin_notification(server, &message, "textDocument/publishDiagnostics");
  server_open(&message, '{');
  server_text_member(&message, "uri", uri_of(document));
  server_key(&message, "diagnostics");
  server_open(&message, '[');
  server_close(&message, ']');
  server_close(&message, '}');
  bool sent = server_send(server, &message);
  take_out(server, document);
  server_document_free(server, document);
  return sent ? SERVER_DONE : SERVER_NO_MEMORY;
}

/* ---- Changing ------------------------------------------------------------------------------- */

static server_result change(evc_server *server, server_document *document,
                            const server_value *event) {
  const server_value *range = server_value_at(event, "range");
  evc_text text = server_value_text(event, "text");
  evc_json_span span = {0, document->text.length};
  bool whole = !range || range->kind == EVC_KIND_NULL;
  if (!text.data) return server_complain(server, "a change has a text, which is a string");
  if (document->lost && !whole) return SERVER_DONE;
  if (!whole && !server_read_range(server, document, range, &span)) return SERVER_WRONG;
  document->lost = false;
  note_change(document);
  return server_buffer_change(&document->text, span.start, span.end, text) ? SERVER_DONE
                                                                           : SERVER_NO_MEMORY;
}

server_result server_did_change(evc_server *server, const server_value *params,
                                evc_builder *out) {
  (void)out;
  server_document *document = document_named(server, params);
  const server_value *changes = server_value_at(params, "contentChanges");
  if (!document) return SERVER_WRONG;
  if (!changes || changes->kind != EVC_KIND_ARRAY)
    return server_complain(server, "contentChanges is an array");
  set_version(document, params);
  server_result result = SERVER_DONE;
  for (const server_value *event = changes->first; event && result == SERVER_DONE;
       event = event->next)
    result = change(server, document, event);
  if (result != SERVER_DONE && !document->lost) lose(document);
  return result;
}

/* ---- Reading and telling -------------------------------------------------------------------- */

server_measure server_measure_of(const evc_server *server, const server_document *document) {
  return (server_measure){server->schema, server_type_of(server, document), &server->compile};
}

bool server_read(evc_server *server, server_document *document) {
  server_measure measure = server_measure_of(server, document);
  return server_document_read(document, &measure);
}

void server_forget_all(evc_server *server) {
  for (server_document *d = server->documents; d; d = d->next) {
    server_document_forget(d);
    if (!d->lost) d->untold = true;
  }
}

/* Tell once that a document is not served; where there is no memory for that, with the next message. */
static bool tell_loss(evc_server *server, const server_document *document) {
  evc_text args[] = {{document->path, document->path_length}};
  return server_show(server, SHOW_ERROR,
                     "a change of {0} was lost, so it is not checked; close it and open it again",
                     args);
}

static void publish(evc_server *server, server_document *document) {
  evc_builder message;
  if (document->lost && !tell_loss(server, document)) return;
  document->untold = false; /* were there no memory, the next change would try again */
  if (!document->lost && !server_read(server, document)) {
    server_log(server, "out of memory: a document could not be checked");
    return;
  }
  server_begin_notification(server, &message, "textDocument/publishDiagnostics");
  server_build_diagnostics(server, &message, document);
  server_send(server, &message);
}

void server_publish(evc_server *server) {
  for (server_document *d = server->documents; d; d = d->next)
    if (d->untold && !server_change_waits(server, d)) publish(server, d);
}

/* ---- Places --------------------------------------------------------------------------------- */

static bool position_of(evc_server *server, const server_value *value,
                        server_position *position) {
  if (server_value_unsigned(server_value_at(value, "line"), &position->line) &&
      server_value_unsigned(server_value_at(value, "character"), &position->character))
    return true;
  server_complain(server, "a position has a line and a character, which are whole numbers from 0");
  return false;
}

bool server_read_position(evc_server *server, server_document *document,
                          const server_value *value, size_t *offset) {
  server_position position;
  if (!position_of(server, value, &position)) return false;
  *offset = server_buffer_offset(&document->text, position);
  return true;
}

bool server_read_range(evc_server *server, server_document *document, const server_value *range,
                       evc_json_span *span) {
  if (!server_read_position(server, document, server_value_at(range, "start"), &span->start) ||
      !server_read_position(server, document, server_value_at(range, "end"), &span->end))
    return false;
  if (span->start <= span->end) return true;
  server_complain(server, "a range ends before it starts");
  return false;
}

server_result server_place_of(evc_server *server, const server_value *params,
                              server_place *place) {
  *place = (server_place){.part = SIZE_MAX};
  server_document *document = place->document = server_document_of(server, params);
  if (!document) return SERVER_WRONG;
  if (!server_read_position(server, document, server_value_at(params, "position"),
                            &place->written))
    return SERVER_WRONG;
  if (!server_read(server, document)) return SERVER_NO_MEMORY;
  place->part = server_document_part_at(document, place->written);
  if (place->part == SIZE_MAX) return SERVER_DONE;
  server_measure measure = server_measure_of(server, document);
  place->editor = server_document_editor(document, place->part, &measure);
  if (!place->editor) return SERVER_NO_MEMORY;
  place->map = server_map_of(document, &document->reading.parts[place->part]);
  place->text = server_map_text(&place->map, place->written);
  return SERVER_DONE;
}

/* ---- Writing -------------------------------------------------------------------------------- */

static void build_position(evc_builder *out, server_document *document, size_t offset) {
  server_position position = server_buffer_position(&document->text, offset);
  server_open(out, '{');
  server_unsigned_member(out, "line", position.line);
  server_unsigned_member(out, "character", position.character);
  server_close(out, '}');
}

void server_build_range(evc_builder *out, server_document *document, size_t start, size_t end) {
  server_open(out, '{');
  server_key(out, "start");
  build_position(out, document, start);
  server_key(out, "end");
  build_position(out, document, end);
  server_close(out, '}');
}

void server_build_part_range(evc_builder *out, server_document *document, server_map *map,
                             size_t start, size_t end) {
  size_t from = server_map_written(map, start), to = server_map_written(map, end);
  server_build_range(out, document, from, to);
}

/* Markdown without its marks: back quotes, stars of emphasis, and backslashes before them. */
static void build_plain(evc_builder *out, evc_text text) {
  bool code = false;
  for (size_t i = 0; i < text.length; i++) {
    char c = text.data[i];
    char next = i + 1 < text.length ? text.data[i + 1] : '\0';
    bool escapes = !code && c == '\\' && next && strchr("\\`*_{}[]<>()#+-.!|", next);
    if (escapes) evc_build_char(out, text.data[++i]);
    else if (c == '`') code = !code;
    else if (code || c != '*') evc_build_char(out, c);
  }
}

void server_build_markup(evc_builder *out, const char *key, bool markdown, evc_text text) {
  evc_arena arena;
  evc_builder plain;
  server_key(out, key);
  server_open(out, '{');
  server_string_member(out, "kind", markdown ? "markdown" : "plaintext");
  if (markdown) {
    server_text_member(out, "value", text);
  } else {
    evc_arena_init(&arena, &out->arena->allocator, NULL, 0);
    evc_build_init(&plain, &arena);
    build_plain(&plain, text);
    server_text_member(out, "value", evc_build_end(&plain));
    out->failed = out->failed || plain.failed;
    evc_arena_free(&arena);
  }
  server_close(out, '}');
}
