/* Field lists and lists of Event types: JSON → schema. */
#include "evcalc/json.h"

#include <string.h>

#include "../base/memory.h"
#include "../base/text.h"
#include "../schema/schema.h"
#include "document.h"
#include "grammar.h"
#include "read.h"
#include "tell.h"

/* The types found so far are in the schema's memory but not yet known to it; everything else that
** is read along the way is in `scratch`. */
typedef struct loader {
  evc_schema *schema;
  evc_document *document;
  evc_arena scratch;
  evc_teller teller;
  evc_report *draft; /* the load warnings of the "events" read last; NULL when nobody asked */
  const evc_event_type **types;
  size_t count, capacity;
  evc_field *fields; /* of the type being read */
  evc_span *spans;
  size_t field_capacity, span_capacity;
} loader;

static evc_status tell(loader *l, evc_status status) {
  return evc_tell_status(&l->teller, status, l->teller.whole);
}

static evc_status tell_shape(loader *l, const evc_json_value *value, const char *before,
                             evc_text name, const char *expected) {
  size_t offset = evc_json_offset(l->document, value);
  return evc_tell_shape(&l->teller, offset, before, name, evc_json_kind(value), expected);
}

/* Prepare a type whose fields were gathered. */
static evc_status keep(loader *l, evc_text name, evc_provenance provenance, size_t field_count) {
  void *types = l->types;
  if (!evc_arena_grow(&l->scratch, &types, &l->capacity, l->count + 1, sizeof *l->types))
    return tell(l, EVC_OUT_OF_MEMORY);
  l->types = types;
  const evc_event_type *type = evc_schema_prepare(l->schema, name, provenance, l->fields, l->spans,
                                                  field_count, l->draft);
  if (!type) return tell(l, EVC_OUT_OF_MEMORY);
  l->types[l->count++] = type;
  return EVC_OK;
}

/* One "path": "type word". */
static evc_status read_field(loader *l, const evc_json_item *item, size_t index) {
  void *fields = l->fields, *spans = l->spans;
  if (!evc_arena_grow(&l->scratch, &fields, &l->field_capacity, index + 1, sizeof *l->fields))
    return tell(l, EVC_OUT_OF_MEMORY);
  l->fields = fields;
  if (!evc_arena_grow(&l->scratch, &spans, &l->span_capacity, index + 1, sizeof *l->spans))
    return tell(l, EVC_OUT_OF_MEMORY);
  l->spans = spans;
  evc_field *field = &l->fields[index];
  evc_status status = evc_json_copy(&l->scratch, item->key, &field->path);
  if (status != EVC_OK) return tell(l, status);
  if (evc_json_kind(&item->value) != EVC_KIND_STRING)
    return tell_shape(l, &item->value, "the type of the field", field->path,
                      "a type word such as \"double\"");
  status = evc_json_copy_value(&l->scratch, &item->value, &field->word);
  if (status != EVC_OK) return tell(l, status);
  size_t start = evc_document_offset(l->document, item->key.data);
  /* Of an empty name its closing quote. */
  size_t length = item->key.length ? item->key.length : 1;
  l->spans[index] = (evc_span){.start = start, .end = start + length};
  return EVC_OK;
}

/* One "eventName": {…}. */
static evc_status read_type(loader *l, const evc_json_item *item) {
  evc_text name;
  evc_json_walk walk;
  evc_status status = evc_json_copy(&l->scratch, item->key, &name);
  if (status != EVC_OK) return tell(l, status);
  if (evc_json_kind(&item->value) != EVC_KIND_MAP)
    return tell_shape(l, &item->value, "the field list of", name,
                      "an object of paths and type words");
  size_t count = 0;
  evc_json_item field;
  status = evc_json_walk_value(l->document, &item->value, &walk);
  while (status == EVC_OK && (status = evc_json_next(&walk, NULL, &field)) == EVC_OK) {
    status = read_field(l, &field, count++);
    if (status != EVC_OK) return status;
  }
  return status == EVC_END ? keep(l, name, EVC_LOADED, count) : tell(l, status);
}

/* One "eventName" of a list of names. A name that is known keeps its fields. */
static evc_status read_name(loader *l, const evc_json_item *item) {
  evc_text name;
  if (evc_json_kind(&item->value) != EVC_KIND_STRING)
    return tell_shape(l, &item->value, "an Event type", (evc_text){NULL, 0}, "its name, a string");
  evc_status status = evc_json_copy_value(&l->scratch, &item->value, &name);
  if (status != EVC_OK) return tell(l, status);
  if (evc_schema_find(l->schema, name.data, name.length)) return EVC_OK;
  return keep(l, name, EVC_NAME_ONLY, 0);
}

/* The value of "events". Where there are several, the last one wins. */
static evc_status read_events(loader *l, const evc_json_value *events) {
  evc_kind kind = evc_json_kind(events);
  if (kind != EVC_KIND_MAP && kind != EVC_KIND_ARRAY)
    return tell_shape(l, events, "\"events\"", (evc_text){NULL, 0},
                      "an object of field lists, or a list of Event types");
  evc_json_walk walk;
  evc_json_item item;
  l->count = 0;
  if (l->draft) {
    evc_report_free(l->draft);
    l->draft = evc_report_new(l->teller.allocator);
  }
  evc_status status = evc_json_walk_value(l->document, events, &walk);
  while (status == EVC_OK && (status = evc_json_next(&walk, NULL, &item)) == EVC_OK) {
    status = kind == EVC_KIND_MAP ? read_type(l, &item) : read_name(l, &item);
    if (status != EVC_OK) return status;
  }
  return status == EVC_END ? EVC_OK : tell(l, status);
}

static evc_status read_document(loader *l) {
  static const evc_text names[] = {{"events", 6}};
  static const evc_json_keys keys = {.names = names, .count = 1, .lengths = 1 << 6};
  static const char expected[] = "{\"events\": {\"<eventName>\": {\"<path>\": \"<type word>\"}}}";
  size_t at;
  evc_text whole = l->teller.whole;
  if (evc_json_check(whole, &at) != EVC_JSON_SOUND) return tell(l, EVC_INVALID);
  evc_status status = evc_document_open(l->document, whole);
  if (status == EVC_WRONG_KIND || (status == EVC_OK && evc_document_is_array(l->document)))
    return evc_tell_message(&l->teller, 0, EVC_MSG_JSON_SHAPE,
                            (evc_text[]){{EVC_LITERAL("this is no field list")},
                                         {expected, sizeof expected - 1}}, 2);
  evc_json_walk walk;
  evc_json_item item;
  bool found = false;
  if (status == EVC_OK) status = evc_document_walk(l->document, &walk);
  while (status == EVC_OK && (status = evc_json_next(&walk, &keys, &item)) == EVC_OK) {
    found = true;
    status = read_events(l, &item.value);
    if (status != EVC_OK) return status;
  }
  if (status != EVC_END) return tell(l, status);
  if (!found)
    return evc_tell_message(&l->teller, 0, EVC_MSG_JSON_SHAPE,
                            (evc_text[]){{EVC_LITERAL("there is no \"events\"")},
                                         {expected, sizeof expected - 1}}, 2);
  bool told = !l->draft || !l->draft->failed;
  bool added = told && evc_schema_commit(l->schema, l->types, l->count);
  return added ? EVC_OK : tell(l, EVC_OUT_OF_MEMORY);
}

evc_status evc_schema_read_json(evc_schema *schema, const char *json, size_t length,
                                evc_report **report) {
  const evc_allocator *allocator = evc_schema_allocator(schema);
  evc_text whole = {json, evc_length_of(json, length)};
  loader l = {.schema = schema, .teller = evc_teller_of(allocator, whole, report)};
  evc_arena_init(&l.scratch, allocator, NULL, 0);
  l.document = evc_document_new(allocator);
  l.draft = report ? evc_report_new(allocator) : NULL;
  evc_status status = l.document ? read_document(&l) : tell(&l, EVC_OUT_OF_MEMORY);
  if (status == EVC_OK && report) *report = evc_report_finish(l.draft, json, whole.length);
  else evc_report_free(l.draft);
  evc_document_free(l.document);
  evc_arena_free(&l.scratch);
  return status;
}
