/* Inside the reading of events. */
#ifndef EVC_JSON_EVENTS_H
#define EVC_JSON_EVENTS_H

#include "evcalc/json.h"

/* As evc_event_read_json, for an event that is a part of a text: the report's offset, line and
** column are those in the whole. */
evc_status evc_event_read_part(evc_event *event, evc_text whole, evc_text part,
                               const evc_calculation *calculation, evc_report **report);

#endif
