/* A schema filled with the built-in catalogue. */
#include "catalogue.h"
#include "schema.h"

#include "../base/memory.h"
#include "../base/text.h"

static const char *word(uint16_t place) { return evc_catalogue_text + place; }

static evc_text joined(evc_arena *arena, const char *before, const char *between,
                       const char *after) {
  evc_builder builder;
  evc_build_init(&builder, arena);
  evc_build_string(&builder, before);
  evc_build_string(&builder, between);
  evc_build_string(&builder, after);
  return evc_build_end(&builder);
}

/* Append the entity's fields under a prefix; returns the new count. */
static size_t put_fields(evc_arena *arena, const evc_catalogue_entity *entity, const char *prefix,
                         evc_field *fields, size_t count, bool *failed) {
  const uint8_t *numbers = evc_catalogue_field_numbers + entity->first_field;
  for (size_t i = 0; i < entity->field_count; i++) {
    const evc_catalogue_field *field = &evc_catalogue_fields[numbers[i]];
    evc_text path = joined(arena, prefix, ".", word(field->name));
    if (!path.data) *failed = true;
    fields[count++] = (evc_field){path, evc_text_of(word(field->word)), EVC_TYPE_UNKNOWN};
  }
  return count;
}

static const evc_event_type *prepare(evc_schema *schema, evc_arena *scratch,
                                     const evc_catalogue_entity *entity,
                                     const evc_catalogue_event *event) {
  size_t most = 2 * (size_t)entity->field_count;
  evc_field *fields = evc_arena_alloc(scratch, evc_size_mul(most, sizeof *fields));
  evc_text name = joined(scratch, word(entity->name), ".", word(event->name));
  if (!fields || !name.data) return NULL;
  bool failed = false;
  size_t count = 0;
  if (event->has_new) count = put_fields(scratch, entity, "new", fields, count, &failed);
  if (event->has_old) count = put_fields(scratch, entity, "old", fields, count, &failed);
  if (failed) return NULL;
  return evc_schema_prepare(schema, name, (evc_provenance)event->provenance, fields, NULL, count,
                            NULL);
}

static bool fill(evc_schema *schema, evc_arena *scratch) {
  size_t size = evc_size_mul(evc_catalogue_types, sizeof(evc_event_type *));
  const evc_event_type **types = evc_arena_alloc(scratch, size);
  if (!types) return false;
  size_t count = 0;
  for (size_t i = 0; i < evc_catalogue_entities; i++) {
    const evc_catalogue_entity *entity = &evc_catalogue[i];
    for (size_t j = 0; j < entity->event_count; j++) {
      types[count] =
          prepare(schema, scratch, entity, &evc_catalogue_events[entity->first_event + j]);
      if (!types[count++]) return false;
    }
  }
  return evc_schema_commit(schema, types, count);
}

evc_schema *evc_schema_builtin(const evc_allocator *allocator) {
  evc_schema *schema = evc_schema_new(allocator);
  if (!schema) return NULL;
  evc_arena scratch;
  evc_arena_init(&scratch, allocator, NULL, 0);
  if (!fill(schema, &scratch)) {
    evc_schema_free(schema);
    schema = NULL;
  }
  evc_arena_free(&scratch);
  return schema;
}
