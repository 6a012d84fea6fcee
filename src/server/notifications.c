#include "notifications.h"

#include <stdlib.h>
#include <string.h>

#include "../base/text.h"
#include "../base/utf8.h"
#include "../json/grammar.h"

bool server_is_notification(const evc_notification *n) {
  if (n->calculation_at.start != n->at.start) return true;
  return n->event_name_at.start != n->at.start && (n->name.data || n->code.data || n->always_fire);
}

size_t server_decode_one(evc_text inside, char meant[4], size_t *bytes) {
  uint32_t code_point;
  size_t size = inside.data[0] == '\\' ? evc_json_escape(inside, &code_point) : 0;
  *bytes = 1;
  meant[0] = inside.data[0];
  if (size == 0) return 1;
  *bytes = evc_utf8_write(meant, code_point);
  return size;
}

size_t server_decode(evc_text inside, char *out) {
  size_t length = 0;
  for (size_t at = 0; at < inside.length;) {
    const char *here = inside.data + at, *end = inside.data + inside.length;
    const char *backslash = memchr(here, '\\', (size_t)(end - here));
    size_t run = (size_t)((backslash ? backslash : end) - here), bytes;
    if (run > 0) memcpy(out + length, here, run);
    length += run;
    at += run;
    if (!backslash) break;
    char meant[4];
    at += server_decode_one((evc_text){backslash, (size_t)(end - backslash)}, meant, &bytes);
    memcpy(out + length, meant, bytes);
    length += bytes;
  }
  return length;
}

/* ---- Broken JSON ---------------------------------------------------------------------------- */

/* An object or an array that is open. */
typedef struct open_level {
  bool object;
  server_object found; /* what is known of the object */
} open_level;

typedef struct object_finder {
  evc_arena *arena;
  evc_text json;
  size_t at;
  server_object *objects; /* the Notifications, as they end */
  size_t count, capacity;
  open_level *levels;
  size_t depth, level_capacity;
  size_t beyond; /* levels that are open and deeper than JSON may be */
} object_finder;

static bool open_bracket(object_finder *f, bool object) {
  void *levels = f->levels;
  if (f->depth == EVC_JSON_DEPTH) {
    f->beyond++;
    return true;
  }
  if (!evc_arena_grow(f->arena, &levels, &f->level_capacity, f->depth + 1, sizeof *f->levels))
    return false;
  f->levels = levels;
  f->levels[f->depth++] = (open_level){object, {.at = {f->at, f->json.length}}};
  return true;
}

/* The innermost level ends; an object that is a Notification is kept. False when out of memory. */
static bool leave_level(object_finder *f) {
  const open_level *level = &f->levels[--f->depth];
  const server_object *o = &level->found;
  if (!level->object || !(o->has_calculation || (o->has_event_name && o->has_name))) return true;
  void *objects = f->objects;
  if (!evc_arena_grow(f->arena, &objects, &f->capacity, f->count + 1, sizeof *f->objects))
    return false;
  f->objects = objects;
  f->objects[f->count++] = *o;
  return true;
}

/* A bracket closes the last one of its kind that is open, and what was forgotten inside it: a few
** levels (chosen), so that the time stays linear whatever the text is. */
static bool close_bracket(object_finder *f, bool object) {
  enum { MOST_FORGOTTEN = 16 };
  size_t depth = f->depth, least = depth > MOST_FORGOTTEN ? depth - MOST_FORGOTTEN : 0;
  if (f->beyond > 0) {
    f->beyond--;
    return true;
  }
  while (depth > least && f->levels[depth - 1].object != object) depth--;
  if (depth == least) return true;
  f->levels[depth - 1].found.at.end = f->at + 1;
  while (f->depth >= depth)
    if (!leave_level(f)) return false;
  return true;
}

static int compare_objects(const void *left, const void *right) {
  const server_object *a = left, *b = right;
  return a->at.start < b->at.start ? -1 : a->at.start > b->at.start;
}

static bool skip_comment(object_finder *f) {
  const char *at = f->json.data + f->at, *end = f->json.data + f->json.length;
  if (end - at < 2 || at[0] != '/') return false;
  if (at[1] == '/') {
    while (at < end && *at != '\n') at++;
  } else if (at[1] == '*') {
    at += 2;
    while (at < end && !(end - at >= 2 && at[0] == '*' && at[1] == '/')) at++;
    at += at < end ? 2 : 0;
  } else {
    return false;
  }
  f->at = (size_t)(at - f->json.data);
  return true;
}

static void skip_blank(object_finder *f) {
  while (f->at < f->json.length)
    if (evc_is_blank(f->json.data[f->at])) f->at++;
    else if (!skip_comment(f)) break;
}

/* Go past a string; what is between its quotes. One that is not closed ends with its line. */
static evc_json_span pass_string(object_finder *f) {
  evc_json_span inside = {f->at + 1, f->at + 1};
  const char *data = f->json.data;
  size_t at = f->at + 1, length = f->json.length;
  while (at < length && data[at] != '"' && data[at] != '\n' && data[at] != '\r')
    at += data[at] == '\\' && at + 1 < length && data[at + 1] != '\n' && data[at + 1] != '\r' ? 2
                                                                                              : 1;
  inside.end = at;
  f->at = at < length && data[at] == '"' ? at + 1 : at;
  return inside;
}

/* A member of the object that is open: its value, where that is a string and its name is wanted. */
static void note_member(object_finder *f, evc_json_span name) {
  if (f->depth == 0 || f->beyond > 0 || !f->levels[f->depth - 1].object) return;
  server_object *object = &f->levels[f->depth - 1].found;
  evc_text key = {f->json.data + name.start, name.end - name.start};
  bool string = f->at < f->json.length && f->json.data[f->at] == '"';
  evc_json_span *place = evc_text_is(key, "name")          ? &object->name
                         : evc_text_is(key, "code")        ? &object->code
                         : evc_text_is(key, "eventName")   ? &object->event_name
                         : evc_text_is(key, "calculation") ? &object->calculation
                                                           : NULL;
  if (!place) return;
  if (place == &object->calculation) object->has_calculation = string;
  else if (place == &object->event_name) object->has_event_name = string;
  else object->has_name = true;
  if (string) *place = pass_string(f);
}

/* One step: a bracket, a string with the member that it names, or any other byte. */
static bool find_next(object_finder *f) {
  char c = f->json.data[f->at];
  if (c == '"') {
    evc_json_span name = pass_string(f);
    skip_blank(f);
    if (f->at < f->json.length && f->json.data[f->at] == ':') {
      f->at++;
      skip_blank(f);
      note_member(f, name);
    }
    return true;
  }
  if (c == '/' && skip_comment(f)) return true;
  if ((c == '{' || c == '[') && !open_bracket(f, c == '{')) return false;
  if ((c == '}' || c == ']') && !close_bracket(f, c == '}')) return false;
  f->at++;
  return true;
}

bool server_objects_find(evc_arena *arena, evc_text json, server_object **objects,
                         size_t *count) {
  object_finder f = {.arena = arena, .json = json};
  while (f.at < json.length)
    if (!find_next(&f)) return false;
  while (f.depth > 0)
    if (!leave_level(&f)) return false;
  if (f.count > 0) qsort(f.objects, f.count, sizeof *f.objects, compare_objects);
  *objects = f.objects;
  *count = f.count;
  return true;
}
