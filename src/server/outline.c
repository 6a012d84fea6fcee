/* Ranges to select, and the outline. */
#include "session.h"

/* ---- Selection ranges ----------------------------------------------------------------------- */

/* Ranges from the innermost on, each in the next: equal ones and what is no larger are left out. */
typedef struct range_list {
  evc_json_span items[4]; /* outside of the calculation */
  size_t count;
} range_list;

static void add_range(range_list *list, size_t start, size_t end) {
  list->items[list->count++] = (evc_json_span){start, end};
}

/* Around a calculation in JSON: its string, its Notification; around all the document. */
static range_list ranges_around(server_document *document, const server_part *part) {
  range_list list = {.count = 0};
  evc_text text = server_buffer_text(&document->text);
  if (part && part->escaped) {
    size_t end = part->inside.end;
    add_range(&list, part->inside.start, end);
    add_range(&list, part->inside.start - 1,
              end < text.length && text.data[end] == '"' ? end + 1 : end);
    add_range(&list, part->at.start, server_part_end(document, part));
  }
  add_range(&list, 0, text.length);
  return list;
}

static void open_range(evc_builder *out, server_document *document, evc_json_span *last,
                       evc_json_span next, size_t *depth) {
  bool larger = next.start <= last->start && next.end >= last->end &&
                (next.start < last->start || next.end > last->end);
  if (*depth > 0 && !larger) return;
  if (*depth > 0) server_key(out, "parent");
  server_open(out, '{');
  server_key(out, "range");
  server_build_range(out, document, next.start, next.end);
  *last = next;
  ++*depth;
}

static bool build_selection(evc_server *server, evc_builder *out, server_document *document,
                            size_t offset) {
  size_t index = server_document_part_at(document, offset), count = 0, depth = 0;
  const server_part *part = NULL;
  const evc_range *ranges = NULL;
  evc_json_span last = {0, 0};
  if (index != SIZE_MAX) {
    server_measure measure = server_measure_of(server, document);
    evc_editor *editor = server_document_editor(document, index, &measure);
    if (!editor) return false;
    part = &document->reading.parts[index];
    server_map map = server_map_of(document, part);
    size_t text = server_map_text(&map, offset);
    evc_status status = evc_editor_ranges(editor, text, &ranges, &count);
    if (status == EVC_OUT_OF_MEMORY) return false;
    for (size_t i = 0; i < count; i++) {
      size_t start = server_map_written(&map, ranges[i].start);
      evc_json_span span = {start, server_map_written(&map, ranges[i].end)};
      open_range(out, document, &last, span, &depth);
    }
  }
  range_list around = ranges_around(document, part);
  for (size_t i = 0; i < around.count; i++)
    open_range(out, document, &last, around.items[i], &depth);
  while (depth-- > 0) server_close(out, '}');
  return true;
}

server_result server_selection_range(evc_server *server, const server_value *params,
                                     evc_builder *out) {
  const server_value *positions = server_value_at(params, "positions");
  server_document *document = server_document_of(server, params);
  if (!document) return SERVER_WRONG;
  if (!positions || positions->kind != EVC_KIND_ARRAY)
    return server_complain(server, "positions is an array");
  if (!server_read(server, document)) return SERVER_NO_MEMORY;
  server_open(out, '[');
  for (const server_value *p = positions->first; p; p = p->next) {
    size_t offset;
    if (!server_read_position(server, document, p, &offset)) return SERVER_WRONG;
    if (!build_selection(server, out, document, offset)) return SERVER_NO_MEMORY;
  }
  server_close(out, ']');
  return SERVER_DONE;
}

/* ---- The outline ---------------------------------------------------------------------------- */

enum { SYMBOL_BOOLEAN = 17, SYMBOL_EVENT = 24, SYMBOL_OPERATOR = 25 };

typedef struct outline {
  evc_builder *out;
  server_document *document;
  server_measure measure;
  bool hierarchical;
} outline;

static void build_symbol(const outline *o, evc_text name, unsigned kind, evc_json_span all,
                         evc_json_span selected, evc_text container) {
  evc_builder *out = o->out;
  server_open(out, '{');
  server_text_member(out, "name", name);
  server_unsigned_member(out, "kind", kind);
  if (o->hierarchical) {
    server_key(out, "range");
    server_build_range(out, o->document, all.start, all.end);
    server_key(out, "selectionRange");
    server_build_range(out, o->document, selected.start, selected.end);
    return;
  }
  if (container.data) server_text_member(out, "containerName", container);
  server_key(out, "location");
  server_open(out, '{');
  server_text_member(out, "uri", (evc_text){o->document->uri, o->document->uri_length});
  server_key(out, "range");
  server_build_range(out, o->document, all.start, all.end);
  server_close(out, '}');
  server_close(out, '}');
}

static void open_children(const outline *o) {
  server_key(o->out, "children");
  server_open(o->out, '[');
}

static void close_children(const outline *o) {
  server_close(o->out, ']');
  server_close(o->out, '}');
}

/* The conditions of a calculation; what a condition is in stands before it, one level up. */
static bool build_conditions(const outline *o, size_t index, evc_text container) {
  const server_part *part = &o->document->reading.parts[index];
  evc_editor *editor = server_document_editor(o->document, index, &o->measure);
  if (!editor) return false;
  const evc_symbol *symbols;
  size_t count, open = 0;
  evc_status status = evc_editor_symbols(editor, &symbols, &count);
  if (status == EVC_OUT_OF_MEMORY) return false;
  server_map map = server_map_of(o->document, part);
  for (size_t i = 0; status == EVC_OK && i < count; i++) {
    const evc_symbol *s = &symbols[i];
    size_t start = server_map_written(&map, s->range.start);
    evc_json_span span = {start, server_map_written(&map, s->range.end)};
    for (; o->hierarchical && open > s->depth; open--) close_children(o);
    build_symbol(o, s->name, s->kind == EVC_SYMBOL_CONDITION ? SYMBOL_BOOLEAN : SYMBOL_OPERATOR,
                 span, span, container);
    if (!o->hierarchical) continue;
    open_children(o);
    open = s->depth + 1;
  }
  for (; o->hierarchical && open > 0; open--) close_children(o);
  return true;
}

/* What a Notification is called: its name or code, else its Event type, else just that. */
static evc_text name_of(const server_part *part) {
  if (part->name.length > 0) return part->name;
  if (part->event_name.length > 0) return part->event_name;
  return (evc_text){EVC_LITERAL("Notification")};
}

static bool build_notification(const outline *o, size_t index) {
  const server_part *part = &o->document->reading.parts[index];
  evc_text name = name_of(part);
  evc_json_span all = {part->at.start, server_part_end(o->document, part)};
  evc_json_span named = part->about[PART_TYPE];
  if (named.start < all.start || named.end > all.end || named.start == named.end)
    named = (evc_json_span){all.start, all.start + 1};
  build_symbol(o, name, SYMBOL_EVENT, all, named, (evc_text){NULL, 0});
  if (o->hierarchical && part->event_name.length > 0)
    server_text_member(o->out, "detail", part->event_name);
  if (o->hierarchical) open_children(o);
  if (part->text.data && !build_conditions(o, index, name)) return false;
  if (o->hierarchical) close_children(o);
  return true;
}

server_result server_document_symbol(evc_server *server, const server_value *params,
                                     evc_builder *out) {
  server_document *document = server_document_of(server, params);
  if (!document) return SERVER_WRONG;
  if (!server_read(server, document)) return SERVER_NO_MEMORY;
  outline o = {out, document, server_measure_of(server, document),
               server->client.hierarchical_symbols};
  bool done = true;
  server_open(out, '[');
  for (size_t i = 0; done && i < document->reading.count; i++)
    done = document->reading.parts[i].escaped ? build_notification(&o, i)
                                              : build_conditions(&o, i, (evc_text){NULL, 0});
  server_close(out, ']');
  return done ? SERVER_DONE : SERVER_NO_MEMORY;
}
