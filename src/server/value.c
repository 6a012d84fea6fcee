#include "value.h"

#include <math.h>

#include "../json/read.h"
#include "../json/write.h"

typedef struct value_reader {
  evc_document *document;
  evc_arena *arena;
  evc_text json;
} value_reader;

static evc_status read_value(const value_reader *reader, const evc_json_value *json,
                             server_value *value);

static bool is_of_number(char c) { return (c >= '0' && c <= '9') || (c && strchr("+-.eE", c)); }

/* A number as it is written. EVC_OK, EVC_OUT_OF_MEMORY. */
static evc_status read_digits(const value_reader *reader, const evc_json_value *json,
                              evc_text *digits) {
  size_t start = evc_json_offset(reader->document, json), end = start;
  while (end < reader->json.length && is_of_number(reader->json.data[end])) end++;
  *digits = evc_arena_text(reader->arena, reader->json.data + start, end - start);
  return digits->data ? EVC_OK : EVC_OUT_OF_MEMORY;
}

/* The values that a walk steps through, as the members of `value`. The text was checked, so it nests
** EVC_JSON_DEPTH levels at most. */
/* NOLINTNEXTLINE(misc-no-recursion): as said */
static evc_status read_members(const value_reader *reader, evc_json_walk *walk,
                               server_value *value) {
  const server_value **link = &value->first;
  evc_json_item item;
  evc_status status;
  while ((status = evc_json_next(walk, NULL, &item)) == EVC_OK) {
    server_value *member = evc_arena_alloc(reader->arena, sizeof *member);
    if (!member) return EVC_OUT_OF_MEMORY;
    *member = (server_value){.kind = EVC_KIND_NULL};
    if (value->kind == EVC_KIND_MAP)
      status = evc_json_copy(reader->arena, item.key, &member->key);
    if (status == EVC_OK) status = read_value(reader, &item.value, member);
    if (status != EVC_OK) return status;
    *link = member;
    link = &member->next;
  }
  return status == EVC_END ? EVC_OK : status;
}

/* NOLINTNEXTLINE(misc-no-recursion): as above */
static evc_status read_value(const value_reader *reader, const evc_json_value *json,
                             server_value *value) {
  evc_json_walk walk;
  evc_status status;
  value->kind = evc_json_kind(json);
  switch (value->kind) {
  case EVC_KIND_NULL: return evc_json_read_null(json);
  case EVC_KIND_BOOLEAN: return evc_json_read_boolean(json, &value->boolean);
  case EVC_KIND_STRING:
    return evc_json_copy_value(reader->arena, json, &value->text);
  case EVC_KIND_NUMBER:
    status = read_digits(reader, json, &value->text);
    if (status == EVC_OK) status = evc_json_read_number(json, &value->number);
    if (status != EVC_LIMIT) return status;
    value->kind = EVC_KIND_OVERFLOW;
    return EVC_OK;
  case EVC_KIND_MAP:
  case EVC_KIND_ARRAY:
    status = evc_json_walk_value(reader->document, json, &walk);
    return status == EVC_OK ? read_members(reader, &walk, value) : status;
  default: return EVC_INVALID;
  }
}

evc_status server_value_read(evc_document *document, evc_arena *arena, evc_text json,
                             const server_value **value) {
  value_reader reader = {document, arena, json};
  evc_json_walk walk;
  server_value *root = evc_arena_alloc(arena, sizeof *root);
  if (!root) return EVC_OUT_OF_MEMORY;
  *root = (server_value){.kind = EVC_KIND_MAP};
  *value = root;
  evc_status status = evc_document_open(document, json);
  if (status != EVC_OK) return status == EVC_OUT_OF_MEMORY ? status : EVC_INVALID;
  if (evc_document_is_array(document)) root->kind = EVC_KIND_ARRAY;
  status = evc_document_walk(document, &walk);
  return status == EVC_OK ? read_members(&reader, &walk, root) : status;
}

/* The last member of a name counts, as in other readers of JSON. */
static const server_value *member_of(const server_value *value, evc_text name) {
  const server_value *found = NULL;
  if (!value || value->kind != EVC_KIND_MAP) return NULL;
  for (const server_value *m = value->first; m; m = m->next)
    if (evc_text_equal(m->key, name)) found = m;
  return found;
}

const server_value *server_value_at(const server_value *value, const char *path) {
  while (value) {
    size_t length = strcspn(path, ".");
    value = member_of(value, (evc_text){path, length});
    if (!path[length]) break;
    path += length + 1;
  }
  return value;
}

evc_text server_value_text(const server_value *value, const char *path) {
  const server_value *member = server_value_at(value, path);
  return member && member->kind == EVC_KIND_STRING ? member->text : (evc_text){NULL, 0};
}

bool server_value_is_true(const server_value *value, const char *path) {
  const server_value *member = server_value_at(value, path);
  return member && member->kind == EVC_KIND_BOOLEAN && member->boolean;
}

bool server_value_lists(const server_value *value, const char *path, const char *word) {
  const server_value *list = server_value_at(value, path);
  if (!list || list->kind != EVC_KIND_ARRAY) return false;
  for (const server_value *m = list->first; m; m = m->next)
    if (m->kind == EVC_KIND_STRING && evc_text_is(m->text, word)) return true;
  return false;
}

bool server_value_unsigned(const server_value *value, size_t *number) {
  if (!value || value->kind != EVC_KIND_NUMBER) return false;
  if (!(value->number >= 0 && value->number <= INT32_MAX)) return false;
  *number = (size_t)value->number;
  return floor(value->number) == value->number;
}

/* ---- Writing -------------------------------------------------------------------------------- */

static void separate(evc_builder *out) {
  char last = out->length ? out->data[out->length - 1] : '[';
  if (last != '[' && last != '{' && last != ':') evc_build_char(out, ',');
}

void server_open(evc_builder *out, char bracket) {
  separate(out);
  evc_build_char(out, bracket);
}

void server_close(evc_builder *out, char bracket) { evc_build_char(out, bracket); }

void server_key(evc_builder *out, const char *name) {
  separate(out);
  evc_build_char(out, '"');
  evc_build_string(out, name);
  evc_build(out, EVC_LITERAL("\":"));
}

void server_string(evc_builder *out, evc_text text) {
  separate(out);
  evc_json_build_string(out, text);
}

void server_word(evc_builder *out, const char *word) {
  separate(out);
  evc_build_string(out, word);
}

void server_unsigned(evc_builder *out, uint64_t number) {
  separate(out);
  evc_build_unsigned(out, number);
}

/* NOLINTNEXTLINE(misc-no-recursion): a value nests as the text that it was read from */
void server_value_build(evc_builder *out, const server_value *value) {
  switch (value ? value->kind : EVC_KIND_NULL) {
  case EVC_KIND_BOOLEAN: server_word(out, value->boolean ? "true" : "false"); break;
  case EVC_KIND_STRING: server_string(out, value->text); break;
  case EVC_KIND_NUMBER:
    separate(out);
    if (value->text.data) evc_build_text(out, value->text);
    else evc_build_number(out, value->number);
    break;
  case EVC_KIND_MAP:
    server_open(out, '{');
    for (const server_value *m = value->first; m; m = m->next) {
      server_string(out, m->key);
      evc_build_char(out, ':');
      server_value_build(out, m);
    }
    server_close(out, '}');
    break;
  case EVC_KIND_ARRAY:
    server_open(out, '[');
    for (const server_value *m = value->first; m; m = m->next) server_value_build(out, m);
    server_close(out, ']');
    break;
  default: server_word(out, "null");
  }
}

void server_string_member(evc_builder *out, const char *name, const char *string) {
  server_text_member(out, name, evc_text_of(string));
}

void server_text_member(evc_builder *out, const char *name, evc_text text) {
  server_key(out, name);
  server_string(out, text);
}

void server_boolean_member(evc_builder *out, const char *name, bool boolean) {
  server_key(out, name);
  server_word(out, boolean ? "true" : "false");
}

void server_unsigned_member(evc_builder *out, const char *name, uint64_t number) {
  server_key(out, name);
  server_unsigned(out, number);
}
