/* The schema in the shapes of m3ter's API. */
#include "evcalc/json.h"

#include "../base/memory.h"
#include "write.h"

evc_text evc_event_type_to_json(const evc_event_type *type, const evc_allocator *allocator) {
  evc_allocator a = evc_allocator_of(allocator);
  evc_arena arena;
  evc_builder builder;
  evc_arena_init(&arena, &a, NULL, 0);
  evc_build_init(&builder, &arena);
  evc_build(&builder, EVC_LITERAL("{\"events\": {"));
  evc_json_build_string(&builder, evc_event_type_name(type));
  evc_build(&builder, EVC_LITERAL(": {"));
  for (size_t i = 0; i < evc_event_type_field_count(type); i++) {
    const evc_field *field = evc_event_type_field(type, i);
    if (i > 0) evc_build(&builder, EVC_LITERAL(", "));
    evc_json_build_string(&builder, field->path);
    evc_build(&builder, EVC_LITERAL(": "));
    evc_json_build_string(&builder, field->word);
  }
  evc_build(&builder, EVC_LITERAL("}}}"));
  return evc_json_hand_over(&builder, &a);
}

evc_text evc_schema_to_json(const evc_schema *schema, const evc_allocator *allocator) {
  evc_allocator a = evc_allocator_of(allocator);
  evc_arena arena;
  evc_builder builder;
  evc_arena_init(&arena, &a, NULL, 0);
  evc_build_init(&builder, &arena);
  evc_build(&builder, EVC_LITERAL("{\"events\": ["));
  for (size_t i = 0; i < evc_schema_count(schema); i++) {
    if (i > 0) evc_build(&builder, EVC_LITERAL(", "));
    evc_json_build_string(&builder, evc_event_type_name(evc_schema_at(schema, i)));
  }
  evc_build(&builder, EVC_LITERAL("]}"));
  return evc_json_hand_over(&builder, &a);
}

void evc_json_free(evc_text json, const evc_allocator *allocator) {
  evc_allocator a = evc_allocator_of(allocator);
  /* It was allocated as bytes that may be written to. */
  if (json.data) evc_release(&a, (void *)(uintptr_t)json.data, json.length + 1);
}
