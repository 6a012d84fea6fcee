/* Filling events. */
#include "../base/text.h"
#include "../event/event.h"
#include "generator.h"
#include "pool.h"

static evc_value text_value(evc_text text) {
  return (evc_value){
      .as.text = text.data, .length = (uint32_t)text.length, .kind = EVC_KIND_STRING};
}

/* A String of the event's own. */
static evc_value random_string(evc_generator *g, evc_event *event) {
  evc_text text = evc_pool_string(&g->random, &event->store);
  if (text.data) text = evc_arena_text(&event->store, text.data, text.length);
  if (text.data) return text_value(text);
  g->out_of_memory = true;
  return evc_value_null();
}

static evc_value random_number(evc_generator *g) {
  return evc_value_number(evc_pool_number(&g->random));
}

static evc_value random_boolean(evc_generator *g) {
  return evc_value_boolean(evc_random_chance(&g->random, 1, 2));
}

/* Of any kind: what a field should not hold. */
static evc_value random_value(evc_generator *g, evc_event *event) {
  switch (evc_random_below(&g->random, 7)) {
  case 0: return random_number(g);
  case 1: return random_string(g, event);
  case 2: return random_boolean(g);
  case 3: return (evc_value){.kind = EVC_KIND_MAP};
  case 4: return (evc_value){.kind = EVC_KIND_ARRAY};
  case 5: return (evc_value){.kind = EVC_KIND_OVERFLOW};
  default: return evc_value_null();
  }
}

static evc_value random_member(evc_generator *g, evc_event *event) {
  if (g->options.hostile && evc_random_chance(&g->random, 1, 10)) return random_value(g, event);
  uint32_t kind = evc_random_below(&g->random, 10);
  if (kind == 0) return evc_value_null();
  return kind < 6 ? random_number(g) : random_string(g, event);
}

/* A name that calculations read as a member of that map. */
static bool is_member(const evc_generator *g, evc_text map, evc_text name) {
  for (uint32_t i = 0; i < g->members.count; i++) {
    evc_text path = g->members.list[i];
    if (path.length == map.length + 1 + name.length && path.data[map.length] == '.' &&
        memcmp(path.data, map.data, map.length) == 0 &&
        memcmp(path.data + map.length + 1, name.data, name.length) == 0)
      return true;
  }
  return false;
}

static evc_value random_map(evc_generator *g, evc_event *event, evc_text path) {
  evc_member *members = evc_arena_alloc(&event->store, EVC_POOL_MEMBERS * sizeof *members);
  evc_value map = {.as.members = members, .kind = EVC_KIND_MAP};
  if (!members) {
    g->out_of_memory = true;
    return evc_value_null();
  }
  for (size_t i = 0; i < EVC_POOL_MEMBERS; i++) {
    evc_text name = evc_pool_members[i];
    if (evc_random_chance(&g->random, 1, 3) || !is_member(g, path, name)) continue;
    members[map.length++] = (evc_member){name, random_member(g, event)};
  }
  return map;
}

static evc_value random_of_type(evc_generator *g, evc_event *event, const evc_field *field) {
  switch (field->type) {
  case EVC_TYPE_NUMBER: return random_number(g);
  case EVC_TYPE_STRING: return random_string(g, event);
  case EVC_TYPE_BOOLEAN: return random_boolean(g);
  case EVC_TYPE_MAP: return random_map(g, event, field->path);
  case EVC_TYPE_ARRAY: return (evc_value){.kind = EVC_KIND_ARRAY};
  default: return random_string(g, event);
  }
}

evc_status evc_generate_event(evc_generator *g, evc_event *event) {
  if (event->type != g->type) return EVC_WRONG_KIND;
  g->out_of_memory = false;
  evc_event_clear(event);
  for (size_t slot = 0; slot < event->count; slot++) {
    if (g->rules[slot] == EVC_GEN_ONLY_NULL || evc_random_chance(&g->random, 1, 6)) continue;
    bool wrong = g->options.hostile && g->rules[slot] == EVC_GEN_FREE &&
                 evc_random_chance(&g->random, 1, 12);
    const evc_field *field = evc_event_type_field(g->type, slot);
    event->values[slot] = wrong ? random_value(g, event) : random_of_type(g, event, field);
  }
  if (!g->out_of_memory) return EVC_OK;
  evc_event_clear(event);
  return EVC_OUT_OF_MEMORY;
}
