/* Reading notification configurations, for checking their calculations.
**
** A text is one configuration, an array of them, or a list response {"data": […]}. It is validated
** as a whole.
*/
#ifndef EVC_JSON_NOTIFICATIONS_H
#define EVC_JSON_NOTIFICATIONS_H

#include "evcalc/event.h"
#include "evcalc/report.h"

typedef struct evc_notification_reader evc_notification_reader;

/* Texts that the configuration lacks, or that are null, are absent. They live until the reader's
** next call. */
typedef struct evc_notification {
  evc_text name, code, event_name;
  evc_text calculation;      /* decoded; absent unless it is a string */
  evc_kind calculation_kind; /* EVC_KIND_NULL also when it is absent */
  bool always_fire;          /* alwaysFireEvent */
  size_t start;              /* the offset in the text of the configuration's { */
  size_t calculation_start;  /* the offset of the calculation's value */
  evc_text written;          /* the calculation as it stands between its quotes in the text */
} evc_notification;

/* A reader over `json`, which must outlive it. When the text is not JSON, or nothing like
** configurations, the first evc_notification_reader_next says so. NULL when out of memory. */
evc_notification_reader *evc_notification_reader_new(const char *json, size_t length,
                                                     const evc_allocator *allocator);
void evc_notification_reader_free(evc_notification_reader *reader);

/* The next configuration. EVC_OK; EVC_END; EVC_INVALID with a report (may be NULL) of line and
** column in the text: a configuration of the wrong shape does not keep the next ones from being
** read. EVC_OUT_OF_MEMORY. */
evc_status evc_notification_reader_next(evc_notification_reader *reader,
                                        evc_notification *notification, evc_report **report);

/* The offset in the text of the byte at `offset` of the decoded calculation (its length: the
** closing quote). Where one escape stands for several bytes, that of the escape. */
size_t evc_notification_offset(const evc_notification *notification, size_t offset);

#endif
