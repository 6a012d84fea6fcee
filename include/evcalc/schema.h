/* Event types and their fields: what a calculation may refer to.
**
** A schema is filled by one thread, then only read: from there on any number of threads may share
** it and its Event types. Event types live as long as their schema, even when a later one of the
** same name replaced them for evc_schema_find.
*/
#ifndef EVCALC_SCHEMA_H
#define EVCALC_SCHEMA_H

#include "evcalc/base.h"
#include "evcalc/report.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The types of fields and of the parts of a calculation. */
typedef enum evc_type {
  EVC_TYPE_UNKNOWN = 0, /* of something that has an error already; satisfies everything */
  EVC_TYPE_NUMBER,      /* IEEE-754 binary64, always finite */
  EVC_TYPE_STRING,      /* Unicode text */
  EVC_TYPE_BOOLEAN,
  EVC_TYPE_NULL,    /* only of the literal null */
  EVC_TYPE_MAP,     /* an object; a calculation reads its members, never itself */
  EVC_TYPE_ARRAY,   /* cannot be used in a calculation */
  EVC_TYPE_OPAQUE,  /* a type word that evcalc does not know: cannot be used in a calculation */
  EVC_TYPE_DYNAMIC, /* a member of a map: String or Number, known only per event */
  EVC_TYPE_END
} evc_type;

/* How sure a field list is. */
typedef enum evc_provenance {
  EVC_PUBLISHED, /* in m3ter's documentation */
  EVC_INFERRED,  /* follows from a published list by a published rule */
  EVC_DERIVED,   /* read off the published API models: a good guess */
  EVC_NAME_ONLY, /* the Event type's name is known, its fields are not */
  EVC_LOADED     /* given by the caller: taken as the truth */
} evc_provenance;

/* One field. `path` is what a calculation writes, e.g. "new.amount". */
typedef struct evc_field {
  evc_text path;
  evc_text word; /* the field list's type word, e.g. "double" */
  evc_type type;
} evc_field;

typedef struct evc_schema evc_schema;
typedef struct evc_event_type evc_event_type;

/* "No such field", where a slot is returned. */
#define EVC_NO_SLOT ((size_t)-1)

/* An empty schema; NULL when out of memory. Free with evc_schema_free. */
EVC_API evc_schema *evc_schema_new(const evc_allocator *allocator);

/* A schema filled with the built-in catalogue: m3ter's 106 published Event type names with the
** fields known for them and their provenance. NULL when out of memory. */
EVC_API evc_schema *evc_schema_builtin(const evc_allocator *allocator);

EVC_API void evc_schema_free(evc_schema *schema);

/* Add an Event type, or replace the one of that name as a whole. Of each field `path` and `word`
** are read, `type` is found from the word; texts are copied; a path given twice counts once, the
** last word wins. `report`, when not NULL, receives the load warnings or NULL; free it.
** Returns EVC_OK or EVC_OUT_OF_MEMORY (the schema is then as before).
** Type words: string, double, int, boolean, map, array are published; long, float, integer, number,
** decimal (Number) and enum (String) are accepted with a warning (chosen); any other is opaque. */
EVC_API evc_status evc_schema_add(evc_schema *schema, const char *name, size_t name_length,
                                  evc_provenance provenance, const evc_field *fields,
                                  size_t field_count, evc_report **report);

/* The Event type of that name, NULL when unknown. */
EVC_API const evc_event_type *evc_schema_find(const evc_schema *schema, const char *name,
                                              size_t length);

/* The Event types in order of name; NULL past the end. */
EVC_API size_t evc_schema_count(const evc_schema *schema);
EVC_API const evc_event_type *evc_schema_at(const evc_schema *schema, size_t index);

/* The names closest to `name`, best first, at most `capacity`; returns how many. For "did you mean".
** The texts live as long as the schema. */
EVC_API size_t evc_schema_suggest(const evc_schema *schema, const char *name, size_t length,
                                  evc_text *names, size_t capacity);

EVC_API evc_text evc_event_type_name(const evc_event_type *type);
EVC_API evc_provenance evc_event_type_provenance(const evc_event_type *type);

/* The fields, in the order of the field list. A field's index is its *slot* in events;
** NULL past the end. */
EVC_API size_t evc_event_type_field_count(const evc_event_type *type);
EVC_API const evc_field *evc_event_type_field(const evc_event_type *type, size_t slot);

/* The slot of a path such as "new.amount"; EVC_NO_SLOT when the type has no such field. */
EVC_API size_t evc_event_type_slot(const evc_event_type *type, const char *path, size_t length);

/* "Number", "String", …; "published", "inferred", …: static. */
EVC_API const char *evc_type_name(evc_type type);
EVC_API const char *evc_provenance_name(evc_provenance provenance);

#ifdef __cplusplus
}
#endif
#endif
