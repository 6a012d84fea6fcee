/* The tables that the build makes from catalogue.txt, which explains them. */
#ifndef EVC_SCHEMA_CATALOGUE_H
#define EVC_SCHEMA_CATALOGUE_H

#include "evcalc/schema.h"

typedef struct evc_catalogue_field {
  const char *name, *word;
} evc_catalogue_field;

/* What can happen to an entity. Its Event type has the entity's fields as new.* and as old.* where
** the flags say so; a type known by name alone has neither. */
typedef struct evc_catalogue_event {
  const char *name;
  evc_provenance provenance;
  bool has_new, has_old;
} evc_catalogue_event;

typedef struct evc_catalogue_entity {
  const char *name;
  const evc_catalogue_field *fields;
  size_t field_count;
  const evc_catalogue_event *events;
  size_t event_count;
} evc_catalogue_entity;

extern const evc_catalogue_entity evc_catalogue[];
extern const size_t evc_catalogue_entities;
extern const size_t evc_catalogue_types; /* of all entities together */

#endif
