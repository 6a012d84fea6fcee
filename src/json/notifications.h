/* Reading notification configurations, for checking their calculations.
**
** A text is one configuration, an array of them, a list response {"data": […]}, or what
** `terraform show -json` prints of a plan or a state, whose m3ter_notification_configuration
** resources are then the configurations. It is validated as a whole.
*/
#ifndef EVC_JSON_NOTIFICATIONS_H
#define EVC_JSON_NOTIFICATIONS_H

#include "evcalc/event.h"
#include "evcalc/report.h"

typedef struct evc_notification_reader evc_notification_reader;

/* Offsets in the text, end exclusive. */
typedef struct evc_json_span {
  size_t start, end;
} evc_json_span;

/* Texts that the configuration lacks, or that are null, are absent. They live until the reader's
** next call. */
typedef struct evc_notification {
  evc_text name;             /* of a Terraform resource its address */
  evc_text code, event_name;
  evc_text calculation;      /* decoded; absent unless it is a string */
  evc_kind calculation_kind; /* EVC_KIND_NULL also when it is absent */
  bool always_fire;          /* alwaysFireEvent */
  bool terraform;            /* it is a Terraform resource */
  bool unknown;              /* its eventName or calculation will be known only after `apply` */
  evc_text written;          /* the calculation as it stands between its quotes in the text */

  /* Where values are in the text; where there is no such member, the configuration's {. */
  evc_json_span at, event_name_at, calculation_at;
  evc_json_span wrong_at; /* of a configuration that is refused, the value that is wrong */
} evc_notification;

/* A reader over `json`, which must outlive it. When the text is not JSON, or nothing like
** configurations, the first evc_notification_reader_next says so. NULL when out of memory. */
evc_notification_reader *evc_notification_reader_new(const char *json, size_t length,
                                                     const evc_allocator *allocator);
void evc_notification_reader_free(evc_notification_reader *reader);

/* The next configuration. EVC_OK; EVC_END; EVC_OUT_OF_MEMORY; EVC_INVALID with a report (may be
** NULL): when that has a place in the text, the text is wrong as a whole. When it has none, it is
** about a value of the wrong kind at notification->wrong_at; what else the configuration holds is
** filled in, and the next ones can be read. */
evc_status evc_notification_reader_next(evc_notification_reader *reader,
                                        evc_notification *notification, evc_report **report);

/* The offset in the text of the byte at `offset` of the decoded calculation (its length: the
** closing quote). Where one escape stands for several bytes, that of the escape. */
size_t evc_notification_offset(const evc_notification *notification, size_t offset);

#endif
