/* Modules nest without end, so that the way to a resource is a list of levels, not a recursion. */
#include "terraform.h"

#include "../base/memory.h"

typedef enum level_kind { MODULE, RESOURCES, MODULES } level_kind;

typedef struct evc_terraform_level {
  level_kind kind;
  evc_json_walk walk; /* of a module's members, or of the elements of a list */
} evc_terraform_level;

enum { FIRST_CAPACITY = 8 };

void evc_terraform_init(evc_terraform *t, evc_document *document,
                        const evc_allocator *allocator) {
  *t = (evc_terraform){.allocator = *allocator, .document = document};
}

void evc_terraform_free(evc_terraform *t) {
  if (t->levels) evc_release(&t->allocator, t->levels, t->capacity * sizeof *t->levels);
  t->levels = NULL;
  t->count = t->capacity = 0;
}

static bool make_room(evc_terraform *t) {
  if (t->count < t->capacity) return true;
  size_t capacity = t->capacity ? t->capacity * 2 : FIRST_CAPACITY, size = sizeof *t->levels;
  evc_terraform_level *levels =
      t->levels ? evc_reallocate(&t->allocator, t->levels, t->capacity * size, capacity * size)
                : evc_allocate(&t->allocator, capacity * size);
  if (!levels) return false;
  t->levels = levels;
  t->capacity = capacity;
  return true;
}

/* Go into a value, when it is of the kind that a level has to be; else pass over it. */
static evc_status push(evc_terraform *t, level_kind kind, const evc_json_value *value) {
  if (evc_json_kind(value) != (kind == MODULE ? EVC_KIND_MAP : EVC_KIND_ARRAY)) return EVC_OK;
  if (!make_room(t)) return EVC_OUT_OF_MEMORY;
  evc_terraform_level *level = &t->levels[t->count];
  level->kind = kind;
  evc_status status = evc_json_walk_value(t->document, value, &level->walk);
  if (status == EVC_OK) t->count++;
  return status;
}

/* The member of that name. */
static evc_status find(evc_json_walk *walk, const evc_text *name, evc_json_item *item) {
  evc_json_keys keys = {.names = name, .count = 1};
  evc_json_keys_measure(&keys);
  return evc_json_next(walk, &keys, item);
}

evc_status evc_terraform_enter(evc_terraform *t, bool plan) {
  static const evc_text planned = {"planned_values", 14}, values = {"values", 6},
                        root = {"root_module", 11};
  evc_json_walk walk, inner;
  evc_json_item item;
  t->count = 0;
  evc_status status = evc_document_walk(t->document, &walk);
  if (status == EVC_OK) status = find(&walk, plan ? &planned : &values, &item);
  if (status == EVC_OK && evc_json_kind(&item.value) != EVC_KIND_MAP) return EVC_OK;
  if (status == EVC_OK) status = evc_json_walk_value(t->document, &item.value, &inner);
  if (status == EVC_OK) status = find(&inner, &root, &item);
  if (status == EVC_OK) status = push(t, MODULE, &item.value);
  return status == EVC_END ? EVC_OK : status;
}

static evc_status step_in_module(evc_terraform *t, evc_terraform_level *level) {
  static const evc_text names[] = {{"resources", 9}, {"child_modules", 13}};
  evc_json_keys keys = {.names = names, .count = 2};
  evc_json_item item;
  evc_json_keys_measure(&keys);
  evc_status status = evc_json_next(&level->walk, &keys, &item);
  if (status != EVC_OK) return status;
  return push(t, item.which == 0 ? RESOURCES : MODULES, &item.value);
}

evc_status evc_terraform_next(evc_terraform *t, evc_json_walk *resource, size_t *start) {
  while (t->count > 0) {
    evc_terraform_level *level = &t->levels[t->count - 1];
    evc_status status;
    if (level->kind == MODULE) {
      status = step_in_module(t, level);
    } else {
      evc_json_item item;
      status = evc_json_next(&level->walk, NULL, &item);
      if (status == EVC_OK && level->kind == MODULES) {
        status = push(t, MODULE, &item.value);
      } else if (status == EVC_OK && evc_json_kind(&item.value) == EVC_KIND_MAP) {
        *start = evc_json_offset(t->document, &item.value);
        return evc_json_walk_value(t->document, &item.value, resource);
      }
    }
    if (status == EVC_END) t->count--;
    else if (status != EVC_OK) return status;
  }
  return EVC_END;
}
