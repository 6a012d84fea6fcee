/* What to read from events of one type: a trie over the names on the way to the wanted fields. */
#ifndef EVC_JSON_EVENT_PLAN_H
#define EVC_JSON_EVENT_PLAN_H

#include "document.h"
#include "evcalc/calculation.h"

/* A place in the event's JSON. Every object on the way to a wanted field is one, and so is the
** field itself; a field can be both. */
typedef struct evc_plan_node {
  evc_json_keys keys; /* the names wanted below */
  uint32_t *children; /* the node of each */
  uint32_t child_capacity, name_capacity;
  evc_map map; /* name → index in keys */
  uint32_t parent;
  uint32_t slot;         /* of the field, or EVC_MAP_ABSENT */
  uint32_t member;       /* which wanted member of the map above, or EVC_MAP_ABSENT */
  uint32_t member_count; /* a map field's wanted members */
  bool all_members;      /* a map field, all of whose members are wanted */
  uint32_t total;        /* the slots at and below it */

  /* The reader's: what has been filled below, so that it can be taken back without a look at all that
  ** could have been. Of the reading with that number; of any other there is nothing. */
  uint64_t reading;
  uint32_t first_filled, next_filled; /* below it; beside it, below its parent */
  struct evc_member *members; /* a map field's, where they were made in … */
  uint64_t members_reading;   /* … that reading */
} evc_plan_node;

enum {
  EVC_PLAN_ROOT,       /* the event itself, which in the short form holds "new" and "old" */
  EVC_PLAN_EVENT,      /* m3terEvent: its presence makes it the full form */
  EVC_PLAN_EVENT_DATA, /* eventData, which holds "newDto" and "oldDto" */
  EVC_PLAN_EVENT_NAME, /* eventName, compared with the type */
  EVC_PLAN_ID,         /* id, for the event's head; in the short form it may be a field too */
  EVC_PLAN_FIXED
};

typedef struct evc_plan {
  evc_arena arena;
  evc_plan_node *nodes;
  size_t count, capacity;
  size_t depth;    /* the most nodes on a way down from the root */
  /* What the plan was made for. */
  bool ready, all;
  evc_reference *references;
  size_t reference_count;
} evc_plan;

/* A plan for nothing. Free it with evc_plan_free. */
void evc_plan_init(evc_plan *plan, const evc_allocator *allocator);
void evc_plan_free(evc_plan *plan);

/* Make the plan one for what a calculation reads, or for all fields of the type when it is NULL;
** does nothing when it is that already. False when out of memory: the plan is then for nothing. */
bool evc_plan_prepare(evc_plan *plan, const evc_event_type *type,
                      const evc_calculation *calculation);

/* The name of the member that a node stands for among its parent's. */
evc_text evc_plan_name(const evc_plan *plan, const evc_plan_node *node);

#endif
