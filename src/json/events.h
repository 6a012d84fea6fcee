/* Inside the reading of events. */
#ifndef EVC_JSON_EVENTS_H
#define EVC_JSON_EVENTS_H

#include "document.h"
#include "evcalc/json.h"
#include "tell.h"

/* As evc_event_read_json, for an event that is a part of a text: the report's offset, line and
** column are those in the whole. */
evc_status evc_event_read_part(evc_event *event, evc_text whole, evc_text part,
                               const evc_calculation *calculation, evc_report **report);

/* The same, told by that teller, whose whole text it is a part of. */
evc_status evc_event_read_told(evc_event *event, const evc_teller *teller, evc_text part,
                               const evc_calculation *calculation);

/* Read an event's head and fill the event chosen by it in one walk of `piece`, which is a part of a
** text that ends at `end`. EVC_OK: as evc_event_reader_read says; the head's texts are in the
** document. EVC_INVALID: something is wrong, or unusual; what, reading in two steps will tell. */
evc_status evc_event_read_quick(evc_document *document, evc_text piece, const char *end,
                                evc_event_choice choose, void *context, evc_event_head *head,
                                evc_event **event);

/* What a text of events is: one document, or an event a line. UNKNOWN: that takes more of the
** text. */
typedef enum evc_events_form {
  EVC_EVENTS_UNKNOWN,
  EVC_EVENTS_DOCUMENT,
  EVC_EVENTS_LINES
} evc_events_form;

/* `whole`: nothing follows the text. */
evc_events_form evc_events_form_of(evc_text text, bool whole);

#endif
