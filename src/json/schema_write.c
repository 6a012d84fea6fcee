/* The schema in the shapes of m3ter's API. */
#include "evcalc/json.h"

#include <string.h>

#include "../base/memory.h"
#include "write.h"

/* Copy what was built into memory of its own. */
static evc_text handed_over(evc_builder *builder, const evc_allocator *allocator) {
  evc_text built = evc_build_end(builder), result = {NULL, 0};
  char *copy = built.data ? evc_allocate(allocator, built.length + 1) : NULL;
  if (copy) {
    memcpy(copy, built.data, built.length + 1);
    result = (evc_text){copy, built.length};
  }
  evc_arena_free(builder->arena);
  return result;
}

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
  return handed_over(&builder, &a);
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
  return handed_over(&builder, &a);
}

void evc_json_free(evc_text json, const evc_allocator *allocator) {
  evc_allocator a = evc_allocator_of(allocator);
  /* It was allocated as bytes that may be written to. */
  if (json.data) evc_release(&a, (void *)(uintptr_t)json.data, json.length + 1);
}
