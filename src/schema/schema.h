/* Inside the schema: what other rooms may see of an Event type, and adding many types at once. */
#ifndef EVC_SCHEMA_SCHEMA_H
#define EVC_SCHEMA_SCHEMA_H

#include "../base/arena.h"
#include "../base/map.h"
#include "../report/draft.h"
#include "evcalc/schema.h"

/* Everything is in the schema's arena and never changes once the type was added. */
struct evc_event_type {
  evc_text name;
  evc_provenance provenance;
  const evc_field *fields; /* by slot */
  size_t field_count;
  evc_map slots; /* path → slot */
  const evc_schema *schema;
};

/* An Event type in the schema's memory, which evc_schema_find does not know yet; NULL when out of
** memory. The load warnings go to `draft` (may be NULL), each at the field's span in `spans`, or
** about no place when that is NULL. */
const evc_event_type *evc_schema_prepare(evc_schema *schema, evc_text name,
                                         evc_provenance provenance, const evc_field *fields,
                                         const evc_span *spans, size_t field_count,
                                         evc_report *draft);

/* Make prepared types known; of the same name, the last wins. All of them, or none and false when
** out of memory. */
bool evc_schema_commit(evc_schema *schema, const evc_event_type *const *types, size_t count);

/* The allocator that the schema was made with. */
const evc_allocator *evc_schema_allocator(const evc_schema *schema);

/* Names joined by dots, each [\p{L}_$][\p{L}_$0-9]*: what a calculation can refer to. The text must
** be followed by a NUL. */
bool evc_is_path(evc_text text);

#endif
