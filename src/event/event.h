/* Inside an event: its slots, the text that readers put into it, what a reader keeps with it. */
#ifndef EVC_EVENT_EVENT_H
#define EVC_EVENT_EVENT_H

#include "../base/arena.h"
#include "evcalc/event.h"

/* Whatever a reader wants to keep from one event to the next; it goes with the event. */
typedef struct evc_event_companion {
  void (*free)(struct evc_event_companion *companion);
} evc_event_companion;

struct evc_event {
  const evc_event_type *type;
  evc_value *values; /* one a slot */
  size_t count;
  evc_arena store; /* copied text and members; taken back by evc_event_clear, its memory kept */
  evc_event_companion *companion; /* NULL until a reader sets it */
};

#endif
