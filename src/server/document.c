#include "document.h"

#include <string.h>

#include "../base/memory.h"
#include "../json/grammar.h"
#include "../json/write.h"
#include "notifications.h"

/* ---- Readings ------------------------------------------------------------------------------- */

static void free_part(server_part *part) {
  for (size_t i = 0; i < PART_REPORTS; i++) evc_report_free(part->reports[i]);
}

/* Forget what was found. */
static void drop(server_reading *reading) {
  evc_arena arena = reading->arena;
  for (size_t i = 0; i < reading->count; i++) free_part(&reading->parts[i]);
  evc_report_free(reading->broken);
  *reading = (server_reading){.arena = arena};
}

static void free_reading(server_reading *reading) {
  drop(reading);
  evc_arena_free(&reading->arena);
}

static evc_text slice(const server_document *document, evc_json_span span) {
  evc_text text = server_buffer_text(&document->text);
  return (evc_text){text.data + span.start, span.end - span.start};
}

/* A copy in the reading; absent stays absent. False when out of memory. */
static bool keep_text(server_reading *reading, evc_text *text) {
  if (!text->data) return true;
  *text = evc_arena_text(&reading->arena, text->data, text->length);
  return text->data != NULL;
}

/* NULL when out of memory. */
static server_part *add_part(server_reading *reading) {
  void *parts = reading->parts;
  if (!evc_arena_grow(&reading->arena, &parts, &reading->capacity, reading->count + 1,
                      sizeof *reading->parts))
    return NULL;
  reading->parts = parts;
  server_part *part = &reading->parts[reading->count++];
  *part = (server_part){.escaped = false};
  return part;
}

/* Everything that was said was said; a report that only tells of no memory is none. */
static bool check_memory(const server_part *part) {
  for (size_t i = 0; i < PART_REPORTS; i++) {
    const evc_diagnostic *first = evc_report_at(part->reports[i], 0);
    if (first && first->code == EVC_CODE_OUT_OF_MEMORY) return false;
  }
  return true;
}

/* What is said of a Notification but for its calculation's text. */
static void judge_part(server_part *part, const server_measure *measure,
                       const evc_notification *n) {
  evc_judge judge = {measure->schema, measure->type, measure->options, "one"};
  evc_judgement judgement = evc_notification_judge(&judge, n, part->text);
  part->type = judgement.type;
  part->about[PART_TYPE] = n->event_name_at;
  part->about[PART_NOTIFICATION] = n->calculation_at;
  part->reports[PART_TYPE] = judgement.of_type;
  part->reports[PART_NOTIFICATION] = judgement.of_notification;
}

static bool read_calculation_file(const server_document *document, server_reading *reading,
                                  const server_measure *measure) {
  server_part *part = add_part(reading);
  if (!part) return false;
  part->at = part->inside = (evc_json_span){0, document->text.length};
  part->text = server_buffer_text(&document->text);
  if (!keep_text(reading, &part->text)) return false;
  judge_part(part, measure, &(evc_notification){.calculation_kind = EVC_KIND_NULL});
  evc_report_free(part->reports[PART_TYPE]); /* without a type, fields are not judged */
  part->reports[PART_TYPE] = NULL;
  part->about[PART_TYPE] = part->about[PART_NOTIFICATION] = (evc_json_span){0, 0};
  return true;
}

/* Take over what the reader found; `refusal` is of a value of the wrong kind, or NULL. */
static bool add_notification(const server_document *document, server_reading *reading,
                             const server_measure *measure, const evc_notification *n,
                             evc_report *refusal) {
  server_part *part = add_part(reading);
  if (!part) {
    evc_report_free(refusal);
    return false;
  }
  part->reports[PART_NOTIFICATION] = refusal;
  part->escaped = true;
  part->at = n->at;
  part->inside = n->at;
  part->name = n->name.data ? n->name : n->code;
  part->event_name = n->event_name;
  part->text = n->calculation;
  part->about[PART_NOTIFICATION] = n->wrong_at;
  reading->terraform = reading->terraform || n->terraform;
  if (n->event_name.data && !n->terraform)
    part->named = (evc_json_span){n->event_name_at.start + 1, n->event_name_at.end - 1};
  if (n->written.data) {
    size_t start = (size_t)(n->written.data - server_buffer_text(&document->text).data);
    part->inside = (evc_json_span){start, start + n->written.length};
  }
  if (!keep_text(reading, &part->name) || !keep_text(reading, &part->event_name) ||
      !keep_text(reading, &part->text))
    return false;
  evc_judge judge = {.schema = measure->schema, .otherwise = measure->type};
  part->type = evc_judge_type(&judge, n->event_name);
  if (!refusal && !n->unknown) judge_part(part, measure, n);
  return true;
}

/* The Notifications of a whole text. EVC_END, EVC_OUT_OF_MEMORY; EVC_INVALID, with the reason in the
** reading, where it is no JSON. */
static evc_status read_whole(const server_document *document, server_reading *reading,
                             const server_measure *measure, bool *found) {
  evc_text text = server_buffer_text(&document->text);
  evc_notification_reader *reader =
      evc_notification_reader_new(text.data, text.length, measure->options->allocator);
  if (!reader) return EVC_OUT_OF_MEMORY;
  evc_notification n;
  evc_report *report;
  evc_status status;
  *found = false;
  while ((status = evc_notification_reader_next(reader, &n, &report)) != EVC_END) {
    const evc_diagnostic *first = evc_report_at(report, 0);
    bool refused = status == EVC_INVALID && !first->has_span;
    if (status != EVC_OK && !refused) {
      if (status == EVC_INVALID) reading->broken = report;
      else evc_report_free(report);
      break;
    }
    if (server_is_notification(&n)) *found = true;
    if (!add_notification(document, reading, measure, &n, report)) {
      status = EVC_OUT_OF_MEMORY;
      break;
    }
  }
  evc_notification_reader_free(reader);
  return status;
}

static bool decode(server_reading *reading, evc_text inside, evc_text *text) {
  char *out = evc_arena_alloc(&reading->arena, inside.length + 1);
  if (!out) return false;
  *text = (evc_text){out, server_decode(inside, out)};
  out[text->length] = '\0';
  return true;
}

/* A Notification in broken JSON. What it lacks may be in the part that is broken. */
static bool add_object(const server_document *document, server_reading *reading,
                       const server_measure *measure, const server_object *object) {
  server_part *part = add_part(reading);
  if (!part) return false;
  part->escaped = true;
  part->at = object->at;
  part->inside = object->has_calculation ? object->calculation
                                         : (evc_json_span){object->at.start, object->at.start};
  part->about[PART_TYPE] = part->named = object->event_name;
  evc_json_span name = object->name.end ? object->name : object->code;
  if (name.end && !decode(reading, slice(document, name), &part->name)) return false;
  if (object->has_calculation &&
      !decode(reading, slice(document, object->calculation), &part->text))
    return false;
  if (!object->has_event_name) return true;
  if (!decode(reading, slice(document, object->event_name), &part->event_name)) return false;
  evc_text event_name = part->event_name;
  part->type = evc_schema_find(measure->schema, event_name.data, event_name.length);
  if (!part->type)
    part->reports[PART_TYPE] =
        evc_report_unknown_type(measure->options->allocator, measure->schema, event_name);
  return true;
}

static bool read_broken(const server_document *document, server_reading *reading,
                        const server_measure *measure) {
  server_object *objects;
  size_t count;
  if (!server_objects_find(&reading->arena, server_buffer_text(&document->text), &objects,
                           &count))
    return false;
  for (size_t i = 0; i < count; i++)
    if (!add_object(document, reading, measure, &objects[i])) return false;
  return true;
}

static bool read_json(server_document *document, server_reading *reading,
                      const server_measure *measure) {
  bool found;
  evc_status status = read_whole(document, reading, measure, &found);
  if (status == EVC_OUT_OF_MEMORY) return false;
  if (status == EVC_END) {
    document->notifications = found;
    if (!found) drop(reading);
    return true;
  }
  if (evc_report_at(reading->broken, 0)->code != EVC_CODE_JSON_MALFORMED) {
    document->notifications = false;
    drop(reading);
    return true;
  }
  if (!read_broken(document, reading, measure)) return false;
  if (document->lenient || (reading->count == 0 && !document->notifications)) {
    evc_report_free(reading->broken);
    reading->broken = NULL;
  }
  return true;
}

/* ---- Texts ---------------------------------------------------------------------------------- */

static bool same_calculation(const server_part *a, const server_part *b) {
  return a->type == b->type && a->text.data && b->text.data && evc_text_equal(a->text, b->text);
}

/* Of the calculations at both ends of the document that are as they were, what was said is still
** right: typing changes one among them. */
static void take_over(server_reading *reading, server_reading *old) {
  size_t first = 0, least = reading->count < old->count ? reading->count : old->count;
  while (first < least && same_calculation(&reading->parts[first], &old->parts[first])) first++;
  size_t last = 0;
  while (last < least - first && same_calculation(&reading->parts[reading->count - 1 - last],
                                                  &old->parts[old->count - 1 - last]))
    last++;
  for (size_t i = 0; i < first + last; i++) {
    size_t to = i < first ? i : reading->count - 1 - (i - first);
    size_t from = i < first ? i : old->count - 1 - (i - first);
    reading->parts[to].reports[PART_TEXT] = old->parts[from].reports[PART_TEXT];
    old->parts[from].reports[PART_TEXT] = NULL;
    reading->parts[to].told = true;
  }
}

/* Say what is wrong with the texts of which that is not known. */
static bool check_texts(server_reading *reading, const server_measure *measure) {
  for (size_t i = 0; i < reading->count; i++) {
    server_part *part = &reading->parts[i];
    if (!part->told && !evc_text_is_blank(part->text))
      evc_validate(part->type, part->text.data, part->text.length, measure->options,
                   &part->reports[PART_TEXT]);
    if (!check_memory(part)) return false;
  }
  return true;
}

bool server_document_read(server_document *document, const server_measure *measure) {
  if (!document->stale) return true;
  server_reading reading = {.count = 0};
  evc_arena_init(&reading.arena, measure->options->allocator, NULL, 0);
  bool read = document->json ? read_json(document, &reading, measure)
                             : read_calculation_file(document, &reading, measure);
  if (read) {
    take_over(&reading, &document->reading);
    read = check_texts(&reading, measure);
  }
  free_reading(&document->reading);
  document->edited = SIZE_MAX;
  document->reading = reading;
  if (read) document->stale = false;
  else free_reading(&document->reading);
  return read;
}

void server_document_forget(server_document *document) {
  free_reading(&document->reading);
  evc_editor_free(document->editor);
  document->editor = NULL;
  document->edited = SIZE_MAX;
  document->stale = true;
}

/* ---- Calculations --------------------------------------------------------------------------- */

size_t server_document_part_at(const server_document *document, size_t offset) {
  const server_reading *reading = &document->reading;
  for (size_t i = 0; i < reading->count; i++) {
    const server_part *part = &reading->parts[i];
    if (part->text.data && part->inside.start <= offset && offset <= part->inside.end) return i;
  }
  return SIZE_MAX;
}

evc_editor *server_document_editor(server_document *document, size_t index,
                                   const server_measure *measure) {
  const server_part *part = &document->reading.parts[index];
  if (document->editor && document->edited == index) return document->editor;
  document->edited = SIZE_MAX;
  if (document->editor && evc_editor_type(document->editor) != part->type) {
    evc_editor_free(document->editor);
    document->editor = NULL;
  }
  if (!document->editor) document->editor = evc_editor_new(part->type, measure->options);
  if (!document->editor) return NULL;
  bool same = evc_text_equal(evc_editor_text(document->editor), part->text);
  if ((!same || part->text.length == 0) &&
      evc_editor_set_text(document->editor, part->text.data, part->text.length) != EVC_OK)
    return NULL;
  document->edited = index;
  return document->editor;
}

/* ---- Escapes -------------------------------------------------------------------------------- */

server_map server_map_of(const server_document *document, const server_part *part) {
  return (server_map){part, server_buffer_text(&document->text).data, 0, part->inside.start};
}

/* Walk on, from the start where the place is behind, while neither offset is passed. */
static void walk(server_map *map, size_t text, size_t written) {
  const server_part *part = map->part;
  if (map->text > text || map->written > written) {
    map->text = 0;
    map->written = part->inside.start;
  }
  if (!part->escaped) {
    size_t step = text - map->text < written - map->written ? text - map->text
                                                            : written - map->written;
    if (step > part->text.length - map->text) step = part->text.length - map->text;
    map->text += step;
    map->written += step;
    return;
  }
  while (map->written < part->inside.end && map->text < text) {
    char meant[4];
    size_t bytes;
    evc_text rest = {map->document + map->written, part->inside.end - map->written};
    size_t size = server_decode_one(rest, meant, &bytes);
    if (map->text + bytes > text || map->written + size > written) break;
    map->text += bytes;
    map->written += size;
  }
}

size_t server_map_written(server_map *map, size_t text) {
  walk(map, text, SIZE_MAX);
  return map->written;
}

size_t server_map_text(server_map *map, size_t written) {
  if (written < map->part->inside.start) written = map->part->inside.start;
  walk(map, SIZE_MAX, written);
  return map->text;
}

void server_build_written(evc_builder *out, const server_part *part, evc_text text) {
  if (part->escaped) evc_json_build_inside(out, text);
  else evc_build_text(out, text);
}

/* Where the value that starts with a bracket ends. */
static size_t end_of_value(evc_text text, size_t start) {
  size_t depth = 0;
  for (size_t at = start; at < text.length; at++) {
    char c = text.data[at];
    if (c == '"') {
      for (at++; at < text.length && text.data[at] != '"'; at++) at += text.data[at] == '\\';
    } else if (c == '{' || c == '[') {
      depth++;
    } else if (c == '}' || c == ']') {
      if (depth <= 1) return at + 1;
      depth--;
    }
  }
  return text.length;
}

/* The reader of whole texts tells where a Notification starts; where it ends is sought when it is asked
** for. */
size_t server_part_end(const server_document *document, const server_part *part) {
  if (part->at.end > part->at.start + 1) return part->at.end;
  return end_of_value(server_buffer_text(&document->text), part->at.start);
}
