/* Changes: formatting, and fixes as code actions. */
#include <string.h>

#include "../json/edits.h"
#include "session.h"

/* ---- Edits ---------------------------------------------------------------------------------- */

/* The edits of a calculation's text where it stands in the document. */
static void build_edit(evc_builder *out, server_document *document, server_map *map,
                       const evc_edit *edit) {
  evc_arena arena;
  evc_builder text;
  evc_arena_init(&arena, &out->arena->allocator, NULL, 0);
  evc_build_init(&text, &arena);
  server_build_written(&text, map->part, edit->text);
  server_open(out, '{');
  server_key(out, "range");
  server_build_part_range(out, document, map, edit->start, edit->end);
  server_text_member(out, "newText", evc_build_end(&text));
  server_close(out, '}');
  out->failed = out->failed || text.failed;
  evc_arena_free(&arena);
}

/* The same of the document. */
static void build_plain_edit(evc_builder *out, server_document *document, evc_json_span span,
                             evc_text text) {
  server_open(out, '{');
  server_key(out, "range");
  server_build_range(out, document, span.start, span.end);
  server_text_member(out, "newText", text);
  server_close(out, '}');
}

/* Begin and end the edits of a WorkspaceEdit, in the form that the client knows. */
static void open_edits(const evc_server *server, evc_builder *out,
                       const server_document *document) {
  evc_text uri = {document->uri, document->uri_length};
  server_open(out, '{');
  if (!server->client.document_changes) {
    server_key(out, "changes");
    server_open(out, '{');
    server_string(out, uri);
    evc_build_char(out, ':');
    server_open(out, '[');
    return;
  }
  server_key(out, "documentChanges");
  server_open(out, '[');
  server_open(out, '{');
  server_key(out, "textDocument");
  server_open(out, '{');
  server_text_member(out, "uri", uri);
  server_key(out, "version");
  server_value version = {.kind = document->has_version ? EVC_KIND_NUMBER : EVC_KIND_NULL,
                          .number = document->version};
  server_value_build(out, &version);
  server_close(out, '}');
  server_key(out, "edits");
  server_open(out, '[');
}

static void close_edits(const evc_server *server, evc_builder *out) {
  server_close(out, ']');
  server_close(out, '}');
  if (server->client.document_changes) server_close(out, ']');
  server_close(out, '}');
}

/* ---- Formatting ----------------------------------------------------------------------------- */

static bool has_line_break(evc_text text) {
  return memchr(text.data, '\n', text.length) || memchr(text.data, '\r', text.length);
}

/* As `evcalc format` does: the layout is one for all, so the client's tab size does not count. A
** string of JSON is one line in the file whatever is in it, so that there only what has lines already
** is broken. What cannot be read stays as it is; its diagnostics say why. */
static bool format_part(evc_server *server, evc_builder *out, server_document *document,
                        const server_part *part) {
  if (!part->text.data || (part->escaped && evc_text_is_blank(part->text))) return true;
  evc_format_options options = {.final_line_end = !part->escaped,
                                .allocator = &server->allocator};
  if (part->escaped && !has_line_break(part->text)) options.columns = EVC_ONE_LINE;
  evc_report *report;
  evc_formatted *formatted = evc_format(part->text.data, part->text.length, &options, &report);
  const evc_diagnostic *first = evc_report_at(report, 0);
  bool enough = formatted || !first || first->code != EVC_CODE_OUT_OF_MEMORY;
  evc_report_free(report);
  server_map map = server_map_of(document, part);
  for (size_t i = 0; formatted && i < evc_formatted_edit_count(formatted); i++) {
    evc_edit edit = evc_formatted_edit(formatted, i);
    build_edit(out, document, &map, &edit);
  }
  evc_formatted_free(formatted);
  return enough;
}

server_result server_formatting(evc_server *server, const server_value *params,
                                evc_builder *out) {
  server_document *document = server_document_of(server, params);
  if (!document) return SERVER_WRONG;
  if (!server_read(server, document)) return SERVER_NO_MEMORY;
  const server_reading *reading = &document->reading;
  if (reading->terraform) return SERVER_DONE;
  server_open(out, '[');
  for (size_t i = 0; i < reading->count; i++)
    if (!format_part(server, out, document, &reading->parts[i])) return SERVER_NO_MEMORY;
  server_close(out, ']');
  return SERVER_DONE;
}

/* ---- Fixes ---------------------------------------------------------------------------------- */

/* What a request for actions wants. */
typedef struct action_request {
  evc_server *server;
  evc_builder *out;
  server_document *document;
  evc_json_span span;
  const server_value *diagnostics; /* those that the client shows there; or NULL */
} action_request;

/* Is the kind wanted? "source" wants "source.fixAll.evcalc" too. */
static bool wants(const server_value *only, const char *kind) {
  if (!only || only->kind != EVC_KIND_ARRAY) return true;
  for (const server_value *m = only->first; m; m = m->next) {
    size_t length = m->text.length;
    if (m->kind != EVC_KIND_STRING || length > strlen(kind)) continue;
    bool ends = kind[length] == '\0' || kind[length] == '.' || length == 0;
    if (memcmp(kind, m->text.data, length) == 0 && ends) return true;
  }
  return false;
}

/* The numbers that a diagnostic was given (diagnostics.c). */
static bool is_finding(const server_value *diagnostic, const server_finding *finding) {
  const server_value *data = server_value_at(diagnostic, "data");
  const size_t numbers[] = {finding->part, finding->report, finding->index};
  evc_text code = server_value_text(diagnostic, "code");
  if (!code.data || !evc_text_is(code, finding->diagnostic->name)) return false;
  const server_value *m = data && data->kind == EVC_KIND_ARRAY ? data->first : NULL;
  for (size_t i = 0, number; i < sizeof numbers / sizeof *numbers; i++, m = m->next)
    if (!m || !server_value_unsigned(m, &number) || number != numbers[i]) return false;
  return true;
}

static bool is_asked_for(const action_request *request, const server_finding *finding) {
  if (finding->at.start <= request->span.end && request->span.start <= finding->at.end)
    return true;
  const server_value *list = request->diagnostics;
  for (const server_value *d = list ? list->first : NULL; d; d = d->next)
    if (is_finding(d, finding)) return true;
  return false;
}

/* The title of an action stands in a menu, so it has a capital and is not long. */
static void build_title(evc_builder *out, const char *verb, evc_text what) {
  enum { LONGEST = 120 };
  evc_arena arena;
  evc_builder title;
  char buffer[256];
  evc_arena_init(&arena, &out->arena->allocator, buffer, sizeof buffer);
  evc_build_init(&title, &arena);
  evc_build_string(&title, verb);
  evc_build_quoted(&title, what, LONGEST);
  if (title.length > 0 && title.data[0] >= 'a' && title.data[0] <= 'z')
    title.data[0] = (char)(title.data[0] - 'a' + 'A');
  server_text_member(out, "title", evc_build_end(&title));
  out->failed = out->failed || title.failed;
  evc_arena_free(&arena);
}

/* What choosing an action does that puts `text` in the place of what is there. */
static const char change_to[] = "change to ";

static void open_action(const action_request *request, const char *verb, evc_text what,
                        const char *kind, const server_finding *finding) {
  evc_builder *out = request->out;
  server_open(out, '{');
  build_title(out, verb, what);
  server_string_member(out, "kind", kind);
  if (finding) {
    server_key(out, "diagnostics");
    server_open(out, '[');
    server_build_finding(request->server, out, request->document, finding);
    server_close(out, ']');
  }
}

static evc_text without_blanks(evc_text text) {
  while (text.length > 0 && *text.data == ' ') text = (evc_text){text.data + 1, text.length - 1};
  while (text.length > 0 && text.data[text.length - 1] == ' ') text.length--;
  return text;
}

/* A report asks whether a guess was meant; who chooses it has answered. */
static void open_fix(const action_request *request, const evc_fix *fix,
                     const server_finding *finding) {
  evc_text title = fix->title;
  bool asks = title.length > 0 && title.data[title.length - 1] == '?' && fix->edit_count == 1;
  if (asks) open_action(request, change_to, without_blanks(fix->edits[0].text), "quickfix", finding);
  else open_action(request, "", title, "quickfix", finding);
}

static size_t count_safe(const evc_diagnostic *d) {
  size_t count = 0;
  for (size_t i = 0; i < d->fix_count; i++) count += d->fixes[i].safe;
  return count;
}

static void build_fix(const action_request *request, const server_finding *finding,
                      const evc_fix *fix) {
  evc_builder *out = request->out;
  server_document *document = request->document;
  server_map map = server_map_of(document, &document->reading.parts[finding->part]);
  open_fix(request, fix, finding);
  if (request->server->client.preferred && fix->safe && count_safe(finding->diagnostic) == 1)
    server_boolean_member(out, "isPreferred", true);
  server_key(out, "edit");
  open_edits(request->server, out, document);
  for (size_t i = 0; i < fix->edit_count; i++) build_edit(out, document, &map, &fix->edits[i]);
  close_edits(request->server, out);
  server_close(out, '}');
}

/* An eventName that is not known: the names near it. */
static void build_names(const action_request *request, const server_finding *finding) {
  enum { MOST_NAMES = 3 };
  const server_part *part = &request->document->reading.parts[finding->part];
  evc_builder *out = request->out;
  evc_text names[MOST_NAMES], name = part->event_name;
  if (part->named.start == part->named.end || !name.data) return;
  size_t count =
      evc_schema_suggest(request->server->schema, name.data, name.length, names, MOST_NAMES);
  for (size_t i = 0; i < count; i++) {
    evc_arena arena;
    evc_builder written;
    evc_arena_init(&arena, &out->arena->allocator, NULL, 0);
    evc_build_init(&written, &arena);
    server_build_written(&written, part, names[i]);
    open_action(request, change_to, names[i], "quickfix", finding);
    server_key(out, "edit");
    open_edits(request->server, out, request->document);
    build_plain_edit(out, request->document, part->named, evc_build_end(&written));
    close_edits(request->server, out);
    server_close(out, '}');
    out->failed = out->failed || written.failed;
    evc_arena_free(&arena);
  }
}

static void build_quick_fixes(const action_request *request) {
  server_finder finder = {.document = request->document};
  server_finding finding;
  while (server_find_next(&finder, &finding)) {
    const evc_diagnostic *d = finding.diagnostic;
    bool names = finding.report == PART_TYPE && d->code == EVC_CODE_UNKNOWN_EVENT_TYPE;
    if ((d->fix_count == 0 && !names) || !is_asked_for(request, &finding)) continue;
    if (names) build_names(request, &finding);
    for (size_t i = 0; finding.report == PART_TEXT && i < d->fix_count; i++)
      build_fix(request, &finding, &d->fixes[i]);
  }
}

/* ---- Fixing all ----------------------------------------------------------------------------- */

static bool continues(evc_text text, size_t at) {
  return at < text.length && ((unsigned char)text.data[at] & 0xC0) == 0x80;
}

/* One edit that makes `after` of what is written: what is between the same beginning and the same
** end, in whole characters. */
static void build_replacement(evc_builder *out, server_document *document,
                              const server_part *part, evc_text after) {
  evc_text all = server_buffer_text(&document->text);
  evc_text before = {all.data + part->inside.start, part->inside.end - part->inside.start};
  size_t least = before.length < after.length ? before.length : after.length, first = 0, last = 0;
  while (first < least && before.data[first] == after.data[first]) first++;
  while (first > 0 && (continues(before, first) || continues(after, first))) first--;
  while (last < least - first &&
         before.data[before.length - 1 - last] == after.data[after.length - 1 - last])
    last++;
  while (last > 0 && continues(before, before.length - last)) last--;
  evc_json_span span = {part->inside.start + first, part->inside.end - last};
  build_plain_edit(out, document, span,
                   (evc_text){after.data + first, after.length - first - last});
}

/* Is there an error that could be fixed without asking? */
static bool has_safe_fix(const server_part *part) {
  const evc_report *report = part->reports[PART_TEXT];
  for (size_t i = 0; i < evc_report_count(report); i++) {
    const evc_diagnostic *d = evc_report_at(report, i);
    if (d->severity == EVC_ERROR && count_safe(d) > 0) return true;
  }
  return false;
}

/* What `evcalc check --fix` would do, to all calculations as one action; none where there is nothing.
** Warnings stay: what they are of is valid, and may be meant. */
static bool build_fix_all(const action_request *request) {
  evc_server *server = request->server;
  server_document *document = request->document;
  evc_builder *out = request->out;
  evc_text all = server_buffer_text(&document->text);
  bool opened = false, enough = true;
  for (size_t i = 0; enough && i < document->reading.count; i++) {
    const server_part *part = &document->reading.parts[i];
    evc_text written = {all.data + part->inside.start, part->inside.end - part->inside.start};
    if (!has_safe_fix(part)) continue;
    evc_arena arena;
    evc_arena_init(&arena, &server->allocator, NULL, 0);
    evc_fixing fixing = {.type = part->type, .options = &server->compile, .arena = &arena};
    evc_status status = evc_fix_written(&fixing, &written, part->escaped);
    enough = status != EVC_OUT_OF_MEMORY;
    if (status == EVC_OK) {
      if (!opened) {
        open_action(request, "fix all that is safe to fix", (evc_text){"", 0},
                    "source.fixAll.evcalc", NULL);
        server_key(out, "edit");
        open_edits(server, out, document);
      }
      opened = true;
      build_replacement(out, document, part, written);
    }
    evc_arena_free(&arena);
  }
  if (opened) {
    close_edits(server, out);
    server_close(out, '}');
  }
  return enough;
}

server_result server_code_action(evc_server *server, const server_value *params,
                                 evc_builder *out) {
  action_request request = {.server = server, .out = out};
  const server_value *only = server_value_at(params, "context.only");
  server_document *document = request.document = server_document_of(server, params);
  if (!document || !server_read_range(server, document, server_value_at(params, "range"),
                                      &request.span))
    return SERVER_WRONG;
  if (!server_read(server, document)) return SERVER_NO_MEMORY;
  const server_value *diagnostics = server_value_at(params, "context.diagnostics");
  if (diagnostics && diagnostics->kind == EVC_KIND_ARRAY) request.diagnostics = diagnostics;
  bool possible = server->client.code_actions && !document->reading.terraform, enough = true;
  server_open(out, '[');
  if (possible && wants(only, "quickfix")) build_quick_fixes(&request);
  if (possible && wants(only, "source.fixAll.evcalc")) enough = build_fix_all(&request);
  server_close(out, ']');
  return enough ? SERVER_DONE : SERVER_NO_MEMORY;
}
