/* Binding a calculation to a layout of records: each field that is read is looked for and must fit. What
** evaluates is the table's steps for records (table.c), or the program (evaluate.c). */
#include "record.h"

#include "../base/map.h"
#include "../base/memory.h"
#include "program.h"

struct evc_binding {
  const evc_calculation *calculation;
  size_t size; /* of this block */
  evc_term terms[EVC_RECORD_TERMS];
  evc_record_field fields[]; /* those that are read, in the order of the references */
};

/* Enough for the map of some ten fields without an allocation. */
enum { SCRATCH = 1024 };

static bool fits(evc_type type, evc_record_kind kind) {
  switch (kind) {
#define NUMBER(kind, type) case EVC_RECORD_##kind:
    EVC_RECORD_NUMBERS(NUMBER)
#undef NUMBER
    return type == EVC_TYPE_NUMBER || type == EVC_TYPE_DYNAMIC;
  case EVC_RECORD_BOOLEAN: return type == EVC_TYPE_BOOLEAN;
#define TEXT(kind, type) case EVC_RECORD_##kind:
    EVC_RECORD_TEXTS(TEXT)
#undef TEXT
  case EVC_RECORD_NUL_TERMINATED: return type == EVC_TYPE_STRING || type == EVC_TYPE_DYNAMIC;
  default: return false;
  }
}

/* path → number in `fields`. */
static bool map_fields(evc_map *map, evc_arena *arena, const evc_record_field *fields,
                       size_t count) {
  if (count >= EVC_MAP_ABSENT || !evc_map_reserve(map, arena, count)) return false;
  for (size_t i = 0; i < count; i++)
    evc_map_set(map, arena, fields[i].path.data, fields[i].path.length, (uint32_t)i);
  return true;
}

/* Copy the fields that are read, in the order of the references. */
static evc_misfit collect(const evc_calculation *c, const evc_map *map,
                          const evc_record_field *fields, evc_record_field *read) {
  for (size_t i = 0; i < c->read_count; i++) {
    evc_reference reference = evc_calculation_reference(c, i);
    evc_misfit misfit = {.status = EVC_NOT_FOUND,
                         .path = reference.path,
                         .type = reference.member.data
                                     ? EVC_TYPE_DYNAMIC
                                     : evc_event_type_field(c->type, reference.slot)->type};
    uint32_t found = evc_map_get(map, reference.path.data, reference.path.length);
    if (found == EVC_MAP_ABSENT) return misfit;
    misfit.status = EVC_WRONG_KIND;
    if (!fits(misfit.type, fields[found].kind)) return misfit;
    read[i] = fields[found];
    read[i].path = reference.path;
  }
  return (evc_misfit){.status = EVC_OK};
}

/* Fill a binding that has room for the fields that are read. */
static evc_misfit fill(evc_binding *b, const evc_calculation *c, const evc_record_field *fields,
                       size_t count) {
  _Alignas(16) char scratch[SCRATCH];
  evc_arena arena;
  evc_map map = {0};
  evc_arena_init(&arena, &c->allocator, scratch, sizeof scratch);
  evc_misfit misfit = {.status = EVC_OUT_OF_MEMORY};
  if (map_fields(&map, &arena, fields, count)) misfit = collect(c, &map, fields, b->fields);
  evc_arena_free(&arena);
  if (misfit.status == EVC_OK) evc_record_table_of(c, b->fields, b->terms);
  return misfit;
}

evc_binding *evc_binding_new(const evc_calculation *c, const evc_record_field *fields,
                             size_t field_count, evc_misfit *misfit) {
  size_t size = sizeof(evc_binding) + c->read_count * sizeof *fields;
  evc_binding *binding = evc_allocate(&c->allocator, size);
  evc_misfit found = {.status = EVC_OUT_OF_MEMORY};
  if (binding) {
    *binding = (evc_binding){.calculation = c, .size = size};
    found = fill(binding, c, fields, field_count);
  }
  if (misfit) *misfit = found;
  if (found.status == EVC_OK) return binding;
  evc_binding_free(binding);
  return NULL;
}

void evc_binding_free(evc_binding *binding) {
  if (!binding) return;
  evc_allocator allocator = binding->calculation->allocator;
  evc_release(&allocator, binding, binding->size);
}

evc_outcome evc_evaluate_record(const evc_binding *b, const void *record) {
  return b->terms->step(b->calculation, record, b->terms, 0);
}
