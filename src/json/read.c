/* Strings from documents. */
#include "read.h"

#include "../base/memory.h"
#include "grammar.h"

evc_status evc_json_copy(evc_arena *arena, evc_text inside, evc_text *text) {
  char *copy = evc_arena_alloc(arena, evc_size_add(inside.length, 1));
  size_t length;
  if (!copy) return EVC_OUT_OF_MEMORY;
  if (!evc_json_decode(inside, copy, &length)) return EVC_INVALID;
  copy[length] = '\0';
  *text = (evc_text){copy, length};
  return EVC_OK;
}

evc_status evc_json_copy_value(evc_arena *arena, const evc_json_value *value, evc_text *text) {
  evc_text inside;
  evc_status status = evc_json_read_string(value, &inside);
  return status == EVC_OK ? evc_json_copy(arena, inside, text) : status;
}
