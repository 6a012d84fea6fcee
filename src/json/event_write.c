/* Events as JSON: the values of the slots, put into the objects that their paths name.
**
** Sorted by their names, one by one, the paths below an object are neighbours; so one walk over
** them opens and closes objects, and nothing recurses.
*/
#include "evcalc/json.h"

#include <math.h>
#include <stdlib.h>

#include "../base/memory.h"
#include "../event/event.h"
#include "../generate/generator.h"
#include "write.h"

/* A value and where it goes: names joined by dots. */
typedef struct entry {
  evc_text path;
  const evc_value *value;
} entry;

typedef struct event_writer {
  evc_builder out;
  const evc_event *event;
  entry *entries;
  size_t count;
  evc_text open; /* the path of the innermost open object; absent: it is the event itself */
  bool first;    /* nothing is in it yet */
  bool failed;
} event_writer;

/* ---- Which values, and where ---------------------------------------------------------------- */

/* By names: a dot comes before any other character. */
static int compare_entries(const void *a, const void *b) {
  evc_text x = ((const entry *)a)->path, y = ((const entry *)b)->path;
  size_t shared = x.length < y.length ? x.length : y.length;
  for (size_t i = 0; i < shared; i++) {
    if (x.data[i] == y.data[i]) continue;
    if (x.data[i] == '.' || y.data[i] == '.') return x.data[i] == '.' ? -1 : 1;
    return (unsigned char)x.data[i] < (unsigned char)y.data[i] ? -1 : 1;
  }
  return (x.length > y.length) - (x.length < y.length);
}

static bool begins_with(evc_text path, const char *name) {
  size_t length = strlen(name);
  return path.length >= length && memcmp(path.data, name, length) == 0 &&
         (path.length == length || path.data[length] == '.');
}

/* Names that mean something else at the top of the short form. */
static bool needs_full_form(evc_text path) {
  return begins_with(path, "eventName") || begins_with(path, "id") ||
         begins_with(path, "m3terEvent");
}

static evc_text full_path(event_writer *w, evc_text path) {
  evc_builder full;
  evc_build_init(&full, w->out.arena);
  evc_build_string(&full, "m3terEvent.eventData.");
  bool dto = begins_with(path, "new") || begins_with(path, "old");
  size_t front = dto ? 3 : path.length;
  evc_build(&full, path.data, front);
  if (dto) evc_build_string(&full, "Dto");
  evc_build(&full, path.data + front, path.length - front);
  evc_text text = evc_build_end(&full);
  w->failed |= !text.data;
  return text;
}

/* `nulls` says by slot which null values are written; NULL: none. */
static void collect(event_writer *w, evc_event_form form, const bool *nulls) {
  const evc_event *event = w->event;
  w->entries = evc_arena_alloc(w->out.arena, evc_size_mul(event->count, sizeof *w->entries));
  w->failed = !w->entries;
  bool full = form == EVC_EVENT_FULL;
  for (size_t slot = 0; slot < event->count && !w->failed; slot++) {
    const evc_value *value = &event->values[slot];
    if (value->kind == EVC_KIND_NULL && !(nulls && nulls[slot])) continue;
    evc_text path = evc_event_type_field(event->type, slot)->path;
    full |= needs_full_form(path);
    w->entries[w->count++] = (entry){path, value};
  }
  for (size_t i = 0; full && i < w->count && !w->failed; i++)
    w->entries[i].path = full_path(w, w->entries[i].path);
  if (!w->failed && w->count) qsort(w->entries, w->count, sizeof *w->entries, compare_entries);
}

/* ---- Writing -------------------------------------------------------------------------------- */

static void build_name(event_writer *w, evc_text name) {
  if (!w->first) evc_build_string(&w->out, ", ");
  w->first = false;
  evc_json_build_string(&w->out, name);
  evc_build_string(&w->out, ": ");
}

static void build_number(evc_builder *out, double number) {
  if (number == 0 && signbit(number)) evc_build_char(out, '-');
  evc_build_number(out, number);
}

/* A value that holds no others. */
static void build_value(evc_builder *out, const evc_value *value) {
  switch ((evc_kind)value->kind) {
  case EVC_KIND_NUMBER: build_number(out, value->as.number); break;
  case EVC_KIND_STRING:
    evc_json_build_string(out, (evc_text){value->as.text, value->length});
    break;
  case EVC_KIND_BOOLEAN: evc_build_string(out, value->as.boolean ? "true" : "false"); break;
  case EVC_KIND_MAP: evc_build_string(out, "{}"); break;
  case EVC_KIND_ARRAY: evc_build_string(out, "[]"); break;
  case EVC_KIND_OVERFLOW: evc_build_string(out, "1e999"); break;
  default: evc_build_string(out, "null"); break;
  }
}

static void close_object(event_writer *w) {
  evc_build_char(&w->out, '}');
  size_t length = w->open.length;
  while (length > 0 && w->open.data[length - 1] != '.') length--;
  w->open = length ? (evc_text){w->open.data, length - 1} : (evc_text){NULL, 0};
  w->first = false;
}

/* Open the object of the next name of `path`, which is below the open one. */
static void open_object(event_writer *w, evc_text path) {
  size_t start = w->open.data ? w->open.length + 1 : 0, end = start;
  while (end < path.length && path.data[end] != '.') end++;
  build_name(w, (evc_text){path.data + start, end - start});
  evc_build_char(&w->out, '{');
  w->open = (evc_text){path.data, end};
  w->first = true;
}

static bool is_below(evc_text path, evc_text object) {
  return !object.data || (path.length > object.length && path.data[object.length] == '.' &&
                          memcmp(path.data, object.data, object.length) == 0);
}

/* Where the last name of a path starts. */
static size_t last_name(evc_text path) {
  size_t at = path.length;
  while (at > 0 && path.data[at - 1] != '.') at--;
  return at;
}

static void build_members(event_writer *w, const evc_value *map) {
  for (uint32_t i = 0; i < map->length; i++) {
    build_name(w, map->as.members[i].name);
    build_value(&w->out, &map->as.members[i].value);
  }
}

/* A map stays open for what may be below it. */
static void build_entry(event_writer *w, const entry *e) {
  size_t at = last_name(e->path);
  while (!is_below(e->path, w->open)) close_object(w);
  while ((w->open.data ? w->open.length + 1 : 0) < at) open_object(w, e->path);
  if (e->value->kind == EVC_KIND_MAP) {
    open_object(w, e->path);
    build_members(w, e->value);
    return;
  }
  build_name(w, (evc_text){e->path.data + at, e->path.length - at});
  build_value(&w->out, e->value);
}

static void build_event(event_writer *w) {
  evc_build_char(&w->out, '{');
  w->first = true;
  build_name(w, (evc_text){EVC_LITERAL("eventName")});
  evc_json_build_string(&w->out, evc_event_type_name(w->event->type));
  const entry *owner = NULL; /* the last value that nothing can be below */
  for (size_t i = 0; i < w->count; i++) {
    const entry *e = &w->entries[i];
    if (owner && is_below(e->path, owner->path)) continue;
    if (e->value->kind != EVC_KIND_MAP) owner = e;
    build_entry(w, e);
  }
  while (w->open.data) close_object(w);
  evc_build_char(&w->out, '}');
}

static evc_text write_event(const evc_event *event, evc_event_form form, const bool *nulls,
                            const evc_allocator *allocator) {
  evc_allocator a = evc_allocator_of(allocator);
  evc_arena arena;
  evc_arena_init(&arena, &a, NULL, 0);
  event_writer w = {.event = event};
  evc_build_init(&w.out, &arena);
  collect(&w, form, nulls);
  if (!w.failed) build_event(&w);
  w.out.failed |= w.failed;
  return evc_json_hand_over(&w.out, &a);
}

evc_text evc_event_to_json(const evc_event *event, evc_event_form form,
                           const evc_allocator *allocator) {
  return write_event(event, form, NULL, allocator);
}

/* ---- Random events -------------------------------------------------------------------------- */

evc_text evc_generate_event_json(evc_generator *g, evc_event *event,
                                 const evc_allocator *allocator) {
  evc_text none = {NULL, 0};
  if (evc_generate_event(g, event) != EVC_OK) return none;
  evc_allocator a = evc_allocator_of(allocator);
  bool *nulls = evc_allocate(&a, event->count * sizeof *nulls);
  if (!nulls) return none;
  for (size_t slot = 0; slot < event->count; slot++)
    nulls[slot] = g->rules[slot] == EVC_GEN_FREE && evc_random_chance(&g->random, 1, 2);
  evc_event_form form = evc_random_chance(&g->random, 1, 4) ? EVC_EVENT_FULL : EVC_EVENT_SHORT;
  evc_text json = write_event(event, form, nulls, &a);
  evc_release(&a, nulls, event->count * sizeof *nulls);
  return json;
}
