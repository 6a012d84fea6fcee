/* The tables that the build makes from catalogue.txt, which explains them. */
#ifndef EVC_SCHEMA_CATALOGUE_H
#define EVC_SCHEMA_CATALOGUE_H

#include "evcalc/schema.h"

/* Every word there is, each followed by a NUL. The tables hold where a word starts. */
extern const char evc_catalogue_text[];

/* A field with its type word, once however many entities have it. */
typedef struct evc_catalogue_field {
  uint16_t name, word;
} evc_catalogue_field;

/* What can happen to an entity. Its Event type has the entity's fields as new.* and as old.* where
** the flags say so; a type known by name alone has neither. */
typedef struct evc_catalogue_event {
  uint16_t name;
  uint8_t provenance;
  bool has_new : 1, has_old : 1;
} evc_catalogue_event;

/* Its fields are a run of evc_catalogue_field_numbers, its events one of evc_catalogue_events. */
typedef struct evc_catalogue_entity {
  uint16_t name, first_field, first_event;
  uint8_t field_count, event_count;
} evc_catalogue_entity;

extern const evc_catalogue_field evc_catalogue_fields[];
extern const size_t evc_catalogue_field_kinds;
extern const uint8_t evc_catalogue_field_numbers[]; /* places in evc_catalogue_fields */
extern const evc_catalogue_event evc_catalogue_events[];
extern const size_t evc_catalogue_types; /* of all entities together */
extern const evc_catalogue_entity evc_catalogue[];
extern const size_t evc_catalogue_entities;

#endif
