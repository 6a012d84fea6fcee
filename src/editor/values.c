/* What the text itself says of a field: the Strings it is compared with, the members it is read
** with. */
#include "editor.h"

#include "calculation.h"

/* Texts, each once. */
typedef struct collector {
  const evc_shape *shape;
  evc_arena *arena;
  uint32_t except;
  evc_text *list;
  size_t count, capacity;
  evc_map seen;
} collector;

static void collect(collector *c, evc_text text) {
  if (evc_map_get(&c->seen, text.data, text.length) != EVC_MAP_ABSENT) return;
  void *list = c->list;
  if (!evc_arena_grow(c->arena, &list, &c->capacity, c->count + 1, sizeof *c->list))
    return; /* the arena remembers */
  c->list = list;
  if (evc_map_set(&c->seen, c->arena, text.data, text.length, 0)) c->list[c->count++] = text;
}

static bool is_token(const collector *c, uint32_t token, int kind) {
  return token < c->shape->count && c->shape->tokens[token].token == kind;
}

static void collect_string(collector *c, uint32_t token) {
  if (token != c->except && is_token(c, token, EVC_TOKEN_STRING))
    collect(c, evc_shape_text(c->shape, token));
}

static bool is_equality(const collector *c, uint32_t token) {
  return is_token(c, token, EVC_TOKEN_EQ) || is_token(c, token, EVC_TOKEN_NE);
}

static void collect_inside(collector *c, uint32_t open) {
  uint32_t end = evc_shape_unit_end(c->shape, open);
  for (uint32_t i = open + 1; i <= end; i++)
    if (c->shape->places[i].bracket == open) collect_string(c, i);
}

/* Whatever the path at this token is compared with. */
static void collect_beside(collector *c, uint32_t token) {
  if (is_equality(c, token + 1)) collect_string(c, token + 2);
  if (token > 1 && is_equality(c, token - 1)) collect_string(c, token - 2);
  uint32_t in = token + 1 + is_token(c, token + 1, EVC_TOKEN_NOT_INFIX), skipped;
  if (is_token(c, in, EVC_TOKEN_IN) && is_token(c, in + 1, EVC_TOKEN_LP)) collect_inside(c, in + 1);
  bool first = token > 0 && is_token(c, token - 1, EVC_TOKEN_LP);
  if (first && evc_shape_function(c->shape, token - 1, &skipped) == EVC_FN_IN && skipped == 0)
    collect_inside(c, token - 1);
}

static bool has_front(evc_text path, const char *front) {
  return path.length > 4 && memcmp(path.data, front, 4) == 0;
}

/* old.x for new.x and the other way round. */
static bool is_counterpart(evc_text a, evc_text b) {
  bool fronts = (has_front(a, "new.") && has_front(b, "old.")) ||
                (has_front(a, "old.") && has_front(b, "new."));
  return fronts && a.length == b.length && memcmp(a.data + 4, b.data + 4, a.length - 4) == 0;
}

size_t evc_editor_values(const evc_shape *shape, evc_arena *arena, evc_text path, uint32_t except,
                         evc_text **values) {
  collector c = {.shape = shape, .arena = arena, .except = except};
  for (int counterpart = 0; counterpart < 2 && path.data; counterpart++) {
    for (uint32_t i = 0; i < shape->count; i++) {
      if (!is_token(&c, i, EVC_TOKEN_PATH)) continue;
      evc_text text = evc_shape_text(shape, i);
      if (counterpart ? is_counterpart(text, path) : evc_text_equal(text, path))
        collect_beside(&c, i);
    }
  }
  *values = c.list;
  return c.count;
}

size_t evc_editor_members(const evc_shape *shape, evc_arena *arena, evc_text map, uint32_t except,
                          evc_text **names) {
  collector c = {.shape = shape, .arena = arena, .except = except};
  for (uint32_t i = 0; i < shape->count; i++) {
    if (i == except || !is_token(&c, i, EVC_TOKEN_PATH)) continue;
    evc_text text = evc_shape_text(shape, i);
    if (text.length < map.length + 2 || memcmp(text.data, map.data, map.length) != 0 ||
        text.data[map.length] != '.')
      continue;
    evc_text name = {text.data + map.length + 1, text.length - map.length - 1};
    if (!memchr(name.data, '.', name.length)) collect(&c, name);
  }
  *names = c.list;
  return c.count;
}
