/* What there is to say of a Notification before its calculation is looked at: whether its eventName
** is known, and whether it should have a calculation. The command line and the editors say the same. */
#ifndef EVC_JSON_JUDGE_H
#define EVC_JSON_JUDGE_H

#include "evcalc/calculation.h"
#include "notifications.h"

/* Against what Notifications are judged. */
typedef struct evc_judge {
  const evc_schema *schema;
  const evc_event_type *otherwise; /* of what has no eventName; or NULL */
  const evc_options *options;      /* not NULL: whether to warn, and the allocator */
  const char *instead;             /* what may stand for an eventName: "one, or the option --type" */
} evc_judge;

typedef struct evc_judgement {
  const evc_event_type *type; /* NULL: there is none to check against */
  evc_text event_name;        /* the Notification's, or that of `otherwise`; or absent */
  bool missing;               /* there is no calculation */
  evc_report *of_type;        /* about the eventName, at event_name_at; or NULL */
  evc_report *of_notification; /* about the calculation as a whole, at calculation_at; or NULL */
} evc_judgement;

/* `text` is the calculation, absent where there is none. The reports are the caller's. */
evc_judgement evc_notification_judge(const evc_judge *judge, const evc_notification *notification,
                                     evc_text text);

/* The Event type of an eventName, `otherwise` where that is absent; NULL when it is not known. */
const evc_event_type *evc_judge_type(const evc_judge *judge, evc_text event_name);

/* A report without place that says that the Event type is unknown; never NULL. */
evc_report *evc_report_unknown_type(const evc_allocator *allocator, const evc_schema *schema,
                                    evc_text name);

#endif
